/* equi render: the topology of a design as a picture. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "draw/topology.h"
#include "model/file.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

int
eqs_cmd_render (int argc, char **argv)
{
  gboolean         json = FALSE;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Picture to write: .svg, .png or .pdf"), N_("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (EqsDocument) document = NULL;
  g_autoptr (EqsCheck) check = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "render", "FILE -o X.svg|png|pdf", _("Draws the topology of a design."), &argc, &argv, 1, 1, &status))
    return status;
  if (output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say where the picture goes: -o FILE.svg, .png or .pdf."));
  if (!g_str_has_suffix (output, ".svg") && !g_str_has_suffix (output, ".png") && !g_str_has_suffix (output, ".pdf"))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s: a picture is written as .svg, .png or .pdf."), output);
  document = eqs_file_load (argv[1], &error);
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
