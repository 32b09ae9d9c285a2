/* SGD with momentum, Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), with clipping and averaged weights. */

#include "eqk/train.h"

#include "eqk/op.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct EqkOptimizer
{
  EqkOptimizerOptions options;
  EqkPrecision        precision;
  size_t              n;
  uint64_t            steps;
  void               *state[3];
};

bool
eqk_optimizer_find (const char *name, EqkOptimizerKind *kind)
{
  static const char *const names[] = { "sgd", "adam", "adamw" };

  for (int i = 0; i < 3; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *kind = (EqkOptimizerKind) i;
        return true;
      }
  return false;
}

EqkOptimizer *
eqk_optimizer_new (const EqkOptimizerOptions *options, EqkPrecision precision, size_t n_weights)
{
  EqkOptimizer *self = calloc (1, sizeof *self);
  const size_t  size = (size_t) precision / 8;

  if (self == NULL)
    return NULL;
  self->options = *options;
  self->precision = precision;
  self->n = n_weights;
  self->state[0] = calloc (n_weights + 1, size);
  if (options->kind != EQK_OPTIMIZER_SGD)
    self->state[1] = calloc (n_weights + 1, size);
  if (options->average > 0)
    self->state[2] = calloc (n_weights + 1, size);
  if (self->state[0] == NULL || (options->kind != EQK_OPTIMIZER_SGD && self->state[1] == NULL) || (options->average > 0 && self->state[2] == NULL))
    {
      eqk_optimizer_free (self);
      return NULL;
    }
  return self;
}

void
eqk_optimizer_free (EqkOptimizer *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < 3; i++)
    free (self->state[i]);
  free (self);
}

uint64_t
eqk_optimizer_steps (const EqkOptimizer *self)
{
  return self->steps;
}

void
eqk_optimizer_set_steps (EqkOptimizer *self, uint64_t steps)
{
  self->steps = steps;
}

void *
eqk_optimizer_state (EqkOptimizer *self, int which)
{
  return self->state[which];
}

typedef struct
{
  const EqkOptimizer *o;
  void               *w;
  const void         *g;
  double              rate, scale, correction1, correction2, mix;
} StepJob;

/* The same arithmetic for both precisions, in the precision of the weights. */
#define DEFINE_STEP(name, real, root)                                                                                          \
  static void name (void *data, size_t begin, size_t end, size_t chunk, int lane)                                              \
  {                                                                                                                            \
    const StepJob             *j = data;                                                                                       \
    const EqkOptimizerOptions *p = &j->o->options;                                                                             \
    real *w = j->w, *m = j->o->state[0], *v = j->o->state[1], *average = j->o->state[2];                                       \
    const real *gradient = j->g;                                                                                               \
    const real rate = (real) j->rate, b1 = (real) p->beta1, b2 = (real) p->beta2, decay = (real) p->weight_decay;              \
    const bool decoupled = p->kind == EQK_OPTIMIZER_ADAMW;                                                                     \
                                                                                                                               \
    for (size_t i = begin; i < end; i++)                                                                                       \
      {                                                                                                                        \
        const real g = (real) j->scale * gradient[i] + (decoupled ? 0 : decay * w[i]);                                         \
                                                                                                                               \
        if (p->kind == EQK_OPTIMIZER_SGD)                                                                                      \
          {                                                                                                                    \
            m[i] = (real) p->momentum * m[i] + g;                                                                              \
            w[i] -= rate * m[i];                                                                                               \
          }                                                                                                                    \
        else                                                                                                                   \
          {                                                                                                                    \
            m[i] = b1 * m[i] + (1 - b1) * g;                                                                                   \
            v[i] = b2 * v[i] + (1 - b2) * g * g;                                                                               \
            if (decoupled)                                                                                                     \
              w[i] -= rate * decay * w[i];                                                                                     \
            w[i] -= rate * (m[i] * (real) j->correction1) / (root (v[i] * (real) j->correction2) + (real) p->epsilon);         \
          }                                                                                                                    \
        if (average != NULL)                                                                                                   \
          average[i] += (real) j->mix * (w[i] - average[i]);                                                                   \
      }                                                                                                                        \
  }

DEFINE_STEP (step_f32, float, sqrtf)
DEFINE_STEP (step_f64, double, sqrt)

static double
norm_of (const EqkOptimizer *self, const void *grads)
{
  double sum = 0;

  for (size_t i = 0; i < self->n; i++)
    {
      const double g = self->precision == EQK_F32 ? ((const float *) grads)[i] : ((const double *) grads)[i];

      sum += g * g;
    }
  return sqrt (sum);
}

double
eqk_optimizer_step (EqkOptimizer *self, EqkStore *store, const void *grads, double factor, EqkPool *pool)
{
  const double norm = norm_of (self, grads), t = (double) self->steps + 1;
  StepJob      job = { self, eqk_store_weights (store), grads, self->options.lr * factor, 1, 1 / (1 - pow (self->options.beta1, t)),
                       1 / (1 - pow (self->options.beta2, t)), 0 };

  if (!isfinite (norm))
    return norm;
  if (self->options.clip > 0 && norm > self->options.clip)
    job.scale = self->options.clip / norm;
  /* The average forgets its start: a plain mean at first, the chosen decay later. */
  job.mix = fmax (1 - self->options.average, 1 / t);
  eqk_run_range (pool, self->n, 16384, self->precision == EQK_F32 ? step_f32 : step_f64, &job);
  self->steps++;
  eqk_store_touch (store);
  return norm;
}

bool
eqk_schedule_find (const char *name, EqkScheduleKind *kind)
{
  static const char *const names[] = { "constant", "step", "cosine", "plateau" };

  for (int i = 0; i < 4; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *kind = (EqkScheduleKind) i;
        return true;
      }
  return false;
}

double
eqk_schedule_factor (const EqkSchedule *self, double progress, int reductions)
{
  double factor = 1;

  if (self->warm_up > 0 && progress < self->warm_up)
    return fmax (progress / self->warm_up, 1e-3);
  switch (self->kind)
    {
    case EQK_SCHEDULE_CONSTANT:
      break;
    case EQK_SCHEDULE_STEP:
      factor = pow (self->factor, floor (progress / self->step_every));
      break;
    case EQK_SCHEDULE_COSINE:
      factor = 0.5 * (1 + cos (3.14159265358979323846 * (progress - self->warm_up) / (1 - self->warm_up)));
      break;
    case EQK_SCHEDULE_PLATEAU:
      factor = pow (self->factor, reductions);
      break;
    }
  return fmax (factor, self->floor);
}
