/* equi datasets: data that ship or are generated. */

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/inspect.h"

#include "data/dataset.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* Samples of each part; those that cannot be read are null. */
static EqsMap *
sizes_of (EqsDataset *dataset)
{
  const char *const *parts = eqs_dataset_get_splits (dataset);
  EqsMap            *map = eqs_map_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, parts[i], NULL);

      eqs_cli_set_number (map, parts[i], split == NULL ? NAN : eqs_split_get_n (split));
    }
  return map;
}

static EqsMap *
facts_of (EqsDataset *dataset)
{
  EqsMap *map = eqs_map_new ();

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
  return map;
}

static void
print_json (GPtrArray *list, gboolean sizes, gboolean inspect)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < list->len; i++)
    {
      EqsMap *map = facts_of (g_ptr_array_index (list, i));

      if (sizes)
        eqs_cli_set_map (map, "samples", sizes_of (g_ptr_array_index (list, i)));
      if (inspect)
        {
          g_autoptr (EqsInspection) inspection = eqs_inspection_new (g_ptr_array_index (list, i), NULL);

          eqs_cli_set_map (map, "inspection", eqs_cli_inspection_map (inspection));
        }
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  eqs_cli_print_json_list (eqs_cli_list (items));
}

/* ---- one of them ---- */

static void
print_fact (const char *name, const char *text)
{
  g_autofree char *padded = eqs_cli_pad (name, 12);

  if (text[0] != '\0')
    printf ("%s %s\n", padded, text);
}

#define MOST_FIELDS 6

/* “x”, “y” and 3 more */
static char *
dup_fields (const EqsColumnInfo *column)
{
  const guint n = column->fields == NULL ? 1 : g_strv_length ((char **) column->fields);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MOST_FIELDS); i++)
    /* Translators: a property of files, in a list */
    g_string_append_printf (text, i == 0 ? _("“%s”") : _(", “%s”"), column->fields == NULL ? column->field : column->fields[i]);
  if (n > MOST_FIELDS)
    g_string_append_printf (text, ngettext (" and %u more", " and %u more", n - MOST_FIELDS), n - MOST_FIELDS);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "energy: a number to tell, 1x0e, in eV (in the files: Hartree), from E_dft" */
static void
print_column (const EqsColumnInfo *column, gboolean is_set)
{
  const char *roles[] = { _("goes in"), _("to be told"), _("extra") }, *rows[] = { "", is_set ? _(", of each element") : _(", of each node"), _(", of each edge") };
  g_autoptr (GString) text = g_string_new (roles[column->role]);

  g_string_append (text, rows[column->kind]);
  if (column->values == EQS_VALUES_LABEL)
    g_string_append (text, _(", a class"));
  if (column->representation != NULL)
    g_string_append_printf (text, ", %s", column->representation);
  if (column->unit != NULL)
    /* Translators: a unit */
    g_string_append_printf (text, _(", in %s"), column->unit);
  if (column->factor != 1)
    /* Translators: a unit */
    g_string_append_printf (text, _(" (in the files: %s)"), column->stated_unit);
  if (column->field_to != NULL)
    /* Translators: the columns of a table in which an edge begins and ends */
    g_string_append_printf (text, column->both_ways ? _(", between “%s” and “%s”, both ways") : _(", from “%s” to “%s”, one way"), column->field, column->field_to);
  else if (strcmp (column->field, column->name) != 0)
    {
      g_autofree char *fields = dup_fields (column);

      /* Translators: properties of files, in quotes */
      g_string_append_printf (text, _(", from %s"), fields);
    }
  printf ("  %-14s %s\n", column->name, text->str);
}

/* What is known of a set, and how it is read. FALSE: a part cannot be read; it is told. */
static gboolean
print_sheet (EqsDataset *dataset)
{
  const char *const *parts = eqs_dataset_get_splits (dataset);
  gboolean           good = TRUE;

  printf ("%s\n", eqs_dataset_get_title (dataset));
  print_fact (_("what"), eqs_dataset_get_description (dataset));
  print_fact (_("domain"), eqs_dataset_get_domain (dataset));
  print_fact (_("task"), eqs_dataset_get_task (dataset));
  print_fact (_("group"), eqs_dataset_get_group (dataset));
  print_fact (_("licence"), eqs_dataset_get_licence (dataset)[0] == '\0' ? _("not stated") : eqs_dataset_get_licence (dataset));
  print_fact (_("origin"), eqs_dataset_get_origin (dataset)[0] == '\0' ? _("not stated") : eqs_dataset_get_origin (dataset));
  print_fact (_("folder"), eqs_dataset_is_generated (dataset) ? "" : eqs_dataset_get_path (dataset));
  printf ("%s\n", _("parts"));
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autoptr (GError)   error = NULL;
      g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, parts[i], &error);

      good = good && split != NULL;
      if (split != NULL)
        printf (g_dngettext (GETTEXT_PACKAGE, "  %-14s %u sample\n", "  %-14s %u samples\n", eqs_split_get_n (split)), parts[i], eqs_split_get_n (split));
      else
        {
          printf ("  %-14s –\n", parts[i]);
          eqs_cli_fail (EQS_EXIT_FILE, "%s", error->message);
        }
    }
  printf ("%s\n", _("columns"));
  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);

      print_column (&column, strcmp (eqs_dataset_get_domain (dataset), "set") == 0);
    }
  return good;
}

/* One table of one set, as CSV. */
static int
print_table (char **names, const char *table)
{
  g_autoptr (EqsDataset)    dataset = NULL;
  g_autoptr (EqsInspection) inspection = NULL;
  g_autofree char          *csv = NULL;
  EqsInspectionTable        which;
  GError                   *error = NULL;

  if (!eqs_inspection_find_table (table, &which))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--table takes columns, classes, orientation or duplicates, not “%s”."), table);
  if (names[0] == NULL || names[1] != NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--table is for one data set; name it."));
  dataset = eqs_dataset_open (names[0], &error);
  if (dataset == NULL)
    return eqs_cli_fail_error (error);
  inspection = eqs_inspection_new (dataset, NULL);
  csv = eqs_inspection_dup_csv (inspection, which);
  fputs (csv, stdout);
  return EQS_EXIT_OK;
}

static int
print_named (char **names, gboolean json, gboolean inspect)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean              good = TRUE;

  for (; *names != NULL; names++)
    {
      GError     *error = NULL;
      EqsDataset *dataset = eqs_dataset_open (*names, &error);

      if (dataset == NULL)
        return eqs_cli_fail_error (error);
      g_ptr_array_add (list, dataset);
    }
  if (json)
    print_json (list, TRUE, inspect);
  for (guint i = 0; !json && i < list->len; i++)
    {
      if (i > 0)
        printf ("\n");
      good = print_sheet (g_ptr_array_index (list, i)) && good;
      if (inspect)
        {
          g_autoptr (EqsInspection) inspection = eqs_inspection_new (g_ptr_array_index (list, i), NULL);

          printf ("\n");
          eqs_cli_print_inspection (inspection);
        }
    }
  return good ? EQS_EXIT_OK : EQS_EXIT_FILE;
}

int
eqs_cmd_datasets (int argc, char **argv)
{
  gboolean           json = FALSE, inspect = FALSE;
  g_autofree char   *table = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON list"), NULL },
    { "inspect", 0, 0, G_OPTION_ARG_NONE, &inspect, N_("Of those that are named: ranges, missing values, classes, directions, duplicates"), NULL },
    { "table", 0, 0, G_OPTION_ARG_STRING, &table, N_("One table of what --inspect finds, as CSV: columns, classes, orientation or duplicates"), N_("TABLE") },
    { NULL }
  };
  g_autoptr (GPtrArray) list = NULL;
  int status;

  if (!eqs_cli_parse (entries, "datasets", "[NAME|PATH…]", _("Data that ship or are generated from a seed; of those that are named, and of folders, how they are read."), &argc, &argv, 0, -1, &status))
    return status;
  if (table != NULL)
    return print_table (argv + 1, table);
  if (inspect && argc < 2)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--inspect reads the data sets that are named; name one."));
  if (argc > 1)
    return print_named (argv + 1, json, inspect);
  list = eqs_dataset_list_shipped ();
  if (json)
    {
      print_json (list, FALSE, FALSE);
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
