/* equi new and equi bind: a design from a template, and a design that fits data. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "model/compile.h"
#include "model/file.h"
#include "services/bind-notes.h"
#include "services/bind.h"
#include "services/bound-data.h"
#include "services/checkpoint.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

static void
set_texts (EqsMap *map, const char *key, GPtrArray *texts)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (items, eqs_value_new_string (g_ptr_array_index (texts, i)));
  eqs_cli_set_value (map, key, eqs_cli_list (items));
}

static void
print_notes (GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    /* Translators: a sentence about the data */
    printf (_("Note: %s\n"), (const char *) g_ptr_array_index (notes, i));
}

static int
print_result (gboolean json, const char *path, GPtrArray *changes, GPtrArray *notes)
{
  EqsMap *map;

  if (json)
    {
      map = eqs_map_new ();
      eqs_cli_set_string (map, "path", path);
      set_texts (map, "changes", changes);
      set_texts (map, "notes", notes);
      eqs_cli_print_json (map);
      return EQS_EXIT_OK;
    }
  for (guint i = 0; i < changes->len; i++)
    printf ("%s\n", (const char *) g_ptr_array_index (changes, i));
  if (changes->len == 0)
    printf ("%s\n", _("Nothing had to be changed."));
  print_notes (notes);
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

/* What is said of the data's columns, as the options say it. */
typedef struct { char **texts[EQS_N_SAYINGS]; } Sayings;

#define SAYING_ENTRIES(said) \
    { "column", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(said).texts[EQS_SAY_FIELD], N_("Read a quantity from a property of the files, such as energy=E_dft; may be repeated"), N_("NAME=PROPERTY") }, \
    { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(said).texts[EQS_SAY_UNIT], N_("The unit of a quantity in the files, such as energy=kcal/mol; may be repeated"), N_("NAME=UNIT") }, \
    { "role", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(said).texts[EQS_SAY_ROLE], N_("What a column is: input, class (to be told), number (to be told) or extra (left out); may be repeated"), N_("NAME=ROLE") }, \
    { "convention", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(said).texts[EQS_SAY_CONVENTION], N_("How the files order the components of a column, such as dipole=yzx; may be repeated"), N_("NAME=WORDS") }

static void
sayings_clear (Sayings *self)
{
  for (gsize i = 0; i < EQS_N_SAYINGS; i++)
    g_strfreev (self->texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sayings, sayings_clear)

/* (transfer full) of EqsMeaning, NULL: status says why. */
static GPtrArray *
take_sayings (const Sayings *self, const char *data, int *status)
{
  g_autoptr (GPtrArray) list = eqs_meanings_new ();
  g_autoptr (GError)    error = NULL;

  for (gsize i = 0; i < EQS_N_SAYINGS; i++)
    for (char **text = self->texts[i]; text != NULL && *text != NULL; text++)
      if (!eqs_meanings_take (list, (EqsSaying) i, *text, &error))
        {
          *status = eqs_cli_fail (EQS_EXIT_USAGE, "%s", error->message);
          return NULL;
        }
  if (data == NULL && list->len > 0)
    {
      *status = eqs_cli_fail (EQS_EXIT_USAGE, _("--column, --unit, --role and --convention are about data; say which: --data NAME or a folder."));
      return NULL;
    }
  return g_steal_pointer (&list);
}

static gboolean
bind_to (EqsDocument *document, const char *data, const GPtrArray *said, GPtrArray *changes, GPtrArray *notes, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_bound_data_open (document, data, error);
  g_autoptr (GPtrArray)  made = NULL, noted = NULL;

  if (dataset == NULL || (said->len > 0 && !eqs_dataset_say (dataset, said, error)) || !eqs_bind (document, dataset, NULL, &made, error))
    return FALSE;
  for (guint i = 0; i < made->len; i++)
    g_ptr_array_add (changes, g_strdup (g_ptr_array_index (made, i)));
  noted = eqs_bind_notes (document, dataset);
  for (guint i = 0; i < noted->len; i++)
    g_ptr_array_add (notes, g_strdup (g_ptr_array_index (noted, i)));
  return TRUE;
}

int
eqs_cmd_new (int argc, char **argv)
{
  gboolean         json = FALSE, preview = FALSE, force = FALSE;
  g_autofree char *data = NULL, *output = NULL;
  g_auto (Sayings) said = { { NULL } };
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("Bind the design to this data: a shipped name or a folder"), N_("NAME|PATH") },
    SAYING_ENTRIES (said),
    { "preview", 0, 0, G_OPTION_ARG_NONE, &preview, N_("Take the reduced settings of the template's preview block"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("File to write"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it exists"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray)   changes = g_ptr_array_new_with_free_func (g_free), notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (EqsDocument) document = NULL;
  g_autoptr (GPtrArray)   meanings = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "new", "TEMPLATE [--data NAME|PATH] [--preview] -o FILE", _("Makes a design from a template."), &argc, &argv, 1, 1, &status))
    return status;
  if (output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say where the design goes: -o FILE.equi."));
  if (!force && g_file_test (output, G_FILE_TEST_EXISTS))
    return refuse_existing (output);
  meanings = take_sayings (&said, data, &status);
  if (meanings == NULL)
    return status;
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
  if ((preview && !eqs_compile_apply_preview (document, &error)) || (data != NULL && !bind_to (document, data, meanings, changes, notes, &error)) ||
      !eqs_file_save (document, output, &error))
    return eqs_cli_fail_error (error);
  return print_result (json, output, changes, notes);
}

int
eqs_cmd_bind (int argc, char **argv)
{
  gboolean         json = FALSE, check = FALSE, force = FALSE;
  g_autofree char *data = NULL, *output = NULL;
  g_auto (Sayings) said = { { NULL } };
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, N_("The data: a shipped name or a folder"), N_("NAME|PATH") },
    SAYING_ENTRIES (said),
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("File to write instead of the design itself"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it exists"), NULL },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check, N_("Only tell what would change; exit status 1 when something would"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray)   changes = g_ptr_array_new_with_free_func (g_free), notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (EqsDocument) document = NULL;
  g_autoptr (GPtrArray)   meanings = NULL;
  const char *path;
  GError     *error = NULL;
  int         status;

  if (!eqs_cli_parse (entries, "bind", "FILE --data NAME|PATH [-o FILE]", _("Makes a design fit data, and tells every change."), &argc, &argv, 1, 1, &status))
    return status;
  if (data == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say which data: --data NAME or a folder."));
  meanings = take_sayings (&said, data, &status);
  if (meanings == NULL)
    return status;
  path = output == NULL ? argv[1] : output;
  if (!check && g_str_has_suffix (path, ".safetensors"))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s holds weights, and binding writes a design: -o FILE.equi says where it goes."), path);
  if (!check && output != NULL && !force && g_strcmp0 (output, argv[1]) != 0 && g_file_test (output, G_FILE_TEST_EXISTS))
    return refuse_existing (output);
  document = eqs_design_open (argv[1], &error);
  if (document == NULL || !bind_to (document, data, meanings, changes, notes, &error) || (!check && !eqs_file_save (document, path, &error)))
    return eqs_cli_fail_error (error);
  if (check && !json)
    {
      for (guint i = 0; i < changes->len; i++)
        printf ("%s\n", (const char *) g_ptr_array_index (changes, i));
      if (changes->len == 0)
        printf ("%s\n", _("The design fits the data."));
      print_notes (notes);
    }
  else
    print_result (json, path, changes, notes);
  return check && changes->len > 0 ? EQS_EXIT_NOT_FINE : EQS_EXIT_OK;
}
