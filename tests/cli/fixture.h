#pragma once

/* Runs the built program and looks at what it says. */

#include "data/safetensors.h"
#include "model/json.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* A folder of its own for a test; (transfer full) */
char     *fixture_folder   (void);
/* A path in the source tree, below tests/. (transfer full) */
char     *fixture_source   (const char *path);
/* Starts equi with these arguments, NULL-terminated. */
GSubprocess *fixture_start (const char *const *args);
/* Runs it to the end. @return the exit status; out, err (optional) (transfer full) what was written */
int       fixture_run      (char **out, char **err, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* As fixture_run; the status must be this. */
void      fixture_expect   (int status, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* Runs with --json, expects the status, and parses what is printed. */
EqsValue *fixture_json     (int status, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* Fails, ends with this status, prints nothing on stdout and one line on stderr that holds `words`. */
void      fixture_refuses  (int status, const char *words, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* A number at "train.loss". */
double    fixture_number   (EqsValue *object, const char *path);
/* Two checkpoints hold the same tensors, bit for bit (optimiser included); and not the same. */
void      fixture_same     (const char *a, const char *b);
gboolean  fixture_is_same  (const char *a, const char *b);
/* Waits until a file is there. */
void      fixture_wait_for (const char *path);
