/* Pictures are smoothed and derived by Scharr's filter, whose directions hardly depend on the grid; each edge counts by its strength. The axis of a cloud
 * is the eigenvector of its second moments with the largest eigenvalue. */

#include "studio/orientation.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PICTURE_BINS 36
#define PLANE_BINS   18
#define ARC          6           /* bins of 10°: what counts as one place */
#define FEW          50
#define ROUND        1e-3        /* of the largest moment: less than that apart is no axis */

/* ---- pictures ---- */

/* The length of each pixel's channels, smoothed by 1-2-1 both ways; the border repeats. */
static void
smooth (const float *x, gsize rows, gsize columns, gsize channels, double *grey, double *out)
{
  for (gsize i = 0; i < rows * columns; i++)
    {
      double sum = 0;

      for (gsize c = 0; c < channels; c++)
        sum += (double) x[i * channels + c] * (double) x[i * channels + c];
      grey[i] = channels == 1 ? (double) x[i] : sqrt (sum);
    }
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < columns; j++)
      {
        const gsize up = i == 0 ? 0 : i - 1, down = MIN (i + 1, rows - 1), left = j == 0 ? 0 : j - 1, right = MIN (j + 1, columns - 1);

        out[i * columns + j] = (grey[up * columns + left] + 2 * grey[up * columns + j] + grey[up * columns + right] + 2 * grey[i * columns + left] +
                                4 * grey[i * columns + j] + 2 * grey[i * columns + right] + grey[down * columns + left] + 2 * grey[down * columns + j] +
                                grey[down * columns + right]) / 16;
      }
}

/* Strength of the edges in each direction. FALSE: there are none. */
static gboolean
weigh_edges (const double *grey, gsize rows, gsize columns, double *weights)
{
  double all = 0;

  memset (weights, 0, PICTURE_BINS * sizeof *weights);
  for (gsize i = 1; i + 1 < rows; i++)
    for (gsize j = 1; j + 1 < columns; j++)
      {
        const double *above = grey + (i - 1) * columns + j, *here = above + columns, *below = here + columns;
        const double  dx = 3 * (above[1] - above[-1]) + 10 * (here[1] - here[-1]) + 3 * (below[1] - below[-1]);
        const double  dy = 3 * (above[-1] - below[-1]) + 10 * (above[0] - below[0]) + 3 * (above[1] - below[1]);      /* rows go down, y goes up */
        const double  strength = hypot (dx, dy), turn = atan2 (dy, dx) / (2 * G_PI);

        if (!isfinite (strength))
          return FALSE;
        weights[(guint) (PICTURE_BINS * (turn - floor (turn))) % PICTURE_BINS] += strength;
        all += strength;
      }
  return all > 1e-9;
}

static void
take_picture (EqsOrientation *self, const float *x, const EqsColumn *column, GArray *room)
{
  const gsize rows = (gsize) column->dims[0], columns = (gsize) column->dims[1];
  double      weights[PICTURE_BINS], best = -1, *grey;
  guint       at = 0;

  g_array_set_size (room, (guint) (2 * rows * columns));
  grey = (double *) (gpointer) room->data;
  smooth (x, rows, columns, (gsize) column->dims[2], grey + rows * columns, grey);
  if (!weigh_edges (grey, rows, columns, weights))
    {
      self->n_without++;
      return;
    }
  for (guint i = 0; i < PICTURE_BINS; i++)
    {
      const double sum = weights[(i + PICTURE_BINS - 1) % PICTURE_BINS] + weights[i] + weights[(i + 1) % PICTURE_BINS];

      if (sum > best)
        {
          best = sum;
          at = i;
        }
    }
  self->counts[at]++;
  self->n++;
}

/* ---- points ---- */

/* Rotations of pairs (Jacobi): a ends with the eigenvalues on its diagonal, v with the eigenvectors in its columns. */
static void
find_axes (double a[3][3], double v[3][3])
{
  for (guint i = 0; i < 9; i++)
    v[i / 3][i % 3] = i % 4 == 0;
  for (guint sweep = 0; sweep < 16; sweep++)
    for (guint p = 0; p < 2; p++)
      for (guint q = p + 1; q < 3; q++)
        {
          const double angle = 0.5 * atan2 (2 * a[p][q], a[p][p] - a[q][q]), c = cos (angle), s = sin (angle);

          for (guint k = 0; k < 3; k++)
            {
              const double x = a[k][p], y = a[k][q];

              a[k][p] = c * x + s * y;
              a[k][q] = c * y - s * x;
            }
          for (guint k = 0; k < 3; k++)
            {
              const double x = a[p][k], y = a[q][k], z = v[k][p], w = v[k][q];

              a[p][k] = c * x + s * y;
              a[q][k] = c * y - s * x;
              v[k][p] = c * z + s * w;
              v[k][q] = c * w - s * z;
            }
        }
}

/* The axis of the largest (or the smallest) moment; FALSE: none is, or something is missing. */
static gboolean
axis_of (double moments[3][3], gboolean smallest, double axis[3])
{
  double v[3][3], other = -INFINITY;
  guint  best = 0;

  for (guint i = 0; i < 9; i++)
    if (!isfinite (moments[i / 3][i % 3]))
      return FALSE;
  find_axes (moments, v);
  for (guint i = 1; i < 3; i++)
    if (smallest ? moments[i][i] < moments[best][best] : moments[i][i] > moments[best][best])
      best = i;
  for (guint i = 0; i < 3; i++)
    {
      axis[i] = v[i][best];
      if (i != best)
        other = MAX (other, moments[i][i]);
    }
  return smallest || moments[best][best] - other > ROUND * moments[best][best];
}

/* x: [n, d] with d 2 or 3 */
static gboolean
axis_of_points (const float *x, gsize n, gsize d, double axis[3])
{
  double mean[3] = { 0, 0, 0 }, moments[3][3] = { { 0 } };

  for (gsize i = 0; i < n * d; i++)
    mean[i % d] += (double) x[i] / (double) n;
  for (gsize i = 0; i < n; i++)
    for (gsize p = 0; p < d; p++)
      for (gsize q = 0; q < d; q++)
        moments[p][q] += ((double) x[i * d + p] - mean[p]) * ((double) x[i * d + q] - mean[q]);
  return n > 1 && axis_of (moments, FALSE, axis);
}

static void
take_axis (EqsOrientation *self, const double axis[3])
{
  const double sign = self->kind == EQS_ORIENTATION_SPACE && axis[2] < 0 ? -1 : 1, turn = atan2 (sign * axis[1], sign * axis[0]) / (2 * G_PI);

  self->n++;
  if (self->kind == EQS_ORIENTATION_PLANE)
    self->counts[(guint) (PLANE_BINS * 2 * (turn - floor (turn))) % PLANE_BINS]++;
  else
    {
      const guint ring = MIN ((guint) (EQS_ORIENTATION_RINGS * (1 - MIN (fabs (axis[2]), 1))), EQS_ORIENTATION_RINGS - 1);

      self->counts[ring * EQS_ORIENTATION_SECTORS + (guint) (EQS_ORIENTATION_SECTORS * (turn - floor (turn))) % EQS_ORIENTATION_SECTORS]++;
    }
}

/* ---- where most are ---- */

static void
find_arc (EqsOrientation *self)
{
  const guint  width = ARC;
  const double step = (self->kind == EQS_ORIENTATION_PICTURES ? 2 : 1) * G_PI / self->n_bins;
  guint best = 0;

  self->even = (double) width / self->n_bins;
  for (guint i = 0; i < self->n_bins; i++)
    {
      guint sum = 0;

      for (guint k = 0; k < width; k++)
        sum += self->counts[(i + k) % self->n_bins];
      if (sum <= best)
        continue;
      best = sum;
      self->centre[0] = (i + 0.5 * width) * step;
    }
  self->share = (double) best / self->n;
}

/* In standard deviations of one sample. */
static double
excess (double share, double even)
{
  return (share - even) / sqrt (even * (1 - even));
}

/* axes: [n, 3] unit vectors */
static void
find_cone (EqsOrientation *self, const GArray *axes)
{
  for (guint girdle = 0; girdle < 2; girdle++)
    {
      const double even = girdle ? 0.5 : 1 - cos (G_PI / 6);
      double       moments[3][3] = { { 0 } }, centre[3];
      guint        inside = 0;

      for (guint i = 0; i < self->n; i++)
        for (guint k = 0; k < 9; k++)
          moments[k / 3][k % 3] += g_array_index (axes, double, 3 * i + k / 3) * g_array_index (axes, double, 3 * i + k % 3);
      if (!axis_of (moments, girdle, centre) && girdle)
        return;
      for (guint i = 0; i < self->n; i++)
        {
          double dot = 0;

          for (guint k = 0; k < 3; k++)
            dot += centre[k] * g_array_index (axes, double, 3 * i + k);
          inside += girdle ? fabs (dot) <= 0.5 : fabs (dot) >= cos (G_PI / 6);
        }
      if (girdle && excess ((double) inside / self->n, even) <= excess (self->share, self->even))
        return;
      self->share = (double) inside / self->n;
      self->even = even;
      self->is_girdle = girdle;
      for (guint k = 0; k < 3; k++)
        self->centre[k] = centre[2] < 0 ? -centre[k] : centre[k];
    }
}

/* ---- all samples ---- */

static const EqsColumn *
picture_of (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_INPUT && column->values == EQS_VALUES_FEATURE && column->n_dims == 3 && column->dims[0] > 2 && column->dims[1] > 2)
        return column;
    }
  return NULL;
}

static const EqsColumn *
places_of (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_INPUT && column->values == EQS_VALUES_POSITION && column->kind == EQS_COLUMN_PER_NODE && (column->n_values == 2 || column->n_values == 3))
        return column;
    }
  return NULL;
}

gboolean
eqs_orientation_measure (EqsSplit *split, EqsOrientation *out, GCancellable *cancellable)
{
  const EqsColumn   *picture = picture_of (split), *places = picture != NULL ? NULL : places_of (split), *column = picture != NULL ? picture : places;
  g_autoptr (GArray) room = g_array_new (FALSE, FALSE, sizeof (double)), axes = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (float));

  memset (out, 0, sizeof *out);
  if (column == NULL)
    return TRUE;
  out->kind = picture != NULL ? EQS_ORIENTATION_PICTURES : column->n_values == 2 ? EQS_ORIENTATION_PLANE : EQS_ORIENTATION_SPACE;
  out->n_bins = picture != NULL ? PICTURE_BINS : column->n_values == 2 ? PLANE_BINS : EQS_ORIENTATION_MOST;
  for (guint i = 0; i < eqs_split_get_n (split); i++)
    {
      const gsize n = eqs_split_count (split, column, &i, 1);
      double      axis[3] = { 0, 0, 0 };
      float      *x;

      if (i % 64 == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      g_array_set_size (numbers, (guint) MAX (n * column->n_values, 1));
      x = (float *) (gpointer) numbers->data;
      eqs_split_copy (split, column, &i, 1, x);
      for (gsize k = 0; picture != NULL && k < n; k++)
        take_picture (out, x + k * column->n_values, column, room);
      if (picture != NULL)
        continue;
      if (!axis_of_points (x, n, column->n_values, axis))
        out->n_without++;
      else
        {
          take_axis (out, axis);
          g_array_append_vals (axes, axis, 3);
        }
    }
  if (out->n > 0 && out->kind == EQS_ORIENTATION_SPACE)
    find_cone (out, axes);
  else if (out->n > 0)
    find_arc (out);
  return TRUE;
}

/* ---- in words ---- */

gboolean
eqs_orientation_leans (const EqsOrientation *self)
{
  return self->n > 0 && self->share > 1.5 * self->even && excess (self->share, self->even) * sqrt (self->n) > 4;
}

static char *
dup_where (const EqsOrientation *self)
{
  const int angle = (int) lrint (self->centre[0] * 180 / G_PI), tilt = (int) lrint (acos (CLAMP (self->centre[2], -1, 1)) * 180 / G_PI);
  const int turn = ((int) lrint (atan2 (self->centre[1], self->centre[0]) * 180 / G_PI) + 360) % 360;

  if (self->kind == EQS_ORIENTATION_PICTURES)
    /* Translators: an angle in degrees */
    return g_strdup_printf (_("the direction %d° (0° to the right, 90° up)"), angle);
  if (self->kind == EQS_ORIENTATION_PLANE)
    /* Translators: an angle in degrees */
    return g_strdup_printf (_("the axis at %d° (0° to the right, 90° up)"), angle);
  /* Translators: degrees between an axis and the z axis, and of its turn about z */
  return self->is_girdle ? g_strdup_printf (_("the plane across the axis that is tilted by %d° against z, at %d° from x to y"), tilt, turn) :
         /* Translators: degrees between an axis and the z axis, and of its turn about z */
         g_strdup_printf (_("the axis that is tilted by %d° against z, at %d° from x to y"), tilt, turn);
}

char *
eqs_orientation_dup_text (const EqsOrientation *self)
{
  g_autofree char *where = NULL;

  if (self->kind == EQS_ORIENTATION_NONE)
    return g_strdup (_("These samples have no directions: they are neither pictures nor points."));
  if (self->n == 0)
    return g_strdup (_("No sample has a direction of its own."));
  if (!eqs_orientation_leans (self) && self->n < FEW)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u sample: too few to see whether directions are alike.", "%u samples: too few to see whether directions are alike.", self->n), self->n);
  if (!eqs_orientation_leans (self))
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u sample, in no direction more than in others.", "%u samples, in no direction more than in others.", self->n), self->n);
  where = dup_where (self);
  /* Translators: two percentages, then a direction */
  return g_strdup_printf (_("The samples lean: %.0f %% (by chance %.0f %%) are within 30° of %s."), 100 * self->share, 100 * self->even, where);
}

void
eqs_orientation_get_bin (const EqsOrientation *self, guint bin, double *from, double *to, double *tilt_from, double *tilt_to)
{
  const gboolean space = self->kind == EQS_ORIENTATION_SPACE;
  const guint    at = space ? bin % EQS_ORIENTATION_SECTORS : bin, ring = space ? bin / EQS_ORIENTATION_SECTORS : 0;
  const double   step = space ? 360.0 / EQS_ORIENTATION_SECTORS : 10;

  *from = at * step;
  *to = (at + 1) * step;
  *tilt_from = space ? acos (1 - (double) ring / EQS_ORIENTATION_RINGS) * 180 / G_PI : 0;
  *tilt_to = space ? acos (1 - (ring + 1.0) / EQS_ORIENTATION_RINGS) * 180 / G_PI : 0;
}
