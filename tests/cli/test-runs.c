/* Training from outside: what was interrupted, killed, or run on other numbers of threads ends in the same bits. */

#include "fixture.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>

static char *folder, *design;

static char *
in_folder (const char *run, const char *file)
{
  return g_build_filename (folder, run, file, NULL);
}

/* Trains with usual arguments and more. */
static void
train (const char *run, const char *epochs, const char *option, const char *value)
{
  g_autofree char *path = in_folder (run, NULL);

  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", epochs, "-o", path, option, value, NULL);
}

static void
test_metrics (void)
{
  g_autofree char *path = in_folder ("metrics", NULL), *lines = NULL, *log = in_folder ("metrics", "metrics.jsonl"), *best = in_folder ("metrics", "best.safetensors");
  g_autoptr (EqsValue) json = fixture_json (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "3", "-o", path, NULL);
  g_autoptr (EqsValue) eval = NULL, turned = NULL;
  g_auto (GStrv) split = NULL;

  g_assert_cmpfloat (fixture_number (json, "epochs"), ==, 3);
  g_assert_cmpfloat (fixture_number (json, "seconds"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "cpu_seconds"), >, 0);
  g_assert_cmpfloat (fixture_number (json, "train.loss"), >, 0);
  g_assert_true (eqs_map_get_bool (eqs_value_get_map (json), "reproducible", FALSE));
  g_assert_cmpstr (eqs_map_get_string (eqs_value_get_map (json), "checkpoint", NULL), ==, best);
  g_assert_true (g_file_get_contents (log, &lines, NULL, NULL));
  split = g_strsplit (lines, "\n", -1);
  g_assert_cmpuint (g_strv_length (split), ==, 4);
  /* What training said of the validation part, eval says too. */
  eval = fixture_json (0, "eval", best, "--split", "valid", NULL);
  if (fixture_number (json, "best_epoch") == 3)
    {
      g_assert_cmpfloat_with_epsilon (fixture_number (eval, "metrics.force_mae"), fixture_number (json, "valid.force_mae"), 1e-6);
      g_assert_cmpfloat_with_epsilon (fixture_number (eval, "metrics.loss"), fixture_number (json, "valid.loss"), 1e-5);
    }
  /* Turned molecules have the same energies, and forces that turn along. */
  turned = fixture_json (0, "eval", best, "--transform", "random", "--seed", "5", NULL);
  g_assert_cmpfloat_with_epsilon (fixture_number (turned, "transformed.force_mae"), fixture_number (turned, "metrics.force_mae"),
                                  0.03 * fixture_number (turned, "metrics.force_mae"));
  g_assert_cmpfloat (fixture_number (turned, "transformed.force_mae"), !=, fixture_number (turned, "metrics.force_mae"));
  g_assert_cmpfloat_with_epsilon (fixture_number (turned, "transformed.force_rmse"), fixture_number (turned, "metrics.force_rmse"), 1e-4);
}

static void
test_threads (void)
{
  g_autofree char *one = in_folder ("threads-1", "last.safetensors");

  train ("threads-1", "2", "--threads", "1");
  for (int threads = 2; threads <= 3; threads++)
    {
      g_autofree char *run = g_strdup_printf ("threads-%d", threads), *number = g_strdup_printf ("%d", threads), *last = in_folder (run, "last.safetensors");

      train (run, "2", "--threads", number);
      fixture_same (one, last);
    }
}

static void
test_seed_matters (void)
{
  g_autofree char *a = in_folder ("seed-a", "last.safetensors"), *b = in_folder ("seed-b", "last.safetensors"), *c = in_folder ("seed-c", "last.safetensors");

  train ("seed-a", "1", "--seed", "7");
  train ("seed-b", "1", "--seed", "8");
  train ("seed-c", "1", "--seed", "7");
  g_assert_false (fixture_is_same (a, b));
  fixture_same (a, c);
}

static void
test_seeds (void)
{
  g_autofree char *path = in_folder ("seeds", NULL), *a = in_folder ("seeds/seed-7", "last.safetensors"), *b = in_folder ("seed-a", "last.safetensors");
  g_autoptr (EqsValue) json = fixture_json (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "1", "--seeds", "7,9", "-o", path, NULL);
  EqsValue *runs = eqs_map_get (eqs_value_get_map (json), "runs");
  double    x, y;

  g_assert_cmpuint (eqs_value_get_length (runs), ==, 2);
  x = fixture_number (eqs_value_get_item (runs, 0), "valid.force_mae");
  y = fixture_number (eqs_value_get_item (runs, 1), "valid.force_mae");
  g_assert_cmpfloat_with_epsilon (fixture_number (json, "valid.force_mae"), (x + y) / 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (fixture_number (json, "spread.valid.force_mae"), fabs (x - y) / sqrt (2), 1e-12);
  fixture_same (a, b);
}

static void
test_resume (void)
{
  g_autofree char *whole = in_folder ("whole", "last.safetensors"), *parts = in_folder ("parts", "last.safetensors");
  g_autofree char *path = in_folder ("parts", NULL), *log = in_folder ("parts", "metrics.jsonl"), *lines = NULL;
  g_auto (GStrv) split = NULL;

  train ("whole", "2", "--schedule", "constant");
  train ("parts", "1", "--schedule", "constant");
  /* Nothing but the number of epochs is said again. */
  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--epochs", "2", "-o", path, "--resume", NULL);
  fixture_same (whole, parts);
  /* Going on with what is finished changes nothing. */
  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "-o", path, "--resume", NULL);
  fixture_same (whole, parts);
  g_assert_true (g_file_get_contents (log, &lines, NULL, NULL));
  split = g_strsplit (lines, "\n", -1);
  g_assert_cmpuint (g_strv_length (split), ==, 3);
}

static GSubprocess *
start (const char *run, const char *epochs, gboolean resume)
{
  g_autofree char *path = in_folder (run, NULL);
  const char      *args[] = { "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", epochs, "-o", path, resume ? "--resume" : NULL, NULL };

  return fixture_start (args);
}

/* Stopped by a signal at several points, gone on with to the end: the same bits as without. */
static void
interrupt (int number, const char *run, int expected)
{
  g_autofree char *whole = in_folder ("long", "last.safetensors"), *last = in_folder (run, "last.safetensors"), *path = in_folder (run, NULL);

  const int        rounds = g_getenv ("EQUI_ROUNDS") == NULL ? 4 : atoi (g_getenv ("EQUI_ROUNDS"));

  if (!g_file_test (whole, G_FILE_TEST_EXISTS))
    train ("long", "60", NULL, NULL);
  for (int round = 0; round < rounds; round++)
    {
      g_autoptr (GSubprocess) process = start (run, "60", round > 0);
      g_autofree char *err = NULL;

      fixture_wait_for (last);
      g_usleep (60000 + 37000 * (gulong) (round % 7) + 1700 * (gulong) round);
      g_subprocess_send_signal (process, number);
      g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL);
      if (expected == 0)
        {
          g_assert_true (g_subprocess_get_if_exited (process));
          g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
          g_assert_true (strstr (err, "--resume") != NULL || strstr (err, "epoch 60 of 60") != NULL || round > 0);
        }
      fixture_expect (0, "eval", last, "--split", "valid", NULL);
    }
  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "-o", path, "--resume", NULL);
  fixture_same (whole, last);
}

static void
test_interrupt (void)
{
  interrupt (SIGINT, "interrupted", 0);
}

/* Two trainings do not share a folder, whatever is said to the second; when the first has gone, its folder is free. */
static void
test_two_at_once (void)
{
  g_autoptr (GSubprocess) first = start ("shared", "100000", FALSE);
  g_autofree char *path = in_folder ("shared", NULL), *last = in_folder ("shared", "last.safetensors");

  fixture_wait_for (last);
  fixture_refuses (3, "Another training", "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "1", "-o", path, "--force", NULL);
  fixture_refuses (3, "Another training", "train", design, "--data", "ethanol_xtb", "-o", path, "--resume", NULL);
  g_assert_true (g_file_test (last, G_FILE_TEST_EXISTS));
  g_subprocess_send_signal (first, SIGKILL);
  g_subprocess_wait (first, NULL, NULL);
  fixture_expect (0, "train", design, "--data", "ethanol_xtb", "--limit", "20", "--epochs", "1", "-o", path, "--force", NULL);
}

static void
test_kill (void)
{
  interrupt (SIGKILL, "killed", -1);
}

static void
test_nan (void)
{
  g_autofree char *path = in_folder ("nan", NULL), *err = NULL, *design_file = in_folder ("nan", "design.equi"), *last = in_folder ("nan", "last.safetensors");
  g_autofree char *before = NULL, *after = NULL;
  gsize length, length_after;

  g_assert_cmpint (fixture_run (NULL, &err, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "3", "--lr", "1e30", "-o", path, NULL), ==, 1);
  g_assert_nonnull (strstr (err, "inter1"));
  g_assert_nonnull (strstr (err, "not a number"));
  g_assert_true (g_file_test (design_file, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (last, G_FILE_TEST_EXISTS));
  /* A run that was fine before keeps what it had. */
  train ("nan", "1", "--force", NULL);
  g_assert_true (g_file_get_contents (last, &before, &length, NULL));
  g_clear_pointer (&err, g_free);
  g_assert_cmpint (fixture_run (NULL, &err, "train", design, "--data", "ethanol_xtb", "--epochs", "3", "--lr", "1e30", "-o", path, "--resume", NULL), ==, 1);
  g_assert_nonnull (strstr (err, "lr"));             /* another plan is another run */
  g_assert_true (g_file_get_contents (last, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
  fixture_expect (0, "eval", last, "--split", "valid", NULL);
}

static void
test_init_and_precision (void)
{
  g_autofree char *path = in_folder ("init", NULL), *from = in_folder ("seed-a", "best.safetensors"), *double_path = in_folder ("f64", NULL);
  g_autoptr (EqsValue) warm = NULL, exact = NULL;

  warm = fixture_json (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "1", "--init", from, "-o", path, NULL);
  g_assert_cmpfloat (fixture_number (warm, "train.loss"), >, 0);
  exact = fixture_json (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--epochs", "1", "--precision", "f64", "--seed", "7", "-o", double_path, NULL);
  g_assert_cmpfloat (fixture_number (exact, "train.force_mae"), >, 0);
  fixture_refuses (1, "--precision", "train", design, "--data", "ethanol_xtb", "--precision", "f32", "-o", double_path, "--resume", NULL);
}

static void
test_max_seconds (void)
{
  g_autofree char *path = in_folder ("timed", NULL);
  g_autoptr (EqsValue) json = fixture_json (0, "train", design, "--data", "ethanol_xtb", "--limit", "60", "--max-seconds", "1", "-o", path, NULL);

  g_assert_cmpfloat (fixture_number (json, "epochs"), >=, 1);
  g_assert_cmpfloat (fixture_number (json, "seconds"), <, 20);
  g_assert_false (eqs_map_get_bool (eqs_value_get_map (json), "reproducible", TRUE));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  design = fixture_source ("golden/designs/ethanol.equi");
  g_test_add_func ("/runs/metrics", test_metrics);
  g_test_add_func ("/runs/threads", test_threads);
  g_test_add_func ("/runs/seed-matters", test_seed_matters);
  g_test_add_func ("/runs/seeds", test_seeds);
  g_test_add_func ("/runs/resume", test_resume);
  g_test_add_func ("/runs/interrupt", test_interrupt);
  g_test_add_func ("/runs/two-at-once", test_two_at_once);
  g_test_add_func ("/runs/kill", test_kill);
  g_test_add_func ("/runs/nan", test_nan);
  g_test_add_func ("/runs/init-and-precision", test_init_and_precision);
  g_test_add_func ("/runs/max-seconds", test_max_seconds);
  status = g_test_run ();
  g_free (folder);
  g_free (design);
  return status;
}
