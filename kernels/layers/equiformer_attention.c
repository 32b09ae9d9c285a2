/*
 * Attention by a small network instead of a dot product: the message of an edge is a product of both ends with the direction; of its scalars one part says how
 * much the edge counts, the rest and the arrows become the value, through a gate and a second product.
 */

#include "layers/edge-attention.h"
#include "core/memory.h"
#include "layers/graphs.h"
#include "layers/interaction.h"
#include "layers/neighbours.h"

#include <math.h>
#include <string.h>

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "32x0e + 16x1o + 8x2e", 0, 0, NULL, EQK_N_("Irreps behind the gate; what no product reaches is left out") },
  { "heads", EQK_N_("Heads"), EQK_PARAM_INT, "4", 1, 16, NULL, EQK_N_("How many ways to look at the neighbours; each has a share of the copies") },
  { "attention_width", EQK_N_("Scalars of a head"), EQK_PARAM_INT, "16", 1, 256, NULL, EQK_N_("How many scalars of the message decide how much an edge counts, in each head") },
  { "gates", EQK_N_("Scalars for a gate"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Make one more invariant for each irrep with a direction, for the gate behind") },
  { "hidden", EQK_N_("Radial networks"), EQK_PARAM_INT_LIST, "[64]", 1, 1024, NULL, EQK_N_("Hidden widths of the networks that make the weights of both products") },
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("In Å, where lengths are linked; the same as that of the neighbours") },
  { "residual", EQK_N_("Keep the input"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Add a linear map of the node's own features") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("Scales of the radial networks' activations: exact integrals, or e3nn's estimates for weights trained there") },
  { NULL }
};

/* What a message is made of: scalars that weigh, scalars of the value, one gate a field, fields. */
typedef struct
{
  int           n_weigh, n_scalars, n_gates, n_fields;   /* n_fields: numbers of the fields */
  const EqkRep *message, *value;                         /* value: scalars, then fields */
} Parts;

static bool
cut_parts (EqkBuild *b, const EqkRep *values, Parts *parts)
{
  const EqkGroup *group = eqk_rep_get_group (values);
  EqkRepRun       runs[EQK_EDGES_MAX_RUNS + 1];
  int             n = 1;

  *parts = (Parts) { .n_weigh = eqk_build_int (b, "heads") * eqk_build_int (b, "attention_width") };
  for (int r = 0; r < eqk_rep_n_runs (values) && n <= EQK_EDGES_MAX_RUNS; r++)
    {
      const EqkRepRun run = eqk_rep_run (values, r);

      if (eqk_field_is_trivial (run.field))
        {
          parts->n_scalars += run.mul;
          continue;
        }
      runs[n++] = run;
      parts->n_gates += run.mul;
      parts->n_fields += run.mul * eqk_field_get_dim (run.field);
    }
  runs[0] = (EqkRepRun) { eqk_group_trivial (group), parts->n_weigh + parts->n_scalars + parts->n_gates };
  parts->message = eqk_rep_from_runs (group, runs, n);
  runs[0].mul = parts->n_scalars;
  parts->value = eqk_rep_from_runs (group, parts->n_scalars > 0 ? runs : runs + 1, parts->n_scalars > 0 ? n : n - 1);
  return parts->message != NULL && parts->value != NULL;
}

/* Σ_k a_hk s(z_hk) for each head, s (z) = 0.2 z + 0.8 z σ(z): a leaky ReLU without a kink. */
static int
logits_of (EqkBuild *b, int z, int heads, int width, EqkSpace edges, EqkDiag *diag)
{
  const int             n = heads * width, shape[1] = { n };
  EqkIrrepsBlock       *blocks = eqk_calloc ((size_t) heads + 1, sizeof *blocks);
  EqkIrrepsLinearParams p = { .n_in = n, .n_out = heads, .n_blocks = heads, .n_weights = n };
  const int32_t         none = 0;
  int                   in[4] = { -1, -1, -1, -1 };

  for (int h = 0; blocks != NULL && h < heads; h++)
    blocks[h] = (EqkIrrepsBlock) { 1, h * width, width, h, 1, h * width, 1 / sqrt ((double) width) };
  p.blocks = blocks == NULL ? NULL : eqk_build_keep (b, blocks, (size_t) heads * sizeof *blocks);
  p.bias_to = eqk_build_keep (b, &none, sizeof none);
  free (blocks);
  in[0] = eqk_rows_add (b, eqk_rows_scale (b, z, edges, n, 0.2, diag), z < 0 ? -1 : eqk_dense_act (b, "silu", z, edges, n, 0.8, diag), edges, n, diag);
  in[1] = eqk_build_weight (b, "attention", shape, 1, (EqkInit) { EQK_INIT_NORMAL, 1, NULL });
  return p.blocks == NULL || p.bias_to == NULL || in[1] < 0 ? -1 : eqk_rows_op (b, "irreps_linear", in, 4, edges, heads, &p, sizeof p, diag);
}

/* Scalars through silu, each field times the sigmoid of its gate. */
static int
gate (EqkBuild *b, int message, const Parts *parts, EqkSpace edges, EqkDiag *diag)
{
  const int          width = eqk_rep_get_dim (parts->message), at = parts->n_weigh + parts->n_scalars;
  EqkMulScalarParams p = { parts->n_fields, parts->n_gates, NULL };
  int32_t           *of = eqk_calloc ((size_t) parts->n_fields + 1, sizeof *of);
  int                value[2] = { -1, -1 }, widths[2] = { parts->n_scalars, parts->n_fields }, in[2], channel = 0;

  for (int r = parts->n_scalars > 0, copy = 0; of != NULL && r < eqk_rep_n_runs (parts->value); r++)
    for (int u = 0; u < eqk_rep_run (parts->value, r).mul; u++, copy++)
      for (int m = 0; m < eqk_field_get_dim (eqk_rep_run (parts->value, r).field); m++)
        of[channel++] = copy;
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, ((size_t) parts->n_fields + 1) * sizeof *of);
  free (of);
  if (parts->n_scalars > 0)
    value[0] = eqk_dense_act (b, "silu", eqk_rows_slice (b, message, edges, width, parts->n_weigh, parts->n_scalars, diag), edges, parts->n_scalars, 1, diag);
  if (parts->n_fields == 0)
    return value[0];
  in[0] = eqk_rows_slice (b, message, edges, width, at + parts->n_gates, parts->n_fields, diag);
  in[1] = eqk_dense_act (b, "sigmoid", eqk_rows_slice (b, message, edges, width, at, parts->n_gates, diag), edges, parts->n_gates, 1, diag);
  value[1] = p.of == NULL || in[0] < 0 || in[1] < 0 ? -1 : eqk_rows_op (b, "mul_scalar", in, 2, edges, parts->n_fields, &p, sizeof p, diag);
  return parts->n_scalars == 0 || value[1] < 0 ? value[1] : eqk_rows_concat (b, value, widths, 2, edges, diag);
}

/* Linear (x_i) + Linear (x_j) */
static int
both_ends (EqkBuild *b, EqkSpace edges, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          n = eqk_rep_get_dim (x->rep), value = eqk_build_x (b, "x");
  EqkIrrepsLinear    spec = { .name = "target", .in = x->rep, .out = x->rep, .kinds = -1, .table = -1 };
  const int          target = eqk_irreps_linear (b, &spec, value, x->space, diag);
  int                source;

  spec.name = "source";
  source = target < 0 ? -1 : eqk_irreps_linear (b, &spec, value, x->space, diag);
  return source < 0 ? -1 : eqk_rows_add (b, eqk_graph_targets (b, target, edges, n, diag), eqk_graph_sources (b, source, edges, n, diag), edges, n, diag);
}

static int
attend (EqkBuild *b, const EqkRep *out, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     edges = eqk_build_in (b, "radial")->space;
  const int          heads = eqk_build_int (b, "heads");
  const EqkRep      *values = eqk_edges_reached (b, x->rep, out), *sums;
  Parts              parts;
  int                message, weights, v;

  if (values == NULL || !cut_parts (b, values, &parts) || eqk_irreps_count (eqk_edges_reached (b, x->rep, parts.message), eqk_group_trivial (x->symmetry.group)) == 0)
    {
      eqk_fail (diag, EQK_ERR_TYPE, "no product of x with the harmonics is a scalar, and scalars weigh the edges");
      return -1;
    }
  message = eqk_edges_product (b, "message", both_ends (b, edges, diag), x->rep, parts.message, diag);
  weights = eqk_edges_weigh (b, logits_of (b, eqk_rows_slice (b, message, edges, eqk_rep_get_dim (parts.message), 0, parts.n_weigh, diag), heads, parts.n_weigh / heads, edges, diag), heads,
                             edges, diag);
  sums = eqk_edges_reached (b, parts.value, out);
  v = sums == NULL ? -1 : eqk_edges_product (b, "value", gate (b, message, &parts, edges, diag), parts.value, sums, diag);
  v = eqk_edges_scale_heads (b, v, sums, weights, heads, edges, diag);
  v = v < 0 ? -1 : eqk_nodes_pool (b, v, x->space, eqk_rep_get_dim (sums), "sum", diag);
  return v < 0 ? -1 : eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = "project", .in = sums, .out = out, .kinds = -1, .table = -1 }, v, x->space, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *out = eqk_build_out (b, "y");
  int                y = attend (b, out->rep, diag), own;

  if (y >= 0 && eqk_build_bool (b, "residual") && eqk_irreps_linear_count (x->rep, out->rep) > 0)
    {
      own = eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = "residual", .in = x->rep, .out = out->rep, .kinds = -1, .table = -1 }, eqk_build_x (b, "x"), x->space, diag);
      y = eqk_rows_add (b, y, own, x->space, eqk_rep_get_dim (out->rep), diag);
    }
  eqk_build_set_output (b, "y", y);
  return y < 0 ? (diag != NULL && diag->status != EQK_OK ? diag->status : EQK_ERR_NO_MEMORY) : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 4x triv", "length" }, .settings = "out=4x0e + 4x1o + 2x2e heads=2 attention_width=3 hidden=[5] cutoff=2.5 gates=on" },
  { .group = "O3", .inputs = { "nodes 4x0e", "edges 1x0e + 1x1o", "radial 4x triv" }, .settings = "out=4x0e + 2x1o heads=2 attention_width=2 hidden=[] residual=off" },
  { .group = "O3", .inputs = { "nodes 2x0e + 2x1e", "edges 1x0e + 1x1o", "radial 3x triv", "length" }, .settings = "out=2x1e + 2x1o + 2x0o heads=1 attention_width=2 hidden=[4] cutoff=2.5" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1", "edges 1x0 + 1x1", "radial 3x triv", "length" }, .settings = "out=2x0 + 2x1 heads=1 attention_width=3 hidden=[4] cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_equiformer_attention = {
  .id = "equiformer_attention", .title = EQK_N_("Attention by a network"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_edge_attention_inputs, .outputs = eqk_edge_attention_outputs, .params = params, .admits = eqk_irreps_admits, .infer = eqk_edge_attention_infer, .lint = eqk_edge_attention_lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Each atom learns which neighbours to listen to, by a small network.\n\n"
                "f_ij = W R(r_ij)((W1 x_i + W2 x_j) ⊗ Y(r_ij)); of its scalars z one part weighs, α_ij ∝ c(r_ij) exp(a·s(z_ij)) with s(z) = 0.2 z + 0.8 z σ(z); the rest goes through a gate and a second product, "
                "v_ij = W' R'(r_ij)(gate(f_ij) ⊗ Y(r_ij)); y_i = W'' Σ_j α_ij v_ij + W3 x_i. Put a layer norm of irreps before and a feed-forward part (linear, gate, linear) behind. Exact. "
                "Source: Liao and Smidt 2023 (Equiformer), arXiv:2206.11990."),
};
