/* Rotations of space: harmonics, Wigner matrices, couplings, against each other, against closed forms and golden values. */

#include "eqk/op.h"
#include "eqk/radial.h"
#include "eqk/random.h"
#include "eqk/rep.h"
#include "eqk/space.h"

#include "one-layer.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { N = (EQK_MAX_DEGREE + 1) * (EQK_MAX_DEGREE + 1), W = 2 * EQK_MAX_DEGREE + 1 };

static void
random_rotation (uint64_t seed, double r[9])
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 1, 0, 0);
  double    q[4];

  for (int i = 0; i < 4; i++)
    q[i] = eqk_random_normal (&random);
  eqk_rotation_from_quaternion (q, r);
}

static void
random_vector (uint64_t seed, double v[3])
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 2, 0, 0);

  for (int i = 0; i < 3; i++)
    v[i] = eqk_random_normal (&random);
}

static void
turn (const double r[9], const double v[3], double out[3])
{
  for (int i = 0; i < 3; i++)
    out[i] = r[3 * i] * v[0] + r[3 * i + 1] * v[1] + r[3 * i + 2] * v[2];
}

static void
near (double a, double b, double tolerance)
{
  g_assert_cmpfloat (fabs (a - b), <=, tolerance * (1 + fabs (b)));
}

static void
test_golden (void)
{
  const double u[3] = { 1 / 3.0, 2 / 3.0, 2 / 3.0 }, q[4] = { 1, 2, 3, 4 };
  const double y2[5] = { 0.860662966, 0.860662966, 0.372677996, 1.721325932, 0.645497224 };
  const double y3[7] = { 0.852153731, 1.518066780, 0.660075442, -0.685935525, 1.320150883, 1.138550085, 0.154937042 };
  const double r15[9] = { -10, 2, 11, 10, -5, 10, 5, 14, 2 };
  const double d2[5] = { 0.155555556, -0.577777778, 0.215544100, 0.702222222, 0.320000000 };
  const double d3[7] = { 0.290370370, 0.264907780, -0.470495755, 0.273595578, 0.638038145, 0.350549199, 0.138962963 };
  double       y[N], r[9], d[W * W], trace = 0;

  eqk_harmonics (3, u, y, NULL);
  near (y[0], 1, 1e-15);
  for (int i = 0; i < 3; i++)
    near (y[1 + i], sqrt (3) * u[i], 1e-14);
  for (int i = 0; i < 5; i++)
    near (y[4 + i], y2[i], 1e-9);
  for (int i = 0; i < 7; i++)
    near (y[9 + i], y3[i], 1e-9);
  eqk_rotation_from_quaternion (q, r);
  for (int i = 0; i < 9; i++)
    near (15 * r[i], r15[i], 1e-14);
  eqk_wigner_d (2, r, d);
  for (int i = 0; i < 5; i++)
    near (d[i], d2[i], 1e-9);
  eqk_wigner_d (3, r, d);
  for (int i = 0; i < 7; i++)
    {
      near (d[i], d3[i], 1e-9);
      trace += d[8 * i];
    }
  near (trace, -0.286518519, 1e-9);
}

/* Y(R r) = D(R) Y(r), sums of squares, gradients against differences, ladders against gradients. */
static void
test_harmonics (void)
{
  for (uint64_t seed = 1; seed <= 5; seed++)
    {
      double r[9], v[3], turned[3], y[N], g[3 * N], z[N], d[W * W], up[N], down[N];
      double length2 = 0;

      random_rotation (seed, r);
      random_vector (seed, v);
      turn (r, v, turned);
      eqk_harmonics (EQK_MAX_DEGREE, v, y, g);
      eqk_harmonics (EQK_MAX_DEGREE, turned, z, NULL);
      for (int i = 0; i < 3; i++)
        length2 += v[i] * v[i];
      for (int l = 0; l <= EQK_MAX_DEGREE; l++)
        {
          const int    n = 2 * l + 1;
          const double size = sqrt (n * pow (length2, l));
          double       sum = 0;

          eqk_wigner_d (l, r, d);
          for (int i = 0; i < n; i++)
            {
              double turned_y = 0;

              for (int j = 0; j < n; j++)
                turned_y += d[i * n + j] * y[l * l + j];
              g_assert_cmpfloat (fabs (turned_y - z[l * l + i]), <, 1e-12 * size);
              sum += y[l * l + i] * y[l * l + i];
            }
          near (sum / (size * size), 1, 1e-12);
        }
      for (int k = 0; k < 3; k++)
        {
          double a[3], b[3];

          memcpy (a, v, sizeof a);
          memcpy (b, v, sizeof b);
          a[k] += 1e-5;
          b[k] -= 1e-5;
          eqk_harmonics (EQK_MAX_DEGREE, a, up, NULL);
          eqk_harmonics (EQK_MAX_DEGREE, b, down, NULL);
          for (int l = 0; l <= EQK_MAX_DEGREE; l++)
            for (int i = l * l; i < (l + 1) * (l + 1); i++)
              g_assert_cmpfloat (fabs ((up[i] - down[i]) / 2e-5 - g[3 * i + k]), <, 1e-6 * (1 + l * sqrt (2 * l + 1) * pow (1 + length2, l / 2.0)));
        }
      for (int l = 1; l <= EQK_MAX_DEGREE; l++)
        {
          int                         n;
          g_autofree EqkCouplingEntry *ladder = eqk_harmonic_ladder (l, &n);
          double                      sums[3 * W] = { 0 };

          for (int e = 0; e < n; e++)
            sums[3 * ladder[e].k + ladder[e].j] += ladder[e].c * y[(l - 1) * (l - 1) + ladder[e].i];
          for (int i = 0; i < 3 * (2 * l + 1); i++)
            g_assert_cmpfloat (fabs (sums[i] - g[3 * l * l + i]), <, 1e-11 * (1 + l * sqrt (2 * l + 1) * pow (length2, (l - 1) / 2.0)));
        }
    }
}

static void
test_wigner (void)
{
  double a[9], b[9], ab[9], da[W * W], db[W * W], dab[W * W], y[9];

  random_rotation (11, a);
  random_rotation (12, b);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      ab[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  for (int l = 0; l <= EQK_MAX_DEGREE; l++)
    {
      const int n = 2 * l + 1;

      eqk_wigner_d (l, a, da);
      eqk_wigner_d (l, b, db);
      eqk_wigner_d (l, ab, dab);
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
          {
            double sum = 0, dot = 0;

            for (int k = 0; k < n; k++)
              {
                sum += da[i * n + k] * db[k * n + j];
                dot += da[i * n + k] * da[j * n + k];
              }
            g_assert_cmpfloat (fabs (sum - dab[i * n + j]), <, 1e-12);
            g_assert_cmpfloat (fabs (dot - (i == j)), <, 1e-12);
          }
      /* The inversion is a multiple of one. */
      for (int p = -1; p <= 1; p += 2)
        {
          const double minus[9] = { -1, 0, 0, 0, -1, 0, 0, 0, -1 };

          eqk_wigner_d_o3 (l, p, minus, da);
          for (int i = 0; i < n * n; i++)
            g_assert_cmpfloat (fabs (da[i] - (i % (n + 1) == 0 ? p : 0)), <, 1e-12);
        }
    }
  /* About y the angle multiplies the order. */
  eqk_rotation_from_angles (0.7, 0, 0, y);
  eqk_wigner_d (4, y, da);
  for (int m = -4; m <= 4; m++)
    {
      near (da[(m + 4) * 9 + m + 4], cos (0.7 * m), 1e-13);
      if (m != 0)
        near (da[(m + 4) * 9 - m + 4], -sin (0.7 * m), 1e-13);
    }
}

static void
test_couplings (void)
{
  static const int triples[][3] = { { 0, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 }, { 1, 1, 2 }, { 1, 2, 2 }, { 2, 2, 3 }, { 3, 4, 5 }, { 6, 5, 11 }, { 11, 11, 3 } };
  double           r[9], *c = g_new (double, W * W * W);

  random_rotation (3, r);
  for (guint t = 0; t < G_N_ELEMENTS (triples); t++)
    {
      const int *l = triples[t], n1 = 2 * l[0] + 1, n2 = 2 * l[1] + 1, n3 = 2 * l[2] + 1;
      double     d1[W * W], d2[W * W], d3[W * W], sum = 0, worst = 0;
      int        n;
      g_autofree EqkCouplingEntry *entries = eqk_coupling_entries (l[0], l[1], l[2], &n);

      g_assert_true (eqk_coupling (l[0], l[1], l[2], c));
      eqk_wigner_d (l[0], r, d1);
      eqk_wigner_d (l[1], r, d2);
      eqk_wigner_d (l[2], r, d3);
      for (int e = 0; e < n; e++)
        sum += entries[e].c * entries[e].c;
      near (sum, 1, 1e-12);
      for (int i = 0; i < n1; i += 1 + i / 4)
        for (int j = 0; j < n2; j += 1 + j / 4)
          for (int k = 0; k < n3; k += 1 + k / 4)
            {
              double turned = 0;

              for (int e = 0; e < n; e++)
                turned += entries[e].c * d1[entries[e].i * n1 + i] * d2[entries[e].j * n2 + j] * d3[entries[e].k * n3 + k];
              worst = MAX (worst, fabs (turned - c[(i * n2 + j) * n3 + k]));
            }
      g_assert_cmpfloat (worst, <, 1e-12);
    }
  g_assert_false (eqk_coupling (1, 1, 3, c));
  g_assert_true (eqk_coupling (1, 1, 1, c));
  near (c[(0 * 3 + 1) * 3 + 2], 1 / sqrt (6), 1e-14);
  g_assert_true (eqk_coupling (1, 1, 2, c));
  near (c[(0 * 3 + 0) * 5 + 2], -0.182574186, 1e-9);
  near (c[(1 * 3 + 1) * 5 + 2], 0.365148372, 1e-9);
  g_assert_true (eqk_coupling (2, 2, 2, c));
  near (c[(0 * 5 + 0) * 5 + 2], -0.239045722, 1e-9);
  near (c[(0 * 5 + 1) * 5 + 3], 0.207019668, 1e-9);
  g_assert_true (eqk_coupling (1, 2, 3, c));
  near (c[(0 * 5 + 0) * 7 + 6], -0.267261242, 1e-9);
  g_free (c);
}

/* Errors of irreps texts carry the column. */
static void
test_columns (void)
{
  static const struct { const char *group, *text; int column; } cases[] = {
    { "O3", "8x0e + 4x1", 10 }, { "O3", "4x1 + 8x0e", 4 }, { "O3", "8x0e+4x1q", 8 }, { "O3", "12o", 0 }, { "O3", "8x0e+12o", 5 }, { "O3", "8x", 2 },
    { "O3", "8x0e+", 5 }, { "O3", "70000x0e", 0 }, { "O3", "4x1O", 3 }, { "SO3", "4x1z", 3 }, { "O3", "8x0e 4x1o", 5 },
  };
  const EqkRep *rep = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      EqkDiag diag = EQK_DIAG_INIT;

      g_assert_cmpint (eqk_rep_parse (eqk_group_get (cases[i].group), cases[i].text, &rep, &diag), !=, EQK_OK);
      g_test_message ("%s: column %d, %s, expected %s, found %s", cases[i].text, (int) diag.index, diag.what, diag.expected, diag.found);
      g_assert_cmpint (diag.index, ==, cases[i].column);
    }
  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("SO3"), "4x1o", &rep, NULL), ==, EQK_OK);
  g_assert_cmpstr (eqk_rep_get_text (rep), ==, "4x1");
  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("O3"), " 8 x 0 e+ 1o + 2x3y+0x5e ", &rep, NULL), ==, EQK_OK);
  g_assert_cmpstr (eqk_rep_get_text (rep), ==, "8x0e + 1x1o + 2x3o");
}

/* Waves of all multiples, each from the one before, against sine; times the envelope. Close to the origin, at the cut-off and behind it too. */
static void
test_waves (void)
{
  enum { N_WAVES = 128 };
  const EqkSpecimen specimen = { .group = "O3", .inputs = { "sample 1x0e" }, .settings = "cutoff=3 n=128 p=6" };
  const double      lengths[LAYER_BATCH] = { 1e-7, 0.003, 0.7, 2.2, 2.9999, 3.5 };
  const double     *x = lengths;
  OneLayer          f;
  double           *y;

  one_layer_set_up (&f, eqk_layer_find ("radial_basis"), &specimen, EQK_F64, false, true, 1);
  y = one_layer_forward (&f, (double *const *) &x, EQK_PASS_INFER);
  for (int k = 0; k < LAYER_BATCH; k++)
    for (int n = 0; n < N_WAVES; n++)
      {
        const double u = lengths[k] / 3, envelope = u < 1 ? eqk_polynomial_cutoff (u, 6) : 0;

        near (y[k * N_WAVES + n], envelope * sqrt (2 / 3.0) * sin ((n + 1) * G_PI * u) / lengths[k], 1e-12);
      }
  g_free (y);
  one_layer_tear_down (&f);
}

/* The gradient that g of all harmonics sends to r: of the polynomials at u, without what only changes the length where that is divided by. */
static void
expected_gradient (int n, const double *j, const double *g, const double u[3], double inv, bool normalise, double out[3])
{
  double along = 0;

  for (int k = 0; k < 3; k++)
    {
      out[k] = 0;
      for (int i = 0; i < n; i++)
        out[k] += g[i] * j[3 * i + k];
      along += out[k] * u[k];
    }
  for (int k = 0; k < 3 && normalise; k++)
    out[k] = inv * (out[k] - along * u[k]);
}

/* Rows of the operation, whole registers and a part of one, against the recursion in double: values and gradients, of degrees that have polynomials of their own and that have not. */
static void
check_rows (int degree, bool normalise, EqkPrecision precision)
{
  g_autofree char   *settings = g_strdup_printf ("degree=%d normalise=%s", degree, normalise ? "on" : "off");
  const EqkSpecimen  specimen = { .group = "O3", .inputs = { "nodes 1x1o" }, .settings = settings };
  const double       tolerance = precision == EQK_F64 ? 1e-12 : 4e-5;
  const int          n = (degree + 1) * (degree + 1);
  g_autofree double *r = one_layer_normals (3 * LAYER_NODES, 3), *y = NULL, *seed = one_layer_normals ((size_t) n * LAYER_NODES, 4);
  OneLayer           f;

  memset (r, 0, 3 * sizeof *r);   /* the origin, and a long arrow */
  for (int k = 0; k < 3; k++)
    r[3 + k] *= normalise ? 1e4 : 2;
  one_layer_set_up (&f, eqk_layer_find ("sph_harm"), &specimen, precision, true, true, 1);
  y = one_layer_forward (&f, &r, EQK_PASS_TRAIN);
  for (int i = 0; i < n * LAYER_NODES; i++)
    one_layer_put (&f, eqk_run_seed (f.run, 0), (size_t) i, seed[i]);
  g_assert_cmpint (eqk_run_backward (f.run, NULL), ==, EQK_OK);
  for (int row = 0; row < LAYER_NODES; row++)
    {
      const double *v = r + 3 * row, length = sqrt (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), inv = length > 0 ? 1 / length : 0;
      const double  u[3] = { v[0] * (normalise ? inv : 1), v[1] * (normalise ? inv : 1), v[2] * (normalise ? inv : 1) };
      double        own[N], j[3 * N], back[3];

      eqk_harmonics (degree, u, own, j);
      expected_gradient (n, j, seed + row * n, u, inv, normalise, back);
      for (int i = 0; i < n; i++)
        near (y[row * n + i], own[i], tolerance);
      for (int k = 0; k < 3; k++)
        g_assert_cmpfloat (fabs (one_layer_get (&f, eqk_run_grad (f.run, one_layer_in (&f, 0)), (size_t) (3 * row + k)) - back[k]), <=, tolerance * n * (normalise ? inv : 100));
    }
  one_layer_tear_down (&f);
}

static void
test_rows (void)
{
  for (int degree = 0; degree <= 5; degree++)
    for (int normalise = 0; normalise < 2; normalise++)
      {
        check_rows (degree, normalise, EQK_F64);
        check_rows (degree, normalise, EQK_F32);
      }
}

/* sin (w r) / r with its first two derivatives: w^(k+1) times the k-th derivative of sin t / t, by its series where t is small. */
static void
wave_of (double w, double r, double v[3])
{
  const long double t = (long double) w * r;
  long double       g[3] = { 0 }, term = 1;

  if (t >= 1)
    {
      g[0] = sinl (t) / t;
      g[1] = (cosl (t) - g[0]) / t;
      g[2] = -g[0] - 2 * g[1] / t;
    }
  else
    for (int k = 0; k < 14; k++, term /= -(2.0L * k) * (2 * k + 1))
      {
        g[0] += term * powl (t, 2 * k);
        g[1] += k < 1 ? 0 : term * 2 * k * powl (t, 2 * k - 1);
        g[2] += k < 1 ? 0 : term * 2 * k * (2 * k - 1) * powl (t, 2 * k - 2);
      }
  for (int k = 0; k < 3; k++)
    v[k] = (double) (g[k] * powl (w, k + 1));
}

/* 1 - a u^p + b u^(p+1) - c u^(p+2), or half a cosine, with derivatives by r; nothing from the cut-off on. */
static void
fading_of (bool cosine, double r, double cutoff, double v[3])
{
  const double p = 6, u = r / cutoff, c[3] = { -(p + 1) * (p + 2) / 2, p * (p + 2), -p * (p + 1) / 2 }, w = G_PI / cutoff;

  v[0] = u < 1;
  v[1] = v[2] = 0;
  for (int k = 0; k < 3 && u < 1 && !cosine; k++)
    {
      v[0] += c[k] * pow (u, p + k);
      v[1] += c[k] * (p + k) * pow (u, p + k - 1) / cutoff;
      v[2] += c[k] * (p + k) * (p + k - 1) * pow (u, p + k - 2) / (cutoff * cutoff);
    }
  if (u < 1 && cosine)
    {
      v[0] = (1 + cos (w * r)) / 2;
      v[1] = -w * sin (w * r) / 2;
      v[2] = -w * w * cos (w * r) / 2;
    }
}

enum { N_RADIAL = 8 };

/* What the operation says of the functions at every length: values, derivatives by the tangent, second derivatives by the reverse of the tangent, one function at a time. */
static void
radial_of (OneLayer *f, double *const *lengths, double *value, double *first, double *second)
{
  const EqkOp *op = NULL;
  const size_t n_values = (size_t) eqk_program_n_values (f->program);
  double       ones[LAYER_NODES], g[LAYER_NODES * N_RADIAL] = { 0 }, g1[LAYER_NODES * N_RADIAL], back[LAYER_NODES];
  void       **lanes[3] = { g_new0 (void *, n_values), g_new0 (void *, n_values), g_new0 (void *, n_values) }, *gin[4] = { back };
  double      *y = one_layer_forward (f, lengths, EQK_PASS_INFER);
  EqkRun       run = *f->run;

  for (int i = 0; i < eqk_program_n_ops (f->program); i++)
    if (strcmp (eqk_program_op (f->program, i)->id, "radial_basis") == 0)
      op = eqk_program_op (f->program, i);
  for (int i = 0; i < LAYER_NODES; i++)
    ones[i] = 1;
  memcpy (value, y, sizeof g);
  run.g = lanes[0];
  run.g1 = lanes[1];
  run.xd = lanes[2];
  run.gin = gin;
  run.g[op->out[0]] = g;
  run.g1[op->out[0]] = g1;
  run.xd[op->in[0]] = ones;
  run.xd[op->out[0]] = first;
  run.types[op->type]->tangent (&run, op);
  for (int n = 0; n < N_RADIAL; n++)
    {
      for (int i = 0; i < LAYER_NODES * N_RADIAL; i++)
        g1[i] = i % N_RADIAL == n;
      run.types[op->type]->reverse2 (&run, op);
      for (int i = 0; i < LAYER_NODES; i++)
        second[i * N_RADIAL + n] = back[i];
    }
  for (int k = 0; k < 3; k++)
    g_free (lanes[k]);
  g_free (y);
}

/*
 * Waves of Bessel's kind with their envelope, first and second derivatives against closed forms: at the origin, where the quotients cancel, in the strip where the first wave is
 * still a series and the next is not, about the cut-off and behind it.
 */
static void
test_radial_derivatives (void)
{
  const double cutoff = 3, sets[LAYER_NODES] = { 0, 1e-12, 1e-7, 1e-5, 3e-5, 5e-5, 9e-5, 1e-4, 2e-4, 1e-3, 0.003, 0.05, 0.3, 0.7, 1.1, 1.5, 2.2, 2.9, 2.9999, 3, 3.0001, 3.5 };
  double       lengths[LAYER_NODES], value[LAYER_NODES * N_RADIAL], first[LAYER_NODES * N_RADIAL], second[LAYER_NODES * N_RADIAL], *x = lengths;

  memcpy (lengths, sets, sizeof sets);
  for (int cosine = 0; cosine < 2; cosine++)
    {
      const EqkSpecimen specimen = { .group = "O3", .inputs = { "nodes 1x0e" }, .settings = cosine ? "cutoff=3 n=8 envelope=cosine" : "cutoff=3 n=8 p=6" };
      OneLayer          f;

      one_layer_set_up (&f, eqk_layer_find ("radial_basis"), &specimen, EQK_F64, true, true, 1);
      radial_of (&f, &x, value, first, second);
      for (int i = 0; i < LAYER_NODES; i++)
        for (int n = 0; n < N_RADIAL; n++)
          {
            const double w = (n + 1) * G_PI / cutoff, size = sqrt (2 / cutoff) * w;
            double       b[3], c[3];

            wave_of (w, lengths[i], b);
            fading_of (cosine != 0, lengths[i], cutoff, c);
            g_test_message ("r %g, wave %d: %g %g %g", lengths[i], n + 1, value[i * N_RADIAL + n], first[i * N_RADIAL + n], second[i * N_RADIAL + n]);
            g_assert_cmpfloat (fabs (value[i * N_RADIAL + n] - sqrt (2 / cutoff) * b[0] * c[0]), <, 1e-12 * size);
            g_assert_cmpfloat (fabs (first[i * N_RADIAL + n] - sqrt (2 / cutoff) * (b[1] * c[0] + b[0] * c[1])), <, 1e-10 * size * w);
            g_assert_cmpfloat (fabs (second[i * N_RADIAL + n] - sqrt (2 / cutoff) * (b[2] * c[0] + 2 * b[1] * c[1] + b[0] * c[2])), <, 1e-6 * size * w * w);
          }
      one_layer_tear_down (&f);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/space/golden", test_golden);
  g_test_add_func ("/space/harmonics", test_harmonics);
  g_test_add_func ("/space/rows-of-harmonics", test_rows);
  g_test_add_func ("/space/wigner", test_wigner);
  g_test_add_func ("/space/couplings", test_couplings);
  g_test_add_func ("/space/columns", test_columns);
  g_test_add_func ("/space/waves", test_waves);
  g_test_add_func ("/space/radial-derivatives", test_radial_derivatives);
  return g_test_run ();
}
