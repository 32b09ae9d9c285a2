#pragma once

/**
 * The planar kernels of a variant as a table, so that tests, benches and exported programs can call any of them by
 * eqk_planar_kernels (bits, simd). Sources in ops/ call the functions of their own variant directly.
 */

#include "core/real.h"
#include "ops/conv_kernels.h"
#include "ops/gemm.h"

/** FLOP/s of one thread with every operand in a register; takes about 20 ms. */
double EQK_SYM (fma_peak) (void);
