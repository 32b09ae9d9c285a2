#pragma once

/** Specimens of layers: the smallest design that holds one layer, and its program. */

#include "eqk/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads the type of an input: "grid 9x9 2x reg", "sample 6x triv", "nodes 4x triv", "edges 1x triv", "pairs 3x triv",
 * "positions" (of nodes), "species" (index of nodes), "vector", "length" and "radial 5x triv" (of edges); "… as energy" gives the kind by its name. A grid's guarantee is that of
 * its pixels.
 */
EqkStatus eqk_specimen_parse (const char *text, const EqkSymmetry *symmetry, EqkPortType *out, EqkDiag *diag);

/**
 * An input may also be the output of other layers, "schnet_cfconv{filters=4}(nodes 4x triv; radial 3x triv).y", and what
 * stands after '&' is one source for all its uses in the specimen: "&positions".
 *
 * The typed graph: sources "in0", "in1", … linked to the layer's ports in order (a variadic last port takes the rest), the layer is "layer". */
EqkStatus eqk_specimen_typed (const EqkLayerType *layer, const EqkSpecimen *specimen, EqkTyped **out, EqkDiag *diag);

/** The same, compiled. The layer need not be in the registry. */
EqkStatus eqk_specimen_program (const EqkLayerType *layer, const EqkSpecimen *specimen, const EqkCompileOptions *options,
                                EqkProgram **out, EqkDiag *diag);

#ifdef __cplusplus
}
#endif
