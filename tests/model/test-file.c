/* Reading and writing of designs: what a person or a broken disk can put into a file gives one sentence with a line,
 * and what is read is written back as it was. */

#include "model/atomic.h"
#include "model/file.h"
#include "model/json.h"

#include "../comma-locale.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char good[] =
  "{\n"
  "  \"format\": \"equistudio.design\",\n"
  "  \"version\": 1,\n"
  "  \"name\": \"Turned “digits”\",\n"
  "  \"x-future\": {\n"
  "    \"b\": [1, 2.5, \"t\", null, {\"z\": 1, \"a\": 2}],\n"
  "    \"a\": true\n"
  "  },\n"
  "  \"symmetry\": {\n"
  "    \"group\": \"C4\",\n"
  "    \"translations\": true,\n"
  "    \"permutations\": \"none\",\n"
  "    \"unknown\": 7\n"
  "  },\n"
  "  \"training\": {\n"
  "    \"epochs\": 15,\n"
  "    \"lr\": 0.001\n"
  "  },\n"
  "  \"preview\": {\n"
  "    \"conv.channels\": 4\n"
  "  },\n"
  "  \"nodes\": [\n"
  "    {\"id\": \"in\", \"layer\": \"input_image\", \"params\": {\"size\": [28, 28]}, \"x\": 0, \"y\": 0},\n"
  "    {\"id\": \"conv\", \"layer\": \"r2conv\", \"later\": {\"k\": \"v\"}, \"params\": {\"fields\": \"16x reg(C4)\"}, \"x\": 220, \"y\": -0.1},\n"
  "    {\"id\": \"odd\", \"layer\": \"no_such_layer\", \"params\": {\"channels\": 1000000000}, \"x\": 440, \"y\": 0},\n"
  "    {\"id\": \"rep\", \"layer\": \"repeat_block\", \"params\": {\"n\": 4}, \"x\": 660, \"y\": 0, \"body\": {\n"
  "      \"note\": \"kept\",\n"
  "      \"nodes\": [\n"
  "        {\"id\": \"conv\", \"layer\": \"r2conv\", \"x\": 0, \"y\": 0}\n"
  "      ],\n"
  "      \"links\": [\n"
  "        {\"from\": \".x\", \"to\": \"conv.x\"},\n"
  "        {\"from\": \"conv.y\", \"to\": \".y\"}\n"
  "      ]}}\n"
  "  ],\n"
  "  \"links\": [\n"
  "    {\"from\": \"in.y\", \"to\": \"conv.x\"},\n"
  "    {\"from\": \"conv.y\", \"to\": \"odd.x0\", \"colour\": \"red\"},\n"
  "    {\"from\": \"in.y\", \"to\": \"odd.x1\"}\n"
  "  ],\n"
  "  \"frames\": [\n"
  "    {\"id\": \"f\", \"title\": \"Stem\", \"members\": [\"in\", \"conv\"]}\n"
  "  ],\n"
  "  \"notes\": [\n"
  "    {\"id\": \"n\", \"text\": \"tab\\t, newline\\n, quote \\\", \\u0001\", \"x\": 1, \"y\": 2}\n"
  "  ]\n"
  "}\n";

static char *
rewrite (const char *text)
{
  GError *error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);

  g_assert_no_error (error);
  return eqs_file_to_text (document, NULL);
}

static void
test_same_bytes (void)
{
  g_autofree char *text = rewrite (good);

  g_assert_cmpstr (text, ==, good);
}

static void
test_contents (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (good, -1, NULL);
  EqsGraph *graph = eqs_document_get_graph (document, NULL);
  const EqsNode *node = eqs_document_find_node (document, "conv");

  g_assert_cmpstr (eqs_document_get_name (document), ==, "Turned “digits”");
  g_assert_cmpstr (eqs_document_get_group (document), ==, "C4");
  g_assert_true (eqs_document_has_translations (document));
  g_assert_cmpstr (eqs_document_get_permutations (document), ==, "none");
  g_assert_cmpuint (eqs_graph_get_n_nodes (graph), ==, 4);
  g_assert_cmpuint (eqs_document_count_nodes (document), ==, 5);
  g_assert_cmpuint (eqs_graph_get_n_links (graph), ==, 3);
  g_assert_cmpuint (eqs_node_get_line (node), ==, 24);
  g_assert_cmpuint (eqs_link_get_line (eqs_graph_get_link (graph, 1)), ==, 38);
  g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (node, "fields")), ==, "16x reg(C4)");
  g_assert_cmpfloat (eqs_node_get_y (node), ==, -0.1);
  g_assert_cmpfloat (eqs_value_get_number (eqs_node_get_param (eqs_document_find_node (document, "odd"), "channels")), ==, 1e9);
  g_assert_cmpstr (eqs_graph_get_link (graph, 1)->to_port, ==, "x0");
  g_assert_nonnull (eqs_document_find_node (document, "rep/conv"));
  g_assert_null (eqs_document_find_node (document, "rep/none"));
  g_assert_null (eqs_document_find_node (document, "conv/in"));
  g_assert_cmpfloat (eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_TRAINING), "epochs", 0), ==, 15);
  g_assert_cmpuint (eqs_document_get_n_items (document, EQS_ITEM_NOTE), ==, 1);
  g_assert_false (eqs_document_is_read_only (document));
}

/* A moved node changes one line and no other. */
static void
test_one_line (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (good, -1, NULL);
  const char *const paths[] = { "conv", "rep", "rep/conv" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *before = eqs_file_to_text (document, NULL);
      g_autofree char *after = NULL;
      g_auto (GStrv) a = NULL;
      g_auto (GStrv) b = NULL;
      guint n_changed = 0;

      g_assert_true (eqs_document_move_node (document, paths[i], 12.5 + i, 1e-3, NULL));
      after = eqs_file_to_text (document, NULL);
      a = g_strsplit (before, "\n", -1);
      b = g_strsplit (after, "\n", -1);
      g_assert_cmpuint (g_strv_length (a), ==, g_strv_length (b));
      for (guint k = 0; a[k] != NULL; k++)
        n_changed += strcmp (a[k], b[k]) != 0;
      g_assert_cmpuint (n_changed, ==, 1);
    }
}

/* Texts written by hand settle after one rewrite. */
static void
test_settles (void)
{
  const char *const texts[] = {
    "{\"version\":1,\"links\":[],\"format\":\"equistudio.design\"}",
    "\xef\xbb\xbf{\"format\":\"equistudio.design\",\"version\":1.0,\"nodes\":[{\"layer\":\"a\",\"id\":\"b\"}],\"notes\":[{\"text\":\"no id\"}]}\r\n",
    "{\"format\":\"equistudio.design\",\"version\":1,\"zz\":[{},{\"a\":[]}],\"yy\":{},\"n\":[1e300,-0,0.1,1e22,123456789012345680]}",
    "{\"format\":\"equistudio.design\",\"version\":1,\"nodes\":[{\"id\":\"b\",\"layer\":\"s\",\"body\":{}}],\"definitions\":[{\"id\":\"d\",\"layer\":\"definition\",\"body\":{\"nodes\":[]}}]}",
    "{\"format\":\"equistudio.design\",\"version\":1,\"name\":\"\\ud83d\\ude00 \\/\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *once = rewrite (texts[i]);
      g_autofree char *twice = rewrite (once);

      g_assert_cmpstr (once, ==, twice);
    }
}

#define HEAD "{\"format\":\"equistudio.design\",\"version\":1,\n"
#define NODE(id) "{\"id\":\"" id "\",\"layer\":\"l\"}"

static const struct
{
  const char *text;
  int         code;
  const char *part;   /* of the message */
} broken[] = {
  { "", EQS_MODEL_ERROR_PARSE, "empty" },
  { " \n\n", EQS_MODEL_ERROR_PARSE, "empty" },
  { "{", EQS_MODEL_ERROR_PARSE, "Line 1: the file ends in the middle" },
  { HEAD "\"nodes\":[\n" NODE ("a") ",\n{\"id\":\"b", EQS_MODEL_ERROR_PARSE, "Line 4: the file ends in the middle" },
  { HEAD "\"nodes\":[\n" NODE ("a") "\n", EQS_MODEL_ERROR_PARSE, "ends in the middle" },
  { HEAD "\"nodes\":[]]}", EQS_MODEL_ERROR_PARSE, "Line 2: this is not JSON" },
  { HEAD "\"nodes\": nothing}", EQS_MODEL_ERROR_PARSE, "Line 2: this is not JSON, near “nothing}”" },
  { HEAD "\"nodes\":[]}\n\nx", EQS_MODEL_ERROR_PARSE, "Line 4" },
  { HEAD "\"a\":1 é}", EQS_MODEL_ERROR_PARSE, "near “é}”" },
  { HEAD "\"a\":é}", EQS_MODEL_ERROR_PARSE, "near “é}”" },
  { HEAD "\"a\":\"\\é\"}", EQS_MODEL_ERROR_PARSE, "Line 2: this is not JSON" },
  { "hello", EQS_MODEL_ERROR_PARSE, "not JSON" },
  { "# Markdown\n", EQS_MODEL_ERROR_PARSE, "not JSON" },
  { "\x89PNG\r\n", EQS_MODEL_ERROR_PARSE, "not UTF-8" },
  { HEAD "\"name\":\"\xff\"}", EQS_MODEL_ERROR_PARSE, "Line 2: this is not UTF-8" },
  { HEAD "\"name\":\"a\\u0000b\"}", EQS_MODEL_ERROR_PARSE, "Line 2: a text contains" },
  { HEAD "\"n\":1e999}", EQS_MODEL_ERROR_PARSE, "Line 2: a number is too large" },
  { HEAD "\"n\":NaN}", EQS_MODEL_ERROR_PARSE, "Line 2: this is not JSON" },
  { HEAD "\"n\":{\n\"a\":1,\"a\":2}}", EQS_MODEL_ERROR_PARSE, "Line 2: “a” is given twice" },
  { "[]", EQS_MODEL_ERROR_FORMAT, "not a design" },
  { "null", EQS_MODEL_ERROR_FORMAT, "not a design" },
  { "{\"version\":1}", EQS_MODEL_ERROR_FORMAT, "not a design" },
  { "{\"format\":\"other\",\"version\":1}", EQS_MODEL_ERROR_FORMAT, "not a design" },
  { "{\"format\":\"equistudio.design\"}", EQS_MODEL_ERROR_FORMAT, "has no “version”" },
  { "{\"format\":\"equistudio.design\",\"version\":\"1\"}", EQS_MODEL_ERROR_FORMAT, "whole number" },
  { "{\"format\":\"equistudio.design\",\"version\":0}", EQS_MODEL_ERROR_FORMAT, "whole number" },
  { "{\"format\":\"equistudio.design\",\"version\":1.5}", EQS_MODEL_ERROR_FORMAT, "whole number" },
  { "{\"format\":\"equistudio.design\",\"version\":1e300}", EQS_MODEL_ERROR_FORMAT, "whole number" },
  { "{\"format\":\"equistudio.design\",\"version\":2,\"nodes\":5}", EQS_MODEL_ERROR_FORMAT, "newer than this program's 1" },
  { HEAD "\"name\":5}", EQS_MODEL_ERROR_FORMAT, "Line 2: in the design, “name” must be a text, not 5" },
  { HEAD "\"training\":[]}", EQS_MODEL_ERROR_FORMAT, "“training” must be an object" },
  { HEAD "\"symmetry\":{\"group\":4}}", EQS_MODEL_ERROR_FORMAT, "“group” must be a text" },
  { HEAD "\"symmetry\":{\"translations\":\"yes\"}}", EQS_MODEL_ERROR_FORMAT, "“translations” must be true or false" },
  { HEAD "\"symmetry\":{\"permutations\":\"some\"}}", EQS_MODEL_ERROR_FORMAT, "“none”, “set” or “graph”" },
  { HEAD "\"nodes\":{}}", EQS_MODEL_ERROR_FORMAT, "Line 2: in the design, “nodes” must be a list" },
  { HEAD "\"nodes\":[\n3]}", EQS_MODEL_ERROR_FORMAT, "Line 3: node number 1 is not an object" },
  { HEAD "\"nodes\":[\n" NODE ("a") ",\n{\"layer\":\"l\"}]}", EQS_MODEL_ERROR_FORMAT, "Line 4: node number 2 has no “id”" },
  { HEAD "\"nodes\":[\n{\"id\":\"a\"}]}", EQS_MODEL_ERROR_FORMAT, "Line 3: node “a” has no “layer”" },
  { HEAD "\"nodes\":[\n{\"id\":\"a b\",\"layer\":\"l\"}]}", EQS_MODEL_ERROR_ID, "Line 3: “a b” cannot be a node's id" },
  { HEAD "\"nodes\":[{\"id\":\"\",\"layer\":\"l\"}]}", EQS_MODEL_ERROR_ID, "cannot be a node's id" },
  { HEAD "\"nodes\":[{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"layer\":\"l\"}]}", EQS_MODEL_ERROR_ID, "…” cannot be" },
  { HEAD "\"nodes\":[{\"id\":7,\"layer\":\"l\"}]}", EQS_MODEL_ERROR_FORMAT, "“id” must be a text" },
  { HEAD "\"nodes\":[\n" NODE ("a") ",\n" NODE ("b") ",\n" NODE ("a") "]}", EQS_MODEL_ERROR_ID, "Line 5: the id “a” is already that of the node on line 3" },
  { HEAD "\"nodes\":[{\"id\":\"a\",\"layer\":\"l\",\"params\":[1]}]}", EQS_MODEL_ERROR_FORMAT, "in node “a”, “params” must be an object" },
  { HEAD "\"nodes\":[{\"id\":\"a\",\"layer\":\"l\",\"x\":\"left\"}]}", EQS_MODEL_ERROR_FORMAT, "in node “a”, “x” must be a number, not \"left\"" },
  { HEAD "\"nodes\":[{\"id\":\"a\",\"layer\":\"l\",\"bypass\":1}]}", EQS_MODEL_ERROR_FORMAT, "“bypass” must be true or false" },
  { HEAD "\"nodes\":[{\"id\":\"a\",\"layer\":\"l\",\"body\":[]}]}", EQS_MODEL_ERROR_FORMAT, "“body” must be an object with nodes and links" },
  { HEAD "\"nodes\":[{\"id\":\"a\",\"layer\":\"l\",\"body\":{\"nodes\":[\n{\"id\":\"q\"}]}}]}", EQS_MODEL_ERROR_FORMAT, "Line 3: node “q” has no “layer”" },
  { HEAD "\"nodes\":[" NODE ("a") "],\"links\":[\n{\"from\":\"a.y\",\"to\":\"zz.x\"}]}", EQS_MODEL_ERROR_FORMAT, "Line 3: a link names the node “zz”, which does not exist" },
  { HEAD "\"nodes\":[" NODE ("a") "],\"links\":[{\"from\":\"a\",\"to\":\"a.x\"}]}", EQS_MODEL_ERROR_FORMAT, "not of the form node.port" },
  { HEAD "\"nodes\":[" NODE ("a") "],\"links\":[{\"from\":\".x\",\"to\":\"a.x\"}]}", EQS_MODEL_ERROR_FORMAT, "not of the form node.port" },
  { HEAD "\"nodes\":[" NODE ("a") "],\"links\":[{\"from\":\"a.y\"}]}", EQS_MODEL_ERROR_FORMAT, "a link has no “to”" },
  { HEAD "\"nodes\":[" NODE ("a") "],\"links\":[{\"from\":[\"a\",\"y\"],\"to\":\"a.x\"}]}", EQS_MODEL_ERROR_FORMAT, "“from” must be a text" },
  { HEAD "\"links\":[7]}", EQS_MODEL_ERROR_FORMAT, "link number 1 is not an object" },
  { HEAD "\"links\":7}", EQS_MODEL_ERROR_FORMAT, "“links” must be a list" },
  { HEAD "\"notes\":[\"x\"]}", EQS_MODEL_ERROR_FORMAT, "list of objects" },
  { HEAD "\"notes\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", EQS_MODEL_ERROR_ID, "given twice" },
  { HEAD "\"frames\":[{\"id\":\"a b\"}]}", EQS_MODEL_ERROR_FORMAT, "“id” must be letters" },
  { HEAD "\"a\\nb\":1,\"a\\nb\":2}", EQS_MODEL_ERROR_PARSE, "“a b” is given twice" },
  { HEAD "\"nodes\":[{\"id\":\"a\\r\\nb\",\"layer\":\"l\"}]}", EQS_MODEL_ERROR_ID, "“a  b” cannot be" },
  { HEAD "\"name\":[111111111,111111111,1111111,11111111]}", EQS_MODEL_ERROR_FORMAT, "not [111111111, 111111111, 1111111, 11111111]." },
  { HEAD "\"definitions\":[" NODE ("a") "]}", EQS_MODEL_ERROR_FORMAT, "has no “body”" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsDocument) document = eqs_file_parse (broken[i].text, -1, &error);

      g_test_message ("%s → %s", broken[i].text, error != NULL ? error->message : "accepted");
      g_assert_null (document);
      g_assert_error (error, EQS_MODEL_ERROR, broken[i].code);
      g_assert_nonnull (strstr (error->message, broken[i].part));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* Cut anywhere, a file is refused and never misread. */
static void
test_truncated (void)
{
  for (gsize n = 0; n < sizeof good - 3; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsDocument) document = eqs_file_parse (good, (gssize) n, &error);

      g_assert_null (document);
      g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE);
    }
}

/* One byte replaced: read or refused, but nothing crashes, and what is read settles. */
static void
test_damaged (void)
{
  GRand *random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_strdup (good);
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsDocument) document = NULL;

      text[g_rand_int_range (random, 0, (int) sizeof good - 1)] = (char) g_rand_int_range (random, 1, 256);
      document = eqs_file_parse (text, -1, &error);
      if (document != NULL)
        {
          g_autofree char *once = eqs_file_to_text (document, NULL);
          g_autofree char *twice = rewrite (once);

          g_assert_cmpstr (once, ==, twice);
        }
      else
        g_assert_nonnull (error);
    }
  g_rand_free (random);
}

static void
assert_refused (const char *text, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);

  g_assert_null (document);
  g_assert_error (error, EQS_MODEL_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new (HEAD "\"a\":");
  g_autoptr (GString) nested = g_string_new (HEAD "\"nodes\":[");
  g_autoptr (GString) many = g_string_new (HEAD "\"nodes\":[");
  g_autoptr (GString) values = g_string_new (HEAD "\"a\":[1");
  g_autoptr (GString) large = g_string_new (HEAD "\"a\":\"");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  assert_refused (deep->str, EQS_MODEL_ERROR_LIMIT, "Line 2: nested more than 64");

  for (guint i = 0; i < 18; i++)
    g_string_append (nested, "{\"id\":\"a\",\"layer\":\"l\",\"body\":{\"nodes\":[");
  for (guint i = 0; i < 18; i++)
    g_string_append (nested, "]}}");
  g_string_append (nested, "]}");
  assert_refused (nested->str, EQS_MODEL_ERROR_LIMIT, "nested more than 16 deep");

  for (guint i = 0; i <= EQS_MAX_NODES; i++)
    g_string_append_printf (many, "%s{\"id\":\"n%u\",\"layer\":\"l\"}\n", i == 0 ? "" : ",", i);
  g_string_append (many, "]}");
  assert_refused (many->str, EQS_MODEL_ERROR_LIMIT, "Line 10002: a design holds at most 10000 nodes");

  for (guint i = 0; i < 1100000; i++)
    g_string_append (values, ",1");
  g_string_append (values, "]}");
  assert_refused (values->str, EQS_MODEL_ERROR_LIMIT, "more than 1000000 values");

  for (guint i = 0; i < 1 << 20; i++)
    g_string_append (large, "aaaaaaaaaaaaaaaaa");
  g_string_append (large, "\"}");
  assert_refused (large->str, EQS_MODEL_ERROR_LIMIT, "at most 16 MB");
}

static void
test_newer (void)
{
  const char text[] = "{\"format\":\"equistudio.design\",\"version\":7,\"nodes\":[{\"id\":\"a\",\"layer\":\"l\"}]}";
  g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) save_error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_nonnull (document);
  g_assert_true (eqs_document_is_read_only (document));
  g_assert_cmpint (eqs_document_get_version (document), ==, 7);
  before = eqs_file_to_text (document, NULL);
  g_assert_false (eqs_document_set_title (document, "a", "t", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_READ_ONLY);
  g_assert_false (eqs_file_save (document, "/nowhere/x.equi", &save_error));
  g_assert_error (save_error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_READ_ONLY);
  after = eqs_file_to_text (document, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_cycle_opens (void)
{
  g_autoptr (EqsDocument) document = eqs_file_parse (
    HEAD "\"nodes\":[" NODE ("a") "," NODE ("b") "],\"links\":[{\"from\":\"a.y\",\"to\":\"b.x\"},{\"from\":\"b.y\",\"to\":\"a.x\"}]}",
    -1, NULL);

  g_assert_nonnull (document);
}

/* Files */

static char *
make_folder (void)
{
  GError *error = NULL;
  char *folder = g_dir_make_tmp ("equi-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static guint
count_files (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

static void
test_save_load (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "größe.equi", NULL);
  g_autofree char *link = g_build_filename (folder, "link.equi", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (good, -1, NULL);
  g_autoptr (EqsDocument) again = NULL;
  GError *error = NULL;
  struct stat info;

  g_assert_true (eqs_file_save (document, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, good);
  again = eqs_file_load (path, &error);
  g_assert_no_error (error);

  /* mode and link survive */
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_cmpint (symlink ("größe.equi", link), ==, 0);
  g_assert_true (eqs_document_set_name (document, "other", NULL));
  g_assert_true (eqs_file_save (document, link, &error));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
  g_clear_object (&again);
  again = eqs_file_load (path, &error);
  g_assert_cmpstr (eqs_document_get_name (again), ==, "other");
  g_assert_cmpuint (count_files (folder), ==, 2);   /* no temporary left */

  g_unlink (link);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_bad_places (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *broken_path = g_build_filename (folder, "broken.equi", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "such.equi", NULL);
  g_autofree char *pipe_path = g_build_filename (folder, "pipe", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_file_load (missing, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (eqs_file_load (folder, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (eqs_file_load ("/dev/zero", &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (eqs_file_save (document, missing, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_clear_error (&error);
  g_assert_false (eqs_file_save (document, folder, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_clear_error (&error);
  /* not a plain file: never replaced by one */
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_false (eqs_file_write_atomic (pipe_path, "x", 1, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (eqs_file_load (pipe_path, &error));   /* nor waited for */
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_unlink (pipe_path);

  /* a file that is refused is left alone, and named */
  g_assert_true (g_file_set_contents (broken_path, "{\"format\"", -1, NULL));
  g_assert_null (eqs_file_load (broken_path, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE);
  g_assert_true (g_str_has_prefix (error->message, "“broken.equi”: Line 1: "));
  g_assert_true (g_file_get_contents (broken_path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "{\"format\"");

  g_unlink (broken_path);
  g_rmdir (folder);
}

/* A full disk, played by a limit on the size of files: the old contents stay, and no litter. */
static void
test_disk_full (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.equi", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse (good, -1, NULL);
  g_autoptr (GError) error = NULL;
  struct rlimit old, small;

  g_assert_true (eqs_file_save (document, path, NULL));
  g_assert_true (eqs_document_set_name (document, "new", NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 100;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (eqs_file_save (document, path, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "The old file is unchanged."));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, good);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_unlink (path);
  g_rmdir (folder);
}

/* Killed at any moment of saving, the file is one of the two that were saved. */
static void
test_killed (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.equi", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -r '%s'", folder);
  g_autoptr (GString) other = g_string_new (good);
  GRand *random = g_rand_new_with_seed (93);

  g_string_append_len (other, "                                                                ", 64);
  g_assert_true (eqs_file_write_atomic (path, good, -1, NULL));
  for (guint i = 0; i < 40; i++)
    {
      const pid_t child = fork ();
      g_autofree char *contents = NULL;
      int status;

      if (child == 0)
        for (guint k = 0;; k++)
          if (!eqs_file_write_atomic (path, k % 2 == 0 ? other->str : good, -1, NULL))
            _exit (1);
      g_usleep (g_rand_int_range (random, 0, 8000));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_true (strcmp (contents, good) == 0 || strcmp (contents, other->str) == 0);
    }
  g_rand_free (random);
  g_assert_cmpint (system (remove), ==, 0);
}

/* A write that is given up leaves the old contents and no litter. */
static void
test_abort (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autofree char *contents = NULL;
  EqsAtomicFile *file;

  g_assert_true (eqs_file_write_atomic (path, "old", -1, NULL));
  file = eqs_atomic_file_open (path, NULL);
  g_assert_true (eqs_atomic_file_write (file, "new", 3, NULL));
  eqs_atomic_file_abort (file);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_unlink (path);
  g_rmdir (folder);
}

/* Every broken design of the corpus is refused, every other one opens. The first line of NAME.txt is part of the message. */
static void
test_corpus (void)
{
  g_autofree char *folder = g_build_filename (PROJECT_DIR, "tests", "golden", "broken-designs", NULL);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *expected_path = NULL;
      g_autofree char *expected = NULL;
      g_autoptr (EqsDocument) document = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_str_has_suffix (name, ".equi"))
        continue;
      n++;
      expected_path = g_strdup_printf ("%.*s.txt", (int) strlen (path) - 5, path);
      g_assert_true (g_file_get_contents (expected_path, &expected, NULL, NULL));
      g_strchomp (expected);
      document = eqs_file_load (path, &error);
      g_test_message ("%s → %s", name, error != NULL ? error->message : "opens");
      if (strcmp (expected, "opens") == 0)
        g_assert_no_error (error);
      else if (strcmp (expected, "opens read-only") == 0)
        g_assert_true (document != NULL && eqs_document_is_read_only (document));
      else
        {
          g_assert_null (document);
          g_assert_nonnull (strstr (error->message, expected));
        }
    }
  g_dir_close (dir);
  g_assert_cmpuint (n, >=, 12);
}

static void
test_numbers (void)
{
  const double numbers[] = { 0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308, 123456789.123, 1e15, 1e16, 1e17 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (EqsValue) a = eqs_value_new_number (numbers[i]);
      g_autoptr (EqsValue) b = NULL;

      eqs_text_append_number (text, numbers[i]);
      b = eqs_json_parse (text->str, text->len, NULL);
      g_assert_nonnull (b);
      g_assert_true (eqs_value_equal (a, b));
    }
}

/* In a locale with a decimal comma files are the same. */
static void
test_locale (void)
{
  g_autofree char *text = NULL;

  if (!comma_locale_set (LC_NUMERIC))
    {
      g_test_skip ("no locale with a decimal comma is installed");
      return;
    }
  text = rewrite (good);
  setlocale (LC_NUMERIC, "C");
  g_assert_cmpstr (text, ==, good);
}

static void
check_keys (const EqsMap *schema, const EqsMap *object, const char *where)
{
  const EqsValue *properties = eqs_map_get (schema, "properties");

  g_assert_nonnull (properties);
  for (guint i = 0; i < eqs_map_get_size (object); i++)
    {
      g_test_message ("%s.%s", where, eqs_map_get_key (object, i));
      g_assert_nonnull (eqs_map_get (eqs_value_get_map (properties), eqs_map_get_key (object, i)));
    }
}

static const EqsMap *
schema_part (const EqsMap *schema, const char *name)
{
  const EqsValue *parts = eqs_map_get (schema, "$defs");

  return eqs_value_get_map (eqs_map_get (eqs_value_get_map (parts), name));
}

/* Every key that the writer makes by itself is in the published schema, with what is required. */
static void
test_schema (void)
{
  g_autofree char *path = g_build_filename (PROJECT_DIR, "data", "equi.schema.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *design = NULL;
  g_autoptr (EqsValue) schema = NULL;
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new ();
  g_autoptr (EqsNode) a = eqs_node_new ("a", "input_image");
  g_autoptr (EqsNode) b = eqs_node_new ("b", "subgraph");
  g_autoptr (EqsMap) note = eqs_map_new ();
  GError *error = NULL;
  const EqsMap *root, *top;
  const EqsValue *nodes, *links;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  schema = eqs_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  top = eqs_value_get_map (schema);

  eqs_node_set_title (a, "title");
  eqs_node_set_param (a, "size", eqs_value_new_number (3));
  eqs_node_set_field (a, "colour", eqs_value_new_string ("blue"));
  eqs_node_set_field (a, "pinned", eqs_value_new_bool (TRUE));
  eqs_node_ensure_body (b);
  eqs_map_set (note, "text", eqs_value_new_string ("hi"));
  g_assert_true (eqs_document_add_node (document, NULL, a, -1, NULL));
  g_assert_true (eqs_document_add_node (document, NULL, b, -1, NULL));
  g_assert_true (eqs_document_set_bypass (document, "a", TRUE, NULL));
  g_assert_true (eqs_document_connect (document, NULL, "a.y", "b.x", -1, FALSE, NULL));
  g_assert_true (eqs_document_add_item (document, EQS_ITEM_NOTE, note, NULL));
  g_assert_true (eqs_document_add_item (document, EQS_ITEM_FRAME, note, NULL));
  for (guint i = 0; i < EQS_N_SECTIONS; i++)
    {
      g_autoptr (EqsMap) empty = eqs_map_new ();

      if (i != EQS_SECTION_SYMMETRY)
        g_assert_true (eqs_document_set_section (document, i, empty, NULL));
    }
  design = eqs_file_to_text (document, NULL);
  value = eqs_json_parse (design, strlen (design), &error);
  g_assert_no_error (error);
  root = eqs_value_get_map (value);
  check_keys (top, root, "design");
  nodes = eqs_map_get (root, "nodes");
  links = eqs_map_get (root, "links");
  for (guint i = 0; i < eqs_value_get_length (nodes); i++)
    check_keys (schema_part (top, "node"), eqs_value_get_map (eqs_value_get_item (nodes, i)), "node");
  check_keys (schema_part (top, "link"), eqs_value_get_map (eqs_value_get_item (links, 0)), "link");
  check_keys (schema_part (top, "symmetry"), eqs_value_get_map (eqs_map_get (root, "symmetry")), "symmetry");
  check_keys (schema_part (top, "note"), eqs_value_get_map (eqs_value_get_item (eqs_map_get (root, "notes"), 0)), "note");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file/same-bytes", test_same_bytes);
  g_test_add_func ("/file/contents", test_contents);
  g_test_add_func ("/file/one-line", test_one_line);
  g_test_add_func ("/file/settles", test_settles);
  g_test_add_func ("/file/broken", test_broken);
  g_test_add_func ("/file/truncated", test_truncated);
  g_test_add_func ("/file/damaged", test_damaged);
  g_test_add_func ("/file/limits", test_limits);
  g_test_add_func ("/file/newer", test_newer);
  g_test_add_func ("/file/cycle-opens", test_cycle_opens);
  g_test_add_func ("/file/save-load", test_save_load);
  g_test_add_func ("/file/bad-places", test_bad_places);
  g_test_add_func ("/file/disk-full", test_disk_full);
  g_test_add_func ("/file/killed", test_killed);
  g_test_add_func ("/file/abort", test_abort);
  g_test_add_func ("/file/corpus", test_corpus);
  g_test_add_func ("/file/numbers", test_numbers);
  g_test_add_func ("/file/locale", test_locale);
  g_test_add_func ("/file/schema", test_schema);
  return g_test_run ();
}
