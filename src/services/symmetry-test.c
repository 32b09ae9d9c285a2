/* The test: who learns what, and what follows from the counts. */

#include "services/symmetry-test.h"

#include "model/error.h"
#include "services/symmetry-test-network.h"
#include "services/turn.h"

#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { LARGEST = 4000, SMALLEST = 40, EPOCHS = 12, MAX_CLASSES = 200 };

/* Differences below this are of no consequence; above the second, moved samples do not look like samples of the set. */
#define NEGLIGIBLE 0.05
#define TOLD 0.6

typedef struct
{
  int      h, w, c, classes;
  guint    n, n_learn;             /* samples; the first n_learn are learned from, the others asked about */
  float   *pictures;               /* [n][h][w][c], owned */
  gint32  *labels;                 /* owned */
  guint64  seed;
  int      threads;
  int     *cancel;
  EqsSymmetryFunc func;
  gpointer data;
} Test;

static void
test_clear (Test *self)
{
  g_free (self->pictures);
  g_free (self->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, message);
  return FALSE;
}

/* ---- the samples ---- */

static int
by_value (gconstpointer a, gconstpointer b, gpointer data)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Numbers become two classes, about their median. */
static void
split_at_median (const float *values, guint n, gint32 *labels)
{
  g_autofree float *sorted = g_memdup2 (values, n * sizeof *values);

  g_qsort_with_data (sorted, (int) n, sizeof *sorted, by_value, NULL);
  for (guint i = 0; i < n; i++)
    labels[i] = values[i] > sorted[n / 2];
}

static gboolean
read_answers (Test *self, EqsSplit *split, const guint *samples, GError **error)
{
  const EqsColumn  *target = eqs_split_find_target (split, NULL);
  g_autofree float *values = NULL;

  if (target == NULL)
    return refuse (error, _("The data have no answers, so that nothing can be said of them."));
  if (target->kind != EQS_COLUMN_FIXED || target->n_values != 1)
    return refuse (error, _("The test takes one class or number for each sample; these data have more."));
  self->labels = g_new (gint32, self->n);
  if (target->values == EQS_VALUES_LABEL)
    {
      if (target->n_classes > MAX_CLASSES)
        return refuse (error, _("The test takes at most 200 classes."));
      self->classes = (int) target->n_classes;
      eqs_split_copy_int (split, target, samples, self->n, self->labels);
      return TRUE;
    }
  self->classes = 2;
  values = g_new (float, self->n);
  eqs_split_copy (split, target, samples, self->n, values);
  split_at_median (values, self->n, self->labels);
  return TRUE;
}

static gboolean
read_samples (Test *self, EqsSplit *split, GError **error)
{
  const EqsColumn    *input = eqs_split_find_input (split);
  const guint         all = eqs_split_get_n (split);
  g_autofree guint32 *order = g_new (guint32, all);
  EqkRandom           random = eqk_random (self->seed, EQK_RANDOM_TEST, 0, 0, 0);

  if (input == NULL || input->kind != EQS_COLUMN_FIXED || input->n_dims != 3)
    return refuse (error, _("The test takes pictures: rows, columns and channels."));
  if (input->representation != NULL && strstr (input->representation, "triv") == NULL)
    return refuse (error, _("The test takes pictures of plain numbers; the arrows of these would have to turn along."));
  if (MIN (input->dims[0], input->dims[1]) < 8 || MAX (input->dims[0], input->dims[1]) > 1024)
    return refuse (error, _("The test takes pictures of 8 to 1024 pixels a side."));
  if (all < SMALLEST)
    return refuse (error, _("The test needs 40 samples at least."));
  self->h = (int) input->dims[0];
  self->w = (int) input->dims[1];
  self->c = (int) input->dims[2];
  self->n = MIN (all, LARGEST);
  self->n_learn = self->n * 2 / 3;
  eqk_random_permutation (&random, order, all);
  self->pictures = g_new (float, self->n * input->n_values);
  eqs_split_copy (split, input, order, self->n, self->pictures);
  return read_answers (self, split, order, error);
}

/* ---- moves ---- */

static void
inverse_of (EqsMove move, double angle, double inverse[4])
{
  const double sign = move == EQS_MOVE_MIRROR ? -1 : 1;      /* left and right change places */

  inverse[0] = sign * cos (angle);
  inverse[1] = sin (angle);
  inverse[2] = -sign * sin (angle);
  inverse[3] = cos (angle);
}

/* What lies outside the circle would leave the picture when it turns by any angle. */
static void
cut_disk (const Test *self, float *pictures, guint n)
{
  const double radius = self->h / 2.0;

  for (guint k = 0; k < n; k++)
    for (int i = 0; i < self->h; i++)
      for (int j = 0; j < self->w; j++)
        if (hypot (i - (self->h - 1) / 2.0, j - (self->w - 1) / 2.0) > radius - 1)
          memset (pictures + (((gsize) k * (gsize) self->h + (gsize) i) * (gsize) self->w + (gsize) j) * (gsize) self->c, 0, (gsize) self->c * sizeof (float));
}

static void
move_picture (const Test *self, EqsMove move, double angle, float *picture)
{
  g_autofree float *from = g_memdup2 (picture, (gsize) self->h * (gsize) self->w * (gsize) self->c * sizeof *picture);
  double            inverse[4];

  inverse_of (move, angle, inverse);
  eqs_turn_image (inverse, from, picture, self->h, self->w, self->c);
}

/*
 * Any turn interpolates, which blurs. So that blur tells nothing, what is not moved is turned by the same angle and back, and what is
 * moved is turned by that angle and on.
 */
static void
turn_twice (const Test *self, gboolean moved, guint sample, float *picture)
{
  EqkRandom    random = eqk_random (self->seed, EQK_RANDOM_TEST, 1, sample, 0);
  const double first = 2 * G_PI * eqk_random_uniform (&random), second = 2 * G_PI * eqk_random_uniform (&random);

  move_picture (self, EQS_MOVE_ANY, first, picture);
  move_picture (self, EQS_MOVE_ANY, moved ? second : -first, picture);
}

/* Pictures [first, first + n) as they are, or moved. */
static float *
copy_pictures (const Test *self, EqsMove move, gboolean moved, guint first, guint n)
{
  const gsize size = (gsize) self->h * (gsize) self->w * (gsize) self->c;
  float      *out = g_new (float, n * size);

  memcpy (out, self->pictures + first * size, n * size * sizeof *out);
  if (move == EQS_MOVE_ANY)
    cut_disk (self, out, n);
  for (guint k = 0; k < n; k++)
    if (move == EQS_MOVE_ANY)
      turn_twice (self, moved, first + k, out + k * size);
    else if (moved)
      move_picture (self, move, move == EQS_MOVE_QUARTER ? G_PI / 2 : move == EQS_MOVE_HALF ? G_PI : 0, out + k * size);
  return out;
}

/* ---- the two questions ---- */

static void
tell (const Test *self, double done)
{
  if (self->func != NULL)
    self->func (done, self->data);
}

/* Which of the samples kept back are answered right: 1 or 0 each. */
static void
ask (const Test *self, EqsSmallNetwork *network, EqsMove move, gboolean moved, gint32 *right)
{
  const guint       n = self->n - self->n_learn;
  g_autofree float *pictures = copy_pictures (self, move, moved, self->n_learn, n);

  eqs_small_network_ask (network, pictures, n, right);
  for (guint i = 0; i < n; i++)
    right[i] = right[i] == self->labels[self->n_learn + i];
}

static double
share (const gint32 *right, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) right[i];
  return (double) sum / n;
}

/* The share of the commonest class: what one gets without looking. */
static double
blind_share (const Test *self)
{
  g_autofree guint *counts = g_new0 (guint, self->classes);
  guint             most = 0;

  for (guint i = self->n_learn; i < self->n; i++)
    {
      counts[self->labels[i]]++;
      most = MAX (most, counts[self->labels[i]]);
    }
  return (double) most / (self->n - self->n_learn);
}

/* How well moved samples can be told from the others; < 0: cancelled. */
static double
tell_apart (const Test *self, EqsMove move, GError **error)
{
  const gsize       size = (gsize) self->h * (gsize) self->w * (gsize) self->c;
  const guint       half = self->n_learn, kept = self->n - half;
  g_autoptr (EqsSmallNetwork) network = eqs_small_network_new (self->h, self->w, self->c, 2, self->seed + 1, self->threads, error);
  g_autofree float *mine = copy_pictures (self, move, FALSE, 0, self->n), *moved = copy_pictures (self, move, TRUE, 0, self->n);
  g_autofree float *both = g_new (float, 2 * half * size);
  g_autofree gint32 *labels = g_new0 (gint32, 2 * half), *answers = g_new (gint32, kept);
  double            right = 0;

  if (network == NULL)
    return -1;
  memcpy (both, mine, half * size * sizeof *both);
  memcpy (both + half * size, moved, half * size * sizeof *both);
  for (guint i = 0; i < half; i++)
    labels[half + i] = 1;
  if (!eqs_small_network_train (network, both, labels, 2 * half, EPOCHS / 2, self->seed + 1, self->cancel))
    return -1;
  eqs_small_network_ask (network, mine + half * size, kept, answers);
  right += kept * (1 - share (answers, kept));
  eqs_small_network_ask (network, moved + half * size, kept, answers);
  right += kept * share (answers, kept);
  return right / (2 * kept);
}

/* ---- the verdict ---- */

static void
compare (EqsSymmetryFinding *finding, const gint32 *upright, const gint32 *moved)
{
  const guint n = finding->n;
  double      square = 0;

  finding->upright = share (upright, n);
  finding->moved = share (moved, n);
  finding->drop = finding->upright - finding->moved;
  for (guint i = 0; i < n; i++)
    square += (upright[i] - moved[i] - finding->drop) * (upright[i] - moved[i] - finding->drop);
  finding->margin = 2 * sqrt (square / (MAX (n, 2) - 1) / n);
}

/* FALSE: cancelled or failed. */
static gboolean
judge (const Test *self, EqsSmallNetwork *network, EqsMove move, EqsSymmetryFinding *finding, GError **error)
{
  const guint        n = self->n - self->n_learn;
  g_autofree gint32 *upright = g_new (gint32, n), *moved = g_new (gint32, n);
  const double       blind = blind_share (self);

  *finding = (EqsSymmetryFinding) { .move = move, .answer = EQS_SYMMETRY_UNTOLD, .n = n, .told_apart = NAN };
  ask (self, network, move, FALSE, upright);
  ask (self, network, move, TRUE, moved);
  compare (finding, upright, moved);
  finding->learned = finding->upright - 3 * sqrt (blind * (1 - blind) / n) > blind;
  if (!finding->learned)
    return TRUE;
  if (finding->drop + finding->margin <= NEGLIGIBLE)
    finding->answer = EQS_SYMMETRY_HOLDS;
  else if (finding->drop - finding->margin > 0)
    {
      finding->told_apart = tell_apart (self, move, error);
      if (finding->told_apart < 0)
        return FALSE;
      if (finding->told_apart < TOLD)
        finding->answer = EQS_SYMMETRY_FAILS;
    }
  return TRUE;
}

GArray *
eqs_symmetry_test (EqsSplit *split, guint64 seed, int threads, int *cancel, EqsSymmetryFunc func, gpointer data, GError **error)
{
  g_auto (Test) test = { .seed = seed, .threads = threads > 0 ? threads : (int) g_get_num_processors (), .cancel = cancel, .func = func, .data = data };
  g_autoptr (EqsSmallNetwork) network = NULL;
  g_autoptr (GArray) findings = g_array_new (FALSE, TRUE, sizeof (EqsSymmetryFinding));

  if (!read_samples (&test, split, error))
    return NULL;
  network = eqs_small_network_new (test.h, test.w, test.c, test.classes, seed, test.threads, error);
  if (network == NULL || !eqs_small_network_train (network, test.pictures, test.labels, test.n_learn, EPOCHS, seed, cancel))
    return NULL;
  for (int move = 0; move < EQS_N_MOVES; move++)
    {
      EqsSymmetryFinding finding;

      tell (&test, (1.0 + move) / (1 + EQS_N_MOVES));
      if (test.h != test.w && (move == EQS_MOVE_QUARTER || move == EQS_MOVE_ANY))
        continue;
      if (!judge (&test, network, move, &finding, error))
        return NULL;
      g_array_append_val (findings, finding);
    }
  tell (&test, 1);
  return g_steal_pointer (&findings);
}

/* ---- words ---- */

const char *
eqs_move_title (EqsMove move)
{
  static const char *const titles[] = { N_("Quarter turns"), N_("Half turns"), N_("Mirror images"), N_("Any turn") };

  return _(titles[move]);
}

char *
eqs_symmetry_finding_dup_text (const EqsSymmetryFinding *f)
{
  g_autofree char *numbers = g_strdup_printf (_("%.1f %% right as they are, %.1f %% moved: %.1f ± %.1f points less, of %u samples."), 100 * f->upright, 100 * f->moved,
                                              100 * f->drop, 100 * f->margin, f->n);

  if (f->answer == EQS_SYMMETRY_HOLDS)
    return g_strdup (numbers);
  if (f->answer == EQS_SYMMETRY_FAILS)
    return g_strdup_printf (_("%s Moved samples look like the others (%.0f %% told apart, 50 %% is chance) and have other answers."), numbers, 100 * f->told_apart);
  if (!isnan (f->told_apart))
    return g_strdup_printf (_("%s But the data hold no such samples (%.0f %% told apart, 50 %% is chance)."), numbers, 100 * f->told_apart);
  return g_strdup_printf (f->learned ? _("%s Too few samples to tell.") : _("%s A small network learned no more than the commonest answer."), numbers);
}
