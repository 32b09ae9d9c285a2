/*
 * Cairo writes each picture as a PNG. An animated PNG is the first of them with a chunk that tells how many there are, a chunk with the time before
 * the data of each, and the data of the others in chunks of their own name with a running number before them.
 */

#include "draw/animation.h"

#include "model/atomic.h"
#include "model/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  GByteArray *png;          /* owned */
  guint       duration_ms;
} Picture;

struct _EqsAnimation
{
  int              width, height;
  GArray          *pictures;      /* owned, of Picture */
  cairo_surface_t *surface;       /* owned (nullable): of the picture in progress */
  cairo_t         *cr;            /* owned (nullable) */
  guint            duration_ms;
};

static void
picture_clear (gpointer picture)
{
  g_byte_array_unref (((Picture *) picture)->png);
}

EqsAnimation *
eqs_animation_new (int width, int height)
{
  EqsAnimation *self = g_new0 (EqsAnimation, 1);

  self->width = width;
  self->height = height;
  self->pictures = g_array_new (FALSE, TRUE, sizeof (Picture));
  g_array_set_clear_func (self->pictures, picture_clear);
  return self;
}

void
eqs_animation_free (EqsAnimation *self)
{
  g_clear_pointer (&self->cr, cairo_destroy);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_array_unref (self->pictures);
  g_free (self);
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* The picture in progress becomes bytes. */
static void
finish (EqsAnimation *self)
{
  Picture picture = { .duration_ms = self->duration_ms };

  if (self->cr == NULL)
    return;
  picture.png = g_byte_array_new ();
  g_clear_pointer (&self->cr, cairo_destroy);
  cairo_surface_write_to_png_stream (self->surface, append_cb, picture.png);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_array_append_val (self->pictures, picture);
}

cairo_t *
eqs_animation_add (EqsAnimation *self, guint duration_ms)
{
  finish (self);
  self->duration_ms = duration_ms;
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, self->width, self->height);
  self->cr = cairo_create (self->surface);
  cairo_set_source_rgb (self->cr, 1, 1, 1);
  cairo_paint (self->cr);
  cairo_set_source_rgb (self->cr, 0, 0, 0);
  return self->cr;
}

guint
eqs_animation_get_n (const EqsAnimation *self)
{
  return self->pictures->len + (self->cr != NULL);
}

/* ---- chunks ---- */

static guint32
read_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

static void
append_u32 (GByteArray *bytes, guint32 value)
{
  const guint8 big[4] = { (guint8) (value >> 24), (guint8) (value >> 16), (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (bytes, big, 4);
}

static void
append_u16 (GByteArray *bytes, guint value)
{
  const guint8 big[2] = { (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (bytes, big, 2);
}

/* The checksum of the PNG specification, annex D: over the name of the chunk and its data. */
static guint32
checksum (const guint8 *data, gsize n)
{
  guint32 c = 0xffffffff;

  for (gsize i = 0; i < n; i++)
    {
      c ^= data[i];
      for (int k = 0; k < 8; k++)
        c = (c >> 1) ^ (0xedb88320 & (0u - (c & 1)));
    }
  return ~c;
}

static void
append_chunk (GByteArray *bytes, const char *name, const GByteArray *body)
{
  const guint from = bytes->len + 4;

  append_u32 (bytes, body->len);
  g_byte_array_append (bytes, (const guint8 *) name, 4);
  if (body->len > 0)
    g_byte_array_append (bytes, body->data, body->len);
  append_u32 (bytes, checksum (bytes->data + from, 4 + body->len));
}

static void
append_time (GByteArray *bytes, const EqsAnimation *self, guint32 number, guint duration_ms)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  const guint8           plain[2] = { 0, 0 };      /* the picture stays, and the next one takes its place */

  append_u32 (body, number);
  append_u32 (body, (guint32) self->width);
  append_u32 (body, (guint32) self->height);
  append_u32 (body, 0);
  append_u32 (body, 0);
  append_u16 (body, MIN (duration_ms, 65535));
  append_u16 (body, 1000);
  g_byte_array_append (body, plain, 2);
  append_chunk (bytes, "fcTL", body);
}

/* Chunks of one picture; what is for all is taken from the first. @param number (inout) of the next chunk that is counted */
static void
append_picture (GByteArray *bytes, const EqsAnimation *self, const Picture *picture, gboolean first, guint32 *number)
{
  gboolean timed = FALSE;

  for (gsize at = 8; at + 12 <= picture->png->len; )
    {
      const guint8 *chunk = picture->png->data + at;
      const gsize   n = read_u32 (chunk), whole = n + 12;
      const gboolean data = memcmp (chunk + 4, "IDAT", 4) == 0;

      if (data && !timed)
        append_time (bytes, self, (*number)++, picture->duration_ms);
      timed = timed || data;
      if (data && !first)
        {
          g_autoptr (GByteArray) body = g_byte_array_new ();

          append_u32 (body, (*number)++);
          g_byte_array_append (body, chunk + 8, (guint) n);
          append_chunk (bytes, "fdAT", body);
        }
      else if (first && memcmp (chunk + 4, "IEND", 4) != 0)
        g_byte_array_append (bytes, chunk, (guint) whole);
      if (first && memcmp (chunk + 4, "IHDR", 4) == 0)
        {
          g_autoptr (GByteArray) body = g_byte_array_new ();

          append_u32 (body, self->pictures->len);
          append_u32 (body, 0);      /* for ever */
          append_chunk (bytes, "acTL", body);
        }
      at += whole;
    }
}

gboolean
eqs_animation_save (EqsAnimation *self, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new (), nothing = g_byte_array_new ();
  guint32                number = 0;

  finish (self);
  if (self->pictures->len == 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s: there are no pictures for it."), path);
      return FALSE;
    }
  g_byte_array_append (bytes, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  for (guint i = 0; i < self->pictures->len; i++)
    append_picture (bytes, self, &g_array_index (self->pictures, Picture, i), i == 0, &number);
  append_chunk (bytes, "IEND", nothing);
  return eqs_file_write_atomic (path, bytes->data, (gssize) bytes->len, error);
}

gboolean
eqs_animation_save_numbered (EqsAnimation *self, const char *folder, GError **error)
{
  finish (self);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < self->pictures->len; i++)
    {
      const GByteArray *png = g_array_index (self->pictures, Picture, i).png;
      g_autofree char  *name = g_strdup_printf ("%03u.png", i + 1), *path = g_build_filename (folder, name, NULL);

      if (!eqs_file_write_atomic (path, png->data, (gssize) png->len, error))
        return FALSE;
    }
  return TRUE;
}
