#pragma once

/** What heads with an answer for each node share: a small network of its invariants. Static, header only. */

#include "layers/graphs.h"
#include "layers/heads.h"

#define EQK_NODE_ANSWER_PARAMS(of)                                                                                                                        \
  { "hidden", EQK_N_("Hidden layers"), EQK_PARAM_INT_LIST, "[]", 1, 4096, NULL, EQK_N_("Widths between input and output") },                              \
  { "out", EQK_N_("Outputs"), EQK_PARAM_INT, "2", 1, 4096, NULL, of },                                                                                    \
  { "dropout", EQK_N_("Dropout"), EQK_PARAM_REAL, "0", 0, 0.95, NULL, EQK_N_("Part of the hidden numbers that is dropped in training") }

/** Rows of nodes of invariants become "out" numbers of a kind each. */
static inline EqkStatus
eqk_node_answer_infer (EqkInfer *ctx, EqkKind kind, EqkDiag *diag)
{
  const EqkPortType *x = eqk_head_input (ctx, kind, diag);
  EqkPortType        y;
  char               space[64];

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (x->space.kind != EQK_SPACE_NODES)
    {
      eqk_space_text (&x->space, space, sizeof space);
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "a row for each node", space);
    }
  y = eqk_head_output (x, eqk_infer_int (ctx, "out"), kind);
  return eqk_infer_set_output (ctx, "y", &y);
}

static inline EqkStatus
eqk_node_answer_expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x");
  const EqkMlpForm   form = { .act = "relu", .dropout = eqk_build_real (b, "dropout") };
  int                widths[33], width = eqk_rep_get_dim (x->rep);
  const int          n = eqk_graph_widths (b, "hidden", eqk_build_int (b, "out"), widths);

  return eqk_graph_done (b, n == 0 ? -1 : eqk_mlp (b, "", eqk_build_x (b, "x"), x->space, &width, widths, n, &form, diag));
}
