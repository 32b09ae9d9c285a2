#pragma once

/**
 * Parameters of the operations on irreps of space. A row of features holds blocks of copies of one irrep. Blocks of ports are
 * copy by copy, the components of a copy side by side; between operations of one layer they may lie component by component,
 * the copies side by side, which is what vector units want.
 */

#include <stdbool.h>
#include <stdint.h>

/** "edge_vector": in: positions [nodes, 3]; out: r [edges, 3], r = x_dst - x_src. No parameters. */

/**
 * "harmonics": in: r [rows, 3], ladder [n_entries] (constants); out: y [rows, (lmax+1)^2], degree after degree, of the direction
 * of r when `normalise`. Entry e says dY_lm/dr_k contains ladder[e] Y_(l-1)m'; entries of degree l begin at first[l].
 */
typedef struct { int16_t lower, axis, upper; } EqkLadderEntry;
typedef struct
{
  int                   lmax, normalise;
  const int32_t        *first;      /**< [lmax + 2] */
  const EqkLadderEntry *entries;
} EqkHarmonicsParams;

/**
 * "irreps_linear": in: x [rows, n_in], w [n_kinds or 1, n_weights], bias [n_bias] (optional), kinds [rows] (index, optional:
 * each row takes the weights of its kind); out: y [rows, n_out]. Block by block y_wm += scale * sum over u of x_um W[u][w].
 */
typedef struct
{
  int32_t dim;              /**< components, 2l + 1 */
  int32_t from, mul_in;     /**< first number of the block in a row of x, copies */
  int32_t to, mul_out;
  int32_t weight;           /**< first weight, [mul_in][mul_out] */
  double  scale;
} EqkIrrepsBlock;

typedef struct
{
  int                   n_in, n_out, n_blocks, n_weights, n_bias, n_kinds;
  bool                  in_by_component, out_by_component;
  const EqkIrrepsBlock *blocks;
  const int32_t        *bias_to;   /**< [n_bias]: number of a row of y that bias k is added to */
} EqkIrrepsLinearParams;

/**
 * "tp_uvu": in: x [nodes, n_in] by component, y [edges, n_sh], w [edges, n_weights], c [n_terms] (constants); out: z [nodes, n_out]
 * by component. For each edge j -> i and path p: z_i[k][u] += w[p][u] sum over entries of c x_j[i][u] y[j].
 */
typedef struct
{
  int32_t n_i, n_k;              /**< components read and written */
  int32_t from, from_stride;     /**< x: component i of copy u at from + i * from_stride + u */
  int32_t to, to_stride;
  int32_t mul, weight;           /**< copies; first weight */
  int32_t harmonic, n_j;         /**< y: first of the path's, how many */
  int32_t by_k, by_i;            /**< first of the path in row_k, row_i */
  int32_t slot;                  /**< of the path's M: M[i][k] at slot + i * n_k + k, M[i][i] at slot + i where it is diagonal */
  int32_t diagonal;
} EqkTpPath;

/** Pairs (i, k) with M[i][k] = sum of c[t] y[term[t]] for t in [first, next pair's first); M is zero elsewhere. */
typedef struct { int16_t i, k; int32_t first, x, z, slot; } EqkTpPair;   /**< x, z: first copies of the components in rows */

typedef struct
{
  int              n_in, n_out, n_sh, n_weights, n_paths, n_pairs, n_terms, n_slots;
  const EqkTpPath *paths;
  const EqkTpPair *pairs;        /**< [n_pairs + 1], path after path, sorted by k, then i */
  const int32_t   *term;         /**< [n_terms]: number of y */
  const int32_t   *row_k;        /**< pairs of component k of a path: [by_k + k, by_k + k + 1) */
  const int32_t   *row_i;        /**< the same of component i, in `order_i` */
  const int32_t   *order_i;      /**< [n_pairs]: numbers of pairs sorted by path, i, k */
} EqkTpParams;

/**
 * "tensor_product": in: x [rows, n_x], y [rows, n_y], w [n_weights], c [n_entries] (constants); out: z [rows, n_z], all copy by
 * copy. Path by path z[w][k] += sum over u, v and entries of W[u][v][w] c x[u][i] y[v][j].
 */
typedef struct { int16_t i, j, k; } EqkProductEntry;
typedef struct
{
  int32_t n_i, n_j, n_k;            /**< components */
  int32_t from_x, mul_x, from_y, mul_y, to, mul_z;
  int32_t weight;                   /**< first weight, [mul_x][mul_y][mul_z] */
  int32_t first, last;              /**< entries, sorted by k; each k has some */
} EqkProductPath;

typedef struct
{
  int                    n_x, n_y, n_z, n_weights, n_paths, n_entries;
  const EqkProductPath  *paths;
  const EqkProductEntry *entries;
} EqkProductParams;

/**
 * "bilinear": in: x [rows, n_x], y [rows, n_y], w [n_w] of all rows or [rows, n_w] or -1, c [n_terms] (constants); out: z [rows, n_z],
 * z[t.z] += c w[t.w] x[t.x] y[t.y] over all terms, which are sorted by z; w counts as 1 where t.w is -1. For couplings that are sparse in
 * copies too: copy with the same copy, pairs of different copies. y may be x.
 */
typedef struct { int32_t x, y, z, w; } EqkBilinearTerm;
typedef struct
{
  int                    n_x, n_y, n_z, n_w, n_terms, of_rows;   /**< of_rows: every row has weights of its own */
  const EqkBilinearTerm *terms;
} EqkBilinearParams;

/**
 * "symmetric_contraction": in: x [nodes, n_components * n_copies] by component, w [kinds, n_paths, n_copies], u [n_entries]
 * (constants), kinds [nodes] (index); out: y [nodes, n_out * n_copies] by component. For each copy a feature is a polynomial of
 * the copy's components, F[f] = sum of u over its monomials x_a x_b x_c, and y_k = sum over features of k of w[kind][path] F[f].
 */
typedef struct { int16_t order, a, b, c; int32_t first; } EqkMonomial;   /**< entries in [first, next one's first) */
typedef struct { int32_t k, path; } EqkContractionFeature;

typedef struct
{
  int                          n_components, n_out, n_copies, n_paths, n_kinds, n_features, n_monomials, n_entries;
  const EqkMonomial           *monomials;   /**< [n_monomials + 1] */
  const int32_t               *entries;     /**< [n_entries]: features */
  const EqkContractionFeature *features;
} EqkContractionParams;

/** "irreps_affine": in: x [rows, n], weight [n_weights], bias [n_bias] (optional); out: y [rows, n], y[c] = weight[of[c]] x[c] (+ bias[offset[c]] where that is not -1). */
typedef struct
{
  int            n, n_weights, n_bias;
  const int32_t *of, *offset;
} EqkIrrepsAffineParams;

/**
 * "copy_dot": in: a, b [rows, n * dim]; out: y [rows, n], y_u = sum over m of a_um b_um, copy by copy.
 * "copy_norm": in: a [rows, n * dim]; out: y [rows, n], y_u = sqrt (sum over m of a_um^2 + eps^2).
 */
typedef struct
{
  int    n, dim;
  double eps;
} EqkCopyParams;
