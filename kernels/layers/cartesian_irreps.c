/* Tensors of two indices, 3 x 3 numbers in x, y, z, as irreps and back. */

#include "layers/grids.h"
#include "layers/irreps.h"

#include "eqk/reduced.h"

#include <math.h>

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Tensors, or the irreps they are made of") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The same as irreps, or as tensors") }, { .name = NULL } };

static const EqkParam params[] = {
  { "to", EQK_N_("To"), EQK_PARAM_CHOICE, "tensor", 0, 0, "tensor|irreps", EQK_N_("What comes out: tensors of 3 × 3 numbers xx, xy … zz, or irreps") },
  { "parts", EQK_N_("Parts"), EQK_PARAM_CHOICE, "symmetric", 0, 0, "all|symmetric|antisymmetric",
    EQK_N_("Symmetric tensors are 0e + 2e (stress, polarisability), antisymmetric ones 1e, all of them 0e + 1e + 2e") },
  { NULL }
};

static EqkReduced *
reduced_of (const EqkGroup *group, const char *parts, EqkDiag *diag)
{
  const EqkField *vector = eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1);
  const EqkRep   *reps[2] = { eqk_rep_single (vector, 1), eqk_rep_single (vector, 1) };
  EqkReduced     *self = NULL;

  eqk_reduced_new (reps, 2, strcmp (parts, "all") == 0 ? "ij" : strcmp (parts, "symmetric") == 0 ? "ij=ji" : "ij=-ji", &self, diag);
  return self;
}

static const EqkField *
tensor_field (const EqkGroup *group)
{
  const EqkField *vector = eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1);

  return vector == NULL ? NULL : eqk_field_product (vector, vector);
}

/* Whether the group turns arrows of space at all: in a design on pictures or graphs alone there are no such tensors. */
static bool
has_arrows (const EqkGroup *group)
{
  return eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1) != NULL;
}

/* n copies of each irrep of one tensor. */
static const EqkRep *
copies_of (const EqkRep *one, int n)
{
  EqkRepRun runs[3];

  for (int r = 0; r < eqk_rep_n_runs (one); r++)
    runs[r] = (EqkRepRun) { eqk_rep_run (one, r).field, n };
  return eqk_rep_from_runs (eqk_rep_get_group (one), runs, eqk_rep_n_runs (one));
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const bool         to_tensor = strcmp (eqk_infer_text (ctx, "to"), "tensor") == 0;
  const EqkField    *tensor = tensor_field (x->symmetry.group);
  EqkReduced        *reduced = tensor == NULL ? NULL : reduced_of (x->symmetry.group, eqk_infer_text (ctx, "parts"), diag);
  const EqkRep      *one, *irreps, *tensors;
  EqkPortType        y;
  int                n;

  if (!has_arrows (x->symmetry.group))
    return eqk_fail (diag, EQK_ERR_TYPE, "tensors of two indices need a group that turns arrows of space");
  if (reduced == NULL)
    return tensor == NULL ? EQK_ERR_NO_MEMORY : EQK_ERR_TYPE;
  one = eqk_reduced_get_rep (reduced);
  eqk_reduced_free (reduced);
  n = eqk_rep_get_dim (x->rep) / (to_tensor ? eqk_rep_get_dim (one) : 9);
  irreps = copies_of (one, n > 0 ? n : 1);
  tensors = eqk_rep_single (tensor, n > 0 ? n : 1);
  if (irreps == NULL || tensors == NULL)
    return EQK_ERR_NO_MEMORY;
  if (x->kind != EQK_KIND_FEATURE || x->rep != (to_tensor ? irreps : tensors))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", eqk_rep_get_text (to_tensor ? irreps : tensors), x->kind != EQK_KIND_FEATURE ? eqk_kind_name (x->kind) : eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (x, to_tensor ? tensors : irreps);
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Q of one tensor for every copy: the channels of irrep copy c lie at run + c (2l + 1). */
static void
fill (EqkSparse *m, const EqkReduced *reduced, int n, bool to_tensor)
{
  const EqkRep *one = eqk_reduced_get_rep (reduced);
  const double *q = eqk_reduced_get_basis (reduced);

  for (int r = 0, at = 0; r < eqk_rep_n_runs (one); at += eqk_field_get_dim (eqk_rep_run (one, r).field), r++)
    for (int c = 0; c < n; c++)
      for (int k = 0; k < eqk_field_get_dim (eqk_rep_run (one, r).field); k++)
        for (int t = 0; t < 9; t++)
          {
            const int    irrep = n * at + c * eqk_field_get_dim (eqk_rep_run (one, r).field) + k, tensor = 9 * c + t;
            const double value = q[(at + k) * 9 + t];

            if (fabs (value) > 1e-12)
              eqk_sparse_add (m, to_tensor ? tensor : irrep, to_tensor ? irrep : tensor, value);
          }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const bool           to_tensor = strcmp (eqk_build_text (b, "to"), "tensor") == 0;
  const int            n = eqk_rep_get_dim ((to_tensor ? y : x)->rep) / 9;
  EqkReduced          *reduced = reduced_of (x->symmetry.group, eqk_build_text (b, "parts"), diag);
  EqkConstLinearParams p;
  EqkSparse            m;

  if (reduced == NULL)
    return EQK_ERR_NO_MEMORY;
  eqk_sparse_open (&m, eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep));
  fill (&m, reduced, n, to_tensor);
  eqk_reduced_free (reduced);
  if (eqk_matrix_keep (b, &m, &p) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_op (b, "const_linear", eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (y->rep), &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 2x0e + 2x2e" }, .settings = "" },
  { .group = "O3", .inputs = { "sample 1x0e + 1x1e + 1x2e" }, .settings = "parts=all" },
  { .group = "O3", .inputs = { "nodes 2x prod((1,1),(1,1))" }, .settings = "to=irreps parts=all" },
  { .group = "O3", .inputs = { "nodes 1x prod((1,1),(1,1))" }, .settings = "to=irreps" },
  { .group = "SO3", .inputs = { "sample 1x1" }, .settings = "parts=antisymmetric" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_cartesian_irreps = {
  .id = "cartesian_irreps", .title = EQK_N_("Tensors of two indices"), .category = EQK_N_("Structure"), .domains = "points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.io.CartesianTensor",
  .doc = EQK_N_("Translates between 3 × 3 tables, as physics writes them, and the kinds of pattern used here.\n\n"
                "T = Qᵀ x or x = Q T with orthonormal Q: a 3 × 3 tensor is its trace (0e), its antisymmetric part (1e) and its traceless symmetric part (2e). It turns as R T Rᵀ. Exact. Source: e3nn's CartesianTensor."),
};
