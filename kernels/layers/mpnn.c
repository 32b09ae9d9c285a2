/* Message passing in general: a network for each edge, a pool at its target, a network or a recurrent unit for each node. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "message", EQK_N_("Message widths"), EQK_PARAM_INT_LIST, "[64,64]", 1, 4096, NULL, EQK_N_("Layers of the network that reads both ends and the edge") },
  { "pool", EQK_N_("Messages"), EQK_PARAM_CHOICE, "sum", 0, 0, "sum|mean|max", EQK_N_("How they are put together at a node") },
  { "update", EQK_N_("Update"), EQK_PARAM_CHOICE, "mlp", 0, 0, "mlp|gru", EQK_N_("A network on the node and its pool, or a recurrent unit that keeps the node's width") },
  { "widths", EQK_N_("Update widths"), EQK_PARAM_INT_LIST, "[64,64]", 1, 4096, NULL, EQK_N_("Layers of the update; the last is the width of the output") },
  EQK_MLP_ACT (EQK_N_("Between the layers of both networks")),
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, false, diag);
  int                message[32], widths[32];
  const int          n = eqk_infer_ints (ctx, "message", message, 32), m = eqk_infer_ints (ctx, "widths", widths, 32);
  const bool         gru = strcmp (eqk_infer_text (ctx, "update"), "gru") == 0;
  char               expected[64], found[32];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 32 || (!gru && (m < 1 || m > 32)))
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "widths", "1 to 32 layers", "none or more");
  if (gru && message[n - 1] != eqk_rep_get_dim (x->rep))
    {
      snprintf (expected, sizeof expected, "%d numbers, as a node has, for a recurrent unit", eqk_rep_get_dim (x->rep));
      snprintf (found, sizeof found, "%d", message[n - 1]);
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, "message", expected, found);
    }
  return eqk_graph_set_width (ctx, x, gru ? eqk_rep_get_dim (x->rep) : widths[m - 1]);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act") };
  const int          c = eqk_rep_get_dim (x->rep), ce = eqk_graph_edge_width (edges), own = eqk_build_x (b, "x");
  const int          ends[3] = { eqk_graph_targets (b, own, edges->space, c, diag), eqk_graph_sources (b, own, edges->space, c, diag), eqk_build_x (b, "edges") };
  const int          parts[3] = { c, c, ce };
  int                widths[32], width = 2 * c + ce, pair[2], pair_width[2], m;
  int                n = eqk_build_ints (b, "message", widths, 32);

  m = eqk_mlp (b, "message.", eqk_rows_concat (b, ends, parts, ce > 0 ? 3 : 2, edges->space, diag), edges->space, &width, widths, n, &form, diag);
  m = eqk_nodes_pool (b, m, x->space, width, eqk_build_text (b, "pool"), diag);
  if (strcmp (eqk_build_text (b, "update"), "gru") == 0)
    return eqk_graph_done (b, eqk_gru (b, "gru.", m, own, x->space, c, diag));
  pair[0] = own;
  pair[1] = m;
  pair_width[0] = c;
  pair_width[1] = width;
  width += c;
  n = eqk_build_ints (b, "widths", widths, 32);
  return eqk_graph_done (b, eqk_mlp (b, "update.", eqk_rows_concat (b, pair, pair_width, 2, x->space, diag), x->space, &width, widths, n, &form, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "message=[5,4] widths=[5,3]" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "message=[4] widths=[3] pool=mean act=silu" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "message=[4] widths=[3] pool=max" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "message=[5,3] update=gru" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_mpnn = {
  .id = "mpnn", .title = EQK_N_("Message passing"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.MessagePassing",
  .doc = EQK_N_("Nodes send each other messages along connections and update themselves by what arrives.\n\n"
                "m_ij = MLP(x_i, x_j, e_ij) over the edges j → i; y_i = MLP(x_i, pool_j m_ij), or a gated recurrent unit of both. Exact. Source: Gilmer et al. 2017, arXiv:1704.01212."),
};
