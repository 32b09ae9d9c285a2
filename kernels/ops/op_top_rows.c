/*
 * The rows of each sample that a learned direction scores highest, times the score, as rows of a part that this operation makes. Which they are jumps
 * where scores meet, and of equal ones the first is kept, so this depends on the order of nodes where scores are equal.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/segments.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct
{
  const EqkTopParams *p;
  const int32_t      *offset;
  const EqkStructure *part;
  size_t              c;
  const eqk_real     *x, *w, *gy;
  eqk_real           *y, *gx;
  double             *score;      /* x . w / |w| of each row */
  double             *sorted;     /* room for as many */
  int32_t            *kept;       /* 1 where a row is kept */
  double             *partial;    /* [samples][c]: gradient of w */
  double              norm;
} Job;

static double
norm_of (const eqk_real *w, size_t c)
{
  double square = 0;

  for (size_t k = 0; k < c; k++)
    square += (double) w[k] * (double) w[k];
  return sqrt (square) > 1e-12 ? sqrt (square) : 1e-12;
}

static void
score_rows (const Job *j, size_t first, size_t last)
{
  for (size_t i = first; i < last; i++)
    {
      double sum = 0;

      for (size_t k = 0; k < j->c; k++)
        sum += (double) j->x[i * j->c + k] * (double) j->w[k];
      j->score[i] = sum / j->norm;
    }
}

/* The number that stands at place k when a is sorted from the largest; a is put in another order. */
static double
select_place (double *a, ptrdiff_t n, ptrdiff_t k)
{
  ptrdiff_t low = 0, high = n - 1;

  while (low < high)
    {
      const double pivot = a[low + (high - low) / 2];
      ptrdiff_t    i = low, q = high;

      while (i <= q)
        {
          while (a[i] > pivot)
            i++;
          while (a[q] < pivot)
            q--;
          if (i <= q)
            {
              const double swap = a[i];

              a[i++] = a[q];
              a[q--] = swap;
            }
        }
      if (k <= q)
        high = q;
      else if (k >= i)
        low = i;
      else
        break;
    }
  return a[k];
}

/* Those above the last score that is kept, and of those equal to it the first ones. */
static void
choose_rows (const Job *j, size_t first, size_t last, size_t room)
{
  size_t left = room;
  double limit;

  if (first == last)
    return;
  memcpy (j->sorted + first, j->score + first, (last - first) * sizeof *j->sorted);
  limit = select_place (j->sorted + first, (ptrdiff_t) (last - first), (ptrdiff_t) room - 1);
  for (size_t i = first; i < last; i++)
    left -= j->score[i] > limit;
  for (size_t i = first; i < last; i++)
    {
      const bool level = !(j->score[i] > limit) && !(j->score[i] < limit);

      j->kept[i] = j->score[i] > limit || (level && left > 0);
      left -= level && left > 0;
    }
}

static void
choose_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      const size_t first = (size_t) j->offset[s], last = (size_t) j->offset[s + 1];

      score_rows (j, first, last);
      choose_rows (j, first, last, (size_t) ceil (j->p->ratio * (double) (last - first)));
    }
}

static void
write_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t r = begin; r < end; r++)
    {
      const size_t   i = (size_t) j->part->node_of[r];
      const eqk_real factor = (eqk_real) tanh (j->score[i]);

      for (size_t k = 0; k < j->c; k++)
        j->y[r * j->c + k] = factor * j->x[i * j->c + k];
    }
}

/* y = x t (u), u = x . w / |w|: gx = t g + (g . x) t' w / |w|, gw = (g . x) t' (x - u w / |w|) / |w|. */
static void
reverse_row (const Job *j, size_t i, const eqk_real *g, double *gw)
{
  const eqk_real *x = j->x + i * j->c;
  const double    t = tanh (j->score[i]);
  double          along = 0;

  for (size_t k = 0; k < j->c; k++)
    along += (double) g[k] * (double) x[k];
  along *= (1 - t * t) / j->norm;
  for (size_t k = 0; k < j->c; k++)
    {
      gw[k] += along * ((double) x[k] - j->score[i] * (double) j->w[k] / j->norm);
      if (j->gx != NULL)
        j->gx[i * j->c + k] = (eqk_real) (t * (double) g[k] + along * (double) j->w[k]);
    }
}

static void
reverse_samples (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;

  for (size_t s = begin; s < end; s++)
    {
      double *gw = j->partial + s * j->c;

      memset (gw, 0, j->c * sizeof *gw);
      for (int32_t i = j->offset[s]; i < j->offset[s + 1]; i++)
        if (j->part->place[i] >= 0)
          reverse_row (j, (size_t) i, j->gy + (size_t) j->part->place[i] * j->c, gw);
        else if (j->gx != NULL)
          memset (j->gx + (size_t) i * j->c, 0, j->c * sizeof *j->gx);
    }
}

/* Scores are kept for the reverse pass where there is one, else in scratch memory. */
static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkTopParams *p = op->params;
  const EqkStructure *part = &run->structures[p->structure];
  const size_t        n = eqk_sizes_of (&run->sizes, part->parent).nodes;
  double             *memory = run->saved[op->index] != NULL ? run->saved[op->index] : run->scratch;
  Job                 job = { .p = p, .offset = run->structures[part->parent].node_offset, .part = part, .c = (size_t) eqk_program_value (run->program, op->out[0])->width,
                              .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .score = memory, .sorted = memory + n, .kept = (int32_t *) (memory + 2 * n) };

  job.norm = norm_of (job.w, job.c);
  return job;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 4, choose_samples, &job);
  eqk_run_select (run, job.p->structure, job.kept);
  eqk_run_range (run->pool, job.part->n_nodes, 64, write_rows, &job);
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  Job       job = job_of (run, op);
  eqk_real *gw = EQK_GIN (run, op, 1);

  job.gy = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  job.partial = run->scratch;
  eqk_run_range (run->pool, (size_t) run->sizes.batch, 4, reverse_samples, &job);
  for (size_t k = 0; gw != NULL && k < job.c; k++)
    {
      double sum = 0;

      for (size_t s = 0; s < (size_t) run->sizes.batch; s++)
        sum += job.partial[s * job.c + k];
      gw[k] = (eqk_real) sum;
    }
}

/*
 * The first rows hold w_1 in channel 0, the others w_0 in channel 1: all score w_0 w_1 / |w| to the last bit, and as many stand first as are kept.
 * Where order decides, those are kept; after a move others are.
 */
static bool
level (EqkRun *run, const EqkOp *op)
{
  const EqkTopParams *p = op->params;
  const int32_t      *offset = run->structures[run->structures[p->structure].parent].node_offset;
  const size_t        c = (size_t) eqk_program_value (run->program, op->out[0])->width;
  const eqk_real     *w = EQK_X (run, op->in[1]);
  eqk_real           *x = EQK_X (run, op->in[0]);
  bool                any = false;

  for (size_t s = 0; c > 1 && s < (size_t) run->sizes.batch; s++)
    {
      const size_t first = (size_t) offset[s], n = (size_t) offset[s + 1] - first, room = (size_t) ceil (p->ratio * (double) n);

      memset (x + first * c, 0, n * c * sizeof *x);
      for (size_t i = 0; i < n; i++)
        x[(first + i) * c + (i < room ? 0 : 1)] = w[i < room ? 1 : 0];
      any = any || room < n;
    }
  return any;
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkTopParams *p = op->params;
  const EqkExtent     whole = eqk_sizes_of (sizes, eqk_program_selection (program, p->structure - 1)->parent);
  const size_t        memory = whole.nodes * (2 * sizeof (double) + sizeof (int32_t));

  plan->macs = 2 * (double) eqk_value_count (program, op->in[0], sizes);
  plan->saved = plan->train ? memory : 0;
  plan->scratch = plan->train ? 0 : memory;
  plan->scratch_reverse = plan->train ? (size_t) sizes->batch * (size_t) eqk_program_value (program, op->out[0])->width * sizeof (double) : 0;
  plan->kept = plan->export_plan ? (2 * whole.nodes + 3 * whole.edges) * sizeof (int32_t) : 0;
  return EQK_OK;
}

static const char select_part[] =
  "/* Rows with the largest x . w / |w|, times its tanh, in their order, and the edges between them. score: room for n numbers.\n"
  "   place: the new row of each node, or -1; node_of, edge_of: the old ones. Gives the number of edges. */\n"
  "static int32_t\nselect_part (const float *x, const float *w, float *y, float *score, size_t n, size_t c, size_t room, const int32_t *src, const int32_t *dst, int32_t n_edges,\n"
  "             int32_t *place, int32_t *node_of, int32_t *new_src, int32_t *new_dst, int32_t *edge_of)\n{\n  float   norm = 0.0f;\n  int32_t kept = 0, edges = 0;\n\n"
  "  for (size_t k = 0; k < c; k++)\n    norm += w[k] * w[k];\n  norm = norm > 1e-24f ? sqrtf (norm) : 1e-12f;\n"
  "  for (size_t i = 0; i < n; i++)\n    {\n      score[i] = 0.0f;\n      for (size_t k = 0; k < c; k++)\n        score[i] += x[i * c + k] * w[k];\n      score[i] /= norm;\n    }\n"
  "  for (size_t i = 0; i < n; i++)\n    {\n      size_t before = 0;\n\n"
  "      for (size_t j = 0; j < n; j++)\n        before += (score[j] > score[i] || (!(score[j] < score[i]) && j < i)) ? 1 : 0;\n"
  "      place[i] = before < room && (size_t) kept < room ? kept : -1;\n      if (place[i] < 0)\n        continue;\n"
  "      for (size_t k = 0; k < c; k++)\n        y[(size_t) kept * c + k] = tanhf (score[i]) * x[i * c + k];\n      node_of[kept++] = (int32_t) i;\n    }\n"
  "  for (; (size_t) kept < room; kept++)   /* scores that are no numbers */\n    {\n      node_of[kept] = 0;\n      for (size_t k = 0; k < c; k++)\n        y[(size_t) kept * c + k] = score[0] * x[k];\n    }\n"
  "  for (int32_t e = 0; e < n_edges; e++)\n    if (place[src[e]] >= 0 && place[dst[e]] >= 0)\n      {\n        new_src[edges] = place[src[e]];\n        new_dst[edges] = place[dst[e]];\n        edge_of[edges++] = e;\n      }\n"
  "  return edges;\n}\n\n";

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkTopParams *p = op->params;
  const int           parent = eqk_program_selection (eqk_emit_program (e), p->structure - 1)->parent, k = p->structure;
  const EqkExtent     room = eqk_emit_capacity (e, parent);
  const bool          edges = eqk_emit_has_edges (e);

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  if (eqk_emit_begin (e, "select_part"))
    {
      eqk_emit (e, "%s", select_part);
      eqk_emit_end (e);
    }
  eqk_emit (e, "  const int32_t  n_nodes_%d = (int32_t) ceil (%.17g * (double) %s);\n", k, p->ratio, eqk_emit_word (e, "n_nodes", parent));
  eqk_emit (e, "  int32_t *const place_%d = (int32_t *) (void *) %s, *const node_of_%d = place_%d + %zu;\n", k, eqk_emit_kept (e, op), k, k, room.nodes);
  eqk_emit (e, "  int32_t *const src_%d = place_%d + %zu, *const dst_%d = place_%d + %zu, *const edge_of_%d = place_%d + %zu;\n", k, k, 2 * room.nodes, k, k,
            2 * room.nodes + room.edges, k, k, 2 * room.nodes + 2 * room.edges);
  eqk_emit (e, "  const int32_t  n_edges_%d = select_part (%s, ", k, eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, ", eqk_emit_scratch (e, op));
  eqk_emit (e, "(size_t) %s, %d, (size_t) n_nodes_%d, ", eqk_emit_word (e, "n_nodes", parent), eqk_program_value (eqk_emit_program (e), op->out[0])->width, k);
  eqk_emit (e, "%s, ", edges ? eqk_emit_word (e, "src", parent) : "NULL");
  eqk_emit (e, "%s, ", edges ? eqk_emit_word (e, "dst", parent) : "NULL");
  eqk_emit (e, "%s, place_%d, node_of_%d, src_%d, dst_%d, edge_of_%d);\n  (void) n_edges_%d;\n", edges ? eqk_emit_word (e, "n_edges", parent) : "0", k, k, k, k, k, k);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_top_rows) = {
  .id = "top_rows", .smooth = EQK_SMOOTH_JUMPS, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_ACROSS, .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
  .level = level,
};
