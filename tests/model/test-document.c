/* The document: ids, paths, links, what is reported, the hash. */

#include "model/clipboard.h"
#include "model/edits.h"
#include "model/file.h"
#include "model/history.h"
#include "model/layout.h"

#include <math.h>
#include <string.h>

static EqsDocument *
make_chain (void)
{
  EqsDocument *document = eqs_document_new ();
  const char *const ids[] = { "in", "conv", "act", "head" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (EqsNode) node = eqs_node_new (ids[i], i == 0 ? "input_image" : "r2conv");

      eqs_node_set_position (node, 220.0 * i, 0);
      g_assert_true (eqs_document_add_node (document, NULL, node, -1, NULL));
    }
  g_assert_true (eqs_document_connect (document, NULL, "in.y", "conv.x", -1, FALSE, NULL));
  g_assert_true (eqs_document_connect (document, NULL, "conv.y", "act.x", -1, FALSE, NULL));
  g_assert_true (eqs_document_connect (document, NULL, "act.y", "head.x", -1, FALSE, NULL));
  return document;
}

/* "a.y>b.x c.y>d.x" of a scope. */
static char *
links_of (EqsDocument *document, const char *scope)
{
  EqsGraph *graph = eqs_document_get_graph (document, scope);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      g_string_append_printf (text, "%s%s.%s>%s.%s", i == 0 ? "" : " ", link->from_node, link->from_port, link->to_node,
                              link->to_port);
    }
  return g_string_free (text, FALSE);
}

static void
assert_links (EqsDocument *document, const char *expected)
{
  g_autofree char *links = links_of (document, NULL);

  g_assert_cmpstr (links, ==, expected);
}

static void
test_ids (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsNode) twin = eqs_node_new ("conv", "r2conv");
  g_autofree char *a = eqs_document_unique_id (document, NULL, "fresh");
  g_autofree char *b = eqs_document_unique_id (document, NULL, "conv");
  g_autofree char *c = NULL;
  g_autofree char *d = eqs_document_unique_id (document, NULL, "a b/ü");
  g_autoptr (EqsNode) second = eqs_node_new ("conv2", "r2conv");

  g_assert_cmpstr (a, ==, "fresh");
  g_assert_cmpstr (b, ==, "conv2");
  g_assert_true (eqs_id_is_valid (d));
  g_assert_true (eqs_document_add_node (document, NULL, second, 0, NULL));
  c = eqs_document_unique_id (document, NULL, "conv2");
  g_assert_cmpstr (c, ==, "conv3");
  g_assert_false (eqs_document_add_node (document, NULL, twin, -1, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID);
  g_assert_false (eqs_id_is_valid (""));
  g_assert_false (eqs_id_is_valid (NULL));
  g_assert_false (eqs_id_is_valid ("a.b"));
}

static void
test_remove (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsValue) four = eqs_value_new_number (4);
  g_autoptr (EqsMap) frame = eqs_map_new ();
  const char *const members[] = { "in", "conv", NULL };
  g_autoptr (GError) error = NULL;

  eqs_map_set (frame, "members", eqs_value_new_strings (members));
  g_assert_true (eqs_document_add_item (document, EQS_ITEM_FRAME, frame, NULL));
  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_PREVIEW, "conv.channels", four, NULL));
  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_PREVIEW, "act.channels", four, NULL));
  g_assert_true (eqs_document_remove_node (document, "conv", TRUE, NULL));
  assert_links (document, "in.y>act.x act.y>head.x");
  g_assert_null (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "conv.channels"));
  g_assert_nonnull (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "act.channels"));
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_document_get_item (document, EQS_ITEM_FRAME, 0), "members")), ==, 1);
  g_assert_true (eqs_document_remove_node (document, "act", FALSE, NULL));
  assert_links (document, "");
  g_assert_false (eqs_document_remove_node (document, "act", FALSE, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND);
}

static void
test_rename (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsValue) four = eqs_value_new_number (4);
  g_autoptr (GError) error = NULL;

  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_PREVIEW, "conv.channels", four, NULL));
  g_assert_true (eqs_document_rename_node (document, "conv", "first", NULL));
  assert_links (document, "in.y>first.x first.y>act.x act.y>head.x");
  g_assert_nonnull (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "first.channels"));
  g_assert_null (eqs_document_find_node (document, "conv"));
  g_assert_nonnull (eqs_document_find_node (document, "first"));
  g_assert_false (eqs_document_rename_node (document, "first", "act", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID);
}

static void
test_links (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (GError) error = NULL;
  const char *const bad[] = { "nodot", "none.y", ".x", "in.", "in.a.b", "in.ü" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (eqs_document_connect (document, NULL, bad[i], "act.x", -1, FALSE, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
  g_assert_true (eqs_document_connect (document, NULL, "in.y", "head.x", -1, TRUE, NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x in.y>head.x");
  g_assert_true (eqs_document_connect (document, NULL, "act.y", "head.x", 2, FALSE, NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>head.x in.y>head.x");
  g_assert_true (eqs_document_insert_on_link (document, NULL, "act.y", "head.x", "conv", "a", "b", NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>conv.a conv.b>head.x in.y>head.x");
  g_assert_false (eqs_document_disconnect (document, NULL, "act.y", "head.x", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND);
  g_assert_true (eqs_document_disconnect (document, NULL, "act.y", "conv.a", NULL));
}

static double
x_of (EqsDocument *document, const char *id)
{
  return eqs_node_get_x (eqs_document_find_node (document, id));
}

/* What comes between two cards stands between them, in line; those behind it in the row give way, other rows stay, and a frame about both holds it. */
static void
test_room (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsNode)     added = eqs_node_new ("new", "r2conv"), last = eqs_node_new ("far", "r2conv"), below = eqs_node_new ("below", "r2conv");
  g_autoptr (EqsMap)      frame = eqs_map_new ();
  const EqsValue         *members;

  eqs_map_set (frame, "id", eqs_value_new_string ("f"));
  eqs_map_set (frame, "members", eqs_value_new_strings ((const char *const[]) { "conv", "act", NULL }));
  eqs_node_set_position (added, 300, 20);      /* upon both “conv” and “act” */
  eqs_node_set_position (below, 300, 200);
  g_assert_true (eqs_document_add_item (document, EQS_ITEM_FRAME, frame, NULL) && eqs_document_add_node (document, NULL, added, -1, NULL) &&
                 eqs_document_add_node (document, NULL, below, -1, NULL));
  g_assert_true (eqs_document_insert_on_link (document, NULL, "conv.y", "act.x", "new", "x", "y", NULL));
  g_assert_cmpfloat (x_of (document, "conv"), ==, 220);
  g_assert_cmpfloat (x_of (document, "new"), ==, 220 + 196);
  g_assert_cmpfloat (eqs_node_get_y (eqs_document_find_node (document, "new")), ==, 0);
  g_assert_cmpfloat (x_of (document, "act"), ==, 220 + 2 * 196);
  g_assert_cmpfloat (x_of (document, "head") - x_of (document, "act"), ==, 220);
  g_assert_cmpfloat (x_of (document, "below"), ==, 300);
  members = eqs_map_get (eqs_document_get_item (document, EQS_ITEM_FRAME, 0), "members");
  g_assert_cmpuint (eqs_value_get_length (members), ==, 3);
  g_assert_cmpstr (eqs_value_get_string (eqs_value_get_item (members, 2)), ==, "new");
  /* Where there is room already nothing moves. */
  eqs_node_set_position (last, 1200, 0);
  g_assert_true (eqs_document_move_node (document, "head", 1600, 0, NULL) && eqs_document_add_node (document, NULL, last, -1, NULL));
  g_assert_true (eqs_document_insert_on_link (document, NULL, "act.y", "head.x", "far", "x", "y", NULL));
  g_assert_cmpfloat (x_of (document, "far"), ==, 1200);
  g_assert_cmpfloat (x_of (document, "head"), ==, 1600);
}

static void
test_definitions (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsNode) cell = eqs_node_new ("cell", "definition");
  g_autoptr (EqsNode) use = eqs_node_new ("use", "subgraph");
  g_autoptr (EqsNode) lin = eqs_node_new ("lin", "irreps_linear");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (EqsDocument) again = NULL;

  eqs_node_ensure_body (cell);
  eqs_node_set_param (use, "block", eqs_value_new_string ("cell"));
  g_assert_true (eqs_document_add_definition (document, cell, NULL));
  g_assert_true (eqs_document_add_node (document, NULL, use, -1, NULL));
  g_assert_true (eqs_document_add_node (document, "#cell", lin, -1, NULL));
  g_assert_true (eqs_document_connect (document, "#cell", ".x", "lin.x", -1, FALSE, NULL));
  g_assert_nonnull (eqs_document_find_node (document, "#cell/lin"));
  g_assert_true (eqs_document_get_body (document, use) == eqs_document_get_graph (document, "#cell"));
  g_assert_false (eqs_document_remove_definition (document, "cell", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_assert_true (eqs_document_rename_node (document, "#cell", "unit", NULL));
  g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (use, "block")), ==, "unit");
  text = eqs_file_to_text (document, NULL);
  again = eqs_file_parse (text, -1, NULL);
  g_assert_nonnull (eqs_document_find_node (again, "#unit/lin"));
}

/* T: input → b (a block of conv-like lin → act, twice nested) → head; b becomes a definition, used again. */
static EqsDocument *
make_with_block (void)
{
  EqsDocument *document = make_chain ();
  g_autoptr (EqsNode) block = eqs_node_new ("b", "subgraph");
  EqsGraph *body = eqs_node_ensure_body (block);

  eqs_node_set_title (block, "Cell");
  eqs_node_set_param (block, "n", eqs_value_new_number (2));
  g_assert_true (eqs_graph_add_node (body, eqs_node_new ("lin", "irreps_linear"), NULL));
  g_assert_true (eqs_graph_connect (body, ".x", "lin.x", NULL));
  g_assert_true (eqs_graph_connect (body, "lin.y", ".y", NULL));
  g_assert_true (eqs_document_add_node (document, NULL, block, -1, NULL));
  return document;
}

static void
test_define (void)
{
  g_autoptr (EqsDocument) document = make_with_block (), again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsNode) use = eqs_node_new ("b2", "subgraph"), inner = eqs_node_new ("self", "subgraph"), holder = eqs_node_new ("holder", "subgraph");
  g_autoptr (EqsValue) three = eqs_value_new_number (3);
  g_autoptr (GPtrArray) in = NULL, out = NULL;
  g_autofree char *text = NULL;
  EqsNode *b;

  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_PREVIEW, "b/lin.k", three, NULL));
  g_assert_true (eqs_document_define_block (document, "b", "cell", NULL));
  b = eqs_document_find_node (document, "b");
  g_assert_null (eqs_node_get_body (b));
  g_assert_null (eqs_node_get_title (b));
  g_assert_cmpstr (eqs_document_get_shown_title (document, b), ==, "Cell");
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (b, "n")), ==, 2);
  g_assert_nonnull (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "b/lin.k"));
  eqs_node_set_param (use, "block", eqs_value_new_string ("cell"));
  g_assert_true (eqs_document_add_node (document, NULL, use, -1, NULL));
  g_assert_cmpuint (eqs_document_count_uses (document, "cell"), ==, 2);
  /* One node by three paths, and one graph by three scopes. */
  g_assert_nonnull (eqs_document_find_node (document, "#cell/lin"));
  g_assert_true (eqs_document_find_node (document, "b/lin") == eqs_document_find_node (document, "#cell/lin"));
  g_assert_true (eqs_document_find_node (document, "b2/lin") == eqs_document_find_node (document, "#cell/lin"));
  g_assert_true (eqs_document_get_graph (document, "b2") == eqs_document_get_graph (document, "#cell"));
  g_assert_true (eqs_document_set_param (document, "b2/lin", "k", three, NULL));
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (eqs_document_find_node (document, "b/lin"), "k")), ==, 3);
  /* What names a node of it by one use is renamed when it is renamed by another. */
  g_assert_true (eqs_document_rename_node (document, "b2/lin", "mix", NULL));
  g_assert_null (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "b/lin.k"));
  g_assert_nonnull (eqs_document_get_entry (document, EQS_SECTION_PREVIEW, "b/mix.k"));
  in = eqs_document_list_border (document, use, FALSE);
  out = eqs_document_list_border (document, use, TRUE);
  g_assert_cmpuint (in->len, ==, 1);
  g_assert_cmpstr (in->pdata[0], ==, "x");
  g_assert_cmpuint (out->len, ==, 1);
  /* It cannot hold itself, not even in a block of its own. */
  eqs_node_set_param (inner, "block", eqs_value_new_string ("cell"));
  g_assert_false (eqs_document_add_node (document, "b", inner, -1, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (eqs_graph_add_node (eqs_node_ensure_body (holder), eqs_node_dup (inner, NULL), NULL));
  g_assert_false (eqs_document_add_node (document, "#cell", holder, -1, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_clear_error (&error);
  text = eqs_file_to_text (document, NULL);
  again = eqs_file_parse (text, -1, NULL);
  g_assert_nonnull (eqs_document_find_node (again, "b2/mix"));
}

static void
test_detach (void)
{
  g_autoptr (EqsDocument) document = make_with_block ();
  g_autoptr (EqsNode) use = eqs_node_new ("b2", "subgraph");
  g_autoptr (EqsValue) three = eqs_value_new_number (3);
  g_autoptr (GError) error = NULL;
  EqsNode *own;

  g_assert_false (eqs_document_detach_use (document, "b", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (eqs_document_define_block (document, "b", "cell", NULL));
  g_assert_false (eqs_document_define_block (document, "b", "cell2", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_clear_error (&error);
  eqs_node_set_param (use, "block", eqs_value_new_string ("cell"));
  g_assert_true (eqs_document_add_node (document, NULL, use, -1, NULL));
  g_assert_true (eqs_document_detach_use (document, "b2", NULL));
  own = eqs_document_find_node (document, "b2");
  g_assert_null (eqs_node_get_param (own, "block"));
  g_assert_cmpstr (eqs_node_get_title (own), ==, "Cell");
  g_assert_true (eqs_document_set_param (document, "b2/lin", "k", three, NULL));
  g_assert_null (eqs_node_get_param (eqs_document_find_node (document, "b/lin"), "k"));
  g_assert_false (eqs_document_remove_definition (document, "cell", NULL));
  g_assert_true (eqs_document_detach_use (document, "b", NULL));
  g_assert_true (eqs_document_remove_definition (document, "cell", NULL));
}

typedef struct
{
  guint n, what;
  char *paths;
} Report;

static void
changed_cb (EqsDocument *document, guint what, const char *const *paths, Report *report)
{
  report->n++;
  report->what = what;
  g_free (report->paths);
  report->paths = g_strjoinv (" ", (char **) paths);
}

static void
test_signal (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsValue) four = eqs_value_new_number (4);
  Report report = { 0 };

  g_signal_connect (document, "changed", G_CALLBACK (changed_cb), &report);
  g_assert_true (eqs_document_set_param (document, "conv", "channels", four, NULL));
  g_assert_cmpuint (report.n, ==, 1);
  g_assert_cmpuint (report.what, ==, EQS_CHANGED_SETTINGS);
  g_assert_cmpstr (report.paths, ==, "conv");
  g_assert_true (eqs_document_set_param (document, "conv", "channels", four, NULL));   /* the same: no change */
  g_assert_cmpuint (report.n, ==, 1);
  g_assert_true (eqs_document_move_node (document, "conv", 1, 2, NULL));
  g_assert_cmpuint (report.n, ==, 2);
  g_assert_cmpuint (report.what, ==, EQS_CHANGED_LOOK);
  g_assert_true (eqs_document_remove_node (document, "conv", FALSE, NULL));
  g_assert_cmpuint (report.n, ==, 3);
  g_assert_cmpuint (report.what, ==, EQS_CHANGED_NODES | EQS_CHANGED_LINKS);
  g_assert_cmpstr (report.paths, ==, "act conv in");
  g_assert_true (eqs_document_set_symmetry (document, "D8", -1, "set", NULL));
  g_assert_cmpuint (report.what, ==, EQS_CHANGED_SYMMETRY);
  g_free (report.paths);
}

static void
test_hash (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsDocument) copy = eqs_document_dup (document);
  g_autoptr (EqsMap) note = eqs_map_new ();
  g_autoptr (EqsValue) four = eqs_value_new_number (4);
  g_autoptr (EqsNode) node = NULL;
  g_autofree char *hash = eqs_document_dup_hash (document);
  g_autofree char *same = NULL;
  g_autofree char *other = NULL;

  g_assert_cmpuint (strlen (hash), ==, 64);
  g_assert_true (eqs_document_move_node (copy, "conv", 9, 9, NULL));
  g_assert_true (eqs_document_set_title (copy, "conv", "First", NULL));
  g_assert_true (eqs_document_set_name (copy, "n", NULL));
  g_assert_true (eqs_document_add_item (copy, EQS_ITEM_NOTE, note, NULL));
  node = eqs_node_dup (eqs_document_find_node (copy, "head"), NULL);
  g_assert_true (eqs_document_remove_node (copy, "head", FALSE, NULL));
  g_assert_true (eqs_document_add_node (copy, NULL, node, 0, NULL));   /* another order */
  g_assert_true (eqs_document_connect (copy, NULL, "act.y", "head.x", 0, FALSE, NULL));
  same = eqs_document_dup_hash (copy);
  g_assert_cmpstr (hash, ==, same);
  g_assert_true (eqs_document_set_param (copy, "conv", "channels", four, NULL));
  other = eqs_document_dup_hash (copy);
  g_assert_cmpstr (hash, !=, other);
  g_assert_null (eqs_node_get_param (eqs_document_find_node (document, "conv"), "channels"));
}

static void
test_edits (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (GPtrArray) edits = eqs_edits_new ();
  EqsMap *params = eqs_map_new ();
  GError *error = NULL;

  eqs_map_set (params, "k", eqs_value_new_number (3));
  g_ptr_array_add (edits, eqs_edit_new_insert_after ("conv", "y", "inner_bn", NULL));
  g_ptr_array_add (edits, eqs_edit_new_insert_before ("head", "x", "group_pool", params));
  g_ptr_array_add (edits, eqs_edit_new_set_param ("group_pool", "mode", eqs_value_new_string ("max")));
  g_ptr_array_add (edits, eqs_edit_new_set_layer ("act", "relu_pw", NULL));
  g_ptr_array_add (edits, eqs_edit_new_set_group ("C8"));
  g_assert_true (eqs_edits_apply (edits, document, &error));
  g_assert_no_error (error);
  assert_links (document, "in.y>conv.x inner_bn.y>act.x act.y>group_pool.x group_pool.y>head.x conv.y>inner_bn.x");
  g_assert_cmpstr (eqs_node_get_layer (eqs_document_find_node (document, "act")), ==, "relu_pw");

  /* A title that only said which layer it was goes with the layer; a name of one's own stays; undo needs no more than the journal. */
  g_assert_true (eqs_document_set_title (document, "act", "ReLU 2", &error) && eqs_document_set_layer (document, "act", "gate", NULL, &error));
  g_assert_cmpstr (eqs_node_get_title (eqs_document_find_node (document, "act")), ==, NULL);
  g_assert_true (eqs_document_set_title (document, "act", "Squash", &error) && eqs_document_set_layer (document, "act", "relu_pw", NULL, &error));
  g_assert_cmpstr (eqs_node_get_title (eqs_document_find_node (document, "act")), ==, "Squash");
  g_assert_true (eqs_document_set_title (document, "act", NULL, &error));
  g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (eqs_document_find_node (document, "group_pool"), "mode")), ==, "max");
  g_assert_cmpstr (eqs_document_get_group (document), ==, "C8");

  g_ptr_array_set_size (edits, 0);
  g_ptr_array_add (edits, eqs_edit_new_delete_node ("inner_bn", TRUE));
  g_ptr_array_add (edits, eqs_edit_new_add_node (NULL, eqs_node_new ("conv", "r2conv")));   /* taken: becomes conv2 */
  g_ptr_array_add (edits, eqs_edit_new_connect (NULL, "in.y", "conv.x", TRUE));
  g_assert_true (eqs_edits_apply (edits, document, &error));
  g_assert_no_error (error);
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>group_pool.x group_pool.y>head.x in.y>conv2.x");
}

/* On a variadic input each link gets its own node; deletion in doubt leaves a gap. */
static void
test_edits_variadic (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (GPtrArray) edits = eqs_edits_new ();

  g_assert_true (eqs_document_connect (document, NULL, "in.y", "head.x", -1, FALSE, NULL));
  g_ptr_array_add (edits, eqs_edit_new_insert_before ("head", "x", "pad", NULL));
  g_assert_true (eqs_edits_apply (edits, document, NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>pad.x pad.y>head.x in.y>pad2.x pad2.y>head.x");
  g_ptr_array_set_size (edits, 0);
  g_ptr_array_add (edits, eqs_edit_new_delete_node ("head", TRUE));
  g_assert_true (eqs_edits_apply (edits, document, NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>pad.x in.y>pad2.x");
}

static void
test_clipboard (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  const char *const ids[] = { "conv", "act", "gone", NULL };
  g_autofree char *text = eqs_clipboard_copy (document, NULL, ids);
  g_autofree char *before = eqs_file_to_text (document, NULL);
  g_autofree char *after = NULL;
  g_autoptr (GPtrArray) pasted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (eqs_clipboard_can_paste (text));
  g_assert_false (eqs_clipboard_can_paste ("hello"));
  g_assert_null (eqs_command_new_paste ("hello", NULL, 0, 0, FALSE, NULL, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE);
  g_assert_true (eqs_history_do (history, eqs_command_new_paste (text, NULL, 10, 20, FALSE, pasted, NULL), NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>head.x conv2.y>act2.x");
  g_assert_cmpuint (pasted->len, ==, 2);
  g_assert_cmpstr (pasted->pdata[0], ==, "conv2");
  g_assert_cmpfloat (eqs_node_get_x (eqs_document_find_node (document, "act2")), ==, 450);
  g_assert_true (eqs_history_do (history, eqs_command_new_paste (text, NULL, 0, 0, TRUE, NULL, NULL), NULL));
  assert_links (document, "in.y>conv.x conv.y>act.x act.y>head.x conv2.y>act2.x conv3.y>act3.x in.y>conv3.x");
  eqs_history_go_to (history, 0);
  after = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (before, ==, after);
}

/* Copies of a whole design lie side by side with it, each below the one before, and keep their shape. */
static void
test_clipboard_place (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsHistory)  history = eqs_history_new (document);
  const char *const ids[] = { "in", "conv", "act", "head", NULL };
  g_autofree char  *text = eqs_clipboard_copy (document, NULL, ids);

  for (int copy = 2; copy < 5; copy++)
    {
      g_autoptr (GPtrArray) pasted = g_ptr_array_new_with_free_func (g_free);
      double dx = 24, dy = 24;

      eqs_clipboard_find_place (text, document, NULL, 8, &dx, &dy);
      g_assert_cmpfloat (dx, ==, 24);
      g_assert_true (eqs_history_do (history, eqs_command_new_paste (text, NULL, dx, dy, FALSE, pasted, NULL), NULL));
      for (guint i = 0; i < pasted->len; i++)
        for (guint k = 0; k < eqs_graph_get_n_nodes (eqs_document_get_graph (document, NULL)); k++)
          {
            const EqsNode *a = eqs_document_find_node (document, pasted->pdata[i]), *b = eqs_graph_get_node (eqs_document_get_graph (document, NULL), k);

            g_assert_true (a == b || fabs (eqs_node_get_x (a) - eqs_node_get_x (b)) >= EQS_CARD_WIDTH || fabs (eqs_node_get_y (a) - eqs_node_get_y (b)) >= EQS_CARD_HEIGHT);
          }
    }
}

static void
add_cell (EqsDocument *document, double width)
{
  g_autoptr (EqsNode) cell = eqs_node_new ("cell", "definition");
  g_autoptr (EqsNode) use = eqs_node_new ("use", "subgraph");
  EqsNode *lin = eqs_node_new ("lin", "irreps_linear");

  eqs_node_set_param (lin, "width", eqs_value_new_number (width));
  g_assert_true (eqs_graph_add_node (eqs_node_ensure_body (cell), lin, NULL));
  g_assert_true (eqs_graph_connect (eqs_node_get_body (cell), ".x", "lin.x", NULL));
  eqs_node_set_param (use, "block", eqs_value_new_string ("cell"));
  g_assert_true (eqs_document_add_definition (document, cell, NULL));
  g_assert_true (eqs_document_add_node (document, NULL, use, -1, NULL));
}

/* A block comes along with its definition; one of the same name that is another gets another name. */
static void
test_clipboard_blocks (void)
{
  g_autoptr (EqsDocument) a = make_chain ();
  g_autoptr (EqsDocument) b = make_chain ();
  g_autoptr (EqsDocument) empty = eqs_document_new ();
  g_autoptr (EqsHistory) history = eqs_history_new (b);
  g_autoptr (EqsHistory) empty_history = eqs_history_new (empty);
  const char *const ids[] = { "use", NULL };
  g_autofree char *text = NULL;
  const EqsNode *node;

  add_cell (a, 8);
  text = eqs_clipboard_copy (a, NULL, ids);
  g_assert_true (eqs_history_do (empty_history, eqs_command_new_paste (text, NULL, 0, 0, FALSE, NULL, NULL), NULL));
  g_assert_nonnull (eqs_document_find_node (empty, "#cell/lin"));
  g_assert_true (eqs_history_do (empty_history, eqs_command_new_paste (text, NULL, 0, 0, FALSE, NULL, NULL), NULL));
  g_assert_cmpuint (eqs_document_get_n_definitions (empty), ==, 1);

  g_clear_object (&history);
  add_cell (b, 16);
  history = eqs_history_new (b);
  g_assert_true (eqs_history_do (history, eqs_command_new_paste (text, NULL, 0, 0, FALSE, NULL, NULL), NULL));
  node = eqs_document_find_node (b, "use2");
  g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (node, "block")), ==, "cell2");
  node = eqs_document_find_node (b, "#cell2/lin");
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (node, "width")), ==, 8);
}

static void
test_dup (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (EqsDocument) copy = eqs_document_dup (document);
  g_autofree char *a = eqs_file_to_text (document, NULL);
  g_autofree char *b = eqs_file_to_text (copy, NULL);

  g_assert_cmpstr (a, ==, b);
  g_assert_finalize_object (g_steal_pointer (&copy));
  g_assert_finalize_object (g_steal_pointer (&document));
}

static void
test_typed (void)
{
  g_autoptr (EqsValue) number = eqs_value_new_typed ("-3.5");
  g_autoptr (EqsValue) list = eqs_value_new_typed ("[16, 32]");
  g_autoptr (EqsValue) text = eqs_value_new_typed ("16x reg(C4)");
  g_autoptr (EqsValue) flag = eqs_value_new_typed ("true");
  g_autoptr (EqsValue) empty = eqs_value_new_typed ("");

  g_assert_cmpfloat (eqs_value_get_number (number), ==, -3.5);
  g_assert_true (eqs_value_is_numbers (list));
  g_assert_cmpstr (eqs_value_get_string (text), ==, "16x reg(C4)");
  g_assert_true (eqs_value_get_bool (flag));
  g_assert_cmpstr (eqs_value_get_string (empty), ==, "");
}

/* What takes the place of a link does not make the graph larger. */
static void
test_full (void)
{
  g_autoptr (EqsDocument) document = make_chain ();
  g_autoptr (GError)      error = NULL;

  for (guint i = eqs_graph_get_n_links (eqs_document_get_graph (document, NULL)); i < EQS_MAX_LINKS; i++)
    {
      g_autofree char *to = g_strdup_printf ("head.p%u", i);

      g_assert_true (eqs_document_connect (document, NULL, "act.y", to, -1, FALSE, NULL));
    }
  g_assert_false (eqs_document_connect (document, NULL, "act.y", "head.more", -1, TRUE, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT);
  g_assert_true (eqs_document_connect (document, NULL, "in.y", "head.x", -1, TRUE, NULL));
  g_assert_cmpuint (eqs_graph_get_n_links (eqs_document_get_graph (document, NULL)), ==, EQS_MAX_LINKS);
}

/* Counts from files: what is no count is not there. JSON knows no infinity. */
static void
test_map_numbers (void)
{
  static const double bad[] = { -1, 1.5, 11, 1e300 };
  g_autoptr (EqsMap)  map = eqs_map_new ();

  g_assert_cmpuint (eqs_map_get_count (map, "n", 10, 7), ==, 7);
  eqs_map_set_number (map, "n", 10);
  g_assert_cmpuint (eqs_map_get_count (map, "n", 10, 7), ==, 10);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      eqs_map_set_number (map, "n", bad[i]);
      g_assert_cmpuint (eqs_map_get_count (map, "n", 10, 7), ==, 7);
    }
  eqs_map_set (map, "n", eqs_value_new_string ("3"));
  g_assert_cmpuint (eqs_map_get_count (map, "n", 10, 7), ==, 7);
  eqs_map_set_number (map, "n", HUGE_VAL);
  g_assert_null (eqs_map_get (map, "n"));
}

/* Every new card finds a place that covers none of those before, and a free place is left as it is. */
static void
test_free_place (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new ();
  EqsGraph *graph = eqs_document_get_graph (document, "");
  double    x = 300, y = 500;

  eqs_document_find_free_place (document, NULL, &x, &y);
  g_assert_true (x == 300 && y == 500);
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%d", i);
      g_autoptr (EqsNode) node = eqs_node_new (id, "relu_pw");

      x = g_test_rand_double_range (0, 600);
      y = g_test_rand_double_range (0, 400);
      eqs_document_find_free_place (document, NULL, &x, &y);
      for (guint k = 0; k < eqs_graph_get_n_nodes (graph); k++)
        {
          const EqsNode *other = eqs_graph_get_node (graph, k);

          g_assert_true (fabs (eqs_node_get_x (other) - x) >= EQS_CARD_WIDTH || fabs (eqs_node_get_y (other) - y) >= EQS_CARD_HEIGHT);
        }
      eqs_node_set_position (node, x, y);
      g_assert_true (eqs_document_add_node (document, NULL, node, -1, NULL));
    }
  g_assert_cmpuint (eqs_graph_get_n_nodes (graph), ==, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/ids", test_ids);
  g_test_add_func ("/document/remove", test_remove);
  g_test_add_func ("/document/rename", test_rename);
  g_test_add_func ("/document/links", test_links);
  g_test_add_func ("/document/definitions", test_definitions);
  g_test_add_func ("/document/define", test_define);
  g_test_add_func ("/document/detach", test_detach);
  g_test_add_func ("/document/signal", test_signal);
  g_test_add_func ("/document/hash", test_hash);
  g_test_add_func ("/document/edits", test_edits);
  g_test_add_func ("/document/edits-variadic", test_edits_variadic);
  g_test_add_func ("/document/clipboard", test_clipboard);
  g_test_add_func ("/document/clipboard-place", test_clipboard_place);
  g_test_add_func ("/document/clipboard-blocks", test_clipboard_blocks);
  g_test_add_func ("/document/dup", test_dup);
  g_test_add_func ("/document/room", test_room);
  g_test_add_func ("/document/typed", test_typed);
  g_test_add_func ("/document/full", test_full);
  g_test_add_func ("/document/map-numbers", test_map_numbers);
  g_test_add_func ("/document/free-place", test_free_place);
  return g_test_run ();
}
