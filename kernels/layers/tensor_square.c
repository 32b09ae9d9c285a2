/* Products of the features of a place with each other, and learned sums of them. */

#include "layers/fields.h"
#include "core/memory.h"
#include "layers/irreps.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_TERMS = 1 << 22 };

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "16x0e + 8x1o", 0, 0, NULL, EQK_N_("Irreps of the output, such as 16x0e + 8x1o") },
  { NULL }
};

/* Couplings of two runs of x to an irrep. Of a run with itself the pairs u < v count once, and u = v only where the coupling is symmetric. */
typedef struct { int a, b, n_pairs; bool itself, symmetric; } Pairing;

static bool
pairing (const EqkRep *x, int a, int b, const EqkField *z, Pairing *out)
{
  const EqkRepRun f = eqk_rep_run (x, a), g = eqk_rep_run (x, b);
  const int       l1 = eqk_irreps_degree (f.field), l2 = eqk_irreps_degree (g.field), l3 = eqk_irreps_degree (z);

  *out = (Pairing){ a, b, 0, a == b, l3 % 2 == 0 };
  if (l3 < abs (l1 - l2) || l3 > l1 + l2 || (eqk_field_irrep_j (f.field) ^ eqk_field_irrep_j (g.field)) != eqk_field_irrep_j (z))
    return false;
  out->n_pairs = a == b ? f.mul * (f.mul + (out->symmetric ? 1 : -1)) / 2 : f.mul * g.mul;
  return out->n_pairs > 0;
}

static int
fan_of (const EqkRep *x, const EqkField *z)
{
  Pairing p;
  int     fan = 0;

  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    for (int b = a; b < eqk_rep_n_runs (x); b++)
      if (pairing (x, a, b, z, &p))
        fan += p.n_pairs;
  return fan;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_irreps_param (ctx, "out", diag);
  double             terms = 0;
  EqkPortType        y;

  if (out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    {
      const EqkField *field = eqk_rep_run (out, r).field;

      if (fan_of (x->rep, field) == 0)
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "irreps that products of x with itself reach", eqk_field_get_name (field));
      terms += 4.0 * fan_of (x->rep, field) * eqk_rep_run (out, r).mul * eqk_field_get_dim (field);
    }
  if (terms > MAX_TERMS)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more than 4 million products; use fewer copies");
  y = eqk_port_with_rep (x, out);
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Squares of squares: the degree of the polynomial up to here. */
static int
degree_here (const EqkInfer *ctx)
{
  const int           own = eqk_infer_node (ctx);
  const EqkLayerType *layer = eqk_infer_layer_of (ctx, own);
  int                 degree = 2;

  for (int i = 0; i < eqk_infer_n_nodes (ctx) && degree < 1024; i++)
    if (i != own && eqk_infer_layer_of (ctx, i) == layer && eqk_infer_is_upstream (ctx, i, own))
      degree *= 2;
  return degree;
}

static void
lint (EqkInfer *ctx)
{
  const EqkRep *x = eqk_infer_input (ctx, "x")->rep, *y = eqk_infer_output (ctx, "y")->rep;
  const int     degree = degree_here (ctx);

  if (degree > 2)
    eqk_infer_problem (ctx, "W-POLY-GROWTH", NULL, "d=%d", degree);
  for (int r = 0; r < eqk_rep_n_runs (x); r++)
    for (int k = 0; k < eqk_rep_n_runs (y); k++)
      {
        const int l = eqk_irreps_degree (eqk_rep_run (x, r).field), m = eqk_irreps_degree (eqk_rep_run (y, k).field);

        if (eqk_rep_run (x, r).mul == 1 && m % 2 == 1 && m <= 2 * l && eqk_field_irrep_j (eqk_rep_run (y, k).field) == 0)
          eqk_infer_problem (ctx, "I-PATH-VANISH", "x", "l=%d k=%d", l, m);
      }
}

typedef struct
{
  EqkBilinearTerm *terms;
  double          *c;
  int              n, room, n_weights;
} Table;

static bool
add_term (Table *t, EqkBilinearTerm term, double c)
{
  if (t->n == t->room)
    {
      const int        room = t->room == 0 ? 256 : 2 * t->room;
      EqkBilinearTerm *terms = eqk_realloc (t->terms, (size_t) room * sizeof *terms);
      double          *more = eqk_realloc (t->c, (size_t) room * sizeof *more);

      t->terms = terms != NULL ? terms : t->terms;
      t->c = more != NULL ? more : t->c;
      if (terms == NULL || more == NULL)
        return false;
      t->room = room;
    }
  t->terms[t->n] = term;
  t->c[t->n++] = c;
  return true;
}

static int
place_of (const EqkRep *rep, int run)
{
  int at = 0;

  for (int r = 0; r < run; r++)
    at += eqk_rep_run (rep, r).mul * eqk_field_get_dim (eqk_rep_run (rep, r).field);
  return at;
}

/* One pairing to one run of the output: weights [pairs][copies of the output]. */
static bool
add_pairing (Table *t, const EqkRep *x, const EqkRep *z, const Pairing *p, int run, double scale)
{
  const EqkRepRun   f = eqk_rep_run (x, p->a), g = eqk_rep_run (x, p->b), h = eqk_rep_run (z, run);
  const int         di = eqk_field_get_dim (f.field), dj = eqk_field_get_dim (g.field), dk = eqk_field_get_dim (h.field);
  const int         at_a = place_of (x, p->a), at_b = place_of (x, p->b), at_z = place_of (z, run);
  int               n = 0;
  EqkCouplingEntry *entries = eqk_coupling_entries (eqk_irreps_degree (f.field), eqk_irreps_degree (g.field), eqk_irreps_degree (h.field), &n);
  bool              good = entries != NULL;

  for (int u = 0; good && u < f.mul; u++)
    for (int v = p->itself ? u + !p->symmetric : 0; good && v < g.mul; v++)
      {
        for (int w = 0; w < h.mul; w++)
          for (int e = 0; good && e < n; e++)
            good = add_term (t, (EqkBilinearTerm){ at_a + u * di + entries[e].i, at_b + v * dj + entries[e].j, at_z + w * dk + entries[e].k, t->n_weights + w },
                             scale * entries[e].c);
        t->n_weights += h.mul;
      }
  free (entries);
  return good;
}

static bool
make_table (Table *t, const EqkRep *x, const EqkRep *z)
{
  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    for (int b = a; b < eqk_rep_n_runs (x); b++)
      for (int r = 0; r < eqk_rep_n_runs (z); r++)
        {
          const EqkField *field = eqk_rep_run (z, r).field;
          Pairing         p;

          if (pairing (x, a, b, field, &p) && !add_pairing (t, x, z, &p, r, sqrt ((double) eqk_field_get_dim (field) / fan_of (x, field))))
            return false;
        }
  return true;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkRep     *x = eqk_build_in (b, "x")->rep, *z = eqk_build_out (b, "y")->rep;
  EqkBilinearParams p = { .n_x = eqk_rep_get_dim (x), .n_y = eqk_rep_get_dim (x), .n_z = eqk_rep_get_dim (z) };
  Table             t = { 0 };
  int               in[4] = { eqk_build_x (b, "x"), eqk_build_x (b, "x"), -1, -1 };
  const int         out = eqk_build_value (b, eqk_build_out (b, "y")->space, p.n_z);

  if (make_table (&t, x, z))
    {
      p.n_w = t.n_weights;
      p.n_terms = t.n;
      p.terms = eqk_build_keep (b, t.terms, (size_t) t.n * sizeof *t.terms);
      in[2] = eqk_build_weight (b, "weight", &t.n_weights, 1, (EqkInit){ EQK_INIT_NORMAL, 1, NULL });
      in[3] = eqk_build_const (b, t.c, (size_t) t.n);
    }
  free (t.terms);
  free (t.c);
  if (out < 0 || in[2] < 0 || in[3] < 0 || p.terms == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "tensor square");
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "bilinear", in, 4, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 2x0e + 2x1o" }, .settings = "out=2x0e + 2x1o + 1x1e + 1x2e" },
  { .group = "SO3", .inputs = { "sample 1x0 + 2x1 + 1x2" }, .settings = "out=1x0 + 1x1 + 1x3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_tensor_square = {
  .id = "tensor_square", .title = EQK_N_("Tensor square"), .category = EQK_N_("Non-linearity"), .domains = "points|molecule|sphere", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "e3nn.o3.TensorSquare",
  .doc = EQK_N_("Combines features with themselves.\n\n"
                "y[w,k] = Σ W[uv,w] C[i,j,k] x[u,i] x[v,j] over the pairs of copies that give something new: of a run with itself u < v, and u = v only where the coupling is symmetric, since 1 ⊗ 1 → 1 of an arrow "
                "with itself is zero. Scaled by √((2l+1)/fan-in). Exact, and a polynomial of twice the degree. Source: Kondor et al. 2018, arXiv:1806.09231."),
};
