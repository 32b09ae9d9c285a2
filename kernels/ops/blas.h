#pragma once

/** cblas by precision. */

#include "core/real.h"

#include <cblas.h>

#if EQK_REAL_BITS == 64
#define EQK_GEMM cblas_dgemm
#else
#define EQK_GEMM cblas_sgemm
#endif
