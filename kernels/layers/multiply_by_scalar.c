/* Fields times invariants. */

#include "layers/grids.h"
#include "core/memory.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Any fields") },
  { .name = "scalar", .doc = EQK_N_("One scalar for all fields, or one for each") },
  { .name = NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag), *s = eqk_infer_input (ctx, "scalar");
  int                n, channels;
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (s->kind == EQK_KIND_SPECIES || s->kind == EQK_KIND_EDGES || s->kind == EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "scalar", "scalars", eqk_kind_name (s->kind));
  if (!eqk_space_equal (&x->space, &s->space))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "scalar", "the places of x", "other places");
  if (s->symmetry.group != x->symmetry.group)
    {
      eqk_infer_problem (ctx, "E-GROUP-MISMATCH", "scalar", "G='%s' H='%s'", eqk_group_get_notation (x->symmetry.group), eqk_group_get_notation (s->symmetry.group));
      eqk_fix_restrict (ctx);
      return eqk_fail (diag, EQK_ERR_GROUP, "multiply");
    }
  n = eqk_rep_n_fields (x->rep);
  channels = eqk_rep_get_dim (s->rep);
  if (channels != 1 && channels != n && channels != eqk_rep_get_dim (x->rep))
    {
      char expected[48], found[32];

      snprintf (expected, sizeof expected, "1 or %d scalars", n);
      snprintf (found, sizeof found, "%d", channels);
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "scalar", expected, found);
    }
  if (!eqk_rep_is_trivial (s->rep) || channels > n)
    {
      eqk_infer_problem (ctx, "E-MUL-NONSCALAR", "scalar", "a='%.180s' b='%.180s'", eqk_rep_get_text (x->rep), eqk_rep_get_text (s->rep));
      if (eqk_group_get_space_dim (x->symmetry.group) == 3 && channels == eqk_rep_get_dim (x->rep) && x->rep == s->rep)
        {
          eqk_infer_fix (ctx, EQK_N_("Use a tensor product"));
          eqk_fix_replace (ctx, "$", "tensor_product", "");
        }
      else if (channels == n || eqk_rep_n_fields (s->rep) == 1 || eqk_rep_n_fields (s->rep) == n)
        {
          eqk_infer_fix (ctx, EQK_N_("Multiply by the lengths"));
          eqk_fix_insert_before (ctx, "$", "scalar", "norm_pool", "");
        }
      eqk_infer_lose (ctx, eqk_grid_rep_mask (ctx, s->rep, EQK_ACTS_TRIVIALLY), "E-MUL-NONSCALAR");
    }
  y = *x;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *s = eqk_build_in (b, "scalar");
  const int          n = eqk_rep_get_dim (x->rep), n_scalars = eqk_rep_get_dim (s->rep), values[2] = { eqk_build_x (b, "x"), eqk_build_x (b, "scalar") };
  EqkMulScalarParams p = { n, n_scalars, NULL };
  int32_t           *of = eqk_malloc (((size_t) n + 1) * sizeof *of);
  int                y = -1;

  for (int f = 0; of != NULL && f < eqk_rep_n_fields (x->rep); f++)
    {
      int             channel;
      const EqkField *field = eqk_rep_field (x->rep, f, &channel);

      for (int c = channel; c < channel + eqk_field_get_dim (field); c++)
        of[c] = n_scalars == 1 ? 0 : n_scalars == eqk_rep_n_fields (x->rep) ? f : c;
    }
  p.of = of == NULL ? NULL : eqk_build_keep (b, of, (size_t) n * sizeof *of);
  free (of);
  y = p.of == NULL ? -1 : eqk_build_value (b, x->space, n);
  if (y >= 0 && eqk_build_op (b, "mul_scalar", values, 2, &y, 1, &p, sizeof p, diag) != EQK_OK)
    y = -1;
  return eqk_grid_done (b, y, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x f1", "grid 5x5 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 1x reg + 2x f1", "sample 3x triv" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 5x5 2x f1", "grid 5x5 2x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv", "nodes 1x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_multiply_by_scalar = {
  .id = "multiply_by_scalar", .title = EQK_N_("Multiply by scalars"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = eqk_fields_out, .infer = infer, .expand = expand, .specimens = specimens, .exports = "e3nn.o3.ElementwiseTensorProduct",
  .doc = EQK_N_("Makes arrows longer or shorter by a number, their direction stays.\n\n"
                "y_f = s_f v_f: an invariant changes the length of a field, not how it turns. Exact."),
};
