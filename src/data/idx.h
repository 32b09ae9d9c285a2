#pragma once

#include "data/array.h"

G_BEGIN_DECLS

/**
 * Reads IDX (MNIST's format), plain or inside gzip: bytes 0 0 code n_dims, n_dims big-endian sizes, big-endian values.
 * Codes 08 uint8, 09 int8, 0B int16, 0C int32, 0D float32, 0E float64. The length must be exactly what the header says,
 * and nothing is allocated before that is known to be possible.
 *
 * @param name what to call the file in messages
 */
EqsArray *eqs_idx_parse (GBytes *bytes, const char *name, GError **error);
/** Whether a file is called as IDX files are: .idx, .idx.gz, or as MNIST calls its own, -idx3-ubyte and the like. */
gboolean  eqs_idx_has_name (const char *file);

G_END_DECLS
