/* Definitions as people work with them: each step is one undo step. */

#include "studio/editing-private.h"

#include "studio/definitions.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct { char *path, *id; } Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->path);
  g_free (step->id);
  g_free (step);
}

static gboolean
run (EqsSession *self, const char *label, EqsPerform perform, const char *path, const char *id)
{
  Step *step = g_new0 (Step, 1);

  step->path = g_strdup (path);
  step->id = g_strdup (id);
  eqs_history_seal (eqs_session_get_history (self));
  return eqs_session_do (self, eqs_command_new (label, perform, step, step_free));
}

static gboolean
define_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Step *step = data;

  return eqs_document_define_block (document, step->path, step->id, error);
}

static gboolean
detach_cb (EqsDocument *document, gpointer data, GError **error)
{
  return eqs_document_detach_use (document, ((const Step *) data)->path, error);
}

static gboolean
remove_cb (EqsDocument *document, gpointer data, GError **error)
{
  return eqs_document_remove_definition (document, ((const Step *) data)->id, error);
}

static gboolean
rename_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Step *step = data;

  return eqs_document_set_title (document, step->path, step->id, error);
}

/* The only selected node; NULL where there is none or several. */
static EqsNode *
only_node (EqsSession *self)
{
  return eqs_session_get_n_selected (self) != 1 ? NULL : eqs_document_find_node (eqs_session_get_document (self), eqs_session_get_selection (self)[0]);
}

gboolean
eqs_session_can_define (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  const EqsNode *node = only_node (self);

  return node != NULL && eqs_node_get_body (node) != NULL;
}

gboolean
eqs_session_can_detach (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  const EqsNode *node = only_node (self);

  return node != NULL && eqs_document_get_definition_of (eqs_session_get_document (self), node) != NULL;
}

gboolean
eqs_session_define (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  EqsNode         *node = only_node (self);
  g_autofree char *path = NULL, *id = NULL;

  if (!eqs_session_can_define (self))
    {
      eqs_session_message (self, "%s", node != NULL && eqs_session_can_detach (self) ? _("This block is a use of a definition already.") : _("Select the block that should be usable elsewhere, too."));
      return FALSE;
    }
  path = g_strdup (eqs_session_get_selection (self)[0]);
  id = eqs_document_unique_id (eqs_session_get_document (self), "#", eqs_node_get_title (node) == NULL ? eqs_node_get_id (node) : eqs_node_get_title (node));
  return run (self, _("Make a block usable elsewhere"), define_cb, path, id);
}

gboolean
eqs_session_detach (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  if (!eqs_session_can_detach (self))
    {
      eqs_session_message (self, "%s", _("Select the use of a block that should become a block of its own."));
      return FALSE;
    }
  return run (self, _("Detach from the definition"), detach_cb, eqs_session_get_selection (self)[0], NULL);
}

gboolean
eqs_session_remove_definition (EqsSession *self, const char *id)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return run (self, _("Delete a definition"), remove_cb, NULL, id);
}

gboolean
eqs_session_rename_definition (EqsSession *self, const char *id, const char *title)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  Step            *step = g_new0 (Step, 1);
  g_autofree char *key = g_strconcat ("definition-title\n", id, NULL);
  EqsCommand      *command;

  step->path = g_strconcat ("#", id, NULL);
  step->id = g_strdup (title);
  command = eqs_command_new (_("Rename a definition"), rename_cb, step, step_free);
  eqs_command_set_absorb_key (command, key);      /* typing a name is one step */
  return eqs_session_do (self, command);
}

EqsNode *
eqs_definition_new_use (EqsDocument *document, const char *definition, const char *id)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  EqsNode *use = eqs_node_new (id, "subgraph");

  eqs_node_set_param (use, "block", eqs_value_new_string (definition));
  return use;
}

gboolean
eqs_definition_fits (EqsDocument *document, const char *scope, const char *definition)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  g_autoptr (EqsDocument) trial = NULL;
  g_autoptr (EqsNode)     use = NULL;
  g_autofree char        *id = NULL;

  if (scope == NULL || scope[0] == '\0')
    return TRUE;
  trial = eqs_document_dup (document);
  id = eqs_document_unique_id (trial, scope, definition);
  use = eqs_definition_new_use (trial, definition, id);
  return eqs_document_add_node (trial, scope, use, -1, NULL);
}

/* ---- a use in the flow ---- */

static gboolean
has_error (EqsDocument *document, const char *path)
{
  g_autoptr (EqsCheck) check = eqs_check_new_without_search (document, NULL);
  const gsize          n = strlen (path);

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->severity == EQK_SEVERITY_ERROR && problem->node != NULL && strncmp (problem->node, path, n) == 0 && (problem->node[n] == '\0' || problem->node[n] == '/'))
        return TRUE;
    }
  return check == NULL;
}

/* The first output of a layer or a block; NULL: it has none. */
static const char *
first_output (EqsDocument *document, const EqsNode *node)
{
  const EqkLayerType   *layer = eqk_layer_find (eqs_node_get_layer (node));
  g_autoptr (GPtrArray) border = eqs_document_list_border (document, node, TRUE);

  return layer != NULL && layer->outputs != NULL ? layer->outputs[0].name : border->len > 0 ? border->pdata[0] : NULL;
}

gboolean
eqs_session_insert_use (EqsSession *self, const char *id)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);

  EqsDocument     *document = eqs_session_get_document (self);
  g_autofree char *definition = g_strconcat ("#", id, NULL), *use = eqs_document_unique_id (document, eqs_session_get_scope (self), "subgraph"), *path = join (eqs_session_get_scope (self), use);
  const EqsNode   *before = only_node (self), *block = eqs_document_find_node (document, definition);
  const char      *port = before == NULL ? NULL : first_output (document, before);
  g_autoptr (GPtrArray)   in = NULL, out = NULL, edits = NULL;
  g_autoptr (EqsDocument) trial = NULL;
  EqsMap          *params;

  if (port == NULL || block == NULL)
    return FALSE;
  in = eqs_document_list_border (document, block, FALSE);
  out = eqs_document_list_border (document, block, TRUE);
  if (in->len == 0 || out->len == 0)
    return FALSE;
  params = eqs_map_new ();
  eqs_map_set (params, "block", eqs_value_new_string (id));
  edits = eqs_edits_new ();
  g_ptr_array_add (edits, eqs_edit_with_ports (eqs_edit_new_insert_after (eqs_session_get_selection (self)[0], port, "subgraph", params), in->pdata[0], out->pdata[0]));
  trial = eqs_document_dup (document);
  if (!eqs_edits_apply (edits, trial, NULL) || eqs_document_find_node (trial, path) == NULL || has_error (trial, path))
    return FALSE;
  eqs_history_seal (eqs_session_get_history (self));
  if (!eqs_session_do (self, eqs_command_new_edits (_("Use a block again"), g_steal_pointer (&edits))))
    return FALSE;
  eqs_session_select_one (self, path);
  return TRUE;
}

void
eqs_session_add_use (EqsSession *self, const char *id)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  EqsDocument     *document = eqs_session_get_document (self);
  const char      *scope = eqs_session_get_scope (self);
  g_autofree char *own = NULL, *path = NULL;
  const EqsNode   *near = only_node (self);
  EqsNode         *use;
  double           x = near == NULL ? 0 : eqs_node_get_x (near) + 98, y = near == NULL ? 0 : eqs_node_get_y (near) + 112;

  if (eqs_session_insert_use (self, id))
    return;
  own = eqs_document_unique_id (document, scope, id);
  path = join (scope, own);
  use = eqs_definition_new_use (document, id, own);
  eqs_document_find_free_place (document, scope, &x, &y);
  eqs_node_set_position (use, x, y);
  eqs_history_seal (eqs_session_get_history (self));
  if (!eqs_session_do (self, eqs_command_new_add_node (scope, use)))
    return;
  eqs_session_select_one (self, path);
  eqs_session_reveal (self, path);
}
