/* Concatenated ReLU: a number that changes sign becomes a pair that is exchanged. */

#include "layers/fields.h"

/* True when `pair` is exchanged by exactly the elements under which `sign` changes. */
static bool
follows (const EqkField *pair, const EqkField *sign)
{
  const EqkGroup *group = eqk_field_get_group (sign);

  if (pair == NULL || eqk_field_get_dim (pair) != 2)
    return false;
  for (int i = 0; i < eqk_group_get_order (group); i++)
    {
      const EqkElement g = eqk_group_element (group, i);
      double           m[4], s;

      eqk_field_matrix (pair, &g, m);
      eqk_field_matrix (sign, &g, &s);
      if (fabs (m[1] - (s < 0)) > 1e-9 || fabs (m[0] - (s > 0)) > 1e-9)
        return false;
    }
  return true;
}

/* The quotient by the elements that keep the sign: a rotation group or a mirror group of half the steps. NULL when none is offered. */
static const EqkField *
pair_of (const EqkField *sign)
{
  const EqkGroup *group = eqk_field_get_group (sign);
  const int       n = eqk_group_get_n (group);
  const double    axis = eqk_group_get_axis_deg (group);
  char            ids[4][40];

  if (!eqk_group_is_finite (group) || !eqk_field_is_sign (sign))
    return NULL;
  snprintf (ids[0], sizeof ids[0], "C%d", n);
  snprintf (ids[1], sizeof ids[1], "C%d", n / 2);
  snprintf (ids[2], sizeof ids[2], "D%d@axis=%.12g", n / 2, axis);
  snprintf (ids[3], sizeof ids[3], "D%d@axis=%.12g", n / 2, axis + 180.0 / n);
  for (int i = 0; i < 4; i++)
    {
      const EqkGroup *sub = eqk_group_get (ids[i]);
      const EqkField *pair = sub == NULL ? NULL : eqk_field_quotient (group, sub);

      if (follows (pair, sign))
        return pair;
    }
  return NULL;
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  const EqkGroup *group = symmetry->group;

  if (eqk_group_is_finite (group))
    for (int i = 0; i < eqk_group_n_irreps (group, eqk_group_get_n (group)); i++)
      if (pair_of (eqk_group_irrep (group, i)) != NULL)
        return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("It needs a finite group under which some number can change its sign: an even number of turns, or mirrors."));
  return false;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const EqkRep      *parts[64], *rep;
  int                n;

  if (x == NULL)
    return EQK_ERR_TYPE;
  n = eqk_rep_n_runs (x->rep);
  if (n > 64)
    return eqk_fail (diag, EQK_ERR_LIMIT, "%d kinds of fields", n);
  for (int r = 0; r < n; r++)
    {
      const EqkRepRun run = eqk_rep_run (x->rep, r);
      const EqkField *pair = pair_of (run.field);

      if (pair == NULL)
        return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "numbers that change sign", eqk_rep_get_text (x->rep));
      parts[r] = eqk_rep_single (pair, run.mul);
    }
  rep = eqk_rep_concat (parts, n);
  if (rep == NULL)
    return EQK_ERR_NO_MEMORY;
  return eqk_infer_set_output (ctx, "y", &(EqkPortType) { x->space, x->symmetry, rep, x->kind, x->guarantee });
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  int                in = eqk_build_x (b, "x"), out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  if (out < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "crelu", &in, 1, &out, 1, NULL, 0, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 3x f2" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 5x5 2x (1,0) + 1x (0,2) + 1x (1,2)" }, .settings = "" },
  { .group = "flip", .inputs = { "sample 3x sign" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_crelu_concat = {
  .id = "crelu_concat", .title = EQK_N_("Concatenated ReLU"), .category = EQK_N_("Non-linearity"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .admits = admits, .infer = infer, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.ConcatenatedNonLinearity",
  .doc = EQK_N_("Keeps what is above zero and what is below it apart, for numbers that flip their sign.\n\n"
                "Each number x that only changes its sign becomes the pair (ReLU(x), ReLU(−x)), which the group exchanges: a quotient field of two channels. "
                "Exact. Source: Shang et al. 2016, arXiv:1603.05201; escnn's ConcatenatedNonLinearity."),
};
