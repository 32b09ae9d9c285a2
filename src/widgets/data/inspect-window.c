/* A worker opens the data where no one has yet, and inspects them; the pages show the part that is chosen. */

#include "widgets/data/inspect-window.h"

#include "draw/number-text.h"
#include "draw/plan.h"
#include "draw/rose.h"
#include "services/bound-data.h"
#include "widgets/chooser.h"
#include "widgets/data/class-bars.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MOST_ROWS 400

struct _EqsInspectWindow
{
  GtkWindow      parent_instance;

  EqsSession    *session;         /* owned */
  EqsInspection *found;           /* owned (nullable) */
  GCancellable  *cancellable;     /* owned */
  char          *name;            /* owned: of the data, for file names */

  GtkWidget     *summary, *refusal, *spinner, *part, *switcher, *pages, *grid, *bars, *no_classes, *directions, *rose, *list, *save;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsInspectWindow, eqs_inspect_window, GTK_TYPE_WINDOW)

typedef struct
{
  EqsDocument   *document;        /* owned: a copy */
  EqsDataset    *dataset;         /* owned (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->document);
  g_clear_object (&job->dataset);
  g_free (job);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job           *job = data;
  GError        *error = NULL;
  EqsInspection *found;

  if (job->dataset == NULL)
    job->dataset = eqs_bound_data_open (job->document, NULL, &error);
  found = job->dataset == NULL ? NULL : eqs_inspection_new (job->dataset, cancellable);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, found, (GDestroyNotify) eqs_inspection_free);
}

/* ---- columns ---- */

static void
put (EqsInspectWindow *self, const char *text, int column, int row, gboolean number)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (row == 0)
    gtk_widget_add_css_class (label, "eq-second");
  else if (number)
    eqs_label_set_number (label);
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
}

static char *
dup_title (const EqsColumnFacts *facts)
{
  if (facts->kind == EQS_FACTS_COMPONENT)
    return g_strdup_printf ("    %s[%u]", facts->name, facts->component);
  if (facts->kind == EQS_FACTS_LENGTH)
    /* Translators: a column of arrows */
    return g_strdup_printf (_("    length of %s"), facts->name);
  if (strcmp (facts->name, "(nodes)") == 0)
    return g_strdup (_("nodes of a sample"));
  return g_strdup (strcmp (facts->name, "(edges)") == 0 ? _("edges of a sample") : facts->name);
}

static void
show_facts (EqsInspectWindow *self, const EqsColumnFacts *facts, int row)
{
  g_autofree char *title = dup_title (facts), *n = eqs_count_dup_text ((gint64) facts->n), *missing = eqs_count_dup_text ((gint64) facts->n_missing);
  const double     numbers[] = { facts->min, facts->mean, facts->spread, facts->max };
  GtkWidget       *cell;

  put (self, title, 0, row, FALSE);
  put (self, n, 1, row, TRUE);
  put (self, missing, 2, row, TRUE);
  cell = gtk_grid_get_child_at (GTK_GRID (self->grid), 2, row);
  if (facts->n_missing > 0)
    gtk_widget_add_css_class (cell, "eq-bad");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = eqs_number_dup_text (numbers[i], 4);

      put (self, text, 3 + (int) i, row, TRUE);
    }
  if (facts->n_unknown > 0)
    {
      g_autofree char *unknown = g_strdup_printf (_("%zu not known in this part"), (gsize) facts->n_unknown);

      put (self, unknown, 7, row, FALSE);
    }
  else
    put (self, facts->unit == NULL ? "" : facts->unit, 7, row, FALSE);
}

static void
show_columns (EqsInspectWindow *self, const EqsInspectedPart *part)
{
  static const char *const titles[] = { N_("Column"), N_("Numbers"), N_("Missing"), N_("Least"), N_("Mean"), N_("Spread"), N_("Largest"), N_("Unit") };

  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->grid)) != NULL;)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    put (self, _(titles[i]), (int) i, 0, i > 0 && i < 7);
  for (guint i = 0; i < MIN (part->columns->len, MOST_ROWS); i++)
    show_facts (self, &g_array_index (part->columns, EqsColumnFacts, i), 1 + (int) i);
}

/* ---- directions ---- */

static const EqsInspectedPart *
chosen (EqsInspectWindow *self)
{
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->part));

  return self->found != NULL && at < self->found->n_parts ? &self->found->parts[at] : NULL;
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const EqsInspectedPart *part = chosen (data);
  const EqsPlotTheme      theme = eqs_theme_plot (GTK_WIDGET (area));

  if (part == NULL || part->orientation.n == 0)
    return;
  if (part->orientation.kind == EQS_ORIENTATION_SPACE)
    eqs_disc_draw (cr, part->orientation.counts, EQS_ORIENTATION_RINGS, EQS_ORIENTATION_SECTORS, width, height, &theme);
  else
    eqs_rose_draw (cr, part->orientation.counts, part->orientation.n_bins, part->orientation.kind == EQS_ORIENTATION_PLANE, width, height, &theme);
}

static void
show_directions (EqsInspectWindow *self, const EqsOrientation *orientation)
{
  static const char *const what[] = { "", N_("Each picture counts once, by the direction from dark to light that most of its edges have. The dashed ring: all alike."),
                                      N_("Each sample counts once, by the axis along which its points spread most. The dashed ring: all alike."),
                                      N_("Each sample counts once, by the axis along which its points spread most: the upper half of the sphere seen from z, in equal areas.") };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *found = eqs_orientation_dup_text (orientation);

  g_string_append (text, found);
  if (orientation->n > 0)
    g_string_append_printf (text, " %s", _(what[orientation->kind]));
  if (orientation->n_without > 0 && orientation->n > 0)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, " %u sample has no direction of its own.", " %u samples have no direction of their own.", orientation->n_without), orientation->n_without);
  gtk_label_set_label (GTK_LABEL (self->directions), text->str);
  gtk_widget_set_visible (self->rose, orientation->n > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rose), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, found, -1);
  gtk_widget_queue_draw (self->rose);
}

/* ---- duplicates ---- */

static void
show_duplicates (EqsInspectWindow *self)
{
  const EqsSurvey *survey = self->found->survey;

  eqs_box_clear (self->list);
  if (survey->equal->len == 0)
    eqs_row_append_text (self->list, _("No two samples are equal."), "");
  for (guint i = 0; i < MIN (survey->equal->len, MOST_ROWS); i++)
    {
      const EqsSurveyLeak *pair = &g_array_index (survey->equal, EqsSurveyLeak, i);
      /* Translators: a part and the number of a sample in it, twice. */
      g_autofree char     *text = g_strdup_printf (_("%s %u is %s %u"), survey->parts[pair->other].name, pair->other_row, survey->parts[pair->part].name, pair->row);

      eqs_row_append_text (self->list, text, pair->part != pair->other ? _("across parts") : "");
    }
  if (survey->equal->len > MOST_ROWS)
    {
      g_autofree char *more = g_strdup_printf (_("%u more; all of them stand in the CSV."), survey->equal->len - MOST_ROWS);

      eqs_row_append_text (self->list, more, "");
    }
}

/* ---- all of it ---- */

static void
show_part (EqsInspectWindow *self)
{
  const EqsInspectedPart *part = chosen (self);
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->part));
  gboolean    classes;

  if (part == NULL)
    return;
  gtk_widget_set_visible (self->refusal, part->refusal != NULL);
  gtk_label_set_label (GTK_LABEL (self->refusal), part->refusal == NULL ? "" : part->refusal);
  show_columns (self, part);
  classes = self->found->survey->parts[at].counts != NULL;
  gtk_widget_set_visible (self->no_classes, !classes);
  eqs_class_bars_set (self->bars, self->found->survey, at);
  show_directions (self, &part->orientation);
}

static char *
dup_summary (const EqsInspection *found)
{
  g_autofree char *missing = found->n_missing == 0 ? g_strdup (_("No value is missing.")) :
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu value is missing; training refuses a part with missing values.", "%zu values are missing; training refuses a part with missing values.",
                                  found->n_missing), (gsize) found->n_missing);
  g_autofree char *equal = found->survey->equal->len == 0 ? g_strdup (_("No two samples are equal.")) :
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u sample equals an earlier one.", "%u samples equal an earlier one.", found->survey->equal->len), found->survey->equal->len);

  return g_strconcat (missing, " ", equal, NULL);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsInspectWindow  *self = EQS_INSPECT_WINDOW (source);
  Job               *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  EqsInspection     *found = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GtkStringList) names = NULL;
  g_autofree char   *summary = NULL;

  if (self->session == NULL)      /* closed */
    {
      g_clear_pointer (&found, eqs_inspection_free);
      return;
    }
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_set_visible (self->spinner, FALSE);
  if (found == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->summary), error == NULL ? "" : error->message);
      return;
    }
  self->found = found;
  self->name = g_strdup (eqs_dataset_get_name (job->dataset));
  names = gtk_string_list_new (NULL);
  for (guint i = 0; i < found->n_parts; i++)
    gtk_string_list_append (names, found->parts[i].name);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->part), G_LIST_MODEL (names));
  eqs_drop_down_set_name (self->part, _("Part to look at"));
  summary = dup_summary (found);
  gtk_label_set_label (GTK_LABEL (self->summary), summary);
  show_duplicates (self);
  show_part (self);
  gtk_widget_set_visible (self->part, TRUE);
  gtk_widget_set_visible (self->switcher, TRUE);
  gtk_widget_set_visible (self->pages, TRUE);
  gtk_widget_set_visible (self->save, TRUE);
}

/* ---- CSV ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (EqsSession) session = data;
  g_autoptr (GError)     error = NULL;
  g_autofree char       *path = g_file_get_path (G_FILE (source));

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    eqs_session_message (session, _("“%s” is written."), path);
  else
    eqs_session_message (session, "%s", error->message);
}

typedef struct { EqsInspectWindow *self; EqsInspectionTable table; } Saving;

static void
save_response_cb (GtkNativeDialog *dialog, int response, Saving *saving)
{
  g_autoptr (GFile)  file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  EqsInspectWindow  *self = saving->self;
  char              *csv;
  g_autoptr (GBytes) bytes = NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL && self->session != NULL)
    {
      csv = eqs_inspection_dup_csv (self->found, saving->table);
      bytes = g_bytes_new_take (csv, strlen (csv));
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb, g_object_ref (self->session));
    }
  g_object_unref (self);
  g_free (saving);
  g_object_unref (dialog);
}

static void
save_cb (GtkButton *button, EqsInspectWindow *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("Save as CSV"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"));
  Saving          *saving = g_new0 (Saving, 1);
  g_autofree char *name = NULL;

  saving->self = g_object_ref (self);
  eqs_inspection_find_table (gtk_stack_get_visible_child_name (GTK_STACK (self->pages)), &saving->table);
  name = g_strdup_printf ("%s-%s.csv", self->name, eqs_inspection_table_name (saving->table));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect (chooser, "response", G_CALLBACK (save_response_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

const EqsInspection *
eqs_inspect_window_get_found (EqsInspectWindow *self)
{
  g_return_val_if_fail (EQS_IS_INSPECT_WINDOW (self), NULL);
  return self->found;
}

/* ---- making it ---- */

static void
eqs_inspect_window_dispose (GObject *object)
{
  EqsInspectWindow *self = EQS_INSPECT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    eqs_class_bars_set (self->bars, NULL, 0);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_inspect_window_parent_class)->dispose (object);
}

static void
eqs_inspect_window_finalize (GObject *object)
{
  EqsInspectWindow *self = EQS_INSPECT_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->found, eqs_inspection_free);
  g_free (self->name);

  G_OBJECT_CLASS (eqs_inspect_window_parent_class)->finalize (object);
}

static void
eqs_inspect_window_class_init (EqsInspectWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_inspect_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_inspect_window_finalize;
}

static GtkWidget *
new_columns_page (EqsInspectWindow *self)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();

  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  gtk_widget_set_halign (self->grid, GTK_ALIGN_START);
  gtk_widget_set_valign (self->grid, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), self->grid);
  eqs_set_name (scroll, _("Columns"));
  return scroll;
}

static GtkWidget *
new_classes_page (EqsInspectWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->no_classes = eqs_text_new (_("This part has no classes."), "eq-second");
  self->bars = eqs_class_bars_new ();
  eqs_picture_offer (self->bars, _("Classes"));
  gtk_box_append (GTK_BOX (box), self->no_classes);
  gtk_box_append (GTK_BOX (box), self->bars);
  return eqs_scrolled_new (box, _("Classes"));
}

static GtkWidget *
new_directions_page (EqsInspectWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->directions = eqs_text_new ("", NULL);
  self->rose = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->rose), draw_cb, self, NULL);
  gtk_widget_set_size_request (self->rose, 240, 240);
  gtk_widget_set_vexpand (self->rose, TRUE);
  eqs_set_name (self->rose, _("Directions"));
  eqs_picture_offer (self->rose, _("Directions"));
  gtk_box_append (GTK_BOX (box), self->directions);
  gtk_box_append (GTK_BOX (box), self->rose);
  return eqs_scrolled_new (box, _("Directions"));
}

static GtkWidget *
new_duplicates_page (EqsInspectWindow *self)
{
  self->list = eqs_boxed_list_new (_("Samples that are equal"));
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  return eqs_scrolled_new (self->list, _("Samples that are equal"));
}

static void
eqs_inspect_window_init (EqsInspectWindow *self)
{
  static const char *const titles[EQS_N_TABLES] = { N_("Columns"), N_("Classes"), N_("Directions"), N_("Duplicates") };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->cancellable = g_cancellable_new ();
  self->summary = eqs_text_new (_("Reading all samples."), "eq-name");
  gtk_widget_set_hexpand (self->summary, TRUE);
  self->refusal = eqs_text_new ("", "eq-bad");
  self->spinner = gtk_spinner_new ();
  eqs_set_name (self->spinner, _("Reading"));
  self->part = gtk_drop_down_new (NULL, NULL);
  g_signal_connect_swapped (self->part, "notify::selected", G_CALLBACK (show_part), self);
  self->pages = gtk_stack_new ();
  gtk_widget_set_vexpand (self->pages, TRUE);
  for (guint i = 0; i < EQS_N_TABLES; i++)
    gtk_stack_add_titled (GTK_STACK (self->pages), i == EQS_TABLE_COLUMNS ? new_columns_page (self) : i == EQS_TABLE_CLASSES ? new_classes_page (self) :
                          i == EQS_TABLE_ORIENTATION ? new_directions_page (self) : new_duplicates_page (self), eqs_inspection_table_name (i), _(titles[i]));
  self->switcher = gtk_stack_switcher_new ();
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (self->switcher), GTK_STACK (self->pages));
  self->save = gtk_button_new_with_label (_("Save as CSV"));
  gtk_widget_set_halign (self->save, GTK_ALIGN_END);
  g_signal_connect (self->save, "clicked", G_CALLBACK (save_cb), self);
  gtk_box_append (GTK_BOX (line), self->summary);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (line), self->part);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->refusal);
  gtk_box_append (GTK_BOX (box), eqs_line_scrolled_new (self->switcher, _("Tables")));
  gtk_box_append (GTK_BOX (box), self->pages);
  gtk_box_append (GTK_BOX (box), self->save);
  for (GtkWidget **hidden = (GtkWidget *[]) { self->refusal, self->part, self->switcher, self->pages, self->save, NULL }; *hidden != NULL; hidden++)
    gtk_widget_set_visible (*hidden, FALSE);
  gtk_widget_add_css_class (box, "eq-sheet-part");
  gtk_window_set_child (GTK_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("What the data hold"));
  gtk_window_set_default_size (GTK_WINDOW (self), 800, 540);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  eqs_close_on_escape (GTK_WIDGET (self));
}

GtkWidget *
eqs_inspect_window_new (GtkWindow *parent, EqsSession *session, EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsInspectWindow *self = g_object_new (EQS_TYPE_INSPECT_WINDOW, "transient-for", parent, NULL);
  Job              *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = eqs_weak_task_new (self, self->cancellable, found_cb, NULL, NULL);

  self->session = g_object_ref (session);
  job->document = eqs_document_dup (eqs_session_get_document (session));
  if (dataset == NULL)
    dataset = eqs_session_get_dataset (session);
  job->dataset = dataset == NULL ? NULL : g_object_ref (dataset);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
  return GTK_WIDGET (self);
}
