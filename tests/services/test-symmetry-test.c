/*
 * "Does my data have this symmetry?" on sets whose symmetry is known: drawn here, with answers that do or do not follow the moves. And
 * what cannot be told is not told.
 */

#include "../sanitized.h"
#include "services/symmetry-test.h"

#include "eqk/random.h"

#include <math.h>
#include <string.h>

enum { SIDE = 16, N = 600 };

typedef struct
{
  EqkRandom random;
  float    *picture;
  gint32    label;
} Sample;

typedef void (*Draw) (Sample *self);

static double
between (Sample *self, double low, double high)
{
  return low + (high - low) * eqk_random_uniform (&self->random);
}

static void
blob (Sample *self, double x, double y, double radius)
{
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      self->picture[i * SIDE + j] += (float) exp (-((j - x) * (j - x) + (i - y) * (i - y)) / (2 * radius * radius));
}

static void
stripes (Sample *self, double angle, double wavelength)
{
  const double phase = between (self, 0, 2 * G_PI);

  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      self->picture[i * SIDE + j] += (float) (0.5 + 0.5 * cos (2 * G_PI * (cos (angle) * j + sin (angle) * i) / wavelength + phase));
}

/* A hook like an L, turned by quarter turns; mirrored, it is its other hand. */
static void
hook (Sample *self, guint turns, gboolean left)
{
  static const int arm[6][2] = { { -4, 0 }, { -2, 0 }, { 0, 0 }, { 2, 0 }, { 4, 0 }, { 4, 3 } };
  const double     x = between (self, 6, 9), y = between (self, 6, 9);

  for (int k = 0; k < 6; k++)
    {
      double a = arm[k][0], b = left ? -arm[k][1] : arm[k][1];

      for (guint t = 0; t < turns; t++)
        {
          const double c = a;

          a = -b;
          b = c;
        }
      blob (self, x + a, y + b, 1);
    }
}

/* ---- sets with the symmetry ---- */

static void
how_many (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  for (int k = 0; k < (self->label ? 4 : 1); k++)
    blob (self, between (self, 3, 12), between (self, 3, 12), 1.2);
}

static void
how_fine (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  stripes (self, eqk_random_below (&self->random, 4) * G_PI / 4, self->label ? 4 : 8);
}

static void
how_large (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 3);
  blob (self, between (self, 5, 10), between (self, 5, 10), 1 + self->label);
}

static void
which_hand (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  hook (self, eqk_random_below (&self->random, 4), self->label == 1);
}

/* ---- sets without ---- */

static void
which_way_lie_stripes (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  stripes (self, self->label ? 0 : G_PI / 2, between (self, 4, 8));
}

static void
where_does_it_point (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 4);
  hook (self, (guint) self->label, eqk_random_below (&self->random, 2) == 1);
}

static void
upper_or_lower (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  blob (self, between (self, 3, 12), self->label ? between (self, 9, 13) : between (self, 2, 6), 1.2);
}

/* ---- nothing to be told ---- */

static void
upright_only (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  blob (self, 4, 3, 1.5);                               /* the same in all: where up is */
  blob (self, 10, self->label ? 8 : 12, 1.2);
}

static void
noise (Sample *self)
{
  self->label = (gint32) eqk_random_below (&self->random, 2);
  blob (self, between (self, 3, 12), between (self, 3, 12), 1.2);
}

static EqsSplit *
draw (Draw function, guint n)
{
  EqsSplit *split = eqs_split_new ("train");
  const guint64 dims[4] = { n, SIDE, SIDE, 1 };
  float *pictures = g_new0 (float, n * SIDE * SIDE);
  gint32 *labels = g_new0 (gint32, n);
  EqsColumn *column;

  for (guint k = 0; k < n; k++)
    {
      Sample sample = { eqk_random (7, EQK_RANDOM_DATA, 0, k, 0), pictures + k * SIDE * SIDE, 0 };

      function (&sample);
      labels[k] = sample.label;
    }
  column = eqs_split_take_column (split, "image", EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_F32, 4, dims, pictures), NULL);
  column->role = EQS_ROLE_INPUT;
  column = eqs_split_take_column (split, "label", EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_I32, 1, dims, labels), NULL);
  column->role = EQS_ROLE_TARGET;
  column->values = EQS_VALUES_LABEL;
  g_assert_true (eqs_split_check_column (split, column, NULL));
  return split;
}

typedef struct { const char *name; Draw draw; EqsMove move; EqsSymmetryAnswer answer; } Case;

static const Case cases[] = {
  { "how-many/quarter", how_many, EQS_MOVE_QUARTER, EQS_SYMMETRY_HOLDS },
  { "how-fine/quarter", how_fine, EQS_MOVE_QUARTER, EQS_SYMMETRY_HOLDS },
  { "how-large/any", how_large, EQS_MOVE_ANY, EQS_SYMMETRY_HOLDS },
  { "which-hand/half", which_hand, EQS_MOVE_HALF, EQS_SYMMETRY_HOLDS },
  { "which-hand/mirror", which_hand, EQS_MOVE_MIRROR, EQS_SYMMETRY_FAILS },
  { "stripes-lie/quarter", which_way_lie_stripes, EQS_MOVE_QUARTER, EQS_SYMMETRY_FAILS },
  { "points-to/quarter", where_does_it_point, EQS_MOVE_QUARTER, EQS_SYMMETRY_FAILS },
  { "upper-or-lower/half", upper_or_lower, EQS_MOVE_HALF, EQS_SYMMETRY_FAILS },
  { "upper-or-lower/mirror", upper_or_lower, EQS_MOVE_MIRROR, EQS_SYMMETRY_HOLDS },
  { "upright-only/half", upright_only, EQS_MOVE_HALF, EQS_SYMMETRY_UNTOLD },
  { "noise/quarter", noise, EQS_MOVE_QUARTER, EQS_SYMMETRY_UNTOLD },
};

static const EqsSymmetryFinding *
find (const GArray *findings, EqsMove move)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_array_index (findings, EqsSymmetryFinding, i).move == move)
      return &g_array_index (findings, EqsSymmetryFinding, i);
  return NULL;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (EqsSplit) split = draw (test->draw, N);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) findings = eqs_symmetry_test (split, 1, 1, NULL, NULL, NULL, &error);
  const EqsSymmetryFinding *finding;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  finding = find (findings, test->move);
  g_assert_nonnull (finding);
  text = eqs_symmetry_finding_dup_text (finding);
  g_test_message ("%s", text);
  g_assert_cmpint (finding->answer, ==, test->answer);
  g_assert_cmpint (finding->learned, ==, test->draw != noise);
  g_assert_cmpuint (finding->n, ==, N / 3);
  g_assert_cmpfloat_with_epsilon (finding->drop, finding->upright - finding->moved, 1e-12);
}

static void
test_refusals (void)
{
  g_autoptr (EqsSplit) few = draw (how_many, 20), none = eqs_split_new ("train");
  g_autoptr (GError) error = NULL;
  int cancel = 1;
  g_autoptr (EqsSplit) enough = draw (how_many, 100);

  g_assert_null (eqs_symmetry_test (few, 1, 1, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "40"));
  g_clear_error (&error);
  g_assert_null (eqs_symmetry_test (none, 1, 1, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (eqs_symmetry_test (enough, 1, 1, &cancel, NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Threads do not change what is found. */
static void
test_threads (void)
{
  g_autoptr (EqsSplit) split = draw (which_hand, 150);
  g_autoptr (GArray) one = eqs_symmetry_test (split, 1, 1, NULL, NULL, NULL, NULL), three = eqs_symmetry_test (split, 1, 3, NULL, NULL, NULL, NULL);

  for (guint i = 0; i < one->len; i++)
    g_assert_cmpfloat (g_array_index (one, EqsSymmetryFinding, i).moved, ==, g_array_index (three, EqsSymmetryFinding, i).moved);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < (SANITIZED ? 2 : G_N_ELEMENTS (cases)); i++)
    {
      g_autofree char *path = g_strconcat ("/symmetry-test/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/symmetry-test/refusals", test_refusals);
  g_test_add_func ("/symmetry-test/threads", test_threads);
  return g_test_run ();
}
