/* MACE's many-body features: symmetric contraction with weights of the kind of atom, linear map, and what the node had before. */

#include "layers/contraction.h"
#include "core/memory.h"

#include <stdlib.h>

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Sums over neighbours, the same number of copies of each irrep") },
  { .name = "species", .doc = EQK_N_("Kind of each atom") },
  { .name = "residual", .doc = EQK_N_("Features of each node before: a linear map with weights of its kind is added"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "64x0e + 64x1o", 0, 0, NULL, EQK_N_("Irreps of the output, with the copies of the input") },
  { "order", EQK_N_("Bodies"), EQK_PARAM_INT, "3", 1, 3, NULL, EQK_N_("Highest power of the sums; with the atom itself 4 bodies at 3") },
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "4", 1, 118, NULL, EQK_N_("How many kinds the weights are for") },
  { NULL }
};

static bool
has_equal_copies (const EqkRep *rep, int copies)
{
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_rep_run (rep, r).mul != copies || eqk_irreps_count (rep, eqk_rep_run (rep, r).field) != copies)
      return false;
  return true;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *species = eqk_infer_input (ctx, "species"), *before = eqk_infer_input (ctx, "residual");
  const EqkRep      *out = eqk_irreps_param (ctx, "out", diag);
  EqkContraction    *contraction;
  EqkPortType        y;
  EqkStatus          status = EQK_OK;
  int                copies;

  if (out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK || (before != NULL && eqk_irreps_check (before, "residual", diag) != EQK_OK))
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE || eqk_rep_n_runs (x->rep) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_kind_name (x->kind));
  if (species->kind != EQK_KIND_SPECIES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "species", "kinds of atoms", eqk_kind_name (species->kind));
  if (before != NULL && (before->space.kind != EQK_SPACE_NODES || before->kind != EQK_KIND_FEATURE))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "residual", "features of nodes", eqk_kind_name (before->kind));
  copies = eqk_rep_run (x->rep, 0).mul;
  if (!has_equal_copies (x->rep, copies))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "one run of each irrep, with equal copies", eqk_rep_get_text (x->rep));
  if (!has_equal_copies (out, copies))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "as many copies of each irrep as the input has", eqk_rep_get_text (out));
  contraction = eqk_contraction_new (x->rep, out, eqk_infer_int (ctx, "order"));
  if (contraction == NULL)
    return eqk_fail (diag, EQK_ERR_LIMIT, "degrees up to 5 and at most 16 irreps go into a contraction");
  for (int r = 0; status == EQK_OK && r < eqk_rep_n_runs (out); r++)
    {
      int n = 0;

      for (int k = 1; k <= eqk_infer_int (ctx, "order"); k++)
        n += eqk_contraction_count (contraction, r, k);
      if (n == 0)
        status = eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "irreps that powers of x reach", eqk_field_get_name (eqk_rep_run (out, r).field));
    }
  eqk_contraction_free (contraction);
  y = eqk_port_with_rep (x, out);
  return status != EQK_OK ? status : eqk_infer_set_output (ctx, "y", &y);
}

/* Paths of one order to one irrep share their start: a normal number over how many they are. */
static int
path_weights (EqkBuild *b, const EqkContraction *contraction, const EqkRep *out, int order, int n_kinds, int copies)
{
  const int    n_paths = eqk_contraction_n_paths (contraction), shape[3] = { n_kinds, n_paths, copies };
  const size_t row = (size_t) copies;
  double      *std = eqk_malloc ((size_t) n_kinds * (size_t) n_paths * row * sizeof *std);
  int          value = -1, path = 0;

  if (std == NULL)
    return -1;
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    for (int k = 1; k <= order; k++)
      for (int i = 0; i < eqk_contraction_count (contraction, r, k); i++, path++)
        for (int z = 0; z < n_kinds; z++)
          for (size_t c = 0; c < row; c++)
            std[((size_t) z * (size_t) n_paths + (size_t) path) * row + c] = 1.0 / eqk_contraction_count (contraction, r, k);
  value = eqk_build_weight (b, "paths", shape, 3, (EqkInit){ EQK_INIT_TABLE, 0, std });
  free (std);
  return value;
}

/* The contraction, component by component; -1 with diag filled. */
static int
contract (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int            copies = eqk_rep_run (x->rep, 0).mul, order = eqk_build_int (b, "order");
  EqkContraction      *contraction = eqk_contraction_new (x->rep, y->rep, order);
  EqkContractionParams p = { 0 };
  int                  in[4] = { -1, -1, -1, eqk_build_x (b, "species") }, out = -1;

  if (contraction != NULL && eqk_contraction_build (contraction, b, &p, &in[2]))
    {
      p.n_copies = copies;
      p.n_kinds = eqk_build_int (b, "species");
      in[0] = eqk_irreps_reorder (b, eqk_build_x (b, "x"), x->rep, x->space, true, diag);
      in[1] = path_weights (b, contraction, y->rep, order, p.n_kinds, copies);
      out = eqk_build_value (b, x->space, eqk_rep_get_dim (y->rep));
    }
  eqk_contraction_free (contraction);
  if (in[0] < 0 || in[1] < 0 || out < 0)
    {
      eqk_fail (diag, EQK_ERR_NO_MEMORY, "symmetric contraction");
      return -1;
    }
  return eqk_build_op (b, "symmetric_contraction", in, 4, &out, 1, &p, sizeof p, diag) == EQK_OK ? out : -1;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *y = eqk_build_out (b, "y"), *before = eqk_build_in (b, "residual");
  const EqkIrrepsLinear mix = { .name = "linear", .in = y->rep, .out = y->rep, .in_by_component = true, .kinds = -1, .table = -1 };
  int                   h = contract (b, diag), add[2], sum;

  h = h < 0 ? -1 : eqk_irreps_linear (b, &mix, h, y->space, diag);
  if (h >= 0 && before != NULL && eqk_irreps_linear_count (before->rep, y->rep) > 0)
    {
      const EqkIrrepsLinear skip = { .name = "residual", .in = before->rep, .out = y->rep, .kinds = eqk_build_x (b, "species"),
                                     .n_kinds = eqk_build_int (b, "species"), .table = -1 };

      add[0] = h;
      add[1] = eqk_irreps_linear (b, &skip, eqk_build_x (b, "residual"), y->space, diag);
      sum = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));
      h = add[1] < 0 || sum < 0 || eqk_build_op (b, "add", add, 2, &sum, 1, NULL, 0, diag) != EQK_OK ? -1 : sum;
    }
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 3x1o + 3x2e", "species", "nodes 2x0e + 2x1o" }, .settings = "out=3x0e + 3x1o species=3" },
  { .group = "O3", .inputs = { "nodes 17x0e + 17x1o", "species" }, .settings = "out=17x0e order=2 species=3" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1", "species" }, .settings = "out=2x0 + 2x1 + 2x2 species=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_mace_product = {
  .id = "mace_product", .title = EQK_N_("MACE product"), .category = EQK_N_("Mixing"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "mace.modules.EquivariantProductBasisBlock",
  .doc = EQK_N_("Multiplies what an atom sees with itself, so that angles between several neighbours count.\n\n"
                "B_L = Σ_ν Σ_η w_zηc U^νη_L · A^⊗ν, for each copy c and kind z, then a linear map, plus W_z of the features before. U is an orthonormal basis of the symmetric couplings: with degrees to 3 "
                "there are 1, 4, 8 to L = 0 and 1, 3, 12 to L = 1 for ν = 1, 2, 3. Exact. Source: Batatia et al. 2022, arXiv:2206.07697."),
};
