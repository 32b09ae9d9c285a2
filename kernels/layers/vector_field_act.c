/* Orientation pooling to vectors: a regular field of C_n becomes an arrow of frequency 1. */

#include "layers/fields.h"

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  const EqkGroup *group = symmetry->group;

  if (eqk_group_is_finite (group) && !eqk_group_has_mirror (group) && eqk_group_get_n (group) >= 2)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("It needs rotations by equal steps and no mirrors, such as C4 or C8: the step of the largest channel becomes an angle."));
  return false;
}

static bool
is_not_regular (const EqkField *field)
{
  return field != eqk_group_regular (eqk_field_get_group (field));
}

static const EqkField *
vector_of (const EqkGroup *group)
{
  const EqkField *field = eqk_group_irrep_by_id (group, 0, 1);

  return field;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkPortType        y;
  EqkDiag            why = EQK_DIAG_INIT;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (!admits (&x->symmetry, NULL, &why))
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "group", "C2 … C16", eqk_group_get_notation (x->symmetry.group));
  if (eqk_fields_count (x->rep, is_not_regular) > 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "regular fields", eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (x, eqk_rep_single (vector_of (x->symmetry.group), eqk_rep_n_fields (x->rep)));
  return y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  eqk_infer_problem (ctx, "W-VF-DISCONT", NULL, NULL);
  if (eqk_layer_find ("fourier_act") != NULL)
    {
      eqk_infer_fix (ctx, EQK_N_("Use a Fourier activation"));
      eqk_fix_replace (ctx, "$", "fourier_act", "");
    }
}

/* Direction of rotation step r: the first column of the irrep. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkGroup      *group = x->symmetry.group;
  const EqkField      *vector = vector_of (group);
  EqkVectorFieldParams p = { .n_fields = eqk_rep_n_fields (x->rep), .order = eqk_group_get_n (group), .dim = eqk_field_get_dim (vector) };
  double               direction[2 * 64], matrix[4];
  int                  in = eqk_build_x (b, "x"), out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  for (int r = 0; r < p.order; r++)
    {
      const EqkElement g = eqk_group_element (group, r);

      eqk_field_matrix (vector, &g, matrix);
      for (int m = 0; m < p.dim; m++)
        direction[r * p.dim + m] = matrix[m * p.dim];
    }
  p.direction = eqk_build_keep (b, direction, (size_t) (p.order * p.dim) * sizeof *direction);
  if (p.direction == NULL || out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "vector_field", &in, 1, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg" }, .settings = "" },
  { .group = "C8", .inputs = { "sample 2x reg" }, .settings = "" },
  { .group = "C2", .inputs = { "grid 5x5 2x reg" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_vector_field_act = {
  .id = "vector_field_act", .title = EQK_N_("Vector field activation"), .category = EQK_N_("Non-linearity"), .domains = "image|points",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .admits = admits, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.VectorFieldNonLinearity",
  .doc = EQK_N_("Of all poses the strongest becomes one arrow: how strong, and which way.\n\n"
                "Each regular field of C_n becomes a vector of frequency 1: its length is max(0, max_r x_r), its angle 2π r*/n with r* the largest channel "
                "(the first on ties). Exact for C_n; jumps where two channels are equally large. Source: Marcos et al. 2017, arXiv:1612.09346."),
};
