#include "data/error.h"

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
