/* A matrix and its square: what linear maps of pairs cannot see. */

#include "layers/pairs.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");

  if (x->space.kind != EQK_SPACE_PAIRS || x->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of pairs of nodes", eqk_rep_get_text (x->rep));
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x"), pair[2] = { own, own };

  return eqk_graph_done (b, eqk_rows_add (b, own, eqk_rows_op (b, "pairs_product", pair, 2, x->space, c, NULL, 0, diag), x->space, c, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "pairs 2x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pairs_product = {
  .id = "pairs_product", .title = EQK_N_("Product of pairs"), .category = EQK_N_("Permutation"), .domains = "graph", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_pairs_in, .outputs = eqk_pairs_out, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_pairs_lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Follows two connections in a row: who is reached by way of whom.\n\n"
                "y = x + x·x, the matrix product within each channel; of links it counts the walks of two steps, which do not grow with the size of a graph. Linear maps of pairs with activations between them tell no two regular graphs of one size and degree apart; with this product they see walks "
                "of two steps, and so triangles and squares. Exact. Source: Maron et al. 2019, arXiv:1905.11136."),
};
