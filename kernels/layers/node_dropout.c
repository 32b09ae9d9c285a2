/* Dropout of whole nodes. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Features of each node") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The same; in training some nodes are zero") }, { .name = NULL } };

static const EqkParam params[] = {
  { "p", EQK_N_("Probability"), EQK_PARAM_REAL, "0.1", 0, 0.9, NULL, EQK_N_("Share of nodes that are set to zero in training") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  char               space[64];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind == EQK_SPACE_NODES)
    return eqk_infer_set_output (ctx, "y", x);
  eqk_space_text (&x->space, space, sizeof space);
  return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", space);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType     *x = eqk_build_in (b, "x");
  const EqkDropoutParams p = { .n_channels = eqk_rep_get_dim (x->rep), .p = eqk_build_real (b, "p"), .unit = EQK_DROP_ROWS };
  const int              in = eqk_build_x (b, "x");

  return eqk_graph_done (b, eqk_rows_op (b, "dropout", &in, 1, x->space, p.n_channels, &p, sizeof p, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "p=0.4" },
  { .group = "O3", .inputs = { "nodes 2x triv + 1x (1,1)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_node_dropout = {
  .id = "node_dropout", .title = EQK_N_("Node dropout"), .category = EQK_N_("Regularisation"), .domains = "set|graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch_geometric.utils.dropout_node",
  .doc = EQK_N_("Silences whole nodes at random in training, against learning by heart.\n\n"
                "In training each node loses all its numbers with probability p and the others are divided by 1 − p; in use nothing happens. Exact in distribution: no node is treated otherwise than "
                "another. Source: Rong et al. 2020, arXiv:1907.10903; Feng et al. 2020, arXiv:2005.11079."),
};
