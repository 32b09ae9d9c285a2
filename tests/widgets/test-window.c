/* The window's frame in process: a template becomes a design, actions do what they say, problems stand on the Train button. */

#include "app/actions.h"
#include "app/application.h"
#include "app/help.h"
#include "app/preferences.h"
#include "app/status-strip.h"
#include "app/window.h"
#include "draw/plan.h"
#include "widgets/canvas/canvas.h"
#include "widgets/data/import-window.h"
#include "widgets/palette/palette.h"
#include "widgets/picker/group-picker.h"
#include "widgets/questions/questions.h"

#include "eqk/layer.h"
#include "wait-for.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

static EqsApplication *application;

static GtkWidget *
find_typed (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_typed (child, type);
  return found;
}

static EqsWindow *
window_with_template (const char *name)
{
  EqsWindow *window = eqs_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  eqs_window_new_from_template (window, name);
  WAIT_FOR (eqs_window_get_session (window) != NULL && eqs_session_is_checked (eqs_window_get_session (window)));
  return window;
}

/* Panels, zoom, middle and selection of a design come back with its file, and do not where that is switched off. */
static void
test_state (void)
{
  g_autofree char *folder = g_dir_make_tmp ("equi-state-XXXXXX", NULL), *path = g_build_filename (folder, "d.equi", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  EqsWindow       *window = window_with_template ("T01");
  EqsSession      *session = eqs_window_get_session (window);
  GtkWidget       *canvas = find_typed (GTK_WIDGET (window), EQS_TYPE_CANVAS);
  double           x, y, again_x, again_y;

  g_assert_true (eqs_session_save (session, path, NULL));
  WAIT_FOR (gtk_widget_get_width (canvas) > 50);
  eqs_session_select_one (session, "conv2");
  eqs_window_run_action (window, "win.toggle-left");
  eqs_canvas_set_view (EQS_CANVAS (canvas), 0.8, 300, 200);
  eqs_canvas_to_design (EQS_CANVAS (canvas), gtk_widget_get_width (canvas) / 2.0, gtk_widget_get_height (canvas) / 2.0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 300, 1e-6);
  gtk_window_close (GTK_WINDOW (window));

  for (int kept = 1; kept >= 0; kept--)
    {
      g_settings_set_boolean (eqs_preferences_get (), "restore-session", kept != 0);
      window = eqs_window_new (GTK_APPLICATION (application));
      gtk_window_present (GTK_WINDOW (window));
      eqs_window_open (window, file);
      WAIT_FOR (eqs_window_get_session (window) != NULL && eqs_session_is_checked (eqs_window_get_session (window)));
      session = eqs_window_get_session (window);
      canvas = find_typed (GTK_WIDGET (window), EQS_TYPE_CANVAS);
      WAIT_FOR (gtk_widget_get_width (canvas) > 50);
      g_assert_true (eqs_session_is_selected (session, "conv2") == (kept != 0));
      g_assert_true (gtk_widget_get_mapped (find_typed (GTK_WIDGET (window), EQS_TYPE_PALETTE)) == (kept == 0));
      g_assert_true ((eqs_canvas_get_zoom (EQS_CANVAS (canvas)) == 0.8) == (kept != 0));
      eqs_canvas_to_design (EQS_CANVAS (canvas), gtk_widget_get_width (canvas) / 2.0, gtk_widget_get_height (canvas) / 2.0, &again_x, &again_y);
      if (kept)
        {
          g_assert_cmpfloat_with_epsilon (again_x, 300, 1);
          g_assert_cmpfloat_with_epsilon (again_y, 200, 1);
        }
      gtk_window_destroy (GTK_WINDOW (window));
    }
  g_settings_reset (eqs_preferences_get (), "restore-session");
  g_settings_reset (eqs_preferences_get (), "panels");
}

static void
test_template (void)
{
  EqsWindow *window = window_with_template ("T01");

  g_assert_cmpint (eqs_session_get_check (eqs_window_get_session (window))->parameters, ==, 113802);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Turned digits – Equistudio");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the strip says of the symmetry: foretold until there are findings of this very design, then their word and figure. */
static void
test_verdict (void)
{
  static const struct { const char *verdict, *text; } cases[] = {
    { "exact", "Equivariance exact" }, { "within_limit", "Equivariance within limit" }, { "broken", "Equivariance broken" }, { "inconclusive", "Equivariance inconclusive" },
  };
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  g_autofree char *hash = eqs_document_dup_hash (eqs_session_get_document (session));

  g_assert_nonnull (find_text (GTK_WIDGET (window), "foretold, not measured"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsMap) audit = eqs_map_new ();

      eqs_map_set (audit, "verdict", eqs_value_new_string (cases[i].verdict));
      eqs_map_set (audit, "worst", eqs_value_new_number (2e-3));
      eqs_session_set_audit (session, audit, hash);
      g_assert_nonnull (find_text (GTK_WIDGET (window), cases[i].text));
      g_assert_nonnull (find_text (GTK_WIDGET (window), "worst 0.002"));
      g_assert_null (find_text (GTK_WIDGET (window), "foretold, not measured"));
    }
  eqs_session_set_audit (session, eqs_session_get_audit (session), "another design");
  g_assert_nonnull (find_text (GTK_WIDGET (window), "foretold, not measured"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_undo (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);

  g_assert_true (eqs_session_do (session, eqs_command_new_set_symmetry ("D4", -1, NULL)));
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "D4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "C4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.redo", NULL);
  g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "D4");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* F8 goes to the node that has the problem. */
static void
test_next_problem (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  g_autoptr (EqsValue) even = eqs_value_new_string ("16x f1");

  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("conv1", "out", g_steal_pointer (&even))));
  WAIT_FOR (eqs_session_is_checked (session));
  g_assert_cmpuint (eqs_session_count_problems (session, EQK_SEVERITY_ERROR), >, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.next-problem", NULL);
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 1);
  g_assert_nonnull (eqs_session_get_problem (session, eqs_session_get_selection (session)[0], NULL));
  eqs_history_undo (eqs_session_get_history (session));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_numbers (void)
{
  static const struct { gint64 count; const char *text; } counts[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 113802, "113,802" }, { -1234567, "-1,234,567" } };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = eqs_count_dup_text (counts[i].count);

      g_assert_cmpstr (text, ==, counts[i].text);
    }
}

/* Every topic and every layer has a page that is markup GTK can show. */
static void
test_help (void)
{
  int n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  g_assert_null (eqs_help_dup_page ("no such page"));
  for (int i = -1; i < n; i++)
    {
      g_autofree char   *page = eqs_help_dup_page (i < 0 ? "first-steps" : layers[i]->id);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (page);
      g_assert_true (pango_parse_markup (page, -1, 0, NULL, NULL, NULL, &error));
      g_assert_no_error (error);
    }
}

/* F1 in a window of its own opens the help at its topic, over that window. */
static void
test_help_on_f1 (void)
{
  GtkWidget *window = eqs_help_on_f1 (gtk_window_new (), "peek"), *help = NULL;
  GListModel *controllers = gtk_widget_observe_controllers (window), *all = gtk_window_get_toplevels ();
  GtkShortcut *shortcut = NULL;

  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      for (guint k = 0; GTK_IS_SHORTCUT_CONTROLLER (controller) && k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr (GtkShortcut) one = g_list_model_get_item (G_LIST_MODEL (controller), k);
          g_autofree char *keys = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (one));

          if (strcmp (keys, "F1") == 0)
            shortcut = one;
        }
    }
  g_assert_nonnull (shortcut);
  g_assert_true (gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, window, NULL));
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) top = g_list_model_get_item (all, i);

      if (gtk_window_get_transient_for (top) == GTK_WINDOW (window))
        help = GTK_WIDGET (top);
    }
  g_assert_nonnull (help);
  g_assert_nonnull (find_text (help, "Values on the wire"));
  g_object_unref (controllers);
  gtk_window_destroy (GTK_WINDOW (help));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Keys stand in one table each, and no two actions share one. */
static void
test_action_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const EqsActionRow *const *tables = eqs_actions_tables ();

  for (guint t = 0; tables[t] != NULL; t++)
    for (const EqsActionRow *row = tables[t]; row->action != NULL; row++)
      for (guint k = 0; k < G_N_ELEMENTS (row->keys) && row->keys[k] != NULL; k++)
        {
          guint           key = 0;
          GdkModifierType modifiers = 0;

          g_assert_true (gtk_accelerator_parse (row->keys[k], &key, &modifiers));
          if (!g_str_has_prefix (row->action, "win.") && !g_str_has_prefix (row->action, "app."))
            continue;
          g_test_message ("%s %s", row->keys[k], row->action);
          g_assert_true (g_hash_table_add (seen, (gpointer) row->keys[k]));
        }
}

/* A large step can be taken back from a toast, which goes when another step is done: it would take back that one. */
static void
test_undo_offer (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  GtkWidget  *toast;

  g_assert_null (find_text (GTK_WIDGET (window), "Delete layer"));
  g_assert_true (eqs_session_do (session, eqs_command_new_remove_nodes ((const char *const[]) { "act1", NULL }, FALSE)));
  WAIT_FOR ((toast = find_text (GTK_WIDGET (window), "Delete layer")) != NULL && gtk_widget_get_mapped (toast));
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("digit", "out", eqs_value_new_number (7))));
  WAIT_FOR ((toast = find_text (GTK_WIDGET (window), "Delete layer")) == NULL || !gtk_widget_get_mapped (toast));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_nonnull (eqs_document_find_node (eqs_session_get_document (session), "act1"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The window of this type that is open; NULL. */
static GtkWidget *
find_toplevel (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

/* An empty design has the symmetry that a person chooses, as one step; Escape leaves it without, and no card is greyed. */
static void
test_empty_design (void)
{
  for (int chosen = 0; chosen < 2; chosen++)
    {
      EqsWindow *window = eqs_window_new (GTK_APPLICATION (application));
      GtkWidget *picker, *card;
      EqsSession *session;

      gtk_window_present (GTK_WINDOW (window));
      eqs_window_new_design (window);
      session = eqs_window_get_session (window);
      g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "triv");
      picker = find_toplevel (EQS_TYPE_GROUP_PICKER);
      g_assert_nonnull (picker);
      card = find_named (picker, "All turns in space");
      g_assert_nonnull (card);
      g_assert_true (gtk_widget_get_sensitive (card));
      if (chosen)
        {
          eqs_group_picker_choose (EQS_GROUP_PICKER (picker), "SO3");
          WAIT_FOR (eqs_group_picker_is_settled (EQS_GROUP_PICKER (picker)));
          eqs_group_picker_apply (EQS_GROUP_PICKER (picker));
          g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "SO3");
          g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
        }
      else
        gtk_window_destroy (GTK_WINDOW (picker));      /* what Escape does */
      g_assert_null (find_toplevel (EQS_TYPE_GROUP_PICKER));
      g_assert_cmpstr (eqs_document_get_group (eqs_session_get_document (session)), ==, "triv");
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/* From a folder of one's own to a design bound to it: the questions know what the samples are, the data are shown, and one press takes them. */
static void
test_own_data (void)
{
  EqsWindow       *window = eqs_window_new (GTK_APPLICATION (application));
  g_autofree char *folder = g_dir_make_tmp ("equi-own-XXXXXX", NULL), *file = g_build_filename (folder, "points.csv", NULL);
  GString         *text = g_string_new ("cloud,x,y,z,shape\n");
  GtkWidget       *questions = NULL, *look = NULL;
  EqsDataset      *dataset = NULL;

  for (int i = 0; i < 40; i++)
    for (int k = 0; k < 6; k++)
      g_string_append_printf (text, "%d,%d.%d,%d,%d,%s\n", i, k % 2, i, k % 3, i % 2 ? k : 0, i % 2 ? "ball" : "disc");
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  g_string_free (text, TRUE);
  gtk_window_present (GTK_WINDOW (window));
  eqs_window_start_from_data (window, folder);
  WAIT_FOR ((questions = find_toplevel (EQS_TYPE_QUESTIONS)) != NULL);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find_named (questions, "Points"))));
  g_signal_emit_by_name (find_text (questions, "Create design") == NULL ? NULL : gtk_widget_get_ancestor (find_text (questions, "Create design"), GTK_TYPE_BUTTON), "clicked");
  WAIT_FOR ((look = find_toplevel (EQS_TYPE_IMPORT_WINDOW)) != NULL && eqs_import_window_is_ready (EQS_IMPORT_WINDOW (look)));
  g_assert_null (find_toplevel (EQS_TYPE_QUESTIONS));
  g_assert_cmpstr (eqs_import_window_get_refusal (EQS_IMPORT_WINDOW (look)), ==, "");
  eqs_import_window_use (EQS_IMPORT_WINDOW (look));
  WAIT_FOR ((dataset = eqs_session_get_dataset (eqs_window_get_session (window))) != NULL && !eqs_session_is_loading (eqs_window_get_session (window)));
  g_assert_cmpstr (eqs_dataset_get_path (dataset), ==, folder);
  WAIT_FOR (eqs_session_is_checked (eqs_window_get_session (window)));
  g_assert_cmpuint (eqs_session_count_problems (eqs_window_get_session (window), EQK_SEVERITY_ERROR), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
  g_unlink (file);
  g_rmdir (folder);
}

/* What fits a design to its data is one toast, however much it is; all of it stands behind a button. */
static void
test_changes (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  GtkWidget  *toast, *dialog;

  eqs_session_tell_changes (session, changes);
  g_ptr_array_add (changes, (gpointer) "One & only.");
  eqs_session_tell_changes (session, changes);
  WAIT_FOR ((toast = find_text (GTK_WIDGET (window), "One & only.")) != NULL && gtk_widget_get_mapped (toast));
  g_assert_null (find_text (GTK_WIDGET (window), "Show all"));
  g_ptr_array_add (changes, (gpointer) "Another.");
  eqs_session_tell_changes (session, changes);
  WAIT_FOR ((toast = find_text (GTK_WIDGET (window), "Show all")) != NULL && gtk_widget_get_mapped (toast));
  g_assert_nonnull (find_text (GTK_WIDGET (window), "2 changes fit the design to its data."));
  g_signal_emit_by_name (gtk_widget_get_ancestor (toast, GTK_TYPE_BUTTON), "clicked");
  WAIT_FOR ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "2 changes fit the design to its data.");
  g_assert_cmpstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), ==, "One & only.\nAnother.");
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* T09 is changed in nine places for ethanol: one toast says so, and its button lists them. */
static void
test_fitted_template (void)
{
  EqsWindow  *window = window_with_template ("T09");
  GtkWidget  *dialog, *button;
  const char *body;

  WAIT_FOR (find_text (GTK_WIDGET (window), "9 changes fit the design to its data.") != NULL);
  g_assert_null (find_text (GTK_WIDGET (window), "“kinds” knows 3 kinds of atoms instead of 4."));
  button = gtk_widget_get_ancestor (find_text (GTK_WIDGET (window), "Show all"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  WAIT_FOR ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
  body = adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog));
  g_assert_nonnull (strstr (body, "“inter4” knows 3 kinds of atoms instead of 4."));
  g_assert_nonnull (strstr (body, "\nCosts are for E = 72"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Training a design that does not take its data asks first. "Cancel" leaves all as it is; the other word changes the design, trains, and is one step. */
static void
test_ask_to_fit (void)
{
  EqsWindow  *window = window_with_template ("T01");
  EqsSession *session = eqs_window_get_session (window);
  EqsNode    *digit = eqs_document_find_node (eqs_session_get_document (session), "digit");
  GtkWidget  *dialog;

  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("digit", "out", eqs_value_new_number (7))));
  eqs_history_seal (eqs_session_get_history (session));
  WAIT_FOR (eqs_session_is_checked (session));
  for (int agreed = 0; agreed < 2; agreed++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
      WAIT_FOR ((dialog = find_toplevel (ADW_TYPE_MESSAGE_DIALOG)) != NULL);
      g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "10"));
      g_assert_null (eqs_session_get_run (session));
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), agreed ? "fit" : "cancel");
      gtk_window_destroy (GTK_WINDOW (dialog));
      g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (digit, "out")), ==, agreed ? 10 : 7);
      if (agreed)
        WAIT_FOR (eqs_session_get_run (session) != NULL);
      g_assert_true ((eqs_session_get_run (session) != NULL) == agreed);
    }
  eqs_training_stop (eqs_session_get_run (session));
  WAIT_FOR (!eqs_session_is_training (session));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (digit, "out")), ==, 7);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_test_add_func ("/window/template", test_template);
  g_test_add_func ("/window/fitted-template", test_fitted_template);
  g_test_add_func ("/window/state", test_state);
  g_test_add_func ("/window/verdict", test_verdict);
  g_test_add_func ("/window/undo", test_undo);
  g_test_add_func ("/window/next-problem", test_next_problem);
  g_test_add_func ("/window/numbers", test_numbers);
  g_test_add_func ("/window/help", test_help);
  g_test_add_func ("/window/help-on-f1", test_help_on_f1);
  g_test_add_func ("/window/action-table", test_action_table);
  g_test_add_func ("/window/undo-offer", test_undo_offer);
  g_test_add_func ("/window/empty-design", test_empty_design);
  g_test_add_func ("/window/changes", test_changes);
  g_test_add_func ("/window/ask-to-fit", test_ask_to_fit);
  g_test_add_func ("/window/own-data", test_own_data);
  status = g_test_run ();
  g_object_unref (application);
  return status;
}
