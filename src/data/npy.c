/* NumPy's files. The header of .npy is a Python dictionary of three known keys in any order; it is read as just that,
 * not evaluated. .npz is zip, of which the central directory at the end is the truth: numpy streams, so local headers
 * need not know sizes. */

#include "data/npy.h"
#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <zlib.h>

#define NPY_MAX_HEADER 65536
#define DEFLATE_MAX_RATIO 1032

typedef struct
{
  char     descr[16];
  gboolean has_descr, has_order, has_shape;
  gboolean fortran;
  guint    n_dims;
  guint64  dims[EQS_MAX_DIMS];
} NpyHeader;

static const char *
npy_skip_space (const char *p)
{
  while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
    p++;
  return p;
}

/* 'text' or "text"; NULL when it is not one or is too long for out. */
static const char *
npy_read_string (const char *p, char *out, gsize size)
{
  const char quote = *p;
  gsize n = 0;

  if (quote != '\'' && quote != '"')
    return NULL;
  for (p++; *p != quote; p++)
    {
      if (*p == '\0' || n + 1 >= size)
        return NULL;
      out[n++] = *p;
    }
  out[n] = '\0';
  return p + 1;
}

static const char *
npy_read_shape (const char *p, NpyHeader *header)
{
  if (*p != '(')
    return NULL;
  p = npy_skip_space (p + 1);
  while (*p != ')')
    {
      char *end;

      if (!g_ascii_isdigit (*p) || header->n_dims == EQS_MAX_DIMS)
        return NULL;
      header->dims[header->n_dims++] = g_ascii_strtoull (p, &end, 10);   /* saturates: the measure refuses it */
      p = npy_skip_space (*end == 'L' ? end + 1 : end);
      if (*p == ',')
        p = npy_skip_space (p + 1);
      else if (*p != ')')
        return NULL;
    }
  return p + 1;
}

static const char *
npy_read_value (const char *p, const char *key, NpyHeader *header)
{
  if (g_str_equal (key, "descr"))
    {
      header->has_descr = TRUE;
      return npy_read_string (p, header->descr, sizeof header->descr);
    }
  if (g_str_equal (key, "shape") && !header->has_shape)
    {
      header->has_shape = TRUE;
      return npy_read_shape (p, header);
    }
  if (g_str_equal (key, "fortran_order"))
    {
      header->has_order = TRUE;
      header->fortran = g_str_has_prefix (p, "True");
      return header->fortran ? p + 4 : g_str_has_prefix (p, "False") ? p + 5 : NULL;
    }
  return NULL;
}

static gboolean
npy_read_dictionary (const char *p, NpyHeader *header)
{
  p = npy_skip_space (p);
  if (*p != '{')
    return FALSE;
  p = npy_skip_space (p + 1);
  while (*p != '}')
    {
      char key[32];

      p = npy_read_string (p, key, sizeof key);
      if (p == NULL || *(p = npy_skip_space (p)) != ':')
        return FALSE;
      p = npy_read_value (npy_skip_space (p + 1), key, header);
      if (p == NULL)
        return FALSE;
      p = npy_skip_space (p);
      if (*p == ',')
        p = npy_skip_space (p + 1);
      else if (*p != '}')
        return FALSE;
    }
  return header->has_descr && header->has_order && header->has_shape && *npy_skip_space (p + 1) == '\0';
}

static gboolean
npy_find_dtype (const char *descr, EqsDtype *dtype)
{
  static const struct { const char *descr; EqsDtype dtype; } types[] = {
    { "u1", EQS_DTYPE_U8 },  { "b1", EQS_DTYPE_U8 },  { "i1", EQS_DTYPE_I8 },  { "u2", EQS_DTYPE_U16 },
    { "i2", EQS_DTYPE_I16 }, { "u4", EQS_DTYPE_U32 }, { "i4", EQS_DTYPE_I32 }, { "u8", EQS_DTYPE_U64 },
    { "i8", EQS_DTYPE_I64 }, { "f4", EQS_DTYPE_F32 }, { "f8", EQS_DTYPE_F64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].descr, descr + 1))
      {
        *dtype = types[i].dtype;
        return descr[0] == '<' || (eqs_dtype_get_size (*dtype) == 1 && strchr ("|<>=", descr[0]) != NULL);
      }
  return FALSE;
}

/* Where the values begin, or 0 with error. */
static gsize
npy_read_header (const guint8 *data, gsize length, NpyHeader *header, const char *name, GError **error)
{
  g_autofree char *text = NULL;
  gsize start, text_length;

  if (length < 10 || memcmp (data, "\x93NUMPY", 6) != 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” is not a NumPy array file."), name);
      return 0;
    }
  if (data[6] != 1 && data[6] != 2)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("“%s” has version %u of the NumPy format; 1 and 2 are read."), name, data[6]);
      return 0;
    }
  start = data[6] == 1 ? 10 : 12;
  text_length = data[8] | (gsize) data[9] << 8;
  if (data[6] == 2 && length >= 12)
    text_length |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (length < start || text_length > length - start || text_length > NPY_MAX_HEADER)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_TRUNCATED, _("“%s” ends inside its header."), name);
      return 0;
    }
  text = g_strndup ((const char *) data + start, text_length);
  if (!npy_read_dictionary (text, header))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("“%s” has a NumPy header that cannot be read."), name);
      return 0;
    }
  return start + text_length;
}

EqsArray *
eqs_npy_parse (GBytes *bytes, const char *name, GError **error)
{
  NpyHeader header = { 0 };
  gsize length, start, n_values, n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  EqsDtype dtype;
  gpointer values;

  start = npy_read_header (data, length, &header, name, error);
  if (start == 0)
    return NULL;
  if (!npy_find_dtype (header.descr, &dtype))
    {
      g_autofree char *descr = eqs_data_quote (header.descr);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   /* Translators: a file, then a NumPy type such as '>f8' */
                   _("“%s” holds numbers of type '%s', which is not read. Save it with array.astype('<f4')."),
                   name, descr);
      return NULL;
    }
  if (header.fortran && header.n_dims > 1)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("“%s” is in Fortran order. Save it with numpy.ascontiguousarray(array)."), name);
      return NULL;
    }
  if (header.n_dims == 0)
    header.dims[header.n_dims++] = 1;
  if (!eqs_array_measure (dtype, header.n_dims, header.dims, &n_values, &n_bytes) || n_bytes != length - start)
    {
      g_autofree char *dims = eqs_dims_to_string (header.n_dims, header.dims);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_TRUNCATED,
                   /* Translators: a file, sizes such as 100×64×64, a type, a number */
                   _("“%s” says it holds %s values of type %s, but %zu bytes follow."),
                   name, dims, eqs_dtype_get_name (dtype), length - start);
      return NULL;
    }

  values = g_malloc (MAX (n_bytes, 1));          /* no more than the file itself */
  if (n_bytes > 0)
    memcpy (values, data + start, n_bytes);
#if G_BYTE_ORDER == G_BIG_ENDIAN
#error "npy.c copies little-endian values as they are"
#endif
  return eqs_array_new_take (dtype, header.n_dims, header.dims, values);
}

GBytes *
eqs_npy_write (const EqsArray *array)
{
  static const char *const descrs[] = { "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f4", "<f8" };
  GString *out = g_string_new_len ("\x93NUMPY\x01\x00\x00\x00", 10);
  gsize length;

  g_string_append_printf (out, "{'descr': '%s', 'fortran_order': False, 'shape': (", descrs[array->dtype]);
  for (guint d = 0; d < array->n_dims; d++)
    g_string_append_printf (out, "%" PRIu64 ",%s", array->dims[d], d + 1 < array->n_dims ? " " : "");
  g_string_append (out, "), }");
  while ((out->len + 1) % 64 != 0)
    g_string_append_c (out, ' ');
  g_string_append_c (out, '\n');
  length = out->len - 10;
  out->str[8] = (char) (length & 0xff);
  out->str[9] = (char) (length >> 8);
  g_string_append_len (out, array->data, (gssize) g_bytes_get_size (array->bytes));
  return g_string_free_to_bytes (out);
}

/* ---- zip ---- */

typedef struct
{
  char   *name;                   /* owned */
  guint   method;
  guint32 crc;
  gsize   packed, size, offset;   /* offset of the local header */
} ZipEntry;

static void
zip_entry_free (gpointer data)
{
  ZipEntry *entry = data;

  g_free (entry->name);
  g_free (entry);
}

static guint16 get16 (const guint8 *p) { return (guint16) (p[0] | p[1] << 8); }
static guint32 get32 (const guint8 *p) { return get16 (p) | (guint32) get16 (p + 2) << 16; }

static gboolean
zip_fail (GError **error, const char *name)
{
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
               _("“%s” is not a zip file (.npz), or is damaged or cut short."), name);
  return FALSE;
}

/* The "end of central directory" record lies in the last 22 + 65535 bytes. */
static const guint8 *
zip_find_end (const guint8 *data, gsize length)
{
  const gsize lowest = length > 22 + 65535 ? length - 22 - 65535 : 0;

  if (length < 22)
    return NULL;
  for (gsize at = length - 22 + 1; at-- > lowest;)
    if (memcmp (data + at, "PK\5\6", 4) == 0 && at + 22 + get16 (data + at + 20) == length)
      return data + at;
  return NULL;
}

static gboolean
zip_read_directory (const guint8 *data, gsize length, GPtrArray *entries, const char *name, GError **error)
{
  const guint8 *end = zip_find_end (data, length);
  gsize at, stop;
  guint n;

  if (end == NULL)
    return zip_fail (error, name);
  n = get16 (end + 10);
  at = get32 (end + 16);
  stop = (gsize) (end - data);
  for (guint i = 0; i < n; i++)
    {
      ZipEntry *entry;
      gsize name_length, whole;

      if (at > stop || stop - at < 46 || memcmp (data + at, "PK\1\2", 4) != 0)
        return zip_fail (error, name);
      name_length = get16 (data + at + 28);
      whole = 46 + name_length + get16 (data + at + 30) + get16 (data + at + 32);
      if (whole > stop - at)
        return zip_fail (error, name);
      if (get16 (data + at + 8) & 1)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED, _("“%s” is encrypted."), name);
          return FALSE;
        }
      entry = g_new0 (ZipEntry, 1);
      entry->name = g_strndup ((const char *) data + at + 46, name_length);
      entry->method = get16 (data + at + 10);
      entry->crc = get32 (data + at + 16);
      entry->packed = get32 (data + at + 20);
      entry->size = get32 (data + at + 24);
      entry->offset = get32 (data + at + 42);
      g_ptr_array_add (entries, entry);
      at += whole;
    }
  return TRUE;
}

static gboolean
zip_inflate (const guint8 *in, gsize packed, guint8 *out, gsize size)
{
  z_stream z = { 0 };
  gboolean fine;

  if (inflateInit2 (&z, -15) != Z_OK)
    return FALSE;
  z.next_in = (Bytef *) in;
  z.avail_in = (uInt) packed;
  z.next_out = out;
  z.avail_out = (uInt) size;
  fine = inflate (&z, Z_FINISH) == Z_STREAM_END && z.avail_out == 0 && z.avail_in == 0;
  inflateEnd (&z);
  return fine;
}

static GBytes *
zip_extract (const guint8 *data, gsize length, const ZipEntry *entry, const char *name, GError **error)
{
  g_autofree guint8 *out = NULL;
  const guint8 *in;
  gsize start;

  /* 0xffffffff: the sizes stand in zip64 fields, which only members above 4 GB need. */
  if (entry->method != 0 && entry->method != 8)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_UNSUPPORTED,
                   _("“%s” is packed in a way that is not read. Save it with numpy.savez."), name);
      return NULL;
    }
  if (entry->offset > length || length - entry->offset < 30 || memcmp (data + entry->offset, "PK\3\4", 4) != 0)
    {
      zip_fail (error, name);
      return NULL;
    }
  start = entry->offset + 30 + get16 (data + entry->offset + 26) + get16 (data + entry->offset + 28);
  if (start > length || entry->packed > length - start || entry->size / DEFLATE_MAX_RATIO > entry->packed ||
      (entry->method == 0 && entry->size != entry->packed))
    {
      zip_fail (error, name);
      return NULL;
    }

  in = data + start;
  out = g_try_malloc (MAX (entry->size, 1));
  if (out == NULL)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("There is not enough memory for “%s”."), name);
      return NULL;
    }
  if (entry->method == 0 && entry->size > 0)
    memcpy (out, in, entry->size);
  if ((entry->method == 8 && !zip_inflate (in, entry->packed, out, entry->size)) ||
      crc32_z (crc32 (0, NULL, 0), out, entry->size) != entry->crc)
    {
      zip_fail (error, name);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&out), entry->size);
}

/* Members may overlap in the file (a "zip bomb"): what they expand to together is bounded, too. */
static gboolean
zip_check_total (const GPtrArray *entries, gsize length, const char *name, GError **error)
{
  guint64 total = 0;

  for (guint i = 0; i < entries->len; i++)
    total += ((const ZipEntry *) entries->pdata[i])->size;
  if (total <= EQS_MAX_ARRAY_BYTES && total / DEFLATE_MAX_RATIO <= length)
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT,
               _("“%s” claims to expand to more than a file of its size can."), name);
  return FALSE;
}

GPtrArray *
eqs_npz_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (zip_entry_free);
  g_autoptr (GPtrArray) arrays = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_array_unref);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (!zip_read_directory (data, length, entries, name, error) || !zip_check_total (entries, length, name, error))
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    {
      const ZipEntry *entry = entries->pdata[i];
      g_autofree char *utf8 = g_utf8_make_valid (entry->name, -1);
      g_autofree char *quoted = eqs_data_quote (utf8);
      g_autofree char *shown = g_strdup_printf ("%s: %s", name, quoted);
      g_autoptr (GBytes) member = zip_extract (data, length, entry, shown, error);
      g_autoptr (EqsArray) array = NULL;

      if (member == NULL)
        return NULL;
      array = eqs_npy_parse (member, shown, error);
      if (array == NULL)
        return NULL;
      array->name = g_str_has_suffix (utf8, ".npy") ? g_strndup (utf8, strlen (utf8) - 4) : g_strdup (utf8);
      g_ptr_array_add (arrays, g_steal_pointer (&array));
    }
  return g_steal_pointer (&arrays);
}
