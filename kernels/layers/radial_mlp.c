/* A network of edges on radial functions: the weights of products, zero where the radial functions are. */

#include "layers/irreps.h"
#include "layers/neighbours.h"

#include "ops/op_act.h"

#include <string.h>

static const EqkPort inputs[] = { { .name = "radial", .doc = EQK_N_("Radial functions of each edge") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Numbers of each edge") }, { .name = NULL } };

static const EqkParam params[] = {
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[64,64]", 1, 1024, NULL, EQK_N_("Widths between the radial functions and the output") },
  { "out", EQK_N_("Numbers"), EQK_PARAM_INT, "32", 1, 65535, NULL, EQK_N_("Numbers of each edge; as many as the product needs weights") },
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "silu", 0, 0, "silu|tanh|ssp|gelu|softplus", EQK_N_("After each hidden layer, scaled to keep the mean square") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("Scales of the activations: exact integrals, or e3nn's estimates for weights trained there") },
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Add a trained number to each; the result then no longer vanishes at the cut-off") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "radial");
  EqkPortType        y = *x;

  if (x->kind != EQK_KIND_RADIAL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "radial", "radial functions", eqk_kind_name (x->kind));
  y.kind = EQK_KIND_FEATURE;
  y.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "out"));
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Functions that vanish where neighbours end, and a bias behind them that does not. */
static void
lint (EqkInfer *ctx)
{
  const int          basis = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "radial", 0), near = basis < 0 ? -1 : eqk_infer_source_of (ctx, basis, "length", 0);
  const EqkSettings *theirs = near < 0 ? NULL : eqk_infer_settings_of (ctx, near), *own = basis < 0 ? NULL : eqk_infer_settings_of (ctx, basis);

  if (!eqk_infer_bool (ctx, "bias") || near < 0 || !(eqk_settings_real (theirs, eqk_infer_layer_of (ctx, near)->params, "cutoff") > 0) ||
      strcmp (eqk_settings_text (own, eqk_infer_layer_of (ctx, basis)->params, "envelope"), "none") == 0)
    return;
  eqk_infer_problem (ctx, "W-RADIAL-BIAS", NULL, NULL);
  eqk_infer_fix (ctx, EQK_N_("Leave the bias out"));
  eqk_fix_set (ctx, "$", "bias", "off");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "radial");
  int                hidden[16];
  const int          n = eqk_build_ints (b, "hidden", hidden, 16);
  const int          out = eqk_radial_mlp (b, "", eqk_build_x (b, "radial"), x->space, eqk_rep_get_dim (x->rep), hidden, n, eqk_build_int (b, "out"), eqk_build_text (b, "act"),
                                           eqk_build_text (b, "constants"), eqk_build_bool (b, "bias"), diag);

  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "radial 5x triv" }, .settings = "hidden=[6,4] out=7" },
  { .group = "O3", .inputs = { "radial 3x triv" }, .settings = "hidden=[] out=4" },
  { .group = "O3", .inputs = { "radial 4x triv" }, .settings = "hidden=[5] out=3 bias=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_radial_mlp = {
  .id = "radial_mlp", .title = EQK_N_("Radial network"), .category = EQK_N_("Attribute"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "e3nn.nn.FullyConnectedNet",
  .doc = EQK_N_("A small network of the distance between two points.\n\n"
                "h ← c act(h W/√fan-in), the last layer linear. Without a bias the result vanishes at the cut-off where the radial functions do. c keeps the mean square of normal inputs. Source: e3nn; Batzner et al. 2022."),
};
