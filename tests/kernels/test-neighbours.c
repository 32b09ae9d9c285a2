/* Lists of neighbours by cells, against all pairs and all images one by one. */

#include "eqk/random.h"
#include "eqk/run.h"
#include "graph/neighbours.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

typedef struct { EqkNeighbour *of; size_t n, room; } List;

static int
by_source (const void *a, const void *b)
{
  const EqkNeighbour *p = a, *q = b;

  for (int k = -1; k < 3; k++)
    {
      const int32_t x = k < 0 ? p->src : p->shift[k], y = k < 0 ? q->src : q->shift[k];

      if (x != y)
        return x < y ? -1 : 1;
    }
  return 0;
}

/* Every image of every point within reach, by trying all shifts up to `most`. */
static List
all_images (size_t n, const double *x, const double *cell, size_t i, double reach, int most)
{
  List list = { g_new (EqkNeighbour, 64), 0, 64 };
  int  m[3];

  for (int k = 0; k < 3; k++)
    m[k] = cell == NULL || (cell[3 * k] == 0 && cell[3 * k + 1] == 0 && cell[3 * k + 2] == 0) ? 0 : most;
  for (size_t j = 0; j < n; j++)
    for (int a = -m[0]; a <= m[0]; a++)
      for (int b = -m[1]; b <= m[1]; b++)
        for (int c = -m[2]; c <= m[2]; c++)
          {
            EqkNeighbour one = { .src = (int32_t) j, .shift = { a, b, c } };

            for (int k = 0; k < 3; k++)
              {
                const double d = x[3 * i + (size_t) k] - x[3 * j + (size_t) k] - (cell == NULL ? 0 : a * cell[k] + b * cell[3 + k] + c * cell[6 + k]);

                one.r2 += d * d;
              }
            if (one.r2 > reach * reach || (i == j && a == 0 && b == 0 && c == 0))
              continue;
            if (list.n == list.room)
              list.of = g_renew (EqkNeighbour, list.of, list.room *= 2);
            list.of[list.n++] = one;
          }
  qsort (list.of, list.n, sizeof *list.of, by_source);
  return list;
}

static void
compare (const EqkCells *cells, const List *list)
{
  g_assert_cmpuint (cells->n_found, ==, list->n);
  for (size_t k = 0; k < list->n; k++)
    g_assert_cmpint (by_source (&cells->found[k], &list->of[k]), ==, 0);
}

static double
uniform (EqkRandom *random)
{
  return 2 * eqk_random_uniform (random) - 1;
}

/* Balls, sheets, lines, two far clusters, points on one place. */
static void
draw_cloud (EqkRandom *random, int kind, size_t n, double *x)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < 3; k++)
      x[3 * i + k] = kind == 0 ? 6 * uniform (random) : kind == 1 ? (k == 2 ? 1.5 : 12 * uniform (random)) : kind == 2 ? (k == 0 ? 80 * uniform (random) : 0)
                     : kind == 3 ? 2 * uniform (random) + (i % 2 == 0 ? 0 : 500) : kind == 4 ? (double) (i % 5) : (double) (int) (3 * uniform (random));
}

static void
test_clouds (void)
{
  static const size_t counts[] = { 1, 2, 7, 60, 400 };

  for (int kind = 0; kind < 6; kind++)
    for (size_t c = 0; c < G_N_ELEMENTS (counts); c++)
      {
        const size_t n = counts[c];
        EqkRandom    random = eqk_random (11, EQK_RANDOM_TEST, (uint32_t) kind, (uint32_t) n, 0);
        double      *x = g_new (double, 3 * n);

        draw_cloud (&random, kind, n, x);
        for (double reach = 0.7; reach < 60; reach *= 3.1)
          {
            EqkCells cells;

            g_assert_cmpint (eqk_cells_init (&cells, n, x, NULL, reach, NULL), ==, EQK_OK);
            for (size_t i = 0; i < n; i++)
              {
                List list = all_images (n, x, NULL, i, reach, 0);

                g_assert_cmpint (eqk_cells_near (&cells, i, reach, NULL), ==, EQK_OK);
                compare (&cells, &list);
                g_free (list.of);
              }
            eqk_cells_clear (&cells);
          }
        g_free (x);
      }
}

/* Slanted lattices of every size beside the cut-off, points far outside them, one and two periodic directions. */
static void
test_lattices (void)
{
  for (uint32_t seed = 0; seed < 60; seed++)
    {
      EqkRandom    random = eqk_random (seed, EQK_RANDOM_TEST, 9, 0, 0);
      const size_t n = 1 + eqk_random_below (&random, 12);
      const double size = 1.2 * pow (2, seed % 4), reach = 2.5;
      const int    free_rows = (int) (seed / 4 % 4);
      double       cell[9], x[36];
      EqkCells     cells;

      for (int k = 0; k < 9; k++)
        cell[k] = (k % 4 == 0 ? size : 0) + 0.4 * size * uniform (&random);
      for (int k = 0; k < 3; k++)
        for (int a = 0; a < 3 && (free_rows == 1 ? k == 2 : free_rows == 2 ? k != 1 : false); a++)
          cell[3 * k + a] = 0;
      for (size_t i = 0; i < 3 * n; i++)
        x[i] = 3 * size * uniform (&random);
      g_assert_cmpint (eqk_cells_init (&cells, n, x, cell, reach, NULL), ==, EQK_OK);
      for (size_t i = 0; i < n; i++)
        {
          List list = all_images (n, x, cell, i, reach, 18);

          g_assert_cmpint (eqk_cells_near (&cells, i, reach, NULL), ==, EQK_OK);
          compare (&cells, &list);
          g_free (list.of);
        }
      eqk_cells_clear (&cells);
    }
}

static int
by_distance (const void *a, const void *b)
{
  const EqkNeighbour *p = a, *q = b;

  return p->r2 != q->r2 ? (p->r2 < q->r2 ? -1 : 1) : by_source (a, b);
}

static void
test_nearest (void)
{
  for (int kind = 0; kind < 6; kind++)
    for (int k = 1; k < 40; k *= 3)
      {
        const size_t n = 150;
        EqkRandom    random = eqk_random (5, EQK_RANDOM_TEST, (uint32_t) kind, 1, 0);
        double       x[450];
        EqkCells     cells;

        draw_cloud (&random, kind, n, x);
        g_assert_cmpint (eqk_cells_init (&cells, n, x, NULL, 2, NULL), ==, EQK_OK);
        for (size_t i = 0; i < n; i++)
          {
            List list = all_images (n, x, NULL, i, 1e4, 0);

            qsort (list.of, list.n, sizeof *list.of, by_distance);
            list.n = (size_t) k;
            qsort (list.of, list.n, sizeof *list.of, by_source);
            g_assert_cmpint (eqk_cells_nearest (&cells, i, k, NULL), ==, EQK_OK);
            compare (&cells, &list);
            g_free (list.of);
          }
        eqk_cells_clear (&cells);
      }
}

/* Of those within reach the nearest, ties by number; a limit that is not met changes nothing. */
static void
test_most (void)
{
  for (int kind = 0; kind < 6; kind++)
    for (size_t most = 1; most < 60; most *= 3)
      {
        const size_t n = 150;
        const double reach = 2.2;
        EqkRandom    random = eqk_random (6, EQK_RANDOM_TEST, (uint32_t) kind, 1, 0);
        double       x[450];
        EqkCells     cells;

        draw_cloud (&random, kind, n, x);
        g_assert_cmpint (eqk_cells_init (&cells, n, x, NULL, reach, NULL), ==, EQK_OK);
        for (size_t i = 0; i < n; i++)
          {
            List list = all_images (n, x, NULL, i, reach, 0);

            if (list.n > 1)
              qsort (list.of, list.n, sizeof *list.of, by_distance);
            list.n = MIN (list.n, most);
            if (list.n > 1)
              qsort (list.of, list.n, sizeof *list.of, by_source);
            g_assert_cmpint (eqk_cells_near (&cells, i, reach, NULL), ==, EQK_OK);
            eqk_cells_keep (&cells, most);
            compare (&cells, &list);
            g_free (list.of);
          }
        eqk_cells_clear (&cells);
      }
}

/* A point alone is near nothing, but in a lattice its own image. */
static void
test_apart (void)
{
  const double cell[9] = { 3, 0, 0, 0, 4, 0, 0, 0, 0 }, alone[3] = { 1, 2, 3 };
  double       apart[150], x[450];
  EqkDiag      diag = EQK_DIAG_INIT;

  for (int kind = 0; kind < 6; kind++)
    {
      EqkRandom random = eqk_random (7, EQK_RANDOM_TEST, (uint32_t) kind, 1, 0);

      draw_cloud (&random, kind, 150, x);
      g_assert_cmpint (eqk_structure_nearest (x, 150, NULL, apart, NULL), ==, EQK_OK);
      for (size_t i = 0; i < 150; i++)
        {
          List   list = all_images (150, x, NULL, i, 1e4, 0);
          double least = INFINITY;

          for (size_t k = 0; k < list.n; k++)
            least = MIN (least, sqrt (list.of[k].r2));
          g_assert_cmpfloat_with_epsilon (apart[i], least, 1e-12);
          g_free (list.of);
        }
    }
  g_assert_cmpint (eqk_structure_nearest (alone, 1, NULL, apart, NULL), ==, EQK_OK);
  g_assert_true (isinf (apart[0]));
  g_assert_cmpint (eqk_structure_nearest (alone, 1, cell, apart, NULL), ==, EQK_OK);
  g_assert_cmpfloat_with_epsilon (apart[0], 3, 1e-12);
  x[4] = NAN;
  g_assert_cmpint (eqk_structure_nearest (x, 150, NULL, apart, &diag), ==, EQK_ERR_SHAPE);
}

/* The nearest among images: as many as are asked for, and those as near as the last; a point alone has its own images on both sides. */
static void
test_nearest_images (void)
{
  for (uint32_t seed = 0; seed < 24; seed++)
    for (int k = 1; k <= 9; k *= 3)
      {
        EqkRandom    random = eqk_random (seed, EQK_RANDOM_TEST, 10, 0, 0);
        const size_t n = 1 + eqk_random_below (&random, 5);
        double       cell[9], x[15];
        EqkCells     cells;

        for (int a = 0; a < 9; a++)
          cell[a] = (a % 4 == 0 ? 3 : 0) + 0.6 * uniform (&random);
        for (int a = 0; a < 3 && seed % 3 == 0; a++)
          cell[6 + a] = 0;
        for (size_t i = 0; i < 3 * n; i++)
          x[i] = 1.5 * uniform (&random);
        g_assert_cmpint (eqk_cells_init (&cells, n, x, cell, 2, NULL), ==, EQK_OK);
        for (size_t i = 0; i < n; i++)
          {
            List   list = all_images (n, x, cell, i, 1e3, 6);
            size_t within = 0;
            double reach;

            qsort (list.of, list.n, sizeof *list.of, by_distance);
            reach = sqrt (list.of[k - 1].r2) * (1 + 5e-5);
            while (within < list.n && list.of[within].r2 <= reach * reach)
              within++;
            g_assert_cmpuint (within, >=, (size_t) k);
            g_assert_true (n > 1 || within % 2 == 0);
            list.n = within;
            qsort (list.of, list.n, sizeof *list.of, by_source);
            g_assert_cmpint (eqk_cells_nearest (&cells, i, k, NULL), ==, EQK_OK);
            compare (&cells, &list);
            g_free (list.of);
          }
        eqk_cells_clear (&cells);
      }
}

static void
test_refused (void)
{
  const double flat[9] = { 1, 0, 0, 2, 0, 0, 0, 0, 1 }, tiny[9] = { 1e-3, 0, 0, 0, 1e-3, 0, 0, 0, 1e-3 }, endless[9] = { INFINITY, 0, 0, 0, 1, 0, 0, 0, 1 };
  const double x[6] = { 0, 0, 0, 0.2, 0.1, 0 }, bad[3] = { NAN, 0, 0 }, far[3] = { 1e300, 0, 0 };
  EqkCells     cells;
  EqkDiag      diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_cells_init (&cells, 2, x, flat, 1, &diag), ==, EQK_ERR_SHAPE);
  g_assert_nonnull (strstr (diag.what, "volume"));
  eqk_cells_clear (&cells);
  g_assert_cmpint (eqk_cells_init (&cells, 2, x, endless, 1, NULL), ==, EQK_ERR_SHAPE);
  eqk_cells_clear (&cells);
  g_assert_cmpint (eqk_cells_init (&cells, 1, bad, NULL, 1, NULL), ==, EQK_ERR_SHAPE);
  eqk_cells_clear (&cells);
  g_assert_cmpint (eqk_cells_init (&cells, 1, far, tiny, 1, NULL), ==, EQK_ERR_SHAPE);
  eqk_cells_clear (&cells);
  g_assert_cmpint (eqk_cells_init (&cells, 2, x, tiny, 5, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_cells_near (&cells, 0, 5, &diag), ==, EQK_ERR_LIMIT);
  g_assert_nonnull (strstr (diag.what, "too small"));
  eqk_cells_clear (&cells);
  g_assert_cmpint (eqk_cells_init (&cells, 0, x, NULL, 5, NULL), ==, EQK_OK);
  eqk_cells_clear (&cells);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/neighbours/clouds", test_clouds);
  g_test_add_func ("/neighbours/lattices", test_lattices);
  g_test_add_func ("/neighbours/nearest", test_nearest);
  g_test_add_func ("/neighbours/most", test_most);
  g_test_add_func ("/neighbours/apart", test_apart);
  g_test_add_func ("/neighbours/nearest-images", test_nearest_images);
  g_test_add_func ("/neighbours/refused", test_refused);
  return g_test_run ();
}
