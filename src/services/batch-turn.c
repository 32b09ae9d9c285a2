/* How one sample of a batch is turned: its pixels, its channels, its classes. */

#include "services/batch-private.h"

#include "model/error.h"
#include "services/turn.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The group that the transform draws from: that of the design, or all rotations (and mirrors) of the plane. In space the group is all of them. */
static const EqkGroup *
group_of (EqsTransform transform, const EqkGroup *group)
{
  if (eqk_group_get_space_dim (group) == 3)
    return group;
  if (transform == EQS_TRANSFORM_RANDOM)
    return eqk_group_get (eqk_group_has_mirror (group) ? "O2" : "SO2");
  return transform == EQS_TRANSFORM_QUARTER ? eqk_group_get ("C4") : group;
}

/* Quarter turns go evenly by the number of the sample; in space they are about z. */
static EqkElement
quarter_turn (const EqkGroup *group, guint sample)
{
  EqkElement g;

  if (eqk_group_get_space_dim (group) != 3)
    return eqk_group_element (group, (int) (sample % 4));
  g = eqk_group_identity (group);
  g.q[0] = cos ((sample % 4) * G_PI / 4);
  g.q[3] = sin ((sample % 4) * G_PI / 4);
  return g;
}

EqsSampleTurn
eqs_sample_turn_of (EqsTransform transform, const EqkGroup *group, guint64 seed, guint step, guint sample)
{
  EqsSampleTurn turn = { .identity = transform == EQS_TRANSFORM_NONE };
  double m[9];

  if (turn.identity)
    return turn;
  turn.group = group_of (transform, group);
  turn.g = transform == EQS_TRANSFORM_QUARTER ? quarter_turn (turn.group, sample) : eqk_group_sample (turn.group, seed, ((guint64) step << 32) | sample);
  if (eqk_group_get_space_dim (turn.group) != 2)
    {
      turn.inverse[0] = turn.inverse[3] = 1;   /* pixels stay where they are */
      return turn;
    }
  eqk_group_action (turn.group, &turn.g, m);
  turn.inverse[0] = m[0];   /* orthogonal: the inverse is the transpose */
  turn.inverse[1] = m[2];
  turn.inverse[2] = m[1];
  turn.inverse[3] = m[3];
  return turn;
}

void
eqs_sample_turn_labels (const EqsSampleTurn *turn, const gint32 *from, gint32 *to, int h, int w)
{
  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++)
      {
        double row, column;

        eqs_turn_source (turn->inverse, h, w, i, j, &row, &column);
        const int r = (int) lround (row), q = (int) lround (column);

        to[i * w + j] = r >= 0 && r < h && q >= 0 && q < w ? from[r * w + q] : 0;
      }
}

/* How rows of a column turn: as the data say, for the group that is drawn from; else as the design takes them. */
static const EqkRep *
rep_of (const EqsSampleTurn *turn, const EqsColumn *column, const EqkPortType *type)
{
  const EqkRep *rep = NULL;

  if (column->representation != NULL && eqk_group_get_space_dim (turn->group) == 2 &&
      eqk_rep_parse (turn->group, column->representation, &rep, NULL) == EQK_OK && (gsize) eqk_rep_get_dim (rep) <= column->n_values)
    return rep;
  return type->rep;
}

gboolean
eqs_sample_turn_channels (const EqsSampleTurn *turn, const EqkRep *rep, float *values, gsize rows, GError **error)
{
  g_autofree float *copy = NULL;
  EqkElement        g = turn->g;
  const gsize       c = (gsize) eqk_rep_get_dim (rep);

  if (eqk_rep_is_trivial (rep))
    return TRUE;
  if (turn->group != eqk_rep_get_group (rep) && !eqk_group_embed (eqk_rep_get_group (rep), turn->group, &turn->g, &g))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("Channels of type %s cannot be turned by any angle; use the group's own elements."), eqk_rep_get_text (rep));
      return FALSE;
    }
  copy = g_memdup2 (values, rows * c * sizeof *values);
  eqk_rep_apply_f32 (rep, &g, copy, values, rows);
  return TRUE;
}

gboolean
eqs_sample_turn_rows (const EqsSampleTurn *turn, const EqsColumn *column, const EqkPortType *type, const float *from, float *to, gsize rows, GError **error)
{
  const EqkRep *rep = rep_of (turn, column, type);

  if (type->space.kind != EQK_SPACE_GRID)
    {
      memcpy (to, from, rows * column->n_values * sizeof *to);
      return (gsize) eqk_rep_get_dim (rep) != column->n_values || eqs_sample_turn_channels (turn, rep, to, rows, error);
    }
  eqs_turn_image (turn->inverse, from, to, type->space.h, type->space.w, eqk_rep_get_dim (type->rep));
  return eqs_sample_turn_channels (turn, rep, to, (gsize) type->space.h * (gsize) type->space.w, error);
}
