/* SchNet's interaction: neighbours' features, filtered by distance, summed, mixed, added. */

#include "eqk/layer.h"

#include "layers/dense.h"
#include "ops/ragged.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of each node") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "filters", EQK_N_("Filters"), EQK_PARAM_INT, "128", 1, 1024, NULL, EQK_N_("Channels of the messages") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *radial = eqk_infer_input (ctx, "radial");

  if (x->space.kind != EQK_SPACE_NODES || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of nodes", eqk_rep_get_text (x->rep));
  if (radial->kind != EQK_KIND_RADIAL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "radial", "radial functions", eqk_kind_name (radial->kind));
  return eqk_infer_set_output (ctx, "y", x);
}

/* y = x + lin(ssp(W2 Σ_j (W1 x_j) ⊙ filter(e_ij))), filter = Linear–ssp–Linear. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *radial = eqk_build_in (b, "radial");
  const int          c = eqk_rep_get_dim (x->rep), f = eqk_build_int (b, "filters"), k = eqk_rep_get_dim (radial->rep);
  const EqkSpace     nodes = x->space, edges = radial->space;
  int                filter, h, add[2], out = eqk_build_value (b, nodes, c);
  int                conv = eqk_build_value (b, nodes, f);
  int                pair[2];

  filter = eqk_dense (b, "filter.0", eqk_build_x (b, "radial"), edges, k, f, true, diag);
  filter = eqk_dense_act (b, "ssp", filter, edges, f, 1, diag);
  filter = eqk_dense (b, "filter.1", filter, edges, f, f, true, diag);
  pair[0] = eqk_dense (b, "lin1", eqk_build_x (b, "x"), nodes, c, f, false, diag);
  pair[1] = filter;
  if (filter < 0 || eqk_build_op (b, "gather_mul_scatter", pair, 2, &conv, 1, &(EqkScatterParams){ 0, 1 }, sizeof (EqkScatterParams), diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  h = eqk_dense (b, "lin2", conv, nodes, f, c, true, diag);
  h = eqk_dense_act (b, "ssp", h, nodes, c, 1, diag);
  h = eqk_dense (b, "lin", h, nodes, c, c, true, diag);
  add[0] = eqk_build_x (b, "x");
  add[1] = h;
  eqk_build_set_output (b, "y", out);
  return h < 0 ? EQK_ERR_NO_MEMORY : eqk_build_op (b, "add", add, 2, &out, 1, NULL, 0, diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "I-INVARIANT-ONLY", NULL, NULL);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x triv", "radial 5x triv" }, .settings = "filters=6" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_schnet_cfconv = {
  .id = "schnet_cfconv", .title = EQK_N_("SchNet interaction"), .category = EQK_N_("Message passing"), .domains = "points|molecule",
  .flags = EQK_LAYER_LINEAR, .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "torch_geometric.nn.models.schnet.InteractionBlock",
  .doc = EQK_N_("y_i = x_i + lin(ssp(W2 Σ_j (W1 x_j) ⊙ filter(e_ij))), filter = Linear–ssp–Linear, ssp(x) = softplus(x) − ln 2. Source: Schütt et al. 2017, arXiv:1706.08566."),
};
