/* An activation of signals on the sphere: coefficients to values on a grid, a function of each value, and back. */

#include "layers/fields.h"
#include "core/memory.h"
#include "layers/grids.h"
#include "layers/irreps.h"
#include "layers/nodes.h"

#include "eqk/radial.h"

enum { MAX_L = 8, MAX_ENTRIES = 1 << 22 };

static const EqkParam params[] = {
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "silu", 0, 0, "silu|relu|elu|tanh|sigmoid|softplus|gelu|abs", EQK_N_("What happens to each value on the sphere") },
  { "rings", EQK_N_("Rings of latitude"), EQK_PARAM_INT, "0", 0, 128, NULL, EQK_N_("Even; more rings lose less. 0: twice the largest degree and two more") },
  { "degree", EQK_N_("Largest degree behind"), EQK_PARAM_INT, "-1", -1, MAX_L, EQK_N_("as the input"), EQK_N_("Of the result; -1: that of the input") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("Scale of the activation: an exact integral, or e3nn's estimate for weights trained there") },
  { NULL }
};

typedef struct { int lmax, copies, value_parity, point_parity; } Signal;     /* parities: 1 odd; of degree 0, and how each next degree changes */

/* Degrees 0 … L, each with as many copies: that many functions on the sphere. */
static bool
read_signal (const EqkRep *rep, Signal *s, EqkDiag *diag)
{
  const int n = eqk_rep_n_runs (rep);
  bool      good = n > 0 && n <= MAX_L + 1;

  *s = (Signal){ n - 1, n > 0 ? eqk_rep_run (rep, 0).mul : 0, n > 0 ? eqk_field_irrep_j (eqk_rep_run (rep, 0).field) : 0, 0 };
  if (n > 1)
    s->point_parity = eqk_field_irrep_j (eqk_rep_run (rep, 1).field) ^ s->value_parity;
  for (int l = 0; good && l < n; l++)
    good = eqk_irreps_degree (eqk_rep_run (rep, l).field) == l && eqk_rep_run (rep, l).mul == s->copies &&
           eqk_field_irrep_j (eqk_rep_run (rep, l).field) == (s->value_parity ^ (l % 2 == 1 ? s->point_parity : 0));
  if (good)
    return true;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "as many copies of every degree from 0 on, such as 4x0e + 4x1o + 4x2e", eqk_rep_get_text (rep));
  return false;
}

static int
rings_of (int rings, int lmax)
{
  return rings > 0 ? rings : 2 * (lmax + 1);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const char        *act = eqk_infer_text (ctx, "act");
  const int          behaves = eqk_act_parity (eqk_act_find (act));
  EqkRepRun          runs[MAX_L + 1];
  EqkPortType        y;
  Signal             s;
  int                lmax, rings;

  if (x == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK || !read_signal (x->rep, &s, diag))
    return EQK_ERR_TYPE;
  lmax = eqk_infer_int (ctx, "degree") < 0 ? s.lmax : eqk_infer_int (ctx, "degree");
  rings = rings_of (eqk_infer_int (ctx, "rings"), s.lmax);
  if (rings % 2 != 0)
    return eqk_fail_expected (diag, EQK_ERR_PARSE, "rings", "an even number", "an odd one");
  if ((double) s.copies * rings * (rings - 1) * (s.lmax + 1) * (s.lmax + 1) > MAX_ENTRIES)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a grid of more than 4 million numbers; use fewer copies or rings");
  if (s.value_parity == 1 && behaves == 0)
    {
      eqk_infer_problem (ctx, "E-ODD-SCALAR-ACT", "x", "act=%s irr=0o", act);
      eqk_infer_fix (ctx, EQK_N_("Use tanh"));
      eqk_fix_set (ctx, "$", "act", "tanh");
      eqk_infer_lose (ctx, 0, "E-ODD-SCALAR-ACT");
    }
  if (rings < s.lmax + 1)
    {
      eqk_infer_problem (ctx, "E-S2-RES", NULL, "L=%d", s.lmax);
      eqk_infer_fix (ctx, EQK_N_("Use enough rings"));
      eqk_fix_set (ctx, "$", "rings", "0");
      eqk_infer_lose (ctx, 0, "E-S2-RES");
    }
  else
    eqk_infer_approximate (ctx, 0, "W-S2-RES");
  for (int l = 0; l <= lmax; l++)
    runs[l] = (EqkRepRun){ eqk_group_irrep_by_id (x->symmetry.group, (s.value_parity == 1 && behaves != 1 ? 1 : 0) ^ (l % 2 == 1 ? s.point_parity : 0), l), s.copies };
  y = eqk_port_with_rep (x, eqk_rep_from_runs (x->symmetry.group, runs, lmax + 1));
  y.kind = EQK_KIND_FEATURE;
  return y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
}

/* Mean relative errors of random signals (catalogue, D§10.4), by rings for each degree and one more. */
static void
lint (EqkInfer *ctx)
{
  Signal    s;
  const int rings = read_signal (eqk_infer_input (ctx, "x")->rep, &s, NULL) ? rings_of (eqk_infer_int (ctx, "rings"), s.lmax) : 0;

  if (rings < s.lmax + 1 || rings >= 2 * (s.lmax + 1))
    return;
  eqk_infer_problem (ctx, "W-S2-RES", NULL, "e='%s'", EQK_N_("30 %"));
  eqk_infer_fix (ctx, EQK_N_("Use twice as many rings"));
  eqk_fix_set (ctx, "$", "rings", "0");
}

/* The matrix of one function for every copy: coefficients are copy by copy within a degree, values function by function. */
static EqkStatus
spread (EqkBuild *b, const double *matrix, int copies, int lmax, int n_grid, bool to_grid, EqkConstLinearParams *p)
{
  const int n = (lmax + 1) * (lmax + 1);
  EqkSparse sparse;

  eqk_sparse_open (&sparse, copies * (to_grid ? n : n_grid), copies * (to_grid ? n_grid : n));
  for (int u = 0; u < copies; u++)
    for (int l = 0; l <= lmax; l++)
      for (int m = 0; m < 2 * l + 1; m++)
        for (int g = 0; g < n_grid; g++)
          {
            const int at = copies * l * l + u * (2 * l + 1) + m;

            if (to_grid)
              eqk_sparse_add (&sparse, u * n_grid + g, at, matrix[g * n + l * l + m]);
            else
              eqk_sparse_add (&sparse, at, u * n_grid + g, matrix[(l * l + m) * n_grid + g]);
          }
  return eqk_matrix_keep (b, &sparse, p);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int            act = eqk_act_find (eqk_build_text (b, "act"));
  EqkConstLinearParams p[2] = { { 0 }, { 0 } };
  double              *to = NULL, *from = NULL;
  Signal               s, t;
  int                  rings, n, h = -1;
  const int            value = eqk_build_x (b, "x");

  if (!read_signal (x->rep, &s, diag) || !read_signal (y->rep, &t, diag))
    return EQK_ERR_TYPE;
  rings = rings_of (eqk_build_int (b, "rings"), s.lmax);
  n = rings * (rings - 1);
  to = eqk_malloc ((size_t) n * (size_t) ((s.lmax + 1) * (s.lmax + 1)) * sizeof *to);
  from = eqk_malloc ((size_t) n * (size_t) ((t.lmax + 1) * (t.lmax + 1)) * sizeof *from);
  if (to != NULL && from != NULL && eqk_sphere_grid (s.lmax, t.lmax, rings, rings - 1, EQK_SPHERE_COMPONENT, to, from) &&
      spread (b, to, s.copies, s.lmax, n, true, &p[0]) == EQK_OK && spread (b, from, s.copies, t.lmax, n, false, &p[1]) == EQK_OK)
    {
      h = eqk_rows_op (b, "const_linear", &value, 1, x->space, s.copies * n, &p[0], sizeof p[0], diag);
      h = h < 0 ? -1 : eqk_dense_act (b, eqk_act_name (act), h, x->space, s.copies * n, eqk_act_constant (act, eqk_build_text (b, "constants")), diag);
      h = h < 0 ? -1 : eqk_rows_op (b, "const_linear", &h, 1, x->space, eqk_rep_get_dim (y->rep), &p[1], sizeof p[1], diag);
    }
  free (to);
  free (from);
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 2x0e + 2x1o + 2x2e" }, .settings = "act=relu" },
  { .group = "O3", .inputs = { "sample 1x0o + 1x1e" }, .settings = "act=tanh" },
  { .group = "SO3", .inputs = { "nodes 1x0 + 1x1 + 1x2" }, .settings = "degree=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_s2_act = {
  .id = "s2_act", .title = EQK_N_("Activation on the sphere"), .category = EQK_N_("Non-linearity"), .domains = "points|molecule|sphere",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "e3nn.nn.S2Activation",
  .doc = EQK_N_("An activation for patterns in space: spread them over a sphere, bend the values there, gather them again.\n\n"
                "f(β,α) = Σ c_l x_lm Y_lm on rings of latitude β_i = π(i + ½)/n with n − 1 points each, φ of every value, and back by quadrature, c_l = √(4π/((2l+1)(L+1))). Approximate: φ makes higher degrees than the grid "
                "carries. With twice as many rings as degrees the error is about 1 % with SiLU, 2 % with ReLU, and falls fast with more. Source: Cohen et al. 2018; e3nn."),
};
