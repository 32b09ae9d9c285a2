/* How many edges lead to a node, beside what it carries. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "kind", EQK_N_("Number"), EQK_PARAM_CHOICE, "count", 0, 0, "count|root|inverse", EQK_N_("The number of edges, its root, or one over it") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_graph_set_width (ctx, x, eqk_rep_get_dim (x->rep) + 1);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *x = eqk_build_in (b, "x");
  const char           *kind = eqk_build_text (b, "kind");
  const EqkDegreeParams p = { 0, strcmp (kind, "count") == 0 ? 1 : strcmp (kind, "root") == 0 ? 0.5 : -1, false };
  const int             pair[2] = { eqk_build_x (b, "x"), eqk_rows_op (b, "degree", NULL, 0, x->space, 1, &p, sizeof p, diag) };
  const int             widths[2] = { eqk_rep_get_dim (x->rep), 1 };

  return eqk_graph_done (b, eqk_rows_concat (b, pair, widths, 2, x->space, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "kind=inverse" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_degree_features = {
  .id = "degree_features", .title = EQK_N_("Degrees"), .category = EQK_N_("Attribute"), .domains = "graph|points|molecule",
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.utils.degree",
  .doc = EQK_N_("Tells every node how many neighbours it has.\n\n"
                "y_i = (x_i, d_i) with the number d_i of edges into node i. Exact: a degree does not depend on how nodes are called."),
};
