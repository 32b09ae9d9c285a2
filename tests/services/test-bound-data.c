/* Data in other units and under other names: told, converted, noted in the design; what data say against themselves. */

#include "model/file.h"
#include "services/bind.h"
#include "services/bound-data.h"
#include "services/data-look.h"
#include "services/pose-look.h"
#include "services/template.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define HARTREE 27.211386245988
#define BOHR 0.529177210903

/* Frames of the shipped ethanol, rewritten: f (x) of forces and dipoles, other names, other units. */
typedef struct
{
  const char *energy, *forces, *units;     /* names; text for the comment line */
  double      per_energy, per_length;      /* one eV, one Å in the file's units */
  int         order[3];                    /* of the axes of forces */
  gboolean    twice;                       /* atom 5 of frame 3 stands on atom 2 */
} Writing;

static char *
write_ethanol (const Writing *how)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("ethanol_xtb", NULL);
  g_autoptr (EqsSplit)   split = eqs_dataset_load_seeded (dataset, "train", 0, 24, NULL);
  g_autoptr (GString)    text = g_string_new (NULL);
  char                  *folder = g_dir_make_tmp ("equi-units-XXXXXX", NULL);
  g_autofree char       *file = g_build_filename (folder, "train.xyz", NULL);

  for (guint s = 0; s < eqs_split_get_n (split); s++)
    {
      gint32 z[9];
      double x[27], f[27], e;

      eqs_split_copy_int (split, eqs_split_find (split, "species"), &s, 1, z);
      eqs_split_copy_double (split, eqs_split_find (split, "positions"), &s, 1, x);
      eqs_split_copy_double (split, eqs_split_find (split, "forces"), &s, 1, f);
      eqs_split_copy_double (split, eqs_split_find (split, "energy"), &s, 1, &e);
      if (how->twice && s == 3)
        memcpy (x + 15, x + 6, 3 * sizeof *x);
      g_string_append_printf (text, "9\nProperties=species:S:1:pos:R:3:%s:R:3 %s=%.9f %s\n", how->forces, how->energy, e * how->per_energy, how->units);
      for (int i = 0; i < 9; i++)
        {
          g_string_append_printf (text, "%d", z[i]);
          for (int k = 0; k < 3; k++)
            g_string_append_printf (text, " %.9f", x[3 * i + k] * how->per_length);
          for (int k = 0; k < 3; k++)
            g_string_append_printf (text, " %.9f", f[3 * i + how->order[k]] * how->per_energy / how->per_length);
          g_string_append_c (text, '\n');
        }
    }
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  return folder;
}

static void
remove_folder (char *folder)
{
  g_autofree char *file = g_build_filename (folder, "train.xyz", NULL);

  g_remove (file);
  g_rmdir (folder);
  g_free (folder);
}

/* What the command line says of a column, one text. */
static gboolean
say (EqsDataset *dataset, EqsSaying saying, const char *text, GError **error)
{
  g_autoptr (GPtrArray) list = eqs_meanings_new ();

  return eqs_meanings_take (list, saying, text, error) && eqs_dataset_say (dataset, list, error);
}

static gboolean
is_told (GPtrArray *changes, const char *what)
{
  for (guint i = 0; i < changes->len; i++)
    if (strstr (g_ptr_array_index (changes, i), what) != NULL)
      return TRUE;
  return FALSE;
}

static const EqsProblem *
find (const GPtrArray *problems, const char *code, const char *what)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (problems, i);

      if (strcmp (problem->code, code) == 0 && strstr (problem->message, what) != NULL)
        return problem;
    }
  return NULL;
}

static void
test_bind_converts (void)
{
  const Writing         how = { "E_dft", "F_dft", "E_dft_unit=Hartree F_dft_unit=Ha/bohr length_unit=bohr", 1 / HARTREE, 1 / BOHR, { 0, 1, 2 } };
  char                 *folder = write_ethanol (&how);
  g_autoptr (EqsDocument) document = eqs_template_new ("T09", NULL);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL), again = NULL, shipped = eqs_dataset_open ("ethanol_xtb", NULL);
  g_autoptr (EqsSplit)   train = NULL, theirs = eqs_dataset_load_seeded (shipped, "train", 0, 24, NULL);
  g_autoptr (GPtrArray)  changes = NULL, second = NULL;
  g_autoptr (GError)     error = NULL;
  double                 f[27], g[27], e, d;
  const guint            first = 0;

  /* Nobody has said what is an energy here: binding names what there is. */
  g_assert_false (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_nonnull (strstr (error->message, "E_dft"));
  g_clear_error (&error);

  g_assert_true (say (dataset, EQS_SAY_FIELD, "energy=E_dft", &error));
  g_assert_true (say (dataset, EQS_SAY_FIELD, "forces=F_dft", &error));
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_true (is_told (changes, "“energy” is read from the property “E_dft”"));
  g_assert_true (is_told (changes, "“energy” is in Hartree and is converted to eV (1 Hartree = 27.2113862 eV)"));
  g_assert_true (is_told (changes, "“positions” is in bohr and is converted to Å"));
  g_assert_true (is_told (changes, "“forces” is in Ha/bohr and is converted to eV/Å"));

  /* Told once; the design opens the data the same way. */
  again = eqs_bound_data_open (document, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (eqs_bind (document, again, NULL, &second, &error));
  g_assert_cmpuint (second->len, ==, 0);
  train = eqs_dataset_load_seeded (again, "train", 0, 0, &error);
  g_assert_no_error (error);
  for (guint row = 0; row < eqs_split_get_n (train); row++)      /* the held-back tenth is not among them */
    {
      gboolean found = FALSE;

      eqs_split_copy_double (train, eqs_split_find (train, "energy"), &row, 1, &e);
      eqs_split_copy_double (train, eqs_split_find (train, "forces"), &row, 1, f);
      for (guint k = 0; k < eqs_split_get_n (theirs) && !found; k++)
        {
          eqs_split_copy_double (theirs, eqs_split_find (theirs, "energy"), &k, 1, &d);
          eqs_split_copy_double (theirs, eqs_split_find (theirs, "forces"), &k, 1, g);
          found = fabs (d - e) < 1e-6 && fabs (f[4] - g[4]) < 1e-6;
        }
      g_assert_true (found);
    }
  eqs_split_copy_double (train, eqs_split_find (train, "energy"), &first, 1, &e);
  g_assert_cmpfloat (e, <, -300);
  remove_folder (folder);
}

/* Designs of before keep "columns" and "units"; they are read as they were meant, and written in the new form at the next binding. */
static void
test_old_notes (void)
{
  const Writing          how = { "E_dft", "F_dft", "", 1 / HARTREE, 1, { 0, 1, 2 } };
  char                  *folder = write_ethanol (&how);
  g_autoptr (EqsDocument) document = eqs_template_new ("T09", NULL);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL), old = NULL, again = NULL;
  g_autoptr (GPtrArray)  changes = NULL, edits = eqs_edits_new ();
  g_autoptr (GError)     error = NULL;
  g_autofree char       *a = NULL, *b = NULL;
  const EqsMap          *bound;
  EqsMap                *columns = eqs_map_new (), *units = eqs_map_new ();

  g_assert_true (say (dataset, EQS_SAY_FIELD, "energy=E_dft", &error) && say (dataset, EQS_SAY_FIELD, "forces=F_dft", &error));
  g_assert_true (say (dataset, EQS_SAY_UNIT, "energy=Hartree", &error));
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_clear_pointer (&changes, g_ptr_array_unref);
  eqs_map_set (columns, "energy", eqs_value_new_string ("E_dft"));
  eqs_map_set (columns, "forces", eqs_value_new_string ("F_dft"));
  eqs_map_set (units, "energy", eqs_value_new_string ("Hartree"));
  g_ptr_array_add (edits, eqs_edit_new_set_entry (EQS_SECTION_DATA, "map", NULL));
  g_ptr_array_add (edits, eqs_edit_new_set_entry (EQS_SECTION_DATA, "columns", eqs_value_new_object (columns)));
  g_ptr_array_add (edits, eqs_edit_new_set_entry (EQS_SECTION_DATA, "units", eqs_value_new_object (units)));
  g_assert_true (eqs_edits_apply (edits, document, &error));

  old = eqs_bound_data_open (document, NULL, &error);
  g_assert_no_error (error);
  a = eqs_dataset_dup_hash (dataset, NULL);
  b = eqs_dataset_dup_hash (old, NULL);
  g_assert_cmpstr (a, ==, b);
  g_assert_true (eqs_bind (document, old, NULL, &changes, &error));
  g_assert_cmpuint (changes->len, ==, 0);      /* nothing new was said */
  bound = eqs_document_get_section (document, EQS_SECTION_DATA);
  g_assert_null (eqs_map_get (bound, "columns"));
  g_assert_null (eqs_map_get (bound, "units"));
  g_assert_nonnull (eqs_map_get (bound, "map"));
  again = eqs_bound_data_open (document, NULL, &error);
  g_assert_no_error (error);
  g_free (b);
  b = eqs_dataset_dup_hash (again, NULL);
  g_assert_cmpstr (a, ==, b);
  remove_folder (folder);
}

static void
test_bad_statements (void)
{
  static const char *const bad[][2] = { { "energy", "no NAME=UNIT" }, { "=eV", "no NAME=UNIT" }, { "energy=", "no NAME=UNIT" }, { "energy=bohr", "measured in units like eV" },
                                        { "energy=furlong", "no unit" }, { "weight=eV", "energy" } };
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("ethanol_xtb", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (say (dataset, EQS_SAY_UNIT, bad[i][0], &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i][1]));
    }
}

/* No unit: a warning with fixes that say one; said, it is gone. */
static void
test_units_missing (void)
{
  const Writing            how = { "energy", "forces", "", 1, 1, { 0, 1, 2 } };
  char                    *folder = write_ethanol (&how);
  g_autoptr (EqsDataset)   dataset = eqs_dataset_open (folder, NULL), again = NULL;
  g_autoptr (EqsDocument)  document = eqs_template_new ("T09", NULL);
  g_autoptr (GPtrArray)    changes = NULL;
  g_autoptr (EqsDataLook)  look = eqs_data_look_new (dataset), rest = NULL;
  g_autoptr (EqsCheck)     check = NULL;
  const GPtrArray         *problems = eqs_data_look_get_problems (look);
  const EqsProblem        *problem = find (problems, "W-UNITS-MISSING", "energy");
  const EqsFix            *fix;

  g_assert_nonnull (problem);
  g_assert_nonnull (find (problems, "W-UNITS-MISSING", "forces"));
  g_assert_null (find (problems, "W-UNITS-MISSING", "positions"));
  g_assert_null (find (problems, "E-DATA-TYPE", ""));
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, NULL));
  check = eqs_check_new (document, NULL);
  g_assert_true (check->ok);
  eqs_data_look_add (check, look);
  g_assert_nonnull (find (check->problems, "W-UNITS-MISSING", "energy"));
  g_assert_true (check->ok);

  fix = g_ptr_array_index (problem->fixes, 1);
  g_assert_nonnull (strstr (fix->label, "kcal/mol"));
  g_assert_true (eqs_edits_apply (fix->edits, document, NULL));
  again = eqs_bound_data_open (document, NULL, NULL);
  rest = eqs_data_look_new (again);
  g_assert_null (find (eqs_data_look_get_problems (rest), "W-UNITS-MISSING", "energy"));
  g_assert_nonnull (find (eqs_data_look_get_problems (rest), "W-UNITS-MISSING", "forces"));
  remove_folder (folder);
}

/* Forces with their axes in another order do not turn like arrows; as they are, they do. */
static void
test_data_type (void)
{
  static const int orders[][3] = { { 1, 2, 0 }, { 1, 0, 2 } };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      const Writing          how = { "energy", "forces", "energy_unit=eV forces_unit=eV/Å", 1, 1, { orders[i][0], orders[i][1], orders[i][2] } };
      char                  *folder = write_ethanol (&how);
      g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL);
      g_autoptr (EqsDataLook) look = eqs_data_look_new (dataset);
      const EqsProblem      *problem = find (eqs_data_look_get_problems (look), "E-DATA-TYPE", "forces");

      g_assert_nonnull (problem);
      g_assert_cmpint (problem->blocks, ==, EQK_BLOCKS_PROMISE);
      g_test_message ("%s", problem->why);
      g_assert_nonnull (strstr (problem->why, i == 0 ? "z, +x, +y" : "y, +x, +z"));
      remove_folder (folder);
    }
}

/* Two atoms on one place have no direction from one to the other; the sample and both are named. */
static void
test_coincident (void)
{
  for (int twice = 0; twice < 2; twice++)
    {
      const Writing          how = { "energy", "forces", "energy_unit=eV forces_unit=eV/Å", 1, 1, { 0, 1, 2 }, twice };
      char                  *folder = write_ethanol (&how);
      g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL);
      g_autoptr (EqsDataLook) look = eqs_data_look_new (dataset);
      const EqsProblem      *problem = find (eqs_data_look_get_problems (look), "E-COINCIDENT-POINTS", "2,5");

      g_assert_true ((problem != NULL) == twice);
      g_assert_true (problem == NULL || (problem->blocks == EQK_BLOCKS_PROMISE && strstr (problem->why, "number 3,") != NULL));
      remove_folder (folder);
    }
}

/* ---- designs against data ---- */

static gboolean
has_param (const EqsNode *node, const char *name)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer ((EqsNode *) node));

  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Wherever a node has a setting of this name. */
static void
set_all (EqsDocument *document, const char *name, double value)
{
  EqsGraph  *graph = eqs_document_get_graph (document, NULL);
  GPtrArray *edits = eqs_edits_new ();

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    if (has_param (eqs_graph_get_node (graph, i), name))
      g_ptr_array_add (edits, eqs_edit_new_set_param (eqs_node_get_id (eqs_graph_get_node (graph, i)), name, eqs_value_new_number (value)));
  g_assert_true (eqs_edits_apply (edits, document, NULL));
  g_ptr_array_unref (edits);
}

static EqsCheck *
check_with (EqsDocument *document, const EqsDataLook *look)
{
  EqsCheck *check = eqs_check_new (document, NULL);

  g_assert_nonnull (check->typed);
  eqs_data_look_add (check, look);
  return check;
}

static void
apply_fix (EqsDocument *document, const EqsProblem *problem)
{
  g_assert_cmpuint (problem->fixes->len, ==, 1);
  g_assert_true (eqs_edits_apply (((EqsFix *) g_ptr_array_index (problem->fixes, 0))->edits, document, NULL));
}

static EqsDocument *
bound_to_ethanol (EqsDataset *dataset)
{
  EqsDocument           *document = eqs_template_new ("T09", NULL);
  g_autoptr (GPtrArray)  changes = NULL;

  g_assert_true (eqs_bind (document, dataset, NULL, &changes, NULL));
  return document;
}

/* Kinds are H, C and O: with room for two the oxygens have no row. */
static void
test_kinds (void)
{
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open ("ethanol_xtb", NULL);
  g_autoptr (EqsDataLook) look = eqs_data_look_new (dataset);
  g_autoptr (EqsDocument) document = bound_to_ethanol (dataset);
  g_autoptr (EqsCheck)    fits = check_with (document, look), narrow = NULL, mended = NULL;
  const EqsProblem       *problem;

  g_assert_null (find (fits->problems, "W-SPECIES-RANGE", ""));
  set_all (document, "species", 2);
  narrow = check_with (document, look);
  problem = find (narrow->problems, "W-SPECIES-RANGE", "Species O ");
  g_assert_nonnull (problem);
  g_assert_nonnull (strstr (problem->why, "3 kinds"));
  apply_fix (document, problem);
  mended = check_with (document, look);
  g_assert_null (find (mended->problems, "W-SPECIES-RANGE", ""));
  g_assert_true (mended->ok);
}

static guint
count_alone (EqsDataset *dataset, double cutoff)
{
  g_autoptr (EqsSplit) train = eqs_dataset_load (dataset, "train", NULL);
  guint                alone = 0;

  for (guint s = 0; s < eqs_split_get_n (train); s++)
    {
      double x[27];

      g_assert_cmpuint (eqs_split_get_n_nodes (train, s), ==, 9);
      eqs_split_copy_double (train, eqs_split_find (train, "positions"), &s, 1, x);
      for (int i = 0; i < 9; i++)
        {
          gboolean near = FALSE;

          for (int j = 0; j < 9; j++)
            near = near || (i != j && hypot (hypot (x[3 * i] - x[3 * j], x[3 * i + 1] - x[3 * j + 1]), x[3 * i + 2] - x[3 * j + 2]) <= cutoff);
          alone += !near;
        }
    }
  return alone;
}

/* Bonds to hydrogen are 0.97 and 1.09 long: within 1 only oxygens and what is bound to them are near anybody. */
static void
test_isolated (void)
{
  const Writing           how = { "energy", "forces", "energy_unit=eV forces_unit=eV/Å", 1, 1, { 0, 1, 2 } };
  char                   *folder = write_ethanol (&how);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (EqsDataLook) look = eqs_data_look_new (dataset);
  g_autoptr (EqsDocument) document = bound_to_ethanol (dataset);
  g_autoptr (EqsCheck)    fits = check_with (document, look), narrow = NULL, mended = NULL;
  const guint             alone = count_alone (dataset, 1);
  g_autofree char        *text = g_strdup_printf ("%u nodes", alone);
  const EqsProblem       *problem;

  g_assert_null (find (fits->problems, "W-ISOLATED", ""));
  g_assert_cmpuint (alone, >, 100);
  set_all (document, "cutoff", 1);
  narrow = check_with (document, look);
  problem = find (narrow->problems, "W-ISOLATED", text);
  g_assert_nonnull (problem);
  g_assert_nonnull (problem->node);
  apply_fix (document, problem);
  mended = check_with (document, look);
  g_assert_null (find (mended->problems, "W-ISOLATED", ""));
  g_assert_null (find (mended->problems, "E-CUTOFF-MISMATCH", ""));
  g_assert_true (mended->ok);
  remove_folder (folder);
}

/* r |r| and r |r|² summed over a cloud: two arrows, or (together = FALSE) the first one twice, each time with a factor. */
static EqsDocument *
pose_of_two (gboolean together)
{
  g_autofree char *arrows = g_strdup (together ? "{\"id\":\"l\",\"layer\":\"concat\"}" : "{\"id\":\"l\",\"layer\":\"irreps_linear\",\"params\":{\"out\":\"2x1\"}}");
  g_autofree char *links = g_strdup (together ? "{\"from\":\"m.y\",\"to\":\"l.x\"},{\"from\":\"n.y\",\"to\":\"l.x\"}" : "{\"from\":\"m.y\",\"to\":\"l.x\"}");
  g_autofree char *text = g_strdup_printf ("{\"format\":\"equistudio.design\",\"version\":1,\"symmetry\":{\"group\":\"SE3\"},\"nodes\":[{\"id\":\"in\",\"layer\":\"input_points\"},"
                                           "{\"id\":\"c\",\"layer\":\"center_coords\"},{\"id\":\"v\",\"layer\":\"norm_pool\"},{\"id\":\"m\",\"layer\":\"multiply_by_scalar\"},"
                                           "{\"id\":\"n\",\"layer\":\"multiply_by_scalar\"},%s,{\"id\":\"p\",\"layer\":\"global_pool\",\"params\":{\"pool\":\"mean\"}},"
                                           "{\"id\":\"out\",\"layer\":\"pose_rot6d\"}],\"links\":[{\"from\":\"in.positions\",\"to\":\"c.positions\"},{\"from\":\"c.y\",\"to\":\"v.x\"},"
                                           "{\"from\":\"c.y\",\"to\":\"m.x\"},{\"from\":\"v.y\",\"to\":\"m.scalar\"},{\"from\":\"m.y\",\"to\":\"n.x\"},{\"from\":\"v.y\",\"to\":\"n.scalar\"},%s,"
                                           "{\"from\":\"l.y\",\"to\":\"p.x\"},{\"from\":\"p.y\",\"to\":\"out.x\"}]}", arrows, links);
  g_autoptr (GError) error = NULL;
  EqsDocument *document = eqs_file_parse (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

/* Two arrows made of one are parallel whatever the weights; a rotation nearest to three needs no order of them. */
static void
test_parallel_arrows (void)
{
  g_autoptr (EqsDataset) dataset = eqs_dataset_open ("mesh_pose", NULL);
  g_autoptr (EqsSplit)   train = eqs_dataset_load (dataset, "train", NULL);

  for (int together = 0; together < 2; together++)
    {
      g_autoptr (EqsDocument) document = pose_of_two (together);
      g_autoptr (GError)      error = NULL;
      g_autoptr (EqsModel)    model = eqs_model_new (document, &error);
      g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL), mended = NULL;
      guint                   n_parallel, n_rotations;
      const EqsProblem       *problem;

      g_assert_no_error (error);
      g_assert_true (eqs_pose_count_parallel (model, train, &n_parallel, &n_rotations, &error));
      g_test_message ("%u of %u", n_parallel, n_rotations);
      g_assert_cmpuint (n_rotations, >, 100);
      g_assert_cmpuint (n_parallel, ==, together ? 0 : n_rotations);
      eqs_pose_look_add (check, model, train);
      problem = find (check->problems, "W-POSE-DEGENERATE", "");
      g_assert_true ((problem != NULL) == !together);
      if (problem == NULL)
        continue;
      g_assert_cmpstr (problem->node, ==, "out");
      apply_fix (document, problem);
      mended = eqs_check_new (document, NULL);
      g_assert_nonnull (mended->program);
    }
}

static void
test_shipped (void)
{
  g_autoptr (GPtrArray) shipped = eqs_dataset_list_shipped ();

  for (guint i = 0; i < shipped->len; i++)
    {
      g_autoptr (EqsDataLook) look = eqs_data_look_new (g_ptr_array_index (shipped, i));

      g_test_message ("%s", eqs_dataset_get_name (g_ptr_array_index (shipped, i)));
      g_assert_cmpuint (eqs_data_look_get_problems (look)->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/services/bound-data/bind-converts", test_bind_converts);
  g_test_add_func ("/services/bound-data/bad-statements", test_bad_statements);
  g_test_add_func ("/services/bound-data/old-notes", test_old_notes);
  g_test_add_func ("/services/bound-data/units-missing", test_units_missing);
  g_test_add_func ("/services/bound-data/data-type", test_data_type);
  g_test_add_func ("/services/bound-data/coincident", test_coincident);
  g_test_add_func ("/services/bound-data/kinds", test_kinds);
  g_test_add_func ("/services/bound-data/isolated", test_isolated);
  g_test_add_func ("/services/bound-data/parallel-arrows", test_parallel_arrows);
  g_test_add_func ("/services/bound-data/shipped", test_shipped);
  return g_test_run ();
}
