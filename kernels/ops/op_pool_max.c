/* Largest value of each channel in a window. The place inside the window is saved as one byte, so k is at most 15. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

enum { BLOCK = 64 };

typedef struct
{
  const EqkPoolParams *p;
  const eqk_real      *x, *gy;
  eqk_real            *y, *gx;
  uint8_t             *saved;
} Job;

/* One output pixel, a block of channels. Rows and columns outside the picture are left out. */
static void
pool_block (const Job *j, const eqk_real *image, size_t out_at, int oi, int oj, size_t c0, size_t n)
{
  const EqkPoolParams *p = j->p;
  eqk_real             best[BLOCK];
  int32_t              which[BLOCK];
  bool                 first = true;

  for (int a = 0; a < p->k; a++)
    for (int b = 0; b < p->k; b++)
      {
        const int       i = oi * p->stride + a - p->pad, q = oj * p->stride + b - p->pad;
        const eqk_real *from = image + ((size_t) i * (size_t) p->w + (size_t) q) * (size_t) p->channels + c0;

        if (i < 0 || q < 0 || i >= p->h || q >= p->w)
          continue;
        for (size_t c = 0; c < n; c++)
          {
            const bool more = first || from[c] > best[c];

            best[c] = more ? from[c] : best[c];
            which[c] = more ? a * p->k + b : which[c];
          }
        first = false;
      }
  memcpy (j->y + out_at + c0, best, n * sizeof *best);
  if (j->saved != NULL)
    for (size_t c = 0; c < n; c++)
      j->saved[out_at + c0 + c] = (uint8_t) which[c];
}

/* begin, end count output rows of all samples. */
static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *j = data;
  const EqkPoolParams *p = j->p;
  const size_t         channels = (size_t) p->channels;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *image = j->x + r / (size_t) p->out_h * (size_t) (p->h * p->w) * channels;

      for (int oj = 0; oj < p->out_w; oj++)
        for (size_t c = 0; c < channels; c += BLOCK)
          pool_block (j, image, (r * (size_t) p->out_w + (size_t) oj) * channels, (int) (r % (size_t) p->out_h), oj, c,
                      c + BLOCK <= channels ? BLOCK : channels - c);
    }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *j = data;
  const EqkPoolParams *p = j->p;
  const size_t         channels = (size_t) p->channels, image = (size_t) (p->h * p->w) * channels;

  memset (j->gx + begin * image, 0, (end - begin) * image * sizeof *j->gx);
  for (size_t s = begin; s < end; s++)
    for (int oi = 0; oi < p->out_h; oi++)
      for (int oj = 0; oj < p->out_w; oj++)
        {
          const size_t at = ((s * (size_t) p->out_h + (size_t) oi) * (size_t) p->out_w + (size_t) oj) * channels;

          for (size_t c = 0; c < channels; c++)
            {
              const int i = oi * p->stride + j->saved[at + c] / p->k - p->pad, q = oj * p->stride + j->saved[at + c] % p->k - p->pad;

              j->gx[s * image + ((size_t) i * (size_t) p->w + (size_t) q) * channels + c] += j->gy[at + c];
            }
        }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]), .saved = run->saved[op->index] };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]) / (size_t) job.p->out_w, 4, forward_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .gy = EQK_GOUT (run, op, 0), .gx = EQK_GIN (run, op, 0), .saved = run->saved[op->index] };

  if (job.gx != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]) / (size_t) (job.p->out_w * job.p->out_h), 1, reverse_samples, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkPoolParams *p = op->params;

  plan->macs = (double) eqk_value_count (program, op->out[0], sizes) * p->k * p->k;
  plan->saved = plan->train ? eqk_value_count (program, op->out[0], sizes) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkPoolParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "pool_max"))
    {
      eqk_emit (e, "static void\npool_max (const float *x, float *y, size_t h, size_t w, size_t c, size_t k, size_t stride, size_t pad, size_t out_h, size_t out_w)\n{\n"
                   "  for (size_t i = 0; i < out_h; i++)\n    for (size_t j = 0; j < out_w; j++)\n      {\n        float *to = y + (i * out_w + j) * c;\n        int first = 1;\n\n"
                   "        for (size_t a = 0; a < k; a++)\n          for (size_t b = 0; b < k; b++)\n            {\n"
                   "              const size_t r = i * stride + a, s = j * stride + b;\n              const float *from;\n\n"
                   "              if (r < pad || s < pad || r - pad >= h || s - pad >= w)\n                continue;\n"
                   "              from = x + ((r - pad) * w + s - pad) * c;\n              for (size_t o = 0; o < c; o++)\n"
                   "                to[o] = first || from[o] > to[o] ? from[o] : to[o];\n              first = 0;\n            }\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  pool_max (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %d, %d, %d, %d, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->h, p->w, p->channels, p->k, p->stride, p->pad, p->out_h, p->out_w);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_pool_max) = {
  .id = "pool_max", .smooth = EQK_SMOOTH_C0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
