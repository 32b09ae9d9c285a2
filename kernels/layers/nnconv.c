/* Every edge has a matrix of its own, made from what it carries. */

#include "layers/graphs.h"

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "64", 1, 1024, NULL, EQK_N_("Numbers made for each node") },
  { "hidden", EQK_N_("Edge network"), EQK_PARAM_INT_LIST, "[128]", 1, 4096, NULL, EQK_N_("Hidden layers of the network that makes a matrix of an edge") },
  { "update", EQK_N_("Update"), EQK_PARAM_CHOICE, "none", 0, 0, "none|gru", EQK_N_("none: the sum is the answer; gru: its ReLU is read by a recurrent unit with the node as state") },
  { "steps", EQK_N_("Steps"), EQK_PARAM_INT, "1", 1, 16, NULL, EQK_N_("How often the same weights are applied; more than once the width stays") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, true, diag);
  const int          c = eqk_infer_int (ctx, "channels");
  char               expected[64], found[32];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if ((eqk_infer_int (ctx, "steps") > 1 || strcmp (eqk_infer_text (ctx, "update"), "gru") == 0) && eqk_rep_get_dim (x->rep) != c)
    {
      snprintf (expected, sizeof expected, "%d channels, as they stay with a recurrent unit or several steps", c);
      snprintf (found, sizeof found, "%d; put an element MLP before it", eqk_rep_get_dim (x->rep));
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, "x", expected, found);
    }
  return eqk_graph_set_width (ctx, x, c);
}

/* y_i = W x_i + Σ_j x_j H_ij + b */
static int
convolve (EqkBuild *b, int x, int matrices, int c, int n, EqkDiag *diag)
{
  const EqkSpace           nodes = eqk_build_in (b, "x")->space, edges = eqk_build_in (b, "edges")->space;
  const EqkRowMatvecParams p = { c, n };
  const int                in[2] = { eqk_graph_sources (b, x, edges, c, diag), matrices };
  const int                m = matrices < 0 ? -1 : eqk_rows_op (b, "row_matvec", in, 2, edges, n, &p, sizeof p, diag);

  return eqk_rows_add (b, eqk_dense (b, "root", x, nodes, c, n, true, diag), eqk_nodes_pool (b, m, nodes, n, "sum", diag), nodes, n, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const EqkMlpForm   form = { .act = "relu" };
  const int          c = eqk_rep_get_dim (x->rep), n = eqk_build_int (b, "channels"), steps = eqk_build_int (b, "steps");
  int                widths[33], width = eqk_rep_get_dim (edges->rep), h = eqk_build_x (b, "x"), matrices, count;

  count = eqk_graph_widths (b, "hidden", c * n, widths);
  matrices = count == 0 ? -1 : eqk_mlp (b, "edge.", eqk_build_x (b, "edges"), edges->space, &width, widths, count, &form, diag);
  for (int i = 0; i < steps && h >= 0; i++)
    {
      const int m = convolve (b, h, matrices, c, n, diag);

      if (strcmp (eqk_build_text (b, "update"), "gru") == 0)
        h = m < 0 ? m : eqk_gru (b, "gru.", eqk_dense_act (b, "relu", m, x->space, n, 1, diag), h, x->space, n, diag);
      else
        h = m;
    }
  return eqk_graph_done (b, h);
}

/* A weight of each edge for every pair of channels. */
static void
lint (EqkInfer *ctx)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const int          c = eqk_infer_int (ctx, "channels");
  const double       n = x == NULL ? 0 : (double) eqk_rep_get_dim (x->rep) * c;

  if (n <= 1e4)
    return;
  eqk_infer_problem (ctx, "W-FCTP-COST", "x", "n=%g", n);
  eqk_graph_fix_messages (ctx, EQK_N_("Message passing with the same weights for all edges"), c);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "channels=4 hidden=[5]" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "channels=3 hidden=[5] update=gru steps=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_nnconv = {
  .id = "nnconv", .title = EQK_N_("Edge-conditioned convolution"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.NNConv",
  .doc = EQK_N_("What a connection carries decides how the message along it is mixed.\n\n"
                "y_i = W x_i + Σ_j x_j H(e_ij) + b over the edges j → i, where a network makes a matrix H of each edge; with a gated recurrent unit applied to ReLU(y_i), as often as the steps say with the "
                "same weights. Exact. Source: Gilmer et al. 2017, arXiv:1704.01212; Simonovsky & Komodakis 2017."),
};
