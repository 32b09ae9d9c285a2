/* The choice of processor variant, made once and then only read. */

#include "core/simd.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[EQK_SIMD_N] = { "base", "avx2", "avx512" };

static atomic_int chosen = -1;

static bool
can_run (EqkSimd simd)
{
#ifdef EQK_HAVE_X86_VARIANTS
  __builtin_cpu_init ();
  switch (simd)
    {
    case EQK_SIMD_AVX512:
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq") &&
             __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512bw") &&
             __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case EQK_SIMD_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    default:
      break;
    }
#endif
  return simd == EQK_SIMD_BASE;
}

static EqkSimd
widest_up_to (EqkSimd limit)
{
  for (int v = limit; v > EQK_SIMD_BASE; v--)
    if (can_run ((EqkSimd) v))
      return (EqkSimd) v;
  return EQK_SIMD_BASE;
}

/* EQK_SIMD_N when there is no variant of that name. */
static EqkSimd
by_name (const char *name)
{
  int v = 0;

  while (v < EQK_SIMD_N && (name == NULL || strcmp (name, names[v]) != 0))
    v++;
  return (EqkSimd) v;
}

EqkSimd
eqk_simd (void)
{
  int simd = atomic_load_explicit (&chosen, memory_order_relaxed);

  if (simd < 0)   /* two threads may both come here: they find the same */
    {
      const EqkSimd wanted = by_name (getenv ("EQK_SIMD"));

      simd = (int) widest_up_to (wanted < EQK_SIMD_N ? wanted : EQK_SIMD_AVX512);
      atomic_store_explicit (&chosen, simd, memory_order_relaxed);
    }
  return (EqkSimd) simd;
}

const char *
eqk_simd_variant_name (EqkSimd simd)
{
  return names[simd];
}

const char *
eqk_simd_name (void)
{
  return names[eqk_simd ()];
}

int
eqk_simd_variants (EqkSimd out[EQK_SIMD_N])
{
  int n = 0;

  for (int v = 0; v < EQK_SIMD_N; v++)
    if (can_run ((EqkSimd) v))
      out[n++] = (EqkSimd) v;
  return n;
}

bool
eqk_simd_force (const char *name)
{
  const EqkSimd simd = by_name (name);

  if (simd == EQK_SIMD_N || !can_run (simd))
    return false;
  atomic_store_explicit (&chosen, (int) simd, memory_order_relaxed);
  return true;
}
