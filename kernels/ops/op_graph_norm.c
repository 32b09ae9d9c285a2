/*
 * Graph normalisation (Cai et al. 2021): in each channel of each sample the nodes less a learned share of their mean, over the root of the
 * mean square of what is left, with a scale and an offset. The gradients of the weights are summed sample by sample, in order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/segments.h"

#include <math.h>
#include <string.h>

enum { X, WEIGHT, BIAS, SHARE, N_WEIGHTS = 3 };

typedef struct
{
  const int32_t  *offset;
  size_t          c;
  double          eps;
  const eqk_real *x, *weight, *bias, *share, *gy;
  eqk_real       *y, *gx;
  double         *partial;      /* [samples][3][c]: of weight, bias and share */
} Job;

/* Of one channel: x points at its first number. */
typedef struct { double mean, away, rstd; } Moments;

static Moments
moments (const Job *j, const eqk_real *x, size_t n, double share)
{
  Moments m = { 0, 0, 0 };
  double  square = 0;

  for (size_t i = 0; i < n; i++)
    m.mean += (double) x[i * j->c];
  m.mean /= (double) n;
  m.away = share * m.mean;
  for (size_t i = 0; i < n; i++)
    square += ((double) x[i * j->c] - m.away) * ((double) x[i * j->c] - m.away);
  m.rstd = 1 / sqrt (square / (double) n + j->eps);
  return m;
}

static void
forward_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    for (size_t k = 0; k < j->c && j->offset[s + 1] > j->offset[s]; k++)
      {
        const size_t  first = (size_t) j->offset[s], n = (size_t) j->offset[s + 1] - first;
        const Moments m = moments (j, j->x + first * j->c + k, n, (double) j->share[k]);

        for (size_t i = first; i < first + n; i++)
          j->y[i * j->c + k] = (eqk_real) ((double) j->weight[k] * ((double) j->x[i * j->c + k] - m.away) * m.rstd) + j->bias[k];
      }
}

/* With z the normalised numbers and h = w g: the gradient of d is (h - z mean (z h)) / std; that of x loses the share of its mean. */
static void
reverse_channel (const Job *j, size_t s, size_t k)
{
  const size_t  first = (size_t) j->offset[s], n = (size_t) j->offset[s + 1] - first;
  const Moments m = moments (j, j->x + first * j->c + k, n, (double) j->share[k]);
  const double  w = (double) j->weight[k], share = (double) j->share[k];
  double       *of = j->partial + s * N_WEIGHTS * j->c, sum_g = 0, sum_zg = 0, sum_z = 0, sum_d;

  for (size_t i = first; i < first + n; i++)
    {
      const double g = (double) j->gy[i * j->c + k], z = ((double) j->x[i * j->c + k] - m.away) * m.rstd;

      sum_g += g;
      sum_zg += z * g;
      sum_z += z;
    }
  sum_d = w * (sum_g - sum_z * sum_zg / (double) n) * m.rstd;
  of[k] = sum_zg;
  of[j->c + k] = sum_g;
  of[2 * j->c + k] = -m.mean * sum_d;
  for (size_t i = first; j->gx != NULL && i < first + n; i++)
    {
      const double z = ((double) j->x[i * j->c + k] - m.away) * m.rstd;

      j->gx[i * j->c + k] = (eqk_real) (w * ((double) j->gy[i * j->c + k] - z * sum_zg / (double) n) * m.rstd - share * sum_d / (double) n);
    }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      memset (j->partial + s * N_WEIGHTS * j->c, 0, N_WEIGHTS * j->c * sizeof *j->partial);
      for (size_t k = 0; k < j->c && j->offset[s + 1] > j->offset[s]; k++)
        reverse_channel (j, s, k);
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .offset = eqk_run_structure (run, op)->node_offset, .c = (size_t) eqk_program_value (run->program, op->out[0])->width,
                 .eps = ((const EqkGraphNormParams *) op->params)->eps, .x = EQK_X (run, op->in[X]), .weight = EQK_X (run, op->in[WEIGHT]),
                 .bias = EQK_X (run, op->in[BIAS]), .share = EQK_X (run, op->in[SHARE]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 4, forward_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.gy = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, X);
  job.partial = run->scratch;
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 4, reverse_samples, &job);
  for (int which = WEIGHT; which <= SHARE; which++)
    for (size_t k = 0; EQK_GIN (run, op, which) != NULL && k < job.c; k++)
      {
        double sum = 0;

        for (size_t s = 0; s < (size_t) run->sizes.batch; s++)
          sum += job.partial[(s * N_WEIGHTS + (size_t) (which - WEIGHT)) * job.c + k];
        EQK_GIN (run, op, which)[k] = (eqk_real) sum;
      }
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = 3 * (double) eqk_value_count (program, op->out[0], sizes);
  plan->scratch_reverse = plan->train ? (size_t) sizes->batch * N_WEIGHTS * (size_t) eqk_program_value (program, op->out[0])->width * sizeof (double) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "graph_norm"))
    {
      eqk_emit (e, "static void\ngraph_norm (const float *x, const float *w, const float *b, const float *share, float *y, size_t n, size_t c, float eps)\n{\n  for (size_t k = 0; k < c && n > 0; k++)\n    {\n"
                   "      double mean = 0.0, square = 0.0;\n      float  away, rstd;\n\n      for (size_t i = 0; i < n; i++)\n        mean += (double) x[i * c + k];\n      away = share[k] * (float) (mean / (double) n);\n"
                   "      for (size_t i = 0; i < n; i++)\n        square += (double) ((x[i * c + k] - away) * (x[i * c + k] - away));\n      rstd = 1.0f / sqrtf ((float) (square / (double) n) + eps);\n"
                   "      for (size_t i = 0; i < n; i++)\n        y[i * c + k] = w[k] * (x[i * c + k] - away) * rstd + b[k];\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  graph_norm (%s, ", eqk_emit_value (e, op->in[X]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[WEIGHT]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[BIAS]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[SHARE]));
  eqk_emit (e, "%s, (size_t) n_nodes, %d, %#.9gf);\n", eqk_emit_value (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, ((const EqkGraphNormParams *) op->params)->eps);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_graph_norm) = {
  .id = "graph_norm", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN3, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
