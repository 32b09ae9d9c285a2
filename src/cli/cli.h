#pragma once

/** What the commands share: options, messages, JSON. Exit status: 0 fine, 1 the thing asked about is not, 2 usage, 3 files. */

#include "model/value.h"

#include <glib.h>

G_BEGIN_DECLS

enum { EQS_EXIT_OK, EQS_EXIT_NOT_FINE, EQS_EXIT_USAGE, EQS_EXIT_FILE };

/** One line to standard error, "equi: …". @return status */
int  eqs_cli_fail (int status, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** The message of an error, which is freed. @return EQS_EXIT_FILE for errors of files and formats, else EQS_EXIT_NOT_FINE */
int  eqs_cli_fail_error (GError *error);
/**
 * Reads options. What is left in argv after the name are the positional arguments, from min to max (max < 0: any number).
 * @param usage  as shown after the command's name, such as "FILE"
 * @return FALSE: a message was printed, end with *status (0 for --help, else EQS_EXIT_USAGE)
 */
gboolean eqs_cli_parse (const GOptionEntry *entries, const char *command, const char *usage, const char *summary, int *argc, char ***argv,
                        int min, int max, int *status);
/** One JSON object and a line end to standard output. @param map (transfer full) */
void eqs_cli_print_json (EqsMap *map);
/** As eqs_cli_print_json for a list. @param list (transfer full) */
void eqs_cli_print_json_list (EqsValue *list);
/** Builds a list. */
EqsValue *eqs_cli_list (GPtrArray *values);
/* Shorthands for filling objects. */
/** A text, copied; NULL becomes null. */
void eqs_cli_set_string (EqsMap *map, const char *key, const char *text);
/** A number; what is not finite becomes null. */
void eqs_cli_set_number (EqsMap *map, const char *key, double number);
/** True or false. */
void eqs_cli_set_bool   (EqsMap *map, const char *key, gboolean flag);
/** An object inside. @param object (transfer full) */
void eqs_cli_set_map    (EqsMap *map, const char *key, EqsMap *object);
/** Any value. @param value (transfer full) */
void eqs_cli_set_value  (EqsMap *map, const char *key, EqsValue *value);

/** Spaces after text up to width columns on a screen (bytes are not columns). (transfer full) */
char     *eqs_cli_pad             (const char *text, int width);

G_END_DECLS
