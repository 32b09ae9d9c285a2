/* The step of message passing that TFN and NequIP share. */

#include "layers/interaction.h"

#include <math.h>
#include <stdio.h>

/* What comes out: the irreps asked for that products reach or that the node has itself, and one more invariant a gate. */
static const EqkRep *
output_rep (const EqkRep *x, const EqkRep *y, const EqkRep *asked, const char *drop, bool gates, bool self)
{
  const EqkRep *mid = eqk_irreps_products (x, y, asked, drop), *reached, *parts[2];

  if (mid == NULL || eqk_rep_get_dim (mid) == 0)      /* without a path there is nothing to send */
    return mid;
  parts[0] = mid;
  parts[1] = x;
  reached = eqk_irreps_common (asked, self ? eqk_rep_concat (parts, 2) : mid);
  if (reached == NULL || !gates || eqk_irreps_n_gated (reached) == 0)
    return reached;
  return eqk_irreps_add_invariants (reached, eqk_irreps_n_gated (reached));
}

EqkStatus
eqk_interaction_infer (EqkInfer *ctx, bool self, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x"), *y = eqk_infer_input (ctx, "harmonics"), *radial = eqk_infer_input (ctx, "radial");
  const EqkRep      *asked;
  const char        *drop;
  EqkPortType        out;

  if (x->space.kind != EQK_SPACE_NODES || x->kind == EQK_KIND_SPECIES || x->kind == EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features of nodes", eqk_kind_name (x->kind));
  if (y->space.kind != EQK_SPACE_EDGES || y->kind != EQK_KIND_FEATURE)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "harmonics", "harmonics of edges", eqk_kind_name (y->kind));
  if (radial->kind != EQK_KIND_RADIAL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "radial", "radial functions", eqk_kind_name (radial->kind));
  if (eqk_irreps_check (x, "x", diag) != EQK_OK || eqk_irreps_check (y, "harmonics", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  asked = eqk_irreps_param (ctx, "out", diag);
  drop = eqk_irreps_drop_param (ctx, diag);
  if (asked == NULL || drop == NULL)
    return EQK_ERR_TYPE;
  out = eqk_port_with_rep (x, output_rep (x->rep, y->rep, asked, drop, eqk_infer_bool (ctx, "gates"), self));
  if (out.rep == NULL)
    return EQK_ERR_NO_MEMORY;
  if (eqk_rep_get_dim (out.rep) == 0 && *drop != '\0')
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "drop_paths", "a path that is left", drop);
  if (eqk_rep_get_dim (out.rep) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "irreps that a product of x and the harmonics reaches", eqk_rep_get_text (asked));
  out.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &out);
}

/* A later step of the stack: one downstream that reads harmonics too. */
static bool
is_last (const EqkInfer *ctx)
{
  for (int n = 0; n < eqk_infer_n_nodes (ctx); n++)
    if (n != eqk_infer_node (ctx) && eqk_infer_is_upstream (ctx, eqk_infer_node (ctx), n) && eqk_infer_source_of (ctx, n, "harmonics", 0) >= 0)
      return false;
  return true;
}

/* Whether anything but the scalars of a node's features is read further on: a layer that drops the rest gives just as many invariants as come in. */
static bool
only_scalars_are_read (const EqkInfer *ctx, int node, int depth)
{
  int       nodes[16];
  const int n = eqk_infer_consumers (ctx, node, nodes, 16);
  const EqkPortType *x = eqk_infer_type_of (ctx, node, NULL);

  if (x == NULL || n == 0 || n > 16 || depth == 0)
    return false;
  for (int i = 0; i < n; i++)
    {
      const EqkPortType *y = eqk_infer_type_of (ctx, nodes[i], NULL);
      const int          n_scalars = eqk_irreps_count (x->rep, eqk_group_trivial (x->symmetry.group));

      if (y == NULL || (eqk_rep_is_trivial (y->rep) ? eqk_rep_get_dim (y->rep) != n_scalars : !only_scalars_are_read (ctx, nodes[i], depth - 1)))
        return false;
    }
  return true;
}

static bool
leads_to_energy (const EqkInfer *ctx)
{
  for (int n = 0; n < eqk_infer_n_nodes (ctx); n++)
    {
      const EqkPortType *type = eqk_infer_is_upstream (ctx, eqk_infer_node (ctx), n) ? eqk_infer_type_of (ctx, n, NULL) : NULL;

      if (type != NULL && type->kind == EQK_KIND_ENERGY)
        return true;
    }
  return false;
}

/* What the last step makes beside scalars is thrown away, where scalars alone go into the energy. */
static void
lint_last (EqkInfer *ctx, const EqkRep *asked)
{
  const EqkField *scalar = eqk_group_trivial (eqk_rep_get_group (asked));
  const int       n = eqk_irreps_count (asked, scalar);
  char            out[32];

  if (n == 0 || eqk_rep_is_trivial (asked) || !leads_to_energy (ctx) || !only_scalars_are_read (ctx, eqk_infer_node (ctx), 4))
    return;
  eqk_infer_problem (ctx, "W-NEQUIP-LAST", "y", NULL);
  snprintf (out, sizeof out, "%dx %s", n, eqk_field_get_name (scalar));
  eqk_infer_fix (ctx, EQK_N_("Make scalars alone"));
  eqk_fix_set (ctx, "$", "out", out);
}

/* Sums that nothing divides, over many neighbours. Attention has no such setting: its weights add up to one. */
static void
lint_sums (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0), mean = n > 0 ? eqk_infer_fact (ctx, "E", 0) / n : 0, by = eqk_infer_real (ctx, "neighbours");
  char         value[32];

  if (!(by > 0 && by <= 1) || (mean > 0 && mean < 4))
    return;
  snprintf (value, sizeof value, "%.0f", mean > 0 ? mean : 10);
  eqk_infer_problem (ctx, "W-NEIGH-NORM", "y", NULL);
  eqk_infer_fix (ctx, EQK_N_("Divide by the root of the mean number of neighbours"));
  eqk_fix_set (ctx, "$", "neighbours", value);
}

/* In the first steps an irrep is missing by nature: there are only invariants and what one product makes of them. */
void
eqk_interaction_lint (EqkInfer *ctx)
{
  const EqkPortType *out = eqk_infer_output (ctx, "y");
  const EqkRep      *asked = out == NULL || !is_last (ctx) ? NULL : eqk_irreps_param (ctx, "out", NULL);

  lint_sums (ctx);
  if (asked != NULL)
    lint_last (ctx, asked);
  for (int r = 0; asked != NULL && r < eqk_rep_n_runs (asked); r++)
    if (eqk_irreps_count (out->rep, eqk_rep_run (asked, r).field) == 0)
      eqk_infer_problem (ctx, "W-NEQUIP-UNREACH", "y", "ir=%s n=%s", eqk_field_get_name (eqk_rep_run (asked, r).field), eqk_infer_id_of (ctx, eqk_infer_node (ctx)));
}

EqkStatus
eqk_interaction_expand (EqkBuild *b, const EqkSelf *self, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_in (b, "harmonics"), *radial = eqk_build_in (b, "radial"), *out = eqk_build_out (b, "y");
  const char        *drop = eqk_build_text (b, "drop_paths");
  const EqkRep      *mid = eqk_irreps_products (x->rep, y->rep, out->rep, drop);
  const double       scale = 1 / sqrt (eqk_build_real (b, "neighbours"));
  EqkIrrepsLinear    up = { .name = "linear_up", .in = x->rep, .out = x->rep, .out_by_component = true, .kinds = -1, .table = -1 };
  EqkIrrepsLinear    down = { .name = "linear_down", .in = mid, .out = out->rep, .in_by_component = true, .kinds = -1, .table = -1 };
  EqkIrrepsLinear    own = { .name = self->self_name, .in = x->rep, .out = out->rep, .kinds = self->kinds, .n_kinds = self->n_kinds, .table = self->table,
                             .width = self->width };
  int                hidden[16], h, w, sum, add[2];
  const int          n_hidden = eqk_build_ints (b, "hidden", hidden, 16);

  if (mid == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "interaction");
  h = eqk_irreps_linear (b, &up, eqk_build_x (b, "x"), x->space, diag);
  w = h < 0 ? -1 : eqk_radial_mlp (b, "radial", eqk_build_x (b, "radial"), radial->space, eqk_rep_get_dim (radial->rep), hidden, n_hidden,
                                   eqk_irreps_n_paths_weights (x->rep, y->rep, mid, drop), "silu", eqk_build_text (b, "constants"), false, diag);
  h = w < 0 ? -1 : eqk_irreps_convolve (b, x->rep, y->rep, mid, drop, h, eqk_build_x (b, "harmonics"), w, radial->space.structure, scale, diag);
  h = h < 0 ? -1 : eqk_irreps_linear (b, &down, h, x->space, diag);
  if (h >= 0 && self->self && eqk_irreps_linear_count (x->rep, out->rep) > 0)
    {
      add[0] = h;
      add[1] = eqk_irreps_linear (b, &own, eqk_build_x (b, "x"), x->space, diag);
      sum = eqk_build_value (b, x->space, eqk_rep_get_dim (out->rep));
      h = add[1] < 0 || sum < 0 || eqk_build_op (b, "add", add, 2, &sum, 1, NULL, 0, diag) != EQK_OK ? -1 : sum;
    }
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}
