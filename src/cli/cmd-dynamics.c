/* equi dynamics: a molecule moves under a network's forces; how well the total energy stays tells whether they are its slope. */

#include "cli/commands.h"
#include "cli/run.h"

#include "data/xyz.h"
#include "model/atomic.h"
#include "services/dynamics.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

typedef struct
{
  char    *data, *split, *sample, *steps, *step, *temperature, *seed, *precision, *every, *output;
  gboolean json, force;
} Dynamics;

typedef struct { GString *text; EqsSplit *split; guint sample; } Film;

static const char *const precisions[] = { "f32", "f64", NULL };

static gboolean
add_frame (const EqsDynamicsPoint *point, const double *x, const double *v, const double *f, gpointer data, GError **error)
{
  Film              *film = data;
  const gsize        n = eqs_split_get_n_nodes (film->split, film->sample);
  const EqsColumn   *species = eqs_split_find (film->split, "species"), *cell = eqs_split_find (film->split, "cell");
  g_autofree gint32 *z = g_new0 (gint32, n + 1);
  char               number[G_ASCII_DTOSTR_BUF_SIZE];

  if (film->text == NULL)
    return TRUE;
  if (species != NULL)
    eqs_split_copy_int (film->split, species, &film->sample, 1, z);
  g_string_append_printf (film->text, "%zu\nProperties=species:S:1:pos:R:3:forces:R:3 energy_unit=eV forces_unit=eV/Å step=%u", n, point->step);
  g_string_append_printf (film->text, " energy=%s", g_ascii_formatd (number, sizeof number, "%.9g", point->potential));
  g_string_append_printf (film->text, " kinetic=%s", g_ascii_formatd (number, sizeof number, "%.9g", point->kinetic));
  if (cell != NULL && cell->n_values == 9)
    {
      double h[9];

      eqs_split_copy_double (film->split, cell, &film->sample, 1, h);
      for (int k = 0; k < 9; k++)
        g_string_append_printf (film->text, "%s%s%s", k == 0 ? " Lattice=\"" : " ", g_ascii_formatd (number, sizeof number, "%.9g", h[k]), k == 8 ? "\"" : "");
    }
  g_string_append_c (film->text, '\n');
  for (gsize i = 0; i < n; i++)
    {
      g_string_append_printf (film->text, "%s", z[i] > 0 && eqs_species_get_symbol ((guint) z[i]) != NULL ? eqs_species_get_symbol ((guint) z[i]) : "X");
      for (gsize k = 0; k < 6; k++)
        g_string_append_printf (film->text, " %s", g_ascii_formatd (number, sizeof number, "%.6f", k < 3 ? x[3 * i + k] : f[3 * i + k - 3]));
      g_string_append_c (film->text, '\n');
    }
  return TRUE;
}

static void
print_json (const EqsDynamics *result, const EqsDynamicsOptions *options)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_number (map, "atoms", result->n_atoms);
  eqs_cli_set_number (map, "steps", result->steps);
  eqs_cli_set_number (map, "step_fs", options->step_fs);
  eqs_cli_set_number (map, "drift_per_atom", result->drift);
  eqs_cli_set_number (map, "excursion_per_atom", result->excursion);
  eqs_cli_set_number (map, "fluctuation_per_atom", result->fluctuation);
  eqs_cli_set_number (map, "temperature", result->temperature);
  eqs_cli_set_number (map, "largest_force", result->largest_force);
  eqs_cli_set_number (map, "net_force", result->net_force);
  if (!isnan (result->net_torque))
    eqs_cli_set_number (map, "net_torque", result->net_torque);
  eqs_cli_set_string (map, "precision", options->f64 ? "f64" : "f32");
  eqs_cli_print_json (map);
}

static void
print_table (const EqsDynamics *result, const EqsDynamicsOptions *options)
{
  for (guint i = 0; i < result->points->len; i++)
    {
      const EqsDynamicsPoint *point = &g_array_index (result->points, EqsDynamicsPoint, i);

      printf (_("%10.1f fs   potential %14.6f eV   kinetic %10.6f eV   total %14.6f eV   %6.1f K\n"), point->step * options->step_fs, point->potential, point->kinetic,
              point->potential + point->kinetic, point->temperature);
    }
  printf (_("%u steps of %g fs of %u atoms at %.0f K on average: the total energy moved by %.4f meV an atom from the first tenth to the last;\n"
            "its largest distance from the start was %.4f, its fluctuation %.4f meV an atom.\n"),
          result->steps, options->step_fs, result->n_atoms, result->temperature, 1000 * result->drift, 1000 * result->excursion, 1000 * result->fluctuation);
  if (isnan (result->net_torque))
    printf (_("Forces of up to %.3g eV/Å add up to at most %.1e eV/Å.\n"), result->largest_force, result->net_force);
  else
    printf (_("Forces of up to %.3g eV/Å add up to at most %.1e eV/Å, their torques to %.1e eV.\n"), result->largest_force, result->net_force, result->net_torque);
}

static int
move (const Dynamics *self, EqsModel *model, EqsSplit *split, guint sample, const EqsDynamicsOptions *options)
{
  g_autoptr (GString)     text = self->output == NULL ? NULL : g_string_new (NULL);
  Film                    film = { text, split, sample };
  GError                 *error = NULL;
  g_autoptr (EqsDynamics) result = eqs_dynamics_run (model, split, sample, options, add_frame, &film, &error);

  if (result == NULL || (text != NULL && !eqs_file_write_atomic (self->output, text->str, (gssize) text->len, &error)))
    return eqs_cli_fail_error (error);
  if (self->json)
    print_json (result, options);
  else
    print_table (result, options);
  return EQS_EXIT_OK;
}

static int
run (const Dynamics *self, const char *path)
{
  static int interrupted;
  EqsDynamicsOptions options = { .steps = 1000, .step_fs = 0.5, .temperature = 300, .cancel = &interrupted };
  gint64  seed = 0, steps = 1000, sample = 0, every = 0;
  int     precision = 0, status = EQS_EXIT_OK;
  GError *error = NULL;
  g_autoptr (EqsModel)   model = NULL;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   split = NULL;

  if (!eqs_cli_read_whole ("seed", self->seed, 0, G_GINT64_CONSTANT (1) << 53, &seed) || !eqs_cli_read_whole ("steps", self->steps, 1, 100000000, &steps) ||
      !eqs_cli_read_whole ("sample", self->sample, 0, G_MAXINT32, &sample) || !eqs_cli_read_whole ("every", self->every, 1, 100000000, &every) ||
      !eqs_cli_read_number ("step", self->step, 0, 100, &options.step_fs) || !eqs_cli_read_number ("temperature", self->temperature, 0, 100000, &options.temperature) ||
      !eqs_cli_read_choice ("precision", self->precision, precisions, &precision))
    return EQS_EXIT_USAGE;
  if (self->output != NULL && !self->force && g_file_test (self->output, G_FILE_TEST_EXISTS))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s exists already; --force replaces it."), self->output);
  model = eqs_model_open (path, &error);
  if (model == NULL)
    return eqs_cli_fail_error (error);
  if (!model->trained)
    fprintf (stderr, _("equi: %s is a design without weights; what is judged are its initial ones.\n"), path);
  dataset = eqs_cli_open_data (self->data != NULL ? self->data : eqs_map_get_string (model->run, "data_path", NULL), model->document, &status);
  if (dataset == NULL)
    return status;
  split = eqs_dataset_load (dataset, self->split == NULL ? "test" : self->split, &error);
  if (split == NULL)
    return eqs_cli_fail_error (error);
  if (sample >= eqs_split_get_n (split))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--sample %d: “%s” has %u samples, counted from 0."), (int) sample, eqs_split_get_name (split), eqs_split_get_n (split));
  options.steps = (guint) steps;
  options.every = (guint) (every > 0 ? every : MAX (steps / 10, 1));
  options.seed = (guint64) seed;
  options.f64 = precision == 1;
  eqs_cli_catch_interrupt (&interrupted);
  return move (self, model, split, (guint) sample, &options);
}

int
eqs_cmd_dynamics (int argc, char **argv)
{
  Dynamics self = { NULL };
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self.data, N_("Shipped data set or folder (default: what the network was trained on)"), N_("NAME|PATH") },
    { "split", 0, 0, G_OPTION_ARG_STRING, &self.split, N_("Part of the data (default: test)"), N_("SPLIT") },
    { "sample", 0, 0, G_OPTION_ARG_STRING, &self.sample, N_("Which sample moves, counted from 0 (default: 0)"), "N" },
    { "steps", 0, 0, G_OPTION_ARG_STRING, &self.steps, N_("Steps (default: 1000)"), "N" },
    { "step", 0, 0, G_OPTION_ARG_STRING, &self.step, N_("Length of a step in fs (default: 0.5)"), "FS" },
    { "temperature", 0, 0, G_OPTION_ARG_STRING, &self.temperature, N_("Temperature that velocities are drawn for, in K (default: 300)"), "K" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &self.seed, N_("Seed of the velocities, 0 to 2^53"), "S" },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &self.precision, N_("Numbers of the network: f32 (default) or f64"), "f32|f64" },
    { "every", 0, 0, G_OPTION_ARG_STRING, &self.every, N_("A line and a frame every so many steps (default: ten in all)"), "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.output, N_("Frames as extended XYZ"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &self.force, N_("Replace the file if it exists"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  char **const texts[] = { &self.data, &self.split, &self.sample, &self.steps, &self.step, &self.temperature, &self.seed, &self.precision, &self.every, &self.output };
  int status;

  if (eqs_cli_parse (entries, "dynamics", "CHECKPOINT [OPTION…]", _("Moves a molecule at constant energy under a network's forces and tells how far the energy drifts."), &argc, &argv, 1, 1, &status))
    status = run (&self, argv[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
  return status;
}
