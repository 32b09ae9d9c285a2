/* New numbers of each edge from its ends and what it carried. */

#include "layers/graphs.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each edge") }, { .name = NULL } };

static const EqkParam params[] = {
  EQK_GRAPH_EDGE_WIDTHS,
  EQK_MLP_ACT (EQK_N_("Between the layers")),
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);
  int                widths[32];
  const int          n = eqk_infer_ints (ctx, "widths", widths, 32);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 32)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "widths", "1 to 32 layers", n < 1 ? "none" : "more");
  y = *eqk_infer_input (ctx, "edges");
  y.kind = EQK_KIND_FEATURE;
  y.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), widths[n - 1]);
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act") };
  const int          c = eqk_rep_get_dim (x->rep), ce = eqk_graph_edge_width (edges), own = eqk_build_x (b, "x");
  const int          parts[3] = { eqk_graph_targets (b, own, edges->space, c, diag), eqk_graph_sources (b, own, edges->space, c, diag), eqk_build_x (b, "edges") };
  const int          part_widths[3] = { c, c, ce };
  int                widths[32], width = 2 * c + ce;
  const int          n = eqk_build_ints (b, "widths", widths, 32);

  return eqk_graph_done (b, eqk_mlp (b, "", eqk_rows_concat (b, parts, part_widths, ce > 0 ? 3 : 2, edges->space, diag), edges->space, &width, widths, n, &form, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "widths=[5,4]" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "widths=[4]" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_edge_update = {
  .id = "edge_update", .title = EQK_N_("Edge update"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Recomputes what each connection carries from both of its ends.\n\n"
                "e'_ij = MLP(x_i, x_j, e_ij) for every edge j → i. Exact. Source: Battaglia et al. 2018, arXiv:1806.01261."),
};
