#include "widgets/export/export-sizes.h"

#include "services/export.h"
#include "widgets/numbers.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>

struct _EqsExportSizeRows
{
  GtkWidget      parent_instance;

  EqsSession    *session;                                        /* owned */
  GtkWidget     *list;                                           /* owned by being the child */
  GtkWidget     *constants, *expanded, *expanded_row, *arena, *code, *stack;    /* borrowed: labels, and a row */
  EqsExportSizes sizes;
  guint          wish;                                           /* the newest measurement */
};

G_DEFINE_FINAL_TYPE (EqsExportSizeRows, eqs_export_sizes, GTK_TYPE_WIDGET)

/* Knows the rows weakly: a task that owned them could be the last to do so, and let them go in its own thread. */
typedef struct
{
  GWeakRef          rows;
  EqsModelSource   *source;      /* owned */
  EqsExportCOptions options;
  EqsExportSizes    sizes;
  guint             wish;
} Measure;

static void
measure_free (gpointer data)
{
  Measure *measure = data;

  g_weak_ref_clear (&measure->rows);
  eqs_model_source_unref (measure->source);
  g_free (measure);
}

static void
measure_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Measure *measure = data;
  GError  *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_source_open (measure->source, &error);

  if (model == NULL || !eqs_export_c_measure (model, &measure->options, &measure->sizes, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
tell (GtkWidget *label, const char *title, gboolean known, gsize bytes)
{
  g_autofree char *text = known ? eqs_bytes_dup_text (bytes) : g_strdup ("–"), *name = g_strdup_printf ("%s: %s", title, text);

  gtk_label_set_label (GTK_LABEL (label), text);
  eqs_set_name (gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW), name);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Measure       *measure = g_task_get_task_data (G_TASK (result));
  const gboolean known = g_task_propagate_boolean (G_TASK (result), NULL);      /* why not is told where it is written */
  g_autoptr (EqsExportSizeRows) self = g_weak_ref_get (&measure->rows);

  if (self == NULL || self->session == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL || measure->wish != self->wish)
    return;
  self->sizes = measure->sizes;
  tell (self->constants, _("Constants in flash"), known, measure->sizes.table_bytes);
  tell (self->expanded, _("Expanded weights in memory"), known, measure->sizes.expanded_bytes);
  tell (self->arena, _("Working memory"), known, measure->sizes.arena_bytes);
  tell (self->code, _("Code, compiled here for size"), known && measure->sizes.code_bytes > 0, measure->sizes.code_bytes);
  tell (self->stack, _("Stack, without the C library’s"), known && measure->sizes.stack_bytes > 0, measure->sizes.stack_bytes);
  gtk_widget_set_visible (self->expanded_row, measure->options.compact);
}

void
eqs_export_sizes_measure (EqsExportSizeRows *self, gboolean plain, gboolean compact)
{
  g_return_if_fail (EQS_IS_EXPORT_SIZES (self));
  g_autoptr (GTask) task = g_task_new (NULL, NULL, measured_cb, NULL);
  Measure *measure = g_new0 (Measure, 1);

  g_weak_ref_init (&measure->rows, self);
  measure->source = eqs_session_dup_model_source (self->session);
  measure->options = (EqsExportCOptions){ .plain = plain, .compact = compact };
  measure->wish = ++self->wish;
  self->sizes = (EqsExportSizes){ 0 };
  g_task_set_task_data (task, measure, measure_free);
  g_task_run_in_thread (task, measure_worker);
}

gsize
eqs_export_sizes_get_constants (EqsExportSizeRows *self)
{
  g_return_val_if_fail (EQS_IS_EXPORT_SIZES (self), 0);
  return self->sizes.table_bytes;
}

static GtkWidget *
append (EqsExportSizeRows *self, const char *title)
{
  GtkWidget *label = gtk_label_new ("…");

  gtk_widget_add_css_class (label, "eq-name");
  gtk_widget_add_css_class (label, "eq-number");
  eqs_row_append (self->list, title, label);
  return label;
}

GtkWidget *
eqs_export_sizes_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsExportSizeRows *self = g_object_new (EQS_TYPE_EXPORT_SIZES, NULL);
  const EqsCheck    *check = eqs_session_get_check (session);
  g_autofree char   *parameters = eqs_count_dup_text (check == NULL ? 0 : check->parameters), *macs = eqs_macs_dup_text (check == NULL ? 0 : check->macs);

  self->session = g_object_ref (session);
  eqs_row_append_text (self->list, _("Parameters"), parameters);
  self->constants = append (self, _("Constants in flash"));
  self->expanded = append (self, _("Expanded weights in memory"));
  self->expanded_row = gtk_widget_get_ancestor (self->expanded, GTK_TYPE_LIST_BOX_ROW);
  gtk_widget_set_visible (self->expanded_row, FALSE);
  self->code = append (self, _("Code, compiled here for size"));
  self->arena = append (self, _("Working memory"));
  self->stack = append (self, _("Stack, without the C library’s"));
  eqs_row_append_text (self->list, _("Multiply-adds, one sample"), macs);
  return GTK_WIDGET (self);
}

static void
eqs_export_sizes_dispose (GObject *object)
{
  EqsExportSizeRows *self = EQS_EXPORT_SIZES (object);

  g_clear_pointer (&self->list, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_export_sizes_parent_class)->dispose (object);
}

static void
eqs_export_sizes_class_init (EqsExportSizeRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_export_sizes_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_export_sizes_init (EqsExportSizeRows *self)
{
  self->list = eqs_boxed_list_new (_("Sizes"));
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}
