/* The general linear map of sets that permutations of the elements pass through. */

#include "layers/nodes.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Scalars of each element") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each element, with what it saw of the others") }, { .name = NULL } };

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "32", 1, 4096, NULL, EQK_N_("Numbers made for each element") },
  { "pool", EQK_N_("Pool"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum|max", EQK_N_("What each element sees of the whole set") },
  { "bias", EQK_N_("Bias"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Learn an offset for each number") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "channels")));
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Γ acts on the pool of a sample before it is spread: once a set, not once an element. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          from = eqk_build_x (b, "x"), n_in = eqk_rep_get_dim (x->rep), n_out = eqk_build_int (b, "channels");
  const int          pool = eqk_nodes_pool (b, from, eqk_of_samples, n_in, eqk_build_text (b, "pool"), diag);
  int                in[2], out;

  in[0] = eqk_dense (b, "lambda", from, x->space, n_in, n_out, eqk_build_bool (b, "bias"), diag);
  in[1] = pool < 0 ? -1 : eqk_nodes_spread (b, eqk_dense (b, "gamma", pool, eqk_of_samples, n_in, n_out, false, diag), x->space, n_out, diag);
  out = eqk_build_value (b, x->space, n_out);
  if (in[0] < 0 || in[1] < 0 || out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "add", in, 2, &out, 1, NULL, 0, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C1", .inputs = { "nodes 4x triv" }, .settings = "channels=5" },
  { .group = "C1", .inputs = { "nodes 3x triv" }, .settings = "channels=2 pool=sum bias=off" },
  { .group = "O3", .inputs = { "nodes 4x triv" }, .settings = "channels=3" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "channels=3 pool=max" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_deepsets_equiv = {
  .id = "deepsets_equiv", .title = EQK_N_("Set layer"), .category = EQK_N_("Permutation"), .domains = "set|graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Each element looks at itself and at a summary of the whole set.\n\n"
                "y_i = Λ x_i + Γ pool(x) + b, with the mean, the sum or the largest of all elements of the sample as pool: permuting the elements permutes the outputs, for sets of any size. "
                "Source: Zaheer et al. 2017 (Deep Sets)."),
};
