/* Layout and drawing of graphs; tables of numbers as images. */

#include "draw/graph.h"
#include "draw/type-style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WORK 1.5e7          /* pairs of nodes that a layout looks at, at most */
enum { STEPS = 200, TRIES = 8 };

/* ---- layout ---- */

static void
push_apart (const double *p, gsize n, double ideal, double *push)
{
  memset (push, 0, 2 * n * sizeof *push);
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        const double dx = p[2 * i] - p[2 * j], dy = p[2 * i + 1] - p[2 * j + 1], by = ideal * ideal / (dx * dx + dy * dy + 1e-6);

        push[2 * i] += dx * by;
        push[2 * i + 1] += dy * by;
        push[2 * j] -= dx * by;
        push[2 * j + 1] -= dy * by;
      }
}

static void
pull_together (const double *p, const gint32 *links, gsize n_links, double ideal, double *push)
{
  for (gsize e = 0; e < n_links; e++)
    for (int end = 0; end < 2; end++)
      {
        const gint32 i = links[2 * e + (gsize) end], j = links[2 * e + 1 - (gsize) end];
        const double dx = p[2 * j] - p[2 * i], dy = p[2 * j + 1] - p[2 * i + 1], pull = hypot (dx, dy) / ideal;

        push[2 * i] += dx * pull / 2;
        push[2 * i + 1] += dy * pull / 2;
      }
}

/* Which connected part each node belongs to: the first node of it. (transfer full) */
static gsize *
find_parts (gsize n, const gint32 *links, gsize n_links)
{
  gsize   *part = g_new (gsize, n + 1);
  gboolean changed = TRUE;

  for (gsize i = 0; i < n; i++)
    part[i] = i;
  while (changed)
    {
      changed = FALSE;
      for (gsize e = 0; e < n_links; e++)
        {
          gsize *a = part + links[2 * e], *b = part + links[2 * e + 1];

          changed = changed || *a != *b;
          *a = *b = MIN (*a, *b);
        }
    }
  return part;
}

/* The box of a connected part. */
typedef struct
{
  gsize  part;
  double low[2], high[2];
} Box;

static int
compare_heights (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Box   *x = a, *y = b;
  const double more = (y->high[1] - y->low[1]) - (x->high[1] - x->low[1]);

  return more > 0 ? 1 : more < 0 ? -1 : x->part < y->part ? -1 : x->part > y->part;
}

static GArray *
find_boxes (const double *p, gsize n, const gsize *part)
{
  GArray           *boxes = g_array_new (FALSE, FALSE, sizeof (Box));
  g_autofree guint *at = g_new0 (guint, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      Box *box;

      if (part[i] == i)
        {
          const Box first = { i, { p[2 * i], p[2 * i + 1] }, { p[2 * i], p[2 * i + 1] } };

          at[i] = boxes->len;
          g_array_append_val (boxes, first);
        }
      box = &g_array_index (boxes, Box, at[part[i]]);
      for (gsize k = 0; k < 2; k++)
        {
          box->low[k] = MIN (box->low[k], p[2 * i + k]);
          box->high[k] = MAX (box->high[k], p[2 * i + k]);
        }
    }
  return boxes;
}

/* Nothing holds parts together that no edge joins, and all push: they fly apart. Each keeps its shape, and they are set in rows, the highest first. */
static void
gather_parts (double *p, gsize n, const gint32 *links, gsize n_links, double gap)
{
  g_autofree gsize  *part = find_parts (n, links, n_links);
  g_autoptr (GArray) boxes = find_boxes (p, n, part);
  g_autofree double *move = g_new0 (double, 2 * n + 2);
  double             area = 0, x = 0, y = 0, high = 0, most;

  if (boxes->len < 2)
    return;
  g_array_sort_with_data (boxes, compare_heights, NULL);
  for (guint i = 0; i < boxes->len; i++)
    {
      const Box *box = &g_array_index (boxes, Box, i);

      area += (box->high[0] - box->low[0] + gap) * (box->high[1] - box->low[1] + gap);
    }
  most = 1.5 * sqrt (area);      /* pictures are wider than high */
  for (guint i = 0; i < boxes->len; i++)
    {
      const Box   *box = &g_array_index (boxes, Box, i);
      const double wide = box->high[0] - box->low[0], tall = box->high[1] - box->low[1];

      if (x > 0 && x + wide > most)
        {
          x = 0;
          y += high + gap;
          high = 0;
        }
      high = MAX (high, tall);
      move[2 * box->part] = x - box->low[0];
      move[2 * box->part + 1] = y + (high - tall) / 2 - box->low[1];
      x += wide + gap;
    }
  for (gsize i = 0; i < 2 * n; i++)
    p[i] += move[2 * part[i / 2] + i % 2];
}

/* The middle of the extents to the origin; each axis to 1, but none is stretched more than twice as much as the other. */
static void
fit (double *p, gsize n)
{
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY }, reach[2];

  for (gsize i = 0; i < 2 * n; i++)
    {
      low[i % 2] = MIN (low[i % 2], p[i]);
      high[i % 2] = MAX (high[i % 2], p[i]);
    }
  for (int k = 0; k < 2; k++)
    reach[k] = MAX ((high[k] - low[k]) / 2, 1e-9);
  for (int k = 0; k < 2; k++)
    reach[k] = MAX (reach[k], reach[1 - k] / 2);
  for (gsize i = 0; i < 2 * n; i++)
    p[i] = (p[i] - (low[i % 2] + high[i % 2]) / 2) / reach[i % 2];
}

static void
settle (double *p, gsize n, const gint32 *links, gsize n_links, double ideal, int steps, double *push)
{
  for (int step = 0; step < steps && n > 1; step++)
    {
      const double most = 0.25 * (1 - step / (double) steps);

      push_apart (p, n, ideal, push);
      pull_together (p, links, n_links, ideal, push);
      for (gsize i = 0; i < n; i++)
        {
          const double length = hypot (push[2 * i], push[2 * i + 1]) + 1e-12, go = MIN (length, most) / length;

          p[2 * i] += push[2 * i] * go;
          p[2 * i + 1] += push[2 * i + 1] * go;
        }
    }
}

/* Of two layouts of one graph the one whose forces have less energy is less tangled. */
static double
energy_of (const double *p, gsize n, const gint32 *links, gsize n_links, double ideal)
{
  double energy = 0;

  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      energy -= ideal * ideal * log (hypot (p[2 * i] - p[2 * j], p[2 * i + 1] - p[2 * j + 1]) + 1e-6);
  for (gsize e = 0; e < n_links; e++)
    energy += pow (hypot (p[2 * links[2 * e]] - p[2 * links[2 * e + 1]], p[2 * links[2 * e] + 1] - p[2 * links[2 * e + 1] + 1]), 3) / (6 * ideal);
  return energy;
}

double *
eqs_graph_layout (gsize n, const gint32 *links, gsize n_links)
{
  const double       ideal = 1.6 / sqrt (MAX ((double) n, 1));
  const int          steps = (int) CLAMP (WORK / ((double) n * (double) n / 2 + 1), 4, STEPS), tries = n <= 64 ? TRIES : 1;
  g_autoptr (GRand)  rand = g_rand_new_with_seed (1);
  double            *best = NULL, least = INFINITY;
  g_autofree double *push = g_new (double, 2 * n + 2);

  for (int try = 0; try < tries; try++)
    {
      double *p = g_new (double, 2 * n + 2), energy;

      for (gsize i = 0; i < 2 * n; i++)
        p[i] = try > 0 ? g_rand_double_range (rand, -1, 1) : i % 2 == 0 ? cos (G_PI * (double) i / (double) n) : sin (G_PI * (double) (i - 1) / (double) n);
      settle (p, n, links, n_links, ideal, steps, push);
      energy = tries == 1 ? -INFINITY : energy_of (p, n, links, n_links, ideal);
      if (best == NULL || energy < least)
        {
          least = energy;
          g_free (best);
          best = p;
        }
      else
        g_free (p);
    }
  gather_parts (best, n, links, n_links, 0.8 * ideal);
  fit (best, n);
  return best;
}

/* ---- drawing ---- */

static double
node_radius (gsize n, double width, double height)
{
  return CLAMP (0.28 * MIN (width, height) / sqrt (MAX ((double) n, 1)), 2, 13);
}

static void
place_of (const EqsGraphPicture *graph, gsize i, double width, double height, double *px, double *py)
{
  const double r = node_radius (graph->n, width, height) + 3;

  *px = width / 2 + graph->places[2 * i] * (width / 2 - r);
  *py = height / 2 + graph->places[2 * i + 1] * (height / 2 - r);
}

static void
draw_links (cairo_t *cr, const EqsGraphPicture *graph, const EqsFieldTheme *theme, double width, double height)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (gsize e = 0; e < graph->n_links; e++)
    {
      double x0, y0, x1, y1, bend = 0;

      place_of (graph, (gsize) graph->links[2 * e], width, height, &x0, &y0);
      place_of (graph, (gsize) graph->links[2 * e + 1], width, height, &x1, &y1);
      /* With weights the two directions of an edge differ: each is drawn on its own side. */
      if (graph->weights != NULL)
        bend = 0.08;
      eqs_draw_set_colour (cr, theme->ink, graph->weights == NULL ? 0.35 : 0.2 + 0.6 * MIN (graph->weights[e], 1));
      cairo_set_line_width (cr, graph->weights == NULL ? 1.2 : 0.6 + 5 * (double) MIN (graph->weights[e], 1));
      cairo_move_to (cr, x0, y0);
      cairo_curve_to (cr, x0 + (x1 - x0) / 3 - bend * (y1 - y0), y0 + (y1 - y0) / 3 + bend * (x1 - x0), x1 - (x1 - x0) / 3 - bend * (y1 - y0),
                      y1 - (y1 - y0) / 3 + bend * (x1 - x0), x1, y1);
      cairo_stroke (cr);
    }
}

static void
draw_name (cairo_t *cr, gint32 name, guint32 colour, double x, double y, double r)
{
  const double         light = (0.3 * (colour >> 16 & 255) + 0.59 * (colour >> 8 & 255) + 0.11 * (colour & 255)) / 255;
  cairo_text_extents_t extents;
  char                 text[16];

  snprintf (text, sizeof text, "%d", (int) name);
  cairo_set_font_size (cr, MIN (11, 1.15 * r));
  cairo_text_extents (cr, text, &extents);
  eqs_draw_set_colour (cr, light > 0.55 ? 0x1b1b1b : 0xffffff, 1);
  cairo_move_to (cr, x - extents.x_bearing - extents.width / 2, y - extents.y_bearing - extents.height / 2);
  cairo_show_text (cr, text);
}

void
eqs_draw_graph (cairo_t *cr, const EqsGraphPicture *graph, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  const double r = node_radius (graph->n, width, height);

  cairo_save (cr);
  cairo_translate (cr, x, y);
  draw_links (cr, graph, theme, width, height);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  for (gsize i = 0; i < graph->n; i++)
    {
      const guint32 colour = graph->colours == NULL ? 0x8a8a8a : graph->colours[i];
      double        px, py;

      place_of (graph, i, width, height, &px, &py);
      cairo_new_path (cr);      /* words leave a point behind */
      cairo_arc (cr, px, py, r, 0, 2 * G_PI);
      eqs_draw_set_colour (cr, colour, 1);
      cairo_fill_preserve (cr);
      eqs_draw_set_colour (cr, theme->ink, 0.6);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
      if (graph->names != NULL && r >= 6)
        draw_name (cr, graph->names[i], colour, px, py, r);
    }
  cairo_restore (cr);
}

int
eqs_graph_pick (const EqsGraphPicture *graph, double width, double height, double x, double y)
{
  const double r = node_radius (graph->n, width, height) + 1;

  for (gsize i = graph->n; i-- > 0; )
    {
      double px, py;

      place_of (graph, i, width, height, &px, &py);
      if (hypot (x - px, y - py) <= r)
        return (int) i;
    }
  return -1;
}

/* ---- tables ---- */

guint32
eqs_value_colour (double part, guint32 positive, const EqsFieldTheme *theme)
{
  const guint32 to = part >= 0 ? positive : theme->negative, from = theme->paper;
  guint32       out = 0;

  for (int shift = 0; shift <= 16; shift += 8)
    out |= (guint32) lround ((double) (from >> shift & 255) + ((double) (to >> shift & 255) - (double) (from >> shift & 255)) * MIN (fabs (part), 1)) << shift;
  return out;
}

void
eqs_draw_table (cairo_t *cr, const float *values, gsize rows, gsize columns, gsize stride, double scale, guint32 colour, const EqsFieldTheme *theme,
                double x, double y, double width, double height)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) MAX (columns, 1), (int) MAX (rows, 1));
  unsigned char   *data = cairo_image_surface_get_data (image);

  for (gsize r = 0; data != NULL && r < rows; r++)
    for (gsize c = 0; c < columns; c++)
      ((guint32 *) (void *) (data + r * (gsize) cairo_image_surface_get_stride (image)))[c] = eqs_value_colour ((double) values[r * stride + c] / scale, colour, theme);
  cairo_surface_mark_dirty (image);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip_preserve (cr);
  cairo_scale (cr, width / (double) MAX (columns, 1), height / (double) MAX (rows, 1));
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
  eqs_draw_set_colour (cr, theme->line, 1);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, floor (x) + 0.5, floor (y) + 0.5, floor (width) - 1, floor (height) - 1);
  cairo_stroke (cr);
}
