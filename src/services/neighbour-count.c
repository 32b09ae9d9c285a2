/* Counting neighbours of samples by the kernels' own search. */

#include "services/neighbour-count.h"

#include "data/error.h"
#include "eqk/run.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define FEW_NODES 64

static const EqsColumn *
column_of (const EqkProgram *program, EqsSplit *split, int value, const char *otherwise)
{
  const char      *name = value < 0 ? NULL : eqk_program_value (program, value)->name;
  const EqsColumn *column = name == NULL ? NULL : eqs_split_find (split, name);

  return column != NULL ? column : eqs_split_find (split, otherwise);
}

static double *
dup_numbers (EqsSplit *split, const EqsColumn *column, guint sample)
{
  const gsize n = eqs_split_count (split, column, &sample, 1) * column->n_values;
  double     *x = g_new (double, n + 1);

  eqs_split_copy_double (split, column, &sample, 1, x);
  for (gsize i = 0; i < n; i++)
    x[i] *= (double) column->scale;
  return x;
}

gboolean
eqs_count_edges (const EqkProgram *program, EqsSplit *split, guint sample, double reach, gsize *count, GError **error)
{
  EqkStructureRule   rule = *eqk_program_structure (program, 0);
  const EqsColumn   *positions = column_of (program, split, rule.positions, "positions"), *cell = rule.cell < 0 ? NULL : column_of (program, split, rule.cell, "cell");
  g_autofree double *x = NULL, *h = NULL;
  EqkDiag            diag = EQK_DIAG_INIT;

  *count = 0;
  if (positions == NULL || positions->n_values != 3 || (rule.cell >= 0 && (cell == NULL || cell->n_values != 9)))
    return TRUE;                    /* the feeder says what is missing */
  x = dup_numbers (split, positions, sample);
  h = cell == NULL ? NULL : dup_numbers (split, cell, sample);
  rule.cutoff *= reach;
  if (eqk_structure_count (&rule, x, eqs_split_get_n_nodes (split, sample), h, count, &diag) == EQK_OK)
    return TRUE;
  /* Translators: a part of the data, a sample, a sentence about its lattice or positions */
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("The part “%s”, sample %u (counted from 0): %s."), eqs_split_get_name (split),
               eqs_split_get_row (split, sample), diag.what);
  return FALSE;
}

void
eqs_collect_nearest (EqsSplit *split, guint sample, GArray *apart)
{
  const EqsColumn   *positions = eqs_split_find (split, "positions"), *cell = eqs_split_find (split, "cell");
  const gsize        n = eqs_split_get_n_nodes (split, sample);
  g_autofree double *x = NULL, *h = NULL, *found = g_new (double, n + 1);

  if (positions == NULL || positions->kind != EQS_COLUMN_PER_NODE || positions->n_values != 3 || (cell != NULL && cell->n_values != 9))
    return;
  x = dup_numbers (split, positions, sample);
  h = cell == NULL ? NULL : dup_numbers (split, cell, sample);
  if (eqk_structure_nearest (x, n, h, found, NULL) != EQK_OK)
    return;
  for (gsize i = 0; i < n; i++)
    if (isfinite (found[i]))
      g_array_append_val (apart, found[i]);
}

gboolean
eqs_count_most_edges (const EqkProgram *program, EqsSplit *split, gsize *count, GError **error)
{
  const EqkStructureRule *rule = eqk_program_structure (program, 0);
  gsize                   most = 0;

  for (guint i = 0; i < eqs_split_get_n (split); i++)
    most = MAX (most, eqs_split_get_n_nodes (split, i));
  *count = most * (most > 0 ? most - 1 : 0);
  if (rule->complete || (rule->cell < 0 && most <= FEW_NODES))
    return TRUE;
  *count = 0;
  for (guint i = 0; i < eqs_split_get_n (split); i++)
    {
      gsize n;

      if (!eqs_count_edges (program, split, i, 1 + 1e-4, &n, error))
        return FALSE;
      *count = MAX (*count, n);
    }
  return TRUE;
}
