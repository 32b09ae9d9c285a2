#pragma once

#include "data/array.h"

G_BEGIN_DECLS

/**
 * Reads NumPy's .npy, versions 1 and 2: little-endian, C order, types f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 (as uint8).
 * Others are refused by name, with the line of NumPy that helps. Zero dimensions are one value of shape [1].
 */
EqsArray *eqs_npy_parse (GBytes *bytes, const char *name, GError **error);

/**
 * Reads .npz: a zip of .npy files, stored or deflated, by its central directory; checksums are checked.
 *
 * @return (transfer container) (element-type EqsArray) in the order of the file, array->name without ".npy"
 */
GPtrArray *eqs_npz_parse (GBytes *bytes, const char *name, GError **error);

/** As eqs_npz_parse's members, for other files of arrays: writes version 1. (transfer full) */
GBytes *eqs_npy_write (const EqsArray *array);

G_END_DECLS
