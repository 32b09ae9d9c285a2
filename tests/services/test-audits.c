/*
 * Audits of templates as they come: with weights never trained an energy can be near zero by chance, or two arrows of a pose nearly
 * parallel, and float32's roundings then grow past the limit with nothing broken. float64 tells that from a break.
 */

#include "services/audit.h"
#include "model/file.h"
#include "services/template.h"

#include <glib/gstdio.h>

static EqsModel *
open_template (const char *id)
{
  g_autoptr (EqsDocument) document = eqs_template_new (id, NULL);
  g_autoptr (GError)      error = NULL;
  g_autofree char        *path = g_build_filename (g_get_tmp_dir (), "eqs-audits-XXXXXX.equi", NULL);
  EqsModel               *model;

  g_close (g_mkstemp (path), NULL);
  g_assert_true (eqs_file_save (document, path, &error));
  model = eqs_model_open (path, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return model;
}

/* Seeds with which a template was called broken: in float32 9.2e-5 (T09) and 1.2e-4 (T14) of 1e-5, in float64 1e-12. */
static void
test_amplified (gconstpointer data)
{
  g_auto (GStrv)       words = g_strsplit (data, " ", 2);
  g_autoptr (EqsModel) model = open_template (words[0]);
  g_autoptr (GError)   error = NULL;
  EqsAuditOptions      options = EQS_AUDIT_OPTIONS_INIT;
  g_autoptr (EqkAudit) audit = NULL;
  g_autoptr (EqsMap)   map = NULL;

  options.seed = g_ascii_strtoull (words[1], NULL, 10);
  options.threads = 1;
  audit = eqs_audit_model (model, &options, &error);
  g_assert_no_error (error);
  g_test_message ("worst %.2e, f64 %.2e, amplified %.3g", audit->worst, audit->worst_f64, audit->amplified);
  g_assert_cmpstr (eqk_verdict_name (audit->verdict), ==, "exact");
  g_assert_cmpfloat (audit->amplified, >, 1);
  g_assert_cmpfloat (audit->amplified, <=, 100);
  g_assert_cmpfloat (audit->worst, <=, audit->threshold);
  map = eqs_audit_to_map (audit);
  g_assert_cmpfloat (eqs_map_get_number (map, "amplified", 0), ==, audit->amplified);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/services/audits/amplified/energy", "T09 1", test_amplified);
  g_test_add_data_func ("/services/audits/amplified/pose", "T14 3", test_amplified);
  return g_test_run ();
}
