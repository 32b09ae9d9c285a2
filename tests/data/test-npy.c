#include "data/npy.h"
#include "fixture.h"

#include <zlib.h>

static GBytes *
make_npy (const char *dictionary, gconstpointer data, gsize length)
{
  GString *out = g_string_new_len ("\x93NUMPY\1\0", 8);
  const guint n = (guint) strlen (dictionary);

  g_string_append_c (out, (char) (n & 255));
  g_string_append_c (out, (char) (n >> 8));
  g_string_append (out, dictionary);
  g_string_append_len (out, data, (gssize) length);
  return g_string_free_to_bytes (out);
}

static void
refuse (GBytes *bytes, EqsDataError code, const char *part)
{
  g_autoptr (GBytes) owned = bytes;
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_npy_parse (bytes, "bad.npy", &error));
  assert_refused (error, code, "bad.npy");
  assert_refused (error, code, part);
}

static void
test_round_trip (void)
{
  static const EqsDtype dtypes[] = { EQS_DTYPE_U8, EQS_DTYPE_I8, EQS_DTYPE_U16, EQS_DTYPE_I16, EQS_DTYPE_U32,
                                     EQS_DTYPE_I32, EQS_DTYPE_U64, EQS_DTYPE_I64, EQS_DTYPE_F32, EQS_DTYPE_F64 };
  const guint64 dims[] = { 2, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      const gsize length = 6 * eqs_dtype_get_size (dtypes[i]);
      guint8 *data = g_malloc (length);
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsArray) array = NULL;
      g_autoptr (EqsArray) back = NULL;
      g_autoptr (GBytes) bytes = NULL;

      for (gsize j = 0; j < length; j++)
        data[j] = (guint8) (j * 5 + 1);
      array = eqs_array_new_take (dtypes[i], 2, dims, data);
      bytes = eqs_npy_write (array);
      back = eqs_npy_parse (bytes, "x", &error);
      g_assert_no_error (error);
      g_assert_cmpint (back->dtype, ==, dtypes[i]);
      g_assert_cmpuint (back->n_dims, ==, 2);
      g_assert_cmpmem (back->data, length, array->data, length);
    }
}

static void
test_headers (void)
{
  const float one[] = { 1.5f };
  static const char *const fine[] = {
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }          \n",
    "{\"shape\":(1L,),\"fortran_order\":True,\"descr\":\"<f4\"}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = make_npy (fine[i], one, sizeof one);
      g_autoptr (EqsArray) array = eqs_npy_parse (bytes, "x", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (array->n_values, ==, 1);
      g_assert_cmpfloat (eqs_array_get_double (array, 0), ==, 1.5);
    }
}

#define NPY(descr, order, shape) "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }\n"

static void
test_bad (void)
{
  refuse (LITERAL (""), EQS_DATA_ERROR_FORMAT, "NumPy");
  refuse (LITERAL ("\x93NUMPY"), EQS_DATA_ERROR_FORMAT, "NumPy");
  refuse (LITERAL ("\x93NUMPY\3\0\0\0\0\0"), EQS_DATA_ERROR_UNSUPPORTED, "version 3");
  refuse (LITERAL ("\x93NUMPY\1\0\xff\xff{"), EQS_DATA_ERROR_TRUNCATED, "header");
  refuse (LITERAL ("\x93NUMPY\2\0\xff\xff\xff\xff{"), EQS_DATA_ERROR_TRUNCATED, "header");
  refuse (make_npy ("", "", 0), EQS_DATA_ERROR_FORMAT, "header");
  refuse (make_npy ("{'descr': '<f4'}", "", 0), EQS_DATA_ERROR_FORMAT, "header");
  refuse (make_npy ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "", 0), EQS_DATA_ERROR_FORMAT, "header");
  refuse (make_npy ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,2", "", 0), EQS_DATA_ERROR_FORMAT, "header");
  refuse (make_npy ("{'descr': __import__('os'), }", "", 0), EQS_DATA_ERROR_FORMAT, "header");
  refuse (make_npy (NPY (">f4", "False", "(1,)"), "abcd", 4), EQS_DATA_ERROR_UNSUPPORTED, ">f4");
  refuse (make_npy (NPY ("|O", "False", "(1,)"), "abcd", 4), EQS_DATA_ERROR_UNSUPPORTED, "|O");
  refuse (make_npy (NPY ("<c8", "False", "(1,)"), "abcdefgh", 8), EQS_DATA_ERROR_UNSUPPORTED, "astype");
  refuse (make_npy (NPY ("<f4", "True", "(1,1)"), "abcd", 4), EQS_DATA_ERROR_UNSUPPORTED, "ascontiguousarray");
  refuse (make_npy (NPY ("<f4", "False", "(2,)"), "abcd", 4), EQS_DATA_ERROR_TRUNCATED, "4 bytes follow");
  refuse (make_npy (NPY ("<f4", "False", "(1,)"), "abcde", 5), EQS_DATA_ERROR_TRUNCATED, "5 bytes follow");
  refuse (make_npy (NPY ("<f8", "False", "(99999999999999999999999999, 2)"), "abcd", 4), EQS_DATA_ERROR_TRUNCATED, "follow");
  refuse (make_npy (NPY ("<f8", "False", "(4294967296, 4294967296, 16)"), "abcd", 4), EQS_DATA_ERROR_TRUNCATED, "follow");
  refuse (make_npy (NPY ("<f4", "False", "(1,1,1,1,1,1,1,1,1)"), "abcd", 4), EQS_DATA_ERROR_FORMAT, "header");
}

static void
put16 (GByteArray *out, guint value)
{
  const guint16 v = GUINT16_TO_LE ((guint16) value);

  g_byte_array_append (out, (const guint8 *) &v, 2);
}

static void
put32 (GByteArray *out, guint value)
{
  put16 (out, value & 0xffff);
  put16 (out, value >> 16);
}

typedef struct { guint method; gboolean wrong_crc; guint claimed; } ZipHow;

/* A zip of one member; claimed: the size that its directory gives, 0 for the true one. */
static GBytes *
make_zip (const char *name, GBytes *content, ZipHow how)
{
  GByteArray *out = g_byte_array_new ();
  const guint n_name = (guint) strlen (name);
  g_autofree guint8 *packed = g_malloc (g_bytes_get_size (content) + 256);
  const guint8 *data = g_bytes_get_data (content, NULL);
  guint size = (guint) g_bytes_get_size (content), n_packed = size, start, crc;

  crc = (guint) crc32 (0, data, size) ^ (how.wrong_crc ? 1 : 0);
  memcpy (packed, data, size);
  if (how.method == 8)
    {
      z_stream z = { 0 };

      g_assert_cmpint (deflateInit2 (&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
      z.next_in = (Bytef *) data;
      z.avail_in = size;
      z.next_out = packed;
      z.avail_out = size + 256;
      g_assert_cmpint (deflate (&z, Z_FINISH), ==, Z_STREAM_END);
      n_packed = (guint) z.total_out;
      deflateEnd (&z);
    }
  if (how.claimed != 0)
    size = how.claimed;
  /* Local header, as numpy streams it: sizes unknown. */
  put32 (out, 0x04034b50);
  put16 (out, 20); put16 (out, 8); put16 (out, how.method); put32 (out, 0);
  put32 (out, 0); put32 (out, 0); put32 (out, 0);
  put16 (out, n_name); put16 (out, 0);
  g_byte_array_append (out, (const guint8 *) name, n_name);
  g_byte_array_append (out, packed, n_packed);
  start = out->len;
  put32 (out, 0x02014b50);
  put16 (out, 20); put16 (out, 20); put16 (out, 8); put16 (out, how.method); put32 (out, 0);
  put32 (out, crc); put32 (out, n_packed); put32 (out, size);
  put16 (out, n_name); put16 (out, 0); put16 (out, 0); put16 (out, 0); put16 (out, 0); put32 (out, 0); put32 (out, 0);
  g_byte_array_append (out, (const guint8 *) name, n_name);
  put32 (out, 0x06054b50);
  put16 (out, 0); put16 (out, 0); put16 (out, 1); put16 (out, 1);
  put32 (out, out->len - 12 + 0 - start); put32 (out, start); put16 (out, 0);
  g_bytes_unref (content);
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
small_npy (void)
{
  static const float values[64] = { 1, 2, 3 };

  return make_npy (NPY ("<f4", "False", "(4, 16)"), values, sizeof values);
}

static void
test_npz (void)
{
  for (guint method = 0; method <= 8; method += 8)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) zip = make_zip ("image.npy", small_npy (), (ZipHow) { .method = method });
      g_autoptr (GPtrArray) arrays = eqs_npz_parse (zip, "x.npz", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (arrays->len, ==, 1);
      g_assert_cmpstr (((EqsArray *) arrays->pdata[0])->name, ==, "image");
      g_assert_cmpfloat (eqs_array_get_double (arrays->pdata[0], 2), ==, 3);
      for (gsize cut = 0; cut < g_bytes_get_size (zip); cut++)
        {
          g_autoptr (GBytes) part = g_bytes_new_from_bytes (zip, 0, cut);
          g_autoptr (GError) cause = NULL;

          g_assert_null (eqs_npz_parse (part, "cut.npz", &cause));
          assert_refused (cause, EQS_DATA_ERROR_FORMAT, "cut.npz");
        }
    }
}

static void
test_npz_bad (void)
{
  const struct { ZipHow how; EqsDataError code; } cases[] = {
    { { .method = 8, .wrong_crc = TRUE }, EQS_DATA_ERROR_FORMAT },
    { { .method = 0, .wrong_crc = TRUE }, EQS_DATA_ERROR_FORMAT },
    { { .method = 12 }, EQS_DATA_ERROR_UNSUPPORTED },
    { { .method = 8, .claimed = 0xf0000000 }, EQS_DATA_ERROR_LIMIT },
    { { .method = 8, .claimed = 100 }, EQS_DATA_ERROR_FORMAT },
    { { .method = 8, .claimed = 1000 }, EQS_DATA_ERROR_FORMAT },
    { { .method = 0, .claimed = 100 }, EQS_DATA_ERROR_FORMAT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) zip = make_zip ("a.npy", small_npy (), cases[i].how);

      g_assert_null (eqs_npz_parse (zip, "bad.npz", &error));
      assert_refused (error, cases[i].code, "bad.npz");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/npy/round-trip", test_round_trip);
  g_test_add_func ("/data/npy/headers", test_headers);
  g_test_add_func ("/data/npy/bad", test_bad);
  g_test_add_func ("/data/npz/read", test_npz);
  g_test_add_func ("/data/npz/bad", test_npz_bad);
  return g_test_run ();
}
