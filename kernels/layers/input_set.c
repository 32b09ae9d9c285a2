/* Sets of elements, each with the same number of columns. */

#include "eqk/layer.h"

#include <string.h>

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Numbers of each element; sets may be of any size") }, { .name = NULL } };

static const EqkParam params[] = {
  { "channels", EQK_N_("Columns"), EQK_PARAM_INT, "3", 1, 65535, NULL, EQK_N_("Numbers of an element") },
  { "names", EQK_N_("Names of columns"), EQK_PARAM_TEXT, "", 0, 0, NULL, EQK_N_("Names from the data, parted by commas") },
  { NULL }
};

static bool
has_word (const char *names, const char *const *words)
{
  for (const char *at = names; *at != '\0';)
    {
      const size_t n = strcspn (at, ", ;");

      for (int i = 0; words[i] != NULL; i++)
        if (strlen (words[i]) == n && strncmp (words[i], at, n) == 0)
          return true;
      at += n + strspn (at + n, ", ;");
    }
  return false;
}

/* Names tell what numbers alone do not: a number of the element, or of a place it has not got, breaks the promise here. */
static void
look_at_names (EqkInfer *ctx)
{
  static const char *const numbers[] = { "index", "idx", "id", "position_index", "order", "rank", NULL };
  static const char *const encodings[] = { "pos_enc", "positional_encoding", "posenc", "pe", NULL };
  const char              *names = eqk_infer_text (ctx, "names"), *code = has_word (names, numbers) ? "W-SET-ORDER-FEATURE" : has_word (names, encodings) ? "W-POSENC" : NULL;

  if (code == NULL)
    return;
  eqk_infer_problem (ctx, code, "y", NULL);
  eqk_infer_lose (ctx, 0, code);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_FEATURE };

  look_at_names (ctx);
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), eqk_infer_int (ctx, "channels"));
  return eqk_infer_set_output (ctx, "y", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");

  eqk_build_set_output (b, "y", eqk_build_feed (b, "elements", y->space, eqk_rep_get_dim (y->rep), false));
  return EQK_OK;
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
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_set = {
  .id = "input_set", .title = EQK_N_("Set"), .category = EQK_N_("Input"), .domains = "set", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "x, batch tensors",
  .doc = EQK_N_("A set of elements x_i, each a row of numbers. The order in which they come means nothing, and every set has a size of its own; sets of a batch stand one after the other, without padding."),
};
