/* equi audit: measured equivariance of a design or a checkpoint. */

#include "cli/commands.h"
#include "cli/run.h"

#include "model/atomic.h"
#include "model/compile.h"
#include "services/audit.h"
#include "services/audit-report.h"
#include "services/colouring.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

static void
tell (double done, gpointer data)
{
  if (done >= 0 && *(gboolean *) data)
    fprintf (stderr, _("\r\033[Kauditing: %.0f %%"), 100 * done);
}

static void
print_row (const char *name, double error, const char *rest)
{
  g_autofree char *padded = eqs_cli_pad (name, 28);

  if (isnan (error))
    printf ("  %s            –  %s\n", padded, rest);
  else
    printf ("  %s %12.2e  %s\n", padded, error, rest);
}

static const char *
element_note (const EqkAuditElement *e)
{
  if (!e->applicable)
    return _("does not apply");
  return e->promised ? _("promised exact") : e->on_grid ? _("not promised") : _("between grid points");
}

/* "between grid points: 0.021 of its own change, largest 0.034 (limits 0.1 and 0.3)": what such an angle is judged by. */
static char *
dup_element_note (const EqkAudit *audit, const EqkAuditElement *e)
{
  if (!e->applicable || e->on_grid || isnan (e->median_s))
    return g_strdup (element_note (e));
  if (!audit->judges_between)
    return g_strdup_printf (_("between grid points: %.2g of the answer's change, largest %.2g (no limit: a stride aliases)"), e->median_s, e->worst_s);
  return g_strdup_printf (_("between grid points: %.2g of the answer's change, largest %.2g (limits %.2g and %.2g)"), e->median_s, e->worst_s, eqk_audit_limit_median_s (),
                          eqk_audit_limit_worst_s ());
}

static void
print_node (const EqkAuditNode *node)
{
  g_autofree char *rest = node->verdict != EQK_VERDICT_WITHIN_LIMIT || isnan (node->error_between)
                              ? g_strdup (eqk_verdict_name (node->verdict))
                              : g_strdup_printf (_("%s, between grid points %.2e"), eqk_verdict_name (node->verdict), node->error_between);

  print_row (node->id, node->error, rest);
}

static void
print_table (const EqkAudit *audit)
{
  printf (_("verdict: %s\n"), eqk_verdict_name (audit->verdict));
  if (audit->reason != NULL)
    printf ("  %s\n", _(audit->reason));
  if (audit->culprit_id != NULL)
    {
      g_autofree char *path = eqs_compile_dup_path (audit->culprit_id);

      printf (_("  the symmetry is lost at “%s”\n"), path);
    }
  printf (_("\nworst error over %d drawn inputs (%s weights)\n"), audit->samples, audit->weights);
  print_row (_("kernels in use"), audit->worst, "");
  print_row (_("direct kernels"), audit->worst_direct, "");
  print_row (_("float64"), audit->worst_f64, "");
  if (!isnan (audit->worst_forces))
    print_row (_("forces"), audit->worst_forces, "");
  print_row (_("allowed"), audit->threshold, "");
  if (audit->amplified > 1)
    printf (_("  of an input whose answer nearly cancels, float64 shows roundings made larger; its float32 errors are divided by up to %.3g\n"), audit->amplified);
  printf (_("\nelements\n"));
  for (int i = 0; i < audit->n_elements; i++)
    {
      g_autofree char *note = dup_element_note (audit, &audit->elements[i]);

      print_row (audit->elements[i].name, audit->elements[i].error, note);
    }
  printf (_("\nnodes\n"));
  for (int i = 0; i < audit->n_nodes; i++)
    if (audit->nodes[i].measured)
      print_node (&audit->nodes[i]);
  if (isnan (audit->control_error))
    printf (_("\ncontrol (the same network without the symmetry): not measured\n"));
  else
    printf (_("\ncontrol (the same network without the symmetry): its median deviation, over the spread of the answers, is %.2e; the design's %.2e; ratio %s%.3g\n"),
            audit->control_error, audit->control_design, audit->control_design < 0x1p-24 ? _("above ") : "", audit->control_ratio);
}

/* What no weights could tell apart in the data that the design is bound to; FALSE: nothing is known of that. */
static gboolean
find_limit (EqsModel *model, EqsColourLimit *limit)
{
  const EqsMap         *bound = eqs_document_get_section (model->document, EQS_SECTION_DATA);
  const char           *data = eqs_map_get_string (model->run, "data_path", eqs_map_get_string (bound, "path", eqs_map_get_string (bound, "name", NULL)));
  g_autoptr (EqsDataset) dataset = data == NULL ? NULL : eqs_dataset_open (data, NULL);

  return dataset != NULL && eqs_colour_limit_of_data (model->program, dataset, limit);
}

static EqsMap *
findings_of (const EqkAudit *audit, EqsModel *model)
{
  EqsMap        *map = eqs_audit_to_map (audit);
  EqsColourLimit limit;

  if (find_limit (model, &limit))
    eqs_cli_set_map (map, "limits", eqs_colour_limit_to_map (&limit));
  return map;
}

static void
print_limit (EqsModel *model)
{
  EqsColourLimit   limit;
  g_autofree char *text = find_limit (model, &limit) ? eqs_colour_limit_dup_text (&limit) : NULL;

  if (text != NULL)
    printf ("\n%s\n", text);
}

/* A page of Markdown. */
static gboolean
write_report (const EqkAudit *audit, EqsModel *model, const char *path, const char *report, GError **error)
{
  EqsMap          *map = findings_of (audit, model);
  g_autofree char *hash = eqs_document_dup_hash (model->document);
  g_autofree char *text = eqs_audit_to_markdown (map, eqs_document_get_name (model->document), hash, path);

  eqs_map_unref (map);
  return eqs_file_write_atomic (report, text, -1, error);
}

static int
audit_file (const char *path, EqsAuditOptions *options, const char *report, gboolean json)
{
  gboolean terminal = isatty (STDERR_FILENO), written = FALSE, saved;
  GError  *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_open (path, &error);
  g_autoptr (EqkAudit) audit = NULL;

  if (model == NULL)
    return eqs_cli_fail_error (error);
  eqs_cli_warn_promise (model->document);
  options->progress = tell;
  options->data = &terminal;
  audit = eqs_audit_model (model, options, &error);
  if (terminal)
    fputs ("\r\033[K", stderr);
  if (audit == NULL)
    return eqs_cli_fail_error (error);
  saved = eqs_audit_save (audit, path, &written, &error) && (report == NULL || write_report (audit, model, path, report, &error));
  if (json)
    eqs_cli_print_json (findings_of (audit, model));
  else
    {
      print_table (audit);
      print_limit (model);
    }
  if (written && !json)
    printf (_("written: audit.json in the run folder\n"));
  if (!saved)      /* what was found is told all the same */
    return eqs_cli_fail_error (error);
  return audit->verdict == EQK_VERDICT_EXACT || audit->verdict == EQK_VERDICT_WITHIN_LIMIT ? EQS_EXIT_OK : EQS_EXIT_NOT_FINE;
}

int
eqs_cmd_audit (int argc, char **argv)
{
  static int      cancel;
  g_autofree char *report = NULL;
  g_autofree char *samples_text = NULL, *seed_text = NULL, *threads_text = NULL;
  gboolean        json = FALSE;
  gint64          samples = 0, seed = 1, threads = 0;
  EqsAuditOptions options = EQS_AUDIT_OPTIONS_INIT;
  int             status;
  const GOptionEntry entries[] = {
    { "samples", 0, 0, G_OPTION_ARG_STRING, &samples_text, N_("Inputs, 2 to 10000 (default: 16, of costly designs fewer, down to 4)"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &seed_text, N_("Seed of inputs and of sampled elements, 0 to 2^53 (default: 1)"), "S" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads_text, N_("Threads, 1 to 256 (default: one a core)"), "T" },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &report, N_("Write a page of Markdown to this file"), "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };

  if (!eqs_cli_parse (entries, "audit", "FILE|CHECKPOINT [OPTION…]",
                      _("Measures whether a network keeps its promise: the whole, each node, every element of the group or a seeded sample of it, with a\n"
                        "control that must fail. Status 1 when the promise is broken or the test is inconclusive. For a checkpoint in a run folder\n"
                        "the findings are also written to audit.json there."),
                      &argc, &argv, 1, 1, &status))
    return status;
  if (!eqs_cli_read_whole ("samples", samples_text, 2, 10000, &samples) || !eqs_cli_read_whole ("seed", seed_text, 0, G_GINT64_CONSTANT (1) << 53, &seed) ||
      !eqs_cli_read_whole ("threads", threads_text, 1, 256, &threads))
    return EQS_EXIT_USAGE;
  options.samples = (int) samples;
  options.seed = (guint64) seed;
  options.threads = (int) threads;
  options.cancel = &cancel;
  eqs_cli_catch_interrupt (&cancel);
  return audit_file (argv[1], &options, report, json);
}
