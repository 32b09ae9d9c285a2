#include "studio/order.h"

gint32 *
eqs_order_swaps (guint32 seed, gsize n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  gint32           *swaps = g_new (gint32, 2 * n + 2);

  for (gsize k = 0; k + 1 < n; k++)
    {
      swaps[2 * k] = (gint32) k;
      swaps[2 * k + 1] = g_rand_int_range (rand, (gint32) k, (gint32) n);
    }
  return swaps;
}

void
eqs_order_after (const gint32 *swaps, gsize n_done, gint32 *order, gsize n)
{
  for (gsize k = 0; k < n; k++)
    order[k] = (gint32) k;
  for (gsize k = 0; k < n_done && k + 1 < n; k++)
    {
      const gint32 was = order[swaps[2 * k]];

      order[swaps[2 * k]] = order[swaps[2 * k + 1]];
      order[swaps[2 * k + 1]] = was;
    }
}

char *
eqs_order_dup_cycles (const gint32 *order, gsize n, gsize most)
{
  g_autofree gboolean *seen = g_new0 (gboolean, n + 1);
  GString             *text = g_string_new (NULL);

  for (gsize first = 0; first < n; first++)
    {
      if (seen[first] || (gsize) order[first] == first)
        continue;
      for (gsize k = first; !seen[k]; k = (gsize) order[k])
        {
          seen[k] = TRUE;
          g_string_append_printf (text, "%s%u", k == first ? "(" : " ", (guint) k + 1);
        }
      g_string_append_c (text, ')');
      if (text->len > most)
        {
          g_string_append (text, " …");
          break;
        }
    }
  return g_string_free (text, FALSE);
}
