#pragma once

/** What GIN and GINE share: the sum of a node with its neighbours, and the network after it. Static, header only. */

#include "layers/graphs.h"

#define EQK_ISOMORPHISM_PARAMS                                                                                                                            \
  { "widths", EQK_N_("Widths"), EQK_PARAM_INT_LIST, "[64,64]", 1, 4096, NULL, EQK_N_("Layers of the network behind the sum; the last is the width of the output") }, \
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "0", -1, 10, NULL, EQK_N_("How much more a node counts than a neighbour") },                                         \
  { "learn_eps", EQK_N_("Learn ε"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Let training find it") },                                                    \
  { "norm", EQK_N_("Batch norm inside"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Before each activation of the network") },                              \
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "relu", 0, 0, EQK_ACT_CHOICES, EQK_N_("Between the layers of the network") }

static inline EqkStatus
eqk_isomorphism_infer (EqkInfer *ctx, bool needs_edges, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, needs_edges, diag);
  int                widths[32];
  const int          n = eqk_infer_ints (ctx, "widths", widths, 32);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > 32)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "widths", "1 to 32 layers", n < 1 ? "none" : "more");
  return eqk_graph_set_width (ctx, x, widths[n - 1]);
}

/** MLP ((1 + ε) x + sum) */
static inline EqkStatus
eqk_isomorphism_expand (EqkBuild *b, int sum, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act"), .norm = eqk_build_bool (b, "norm") };
  const double       eps = eqk_build_real (b, "eps");
  const int          one = 1, own = eqk_build_x (b, "x");
  int                widths[32], width = eqk_rep_get_dim (x->rep), extra = -1, h;
  const int          n = eqk_build_ints (b, "widths", widths, 32);

  h = eqk_rows_add (b, own, sum, x->space, width, diag);
  if (eqk_build_bool (b, "learn_eps"))
    {
      const int in[2] = { own, eqk_build_weight (b, "eps", &one, 1, (EqkInit) { EQK_INIT_CONSTANT, eps, NULL }) };

      extra = in[1] < 0 ? -1 : eqk_rows_op (b, "scale_learned", in, 2, x->space, width, NULL, 0, diag);
      h = eqk_rows_add (b, h, extra, x->space, width, diag);
    }
  else if (eps != 0)
    h = eqk_rows_add (b, h, eqk_rows_scale (b, own, x->space, width, eps, diag), x->space, width, diag);
  return eqk_graph_done (b, eqk_mlp (b, "", h, x->space, &width, widths, n, &form, diag));
}
