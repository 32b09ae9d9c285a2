/* Channels of several values side by side. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <string.h>

typedef struct
{
  size_t          first, part, whole;
  const eqk_real *x;               /* [rows, part], NULL: zero; or [rows, whole] */
  eqk_real       *y;
  bool            back;
} Job;

static void
copy_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    if (j->back)
      memcpy (j->y + r * j->part, j->x + r * j->whole + j->first, j->part * sizeof *j->y);
    else if (j->x == NULL)
      memset (j->y + r * j->whole + j->first, 0, j->part * sizeof *j->y);
    else
      memcpy (j->y + r * j->whole + j->first, j->x + r * j->part, j->part * sizeof *j->y);
}

static size_t
whole (const EqkConcatParams *p)
{
  size_t sum = 0;

  for (int k = 0; k < p->n; k++)
    sum += (size_t) p->width[k];
  return sum;
}

static void
join (EqkRun *run, const EqkOp *op, void **lane, eqk_real *y)
{
  const EqkConcatParams *p = op->params;
  size_t                 first = 0;

  for (int k = 0; k < p->n; k++)
    {
      Job job = { first, (size_t) p->width[k], whole (p), lane[op->in[k]], y, false };

      eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, copy_rows, &job);
      first += job.part;
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  join (run, op, run->x, EQK_X (run, op->out[0]));
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  join (run, op, run->xd, EQK_XD (run, op->out[0]));
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const EqkConcatParams *p = op->params;
  size_t                 first = 0;

  for (int k = 0; k < p->n; k++)
    {
      Job job = { first, (size_t) p->width[k], whole (p), EQK_GOUT (run, op, 0), EQK_GIN (run, op, k), true };

      if (job.y != NULL)
        eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, copy_rows, &job);
      first += job.part;
    }
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkConcatParams *p = op->params;
  const bool             back = eqk_emit_reverse (e);
  size_t                 first = 0;

  if (eqk_emit_begin (e, "copy_channels"))
    {
      eqk_emit (e, "static void\ncopy_channels (const float *x, size_t x_width, float *y, size_t y_width, size_t rows, size_t n)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    memcpy (y + r * y_width, x + r * x_width, n * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  for (int k = 0; k < p->n; k++)
    {
      if (back && eqk_emit_gin (e, op, k) == NULL)
        {
          first += (size_t) p->width[k];
          continue;
        }
      if (back)
        eqk_emit (e, "  copy_channels (%s + %zu, %zu, ", eqk_emit_grad (e, op->out[0]), first, whole (p));
      else
        eqk_emit (e, "  copy_channels (%s, %d, ", eqk_emit_value (e, op->in[k]), p->width[k]);
      if (back)
        eqk_emit (e, "%s, %d, ", eqk_emit_gin (e, op, k), p->width[k]);
      else
        eqk_emit (e, "%s + %zu, %zu, ", eqk_emit_value (e, op->out[0]), first, whole (p));
      eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), p->width[k]);
      first += (size_t) p->width[k];
    }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_concat) = {
  .id = "concat", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
