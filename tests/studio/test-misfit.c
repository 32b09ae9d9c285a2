/* A design that does not take its data: what would have to change is listed, done as one step, and taken back as one. */

#include "model/file.h"
#include "studio/fit.h"

#include "new-session.h"

#include <string.h>

static EqsSession *
new_bound_session (void)
{
  EqsSession *session = new_session ("T01");

  while (eqs_session_is_loading (session))
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (eqs_session_get_dataset (session));
  return session;
}

static void
set_number (EqsSession *session, const char *path, const char *name, double value)
{
  g_assert_true (eqs_session_do (session, eqs_command_new_set_param (path, name, eqs_value_new_number (value))));
  eqs_history_seal (eqs_session_get_history (session));
}

static double
number_of (EqsSession *session, const char *path, const char *name)
{
  return eqs_value_get_number (eqs_node_get_param (eqs_document_find_node (eqs_session_get_document (session), path), name));
}

/* One of the changes names the node, and both numbers. */
static gboolean
tells (const GPtrArray *changes, const char *was, const char *is)
{
  for (guint i = 0; i < changes->len; i++)
    if (strstr (changes->pdata[i], was) != NULL && strstr (changes->pdata[i], is) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_fits (void)
{
  g_autoptr (EqsSession)  session = new_bound_session (), empty = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new ();

  g_assert_null (eqs_misfits_list (eqs_session_get_document (session), eqs_session_get_dataset (session)));
  empty = eqs_session_new (document, NULL);
  g_assert_null (eqs_misfits_list (eqs_session_get_document (empty), eqs_session_get_dataset (empty)));      /* no data at all */
}

static void
test_misfits (void)
{
  g_autoptr (EqsSession) session = new_bound_session ();
  g_autoptr (GPtrArray)  changes = NULL, again = NULL;
  g_autoptr (GError)     error = NULL;
  g_autofree char       *before = NULL, *now = NULL, *listed = NULL;

  set_number (session, "digit", "out", 7);
  set_number (session, "image", "height", 20);
  set_number (session, "image", "width", 20);
  before = eqs_file_to_text (eqs_session_get_document (session), NULL);
  changes = eqs_misfits_list (eqs_session_get_document (session), eqs_session_get_dataset (session));
  g_assert_nonnull (changes);
  g_assert_true (tells (changes, "7", "10"));
  g_assert_true (tells (changes, "20", "28"));
  /* Listing changes nothing. */
  now = eqs_file_to_text (eqs_session_get_document (session), NULL);
  g_assert_cmpstr (now, ==, before);

  g_assert_true (eqs_session_make_fit (session, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (number_of (session, "digit", "out"), ==, 10);
  g_assert_cmpfloat (number_of (session, "image", "height"), ==, 28);
  g_assert_cmpfloat (number_of (session, "image", "width"), ==, 28);
  again = eqs_misfits_list (eqs_session_get_document (session), eqs_session_get_dataset (session));
  g_assert_null (again);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  listed = eqs_file_to_text (eqs_session_get_document (session), NULL);
  g_assert_cmpstr (listed, ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/misfit/fits", test_fits);
  g_test_add_func ("/misfit/listed-and-mended", test_misfits);
  return g_test_run ();
}
