/* Transposed convolution: the adjoint of conv2d in its input, so its own passes are conv2d's with the roles exchanged. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/conv_op.h"

static int
samples (const EqkRun *run, const EqkOp *op)
{
  const EqkConvParams *p = op->params;

  return conv_samples (run, op->in[0], p->out_h, p->out_w);
}

typedef struct
{
  eqk_real       *y;
  const eqk_real *bias;
  size_t          width;
} BiasJob;

static void
bias_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const BiasJob *j = data;

  for (size_t r = begin; r < end; r++)
    for (size_t c = 0; c < j->width; c++)
      j->y[r * j->width + c] += j->bias[c];
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, samples (run, op), run->exact);
  BiasJob              job = { EQK_X (run, op->out[0]), op->in[2] < 0 ? NULL : EQK_X (run, op->in[2]), (size_t) p->cin };

  EQK_SYM (conv_backward_data) (&shape, run->pool, EQK_X (run, op->in[0]), EQK_X (run, op->in[1]), job.y, run->scratch);
  if (job.bias != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 256, bias_range, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const EqkConvShape shape = conv_shape (op->params, samples (run, op), run->exact);

  EQK_SYM (conv_backward_data) (&shape, run->pool, EQK_XD (run, op->in[0]), EQK_X (run, op->in[1]), EQK_XD (run, op->out[0]), run->scratch);
}

/* Sum of all rows, one after the other. */
static void
sum_rows (const eqk_real *x, size_t rows, size_t width, eqk_real *sum)
{
  memset (sum, 0, width * sizeof *sum);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < width; c++)
      sum[c] += x[r * width + c];
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, samples (run, op), run->exact);
  const size_t         n = conv_filter_count (p), spare = (n * sizeof (eqk_real) + 63) / 64 * 64;
  const eqk_real      *gy = EQK_GOUT (run, op, 0);
  eqk_real            *dx = EQK_GIN (run, op, 0), *df = EQK_GIN (run, op, 1), *db = op->in[2] < 0 ? NULL : EQK_GIN (run, op, 2);
  char                *scratch = run->scratch;

  if (df != NULL)
    EQK_SYM (conv_backward_filter) (&shape, run->pool, gy, EQK_X (run, op->in[0]), df, NULL, scratch + spare);
  if (second && df != NULL && EQK_XD (run, op->in[0]) != NULL)
    {
      eqk_real *more = (eqk_real *) (void *) scratch;

      EQK_SYM (conv_backward_filter) (&shape, run->pool, EQK_G1OUT (run, op, 0), EQK_XD (run, op->in[0]), more, NULL, scratch + spare);
      for (size_t i = 0; i < n; i++)
        df[i] += more[i];
    }
  if (db != NULL)
    sum_rows (gy, eqk_run_rows (run, op->out[0]), (size_t) p->cin, db);
  if (dx != NULL)
    EQK_SYM (conv_forward) (&shape, run->pool, gy, EQK_X (run, op->in[1]), NULL, dx, scratch + spare);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, true);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, sizes->batch, plan->exact);
  const size_t         spare = (conv_filter_count (p) * sizeof (eqk_real) + 63) / 64 * 64;

  plan->macs = conv_macs (p, sizes->batch);
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_BACKWARD_DATA);
  plan->scratch_reverse = larger (EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_FORWARD),
                                  EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_BACKWARD_FILTER)) + spare;
  plan->scratch_reverse = larger (plan->scratch_reverse, plan->scratch);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkConvParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "conv_transposed"))
    {
      eqk_emit (e, "static void\nconv_transposed (const float *x, const float *w, const float *bias, float *y, size_t in_h, size_t in_w, size_t cin, size_t out_h, size_t out_w, size_t cout,\n"
                   "                 size_t k, size_t stride, size_t pad, size_t dilation, size_t groups)\n{\n  const size_t gi = cin / groups, go = cout / groups;\n\n"
                   "  for (size_t i = 0; i < out_h * out_w; i++)\n    for (size_t o = 0; o < cout; o++)\n      y[i * cout + o] = bias == NULL ? 0.0f : bias[o];\n");
      eqk_emit (e, "  for (size_t i = 0; i < in_h; i++)\n    for (size_t j = 0; j < in_w; j++)\n      for (size_t a = 0; a < k; a++)\n        for (size_t b = 0; b < k; b++)\n          {\n"
                   "            const size_t r = i * stride + a * dilation, s = j * stride + b * dilation;\n\n"
                   "            if (r < pad || s < pad || r - pad >= out_h || s - pad >= out_w)\n              continue;\n"
                   "            for (size_t o = 0; o < cout; o++)\n              {\n                const size_t g = o / go;\n"
                   "                const float *v = x + (i * in_w + j) * cin + g * gi;\n                const float *f = w + ((a * k + b) * go + o %% go) * cin + g * gi;\n"
                   "                float sum = 0.0f;\n\n                for (size_t c = 0; c < gi; c++)\n                  sum += v[c] * f[c];\n"
                   "                y[((r - pad) * out_w + s - pad) * cout + o] += sum;\n              }\n          }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  conv_transposed (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", op->in[2] < 0 ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->out_h, p->out_w, p->cout, p->h, p->w, p->cin,
            p->k, p->stride, p->pad, p->dilation, p->groups);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_conv2d_transposed) = {
  .id = "conv2d_transposed", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};
