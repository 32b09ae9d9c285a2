#pragma once

/*
 * The inner loops of "tp_uvu" (ops/irreps.h). Edges go by blocks of as many as a register has lanes: M[i][k] of a block is computed for
 * all its edges at once, an edge in a lane. Edges of a block that share the node which owns the sums are a run, and its sums stay in
 * registers. All functions add to what is there, `n` edges in `n_runs` runs.
 */

#include "core/real.h"

#include "ops/irreps.h"

#include <stdbool.h>

typedef struct
{
  int    n, n_runs;
  int    fresh;                 /* tp_forward: sums of runs from this one on begin at zero, whatever is there */
  int    end[EQK_LANES];        /* of each run, in edges of the block */
  size_t own[EQK_LANES];        /* of each run: the owner's row in its array */
  size_t other[EQK_LANES];      /* of each edge: the row at the edge's other end */
  size_t weights[EQK_LANES];    /* of each edge: its row of weights */
  size_t ahead[EQK_LANES];      /* rows of weights of the next block: asked for in time, since all rows together fill no cache */
} EqkTpBlock;

/** m[slot] = sum over its terms of c y, an edge in each lane. edges [n]: their rows in y; yt [n_sh]: room for those. Slots without a term are left alone. */
void EQK_SYM (tp_contract) (const EqkTpParams *p, const eqk_real *c, const eqk_real *y, const int32_t *edges, int n, eqk_vec *yt, eqk_vec *m);

/** z[k] += w sum over i of M[i][k] x[i], z[k] = in runs that are fresh; targets own. */
void EQK_SYM (tp_forward) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_vec *m, eqk_real *z);

/** gx[i] += w sum over k of M[i][k] g[k]; sources own. */
void EQK_SYM (tp_spread) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *w, const eqk_vec *m, const eqk_real *g, eqk_real *gx);

/**
 * a[i] = sum over k of M[i][k] g[k]; gx[i] += w a[i] where gx is there, gw = sum over i of x[i] a[i], added with `add`, where gw is there.
 * Targets own, so that g is read once: whoever asks for gx must have all edges of the sources.
 */
void EQK_SYM (tp_reverse) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_vec *m, const eqk_real *g, eqk_real *gx, eqk_real *gw,
                           bool add);

/** gy[edge of the block][j] += c w x[i] g[k] over all terms; a register of partial sums for each number. Targets own. */
void EQK_SYM (tp_harmonics) (const EqkTpParams *p, const EqkTpBlock *b, const eqk_real *c, const eqk_real *x, const eqk_real *w, const eqk_real *g, eqk_vec *gy);
