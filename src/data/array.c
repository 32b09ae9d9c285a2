/* Arrays as files hold them: the type stays what the file had (bytes stay bytes, an image set is a quarter of its float
 * size), and conversion happens when a batch is filled. */

#include "data/array.h"

#include <math.h>
#include <string.h>

#include <inttypes.h>

static const struct { const char *name; guint8 size; gboolean is_float; } dtypes[] = {
  [EQS_DTYPE_U8]  = { "uint8", 1, FALSE },   [EQS_DTYPE_I8]  = { "int8", 1, FALSE },
  [EQS_DTYPE_U16] = { "uint16", 2, FALSE },  [EQS_DTYPE_I16] = { "int16", 2, FALSE },
  [EQS_DTYPE_U32] = { "uint32", 4, FALSE },  [EQS_DTYPE_I32] = { "int32", 4, FALSE },
  [EQS_DTYPE_U64] = { "uint64", 8, FALSE },  [EQS_DTYPE_I64] = { "int64", 8, FALSE },
  [EQS_DTYPE_F32] = { "float32", 4, TRUE },  [EQS_DTYPE_F64] = { "float64", 8, TRUE },
};

gsize
eqs_dtype_get_size (EqsDtype dtype)
{
  g_return_val_if_fail (dtype < G_N_ELEMENTS (dtypes), 1);
  return dtypes[dtype].size;
}

gboolean
eqs_dtype_is_float (EqsDtype dtype)
{
  g_return_val_if_fail (dtype < G_N_ELEMENTS (dtypes), FALSE);
  return dtypes[dtype].is_float;
}

const char *
eqs_dtype_get_name (EqsDtype dtype)
{
  g_return_val_if_fail (dtype < G_N_ELEMENTS (dtypes), "");
  return dtypes[dtype].name;
}

gboolean
eqs_array_measure (EqsDtype dtype, guint n_dims, const guint64 *dims, gsize *n_values, gsize *n_bytes)
{
  guint64 values = 1, bytes;

  if (n_dims > EQS_MAX_DIMS)
    return FALSE;
  for (guint d = 0; d < n_dims; d++)
    if (!g_uint64_checked_mul (&values, values, dims[d]))
      return FALSE;
  if (!g_uint64_checked_mul (&bytes, values, eqs_dtype_get_size (dtype)) || bytes > EQS_MAX_ARRAY_BYTES ||
      bytes > G_MAXSIZE)
    return FALSE;

  *n_values = (gsize) values;
  *n_bytes = (gsize) bytes;
  return TRUE;
}

EqsArray *
eqs_array_new_take (EqsDtype dtype, guint n_dims, const guint64 *dims, gpointer data)
{
  EqsArray *self;
  gsize n_values, n_bytes;

  if (!eqs_array_measure (dtype, n_dims, dims, &n_values, &n_bytes))
    g_return_val_if_reached (NULL);

  self = g_atomic_rc_box_new0 (EqsArray);
  self->dtype = dtype;
  self->n_dims = n_dims;
  if (n_dims > 0)
    memcpy (self->dims, dims, n_dims * sizeof *dims);
  self->n_values = n_values;
  self->bytes = g_bytes_new_take (data, n_bytes);
  self->data = g_bytes_get_data (self->bytes, NULL);
  return self;
}

EqsArray *
eqs_array_ref (EqsArray *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
eqs_array_clear (gpointer data)
{
  EqsArray *self = data;

  g_free (self->name);
  g_bytes_unref (self->bytes);
}

void
eqs_array_unref (EqsArray *self)
{
  g_atomic_rc_box_release_full (self, eqs_array_clear);
}

#define EACH_DTYPE(CASE) \
  CASE (EQS_DTYPE_U8, guint8) CASE (EQS_DTYPE_I8, gint8) CASE (EQS_DTYPE_U16, guint16) CASE (EQS_DTYPE_I16, gint16) \
  CASE (EQS_DTYPE_U32, guint32) CASE (EQS_DTYPE_I32, gint32) CASE (EQS_DTYPE_U64, guint64) \
  CASE (EQS_DTYPE_I64, gint64) CASE (EQS_DTYPE_F32, float) CASE (EQS_DTYPE_F64, double)

void
eqs_array_read_float (const EqsArray *self, gsize first, gsize n, float scale, float *out)
{
  g_return_if_fail (first <= self->n_values && n <= self->n_values - first);

  switch (self->dtype)
    {
#define CASE(id, type) \
    case id: \
      { \
        const type *in = (const type *) self->data + first; \
        for (gsize i = 0; i < n; i++) \
          out[i] = (float) in[i] * scale; \
        break; \
      }
    EACH_DTYPE (CASE)
#undef CASE
    }
}

double
eqs_array_get_double (const EqsArray *self, gsize index)
{
  g_return_val_if_fail (index < self->n_values, 0);

  switch (self->dtype)
    {
#define CASE(id, type) case id: return (double) ((const type *) self->data)[index];
    EACH_DTYPE (CASE)
#undef CASE
    }
  return 0;
}

static gint64
int_from_double (double value)
{
  if (!(value > -9.2e18))
    return G_MININT64;                /* NaN too: never a valid label */
  return value < 9.2e18 ? (gint64) value : G_MAXINT64;
}

gint64
eqs_array_get_int (const EqsArray *self, gsize index)
{
  g_return_val_if_fail (index < self->n_values, 0);

  switch (self->dtype)
    {
    case EQS_DTYPE_U64: return (gint64) MIN (((const guint64 *) self->data)[index], (guint64) G_MAXINT64);
    case EQS_DTYPE_I64: return ((const gint64 *) self->data)[index];
    default: return int_from_double (eqs_array_get_double (self, index));
    }
}

gboolean
eqs_array_find_not_finite (const EqsArray *self, gsize *index)
{
  if (!eqs_dtype_is_float (self->dtype))
    return FALSE;
  for (gsize i = 0; i < self->n_values; i++)
    if (!isfinite (eqs_array_get_double (self, i)))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

char *
eqs_dims_to_string (guint n_dims, const guint64 *dims)
{
  GString *text = g_string_new (NULL);

  for (guint d = 0; d < n_dims; d++)
    g_string_append_printf (text, "%s%" PRIu64, d == 0 ? "" : "×", dims[d]);
  return g_string_free (text, FALSE);
}
