/*
 * Gated non-linearity. The input holds scalars, then one gate scalar for each other field, in whatever order the fields
 * stand: of the trivial fields the last ones are the gates. They are used up; scalars go through an activation, every other
 * field is multiplied by the activation of its gate. Gates can also come from an input of their own.
 */

#include "layers/fields.h"
#include "core/memory.h"

#include "ops/op_act.h"

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

/* Which fields take a gate. */
typedef struct { bool tanh_of_odd, gate_scalars; } Who;

static Who
who_of (const char *odd, const char *scalars)
{
  return (Who) { strcmp (odd, "tanh") == 0, strcmp (scalars, "gate") == 0 };
}

static bool
takes_gate (const EqkField *field, Who who)
{
  return eqk_field_is_trivial (field) ? who.gate_scalars : !(who.tanh_of_odd && eqk_field_is_sign (field));
}

/* Gates that x needs. Where the gates are in x too, its scalars are those that remain: half of the rest when they are gated. */
static int
count_gated (const EqkRep *rep, Who who, bool gates_inside)
{
  const int n_scalars = eqk_fields_count (rep, eqk_field_is_trivial);
  int       n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (!eqk_field_is_trivial (eqk_rep_run (rep, r).field) && takes_gate (eqk_rep_run (rep, r).field, who))
      n += eqk_rep_run (rep, r).mul;
  if (!who.gate_scalars)
    return n;
  return gates_inside ? n + (n_scalars > n ? (n_scalars - n + 1) / 2 : 0) : n + n_scalars;
}

/* x without its last `n_gates` trivial fields. */
static const EqkRep *
without_gates (const EqkRep *rep, int n_gates)
{
  const int     n_runs = eqk_rep_n_runs (rep);
  EqkRepRun    *runs = eqk_malloc (((size_t) n_runs + 1) * sizeof *runs);
  const EqkRep *out;
  int           n = 0;

  if (runs == NULL)
    return NULL;
  for (int r = n_runs - 1; r >= 0; r--)
    {
      EqkRepRun run = eqk_rep_run (rep, r);

      if (eqk_field_is_trivial (run.field))
        {
          const int taken = run.mul < n_gates ? run.mul : n_gates;

          run.mul -= taken;
          n_gates -= taken;
        }
      if (run.mul > 0)
        runs[n_runs - 1 - n++] = run;
    }
  out = eqk_rep_from_runs (eqk_rep_get_group (rep), runs + n_runs - n, n);
  free (runs);
  return out;
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
  n_gated = count_gated (x->rep, who_of (eqk_infer_text (ctx, "odd"), eqk_infer_text (ctx, "scalars")), gates == NULL);
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
  y = eqk_port_with_rep (x, gates != NULL ? x->rep : without_gates (x->rep, n_gated));
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
      count_gated (eqk_infer_input (ctx, "x")->rep, who_of (eqk_infer_text (ctx, "odd"), eqk_infer_text (ctx, "scalars")), true) == 0)
    return;
  settings_text (eqk_infer_settings_of (ctx, self), own, sizeof own);
  settings_text (eqk_infer_settings_of (ctx, before), theirs, sizeof theirs);
  eqk_infer_problem (ctx, "I-GATE-BEFORE-BN", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Swap the two layers"));
  eqk_fix_replace (ctx, eqk_infer_id_of (ctx, before), "gate", own);
  eqk_fix_replace (ctx, "$", layer->id, theirs);
}

static EqkGateAct
act_of (const char *name)
{
  static const struct { const char *name; EqkGateAct act; } acts[] = {
    { "relu", EQK_GATE_RELU }, { "elu", EQK_GATE_ELU }, { "silu", EQK_GATE_SILU }, { "sigmoid", EQK_GATE_SIGMOID }, { "tanh", EQK_GATE_TANH },
  };

  for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
    if (strcmp (acts[i].name, name) == 0)
      return acts[i].act;
  return EQK_GATE_IDENTITY;
}

/* Gates stand in one row of channels; a run of fields may read them from several runs, so pieces are cut where they break. */
typedef struct
{
  EqkGatePiece *pieces;
  int           n, room;
} Pieces;

static bool
add_piece (Pieces *list, const EqkGatePiece *piece)
{
  EqkGatePiece *last = list->n > 0 ? &list->pieces[list->n - 1] : NULL;

  if (last != NULL && last->act == piece->act && last->dim == piece->dim && (last->gate < 0) == (piece->gate < 0) &&
      last->from + last->dim * last->mul == piece->from && last->to + last->dim * last->mul == piece->to &&
      (piece->gate < 0 || (last->gate + last->gate_stride * last->mul == piece->gate && last->gate_stride == piece->gate_stride)))
    {
      last->mul += piece->mul;
      return true;
    }
  if (list->n == list->room)
    {
      EqkGatePiece *grown = eqk_realloc (list->pieces, (size_t) (2 * list->room + 8) * sizeof *grown);

      if (grown == NULL)
        return false;
      list->pieces = grown;
      list->room = 2 * list->room + 8;
    }
  list->pieces[list->n++] = *piece;
  return true;
}

/* Field by field; neighbours that continue each other become one piece. */
static bool
make_pieces (const EqkRep *x, const EqkRep *gates, int n_gated, const EqkGatePiece *scalar, const EqkGatePiece *gate, Who who, Pieces *list)
{
  const int n_scalars = gates == NULL ? eqk_fields_count (x, eqk_field_is_trivial) - n_gated : INT32_MAX;
  int      *gate_at = eqk_malloc (((size_t) n_gated + 1) * sizeof *gate_at);
  int      *gate_dim = eqk_malloc (((size_t) n_gated + 1) * sizeof *gate_dim);
  bool      good = gate_at != NULL && gate_dim != NULL;
  int       n_gates = 0, n_seen = 0, to = 0, taken = 0;

  for (int f = 0; good && gates != NULL && f < eqk_rep_n_fields (gates); f++)
    gate_dim[f] = eqk_field_get_dim (eqk_rep_field (gates, f, &gate_at[f]));
  for (int f = 0; good && gates == NULL && f < eqk_rep_n_fields (x); f++)
    {
      int first;

      if (eqk_field_is_trivial (eqk_rep_field (x, f, &first)) && n_seen++ >= n_scalars)
        {
          gate_at[n_gates] = first;
          gate_dim[n_gates++] = 1;
        }
    }
  n_seen = 0;
  for (int f = 0; good && f < eqk_rep_n_fields (x); f++)
    {
      int             first;
      const EqkField *field = eqk_rep_field (x, f, &first);
      const bool      trivial = eqk_field_is_trivial (field), gated = takes_gate (field, who);
      EqkGatePiece    piece = gated ? *gate : *scalar;

      if (trivial && n_seen++ >= n_scalars)
        continue;
      if (!trivial && !gated)
        piece.act = EQK_GATE_TANH;
      piece.from = first;
      piece.to = to;
      piece.dim = eqk_field_get_dim (field);
      piece.mul = 1;
      piece.gate = gated ? gate_at[taken] : -1;
      piece.gate_stride = gated ? gate_dim[taken] : 0;
      piece.bias = taken;
      taken += gated;
      to += piece.dim;
      good = add_piece (list, &piece);
    }
  free (gate_at);
  free (gate_dim);
  return good;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y"), *gates = eqk_build_in (b, "gates");
  const Who          who = who_of (eqk_build_text (b, "odd"), eqk_build_text (b, "scalars"));
  const bool         normalise = eqk_build_bool (b, "normalise");
  const char        *constants = eqk_build_text (b, "constants");
  EqkGatePiece       scalar = { .act = act_of (eqk_build_text (b, "scalars")), .scale = 1 }, gate = { .act = act_of (eqk_build_text (b, "gates")), .scale = 1 };
  EqkGateParams      p = { .n_in = eqk_rep_get_dim (x->rep), .n_out = eqk_rep_get_dim (y->rep), .n_gates = count_gated (x->rep, who, gates == NULL) };
  Pieces             list = { 0 };
  int                in[3], out = eqk_build_value (b, y->space, p.n_out);
  bool               kinked = false, good;

  if (normalise)
    {
      if (!who.gate_scalars)
        scalar.scale = eqk_act_constant (eqk_act_find (eqk_build_text (b, "scalars")), constants);
      gate.scale = eqk_act_constant (eqk_act_find (eqk_build_text (b, "gates")), constants);
    }
  p.gate_width = gates == NULL ? 0 : eqk_rep_get_dim (gates->rep);
  good = make_pieces (x->rep, gates == NULL ? NULL : gates->rep, p.n_gates, &scalar, &gate, who, &list);
  for (int k = 0; k < list.n; k++)
    {
      kinked = kinked || list.pieces[k].act == EQK_GATE_RELU || list.pieces[k].act == EQK_GATE_ELU;
      if (normalise && list.pieces[k].gate < 0 && list.pieces[k].act == EQK_GATE_TANH)
        list.pieces[k].scale = eqk_act_constant (EQK_ACT_TANH, constants);
    }
  p.n_pieces = list.n;
  p.pieces = good ? eqk_build_keep (b, list.pieces, (size_t) list.n * sizeof *list.pieces) : NULL;
  free (list.pieces);
  in[0] = eqk_build_x (b, "x");
  in[1] = eqk_build_bool (b, "bias") ? eqk_fields_weight (b, "bias", p.n_gates, 0) : -1;
  in[2] = eqk_build_x (b, "gates");
  if (p.pieces == NULL || out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, kinked ? "gate_kinked" : "gate", in, 3, &out, 1, &p, sizeof p, diag);
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
  .specimens = specimens, .exports = "escnn.nn.GatedNonLinearity1",
  .doc = EQK_N_("Plain numbers open or close the arrows beside them: lengths change, directions stay.\n\n"
                "y = (act(s), σ(g − b) v): scalars s through an activation, every other field v times the activation of a scalar g of its own. "
                "Of the trivial fields at the input the last ones are the gates. Exact for every group: a gate does not change when the input turns. "
                "Source: Weiler et al. 2018, arXiv:1807.02547; e3nn and escnn name it Gate and GatedNonLinearity."),
};
