/* An ordinary network on invariants. */

#include "layers/heads.h"
#include "layers/nodes.h"

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Widths between input and output") },
  { "out", EQK_N_("Outputs"), EQK_PARAM_INT, "10", 1, 4096, NULL, EQK_N_("Numbers, or classes, of the answer") },
  EQK_MLP_ACT (EQK_N_("After each hidden layer")),
  { "dropout", EQK_N_("Dropout"), EQK_PARAM_REAL, "0", 0, 0.95, NULL, EQK_N_("Part of the hidden numbers that is dropped in training") },
  { "gives", EQK_N_("Gives"), EQK_PARAM_CHOICE, "scores", 0, 0, "scores|numbers", EQK_N_("Scores of classes, or plain numbers") },
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn an offset for each number") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkKind      kind = strcmp (eqk_infer_text (ctx, "gives"), "scores") == 0 ? EQK_KIND_LOGITS : EQK_KIND_FEATURE;
  const EqkPortType *x = eqk_head_input (ctx, kind, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_head_output (x, eqk_infer_int (ctx, "out"), kind);
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  int                hidden[64], width = eqk_rep_get_dim (x->rep), h = eqk_build_x (b, "x");
  const int          all = eqk_build_ints (b, "hidden", hidden, 64), n = all < 64 ? all : 64;
  char               name[16];

  for (int i = 0; i < n && h >= 0; i++)
    {
      snprintf (name, sizeof name, "%d", i);
      h = eqk_dense (b, name, h, x->space, width, hidden[i], eqk_build_bool (b, "bias"), diag);
      h = h < 0 ? h : eqk_dense_act (b, eqk_build_text (b, "act"), h, x->space, hidden[i], 1, diag);
      h = h < 0 ? h : eqk_rows_drop (b, h, x->space, hidden[i], eqk_build_real (b, "dropout"), diag);
      width = hidden[i];
    }
  snprintf (name, sizeof name, "%d", n);
  return eqk_grid_done (b, h < 0 ? h : eqk_dense (b, name, h, x->space, width, eqk_build_int (b, "out"), eqk_build_bool (b, "bias"), diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "sample 6x triv" }, .settings = "out=3" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "hidden=[5,4] out=2 act=silu gives=numbers" },
  { .group = "C4", .inputs = { "sample 2x reg" }, .settings = "out=3" },
  { .group = "D4", .inputs = { "sample 6x triv" }, .settings = "hidden=[5] out=2 dropout=0.5 bias=off act=tanh" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_mlp_head = {
  .id = "mlp_head", .title = EQK_N_("MLP"), .category = EQK_N_("Head"), .domains = "any", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_head_inputs, .outputs = eqk_head_outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Sequential",
  .doc = EQK_N_("A small ordinary network that turns what was found into the answer.\n\n"
                "Linear layers with an activation between them, on every row. It may read only invariants: on numbers that do not change under the group any function is exact. "
                "Source: torch's Linear."),
};
