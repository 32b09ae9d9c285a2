/*
 * Planar convolution. The kernels choose the algorithm; this file prepares the filter once where it stays the same from call
 * to call, and adds the passes that forces would need. The emitted code is the register tile of performance.md 5.8: six pixels
 * by two vectors of channels, over a copy of the picture with its border.
 */

#include "core/real.h"

#include "eqk/emit.h"
#include "ops/product-emit.h"
#include "ops/conv_op.h"

#include <stdio.h>

static void
forward (EqkRun *run, const EqkOp *op)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, conv_samples (run, op->in[0], p->h, p->w), run->exact);
  const eqk_real      *bias = op->in[2] < 0 ? NULL : EQK_X (run, op->in[2]);
  eqk_real            *prepared = run->kept[op->index];

  if (prepared != NULL)
    {
      if (run->fresh)
        EQK_SYM (conv_prepare) (&shape, run->pool, EQK_X (run, op->in[1]), prepared);
      EQK_SYM (conv_forward_prepared) (&shape, run->pool, EQK_X (run, op->in[0]), prepared, bias, EQK_X (run, op->out[0]), run->scratch);
    }
  else
    EQK_SYM (conv_forward) (&shape, run->pool, EQK_X (run, op->in[0]), EQK_X (run, op->in[1]), bias, EQK_X (run, op->out[0]), run->scratch);
}

static void
tangent (EqkRun *run, const EqkOp *op)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, conv_samples (run, op->in[0], p->h, p->w), run->exact);

  EQK_SYM (conv_forward) (&shape, run->pool, EQK_XD (run, op->in[0]), EQK_X (run, op->in[1]), NULL, EQK_XD (run, op->out[0]), run->scratch);
}

static void
run_reverse (EqkRun *run, const EqkOp *op, bool second)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, conv_samples (run, op->in[0], p->h, p->w), run->exact);
  const size_t         n = conv_filter_count (p);
  eqk_real            *df = EQK_GIN (run, op, 1), *db = op->in[2] < 0 ? NULL : EQK_GIN (run, op, 2), *dx = EQK_GIN (run, op, 0);
  char                *scratch = run->scratch;
  const size_t         spare = (n * sizeof (eqk_real) + 63) / 64 * 64;

  if (df != NULL || db != NULL)
    EQK_SYM (conv_backward_filter) (&shape, run->pool, EQK_X (run, op->in[0]), EQK_GOUT (run, op, 0),
                                    df != NULL ? df : (eqk_real *) (void *) scratch, db, scratch + spare);
  if (second && df != NULL && EQK_XD (run, op->in[0]) != NULL)
    {
      eqk_real *more = (eqk_real *) (void *) scratch;

      EQK_SYM (conv_backward_filter) (&shape, run->pool, EQK_XD (run, op->in[0]), EQK_G1OUT (run, op, 0), more, NULL, scratch + spare);
      for (size_t i = 0; i < n; i++)
        df[i] += more[i];
    }
  if (dx != NULL)
    EQK_SYM (conv_backward_data) (&shape, run->pool, EQK_GOUT (run, op, 0), EQK_X (run, op->in[1]), dx, scratch + spare);
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

/* Numbers of the picture with its border, which the emitted code works on; 0 when there is none. */
static size_t
bordered (const EqkConvParams *p)
{
  return p->pad == 0 ? 0 : (size_t) (p->h + 2 * p->pad) * (size_t) (p->w + 2 * p->pad) * (size_t) p->cin;
}

static EqkStatus
plan (EqkOpPlan *plan, const EqkProgram *program, const EqkOp *op, const EqkSizes *sizes)
{
  const EqkConvParams *p = op->params;
  const EqkConvShape   shape = conv_shape (p, sizes->batch, plan->exact);
  const size_t         spare = (conv_filter_count (p) * sizeof (eqk_real) + 63) / 64 * 64;

  plan->macs = conv_macs (p, sizes->batch);
  if (plan->export_plan)
    {
      plan->scratch = bordered (p) * sizeof (eqk_real);
      return EQK_OK;
    }
  plan->scratch = EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_FORWARD);
  if (!plan->train && eqk_program_value (program, op->in[1])->is_static)
    plan->kept = EQK_SYM (conv_prepared_size) (&shape);
  plan->scratch_reverse = larger (EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_BACKWARD_DATA),
                                  EQK_SYM (conv_scratch) (&shape, plan->n_threads, EQK_CONV_BACKWARD_FILTER)) + spare;
  plan->scratch_reverse = larger (plan->scratch_reverse, plan->scratch);
  return EQK_OK;
}

/* ---- emission ---- */

static void
emit_border (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "conv_border"))
    return;
  eqk_emit (e, "/* The picture with a border of `pad` pixels. mode 0: zeros, 1: circular, 2: reflected, 3: replicated. */\n"
               "static size_t\nconv_source (size_t i, size_t pad, size_t n, int mode)\n{\n"
               "  if (i >= pad && i < pad + n)\n    return i - pad;\n  if (mode == 0)\n    return n;\n"
               "  if (mode == 1)\n    return (i + n - pad %% n) %% n;\n  if (mode == 2)\n    return i < pad ? pad - i : 2 * n - 2 - (i - pad);\n"
               "  return i < pad ? 0 : n - 1;\n}\n\n");
  eqk_emit (e, "static void\nconv_border (const float *x, float *y, size_t h, size_t w, size_t c, size_t pad, int mode)\n{\n"
               "  for (size_t i = 0; i < h + 2 * pad; i++)\n    {\n      const size_t from_row = conv_source (i, pad, h, mode);\n\n"
               "      for (size_t j = 0; j < w + 2 * pad; j++)\n        {\n          const size_t from = conv_source (j, pad, w, mode);\n"
               "          float *to = y + (i * (w + 2 * pad) + j) * c;\n\n          if (from_row == h || from == w)\n            memset (to, 0, c * sizeof *to);\n"
               "          else\n            memcpy (to, x + (from_row * w + from) * c, c * sizeof *to);\n        }\n    }\n}\n\n");
  eqk_emit_end (e);
}

/* Arguments that both forms take: x has the border, `step` is the distance of pixels of a row, `row` of rows. */
#define CONV_ARGUMENTS "const float *x, const float *w, const float *bias, float *y, size_t out_h, size_t out_w, size_t row, size_t cin, size_t cout, size_t k, size_t stride, size_t dilation, size_t groups"

static void
emit_plain (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "conv_plain"))
    return;
  eqk_emit (e, "/* Sums stand in an array of their own: then compilers need no proof about aliases to make vectors of them. */\n"
               "static void\nconv_plain (" CONV_ARGUMENTS ")\n{\n  const size_t gi = cin / groups, go = cout / groups;\n  float        sum[32];\n\n"
               "  for (size_t i = 0; i < out_h; i++)\n    for (size_t j = 0; j < out_w; j++)\n      for (size_t g = 0; g < groups; g++)\n"
               "        for (size_t o = 0, n; o < go; o += n)\n          {\n            const size_t first = g * go + o;\n\n"
               "            n = go - o < 32 ? go - o : 32;\n            for (size_t t = 0; t < n; t++)\n              sum[t] = bias == NULL ? 0.0f : bias[first + t];\n");
  eqk_emit (e, "            for (size_t a = 0; a < k; a++)\n              for (size_t b = 0; b < k; b++)\n                {\n"
               "                  const float *pixel = x + ((i * stride + a * dilation) * row + j * stride + b * dilation) * cin + g * gi;\n"
               "                  const float *from = w + (a * k + b) * gi * cout + first;\n\n"
               "                  if (n == 32)\n                    for (size_t c = 0; c < gi; c++)\n                      for (size_t t = 0; t < 32; t++)\n"
               "                        sum[t] += pixel[c] * from[c * cout + t];\n                  else\n                    for (size_t c = 0; c < gi; c++)\n"
               "                      for (size_t t = 0; t < n; t++)\n                        sum[t] += pixel[c] * from[c * cout + t];\n                }\n"
               "            for (size_t t = 0; t < n; t++)\n              y[(i * out_w + j) * cout + first + t] = sum[t];\n          }\n}\n\n");
  eqk_emit_end (e);
}

enum { TILE = 6 };

/* Repeats a line for every pixel of the tile. */
static void
emit_lines (EqkEmitter *e, const char *format)
{
  for (int t = 0; t < TILE; t++)
    eqk_emit (e, format, t, t, t, t);
}

static void
emit_tile (EqkEmitter *e)
{
  eqk_emit_vectors (e);
  if (!eqk_emit_begin (e, "conv_tile"))
    return;
  eqk_emit (e, "/* Adds what a piece of n numbers of each pixel gives to two vectors of channels: %d pixels in registers, of which m are there; `at` and `to` are their places. */\n"
               "static void\nconv_tile (const float *x, const size_t *at, const float *w, size_t n, float *y, const size_t *to, size_t m)\n{\n", TILE);
  emit_lines (e, "  const float *x%d = x + at[%d];\n");
  emit_lines (e, "  eq_vec p%d = { 0 }, q%d = { 0 };\n");
  eqk_emit (e, "  float out[%d * EQ_LANES];\n\n  for (size_t c = 0; c < n; c++, w += 2 * EQ_LANES)\n    {\n"
               "      const eq_vec f0 = eq_load (w), f1 = eq_load (w + EQ_LANES);\n\n", 2 * TILE);
  emit_lines (e, "      p%d += f0 * x%d[c];\n      q%d += f1 * x%d[c];\n");
  eqk_emit (e, "    }\n");
  emit_lines (e, "  eq_store (out + 2 * %d * EQ_LANES, p%d);\n  eq_store (out + (2 * %d + 1) * EQ_LANES, q%d);\n");
  eqk_emit (e, "  for (size_t t = 0; t < m; t++)\n    for (size_t c = 0; c < 2 * EQ_LANES; c += EQ_LANES)\n"
               "      eq_store (y + to[t] + c, eq_load (y + to[t] + c) + eq_load (out + 2 * t * EQ_LANES + c));\n}\n\n");
  eqk_emit_end (e);
}

/*
 * Channels by pieces: the weights of a piece are laid side by side once and read for all pixels. The last vectors of channels may overlap the ones
 * before: what lies in both is computed twice, from the start.
 */
static void
emit_vector (EqkEmitter *e)
{
  emit_tile (e);
  if (!eqk_emit_begin (e, "conv_vector"))
    return;
  eqk_emit (e, "static void\nconv_vector (" CONV_ARGUMENTS ")\n{\n"
               "  const size_t gi = cin / groups, go = cout / groups, n = out_h * out_w, width = 2 * EQ_LANES;\n"
               "  const size_t taps = groups == 1 && dilation == 1 ? k : 1, run = taps * gi;   /* numbers side by side in x that go to one output */\n"
               "  float        piece[128 * 2 * EQ_LANES];\n\n  if (go < width || n < %d)\n    {\n"
               "      conv_plain (x, w, bias, y, out_h, out_w, row, cin, cout, k, stride, dilation, groups);\n      return;\n    }\n"
               "  for (size_t g = 0; g < groups; g++)\n    for (size_t o = 0; o < go; o += width)\n      {\n"
               "        const size_t c = g * go + (o + width <= go ? o : go - width);\n\n        for (size_t q = 0; q < n; q++)\n"
               "          for (size_t t = 0; t < width; t++)\n            y[q * cout + c + t] = bias == NULL ? 0.0f : bias[c + t];\n"
               "        for (size_t tap = 0; tap < k * k; tap += taps)\n          for (size_t first = 0, len; first < run; first += len)\n"
               "            {\n              const float *from = x + (tap / k * row + tap %% k) * dilation * cin + g * gi + first;\n"
               "              size_t       i = 0, j = 0;\n\n              len = run - first < 128 ? run - first : 128;\n"
               "              for (size_t t = 0; t < len; t++)\n                for (size_t v = 0; v < width; v += EQ_LANES)\n"
               "                  eq_store (piece + t * width + v, eq_load (w + (tap * gi + first + t) * cout + c + v));\n"
               "              for (size_t q = 0; q < n; q += %d)\n                {\n                  const size_t m = n - q < %d ? n - q : %d;\n"
               "                  size_t       at[%d] = { 0 }, to[%d] = { 0 };\n\n                  for (size_t t = 0; t < m; t++)\n"
               "                    {\n                      at[t] = (i * row + j) * stride * cin;\n"
               "                      to[t] = (q + t) * cout + c;\n                      j = j + 1 == out_w ? 0 : j + 1;\n"
               "                      i += j == 0;\n                    }\n                  conv_tile (from, at, piece, len, y, to, m);\n"
               "                }\n            }\n      }\n}\n", TILE, TILE, TILE, TILE, TILE, TILE);
  eqk_emit_end (e);
}

static EqkStatus
emit_c (EqkEmitter *e, const EqkOp *op)
{
  const EqkConvParams *p = op->params;

  if (eqk_emit_reverse (e))
    return EQK_ERR_UNSUPPORTED;
  emit_plain (e);
  if (!eqk_emit_plain (e))
    emit_vector (e);
  if (p->pad > 0)
    {
      emit_border (e);
      eqk_emit (e, "  conv_border (%s, ", eqk_emit_value (e, op->in[0]));
      eqk_emit (e, "%s, %d, %d, %d, %d, %d);\n", eqk_emit_scratch (e, op), p->h, p->w, p->cin, p->pad, p->pad_mode);
    }
  eqk_emit (e, "  %s (", eqk_emit_plain (e) ? "conv_plain" : "conv_vector");
  eqk_emit (e, "%s, ", p->pad > 0 ? eqk_emit_scratch (e, op) : eqk_emit_value (e, op->in[0]));
  eqk_emit (e, "%s, ", eqk_emit_value (e, op->in[1]));
  eqk_emit (e, "%s, ", op->in[2] < 0 ? "NULL" : eqk_emit_value (e, op->in[2]));
  eqk_emit (e, "%s, %d, %d, %d, %d, %d, %d, %d, %d, %d);\n", eqk_emit_value (e, op->out[0]), p->out_h, p->out_w, p->w + 2 * p->pad, p->cin, p->cout,
            p->k, p->stride, p->dilation, p->groups);
  return EQK_OK;
}

const EqkOpType EQK_SYM (op_conv2d) = {
  .id = "conv2d", .smooth = EQK_SMOOTH, .flags = EQK_KEEP_IN0 | EQK_KEEP_IN1,
  .plan = plan, .forward = forward, .reverse = reverse, .tangent = tangent, .reverse2 = reverse2, .emit_c = emit_c,
};
