#include "data/error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (eqs-data-error-quark, eqs_data_error)

#define MAX_QUOTED 60

static char *
clean (const char *text, gsize max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  gsize n = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (n++ == max)
        {
          g_string_append (out, "…");
          break;
        }
      g_string_append_unichar (out, g_unichar_isprint (c) ? c : ' ');
    }
  return g_string_free (out, FALSE);
}

char *
eqs_data_clean (const char *text)
{
  return clean (text, G_MAXSIZE);
}

char *
eqs_data_quote (const char *text)
{
  return clean (text, MAX_QUOTED);
}

gboolean
eqs_data_refuse (GError **error, const char *where, const char *format, ...)
{
  g_autofree char *raw = NULL, *what = NULL, *shown = g_filename_display_name (where);
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  what = eqs_data_clean (raw);
  /* Translators: the path of a dataset.json, then a sentence about what is wrong in it */
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”: %s"), shown, what);
  return FALSE;
}
