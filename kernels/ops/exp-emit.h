#pragma once

/** The exponential in exported C, in a form that compilers make vector code of: a call of expf for each number costs more than the products around it. */

#include "eqk/emit.h"

#include <string.h>

/** "eq_exp"; what it is called is what eqk_emit_exp_name says. With plain loops it is the library's expf. */
static inline void
eqk_emit_exp (EqkEmitter *e)
{
  if (eqk_emit_plain (e) || !eqk_emit_begin (e, "eq_exp"))
    return;
  eqk_emit (e, "/* exp within two units of the last place: x = n log 2 + r, a polynomial of r, and n into the exponent. Beyond [-87, 88] x is cut. */\n"
               "static inline float\neq_exp (float x)\n{\n  const float    cut = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;\n"
               "  const float    t = cut * 1.44269504f + 12582912.0f, n = t - 12582912.0f;   /* n is in the low bits of t */\n"
               "  const float    r = cut - n * 0.693359375f + n * 2.12194440e-4f;\n  float          p = 1.0f / 5040.0f, scale;\n  uint32_t       bits;\n\n"
               "  p = p * r + 1.0f / 720.0f;\n  p = p * r + 1.0f / 120.0f;\n  p = p * r + 1.0f / 24.0f;\n  p = p * r + 1.0f / 6.0f;\n  p = p * r + 0.5f;\n"
               "  p = p * r + 1.0f;\n  p = p * r + 1.0f;\n  memcpy (&bits, &t, sizeof bits);\n  bits = (bits << 23) + (127u << 23);\n"
               "  memcpy (&scale, &bits, sizeof scale);\n  return p * scale;\n}\n\n");
  eqk_emit_end (e);
}

static inline const char *
eqk_emit_exp_name (const EqkEmitter *e)
{
  return eqk_emit_plain (e) ? "expf" : "eq_exp";
}

/** A formula of C in which "expf" stands for the exponential. */
static inline void
eqk_emit_formula (EqkEmitter *e, const char *formula)
{
  for (const char *next; (next = strstr (formula, "expf")) != NULL; formula = next + 4)
    eqk_emit (e, "%.*s%s", (int) (next - formula), formula, eqk_emit_exp_name (e));
  eqk_emit (e, "%s", formula);
}
