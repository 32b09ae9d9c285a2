#include "fixture.h"

#include <stdarg.h>

char *
fixture_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("equi-cli-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

char *
fixture_source (const char *path)
{
  return g_build_filename (g_getenv ("EQUI_TESTS"), path, NULL);
}

GSubprocess *
fixture_start (const char *const *args)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (char *) g_getenv ("EQUI"));
  for (; *args != NULL; args++)
    g_ptr_array_add (argv, (char *) *args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  return process;
}

static int
run_list (GPtrArray *args, char **out, char **err)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *complaint = NULL;

  g_ptr_array_add (args, NULL);
  process = fixture_start ((const char *const *) args->pdata);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &text, &complaint, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_if_exited (process))
    g_error ("equi %s was killed by signal %d: %s", (char *) args->pdata[0], g_subprocess_get_term_sig (process), complaint);
  if (out != NULL)
    *out = g_steal_pointer (&text);
  if (err != NULL)
    *err = g_steal_pointer (&complaint);
  return g_subprocess_get_exit_status (process);
}

static GPtrArray *
collect (const char *first, va_list rest)
{
  GPtrArray *args = g_ptr_array_new ();

  for (const char *arg = first; arg != NULL; arg = va_arg (rest, const char *))
    g_ptr_array_add (args, (char *) arg);
  return args;
}

int
fixture_run (char **out, char **err, const char *first, ...)
{
  g_autoptr (GPtrArray) args = NULL;
  va_list rest;

  va_start (rest, first);
  args = collect (first, rest);
  va_end (rest);
  return run_list (args, out, err);
}

void
fixture_expect (int status, const char *first, ...)
{
  g_autoptr (GPtrArray) args = NULL;
  g_autofree char *err = NULL;
  va_list rest;
  int     got;

  va_start (rest, first);
  args = collect (first, rest);
  va_end (rest);
  got = run_list (args, NULL, &err);
  if (got != status)
    g_error ("equi %s ended with %d, not %d: %s", first, got, status, err);
}

EqsValue *
fixture_json (int status, const char *first, ...)
{
  g_autoptr (GPtrArray) args = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *err = NULL;
  EqsValue *value;
  va_list   rest;
  int       got;

  va_start (rest, first);
  args = collect (first, rest);
  va_end (rest);
  g_ptr_array_add (args, (char *) "--json");
  got = run_list (args, &out, &err);
  if (got != status)
    g_error ("equi %s ended with %d, not %d: %s", first, got, status, err);
  value = eqs_json_parse (out, strlen (out), &error);
  g_assert_no_error (error);
  return value;
}

void
fixture_refuses (int status, const char *words, const char *first, ...)
{
  g_autoptr (GPtrArray) args = NULL;
  g_autofree char *out = NULL, *err = NULL;
  va_list rest;
  int     got;

  va_start (rest, first);
  args = collect (first, rest);
  va_end (rest);
  got = run_list (args, &out, &err);
  if (got != status || strstr (err, words) == NULL || *out != '\0')
    g_error ("equi %s ended with %d, not %d, or does not say “%s”: %s%s", first, got, status, words, out, err);
  g_assert_true (g_str_has_prefix (err, "equi: "));
  g_assert_true (strchr (err, '\n') == err + strlen (err) - 1);
}

double
fixture_number (EqsValue *object, const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, ".", -1);

  for (char **key = keys; *key != NULL; key++)
    {
      g_assert_nonnull (eqs_value_get_map (object));
      object = eqs_map_get (eqs_value_get_map (object), *key);
      if (object == NULL)
        g_error ("there is no %s in %s", *key, path);
    }
  g_assert_cmpint (eqs_value_get_kind (object), ==, EQS_VALUE_NUMBER);
  return eqs_value_get_number (object);
}

gboolean
fixture_is_same (const char *a, const char *b)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsSafetensors) x = eqs_safetensors_open (a, &error), y = NULL;

  g_assert_no_error (error);
  y = eqs_safetensors_open (b, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eqs_safetensors_get_n (x), ==, eqs_safetensors_get_n (y));
  g_assert_cmpuint (eqs_safetensors_get_n (x), >, 0);
  for (guint i = 0; i < eqs_safetensors_get_n (x); i++)
    {
      const EqsTensor *p = eqs_safetensors_get (x, i), *q = eqs_safetensors_find (y, p->name);

      g_assert_nonnull (q);
      g_assert_cmpuint (p->n_bytes, ==, q->n_bytes);
      if (memcmp (p->data, q->data, p->n_bytes) != 0)
        return FALSE;
    }
  return TRUE;
}

void
fixture_same (const char *a, const char *b)
{
  if (!fixture_is_same (a, b))
    g_error ("%s and %s differ", a, b);
}

void
fixture_wait_for (const char *path)
{
  for (int i = 0; i < 12000 && !g_file_test (path, G_FILE_TEST_EXISTS); i++)
    g_usleep (5000);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}
