#pragma once

/**
 * The data that a design is bound to: opened as the design's data section says ("name" or "path"; "map": what is said of its columns,
 * in the form of data/meaning.h; designs of before have "columns" and "units" for it).
 */

#include "data/meaning.h"
#include "model/compile.h"

G_BEGIN_DECLS

/** The name or path that the design is bound to; NULL: to none. Borrowed from the document. */
const char *eqs_bound_data_get_name (const EqsDocument *document);
/**
 * Opens data for a design. Its columns and units hold for the set it is bound to; another set says for itself.
 *
 * @param data  (nullable) a name or a path; NULL: the one the design is bound to, which must be there
 * @return (transfer full) NULL with EQS_DATA_ERROR
 */
EqsDataset *eqs_bound_data_open     (const EqsDocument *document, const char *data, GError **error);
/**
 * Writes into the design's data section how the set is read ("map") and what is converted ("converted"), and tells
 * the conversions and the names that it did not say before. What is written is appended to edits, what is told to changes.
 */
gboolean    eqs_bound_data_note     (EqsDocument *document, EqsDataset *dataset, GPtrArray *edits, GPtrArray *changes, GError **error);

G_END_DECLS
