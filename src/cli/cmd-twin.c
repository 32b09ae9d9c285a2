/* equi twin: the ordinary network beside a design. */

#include "cli/commands.h"
#include "cli/run.h"

#include "model/file.h"
#include "services/twin.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>

static int
write_twin (const char *path, const char *output, gboolean preview, gboolean force, gboolean json)
{
  int           status = EQS_EXIT_OK;
  GError       *error = NULL;
  EqsTwinReport report;
  EqsMap       *map;
  g_autoptr (EqsDocument) document = NULL, twin = NULL;

  if (!force && g_file_test (output, G_FILE_TEST_EXISTS))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s exists already; --force replaces it."), output);
  document = eqs_cli_load_design (path, preview, NULL, &status);
  if (document == NULL)
    return status;
  twin = eqs_twin_new (document, &report, &error);
  if (twin == NULL || !eqs_file_save (twin, output, &error))
    return eqs_cli_fail_error (error);
  if (!json)
    {
      printf (_("%" PRId64 " parameters, the design has %" PRId64 "; channels are %.3f times the design's\nThe twin is in %s\n"), report.parameters,
              report.original, report.width, output);
      return EQS_EXIT_OK;
    }
  map = eqs_map_new ();
  eqs_cli_set_string (map, "path", output);
  eqs_cli_set_number (map, "parameters", (double) report.parameters);
  eqs_cli_set_number (map, "original_parameters", (double) report.original);
  eqs_cli_set_number (map, "width", report.width);
  eqs_cli_print_json (map);
  return EQS_EXIT_OK;
}

int
eqs_cmd_twin (int argc, char **argv)
{
  g_autofree char *output = NULL;
  gboolean         preview = FALSE, force = FALSE, json = FALSE;
  int              status;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Design to write"), N_("FILE") },
    { "preview", 0, 0, G_OPTION_ARG_NONE, &preview, N_("The twin of the design as its preview block reduces it"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace a file that exists"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };

  if (!eqs_cli_parse (entries, "twin", "FILE -o FILE", _("The ordinary network beside a design on pictures: ordinary convolutions, parameters within 5 %, the same schedule and tuning."),
                      &argc, &argv, 1, 1, &status))
    return status;
  if (output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("-o FILE says where the twin goes."));
  return write_twin (argv[1], output, preview, force, json);
}
