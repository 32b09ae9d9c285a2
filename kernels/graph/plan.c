/*
 * Memory planning. Time is counted in ticks: forward one tick an operation, then (with forces) the reverse pass to the
 * positions, the tangent pass and the reverse pass to the weights. Each value has a block of memory in each lane it needs,
 * with a birth and a death; blocks that are never alive together may share an address. Aliases (in-place operations) are
 * merged first; then blocks are placed by falling size at the lowest address that is free for their whole life.
 */

#include "graph/run-private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  size_t bytes, offset;
  int    birth, death;
  int    root;            /* the block whose memory this one lies in; itself when it has its own */
  void **where;           /* pointer to set */
} Block;

typedef struct
{
  EqkRun              *run;
  const EqkProgram    *p;
  struct EqkRunPrivate *d;
  Block               *blocks;
  int                  n_blocks, room;
  int                 *x_block, *g_block, *g1_block;     /* by value; -1 */
  bool                *moves, *to_energy, *trains, *live; /* by value */
  bool                 has_forces, failed;
  int                  n, end;
} Plan;

/* ---- ticks ---- */

static int tick_forward (const Plan *s, int op) { (void) s; return 1 + op; }
static int tick_first   (const Plan *s, int op) { return s->n + 2 + (s->n - 1 - op); }
static int tick_tangent (const Plan *s, int op) { return 2 * s->n + 3 + op; }
static int tick_main    (const Plan *s, int op) { return (s->has_forces ? 3 * s->n + 4 : s->n + 2) + (s->n - 1 - op); }

/* ---- blocks ---- */

static int
add_block (Plan *s, size_t bytes, int birth, int death, void **where)
{
  if (s->n_blocks == s->room)
    {
      const int room = s->room == 0 ? 256 : 2 * s->room;
      Block    *grown = realloc (s->blocks, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          s->failed = true;
          return -1;
        }
      s->blocks = grown;
      s->room = room;
    }
  s->blocks[s->n_blocks] = (Block){ (bytes + 63) / 64 * 64, 0, birth, death, s->n_blocks, where };
  return s->n_blocks++;
}

static int
root_of (const Plan *s, int block)
{
  while (s->blocks[block].root != block)
    block = s->blocks[block].root;
  return block;
}

/* Lets `block` lie in the memory of `host`, whose life is prolonged. */
static void
merge (Plan *s, int block, int host)
{
  const int root = root_of (s, host);

  s->blocks[block].root = root;
  if (s->blocks[block].death > s->blocks[root].death)
    s->blocks[root].death = s->blocks[block].death;
}

static int
by_size (const void *a, const void *b)
{
  const Block *x = *(const Block *const *) a, *y = *(const Block *const *) b;

  if (x->bytes != y->bytes)
    return x->bytes < y->bytes ? 1 : -1;
  return x->birth != y->birth ? (x->birth > y->birth ? 1 : -1) : (x > y ? 1 : -1);
}

static int
by_offset (const void *a, const void *b)
{
  const Block *x = *(const Block *const *) a, *y = *(const Block *const *) b;

  return x->offset != y->offset ? (x->offset > y->offset ? 1 : -1) : 0;
}

/* Best fit in the order of falling size: the smallest gap between neighbours in time that is wide enough. */
static size_t
place_one (Block *block, Block *const *placed, int n, Block **near)
{
  size_t at = 0, best = SIZE_MAX, best_gap = SIZE_MAX;
  int    m = 0;

  for (int i = 0; i < n; i++)
    if (placed[i]->birth <= block->death && placed[i]->death >= block->birth)
      near[m++] = placed[i];
  qsort (near, (size_t) m, sizeof *near, by_offset);
  for (int i = 0; i < m; i++)
    {
      if (near[i]->offset > at && near[i]->offset - at >= block->bytes && near[i]->offset - at < best_gap)
        {
          best = at;
          best_gap = near[i]->offset - at;
        }
      if (near[i]->offset + near[i]->bytes > at)
        at = near[i]->offset + near[i]->bytes;
    }
  return best != SIZE_MAX ? best : at;
}

static EqkStatus
place (Plan *s, size_t *total)
{
  Block **order = malloc (((size_t) s->n_blocks + 1) * sizeof *order);
  Block **near = malloc (((size_t) s->n_blocks + 1) * sizeof *near);
  int     n = 0;

  if (order == NULL || near == NULL)
    {
      free (order);
      free (near);
      return EQK_ERR_NO_MEMORY;
    }
  for (int i = 0; i < s->n_blocks; i++)
    if (s->blocks[i].root == i && s->blocks[i].bytes > 0)
      order[n++] = &s->blocks[i];
  qsort (order, (size_t) n, sizeof *order, by_size);
  *total = 0;
  for (int i = 0; i < n; i++)
    {
      order[i]->offset = place_one (order[i], order, i, near);
      if (order[i]->offset + order[i]->bytes > *total)
        *total = order[i]->offset + order[i]->bytes;
    }
  free (order);
  free (near);
  return EQK_OK;
}

/* ---- who depends on whom ---- */

static void
spread (Plan *s)
{
  const EqkProgram *p = s->p;

  if (p->has_gradient)
    {
      s->moves[p->gradient.positions] = true;
      if (p->gradient.stress >= 0)
        s->moves[p->gradient.cell] = true;
      s->to_energy[p->gradient.energy] = true;
    }
  for (int v = 0; v < p->n_values; v++)
    s->trains[v] = p->values[v].kind == EQK_VALUE_WEIGHT || (s->d->input_grads && p->values[v].kind == EQK_VALUE_FEED && !p->values[v].index);
  for (int i = 0; i < p->n_ops; i++)
    for (int k = 0; k < p->ops[i].n_in; k++)
      for (int o = 0; p->ops[i].in[k] >= 0 && o < p->ops[i].n_out; o++)
        {
          s->moves[p->ops[i].out[o]] |= s->moves[p->ops[i].in[k]];
          s->trains[p->ops[i].out[o]] |= s->trains[p->ops[i].in[k]];
        }
  for (int i = 0; i < p->n_outputs; i++)
    s->live[p->outputs[i].value] = true;
  for (int i = p->n_ops - 1; i >= 0; i--)
    for (int o = 0; o < p->ops[i].n_out; o++)
      for (int k = 0; k < p->ops[i].n_in; k++)
        if (p->ops[i].in[k] >= 0)
          {
            s->live[p->ops[i].in[k]] |= s->live[p->ops[i].out[o]] || s->to_energy[p->ops[i].out[o]];
            s->to_energy[p->ops[i].in[k]] |= s->to_energy[p->ops[i].out[o]];
          }
}

static void
choose_passes (Plan *s)
{
  const EqkProgram *p = s->p;

  for (int i = 0; i < p->n_ops; i++)
    for (int o = 0; o < p->ops[i].n_out; o++)
      {
        const int  v = p->ops[i].out[o];
        const bool on_path = s->moves[v] && s->to_energy[v];

        s->d->first.active[i] |= p->has_gradient && on_path;
        s->d->tangent[i] |= s->d->train && p->has_gradient && on_path;
        s->d->main.active[i] |= s->d->train && s->trains[v] && (s->live[v] || s->to_energy[v]);
        s->d->main.second[i] = s->d->tangent[i];
      }
}

/* ---- the contents lane ---- */

static size_t
bytes_of (const Plan *s, int value)
{
  return eqk_run_bytes_of (s->run, value, &s->d->capacity);
}

static bool
is_output (const EqkProgram *p, int value)
{
  for (int i = 0; i < p->n_outputs; i++)
    if (p->outputs[i].value == value)
      return true;
  return false;
}

/*
 * What an exported program keeps elsewhere: what follows from weights alone is a table, rows that need no turning are read
 * from the caller's buffer, forces are written to it.
 */
static bool
outside_arena (const Plan *s, int v)
{
  const EqkValue *value = &s->p->values[v];

  if (!s->d->export_plan)
    return false;
  return value->is_static || (value->kind == EQK_VALUE_FEED && !eqk_feed_is_turned (value)) || (s->p->has_gradient && (v == s->p->gradient.result || v == s->p->gradient.stress));
}

bool
eqk_feed_is_turned (const EqkValue *value)
{
  return value->space.kind == EQK_SPACE_GRID && value->width > 1 && value->space.h * value->space.w > 1;
}

static bool
op_is_static (const Plan *s, int i)
{
  return s->p->values[s->p->ops[i].out[0]].is_static;
}

static void
later (int *death, int tick)
{
  if (tick > *death)
    *death = tick;
}

/* Last tick at which the contents of input k (k < 0: the outputs) of an operation are read. */
static int
last_read (const Plan *s, int i, int k)
{
  const unsigned flags = s->run->types[s->p->ops[i].type]->flags;
  const bool     kept = k < 0 ? (flags & EQK_KEEP_OUT) != 0
                              : (flags & EQK_KEEP_ALL_IN) != 0 || (k < 4 && (flags & (unsigned) (EQK_KEEP_IN0 << k)) != 0);
  int            tick = tick_forward (s, i);

  if (s->d->tangent[i])
    return s->end;
  if (kept && s->d->first.active[i])
    later (&tick, tick_first (s, i));
  if (kept && s->d->main.active[i])
    later (&tick, tick_main (s, i));
  return tick;
}

static void
plan_contents (Plan *s)
{
  const EqkProgram *p = s->p;
  int              *death = calloc ((size_t) p->n_values + 1, sizeof *death);

  if (death == NULL)
    {
      s->failed = true;
      return;
    }
  for (int i = 0; i < p->n_ops; i++)
    {
      for (int k = 0; k < p->ops[i].n_in; k++)
        if (p->ops[i].in[k] >= 0)
          later (&death[p->ops[i].in[k]], last_read (s, i, k));
      for (int o = 0; o < p->ops[i].n_out; o++)
        later (&death[p->ops[i].out[o]], last_read (s, i, -1));
    }
  for (int v = 0; v < p->n_values; v++)
    {
      const EqkValue *value = &p->values[v];

      if (value->kind == EQK_VALUE_WEIGHT || value->kind == EQK_VALUE_STATE || (value->kind == EQK_VALUE_COMPUTED && value->producer < 0) ||
          outside_arena (s, v))
        continue;
      if (p->keep_all || is_output (p, v) || value->kind == EQK_VALUE_CONST || value->kind == EQK_VALUE_GRADIENT ||
          (value->is_static && !s->d->train) || (p->has_gradient && (v == p->gradient.energy || v == p->gradient.positions || v == p->gradient.cell)))
        death[v] = s->end;
      s->d->keeps[v] = death[v] == s->end;
      s->x_block[v] = add_block (s, bytes_of (s, v), value->producer < 0 || (value->is_static && !s->d->train) ? 0 : tick_forward (s, value->producer),
                                 death[v], &s->run->x[v]);
    }
  for (int i = 0; !p->keep_all && i < p->n_ops; i++)
    {
      const int in = p->ops[i].n_in > 0 ? p->ops[i].in[0] : -1, out = p->ops[i].out[0];

      if ((s->run->types[p->ops[i].type]->flags & EQK_INPLACE) != 0 && in >= 0 && p->values[in].kind == EQK_VALUE_COMPUTED &&
          !p->values[in].is_static && death[in] == tick_forward (s, i) && bytes_of (s, in) == bytes_of (s, out))
        merge (s, s->x_block[out], s->x_block[in]);
    }
  free (death);
}

/* ---- gradient lanes ---- */

static int
tick_of (const Plan *s, const EqkReversePlan *pass, int op)
{
  return pass == &s->d->first ? tick_first (s, op) : tick_main (s, op);
}

static bool
wanted (const Plan *s, const EqkReversePlan *pass, int value)
{
  return pass == &s->d->first ? s->moves[value] && s->to_energy[value] : s->trains[value];
}

/* Backwards over the operations: the first to write a gradient owns it, the later ones add through a buffer of their own. */
static void
plan_reverse (Plan *s, EqkReversePlan *pass, int *block)
{
  const EqkProgram *p = s->p;
  const bool        first = pass == &s->d->first, long_lived = first && s->d->train;
  bool             *written = calloc ((size_t) p->n_values + 1, sizeof *written);

  if (written == NULL)
    {
      s->failed = true;
      return;
    }
  for (int i = 0; i < p->n_outputs + p->has_gradient; i++)
    {
      const int  v = i < p->n_outputs ? p->outputs[i].value : p->gradient.energy;

      if (written[v] || (first && i < p->n_outputs) || (!first && !s->d->train) || p->values[v].kind == EQK_VALUE_GRADIENT)
        continue;
      block[v] = add_block (s, bytes_of (s, v), s->n + 1, long_lived ? s->end : s->end, &pass->lane[v]);
      written[v] = true;
    }
  for (int i = p->n_ops - 1; i >= 0; i--)
    {
      const EqkOp *op = &p->ops[i];
      const int    now = tick_of (s, pass, i);

      if (!pass->active[i])
        continue;
      for (int o = 0; o < op->n_out; o++)
        if (!written[op->out[o]])
          {
            pass->zero_bytes[op->out[o]] = bytes_of (s, op->out[o]);
            block[op->out[o]] = add_block (s, bytes_of (s, op->out[o]), now, long_lived ? s->end : now, &pass->lane[op->out[o]]);
            written[op->out[o]] = true;
          }
      for (int k = 0; k < op->n_in; k++)
        {
          const int v = op->in[k], slot = s->d->slot[i] + k;
          const bool kept = v >= 0 && (long_lived || p->values[v].kind != EQK_VALUE_COMPUTED);

          if (v < 0 || !wanted (s, pass, v))
            continue;
          if (written[v])
            {
              pass->mode[slot] = EQK_GIN_ADD;
              add_block (s, bytes_of (s, v), now, now, &pass->target[slot]);
              continue;
            }
          written[v] = true;
          pass->mode[slot] = EQK_GIN_DIRECT;
          if (p->values[v].kind == EQK_VALUE_WEIGHT)
            continue;
          block[v] = add_block (s, bytes_of (s, v), now, kept ? s->end : tick_of (s, pass, p->values[v].producer), &pass->lane[v]);
          if (k == 0 && !p->keep_all && (s->run->types[op->type]->flags & EQK_INPLACE_REVERSE) != 0 && !pass->second[i] &&
              s->blocks[root_of (s, block[op->out[0]])].death == now && s->blocks[block[v]].bytes == s->blocks[block[op->out[0]]].bytes)
            merge (s, block[v], block[op->out[0]]);
        }
    }
  free (written);
}

static void
plan_tangents (Plan *s)
{
  for (int v = 0; v < s->p->n_values; v++)
    if (s->d->train && s->p->has_gradient && s->moves[v] && s->to_energy[v])
      add_block (s, bytes_of (s, v), s->p->values[v].producer < 0 ? 2 * s->n + 2 : tick_tangent (s, s->p->values[v].producer), s->end, &s->run->xd[v]);
  if (s->d->train && s->p->has_gradient && s->p->gradient.stress >= 0)      /* what the loss writes */
    add_block (s, bytes_of (s, s->p->gradient.stress), 2 * s->n + 2, s->end, &s->run->xd[s->p->gradient.stress]);
}

/* ---- what the operations ask for ---- */

static EqkStatus
plan_ops (Plan *s, EqkDiag *diag)
{
  for (int i = 0; i < s->p->n_ops; i++)
    {
      const EqkOp     *op = &s->p->ops[i];
      const EqkOpType *type = s->run->types[op->type];
      EqkOpPlan        need = { .n_threads = eqk_pool_n_threads (s->run->pool), .train = s->d->train, .export_plan = s->d->export_plan,
                                .exact = s->p->exact || s->d->export_plan };
      EqkStatus        status = type->plan == NULL ? EQK_OK : type->plan (&need, s->p, op, &s->d->capacity);

      if (status != EQK_OK)
        return eqk_fail (diag, status, "%s: memory for %s", s->p->typed->graph->nodes[op->node].id, op->id);
      s->d->macs[i] = need.macs;
      if (s->d->export_plan && op_is_static (s, i))
        continue;
      if (need.scratch > 0)
        add_block (s, need.scratch, tick_forward (s, i), tick_forward (s, i), &s->d->scratch[i]);
      if (need.saved > 0)
        add_block (s, need.saved, tick_forward (s, i), s->d->tangent[i] || type->commit != NULL ? s->end   /* commit comes after all passes */
                   : s->d->main.active[i] ? tick_main (s, i) : s->d->first.active[i] ? tick_first (s, i) : tick_forward (s, i), &s->run->saved[i]);
      if (need.kept > 0)
        add_block (s, need.kept, 0, s->end, &s->run->kept[i]);
      if (need.scratch_reverse > 0 && s->d->first.active[i])
        add_block (s, need.scratch_reverse, tick_first (s, i), tick_first (s, i), &s->d->first.scratch[i]);
      if (need.scratch_reverse > 0 && s->d->main.active[i])
        add_block (s, need.scratch_reverse, tick_main (s, i), tick_main (s, i), &s->d->main.scratch[i]);
      if (need.scratch_reverse > 0 && s->d->tangent[i])
        add_block (s, need.scratch_reverse, tick_tangent (s, i), tick_tangent (s, i), &s->d->tangent_scratch[i]);
    }
  return EQK_OK;
}

static EqkStatus
check_passes (const Plan *s, EqkDiag *diag)
{
  for (int i = 0; i < s->p->n_ops; i++)
    {
      const EqkOp     *op = &s->p->ops[i];
      const EqkOpType *type = s->run->types[op->type];

      if ((s->d->first.active[i] || s->d->main.active[i]) && type->reverse == NULL)
        return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "%s has no reverse pass", op->id);
    }
  return EQK_OK;
}

static bool
alloc_reverse (EqkHeap *heap, EqkReversePlan *pass, const EqkProgram *p, int n_slots)
{
  pass->active = eqk_heap_alloc (heap, (size_t) p->n_ops + 1);
  pass->second = eqk_heap_alloc (heap, (size_t) p->n_ops + 1);
  pass->mode = eqk_heap_alloc (heap, (size_t) n_slots + 1);
  pass->target = eqk_heap_alloc (heap, ((size_t) n_slots + 1) * sizeof (void *));
  pass->lane = eqk_heap_alloc (heap, ((size_t) p->n_values + 1) * sizeof (void *));
  pass->zero_bytes = eqk_heap_alloc (heap, ((size_t) p->n_values + 1) * sizeof (size_t));
  pass->scratch = eqk_heap_alloc (heap, ((size_t) p->n_ops + 1) * sizeof (void *));
  return pass->active && pass->second && pass->mode && pass->target && pass->lane && pass->zero_bytes && pass->scratch;
}

static bool
alloc_tables (Plan *s)
{
  struct EqkRunPrivate *d = s->d;
  const EqkProgram     *p = s->p;
  const size_t          values = (size_t) p->n_values + 1, ops = (size_t) p->n_ops + 1;
  void                **bools[] = { (void **) &s->moves, (void **) &s->to_energy, (void **) &s->trains, (void **) &s->live };

  d->slot = eqk_heap_alloc (d->heap, ops * sizeof (int));
  for (int i = 0; d->slot != NULL && i < p->n_ops; i++)
    {
      d->slot[i] = d->n_slots;
      d->n_slots += p->ops[i].n_in;
    }
  for (size_t i = 0; i < sizeof bools / sizeof bools[0]; i++)
    if ((*bools[i] = eqk_heap_alloc (d->heap, values)) == NULL)
      return false;
  s->x_block = eqk_heap_alloc (d->heap, values * sizeof (int));
  s->g_block = eqk_heap_alloc (d->heap, values * sizeof (int));
  s->g1_block = eqk_heap_alloc (d->heap, values * sizeof (int));
  d->keeps = eqk_heap_alloc (d->heap, values);
  d->tangent = eqk_heap_alloc (d->heap, ops);
  d->scratch = eqk_heap_alloc (d->heap, ops * sizeof (void *));
  d->tangent_scratch = eqk_heap_alloc (d->heap, ops * sizeof (void *));
  d->macs = eqk_heap_alloc (d->heap, ops * sizeof (double));
  s->run->x = eqk_heap_alloc (d->heap, values * sizeof (void *));
  s->run->xd = eqk_heap_alloc (d->heap, values * sizeof (void *));
  s->run->saved = eqk_heap_alloc (d->heap, ops * sizeof (void *));
  s->run->kept = eqk_heap_alloc (d->heap, ops * sizeof (void *));
  return d->slot && s->x_block && s->g_block && s->g1_block && d->keeps && d->tangent && d->scratch && d->tangent_scratch && d->macs &&
         s->run->x && s->run->xd && s->run->saved && s->run->kept && alloc_reverse (d->heap, &d->first, p, d->n_slots) &&
         alloc_reverse (d->heap, &d->main, p, d->n_slots);
}

/* Pointers of blocks, weights and input slots. */
static void
set_pointers (Plan *s)
{
  struct EqkRunPrivate *d = s->d;
  const EqkProgram     *p = s->p;
  const size_t          real = (size_t) s->run->precision / 8;

  for (int i = 0; i < s->n_blocks; i++)
    *s->blocks[i].where = d->arena == NULL ? (void *) (uintptr_t) (s->blocks[root_of (s, i)].offset + 64) : d->arena + s->blocks[root_of (s, i)].offset;
  for (int v = 0; v < p->n_values; v++)
    {
      if (s->run->store == NULL)
        continue;
      if (p->values[v].kind == EQK_VALUE_WEIGHT)
        s->run->x[v] = (char *) eqk_store_weights (s->run->store) + p->values[v].offset * real;
      else if (p->values[v].kind == EQK_VALUE_STATE)
        s->run->x[v] = (char *) eqk_store_state (s->run->store) + p->values[v].offset * real;
      if (p->values[v].kind == EQK_VALUE_WEIGHT && d->grads != NULL)
        d->main.lane[v] = (char *) d->grads + p->values[v].offset * real;
    }
  for (int pass = 0; pass < 2; pass++)
    {
      EqkReversePlan *r = pass == 0 ? &d->first : &d->main;

      for (int i = 0; i < p->n_ops; i++)
        for (int k = 0; k < p->ops[i].n_in; k++)
          if (r->mode[d->slot[i] + k] == EQK_GIN_DIRECT)
            r->target[d->slot[i] + k] = r->lane[p->ops[i].in[k]];
    }
}

EqkStatus
eqk_plan (EqkRun *run, const EqkRunOptions *options, EqkDiag *diag)
{
  Plan      s = { .run = run, .p = run->program, .d = run->priv, .n = run->program->n_ops };
  EqkStatus status = EQK_OK;
  size_t    total = 0;

  s.has_forces = s.p->has_gradient;
  s.end = 4 * s.n + 8;
  if (!alloc_tables (&s))
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "plan");
  spread (&s);
  choose_passes (&s);
  status = check_passes (&s, diag);
  if (status != EQK_OK)
    return status;
  plan_contents (&s);
  if (s.p->has_gradient)
    plan_reverse (&s, &s.d->first, s.g1_block);
  if (s.d->train)
    plan_reverse (&s, &s.d->main, s.g_block);
  plan_tangents (&s);
  status = plan_ops (&s, diag);
  if (status == EQK_OK && s.failed)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "plan");
  if (status == EQK_OK && place (&s, &total) != EQK_OK)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "plan");
  if (status == EQK_OK)
    {
      s.d->arena_bytes = options->export_plan && total < 64 ? 64 : total;   /* C has no empty arrays */
      if (!options->export_plan && !options->plan_only && (s.d->arena = aligned_alloc (64, total + 64)) == NULL)
        status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "%zu bytes for the step", total);
      else
        {
          if (s.d->arena != NULL)
            memset (s.d->arena, 0, total);
          set_pointers (&s);
        }
    }
  free (s.blocks);
  return status;
}
