/* Norm activation: the length of each field through a function, its direction kept. */

#include "layers/fields.h"
#include "core/memory.h"

static const EqkParam params[] = {
  { "act", EQK_N_("Function"), EQK_PARAM_CHOICE, "relu", 0, 0, "relu|softplus|sigmoid|squash", EQK_N_("What happens to the length of a field") },
  { "beta", EQK_N_("Initial threshold β"), EQK_PARAM_REAL, "-2", -20, 5, NULL, EQK_N_("The threshold of the length is e^β, learned from this value on; squash has none") },
  { NULL }
};

static const struct { const char *name; EqkLengthAct act; } acts[] = {
  { "relu", EQK_LENGTH_RELU }, { "softplus", EQK_LENGTH_SOFTPLUS }, { "sigmoid", EQK_LENGTH_SIGMOID }, { "squash", EQK_LENGTH_SQUASH },
};

static EqkLengthAct
act_of (const char *name)
{
  for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
    if (strcmp (acts[i].name, name) == 0)
      return acts[i].act;
  return EQK_LENGTH_RELU;
}

/* Length that a field of length zero would get. */
static double
at_zero (EqkLengthAct act, double beta)
{
  const double over = -exp (beta);

  return act == EQK_LENGTH_SOFTPLUS ? log1p (exp (over)) : act == EQK_LENGTH_SIGMOID ? 1 / (1 + exp (-over)) : 0;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const double       jump = at_zero (act_of (eqk_infer_text (ctx, "act")), eqk_infer_real (ctx, "beta"));

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (jump > 0 && eqk_fields_count (x->rep, eqk_field_is_wide) > 0)
    {
      eqk_infer_problem (ctx, "W-NORM-JUMP", "x", "phi0=%.2f", jump);
      eqk_infer_fix (ctx, EQK_N_("Use ReLU with β = −2"));
      eqk_fix_set (ctx, "$", "act", "relu");
      eqk_fix_set (ctx, "$", "beta", "-2");
      eqk_infer_approximate (ctx, eqk_group_get_space_dim (x->symmetry.group) == 3 ? 0 : 1, "W-NORM-JUMP");
    }
  return eqk_infer_set_output (ctx, "y", x);
}

static void
lint (EqkInfer *ctx)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const bool         relu = strcmp (eqk_infer_text (ctx, "act"), "relu") == 0;
  const bool         planar = eqk_group_get_space_dim (x->symmetry.group) == 2;
  const int          n_scalars = eqk_fields_count (x->rep, eqk_field_is_trivial);

  if (relu && eqk_infer_real (ctx, "beta") >= 0)
    {
      eqk_infer_problem (ctx, "W-NORM-RELU-DEAD", NULL, "beta=%g", eqk_infer_real (ctx, "beta"));
      eqk_infer_fix (ctx, EQK_N_("Start at β = −2"));
      eqk_fix_set (ctx, "$", "beta", "-2");
    }
  /* Harmonic networks of the plane put scalars and vectors through one norm activation on purpose. */
  if (n_scalars > 0 && (!planar || n_scalars == eqk_rep_n_fields (x->rep)))
    {
      eqk_infer_problem (ctx, "W-NORM-SCALAR", "x", NULL);
      if (n_scalars == eqk_rep_n_fields (x->rep))
        {
          eqk_infer_fix (ctx, EQK_N_("Use an activation of scalars"));
          eqk_fix_replace (ctx, "$", "silu_pw", "");
        }
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  const int          n_runs = eqk_rep_n_runs (y->rep), width = eqk_rep_get_dim (y->rep);
  EqkFieldRun       *runs = eqk_malloc (((size_t) n_runs + 1) * sizeof *runs);
  EqkNormActParams   p = { .n_channels = width, .n_fields = eqk_rep_n_fields (y->rep), .act = act_of (eqk_build_text (b, "act")) };
  int                in[2], out = eqk_build_value (b, y->space, width), channel = 0;

  if (runs == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int r = 0; r < n_runs; r++)
    {
      const EqkRepRun run = eqk_rep_run (y->rep, r);
      const int       dim = eqk_field_get_dim (run.field);

      if (run.mul > 0)
        runs[p.n_runs++] = (EqkFieldRun) { channel, dim, run.mul };
      channel += run.mul * dim;
    }
  p.runs = eqk_build_keep (b, runs, (size_t) (p.n_runs + 1) * sizeof *runs);
  free (runs);
  in[0] = eqk_build_x (b, "x");
  in[1] = p.act == EQK_LENGTH_SQUASH ? -1 : eqk_fields_weight (b, "bias", p.n_fields, eqk_build_real (b, "beta"));
  if (p.runs == NULL || out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "norm_act", in, 2, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 2x f1 + 1x f2" }, .settings = "" },
  { .group = "O2", .inputs = { "grid 5x5 2x triv + 1x sign + 2x f1 + 1x f2" }, .settings = "beta=-1" },
  { .group = "C4", .inputs = { "grid 5x5 2x reg + 1x f1" }, .settings = "act=squash" },
  { .group = "D4", .inputs = { "grid 5x5 2x (1,0) + 1x (0,2)" }, .settings = "act=softplus" },
  { .group = "D4", .inputs = { "sample 3x (1,2)" }, .settings = "act=sigmoid" },
  { .group = "O3", .inputs = { "nodes 2x (1,1)" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_norm_act = {
  .id = "norm_act", .title = EQK_N_("Norm activation"), .category = EQK_N_("Non-linearity"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.NormNonLinearity|e3nn.nn.NormActivation",
  .doc = EQK_N_("An activation for arrows: it changes their length and leaves their direction.\n\n"
                "y = φ(‖v‖ − e^β) v/‖v‖ for each field, β learned, φ = ReLU, softplus or sigmoid, 0 where ‖v‖ ≤ 1e−10; squash: v/(1 + ‖v‖). "
                "Exact for every group, because lengths do not change. Softplus and sigmoid jump at length zero. "
                "Source: Worrall et al. 2017, arXiv:1612.04642; the threshold as in escnn."),
};
