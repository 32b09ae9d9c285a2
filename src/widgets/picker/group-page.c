/* One chosen element marks the strip, the graph and the table, and its matrices are listed. */

#include "widgets/picker/group-page.h"

#include "draw/cayley.h"
#include "widgets/parts.h"
#include "widgets/picker/group-picture.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MOST_ELEMENTS 32

struct _EqsGroupPage
{
  GtkWidget         parent_instance;

  GtkWidget        *box;                                   /* owned by being the child */
  GtkWidget        *strip, *facts, *graph, *table, *pictures, *irreps, *heading;   /* borrowed */
  const EqkGroup   *group;
  EqsSamplePicture *sample;                                /* owned (nullable) */
  int               element;
};

G_DEFINE_FINAL_TYPE (EqsGroupPage, eqs_group_page, GTK_TYPE_WIDGET)

static guint32
packed (GtkWidget *widget, const char *name)
{
  const GdkRGBA c = eqs_theme_colour (widget, name);

  return (guint32) (255 * c.red) << 16 | (guint32) (255 * c.green) << 8 | (guint32) (255 * c.blue);
}

static EqsCayleyColours
colours_of (GtkWidget *widget)
{
  return (EqsCayleyColours) { packed (widget, "window_fg_color"), packed (widget, "window_fg_color"), packed (widget, "view_bg_color"), packed (widget, "accent_bg_color") };
}

static void
draw_graph_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsGroupPage          *self = data;
  const EqsCayleyColours colours = colours_of (GTK_WIDGET (area));
  const double           size = MIN (width, height);

  if (self->group == NULL || !eqk_group_is_finite (self->group))
    return;
  if (GTK_WIDGET (area) == self->graph)
    eqs_draw_cayley (cr, self->group, self->element, &colours, (width - size) / 2, (height - size) / 2, size);
  else
    eqs_draw_cayley_table (cr, self->group, self->element, &colours, (width - size) / 2, (height - size) / 2, size);
}

static void
graph_pressed_cb (GtkGestureClick *gesture, int n, double x, double y, EqsGroupPage *self)
{
  const int    width = gtk_widget_get_width (self->graph), height = gtk_widget_get_height (self->graph);
  const double size = MIN (width, height);
  const int    element = self->group == NULL || !eqk_group_is_finite (self->group) ? -1 : eqs_cayley_pick (self->group, x - (width - size) / 2, y - (height - size) / 2, size);

  if (element >= 0)
    eqs_group_page_choose (self, element);
}

/* ---- elements ---- */

static void
draw_element_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsGroupPage    *self = data;
  const EqkElement g = eqk_group_element (self->group, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (area), "element")));
  const GdkRGBA    ink = eqs_theme_colour (GTK_WIDGET (area), "window_fg_color");
  const double     size = 0.7 * MIN (width, height);

  eqs_draw_posed_sample (cr, self->sample, self->group, &g, (width - size) / 2, (height - size) / 2, size, &ink);
}

static void
element_cb (GtkToggleButton *button, EqsGroupPage *self)
{
  if (gtk_toggle_button_get_active (button))
    eqs_group_page_choose (self, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "element")));
}

static void
fill_strip (EqsGroupPage *self)
{
  const int  order = eqk_group_is_finite (self->group) ? MIN (eqk_group_get_order (self->group), MOST_ELEMENTS) : 0;
  GtkWidget *first = NULL, *child;

  while ((child = gtk_widget_get_first_child (self->strip)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->strip), child);
  for (int i = 0; i < order; i++)
    {
      const EqkElement g = eqk_group_element (self->group, i);
      GtkWidget       *button = gtk_toggle_button_new (), *area = gtk_drawing_area_new ();
      char             name[64];

      eqk_group_element_name (self->group, &g, name, sizeof name);
      g_object_set_data (G_OBJECT (area), "element", GINT_TO_POINTER (i));
      g_object_set_data (G_OBJECT (button), "element", GINT_TO_POINTER (i));
      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 32);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 32);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_element_cb, self, NULL);
      gtk_button_set_child (GTK_BUTTON (button), area);
      gtk_widget_set_tooltip_text (button, name);
      gtk_widget_add_css_class (button, "eq-element");
      eqs_set_name (button, name);
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      gtk_flow_box_append (GTK_FLOW_BOX (self->strip), button);
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == self->element);
      g_signal_connect (button, "toggled", G_CALLBACK (element_cb), self);
    }
  gtk_widget_set_visible (self->strip, order > 1);
}

/* ---- representations ---- */

static char *
matrix_text (const EqkField *field, const EqkElement *g)
{
  const int         d = eqk_field_get_dim (field);
  g_autofree double *m = g_new (double, d * d);
  GString          *text = g_string_new (NULL);

  eqk_field_matrix (field, g, m);
  for (int i = 0; i < d; i++)
    for (int j = 0; j < d; j++)
      {
        const double v = fabs (m[i * d + j]) < 5e-4 ? 0 : m[i * d + j];

        if (fabs (v - round (v)) < 5e-4)
          g_string_append_printf (text, "%s%2.0f", j == 0 ? i == 0 ? "" : "\n" : "  ", v);
        else
          g_string_append_printf (text, "%s%5.2f", j == 0 ? i == 0 ? "" : "\n" : "  ", v);
      }
  return g_string_free (text, FALSE);
}

static const char *
plain (const EqkField *field, gboolean in_space)
{
  if (eqk_field_is_trivial (field))
    return _("stays the same");
  if (eqk_field_get_dim (field) == 1)
    return _("changes its sign");
  /* In space a degree takes its place, and the parity tells two kinds of arrows apart. */
  if (in_space && eqk_field_get_dim (field) == 3)
    return strchr (eqk_field_get_name (field), 'e') != NULL ? _("a spin-like arrow") : _("an arrow in space");
  if (in_space)
    return _("a finer pattern that turns");
  return eqk_field_irrep_frequency (field) == 1 ? _("an arrow in the plane") : _("a finer pattern that turns");
}

static void
fill_irreps (EqsGroupPage *self)
{
  const int        n = eqk_group_n_irreps (self->group, eqk_group_is_finite (self->group) ? 16 : 3);
  EqkElement       g = eqk_group_is_finite (self->group) ? eqk_group_element (self->group, self->element) : eqk_group_identity (self->group);
  const gboolean   in_space = eqk_group_get_space_dim (self->group) == 3;
  char             name[64];
  g_autofree char *heading = NULL;

  if (!eqk_group_is_finite (self->group))
    g.angle = G_PI / 3;
  if (in_space)      /* the same, about z */
    {
      g.q[0] = cos (G_PI / 6);
      g.q[3] = sin (G_PI / 6);
    }
  eqk_group_element_name (self->group, &g, name, sizeof name);
  if (in_space)
    g_strlcpy (name, _("60° about z"), sizeof name);
  heading = g_strdup_printf (_("Kinds of pattern it knows, and their matrices for “%s”"), name);
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  eqs_box_clear (self->irreps);
  for (int i = 0; i < n; i++)
    {
      const EqkField   *field = eqk_group_irrep (self->group, i);
      const EqkSymmetry symmetry = { self->group, TRUE, EQK_PERMUTE_NONE };
      const EqkPortType type = { .space = { EQK_SPACE_SAMPLE, 0, 0, 0 }, .symmetry = symmetry, .rep = eqk_rep_single (field, 1), .kind = EQK_KIND_FEATURE };
      const EqkField   *regular = eqk_group_regular (self->group);
      g_autofree char  *matrix = matrix_text (field, &g), *title = NULL;
      GtkWidget        *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10), *label = gtk_label_new (matrix), *text;

      title = regular == NULL ? g_strdup_printf (_("%s: %s"), eqk_field_get_name (field), plain (field, in_space))
                              : g_strdup_printf (_("%s: %s, × %d in a field with one channel per pose"), eqk_field_get_name (field), plain (field, in_space), eqk_field_multiplicity (regular, field));
      text = eqs_text_new (title, "eq-second");
      gtk_widget_set_hexpand (text, TRUE);
      gtk_widget_add_css_class (label, "eq-mono");
      gtk_box_append (GTK_BOX (row), eqs_socket_new (&type));
      gtk_box_append (GTK_BOX (row), text);
      gtk_box_append (GTK_BOX (row), label);
      eqs_row_append_plain (self->irreps, row, title);
    }
}

void
eqs_group_page_choose (EqsGroupPage *self, int element)
{
  g_return_if_fail (EQS_IS_GROUP_PAGE (self));
  if (self->group == NULL || element == self->element)
    return;
  self->element = element;
  for (GtkWidget *child = gtk_widget_get_first_child (self->strip); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *button = gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));

      if (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "element")) == element)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
    }
  gtk_widget_queue_draw (self->graph);
  gtk_widget_queue_draw (self->table);
  fill_irreps (self);
}

static char *
facts_text (const EqkGroup *group)
{
  EqkElement generators[4];
  const int  n = eqk_group_generators (group, generators);
  GString   *text = g_string_new (NULL);

  if (eqk_group_is_finite (group))
    g_string_append_printf (text, _("Order %d."), eqk_group_get_order (group));
  else
    g_string_append (text, _("Infinitely many elements."));
  for (int i = 0; eqk_group_is_finite (group) && i < n; i++)
    {
      char name[64];

      eqk_group_element_name (group, &generators[i], name, sizeof name);
      g_string_append_printf (text, i == 0 ? _(" Made from “%s”") : _(" and “%s”"), name);
    }
  if (eqk_group_is_finite (group) && n > 0)
    g_string_append_c (text, '.');
  g_string_append (text, eqk_group_is_abelian (group) ? _(" The order of two of them does not matter.") : _(" The order of two of them matters."));
  return g_string_free (text, FALSE);
}

void
eqs_group_page_show (EqsGroupPage *self, const EqkGroup *group, EqsSamplePicture *sample)
{
  g_return_if_fail (EQS_IS_GROUP_PAGE (self));

  g_autofree char *facts = facts_text (group);

  g_clear_pointer (&self->sample, eqs_sample_picture_unref);
  self->sample = sample == NULL ? NULL : eqs_sample_picture_ref (sample);
  self->group = group;
  self->element = eqk_group_is_finite (group) && eqk_group_get_order (group) > 1 ? 1 : 0;
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  gtk_widget_set_visible (self->pictures, eqk_group_is_finite (group) && eqk_group_get_order (group) > 1);
  fill_strip (self);
  fill_irreps (self);
  gtk_widget_queue_draw (self->graph);
  gtk_widget_queue_draw (self->table);
}

static GtkWidget *
make_picture (EqsGroupPage *self, const char *name)
{
  GtkWidget *area = gtk_drawing_area_new ();

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 160);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 176);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_graph_cb, self, NULL);
  gtk_widget_set_hexpand (area, TRUE);
  eqs_set_name (area, name);
  return area;
}

GtkWidget *
eqs_group_page_new (void)
{
  return g_object_new (EQS_TYPE_GROUP_PAGE, NULL);
}

static void
eqs_group_page_dispose (GObject *object)
{
  EqsGroupPage *self = EQS_GROUP_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->sample, eqs_sample_picture_unref);

  G_OBJECT_CLASS (eqs_group_page_parent_class)->dispose (object);
}

static void
eqs_group_page_class_init (EqsGroupPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_group_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_group_page_init (EqsGroupPage *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->strip = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->strip), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->strip), 8);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->strip), 4);
  eqs_set_name (self->strip, _("Elements"));
  self->facts = eqs_text_new ("", "eq-second");
  self->graph = make_picture (self, _("Cayley graph"));
  self->table = make_picture (self, _("Cayley table"));
  g_signal_connect (click, "pressed", G_CALLBACK (graph_pressed_cb), self);
  gtk_widget_add_controller (self->graph, GTK_EVENT_CONTROLLER (click));
  self->pictures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_append (GTK_BOX (self->pictures), self->graph);
  gtk_box_append (GTK_BOX (self->pictures), self->table);
  self->heading = eqs_heading_new ("");
  self->irreps = eqs_boxed_list_new (_("Representations"));
  gtk_box_append (GTK_BOX (self->box), self->strip);
  gtk_box_append (GTK_BOX (self->box), self->facts);
  gtk_box_append (GTK_BOX (self->box), self->pictures);
  gtk_box_append (GTK_BOX (self->box), self->heading);
  gtk_box_append (GTK_BOX (self->box), self->irreps);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
