/*
 * Symmetric contraction: polynomials of the components of one copy, the same for all copies, mixed by learned weights for each
 * kind of atom and copy. Monomials are walked once for a register of copies; features gather their entries. Derivatives are
 * those of monomials. Nodes are cut into pieces with a partial weight gradient each, added in order.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/irreps.h"
#include "ops/pieces.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_NODES = 16 };

typedef struct
{
  const EqkContractionParams *p;
  const int32_t              *kinds;
  const eqk_real             *x, *xd, *w, *u, *g, *g1;
  eqk_real                   *y, *gx, *partial, *scratch;
  size_t                      n_scratch;
} Job;

/* At most a register of numbers; the rest is zero. */
static inline eqk_vec
load (const eqk_real *from, int n)
{
  eqk_vec v = { 0 };

  if (n == EQK_LANES)
    return *(const eqk_vecu *) from;
  for (int i = 0; i < n; i++)
    v[i] = from[i];
  return v;
}

static inline void
store (eqk_real *to, eqk_vec v, int n)
{
  if (n == EQK_LANES)
    *(eqk_vecu *) to = v;
  else
    for (int i = 0; i < n; i++)
      to[i] = v[i];
}

static inline void
add_to (eqk_real *to, eqk_vec v, int n)
{
  store (to, load (to, n) + v, n);
}

static inline size_t
set_of (const Job *j, size_t node)
{
  return j->kinds[node] < 0 || j->kinds[node] >= j->p->n_kinds ? 0 : (size_t) j->kinds[node];
}

static inline eqk_vec
monomial (const EqkMonomial *t, const eqk_vec *x)
{
  return t->order == 1 ? x[t->a] : t->order == 2 ? x[t->a] * x[t->b] : x[t->a] * x[t->b] * x[t->c];
}

static inline eqk_vec
monomial_tangent (const EqkMonomial *t, const eqk_vec *x, const eqk_vec *d)
{
  if (t->order == 1)
    return d[t->a];
  if (t->order == 2)
    return d[t->a] * x[t->b] + x[t->a] * d[t->b];
  return d[t->a] * x[t->b] * x[t->c] + x[t->a] * (d[t->b] * x[t->c] + x[t->b] * d[t->c]);
}

/* g += q dM/dx */
static inline void
monomial_reverse (const EqkMonomial *t, const eqk_vec *x, eqk_vec q, eqk_vec *g)
{
  if (t->order == 1)
    g[t->a] += q;
  else if (t->order == 2)
    {
      g[t->a] += q * x[t->b];
      g[t->b] += q * x[t->a];
    }
  else
    {
      const eqk_vec qa = q * x[t->a];

      g[t->a] += q * x[t->b] * x[t->c];
      g[t->b] += qa * x[t->c];
      g[t->c] += qa * x[t->b];
    }
}

/* g += q d(dM/dx . d)/dx */
static inline void
monomial_reverse2 (const EqkMonomial *t, const eqk_vec *x, const eqk_vec *d, eqk_vec q, eqk_vec *g)
{
  if (t->order == 2)
    {
      g[t->a] += q * d[t->b];
      g[t->b] += q * d[t->a];
    }
  else if (t->order == 3)
    {
      g[t->a] += q * (d[t->b] * x[t->c] + x[t->b] * d[t->c]);
      g[t->b] += q * (d[t->a] * x[t->c] + x[t->a] * d[t->c]);
      g[t->c] += q * (d[t->a] * x[t->b] + x[t->a] * d[t->b]);
    }
}

/* Features (or their tangents) of a register of copies. */
static void
features_of (const EqkContractionParams *p, const eqk_real *u, const eqk_vec *x, const eqk_vec *d, eqk_vec *f)
{
  memset (f, 0, (size_t) p->n_features * sizeof *f);
  for (int m = 0; m < p->n_monomials; m++)
    {
      const eqk_vec v = d == NULL ? monomial (&p->monomials[m], x) : monomial_tangent (&p->monomials[m], x, d);

      for (int32_t e = p->monomials[m].first; e < p->monomials[m + 1].first; e++)
        f[p->entries[e]] += u[e] * v;
    }
}

static void
load_components (const EqkContractionParams *p, const eqk_real *row, int copy, int n, eqk_vec *x)
{
  for (int a = 0; a < p->n_components; a++)
    x[a] = load (row + a * p->n_copies + copy, n);
}

static void
forward_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job                  *j = data;
  const EqkContractionParams *p = j->p;
  eqk_vec                    *x = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch), *d = x + p->n_components, *f = d + p->n_components;

  for (size_t i = begin; i < end; i++)
    {
      const eqk_real *w = j->w + set_of (j, i) * (size_t) p->n_paths * (size_t) p->n_copies;
      eqk_real       *y = j->y + i * (size_t) p->n_out * (size_t) p->n_copies;

      memset (y, 0, (size_t) p->n_out * (size_t) p->n_copies * sizeof *y);
      for (int c = 0; c < p->n_copies; c += EQK_LANES)
        {
          const int    n = p->n_copies - c < EQK_LANES ? p->n_copies - c : EQK_LANES;
          const size_t row = i * (size_t) p->n_components * (size_t) p->n_copies;

          load_components (p, j->x + row, c, n, x);
          if (j->xd != NULL)
            load_components (p, j->xd + row, c, n, d);
          features_of (p, j->u, x, j->xd == NULL ? NULL : d, f);
          for (int k = 0; k < p->n_features; k++)
            add_to (y + p->features[k].k * p->n_copies + c, load (w + p->features[k].path * p->n_copies + c, n) * f[k], n);
        }
    }
}

/* Adjoints of features: w g. */
static void
feature_adjoints (const EqkContractionParams *p, const eqk_real *w, const eqk_real *g, int copy, int n, eqk_vec *out)
{
  for (int k = 0; k < p->n_features; k++)
    out[k] = load (w + p->features[k].path * p->n_copies + copy, n) * load (g + p->features[k].k * p->n_copies + copy, n);
}

/* dw += F g for the features of every path. */
static void
weight_gradient (const EqkContractionParams *p, const eqk_vec *f, const eqk_real *g, int copy, int n, eqk_real *dw)
{
  for (int k = 0; k < p->n_features; k++)
    add_to (dw + p->features[k].path * p->n_copies + copy, f[k] * load (g + p->features[k].k * p->n_copies + copy, n), n);
}

static void
reverse_copies (const Job *j, size_t node, int copy, int n, eqk_vec *x, eqk_real *dw)
{
  const EqkContractionParams *p = j->p;
  const size_t                row = node * (size_t) p->n_components * (size_t) p->n_copies, out = node * (size_t) p->n_out * (size_t) p->n_copies;
  const eqk_real             *w = j->w + set_of (j, node) * (size_t) p->n_paths * (size_t) p->n_copies;
  eqk_vec                    *d = x + p->n_components, *gx = d + p->n_components, *f = gx + p->n_components, *f1 = f + p->n_features;

  load_components (p, j->x + row, copy, n, x);
  if (j->g1 != NULL)
    load_components (p, j->xd + row, copy, n, d);
  if (dw != NULL)
    {
      features_of (p, j->u, x, NULL, f);
      weight_gradient (p, f, j->g + out, copy, n, dw);
      if (j->g1 != NULL)
        {
          features_of (p, j->u, x, d, f);
          weight_gradient (p, f, j->g1 + out, copy, n, dw);
        }
    }
  if (j->gx == NULL)
    return;
  feature_adjoints (p, w, j->g + out, copy, n, f);
  if (j->g1 != NULL)
    feature_adjoints (p, w, j->g1 + out, copy, n, f1);
  memset (gx, 0, (size_t) p->n_components * sizeof *gx);
  for (int m = 0; m < p->n_monomials; m++)
    {
      eqk_vec q = { 0 }, q1 = { 0 };

      for (int32_t e = p->monomials[m].first; e < p->monomials[m + 1].first; e++)
        {
          q += j->u[e] * f[p->entries[e]];
          if (j->g1 != NULL)
            q1 += j->u[e] * f1[p->entries[e]];
        }
      monomial_reverse (&p->monomials[m], x, q, gx);
      if (j->g1 != NULL)
        monomial_reverse2 (&p->monomials[m], x, d, q1, gx);
    }
  for (int a = 0; a < p->n_components; a++)
    store (j->gx + row + a * p->n_copies + copy, gx[a], n);
}

static size_t
n_weights (const EqkContractionParams *p)
{
  return (size_t) p->n_kinds * (size_t) p->n_paths * (size_t) p->n_copies;
}

static void
reverse_nodes (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job                  *j = data;
  const EqkContractionParams *p = j->p;
  eqk_vec                    *x = (eqk_vec *) (j->scratch + (size_t) lane * j->n_scratch);
  eqk_real                   *partial = j->partial == NULL ? NULL : j->partial + chunk * n_weights (p);

  if (partial != NULL)
    memset (partial, 0, n_weights (p) * sizeof *partial);
  for (size_t i = begin; i < end; i++)
    for (int c = 0; c < p->n_copies; c += EQK_LANES)
      reverse_copies (j, i, c, p->n_copies - c < EQK_LANES ? p->n_copies - c : EQK_LANES, x,
                      partial == NULL ? NULL : partial + set_of (j, i) * (size_t) p->n_paths * (size_t) p->n_copies);
}

static size_t
scratch_numbers (const EqkContractionParams *p)
{
  return (3 * (size_t) p->n_components + 2 * (size_t) p->n_features) * (size_t) EQK_LANES;
}

static Job
job_of (EqkRun *run, const EqkOp *op)
{
  const EqkContractionParams *p = op->params;

  return (Job) { .p = p, .x = EQK_X (run, op->in[0]), .w = EQK_X (run, op->in[1]), .u = EQK_X (run, op->in[2]), .kinds = EQK_XI (run, op->in[3]),
                 .scratch = run->scratch, .n_scratch = scratch_numbers (p) };
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_NODES), forward_nodes, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const size_t rows = eqk_run_rows (run, op->out[0]);
  Job          job = job_of (run, op);

  job.xd = EQK_XD (run, op->in[0]);
  job.y = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_NODES), forward_nodes, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkContractionParams *p = op->params;
  const size_t                rows = eqk_run_rows (run, op->out[0]), n = n_weights (p);
  eqk_real                   *dw = EQK_GIN (run, op, 1);
  Job                         job = job_of (run, op);

  job.g = EQK_GOUT (run, op, 0);
  job.gx = EQK_GIN (run, op, 0);
  if (second)
    {
      job.xd = EQK_XD (run, op->in[0]);
      job.g1 = job.xd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (dw != NULL)
    job.partial = job.scratch + job.n_scratch * (size_t) eqk_pool_n_threads (run->pool);
  eqk_run_range (run->pool, rows, eqk_piece_rows (rows, MIN_NODES), reverse_nodes, &job);
  if (dw != NULL)
    EQK_SUM_PIECES (job.partial, rows, MIN_NODES, n, dw, n);
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
  const EqkContractionParams *p = op->params;

  plan->macs = (double) eqk_value_rows (program, op->out[0], sizes) * p->n_copies * (2.0 * p->n_monomials + p->n_entries + p->n_features);
  if (plan->export_plan)
    return EQK_OK;
  plan->scratch = (size_t) plan->n_threads * scratch_numbers (p) * sizeof (eqk_real);
  plan->scratch_reverse = plan->scratch + EQK_MAX_PIECES * n_weights (p) * sizeof (eqk_real);
  return EQK_OK;
}

/* ---- C ---- */

static void
emit_functions (EqkEmitter *e)
{
  if (!eqk_emit_reverse (e) && eqk_emit_begin (e, "symmetric_contraction"))
    {
      eqk_emit (e, "/* m holds (order, a, b, c, first entry) of each monomial, feature (component of y, path) of each feature. */\n"
                   "static void\nsymmetric_contraction (const float *x, const float *w, const float *u, const int32_t *kinds, float *y, size_t n_nodes, int n_x, int n_y, int n_copies, int n_paths,\n"
                   "                       const int32_t *m, int n_monomials, const int32_t *entry, const int32_t *feature)\n{\n"
                   "  for (size_t i = 0; i < n_nodes * (size_t) n_y * (size_t) n_copies; i++)\n    y[i] = 0.0f;\n"
                   "  for (size_t i = 0; i < n_nodes; i++)\n    for (int t = 0; t < n_monomials; t++)\n      for (int32_t e = m[5 * t + 4]; e < m[5 * t + 9]; e++)\n"
                   "        for (int c = 0; c < n_copies; c++)\n          {\n            const float *xi = x + i * (size_t) n_x * (size_t) n_copies + c;\n"
                   "            const int32_t *q = m + 5 * t, *f = feature + 2 * entry[e];\n            float v = xi[q[1] * n_copies];\n\n"
                   "            if (q[0] > 1)\n              v *= xi[q[2] * n_copies];\n            if (q[0] > 2)\n              v *= xi[q[3] * n_copies];\n"
                   "            y[(i * (size_t) n_y + (size_t) f[0]) * (size_t) n_copies + (size_t) c] += u[e] * w[((size_t) kinds[i] * (size_t) n_paths + (size_t) f[1]) * (size_t) n_copies + (size_t) c] * v;\n          }\n}\n\n");
      eqk_emit_end (e);
    }
  if (eqk_emit_reverse (e) && eqk_emit_begin (e, "symmetric_contraction_reverse"))
    {
      eqk_emit (e, "static void\nsymmetric_contraction_reverse (const float *x, const float *w, const float *u, const int32_t *kinds, const float *gy, float *gx, size_t n_nodes, int n_x, int n_y, int n_copies,\n"
                   "                               int n_paths, const int32_t *m, int n_monomials, const int32_t *entry, const int32_t *feature)\n{\n"
                   "  for (size_t i = 0; i < n_nodes * (size_t) n_x * (size_t) n_copies; i++)\n    gx[i] = 0.0f;\n"
                   "  for (size_t i = 0; i < n_nodes; i++)\n    for (int t = 0; t < n_monomials; t++)\n      for (int c = 0; c < n_copies; c++)\n        {\n"
                   "          const float *xi = x + i * (size_t) n_x * (size_t) n_copies + c;\n          float *gi = gx + i * (size_t) n_x * (size_t) n_copies + c, q = 0.0f;\n"
                   "          const int32_t *a = m + 5 * t;\n\n"
                   "          for (int32_t e = a[4]; e < a[9]; e++)\n            {\n              const int32_t *f = feature + 2 * entry[e];\n\n"
                   "              q += u[e] * w[((size_t) kinds[i] * (size_t) n_paths + (size_t) f[1]) * (size_t) n_copies + (size_t) c] * gy[(i * (size_t) n_y + (size_t) f[0]) * (size_t) n_copies + (size_t) c];\n            }\n"
                   "          if (a[0] == 1)\n            gi[a[1] * n_copies] += q;\n          else\n            {\n"
                   "              const float third = a[0] == 2 ? 1.0f : xi[a[3] * n_copies];\n              const float xa = xi[a[1] * n_copies], xb = xi[a[2] * n_copies];\n\n"
                   "              gi[a[1] * n_copies] += q * xb * third;\n              gi[a[2] * n_copies] += q * xa * third;\n"
                   "              if (a[0] == 3)\n                gi[a[3] * n_copies] += q * xa * xb;\n            }\n        }\n}\n\n");
      eqk_emit_end (e);
    }
}

static EqkStatus
emit_tables (EqkEmitter *e, const EqkContractionParams *p)
{
  int32_t    *m = calloc (5 * ((size_t) p->n_monomials + 1), sizeof *m), *f = calloc (2 * ((size_t) p->n_features + 1), sizeof *f);
  const char *name = NULL;

  for (int t = 0; m != NULL && t <= p->n_monomials; t++)
    {
      const int32_t row[5] = { p->monomials[t].order, p->monomials[t].a, p->monomials[t].b, p->monomials[t].c, p->monomials[t].first };

      memcpy (m + 5 * t, row, sizeof row);
    }
  for (int k = 0; f != NULL && k < p->n_features; k++)
    {
      f[2 * k] = p->features[k].k;
      f[2 * k + 1] = p->features[k].path;
    }
  if (m != NULL && f != NULL)
    {
      eqk_emit (e, "%s, %d, ", eqk_emit_table_i (e, "contraction_monomials", m, 5 * ((size_t) p->n_monomials + 1)), p->n_monomials);
      eqk_emit (e, "%s, ", eqk_emit_table_i (e, "contraction_entries", p->entries, (size_t) p->n_entries));
      name = eqk_emit_table_i (e, "contraction_features", f, 2 * (size_t) p->n_features);
      eqk_emit (e, "%s);\n", name);
    }
  free (m);
  free (f);
  return name == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkContractionParams *p = op->params;
  const bool                  back = eqk_emit_reverse (e);

  emit_functions (e);
  eqk_emit (e, "  symmetric_contraction%s (%s, ", back ? "_reverse" : "", eqk_emit_value (e, op->in[0]));
  for (int k = 1; k < 4; k++)
    eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[k]));
  if (back)
    eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s, %d, %d, %d, %d, ", eqk_emit_rows (e, op->out[0]), p->n_components, p->n_out, p->n_copies, p->n_paths);
  return emit_tables (e, p);
}

const EqkOpType EQK_SYM (op_symmetric_contraction) = {
  .id = "symmetric_contraction", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1 | EQK_KEEP_IN3,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};
