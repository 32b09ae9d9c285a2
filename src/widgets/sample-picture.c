/* A sample as a cairo surface (ink, greys, colours, classes), as arrows, as points, or as a graph; sets of pictures as four of them. */

#include "widgets/sample-picture.h"

#include "draw/graph.h"
#include "draw/scene.h"
#include "widgets/theme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum { INK, GREY, COLOURS, CLASSES, ARROWS, POINTS, GRAPH } Look;

#define MOST 256     /* pixels a side that a thumbnail takes, and points or nodes */

struct _EqsSamplePicture
{
  gatomicrefcount  refs;
  Look             look;
  int              h, w;
  float           *arrows;      /* owned (nullable) [h, w, 2]: last pair of channels */
  EqsScene        *scene;       /* owned (nullable): of places */
  double          *points;      /* owned (nullable) [n, 3]: of a graph, across and down within -1 to 1, and a kind */
  int              n_points;
  gint32          *edges;       /* owned (nullable) [n_edges, 2] */
  int              n_edges;
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

/*
 * Drawings whose ground is nothing, such as digits, are ink on paper; pictures with a ground of their own are shown as light and dark as they are, else
 * they would be negatives. A few samples tell, by their borders: all of a set are shown alike.
 */
static gboolean
has_light_ground (const EqsSplit *split, const EqsColumn *column, int h, int w)
{
  g_autofree float *values = g_new (float, column->n_values);
  const guint       n = eqs_split_get_n (split), tried = MIN (n, 5);
  int               empty = 0, all = 0;

  for (guint k = 0; k < tried; k++)
    {
      const guint sample = (guint) ((guint64) k * n / tried);

      eqs_split_copy (split, column, &sample, 1, values);
      for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j += i == 0 || i == h - 1 ? 1 : MAX (w - 1, 1))
          {
            all++;
            empty += values[i * w + j] < 0.1f;
          }
    }
  return 2 * empty < all;
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
        else if (self->look == GREY)
          ((guint32 *) (void *) (pixels + i * stride))[j] = 0xff000000u | 0x10101u * byte_of (v[0]);
        else if (self->look == CLASSES)
          ((guint32 *) (void *) (pixels + i * stride))[j] = class_colour ((int) v[0]);
        else
          ((guint32 *) (void *) (pixels + i * stride))[j] = 0xff000000u | (guint32) byte_of (v[0]) << 16 | (guint32) byte_of (v[1]) << 8 | byte_of (v[2]);
      }
  cairo_surface_mark_dirty (self->surface);
}

/* Atoms in the colours of their elements where the data have kinds. */
static EqsScene *
scene_of (const EqsSplit *split, const EqsColumn *column, guint sample, gsize n)
{
  g_autofree double *places = g_new (double, 3 * n);
  g_autofree gint32 *numbers = NULL;
  EqsScene          *scene;

  eqs_split_copy_double (split, column, &sample, 1, places);
  for (guint i = 0; i < eqs_split_get_n_columns (split) && numbers == NULL; i++)
    {
      const EqsColumn *kinds = eqs_split_get_column (split, i);

      if (kinds->kind != EQS_COLUMN_PER_NODE || kinds->values != EQS_VALUES_SPECIES || kinds->n_values != 1)
        continue;
      numbers = g_new (gint32, n);
      eqs_split_copy_int (split, kinds, &sample, 1, numbers);
    }
  scene = eqs_scene_new (places, n, numbers);
  if (numbers == NULL)
    eqs_scene_link_near (scene);
  return scene;
}

/* The first four elements of a set, two by two. */
static void
paint_four (EqsSamplePicture *self, const float *values, gsize n)
{
  const int h = self->h, w = self->w;
  g_autofree float *four = g_new0 (float, (gsize) (4 * h * w));

  for (int e = 0; e < (int) MIN (n, 4); e++)
    for (int i = 0; i < h; i++)
      memcpy (four + ((e / 2) * h + i) * 2 * w + (e % 2) * w, values + (e * h + i) * w, (gsize) w * sizeof *four);
  self->h *= 2;
  self->w *= 2;
  paint (self, four, 1);
}

/* The largest of a node's numbers is its kind: what a one-hot code says. */
static double
kind_of (const float *row, gsize n)
{
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    if (row[i] > row[best])
      best = i;
  return n == 1 ? row[0] != 0 : (double) best + 1;
}

/* NULL: no graph, or too large a one for a thumbnail. */
static EqsSamplePicture *
picture_of_graph (const EqsSplit *split, const EqsColumn *column, guint sample)
{
  const EqsColumn  *edges = eqs_split_find_links (split);
  const gsize       n = eqs_split_get_n_nodes (split, sample);
  g_autofree float *values = NULL;
  g_autofree double *layout = NULL;
  EqsSamplePicture *self;

  if (edges == NULL || n == 0 || n > MOST || eqs_split_get_n_edges (split, sample) > 16 * MOST)
    return NULL;
  self = g_new0 (EqsSamplePicture, 1);
  g_atomic_ref_count_init (&self->refs);
  self->look = GRAPH;
  self->n_points = (int) n;
  self->n_edges = (int) eqs_split_get_n_edges (split, sample);
  self->points = g_new0 (double, 3 * n);
  self->edges = g_new (gint32, 2 * (gsize) self->n_edges + 1);
  eqs_split_copy_int (split, edges, &sample, 1, self->edges);
  layout = eqs_graph_layout (n, self->edges, (gsize) self->n_edges);
  values = g_new (float, n * column->n_values);
  eqs_split_copy (split, column, &sample, 1, values);
  for (gsize i = 0; i < n; i++)
    {
      self->points[3 * i] = layout[2 * i];
      self->points[3 * i + 1] = layout[2 * i + 1];
      self->points[3 * i + 2] = kind_of (values + i * column->n_values, column->n_values);
    }
  return self;
}

/* Rows of nodes: places in space, or sets of pictures of one channel; else nodes of a graph. */
static EqsSamplePicture *
picture_of_nodes (const EqsSplit *split, const EqsColumn *column, guint sample)
{
  const gboolean    places = column->values == EQS_VALUES_POSITION && column->n_values == 3;
  const gboolean    pictures = column->n_dims >= 2 && column->n_values == column->dims[0] * column->dims[1] && column->dims[0] <= MOST / 2 && column->dims[1] <= MOST / 2;
  const gsize       n = eqs_split_get_n_nodes (split, sample);
  EqsSamplePicture *self;

  if (!places && !pictures)
    return picture_of_graph (split, column, sample);
  if (n == 0 || n > MOST)
    return NULL;
  self = g_new0 (EqsSamplePicture, 1);
  g_atomic_ref_count_init (&self->refs);
  if (places)
    {
      self->look = POINTS;
      self->scene = scene_of (split, column, sample, n);
    }
  else
    {
      g_autofree float *values = g_new (float, n * column->n_values);

      self->look = INK;
      self->h = (int) column->dims[0];
      self->w = (int) column->dims[1];
      eqs_split_copy (split, column, &sample, 1, values);
      paint_four (self, values, n);
    }
  return self;
}

/* Kinds of atoms alone make no picture: the places they stand at do. */
static const EqsColumn *
places_beside (const EqsSplit *split, const EqsColumn *kinds)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_POSITION && column->n_values == 3)
        return column;
    }
  return kinds;
}

EqsSamplePicture *
eqs_sample_picture_new (const EqsSplit *split, const EqsColumn *column, guint sample)
{
  EqsSamplePicture *self;
  g_autofree float *values = NULL;
  int               channels;

  if (column != NULL && column->kind == EQS_COLUMN_PER_NODE && sample < eqs_split_get_n (split))
    return picture_of_nodes (split, column->values == EQS_VALUES_SPECIES ? places_beside (split, column) : column, sample);
  if (column == NULL || column->kind != EQS_COLUMN_FIXED || column->n_dims < 2 || column->dims[0] > MOST || column->dims[1] > MOST || sample >= eqs_split_get_n (split))
    return NULL;
  channels = column->n_dims > 2 ? (int) column->dims[2] : 1;
  self = g_new0 (EqsSamplePicture, 1);
  g_atomic_ref_count_init (&self->refs);
  self->h = (int) column->dims[0];
  self->w = (int) column->dims[1];
  self->look = look_of (column, (guint64) channels);
  if (self->look == INK && column->values == EQS_VALUES_FEATURE && channels == 1 && has_light_ground (split, column, self->h, self->w))
    self->look = GREY;
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
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);
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
  g_clear_pointer (&self->scene, eqs_scene_unref);
  g_free (self->points);
  g_free (self->edges);
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

/* As solid bodies. */
static void
draw_points (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size)
{
  const EqsSceneLook look = { .fine = TRUE };
  EqsCamera          camera;

  eqs_camera_reset (&camera);
  eqs_scene_draw (self->scene, cr, &camera, eqs_field_theme (eqs_theme_is_dark ()), &look, x, y, size, size);
}

/* Edges as lines, nodes in the colours of their kinds. */
static void
draw_graph (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size, const GdkRGBA *ink)
{
  const double radius = size * CLAMP (0.2 / sqrt (self->n_points), 0.015, 0.07), half = size / 2 - radius, cx = x + size / 2, cy = y + size / 2;

  cairo_set_line_width (cr, MAX (1, radius / 3));
  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, ink->alpha * 0.5);
  for (int e = 0; e < self->n_edges; e++)
    {
      const double *a = self->points + 3 * self->edges[2 * e], *b = self->points + 3 * self->edges[2 * e + 1];

      cairo_move_to (cr, cx + a[0] * half, cy + a[1] * half);
      cairo_line_to (cr, cx + b[0] * half, cy + b[1] * half);
    }
  cairo_stroke (cr);
  for (int i = 0; i < self->n_points; i++)
    {
      const double *p = self->points + 3 * i;
      const guint32 colour = class_colour ((int) p[2] + 1);

      cairo_arc (cr, cx + p[0] * half, cy + p[1] * half, radius, 0, 2 * G_PI);
      cairo_set_source_rgb (cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
      cairo_fill (cr);
    }
}

void
eqs_sample_picture_draw (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size, const GdkRGBA *ink)
{
  const double scale = size / MAX (1, MAX (self->h, self->w));

  if (self->look == ARROWS)
    draw_arrows (self, cr, x, y, size);
  if (self->look == POINTS)
    draw_points (self, cr, x, y, size);
  if (self->look == GRAPH)
    draw_graph (self, cr, x, y, size, ink);
  if (self->surface == NULL)
    return;
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
