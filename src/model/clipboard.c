/* A copy is a small document, so reading, limits and refusals are those of files. */

#include "model/clipboard.h"
#include "model/document-private.h"
#include "model/file.h"
#include "model/layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Copy */

static void
copy_definition (EqsDocument *document, EqsDocument *part, const EqsNode *node)
{
  const EqsValue *block = eqs_node_get_param (node, "block");
  const char *id = block == NULL ? NULL : eqs_value_get_string (block);
  const EqsNode *definition = id == NULL ? NULL : eqs_graph_find_node (document->definitions, id);

  if (node->body != NULL)
    for (guint i = 0; i < node->body->nodes->len; i++)
      copy_definition (document, part, node->body->nodes->pdata[i]);
  if (definition != NULL && eqs_graph_find_node (part->definitions, id) == NULL)
    {
      g_autoptr (EqsNode) copy = eqs_node_dup (definition, NULL);

      eqs_document_add_definition (part, copy, NULL);
      copy_definition (document, part, definition);
    }
}

static void
copy_links (const EqsGraph *graph, EqsDocument *part)
{
  g_autoptr (GPtrArray) incoming = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (eqs_graph_find_node (part->graph, link->to_node) == NULL)
        continue;
      if (eqs_graph_find_node (part->graph, link->from_node) != NULL)
        g_ptr_array_add (part->graph->links, eqs_link_ref (link));
      else
        g_ptr_array_add (incoming, eqs_value_new_object (eqs_map_copy (eqs_link_get_fields (link))));
    }
  if (incoming->len > 0)
    {
      g_autoptr (EqsValue) list = eqs_value_new_list ((EqsValue *const *) incoming->pdata, incoming->len);

      eqs_document_set_field (part, "incoming", list, NULL);
    }
}

char *
eqs_clipboard_copy (EqsDocument *document, const char *scope, const char *const *ids)
{
  EqsGraph *graph = eqs_document_get_graph (document, scope);
  g_autoptr (EqsDocument) part = eqs_document_new ();

  g_return_val_if_fail (graph != NULL, NULL);
  eqs_document_set_section (part, EQS_SECTION_SYMMETRY, eqs_document_get_section (document, EQS_SECTION_SYMMETRY), NULL);
  for (; *ids != NULL; ids++)
    {
      const EqsNode *node = eqs_graph_find_node (graph, *ids);
      g_autoptr (EqsNode) copy = node == NULL ? NULL : eqs_node_dup (node, NULL);

      if (copy != NULL && eqs_document_add_node (part, NULL, copy, -1, NULL))
        copy_definition (document, part, copy);
    }
  copy_links (graph, part);
  return eqs_file_to_text (part, NULL);
}

/* Paste */

static gboolean
covers (const EqsGraph *part, const EqsGraph *graph, double dx, double dy)
{
  for (guint i = 0; i < part->nodes->len; i++)
    for (guint k = 0; k < graph->nodes->len; k++)
      if (fabs (eqs_node_get_x (part->nodes->pdata[i]) + dx - eqs_node_get_x (graph->nodes->pdata[k])) < EQS_CARD_WIDTH &&
          fabs (eqs_node_get_y (part->nodes->pdata[i]) + dy - eqs_node_get_y (graph->nodes->pdata[k])) < EQS_CARD_HEIGHT + 12)
        return TRUE;
  return FALSE;
}

void
eqs_clipboard_find_place (const char *text, EqsDocument *document, const char *scope, double step, double *dx, double *dy)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_return_if_fail (step > 0);

  EqsGraph *graph = eqs_document_get_graph (document, scope);
  g_autoptr (EqsDocument) part = graph == NULL ? NULL : eqs_file_parse (text, -1, NULL);
  double    lowest = 0, highest = 0;

  if (part == NULL || part->graph->nodes->len == 0)
    return;
  for (guint k = 0; k < graph->nodes->len; k++)
    lowest = MAX (lowest, eqs_node_get_y (graph->nodes->pdata[k]));
  for (guint i = 0; i < part->graph->nodes->len; i++)
    highest = i == 0 ? eqs_node_get_y (part->graph->nodes->pdata[i]) : MIN (highest, eqs_node_get_y (part->graph->nodes->pdata[i]));
  while (highest + *dy <= lowest + EQS_LANE_PITCH && covers (part->graph, graph, *dx, *dy))
    *dy += step;
}

typedef struct
{
  EqsDocument *part;            /* owned */
  char        *scope;           /* owned (nullable) */
  double       dx, dy;
  gboolean     keep_incoming;
  GPtrArray   *pasted;          /* owned (nullable) */
} Paste;

static void
paste_free (gpointer data)
{
  Paste *paste = data;

  g_object_unref (paste->part);
  g_free (paste->scope);
  g_clear_pointer (&paste->pasted, g_ptr_array_unref);
  g_free (paste);
}

gboolean
eqs_clipboard_can_paste (const char *text)
{
  g_autoptr (EqsDocument) part = text == NULL ? NULL : eqs_file_parse (text, -1, NULL);

  return part != NULL && eqs_graph_get_n_nodes (part->graph) > 0;
}

/* Definitions of the same meaning: their texts agree. */
static gboolean
is_same_definition (const EqsNode *a, const EqsNode *b)
{
  g_autoptr (EqsDocument) one = eqs_document_new ();
  g_autoptr (EqsDocument) two = eqs_document_new ();
  g_autoptr (EqsNode) copy_a = eqs_node_dup (a, "d");
  g_autoptr (EqsNode) copy_b = eqs_node_dup (b, "d");
  g_autofree char *hash_a = NULL;
  g_autofree char *hash_b = NULL;

  eqs_document_add_definition (one, copy_a, NULL);
  eqs_document_add_definition (two, copy_b, NULL);
  hash_a = eqs_document_dup_hash (one);
  hash_b = eqs_document_dup_hash (two);
  return strcmp (hash_a, hash_b) == 0;
}

/* Nodes that are in no document yet are led to the new names of definitions. */
static void
rename_blocks (EqsNode *node, GHashTable *names)
{
  const EqsValue *block = eqs_node_get_param (node, "block");
  const char *id = block == NULL ? NULL : eqs_value_get_string (block);
  const char *name = id == NULL ? NULL : g_hash_table_lookup (names, id);

  if (name != NULL)
    {
      EqsMap *params = eqs_map_copy (eqs_node_get_params (node));

      eqs_map_set (params, "block", eqs_value_new_string (name));
      eqs_map_set (node->fields, "params", eqs_value_new_object (params));
    }
  if (node->body != NULL)
    for (guint i = 0; i < node->body->nodes->len; i++)
      rename_blocks (node->body->nodes->pdata[i], names);
}

/* Which definitions get another name: found first, since they may use each other. */
static GHashTable *
name_definitions (Paste *paste, EqsDocument *document, GHashTable *present)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const EqsGraph *definitions = paste->part->definitions;

  for (guint i = 0; i < definitions->nodes->len; i++)
    {
      const EqsNode *node = definitions->nodes->pdata[i];
      const char *id = eqs_node_get_id (node);
      const EqsNode *other = eqs_graph_find_node (document->definitions, id);

      if (other != NULL && is_same_definition (node, other))
        g_hash_table_add (present, g_strdup (id));
      else if (other != NULL)
        g_hash_table_insert (names, g_strdup (id), eqs_document_unique_id (document, "#", id));
    }
  return names;
}

static gboolean
paste_definitions (Paste *paste, EqsDocument *document, GHashTable *names, GHashTable *present, GError **error)
{
  const EqsGraph *definitions = paste->part->definitions;

  for (guint i = 0; i < definitions->nodes->len; i++)
    {
      const EqsNode *node = definitions->nodes->pdata[i];
      const char *id = eqs_node_get_id (node);
      g_autoptr (EqsNode) copy = NULL;

      if (g_hash_table_contains (present, id))
        continue;
      copy = eqs_node_dup (node, g_hash_table_lookup (names, id));
      rename_blocks (copy, names);
      if (!eqs_document_add_definition (document, copy, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
paste_nodes (Paste *paste, EqsDocument *document, GHashTable *names, GHashTable *ids, GError **error)
{
  for (guint i = 0; i < paste->part->graph->nodes->len; i++)
    {
      const EqsNode *node = paste->part->graph->nodes->pdata[i];
      g_autofree char *id = eqs_document_unique_id (document, paste->scope, eqs_node_get_id (node));
      g_autoptr (EqsNode) copy = eqs_node_dup (node, id);

      eqs_node_set_position (copy, eqs_node_get_x (node) + paste->dx, eqs_node_get_y (node) + paste->dy);
      rename_blocks (copy, names);
      if (!eqs_document_add_node (document, paste->scope, copy, -1, error))
        return FALSE;
      if (paste->pasted != NULL)
        g_ptr_array_add (paste->pasted, paste->scope == NULL || paste->scope[0] == 0
                                          ? g_strdup (id) : g_strconcat (paste->scope, "/", id, NULL));
      g_hash_table_insert (ids, g_strdup (eqs_node_get_id (node)), g_steal_pointer (&id));
    }
  return TRUE;
}

static gboolean
paste_links (Paste *paste, EqsDocument *document, GHashTable *ids, GError **error)
{
  for (guint i = 0; i < paste->part->graph->links->len; i++)
    {
      const EqsLink *link = paste->part->graph->links->pdata[i];
      g_autofree char *from = g_strconcat (g_hash_table_lookup (ids, link->from_node), ".", link->from_port, NULL);
      g_autofree char *to = g_strconcat (g_hash_table_lookup (ids, link->to_node), ".", link->to_port, NULL);

      if (!eqs_document_connect (document, paste->scope, from, to, -1, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

/* Links from nodes that are not here, or no links at all, are left out: the text may come from anywhere. */
static void
paste_incoming (Paste *paste, EqsDocument *document, GHashTable *ids)
{
  const EqsValue *incoming = eqs_document_get_field (paste->part, "incoming");

  for (guint i = 0; incoming != NULL && i < eqs_value_get_length (incoming); i++)
    {
      const EqsMap *link = eqs_value_get_map (eqs_value_get_item (incoming, i));
      const char *from = eqs_map_get_string (link, "from", NULL);
      const char *to = eqs_map_get_string (link, "to", NULL);
      g_autofree char *node = NULL, *port = NULL, *new_to = NULL;

      if (from == NULL || to == NULL || !eqs_endpoint_split (to, &node, &port) || !g_hash_table_contains (ids, node))
        continue;
      new_to = g_strconcat (g_hash_table_lookup (ids, node), ".", port, NULL);
      eqs_document_connect (document, paste->scope, from, new_to, -1, FALSE, NULL);
    }
}

static gboolean
perform_paste (EqsDocument *document, gpointer data, GError **error)
{
  Paste *paste = data;
  g_autoptr (GHashTable) present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) names = name_definitions (paste, document, present);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!paste_definitions (paste, document, names, present, error)
      || !paste_nodes (paste, document, names, ids, error)
      || !paste_links (paste, document, ids, error))
    return FALSE;
  if (paste->keep_incoming)
    paste_incoming (paste, document, ids);
  return TRUE;
}

EqsCommand *
eqs_command_new_paste (const char *text, const char *scope, double dx, double dy, gboolean keep_incoming, GPtrArray *pasted,
                       GError **error)
{
  EqsDocument *part = eqs_file_parse (text, -1, error);
  Paste *paste;

  if (part == NULL)
    return NULL;
  paste = g_new0 (Paste, 1);
  paste->part = part;
  paste->scope = g_strdup (scope);
  paste->dx = dx;
  paste->dy = dy;
  paste->keep_incoming = keep_incoming;
  paste->pasted = pasted == NULL ? NULL : g_ptr_array_ref (pasted);
  return eqs_command_new (_("Paste"), perform_paste, paste, paste_free);
}
