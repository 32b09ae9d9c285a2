/* Products along edges with radial networks of their own, and the weights of attention. */

#include "layers/edge-attention.h"
#include "core/memory.h"

#include "layers/graphs.h"
#include "layers/interaction.h"
#include "layers/irreps.h"
#include "layers/neighbours.h"
#include "layers/products.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const EqkPort eqk_edge_attention_inputs[] = {
  { .name = "x", .doc = EQK_N_("Features of each node") },
  { .name = "harmonics", .doc = EQK_N_("Harmonics of each edge") },
  { .name = "radial", .doc = EQK_N_("Radial functions of each edge") },
  { .name = "length", .doc = EQK_N_("Length of each edge: attention fades to zero at the cut-off"), .optional = true },
  { .name = NULL }
};
const EqkPort eqk_edge_attention_outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node, with the scalars for a gate") }, { .name = NULL } };

EqkStatus
eqk_edge_attention_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *length = eqk_infer_input (ctx, "length"), *x = eqk_infer_input (ctx, "x");

  if (length != NULL && length->kind != EQK_KIND_EDGE_LENGTH)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "length", "edge lengths", eqk_kind_name (length->kind));
  if (eqk_rep_n_runs (x->rep) > EQK_EDGES_MAX_RUNS)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more than %d kinds of features", EQK_EDGES_MAX_RUNS);
  return eqk_interaction_infer (ctx, eqk_infer_bool (ctx, "residual"), diag);
}

void
eqk_edge_attention_lint (EqkInfer *ctx)
{
  eqk_interaction_lint (ctx);
  if (eqk_infer_source_of (ctx, eqk_infer_node (ctx), "length", 0) < 0)
    eqk_infer_problem (ctx, "W-ATT-CUTOFF", "length", NULL);
  else
    eqk_neighbours_lint_cutoff (ctx);
}

enum { MAX_RULES = 512 };

/* ---- products on edges ---- */

typedef struct
{
  EqkProductBlock x[EQK_EDGES_MAX_RUNS], y[EQK_EDGES_MAX_RUNS], z[MAX_RULES];
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
  if (eqk_rep_n_runs (x) > EQK_EDGES_MAX_RUNS || eqk_rep_n_runs (y) > EQK_EDGES_MAX_RUNS)
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

int
eqk_edges_product (EqkBuild *b, const char *name, int source, const EqkRep *x, const EqkRep *out, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_in (b, "harmonics"), *radial = eqk_build_in (b, "radial");
  const EqkSpace     edges = radial->space;
  Plan              *plan = eqk_malloc (sizeof *plan);
  const EqkRep      *mid = plan == NULL ? NULL : plan_paths (plan, x, y->rep, out);
  EqkProductTerms    t = { 0 };
  int                hidden[16], in[4] = { source, eqk_build_x (b, "harmonics"), -1, -1 }, h = -1;
  const int          n_hidden = eqk_build_ints (b, "hidden", hidden, 16);
  char               part[48];

  if (mid != NULL && eqk_product_terms (&plan->product, &t) == EQK_OK)
    {
      EqkBilinearParams p = { eqk_rep_get_dim (x), eqk_rep_get_dim (y->rep), eqk_rep_get_dim (mid), t.n_weights, t.n_terms, true, NULL };

      p.terms = eqk_build_keep (b, t.terms, (size_t) t.n_terms * sizeof *t.terms);
      snprintf (part, sizeof part, "%s.radial", name);
      in[2] = eqk_radial_mlp (b, part, eqk_build_x (b, "radial"), edges, eqk_rep_get_dim (radial->rep), hidden, n_hidden, t.n_weights, "silu", eqk_build_text (b, "constants"), false, diag);
      in[3] = eqk_build_const (b, t.c, (size_t) t.n_terms);
      h = p.terms == NULL || in[2] < 0 || in[3] < 0 ? -1 : eqk_rows_op (b, "bilinear", in, 4, edges, p.n_z, &p, sizeof p, diag);
    }
  free (t.terms);
  free (t.c);
  free (plan);
  snprintf (part, sizeof part, "%s.linear", name);
  return h < 0 ? -1 : eqk_irreps_linear (b, &(EqkIrrepsLinear){ .name = part, .in = mid, .out = out, .kinds = -1, .table = -1 }, h, edges, diag);
}

const EqkRep *
eqk_edges_reached (EqkBuild *b, const EqkRep *x, const EqkRep *rep)
{
  Plan         *plan = eqk_malloc (sizeof *plan);
  const EqkRep *mid = plan == NULL ? NULL : plan_paths (plan, x, eqk_build_in (b, "harmonics")->rep, rep);

  free (plan);
  return mid == NULL ? NULL : eqk_irreps_common (rep, mid);
}

/* ---- weights of edges ---- */

/* α ∝ c (r) exp (logit): the logarithm of the cut-off is added to the logits. */
int
eqk_edges_weigh (EqkBuild *b, int logits, int heads, EqkSpace edges, EqkDiag *diag)
{
  const EqkRadialParams         cut = { EQK_RADIAL_LOG_ENVELOPE, EQK_ENVELOPE_POLYNOMIAL, heads, 6, eqk_build_real (b, "cutoff") };
  const EqkSegmentSoftmaxParams p = { EQK_OVER_TARGETS, false };
  const int                     length = eqk_build_x (b, "length");

  if (length >= 0)
    logits = eqk_rows_add (b, logits, eqk_rows_op (b, "radial_basis", &length, 1, edges, heads, &cut, sizeof cut, diag), edges, heads, diag);
  return logits < 0 ? -1 : eqk_rows_op (b, "segment_softmax", &logits, 1, edges, heads, &p, sizeof p, diag);
}

int
eqk_edges_scale_heads (EqkBuild *b, int v, const EqkRep *rep, int weights, int heads, EqkSpace edges, EqkDiag *diag)
{
  const int          n = eqk_rep_get_dim (rep), in[2] = { v, weights };
  EqkMulScalarParams p = { n, heads, NULL };
  int32_t           *of = eqk_malloc (((size_t) n + 1) * sizeof *of);

  for (int r = 0, at = 0; of != NULL && r < eqk_rep_n_runs (rep); r++)
    for (int u = 0; u < eqk_rep_run (rep, r).mul; u++)
      for (int m = 0; m < eqk_field_get_dim (eqk_rep_run (rep, r).field); m++)
        of[at++] = eqk_head_of (u, eqk_rep_run (rep, r).mul, heads);
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, (size_t) n * sizeof *of);
  free (of);
  return p.of == NULL || v < 0 || weights < 0 ? -1 : eqk_rows_op (b, "mul_scalar", in, 2, edges, n, &p, sizeof p, diag);
}
