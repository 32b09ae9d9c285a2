/* From the kernels' audit to the keys that files, the command line and the window show. */

#include "services/audit.h"

#include "model/atomic.h"
#include "model/compile.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MOST_SAMPLES   16
#define FEWEST_SAMPLES 4
#define MANY_ELEMENTS  16      /* of a group without end, about as many are tried */

static bool
go_on (void *data, double done)
{
  const EqsAuditOptions *options = data;

  if (options->progress != NULL)
    options->progress (done, options->data);
  return options->cancel == NULL || g_atomic_int_get (options->cancel) == 0;
}

/* Each input is run through the network once for each element, with five programs; an error of rounding hardly depends on how many are drawn. */
int
eqs_audit_choose_samples (EqsDocument *document)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), 0);

  static const double budget = 6e10;       /* multiply-adds of one program: some seconds on a core */
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  EqkSymmetry          symmetry;
  double               order = MANY_ELEMENTS, n;

  if (check == NULL || !(check->macs > 0))
    return MOST_SAMPLES;
  if (eqs_compile_symmetry (document, &symmetry, NULL) && eqk_group_is_finite (symmetry.group))
    order = eqk_group_get_order (symmetry.group);
  n = budget / (check->macs * MAX (order, 4));
  return n >= MOST_SAMPLES ? MOST_SAMPLES : MAX ((int) n, FEWEST_SAMPLES);
}

EqkAudit *
eqs_audit_model (EqsModel *model, const EqsAuditOptions *options, GError **error)
{
  EqkAuditOptions kernel = EQK_AUDIT_OPTIONS_INIT;
  EqkDiag         diag = EQK_DIAG_INIT;
  EqkAudit       *audit = NULL;
  EqkStatus       status;

  kernel.samples = options->samples > 0 ? options->samples : eqs_audit_choose_samples (model->document);
  kernel.seed = options->seed;
  kernel.weight_seed = eqs_map_get_count (eqs_document_get_section (model->document, EQS_SECTION_TRAINING), "seed", G_MAXUINT64, 0);
  kernel.pool = eqk_pool_new (options->threads > 0 ? options->threads : (int) g_get_num_processors ());
  kernel.progress = go_on;
  kernel.data = (void *) options;
  status = eqk_audit (model->typed, model->trained ? model->store : NULL, &kernel, &audit, &diag);
  eqk_pool_free (kernel.pool);
  if (status == EQK_OK)
    return audit;
  if (status == EQK_ERR_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The audit was stopped."));
  else
    eqs_compile_set_error (error, status, &diag);
  return NULL;
}

static void
set_number (EqsMap *map, const char *key, double number)
{
  eqs_map_set (map, key, isfinite (number) ? eqs_value_new_number (number) : eqs_value_new_null ());
}

static void
set_text (EqsMap *map, const char *key, const char *text)
{
  eqs_map_set (map, key, text == NULL ? eqs_value_new_null () : eqs_value_new_string (text));
}

static EqsValue *
take_list (GPtrArray *items)
{
  EqsValue *list = eqs_value_new_list ((EqsValue *const *) items->pdata, items->len);

  g_ptr_array_unref (items);
  return list;
}

static EqsValue *
elements_of (const EqkAudit *audit)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (int i = 0; i < audit->n_elements; i++)
    {
      const EqkAuditElement *e = &audit->elements[i];
      EqsMap                *map = eqs_map_new ();

      set_text (map, "element", e->name);
      set_number (map, "error", e->error);
      set_number (map, "error_direct", e->error_direct);
      set_number (map, "error_f64", e->error_f64);
      eqs_map_set (map, "promised", eqs_value_new_bool (e->promised));
      eqs_map_set (map, "on_grid", eqs_value_new_bool (e->on_grid));
      eqs_map_set (map, "applicable", eqs_value_new_bool (e->applicable));
      set_number (map, "median_s", e->median_s);
      set_number (map, "worst_s", e->worst_s);
      set_number (map, "control_s", e->control_s);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return take_list (items);
}

/* Copies of a block's node have one path; "copy" tells them apart. */
static EqsValue *
nodes_of (const EqkAudit *audit)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (int i = 0; i < audit->n_nodes; i++)
    {
      const EqkAuditNode *node = &audit->nodes[i];
      g_autofree char    *path = eqs_compile_dup_path (node->id);
      EqsMap             *map = eqs_map_new ();

      set_text (map, "id", path);
      if (strcmp (path, node->id) != 0)
        set_text (map, "copy", node->id);
      set_number (map, "error", node->measured ? node->error : NAN);
      set_text (map, "verdict", node->measured ? eqk_verdict_name (node->verdict) : NULL);
      set_number (map, "error_f64", node->measured ? node->error_f64 : NAN);
      set_number (map, "error_between", node->error_between);
      set_number (map, "accumulated", node->accumulated);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return take_list (items);
}

static EqsMap *
statistics_of (const EqkAuditStatistics *s)
{
  EqsMap *map = eqs_map_new ();

  set_number (map, "n", (double) s->n);
  set_number (map, "mean", s->mean);
  set_number (map, "deviation", s->deviation);
  set_number (map, "median", s->median);
  set_number (map, "p95", s->p95);
  set_number (map, "p99", s->p99);
  set_number (map, "max", s->max);
  set_number (map, "mean_low", s->mean_low);
  set_number (map, "mean_high", s->mean_high);
  set_number (map, "p_value", s->p_value);
  set_number (map, "pass_rate", s->pass_rate);
  return map;
}

EqsMap *
eqs_audit_to_map (const EqkAudit *audit)
{
  g_autofree char *culprit = audit->culprit_id == NULL ? NULL : eqs_compile_dup_path (audit->culprit_id);
  EqsMap          *map = eqs_map_new (), *control = eqs_map_new ();

  set_text (map, "verdict", eqk_verdict_name (audit->verdict));
  set_text (map, "reason", audit->reason == NULL ? NULL : _(audit->reason));
  set_text (map, "weights", audit->weights);
  set_number (map, "worst", audit->worst);
  set_number (map, "worst_direct", audit->worst_direct);
  set_number (map, "worst_f64", audit->worst_f64);
  if (!isnan (audit->worst_forces))
    {
      set_number (map, "worst_forces", audit->worst_forces);
      set_number (map, "worst_forces_f64", audit->worst_forces_f64);
      set_number (map, "threshold_forces", audit->threshold_forces);
    }
  set_number (map, "threshold", audit->threshold);
  set_number (map, "threshold_direct", audit->threshold_direct);
  set_number (map, "threshold_f64", audit->threshold_f64);
  set_number (map, "amplified", audit->amplified);
  eqs_map_set (map, "fast_kernels", eqs_value_new_bool (audit->fast_kernels));
  set_number (map, "gradient_inputs", audit->gradient_inputs);
  set_number (map, "gradient_weights", audit->gradient_weights);
  set_number (map, "threshold_gradient", audit->threshold_gradient);
  if (audit->judges_between)
    {
      set_number (map, "threshold_median_s", eqk_audit_limit_median_s ());
      set_number (map, "threshold_worst_s", eqk_audit_limit_worst_s ());
    }
  eqs_map_set (map, "axioms", eqs_value_new_bool (audit->axioms));
  set_number (map, "samples", audit->samples);
  set_number (map, "seed", (double) audit->seed);
  eqs_map_set (map, "elements", elements_of (audit));
  eqs_map_set (map, "nodes", nodes_of (audit));
  set_number (control, "error", audit->control_error);
  set_number (control, "design", audit->control_design);
  set_number (control, "ratio", audit->control_ratio);
  set_number (control, "ratio_between", audit->control_ratio_between);
  eqs_map_set (map, "control", eqs_value_new_object (control));
  set_text (map, "culprit", culprit);
  eqs_map_set (map, "statistics", eqs_value_new_object (statistics_of (&audit->statistics)));
  return map;
}

gboolean
eqs_audit_save (const EqkAudit *audit, const char *checkpoint, gboolean *written, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (checkpoint), *design = g_build_filename (folder, "design.equi", NULL);
  g_autofree char *path = g_build_filename (folder, "audit.json", NULL), *name = g_path_get_basename (checkpoint);
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (GString) text = NULL;
  EqsMap *map;

  if (written != NULL)
    *written = FALSE;
  if (!g_file_test (design, G_FILE_TEST_EXISTS) || !g_str_has_suffix (checkpoint, ".safetensors"))
    return TRUE;
  map = eqs_audit_to_map (audit);
  set_text (map, "checkpoint", name);
  value = eqs_value_new_object (map);
  text = g_string_new (NULL);
  eqs_value_append_text (value, text);
  g_string_append_c (text, '\n');
  if (!eqs_file_write_atomic (path, text->str, (gssize) text->len, error))
    return FALSE;
  if (written != NULL)
    *written = TRUE;
  return TRUE;
}
