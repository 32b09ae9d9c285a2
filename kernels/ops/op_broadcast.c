/* The row of a sample copied to all its places: pixels of a picture, or nodes. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

typedef struct
{
  const EqkBroadcastParams *p;
  const int32_t            *offset;     /* of nodes; NULL: a picture */
  const eqk_real           *x;
  eqk_real                 *y;
} Job;

static void
span (const Job *j, size_t sample, size_t *begin, size_t *end)
{
  *begin = j->offset != NULL ? (size_t) j->offset[sample] : sample * (size_t) j->p->places;
  *end = j->offset != NULL ? (size_t) j->offset[sample + 1] : *begin + (size_t) j->p->places;
}

static void
copy_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->width;

  for (size_t s = begin; s < end; s++)
    {
      size_t first, last;

      span (j, s, &first, &last);
      for (size_t r = first; r < last; r++)
        memcpy (j->y + r * width, j->x + s * width, width * sizeof *j->y);
    }
}

static void
sum_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t width = (size_t) j->p->width;

  for (size_t s = begin; s < end; s++)
    {
      size_t first, last;

      span (j, s, &first, &last);
      memset (j->y + s * width, 0, width * sizeof *j->y);
      for (size_t r = first; r < last; r++)
        for (size_t c = 0; c < width; c++)
          j->y[s * width + c] += j->x[r * width + c];
    }
}

static const int32_t *
offsets (const EqkRun *run, const EqkOp *op)
{
  const EqkBroadcastParams *p = op->params;

  return p->places > 0 ? NULL : run->structures[eqk_program_value (run->program, op->out[0])->structure].node_offset;
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, offsets (run, op), x, y };

  eqk_run_range (run->pool, eqk_run_rows (run, op->in[0]), 1, copy_samples, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  Job job = { op->params, offsets (run, op), gy, gx };

  eqk_run_range (run->pool, eqk_run_rows (run, op->in[0]), 1, sum_samples, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkBroadcastParams *p = op->params;
  const bool                back = eqk_emit_reverse (e);

  if (eqk_emit_begin (e, back ? "broadcast_reverse" : "broadcast"))
    {
      if (back)
        eqk_emit (e, "static void\nbroadcast_reverse (const float *gy, float *gx, size_t rows, size_t width)\n{\n  memset (gx, 0, width * sizeof *gx);\n"
                     "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < width; c++)\n      gx[c] += gy[r * width + c];\n}\n\n");
      else
        eqk_emit (e, "static void\nbroadcast (const float *x, float *y, size_t rows, size_t width)\n{\n  for (size_t r = 0; r < rows; r++)\n"
                     "    memcpy (y + r * width, x, width * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", back ? "broadcast_reverse" : "broadcast", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), p->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_broadcast) = {
  .id = "broadcast", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
