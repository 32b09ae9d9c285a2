/* The palette: what is greyed says why, searching narrows, adding puts a layer after the selected one where it fits. */

#include "widgets/palette/palette.h"

#include "session-fixture.h"
#include "studio/catalogue.h"
#include "widgets/theme.h"

#include <adwaita.h>
#include <string.h>

typedef SessionFixture Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  session_fixture_set_up (self, "T01", eqs_palette_new, 248, 800);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_fixture_tear_down (self);
}

static GtkListBoxRow *
find_row (GtkWidget *list, const char *id)
{
  for (int i = 0; gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i) != NULL; i++)
    {
      GtkListBoxRow         *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i);
      const EqsCatalogueRow *entry = g_object_get_data (G_OBJECT (row), "catalogue-row");

      if (strcmp (entry->layer->id, id) == 0)
        return row;
    }
  return NULL;
}

/* Rows are made between frames. */
static void
wait_for_rows (Fixture *self)
{
  g_autoptr (GPtrArray) catalogue = eqs_catalogue_new (eqs_session_get_document (self->session));
  GtkWidget   *list = find_named (self->widget, "Layers"), *others = find_named (self->widget, "Layers not for this group");
  const guint  n = eqs_catalogue_count (catalogue);

  WAIT_FOR (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), (int) n - 1) != NULL);
  g_assert_null (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), (int) n));
  if (gtk_list_box_get_row_at_index (GTK_LIST_BOX (others), 0) != NULL)
    WAIT_FOR (gtk_list_box_get_row_at_index (GTK_LIST_BOX (others), (int) (catalogue->len - n) - 1) != NULL);
}

static void
test_greyed (Fixture *self, gconstpointer data)
{
  GtkWidget *list = find_named (self->widget, "Layers"), *others = find_named (self->widget, "Layers not for this group");
  GtkListBoxRow *row;

  wait_for_rows (self);
  g_assert_nonnull (find_row (list, "lift_conv"));
  g_assert_null (find_row (list, "input_points"));
  g_assert_null (find_row (others, "input_points"));      /* closed: no row was made */
  g_signal_emit_by_name (find_named (self->widget, "Not for this group"), "clicked");
  wait_for_rows (self);
  row = find_row (others, "input_points");
  g_assert_nonnull (row);
  g_assert_false (gtk_list_box_row_get_activatable (row));
  row = find_row (others, "conv2d_plain");
  g_assert_true (gtk_list_box_row_get_activatable (row));

  /* All rotations: what moves pixels is greyed with its reason. */
  g_assert_true (eqs_session_do (self->session, eqs_command_new_set_symmetry ("SO2", -1, NULL)));
  wait_for_rows (self);
  g_assert_null (find_row (list, "lift_conv"));
  row = find_row (others, "lift_conv");
  g_assert_nonnull (row);
  g_assert_nonnull (((const EqsCatalogueRow *) g_object_get_data (G_OBJECT (row), "catalogue-row"))->why);
  eqs_history_undo (eqs_session_get_history (self->session));
  wait_for_rows (self);
  g_assert_nonnull (find_row (list, "lift_conv"));
}

static guint
n_shown (GtkWidget *list)
{
  guint n = 0;

  for (int i = 0; gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i) != NULL; i++)
    n += gtk_widget_get_child_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i)));
  return n;
}

static void
test_search (Fixture *self, gconstpointer data)
{
  GtkWidget  *list = find_named (self->widget, "Layers"), *search = find_named (self->widget, "Search layers");
  guint       all;

  wait_for_rows (self);
  all = n_shown (list);
  g_assert_cmpuint (all, >, 20);
  gtk_editable_set_text (GTK_EDITABLE (search), "inner norm");
  WAIT_FOR (n_shown (list) == 1);
  g_assert_true (gtk_widget_get_child_visible (GTK_WIDGET (find_row (list, "inner_bn"))));
  gtk_editable_set_text (GTK_EDITABLE (search), "");
  WAIT_FOR (n_shown (list) == all);
}

static void
test_add (Fixture *self, gconstpointer data)
{
  GtkWidget   *list = find_named (self->widget, "Layers");
  EqsDocument *document = eqs_session_get_document (self->session);
  EqsGraph    *graph = eqs_document_get_graph (document, "");
  g_autofree char *before = eqs_document_dup_hash (document), *after = NULL;
  const guint  n = eqs_graph_get_n_nodes (graph);

  wait_for_rows (self);
  eqs_session_select_one (self->session, "act2");
  g_signal_emit_by_name (list, "row-activated", find_row (list, "field_dropout"));
  g_assert_cmpuint (eqs_graph_get_n_nodes (graph), ==, n + 1);
  g_assert_cmpuint (eqs_session_get_n_selected (self->session), ==, 1);
  g_assert_cmpstr (eqs_session_get_selection (self->session)[0], ==, "field_dropout");
  g_assert_cmpint (eqs_graph_find_link (graph, "act2", "y", "field_dropout", "x"), >=, 0);
  g_assert_cmpint (eqs_graph_find_link (graph, "field_dropout", "y", "pool2", "x"), >=, 0);
  g_assert_cmpint (eqs_graph_find_link (graph, "act2", "y", "pool2", "x"), <, 0);
  eqs_session_settle (self->session);
  g_assert_cmpuint (eqs_session_count_problems (self->session, EQK_SEVERITY_ERROR), ==, 0);
  eqs_history_undo (eqs_session_get_history (self->session));
  after = eqs_document_dup_hash (document);
  g_assert_cmpstr (before, ==, after);
}

/* A head on regular fields does not fit: it comes unconnected, and no wire is lost. */
static void
test_add_unfit (Fixture *self, gconstpointer data)
{
  EqsGraph   *graph = eqs_document_get_graph (eqs_session_get_document (self->session), "");
  const guint n = eqs_graph_get_n_links (graph);

  eqs_session_select_one (self->session, "act2");
  g_assert_false (eqs_catalogue_add (self->session, "softmax_classifier"));
  g_assert_cmpstr (eqs_session_get_selection (self->session)[0], ==, "softmax_classifier");
  g_assert_cmpuint (eqs_graph_get_n_links (graph), ==, n);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add ("/palette/greyed", Fixture, NULL, set_up, test_greyed, tear_down);
  g_test_add ("/palette/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/palette/add", Fixture, NULL, set_up, test_add, tear_down);
  g_test_add ("/palette/add-unfit", Fixture, NULL, set_up, test_add_unfit, tear_down);
  return g_test_run ();
}
