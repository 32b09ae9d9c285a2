/* Orders by swaps, and as cycles. */

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/cycles", test_cycles);
  g_test_add_func ("/order/swaps", test_swaps);
  return g_test_run ();
}
