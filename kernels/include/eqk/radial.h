#pragma once

/** Functions of one number, of a distance above all, and of angles, in double: tables and checks are made of them. */

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Families of n bumps or waves between two ends, as e3nn's soft_one_hot_linspace has them. */
typedef enum { EQK_ONE_HOT_GAUSSIAN, EQK_ONE_HOT_COSINE, EQK_ONE_HOT_SMOOTH_FINITE, EQK_ONE_HOT_FOURIER, EQK_ONE_HOT_BESSEL } EqkOneHot;

/**
 * n functions at x. With cutoff they vanish at and beyond both ends (their centres then leave out the ends), but Gaussians, which only become small.
 *
 * @param y      [n]
 * @param slope  [n] (may be NULL) derivatives; of Bessel functions with cutoff at their begin that from above
 * @return false when n < 1, n < 2 without cutoff, or end <= start
 */
bool   eqk_one_hot (EqkOneHot kind, bool cutoff, double start, double end, int n, double x, double *y, double *slope);
/** exp (-1/x) for positive x, else 0: every derivative is continuous. */
double eqk_soft_step (double x);
/** 1 at 0, 0 from 1 on, flat at both: 1 - (p+1)(p+2)/2 u^p + p(p+2) u^(p+1) - p(p+1)/2 u^(p+2). */
double eqk_polynomial_cutoff (double u, int p);

/** The point of the unit sphere at these angles, pole y: (sin b sin a, cos b, sin b cos a). */
void eqk_angles_to_point (double alpha, double beta, double point[3]);
/** Parts of the harmonics that depend on alpha: sqrt 2 sin (|m| a) for m < 0, 1, sqrt 2 cos (m a); out[2 lmax + 1]. */
void eqk_harmonics_alpha (int lmax, double alpha, double *out);
/**
 * The other parts: Y_lm = legendre[l l + l + m] times that of alpha, so that the integral of Y^2 over the sphere is 1; out[(lmax + 1)^2].
 * z = cos beta, y = sin beta >= 0.
 */
void eqk_legendre (int lmax, double z, double y, double *out);

/** How much of each degree stands on a grid: e3nn's "component", "norm", "integral" (§10.4 of the catalogue uses the first). */
typedef enum { EQK_SPHERE_COMPONENT, EQK_SPHERE_NORM, EQK_SPHERE_INTEGRAL } EqkSphereScale;

/**
 * The grid beta_i = pi (i + 1/2) / n_beta, alpha_j = 2 pi j / n_alpha on the sphere, n_beta even.
 * @param to    [n_beta n_alpha][(lmax + 1)^2]: values of the signal with these coefficients
 * @param from  [(lmax_out + 1)^2][n_beta n_alpha]: coefficients of a signal, exact where its degree and lmax_out together are below n_beta; both
 *              scaled by the factors of degree lmax
 * @return false for an odd or too small n_beta, or no n_alpha
 */
bool eqk_sphere_grid (int lmax, int lmax_out, int n_beta, int n_alpha, EqkSphereScale scale, double *to, double *from);

#ifdef __cplusplus
}
#endif
