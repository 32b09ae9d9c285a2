/*
 * Equivariant attention: a node asks with a query, each neighbour answers with a key and a value made along the edge. Query and key are compared by
 * a dot product, which no turn changes; the values turn.
 */

#include "layers/graphs.h"
#include "layers/grids.h"
#include "layers/interaction.h"
#include "layers/neighbours.h"
#include "layers/products.h"

enum { MAX_BLOCKS = 48, MAX_RULES = 512, MAX_RUNS = 48 };

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = "length", .doc = EQK_N_("Length of each edge: attention fades to zero at the cut-off"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node, with the scalars for a gate") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "32x0e + 16x1o + 8x2e", 0, 0, NULL, EQK_N_("Irreps behind the gate; what no product reaches is left out. Queries and keys have half the copies") },
  { "heads", EQK_N_("Heads"), EQK_PARAM_INT, "4", 1, 16, NULL, EQK_N_("How many ways to look at the neighbours; each has a share of the copies") },
  { "gates", EQK_N_("Scalars for a gate"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Make one more invariant for each irrep with a direction, for the gate behind") },
  { "hidden", EQK_N_("Radial networks"), EQK_PARAM_INT_LIST, "[64]", 1, 1024, NULL, EQK_N_("Hidden widths of the networks that make the weights of keys and values") },
  { "cutoff", EQK_N_("Cut-off"), EQK_PARAM_REAL, "5", 0.5, 50, NULL, EQK_N_("In Å, where lengths are linked; the same as that of the neighbours") },
  { "residual", EQK_N_("Keep the input"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Add a linear map of the node's own features") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("Scales of the radial networks' activations: exact integrals, or e3nn's estimates for weights trained there") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *length = eqk_infer_input (ctx, "length"), *x = eqk_infer_input (ctx, "x");

  if (length != NULL && length->kind != EQK_KIND_EDGE_LENGTH)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "length", "edge lengths", eqk_kind_name (length->kind));
  if (eqk_rep_n_runs (x->rep) > MAX_BLOCKS)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more than %d kinds of features", MAX_BLOCKS);
  return eqk_interaction_infer (ctx, eqk_infer_bool (ctx, "residual"), diag);
}

static void
lint (EqkInfer *ctx)
{
  eqk_interaction_lint (ctx);
  if (eqk_infer_source_of (ctx, eqk_infer_node (ctx), "length", 0) < 0)
    eqk_infer_problem (ctx, "W-ATT-CUTOFF", "length", NULL);
  else
    eqk_neighbours_lint_cutoff (ctx);
}

/* ---- products on edges ---- */

typedef struct
{
  EqkProductBlock x[MAX_BLOCKS], y[MAX_BLOCKS], z[MAX_RULES];
  EqkProductRule  rules[MAX_RULES];
  EqkRepRun       runs[MAX_RULES];
  EqkProduct      product;
} Plan;

static int
read_blocks (const EqkRep *rep, EqkProductBlock *blocks)
{
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    blocks[r] = (EqkProductBlock){ eqk_irreps_degree (eqk_rep_run (rep, r).field), eqk_field_irrep_j (eqk_rep_run (rep, r).field), eqk_rep_run (rep, r).mul, 1 };
  return eqk_rep_n_runs (rep);
}

/* Every run of x with every degree of the harmonics to what `keep` has; a result of its own for each path. @return its type, or NULL */
static const EqkRep *
plan_paths (Plan *plan, const EqkRep *x, const EqkRep *y, const EqkRep *keep)
{
  const EqkGroup *group = eqk_rep_get_group (x);
  EqkProduct     *p = &plan->product;

  *p = (EqkProduct){ .x = plan->x, .y = plan->y, .z = plan->z, .rules = plan->rules };
  if (eqk_rep_n_runs (x) > MAX_BLOCKS || eqk_rep_n_runs (y) > MAX_BLOCKS)
    return NULL;
  p->n_x = read_blocks (x, plan->x);
  p->n_y = read_blocks (y, plan->y);
  for (int i = 0; i < p->n_x; i++)
    for (int k = 0; k < p->n_y; k++)
      for (int l = abs (plan->x[i].l - plan->y[k].l); l <= plan->x[i].l + plan->y[k].l; l++)
        {
          const int       parity = plan->x[i].parity ^ plan->y[k].parity;
          const EqkField *field = eqk_group_irrep_by_id (group, parity, l);

          if (field == NULL || eqk_irreps_count (keep, field) == 0)
            continue;
          if (p->n_z == MAX_RULES)
            return NULL;
          plan->z[p->n_z] = (EqkProductBlock){ l, parity, plan->x[i].mul, 1 };
          plan->runs[p->n_z] = (EqkRepRun){ field, plan->x[i].mul };
          plan->rules[p->n_rules++] = (EqkProductRule){ i, k, p->n_z++, EQK_COPIES_UVU, true, 1 };
        }
  return p->n_z == 0 ? NULL : eqk_rep_from_runs (group, plan->runs, p->n_z);
}

/* Linear (x_j ⊗ Y with weights of the distance): rows of edges of type `out`, or -1. */
static int
along_edges (EqkBuild *b, const char *name, int source, const EqkRep *out, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics"), *radial = eqk_build_in (b, "radial");
  const EqkSpace     edges = radial->space;
  Plan              *plan = malloc (sizeof *plan);
  const EqkRep      *mid = plan == NULL ? NULL : plan_paths (plan, x->rep, y->rep, out);
  EqkProductTerms    t = { 0 };
  int                hidden[16], in[4] = { source, eqk_build_x (b, "harmonics"), -1, -1 }, h = -1;
  const int          n_hidden = eqk_build_ints (b, "hidden", hidden, 16);
  char               part[48];

  if (mid != NULL && eqk_product_terms (&plan->product, &t) == EQK_OK)
    {
      EqkBilinearParams p = { eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep), eqk_rep_get_dim (mid), t.n_weights, t.n_terms, true, NULL };

      p.terms = eqk_build_keep (b, t.terms, (size_t) t.n_terms * sizeof *t.terms);
      snprintf (part, sizeof part, "%s.radial", name);
      in[2] = eqk_radial_mlp (b, part, eqk_build_x (b, "radial"), edges, eqk_rep_get_dim (radial->rep), hidden, n_hidden, t.n_weights, "silu", eqk_build_text (b, "constants"), diag);
      in[3] = eqk_build_const (b, t.c, (size_t) t.n_terms);
      h = p.terms == NULL || in[2] < 0 || in[3] < 0 ? -1 : eqk_rows_op (b, "bilinear", in, 4, edges, p.n_z, &p, sizeof p, diag);
    }
  free (t.terms);
  free (t.c);
  free (plan);
  snprintf (part, sizeof part, "%s.linear", name);
  return h < 0 ? -1 : eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = part, .in = mid, .out = out, .kinds = -1, .table = -1 }, h, edges, diag);
}

/* ---- attention ---- */

/* Half the copies of each run of `rep` whose irrep `with` has too, at least one. */
static const EqkRep *
half_of (const EqkRep *rep, const EqkRep *with)
{
  EqkRepRun runs[MAX_RUNS];
  int       n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep) && n < MAX_RUNS; r++)
    if (with == NULL || eqk_irreps_count (with, eqk_rep_run (rep, r).field) > 0)
      runs[n++] = (EqkRepRun){ eqk_rep_run (rep, r).field, eqk_rep_run (rep, r).mul > 1 ? eqk_rep_run (rep, r).mul / 2 : 1 };
  return n == 0 ? NULL : eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
}

/* What the products with the harmonics reach of `rep`. */
static const EqkRep *
reached_of (EqkBuild *b, const EqkRep *rep)
{
  Plan         *plan = malloc (sizeof *plan);
  const EqkRep *mid = plan == NULL ? NULL : plan_paths (plan, eqk_build_in (b, "x")->rep, eqk_build_in (b, "harmonics")->rep, rep);

  free (plan);
  return mid == NULL ? NULL : eqk_irreps_common (rep, mid);
}

/* Copy u of n belongs to this head: each has a stretch of the copies of every irrep. */
static int
head_of (int u, int n, int heads)
{
  return u * heads / n;
}

/* Logits of each head: products of the copies that query and key both have, over the root of their number. */
static int
compare (EqkBuild *b, int q, const EqkRep *q_rep, int k, const EqkRep *k_rep, int heads, EqkSpace edges, EqkDiag *diag)
{
  const int         n = eqk_rep_get_dim (q_rep);
  EqkBilinearParams p = { n, eqk_rep_get_dim (k_rep), heads, 0, 0, false, NULL };
  EqkBilinearTerm  *terms = malloc (((size_t) n + 1) * sizeof *terms);
  double           *c = malloc (((size_t) n + 1) * sizeof *c);
  int               in[4] = { q, k, -1, -1 }, at_q = 0;

  for (int r = 0; terms != NULL && c != NULL && r < eqk_rep_n_runs (q_rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (q_rep, r);
      const int       dim = eqk_field_get_dim (run.field);
      int             at_k = 0;

      for (int s = 0; s < eqk_rep_n_runs (k_rep); at_k += eqk_rep_run (k_rep, s).mul * eqk_field_get_dim (eqk_rep_run (k_rep, s).field), s++)
        for (int u = 0; eqk_rep_run (k_rep, s).field == run.field && u < run.mul && u < eqk_rep_run (k_rep, s).mul; u++)
          for (int m = 0; m < dim && p.n_terms < n; m++)
            terms[p.n_terms++] = (EqkBilinearTerm){ at_q + u * dim + m, at_k + u * dim + m, head_of (u, run.mul, heads), -1 };
      at_q += run.mul * dim;
    }
  for (int e = 0; c != NULL && e < p.n_terms; e++)
    c[e] = 1 / sqrt ((double) p.n_terms / heads);
  if (terms != NULL && c != NULL && p.n_terms > 0)
    {
      p.terms = eqk_build_keep (b, terms, (size_t) p.n_terms * sizeof *terms);
      in[3] = eqk_build_const (b, c, (size_t) p.n_terms);
    }
  free (terms);
  free (c);
  return p.terms == NULL || in[3] < 0 || q < 0 || k < 0 ? -1 : eqk_rows_op (b, "bilinear", in, 4, edges, heads, &p, sizeof p, diag);
}

/* α ∝ c (r) exp (logit): the logarithm of the cut-off is added to the logits. */
static int
weigh (EqkBuild *b, int logits, int heads, EqkSpace edges, EqkDiag *diag)
{
  const EqkRadialParams         cut = { EQK_RADIAL_LOG_ENVELOPE, EQK_ENVELOPE_POLYNOMIAL, heads, 6, eqk_build_real (b, "cutoff") };
  const EqkSegmentSoftmaxParams p = { EQK_OVER_TARGETS, false };
  const int                     length = eqk_build_x (b, "length");

  if (length >= 0)
    logits = eqk_rows_add (b, logits, eqk_rows_op (b, "radial_basis", &length, 1, edges, heads, &cut, sizeof cut, diag), edges, heads, diag);
  return logits < 0 ? -1 : eqk_rows_op (b, "segment_softmax", &logits, 1, edges, heads, &p, sizeof p, diag);
}

/* v times the weight of the head that each copy belongs to. */
static int
scale_heads (EqkBuild *b, int v, const EqkRep *rep, int weights, int heads, EqkSpace edges, EqkDiag *diag)
{
  const int          n = eqk_rep_get_dim (rep), in[2] = { v, weights };
  EqkMulScalarParams p = { n, heads, NULL };
  int32_t           *of = malloc (((size_t) n + 1) * sizeof *of);

  for (int r = 0, at = 0; of != NULL && r < eqk_rep_n_runs (rep); r++)
    for (int u = 0; u < eqk_rep_run (rep, r).mul; u++)
      for (int m = 0; m < eqk_field_get_dim (eqk_rep_run (rep, r).field); m++)
        of[at++] = head_of (u, eqk_rep_run (rep, r).mul, heads);
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, (size_t) n * sizeof *of);
  free (of);
  return p.of == NULL || v < 0 || weights < 0 ? -1 : eqk_rows_op (b, "mul_scalar", in, 2, edges, n, &p, sizeof p, diag);
}

/* Σ_j α_ij v_ij, in the irreps that values reach, as the type of the output with zeros where they reach nothing. */
static int
attend (EqkBuild *b, const EqkRep *values, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *out = eqk_build_out (b, "y");
  const EqkSpace     edges = eqk_build_in (b, "radial")->space;
  const int          heads = eqk_build_int (b, "heads"), value = eqk_build_x (b, "x"), width = eqk_rep_get_dim (x->rep);
  const EqkRep      *half = half_of (out->rep == NULL ? values : eqk_build_rep (b, "out"), NULL), *k_rep = half == NULL ? NULL : reached_of (b, half);
  const EqkRep      *q_rep = half == NULL ? NULL : eqk_irreps_common (half, x->rep);
  const int          source = eqk_graph_sources (b, value, edges, width, diag);
  int                q, k, v;

  if (k_rep == NULL || q_rep == NULL || eqk_rep_get_dim (q_rep) == 0 || eqk_rep_get_dim (k_rep) == 0)
    {
      eqk_fail (diag, EQK_ERR_TYPE, "query and key have no irrep in common");
      return -1;
    }
  q = eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = "query", .in = x->rep, .out = q_rep, .kinds = -1, .table = -1 }, value, x->space, diag);
  q = eqk_graph_targets (b, q, edges, eqk_rep_get_dim (q_rep), diag);
  k = along_edges (b, "key", source, k_rep, diag);
  v = along_edges (b, "value", source, values, diag);
  v = scale_heads (b, v, values, weigh (b, compare (b, q, q_rep, k, k_rep, heads, edges, diag), heads, edges, diag), heads, edges, diag);
  return v < 0 ? -1 : eqk_nodes_pool (b, v, x->space, eqk_rep_get_dim (values), "sum", diag);
}

/* The runs of `from` at their places in `to`, zeros elsewhere. */
static int
spread_runs (EqkBuild *b, int h, const EqkRep *from, const EqkRep *to, EqkSpace space, EqkDiag *diag)
{
  EqkSparse            sparse;
  EqkConstLinearParams p;
  int                  at_from = 0, at = 0, r = 0;

  if (from == to || h < 0)
    return h;
  eqk_sparse_open (&sparse, eqk_rep_get_dim (from), eqk_rep_get_dim (to));
  for (int s = 0; s < eqk_rep_n_runs (to); s++)
    {
      const EqkRepRun run = eqk_rep_run (to, s);
      const int       size = run.mul * eqk_field_get_dim (run.field);
      const bool      there = r < eqk_rep_n_runs (from) && eqk_rep_run (from, r).field == run.field && eqk_rep_run (from, r).mul == run.mul;

      for (int i = 0; there && i < size; i++)
        eqk_sparse_add (&sparse, at + i, at_from + i, 1);
      at += size;
      at_from += there ? size : 0;
      r += there;
    }
  memset (&p, 0, sizeof p);
  return eqk_matrix_keep (b, &sparse, &p) != EQK_OK ? -1 : eqk_rows_op (b, "const_linear", &h, 1, space, eqk_rep_get_dim (to), &p, sizeof p, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *out = eqk_build_out (b, "y");
  const EqkRep      *values = reached_of (b, out->rep);
  int                y = values == NULL ? -1 : spread_runs (b, attend (b, values, diag), values, out->rep, x->space, diag), own;

  if (y >= 0 && eqk_build_bool (b, "residual") && eqk_irreps_linear_count (x->rep, out->rep) > 0)
    {
      own = eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = "residual", .in = x->rep, .out = out->rep, .kinds = -1, .table = -1 }, eqk_build_x (b, "x"), x->space, diag);
      y = eqk_rows_add (b, y, own, x->space, eqk_rep_get_dim (out->rep), diag);
    }
  eqk_build_set_output (b, "y", y);
  return y < 0 ? (diag != NULL && diag->status != EQK_OK ? diag->status : EQK_ERR_NO_MEMORY) : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x0e + 2x1o", "edges 1x0e + 1x1o + 1x2e", "radial 4x triv", "length" }, .settings = "out=4x0e + 4x1o + 2x2e heads=2 hidden=[5] cutoff=2.5" },
  { .group = "O3", .inputs = { "nodes 4x0e", "edges 1x0e + 1x1o", "radial 4x triv" }, .settings = "out=4x0e + 2x1o heads=2 hidden=[] residual=off gates=off" },
  { .group = "O3", .inputs = { "nodes 4x0e + 2x0o", "edges 1x0e + 1x1o", "radial 3x triv", "length" }, .settings = "out=4x0e + 2x0o + 2x1o heads=2 hidden=[4] cutoff=2.5" },
  { .group = "O3", .inputs = { "nodes 4x1e", "edges 1x0e + 1x1o", "radial 3x triv", "length" }, .settings = "out=2x1e + 2x1o heads=1 hidden=[4] cutoff=2.5 gates=off" },
  { .group = "O3", .inputs = { "nodes 4x0e + 2x3e", "edges 1x0e", "radial 3x triv", "length" }, .settings = "out=4x0e + 2x3e heads=2 hidden=[4] cutoff=2.5 gates=off" },
  { .group = "O3", .inputs = { "nodes 4x0e + 2x2o", "edges 1x0e + 1x1o", "radial 3x triv", "length" }, .settings = "out=4x0e + 2x2o + 2x3o heads=2 hidden=[4] cutoff=2.5 gates=off" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1", "edges 1x0 + 1x1", "radial 3x triv", "length" }, .settings = "out=2x0 + 2x1 heads=1 hidden=[4] cutoff=2.5" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_se3_attention = {
  .id = "se3_attention", .title = EQK_N_("Attention over neighbours"), .category = EQK_N_("Message passing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("y_i = Σ_j α_ij v_ij + W x_i, α_ij ∝ c(r_ij) exp(⟨q_i, k_ij⟩/√d) over the neighbours, head by head; q = W x_i, k and v = W R(r_ij)(x_j ⊗ Y(r_ij)) with radial networks of their own, c the polynomial cut-off "
                "where lengths are linked. A dot product of features that turn alike does not change. Exact. Source: Fuchs et al. 2020, arXiv:2006.10503."),
};
