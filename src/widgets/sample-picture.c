/* A sample as a cairo surface (ink, colours, classes) or as arrows. */

#include "widgets/sample-picture.h"

#include <math.h>
#include <string.h>

typedef enum { INK, COLOURS, CLASSES, ARROWS } Look;

#define MOST 256     /* pixels a side that a thumbnail takes */

struct _EqsSamplePicture
{
  gatomicrefcount  refs;
  Look             look;
  int              h, w;
  float           *arrows;      /* owned (nullable) [h, w, 2]: last pair of channels */
  cairo_surface_t *surface;     /* owned (nullable) */
};

static Look
look_of (const EqsColumn *column, guint64 channels)
{
  if (column->values == EQS_VALUES_LABEL)
    return CLASSES;
  if (column->representation != NULL && strstr (column->representation, "f1") != NULL && channels >= 2)
    return ARROWS;
  return channels >= 3 ? COLOURS : INK;
}

static guint8
byte_of (float value)
{
  return (guint8) (255 * CLAMP (value, 0, 1) + 0.5f);
}

/* Of a class: background is nothing, others go round the colours of types. */
static guint32
class_colour (int class)
{
  static const guint32 colours[] = { 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442 };

  return class <= 0 ? 0 : 0xff000000u | colours[(class - 1) % (int) G_N_ELEMENTS (colours)];
}

static void
paint (EqsSamplePicture *self, const float *values, int channels)
{
  const cairo_format_t format = self->look == INK ? CAIRO_FORMAT_A8 : CAIRO_FORMAT_ARGB32;
  guint8 *pixels;
  int     stride;

  self->surface = cairo_image_surface_create (format, self->w, self->h);
  pixels = cairo_image_surface_get_data (self->surface);
  stride = cairo_image_surface_get_stride (self->surface);
  for (int i = 0; i < self->h; i++)
    for (int j = 0; j < self->w; j++)
      {
        const float *v = values + (gsize) (i * self->w + j) * (gsize) channels;

        if (self->look == INK)
          pixels[i * stride + j] = byte_of (v[0]);
        else if (self->look == CLASSES)
          ((guint32 *) (void *) (pixels + i * stride))[j] = class_colour ((int) v[0]);
        else
          ((guint32 *) (void *) (pixels + i * stride))[j] = 0xff000000u | (guint32) byte_of (v[0]) << 16 | (guint32) byte_of (v[1]) << 8 | byte_of (v[2]);
      }
  cairo_surface_mark_dirty (self->surface);
}

EqsSamplePicture *
eqs_sample_picture_new (const EqsSplit *split, const EqsColumn *column, guint sample)
{
  EqsSamplePicture *self;
  g_autofree float *values = NULL;
  int               channels;

  if (column == NULL || column->kind != EQS_COLUMN_FIXED || column->n_dims < 2 || column->dims[0] > MOST || column->dims[1] > MOST || sample >= eqs_split_get_n (split))
    return NULL;
  channels = column->n_dims > 2 ? (int) column->dims[2] : 1;
  self = g_new0 (EqsSamplePicture, 1);
  g_atomic_ref_count_init (&self->refs);
  self->h = (int) column->dims[0];
  self->w = (int) column->dims[1];
  self->look = look_of (column, (guint64) channels);
  values = g_new (float, column->n_values);
  if (self->look == CLASSES)
    {
      g_autofree gint32 *labels = g_new (gint32, column->n_values);

      eqs_split_copy_int (split, column, &sample, 1, labels);
      for (gsize i = 0; i < column->n_values; i++)
        values[i] = (float) labels[i];
    }
  else
    eqs_split_copy (split, column, &sample, 1, values);
  if (self->look == ARROWS)
    {
      self->arrows = g_new (float, 2 * self->h * self->w);
      for (int i = 0; i < self->h * self->w; i++)
        memcpy (self->arrows + 2 * i, values + (gsize) i * (gsize) channels + channels - 2, 2 * sizeof (float));
    }
  else
    paint (self, values, channels);
  return self;
}

EqsSamplePicture *
eqs_sample_picture_load (EqsDataset *dataset, const char *column, guint sample)
{
  g_autoptr (EqsSplit) split = eqs_dataset_load_seeded (dataset, eqs_dataset_has_split (dataset, "test") ? "test" : "train", 0, 64, NULL);

  if (split == NULL || eqs_split_get_n (split) == 0)
    return NULL;
  return eqs_sample_picture_new (split, column == NULL ? eqs_split_find_input (split) : eqs_split_find (split, column), sample % eqs_split_get_n (split));
}

EqsSamplePicture *
eqs_sample_picture_ref (EqsSamplePicture *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_sample_picture_unref (EqsSamplePicture *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_free (self->arrows);
  g_free (self);
}

/* At most twelve arrows a row, each the one at its place; y of values is up. */
static void
draw_arrows (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size)
{
  const int    n = MIN (12, self->w), m = MIN (12, self->h);
  const double pitch = size / MAX (n, m);
  double       largest = 1e-30;

  for (int i = 0; i < self->h * self->w; i++)
    largest = MAX (largest, hypot (self->arrows[2 * i], self->arrows[2 * i + 1]));
  cairo_set_source_rgb (cr, 0xe6 / 255.0, 0x9f / 255.0, 0);
  cairo_set_line_width (cr, MAX (1, pitch / 9));
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      {
        const float *v = self->arrows + 2 * ((gsize) ((2 * i + 1) * self->h / (2 * m)) * (gsize) self->w + (gsize) ((2 * j + 1) * self->w / (2 * n)));
        const double cx = x + (j + 0.5) * pitch, cy = y + (i + 0.5) * pitch, dx = v[0] / largest * pitch * 0.5, dy = -v[1] / largest * pitch * 0.5;
        const double length = hypot (dx, dy), head = MIN (pitch * 0.22, length);

        cairo_move_to (cr, cx - dx, cy - dy);
        cairo_line_to (cr, cx + dx, cy + dy);
        if (length > 1)
          {
            const double a = atan2 (dy, dx);

            cairo_move_to (cr, cx + dx - head * cos (a - 0.5), cy + dy - head * sin (a - 0.5));
            cairo_line_to (cr, cx + dx, cy + dy);
            cairo_line_to (cr, cx + dx - head * cos (a + 0.5), cy + dy - head * sin (a + 0.5));
          }
        cairo_stroke (cr);
      }
}

void
eqs_sample_picture_draw (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size, const GdkRGBA *ink)
{
  const double scale = size / MAX (self->h, self->w);

  if (self->look == ARROWS)
    {
      draw_arrows (self, cr, x, y, size);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, x + (size - self->w * scale) / 2, y + (size - self->h * scale) / 2);
  cairo_scale (cr, scale, scale);
  if (self->look == INK)
    {
      gdk_cairo_set_source_rgba (cr, ink);
      cairo_mask_surface (cr, self->surface, 0, 0);
    }
  else
    {
      cairo_set_source_surface (cr, self->surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
    }
  cairo_restore (cr);
}
