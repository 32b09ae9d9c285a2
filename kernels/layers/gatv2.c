/* Attention whose ranking of neighbours depends on the node that looks. */

#include "layers/graph-attention.h"

static const EqkParam params[] = { EQK_GRAPH_ATTENTION_PARAMS, { NULL } };

/* edge: what is added of the edge, or -1 where edges do not count. */
static int
score (EqkBuild *b, int source, int target, int edge, int row, EqkSpace space, EqkDiag *diag)
{
  const int heads = eqk_build_int (b, "heads"), n = eqk_build_int (b, "channels");
  int       z = eqk_rows_add (b, source, target, space, heads * n, diag);

  if (eqk_build_bool (b, "reads_edges"))
    z = eqk_rows_add (b, z, edge, space, heads * n, diag);
  z = z < 0 ? z : eqk_dense_act (b, "leaky_relu", z, space, heads * n, 1, diag);
  return eqk_head_dot (b, z, row, space, heads, n, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     nodes = x->space, edges = eqk_build_in (b, "edges")->space;
  const int          c = eqk_rep_get_dim (x->rep), width = eqk_build_int (b, "heads") * eqk_build_int (b, "channels");
  const int          left = eqk_dense (b, "lin_l", eqk_build_x (b, "x"), nodes, c, width, true, diag);
  const int          right = eqk_dense (b, "lin_r", eqk_build_x (b, "x"), nodes, c, width, true, diag);
  const int          row = eqk_graph_attention_row (b, "att");
  const int          edge = eqk_build_bool (b, "reads_edges") ? eqk_graph_edge_part (b, width, diag) : -1;
  const int          own = edge < 0 ? -1 : eqk_graph_own_edge (b, edge, nodes, edges, width, diag);
  const int          scores = score (b, eqk_graph_sources (b, left, edges, width, diag), eqk_graph_targets (b, right, edges, width, diag), edge, row, edges, diag);

  return eqk_graph_done (b, eqk_graph_attend (b, scores, score (b, left, right, own, row, nodes, diag), left, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 heads=2 join=mean" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "channels=4 heads=2 reads_edges=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gatv2 = {
  .id = "gatv2", .title = EQK_N_("Graph attention, second form (GATv2)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = eqk_graph_attention_infer, .lint = eqk_graph_attention_lint, .expand = expand,
  .specimens = specimens, .exports = "torch_geometric.nn.GATv2Conv",
  .doc = EQK_N_("Each node learns which neighbours to listen to; who asks may change the order among them.\n\n"
                "y_i = Σ_j α_ij (W_l x_j + b_l) + b over the edges j → i and i itself, α = softmax over j of a·LeakyReLU(W_l x_j + b_l + W_r x_i + b_r) in each head; "
                "where edges count, W_e e_ij is added inside. Exact. "
                "Source: Brody et al. 2022, arXiv:2105.14491."),
};
