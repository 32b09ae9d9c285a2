#pragma once

/** Parameters of the operations over neighbour structures. */

/** "edge_length": in: positions [nodes, 3]; out: r [edges, 1], r = |x_dst - x_src|. */
typedef struct { int structure; } EqkEdgeParams;

/** "radial_basis": in: r [edges, 1]; out: e [edges, n]. Formulas: domain.md §11.1. */
typedef enum { EQK_RADIAL_BESSEL, EQK_RADIAL_GAUSSIAN } EqkRadialKind;
typedef enum { EQK_ENVELOPE_NONE, EQK_ENVELOPE_POLYNOMIAL, EQK_ENVELOPE_COSINE } EqkEnvelope;
typedef struct
{
  EqkRadialKind kind;
  EqkEnvelope   envelope;
  int           n, p;        /**< functions; order of the polynomial envelope */
  double        cutoff;
} EqkRadialParams;

/** "gather_mul_scatter": in: x [nodes, c], w [edges, c]; out: y [nodes, c], y_i = scale * sum over edges j -> i of x_j * w_ij. */
typedef struct
{
  int    structure;
  double scale;
} EqkScatterParams;

/**
 * "segment_sum": in: x [nodes, c]; out: y [samples, c], sum (or mean) over the nodes of each sample.
 * "segment_spread", its adjoint: in: x [samples, c]; out: y [nodes, c], the row of a node's sample (divided by the number of its nodes).
 */
typedef struct { int mean; } EqkSegmentParams;

/** "embed": in: species [nodes] (index), table [z, c]; out: y [nodes, c] = table[species]. */
typedef struct { int n_species; } EqkEmbedParams;
