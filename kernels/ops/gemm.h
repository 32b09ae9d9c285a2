#pragma once

/** Matrix products for the sizes that networks have: no call overhead below, OpenBLAS (one thread) above. */

#include "core/real.h"

#include <stdbool.h>

/**
 * c[m, n] = op(a)[m, k] op(b)[k, n], added to c when `add`. Row-major; ta: a is stored [k, m]; tb: b is stored [n, k].
 * The order of summation depends on the sizes alone. c must not overlap a or b. Runs on the calling thread.
 */
void EQK_SYM (gemm) (bool ta, bool tb, int m, int n, int k, const eqk_real *a, ptrdiff_t lda, const eqk_real *b,
                     ptrdiff_t ldb, eqk_real *c, ptrdiff_t ldc, bool add);
