/* Periodic data from the file to metrics: bound, judged, turned, moved; what cannot be read as periodic is refused. */

#include "services/batch.h"
#include "services/bind.h"
#include "services/bound-data.h"
#include "services/data-look.h"
#include "services/dynamics.h"
#include "services/moves.h"
#include "services/template.h"
#include "services/trainer.h"

#include "eqk/random.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N 24

/* Random slanted cells of one to three atoms; the answers are numbers, not physics, but of the right kind. */
static char *
write_crystals (gboolean six)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char               *folder = g_dir_make_tmp ("equi-crystals-XXXXXX", NULL);
  EqkRandom           random = eqk_random (4, EQK_RANDOM_TEST, 1, 0, 0);
  static const char *const files[] = { "train.xyz", "test.xyz" };

  for (int s = 0; s < N; s++)
    {
      const guint n = 1 + eqk_random_below (&random, 3);

      g_string_append_printf (text, "%u\nProperties=species:S:1:pos:R:3:forces:R:3 energy=%.6f energy_unit=eV forces_unit=eV/Å stress_unit=GPa pbc=\"T T T\" Lattice=\"", n, -3.0 * n);
      for (int k = 0; k < 9; k++)
        g_string_append_printf (text, "%s%.6f", k == 0 ? "" : " ", (k % 4 == 0 ? 3.4 : 0) + 0.3 * (eqk_random_uniform (&random) - 0.5));
      g_string_append (text, "\" stress=\"");
      for (int k = 0; k < (six ? 6 : 9); k++)
        g_string_append_printf (text, " %.6f", six ? k + 1.0 : (const double[9]) { 1, 6, 5, 6, 2, 4, 5, 4, 3 }[k]);
      g_string_append (text, "\"\n");
      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "Cu %.6f %.6f %.6f %.6f 0.1 -0.2\n", 1.7 * i, 0.3 * eqk_random_normal (&random), 0.3 * eqk_random_normal (&random), 0.05 * i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
    }
  return folder;
}

static void
remove_folder (char *folder)
{
  g_autofree char *train = g_build_filename (folder, "train.xyz", NULL), *test = g_build_filename (folder, "test.xyz", NULL);

  g_remove (train);
  g_remove (test);
  g_rmdir (folder);
  g_free (folder);
}

static EqsDocument *
small_design (EqsDataset *dataset, GPtrArray **changes, GError **error)
{
  static const struct { const char *node, *param; const char *value; } smaller[] = {
    { "kinds", "channels", "4" }, { "inter1", "out", "4x0e + 4x1o" }, { "inter2", "out", "4x0e + 4x1o" }, { "inter3", "out", "4x0e + 4x1o" }, { "inter4", "out", "4x0e" },
    { "inter1", "hidden", "[8]" }, { "inter2", "hidden", "[8]" }, { "inter3", "hidden", "[8]" }, { "inter4", "hidden", "[8]" },
    { "neighbours", "cutoff", "4" }, { "radial", "cutoff", "4" }, { "harmonics", "degree", "1" },
  };
  EqsDocument *document = eqs_template_new ("T09", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (smaller); i++)
    {
      g_autoptr (GPtrArray) edits = eqs_edits_new ();

      g_ptr_array_add (edits, eqs_edit_new_set_param (smaller[i].node, smaller[i].param, eqs_value_new_typed (smaller[i].value)));
      g_assert_true (eqs_edits_apply (edits, document, NULL));
    }
  if (!eqs_bind (document, dataset, NULL, changes, error))
    g_clear_object (&document);
  return document;
}

static double
metric (const GArray *metrics, const char *name)
{
  for (guint i = 0; i < metrics->len; i++)
    if (strcmp (g_array_index (metrics, EqsMetric, i).name, name) == 0)
      return g_array_index (metrics, EqsMetric, i).value;
  return NAN;
}

static gboolean
is_told (GPtrArray *changes, const char *what)
{
  for (guint i = 0; i < changes->len; i++)
    if (strstr (g_ptr_array_index (changes, i), what) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_bound_and_turned (gconstpointer six)
{
  char                   *folder = write_crystals (GPOINTER_TO_INT (six));
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (GPtrArray)   changes = NULL, again = NULL;
  g_autoptr (EqsDataLook) look = eqs_data_look_new (dataset);
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = small_design (dataset, &changes, &error);
  g_autoptr (EqsModel)    model = NULL;
  g_autoptr (EqsSplit)    test = eqs_dataset_load (dataset, "test", &error);
  g_autoptr (GArray)      upright = NULL, turned = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (eqs_data_look_get_problems (look)->len, ==, 0);
  g_assert_true (is_told (changes, "among the images"));
  g_assert_true (is_told (changes, "weight_stress"));
  g_assert_true (is_told (changes, "GPa"));
  g_assert_true (eqs_bind (document, dataset, NULL, &again, NULL));
  g_assert_cmpuint (again->len, ==, 0);
  model = eqs_model_new (document, &error);
  g_assert_no_error (error);
  upright = eqs_evaluate (model, test, EQS_TRANSFORM_NONE, 0, 1, &error);
  turned = eqs_evaluate (model, test, EQS_TRANSFORM_RANDOM, 3, 1, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 3; i++)
    {
      static const char *const names[] = { "energy_mae", "force_rmse", "stress_rmse" };

      g_test_message ("%s: %g, turned %g", names[i], metric (upright, names[i]), metric (turned, names[i]));
      g_assert_cmpfloat (metric (upright, names[i]), >, 1e-4);
      g_assert_cmpfloat_with_epsilon (metric (upright, names[i]), metric (turned, names[i]), 1e-4 * metric (upright, names[i]));
    }
  /* About the size of the targets, which the untrained network does not give: the root of (1+4+9 + 2 (16+25+36)) / 9 GPa in eV/Å³. */
  g_assert_cmpfloat_with_epsilon (metric (upright, "stress_rmse") / (sqrt (168.0 / 9) / 160.21766208), 1, 0.5);
  remove_folder (folder);
}

static void
test_no_volume (void)
{
  char                  *folder = write_crystals (FALSE);
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (GPtrArray)  changes = NULL;
  g_autoptr (GError)     error = NULL;
  g_autofree char       *path = g_build_filename (folder, "train.xyz", NULL), *text = NULL;
  g_auto (GStrv)         parts = NULL;
  g_autofree char       *flat = NULL;
  EqsDocument           *document;

  /* A lattice whose rows lie in a plane is none. */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  parts = g_strsplit (text, "Lattice=\"", -1);
  flat = g_strjoinv ("Lattice=\"1 0 0 2 0 0 0 0 1\" old=\"", parts);
  g_assert_true (g_file_set_contents (path, flat, -1, NULL));
  document = small_design (dataset, &changes, &error);
  g_assert_null (document);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "volume"));
  g_assert_nonnull (strstr (error->message, "sample "));
  remove_folder (folder);
}

/* Neighbours that know no images cannot read periodic samples. */
static void
test_refused (void)
{
  char                   *folder = write_crystals (FALSE);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (EqsDocument) document = eqs_template_new ("T09", NULL);
  g_autoptr (GPtrArray)   changes = NULL, edits = eqs_edits_new ();
  g_autoptr (GError)      error = NULL;

  g_ptr_array_add (edits, eqs_edit_new_set_layer ("neighbours", "complete_graph", NULL));
  g_assert_true (eqs_edits_apply (edits, document, NULL));
  g_assert_false (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_nonnull (strstr (error->message, "periodic"));
  remove_folder (folder);
}

/* Edges of a turned and shifted sample are found again, though one pair of atoms has several. */
static void
test_edges_turned (void)
{
  const EqkCompileOptions compile = { .keep_all = true };
  char                   *folder = write_crystals (FALSE);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (EqsDocument) document = small_design (dataset, &changes, NULL);
  g_autoptr (EqsModel)    model = eqs_model_new (document, NULL);
  g_autoptr (EqsSplit)    test = eqs_dataset_load (dataset, "test", NULL);
  g_autoptr (EqsFeeder)   feeder = NULL;
  EqkProgram             *program = NULL;
  EqkRun                 *run = NULL;
  EqkRunOptions           options = { .precision = EQK_F32 };
  EqsMoves               *moves;
  const guint             sample = 2;
  const EqkSymmetry      *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (model->typed));
  const double            shift[3] = { 1, -2, 0.5 };
  EqkAction               action = { .group = symmetry->group, .g = eqk_group_sample (symmetry->group, 5, 1), .shift = shift };
  g_autofree float       *plain = NULL, *back = NULL;
  int                     value;
  gsize                   n;

  g_assert_cmpint (eqk_compile (model->typed, &compile, &program, NULL), ==, EQK_OK);
  feeder = eqs_feeder_new (program, test, FALSE, NULL);
  options.capacity = eqs_feeder_get_capacity (feeder, 1);
  g_assert_cmpint (eqk_run_new (program, model->store, &options, &run, NULL), ==, EQK_OK);
  g_assert_true (eqs_feeder_fill (feeder, run, &sample, 1, EQS_TRANSFORM_NONE, NULL, 0, 0, NULL));
  moves = eqs_moves_new (program);
  g_assert_cmpint (eqs_moves_keep (moves, run), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  value = eqk_program_port_value (program, eqk_graph_find (eqk_typed_graph (model->typed), "neighbours"), "vector");
  n = eqk_run_rows (run, value) * 3;
  g_assert_cmpuint (n, >, 30);
  plain = g_memdup2 (eqk_run_value (run, value), n * sizeof *plain);
  back = g_new (float, n);
  g_assert_cmpint (eqs_moves_feed (moves, run, &action, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  g_assert_cmpint (eqs_moves_back (moves, run, &action, eqk_program_value_type (program, value), eqk_run_value (run, value), back), ==, EQK_OK);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (back[i], plain[i], 1e-4);
  eqs_moves_free (moves);
  eqk_run_free (run);
  eqk_program_free (program);
  remove_folder (folder);
}

/* A record of more kinds than the design has rows for is refused, and the feeder is as it was. */
static void
test_refused_kinds (void)
{
  char                   *folder = write_crystals (FALSE);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (EqsDocument) document = small_design (dataset, &changes, NULL);
  g_autoptr (EqsModel)    model = eqs_model_new (document, NULL);
  g_autoptr (EqsSplit)    test = eqs_dataset_load (dataset, "test", NULL);
  g_autoptr (EqsFeeder)   feeder = eqs_feeder_new (model->program, test, FALSE, NULL);
  g_autoptr (EqsMap)      record = eqs_map_new ();
  g_autoptr (GError)      error = NULL;
  double                  numbers[118];
  gint32                  before[128];

  for (int z = 0; z < 118; z++)
    numbers[z] = z + 1;
  eqs_map_set (record, "species", eqs_value_new_numbers (numbers, 118));
  memcpy (before, eqs_feeder_get_species_map (feeder), sizeof before);
  g_assert_false (eqs_feeder_take_species (feeder, record, &error));
  g_assert_nonnull (strstr (error->message, "118"));
  g_assert_cmpmem (before, sizeof before, eqs_feeder_get_species_map (feeder), sizeof before);
  remove_folder (folder);
}

/* The total energy stays under forces that are its slope: on a crystal, and on ethanol; a step that is too long does not. */
static void
test_dynamics (void)
{
  char                   *folder = write_crystals (FALSE);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (folder, NULL);
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (EqsDocument) document = small_design (dataset, &changes, NULL);
  g_autoptr (EqsModel)    model = eqs_model_new (document, NULL);
  g_autoptr (EqsSplit)    test = eqs_dataset_load (dataset, "test", NULL);
  g_autoptr (GError)      error = NULL;
  EqsDynamicsOptions      options = { .steps = 200, .step_fs = 0.5, .temperature = 300, .f64 = TRUE, .every = 20 };
  g_autoptr (EqsDynamics) short_steps = eqs_dynamics_run (model, test, 1, &options, NULL, NULL, &error), long_steps = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (short_steps->steps, ==, 200);
  g_assert_cmpuint (short_steps->points->len, ==, 11);
  g_assert_cmpfloat_with_epsilon (g_array_index (short_steps->points, EqsDynamicsPoint, 0).temperature, 300, 1e-9);
  options.step_fs = 1;
  options.steps = 100;
  long_steps = eqs_dynamics_run (model, test, 1, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("excursion %g, with half the step %g eV an atom", long_steps->excursion, short_steps->excursion);
  g_assert_cmpfloat (short_steps->excursion, <, 1e-4);
  g_assert_cmpfloat (short_steps->net_force, <, 1e-12 * MAX (short_steps->largest_force, 1));
  g_assert_true (isnan (short_steps->net_torque));
  /* Verlet: the error of the energy falls with the square of the step. */
  g_assert_cmpfloat_with_epsilon (long_steps->excursion / short_steps->excursion, 4, 1.5);
  remove_folder (folder);
}

/* Forces and torques added up anew, about another point: where forces add up to nothing the torque does not depend on it. */
static gboolean
add_up_cb (const EqsDynamicsPoint *point, const double *x, const double *v, const double *f, gpointer data, GError **error)
{
  double *worst = data, sum[3] = { 0 }, torque[3] = { 0 };

  for (int i = 0; i < 9; i++)
    for (int k = 0; k < 3; k++)
      {
        sum[k] += f[3 * i + k];
        torque[k] += (x[3 * i + (k + 1) % 3] - 1) * f[3 * i + (k + 2) % 3] - (x[3 * i + (k + 2) % 3] - 1) * f[3 * i + (k + 1) % 3];
      }
  for (int k = 0; k < 3; k++)
    {
      worst[0] = MAX (worst[0], fabs (sum[k]));
      worst[1] = MAX (worst[1], fabs (torque[k]));
    }
  return TRUE;
}

/* The forces on an isolated molecule neither move nor turn it as a whole; of a lattice there is no torque to speak of. */
static void
test_net_force (void)
{
  static const char *const templates[] = { "T09", "T10" };
  g_autoptr (EqsDataset)   ethanol = eqs_dataset_open ("ethanol_xtb", NULL);
  g_autoptr (EqsSplit)     test = eqs_dataset_load (ethanol, "test", NULL);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (templates); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (templates[i / 2], NULL);
      const gboolean          wide = i % 2 == 0;
      EqsDynamicsOptions      options = { .steps = 4, .step_fs = 0.5, .temperature = 300, .f64 = wide, .every = 1 };
      g_autoptr (GError)      error = NULL;
      g_autoptr (GPtrArray)   changes = NULL;
      g_autoptr (EqsModel)    model = NULL;
      g_autoptr (EqsDynamics) result = NULL;
      double                  worst[2] = { 0, 0 };

      g_assert_true (eqs_compile_apply_preview (document, &error) && eqs_bind (document, ethanol, NULL, &changes, &error));
      model = eqs_model_new (document, &error);
      g_assert_no_error (error);
      result = eqs_dynamics_run (model, test, 0, &options, add_up_cb, worst, &error);
      g_assert_no_error (error);
      g_test_message ("%s, %s: forces of %.3g add up to %.1e, torques to %.1e", templates[i / 2], wide ? "f64" : "f32", result->largest_force, result->net_force, result->net_torque);
      g_assert_cmpfloat (result->largest_force, >, 1e-3);
      g_assert_cmpfloat (result->net_force, <, (wide ? 1e-13 : 1e-5) * MAX (result->largest_force, 1));
      g_assert_cmpfloat (result->net_torque, <, (wide ? 1e-12 : 1e-4) * MAX (result->largest_force, 1));
      g_assert_cmpfloat (worst[0], <=, result->net_force);
      g_assert_cmpfloat (fabs (worst[1] - result->net_torque), <=, 10 * result->net_force + result->net_torque);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/services/periodic/bound-and-turned/nine", GINT_TO_POINTER (FALSE), test_bound_and_turned);
  g_test_add_data_func ("/services/periodic/bound-and-turned/six", GINT_TO_POINTER (TRUE), test_bound_and_turned);
  g_test_add_func ("/services/periodic/no-volume", test_no_volume);
  g_test_add_func ("/services/periodic/refused", test_refused);
  g_test_add_func ("/services/periodic/refused-kinds", test_refused_kinds);
  g_test_add_func ("/services/periodic/edges-turned", test_edges_turned);
  g_test_add_func ("/services/periodic/dynamics", test_dynamics);
  g_test_add_func ("/services/periodic/net-force", test_net_force);
  return g_test_run ();
}
