/* Sets of molecules: text, and how far two of them are apart. */

#include "services/sampler.h"

#include "data/xyz.h"
#include "model/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

EqsSamples *
eqs_samples_new (void)
{
  EqsSamples *self = g_new (EqsSamples, 1);
  const guint zero = 0;

  self->first = g_array_new (FALSE, FALSE, sizeof (guint));
  self->species = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->positions = g_array_new (FALSE, FALSE, sizeof (float));
  g_array_append_val (self->first, zero);
  return self;
}

void
eqs_samples_free (EqsSamples *self)
{
  g_array_unref (self->first);
  g_array_unref (self->species);
  g_array_unref (self->positions);
  g_free (self);
}

guint
eqs_samples_get_n (const EqsSamples *self)
{
  return self->first->len - 1;
}

void
eqs_samples_add (EqsSamples *self, guint n, const gint32 *species, const float *positions)
{
  guint end;

  g_array_append_vals (self->species, species, n);
  g_array_append_vals (self->positions, positions, 3 * n);
  end = self->species->len;
  g_array_append_val (self->first, end);
}

static guint
first_of (const EqsSamples *self, guint sample)
{
  return g_array_index (self->first, guint, sample);
}

char *
eqs_samples_to_xyz (const EqsSamples *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char                number[3][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint s = 0; s < eqs_samples_get_n (self); s++)
    {
      g_string_append_printf (text, "%u\nProperties=species:S:1:pos:R:3 sample=%u\n", first_of (self, s + 1) - first_of (self, s), s);
      for (guint i = first_of (self, s); i < first_of (self, s + 1); i++)
        {
          const char *symbol = eqs_species_get_symbol ((guint) g_array_index (self->species, gint32, i));

          for (guint k = 0; k < 3; k++)
            g_ascii_formatd (number[k], sizeof number[k], "%.6f", (double) g_array_index (self->positions, float, 3 * i + k));
          g_string_append_printf (text, "%s %s %s %s\n", symbol != NULL ? symbol : "X", number[0], number[1], number[2]);
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

EqsSamples *
eqs_samples_of_split (const EqsSplit *split, GError **error)
{
  const EqsColumn *positions = eqs_split_find (split, "positions"), *species = eqs_split_find (split, "species");
  EqsSamples      *self;

  if (positions == NULL || species == NULL || positions->kind != EQS_COLUMN_PER_NODE || positions->n_values != 3)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The data have no “positions” and “species” of atoms to compare samples with."));
      return NULL;
    }
  self = eqs_samples_new ();
  for (guint s = 0; s < eqs_split_get_n (split); s++)
    {
      const guint        n = (guint) eqs_split_get_n_nodes (split, s);
      g_autofree gint32 *z = g_new (gint32, n + 1);
      g_autofree float  *x = g_new (float, 3 * n + 1);

      eqs_split_copy_int (split, species, &s, 1, z);
      eqs_split_copy (split, positions, &s, 1, x);
      eqs_samples_add (self, n, z, x);
    }
  return self;
}

/* Root mean square of a coordinate about the centre of its sample. */
static double
spread_of (const EqsSamples *self)
{
  double square = 0;
  gsize  n = 0;

  for (guint s = 0; s < eqs_samples_get_n (self); s++)
    for (guint k = 0; k < 3; k++)
      {
        const guint first = first_of (self, s), end = first_of (self, s + 1);
        double      mean = 0;

        for (guint i = first; i < end; i++)
          mean += (double) g_array_index (self->positions, float, 3 * i + k) / (end - first);
        for (guint i = first; i < end; i++, n++)
          square += pow ((double) g_array_index (self->positions, float, 3 * i + k) - mean, 2);
      }
  return n > 0 ? sqrt (square / (double) n) : 0;
}

EqsSamples *
eqs_samples_like (const EqsSamples *other, guint n, guint64 seed)
{
  EqsSamples  *self = eqs_samples_new ();
  const double spread = spread_of (other);

  for (guint s = 0; s < n && eqs_samples_get_n (other) > 0; s++)
    {
      EqkRandom          random = eqk_random (seed, EQK_RANDOM_NOISE, 1, s, 2);
      const guint        like = eqk_random_below (&random, eqs_samples_get_n (other)), atoms = first_of (other, like + 1) - first_of (other, like);
      g_autofree gint32 *z = g_new (gint32, atoms + 1);
      g_autofree float  *x = g_new (float, 3 * atoms + 1);

      for (guint i = 0; i < atoms; i++)
        z[i] = g_array_index (other->species, gint32, eqk_random_below (&random, other->species->len));
      for (guint i = 0; i < 3 * atoms; i++)
        x[i] = (float) (spread * eqk_random_normal (&random));
      eqs_samples_add (self, atoms, z, x);
    }
  return self;
}

/* ---- how far apart ---- */

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Distances of all pairs of a sample, or of each atom to its nearest, sorted. */
static GArray *
distances (const EqsSamples *self, gboolean nearest)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint s = 0; s < eqs_samples_get_n (self); s++)
    for (guint i = first_of (self, s); i < first_of (self, s + 1); i++)
      {
        double least = INFINITY;

        for (guint j = nearest ? first_of (self, s) : i + 1; j < first_of (self, s + 1); j++)
          {
            double square = 0, d;

            for (guint k = 0; k < 3; k++)
              square += pow ((double) g_array_index (self->positions, float, 3 * i + k) - (double) g_array_index (self->positions, float, 3 * j + k), 2);
            d = sqrt (square);
            if (i != j && !nearest)
              g_array_append_val (out, d);
            if (i != j)
              least = MIN (least, d);
          }
        if (nearest && isfinite (least))
          g_array_append_val (out, least);
      }
  if (out->len > 0)
    g_array_sort (out, compare);
  return out;
}

/* Area between the two distribution functions. */
static double
wasserstein (const GArray *a, const GArray *b)
{
  double sum = 0, last = 0;
  guint  i = 0, j = 0;

  if (a->len == 0 || b->len == 0)
    return NAN;
  while (i < a->len || j < b->len)
    {
      const double x = i < a->len ? g_array_index (a, double, i) : INFINITY, y = j < b->len ? g_array_index (b, double, j) : INFINITY, at = MIN (x, y);

      sum += i + j == 0 ? 0 : fabs (i / (double) a->len - j / (double) b->len) * (at - last);
      last = at;
      i += x <= at;
      j += y <= at;
    }
  return sum;
}

static double
kinds_apart (const EqsSamples *a, const EqsSamples *b)
{
  double share[2][128] = { { 0 } }, sum = 0;

  for (guint which = 0; which < 2; which++)
    {
      const GArray *species = which == 0 ? a->species : b->species;

      for (guint i = 0; i < species->len; i++)
        share[which][g_array_index (species, gint32, i) & 127] += 1.0 / species->len;
    }
  for (guint z = 0; z < 128; z++)
    sum += fabs (share[0][z] - share[1][z]) / 2;
  return sum;
}

EqsSamplesApart
eqs_samples_apart (const EqsSamples *a, const EqsSamples *b)
{
  g_autoptr (GArray) near_a = distances (a, TRUE), near_b = distances (b, TRUE), all_a = distances (a, FALSE), all_b = distances (b, FALSE);

  return (EqsSamplesApart){ wasserstein (near_a, near_b), wasserstein (all_a, all_b), kinds_apart (a, b) };
}
