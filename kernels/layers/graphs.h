#pragma once

/** What layers on graphs share: their inputs, what edges carry, recurrent cells. Static, header only. */

#include "layers/nodes.h"

#define EQK_GRAPH_UNUSED __attribute__ ((unused))

/** The setting for the widths of a small network that is run on every edge. */
#define EQK_GRAPH_EDGE_WIDTHS \
  { "widths", EQK_N_("Widths"), EQK_PARAM_INT_LIST, "[64,64]", 1, 4096, NULL, EQK_N_("Layers of the network of an edge; the last is the width of the output") }

#define EQK_GRAPH_EDGES_PORT { .name = "edges", .doc = EQK_N_("Who is linked to whom, and what the edges carry") }

static const EqkPort eqk_graph_in[] EQK_GRAPH_UNUSED = { { .name = "x", .doc = EQK_N_("Scalars of each node") }, EQK_GRAPH_EDGES_PORT, { .name = NULL } };
static const EqkPort eqk_graph_out[] EQK_GRAPH_UNUSED = { { .name = "y", .doc = EQK_N_("Scalars of each node") }, { .name = NULL } };

/** Edges of a graph: numbers of edges, or the links alone. NULL with diag filled when it is something else. */
static inline const EqkPortType *
eqk_graph_edges (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *edges = eqk_infer_input (ctx, "edges");

  if (edges->space.kind == EQK_SPACE_EDGES && edges->kind != EQK_KIND_EDGE_VECTOR && eqk_rep_is_trivial (edges->rep))
    return edges;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "edges of a graph", edges->space.kind == EQK_SPACE_EDGES ? eqk_kind_name (edges->kind) : eqk_rep_get_text (edges->rep));
  return NULL;
}

/** Numbers that an edge carries; 0 for links alone. */
static inline int
eqk_graph_edge_width (const EqkPortType *edges)
{
  return edges->kind == EQK_KIND_EDGES ? 0 : eqk_rep_get_dim (edges->rep);
}

/** x with `width` scalars a row, as the output "y". */
static inline EqkStatus
eqk_graph_set_width (EqkInfer *ctx, const EqkPortType *x, int width)
{
  const EqkPortType y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), width));

  return eqk_infer_set_output (ctx, "y", &y);
}

/** Both inputs in order, and numbers on the edges where `needs` says so. */
static inline const EqkPortType *
eqk_graph_input (EqkInfer *ctx, bool needs, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag), *edges = x == NULL ? NULL : eqk_graph_edges (ctx, diag);

  if (edges == NULL)
    return NULL;
  if (!needs || eqk_graph_edge_width (edges) > 0)
    return x;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "numbers of each edge", "links alone; use a layer that does not read edges, such as GIN");
  return NULL;
}

/** General message passing in place of this layer, with `width` numbers a node. */
static inline void EQK_GRAPH_UNUSED
eqk_graph_fix_messages (EqkInfer *ctx, const char *label, int width)
{
  char text[80];

  snprintf (text, sizeof text, "message=[%d] widths=[%d,%d]", width, width, width);
  eqk_infer_fix (ctx, label);
  eqk_fix_replace (ctx, "$", "mpnn", text);
}

/** The finding about layers that look only at links. */
static inline void EQK_GRAPH_UNUSED
eqk_graph_lint_ignored (EqkInfer *ctx)
{
  const EqkPortType *edges = eqk_infer_input (ctx, "edges"), *y = eqk_infer_output (ctx, "y");

  if (edges == NULL || y == NULL || eqk_graph_edge_width (edges) == 0)
    return;
  eqk_infer_problem (ctx, "W-EDGEFEAT-IGNORED", "edges", NULL);
  eqk_graph_fix_messages (ctx, EQK_N_("Message passing that reads edges"), eqk_rep_get_dim (y->rep));
}

/** The rows of the nodes that edges come from: a value of edges, or -1. */
static inline int
eqk_graph_sources (EqkBuild *b, int x, EqkSpace edges, int width, EqkDiag *diag)
{
  return x < 0 ? -1 : eqk_rows_op (b, "gather_source", &x, 1, edges, width, NULL, 0, diag);
}

/** The rows of the nodes that edges lead to: a value of edges, or -1. */
static inline int
eqk_graph_targets (EqkBuild *b, int x, EqkSpace edges, int width, EqkDiag *diag)
{
  return eqk_nodes_spread (b, x, edges, width, diag);
}

/** Σ, mean or the largest of the neighbours' rows; factor: of edges [edges, heads] or -1. */
static inline int
eqk_graph_neighbours (EqkBuild *b, int x, int factor, EqkSpace nodes, EqkSpace edges, int width, const EqkNeighbourParams *p, const char *pool, EqkDiag *diag)
{
  const int in[2] = { x, factor };

  if (strcmp (pool, "max") == 0)
    return eqk_nodes_pool (b, eqk_graph_sources (b, x, edges, width, diag), nodes, width, pool, diag);
  return x < 0 ? -1 : eqk_rows_op (b, "neighbour_sum", in, 2, nodes, width, p, sizeof *p, diag);
}

/** Products within heads of x and a row of weights or other rows: a value of `heads` numbers, or -1. */
static inline int
eqk_head_dot (EqkBuild *b, int x, int w, EqkSpace space, int heads, int n, EqkDiag *diag)
{
  const EqkHeadDotParams p = { heads, n };
  const int              in[2] = { x, w };

  return x < 0 || w < 0 ? -1 : eqk_rows_op (b, "head_dot", in, 2, space, heads, &p, sizeof p, diag);
}

/** The gated recurrent unit of torch: new state of h after reading x, c channels both. Weights "<name>ih.weight" [3c, c] … */
static inline int
eqk_gru (EqkBuild *b, const char *name, int x, int h, EqkSpace space, int c, EqkDiag *diag)
{
  char ih[32], hh[32];
  int  gi, gh, r, z, n, keep, take;

  snprintf (ih, sizeof ih, "%.20sih", name);
  snprintf (hh, sizeof hh, "%.20shh", name);
  gi = x < 0 ? -1 : eqk_dense (b, ih, x, space, c, 3 * c, true, diag);
  gh = h < 0 ? -1 : eqk_dense (b, hh, h, space, c, 3 * c, true, diag);
  r = eqk_rows_add (b, eqk_rows_slice (b, gi, space, 3 * c, 0, c, diag), eqk_rows_slice (b, gh, space, 3 * c, 0, c, diag), space, c, diag);
  z = eqk_rows_add (b, eqk_rows_slice (b, gi, space, 3 * c, c, c, diag), eqk_rows_slice (b, gh, space, 3 * c, c, c, diag), space, c, diag);
  if (r < 0 || z < 0)
    return -1;
  r = eqk_dense_act (b, "sigmoid", r, space, c, 1, diag);
  z = eqk_dense_act (b, "sigmoid", z, space, c, 1, diag);
  n = eqk_rows_mul (b, eqk_rows_slice (b, gh, space, 3 * c, 2 * c, c, diag), r, space, c, c, diag);
  n = eqk_rows_add (b, eqk_rows_slice (b, gi, space, 3 * c, 2 * c, c, diag), n, space, c, diag);
  n = n < 0 ? n : eqk_dense_act (b, "tanh", n, space, c, 1, diag);
  keep = eqk_rows_mul (b, h, z, space, c, c, diag);
  take = eqk_rows_scale (b, eqk_rows_mul (b, n, z, space, c, c, diag), space, c, -1, diag);
  return eqk_rows_add (b, eqk_rows_add (b, n, take, space, c, diag), keep, space, c, diag);
}

/** Widths of a setting [a, b, …] with `last` behind them. @return how many, or 0 when there are too many */
static inline int
eqk_graph_widths (EqkBuild *b, const char *param, int last, int widths[33])
{
  const int n = eqk_build_ints (b, param, widths, 32);

  if (n > 32)
    return 0;
  widths[n] = last;
  return n + 1;
}

static inline EqkStatus
eqk_graph_done (EqkBuild *b, int out)
{
  eqk_build_set_output (b, "y", out);
  return out < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}
