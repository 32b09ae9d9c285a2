/* The inspector: its form edits the document, undo brings the form back, what is not allowed is explained and not done, fixes work. */

#include "widgets/inspector/inspector.h"
#include "widgets/inspector/param-row.h"
#include "widgets/inspector/subgroups.h"
#include "widgets/theme.h"

#include "eqk/layer.h"
#include "model/edits.h"
#include "studio/editing.h"
#include "bound.h"
#include "session-fixture.h"
#include "wait-for.h"

#include <adwaita.h>
#include <string.h>

typedef SessionFixture Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  session_fixture_set_up (self, "T01", eqs_inspector_new, 312, 900);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  session_fixture_tear_down (self);
}

static void
test_form (Fixture *self, gconstpointer data)
{
  GtkWidget *window;

  eqs_session_select_one (self->session, "conv2");
  window = find_named (self->widget, "Window");
  g_assert_nonnull (window);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (window)), ==, 5);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (window), 7);
  g_assert_cmpfloat (eqs_value_get_number (session_fixture_param (self, "conv2", "k")), ==, 7);
  eqs_session_settle (self->session);
  g_assert_true (find_named (self->widget, "Window") == window);

  /* Typing is one step. */
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (window), 3);
  g_assert_cmpuint (eqs_history_get_n_steps (eqs_session_get_history (self->session)), ==, 1);
  g_assert_true (eqs_history_undo (eqs_session_get_history (self->session)));
  g_assert_cmpfloat (eqs_value_get_number (session_fixture_param (self, "conv2", "k")), ==, 5);
  eqs_session_settle (self->session);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (window)), ==, 5);
  g_assert_false (eqs_history_can_undo (eqs_session_get_history (self->session)));
}

static void
test_fields (Fixture *self, gconstpointer data)
{
  GtkWidget *count, *kind, *text;

  eqs_session_select_one (self->session, "conv2");
  count = find_named (self->widget, "Output fields: how many");
  kind = find_named (self->widget, "Output fields: kind of field");
  text = find_named (self->widget, "Output fields");
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (count)), ==, 32);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (kind)), ==, 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (count), 8);
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "conv2", "out")), ==, "8x reg");
  eqs_session_settle (self->session);
  g_assert_cmpint (eqk_rep_get_dim (eqs_session_get_type_at (self->session, "conv2", NULL)->rep), ==, 32);

  gtk_editable_set_text (GTK_EDITABLE (text), "4x reg + ");
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "conv2", "out")), ==, "8x reg");
  g_assert_true (gtk_widget_has_css_class (text, "error"));
  gtk_editable_set_text (GTK_EDITABLE (text), "4x reg + 2x triv");
  g_assert_false (gtk_widget_has_css_class (text, "error"));
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "conv2", "out")), ==, "4x reg + 2x triv");
}

/* Fields that are left out are every channel a number: that is said, and an empty line is not. */
static void
test_no_fields (Fixture *self, gconstpointer data)
{
  GtkWidget *kind, *text;
  GListModel *kinds;

  eqs_session_select_one (self->session, "image");
  kind = find_named (self->widget, "Fields: kind of field");
  text = find_named (self->widget, "Fields");
  kinds = gtk_drop_down_get_model (GTK_DROP_DOWN (kind));
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (kind)), ==, g_list_model_get_n_items (kinds) - 1);
  g_assert_cmpstr (gtk_string_list_get_string (GTK_STRING_LIST (kinds), g_list_model_get_n_items (kinds) - 1), ==, "Every channel a number");
  g_assert_false (gtk_widget_get_visible (text));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (kind), 2);
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "image", "fields")), ==, "1x f1");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (kind), g_list_model_get_n_items (kinds) - 1);
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "image", "fields")), ==, "");
  g_assert_false (gtk_widget_get_visible (text));
}

/* A number that is no amount is a word: shown, and understood when it is typed. */
static void
test_word (Fixture *self, gconstpointer data)
{
  GtkWidget *padding;

  eqs_session_select_one (self->session, "conv2");
  padding = find_named (self->widget, "Padding");
  g_assert_nonnull (padding);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (padding)), ==, "same size");
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (padding)), ==, -1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (padding), 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (padding)), ==, "1");
  g_assert_cmpfloat (eqs_value_get_number (session_fixture_param (self, "conv2", "pad")), ==, 1);
  gtk_editable_set_text (GTK_EDITABLE (padding), "Same size");
  gtk_spin_button_update (GTK_SPIN_BUTTON (padding));
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (padding)), ==, -1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (padding)), ==, "same size");
}

/* Numbers shown are those of the check. */
static void
test_cost (Fixture *self, gconstpointer data)
{
  eqs_session_select_one (self->session, "conv2");
  g_assert_nonnull (find_text (self->widget, "22,560"));
  g_assert_nonnull (find_text (self->widget, "exact"));
  eqs_session_select (self->session, NULL);
  g_assert_nonnull (find_text (self->widget, "113,802"));
}

/* Measured on demand; an edit makes it stale. */
static void
test_times (Fixture *self, gconstpointer data)
{
  GtkWidget *measure;

  eqs_session_select (self->session, NULL);
  WAIT_FOR (eqs_session_get_dataset (self->session) != NULL && find_named (self->widget, "Measure for half a second") != NULL);
  measure = find_named (self->widget, "Measure for half a second");
  g_signal_emit_by_name (measure, "clicked");
  g_assert_null (find_named (self->widget, "Measure for half a second"));
  WAIT_FOR (find_text (self->widget, "An epoch") != NULL);
  g_assert_true (eqs_session_do (self->session, eqs_command_new_set_param ("conv1", "k", eqs_value_new_number (3))));
  WAIT_FOR (find_named (self->widget, "Measure for half a second") != NULL);
}

static void
test_problem (Fixture *self, gconstpointer data)
{
  const EqsProblem *problem, *after;
  const char       *code;
  GtkWidget        *fix;

  g_assert_true (eqs_session_do (self->session, eqs_command_new_set_param ("conv1", "out", eqs_value_new_string ("16x f1"))));
  eqs_session_settle (self->session);
  problem = eqs_session_get_problem (self->session, "act1", NULL);
  g_assert_nonnull (problem);
  g_assert_cmpuint (problem->fixes->len, >, 0);
  code = problem->code;
  eqs_session_select (self->session, (const char *const[]) { "conv1", "act1", NULL });
  g_assert_nonnull (find_text (self->widget, "Cost together"));      /* it runs, though the promise is broken */
  g_assert_true (eqs_session_do (self->session, eqs_command_new_remove_nodes ((const char *const[]) { "image", NULL }, FALSE)));
  eqs_session_settle (self->session);
  eqs_session_select (self->session, (const char *const[]) { "conv1", "act1", NULL });
  g_assert_null (find_text (self->widget, "Cost together"));         /* 0 parameters were shown */
  g_assert_true (eqs_history_undo (eqs_session_get_history (self->session)));
  eqs_session_settle (self->session);
  problem = eqs_session_get_problem (self->session, "act1", NULL);
  eqs_session_select_one (self->session, "act1");
  g_assert_nonnull (find_text (self->widget, problem->message));
  g_assert_nonnull (find_text (self->widget, problem->code));
  fix = find_named (self->widget, ((EqsFix *) g_ptr_array_index (problem->fixes, 0))->label);
  g_assert_nonnull (fix);
  g_signal_emit_by_name (fix, "clicked");
  eqs_session_settle (self->session);
  after = eqs_session_get_problem (self->session, "act1", NULL);
  if (after != NULL)
    g_test_message ("%s", after->message);
  g_assert_true (after == NULL || strcmp (after->code, code) != 0);
  g_assert_null (find_text (self->widget, code));
}

static void
test_plan (Fixture *self, gconstpointer data)
{
  GtkWidget *epochs = find_named (self->widget, "Epochs");
  EqsDocument *document = eqs_session_get_document (self->session);

  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (epochs)), ==, 15);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (epochs), 3);
  g_assert_cmpfloat (eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_TRAINING), "epochs", 0), ==, 3);
  g_assert_true (eqs_history_undo (eqs_session_get_history (self->session)));
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (epochs)), ==, 15);
}

/* A layer is in order with its own defaults, and every setting with its fallback. */
static void
test_ranges (void)
{
  int n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  for (int i = 0; i < n; i++)
    for (const EqkParam *p = layers[i]->params; p != NULL && p->name != NULL; p++)
      {
        g_autoptr (EqsValue) value = p->fallback == NULL || p->fallback[0] == '\0' ? NULL : eqs_value_from_setting_text (p->fallback);
        g_autofree char     *why = value == NULL ? NULL : eqs_param_check (p, NULL, value);
        g_autoptr (EqsValue) high = eqs_value_new_number (p->max + 1);
        g_autofree char     *too_high = p->kind == EQK_PARAM_INT || p->kind == EQK_PARAM_REAL ? eqs_param_check (p, NULL, high) : g_strdup ("");

        g_test_message ("%s.%s", layers[i]->id, p->name);
        g_assert_null (why);
        g_assert_nonnull (too_high);
      }
}

/* Every layer's form can be shown, alone and unconnected. */
static void
test_all_layers (Fixture *self, gconstpointer data)
{
  int n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  for (int i = 0; i < n; i++)
    {
      g_assert_true (eqs_session_do (self->session, eqs_command_new_add_node ("", eqs_node_new (layers[i]->id, layers[i]->id))));
      eqs_session_settle (self->session);
      eqs_session_select_one (self->session, layers[i]->id);
      g_assert_nonnull (find_named (self->widget, "Properties"));
      for (const EqkParam *p = layers[i]->params; p != NULL && p->name != NULL; p++)
        g_assert_nonnull (find_named (self->widget, p->title == NULL ? p->name : p->title));
      g_assert_cmpuint (eqs_history_get_n_steps (eqs_session_get_history (self->session)), ==, 1);
      eqs_history_undo (eqs_session_get_history (self->session));
    }
}

/* At a layer that passes messages: what no training can bring it to tell apart in the bound data; at others, and where pairs of nodes are seen, nothing. */
static void
test_apart (void)
{
  static const struct { const char *template, *data, *node; const char *said; } cases[] = {
    { "T20", "wl_pairs", "gin1", "Message passing cannot tell 200 of these 200" }, { "T20", "wl_pairs", "pool", NULL },
    { "T20", "molgraph", "gin1", "Messages between neighbours can tell each of the" }, { "T23", "wl_pairs", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsSession) session = session_bound (cases[i].template, cases[i].data);
      EqsGraph  *graph = eqs_document_get_graph (eqs_session_get_document (session), NULL);
      GtkWidget *window = gtk_window_new (), *inspector = eqs_inspector_new (session);
      guint      asked = 0;

      gtk_window_set_child (GTK_WINDOW (window), inspector);
      gtk_window_present (GTK_WINDOW (window));
      WAIT_FOR (eqs_session_get_dataset (session) != NULL);
      for (guint k = 0; k < eqs_graph_get_n_nodes (graph); k++)
        {
          const char *id = eqs_node_get_id (eqs_graph_get_node (graph, k));
          GtkWidget  *heading;

          if (cases[i].node != NULL && strcmp (cases[i].node, id) != 0)
            continue;
          eqs_session_select_one (session, id);
          asked++;
          heading = find_text (inspector, "What messages tell apart");
          if (cases[i].said == NULL)
            {
              WAIT_FOR ((heading = find_text (inspector, "What messages tell apart")) == NULL || !gtk_widget_get_visible (gtk_widget_get_parent (heading)));
              continue;
            }
          g_assert_nonnull (heading);
          WAIT_FOR (g_str_has_prefix (gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (heading))), cases[i].said));
        }
      g_assert_cmpuint (asked, >, 0);
      gtk_window_destroy (GTK_WINDOW (window));
      g_object_run_dispose (G_OBJECT (session));
    }
}

/* Every subgroup but for those that a turn makes of each other; what an arrow becomes (that traces agree is tested with the kernels). */
static void
test_subgroups (Fixture *self, gconstpointer data)
{
  static const char *const of_d4[] = { "C4", "D2", "D2@axis=45", "C2", "D1", "D1@axis=45", "triv" };
  const EqkGroup *d4 = eqk_group_get ("D4"), *d1 = eqk_group_get ("D1");
  g_autoptr (GPtrArray) ids = eqs_subgroups_list (d4), of_triv = eqs_subgroups_list (eqk_group_get ("triv"));
  g_autofree char *arrow = eqs_subgroups_dup_branching (eqk_group_irrep_by_id (d4, 1, 1), d1), *turned = eqs_subgroups_dup_branching (eqk_group_irrep_by_id (d4, 1, 1), eqk_group_get ("C2"));
  GPtrArray *edits = eqs_edits_new ();
  GtkWidget *keep;

  g_assert_cmpuint (ids->len, ==, G_N_ELEMENTS (of_d4));
  for (guint i = 0; i < ids->len; i++)
    g_assert_cmpstr (ids->pdata[i], ==, of_d4[i]);
  g_assert_cmpuint (of_triv->len, ==, 0);
  g_assert_cmpstr (arrow, ==, "f1 → triv + sign");
  g_assert_cmpstr (turned, ==, "f1 → 2 f1");

  /* One press keeps it. */
  g_ptr_array_add (edits, eqs_edit_new_set_layer ("act1", "restrict", NULL));
  g_assert_true (eqs_session_do (self->session, eqs_command_new_edits ("restrict", edits)));
  eqs_session_select_one (self->session, "act1");
  eqs_session_settle (self->session);
  keep = find_named (self->widget, "Keep C₂ · Rotations by half turns");
  g_assert_nonnull (keep);
  g_signal_emit_by_name (keep, "clicked");
  g_assert_cmpstr (eqs_value_get_string (session_fixture_param (self, "act1", "group")), ==, "C2");
}

static GtkWidget *
button_with (GtkWidget *widget, const char *label)
{
  GtkWidget *text = find_text (widget, label);

  return text == NULL ? NULL : gtk_widget_get_ancestor (text, GTK_TYPE_BUTTON);
}

/* A block becomes a definition, is renamed while it is typed in one form, is listed with the design, and deleted when nothing uses it. */
static void
test_definition (Fixture *self, gconstpointer data)
{
  EqsDocument     *document = eqs_session_get_document (self->session);
  g_autofree char *block = NULL;
  GtkWidget       *name;

  eqs_session_select_one (self->session, "act1");
  g_assert_null (button_with (self->widget, "Make the block usable elsewhere"));
  g_assert_true (eqs_session_group (self->session));
  block = g_strdup (eqs_session_get_selection (self->session)[0]);
  eqs_session_settle (self->session);
  g_assert_null (find_named (self->widget, "Name of the definition"));
  g_signal_emit_by_name (button_with (self->widget, "Make the block usable elsewhere"), "clicked");
  eqs_session_settle (self->session);
  g_assert_cmpuint (eqs_document_get_n_definitions (document), ==, 1);
  name = find_named (self->widget, "Name of the definition");
  g_assert_nonnull (name);
  gtk_editable_set_text (GTK_EDITABLE (name), "Bend");
  g_assert_cmpstr (eqs_document_get_shown_title (document, eqs_document_find_node (document, block)), ==, "Bend");
  g_assert_true (find_named (self->widget, "Name of the definition") == name);      /* typing goes on */
  g_assert_true (eqs_history_undo (eqs_session_get_history (self->session)));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "");
  g_assert_true (eqs_history_redo (eqs_session_get_history (self->session)));

  eqs_session_select (self->session, NULL);
  g_assert_false (gtk_widget_get_sensitive (find_named (self->widget, "“Bend” is in use: delete its uses or detach them first")));
  eqs_session_select_one (self->session, block);
  g_signal_emit_by_name (button_with (self->widget, "Detach from the definition"), "clicked");
  eqs_session_select (self->session, NULL);
  eqs_session_settle (self->session);
  g_signal_emit_by_name (find_named (self->widget, "Go into “Bend”"), "clicked");
  g_assert_cmpstr (eqs_session_get_scope (self->session), ==, "#block");
  g_signal_emit_by_name (find_named (self->widget, "Delete “Bend”"), "clicked");
  g_assert_cmpuint (eqs_document_get_n_definitions (document), ==, 0);
  g_assert_cmpstr (eqs_session_get_scope (self->session), ==, "");      /* what was shown is gone */
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add_func ("/inspector/ranges", test_ranges);
  g_test_add_func ("/inspector/apart", test_apart);
  g_test_add ("/inspector/form", Fixture, NULL, set_up, test_form, tear_down);
  g_test_add ("/inspector/fields", Fixture, NULL, set_up, test_fields, tear_down);
  g_test_add ("/inspector/no-fields", Fixture, NULL, set_up, test_no_fields, tear_down);
  g_test_add ("/inspector/word", Fixture, NULL, set_up, test_word, tear_down);
  g_test_add ("/inspector/cost", Fixture, NULL, set_up, test_cost, tear_down);
  g_test_add ("/inspector/times", Fixture, NULL, set_up, test_times, tear_down);
  g_test_add ("/inspector/problem", Fixture, NULL, set_up, test_problem, tear_down);
  g_test_add ("/inspector/plan", Fixture, NULL, set_up, test_plan, tear_down);
  g_test_add ("/inspector/subgroups", Fixture, NULL, set_up, test_subgroups, tear_down);
  g_test_add ("/inspector/definition", Fixture, NULL, set_up, test_definition, tear_down);
  g_test_add ("/inspector/all-layers", Fixture, NULL, set_up, test_all_layers, tear_down);
  return g_test_run ();
}
