/* The largest channel of each field: the group permutes the channels, so the largest stays. Its number is saved. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/plane.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const EqkFieldPoolParams *p;
  const eqk_real           *x;
  eqk_real                 *y;
  uint16_t                  *saved;
} Job;

static void
max_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_fields = (size_t) j->p->n_fields, channels = (size_t) j->p->n_channels;

  for (size_t r = begin; r < end; r++)
    for (size_t f = 0; f < n_fields; f++)
      {
        const eqk_real *v = j->x + r * channels + (size_t) j->p->first[f];
        const int       d = j->p->first[f + 1] - j->p->first[f];
        int             which = 0;

        for (int c = 1; c < d; c++)
          which = v[c] > v[which] ? c : which;
        j->y[r * n_fields + f] = v[which];
        if (j->saved != NULL)
          j->saved[r * n_fields + f] = (uint16_t) which;
      }
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job   *j = data;
  const size_t n_fields = (size_t) j->p->n_fields, channels = (size_t) j->p->n_channels;

  memset (j->y + begin * channels, 0, (end - begin) * channels * sizeof *j->y);
  for (size_t r = begin; r < end; r++)
    for (size_t f = 0; f < n_fields; f++)
      j->y[r * channels + (size_t) j->p->first[f] + j->saved[r * n_fields + f]] = j->x[r * n_fields + f];
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { op->params, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), run->saved[op->index] };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, max_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = { op->params, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), run->saved[op->index] };

  if (job.y != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 64, reverse_rows, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->in[0], sizes);
  plan->saved = plan->train ? eqk_value_count (program, op->out[0], sizes) * sizeof (uint16_t) : 0;
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkFieldPoolParams *p = op->params;
  char                      name[48];
  const char               *table;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "field_max"))
    {
      eqk_emit (e, "static void\nfield_max (const float *x, const int32_t *first, float *y, size_t rows, size_t channels, size_t fields)\n{\n"
                   "  for (size_t r = 0; r < rows; r++)\n    for (size_t f = 0; f < fields; f++)\n      {\n        float best = x[r * channels + (size_t) first[f]];\n\n"
                   "        for (size_t c = (size_t) first[f] + 1; c < (size_t) first[f + 1]; c++)\n          best = x[r * channels + c] > best ? x[r * channels + c] : best;\n"
                   "        y[r * fields + f] = best;\n      }\n}\n\n");
      eqk_emit_end (e);
    }
  snprintf (name, sizeof name, "fields_%d", op->index);
  table = eqk_emit_table_i (e, name, p->first, (size_t) p->n_fields + 1);
  eqk_emit (e, "  field_max (%s, %s, ", eqk_emit_value (e, op->in[0]), table);
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d);\n", eqk_emit_rows (e, op->out[0]), p->n_channels, p->n_fields);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_field_max) = {
  .id = "field_max", .smooth = EQK_SMOOTH_C0, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
