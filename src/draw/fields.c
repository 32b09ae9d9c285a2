/* Fields on paper and screen. A map is an image of h x w pixels painted large; everything else is a handful of paths. */

#include "draw/fields.h"
#include "draw/type-style.h"

#include <math.h>
#include <string.h>

enum { ARROWS_A_ROW = 16 };

const EqsFieldTheme *
eqs_field_theme (gboolean dark)
{
  static const EqsFieldTheme light = { 0xffffff, 0x1b1b1b, 0xd9d9d9, 0x616161, 0xd55e00 };
  static const EqsFieldTheme night = { 0x1e1e1e, 0xf2f2f2, 0x4a4a4a, 0xb4b4b4, 0xff8a4a };

  return dark ? &night : &light;
}

EqsFieldKind
eqs_field_kind (const EqkField *field)
{
  const EqkGroup *group = eqk_field_get_group (field);
  const int       dim = eqk_field_get_dim (field);

  if (dim == 1)
    return EQS_FIELD_SCALAR;
  if (eqk_field_is_irrep (field) && eqk_field_irrep_frequency (field) == 1 && dim == eqk_group_get_space_dim (group))
    return EQS_FIELD_ARROW;
  return eqk_field_is_permutation (field) ? EQS_FIELD_POSES : EQS_FIELD_PARTS;
}

EqsFieldPlace
eqs_field_place (const EqkRep *rep, int index)
{
  EqsFieldPlace place = { NULL, EQS_FIELD_SCALAR, 0, 0 };

  place.field = eqk_rep_field (rep, index, &place.first);
  place.kind = eqs_field_kind (place.field);
  place.dim = eqk_field_get_dim (place.field);
  return place;
}

double
eqs_field_largest (const EqsFieldValues *v, int first, int dim)
{
  double largest = 1e-30;

  for (gsize r = 0; r < v->rows; r++)
    for (int c = 0; c < dim; c++)
      largest = fmax (largest, fabs ((double) v->values[r * v->width + (gsize) (first + c)]));
  return largest;
}

gboolean
eqs_field_arrows (const EqsFieldValues *v, const EqsFieldPlace *place, float *out)
{
  const EqkGroup *group = eqk_field_get_group (place->field);
  double          axis[32][2];

  if (place->kind != EQS_FIELD_POSES || place->dim != eqk_group_get_order (group) || eqk_group_get_n (group) < 3 || eqk_group_get_space_dim (group) != 2)
    return FALSE;
  for (int k = 0; k < place->dim; k++)
    {
      const EqkElement g = eqk_group_element (group, k);
      double           m[9];
      /* The first axis must be kept by the mirror, so that a pose and its mirror image point the same way. */
      const double     tilt = eqk_group_get_axis_deg (group) * G_PI / 180;

      eqk_group_action (group, &g, m);
      axis[k][0] = m[0] * cos (tilt) + m[1] * sin (tilt);
      axis[k][1] = m[2] * cos (tilt) + m[3] * sin (tilt);
    }
  for (gsize r = 0; r < v->rows; r++)
    {
      double sum[2] = { 0, 0 };

      for (int k = 0; k < place->dim; k++)
        for (int d = 0; d < 2; d++)
          sum[d] += axis[k][d] * (double) v->values[r * v->width + (gsize) (place->first + k)];
      out[2 * r] = (float) sum[0];
      out[2 * r + 1] = (float) sum[1];
    }
  return TRUE;
}

/* ---- maps ---- */

static guint32
blend (guint32 from, guint32 to, double t)
{
  guint32 out = 0;

  t = CLAMP (t, 0, 1);
  for (int shift = 0; shift <= 16; shift += 8)
    {
      const double a = (from >> shift) & 0xff, b = (to >> shift) & 0xff;

      out |= (guint32) lround (a + (b - a) * t) << shift;
    }
  return out;
}

/* Paints h x w colours into a rectangle, as squares. */
static void
paint_pixels (cairo_t *cr, const guint32 *pixels, int h, int w, double x, double y, double width, double height)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  unsigned char   *data = cairo_image_surface_get_data (image);

  if (data == NULL)
    {
      cairo_surface_destroy (image);
      return;
    }
  for (int i = 0; i < h; i++)
    memcpy (data + i * cairo_image_surface_get_stride (image), pixels + i * w, (gsize) w * sizeof *pixels);
  cairo_surface_mark_dirty (image);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / w, height / h);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_rectangle (cr, 0, 0, w, h);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
}

static void
outline (cairo_t *cr, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  eqs_draw_set_colour (cr, theme->line, 1);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, floor (x) + 0.5, floor (y) + 0.5, floor (width) - 1, floor (height) - 1);
  cairo_stroke (cr);
}

void
eqs_draw_map (cairo_t *cr, const EqsFieldValues *v, int channel, double scale, guint32 colour, const EqsFieldTheme *theme,
              double x, double y, double width, double height)
{
  const int          h = v->type->space.h, w = v->type->space.w;
  g_autofree guint32 *pixels = g_new (guint32, (gsize) h * (gsize) w + 1);

  for (int i = 0; i < h * w; i++)
    {
      const double value = (double) v->values[(gsize) i * v->width + (gsize) channel] / scale;

      pixels[i] = blend (theme->paper, value >= 0 ? colour : theme->negative, fabs (value));
    }
  paint_pixels (cr, pixels, h, w, x, y, width, height);
  outline (cr, theme, x, y, width, height);
}

static void
draw_colours (cairo_t *cr, const EqsFieldValues *v, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const int           h = v->type->space.h, w = v->type->space.w;
  const double        scale = fmax (1, eqs_field_largest (v, 0, 3));
  g_autofree guint32 *pixels = g_new (guint32, (gsize) h * (gsize) w + 1);

  for (int i = 0; i < h * w; i++)
    {
      pixels[i] = 0;
      for (int c = 0; c < 3; c++)
        pixels[i] = pixels[i] << 8 | (guint32) lround (255 * CLAMP ((double) v->values[(gsize) i * v->width + (gsize) c] / scale, 0, 1));
    }
  paint_pixels (cr, pixels, h, w, x, y, width, height);
  outline (cr, theme, x, y, width, height);
}

/* ---- arrows ---- */

/* An arrow around (x, y), of components in pixels, y up. */
static void
arrow (cairo_t *cr, double x, double y, double dx, double dy)
{
  const double length = hypot (dx, dy), head = fmin (4, 0.45 * length), angle = atan2 (-dy, dx);

  if (length < 1)
    return;
  cairo_move_to (cr, x - dx / 2, y + dy / 2);
  cairo_line_to (cr, x + dx / 2, y - dy / 2);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + dx / 2, y - dy / 2);
      cairo_rel_line_to (cr, -head * cos (angle + side * 0.5), -head * sin (angle + side * 0.5));
    }
}

void
eqs_draw_arrows (cairo_t *cr, const float *vectors, int h, int w, int stride, double scale, guint32 colour, const EqsFieldTheme *theme,
                 double x, double y, double width, double height)
{
  const int    step = MAX (1, (MAX (h, w) + ARROWS_A_ROW - 1) / ARROWS_A_ROW);
  const double cell_x = width / w, cell_y = height / h;
  /* Symmetric about the centre, so that a turned grid shows the turned arrows. */
  const int    rows = (h + step - 1) / step, columns = (w + step - 1) / step;
  const int    first_row = (h - 1 - (rows - 1) * step) / 2, first_column = (w - 1 - (columns - 1) * step) / 2;

  eqs_draw_set_colour (cr, theme->paper, 1);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  outline (cr, theme, x, y, width, height);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);      /* long arrows at the edge stay inside */
  cairo_clip (cr);
  eqs_draw_set_colour (cr, colour, 1);
  cairo_set_line_width (cr, 1.2);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      {
        const int    r = first_row + i * step, c = first_column + j * step;
        const float *v = vectors + (gsize) (r * w + c) * (gsize) stride;
        const double length = 1.3 * step * cell_x / scale;

        arrow (cr, x + (c + 0.5) * cell_x, y + (r + 0.5) * cell_y, (double) v[0] * length, (double) v[1] * length);
      }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* ---- points ---- */

/* Where a point is drawn: the cloud fitted into the rectangle, seen along the last axis. */
static void
draw_points (cairo_t *cr, const EqsFieldValues *v, int channel, double scale, guint32 colour, const EqsFieldTheme *theme,
             double x, double y, double width, double height)
{
  double reach = 1e-9;

  eqs_draw_set_colour (cr, theme->paper, 1);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  outline (cr, theme, x, y, width, height);
  for (gsize r = 0; r < v->rows; r++)
    {
      double square = 0;

      for (int d = 0; d < v->n_space; d++)
        square += (double) v->positions[r * (gsize) v->n_space + (gsize) d] * (double) v->positions[r * (gsize) v->n_space + (gsize) d];
      reach = fmax (reach, sqrt (square));
    }
  for (gsize r = 0; r < v->rows; r++)
    {
      const float *p = v->positions + r * (gsize) v->n_space;
      const double t = channel < 0 ? 0.6 : (double) v->values[r * v->width + (gsize) channel] / scale;
      const double px = x + width / 2 + 0.45 * width * (double) p[0] / reach, py = y + height / 2 - 0.45 * height * (double) p[1] / reach;

      eqs_draw_set_colour (cr, blend (theme->line, t >= 0 ? colour : theme->negative, fabs (t)), 1);
      cairo_arc (cr, px, py, fmax (2.5, fmin (width, height) / 40), 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* ---- whole values ---- */

static gboolean
is_grid (const EqsFieldValues *v)
{
  return v->type->space.kind == EQK_SPACE_GRID;
}

void
eqs_draw_bars (cairo_t *cr, const float *values, int n, double scale, int marked, guint32 colour, const EqsFieldTheme *theme,
               double x, double y, double width, double height)
{
  const double slot = width / n, bar = fmax (1, slot * 0.7);
  double       lowest = 0;

  for (int i = 0; i < n; i++)
    lowest = fmin (lowest, (double) values[i]);

  const double zero = y + height * (lowest < 0 ? 0.5 : 1), room = lowest < 0 ? height / 2 : height;

  for (int i = 0; i < n; i++)
    {
      const double t = CLAMP ((double) values[i] / scale, -1, 1);

      eqs_draw_set_colour (cr, t >= 0 ? colour : theme->negative, marked < 0 || marked == i ? 1 : 0.45);
      cairo_rectangle (cr, x + i * slot + (slot - bar) / 2, t >= 0 ? zero - t * room : zero, bar, fabs (t) * room);
      cairo_fill (cr);
    }
  eqs_draw_set_colour (cr, theme->line, 1);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x, floor (zero) + 0.5);
  cairo_line_to (cr, x + width, floor (zero) + 0.5);
  cairo_stroke (cr);
}

void
eqs_draw_sample (cairo_t *cr, const EqsFieldValues *v, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  if (!is_grid (v))
    {
      if (v->positions != NULL)
        draw_points (cr, v, -1, 1, theme->ink, theme, x, y, width, height);
      else
        eqs_draw_bars (cr, v->values, (int) v->width, eqs_field_largest (v, 0, (int) v->width), -1, theme->ink, theme, x, y, width, height);
    }
  else if (eqk_rep_is_trivial (v->type->rep) && v->width == 3)
    draw_colours (cr, v, theme, x, y, width, height);
  else if (eqk_rep_is_trivial (v->type->rep))
    eqs_draw_map (cr, v, 0, fmax (1, eqs_field_largest (v, 0, 1)), theme->ink, theme, x, y, width, height);
  else
    eqs_draw_field (cr, v, 0, 0, theme, x, y, width, height);
}

static guint32
colour_of (const EqsFieldValues *v, const EqsFieldPlace *place)
{
  EqkPortType one = *v->type;

  one.rep = eqk_rep_single (place->field, 1);
  return eqs_type_style (&one).colour;
}

/* Tiles lie in rows of at most eight: poses of a mirror group in one row each. */
static int
tiles_a_row (int dim)
{
  return dim <= 6 ? dim : dim % 2 == 0 && dim / 2 <= 8 ? dim / 2 : 8;
}

double
eqs_field_aspect (const EqkPortType *type, int index)
{
  const EqsFieldPlace place = eqs_field_place (type->rep, index);
  const int           row = tiles_a_row (place.dim);

  if (place.kind == EQS_FIELD_SCALAR || place.kind == EQS_FIELD_ARROW || type->space.kind != EQK_SPACE_GRID)
    return 1;
  return (double) row / ((place.dim + row - 1) / row);
}

static void
draw_tiles (cairo_t *cr, const EqsFieldValues *v, const EqsFieldPlace *place, double scale, guint32 colour, const EqsFieldTheme *theme,
            double x, double y, double width, double height)
{
  const int    row = tiles_a_row (place->dim), rows = (place->dim + row - 1) / row;
  const double gap = 3, side = fmin ((width - gap * (row - 1)) / row, (height - gap * (rows - 1)) / rows);

  for (int k = 0; k < place->dim; k++)
    eqs_draw_map (cr, v, place->first + k, scale, colour, theme, x + (k % row) * (side + gap), y + (k / row) * (side + gap), side, side);
}

void
eqs_draw_field (cairo_t *cr, const EqsFieldValues *v, int index, double scale, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const EqsFieldPlace place = eqs_field_place (v->type->rep, index);
  const guint32       colour = colour_of (v, &place);

  if (scale <= 0)
    scale = eqs_field_largest (v, place.first, place.dim);
  if (!is_grid (v))
    {
      if (v->positions != NULL && v->rows > 1)
        draw_points (cr, v, place.first, scale, colour, theme, x, y, width, height);
      else if (place.kind == EQS_FIELD_ARROW && place.dim == 2)
        eqs_draw_arrows (cr, v->values + place.first, 1, 1, (int) v->width, scale * 1.6, colour, theme, x, y, width, height);
      else
        eqs_draw_bars (cr, v->values + place.first, place.dim, scale, -1, colour, theme, x, y, width, height);
    }
  else if (place.kind == EQS_FIELD_ARROW && place.dim == 2)
    eqs_draw_arrows (cr, v->values + place.first, v->type->space.h, v->type->space.w, (int) v->width, scale, colour, theme, x, y, width, height);
  else if (place.kind == EQS_FIELD_SCALAR)
    eqs_draw_map (cr, v, place.first, scale, colour, theme, x, y, width, height);
  else
    draw_tiles (cr, v, &place, scale, colour, theme, x, y, width, height);
}
