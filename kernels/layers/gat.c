/* Neighbours weighted by attention. */

#include "layers/graph-attention.h"

static const EqkParam params[] = { EQK_GRAPH_ATTENTION_PARAMS, { NULL } };

/* The score of an edge is a sum over its ends and itself, so it is made of two numbers a node and head, and one an edge and head. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     nodes = x->space, edges = eqk_build_in (b, "edges")->space;
  const int          heads = eqk_build_int (b, "heads"), n = eqk_build_int (b, "channels");
  const int          h = eqk_dense (b, "lin", eqk_build_x (b, "x"), nodes, eqk_rep_get_dim (x->rep), heads * n, false, diag);
  const int          src = eqk_head_dot (b, h, eqk_graph_attention_row (b, "att_src"), nodes, heads, n, diag);
  const int          dst = eqk_head_dot (b, h, eqk_graph_attention_row (b, "att_dst"), nodes, heads, n, diag);
  const bool         reads = eqk_build_bool (b, "reads_edges");
  const int          edge = reads ? eqk_head_dot (b, eqk_graph_edge_part (b, heads * n, diag), eqk_graph_attention_row (b, "att_edge"), edges, heads, n, diag) : -1;
  int                scores = eqk_rows_add (b, eqk_graph_sources (b, src, edges, heads, diag), eqk_graph_targets (b, dst, edges, heads, diag), edges, heads, diag);
  int                own = eqk_rows_add (b, src, dst, nodes, heads, diag);

  if (reads)
    {
      scores = eqk_rows_add (b, scores, edge, edges, heads, diag);
      own = eqk_rows_add (b, own, eqk_graph_own_edge (b, edge, nodes, edges, heads, diag), nodes, heads, diag);
    }
  scores = scores < 0 ? scores : eqk_dense_act (b, "leaky_relu", scores, edges, heads, 1, diag);
  own = own < 0 ? own : eqk_dense_act (b, "leaky_relu", own, nodes, heads, 1, diag);
  return eqk_graph_done (b, eqk_graph_attend (b, scores, own, h, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 heads=2" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4 heads=2 join=mean" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "channels=4 heads=2 reads_edges=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gat = {
  .id = "gat", .title = EQK_N_("Graph attention (GAT)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = eqk_graph_attention_infer, .lint = eqk_graph_attention_lint, .expand = expand,
  .specimens = specimens, .exports = "torch_geometric.nn.GATConv",
  .doc = EQK_N_("Each node learns which neighbours to listen to.\n\n"
                "y_i = Σ_j α_ij W x_j + b over the edges j → i and i itself, α = softmax over j of LeakyReLU(a_s·W x_j + a_t·W x_i), slope 0.2, in each head; "
                "where edges count, a_e·W_e e_ij is added to the score. Exact. "
                "Source: Veličković et al. 2018, arXiv:1710.10903."),
};
