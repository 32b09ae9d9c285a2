#pragma once

/** The paths of a tensor product as they are in the program, with the size of their weights on the sample that was run. */

#include "eqk/run.h"

#include <glib.h>

G_BEGIN_DECLS

/** One kind of feature times one kind of the other factor gives one kind. Names such as "1o". */
typedef struct
{
  char  left[8], middle[8], right[8];
  int   copies;        /**< of the product: features that it makes */
  int   n_weights;     /**< learned numbers; of products with harmonics for each edge, from its length */
  double size;         /**< root mean square of the weights; NaN where there are none on this sample */
} EqsProbePath;

/**
 * @param run  after a forward pass of a program that keeps all values
 * @return (transfer full) (element-type EqsProbePath) NULL: the node has no tensor product
 */
GArray *eqs_probe_paths (const EqkRun *run, int node);

G_END_DECLS
