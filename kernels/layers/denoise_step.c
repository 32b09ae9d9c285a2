/*
 * One step back from noise to data: the noise in the coordinates, by how far the network moved the points, and in the kinds of atoms. The moves come as arrows,
 * one from each layer: coordinates at the end less those at the start would say the same, but of small moves far from the origin float32 keeps little.
 */

#include "layers/coordinates.h"

static const EqkPort inputs[] = {
  { .name = "steps", .doc = EQK_N_("How far each layer moved the points: one arrow for each point, from every layer that moves them"), .variadic = true },
  { .name = "x", .doc = EQK_N_("Scalars of each point, for the noise in its kind") },
  { .name = NULL }
};
static const EqkPort outputs[] = {
  { .name = "noise", .doc = EQK_N_("Noise in the coordinates: one arrow for each point, of mean zero") },
  { .name = "types", .doc = EQK_N_("Noise in the numbers of the kinds") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "species", EQK_N_("Kinds of atoms"), EQK_PARAM_INT, "5", 1, 118, NULL, EQK_N_("How many kinds of atoms there are") },
  { "predicts", EQK_N_("Answer"), EQK_PARAM_CHOICE, "noise", 0, 0, "noise|flow", EQK_N_("The noise in the sample (denoising), or the straight way from data to noise (flow matching)") },
  { "noise_steps", EQK_N_("Noise levels"), EQK_PARAM_INT, "1000", 10, 100000, NULL, EQK_N_("Into how many levels the way between data and noise is cut in training") },
  { "type_scale", EQK_N_("Size of kinds"), EQK_PARAM_REAL, "0.25", 0.01, 10, NULL, EQK_N_("A kind is this number in its place and zero elsewhere: smaller ones are decided later on the way from noise") },
  { "centre", EQK_N_("Remove the mean"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("The noise of a sample has mean zero, as that which was mixed in") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *steps = eqk_infer_input_at (ctx, "steps", 0);
  const EqkGroup    *group = eqk_infer_symmetry (ctx)->group;
  const EqkField    *vector = eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1);
  EqkPortType        y;

  for (int i = 0; i < eqk_infer_n_inputs (ctx, "steps"); i++)
    {
      const EqkPortType *step = eqk_infer_input_at (ctx, "steps", i);

      if (eqk_coord_copies (step, vector, "steps", diag) != 1 || step->space.kind != EQK_SPACE_NODES)
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "steps", "one arrow for each point", eqk_rep_get_text (step->rep));
    }
  if (x->space.kind != EQK_SPACE_NODES || x->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of nodes", eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (steps, eqk_rep_single (vector, 1));
  eqk_infer_set_output (ctx, "noise", &y);
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (group), eqk_infer_int (ctx, "species")));
  return eqk_infer_set_output (ctx, "types", &y);
}

static void
lint (EqkInfer *ctx)
{
  if (eqk_infer_bool (ctx, "centre"))
    return;
  eqk_infer_problem (ctx, "W-DIFFUSION-COM", NULL, NULL);
  eqk_infer_fix (ctx, EQK_N_("Remove the mean"));
  eqk_fix_set (ctx, "$", "centre", "on");
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkSpace     nodes = eqk_build_out (b, "noise")->space;
  const int          types = eqk_dense (b, "types", eqk_build_x (b, "x"), x->space, eqk_rep_get_dim (x->rep), eqk_build_int (b, "species"), true, diag);
  int                noise = eqk_build_x_at (b, "steps", 0);

  for (int i = 1; i < eqk_build_n_in (b, "steps"); i++)
    noise = eqk_rows_add (b, noise, eqk_build_x_at (b, "steps", i), nodes, 3, diag);
  if (eqk_build_n_in (b, "steps") == 1 && !eqk_build_bool (b, "centre"))
    noise = eqk_rows_scale (b, noise, nodes, 3, 1, diag);      /* an answer is a value of its own */
  if (noise >= 0 && eqk_build_bool (b, "centre"))
    {
      const int mean = eqk_nodes_spread (b, eqk_nodes_pool (b, noise, eqk_of_samples, 3, "mean", diag), nodes, 3, diag);

      noise = eqk_rows_add (b, noise, eqk_rows_scale (b, mean, nodes, 3, -1, diag), nodes, 3, diag);
    }
  eqk_build_set_output (b, "noise", noise);
  eqk_build_set_output (b, "types", types);
  return noise < 0 || types < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 1x1o", "nodes 6x0e" }, .settings = "species=3" },
  { .group = "SO3", .inputs = { "nodes 1x1", "nodes 4x0" }, .settings = "species=2 predicts=flow centre=off" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_denoise_step = {
  .id = "denoise_step", .title = EQK_N_("Denoising step"), .category = EQK_N_("Head"), .domains = "points|molecule", .flags = EQK_LAYER_HEAD,
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("The answer of networks that make new molecules: which part of what they see is noise.\n\n"
                "ε_x = Σ steps − mean, ε_h = W h + b: the noise in coordinates and kinds, or the flow, which training compares with what was mixed in. Noise: z_t = α_t z + σ_t ε, α_t² = (1 − 2s)(1 − t²)² + s, "
                "s = 1e−5; flow: z_t = (1 − t) z + t ε. Isotropic noise without mean and an equivariant step make turned samples equally likely. Exact. Sources: Hoogeboom et al. 2022, arXiv:2203.17003; "
                "Lipman et al. 2023, arXiv:2210.02747."),
};
