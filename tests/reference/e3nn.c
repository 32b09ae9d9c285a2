/* The mathematics of rotations of space, against e3nn's numbers: couplings, Wigner matrices, harmonics, irreps. */

#include "reference.h"

#include "eqk/rep.h"
#include "eqk/space.h"
#include "ops/op_act.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-11

enum { MAX_SIZE = 2 * EQK_MAX_DEGREE + 1, N_HARMONICS = (EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1) };

/* --- couplings --- */

void
ref_run_wigner_3j (RefFile *file)
{
  RefCase      all = ref_case_open (file, "counts");
  const cJSON *tensors = ref_get (&all, file->root, "tensors"), *tensor;
  int          total = 0;

  ref_equal (&all, "count", ref_get (&all, file->root, "count"), cJSON_GetArraySize (tensors));
  cJSON_ArrayForEach (tensor, tensors)
    {
      const cJSON      *l = cJSON_GetObjectItem (tensor, "l");
      RefCase           c = ref_case_open (file, "%g x %g -> %g", cJSON_GetNumberValue (cJSON_GetArrayItem (l, 0)),
                                           cJSON_GetNumberValue (cJSON_GetArrayItem (l, 1)), cJSON_GetNumberValue (cJSON_GetArrayItem (l, 2)));
      const int         l1 = ref_int (&c, ref_at (&c, l, 0)), l2 = ref_int (&c, ref_at (&c, l, 1)), l3 = ref_int (&c, ref_at (&c, l, 2));
      const cJSON      *entries = ref_get (&c, tensor, "nnz");
      int               n = 0;
      EqkCouplingEntry *ours = l1 > EQK_MAX_DEGREE || l2 > EQK_MAX_DEGREE || l3 > EQK_MAX_DEGREE ? NULL : eqk_coupling_entries (l1, l2, l3, &n);

      ref_check (&c, ours != NULL, "no such coupling");
      ref_length (&c, "entries", entries, n);
      for (int e = 0; ours != NULL && e < n; e++)
        {
          const cJSON *entry = ref_at (&c, entries, e), *value = NULL;

          /* Theirs are sorted by i, j, k; ours by i, k, j. */
          for (int k = 0; k < n && value == NULL; k++)
            {
              entry = ref_at (&c, entries, k);
              if (ref_int (&c, ref_at (&c, entry, 0)) == ours[e].i && ref_int (&c, ref_at (&c, entry, 1)) == ours[e].j && ref_int (&c, ref_at (&c, entry, 2)) == ours[e].k)
                value = ref_at (&c, entry, 3);
            }
          if (ref_check (&c, value != NULL, "entry %d %d %d is missing", ours[e].i, ours[e].j, ours[e].k))
            ref_near (&c, "entry", ref_number (&c, value), ours[e].c, TOLERANCE);
        }
      total += cJSON_GetArraySize (entries);
      free (ours);
      ref_case_close (&c);
    }
  ref_equal (&all, "entries", ref_get (&all, file->root, "entries"), total);
  ref_case_close (&all);
}

/* --- Wigner matrices --- */

static void
near_matrix (RefCase *c, const char *what, const cJSON *tensor, const double *expected, int n, double tolerance)
{
  const int dims[2] = { n, n };
  double   *found = ref_tensor (c, what, tensor, dims, 2);

  for (int i = 0; found != NULL && i < n * n; i++)
    ref_near (c, what, found[i], expected[i], tolerance);
  free (found);
}

void
ref_run_wigner_D (RefFile *file)
{
  const cJSON *cases = cJSON_GetObjectItem (file->root, "cases"), *item;
  int          number = 0;

  cJSON_ArrayForEach (item, cases)
    {
      RefCase      c = ref_case_open (file, "angles %d", number++);
      const cJSON *list = ref_get (&c, item, "D");
      double       r[9], d[MAX_SIZE * MAX_SIZE];

      eqk_rotation_from_angles (ref_number (&c, ref_get (&c, item, "alpha")), ref_number (&c, ref_get (&c, item, "beta")), ref_number (&c, ref_get (&c, item, "gamma")), r);
      near_matrix (&c, "R", ref_get (&c, item, "R"), r, 3, TOLERANCE);
      ref_length (&c, "degrees", list, ref_int (&c, ref_get (&c, file->root, "lmax")) + 1);
      for (int l = 0; l < cJSON_GetArraySize (list) && l <= EQK_MAX_DEGREE; l++)
        {
          eqk_wigner_d (l, r, d);
          near_matrix (&c, "D", ref_at (&c, list, l), d, 2 * l + 1, TOLERANCE);
        }
      ref_case_close (&c);
    }
}

static double *
vector_of (RefCase *c, const char *what, const cJSON *tensor, int n)
{
  double *v = ref_tensor (c, what, tensor, &n, 1);

  return v != NULL ? v : calloc ((size_t) n, sizeof *v);
}

/* The same rotation: by its matrix, since angles and quaternions are not unique. */
static void
same_rotation (RefCase *c, const char *what, const double *found, const double *expected)
{
  for (int i = 0; i < 9; i++)
    ref_near (c, what, found[i], expected[i], 1e-11);
}

static void
check_conversions (RefCase *c, const cJSON *item)
{
  const EqkGroup *group = eqk_group_get ("SO3");
  double         *q = vector_of (c, "quaternion", ref_get (c, item, "quaternion"), 4), *q2 = vector_of (c, "quaternion2", ref_get (c, item, "quaternion2"), 4);
  double         *composed = vector_of (c, "compose_q_q2", ref_get (c, item, "compose_q_q2"), 4), *inverse = vector_of (c, "inverse_q", ref_get (c, item, "inverse_q"), 4);
  double         *angles = vector_of (c, "angles_from_matrix", ref_get (c, item, "angles_from_matrix"), 3), *axis = vector_of (c, "axis", ref_get (c, item, "axis"), 3);
  double         *qa = vector_of (c, "quaternion_from_axis_angle", ref_get (c, item, "quaternion_from_axis_angle"), 4);
  double         *aa = vector_of (c, "angles_from_axis_angle", ref_get (c, item, "angles_from_axis_angle"), 3);
  double         *polar = vector_of (c, "xyz_to_angles_of_axis", ref_get (c, item, "xyz_to_angles_of_axis"), 2);
  const double    half = ref_number (c, ref_get (c, item, "angle")) / 2;
  EqkElement      a = { 0 }, b = { 0 }, product;
  double          r[9], s[9];

  memcpy (a.q, q, sizeof a.q);
  memcpy (b.q, q2, sizeof b.q);
  eqk_rotation_from_quaternion (q, r);
  near_matrix (c, "matrix_from_quaternion", ref_get (c, item, "matrix_from_quaternion"), r, 3, TOLERANCE);
  eqk_rotation_from_angles (angles[0], angles[1], angles[2], s);
  same_rotation (c, "angles_from_matrix", s, r);
  product = eqk_group_compose (group, &a, &b);
  eqk_group_action (group, &product, r);
  eqk_rotation_from_quaternion (composed, s);
  same_rotation (c, "compose_q_q2", s, r);
  product = eqk_group_inverse (group, &a);
  for (int i = 0; i < 4; i++)
    ref_near (c, "inverse_q", inverse[i], product.q[i], TOLERANCE);
  for (int i = 0; i < 4; i++)
    ref_near (c, "quaternion_from_axis_angle", qa[i], i == 0 ? cos (half) : sin (half) * axis[i - 1], TOLERANCE);
  eqk_rotation_from_quaternion (qa, r);
  near_matrix (c, "matrix_from_axis_angle", ref_get (c, item, "matrix_from_axis_angle"), r, 3, TOLERANCE);
  eqk_rotation_from_angles (aa[0], aa[1], aa[2], s);
  same_rotation (c, "angles_from_axis_angle", s, r);
  eqk_rotation_from_angles (polar[0], polar[1], 0, s);
  for (int i = 0; i < 3; i++)   /* the pole y goes to the axis */
    ref_near (c, "xyz_to_angles_of_axis", s[3 * i + 1], axis[i], 1e-11);
  free (q);
  free (q2);
  free (composed);
  free (inverse);
  free (angles);
  free (axis);
  free (qa);
  free (aa);
  free (polar);
}

void
ref_run_wigner_D_matrix (RefFile *file)
{
  const cJSON *cases = cJSON_GetObjectItem (file->root, "cases"), *conversions = cJSON_GetObjectItem (file->root, "conversions"), *item, *d;
  int          number = 0;

  cJSON_ArrayForEach (item, cases)
    {
      RefCase   c = ref_case_open (file, "matrix %d", number++);
      const int dims[2] = { 3, 3 };
      double   *r = ref_tensor (&c, "R", ref_get (&c, item, "R"), dims, 2), ours[MAX_SIZE * MAX_SIZE], det;

      det = r == NULL ? 0 : r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
      ref_near (&c, "det", ref_number (&c, ref_get (&c, item, "det")), det, 1e-9);
      cJSON_ArrayForEach (d, ref_get (&c, item, "D"))
        {
          const EqkRep *rep = NULL;

          if (!ref_check (&c, r != NULL && eqk_rep_parse (eqk_group_get ("O3"), d->string, &rep, NULL) == EQK_OK, "%s is no irrep", d->string))
            continue;
          eqk_wigner_d_o3 (eqk_field_irrep_frequency (eqk_rep_run (rep, 0).field), eqk_field_irrep_j (eqk_rep_run (rep, 0).field) == 1 ? -1 : 1, r, ours);
          near_matrix (&c, d->string, d, ours, eqk_rep_get_dim (rep), TOLERANCE);
        }
      free (r);
      ref_case_close (&c);
    }
  number = 0;
  cJSON_ArrayForEach (item, conversions)
    {
      RefCase c = ref_case_open (file, "conversion %d", number++);

      check_conversions (&c, item);
      ref_case_close (&c);
    }
}

/* dD/dt of a turn about an axis at t = 0, by a difference of fourth order. */
static void
generator (int l, int axis, double *x)
{
  static const double weight[4] = { 1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12 }, step[4] = { -2, -1, 1, 2 };
  const int           n = (2 * l + 1) * (2 * l + 1);
  const double        h = 2e-3;
  double              r[9], d[MAX_SIZE * MAX_SIZE];

  memset (x, 0, (size_t) n * sizeof *x);
  for (int k = 0; k < 4; k++)
    {
      double q[4] = { cos (step[k] * h / 2), 0, 0, 0 };

      q[axis + 1] = sin (step[k] * h / 2);
      eqk_rotation_from_quaternion (q, r);
      eqk_wigner_d (l, r, d);
      for (int i = 0; i < n; i++)
        x[i] += weight[k] * d[i] / h;
    }
}

void
ref_run_so3_generators (RefFile *file)
{
  const cJSON *list = cJSON_GetObjectItem (file->root, "generators");

  for (int l = 0; l < cJSON_GetArraySize (list) && l <= EQK_MAX_DEGREE; l++)
    {
      RefCase   c = ref_case_open (file, "degree %d", l);
      const int n = 2 * l + 1, dims[3] = { 3, n, n };
      double   *found = ref_tensor (&c, "generators", ref_at (&c, list, l), dims, 3), x[MAX_SIZE * MAX_SIZE];

      for (int axis = 0; found != NULL && axis < 3; axis++)
        {
          generator (l, axis, x);
          for (int i = 0; i < n * n; i++)
            ref_near (&c, "generator", found[axis * n * n + i], x[i], 1e-8);
        }
      free (found);
      ref_case_close (&c);
    }
}

/* --- harmonics --- */

/* Degree l in another normalisation than "component". */
static double
norm_factor (RefCase *c, const char *name, int l)
{
  const double pi = 3.14159265358979323846;

  if (strcmp (name, "component") == 0)
    return 1;
  if (strcmp (name, "norm") == 0)
    return 1 / sqrt (2 * l + 1);
  ref_check (c, strcmp (name, "integral") == 0, "normalisation \"%s\"", name);
  return 1 / sqrt (4 * pi);
}

static int
degree_of (int index)
{
  int l = 0;

  while ((l + 1) * (l + 1) <= index)
    l++;
  return l;
}

/* Y (and dY/dr) of r, of its direction when normalise; zero vectors have Y_0 alone. */
static void
harmonics (int lmax, const double *r, bool normalise, double *y, double *gradient)
{
  const double length = sqrt (r[0] * r[0] + r[1] * r[1] + r[2] * r[2]), scale = normalise && length > 0 ? 1 / length : 1;
  const double u[3] = { scale * r[0], scale * r[1], scale * r[2] };

  eqk_harmonics (lmax, u, y, gradient);
  for (int i = 0; gradient != NULL && normalise && i < (lmax + 1) * (lmax + 1); i++)
    {
      double *g = gradient + 3 * i, along = g[0] * u[0] + g[1] * u[1] + g[2] * u[2];

      for (int k = 0; k < 3; k++)
        g[k] = scale * (g[k] - along * u[k]);
    }
}

static void
check_harmonics (RefFile *file, const cJSON *item, int lmax, const double *vectors, int n, const char *what)
{
  const char *normalisation = cJSON_GetStringValue (cJSON_GetObjectItem (item, "normalization"));
  const bool  normalise = cJSON_IsTrue (cJSON_GetObjectItem (item, "normalize"));
  RefCase     c = ref_case_open (file, "%s %s%s", what, normalisation != NULL ? normalisation : "", normalise ? " of directions" : "");
  const int   size = (lmax + 1) * (lmax + 1), dims[2] = { n, size };
  double     *found = ref_tensor (&c, "Y", ref_get (&c, item, "Y"), dims, 2), y[N_HARMONICS];

  for (int v = 0; found != NULL && normalisation != NULL && v < n; v++)
    {
      harmonics (lmax, vectors + 3 * v, normalise, y, NULL);
      for (int i = 0; i < size; i++)
        ref_near (&c, "Y", found[v * size + i], norm_factor (&c, normalisation, degree_of (i)) * y[i], TOLERANCE);
    }
  free (found);
  ref_case_close (&c);
}

void
ref_run_harmonics (RefFile *file)
{
  RefCase      c = ref_case_open (file, "vectors");
  const cJSON *tensor = ref_get (&c, file->root, "vectors"), *item;
  const int    n = ref_int (&c, ref_at (&c, ref_get (&c, tensor, "shape"), 0)), lmax = ref_int (&c, ref_get (&c, file->root, "lmax")), dims[2] = { n, 3 };
  double      *vectors = n < 1 || n > 1000 || lmax > EQK_MAX_DEGREE ? NULL : ref_tensor (&c, "vectors", tensor, dims, 2);
  const double zero[3] = { 0 };

  ref_check (&c, vectors != NULL, "no vectors");
  ref_case_close (&c);
  if (vectors == NULL)
    return;
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    check_harmonics (file, item, lmax, vectors, n, "vectors,");
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "zero_vector_cases"))
    check_harmonics (file, item, lmax, zero, 1, "zero,");
  free (vectors);
}

/* sum over i of v_i factor_i dY_i/dr at r */
static void
pull_back (RefCase *c, int lmax, const double *r, bool normalise, const char *normalisation, const double *v, double out[3])
{
  double y[N_HARMONICS], g[3 * N_HARMONICS];

  harmonics (lmax, r, normalise, y, g);
  memset (out, 0, 3 * sizeof *out);
  for (int i = 0; i < (lmax + 1) * (lmax + 1); i++)
    for (int k = 0; k < 3; k++)
      out[k] += norm_factor (c, normalisation, degree_of (i)) * v[i] * g[3 * i + k];
}

/* The second derivative along a, by a difference of the first. */
static void
check_second (RefCase *c, int lmax, const double *r, bool normalise, const char *normalisation, const double *v, const double *a, const double *d2)
{
  const double h = 1e-4;
  double       sum[3] = { 0 };

  for (int k = 0; k < 4; k++)
    {
      static const double weight[4] = { 1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12 }, step[4] = { -2, -1, 1, 2 };
      double              at[3], g[3];

      for (int i = 0; i < 3; i++)
        at[i] = r[i] + step[k] * h * a[i];
      pull_back (c, lmax, at, normalise, normalisation, v, g);
      for (int i = 0; i < 3; i++)
        sum[i] += weight[k] * g[i] / h;
    }
  for (int i = 0; i < 3; i++)
    ref_near (c, "d2_x", d2[i], sum[i], 1e-7);
}

void
ref_run_harmonics_grad (RefFile *file)
{
  const cJSON *item;
  int          number = 0;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase      c = ref_case_open (file, "gradients %d", number++);
      const cJSON *tensor = ref_get (&c, file->root, "vectors");
      const int    n = ref_int (&c, ref_at (&c, ref_get (&c, tensor, "shape"), 0)), lmax = ref_int (&c, ref_get (&c, item, "lmax"));
      const int    size = (lmax + 1) * (lmax + 1), three[2] = { n, 3 }, wide[2] = { n, size };
      const bool   normalise = cJSON_IsTrue (ref_get (&c, item, "normalize"));
      const char  *normalisation = cJSON_GetStringValue (ref_get (&c, item, "normalization"));
      double      *r = ref_tensor (&c, "vectors", tensor, three, 2), *v = ref_tensor (&c, "v", ref_get (&c, item, "v"), wide, 2);
      double      *a = ref_tensor (&c, "a", ref_get (&c, item, "a"), three, 2), *gx = ref_tensor (&c, "grad_x", ref_get (&c, item, "grad_x"), three, 2);
      double      *d2x = ref_tensor (&c, "d2_x", ref_get (&c, item, "d2_x"), three, 2), *d2v = ref_tensor (&c, "d2_v", ref_get (&c, item, "d2_v"), wide, 2);
      double       y[N_HARMONICS], g[3 * N_HARMONICS], out[3];

      for (int k = 0; r && v && a && gx && d2x && d2v && normalisation && lmax <= EQK_MAX_DEGREE && k < n; k++)
        {
          pull_back (&c, lmax, r + 3 * k, normalise, normalisation, v + k * size, out);
          for (int i = 0; i < 3; i++)
            ref_near (&c, "grad_x", gx[3 * k + i], out[i], 1e-10);
          harmonics (lmax, r + 3 * k, normalise, y, g);
          for (int i = 0; i < size; i++)
            ref_near (&c, "d2_v", d2v[k * size + i], norm_factor (&c, normalisation, degree_of (i)) * (g[3 * i] * a[3 * k] + g[3 * i + 1] * a[3 * k + 1] + g[3 * i + 2] * a[3 * k + 2]), 1e-10);
          check_second (&c, lmax, r + 3 * k, normalise, normalisation, v + k * size, a + 3 * k, d2x + 3 * k);
        }
      free (r);
      free (v);
      free (a);
      free (gx);
      free (d2x);
      free (d2v);
      ref_case_close (&c);
    }
}

/* --- constants of activations --- */

void
ref_run_activation_constants (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "constants"))
    {
      RefCase   c = ref_case_open (file, "%s", item->string);
      const int act = eqk_act_find (item->string);

      if (strncmp (item->string, "leaky_relu", 10) == 0)
        {
          /* of a slope that libeqk does not use; the formula with it: half of the squares are scaled by slope^2 */
          const double slope = atof (strrchr (item->string, '_') + 1);

          ref_near (&c, "exact", ref_number (&c, ref_get (&c, item, "exact_cst")), 1 / sqrt (0.5 * (1 + slope * slope)), 1e-9);
        }
      else if (ref_check (&c, act >= 0, "no such activation"))
        {
          ref_near (&c, "exact", ref_number (&c, ref_get (&c, item, "exact_cst")), eqk_act_second_moment (act), 1e-9);
          ref_near (&c, "e3nn", ref_number (&c, ref_get (&c, item, "e3nn_cst")), eqk_act_constant (act, "e3nn"), 1e-12);
        }
      ref_case_close (&c);
    }
}

/* --- texts of irreps and their products --- */

/* e3nn reads digits of other scripts and "1_0"; libeqk also takes names of its own, "(j,k)". Neither is a disagreement. */
static bool
is_peculiar (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((unsigned char) *p >= 128 || *p == '_' || *p == '(')
      return true;
  return false;
}

/* "8x0e + 4x1o" as e3nn writes it: without blanks. */
static void
without_blanks (const char *text, char *out, size_t size)
{
  size_t n = 0;

  for (; *text != '\0' && n + 1 < size; text++)
    if (*text != ' ')
      out[n++] = *text;
  out[n] = '\0';
}

static int
count_of (const EqkRep *rep, int parity, int l)
{
  int n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_field_irrep_j (eqk_rep_run (rep, r).field) == parity && eqk_field_irrep_frequency (eqk_rep_run (rep, r).field) == l)
      n += eqk_rep_run (rep, r).mul;
  return n;
}

static void
check_irreps_text (RefFile *file, const cJSON *item)
{
  const char   *text = cJSON_GetStringValue (cJSON_GetObjectItem (item, "input"));
  const cJSON  *ok = cJSON_GetObjectItem (cJSON_GetObjectItem (item, "result"), "ok");
  RefCase       c = ref_case_open (file, "\"%s\"", text != NULL ? text : "");
  const EqkRep *rep = NULL;
  char          plain[400];

  if (ref_check (&c, text != NULL, "no text") && !is_peculiar (text))
    {
      const bool read = eqk_rep_parse (eqk_group_get ("O3"), text, &rep, NULL) == EQK_OK;

      ref_check (&c, read == (ok != NULL), "libeqk %s", read ? "reads it" : "does not read it");
      if (read && ok != NULL)
        {
          without_blanks (eqk_rep_get_text (rep), plain, sizeof plain);
          ref_equal_text (&c, "simplify", ref_get (&c, ok, "simplify"), plain);
          ref_equal (&c, "dim", ref_get (&c, ok, "dim"), eqk_rep_get_dim (rep));
          ref_equal (&c, "num_irreps", ref_get (&c, ok, "num_irreps"), eqk_rep_n_fields (rep));
          ref_equal (&c, "count_0e", ref_get (&c, ok, "count_0e"), count_of (rep, 0, 0));
          ref_equal (&c, "count_1o", ref_get (&c, ok, "count_1o"), count_of (rep, 1, 1));
          ref_check (&c, cJSON_IsTrue (ref_get (&c, ok, "contains_1e")) == (count_of (rep, 0, 1) > 0), "contains_1e");
        }
    }
  ref_case_close (&c);
}

static void
check_product (RefFile *file, const cJSON *item)
{
  const char     *a = cJSON_GetStringValue (cJSON_GetObjectItem (item, "a")), *b = cJSON_GetStringValue (cJSON_GetObjectItem (item, "b"));
  RefCase         c = ref_case_open (file, "%s x %s", a != NULL ? a : "", b != NULL ? b : "");
  const EqkRep   *x = NULL, *y = NULL;
  const EqkField *product = NULL;

  if (ref_check (&c, a != NULL && b != NULL && eqk_rep_parse (eqk_group_get ("O3"), a, &x, NULL) == EQK_OK && eqk_rep_parse (eqk_group_get ("O3"), b, &y, NULL) == EQK_OK, "no irreps"))
    product = eqk_field_product (eqk_rep_run (x, 0).field, eqk_rep_run (y, 0).field);
  if (ref_check (&c, product != NULL, "no product") && ref_length (&c, "product", ref_get (&c, item, "product"), eqk_field_n_irreps (product)))
    for (int i = 0; i < eqk_field_n_irreps (product); i++)
      ref_equal_text (&c, "irrep", ref_at (&c, ref_get (&c, item, "product"), i), eqk_field_get_name (eqk_field_irrep (product, i)));
  ref_case_close (&c);
}

void
ref_run_irreps (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "parse"))
    check_irreps_text (file, item);
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "irrep_product"))
    check_product (file, item);
}
