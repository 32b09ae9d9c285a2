#pragma once

/** The error domain of src/model. The message is a whole translated sentence: what, where, what to do. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EQS_MODEL_ERROR_IO,          /**< a file could not be read or written; it is as it was */
  EQS_MODEL_ERROR_PARSE,       /**< not JSON, or truncated */
  EQS_MODEL_ERROR_FORMAT,      /**< JSON, but not a design, or a field of the wrong type */
  EQS_MODEL_ERROR_LIMIT,       /**< too large, too many, too deep */
  EQS_MODEL_ERROR_ID,          /**< an id that is malformed, missing or taken */
  EQS_MODEL_ERROR_NOT_FOUND,   /**< no such node, link, note … */
  EQS_MODEL_ERROR_READ_ONLY,   /**< the document was written by a newer version */
  EQS_MODEL_ERROR_INVALID,     /**< an edit that makes no sense here */
  EQS_MODEL_ERROR_UNMATCHED    /**< the design gives or reads something that data do not have under this name */
} EqsModelError;

#define EQS_MODEL_ERROR (eqs_model_error_quark ())
GQuark eqs_model_error_quark (void);

/** Text from a file as a sentence can hold it: at most 64 characters, on one line. @return (transfer full) */
char *eqs_error_quote (const char *text);

G_END_DECLS
