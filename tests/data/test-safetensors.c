#include "data/file.h"
#include "data/safetensors.h"
#include "fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>

static EqsSafetensorsWriter *
make_writer (void)
{
  EqsSafetensorsWriter *writer = eqs_safetensors_writer_new ();
  const float weights[] = { 1, 2, 3, 4, 5, 6 };
  const double running[] = { 0.1, 0.2 };
  const gint64 step[] = { G_GINT64_CONSTANT (9007199254740993) };
  const guint8 bytes[] = { 7, 8, 9 };

  eqs_safetensors_writer_set_metadata (writer, "equi.design", "old");
  eqs_safetensors_writer_set_metadata (writer, "equi.run", "line\nbreak \"quote\" \\ tab\t é");
  eqs_safetensors_writer_set_metadata (writer, "equi.design", "{\"version\":1}");
  eqs_safetensors_writer_add (writer, "species", EQS_DTYPE_U8, 1, (const guint64[]) { 3 }, bytes);
  eqs_safetensors_writer_add (writer, "block.2.lin.weight", EQS_DTYPE_F32, 2, (const guint64[]) { 2, 3 }, weights);
  eqs_safetensors_writer_add (writer, "bn.mean", EQS_DTYPE_F64, 1, (const guint64[]) { 2 }, running);
  eqs_safetensors_writer_add (writer, "step", EQS_DTYPE_I64, 0, NULL, step);
  eqs_safetensors_writer_add (writer, "empty", EQS_DTYPE_F32, 2, (const guint64[]) { 0, 3 }, NULL);
  return writer;
}

static void
check_read (const EqsSafetensors *file)
{
  const EqsTensor *tensor;

  g_assert_cmpuint (eqs_safetensors_get_n (file), ==, 5);
  g_assert_cmpstr (eqs_safetensors_get_metadata (file, "equi.design"), ==, "{\"version\":1}");
  g_assert_cmpstr (eqs_safetensors_get_metadata (file, "equi.run"), ==, "line\nbreak \"quote\" \\ tab\t é");
  g_assert_null (eqs_safetensors_get_metadata (file, "other"));
  g_assert_null (eqs_safetensors_find (file, "other"));
  tensor = eqs_safetensors_find (file, "block.2.lin.weight");
  g_assert_cmpint (tensor->dtype, ==, EQS_DTYPE_F32);
  g_assert_cmpuint (tensor->n_dims, ==, 2);
  g_assert_cmpuint (tensor->dims[1], ==, 3);
  g_assert_cmpfloat (((const float *) tensor->data)[5], ==, 6);
  tensor = eqs_safetensors_find (file, "step");
  g_assert_cmpuint (tensor->n_dims, ==, 0);
  g_assert_cmpint (*(const gint64 *) tensor->data, ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_cmpfloat (((const double *) eqs_safetensors_find (file, "bn.mean")->data)[1], ==, 0.2);
  g_assert_cmpint (((const guint8 *) eqs_safetensors_find (file, "species")->data)[2], ==, 9);
  g_assert_cmpuint (eqs_safetensors_find (file, "empty")->n_values, ==, 0);
}

static void
test_round_trip (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.safetensors", NULL);
  g_autoptr (EqsSafetensorsWriter) writer = make_writer ();
  g_autoptr (EqsSafetensorsWriter) again = make_writer ();
  g_autoptr (GBytes) first = eqs_safetensors_writer_to_bytes (writer);
  g_autoptr (GBytes) second = eqs_safetensors_writer_to_bytes (again);
  g_autoptr (GBytes) disk = NULL;
  g_autoptr (EqsSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  guint64 length;

  g_assert_true (g_bytes_equal (first, second));
  memcpy (&length, g_bytes_get_data (first, NULL), 8);
  g_assert_cmpuint (GUINT64_FROM_LE (length) % 8, ==, 0);
  g_assert_true (eqs_safetensors_writer_save (writer, path, &error));
  g_assert_no_error (error);
  disk = eqs_file_read (path, 1 << 20, &error);
  g_assert_true (g_bytes_equal (first, disk));
  file = eqs_safetensors_open (path, &error);
  g_assert_no_error (error);
  check_read (file);
}

/* Every truncation and, of the header, every flipped byte: refused or read, never crashed, never believed blindly. */
static void
test_damage (void)
{
  g_autoptr (EqsSafetensorsWriter) writer = make_writer ();
  g_autoptr (GBytes) whole = eqs_safetensors_writer_to_bytes (writer);
  gsize length;
  const guint8 *data = g_bytes_get_data (whole, &length);

  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, cut);
      g_autoptr (GError) error = NULL;

      g_assert_null (eqs_safetensors_parse (part, "cut", &error));
      assert_refused (error, error->code, "cut");
    }
  for (gsize at = 0; at < length; at++)
    for (guint flip = 1; flip < 256; flip *= 2)
      {
        guint8 *copy = g_memdup2 (data, length);
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (EqsSafetensors) file = NULL;

        copy[at] ^= (guint8) flip;
        bytes = g_bytes_new_take (copy, length);
        file = eqs_safetensors_parse (bytes, "flipped", NULL);
      }
}

static void
refuse (const char *header, gsize n_data, EqsDataError code, const char *part)
{
  GString *out = g_string_new (NULL);
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append_len (out, (const char *) &length, 8);
  g_string_append (out, header);
  for (gsize i = 0; i < n_data; i++)
    g_string_append_c (out, 'x');
  bytes = g_string_free_to_bytes (out);
  g_assert_null (eqs_safetensors_parse (bytes, "bad.safetensors", &error));
  assert_refused (error, code, "bad.safetensors");
  assert_refused (error, code, part);
}

#define T(name, dtype, shape, begin, end) \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" begin "," end "]}"

static void
test_bad (void)
{
  g_autoptr (GBytes) far = LITERAL ("\xff\xff\xff\xff\xff\xff\xff\xff{}");
  g_autoptr (GBytes) tiny = LITERAL ("\x64\0\0\0\0\0\0\0{}");
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_safetensors_parse (far, "f", &error));
  assert_refused (error, EQS_DATA_ERROR_TRUNCATED, "header");
  g_clear_error (&error);
  g_assert_null (eqs_safetensors_parse (tiny, "f", &error));
  assert_refused (error, EQS_DATA_ERROR_TRUNCATED, "100 bytes");

  refuse ("", 0, EQS_DATA_ERROR_FORMAT, "JSON");
  refuse ("[]", 0, EQS_DATA_ERROR_FORMAT, "object");
  refuse ("{} x", 0, EQS_DATA_ERROR_FORMAT, "JSON");
  refuse ("{}", 4, EQS_DATA_ERROR_TRUNCATED, "4 are there");
  refuse ("{" T ("w", "F32", "2", "0", "8") "}", 4, EQS_DATA_ERROR_TRUNCATED, "“w”");
  refuse ("{" T ("w", "F32", "2", "8", "0") "}", 8, EQS_DATA_ERROR_TRUNCATED, "“w”");
  refuse ("{" T ("w", "F32", "2", "-4", "4") "}", 8, EQS_DATA_ERROR_FORMAT, "“w”");
  refuse ("{" T ("w", "F32", "2", "0.5", "8") "}", 8, EQS_DATA_ERROR_FORMAT, "“w”");
  refuse ("{" T ("w", "F32", "2", "0", "1e300") "}", 8, EQS_DATA_ERROR_FORMAT, "“w”");
  refuse ("{" T ("w", "F32", "3", "0", "8") "}", 8, EQS_DATA_ERROR_SHAPE, "“w” of shape 3");
  refuse ("{" T ("w", "F32", "4294967296,4294967296,4294967296", "0", "8") "}", 8, EQS_DATA_ERROR_SHAPE, "“w”");
  refuse ("{" T ("w", "F32", "1,1,1,1,1,1,1,1,2", "0", "8") "}", 8, EQS_DATA_ERROR_FORMAT, "“w”");
  refuse ("{" T ("w", "BF16", "4", "0", "8") "}", 8, EQS_DATA_ERROR_UNSUPPORTED, "“w”");
  refuse ("{\"w\":{\"dtype\":\"F32\"}}", 0, EQS_DATA_ERROR_FORMAT, "“w”");
  refuse ("{\"w\":3}", 0, EQS_DATA_ERROR_UNSUPPORTED, "“w”");
  refuse ("{" T ("a", "F32", "2", "0", "8") "," T ("b", "F32", "2", "4", "12") "}", 12, EQS_DATA_ERROR_FORMAT, "overlaps");
  refuse ("{" T ("a", "F32", "1", "0", "4") "," T ("b", "F32", "1", "0", "4") "}", 4, EQS_DATA_ERROR_FORMAT, "overlaps");
  refuse ("{" T ("a", "F32", "1", "0", "4") "," T ("b", "F32", "1", "8", "12") "}", 12, EQS_DATA_ERROR_FORMAT, "gap");
  refuse ("{" T ("a", "F32", "1", "0", "4") "," T ("a", "F32", "1", "4", "8") "}", 8, EQS_DATA_ERROR_FORMAT, "“a” is there twice");
  refuse ("{\"__metadata__\":{\"a\":1}}", 0, EQS_DATA_ERROR_FORMAT, "metadata");
  refuse ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, EQS_DATA_ERROR_FORMAT, "metadata");
}

/* A header whose length is no multiple of 8 puts values at odd addresses: they are given out aligned all the same. */
static void
test_unaligned (void)
{
  const char *header = "{" T ("a", "F64", "1", "0", "8") "} ";
  GString *out = g_string_new (NULL);
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header) + ((strlen (header) % 8 == 0) ? 1 : 0));
  const double value = 2.25;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (EqsSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  const EqsTensor *tensor;

  g_string_append_len (out, (const char *) &length, 8);
  g_string_append (out, header);
  while (out->len < 8 + GUINT64_FROM_LE (length))
    g_string_append_c (out, ' ');
  g_string_append_len (out, (const char *) &value, 8);
  bytes = g_string_free_to_bytes (out);
  file = eqs_safetensors_parse (bytes, "x", &error);
  g_assert_no_error (error);
  tensor = eqs_safetensors_find (file, "a");
  g_assert_cmpuint ((guintptr) tensor->data % 8, ==, 0);
  g_assert_cmpfloat (*(const double *) tensor->data, ==, 2.25);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* The disk fills up in the middle of a checkpoint: a limit on the size of files makes write() fail half-way. */
static void
test_failed_save (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "last.safetensors", NULL);
  g_autofree char *large = g_malloc0 (1 << 20);
  g_autoptr (EqsSafetensorsWriter) old_writer = make_writer ();
  g_autoptr (EqsSafetensorsWriter) writer = make_writer ();
  g_autoptr (EqsSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit old, small;

  g_assert_true (eqs_safetensors_writer_save (old_writer, path, &error));
  eqs_safetensors_writer_add (writer, "large", EQS_DTYPE_U8, 1, (const guint64[]) { 1 << 20 }, large);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = (struct rlimit) { 4096, old.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (eqs_safetensors_writer_save (writer, path, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_nonnull (strstr (error->message, "last.safetensors"));
  g_clear_error (&error);
  g_assert_cmpuint (count_files (folder), ==, 1);
  file = eqs_safetensors_open (path, &error);
  g_assert_no_error (error);
  check_read (file);
}

static void
test_read (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.bin", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "a.bin", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_file_read (missing, 10, &error));
  assert_refused (error, EQS_DATA_ERROR_MISSING, "a.bin");
  g_clear_error (&error);
  g_assert_null (eqs_file_read (folder, 10, &error));
  assert_refused (error, EQS_DATA_ERROR_IO, "regular");
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (eqs_file_read (pipe, 10, &error));
  assert_refused (error, EQS_DATA_ERROR_IO, "regular");
  g_clear_error (&error);
  put_text (folder, "a.bin", "four");
  g_assert_null (eqs_file_read (path, 3, &error));
  assert_refused (error, EQS_DATA_ERROR_LIMIT, "a.bin");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/file/read", test_read);
  g_test_add_func ("/data/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/data/safetensors/failed-save", test_failed_save);
  g_test_add_func ("/data/safetensors/damage", test_damage);
  g_test_add_func ("/data/safetensors/bad", test_bad);
  g_test_add_func ("/data/safetensors/unaligned", test_unaligned);
  return g_test_run ();
}
