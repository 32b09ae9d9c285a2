/* Look-up of table rows by species. The gradient of a row is summed over nodes in order by the row's owner. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/ragged.h"

#include <string.h>

typedef struct
{
  const int32_t  *species;
  size_t          n_nodes, c;
  int             n_species;
  const eqk_real *from;
  eqk_real       *to;
} Job;

static void
look_up (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      const int32_t z = j->species[i] < 0 || j->species[i] >= j->n_species ? 0 : j->species[i];   /* feeders have checked */

      memcpy (j->to + i * j->c, j->from + (size_t) z * j->c, j->c * sizeof *j->to);
    }
}

static void
collect (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t z = begin; z < end; z++)
    {
      eqk_real *row = j->to + z * j->c;

      memset (row, 0, j->c * sizeof *row);
      for (size_t i = 0; i < j->n_nodes; i++)
        for (size_t k = 0; j->species[i] == (int32_t) z && k < j->c; k++)
          row[k] += j->from[i * j->c + k];
    }
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkEmbedParams *p = op->params;

  return (Job) { .species = EQK_XI (run, op->in[0]), .n_nodes = eqk_run_rows (run, op->out[0]), .n_species = p->n_species,
                 .c = (size_t) eqk_program_value (run->program, op->out[0])->width };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.from = EQK_X (run, op->in[1]);
  job.to = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, job.n_nodes, 256, look_up, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.from = EQK_GOUT (run, op, 0);
  job.to = EQK_GIN (run, op, 1);
  if (job.to != NULL)
    eqk_run_range (run->pool, (size_t) job.n_species, 1, collect, &job);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  if (eqk_emit_reverse (e))
    return EQK_OK;
  if (eqk_emit_begin (e, "embed"))
    {
      eqk_emit (e, "static void\nembed (const int32_t *species, const float *table, float *y, size_t n, size_t c)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    for (size_t k = 0; k < c; k++)\n      y[i * c + k] = table[(size_t) species[i] * c + k];\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  embed (%s, ", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d);\n", eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_embed) = {
  .id = "embed", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0,
  .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
