/* Fully connected tensor product: every copy of one input with every copy of the other, all couplings, learned sums. */

#include "layers/irreps.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features") },
  { .name = "y", .doc = EQK_N_("Features at the same places") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "z", .doc = EQK_N_("Their products") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "16x0e + 8x1o", 0, 0, NULL, EQK_N_("Irreps of the output, such as 16x0e + 8x1o") },
  EQK_DROP_PATHS_PARAM,
  { NULL }
};

static bool
couples (const EqkField *x, const EqkField *y, const EqkField *z, const char *drop)
{
  const int a = eqk_irreps_degree (x), b = eqk_irreps_degree (y), c = eqk_irreps_degree (z);

  return c >= abs (a - b) && c <= a + b && (eqk_field_irrep_j (x) ^ eqk_field_irrep_j (y)) == eqk_field_irrep_j (z) && !eqk_irreps_is_dropped (drop, x, y, z);
}

/* Weights summed into one copy of run `out`. */
static int
fan_of (const EqkRep *x, const EqkRep *y, const EqkField *z, const char *drop)
{
  int fan = 0;

  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    for (int b = 0; b < eqk_rep_n_runs (y); b++)
      if (couples (eqk_rep_run (x, a).field, eqk_rep_run (y, b).field, z, drop))
        fan += eqk_rep_run (x, a).mul * eqk_rep_run (y, b).mul;
  return fan;
}

/* What of `asked` products of x and y make; the rest has no weights and is left out. NULL: without memory. */
static const EqkRep *
reached (const EqkRep *x, const EqkRep *y, const EqkRep *asked, const char *drop)
{
  EqkRepRun    *runs = eqk_malloc (((size_t) eqk_rep_n_runs (asked) + 1) * sizeof *runs);
  const EqkRep *out;
  int           n = 0;

  if (runs == NULL)
    return NULL;
  for (int r = 0; r < eqk_rep_n_runs (asked); r++)
    if (fan_of (x, y, eqk_rep_run (asked, r).field, drop) > 0)
      runs[n++] = eqk_rep_run (asked, r);
  out = eqk_rep_from_runs (eqk_rep_get_group (asked), runs, n);
  free (runs);
  return out;
}

static void
lint (EqkInfer *ctx)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "y"), *z = eqk_infer_output (ctx, "z");
  const EqkRep      *asked = z == NULL ? NULL : eqk_irreps_param (ctx, "out", NULL);

  for (int r = 0; asked != NULL && r < eqk_rep_n_runs (asked); r++)
    {
      const EqkField *field = eqk_rep_run (asked, r).field;

      if (fan_of (x->rep, y->rep, field, eqk_infer_text (ctx, "drop_paths")) > 0)
        continue;
      eqk_infer_problem (ctx, "W-DEAD-OUTPUT", "z", "ir=%s a='%.120s' b='%.120s'", eqk_field_get_name (field), eqk_rep_get_text (x->rep), eqk_rep_get_text (y->rep));
      eqk_infer_fix (ctx, EQK_N_("Remove it"));
      eqk_fix_set (ctx, "$", "out", eqk_rep_get_text (z->rep));
    }
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "y");
  const EqkRep      *out = eqk_irreps_param (ctx, "out", diag);
  const char        *drop = eqk_irreps_drop_param (ctx, diag);
  EqkPortType        z;
  double             weights = 0;

  if (out == NULL || drop == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK || eqk_irreps_check (y, "y", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features", eqk_kind_name (x->kind));
  if (y->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "y", "features", eqk_kind_name (y->kind));
  if (!eqk_space_equal (&x->space, &y->space))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "y", "the places of x", "other places");
  if (x->symmetry.group != y->symmetry.group)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "y", eqk_group_get_id (x->symmetry.group), eqk_group_get_id (y->symmetry.group));
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    weights += (double) fan_of (x->rep, y->rep, eqk_rep_run (out, r).field, drop) * eqk_rep_run (out, r).mul;
  if (weights < 1)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "irreps that a product of x and y reaches", eqk_rep_get_text (out));
  if (weights > 16777216)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more than 16777216 weights; use fewer copies");
  z = eqk_port_with_rep (x, reached (x->rep, y->rep, out, drop));
  if (z.rep == NULL)
    return EQK_ERR_NO_MEMORY;
  return eqk_infer_set_output (ctx, "z", &z);
}

typedef struct
{
  EqkProductPath  *paths;
  EqkProductEntry *entries;
  double          *c;
  int              n_paths, n_entries, n_weights;
} Tables;

static bool
add_path (Tables *t, const EqkProductPath *like, int l1, int l2, int l3, double scale)
{
  int               n = 0;
  EqkCouplingEntry *coupling = eqk_coupling_entries (l1, l2, l3, &n);
  EqkProductEntry  *entries = eqk_realloc (t->entries, (size_t) (t->n_entries + n + 1) * sizeof *entries);
  double           *c = eqk_realloc (t->c, (size_t) (t->n_entries + n + 1) * sizeof *c);
  EqkProductPath   *paths = eqk_realloc (t->paths, (size_t) (t->n_paths + 1) * sizeof *paths);

  t->entries = entries != NULL ? entries : t->entries;
  t->c = c != NULL ? c : t->c;
  t->paths = paths != NULL ? paths : t->paths;
  if (coupling == NULL || entries == NULL || c == NULL || paths == NULL)
    {
      free (coupling);
      return false;
    }
  paths[t->n_paths] = *like;
  paths[t->n_paths].weight = t->n_weights;
  paths[t->n_paths].first = t->n_entries;
  for (int k = 0; k <= 2 * l3; k++)
    for (int e = 0; e < n; e++)
      if (coupling[e].k == k)
        {
          entries[t->n_entries] = (EqkProductEntry) { coupling[e].i, coupling[e].j, coupling[e].k };
          c[t->n_entries++] = scale * coupling[e].c;
        }
  paths[t->n_paths++].last = t->n_entries;
  t->n_weights += like->mul_x * like->mul_y * like->mul_z;
  free (coupling);
  return true;
}

/* In e3nn's order: runs of x, of y, of the output. */
static bool
make_tables (Tables *t, const EqkRep *x, const EqkRep *y, const EqkRep *z, const char *drop)
{
  int at_x = 0, at_y, at_z;

  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    {
      const EqkRepRun f = eqk_rep_run (x, a);

      at_y = 0;
      for (int b = 0; b < eqk_rep_n_runs (y); b++)
        {
          const EqkRepRun g = eqk_rep_run (y, b);

          at_z = 0;
          for (int c = 0; c < eqk_rep_n_runs (z); c++)
            {
              const EqkRepRun      h = eqk_rep_run (z, c);
              const EqkProductPath path = { .n_i = eqk_field_get_dim (f.field), .n_j = eqk_field_get_dim (g.field), .n_k = eqk_field_get_dim (h.field), .from_x = at_x,
                                            .mul_x = f.mul, .from_y = at_y, .mul_y = g.mul, .to = at_z, .mul_z = h.mul };

              if (couples (f.field, g.field, h.field, drop) &&
                  !add_path (t, &path, eqk_irreps_degree (f.field), eqk_irreps_degree (g.field), eqk_irreps_degree (h.field), sqrt ((double) path.n_k / fan_of (x, y, h.field, drop))))
                return false;
              at_z += h.mul * path.n_k;
            }
          at_y += g.mul * eqk_field_get_dim (g.field);
        }
      at_x += f.mul * eqk_field_get_dim (f.field);
    }
  return true;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkRep    *x = eqk_build_in (b, "x")->rep, *y = eqk_build_in (b, "y")->rep, *z = eqk_build_out (b, "z")->rep;
  EqkProductParams p = { .n_x = eqk_rep_get_dim (x), .n_y = eqk_rep_get_dim (y), .n_z = eqk_rep_get_dim (z) };
  Tables           t = { 0 };
  int              in[4] = { eqk_build_x (b, "x"), eqk_build_x (b, "y"), -1, -1 };
  const int        out = eqk_build_value (b, eqk_build_out (b, "z")->space, p.n_z);

  if (make_tables (&t, x, y, z, eqk_build_text (b, "drop_paths")))
    {
      p.n_weights = t.n_weights;
      p.n_paths = t.n_paths;
      p.n_entries = t.n_entries;
      p.paths = eqk_build_keep (b, t.paths, (size_t) t.n_paths * sizeof *t.paths);
      p.entries = eqk_build_keep (b, t.entries, (size_t) t.n_entries * sizeof *t.entries);
      in[2] = eqk_build_weight (b, "weight", &t.n_weights, 1, (EqkInit){ EQK_INIT_NORMAL, 1, NULL });
      in[3] = eqk_build_const (b, t.c, (size_t) t.n_entries);
    }
  free (t.paths);
  free (t.entries);
  free (t.c);
  if (out < 0 || in[2] < 0 || in[3] < 0 || p.paths == NULL || p.entries == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "tensor product");
  eqk_build_set_output (b, "z", out);
  return eqk_build_op (b, "tensor_product", in, 4, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o", "nodes 1x0e + 2x1o + 1x2e" }, .settings = "out=2x0e + 2x1o + 1x1e + 1x2e" },
  { .group = "SO3", .inputs = { "edges 2x0 + 2x1 + 1x2", "edges 1x0 + 1x1" }, .settings = "out=2x0 + 1x1 + 1x3" },
  { .group = "O3", .inputs = { "nodes 2x1o", "nodes 2x1o" }, .settings = "out=1x0e + 1x1e" },
  { .group = "O3", .inputs = { "nodes 2x0e + 2x1o", "nodes 2x0e + 2x1o + 1x2e" }, .settings = "out=2x0e+2x1o+1x2e drop_paths=1o*1o>0e,0e*1o>1o" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_fctp = {
  .id = "fctp", .title = EQK_N_("Full tensor product"), .category = EQK_N_("Mixing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.FullyConnectedTensorProduct",
  .doc = EQK_N_("Combines two features of any kind in every way that the symmetry allows, each with a weight of its own.\n\n"
                "z[w,k] = Σ W[u,v,w] C[i,j,k] x[u,i] y[v,j] over all allowed couplings, scaled by √((2l+1)/fan-in); weights path by path as in e3nn. Exact. Source: Thomas et al. 2018; e3nn."),
};
