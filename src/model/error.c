#include "model/error.h"

G_DEFINE_QUARK (eqs-model-error-quark, eqs_model_error)

char *
eqs_error_quote (const char *text)
{
  const gboolean cut = g_utf8_strlen (text, -1) > 64;
  g_autofree char *start = cut ? g_utf8_substring (text, 0, 40) : g_strdup (text);
  GString *quoted = g_string_new (NULL);

  for (const char *p = start; *p != 0; p = g_utf8_next_char (p))
    g_string_append_unichar (quoted, g_unichar_iscntrl (g_utf8_get_char (p)) ? ' ' : g_utf8_get_char (p));
  if (cut)
    g_string_append (quoted, "…");
  return g_string_free (quoted, FALSE);
}
