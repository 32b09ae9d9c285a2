/* Sum of branches of equal type. */

#include "layers/adapting.h"
#include "layers/grids.h"
#include "core/memory.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Branches of equal type"), .variadic = true }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Their sum") }, { .name = NULL } };

/* Nothing else reads it, so a layer can be put behind it. */
static bool
feeds_only_this (const EqkInfer *ctx, int source)
{
  return source >= 0 && eqk_infer_layer_of (ctx, source)->outputs[0].name != NULL && eqk_infer_consumers (ctx, source, NULL, 0) == 1;
}

/* Layers in one branch give it the type of the other. */
static void
fix_type (EqkInfer *ctx, const EqkPortType *a, const EqkPortType *b, int i)
{
  const int first = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", 0), other = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", i);

  if (feeds_only_this (ctx, other) && eqk_adapting_fix (ctx, other, b, a->rep))
    return;
  if (eqk_infer_n_inputs (ctx, "x") == 2 && feeds_only_this (ctx, first))
    eqk_adapting_fix (ctx, first, a, b->rep);
}

/* Pictures of different extents. */
static void
fix_size (EqkInfer *ctx, const EqkPortType *a, const EqkPortType *b, int i)
{
  const int first = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", 0), other = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", i);
  const bool to_first = feeds_only_this (ctx, other);
  char       text[48];

  if (a->space.kind != EQK_SPACE_GRID || b->space.kind != EQK_SPACE_GRID || (!to_first && (eqk_infer_n_inputs (ctx, "x") != 2 || !feeds_only_this (ctx, first))))
    return;
  snprintf (text, sizeof text, "height=%d width=%d", to_first ? a->space.h : b->space.h, to_first ? a->space.w : b->space.w);
  eqk_infer_fix (ctx, EQK_N_("Resize one branch"));
  eqk_fix_insert_after (ctx, eqk_infer_id_of (ctx, to_first ? other : first), eqk_infer_layer_of (ctx, to_first ? other : first)->outputs[0].name, "resize", text);
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
          eqk_fix_restrict (ctx);
          return eqk_fail (diag, EQK_ERR_GROUP, "add");
        }
      if (!eqk_space_equal (&a->space, &b->space))
        {
          char left[64], right[64];

          eqk_space_text (&a->space, left, sizeof left);
          eqk_space_text (&b->space, right, sizeof right);
          eqk_infer_problem (ctx, "E-ADD-TYPE", "x", "a='%s' b='%s'", left, right);
          fix_size (ctx, a, b, i);
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
  int               *values = eqk_malloc ((size_t) n * sizeof *values);
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
  .doc = EQK_N_("Adds branches number by number, as shortcuts around layers do.\n\n"
                "y = Σ x_i, the residual connection. All branches must be of one type: numbers may be added only where the group acts alike. Exact. Source: He et al. 2016."),
};
