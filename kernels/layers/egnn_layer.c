/*
 * E(n) graph layer: messages from scalars and squared distances; along edge vectors, weighted by what the messages say, the points move. A
 * sum of differences, each times an invariant, turns along and ignores shifts; that is the whole idea.
 */

#include "layers/coordinates.h"
#include "layers/graphs.h"

#include "ops/fields.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of each point") },
  { .name = "positions", .doc = EQK_N_("Coordinates") },
  { .name = "edges", .doc = EQK_N_("Which points are neighbours, and numbers that edges carry") },
  { .name = "velocities", .doc = EQK_N_("One arrow for each point, scaled by what its scalars say and added to its step"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = {
  { .name = "y", .doc = EQK_N_("Scalars of each point") },
  { .name = "positions", .doc = EQK_N_("Coordinates after the step") },
  { .name = "velocities", .doc = EQK_N_("The step of each point") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden width"), EQK_PARAM_INT, "64", 1, 1024, NULL, EQK_N_("Width of the small networks and of the messages") },
  { "attention", EQK_N_("Weigh messages"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Multiply each message by a number between 0 and 1 made of it") },
  { "tanh", EQK_N_("Bounded steps"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("The weight of an edge vector passes through tanh") },
  { "normalise", EQK_N_("Shorten edge vectors"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Edge vectors r become r/(1 + |r|), so that far neighbours do not pull hardest") },
  { "pool", EQK_N_("Pool of steps"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum", EQK_N_("How the steps along all edges of a point are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag), *positions = x == NULL ? NULL : eqk_coord_input (ctx, diag), *v = eqk_infer_input (ctx, "velocities");
  EqkPortType        step;

  if (positions == NULL || eqk_graph_edges (ctx, diag) == NULL)
    return EQK_ERR_TYPE;
  if (v != NULL && (eqk_coord_arrows (positions, v, "velocities", diag) != 1 || v->space.kind != EQK_SPACE_NODES))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "velocities", "one arrow for each point", eqk_rep_get_text (v->rep));
  step = *positions;
  step.kind = EQK_KIND_FEATURE;
  eqk_infer_set_output (ctx, "positions", positions);
  eqk_infer_set_output (ctx, "velocities", &step);
  return eqk_infer_set_output (ctx, "y", x);
}

static void
lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "I-EGNN-SCALAR", NULL, NULL);
  if (strcmp (eqk_infer_text (ctx, "pool"), "sum") != 0 || eqk_infer_bool (ctx, "tanh"))
    return;
  eqk_infer_problem (ctx, "W-EGNN-DRIFT", NULL, NULL);
  eqk_infer_fix (ctx, EQK_N_("Use the mean and bounded steps"));
  eqk_fix_set (ctx, "$", "pool", "mean");
  eqk_fix_set (ctx, "$", "tanh", "on");
}

/* What edges carry beside what their ends are; the lengths of edges are read from the coordinates in any case. */
static int
edge_numbers (const EqkPortType *edges)
{
  return edges->kind == EQK_KIND_EDGE_LENGTH ? 0 : eqk_graph_edge_width (edges);
}

/* m_ij = φ_e (x_i, x_j, |r_ij|², a_ij) */
static int
messages (EqkBuild *b, int vector, int h, EqkDiag *diag)
{
  static const EqkCopyParams squared = { 1, 3, 0 };
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const EqkMlpForm   form = { "silu", true, 0, false };
  const int          c = eqk_rep_get_dim (x->rep), e = edge_numbers (edges), value = eqk_build_x (b, "x"), widths[2] = { h, h };
  const int          both[2] = { vector, vector }, parts[4] = { c, c, 1, e };
  int                in[4], width = 2 * c + 1 + e, m, one = 1, weight;

  in[0] = eqk_graph_targets (b, value, edges->space, c, diag);
  in[1] = eqk_graph_sources (b, value, edges->space, c, diag);
  in[2] = eqk_rows_op (b, "copy_dot", both, 2, edges->space, 1, &squared, sizeof squared, diag);
  in[3] = eqk_build_x (b, "edges");
  m = eqk_mlp (b, "edge.", eqk_rows_concat (b, in, parts, e > 0 ? 4 : 3, edges->space, diag), edges->space, &width, widths, 2, &form, diag);
  if (m < 0 || !eqk_build_bool (b, "attention"))
    return m;
  weight = eqk_dense (b, "attention", m, edges->space, h, one, true, diag);
  weight = weight < 0 ? -1 : eqk_dense_act (b, "sigmoid", weight, edges->space, one, 1, diag);
  return eqk_rows_mul (b, m, weight, edges->space, h, 1, diag);
}

/* φ (x) of one number a row; with `tiny` the last map starts near zero and has no offset, so that nothing moves at first. */
static int
one_number (EqkBuild *b, const char *name, int x, EqkSpace space, int c, int h, bool tiny, EqkDiag *diag)
{
  const EqkLinearParams p = { h, 1, 0, 1 };
  const int             shape[2] = { 1, h };
  char                  layer[32];
  int                   in[3] = { -1, -1, -1 };

  snprintf (layer, sizeof layer, "%.20s.0", name);
  x = eqk_dense (b, layer, x, space, c, h, true, diag);
  x = x < 0 ? -1 : eqk_dense_act (b, "silu", x, space, h, 1, diag);
  snprintf (layer, sizeof layer, "%.20s.1", name);
  if (x < 0 || !tiny)
    return x < 0 ? -1 : eqk_dense (b, layer, x, space, h, 1, true, diag);
  snprintf (layer, sizeof layer, "%.20s.1.weight", name);
  in[0] = x;
  in[1] = eqk_build_weight (b, layer, shape, 2, (EqkInit){ EQK_INIT_UNIFORM, 0.001 * sqrt (6.0 / (h + 1)), NULL });
  return in[1] < 0 ? -1 : eqk_rows_op (b, "linear", in, 3, space, 1, &p, sizeof p, diag);
}

static int
shorten (EqkBuild *b, int vector, EqkSpace edges, EqkDiag *diag)
{
  const EqkFieldRun run = { 0, 3, 1 };
  EqkNormActParams  p = { .n_channels = 3, .n_fields = 1, .n_runs = 1, .act = EQK_LENGTH_SQUASH };
  const int         in[2] = { vector, -1 };

  p.runs = eqk_build_keep (b, &run, sizeof run);
  return p.runs == NULL ? -1 : eqk_rows_op (b, "norm_act", in, 2, edges, 3, &p, sizeof p, diag);
}

/* φ_v (x_i) v_i + pool over j of r_ij φ_x (m_ij) */
static int
steps (EqkBuild *b, int vector, int m, int h, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const int          v = eqk_build_x (b, "velocities");
  int                weight = one_number (b, "coord", m, edges->space, h, h, true, diag), step;

  if (weight >= 0 && eqk_build_bool (b, "tanh"))
    weight = eqk_dense_act (b, "tanh", weight, edges->space, 1, 1, diag);
  if (eqk_build_bool (b, "normalise"))
    vector = shorten (b, vector, edges->space, diag);
  step = eqk_nodes_pool (b, eqk_rows_mul (b, vector, weight, edges->space, 3, 1, diag), x->space, 3, eqk_build_text (b, "pool"), diag);
  if (v < 0 || step < 0)
    return step;
  weight = one_number (b, "velocity", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), h, false, diag);
  return eqk_rows_add (b, eqk_rows_mul (b, v, weight, x->space, 3, 1, diag), step, x->space, 3, diag);
}

/* x_i + φ_h (x_i, Σ_j m_ij) */
static int
update (EqkBuild *b, int m, int h, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { "silu", false, 0, false };
  const int          c = eqk_rep_get_dim (x->rep), parts[2] = { c, h }, widths[2] = { h, c };
  int                in[2] = { eqk_build_x (b, "x"), eqk_nodes_pool (b, m, x->space, h, "sum", diag) }, width = c + h, y;

  y = eqk_mlp (b, "node.", eqk_rows_concat (b, in, parts, 2, x->space, diag), x->space, &width, widths, 2, &form, diag);
  return eqk_rows_add (b, in[0], y, x->space, c, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace            edges = eqk_build_in (b, "edges")->space, nodes = eqk_build_in (b, "x")->space;
  const int                 h = eqk_build_int (b, "hidden"), positions = eqk_build_x (b, "positions");
  const int                 vector = eqk_rows_op (b, "edge_vector", &positions, 1, edges, 3, NULL, 0, diag);
  const int                 m = messages (b, vector, h, diag), step = m < 0 ? -1 : steps (b, vector, m, h, diag);
  const int                 moved = eqk_rows_add (b, positions, step, nodes, 3, diag), y = m < 0 ? -1 : update (b, m, h, diag);

  eqk_build_set_output (b, "y", y);
  eqk_build_set_output (b, "positions", moved);
  eqk_build_set_output (b, "velocities", step);
  return y < 0 || moved < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e", "&positions", "radius_graph{cutoff=2.5}(&positions)", "nodes 1x1o" }, .settings = "hidden=5" },
  { .group = "O3", .inputs = { "nodes 3x0e", "&positions", "concat(complete_graph(&positions); complete_graph(&positions))" }, .settings = "hidden=4 attention=on tanh=on normalise=on" },
  { .group = "SO3", .inputs = { "nodes 3x0", "&positions", "radius_graph{cutoff=2.5}(&positions)" }, .settings = "hidden=4 pool=sum" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_egnn_layer = {
  .id = "egnn_layer", .title = EQK_N_("EGNN layer"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Points exchange messages by their distances, and may move each other.\n\n"
                "m_ij = φ_e(h_i, h_j, |r_ij|², a_ij), r_ij = x_i − x_j; v_i = φ_v(h_i) v_i + mean_j r_ij φ_x(m_ij); x_i ← x_i + v_i; h_i ← h_i + φ_h(h_i, Σ_j m_ij). "
                "Each φ is a network of two layers with SiLU; φ_x starts near zero. Exact, in any number of dimensions, but it cannot tell left from right. Source: Satorras et al. 2021, arXiv:2102.09844."),
};
