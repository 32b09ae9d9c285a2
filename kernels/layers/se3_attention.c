/*
 * Equivariant attention: a node asks with a query, each neighbour answers with a key and a value made along the edge. Query and key are compared by
 * a dot product, which no turn changes; the values turn.
 */

#include "layers/edge-attention.h"
#include "core/memory.h"
#include "layers/graphs.h"
#include "layers/grids.h"
#include "layers/interaction.h"
#include "layers/neighbours.h"
#include "layers/products.h"

#include <stdio.h>

enum { MAX_RUNS = 48 };

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

/* A query is a linear map of the node, a key a product along the edge, both in half of what is asked for: they need a kind in common. */
static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "harmonics");
  const EqkStatus    status = eqk_edge_attention_infer (ctx, diag);
  const EqkRep      *asked = status != EQK_OK ? NULL : eqk_irreps_param (ctx, "out", diag), *half = asked == NULL ? NULL : half_of (asked, NULL);
  const EqkRep      *q = half == NULL ? NULL : eqk_irreps_common (half, x->rep), *mid = half == NULL ? NULL : eqk_irreps_products (x->rep, y->rep, half, NULL);
  const EqkRep      *k = mid == NULL ? NULL : eqk_irreps_common (half, mid), *both = q == NULL || k == NULL ? NULL : eqk_irreps_common (k, q);
  char               text[512];

  if (status != EQK_OK)
    return status;
  if (both == NULL)
    return EQK_ERR_NO_MEMORY;
  if (eqk_rep_get_dim (both) > 0)
    return EQK_OK;
  eqk_infer_problem (ctx, "E-QK-IRREPS", "x", "q='%s' k='%s'", eqk_rep_get_text (x->rep), eqk_rep_get_text (k));
  if (eqk_irreps_count (y->rep, eqk_group_trivial (eqk_rep_get_group (y->rep))) == 0)
    return EQK_OK;                  /* no key is of a kind of the node */
  snprintf (text, sizeof text, "%s + %s", eqk_rep_get_text (asked), eqk_rep_get_text (x->rep));
  eqk_infer_fix (ctx, EQK_N_("Ask for the kinds of the queries too"));
  eqk_fix_set (ctx, "$", "out", text);
  return EQK_OK;
}

/* Logits of each head: products of the copies that query and key both have, over the root of their number. */
static int
compare (EqkBuild *b, int q, const EqkRep *q_rep, int k, const EqkRep *k_rep, int heads, EqkSpace edges, EqkDiag *diag)
{
  const int         n = eqk_rep_get_dim (q_rep);
  EqkBilinearParams p = { n, eqk_rep_get_dim (k_rep), heads, 0, 0, false, NULL };
  EqkBilinearTerm  *terms = eqk_malloc (((size_t) n + 1) * sizeof *terms);
  double           *c = eqk_malloc (((size_t) n + 1) * sizeof *c);
  int               in[4] = { q, k, -1, -1 }, at_q = 0;

  for (int r = 0; terms != NULL && c != NULL && r < eqk_rep_n_runs (q_rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (q_rep, r);
      const int       dim = eqk_field_get_dim (run.field);
      int             at_k = 0;

      for (int s = 0; s < eqk_rep_n_runs (k_rep); at_k += eqk_rep_run (k_rep, s).mul * eqk_field_get_dim (eqk_rep_run (k_rep, s).field), s++)
        for (int u = 0; eqk_rep_run (k_rep, s).field == run.field && u < run.mul && u < eqk_rep_run (k_rep, s).mul; u++)
          for (int m = 0; m < dim && p.n_terms < n; m++)
            terms[p.n_terms++] = (EqkBilinearTerm){ at_q + u * dim + m, at_k + u * dim + m, eqk_head_of (u, run.mul, heads), -1 };
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

/* Σ_j α_ij v_ij, in the irreps that values reach, as the type of the output with zeros where they reach nothing. */
static int
attend (EqkBuild *b, const EqkRep *values, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *out = eqk_build_out (b, "y");
  const EqkSpace     edges = eqk_build_in (b, "radial")->space;
  const int          heads = eqk_build_int (b, "heads"), value = eqk_build_x (b, "x"), width = eqk_rep_get_dim (x->rep);
  const EqkRep      *half = half_of (out->rep == NULL ? values : eqk_build_rep (b, "out"), NULL), *k_rep = half == NULL ? NULL : eqk_edges_reached (b, x->rep, half);
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
  k = eqk_edges_product (b, "key", source, x->rep, k_rep, diag);
  v = eqk_edges_product (b, "value", source, x->rep, values, diag);
  v = eqk_edges_scale_heads (b, v, values, eqk_edges_weigh (b, compare (b, q, q_rep, k, k_rep, heads, edges, diag), heads, edges, diag), heads, edges, diag);
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
  const EqkRep      *values = eqk_edges_reached (b, x->rep, out->rep);
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
  .inputs = eqk_edge_attention_inputs, .outputs = eqk_edge_attention_outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = eqk_edge_attention_lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Each point learns which neighbours to listen to, arrows and all.\n\n"
                "y_i = Σ_j α_ij v_ij + W x_i, α_ij ∝ c(r_ij) exp(⟨q_i, k_ij⟩/√d) over the neighbours, head by head; q = W x_i, k and v = W R(r_ij)(x_j ⊗ Y(r_ij)) with radial networks of their own, c the polynomial cut-off "
                "where lengths are linked. A dot product of features that turn alike does not change. Exact. Source: Fuchs et al. 2020, arXiv:2006.10503."),
};
