/* Layout and drawing of graphs; tables of numbers as images. */

#include "draw/graph.h"
#include "draw/type-style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WORK 1.5e7          /* pairs of nodes that a layout looks at, at most */
enum { STEPS = 200, TRIES = 8, SPREADS = 60 };

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

/* Nodes that would lie on each other are moved apart until their discs (node_radius) clear: hubs with the same neighbours settle on one spot. */
static void
spread_out (double *p, gsize n)
{
  const double least = 1.3 / sqrt (MAX ((double) n, 1));
  const int    rounds = (int) CLAMP (WORK / ((double) n * (double) n / 2 + 1), 4, SPREADS);
  gboolean     moved = TRUE;

  for (int round = 0; moved && round < rounds; round++)
    {
      moved = FALSE;
      for (gsize i = 0; i < n; i++)
        for (gsize j = i + 1; j < n; j++)
          {
            double dx = p[2 * j] - p[2 * i], dy = p[2 * j + 1] - p[2 * i + 1], d = hypot (dx, dy), by;

            if (d >= least)
              continue;
            if (d < 1e-9)      /* on one spot: each pair in a direction of its own */
              {
                dx = cos ((double) (i + 2 * j));
                dy = sin ((double) (i + 2 * j));
                d = 1;
                by = least / 2;
              }
            else
              by = (least - d) / 2;
            p[2 * i] -= dx / d * by;
            p[2 * i + 1] -= dy / d * by;
            p[2 * j] += dx / d * by;
            p[2 * j + 1] += dy / d * by;
            moved = TRUE;
          }
    }
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

static double *
lay_out_part (gsize n, const gint32 *links, gsize n_links)
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
  fit (best, n);
  spread_out (best, n);
  fit (best, n);
  return best;
}

static gint32
find_root (gint32 *root, gint32 i)
{
  while (root[i] != i)
    i = root[i] = root[root[i]];
  return i;
}

/* The connected part of each node, numbered as they come. @return how many there are */
static gsize
find_parts (gsize n, const gint32 *links, gsize n_links, gint32 *part)
{
  g_autofree gint32 *root = g_new (gint32, n + 1);
  gsize              n_parts = 0;

  for (gsize i = 0; i < n; i++)
    root[i] = (gint32) i;
  for (gsize e = 0; e < n_links; e++)
    {
      const gint32 a = find_root (root, links[2 * e]), b = find_root (root, links[2 * e + 1]);

      root[MAX (a, b)] = MIN (a, b);
    }
  for (gsize i = 0; i < n; i++)      /* a root is the first of its part */
    part[i] = root[i] == (gint32) i ? (gint32) n_parts++ : part[find_root (root, (gint32) i)];
  return n_parts;
}

/* What is not connected would be driven to opposite corners: parts are laid out for themselves, in squares that grow with them, side by side in rows. */
static double *
lay_out_parts (gsize n, const gint32 *links, gsize n_links, const gint32 *part, gsize n_parts)
{
  double            *p = g_new (double, 2 * n + 2), x = 0, y = 0, high = 0;
  const double       wide = 3 * sqrt ((double) n) + 1.2;
  g_autofree gint32 *own = g_new (gint32, n + 1), *own_links = g_new (gint32, 2 * n_links + 1);

  for (gsize k = 0; k < n_parts; k++)
    {
      g_autofree double *places = NULL;
      gsize              n_own = 0, n_own_links = 0;
      double             half;

      for (gsize i = 0; i < n; i++)
        if ((gsize) part[i] == k)
          own[i] = (gint32) n_own++;
      for (gsize e = 0; e < n_links; e++)
        if ((gsize) part[links[2 * e]] == k)
          {
            own_links[2 * n_own_links] = own[links[2 * e]];
            own_links[2 * n_own_links++ + 1] = own[links[2 * e + 1]];
          }
      places = lay_out_part (n_own, own_links, n_own_links);
      half = sqrt ((double) n_own);
      if (x > 0 && x + 2 * half > wide)
        {
          y += high;
          x = high = 0;
        }
      for (gsize i = 0; i < n; i++)
        if ((gsize) part[i] == k)
          for (int axis = 0; axis < 2; axis++)
            p[2 * i + (gsize) axis] = (axis == 0 ? x : y) + half + (n_own == 1 ? 0 : places[2 * own[i] + axis] * half);
      x += 2 * half + 1.2;
      high = MAX (high, 2 * half + 1.2);
    }
  fit (p, n);
  return p;
}

double *
eqs_graph_layout (gsize n, const gint32 *links, gsize n_links)
{
  g_autofree gint32 *part = g_new (gint32, n + 1);
  const gsize        n_parts = n_links == 0 ? 1 : find_parts (n, links, n_links, part);

  return n_parts > 1 ? lay_out_parts (n, links, n_links, part, n_parts) : lay_out_part (n, links, n_links);
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

/* A node that is linked with itself: a ring that starts and ends behind its disc, away from the middle of the picture. */
static void
draw_loop (cairo_t *cr, double x, double y, double r, double width, double height)
{
  const double dx = x - width / 2, dy = y - height / 2, d = hypot (dx, dy);
  const double size = 0.75 * r + 1, away = r + 0.4 * size;

  cairo_new_path (cr);
  cairo_arc (cr, x + (d > 1 ? away * dx / d : 0), y + (d > 1 ? away * dy / d : -away), size, 0, 2 * G_PI);
  cairo_stroke (cr);
}

/* The head of an arrow that ends at a disc. */
static void
draw_head (cairo_t *cr, double x0, double y0, double x1, double y1, double r)
{
  const double d = hypot (x1 - x0, y1 - y0), size = CLAMP (0.7 * r, 3, 7), ux = (x1 - x0) / MAX (d, 1e-9), uy = (y1 - y0) / MAX (d, 1e-9);
  const double x = x1 - ux * r, y = y1 - uy * r;

  if (d <= 2 * r)
    return;
  cairo_new_path (cr);
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - ux * size - uy * size / 2, y - uy * size + ux * size / 2);
  cairo_line_to (cr, x - ux * size + uy * size / 2, y - uy * size - ux * size / 2);
  cairo_fill (cr);
}

static void
draw_links (cairo_t *cr, const EqsGraphPicture *graph, const EqsFieldTheme *theme, double width, double height)
{
  const double r = node_radius (graph->n, width, height);

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
      if (graph->links[2 * e] == graph->links[2 * e + 1])
        {
          draw_loop (cr, x0, y0, r, width, height);
          continue;
        }
      if (graph->one_way != NULL && graph->one_way[e])
        draw_head (cr, x0, y0, x1, y1, r);
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

static int
compare_links (gconstpointer a, gconstpointer b)
{
  const gint32 *one = a, *other = b;

  return one[0] != other[0] ? (one[0] < other[0] ? -1 : 1) : one[1] < other[1] ? -1 : one[1] > other[1];
}

guint8 *
eqs_graph_one_way (const gint32 *links, gsize n_links)
{
  g_autofree gint32 *sorted = g_memdup2 (links, 2 * n_links * sizeof *links);
  guint8            *one_way = g_new0 (guint8, n_links + 1);

  if (n_links > 0)
    qsort (sorted, n_links, 2 * sizeof *sorted, compare_links);
  for (gsize e = 0; e < n_links; e++)
    {
      const gint32 back[2] = { links[2 * e + 1], links[2 * e] };

      one_way[e] = bsearch (back, sorted, n_links, 2 * sizeof *sorted, compare_links) == NULL;
    }
  return one_way;
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
