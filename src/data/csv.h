#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A table of text with a header line, as in RFC 4180: fields may stand in double quotes, "" is a quote inside them, and
 * may then hold commas and line ends. Lines end in LF or CRLF; a UTF-8 byte order mark and empty lines are skipped.
 * Every line has as many fields as the header. Numbers have a decimal point in every locale.
 */
typedef struct _EqsCsv EqsCsv;

/**
 * Reads a whole file of at most 2 GiB. @param name  for messages
 * @return (transfer full) NULL with EQS_DATA_ERROR_LIMIT, _EMPTY or _FORMAT, which names the line where it can
 */
EqsCsv     *eqs_csv_parse        (GBytes *bytes, const char *name, GError **error);
/** With all its texts. */
void        eqs_csv_free         (EqsCsv *self);

/** Fields of the header, and of every row. */
guint       eqs_csv_get_n_columns (const EqsCsv *self);
/** Without the header and empty lines. */
gsize       eqs_csv_get_n_rows   (const EqsCsv *self);
/** Of column 0 … n_columns - 1; borrowed. */
const char *eqs_csv_get_title    (const EqsCsv *self, guint column);
/** A field as text, quotes taken off; borrowed. */
const char *eqs_csv_get          (const EqsCsv *self, gsize row, guint column);
/** The line of the file on which a row begins, from 1. */
guint64     eqs_csv_get_line     (const EqsCsv *self, gsize row);
/** FALSE with EQS_DATA_ERROR_MISSING, which names the columns there are. */
gboolean    eqs_csv_find         (const EqsCsv *self, const char *title, guint *column, GError **error);
/** A finite number; else FALSE with EQS_DATA_ERROR_NAN or _FORMAT, which name line and column. */
gboolean    eqs_csv_get_number   (const EqsCsv *self, gsize row, guint column, double *value, GError **error);
/** From here on what is missing counts as a number, NaN: for whoever counts what is not there. */
void        eqs_csv_keep_missing (EqsCsv *self);
/** Whether a field says that there is nothing: it is empty, or "NA", "nan", "null", "none", "?" or "-". */
gboolean    eqs_csv_is_missing   (const EqsCsv *self, gsize row, guint column);
/** TRUE if the first field of the column that says anything is a number, or there is no row. */
gboolean    eqs_csv_is_number    (const EqsCsv *self, guint column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsCsv, eqs_csv_free)

G_END_DECLS
