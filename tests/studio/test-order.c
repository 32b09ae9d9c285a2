/* Orders by swaps, cycles, and what colour refinement tells apart. */

#include "studio/order.h"

#include <string.h>

static void
test_cycles (void)
{
  const gint32     order[] = { 3, 0, 2, 1, 5, 4 }, still[] = { 0, 1, 2 };
  g_autofree char *text = eqs_order_dup_cycles (order, 6, 100), *none = eqs_order_dup_cycles (still, 3, 100), *cut = eqs_order_dup_cycles (order, 6, 3);

  g_assert_cmpstr (text, ==, "(1 4 2)(5 6)");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (cut, ==, "(1 4 2) …");
}

static void
test_swaps (void)
{
  gint32 order[9], before[9];

  for (guint32 seed = 0; seed < 20; seed++)
    {
      g_autofree gint32 *swaps = eqs_order_swaps (seed, 9);
      guint              moved = 0;

      eqs_order_after (swaps, 0, before, 9);
      for (gsize k = 1; k < 9; k++)
        {
          gboolean seen[9] = { FALSE };
          guint    differ = 0;

          eqs_order_after (swaps, k, order, 9);
          for (int i = 0; i < 9; i++)
            {
              differ += order[i] != before[i];
              seen[order[i]] = TRUE;
            }
          for (int i = 0; i < 9; i++)
            g_assert_true (seen[i]);
          g_assert_true (differ == 0 || differ == 2);
          moved += differ;
          memcpy (before, order, sizeof order);
        }
      g_assert_cmpuint (moved, >, 0);
    }
  g_free (eqs_order_swaps (0, 0));
  g_free (eqs_order_swaps (0, 1));
}

static gsize
ring (gint32 *links, gsize at, gint32 first, gint32 n)
{
  for (gint32 i = 0; i < n; i++)
    {
      links[2 * at] = first + i;
      links[2 * at++ + 1] = first + (i + 1) % n;
      links[2 * at] = first + (i + 1) % n;
      links[2 * at++ + 1] = first + i;
    }
  return at;
}

/* A ring of six and two of three look alike for ever; a path does not. */
static void
test_refine (void)
{
  gint32 links[64], features[16] = { 0 }, colours[16];
  gsize  n_links = ring (links, 0, 0, 6);

  n_links = ring (links, n_links, 6, 3);
  n_links = ring (links, n_links, 9, 3);
  g_assert_cmpuint (eqs_refine (links, n_links, 12, features, 12, colours), ==, 1);

  /* The path 0 - 1 - 2 - 3 - 4 beside the ring: ends, then what is next to ends, then the middle. */
  n_links = ring (links, 0, 5, 6);
  for (gint32 i = 0; i < 4; i++)
    {
      links[2 * n_links] = i;
      links[2 * n_links++ + 1] = i + 1;
      links[2 * n_links] = i + 1;
      links[2 * n_links++ + 1] = i;
    }
  g_assert_cmpuint (eqs_refine (links, n_links, 11, features, 0, colours), ==, 1);
  g_assert_cmpuint (eqs_refine (links, n_links, 11, features, 1, colours), ==, 2);
  g_assert_cmpint (colours[0], ==, colours[4]);
  g_assert_cmpint (colours[1], ==, colours[5]);
  g_assert_cmpuint (eqs_refine (links, n_links, 11, features, 3, colours), ==, 4);
  g_assert_cmpint (colours[1], ==, colours[3]);
  g_assert_cmpint (colours[2], !=, colours[5]);
}

/* Renumbered, every node keeps its colour. */
static void
test_renumbered (void)
{
  const gint32 links[] = { 0, 1, 1, 0, 1, 2, 2, 1, 2, 3, 3, 2, 3, 1, 1, 3, 3, 4, 4, 3 }, features[] = { 0, 1, 0, 0, 1 }, order[] = { 3, 1, 4, 0, 2 };
  gint32       moved[20], moved_features[5], a[5], b[5];

  for (int i = 0; i < 20; i++)
    moved[i] = order[links[i]];
  for (int i = 0; i < 5; i++)
    moved_features[order[i]] = features[i];
  for (guint rounds = 0; rounds < 4; rounds++)
    {
      g_assert_cmpuint (eqs_refine (links, 10, 5, features, rounds, a), ==, eqs_refine (moved, 10, 5, moved_features, rounds, b));
      for (int i = 0; i < 5; i++)
        g_assert_cmpint (a[i], ==, b[order[i]]);
    }
}

static void
test_begin (void)
{
  const float        rows[] = { 1, 0, 0, 1, 1, 0, 0, 0 };
  g_autofree gint32 *colours = eqs_refine_begin (rows, 4, 2);

  g_assert_cmpint (colours[0], ==, colours[2]);
  g_assert_cmpint (colours[0], !=, colours[1]);
  g_assert_cmpint (colours[3], !=, colours[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/cycles", test_cycles);
  g_test_add_func ("/order/swaps", test_swaps);
  g_test_add_func ("/refine/rings", test_refine);
  g_test_add_func ("/refine/renumbered", test_renumbered);
  g_test_add_func ("/refine/begin", test_begin);
  return g_test_run ();
}
