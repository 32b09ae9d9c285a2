/* Folders of molecules as others give them away: several sets beside each other, parts that are named by what was done, tensors as entries of their matrix. */

#include "data/meaning.h"
#include "fixture.h"
#include "opened.h"

#include <math.h>

/* n frames of one atom more than the last set's, with a polarisability diag (3, 6, 9) and xy = 2. */
static void
put_frames (const char *folder, const char *name, guint n, guint n_atoms, gboolean forces)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (text, "%u\nProperties=species:S:1:pos:R:3%s energy=-%u.5 polarizability=\"3 2 0 6 0 9\"\n", n_atoms, forces ? ":forces:R:3" : "", i);
      for (guint a = 0; a < n_atoms; a++)
        g_string_append_printf (text, "%s 0 %u.%u 0%s\n", a == 0 ? "O" : "H", a, i, forces ? " 0.5 0 -1" : "");
    }
  put_text (folder, name, text->str);
}

static void
check_part (EqsDataset *dataset, const char *part, guint n, guint n_atoms)
{
  g_autoptr (EqsSplit) split = load_fine (dataset, part);

  g_assert_cmpuint (eqs_split_get_n (split), ==, n);
  g_assert_cmpuint (eqs_split_find (split, "species")->array->n_values, >=, n * n_atoms);
}

/* Each is opened by the folder and its name, under which it is found again; the folder itself has nothing to learn from, and says which sets it holds. */
static void
test_several (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autofree char       *dimer = g_build_filename (folder, "dimer", NULL), *none = g_build_filename (folder, "dim", NULL);
  g_autoptr (EqsDataset) dataset = NULL, again = NULL;
  g_autoptr (GError)     error = NULL;

  put_frames (folder, "monomer_train.xyz", 10, 3, FALSE);
  put_frames (folder, "monomer_test.xyz", 4, 3, FALSE);
  put_frames (folder, "dimer_train.xyz", 20, 6, FALSE);
  put_frames (folder, "dimer_test.xyz", 5, 6, FALSE);
  dataset = open_fine (dimer);
  g_assert_cmpstr (eqs_dataset_get_name (dataset), ==, "dimer");
  check_part (dataset, "train", 18, 6);
  check_part (dataset, "valid", 2, 6);
  check_part (dataset, "test", 5, 6);
  again = open_fine (eqs_dataset_get_path (dataset));
  check_part (again, "test", 5, 6);
  g_assert_null (eqs_dataset_open (none, &error));
  assert_refused (error, EQS_DATA_ERROR_MISSING, "/dim”");
  refuse_load (folder, "train", EQS_DATA_ERROR_MISSING, "dimer, monomer");
}

/* One set alone is opened by its folder. */
static void
test_one (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;

  put_frames (folder, "water-train.xyz", 10, 3, FALSE);
  put_frames (folder, "water-test.xyz", 4, 3, FALSE);
  dataset = open_fine (folder);
  check_part (dataset, "train", 9, 3);
  check_part (dataset, "test", 4, 3);
}

/* The one part to learn from counts as "train"; what its frames hold is what the set holds, and parts with less than that have less. */
static void
test_parts_by_what_was_done (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   path = NULL, hot = NULL;

  put_frames (folder, "isolated.xyz", 2, 1, FALSE);
  put_frames (folder, "test_600K.xyz", 4, 3, TRUE);
  put_frames (folder, "test_path.xyz", 3, 3, FALSE);
  put_frames (folder, "train_300K.xyz", 10, 3, TRUE);
  dataset = open_fine (folder);
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "forces");
  check_part (dataset, "train", 9, 3);
  check_part (dataset, "train_300K", 10, 3);
  hot = load_fine (dataset, "test_600K");
  path = load_fine (dataset, "test_path");
  g_assert_nonnull (eqs_split_find (hot, "forces"));
  g_assert_nonnull (eqs_split_find (path, "energy"));
  g_assert_null (eqs_split_find (path, "forces"));
}

/* Whoever names the entries of a tensor has said what the column is. */
static void
test_entries_said (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   split = NULL;
  g_autoptr (GPtrArray)  said = eqs_meanings_new (), bad = eqs_meanings_new ();
  g_autoptr (GError)     error = NULL;
  const EqsColumn       *column;
  double                 squares = 0;

  put_frames (folder, "train.xyz", 4, 3, FALSE);
  dataset = open_fine (folder);
  g_assert_true (eqs_meanings_take (bad, EQS_SAY_CONVENTION, "polarizability=xx xy xz", &error));
  g_assert_false (eqs_dataset_say (dataset, bad, &error));
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "six or nine entries");
  g_assert_true (eqs_meanings_take (said, EQS_SAY_CONVENTION, "polarizability=xx xy xz yy yz zz", NULL));
  g_assert_true (eqs_dataset_say (dataset, said, NULL));
  split = load_fine (dataset, "train");
  column = eqs_split_find (split, "polarizability");
  g_assert_cmpstr (column->representation, ==, "1x0e + 1x2e");
  g_assert_cmpint (column->role, ==, EQS_ROLE_TARGET);
  g_assert_cmpfloat_with_epsilon (eqs_array_get_double (column->array, 0), 18 / sqrt (3.0), 1e-9);      /* the trace */
  for (gsize i = 0; i < 6; i++)
    squares += pow (eqs_array_get_double (column->array, i), 2);
  g_assert_cmpfloat_with_epsilon (squares, 9 + 36 + 81 + 2 * 4, 1e-9);                                   /* length of the matrix */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/several/sets", test_several);
  g_test_add_func ("/data/several/one", test_one);
  g_test_add_func ("/data/several/parts-by-what-was-done", test_parts_by_what_was_done);
  g_test_add_func ("/data/several/entries-said", test_entries_said);
  return g_test_run ();
}
