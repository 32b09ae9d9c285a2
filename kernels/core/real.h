#pragma once

/**
 * The scalar type of a variant. Sources in ops/ are compiled once for each pair of precision (float32, float64) and
 * processor variant (base, avx2, avx512); every symbol they export is wrapped in EQK_SYM so that all copies live in one
 * program: EQK_SYM (op_add) is eqk_f32_avx2_op_add, and so on.
 */

#include <stddef.h>
#include <stdint.h>

#if EQK_REAL_BITS == 64
typedef double eqk_real;
#define EQK_EPS 2.220446049250313e-16
#else
typedef float eqk_real;
#define EQK_EPS 1.1920929e-7f
#endif

#define EQK_SYM__(variant, name) eqk_##variant##_##name
#define EQK_SYM_(variant, name)  EQK_SYM__ (variant, name)
#define EQK_SYM(name)            EQK_SYM_ (EQK_VARIANT, name)

/** Elements of eqk_real in one vector register of this variant, and the GCC/clang vector type of that size. */
#define EQK_LANES ((int) (EQK_VECTOR_BYTES / sizeof (eqk_real)))
typedef eqk_real eqk_vec  __attribute__ ((vector_size (EQK_VECTOR_BYTES)));
typedef eqk_real eqk_vecu __attribute__ ((vector_size (EQK_VECTOR_BYTES), aligned (sizeof (eqk_real)), may_alias));

/* Before a loop that must be unrolled wholly, so that an array of vectors becomes registers. n: at least its count. */
#define EQK_PRAGMA(text) _Pragma (#text)
#if defined(__clang__)
#define EQK_UNROLL(n) EQK_PRAGMA (clang loop unroll (full))
#else
#define EQK_UNROLL(n) EQK_PRAGMA (GCC unroll n)
#endif
