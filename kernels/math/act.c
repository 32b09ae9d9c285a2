/* Names, parities and second-moment constants of activations (domain.md §11.3: integrals, not Monte Carlo). */

#include "ops/op_act.h"

#include <math.h>
#include <string.h>

static const char *const names[EQK_ACT_N] = { "identity", "relu", "elu", "silu", "tanh", "sigmoid", "softplus", "ssp", "gelu",
                                              "abs", "sin", "leaky_relu", "square" };

int
eqk_act_find (const char *name)
{
  for (int i = 0; i < EQK_ACT_N; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  return -1;
}

const char *
eqk_act_name (int act)
{
  return names[act];
}

int
eqk_act_parity (int act)
{
  switch (act)
    {
    case EQK_ACT_IDENTITY:
    case EQK_ACT_TANH:
    case EQK_ACT_SIN:
      return -1;
    case EQK_ACT_ABS:
    case EQK_ACT_SQUARE:
      return 1;
    default:
      return 0;
    }
}

double
eqk_act_second_moment (int act)
{
  static const double constants[EQK_ACT_N] = { 1, 1.4142135623730951, 1.2451983007, 1.6765324703, 1.5925374197, 1.8462285453,
                                               1.0418668355, 1.8755962561, 1.5335304412, 1, 1.5208666232, 0, 0.57735026919 };

  return act == EQK_ACT_LEAKY_RELU ? 1 / sqrt (0.5 * (1 + EQK_LEAKY_SLOPE * EQK_LEAKY_SLOPE)) : constants[act];
}

double
eqk_act_constant (int act, const char *preset)
{
  static const double e3nn[EQK_ACT_N] = { [EQK_ACT_RELU] = 1.41633934463314, [EQK_ACT_ELU] = 1.24678638855705, [EQK_ACT_SILU] = 1.67917679239894,
                                          [EQK_ACT_TANH] = 1.59373344725927, [EQK_ACT_SIGMOID] = 1.84670553421548, [EQK_ACT_SOFTPLUS] = 1.04264365905272,
                                          [EQK_ACT_SSP] = 1.87820466854155, [EQK_ACT_GELU] = 1.53606428507706, [EQK_ACT_ABS] = 1.00111060083847,
                                          [EQK_ACT_SIN] = 1.52183348646232 };

  return strcmp (preset, "e3nn") == 0 && e3nn[act] != 0 ? e3nn[act] : eqk_act_second_moment (act);
}
