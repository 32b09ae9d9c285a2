#pragma once

/**
 * Counter-based random numbers: a value depends on (seed, purpose, step, sample, node) only, never on the order of calls
 * or on threads. The generator is Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011).
 */

#include "eqk/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_RANDOM_INIT = 1, EQK_RANDOM_SHUFFLE, EQK_RANDOM_SPLIT, EQK_RANDOM_DROPOUT, EQK_RANDOM_AUGMENT, EQK_RANDOM_GROUP,
  EQK_RANDOM_AUDIT, EQK_RANDOM_DATA, EQK_RANDOM_TEST, EQK_RANDOM_NOISE
} EqkRandomPurpose;

/** A stream; cheap to make, pass by value or pointer. */
typedef struct
{
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  int      left;
} EqkRandom;

/** The stream of these coordinates. */
EqkRandom eqk_random (uint64_t seed, EqkRandomPurpose purpose, uint32_t step, uint32_t sample, uint32_t node);
/** The next 32 bits of the stream, all equally likely. */
uint32_t  eqk_random_u32     (EqkRandom *self);
/** Uniform in [0, n), without bias; n >= 1. */
uint32_t  eqk_random_below   (EqkRandom *self, uint32_t n);
/** [0, 1) with 53 bits. */
double    eqk_random_uniform (EqkRandom *self);
/** Mean 0, variance 1. */
double    eqk_random_normal  (EqkRandom *self);
/** Fisher-Yates permutation of 0 .. n-1. */
void      eqk_random_permutation (EqkRandom *self, uint32_t *out, uint32_t n);

#ifdef __cplusplus
}
#endif
