/* The choice of processor variant, made once and then only read. */

#include "core/simd.h"

#include "core/planar.h"

#include <cblas.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[EQK_SIMD_N] = { "base", "avx2", "avx512" };

static atomic_int chosen = -1;

static bool
can_run (EqkSimd simd)
{
#if defined EQK_HAVE_AVX2 || defined EQK_HAVE_AVX512
  __builtin_cpu_init ();
  switch (simd)
    {
#ifdef EQK_HAVE_AVX512
    case EQK_SIMD_AVX512:
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq") &&
             __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512bw") &&
             __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#endif
#ifdef EQK_HAVE_AVX2
    case EQK_SIMD_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#endif
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

#define DECLARE_PLANAR(variant) extern const EqkPlanarKernels eqk_##variant##_planar_kernels;
DECLARE_PLANAR (f32_base)
DECLARE_PLANAR (f64_base)
#ifdef EQK_HAVE_AVX2
DECLARE_PLANAR (f32_avx2)
DECLARE_PLANAR (f64_avx2)
#endif
#ifdef EQK_HAVE_AVX512
DECLARE_PLANAR (f32_avx512)
DECLARE_PLANAR (f64_avx512)
#endif

const EqkPlanarKernels *
eqk_planar_kernels (int bits, EqkSimd simd)
{
  static const EqkPlanarKernels *const tables[EQK_SIMD_N][2] = {
    [EQK_SIMD_BASE] = { &eqk_f32_base_planar_kernels, &eqk_f64_base_planar_kernels },
#ifdef EQK_HAVE_AVX2
    [EQK_SIMD_AVX2] = { &eqk_f32_avx2_planar_kernels, &eqk_f64_avx2_planar_kernels },
#endif
#ifdef EQK_HAVE_AVX512
    [EQK_SIMD_AVX512] = { &eqk_f32_avx512_planar_kernels, &eqk_f64_avx512_planar_kernels },
#endif
  };

  return tables[simd][bits == 64];
}

void
eqk_blas_init (void)
{
  static atomic_bool done;

  if (atomic_load_explicit (&done, memory_order_acquire))
    return;
  openblas_set_num_threads (1);
  atomic_store_explicit (&done, true, memory_order_release);
}

bool
eqk_blas_is_wide (void)
{
  static const char *const wide[] = { "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids" };
  static atomic_int        found = -1;
  int                      is_wide = atomic_load_explicit (&found, memory_order_relaxed);

  if (is_wide < 0)   /* two threads may both come here: they find the same */
    {
      const char *core = openblas_get_corename ();

      is_wide = 0;
      for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        is_wide |= strcasecmp (core, wide[i]) == 0;
      atomic_store_explicit (&found, is_wide, memory_order_relaxed);
    }
  return is_wide != 0;
}
