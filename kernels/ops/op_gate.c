/* Gated non-linearity: scalars through an activation, other fields times the activation of one invariant number each,
 * y = c act (g - b) v. Work is row by row; the gates of a piece are evaluated together so that their exponentials are
 * vector code, then spread over the fields. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/exp-emit.h"
#include "ops/field_sums.h"
#include "ops/vexp.h"

#include <stdio.h>
#include <string.h>

enum { X, BIAS, GATES };
enum { TILE = 128 };      /* gates evaluated at a time */

/* act, its slope and its curve as functions of one number. */
#define VALUE_IDENTITY(x) (x)
#define SLOPE_IDENTITY(x) ((void) (x), (eqk_real) 1)
#define CURVE_IDENTITY(x) ((void) (x), (eqk_real) 0)
#define VALUE_RELU(x)     ((x) > 0 ? (x) : 0)
#define SLOPE_RELU(x)     ((x) > 0 ? (eqk_real) 1 : 0)
#define CURVE_RELU(x)     ((void) (x), (eqk_real) 0)

static inline eqk_real VALUE_ELU (eqk_real x) { const eqk_real e = eqk_vexp (x < 0 ? x : 0) - 1; return x > 0 ? x : e; }
static inline eqk_real SLOPE_ELU (eqk_real x) { const eqk_real e = eqk_vexp (x < 0 ? x : 0); return x > 0 ? 1 : e; }
static inline eqk_real CURVE_ELU (eqk_real x) { const eqk_real e = eqk_vexp (x < 0 ? x : 0); return x > 0 ? 0 : e; }
static inline eqk_real VALUE_SIGMOID (eqk_real x) { return eqk_vsigmoid (x); }
static inline eqk_real SLOPE_SIGMOID (eqk_real x) { const eqk_real s = eqk_vsigmoid (x); return s * (1 - s); }
static inline eqk_real CURVE_SIGMOID (eqk_real x) { const eqk_real s = eqk_vsigmoid (x); return s * (1 - s) * (1 - 2 * s); }
static inline eqk_real VALUE_SILU (eqk_real x) { return x * eqk_vsigmoid (x); }
static inline eqk_real SLOPE_SILU (eqk_real x) { const eqk_real s = eqk_vsigmoid (x); return s * (1 + x * (1 - s)); }
static inline eqk_real CURVE_SILU (eqk_real x) { const eqk_real s = eqk_vsigmoid (x); return s * (1 - s) * (2 + x * (1 - 2 * s)); }
static inline eqk_real VALUE_TANH (eqk_real x) { return eqk_vtanh (x); }
static inline eqk_real SLOPE_TANH (eqk_real x) { const eqk_real t = eqk_vtanh (x); return 1 - t * t; }
static inline eqk_real CURVE_TANH (eqk_real x) { const eqk_real t = eqk_vtanh (x); return -2 * t * (1 - t * t); }

#define OVER(F)                                              \
  for (int i = 0; i < n; i++)                                \
    {                                                        \
      const eqk_real in = x[i];                              \
      out[i] = scale * F (in);                               \
    }                                                        \
  return;
#define BY_ACT(WHAT)                                         \
  switch (act)                                               \
    {                                                        \
    case EQK_GATE_IDENTITY: OVER (WHAT ## _IDENTITY)         \
    case EQK_GATE_RELU:     OVER (WHAT ## _RELU)             \
    case EQK_GATE_ELU:      OVER (WHAT ## _ELU)              \
    case EQK_GATE_SILU:     OVER (WHAT ## _SILU)             \
    case EQK_GATE_SIGMOID:  OVER (WHAT ## _SIGMOID)          \
    case EQK_GATE_TANH:     OVER (WHAT ## _TANH)             \
    }

static void
values (EqkGateAct act, const eqk_real *restrict x, int n, eqk_real scale, eqk_real *restrict out)
{
  BY_ACT (VALUE)
}

static void
slopes (EqkGateAct act, const eqk_real *restrict x, int n, eqk_real scale, eqk_real *restrict out)
{
  BY_ACT (SLOPE)
}

static void
curves (EqkGateAct act, const eqk_real *restrict x, int n, eqk_real scale, eqk_real *restrict out)
{
  BY_ACT (CURVE)
}

typedef struct
{
  const EqkGateParams *p;
  const eqk_real      *x, *bias, *gates;       /* gates: of the third input, or x */
  eqk_real            *y;
  const eqk_real      *g2, *g1, *xd, *gatesd;  /* adjoint; of reverse2 the first adjoint and the tangents, else NULL */
  eqk_real            *dx, *dgates;
  double              *partial;                /* by chunk: gradient of the bias */
} Job;

static size_t
gate_width (const EqkGateParams *p)
{
  return (size_t) (p->gate_width > 0 ? p->gate_width : p->n_in);
}

/* Gates u .. u + n of a piece less their bias, packed. */
static void
read_gates (const Job *job, const EqkGatePiece *piece, const eqk_real *row, int u, int n, eqk_real *out)
{
  for (int i = 0; i < n; i++)
    out[i] = row[piece->gate + (u + i) * piece->gate_stride];
  if (job->bias != NULL)
    for (int i = 0; i < n; i++)
      out[i] -= job->bias[piece->bias + u + i];
}

/* y = s v for n fields of a dimension. */
static inline void
spread (const eqk_real *restrict v, const eqk_real *restrict s, int n, int dim, eqk_real *restrict y)
{
  for (int u = 0; u < n; u++)
    for (int m = 0; m < dim; m++)
      y[u * dim + m] = s[u] * v[u * dim + m];
}

static void
spread_any (const eqk_real *v, const eqk_real *s, int n, int dim, eqk_real *y)
{
  switch (dim)
    {
    case 1: spread (v, s, n, 1, y); break;
    case 2: spread (v, s, n, 2, y); break;
    case 3: spread (v, s, n, 3, y); break;
    case 4: spread (v, s, n, 4, y); break;
    case 5: spread (v, s, n, 5, y); break;
    case 8: spread (v, s, n, 8, y); break;
    default: spread (v, s, n, dim, y); break;
    }
}

/* out[u] = <a_u, b_u> over the components of each field. */
static inline void
dots (const eqk_real *restrict a, const eqk_real *restrict b, int n, int dim, eqk_real *restrict out)
{
  for (int u = 0; u < n; u++)
    {
      eqk_real sum = 0;

      for (int m = 0; m < dim; m++)
        sum += a[u * dim + m] * b[u * dim + m];
      out[u] = sum;
    }
}

static void
dots_any (const eqk_real *a, const eqk_real *b, int n, int dim, eqk_real *out)
{
  switch (dim)
    {
    case 1: dots (a, b, n, 1, out); break;
    case 2: dots (a, b, n, 2, out); break;
    case 3: dots (a, b, n, 3, out); break;
    case 4: dots (a, b, n, 4, out); break;
    case 5: dots (a, b, n, 5, out); break;
    default: dots (a, b, n, dim, out); break;
    }
}

static void
forward_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *job = data;
  const EqkGateParams *p = job->p;
  eqk_real             g[TILE], s[TILE];

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = job->x + r * (size_t) p->n_in, *gates = job->gates + r * gate_width (p);
      eqk_real       *y = job->y + r * (size_t) p->n_out;

      for (int k = 0; k < p->n_pieces; k++)
        {
          const EqkGatePiece *piece = &p->pieces[k];

          if (piece->gate < 0)
            {
              values (piece->act, x + piece->from, piece->mul, (eqk_real) piece->scale, y + piece->to);
              continue;
            }
          for (int u = 0; u < piece->mul; u += TILE)
            {
              const int n = piece->mul - u < TILE ? piece->mul - u : TILE;

              read_gates (job, piece, gates, u, n, g);
              values (piece->act, g, n, (eqk_real) piece->scale, s);
              spread_any (x + piece->from + u * piece->dim, s, n, piece->dim, y + piece->to + u * piece->dim);
            }
        }
    }
}

/* yd = s vd + s' gd v; a tangent that is NULL is zero. */
static void
tangent_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *job = data;
  const EqkGateParams *p = job->p;
  eqk_real             g[TILE], s[TILE], ds[TILE];

  for (size_t r = begin; r < end; r++)
    {
      const eqk_real *x = job->x + r * (size_t) p->n_in, *gates = job->gates + r * gate_width (p);
      const eqk_real *xd = job->xd == NULL ? NULL : job->xd + r * (size_t) p->n_in;
      const eqk_real *gatesd = job->gatesd == NULL ? NULL : job->gatesd + r * gate_width (p);
      eqk_real       *y = job->y + r * (size_t) p->n_out;

      for (int k = 0; k < p->n_pieces; k++)
        {
          const EqkGatePiece *piece = &p->pieces[k];

          for (int u = 0; u < piece->mul; u += TILE)
            {
              const int n = piece->mul - u < TILE ? piece->mul - u : TILE, from = piece->from + u * piece->dim;
              eqk_real *out = y + piece->to + u * piece->dim;

              if (piece->gate < 0)
                {
                  slopes (piece->act, x + from, n, (eqk_real) piece->scale, ds);
                  for (int i = 0; i < n; i++)
                    out[i] = xd == NULL ? 0 : ds[i] * xd[from + i];
                  continue;
                }
              read_gates (job, piece, gates, u, n, g);
              values (piece->act, g, n, (eqk_real) piece->scale, s);
              slopes (piece->act, g, n, (eqk_real) piece->scale, ds);
              for (int i = 0; i < n; i++)
                ds[i] = gatesd == NULL ? 0 : ds[i] * gatesd[piece->gate + (u + i) * piece->gate_stride];
              for (int i = 0; i < n * piece->dim; i++)
                out[i] = (xd == NULL ? 0 : s[i / piece->dim] * xd[from + i]) + ds[i / piece->dim] * x[from + i];
            }
        }
    }
}

/* Gradient of the tile of scalars at `from`: f' g2 + f'' xd g1. */
static void
reverse_scalars (const Job *job, const EqkGatePiece *piece, int n, const eqk_real *x, const eqk_real *xd,
                 const eqk_real *g2, const eqk_real *g1, eqk_real *dx)
{
  eqk_real ds[TILE];

  if (dx == NULL)
    return;
  slopes (piece->act, x, n, (eqk_real) piece->scale, ds);
  for (int i = 0; i < n; i++)
    dx[i] = ds[i] * g2[i];
  if (xd == NULL || job->g1 == NULL)
    return;
  curves (piece->act, x, n, (eqk_real) piece->scale, ds);
  for (int i = 0; i < n; i++)
    dx[i] += ds[i] * xd[i] * g1[i];
}

/*
 * For y = s(g) v:  dv = s g2 + s' gd g1,  dg = s' <v, g2> + s'' gd <v, g1> + s' <vd, g1>.
 * The terms with g1 belong to reverse2.
 */
static void
reverse_gated (const Job *job, const EqkGatePiece *piece, int u, int n, const eqk_real *x, const eqk_real *gates,
               const eqk_real *xd, const eqk_real *gatesd, const eqk_real *g2, const eqk_real *g1, eqk_real *dx,
               eqk_real *dgates, double *dbias)
{
  const int      dim = piece->dim;
  const eqk_real scale = (eqk_real) piece->scale;
  eqk_real       g[TILE], s[TILE], ds[TILE], dg[TILE], product[TILE], gd[TILE];

  read_gates (job, piece, gates, u, n, g);
  values (piece->act, g, n, scale, s);
  slopes (piece->act, g, n, scale, ds);
  dots_any (x, g2, n, dim, dg);
  if (dx != NULL)
    spread_any (g2, s, n, dim, dx);
  if (g1 != NULL && xd != NULL)
    {
      dots_any (xd, g1, n, dim, product);
      for (int i = 0; i < n; i++)
        dg[i] += product[i];
    }
  for (int i = 0; i < n; i++)
    dg[i] *= ds[i];
  if (g1 != NULL && gatesd != NULL)
    {
      eqk_real *dds = s;

      for (int i = 0; i < n; i++)
        gd[i] = gatesd[piece->gate + (u + i) * piece->gate_stride];
      curves (piece->act, g, n, scale, dds);
      dots_any (x, g1, n, dim, product);
      for (int i = 0; i < n; i++)
        {
          dg[i] += dds[i] * gd[i] * product[i];
          ds[i] *= gd[i];
        }
      for (int i = 0; dx != NULL && i < n * dim; i++)
        dx[i] += ds[i / dim] * g1[i];
    }
  for (int i = 0; dgates != NULL && i < n; i++)
    dgates[piece->gate + (u + i) * piece->gate_stride] = dg[i];
  for (int i = 0; dbias != NULL && i < n; i++)
    dbias[piece->bias + u + i] -= (double) dg[i];
}

static void
reverse_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job           *job = data;
  const EqkGateParams *p = job->p;
  const size_t         n_in = (size_t) p->n_in, n_out = (size_t) p->n_out, width = gate_width (p);
  double              *dbias = job->partial == NULL ? NULL : job->partial + chunk * (size_t) p->n_gates;

  if (dbias != NULL)
    memset (dbias, 0, (size_t) p->n_gates * sizeof *dbias);
  for (size_t r = begin; r < end; r++)
    {
      eqk_real *dx = job->dx == NULL ? NULL : job->dx + r * n_in, *dgates = job->dgates == NULL ? NULL : job->dgates + r * width;

      if (p->gate_width > 0 && dgates != NULL)
        memset (dgates, 0, width * sizeof *dgates);
      for (int k = 0; k < p->n_pieces; k++)
        {
          const EqkGatePiece *piece = &p->pieces[k];

          for (int u = 0; u < piece->mul; u += TILE)
            {
              const int       n = piece->mul - u < TILE ? piece->mul - u : TILE, from = piece->from + u * piece->dim;
              const size_t    to = r * n_out + (size_t) (piece->to + u * piece->dim), at = r * n_in + (size_t) from;
              const eqk_real *g1 = job->g1 == NULL ? NULL : job->g1 + to, *xd = job->xd == NULL ? NULL : job->xd + at;

              if (piece->gate < 0)
                reverse_scalars (job, piece, n, job->x + at, xd, job->g2 + to, g1, dx == NULL ? NULL : dx + from);
              else
                reverse_gated (job, piece, u, n, job->x + at, job->gates + r * width, xd,
                               job->gatesd == NULL ? NULL : job->gatesd + r * width, job->g2 + to, g1,
                               dx == NULL ? NULL : dx + from, dgates, dbias);
            }
        }
    }
}

static Job
job_of (const EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[X]) };

  job.bias = op->in[BIAS] < 0 ? NULL : EQK_X (run, op->in[BIAS]);
  job.gates = op->in[GATES] < 0 ? job.x : EQK_X (run, op->in[GATES]);
  return job;
}

static size_t
row_grain (const EqkGateParams *p)
{
  return p->n_in < 8192 ? 8192 / (size_t) p->n_in + 1 : 1;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  job.y = EQK_X (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), row_grain (job.p), forward_rows, &job);
}

static void
set_tangents (Job *job, const EqkRun *run, const EqkOp *op)
{
  job->xd = EQK_XD (run, op->in[X]);
  job->gatesd = op->in[GATES] < 0 ? job->xd : EQK_XD (run, op->in[GATES]);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = job_of (run, op);

  set_tangents (&job, run, op);
  job.y = EQK_XD (run, op->out[0]);
  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), row_grain (job.p), tangent_rows, &job);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job          job = job_of (run, op);
  const size_t rows = eqk_run_rows (run, op->out[0]);
  eqk_real    *dbias = op->in[BIAS] < 0 ? NULL : EQK_GIN (run, op, BIAS);

  job.g2 = EQK_GOUT (run, op, 0);
  if (second)
    {
      set_tangents (&job, run, op);
      job.g1 = EQK_G1OUT (run, op, 0);
    }
  job.dx = EQK_GIN (run, op, X);
  job.dgates = op->in[GATES] < 0 ? job.dx : EQK_GIN (run, op, GATES);
  job.partial = dbias == NULL ? NULL : run->scratch;
  eqk_run_range (run->pool, rows, eqk_sum_grain (rows), reverse_rows, &job);
  if (dbias != NULL)
    eqk_sum_fold (job.partial, rows, (size_t) job.p->n_gates, (size_t) job.p->n_gates, dbias);
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
  const EqkGateParams *p = op->params;

  plan->scratch_reverse = op->in[BIAS] < 0 ? 0 : EQK_SUM_CHUNKS * (size_t) p->n_gates * sizeof (double);
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

/* ---- exported C ---- */

static const char *
c_value (EqkGateAct act)
{
  switch (act)
    {
    case EQK_GATE_RELU:     return "x > 0.0f ? x : 0.0f";
    case EQK_GATE_ELU:      return "x > 0.0f ? x : expf (x) - 1.0f";
    case EQK_GATE_SILU:     return "x / (1.0f + expf (-x))";
    case EQK_GATE_SIGMOID:  return "1.0f / (1.0f + expf (-x))";
    case EQK_GATE_TANH:     return "tanhf (x)";
    case EQK_GATE_IDENTITY: break;
    }
  return "x";
}

static const char *
c_slope (EqkGateAct act)
{
  switch (act)
    {
    case EQK_GATE_RELU:     return "x > 0.0f ? 1.0f : 0.0f";
    case EQK_GATE_ELU:      return "x > 0.0f ? 1.0f : expf (x)";
    case EQK_GATE_SILU:     return "s * (1.0f + x * (1.0f - s))";
    case EQK_GATE_SIGMOID:  return "s * (1.0f - s)";
    case EQK_GATE_TANH:     return "1.0f - tanhf (x) * tanhf (x)";
    case EQK_GATE_IDENTITY: break;
    }
  return "1.0f";
}

static const char *
act_id (EqkGateAct act)
{
  static const char *const names[] = { "identity", "relu", "elu", "silu", "sigmoid", "tanh" };

  return names[act];
}

static void
emit_act (EqkEmitter *e, EqkGateAct act, bool slope)
{
  const char *formula = slope ? c_slope (act) : c_value (act);
  const bool  sigmoid = slope && (act == EQK_GATE_SILU || act == EQK_GATE_SIGMOID);
  char        name[48];

  if (sigmoid || strstr (formula, "expf") != NULL)
    eqk_emit_exp (e);
  snprintf (name, sizeof name, "gate_%s_%s", slope ? "slope" : "act", act_id (act));
  if (!eqk_emit_begin (e, name))
    return;
  eqk_emit (e, "static float\n%s (float x)\n{\n", name);
  if (sigmoid)
    eqk_emit (e, "  const float s = 1.0f / (1.0f + %s (-x));\n\n", eqk_emit_exp_name (e));
  if (slope && act == EQK_GATE_IDENTITY)
    eqk_emit (e, "  (void) x;\n");
  eqk_emit (e, "  return ");
  eqk_emit_formula (e, formula);
  eqk_emit (e, ";\n}\n\n");
  eqk_emit_end (e);
}

static void
emit_piece (EqkEmitter *e, const EqkGatePiece *piece, bool scalars, bool second)
{
  char name[64];

  snprintf (name, sizeof name, "%s_%s%s", scalars ? "gate_scalars" : "gate_fields", act_id (piece->act), second ? "_reverse" : "");
  if (!eqk_emit_begin (e, name))
    return;
  eqk_emit (e, "static void\n%s (%s, size_t rows, size_t n_in, size_t n_out, size_t from, size_t to, size_t n%s, float scale)\n{\n",
            name, scalars ? (second ? "const float *x, const float *gy, float *gx" : "const float *x, float *y")
                          : second ? "const float *x, const float *gates, const float *bias, const float *gy, float *gx, float *gg"
                                   : "const float *x, const float *gates, const float *bias, float *y",
            scalars ? "" : ", size_t dim, size_t width, size_t gate, size_t stride");
  if (scalars)
    eqk_emit (e, second ? "  for (size_t r = 0; r < rows; r++)\n    for (size_t i = 0; i < n; i++)\n"
                          "      gx[r * n_in + from + i] = scale * gate_slope_%s (x[r * n_in + from + i]) * gy[r * n_out + to + i];\n}\n\n"
                        : "  for (size_t r = 0; r < rows; r++)\n    for (size_t i = 0; i < n; i++)\n"
                          "      y[r * n_out + to + i] = scale * gate_act_%s (x[r * n_in + from + i]);\n}\n\n", act_id (piece->act));
  else
    {
      eqk_emit (e, "  for (size_t r = 0; r < rows; r++)\n    for (size_t u = 0; u < n; u++)\n      {\n"
                   "        const float  g = gates[r * width + gate + u * stride] - (bias == NULL ? 0.0f : bias[u]);\n"
                   "        const float  s = scale * gate_act_%s (g);\n", act_id (piece->act));
      eqk_emit (e, "        const float *v = x + r * n_in + from + u * dim;\n        const size_t at = r * n_out + to + u * dim;\n");
      if (second)
        eqk_emit (e, "        float        sum = 0.0f;\n\n        for (size_t m = 0; m < dim; m++)\n          {\n"
                     "            sum += v[m] * gy[at + m];\n            gx[r * n_in + from + u * dim + m] = s * gy[at + m];\n          }\n"
                     "        if (gg != NULL)\n          gg[r * width + gate + u * stride] = scale * gate_slope_%s (g) * sum;\n      }\n}\n\n", act_id (piece->act));
      else
        eqk_emit (e, "\n        for (size_t m = 0; m < dim; m++)\n          y[at + m] = s * v[m];\n      }\n}\n\n");
    }
  eqk_emit_end (e);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkGateParams *p = op->params;
  const bool           second = eqk_emit_reverse (e);
  const int            gates = op->in[GATES] < 0 ? op->in[X] : op->in[GATES];

  for (int k = 0; k < p->n_pieces; k++)
    {
      const EqkGatePiece *piece = &p->pieces[k];
      const bool          scalars = piece->gate < 0;

      emit_act (e, piece->act, false);
      if (second)
        emit_act (e, piece->act, true);
      emit_piece (e, piece, scalars, second);
      eqk_emit (e, "  gate_%s_%s%s (%s, ", scalars ? "scalars" : "fields", act_id (piece->act), second ? "_reverse" : "", eqk_emit_value (e, op->in[X]));
      if (!scalars)
        {
          eqk_emit (e, "%s, ", eqk_emit_value (e, gates));
          if (op->in[BIAS] < 0)
            eqk_emit (e, "NULL, ");
          else
            eqk_emit (e, "%s + %d, ", eqk_emit_value (e, op->in[BIAS]), piece->bias);
        }
      if (second)
        {
          const char *gg = scalars ? NULL : eqk_emit_grad (e, gates);

          eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
          eqk_emit (e, "%s, ", eqk_emit_gin (e, op, X));
          if (!scalars)
            eqk_emit (e, "%s, ", gg == NULL ? "NULL" : gg);
        }
      else
        eqk_emit (e, "%s, ", eqk_emit_value (e, op->out[0]));
      eqk_emit (e, "%s, %d, %d, %d, %d, %d", eqk_emit_rows (e, op->out[0]), p->n_in, p->n_out, piece->from, piece->to, piece->mul);
      if (!scalars)
        eqk_emit (e, ", %d, %d, %d, %d", piece->dim, (int) gate_width (p), piece->gate, piece->gate_stride);
      eqk_emit (e, ", %#.9gf);\n", piece->scale);
    }
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_gate) = {
  .id = "gate", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_ALL_IN,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

/* With a kinked activation: the same, but no forces. */
const EqkOpType EQK_SYM (op_gate_kinked) = {
  .id = "gate_kinked", .smooth = EQK_SMOOTH_C0, .flags = EQK_KEEP_ALL_IN,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
