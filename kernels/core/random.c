/* Philox 4x32-10: a block cipher on a counter, so that every random number has an address. */

#include "core/philox.h"
#include "eqk/random.h"

#include <math.h>

static void
refill (EqkRandom *self)
{
  uint32_t k[2] = { self->key[0], self->key[1] };

  for (int i = 0; i < 4; i++)
    self->block[i] = self->counter[i];
  for (int r = 0; r < EQK_PHILOX_ROUNDS; r++)
    {
      eqk_philox_round (&self->block[0], &self->block[1], &self->block[2], &self->block[3], k[0], k[1]);
      k[0] += EQK_PHILOX_KEY0;
      k[1] += EQK_PHILOX_KEY1;
    }
  self->counter[0]++;
  self->left = 4;
}

EqkRandom
eqk_random (uint64_t seed, EqkRandomPurpose purpose, uint32_t step, uint32_t sample, uint32_t node)
{
  EqkRandom self = { .key = { (uint32_t) seed, (uint32_t) (seed >> 32) ^ ((uint32_t) purpose << 24) ^ node },
                     .counter = { 0, step, sample, (uint32_t) purpose + (node << 8) } };

  return self;
}

uint32_t
eqk_random_u32 (EqkRandom *self)
{
  if (self->left == 0)
    refill (self);
  return self->block[--self->left];
}

uint32_t
eqk_random_below (EqkRandom *self, uint32_t n)
{
  const uint32_t limit = n == 0 ? 0 : (uint32_t) -n % n;   /* 2^32 mod n: values below it would be favoured */

  if (n <= 1)
    return 0;
  for (;;)
    {
      const uint64_t product = (uint64_t) eqk_random_u32 (self) * n;

      if ((uint32_t) product >= limit)
        return (uint32_t) (product >> 32);
    }
}

double
eqk_random_uniform (EqkRandom *self)
{
  const uint32_t high = eqk_random_u32 (self) >> 5, low = eqk_random_u32 (self) >> 6;

  return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

double
eqk_random_normal (EqkRandom *self)
{
  const double u = 1.0 - eqk_random_uniform (self);   /* (0, 1] */
  const double v = eqk_random_uniform (self);

  return sqrt (-2.0 * log (u)) * cos (6.283185307179586476925 * v);
}

void
eqk_random_permutation (EqkRandom *self, uint32_t *out, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    out[i] = i;
  for (uint32_t i = n; i > 1; i--)
    {
      const uint32_t j = eqk_random_below (self, i);
      const uint32_t swap = out[i - 1];

      out[i - 1] = out[j];
      out[j] = swap;
    }
}
