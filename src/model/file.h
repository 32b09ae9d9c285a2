#pragma once

/**
 * Designs as files: `*.equi`, UTF-8 JSON, one line a node and one a link, fields in a stable order. The format is
 * described in data/equi.schema.json. What this version does not know is kept and written back where it was.
 *
 * Refused, in one sentence with the line, are files that are larger than EQS_FILE_MAX_BYTES, not JSON, truncated, of
 * another format, with ids that are malformed or taken, with links to nodes that do not exist, or with a field of the
 * wrong type. Cycles, layers and groups that do not exist and sizes nobody can compute are the check's business.
 */

#include "model/document.h"

G_BEGIN_DECLS

#define EQS_FILE_FORMAT    "equistudio.design"
#define EQS_FILE_VERSION   1
#define EQS_FILE_MAX_BYTES (16u << 20)

/**
 * Reads a design. One of a newer version opens read-only where it can be understood.
 * @return (transfer full) NULL with EQS_MODEL_ERROR; messages begin with the file's name
 */
EqsDocument *eqs_file_load    (const char *path, GError **error);
/** As eqs_file_load, from memory. @param length -1: up to the final 0 */
EqsDocument *eqs_file_parse   (const char *text, gssize length, GError **error);

/** Atomic; refused for a read-only document. */
gboolean     eqs_file_save    (EqsDocument *document, const char *path, GError **error);
/** The text of the file. @param length (optional) */
char        *eqs_file_to_text (EqsDocument *document, gsize *length);

G_END_DECLS
