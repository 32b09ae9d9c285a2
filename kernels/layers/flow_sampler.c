/* How samples are made: the settings of “equi sample”. What the head says goes through unchanged. */

#include "layers/coordinates.h"

static const EqkPort inputs[] = {
  { .name = "noise", .doc = EQK_N_("Noise in the coordinates, from the denoising step") },
  { .name = "types", .doc = EQK_N_("Noise in the kinds") },
  { .name = NULL }
};
static const EqkPort outputs[] = {
  { .name = "noise", .doc = EQK_N_("The same noise: what training compares") },
  { .name = "types", .doc = EQK_N_("The same") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "method", EQK_N_("Method"), EQK_PARAM_CHOICE, "ancestral", 0, 0, "ancestral|euler|heun",
    EQK_N_("ancestral: fresh noise at every step (denoising alone); euler: straight steps without noise; heun: the same with the mean of two slopes, twice the work") },
  { "sampler_steps", EQK_N_("Steps"), EQK_PARAM_INT, "250", 1, 10000, NULL, EQK_N_("Steps from noise to a sample") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *noise = eqk_infer_input (ctx, "noise"), *types = eqk_infer_input (ctx, "types");

  if (noise->space.kind != EQK_SPACE_NODES || noise->kind != EQK_KIND_FEATURE || eqk_rep_get_dim (noise->rep) != 3 || eqk_rep_is_trivial (noise->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "noise", "one arrow for each point", eqk_rep_get_text (noise->rep));
  if (types->space.kind != EQK_SPACE_NODES || types->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (types->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "types", "scalars of nodes", eqk_rep_get_text (types->rep));
  eqk_infer_set_output (ctx, "noise", noise);
  return eqk_infer_set_output (ctx, "types", types);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  static const char *const ports[2] = { "noise", "types" };

  for (int k = 0; k < 2; k++)
    {
      const EqkPortType *x = eqk_build_in (b, ports[k]);
      const int          y = eqk_rows_scale (b, eqk_build_x (b, ports[k]), x->space, eqk_rep_get_dim (x->rep), 1, diag);

      eqk_build_set_output (b, ports[k], y);
      if (y < 0)
        return EQK_ERR_NO_MEMORY;
    }
  return EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 1x1o", "nodes 3x0e" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_flow_sampler = {
  .id = "flow_sampler", .title = EQK_N_("Sampler"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Says how new samples are made from noise, step by step.\n\n"
                "How “equi sample” goes from noise to a sample: isotropic noise about the centre, then so many steps back with what the network says. In training and in exported code its inputs go through unchanged. "
                "Exact in distribution: a turned sample is as likely. Sources: Hoogeboom et al. 2022, arXiv:2203.17003; Lipman et al. 2023, arXiv:2210.02747."),
};
