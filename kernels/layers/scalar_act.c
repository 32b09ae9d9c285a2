/* Activations on the numbers among irreps of space; arrows and tensors go by. What a function does to a pseudoscalar (0o) depends on its own parity. */

#include "core/memory.h"
#include "layers/irreps.h"
#include "layers/nodes.h"

static const EqkParam params[] = {
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "silu", 0, 0, EQK_ACT_CHOICES, EQK_N_("Of the invariants (0e)") },
  { "odd", EQK_N_("Numbers that change sign"), EQK_PARAM_CHOICE, "tanh", 0, 0, "tanh|sin|identity|abs|square|silu|relu",
    EQK_N_("Of the pseudoscalars (0o): an odd function keeps their sign, an even one makes them invariant, any other breaks mirrors") },
  { "normalise", EQK_N_("Normalise"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Scale activations so that normal inputs keep a mean square of 1, as e3nn does") },
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("The scales of “Normalise”: exact integrals, or e3nn's estimates for weights trained there") },
  { NULL }
};

/* Pseudoscalars become invariants where the function is even. */
static const EqkRep *
acted (const EqkRep *rep, int parity)
{
  const int     n = eqk_rep_n_runs (rep);
  EqkRepRun    *runs = eqk_malloc (((size_t) n + 1) * sizeof *runs);
  const EqkRep *out;

  if (runs == NULL)
    return NULL;
  for (int r = 0; r < n; r++)
    {
      runs[r] = eqk_rep_run (rep, r);
      if (parity > 0 && eqk_field_is_sign (runs[r].field))
        runs[r].field = eqk_group_trivial (eqk_rep_get_group (rep));
    }
  out = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
  free (runs);
  return out;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const char        *odd = eqk_infer_text (ctx, "odd");
  const int          parity = eqk_act_parity (eqk_act_find (odd)), n_odd = x == NULL ? 0 : eqk_fields_count (x->rep, eqk_field_is_sign);
  EqkPortType        y;

  if (x == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  if (x->kind == EQK_KIND_POSITION)
    return eqk_infer_set_output (ctx, "y", x);
  if (n_odd > 0 && parity == 0)
    {
      eqk_infer_problem (ctx, "E-ODD-SCALAR-ACT", "x", "act='%s' irr=0o", odd);
      eqk_infer_fix (ctx, EQK_N_("Use tanh"));
      eqk_fix_set (ctx, "$", "odd", "tanh");
      eqk_infer_fix (ctx, EQK_N_("Use the absolute value, which makes them invariant"));
      eqk_fix_set (ctx, "$", "odd", "abs");
      eqk_infer_lose (ctx, 0, "E-ODD-SCALAR-ACT");
    }
  y = eqk_port_with_rep (x, acted (x->rep, parity));
  return y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
}

enum { INVARIANTS, ODD, OTHERS, N_PARTS };

static int
part_of (const EqkField *field)
{
  return eqk_field_is_trivial (field) ? INVARIANTS : eqk_field_is_sign (field) ? ODD : OTHERS;
}

/* Channels part by part, and where each channel stands then; counts by part. */
static void
sort_channels (const EqkRep *rep, int32_t *sorted, int32_t *at, int counts[N_PARTS])
{
  int n = 0;

  for (int part = 0; part < N_PARTS; part++)
    {
      counts[part] = -n;
      for (int f = 0; f < eqk_rep_n_fields (rep); f++)
        {
          int             first;
          const EqkField *field = eqk_rep_field (rep, f, &first);

          for (int c = 0; part_of (field) == part && c < eqk_field_get_dim (field); c++)
            {
              at[first + c] = n;
              sorted[n++] = first + c;
            }
        }
      counts[part] += n;
    }
}

static int
act_on (EqkBuild *b, const char *param, int x, EqkSpace space, int width, EqkDiag *diag)
{
  const char *act = eqk_build_text (b, param);

  return eqk_dense_act (b, act, x, space, width, eqk_build_bool (b, "normalise") ? eqk_act_constant (eqk_act_find (act), eqk_build_text (b, "constants")) : 1, diag);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const int          n = eqk_rep_get_dim (x->rep);
  int32_t           *sorted = eqk_malloc (2 * ((size_t) n + 1) * sizeof *sorted);
  int                counts[N_PARTS], parts[N_PARTS], widths[N_PARTS], n_parts = 0, y = -1;

  if (sorted == NULL)
    return EQK_ERR_NO_MEMORY;
  sort_channels (x->rep, sorted, sorted + n, counts);
  for (int part = 0, at = 0; part < N_PARTS; at += counts[part], part++)
    {
      int h;

      if (counts[part] == 0)
        continue;
      h = eqk_rows_take (b, eqk_build_x (b, "x"), x->space, n, sorted + at, counts[part], diag);
      if (h >= 0 && part != OTHERS)
        h = act_on (b, part == INVARIANTS ? "act" : "odd", h, x->space, counts[part], diag);
      parts[n_parts] = h;
      widths[n_parts++] = counts[part];
    }
  y = n_parts == 1 ? parts[0] : eqk_rows_concat (b, parts, widths, n_parts, x->space, diag);
  if (n_parts > 1)
    y = eqk_rows_take (b, y, x->space, n, sorted + n, n, diag);
  free (sorted);
  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x0e + 2x1o + 2x0o + 1x0e" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 2x0e + 3x0o + 1x2e" }, .settings = "act=ssp odd=square constants=e3nn" },
  { .group = "O3", .inputs = { "sample 2x0o + 1x1e" }, .settings = "odd=abs" },
  { .group = "O3", .inputs = { "nodes 4x0e" }, .settings = "act=gelu normalise=off" },
  { .group = "SO3", .inputs = { "nodes 2x0 + 2x1" }, .settings = "act=relu" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_scalar_act = {
  .id = "scalar_act", .title = EQK_N_("Activation of numbers"), .category = EQK_N_("Non-linearity"), .domains = "points|molecule|sphere",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "e3nn.nn.Activation",
  .doc = EQK_N_("Bends the plain numbers and lets arrows and tensors pass as they are.\n\n"
                "y = c f(s) for each invariant (0e), c g(p) for each pseudoscalar (0o), the rest unchanged; c keeps the mean square of normal numbers. A pseudoscalar changes sign under a mirror: "
                "with an odd g it stays one, with an even g it becomes an invariant, with any other mirrors are lost. Source: e3nn's Activation."),
};
