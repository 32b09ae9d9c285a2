/* Changes that canvas and outline share: what they do, that one undo takes them back to the byte, and that they refuse what they cannot do. */

#include "model/file.h"
#include "studio/definitions.h"
#include "studio/editing.h"
#include "studio/outline.h"

#include "new-session.h"

#include <string.h>

/* "Image > Steerable conv 1 > …": titles of the main graph in the order of the flow. */
static char *
flow (EqsSession *session)
{
  g_autoptr (GHashTable) open = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  rows = eqs_outline_new (session, open);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : " > ", ((EqsOutlineRow *) g_ptr_array_index (rows, i))->path);
  return g_string_free (text, FALSE);
}

static char *
bytes (EqsSession *session)
{
  return eqs_file_to_text (eqs_session_get_document (session), NULL);
}

static void
undo_gives (EqsSession *session, const char *before)
{
  g_autofree char *after = NULL;

  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  after = bytes (session);
  g_assert_cmpstr (after, ==, before);
}

/* The first node of a layer. */
static char *
find (EqsSession *session, const char *layer)
{
  EqsGraph *graph = eqs_document_get_graph (eqs_session_get_document (session), NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    if (strcmp (eqs_node_get_layer (eqs_graph_get_node (graph, i)), layer) == 0)
      return g_strdup (eqs_node_get_id (eqs_graph_get_node (graph, i)));
  g_assert_not_reached ();
}

static void
test_move (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *before = bytes (session), *order = flow (session), *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn"), *image = find (session, "input_image");
  g_autofree char *swapped = NULL, *there = NULL;
  g_autofree char *forth = g_strdup_printf ("%s > %s", norm, relu), *back = g_strdup_printf ("%s > %s", relu, norm);

  g_assert_nonnull (strstr (order, forth));
  g_assert_true (eqs_session_move_in_flow (session, relu, -1));
  swapped = flow (session);
  g_assert_nonnull (strstr (swapped, back));
  undo_gives (session, before);
  g_assert_true (eqs_session_move_in_flow (session, norm, 1));
  there = flow (session);
  g_assert_cmpstr (there, ==, swapped);
  eqs_session_settle (session);
  g_assert_cmpuint (eqs_session_count_problems (session, EQK_SEVERITY_ERROR), ==, 0);
  undo_gives (session, before);
  g_assert_false (eqs_session_move_in_flow (session, image, -1));
  g_assert_false (eqs_session_move_in_flow (session, image, 1));
  {
    g_autofree char *after = bytes (session);

    g_assert_cmpstr (after, ==, before);
  }
}

static void
test_wires (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *before = bytes (session), *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn");
  g_autofree char *cut = NULL;

  g_assert_true (eqs_session_cut_wire (session, norm, "y", relu, "x"));
  cut = bytes (session);
  g_assert_cmpstr (cut, !=, before);
  g_assert_true (eqs_session_join (session, norm, "y", relu, "x"));
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  undo_gives (session, before);
}

static void
test_wire_order (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsDocument *document = eqs_session_get_document (session);
  g_autofree char *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn"), *before = NULL;
  EqsNode *node = eqs_node_new ("both", "concat");
  g_autoptr (GHashTable) open = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  rows = NULL;
  const EqkLayerType *concat = eqk_layer_find ("concat");
  const char *port = concat->inputs[0].name;
  guint n = 0;

  g_assert_true (eqs_session_do (session, eqs_command_new_add_node ("", node)));
  g_assert_true (eqs_session_join (session, norm, "y", "both", port));
  g_assert_true (eqs_session_join (session, relu, "y", "both", port));
  before = bytes (session);
  g_assert_false (eqs_session_move_wire (session, "both", port, 0, -1));
  g_assert_true (eqs_session_move_wire (session, "both", port, 1, -1));
  g_hash_table_add (open, (gpointer) "both");
  rows = eqs_outline_new (session, open);
  for (guint i = 0; i < rows->len; i++)
    {
      const EqsOutlineRow *row = g_ptr_array_index (rows, i);

      if (row->kind != EQS_OUTLINE_INPUT)
        continue;
      g_assert_true (row->variadic);
      g_assert_cmpuint (row->place, ==, n);
      g_assert_cmpstr (row->other, ==, n == 0 ? relu : norm);
      n++;
    }
  g_assert_cmpuint (n, ==, 2);
  undo_gives (session, before);
  g_assert_nonnull (document);
}

/* A block computes what its layers computed; taken apart the network is the one it was. */
static void
test_blocks (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsDocument *document = eqs_session_get_document (session);
  g_autofree char *before = bytes (session), *hash = eqs_document_dup_hash (document), *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn"), *apart = NULL;
  const char *const paths[] = { norm, relu, NULL };
  const gint64 parameters = eqs_session_get_check (session)->parameters;
  const char *block;

  eqs_session_select (session, paths);
  g_assert_true (eqs_session_group (session));
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 1);
  block = eqs_session_get_selection (session)[0];
  g_assert_nonnull (eqs_node_get_body (eqs_document_find_node (document, block)));
  g_assert_cmpuint (eqs_graph_get_n_nodes (eqs_node_get_body (eqs_document_find_node (document, block))), ==, 2);
  eqs_session_settle (session);
  g_assert_cmpuint (eqs_session_count_problems (session, EQK_SEVERITY_ERROR), ==, 0);
  g_assert_cmpint (eqs_session_get_check (session)->parameters, ==, parameters);
  g_assert_true (eqs_session_ungroup (session));
  g_assert_cmpuint (eqs_session_get_n_selected (session), ==, 2);
  apart = eqs_document_dup_hash (document);
  g_assert_cmpstr (apart, ==, hash);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  undo_gives (session, before);

  /* What is no block cannot be taken apart. */
  eqs_session_select_one (session, relu);
  g_assert_false (eqs_session_ungroup (session));
}

/* Everything in one block, its two copies in a row would not fit: but with one output used inside and outside, ports stay apart. */
static void
test_block_ports (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsDocument *document = eqs_session_get_document (session);
  g_autofree char *before = NULL, *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn");
  const char *const paths[] = { relu, NULL };
  EqsNode *node = eqs_node_new ("sum", "add");
  EqsGraph *graph = eqs_document_get_graph (document, NULL), *body;

  g_assert_true (eqs_session_do (session, eqs_command_new_add_node ("", node)));
  g_assert_true (eqs_session_join (session, relu, "y", "sum", eqk_layer_find ("add")->inputs[0].name));
  g_assert_true (eqs_session_join (session, norm, "y", "sum", eqk_layer_find ("add")->inputs[0].name));
  before = bytes (session);
  eqs_session_select (session, paths);
  g_assert_true (eqs_session_group (session));
  body = eqs_node_get_body (eqs_document_find_node (document, eqs_session_get_selection (session)[0]));
  g_assert_cmpuint (eqs_graph_get_n_links (body), ==, 2);      /* one in, one out, though the output goes to two */
  g_assert_cmpint (eqs_graph_find_link (graph, norm, "y", eqs_session_get_selection (session)[0], "x"), >=, 0);
  undo_gives (session, before);
}

/* A use of a definition behind `after`, on the way to what that feeds. */
static void
insert_use (EqsSession *session, const char *definition, const char *id, const char *from, const char *to)
{
  EqsNode *use = eqs_definition_new_use (eqs_session_get_document (session), definition, id);

  g_assert_true (eqs_session_do (session, eqs_command_new_insert_on_link ("", from, to, use, "x", "y")));
}

static gint64
parameters (EqsSession *session, const char *path)
{
  eqs_session_settle (session);
  g_assert_nonnull (eqs_session_get_cost (session, path));
  return eqs_session_get_cost (session, path)->parameters;
}

/* Two uses of one definition: an edit inside of one changes both; each step is undone to the byte; what is inside has types and costs. */
static void
test_definitions (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsDocument     *document = eqs_session_get_document (session);
  g_autofree char *before = NULL, *defined = NULL, *used = NULL, *edited = NULL, *named = NULL, *detached = NULL, *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn"), *next = NULL, *inner = NULL, *from = NULL;
  g_autofree char *block = NULL, *inside = NULL, *same = NULL;
  const char *const paths[] = { norm, relu, NULL };
  EqsGraph  *graph = eqs_document_get_graph (document, NULL);
  const int  at = eqs_graph_find_link (graph, relu, NULL, NULL, NULL);

  next = g_strdup_printf ("%s.%s", eqs_graph_get_link (graph, (guint) at)->to_node, eqs_graph_get_link (graph, (guint) at)->to_port);
  g_assert_false (eqs_session_define (session));      /* nothing is selected */
  eqs_session_select (session, paths);
  g_assert_true (eqs_session_group (session));
  block = g_strdup (eqs_session_get_selection (session)[0]);
  inside = g_strdup_printf ("%s/%s", block, norm);
  same = g_strdup_printf ("use2/%s", norm);
  from = g_strconcat (block, ".y", NULL);
  before = bytes (session);
  g_assert_true (eqs_session_can_define (session) && !eqs_session_can_detach (session));
  g_assert_true (eqs_session_define (session));
  undo_gives (session, before);
  g_assert_true (eqs_history_redo (eqs_session_get_history (session)));
  defined = bytes (session);
  g_assert_cmpuint (eqs_document_get_n_definitions (document), ==, 1);
  g_assert_true (!eqs_session_can_define (session) && eqs_session_can_detach (session));
  g_assert_cmpint (parameters (session, block), >, 0);
  g_assert_cmpint (parameters (session, block), ==, parameters (session, inside));      /* relu has none */
  g_assert_nonnull (eqs_session_get_type_at (session, inside, "y"));

  insert_use (session, "block", "use2", from, next);
  used = bytes (session);
  g_assert_cmpint (parameters (session, same), ==, parameters (session, inside));
  eqs_session_set_scope (session, "use2");
  g_assert_cmpstr (eqs_session_get_scope (session), ==, "use2");
  inner = g_strdup_printf ("use2/%s", relu);
  g_assert_true (eqs_session_do (session, eqs_command_new_set_title (inner, "One for both")));
  edited = bytes (session);
  {
    g_autofree char *other = g_strdup_printf ("%s/%s", block, relu);

    g_assert_cmpstr (eqs_node_get_title (eqs_document_find_node (document, other)), ==, "One for both");
  }
  undo_gives (session, used);
  g_assert_true (eqs_history_redo (eqs_session_get_history (session)));
  g_assert_false (eqs_definition_fits (document, "use2", "block"));
  g_assert_true (eqs_definition_fits (document, "", "block"));

  /* A name that is typed is one step, and what both uses are called. */
  g_assert_true (eqs_session_rename_definition (session, "block", "Ce"));
  g_assert_true (eqs_session_rename_definition (session, "block", "Cell"));
  g_assert_cmpstr (eqs_document_get_shown_title (document, eqs_document_find_node (document, "use2")), ==, "Cell");
  named = bytes (session);
  undo_gives (session, edited);
  g_assert_true (eqs_history_redo (eqs_session_get_history (session)));

  g_assert_false (eqs_session_remove_definition (session, "block"));
  eqs_session_select_one (session, "use2");
  g_assert_true (eqs_session_detach (session));
  detached = bytes (session);
  g_assert_cmpuint (eqs_document_count_uses (document, "block"), ==, 1);
  undo_gives (session, named);
  g_assert_true (eqs_history_redo (eqs_session_get_history (session)));
  eqs_session_select_one (session, block);
  g_assert_false (eqs_session_ungroup (session));
  g_assert_true (eqs_session_detach (session));
  g_assert_true (eqs_session_remove_definition (session, "block"));
  g_assert_cmpuint (eqs_document_get_n_definitions (document), ==, 0);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  undo_gives (session, detached);
}

/* Behind the selected layer where its types fit; on its own where they do not. */
static void
test_add_use (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  EqsDocument     *document = eqs_session_get_document (session);
  g_autofree char *relu = find (session, "relu_pw"), *block = NULL, *use = NULL, *before = NULL;
  const char *const paths[] = { relu, NULL };
  const guint n = eqs_graph_get_n_links (eqs_document_get_graph (document, NULL));

  eqs_session_select (session, paths);
  g_assert_true (eqs_session_group (session));
  g_assert_true (eqs_session_define (session));
  block = g_strdup (eqs_session_get_selection (session)[0]);
  before = bytes (session);
  eqs_session_add_use (session, "block");
  use = g_strdup (eqs_session_get_selection (session)[0]);
  g_assert_cmpstr (use, !=, block);
  g_assert_cmpint (eqs_graph_find_link (eqs_document_get_graph (document, NULL), block, "y", use, "x"), >=, 0);
  g_assert_cmpuint (eqs_graph_get_n_links (eqs_document_get_graph (document, NULL)), ==, n + 1);
  undo_gives (session, before);
  /* Behind the answer there is no grid that a convolution could go over. */
  eqs_session_select_one (session, "conv2");
  g_assert_true (eqs_session_group (session));
  g_assert_true (eqs_session_define (session));
  {
    EqsGraph *graph = eqs_document_get_graph (document, NULL);
    const EqsNode *last = NULL;

    for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
      if (eqs_graph_find_link (graph, eqs_node_get_id (eqs_graph_get_node (graph, i)), NULL, NULL, NULL) < 0)
        last = eqs_graph_get_node (graph, i);
    eqs_session_select_one (session, eqs_node_get_id (last));
    g_assert_false (eqs_session_insert_use (session, "block2"));
    eqs_session_add_use (session, "block2");
    g_assert_cmpuint (eqs_document_count_uses (document, "block2"), ==, 2);
    g_assert_cmpuint (eqs_graph_get_n_links (graph), ==, n);
  }
}

/* Of a block that repeats, what is inside costs what all copies of it cost; together they cost what the block costs. */
static void
test_costs_inside (void)
{
  g_autoptr (EqsSession) session = new_session ("T01");
  g_autofree char *relu = find (session, "relu_pw"), *norm = find (session, "inner_bn"), *block = NULL, *inside = NULL, *other = NULL;
  const char *const paths[] = { norm, relu, NULL };
  gint64 one;
  double macs;

  eqs_session_select (session, paths);
  g_assert_true (eqs_session_group (session));
  block = g_strdup (eqs_session_get_selection (session)[0]);
  inside = g_strdup_printf ("%s/%s", block, norm);
  other = g_strdup_printf ("%s/%s", block, relu);
  one = parameters (session, inside);
  g_assert_cmpint (one, >, 0);
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param (block, "n", eqs_value_new_number (3))));
  g_assert_cmpint (parameters (session, inside), ==, 3 * one);
  g_assert_cmpint (parameters (session, block), ==, 3 * one);
  macs = eqs_session_get_cost (session, inside)->macs + eqs_session_get_cost (session, other)->macs;
  g_assert_cmpfloat (macs, ==, eqs_session_get_cost (session, block)->macs);
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param (block, "shared", eqs_value_new_bool (TRUE))));
  g_assert_cmpint (parameters (session, inside), ==, one);
  g_assert_cmpint (parameters (session, block), ==, one);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/editing/move", test_move);
  g_test_add_func ("/editing/wires", test_wires);
  g_test_add_func ("/editing/wire-order", test_wire_order);
  g_test_add_func ("/editing/blocks", test_blocks);
  g_test_add_func ("/editing/block-ports", test_block_ports);
  g_test_add_func ("/editing/definitions", test_definitions);
  g_test_add_func ("/editing/add-use", test_add_use);
  g_test_add_func ("/editing/costs-inside", test_costs_inside);
  return g_test_run ();
}
