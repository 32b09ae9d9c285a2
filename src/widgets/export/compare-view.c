/* One worker a comparison: it loads the test part, opens the weights that were exported, compiles and runs. The newest wish wins. */

#include "widgets/export/compare-view.h"

#include "draw/number-text.h"
#include "services/compare-c.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST_ROWS 12

struct _EqsCompareView
{
  GtkWidget       parent_instance;

  EqsSession     *session;             /* owned */
  EqsModelSource *source;              /* owned (nullable) */
  char           *folder, *prefix;     /* owned (nullable) */
  char           *text;                /* owned (nullable) */
  guint           wish;
  GtkWidget      *box;                 /* owned by being the child */
  GtkWidget      *sample, *spinner, *said, *grid;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsCompareView, eqs_compare_view, GTK_TYPE_WIDGET)

typedef struct
{
  EqsModelSource *source;              /* owned */
  EqsDataset     *dataset;             /* owned */
  char           *folder, *prefix;     /* owned */
  guint           sample, wish, n_samples;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  eqs_model_source_unref (work->source);
  g_object_unref (work->dataset);
  g_free (work->folder);
  g_free (work->prefix);
  g_free (work);
}

static void
compare_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work  *work = data;
  GError *error = NULL;
  g_autoptr (EqsModel) model = eqs_model_source_open (work->source, &error);
  g_autoptr (EqsSplit) split = model == NULL ? NULL : eqs_dataset_load (work->dataset, eqs_dataset_has_split (work->dataset, "test") ? "test" : "train", &error);
  GPtrArray *outputs = NULL;

  if (split != NULL)
    {
      work->n_samples = eqs_split_get_n (split);
      work->sample = work->n_samples == 0 ? 0 : MIN (work->sample, work->n_samples - 1);
      outputs = eqs_compare_c (model, split, work->sample, work->folder, work->prefix, &error);
    }
  if (outputs == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, outputs, (GDestroyNotify) g_ptr_array_unref);
}

/* ---- what is shown ---- */

static void
append_cell (EqsCompareView *self, const char *text, const char *style, int column, int row)
{
  GtkWidget *label = eqs_line_new (text, style);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
}

static void
append_number (EqsCompareView *self, const EqsComparedOutput *output, gsize i, int row)
{
  g_autofree char *name = output->n == 1 ? g_strdup (output->name) : g_strdup_printf ("%s %" G_GSIZE_FORMAT, output->name, i);
  g_autofree char *studio = eqs_number_dup_text ((double) output->studio[i], 7), *code = eqs_number_dup_text ((double) output->code[i], 7);
  g_autofree char *difference = eqs_number_dup_text (fabs ((double) output->studio[i] - (double) output->code[i]), 2);

  append_cell (self, name, NULL, 0, row);
  append_cell (self, studio, "eq-number", 1, row);
  append_cell (self, code, "eq-number", 2, row);
  append_cell (self, difference, "eq-number", 3, row);
}

static void
clear_grid (EqsCompareView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
}

/* @return the sentence of one output. (transfer full) */
static char *
sentence_of (const EqsComparedOutput *output)
{
  g_autofree char *largest = eqs_number_dup_text (output->largest, 2), *relative = eqs_number_dup_text (output->largest / output->scale, 2);

  /* Translators: the name of an output, its largest difference, the same divided by its largest number, how many numbers it has. */
  return g_strdup_printf (_("%s: largest difference %s, %s of its largest number, over %u numbers."), output->name, largest, relative, (guint) output->n);
}

static void
show_outputs (EqsCompareView *self, GPtrArray *outputs)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int row = 1;

  append_cell (self, _("Output"), "eq-second", 0, 0);
  append_cell (self, _("Studio"), "eq-second", 1, 0);
  append_cell (self, _("C code"), "eq-second", 2, 0);
  append_cell (self, _("Difference"), "eq-second", 3, 0);
  for (guint o = 0; o < outputs->len; o++)
    {
      const EqsComparedOutput *output = g_ptr_array_index (outputs, o);
      g_autofree char         *sentence = sentence_of (output);

      g_string_append_printf (text, "%s%s", o == 0 ? "" : "\n", sentence);
      for (gsize i = 0; i < output->n && row <= MOST_ROWS; i++)
        append_number (self, output, i, row++);
    }
  g_free (self->text);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
}

static void
compared_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  EqsCompareView *self = EQS_COMPARE_VIEW (object);
  Work           *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)    error = NULL;
  g_autoptr (GPtrArray) outputs = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->box == NULL || work->wish != self->wish)
    return;
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  clear_grid (self);
  if (work->n_samples > 0)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->sample), 0, work->n_samples - 1);
  if (outputs != NULL)
    show_outputs (self, outputs);
  else
    {
      g_free (self->text);
      self->text = g_strdup (error->message);
    }
  gtk_label_set_label (GTK_LABEL (self->said), self->text);
}

void
eqs_compare_view_compare (EqsCompareView *self, guint sample)
{
  g_return_if_fail (EQS_IS_COMPARE_VIEW (self));
  g_autoptr (GTask) task = NULL;
  Work *work;

  if (self->source == NULL || eqs_session_get_dataset (self->session) == NULL)
    return;
  g_clear_pointer (&self->text, g_free);
  work = g_new0 (Work, 1);
  work->source = eqs_model_source_ref (self->source);
  work->dataset = g_object_ref (eqs_session_get_dataset (self->session));
  work->folder = g_strdup (self->folder);
  work->prefix = g_strdup (self->prefix);
  work->sample = sample;
  work->wish = ++self->wish;
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  task = eqs_weak_task_new (self, NULL, compared_cb, NULL, NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, compare_worker);
}

void
eqs_compare_view_set_code (EqsCompareView *self, EqsModelSource *source, const char *folder, const char *prefix)
{
  g_return_if_fail (EQS_IS_COMPARE_VIEW (self));

  EqsModelSource *held = eqs_model_source_ref (source);

  g_clear_pointer (&self->source, eqs_model_source_unref);
  self->source = held;
  g_free (self->folder);
  self->folder = g_strdup (folder);
  g_free (self->prefix);
  self->prefix = g_strdup (prefix);
  gtk_widget_set_visible (GTK_WIDGET (self), eqs_session_get_dataset (self->session) != NULL);
  eqs_compare_view_compare (self, (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->sample)));
}

const char *
eqs_compare_view_get_text (EqsCompareView *self)
{
  g_return_val_if_fail (EQS_IS_COMPARE_VIEW (self), NULL);
  return self->text;
}

static void
sample_cb (GtkSpinButton *spin, EqsCompareView *self)
{
  eqs_compare_view_compare (self, (guint) gtk_spin_button_get_value_as_int (spin));
}

/* ---- life ---- */

static void
eqs_compare_view_dispose (GObject *object)
{
  EqsCompareView *self = EQS_COMPARE_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->source, eqs_model_source_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_compare_view_parent_class)->dispose (object);
}

static void
eqs_compare_view_finalize (GObject *object)
{
  EqsCompareView *self = EQS_COMPARE_VIEW (object);

  g_free (self->folder);
  g_free (self->prefix);
  g_free (self->text);

  G_OBJECT_CLASS (eqs_compare_view_parent_class)->finalize (object);
}

static void
eqs_compare_view_class_init (EqsCompareViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_compare_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_compare_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_compare_view_init (EqsCompareView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *heading = eqs_heading_new (_("One sample, in the studio and in the C code"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->sample = gtk_spin_button_new_with_range (0, G_MAXINT, 1);
  self->spinner = gtk_spinner_new ();
  self->said = eqs_text_new ("", NULL);
  self->grid = gtk_grid_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->sample), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->sample), 7);
  eqs_set_name (self->sample, _("Sample to compare"));
  eqs_set_name (self->spinner, _("Comparing"));
  eqs_set_name (self->grid, _("Numbers of both"));
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 24);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_hexpand (heading, TRUE);
  g_signal_connect (self->sample, "value-changed", G_CALLBACK (sample_cb), self);
  gtk_box_append (GTK_BOX (line), heading);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (line), eqs_line_new (_("Sample"), "eq-second"));
  gtk_box_append (GTK_BOX (line), self->sample);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->said);
  gtk_box_append (GTK_BOX (self->box), self->grid);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  eqs_set_name (GTK_WIDGET (self), _("One sample, in the studio and in the C code"));
}

GtkWidget *
eqs_compare_view_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsCompareView *self = g_object_new (EQS_TYPE_COMPARE_VIEW, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
