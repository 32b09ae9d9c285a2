/* The table of problems against the counts that guidance.md section 3 states and one more (I-ATTENTION-COUNT), and the filling in of messages. */

#include <glib.h>
#include <string.h>

#include "eqk/graph.h"

static void
test_counts (void)
{
  int n, by_severity[3] = { 0 }, by_blocks[3] = { 0 };
  const EqkLintRule *const *rules = eqk_lint_rules (&n);

  g_assert_cmpint (n, ==, 141);
  for (int i = 0; i < n; i++)
    {
      by_severity[eqk_lint_severity (rules[i]->code)]++;
      by_blocks[rules[i]->blocks]++;
      g_assert_true (eqk_lint_find (rules[i]->code) == rules[i]);   /* so no code stands twice */
      g_assert_true (strlen (rules[i]->message) > 4 && strlen (rules[i]->why) > 20);
      g_assert_true (g_str_has_suffix (rules[i]->message, ".") || g_str_has_suffix (rules[i]->message, "?"));
      g_assert_true (g_str_has_suffix (rules[i]->why, "."));
    }
  g_assert_cmpint (by_severity[EQK_SEVERITY_ERROR], ==, 49);
  g_assert_cmpint (by_severity[EQK_SEVERITY_WARNING], ==, 73);
  g_assert_cmpint (by_severity[EQK_SEVERITY_NOTE], ==, 19);
  g_assert_cmpint (by_blocks[EQK_BLOCKS_RUN], ==, 18);
  g_assert_cmpint (by_blocks[EQK_BLOCKS_PROMISE], ==, 51);
  g_assert_cmpint (by_blocks[EQK_BLOCKS_NOTHING], ==, 72);
  /* Raised by the inference itself; not rows of the guidance. */
  g_assert_cmpint (eqk_lint_find ("E-SETTING")->blocks, ==, EQK_BLOCKS_RUN);
  g_assert_nonnull (eqk_lint_find ("E-LAYER-GROUP"));
  g_assert_null (eqk_lint_find ("E-NO-SUCH-CODE"));
}

static void
test_args (void)
{
  const char *args = "k=5 type='8x f1' from=\"it's\" last=end";
  char        value[32];

  g_assert_true (eqk_lint_arg (args, "k", value, sizeof value));
  g_assert_cmpstr (value, ==, "5");
  g_assert_true (eqk_lint_arg (args, "type", value, sizeof value));
  g_assert_cmpstr (value, ==, "8x f1");
  g_assert_true (eqk_lint_arg (args, "from", value, sizeof value));
  g_assert_cmpstr (value, ==, "it's");
  g_assert_true (eqk_lint_arg (args, "last", value, sizeof value));
  g_assert_cmpstr (value, ==, "end");
  g_assert_false (eqk_lint_arg (args, "typ", value, sizeof value));
  g_assert_false (eqk_lint_arg (NULL, "k", value, sizeof value));
}

static void
test_format (void)
{
  char text[64], small[8];

  eqk_lint_format ("{a} gates for {b} gated fields.", "a=3 b=5", text, sizeof text);
  g_assert_cmpstr (text, ==, "3 gates for 5 gated fields.");
  eqk_lint_format ("Drops single components of {type}.", "type='8x f1'", text, sizeof text);
  g_assert_cmpstr (text, ==, "Drops single components of 8x f1.");
  eqk_lint_format ("{unknown} {", NULL, text, sizeof text);
  g_assert_cmpstr (text, ==, "{unknown} {");
  /* Cut in the middle of a two-byte character: the character goes. */
  eqk_lint_format ("abcdefé", NULL, small, sizeof small);
  g_assert_cmpstr (small, ==, "abcdef");
  eqk_lint_format ("abcdeé", NULL, small, sizeof small);
  g_assert_cmpstr (small, ==, "abcdeé");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lint-table/counts", test_counts);
  g_test_add_func ("/lint-table/args", test_args);
  g_test_add_func ("/lint-table/format", test_format);
  return g_test_run ();
}
