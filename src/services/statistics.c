/* Mean energies of kinds of atoms by least squares on the composition, with a little ridge: compositions can be collinear. */

#include "services/statistics.h"

#include <math.h>
#include <string.h>

static const EqkValue *
find_state (const EqkProgram *program, const char *suffix)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkValue *value = eqk_program_value (program, v);

      if (value->kind == EQK_VALUE_STATE && g_str_has_suffix (value->name, suffix))
        return value;
    }
  return NULL;
}

/* Solves the n x n system in place by elimination with pivots; rows that vanish give 0. */
static void
solve (double *a, double *b, int n)
{
  for (int c = 0; c < n; c++)
    {
      int pivot = c;

      for (int r = c + 1; r < n; r++)
        if (fabs (a[r * n + c]) > fabs (a[pivot * n + c]))
          pivot = r;
      for (int k = 0; k < n; k++)
        {
          const double swap = a[c * n + k];

          a[c * n + k] = a[pivot * n + k];
          a[pivot * n + k] = swap;
        }
      const double swap = b[c];

      b[c] = b[pivot];
      b[pivot] = swap;
      for (int r = 0; r < n; r++)
        if (r != c && a[c * n + c] != 0)
          {
            const double f = a[r * n + c] / a[c * n + c];

            for (int k = c; k < n; k++)
              a[r * n + k] -= f * a[c * n + k];
            b[r] -= f * b[c];
          }
    }
  for (int c = 0; c < n; c++)
    b[c] = a[c * n + c] != 0 ? b[c] / a[c * n + c] : 0;
}

static double
force_scale (EqsSplit *split)
{
  const EqsColumn *forces = eqs_split_find (split, "forces");
  const gsize      n = forces == NULL ? 0 : eqs_split_count (split, forces, NULL, eqs_split_get_n (split)) * forces->n_values;
  g_autofree float *values = g_new (float, n + 1);
  double            sum = 0;

  if (n == 0)
    return 0;
  eqs_split_copy (split, forces, NULL, eqs_split_get_n (split), values);
  for (gsize i = 0; i < n; i++)
    sum += (double) values[i] * values[i];
  return sqrt (sum / (double) n);
}

static void
put (EqkStore *store, const EqkValue *value, int i, double number)
{
  if (eqk_store_precision (store) == EQK_F32)
    ((float *) eqk_store_state (store))[value->offset + (gsize) i] = (float) number;
  else
    ((double *) eqk_store_state (store))[value->offset + (gsize) i] = number;
}

static void
add_equation (double *a, double *rhs, const double *counts, double energy, int k)
{
  for (int r = 0; r < k; r++)
    {
      rhs[r] += counts[r] * energy;
      for (int c = 0; c < k; c++)
        a[r * k + c] += counts[r] * counts[c];
    }
}

static void
add_ridge (double *a, int k)
{
  double trace = 0;

  for (int r = 0; r < k; r++)
    trace += a[r * k + r];
  for (int r = 0; r < k; r++)
    a[r * k + r] += 1e-9 * trace;
}

void
eqs_statistics_set_energies (const EqkProgram *program, EqkStore *store, EqsSplit *split, const gint32 *species_map)
{
  const EqkValue  *shift = find_state (program, ".energy_shift"), *scale = find_state (program, ".energy_scale");
  const EqsColumn *energy = eqs_split_find (split, "energy"), *species = eqs_split_find (split, "species");
  const guint      n = eqs_split_get_n (split);
  int              k;

  if (shift == NULL || scale == NULL || energy == NULL || species == NULL)
    return;
  k = shift->width;
  g_autofree double *a = g_new0 (double, (gsize) k * (gsize) k), *b = g_new0 (double, (gsize) k), *rhs = g_new0 (double, (gsize) k), *counts = g_new (double, (gsize) k), *e = g_new (double, n);
  g_autofree gint32 *kinds = g_new (gint32, eqs_split_count (split, species, NULL, n) + 1);
  gsize              at = 0;
  double             left = 0, s = force_scale (split);

  eqs_split_copy_double (split, energy, NULL, n, e);
  eqs_split_copy_int (split, species, NULL, n, kinds);
  for (int pass = 0; pass < 2; pass++)   /* first the normal equations, then what their solution leaves */
    {
      at = 0;
      for (guint i = 0; i < n; i++)
        {
          double predicted = 0;

          memset (counts, 0, (gsize) k * sizeof *counts);
          for (gsize j = 0; j < eqs_split_get_n_nodes (split, i); j++, at++)
            if (kinds[at] >= 0 && kinds[at] < 128 && species_map[kinds[at]] >= 0 && species_map[kinds[at]] < k)
              counts[species_map[kinds[at]]]++;
          for (int r = 0; r < k; r++)
            predicted += counts[r] * b[r];
          if (pass == 1)
            left += (e[i] - predicted) * (e[i] - predicted);
          else
            add_equation (a, rhs, counts, e[i], k);
        }
      if (pass == 0)
        {
          memcpy (b, rhs, (gsize) k * sizeof *b);
          add_ridge (a, k);
          solve (a, b, k);
        }
    }
  for (int r = 0; r < k; r++)
    put (store, shift, r, b[r]);
  put (store, scale, 0, s > 0 ? s : n > 0 && left > 0 ? sqrt (left / n) : 1);
  eqk_store_touch (store);
}
