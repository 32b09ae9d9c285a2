/* equi new and equi bind: a design from a template, and a design that fits data. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "model/compile.h"
#include "model/file.h"
#include "services/bind.h"
#include "services/bound-data.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

static int
print_result (gboolean json, const char *path, GPtrArray *changes)
{
  EqsMap *map;

  if (json)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

      for (guint i = 0; i < changes->len; i++)
        g_ptr_array_add (items, eqs_value_new_string (g_ptr_array_index (changes, i)));
      map = eqs_map_new ();
      eqs_cli_set_string (map, "path", path);
      eqs_cli_set_value (map, "changes", eqs_cli_list (items));
      eqs_cli_print_json (map);
      return EQS_EXIT_OK;
    }
  for (guint i = 0; i < changes->len; i++)
    printf ("%s\n", (const char *) g_ptr_array_index (changes, i));
  if (changes->len == 0)
    printf ("%s\n", _("Nothing had to be changed."));
  printf (_("The design is in %s\n"), path);
  return EQS_EXIT_OK;
}

static int
refuse_existing (const char *path)
{
  return eqs_cli_fail (EQS_EXIT_USAGE, _("%s exists already; --force replaces it."), path);
}

/* What the preview block sets, as sentences. */
static void
tell_preview (EqsDocument *document, GPtrArray *changes)
{
  const EqsMap *preview = eqs_document_get_section (document, EQS_SECTION_PREVIEW);

  if (preview == NULL)
    g_ptr_array_add (changes, g_strdup (_("The template has no preview block: nothing is reduced.")));
  for (guint i = 0; preview != NULL && i < eqs_map_get_size (preview); i++)
    {
      g_autofree char *value = eqs_value_to_text (eqs_map_get_value (preview, i));

      g_ptr_array_add (changes, g_strdup_printf (_("Preview: %s is %s."), eqs_map_get_key (preview, i), value));
    }
}

static gboolean
bind_to (EqsDocument *document, const char *data, char **columns, char **units, GPtrArray *changes, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_bound_data_open (document, data, error);
  g_autoptr (GPtrArray)  made = NULL;

  if (dataset == NULL || !eqs_bound_data_state (dataset, (const char *const *) columns, (const char *const *) units, error) || !eqs_bind (document, dataset, NULL, &made, error))
    return FALSE;
  for (guint i = 0; i < made->len; i++)
    g_ptr_array_add (changes, g_strdup (g_ptr_array_index (made, i)));
  return TRUE;
}

int
eqs_cmd_new (int argc, char **argv)
{
  gboolean         json = FALSE, preview = FALSE, force = FALSE;
  g_autofree char *data = NULL, *output = NULL;
  g_auto (GStrv)   columns = NULL, units = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("Bind the design to this data: a shipped name or a folder"), N_("NAME|PATH") },
    { "column", 0, 0, G_OPTION_ARG_STRING_ARRAY, &columns, N_("Read a quantity from a property of the files, such as energy=E_dft; may be repeated"), N_("NAME=PROPERTY") },
    { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &units, N_("The unit of a quantity in the files, such as energy=kcal/mol; may be repeated"), N_("NAME=UNIT") },
    { "preview", 0, 0, G_OPTION_ARG_NONE, &preview, N_("Take the reduced settings of the template's preview block"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("File to write"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it exists"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray)   changes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (EqsDocument) document = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "new", "TEMPLATE [--data NAME|PATH] [--preview] -o FILE", _("Makes a design from a template."), &argc, &argv, 1, 1, &status))
    return status;
  if (output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say where the design goes: -o FILE.equi."));
  if (!force && g_file_test (output, G_FILE_TEST_EXISTS))
    return refuse_existing (output);
  if (data == NULL && (columns != NULL || units != NULL))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--column and --unit are about data; say which: --data NAME or a folder."));
  document = eqs_template_new (argv[1], &error);
  if (document == NULL)
    {
      status = g_error_matches (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND) ? EQS_EXIT_USAGE : EQS_EXIT_FILE;
      eqs_cli_fail (status, "%s", error->message);
      g_error_free (error);
      return status;
    }
  if (preview)
    tell_preview (document, changes);
  if ((preview && !eqs_compile_apply_preview (document, &error)) || (data != NULL && !bind_to (document, data, columns, units, changes, &error)) ||
      !eqs_file_save (document, output, &error))
    return eqs_cli_fail_error (error);
  return print_result (json, output, changes);
}

int
eqs_cmd_bind (int argc, char **argv)
{
  gboolean         json = FALSE, check = FALSE, force = FALSE;
  g_autofree char *data = NULL, *output = NULL;
  g_auto (GStrv)   columns = NULL, units = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("The data: a shipped name or a folder"), N_("NAME|PATH") },
    { "column", 0, 0, G_OPTION_ARG_STRING_ARRAY, &columns, N_("Read a quantity from a property of the files, such as energy=E_dft; may be repeated"), N_("NAME=PROPERTY") },
    { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &units, N_("The unit of a quantity in the files, such as energy=kcal/mol; may be repeated"), N_("NAME=UNIT") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("File to write instead of the design itself"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it exists"), NULL },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check, N_("Only tell what would change; exit status 1 when something would"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray)   changes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (EqsDocument) document = NULL;
  const char *path;
  GError     *error = NULL;
  int         status;

  if (!eqs_cli_parse (entries, "bind", "FILE --data NAME|PATH [-o FILE]", _("Makes a design fit data, and tells every change."), &argc, &argv, 1, 1, &status))
    return status;
  if (data == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say which data: --data NAME or a folder."));
  path = output == NULL ? argv[1] : output;
  if (!check && output != NULL && !force && g_strcmp0 (output, argv[1]) != 0 && g_file_test (output, G_FILE_TEST_EXISTS))
    return refuse_existing (output);
  document = eqs_file_load (argv[1], &error);
  if (document == NULL || !bind_to (document, data, columns, units, changes, &error) || (!check && !eqs_file_save (document, path, &error)))
    return eqs_cli_fail_error (error);
  if (check && !json)
    {
      for (guint i = 0; i < changes->len; i++)
        printf ("%s\n", (const char *) g_ptr_array_index (changes, i));
      if (changes->len == 0)
        printf ("%s\n", _("The design fits the data."));
    }
  else
    print_result (json, path, changes);
  return check && changes->len > 0 ? EQS_EXIT_NOT_FINE : EQS_EXIT_OK;
}
