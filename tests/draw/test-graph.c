/* The layout of graphs: always the same, within its frame, and not tangled where that is easy. */

#include "draw/graph.h"

#include <math.h>
#include <string.h>

static gboolean
cross (const double *a, const double *b, const double *c, const double *d)
{
  const double s = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]), t = (b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0]);
  const double u = (d[0] - c[0]) * (a[1] - c[1]) - (d[1] - c[1]) * (a[0] - c[0]), v = (d[0] - c[0]) * (b[1] - c[1]) - (d[1] - c[1]) * (b[0] - c[0]);

  return s * t < 0 && u * v < 0;
}

/* Two rings of five whose nodes stand in turn: they come apart. */
static void
test_rings (void)
{
  gint32 links[40];
  gsize  n_links = 0;
  g_autofree double *p = NULL, *again = NULL;

  for (gint32 i = 0; i < 10; i++)
    {
      links[2 * n_links] = i;
      links[2 * n_links++ + 1] = (i + 2) % 10;
    }
  p = eqs_graph_layout (10, links, n_links);
  again = eqs_graph_layout (10, links, n_links);
  g_assert_cmpmem (p, 20 * sizeof *p, again, 20 * sizeof *p);
  for (int i = 0; i < 20; i++)
    g_assert_cmpfloat (fabs (p[i]), <=, 1 + 1e-9);
  for (gsize e = 0; e < n_links; e++)
    for (gsize f = 0; f < e; f++)
      g_assert_false (cross (p + 2 * links[2 * e], p + 2 * links[2 * e + 1], p + 2 * links[2 * f], p + 2 * links[2 * f + 1]));
}

/* A ring of three and one of six, with no edge between: near enough to each other that both are large in the picture. */
static void
test_parts (void)
{
  gint32 links[18];
  g_autofree double *p = NULL;

  for (gint32 i = 0; i < 9; i++)
    {
      links[2 * i] = i;
      links[2 * i + 1] = i < 3 ? (i + 1) % 3 : 3 + (i - 2) % 6;
    }
  p = eqs_graph_layout (9, links, 9);
  for (int ring = 0; ring < 2; ring++)
    {
      const int first = ring == 0 ? 0 : 3, n = ring == 0 ? 3 : 6;
      double    low[2] = { 1, 1 }, high[2] = { -1, -1 };

      for (int i = 2 * first; i < 2 * (first + n); i++)
        {
          low[i % 2] = MIN (low[i % 2], p[i]);
          high[i % 2] = MAX (high[i % 2], p[i]);
        }
      g_assert_cmpfloat (high[0] - low[0], >, ring == 0 ? 0.35 : 0.6);
      g_assert_cmpfloat (high[1] - low[1], >, ring == 0 ? 0.35 : 0.6);
    }
  for (int e = 0; e < 9; e++)
    for (int f = 0; f < e; f++)
      g_assert_false (cross (p + 2 * links[2 * e], p + 2 * links[2 * e + 1], p + 2 * links[2 * f], p + 2 * links[2 * f + 1]));
}

/* Two hubs that share all their neighbours: springs alone put one on the other. */
static void
test_hubs (void)
{
  gint32 links[48];
  double nearest = INFINITY;
  g_autofree double *p = NULL;

  for (gint32 i = 0; i < 12; i++)
    for (gint32 hub = 0; hub < 2; hub++)
      {
        links[4 * i + 2 * hub] = hub;
        links[4 * i + 2 * hub + 1] = i + 2;
      }
  p = eqs_graph_layout (14, links, 24);
  for (gsize i = 0; i < 14; i++)
    for (gsize j = 0; j < i; j++)
      nearest = MIN (nearest, hypot (p[2 * i] - p[2 * j], p[2 * i + 1] - p[2 * j + 1]));
  g_assert_cmpfloat (nearest, >, 1.12 / sqrt (14));      /* the width of a disc */
}

/* Links that lead one way only have heads; those back and forth, and a node with itself, have none. */
static void
test_one_way (void)
{
  static const gint32  links[] = { 0, 1, 1, 0, 1, 2, 3, 3, 2, 0 };
  g_autofree guint8   *one_way = eqs_graph_one_way (links, 5), *none = eqs_graph_one_way (NULL, 0);
  const guint8         expected[] = { 0, 0, 1, 0, 1 };

  g_assert_cmpmem (one_way, 5, expected, 5);
  g_assert_nonnull (none);
}

/* Dark pixels between x and right of a picture of two nodes, with a link from the left one to the right one. */
static int
count_ink (const guint8 *one_way, int left, int right)
{
  static const double places[] = { -1, 0, 1, 0 };
  static const gint32 links[] = { 0, 1 };
  EqsGraphPicture  graph = { 2, 1, places, links, NULL, NULL, NULL, one_way };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 200, 100);
  cairo_t         *cr = cairo_create (surface);
  int              n = 0;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  eqs_draw_graph (cr, &graph, eqs_field_theme (FALSE), 0, 0, 200, 100);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int y = 0; y < 100; y++)
    for (int x = left; x < right; x++)
      n += (((const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface)))[x] & 0xff) < 0xf0;
  cairo_surface_destroy (surface);
  return n;
}

static void
test_arrow (void)
{
  const guint8 yes = 1;

  g_assert_cmpint (count_ink (&yes, 150, 170), >, count_ink (NULL, 150, 170) + 10);      /* the head is at the second node */
  g_assert_cmpint (count_ink (&yes, 30, 50), ==, count_ink (NULL, 30, 50));
}

static void
test_pick (void)
{
  const double    places[] = { -1, 0, 1, 0 };
  EqsGraphPicture graph = { 2, 0, places, NULL, NULL, NULL, NULL, NULL };

  g_assert_cmpint (eqs_graph_pick (&graph, 200, 100, 16, 50), ==, 0);
  g_assert_cmpint (eqs_graph_pick (&graph, 200, 100, 184, 50), ==, 1);
  g_assert_cmpint (eqs_graph_pick (&graph, 200, 100, 100, 50), ==, -1);
  g_free (eqs_graph_layout (1, NULL, 0));
  g_free (eqs_graph_layout (0, NULL, 0));
}

/* A table of two by two: the large value in its colour, zero as paper. */
static void
test_table (void)
{
  const float      values[] = { 2, 0, 9, 0, -2, 9 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 40, 40);
  cairo_t         *cr = cairo_create (surface);
  const guint32   *row;

  eqs_draw_table (cr, values, 2, 2, 3, 2, 0x0000ff, eqs_field_theme (FALSE), 0, 0, 40, 40);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  row = (const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + 10 * cairo_image_surface_get_stride (surface));
  g_assert_cmphex (row[10] & 0xffffff, ==, 0x0000ff);
  g_assert_cmphex (row[30] & 0xffffff, ==, eqs_field_theme (FALSE)->paper);
  row = (const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + 30 * cairo_image_surface_get_stride (surface));
  g_assert_cmphex (row[30] & 0xffffff, ==, eqs_field_theme (FALSE)->negative);
  cairo_surface_destroy (surface);
}

/* A hexagon and a triangle that nothing joins: each has its own room, and both are about as large as their numbers of nodes say. */
static void
test_parts_apart (void)
{
  static const gint32 links[] = { 0, 2, 2, 4, 4, 6, 6, 8, 8, 7, 7, 0, 1, 3, 3, 5, 5, 1 };
  g_autofree double *p = eqs_graph_layout (9, links, 9);
  double nearest = INFINITY;

  for (gsize i = 0; i < 9; i++)
    for (gsize j = 0; j < i; j++)
      nearest = MIN (nearest, hypot (p[2 * i] - p[2 * j], p[2 * i + 1] - p[2 * j + 1]));
  g_assert_cmpfloat (nearest, >, 0.3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/rings", test_rings);
  g_test_add_func ("/graph/parts", test_parts);
  g_test_add_func ("/graph/hubs", test_hubs);
  g_test_add_func ("/graph/one-way", test_one_way);
  g_test_add_func ("/graph/arrow", test_arrow);
  g_test_add_func ("/graph/pick", test_pick);
  g_test_add_func ("/graph/table", test_table);
  g_test_add_func ("/graph/parts-apart", test_parts_apart);
  return g_test_run ();
}
