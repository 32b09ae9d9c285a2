/* Every element meets every other. */

#include "layers/nodes.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each element, with what it met") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[64]", 1, 4096, NULL, EQK_N_("Layers of the network that looks at a pair; at least one") },
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "32", 1, 4096, NULL, EQK_N_("Numbers made for each element") },
  { "pool", EQK_N_("Meetings"), EQK_PARAM_CHOICE, "sum", 0, 0, "sum|mean", EQK_N_("How they are put together at an element") },
  EQK_MLP_ACT (EQK_N_("After each hidden layer")),
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  int                hidden[32];
  const int          n = eqk_infer_ints (ctx, "hidden", hidden, 32);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 32)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "hidden", "1 to 32 layers", n < 1 ? "none" : "more");
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "channels")));
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0);
  char         text[64];

  if (n <= 500)
    return;
  eqk_infer_problem (ctx, "W-SAB-QUAD", "x", "n=%g", n);
  eqk_infer_fix (ctx, EQK_N_("See the whole set at once"));
  snprintf (text, sizeof text, "channels=%d pool=%s", eqk_infer_int (ctx, "channels"), eqk_infer_text (ctx, "pool"));
  eqk_fix_replace (ctx, "$", "deepsets_equiv", text);
}

/* The row of each pair's first or second element: a value of pairs, or -1. */
static int
spread (EqkBuild *b, int x, EqkSpace pairs, int width, bool second, EqkDiag *diag)
{
  const EqkPairsSide p = { second, false };

  return x < 0 ? -1 : eqk_rows_op (b, "pairs_spread", &x, 1, pairs, width, &p, sizeof p, diag);
}

/* How many elements the set of each element has: a value of one number, or -1. */
static int
count (EqkBuild *b, EqkSpace nodes, EqkDiag *diag)
{
  return eqk_nodes_spread (b, eqk_nodes_pool (b, eqk_rows_constant (b, nodes, 1, 1, diag), eqk_of_samples, 1, "sum", diag), nodes, 1, diag);
}

/* The first layer acts on each element before they meet, the last one after the sum: neither costs anything for a pair. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     nodes = x->space, pairs = { EQK_SPACE_PAIRS, 0, 0, nodes.structure };
  const bool         mean = strcmp (eqk_build_text (b, "pool"), "mean") == 0;
  const EqkPairsSide rows = { false, mean };
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act"), .end = true };
  const int          c = eqk_rep_get_dim (x->rep), own = eqk_build_x (b, "x"), n_out = eqk_build_int (b, "channels");
  int                hidden[32], width, h, y, bias;
  const int          n = eqk_build_ints (b, "hidden", hidden, 32);

  width = hidden[0];
  h = eqk_rows_add (b, spread (b, eqk_dense (b, "first", own, nodes, c, width, true, diag), pairs, width, false, diag),
                    spread (b, eqk_dense (b, "second", own, nodes, c, width, false, diag), pairs, width, true, diag), pairs, width, diag);
  h = h < 0 ? h : eqk_dense_act (b, form.act, h, pairs, width, 1, diag);
  h = eqk_mlp (b, "", h, pairs, &width, hidden + 1, n - 1, &form, diag);
  h = h < 0 ? h : eqk_rows_op (b, "pairs_rows", &h, 1, nodes, width, &rows, sizeof rows, diag);
  y = h < 0 ? h : eqk_dense (b, "last", h, nodes, width, n_out, false, diag);
  bias = eqk_build_weight (b, "bias", &n_out, 1, (EqkInit) { EQK_INIT_ZEROS, 0, NULL });
  bias = eqk_rows_tile (b, bias, nodes, n_out, diag);
  y = eqk_rows_add (b, y, mean ? bias : eqk_rows_mul (b, bias, count (b, nodes, diag), nodes, n_out, 1, diag), nodes, n_out, diag);
  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5] channels=4" },
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5,4] channels=2 pool=mean act=silu" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pairwise_set = {
  .id = "pairwise_set", .title = EQK_N_("Pairs of elements"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Each element is compared with every other.\n\n"
                "y_i = Σ_j MLP(x_i, x_j) over all elements j of the set, i itself among them, or the mean: what a function of pairs can tell, at a cost that grows with the square of the size. Exact. "
                "Source: Santoro et al. 2017 (relation networks), arXiv:1706.01427; Murphy et al. 2019 (Janossy pooling with k = 2), arXiv:1811.01900."),
};
