/* Numbers with a power of ten in raised digits, so that an error of 1.1·10⁻⁷ reads as in a book and not as in a program. */

#include "draw/number-text.h"

#include <math.h>
#include <string.h>

static void
append_raised (GString *text, int power)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *plain = g_strdup_printf ("%d", ABS (power));

  if (power < 0)
    g_string_append (text, "⁻");
  for (const char *p = plain; *p != '\0'; p++)
    g_string_append (text, digits[*p - '0']);
}

char *
eqs_number_dup_text (double value, int digits)
{
  g_autoptr (GString) text = NULL;
  double              mantissa;
  char  plain[G_ASCII_DTOSTR_BUF_SIZE + 32], format[16], *exponent;

  if (isnan (value))
    return g_strdup ("–");
  if (isinf (value))
    return g_strdup (value > 0 ? "∞" : "−∞");
  if (value == 0 || (fabs (value) >= 0.9995e-3 && fabs (value) < MAX (9999.5, pow (10, digits) - 0.5)))
    return g_strdup_printf ("%.*g", MAX (digits, fabs (value) < 10 ? 1 : (int) floor (log10 (fabs (value))) + 1), value);
  /* The C library rounds the mantissa, which may make the power one larger. */
  g_snprintf (format, sizeof format, "%%.%de", CLAMP (digits, 1, 17) - 1);
  g_ascii_formatd (plain, sizeof plain, format, value);
  exponent = strchr (plain, 'e');
  *exponent = '\0';
  /* A mantissa of 1 is not said, and neither are zeros behind it. */
  mantissa = g_ascii_strtod (plain, NULL);
  text = g_string_new (NULL);
  if (fabs (mantissa) == 1)
    g_string_append (text, mantissa < 0 ? "-10" : "10");
  else
    g_string_append_printf (text, "%.*f·10", MAX (digits, 1) - 1, mantissa);
  append_raised (text, (int) g_ascii_strtoll (exponent + 1, NULL, 10));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
eqs_number_append (GString *text, const char *before, double value, int digits)
{
  g_autofree char *number = eqs_number_dup_text (value, digits);

  g_string_append (text, before);
  g_string_append (text, number);
}
