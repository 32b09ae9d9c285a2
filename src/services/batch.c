/* Batches: samples of a split become feeds of a run and targets, turned where asked, with noise where the design learns that. */

#include "services/batch-private.h"

#include "data/error.h"
#include "model/error.h"
#include "services/turn.h"

#include "eqk/graph.h"
#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
eqs_transform_find (const char *name, EqsTransform *transform)
{
  static const char *const names[] = { "none", "quarter", "group", "random" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *transform = (EqsTransform) i;
        return TRUE;
      }
  return FALSE;
}

EqsFeeder *
eqs_feeder_new (const EqkProgram *program, EqsSplit *split, gboolean targets, GError **error)
{
  g_autoptr (EqsFeeder) self = g_new0 (EqsFeeder, 1);

  self->program = program;
  self->split = eqs_split_ref (split);
  self->ragged = eqs_split_is_ragged (split);
  self->inputs = g_array_new (FALSE, TRUE, sizeof (Input));
  return eqs_feeder_match (self, targets, error) ? g_steal_pointer (&self) : NULL;
}

void
eqs_feeder_free (EqsFeeder *self)
{
  for (guint i = 0; i < self->n_outputs; i++)
    g_free (self->outputs[i].values);
  g_free (self->outputs);
  g_free (self->buffer);
  g_free (self->order);
  g_free (self->ends);
  for (int k = 0; self->mix != NULL && k < N_MIXED; k++)
    g_free (self->mix->rows[k]);
  g_free (self->mix);
  g_array_unref (self->inputs);
  eqs_split_unref (self->split);
  g_free (self);
}

EqkSizes
eqs_feeder_get_capacity (EqsFeeder *self, guint batch)
{
  EqkSizes sizes = { (int) batch, 0, 0, 0 };
  gsize    most = 0, most_edges = self->most_edges;

  for (guint i = 0; self->ragged && i < eqs_split_get_n (self->split); i++)
    {
      most = MAX (most, eqs_split_get_n_nodes (self->split, i));
      most_edges = MAX (most_edges, eqs_split_get_n_edges (self->split, i));
    }
  sizes.nodes = most * batch;
  sizes.edges = most_edges * batch;
  sizes.pairs = most * most * batch;
  return sizes;
}

guint
eqs_feeder_get_n_targets (EqsFeeder *self)
{
  return self->n_outputs;
}

EqsTarget *
eqs_feeder_get_target (EqsFeeder *self, guint output)
{
  return &self->outputs[output].target;
}

void
eqs_feeder_read_losses (EqsFeeder *self, const EqsMap *training)
{
  for (guint i = 0; i < self->n_outputs; i++)
    {
      EqsTarget       *target = &self->outputs[i].target;
      g_autofree char *key = g_strconcat ("weight_", target->name, NULL);

      target->weight = eqs_map_get_number (training, key, 1);
      if (target->n_classes > 0)
        continue;
      if (!eqk_loss_find (eqs_map_get_string (training, "loss", "mse"), &target->loss) || target->loss == EQK_LOSS_CROSS_ENTROPY)
        target->loss = EQK_LOSS_MSE;
    }
}

const void *
eqs_feeder_get_values (EqsFeeder *self, guint output)
{
  return self->outputs[output].values;
}

/* ---- filling ---- */

static float *
buffer (EqsFeeder *self, gsize n)
{
  if (n > self->buffer_room)
    {
      self->buffer = g_renew (float, self->buffer, n);
      self->buffer_room = n;
    }
  return self->buffer;
}

static void
store_floats (EqkRun *run, void *to, const float *from, gsize n)
{
  if (run->precision == EQK_F32)
    memcpy (to, from, n * sizeof *from);
  else
    for (gsize i = 0; i < n; i++)
      ((double *) to)[i] = from[i];
}

typedef struct
{
  EqsTransform    transform;
  const EqkGroup *group;
  guint64         seed;
  guint           step;
} How;

/* Rows of the column are pictures: [rows][columns][channels]. */
static gboolean
holds_pictures (const EqsColumn *column, const EqkPortType *type)
{
  return column != NULL && column->role == EQS_ROLE_INPUT && column->n_dims == 3 && column->dims[0] > 1 && column->dims[1] > 1 && type != NULL && eqk_rep_is_trivial (type->rep);
}

/* Every picture of a sample by itself. */
static void
jitter_sample (const EqsColumn *column, const float *from, float *to, gsize pictures, guint sample, const How *how)
{
  for (gsize i = 0; i < pictures; i++)
    eqs_jitter_image (how->seed, how->step, sample, (guint32) i, from + i * column->n_values, to + i * column->n_values, (int) column->dims[0], (int) column->dims[1], (int) column->dims[2]);
}

/* Sample by sample through its turn. given (nullable): the rows, in place of the column's. */
static gboolean
fill_floats (EqsFeeder *self, EqkRun *run, const EqsColumn *column, const float *given, const EqkPortType *type, const guint *samples, guint n, const How *how,
             void *to, GError **error)
{
  const gsize rows = eqs_split_count (self->split, column, samples, n), per = column->n_values;
  float      *raw = buffer (self, rows * per * 2), *turned = raw + rows * per;
  gsize       at = 0;

  if (given != NULL)
    memcpy (raw, given, rows * per * sizeof *raw);
  else
    eqs_split_copy (self->split, column, samples, n, raw);
  if (type == NULL || how->transform == EQS_TRANSFORM_NONE || (how->transform == EQS_TRANSFORM_JITTER && !holds_pictures (column, type)))
    {
      store_floats (run, to, raw, rows * per);
      return TRUE;
    }
  for (guint k = 0; k < n; k++)
    {
      const gsize count = eqs_split_count (self->split, column, &samples[k], 1);
      EqsSampleTurn turn;

      if (how->transform == EQS_TRANSFORM_JITTER)
        {
          jitter_sample (column, raw + at * per, turned + at * per, count, samples[k], how);
          at += count;
          continue;
        }
      turn = eqs_sample_turn_of (how->transform, how->group, how->seed, how->step, samples[k]);
      if (!eqs_sample_turn_rows (&turn, column, type, raw + at * per, turned + at * per, count, error))
        return FALSE;
      at += count;
    }
  store_floats (run, to, turned, rows * per);
  return TRUE;
}

/* Rows of edges as they stand in the run: sorted by target, then source. */
static void
sort_rows (EqsFeeder *self, void *rows, gsize n, gsize row_bytes)
{
  g_autofree char *copy = g_memdup2 (rows, n * row_bytes);

  for (gsize e = 0; e < n; e++)
    memcpy ((char *) rows + e * row_bytes, copy + self->order[e] * row_bytes, row_bytes);
}

/* The edges of the batch, with ends as nodes of the batch. */
static gboolean
fill_links (EqsFeeder *self, EqkRun *run, const guint *samples, guint n, GError **error)
{
  const gsize        n_edges = eqs_split_count (self->split, self->links, samples, n);
  g_autofree gint32 *pairs = g_new (gint32, 2 * n_edges + 1);
  EqkDiag            diag = EQK_DIAG_INIT;
  gsize              at = 0;
  gint32             first = 0;

  if (n_edges > self->edges_room || self->order == NULL)
    {
      self->edges_room = n_edges;
      self->order = g_renew (guint32, self->order, n_edges + 1);
      self->ends = g_renew (gint32, self->ends, 2 * n_edges + 1);
    }
  eqs_split_copy_int (self->split, self->links, samples, n, pairs);
  for (guint k = 0; k < n; k++)
    {
      const gint32 nodes = (gint32) eqs_split_get_n_nodes (self->split, samples[k]);

      for (gsize e = 0; e < eqs_split_get_n_edges (self->split, samples[k]); e++, at++)
        for (guint end = 0; end < 2; end++)
          {
            if (pairs[2 * at + end] < 0 || pairs[2 * at + end] >= nodes)
              {
                g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                             /* Translators: a column, a sample, a number, a count */
                             _("“%s” of sample %u (counted from 0) names node %d, but there are %d nodes, counted from 0."), self->links->name,
                             eqs_split_get_row (self->split, samples[k]), pairs[2 * at + end], nodes);
                return FALSE;
              }
            self->ends[end * n_edges + at] = first + pairs[2 * at + end];
          }
      first += nodes;
    }
  if (eqk_run_set_edges (run, self->ends, self->ends + n_edges, n_edges, self->order, &diag) == EQK_OK)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, "%s", diag.what);
  return FALSE;
}

const guint32 *
eqs_feeder_get_edge_order (EqsFeeder *self)
{
  return self->links == NULL ? NULL : self->order;
}

gboolean
eqs_feeder_can_jitter (EqsFeeder *self)
{
  gboolean pictures = FALSE;

  for (guint i = 0; i < self->inputs->len; i++)
    pictures = pictures || holds_pictures (g_array_index (self->inputs, Input, i).column, g_array_index (self->inputs, Input, i).type);
  for (guint i = 0; i < self->n_outputs; i++)
    pictures = pictures && (self->outputs[i].output == NULL || self->outputs[i].output->type.space.kind != EQK_SPACE_GRID);
  return pictures;
}

static gboolean
fill_input (EqsFeeder *self, EqkRun *run, const Input *input, const guint *samples, guint n, const How *how, GError **error)
{
  gint32 *species;
  gsize   rows;

  if (!eqk_program_value (self->program, input->value)->index)
    {
      const int mixed = eqs_feeder_mixed_feed (self, input->value);

      if (!fill_floats (self, run, input->column, mixed < 0 ? NULL : self->mix->rows[mixed], input->type, samples, n, how, eqk_run_feed (run, input->value), error))
        return FALSE;
      if (input->column->kind == EQS_COLUMN_PER_EDGE && self->links != NULL)
        sort_rows (self, eqk_run_feed (run, input->value), run->sizes.edges, input->column->n_values * (gsize) run->precision / 8);
      return TRUE;
    }
  species = eqk_run_feed (run, input->value);
  if (input->column == NULL)
    {
      memset (species, 0, eqk_run_rows (run, input->value) * sizeof *species);
      return TRUE;
    }
  rows = eqs_split_count (self->split, input->column, samples, n);
  eqs_split_copy_int (self->split, input->column, samples, n, species);
  for (gsize i = 0; i < rows; i++)
    species[i] = species[i] < 0 || species[i] > 118 ? 0 : self->species_map[species[i]];
  return TRUE;
}

/* Of the matrix in the file to the numbers that turn apart from each other, then through its turn. */
static gboolean
fill_stress (EqsFeeder *self, EqkRun *run, Output *out, const guint *samples, guint n, const How *how, GError **error)
{
  static const guint8 voigt[9] = { 0, 5, 4, 5, 1, 3, 4, 3, 2 };
  const gsize         width = out->column->n_values, size = (gsize) run->precision / 8;
  g_autofree double  *raw = g_new (double, n * width + 1);
  float              *rows = buffer (self, (gsize) n * 6);

  eqs_split_copy_double (self->split, out->column, samples, n, raw);
  if (6 * n * size > out->room)
    {
      out->room = 6 * n * size;
      out->values = g_realloc (out->values, out->room);
    }
  for (guint k = 0; k < n; k++)
    {
      double matrix[9], irreps[6];

      for (guint i = 0; i < 9; i++)
        matrix[i] = raw[k * width + (width == 9 ? i : voigt[i])] * (double) out->column->scale;
      eqk_stress_to_irreps (matrix, irreps);
      for (guint i = 0; i < 6; i++)
        rows[6 * k + i] = (float) irreps[i];
      if (how->transform != EQS_TRANSFORM_NONE && how->transform != EQS_TRANSFORM_JITTER)
        {
          const EqsSampleTurn turn = eqs_sample_turn_of (how->transform, how->group, how->seed, how->step, samples[k]);

          if (!eqs_sample_turn_channels (&turn, out->output->type.rep, rows + 6 * k, 1, error))
            return FALSE;
        }
    }
  store_floats (run, out->values, rows, 6 * (gsize) n);
  return TRUE;
}

static gboolean
fill_target (EqsFeeder *self, EqkRun *run, Output *out, const guint *samples, guint n, const How *how, GError **error)
{
  const gsize rows = eqs_split_count (self->split, out->column, samples, n), count = rows * out->column->n_values;
  const gsize size = out->labels ? sizeof (gint32) : (gsize) run->precision / 8;

  if (count * size > out->room)
    {
      out->room = count * size;
      out->values = g_realloc (out->values, out->room);
    }
  if (out->output->type.kind == EQK_KIND_STRESS)
    return fill_stress (self, run, out, samples, n, how, error);
  if (!out->labels)
    {
      if (out->output->type.kind == EQK_KIND_ENERGY && run->precision == EQK_F64)   /* a scalar: it does not turn */
        {
          eqs_split_copy_double (self->split, out->column, samples, n, out->values);
          return TRUE;
        }
      const int mixed = eqs_feeder_mixed_output (self, (guint) (out - self->outputs));

      if (!fill_floats (self, run, out->column, mixed < 0 ? NULL : self->mix->rows[mixed], &out->output->type, samples, n, how, out->values, error))
        return FALSE;
      if (out->column->kind == EQS_COLUMN_PER_EDGE && self->links != NULL)
        sort_rows (self, out->values, rows, out->column->n_values * size);
      return TRUE;
    }
  eqs_split_copy_int (self->split, out->column, samples, n, out->values);
  if (out->column->kind == EQS_COLUMN_PER_EDGE && self->links != NULL)
    sort_rows (self, out->values, rows, out->column->n_values * size);
  if (out->target.per_pixel && how->transform != EQS_TRANSFORM_NONE)
    {
      const int          h = out->output->type.space.h, w = out->output->type.space.w;
      g_autofree gint32 *copy = g_memdup2 (out->values, count * sizeof (gint32));

      for (guint k = 0; k < n; k++)
        {
          const EqsSampleTurn turn = eqs_sample_turn_of (how->transform, how->group, how->seed, how->step, samples[k]);

          eqs_sample_turn_labels (&turn, copy + k * out->column->n_values, (gint32 *) out->values + k * out->column->n_values, h, w);
        }
    }
  return TRUE;
}

/* Sample after sample: data become data with noise, and the noise becomes what is to be told. */
static void
mix_batch (EqsFeeder *self, const guint *samples, guint n, guint64 seed, guint step)
{
  Mix              *mix = self->mix;
  const gsize       rows = eqs_split_count (self->split, mix->positions, samples, n);
  g_autofree float *positions = g_new (float, 3 * rows + 1);
  g_autofree gint32 *kinds = g_new (gint32, rows + 1);
  gsize             at = 0;

  if (rows > mix->room)
    {
      mix->room = rows;
      for (int k = 0; k < N_MIXED; k++)
        mix->rows[k] = g_renew (float, mix->rows[k], rows * mix->columns[k].n_values);
    }
  eqs_split_copy (self->split, mix->positions, samples, n, positions);
  eqs_split_copy_int (self->split, mix->species, samples, n, kinds);
  for (gsize i = 0; i < rows; i++)
    kinds[i] = kinds[i] < 0 || kinds[i] > 118 ? 0 : self->species_map[kinds[i]];
  for (guint k = 0; k < n; k++)
    {
      const guint nodes = (guint) eqs_split_get_n_nodes (self->split, samples[k]), width = mix->noise.n_kinds;

      eqs_noise_mix (&mix->noise, seed, step, samples[k], nodes, positions + 3 * at, kinds + at, mix->rows[MIX_POSITIONS] + 3 * at, mix->rows[MIX_TYPES] + width * at,
                     mix->rows[MIX_TIME] + at, mix->rows[MIX_NOISE] + 3 * at, mix->rows[MIX_TYPE_NOISE] + width * at);
      at += nodes;
    }
}

gboolean
eqs_feeder_fill (EqsFeeder *self, EqkRun *run, const guint *samples, guint n, EqsTransform transform, const EqkGroup *group, guint64 seed,
                 guint step, GError **error)
{
  const How how = { transform, group, seed, step };
  EqkDiag   diag = EQK_DIAG_INIT;
  EqkSizes  sizes = { (int) n, 0, 0, 0 };

  if (eqk_run_set_sizes (run, &sizes, &diag) != EQK_OK)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, "%s", diag.what);
      return FALSE;
    }
  if (self->ragged)
    {
      g_autofree gint32 *nodes = g_new (gint32, n);
      EqkStatus          status;

      for (guint k = 0; k < n; k++)
        nodes[k] = (gint32) eqs_split_get_n_nodes (self->split, samples[k]);
      status = eqk_run_set_nodes (run, nodes, (int) n, &diag);
      if (status != EQK_OK)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, "%s", diag.what);
          return FALSE;
        }
    }
  if (self->links != NULL && !fill_links (self, run, samples, n, error))
    return FALSE;
  if (self->mix != NULL)
    mix_batch (self, samples, n, seed, step);
  for (guint i = 0; i < self->inputs->len; i++)
    if (!fill_input (self, run, &g_array_index (self->inputs, Input, i), samples, n, &how, error))
      return FALSE;
  if (self->ragged && eqk_run_build_structures (run, &diag) != EQK_OK)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, "%s", diag.what);
      return FALSE;
    }
  for (guint i = 0; i < self->n_outputs; i++)
    if (!fill_target (self, run, &self->outputs[i], samples, n, &how, error))
      return FALSE;
  return TRUE;
}
