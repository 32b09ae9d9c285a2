/*
 * What stands below the header while a design is shown: side panels, canvas, panel below, status strip. What stands in the
 * panels is in the tables; a panel is a widget over the session and knows nothing of the window.
 */

#include "app/window-private.h"

#include "app/preferences.h"
#include "app/status-strip.h"
#include "studio/outline.h"
#include "widgets/audit/audit-panel.h"
#include "widgets/canvas/canvas.h"
#include "widgets/canvas/minimap.h"
#include "widgets/data/data-panel.h"
#include "widgets/inspector/inspector.h"
#include "widgets/outline/outline.h"
#include "widgets/palette/palette.h"
#include "widgets/parts.h"
#include "widgets/theme.h"
#include "widgets/problems/problems.h"
#include "widgets/symmetry/symmetry-view.h"
#include "widgets/training/training-panel.h"
#include "widgets/tryit/try-it.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A page of a stack of panels. */
typedef struct
{
  const char *name, *title;                        /* title: N_() */
  GtkWidget *(*make) (EqsSession *session);
  int         height;                              /* of the panel below when this page opens by itself */
  int         canvas;                              /* what it leaves to the canvas where the window is low */
} Panel;

static const Panel left_panels[] = {
  { "layers", N_("Layers"), eqs_palette_new, 0, 0 },
  { "outline", N_("Outline"), eqs_outline_widget_new, 0, 0 },
  { "data", N_("Data"), eqs_data_panel_new, 0, 0 },
  { NULL, NULL, NULL, 0, 0 }
};

static const Panel bottom_panels[] = {
  { "problems", N_("Problems"), eqs_problems_new, 184, 190 },
  { "training", N_("Training"), eqs_training_panel_new, 430, 190 },
  { "symmetry", N_("Symmetry view"), eqs_symmetry_view_new, 520, 120 },
  { "try", N_("Try it"), eqs_try_it_new, 430, 120 },
  { "audit", N_("Audit"), eqs_audit_panel_new, 400, 160 },
  { NULL, NULL, NULL, 0, 0 }
};
static GtkWidget *
make_stack (const Panel *panels, EqsSession *session)
{
  GtkWidget *stack = gtk_stack_new ();

  gtk_stack_set_vhomogeneous (GTK_STACK (stack), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (stack), FALSE);
  for (const Panel *panel = panels; panel->name != NULL; panel++)
    gtk_stack_add_titled (GTK_STACK (stack), panel->make (session), panel->name, _(panel->title));
  return stack;
}

static GtkWidget *
make_tabs (GtkWidget *stack)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *switcher = gtk_stack_switcher_new ();

  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  gtk_box_layout_set_homogeneous (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (switcher)), FALSE);      /* one long word does not widen them all */
  gtk_widget_add_css_class (bar, "eq-tabs");
  gtk_box_append (GTK_BOX (bar), eqs_line_scrolled_new (switcher, _("Pages")));
  return bar;
}

static GtkWidget *
make_left (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *stack = make_stack (left_panels, self->session);

  self->left_stack = stack;
  gtk_stack_set_hhomogeneous (GTK_STACK (stack), TRUE);      /* choosing a tab moves nothing */
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_widget_add_css_class (box, "eq-panel");
  gtk_widget_add_css_class (box, "eq-side");
  gtk_widget_set_size_request (box, 200, -1);
  gtk_box_append (GTK_BOX (box), make_tabs (stack));
  gtk_box_append (GTK_BOX (box), stack);
  gtk_widget_set_visible (box, left_panels[0].name != NULL);
  return box;
}

/* The panels below need width; a narrow window has it only without the inspector, which comes back when they go. */
static void
make_room (EqsWindow *self)
{
  const gboolean wanted = self->narrow && gtk_widget_get_visible (self->bottom) && g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->bottom_stack)), "problems") != 0;

  if (wanted && gtk_widget_get_visible (self->right))
    {
      gtk_widget_set_visible (self->right, FALSE);
      self->inspector_away = TRUE;
    }
  else if (!wanted && self->inspector_away)
    {
      gtk_widget_set_visible (self->right, TRUE);
      self->inspector_away = FALSE;
    }
}

/* Once the canvas has its new size, all of the design is shown in it, or as much of it as can be read, unless a person has chosen another view since the last time. */
typedef struct { EqsWindow *window; int width, height; guint tries; } Fit;

static void
fit_free (gpointer data)
{
  g_object_unref (((Fit *) data)->window);
  g_free (data);
}

static gboolean
fit_cb (gpointer data)
{
  Fit       *fit = data;
  EqsWindow *self = fit->window;

  if (self->canvas == NULL)
    return G_SOURCE_REMOVE;
  if (self->recalled_zoom > 0 && fabs (eqs_canvas_get_zoom (EQS_CANVAS (self->canvas)) - self->recalled_zoom) < 1e-9)
    return G_SOURCE_REMOVE;
  if (gtk_widget_get_height (self->canvas) == fit->height && gtk_widget_get_width (self->canvas) == fit->width && ++fit->tries < 40)
    return G_SOURCE_CONTINUE;
  eqs_canvas_fit_readably (EQS_CANVAS (self->canvas), gtk_widget_get_visible (self->bottom), TRUE);
  self->fitted_zoom = eqs_canvas_get_zoom (EQS_CANVAS (self->canvas));
  return G_SOURCE_REMOVE;
}

static void
fit_soon (EqsWindow *self)
{
  Fit *fit = g_new0 (Fit, 1);

  fit->window = g_object_ref (self);
  fit->width = gtk_widget_get_width (self->canvas);
  fit->height = gtk_widget_get_height (self->canvas);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 50, fit_cb, fit, fit_free);
}

void
eqs_window_hide_bottom (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  const gboolean untouched = eqs_canvas_get_zoom (EQS_CANVAS (self->canvas)) == self->fitted_zoom;

  if (!gtk_widget_get_visible (self->bottom))
    return;
  gtk_widget_set_visible (self->bottom, FALSE);
  make_room (self);
  if (untouched)
    fit_soon (self);
}

static void
hide_bottom_cb (GtkButton *button, EqsWindow *self)
{
  eqs_window_hide_bottom (self);
}

/* The height that a panel needs. One that was open grows where the new page needs more, and never shrinks under the hand. */
static void
give_height (EqsWindow *self, const char *name, gboolean opened)
{
  const int height = gtk_widget_get_height (self->middle), now = height - gtk_paned_get_position (GTK_PANED (self->middle));

  for (const Panel *panel = bottom_panels; panel->name != NULL; panel++)
    if (g_strcmp0 (panel->name, name) == 0 && (opened || now < MIN (panel->height, height - panel->canvas)))
      {
        gtk_paned_set_position (GTK_PANED (self->middle), height - MIN (panel->height, height - panel->canvas));
        fit_soon (self);
      }
}

static void
page_cb (GtkStack *stack, GParamSpec *pspec, EqsWindow *self)
{
  if (self->right == NULL || self->middle == NULL)
    return;
  make_room (self);
  if (gtk_widget_get_visible (self->bottom) && gtk_widget_get_height (self->middle) > 0)
    give_height (self, gtk_stack_get_visible_child_name (stack), FALSE);
}

static GtkWidget *
make_bottom (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *tabs, *close = gtk_button_new_from_icon_name ("pan-down-symbolic");

  self->bottom_stack = make_stack (bottom_panels, self->session);
  g_signal_connect_object (self->bottom_stack, "notify::visible-child", G_CALLBACK (page_cb), self, 0);
  tabs = make_tabs (self->bottom_stack);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_set_hexpand (close, TRUE);
  gtk_widget_set_halign (close, GTK_ALIGN_END);
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Hide the panel below"), -1);
  gtk_widget_set_tooltip_text (close, _("Hide the panel below"));
  g_signal_connect (close, "clicked", G_CALLBACK (hide_bottom_cb), self);
  gtk_box_append (GTK_BOX (tabs), close);
  gtk_widget_add_css_class (box, "eq-panel");
  gtk_widget_add_css_class (box, "eq-bottom");
  gtk_widget_set_vexpand (self->bottom_stack, TRUE);
  gtk_box_append (GTK_BOX (box), tabs);
  gtk_box_append (GTK_BOX (box), self->bottom_stack);
  gtk_widget_set_visible (box, FALSE);
  return box;
}

/* The canvas. */
static void
zoomed_cb (EqsCanvas *canvas, GtkLabel *label)
{
  g_autofree char *text = g_strdup_printf (_("%.0f %%"), 100 * eqs_canvas_get_zoom (canvas));

  gtk_label_set_label (label, text);
}

/* A button that stands on the canvas is beside it in the tree, so it asks the canvas itself. */
static void
canvas_button_cb (GtkButton *button, EqsWindow *self)
{
  gtk_widget_activate_action (self->canvas, g_object_get_data (G_OBJECT (button), "canvas-action"), NULL);
}

static GtkWidget *
canvas_button (EqsWindow *self, const char *icon, const char *name, const char *action, const char *style)
{
  GtkWidget *button = eqs_icon_button_new (icon, name);

  gtk_widget_add_css_class (button, style);
  g_object_set_data (G_OBJECT (button), "canvas-action", (gpointer) action);
  g_signal_connect_object (button, "clicked", G_CALLBACK (canvas_button_cb), self, 0);
  return button;
}

static GtkWidget *
make_zoom_tools (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *label = gtk_label_new ("100 %");

  gtk_widget_add_css_class (box, "eq-floating");
  gtk_widget_add_css_class (label, "eq-number");
  gtk_widget_set_size_request (label, 52, -1);
  gtk_box_append (GTK_BOX (box), canvas_button (self, "list-remove-symbolic", _("Zoom out"), "canvas.zoom-out", "flat"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), canvas_button (self, "list-add-symbolic", _("Zoom in"), "canvas.zoom-in", "flat"));
  gtk_box_append (GTK_BOX (box), canvas_button (self, "zoom-fit-best-symbolic", _("Show everything"), "canvas.fit", "flat"));
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_valign (box, GTK_ALIGN_END);
  g_signal_connect_object (self->canvas, "zoomed", G_CALLBACK (zoomed_cb), label, 0);
  return box;
}

/* Inside a block: which one, and the way out. */
static void
scope_changed_cb (EqsSession *session, GtkWidget *place)
{
  EqsDocument     *document = eqs_session_get_document (session);
  const EqsNode   *node = eqs_document_find_node (document, eqs_session_get_scope (session)), *definition;
  g_autofree char *text = NULL;
  guint            n;

  gtk_widget_set_visible (place, node != NULL);
  if (node == NULL)
    return;
  definition = eqs_session_get_scope (session)[0] == '#' && strchr (eqs_session_get_scope (session), '/') == NULL ? node : eqs_document_get_definition_of (document, node);
  n = definition == NULL ? 0 : eqs_document_count_uses (document, eqs_node_get_id (definition));
  if (definition == NULL)
    /* Translators: the title of a block. */
    text = g_strdup_printf (_("Inside “%s”"), eqs_document_get_shown_title (document, node));
  else
    /* Translators: the name of a definition. */
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Inside “%s”, used %u time", "Inside “%s”, used %u times: an edit changes all of them", n), eqs_node_get_shown_title (definition), n);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (place)), text);
}

static GtkWidget *
make_place (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), *label = gtk_label_new ("");

  gtk_widget_add_css_class (box, "eq-floating");
  gtk_widget_set_margin_end (label, 8);
  gtk_box_append (GTK_BOX (box), canvas_button (self, "go-up-symbolic", _("Leave the block"), "canvas.leave", "flat"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_halign (box, GTK_ALIGN_START);
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_widget_set_visible (box, FALSE);
  g_signal_connect_object (self->session, "scope-changed", G_CALLBACK (scope_changed_cb), box, 0);
  return box;
}

static void
wheel_cb (GSettings *settings, const char *key, EqsCanvas *canvas)
{
  eqs_canvas_set_wheel_zooms (canvas, g_settings_get_boolean (settings, key));
}

static GtkWidget *
make_canvas (EqsWindow *self)
{
  GtkWidget *overlay = gtk_overlay_new (), *add = canvas_button (self, "list-add-symbolic", _("Add a layer"), "canvas.add-layer", "eq-add");
  GSettings *settings = eqs_preferences_get ();

  self->canvas = eqs_canvas_new (self->session);
  if (settings != NULL)
    {
      g_signal_connect_object (settings, "changed::wheel-zooms", G_CALLBACK (wheel_cb), self->canvas, 0);
      wheel_cb (settings, "wheel-zooms", EQS_CANVAS (self->canvas));
    }
  gtk_widget_add_css_class (add, "suggested-action");
  gtk_widget_add_css_class (add, "circular");
  gtk_widget_set_halign (add, GTK_ALIGN_START);
  gtk_widget_set_valign (add, GTK_ALIGN_END);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->canvas);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), add);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_zoom_tools (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_place (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), eqs_minimap_new (EQS_CANVAS (self->canvas)));
  return overlay;
}

/* The inspector. */
static GtkWidget *
make_right (EqsWindow *self)
{
  GtkWidget *inspector = eqs_inspector_new (self->session);

  gtk_widget_add_css_class (inspector, "eq-right");
  return inspector;
}

static void
show_cb (EqsStatusStrip *strip, const char *name, EqsWindow *self)
{
  if (strcmp (name, "project") == 0)
    {
      eqs_session_select (self->session, NULL);
      if (self->right != NULL)
        gtk_widget_set_visible (self->right, TRUE);
    }
  else
    eqs_window_show_panel (self, name);
}

static GtkWidget *
new_paned (GtkOrientation orientation, const char *name, GtkWidget *start, GtkWidget *end, gboolean start_grows)
{
  GtkWidget *paned = gtk_paned_new (orientation);

  gtk_paned_set_start_child (GTK_PANED (paned), start);
  gtk_paned_set_end_child (GTK_PANED (paned), end);
  gtk_paned_set_resize_start_child (GTK_PANED (paned), start_grows);
  gtk_paned_set_resize_end_child (GTK_PANED (paned), !start_grows);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (paned), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return paned;
}

GtkWidget *
eqs_window_make_studio (EqsWindow *self)
{
  g_return_val_if_fail (EQS_IS_WINDOW (self), NULL);

  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *strip = eqs_status_strip_new (self->session), *inner;

  self->inspector_away = FALSE;
  self->left = make_left (self);
  self->right = make_right (self);
  self->bottom = make_bottom (self);
  self->middle = new_paned (GTK_ORIENTATION_VERTICAL, _("Height of the panel below"), make_canvas (self), self->bottom, TRUE);
  inner = new_paned (GTK_ORIENTATION_HORIZONTAL, _("Width of the inspector"), self->middle, self->right, TRUE);
  self->outer = new_paned (GTK_ORIENTATION_HORIZONTAL, _("Width of the left panel"), self->left, inner, FALSE);
  gtk_widget_set_vexpand (self->outer, TRUE);
  eqs_window_fit_panels (self);
  g_signal_connect_object (strip, "details", G_CALLBACK (show_cb), self, 0);
  gtk_box_append (GTK_BOX (box), self->outer);
  gtk_box_append (GTK_BOX (box), strip);
  return box;
}

/* The least width at which all of its tabs are seen, within reason. */
static int
narrow_left (EqsWindow *self)
{
  int tabs;

  gtk_widget_measure (gtk_widget_get_first_child (self->left), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &tabs, NULL, NULL);
  return CLAMP (tabs + 1, 200, 236);
}

void
eqs_window_fit_panels (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  if (self->right == NULL)
    return;
  /* As wide as the widest form, so that choosing a layer moves nothing; in a narrow window the form scrolls. */
  gtk_widget_set_size_request (self->right, self->narrow ? 272 : (int) (376 * eqs_theme_text_scale (self->right)), -1);
  gtk_paned_set_position (GTK_PANED (self->outer), self->narrow ? narrow_left (self) : (int) (248 * eqs_theme_text_scale (self->right)));
  make_room (self);
  if (gtk_widget_get_width (self->canvas) > 0)
    fit_soon (self);
}

void
eqs_window_show_panel (EqsWindow *self, const char *name)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  const gboolean was = self->bottom != NULL && gtk_widget_get_visible (self->bottom);

  if (self->bottom_stack == NULL || gtk_stack_get_child_by_name (GTK_STACK (self->bottom_stack), name) == NULL)
    return;
  gtk_stack_set_visible_child_name (GTK_STACK (self->bottom_stack), name);
  gtk_widget_set_visible (self->bottom, TRUE);
  make_room (self);
  give_height (self, name, !was);
}
