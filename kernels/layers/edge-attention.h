#pragma once

/**
 * What attentions over neighbours of points share. The layer has the inputs "harmonics", "radial" and (optional) "length" and the settings "hidden", "constants"
 * and "cutoff".
 */

#include "eqk/layer.h"

/** At most this many kinds of features at one end of a product. */
#define EQK_EDGES_MAX_RUNS 48

extern const EqkPort eqk_edge_attention_inputs[], eqk_edge_attention_outputs[];

/** As eqk_interaction_infer, with edge lengths at "length" and at most EQK_EDGES_MAX_RUNS kinds of features. */
EqkStatus     eqk_edge_attention_infer (EqkInfer *ctx, EqkDiag *diag);
/** W-ATT-CUTOFF without lengths, else what neighbours say of the cut-off. */
void          eqk_edge_attention_lint  (EqkInfer *ctx);

/** Linear (x ⊗ Y with weights of the distance), x rows of edges of type x_rep: rows of edges of type `out`, or -1. Weights "<name>.radial.…" and "<name>.linear.…". */
int           eqk_edges_product (EqkBuild *b, const char *name, int x, const EqkRep *x_rep, const EqkRep *out, EqkDiag *diag);
/** What products of x with the harmonics reach of `rep`; NULL when nothing. */
const EqkRep *eqk_edges_reached (EqkBuild *b, const EqkRep *x, const EqkRep *rep);
/** α ∝ c (r) exp (logit) over the edges that lead to a node, for each head; c only where lengths are linked. */
int           eqk_edges_weigh   (EqkBuild *b, int logits, int heads, EqkSpace edges, EqkDiag *diag);
/** v of type rep times the weight of the head that each copy belongs to. */
int           eqk_edges_scale_heads (EqkBuild *b, int v, const EqkRep *rep, int weights, int heads, EqkSpace edges, EqkDiag *diag);

/** Copy u of n belongs to this head: each has a stretch of the copies of every irrep. */
static inline int
eqk_head_of (int u, int n, int heads)
{
  return u * heads / n;
}
