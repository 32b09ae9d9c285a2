/* What people do in the window, by the names that menus, buttons, keys and the command search use. */

#include "app/window-private.h"

#include "app/actions.h"
#include "app/command-search.h"
#include "app/help.h"
#include "draw/topology.h"
#include "studio/three-ways.h"
#include "widgets/audit/audit-panel.h"
#include "widgets/export/export-dialog.h"
#include "widgets/filters/filter-window.h"
#include "services/bound-data.h"
#include "widgets/data/inspect-window.h"
#include "widgets/gradients/gradient-window.h"
#include "widgets/peek/peek-window.h"
#include "widgets/picker/group-picker.h"
#include "widgets/questions/questions.h"
#include "widgets/save-picture.h"
#include "widgets/snapshots/snapshot-window.h"
#include "widgets/symmetry/symmetry-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

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
  eqs_window_train (EQS_WINDOW (widget), FALSE);
}

static void
gradients_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  GtkWidget *window;

  if (self->session == NULL)
    return;
  window = eqs_gradient_window_new (self->session);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
inspect_data_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->session == NULL)
    return;
  if (eqs_bound_data_get_name (eqs_session_get_document (self->session)) == NULL)
    eqs_session_message (self->session, _("This design has no data yet. The Data page on the left has some."));
  else
    gtk_window_present (GTK_WINDOW (eqs_help_on_f1 (eqs_inspect_window_new (GTK_WINDOW (self), self->session, NULL), "data")));
}

/* The output of the selected layer, else the wire that was clicked last. */
static void
peek_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->session == NULL)
    return;
  if (eqs_session_get_n_selected (self->session) == 1)
    eqs_session_set_probe (self->session, eqs_session_get_selection (self->session)[0], NULL);
  gtk_window_present (GTK_WINDOW (eqs_help_on_f1 (eqs_peek_window_new (GTK_WINDOW (self), self->session), "peek")));
}

static void
snapshots_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);
  GtkWidget *window;

  if (self->session == NULL)
    return;
  window = eqs_snapshot_window_new (self->session);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (window));
}

static void
train_ways_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  EqsWindow *self = EQS_WINDOW (widget);

  if (self->session == NULL || eqs_session_is_training (self->session))
    return;
  if (!eqs_three_ways_are_there (self->session))
    {
      eqs_window_toast (self, _("A symmetry can be relaxed, or left to turned samples, in designs on pictures under turns or mirrors."), NULL, NULL);
      return;
    }
  eqs_window_train (self, TRUE);
}

void
eqs_window_run_action (EqsWindow *self, const char *name)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  if (g_str_has_prefix (name, "outline.") && self->left_stack != NULL)
    {
      eqs_window_show_outline (self);
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

void
eqs_window_stop_runs (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GListModel *runs = self->session == NULL ? NULL : eqs_session_get_runs (self->session);

  for (guint i = 0; runs != NULL && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (runs, i);

      eqs_training_stop (run);
    }
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_stop_runs (EQS_WINDOW (widget));
}

void
eqs_window_choose_group (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GtkWidget *picker = self->session == NULL ? NULL : eqs_group_picker_new (self->session);

  if (picker == NULL)
    return;
  gtk_window_set_transient_for (GTK_WINDOW (picker), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (picker));
}

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_choose_group (EQS_WINDOW (widget));
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
    eqs_window_toast (self, _("The design has no problems."), NULL, NULL);
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
  else if (panel != NULL && panel == self->bottom)
    eqs_window_hide_bottom (self);
  else if (panel != NULL)
    {
      gtk_widget_set_visible (panel, !gtk_widget_get_visible (panel));
      self->inspector_away = self->inspector_away && panel != self->right;
    }
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

/* Back from a panel, so that keys act on the selected layers again. */
static void
focus_canvas_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (EQS_WINDOW (widget)->canvas != NULL)
    gtk_widget_grab_focus (EQS_WINDOW (widget)->canvas);
}

static void
show_left (EqsWindow *self, const char *page)
{
  if (self->left == NULL)
    return;
  gtk_widget_set_visible (self->left, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->left_stack), page);
  gtk_widget_child_focus (gtk_stack_get_visible_child (GTK_STACK (self->left_stack)), GTK_DIR_TAB_FORWARD);
}

void
eqs_window_show_outline (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));
  show_left (self, "outline");
}

static void
outline_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  eqs_window_show_outline (EQS_WINDOW (widget));
}

static void
data_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_left (EQS_WINDOW (widget), "data");
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

static void
create_cb (EqsWindow *self, EqsDocument *document)
{
  g_autoptr (EqsSession) session = eqs_session_new (document, NULL);

  eqs_window_set_session (self, session);
}

void
eqs_window_ask_questions (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GtkWidget *questions = eqs_questions_new ();

  g_signal_connect_object (questions, "create", G_CALLBACK (create_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (questions), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (questions));
}

void
eqs_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct { const char *name; void (*activate) (GtkWidget *, const char *, GVariant *); } actions[] = {
    { "win.open", open_action }, { "win.save", save_action }, { "win.save-as", save_action }, { "win.close", close_action },
    { "win.undo", undo_action }, { "win.redo", undo_action }, { "win.train", train_action }, { "win.train-ways", train_ways_action }, { "win.gradients", gradients_action }, { "win.peek", peek_action }, { "win.inspect-data", inspect_data_action }, { "win.snapshots", snapshots_action }, { "win.stop", stop_action },
    { "win.group", group_action }, { "win.problems", problems_action }, { "win.check", check_action }, { "win.next-problem", next_problem_action },
    { "win.previous-problem", next_problem_action }, { "win.toggle-left", toggle_action }, { "win.toggle-right", toggle_action },
    { "win.toggle-bottom", toggle_action }, { "win.fullscreen", fullscreen_action }, { "win.menu", menu_action }, { "win.shortcuts", shortcuts_action },
    { "win.commands", commands_action }, { "win.history", history_action }, { "win.help", help_action }, { "win.audit", audit_action },
    { "win.symmetry", symmetry_action }, { "win.try", try_action }, { "win.save-picture", picture_action }, { "win.filters", filters_action }, { "win.element-next", element_action },
    { "win.element-previous", element_action }, { "win.element-play", element_action }, { "win.export", export_action }, { "win.inspect", inspect_action }, { "win.outline", outline_action }, { "win.to-canvas", focus_canvas_action }, { "win.data", data_action },
  };

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
