/*
 * What data say against themselves. Units: a quantity that a program computes with needs one. Arrows: whether a column of three
 * numbers turns with the positions is seen by a fit of it by what certainly does: sums over the arrows between atoms, with a factor
 * for each pair of kinds and each of a few ranges. If the column is fitted much better with its axes in another order, or (of three
 * plain numbers) much better by arrows than by a constant for each kind of atom, it does not turn as it is said to.
 */

#include "services/data-look.h"

#include "data/meaning.h"
#include "data/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define N_SAMPLES  20         /* where a sample has a row for each atom; of one row each more */
#define N_RANGES   6
#define MAX_KINDS  6
#define MAX_TERMS  (MAX_KINDS * MAX_KINDS * N_RANGES)
#define N_ORDERS   6
#define MOST_COMPARED 200     /* points of a sample, each with each */

/* ---- units ---- */

/* What is said of the set already, and the unit. */
static EqsValue *
map_with (EqsDataset *dataset, const char *name, const char *unit)
{
  const GPtrArray      *said = eqs_dataset_get_said (dataset);
  g_autoptr (GPtrArray) list = eqs_meanings_new ();
  EqsMeaning           *one;

  for (guint i = 0; i < said->len; i++)
    eqs_meanings_add (list, g_ptr_array_index (said, i));
  one = eqs_meanings_get (list, name);
  g_free (one->unit);
  one->unit = g_strdup (unit);
  return eqs_value_new_object (eqs_meanings_to_map (list));
}

static void
add_unit_fixes (EqsProblem *problem, EqsDataset *dataset, const char *name)
{
  for (const char *const *unit = eqs_unit_choices (name); *unit != NULL; unit++)
    {
      /* Translators: a quantity such as energy, a unit */
      g_autofree char *label = g_strdup_printf (_("“%s” is in %s"), name, *unit);

      eqs_problem_add_fix (problem, label, eqs_edit_new_set_entry (EQS_SECTION_DATA, "map", map_with (dataset, name, *unit)));
    }
}

static gboolean
is_quantity (const EqsColumnInfo *column)
{
  return column->role != EQS_ROLE_EXTRA && (eqs_unit_of_quantity (column->name) != NULL || strcmp (column->name, "dipole") == 0);
}

static void
look_at_units (GPtrArray *problems, EqsDataset *dataset)
{
  const EqkLintRule *rule = eqk_lint_find ("W-UNITS-MISSING");

  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);
      const char         *inside = eqs_unit_of_quantity (column.name);
      g_autofree char    *args = g_strdup_printf ("quantity='%s'", column.name);
      char                message[256];
      EqsProblem         *problem;

      if (!is_quantity (&column) || (column.unit != NULL && (inside == NULL || strcmp (column.unit, inside) == 0 || strcmp (column.unit, "1") == 0)))
        continue;
      eqk_lint_format (_(rule->message), args, message, sizeof message);
      problem = eqs_problem_new (rule->code, NULL, NULL, message, _(rule->why));
      add_unit_fixes (problem, dataset, column.name);
      g_ptr_array_add (problems, problem);
    }
}

/* ---- arrows ---- */

typedef struct
{
  EqsSplit        *split;
  const EqsColumn *positions, *species, *column;
  gint32           kinds[MAX_KINDS];
  guint            n_kinds, n_terms, n_rows;
  double          *terms;                  /* [n_rows, n_terms]: what turns like an arrow */
  double          *plain;                  /* [n_rows, n_kinds]: numbers of atoms; of samples alone */
  double          *values;                 /* [n_rows] of the column */
} Fit;

static void
fit_clear (Fit *self)
{
  g_free (self->terms);
  g_free (self->plain);
  g_free (self->values);
}

static int
kind_of (Fit *self, gint32 species)
{
  for (guint k = 0; k < self->n_kinds; k++)
    if (self->kinds[k] == species)
      return (int) k;
  if (self->n_kinds == MAX_KINDS)
    return -1;
  self->kinds[self->n_kinds] = species;
  return (int) self->n_kinds++;
}

/* The terms of one sample; a column of atoms has three rows for each, one of samples three in all. */
static gboolean
add_sample (Fit *self, guint sample)
{
  const gsize        n = eqs_split_get_n_nodes (self->split, sample);
  const gboolean     atoms = self->column->kind == EQS_COLUMN_PER_NODE;
  g_autofree double *x = g_new (double, 3 * n + 1);
  g_autofree gint32 *z = g_new0 (gint32, n + 1);

  eqs_split_copy_double (self->split, self->positions, &sample, 1, x);
  if (self->species != NULL)
    eqs_split_copy_int (self->split, self->species, &sample, 1, z);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      {
        const int a = kind_of (self, z[i]), b = kind_of (self, z[j]);
        const int first = atoms ? MIN (a, b) : a, second = atoms ? MAX (a, b) : b;      /* what acts acts back: fewer factors to settle */
        double    d[3], r2 = 0;

        if (a < 0 || b < 0)
          return FALSE;
        if (i == j)
          continue;
        for (int k = 0; k < 3; k++)
          {
            d[k] = x[3 * i + (gsize) k] - x[3 * j + (gsize) k];
            r2 += d[k] * d[k];
          }
        if (!(r2 > 1e-6))
          continue;
        for (int p = 0; p < N_RANGES; p++)
          for (gsize k = 0; k < 3; k++)
            {
              static const double powers[N_RANGES] = { 0, -2, -3, -5, -7, -9 };
              const gsize row = self->n_rows + (atoms ? 3 * i : 0) + k;

              self->terms[row * MAX_TERMS + (gsize) ((first * MAX_KINDS + second) * N_RANGES + p)] += d[k] * pow (r2, powers[p] / 2);
            }
      }
  for (gsize i = 0; i < n && !atoms; i++)
    for (gsize k = 0; k < 3; k++)
      self->plain[(self->n_rows + k) * MAX_KINDS + (gsize) kind_of (self, z[i])] += 1;
  eqs_split_copy_double (self->split, self->column, &sample, 1, self->values + self->n_rows);
  self->n_rows += (guint) (3 * (atoms ? n : 1));
  return TRUE;
}

/* Cholesky, in place, with a little on the diagonal: terms may say the same. FALSE: nothing to fit by. */
static gboolean
factor (double *a, guint n)
{
  for (guint i = 0; i < n; i++)
    a[i * n + i] *= 1 + 1e-4;
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = a[i * n + j];

        for (guint k = 0; k < j; k++)
          sum -= a[i * n + k] * a[j * n + k];
        if (i == j && !(sum > 0))
          return FALSE;
        a[i * n + j] = i == j ? sqrt (sum) : sum / a[j * n + j];
      }
  return TRUE;
}

/* The share of the squares of y that the terms leave over: fitted to the first half of the rows, judged on the second. */
static double
left_over (const double *terms, guint n_rows, guint n, const double *y)
{
  g_autofree double *a = g_new0 (double, n * n), *b = g_new0 (double, n);
  const guint        half = n_rows / 6 * 3;
  double             all = 0, left = 0;

  for (guint r = 0; r < half; r++)
    for (guint i = 0; i < n; i++)
      {
        for (guint j = 0; j <= i; j++)
          a[i * n + j] += terms[(gsize) r * n + i] * terms[(gsize) r * n + j];
        b[i] += terms[(gsize) r * n + i] * y[r];
      }
  if (!factor (a, n))
    return 1;
  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; k < i; k++)
        b[i] -= a[i * n + k] * b[k];
      b[i] /= a[i * n + i];
    }
  for (guint i = n; i-- > 0;)
    {
      for (guint k = i + 1; k < n; k++)
        b[i] -= a[k * n + i] * b[k];
      b[i] /= a[i * n + i];
    }
  for (guint r = half; r < n_rows; r++)
    {
      double fit = 0;

      for (guint i = 0; i < n; i++)
        fit += terms[(gsize) r * n + i] * b[i];
      all += y[r] * y[r];
      left += (y[r] - fit) * (y[r] - fit);
    }
  return all > 0 ? left / all : 1;
}

/* Only the terms that occur, and of those no more than the rows can settle. */
static guint
pack (double *terms, guint n_rows, guint width, guint most)
{
  guint n = 0;

  for (guint t = 0; t < width && n < most; t++)
    {
      double sum = 0;

      for (guint r = 0; r < n_rows; r++)
        sum += fabs (terms[(gsize) r * width + t]);
      if (!(sum > 0))
        continue;
      for (guint r = 0; r < n_rows; r++)
        terms[(gsize) r * width + n] = terms[(gsize) r * width + t];
      n++;
    }
  for (guint r = 0; r < n_rows; r++)
    memmove (terms + (gsize) r * n, terms + (gsize) r * width, n * sizeof *terms);
  return n;
}

static const int orders[N_ORDERS][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

static double
left_in_order (const Fit *fit, guint order, int signs)
{
  g_autofree double *y = g_new (double, fit->n_rows + 1);

  for (guint r = 0; r < fit->n_rows; r++)
    y[r] = fit->values[r - r % 3 + (guint) orders[order][r % 3]] * ((signs >> r % 3 & 1) != 0 ? -1 : 1);
  return left_over (fit->terms, fit->n_rows, fit->n_terms, y);
}

static gboolean
fit_new (Fit *self, EqsSplit *split, const EqsColumn *positions, const EqsColumn *species, const EqsColumn *column)
{
  const guint most = N_SAMPLES * (column->kind == EQS_COLUMN_PER_NODE ? 1 : 5), n = MIN (eqs_split_get_n (split), most), step = MAX (eqs_split_get_n (split) / most, 1);
  gsize       rows = 0;

  for (guint s = 0; s < n; s++)
    rows += 3 * (column->kind == EQS_COLUMN_PER_NODE ? eqs_split_get_n_nodes (split, s * step) : 1);
  if (n < N_SAMPLES || rows > 6000)
    return FALSE;
  *self = (Fit) { .split = split, .positions = positions, .species = species, .column = column };
  self->terms = g_new0 (double, (rows + 1) * MAX_TERMS);
  self->plain = g_new0 (double, (rows + 1) * MAX_KINDS);
  self->values = g_new0 (double, rows + 1);
  for (guint s = 0; s < n; s++)
    if (!add_sample (self, s * step))
      return FALSE;
  self->n_terms = pack (self->terms, self->n_rows, MAX_TERMS, self->n_rows / 8);
  return self->n_terms > 0;
}

static void
add_type_problem (GPtrArray *problems, const EqsColumn *column, const char *type, const char *more)
{
  const EqkLintRule *rule = eqk_lint_find ("E-DATA-TYPE");
  g_autofree char   *args = g_strdup_printf ("name='%s' type='%s'", column->name, type), *why = g_strdup_printf ("%s %s", _(rule->why), more);
  char               message[256];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (problems, eqs_problem_new (rule->code, NULL, NULL, message, why));
}

static void
look_at_arrows (GPtrArray *problems, const Fit *fit)
{
  const double own = left_in_order (fit, 0, 0);
  double       best = own;
  guint        order = 0;
  int          signs = 0;
  g_autofree char *more = NULL;

  for (guint o = 0; o < N_ORDERS; o++)
    for (int s = 0; s < 4; s++)                 /* all three turned round is the same fit */
      {
        const double left = left_in_order (fit, o, s);

        if (left < best)
          {
            best = left;
            order = o;
            signs = s;
          }
      }
  if (best > 0.5 * own || best > 0.5)
    return;
  /* Translators: three axes with signs, such as +y, +z, -x; two shares in percent */
  more = g_strdup_printf (_("With its axes taken as %c%c, %c%c, +%c it does: arrows between atoms then explain %.0f %% of it, as it stands %.0f %%."),
                          (signs & 1) != 0 ? '-' : '+', "xyz"[orders[order][0]], (signs & 2) != 0 ? '-' : '+', "xyz"[orders[order][1]], "xyz"[orders[order][2]],
                          100 * (1 - best), 100 * (1 - own));
  add_type_problem (problems, fit->column, fit->column->representation, more);
}

static void
look_at_numbers (GPtrArray *problems, Fit *fit)
{
  const guint      n = fit->column->kind == EQS_COLUMN_PER_NODE ? 0 : pack (fit->plain, fit->n_rows, MAX_KINDS, MAX_KINDS);
  const double     plain = n == 0 ? 1 : left_over (fit->plain, fit->n_rows, n, fit->values), arrows = left_in_order (fit, 0, 0);
  g_autofree char *more = NULL;

  if (arrows > 0.3 * plain || arrows > 0.3)
    return;
  more = g_strdup_printf (_("Arrows between atoms explain %.0f %% of its numbers: it turns like 1x1o."), 100 * (1 - arrows));
  add_type_problem (problems, fit->column, fit->column->representation, more);
}

/* "1x1o", "1o" and the like; plain: "3x0e". */
static gboolean
is_three (const EqsColumn *column, gboolean *plain)
{
  static const char *const arrows[] = { "1x1o", "1o", NULL }, *const numbers[] = { "3x0e", "3x triv", NULL };

  if (column->role != EQS_ROLE_TARGET || column->values != EQS_VALUES_FEATURE || column->n_values != 3 || column->kind == EQS_COLUMN_PER_EDGE || column->representation == NULL)
    return FALSE;
  *plain = g_strv_contains (numbers, column->representation);
  return *plain || g_strv_contains (arrows, column->representation);
}

static void
look_at_types (GPtrArray *problems, EqsSplit *split)
{
  const EqsColumn *positions = NULL, *species = NULL;

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_INPUT && column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_POSITION && column->n_values == 3)
        positions = column;
      else if (column->values == EQS_VALUES_SPECIES)
        species = column;
    }
  for (guint i = 0; positions != NULL && i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);
      gboolean         plain;
      Fit              fit = { 0 };

      if (!is_three (column, &plain))
        continue;
      if (fit_new (&fit, split, positions, species, column))
        (plain ? look_at_numbers (problems, &fit) : look_at_arrows (problems, &fit));
      fit_clear (&fit);
    }
}

/* ---- points on one place ---- */

/* The first two rows of a sample that stand on one place. */
static gboolean
find_coincident (const double *x, gsize n, gsize *first, gsize *second)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      if (fabs (x[3 * i] - x[3 * j]) + fabs (x[3 * i + 1] - x[3 * j + 1]) + fabs (x[3 * i + 2] - x[3 * j + 2]) < 1e-6)
        {
          *first = i;
          *second = j;
          return TRUE;
        }
  return FALSE;
}

static void
look_at_places (GPtrArray *problems, EqsSplit *split)
{
  const EqkLintRule *rule = eqk_lint_find ("E-COINCIDENT-POINTS");
  const EqsColumn   *positions = NULL;
  guint              found = 0, sample = 0;
  gsize              first = 0, second = 0;

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_INPUT && column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_POSITION && column->n_values == 3)
        positions = column;
    }
  for (guint s = 0; positions != NULL && s < eqs_split_get_n (split); s++)
    {
      const gsize        n = eqs_split_get_n_nodes (split, s);
      g_autofree double *x = n > MOST_COMPARED ? NULL : g_new (double, 3 * n + 1);
      gsize              i, j;

      if (x == NULL)
        continue;
      eqs_split_copy_double (split, positions, &s, 1, x);
      if (!find_coincident (x, n, &i, &j))
        continue;
      if (found++ == 0)
        {
          sample = eqs_split_get_row (split, s);
          first = i;
          second = j;
        }
    }
  if (found > 0)
    {
      g_autofree char *args = g_strdup_printf ("i=%zu j=%zu", first, second);
      g_autofree char *more = g_strdup_printf (_("The first such sample of the training part is number %u, counted from 0 as the points are; there are %u."), sample, found);
      g_autofree char *why = g_strdup_printf ("%s %s", _(rule->why), more);
      char             message[256];

      eqk_lint_format (_(rule->message), args, message, sizeof message);
      g_ptr_array_add (problems, eqs_problem_new (rule->code, NULL, NULL, message, why));
    }
}

/* ---- all ---- */

void
eqs_data_problems_find (EqsDataset *dataset, EqsSplit *train, GPtrArray *problems)
{
  g_return_if_fail (EQS_IS_DATASET (dataset));
  g_return_if_fail (problems != NULL);

  if (strcmp (eqs_dataset_get_domain (dataset), "molecule") == 0)
    look_at_units (problems, dataset);
  if (train != NULL && eqs_split_is_ragged (train))
    {
      look_at_types (problems, train);
      look_at_places (problems, train);
    }
}
