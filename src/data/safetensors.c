/* safetensors: the format of checkpoints. The rules that its own reader enforces (no holes, no overlaps, the last tensor
 * ends at the end of the file) are enforced here too, so that a file of ours is one of theirs and back. */

#include "data/safetensors.h"
#include "data/error.h"
#include "data/file.h"
#include "model/atomic.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define MAX_HEADER 100000000u     /* as in the reference implementation */
#define METADATA "__metadata__"

static const struct { const char *name; EqsDtype dtype; } dtypes[] = {
  { "F32", EQS_DTYPE_F32 }, { "F64", EQS_DTYPE_F64 }, { "I64", EQS_DTYPE_I64 }, { "U8", EQS_DTYPE_U8 },
  { "U64", EQS_DTYPE_U64 }, { "I32", EQS_DTYPE_I32 }, { "U32", EQS_DTYPE_U32 }, { "I16", EQS_DTYPE_I16 },
  { "U16", EQS_DTYPE_U16 }, { "I8", EQS_DTYPE_I8 }, { "BOOL", EQS_DTYPE_U8 },
};

static const char *
dtype_to_text (EqsDtype dtype)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (dtypes[i].dtype == dtype)
      return dtypes[i].name;
  g_return_val_if_reached ("");
}

/* ---- writing ---- */

typedef struct { char *name; EqsArray *array; } WriterEntry;
typedef struct { char *key, *value; } WriterPair;

struct _EqsSafetensorsWriter
{
  GPtrArray  *entries;
  GPtrArray  *metadata;
  GHashTable *names;              /* borrowed from entries */
};

static void
writer_entry_free (gpointer data)
{
  WriterEntry *entry = data;

  g_free (entry->name);
  eqs_array_unref (entry->array);
  g_free (entry);
}

static void
writer_pair_free (gpointer data)
{
  WriterPair *pair = data;

  g_free (pair->key);
  g_free (pair->value);
  g_free (pair);
}

EqsSafetensorsWriter *
eqs_safetensors_writer_new (void)
{
  EqsSafetensorsWriter *self = g_new0 (EqsSafetensorsWriter, 1);

  self->entries = g_ptr_array_new_with_free_func (writer_entry_free);
  self->metadata = g_ptr_array_new_with_free_func (writer_pair_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
eqs_safetensors_writer_free (EqsSafetensorsWriter *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->metadata);
  g_free (self);
}

void
eqs_safetensors_writer_add (EqsSafetensorsWriter *self, const char *name, EqsDtype dtype, guint n_dims,
                            const guint64 *dims, gconstpointer data)
{
  WriterEntry *entry;
  gsize n_values, n_bytes;

  g_return_if_fail (*name != '\0' && g_utf8_validate (name, -1, NULL) && !g_str_equal (name, METADATA));
  g_return_if_fail (!g_hash_table_contains (self->names, name));
  g_return_if_fail (eqs_array_measure (dtype, n_dims, dims, &n_values, &n_bytes));

  entry = g_new (WriterEntry, 1);
  entry->name = g_strdup (name);
  entry->array = eqs_array_new_take (dtype, n_dims, dims, n_bytes > 0 ? g_memdup2 (data, n_bytes) : g_malloc (1));
  g_ptr_array_add (self->entries, entry);
  g_hash_table_add (self->names, entry->name);
}

void
eqs_safetensors_writer_set_metadata (EqsSafetensorsWriter *self, const char *key, const char *value)
{
  WriterPair *pair = NULL;

  g_return_if_fail (g_utf8_validate (key, -1, NULL) && g_utf8_validate (value, -1, NULL));

  for (guint i = 0; i < self->metadata->len; i++)
    if (g_str_equal (((WriterPair *) self->metadata->pdata[i])->key, key))
      pair = self->metadata->pdata[i];
  if (pair == NULL)
    {
      pair = g_new0 (WriterPair, 1);
      pair->key = g_strdup (key);
      g_ptr_array_add (self->metadata, pair);
    }
  g_free (pair->value);
  pair->value = g_strdup (value);
}

/* Entries by element size, largest first; stable. */
static GPtrArray *
writer_order (EqsSafetensorsWriter *self)
{
  GPtrArray *order = g_ptr_array_sized_new (self->entries->len);

  for (gsize size = 8; size > 0; size /= 2)
    for (guint i = 0; i < self->entries->len; i++)
      if (eqs_dtype_get_size (((WriterEntry *) self->entries->pdata[i])->array->dtype) == size)
        g_ptr_array_add (order, self->entries->pdata[i]);
  return order;
}

/* JSON by hand: cJSON prints whole numbers as doubles, which loses offsets from 2^53 on and writes 1e+15. */
static void
append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (out, "\\%c", *text);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (out, "\\u%04x", (guchar) *text);
    else
      g_string_append_c (out, *text);
  g_string_append_c (out, '"');
}

static void
append_entry (GString *out, const WriterEntry *entry, gsize *offset)
{
  const EqsArray *array = entry->array;

  append_string (out, entry->name);
  g_string_append_printf (out, ":{\"dtype\":\"%s\",\"shape\":[", dtype_to_text (array->dtype));
  for (guint d = 0; d < array->n_dims; d++)
    g_string_append_printf (out, "%s%" PRIu64, d == 0 ? "" : ",", array->dims[d]);
  g_string_append_printf (out, "],\"data_offsets\":[%zu,%zu]}", *offset,
                          *offset + g_bytes_get_size (array->bytes));
  *offset += g_bytes_get_size (array->bytes);
}

static GString *
writer_header (EqsSafetensorsWriter *self, const GPtrArray *order)
{
  GString *out = g_string_new ("{");
  gsize offset = 0;

  for (guint i = 0; i < self->metadata->len; i++)
    {
      const WriterPair *pair = self->metadata->pdata[i];

      g_string_append (out, i == 0 ? "\"" METADATA "\":{" : ",");
      append_string (out, pair->key);
      g_string_append_c (out, ':');
      append_string (out, pair->value);
    }
  if (self->metadata->len > 0)
    g_string_append_c (out, '}');
  for (guint i = 0; i < order->len; i++)
    {
      if (out->len > 1)
        g_string_append_c (out, ',');
      append_entry (out, order->pdata[i], &offset);
    }
  g_string_append_c (out, '}');
  while (out->len % 8 != 0)
    g_string_append_c (out, ' ');
  return out;
}

/* Hands out the file piece by piece, so that saving needs no second copy of all weights. */
typedef gboolean (*WritePiece) (gpointer to, gconstpointer data, gsize length, GError **error);

static gboolean
writer_emit (EqsSafetensorsWriter *self, WritePiece piece, gpointer to, GError **error)
{
  g_autoptr (GPtrArray) order = writer_order (self);
  GString *header = writer_header (self, order);
  const guint64 length = GUINT64_TO_LE ((guint64) header->len);
  gboolean fine = piece (to, &length, sizeof length, error) && piece (to, header->str, header->len, error);

  for (guint i = 0; fine && i < order->len; i++)
    {
      const EqsArray *array = ((WriterEntry *) order->pdata[i])->array;

      fine = piece (to, array->data, g_bytes_get_size (array->bytes), error);
    }
  g_string_free (header, TRUE);
  return fine;
}

static gboolean
piece_to_string (gpointer to, gconstpointer data, gsize length, GError **error)
{
  g_string_append_len (to, data, (gssize) length);
  return TRUE;
}

static gboolean
piece_to_file (gpointer to, gconstpointer data, gsize length, GError **error)
{
  return eqs_atomic_file_write (to, data, length, error);
}

GBytes *
eqs_safetensors_writer_to_bytes (EqsSafetensorsWriter *self)
{
  GString *out = g_string_new (NULL);

  writer_emit (self, piece_to_string, out, NULL);
  return g_string_free_to_bytes (out);
}

gboolean
eqs_safetensors_writer_save (EqsSafetensorsWriter *self, const char *path, GError **error)
{
  EqsAtomicFile *file = eqs_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  if (!writer_emit (self, piece_to_file, file, error))
    {
      eqs_atomic_file_abort (file);
      return FALSE;
    }
  return eqs_atomic_file_commit (file, error);
}

/* ---- reading ---- */

typedef struct
{
  EqsTensor tensor;               /* first: what is given out */
  char     *name;                 /* owned */
  gpointer  copy;                 /* (nullable) owned: the values where the file does not have them aligned */
  guint64   begin, end;           /* of data */
} FileTensor;

struct _EqsSafetensors
{
  char       *name;
  GBytes     *bytes;
  GPtrArray  *tensors;            /* FileTensor */
  GHashTable *by_name;            /* name → FileTensor; borrowed */
  GHashTable *metadata;
};

static void
file_tensor_free (gpointer data)
{
  FileTensor *self = data;

  g_free (self->name);
  g_free (self->copy);
  g_free (self);
}

void
eqs_safetensors_free (EqsSafetensors *self)
{
  g_free (self->name);
  g_bytes_unref (self->bytes);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->tensors);
  g_hash_table_unref (self->metadata);
  g_free (self);
}

static gboolean G_GNUC_PRINTF (4, 5)
refuse (const EqsSafetensors *self, GError **error, EqsDataError code, const char *format, ...)
{
  g_autofree char *raw = NULL;
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  what = eqs_data_clean (raw);
  /* Translators: a file, then a sentence about what is wrong in it */
  g_set_error (error, EQS_DATA_ERROR, code, _("“%s” is not a whole safetensors file: %s"), self->name, what);
  return FALSE;
}

static gboolean
read_whole (const cJSON *item, guint64 *out)
{
  if (!cJSON_IsNumber (item) || !(item->valuedouble >= 0 && item->valuedouble < 9007199254740992.0) ||
      item->valuedouble != floor (item->valuedouble))
    return FALSE;
  *out = (guint64) item->valuedouble;
  return TRUE;
}

static gboolean
read_dtype (const cJSON *json, EqsDtype *dtype)
{
  const char *text = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (json, "dtype"));

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (dtypes); i++)
    if (g_str_equal (dtypes[i].name, text))
      {
        *dtype = dtypes[i].dtype;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_layout (const cJSON *json, FileTensor *tensor)
{
  const cJSON *shape = cJSON_GetObjectItemCaseSensitive (json, "shape");
  const cJSON *offsets = cJSON_GetObjectItemCaseSensitive (json, "data_offsets");
  const cJSON *item;

  if (!cJSON_IsArray (shape) || !cJSON_IsArray (offsets) || cJSON_GetArraySize (offsets) != 2)
    return FALSE;
  cJSON_ArrayForEach (item, shape)
    if (tensor->tensor.n_dims == EQS_MAX_DIMS || !read_whole (item, &tensor->tensor.dims[tensor->tensor.n_dims++]))
      return FALSE;
  return read_whole (offsets->child, &tensor->begin) && read_whole (offsets->child->next, &tensor->end);
}

static gboolean
read_tensor (EqsSafetensors *self, const cJSON *json, gsize data_length, GError **error)
{
  FileTensor *tensor = g_new0 (FileTensor, 1);

  g_ptr_array_add (self->tensors, tensor);
  tensor->name = g_utf8_make_valid (json->string, -1);
  tensor->tensor.name = tensor->name;
  if (!g_hash_table_insert (self->by_name, tensor->name, tensor))
    return refuse (self, error, EQS_DATA_ERROR_FORMAT, _("“%s” is there twice."), tensor->name);
  if (!cJSON_IsObject (json) || !read_dtype (json, &tensor->tensor.dtype))
    return refuse (self, error, EQS_DATA_ERROR_UNSUPPORTED, _("“%s” has a type that is not read."), tensor->name);
  if (!read_layout (json, tensor))
    return refuse (self, error, EQS_DATA_ERROR_FORMAT, _("“%s” has no valid shape and offsets."), tensor->name);
  if (tensor->begin > tensor->end || tensor->end > data_length)
    return refuse (self, error, EQS_DATA_ERROR_TRUNCATED,
                   _("“%s” should lie at bytes %" PRIu64 " to %" PRIu64 " of %zu."),
                   tensor->name, tensor->begin, tensor->end, data_length);
  if (!eqs_array_measure (tensor->tensor.dtype, tensor->tensor.n_dims, tensor->tensor.dims, &tensor->tensor.n_values,
                          &tensor->tensor.n_bytes) || tensor->tensor.n_bytes != tensor->end - tensor->begin)
    {
      g_autofree char *dims = eqs_dims_to_string (tensor->tensor.n_dims, tensor->tensor.dims);

      return refuse (self, error, EQS_DATA_ERROR_SHAPE, _("“%s” of shape %s does not fit its %" PRIu64 " bytes."),
                     tensor->name, dims, tensor->end - tensor->begin);
    }
  return TRUE;
}

static gboolean
read_metadata (EqsSafetensors *self, const cJSON *json, GError **error)
{
  const cJSON *item;

  if (!cJSON_IsObject (json) || g_hash_table_size (self->metadata) > 0)
    return refuse (self, error, EQS_DATA_ERROR_FORMAT, _("its metadata are no table of texts."));
  cJSON_ArrayForEach (item, json)
    if (!cJSON_IsString (item) || !g_utf8_validate (item->valuestring, -1, NULL) ||
        !g_utf8_validate (item->string, -1, NULL) ||
        !g_hash_table_insert (self->metadata, g_strdup (item->string), g_strdup (item->valuestring)))
      return refuse (self, error, EQS_DATA_ERROR_FORMAT, _("its metadata are no table of texts."));
  return TRUE;
}

static int
compare_begin (gconstpointer a, gconstpointer b)
{
  const FileTensor *x = *(FileTensor *const *) a, *y = *(FileTensor *const *) b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

/* Sorted by offset, each begins where the one before ends, and the last ends with the file. */
static gboolean
check_layout (EqsSafetensors *self, gsize data_length, GError **error)
{
  g_autoptr (GPtrArray) order = g_ptr_array_copy (self->tensors, NULL, NULL);
  guint64 at = 0;

  g_ptr_array_set_free_func (order, NULL);
  g_ptr_array_sort (order, compare_begin);
  for (guint i = 0; i < order->len; i++)
    {
      const FileTensor *tensor = order->pdata[i];

      if (tensor->begin != at)
        return refuse (self, error, EQS_DATA_ERROR_FORMAT,
                       tensor->begin < at ? _("“%s” overlaps the tensor before it.")
                                          : _("there is a gap before “%s”."), tensor->name);
      at = tensor->end;
    }
  if (at == data_length)
    return TRUE;
  return refuse (self, error, EQS_DATA_ERROR_TRUNCATED,
                 _("%" PRIu64 " bytes belong to tensors, %zu are there."), at, data_length);
}

static void
place_data (EqsSafetensors *self, const guint8 *data)
{
  for (guint i = 0; i < self->tensors->len; i++)
    {
      FileTensor *tensor = self->tensors->pdata[i];
      const guint8 *values = data + tensor->begin;

      if ((guintptr) values % eqs_dtype_get_size (tensor->tensor.dtype) != 0 && tensor->tensor.n_bytes > 0)
        values = tensor->copy = g_memdup2 (values, tensor->tensor.n_bytes);
      tensor->tensor.data = values;
    }
}

static gboolean
read_header (EqsSafetensors *self, const cJSON *json, gsize data_length, GError **error)
{
  const cJSON *item;

  if (!cJSON_IsObject (json))
    return refuse (self, error, EQS_DATA_ERROR_FORMAT, _("its header is not a JSON object."));
  cJSON_ArrayForEach (item, json)
    if (g_str_equal (item->string, METADATA) ? !read_metadata (self, item, error)
                                             : !read_tensor (self, item, data_length, error))
      return FALSE;
  return check_layout (self, data_length, error);
}

EqsSafetensors *
eqs_safetensors_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (EqsSafetensors) self = g_new0 (EqsSafetensors, 1);
  const char *text, *end = NULL;
  const guint8 *data;
  guint64 header_length;
  gsize length;
  cJSON *json;
  gboolean fine;

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->tensors = g_ptr_array_new_with_free_func (file_tensor_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  data = g_bytes_get_data (bytes, &length);
  if (length < 8)
    {
      refuse (self, error, EQS_DATA_ERROR_TRUNCATED, _("it has %zu bytes."), length);
      return NULL;
    }
  memcpy (&header_length, data, 8);
  header_length = GUINT64_FROM_LE (header_length);
  if (header_length > MAX_HEADER || header_length > length - 8)
    {
      refuse (self, error, EQS_DATA_ERROR_TRUNCATED,
              _("its header should be %" PRIu64 " bytes long, but %zu follow."), header_length,
              length - 8);
      return NULL;
    }
  text = (const char *) data + 8;
  json = memchr (text, '\0', header_length) == NULL ?
         cJSON_ParseWithLengthOpts (text, header_length, &end, FALSE) : NULL;
  while (json != NULL && end < text + header_length && *end == ' ')
    end++;
  if (json == NULL || end != text + header_length)
    {
      cJSON_Delete (json);
      refuse (self, error, EQS_DATA_ERROR_FORMAT, _("its header is not JSON."));
      return NULL;
    }
  data += 8 + header_length;
  fine = read_header (self, json, length - 8 - (gsize) header_length, error);
  cJSON_Delete (json);
  if (!fine)
    return NULL;
  place_data (self, data);
  return g_steal_pointer (&self);
}

EqsSafetensors *
eqs_safetensors_open (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GBytes) bytes = eqs_file_read (path, EQS_MAX_ARRAY_BYTES, error);

  return bytes != NULL ? eqs_safetensors_parse (bytes, shown, error) : NULL;
}

guint
eqs_safetensors_get_n (const EqsSafetensors *self)
{
  return self->tensors->len;
}

const EqsTensor *
eqs_safetensors_get (const EqsSafetensors *self, guint index)
{
  g_return_val_if_fail (index < self->tensors->len, NULL);
  return &((FileTensor *) self->tensors->pdata[index])->tensor;
}

const EqsTensor *
eqs_safetensors_find (const EqsSafetensors *self, const char *name)
{
  FileTensor *tensor = g_hash_table_lookup (self->by_name, name);

  return tensor != NULL ? &tensor->tensor : NULL;
}

const char *
eqs_safetensors_get_metadata (const EqsSafetensors *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}
