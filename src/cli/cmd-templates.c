/* equi templates: designs to start from. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>

static void
print_json (GPtrArray *list)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate *template = g_ptr_array_index (list, i);
      EqsMap            *map = eqs_map_new ();

      eqs_cli_set_string (map, "id", template->id);
      eqs_cli_set_string (map, "name", template->slug);
      eqs_cli_set_string (map, "title", template->title);
      eqs_cli_set_string (map, "summary", template->summary);
      eqs_cli_set_string (map, "why", template->why);
      eqs_cli_set_string (map, "group", template->group);
      eqs_cli_set_string (map, "domain", template->domain);
      eqs_cli_set_string (map, "task", template->task);
      eqs_cli_set_string (map, "output", template->output);
      eqs_cli_set_string (map, "family", template->family);
      eqs_cli_set_string (map, "data", template->data);
      eqs_cli_set_number (map, "parameters", (double) template->parameters);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  eqs_cli_print_json_list (eqs_cli_list (items));
}

int
eqs_cmd_templates (int argc, char **argv)
{
  gboolean           json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON list"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) list = NULL;
  int status;

  if (!eqs_cli_parse (entries, "templates", "", _("Designs to start from."), &argc, &argv, 0, 0, &status))
    return status;
  list = eqs_templates_list ();
  if (json)
    {
      print_json (list);
      return EQS_EXIT_OK;
    }
  printf ("%-4s %-22s %-6s %-16s %-12s %11s  %s\n", _("id"), _("name"), _("group"), _("task"), _("data"), _("parameters"), _("title"));
  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate *template = g_ptr_array_index (list, i);

      printf ("%-4s %-22s %-6s %-16s %-12s %11" PRId64 "  %s\n", template->id, template->slug, template->group, template->task, template->data,
              template->parameters, template->title);
    }
  return EQS_EXIT_OK;
}
