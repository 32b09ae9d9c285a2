/* Scores of edges: the same in both directions, or of the direction too. */

#include "layers/graphs.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The answer for each edge") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Widths between input and output") },
  { "out", EQK_N_("Outputs"), EQK_PARAM_INT, "2", 1, 4096, NULL, EQK_N_("Numbers, or classes, of the answer") },
  { "form", EQK_N_("Directions"), EQK_PARAM_CHOICE, "symmetric", 0, 0, "symmetric|directed", EQK_N_("symmetric: i → j is scored as j → i; directed: each by itself") },
  { "gives", EQK_N_("Gives"), EQK_PARAM_CHOICE, "scores", 0, 0, "scores|numbers", EQK_N_("Scores of classes, or plain numbers") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = *eqk_infer_input (ctx, "edges");
  y.kind = strcmp (eqk_infer_text (ctx, "gives"), "scores") == 0 ? EQK_KIND_LOGITS : EQK_KIND_FEATURE;
  y.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "out"));
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     edges = eqk_build_in (b, "edges")->space;
  const EqkMlpForm   form = { .act = "relu" };
  const int          c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x");
  const int          from = strcmp (eqk_build_text (b, "form"), "directed") == 0 ? eqk_dense (b, "source", own, x->space, c, c, false, diag) : own;
  const int          h = eqk_rows_mul (b, eqk_graph_sources (b, from, edges, c, diag), eqk_graph_targets (b, own, edges, c, diag), edges, c, c, diag);
  int                widths[33], width = c;
  const int          n = eqk_graph_widths (b, "hidden", eqk_build_int (b, "out"), widths);

  return eqk_graph_done (b, n == 0 ? -1 : eqk_mlp (b, "", h, edges, &width, widths, n, &form, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "hidden=[5] out=2" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "out=1 gives=numbers" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "hidden=[4] out=2 form=directed" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_edge_head = {
  .id = "edge_head", .title = EQK_N_("Answer for edges"), .category = EQK_N_("Head"), .domains = "graph|points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_graph_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Answers a question about every connection.\n\n"
                "y_ij = MLP(x_i ⊙ x_j), equal in both directions of an edge; directed: MLP(x_i ⊙ W x_j) of the edge j → i, without hidden layers a bilinear form of both ends. Exact."),
};
