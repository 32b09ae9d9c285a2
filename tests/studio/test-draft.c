/*
 * Drafts: an edit is on disk a second later, a saved design leaves none, a draft in use is not offered, and a studio that is
 * killed at a seeded moment loses nothing that is older than five seconds. Usage: test-draft [--kills N] [--tap]
 */

#include "model/file.h"
#include "studio/draft.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLD_S 3      /* an edit this old must be there; five are promised */

static guint kills = 4;

static EqsSession *
new_session (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new ();

  eqs_document_set_name (document, "Draft", NULL);
  return eqs_session_new (document, NULL);
}

static void
add_note_number (EqsSession *session, guint number)
{
  g_autoptr (EqsValue) value = eqs_value_new_number (number);

  g_assert_true (eqs_session_do (session, eqs_command_new_set_entry (EQS_SECTION_TRAINING, "epochs", g_steal_pointer (&value))));
  eqs_history_seal (eqs_session_get_history (session));
}

static double
number_of (EqsDocument *document)
{
  return eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_TRAINING), "epochs", 0);
}

static void
test_round (void)
{
  g_autoptr (EqsSession) session = new_session ();
  g_autoptr (EqsDraft)   draft = eqs_draft_new (session, NULL);
  g_autoptr (GPtrArray)  left = NULL;
  g_autofree char *id = NULL;
  EqsLeftDraft *first;

  add_note_number (session, 7);
  eqs_draft_flush (draft);

  /* Its process lives: it is nobody else's. */
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, ==, 0);

  /* Gone without a word, as after a crash. */
  g_clear_object (&draft);
  g_ptr_array_unref (g_steal_pointer (&left));
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, ==, 1);
  first = g_ptr_array_index (left, 0);
  g_assert_cmpfloat (number_of (first->document), ==, 7);
  g_assert_null (first->path);

  /* Taken over and thrown away. */
  draft = eqs_draft_new (session, first->id);
  eqs_draft_discard (draft);
  g_ptr_array_unref (g_steal_pointer (&left));
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, ==, 0);
}

static void
test_saved (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "saved.equi", NULL);
  g_autoptr (EqsSession) session = new_session ();
  g_autoptr (EqsDraft)   draft = eqs_draft_new (session, NULL);
  g_autoptr (GPtrArray)  left = NULL;
  g_autoptr (GError)     error = NULL;

  add_note_number (session, 3);
  eqs_draft_flush (draft);
  g_assert_true (eqs_session_save (session, path, &error));
  g_clear_object (&draft);
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, ==, 0);
  g_unlink (path);
}

static void
test_broken (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "equistudio", "drafts", NULL);
  g_autofree char *path = g_build_filename (folder, "torn.equi", NULL);
  g_autofree char *aside = g_strconcat (path, ".broken", NULL);
  g_autoptr (GPtrArray) left = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, "{\"format\": \"equistudio.des", -1, NULL));
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_unlink (aside);
}

/* The child edits every 20 ms, saves now and then, and tells each edit's number and time; then it is killed. */
static void
edit_until_killed (int fd, const char *path, guint seed)
{
  EqsSession *session = new_session ();
  EqsDraft   *draft = eqs_draft_new (session, NULL);
  GRand      *random = g_rand_new_with_seed (seed);

  for (guint number = 1; ; number++)
    {
      const gint64 until = g_get_monotonic_time () + 20000;
      struct { guint number; gint64 time; } told = { number, g_get_monotonic_time () };

      add_note_number (session, number);
      if (write (fd, &told, sizeof told) != sizeof told)
        _exit (1);
      if (g_rand_int_range (random, 0, 40) == 0 && !eqs_session_save (session, path, NULL))
        _exit (1);
      while (g_get_monotonic_time () < until)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (1000);
        }
      (void) draft;
    }
}

static void
kill_once (guint seed)
{
  g_autofree char *name = g_strdup_printf ("killed-%u.equi", seed), *path = g_build_filename (g_get_user_data_dir (), name, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (EqsDocument) saved = NULL;
  g_autoptr (GError) error = NULL;
  struct { guint number; gint64 time; } told, last = { 0, 0 };
  double best = 0;
  gint64 killed;
  pid_t  child;
  int    ends[2], status;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (ends[0]);
      edit_until_killed (ends[1], path, seed);
    }
  close (ends[1]);
  g_usleep ((gulong) g_rand_int_range (random, 50000, 5000000));
  kill (child, SIGKILL);
  killed = g_get_monotonic_time ();
  waitpid (child, &status, 0);
  g_assert_true (WIFSIGNALED (status));
  while (read (ends[0], &told, sizeof told) == sizeof told)
    if (killed - told.time > OLD_S * G_USEC_PER_SEC)
      last.number = told.number;
  close (ends[0]);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      saved = eqs_file_load (path, &error);      /* never damaged */
      g_assert_no_error (error);
      best = number_of (saved);
    }
  left = eqs_drafts_list_left ();
  g_assert_cmpuint (left->len, <=, 1);
  for (guint i = 0; i < left->len; i++)
    {
      EqsLeftDraft *one = g_ptr_array_index (left, i);
      g_autoptr (EqsSession) session = eqs_session_new (one->document, one->path);
      g_autoptr (EqsDraft) draft = eqs_draft_new (session, one->id);

      best = MAX (best, number_of (one->document));
      eqs_draft_discard (draft);
    }
  g_assert_cmpfloat (best, >=, last.number);
  g_unlink (path);
}

static void
test_killed (void)
{
  for (guint seed = 1; seed <= kills; seed++)
    kill_once (seed);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("equi-draft-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", home);
  int status;

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  if (argc > 2 && strcmp (argv[1], "--kills") == 0)
    {
      kills = (guint) atoi (argv[2]);
      argv[2] = argv[0];
      argv += 2;
      argc -= 2;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/round", test_round);
  g_test_add_func ("/draft/saved", test_saved);
  g_test_add_func ("/draft/broken", test_broken);
  g_test_add_func ("/draft/killed", test_killed);
  status = g_test_run ();
  if (system (remove) != 0)
    g_printerr ("%s is left\n", home);
  return status;
}
