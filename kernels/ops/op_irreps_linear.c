/*
 * Linear maps of irreps: one matrix product a block, shared by its components. Rows are packed so that copies lie side by
 * side, [row, component][copy]; where they do already, the product reads and writes in place. Rows are cut into pieces whose
 * number depends on the rows alone; every piece has its own partial weight gradient, added in order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/gemm.h"
#include "ops/irreps.h"
#include "ops/pieces.h"
#include "ops/product-emit.h"

#include <string.h>

enum { MIN_ROWS = 64, PACK_ROWS = 64 };

typedef struct
{
  const EqkIrrepsLinearParams *p;
  const int32_t               *kinds;
  const eqk_real              *w, *b, *x, *xd, *g, *g1;   /* g1 with xd is added to the weight gradient of g with x */
  eqk_real                    *y, *gx, *partial, *pack;
  size_t                       n_pack, n_sets;
} Job;

/* The rows of a piece that share weights, at most PACK_ROWS of them at a time. */
typedef struct
{
  size_t row[PACK_ROWS], n, next, end;
  size_t set;
} Rows;

static bool
take_rows (const Job *j, Rows *rows)
{
  rows->n = 0;
  for (; rows->next < rows->end && rows->n < PACK_ROWS; rows->next++)
    {
      const int32_t kind = j->n_sets == 1 ? 0 : j->kinds[rows->next];

      if ((kind < 0 || (size_t) kind >= j->n_sets ? 0 : (size_t) kind) == rows->set)
        rows->row[rows->n++] = rows->next;
    }
  return rows->n > 0;
}

/* [row][block] -> [row, component][copy], times scale */
static void
pack (const Rows *rows, const eqk_real *x, size_t width, size_t from, size_t dim, size_t mul, bool by_component, eqk_real scale, eqk_real *out)
{
  for (size_t r = 0; r < rows->n; r++)
    {
      const eqk_real *block = x + rows->row[r] * width + from;

      if (by_component || dim == 1)
        for (size_t i = 0; i < dim * mul; i++)
          out[r * dim * mul + i] = scale * block[i];
      else
        for (size_t m = 0; m < dim; m++)
          for (size_t u = 0; u < mul; u++)
            out[(r * dim + m) * mul + u] = scale * block[u * dim + m];
    }
}

static void
unpack_add (const Rows *rows, const eqk_real *in, eqk_real *x, size_t width, size_t to, size_t dim, size_t mul, bool by_component, eqk_real scale)
{
  for (size_t r = 0; r < rows->n; r++)
    {
      eqk_real *block = x + rows->row[r] * width + to;

      if (by_component || dim == 1)
        for (size_t i = 0; i < dim * mul; i++)
          block[i] += scale * in[r * dim * mul + i];
      else
        for (size_t m = 0; m < dim; m++)
          for (size_t u = 0; u < mul; u++)
            block[u * dim + m] += scale * in[(r * dim + m) * mul + u];
    }
}

static void
clear (eqk_real *x, size_t width, size_t begin, size_t end)
{
  memset (x + begin * width, 0, (end - begin) * width * sizeof *x);
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job                   *j = data;
  const EqkIrrepsLinearParams *p = j->p;
  eqk_real                    *a = j->pack + (size_t) lane * j->n_pack, *c = a + j->n_pack / 2;

  clear (j->y, (size_t) p->n_out, begin, end);
  for (size_t r = begin; j->b != NULL && r < end; r++)
    for (int k = 0; k < p->n_bias; k++)
      j->y[r * (size_t) p->n_out + (size_t) p->bias_to[k]] = j->b[k];
  for (size_t set = 0; set < j->n_sets; set++)
    {
      Rows rows = { .next = begin, .end = end, .set = set };

      while (take_rows (j, &rows))
        for (int k = 0; k < p->n_blocks; k++)
          {
            const EqkIrrepsBlock *b = &p->blocks[k];

            pack (&rows, j->x, (size_t) p->n_in, (size_t) b->from, (size_t) b->dim, (size_t) b->mul_in, p->in_by_component, 1, a);
            EQK_SYM (gemm) (false, false, (int) rows.n * b->dim, b->mul_out, b->mul_in, a, b->mul_in, j->w + set * (size_t) p->n_weights + b->weight, b->mul_out,
                            c, b->mul_out, false);
            unpack_add (&rows, c, j->y, (size_t) p->n_out, (size_t) b->to, (size_t) b->dim, (size_t) b->mul_out, p->out_by_component, (eqk_real) b->scale);
          }
    }
}

static void
reverse_block (const Job *j, const Rows *rows, const EqkIrrepsBlock *b, const eqk_real *w, eqk_real *dw, eqk_real *a, eqk_real *c)
{
  const EqkIrrepsLinearParams *p = j->p;
  const int                    n = (int) rows->n * b->dim;
  const eqk_real               scale = (eqk_real) b->scale;

  pack (rows, j->g, (size_t) p->n_out, (size_t) b->to, (size_t) b->dim, (size_t) b->mul_out, p->out_by_component, 1, c);
  if (dw != NULL)
    {
      pack (rows, j->x, (size_t) p->n_in, (size_t) b->from, (size_t) b->dim, (size_t) b->mul_in, p->in_by_component, scale, a);
      EQK_SYM (gemm) (true, false, b->mul_in, b->mul_out, n, a, b->mul_in, c, b->mul_out, dw, b->mul_out, true);
    }
  if (j->gx != NULL)
    {
      EQK_SYM (gemm) (false, true, n, b->mul_in, b->mul_out, c, b->mul_out, w, b->mul_out, a, b->mul_in, false);
      unpack_add (rows, a, j->gx, (size_t) p->n_in, (size_t) b->from, (size_t) b->dim, (size_t) b->mul_in, p->in_by_component, scale);
    }
  if (dw != NULL && j->g1 != NULL)
    {
      pack (rows, j->g1, (size_t) p->n_out, (size_t) b->to, (size_t) b->dim, (size_t) b->mul_out, p->out_by_component, 1, c);
      pack (rows, j->xd, (size_t) p->n_in, (size_t) b->from, (size_t) b->dim, (size_t) b->mul_in, p->in_by_component, scale, a);
      EQK_SYM (gemm) (true, false, b->mul_in, b->mul_out, n, a, b->mul_in, c, b->mul_out, dw, b->mul_out, true);
    }
}

static size_t
partial_size (const EqkIrrepsLinearParams *p)
{
  return (size_t) p->n_weights * (size_t) (p->n_kinds > 0 ? p->n_kinds : 1) + (size_t) p->n_bias;
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job                   *j = data;
  const EqkIrrepsLinearParams *p = j->p;
  eqk_real                    *a = j->pack + (size_t) lane * j->n_pack, *c = a + j->n_pack / 2;
  eqk_real                    *partial = j->partial == NULL ? NULL : j->partial + chunk * partial_size (p);

  if (j->gx != NULL)
    clear (j->gx, (size_t) p->n_in, begin, end);
  if (partial != NULL)
    memset (partial, 0, partial_size (p) * sizeof *partial);
  for (size_t set = 0; set < j->n_sets; set++)
    {
      Rows rows = { .next = begin, .end = end, .set = set };

      while (take_rows (j, &rows))
        for (int k = 0; k < p->n_blocks; k++)
          reverse_block (j, &rows, &p->blocks[k], j->w + set * (size_t) p->n_weights + p->blocks[k].weight,
                         partial == NULL ? NULL : partial + set * (size_t) p->n_weights + p->blocks[k].weight, a, c);
    }
  for (size_t r = begin; partial != NULL && r < end; r++)
    for (int k = 0; k < p->n_bias; k++)
      partial[partial_size (p) - (size_t) p->n_bias + (size_t) k] += j->g[r * (size_t) p->n_out + (size_t) p->bias_to[k]];
}

/* Numbers a thread packs into: both sides of the largest block. */
static size_t
pack_numbers (const EqkIrrepsLinearParams *p)
{
  size_t most = 1;

  for (int k = 0; k < p->n_blocks; k++)
    {
      const size_t mul = (size_t) (p->blocks[k].mul_in > p->blocks[k].mul_out ? p->blocks[k].mul_in : p->blocks[k].mul_out);

      most = mul * (size_t) p->blocks[k].dim > most ? mul * (size_t) p->blocks[k].dim : most;
    }
  return 2 * PACK_ROWS * most;
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkIrrepsLinearParams *p = op->params;

  return (Job) { .p = p, .w = EQK_X (run, op->in[1]), .kinds = op->in[3] < 0 ? NULL : EQK_XI (run, op->in[3]), .pack = run->scratch,
                 .n_pack = pack_numbers (p), .n_sets = p->n_kinds > 0 ? (size_t) p->n_kinds : 1 };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.x = EQK_X (run, op->in[0]);
  job.b = op->in[2] < 0 ? NULL : EQK_X (run, op->in[2]);
  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), forward_rows, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.x = EQK_XD (run, op->in[0]);
  job.y = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), forward_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkIrrepsLinearParams *p = op->params;
  const size_t                 rows = eqk_run_rows (run, op->out[0]), n = partial_size (p);
  eqk_real                    *dw = EQK_GIN (run, op, 1), *db = op->in[2] < 0 ? NULL : EQK_GIN (run, op, 2);
  Job                          job = job_of (run, op);

  job.x = EQK_X (run, op->in[0]);
  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.g1 = job.xd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (dw != NULL || db != NULL)
    job.partial = job.pack + job.n_pack * (size_t) eqk_pool_n_threads (run->pool);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_ROWS), reverse_rows, &job);
  if (dw != NULL)
    EQK_SUM_PIECES (job.partial, rows, MIN_ROWS, n, dw, n - (size_t) p->n_bias);
  if (db != NULL)
    EQK_SUM_PIECES (job.partial + n - p->n_bias, rows, MIN_ROWS, n, db, (size_t) p->n_bias);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, false);
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  run_reverse (run, op, true);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkIrrepsLinearParams *p = op->params;
  const size_t                 rows = eqk_value_rows (program, op->out[0], sizes);

  for (int k = 0; k < p->n_blocks; k++)
    plan->macs += (double) rows * p->blocks[k].dim * p->blocks[k].mul_in * p->blocks[k].mul_out;
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = (size_t) plan->n_threads * pack_numbers (p) * sizeof (eqk_real);
  plan->scratch_reverse = plan->scratch + EQK_MAX_PIECES * partial_size (p) * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

static void
emit_functions (EqkEmitter *e)
{
  const char *loops = "  for (size_t r = 0; r < rows; r++)\n    for (int k = 0; k < n_blocks; k++)\n      {\n"
                      "        const int32_t dim = t[6 * k], from = t[6 * k + 1], n_u = t[6 * k + 2], to = t[6 * k + 3], n_v = t[6 * k + 4];\n"
                      "        const float *a = w + (kinds == NULL ? 0 : (size_t) kinds[r] * n_weights) + t[6 * k + 5];\n\n"
                      "        for (int32_t m = 0; m < dim; m++)\n          for (int32_t u = 0; u < n_u; u++)\n            {\n"
                      "              %s[r * n_in + (size_t) (from + (in_by_m ? m * n_u + u : u * dim + m))]%s\n\n"
                      "              for (int32_t v = 0; v < n_v; v++)\n"
                      "                %s[r * n_out + (size_t) (to + (out_by_m ? m * n_v + v : v * dim + m))]%s\n%s            }\n      }\n}\n\n";

  /* With products of matrices, for all rows at once unless rows have weights of their own. */
  const char *fast = "  for (int k = 0; k < n_blocks; k++)\n    {\n"
                     "      const int32_t dim = t[6 * k], n_u = t[6 * k + 2], n_v = t[6 * k + 4];\n"
                     "      const size_t at_once = kinds == NULL ? rows : 1, step_in = in_by_m ? 1 : (size_t) dim, step_out = out_by_m ? 1 : (size_t) dim;\n\n"
                     "      for (size_t r = 0; r < rows; r += at_once)\n        for (int32_t m = 0; m < dim; m++)\n          {\n"
                     "            const float *a = w + (kinds == NULL ? 0 : (size_t) kinds[r] * n_weights) + t[6 * k + 5];\n"
                     "            const size_t in = r * n_in + (size_t) (t[6 * k + 1] + (in_by_m ? m * n_u : m)), out = r * n_out + (size_t) (t[6 * k + 3] + (out_by_m ? m * n_v : m));\n\n"
                     "            %s\n          }\n    }\n}\n\n";

  if (!eqk_emit_plain (e))
    (eqk_emit_reverse (e) ? eqk_emit_dots : eqk_emit_product) (e);
  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "irreps_linear"))
    {
      eqk_emit (e, "/* t holds for each block its components, place in x, copies, place in y, copies, first weight. */\n"
                   "static void\nirreps_linear (const float *x, const float *w, const float *b, const int32_t *kinds, float *y, size_t rows, size_t n_in, size_t n_out, size_t n_weights,\n"
                   "               const int32_t *t, const float *scale, int n_blocks, const int32_t *bias_to, int n_bias, int in_by_m, int out_by_m)\n{\n"
                   "  for (size_t i = 0; i < rows * n_out; i++)\n    y[i] = 0.0f;\n"
                   "  for (size_t r = 0; b != NULL && r < rows; r++)\n    for (int k = 0; k < n_bias; k++)\n      y[r * n_out + (size_t) bias_to[k]] = b[k];\n");
      if (eqk_emit_plain (e))
        eqk_emit (e, loops, "const float s = scale[k] * x", ";", "y", " += s * a[u * n_v + v];", "");
      else
        eqk_emit (e, fast, "add_product (x + in, n_in, step_in, a, scale[k], y + out, n_out, step_out, at_once, (size_t) n_u, (size_t) n_v);");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "irreps_linear_reverse"))
    {
      eqk_emit (e, "static void\nirreps_linear_reverse (const float *gy, const float *w, const int32_t *kinds, float *gx, size_t rows, size_t n_in, size_t n_out, size_t n_weights,\n"
                   "                       const int32_t *t, const float *scale, int n_blocks, int in_by_m, int out_by_m)\n{\n"
                   "  for (size_t i = 0; i < rows * n_in; i++)\n    gx[i] = 0.0f;\n");
      if (eqk_emit_plain (e))
        eqk_emit (e, loops, "float sum = 0.0f, *g = &gx", ";", "sum += a[u * n_v + v] * gy", ";", "              *g += scale[k] * sum;\n");
      else
        eqk_emit (e, fast, "add_dots (gy + out, n_out, step_out, a, scale[k], gx + in, n_in, step_in, at_once, (size_t) n_v, (size_t) n_u);");
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_tables (EqkEmitter *e, const EqkIrrepsLinearParams *p, const char **table, const char **scale)
{
  int32_t t[6 * 256];
  float   s[256];

  if (p->n_blocks > 256)
    return EQK_ERR_LIMIT;
  for (int k = 0; k < p->n_blocks; k++)
    {
      const EqkIrrepsBlock *b = &p->blocks[k];
      const int32_t         row[6] = { b->dim, b->from, b->mul_in, b->to, b->mul_out, b->weight };

      memcpy (t + 6 * k, row, sizeof row);
      s[k] = (float) b->scale;
    }
  if (p->n_blocks == 0)
    memset (t, 0, sizeof t[0]);
  *table = eqk_emit_table_i (e, "irreps_blocks", t, p->n_blocks > 0 ? 6 * (size_t) p->n_blocks : 1);
  s[0] = p->n_blocks > 0 ? s[0] : 0;
  *scale = eqk_emit_table (e, "irreps_scale", s, p->n_blocks > 0 ? (size_t) p->n_blocks : 1);
  return *table == NULL || *scale == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkIrrepsLinearParams *p = op->params;
  const bool                   back = eqk_emit_reverse (e);
  const char                  *table, *scale;
  const EqkStatus              status = emit_tables (e, p, &table, &scale);

  if (status != EQK_OK)
    return status;
  emit_functions (e);
  eqk_emit (e, "  %s (%s, ", back ? "irreps_linear_reverse" : "irreps_linear", back ? eqk_emit_grad (e, op->out[0]) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  if (!back)
    eqk_emit (e, "%s, ", op->in[2] < 0 ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, ", op->in[3] < 0 ? "NULL" : eqk_emit_value (e, op->in[3]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %d, %s, ", eqk_emit_rows (e, op->out[0]), p->n_in, p->n_out, p->n_weights, table);
  eqk_emit (e, "%s, %d, ", scale, p->n_blocks);
  if (!back)
    eqk_emit (e, "%s, %d, ", p->n_bias > 0 ? eqk_emit_table_i (e, "irreps_bias", p->bias_to, (size_t) p->n_bias) : "NULL", p->n_bias);
  eqk_emit (e, "%d, %d);\n", p->in_by_component, p->out_by_component);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_irreps_linear) = {
  .id = "irreps_linear", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN3,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};
