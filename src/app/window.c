/*
 * The window's frame: header bar, side panels, canvas, panel below, status strip. What stands in the panels is in the tables
 * below; a panel is a widget over the session and knows nothing of the window.
 */

#include "app/window.h"

#include "app/actions.h"
#include "app/command-search.h"
#include "app/help.h"
#include "app/preferences.h"
#include "app/status-strip.h"
#include "draw/topology.h"
#include "studio/outline.h"
#include "widgets/audit/audit-panel.h"
#include "widgets/canvas/canvas.h"
#include "widgets/canvas/minimap.h"
#include "widgets/data/data-panel.h"
#include "widgets/export/export-dialog.h"
#include "widgets/filters/filter-window.h"
#include "widgets/inspector/inspector.h"
#include "widgets/outline/outline.h"
#include "widgets/parts.h"
#include "widgets/palette/palette.h"
#include "widgets/picker/group-picker.h"
#include "widgets/problems/problems.h"
#include "widgets/questions/questions.h"
#include "widgets/save-picture.h"
#include "widgets/start/start-page.h"
#include "widgets/symmetry/symmetry-view.h"
#include "widgets/training/training-panel.h"
#include "widgets/tryit/try-it.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* A page of a stack of panels. */
typedef struct
{
  const char *name, *title;                        /* title: N_() */
  GtkWidget *(*make) (EqsSession *session);
  int         height;                              /* of the panel below when this page opens by itself */
} Panel;

static const Panel left_panels[] = {
  { "layers", N_("Layers"), eqs_palette_new, 0 },
  { "outline", N_("Outline"), eqs_outline_widget_new, 0 },
  { "data", N_("Data"), eqs_data_panel_new, 0 },
  { NULL, NULL, NULL, 0 }
};

static const Panel bottom_panels[] = {
  { "problems", N_("Problems"), eqs_problems_new, 184 },
  { "training", N_("Training"), eqs_training_panel_new, 430 },
  { "symmetry", N_("Symmetry view"), eqs_symmetry_view_new, 520 },
  { "try", N_("Try it"), eqs_try_it_new, 430 },
  { "audit", N_("Audit"), eqs_audit_panel_new, 296 },
  { NULL, NULL, NULL, 0 }
};

struct _EqsWindow
{
  GtkApplicationWindow parent_instance;

  EqsSession *session;            /* owned (nullable) */
  EqsDraft   *draft;              /* owned (nullable): of session */
  GSignalGroup *session_signals;  /* owned */
  GSignalGroup *history_signals;  /* owned */
  GSignalGroup *run_signals;      /* owned */

  /* borrowed */
  GtkWidget  *toasts, *pages, *studio;
  GtkWidget  *title, *state, *chip, *chip_label;
  GtkWidget  *undo, *redo, *problems, *train, *export;
  GtkWidget  *left, *left_stack, *right, *bottom, *bottom_stack, *middle, *canvas, *menu_button;
  GPtrArray  *design_widgets;     /* owned: of borrowed widgets of the header that need a design */
};

G_DEFINE_FINAL_TYPE (EqsWindow, eqs_window, GTK_TYPE_APPLICATION_WINDOW)

/* ---- what the header says ---- */

static void
update_title (EqsWindow *self)
{
  g_autofree char *title = self->session == NULL ? g_strdup (_("Equistudio")) : eqs_session_dup_title (self->session);
  g_autofree char *full = NULL;
  EqsHistory *history = self->session == NULL ? NULL : eqs_session_get_history (self->session);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_widget_set_visible (self->state, history != NULL);
  gtk_widget_set_visible (self->chip, history != NULL);
  /* Translators: name of the design, then of the program. */
  full = history == NULL ? g_strdup (title) : g_strdup_printf (_("%s – Equistudio"), title);
  gtk_window_set_title (GTK_WINDOW (self), full);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, full, -1);
  if (history == NULL)
    return;
  gtk_label_set_label (GTK_LABEL (self->state), eqs_document_is_read_only (eqs_session_get_document (self->session)) ? _("read-only") :
                       eqs_history_is_modified (history) ? _("edited") : eqs_session_get_path (self->session) != NULL ? _("saved") : _("new"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", eqs_history_can_undo (history));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", eqs_history_can_redo (history));
  if (eqs_history_can_undo (history))
    {
      g_autofree char *tip = g_strdup_printf (_("Undo: %s"), eqs_history_get_undo_label (history));

      gtk_widget_set_tooltip_text (self->undo, tip);
    }
  if (eqs_history_can_redo (history))
    {
      g_autofree char *tip = g_strdup_printf (_("Redo: %s"), eqs_history_get_redo_label (history));

      gtk_widget_set_tooltip_text (self->redo, tip);
    }
}

static void
update_chip (EqsWindow *self)
{
  EqkSymmetry symmetry;
  const char *id = eqs_document_get_group (eqs_session_get_document (self->session));
  g_autofree char *name = NULL, *label = NULL;

  if (eqs_session_get_symmetry (self->session, &symmetry))
    {
      g_autofree char *title = eqs_symmetry_dup_title (&symmetry), *notation = eqs_symmetry_dup_notation (&symmetry);

      /* Translators: what a group is, then its symbol. */
      label = g_strdup_printf (_("%s, %s"), title, notation);
    }
  else
    label = g_strdup (id);
  gtk_label_set_label (GTK_LABEL (self->chip_label), label);
  name = g_strdup_printf (_("Symmetry group: %s"), id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chip), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static guint
count_errors (EqsWindow *self)
{
  return self->session == NULL ? 0 : eqs_session_count_problems (self->session, EQK_SEVERITY_ERROR);
}

/* Train, Stop, or the number of problems: one button, of one width. */
static void
update_train (EqsWindow *self)
{
  const guint errors = count_errors (self), warnings = eqs_session_count_problems (self->session, EQK_SEVERITY_WARNING);
  const gboolean training = eqs_session_is_training (self->session);
  g_autofree char *label = NULL, *count = NULL, *name = NULL;
  GtkWidget *content = gtk_button_get_child (GTK_BUTTON (self->train));

  if (training)
    label = g_strdup (_("Stop"));
  else if (errors > 0)
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u problem", "%u problems", errors), errors);
  else
    label = g_strdup (_("Train"));
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), training ? "media-playback-stop-symbolic" : errors > 0 ? "dialog-error-symbolic" : "media-playback-start-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->train), training ? "win.stop" : errors > 0 ? "win.problems" : "win.train");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->train), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (training || errors > 0)
    gtk_widget_remove_css_class (self->train, "suggested-action");
  else
    gtk_widget_add_css_class (self->train, "suggested-action");
  count = g_strdup_printf ("%u", errors + warnings);
  content = gtk_button_get_child (GTK_BUTTON (self->problems));
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), count);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), errors > 0 ? "dialog-error-symbolic" : warnings > 0 ? "dialog-warning-symbolic" : "object-select-symbolic");
  name = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Show %u problem or warning", "Show %u problems and warnings", errors + warnings), errors + warnings);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->problems), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (self->problems, name);
}

static void
checked_cb (EqsSession *session, EqsWindow *self)
{
  update_chip (self);
  update_train (self);
}

static void
file_changed_cb (EqsSession *session, EqsWindow *self)
{
  update_title (self);
}

static void
message_cb (EqsSession *session, const char *text, EqsWindow *self)
{
  eqs_window_toast (self, text, NULL, NULL);
}

static void
runs_changed_cb (EqsSession *session, EqsWindow *self)
{
  g_signal_group_set_target (self->run_signals, eqs_session_get_run (session));
  update_train (self);
}

static void
run_finished_cb (EqsTraining *run, EqsWindow *self)
{
  update_train (self);
}

void
eqs_window_toast_stay (EqsWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

void
eqs_window_toast (EqsWindow *self, const char *text, const char *action, const char *button)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (action != NULL)
    {
      adw_toast_set_detailed_action_name (toast, action);
      adw_toast_set_button_label (toast, button);
    }
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

/* ---- parts ---- */

static GtkWidget *
icon_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = eqs_icon_button_new (icon, name);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

/* ---- panels ---- */

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
  gtk_widget_add_css_class (bar, "eq-tabs");
  gtk_box_append (GTK_BOX (bar), switcher);
  return bar;
}

static GtkWidget *
make_left (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *stack = make_stack (left_panels, self->session);

  self->left_stack = stack;
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_widget_add_css_class (box, "eq-panel");
  gtk_widget_add_css_class (box, "eq-side");
  gtk_widget_set_size_request (box, 200, -1);
  gtk_box_append (GTK_BOX (box), make_tabs (stack));
  gtk_box_append (GTK_BOX (box), stack);
  gtk_widget_set_visible (box, left_panels[0].name != NULL);
  return box;
}

static void
hide_bottom_cb (GtkButton *button, EqsWindow *self)
{
  gtk_widget_set_visible (self->bottom, FALSE);
}

static GtkWidget *
make_bottom (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *tabs, *close = gtk_button_new_from_icon_name ("pan-down-symbolic");

  self->bottom_stack = make_stack (bottom_panels, self->session);
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
  EqsNode         *node = eqs_document_find_node (eqs_session_get_document (session), eqs_session_get_scope (session));
  g_autofree char *text = NULL;

  gtk_widget_set_visible (place, node != NULL);
  if (node == NULL)
    return;
  /* Translators: the title of a block. */
  text = g_strdup_printf (_("Inside “%s”"), eqs_outline_node_title (node));
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
  /* As wide as the widest form, so that choosing a layer moves nothing; in a small window the form scrolls. */
  gtk_widget_set_size_request (inspector, gtk_widget_get_width (GTK_WIDGET (self)) >= 1200 ? 340 : 272, -1);
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

static GtkWidget *
make_studio (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *strip = eqs_status_strip_new (self->session), *outer, *inner;

  self->left = make_left (self);
  self->right = make_right (self);
  self->bottom = make_bottom (self);
  self->middle = new_paned (GTK_ORIENTATION_VERTICAL, _("Height of the panel below"), make_canvas (self), self->bottom, TRUE);
  inner = new_paned (GTK_ORIENTATION_HORIZONTAL, _("Width of the inspector"), self->middle, self->right, TRUE);
  outer = new_paned (GTK_ORIENTATION_HORIZONTAL, _("Width of the left panel"), self->left, inner, FALSE);
  gtk_paned_set_position (GTK_PANED (outer), 248);
  gtk_widget_set_vexpand (outer, TRUE);
  g_signal_connect_object (strip, "details", G_CALLBACK (show_cb), self, 0);
  gtk_box_append (GTK_BOX (box), outer);
  gtk_box_append (GTK_BOX (box), strip);
  return box;
}

/* Once the canvas has its new height, all of the design is shown in it. */
typedef struct { EqsWindow *window; int height; guint tries; } Fit;

static void
fit_free (gpointer data)
{
  g_object_unref (((Fit *) data)->window);
  g_free (data);
}

static gboolean
fit_cb (gpointer data)
{
  Fit *fit = data;

  if (fit->window->canvas == NULL)
    return G_SOURCE_REMOVE;
  if (gtk_widget_get_height (fit->window->canvas) == fit->height && ++fit->tries < 40)
    return G_SOURCE_CONTINUE;
  eqs_canvas_fit (EQS_CANVAS (fit->window->canvas), FALSE);
  return G_SOURCE_REMOVE;
}

void
eqs_window_show_panel (EqsWindow *self, const char *name)
{
  const gboolean was = self->bottom != NULL && gtk_widget_get_visible (self->bottom);

  if (self->bottom_stack == NULL || gtk_stack_get_child_by_name (GTK_STACK (self->bottom_stack), name) == NULL)
    return;
  gtk_stack_set_visible_child_name (GTK_STACK (self->bottom_stack), name);
  gtk_widget_set_visible (self->bottom, TRUE);
  for (const Panel *panel = bottom_panels; !was && panel->name != NULL; panel++)
    if (strcmp (panel->name, name) == 0)
      {
        const int height = gtk_widget_get_height (self->middle);
        Fit      *fit_now = g_new0 (Fit, 1);

        fit_now->window = g_object_ref (self);
        fit_now->height = gtk_widget_get_height (self->canvas);
        gtk_paned_set_position (GTK_PANED (self->middle), height - MIN (panel->height, height - 120));
        g_timeout_add_full (G_PRIORITY_DEFAULT, 50, fit_cb, fit_now, fit_free);
      }
}

/* ---- the session ---- */

EqsSession *
eqs_window_get_session (EqsWindow *self)
{
  return self->session;
}

/* Changes of the design that is left have been saved or given up by now. */
static void
forget_draft (EqsWindow *self)
{
  if (self->draft != NULL)
    eqs_draft_discard (self->draft);
  g_clear_object (&self->draft);
}

void
eqs_window_set_session (EqsWindow *self, EqsSession *session)
{
  eqs_window_set_session_with_draft (self, session, NULL);
}

void
eqs_window_set_session_with_draft (EqsWindow *self, EqsSession *session, const char *draft_id)
{
  g_return_if_fail (EQS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;
  forget_draft (self);
  self->draft = eqs_draft_new (session, draft_id);
  if (self->studio != NULL)
    gtk_stack_remove (GTK_STACK (self->pages), self->studio);
  else
    gtk_stack_remove (GTK_STACK (self->pages), gtk_stack_get_child_by_name (GTK_STACK (self->pages), "start"));
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->history_signals, eqs_session_get_history (session));
  self->studio = make_studio (self);
  gtk_stack_add_named (GTK_STACK (self->pages), self->studio, "studio");
  gtk_stack_set_visible_child (GTK_STACK (self->pages), self->studio);
  gtk_widget_grab_focus (self->canvas);
  for (guint i = 0; i < self->design_widgets->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->design_widgets, i), TRUE);
  update_title (self);
  update_chip (self);
  update_train (self);
  runs_changed_cb (session, self);
}

/* ---- actions ---- */

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_choose_file (EQS_WINDOW (widget));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->session != NULL)
    eqs_window_save (EQS_WINDOW (widget), strcmp (name, "win.save-as") == 0, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->session == NULL)
    return;
  if (strcmp (name, "win.undo") == 0)
    eqs_history_undo (eqs_session_get_history (self->session));
  else
    eqs_history_redo (eqs_session_get_history (self->session));
}

static void
train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (self->session == NULL || eqs_session_is_training (self->session))
    return;
  eqs_window_show_panel (self, "training");
  if (eqs_session_train (self->session, NULL, &error) == NULL)
    eqs_window_toast (self, error->message, NULL, NULL);
  update_train (self);
}

static void outline_action (GtkWidget *widget, const char *name, GVariant *parameter);

void
eqs_window_run_action (EqsWindow *self, const char *name)
{
  if (g_str_has_prefix (name, "outline.") && self->left_stack != NULL)
    {
      outline_action (GTK_WIDGET (self), NULL, NULL);
      gtk_widget_activate_action (gtk_stack_get_visible_child (GTK_STACK (self->left_stack)), name, NULL);
      return;
    }
  /* A widget finds its own actions and those of everything it stands in. */
  gtk_widget_activate_action (self->canvas != NULL ? self->canvas : GTK_WIDGET (self), name, NULL);
}

static void
commands_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_command_search_show (EQS_WINDOW (widget));
}

static void
history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->session != NULL)
    eqs_history_list_show (EQS_WINDOW (widget));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow  *self = EQS_WINDOW (widget);
  GListModel *runs = self->session == NULL ? NULL : eqs_session_get_runs (self->session);

  for (guint i = 0; runs != NULL && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      eqs_training_stop (run);
    }
}

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  GtkWidget *picker = self->session == NULL ? NULL : eqs_group_picker_new (self->session);

  if (picker == NULL)
    return;
  gtk_window_set_transient_for (GTK_WINDOW (picker), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (picker));
}

static void
problems_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_show_panel (EQS_WINDOW (widget), "problems");
}

static void
audit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->session == NULL)
    return;
  eqs_window_show_panel (self, "audit");
  eqs_audit_panel_start (EQS_AUDIT_PANEL (gtk_stack_get_child_by_name (GTK_STACK (self->bottom_stack), "audit")));
}

/* Only while the view is there to be seen. */
static void
element_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  GtkWidget *view = self->bottom_stack == NULL ? NULL : gtk_stack_get_child_by_name (GTK_STACK (self->bottom_stack), "symmetry");

  if (view == NULL || !gtk_widget_get_mapped (view))
    return;
  if (strcmp (name, "win.element-play") == 0)
    eqs_symmetry_view_play (EQS_SYMMETRY_VIEW (view));
  else
    eqs_symmetry_view_step (EQS_SYMMETRY_VIEW (view), strcmp (name, "win.element-next") == 0 ? 1 : -1);
}

static void
symmetry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->session != NULL)
    eqs_window_show_panel (EQS_WINDOW (widget), "symmetry");
}

static void
try_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->session != NULL)
    eqs_window_show_panel (EQS_WINDOW (widget), "try");
}

/* "Block 1.svg" of the design as it is: the picture is drawn by a worker on a copy. */
typedef struct { EqsDocument *document; EqsCheck *check; } Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_object_unref (picture->document);
  g_clear_pointer (&picture->check, eqs_check_unref);
  g_free (picture);
}

static gboolean
write_picture (const char *path, gpointer data, GError **error)
{
  const Picture *picture = data;

  return eqs_draw_topology_save (picture->document, picture->check, path, error);
}

static void
told_cb (const char *text, gpointer data)
{
  eqs_window_toast (data, text, NULL, NULL);
}

static void
picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow       *self = EQS_WINDOW (widget);
  g_autofree char *title = NULL;
  Picture         *picture;

  if (self->session == NULL)
    return;
  title = eqs_session_dup_title (self->session);
  picture = g_new0 (Picture, 1);
  picture->document = eqs_document_dup (eqs_session_get_document (self->session));
  picture->check = eqs_session_get_check (self->session) == NULL || !eqs_session_is_checked (self->session) ? NULL : eqs_check_ref (eqs_session_get_check (self->session));
  eqs_picture_ask (widget, title, write_picture, picture, picture_free, told_cb, G_OBJECT (self));
}

static void
tell_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_toast (EQS_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL, NULL);
}

/* The filters that the symmetry allows to the selected layer. */
static void
filters_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow  *self = EQS_WINDOW (widget);
  const char *path = self->session == NULL || eqs_session_get_n_selected (self->session) != 1 ? NULL : eqs_session_get_selection (self->session)[0];
  GtkWidget  *filters = path == NULL ? NULL : eqs_filter_window_new (self->session, path);

  if (filters == NULL)
    {
      if (self->session != NULL)
        eqs_window_toast (self, _("Select a steerable convolution: its filters are made from a basis that can be shown."), NULL, NULL);
      return;
    }
  gtk_window_set_transient_for (GTK_WINDOW (filters), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (filters));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  EqsCheck  *check = self->session == NULL ? NULL : eqs_session_get_check (self->session);

  if (check == NULL)
    return;
  if (check->program == NULL)
    {
      eqs_window_show_panel (self, "problems");
      eqs_window_toast (self, _("A design that cannot run cannot be exported yet."), NULL, NULL);
      return;
    }
  gtk_window_present (GTK_WINDOW (eqs_export_dialog_new (GTK_WINDOW (self), self->session)));
}

static void
check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  EqsCheck  *check = self->session == NULL ? NULL : eqs_session_get_check (self->session);

  if (check == NULL)
    return;
  if (check->problems->len > 0)
    eqs_window_show_panel (self, "problems");
  else
    eqs_window_toast (self, _("No problems. The design can be trained."), NULL, NULL);
}

/* Goes round the problems that have a node, from the one that is selected. */
static void
next_problem_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  EqsCheck  *check = self->session == NULL ? NULL : eqs_session_get_check (self->session);
  const int  step = strcmp (name, "win.next-problem") == 0 ? 1 : -1;
  int        n, at = -1;

  if (check == NULL || check->problems->len == 0)
    return;
  n = (int) check->problems->len;
  for (int i = 0; i < n && at < 0; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->node != NULL && eqs_session_is_selected (self->session, problem->node))
        at = i;
    }
  if (at < 0)
    at = step > 0 ? -1 : n;
  for (int i = 1; i <= n; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, ((at + i * step) % n + n) % n);

      if (problem->node != NULL)
        {
          eqs_session_reveal (self->session, problem->node);
          eqs_session_select_one (self->session, problem->node);
          return;
        }
    }
}

static void
toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  GtkWidget *panel = strcmp (name, "win.toggle-left") == 0 ? self->left : strcmp (name, "win.toggle-right") == 0 ? self->right : self->bottom;

  /* The panel below comes with the height that its page needs. */
  if (panel != NULL && panel == self->bottom && !gtk_widget_get_visible (panel))
    eqs_window_show_panel (self, gtk_stack_get_visible_child_name (GTK_STACK (self->bottom_stack)));
  else if (panel != NULL)
    gtk_widget_set_visible (panel, !gtk_widget_get_visible (panel));
}

/* An action of the canvas, from wherever the keyboard is. */
static void
canvas_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->canvas != NULL)
    gtk_widget_activate_action (EQS_WINDOW (widget)->canvas, g_variant_get_string (parameter, NULL), NULL);
}

static void
edit_item_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->canvas != NULL)
    gtk_widget_activate_action_variant (EQS_WINDOW (widget)->canvas, "canvas.edit-item", parameter);
}

/* To the settings of what is selected. */
static void
inspect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->right == NULL)
    return;
  gtk_widget_set_visible (self->right, TRUE);
  gtk_widget_child_focus (self->right, GTK_DIR_TAB_FORWARD);
}

static void
outline_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->left == NULL)
    return;
  gtk_widget_set_visible (self->left, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->left_stack), "outline");
  gtk_widget_child_focus (gtk_stack_get_visible_child (GTK_STACK (self->left_stack)), GTK_DIR_TAB_FORWARD);
}

static void
fullscreen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (EQS_WINDOW (widget)->menu_button));
}

/* The page of the selected layer, where there is one. */
static void
help_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  EqsNode   *node = self->session == NULL || eqs_session_get_n_selected (self->session) == 0 ? NULL :
                    eqs_document_find_node (eqs_session_get_document (self->session), eqs_session_get_selection (self->session)[0]);

  eqs_help_show (GTK_WINDOW (self), node == NULL ? NULL : eqs_node_get_layer (node));
}

static void
shortcuts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *window = eqs_actions_new_shortcuts_window ();

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (widget));
  gtk_window_present (GTK_WINDOW (window));
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

/* ---- making it ---- */

static GtkWidget *
content_button (const char *icon, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new (), *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
make_title (EqsWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->title = gtk_label_new ("");
  gtk_widget_add_css_class (self->title, "eq-window-title");
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  self->state = gtk_label_new ("");
  gtk_widget_add_css_class (self->state, "eq-second");
  gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), self->title);
  gtk_box_append (GTK_BOX (line), self->state);
  self->chip = gtk_button_new ();
  self->chip_label = gtk_label_new ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->chip_label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (chip), self->chip_label);
  gtk_button_set_child (GTK_BUTTON (self->chip), chip);
  gtk_widget_add_css_class (self->chip, "eq-group-chip");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->chip), "win.group");
  gtk_widget_set_halign (self->chip, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->chip);
  return box;
}

static GtkWidget *
make_menu (EqsWindow *self)
{
  GMenu *menu = g_menu_new (), *file = g_menu_new (), *help = g_menu_new ();

  g_menu_append (file, _("New window"), "app.new-window");
  g_menu_append (file, _("Save as…"), "win.save-as");
  g_menu_append (file, _("Save a picture of the design…"), "win.save-picture");
  g_menu_append (help, _("Preferences"), "app.preferences");
  g_menu_append (help, _("Search all commands"), "win.commands");
  g_menu_append (help, _("Help"), "win.help");
  g_menu_append (help, _("Keyboard shortcuts"), "win.shortcuts");
  g_menu_append (help, _("About Equistudio"), "app.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (file));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (help));
  self->menu_button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->menu_button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), G_MENU_MODEL (menu));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Main menu"), -1);
  g_object_unref (file);
  g_object_unref (help);
  g_object_unref (menu);
  return self->menu_button;
}

/* A widget of the header that is there only while a design is. */
static GtkWidget *
for_design (EqsWindow *self, GtkWidget *widget)
{
  gtk_widget_set_visible (widget, FALSE);
  g_ptr_array_add (self->design_widgets, widget);
  return widget;
}

static GtkWidget *
make_header (EqsWindow *self)
{
  GtkWidget *bar = adw_header_bar_new ();
  AdwHeaderBar *header = ADW_HEADER_BAR (bar);

  adw_header_bar_pack_start (header, for_design (self, icon_button ("sidebar-show-symbolic", _("Left panel"), "win.toggle-left")));
  adw_header_bar_pack_start (header, for_design (self, icon_button ("document-new-symbolic", _("New design"), "app.new")));
  adw_header_bar_pack_start (header, icon_button ("document-open-symbolic", _("Open"), "win.open"));
  adw_header_bar_pack_start (header, self->undo = for_design (self, icon_button ("edit-undo-symbolic", _("Undo"), "win.undo")));
  adw_header_bar_pack_start (header, self->redo = for_design (self, icon_button ("edit-redo-symbolic", _("Redo"), "win.redo")));
  adw_header_bar_set_title_widget (header, make_title (self));
  adw_header_bar_pack_end (header, make_menu (self));
  adw_header_bar_pack_end (header, for_design (self, icon_button ("sidebar-show-right-symbolic", _("Inspector panel"), "win.toggle-right")));
  adw_header_bar_pack_end (header, for_design (self, content_button ("document-send-symbolic", _("Export"), "win.export")));
  adw_header_bar_pack_end (header, self->train = for_design (self, content_button ("media-playback-start-symbolic", _("Train"), "win.train")));
  gtk_widget_add_css_class (self->train, "eq-train");
  adw_header_bar_pack_end (header, self->problems = for_design (self, content_button ("object-select-symbolic", "0", "win.problems")));
  gtk_widget_add_css_class (self->problems, "flat");
  return bar;
}

/* The start page. */
static void
template_cb (EqsWindow *self, const char *id)
{
  eqs_window_new_from_template (self, id);
}

static void
create_cb (EqsWindow *self, EqsDocument *document)
{
  g_autoptr (EqsSession) session = eqs_session_new (document, NULL);

  eqs_window_set_session (self, session);
}

static void
questions_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *questions = eqs_questions_new ();

  g_signal_connect_object (questions, "create", G_CALLBACK (create_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (questions), GTK_WINDOW (widget));
  gtk_window_present (GTK_WINDOW (questions));
}

static void
questions_cb (EqsWindow *self)
{
  questions_action (GTK_WIDGET (self), NULL, NULL);
}

static GtkWidget *
make_start (EqsWindow *self)
{
  GtkWidget *page = eqs_start_page_new ();

  g_signal_connect_object (page, "template", G_CALLBACK (template_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "file", G_CALLBACK (eqs_window_open), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "questions", G_CALLBACK (questions_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "empty", G_CALLBACK (eqs_window_new_design), self, G_CONNECT_SWAPPED);
  return page;
}

static void
remember_size (EqsWindow *self)
{
  GSettings *settings = eqs_preferences_get ();
  int width, height;

  if (settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
recall_size (EqsWindow *self)
{
  GSettings *settings = eqs_preferences_get ();
  int width = 1440, height = 900;

  if (settings != NULL)
    g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), MAX (width, 640), MAX (height, 480));
  if (settings != NULL && g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
eqs_window_close_request (GtkWindow *window)
{
  EqsWindow *self = EQS_WINDOW (window);

  if (!eqs_window_may_close (self))
    return TRUE;
  stop_action (GTK_WIDGET (self), NULL, NULL);
  remember_size (self);
  return GTK_WINDOW_CLASS (eqs_window_parent_class)->close_request (window);
}

static void
eqs_window_dispose (GObject *object)
{
  EqsWindow *self = EQS_WINDOW (object);

  g_clear_object (&self->session_signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->run_signals);
  if (self->studio != NULL)
    {
      gtk_stack_remove (GTK_STACK (self->pages), self->studio);
      self->studio = NULL;
    }
  g_clear_pointer (&self->design_widgets, g_ptr_array_unref);
  forget_draft (self);
  if (self->session != NULL)
    g_object_run_dispose (G_OBJECT (self->session));
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_window_parent_class)->dispose (object);
}

static void
eqs_window_class_init (EqsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct { const char *name; void (*activate) (GtkWidget *, const char *, GVariant *); } actions[] = {
    { "win.open", open_action }, { "win.save", save_action }, { "win.save-as", save_action }, { "win.close", close_action },
    { "win.undo", undo_action }, { "win.redo", undo_action }, { "win.train", train_action }, { "win.stop", stop_action },
    { "win.group", group_action }, { "win.problems", problems_action }, { "win.check", check_action }, { "win.next-problem", next_problem_action },
    { "win.previous-problem", next_problem_action }, { "win.toggle-left", toggle_action }, { "win.toggle-right", toggle_action },
    { "win.toggle-bottom", toggle_action }, { "win.fullscreen", fullscreen_action }, { "win.menu", menu_action }, { "win.shortcuts", shortcuts_action },
    { "win.commands", commands_action }, { "win.history", history_action }, { "win.help", help_action }, { "win.audit", audit_action }, { "win.symmetry", symmetry_action }, { "win.try", try_action }, { "win.save-picture", picture_action }, { "win.filters", filters_action }, { "win.element-next", element_action },
    { "win.element-previous", element_action }, { "win.element-play", element_action }, { "win.export", export_action }, { "win.inspect", inspect_action }, { "win.outline", outline_action },
  };

  G_OBJECT_CLASS (klass)->dispose = eqs_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = eqs_window_close_request;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  gtk_widget_class_install_action (widget_class, "win.canvas", "s", canvas_action);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", tell_action);
  gtk_widget_class_install_action (widget_class, "win.edit-item", "(ss)", edit_item_action);
  /* Plain keys are bindings, not accelerators: what is typed into a field stays there. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_bracketleft, 0, "win.element-previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_bracketright, 0, "win.element-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "win.element-play", NULL);
}

static void
eqs_window_init (EqsWindow *self)
{
  GtkWidget *header;

  self->design_widgets = g_ptr_array_new ();
  self->session_signals = g_signal_group_new (EQS_TYPE_SESSION);
  g_signal_group_connect (self->session_signals, "checked", G_CALLBACK (checked_cb), self);
  g_signal_group_connect (self->session_signals, "file-changed", G_CALLBACK (file_changed_cb), self);
  g_signal_group_connect (self->session_signals, "message", G_CALLBACK (message_cb), self);
  g_signal_group_connect (self->session_signals, "runs-changed", G_CALLBACK (runs_changed_cb), self);
  self->history_signals = g_signal_group_new (EQS_TYPE_HISTORY);
  self->run_signals = g_signal_group_new (EQS_TYPE_TRAINING);
  g_signal_group_connect (self->run_signals, "finished", G_CALLBACK (run_finished_cb), self);

  header = make_header (self);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  self->toasts = adw_toast_overlay_new ();
  self->pages = gtk_stack_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->pages);
  gtk_stack_add_named (GTK_STACK (self->pages), make_start (self), "start");
  gtk_window_set_child (GTK_WINDOW (self), self->toasts);
  recall_size (self);
  update_title (self);
}

EqsWindow *
eqs_window_new (GtkApplication *application)
{
  return g_object_new (EQS_TYPE_WINDOW, "application", application, NULL);
}
