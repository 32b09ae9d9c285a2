/* Layers are found by what they take and give: a port "cell" beside positions, a result of the kind force. */

#include "services/bind-cell.h"

#include "model/compile.h"
#include "model/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CELL_LAYER   "input_cell"
#define STRESS_LAYER "stress_from_energy"

typedef struct
{
  EqsDocument *document;
  EqsGraph    *graph;
  GPtrArray   *edits, *changes;
} BindCell;

static gboolean
apply (BindCell *self, EqsEdit *edit, GError **error)
{
  return eqs_edits_do (self->edits, self->document, edit, error);
}

static gboolean
connect (BindCell *self, const char *from_node, const char *from_port, const char *to_node, const char *to_port, GError **error)
{
  g_autofree char *from = g_strconcat (from_node, ".", from_port, NULL), *to = g_strconcat (to_node, ".", to_port, NULL);

  return apply (self, eqs_edit_new_connect (NULL, from, to, FALSE), error);
}

static gboolean
has_lattice (EqsSplit *split)
{
  const EqsColumn *column = eqs_split_find (split, "cell");

  for (gsize i = 0; column != NULL && column->n_values == 9 && i < column->array->n_values; i++)
    if (eqs_array_get_double (column->array, i) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_port (const EqkPort *ports, const char *name)
{
  for (; ports != NULL && ports->name != NULL; ports++)
    if (strcmp (ports->name, name) == 0)
      return TRUE;
  return FALSE;
}

static const EqkLayerType *
layer_of (const EqsNode *node)
{
  return eqk_layer_find (eqs_node_get_layer (node));
}

/* An id that nothing has: "cell", "cell2" … */
static char *
dup_free_id (BindCell *self, const char *stem)
{
  char *id = g_strdup (stem);

  for (guint i = 2; eqs_graph_find_node (self->graph, id) != NULL; i++)
    {
      g_free (id);
      id = g_strdup_printf ("%s%u", stem, i);
    }
  return id;
}

static gboolean
add_node (BindCell *self, const char *id, const char *layer, const char *title, const EqsNode *beside, double dx, double dy, GError **error)
{
  EqsNode *node = eqs_node_new (id, layer);

  eqs_node_set_title (node, title);
  eqs_node_set_position (node, eqs_node_get_x (beside) + dx, eqs_node_get_y (beside) + dy);
  return apply (self, eqs_edit_new_add_node (NULL, node), error);
}

static char *
dup_cell_node (BindCell *self)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (self->graph); i++)
    if (strcmp (eqs_node_get_layer (eqs_graph_get_node (self->graph, i)), CELL_LAYER) == 0)
      return g_strdup (eqs_node_get_id (eqs_graph_get_node (self->graph, i)));
  return NULL;
}

/* Layers whose neighbours could come from images and do not. (transfer full) of char * */
static GPtrArray *
open_lists (BindCell *self)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < eqs_graph_get_n_nodes (self->graph); i++)
    {
      const EqsNode      *node = eqs_graph_get_node (self->graph, i);
      const EqkLayerType *layer = layer_of (node);

      if (layer != NULL && (layer->flags & EQK_LAYER_HEAD) == 0 && has_port (layer->inputs, "cell") && eqs_graph_find_link (self->graph, NULL, NULL, eqs_node_get_id (node), "cell") < 0)
        g_ptr_array_add (ids, g_strdup (eqs_node_get_id (node)));
    }
  return ids;
}

static gboolean
bind_lattice (BindCell *self, EqsDataset *dataset, GError **error)
{
  g_autofree char *cell = dup_cell_node (self);
  g_autoptr (GPtrArray) lists = open_lists (self);

  for (guint i = 0; i < lists->len; i++)
    {
      const char *id = g_ptr_array_index (lists, i);

      if (cell == NULL)
        {
          cell = dup_free_id (self, "cell");
          if (!add_node (self, cell, CELL_LAYER, _("Periodic cell"), eqs_graph_find_node (self->graph, id), -196, 108, error))
            return FALSE;
        }
      if (!connect (self, cell, "cell", id, "cell", error))
        return FALSE;
      g_ptr_array_add (self->changes, g_strdup_printf (_("“%s” also finds neighbours among the images of atoms: the samples of “%s” are periodic."), id, eqs_dataset_get_name (dataset)));
    }
  return TRUE;
}

/* Nothing else may make edges from positions. */
static gboolean
check_lists (BindCell *self, EqsDataset *dataset, GError **error)
{
  g_autoptr (EqsCheck) check = eqs_check_new (self->document, error);

  if (check == NULL)
    return FALSE;
  for (int i = 0; check->program != NULL && i < eqk_program_n_structures (check->program); i++)
    if (!eqk_program_structure (check->program, i)->given && eqk_program_structure (check->program, i)->cell < 0)
      {
        g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                     _("The samples of “%s” are periodic, and this design makes neighbours that know no images; take neighbours within a cut-off (radius_graph)."),
                     eqs_dataset_get_name (dataset));
        return FALSE;
      }
  return TRUE;
}

/* Stress is of the energy and the positions that forces are of. */
static gboolean
bind_stress (BindCell *self, EqsDataset *dataset, GError **error)
{
  g_autoptr (EqsCheck) check = eqs_check_new (self->document, error);
  g_autofree char     *cell = dup_cell_node (self), *forces = NULL, *id = NULL;
  int                  energy, positions;

  if (check == NULL)
    return FALSE;
  for (int i = 0; check->program != NULL && i < eqk_program_n_outputs (check->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (check->program, i);

      if (output->type.kind == EQK_KIND_STRESS)
        return TRUE;
      if (output->type.kind == EQK_KIND_FORCE)
        forces = eqs_compile_dup_path (output->node);
    }
  energy = forces == NULL ? -1 : eqs_graph_find_link (self->graph, NULL, NULL, forces, "energy");
  positions = forces == NULL ? -1 : eqs_graph_find_link (self->graph, NULL, NULL, forces, "positions");
  if (energy < 0 || positions < 0 || cell == NULL)
    return TRUE;
  id = dup_free_id (self, "stress");
  if (!add_node (self, id, STRESS_LAYER, _("Stress"), eqs_graph_find_node (self->graph, forces), 0, 108, error) ||
      !connect (self, eqs_graph_get_link (self->graph, (guint) energy)->from_node, eqs_graph_get_link (self->graph, (guint) energy)->from_port, id, "energy", error) ||
      !connect (self, eqs_graph_get_link (self->graph, (guint) positions)->from_node, eqs_graph_get_link (self->graph, (guint) positions)->from_port, id, "positions", error) ||
      !connect (self, cell, "cell", id, "cell", error))
    return FALSE;
  g_ptr_array_add (self->changes, g_strdup_printf (_("“%s” gives the stress, which “%s” has: it is trained on with the weight “weight_stress” of the plan (0: not at all)."), id, eqs_dataset_get_name (dataset)));
  return TRUE;
}

gboolean
eqs_bind_cell (EqsDocument *document, EqsDataset *dataset, EqsSplit *split, GPtrArray *edits, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  BindCell         self = { document, eqs_document_get_graph (document, NULL), edits, changes };
  const EqsColumn *stress = eqs_split_find (split, "stress");

  if (!has_lattice (split))
    return TRUE;
  return bind_lattice (&self, dataset, error) && check_lists (&self, dataset, error) &&
         (stress == NULL || stress->role != EQS_ROLE_TARGET || bind_stress (&self, dataset, error));
}
