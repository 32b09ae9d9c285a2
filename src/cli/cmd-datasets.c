/* equi datasets: data that ship or are generated. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "data/dataset.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

static EqsValue *
columns_of (EqsDataset *dataset)
{
  static const char *const roles[] = { "input", "target", "extra" };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);
      EqsMap             *map = eqs_map_new ();

      eqs_cli_set_string (map, "name", column.name);
      eqs_cli_set_string (map, "role", roles[column.role]);
      eqs_cli_set_string (map, "representation", column.representation);
      eqs_cli_set_string (map, "unit", column.unit);
      eqs_cli_set_string (map, "task", column.task);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return eqs_cli_list (items);
}

static void
print_json (GPtrArray *list)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < list->len; i++)
    {
      EqsDataset *dataset = g_ptr_array_index (list, i);
      EqsMap     *map = eqs_map_new ();

      eqs_cli_set_string (map, "id", eqs_dataset_get_name (dataset));
      eqs_cli_set_string (map, "name", eqs_dataset_get_title (dataset));
      eqs_cli_set_string (map, "description", eqs_dataset_get_description (dataset));
      eqs_cli_set_string (map, "domain", eqs_dataset_get_domain (dataset));
      eqs_cli_set_string (map, "task", eqs_dataset_get_task (dataset));
      eqs_cli_set_string (map, "group", eqs_dataset_get_group (dataset));
      eqs_cli_set_string (map, "licence", eqs_dataset_get_licence (dataset));
      eqs_cli_set_string (map, "origin", eqs_dataset_get_origin (dataset));
      eqs_cli_set_bool (map, "generated", eqs_dataset_is_generated (dataset));
      eqs_cli_set_string (map, "path", eqs_dataset_get_path (dataset));
      eqs_cli_set_value (map, "splits", eqs_value_new_strings (eqs_dataset_get_splits (dataset)));
      eqs_cli_set_value (map, "columns", columns_of (dataset));
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  eqs_cli_print_json_list (eqs_cli_list (items));
}

int
eqs_cmd_datasets (int argc, char **argv)
{
  gboolean           json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON list"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) list = NULL;
  int status;

  if (!eqs_cli_parse (entries, "datasets", "", _("Data that ship or are generated from a seed."), &argc, &argv, 0, 0, &status))
    return status;
  list = eqs_dataset_list_shipped ();
  if (json)
    {
      print_json (list);
      return EQS_EXIT_OK;
    }
  printf ("%-14s %-9s %-16s %-6s %s\n", _("name"), _("domain"), _("task"), _("group"), _("description"));
  for (guint i = 0; i < list->len; i++)
    {
      EqsDataset *dataset = g_ptr_array_index (list, i);

      printf ("%-14s %-9s %-16s %-6s %s\n", eqs_dataset_get_name (dataset), eqs_dataset_get_domain (dataset), eqs_dataset_get_task (dataset),
              eqs_dataset_get_group (dataset), eqs_dataset_get_description (dataset));
    }
  return EQS_EXIT_OK;
}
