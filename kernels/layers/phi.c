/* One ordinary network for every element. */

#include "layers/graphs.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };

static const EqkParam params[] = {
  { "widths", EQK_N_("Widths"), EQK_PARAM_INT_LIST, "[128]", 1, 4096, NULL, EQK_N_("Numbers that each layer makes of an element; the last is the width of the output") },
  EQK_MLP_ACT (EQK_N_("Between the layers")),
  { "end", EQK_N_("Activation at the end"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("After the last layer too") },
  { "dropout", EQK_N_("Dropout"), EQK_PARAM_REAL, "0", 0, 0.95, NULL, EQK_N_("Part of the numbers between the layers that is dropped in training") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  int                widths[64];
  const int          n = eqk_infer_ints (ctx, "widths", widths, 64);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 64)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "widths", "1 to 64 layers", n < 1 ? "none" : "more");
  return eqk_graph_set_width (ctx, x, widths[n - 1]);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { eqk_build_text (b, "act"), eqk_build_bool (b, "end"), eqk_build_real (b, "dropout") };
  int                widths[64], width = eqk_rep_get_dim (x->rep);
  const int          n = eqk_build_ints (b, "widths", widths, 64);

  return eqk_graph_done (b, eqk_mlp (b, "", eqk_build_x (b, "x"), x->space, &width, widths, n, &form, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "widths=[5,3]" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "widths=[3] act=silu end=on" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "widths=[5,3] dropout=0.5" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "widths=[5,3] act=silu" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_phi = {
  .id = "phi", .title = EQK_N_("Element MLP"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch.nn.Sequential",
  .doc = EQK_N_("The same small network for each element by itself.\n\n"
                "y_i = MLP(x_i), the same network for every element, so that permuting the elements permutes the outputs. Exact. Source: Zaheer et al. 2017 (Deep Sets)."),
};
