/*
 * Designs against data. Kept of the training part: which kinds of atoms occur, and the distance of each point to the nearest other one, sorted, so that
 * the points without a neighbour at any cut-off are counted at once.
 */

#include "services/data-look.h"

#include "data/xyz.h"
#include "services/neighbour-count.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MOST_POINTS = 50000, MOST_KINDS = 128, ONE_IN = 1000 /* stragglers that are let pass */ };

struct EqsDataLook
{
  GPtrArray *problems;          /* owned, of EqsProblem */
  gint32     kinds[MOST_KINDS]; /* atomic numbers, ascending */
  guint      n_kinds;           /* 0: the data name none */
  GArray    *apart;             /* owned, of double, ascending: of the points looked at */
  gsize      n_points;          /* of the training part */
};

/* ---- looking ---- */

static void
look_at_kinds (EqsDataLook *self, EqsSplit *train)
{
  guint8 seen[MOST_KINDS] = { 0 };

  for (guint i = 0; i < eqs_split_get_n_columns (train); i++)
    {
      const EqsColumn *column = eqs_split_get_column (train, i);

      if (column->values != EQS_VALUES_SPECIES || column->role != EQS_ROLE_INPUT)
        continue;
      for (gsize k = 0; k < column->array->n_values; k++)
        {
          const gint64 z = eqs_array_get_int (column->array, k);

          if (z >= 0 && z < MOST_KINDS)
            seen[z] = 1;
        }
    }
  for (int z = 0; z < MOST_KINDS; z++)
    if (seen[z])
      self->kinds[self->n_kinds++] = z;
}

static int
by_size (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* All points, or of a large set those of samples spread over it. A sample that cannot be searched says nothing: training refuses it with its name. */
static void
look_at_distances (EqsDataLook *self, EqsSplit *train)
{
  const guint n = eqs_split_get_n (train);
  guint       step;

  for (guint s = 0; s < n; s++)
    self->n_points += eqs_split_get_n_nodes (train, s);
  step = (guint) (self->n_points / MOST_POINTS + 1);
  for (guint s = 0; s < n; s += step)
    eqs_collect_nearest (train, s, self->apart);
  if (self->apart->len > 1)
    qsort (self->apart->data, self->apart->len, sizeof (double), by_size);
}

EqsDataLook *
eqs_data_look_new (EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);

  EqsDataLook         *self = g_new0 (EqsDataLook, 1);
  const char          *domain = eqs_dataset_get_domain (dataset);
  const gboolean       molecules = strcmp (domain, "molecule") == 0;
  g_autoptr (EqsSplit) train = molecules || strcmp (domain, "points") == 0 ? eqs_dataset_load (dataset, "train", NULL) : NULL;

  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_problem_free);
  self->apart = g_array_new (FALSE, FALSE, sizeof (double));
  eqs_data_problems_find (dataset, molecules ? train : NULL, self->problems);
  if (train != NULL && eqs_split_is_ragged (train))
    {
      look_at_kinds (self, train);
      look_at_distances (self, train);
    }
  return self;
}

void
eqs_data_look_free (EqsDataLook *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->problems);
  g_array_unref (self->apart);
  g_free (self);
}

const GPtrArray *
eqs_data_look_get_problems (const EqsDataLook *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->problems;
}

/* ---- designs ---- */

static const EqkParam *
param_of (const EqkGraph *graph, int node, const char *name)
{
  for (const EqkParam *p = eqk_graph_node_layer (graph, node)->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return p;
  return NULL;
}

static double
number_of (const EqkGraph *graph, int node, const EqkParam *param)
{
  const EqkSettings *settings = eqk_graph_node_settings (graph, node);
  const EqkParam    *table = eqk_graph_node_layer (graph, node)->params;

  return param->kind == EQK_PARAM_INT ? eqk_settings_int (settings, table, param->name) : eqk_settings_real (settings, table, param->name);
}

static EqsProblem *
add_problem (EqsCheck *check, const char *code, const char *node, const char *args, const char *more)
{
  const EqkLintRule *rule = eqk_lint_find (code);
  g_autofree char   *why = g_strdup_printf ("%s %s", _(rule->why), more);
  char               message[256];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (check->problems, eqs_problem_new (code, node, NULL, message, why));
  return g_ptr_array_index (check->problems, check->problems->len - 1);
}

/* One fix that sets a number wherever `wanted` says so of what it is now. Copies of a block share their settings. */
static void
add_fix (EqsProblem *problem, const EqkGraph *graph, const char *label, const char *name, double to, double low, double high)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray             *edits = NULL;

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    {
      const EqkParam  *param = param_of (graph, i, name);
      const double     now = param == NULL ? NAN : number_of (graph, i, param);
      g_autofree char *path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));
      EqsEdit         *edit;

      if (!(now >= low && now <= high) || !g_hash_table_add (done, g_strdup (path)))
        continue;
      edit = eqs_edit_new_set_param (path, name, eqs_value_new_number (to));
      if (edits != NULL)
        g_ptr_array_add (edits, edit);
      else
        {
          eqs_problem_add_fix (problem, label, edit);
          edits = ((EqsFix *) g_ptr_array_index (problem->fixes, problem->fixes->len - 1))->edits;
        }
    }
}

/* Rows of a table of kinds are given to the kinds that occur, in the order of their atomic numbers: the last ones find none. */
static void
hold_kinds (EqsCheck *check, const EqsDataLook *self)
{
  const EqkGraph *graph = eqk_typed_graph (check->typed);

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    {
      const EqkParam  *param = param_of (graph, i, "species");
      const guint      room = param == NULL || param->kind != EQK_PARAM_INT ? G_MAXUINT : (guint) number_of (graph, i, param);
      g_autofree char *path = NULL, *args = NULL, *more = NULL, *label = NULL;
      const char      *symbol;

      if (room >= self->n_kinds)
        continue;
      symbol = eqs_species_get_symbol ((guint) self->kinds[room]);
      args = symbol != NULL ? g_strdup_printf ("z=%s", symbol) : g_strdup_printf ("z=%d", self->kinds[room]);
      more = g_strdup_printf (_("The training part has %u kinds, this layer room for %u."), self->n_kinds, room);
      path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));
      label = g_strdup_printf (_("Make room for %u kinds"), self->n_kinds);
      add_fix (add_problem (check, "W-SPECIES-RANGE", path, args, more), graph, label, "species", self->n_kinds, 0, self->n_kinds - 0.5);
      return;
    }
}

static guint
count_isolated (const EqsDataLook *self, double cutoff)
{
  guint low = 0, high = self->apart->len;

  while (low < high)
    {
      const guint middle = (low + high) / 2;

      if (g_array_index (self->apart, double, middle) <= cutoff)
        low = middle + 1;
      else
        high = middle;
    }
  return self->apart->len - low;
}

static void
hold_cutoff (EqsCheck *check, const EqsDataLook *self)
{
  const EqkGraph *graph = eqk_typed_graph (check->typed);

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    {
      const EqkPortType *length = eqk_typed_output (check->typed, i, "length");
      const EqkParam    *param = length == NULL || length->kind != EQK_KIND_EDGE_LENGTH ? NULL : param_of (graph, i, "cutoff");
      const double       cutoff = param == NULL ? INFINITY : number_of (graph, i, param), farthest = g_array_index (self->apart, double, self->apart->len - 1);
      const double       wanted = ceil (10 * farthest * (1 + 1e-4)) / 10;
      const guint        n = count_isolated (self, cutoff);
      g_autofree char   *path = NULL, *args = NULL, *more = NULL, *label = NULL;
      EqsProblem        *problem;

      if ((guint64) n * ONE_IN <= self->apart->len)
        continue;
      args = g_strdup_printf ("n=%u", n);
      /* Translators: two counts of points, a distance */
      more = g_strdup_printf (_("Of the training part %u of %zu points were looked at; the loneliest is %.3g away from the nearest other one."), self->apart->len, self->n_points, farthest);
      path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));
      problem = add_problem (check, "W-ISOLATED", path, args, more);
      label = g_strdup_printf (_("Link those within %.1f"), wanted);
      if (wanted <= param->max)
        add_fix (problem, graph, label, "cutoff", wanted, cutoff - 1e-9, cutoff + 1e-9);
      return;
    }
}

void
eqs_data_look_add (EqsCheck *check, const EqsDataLook *self)
{
  g_return_if_fail (check != NULL);

  for (guint i = 0; self != NULL && i < self->problems->len; i++)
    {
      const EqsProblem *from = g_ptr_array_index (self->problems, i);
      EqsProblem       *copy = eqs_problem_new (from->code, from->node, from->port, from->message, from->why);

      for (guint k = 0; k < from->fixes->len; k++)
        {
          const EqsFix *fix = g_ptr_array_index (from->fixes, k);

          eqs_problem_add_fix (copy, fix->label, eqs_edit_copy (g_ptr_array_index (fix->edits, 0)));
        }
      g_ptr_array_add (check->problems, copy);
      check->blocks = MAX (check->blocks, copy->blocks);
      check->ok = check->blocks == EQK_BLOCKS_NOTHING;
    }
  if (self != NULL && check->typed != NULL && self->n_kinds > 0)
    hold_kinds (check, self);
  if (self != NULL && check->typed != NULL && self->apart->len > 0)
    hold_cutoff (check, self);
}
