/* Filters are drawn as tables of maps (draw/kernel.h); the basis is computed by a worker, since large windows take a while. */

#include "widgets/filters/filter-window.h"

#include "draw/kernel.h"
#include "draw/number-text.h"
#include "draw/plan.h"
#include "studio/kernel-look.h"
#include "studio/outline.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TILE 84
#define MOST 200      /* tiles that are shown */

struct _EqsFilterWindow
{
  GtkWindow             parent_instance;

  EqsKernelLook        *look;          /* owned */
  const EqkKernelBasis *basis;         /* owned (nullable): of the chosen pair */
  guint                 pair;
  int                   chosen, element;
  double               *turned, *back; /* owned (nullable): of the chosen filter */

  GtkWidget            *count, *pairs, *flow, *spinner, *orbit, *elements, *difference, *about;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsFilterWindow, eqs_filter_window, GTK_TYPE_WINDOW)

gboolean
eqs_filters_exist (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), FALSE);
  g_autoptr (EqsKernelLook) look = eqs_kernel_look_new (session, path);

  return look != NULL;
}

guint
eqs_filter_window_get_n (EqsFilterWindow *self)
{
  g_return_val_if_fail (EQS_IS_FILTER_WINDOW (self), 0);
  return self->basis == NULL ? 0 : (guint) self->basis->n;
}

const char *
eqs_filter_window_get_difference (EqsFilterWindow *self)
{
  g_return_val_if_fail (EQS_IS_FILTER_WINDOW (self), NULL);
  return gtk_label_get_label (GTK_LABEL (self->difference));
}

/* ---- one filter ---- */

static gsize
values_each (const EqkKernelBasis *basis)
{
  return (gsize) (basis->d_out * basis->d_in * basis->size * basis->size);
}

static void
draw_orbit_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsFilterWindow     *self = data;
  const EqsFieldTheme *theme = eqs_field_theme (eqs_theme_is_dark ());
  const char *const    heads[] = { _("The filter"), _("Turned as a picture"), _("Its fields moved along") };
  const double         side = MIN (width - 4.0, height / 3.0 - 30);
  const double        *parts[3];
  double               scale;

  if (self->basis == NULL || self->basis->n == 0 || side < 20)
    return;
  parts[0] = self->basis->table + (gsize) self->chosen * values_each (self->basis);
  parts[1] = self->turned;
  parts[2] = self->back;
  scale = eqs_kernel_largest (parts[0], values_each (self->basis));
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (area), heads[i]);
      const double            y = i * (side + 30);

      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_dim", 1);
      cairo_move_to (cr, 0, y);
      pango_cairo_show_layout (cr, layout);
      eqs_draw_kernel (cr, parts[i], self->basis->d_out, self->basis->d_in, self->basis->size, scale, theme, 0, y + 20, side);
    }
}

static void
show_orbit (EqsFilterWindow *self)
{
  const EqkElement g = eqk_group_get_order (self->look->group) > 0 ? eqk_group_element (self->look->group, self->element) : eqk_group_identity (self->look->group);
  g_autofree char *text = NULL, *about = NULL, *number = NULL;
  double           difference;

  g_clear_pointer (&self->turned, g_free);
  g_clear_pointer (&self->back, g_free);
  if (self->basis == NULL || self->basis->n == 0)
    return;
  self->turned = g_new (double, values_each (self->basis));
  self->back = g_new (double, values_each (self->basis));
  difference = eqs_kernel_look_turn (&self->look->pairs[self->pair], self->basis, self->chosen, &g, self->turned, self->back);
  number = eqs_number_dup_text (difference, 1);
  text = g_strdup_printf (_("Largest difference %s"), number);
  about = g_strdup_printf (_("Filter %d of %d: ring %d, angular frequency %d"), self->chosen + 1, self->basis->n, self->basis->ring[self->chosen], self->basis->frequency[self->chosen]);
  gtk_label_set_label (GTK_LABEL (self->difference), text);
  gtk_label_set_label (GTK_LABEL (self->about), about);
  gtk_widget_queue_draw (self->orbit);
}

void
eqs_filter_window_set_element (EqsFilterWindow *self, int index)
{
  g_return_if_fail (EQS_IS_FILTER_WINDOW (self));
  self->element = index;
  for (GtkWidget *child = gtk_widget_get_first_child (self->elements); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child))), "index")) == index)
      gtk_widget_add_css_class (gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child)), "suggested-action");
    else
      gtk_widget_remove_css_class (gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child)), "suggested-action");
  show_orbit (self);
}

static void
element_cb (GtkButton *button, EqsFilterWindow *self)
{
  eqs_filter_window_set_element (self, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "index")));
}

/* Those that move pixels onto pixels: the others would need values between them. */
static void
fill_elements (EqsFilterWindow *self)
{
  const int n = eqk_group_get_order (self->look->group);

  for (int i = 0; i < n; i++)
    {
      const EqkElement g = eqk_group_element (self->look->group, i);
      char             name[64];
      GtkWidget       *button;

      if (!eqk_group_on_grid (self->look->group, &g))
        continue;
      eqk_group_element_name (self->look->group, &g, name, sizeof name);
      button = gtk_button_new_with_label (name);
      if (i == 0)
        eqs_set_name (button, _("e, nothing is moved"));
      g_object_set_data (G_OBJECT (button), "index", GINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (element_cb), self);
      gtk_flow_box_append (GTK_FLOW_BOX (self->elements), button);
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
}

/* ---- all filters ---- */

static void
draw_tile_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsFilterWindow *self = g_object_get_data (G_OBJECT (area), "window");
  const double    *values = self->basis == NULL ? NULL : self->basis->table + (gsize) GPOINTER_TO_INT (data) * values_each (self->basis);

  if (values != NULL)
    eqs_draw_kernel (cr, values, self->basis->d_out, self->basis->d_in, self->basis->size, eqs_kernel_largest (values, values_each (self->basis)),
                     eqs_field_theme (eqs_theme_is_dark ()), 2, 2, MIN (width, height) - 4.0);
}

static void
chosen_cb (GtkFlowBox *flow, EqsFilterWindow *self)
{
  GList *chosen = gtk_flow_box_get_selected_children (flow);

  if (chosen != NULL)
    {
      self->chosen = gtk_flow_box_child_get_index (chosen->data);
      show_orbit (self);
    }
  g_list_free (chosen);
}

static void
fill_tiles (EqsFilterWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->flow)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->flow), child);
  for (int i = 0; i < MIN (self->basis->n, MOST); i++)
    {
      GtkWidget       *area = gtk_drawing_area_new (), *holder = gtk_flow_box_child_new ();
      g_autofree char *name = g_strdup_printf (_("Filter %d, ring %d, frequency %d"), i + 1, self->basis->ring[i], self->basis->frequency[i]);

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), TILE);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), TILE);
      g_object_set_data (G_OBJECT (area), "window", self);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_tile_cb, GINT_TO_POINTER (i), NULL);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (holder), area);
      eqs_set_name (holder, name);
      gtk_widget_set_tooltip_text (holder, name);
      gtk_flow_box_append (GTK_FLOW_BOX (self->flow), holder);
    }
  /* One that an element changes says more than one that is round. */
  self->chosen = 0;
  for (int i = 0; i < MIN (self->basis->n, MOST) && self->chosen == 0; i++)
    if (self->basis->frequency[i] > 0)
      self->chosen = i;
  if (self->basis->n > 0)
    gtk_flow_box_select_child (GTK_FLOW_BOX (self->flow), gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->flow), self->chosen));
}

static void
show_count (EqsFilterWindow *self)
{
  const EqsKernelPair *pair = &self->look->pairs[self->pair];
  g_autofree char     *text = NULL, *weights = eqs_count_dup_text (self->look->weights);
  GString             *all = g_string_new (NULL);

  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d filter is allowed", "%d filters are allowed", (gulong) self->basis->n), self->basis->n);
  /* Translators: how many filters are allowed, then two kinds of field. */
  g_string_append_printf (all, _("%s from %s to %s."), text, eqk_field_get_name (pair->in), eqk_field_get_name (pair->out));
  if (self->look->weights >= 0 && self->look->n_pairs == 1)
    g_string_append_printf (all, _(" %d × %d pairs of fields with %d each make the %s weights of the layer."), pair->n_in, pair->n_out, self->basis->n, weights);
  if (self->basis->n > MOST)
    g_string_append_printf (all, _(" The first %d are shown."), MOST);
  gtk_label_set_label (GTK_LABEL (self->count), all->str);
  g_string_free (all, TRUE);
}

typedef struct { EqsKernelLook look; guint pair; const EqkKernelBasis *basis; } Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  eqk_kernel_basis_unref (work->basis);
  g_free (work->look.pairs);
  g_free (work);
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;

  work->basis = eqs_kernel_look_basis (&work->look, work->pair);
  g_task_return_boolean (task, TRUE);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsFilterWindow *self = EQS_FILTER_WINDOW (source);
  Work            *work = g_task_get_task_data (G_TASK (result));

  if (self->look == NULL || work->pair != self->pair || gtk_window_get_child (GTK_WINDOW (self)) == NULL)
    return;
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_set_visible (self->spinner, FALSE);
  if (work->basis == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->count), _("The table of these filters would be too large to show."));
      return;
    }
  self->basis = g_steal_pointer (&work->basis);
  show_count (self);
  fill_tiles (self);
  show_orbit (self);
}

static void
make_basis (EqsFilterWindow *self)
{
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, made_cb, NULL, NULL);
  Work             *work = g_new0 (Work, 1);

  work->look = *self->look;
  work->look.pairs = g_memdup2 (self->look->pairs, sizeof (EqsKernelPair) * self->look->n_pairs);
  work->pair = self->pair;
  g_clear_pointer (&self->basis, eqk_kernel_basis_unref);
  gtk_widget_set_visible (self->spinner, TRUE);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, worker);
}

static void
pair_cb (GtkDropDown *down, GParamSpec *pspec, EqsFilterWindow *self)
{
  self->pair = MIN (gtk_drop_down_get_selected (down), self->look->n_pairs - 1);
  make_basis (self);
}

/* ---- making it ---- */

static void
eqs_filter_window_dispose (GObject *object)
{
  EqsFilterWindow *self = EQS_FILTER_WINDOW (object);

  g_clear_pointer (&self->look, eqs_kernel_look_free);
  g_clear_pointer (&self->turned, g_free);
  g_clear_pointer (&self->back, g_free);
  g_clear_pointer (&self->basis, eqk_kernel_basis_unref);

  G_OBJECT_CLASS (eqs_filter_window_parent_class)->dispose (object);
}

static void
eqs_filter_window_class_init (EqsFilterWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_filter_window_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
make_side (EqsFilterWindow *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->about = eqs_text_new ("", "eq-name");
  self->elements = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->elements), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->elements), 4);
  gtk_widget_set_valign (self->elements, GTK_ALIGN_START);
  eqs_set_name (self->elements, _("Elements of the group"));
  self->orbit = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->orbit), draw_orbit_cb, self, NULL);
  gtk_widget_set_vexpand (self->orbit, TRUE);
  gtk_widget_set_size_request (self->orbit, 230, 330);
  eqs_set_name (self->orbit, _("The filter, turned, and with its fields moved along"));
  self->difference = eqs_text_new ("", "eq-name");
  gtk_box_append (GTK_BOX (side), self->about);
  gtk_box_append (GTK_BOX (side), self->elements);
  gtk_box_append (GTK_BOX (side), self->orbit);
  gtk_box_append (GTK_BOX (side), self->difference);
  gtk_box_append (GTK_BOX (side), eqs_text_new (_("between the filter and what it is when it is turned and its fields are moved along: that is what makes it allowed."), "eq-second"));
  gtk_widget_add_css_class (side, "eq-sheet-part");
  gtk_widget_set_size_request (side, 280, -1);
  return eqs_scrolled_new (side, _("The filter, turned, and with its fields moved along"));
}

static void
eqs_filter_window_init (EqsFilterWindow *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll;

  self->count = eqs_text_new ("", NULL);
  self->spinner = gtk_spinner_new ();
  eqs_set_name (self->spinner, _("Computing"));
  self->pairs = gtk_drop_down_new (NULL, NULL);
  gtk_widget_set_halign (self->pairs, GTK_ALIGN_START);
  self->flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->flow), GTK_SELECTION_BROWSE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->flow), 12);
  gtk_widget_set_valign (self->flow, GTK_ALIGN_START);
  eqs_set_name (self->flow, _("Filters"));
  g_signal_connect (self->flow, "selected-children-changed", G_CALLBACK (chosen_cb), self);
  scroll = eqs_scrolled_new (self->flow, _("Filters"));
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_widget_set_hexpand (left, TRUE);
  gtk_widget_add_css_class (left, "eq-sheet-part");
  gtk_box_append (GTK_BOX (left), self->count);
  gtk_box_append (GTK_BOX (left), self->pairs);
  gtk_box_append (GTK_BOX (left), self->spinner);
  gtk_box_append (GTK_BOX (left), scroll);
  gtk_box_append (GTK_BOX (row), left);
  gtk_box_append (GTK_BOX (row), make_side (self));
  gtk_window_set_child (GTK_WINDOW (self), row);
  gtk_window_set_default_size (GTK_WINDOW (self), 940, 640);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

GtkWidget *
eqs_filter_window_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsKernelLook   *look = eqs_kernel_look_new (session, path);
  const EqsNode   *node = eqs_document_find_node (eqs_session_get_document (session), path);
  EqsFilterWindow *self;
  g_autoptr (GtkStringList) names = NULL;
  g_autofree char *title = NULL;

  if (look == NULL)
    return NULL;
  self = g_object_new (EQS_TYPE_FILTER_WINDOW, NULL);
  self->look = look;
  /* Translators: the title of a layer. */
  title = g_strdup_printf (_("Allowed filters of %s"), eqs_node_get_shown_title (node));
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  names = gtk_string_list_new (NULL);
  for (guint i = 0; i < look->n_pairs; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s → %s", eqk_field_get_name (look->pairs[i].in), eqk_field_get_name (look->pairs[i].out));

      gtk_string_list_append (names, name);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->pairs), G_LIST_MODEL (names));
  eqs_drop_down_set_name (self->pairs, _("Pair of fields"));
  gtk_widget_set_visible (self->pairs, look->n_pairs > 1);
  g_signal_connect (self->pairs, "notify::selected", G_CALLBACK (pair_cb), self);
  fill_elements (self);
  make_basis (self);
  eqs_filter_window_set_element (self, 0);
  eqs_picture_offer (self->orbit, title);
  return GTK_WIDGET (self);
}
