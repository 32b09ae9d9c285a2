/* A class for each point. */

#include "layers/node-answers.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scores of the classes of each point") }, { .name = NULL } };

static const EqkParam params[] = { EQK_NODE_ANSWER_PARAMS (EQK_N_("How many classes there are")), { NULL } };

/* A pool before this took the points away. */
static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const char *pool;

  if (eqk_infer_input (ctx, "x")->space.kind != EQK_SPACE_SAMPLE)
    return eqk_node_answer_infer (ctx, EQK_KIND_LOGITS, diag);
  pool = eqk_head_pooled_by (ctx, EQK_SPACE_NODES);
  eqk_infer_problem (ctx, "E-SEG-POOLED", "x", "node='%s'", pool == NULL ? "" : pool);
  if (pool != NULL)
    {
      eqk_infer_fix (ctx, EQK_N_("Remove the pooling"));
      eqk_fix_delete (ctx, pool);
    }
  return eqk_fail (diag, EQK_ERR_TYPE, "points");
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "out=3" },
  { .group = "SO3", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5] out=4" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_segmentation_head_nodes = {
  .id = "segmentation_head_nodes", .title = EQK_N_("Class of each point"), .category = EQK_N_("Head"), .domains = "points|molecule|graph|set", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_nodes_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = eqk_node_answer_expand, .specimens = specimens, .exports = "torch.nn.Sequential",
  .doc = EQK_N_("Tells of every point which part it belongs to.\n\n"
                "Scores y_i = MLP(x_i) of the classes, from invariants of the point: turning the cloud changes none of them, another order of the points orders them alike. Exact. Source: Qi et al. 2017, arXiv:1612.00593."),
};
