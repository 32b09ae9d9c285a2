/* Named states of a design in its own file, and what differs between two of them. */

#include "model/difference.h"
#include "model/file.h"
#include "model/history.h"
#include "model/bends.h"
#include "model/snapshots.h"

#include <string.h>

static EqsDocument *
design (void)
{
  static const char text[] =
    "{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"d\", \"symmetry\": {\"group\": \"C4\"},\n"
    "\"training\": {\"lr\": 0.01},\n"
    "\"nodes\": [\n{\"id\": \"in\", \"layer\": \"input_image\"},\n{\"id\": \"c1\", \"layer\": \"r2conv\", \"params\": {\"k\": 3, \"out\": \"2x reg\"}},\n"
    "{\"id\": \"a1\", \"layer\": \"relu_pw\"},\n"
    "{\"id\": \"b\", \"layer\": \"repeat_block\", \"body\": {\"nodes\": [{\"id\": \"x\", \"layer\": \"relu_pw\"}], \"links\": []}}\n],\n"
    "\"links\": [\n{\"from\": \"in.y\", \"to\": \"c1.x\"},\n{\"from\": \"c1.y\", \"to\": \"a1.x\"}\n]}";
  g_autoptr (GError) error = NULL;
  EqsDocument *document = eqs_file_parse (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static const EqsDifference *
find (GPtrArray *list, EqsDifferenceKind kind, const char *path, const char *text)
{
  for (guint i = 0; i < list->len; i++)
    {
      const EqsDifference *one = list->pdata[i];

      if (one->kind == kind && g_strcmp0 (one->path, path) == 0 && strstr (one->text, text) != NULL)
        return one;
    }
  for (guint i = 0; i < list->len; i++)
    g_test_message ("%d %s: %s", ((EqsDifference *) list->pdata[i])->kind, ((EqsDifference *) list->pdata[i])->path, ((EqsDifference *) list->pdata[i])->text);
  return NULL;
}

static void
test_difference (void)
{
  g_autoptr (EqsDocument) before = design (), after = design ();
  g_autoptr (GPtrArray)   same = eqs_difference_new (before, after), list = NULL;
  g_autoptr (EqsValue)    five = eqs_value_new_number (5), rate = eqs_value_new_number (0.1);
  EqsNode                *gate = eqs_node_new ("g1", "gate");
  EqsDifferenceKind       kind;

  g_assert_cmpuint (same->len, ==, 0);
  g_assert_true (eqs_document_move_node (after, "c1", 40, 50, NULL));
  g_ptr_array_unref (same);
  same = eqs_difference_new (before, after);
  g_assert_cmpuint (same->len, ==, 0);      /* places are for people */

  g_assert_true (eqs_document_set_param (after, "c1", "k", five, NULL));
  g_assert_true (eqs_document_set_param (after, "b/x", "slope", rate, NULL));
  g_assert_true (eqs_document_remove_node (after, "a1", FALSE, NULL));
  g_assert_true (eqs_document_add_node (after, NULL, gate, -1, NULL));
  eqs_node_unref (gate);
  g_assert_true (eqs_document_connect (after, NULL, "c1.y", "g1.x", -1, FALSE, NULL));
  g_assert_true (eqs_document_set_entry (after, EQS_SECTION_TRAINING, "lr", rate, NULL));
  g_assert_true (eqs_document_set_entry (after, EQS_SECTION_NOMINAL, "N", rate, NULL));
  g_assert_true (eqs_document_set_symmetry (after, "D4", -1, NULL, NULL));
  list = eqs_difference_new (before, after);
  g_assert_nonnull (find (list, EQS_DIFFERENCE_CHANGED, "c1", "k: 3 → 5"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_CHANGED, "b/x", "slope"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_REMOVED, "a1", "relu_pw"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_ADDED, "g1", "gate"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_REMOVED, NULL, "c1.y → a1.x"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_ADDED, NULL, "c1.y → g1.x"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_CHANGED, NULL, "training.lr: 0.01 → 0.1"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_CHANGED, NULL, "symmetry.group: C4 → D4"));
  g_assert_nonnull (find (list, EQS_DIFFERENCE_CHANGED, NULL, "nominal.N"));
  g_assert_cmpuint (list->len, ==, 9);
  g_assert_true (eqs_difference_find (list, "c1", &kind));
  g_assert_cmpint (kind, ==, EQS_DIFFERENCE_CHANGED);
  g_assert_true (eqs_difference_find (list, "b", &kind));      /* by its body */
  g_assert_cmpint (kind, ==, EQS_DIFFERENCE_CHANGED);
  g_assert_true (eqs_difference_find (list, "g1", &kind));
  g_assert_cmpint (kind, ==, EQS_DIFFERENCE_ADDED);
  g_assert_false (eqs_difference_find (list, "in", &kind));
}

static void
test_snapshots (void)
{
  g_autoptr (EqsDocument) document = design (), again = NULL;
  g_autoptr (EqsHistory)  history = eqs_history_new (document);
  g_autoptr (GError)      error = NULL;
  g_autoptr (GPtrArray)   list = NULL;
  g_autofree char        *hash = eqs_document_dup_hash (document), *network = eqs_document_dup_network_hash (document), *plain = eqs_file_to_text (document, NULL);
  g_autofree char        *after = NULL, *text = NULL, *undone = NULL;

  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "wide", &error), &error));
  g_assert_no_error (error);
  g_assert_true (eqs_history_do (history, eqs_command_new_set_param ("c1", "k", eqs_value_new_number (7)), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "narrow “7”", NULL), NULL));
  text = eqs_file_to_text (document, NULL);
  again = eqs_file_parse (text, -1, &error);
  g_assert_no_error (error);
  list = eqs_snapshots_list (again);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((EqsSnapshot *) list->pdata[0])->name, ==, "wide");
  g_assert_cmpstr (((EqsSnapshot *) list->pdata[1])->name, ==, "narrow “7”");
  g_assert_cmpuint (strlen (((EqsSnapshot *) list->pdata[0])->time), ==, 19);
  after = eqs_document_dup_hash (((EqsSnapshot *) list->pdata[0])->document);
  g_assert_cmpstr (after, ==, hash);
  g_assert_cmpuint (eqs_value_get_number (eqs_node_get_param (eqs_document_find_node (((EqsSnapshot *) list->pdata[1])->document, "c1"), "k")), ==, 7);
  g_assert_null (eqs_document_get_field (((EqsSnapshot *) list->pdata[1])->document, "snapshots"));

  /* A snapshot changes neither network nor weights, and is undone like any step. */
  g_assert_true (eqs_history_undo (history));
  g_assert_true (eqs_history_undo (history));
  g_free (after);
  after = eqs_document_dup_hash (document);
  g_assert_cmpstr (after, ==, hash);
  g_free (after);
  after = eqs_document_dup_network_hash (document);
  g_assert_cmpstr (after, ==, network);
  g_assert_true (eqs_history_undo (history));
  undone = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (undone, ==, plain);

  /* The same name again takes the old one's place; one can be removed. */
  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "one", NULL), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "two", NULL), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "one", NULL), NULL));
  g_ptr_array_unref (list);
  list = eqs_snapshots_list (document);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((EqsSnapshot *) list->pdata[1])->name, ==, "one");
  g_assert_true (eqs_history_do (history, eqs_command_new_drop_snapshot (document, "one"), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_drop_snapshot (document, "two"), NULL));
  g_assert_null (eqs_document_get_field (document, "snapshots"));
}

/* Back from a design of which all is another: nodes, links, frames, symmetry, settings; one step, and undone to the byte. */
static void
test_go_back (void)
{
  g_autoptr (EqsDocument) document = design ();
  g_autoptr (EqsHistory)  history = eqs_history_new (document);
  g_autoptr (GPtrArray)   list = NULL, differences = NULL, none = NULL;
  g_autofree char        *hash = eqs_document_dup_hash (document), *before = NULL, *after = NULL, *again = NULL;
  const char *const       gone[] = { "c1", NULL };
  static const double     bend[1][2] = { { 3, 4 } };

  g_assert_true (eqs_history_do (history, eqs_command_new_snapshot (document, "then", NULL), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_remove_nodes (gone, FALSE), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_symmetry ("D4", -1, NULL), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_set_entry (EQS_SECTION_TRAINING, "epochs", eqs_value_new_number (77)), NULL));
  g_assert_true (eqs_history_do (history, eqs_command_new_bends ("", "in.y", "c1.x", bend, 1), NULL));
  before = eqs_file_to_text (document, NULL);
  list = eqs_snapshots_list (document);
  differences = eqs_difference_new (((EqsSnapshot *) list->pdata[0])->document, document);
  g_assert_cmpuint (differences->len, >, 2);
  eqs_history_seal (history);
  g_assert_true (eqs_history_do (history, eqs_command_new_go_back (list->pdata[0]), NULL));
  after = eqs_document_dup_hash (document);
  g_assert_cmpstr (after, ==, hash);
  none = eqs_difference_new (((EqsSnapshot *) list->pdata[0])->document, document);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (eqs_document_get_field (document, "bends"));
  g_assert_nonnull (eqs_document_get_field (document, "snapshots"));
  g_assert_true (eqs_history_undo (history));
  again = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (again, ==, before);
  g_assert_true (eqs_history_redo (history));
  g_free (after);
  after = eqs_document_dup_hash (document);
  g_assert_cmpstr (after, ==, hash);
}

static void
test_refused (void)
{
  static const char *const broken[] = { "7", "{}", "[7, \"x\", {}, {\"name\": 3}, {\"name\": \"a\"}, {\"name\": \"a\", \"design\": {\"format\": \"other\"}}]" };
  g_autoptr (EqsDocument) document = design ();
  g_autoptr (GError)      error = NULL;

  g_assert_null (eqs_command_new_snapshot (document, "", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"format\": \"equistudio.design\", \"version\": 1, \"snapshots\": %s, \"nodes\": [], \"links\": []}", broken[i]);
      g_autoptr (EqsDocument) odd = eqs_file_parse (text, -1, NULL);
      g_autoptr (GPtrArray)   list = NULL;

      g_assert_nonnull (odd);
      list = eqs_snapshots_list (odd);
      g_assert_cmpuint (list->len, ==, 0);
    }
  for (int i = 0; i < EQS_MOST_SNAPSHOTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);
      g_autoptr (EqsCommand) command = eqs_command_new_snapshot (document, name, NULL);

      g_assert_true (eqs_command_apply (command, document, NULL));
    }
  g_clear_error (&error);
  g_assert_null (eqs_command_new_snapshot (document, "more", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snapshots/difference", test_difference);
  g_test_add_func ("/snapshots/kept", test_snapshots);
  g_test_add_func ("/snapshots/go-back", test_go_back);
  g_test_add_func ("/snapshots/refused", test_refused);
  return g_test_run ();
}
