/* Numbers as people read them under a decimal comma: what is shown, what is drawn and what is written to files. */

#include "draw/number-text.h"
#include "draw/plan.h"
#include "model/value.h"
#include "../comma-locale.h"

#include <string.h>

static const struct { double value; int digits; const char *point, *comma; } numbers[] = {
  { 0.0025, 2, "0.0025", "0,0025" }, { 94.75, 4, "94.75", "94,75" }, { 1.1e-7, 2, "1.1·10⁻⁷", "1,1·10⁻⁷" }, { 1e-4, 1, "10⁻⁴", "10⁻⁴" },
  { 12, 3, "12", "12" }, { 3.25e12, 3, "3.25·10¹²", "3,25·10¹²" }, { -1e6, 6, "-10⁶", "-10⁶" },
};

static void
check (gboolean comma)
{
  static const struct { gint64 count; const char *point, *comma; } counts[] = { { 0, "0", "0" }, { 999, "999", "999" }, { 113802, "113,802", "113.802" }, { -1234567, "-1,234,567", "-1.234.567" } };
  g_autoptr (EqsValue) value = eqs_value_new_number (0.0025);
  g_autofree char     *written = eqs_value_to_text (value);

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = eqs_number_dup_text (numbers[i].value, numbers[i].digits);

      g_assert_cmpstr (text, ==, comma ? numbers[i].comma : numbers[i].point);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = eqs_count_dup_text (counts[i].count);

      g_assert_cmpstr (text, ==, comma ? counts[i].comma : counts[i].point);
    }
  g_assert_cmpstr (written, ==, "0.0025");      /* files do not know where they are written */
}

static void
test_point (void)
{
  check (FALSE);
}

static void
test_comma (void)
{
  if (!comma_locale_set (LC_ALL))
    {
      g_test_skip ("no locale with a decimal comma is installed, and none can be made");
      return;
    }
  check (TRUE);
  setlocale (LC_ALL, "C.UTF-8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/numbers/point", test_point);
  g_test_add_func ("/numbers/comma", test_comma);
  return g_test_run ();
}
