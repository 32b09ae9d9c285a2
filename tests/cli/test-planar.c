/* A design on pictures from template to outputs: bound, trained, interrupted, judged turned, compared with its ordinary twin. */

#include "fixture.h"

#include "model/file.h"

#include <math.h>
#include <signal.h>

static char *folder, *design, *twin;

static char *
in_folder (const char *run, const char *file)
{
  return g_build_filename (folder, run, file, NULL);
}

static void
test_template (void)
{
  g_autoptr (EqsValue) json = fixture_json (0, "new", "T01", "--data", "mnist_rot", "-o", design, NULL);
  g_autoptr (EqsValue) check = fixture_json (0, "check", design, NULL);

  g_assert_cmpfloat (fixture_number (check, "totals.parameters"), ==, 113802);
}

static void
test_twin (void)
{
  static const char *const others[] = { "T02", "T03", "T24" };
  g_autofree char *blocks = fixture_source ("golden/designs/residual-blocks.equi"), *ordinary_blocks = in_folder ("blocks-twin.equi", NULL);
  g_autofree char *molecule = fixture_source ("golden/designs/ethanol.equi"), *none = in_folder ("none.equi", NULL);
  g_autoptr (EqsValue) json = fixture_json (0, "twin", design, "-o", twin, NULL), check = NULL, json_blocks = NULL;

  check = fixture_json (0, "check", twin, NULL);
  g_assert_cmpfloat (fabs (fixture_number (check, "totals.parameters") / 113802 - 1), <=, 0.05);
  g_assert_cmpfloat (fixture_number (check, "totals.parameters"), ==, fixture_number (json, "parameters"));
  fixture_refuses (2, "--force", "twin", design, "-o", twin, NULL);
  /* The others on pictures have one too; a molecule's network, which has no steerable convolution, does not. */
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *file = in_folder (others[i], NULL), *ordinary = g_strconcat (file, "-twin.equi", NULL);
      g_autoptr (EqsValue) report = NULL;

      fixture_expect (0, "new", others[i], "-o", file, NULL);
      report = fixture_json (0, "twin", file, "-o", ordinary, NULL);
      g_assert_cmpfloat (fabs (fixture_number (report, "parameters") / fixture_number (report, "original_parameters") - 1), <=, 0.05);
      fixture_expect (0, "check", ordinary, NULL);
    }
  /* What is inside a block that repeats is changed like the rest, and counts as often as it repeats. */
  json_blocks = fixture_json (0, "twin", blocks, "-o", ordinary_blocks, NULL);
  g_assert_cmpfloat (fixture_number (json_blocks, "original_parameters"), ==, 18938);
  g_assert_cmpfloat (fabs (fixture_number (json_blocks, "parameters") / 18938 - 1), <=, 0.05);
  fixture_expect (0, "check", ordinary_blocks, NULL);
  fixture_refuses (1, "no steerable convolution", "twin", molecule, "-o", none, NULL);
  g_assert_false (g_file_test (none, G_FILE_TEST_EXISTS));
}

/* The file without the lines that name the design by its hash, which is not that of the network alone. */
static char *
dup_without_hash (const char *folder_of, const char *file)
{
  g_autofree char *path = g_build_filename (folder_of, file, NULL), *text = NULL;
  g_auto (GStrv)   lines = NULL;
  GString         *rest = g_string_new (NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "Design ") == NULL && strstr (lines[i], "HASH") == NULL)
      g_string_append_printf (rest, "%s\n", lines[i]);
  return g_string_free (rest, FALSE);
}

/* Two uses of one definition are two blocks of the same inside: in parameters, in the exported C to the byte, in the audit, as twin. */
static void
test_two_uses (void)
{
  static const char *const files[] = { "model.c", "model_weights.c", "selftest.c" };
  g_autofree char *uses = fixture_source ("golden/designs/two-uses.equi"), *own = in_folder ("own.equi", NULL), *c_uses = in_folder ("c-uses", NULL), *c_own = in_folder ("c-own", NULL), *ordinary = in_folder ("uses-twin.equi", NULL);
  g_autoptr (EqsDocument) document = eqs_file_load (uses, NULL);
  g_autoptr (EqsValue) check = fixture_json (0, "check", uses, NULL), check_own = NULL, audit = NULL, report = NULL;

  g_assert_cmpuint (eqs_document_count_uses (document, "cell"), ==, 2);
  g_assert_true (eqs_document_detach_all (document, NULL));
  g_assert_true (eqs_document_remove_definition (document, "cell", NULL));
  g_assert_true (eqs_file_save (document, own, NULL));
  check_own = fixture_json (0, "check", own, NULL);
  g_assert_cmpfloat (fixture_number (check, "totals.parameters"), ==, 113802);
  g_assert_cmpfloat (fixture_number (check_own, "totals.parameters"), ==, 113802);
  fixture_expect (0, "export", uses, "--format", "c", "-o", c_uses, NULL);
  fixture_expect (0, "export", own, "--format", "c", "-o", c_own, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *a = dup_without_hash (c_uses, files[i]), *b = dup_without_hash (c_own, files[i]);

      g_assert_cmpuint (strlen (a), >, 1000);
      g_assert_cmpstr (a, ==, b);
    }
  audit = fixture_json (0, "audit", uses, NULL);
  report = fixture_json (0, "twin", uses, "-o", ordinary, NULL);
  g_assert_cmpfloat (fabs (fixture_number (report, "parameters") / 113802 - 1), <=, 0.05);
}

static EqsValue *
train (const char *file, const char *run, const char *option, const char *value)
{
  g_autofree char *path = in_folder (run, NULL);

  return fixture_json (0, "train", file, "--data", "mnist_rot", "--limit", "320", "--epochs", "2", "-o", path, option, value, NULL);
}

static void
test_threads (void)
{
  g_autofree char *one = in_folder ("threads-1", "last.safetensors");
  g_autoptr (EqsValue) json = train (design, "threads-1", "--threads", "1");

  g_assert_cmpfloat (fixture_number (json, "symmetry_error"), <, 1e-4);
  for (int threads = 2; threads <= 3; threads++)
    {
      g_autofree char *run = g_strdup_printf ("threads-%d", threads), *number = g_strdup_printf ("%d", threads), *last = in_folder (run, "last.safetensors");
      g_autoptr (EqsValue) other = train (design, run, "--threads", number);

      fixture_same (one, last);
    }
}

/* Stopped within an epoch, with running statistics and augmentation on the way. */
static void
test_interrupt (void)
{
  g_autofree char *whole = in_folder ("threads-1", "last.safetensors"), *last = in_folder ("parts", "last.safetensors"), *path = in_folder ("parts", NULL);
  g_autofree char *file = in_folder ("parts", "design.equi"), *err = NULL;
  const char *args[] = { "train", design, "--data", "mnist_rot", "--limit", "320", "--epochs", "2", "-o", path, NULL };
  g_autoptr (GSubprocess) process = fixture_start (args);

  fixture_wait_for (file);
  g_usleep (300000);
  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), <=, 1);
  g_assert_nonnull (strstr (err, "--resume"));
  fixture_expect (0, "train", design, "--data", "mnist_rot", "-o", path, "--resume", NULL);
  fixture_same (whole, last);
}

static void
test_turned (void)
{
  g_autofree char *best = in_folder ("threads-1", "best.safetensors"), *ordinary = in_folder ("twin", "best.safetensors");
  g_autoptr (EqsValue) plain = train (twin, "twin", NULL, NULL);
  g_autoptr (EqsValue) exact = fixture_json (0, "eval", best, "--transform", "quarter", "--data", "mnist_rot", NULL);
  g_autoptr (EqsValue) other = fixture_json (0, "eval", ordinary, "--transform", "quarter", NULL);

  /* Quarter turns change nothing for C4, but the order of a few roundings; of the twin they change every loss. */
  g_assert_cmpfloat_with_epsilon (fixture_number (exact, "transformed.loss"), fixture_number (exact, "metrics.loss"), 1e-4);
  g_assert_cmpfloat_with_epsilon (fixture_number (exact, "transformed.accuracy"), fixture_number (exact, "metrics.accuracy"), 1.5 / 2000);
  g_assert_cmpfloat (fabs (fixture_number (other, "transformed.loss") - fixture_number (other, "metrics.loss")), >, 1e-4);
  g_assert_cmpfloat (fixture_number (exact, "n"), ==, 2000);
}

static void
test_predict (void)
{
  g_autofree char *best = in_folder ("threads-1", "best.safetensors"), *picture = in_folder ("digit.pgm", NULL), *small = in_folder ("small.pgm", NULL);
  g_autoptr (GString) text = g_string_new ("P5\n28 28\n255\n"), wrong = g_string_new ("P5\n9 9\n255\n");
  g_autoptr (EqsValue) json = NULL;
  g_autofree char *csv = NULL;
  g_auto (GStrv)   table = NULL, cells = NULL;
  EqsValue *first;
  double    sum = 0;

  for (int i = 0; i < 28 * 28; i++)
    g_string_append_c (text, i / 28 > 6 && i / 28 < 21 && i % 28 > 12 && i % 28 < 16 ? '\377' : '\0');
  for (int i = 0; i < 81; i++)
    g_string_append_c (wrong, 'a');
  g_assert_true (g_file_set_contents (picture, text->str, (gssize) text->len, NULL));
  g_assert_true (g_file_set_contents (small, wrong->str, (gssize) wrong->len, NULL));
  json = fixture_json (0, "predict", best, picture, NULL);
  first = eqs_value_get_item (eqs_map_get (eqs_value_get_map (json), "outputs"), 0);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (first), "logits")), ==, 10);
  for (guint i = 0; i < 10; i++)
    sum += exp (eqs_value_get_number (eqs_value_get_item (eqs_map_get (eqs_value_get_map (first), "logits"), i)));
  g_assert_cmpfloat (fixture_number (first, "probability"), >, 0.1);
  g_assert_true (isfinite (sum));
  fixture_refuses (3, "28×28×1", "predict", best, small, NULL);

  /* The header of a CSV has a name for each cell of its lines. */
  g_assert_cmpint (fixture_run (&csv, NULL, "predict", best, picture, "--csv", NULL), ==, 0);
  table = g_strsplit (csv, "\n", 3);
  g_assert_cmpstr (table[0], ==, "input,index,output,row,class,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9");
  cells = g_strsplit (table[1], ",", -1);
  g_assert_cmpuint (g_strv_length (cells), ==, 15);
}

/* An infinite variance leaves a finite loss behind it: the run stops all the same, and names it. */
static void
test_diverged (void)
{
  g_autofree char *run = in_folder ("diverged", NULL), *best = in_folder ("diverged", "best.safetensors");

  fixture_refuses (1, "running_var” became infinite or not a number in epoch 1.", "train", design, "--data", "mnist_rot", "--epochs", "1", "--limit", "128", "--lr", "1e9", "-o", run, NULL);
  g_assert_false (g_file_test (best, G_FILE_TEST_EXISTS));
}

/* A checkpoint with a weight that is no number, or a variance below 0, gives no answers: a ReLU would hide it. */
static void
test_unsound_weights (void)
{
  static const struct { const char *name; float value; const char *words; } cases[] = {
    { "conv1.weight", NAN, "not a finite number" }, { "digit.0.bias", INFINITY, "not a finite number" }, { "norm2.running_var", -1, "below 0" } };
  g_autofree char *best = in_folder ("threads-1", "best.safetensors"), *bad = in_folder ("unsound.safetensors", NULL), *picture = in_folder ("digit.pgm", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsSafetensors) file = eqs_safetensors_open (best, &error);
      g_autofree char *text = NULL;
      gsize            length;
      guint64          header;
      const EqsTensor *tensor, *first = NULL;

      g_assert_no_error (error);
      tensor = eqs_safetensors_find (file, cases[i].name);
      g_assert_nonnull (tensor);
      for (guint k = 0; k < eqs_safetensors_get_n (file); k++)
        if (first == NULL || (const char *) eqs_safetensors_get (file, k)->data < (const char *) first->data)
          first = eqs_safetensors_get (file, k);
      g_assert_true (g_file_get_contents (best, &text, &length, NULL));
      memcpy (&header, text, sizeof header);
      memcpy (text + 8 + GUINT64_FROM_LE (header) + ((const char *) tensor->data - (const char *) first->data), &cases[i].value, sizeof (float));
      g_assert_true (g_file_set_contents (bad, text, (gssize) length, NULL));
      fixture_refuses (3, cases[i].words, "predict", bad, picture, NULL);
      fixture_refuses (3, cases[i].name, "audit", bad, NULL);
    }
}

/* A design that cannot run has no parameters and no costs: not 0 of them. */
static void
test_unknown_costs (void)
{
  g_autofree char *broken = in_folder ("unknown.equi", NULL), *good = NULL, *text = NULL;
  g_auto (GStrv)   parts = NULL;
  g_autoptr (EqsValue) json = NULL;
  EqsValue *node;

  good = in_folder ("for-unknown.equi", NULL);
  fixture_expect (0, "new", "T01", "-o", good, NULL);
  g_assert_true (g_file_get_contents (good, &text, NULL, NULL));
  parts = g_strsplit (text, "16x reg", 2);
  g_free (text);
  text = g_strjoinv ("1000000000x reg", parts);
  g_assert_true (g_file_set_contents (broken, text, -1, NULL));
  json = fixture_json (1, "check", broken, NULL);
  g_assert_nonnull (strstr (eqs_map_get_string (eqs_value_get_map (eqs_value_get_item (eqs_map_get (eqs_value_get_map (json), "problems"), 0)), "message", ""),
                            "out of conv1 is 1000000000x reg; it takes at most 65535 channels."));
  node = eqs_value_get_item (eqs_map_get (eqs_value_get_map (json), "nodes"), 1);
  g_assert_cmpint (eqs_value_get_kind (eqs_map_get (eqs_value_get_map (node), "parameters")), ==, EQS_VALUE_NULL);
  g_assert_cmpint (eqs_value_get_kind (eqs_map_get (eqs_value_get_map (eqs_map_get (eqs_value_get_map (json), "totals")), "macs")), ==, EQS_VALUE_NULL);
}

/* Whom the guide takes is shown with its reasons, also below the third place; equal scores are not called higher. */
static void
test_guide (void)
{
  g_autofree char *out = NULL, *equal = NULL, *path = in_folder ("preview.equi", NULL), *told = NULL;

  g_assert_cmpint (fixture_run (&out, NULL, "guide", "--domain", "image", "--task", "classification", "--group", "SO2", "--output", "invariant", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "→ Steerable CNN with regular fields  0."));
  g_assert_cmpint (fixture_run (&equal, NULL, "guide", "--domain", "image", "--task", "classification", "--group", "C4", "--output", "invariant", NULL), ==, 0);
  g_assert_null (strstr (equal, "0.95 against 0.95"));
  g_assert_cmpint (fixture_run (&told, NULL, "new", "T01", "--preview", "-o", path, NULL), ==, 0);
  g_assert_nonnull (strstr (told, "no preview block"));
}

static double
probability_of (const char *checkpoint, const char *file)
{
  g_autoptr (EqsValue) json = fixture_json (0, "predict", checkpoint, file, NULL);

  return fixture_number (eqs_value_get_item (eqs_map_get (eqs_value_get_map (json), "outputs"), 0), "probability");
}

/* White is 1 in a picture, whatever the bytes of the data set mean: there 16 is. And answers are told only of the same classes. */
static void
test_other_scale (void)
{
  g_autofree char *small = in_folder ("digits8.equi", NULL), *run = in_folder ("digits8", NULL), *best = in_folder ("digits8", "best.safetensors");
  g_autofree char *picture = in_folder ("white.pgm", NULL), *numbers = in_folder ("white.npy", NULL), *others = in_folder ("others", NULL), *class_folder = in_folder ("others", "valid/zero");
  g_autofree char *train_folder = in_folder ("others", "train/zero"), *first = g_build_filename (class_folder, "a.pgm", NULL), *second = g_build_filename (train_folder, "a.pgm", NULL);
  g_autoptr (GString) pgm = g_string_new ("P5\n8 8\n255\n"), npy = g_string_new (NULL);
  const float one = 1, none = 0;

  fixture_expect (0, "new", "T01", "--data", "digits8", "-o", small, NULL);
  fixture_expect (0, "train", small, "--data", "digits8", "--limit", "64", "--epochs", "1", "-o", run, NULL);
  g_string_append_len (npy, "\x93NUMPY\x01\x00\x76\x00", 10);
  g_string_append_printf (npy, "%-117s\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (8, 8), }");
  for (int i = 0; i < 64; i++)
    {
      g_string_append_c (pgm, i % 8 > 4 ? '\377' : '\0');
      g_string_append_len (npy, (const char *) (i % 8 > 4 ? &one : &none), sizeof (float));
    }
  g_assert_true (g_file_set_contents (picture, pgm->str, (gssize) pgm->len, NULL));
  g_assert_true (g_file_set_contents (numbers, npy->str, (gssize) npy->len, NULL));
  g_assert_cmpfloat_with_epsilon (probability_of (best, picture), probability_of (best, numbers), 1e-6);

  g_assert_cmpint (g_mkdir_with_parents (class_folder, 0777) + g_mkdir_with_parents (train_folder, 0777), ==, 0);
  g_assert_true (g_file_set_contents (first, pgm->str, (gssize) pgm->len, NULL) && g_file_set_contents (second, pgm->str, (gssize) pgm->len, NULL));
  fixture_refuses (1, "classes", "eval", best, "--data", others, "--split", "valid", NULL);
  fixture_refuses (1, "one class only", "bind", small, "--data", others, "--check", NULL);
}

/* Limits of what is not there are not taken silently. */
static void
test_no_nodes (void)
{
  g_autofree char *best = in_folder ("threads-1", "best.safetensors"), *out = in_folder ("no-nodes", NULL);

  fixture_refuses (2, "--max-nodes", "export", best, "--format", "c", "-o", out, "--max-nodes", "9", NULL);
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
}

static void
test_misfit (void)
{
  g_autofree char *path = in_folder ("misfit", NULL), *out = NULL, *err = NULL;
  g_autoptr (EqsValue) json = NULL;

  g_assert_cmpint (fixture_run (&out, NULL, "train", design, "--data", "digit_scene", "-o", path, NULL), ==, 1);
  g_assert_cmpstr (out, ==, "");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (fixture_run (NULL, &err, "train", design, "--data", "digits8", "-o", path, NULL), ==, 1);
  g_assert_nonnull (strstr (err, "equi bind"));
  json = fixture_json (1, "train", design, "--data", "digits8", "-o", path, NULL);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (eqs_value_get_map (json), "changes")), >, 0);
}

/* A design that breaks its promise trains, and says so. */
static void
test_broken_promise (void)
{
  g_autofree char *path = in_folder ("broken", NULL), *file = in_folder ("broken.equi", NULL), *text = NULL, *err = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (design, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, "\"layer\": \"inner_bn\"", "\"layer\": \"batchnorm_plain\"", 1), ==, 1);
  g_assert_true (g_file_set_contents (file, changed->str, -1, NULL));
  fixture_expect (1, "check", file, NULL);
  g_assert_cmpint (fixture_run (NULL, &err, "train", file, "--data", "mnist_rot", "--limit", "64", "--epochs", "1", "-o", path, NULL), ==, 0);
  g_assert_nonnull (strstr (err, "does not hold"));
  g_assert_nonnull (strstr (err, "norm1"));
}

static void
test_bench (void)
{
  g_autoptr (EqsValue) json = fixture_json (0, "bench", "peak", "compile-t01", NULL);

  g_assert_cmpfloat (fixture_number (json, "peak.gflops"), >, 1);
  g_assert_cmpfloat (fixture_number (json, "peak.percent_of_peak"), >, 30);
  g_assert_cmpfloat (fixture_number (json, "compile-t01.median_s"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "compile-t01.min_s"), <=, fixture_number (json, "compile-t01.median_s"));
  g_clear_pointer (&json, eqs_value_unref);
  json = fixture_json (0, "bench", "uvu-fwd", "step-nequip", "infer-nequip", "compile-t09", NULL);
  g_assert_cmpfloat (fixture_number (json, "uvu-fwd.gflops"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "step-nequip.median_s"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "infer-nequip.median_s"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "compile-t09.median_s"), >, 0);
  fixture_refuses (2, "there are: peak, sgemm-1024", "bench", "warp-drive", NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  design = in_folder ("t01.equi", NULL);
  twin = in_folder ("t01-twin.equi", NULL);
  g_test_add_func ("/planar/template", test_template);
  g_test_add_func ("/planar/twin", test_twin);
  g_test_add_func ("/planar/two-uses", test_two_uses);
  g_test_add_func ("/planar/threads", test_threads);
  g_test_add_func ("/planar/interrupt", test_interrupt);
  g_test_add_func ("/planar/turned", test_turned);
  g_test_add_func ("/planar/predict", test_predict);
  g_test_add_func ("/planar/diverged", test_diverged);
  g_test_add_func ("/planar/unsound-weights", test_unsound_weights);
  g_test_add_func ("/planar/unknown-costs", test_unknown_costs);
  g_test_add_func ("/planar/guide", test_guide);
  g_test_add_func ("/planar/no-nodes", test_no_nodes);
  g_test_add_func ("/planar/other-scale", test_other_scale);
  g_test_add_func ("/planar/misfit", test_misfit);
  g_test_add_func ("/planar/broken-promise", test_broken_promise);
  g_test_add_func ("/planar/bench", test_bench);
  status = g_test_run ();
  g_free (folder);
  g_free (design);
  g_free (twin);
  return status;
}
