/* One page is read at a time, by a worker; the newest wish counts. */

#include "widgets/data/data-browser.h"

#include "draw/number-text.h"
#include "widgets/columns.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"
#include "widgets/space/frames-window.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE 12
#define SIZE 56

struct _EqsDataBrowser
{
  GtkWidget   parent_instance;

  EqsSession *session;                 /* owned */
  EqsSplit   *split;                   /* owned (nullable): of the page */
  GArray     *numbers;                 /* owned (nullable): of guint, samples of the page */
  guint       first, n_found, wish;
  gboolean    stale, showing;

  GtkWidget  *box, *part, *class, *flow, *place, *before, *next, *film;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsDataBrowser, eqs_data_browser, GTK_TYPE_WIDGET)

typedef struct
{
  EqsDataset *dataset;
  char       *part;
  int         class;            /* -1: all */
  guint       first, wish;
  /* found */
  guint       n_found, n_classes;
  char      **names;
  GPtrArray  *pictures;         /* of EqsSamplePicture, may be NULL each */
  GPtrArray  *texts;            /* of char */
  GArray     *numbers;          /* of guint */
  EqsSplit   *split;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_object_unref (page->dataset);
  g_free (page->part);
  g_strfreev (page->names);
  g_clear_pointer (&page->pictures, g_ptr_array_unref);
  g_clear_pointer (&page->texts, g_ptr_array_unref);
  g_clear_pointer (&page->numbers, g_array_unref);
  g_clear_pointer (&page->split, eqs_split_unref);
  g_free (page);
}

static void
picture_free (gpointer data)
{
  if (data != NULL)
    eqs_sample_picture_unref (data);
}

/* ---- reading ---- */

static const EqsColumn *
label_of (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->values == EQS_VALUES_LABEL && column->kind == EQS_COLUMN_FIXED && column->n_values == 1)
        return column;
    }
  return NULL;
}

/* "7", "boat", "energy -3.2 eV", "9 nodes" */
static char *
dup_text (EqsSplit *split, const EqsColumn *label, guint sample)
{
  const EqsColumn *target = label != NULL ? label : eqs_split_find_target (split, NULL);

  if (label != NULL)
    {
      gint32 class = 0;

      eqs_split_copy_int (split, label, &sample, 1, &class);
      return label->class_names != NULL && class >= 0 && (guint) class < label->n_classes ? g_strdup (label->class_names[class]) : g_strdup_printf ("%d", class);
    }
  if (target != NULL && target->kind == EQS_COLUMN_FIXED && target->n_values == 1 && target->values != EQS_VALUES_LABEL)
    {
      g_autofree char *number = NULL;
      float            value = 0;

      eqs_split_copy (split, target, &sample, 1, &value);
      number = eqs_number_dup_text ((double) value, 4);
      return g_strdup_printf ("%s %s%s%s", target->name, number, target->unit == NULL ? "" : " ", target->unit == NULL ? "" : target->unit);
    }
  if (eqs_split_is_ragged (split))
    {
      const guint n = (guint) eqs_split_get_n_nodes (split, sample);

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u node", "%u nodes", n), n);
    }
  return g_strdup ("");
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Page              *page = data;
  GError            *error = NULL;
  g_autoptr (EqsSplit) split = eqs_dataset_load (page->dataset, page->part, &error);
  const EqsColumn   *label = split == NULL ? NULL : label_of (split);
  g_autofree gint32 *labels = NULL;

  if (split == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  page->pictures = g_ptr_array_new_with_free_func (picture_free);
  page->texts = g_ptr_array_new_with_free_func (g_free);
  page->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  page->split = eqs_split_ref (split);
  if (label != NULL)
    {
      labels = g_new (gint32, eqs_split_get_n (split) + 1);
      eqs_split_copy_int (split, label, NULL, eqs_split_get_n (split), labels);
      page->n_classes = label->n_classes;
      page->names = label->class_names == NULL ? NULL : g_strdupv (label->class_names);
    }
  for (guint i = 0; i < eqs_split_get_n (split); i++)
    {
      if (page->class >= 0 && labels != NULL && labels[i] != page->class)
        continue;
      if (page->n_found >= page->first && page->n_found < page->first + PAGE)
        {
          g_ptr_array_add (page->pictures, eqs_sample_picture_new (split, eqs_split_find_input (split), i));
          g_ptr_array_add (page->texts, dup_text (split, label, i));
          g_array_append_val (page->numbers, i);
        }
      page->n_found++;
    }
  g_task_return_boolean (task, TRUE);
}

/* ---- showing ---- */

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  eqs_sample_picture_draw (data, cr, (width - SIZE) / 2.0, 0, SIZE, &ink);
}

static void
draw_free (gpointer data)
{
  eqs_sample_picture_unref (data);
}

static void
add_sample (EqsDataBrowser *self, Page *page, guint index)
{
  GtkWidget       *child = gtk_flow_box_child_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *name = NULL;

  if (page->pictures->pdata[index] != NULL)
    {
      GtkWidget *area = gtk_drawing_area_new ();

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, eqs_sample_picture_ref (page->pictures->pdata[index]), draw_free);
      gtk_box_append (GTK_BOX (box), area);
    }
  gtk_box_append (GTK_BOX (box), eqs_line_new (page->texts->pdata[index], "eq-caption"));
  gtk_label_set_xalign (GTK_LABEL (gtk_widget_get_last_child (box)), 0.5);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  /* Translators: the number of a sample, then its class or value. */
  name = g_strdup_printf (_("Sample %u: %s"), page->first + index + 1, (char *) page->texts->pdata[index]);
  eqs_set_name (child, name);
  gtk_widget_set_tooltip_text (child, name);
  gtk_flow_box_append (GTK_FLOW_BOX (self->flow), child);
}

/* The classes there are, after "All classes". */
static void
show_classes (EqsDataBrowser *self, const Page *page)
{
  g_autoptr (GtkStringList) titles = NULL;

  gtk_widget_set_visible (self->class, page->n_classes > 1 && page->n_classes <= 200);
  if (g_list_model_get_n_items (gtk_drop_down_get_model (GTK_DROP_DOWN (self->class))) == page->n_classes + 1 || page->n_classes > 200)
    return;
  titles = gtk_string_list_new (NULL);
  gtk_string_list_append (titles, _("All classes"));
  for (guint i = 0; i < page->n_classes; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      gtk_string_list_append (titles, page->names != NULL ? page->names[i] : number);
    }
  self->showing = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->class), G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->class), page->class < 0 ? 0 : (guint) page->class + 1);
  eqs_drop_down_set_name (self->class, _("Class of the samples"));
  self->showing = FALSE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsDataBrowser    *self = EQS_DATA_BROWSER (source);
  Page              *page = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char   *place = NULL;
  GtkWidget         *child;
  const gboolean     ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->box == NULL || page->wish != self->wish)
    return;
  while ((child = gtk_widget_get_first_child (self->flow)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->flow), child);
  if (ok)
    {
      g_clear_pointer (&self->split, eqs_split_unref);
      g_clear_pointer (&self->numbers, g_array_unref);
      self->split = eqs_split_ref (page->split);
      self->numbers = g_array_ref (page->numbers);
      gtk_widget_set_visible (self->film, eqs_frames_can_show (page->split) && page->n_found > 0);
      show_classes (self, page);
      for (guint i = 0; i < page->texts->len; i++)
        add_sample (self, page, i);
      place = page->n_found == 0 ? g_strdup (_("none")) :
              /* Translators: first and last sample of a page, and how many there are. */
              g_strdup_printf (_("%u–%u of %u"), page->first + 1, page->first + page->texts->len, page->n_found);
    }
  self->n_found = ok ? page->n_found : 0;
  gtk_label_set_label (GTK_LABEL (self->place), ok ? place : error->message);
  gtk_widget_set_sensitive (self->before, self->first > 0);
  gtk_widget_set_sensitive (self->next, self->first + PAGE < self->n_found);
}

static void
read_page (EqsDataBrowser *self)
{
  EqsDataset      *dataset = eqs_session_get_dataset (self->session);
  g_autoptr (GTask) task = NULL;
  GtkStringObject *part;
  Page            *page;

  if (dataset == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  part = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->part));
  if (part == NULL)
    return;
  self->stale = FALSE;
  page = g_new0 (Page, 1);
  page->dataset = g_object_ref (dataset);
  page->part = g_strdup (gtk_string_object_get_string (part));
  page->class = gtk_widget_get_visible (self->class) ? (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->class)) - 1 : -1;
  page->first = self->first;
  page->wish = ++self->wish;
  task = eqs_weak_task_new (self, NULL, read_cb, NULL, NULL);
  g_task_set_task_data (task, page, page_free);
  g_task_run_in_thread (task, worker);
}

static void
update (EqsDataBrowser *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  g_autoptr (GtkStringList) parts = NULL;
  g_autoptr (GtkStringList) none = gtk_string_list_new (NULL);

  if (self->box == NULL)
    return;
  gtk_widget_set_visible (self->box, dataset != NULL);
  if (dataset == NULL)
    return;
  parts = gtk_string_list_new (eqs_dataset_get_splits (dataset));
  self->showing = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->part), G_LIST_MODEL (parts));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->class), G_LIST_MODEL (none));
  eqs_drop_down_set_name (self->part, _("Part to look at"));
  gtk_widget_set_visible (self->class, FALSE);
  self->showing = FALSE;
  self->first = 0;
  read_page (self);
}

/* ---- what can be done ---- */

static void
chosen_cb (GtkDropDown *down, GParamSpec *pspec, EqsDataBrowser *self)
{
  if (self->showing)
    return;
  self->first = 0;
  read_page (self);
}

static void
leaf_cb (GtkButton *button, EqsDataBrowser *self)
{
  if (GTK_WIDGET (button) == self->next && self->first + PAGE < self->n_found)
    self->first += PAGE;
  else if (GTK_WIDGET (button) == self->before)
    self->first -= MIN (self->first, PAGE);
  read_page (self);
}

/* A sample in space is looked at from all sides in a window of its own. */
static void
open_cb (GtkFlowBox *flow, GtkFlowBoxChild *child, EqsDataBrowser *self)
{
  const guint at = child == NULL ? 0 : (guint) gtk_flow_box_child_get_index (child);

  if (self->split != NULL && at < self->numbers->len && eqs_frames_can_show (self->split))
    eqs_frames_window_open (GTK_WIDGET (self), self->split, g_array_index (self->numbers, guint, at));
}

static void
film_cb (GtkButton *button, EqsDataBrowser *self)
{
  open_cb (NULL, NULL, self);
}

static void
eqs_data_browser_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eqs_data_browser_parent_class)->map (widget);
  if (EQS_DATA_BROWSER (widget)->stale)
    read_page (EQS_DATA_BROWSER (widget));
}

/* ---- making it ---- */

static void
eqs_data_browser_dispose (GObject *object)
{
  EqsDataBrowser *self = EQS_DATA_BROWSER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->split, eqs_split_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_data_browser_parent_class)->dispose (object);
}

static void
eqs_data_browser_class_init (EqsDataBrowserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_data_browser_dispose;
  GTK_WIDGET_CLASS (klass)->map = eqs_data_browser_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_data_browser_init (EqsDataBrowser *self)
{
  GtkWidget *pages = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->stale = TRUE;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->part = gtk_drop_down_new (NULL, NULL);
  self->class = gtk_drop_down_new (G_LIST_MODEL (gtk_string_list_new (NULL)), NULL);
  g_signal_connect (self->part, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect (self->class, "notify::selected", G_CALLBACK (chosen_cb), self);
  self->flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->flow), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->flow), 8);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->flow), 2);
  eqs_set_name (self->flow, _("Samples"));
  g_signal_connect (self->flow, "child-activated", G_CALLBACK (open_cb), self);
  self->film = eqs_wrapping_button_new (_("Look at them in space"));
  gtk_widget_set_visible (self->film, FALSE);
  gtk_widget_set_halign (self->film, GTK_ALIGN_START);
  g_signal_connect (self->film, "clicked", G_CALLBACK (film_cb), self);
  self->before = eqs_icon_button_new ("go-previous-symbolic", _("Earlier samples"));
  self->next = eqs_icon_button_new ("go-next-symbolic", _("Later samples"));
  self->place = eqs_line_new ("", "eq-second");
  gtk_label_set_xalign (GTK_LABEL (self->place), 0.5);
  gtk_widget_set_hexpand (self->place, TRUE);
  gtk_widget_add_css_class (self->before, "flat");
  gtk_widget_add_css_class (self->next, "flat");
  g_signal_connect (self->before, "clicked", G_CALLBACK (leaf_cb), self);
  g_signal_connect (self->next, "clicked", G_CALLBACK (leaf_cb), self);
  gtk_box_append (GTK_BOX (pages), self->before);
  gtk_box_append (GTK_BOX (pages), self->place);
  gtk_box_append (GTK_BOX (pages), self->next);
  gtk_box_append (GTK_BOX (self->box), eqs_columns_new (self->part, self->class, 0.4, 0, 0, 6));
  gtk_box_append (GTK_BOX (self->box), self->flow);
  gtk_box_append (GTK_BOX (self->box), pages);
  gtk_box_append (GTK_BOX (self->box), self->film);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_data_browser_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsDataBrowser *self = g_object_new (EQS_TYPE_DATA_BROWSER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
