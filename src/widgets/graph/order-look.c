/* The picture takes the upper half, the features of the wire the lower one. */

#include "widgets/graph/order-look.h"

#include "draw/number-text.h"
#include "draw/type-style.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MOST_ROWS = 400, MOST_COLUMNS = 64, NUMBERED = 24, TILES = 48 };
#define SHARE 0.58         /* of the height, for the sample */

/* Elements of two or three numbers as points of the plane, each axis over all of its range. */
static double *
scatter_of (const EqsProbeWire *input)
{
  double *places = g_new (double, 2 * input->rows + 1);

  for (gsize k = 0; k < 2; k++)
    {
      double low = INFINITY, high = -INFINITY;

      for (gsize i = 0; i < input->rows; i++)
        {
          low = MIN (low, (double) input->plain[i * input->width + k]);
          high = MAX (high, (double) input->plain[i * input->width + k]);
        }
      for (gsize i = 0; i < input->rows; i++)      /* up is down on paper */
        places[2 * i + k] = (k == 0 ? 1 : -1) * (high > low ? 2 * ((double) input->plain[i * input->width + k] - low) / (high - low) - 1 : 0);
    }
  return places;
}

EqsOrderSample *
eqs_order_sample_new (const EqsProbeResult *result, const EqsColumn *column)
{
  EqsOrderSample *self = g_new0 (EqsOrderSample, 1);

  self->n = result->graph.n_nodes;
  if (column != NULL && column->kind == EQS_COLUMN_PER_NODE && column->n_dims >= 2 && column->n_values == column->dims[0] * column->dims[1] &&
      column->n_values == result->input.width && column->dims[0] > 1 && column->dims[1] > 1)
    {
      self->h = (int) column->dims[0];
      self->w = (int) column->dims[1];
    }
  if (self->n > EQS_GRAPH_MOST)
    return self;
  if (result->graph.n_edges == 0 && self->h == 0 && result->input.rows == self->n && (result->input.width == 2 || result->input.width == 3))
    self->places = scatter_of (&result->input);
  if (result->graph.n_edges == 0)
    return self;
  self->n_links = result->graph.n_edges;
  self->links = g_memdup2 (result->graph.links, 2 * self->n_links * sizeof *self->links);
  self->places = eqs_graph_layout (self->n, self->links, self->n_links);
  self->one_way = eqs_graph_one_way (self->links, self->n_links);
  return self;
}

void
eqs_order_sample_free (EqsOrderSample *self)
{
  g_free (self->places);
  g_free (self->links);
  g_free (self->one_way);
  g_free (self);
}

/* ---- numbers ---- */

static const float *
values_of (const EqsProbeWire *wire, int which)
{
  return which == 0 ? wire->plain : which == 1 ? wire->turned : wire->back;
}

/* Where node i stands. */
static gsize
row_of (const EqsProbeResult *result, int which, gsize i)
{
  return which == 1 && result->order != NULL && i < result->n_order ? (gsize) result->order[i] : i;
}

/* The wire that colours nodes: the one that is looked at where it stands on nodes, else the sample's own. NULL: neither does. */
static const EqsProbeWire *
node_wire (const EqsProbeResult *result)
{
  const EqsProbeWire *const wires[] = { &result->wire, &result->input };

  for (int i = 0; i < 2; i++)
    if (wires[i]->type.space.kind == EQK_SPACE_NODES && wires[i]->rows == result->graph.n_nodes && wires[i]->width > 0)
      return wires[i];
  return NULL;
}

static double
largest_of (const EqsProbeWire *wire, gsize channel, gsize n_channels)
{
  double largest = 1e-30;

  for (gsize r = 0; r < wire->rows; r++)
    for (gsize c = channel; c < channel + n_channels && c < wire->width; c++)
      largest = MAX (largest, fabs ((double) wire->plain[r * wire->width + c]));
  return largest;
}

gsize
eqs_order_n_channels (const EqsProbeResult *result)
{
  return result->wire.type.space.kind == EQK_SPACE_PAIRS ? result->wire.width : node_wire (result) == NULL ? 0 : node_wire (result)->width;
}

char *
eqs_order_describe (const EqsProbeResult *result, int which, gsize channel, int node)
{
  const EqsProbeWire *wire = node_wire (result);
  const gsize         row = row_of (result, which, (gsize) node);
  g_autofree char    *value = NULL;

  if (wire == NULL || values_of (wire, which) == NULL || row >= wire->rows)
    return NULL;
  /* Translators: the number of a node, its value. */
  value = eqs_number_dup_text ((double) values_of (wire, which)[row * wire->width + MIN (channel, wire->width - 1)], 4);
  return g_strdup_printf (_("Node %u: %s"), (guint) row + 1, value);
}

char *
eqs_order_dup_below (const EqsProbeResult *result, gsize channel)
{
  switch (result->wire.type.space.kind)
    {
    case EQK_SPACE_NODES:  return g_strdup (_("Below: what flows here, a row for each, in the order in which they stand."));
    case EQK_SPACE_PAIRS:  return g_strdup_printf (_("Below: channel %u of the pairs. Rows and columns change places together."), (guint) channel);
    case EQK_SPACE_EDGES:  return g_strdup (_("Below: what flows here, a row for each edge."));
    case EQK_SPACE_SAMPLE: return g_strdup (_("Below: what flows here. It belongs to the whole, so it stays."));
    default:               return g_strdup ("");
    }
}

/* ---- the sample ---- */

static void
draw_graph (cairo_t *cr, const EqsProbeResult *result, const EqsOrderSample *sample, int which, gsize channel, const EqsFieldTheme *theme,
            double x, double y, double width, double height)
{
  const EqsProbeWire *wire = node_wire (result);
  const gsize         at = wire == NULL ? 0 : MIN (channel, wire->width - 1);
  const double        scale = wire == NULL ? 1 : largest_of (wire, at, 1);
  g_autofree guint32 *colours = g_new (guint32, sample->n + 1);
  g_autofree gint32  *names = g_new (gint32, sample->n + 1);
  EqsGraphPicture     picture = { sample->n, sample->n_links, sample->places, sample->links, colours, which == 0 ? result->graph.attention : result->graph.attention_back, names, sample->one_way };

  for (gsize i = 0; i < sample->n; i++)
    {
      const gsize row = row_of (result, which, i);

      names[i] = (gint32) row + 1;
      colours[i] = wire == NULL || values_of (wire, which) == NULL ? theme->line : eqs_value_colour ((double) values_of (wire, which)[row * wire->width + at] / scale, eqs_type_style (&wire->type).colour, theme);
    }
  eqs_draw_graph (cr, &picture, theme, x, y, width, height);
}

static void
draw_number (cairo_t *cr, gsize number, const EqsFieldTheme *theme, double x, double y, double size)
{
  char text[24];

  g_snprintf (text, sizeof text, "%u", (guint) number);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
  eqs_draw_set_colour (cr, theme->dim, 1);
  cairo_move_to (cr, x, y);
  cairo_show_text (cr, text);
}

/* Pictures as elements, in the order in which they stand. */
static void
draw_tiles (cairo_t *cr, const EqsProbeResult *result, const EqsOrderSample *sample, int which, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const float *values = values_of (&result->input, which);
  const gsize  n = MIN (result->input.rows, TILES);
  int          columns = 1;
  double       size = 0;

  for (int c = 1; c <= (int) n; c++)
    {
      const int    rows = ((int) n + c - 1) / c;
      const double fits = MIN (width / c - 4, height / rows - 16);

      if (fits > size)
        {
          size = fits;
          columns = c;
        }
    }
  size = MIN (size, 72);
  for (gsize i = 0; values != NULL && size >= 6 && i < n; i++)
    {
      const double left = x + (double) (i % (gsize) columns) * (size + 4), top = y + (double) (i / (gsize) columns) * (size + 16);

      draw_number (cr, i + 1, theme, left, top + 10, 10);
      eqs_draw_table (cr, values + i * result->input.width, (gsize) sample->h, (gsize) sample->w, (gsize) sample->w, MAX (largest_of (&result->input, 0, result->input.width), 1e-6), theme->ink,
                      theme, left, top + 13, size, size);
    }
}

/* ---- the features ---- */

static void
draw_rows (cairo_t *cr, const EqsProbeWire *wire, const float *values, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const gsize  rows = MIN (wire->rows, MOST_ROWS), columns = MIN (wire->width, MOST_COLUMNS);
  const double left = rows <= NUMBERED && MIN (height / (double) rows, 24) >= 8 ? 18 : 0, wide = MIN ((width - left) / (double) columns, 24), high = MIN (height / (double) rows, 24);

  eqs_draw_table (cr, values, rows, columns, wire->width, largest_of (wire, 0, wire->width), eqs_type_style (&wire->type).colour, theme, x + left, y, wide * (double) columns,
                  high * (double) rows);
  for (gsize i = 0; left > 0 && i < rows; i++)
    draw_number (cr, i + 1, theme, x, y + high * ((double) i + 0.5) + 3, MIN (10, high));
}

static void
draw_pairs (cairo_t *cr, const EqsProbeWire *wire, const float *values, gsize n, gsize channel, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const double      margin = n <= NUMBERED && MIN (width, height) - 18 >= 8 * (double) n ? 18 : 0, size = floor (MIN (width, height) - margin), step = size / (double) MAX (n, 1);
  g_autofree float *table = g_new (float, n * n + 1);

  if (n * n != wire->rows || n == 0)
    return;
  for (gsize i = 0; i < n * n; i++)
    table[i] = values[i * wire->width + MIN (channel, wire->width - 1)];
  eqs_draw_table (cr, table, n, n, n, largest_of (wire, MIN (channel, wire->width - 1), 1), eqs_type_style (&wire->type).colour, theme, floor (x + margin), floor (y + margin), size, size);
  for (gsize i = 0; margin > 0 && i < n; i++)      /* rows at the left, columns on top: they change places together */
    {
      draw_number (cr, i + 1, theme, x, y + margin + step * ((double) i + 0.5) + 3, MIN (10, step));
      if (step >= 12)
        draw_number (cr, i + 1, theme, x + margin + step * ((double) i + 0.5) - (i < 9 ? 3 : 6), y + margin - 4, MIN (10, step));
    }
}

static void
draw_features (cairo_t *cr, const EqsProbeResult *result, int which, gsize channel, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const EqsProbeWire *wire = &result->wire;
  const float        *values = values_of (wire, which);

  if (values == NULL || wire->rows == 0 || wire->width == 0)
    return;
  if (wire->type.space.kind == EQK_SPACE_SAMPLE)
    eqs_draw_bars (cr, values, (int) MIN (wire->width, 256), largest_of (wire, 0, wire->width), -1, eqs_type_style (&wire->type).colour, theme, x, y, width, MIN (height, 120));
  else if (wire->type.space.kind == EQK_SPACE_PAIRS)
    draw_pairs (cr, wire, values, result->graph.n_nodes, channel, theme, x, y, width, height);
  else
    draw_rows (cr, wire, values, theme, x, y, width, height);
}

/* Height of the sample's part. */
static double
upper (const EqsOrderSample *sample, double height)
{
  return sample->places != NULL || sample->h > 0 ? floor (SHARE * height) : 0;
}

void
eqs_draw_order (cairo_t *cr, const EqsProbeResult *result, const EqsOrderSample *sample, int which, gsize channel, const EqsFieldTheme *theme,
                double x, double y, double width, double height)
{
  const double top = upper (sample, height);

  if (sample->places != NULL && sample->n_links == 0)      /* points in the plane: a frame holds them together */
    {
      eqs_draw_set_colour (cr, theme->line, 0.5);
      cairo_set_line_width (cr, 1);
      cairo_rectangle (cr, x + 0.5, y + 0.5, width - 1, top - 9);
      cairo_stroke (cr);
    }
  if (sample->places != NULL)
    draw_graph (cr, result, sample, which, channel, theme, x, y, width, top - 8);
  else if (sample->h > 0)
    draw_tiles (cr, result, sample, which, theme, x, y, width, top - 8);
  draw_features (cr, result, which, channel, theme, x, y + top, width, height - top);
}

int
eqs_order_pick (const EqsOrderSample *sample, double width, double height, double x, double y)
{
  const EqsGraphPicture picture = { sample->n, sample->n_links, sample->places, sample->links, NULL, NULL, NULL, NULL };

  return sample->places == NULL ? -1 : eqs_graph_pick (&picture, width, upper (sample, height) - 8, x, y);
}
