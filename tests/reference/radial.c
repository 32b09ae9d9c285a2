/* radial.json and angular.json: functions of distances and angles. */

#include "reference.h"

#include "eqk/radial.h"
#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-12

static int
length_of (RefCase *c, const cJSON *tensor)
{
  return ref_int (c, ref_at (c, ref_get (c, tensor, "shape"), 0));
}

static bool
read_family (RefCase *c, const cJSON *item, EqkOneHot *kind)
{
  static const char *const names[] = { "gaussian", "cosine", "smooth_finite", "fourier", "bessel" };
  const char              *name = cJSON_GetStringValue (ref_get (c, item, "basis"));

  for (int k = 0; name != NULL && k < 5; k++)
    if (strcmp (names[k], name) == 0)
      {
        *kind = (EqkOneHot) k;
        return true;
      }
  return ref_check (c, false, "family “%s”", name == NULL ? "" : name);
}

/* Their Bessel functions are not a number where x is the begin; ours have the limit. Files leave such places out. */
static void
check_values (RefFile *file, const cJSON *item, const cJSON *x_tensor)
{
  RefCase   c = ref_case_open (file, "%s%s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "basis")), cJSON_IsTrue (cJSON_GetObjectItem (item, "cutoff")) ? ", cut off" : "");
  const int n = ref_int (&c, ref_get (&c, item, "number")), rows = length_of (&c, x_tensor), dims[2] = { rows, n };
  double   *x = ref_tensor (&c, "x", x_tensor, &rows, 1), *y = n > 0 && n <= 64 ? ref_tensor (&c, "y", ref_get (&c, item, "y"), dims, 2) : NULL, ours[64];
  EqkOneHot kind;

  if (read_family (&c, item, &kind) && x != NULL && y != NULL)
    for (int r = 0; r < rows; r++)
      {
        ref_check (&c, eqk_one_hot (kind, cJSON_IsTrue (ref_get (&c, item, "cutoff")), ref_number (&c, ref_get (&c, item, "start")), ref_number (&c, ref_get (&c, item, "end")), n, x[r], ours, NULL),
                   "libeqk has no such functions");
        for (int k = 0; k < n; k++)
          ref_near (&c, "y", y[r * n + k], ours[k], TOLERANCE);
      }
  free (x);
  free (y);
  ref_case_close (&c);
}

/* Slopes have no ends of their own: those of the values of the same family. */
static void
check_slopes (RefFile *file, const cJSON *item, const cJSON *like)
{
  RefCase   c = ref_case_open (file, "slope of %s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "basis")));
  const int n = ref_int (&c, ref_get (&c, like, "number")), rows = length_of (&c, ref_get (&c, item, "x")), dims[2] = { rows, n };
  double   *x = ref_tensor (&c, "x", ref_get (&c, item, "x"), &rows, 1), *dy = n > 0 && n <= 64 ? ref_tensor (&c, "dy_dx", ref_get (&c, item, "dy_dx"), dims, 2) : NULL, y[64], slope[64];
  EqkOneHot kind;

  if (read_family (&c, item, &kind) && x != NULL && dy != NULL)
    for (int r = 0; r < rows; r++)
      {
        eqk_one_hot (kind, cJSON_IsTrue (ref_get (&c, item, "cutoff")), ref_number (&c, ref_get (&c, like, "start")), ref_number (&c, ref_get (&c, like, "end")), n, x[r], y, slope);
        for (int k = 0; k < n; k++)
          ref_near (&c, "dy_dx", dy[r * n + k], slope[k], 1e-11);
      }
  free (x);
  free (dy);
  ref_case_close (&c);
}

static void
check_step (RefFile *file, const cJSON *item)
{
  RefCase   c = ref_case_open (file, "soft step");
  const int n = length_of (&c, ref_get (&c, item, "x"));
  double   *x = ref_tensor (&c, "x", ref_get (&c, item, "x"), &n, 1), *y = ref_tensor (&c, "y", ref_get (&c, item, "y"), &n, 1);

  for (int i = 0; x != NULL && y != NULL && i < n; i++)
    ref_near (&c, "y", y[i], eqk_soft_step (x[i]), TOLERANCE);
  free (x);
  free (y);
  ref_case_close (&c);
}

static void
check_cutoff (RefFile *file, const cJSON *item)
{
  RefCase   c = ref_case_open (file, "polynomial cut-off, p = %g", cJSON_GetNumberValue (cJSON_GetObjectItem (item, "p")));
  const int n = length_of (&c, ref_get (&c, item, "r"));
  double   *r = ref_tensor (&c, "r", ref_get (&c, item, "r"), &n, 1), *y = ref_tensor (&c, "y", ref_get (&c, item, "y"), &n, 1);

  for (int i = 0; r != NULL && y != NULL && i < n; i++)
    ref_near (&c, "y", y[i], eqk_polynomial_cutoff (r[i] / ref_number (&c, ref_get (&c, item, "r_max")), ref_int (&c, ref_get (&c, item, "p"))), TOLERANCE);
  free (r);
  free (y);
  ref_case_close (&c);
}

void
ref_run_radial (RefFile *file)
{
  const cJSON *values = cJSON_GetObjectItem (file->root, "soft_one_hot_linspace"), *x = cJSON_GetObjectItem (file->root, "x"), *item, *like;

  cJSON_ArrayForEach (item, values)
    check_values (file, item, x);
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "gradients"))
    {
      const cJSON *found = NULL;

      cJSON_ArrayForEach (like, values)
        if (cJSON_Compare (cJSON_GetObjectItem (like, "basis"), cJSON_GetObjectItem (item, "basis"), true) &&
            cJSON_IsTrue (cJSON_GetObjectItem (like, "cutoff")) == cJSON_IsTrue (cJSON_GetObjectItem (item, "cutoff")))
          found = like;
      check_slopes (file, item, found);
    }
  check_step (file, cJSON_GetObjectItem (file->root, "soft_unit_step"));
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "polynomial_cutoff"))
    check_cutoff (file, item);
}

/* --- angles --- */

/* Harmonics of one degree: from libeqk's harmonics of the point, and as the product of the parts of the two angles. */
static void
check_degree (RefFile *file, const cJSON *item, const double *alpha, const double *beta, int n)
{
  RefCase   c = ref_case_open (file, "degree %g", cJSON_GetNumberValue (cJSON_GetObjectItem (item, "l")));
  const int l = ref_int (&c, ref_get (&c, item, "l")), dims[2] = { n, 2 * l + 1 };
  double   *y = l <= EQK_MAX_DEGREE ? ref_tensor (&c, "Y", ref_get (&c, item, "Y"), dims, 2) : NULL;

  for (int i = 0; y != NULL && i < n; i++)
    {
      double point[3], ours[(EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1)], legendre[(EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1)], around[2 * EQK_MAX_DEGREE + 1];

      eqk_angles_to_point (alpha[i], beta[i], point);
      eqk_harmonics (l, point, ours, NULL);
      eqk_legendre (l, cos (beta[i]), sin (beta[i]), legendre);
      eqk_harmonics_alpha (l, alpha[i], around);
      for (int m = 0; m < 2 * l + 1; m++)
        {
          ref_near (&c, "Y", y[i * (2 * l + 1) + m], ours[l * l + m] / sqrt (4 * M_PI), TOLERANCE);
          ref_near (&c, "Y by parts", y[i * (2 * l + 1) + m], legendre[l * l + m] * around[m], TOLERANCE);
        }
    }
  free (y);
  ref_case_close (&c);
}

void
ref_run_angular (RefFile *file)
{
  RefCase      c = ref_case_open (file, "points and parts");
  const int    n = length_of (&c, ref_get (&c, file->root, "alpha")), points[2] = { n, 3 }, alphas[2] = { n, 9 }, legendres[2] = { n, 25 };
  double      *alpha = ref_tensor (&c, "alpha", ref_get (&c, file->root, "alpha"), &n, 1), *beta = ref_tensor (&c, "beta", ref_get (&c, file->root, "beta"), &n, 1);
  double      *xyz = ref_tensor (&c, "xyz", ref_get (&c, file->root, "xyz"), points, 2);
  double      *around = ref_tensor (&c, "alpha part", ref_get (&c, file->root, "spherical_harmonics_alpha_lmax4"), alphas, 2);
  double      *legendre = ref_tensor (&c, "legendre", ref_get (&c, file->root, "legendre_l0_to_4"), legendres, 2);
  const cJSON *item;

  for (int i = 0; alpha != NULL && beta != NULL && xyz != NULL && around != NULL && legendre != NULL && i < n; i++)
    {
      double ours[25];

      eqk_angles_to_point (alpha[i], beta[i], ours);
      for (int k = 0; k < 3; k++)
        ref_near (&c, "xyz", xyz[3 * i + k], ours[k], TOLERANCE);
      eqk_harmonics_alpha (4, alpha[i], ours);
      for (int k = 0; k < 9; k++)
        ref_near (&c, "alpha part", around[9 * i + k], ours[k], TOLERANCE);
      eqk_legendre (4, cos (beta[i]), sin (beta[i]), ours);
      for (int k = 0; k < 25; k++)
        ref_near (&c, "legendre", legendre[25 * i + k], ours[k], TOLERANCE);
    }
  ref_case_close (&c);
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "spherical_harmonics_alpha_beta"))
    if (alpha != NULL && beta != NULL)
      check_degree (file, item, alpha, beta, n);
  free (alpha);
  free (beta);
  free (xyz);
  free (around);
  free (legendre);
}
