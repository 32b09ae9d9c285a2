/*
 * Twelve types against twelve, on pictures and on points: where the one is added to the other the studio offers layers that lead there, and
 * the design with them is exact when it is measured; or it says that no equivariant map exists, and then counting says so too.
 */

#include "services/audit.h"
#include "model/history.h"
#include "../model/design-text.h"
#include "rep/no-map.h"

#include "eqk/rep.h"

#include <math.h>

#define N 12

typedef struct
{
  const char *head, *input, *types[N];
} Matrix;

static const Matrix pictures = {
  "D4", "input_image height=9 width=9 fields=",
  { "2x f0", "2x (1,0)", "2x (0,2)", "2x (1,2)", "2x f1", "1x reg", "2x D4/C2", "1x D4/D1", "1x f0 + 1x f1", "1x (1,0) + 1x (1,2)", "1x f1 + 1x reg", "2x f0 + 1x f1 + 1x (1,2)" }
};
static const Matrix points = {
  "O3", "input_features type=",
  { "4x0e", "4x0o", "4x1o", "4x1e", "4x2e", "4x2o", "4x3o", "2x0e + 2x0o", "2x0e + 2x1o", "2x1o + 2x1e", "2x0e + 2x1o + 2x2e", "2x0o + 2x1e" }
};

/* ---- designs ---- */

/* a's type is to become that of b, which something else reads too, so that it must stay. */
static EqsDocument *
pair (const Matrix *m, int a, int b)
{
  g_autofree char *text = g_strdup_printf ("%s equivariant\nb %s%s\na %s%s <\ns add < b a\nout field_output\nkeep field_output < b\n", m->head, m->input, m->types[b], m->input, m->types[a]);

  return design (text);
}

static const EqsProblem *
find (const EqsCheck *check, const char *code)
{
  for (guint i = 0; i < check->problems->len; i++)
    if (g_str_equal (((const EqsProblem *) check->problems->pdata[i])->code, code))
      return check->problems->pdata[i];
  return NULL;
}

static void
measure (const EqsCheck *check, const char *what)
{
  const EqkAuditOptions options = { .samples = 2, .seed = 1 };
  EqkDiag   diag = EQK_DIAG_INIT;
  EqkAudit *audit = NULL;

  g_assert_cmpint (eqk_audit (check->typed, NULL, &options, &audit, &diag), ==, EQK_OK);
  g_test_message ("%s: %s %s, error %.1e, %s weights", what, eqk_verdict_name (audit->verdict), audit->reason == NULL ? "" : audit->reason, audit->worst, audit->weights);
  /* Where only lengths and numbers count, a control has nothing to break, and the audit says so; the error was measured all the same. */
  g_assert_true (audit->verdict == EQK_VERDICT_EXACT || (audit->verdict == EQK_VERDICT_INCONCLUSIVE && strstr (audit->reason, "also passes") != NULL && audit->worst <= audit->threshold));
  eqk_audit_free (audit);
}

static gboolean
try_fixes (EqsDocument *document, const EqsProblem *problem, const char *what)
{
  for (guint i = 0; i < problem->fixes->len; i++)
    {
      const EqsFix *fix = problem->fixes->pdata[i];
      g_autoptr (EqsDocument) mended = eqs_document_dup (document);
      g_autoptr (EqsCheck)    check = NULL;
      g_autoptr (GError)      error = NULL;
      g_autofree char        *text = eqs_fix_dup_text (fix, NULL);

      eqs_edits_apply (fix->edits, mended, &error);
      g_assert_no_error (error);
      check = eqs_check_new (mended, NULL);
      g_test_message ("%s: %s (%s)", what, fix->label, text);
      for (guint k = 0; k < check->problems->len; k++)
        {
          const EqsProblem *left = check->problems->pdata[k];

          if (left->severity != EQK_SEVERITY_NOTE)
            g_test_message ("  %s %s", left->code, left->message);
          g_assert_cmpint (left->severity, !=, EQK_SEVERITY_ERROR);
        }
      g_assert_nonnull (check->program);
      measure (check, what);
    }
  return problem->fixes->len > 0;
}

/* ---- counting ---- */

/* Of the turn by an angle, with or without the inversion. */
static double
character (const EqkRep *rep, double angle, gboolean inverted)
{
  double sum = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);
      double          turns = 1;

      for (int m = 1; m <= eqk_field_irrep_frequency (run.field); m++)
        turns += 2 * cos (m * angle);
      sum += run.mul * turns * (inverted && eqk_field_irrep_j (run.field) ? -1 : 1);
    }
  return sum;
}

/* Equivariant polynomials of degree d from one to the other: how often the irrep is in the d-th symmetric power (Molien's average). */
static double
count_polynomials (const EqkRep *from, const EqkRep *to, int d)
{
  enum { STEPS = 720 };
  double mean = 0;

  for (int i = 0; i < 2 * STEPS; i++)
    {
      const double   angle = (i / 2 + 0.5) * G_PI / STEPS;
      const gboolean inverted = i % 2;
      double         power[8] = { 1 };

      for (int k = 1; k <= d; k++)      /* Newton: k h_k = sum of p_j h_(k-j), p_j the character of the j-th power of the move */
        {
          for (int j = 1; j <= k; j++)
            power[k] += character (from, j * angle, inverted && j % 2) * power[k - j];
          power[k] /= k;
        }
      mean += power[d] * character (to, angle, inverted) * (1 - cos (angle)) / (2 * STEPS);
    }
  return mean;
}

/* Some part of `to` is in no symmetric power. */
static void
count (const Matrix *m, const char *from_text, const char *to_text)
{
  const EqkRep *from, *to;
  gboolean      none = FALSE;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get (m->head), from_text, &from, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_rep_parse (eqk_group_get (m->head), to_text, &to, NULL), ==, EQK_OK);
  for (int r = 0; r < eqk_rep_n_runs (to) && !none; r++)
    {
      double found = 0;

      for (int d = 0; d <= 6; d++)
        found += count_polynomials (from, eqk_rep_single (eqk_rep_run (to, r).field, 1), d);
      none = fabs (found) < 0.01;
    }
  g_assert_true (none);
}

static void
test_matrix (gconstpointer data)
{
  const Matrix *m = data;
  int           offered = 0, none = 0, unknown = 0;

  for (int a = 0; a < N; a++)
    for (int b = 0; b < N; b++)
      {
        g_autoptr (EqsDocument) document = pair (m, a, b);
        g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL);
        const EqsProblem       *problem = find (check, "E-ADD-TYPE");
        g_autofree char        *what = g_strdup_printf ("%s to %s", m->types[a], m->types[b]);

        if (a == b)
          {
            g_assert_null (problem);
            continue;
          }
        g_assert_nonnull (problem);
        if (try_fixes (document, problem, what))
          offered++;
        else if (strstr (problem->why, "No equivariant map exists") != NULL)
          {
            count (m, m->types[a], m->types[b]);
            none++;
          }
        else
          {
            g_test_message ("%s: neither", what);
            unknown++;
          }
      }
  g_test_message ("%s: %d offered, %d without any map, %d neither", m->head, offered, none, unknown);
  g_assert_cmpint (unknown, ==, 0);
}

/* Known by heart: which moves fix a value in general position. */
static void
test_no_map (void)
{
  static const struct { const char *group, *from, *to; gboolean none; } cases[] = {
    { "O3", "1x1o", "1x2e", FALSE }, { "O3", "1x1o", "1x1e", TRUE }, { "O3", "2x1o", "1x1e", FALSE }, { "O3", "2x1o", "1x0o", TRUE }, { "O3", "3x1o", "1x0o", FALSE },
    { "O3", "1x0e", "1x1o", TRUE }, { "O3", "4x2e", "1x1o", TRUE }, { "O3", "1x0o", "1x0e", FALSE }, { "SO3", "1x1", "1x3", FALSE }, { "SO3", "5x0", "1x1", TRUE },
    { "C4", "1x f0", "1x f1", TRUE }, { "C4", "1x f1", "1x f2", FALSE }, { "C4", "3x f2", "1x f1", TRUE }, { "D4", "1x f1", "1x (1,0)", FALSE }, { "D4", "3x (1,0)", "1x (0,2)", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const EqkRep *from, *to;

      g_test_message ("%s: %s to %s", cases[i].group, cases[i].from, cases[i].to);
      g_assert_cmpint (eqk_rep_parse (eqk_group_get (cases[i].group), cases[i].from, &from, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_rep_parse (eqk_group_get (cases[i].group), cases[i].to, &to, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_rep_has_no_map (from, to), ==, cases[i].none);
    }
}

/* An open input is offered what fits there, though what comes behind has a problem of its own then. */
static void
test_open_input (void)
{
  g_autoptr (EqsDocument) document = design ("C4 classification\nin input_image height=9 width=9\nc r2conv out=2x reg k=3\na global_avg <\nout mlp_head out=3\n");
  g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL);
  const EqsProblem       *problem = find (check, "E-UNCONNECTED");

  g_assert_true (problem != NULL && problem->fixes->len == 1);
  g_assert_cmpstr (((const EqsEdit *) ((const EqsFix *) problem->fixes->pdata[0])->edits->pdata[0])->from, ==, "c.y");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/adapters/pictures", &pictures, test_matrix);
  g_test_add_data_func ("/adapters/points", &points, test_matrix);
  g_test_add_func ("/adapters/no-map", test_no_map);
  g_test_add_func ("/adapters/open-input", test_open_input);
  return g_test_run ();
}
