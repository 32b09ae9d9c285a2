/* The page is made by the same book as the specification. */

#include "services/audit-report.h"

#include "services/colouring.h"
#include "services/spec-book.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static char *
dup_error (const EqsMap *map, const char *key)
{
  const double error = map == NULL ? NAN : eqs_map_get_number (map, key, NAN);

  return isnan (error) ? g_strdup ("–") : error == 0 ? g_strdup ("0") : g_strdup_printf ("%.1e", error);
}

static const EqsMap *
object_of (const EqsMap *map, const char *key)
{
  const EqsValue *value = eqs_map_get (map, key);

  return value == NULL ? NULL : eqs_value_get_map (value);
}

static void
write_figures (EqsBook *book, const EqsMap *audit)
{
  static const struct { const char *worst, *limit, *name; } figures[] = {
    { "worst", "threshold", N_("Largest error, float32, kernels in use") }, { "worst_direct", "threshold_direct", N_("Largest error, float32, direct kernels") },
    { "worst_f64", "threshold_f64", N_("Largest error, float64") }, { "worst_forces", "threshold_forces", N_("Largest error of the forces") },
    { "gradient_inputs", "threshold_gradient", N_("Gradient by the inputs") }, { "gradient_weights", "threshold_gradient", N_("Gradient by the weights") },
  };

  eqs_book_section (book, _("What was measured"));
  eqs_book_table (book, _("Figure|Measured|Limit"));
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autofree char *worst = dup_error (audit, figures[i].worst), *limit = dup_error (audit, figures[i].limit);

      if (!isnan (eqs_map_get_number (audit, figures[i].worst, NAN)))
        eqs_book_row (book, _(figures[i].name), worst, limit, NULL);
    }
  if (eqs_map_get_number (audit, "amplified", 1) > 1)
    eqs_book_text (book, _("Of an input whose answer nearly cancels, float64 shows roundings made larger; its float32 errors are divided by up to %.3g."),
                   eqs_map_get_number (audit, "amplified", 1));
}

static void
write_elements (EqsBook *book, const EqsMap *audit)
{
  const EqsValue *list = eqs_map_get (audit, "elements");

  eqs_book_section (book, _("Every element"));
  eqs_book_table (book, _("Element|Error|In 64 bit|Control|Promised"));
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *element = eqs_value_get_map (eqs_value_get_item (list, i));
      const gboolean   applies = eqs_map_get_bool (element, "applicable", TRUE);
      g_autofree char *error = dup_error (element, "error"), *error64 = dup_error (element, "error_f64"), *control = dup_error (element, "control_s");

      eqs_book_row (book, eqs_map_get_string (element, "element", ""), applies ? error : _("does not apply"), applies ? error64 : "", applies ? control : "",
                    eqs_map_get_bool (element, "promised", FALSE) ? _("yes") : _("no"), NULL);
    }
}

static void
write_nodes (EqsBook *book, const EqsMap *audit)
{
  const EqsValue *list = eqs_map_get (audit, "nodes");

  eqs_book_section (book, _("Every node"));
  eqs_book_table (book, _("Node|Own error|Arrives|Verdict"));
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *node = eqs_value_get_map (eqs_value_get_item (list, i));
      g_autofree char *own = dup_error (node, "error"), *arrives = dup_error (node, "accumulated");

      eqs_book_row (book, eqs_map_get_string (node, "copy", eqs_map_get_string (node, "id", "")), own, arrives, eqs_map_get_string (node, "verdict", "–"), NULL);
    }
}

static void
write_verdict (EqsBook *book, const EqsMap *audit, const char *hash, const char *weights)
{
  const EqsMap    *before = object_of (audit, "before");
  const char      *culprit = eqs_map_get_string (audit, "culprit", NULL), *reason = eqs_map_get_string (audit, "reason", NULL);
  g_autofree char *was = dup_error (before, "worst"), *blind = NULL;
  EqsColourLimit   limit = { 0, 0, 1 };

  eqs_book_section (book, _("Verdict"));
  eqs_book_figure (book, EQS_MEASURED, _("Equivariance"), "%s", eqs_map_get_string (audit, "verdict", "inconclusive"));
  if (reason != NULL)
    eqs_book_text (book, "%s", reason);
  if (culprit != NULL)
    eqs_book_figure (book, EQS_MEASURED, _("The node that breaks it"), "%s", culprit);
  if (object_of (audit, "limits") != NULL)
    eqs_colour_limit_from_map (object_of (audit, "limits"), &limit);
  blind = eqs_colour_limit_dup_text (&limit);
  if (blind != NULL)
    eqs_book_text (book, "%s", blind);
  eqs_book_figure (book, EQS_MEASURED, _("Samples and seed"), "%.0f, %.0f", eqs_map_get_number (audit, "samples", 0), eqs_map_get_number (audit, "seed", 0));
  eqs_book_figure (book, EQS_STATED, _("Weights"), "%s", weights != NULL ? weights : eqs_map_get_string (audit, "weights", ""));
  if (hash != NULL)
    eqs_book_figure (book, EQS_COMPUTED, _("Hash of the design"), "%s", hash);
  if (before != NULL)
    eqs_book_figure (book, EQS_MEASURED, _("Audit before this one"), _("%s, largest error %s (%s); now %.2g times that"), eqs_map_get_string (before, "verdict", ""), was,
                     eqs_map_get_string (before, "weights", ""), eqs_map_get_number (before, "ratio", NAN));
}

char *
eqs_audit_to_markdown (const EqsMap *audit, const char *title, const char *hash, const char *weights)
{
  g_autoptr (EqsBook)  book = eqs_book_new ();
  g_autoptr (EqsValue) sections = NULL;
  const EqsMap        *control = object_of (audit, "control");
  g_autofree char     *body = NULL, *control_error = dup_error (control, "error"), *own = dup_error (control, "design");

  write_verdict (book, audit, hash, weights);
  write_figures (book, audit);
  eqs_book_section (book, _("Control"));
  if (control == NULL || isnan (eqs_map_get_number (control, "ratio", NAN)))
    eqs_book_text (book, "%s", _("Not measured: without a symmetry to lose there is no control that could fail."));
  else
    eqs_book_text (book, _("Median deviation over the spread of the answers: %s of the same network without the symmetry, %s of the design. A test that could not see a break would not see this one either."),
                   control_error, own);
  write_elements (book, audit);
  write_nodes (book, audit);
  sections = eqs_book_to_value (book);
  body = eqs_book_to_markdown (sections);
  /* Translators: the name of a design. */
  return title == NULL ? g_strdup_printf ("# %s\n\n%s", _("Audit of equivariance"), body) : g_strdup_printf ("# %s: %s\n\n%s", _("Audit of equivariance"), title, body);
}
