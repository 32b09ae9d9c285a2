#pragma once

/**
 * Whether the gradients of a network are right, node by node, on the design itself: every operation that a node expands into, near
 * the values that drawn inputs bring there, against central differences in 64 bit (check/check.h). What training rests on.
 */

#include "services/checkpoint.h"

G_BEGIN_DECLS

/** Relative errors above this are wrong: layers.md, differences of step 1e-5 in 64 bit. */
#define EQS_GRADIENT_LIMIT 1e-6

typedef struct
{
  char  *path;        /**< owned: of the node, in the document */
  double error;       /**< the largest relative error of its derivatives; of copies in a block, of all of them */
  guint  n;           /**< derivatives that were compared; 0: the node has none, such as the reading of pictures */
  char   where[160];  /**< the operation with that error, and its input */
} EqsGradientNode;

/** In [0, 1]; from the thread that checks. */
typedef void (*EqsGradientProgress) (double done, gpointer data);

/**
 * Any thread.
 * @param cancel    (nullable) set to 1 from anywhere: ends after the operation at hand, as G_IO_ERROR_CANCELLED
 * @param progress  (nullable)
 * @return (element-type EqsGradientNode) (transfer full), in the order of the computation; NULL on failure
 */
GPtrArray *eqs_gradient_check (EqsModel *model, const int *cancel, EqsGradientProgress progress, gpointer data, GError **error);

G_END_DECLS
