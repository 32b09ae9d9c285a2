/* Kinds of atoms: atomic numbers of the data become rows of the design's tables, and travel with the weights. */

#include "services/batch-private.h"

#include "data/error.h"
#include "model/error.h"

#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Tables of the design with a row for each kind must hold all kinds that the data have. */
static gboolean
check_kinds (EqsFeeder *self, gint32 n, GError **error)
{
  for (int i = 0; i < eqk_program_n_ops (self->program); i++)
    {
      const EqkOp    *op = eqk_program_op (self->program, i);
      gboolean        reads = FALSE;
      const EqkValue *table = NULL;

      for (int k = 0; k < op->n_in; k++)
        {
          const EqkValue *value = op->in[k] < 0 ? NULL : eqk_program_value (self->program, op->in[k]);

          reads = reads || (value != NULL && value->kind == EQK_VALUE_FEED && value->index);
          if (value != NULL && value->kind == EQK_VALUE_WEIGHT && value->n_dims == 2)
            table = value;
        }
      if (reads && table != NULL && table->shape[0] < n)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design knows %d kinds of atoms (“%s”), the data have %d. “equi bind” makes the design fit."),
                       table->shape[0], table->name, n);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
eqs_feeder_map_species (EqsFeeder *self, const EqsColumn *column, GError **error)
{
  gint32 next = 0;
  guint8 seen[128] = { 0 };

  for (gsize i = 0; i < column->array->n_values; i++)
    {
      const gint64 z = eqs_array_get_int (column->array, i);

      if (z < 0 || z > 118)
        {
          g_set_error (error, EQS_DATA_ERROR, 0, _("Atom %zu has atomic number %" PRId64 "."), i, z);
          return FALSE;
        }
      seen[z] = 1;
    }
  for (int z = 0; z < 128; z++)
    self->species_map[z] = seen[z] ? next++ : -1;
  self->has_kinds = TRUE;
  return check_kinds (self, next, error);
}

void
eqs_feeder_put_species (EqsFeeder *self, EqsMap *run)
{
  double numbers[128];
  guint  n = 0;

  for (int z = 0; self->has_kinds && z < 128; z++)
    if (self->species_map[z] >= 0)
      numbers[n++] = z;
  if (self->has_kinds)
    eqs_map_set (run, "species", eqs_value_new_numbers (numbers, n));
}

/* The farthest that a point is from the centre of its sample. */
static double
extent_of (EqsFeeder *self)
{
  double farthest = 0;

  for (guint i = 0; i < eqs_split_get_n (self->split); i++)
    {
      const guint       n = (guint) eqs_split_get_n_nodes (self->split, i);
      g_autofree float *x = g_new (float, 3 * n + 1);
      double            mean[3] = { 0 };

      eqs_split_copy (self->split, self->mix->positions, &i, 1, x);
      for (guint k = 0; k < 3 * n; k++)
        mean[k % 3] += (double) x[k] / n;
      for (guint k = 0; k < n; k++)
        farthest = MAX (farthest, hypot (hypot ((double) x[3 * k] - mean[0], (double) x[3 * k + 1] - mean[1]), (double) x[3 * k + 2] - mean[2]));
    }
  return farthest;
}

void
eqs_feeder_put_sizes (EqsFeeder *self, EqsMap *run)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, TRUE, sizeof (double));

  if (self->mix == NULL)
    return;
  for (guint i = 0; i < eqs_split_get_n (self->split); i++)
    {
      const guint n = (guint) eqs_split_get_n_nodes (self->split, i);

      if (counts->len <= n)
        g_array_set_size (counts, n + 1);
      g_array_index (counts, double, n)++;
    }
  eqs_map_set (run, "sizes", eqs_value_new_numbers ((double *) counts->data, counts->len));
  eqs_map_set (run, "extent", eqs_value_new_number (extent_of (self)));
}

/* The column of atomic numbers that kinds are made of; NULL. */
static const EqsColumn *
kinds_column (EqsFeeder *self)
{
  if (self->mix != NULL)
    return self->mix->species;
  for (guint i = 0; i < self->inputs->len; i++)
    if (eqk_program_value (self->program, g_array_index (self->inputs, Input, i).value)->index)
      return g_array_index (self->inputs, Input, i).column;
  return NULL;
}

gboolean
eqs_feeder_take_species (EqsFeeder *self, const EqsMap *run, GError **error)
{
  const EqsColumn *column = kinds_column (self);
  EqsValue *list = eqs_map_get (run, "species");
  gint32    map[128];
  const guint n = list == NULL || !eqs_value_is_numbers (list) ? 0 : eqs_value_get_length (list);

  if (n == 0)
    return TRUE;
  memset (map, 0xff, sizeof map);
  for (guint k = 0; k < n; k++)
    {
      const double z = eqs_value_get_number (eqs_value_get_item (list, k));

      if (z >= 0 && z < 128)
        map[(int) z] = (gint32) k;
    }
  for (gsize a = 0; column != NULL && a < column->array->n_values; a++)
    {
      const gint64 z = eqs_array_get_int (column->array, a);

      if (z < 0 || z >= 128 || map[z] < 0)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("The data have atoms with number %" PRId64 ", which the network was not trained with."), z);
          return FALSE;
        }
    }
  if (!check_kinds (self, (gint32) n, error))
    return FALSE;
  memcpy (self->species_map, map, sizeof map);
  return TRUE;
}

const gint32 *
eqs_feeder_get_species_map (EqsFeeder *self)
{
  return self->species_map;
}
