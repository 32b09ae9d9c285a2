/* The answer for each node or element. */

#include "layers/heads.h"
#include "layers/graphs.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The answer for each node") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Widths between input and output") },
  { "out", EQK_N_("Outputs"), EQK_PARAM_INT, "2", 1, 4096, NULL, EQK_N_("Numbers, or classes, of the answer") },
  { "gives", EQK_N_("Gives"), EQK_PARAM_CHOICE, "scores", 0, 0, "scores|numbers", EQK_N_("Scores of classes, or plain numbers") },
  { "dropout", EQK_N_("Dropout"), EQK_PARAM_REAL, "0", 0, 0.95, NULL, EQK_N_("Part of the hidden numbers that is dropped in training") },
  { NULL }
};

/* Rows of nodes are asked for; a pool before this would have taken them away. */
static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_head_input (ctx, diag);
  EqkPortType        y;
  char               space[64];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES)
    {
      eqk_space_text (&x->space, space, sizeof space);
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "a row for each node", space);
    }
  y = eqk_head_output (x, eqk_infer_int (ctx, "out"), strcmp (eqk_infer_text (ctx, "gives"), "scores") == 0 ? EQK_KIND_LOGITS : EQK_KIND_FEATURE);
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { .act = "relu", .dropout = eqk_build_real (b, "dropout") };
  int                widths[33], width = eqk_rep_get_dim (x->rep);
  const int          n = eqk_graph_widths (b, "hidden", eqk_build_int (b, "out"), widths);

  return eqk_graph_done (b, n == 0 ? -1 : eqk_mlp (b, "", eqk_build_x (b, "x"), x->space, &width, widths, n, &form, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "hidden=[5] out=3" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "out=2 gives=numbers" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_node_head = {
  .id = "node_head", .title = EQK_N_("Answer for nodes"), .category = EQK_N_("Head"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = eqk_nodes_in, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.nn.Sequential",
  .doc = EQK_N_("Answers a question about every node.\n\n"
                "y_i = MLP(x_i): renaming nodes permutes the answers, nothing else. Exact."),
};
