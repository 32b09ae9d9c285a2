/* Execution of a planned program: the four passes, sums of gradients of values that are used several times. */

#include "graph/run-private.h"

#include "core/memory.h"
#include "core/simd.h"
#include "graph/stress.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t
eqk_run_bytes_of (const EqkRun *run, int value, const EqkSizes *sizes)
{
  const EqkValue *v = &run->program->values[value];

  return eqk_value_count (run->program, value, sizes) * (v->index ? sizeof (int32_t) : (size_t) run->precision / 8);
}

static size_t
bytes_now (const EqkRun *run, int value)
{
  return eqk_run_bytes_of (run, value, &run->sizes);
}

static void
write_constant (EqkRun *run, int v, const double *data)
{
  for (int i = 0; i < run->program->values[v].width; i++)
    if (run->precision == EQK_F32)
      ((float *) run->x[v])[i] = (float) data[i];
    else
      ((double *) run->x[v])[i] = data[i];
}

/* A table that is made now; by way of another only where it is rounded. */
static EqkStatus
make_table (EqkRun *run, int v)
{
  const EqkValue *value = &run->program->values[v];
  double         *own;
  EqkStatus       status;

  if (run->precision == EQK_F64)
    return value->table (value->recipe, run->x[v]);
  own = eqk_malloc (((size_t) value->width + 1) * sizeof *own);
  status = own == NULL ? EQK_ERR_NO_MEMORY : value->table (value->recipe, own);
  if (status == EQK_OK)
    write_constant (run, v, own);
  free (own);
  return status;
}

/* Constants are written once, in the precision of the run. */
static EqkStatus
fill_constants (EqkRun *run, EqkDiag *diag)
{
  for (int v = 0; v < run->program->n_values; v++)
    if (run->program->values[v].kind == EQK_VALUE_CONST)
      {
        if (run->program->values[v].table == NULL)
          write_constant (run, v, run->program->values[v].data);
        else if (make_table (run, v) != EQK_OK)
          return eqk_fail (diag, EQK_ERR_NO_MEMORY, "tables");
      }
  return EQK_OK;
}

EqkStatus
eqk_run_new (const EqkProgram *program, EqkStore *store, const EqkRunOptions *options, EqkRun **out, EqkDiag *diag)
{
  EqkRun   *self = calloc (1, sizeof *self);
  EqkStatus status;

  if (self == NULL || (self->priv = calloc (1, sizeof *self->priv)) == NULL)
    {
      free (self);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "run");
    }
  openblas_set_num_threads (1);
  self->program = program;
  self->store = store == NULL ? NULL : eqk_store_ref (store);
  self->pool = options->pool;
  self->precision = options->precision;
  self->types = eqk_op_table (options->precision, (int) eqk_simd ());
  self->exact = program->exact || options->export_plan;
  self->fresh = true;
  self->structures = self->priv->structures;
  self->priv->train = options->train;
  self->priv->input_grads = options->input_grads;
  self->priv->export_plan = options->export_plan;
  self->priv->capacity = options->capacity;
  eqk_sizes_bound (program, &self->priv->capacity);
  self->sizes = self->priv->capacity;
  self->priv->heap = eqk_heap_new ();
  if (options->train && !options->plan_only)
    self->priv->grads = calloc (program->n_weights + 1, (size_t) options->precision / 8);
  if (self->priv->heap == NULL || (options->train && !options->plan_only && self->priv->grads == NULL))
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "run");
  else if (store != NULL && (eqk_store_precision (store) != options->precision || eqk_store_n_weights (store) != program->n_weights))
    status = eqk_fail (diag, EQK_ERR_INTERNAL, "the weights are of another program");
  else
    status = eqk_plan (self, options, diag);
  if (status == EQK_OK && !options->export_plan && !options->plan_only)
    status = fill_constants (self, diag);
  if (status != EQK_OK)
    {
      eqk_run_free (self);
      return status;
    }
  *out = self;
  return EQK_OK;
}

void
eqk_run_free (EqkRun *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < EQK_MAX_STRUCTURES; i++)
    {
      EqkStructure *s = &self->priv->structures[i];

      free (s->node_offset);
      free (s->src);
      free (s->dst);
      free (s->src_edge);
      free (s->shift);
      free (s->by_dst);
      free (s->by_src);
      free (s->pair_offset);
      free (s->node_of);
      free (s->edge_of);
      free (s->place);
    }
  free (self->priv->arena);
  free (self->priv->grads);
  eqk_heap_free (self->priv->heap);
  free (self->priv);
  eqk_store_unref (self->store);
  free (self);
}

size_t
eqk_run_arena_bytes (const EqkRun *self)
{
  return self->priv->arena_bytes;
}

double
eqk_run_macs (const EqkRun *self, int node)
{
  double sum = 0;

  for (int i = 0; i < self->program->n_ops; i++)
    if ((node < 0 || self->program->ops[i].node == node) && (self->priv->train || !self->program->values[self->program->ops[i].out[0]].is_static))
      sum += self->priv->macs[i];
  return sum;
}

const EqkProgram *
eqk_run_program (const EqkRun *self)
{
  return self->program;
}

EqkStatus
eqk_run_set_sizes (EqkRun *self, const EqkSizes *sizes, EqkDiag *diag)
{
  const EqkSizes *cap = &self->priv->capacity;

  if (sizes->batch > cap->batch || sizes->nodes > cap->nodes || sizes->edges > cap->edges || sizes->pairs > cap->pairs)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a batch larger than planned");
  self->sizes = *sizes;
  eqk_sizes_bound (self->program, &self->sizes);
  return EQK_OK;
}

void *
eqk_run_feed (EqkRun *self, int value)
{
  return value < 0 ? NULL : self->x[value];
}

size_t
eqk_run_rows (const EqkRun *self, int value)
{
  return eqk_value_rows (self->program, value, &self->sizes);
}

const void *
eqk_run_value (const EqkRun *self, int value)
{
  const EqkValueKind kind = self->program->values[value].kind;

  return self->priv->keeps[value] || kind == EQK_VALUE_WEIGHT || kind == EQK_VALUE_STATE ? self->x[value] : NULL;
}

void *
eqk_run_value_mut (EqkRun *self, int value)
{
  return (void *) eqk_run_value (self, value);
}

void *
eqk_run_grad (EqkRun *self, int value)
{
  return self->priv->main.lane[value];
}

void
eqk_run_set_step (EqkRun *self, uint64_t seed, uint32_t step)
{
  self->seed = seed;
  self->step = step;
}

void *
eqk_run_seed (EqkRun *self, int output)
{
  const int value = self->program->outputs[output].value;

  if (self->program->has_gradient && value == self->program->gradient.result)
    return self->xd[self->program->gradient.positions];
  if (self->program->has_gradient && value == self->program->gradient.stress)
    return self->xd[value];
  return self->priv->main.lane[value];
}

void *
eqk_run_weight_grads (EqkRun *self)
{
  return self->priv->grads;
}

/* ---- passes ---- */

static bool
op_is_static (const EqkProgram *p, const EqkOp *op)
{
  return p->values[op->out[0]].is_static;
}

static void
run_forward_op (EqkRun *run, const EqkOp *op)
{
  run->scratch = run->priv->scratch[op->index];
  run->types[op->type]->forward (run, op);
}

typedef struct
{
  void       *to;
  const void *from;
  bool        f32;
} AddJob;

static void
add_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const AddJob *job = data;

  if (job->f32)
    for (size_t i = begin; i < end; i++)
      ((float *) job->to)[i] += ((const float *) job->from)[i];
  else
    for (size_t i = begin; i < end; i++)
      ((double *) job->to)[i] += ((const double *) job->from)[i];
}

static void
run_reverse_op (EqkRun *run, const EqkReversePlan *pass, const EqkOp *op)
{
  const int        slot = run->priv->slot[op->index];
  const EqkOpType *type = run->types[op->type];

  for (int o = 0; o < op->n_out; o++)
    if (pass->zero_bytes[op->out[o]] > 0)
      memset (pass->lane[op->out[o]], 0, bytes_now (run, op->out[o]));
  run->gin = &pass->target[slot];
  run->scratch = pass->scratch[op->index];
  if (pass->second[op->index])
    type->reverse2 (run, op);
  else
    type->reverse (run, op);
  for (int k = 0; k < op->n_in; k++)
    if (pass->mode[slot + k] == EQK_GIN_ADD)
      {
        AddJob job = { pass->lane[op->in[k]], pass->target[slot + k], run->precision == EQK_F32 };

        eqk_run_range (run->pool, eqk_value_count (run->program, op->in[k], &run->sizes), 16384, add_range, &job);
      }
}

static void
reverse_pass (EqkRun *run, const EqkReversePlan *pass)
{
  run->g = pass->lane;
  for (int i = run->program->n_ops - 1; i >= 0; i--)
    if (pass->active[i])
      run_reverse_op (run, pass, &run->program->ops[i]);
}

/* The reverse pass to the positions, seeded with one for every energy; forces are its negative. */
static void
make_forces (EqkRun *run)
{
  const EqkGradientRule *rule = &run->program->gradient;
  const size_t           n_energies = eqk_value_count (run->program, rule->energy, &run->sizes);
  const size_t           n = eqk_value_count (run->program, rule->positions, &run->sizes);
  void                  *seed = run->priv->first.lane[rule->energy];
  const void            *gradient;

  for (size_t i = 0; i < n_energies; i++)
    if (run->precision == EQK_F32)
      ((float *) seed)[i] = 1;
    else
      ((double *) seed)[i] = 1;
  reverse_pass (run, &run->priv->first);
  run->g1 = run->priv->first.lane;
  gradient = run->priv->first.lane[rule->positions];
  if (rule->stress >= 0)
    eqk_run_make_stress (run);
  for (size_t i = 0; i < n && rule->result >= 0; i++)
    if (run->precision == EQK_F32)
      ((float *) run->x[rule->result])[i] = -((const float *) gradient)[i];
    else
      ((double *) run->x[rule->result])[i] = -((const double *) gradient)[i];
}

EqkStatus
eqk_run_forward (EqkRun *self, EqkPassMode mode, EqkDiag *diag)
{
  const EqkProgram *p = self->program;
  const bool        fresh = self->priv->train || self->priv->static_version != eqk_store_version (self->store);

  self->mode = mode;
  self->fresh = fresh;
  for (int i = 0; i < p->n_ops; i++)
    if (fresh || !op_is_static (p, &p->ops[i]))
      run_forward_op (self, &p->ops[i]);
  self->fresh = true;
  self->priv->static_version = eqk_store_version (self->store);
  if (p->has_gradient)
    make_forces (self);
  return EQK_OK;
}

EqkStatus
eqk_run_forward_node (EqkRun *self, EqkPassMode mode, int node, EqkDiag *diag)
{
  if (!self->program->keep_all)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "the program shares memory between values");
  self->mode = mode;
  for (int i = 0; i < self->program->n_ops; i++)
    if (self->program->ops[i].node == node)
      run_forward_op (self, &self->program->ops[i]);
  return EQK_OK;
}

EqkStatus
eqk_run_backward (EqkRun *self, EqkDiag *diag)
{
  struct EqkRunPrivate *d = self->priv;
  const EqkProgram     *p = self->program;

  if (!d->train)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "the run was not planned for training");
  memset (d->grads, 0, p->n_weights * (size_t) self->precision / 8);
  if (p->has_gradient)
    {
      /* The seed of the forces is dL/dF; the direction in which the energy is differentiated is its negative. */
      void        *direction = self->xd[p->gradient.positions];
      const size_t n = eqk_value_count (p, p->gradient.positions, &self->sizes);

      for (size_t i = 0; i < n; i++)
        if (self->precision == EQK_F32)
          ((float *) direction)[i] = p->gradient.result < 0 ? 0 : -((float *) direction)[i];
        else
          ((double *) direction)[i] = p->gradient.result < 0 ? 0 : -((double *) direction)[i];
      if (p->gradient.stress >= 0)
        eqk_run_add_strain (self);
      for (int i = 0; i < p->n_ops; i++)
        if (d->tangent[i])
          {
            self->scratch = d->tangent_scratch[i];
            self->types[p->ops[i].type]->tangent (self, &p->ops[i]);
          }
    }
  reverse_pass (self, &d->main);
  if (p->has_gradient && p->gradient.stress >= 0)
    eqk_run_add_strain_gradients (self);
  return EQK_OK;
}

void
eqk_run_commit (EqkRun *self)
{
  bool any = false;

  for (int i = 0; i < self->program->n_ops; i++)
    if (self->types[self->program->ops[i].type]->commit != NULL)
      {
        self->types[self->program->ops[i].type]->commit (self, &self->program->ops[i]);
        any = true;
      }
  if (any)
    eqk_store_touch (self->store);
}

void
eqk_run_commit_mean (EqkRun *self, int k)
{
  self->share = 1.0 / k;
  eqk_run_commit (self);
  self->share = 0;
}

bool
eqk_run_has_states (const EqkRun *self)
{
  for (int i = 0; i < self->program->n_ops; i++)
    if (self->types[self->program->ops[i].type]->commit != NULL)
      return true;
  return false;
}

static bool
all_finite (const EqkRun *run, int value)
{
  const size_t n = eqk_value_count (run->program, value, &run->sizes);
  double       sum = 0;

  if (run->program->values[value].index || run->x[value] == NULL)
    return true;
  for (size_t i = 0; i < n; i++)
    sum += 0 * (run->precision == EQK_F32 ? ((const float *) run->x[value])[i] : ((const double *) run->x[value])[i]);
  return sum == 0;
}

/* Runs forward once more with the same feeds and looks at every operation's results as they come. */
int
eqk_run_find_nan (EqkRun *self)
{
  const EqkProgram *p = self->program;

  for (int v = 0; v < p->n_values; v++)
    if (p->values[v].kind != EQK_VALUE_COMPUTED && p->values[v].kind != EQK_VALUE_GRADIENT && !all_finite (self, v))
      return v;
  for (int i = 0; i < p->n_ops; i++)
    {
      run_forward_op (self, &p->ops[i]);
      for (int o = 0; o < p->ops[i].n_out; o++)
        if (!all_finite (self, p->ops[i].out[o]))
          return p->ops[i].out[o];
    }
  return -1;
}

/* ---- ranges ---- */

typedef struct
{
  size_t       n, grain;
  EqkRangeFunc func;
  void        *data;
} RangeJob;

static void
range_chunk (void *data, size_t chunk, int lane)
{
  const RangeJob *job = data;
  const size_t    begin = chunk * job->grain;
  const size_t    end = begin + job->grain < job->n ? begin + job->grain : job->n;

  job->func (job->data, begin, end, chunk, lane);
}

void
eqk_run_range (EqkPool *pool, size_t n, size_t grain, EqkRangeFunc func, void *data)
{
  RangeJob job = { n, grain, func, data };

  if (n > 0)
    eqk_pool_run (pool, (n + grain - 1) / grain, range_chunk, &job);
}
