/* Nodes, links and graphs: plain tables with the order of the file. A node keeps all its fields in one ordered map,
 * known and unknown ones alike, so that what this version does not understand stays where it was. */

#include "model/document-private.h"

#include "eqk/layer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_BOXED_TYPE (EqsNode, eqs_node, eqs_node_ref, eqs_node_unref)

const char *const eqs_node_keys[] = { "id", "layer", "title", "params", "bypass", "colour", "pinned", "x", "y", "body", NULL };
const char *const eqs_graph_keys[] = { "nodes", "links", NULL };

typedef struct
{
  EqsLink  link;     /* strings owned */
  EqsMap  *fields;   /* owned */
  guint    line;
} Link;

/* Ids */

gboolean
eqs_id_is_valid (const char *id)
{
  gsize n = 0;

  if (id == NULL)
    return FALSE;
  for (; id[n] != 0; n++)
    if (n >= EQS_MAX_ID || !(g_ascii_isalnum (id[n]) || id[n] == '_' || id[n] == '-'))
      return FALSE;
  return n > 0;
}

gboolean
eqs_endpoint_split (const char *endpoint, char **node, char **port)
{
  const char *dot = strchr (endpoint, '.');
  g_autofree char *name = NULL;

  if (dot == NULL || !eqs_id_is_valid (dot + 1))
    return FALSE;
  name = g_strndup (endpoint, (gsize) (dot - endpoint));
  if (name[0] != 0 && !eqs_id_is_valid (name))
    return FALSE;
  *node = g_steal_pointer (&name);
  *port = g_strdup (dot + 1);
  return TRUE;
}

int
eqs_map_place (const EqsMap *map, const char *const *order, const char *key)
{
  int place = 0;
  guint i;

  for (i = 0; order[i] != NULL && strcmp (order[i], key) != 0; i++)
    {
      const int at = eqs_map_find (map, order[i]);

      place = MAX (place, at + 1);
    }
  return order[i] == NULL ? (int) eqs_map_get_size (map) : place;
}

/* Links */

EqsLink *
eqs_link_new (const char *from_node, const char *from_port, const char *to_node, const char *to_port,
              EqsMap *fields, guint line)
{
  Link *self = g_atomic_rc_box_new0 (Link);

  self->link.from_node = g_strdup (from_node);
  self->link.from_port = g_strdup (from_port);
  self->link.to_node = g_strdup (to_node);
  self->link.to_port = g_strdup (to_port);
  self->line = line;
  self->fields = fields != NULL ? fields : eqs_map_new ();
  if (fields == NULL)
    {
      g_autofree char *from = g_strconcat (from_node, ".", from_port, NULL);
      g_autofree char *to = g_strconcat (to_node, ".", to_port, NULL);

      eqs_map_set (self->fields, "from", eqs_value_new_string (from));
      eqs_map_set (self->fields, "to", eqs_value_new_string (to));
    }
  return &self->link;
}

EqsLink *
eqs_link_ref (const EqsLink *self)
{
  g_atomic_rc_box_acquire ((gpointer) self);
  return (EqsLink *) self;
}

static void
link_clear (gpointer data)
{
  Link *self = data;

  g_free ((char *) self->link.from_node);
  g_free ((char *) self->link.from_port);
  g_free ((char *) self->link.to_node);
  g_free ((char *) self->link.to_port);
  eqs_map_unref (self->fields);
}

void
eqs_link_unref (EqsLink *self)
{
  g_atomic_rc_box_release_full (self, link_clear);
}

EqsMap *
eqs_link_get_fields (const EqsLink *self)
{
  return ((const Link *) self)->fields;
}

guint
eqs_link_get_line (const EqsLink *self)
{
  return ((const Link *) self)->line;
}

/* Nodes */

EqsNode *
eqs_node_new_from_fields (EqsMap *fields, guint line)
{
  EqsNode *self = g_atomic_rc_box_new0 (EqsNode);

  self->fields = fields;
  self->line = line;
  return self;
}

EqsNode *
eqs_node_new (const char *id, const char *layer)
{
  EqsMap *fields;

  g_return_val_if_fail (eqs_id_is_valid (id) && layer != NULL && layer[0] != 0, NULL);
  fields = eqs_map_new ();
  eqs_map_set (fields, "id", eqs_value_new_string (id));
  eqs_map_set (fields, "layer", eqs_value_new_string (layer));
  eqs_map_set (fields, "x", eqs_value_new_number (0));
  eqs_map_set (fields, "y", eqs_value_new_number (0));
  return eqs_node_new_from_fields (fields, 0);
}

EqsNode *
eqs_node_ref (EqsNode *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
node_clear (gpointer data)
{
  EqsNode *self = data;

  eqs_map_unref (self->fields);
  if (self->body != NULL)
    eqs_graph_free (self->body);
}

void
eqs_node_unref (EqsNode *self)
{
  g_atomic_rc_box_release_full (self, node_clear);
}

void
eqs_graph_copy_into (const EqsGraph *self, EqsGraph *copy)
{
  eqs_map_unref (copy->fields);
  copy->fields = eqs_map_copy (self->fields);
  for (guint i = 0; i < self->nodes->len; i++)
    {
      EqsNode *node = eqs_node_dup (self->nodes->pdata[i], NULL);

      node->parent = copy;
      g_ptr_array_add (copy->nodes, node);
    }
  for (guint i = 0; i < self->links->len; i++)
    g_ptr_array_add (copy->links, eqs_link_ref (self->links->pdata[i]));
}

EqsNode *
eqs_node_dup (const EqsNode *self, const char *id)
{
  EqsNode *copy = eqs_node_new_from_fields (eqs_map_copy (self->fields), self->line);

  g_return_val_if_fail (id == NULL || eqs_id_is_valid (id), copy);
  if (id != NULL)
    eqs_map_set (copy->fields, "id", eqs_value_new_string (id));
  if (self->body != NULL)
    {
      copy->body = eqs_graph_new (copy);
      eqs_graph_copy_into (self->body, copy->body);
    }
  return copy;
}

const char *
eqs_node_get_id (const EqsNode *self)
{
  return eqs_map_get_string (self->fields, "id", "");
}

const char *
eqs_node_get_layer (const EqsNode *self)
{
  return eqs_map_get_string (self->fields, "layer", "");
}

const char *
eqs_node_get_title (const EqsNode *self)
{
  return eqs_map_get_string (self->fields, "title", NULL);
}

const char *
eqs_node_get_shown_title (const EqsNode *self)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (self));

  if (eqs_node_get_title (self) != NULL)
    return eqs_node_get_title (self);
  return layer != NULL ? _(layer->title) : eqs_node_get_body (self) != NULL ? _("Block") : eqs_node_get_id (self);
}

/* Each word, numbers apart, is the beginning of a word of the layer's title. */
static gboolean
abbreviates (const char *title, const char *whole)
{
  g_auto (GStrv) words = g_str_tokenize_and_fold (title, NULL, NULL), all = g_str_tokenize_and_fold (whole, NULL, NULL);
  gboolean       any = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean found = g_ascii_isdigit (words[i][0]);

      any = any || !found;
      for (guint k = 0; !found && all[k] != NULL; k++)
        found = g_str_has_prefix (all[k], words[i]);
      if (!found)
        return FALSE;
    }
  return any;
}

gboolean
eqs_node_title_says_layer (const EqsNode *self)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (self));
  const char         *title = eqs_node_get_title (self);

  return layer != NULL && title != NULL && (abbreviates (title, layer->title) || abbreviates (title, _(layer->title)));
}

const EqsMap *
eqs_node_get_params (const EqsNode *self)
{
  const EqsValue *params = eqs_map_get (self->fields, "params");

  return params == NULL ? NULL : eqs_value_get_map (params);
}

EqsValue *
eqs_node_get_param (const EqsNode *self, const char *name)
{
  return eqs_map_get (eqs_node_get_params (self), name);
}

double
eqs_node_get_x (const EqsNode *self)
{
  return eqs_map_get_number (self->fields, "x", 0.0);
}

double
eqs_node_get_y (const EqsNode *self)
{
  return eqs_map_get_number (self->fields, "y", 0.0);
}

gboolean
eqs_node_is_bypassed (const EqsNode *self)
{
  return eqs_map_get_bool (self->fields, "bypass", FALSE);
}

EqsGraph *
eqs_node_get_body (const EqsNode *self)
{
  return self->body;
}

guint
eqs_node_get_line (const EqsNode *self)
{
  return self->line;
}

static void
node_put (EqsNode *self, const char *key, EqsValue *value)
{
  if (eqs_map_find (self->fields, key) >= 0)
    eqs_map_set (self->fields, key, value);
  else
    eqs_map_insert (self->fields, eqs_map_place (self->fields, eqs_node_keys, key), key, value);
}

void
eqs_node_set_param (EqsNode *self, const char *name, EqsValue *value)
{
  const EqsMap *old = eqs_node_get_params (self);
  EqsMap *params;

  g_return_if_fail (self->parent == NULL && value != NULL);
  params = old != NULL ? eqs_map_copy (old) : eqs_map_new ();
  eqs_map_set (params, name, value);
  node_put (self, "params", eqs_value_new_object (params));
}

void
eqs_node_set_title (EqsNode *self, const char *title)
{
  g_return_if_fail (self->parent == NULL);
  if (title == NULL || title[0] == 0)
    eqs_map_remove (self->fields, "title");
  else
    node_put (self, "title", eqs_value_new_string (title));
}

void
eqs_node_set_position (EqsNode *self, double x, double y)
{
  g_return_if_fail (self->parent == NULL && isfinite (x) && isfinite (y));
  node_put (self, "x", eqs_value_new_number (x));
  node_put (self, "y", eqs_value_new_number (y));
}

void
eqs_node_set_field (EqsNode *self, const char *key, EqsValue *value)
{
  g_return_if_fail (self->parent == NULL && value != NULL);
  g_return_if_fail (strcmp (key, "id") != 0 && strcmp (key, "layer") != 0 && strcmp (key, "body") != 0);
  node_put (self, key, value);
}

EqsGraph *
eqs_node_ensure_body (EqsNode *self)
{
  g_return_val_if_fail (self->parent == NULL || self->body != NULL, NULL);
  if (self->body == NULL)
    {
      self->body = eqs_graph_new (self);
      node_put (self, "body", eqs_value_new_null ());
    }
  return self->body;
}

/* Graphs */

EqsGraph *
eqs_graph_new (EqsNode *owner)
{
  EqsGraph *self = g_new0 (EqsGraph, 1);

  self->owner = owner;
  self->fields = eqs_map_new ();
  eqs_map_set (self->fields, "nodes", eqs_value_new_null ());
  eqs_map_set (self->fields, "links", eqs_value_new_null ());
  self->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_node_unref);
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_link_unref);
  return self;
}

void
eqs_graph_free (EqsGraph *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    ((EqsNode *) self->nodes->pdata[i])->parent = NULL;
  g_ptr_array_unref (self->nodes);
  g_ptr_array_unref (self->links);
  g_clear_pointer (&self->index, g_hash_table_unref);
  eqs_map_unref (self->fields);
  g_free (self);
}

guint
eqs_graph_get_n_nodes (const EqsGraph *self)
{
  return self->nodes->len;
}

EqsNode *
eqs_graph_get_node (const EqsGraph *self, guint index)
{
  g_return_val_if_fail (index < self->nodes->len, NULL);
  return self->nodes->pdata[index];
}

EqsNode *
eqs_graph_find_node (EqsGraph *self, const char *id)
{
  if (self->index == NULL)
    {
      self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < self->nodes->len; i++)
        g_hash_table_insert (self->index, g_strdup (eqs_node_get_id (self->nodes->pdata[i])), self->nodes->pdata[i]);
    }
  return g_hash_table_lookup (self->index, id);
}

int
eqs_graph_index_of (const EqsGraph *self, const EqsNode *node)
{
  guint index;

  return g_ptr_array_find (self->nodes, node, &index) ? (int) index : -1;
}

guint
eqs_graph_get_n_links (const EqsGraph *self)
{
  return self->links->len;
}

const EqsLink *
eqs_graph_get_link (const EqsGraph *self, guint index)
{
  g_return_val_if_fail (index < self->links->len, NULL);
  return self->links->pdata[index];
}

static gboolean
fits (const char *pattern, const char *text)
{
  return pattern == NULL || strcmp (pattern, text) == 0;
}

int
eqs_graph_find_link (const EqsGraph *self, const char *from_node, const char *from_port, const char *to_node,
                     const char *to_port)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const EqsLink *link = self->links->pdata[i];

      if (fits (to_node, link->to_node) && fits (to_port, link->to_port) && fits (from_node, link->from_node)
          && fits (from_port, link->from_port))
        return (int) i;
    }
  return -1;
}

gboolean
eqs_graph_add_node (EqsGraph *self, EqsNode *node, GError **error)
{
  g_autoptr (EqsNode) own = node;

  g_return_val_if_fail (node->parent == NULL, FALSE);
  if (eqs_graph_find_node (self, eqs_node_get_id (node)) != NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("The id “%s” is taken; choose another."),
                   eqs_node_get_id (node));
      return FALSE;
    }
  node->parent = self;
  g_hash_table_insert (self->index, g_strdup (eqs_node_get_id (node)), node);
  g_ptr_array_add (self->nodes, g_steal_pointer (&own));
  return TRUE;
}

gboolean
eqs_graph_connect (EqsGraph *self, const char *from, const char *to, GError **error)
{
  g_autofree char *from_node = NULL, *from_port = NULL, *to_node = NULL, *to_port = NULL;

  if (!eqs_endpoint_split (from, &from_node, &from_port) || !eqs_endpoint_split (to, &to_node, &to_port)
      || (from_node[0] != 0 && eqs_graph_find_node (self, from_node) == NULL)
      || (to_node[0] != 0 && eqs_graph_find_node (self, to_node) == NULL))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND,
                   _("“%s” and “%s” cannot be connected: an end is not a port of a node here."), from, to);
      return FALSE;
    }
  g_ptr_array_add (self->links, eqs_link_new (from_node, from_port, to_node, to_port, NULL, 0));
  return TRUE;
}
