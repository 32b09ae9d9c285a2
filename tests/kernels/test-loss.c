/* Losses of numbers: their slopes against differences in double precision, and which of them a turn of the answer and the target leaves as they are. */

#include "eqk/train.h"

#include <glib.h>
#include <math.h>
#include <string.h>

enum { ROWS = 4, WIDTH = 3, N = ROWS * WIDTH };

static const double y[N] = { 0.3, -1.2, 2.5, 0.1, 0.2, -0.4, 3.0, 3.0, -1.0, 0.5, 0.5, 0.5 };
static const double t[N] = { 0.1, -1.0, 0.5, 0.4, 0.3, -0.1, 0.0, 1.0, -2.5, 0.5, 0.7, 0.2 };

static double
loss_of (EqkLossKind kind, const double *a, const double *b, double *grad)
{
  return eqk_loss_numbers (kind, EQK_F64, a, b, N, WIDTH, 0.8, 1.5, grad);
}

static void
test_slopes (void)
{
  for (EqkLossKind kind = EQK_LOSS_MSE; kind < EQK_N_LOSSES; kind++)
    {
      double grad[N], moved[N];

      loss_of (kind, y, t, grad);
      for (int i = 0; i < N; i++)
        {
          const double step = 1e-6;
          double       up, down;

          if (fabs (y[i] - t[i]) < 1e-3)      /* the mean absolute error has a corner there */
            continue;
          memcpy (moved, y, sizeof moved);
          moved[i] = y[i] + step;
          up = loss_of (kind, moved, t, NULL);
          moved[i] = y[i] - step;
          down = loss_of (kind, moved, t, NULL);
          g_assert_cmpfloat_with_epsilon (grad[i], (up - down) / (2 * step), 1e-7);
        }
    }
}

/* Where answer and target agree the loss and its slope are 0, without a division by it. */
static void
test_agreement (void)
{
  for (EqkLossKind kind = EQK_LOSS_MSE; kind < EQK_N_LOSSES; kind++)
    {
      double grad[N];

      g_assert_cmpfloat (loss_of (kind, y, y, grad), ==, 0);
      for (int i = 0; i < N; i++)
        g_assert_cmpfloat (grad[i], ==, 0);
    }
}

static void
turn (const double *x, double *out)
{
  const double c = cos (0.7), s = sin (0.7);

  for (int r = 0; r < ROWS; r++)
    {
      out[WIDTH * r] = c * x[WIDTH * r] - s * x[WIDTH * r + 1];
      out[WIDTH * r + 1] = s * x[WIDTH * r] + c * x[WIDTH * r + 1];
      out[WIDTH * r + 2] = x[WIDTH * r + 2];
    }
}

static void
test_turned (void)
{
  double turned_y[N], turned_t[N];

  turn (y, turned_y);
  turn (t, turned_t);
  g_assert_cmpfloat_with_epsilon (loss_of (EQK_LOSS_MSE, y, t, NULL), loss_of (EQK_LOSS_MSE, turned_y, turned_t, NULL), 1e-12);
  g_assert_cmpfloat_with_epsilon (loss_of (EQK_LOSS_LENGTH, y, t, NULL), loss_of (EQK_LOSS_LENGTH, turned_y, turned_t, NULL), 1e-12);
  g_assert_cmpfloat (fabs (loss_of (EQK_LOSS_MAE, y, t, NULL) - loss_of (EQK_LOSS_MAE, turned_y, turned_t, NULL)), >, 1e-2);
}

/* One row that is far off pulls with the length of one, not of ten. */
static void
test_far (void)
{
  double far[N], grad[N], square[N];

  memcpy (far, t, sizeof far);
  far[0] += 10;
  far[3] += 1;
  loss_of (EQK_LOSS_LENGTH, far, t, grad);
  loss_of (EQK_LOSS_MSE, far, t, square);
  g_assert_cmpfloat_with_epsilon (grad[0], grad[3], 1e-6);
  g_assert_cmpfloat_with_epsilon (square[0], 10 * square[3], 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loss/slopes", test_slopes);
  g_test_add_func ("/loss/agreement", test_agreement);
  g_test_add_func ("/loss/turned", test_turned);
  g_test_add_func ("/loss/far", test_far);
  return g_test_run ();
}
