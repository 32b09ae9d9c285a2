/* Data of one's own from the terminal: read by their names and titles, or refused with what to write; what binding has to say of them. */

#include "fixture.h"

static char *folder, *design;

/* 8 × 8 pixels a row; classes 0, 1 and 3, so that nobody shows class 2. */
static void
write_table (const char *name, const char *title, const char *label)
{
  static const int   classes[] = { 0, 1, 3 };
  g_autofree char   *data = g_build_filename (folder, name, NULL), *path = g_build_filename (data, "train.csv", NULL);
  g_autoptr (GString) text = g_string_new (label);

  g_assert_cmpint (g_mkdir_with_parents (data, 0777), ==, 0);
  for (int i = 0; i < 64; i++)
    g_string_append_printf (text, ",%s%d", title, i);
  for (int row = 0; row < 24; row++)
    {
      g_string_append_printf (text, "\n%d", classes[row % 3]);
      for (int i = 0; i < 64; i++)
        g_string_append_printf (text, ",%d", (7 * i + 31 * row) % 256);
    }
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static const char *
text_at (EqsValue *object, const char *key, guint index)
{
  EqsValue *list = eqs_map_get (eqs_value_get_map (object), key);

  g_assert_nonnull (list);
  return index < eqs_value_get_length (list) ? eqs_value_get_string (eqs_value_get_item (list, index)) : NULL;
}

/* A class without samples is no change, and does not make a fitting design unfit. */
static void
test_notes (void)
{
  g_autofree char *data = g_build_filename (folder, "pixels", NULL), *out = NULL;
  g_autoptr (EqsValue) bound = NULL, again = NULL;

  write_table ("pixels", "pixel", "label");
  bound = fixture_json (0, "new", "T01", "--data", data, "-o", design, NULL);
  g_assert_nonnull (strstr (text_at (bound, "notes", 0), "1 of 4 classes has no sample to train on (2)"));
  again = fixture_json (0, "bind", design, "--data", data, "--check", NULL);
  g_assert_null (text_at (again, "changes", 0));
  g_assert_nonnull (text_at (again, "notes", 0));
  g_assert_cmpint (fixture_run (&out, NULL, "bind", design, "--data", data, "--check", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "Note: "));
}

/* What is refused says what to write; written, it is read. */
static void
test_hint (void)
{
  g_autofree char *data = g_build_filename (folder, "features", NULL), *json = g_build_filename (data, "dataset.json", NULL), *err = NULL, *other = g_build_filename (folder, "f.equi", NULL);
  const char      *hint;

  write_table ("features", "feature", "label");
  g_assert_cmpint (fixture_run (NULL, &err, "new", "T01", "--data", data, "-o", other, NULL), ==, 1);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  hint = strchr (err, '{');
  g_assert_nonnull (hint);
  g_assert_true (g_file_set_contents (json, hint, -1, NULL));
  fixture_expect (0, "new", "T01", "--data", data, "-o", other, NULL);
}

/* A column that no name gives away: said on the command line and in the file. */
static void
test_roles (void)
{
  g_autofree char *data = g_build_filename (folder, "kinds", NULL), *json = g_build_filename (data, "dataset.json", NULL), *other = g_build_filename (folder, "k.equi", NULL);

  write_table ("kinds", "pixel", "kind");
  fixture_refuses (2, "input, class, number or extra", "new", "T01", "--data", data, "--role", "kind=answer", "-o", other, NULL);
  fixture_refuses (2, "NAME=ROLE", "new", "T01", "--data", data, "--role", "kind", "-o", other, NULL);
  fixture_refuses (2, "--data", "new", "T01", "--role", "kind=class", "-o", other, NULL);
  fixture_refuses (3, "kind, pixel0", "new", "T01", "--data", data, "--role", "feature=class", "-o", other, NULL);
  g_assert_true (g_file_set_contents (json, "{\"version\": 1, \"domain\": \"image\", \"map\": {\"kind\": {\"role\": \"target\", \"values\": \"label\"}, \"x\": {\"shape\": [8, 8]}}}", -1, NULL));
  fixture_expect (0, "new", "T01", "--data", data, "-o", other, NULL);
}

/* Commands for designs take the one inside a checkpoint; binding would write a design over its weights, and does not. */
static void
test_checkpoints (void)
{
  g_autofree char *weights = g_build_filename (folder, "weights", NULL), *file = g_build_filename (weights, "weights.safetensors", NULL), *picture = g_build_filename (folder, "m.svg", NULL);
  g_autofree char *data = g_build_filename (folder, "pixels", NULL), *before = NULL, *after = NULL;
  gsize            n, m;

  fixture_expect (0, "export", design, "--format", "weights", "-o", weights, NULL);
  g_assert_true (g_file_get_contents (file, &before, &n, NULL));
  fixture_expect (0, "render", file, "-o", picture, NULL);
  g_assert_true (g_file_test (picture, G_FILE_TEST_EXISTS));
  fixture_expect (0, "check", file, NULL);
  fixture_refuses (2, "-o FILE.equi", "bind", file, "--data", data, NULL);
  g_assert_true (g_file_get_contents (file, &after, &m, NULL));
  g_assert_cmpmem (before, n, after, m);
}

static void
test_groups (void)
{
  g_autoptr (EqsValue) list = fixture_json (0, "groups", NULL);
  gboolean             found = FALSE;

  for (guint i = 0; i < eqs_value_get_length (list); i++)
    found = found || strcmp (eqs_map_get_string (eqs_value_get_map (eqs_value_get_item (list, i)), "id", ""), "Sn") == 0;
  g_assert_true (found);
}

/* The previews of the force fields are as small as they promise, and sound. */
static void
test_previews (void)
{
  static const struct { const char *id; double parameters; } templates[] = { { "T09", 119872 }, { "T10", 40752 } };

  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autofree char *file = g_strdup_printf ("%s/%s.equi", folder, templates[i].id);
      g_autoptr (EqsValue) checked = NULL;

      fixture_expect (0, "new", templates[i].id, "--preview", "--data", "ethanol_xtb", "-o", file, NULL);
      checked = fixture_json (0, "check", file, NULL);
      g_assert_cmpfloat (fixture_number (checked, "totals.parameters"), ==, templates[i].parameters);
    }
}

/* Every shipped set says whose it is, and has a sheet beside it; a folder says how it is read, and a broken one what is wrong. */
static void
test_sheets (void)
{
  g_autofree char *data = g_build_filename (folder, "pixels", NULL), *torn = g_build_filename (folder, "torn", NULL), *file = g_build_filename (torn, "test.csv", NULL), *out = NULL;
  g_autofree char *train = g_build_filename (torn, "train.csv", NULL), *err = NULL;
  g_autoptr (EqsValue) list = fixture_json (0, "datasets", NULL);

  g_assert_cmpuint (eqs_value_get_length (list), >=, 15);
  for (guint i = 0; i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *one = eqs_value_get_map (eqs_value_get_item (list, i));
      g_autofree char *sheet = g_build_filename (eqs_map_get_string (one, "path", ""), "README.md", NULL);

      g_test_message ("%s", eqs_map_get_string (one, "id", ""));
      g_assert_cmpstr (eqs_map_get_string (one, "licence", ""), !=, "");
      g_assert_cmpstr (eqs_map_get_string (one, "origin", ""), !=, "");
      g_assert_true (g_file_test (sheet, G_FILE_TEST_EXISTS));
    }
  g_assert_cmpint (fixture_run (&out, NULL, "datasets", data, "karate", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "not stated"));
  g_assert_nonnull (strstr (out, "Zachary"));
  g_assert_cmpint (g_mkdir_with_parents (torn, 0777), ==, 0);
  g_assert_true (g_file_set_contents (train, "label,x\n0,1\n1,2\n0,2\n", -1, NULL));
  g_assert_true (g_file_set_contents (file, "label,x\n0,one\n", -1, NULL));
  g_clear_pointer (&out, g_free);
  g_assert_cmpint (fixture_run (&out, &err, "datasets", torn, NULL), ==, 3);
  g_assert_nonnull (strstr (out, "train"));
  g_assert_nonnull (strstr (err, "line 2"));
}

/* Values that are missing are counted; a table of what was found is CSV; of no set, of two sets or of an unknown table there is none. */
static void
test_inspection (void)
{
  g_autofree char *data = g_build_filename (folder, "holes", NULL), *path = g_build_filename (data, "train.csv", NULL), *csv = NULL, *text = NULL;
  g_autoptr (EqsValue) list = NULL;

  g_assert_cmpint (g_mkdir_with_parents (data, 0777), ==, 0);
  g_assert_true (g_file_set_contents (path, "a,b,label\n,2,0\n3,4,1\n5,NA,1\n3,4,1\n", -1, NULL));
  list = fixture_json (0, "datasets", data, "--inspect", NULL);
  g_assert_cmpfloat (fixture_number (eqs_value_get_item (list, 0), "inspection.missing"), ==, 2);
  g_assert_cmpfloat (fixture_number (eqs_value_get_item (list, 0), "inspection.duplicates"), ==, 1);
  g_assert_cmpint (fixture_run (&csv, NULL, "datasets", data, "--table", "columns", NULL), ==, 0);
  g_assert_true (g_str_has_prefix (csv, "part,column,component,role,unit,numbers,missing,"));
  g_assert_cmpint (fixture_run (&text, NULL, "datasets", data, "--inspect", NULL), ==, 3);
  g_assert_nonnull (strstr (text, "2 values are missing."));
  fixture_refuses (2, "not “rows”", "datasets", data, "--table", "rows", NULL);
  fixture_refuses (2, "name it", "datasets", "--table", "columns", NULL);
  fixture_refuses (2, "name one", "datasets", "--inspect", NULL);
  fixture_expect (0, "new", "T08", "-o", design, "--force", NULL);
  fixture_refuses (1, "binds some", "check", design, "--time", NULL);      /* bound to nothing */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  design = g_build_filename (folder, "own.equi", NULL);
  g_test_add_func ("/own-data/notes", test_notes);
  g_test_add_func ("/own-data/hint", test_hint);
  g_test_add_func ("/own-data/roles", test_roles);
  g_test_add_func ("/own-data/checkpoints", test_checkpoints);
  g_test_add_func ("/own-data/groups", test_groups);
  g_test_add_func ("/own-data/previews", test_previews);
  g_test_add_func ("/own-data/sheets", test_sheets);
  g_test_add_func ("/own-data/inspection", test_inspection);
  return g_test_run ();
}
