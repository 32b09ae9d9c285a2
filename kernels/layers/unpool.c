/* Kept nodes back among all nodes. */

#include "layers/graphs.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each kept node") },
  { .name = "like", .doc = EQK_N_("Nodes that the pool has chosen from") },
  { .name = NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *like = eqk_infer_input (ctx, "like");
  EqkPortType        y = *x;

  if (x->space.kind != EQK_SPACE_NODES || x->space.structure == 0 || x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of kept nodes, from the output “nodes” of a pool", eqk_rep_get_text (x->rep));
  if (like->space.kind != EQK_SPACE_NODES || !eqk_infer_is_part (ctx, x->space.structure, like->space.structure))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "like", "the nodes that the pool has chosen from", "others");
  y.space = like->space;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int           x = eqk_build_x (b, "x");
  const EqkPartParams back = { true };

  return eqk_graph_done (b, eqk_rows_op (b, "part_rows", &x, 1, eqk_build_in (b, "like")->space, eqk_rep_get_dim (eqk_build_in (b, "x")->rep), &back, sizeof back, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "topk_pool{ratio=1}(&nodes 3x triv).nodes", "&nodes 3x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "phi{widths=[2]}(topk_pool{ratio=0.4}(&nodes 3x triv).nodes)", "&nodes 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_unpool = {
  .id = "unpool", .title = EQK_N_("Unpool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_JOINS_PARTS,
  .inputs = inputs, .outputs = eqk_graph_out, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Puts what is known of the kept nodes back among all nodes.\n\n"
                "The rows of kept nodes at their places among all nodes, zeros at the others: the way back from a top-k pool to answers for every node. Exact. Source: Gao & Ji 2019 (gUnpool), arXiv:1905.05178."),
};
