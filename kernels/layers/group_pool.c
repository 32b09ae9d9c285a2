/* The largest channel of each field, or their mean: orientation is forgotten. */

#include "layers/steerable.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Regular or quotient fields") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One invariant a field") }, { .name = NULL } };

static const EqkParam params[] = {
  { "mode", EQK_N_("Kind"), EQK_PARAM_CHOICE, "max", 0, 0, "max|mean", EQK_N_("Largest channel of a field, or the mean of its channels") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (!eqk_rep_is_permutation (x->rep) && x->kind != EQK_KIND_POSITION)
    {
      char type[300];

      eqk_fields_text (x->rep, eqk_field_is_not_permutation, type, sizeof type);
      eqk_infer_problem (ctx, "E-GPOOL-TYPE", "x", "irr='%s'", type);
      eqk_infer_fix (ctx, EQK_N_("Take the length of each field"));
      eqk_fix_replace (ctx, "$", "norm_pool", "");
      eqk_infer_lose (ctx, eqk_grid_rep_mask (ctx, x->rep, EQK_ACTS_BY_PERMUTATION), "E-GPOOL-TYPE");
    }
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_rep_n_fields (x->rep)));
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* A head that this node reaches, with the port its branch comes in by. */
static int
head_after (const EqkInfer *ctx)
{
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    if ((eqk_infer_layer_of (ctx, i)->flags & EQK_LAYER_HEAD) != 0 && eqk_infer_is_upstream (ctx, eqk_infer_node (ctx), i))
      return i;
  return -1;
}

/* Orientation is gone before the last 30 % of the mixing layers. */
static void
lint (EqkInfer *ctx)
{
  int before, total, head;

  eqk_infer_depth (ctx, eqk_infer_node (ctx), &before, &total);
  if (total < 2 || before >= 0.7 * total || eqk_rep_is_trivial (eqk_infer_input (ctx, "x")->rep))
    return;
  eqk_infer_problem (ctx, "I-EARLY-GPOOL", "x", NULL);
  head = head_after (ctx);
  if (head >= 0 && eqk_infer_layer_of (ctx, head)->inputs[0].name != NULL)
    {
      eqk_infer_fix (ctx, EQK_N_("Move to the end"));
      eqk_fix_delete (ctx, "$");
      eqk_fix_insert_before (ctx, eqk_infer_id_of (ctx, head), eqk_infer_layer_of (ctx, head)->inputs[0].name, "group_pool", eqk_infer_text (ctx, "mode")[1] == 'a' ? "mode=max" : "mode=mean");
    }
}

static int
mean_of_fields (EqkBuild *b, const EqkPortType *x, const EqkSpace *space, int n, const int32_t *first, EqkDiag *diag)
{
  EqkConstLinearParams p = { 0 };
  EqkSparse            m;

  eqk_sparse_open (&m, eqk_rep_get_dim (x->rep), n);
  for (int f = 0; f < n; f++)
    for (int c = first[f]; c < first[f + 1]; c++)
      eqk_sparse_add (&m, f, c, 1.0 / (first[f + 1] - first[f]));
  return eqk_matrix_keep (b, &m, &p) != EQK_OK ? -1 : eqk_grid_op (b, "const_linear", eqk_build_x (b, "x"), *space, n, &p, sizeof p, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkFieldPoolParams p = { eqk_rep_get_dim (x->rep), eqk_rep_n_fields (x->rep), eqk_grid_fields (b, x->rep), 0, 0 };

  if (p.first == NULL)
    return EQK_ERR_NO_MEMORY;
  if (strcmp (eqk_build_text (b, "mode"), "mean") == 0)
    return eqk_grid_done (b, mean_of_fields (b, x, &y->space, p.n_fields, p.first, diag), diag);
  return eqk_grid_done (b, eqk_grid_op (b, "field_max", eqk_build_x (b, "x"), y->space, p.n_fields, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 3x reg + 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 2x reg + 1x D4/C4" }, .settings = "mode=mean" },
  { .group = "C8", .inputs = { "sample 2x reg + 1x C8/C2" }, .settings = "" },
  { .group = "C4", .inputs = { "grid 5x5 2x f1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_group_pool = {
  .id = "group_pool", .title = EQK_N_("Group pooling"), .category = EQK_N_("Pooling"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.GroupPooling",
  .doc = EQK_N_("Forgets the pose: of all poses the strongest remains, or the average.\n\n"
                "y_f = max_h x_{f,h}, or the mean: the group only permutes the channels of a regular or quotient field, so neither changes. Exact, and orientation is gone afterwards. "
                "Source: Cohen & Welling 2016, arXiv:1602.07576."),
};
