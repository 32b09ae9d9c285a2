/* Feeds are kept as bytes; edges that came with the data are renamed with their nodes and sorted again by the run. */

#include "services/moves.h"

#include "eqk/graph.h"
#include "eqk/op.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct _EqsMoves
{
  const EqkProgram *program;
  GArray           *feeds;                      /* owned, of EqsMovesFeed */
  EqkStructure      base[EQK_MAX_STRUCTURES];   /* owned copies */
};

/* ---- keeping ---- */

static void
feed_clear_cb (gpointer data)
{
  g_free (((EqsMovesFeed *) data)->plain);
}

static EqkPortType
type_of_feed (const EqkProgram *program, int v)
{
  const EqkValue    *value = eqk_program_value (program, v);
  const EqkTyped    *typed = eqk_program_typed (program);
  const EqkPortType *type = eqk_program_value_type (program, v);
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (typed));

  if (type == NULL && value->node >= 0)
    {
      type = eqk_typed_output (typed, value->node, NULL);
      if (type != NULL && (!eqk_space_equal (&type->space, &value->space) || eqk_rep_get_dim (type->rep) != value->width))
        type = NULL;
    }
  if (type != NULL)
    return *type;
  return (EqkPortType){ .space = value->space, .symmetry = *symmetry, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), value->width) };
}

EqsMoves *
eqs_moves_new (const EqkProgram *program)
{
  EqsMoves *self = g_new0 (EqsMoves, 1);

  self->program = program;
  self->feeds = g_array_new (FALSE, TRUE, sizeof (EqsMovesFeed));
  g_array_set_clear_func (self->feeds, feed_clear_cb);
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_FEED)
      {
        EqsMovesFeed feed = { .value = v, .type = type_of_feed (program, v), .index = eqk_program_value (program, v)->index };

        if (feed.index)
          feed.type.kind = EQK_KIND_SPECIES;
        g_array_append_val (self->feeds, feed);
      }
  return self;
}

static void
structure_clear (EqkStructure *s)
{
  g_free (s->node_offset);
  g_free (s->src);
  g_free (s->dst);
  g_free (s->by_dst);
  g_free (s->by_src);
  g_free (s->src_edge);
  g_free (s->shift);
  g_free (s->node_of);
  g_free (s->edge_of);
  g_free (s->place);
  memset (s, 0, sizeof *s);
}

void
eqs_moves_free (EqsMoves *self)
{
  for (int i = 0; i < EQK_MAX_STRUCTURES; i++)
    structure_clear (&self->base[i]);
  g_array_unref (self->feeds);
  g_free (self);
}

static void
structure_copy (EqkStructure *to, const EqkStructure *from)
{
  structure_clear (to);
  if (from->node_offset == NULL)
    return;
  to->n_samples = from->n_samples;
  to->n_nodes = from->n_nodes;
  to->n_edges = from->n_edges;
  to->node_offset = g_memdup2 (from->node_offset, ((gsize) from->n_samples + 1) * sizeof (int32_t));
  if (from->by_dst == NULL || from->src == NULL)
    return;
  to->src = g_memdup2 (from->src, (from->n_edges + 1) * sizeof (int32_t));
  to->dst = g_memdup2 (from->dst, (from->n_edges + 1) * sizeof (int32_t));
  to->by_dst = g_memdup2 (from->by_dst, (from->n_nodes + 1) * sizeof (int32_t));
  to->by_src = g_memdup2 (from->by_src, (from->n_nodes + 1) * sizeof (int32_t));
  to->src_edge = g_memdup2 (from->src_edge, (from->n_edges + 1) * sizeof (int32_t));
  if (from->shift != NULL)
    to->shift = g_memdup2 (from->shift, (3 * from->n_edges + 1) * sizeof (int32_t));
}

static int
n_structures (const EqsMoves *self, const EqkRun *run)
{
  return run->sizes.nodes == 0 ? 0 : MAX (eqk_program_n_structures (self->program), 1);
}

void
eqs_moves_keep_parts (EqsMoves *self, const EqkRun *run)
{
  for (int i = 1; i <= eqk_program_n_selections (self->program); i++)
    {
      const EqkStructure *from = &run->structures[i];
      EqkStructure       *to = &self->base[i];

      structure_copy (to, from);
      to->parent = from->parent;
      to->node_of = g_memdup2 (from->node_of, (from->n_nodes + 1) * sizeof (int32_t));
      to->edge_of = g_memdup2 (from->edge_of, (from->n_edges + 1) * sizeof (int32_t));
      to->place = g_memdup2 (from->place, (run->structures[from->parent].n_nodes + 1) * sizeof (int32_t));
    }
}

EqkStatus
eqs_moves_keep (EqsMoves *self, EqkRun *run)
{
  for (guint i = 0; i < self->feeds->len; i++)
    {
      EqsMovesFeed *feed = &g_array_index (self->feeds, EqsMovesFeed, i);
      const gsize   size = feed->index ? sizeof (int32_t) : (gsize) run->precision / 8;

      feed->count = eqk_value_count (self->program, feed->value, &run->sizes);
      g_free (feed->plain);
      feed->plain = g_memdup2 (eqk_run_feed (run, feed->value), MAX (feed->count, 1) * size);
    }
  for (int i = 0; i < n_structures (self, run); i++)
    structure_copy (&self->base[i], &run->structures[i]);
  return EQK_OK;
}

guint
eqs_moves_get_n_feeds (const EqsMoves *self)
{
  return self->feeds->len;
}

const EqsMovesFeed *
eqs_moves_get_feed (const EqsMoves *self, guint index)
{
  return &g_array_index (self->feeds, EqsMovesFeed, index);
}

const EqkStructure *
eqs_moves_get_structure (const EqsMoves *self, int index)
{
  return &self->base[index];
}

/* ---- types ---- */

/* The same numbers under two names of one representation: generators act alike. */
static gboolean
acts_alike (const EqkRep *own, const EqkRep *whole)
{
  const EqkGroup   *group = eqk_rep_get_group (own), *larger = eqk_rep_get_group (whole);
  const gsize       n = (gsize) eqk_rep_get_dim (own);
  EqkElement        generators[4], g;
  const int         n_generators = eqk_group_generators (group, generators);
  g_autofree float *x = g_new (float, n + 1), *a = g_new (float, n + 1), *b = g_new (float, n + 1);

  for (gsize i = 0; i < n; i++)
    x[i] = (float) sin (1 + 1.7 * (double) i);
  for (int k = 0; k < n_generators; k++)
    {
      if (!eqk_group_embed (larger, group, &generators[k], &g))
        continue;   /* a mirror where only turns are asked for */
      eqk_rep_apply_f32 (own, &generators[k], x, a, 1);
      eqk_rep_apply_f32 (whole, &g, x, b, 1);
      for (gsize i = 0; i < n; i++)
        if (fabsf (a[i] - b[i]) > 1e-5f)
          return FALSE;
    }
  return TRUE;
}

gboolean
eqs_moves_type_for (const EqkPortType *type, const EqkGroup *whole, const EqkElement *g, EqkPortType *out, gboolean *is_element)
{
  const EqkRep *rep = NULL;
  EqkElement    own;

  *out = *type;
  *is_element = eqk_group_embed (type->symmetry.group, whole, g, &own);
  if (*is_element)
    return TRUE;
  if (eqk_rep_is_trivial (type->rep))
    rep = eqk_rep_single (eqk_group_trivial (whole), eqk_rep_get_dim (type->rep));
  else if (eqk_group_get_space_dim (type->symmetry.group) != eqk_group_get_space_dim (whole) ||
           eqk_rep_parse (whole, eqk_rep_get_text (type->rep), &rep, NULL) != EQK_OK ||
           eqk_rep_get_dim (rep) != eqk_rep_get_dim (type->rep) || !acts_alike (type->rep, rep))
    return FALSE;
  out->symmetry.group = whole;
  out->rep = rep;
  return TRUE;
}

/* ---- feeding ---- */

static gboolean
has_given_edges (const EqsMoves *self, const EqkRun *run)
{
  return run->sizes.nodes > 0 && eqk_program_n_structures (self->program) > 0 && eqk_program_structure (self->program, 0)->given;
}

static EqkStatus
feed_edges (EqsMoves *self, EqkRun *run, const EqkAction *action, EqkDiag *diag)
{
  const EqkStructure *base = &self->base[0];
  const gsize         n = base->n_edges;
  g_autofree int32_t *ends = g_new (int32_t, 2 * n + 1);

  for (gsize e = 0; e < n; e++)
    {
      ends[e] = action == NULL || action->moves == NULL ? base->src[e] : action->moves[base->src[e]];
      ends[n + e] = action == NULL || action->moves == NULL ? base->dst[e] : action->moves[base->dst[e]];
    }
  return eqk_run_set_edges (run, ends, ends + n, n, NULL, diag);
}

static EqkStatus
feed_one (EqkRun *run, const EqkAction *action, const EqsMovesFeed *feed)
{
  EqkPortType type = feed->type;
  gboolean    is_element;
  EqkStatus   status;

  if (action == NULL)
    {
      memcpy (eqk_run_feed (run, feed->value), feed->plain, feed->count * (feed->index ? sizeof (int32_t) : (gsize) run->precision / 8));
      return EQK_OK;
    }
  if (!feed->index && !eqs_moves_type_for (&feed->type, action->group, &action->g, &type, &is_element))
    return EQK_ERR_GROUP;
  status = eqk_action_apply (action, &type, run->precision, &run->sizes, feed->plain, eqk_run_feed (run, feed->value));
  if (status == EQK_OK)
    eqk_action_leave (action, eqk_program_value (run->program, feed->value), run->precision, eqk_run_rows (run, feed->value), feed->plain, eqk_run_feed (run, feed->value));
  return status;
}

EqkStatus
eqs_moves_feed (EqsMoves *self, EqkRun *run, EqkAction *action, EqkDiag *diag)
{
  EqkStatus status = has_given_edges (self, run) ? feed_edges (self, run, action, diag) : EQK_OK;

  if (action != NULL && n_structures (self, run) > 0)
    {
      action->from = self->base;
      action->to = run->structures;
    }
  /* What stands on edges comes last: places decide who is a neighbour. */
  for (int edges = 0; edges < 2 && status == EQK_OK; edges++)
    {
      for (guint i = 0; i < self->feeds->len && status == EQK_OK; i++)
        {
          const EqsMovesFeed *feed = &g_array_index (self->feeds, EqsMovesFeed, i);

          if ((feed->type.space.kind == EQK_SPACE_EDGES) == (edges == 1))
            status = feed_one (run, action, feed);
        }
      if (edges == 0 && status == EQK_OK && run->sizes.nodes > 0 && eqk_program_n_structures (self->program) > 0)
        status = eqk_run_build_structures (run, diag);
    }
  return status;
}

EqkStatus
eqs_moves_back (EqsMoves *self, EqkRun *run, const EqkAction *action, const EqkPortType *type, const void *in, void *out)
{
  const gsize         n = run->sizes.nodes;
  EqkAction           back = { .group = action->group, .g = eqk_group_inverse (action->group, &action->g), .from = run->structures, .to = self->base };
  g_autofree int32_t *moves = NULL;
  double              shift[3] = { 0 }, matrix[9];
  const int           dim = eqk_group_get_space_dim (action->group);
  gboolean            is_element;
  EqkPortType         own;

  if (!eqs_moves_type_for (type, back.group, &back.g, &own, &is_element))
    return EQK_ERR_GROUP;
  if (action->moves != NULL)
    {
      moves = g_new (int32_t, n + 1);
      for (gsize i = 0; i < n; i++)
        moves[action->moves[i]] = (int32_t) i;
      back.moves = moves;
    }
  if (n_structures (self, run) == 0)
    back.from = back.to = NULL;
  if (action->shift != NULL && dim > 0)
    {
      eqk_group_action (back.group, &back.g, matrix);
      for (int i = 0; i < dim; i++)
        for (int j = 0; j < dim; j++)
          shift[i] -= matrix[i * dim + j] * action->shift[j];
      back.shift = shift;
    }
  return eqk_action_apply (&back, &own, run->precision, &run->sizes, in, out);
}
