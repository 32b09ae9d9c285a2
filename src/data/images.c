/* Pictures from folders. Sizes come from the headers before anything is decoded, so that a picture that claims to be
 * enormous is refused by name instead of filling the memory. */

#include "data/images.h"
#include "data/error.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PIXELS (G_GINT64_CONSTANT (1) << 26)

static gboolean
is_picture_name (const char *name)
{
  static const char *const suffixes[] = { ".png", ".pgm", ".ppm", ".pbm", ".pnm", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (*name == '.')
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

typedef enum { PICTURES, CLASSES, EMPTY_FOLDERS } Wanted;

/* Sorted names in a folder: of pictures, of folders that hold some, or of folders that hold none. */
static GPtrArray *
list_folder (const char *path, Wanted what)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *full = g_build_filename (path, name, NULL);
      gboolean wanted = FALSE;

      if (what == PICTURES)
        wanted = is_picture_name (name) && g_file_test (full, G_FILE_TEST_IS_REGULAR);
      else if (*name != '.' && g_file_test (full, G_FILE_TEST_IS_DIR))
        {
          g_autoptr (GPtrArray) inside = list_folder (full, PICTURES);

          wanted = (inside->len > 0) == (what == CLASSES);
        }
      if (wanted)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

char **
eqs_images_list_classes (const char *path)
{
  g_autoptr (GPtrArray) names = list_folder (path, CLASSES);

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

char **
eqs_images_list_files (const char *path)
{
  g_autoptr (GPtrArray) classes = list_folder (path, CLASSES);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (guint c = 0; c < classes->len; c++)
    {
      g_autofree char *folder = g_build_filename (path, classes->pdata[c], NULL);
      g_autoptr (GPtrArray) names = list_folder (folder, PICTURES);

      for (guint i = 0; i < names->len; i++)
        g_ptr_array_add (files, g_build_filename (classes->pdata[c], names->pdata[i], NULL));
    }
  g_ptr_array_add (files, NULL);
  return (char **) g_ptr_array_steal (files, NULL);
}

static GdkPixbuf *
load_pixbuf (const char *path, const char *shown, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GdkPixbuf *pixbuf;
  int width = 0, height = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_IO, _("“%s” does not exist."), shown);
      return NULL;
    }
  if (gdk_pixbuf_get_file_info (path, &width, &height) == NULL || width < 1 || height < 1)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” is not a picture that can be read."), shown);
      return NULL;
    }
  if ((gint64) width * height > MAX_PIXELS)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("“%s” is %d×%d pixels; up to 67 million are read."), shown, width, height);
      return NULL;
    }
  pixbuf = gdk_pixbuf_new_from_file (path, &cause);
  if (pixbuf == NULL)
    /* Translators: a file, then the reason given by the decoder */
    g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” cannot be read: %s"), shown, cause->message);
  return pixbuf;
}

static gboolean
pixbuf_is_opaque (const GdkPixbuf *pixbuf)
{
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);

  if (!gdk_pixbuf_get_has_alpha (pixbuf))
    return TRUE;
  for (int y = 0; y < gdk_pixbuf_get_height (pixbuf); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (pixbuf); x++)
      if (pixels[y * gdk_pixbuf_get_rowstride (pixbuf) + 4 * x + 3] != 255)
        return FALSE;
  return TRUE;
}

/* Packs to RGB without gaps; says whether all of it is grey. */
static guint8 *
pixbuf_to_rgb (const GdkPixbuf *pixbuf, gboolean *is_grey)
{
  const int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf);
  const int stride = gdk_pixbuf_get_rowstride (pixbuf), step = gdk_pixbuf_get_n_channels (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  guint8 *out = g_malloc ((gsize) width * (gsize) height * 3), *o = out;

  *is_grey = TRUE;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++, o += 3)
      {
        memcpy (o, pixels + (gsize) y * (gsize) stride + (gsize) x * (gsize) step, 3);
        *is_grey = *is_grey && o[0] == o[1] && o[1] == o[2];
      }
  return out;
}

static void
rgb_to_grey (guint8 *pixels, gsize n)
{
  for (gsize i = 0; i < n; i++)
    pixels[i] = pixels[3 * i];
}

/* RGB, [height, width, 3]. */
static guint8 *
read_rgb (const char *path, guint64 dims[2], gboolean *is_grey, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GdkPixbuf) pixbuf = load_pixbuf (path, shown, error);

  if (pixbuf == NULL)
    return NULL;
  if (!pixbuf_is_opaque (pixbuf))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("“%s” is partly transparent. Save it without an alpha channel."), shown);
      return NULL;
    }
  dims[0] = (guint64) gdk_pixbuf_get_height (pixbuf);
  dims[1] = (guint64) gdk_pixbuf_get_width (pixbuf);
  return pixbuf_to_rgb (pixbuf, is_grey);
}

EqsArray *
eqs_image_read (const char *path, guint channels, GError **error)
{
  guint64 dims[3] = { 0, 0, 3 };
  gboolean is_grey;
  guint8 *pixels;

  g_return_val_if_fail (channels == 0 || channels == 1 || channels == 3, NULL);

  pixels = read_rgb (path, dims, &is_grey, error);
  if (pixels == NULL)
    return NULL;
  if (channels == 1 && !is_grey)
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, _("“%s” is coloured, but grey is expected."), shown);
      g_free (pixels);
      return NULL;
    }
  if (channels == 1 || (channels == 0 && is_grey))
    {
      dims[2] = 1;
      rgb_to_grey (pixels, (gsize) (dims[0] * dims[1]));
      pixels = g_realloc (pixels, (gsize) (dims[0] * dims[1]));
    }
  return eqs_array_new_take (EQS_DTYPE_U8, 3, dims, pixels);
}

typedef struct
{
  GByteArray *pixels;             /* RGB */
  GArray     *labels;             /* gint32 */
  guint64     dims[2];
  guint       channels;           /* 0: as the pictures are */
  gboolean    all_grey;
} ImageSet;

static gboolean
image_set_add (ImageSet *self, const char *path, gint32 label, GError **error)
{
  g_autofree guint8 *pixels = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  guint64 dims[2];
  gboolean is_grey;
  gsize length;

  pixels = read_rgb (path, dims, &is_grey, error);
  if (pixels == NULL)
    return FALSE;
  if (self->labels->len == 0)
    memcpy (self->dims, dims, sizeof dims);
  else if (dims[0] != self->dims[0] || dims[1] != self->dims[1])
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                   /* Translators: a picture, its width and height, those of the first picture */
                   _("“%s” is %u×%u pixels, but the first picture is %u×%u. All must have one size."), shown,
                   (guint) dims[1], (guint) dims[0], (guint) self->dims[1], (guint) self->dims[0]);
      return FALSE;
    }
  if (self->channels == 1 && !is_grey)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE,
                   _("“%s” is coloured, but the pictures of the training part are grey."), shown);
      return FALSE;
    }
  length = (gsize) (dims[0] * dims[1] * 3);
  if (length > G_MAXINT32 - self->pixels->len)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
                   _("From “%s” on the pictures are more than 2 GB. Make them smaller."), shown);
      return FALSE;
    }
  g_byte_array_append (self->pixels, pixels, (guint) length);
  g_array_append_val (self->labels, label);
  self->all_grey = self->all_grey && is_grey && self->channels != 3;
  return TRUE;
}

static gboolean
image_set_add_class (ImageSet *self, const char *path, const char *name, gint32 label, GError **error)
{
  g_autofree char *folder = g_build_filename (path, name, NULL);
  g_autoptr (GPtrArray) files = list_folder (folder, PICTURES);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *file = g_build_filename (folder, files->pdata[i], NULL);

      if (!image_set_add (self, file, label, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
image_set_read (ImageSet *self, const char *path, const char *const *names, const char *const *classes, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      gint32 label = (gint32) i;

      for (label = 0; classes[label] != NULL && !g_str_equal (classes[label], names[i]);)
        label++;
      if (classes[label] == NULL)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LABEL,
                       /* Translators: a folder, a class */
                       _("“%s” has a folder “%s”, which is no class of the training part."), path, names[i]);
          return FALSE;
        }
      if (!image_set_add_class (self, path, names[i], label, error))
        return FALSE;
    }
  if (self->labels->len > 0)
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY,
               _("“%s” holds no pictures in folders named by class."), path);
  return FALSE;
}

static EqsSplit *
image_set_finish (ImageSet *self, const char *name, const char *const *classes, GError **error)
{
  g_autoptr (EqsSplit) split = eqs_split_new (name);
  const guint64 dims[4] = { self->labels->len, self->dims[0], self->dims[1], self->all_grey ? 1 : 3 };
  EqsColumn *column;

  if (self->all_grey)
    {
      rgb_to_grey (self->pixels->data, self->pixels->len / 3);
      g_byte_array_set_size (self->pixels, self->pixels->len / 3);
    }
  column = eqs_split_take_column (split, "image", EQS_COLUMN_FIXED,
                                  eqs_array_new_take (EQS_DTYPE_U8, 4, dims,
                                                      g_byte_array_steal (self->pixels, NULL)), error);
  if (column == NULL)
    return NULL;
  column->scale = 1.0f / 255.0f;

  column = eqs_split_take_column (split, "label", EQS_COLUMN_FIXED,
                                  eqs_array_new_take (EQS_DTYPE_I32, 1, dims, g_array_steal (self->labels, NULL)), error);
  if (column == NULL)
    return NULL;
  column->role = EQS_ROLE_TARGET;
  column->values = EQS_VALUES_LABEL;
  column->class_names = g_strdupv ((char **) classes);
  column->n_classes = g_strv_length ((char **) classes);
  return g_steal_pointer (&split);
}

/* A class of which there is nothing to learn is a mistake, and would be left out of the answers without a word. */
static gboolean
has_no_empty_class (const char *path, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) empty = list_folder (path, EMPTY_FOLDERS);

  if (*names == NULL || empty->len == 0)
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY,
               /* Translators: a folder of classes, one of them */
               _("“%s” has a folder “%s” without pictures. Put some in, or take the folder away."), path, (const char *) empty->pdata[0]);
  return FALSE;
}

EqsSplit *
eqs_images_read_folder (const char *path, const char *split, const char *const *classes, guint channels, GError **error)
{
  g_auto (GStrv) names = eqs_images_list_classes (path);
  const char *const *expected = classes != NULL ? classes : (const char *const *) names;
  ImageSet set = { .channels = channels, .all_grey = TRUE };
  EqsSplit *result = NULL;

  if (classes == NULL && !has_no_empty_class (path, (const char *const *) names, error))
    return NULL;
  set.pixels = g_byte_array_new ();
  set.labels = g_array_new (FALSE, FALSE, sizeof (gint32));
  if (image_set_read (&set, path, (const char *const *) names, expected, error))
    result = image_set_finish (&set, split, expected, error);
  g_byte_array_unref (set.pixels);
  g_array_unref (set.labels);
  return result;
}
