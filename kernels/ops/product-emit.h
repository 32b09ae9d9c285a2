#pragma once

/** Matrix products in exported C, with vector extensions: what the linear maps' loops are made of unless plain loops are asked for. */

#include "eqk/emit.h"

/** "eq_vec", EQ_LANES numbers in a register of the processor that the C is compiled for, with eq_load and eq_store. */
static inline void
eqk_emit_vectors (EqkEmitter *e)
{
  if (!eqk_emit_begin (e, "eq_vec"))
    return;
  eqk_emit (e, "#if defined(__AVX512F__)\n#define EQ_LANES 16\n#elif defined(__AVX__)\n#define EQ_LANES 8\n#else\n#define EQ_LANES 4\n#endif\n"
               "__extension__ typedef float eq_vec __attribute__ ((vector_size (4 * EQ_LANES)));\n"
               "__extension__ typedef float eq_vecu __attribute__ ((vector_size (4 * EQ_LANES), aligned (4), may_alias));\n\n"
               "static inline eq_vec\neq_load (const float *p)\n{\n  return *(const eq_vecu *) (const void *) p;\n}\n\nstatic inline void\n"
               "eq_store (float *p, eq_vec v)\n{\n  *(eq_vecu *) (void *) p = v;\n}\n\n");
  eqk_emit_end (e);
}

/** "eq_sum": the sum over a vector's numbers. */
static inline void
eqk_emit_sum (EqkEmitter *e)
{
  eqk_emit_vectors (e);
  if (!eqk_emit_begin (e, "eq_sum"))
    return;
  eqk_emit (e, "static inline float\neq_sum (eq_vec v)\n{\n  float p[EQ_LANES], a = 0.0f, b = 0.0f, c = 0.0f, d = 0.0f;\n\n  eq_store (p, v);\n"
               "  for (size_t i = 0; i < EQ_LANES; i += 4)\n    {\n      a += p[i];\n      b += p[i + 1];\n      c += p[i + 2];\n      d += p[i + 3];\n    }\n"
               "  return (a + b) + (c + d);\n}\n\n");
  eqk_emit_end (e);
}

/** What the two below are made of. */
static inline void
eqk_emit_product_tile (EqkEmitter *e)
{
  eqk_emit_vectors (e);
  if (!eqk_emit_begin (e, "product_tile"))
    return;
  eqk_emit (e, "/* y[r][o] += s sum over i of x[r][i] b[i][o] for four rows, of which n are there, and two vectors of outputs, all in registers. */\n"
               "static void\n"
               "product_tile (const float *x, size_t x_row, size_t x_step, const float *b, size_t b_row, float s, float *y, size_t y_row, size_t y_step, size_t n, size_t n_from)\n"
               "{\n  const float *x0 = x, *x1 = x0 + (n > 1 ? x_row : 0), *x2 = x1 + (n > 2 ? x_row : 0), *x3 = x2 + (n > 3 ? x_row : 0);\n"
               "  eq_vec       t0 = { 0 }, u0 = { 0 }, t1 = { 0 }, u1 = { 0 }, t2 = { 0 }, u2 = { 0 }, t3 = { 0 }, u3 = { 0 };\n"
               "  float        out[8 * EQ_LANES];\n\n  for (size_t i = 0; i < n_from * x_step; i += x_step, b += b_row)\n    {\n"
               "      const eq_vec p = eq_load (b), q = eq_load (b + EQ_LANES);\n\n      t0 += p * x0[i];\n      u0 += q * x0[i];\n"
               "      t1 += p * x1[i];\n      u1 += q * x1[i];\n      t2 += p * x2[i];\n      u2 += q * x2[i];\n      t3 += p * x3[i];\n"
               "      u3 += q * x3[i];\n    }\n  eq_store (out, t0);\n  eq_store (out + EQ_LANES, u0);\n  eq_store (out + 2 * EQ_LANES, t1);\n"
               "  eq_store (out + 3 * EQ_LANES, u1);\n  eq_store (out + 4 * EQ_LANES, t2);\n  eq_store (out + 5 * EQ_LANES, u2);\n"
               "  eq_store (out + 6 * EQ_LANES, t3);\n  eq_store (out + 7 * EQ_LANES, u3);\n  for (size_t k = 0; k < n; k++)\n"
               "    for (size_t c = 0; c < 2 * EQ_LANES; c++)\n      y[k * y_row + c * y_step] += s * out[2 * k * EQ_LANES + c];\n}\n\n");
  eqk_emit_end (e);
}

/** "add_product": y[r][o] += s sum over i of x[r][i] w[i][o]. */
static inline void
eqk_emit_product (EqkEmitter *e)
{
  eqk_emit_product_tile (e);
  if (!eqk_emit_begin (e, "add_product"))
    return;
  eqk_emit (e, "/* y[r][o] += s sum over i of x[r][i] w[i][o]. Steps: from row to row, and within one. */\nstatic void\n"
               "add_product (const float *x, size_t x_row, size_t x_step, const float *w, float s, float *y, size_t y_row, size_t y_step, size_t rows, size_t n_from, size_t n_to)\n"
               "{\n  const size_t whole = n_to / (2 * EQ_LANES) * (2 * EQ_LANES);\n\n  for (size_t o = 0; o < whole; o += 2 * EQ_LANES)\n"
               "    for (size_t r = 0; r < rows; r += 4)\n"
               "      product_tile (x + r * x_row, x_row, x_step, w + o, n_to, s, y + r * y_row + o * y_step, y_row, y_step, rows - r < 4 ? rows - r : 4, n_from);\n"
               "  for (size_t r = 0; whole < n_to && r < rows; r++)\n    for (size_t i = 0; i < n_from; i++)\n      {\n"
               "        const float a = s * x[r * x_row + i * x_step];\n\n        for (size_t o = whole; o < n_to; o++)\n"
               "          y[r * y_row + o * y_step] += a * w[i * n_to + o];\n      }\n}\n\n");
  eqk_emit_end (e);
}

/** "add_dots": y[r][o] += s sum over i of x[r][i] w[o][i]. */
static inline void
eqk_emit_dots (EqkEmitter *e)
{
  eqk_emit_product_tile (e);
  if (!eqk_emit_begin (e, "add_dots"))
    return;
  eqk_emit (e, "/* y[r][o] += s sum over i of x[r][i] w[o][i]: w is turned piece by piece where many rows use it. */\nstatic void\n"
               "add_dots (const float *x, size_t x_row, size_t x_step, const float *w, float s, float *y, size_t y_row, size_t y_step, size_t rows, size_t n_from, size_t n_to)\n"
               "{\n  const size_t whole = rows < 8 ? 0 : n_to / (2 * EQ_LANES) * (2 * EQ_LANES);\n  float        turned[256 * 2 * EQ_LANES];\n\n"
               "  for (size_t o = 0; o < whole; o += 2 * EQ_LANES)\n    for (size_t first = 0; first < n_from; first += 256)\n      {\n"
               "        const size_t len = n_from - first < 256 ? n_from - first : 256;\n\n        for (size_t c = 0; c < 2 * EQ_LANES; c++)\n"
               "          for (size_t i = 0; i < len; i++)\n            turned[i * 2 * EQ_LANES + c] = w[(o + c) * n_from + first + i];\n"
               "        for (size_t r = 0; r < rows; r += 4)\n"
               "          product_tile (x + r * x_row + first * x_step, x_row, x_step, turned, 2 * EQ_LANES, s, y + r * y_row + o * y_step, y_row, y_step, rows - r < 4 ? rows - r : 4, len);\n"
               "      }\n  for (size_t r = 0; whole < n_to && r < rows; r++)\n    for (size_t first = 0; first < n_from; first += 256)\n"
               "      {\n        const size_t len = n_from - first < 256 ? n_from - first : 256;\n\n        for (size_t i = 0; i < len; i++)\n"
               "          turned[i] = x[r * x_row + (first + i) * x_step];\n        for (size_t o = whole; o < n_to; o++)\n          {\n"
               "            const float *row = w + o * n_from + first;\n            float        part[16] = { 0.0f }, sum = 0.0f;\n\n"
               "            for (size_t i = 0; i < len / 16 * 16; i += 16)\n              for (size_t k = 0; k < 16; k++)\n"
               "                part[k] += turned[i + k] * row[i + k];\n            for (size_t i = len / 16 * 16; i < len; i++)\n"
               "              sum += turned[i] * row[i];\n            for (size_t k = 0; k < 16; k++)\n              sum += part[k];\n"
               "            y[r * y_row + o * y_step] += s * sum;\n          }\n      }\n}\n\n");
  eqk_emit_end (e);
}
