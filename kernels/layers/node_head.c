/* The answer for each node or element. */

#include "layers/node-answers.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The answer for each node") }, { .name = NULL } };

static const EqkParam params[] = {
  EQK_NODE_ANSWER_PARAMS (EQK_N_("Numbers, or classes, of the answer")),
  { "gives", EQK_N_("Gives"), EQK_PARAM_CHOICE, "scores", 0, 0, "scores|numbers", EQK_N_("Scores of classes, or plain numbers") },
  { NULL }
};

/* Rows of nodes are asked for; a pool before this would have taken them away. */
static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_node_answer_infer (ctx, strcmp (eqk_infer_text (ctx, "gives"), "scores") == 0 ? EQK_KIND_LOGITS : EQK_KIND_FEATURE, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5] out=3" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "out=2 gives=numbers" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_node_head = {
  .id = "node_head", .title = EQK_N_("Answer for nodes"), .category = EQK_N_("Head"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_nodes_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = eqk_node_answer_expand, .specimens = specimens, .exports = "torch.nn.Sequential",
  .doc = EQK_N_("Answers a question about every node.\n\n"
                "y_i = MLP(x_i): renaming nodes permutes the answers, nothing else. Exact."),
};
