#pragma once

/** Operation "act": y = scale * f(x) for every number. in: x; out: y, same count. */
typedef enum
{
  EQK_ACT_IDENTITY, EQK_ACT_RELU, EQK_ACT_ELU, EQK_ACT_SILU, EQK_ACT_TANH, EQK_ACT_SIGMOID, EQK_ACT_SOFTPLUS,
  EQK_ACT_SSP,        /**< softplus - ln 2 */
  EQK_ACT_GELU, EQK_ACT_ABS, EQK_ACT_SIN, EQK_ACT_LEAKY_RELU, EQK_ACT_SQUARE,
  EQK_ACT_N
} EqkAct;

typedef struct
{
  EqkAct act;
  double scale;       /**< second-moment constant or 1 */
  double slope;       /**< leaky ReLU */
} EqkActParams;

/** Of leaky ReLU wherever an activation is chosen by its name, and in eqk_act_second_moment. */
#define EQK_LEAKY_SLOPE 0.2

/** By name ("relu" …); -1. */
int    eqk_act_find (const char *name);
/** The name that eqk_act_find reads; act must be below EQK_ACT_N. */
const char *eqk_act_name (int act);
/** 1 even, -1 odd, 0 neither. */
int    eqk_act_parity (int act);
/** c with E[(c f(z))^2] = 1 for normal z; of leaky ReLU for EQK_LEAKY_SLOPE. */
double eqk_act_second_moment (int act);
/** The same as e3nn estimates it by Monte Carlo, for weights that were trained there; by the name of a setting: "exact" or "e3nn". */
double eqk_act_constant (int act, const char *preset);
/** The names a choice setting offers, "relu|elu|silu|…". */
#define EQK_ACT_CHOICES "relu|elu|silu|tanh|sigmoid|softplus|ssp|gelu|abs|sin|leaky_relu|identity"
