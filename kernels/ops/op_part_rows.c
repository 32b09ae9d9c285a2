/* Rows of nodes or edges of a selected part out of those of its parent, and back with zeros for what was not kept. */

#include "core/real.h"

#include "eqk/emit.h"
#include "eqk/op.h"
#include "ops/ragged.h"

#include <string.h>

typedef struct
{
  const int32_t  *of;       /* [rows of the part]: rows of the parent */
  size_t          c;
  const eqk_real *x;
  eqk_real       *y;
} Job;

static void
take_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    memcpy (j->y + r * j->c, j->x + (size_t) j->of[r] * j->c, j->c * sizeof *j->y);
}

static void
put_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    memcpy (j->y + (size_t) j->of[r] * j->c, j->x + r * j->c, j->c * sizeof *j->y);
}

/* The value of the part. */
static int
small_value (const EqkOp *op)
{
  return ((const EqkPartParams *) op->params)->back ? op->in[0] : op->out[0];
}

static int
large_value (const EqkOp *op)
{
  return ((const EqkPartParams *) op->params)->back ? op->out[0] : op->in[0];
}

static void
run_rows (EqkRun *run, const EqkOp *op, bool put, const eqk_real *x, eqk_real *y)
{
  const EqkSpace     *space = &eqk_program_value (run->program, small_value (op))->space;
  const EqkStructure *part = &run->structures[space->structure];
  const bool          nodes = space->kind == EQK_SPACE_NODES;
  Job                 job = { nodes ? part->node_of : part->edge_of, (size_t) eqk_program_value (run->program, op->out[0])->width, x, y };

  if (put)
    memset (y, 0, eqk_value_count (run->program, large_value (op), &run->sizes) * sizeof *y);
  eqk_run_range (run->pool, nodes ? part->n_nodes : part->n_edges, 256, put ? put_rows : take_rows, &job);
}

static void
apply (EqkRun *run, const EqkOp *op, const eqk_real *x, eqk_real *y)
{
  run_rows (run, op, ((const EqkPartParams *) op->params)->back != 0, x, y);
}

static void
adjoint (EqkRun *run, const EqkOp *op, const eqk_real *gy, eqk_real *gx)
{
  run_rows (run, op, ((const EqkPartParams *) op->params)->back == 0, gy, gx);
}

#include "ops/linear_passes.h"

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const bool      back = ((const EqkPartParams *) op->params)->back != 0;
  const EqkSpace *space = &eqk_program_value (eqk_emit_program (e), small_value (op))->space;
  const int       width = eqk_program_value (eqk_emit_program (e), op->out[0])->width;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (back && eqk_emit_begin (e, "put_rows"))
    {
      eqk_emit (e, "/* Rows x where `of` says, of n_rows; zero elsewhere. */\nstatic void\nput_rows (const float *x, const int32_t *of, float *y, size_t n, size_t n_rows, size_t c)\n{\n  memset (y, 0, n_rows * c * sizeof *y);\n"
                   "  for (size_t r = 0; r < n; r++)\n    memcpy (y + (size_t) of[r] * c, x + r * c, c * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  if (!back && eqk_emit_begin (e, "take_rows"))
    {
      eqk_emit (e, "static void\ntake_rows (const float *x, const int32_t *of, float *y, size_t n, size_t c)\n{\n"
                   "  for (size_t r = 0; r < n; r++)\n    memcpy (y + r * c, x + (size_t) of[r] * c, c * sizeof *y);\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", back ? "put_rows" : "take_rows", eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_word (e, space->kind == EQK_SPACE_NODES ? "node_of" : "edge_of", space->structure));
  eqk_emit (e, "%s, %s, ", eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, small_value (op)));
  if (back)
    eqk_emit (e, "%s, ", eqk_emit_rows (e, op->out[0]));
  eqk_emit (e, "%d);\n", width);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_part_rows) = {
  .id = "part_rows", .smooth = EQK_SMOOTH, .flags = EQK_ACROSS,
  .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse, .emit_c = emit_c,
};
