#pragma once

/* Who is near whom in one sample: by a list of cells, linear in the number of points, with images in a periodic lattice. */

#include "eqk/program.h"

/* An edge into the target that is asked for: from the image of src at x[src] + shift · cell. */
typedef struct
{
  int32_t src, shift[3];
  double  r2;
} EqkNeighbour;

typedef struct
{
  size_t        n;
  const double *x;              /* [n, 3], borrowed */
  double        h[9], inverse[9];     /* rows: lattice, completed where it is not periodic; and its inverse */
  double        lo[3], width[3];      /* bins: where the first begins along each row (fractions), and how thick one is (distance) */
  int           bins[3];
  bool          periodic[3];
  double       *y;              /* [n, 3] wrapped into the lattice; owned */
  int32_t      *wrap;           /* [n, 3] lattice vectors that were taken off; owned */
  int32_t      *bin;            /* [n, 3]; owned */
  int32_t      *first, *points; /* [bins + 1], [n]: points of each bin; owned */
  EqkNeighbour *found;          /* of the target asked for last; owned */
  size_t        n_found, room;
} EqkCells;

/**
 * @param cell    (may be NULL) [9] rows of the lattice; a row of zeros: not periodic along it
 * @param reach   distance that most questions will be about
 * @return EQK_OK; EQK_ERR_SHAPE when the cell has no volume or a number is not finite; EQK_ERR_NO_MEMORY
 */
EqkStatus eqk_cells_init  (EqkCells *self, size_t n, const double *x, const double *cell, double reach, EqkDiag *diag);
/** Frees all that it owns; x stays. May be called again. */
void      eqk_cells_clear (EqkCells *self);
/** Fills found with what is within reach of point i (never itself, but its images), sorted by (src, shift). EQK_ERR_LIMIT: too many images. */
EqkStatus eqk_cells_near  (EqkCells *self, size_t i, double reach, EqkDiag *diag);
/** Of those found last the `most` nearest stay; ties by (src, shift). What is found stays sorted by (src, shift). */
void      eqk_cells_keep  (EqkCells *self, size_t most);
/**
 * The k nearest, or all there are; ties by number. With a lattice images count and there are always k: what is as near as the k-th within rounding belongs to
 * them, since an image of a point is mostly as near as its image on the other side, and there may be more than k.
 */
EqkStatus eqk_cells_nearest (EqkCells *self, size_t i, int k, EqkDiag *diag);
