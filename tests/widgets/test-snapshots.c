/* The window of snapshots: one is taken by its name, edits show beside it, and undo follows. */

#include "model/snapshots.h"
#include "widgets/snapshots/snapshot-window.h"
#include "widgets/theme.h"
#include "wait-for.h"

#include <string.h>

static GtkWidget *
find_button (GtkWidget *window, const char *label)
{
  GtkWidget *text = find_text (window, label);

  return text == NULL ? NULL : gtk_widget_get_ancestor (text, GTK_TYPE_BUTTON);
}

static guint
count_snapshots (EqsSession *session)
{
  g_autoptr (GPtrArray) list = eqs_snapshots_list (eqs_session_get_document (session));

  return list->len;
}

static void
take (GtkWidget *window, const char *name)
{
  gtk_editable_set_text (GTK_EDITABLE (find_named (window, "Name of the snapshot")), name);
  g_signal_emit_by_name (find_button (window, "Take a snapshot"), "clicked");
}

static void
test_window (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window, *left, *right;

  eqs_theme_load ();
  eqs_session_settle (session);
  window = eqs_snapshot_window_new (session);
  gtk_window_present (GTK_WINDOW (window));
  left = find_named (window, "Left side");
  right = find_named (window, "Right side");
  g_assert_false (gtk_widget_get_mapped (left));
  take (window, "");
  g_assert_cmpuint (count_snapshots (session), ==, 0);
  g_assert_true (gtk_widget_get_mapped (find_text (window, "A snapshot needs a name.")));
  take (window, "wide");
  g_assert_cmpuint (count_snapshots (session), ==, 1);
  g_assert_cmpuint (eqs_snapshot_window_get_n (EQS_SNAPSHOT_WINDOW (window)), ==, 0);
  WAIT_FOR (eqs_snapshot_window_get_check (EQS_SNAPSHOT_WINDOW (window), 0) != NULL);
  g_assert_cmpint (eqs_snapshot_window_get_check (EQS_SNAPSHOT_WINDOW (window), 0)->parameters, ==, 113802);

  /* An edit, a node that goes, and the same taken back. */
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param ("conv1", "k", eqs_value_new_number (7))));
  g_assert_cmpuint (eqs_snapshot_window_get_n (EQS_SNAPSHOT_WINDOW (window)), ==, 1);
  g_assert_nonnull (find_button (window, "conv1"));
  eqs_session_settle (session);
  g_assert_cmpint (eqs_snapshot_window_get_check (EQS_SNAPSHOT_WINDOW (window), 1)->parameters, >, 113802);
  g_assert_cmpint (eqs_snapshot_window_get_check (EQS_SNAPSHOT_WINDOW (window), 0)->parameters, ==, 113802);      /* an edit does not read the snapshots anew */
  take (window, "seven");
  g_assert_cmpuint (count_snapshots (session), ==, 2);
  g_assert_cmpuint (eqs_snapshot_window_get_n (EQS_SNAPSHOT_WINDOW (window)), ==, 0);      /* the new one, beside the design */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (left), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (right), 1);
  g_assert_cmpuint (eqs_snapshot_window_get_n (EQS_SNAPSHOT_WINDOW (window)), ==, 1);
  g_signal_emit_by_name (find_button (window, "Remove the left one"), "clicked");
  g_assert_cmpuint (count_snapshots (session), ==, 1);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpuint (count_snapshots (session), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
}

/* Every template comes back whole, with its frames, blocks and plan, after all of it has gone; in one step. */
static void
test_go_back (void)
{
  static const char *const templates[] = { "T01", "T03", "T08", "T10", "T18" };

  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autoptr (EqsDocument) document = eqs_document_new_from_template (templates[i], NULL, NULL);
      g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
      g_autofree char *hash = eqs_document_dup_hash (document), *back = NULL, *changed = NULL, *undone = NULL;
      GtkWidget       *window = eqs_snapshot_window_new (session);
      g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
      EqsGraph        *graph = eqs_document_get_graph (document, "");
      const guint      n = eqs_graph_get_n_nodes (graph);

      gtk_window_present (GTK_WINDOW (window));
      take (window, "then");
      for (guint k = 0; k < n; k++)
        g_ptr_array_add (paths, g_strdup (eqs_node_get_id (eqs_graph_get_node (graph, k))));
      g_ptr_array_add (paths, NULL);
      g_assert_true (eqs_session_do (session, eqs_command_new_remove_nodes ((const char *const *) paths->pdata, FALSE)));
      g_assert_true (eqs_session_do (session, eqs_command_new_set_entry (EQS_SECTION_TRAINING, "epochs", eqs_value_new_number (3))));
      changed = eqs_document_dup_hash (document);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (find_named (window, "Left side")), 0);
      g_signal_emit_by_name (find_button (window, "Go back to the left one"), "clicked");
      back = eqs_document_dup_hash (document);
      g_assert_cmpstr (back, ==, hash);
      g_assert_cmpuint (eqs_snapshot_window_get_n (EQS_SNAPSHOT_WINDOW (window)), ==, 0);
      g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
      undone = eqs_document_dup_hash (document);
      g_assert_cmpstr (undone, ==, changed);
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshots/window", test_window);
  g_test_add_func ("/snapshots/go-back", test_go_back);
  return g_test_run ();
}
