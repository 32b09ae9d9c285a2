/* Which column of the data feeds which input of a design, and which is the target of which output. */

#include "services/batch-private.h"

#include "model/error.h"
#include "services/neighbour-count.h"

#include "eqk/graph.h"
#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

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
  if (!eqs_feeder_map_species (self, self->mix->species, error))
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

int
eqs_feeder_mixed_feed (const EqsFeeder *self, int v)
{
  const EqsNoise *noise = self->mix == NULL ? NULL : &self->mix->noise;

  return noise == NULL ? -1 : v == noise->positions ? MIX_POSITIONS : v == noise->types ? MIX_TYPES : v == noise->time ? MIX_TIME : -1;
}

int
eqs_feeder_mixed_output (const EqsFeeder *self, guint i)
{
  const EqsNoise *noise = self->mix == NULL ? NULL : &self->mix->noise;

  return noise == NULL ? -1 : (int) i == noise->noise ? MIX_NOISE : (int) i == noise->kinds ? MIX_TYPE_NOISE : -1;
}

static gboolean
match_input (EqsFeeder *self, int v, GError **error)
{
  const EqkValue *value = eqk_program_value (self->program, v);
  Input           input = { .value = v, .type = eqk_program_value_type (self->program, v) };

  if (eqs_feeder_mixed_feed (self, v) >= 0)
    {
      input.column = &self->mix->columns[eqs_feeder_mixed_feed (self, v)];
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
  if (value->index && !eqs_feeder_map_species (self, input.column, error))
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
  out->column = eqs_feeder_mixed_output (self, i) >= 0 ? &self->mix->columns[eqs_feeder_mixed_output (self, i)] : column_for (self, out->output);
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
  out->target.is_noise = eqs_feeder_mixed_output (self, i) >= 0;
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

gboolean
eqs_feeder_match (EqsFeeder *self, gboolean targets, GError **error)
{
  if (!match_noise (self, error))
    return FALSE;
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED && !match_input (self, v, error))
      return FALSE;
  if (!match_links (self, error) || !count_rule_edges (self, error))
    return FALSE;
  if (!targets)
    return TRUE;
  self->n_outputs = (guint) eqk_program_n_outputs (self->program);
  self->outputs = g_new0 (Output, self->n_outputs);
  for (guint i = 0; i < self->n_outputs; i++)
    if (!match_output (self, i, error))
      return FALSE;
  return TRUE;
}
