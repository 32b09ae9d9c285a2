/* What an inspection finds in sets whose contents are known: missing values, ranges, directions, duplicates. */

#include "studio/inspection.h"

#include "../comma-locale.h"
#include "eqk/random.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *
new_folder (void)
{
  return g_dir_make_tmp ("equi-inspection-XXXXXX", NULL);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static EqsInspection *
inspect (const char *path)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (path, &error);

  g_assert_no_error (error);
  return eqs_inspection_new (dataset, NULL);
}

static const EqsColumnFacts *
facts_of (const EqsInspection *self, guint part, const char *name, EqsFactsKind kind, guint component)
{
  for (guint i = 0; i < self->parts[part].columns->len; i++)
    {
      const EqsColumnFacts *facts = &g_array_index (self->parts[part].columns, EqsColumnFacts, i);

      if (strcmp (facts->name, name) == 0 && facts->kind == kind && facts->component == component)
        return facts;
    }
  g_error ("there is no %s", name);
}

/* The first row lacks b, the second a; "?" and "nan" say the same. Nothing is left out: b is still a column, and training refuses the part. */
static void
test_missing_table (void)
{
  g_autofree char *folder = new_folder (), *csv = NULL;
  g_autoptr (EqsInspection) found = NULL;

  write_file (folder, "train.csv", "a,b,label\n1,,cat\n,2,dog\n3,?,\n5,6,cat\n7,nan,cat\n");
  write_file (folder, "valid.csv", "a,b,label\n7,8,cat\n");
  write_file (folder, "test.csv", "a,b,label\n9,9,dog\n");
  found = inspect (folder);
  g_assert_nonnull (found->parts[0].refusal);
  g_assert_nonnull (strstr (found->parts[0].refusal, "line 4"));
  g_assert_null (found->parts[1].refusal);
  g_assert_true (found->parts[0].is_read);
  g_assert_cmpuint (found->parts[0].n, ==, 5);
  g_assert_cmpuint (facts_of (found, 0, "x", EQS_FACTS_WHOLE, 0)->n_missing, ==, 4);
  g_assert_cmpuint (facts_of (found, 0, "x", EQS_FACTS_COMPONENT, 0)->n_missing, ==, 1);
  g_assert_cmpuint (facts_of (found, 0, "x", EQS_FACTS_COMPONENT, 1)->n_missing, ==, 3);
  g_assert_cmpfloat (facts_of (found, 0, "x", EQS_FACTS_COMPONENT, 0)->mean, ==, 4);
  g_assert_cmpfloat (facts_of (found, 0, "x", EQS_FACTS_COMPONENT, 1)->max, ==, 6);
  g_assert_cmpuint (facts_of (found, 0, "label", EQS_FACTS_WHOLE, 0)->n_missing, ==, 1);
  g_assert_cmpuint (found->n_missing, ==, 5);
  g_assert_cmpuint (found->survey->parts[0].counts[0], ==, 3);
  csv = eqs_inspection_dup_csv (found, EQS_TABLE_COLUMNS);
  g_assert_nonnull (strstr (csv, "\ntrain,x,1,input,,2,3,0,2,4,2,6\n"));
}

/* One frame without an energy, one number of a force that is none. */
static void
test_missing_molecules (void)
{
  g_autofree char *folder = new_folder ();
  g_autoptr (EqsInspection) found = NULL;

  write_file (folder, "train.xyz", "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-1\nH 0 0 0 1 2 2\nH 0 0 1 0 0 0\n"
              "2\nProperties=species:S:1:pos:R:3:forces:R:3\nH 0 0 0 nan 2 2\nH 0 0 2 0 0 0\n"
              "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-3\nH 0 0 0 0 0 0\nH 0 1 2 0 0 0\n");
  found = inspect (folder);
  g_assert_nonnull (found->parts[0].refusal);
  g_assert_cmpuint (facts_of (found, 0, "energy", EQS_FACTS_WHOLE, 0)->n + facts_of (found, 1, "energy", EQS_FACTS_WHOLE, 0)->n, ==, 2);
  g_assert_cmpuint (facts_of (found, 0, "energy", EQS_FACTS_WHOLE, 0)->n_missing + facts_of (found, 1, "energy", EQS_FACTS_WHOLE, 0)->n_missing, ==, 1);
  g_assert_cmpuint (found->n_missing, ==, 2);
  g_assert_cmpfloat (MAX (facts_of (found, 0, "forces", EQS_FACTS_LENGTH, 0)->max, 3), ==, 3);
}

/* A set without a missing value is refused nowhere; its ranges are those of its numbers, whatever the locale. */
static void
test_ranges (void)
{
  g_autofree char *folder = new_folder (), *columns = NULL, *duplicates = NULL, *classes = NULL;
  g_autoptr (EqsInspection) found = NULL;

  write_file (folder, "train.csv", "a,b,label\n1.5,2,0\n3,4,1\n5,6,1\n1.5,2,0\n");
  write_file (folder, "valid.csv", "a,b,label\n7,8,0\n");
  write_file (folder, "test.csv", "a,b,label\n9,9,1\n8,8,0\n3,4,1\n");
  if (!comma_locale_set (LC_NUMERIC))
    g_test_message ("no locale with a comma: seen with a point only");
  found = inspect (folder);
  columns = eqs_inspection_dup_csv (found, EQS_TABLE_COLUMNS);
  duplicates = eqs_inspection_dup_csv (found, EQS_TABLE_DUPLICATES);
  classes = eqs_inspection_dup_csv (found, EQS_TABLE_CLASSES);
  setlocale (LC_NUMERIC, "C");
  g_assert_null (found->parts[0].refusal);
  g_assert_cmpuint (found->n_missing, ==, 0);
  g_assert_nonnull (strstr (columns, "\ntrain,x,0,input,,4,0,0,1.5,2.75,1.43614066,5\n"));
  g_assert_cmpstr (duplicates, ==, "part,row,equals_part,equals_row\ntrain,3,train,0\ntest,2,train,1\n");
  g_assert_nonnull (strstr (classes, "\ntrain,1,,2\n"));
  g_assert_cmpint (found->parts[0].orientation.kind, ==, EQS_ORIENTATION_NONE);
}

/* Upright digits lean, digits turned by any angle do not. */
static void
test_pictures (void)
{
  g_autoptr (EqsInspection) upright = inspect ("digits8"), turned = inspect ("mnist_rot");
  g_autofree char *csv = eqs_inspection_dup_csv (turned, EQS_TABLE_ORIENTATION);
  const EqsOrientation *a = &upright->parts[0].orientation, *b = &turned->parts[0].orientation;
  guint sum = 0;

  g_assert_cmpint (a->kind, ==, EQS_ORIENTATION_PICTURES);
  for (guint i = 0; i < b->n_bins; i++)
    sum += b->counts[i];
  g_assert_cmpuint (sum, ==, b->n);
  g_assert_cmpuint (b->n + b->n_without, ==, turned->parts[0].n);
  g_test_message ("share where most are: %.3f upright, %.3f turned, %.3f by chance", a->share, b->share, b->even);
  g_assert_true (eqs_orientation_leans (a));
  g_assert_false (eqs_orientation_leans (b));
  g_assert_nonnull (strstr (csv, "\ntrain,picture,350,360,,,"));
}

/* Rods along a line of the plane, along an axis of space, in a plane of it, and every way. */
static EqsSplit *
rods (gsize d, guint n, const char *how)
{
  EqsSplit     *split = eqs_split_new ("train");
  EqkRandom     random = eqk_random (1, EQK_RANDOM_SPLIT, 0, 0, 0);
  guint64      *offsets = g_new (guint64, n + 1), dims[2] = { 2 * n, d };
  double       *x = g_new0 (double, 2 * n * d);
  EqsColumn    *column;

  for (guint i = 0; i <= n; i++)
    offsets[i] = 2 * i;
  for (guint i = 0; i < n; i++)
    {
      double v[3] = { eqk_random_normal (&random), eqk_random_normal (&random), d == 3 ? eqk_random_normal (&random) : 0 };

      if (strcmp (how, "axis") == 0)
        for (guint k = 0; k < 3; k++)
          v[k] = v[k] * 0.1 + (k == d - 1 ? (i % 2 == 0 ? 1 : -1) : 0);
      if (strcmp (how, "flat") == 0)
        v[2] *= 0.05;
      for (gsize k = 0; k < d; k++)
        {
          x[2 * i * d + k] = 5 + v[k];
          x[(2 * i + 1) * d + k] = 5 - v[k];
        }
    }
  g_assert_true (eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, offsets, n, NULL));
  column = eqs_split_take_column (split, "positions", EQS_COLUMN_PER_NODE, eqs_array_new_take (EQS_DTYPE_F64, 2, dims, x), NULL);
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_POSITION;
  g_free (offsets);
  return split;
}

static EqsOrientation
measure (gsize d, guint n, const char *how)
{
  g_autoptr (EqsSplit) split = rods (d, n, how);
  EqsOrientation found;
  guint sum = 0;

  g_assert_true (eqs_orientation_measure (split, &found, NULL));
  for (guint i = 0; i < found.n_bins; i++)
    sum += found.counts[i];
  g_assert_cmpuint (sum, ==, n);
  return found;
}

static void
test_axes (void)
{
  const EqsOrientation plane = measure (2, 400, "axis"), plane_even = measure (2, 400, "even");
  const EqsOrientation space = measure (3, 400, "axis"), flat = measure (3, 400, "flat"), even = measure (3, 4800, "even");

  g_assert_cmpint (plane.kind, ==, EQS_ORIENTATION_PLANE);
  g_assert_true (eqs_orientation_leans (&plane));
  g_assert_cmpfloat (fabs (plane.centre[0] - G_PI / 2), <, 0.2);
  g_assert_false (eqs_orientation_leans (&plane_even));
  g_assert_true (eqs_orientation_leans (&space) && !space.is_girdle);
  g_assert_cmpfloat (space.centre[2], >, 0.99);
  g_assert_true (eqs_orientation_leans (&flat) && flat.is_girdle);
  g_assert_cmpfloat (flat.centre[2], >, 0.99);
  g_assert_false (eqs_orientation_leans (&even));
  for (guint i = 0; i < even.n_bins; i++)      /* bins of equal area: 100 each, within five standard deviations */
    g_assert_cmpfloat (fabs (even.counts[i] - 100.0), <, 50);
}

/* A point alone has no axis, nor has a square; both are told. */
static void
test_round (void)
{
  g_autoptr (EqsSplit) split = eqs_split_new ("train");
  const guint64   offsets[3] = { 0, 1, 5 }, dims[2] = { 5, 2 };
  static const double x[10] = { 3, 3, 0, 0, 0, 1, 1, 0, 1, 1 };
  EqsOrientation  found;
  g_autofree char *text = NULL;
  EqsColumn      *column;

  g_assert_true (eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, offsets, 2, NULL));
  column = eqs_split_take_column (split, "positions", EQS_COLUMN_PER_NODE, eqs_array_new_take (EQS_DTYPE_F64, 2, dims, g_memdup2 (x, sizeof x)), NULL);
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_POSITION;
  g_assert_true (eqs_orientation_measure (split, &found, NULL));
  g_assert_cmpuint (found.n, ==, 0);
  g_assert_cmpuint (found.n_without, ==, 2);
  text = eqs_orientation_dup_text (&found);
  g_assert_nonnull (strstr (text, "No sample"));
}

static void
test_cancelled (void)
{
  g_autoptr (EqsDataset)   dataset = eqs_dataset_open ("digits8", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (eqs_inspection_new (dataset, cancellable));
}

/* Every set that ships: nothing is missing, nothing refused, and each table has its titles. */
static void
test_shipped (void)
{
  static const char *const names[] = { "karate", "tetris", "flow2d", "wl_pairs", "nbody5", "polar_xtb" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (EqsInspection) found = inspect (names[i]);

      g_test_message ("%s", names[i]);
      g_assert_cmpuint (found->n_missing, ==, 0);
      g_assert_null (found->parts[0].refusal);
      g_assert_cmpuint (found->parts[0].columns->len, >, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inspection/missing-table", test_missing_table);
  g_test_add_func ("/inspection/missing-molecules", test_missing_molecules);
  g_test_add_func ("/inspection/ranges", test_ranges);
  g_test_add_func ("/inspection/pictures", test_pictures);
  g_test_add_func ("/inspection/axes", test_axes);
  g_test_add_func ("/inspection/round", test_round);
  g_test_add_func ("/inspection/cancelled", test_cancelled);
  g_test_add_func ("/inspection/shipped", test_shipped);
  return g_test_run ();
}
