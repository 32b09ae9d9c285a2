/* equi sample: molecules made by a network that was trained to tell noise. */

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/run.h"

#include "model/atomic.h"
#include "services/sampler.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char    *output, *n, *steps, *method, *atoms, *seed, *threads, *data;
  gboolean json;
  int      stop;
} Sample;

static gboolean
go_on (double fraction, gpointer data)
{
  return !((Sample *) data)->stop;
}

static gboolean
read_options (const Sample *self, EqsSampleOptions *options)
{
  static const char *const methods[] = { "ancestral", "euler", "heun", NULL };
  gint64 n = 100, steps = 0, atoms = 0, seed = 0, threads = 0;

  if (!eqs_cli_read_whole ("n", self->n, 1, 1000000, &n) || !eqs_cli_read_whole ("steps", self->steps, 1, 10000, &steps) || !eqs_cli_read_whole ("atoms", self->atoms, 1, 500, &atoms) ||
      !eqs_cli_read_whole ("seed", self->seed, 0, G_GINT64_CONSTANT (9007199254740992), &seed) || !eqs_cli_read_whole ("threads", self->threads, 1, 256, &threads) ||
      (self->method != NULL && !eqs_cli_read_choice ("method", self->method, methods, &options->method)))
    return FALSE;
  options->n = (guint) n;
  options->n_steps = (guint) steps;
  options->n_atoms = (guint) atoms;
  options->seed = (guint64) seed;
  options->threads = (int) threads;
  return TRUE;
}

static EqsMap *
apart_map (const EqsSamplesApart *apart)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_number (map, "nearest", apart->nearest);
  eqs_cli_set_number (map, "pairs", apart->pairs);
  eqs_cli_set_number (map, "kinds", apart->kinds);
  return map;
}

static void
print_apart (const char *what, const EqsSamplesApart *apart)
{
  g_autofree char *padded = eqs_cli_pad (what, 34);

  printf ("%s %8.4f %8.4f %8.4f\n", padded, apart->nearest, apart->pairs, apart->kinds);
}

/* Beside the samples: clouds that know sizes, kinds and spread alone, and the part that was learned from. */
static int
compare (const Sample *self, EqsModel *model, const EqsSamples *samples, guint64 seed, EqsMap *json)
{
  GError *error = NULL;
  int     status = EQS_EXIT_OK;
  g_autoptr (EqsDataset) dataset = eqs_cli_open_data (self->data, model->document, &status);
  g_autoptr (EqsSplit)   test = NULL, train = NULL;
  g_autoptr (EqsSamples) held = NULL, learned = NULL, clouds = NULL;
  EqsSamplesApart        apart[3];
  static const char *const keys[3] = { "samples", "clouds", "train" };
  EqsMap                *map;

  if (dataset == NULL)
    return status;
  test = eqs_dataset_load (dataset, eqs_dataset_has_split (dataset, "test") ? "test" : "valid", &error);
  train = test == NULL ? NULL : eqs_dataset_load (dataset, "train", &error);
  held = train == NULL ? NULL : eqs_samples_of_split (test, &error);
  learned = held == NULL ? NULL : eqs_samples_of_split (train, &error);
  if (learned == NULL)
    return eqs_cli_fail_error (error);
  clouds = eqs_samples_like (learned, eqs_samples_get_n (samples), seed);
  apart[0] = eqs_samples_apart (samples, held);
  apart[1] = eqs_samples_apart (clouds, held);
  apart[2] = eqs_samples_apart (learned, held);
  if (!self->json)
    {
      printf (_("Distance to the part “%s” of %s (0: alike):\n"), eqs_split_get_name (test), eqs_dataset_get_name (dataset));
      printf ("%-34s %8s %8s %8s\n", "", _("nearest"), _("pairs"), _("kinds"));
      print_apart (_("samples"), &apart[0]);
      print_apart (_("clouds of the same size and kinds"), &apart[1]);
      print_apart (_("the part it learned from"), &apart[2]);
      return EQS_EXIT_OK;
    }
  map = eqs_map_new ();
  for (guint i = 0; i < 3; i++)
    eqs_cli_set_map (map, keys[i], apart_map (&apart[i]));
  eqs_cli_set_map (json, "apart", map);
  return EQS_EXIT_OK;
}

static int
run (Sample *self, const char *path)
{
  EqsSampleOptions       options = EQS_SAMPLE_OPTIONS_INIT;
  GError                *error = NULL;
  g_autoptr (EqsModel)   model = NULL;
  g_autoptr (EqsSamples) samples = NULL;
  g_autofree char       *text = NULL;
  EqsMap                *map;
  int                    status = EQS_EXIT_OK;

  if (!read_options (self, &options))
    return EQS_EXIT_USAGE;
  if (self->output == NULL || !g_str_has_suffix (self->output, ".xyz"))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say where the molecules go: -o FILE.xyz."));
  model = eqs_model_open (path, &error);
  if (model == NULL)
    return eqs_cli_fail_error (error);
  eqs_cli_catch_interrupt (&self->stop);
  samples = eqs_sample (model, &options, go_on, self, &error);
  if (samples == NULL)
    return eqs_cli_fail_error (error);
  text = eqs_samples_to_xyz (samples);
  if (!eqs_file_write_atomic (self->output, text, -1, &error))
    return eqs_cli_fail_error (error);
  map = eqs_map_new ();
  eqs_cli_set_string (map, "path", self->output);
  eqs_cli_set_number (map, "n", eqs_samples_get_n (samples));
  if (!self->json)
    printf (_("%u molecules are in %s\n"), eqs_samples_get_n (samples), self->output);
  if (self->data != NULL)
    status = compare (self, model, samples, options.seed, map);
  if (self->json && status == EQS_EXIT_OK)
    eqs_cli_print_json (map);
  else
    eqs_map_unref (map);
  return status;
}

int
eqs_cmd_sample (int argc, char **argv)
{
  Sample self = { NULL };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.output, N_("Molecules to write, extended XYZ with a frame for each"), N_("FILE") },
    { "number", 'n', 0, G_OPTION_ARG_STRING, &self.n, N_("How many (default 100)"), "N" },
    { "steps", 0, 0, G_OPTION_ARG_STRING, &self.steps, N_("Steps from noise to a sample (default: as the design says)"), "N" },
    { "method", 0, 0, G_OPTION_ARG_STRING, &self.method, N_("ancestral, euler or heun (default: as the design says)"), N_("NAME") },
    { "atoms", 0, 0, G_OPTION_ARG_STRING, &self.atoms, N_("Atoms in each (default: as in the training data)"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &self.seed, N_("Seed of the noise (default 0): the same seed makes the same"), N_("SEED") },
    { "data", 0, 0, G_OPTION_ARG_STRING, &self.data, N_("Tell how far the samples are from this data's test part"), N_("NAME|PATH") },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &self.threads, N_("Threads (default: all)"), "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  int status;

  if (eqs_cli_parse (entries, "sample", "CHECKPOINT -o FILE.xyz [OPTION…]", _("Makes new samples with a network that was trained to tell noise (template T15)."), &argc, &argv, 1, 1, &status))
    status = run (&self, argv[1]);
  g_free (self.output);
  g_free (self.n);
  g_free (self.steps);
  g_free (self.method);
  g_free (self.atoms);
  g_free (self.seed);
  g_free (self.threads);
  g_free (self.data);
  return status;
}
