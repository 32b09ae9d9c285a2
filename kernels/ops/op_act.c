/*
 * Point-wise activations with first and second derivatives. Relu and leaky relu recover their slope from the output, so they
 * may run in place; the others keep the input.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/exp-emit.h"
#include "ops/op_act.h"
#include "ops/vexp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#if EQK_REAL_BITS == 64
#define R_LOG1P log1p
#define R_SIN sin
#define R_COS cos
#define R_ERF erf
#else
#define R_LOG1P log1pf
#define R_SIN sinf
#define R_COS cosf
#define R_ERF erff
#endif

static inline eqk_real
sigmoid (eqk_real x)
{
  return 1 / (1 + eqk_vexp (-x));
}

/* f, f' or f'' by `order`. Inlined where act and order are constants, so that the loops below are vector code. */
static inline __attribute__ ((always_inline)) eqk_real
derivative (EqkAct act, eqk_real slope, eqk_real x, int order)
{
  const eqk_real half_sqrt = (eqk_real) 0.70710678118654752440, inv_sqrt_2pi = (eqk_real) 0.39894228040143267794;
  eqk_real       s, t;

  switch (act)
    {
    case EQK_ACT_IDENTITY:
      return order == 0 ? x : order == 1 ? 1 : 0;
    case EQK_ACT_RELU:
      return order == 0 ? (x > 0 ? x : 0) : order == 1 ? (x > 0 ? 1 : 0) : 0;
    case EQK_ACT_LEAKY_RELU:
      s = x > 0 ? 1 : slope;
      return order == 0 ? s * x : order == 1 ? s : 0;
    case EQK_ACT_ELU:
      s = eqk_vexp (x < 0 ? x : 0);
      return order == 0 ? (x > 0 ? x : s - 1) : order == 1 ? (x > 0 ? 1 : s) : (x > 0 ? 0 : s);
    case EQK_ACT_SILU:
      s = sigmoid (x);
      return order == 0 ? x * s : order == 1 ? s * (1 + x * (1 - s)) : s * (1 - s) * (2 + x * (1 - 2 * s));
    case EQK_ACT_TANH:
      t = eqk_vtanh (x);
      return order == 0 ? t : order == 1 ? 1 - t * t : -2 * t * (1 - t * t);
    case EQK_ACT_SIGMOID:
      s = sigmoid (x);
      return order == 0 ? s : order == 1 ? s * (1 - s) : s * (1 - s) * (1 - 2 * s);
    case EQK_ACT_SOFTPLUS:
    case EQK_ACT_SSP:
      if (order == 0)
        return (x > 0 ? x : 0) + R_LOG1P (eqk_vexp (x > 0 ? -x : x)) - (act == EQK_ACT_SSP ? (eqk_real) 0.69314718055994530942 : 0);
      s = sigmoid (x);
      return order == 1 ? s : s * (1 - s);
    case EQK_ACT_GELU:
      s = (eqk_real) 0.5 * (1 + R_ERF (x * half_sqrt));
      t = inv_sqrt_2pi * eqk_vexp (-x * x / 2);
      return order == 0 ? x * s : order == 1 ? s + x * t : t * (2 - x * x);
    case EQK_ACT_ABS:
      return order == 0 ? (x < 0 ? -x : x) : order == 1 ? (eqk_real) ((x > 0) - (x < 0)) : 0;
    case EQK_ACT_SIN:
      return order == 0 ? R_SIN (x) : order == 1 ? R_COS (x) : -R_SIN (x);
    case EQK_ACT_SQUARE:
      return order == 0 ? x * x : order == 1 ? 2 * x : 2;
    case EQK_ACT_N:
      break;
    }
  return 0;
}

typedef struct
{
  const EqkActParams *p;
  const eqk_real     *x, *y, *a, *b, *c;
  eqk_real           *out;
} Job;

/* One loop for each activation, with `act` a constant in it. */
#define BY_ACT(LOOP)                                                                                 \
  switch (j->p->act)                                                                                 \
    {                                                                                                \
    case EQK_ACT_IDENTITY:   LOOP (EQK_ACT_IDENTITY)   break;                                        \
    case EQK_ACT_RELU:       LOOP (EQK_ACT_RELU)       break;                                        \
    case EQK_ACT_ELU:        LOOP (EQK_ACT_ELU)        break;                                        \
    case EQK_ACT_SILU:       LOOP (EQK_ACT_SILU)       break;                                        \
    case EQK_ACT_TANH:       LOOP (EQK_ACT_TANH)       break;                                        \
    case EQK_ACT_SIGMOID:    LOOP (EQK_ACT_SIGMOID)    break;                                        \
    case EQK_ACT_SOFTPLUS:   LOOP (EQK_ACT_SOFTPLUS)   break;                                        \
    case EQK_ACT_SSP:        LOOP (EQK_ACT_SSP)        break;                                        \
    case EQK_ACT_GELU:       LOOP (EQK_ACT_GELU)       break;                                        \
    case EQK_ACT_ABS:        LOOP (EQK_ACT_ABS)        break;                                        \
    case EQK_ACT_SIN:        LOOP (EQK_ACT_SIN)        break;                                        \
    case EQK_ACT_LEAKY_RELU: LOOP (EQK_ACT_LEAKY_RELU) break;                                        \
    case EQK_ACT_SQUARE:     LOOP (EQK_ACT_SQUARE)     break;                                        \
    case EQK_ACT_N:          break;                                                                  \
    }

static void
forward_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job      *j = data;
  const eqk_real  scale = (eqk_real) j->p->scale, slope = (eqk_real) j->p->slope;
  const eqk_real *x = j->x;
  eqk_real       *out = j->out;

  /* Number by number, so out may be x. */
#define LOOP(ACT)                                                                                    \
  _Pragma ("GCC ivdep")                                                                              \
  for (size_t i = begin; i < end; i++)                                                               \
    out[i] = scale * derivative (ACT, slope, x[i], 0);
  BY_ACT (LOOP)
#undef LOOP
}

static bool
by_output (const EqkActParams *p)
{
  return p->act == EQK_ACT_RELU || p->act == EQK_ACT_LEAKY_RELU || p->act == EQK_ACT_IDENTITY;
}

static void
forward (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .out = EQK_X (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, forward_range, &job);
}

/* out = a f'(x); for the piecewise linear ones the sign of the output tells the slope. */
static void
reverse_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job      *j = data;
  const eqk_real  scale = (eqk_real) j->p->scale, slope = (eqk_real) j->p->slope;
  const eqk_real *x = by_output (j->p) ? j->y : j->x, *a = j->a;
  eqk_real       *out = j->out;

#define LOOP(ACT)                                                                                    \
  _Pragma ("GCC ivdep")                                                                              \
  for (size_t i = begin; i < end; i++)                                                               \
    out[i] = scale * a[i] * derivative (ACT, slope, x[i], 1);
  BY_ACT (LOOP)
#undef LOOP
}

static void
reverse (EqkRun *run, const EqkOp *op)
{
  const EqkActParams *p = op->params;
  Job                 job = { .p = p, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]), .a = EQK_GOUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, reverse_range, &job);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .y = EQK_X (run, op->out[0]), .a = EQK_XD (run, op->in[0]), .out = EQK_XD (run, op->out[0]) };

  eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, reverse_range, &job);
}

/* g2x = f' g2y + f'' xd g1y */
static void
reverse2_range (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  const Job     *j = data;
  const eqk_real scale = (eqk_real) j->p->scale, slope = (eqk_real) j->p->slope;
  const eqk_real *x = j->x, *a = j->a, *b = j->b, *c = j->c;
  eqk_real      *out = j->out;

#define LOOP(ACT)                                                                                    \
  _Pragma ("GCC ivdep")                                                                              \
  for (size_t i = begin; i < end; i++)                                                               \
    out[i] = scale * (derivative (ACT, slope, x[i], 1) * a[i] + derivative (ACT, slope, x[i], 2) * b[i] * c[i]);
  BY_ACT (LOOP)
#undef LOOP
}

static void
reverse2 (EqkRun *run, const EqkOp *op)
{
  Job job = { .p = op->params, .x = EQK_X (run, op->in[0]), .a = EQK_GOUT (run, op, 0), .b = EQK_XD (run, op->in[0]),
              .c = EQK_G1OUT (run, op, 0), .out = EQK_GIN (run, op, 0) };

  if (job.out != NULL)
    eqk_run_range (run->pool, eqk_value_count (run->program, op->out[0], &run->sizes), 16384, reverse2_range, &job);
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  plan->macs = (double) eqk_value_count (program, op->out[0], sizes);
  return EQK_OK;
}

/* C for f(x) and f'(x). */
static const char *
c_forward (EqkAct act)
{
  switch (act)
    {
    case EQK_ACT_RELU:       return "x > 0.0f ? x : 0.0f";
    case EQK_ACT_ELU:        return "x > 0.0f ? x : expf (x) - 1.0f";
    case EQK_ACT_SILU:       return "x / (1.0f + expf (-x))";
    case EQK_ACT_TANH:       return "tanhf (x)";
    case EQK_ACT_SIGMOID:    return "1.0f / (1.0f + expf (-x))";
    case EQK_ACT_SOFTPLUS:   return "(x > 0.0f ? x : 0.0f) + log1pf (expf (x > 0.0f ? -x : x))";
    case EQK_ACT_SSP:        return "(x > 0.0f ? x : 0.0f) + log1pf (expf (x > 0.0f ? -x : x)) - 0.69314718f";
    case EQK_ACT_GELU:       return "0.5f * x * (1.0f + erff (x * 0.70710678f))";
    case EQK_ACT_ABS:        return "x < 0.0f ? -x : x";
    case EQK_ACT_SIN:        return "sinf (x)";
    case EQK_ACT_LEAKY_RELU: return "x > 0.0f ? x : slope * x";
    case EQK_ACT_SQUARE:     return "x * x";
    default:                 return "x";
    }
}

static const char *
c_derivative (EqkAct act)
{
  switch (act)
    {
    case EQK_ACT_SILU:     return "s * (1.0f + x * (1.0f - s))";
    case EQK_ACT_SIGMOID:  return "s * (1.0f - s)";
    case EQK_ACT_TANH:     return "1.0f - tanhf (x) * tanhf (x)";
    case EQK_ACT_SOFTPLUS:
    case EQK_ACT_SSP:      return "s";
    case EQK_ACT_ELU:      return "x > 0.0f ? 1.0f : expf (x)";
    case EQK_ACT_SIN:      return "cosf (x)";
    case EQK_ACT_SQUARE:   return "2.0f * x";
    case EQK_ACT_GELU:     return "0.5f * (1.0f + erff (x * 0.70710678f)) + x * 0.39894228f * expf (-0.5f * x * x)";
    case EQK_ACT_IDENTITY: return "1.0f";
    default:               return NULL;
    }
}

static EqkStatus
emit_reverse (EqkEmitter *e, const EqkOp *op)
{
  const EqkActParams *p = op->params;
  const char         *formula = c_derivative (p->act);
  char                name[64];
  const char         *gin = eqk_emit_gin (e, op, 0);

  if (formula == NULL)
    return EQK_ERR_UNSUPPORTED;
  snprintf (name, sizeof name, "act_%s_reverse", eqk_act_name (p->act));
  eqk_emit_exp (e);
  if (eqk_emit_begin (e, name))
    {
      eqk_emit (e, "static void\n%s (const float *xs, const float *gy, float *gx, size_t n, float scale)\n{\n", name);
      eqk_emit (e, "  for (size_t i = 0; i < n; i++)\n    {\n      const float x = xs[i];\n      const float s = 1.0f / (1.0f + %s (-x));\n\n"
                   "      (void) x;\n      (void) s;\n      gx[i] = scale * gy[i] * (", eqk_emit_exp_name (e));
      eqk_emit_formula (e, formula);
      eqk_emit (e, ");\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_grad (e, op->out[0]));
  eqk_emit (e, "%s, %s * %d, %#.9gf);\n", gin, eqk_emit_rows (e, op->out[0]), eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->scale);
  return EQK_OK;
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkActParams *p = op->params;
  char                name[64];

  if (eqk_emit_reverse (e))
    return emit_reverse (e, op);
  snprintf (name, sizeof name, "act_%s", eqk_act_name (p->act));
  if (strstr (c_forward (p->act), "expf") != NULL)
    eqk_emit_exp (e);
  if (eqk_emit_begin (e, name))
    {
      eqk_emit (e, "static void\n%s (const float *xs, float *ys, size_t n, float scale, float slope)\n{\n  (void) slope;\n", name);
      eqk_emit (e, "  for (size_t i = 0; i < n; i++)\n    {\n      const float x = xs[i];\n\n      ys[i] = scale * (");
      eqk_emit_formula (e, c_forward (p->act));
      eqk_emit (e, ");\n    }\n}\n\n");
      eqk_emit_end (e);
    }
  eqk_emit (e, "  %s (%s, ", name, eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, %s * %d, %#.9gf, %#.9gf);\n", eqk_emit_value (e, op->out[0]), eqk_emit_rows (e, op->out[0]),
            eqk_program_value (eqk_emit_program (e), op->out[0])->width, p->scale, p->slope);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_act) = {
  .id = "act", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};

/* With a kink, but not to be told from the output. */
const EqkOpType EQK_SYM (op_act_bent) = {
  .id = "act_bent", .smooth = EQK_SMOOTH_C0, .flags = EQK_KEEP_IN0,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};

/* Piecewise linear: reverse reads the output only, so that forward may run in place. */
const EqkOpType EQK_SYM (op_act_kinked) = {
  .id = "act_kinked", .smooth = EQK_SMOOTH_C0, .flags = EQK_KEEP_OUT | EQK_INPLACE | EQK_INPLACE_REVERSE,
  .plan = plan, .forward = forward, .reverse = reverse, .emit_c = emit_c,
};
