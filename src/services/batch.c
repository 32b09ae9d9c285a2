/* From columns to feeds and targets, with transforms; losses and metrics of outputs. */

#include "services/batch.h"

#include "data/error.h"
#include "model/error.h"
#include "services/neighbour-count.h"
#include "services/noise.h"
#include "services/turn.h"

#include "eqk/graph.h"
#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct
{
  int              value;       /* of the program */
  const EqsColumn *column;      /* NULL: kinds of points where the data tell none, all alike */
  const EqkPortType *type;
  gint32          *species;     /* map from atomic number to index; NULL otherwise */
} Input;

/* What noise makes of a batch: the columns have no data of their own. */
enum { MIX_POSITIONS, MIX_TYPES, MIX_TIME, MIX_NOISE, MIX_TYPE_NOISE, N_MIXED };
typedef struct
{
  EqsNoise         noise;
  const EqsColumn *positions, *species;
  EqsColumn        columns[N_MIXED];
  float           *rows[N_MIXED];
  gsize            room;          /* rows */
} Mix;

typedef struct
{
  EqsTarget        target;
  const EqkProgramOutput *output;
  const EqsColumn *column;      /* NULL: nothing to compare with */
  gboolean         labels;
  void            *values;      /* of the present batch */
  gsize            room;
} Output;

struct _EqsFeeder
{
  const EqkProgram *program;
  EqsSplit         *split;
  GArray           *inputs;     /* of Input */
  Output           *outputs;
  guint             n_outputs;
  gboolean          ragged;
  const EqsColumn  *links;      /* (nullable) ends of the edges that come with the data */
  guint32          *order;      /* of the edges of the present batch: which stands where */
  gint32           *ends;       /* the same edges as they came: all sources, then all targets */
  gsize             edges_room, most_edges;   /* most_edges: of a sample, by the design's rule; 0 where edges come with the data */
  float            *buffer;
  gsize             buffer_room;
  gint32            species_map[128];
  gboolean          has_kinds;  /* species_map is settled by data */
  Mix              *mix;        /* owned (nullable) */
};

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

/* ---- matching columns with feeds and outputs ---- */

static gboolean
check_extents (const EqkValue *value, const EqsColumn *column, const char *what, GError **error)
{
  const guint64 h = column->n_dims > 0 ? column->dims[0] : 1, w = column->n_dims > 1 ? column->dims[1] : 1;
  const guint64 c = column->n_dims > 2 ? column->dims[2] : 1;

  if (value->space.kind == EQK_SPACE_GRID && ((guint64) value->space.h != h || (guint64) value->space.w != w || (guint64) value->width != c))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                   _("%s of the design is %d×%d with %d channels, the data's “%s” is %" PRIu64 "×%" PRIu64 " with %" PRIu64
                     ". “equi bind” makes the design fit."), what, value->space.h, value->space.w, value->width, column->name, h, w, c);
      return FALSE;
    }
  if (value->space.kind != EQK_SPACE_GRID && (gsize) value->width != column->n_values)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s of the design has %d numbers, the data's “%s” has %zu. “equi bind” makes the design fit."),
                   what, value->width, column->name, column->n_values);
      return FALSE;
    }
  return TRUE;
}

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

/* Atomic numbers become 0, 1, … in ascending order of those in the split's file. */
static gboolean
map_species (EqsFeeder *self, const EqsColumn *column, GError **error)
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

static gboolean
match_links (EqsFeeder *self, GError **error)
{
  if (eqk_program_n_structures (self->program) == 0 || !eqk_program_structure (self->program, 0)->given)
    return TRUE;
  self->links = eqs_split_find_links (self->split);
  if (self->links != NULL)
    return TRUE;
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design reads edges between nodes, which the data do not have."));
  return FALSE;
}

/* Places are plain numbers only where nothing is said of turns. */
static const EqsColumn *
find_rows (EqsSplit *split, const EqkValue *value, const EqkPortType *type)
{
  const EqkSpaceKind space = value->space.kind;
  const EqsColumn   *rows = space == EQK_SPACE_NODES   ? eqs_split_find_rows (split, EQS_COLUMN_PER_NODE)
                            : space == EQK_SPACE_EDGES ? eqs_split_find_rows (split, EQS_COLUMN_PER_EDGE) : NULL;

  if (rows != NULL && rows->values == EQS_VALUES_POSITION && (type == NULL || !eqk_group_is_finite (type->symmetry.group) || eqk_group_get_order (type->symmetry.group) > 1))
    return NULL;
  return rows;
}

static void
name_mixed (Mix *mix, int which, char *name, guint width)
{
  mix->columns[which] = (EqsColumn){ .name = name, .kind = EQS_COLUMN_PER_NODE, .values = EQS_VALUES_FEATURE, .n_dims = 1, .dims = { width }, .n_values = width, .scale = 1 };
}

/* A design that learns what noise is: its answers are made here. */
static gboolean
match_noise (EqsFeeder *self, GError **error)
{
  EqsNoise noise;

  if (!eqs_noise_find (self->program, &noise))
    return TRUE;
  self->mix = g_new0 (Mix, 1);
  self->mix->noise = noise;
  self->mix->positions = eqs_split_find (self->split, "positions");
  self->mix->species = eqs_split_find (self->split, "species");
  if (self->mix->positions == NULL || self->mix->positions->kind != EQS_COLUMN_PER_NODE || self->mix->positions->n_values != 3 || self->mix->species == NULL)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design makes molecules, and the data have no “positions” and “species” of atoms to learn from."));
      return FALSE;
    }
  if (!map_species (self, self->mix->species, error))
    return FALSE;
  for (int z = 0; z < 128; z++)
    if (self->species_map[z] >= (gint32) noise.n_kinds)
      {
        g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design makes %u kinds of atoms, the data have more. “equi bind” makes the design fit."), noise.n_kinds);
        return FALSE;
      }
  name_mixed (self->mix, MIX_POSITIONS, "positions", 3);
  name_mixed (self->mix, MIX_TYPES, "types", noise.n_kinds);
  name_mixed (self->mix, MIX_TIME, "time", 1);
  name_mixed (self->mix, MIX_NOISE, "noise", 3);
  name_mixed (self->mix, MIX_TYPE_NOISE, "types", noise.n_kinds);
  return TRUE;
}

/* Which of the mixed columns a feed or an output takes; -1. */
static int
mixed_feed (const EqsFeeder *self, int v)
{
  const EqsNoise *noise = self->mix == NULL ? NULL : &self->mix->noise;

  return noise == NULL ? -1 : v == noise->positions ? MIX_POSITIONS : v == noise->types ? MIX_TYPES : v == noise->time ? MIX_TIME : -1;
}

static int
mixed_output (const EqsFeeder *self, guint i)
{
  const EqsNoise *noise = self->mix == NULL ? NULL : &self->mix->noise;

  return noise == NULL ? -1 : (int) i == noise->noise ? MIX_NOISE : (int) i == noise->kinds ? MIX_TYPE_NOISE : -1;
}

static gboolean
match_input (EqsFeeder *self, int v, GError **error)
{
  const EqkValue *value = eqk_program_value (self->program, v);
  Input           input = { .value = v, .type = eqk_program_value_type (self->program, v) };

  if (mixed_feed (self, v) >= 0)
    {
      input.column = &self->mix->columns[mixed_feed (self, v)];
      g_array_append_val (self->inputs, input);
      return TRUE;
    }
  input.column = eqs_split_find (self->split, value->name);
  if (input.column == NULL && !self->ragged)
    input.column = eqs_split_find_input (self->split);
  if (input.column == NULL && value->index && self->ragged)
    {
      self->species_map[0] = 0;   /* points without kinds: all of one */
      g_array_append_val (self->inputs, input);
      return TRUE;
    }
  if (input.column == NULL && !value->index)
    input.column = find_rows (self->split, value, input.type);
  if (input.column == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design reads “%s”, which the data do not have."), value->name);
      return FALSE;
    }
  if (value->index && !map_species (self, input.column, error))
    return FALSE;
  if (!value->index && !check_extents (value, input.column, _("The input"), error))
    return FALSE;
  g_array_append_val (self->inputs, input);
  return TRUE;
}

/* Whether the rows of a column are those of an output. */
static gboolean
has_rows_of (const EqsColumn *column, const EqkPortType *type)
{
  switch (type->space.kind)
    {
    case EQK_SPACE_NODES: return column->kind == EQS_COLUMN_PER_NODE;
    case EQK_SPACE_EDGES: return column->kind == EQS_COLUMN_PER_EDGE;
    case EQK_SPACE_GRID:  return column->kind == EQS_COLUMN_FIXED && column->n_values > 1;
    default:              return column->kind == EQS_COLUMN_FIXED && (column->values != EQS_VALUES_LABEL || column->n_values == 1);
    }
}

/* The target that is called as the result's node is, where there is one; else the first of that kind. */
static const EqsColumn *
find_target (EqsFeeder *self, const EqkProgramOutput *output, EqsValues values)
{
  const EqsColumn *first = NULL;

  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self->split, i);

      if (column->role != EQS_ROLE_TARGET || column->values != values || !has_rows_of (column, &output->type))
        continue;
      if (strcmp (column->name, output->node) == 0)
        return column;
      first = first == NULL ? column : first;
    }
  return first;
}

static const EqsColumn *
column_for (EqsFeeder *self, const EqkProgramOutput *output)
{
  switch (output->type.kind)
    {
    case EQK_KIND_LOGITS:
      return find_target (self, output, EQS_VALUES_LABEL);
    case EQK_KIND_ENERGY:
      return eqs_split_find (self->split, "energy");
    case EQK_KIND_FORCE:
      return eqs_split_find (self->split, "forces");
    case EQK_KIND_STRESS:
      return eqs_split_find (self->split, "stress");
    case EQK_KIND_POSITION:
      return find_target (self, output, EQS_VALUES_POSITION);
    default:
      return find_target (self, output, EQS_VALUES_FEATURE);
    }
}

/* One symmetric tensor for each row: a scalar and an irrep of degree 2, both even. */
static gboolean
is_tensor (const EqkPortType *type)
{
  const EqkRep *rep = type->rep, *tensor = NULL;

  return type->kind == EQK_KIND_STRESS ||
         (type->kind == EQK_KIND_FEATURE && eqk_group_get_space_dim (type->symmetry.group) == 3 && eqk_rep_get_dim (rep) == 6 &&
          eqk_rep_parse (type->symmetry.group, eqk_group_is_connected (type->symmetry.group) ? "1x0 + 1x2" : "1x0e + 1x2e", &tensor, NULL) == EQK_OK && rep == tensor);
}

/* A matrix, or its six different numbers. */
static gboolean
check_stress (const EqsColumn *column, GError **error)
{
  if (column->n_values == 9 || column->n_values == 6)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
               _("“%s” has %zu numbers; a stress has nine (row by row) or six (xx yy zz yz xz xy)."), column->name, column->n_values);
  return FALSE;
}

/* It may be there under another name. */
static void
refuse_output (EqsFeeder *self, const char *name, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    if (eqs_split_get_column (self->split, i)->role != EQS_ROLE_INPUT)
      g_string_append_printf (names, "%s%s", names->len == 0 ? "" : ", ", eqs_split_get_column (self->split, i)->name);
  if (names->len == 0)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_UNMATCHED, _("The design gives “%s”, and the data have nothing to compare it with."), name);
  else
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_UNMATCHED,
                 /* Translators: a result, a list of columns, the result again */
                 _("The design gives “%s”, and the data have nothing to compare it with; they have: %s. If one of them is it: --column %s=…"), name, names->str, name);
}

static gboolean
match_output (EqsFeeder *self, guint i, GError **error)
{
  Output         *out = &self->outputs[i];
  const EqkValue *value;

  out->output = eqk_program_output (self->program, (int) i);
  value = eqk_program_value (self->program, out->output->value);
  out->column = mixed_output (self, i) >= 0 ? &self->mix->columns[mixed_output (self, i)] : column_for (self, out->output);
  out->labels = out->output->type.kind == EQK_KIND_LOGITS;
  out->target = (EqsTarget){ .name = out->output->name, .loss = out->labels ? EQK_LOSS_CROSS_ENTROPY : EQK_LOSS_MSE, .weight = 1, .scale = 1 };
  if (out->column == NULL)
    {
      refuse_output (self, out->output->name, error);
      return FALSE;
    }
  out->target.unit = out->column->unit;
  out->target.is_stress = out->output->type.kind == EQK_KIND_STRESS;
  out->target.is_tensor = is_tensor (&out->output->type);
  out->target.is_noise = mixed_output (self, i) >= 0;
  out->target.is_pose = out->output->type.kind == EQK_KIND_POSE && value->width == 9 && value->space.kind == EQK_SPACE_SAMPLE;
  out->target.pairs = out->target.is_pose && out->column->pairs;
  if (out->output->type.kind == EQK_KIND_STRESS)
    return check_stress (out->column, error);
  if (!out->labels)
    return out->output->type.kind == EQK_KIND_ENERGY || check_extents (value, out->column, _("The output"), error);
  out->target.n_classes = (guint) value->width;
  out->target.class_names = (const char *const *) out->column->class_names;
  out->target.per_pixel = value->space.kind == EQK_SPACE_GRID;
  if (out->column->n_classes != (guint) value->width)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design tells %d classes apart, the data have %u. “equi bind” makes the design fit."),
                   value->width, out->column->n_classes);
      return FALSE;
    }
  if (out->target.per_pixel && ((guint64) value->space.h != out->column->dims[0] || (guint64) value->space.w != out->column->dims[1]))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design's classes are on a %d×%d grid, the data's on another."), value->space.h, value->space.w);
      return FALSE;
    }
  return TRUE;
}

static gboolean
count_rule_edges (EqsFeeder *self, GError **error)
{
  if (!self->ragged || self->links != NULL)
    return TRUE;
  if (eqk_program_n_structures (self->program) > 0)
    return eqs_count_most_edges (self->program, self->split, &self->most_edges, error);
  for (guint i = 0; i < eqs_split_get_n (self->split); i++)      /* room as ever, for programs that have pairs of their own */
    {
      const gsize n = eqs_split_get_n_nodes (self->split, i);

      self->most_edges = MAX (self->most_edges, n * (n > 0 ? n - 1 : 0));
    }
  return TRUE;
}

EqsFeeder *
eqs_feeder_new (const EqkProgram *program, EqsSplit *split, gboolean targets, GError **error)
{
  g_autoptr (EqsFeeder) self = g_new0 (EqsFeeder, 1);

  self->program = program;
  self->split = eqs_split_ref (split);
  self->ragged = eqs_split_is_ragged (split);
  self->inputs = g_array_new (FALSE, TRUE, sizeof (Input));
  if (!match_noise (self, error))
    return NULL;
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_FEED && !match_input (self, v, error))
      return NULL;
  if (!match_links (self, error) || !count_rule_edges (self, error))
    return NULL;
  if (!targets)
    return g_steal_pointer (&self);
  self->n_outputs = (guint) eqk_program_n_outputs (program);
  self->outputs = g_new0 (Output, self->n_outputs);
  for (guint i = 0; i < self->n_outputs; i++)
    if (!match_output (self, i, error))
      return NULL;
  return g_steal_pointer (&self);
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

const gint32 *
eqs_feeder_get_species_map (EqsFeeder *self)
{
  return self->species_map;
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

/* ---- transforms of images ---- */

typedef struct
{
  double          inverse[4];      /* of the element's action on the plane */
  const EqkGroup *group;
  EqkElement      g;
  gboolean        identity;
} Turn;

/* The group that the transform draws from: that of the design, or all rotations (and mirrors) of the plane. In space the group is all of them. */
static const EqkGroup *
group_of (EqsTransform transform, const EqkGroup *group)
{
  if (eqk_group_get_space_dim (group) == 3)
    return group;
  if (transform == EQS_TRANSFORM_RANDOM)
    return eqk_group_get (eqk_group_has_mirror (group) ? "O2" : "SO2");
  return transform == EQS_TRANSFORM_QUARTER ? eqk_group_get ("C4") : group;
}

/* Quarter turns go evenly by the number of the sample; in space they are about z. */
static EqkElement
quarter_turn (const EqkGroup *group, guint sample)
{
  EqkElement g;

  if (eqk_group_get_space_dim (group) != 3)
    return eqk_group_element (group, (int) (sample % 4));
  g = eqk_group_identity (group);
  g.q[0] = cos ((sample % 4) * G_PI / 4);
  g.q[3] = sin ((sample % 4) * G_PI / 4);
  return g;
}

static Turn
turn_of (EqsTransform transform, const EqkGroup *group, guint64 seed, guint step, guint sample)
{
  Turn   turn = { .identity = transform == EQS_TRANSFORM_NONE };
  double m[9];

  if (turn.identity)
    return turn;
  turn.group = group_of (transform, group);
  turn.g = transform == EQS_TRANSFORM_QUARTER ? quarter_turn (turn.group, sample) : eqk_group_sample (turn.group, seed, ((guint64) step << 32) | sample);
  if (eqk_group_get_space_dim (turn.group) != 2)
    {
      turn.inverse[0] = turn.inverse[3] = 1;   /* pixels stay where they are */
      return turn;
    }
  eqk_group_action (turn.group, &turn.g, m);
  turn.inverse[0] = m[0];   /* orthogonal: the inverse is the transpose */
  turn.inverse[1] = m[2];
  turn.inverse[2] = m[1];
  turn.inverse[3] = m[3];
  return turn;
}

static void
turn_labels (const Turn *turn, const gint32 *from, gint32 *to, int h, int w)
{
  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++)
      {
        double row, column;

        eqs_turn_source (turn->inverse, h, w, i, j, &row, &column);
        const int r = (int) lround (row), q = (int) lround (column);

        to[i * w + j] = r >= 0 && r < h && q >= 0 && q < w ? from[r * w + q] : 0;
      }
}

/* How rows of a column turn: as the data say, for the group that is drawn from; else as the design takes them. */
static const EqkRep *
rep_of (const Turn *turn, const EqsColumn *column, const EqkPortType *type)
{
  const EqkRep *rep = NULL;

  if (column->representation != NULL && eqk_group_get_space_dim (turn->group) == 2 &&
      eqk_rep_parse (turn->group, column->representation, &rep, NULL) == EQK_OK && (gsize) eqk_rep_get_dim (rep) <= column->n_values)
    return rep;
  return type->rep;
}

/* Numbers that are no scalars turn along, whatever they sit on. */
static gboolean
turn_channels (const Turn *turn, const EqkRep *rep, float *values, gsize rows, GError **error)
{
  g_autofree float *copy = NULL;
  EqkElement        g = turn->g;
  const gsize       c = (gsize) eqk_rep_get_dim (rep);

  if (eqk_rep_is_trivial (rep))
    return TRUE;
  if (turn->group != eqk_rep_get_group (rep) && !eqk_group_embed (eqk_rep_get_group (rep), turn->group, &turn->g, &g))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("Channels of type %s cannot be turned by any angle; use the group's own elements."), eqk_rep_get_text (rep));
      return FALSE;
    }
  copy = g_memdup2 (values, rows * c * sizeof *values);
  eqk_rep_apply_f32 (rep, &g, copy, values, rows);
  return TRUE;
}

/* One sample: its pixels move, its channels turn. */
static gboolean
turn_sample (const Turn *turn, const EqsColumn *column, const EqkPortType *type, const float *from, float *to, gsize rows, GError **error)
{
  const EqkRep *rep = rep_of (turn, column, type);

  if (type->space.kind != EQK_SPACE_GRID)
    {
      memcpy (to, from, rows * column->n_values * sizeof *to);
      return (gsize) eqk_rep_get_dim (rep) != column->n_values || turn_channels (turn, rep, to, rows, error);
    }
  eqs_turn_image (turn->inverse, from, to, type->space.h, type->space.w, eqk_rep_get_dim (type->rep));
  return turn_channels (turn, rep, to, (gsize) type->space.h * (gsize) type->space.w, error);
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
      Turn        turn;

      if (how->transform == EQS_TRANSFORM_JITTER)
        {
          jitter_sample (column, raw + at * per, turned + at * per, count, samples[k], how);
          at += count;
          continue;
        }
      turn = turn_of (how->transform, how->group, how->seed, how->step, samples[k]);
      if (!turn_sample (&turn, column, type, raw + at * per, turned + at * per, count, error))
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
      const int mixed = mixed_feed (self, input->value);

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
          const Turn turn = turn_of (how->transform, how->group, how->seed, how->step, samples[k]);

          if (!turn_channels (&turn, out->output->type.rep, rows + 6 * k, 1, error))
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
      const int mixed = mixed_output (self, (guint) (out - self->outputs));

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
          const Turn turn = turn_of (how->transform, how->group, how->seed, how->step, samples[k]);

          turn_labels (&turn, copy + k * out->column->n_values, (gint32 *) out->values + k * out->column->n_values, h, w);
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
