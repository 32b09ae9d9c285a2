/* SchNet's interaction: neighbours' features, filtered by distance, summed, mixed, added. */

#include "layers/neighbours.h"
#include "layers/nodes.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of each node") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = "length", .doc = EQK_N_("Length of each edge: filters fade to zero at the cut-off by half a cosine"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "filters", EQK_N_("Filters"), EQK_PARAM_INT, "128", 1, 1024, NULL, EQK_N_("Channels of the messages") },
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("In Å, where lengths are linked; the same as that of the neighbours") },
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
  if (eqk_infer_input (ctx, "length") != NULL && eqk_infer_input (ctx, "length")->kind != EQK_KIND_EDGE_LENGTH)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "length", "edge lengths", eqk_kind_name (eqk_infer_input (ctx, "length")->kind));
  return eqk_infer_set_output (ctx, "y", x);
}

/* The filter times half a cosine that ends at the cut-off: its offset would keep messages alive there. */
static int
fade (EqkBuild *b, int filter, EqkSpace edges, int width, EqkDiag *diag)
{
  const EqkRadialParams p = { .kind = EQK_RADIAL_ENVELOPE, .envelope = EQK_ENVELOPE_COSINE, .n = 1, .cutoff = eqk_build_real (b, "cutoff") };
  const int             length = eqk_build_x (b, "length");

  return length < 0 ? filter : eqk_rows_mul (b, filter, eqk_rows_op (b, "radial_basis", &length, 1, edges, 1, &p, sizeof p, diag), edges, width, 1, diag);
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
  filter = fade (b, eqk_dense (b, "filter.1", filter, edges, f, f, true, diag), edges, f, diag);
  pair[0] = eqk_dense (b, "lin1", eqk_build_x (b, "x"), nodes, c, f, false, diag);
  pair[1] = filter;
  if (filter < 0 || eqk_build_op (b, "gather_mul_scatter", pair, 2, &conv, 1, &(EqkScatterParams){ 1 }, sizeof (EqkScatterParams), diag) != EQK_OK)
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
  if (eqk_infer_source_of (ctx, eqk_infer_node (ctx), "length", 0) >= 0)
    eqk_neighbours_lint_cutoff (ctx);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x triv", "radial 5x triv" }, .settings = "filters=6" },
  { .group = "O3", .inputs = { "nodes 4x triv", "radial 5x triv", "length" }, .settings = "filters=6 cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_schnet_cfconv = {
  .id = "schnet_cfconv", .title = EQK_N_("SchNet interaction"), .category = EQK_N_("Message passing"), .domains = "points|molecule",
  .flags = EQK_LAYER_LINEAR, .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "torch_geometric.nn.models.schnet.InteractionBlock",
  .doc = EQK_N_("Atoms exchange numbers with neighbours, weighed by distance alone.\n\n"
                "y_i = x_i + lin(ssp(W2 Σ_j (W1 x_j) ⊙ filter(e_ij) c(r_ij))), filter = Linear–ssp–Linear, ssp(x) = softplus(x) − ln 2, c half a cosine that ends at the cut-off where lengths are linked, else 1. Source: Schütt et al. 2017, arXiv:1706.08566."),
};
