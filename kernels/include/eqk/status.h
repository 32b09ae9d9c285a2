#pragma once

/**
 * Status codes and diagnosis of libeqk.
 *
 * Every function that can fail because of what a person or a file said returns an EqkStatus and fills an optional,
 * caller-owned EqkDiag with the facts. Nothing here allocates, prints or aborts; sentences for people are made above
 * the kernels from the facts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks a text that is shown to people; gettext finds it by this name. */
#define EQK_N_(text) text

typedef enum
{
  EQK_OK = 0,
  EQK_ERR_NO_MEMORY,
  EQK_ERR_PARSE,        /**< a text could not be read; diag->index is the byte */
  EQK_ERR_LIMIT,        /**< a size or number is out of its range */
  EQK_ERR_NAME,         /**< no such layer, operation, group, port, setting or node */
  EQK_ERR_TYPE,         /**< types do not fit */
  EQK_ERR_SHAPE,        /**< extents do not fit */
  EQK_ERR_GROUP,        /**< not defined for this group */
  EQK_ERR_GRAPH,        /**< cycle, open input, duplicate id, no output */
  EQK_ERR_UNSUPPORTED,  /**< the operation has no such pass (for instance no tangent) */
  EQK_ERR_NAN,          /**< a value that is not finite; diag->node names the place */
  EQK_ERR_DATA,         /**< input data are unusable; diag->index is the sample */
  EQK_ERR_CANCELLED,
  EQK_ERR_INTERNAL      /**< an invariant of the library does not hold: a bug */
} EqkStatus;

/** The facts about a failure. Fixed size: an error path never allocates. */
typedef struct
{
  EqkStatus status;
  int64_t   index;        /**< byte, sample, element …; -1 when there is none */
  char      node[96];     /**< id of the node concerned, or "" */
  char      what[160];    /**< the thing that was wrong: a name, a type, a short phrase */
  char      expected[160];
  char      found[160];
} EqkDiag;

#define EQK_DIAG_INIT { EQK_OK, -1, "", "", "", "" }

/** Records a failure (diag may be NULL) and returns status. The format is printf's. */
EqkStatus eqk_fail (EqkDiag *diag, EqkStatus status, const char *what_format, ...) __attribute__ ((format (printf, 3, 4)));

/** As eqk_fail, with what was expected and what was found. */
EqkStatus eqk_fail_expected (EqkDiag *diag, EqkStatus status, const char *what, const char *expected, const char *found);

/** A stable lower-case English name such as "shape", for logs and tests. */
const char *eqk_status_name (EqkStatus status);

#ifdef __cplusplus
}
#endif
