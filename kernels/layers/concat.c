/* Fields of several branches side by side. */

#include "layers/joining.h"
#include "core/memory.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Branches on the same places"), .variadic = true }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("All their fields, in the order of the links") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const int           n = eqk_infer_n_inputs (ctx, "x");
  const EqkPortType **x = eqk_malloc ((size_t) n * sizeof *x);
  EqkStatus           status = x == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
  EqkPortType         y;

  for (int i = 0; status == EQK_OK && i < n; i++)
    {
      x[i] = eqk_infer_input_at (ctx, "x", i);
      if (!eqk_space_equal (&x[0]->space, &x[i]->space))
        {
          char left[64], right[64];

          eqk_space_text (&x[0]->space, left, sizeof left);
          eqk_space_text (&x[i]->space, right, sizeof right);
          status = eqk_fail_expected (diag, EQK_ERR_SHAPE, "x", left, right);
        }
    }
  if (status == EQK_OK)
    status = eqk_join_types (ctx, x, n, &y, diag);
  free (x);
  return status != EQK_OK ? status : eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int n = eqk_build_n_in (b, "x");
  int      *values = eqk_malloc ((size_t) n * sizeof *values);
  int32_t  *widths = eqk_malloc ((size_t) n * sizeof *widths);
  EqkStatus status = values == NULL || widths == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  for (int i = 0; status == EQK_OK && i < n; i++)
    {
      values[i] = eqk_build_x_at (b, "x", i);
      widths[i] = eqk_rep_get_dim (eqk_build_in_at (b, "x", i)->rep);
    }
  if (status == EQK_OK)
    status = eqk_join_expand (b, values, widths, n, diag);
  free (values);
  free (widths);
  return status;
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg", "grid 5x5 2x f1", "grid 5x5 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 1x reg", "sample 3x triv" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv", "nodes 2x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_concat = {
  .id = "concat", .title = EQK_N_("Concatenate"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.cat",
  .doc = EQK_N_("Puts branches beside each other, nothing is mixed.\n\n"
                "The fields of all branches, whole and in order: y = x_1 ⊕ x_2 ⊕ …. Exact."),
};
