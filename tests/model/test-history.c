/* Golden rule: apply, revert, serialise: the same bytes. On random sequences of all commands, with seeds. */

#include "model/document-private.h"
#include "model/edits.h"
#include "model/file.h"
#include "model/history.h"

#include <string.h>

static const char start[] =
  "{\"format\":\"equistudio.design\",\"version\":1,\"odd\":[1],\n"
  "\"links\":[{\"from\":\"a.y\",\"to\":\"b.x\",\"k\":1},{\"from\":\"b.y\",\"to\":\"c.x\"}],\n"
  "\"nodes\":[{\"layer\":\"l\",\"id\":\"a\",\"zz\":1},{\"id\":\"b\",\"layer\":\"l\",\"params\":{\"k\":3},\"x\":1},\n"
  "{\"id\":\"c\",\"layer\":\"repeat_block\",\"body\":{\"nodes\":[{\"id\":\"in\",\"layer\":\"l\"}],\"links\":[{\"from\":\".x\",\"to\":\"in.x\"}]}}],\n"
  "\"frames\":[{\"id\":\"f\",\"members\":[\"a\",\"b\"]}],\"preview\":{\"b.k\":1}}";

static char *
text_of (EqsDocument *document)
{
  return eqs_file_to_text (document, NULL);
}

static const char *
pick (GRand *random, const char *const *list, guint n)
{
  return list[g_rand_int_range (random, 0, (gint32) n)];
}

/* Names of nodes that exist, may exist, or do not: commands that fail are part of the test. */
static char *
random_path (GRand *random, EqsDocument *document)
{
  const char *const others[] = { "none", "c/in", "c/n2", "c", "#d" };
  EqsGraph *graph = eqs_document_get_graph (document, NULL);
  const guint n = eqs_graph_get_n_nodes (graph);

  if (n > 0 && g_rand_int_range (random, 0, 5) > 0)
    return g_strdup (eqs_node_get_id (eqs_graph_get_node (graph, (guint) g_rand_int_range (random, 0, (gint32) n))));
  return g_strdup (pick (random, others, G_N_ELEMENTS (others)));
}

static char *
random_end (GRand *random, EqsDocument *document)
{
  const char *const ports[] = { "x", "y", "x0", "x1" };
  g_autofree char *path = random_path (random, document);

  return g_strconcat (path, ".", pick (random, ports, G_N_ELEMENTS (ports)), NULL);
}

static EqsValue *
random_value (GRand *random)
{
  const double numbers[] = { 0.1, -3, 1e9 };

  switch (g_rand_int_range (random, 0, 5))
    {
    case 0: return NULL;
    case 1: return eqs_value_new_number (g_rand_int_range (random, 0, 9) / 3.0);
    case 2: return eqs_value_new_bool (TRUE);
    case 3: return eqs_value_new_string ("16x reg(C4)");
    default: return eqs_value_new_numbers (numbers, 3);
    }
}

static gboolean
change_notes (EqsDocument *document, gpointer data, GError **error)
{
  g_autoptr (EqsMap) note = eqs_map_new ();
  g_autoptr (EqsValue) text = eqs_value_new_string ("note");
  g_autoptr (EqsNode) definition = eqs_node_new ("d", "definition");

  eqs_node_ensure_body (definition);
  if (eqs_document_find_item (document, EQS_ITEM_NOTE, "note1") >= 0)
    return eqs_document_set_item_field (document, EQS_ITEM_NOTE, "note1", "text", text, error)
           && eqs_document_remove_item (document, EQS_ITEM_NOTE, GPOINTER_TO_INT (data) ? "note1" : "note2", error);
  return eqs_document_add_item (document, EQS_ITEM_NOTE, note, error)
         && eqs_document_add_item (document, EQS_ITEM_NOTE, note, error)
         && eqs_document_add_definition (document, definition, error);
}

static EqsCommand *
random_edits (GRand *random, EqsDocument *document)
{
  GPtrArray *edits = eqs_edits_new ();

  for (gint32 i = g_rand_int_range (random, 1, 4); i > 0; i--)
    {
      g_autofree char *path = random_path (random, document);

      switch (g_rand_int_range (random, 0, 5))
        {
        case 0: g_ptr_array_add (edits, eqs_edit_new_insert_after (path, "y", "relu_pw", NULL)); break;
        case 1: g_ptr_array_add (edits, eqs_edit_new_insert_before (path, "x", "pad", eqs_map_new ())); break;
        case 2: g_ptr_array_add (edits, eqs_edit_new_set_layer (path, "other", NULL)); break;
        case 3: g_ptr_array_add (edits, eqs_edit_new_delete_node (path, TRUE)); break;
        default: g_ptr_array_add (edits, eqs_edit_new_set_group ("D8")); break;
        }
    }
  return eqs_command_new_edits ("Fix", edits);
}

static EqsCommand *
random_command (GRand *random, EqsDocument *document)
{
  g_autofree char *path = random_path (random, document);
  g_autofree char *from = random_end (random, document);
  g_autofree char *to = random_end (random, document);
  const char *const names[] = { "k", "channels", "bias" };
  const char *const ids[] = { "n", "n2", "fresh", "a", "bad id" };
  const char *const scopes[] = { NULL, "c", "none", "#d" };
  const char *const paths[] = { path, NULL };
  const double xy[] = { g_rand_int_range (random, 0, 4), g_rand_double (random) };
  const char *scope = g_rand_int_range (random, 0, 4) == 0 ? pick (random, scopes, 4) : NULL;
  EqsNode *node = eqs_node_new (pick (random, ids, 4), "r2conv");
  EqsCommand *command = NULL;

  switch (g_rand_int_range (random, 0, 16))
    {
    case 0: case 1: command = eqs_command_new_add_node (scope, eqs_node_ref (node)); break;
    case 2: command = eqs_command_new_remove_nodes (paths, g_rand_boolean (random)); break;
    case 3: case 4: command = eqs_command_new_connect (scope, from, to, g_rand_boolean (random)); break;
    case 5: command = eqs_command_new_disconnect (scope, from, to); break;
    case 6: case 7: command = eqs_command_new_set_param (path, pick (random, names, 3), random_value (random)); break;
    case 8: command = eqs_command_new_set_title (path, g_rand_boolean (random) ? "Title" : NULL); break;
    case 9: command = eqs_command_new_rename (path, pick (random, ids, 5)); break;
    case 10: command = eqs_command_new_set_bypass (paths, g_rand_boolean (random)); break;
    case 11: command = eqs_command_new_move (paths, xy); break;
    case 12: command = eqs_command_new_set_symmetry (g_rand_boolean (random) ? "C4" : "O2", g_rand_int_range (random, -1, 2), "graph"); break;
    case 13: command = eqs_command_new_set_entry ((EqsSection) g_rand_int_range (random, 0, EQS_N_SECTIONS), "entry", random_value (random)); break;
    case 14: command = eqs_command_new ("Notes", change_notes, GINT_TO_POINTER (g_rand_int_range (random, 0, 2)), NULL); break;
    default: command = random_edits (random, document); break;
    }
  eqs_node_unref (node);
  return command;
}

/* After each step the text must read back to itself: no sequence of commands makes a file that can't be opened. */
static void
assert_readable (const char *text)
{
  GError *error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = text_of (document);
  g_assert_cmpstr (again, ==, text);
}

static void
do_some (GRand *random, EqsHistory *history, guint n)
{
  EqsDocument *document = eqs_history_get_document (history);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *before = text_of (document);
      g_autoptr (GError) error = NULL;

      if (!eqs_history_do (history, random_command (random, document), &error))
        {
          g_autofree char *after = text_of (document);

          g_assert_nonnull (error);
          g_assert_cmpstr (before, ==, after);   /* a failed command changes nothing */
        }
      if (g_rand_int_range (random, 0, 4) == 0)
        eqs_history_seal (history);
    }
}

static void
test_golden (gconstpointer data)
{
  GRand *random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint n;

  g_ptr_array_add (texts, text_of (document));
  for (guint i = 0; i < 60; i++)
    {
      const guint before = eqs_history_get_position (history);

      if (i % 7 == 3)
        {
          eqs_history_begin_group (history, "Group");
          do_some (random, history, 4);
          if (g_rand_boolean (random))
            eqs_history_end_group (history);
          else
            eqs_history_cancel_group (history);
        }
      else
        do_some (random, history, 1);
      n = eqs_history_get_position (history);
      g_assert_cmpuint (n - before, <=, 1);
      g_ptr_array_set_size (texts, (int) n);   /* absorbed: the step now ends elsewhere */
      g_ptr_array_add (texts, text_of (document));
      assert_readable (texts->pdata[n]);
    }

  n = eqs_history_get_n_steps (history);
  g_test_message ("%u steps", n);
  g_assert_cmpuint (n, >, 10);
  for (guint round = 0; round < 40; round++)   /* wander */
    {
      const guint at = round == 0 ? 0 : round == 1 ? n : (guint) g_rand_int_range (random, 0, (gint32) n + 1);
      g_autofree char *text = NULL;

      eqs_history_go_to (history, at);
      text = text_of (document);
      g_assert_cmpstr (text, ==, texts->pdata[at]);
    }
  g_rand_free (random);
}

/* 1,000 operations and back (F-8). */
static void
test_thousand (void)
{
  GRand *random = g_rand_new_with_seed (1000);
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autofree char *before = text_of (document);
  g_autofree char *last = NULL;
  g_autofree char *redone = NULL;
  g_autofree char *after = NULL;

  do_some (random, history, 1000);
  last = text_of (document);
  while (eqs_history_undo (history))
    ;
  after = text_of (document);
  g_assert_cmpstr (before, ==, after);
  while (eqs_history_redo (history))
    ;
  redone = text_of (document);
  g_assert_cmpstr (last, ==, redone);
  for (guint i = 0; i < eqs_history_get_n_steps (history); i++)
    g_assert_nonnull (eqs_history_get_label (history, i));
  g_rand_free (random);
}

static void
test_absorb (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autofree char *before = text_of (document);
  g_autofree char *after = NULL;
  const char *const paths[] = { "a", "b", NULL };

  for (guint i = 0; i < 100; i++)
    {
      const double xy[] = { i, 1, 2, i };

      g_assert_true (eqs_history_do (history, eqs_command_new_move (paths, xy), NULL));
    }
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 1);
  eqs_history_seal (history);
  for (guint i = 0; i < 100; i++)
    g_assert_true (eqs_history_do (history, eqs_command_new_set_param ("a", "k", eqs_value_new_number (i)), NULL));
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 2);
  g_assert_true (eqs_history_do (history, eqs_command_new_set_param ("a", "m", eqs_value_new_number (1)), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_param ("b", "m", eqs_value_new_number (1)), NULL));
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 4);
  g_assert_true (eqs_history_do (history, eqs_command_new_set_param ("b", "m", eqs_value_new_number (1)), NULL));
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 4);   /* the same value: no step */
  while (eqs_history_undo (history))
    ;
  after = text_of (document);
  g_assert_cmpstr (before, ==, after);
}

static void
test_saved (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);

  g_assert_false (eqs_history_is_modified (history));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_title ("a", "1"), NULL));
  g_assert_true (eqs_history_is_modified (history));
  eqs_history_mark_saved (history);
  g_assert_false (eqs_history_is_modified (history));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_title ("a", "2"), NULL));   /* not absorbed into the saved step */
  g_assert_true (eqs_history_is_modified (history));
  g_assert_true (eqs_history_undo (history));
  g_assert_false (eqs_history_is_modified (history));
  g_assert_true (eqs_history_undo (history));
  g_assert_true (eqs_history_is_modified (history));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_title ("a", "3"), NULL));
  g_assert_true (eqs_history_is_modified (history));   /* the saved state is gone for good */
  g_assert_true (eqs_history_undo (history));
  g_assert_true (eqs_history_is_modified (history));
  eqs_history_mark_unsaved (history);
  g_assert_true (eqs_history_is_modified (history));
}

static void
test_labels (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);

  g_assert_null (eqs_history_get_undo_label (history));
  g_assert_false (eqs_history_undo (history));
  eqs_history_begin_group (history, "Paste");
  eqs_history_begin_group (history, "inner");
  g_assert_true (eqs_history_do (history, eqs_command_new_add_node (NULL, eqs_node_new ("p", "l")), NULL));
  g_assert_false (eqs_history_undo (history));   /* not inside */
  eqs_history_end_group (history);
  g_assert_true (eqs_history_do (history, eqs_command_new_connect (NULL, "a.y", "p.x", FALSE), NULL));
  eqs_history_end_group (history);
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 1);
  g_assert_cmpstr (eqs_history_get_undo_label (history), ==, "Paste");
  eqs_history_begin_group (history, "empty");
  g_assert_null (eqs_history_get_undo_label (history));   /* inside there is nothing to undo, so nothing to name */
  eqs_history_end_group (history);
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 1);
  g_assert_true (eqs_history_undo (history));
  g_assert_cmpstr (eqs_history_get_redo_label (history), ==, "Paste");
  eqs_history_begin_group (history, "empty");
  g_assert_null (eqs_history_get_redo_label (history));
  eqs_history_end_group (history);
}

static void
count_cb (EqsDocument *document, guint what, const char *const *paths, guint *n)
{
  (*n)++;
}

static void
test_one_signal (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  const char *const paths[] = { "a", "b", "c", NULL };
  guint n = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &n);
  g_assert_true (eqs_history_do (history, eqs_command_new_remove_nodes (paths, TRUE), NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (eqs_history_undo (history));
  g_assert_cmpuint (n, ==, 2);
}

/* Changing a document behind its history is a bug that is told at once. */
static void
test_guard (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
      g_autoptr (EqsHistory) history = eqs_history_new (document);

      eqs_document_set_title (document, "a", "t", NULL);
      g_clear_object (&history);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

static void
test_read_only (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse ("{\"format\":\"equistudio.design\",\"version\":2,\"nodes\":[{\"id\":\"a\",\"layer\":\"l\"}]}", -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (GError) error = NULL;

  eqs_history_begin_group (history, "g");
  g_assert_false (eqs_history_do (history, eqs_command_new_set_title ("a", "t"), &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_READ_ONLY);
  eqs_history_end_group (history);
  g_assert_false (eqs_history_is_modified (history));
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 0);
}

/* The largest design there may be is still edited, saved and undone in seconds, under sanitizers too. */
static void
test_large (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new ();
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (EqsDocument) again = NULL;
  g_autofree char *before = text_of (document);
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *edits = eqs_edits_new ();

  for (guint i = 0; i < EQS_MAX_NODES; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%u", i);

      g_ptr_array_add (edits, eqs_edit_new_add_node (NULL, eqs_node_new (id, "r2conv")));
    }
  for (guint i = 1; i < EQS_MAX_NODES; i++)
    {
      g_autofree char *from = g_strdup_printf ("n%u.y", i - 1);
      g_autofree char *to = g_strdup_printf ("n%u.x", i);

      g_ptr_array_add (edits, eqs_edit_new_connect (NULL, from, to, FALSE));
    }
  g_test_timer_start ();
  g_assert_true (eqs_history_do (history, eqs_command_new_edits ("Build", edits), &error));
  g_assert_no_error (error);
  g_assert_false (eqs_history_do (history, eqs_command_new_add_node (NULL, eqs_node_new ("more", "l")), &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT);
  text = text_of (document);
  again = eqs_file_parse (text, -1, NULL);
  g_assert_cmpuint (eqs_document_count_nodes (again), ==, EQS_MAX_NODES);
  g_assert_true (eqs_history_undo (history));
  after = text_of (document);
  g_assert_cmpstr (before, ==, after);
  g_test_message ("%.2f s", g_test_timer_elapsed ());
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 20);
}

/* A checker is tested on something broken: a change that skips the journal must fail the golden rule. */
static void
test_checker (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (start, -1, NULL);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autofree char *before = text_of (document);
  g_autofree char *after = NULL;

  g_assert_true (eqs_history_do (history, eqs_command_new_set_title ("a", "t"), NULL));
  eqs_map_set (eqs_document_find_node (document, "b")->fields, "x", eqs_value_new_number (77));
  g_assert_true (eqs_history_undo (history));
  after = text_of (document);
  g_assert_cmpstr (before, !=, after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= 24; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/history/golden/%u", seed);

      g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_golden);
    }
  g_test_add_func ("/history/thousand", test_thousand);
  g_test_add_func ("/history/absorb", test_absorb);
  g_test_add_func ("/history/saved", test_saved);
  g_test_add_func ("/history/labels", test_labels);
  g_test_add_func ("/history/one-signal", test_one_signal);
  g_test_add_func ("/history/guard", test_guard);
  g_test_add_func ("/history/read-only", test_read_only);
  g_test_add_func ("/history/large", test_large);
  g_test_add_func ("/history/checker", test_checker);
  return g_test_run ();
}
