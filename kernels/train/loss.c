/* Losses and their gradients. Sums run over fixed pieces in order: the same for any number of threads. */

#include "eqk/train.h"

#include "eqk/op.h"

#include <math.h>
#include <string.h>

static const char *const names[] = { "cross_entropy", "mse", "mae", "huber", "length" };

bool
eqk_loss_find (const char *name, EqkLossKind *kind)
{
  for (int i = 0; i < EQK_N_LOSSES; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *kind = (EqkLossKind) i;
        return true;
      }
  return false;
}

enum { PIECES = 64 };

typedef struct
{
  EqkPrecision   precision;
  const void    *logits;
  const int32_t *labels;
  const float   *class_weights;
  size_t         rows, piece;
  int            classes;
  double         factor;
  void          *grad;
  double         loss[PIECES];
  size_t         hits[PIECES];
} CrossJob;

static double
get (EqkPrecision precision, const void *data, size_t i)
{
  return precision == EQK_F32 ? ((const float *) data)[i] : ((const double *) data)[i];
}

static void
put (EqkPrecision precision, void *data, size_t i, double value)
{
  if (precision == EQK_F32)
    ((float *) data)[i] = (float) value;
  else
    ((double *) data)[i] = value;
}

static void
cross_row (CrossJob *j, size_t r, size_t chunk)
{
  const size_t  at = r * (size_t) j->classes;
  const int32_t label = j->labels[r];
  double        top = -INFINITY, sum = 0, weight;
  int           best = 0;

  if (label < 0 || label >= j->classes)
    {
      for (int k = 0; j->grad != NULL && k < j->classes; k++)
        put (j->precision, j->grad, at + (size_t) k, 0);
      return;
    }
  for (int k = 0; k < j->classes; k++)
    if (get (j->precision, j->logits, at + (size_t) k) > top)
      {
        top = get (j->precision, j->logits, at + (size_t) k);
        best = k;
      }
  for (int k = 0; k < j->classes; k++)
    sum += exp (get (j->precision, j->logits, at + (size_t) k) - top);
  weight = j->class_weights == NULL ? 1 : j->class_weights[label];
  j->loss[chunk] += weight * (log (sum) + top - get (j->precision, j->logits, at + (size_t) label));
  j->hits[chunk] += best == label;
  for (int k = 0; j->grad != NULL && k < j->classes; k++)
    put (j->precision, j->grad, at + (size_t) k,
         j->factor * weight * (exp (get (j->precision, j->logits, at + (size_t) k) - top) / sum - (k == label)));
}

static void
cross_rows (void *data, size_t begin, size_t end, size_t chunk, int lane)
{
  for (size_t r = begin; r < end; r++)
    cross_row (data, r, chunk);
}

double
eqk_loss_cross_entropy (EqkPrecision precision, EqkPool *pool, const void *logits, const int32_t *labels, const float *class_weights,
                        size_t rows, int classes, double weight, void *grad, size_t *hits, size_t *counted)
{
  CrossJob job = { .precision = precision, .logits = logits, .labels = labels, .class_weights = class_weights, .rows = rows,
                   .classes = classes, .grad = grad };
  double   total = 0;
  size_t   n = 0;

  for (size_t r = 0; r < rows; r++)
    n += labels[r] >= 0 && labels[r] < classes;
  job.factor = n > 0 ? weight / (double) n : 0;
  job.piece = (rows + PIECES - 1) / PIECES;
  if (job.piece < 64)
    job.piece = 64;
  if (job.piece * PIECES < rows)
    job.piece = (rows + PIECES - 1) / PIECES;
  eqk_run_range (pool, rows, job.piece, cross_rows, &job);
  *hits = 0;
  *counted = n;
  for (int i = 0; i < PIECES; i++)
    {
      total += job.loss[i];
      *hits += job.hits[i];
    }
  return total;
}

/* The root mean square of the difference in a row, rounded off below `small` so that the slope goes through zero. */
static double
length_loss (EqkPrecision precision, const void *y, const void *target, size_t n, size_t width, double scale, double weight, void *grad)
{
  static const double small = 1e-4;
  double              sum = 0;

  for (size_t at = 0; at + width <= n; at += width)
    {
      double square = small * small, length;

      for (size_t i = at; i < at + width; i++)
        {
          const double d = (get (precision, y, i) - get (precision, target, i)) / scale;

          square += d * d / (double) width;
        }
      length = sqrt (square);
      sum += (length - small) * (double) width;
      for (size_t i = at; grad != NULL && i < at + width; i++)
        put (precision, grad, i, weight * (get (precision, y, i) - get (precision, target, i)) / (scale * scale * length * (double) n));
    }
  return n > 0 ? weight * sum / (double) n : 0;
}

double
eqk_loss_numbers (EqkLossKind kind, EqkPrecision precision, const void *y, const void *target, size_t n, size_t width, double scale, double weight, void *grad)
{
  double sum = 0;

  if (kind == EQK_LOSS_LENGTH)
    return length_loss (precision, y, target, n, width, scale, weight, grad);
  for (size_t i = 0; i < n; i++)
    {
      const double d = (get (precision, y, i) - get (precision, target, i)) / scale, a = fabs (d);
      double       value, slope;

      switch (kind)
        {
        case EQK_LOSS_MAE:
          value = a;
          slope = (d > 0) - (d < 0);
          break;
        case EQK_LOSS_HUBER:
          value = a <= 1 ? 0.5 * d * d : a - 0.5;
          slope = a <= 1 ? d : (d > 0) - (d < 0);
          break;
        default:
          value = d * d;
          slope = 2 * d;
        }
      sum += value;
      if (grad != NULL)
        put (precision, grad, i, weight * slope / (scale * (double) n));
    }
  return n > 0 ? weight * sum / (double) n : 0;
}
