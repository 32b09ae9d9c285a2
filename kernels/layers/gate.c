/*
 * Gated non-linearity. The input holds scalars, then one gate scalar for each other field, in whatever order the fields
 * stand: of the trivial fields the last ones are the gates. They are used up; scalars go through an activation, every other
 * field is multiplied by the activation of its gate. Gates can also come from an input of their own.
 */

#include "layers/gating.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars, gates and fields; with a link at “gates” scalars and fields") },
  { .name = "gates", .doc = EQK_N_("One scalar for each field that is not a scalar"), .optional = true },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "scalars", EQK_N_("Scalars"), EQK_PARAM_CHOICE, "silu", 0, 0, "silu|relu|elu|tanh|sigmoid|identity|gate",
    EQK_N_("Activation of the scalars that are no gates; “gate”: they take a gate like every other field") },
  { "gates", EQK_N_("Gates"), EQK_PARAM_CHOICE, "sigmoid", 0, 0, "sigmoid|silu|tanh|relu|identity", EQK_N_("Activation of the gates") },
  { "odd", EQK_N_("Numbers that change sign"), EQK_PARAM_CHOICE, "gate", 0, 0, "gate|tanh", EQK_N_("Whether fields of one number that changes sign under a mirror take a gate or a tanh") },
  { "bias", EQK_N_("Bias of gates"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Learn a threshold for each gate, as escnn does") },
  { "normalise", EQK_N_("Normalise"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Scale activations so that normal inputs keep a mean square of 1, as e3nn does") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("The scales of “Normalise”: exact integrals, or e3nn's estimates for weights trained there") },
  { NULL }
};

static int
count_gated (const EqkInfer *ctx, const EqkRep *rep, bool gates_inside)
{
  return eqk_gate_count (rep, eqk_infer_text (ctx, "odd"), eqk_infer_text (ctx, "scalars"), gates_inside);
}

/* The layer before makes the scalars that are missing. */
static void
fix_count (EqkInfer *ctx, const EqkRep *rep, int missing)
{
  const char  *param, *text = eqk_rep_get_text (rep);
  const int    decider = eqk_fields_decider (ctx, &param);
  const size_t size = strlen (text) + 64;
  char        *out = decider < 0 ? NULL : eqk_malloc (size);

  if (out == NULL)
    return;
  snprintf (out, size, "%s + %dx %s", text, missing, eqk_field_get_name (eqk_group_trivial (eqk_rep_get_group (rep))));
  eqk_infer_fix (ctx, EQK_N_("Add the missing scalars to the layer before"));
  eqk_fix_set (ctx, eqk_infer_id_of (ctx, decider), param, out);
  free (out);
}

/* The layer that makes the gates makes as many as are needed. */
static void
fix_gates (EqkInfer *ctx, const EqkRep *gates, int n_gated)
{
  const char *param;
  const int   decider = eqk_fields_decider_at (ctx, "gates", &param);
  char        text[48];

  if (decider < 0 || n_gated == 0 || !eqk_rep_is_trivial (gates))
    return;
  snprintf (text, sizeof text, "%dx %s", n_gated, eqk_field_get_name (eqk_group_trivial (eqk_rep_get_group (gates))));
  eqk_infer_fix (ctx, EQK_N_("Make one gate for each field"));
  eqk_fix_set (ctx, eqk_infer_id_of (ctx, decider), param, text);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag), *gates = eqk_infer_input (ctx, "gates");
  int                n_gated, n_scalars;
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->kind == EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features", eqk_kind_name (x->kind));
  n_gated = count_gated (ctx, x->rep, gates == NULL);
  n_scalars = gates == NULL ? eqk_fields_count (x->rep, eqk_field_is_trivial) : eqk_rep_n_fields (gates->rep);
  if (gates == NULL ? n_scalars < n_gated : n_scalars != n_gated)
    {
      eqk_infer_problem (ctx, "E-GATE-COUNT", gates == NULL ? "x" : "gates", "a=%d b=%d", n_scalars, n_gated);
      if (gates == NULL)
        fix_count (ctx, x->rep, n_gated - n_scalars);
      else
        fix_gates (ctx, gates->rep, n_gated);
      return eqk_fail (diag, EQK_ERR_TYPE, "number of gates");
    }
  if (gates != NULL && !eqk_space_equal (&gates->space, &x->space))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "gates", "the places of x", "other places");
  if (gates != NULL && gates->symmetry.group != x->symmetry.group)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "gates", eqk_group_get_id (x->symmetry.group), eqk_group_get_id (gates->symmetry.group));
  if (gates != NULL && !eqk_rep_is_trivial (gates->rep))
    {
      char type[300];

      eqk_fields_text (gates->rep, eqk_field_is_not_trivial, type, sizeof type);
      eqk_infer_problem (ctx, "E-GATE-NONSCALAR", "gates", "x='%s'", type);
      if (eqk_layer_find ("norm_pool") != NULL)
        {
          eqk_infer_fix (ctx, EQK_N_("Take the lengths of the fields as gates"));
          eqk_fix_insert_before (ctx, "$", "gates", "norm_pool", "");
        }
      eqk_infer_lose (ctx, eqk_fields_mask (gates->rep, EQK_ACTS_TRIVIALLY), "E-GATE-NONSCALAR");
    }
  y = eqk_port_with_rep (x, gates != NULL ? x->rep : eqk_gate_rest (x->rep, n_gated));
  if (y.rep == NULL)
    return EQK_ERR_NO_MEMORY;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Settings of a node as text. */
static void
settings_text (const EqkSettings *settings, char *text, size_t size)
{
  size_t at = 0;

  text[0] = '\0';
  for (int i = 0; settings != NULL && i < eqk_settings_count (settings) && at < size; i++)
    {
      const EqkSetting *s = eqk_settings_at (settings, i);

      if (s->kind == EQK_SETTING_TEXT)
        at += (size_t) snprintf (text + at, size - at, "%s%s=%s", at > 0 ? " " : "", s->name, s->text);
      else if (s->kind == EQK_SETTING_BOOL)
        at += (size_t) snprintf (text + at, size - at, "%s%s=%s", at > 0 ? " " : "", s->name, s->number != 0 ? "on" : "off");
      else if (s->kind == EQK_SETTING_NUMBER)
        at += (size_t) snprintf (text + at, size - at, "%s%s=%.17g", at > 0 ? " " : "", s->name, s->number);
    }
}

/* A normalisation between the layer that makes the gates and this one shifts what decides how far they are open. */
static void
lint (EqkInfer *ctx)
{
  const int           self = eqk_infer_node (ctx), before = eqk_infer_source_of (ctx, self, "x", 0);
  const EqkLayerType *layer = before < 0 ? NULL : eqk_infer_layer_of (ctx, before);
  char                own[256], theirs[256];

  if (layer == NULL || strcmp (layer->category, "Normalisation") != 0 || eqk_infer_source_of (ctx, self, "gates", 0) >= 0 ||
      count_gated (ctx, eqk_infer_input (ctx, "x")->rep, true) == 0)
    return;
  settings_text (eqk_infer_settings_of (ctx, self), own, sizeof own);
  settings_text (eqk_infer_settings_of (ctx, before), theirs, sizeof theirs);
  eqk_infer_problem (ctx, "I-GATE-BEFORE-BN", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Swap the two layers"));
  eqk_fix_replace (ctx, eqk_infer_id_of (ctx, before), "gate", own);
  eqk_fix_replace (ctx, "$", layer->id, theirs);
}

static EqkGateForm
form_of (const EqkBuild *b)
{
  return (EqkGateForm) { eqk_build_text (b, "scalars"), eqk_build_text (b, "gates"), eqk_build_text (b, "odd"), eqk_build_text (b, "constants"),
                         eqk_build_bool (b, "normalise"), eqk_build_bool (b, "bias") };
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *gates = eqk_build_in (b, "gates");
  const EqkGateForm  form = form_of (b);
  const int          y = eqk_gate_rows (b, eqk_build_x (b, "x"), eqk_build_in (b, "x")->rep, eqk_build_x (b, "gates"), gates == NULL ? NULL : gates->rep,
                                        eqk_build_out (b, "y")->space, &form, diag);

  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 5x triv + 2x f1 + 1x f2" }, .settings = "" },
  { .group = "SO2", .inputs = { "grid 5x5 1x triv + 2x f1 + 3x triv + 1x f3" }, .settings = "scalars=relu bias=on" },
  { .group = "O2", .inputs = { "sample 5x triv + 1x sign + 2x f1" }, .settings = "odd=tanh normalise=on scalars=tanh gates=silu" },
  { .group = "C4", .inputs = { "grid 5x5 3x triv + 2x reg + 1x f1" }, .settings = "scalars=elu gates=tanh" },
  { .group = "C4", .inputs = { "grid 5x5 2x triv + 2x f1", "grid 5x5 2x triv" }, .settings = "bias=on" },
  { .group = "SO2", .inputs = { "grid 5x5 4x triv + 2x f1" }, .settings = "scalars=gate" },
  { .group = "C4", .inputs = { "grid 5x5 2x f1", "grid 5x5 2x f1" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 5x triv + 2x (1,1)" }, .settings = "normalise=on" },
  { .group = "O3", .inputs = { "nodes 6x0e + 2x1o + 1x2e + 1x0o" }, .settings = "odd=tanh gates=silu normalise=on constants=e3nn" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gate = {
  .id = "gate", .title = EQK_N_("Gate"), .category = EQK_N_("Non-linearity"), .domains = "any",
  .inputs = inputs, .outputs = eqk_fields_out, .params = params, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.GatedNonLinearity1|e3nn.nn.Gate",
  .doc = EQK_N_("Plain numbers open or close the arrows beside them: lengths change, directions stay.\n\n"
                "y = (act(s), σ(g − b) v): scalars s through an activation, every other field v times the activation of a scalar g of its own. "
                "Of the trivial fields at the input the last ones are the gates. Exact for every group: a gate does not change when the input turns. "
                "Source: Weiler et al. 2018, arXiv:1807.02547; e3nn and escnn name it Gate and GatedNonLinearity."),
};
