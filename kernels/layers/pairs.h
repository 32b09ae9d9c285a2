#pragma once

/** What invariant graph networks share: their inputs, and the linear map of an expansion. Static, header only. */

#include "layers/graphs.h"

static const EqkPort eqk_pairs_in[] EQK_GRAPH_UNUSED = { { .name = "x", .doc = EQK_N_("Scalars of each pair of nodes") }, { .name = NULL } };
static const EqkPort eqk_pairs_out[] EQK_GRAPH_UNUSED = { { .name = "y", .doc = EQK_N_("Scalars of each pair of nodes") }, { .name = NULL } };

#define EQK_PAIRS_PARAMS { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "16", 1, 4096, NULL, EQK_N_("Numbers made for each pair, node or graph") }

/** From a space of pairs or nodes to another, with the setting "channels". */
static inline EqkStatus
eqk_pairs_infer (EqkInfer *ctx, EqkSpaceKind from, EqkSpaceKind to, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  EqkPortType        y;

  if (x->space.kind != from || x->kind != EQK_KIND_FEATURE || !eqk_rep_is_trivial (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", from == EQK_SPACE_PAIRS ? "scalars of pairs of nodes" : "scalars of nodes", eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), eqk_infer_int (ctx, "channels")));
  y.space = to == EQK_SPACE_SAMPLE ? eqk_of_samples : (EqkSpace) { to, 0, 0, x->space.structure };
  return eqk_infer_set_output (ctx, "y", &y);
}

/** The expansion, then a linear map of its channels with a bias. */
static inline EqkStatus
eqk_pairs_expand (EqkBuild *b, EqkPairsKind kind, EqkDiag *diag)
{
  static const int     times[] = { 15, 5, 2, 5 };
  const int            c = eqk_rep_get_dim (eqk_build_in (b, "x")->rep), x = eqk_build_x (b, "x");
  const bool           to_pairs = kind == EQK_PAIRS_TO_PAIRS || kind == EQK_NODES_TO_PAIRS;
  const int            n = times[kind] * c + to_pairs;
  const EqkSpace       space = eqk_build_out (b, "y")->space;
  const EqkPairsParams p = { kind, c };
  const int            all = eqk_rows_op (b, "pairs_expand", &x, 1, space, n, &p, sizeof p, diag);

  return eqk_graph_done (b, all < 0 ? all : eqk_dense (b, "", all, space, n, eqk_build_int (b, "channels"), true, diag));
}

/** Message passing in place of matrices: what reads or makes pairs behind this node becomes the same on nodes. */
static inline void EQK_GRAPH_UNUSED
eqk_pairs_fix (EqkInfer *ctx)
{
  const EqkPortType *y = eqk_infer_output (ctx, "y");
  const int          self = eqk_infer_node (ctx);
  char               text[48];

  if (y == NULL)
    return;
  eqk_graph_fix_messages (ctx, EQK_N_("Message passing instead of matrices"), eqk_rep_get_dim (y->rep));
  for (int n = 0; n < eqk_infer_n_nodes (ctx); n++)
    {
      const EqkLayerType *layer = eqk_infer_layer_of (ctx, n);
      const int           from = eqk_infer_source_of (ctx, n, "x", 0);
      const EqkPortType  *in = from < 0 ? NULL : eqk_infer_type_of (ctx, from, NULL), *out = eqk_infer_type_of (ctx, n, NULL);

      if (in == NULL || out == NULL || in->space.kind != EQK_SPACE_PAIRS || !(layer->flags & EQK_LAYER_LINEAR) || !eqk_infer_is_upstream (ctx, self, n))
        continue;
      snprintf (text, sizeof text, "widths=[%d]", eqk_rep_get_dim (out->rep));
      eqk_fix_replace (ctx, eqk_infer_id_of (ctx, n), out->space.kind == EQK_SPACE_SAMPLE ? "global_pool" : "phi", out->space.kind == EQK_SPACE_SAMPLE ? "pool=mean" : text);
      if (out->space.kind == EQK_SPACE_SAMPLE)
        eqk_fix_insert_before (ctx, eqk_infer_id_of (ctx, n), "x", "phi", text);
    }
}

/** The finding about many nodes, where their pairs are made. */
static inline void EQK_GRAPH_UNUSED
eqk_pairs_lint (EqkInfer *ctx)
{
  const double n = eqk_infer_fact (ctx, "N", 0);

  if (n <= 60)
    return;
  eqk_infer_problem (ctx, "W-IGN-MEM", "x", "n=%g", n);
  if (eqk_infer_input (ctx, "edges") != NULL)
    eqk_pairs_fix (ctx);
}
