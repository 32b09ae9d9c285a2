/* A rotation out of two arrows, one after the other. */

#include "layers/pose.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Two arrows") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pose_infer (ctx, 2, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pose_expand (b, "rot6d", diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO3", .inputs = { "sample 2x1" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pose_rot6d = {
  .id = "pose_rot6d", .title = EQK_N_("Rotation of two arrows"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = eqk_pose_out, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Makes a rotation of two arrows.\n\n"
                "e₁ = a/|a|, e₂ = (b − ⟨e₁,b⟩e₁)/|·|, e₃ = e₁ × e₂, R = [e₁ e₂ e₃]: R of the turned input is the turned R. Exact for rotations; a mirror would make e₃ point the other way. "
                "Continuous but where the arrows are parallel. Source: Zhou et al. 2019, arXiv:1812.07035."),
};
