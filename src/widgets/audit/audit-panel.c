/*
 * The audit runs in a worker on a network of its own. Its findings go to the session, from where the canvas takes its badges and the
 * strip its verdict; this panel shows them all: verdict, elements, nodes with the error of their own and the one that arrives, control.
 */

#include "widgets/audit/audit-panel.h"

#include "draw/number-text.h"
#include "model/atomic.h"
#include "services/audit.h"
#include "services/audit-report.h"
#include "services/colouring.h"
#include "widgets/audit/audit-tables.h"
#include "widgets/audit/element-plot.h"
#include "widgets/chooser.h"
#include "widgets/columns.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsAuditPanel
{
  GtkWidget   parent_instance;

  EqsSession *session;          /* owned */
  int        *cancel;           /* owned by the running task; NULL: none runs */
  int        *progress;         /* the same: thousandths, atomic */
  guint       timeout;
  char       *weights;          /* owned (nullable): what the shown audit is of */

  /* borrowed */
  GtkWidget  *stack, *start, *stop, *again, *save, *bar, *pill, *summary, *details, *stale, *drift, *limit, *elements, *nodes, *culprit;
};

G_DEFINE_FINAL_TYPE (EqsAuditPanel, eqs_audit_panel, GTK_TYPE_WIDGET)

static const struct { const char *verdict, *title, *style; } verdicts[] = {
  { "exact", N_("exact"), "eq-good" }, { "within_limit", N_("within limit"), "eq-warn" }, { "broken", N_("broken"), "eq-bad" },
  { "inconclusive", N_("inconclusive"), "eq-warn" },
};

const char *
eqs_verdict_title (const char *verdict)
{
  for (guint i = 0; verdict != NULL && i < G_N_ELEMENTS (verdicts); i++)
    if (strcmp (verdicts[i].verdict, verdict) == 0)
      return _(verdicts[i].title);
  return _("not measured");
}

const char *
eqs_verdict_style (const char *verdict)
{
  for (guint i = 0; verdict != NULL && i < G_N_ELEMENTS (verdicts); i++)
    if (strcmp (verdicts[i].verdict, verdict) == 0)
      return verdicts[i].style;
  return "eq-second";
}

/* ---- showing ---- */

static void
node_clicked_cb (GtkButton *button, EqsAuditPanel *self)
{
  const char *path = g_object_get_data (G_OBJECT (button), "path");

  eqs_session_reveal (self->session, path);
  eqs_session_select_one (self->session, path);
}

static GtkWidget *
node_button (EqsAuditPanel *self, const char *path)
{
  EqsNode    *node = eqs_document_find_node (eqs_session_get_document (self->session), path);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  const char *title = node == NULL ? path : eqs_node_get_title (node) != NULL ? eqs_node_get_title (node) : layer != NULL ? _(layer->title) : path;
  GtkWidget  *button = gtk_button_new_with_label (title);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "eq-cell");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_sensitive (button, node != NULL);
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (path), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (node_clicked_cb), self);
  return button;
}

static void
show_nodes (EqsAuditPanel *self, const EqsMap *audit)
{
  const char *const heads[] = { _("Layer"), _("Own error"), _("Arrives"), _("Verdict") };
  const EqsValue   *list = eqs_map_get (audit, "nodes");

  eqs_audit_clear (self->nodes);
  for (int i = 0; i < (int) G_N_ELEMENTS (heads); i++)
    eqs_audit_cell (self->nodes, 0, i, heads[i], "eq-second");
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *node = eqs_value_get_map (eqs_value_get_item (list, i));
      const char      *verdict = eqs_map_get_string (node, "verdict", NULL);
      g_autofree char *own = eqs_audit_dup_error (node, "error"), *arrives = eqs_audit_dup_error (node, "accumulated");

      gtk_grid_attach (GTK_GRID (self->nodes), node_button (self, eqs_map_get_string (node, "id", "")), 0, (int) i + 1, 1, 1);
      eqs_audit_cell (self->nodes, (int) i + 1, 1, own, "eq-number");
      eqs_audit_cell (self->nodes, (int) i + 1, 2, arrives, "eq-number");
      eqs_audit_cell (self->nodes, (int) i + 1, 3, verdict == NULL ? "" : eqs_verdict_title (verdict), eqs_verdict_style (verdict));
    }
}

/* Rounding differs from one set of weights to the next; ten times as much is more than that. */
#define DRIFT 10.0

static gboolean
has_drifted (const EqsMap *before)
{
  return eqs_map_get_number (before, "ratio", 1) > DRIFT;
}

/* The audit before this one, and how the error has changed since; (transfer full) */
static char *
dup_drift (const EqsMap *before)
{
  g_autofree char *worst = eqs_audit_dup_error (before, "worst");
  const char      *verdict = eqs_verdict_title (eqs_map_get_string (before, "verdict", NULL)), *weights = eqs_map_get_string (before, "weights", "");
  const double     ratio = eqs_map_get_number (before, "ratio", NAN);
  g_autofree char *times = eqs_number_dup_text (ratio, has_drifted (before) ? 3 : 2);

  if (isnan (ratio))
    return g_strdup_printf (_("Before: %s, largest error %s (%s)."), verdict, worst, weights);
  if (has_drifted (before))
    return g_strdup_printf (_("Drift: the largest error is %s times what it was. Before: %s, largest error %s (%s)."), times, verdict, worst, weights);
  return g_strdup_printf (_("No drift: the largest error is %s times what it was. Before: %s, largest error %s (%s)."), times, verdict, worst, weights);
}

static void
show_summary (EqsAuditPanel *self, const EqsMap *audit)
{
  const EqsValue  *found = eqs_map_get (audit, "control");
  const EqsMap    *control = found == NULL ? NULL : eqs_value_get_map (found);
  const char      *verdict = eqs_map_get_string (audit, "verdict", "inconclusive"), *reason = eqs_map_get_string (audit, "reason", NULL);
  const char      *culprit = eqs_map_get_string (audit, "culprit", NULL);
  g_autofree char *worst = eqs_audit_dup_error (audit, "worst"), *limit = eqs_audit_dup_error (audit, "threshold"), *worst64 = eqs_audit_dup_error (audit, "worst_f64");
  g_autofree char *against = eqs_audit_dup_error (control, "error"), *own = eqs_audit_dup_error (control, "design"), *gradient = eqs_audit_dup_error (audit, "gradient_weights");
  g_autofree char *summary = NULL, *details = NULL, *drift = NULL;
  const EqsValue  *was = eqs_map_get (audit, "before");
  static const char *const styles[] = { "eq-good", "eq-warn", "eq-bad" };

  gtk_label_set_label (GTK_LABEL (self->pill), eqs_verdict_title (verdict));
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (self->pill, styles[i]);
  gtk_widget_add_css_class (self->pill, eqs_verdict_style (verdict));
  /* Translators: the largest error measured, the limit. */
  summary = g_strdup_printf (_("Largest error %s where the limit is %s; in 64 bit %s."), worst, limit, worst64);
  gtk_label_set_label (GTK_LABEL (self->summary), summary);
  details = g_strdup_printf (_("%s%s%.0f drawn inputs. %s. Median deviation over the spread of the answers: %s, of a control without the symmetry %s. Weight gradient of a moved sample: differs by %s."), reason == NULL ? "" : reason,
                             reason == NULL ? "" : " ", eqs_map_get_number (audit, "samples", 0), self->weights == NULL ? eqs_map_get_string (audit, "weights", "") : self->weights,
                             own, against, gradient);
  if (eqs_map_get_number (audit, "amplified", 1) > 1)
    {
      g_autofree char *amplified = eqs_audit_dup_error (audit, "amplified");
      /* Translators: a factor. The answer to an input can be a sum of large terms that nearly cancel. */
      g_autofree char *told = g_strdup_printf (_("The answer to one input nearly cancels: its errors are divided by %s, by which 64 bit shows that roundings grow."), amplified);
      char            *both = g_strconcat (details, " ", told, NULL);

      g_free (details);
      details = both;
    }
  gtk_label_set_label (GTK_LABEL (self->details), details);
  drift = was == NULL ? NULL : dup_drift (eqs_value_get_map (was));
  gtk_label_set_label (GTK_LABEL (self->drift), drift == NULL ? "" : drift);
  gtk_widget_set_visible (self->drift, drift != NULL);
  gtk_widget_remove_css_class (self->drift, "eq-warn");
  gtk_widget_remove_css_class (self->drift, "eq-second");
  gtk_widget_add_css_class (self->drift, was != NULL && has_drifted (eqs_value_get_map (was)) ? "eq-warn" : "eq-second");
  gtk_widget_set_visible (self->culprit, culprit != NULL);
  if (culprit != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("Show what breaks it: %s"), culprit);

      gtk_button_set_label (GTK_BUTTON (self->culprit), text);
      g_object_set_data_full (G_OBJECT (self->culprit), "path", g_strdup (culprit), g_free);
    }
}

/* What the data ask of this network that no weights could answer. */
static void
show_limit (EqsAuditPanel *self, const EqsMap *audit)
{
  const EqsValue  *found = eqs_map_get (audit, "limits");
  EqsColourLimit   limit = { 0, 0, 1 };
  g_autofree char *text = NULL;

  if (found != NULL && eqs_value_get_map (found) != NULL)
    eqs_colour_limit_from_map (eqs_value_get_map (found), &limit);
  text = eqs_colour_limit_dup_text (&limit);
  gtk_label_set_label (GTK_LABEL (self->limit), text == NULL ? "" : text);
  gtk_widget_set_visible (self->limit, text != NULL);
}

/* What was measured is not what there is: another design, or other weights. */
static void
show_stale (EqsAuditPanel *self)
{
  const gboolean changed = eqs_session_is_audit_stale (self->session);
  EqsModelSource *source = changed || self->weights == NULL ? NULL : eqs_session_dup_model_source (self->session);
  const gboolean  trained = source != NULL && strcmp (source->label, self->weights) != 0;

  g_clear_pointer (&source, eqs_model_source_unref);
  gtk_label_set_label (GTK_LABEL (self->stale), changed ? _("The design was changed since this was measured.") : _("The network was trained since this was measured. Audit again to see whether it drifts."));
  gtk_widget_set_visible (self->stale, changed || trained);
}

static void
update (EqsAuditPanel *self)
{
  const EqsMap *audit = eqs_session_get_audit (self->session);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), self->cancel != NULL ? "running" : audit == NULL ? "empty" : "report");
  if (audit == NULL)
    return;
  show_stale (self);
  show_summary (self, audit);
  show_limit (self, audit);
  eqs_audit_show_elements (self->elements, audit);
  show_nodes (self, audit);
}

static void
audited_cb (EqsSession *session, EqsAuditPanel *self)
{
  update (self);
}

static void
checked_cb (EqsSession *session, EqsAuditPanel *self)
{
  show_stale (self);
}

/* ---- measuring ---- */

typedef struct
{
  EqsModelSource *source;      /* owned */
  EqsDataset     *dataset;     /* owned (nullable) */
  char           *hash;        /* owned */
  EqsMap         *findings;    /* owned (nullable) */
  int             cancel, progress;   /* atomic */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  eqs_model_source_unref (job->source);
  g_clear_object (&job->dataset);
  g_clear_pointer (&job->findings, eqs_map_unref);
  g_free (job->hash);
  g_free (job);
}

static void
progress_cb (double done, gpointer data)
{
  if (done >= 0)
    g_atomic_int_set (&((Job *) data)->progress, (int) (1000 * done));
}

static void
audit_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job                 *job = data;
  GError              *error = NULL;
  EqsAuditOptions      options = EQS_AUDIT_OPTIONS_INIT;
  EqsColourLimit       limit;
  g_autoptr (EqsModel) model = eqs_model_source_open (job->source, &error);
  g_autoptr (EqkAudit) audit = NULL;

  options.cancel = &job->cancel;
  options.progress = progress_cb;
  options.data = job;
  audit = model == NULL ? NULL : eqs_audit_model (model, &options, &error);
  if (audit == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->findings = eqs_audit_to_map (audit);
  if (job->dataset != NULL && eqs_colour_limit_of_data (model->program, job->dataset, &limit))
    eqs_map_set (job->findings, "limits", eqs_value_new_object (eqs_colour_limit_to_map (&limit)));
  if (job->source->checkpoint != NULL)
    eqs_audit_save (audit, job->source->checkpoint, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
look_cb (gpointer data)
{
  EqsAuditPanel *self = data;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), g_atomic_int_get (self->progress) / 1000.0);
  return G_SOURCE_CONTINUE;
}

/* The audit of this design with other weights goes into the findings of the next: so drift is seen, and saved with them. */
static void
remember (EqsAuditPanel *self, EqsMap *findings, const char *label)
{
  const EqsMap *audit = eqs_session_get_audit (self->session);
  const double  was = audit == NULL ? NAN : eqs_map_get_number (audit, "worst", NAN), now = eqs_map_get_number (findings, "worst", NAN);
  EqsMap       *before;

  if (audit == NULL || eqs_session_is_audit_stale (self->session) || g_strcmp0 (self->weights, label) == 0)
    return;
  before = eqs_map_new ();
  eqs_map_set (before, "verdict", eqs_value_new_string (eqs_map_get_string (audit, "verdict", "inconclusive")));
  eqs_map_set (before, "weights", eqs_value_new_string (self->weights == NULL ? "" : self->weights));
  if (!isnan (was))
    eqs_map_set (before, "worst", eqs_value_new_number (was));
  if (was > 0 && now >= 0)
    eqs_map_set (before, "ratio", eqs_value_new_number (now / was));
  eqs_map_set (findings, "before", eqs_value_new_object (before));
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsAuditPanel *self = EQS_AUDIT_PANEL (source);
  Job           *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  const gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_handle_id (&self->timeout, g_source_remove);
  self->cancel = self->progress = NULL;
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)      /* the window has gone, and the session with it */
    return;
  if (ok)
    {
      remember (self, job->findings, job->source->label);
      g_free (self->weights);
      self->weights = g_strdup (job->source->label);
      eqs_session_set_audit (self->session, job->findings, job->hash);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    eqs_session_message (self->session, "%s", error->message);
  update (self);
}

void
eqs_audit_panel_start (EqsAuditPanel *self)
{
  g_return_if_fail (EQS_IS_AUDIT_PANEL (self));
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (self->cancel != NULL)
    return;
  job = g_new0 (Job, 1);
  job->source = eqs_session_dup_model_source (self->session);
  job->dataset = eqs_session_get_dataset (self->session) == NULL ? NULL : g_object_ref (eqs_session_get_dataset (self->session));
  job->hash = eqs_document_dup_hash (eqs_session_get_document (self->session));
  self->cancel = &job->cancel;
  self->progress = &job->progress;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), 0);
  self->timeout = g_timeout_add (250, look_cb, self);
  update (self);
  task = eqs_weak_task_new (self, NULL, done_cb, NULL, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, audit_worker);
}

gboolean
eqs_audit_panel_is_running (EqsAuditPanel *self)
{
  g_return_val_if_fail (EQS_IS_AUDIT_PANEL (self), FALSE);
  return self->cancel != NULL;
}

static void
start_cb (GtkButton *button, EqsAuditPanel *self)
{
  eqs_audit_panel_start (self);
}

static void
stop_cb (GtkButton *button, EqsAuditPanel *self)
{
  if (self->cancel != NULL)
    g_atomic_int_set (self->cancel, 1);
}

/* ---- the report as a file ---- */

static void
save_response_cb (GtkNativeDialog *dialog, int response, EqsAuditPanel *self)
{
  g_autoptr (GFile)    file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsValue) value = NULL;
  g_autofree char     *text = NULL;

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
  if (file == NULL || eqs_session_get_audit (self->session) == NULL)
    return;
  value = eqs_value_new_object (eqs_map_copy (eqs_session_get_audit (self->session)));
  if (g_str_has_suffix (g_file_peek_path (file), ".json"))
    text = eqs_value_to_text (value);
  else
    {
      g_autofree char *title = eqs_session_dup_title (self->session), *hash = eqs_document_dup_hash (eqs_session_get_document (self->session));

      text = eqs_audit_to_markdown (eqs_value_get_map (value), title, eqs_session_is_audit_stale (self->session) ? NULL : hash, self->weights);
    }
  if (!eqs_file_write_atomic (g_file_peek_path (file), text, -1, &error))
    eqs_session_message (self->session, "%s", error->message);
}

static void
save_cb (GtkButton *button, EqsAuditPanel *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("Save the findings"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                   _("Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "audit.md");
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- making it ---- */

static GtkWidget *
new_button (EqsAuditPanel *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
new_table (const char *name)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  gtk_widget_set_valign (grid, GTK_ALIGN_START);
  eqs_set_name (grid, name);
  return grid;
}

static GtkWidget *
make_report (EqsAuditPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *scroll = gtk_scrolled_window_new (), *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->pill = eqs_pill_new ("", "eq-good");
  gtk_widget_set_valign (self->pill, GTK_ALIGN_CENTER);
  self->summary = eqs_text_new ("", "eq-name");
  gtk_widget_set_hexpand (self->summary, TRUE);
  self->details = eqs_text_new ("", "eq-second");
  self->stale = eqs_text_new (_("The design was changed since this was measured."), "eq-warn");
  self->drift = eqs_text_new ("", "eq-second");
  self->limit = eqs_text_new ("", "eq-warn");
  self->culprit = new_button (self, "", G_CALLBACK (node_clicked_cb));
  self->again = new_button (self, _("Audit again"), G_CALLBACK (start_cb));
  self->save = new_button (self, _("Save the findings"), G_CALLBACK (save_cb));
  gtk_widget_set_tooltip_text (self->save, _("A page to read (audit.md), or all figures for programs (a name that ends in .json)"));
  self->elements = new_table (_("Elements of the group"));
  self->nodes = new_table (_("Layers"));
  gtk_box_append (GTK_BOX (head), self->pill);
  gtk_box_append (GTK_BOX (head), self->summary);
  gtk_box_append (GTK_BOX (buttons), self->culprit);
  gtk_box_append (GTK_BOX (buttons), self->save);
  gtk_box_append (GTK_BOX (buttons), self->again);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (left), self->elements);
  gtk_box_append (GTK_BOX (box), eqs_columns_new (head, buttons, 0.65, 0, 720, 12));
  gtk_box_append (GTK_BOX (box), self->stale);
  gtk_box_append (GTK_BOX (box), self->drift);
  gtk_box_append (GTK_BOX (box), self->limit);
  gtk_box_append (GTK_BOX (box), self->details);
  gtk_box_append (GTK_BOX (box), eqs_columns_new (left, self->nodes, 0.6, 0, 0, 16));
  gtk_widget_add_css_class (box, "eq-training");
  eqs_set_name (scroll, _("Findings"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), box);
  return scroll;
}

static GtkWidget *
make_centre (GtkWidget *first, GtkWidget *second)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (second, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  return box;
}

/* The task keeps the panel alive; without a window there is nobody to tell. */
static void
eqs_audit_panel_unroot (GtkWidget *widget)
{
  if (EQS_AUDIT_PANEL (widget)->cancel != NULL)
    g_atomic_int_set (EQS_AUDIT_PANEL (widget)->cancel, 1);

  GTK_WIDGET_CLASS (eqs_audit_panel_parent_class)->unroot (widget);
}

static void
eqs_audit_panel_dispose (GObject *object)
{
  EqsAuditPanel *self = EQS_AUDIT_PANEL (object);

  if (self->cancel != NULL)
    g_atomic_int_set (self->cancel, 1);
  self->cancel = self->progress = NULL;      /* the job is freed when the thread has ended */
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_audit_panel_parent_class)->dispose (object);
}

static void
eqs_audit_panel_finalize (GObject *object)
{
  g_free (EQS_AUDIT_PANEL (object)->weights);

  G_OBJECT_CLASS (eqs_audit_panel_parent_class)->finalize (object);
}

static void
eqs_audit_panel_class_init (EqsAuditPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_audit_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_audit_panel_finalize;
  GTK_WIDGET_CLASS (klass)->unroot = eqs_audit_panel_unroot;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_audit_panel_init (EqsAuditPanel *self)
{
  self->stack = gtk_stack_new ();
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  self->start = new_button (self, _("Start the audit"), G_CALLBACK (start_cb));
  gtk_widget_add_css_class (self->start, "pill");
  gtk_widget_add_css_class (self->start, "suggested-action");
  self->stop = new_button (self, _("Stop the audit"), G_CALLBACK (stop_cb));
  self->bar = gtk_progress_bar_new ();
  gtk_widget_set_size_request (self->bar, 320, -1);
  eqs_set_name (self->bar, _("Audit progress"));
  gtk_stack_add_named (GTK_STACK (self->stack), make_centre (eqs_text_new (_("Not measured yet. What is shown on the canvas is foretold."), NULL), self->start), "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), make_centre (self->bar, self->stop), "running");
  gtk_stack_add_named (GTK_STACK (self->stack), make_report (self), "report");
  eqs_set_name (GTK_WIDGET (self), _("Audit"));
}

GtkWidget *
eqs_audit_panel_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsAuditPanel *self = g_object_new (EQS_TYPE_AUDIT_PANEL, NULL);

  self->session = g_object_ref (session);
  gtk_box_prepend (GTK_BOX (gtk_widget_get_parent (self->elements)), eqs_element_plot_new (session));
  g_signal_connect_object (session, "audited", G_CALLBACK (audited_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  g_signal_connect_object (session, "weights-changed", G_CALLBACK (checked_cb), self, 0);
  update (self);
  return GTK_WIDGET (self);
}
