/* A stretch of neighbouring channels. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

typedef struct
{
  const EqkSliceParams *p;
  const eqk_real       *x;
  eqk_real             *y;
} Job;

static void
take_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_in = (size_t) j->p->n_in, n_out = (size_t) j->p->n_out;

  for (size_t r = begin; r < end; r++)
    memcpy (j->y + r * n_out, j->x + r * n_in + (size_t) j->p->first, n_out * sizeof *j->y);
}

static void
put_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_in = (size_t) j->p->n_in, n_out = (size_t) j->p->n_out;

  memset (j->y + begin * n_in, 0, (end - begin) * n_in * sizeof *j->y);
  for (size_t r = begin; r < end; r++)
    memcpy (j->y + r * n_in + (size_t) j->p->first, j->x + r * n_out, n_out * sizeof *j->y);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, x, y };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, take_rows, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  Job job = { op->params, gy, gx };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, put_rows, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkSliceParams *p = op->params;

  if (eqk_emit_begin (e, "copy_channels"))
    {
      eqk_emit (e, "static void\ncopy_channels (const float *x, size_t x_width, float *y, size_t y_width, size_t rows, size_t n)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    memcpy (y + r * y_width, x + r * x_width, n * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e))
    {
      eqk_emit (e, "  memset (%s, 0, ", eqk_emit_gin (e, op, 0));
      eqk_emit (e, "%s * %d * sizeof (float));\n", eqk_emit_rows (e, op->out[0]), p->n_in);
      eqk_emit (e, "  copy_channels (%s, %d, ", eqk_emit_grad (e, op->out[0]), p->n_out);
      eqk_emit (e, "%s + %d, %d, ", eqk_emit_gin (e, op, 0), p->first, p->n_in);
    }
  else
    {
      eqk_emit (e, "  copy_channels (%s + %d, %d, ", eqk_emit_value (e, op->in[0]), p->first, p->n_in);
      eqk_emit (e, "%s, %d, ", eqk_emit_value (e, op->out[0]), p->n_out);
    }
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_out);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_slice) = {
  .id = "slice", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
