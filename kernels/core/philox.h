#pragma once

/** One round of Philox 4x32 on blocks c with the round's key, and what is added to the key afterwards (Salmon et al. 2011). Static, header only. */

#include <stdint.h>

#define EQK_PHILOX_ROUNDS 10
#define EQK_PHILOX_KEY0 0x9E3779B9u
#define EQK_PHILOX_KEY1 0xBB67AE85u

static inline void
eqk_philox_round (uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1)
{
  const uint64_t p0 = (uint64_t) 0xD2511F53u * *c0, p1 = (uint64_t) 0xCD9E8D57u * *c2;
  const uint32_t old1 = *c1, old3 = *c3;

  *c0 = (uint32_t) (p1 >> 32) ^ old1 ^ k0;
  *c1 = (uint32_t) p1;
  *c2 = (uint32_t) (p0 >> 32) ^ old3 ^ k1;
  *c3 = (uint32_t) p0;
}
