/* Sum of branches of equal type. */

#include "layers/grids.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Branches of equal type"), .variadic = true }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Their sum") }, { .name = NULL } };

/* A linear map after the other branch gives it the type of the first; where only the order differs, sorting is enough. */
static void
fix_type (EqkInfer *ctx, const EqkPortType *a, const EqkPortType *b, int i)
{
  const int   source = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", i);
  const bool  sorts = eqk_rep_is_equivalent (a->rep, b->rep);
  const char *layer = sorts ? "permute_fields" : b->space.kind == EQK_SPACE_GRID ? "r2conv_1x1" : "irreps_linear";
  char        text[400];

  if (source < 0 || eqk_layer_find (layer) == NULL || eqk_infer_layer_of (ctx, source)->outputs[0].name == NULL)
    return;
  snprintf (text, sizeof text, "%s=%.380s", sorts || b->space.kind == EQK_SPACE_GRID ? "out" : "irreps_out", eqk_rep_get_text (a->rep));
  eqk_infer_fix (ctx, sorts ? EQK_N_("Bring the fields into the same order") : EQK_N_("Put a linear map into the other branch"));
  if (eqk_infer_consumers (ctx, source, NULL, 0) == 1)
    eqk_fix_insert_after (ctx, eqk_infer_id_of (ctx, source), eqk_infer_layer_of (ctx, source)->outputs[0].name, layer, text);
  else
    eqk_fix_insert_before (ctx, "$", "x", layer, text);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *a = eqk_infer_input_at (ctx, "x", 0);
  const int          n = eqk_infer_n_inputs (ctx, "x");

  for (int i = 0; i < n; i++)
    {
      const EqkPortType *b = eqk_infer_input_at (ctx, "x", i);

      if (b->kind == EQK_KIND_SPECIES || b->kind == EQK_KIND_EDGES)
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "numbers", eqk_kind_name (b->kind));
      if (b->kind == EQK_KIND_POSITION)
        {
          eqk_infer_problem (ctx, "E-COORD-AS-FEATURE", "x", NULL);
          eqk_infer_lose (ctx, 0, "E-COORD-AS-FEATURE");
        }
      if (b->symmetry.group != a->symmetry.group)
        {
          eqk_infer_problem (ctx, "E-GROUP-MISMATCH", "x", "G='%s' H='%s'", eqk_group_get_notation (a->symmetry.group), eqk_group_get_notation (b->symmetry.group));
          return eqk_fail (diag, EQK_ERR_GROUP, "add");
        }
      if (!eqk_space_equal (&a->space, &b->space))
        {
          char left[64], right[64];

          eqk_space_text (&a->space, left, sizeof left);
          eqk_space_text (&b->space, right, sizeof right);
          eqk_infer_problem (ctx, "E-ADD-TYPE", "x", "a='%s' b='%s'", left, right);
          return eqk_fail (diag, EQK_ERR_SHAPE, "add");
        }
      if (b->rep != a->rep)
        {
          eqk_infer_problem (ctx, "E-ADD-TYPE", "x", "a='%.180s' b='%.180s'", eqk_rep_get_text (a->rep), eqk_rep_get_text (b->rep));
          fix_type (ctx, a, b, i);
          return eqk_fail (diag, EQK_ERR_TYPE, "add");
        }
    }
  return eqk_infer_set_output (ctx, "y", a);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  const int          n = eqk_build_n_in (b, "x"), out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));
  int               *values = malloc ((size_t) n * sizeof *values);
  EqkStatus          status = values == NULL || out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;

  for (int i = 0; status == EQK_OK && i < n; i++)
    values[i] = eqk_build_x_at (b, "x", i);
  if (status == EQK_OK)
    status = eqk_build_op (b, "add", values, n, &out, 1, NULL, 0, diag);
  free (values);
  return status != EQK_OK ? status : eqk_grid_done (b, out, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 1x f1", "grid 5x5 1x reg + 1x f1" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 2x f1", "sample 2x f1", "sample 2x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 3x triv", "nodes 3x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_add = {
  .id = "add", .title = EQK_N_("Add"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.add",
  .doc = EQK_N_("y = Σ x_i, the residual connection. All branches must be of one type: numbers may be added only where the group acts alike. Exact. Source: He et al. 2016."),
};
