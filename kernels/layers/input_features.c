/* Numbers or arrows that the data have for each point, beside its place and its kind. */

#include "eqk/layer.h"
#include "layers/irreps.h"

#include <stdio.h>
#include <string.h>

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Features of each point, which turn as their type says") }, { .name = NULL } };

static const EqkParam params[] = {
  { "name", EQK_N_("Column"), EQK_PARAM_TEXT, "velocities", 0, 0, NULL, EQK_N_("Name of the column in the data") },
  { "type", EQK_N_("Type"), EQK_PARAM_REP, "1x1o", 0, 0, NULL, EQK_N_("How the numbers of a point turn: 1x1o for an arrow such as a velocity, 1x0e for a number such as a charge") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkRep *rep = eqk_irreps_param (ctx, "type", diag);
  EqkPortType   type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *eqk_infer_symmetry (ctx), .rep = rep, .kind = EQK_KIND_FEATURE };

  if (rep == NULL)
    return EQK_ERR_TYPE;
  if (eqk_infer_text (ctx, "name")[0] == '\0')
    return eqk_fail_expected (diag, EQK_ERR_PARSE, "name", "the name of a column of the data", "nothing");
  return eqk_infer_set_output (ctx, "y", &type);
}

/* Names under which data keep a time or the level of noise. */
static bool
names_time (const char *name)
{
  static const char *const names[] = { "time", "t", "timestep", "time_step", "step", "noise_level" };

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp (name, names[i]) == 0)
      return true;
  return false;
}

/* A time that turned with the sample would give each view another one. */
static void
lint (EqkInfer *ctx)
{
  const EqkRep *rep = eqk_infer_output (ctx, "y")->rep;
  char          scalars[64];

  if (!names_time (eqk_infer_text (ctx, "name")) || eqk_rep_is_trivial (rep))
    return;
  eqk_infer_problem (ctx, "E-TIME-NONSCALAR", NULL, NULL);
  snprintf (scalars, sizeof scalars, "%dx%s", eqk_rep_get_dim (rep), eqk_field_get_name (eqk_group_trivial (eqk_rep_get_group (rep))));
  eqk_infer_fix (ctx, EQK_N_("Type it as numbers that do not turn"));
  eqk_fix_set (ctx, "$", "type", scalars);
  eqk_infer_lose (ctx, 0, "E-TIME-NONSCALAR");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  const int          value = eqk_build_feed (b, eqk_build_text (b, "name"), y->space, eqk_rep_get_dim (y->rep), false);

  eqk_build_set_output (b, "y", value);
  return value < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "" }, .settings = "" },
  { .group = "O3", .inputs = { "" }, .settings = "name=charge type=2x0e" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_features = {
  .id = "input_features", .title = EQK_N_("Features of points"), .category = EQK_N_("Input"), .domains = "points|molecule", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens, .exports = "x tensor",
  .doc = EQK_N_("Something known of every point, from a column of the data.\n\n"
                "A column of the data with a row for each point: charges, velocities, intensities. What turns must be typed as what it is, else turning the sample and turning the answer no longer agree."),
};
