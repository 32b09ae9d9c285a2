/*
 * Conventions of other programs. The golden numbers are of orthonormal harmonics with pole z and of their Wigner matrices, from lie_learn (the files
 * sphere_real_sh_points and so3_wigner of tests/golden/escnn's origin): pole z, integral, l = 1 stored (y, z, x).
 */

#include "eqk/convention.h"
#include "eqk/graph.h"
#include "eqk/random.h"
#include "eqk/space.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const double points[3][3] = {
  { -0.35384166154225, -0.65963984294807, 0.66307718717542 },
  { -0.51172221059697, -0.8062686259077, 0.29676806104878 },
  { 0.6058422510963, -0.68351884725086, -0.40713284347916 }
};

static const double textbook[3][16] = {
  { 0.28209479177388, -0.32230168421567, 0.32398117923943, -0.17288792464545, 0.25500960750812, -0.47787208694475,
    0.10061434638836, -0.25633844749809, -0.1693017423492, 0.023163411022747, 0.44737287582334, -0.36128733628494,
    -0.19836237625998, -0.19380046965311, -0.29701236787423, 0.24639830925877 },
  { 0.28209479177388, -0.39394487588702, 0.14500162008099, -0.2500287574942, 0.45076970997917, -0.26141928186775,
    -0.2320607467457, -0.16591747280187, -0.21206882703891, -0.064466553168198, 0.35393287560858, 0.20622960788327,
    -0.28347237932388, 0.13088971522086, -0.16651103239455, 0.50977701148714 },
  { 0.28209479177388, -0.33396902569976, -0.1989261300021, 0.29601604570257, -0.45242932764641, 0.30403762415832,
    -0.15855634216274, -0.26948611494607, -0.054711100542471, -0.25567033380116, 0.48734431882319, 0.053487228553753,
    0.32987766299653, -0.047408821398623, 0.05893327951272, -0.36982375830043 }
};

static const double angles1[3] = { 4.455751249467603, 1.3626745884673783, 6.266023213676403 };
static const double turned1[9] = {
  -0.257222230451, -0.946376364644, -0.195469948088,
  -0.0167909237927, 0.206622535235, -0.978276644314,
  0.966206390498, -0.248352379446, -0.0690384427926
};

static const double angles2[3] = { 6.271202369213234, 2.977390406395539, 1.2082421333584958 };
static const double turned2[25] = {
  0.753829171683, 0.0543452474024, -0.000554541226424, 0.154165846555, -0.636412412077,
  0.123614795397, -0.339262909584, 0.00334701744272, -0.926373927739, -0.10695888939,
  -0.0153474939986, -0.261164341685, 0.959918613729, 0.0990653108162, -0.0173193611246,
  -0.105481020932, -0.889155293565, -0.279301891596, 0.324632559003, -0.121986774426,
  -0.63647401434, 0.152129296401, 0.0231343538018, -0.0535163861766, -0.753895420022
};

static EqkConvention
convention (const char *text)
{
  EqkConvention self;

  g_assert_cmpint (eqk_convention_parse (text, &self, NULL), ==, EQK_OK);
  return self;
}

static const EqkRep *
irreps (const char *text)
{
  const EqkRep *rep = NULL;

  g_assert_cmpint (eqk_rep_parse (eqk_group_get ("O3"), text, &rep, NULL), ==, EQK_OK);
  return rep;
}

static void
near (double a, double b, double tolerance)
{
  g_assert_cmpfloat (fabs (a - b), <=, tolerance * (1 + fabs (b)));
}

/* Ours at a point, as the textbook writes it; and with the wrong pole it is not. */
static void
test_golden_harmonics (void)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO, book = convention ("textbook"), wrong = convention ("textbook xyz");
  const EqkRep       *rep = irreps ("1x0e + 1x1o + 1x2e + 1x3o");
  double              ours[16], theirs[16], back[16], worst = 0;

  for (int k = 0; k < 3; k++)
    {
      eqk_harmonics (3, points[k], ours, NULL);
      g_assert_cmpint (eqk_convention_features (rep, &studio, &book, TRUE, ours, theirs, 1), ==, EQK_OK);
      for (int i = 0; i < 16; i++)
        near (theirs[i], textbook[k][i], 1e-12);
      g_assert_cmpint (eqk_convention_features (rep, &book, &studio, TRUE, textbook[k], back, 1), ==, EQK_OK);
      for (int i = 0; i < 16; i++)
        near (back[i], ours[i], 1e-12);
      eqk_convention_features (rep, &studio, &wrong, TRUE, ours, theirs, 1);
      for (int i = 0; i < 16; i++)
        worst = MAX (worst, fabs (theirs[i] - textbook[k][i]));
    }
  g_assert_cmpfloat (worst, >, 0.1);
}

/* Their matrix of a rotation about z, y, z is what ours becomes: D' = M D M^T of the same motion of space. */
static void
check_turn (int l, const double *angles, const double *golden)
{
  static const double to_z[9] = { 0, 1, 0, 0, 0, 1, 1, 0, 0 };
  const EqkConvention studio = EQK_CONVENTION_STUDIO, book = convention ("yzx");
  g_autofree char    *text = g_strdup_printf ("1x%d%s", l, l % 2 == 1 ? "o" : "e");
  const EqkRep       *rep = irreps (text);
  const int           n = 2 * l + 1;
  double              r[9], s[9] = { 0 }, d[25], x[5], turned[5], y[5];

  /* Their rotation, R_z R_y R_z, in our axes is ours, R_y R_x R_y, with its axes renamed. */
  eqk_rotation_from_angles (angles[0], angles[1], angles[2], r);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      for (int a = 0; a < 9; a++)
        s[3 * i + j] += to_z[3 * (a / 3) + i] * r[a] * to_z[3 * (a % 3) + j];
  eqk_wigner_d (l, s, d);
  for (int k = 0; k < n; k++)
    {
      double unit[5] = { 0 };

      unit[k] = 1;
      eqk_convention_features (rep, &book, &studio, FALSE, unit, x, 1);
      for (int i = 0; i < n; i++)
        {
          turned[i] = 0;
          for (int j = 0; j < n; j++)
            turned[i] += d[i * n + j] * x[j];
        }
      eqk_convention_features (rep, &studio, &book, FALSE, turned, y, 1);
      for (int i = 0; i < n; i++)
        near (y[i], golden[i * n + k], 1e-10);
    }
}

static void
test_golden_turns (void)
{
  check_turn (1, angles1, turned1);
  check_turn (2, angles2, turned2);
}

/* There and back is the same, whatever the two are. */
static void
test_round_trips (void)
{
  static const char *const all[] = { "studio", "nequip", "textbook", "yzx ir_mul norm", "condon-shortley yzx", "ir_mul integral to-source condon-shortley" };
  const EqkRep            *rep = irreps ("3x0e + 2x1o + 1x1e + 3x2e + 2x3o + 1x4e");
  const int                n = eqk_rep_get_dim (rep);
  g_autofree double       *x = g_new (double, 2 * n), *y = g_new (double, 2 * n), *z = g_new (double, 2 * n);
  EqkRandom                random = eqk_random (5, EQK_RANDOM_TEST, 1, 0, 0);

  for (int i = 0; i < 2 * n; i++)
    x[i] = eqk_random_normal (&random);
  for (guint a = 0; a < G_N_ELEMENTS (all); a++)
    for (guint b = 0; b < G_N_ELEMENTS (all); b++)
      for (int harmonics = 0; harmonics < 2; harmonics++)
        {
          const EqkConvention from = convention (all[a]), to = convention (all[b]);
          double              moved = 0;

          eqk_convention_features (rep, &from, &to, harmonics, x, y, 2);
          eqk_convention_features (rep, &to, &from, harmonics, y, z, 2);
          for (int i = 0; i < 2 * n; i++)
            {
              near (z[i], x[i], 1e-12);
              moved = MAX (moved, fabs (y[i] - x[i]));
            }
          g_assert_true (a == b ? moved < 1e-12 : moved > 0.01 || (a < 2 && b < 2));
        }
}

/* A force, (x, y, z), by hand; and copies component by component. */
static void
test_by_hand (void)
{
  const EqkConvention studio = EQK_CONVENTION_STUDIO, book = convention ("yzx"), inner = convention ("ir_mul"), phase = convention ("condon-shortley");
  const double        x[6] = { 1, 2, 3, 4, 5, 6 };
  double              y[6];

  eqk_convention_features (irreps ("2x1o"), &studio, &book, FALSE, x, y, 1);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (fabs (y[i] - ((const double[]) { 2, 3, 1, 5, 6, 4 })[i]), <, 1e-14);
  eqk_convention_features (irreps ("2x1o"), &studio, &inner, FALSE, x, y, 1);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (fabs (y[i] - ((const double[]) { 1, 4, 2, 5, 3, 6 })[i]), <, 1e-14);
  eqk_convention_features (irreps ("1x1o"), &studio, &phase, FALSE, x, y, 1);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (fabs (y[i] - ((const double[]) { -1, 2, -3 })[i]), <, 1e-14);
}

static void
test_words (void)
{
  static const char *const bad[] = { "e2nn", "xyz zyx", "ir_mul,", "a-word-that-is-much-longer-than-any-that-is-known" };
  EqkConvention            self, again;
  EqkDiag                  diag = EQK_DIAG_INIT;
  char                     text[96];

  self = convention ("nequip, yzx ir_mul norm condon-shortley");
  eqk_convention_text (&self, text, sizeof text);
  again = convention (text);
  g_assert_true (eqk_convention_equal (&self, &again) && self.reversed && self.kinds_inside && self.by_component && self.phase);
  again.phase = false;
  g_assert_false (eqk_convention_equal (&self, &again));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (i != 2)
      g_assert_cmpint (eqk_convention_parse (bad[i], &self, &diag), ==, EQK_ERR_PARSE);
  g_assert_cmpint (eqk_convention_parse ("e2nn", &self, &diag), ==, EQK_ERR_PARSE);
  g_assert_cmpstr (diag.what, ==, "e2nn");
  g_assert_cmpint (eqk_convention_features (irreps ("1x prod((1,1),(1,1))"), &self, &again, FALSE, NULL, NULL, 0), ==, EQK_ERR_TYPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/convention/golden/harmonics", test_golden_harmonics);
  g_test_add_func ("/convention/golden/turns", test_golden_turns);
  g_test_add_func ("/convention/round-trips", test_round_trips);
  g_test_add_func ("/convention/by-hand", test_by_hand);
  g_test_add_func ("/convention/words", test_words);
  return g_test_run ();
}
