/* Two passes: the first finds the range, the second fills the histogram. */

#include "studio/peek.h"

#include <math.h>

static void
field_free (gpointer data)
{
  g_free (((EqsPeekField *) data)->title);
  g_free (data);
}

static void
take_copy (EqsPeekField *self, const float *values, double *squares, double *lengths, gboolean *alive)
{
  double length = 0;

  for (int k = 0; k < self->dim; k++)
    {
      const double x = (double) values[k], before = x - self->mean;

      if (!isfinite (x))
        {
          self->n_bad++;
          *alive = TRUE;
          continue;
        }
      self->min = self->n == 0 ? x : MIN (self->min, x);
      self->max = self->n == 0 ? x : MAX (self->max, x);
      self->n++;
      self->n_zero += x == 0;
      self->mean += before / (double) self->n;
      *squares += before * (x - self->mean);
      length += x * x;
      *alive = *alive || x != 0;
    }
  *lengths += sqrt (length);
}

static void
count (EqsPeekField *self, const EqsProbeWire *wire)
{
  self->low = self->min;
  self->high = self->max;
  if (self->low == self->high)
    {
      const double part = MAX (fabs (self->low) * 0.5, 0.5);

      self->low -= part;
      self->high += part;
    }
  for (gsize row = 0; row < wire->rows; row++)
    for (int c = self->first; c < self->first + self->dim * self->mul; c++)
      {
        const double x = (double) wire->plain[row * wire->width + (gsize) c];

        if (isfinite (x))
          self->counts[MIN ((guint) (EQS_PEEK_BINS * (x - self->low) / (self->high - self->low)), EQS_PEEK_BINS - 1)]++;
      }
}

static EqsPeekField *
look_at (const EqsProbeWire *wire, const char *title, int first, int dim, int mul)
{
  EqsPeekField *self = g_new0 (EqsPeekField, 1);
  double        squares = 0, lengths = 0;

  self->title = g_strdup (title);
  self->first = first;
  self->dim = dim;
  self->mul = mul;
  for (int copy = 0; copy < mul; copy++)
    {
      gboolean alive = FALSE;

      for (gsize row = 0; row < wire->rows; row++)
        take_copy (self, wire->plain + row * wire->width + first + copy * dim, &squares, &lengths, &alive);
      self->n_dead += !alive && wire->rows > 0;
    }
  if (self->n == 0)
    self->min = self->max = self->mean = self->spread = self->norm = NAN;
  else
    {
      self->spread = sqrt (squares / (double) self->n);
      self->norm = lengths / ((double) wire->rows * mul);
      count (self, wire);
    }
  return self;
}

GPtrArray *
eqs_peek_new (const EqsProbeWire *wire)
{
  g_return_val_if_fail (wire != NULL && wire->plain != NULL, NULL);
  GPtrArray    *list = g_ptr_array_new_with_free_func (field_free);
  const EqkRep *rep = wire->type.rep;
  const gboolean known = rep != NULL && (gsize) eqk_rep_get_dim (rep) == wire->width;
  const int     n_runs = known ? eqk_rep_n_runs (rep) : 0;

  if (n_runs != 1)
    g_ptr_array_add (list, look_at (wire, known ? eqk_rep_get_text (rep) : "", 0, (int) wire->width, 1));
  for (int run = 0, first = 0; run < n_runs; run++)
    {
      const EqkRepRun one = eqk_rep_run (rep, run);
      const int       dim = eqk_field_get_dim (one.field);

      if (one.mul > 0)
        g_ptr_array_add (list, look_at (wire, eqk_rep_get_text (eqk_rep_single (one.field, one.mul)), first, dim, one.mul));
      first += dim * one.mul;
    }
  return list;
}
