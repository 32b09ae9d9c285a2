/* The outline: in step with canvas and document, and everything can be done from it. */

#include "widgets/outline/outline.h"

#include "app/application.h"
#include "app/window.h"
#include "session-fixture.h"
#include "widgets/theme.h"

#include <adwaita.h>
#include <string.h>

typedef SessionFixture Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  session_fixture_set_up (self, "T01", eqs_outline_widget_new, 248, 800);
  WAIT_FOR (gtk_widget_get_mapped (self->widget) && eqs_outline_find_row (EQS_OUTLINE (self->widget), "act1", NULL) != NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_fixture_tear_down (self);
}

static GtkWidget *
row (Fixture *self, const char *path, const char *port)
{
  return eqs_outline_find_row (EQS_OUTLINE (self->widget), path, port);
}

static void
act (Fixture *self, const char *path, const char *port, const char *action)
{
  gtk_list_box_unselect_all (GTK_LIST_BOX (find_named (gtk_widget_get_first_child (self->widget), "Outline")));
  gtk_list_box_select_row (GTK_LIST_BOX (find_named (gtk_widget_get_first_child (self->widget), "Outline")), GTK_LIST_BOX_ROW (row (self, path, port)));
  gtk_widget_grab_focus (row (self, path, port));
  gtk_widget_activate_action (self->widget, action, NULL);
}

static void
test_roles (Fixture *self, gconstpointer data)
{
  GtkWidget *list = find_named (gtk_widget_get_first_child (self->widget), "Outline");

  gtk_test_accessible_assert_role (list, GTK_ACCESSIBLE_ROLE_TREE);
  gtk_test_accessible_assert_role (row (self, "act1", NULL), GTK_ACCESSIBLE_ROLE_TREE_ITEM);
  g_assert_true (has_name (row (self, "act1", NULL), "ReLU"));
}

static void
test_selection (Fixture *self, gconstpointer data)
{
  const char *const two[] = { "act1", "conv1", NULL };
  GtkWidget *list = find_named (gtk_widget_get_first_child (self->widget), "Outline");

  gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (row (self, "act1", NULL)));
  g_assert_true (eqs_session_is_selected (self->session, "act1"));
  eqs_session_select (self->session, two);
  g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row (self, "conv1", NULL))));
  g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row (self, "act1", NULL))));
  eqs_session_select (self->session, NULL);
  g_assert_false (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row (self, "act1", NULL))));
}

static void
test_wires (Fixture *self, gconstpointer data)
{
  EqsHistory *history = eqs_session_get_history (self->session);

  g_assert_null (row (self, "act1", "x"));
  eqs_outline_set_open (EQS_OUTLINE (self->widget), "act1", TRUE);
  g_assert_nonnull (row (self, "act1", "x"));
  act (self, "act1", "x", "outline.delete");
  g_assert_true (has_name (row (self, "act1", "x"), "Input x, open"));
  g_assert_nonnull (eqs_document_find_node (eqs_session_get_document (self->session), "act1"));
  g_assert_true (eqs_history_undo (history));
  act (self, "act1", NULL, "outline.delete");
  g_assert_null (row (self, "act1", NULL));
  g_assert_true (eqs_history_undo (history));
  g_assert_nonnull (row (self, "act1", NULL));
}

static void
test_move (Fixture *self, gconstpointer data)
{
  const int before = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row (self, "act1", NULL)));
  GtkWidget *same = row (self, "act1", NULL);

  act (self, "act1", NULL, "outline.earlier");
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row (self, "act1", NULL))), ==, before - 1);
  g_assert_true (row (self, "act1", NULL) == same);      /* the keyboard stays on it */
  act (self, "act1", NULL, "outline.later");
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row (self, "act1", NULL))), ==, before);
}

static GtkWidget *
popover_of (GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child) && has_name (child, name))
      return child;
  return NULL;
}

static void
test_popovers (Fixture *self, gconstpointer data)
{
  GtkWidget *popover, *entry, *list;

  act (self, "act1", NULL, "outline.rename");
  popover = popover_of (self->widget, "Title of the layer");
  g_assert_nonnull (popover);
  entry = gtk_popover_get_child (GTK_POPOVER (popover));
  gtk_editable_set_text (GTK_EDITABLE (entry), "Bend");
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (has_name (row (self, "act1", NULL), "Bend"));
  WAIT_FOR (popover_of (self->widget, "Title of the layer") == NULL);

  act (self, "act1", NULL, "outline.add-after");
  popover = popover_of (self->widget, "Add a layer after");
  g_assert_nonnull (popover);
  entry = find_named (gtk_popover_get_child (GTK_POPOVER (popover)), "Add a layer after");
  gtk_editable_set_text (GTK_EDITABLE (entry), "Tanh");
  WAIT_FOR (TRUE);
  g_signal_emit_by_name (entry, "search-changed");
  g_signal_emit_by_name (entry, "activate");
  g_assert_nonnull (eqs_document_find_node (eqs_session_get_document (self->session), "tanh_pw"));
  WAIT_FOR (popover_of (self->widget, "Add a layer after") == NULL);

  act (self, "tanh_pw", NULL, "outline.connect");
  popover = popover_of (self->widget, "Connect to");
  g_assert_nonnull (popover);
  list = find_text (popover, "Digit, input x");
  g_assert_nonnull (list);
  gtk_popover_popdown (GTK_POPOVER (popover));
  WAIT_FOR (popover_of (self->widget, "Connect to") == NULL);
}

/* In the window: what the canvas does is done from the outline, by the same action. */
static void
test_window (void)
{
  g_autoptr (EqsApplication) application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  g_autoptr (EqsDocument)    document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)     session = eqs_session_new (document, NULL);
  EqsWindow *window;
  GtkWidget *outline;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  eqs_session_settle (session);
  window = eqs_window_new (GTK_APPLICATION (application));
  eqs_window_set_session (window, session);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.outline", NULL);
  outline = find_named (GTK_WIDGET (window), "Outline of the design");
  WAIT_FOR (gtk_widget_get_mapped (outline) && eqs_outline_find_row (EQS_OUTLINE (outline), "act1", NULL) != NULL);
  eqs_session_select_one (session, "act1");
  gtk_widget_activate_action (outline, "win.canvas", "s", "canvas.bypass");
  g_assert_true (eqs_node_is_bypassed (eqs_document_find_node (eqs_session_get_document (session), "act1")));
  gtk_widget_activate_action (outline, "win.canvas", "s", "canvas.duplicate");
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 1);
  g_assert_nonnull (eqs_outline_find_row (EQS_OUTLINE (outline), eqs_session_get_selection (session)[0], NULL));
  g_assert_cmpstr (eqs_session_get_selection (session)[0], !=, "act1");
  gtk_widget_activate_action (outline, "outline.settings", NULL);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), find_named (GTK_WIDGET (window), "Inspector")));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add ("/outline/roles", Fixture, NULL, set_up, test_roles, tear_down);
  g_test_add ("/outline/selection", Fixture, NULL, set_up, test_selection, tear_down);
  g_test_add ("/outline/wires", Fixture, NULL, set_up, test_wires, tear_down);
  g_test_add ("/outline/move", Fixture, NULL, set_up, test_move, tear_down);
  g_test_add ("/outline/popovers", Fixture, NULL, set_up, test_popovers, tear_down);
  g_test_add_func ("/outline/window", test_window);
  return g_test_run ();
}
