/* A recurrent network that asks the set several times; the order of what it asks is its own, that of the set does not enter. */

#include "layers/graphs.h"
#include "layers/set-pool.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Twice as many scalars of the whole graph or set") }, { .name = NULL } };

static const EqkParam params[] = {
  { "steps", EQK_N_("Steps"), EQK_PARAM_INT, "3", 1, 32, NULL, EQK_N_("How often the set is asked") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), 2 * eqk_rep_get_dim (x->rep)));
  y.space = eqk_of_samples;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* The long short-term memory of torch, gates in the order i, f, g, o; *cell is read and replaced. */
static int
lstm (EqkBuild *b, int input, int state, int *cell, int c, EqkDiag *diag)
{
  const EqkSpace s = eqk_of_samples;
  const int      sum = eqk_rows_add (b, input < 0 ? -1 : eqk_dense (b, "lstm.ih", input, s, 2 * c, 4 * c, true, diag), state < 0 ? -1 : eqk_dense (b, "lstm.hh", state, s, c, 4 * c, true, diag), s, 4 * c, diag);
  int            gate[4], kept, taken, out;

  for (int k = 0; k < 4; k++)
    {
      gate[k] = eqk_rows_slice (b, sum, s, 4 * c, k * c, c, diag);
      gate[k] = gate[k] < 0 ? -1 : eqk_dense_act (b, k == 2 ? "tanh" : "sigmoid", gate[k], s, c, 1, diag);
    }
  kept = eqk_rows_mul (b, *cell, gate[1], s, c, c, diag);
  taken = eqk_rows_mul (b, gate[2], gate[0], s, c, c, diag);
  *cell = eqk_rows_add (b, kept, taken, s, c, diag);
  out = *cell < 0 ? -1 : eqk_dense_act (b, "tanh", *cell, s, c, 1, diag);
  return eqk_rows_mul (b, out, gate[3], s, c, c, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType            *x = eqk_build_in (b, "x");
  const int                     c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x"), widths[2] = { c, c };
  const EqkSegmentSoftmaxParams softmax = { EQK_OVER_SAMPLES, false };
  int                           both = eqk_rows_constant (b, eqk_of_samples, 2 * c, 0, diag), state = eqk_rows_constant (b, eqk_of_samples, c, 0, diag), cell = state;

  for (int i = 0; i < eqk_build_int (b, "steps") && both >= 0; i++)
    {
      int scores, pair[2];

      state = lstm (b, both, state, &cell, c, diag);
      scores = eqk_head_dot (b, own, eqk_nodes_spread (b, state, x->space, c, diag), x->space, 1, c, diag);
      scores = eqk_rows_op (b, "segment_softmax", &scores, 1, x->space, 1, &softmax, sizeof softmax, diag);
      pair[0] = state;
      pair[1] = eqk_nodes_pool (b, eqk_rows_mul (b, own, scores, x->space, c, 1, diag), eqk_of_samples, c, "sum", diag);
      both = eqk_rows_concat (b, pair, widths, 2, eqk_of_samples, diag);
    }
  return eqk_graph_done (b, both);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "steps=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_set2set = {
  .id = "set2set", .title = EQK_N_("Set2Set pool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_nodes_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = eqk_attention_pool_lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.aggr.Set2Set",
  .doc = EQK_N_("Reads the whole set several times and remembers what it was looking for.\n\n"
                "q = LSTM(q*), a = softmax_i(q·x_i), r = Σ_i a_i x_i, q* = (q, r), as often as the steps say, from q* = 0. Its attention does not see the order of the nodes. Exact. "
                "A weighted mean cannot count: for an answer that grows with the set, join the sum over its elements to it. "
                "Source: Vinyals et al. 2016, arXiv:1511.06391."),
};
