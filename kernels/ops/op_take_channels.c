/* Channels of a row in another order, or some of them; none is taken twice, so the adjoint only puts them back. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"
#include "ops/turn.h"

#include <stdio.h>

enum { ROWS = 64 };   /* a thread takes at a time */

typedef struct
{
  const EqkTakeParams *p;
  const int32_t       *map;
  size_t               n_in, n_out;
  const eqk_real      *x;
  eqk_real            *y;
  bool                 to_components;
} Job;

static void
take_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job              *j = data;
  const int32_t *restrict map = j->map;
  const size_t            n_in = j->n_in, n_out = j->n_out;

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *restrict x = j->x + r * n_in;
      eqk_real *restrict       y = j->y + r * n_out;

      for (size_t c = 0; c < n_out; c++)   /* gathered, where the processor can */
        y[c] = map[c] < 0 ? 0 : x[map[c]];
    }
}

static void
turn_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    for (const EqkTakeBlock *b = j->p->blocks; b < j->p->blocks + j->p->n_blocks; b++)
      if (j->to_components)
        turn_to_components (j->x + r * j->n_in + b->at, j->y + r * j->n_in + b->at, b->mul, b->dim);
      else
        turn_to_copies (j->x + r * j->n_in + b->at, j->y + r * j->n_in + b->at, b->mul, b->dim);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  const EqkTakeParams *p = op->params;
  Job                  job = { p, p->map, (size_t) p->n_in, (size_t) p->n_out, x, y, p->to_components };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), ROWS, p->n_blocks > 0 ? turn_rows : take_rows, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  const EqkTakeParams *p = op->params;
  Job                  job = { p, p->back, (size_t) p->n_out, (size_t) p->n_in, gy, gx, !p->to_components };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), ROWS, p->n_blocks > 0 ? turn_rows : take_rows, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkTakeParams *p = op->params;
  const bool           back = eqk_emit_reverse (e);
  char                 name[48];
  const char          *table;

  if (eqk_emit_begin (e, "take_channels"))
    {
      eqk_emit (e, "static void\ntake_channels (const float *x, const int32_t *map, float *y, size_t rows, size_t n_in, size_t n_out)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t c = 0; c < n_out; c++)\n"
                   "      y[r * n_out + c] = map[c] < 0 ? 0.0f : x[r * n_in + (size_t) map[c]];\n}\n\n");
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "%s_%d", back ? "take_back" : "take", op->index);
  table = eqk_emit_table_i (e, name, back ? p->back : p->map, (size_t) (back ? p->n_in : p->n_out));
  eqk_emit (e, "  take_channels (%s, %s, ", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]), table);
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), back ? p->n_out : p->n_in, back ? p->n_in : p->n_out);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_take_channels) = {
  .id = "take_channels", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
