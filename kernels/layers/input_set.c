/* Sets of elements, each with the same number of columns. */

#include "layers/columns.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Numbers of each element; sets may be of any size") }, { .name = NULL } };

static const EqkParam params[] = {
  { "channels", EQK_N_("Columns"), EQK_PARAM_INT, "3", 1, 65535, NULL, EQK_N_("Numbers of an element") },
  EQK_COLUMNS_PARAMS,
  { NULL }
};

static const EqkTellingName telling[] = {
  { EQK_TELLS_NUMBER, "index|idx|id|position_index|order|rank", "W-SET-ORDER-FEATURE" },
  { EQK_TELLS_ONE_HOT, "one_hot_id", "W-SET-ORDER-FEATURE" },
  { EQK_TELLS_PLACE, "pos_enc|positional_encoding|posenc|pe", "W-POSENC" },
  { EQK_TELLS_NOTHING, NULL, NULL }
};

/* A number of the element, or of a place it has not got, breaks the promise here. */
static void
lose_for (EqkInfer *ctx, const char *code)
{
  char drop[1024];

  if (eqk_columns_find (ctx, telling, code, drop, sizeof drop))
    eqk_infer_lose (ctx, 0, code);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const int          c = eqk_infer_int (ctx, "channels"), n = eqk_columns_kept (eqk_infer_text (ctx, "names"), eqk_infer_text (ctx, "drop"), c, NULL);
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_FEATURE };

  if (eqk_columns_check (ctx, c, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  if (n == 0)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "drop", "a column that is read", "all left out");
  lose_for (ctx, "W-SET-ORDER-FEATURE");
  lose_for (ctx, "W-POSENC");
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), n);
  return eqk_infer_set_output (ctx, "y", &type);
}

static void
lint_columns (EqkInfer *ctx, const char *code)
{
  char drop[1024];

  if (!eqk_columns_find (ctx, telling, code, drop, sizeof drop))
    return;
  eqk_infer_problem (ctx, code, "y", NULL);
  if (!eqk_columns_can_drop (ctx, drop, eqk_infer_int (ctx, "channels"), true))
    return;
  eqk_infer_fix (ctx, EQK_N_("Leave it out"));
  eqk_fix_set (ctx, "$", "drop", drop);
}

/* Names tell what numbers alone do not. */
static void
lint (EqkInfer *ctx)
{
  lint_columns (ctx, "W-SET-ORDER-FEATURE");
  lint_columns (ctx, "W-POSENC");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkSpace space = eqk_build_out (b, "y")->space;
  const int      c = eqk_build_int (b, "channels"), x = eqk_build_feed (b, "elements", space, c, false);
  const int      y = eqk_columns_mark (b, telling, x, c) ? eqk_columns_take (b, x, space, c, diag) : -1;

  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (symmetry->permutations != EQK_PERMUTE_NONE)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Elements of a set may come in any order; that needs permutations, such as the group Sn."));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "" }, .settings = "channels=3" },
  { .group = "triv", .inputs = { "" }, .settings = "channels=3 names=a,b,c drop=b" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_set = {
  .id = "input_set", .title = EQK_N_("Set"), .category = EQK_N_("Input"), .domains = "set", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens, .telling = telling, .exports = "x, batch tensors",
  .doc = EQK_N_("Sets go in here: items whose order means nothing.\n\n"
                "A set of elements x_i, each a row of numbers. The order in which they come means nothing, and every set has a size of its own; sets of a batch stand one after the other, without padding."),
};
