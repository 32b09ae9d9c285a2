#pragma once

#include "data/array.h"

G_BEGIN_DECLS

/**
 * Sets of different sizes in one dense array: rows that only fill it up are left out.
 *
 * @param padded [samples, elements, …]
 * @param mask   [samples, elements]: other than 0 where an element stands; each sample needs one
 * @param file   name of the file, for messages
 * @param name   of the mask in it
 * @param offsets (out) (transfer full) [samples + 1]: where each sample begins in what is returned
 * @return (transfer full) [rows, …]; NULL: error says which sample or shape does not fit
 */
EqsArray *eqs_masked_take (const EqsArray *padded, const EqsArray *mask, const char *file, const char *name, guint32 **offsets, GError **error);

G_END_DECLS
