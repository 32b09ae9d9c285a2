/*
 * Operation "species_affine": y_i = scale * x_i + shift[z_i] for one number a node. in: x [nodes, 1], species [nodes] (index),
 * shift [z], scale [1]; out: y [nodes, 1]. Shift and scale are states: statistics of the training data, not trained.
 */

#include "core/real.h"

#include "eqk/emit.h"

typedef struct
{
  const int32_t  *species;
  const eqk_real *from, *shift;
  eqk_real        scale, *to;
  int             n_species;
} Job;

static void
apply (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t i = begin; i < end; i++)
    {
      const int32_t z = j->shift == NULL || j->species[i] < 0 || j->species[i] >= j->n_species ? 0 : j->species[i];

      j->to[i] = j->scale * j->from[i] + (j->shift == NULL ? 0 : j->shift[z]);
    }
}

static void
run_job (EqkRun *run, const EqkOp *op, const eqk_real *from, eqk_real *to, bool shifted)
{
  Job job = { EQK_XI (run, op->in[1]), from, shifted ? EQK_X (run, op->in[2]) : NULL, EQK_X (run, op->in[3])[0], to,
              eqk_program_value (run->program, op->in[2])->width };

  if (to != NULL && from != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 1024, apply, &job);
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_X (run, op->in[0]), EQK_X (run, op->out[0]), true);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_GOUT (run, op, 0), EQK_GIN (run, op, 0), false);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  run_job (run, op, EQK_XD (run, op->in[0]), EQK_XD (run, op->out[0]), false);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_rows (program, op->out[0], sizes);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const bool back = eqk_emit_reverse (e);

  if (eqk_emit_begin (e, "species_affine"))
    {
      eqk_emit (e, "static void\nspecies_affine (const float *from, const int32_t *species, const float *shift, const float *scale, float *to, size_t n)\n{\n"
                   "  for (size_t i = 0; i < n; i++)\n    to[i] = scale[0] * from[i] + (shift == NULL ? 0.0f : shift[species[i]]);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  species_affine (%s, ", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", back ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[3]));
  eqk_emit (e, "%s, %s);\n", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->out[0]));
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_species_affine) = {
  .id = "species_affine", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
