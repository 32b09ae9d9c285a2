#pragma once

/**
 * Which of the processor variants of the kernels runs. Chosen once: the widest this processor has, or what the
 * environment variable EQK_SIMD (base, avx2, avx512) asks for; a variant the processor lacks falls back to the widest
 * it has below that.
 */

#include "eqk/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_SIMD_BASE,
  EQK_SIMD_AVX2,
  EQK_SIMD_AVX512,
  EQK_SIMD_N
} EqkSimd;

/** The variant in use. */
EqkSimd     eqk_simd (void);
/** Its name: "base", "avx2" or "avx512". */
const char *eqk_simd_name (void);
/** The same of any variant below EQK_SIMD_N. */
const char *eqk_simd_variant_name (EqkSimd simd);
/** The variants this processor and build can run, narrowest first, into out. @return how many, at least 1 */
int         eqk_simd_variants (EqkSimd out[EQK_SIMD_N]);
/** For tests and benches: uses this variant from now on. Programs compiled before keep theirs. False when it can't run. */
bool        eqk_simd_force (const char *name);

/** The convolution and matrix kernels (core/planar.h) of a variant; bits is 32 or 64. NULL for a variant not built. */
const struct EqkPlanarKernels *eqk_planar_kernels (int bits, EqkSimd simd);

/** OpenBLAS on one thread: its own threads lose on our shapes and would oversubscribe the pool. Cheap after the first. */
void        eqk_blas_init (void);
/**
 * Whether OpenBLAS runs kernels for registers of at least eight numbers. A processor younger than the library it takes for one of 2004, and then
 * our own products are two to four times as fast.
 */
bool        eqk_blas_is_wide (void);

#ifdef __cplusplus
}
#endif
