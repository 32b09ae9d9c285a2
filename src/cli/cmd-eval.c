/* equi eval: metrics of a checkpoint on a part of a data set, as it is and transformed. */

#include "cli/commands.h"
#include "cli/run.h"

#include "services/colouring.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

typedef struct
{
  char    *data, *split, *transform, *seed, *threads;
  gboolean json;
} Eval;

static const char *const transforms[] = { "none", "quarter", "group", "random", NULL };

static void
print_json (const Eval *self, int transform, gint64 seed, EqsSplit *split, const GArray *metrics, const GArray *transformed, const EqsColourLimit *limit)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_map (map, "metrics", eqs_cli_metrics (metrics));
  eqs_cli_set_map (map, "transformed", eqs_cli_metrics (transformed));
  eqs_cli_set_map (map, "units", eqs_cli_units (metrics));
  eqs_cli_set_number (map, "n", eqs_split_get_n (split));
  eqs_cli_set_string (map, "split", eqs_split_get_name (split));
  eqs_cli_set_string (map, "transform", transforms[transform]);
  eqs_cli_set_number (map, "seed", (double) seed);
  if (limit != NULL)
    eqs_cli_set_map (map, "limits", eqs_colour_limit_to_map (limit));
  eqs_cli_print_json (map);
}

static void
print_table (int transform, EqsSplit *split, const GArray *metrics, const GArray *transformed)
{
  printf (g_dngettext (GETTEXT_PACKAGE, "%u sample of “%s”\n", "%u samples of “%s”\n", eqs_split_get_n (split)), eqs_split_get_n (split), eqs_split_get_name (split));
  for (guint i = 0; i < metrics->len; i++)
    {
      g_autofree char *upright = eqs_cli_metric_text (&g_array_index (metrics, EqsMetric, i)), *turned = NULL, *padded = NULL;

      turned = transform == EQS_TRANSFORM_NONE ? NULL : eqs_cli_metric_text (&g_array_index (transformed, EqsMetric, i));
      padded = eqs_cli_pad (upright, 36);
      printf ("  %s", padded);
      if (turned != NULL)
        printf (_("  transformed (%s): %s"), transforms[transform], turned);
      putchar ('\n');
    }
}

static int
evaluate (const Eval *self, EqsModel *model, EqsDataset *dataset, int transform, gint64 seed, int threads)
{
  GError *error = NULL;
  g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, self->split == NULL ? "test" : self->split, &error);
  g_autoptr (GArray) metrics = NULL, transformed = NULL;
  g_autofree char *why = NULL;
  EqsColourLimit   limit;
  gboolean         limited;

  metrics = split == NULL ? NULL : eqs_evaluate (model, split, EQS_TRANSFORM_NONE, 0, threads, &error);
  if (metrics != NULL)
    transformed = transform == EQS_TRANSFORM_NONE ? g_array_ref (metrics) : eqs_evaluate (model, split, (EqsTransform) transform, (guint64) seed, threads, &error);
  if (transformed == NULL)
    return eqs_cli_fail_error (error);
  limited = eqs_colour_limit (model->program, split, &limit);
  why = limited ? eqs_colour_limit_dup_text (&limit) : NULL;
  if (self->json)
    print_json (self, transform, seed, split, metrics, transformed, limited ? &limit : NULL);
  else
    print_table (transform, split, metrics, transformed);
  if (!self->json && why != NULL)
    puts (why);
  return EQS_EXIT_OK;
}

static int
run (const Eval *self, const char *path)
{
  gint64  seed = 0, threads = 0;
  int     transform = 0, status = EQS_EXIT_OK;
  GError *error = NULL;
  g_autoptr (EqsModel) model = NULL;
  g_autoptr (EqsDataset) dataset = NULL;

  if (!eqs_cli_read_choice ("transform", self->transform, transforms, &transform) || !eqs_cli_read_whole ("seed", self->seed, 0, G_GINT64_CONSTANT (1) << 53, &seed) ||
      !eqs_cli_read_whole ("threads", self->threads, 1, 256, &threads))
    return EQS_EXIT_USAGE;
  model = eqs_model_open (path, &error);
  if (model == NULL)
    return eqs_cli_fail_error (error);
  if (!model->trained)
    fprintf (stderr, _("equi: %s is a design without weights; what is judged are its initial ones.\n"), path);
  dataset = eqs_cli_open_data (self->data != NULL ? self->data : eqs_map_get_string (model->run, "data_path", NULL), model->document, &status);
  return dataset == NULL ? status : evaluate (self, model, dataset, transform, seed, (int) threads);
}

int
eqs_cmd_eval (int argc, char **argv)
{
  Eval self = { NULL };
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self.data, N_("Shipped data set or folder (default: what the network was trained on)"), N_("NAME|PATH") },
    { "split", 0, 0, G_OPTION_ARG_STRING, &self.split, N_("Part of the data (default: test)"), N_("SPLIT") },
    { "transform", 0, 0, G_OPTION_ARG_STRING, &self.transform,
      N_("Judge transformed samples too: quarter (turns), group (random elements of the design's group), random (any angle)"), "none|quarter|group|random" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &self.seed, N_("Seed of the transforms, 0 to 2^53"), "S" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &self.threads, N_("Threads, 1 to 256 (default: one a core)"), "T" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  int status;

  if (eqs_cli_parse (entries, "eval", "CHECKPOINT [OPTION…]", _("Metrics of a trained network on a part of a data set, upright and transformed."), &argc, &argv, 1, 1, &status))
    status = run (&self, argv[1]);
  g_free (self.data);
  g_free (self.split);
  g_free (self.transform);
  g_free (self.seed);
  g_free (self.threads);
  return status;
}
