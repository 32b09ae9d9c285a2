/* Options, messages and JSON of the commands. */

#include "cli/cli.h"

#include "data/error.h"
#include "model/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

int
eqs_cli_fail (int status, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  for (char *c = message; *c != '\0'; c++)
    *c = *c == '\n' ? ' ' : *c;
  fprintf (stderr, "equi: %s\n", message);
  return status;
}

int
eqs_cli_fail_error (GError *error)
{
  const gboolean file = error->domain == EQS_DATA_ERROR || error->domain == G_FILE_ERROR ||
                        (error->domain == EQS_MODEL_ERROR && error->code != EQS_MODEL_ERROR_INVALID && error->code != EQS_MODEL_ERROR_UNMATCHED && error->code != EQS_MODEL_ERROR_NOT_FOUND);
  const int status = eqs_cli_fail (file ? EQS_EXIT_FILE : EQS_EXIT_NOT_FINE, "%s", error->message);

  g_error_free (error);
  return status;
}

gboolean
eqs_cli_parse (const GOptionEntry *entries, const char *command, const char *usage, const char *summary, int *argc, char ***argv,
               int min, int max, int *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat ("equi ", command, NULL);

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  *status = EQS_EXIT_USAGE;
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      eqs_cli_fail (EQS_EXIT_USAGE, _("%s. Try “equi %s --help”."), error->message, command);
      return FALSE;
    }
  if (*argc - 1 < min || (max >= 0 && *argc - 1 > max))
    {
      eqs_cli_fail (EQS_EXIT_USAGE, _("usage: equi %s %s"), command, usage);
      return FALSE;
    }
  *status = EQS_EXIT_OK;
  return TRUE;
}

void
eqs_cli_print_json (EqsMap *map)
{
  eqs_cli_print_json_list (eqs_value_new_object (map));
}

void
eqs_cli_print_json_list (EqsValue *list)
{
  g_autofree char *text = eqs_value_to_text (list);

  printf ("%s\n", text);
  eqs_value_unref (list);
}

EqsValue *
eqs_cli_list (GPtrArray *values)
{
  return eqs_value_new_list ((EqsValue *const *) values->pdata, values->len);
}

void
eqs_cli_set_string (EqsMap *map, const char *key, const char *text)
{
  eqs_map_set (map, key, text == NULL ? eqs_value_new_null () : eqs_value_new_string (text));
}

void
eqs_cli_set_number (EqsMap *map, const char *key, double number)
{
  eqs_map_set (map, key, isfinite (number) ? eqs_value_new_number (number) : eqs_value_new_null ());
}

void
eqs_cli_set_bool (EqsMap *map, const char *key, gboolean flag)
{
  eqs_map_set (map, key, eqs_value_new_bool (flag));
}

void
eqs_cli_set_map (EqsMap *map, const char *key, EqsMap *object)
{
  eqs_map_set (map, key, eqs_value_new_object (object));
}

void
eqs_cli_set_value (EqsMap *map, const char *key, EqsValue *value)
{
  eqs_map_set (map, key, value);
}

char *
eqs_cli_pad (const char *text, int width)
{
  const int missing = width - (int) g_utf8_strlen (text, -1);

  return g_strdup_printf ("%s%*s", text, MAX (0, missing), "");
}
