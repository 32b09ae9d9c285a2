#pragma once

/** Parameters of the operations over neighbour structures. */

/** "edge_length": in: positions [nodes, 3]; out: r [edges, 1], r = |x_dst - x_src|. No parameters. */

/** "radial_basis": in: r [edges, 1]; out: e [edges, n]. Formulas: domain.md §11.1. */
typedef enum { EQK_RADIAL_BESSEL, EQK_RADIAL_GAUSSIAN, EQK_RADIAL_ENVELOPE /**< 1: the envelope alone */,
               EQK_RADIAL_LOG_ENVELOPE /**< the logarithm of the envelope, not below that of 1e-12; n times the same */ } EqkRadialKind;
typedef enum { EQK_ENVELOPE_NONE, EQK_ENVELOPE_POLYNOMIAL, EQK_ENVELOPE_COSINE } EqkEnvelope;
typedef struct
{
  EqkRadialKind kind;
  EqkEnvelope   envelope;
  int           n, p;        /**< functions; order of the polynomial envelope */
  double        cutoff;
} EqkRadialParams;

/** "gather_mul_scatter": in: x [nodes, c], w [edges, c]; out: y [nodes, c], y_i = scale * sum over edges j -> i of x_j * w_ij. */
typedef struct { double scale; } EqkScatterParams;

/** Rows that belong together and stand together: the nodes of a sample, or the edges into a node. */
typedef enum { EQK_OVER_SAMPLES, EQK_OVER_TARGETS } EqkOver;

/**
 * "segment_sum": in: x [rows, c]; out: y [groups, c], sum (or mean) over the rows of each group. Empty groups give 0.
 * "segment_spread", its adjoint: in: x [groups, c]; out: y [rows, c], the row of a row's group (with mean divided by the size of the group).
 * "segment_max", "segment_lse": the largest, and log Σ exp, of each channel; empty groups give 0. mean is not read.
 */
typedef struct
{
  int     mean;
  EqkOver over;
} EqkSegmentParams;

/**
 * "segment_softmax": softmax of each channel over the rows of each group. in: x [rows, c]; out: y [rows, c]. Of edges optionally
 * with one row more in each group: in: x, own [nodes, c]; out: y, y_own. skip_loops: edges from a node to itself get 0 and do not count.
 */
typedef struct
{
  EqkOver over;
  int     skip_loops;
} EqkSegmentSoftmaxParams;

/** "gather_source": in: x [nodes, c]; out: y [edges, c], the row of the node that an edge comes from. (Of the one it goes to: segment_spread.) */

/**
 * "neighbour_sum": in: x [nodes, c], a [edges, heads] or -1; out: y_i = Σ over edges j -> i of a_ij x_j, where a factor counts for
 * c / heads channels. mean: divided by the number of the edges.
 */
typedef struct
{
  int heads, mean, skip_loops;
} EqkNeighbourParams;

/** "degree": in: w [edges, 1] or nothing; out: y [nodes, 1] = (add + Σ over edges into i of w)^power; 0 where the sum is not positive. */
typedef struct
{
  double add, power;
  int    skip_loops;
} EqkDegreeParams;

/**
 * Values of pairs of nodes of one sample, n x n rows a sample, row by row.
 * "pairs_expand": the linear maps between orders that permutations pass through, as channels side by side, for each channel c of x in turn of the map:
 * from pairs A to pairs (15 and one more), to nodes (5), to samples (2); from nodes x to pairs (5 and one more). The one more is the identity,
 * 1 where i = j, whose weight is the second bias. Sums over one index are divided by n, over both by n squared.
 */
typedef enum { EQK_PAIRS_TO_PAIRS, EQK_PAIRS_TO_NODES, EQK_PAIRS_TO_SAMPLES, EQK_NODES_TO_PAIRS } EqkPairsKind;
typedef struct
{
  EqkPairsKind kind;
  int          c;
} EqkPairsParams;

/**
 * "pairs_rows": in: x [pairs, c]; out: y [nodes, c], y_i = Σ_j x_ij (or the mean), of second: Σ_j x_ji.
 * "pairs_spread", its adjoint: in: x [nodes, c]; out: y [pairs, c], y_ij = x_i, of second: x_j (with mean divided by the number of nodes).
 */
typedef struct { int second, mean; } EqkPairsSide;

/** "pairs_product": in: a, b [pairs, c]; out: y_ij = Σ_k a_ik b_kj, channel by channel. No parameters. */

/**
 * "pairs_of_graph": in: x [nodes, c] or -1, w [edges, ce] or -1; out: [pairs, 1 + ce + c]: 1 where an edge leads from j to i, the numbers of that
 * edge, and those of node i where i = j. Of several equal edges the last counts.
 */
typedef struct { int c, ce; } EqkPairsGraphParams;

/** "random_walk": out: y [nodes, steps], y_t = chance to be back after t + 1 steps along edges, each to an equal share of the edges out of a node. No inputs. */
typedef struct { int steps; } EqkRandomWalkParams;

/** "head_dot": in: x [rows, heads n], w [rows, heads n] or one row of weights; out: y [rows, heads], products within each head. */
typedef struct { int heads, n; } EqkHeadDotParams;

/** "row_matvec": in: x [rows, n_in], w [rows, n_in n_out]; out: y_o = Σ_i x_i w[i][o] in every row. */
typedef struct { int n_in, n_out; } EqkRowMatvecParams;

/** "row_norm": in: x [rows, c], weight [c] or -1, bias [c] or -1; out: y = w (x - mean) / sqrt (var + eps) + b in every row. */
typedef struct { double eps; } EqkRowNormParams;

/**
 * "graph_norm": in: x [nodes, c], weight, bias, share [c]; out: y = w d / sqrt (mean (d²) + eps) + b with d = x - share mean (x), mean over the
 * nodes of each sample, channel by channel.
 */
typedef struct { double eps; } EqkGraphNormParams;

/**
 * "top_rows": in: x [nodes, c], w [c]; out: y [nodes of the part, c], y_i = x_i tanh (x_i . w / |w|) for the ceil (ratio n) nodes of each sample for
 * which that is largest, of equal ones the first. It makes the part (eqk_run_select).
 */
typedef struct
{
  double ratio;
  int    structure;      /* number of the part */
} EqkTopParams;

/**
 * "part_rows": in: x [rows, c]; out: y [rows of a part, c], the rows of nodes or edges that the part has kept. back, its adjoint: in: x [rows of a part, c];
 * out: y [rows, c], zero where nothing was kept.
 */
typedef struct { int back; } EqkPartParams;

/**
 * "attention": in: q, k, v [rows, c]; out: y of q's rows, y_i = Σ_j softmax_j (scale q_i . k_j) v_j over the rows of the same sample,
 * heads being contiguous blocks of channels. Rows are nodes, or a fixed number a sample.
 */
typedef struct
{
  int    heads;
  double scale;
} EqkAttentionParams;

/** "embed": in: species [nodes] (index), table [z, c]; out: y [nodes, c] = table[species]. */
typedef struct { int n_species; } EqkEmbedParams;
