/* Runs with seeded weights and inputs, whose feeds can be moved by an element of the symmetry before a pass. */

#include "check/rig.h"

#include "eqk/op.h"
#include "eqk/random.h"
#include "graph/run-private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_IMAGES = 60 };

double
eqk_rig_number (const EqkRig *self, const void *buffer, size_t i)
{
  return self->options.precision == EQK_F32 ? ((const float *) buffer)[i] : ((const double *) buffer)[i];
}

void
eqk_rig_set_number (const EqkRig *self, void *buffer, size_t i, double value)
{
  if (self->options.precision == EQK_F32)
    ((float *) buffer)[i] = (float) value;
  else
    ((double *) buffer)[i] = value;
}

size_t
eqk_rig_count (const EqkRig *self, int value)
{
  return eqk_value_count (self->program, value, &self->run->sizes);
}

size_t
eqk_rig_bytes (const EqkRig *self, int value)
{
  return eqk_rig_count (self, value) * (eqk_program_value (self->program, value)->index ? sizeof (int32_t) : (size_t) self->options.precision / 8);
}

/* ---- sizes ---- */

static bool
is_ragged (const EqkProgram *program)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkSpaceKind kind = eqk_program_value (program, v)->space.kind;

      if (kind == EQK_SPACE_NODES || kind == EQK_SPACE_EDGES || kind == EQK_SPACE_PAIRS)
        return true;
    }
  return false;
}

/* The rule of the neighbours where points have images; NULL otherwise. */
static const EqkStructureRule *
periodic_rule (const EqkRig *self)
{
  const EqkStructureRule *rule = eqk_program_n_structures (self->program) > 0 ? eqk_program_structure (self->program, 0) : NULL;

  return rule != NULL && rule->cell >= 0 ? rule : NULL;
}

/* By how many lattice vectors each point is moved where the whole is shifted: another image of it is the same point. */
static EqkStatus
draw_wraps (EqkRig *self)
{
  EqkRandom random = eqk_random (self->options.seed, EQK_RANDOM_TEST, 4, 0, 0);

  self->wraps = calloc (3 * self->sizes.nodes + 3, sizeof *self->wraps);
  if (self->wraps == NULL)
    return EQK_ERR_NO_MEMORY;
  for (size_t i = 0; i < 3 * self->sizes.nodes; i++)
    self->wraps[i] = (int32_t) eqk_random_below (&random, 3) - 1;
  return EQK_OK;
}

static EqkStatus
choose_sizes (EqkRig *self)
{
  const int batch = self->options.batch;

  self->sizes = (EqkSizes){ .batch = batch };
  if (!is_ragged (self->program))
    return EQK_OK;
  self->nodes = calloc ((size_t) batch, sizeof *self->nodes);
  if (self->nodes == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int s = 0; s < batch; s++)
    {
      self->nodes[s] = eqk_inputs_nodes (self->options.seed, s);
      self->sizes.nodes += (size_t) self->nodes[s];
      self->sizes.edges += (size_t) (self->nodes[s] * (self->nodes[s] - 1));
      self->sizes.pairs += (size_t) (self->nodes[s] * self->nodes[s]);
      if (periodic_rule (self) != NULL)         /* lattices of inputs.c are not much smaller than the cut-off */
        self->sizes.edges += (size_t) (self->nodes[s] * self->nodes[s]) * MOST_IMAGES;
    }
  return periodic_rule (self) == NULL ? EQK_OK : draw_wraps (self);
}

/* An asymmetric random graph for programs whose edges come from nowhere. */
static EqkStatus
draw_edges (EqkRig *self)
{
  EqkRandom random = eqk_random (self->options.seed, EQK_RANDOM_TEST, 3, 0, 0);
  int32_t   first = 0;

  self->edge_src = calloc (self->sizes.edges + 1, sizeof (int32_t));
  self->edge_dst = calloc (self->sizes.edges + 1, sizeof (int32_t));
  if (self->edge_src == NULL || self->edge_dst == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int s = 0; s < self->options.batch; first += self->nodes[s++])
    for (int32_t dst = 0; dst < self->nodes[s]; dst++)
      for (int32_t src = 0; src < self->nodes[s]; src++)
        if (src != dst && (src + 1 == dst || eqk_random_uniform (&random) < 0.5))
          {
            self->edge_src[self->n_edges] = first + src;
            self->edge_dst[self->n_edges++] = first + dst;
          }
  return EQK_OK;
}

typedef struct { int32_t src, dst; } Edge;

static int
by_target (const void *a, const void *b)
{
  const Edge *x = a, *y = b;

  return x->dst != y->dst ? (x->dst > y->dst) - (x->dst < y->dst) : (x->src > y->src) - (x->src < y->src);
}

/* Writes the drawn graph, with nodes moved, as structure 0 of the run. */
static EqkStatus
write_edges (EqkRig *self, const int32_t *moves)
{
  EqkStructure *s = &self->run->priv->structures[0];
  Edge         *edges = malloc ((self->n_edges + 1) * sizeof *edges);

  if (edges == NULL)
    return EQK_ERR_NO_MEMORY;
  for (size_t e = 0; e < self->n_edges; e++)
    edges[e] = (Edge){ moves == NULL ? self->edge_src[e] : moves[self->edge_src[e]], moves == NULL ? self->edge_dst[e] : moves[self->edge_dst[e]] };
  qsort (edges, self->n_edges, sizeof *edges, by_target);
  s->n_edges = self->n_edges;
  memset (s->by_dst, 0, (s->n_nodes + 1) * sizeof *s->by_dst);
  memset (s->by_src, 0, (s->n_nodes + 2) * sizeof *s->by_src);
  for (size_t e = 0; e < s->n_edges; e++)
    {
      s->src[e] = edges[e].src;
      s->dst[e] = edges[e].dst;
      s->by_dst[edges[e].dst + 1]++;
      s->by_src[edges[e].src + 1]++;
    }
  for (size_t i = 0; i < s->n_nodes; i++)
    {
      s->by_dst[i + 1] += s->by_dst[i];
      s->by_src[i + 1] += s->by_src[i];
    }
  for (size_t i = 0, at; i < s->n_nodes; i++)
    {
      at = (size_t) s->by_src[i];
      for (size_t e = 0; e < s->n_edges; e++)
        if ((size_t) s->src[e] == i)
          s->src_edge[at++] = (int32_t) e;
    }
  self->run->sizes.edges = s->n_edges;
  free (edges);
  return EQK_OK;
}

/* ---- feeds ---- */

static void
feed_type (const EqkProgram *program, int value, EqkPortType *type)
{
  const EqkPortType *known = eqk_program_value_type (program, value);
  const EqkValue    *v = eqk_program_value (program, value);
  const EqkTyped    *typed = eqk_program_typed (program);
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (typed));

  if (known == NULL && v->node >= 0)
    {
      const EqkPortType *own = eqk_typed_output (typed, v->node, NULL);

      if (own != NULL && eqk_space_equal (&own->space, &v->space) && eqk_rep_get_dim (own->rep) == v->width)
        known = own;
    }
  if (known != NULL)
    *type = *known;
  else
    *type = (EqkPortType){ .space = v->space, .symmetry = *symmetry, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), v->width) };
  if (v->index)
    type->kind = EQK_KIND_SPECIES;
}

static void
fill_feed (EqkRig *self, EqkRigFeed *feed, uint64_t seed)
{
  const EqkStructureRule *rule = eqk_program_n_structures (self->program) > 0 ? eqk_program_structure (self->program, 0) : NULL;

  eqk_inputs_fill (&feed->type, self->n_structures > 0 ? &self->base[feed->type.space.structure] : NULL, self->options.batch,
                   rule == NULL || rule->complete || rule->given ? 0 : rule->cutoff, self->options.fill, seed, (uint32_t) feed->value, feed->data);
}

static EqkStatus
add_feeds (EqkRig *self)
{
  self->feeds = calloc ((size_t) eqk_program_n_values (self->program) + 1, sizeof *self->feeds);
  if (self->feeds == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED)
      {
        EqkRigFeed *feed = &self->feeds[self->n_feeds];

        feed_type (self->program, v, &feed->type);
        feed->value = v;
        feed->index = eqk_program_value (self->program, v)->index;
        feed->data = calloc (eqk_value_count (self->program, v, &self->run->priv->capacity) + 1, sizeof *feed->data);
        if (feed->data == NULL)
          return EQK_ERR_NO_MEMORY;
        self->n_feeds++;
      }
  return EQK_OK;
}

static EqkRigFeed *
feed_of (EqkRig *self, int value)
{
  for (int i = 0; i < self->n_feeds; i++)
    if (self->feeds[i].value == value)
      return &self->feeds[i];
  return NULL;
}

/* Points of a periodic sample are drawn anew when its lattice is known. */
static void
settle_points (EqkRig *self, uint64_t seed)
{
  const EqkStructureRule *rule = periodic_rule (self);
  EqkRigFeed             *points = rule == NULL ? NULL : feed_of (self, rule->positions), *cell = rule == NULL ? NULL : feed_of (self, rule->cell);
  size_t                  first = 0;

  for (int s = 0; points != NULL && cell != NULL && s < self->options.batch; first += (size_t) self->nodes[s++])
    eqk_inputs_settle (cell->data + 9 * s, rule->cutoff, (size_t) self->nodes[s], seed + (uint64_t) s, points->data + 3 * first);
}

void
eqk_rig_wrap (EqkRig *self, const EqkAction *action)
{
  const EqkStructureRule *rule = periodic_rule (self);
  size_t                  k = 0;

  for (int s = 0; action->wraps != NULL && s < self->options.batch; s++)
    for (int32_t n = 0; n < self->nodes[s]; n++, k++)
      for (size_t a = 0; a < 3; a++)
        {
          const size_t at = 3 * (action->moves == NULL ? k : (size_t) action->moves[k]) + a;
          double       x = eqk_rig_number (self, self->run->x[rule->positions], at);

          for (size_t row = 0; row < 3; row++)
            x += action->wraps[3 * k + row] * eqk_rig_number (self, self->run->x[rule->cell], 9 * (size_t) s + 3 * row + a);
          eqk_rig_set_number (self, self->run->x[rule->positions], at, x);
        }
}

static int
is_position_first (const EqkRigFeed *feed)
{
  return feed->type.kind == EQK_KIND_POSITION || feed->type.kind == EQK_KIND_CELL ? 0 : feed->type.space.kind == EQK_SPACE_EDGES || feed->type.space.kind == EQK_SPACE_PAIRS ? 2 : 1;
}

EqkStatus
eqk_rig_keep (EqkRig *self)
{
  const int n = self->nodes == NULL ? 0 : eqk_run_n_structures (self->program);

  for (int i = 0; i < n; i++)
    {
      const EqkStructure *s = &self->run->priv->structures[i];
      EqkStructure       *to = &self->base[i];
      struct { int32_t **to; const int32_t *from; size_t n; } parts[] = {
        { &to->node_offset, s->node_offset, (size_t) s->n_samples + 1 }, { &to->src, s->src, s->n_edges }, { &to->dst, s->dst, s->n_edges },
        { &to->by_dst, s->by_dst, s->n_nodes + 1 }, { &to->by_src, s->by_src, s->n_nodes + 1 }, { &to->src_edge, s->src_edge, s->n_edges },
        { &to->shift, s->shift, 3 * s->n_edges }, { &to->node_of, s->node_of, s->n_nodes }, { &to->edge_of, s->edge_of, s->n_edges },
        { &to->place, s->place, i > 0 ? self->run->priv->structures[s->parent].n_nodes : 0 } };

      to->parent = s->parent;
      to->n_samples = s->n_samples;
      to->n_nodes = s->n_nodes;
      to->n_edges = s->n_edges;
      for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        {
          free (*parts[k].to);
          *parts[k].to = NULL;
          if (parts[k].from == NULL)
            continue;
          *parts[k].to = malloc ((parts[k].n + 1) * sizeof (int32_t));
          if (*parts[k].to == NULL)
            return EQK_ERR_NO_MEMORY;
          memcpy (*parts[k].to, parts[k].from, parts[k].n * sizeof (int32_t));
        }
    }
  self->n_structures = n;
  self->sizes = self->run->sizes;
  return EQK_OK;
}

static void
write_feed (EqkRig *self, EqkRigFeed *feed)
{
  void        *to = eqk_run_feed (self->run, feed->value);

  feed->count = eqk_value_count (self->program, feed->value, &self->run->sizes);
  for (size_t i = 0; i < feed->count; i++)
    if (feed->index)
      ((int32_t *) to)[i] = (int32_t) feed->data[i];
    else
      eqk_rig_set_number (self, to, i, feed->data[i]);
}

static EqkStatus
build_structures (EqkRig *self, const int32_t *moves, EqkDiag *diag)
{
  EqkStatus status = EQK_OK;

  if (self->nodes == NULL)
    return EQK_OK;
  if (self->edge_src != NULL)
    status = write_edges (self, moves);
  else
    status = eqk_run_build_structures (self->run, diag);
  self->run->sizes.pairs = self->sizes.pairs;
  self->sizes = self->run->sizes;
  return status;
}

static EqkStatus
set_batch (EqkRig *self, EqkDiag *diag)
{
  if (self->nodes != NULL)
    {
      const EqkStatus status = eqk_run_set_nodes (self->run, self->nodes, self->options.batch, diag);

      self->run->sizes.pairs = self->sizes.pairs;
      return status;
    }
  return eqk_run_set_sizes (self->run, &self->sizes, diag);
}

/* Positions are drawn before the neighbours they decide, edges' features after. */
static EqkStatus
draw_inputs (EqkRig *self, uint64_t seed, EqkDiag *diag)
{
  EqkStatus status = set_batch (self, diag);

  for (int round = 0; status == EQK_OK && round < 3; round++)
    {
      if (self->nodes != NULL)
        status = eqk_rig_keep (self);
      for (int i = 0; status == EQK_OK && i < self->n_feeds; i++)
        if (is_position_first (&self->feeds[i]) == round)
          {
            fill_feed (self, &self->feeds[i], seed);
            write_feed (self, &self->feeds[i]);
          }
      if (status == EQK_OK && round == 0 && periodic_rule (self) != NULL)
        {
          settle_points (self, seed);
          write_feed (self, feed_of (self, periodic_rule (self)->positions));
        }
      if (status == EQK_OK && round < 2)
        status = build_structures (self, NULL, diag);
    }
  return status;
}

/* ---- the rig ---- */

EqkStatus
eqk_rig_new (const EqkProgram *program, const EqkStore *weights, const EqkRigOptions *options, EqkRig **out, EqkDiag *diag)
{
  EqkRig       *self = calloc (1, sizeof *self);
  EqkRunOptions run = { .precision = options->precision, .train = options->train, .input_grads = options->train, .pool = options->pool };
  EqkStatus     status;

  if (self == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "rig");
  self->program = program;
  self->options = *options;
  self->store = eqk_store_new (program, options->precision, options->seed);
  status = self->store == NULL ? EQK_ERR_NO_MEMORY : choose_sizes (self);
  if (status == EQK_OK && self->nodes != NULL && (eqk_program_n_structures (program) == 0 || eqk_program_structure (program, 0)->given))
    status = draw_edges (self);
  if (status == EQK_OK && weights != NULL)
    status = eqk_store_copy (self->store, weights);
  else if (status == EQK_OK)
    eqk_store_randomise (self->store, program, options->seed);
  run.capacity = self->sizes;
  if (status == EQK_OK)
    status = eqk_run_new (program, self->store, &run, &self->run, diag);
  if (status == EQK_OK)
    status = add_feeds (self);
  if (status == EQK_OK)
    status = draw_inputs (self, options->seed, diag);
  if (status != EQK_OK)
    {
      eqk_rig_free (self);
      return status == EQK_ERR_NO_MEMORY ? eqk_fail (diag, status, "rig") : status;
    }
  *out = self;
  return EQK_OK;
}

void
eqk_rig_free (EqkRig *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < self->n_feeds; i++)
    free (self->feeds[i].data);
  for (int i = 0; i < EQK_MAX_STRUCTURES; i++)
    {
      free (self->base[i].node_of);
      free (self->base[i].edge_of);
      free (self->base[i].place);
      free (self->base[i].node_offset);
      free (self->base[i].src);
      free (self->base[i].dst);
      free (self->base[i].by_dst);
      free (self->base[i].by_src);
      free (self->base[i].src_edge);
      free (self->base[i].shift);
    }
  free (self->feeds);
  free (self->nodes);
  free (self->wraps);
  free (self->edge_src);
  free (self->edge_dst);
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  free (self);
}

void
eqk_rig_refill (EqkRig *self, uint64_t seed)
{
  draw_inputs (self, seed, NULL);
}

EqkStatus
eqk_rig_load (EqkRig *self, EqkAction *action, EqkDiag *diag)
{
  EqkStatus status = set_batch (self, diag);

  if (status == EQK_OK && action != NULL)
    {
      action->from = self->base;
      action->to = self->run->structures;
    }
  for (int round = 0; status == EQK_OK && round < 3; round++)
    {
      for (int i = 0; status == EQK_OK && i < self->n_feeds; i++)
        if (is_position_first (&self->feeds[i]) == round)
          {
            const int    value = self->feeds[i].value;
            const size_t bytes = eqk_run_bytes_of (self->run, value, &self->run->sizes);
            void        *plain;

            write_feed (self, &self->feeds[i]);
            if (action == NULL)
              continue;
            plain = malloc (bytes + 1);
            if (plain == NULL)
              return eqk_fail (diag, EQK_ERR_NO_MEMORY, "inputs");
            memcpy (plain, eqk_run_feed (self->run, value), bytes);
            status = eqk_action_apply (action, &self->feeds[i].type, self->options.precision, &self->run->sizes, plain, eqk_run_feed (self->run, value));
            if (status == EQK_OK)
              eqk_action_leave (action, eqk_program_value (self->program, value), self->options.precision, eqk_run_rows (self->run, value), plain, eqk_run_feed (self->run, value));
            free (plain);
          }
      if (status == EQK_OK && round == 0 && action != NULL)
        {
          action->wraps = periodic_rule (self) == NULL || action->shift == NULL ? NULL : self->wraps;
          eqk_rig_wrap (self, action);
        }
      if (status == EQK_OK && round < 2)
        status = build_structures (self, action == NULL ? NULL : action->moves, diag);
    }
  return status;
}
