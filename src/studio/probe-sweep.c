/* Which elements a sweep takes, and its worst. */

#include "studio/probe-sweep.h"

#include <math.h>
#include <string.h>

void
eqs_probe_sweep_unref (EqsProbeSweep *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->twin_error);
  g_free (self);
}

double
eqs_probe_sweep_worst (const EqsProbeSweep *self, gboolean on_grid, gboolean twin)
{
  double worst = NAN;

  for (guint i = 0; i < self->n; i++)
    {
      const double error = twin ? self->twin[i] : self->error[i];

      if (self->on_grid[i] == on_grid && !isnan (error) && !(error <= worst))
        worst = error;
    }
  return worst;
}

gboolean
eqs_group_inverts (const EqkGroup *group)
{
  return eqk_group_get_space_dim (group) == 3 && !eqk_group_is_connected (group);
}

EqsSweepKind
eqs_probe_sweep_kind (const EqkSymmetry *symmetry)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    return EQS_SWEEP_TURNS;
  return symmetry->permutations != EQK_PERMUTE_NONE && eqk_group_get_order (symmetry->group) == 1 ? EQS_SWEEP_ORDERS : EQS_SWEEP_ANGLES;
}

/* (transfer full) order number i of n nodes; NULL: there is no other order */
static gint32 *
order_of (guint i, gsize n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7 + i);
  gint32           *order = g_new (gint32, n + 1);

  for (gsize k = 0; k < n; k++)
    order[k] = i == 0 ? (gint32) ((k + 1) % n) : (gint32) k;
  if (i == 1 && n > 1)
    {
      order[0] = 1;
      order[1] = 0;
    }
  for (gsize k = n; i > 1 && k-- > 1; )
    {
      const gint32 with = g_rand_int_range (rand, 0, (gint32) k + 1), was = order[k];

      order[k] = order[with];
      order[with] = was;
    }
  return order;
}

EqsProbeMove
eqs_probe_sweep_move (EqsProbeSweep *self, const EqkSymmetry *symmetry, gsize n_nodes, gboolean mirror, guint i, gint32 **order)
{
  EqsProbeMove move = { .angle_rad = i * 2 * G_PI / EQS_PROBE_ANGLES, .mirror = mirror };

  *order = NULL;
  if (self->kind == EQS_SWEEP_TURNS)
    {
      const EqkElement g = eqk_group_sample (eqk_group_get ("SO3"), 7, i);

      memcpy (move.q, g.q, sizeof move.q);
      move.mirror = eqs_group_inverts (symmetry->group) && i % 2 == 1;
      memcpy (self->q[i], g.q, sizeof g.q);
      self->inverted[i] = move.mirror;
    }
  else if (self->kind == EQS_SWEEP_ORDERS)
    {
      move = (EqsProbeMove){ .n_order = n_nodes };
      move.order = *order = order_of (i, n_nodes);
    }
  return move;
}
