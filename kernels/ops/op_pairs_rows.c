/* Rows of pairs of nodes put together at the first node of each pair, and the other way: the row of a pair's first or second node. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/segments.h"

typedef struct
{
  const int32_t      *offset;
  const size_t       *pairs;
  const EqkPairsSide *p;
  size_t              c;
  const eqk_real     *from;
  eqk_real           *to;
} Job;

static eqk_real
share (const Job *j, size_t n)
{
  return j->p->mean && n > 0 ? (eqk_real) 1 / (eqk_real) n : 1;
}

/* Each node takes the sum over the pairs it is the first, or the second, of; in float64, so that no order shows. */
static void
sum_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      const size_t    n = (size_t) (j->offset[s + 1] - j->offset[s]), step = j->p->second ? n : 1;
      const eqk_real *a = j->from + j->pairs[s] * j->c;

      for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < j->c; k++)
          {
            const eqk_real *at = a + (j->p->second ? i : i * n) * j->c + k;
            double          sum = 0;

            for (size_t q = 0; q < n; q++)
              sum += (double) at[q * step * j->c];
            j->to[((size_t) j->offset[s] + i) * j->c + k] = share (j, n) * (eqk_real) sum;
          }
    }
}

static void
spread_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      const size_t   n = (size_t) (j->offset[s + 1] - j->offset[s]);
      const eqk_real scale = share (j, n);

      for (size_t p = 0; p < n * n; p++)
        {
          const eqk_real *x = j->from + ((size_t) j->offset[s] + (j->p->second ? p % n : p / n)) * j->c;
          eqk_real       *y = j->to + (j->pairs[s] + p) * j->c;

          for (size_t k = 0; k < j->c; k++)
            y[k] = scale * x[k];
        }
    }
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to, EqkRangeFunc func)
{
  Job job = { eqk_run_structure (run, op)->node_offset, eqk_run_structure (run, op)->pair_offset, op->params, (size_t) eqk_program_value (run->program, op->out[0])->width, from, to };

  if (to != NULL)
    eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, func, &job);
}

static void
emit_functions (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "pairs_rows"))
    return;
  eqk_emit (e, "static void\npairs_sum (const float *from, float *to, size_t n, size_t c, int second, int mean)\n{\n  const size_t step = second ? n : 1;\n\n  for (size_t i = 0; i < n; i++)\n    for (size_t k = 0; k < c; k++)\n      {\n"
               "        const float *at = from + (second ? i : i * n) * c + k;\n        double       sum = 0.0;\n\n        for (size_t j = 0; j < n; j++)\n          sum += (double) at[j * step * c];\n"
               "        to[i * c + k] = (float) (mean ? sum / (double) n : sum);\n      }\n}\n\n"
               "static void\npairs_spread (const float *from, float *to, size_t n, size_t c, int second, int mean)\n{\n  const float scale = mean && n > 0 ? 1.0f / (float) n : 1.0f;\n\n  for (size_t i = 0; i < n; i++)\n    for (size_t j = 0; j < n; j++)\n      for (size_t k = 0; k < c; k++)\n"
               "        to[(i * n + j) * c + k] = scale * from[(second ? j : i) * c + k];\n}\n\n");
  eqk_emit_end (e);
}

static EqkStatus
emit_job (EqkEmitter *e, const EqkOp *op, bool spread)
{
  const EqkPairsSide *p = op->params;
  const bool          back = eqk_emit_reverse (e);

  emit_functions (e);
  eqk_emit (e, "  %s (%s, ", spread != back ? "pairs_spread" : "pairs_sum", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, (size_t) n_nodes, %d, %d, %d);\n", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->second, p->mean);
  return EQK_OK;
}

/* ---- pairs to nodes ---- */

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  run_job (run, op, x, y, sum_samples);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  run_job (run, op, gy, gx, spread_samples);
}

#include "ops/linear_passes.h"

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  return emit_job (e, op, false);
}

const EqkOpType EQK_SYM (op_pairs_rows) = {
  .id = "pairs_rows", .smooth = EQK_SMOOTH, .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};

/* ---- nodes to pairs ---- */

static void
forward_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), spread_samples);
}

static void
reverse_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), sum_samples);
}

static void
tangent_spread (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]), spread_samples);
}

static EqkStatus
emit_spread (EqkEmitter *e, const EqkOp *op)
{
  return emit_job (e, op, true);
}

/* Copies: no multiplications. */
const EqkOpType EQK_SYM (op_pairs_spread) = {
  .id = "pairs_spread", .smooth = EQK_SMOOTH, .forward = forward_spread, .reverse = reverse_spread, .tangent = tangent_spread, .reverse2 = reverse_spread, .emit_c = emit_spread,
};
