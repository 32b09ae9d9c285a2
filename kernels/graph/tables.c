/* The tables of layers and operations, from the lists that the build files hold: a name in the list is the registration. */

#include "eqk/op.h"

#include "core/simd.h"
#include "graph/graph-private.h"

#include <stdio.h>
#include <string.h>

#define EQK_LAYER(id) extern const EqkLayerType eqk_layer_##id;
#include "layers-list.h"
#undef EQK_LAYER

#define EQK_LAYER(id) &eqk_layer_##id,
static const EqkLayerType *const layers[] = {
#include "layers-list.h"
  NULL
};
#undef EQK_LAYER

const EqkLayerType *const *
eqk_layers (int *n)
{
  *n = (int) (sizeof layers / sizeof layers[0]) - 1;
  return layers;
}

const EqkLayerType *
eqk_layer_find (const char *id)
{
  for (int i = 0; layers[i] != NULL; i++)
    if (strcmp (layers[i]->id, id) == 0)
      return layers[i];
  return NULL;
}

const char *
eqk_layer_telling_name (const EqkLayerType *layer, EqkTelling says, char *out, size_t size)
{
  for (const EqkTellingName *t = layer->telling; t != NULL && t->words != NULL; t++)
    if (t->says == says)
      {
        snprintf (out, size, "%.*s", (int) strcspn (t->words, "|"), t->words);
        return out;
      }
  return NULL;
}

#define EQK_TABLE f32_base
#include "graph/ops-table.h"
#define EQK_TABLE f64_base
#include "graph/ops-table.h"
#ifdef EQK_HAVE_AVX2
#define EQK_TABLE f32_avx2
#include "graph/ops-table.h"
#define EQK_TABLE f64_avx2
#include "graph/ops-table.h"
#endif
#ifdef EQK_HAVE_AVX512
#define EQK_TABLE f32_avx512
#include "graph/ops-table.h"
#define EQK_TABLE f64_avx512
#include "graph/ops-table.h"
#endif

int
eqk_op_count (void)
{
  return (int) (sizeof f32_base / sizeof f32_base[0]) - 1;
}

int
eqk_op_find (const char *id)
{
  for (int i = 0; f32_base[i] != NULL; i++)
    if (strcmp (f32_base[i]->id, id) == 0)
      return i;
  return -1;
}

const EqkOpType *const *
eqk_op_table (EqkPrecision precision, int simd)
{
  EqkSimd here[EQK_SIMD_N];
  const int n = eqk_simd_variants (here);

  for (int i = 0; i < n; i++)
    if ((int) here[i] == simd)
      switch (here[i])
        {
#ifdef EQK_HAVE_AVX2
        case EQK_SIMD_AVX2:   return precision == EQK_F32 ? f32_avx2 : f64_avx2;
#endif
#ifdef EQK_HAVE_AVX512
        case EQK_SIMD_AVX512: return precision == EQK_F32 ? f32_avx512 : f64_avx512;
#endif
        default:              return precision == EQK_F32 ? f32_base : f64_base;
        }
  return NULL;
}
