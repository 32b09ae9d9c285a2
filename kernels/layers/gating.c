/* Gates: which fields take one, what remains without them, and the pieces of rows that the operation works on. */

#include "core/memory.h"
#include "layers/gating.h"

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

int
eqk_gate_count (const EqkRep *rep, const char *odd, const char *scalars, bool gates_inside)
{
  const Who who = who_of (odd, scalars);
  const int n_scalars = eqk_fields_count (rep, eqk_field_is_trivial);
  int       n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (!eqk_field_is_trivial (eqk_rep_run (rep, r).field) && takes_gate (eqk_rep_run (rep, r).field, who))
      n += eqk_rep_run (rep, r).mul;
  if (!who.gate_scalars)
    return n;
  return gates_inside ? n + (n_scalars > n ? (n_scalars - n + 1) / 2 : 0) : n + n_scalars;
}

const EqkRep *
eqk_gate_rest (const EqkRep *rep, int n_gates)
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

int
eqk_gate_rows (EqkBuild *b, int x, const EqkRep *rep, int gates, const EqkRep *gates_rep, EqkSpace space, const EqkGateForm *form, EqkDiag *diag)
{
  const Who     who = who_of (form->odd, form->scalars);
  EqkGatePiece  scalar = { .act = act_of (form->scalars), .scale = 1 }, gate = { .act = act_of (form->gates), .scale = 1 };
  EqkGateParams p = { .n_in = eqk_rep_get_dim (rep), .n_gates = eqk_gate_count (rep, form->odd, form->scalars, gates_rep == NULL) };
  const EqkRep *rest = gates_rep != NULL ? rep : eqk_gate_rest (rep, p.n_gates);
  Pieces        list = { 0 };
  int           in[3] = { x, -1, gates }, out;
  bool          kinked = false, good;

  if (rest == NULL || x < 0)
    return -1;
  if (form->normalise)
    {
      if (!who.gate_scalars)
        scalar.scale = eqk_act_constant (eqk_act_find (form->scalars), form->constants);
      gate.scale = eqk_act_constant (eqk_act_find (form->gates), form->constants);
    }
  p.n_out = eqk_rep_get_dim (rest);
  p.gate_width = gates_rep == NULL ? 0 : eqk_rep_get_dim (gates_rep);
  good = make_pieces (rep, gates_rep, p.n_gates, &scalar, &gate, who, &list);
  for (int k = 0; k < list.n; k++)
    {
      kinked = kinked || list.pieces[k].act == EQK_GATE_RELU || list.pieces[k].act == EQK_GATE_ELU;
      if (form->normalise && list.pieces[k].gate < 0 && list.pieces[k].act == EQK_GATE_TANH)
        list.pieces[k].scale = eqk_act_constant (EQK_ACT_TANH, form->constants);
    }
  p.n_pieces = list.n;
  p.pieces = good ? eqk_build_keep (b, list.pieces, (size_t) list.n * sizeof *list.pieces) : NULL;
  free (list.pieces);
  if (form->bias)
    in[1] = eqk_fields_weight (b, "bias", p.n_gates, 0);
  out = eqk_build_value (b, space, p.n_out);
  if (p.pieces == NULL || out < 0 || eqk_build_op (b, kinked ? "gate_kinked" : "gate", in, 3, &out, 1, &p, sizeof p, diag) != EQK_OK)
    return -1;
  return out;
}
