/* A source of any type: tests of single layers stand on it. It is not in the registry, so no design can hold it. */

#include "graph/graph-private.h"

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *type = eqk_infer_input (ctx, "probe");

  *eqk_infer_guarantee (ctx) = type->guarantee;
  return eqk_infer_set_output (ctx, "y", type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *type = eqk_build_out (b, "y");
  const int          value = eqk_build_feed (b, b->typed->graph->nodes[b->node].id, type->space, eqk_rep_get_dim (type->rep),
                                             type->kind == EQK_KIND_SPECIES);

  eqk_build_set_output (b, "y", value);
  return value < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkPort outputs[] = { { .name = "y" }, { .name = NULL } };

const EqkLayerType eqk_layer_probe = {
  .id = "probe", .title = "Probe", .category = "Input", .domains = "any", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .infer = infer, .expand = expand, .doc = "A source of any type, for tests.",
};
