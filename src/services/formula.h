#pragma once

/** How many numbers a layer learns, as a sum of products: what the inspector and the specification say of it. */

#include "eqk/program.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * "weight 32 × 16 × 44 + bias 32": the tensors of a node. Of a steerable convolution fields out × fields in × filters of the basis, summed over
 * kinds of fields; between irreps copies in × copies out of each kind, as in "weight (96 × 32 + 2 · 32 × 32)".
 *
 * @param node   of the program's typed graph
 * @param total  parameters of the node where it stands for several copies, of which the first is told: ", 3 times"
 * @return (transfer full) "" where the node learns nothing
 */
char *eqs_formula_dup (const EqkProgram *program, int node, gint64 total);

G_END_DECLS
