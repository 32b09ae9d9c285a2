#pragma once

/** What attention over neighbours shares: settings, what edges carry, the softmax with the node itself, heads side by side or averaged. Static, header only. */

#include "layers/graphs.h"

#define EQK_GRAPH_ATTENTION_PARAMS                                                                                                        \
  { "channels", EQK_N_("Channels of a head"), EQK_PARAM_INT, "16", 1, 4096, NULL, EQK_N_("Numbers made for each node by each head") },       \
  { "heads", EQK_N_("Heads"), EQK_PARAM_INT, "4", 1, 64, NULL, EQK_N_("Separate attentions") },                                            \
  { "join", EQK_N_("Heads become"), EQK_PARAM_CHOICE, "concat", 0, 0, "concat|mean", EQK_N_("Side by side, or averaged, as before scores") }, \
  { "reads_edges", EQK_N_("Edges count"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("The numbers that edges carry are part of the score; a node itself counts with the mean of its edges") }

static inline EqkStatus
eqk_graph_attention_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_graph_input (ctx, eqk_infer_bool (ctx, "reads_edges"), diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  return eqk_graph_set_width (ctx, x, eqk_infer_int (ctx, "channels") * (strcmp (eqk_infer_text (ctx, "join"), "concat") == 0 ? eqk_infer_int (ctx, "heads") : 1));
}

/** Numbers on the edges that nobody looks at: they can be read here. */
static inline void EQK_GRAPH_UNUSED
eqk_graph_attention_lint (EqkInfer *ctx)
{
  const EqkPortType *edges = eqk_infer_input (ctx, "edges");

  if (edges == NULL || eqk_infer_output (ctx, "y") == NULL || eqk_graph_edge_width (edges) == 0 || eqk_infer_bool (ctx, "reads_edges"))
    return;
  eqk_infer_problem (ctx, "W-EDGEFEAT-IGNORED", "edges", NULL);
  eqk_infer_fix (ctx, EQK_N_("Let the attention read edges"));
  eqk_fix_set (ctx, "$", "reads_edges", "on");
  eqk_graph_fix_messages (ctx, EQK_N_("Message passing that reads edges"), eqk_rep_get_dim (eqk_infer_output (ctx, "y")->rep));
}

/** The numbers of edges, mapped to `width` without an offset: a value of edges, or -1. */
static inline int
eqk_graph_edge_part (EqkBuild *b, int width, EqkDiag *diag)
{
  const EqkPortType *edges = eqk_build_in (b, "edges");

  return eqk_dense (b, "lin_edge", eqk_build_x (b, "edges"), edges->space, eqk_graph_edge_width (edges), width, false, diag);
}

/** What a node counts as its own edge: the mean over its incoming edges but those from itself; 0 where there are none. A value of nodes, or -1. */
static inline int
eqk_graph_own_edge (EqkBuild *b, int x, EqkSpace nodes, EqkSpace edges, int width, EqkDiag *diag)
{
  const EqkSegmentSoftmaxParams even = { EQK_OVER_TARGETS, true };      /* of equal numbers: one over how many */
  int                           share = eqk_rows_constant (b, edges, 1, 0, diag);

  share = eqk_rows_op (b, "segment_softmax", &share, 1, edges, 1, &even, sizeof even, diag);
  return eqk_nodes_pool (b, eqk_rows_mul (b, x, share, edges, width, 1, diag), nodes, width, "sum", diag);
}

/** Softmax of scores of edges and of the nodes themselves [·, heads], then the weighted sum of h [nodes, heads channels], heads joined, bias. */
static inline int
eqk_graph_attend (EqkBuild *b, int scores, int own, int h, EqkDiag *diag)
{
  const EqkSpace                nodes = eqk_build_in (b, "x")->space, edges = eqk_build_in (b, "edges")->space;
  const int                     heads = eqk_build_int (b, "heads"), n = eqk_build_int (b, "channels"), width = heads * n;
  const EqkSegmentSoftmaxParams softmax = { EQK_OVER_TARGETS, true };
  const EqkNeighbourParams      sum = { heads, false, true };
  const int                     in[2] = { scores, own }, out[2] = { eqk_build_value (b, edges, heads), eqk_build_value (b, nodes, heads) };
  int                           y, mean;

  if (scores < 0 || own < 0 || h < 0 || out[0] < 0 || out[1] < 0 || eqk_build_op (b, "segment_softmax", in, 2, out, 2, &softmax, sizeof softmax, diag) != EQK_OK)
    return -1;
  y = eqk_rows_add (b, eqk_graph_neighbours (b, h, out[0], nodes, edges, width, &sum, "sum", diag), eqk_rows_mul (b, h, out[1], nodes, width, heads, diag), nodes, width, diag);
  if (strcmp (eqk_build_text (b, "join"), "concat") == 0)
    return eqk_rows_bias (b, "bias", y, nodes, width, diag);
  mean = eqk_rows_slice (b, y, nodes, width, 0, n, diag);
  for (int k = 1; k < heads; k++)
    mean = eqk_rows_add (b, mean, eqk_rows_slice (b, y, nodes, width, k * n, n, diag), nodes, n, diag);
  return eqk_rows_bias (b, "bias", eqk_rows_scale (b, mean, nodes, n, 1.0 / heads, diag), nodes, n, diag);
}

/** A row of weights for each head: [1, heads, n]. */
static inline int
eqk_graph_attention_row (EqkBuild *b, const char *name)
{
  const int shape[3] = { 1, eqk_build_int (b, "heads"), eqk_build_int (b, "channels") };

  return eqk_build_weight (b, name, shape, 3, (EqkInit) { EQK_INIT_UNIFORM, sqrt (6.0 / (shape[1] + shape[2])), NULL });
}
