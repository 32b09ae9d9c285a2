/* Of every field the vector with the largest norm in a window; the first one on ties. Its place is saved as one byte. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const EqkPoolParams *p;
  const eqk_real      *x, *gy;
  eqk_real            *y, *gx;
  uint8_t             *saved;
} Job;

static eqk_real
square (const eqk_real *v, size_t d)
{
  eqk_real sum = 0;

  for (size_t c = 0; c < d; c++)
    sum += v[c] * v[c];
  return sum;
}

/* Place in the window of the longest vector of field f. */
static int
longest (const EqkPoolParams *p, const eqk_real *image, int oi, int oj, size_t first, size_t d)
{
  eqk_real best = -1;
  int      which = 0;

  for (int a = 0; a < p->k; a++)
    for (int b = 0; b < p->k; b++)
      {
        const int i = oi * p->stride + a - p->pad, q = oj * p->stride + b - p->pad;
        eqk_real  n;

        if (i < 0 || q < 0 || i >= p->h || q >= p->w)
          continue;
        n = square (image + ((size_t) i * (size_t) p->w + (size_t) q) * (size_t) p->channels + first, d);
        if (n > best)
          {
            best = n;
            which = a * p->k + b;
          }
      }
  return which;
}

static size_t
place (const EqkPoolParams *p, int oi, int oj, int which)
{
  const int i = oi * p->stride + which / p->k - p->pad, q = oj * p->stride + which % p->k - p->pad;

  return ((size_t) i * (size_t) p->w + (size_t) q) * (size_t) p->channels;
}

static void
forward_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *j = data;
  const EqkPoolParams *p = j->p;
  const size_t         channels = (size_t) p->channels, n_fields = (size_t) p->n_fields;

  for (size_t s = begin; s < end; s++)
    for (int oi = 0; oi < p->out_h; oi++)
      for (int oj = 0; oj < p->out_w; oj++)
        for (size_t f = 0; f < n_fields; f++)
          {
            const eqk_real *image = j->x + s * (size_t) (p->h * p->w) * channels;
            const size_t    row = (s * (size_t) p->out_h + (size_t) oi) * (size_t) p->out_w + (size_t) oj;
            const size_t    first = (size_t) p->first[f], d = (size_t) p->first[f + 1] - first;
            const int       which = longest (p, image, oi, oj, first, d);

            memcpy (j->y + row * channels + first, image + place (p, oi, oj, which) + first, d * sizeof *j->y);
            if (j->saved != NULL)
              j->saved[row * n_fields + f] = (uint8_t) which;
          }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *j = data;
  const EqkPoolParams *p = j->p;
  const size_t         channels = (size_t) p->channels, n_fields = (size_t) p->n_fields, image = (size_t) (p->h * p->w) * channels;

  memset (j->gx + begin * image, 0, (end - begin) * image * sizeof *j->gx);
  for (size_t s = begin; s < end; s++)
    for (int oi = 0; oi < p->out_h; oi++)
      for (int oj = 0; oj < p->out_w; oj++)
        for (size_t f = 0; f < n_fields; f++)
          {
            const size_t row = (s * (size_t) p->out_h + (size_t) oi) * (size_t) p->out_w + (size_t) oj;
            const size_t at = s * image + place (p, oi, oj, j->saved[row * n_fields + f]);

            for (size_t c = (size_t) p->first[f]; c < (size_t) p->first[f + 1]; c++)
              j->gx[at + c] += j->gy[row * channels + c];
          }
}

static size_t
n_samples (const EqkRun *run, const EqkOp *op)
{
  const EqkPoolParams *p = op->params;

  return eqk_run_rows (run, op->out[0]) / (size_t) (p->out_w * p->out_h);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]), .saved = run->saved[op->index] };

  eqk_run_range (run->pool, n_samples (run, op), 1, forward_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .gy = EQK_GOUT (run, op, 0), .gx = EQK_GIN (run, op, 0), .saved = run->saved[op->index] };

  if (job.gx != NULL)
    eqk_run_range (run->pool, n_samples (run, op), 1, reverse_samples, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkPoolParams *p = op->params;

  plan->macs = (double) eqk_value_count (program, op->out[0], sizes) * p->k * p->k;
  plan->saved = plan->train ? eqk_value_rows (program, op->out[0], sizes) * (size_t) p->n_fields : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkPoolParams *p = op->params;
  char                 name[48];
  const char          *table;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "pool_norm_max"))
    {
      eqk_emit (e, "static void\npool_norm_max (const float *x, const int32_t *first, size_t fields, float *y, size_t h, size_t w, size_t c, size_t k, size_t stride, size_t pad, size_t out_h, size_t out_w)\n{\n"
                   "  for (size_t i = 0; i < out_h; i++)\n    for (size_t j = 0; j < out_w; j++)\n      for (size_t f = 0; f < fields; f++)\n        {\n"
                   "          const size_t c0 = (size_t) first[f], c1 = (size_t) first[f + 1];\n          float best = -1.0f;\n\n"
                   "          for (size_t a = 0; a < k; a++)\n            for (size_t b = 0; b < k; b++)\n              {\n"
                   "                const size_t r = i * stride + a, s = j * stride + b;\n                const float *from;\n                float n = 0.0f;\n\n");
      eqk_emit (e, "                if (r < pad || s < pad || r - pad >= h || s - pad >= w)\n                  continue;\n"
                   "                from = x + ((r - pad) * w + s - pad) * c;\n                for (size_t o = c0; o < c1; o++)\n                  n += from[o] * from[o];\n"
                   "                if (n > best)\n                  {\n                    best = n;\n                    for (size_t o = c0; o < c1; o++)\n"
                   "                      y[(i * out_w + j) * c + o] = from[o];\n                  }\n              }\n        }\n}\n\n");
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "fields_%d", op->index);
  table = eqk_emit_table_i (e, name, p->first, (size_t) p->n_fields + 1);
  eqk_emit (e, "  pool_norm_max (%s, %s, %d, ", eqk_emit_value (e, op->in[0]), table, p->n_fields);
  eqk_emit (e, "%s, %d, %d, %d, %d, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->h, p->w, p->channels, p->k, p->stride, p->pad, p->out_h, p->out_w);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_pool_norm_max) = {
  .id = "pool_norm_max", .smooth = EQK_SMOOTH_JUMPS, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
