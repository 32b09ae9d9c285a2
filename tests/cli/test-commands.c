/* What people and scripts rely on: exit statuses, messages, JSON, help; and that nothing a file can contain gets past a sentence. */

#include "fixture.h"

static char *folder, *design;

static void
test_help (void)
{
  g_autofree char *list = NULL;
  g_auto (GStrv) lines = NULL;
  int n = 0;

  g_assert_cmpint (fixture_run (&list, NULL, "--help", NULL), ==, 0);
  g_assert_cmpint (fixture_run (NULL, NULL, (const char *) NULL, NULL), ==, 2);
  lines = g_strsplit (list, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "  "))
      {
        g_auto (GStrv) words = g_strsplit_set (g_strstrip (*line), " ", 2);
        g_autofree char *out = NULL, *err = NULL;

        g_assert_cmpint (fixture_run (&out, &err, words[0], "--help", NULL), ==, 0);
        g_assert_cmpstr (err, ==, "");
        g_assert_nonnull (strstr (out, "Usage:"));
        g_assert_nonnull (strstr (out, words[0]));
        n++;
      }
  g_assert_cmpint (n, >=, 8);
  fixture_refuses (2, "no command", "trian", NULL);
  fixture_refuses (2, "--frobnicate", "train", "--frobnicate", NULL);
}

/* The entry of a command in the manual page, with its marks of fonts taken away; NULL: there is none. (transfer full) */
static char *
manual_entry (const char *page, const char *command)
{
  g_autofree char *begin = g_strdup_printf ("\n.TP\n.B %s ", command);
  const char      *from = strstr (page, begin), *to, *next;
  g_autofree char *entry = NULL;
  g_autoptr (GRegex) fonts = g_regex_new ("\\\\f[A-Z]", 0, 0, NULL);
  g_autofree char *plain = NULL;
  g_auto (GStrv)   parts = NULL;

  if (from == NULL)
    return NULL;
  from += strlen ("\n.TP\n");
  to = strstr (from, "\n.SH ");
  next = strstr (from, "\n.TP\n");
  if (next != NULL && next < to)
    to = next;
  entry = g_strndup (from, (gsize) (to - from));
  plain = g_regex_replace (fonts, entry, -1, 0, "", 0, NULL);
  parts = g_strsplit (plain, "\\-", -1);
  return g_strjoinv ("-", parts);
}

/* What an entry of the manual page promises is an option of that command. */
static void
check_promises (const char *command, const char *entry, const char *help)
{
  g_autoptr (GRegex)     options = g_regex_new ("(?<![a-z-])--[a-z][a-z-]*", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (options, entry, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *option = g_match_info_fetch (match, 0), *pattern = g_strdup_printf ("(?<![a-z-])%s(?![a-z-])", option);

      if (g_regex_match_simple (pattern, help, 0, 0))
        continue;
      g_test_message ("the manual page tells of %s, which “equi %s” does not have", option, command);
      g_test_fail ();
    }
}

/* Each option of each command stands in the entry of that command, and no other. */
static void
test_manual (void)
{
  g_autofree char   *path = fixture_source ("../data/equi.1"), *page = NULL, *list = NULL;
  g_autoptr (GRegex) options = g_regex_new ("^  (?:(-[a-z]), )?(--[a-z-]+)", G_REGEX_MULTILINE, 0, NULL), commands = g_regex_new ("^  ([a-z]+) ", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) command = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &page, NULL, NULL));
  g_assert_cmpint (fixture_run (&list, NULL, "--help", NULL), ==, 0);
  for (g_regex_match (commands, list, 0, &command); g_match_info_matches (command); g_match_info_next (command, NULL))
    {
      g_autofree char *name = g_match_info_fetch (command, 1), *entry = manual_entry (page, name), *help = NULL;
      g_autoptr (GMatchInfo) match = NULL;

      if (entry == NULL)
        g_error ("the manual page does not know “equi %s”", name);
      g_assert_cmpint (fixture_run (&help, NULL, name, "--help", NULL), ==, 0);
      for (g_regex_match (options, help, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
        for (int i = 1; i <= 2; i++)
          {
            g_autofree char *option = g_match_info_fetch (match, i), *pattern = g_strdup_printf ("(?<![a-z-])%s(?![a-z-])", option);

            if (*option == '\0' || g_str_equal (option, "-h") || g_str_equal (option, "--help"))
              continue;
            if (!g_regex_match_simple (pattern, entry, 0, 0))
              {
                g_test_message ("the manual page does not know %s of “equi %s”", option, name);
                g_test_fail ();
              }
            n++;
          }
      check_promises (name, entry, help);
    }
  g_assert_cmpuint (n, >, 60);
}

static void
test_ranges (void)
{
  static const char *const bad[][3] = {
    { "--epochs", "0", "from 1 to 100000" },      { "--epochs", "1e3", "whole number" },     { "--seed", "-1", "from 0 to 9007199254740992" },
    { "--seed", "9007199254740993", "from 0" },   { "--threads", "0", "from 1 to 256" },     { "--batch", "4097", "from 1 to 4096" },
    { "--limit", "0", "from 1" },                 { "--lr", "0", "above 0" },                { "--lr", "nan", "above 0" },
    { "--lr", "0,1", "above 0" },                 { "--optimizer", "lion", "sgd, adam, adamw" }, { "--schedule", "wave", "constant, step" },
    { "--precision", "f16", "f32, f64" },         { "--augment", "C99", "group" },           { "--max-seconds", "-3", "above 0" },
    { "--seeds", "1,x", "whole number" },         { "--seeds", "1,1", "twice" },             { "--set", "channels=3", "NODE.PARAM=VALUE" },
    { "--set", "nobody.channels=3", "nobody" },
  };
  g_autofree char *run = g_build_filename (folder, "never", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    fixture_refuses (2, bad[i][2], "train", design, "--data", "ethanol_xtb", "-o", run, bad[i][0], bad[i][1], NULL);
  fixture_refuses (2, "-o DIR", "train", design, "--data", "ethanol_xtb", NULL);
  fixture_refuses (2, "bound to no data", "train", design, "-o", run, NULL);
  fixture_refuses (2, "exclude", "train", design, "--data", "ethanol_xtb", "-o", run, "--seed", "1", "--seeds", "2,3", NULL);
  fixture_refuses (2, "excludes", "train", design, "--data", "ethanol_xtb", "-o", run, "--resume", "--force", NULL);
  fixture_refuses (2, "none, quarter, group, random", "eval", design, "--data", "ethanol_xtb", "--transform", "half", NULL);
  fixture_refuses (2, "from 2 to 10000", "audit", design, "--samples", "1", NULL);
  fixture_refuses (2, "--format says", "export", design, "-o", run, NULL);
  fixture_refuses (2, "does not write onnx", "export", design, "--format", "onnx", "-o", run, NULL);
  fixture_refuses (2, "name of C", "export", design, "--format", "c", "--prefix", "9x", "-o", run, NULL);
  fixture_refuses (2, "belong to --format c", "export", design, "--format", "weights", "--plain", "-o", run, NULL);
  fixture_refuses (2, "belongs to --format weights", "export", design, "--format", "c", "--convention", "nequip", "-o", run, NULL);
  fixture_refuses (2, "-o FILE.xyz", "sample", design, NULL);
  fixture_refuses (2, "from 1 to 10000", "sample", design, "--steps", "0", "-o", "never.xyz", NULL);
  fixture_refuses (2, "ancestral, euler, heun", "sample", design, "--method", "best", "-o", "never.xyz", NULL);
  fixture_refuses (1, "T15", "sample", design, "-o", "never.xyz", NULL);
  fixture_refuses (2, "exclude", "predict", design, "a.xyz", "--json", "--csv", NULL);
  g_assert_false (g_file_test (run, G_FILE_TEST_EXISTS));
}

/* What could not be written was not done. */
static void
test_full_output (void)
{
  static const char *const commands[] = { "groups", "layers", "check" };

  for (guint i = 0; g_file_test ("/dev/full", G_FILE_TEST_EXISTS) && i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *line = g_strdup_printf ("%s %s %s > /dev/full", g_getenv ("EQUI"), commands[i], i == 2 ? design : "");
      const char *const args[] = { "sh", "-c", line, NULL };
      g_autoptr (GSubprocess) process = g_subprocess_newv (args, G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
      g_autofree char *err = NULL;

      g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL));
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 3);
      g_assert_nonnull (strstr (err, "could not be written"));
    }
}

/* Words of the guide that are not known are a matter of usage; a new file is no old one; a run is no file. */
static void
test_small_words (void)
{
  g_autofree char *err = NULL, *file = g_build_filename (folder, "a-file", NULL);

  fixture_refuses (2, "no symmetry group", "guide", "--domain", "image", "--task", "classification", "--group", "C99", "--output", "invariant", NULL);
  fixture_refuses (2, "invariant or equivariant", "guide", "--domain", "image", "--task", "classification", "--group", "C4", "--output", "sideways", NULL);
  fixture_refuses (2, "--bad. ", "groups", "--bad", NULL);
  g_assert_cmpint (fixture_run (NULL, &err, "new", "T01", "-o", "/no/such/folder/x.equi", NULL), ==, 3);
  g_assert_null (strstr (err, "old file"));
  g_assert_true (g_file_set_contents (file, "kept", -1, NULL));
  fixture_refuses (3, "is a file", "train", design, "--data", "ethanol_xtb", "--limit", "4", "--epochs", "1", "--force", "-o", file, NULL);
  fixture_refuses (2, "--sweep is", "render", design, "--sweep", "1", "-o", "never.png", NULL);
}

/* A file that cannot be written: of an export none is, and what an audit found is told all the same. */
static void
test_half_written (void)
{
  g_autofree char *out = NULL, *err = NULL, *target = g_build_filename (folder, "half", NULL), *weights = g_build_filename (target, "model_weights.c", NULL), *model = g_build_filename (target, "model.c", NULL);
  g_autofree char *report = g_build_filename (folder, "no-such-folder", "report.md", NULL), *t13 = g_build_filename (folder, "t13.equi", NULL);

  g_assert_cmpint (g_mkdir_with_parents (weights, 0777), ==, 0);
  fixture_expect (0, "new", "T13", "-o", t13, NULL);
  fixture_refuses (3, "model_weights.c", "export", t13, "--format", "c", "-o", target, NULL);
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
  g_assert_cmpint (fixture_run (&out, &err, "audit", t13, "--samples", "2", "--report", report, NULL), ==, 3);
  g_assert_nonnull (strstr (out, "worst error"));
  g_assert_nonnull (strstr (err, "report.md"));
}

static void
test_out_of_range_setting (void)
{
  g_autofree char *run = g_build_filename (folder, "setting", NULL), *err = NULL;

  g_assert_cmpint (fixture_run (NULL, &err, "train", design, "--data", "ethanol_xtb", "-o", run, "--set", "inter1.filters=0", NULL), ==, 1);
  g_assert_nonnull (strstr (err, "inter1"));
  g_assert_false (g_file_test (run, G_FILE_TEST_EXISTS));
}

static void
write_file (const char *path, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, (gssize) length, &error));
}

/* Every golden broken design is one sentence, and is not touched. */
static void
test_broken_designs (void)
{
  g_autofree char *broken = fixture_source ("golden/broken-designs");
  g_autoptr (GDir) dir = g_dir_open (broken, 0, NULL);
  const char *name;
  int         n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      static const char *const commands[] = { "check", "train", "audit", "export", "eval" };
      g_autofree char *path = g_build_filename (broken, name, NULL), *run = g_build_filename (folder, "broken-run", NULL), *before = NULL;
      gsize length;

      if (!g_str_has_suffix (name, ".equi"))
        continue;
      g_assert_true (g_file_get_contents (path, &before, &length, NULL));
      for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        {
          g_autofree char *err = NULL, *after = NULL;
          const int status = strcmp (commands[i], "train") == 0    ? fixture_run (NULL, &err, "train", path, "--data", "ethanol_xtb", "-o", run, NULL)
                             : strcmp (commands[i], "export") == 0 ? fixture_run (NULL, &err, "export", path, "--format", "c", "-o", run, NULL)
                             : strcmp (commands[i], "eval") == 0   ? fixture_run (NULL, &err, "eval", path, "--data", "ethanol_xtb", NULL)
                                                                   : fixture_run (NULL, &err, commands[i], path, NULL);

          if (strcmp (name, "newer-version.equi") != 0)   /* it is readable, and may be fine */
            g_assert_cmpint (status, !=, 0);
          g_assert_cmpint (status, !=, 2);
          g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
          g_assert_cmpstr (before, ==, after);
        }
      n++;
    }
  g_assert_cmpint (n, >, 10);
}

static void
test_broken_files (void)
{
  g_autofree char *run = g_build_filename (folder, "run", NULL), *best = g_build_filename (run, "best.safetensors", NULL);
  g_autofree char *bad = g_build_filename (folder, "bad.safetensors", NULL), *text = NULL, *other = g_build_filename (folder, "other", NULL), *below = NULL;
  gsize length;

  fixture_refuses (3, "nowhere", "train", design, "--data", "nowhere/at/all", "-o", run, NULL);
  fixture_refuses (3, "missing.equi", "check", "missing.equi", NULL);
  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--epochs", "1", "--limit", "40", "-o", run, NULL);
  fixture_refuses (3, "--resume", "train", design, "--data", "ethanol_xtb", "-o", run, NULL);
  fixture_refuses (3, "to go on from", "train", design, "--data", "ethanol_xtb", "-o", other, "--resume", NULL);

  /* Truncated, with a header beyond the file, and none at all. */
  g_assert_true (g_file_get_contents (best, &text, &length, NULL));
  write_file (bad, text, length / 2);
  fixture_refuses (3, "bad.safetensors", "eval", bad, "--data", "ethanol_xtb", NULL);
  memset (text, 0xff, 4);
  write_file (bad, text, length);
  fixture_refuses (3, "bad.safetensors", "audit", bad, NULL);
  write_file (bad, "", 0);
  fixture_refuses (3, "bad.safetensors", "export", bad, "--format", "c", "-o", other, NULL);

  /* A checkpoint of another design: the node that differs is named. */
  fixture_refuses (1, "inter1", "train", design, "--data", "ethanol_xtb", "--set", "inter1.filters=16", "-o", run, "--resume", NULL);
  fixture_refuses (1, "other data", "train", design, "--data", "aspirin_xtb", "-o", run, "--resume", NULL);
  fixture_refuses (1, "--batch", "train", design, "--data", "ethanol_xtb", "--batch", "7", "-o", run, "--resume", NULL);
  below = g_build_filename (best, "run", NULL);
  fixture_refuses (3, "cannot be made", "train", design, "--data", "ethanol_xtb", "-o", below, NULL);
  fixture_refuses (3, "test_mars", "eval", best, "--split", "test_mars", NULL);
  fixture_refuses (3, "does not take a picture", "predict", best, "x.png", NULL);
}

static void
test_predict (void)
{
  g_autofree char *run = g_build_filename (folder, "predict-run", NULL), *best = g_build_filename (run, "best.safetensors", NULL);
  g_autofree char *one = g_build_filename (folder, "water.xyz", NULL), *csv = NULL;
  static const char ethanol[] = "9\n\nC 1.26698 -0.26666 -0.29820\nC -0.15586 -0.44596 0.24576\nO -0.98110 0.68445 0.04895\nH 2.09560 0.26288 0.22037\n"
                                "H 1.03940 0.19856 -1.22992\nH 1.71129 -1.25887 -0.65912\nH -0.17844 -0.56275 1.33107\nH -0.54811 -1.48228 -0.36863\nH -1.2 1.3 0.7\n";
  g_autoptr (EqsValue) json = NULL;
  EqsValue *first;

  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--epochs", "1", "--limit", "40", "-o", run, NULL);
  write_file (one, ethanol, strlen (ethanol));
  json = fixture_json (0, "predict", best, one, one, NULL);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (json), "outputs")), ==, 2);
  first = eqs_value_get_item (eqs_map_get (eqs_value_get_map (json), "outputs"), 0);
  g_assert_cmpfloat (fixture_number (first, "energy"), <, -200);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (first), "forces")), ==, 9);
  g_assert_cmpint (fixture_run (&csv, NULL, "predict", best, one, "--csv", NULL), ==, 0);
  g_assert_nonnull (strstr (csv, ",forces,8,"));
  /* An element it was not trained with; a truncated file. */
  write_file (one, "1\n\nGd 0 0 0\n", 12);
  fixture_refuses (3, "64", "predict", best, one, NULL);
  write_file (one, ethanol, strlen (ethanol) / 2);
  fixture_refuses (3, "water.xyz", "predict", best, one, NULL);
}

static void
test_audit_and_export (void)
{
  g_autofree char *run = g_build_filename (folder, "audit-run", NULL), *best = g_build_filename (run, "best.safetensors", NULL);
  g_autofree char *out = g_build_filename (folder, "weights", NULL), *audit = g_build_filename (run, "audit.json", NULL), *file = NULL;
  g_autoptr (EqsValue) json = NULL, files = NULL, again = NULL, before = NULL, after = NULL, spec = NULL;
  EqsValue *written;
  char     *text[2];

  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--epochs", "1", "--limit", "40", "-o", run, NULL);
  json = fixture_json (0, "audit", best, "--samples", "4", "--seed", "3", NULL);
  g_assert_cmpstr (eqs_map_get_string (eqs_value_get_map (json), "verdict", NULL), ==, "exact");
  g_assert_cmpfloat (fixture_number (json, "worst"), <=, 1e-5);
  g_assert_cmpfloat (fixture_number (json, "worst_forces"), <=, 1e-4);
  g_assert_cmpfloat (fixture_number (json, "samples"), ==, 4);
  g_assert_cmpfloat (fixture_number (json, "control.ratio"), >, 10);
  g_assert_true (g_file_test (audit, G_FILE_TEST_EXISTS));
  again = fixture_json (0, "audit", best, "--samples", "4", "--seed", "3", NULL);
  g_assert_true (eqs_value_equal (json, again));

  files = fixture_json (0, "export", best, "--format", "weights", "-o", out, NULL);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (files), "files")), ==, 2);
  file = g_build_filename (out, "weights.safetensors", NULL);
  before = fixture_json (0, "eval", best, "--data", "ethanol_xtb", NULL);
  after = fixture_json (0, "eval", file, "--data", "ethanol_xtb", NULL);
  g_assert_cmpfloat (fixture_number (before, "metrics.force_mae"), ==, fixture_number (after, "metrics.force_mae"));

  spec = fixture_json (0, "export", best, "--format", "spec", "-o", out, NULL);
  written = eqs_map_get (eqs_value_get_map (spec), "files");
  g_assert_cmpuint (eqs_value_get_length (written), ==, 2);      /* the document and the picture that it names */
  for (guint i = 0; i < 2; i++)
    {
      const char *path = eqs_value_get_string (eqs_value_get_item (written, i));

      g_assert_true (g_str_has_suffix (path, i == 0 ? "specification.md" : "network.svg"));
      g_assert_true (g_file_get_contents (path, &text[i], NULL, NULL));
    }
  g_assert_nonnull (strstr (text[0], "network.svg"));
  g_assert_nonnull (strstr (text[1], "<svg"));
  g_free (text[0]);
  g_free (text[1]);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  design = fixture_source ("golden/designs/ethanol.equi");
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/manual", test_manual);
  g_test_add_func ("/cli/ranges", test_ranges);
  g_test_add_func ("/cli/small-words", test_small_words);
  g_test_add_func ("/cli/half-written", test_half_written);
  g_test_add_func ("/cli/full-output", test_full_output);
  g_test_add_func ("/cli/out-of-range-setting", test_out_of_range_setting);
  g_test_add_func ("/cli/broken-designs", test_broken_designs);
  g_test_add_func ("/cli/broken-files", test_broken_files);
  g_test_add_func ("/cli/predict", test_predict);
  g_test_add_func ("/cli/audit-and-export", test_audit_and_export);
  status = g_test_run ();
  g_free (folder);
  g_free (design);
  return status;
}
