#include "data/file.h"
#include "data/idx.h"
#include "fixture.h"

#include <zlib.h>

static GBytes *
pack (GBytes *plain)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (plain, &length);
  guint8 *out = g_malloc (length + 1024);
  z_stream z = { 0 };

  g_assert_cmpint (deflateInit2 (&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  z.next_in = (Bytef *) data;
  z.avail_in = (uInt) length;
  z.next_out = out;
  z.avail_out = (uInt) length + 1024;
  g_assert_cmpint (deflate (&z, Z_FINISH), ==, Z_STREAM_END);
  length = z.total_out;
  deflateEnd (&z);
  g_bytes_unref (plain);
  return g_bytes_new_take (out, length);
}

static void
refuse (GBytes *bytes, EqsDataError code, const char *part)
{
  g_autoptr (GBytes) owned = bytes;
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_idx_parse (bytes, "bad.idx", &error));
  assert_refused (error, code, "bad.idx");
  assert_refused (error, code, part);
}

static void
test_types (void)
{
  static const struct { const char *bytes; gsize length; EqsDtype dtype; double first; } files[] = {
    { "\0\0\x08\1\0\0\0\2\xff\1", 10, EQS_DTYPE_U8, 255 },
    { "\0\0\x09\1\0\0\0\2\xff\1", 10, EQS_DTYPE_I8, -1 },
    { "\0\0\x0b\1\0\0\0\1\xff\xfe", 10, EQS_DTYPE_I16, -2 },
    { "\0\0\x0c\1\0\0\0\1\0\1\0\0", 12, EQS_DTYPE_I32, 65536 },
    { "\0\0\x0d\1\0\0\0\1\x3f\xc0\0\0", 12, EQS_DTYPE_F32, 1.5 },
    { "\0\0\x0e\1\0\0\0\1\xbf\xf8\0\0\0\0\0\0", 16, EQS_DTYPE_F64, -1.5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_bytes_new_static (files[i].bytes, files[i].length);
      g_autoptr (EqsArray) array = eqs_idx_parse (bytes, "x", &error);

      g_assert_no_error (error);
      g_assert_cmpint (array->dtype, ==, files[i].dtype);
      g_assert_cmpfloat (eqs_array_get_double (array, 0), ==, files[i].first);
    }
}

static void
test_gzip (void)
{
  const guint dims[] = { 100, 8, 9 };
  g_autofree guint8 *data = g_malloc (7200);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (EqsArray) array = NULL;

  for (guint i = 0; i < 7200; i++)
    data[i] = (guint8) (i * i / 7);
  bytes = pack (make_idx (8, 3, dims, data, 7200));
  array = eqs_idx_parse (bytes, "x", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (array->n_dims, ==, 3);
  g_assert_cmpmem (array->data, array->n_values, data, 7200);

  /* Every way of cutting the file is refused. */
  for (gsize length = 0; length < g_bytes_get_size (bytes); length += length < 40 ? 1 : 37)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, length);
      g_autoptr (GError) cause = NULL;

      g_assert_null (eqs_idx_parse (cut, "cut.gz", &cause));
      g_assert_nonnull (cause);
    }
}

static void
test_bad (void)
{
  const guint big[] = { 0xffffffff, 0xffffffff }, many[] = { 60000, 28, 28 }, three[] = { 3 };

  refuse (LITERAL (""), EQS_DATA_ERROR_FORMAT, "IDX");
  refuse (LITERAL ("\0\0\x08"), EQS_DATA_ERROR_FORMAT, "IDX");
  refuse (LITERAL ("\x89PNG\r\n\x1a\n"), EQS_DATA_ERROR_FORMAT, "IDX");
  refuse (LITERAL ("\0\0\x0a\1\0\0\0\1\1"), EQS_DATA_ERROR_FORMAT, "type code");
  refuse (LITERAL ("\0\0\x08\x00"), EQS_DATA_ERROR_LIMIT, "dimensions");
  refuse (LITERAL ("\0\0\x08\xff\0\0\0\1"), EQS_DATA_ERROR_LIMIT, "255 dimensions");
  refuse (LITERAL ("\0\0\x08\2\0\0\0\1"), EQS_DATA_ERROR_TRUNCATED, "header");
  refuse (make_idx (8, 2, big, NULL, 0), EQS_DATA_ERROR_LIMIT, "4294967295×4294967295");
  refuse (make_idx (8, 3, many, "x", 1), EQS_DATA_ERROR_TRUNCATED, "47040000");
  refuse (make_idx (8, 1, three, "xyza", 4), EQS_DATA_ERROR_TRUNCATED, "holds 4");
  /* In gzip: a header that promises more than so few bytes can expand to is refused before memory is taken. */
  refuse (pack (make_idx (8, 3, many, "x", 1)), EQS_DATA_ERROR_LIMIT, "compressed size");
  refuse (pack (make_idx (8, 1, three, "xyza", 4)), EQS_DATA_ERROR_LIMIT, "more than");
  refuse (pack (make_idx (8, 1, three, "x", 1)), EQS_DATA_ERROR_TRUNCATED, "holds 1");
  refuse (LITERAL ("\x1f\x8b\x08\0garbage that is no deflate stream"), EQS_DATA_ERROR_FORMAT, "damaged");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/idx/types", test_types);
  g_test_add_func ("/data/idx/gzip", test_gzip);
  g_test_add_func ("/data/idx/bad", test_bad);
  return g_test_run ();
}
