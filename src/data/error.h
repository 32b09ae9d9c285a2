#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** What can be wrong with data and checkpoint files. The messages are whole sentences for people. */
#define EQS_DATA_ERROR (eqs_data_error_quark ())

typedef enum
{
  EQS_DATA_ERROR_IO,          /**< cannot be read or written */
  EQS_DATA_ERROR_FORMAT,      /**< not this format, or damaged */
  EQS_DATA_ERROR_TRUNCATED,   /**< ends too early, or holds more than its header says */
  EQS_DATA_ERROR_LIMIT,       /**< claims a size that it cannot have or that is not taken */
  EQS_DATA_ERROR_UNSUPPORTED, /**< a known kind of file that is not taken: the message says what to do */
  EQS_DATA_ERROR_MISSING,     /**< no such data set, split, column or file */
  EQS_DATA_ERROR_COUNT,       /**< parts of one split differ in the number of samples */
  EQS_DATA_ERROR_SHAPE,       /**< shapes of samples do not agree */
  EQS_DATA_ERROR_NAN,         /**< a value that is not finite; the sample is named */
  EQS_DATA_ERROR_LABEL,       /**< a label outside 0 .. classes-1; the sample is named */
  EQS_DATA_ERROR_EMPTY        /**< no samples */
} EqsDataError;

GQuark eqs_data_error_quark (void);

/** What a file says, fit to be shown: valid UTF-8 on one line. (transfer full) */
char *eqs_data_clean (const char *text);
/** The same, at most 60 characters of it: to stand in a sentence. */
char *eqs_data_quote (const char *text);
/** EQS_DATA_ERROR_FORMAT: the path of a description, then a sentence about what is wrong in it. @return FALSE */
gboolean eqs_data_refuse (GError **error, const char *where, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
