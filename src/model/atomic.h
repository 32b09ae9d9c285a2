#pragma once

/**
 * Writing files so that a reader sees the old contents or the new ones, never a part: a temporary file beside the
 * target, fsync, rename. A failed or killed write leaves the old file as it was.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _EqsAtomicFile EqsAtomicFile;

/**
 * Opens the temporary file. A symbolic link is followed, and permissions of an existing target are kept.
 * @return NULL with EQS_MODEL_ERROR_IO
 */
EqsAtomicFile *eqs_atomic_file_open   (const char *path, GError **error);
/** Appends bytes to the temporary file. On FALSE (EQS_MODEL_ERROR_IO) part may be written: abort. */
gboolean       eqs_atomic_file_write  (EqsAtomicFile *self, const void *data, gsize length, GError **error);
/** Flushes to disk, renames and frees self, whatever comes of it. On FALSE the target is as it was. */
gboolean       eqs_atomic_file_commit (EqsAtomicFile *self, GError **error);
/** Drops what was written and frees self. */
void           eqs_atomic_file_abort  (EqsAtomicFile *self);

/** All of it at once. @param length -1 when data is a text that ends with 0 */
gboolean eqs_file_write_atomic (const char *path, const void *data, gssize length, GError **error);

/**
 * Reads a whole file of at most max_bytes. Refused in one sentence: directories, unreadable and larger files.
 * @param length (optional)
 * @return (transfer full) ends with a 0 that is not counted; NULL with EQS_MODEL_ERROR_IO or _LIMIT
 */
char *eqs_file_read_bounded (const char *path, gsize max_bytes, gsize *length, GError **error);

G_END_DECLS
