/* A node linked to all others. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[64]", 1, 4096, NULL, EQK_N_("Widths inside the network of the extra node") },
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum", EQK_N_("What the extra node sees of the others") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { .act = "relu" };
  const int          c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x");
  int                widths[33], width = c, g;
  const int          n = eqk_graph_widths (b, "hidden", c, widths);

  g = n == 0 ? -1 : eqk_mlp (b, "", eqk_nodes_pool (b, own, eqk_of_samples, c, eqk_build_text (b, "pool"), diag), eqk_of_samples, &width, widths, n, &form, diag);
  return eqk_graph_done (b, eqk_rows_add (b, own, eqk_nodes_spread (b, g, x->space, c, diag), x->space, c, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5]" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5] pool=sum" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_virtual_node = {
  .id = "virtual_node", .title = EQK_N_("Virtual node"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_nodes_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("One more node that knows all the others, so that far ends hear of each other.\n\n"
                "y_i = x_i + MLP(pool(x)): a node that every other reaches in one step, so that far ends of a graph hear of each other. Exact. Source: Gilmer et al. 2017, arXiv:1704.01212."),
};
