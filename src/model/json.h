#pragma once

/**
 * Reading JSON that may be broken: by cJSON, behind a scan that bounds depth and size, and with the line of every value.
 */

#include "model/value.h"

G_BEGIN_DECLS

#define EQS_JSON_MAX_DEPTH  64
#define EQS_JSON_MAX_VALUES 1000000

/**
 * Reads a whole text. Refused, with the line, are: text that is not UTF-8, not JSON or truncated, nested deeper than
 * EQS_JSON_MAX_DEPTH, with more than EQS_JSON_MAX_VALUES values, numbers beyond a double's range, the character \u0000,
 * and an object that gives one key twice.
 *
 * @param text  need not end with a 0
 * @return (transfer full) NULL with EQS_MODEL_ERROR_PARSE or _LIMIT
 */
EqsValue *eqs_json_parse (const char *text, gsize length, GError **error);

G_END_DECLS
