#pragma once

/** Building blocks several layers expand into: a linear map of rows with its weights, an activation. Static, header only. */

#include "eqk/layer.h"
#include "ops/op_act.h"
#include "ops/op_linear.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/** y = x W^T + b; weights named "<name>.weight" [n_out, n_in] and "<name>.bias", uniform in ±1/√n_in as torch's Linear. */
static inline int
eqk_dense (EqkBuild *b, const char *name, int x, EqkSpace space, int n_in, int n_out, bool bias, EqkDiag *diag)
{
  const EqkInit         init = { EQK_INIT_UNIFORM, 1 / sqrt ((double) n_in), NULL };
  const EqkLinearParams p = { n_in, n_out, 0, 1 };
  const int             shape[2] = { n_out, n_in };
  char                  weight[64], offset[64];
  int                   in[3], out;

  snprintf (weight, sizeof weight, "%s%sweight", name, name[0] == '\0' ? "" : ".");
  snprintf (offset, sizeof offset, "%s%sbias", name, name[0] == '\0' ? "" : ".");
  in[0] = x;
  in[1] = eqk_build_weight (b, weight, shape, 2, init);
  in[2] = bias ? eqk_build_weight (b, offset, shape, 1, init) : -1;
  out = eqk_build_value (b, space, n_out);
  if (out < 0 || in[1] < 0 || eqk_build_op (b, "linear", in, 3, &out, 1, &p, sizeof p, diag) != EQK_OK)
    return -1;
  return out;
}

/** y = scale f(x); by name of the activation. */
static inline int
eqk_dense_act (EqkBuild *b, const char *act, int x, EqkSpace space, int width, double scale, EqkDiag *diag)
{
  const EqkActParams p = { (EqkAct) eqk_act_find (act), scale, EQK_LEAKY_SLOPE };
  const bool         kinked = p.act == EQK_ACT_RELU || p.act == EQK_ACT_LEAKY_RELU;
  const int          out = eqk_build_value (b, space, width);

  if (out < 0 || eqk_build_op (b, kinked ? "act_kinked" : p.act == EQK_ACT_ABS ? "act_bent" : "act", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK)
    return -1;
  return out;
}
