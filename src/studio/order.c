/* Colours are named by sorting what they stand for, so that two runs over renumbered graphs agree. */

#include "studio/order.h"

#include <stdlib.h>

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

/* ---- refinement ---- */

typedef struct
{
  const gint32 *key;       /* own colour, number of neighbours, their colours sorted */
  gsize         n, node;
} Signature;

static int
by_number (gconstpointer a, gconstpointer b)
{
  const gint32 x = *(const gint32 *) a, y = *(const gint32 *) b;

  return x < y ? -1 : x > y;
}

static int
compare_keys (const Signature *a, const Signature *b)
{
  for (gsize i = 0; i < a->n && i < b->n; i++)
    if (a->key[i] != b->key[i])
      return a->key[i] < b->key[i] ? -1 : 1;
  return a->n < b->n ? -1 : a->n > b->n;
}

static int
by_signature (gconstpointer a, gconstpointer b)
{
  return compare_keys (a, b);
}

/* Numbers nodes by their signatures. @return how many differ */
static guint
name_all (Signature *signatures, gsize n, gint32 *colours)
{
  guint colour = 0;

  qsort (signatures, n, sizeof *signatures, by_signature);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && compare_keys (&signatures[i - 1], &signatures[i]) != 0)
        colour++;
      colours[signatures[i].node] = (gint32) colour;
    }
  return n == 0 ? 0 : colour + 1;
}

guint
eqs_refine (const gint32 *links, gsize n_links, gsize n, const gint32 *features, guint rounds, gint32 *colours)
{
  g_autofree Signature *signatures = g_new (Signature, n + 1);
  g_autofree gsize     *begin = g_new0 (gsize, n + 2), *fill = g_new0 (gsize, n + 1);
  g_autofree gint32    *keys = g_new (gint32, 2 * n + n_links + 1);
  guint                 found;

  for (gsize i = 0; i < n; i++)
    signatures[i] = (Signature){ &features[i], 1, i };
  found = name_all (signatures, n, colours);
  for (gsize e = 0; e < n_links; e++)
    fill[links[2 * e + 1]]++;
  for (gsize i = 0; i < n; i++)
    begin[i + 1] = begin[i] + fill[i] + 2;
  for (guint round = 0; round < rounds; round++)
    {
      for (gsize i = 0; i < n; i++)
        {
          keys[begin[i]] = colours[i];
          keys[begin[i] + 1] = (gint32) fill[i];
          fill[i] = 0;
        }
      for (gsize e = 0; e < n_links; e++)
        {
          const gsize to = (gsize) links[2 * e + 1];

          keys[begin[to] + 2 + fill[to]++] = colours[links[2 * e]];
        }
      for (gsize i = 0; i < n; i++)
        {
          qsort (keys + begin[i] + 2, fill[i], sizeof *keys, by_number);
          signatures[i] = (Signature){ keys + begin[i], begin[i + 1] - begin[i], i };
        }
      found = name_all (signatures, n, colours);
    }
  return found;
}

typedef struct { const float *row; gsize width, node; } Row;

static int
by_row (gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;

  for (gsize k = 0; k < x->width; k++)
    if (x->row[k] != y->row[k])
      return x->row[k] < y->row[k] ? -1 : 1;
  return 0;
}

gint32 *
eqs_refine_begin (const float *rows, gsize n, gsize width)
{
  g_autofree Row *sorted = g_new (Row, n + 1);
  gint32         *colours = g_new0 (gint32, n + 1), colour = 0;

  for (gsize i = 0; i < n; i++)
    sorted[i] = (Row){ rows + i * width, width, i };
  qsort (sorted, n, sizeof *sorted, by_row);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && by_row (&sorted[i - 1], &sorted[i]) != 0)
        colour++;
      colours[sorted[i].node] = colour;
    }
  return colours;
}
