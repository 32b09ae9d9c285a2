#pragma once

/* Writes NPZ files of numbers, member by member, for tests. */

#include "data/npy.h"

#include <string.h>
#include <zlib.h>

typedef struct
{
  GByteArray *zip, *directory;
  guint       n;
} NpzMaker;

static inline NpzMaker
npz_begin (void)
{
  return (NpzMaker) { g_byte_array_new (), g_byte_array_new (), 0 };
}

static inline void
npz_put (GByteArray *out, guint64 number, guint bytes)
{
  for (guint i = 0; i < bytes; i++, number >>= 8)
    g_byte_array_append (out, &(const guint8) { (guint8) number }, 1);
}

/* What stands before a member, and of it in the directory, where `at` says where it begins. */
static inline void
npz_put_entry (GByteArray *out, gboolean directory, const char *member, GBytes *bytes, guint at)
{
  const gsize n = g_bytes_get_size (bytes);

  npz_put (out, directory ? 0x02014b50 : 0x04034b50, 4);
  npz_put (out, 20, directory ? 4 : 2);
  npz_put (out, 0, 8);      /* flags, method, time, date */
  npz_put (out, crc32 (0, g_bytes_get_data (bytes, NULL), (uInt) n), 4);
  npz_put (out, n, 4);
  npz_put (out, n, 4);
  npz_put (out, strlen (member), 2);
  npz_put (out, 0, 2);
  if (directory)
    {
      npz_put (out, 0, 8 + 2);
      npz_put (out, at, 4);
    }
  g_byte_array_append (out, (const guint8 *) member, (guint) strlen (member));
}

/* One stored array. */
static inline void
npz_add_array (NpzMaker *self, const char *name, const EqsArray *array)
{
  g_autofree char   *member = g_strconcat (name, ".npy", NULL);
  g_autoptr (GBytes) bytes = eqs_npy_write (array);

  npz_put_entry (self->directory, TRUE, member, bytes, self->zip->len);
  npz_put_entry (self->zip, FALSE, member, bytes, 0);
  g_byte_array_append (self->zip, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  self->n++;
}

/* Of doubles. */
static inline void
npz_add (NpzMaker *self, const char *name, guint n_dims, const guint64 *dims, const double *values)
{
  g_autoptr (EqsArray) array = NULL;
  gsize                count = 1;

  for (guint d = 0; d < n_dims; d++)
    count *= dims[d];
  array = eqs_array_new_take (EQS_DTYPE_F64, n_dims, dims, g_memdup2 (values, count * sizeof *values));
  npz_add_array (self, name, array);
}

/* The file; the maker is used up. */
static inline GBytes *
npz_end (NpzMaker *self)
{
  const guint at = self->zip->len, size = self->directory->len;

  g_byte_array_append (self->zip, self->directory->data, size);
  npz_put (self->zip, 0x06054b50, 4);
  npz_put (self->zip, 0, 4);
  npz_put (self->zip, self->n, 2);
  npz_put (self->zip, self->n, 2);
  npz_put (self->zip, size, 4);
  npz_put (self->zip, at, 4);
  npz_put (self->zip, 0, 2);
  g_byte_array_unref (self->directory);
  return g_byte_array_free_to_bytes (self->zip);
}
