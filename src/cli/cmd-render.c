/* equi render: the topology of a design as a picture, or a sample turned once round as a film. */

#include "cli/commands.h"
#include "cli/run.h"

#include "draw/topology.h"
#include "services/checkpoint.h"
#include "studio/sweep-picture.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

typedef struct
{
  char *steps, *data, *part, *sample, *node;      /* owned (nullable): as given */
} Sweep;

static void
sweep_clear (Sweep *self)
{
  g_free (self->steps);
  g_free (self->data);
  g_free (self->part);
  g_free (self->sample);
  g_free (self->node);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sweep, sweep_clear)

/* Pictures go into a file that ends with .png, or numbered into a folder. */
static int
render_sweep (const char *path, const Sweep *self, const char *output, gboolean json)
{
  gint64    steps = 36, sample = 0;
  guint     frames = 0;
  GError   *error = NULL;
  EqsModel *model;
  int       status = EQS_EXIT_OK;
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   split = NULL;

  if (!eqs_cli_read_whole ("sweep", self->steps, 2, 360, &steps) || !eqs_cli_read_whole ("sample", self->sample, 0, G_MAXINT32, &sample))
    return EQS_EXIT_USAGE;
  model = eqs_model_open (path, &error);
  if (model == NULL)
    return eqs_cli_fail_error (error);
  dataset = eqs_cli_open_data (self->data, model->document, &status);
  split = dataset == NULL ? NULL : eqs_dataset_load (dataset, self->part != NULL ? self->part : eqs_dataset_has_split (dataset, "valid") ? "valid" : "train", &error);
  if (split == NULL)
    {
      eqs_model_free (model);
      return dataset == NULL ? status : eqs_cli_fail_error (error);
    }
  if (!eqs_sweep_save (model, split, (guint) sample, self->node, (guint) steps, output, NULL, &frames, &error))
    return eqs_cli_fail_error (error);
  if (json)
    {
      EqsMap *map = eqs_map_new ();

      eqs_cli_set_string (map, "path", output);
      eqs_cli_set_number (map, "pictures", frames);
      eqs_cli_print_json (map);
    }
  else
    printf (g_dngettext (GETTEXT_PACKAGE, "%u picture of the turn is in %s\n", "%u pictures of the turn are in %s\n", frames), frames, output);
  return EQS_EXIT_OK;
}

int
eqs_cmd_render (int argc, char **argv)
{
  gboolean         json = FALSE;
  g_autofree char *output = NULL;
  g_auto (Sweep)   sweep = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Picture to write: .svg, .png or .pdf"), N_("FILE") },
    { "sweep", 0, 0, G_OPTION_ARG_STRING, &sweep.steps, N_("Instead: a sample turned once round in so many steps, as an animated .png or numbered into a folder"), N_("STEPS") },
    { "data", 'd', 0, G_OPTION_ARG_STRING, &sweep.data, N_("Of a sweep: data set by name or path; otherwise the design's own"), N_("NAME") },
    { "split", 0, 0, G_OPTION_ARG_STRING, &sweep.part, N_("Of a sweep: part of the data; otherwise valid"), N_("PART") },
    { "sample", 0, 0, G_OPTION_ARG_STRING, &sweep.sample, N_("Of a sweep: number of the sample, from 0"), N_("NUMBER") },
    { "node", 0, 0, G_OPTION_ARG_STRING, &sweep.node, N_("Of a sweep: node whose output is shown; otherwise the first with fields that turn"), N_("ID") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (EqsDocument) document = NULL;
  g_autoptr (EqsCheck) check = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "render", "FILE|CHECKPOINT -o X.svg|png|pdf", _("Draws the topology of a design, or with --sweep a sample and its features while it turns."), &argc, &argv, 1, 1, &status))
    return status;
  if (output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say where the picture goes: -o FILE.svg, .png or .pdf."));
  if (sweep.steps != NULL)
    return render_sweep (argv[1], &sweep, output, json);
  if (sweep.data != NULL || sweep.part != NULL || sweep.sample != NULL || sweep.node != NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--data, --split, --sample and --node belong to --sweep STEPS."));
  if (!g_str_has_suffix (output, ".svg") && !g_str_has_suffix (output, ".png") && !g_str_has_suffix (output, ".pdf"))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s: a picture is written as .svg, .png or .pdf."), output);
  document = eqs_design_open (argv[1], &error);
  check = document == NULL ? NULL : eqs_check_new (document, &error);
  if (check == NULL || !eqs_draw_topology_save (document, check, output, &error))
    return eqs_cli_fail_error (error);
  if (json)
    {
      EqsMap *map = eqs_map_new ();

      eqs_cli_set_string (map, "path", output);
      eqs_cli_print_json (map);
    }
  else
    printf (_("The picture is in %s\n"), output);
  return EQS_EXIT_OK;
}
