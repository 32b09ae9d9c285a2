/*
 * Matrix product of pairs of nodes, channel by channel: y_ij = Σ_k a_ik b_kj within each sample. What linear maps of pairs cannot see, closed
 * walks along edges, comes in by it (Maron et al. 2019).
 */

#include "core/real.h"

#include "ops/segments.h"

#include <string.h>

typedef struct
{
  const EqkStructure *s;
  size_t              c;
  const eqk_real     *a, *b, *g;
  eqk_real           *y, *ga, *gb;
} Job;

static void
forward_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      const size_t n = (size_t) (j->s->node_offset[s + 1] - j->s->node_offset[s]), first = j->s->pair_offset[s];

      memset (j->y + first * j->c, 0, n * n * j->c * sizeof *j->y);
      for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
          for (size_t q = 0; q < n; q++)
            for (size_t u = 0; u < j->c; u++)
              j->y[(first + i * n + q) * j->c + u] += j->a[(first + i * n + k) * j->c + u] * j->b[(first + k * n + q) * j->c + u];
    }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      const size_t n = (size_t) (j->s->node_offset[s + 1] - j->s->node_offset[s]), first = j->s->pair_offset[s];

      if (j->ga != NULL)
        memset (j->ga + first * j->c, 0, n * n * j->c * sizeof *j->ga);
      if (j->gb != NULL)
        memset (j->gb + first * j->c, 0, n * n * j->c * sizeof *j->gb);
      for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
          for (size_t q = 0; q < n; q++)
            for (size_t u = 0; u < j->c; u++)
              {
                const size_t   left = (first + i * n + k) * j->c + u, right = (first + k * n + q) * j->c + u;
                const eqk_real g = j->g[(first + i * n + q) * j->c + u];

                if (j->ga != NULL)
                  j->ga[left] += g * j->b[right];
                if (j->gb != NULL)
                  j->gb[right] += g * j->a[left];
              }
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  return (Job) { .s = eqk_run_structure (run, op), .c = (size_t) eqk_program_value (run->program, op->out[0])->width, .a = EQK_X (run, op->in[0]), .b = EQK_X (run, op->in[1]) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, forward_samples, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.ga = EQK_GIN (run, op, 0);
  job.gb = EQK_GIN (run, op, 1);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 1, reverse_samples, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const double batch = sizes->batch > 0 ? sizes->batch : 1;

  plan->macs = (double) eqk_value_count (program, op->out[0], sizes) * (double) sizes->nodes / batch;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "pairs_product"))
    {
      eqk_emit (e, "static void\npairs_product (const float *a, const float *b, float *y, size_t n, size_t c)\n{\n  for (size_t p = 0; p < n * n * c; p++)\n    y[p] = 0.0f;\n  for (size_t i = 0; i < n; i++)\n    for (size_t k = 0; k < n; k++)\n"
                   "      for (size_t q = 0; q < n; q++)\n        for (size_t u = 0; u < c; u++)\n          y[(i * n + q) * c + u] += a[(i * n + k) * c + u] * b[(k * n + q) * c + u];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  pairs_product (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, (size_t) n_nodes, %d);\n", eqk_emit_value (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_pairs_product) = {
  .id = "pairs_product", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
