/* Normalisation by the statistics of each sample. */

#include "layers/fields.h"

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the variance") },
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One scale for each field and one offset for each invariant part") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_GRID && x->space.kind != EQK_SPACE_NODES)
    {
      char space[64];

      eqk_space_text (&x->space, space, sizeof space);
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "many places a sample: a grid or nodes", space);
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_field_norm_expand (b, "instance_norm", EQK_COLUMNS_TIED, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg + 1x triv" }, .settings = "" },
  { .group = "SO2", .inputs = { "grid 5x5 1x triv + 2x f1 + 1x bl2" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 1x f1" }, .settings = "affine=off" },
  { .group = "O3", .inputs = { "nodes 2x triv + 1x (1,1)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_instance_norm = {
  .id = "instance_norm", .title = EQK_N_("Instance norm"), .category = EQK_N_("Normalisation"), .domains = "image|points|molecule|graph|set",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .expand = expand,
  .specimens = specimens, .exports = "e3nn.nn.BatchNorm",
  .doc = EQK_N_("Brings each field to a common size within one picture.\n\n"
                "y = w (v − μ)/√(var + ε) + b: the invariant part of the mean and one variance for each field, over the places of one sample. The same in training and "
                "inference, whatever the batch. Exact for every group. Source: Ulyanov et al. 2016, arXiv:1607.08022; tied over fields as e3nn's BatchNorm(instance)."),
};
