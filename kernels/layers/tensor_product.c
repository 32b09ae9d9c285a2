/* Tensor product without weights: copy with the same copy, or all pairs of copies. */

#include "layers/irreps.h"
#include "core/memory.h"
#include "layers/products.h"

#include <stdlib.h>
#include <string.h>

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Features") },
  { .name = "scalar", .doc = EQK_N_("Features at the same places") },   /* named as that of multiply_by_scalar, for which it may step in */
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Their products") }, { .name = NULL } };

static const EqkParam params[] = {
  { "pairs", EQK_N_("Pairs"), EQK_PARAM_CHOICE, "same", 0, 0, "same|all", EQK_N_("Each copy with the copy of the same number, or every copy with every other") },
  { "degree", EQK_N_("Largest degree"), EQK_PARAM_INT, "2", 0, 11, NULL, EQK_N_("Products of higher degree are left out") },
  { NULL }
};

enum { MAX_BLOCKS = 64, MAX_RULES = 512 };

typedef struct
{
  EqkProductBlock x[MAX_BLOCKS], y[MAX_BLOCKS], z[MAX_RULES];
  EqkProductRule  rules[MAX_RULES];
  EqkProduct      product;
} Plan;

/* The copies of a type; with `single` one block each, so that blocks of two types can be met copy by copy. */
static int
blocks_of (const EqkRep *rep, bool single, EqkProductBlock *out)
{
  int n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    for (int k = 0; k < (single ? eqk_rep_run (rep, r).mul : 1) && n <= MAX_BLOCKS; k++)
      {
        const EqkRepRun run = eqk_rep_run (rep, r);

        if (n < MAX_BLOCKS)
          out[n] = (EqkProductBlock){ eqk_irreps_degree (run.field), eqk_field_irrep_j (run.field), single ? 1 : run.mul, 1 };
        n++;
      }
  return n;
}

static int
by_irrep (const void *a, const void *b)
{
  const EqkProductBlock *x = a, *y = b;

  return x->l != y->l ? x->l - y->l : y->parity - x->parity;     /* odd before even, as e3nn sorts */
}

/* Rules for all couplings, with the blocks of z sorted. @return false with diag filled */
static bool
make_plan (Plan *plan, const EqkRep *x, const EqkRep *y, bool all, int degree, EqkDiag *diag)
{
  EqkProduct *p = &plan->product;
  int         n = 0;

  *p = (EqkProduct){ .x = plan->x, .y = plan->y, .z = plan->z, .rules = plan->rules };
  p->n_x = blocks_of (x, !all, plan->x);
  p->n_y = blocks_of (y, !all, plan->y);
  if (!all && p->n_x != p->n_y)
    {
      eqk_fail_expected (diag, EQK_ERR_TYPE, "scalar", "as many copies as x", eqk_rep_get_text (y));
      return false;
    }
  for (int pass = 0; pass < 2; pass++)
    {
      if (p->n_x > MAX_BLOCKS || p->n_y > MAX_BLOCKS || n > MAX_RULES)
        {
          eqk_fail (diag, EQK_ERR_LIMIT, "more than %d copies or couplings; use a full tensor product with fewer", MAX_BLOCKS);
          return false;
        }
      qsort (plan->z, (size_t) n, sizeof *plan->z, by_irrep);
      p->n_z = n;
      for (int i = 0; i < p->n_x; i++)
        for (int k = all ? 0 : i; k < (all ? p->n_y : i + 1); k++)
          for (int l = abs (plan->x[i].l - plan->y[k].l); l <= plan->x[i].l + plan->y[k].l && l <= degree; l++)
            {
              const EqkProductBlock z = { l, plan->x[i].parity ^ plan->y[k].parity, plan->x[i].mul * plan->y[k].mul, 1 };
              int                   to = 0;

              if (pass == 0)
                {
                  if (n < MAX_RULES)
                    plan->z[n] = z;
                  n++;
                  continue;
                }
              while (to < n && !(plan->z[to].l == l && plan->z[to].parity == z.parity && plan->z[to].mul == z.mul && plan->z[to].variance > 0))
                to++;
              plan->z[to].variance = -1;     /* taken */
              plan->rules[p->n_rules++] = (EqkProductRule){ i, k, to, EQK_COPIES_UVUV, false, 1 };
            }
    }
  for (int k = 0; k < n; k++)
    plan->z[k].variance = 1;
  if (n > 0)
    return true;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "degree", "a degree that products reach", "none");
  return false;
}

static const EqkRep *
rep_of (const Plan *plan, const EqkGroup *group)
{
  EqkRepRun *runs = eqk_malloc ((size_t) plan->product.n_z * sizeof *runs);
  const EqkRep *rep = NULL;

  for (int k = 0; runs != NULL && k < plan->product.n_z; k++)
    runs[k] = (EqkRepRun){ eqk_group_irrep_by_id (group, plan->z[k].parity, plan->z[k].l), plan->z[k].mul };
  if (runs != NULL)
    rep = eqk_rep_from_runs (group, runs, plan->product.n_z);
  free (runs);
  return rep;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *s = eqk_infer_input (ctx, "scalar");
  Plan              *plan = eqk_malloc (sizeof *plan);
  EqkStatus          status = plan == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
  EqkPortType        y;

  if (status == EQK_OK && (x->kind != EQK_KIND_FEATURE || s->kind != EQK_KIND_FEATURE))
    status = eqk_fail_expected (diag, EQK_ERR_TYPE, x->kind != EQK_KIND_FEATURE ? "x" : "scalar", "features", eqk_kind_name (x->kind != EQK_KIND_FEATURE ? x->kind : s->kind));
  else if (status == EQK_OK && (!eqk_space_equal (&x->space, &s->space) || x->symmetry.group != s->symmetry.group))
    status = eqk_fail_expected (diag, EQK_ERR_SHAPE, "scalar", "the places and the group of x", "others");
  if (status == EQK_OK && (eqk_irreps_check (x, "x", diag) != EQK_OK || eqk_irreps_check (s, "scalar", diag) != EQK_OK ||
                           !make_plan (plan, x->rep, s->rep, strcmp (eqk_infer_text (ctx, "pairs"), "all") == 0, eqk_infer_int (ctx, "degree"), diag)))
    status = EQK_ERR_TYPE;
  if (status == EQK_OK)
    {
      y = eqk_port_with_rep (x, rep_of (plan, x->symmetry.group));
      status = y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
    }
  free (plan);
  return status;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkRep     *x = eqk_build_in (b, "x")->rep, *s = eqk_build_in (b, "scalar")->rep;
  Plan             *plan = eqk_malloc (sizeof *plan);
  EqkProductTerms   t = { 0 };
  EqkBilinearParams p = { .n_x = eqk_rep_get_dim (x), .n_y = eqk_rep_get_dim (s), .n_z = eqk_rep_get_dim (eqk_build_out (b, "y")->rep) };
  int               in[4] = { eqk_build_x (b, "x"), eqk_build_x (b, "scalar"), -1, -1 };
  const int         out = eqk_build_value (b, eqk_build_out (b, "y")->space, p.n_z);

  if (plan != NULL && make_plan (plan, x, s, strcmp (eqk_build_text (b, "pairs"), "all") == 0, eqk_build_int (b, "degree"), diag) && eqk_product_terms (&plan->product, &t) == EQK_OK)
    {
      p.n_terms = t.n_terms;
      p.terms = eqk_build_keep (b, t.terms, (size_t) t.n_terms * sizeof *t.terms);
      in[3] = eqk_build_const (b, t.c, (size_t) t.n_terms);
    }
  free (plan);
  free (t.terms);
  free (t.c);
  if (out < 0 || in[3] < 0 || p.terms == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "tensor product");
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "bilinear", in, 4, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 2x0e + 2x1o", "nodes 2x1o + 2x1o" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 1x0e + 2x1o", "nodes 1x1o + 1x2e" }, .settings = "pairs=all degree=3" },
  { .group = "SO3", .inputs = { "sample 2x1", "sample 2x2" }, .settings = "degree=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_tensor_product = {
  .id = "tensor_product", .title = EQK_N_("Tensor product"), .category = EQK_N_("Mixing"), .domains = "points|molecule|sphere",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.o3.ElementwiseTensorProduct, e3nn.o3.FullTensorProduct",
  .doc = EQK_N_("Combines two features of any kind; what they couple to is sorted by kind.\n\n"
                "y = √(2l+1) C[i,j,k] x[i] s[j] for each pair of copies and each degree they couple to, sorted by irrep; nothing is learned. Exact. Source: Thomas et al. 2018; e3nn."),
};
