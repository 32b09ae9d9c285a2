/* Templates and binding: counts, what changes on which data, what is refused, one step of undo. */

#include "model/compile.h"
#include "model/file.h"
#include "services/bind.h"
#include "services/bind-notes.h"
#include "services/template.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_templates (void)
{
  static const struct { const char *id, *slug; gint64 parameters; } expected[] = {
    { "T01", "turned-digits", 113802 }, { "T02", "p4m-digits", 65130 }, { "T03", "turning-segmentation", 157341 },
    { "T08", "molecule-property", 41857 }, { "T09", "energies-and-forces", 532640 }, { "T10", "many-body-forces", 201552 }, { "T11", "energy-by-distances", 455809 }, { "T12", "molecule-energy", 151553 }, { "T13", "tetris-shapes", 14747 },
    { "T14", "rigid-pose", 172248 }, { "T15", "making-molecules", 695819 }, { "T16", "parts-of-things", 121885 }, { "T17", "charged-bodies", 134020 },
    { "T18", "deepsets", 50177 }, { "T19", "set-transformer", 445514 }, { "T20", "gin", 43527 },
    { "T21", "gat", 92373 }, { "T22", "mpnn", 620993 }, { "T23", "pairs", 11698 }, { "T24", "flow-forecast", 46608 },
  };
  g_autoptr (GPtrArray) list = eqs_templates_list ();

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (EqsDocument) document = eqs_template_new (expected[i].id, &error);
      g_autoptr (EqsDocument) by_slug = eqs_template_new (expected[i].slug, &error);
      g_autoptr (EqsCheck)    check = NULL;

      g_assert_no_error (error);
      check = eqs_check_new (document, &error);
      g_assert_no_error (error);
      g_assert_cmpint (check->parameters, ==, expected[i].parameters);
      for (guint k = 0; k < check->problems->len; k++)
        g_assert_cmpint (((EqsProblem *) g_ptr_array_index (check->problems, k))->severity, ==, EQK_SEVERITY_NOTE);
      g_assert_cmpint (eqk_typed_guarantee (check->typed).holds, ==, EQK_HOLDS_EXACT);
      g_assert_cmpstr (eqs_template_get_text (by_slug, "id"), ==, expected[i].id);
      g_assert_nonnull (eqs_template_get_text (document, "why"));
    }
  g_assert_cmpuint (list->len, >=, G_N_ELEMENTS (expected));
  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate    *template = g_ptr_array_index (list, i);
      g_autoptr (EqsDocument) document = eqs_template_new (template->id, NULL);
      g_autoptr (EqsCheck)  check = eqs_check_new (document, NULL);

      g_assert_cmpint (template->parameters, ==, check->parameters);   /* what the list shows is what is allocated */
      g_assert_cmpuint (strlen (template->why), >, 100);
    }
}

/* The start page tells what the window will open. */
static void
test_bound (void)
{
  g_autoptr (GPtrArray) list = eqs_templates_list ();

  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate      *template = g_ptr_array_index (list, i);
      g_autoptr (GError)      error = NULL;
      g_autoptr (EqsDocument) document = eqs_template_new (template->id, &error);
      g_autoptr (EqsDataset)  dataset = eqs_dataset_open (template->data, &error);
      g_autoptr (EqsCheck)    check = NULL;
      g_autoptr (GPtrArray)   changes = NULL;

      g_assert_no_error (error);
      g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
      check = eqs_check_new (document, &error);
      g_assert_no_error (error);
      g_test_message ("%s", template->id);
      g_assert_cmpint (check->parameters, ==, template->bound);
    }
}

static void
test_unknown_template (void)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new ("T99", &error);

  g_assert_null (document);
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND);
}

typedef struct { const char *template, *data; guint n_changes; const char *contains; gint64 parameters; } Fits;

static const Fits fits[] = {
  { "T01", "mnist_rot",   0, NULL, 113802 },
  { "T01", "digits8",     1, "8×8", 113802 },
  { "T02", "mnist_rot",   2, "28×28 to 29×29", 65130 },
  { "T03", "digit_scene", 2, "11 classes", 157299 },
  { "T18", "mnist_sum",   2, "784 numbers", 150145 },
  { "T19", "mnist_sum",   3, "11 classes", 545547 },
  { "T20", "molgraph",    4, "13 numbers", 44041 },
  { "T21", "karate",      4, "2 numbers", 454 },
  { "T22", "molgraph",    3, "13 numbers", 621121 },
  { "T23", "wl_pairs",    2, NULL, 11698 },
  { "T24", "flow2d",      0, NULL, 46608 },
  { "T09", "ethanol_xtb", 9, "3 kinds of atoms", 532608 },
  { "T11", "polar_xtb",   5, "7 kinds of atoms", 443905 },
  { "T13", "tetris",      2, "N = 4", 14747 },
  { "T14", "mesh_pose",   1, "N = 64", 172248 },
  { "T16", "parts",       5, "4 classes", 121268 },
  { "T17", "nbody5",      2, "E = 20", 134020 },
};

static void
test_fits (gconstpointer data)
{
  const Fits             *fit = data;
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new (fit->template, &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (fit->data, &error);
  g_autoptr (EqsCheck)    check = NULL;
  g_autoptr (GPtrArray)   told = NULL, changes = NULL, again = NULL;
  g_autofree char        *before = NULL, *between = NULL;
  gboolean                found = fit->contains == NULL;

  g_assert_no_error (error);
  before = eqs_file_to_text (document, NULL);
  g_assert_true (eqs_bind_check (document, dataset, &told, &error));
  g_assert_no_error (error);
  between = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (before, ==, between);
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, fit->n_changes);
  g_assert_cmpuint (told->len, ==, changes->len);
  for (guint i = 0; i < changes->len; i++)
    {
      g_test_message ("%s", (char *) g_ptr_array_index (changes, i));
      g_assert_cmpstr (g_ptr_array_index (changes, i), ==, g_ptr_array_index (told, i));
      found = found || strstr (g_ptr_array_index (changes, i), fit->contains) != NULL;
    }
  g_assert_true (found);
  check = eqs_check_new (document, &error);
  g_assert_true (check->ok);
  g_assert_cmpint (check->parameters, ==, fit->parameters);
  g_assert_cmpint (eqk_typed_guarantee (check->typed).holds, ==, EQK_HOLDS_EXACT);
  g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_DATA), "name", ""), ==, fit->data);
  g_assert_true (eqs_bind (document, dataset, NULL, &again, &error));
  g_assert_cmpuint (again->len, ==, 0);   /* bound once, it fits */
}

static void
test_refused (void)
{
  static const struct { const char *template, *data; } pairs[] = {
    { "T01", "ethanol_xtb" }, { "T03", "mnist_rot" }, { "T24", "mnist_rot" }, { "T01", "digit_scene" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (EqsDocument) document = eqs_template_new (pairs[i].template, NULL);
      g_autoptr (EqsDataset)  dataset = eqs_dataset_open (pairs[i].data, NULL);
      g_autofree char        *before = eqs_file_to_text (document, NULL), *after = NULL;
      GPtrArray              *changes = NULL;

      g_assert_false (eqs_bind (document, dataset, NULL, &changes, &error));
      g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
      g_assert_null (changes);
      g_assert_null (strstr (error->message, "equi bind"));   /* no advice to do what was just tried */
      g_test_message ("%s", error->message);
      after = eqs_file_to_text (document, NULL);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_undo (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T02", NULL);
  g_autoptr (EqsHistory)  history = eqs_history_new (document);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open ("mnist_rot", NULL);
  g_autofree char        *before = eqs_file_to_text (document, NULL), *after = NULL;
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (GError)      error = NULL;

  g_assert_true (eqs_bind (document, dataset, history, &changes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_history_get_n_steps (history), ==, 1);
  g_assert_true (eqs_history_undo (history));
  after = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_molecules (void)
{
  g_autofree char        *path = g_test_build_filename (G_TEST_DIST, "..", "golden", "designs", "ethanol.equi", NULL);
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_load (path, &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open ("aspirin_xtb", &error);
  g_autoptr (GPtrArray)   changes = NULL;

  g_assert_no_error (error);
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_NOMINAL), "N", 0), ==, 21);
  g_assert_cmpfloat (eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_NOMINAL), "E", 0), >, 21);
}

/* Data that name their elements: the design runs, and says which promise that breaks. */
static void
test_names (void)
{
  static const struct { const char *template, *domain, *csv, *fields, *code, *names; guint fixes; } asked[] = {
    { "T18", "set", "a,b,c\n0.5,0,2\n0.25,1,3\n7,2,1\n2,3,1\n", "\"a\", \"b\", \"c\"", "W-SET-ORDER-FEATURE", "x1,index,x3", 1 },
    { "T18", "set", "a,b,c\n1,0,0\n0,1,0\n0,0,1\n", "\"a\", \"b\", \"c\"", "W-SET-ORDER-FEATURE", "one_hot_id", 0 },      /* nothing would be left */
    { "T20", "graph", "a,b,c\n1,0,0\n0,1,0\n0,0,1\n", "\"a\", \"b\", \"c\"", "W-NODE-ID", "one_hot_id", 2 },
    { "T20", "graph", "a,b,c\n0,1,0\n1,1,4\n2,0,1\n", "\"a\", \"b\", \"c\"", "W-NODE-ID", "index,x2,x3", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autofree char        *folder = g_dir_make_tmp ("eqs-names-XXXXXX", NULL), *x = g_build_filename (folder, "x.csv", NULL), *edges = g_build_filename (folder, "e.csv", NULL),
                             *y = g_build_filename (folder, "y.csv", NULL), *json = g_build_filename (folder, "dataset.json", NULL), *text = NULL;
      g_autoptr (EqsDocument) document = eqs_template_new (asked[i].template, &error);
      g_autoptr (EqsDataset)  dataset = NULL;
      g_autoptr (GPtrArray)   changes = NULL;
      g_autoptr (EqsCheck)    check = NULL;
      gboolean                found = FALSE;

      text = g_strdup_printf ("{\"version\": 1, \"domain\": \"%s\", \"columns\": [{\"name\": \"x\", \"role\": \"input\", \"file\": \"x.csv\", \"per\": \"node\", \"fields\": [%s]},"
                              "{\"name\": \"e\", \"role\": \"input\", \"file\": \"e.csv\", \"per\": \"edge\", \"fields\": [\"s\", \"t\"], \"values\": \"node index\"},"
                              "{\"name\": \"%s\", \"role\": \"target\", \"file\": \"y.csv\", \"field\": \"y\"%s}], \"splits\": [\"train\", \"valid\"]}",
                              asked[i].domain, asked[i].fields, i < 2 ? "sum" : "class", i < 2 ? "" : ", \"values\": \"label\", \"n_classes\": 2");
      g_assert_true (g_file_set_contents (x, asked[i].csv, -1, NULL) && g_file_set_contents (edges, "s,t\n0,1\n1,0\n", -1, NULL) &&
                     g_file_set_contents (y, "y\n1\n", -1, NULL) && g_file_set_contents (json, text, -1, NULL));
      dataset = eqs_dataset_open (folder, &error);
      g_assert_no_error (error);
      g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_TRAINING), "augment", ""), ==, "none");      /* no pictures, no small moves of them */
      check = eqs_check_new (document, &error);
      g_assert_no_error (error);
      g_assert_nonnull (check->program);
      for (guint k = 0; k < check->problems->len; k++)
        {
          const EqsProblem *problem = g_ptr_array_index (check->problems, k);

          if (strcmp (problem->code, asked[i].code) != 0)
            continue;
          found = TRUE;
          g_assert_cmpuint (problem->fixes->len, ==, asked[i].fixes);
          g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (eqs_document_find_node (document, problem->node), "names")), ==, asked[i].names);
        }
      g_assert_true (found);
      g_assert_true (g_remove (x) == 0 && g_remove (edges) == 0 && g_remove (y) == 0 && g_remove (json) == 0 && g_rmdir (folder) == 0);
    }
}

/* Sets of three with a class or with a number each: the head of either template gives what is there, and where both are there it stays as it is. */
static void
test_question (void)
{
  static const struct { const char *template, *targets, *gives, *task; int out; } cases[] = {
    { "T18", "label", "scores", "classification", 3 }, { "T18", "value", "numbers", "regression", 1 }, { "T18", "label,value", "numbers", "regression", 1 },
    { "T19", "value", "numbers", "regression", 1 }, { "T19", "label,value", "scores", "classification", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autofree char        *folder = g_dir_make_tmp ("eqs-question-XXXXXX", NULL), *x = g_build_filename (folder, "x.csv", NULL), *y = g_build_filename (folder, "y.csv", NULL),
                             *json = g_build_filename (folder, "dataset.json", NULL);
      g_autoptr (GString)     text = g_string_new ("{\"version\": 1, \"domain\": \"set\", \"columns\": [{\"name\": \"x\", \"role\": \"input\", \"file\": \"x.csv\", \"per\": \"node\", "
                                                   "\"fields\": [\"a\", \"b\"]}");
      g_autoptr (EqsDocument) document = eqs_template_new (cases[i].template, &error);
      g_autoptr (EqsDataset)  dataset = NULL;
      g_autoptr (GPtrArray)   changes = NULL;
      g_autoptr (EqsCheck)    check = NULL;
      const EqkProgramOutput *output;

      if (strstr (cases[i].targets, "label") != NULL)
        g_string_append (text, ", {\"name\": \"label\", \"role\": \"target\", \"file\": \"y.csv\", \"field\": \"label\", \"values\": \"label\", \"n_classes\": 3}");
      if (strstr (cases[i].targets, "value") != NULL)
        g_string_append (text, ", {\"name\": \"value\", \"role\": \"target\", \"file\": \"y.csv\", \"field\": \"value\"}");
      g_string_append (text, "], \"splits\": [\"train\", \"valid\"]}");
      g_assert_true (g_file_set_contents (x, "a,b\n0.5,1\n0.25,0\n1,1\n", -1, NULL) && g_file_set_contents (y, "label,value\n2,0.5\n", -1, NULL) && g_file_set_contents (json, text->str, -1, NULL));
      dataset = eqs_dataset_open (folder, &error);
      g_assert_no_error (error);
      g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
      g_assert_no_error (error);
      for (guint k = 0; k < changes->len; k++)
        g_test_message ("%s", (char *) changes->pdata[k]);
      check = eqs_check_new (document, &error);
      g_assert_true (check->ok);
      output = eqk_program_output (check->program, 0);
      g_assert_cmpint (output->type.kind, ==, strcmp (cases[i].gives, "scores") == 0 ? EQK_KIND_LOGITS : EQK_KIND_FEATURE);
      g_assert_cmpint (eqk_rep_get_dim (output->type.rep), ==, cases[i].out);
      g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_SPEC), "task", ""), ==, cases[i].task);
      for (guint k = 0; k < check->problems->len; k++)
        g_assert_cmpint (((EqsProblem *) g_ptr_array_index (check->problems, k))->severity, ==, EQK_SEVERITY_NOTE);
      g_assert_true (g_remove (x) == 0 && g_remove (y) == 0 && g_remove (json) == 0 && g_rmdir (folder) == 0);
    }
}

/* A text goes along into every design that is made of a template, so it must stay true when group, sizes and widths change. */
static void
refuse_claims (const char *id, const char *text)
{
  static const char *const words = "\\b(three|four|five|six|eight|sixteen|fifteen) (channels|poses|steps|blocks|times|interactions|scalars|arrows|layers|learned|frames)|quarter turn"
                                   "|two (channels|poses|blocks|interactions|layers|heads)|all (four|eight)|exact to rounding|poses of the square|stay exact|are exact|[0-9]×[0-9]|[0-9]{2,}|[0-9] (channels|poses|frames|arrows|numbers|steps)";
  g_autoptr (GRegex)     regex = g_regex_new (words, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *found = NULL;

  if (text == NULL || !g_regex_match (regex, text, 0, &match))
    return;
  found = g_match_info_fetch (match, 0);
  g_test_message ("%s says “%s”, which a change of the design can make false", id, found);
  g_test_fail ();
}

static void
test_texts_stay_true (void)
{
  g_autoptr (GPtrArray) list = eqs_templates_list ();

  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate      *template = g_ptr_array_index (list, i);
      g_autoptr (EqsDocument) document = eqs_template_new (template->id, NULL);
      EqsGraph               *graph = eqs_document_get_graph (document, NULL);

      refuse_claims (template->id, template->why);
      refuse_claims (template->id, template->summary);
      for (guint k = 0; k < eqs_document_get_n_items (document, EQS_ITEM_FRAME); k++)
        refuse_claims (template->id, eqs_map_get_string (eqs_document_get_item (document, EQS_ITEM_FRAME, k), "title", NULL));
      for (guint k = 0; k < eqs_document_get_n_items (document, EQS_ITEM_NOTE); k++)
        refuse_claims (template->id, eqs_map_get_string (eqs_document_get_item (document, EQS_ITEM_NOTE, k), "text", NULL));
      for (guint k = 0; k < eqs_graph_get_n_nodes (graph); k++)
        refuse_claims (template->id, eqs_node_get_title (eqs_graph_get_node (graph, k)));
    }
}

/* One piece of a mirror pair teaches both: no note says that the one held back for validation cannot be learned. */
static void
test_mirror_pairs (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T13", NULL);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open ("tetris", NULL);
  g_autoptr (GPtrArray)   changes = NULL, notes = NULL;

  g_assert_true (eqs_bind (document, dataset, NULL, &changes, NULL));
  notes = eqs_bind_notes (document, dataset);
  g_assert_cmpuint (notes->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bind/templates", test_templates);
  g_test_add_func ("/bind/template-counts", test_bound);
  g_test_add_func ("/bind/texts-stay-true", test_texts_stay_true);
  g_test_add_func ("/bind/unknown-template", test_unknown_template);
  for (gsize i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bind/fits/%s-%s", fits[i].template, fits[i].data);

      g_test_add_data_func (path, &fits[i], test_fits);
    }
  g_test_add_func ("/bind/refused", test_refused);
  g_test_add_func ("/bind/undo", test_undo);
  g_test_add_func ("/bind/molecules", test_molecules);
  g_test_add_func ("/bind/names", test_names);
  g_test_add_func ("/bind/mirror-pairs", test_mirror_pairs);
  g_test_add_func ("/bind/question", test_question);
  return g_test_run ();
}
