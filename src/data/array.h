#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Number types that files hold. In memory always in the byte order of the machine. */
typedef enum
{
  EQS_DTYPE_U8, EQS_DTYPE_I8, EQS_DTYPE_U16, EQS_DTYPE_I16, EQS_DTYPE_U32, EQS_DTYPE_I32,
  EQS_DTYPE_U64, EQS_DTYPE_I64, EQS_DTYPE_F32, EQS_DTYPE_F64
} EqsDtype;

#define EQS_MAX_DIMS 8
/** No array of a file is larger than this, whatever its header says. */
#define EQS_MAX_ARRAY_BYTES (G_GUINT64_CONSTANT (4) << 30)

/** In bytes. */
gsize       eqs_dtype_get_size (EqsDtype dtype);
/** TRUE for float32 and float64. */
gboolean    eqs_dtype_is_float (EqsDtype dtype);
/** "uint8", "float32" …. */
const char *eqs_dtype_get_name (EqsDtype dtype);

/** A dense array, row-major. Immutable once made; counted references, so columns share it between threads. */
typedef struct
{
  char     *name;                   /**< (nullable) inside an NPZ file */
  EqsDtype  dtype;
  guint     n_dims;
  guint64   dims[EQS_MAX_DIMS];
  gsize     n_values;               /**< product of dims */
  GBytes   *bytes;                  /**< owned */
  gconstpointer data;               /**< of bytes; aligned for dtype */
} EqsArray;

/** @param data (transfer full) from g_malloc, of the size that dims and dtype say */
EqsArray *eqs_array_new_take (EqsDtype dtype, guint n_dims, const guint64 *dims, gpointer data);
/** One more owner, from any thread. @return self */
EqsArray *eqs_array_ref      (EqsArray *self);
/** One owner less, from any thread; the last one frees the numbers. */
void      eqs_array_unref    (EqsArray *self);

/** Values [first, first + n) as float or double, unscaled. */
void   eqs_array_read_float  (const EqsArray *self, gsize first, gsize n, float scale, float *out);
/** Value 0 … n_values - 1, unscaled; 64-bit integers are rounded. */
double eqs_array_get_double  (const EqsArray *self, gsize index);
/** An integer value, saturated to gint64; fractions are cut. */
gint64 eqs_array_get_int     (const EqsArray *self, gsize index);
/** FALSE when all values are finite; else TRUE with the first that is not. */
gboolean eqs_array_find_not_finite (const EqsArray *self, gsize *index);

/**
 * Multiplies dims and the size of dtype.
 *
 * @return FALSE when the product overflows or exceeds EQS_MAX_ARRAY_BYTES: nothing may be allocated then
 */
gboolean eqs_array_measure (EqsDtype dtype, guint n_dims, const guint64 *dims, gsize *n_values, gsize *n_bytes);

/** "28×28×1"; (transfer full) */
char *eqs_dims_to_string (guint n_dims, const guint64 *dims);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsArray, eqs_array_unref)

G_END_DECLS
