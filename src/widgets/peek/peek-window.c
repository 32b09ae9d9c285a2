/* A probe of its own runs the sample; what it saw is counted by another worker, and the newest count is shown. */

#include "widgets/peek/peek-window.h"

#include "draw/fields.h"
#include "draw/number-text.h"
#include "draw/plan.h"
#include "draw/type-style.h"
#include "studio/outline.h"
#include "studio/peek.h"
#include "studio/probe.h"
#include "widgets/graph/order-look.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/space/space-view.h"
#include "widgets/symmetry/space-look.h"
#include "widgets/theme.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsPeekWindow
{
  GtkWindow       parent_instance;

  EqsSession     *session;        /* owned */
  EqsProbe       *probe;          /* owned */
  EqsProbeResult *result;         /* owned (nullable): of the fields */
  GPtrArray      *fields;         /* owned (nullable): of EqsPeekField */
  EqsOrderSample *order;          /* owned (nullable): of the result, in graphs and sets */
  guint           wish;
  gboolean        setting;

  GtkWidget      *title, *about, *grid, *field, *copy, *sample, *histogram, *pictures, *flat, *space;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsPeekWindow, eqs_peek_window, GTK_TYPE_WINDOW)

static const EqsPeekField *
chosen (EqsPeekWindow *self)
{
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->field));

  return self->fields != NULL && at < self->fields->len ? self->fields->pdata[at] : NULL;
}

static EqsSweepKind
kind_of (EqsPeekWindow *self)
{
  EqkSymmetry symmetry;

  return eqs_session_get_symmetry (self->session, &symmetry) ? eqs_probe_sweep_kind (&symmetry) : EQS_SWEEP_ANGLES;
}

/* First channel of the copy that is chosen. */
static int
channel_of (EqsPeekWindow *self, const EqsPeekField *field)
{
  return field->first + field->dim * CLAMP (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->copy)), 0, field->mul - 1);
}

/* ---- pictures ---- */

static void
draw_histogram_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const EqsPeekField *field = chosen (data);
  const EqsPlotTheme  theme = eqs_theme_plot (GTK_WIDGET (area));
  const double        foot = 18, room = height - foot - 4, step = (width - 2.0) / EQS_PEEK_BINS;
  g_autofree char    *low = NULL, *high = NULL;
  cairo_text_extents_t extents;
  guint               most = 1;

  if (field == NULL || field->n == 0)
    return;
  for (guint i = 0; i < EQS_PEEK_BINS; i++)
    most = MAX (most, field->counts[i]);
  eqs_draw_set_colour (cr, 0x0072B2, 1);
  for (guint i = 0; i < EQS_PEEK_BINS; i++)      /* what occurs at all is seen */
    cairo_rectangle (cr, 1 + i * step, 4 + room * (1 - (double) field->counts[i] / most) - (field->counts[i] > 0), MAX (step - 1, 1), room * field->counts[i] / most + (field->counts[i] > 0));
  cairo_fill (cr);
  eqs_draw_set_colour (cr, theme.grid, 1);
  cairo_rectangle (cr, 0, 4 + room, width, 1);
  cairo_fill (cr);
  if (field->low < 0 && field->high > 0)
    {
      cairo_rectangle (cr, 1 + (width - 2.0) * -field->low / (field->high - field->low), 0, 1, 4 + room);
      cairo_fill (cr);
    }
  low = eqs_number_dup_text (field->low, 3);
  high = eqs_number_dup_text (field->high, 3);
  eqs_draw_set_colour (cr, theme.dim, 1);
  cairo_set_font_size (cr, 11);
  cairo_move_to (cr, 1, height - 5);
  cairo_show_text (cr, low);
  cairo_text_extents (cr, high, &extents);
  cairo_move_to (cr, width - extents.x_advance - 1, height - 5);
  cairo_show_text (cr, high);
}

static void
draw_flat_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsPeekWindow       *self = data;
  const EqsPeekField  *field = chosen (self);
  const EqsFieldTheme *theme = eqs_field_theme (eqs_theme_is_dark ());
  const double         size = MIN (width, height);
  EqsFieldValues       values;
  int                  index = 0, first = 0;

  if (field == NULL || self->result->wire.width == 0)
    return;
  if (self->order != NULL)
    {
      eqs_draw_order (cr, self->result, self->order, 0, (gsize) channel_of (self, field), theme, 0, 0, width, height);
      return;
    }
  values = (EqsFieldValues) { &self->result->wire.type, self->result->wire.plain, self->result->wire.rows, self->result->wire.width, NULL, 0 };
  while (index + 1 < eqk_rep_n_fields (values.type->rep) && first < channel_of (self, field))
    eqk_rep_field (values.type->rep, ++index, &first);
  eqs_draw_field (cr, &values, index, 0, theme, 0, 0, MIN (width, size * eqs_field_aspect (values.type, index)), size);
}

/* Points in space: the fields that are chosen where they can be seen there, else the points alone. */
static void
show_scene (EqsPeekWindow *self)
{
  const EqsPeekField   *field = chosen (self);
  g_autoptr (GPtrArray) items = NULL;
  g_autofree gint32    *numbers = NULL;
  const EqsSpaceItem   *item = NULL;
  EqsSpaceChoice        choice = { .chosen = -1 };
  EqsScene             *scenes[3];
  guint                 n;

  eqs_space_view_set_scenes (EQS_SPACE_VIEW (self->space), NULL, NULL, 0);
  if (field == NULL)
    return;
  items = eqs_space_items (self->result);
  for (guint i = 0; i < items->len; i++)
    {
      const EqsSpaceItem *one = items->pdata[i];

      if (one->kind == EQS_SPACE_FIELDS ? one->output < 0 && eqs_space_item_first (one, self->result, 0) == field->first : one->kind == EQS_SPACE_PLACES && item == NULL)
        item = one;
    }
  if (item == NULL)
    return;
  choice.field = item->kind == EQS_SPACE_FIELDS ? (channel_of (self, field) - field->first) / field->dim : 0;
  numbers = eqs_space_dup_numbers (eqs_probe_get_split (self->probe), self->result);
  n = eqs_space_scenes (self->result, numbers, item, &choice, scenes);
  if (n > 0)
    eqs_space_view_set_scenes (EQS_SPACE_VIEW (self->space), scenes, NULL, 1);
  for (guint i = 0; i < n; i++)
    eqs_scene_unref (scenes[i]);
}

/* ---- numbers ---- */

static void
put (EqsPeekWindow *self, const char *text, int column, int row)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  if (row == 0)
    gtk_widget_add_css_class (label, "eq-second");
  else if (column > 0)
    eqs_label_set_number (label);
  else
    gtk_widget_add_css_class (label, "eq-number");
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
}

static void
show_numbers (EqsPeekWindow *self)
{
  static const char *const titles[] = { N_("Fields"), N_("Mean"), N_("Spread"), N_("Least"), N_("Largest"), N_("Length"), N_("Zero"), N_("Not finite"), N_("Silent") };

  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->grid)) != NULL;)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    put (self, _(titles[i]), (int) i, 0);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const EqsPeekField *field = self->fields->pdata[i];
      const double        numbers[] = { field->mean, field->spread, field->min, field->max, field->norm };
      g_autofree char    *zero = g_strdup_printf ("%.0f %%", field->n == 0 ? 0 : 100.0 * (double) field->n_zero / (double) field->n);
      g_autofree char    *bad = eqs_count_dup_text ((gint64) field->n_bad), *dead = g_strdup_printf ("%u / %d", field->n_dead, field->mul);
      const int           row = 1 + (int) i;

      put (self, self->fields->len > 1 && i == 0 ? _("all") : field->title, 0, row);
      for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
        {
          g_autofree char *text = eqs_number_dup_text (numbers[k], 3);

          put (self, text, 1 + (int) k, row);
        }
      put (self, zero, 6, row);
      put (self, bad, 7, row);
      if (field->n_bad > 0)
        gtk_widget_add_css_class (gtk_grid_get_child_at (GTK_GRID (self->grid), 7, row), "eq-bad");
      put (self, self->fields->len > 1 && i == 0 ? "" : dead, 8, row);
    }
}

static void
show_chosen (EqsPeekWindow *self)
{
  const EqsPeekField *field = chosen (self);
  g_autofree char    *text = NULL, *low = NULL, *high = NULL;

  if (self->setting || field == NULL)
    return;
  self->setting = TRUE;
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->copy), 0, MAX (field->mul, 1) - 1);
  self->setting = FALSE;
  gtk_widget_set_sensitive (self->copy, field->mul > 1);
  low = eqs_number_dup_text (field->low, 3);
  high = eqs_number_dup_text (field->high, 3);
  /* Translators: a number of numbers, the least, the largest */
  text = g_strdup_printf (_("%zu numbers from %s to %s"), field->n, low, high);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->histogram), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_set_tooltip_text (self->histogram, text);
  gtk_widget_queue_draw (self->histogram);
  gtk_widget_queue_draw (self->flat);
  gtk_stack_set_visible_child (GTK_STACK (self->pictures), kind_of (self) == EQS_SWEEP_TURNS ? self->space : self->flat);
  if (kind_of (self) == EQS_SWEEP_TURNS)
    show_scene (self);
}

/* The list of types, when it is another: what is chosen stays while weights or samples change. */
static void
show_types (EqsPeekWindow *self)
{
  GListModel *old = gtk_drop_down_get_model (GTK_DROP_DOWN (self->field));
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  gboolean    same = old != NULL && g_list_model_get_n_items (old) == self->fields->len;

  for (guint i = 0; i < self->fields->len; i++)
    {
      const EqsPeekField *field = self->fields->pdata[i];
      const char         *title = self->fields->len > 1 && i == 0 ? _("all") : field->title;

      same = same && strcmp (gtk_string_list_get_string (GTK_STRING_LIST (old), i), title) == 0;
      gtk_string_list_append (titles, title);
    }
  if (same)
    return;
  self->setting = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->field), G_LIST_MODEL (titles));
  eqs_drop_down_set_name (self->field, _("Fields to look at"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->copy), 0);
  self->setting = FALSE;
}

/* ---- the course ---- */

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, eqs_peek_new (&((EqsProbeResult *) data)->wire), (GDestroyNotify) g_ptr_array_unref);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsPeekWindow        *self = EQS_PEEK_WINDOW (source);
  EqsProbeResult       *of = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) fields = g_task_propagate_pointer (G_TASK (result), NULL);
  EqsSplit             *split;
  g_autofree char      *type = NULL, *about = NULL;

  if (self->session == NULL || GPOINTER_TO_UINT (data) != self->wish)      /* closed, or a newer one comes */
    return;
  g_clear_pointer (&self->order, eqs_order_sample_free);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->result, eqs_probe_result_unref);
  self->fields = g_steal_pointer (&fields);
  self->result = eqs_probe_result_ref (of);
  split = eqs_probe_get_split (self->probe);
  if (kind_of (self) == EQS_SWEEP_ORDERS)
    self->order = eqs_order_sample_new (of, split == NULL ? NULL : eqs_split_find_input (split));
  type = eqs_type_dup_text (&of->wire.type, TRUE);
  gtk_label_set_label (GTK_LABEL (self->title), of->wire.name == NULL ? "" : eqs_outline_path_title (eqs_session_get_document (self->session), of->wire.name));
  /* Translators: a type, numbers of rows and of channels, which weights. */
  about = g_strdup_printf (_("%s: %zu rows of %zu numbers. %s."), type, of->wire.rows, of->wire.width, of->label);
  gtk_label_set_label (GTK_LABEL (self->about), about);
  show_numbers (self);
  show_types (self);
  show_chosen (self);
}

static void
looked_cb (EqsProbe *probe, EqsPeekWindow *self)
{
  EqsProbeResult   *result = eqs_probe_get_result (probe);
  g_autoptr (GTask) task = NULL;

  if (result == NULL)
    return;
  if (result->error != NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->about), result->error);
      return;
    }
  task = eqs_weak_task_new (self, NULL, counted_cb, GUINT_TO_POINTER (++self->wish), NULL);
  g_task_set_task_data (task, eqs_probe_result_ref (result), (GDestroyNotify) eqs_probe_result_unref);
  g_task_run_in_thread (task, worker);
}

static void
samples_cb (EqsProbe *probe, EqsPeekWindow *self)
{
  EqsSplit *split = eqs_probe_get_split (probe);

  if (split != NULL)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->sample), 0, MAX (eqs_split_get_n (split), 1) - 1);
}

static void
sample_cb (GtkSpinButton *spin, EqsPeekWindow *self)
{
  eqs_probe_set_sample (self->probe, (guint) gtk_spin_button_get_value_as_int (spin));
}

const GPtrArray *
eqs_peek_window_get_fields (EqsPeekWindow *self)
{
  g_return_val_if_fail (EQS_IS_PEEK_WINDOW (self), NULL);
  return self->fields;
}

/* ---- making it ---- */

static void
eqs_peek_window_dispose (GObject *object)
{
  EqsPeekWindow *self = EQS_PEEK_WINDOW (object);

  g_clear_object (&self->probe);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_peek_window_parent_class)->dispose (object);
}

static void
eqs_peek_window_finalize (GObject *object)
{
  EqsPeekWindow *self = EQS_PEEK_WINDOW (object);

  g_clear_pointer (&self->order, eqs_order_sample_free);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->result, eqs_probe_result_unref);

  G_OBJECT_CLASS (eqs_peek_window_parent_class)->finalize (object);
}

static void
eqs_peek_window_class_init (EqsPeekWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_peek_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_peek_window_finalize;
}

static GtkWidget *
new_area (EqsPeekWindow *self, GtkDrawingAreaDrawFunc draw, int width, int height, const char *name)
{
  GtkWidget *area = gtk_drawing_area_new ();

  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, self, NULL);
  gtk_widget_set_size_request (area, width, height);
  gtk_widget_set_hexpand (area, TRUE);
  gtk_widget_set_vexpand (area, TRUE);
  eqs_set_name (area, name);
  eqs_picture_offer (area, name);
  return area;
}

/* What is chosen to look at, and how it looks. */
static GtkWidget *
new_lower_half (EqsPeekWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *looks = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);

  self->field = gtk_drop_down_new (NULL, NULL);
  eqs_drop_down_set_name (self->field, _("Fields to look at"));
  self->copy = gtk_spin_button_new_with_range (0, 0, 1);
  eqs_set_name (self->copy, _("Which of the fields is drawn"));
  self->sample = gtk_spin_button_new_with_range (0, 0, 1);
  eqs_set_name (self->sample, _("Sample"));
  g_signal_connect_swapped (self->field, "notify::selected", G_CALLBACK (show_chosen), self);
  g_signal_connect_swapped (self->copy, "value-changed", G_CALLBACK (show_chosen), self);
  g_signal_connect (self->sample, "value-changed", G_CALLBACK (sample_cb), self);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_("Sample")));
  gtk_box_append (GTK_BOX (line), self->sample);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_("Fields")));
  gtk_box_append (GTK_BOX (line), self->field);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_("drawn")));
  gtk_box_append (GTK_BOX (line), self->copy);
  self->histogram = new_area (self, draw_histogram_cb, 200, 150, _("Histogram"));
  self->flat = new_area (self, draw_flat_cb, 200, 150, _("Picture of the fields"));
  self->space = eqs_space_view_new (_("Picture of the fields"));
  self->pictures = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->pictures), self->flat);
  gtk_stack_add_child (GTK_STACK (self->pictures), self->space);
  gtk_box_set_homogeneous (GTK_BOX (looks), TRUE);
  gtk_box_append (GTK_BOX (looks), self->histogram);
  gtk_box_append (GTK_BOX (looks), self->pictures);
  gtk_box_append (GTK_BOX (box), eqs_line_scrolled_new (line, _("What is looked at")));
  gtk_box_append (GTK_BOX (box), looks);
  gtk_widget_set_vexpand (box, TRUE);
  return box;
}

static void
eqs_peek_window_init (EqsPeekWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *scroll = gtk_scrolled_window_new ();

  self->title = eqs_text_new ("", "eq-name");
  self->about = eqs_text_new (_("Looking at the wire."), "eq-second");
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 16);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), self->grid);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroll), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll), 220);
  eqs_set_name (scroll, _("Statistics of the fields"));
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->about);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("Length: of one field at one place, the mean. Silent: fields that are zero everywhere in this sample."), "eq-second"));
  gtk_box_append (GTK_BOX (box), new_lower_half (self));
  gtk_widget_add_css_class (box, "eq-sheet-part");
  gtk_window_set_child (GTK_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("Values on the wire"));
  gtk_window_set_default_size (GTK_WINDOW (self), 700, 540);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
  eqs_close_on_escape (GTK_WIDGET (self));
}

GtkWidget *
eqs_peek_window_new (GtkWindow *parent, EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsPeekWindow *self = g_object_new (EQS_TYPE_PEEK_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->probe = eqs_probe_new (session);
  g_signal_connect_object (self->probe, "looked", G_CALLBACK (looked_cb), self, 0);
  g_signal_connect_object (self->probe, "samples-changed", G_CALLBACK (samples_cb), self, 0);
  eqs_probe_set_active (self->probe, TRUE);
  return GTK_WIDGET (self);
}
