/* Radial functions with a cut-off, and their first two derivatives: products of a basis function and an envelope. */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/ragged.h"

#include <math.h>
#include <stdio.h>

#define PI 3.14159265358979323846

/* Sine and cosine of a multiple of pi r / cutoff, from one to the next by turning. */
typedef struct
{
  double sin1, cos1, sin, cos, over_r;
} Wave;

static Wave
first_wave (const EqkRadialParams *p, double r)
{
  const bool   waves = p->kind == EQK_RADIAL_BESSEL;
  const double s = waves ? sin (PI * r / p->cutoff) : 0, c = waves ? cos (PI * r / p->cutoff) : 0;

  return (Wave) { s, c, s, c, r > 0 ? 1 / r : 0 };
}

static void
turn (Wave *w)
{
  const double s = w->sin * w->cos1 + w->cos * w->sin1;

  w->cos = w->cos * w->cos1 - w->sin * w->sin1;
  w->sin = s;
}

/* v[0..2]: value and derivatives of basis function n (from 0, one after the other) at r, in double: the functions cancel near the origin. */
static void
basis (const EqkRadialParams *p, int n, double r, Wave *wave, double v[3])
{
  if (p->kind == EQK_RADIAL_ENVELOPE || p->kind == EQK_RADIAL_LOG_ENVELOPE)
    {
      v[0] = 1;
      v[1] = v[2] = 0;
    }
  else if (p->kind == EQK_RADIAL_GAUSSIAN)
    {
      const double step = p->cutoff / (p->n - 1), gamma = 0.5 / (step * step), u = r - n * step, g = exp (-gamma * u * u);

      v[0] = g;
      v[1] = -2 * gamma * u * g;
      v[2] = (4 * gamma * gamma * u * u - 2 * gamma) * g;
    }
  else
    {
      const double c = sqrt (2 / p->cutoff), w = (n + 1) * PI / p->cutoff, t = w * r, s = wave->sin * wave->over_r, slope = w * wave->cos - s;

      if (t < 1e-4)
        {
          v[0] = c * w * (1 - t * t / 6);
          v[1] = -c * w * w * t / 3;
          v[2] = -c * w * w * w / 3;
        }
      else
        {
          v[0] = c * s;
          v[1] = c * slope * wave->over_r;
          v[2] = -c * (w * w * s + 2 * slope * wave->over_r * wave->over_r);
        }
      turn (wave);
    }
}

/* u to a whole power. */
static double
power (double u, int n)
{
  double product = 1;

  for (int i = 0; i < n; i++)
    product *= u;
  return product;
}

static void
envelope (const EqkRadialParams *p, double r, double v[3])
{
  const double u = r / p->cutoff;

  v[0] = 1;
  v[1] = v[2] = 0;
  if (p->envelope == EQK_ENVELOPE_NONE)
    return;
  if (u >= 1)
    {
      v[0] = 0;
      return;
    }
  if (p->envelope == EQK_ENVELOPE_COSINE)
    {
      const double w = PI / p->cutoff;

      v[0] = 0.5 * (cos (w * r) + 1);
      v[1] = -0.5 * w * sin (w * r);
      v[2] = -0.5 * w * w * cos (w * r);
    }
  else
    {
      const double q = p->p, a = (q + 1) * (q + 2) / 2, b = q * (q + 2), c = q * (q + 1) / 2, up = power (u, p->p - 2);

      v[0] = 1 - up * u * u * (a - u * (b - c * u));
      v[1] = -up * u * (a * q - u * (b * (q + 1) - c * (q + 2) * u)) / p->cutoff;
      v[2] = -up * (a * q * (q - 1) - u * (b * (q + 1) * q - c * (q + 2) * (q + 1) * u)) / (p->cutoff * p->cutoff);
    }
}

#define LEAST 1e-12

/* What all functions are multiplied by; of the logarithm that is all there is. */
static void
fading (const EqkRadialParams *p, double r, double v[3])
{
  double f[3];

  envelope (p, r, f);
  if (p->kind != EQK_RADIAL_LOG_ENVELOPE)
    {
      v[0] = f[0];
      v[1] = f[1];
      v[2] = f[2];
      return;
    }
  v[0] = log (f[0] > LEAST ? f[0] : LEAST);
  v[1] = f[0] > LEAST ? f[1] / f[0] : 0;
  v[2] = f[0] > LEAST ? f[2] / f[0] - v[1] * v[1] : 0;
}

typedef struct
{
  const EqkRadialParams *p;
  const eqk_real        *r, *rd, *g, *g1;
  eqk_real              *out;
} Job;

static double
product (const double b[3], const double c[3], int order)
{
  return order == 0 ? b[0] * c[0] : order == 1 ? b[1] * c[0] + b[0] * c[1] : b[2] * c[0] + 2 * b[1] * c[1] + b[0] * c[2];
}

static void
forward_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  double     b[3], c[3];

  for (size_t e = begin; e < end; e++)
    {
      Wave wave = first_wave (j->p, j->r[e]);

      fading (j->p, j->r[e], c);
      for (int n = 0; n < j->p->n; n++)
        {
          basis (j->p, n, j->r[e], &wave, b);
          j->out[e * (size_t) j->p->n + (size_t) n] = (eqk_real) (j->rd == NULL ? product (b, c, 0) : j->rd[e] * product (b, c, 1));
        }
    }
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .r = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, forward_edges, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .r = EQK_X (run, op->in[0]), .rd = EQK_XD (run, op->in[0]), .out = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, forward_edges, &job);
}

static void
reverse_edges (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job *j = data;
  double     b[3], c[3];

  for (size_t e = begin; e < end; e++)
    {
      Wave   wave = first_wave (j->p, j->r[e]);
      double sum = 0;

      fading (j->p, j->r[e], c);
      for (int n = 0; n < j->p->n; n++)
        {
          const size_t i = e * (size_t) j->p->n + (size_t) n;

          basis (j->p, n, j->r[e], &wave, b);
          sum += j->g[i] * product (b, c, 1);
          if (j->g1 != NULL)
            sum += j->g1[i] * j->rd[e] * product (b, c, 2);
        }
      j->out[e] = (eqk_real) sum;
    }
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  Job job = { .p = op->params, .r = EQK_X (run, op->in[0]), .g = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (second)
    {
      job.rd = EQK_XD (run, op->in[0]);
      job.g1 = job.rd == NULL ? NULL : EQK_G1OUT (run, op, 0);
    }
  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_run_rows (run, op->out[0]), 512, reverse_edges, &job);
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
  plan->macs = 10.0 * (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

/* The emitted functions compute value and derivative together; forward keeps the one, reverse the other. */
static void
emit_function (EqkEmitter *e, const EqkRadialParams *p, const char *name, bool back)
{
  const double step = p->cutoff / (p->n > 1 ? p->n - 1 : 1), gamma = 0.5 / (step * step), q = p->p;

  eqk_emit (e, "static void\n%s (const float *rs, %s, size_t n_edges)\n{\n  for (size_t e = 0; e < n_edges; e++)\n    {\n"
               "      const double r = (double) rs[e];\n      double c = 1.0, dc = 0.0, sum = 0.0;\n\n", name, back ? "const float *g, float *out" : "float *out");
  if (p->envelope == EQK_ENVELOPE_COSINE)
    eqk_emit (e, "      c = r < %.17g ? 0.5 * (cos (%.17g * r) + 1.0) : 0.0;\n      dc = r < %.17g ? %.17g * sin (%.17g * r) : 0.0;\n", p->cutoff,
              PI / p->cutoff, p->cutoff, -0.5 * PI / p->cutoff, PI / p->cutoff);
  else if (p->envelope == EQK_ENVELOPE_POLYNOMIAL)
    eqk_emit (e, "      {\n        const double u = r < %.17g ? r / %.17g : 1.0, up = pow (u, %.17g);\n\n"
                 "        c = 1.0 - up * u * u * (%.17g - u * (%.17g - %.17g * u));\n        dc = -up * u * (%.17g - u * (%.17g - %.17g * u)) / %.17g;\n      }\n",
              p->cutoff, p->cutoff, q - 2, (q + 1) * (q + 2) / 2, q * (q + 2), q * (q + 1) / 2, (q + 1) * (q + 2) / 2 * q, q * (q + 2) * (q + 1),
              q * (q + 1) / 2 * (q + 2), p->cutoff);
  if (p->kind == EQK_RADIAL_LOG_ENVELOPE)
    eqk_emit (e, "      dc = c > %.17g ? dc / c : 0.0;\n      c = log (c > %.17g ? c : %.17g);\n", LEAST, LEAST, LEAST);
  if (p->kind == EQK_RADIAL_BESSEL)
    eqk_emit (e, "      const double sin1 = sin (%.17g * r), cos1 = cos (%.17g * r);\n      double s = sin1, cs = cos1;   /* of one multiple after the other, by turning */\n\n",
              PI / p->cutoff, PI / p->cutoff);
  eqk_emit (e, "      for (size_t n = 0; n < %d; n++)\n        {\n", p->n);
  if (p->kind == EQK_RADIAL_ENVELOPE || p->kind == EQK_RADIAL_LOG_ENVELOPE)
    eqk_emit (e, "          const double b = 1.0, db = 0.0;\n\n");
  else if (p->kind == EQK_RADIAL_GAUSSIAN)
    eqk_emit (e, "          const double u = r - (double) n * %.17g;\n          const double b = exp (-%.17g * u * u);\n          const double db = -%.17g * u * b;\n\n",
              step, gamma, 2 * gamma);
  else
    eqk_emit (e, "          const double w = (double) (n + 1) * %.17g, t = w * r;\n"
                 "          const double b = t < 1e-4 ? %.17g * w * (1.0 - t * t / 6.0) : %.17g * s / r;\n"
                 "          const double db = t < 1e-4 ? -%.17g * w * w * t / 3.0 : %.17g * (w * cs - s / r) / r, next = s * cos1 + cs * sin1;\n\n          cs = cs * cos1 - s * sin1;\n          s = next;\n",
              PI / p->cutoff, sqrt (2 / p->cutoff), sqrt (2 / p->cutoff), sqrt (2 / p->cutoff), sqrt (2 / p->cutoff));
  if (back)
    eqk_emit (e, "          sum += (double) g[e * %d + n] * (db * c + b * dc);\n        }\n      out[e] = (float) sum;\n    }\n}\n\n", p->n);
  else
    eqk_emit (e, "          sum += db * dc;\n          out[e * %d + n] = (float) (b * c);\n        }\n      (void) sum;\n    }\n}\n\n", p->n);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkRadialParams *p = op->params;
  const bool             back = eqk_emit_reverse (e);
  char                   name[96];

  snprintf (name, sizeof name, "radial_%d_%d_%d_%d_%d%s", (int) p->kind, (int) p->envelope, p->n, p->p, (int) lround (p->cutoff * 1000), back ? "_reverse" : "");
  if (eqk_emit_begin (e, name))
    {
      emit_function (e, p, name, back);
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, eqk_emit_value (e, op->in[0]));
  if (back)
    eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, ", back ? eqk_emit_gin (e, op, 0) : eqk_emit_value (e, op->out[0]));
  eqk_emit (e, "%s);\n", eqk_emit_rows (e, op->out[0]));
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_radial_basis) = {
  .id = "radial_basis", .smooth = EQK_SMOOTH_C1, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};
