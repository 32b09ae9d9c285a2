/* Numbers of a static value put in another order, with repeats: filters of group convolutions, biases shared by a field. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>

typedef struct
{
  const EqkIndexMapParams *p;
  const eqk_real          *x;
  eqk_real                *y;
} Job;

static void
gather_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    j->y[i] = j->p->map[i] < 0 ? 0 : j->x[j->p->map[i]];
}

static void
sum_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      eqk_real sum = 0;

      for (int32_t k = j->p->back_first[i]; k < j->p->back_first[i + 1]; k++)
        sum += j->x[j->p->back[k]];
      j->y[i] = sum;
    }
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  Job job = { op->params, x, y };

  eqk_run_range (run->pool, (size_t) job.p->n_out, 16384, gather_range, &job);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  Job job = { op->params, gy, gx };

  eqk_run_range (run->pool, (size_t) job.p->n_in, 4096, sum_range, &job);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkIndexMapParams *p = op->params;
  char                     name[48];
  const char              *table;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "index_map"))
    {
      eqk_emit (e, "static void\nindex_map (const float *x, const int32_t *map, float *y, size_t n)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    y[i] = map[i] < 0 ? 0.0f : x[(size_t) map[i]];\n}\n\n");
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "map_%d", op->index);
  table = eqk_emit_table_i (e, name, p->map, (size_t) p->n_out);
  eqk_emit (e, "  index_map (%s, %s, ", eqk_emit_value (e, op->in[0]), table);
  eqk_emit (e, "%s, %d);\n", eqk_emit_value (e, op->out[0]), p->n_out);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_index_map) = {
  .id = "index_map", .smooth = EQK_SMOOTH,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
