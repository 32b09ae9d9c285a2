#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The content of a regular file; refused by size above max_length before anything is read. */
GBytes *eqs_file_read (const char *path, guint64 max_length, GError **error);

/** TRUE if the content begins as gzip does. */
gboolean eqs_gzip_is (GBytes *bytes);

/**
 * Expands gzip (members one after the other are one content). Memory grows with what really comes out, and never
 * above max_length.
 *
 * @param name what to call the file in messages
 * @return (transfer full) NULL with EQS_DATA_ERROR_FORMAT, _TRUNCATED or _LIMIT
 */
GBytes *eqs_gzip_expand (GBytes *bytes, gsize max_length, const char *name, GError **error);

/** The first length bytes that gzip expands to, or fewer where it has fewer. No error: what is damaged is short. */
gsize eqs_gzip_peek (GBytes *bytes, guint8 *out, gsize length);

G_END_DECLS
