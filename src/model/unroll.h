#pragma once

/** Blocks that repeat or group nodes, written out. */

#include "model/document.h"

#include "eqk/graph.h"

G_BEGIN_DECLS

/**
 * The kernel graph of a document: a node of copy 1 of block "b" has the id "b/1/node" and weights "b.1.node", or "b.node" where the copies share them. Notes and
 * bypassed nodes are left out.
 *
 * @param problems  (element-type EqsProblem) gets what is wrong with single nodes and links: unknown layers, links that cannot be made, too many copies
 * @return NULL with error where the whole cannot be built
 */
EqkGraph *eqs_unroll (EqsDocument *document, const EqkSymmetry *symmetry, GPtrArray *problems, GError **error);

G_END_DECLS
