/* The rotation nearest to three arrows. */

#include "layers/pose.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Three arrows") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_pose_infer (ctx, 3, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_pose_expand (b, "rot_svd", diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO3", .inputs = { "sample 3x1" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_pose_svd = {
  .id = "pose_svd", .title = EQK_N_("Rotation nearest to three arrows"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = eqk_pose_out, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Makes a rotation of three arrows, none of them before the others.\n\n"
                "M = [a b c] = U S Vᵀ, R = U diag(1, 1, det U Vᵀ) Vᵀ: the rotation nearest to M, no arrow before another. The slope is kept bounded where two singular values cancel. Exact for rotations. "
                "Source: Levinson et al. 2020, arXiv:2006.14616."),
};
