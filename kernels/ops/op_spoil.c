/* The broken twin's operation: swaps, biases, flips or marks components by position. */

#include "core/real.h"

#include "eqk/op.h"
#include "eqk/random.h"
#include "ops/op_spoil.h"

#include <math.h>

#include <string.h>

typedef struct
{
  const EqkSpoilParams *params;
  const eqk_real       *from;
  eqk_real             *to;
  size_t                width, period;
  bool                  linear_only;
  double                size;      /* root mean square of the input, for random numbers of the same size */
} Job;

/* A row of normal numbers that depend on the tensor and the row only; nothing flows back through them. */
static void
random_row (const Job *job, size_t row, eqk_real *y)
{
  EqkRandom random = eqk_random (17, EQK_RANDOM_AUDIT, 2, (uint32_t) row, (uint32_t) job->params->a);

  for (size_t i = 0; i < job->width; i++)
    y[i] = job->linear_only ? 0 : (eqk_real) (job->size * eqk_random_normal (&random));
}

/* From 0 up to 1 over the rows of a sample, or as many as a sample has on average. */
static double
ramp (const Job *job, size_t row)
{
  return (double) (row % job->period) / (double) job->period;
}

static void
spoil_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job            *job = data;
  const EqkSpoilParams *p = job->params;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = job->from + r * job->width;
      eqk_real       *y = job->to + r * job->width;

      if (p->kind == EQK_MUTATE_RANDOM)
        {
          random_row (job, r, y);
          continue;
        }
      if (p->kind == EQK_MUTATE_WEIGH)
        {
          for (size_t i = 0; i < job->width; i++)
            y[i] = (eqk_real) (1 + p->strength * ramp (job, r)) * x[i];
          continue;
        }
      memcpy (y, x, job->width * sizeof *y);
      if (p->kind == EQK_MUTATE_SWAP)
        {
          y[p->a] = (eqk_real) ((1 - p->strength) * x[p->a] + p->strength * x[p->b]);
          y[p->b] = (eqk_real) ((1 - p->strength) * x[p->b] + p->strength * x[p->a]);
        }
      else if (p->kind == EQK_MUTATE_SIGN)
        y[p->a] = (eqk_real) ((1 - 2 * p->strength) * x[p->a]);
      else if (!job->linear_only)
        y[p->a] += (eqk_real) (p->kind == EQK_MUTATE_BIAS ? p->strength : p->strength * (ramp (job, r) + 0.1));
    }
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to, bool linear_only)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  const size_t batch = run->sizes.batch > 0 ? (size_t) run->sizes.batch : 1;
  Job          job = { op->params, from, to, (size_t) eqk_program_value (run->program, op->out[0])->width, rows / batch > 0 ? rows / batch : 1, linear_only, 0 };

  if (job.params->kind == EQK_MUTATE_RANDOM && rows * job.width > 0)
    {
      for (size_t i = 0; i < rows * job.width; i++)
        job.size += (double) from[i] * (double) from[i];
      job.size = sqrt (job.size / (double) (rows * job.width));
    }

  eqk_run_range (run->pool, rows, 512, spoil_rows, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), false);
}

/* Swap, sign and weights of rows are symmetric matrices; random numbers are constants; the others are the identity. */
static void
reverse (EqkRun *run, const EqkOp *op)
{
  if (EQK_GIN (run, op, 0) != NULL)
    run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), true);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]), true);
}

const EqkOpType EQK_SYM (op_spoil) = {
  .id = "spoil", .smooth = EQK_SMOOTH, .flags = 0,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse,
};
