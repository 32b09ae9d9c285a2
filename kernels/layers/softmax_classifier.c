/* Scores of classes from invariants. */

#include "layers/heads.h"

static const EqkParam params[] = {
  { "classes", EQK_N_("Classes"), EQK_PARAM_INT, "10", 0, 4096, NULL, EQK_N_("Number of classes; 0: the inputs are the scores already") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_linear_head_infer (ctx, "classes", EQK_KIND_LOGITS, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  return eqk_linear_head_expand (b, "classes", diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 6x triv" }, .settings = "classes=3" },
  { .group = "C4", .inputs = { "sample 6x triv" }, .settings = "classes=0" },
  { .group = "SO2", .inputs = { "sample 2x f1" }, .settings = "classes=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_softmax_classifier = {
  .id = "softmax_classifier", .title = EQK_N_("Classes"), .category = EQK_N_("Head"), .domains = "any", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_head_inputs, .outputs = eqk_head_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Linear",
  .doc = EQK_N_("Tells which class it is.\n\n"
                "Scores y = W x + b of the classes; the cross-entropy of training takes their softmax. Reads invariants only. Source: torch's Linear and CrossEntropyLoss."),
};
