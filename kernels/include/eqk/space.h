#pragma once

/**
 * Mathematics of rotations of space: real spherical harmonics, Wigner matrices, Clebsch-Gordan tensors, in double.
 *
 * Conventions: a vector (l = 1) is stored (x, y, z); the polar axis of the harmonics is y; component m of degree l stands at
 * m + l; harmonics are of "component" normalisation, sum over m of Y_lm(u)^2 = 2l + 1 on unit vectors. Euler angles are
 * R(a, b, c) = R_y(a) R_x(b) R_y(c). Coupling tensors have Frobenius norm 1 and the signs of e3nn's wigner_3j.
 */

#include "eqk/group.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EQK_MAX_DEGREE 11

/**
 * Solid harmonics |r|^l Y_lm(r/|r|) of degrees 0..lmax at r: y[(lmax+1)^2], degree after degree.
 * @param gradient (optional) [(lmax+1)^2][3]: their derivatives, polynomials as well
 */
void eqk_harmonics (int lmax, const double r[3], double *y, double *gradient);

/** D^l of a rotation matrix (row-major, proper), [2l+1, 2l+1]: Y_l(R r) = D^l(R) Y_l(r). */
void eqk_wigner_d (int l, const double rotation[9], double *d);
/** D of the irrep (l, p) of O(3) for any orthogonal matrix; parity is 1 or -1. */
void eqk_wigner_d_o3 (int l, int parity, const double matrix[9], double *d);
/** R_y(alpha) R_x(beta) R_y(gamma), row-major [3, 3]; angles in radians. */
void eqk_rotation_from_angles     (double alpha, double beta, double gamma, double rotation[9]);
/** w, x, y, z; any length but 0. */
void eqk_rotation_from_quaternion (const double q[4], double rotation[9]);

/**
 * Coupling tensor C[m1][m2][m3] of l1 x l2 -> l3, [2l1+1, 2l2+1, 2l3+1]: invariant under D^l1 x D^l2 x D^l3.
 * @return false when the triangle rule forbids it or a degree is above EQK_MAX_DEGREE
 */
bool eqk_coupling (int l1, int l2, int l3, double *c);

/** One entry of a sparse tensor. */
typedef struct
{
  int16_t i, j, k;
  double  c;
} EqkCouplingEntry;

/** The entries of eqk_coupling that are not zero, sorted by i, k, j; malloc'd. NULL when there are none or memory is short. */
EqkCouplingEntry *eqk_coupling_entries (int l1, int l2, int l3, int *n);

/**
 * Derivatives of solid harmonics lower the degree by one: d Y_lm / d r_k = sum over m' of c Y_(l-1)m'; entries (i = m', j = k,
 * k = m), malloc'd. By Euler's theorem the same table raises it: Y_lm = 1/l sum of c r_k Y_(l-1)m'.
 */
EqkCouplingEntry *eqk_harmonic_ladder (int l, int *n);

#ifdef __cplusplus
}
#endif
