/* The document checks first and changes afterwards; every change goes through the journal (journal.c), one primitive
 * at a time, so nothing here has to know how to undo. */

#include "model/document.h"
#include "model/document-private.h"
#include "model/file.h"
#include "model/journal.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (EqsDocument, eqs_document, G_TYPE_OBJECT)

static guint changed_signal;

const char *const eqs_document_keys[] = { "format", "version", "name", "symmetry", "spec", "data", "nominal", "training",
                                          "preview", "nodes", "links", "definitions", "frames", "notes", NULL };
const char *const eqs_item_names[EQS_N_ITEM_KINDS] = { "frames", "notes" };

static const struct
{
  const char *name;
  guint       what;
} sections[EQS_N_SECTIONS] = {
  { "symmetry", EQS_CHANGED_SYMMETRY }, { "spec", EQS_CHANGED_SPEC },         { "data", EQS_CHANGED_DATA },
  { "nominal", EQS_CHANGED_DATA },      { "training", EQS_CHANGED_TRAINING }, { "preview", EQS_CHANGED_PREVIEW },
};

static void
eqs_document_finalize (GObject *object)
{
  EqsDocument *self = EQS_DOCUMENT (object);

  g_clear_pointer (&self->journal, g_ptr_array_unref);
  g_clear_pointer (&self->graph, eqs_graph_free);
  g_clear_pointer (&self->definitions, eqs_graph_free);
  for (guint i = 0; i < EQS_N_ITEM_KINDS; i++)
    g_clear_pointer (&self->items[i], g_ptr_array_unref);
  g_clear_pointer (&self->changed_paths, g_hash_table_unref);

  G_OBJECT_CLASS (eqs_document_parent_class)->finalize (object);
}

static void
eqs_document_class_init (EqsDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eqs_document_finalize;

  changed_signal = g_signal_new ("changed", EQS_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_UINT, G_TYPE_STRV | G_SIGNAL_TYPE_STATIC_SCOPE);
  (void) changed_signal;
}

static void
eqs_document_init (EqsDocument *self)
{
  EqsMap *symmetry = eqs_map_new ();
  EqsMap *fields;

  self->graph = eqs_graph_new (NULL);
  self->definitions = eqs_graph_new (NULL);
  for (guint i = 0; i < EQS_N_ITEM_KINDS; i++)
    self->items[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_map_unref);
  self->changed_paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  fields = self->graph->fields;
  eqs_map_set (symmetry, "group", eqs_value_new_string ("triv"));
  eqs_map_set (symmetry, "translations", eqs_value_new_bool (FALSE));
  eqs_map_set (symmetry, "permutations", eqs_value_new_string ("none"));
  eqs_map_insert (fields, 0, "format", eqs_value_new_string (EQS_FILE_FORMAT));
  eqs_map_insert (fields, 1, "version", eqs_value_new_number (EQS_FILE_VERSION));
  eqs_map_insert (fields, 2, "name", eqs_value_new_string (""));
  eqs_map_insert (fields, 3, "symmetry", eqs_value_new_object (symmetry));
  eqs_map_set (fields, "definitions", eqs_value_new_null ());
  eqs_map_set (fields, "frames", eqs_value_new_null ());
  eqs_map_set (fields, "notes", eqs_value_new_null ());
}

EqsDocument *
eqs_document_new (void)
{
  return g_object_new (EQS_TYPE_DOCUMENT, NULL);
}

static void
copy_nodes (const EqsGraph *from, EqsGraph *to)
{
  for (guint i = 0; i < from->nodes->len; i++)
    {
      EqsNode *node = eqs_node_dup (from->nodes->pdata[i], NULL);

      node->parent = to;
      g_ptr_array_add (to->nodes, node);
    }
  for (guint i = 0; i < from->links->len; i++)
    g_ptr_array_add (to->links, eqs_link_ref (from->links->pdata[i]));
}

EqsDocument *
eqs_document_dup (EqsDocument *self)
{
  EqsDocument *copy = eqs_document_new ();

  eqs_map_unref (copy->graph->fields);
  copy->graph->fields = eqs_map_copy (self->graph->fields);
  copy->read_only = self->read_only;
  copy_nodes (self->graph, copy->graph);
  copy_nodes (self->definitions, copy->definitions);
  for (guint kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    for (guint i = 0; i < self->items[kind]->len; i++)
      g_ptr_array_add (copy->items[kind], eqs_map_copy (self->items[kind]->pdata[i]));
  return copy;
}

/* Reading */

const char *
eqs_section_get_name (EqsSection section)
{
  g_return_val_if_fail ((guint) section < EQS_N_SECTIONS, NULL);
  return sections[section].name;
}

const char *
eqs_document_get_name (EqsDocument *self)
{
  return eqs_map_get_string (self->graph->fields, "name", "");
}

gboolean
eqs_document_is_read_only (EqsDocument *self)
{
  return self->read_only;
}

int
eqs_document_get_version (EqsDocument *self)
{
  return (int) CLAMP (eqs_map_get_number (self->graph->fields, "version", EQS_FILE_VERSION), 0, G_MAXINT);
}

EqsValue *
eqs_document_get_field (EqsDocument *self, const char *key)
{
  return eqs_map_get (self->graph->fields, key);
}

const EqsMap *
eqs_document_get_section (EqsDocument *self, EqsSection section)
{
  const EqsValue *value = eqs_map_get (self->graph->fields, eqs_section_get_name (section));

  return value == NULL ? NULL : eqs_value_get_map (value);
}

EqsValue *
eqs_document_get_entry (EqsDocument *self, EqsSection section, const char *key)
{
  return eqs_map_get (eqs_document_get_section (self, section), key);
}

const char *
eqs_document_get_group (EqsDocument *self)
{
  return eqs_map_get_string (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "group", "triv");
}

gboolean
eqs_document_has_translations (EqsDocument *self)
{
  return eqs_map_get_bool (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "translations", FALSE);
}

const char *
eqs_document_get_permutations (EqsDocument *self)
{
  return eqs_map_get_string (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "permutations", "none");
}

EqsGraph *
eqs_document_get_graph (EqsDocument *self, const char *scope)
{
  const EqsNode *node;

  if (scope == NULL || scope[0] == 0)
    return self->graph;
  node = eqs_document_find_node (self, scope);
  return node == NULL ? NULL : node->body;
}

EqsNode *
eqs_document_find_node (EqsDocument *self, const char *path)
{
  g_auto (GStrv) parts = NULL;
  EqsGraph *graph = self->graph;
  EqsNode *node = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  if (path[0] != '#' && strchr (path, '/') == NULL)
    return eqs_graph_find_node (graph, path);

  if (path[0] == '#')
    {
      graph = self->definitions;
      path++;
    }
  parts = g_strsplit (path, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      node = graph == NULL ? NULL : eqs_graph_find_node (graph, parts[i]);
      if (node == NULL)
        return NULL;
      graph = node->body;
    }
  return node;
}

EqsGraph *
eqs_document_get_body (EqsDocument *self, const EqsNode *node)
{
  const EqsValue *block = eqs_node_get_param (node, "block");
  const char *name = block == NULL ? NULL : eqs_value_get_string (block);
  const EqsNode *definition;

  if (node->body != NULL)
    return node->body;
  definition = name == NULL ? NULL : eqs_graph_find_node (self->definitions, name);
  return definition == NULL ? NULL : definition->body;
}

guint
eqs_document_get_n_definitions (EqsDocument *self)
{
  return self->definitions->nodes->len;
}

EqsNode *
eqs_document_get_definition (EqsDocument *self, guint index)
{
  return eqs_graph_get_node (self->definitions, index);
}

static guint
count_nodes (const EqsGraph *graph)
{
  guint n = graph->nodes->len;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i];

      n += node->body == NULL ? 0 : count_nodes (node->body);
    }
  return n;
}

guint
eqs_document_count_nodes (EqsDocument *self)
{
  return count_nodes (self->graph) + count_nodes (self->definitions);
}

guint
eqs_document_get_n_items (EqsDocument *self, EqsItemKind kind)
{
  g_return_val_if_fail ((guint) kind < EQS_N_ITEM_KINDS, 0);
  return self->items[kind]->len;
}

const EqsMap *
eqs_document_get_item (EqsDocument *self, EqsItemKind kind, guint index)
{
  g_return_val_if_fail (index < eqs_document_get_n_items (self, kind), NULL);
  return self->items[kind]->pdata[index];
}

int
eqs_document_find_item (EqsDocument *self, EqsItemKind kind, const char *id)
{
  g_return_val_if_fail ((guint) kind < EQS_N_ITEM_KINDS, -1);
  for (guint i = 0; i < self->items[kind]->len; i++)
    if (g_strcmp0 (eqs_map_get_string (self->items[kind]->pdata[i], "id", NULL), id) == 0)
      return (int) i;
  return -1;
}

static char *
id_stem (const char *base)
{
  char *stem = g_strndup (base, EQS_MAX_ID - 8);

  for (char *p = stem; *p != 0; p++)
    if (!g_ascii_isalnum (*p) && *p != '_' && *p != '-')
      *p = '_';
  return stem;
}

char *
eqs_document_unique_id (EqsDocument *self, const char *scope, const char *base)
{
  EqsGraph *graph = g_strcmp0 (scope, "#") == 0 ? self->definitions : eqs_document_get_graph (self, scope);
  g_autofree char *stem = id_stem (base[0] == 0 ? "node" : base);
  gsize n = strlen (stem);

  if (graph == NULL || eqs_graph_find_node (graph, stem) == NULL)
    return g_steal_pointer (&stem);
  while (n > 1 && g_ascii_isdigit (stem[n - 1]))
    stem[--n] = 0;
  for (guint i = 2;; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s%u", stem, i);

      if (eqs_graph_find_node (graph, id) == NULL)
        return g_steal_pointer (&id);
    }
}

/* Checks */

static gboolean
check_writable (EqsDocument *self, GError **error)
{
  if (!self->read_only)
    {
      /* A change behind the back of the history would make its steps wrong: a programmer's error. */
      g_return_val_if_fail (!self->guarded || self->journal != NULL, FALSE);
      return TRUE;
    }
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_READ_ONLY,
               _("This design was written by a newer version of Equistudio and is open for reading only; update "
                 "Equistudio to change it."));
  return FALSE;
}

static EqsGraph *
require_graph (EqsDocument *self, const char *scope, GError **error)
{
  EqsGraph *graph = check_writable (self, error) ? eqs_document_get_graph (self, scope) : NULL;

  if (graph == NULL && error != NULL && *error == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("“%s” has no inside to edit."), scope);
  return graph;
}

static EqsNode *
require_node (EqsDocument *self, const char *path, GError **error)
{
  EqsNode *node;

  if (!check_writable (self, error))
    return NULL;
  node = eqs_document_find_node (self, path);
  if (node == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), path);
  return node;
}

static gboolean
check_text (const char *text, GError **error)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("This text is not UTF-8."));
  return FALSE;
}

static gboolean
check_key (const char *key, GError **error)
{
  if (key != NULL && key[0] != 0 && g_utf8_validate (key, -1, NULL))
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("A setting needs a name."));
  return FALSE;
}

static gboolean
check_new_id (EqsGraph *graph, const char *id, GError **error)
{
  if (!eqs_id_is_valid (id))
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID,
                 _("“%s” cannot be an id: use 1 to %d letters A–Z, digits, “_” and “-”."), id, EQS_MAX_ID);
  else if (eqs_graph_find_node (graph, id) != NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("The id “%s” is taken; choose another."), id);
  else
    return TRUE;
  return FALSE;
}

/* The top level */

static gboolean
set_top (EqsDocument *self, guint what, const char *key, EqsValue *value, GError **error)
{
  if (!check_writable (self, error))
    return FALSE;
  eqs_journal_set_field (self, what, NULL, self->graph->fields, eqs_document_keys, key, value);
  return TRUE;
}

gboolean
eqs_document_set_name (EqsDocument *self, const char *name, GError **error)
{
  g_autoptr (EqsValue) value = NULL;

  if (!check_text (name, error))
    return FALSE;
  value = eqs_value_new_string (name);
  return set_top (self, EQS_CHANGED_OTHER, "name", value, error);
}

gboolean
eqs_document_set_field (EqsDocument *self, const char *key, EqsValue *value, GError **error)
{
  if (!check_key (key, error))
    return FALSE;
  if (g_strv_contains (eqs_document_keys, key))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” cannot be set as a plain field."), key);
      return FALSE;
    }
  return set_top (self, EQS_CHANGED_OTHER, key, value, error);
}

gboolean
eqs_document_set_section (EqsDocument *self, EqsSection section, const EqsMap *map, GError **error)
{
  g_autoptr (EqsValue) value = map == NULL ? NULL : eqs_value_new_object (eqs_map_copy (map));

  return set_top (self, sections[section].what, eqs_section_get_name (section), value, error);
}

gboolean
eqs_document_set_entry (EqsDocument *self, EqsSection section, const char *key, EqsValue *value, GError **error)
{
  const EqsMap *old = eqs_document_get_section (self, section);
  g_autoptr (EqsMap) map = NULL;

  if (!check_key (key, error))
    return FALSE;
  map = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  if (value != NULL)
    eqs_map_set (map, key, eqs_value_ref (value));
  else if (!eqs_map_remove (map, key))
    return check_writable (self, error);
  return eqs_document_set_section (self, section, map, error);
}

gboolean
eqs_document_set_symmetry (EqsDocument *self, const char *group, int translations, const char *permutations, GError **error)
{
  const EqsMap *old = eqs_document_get_section (self, EQS_SECTION_SYMMETRY);
  g_autoptr (EqsMap) map = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  const char *const kinds[] = { "none", "set", "graph", NULL };

  if (!check_text (group, error))
    return FALSE;
  if (permutations != NULL && !g_strv_contains (kinds, permutations))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                   _("Permutations are “none”, “set” or “graph”, not “%s”."), permutations);
      return FALSE;
    }
  if (group != NULL)
    eqs_map_set (map, "group", eqs_value_new_string (group));
  if (translations >= 0)
    eqs_map_set (map, "translations", eqs_value_new_bool (translations));
  if (permutations != NULL)
    eqs_map_set (map, "permutations", eqs_value_new_string (permutations));
  return eqs_document_set_section (self, EQS_SECTION_SYMMETRY, map, error);
}

/* Places that name nodes: `preview` ("node.param") and members of frames */

/* The name with its first part (up to . or /) being id replaced by new_id, NULL when it names something else;
 * new_id NULL: "" when it names id. */
static char *
renamed (const char *name, const char *path, const char *new_path)
{
  const gsize n = strlen (path);

  if (strncmp (name, path, n) != 0 || (name[n] != 0 && name[n] != '.' && name[n] != '/'))
    return NULL;
  return new_path == NULL ? g_strdup ("") : g_strconcat (new_path, name + n, NULL);
}

static void
rename_in_preview (EqsDocument *self, const char *path, const char *new_path)
{
  const EqsMap *old = eqs_document_get_section (self, EQS_SECTION_PREVIEW);
  g_autoptr (EqsMap) map = eqs_map_new ();
  g_autoptr (EqsValue) value = NULL;

  if (old == NULL)
    return;
  for (guint i = 0; i < eqs_map_get_size (old); i++)
    {
      g_autofree char *name = renamed (eqs_map_get_key (old, i), path, new_path);

      if (name == NULL)
        name = g_strdup (eqs_map_get_key (old, i));
      if (name[0] != 0)
        eqs_map_set (map, name, eqs_value_ref (eqs_map_get_value (old, i)));
    }
  value = eqs_value_new_object (g_steal_pointer (&map));
  eqs_journal_set_field (self, EQS_CHANGED_PREVIEW, NULL, self->graph->fields, eqs_document_keys, "preview", value);
}

static void
rename_in_frames (EqsDocument *self, const char *path, const char *new_path)
{
  for (guint i = 0; i < self->items[EQS_ITEM_FRAME]->len; i++)
    {
      EqsMap *frame = self->items[EQS_ITEM_FRAME]->pdata[i];
      const EqsValue *members = eqs_map_get (frame, "members");
      g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
      g_autoptr (EqsValue) value = NULL;

      if (members == NULL || !eqs_value_is_strings (members))
        continue;
      for (guint k = 0; k < eqs_value_get_length (members); k++)
        {
          EqsValue *member = eqs_value_get_item (members, k);
          g_autofree char *name = renamed (eqs_value_get_string (member), path, new_path);

          if (name == NULL)
            g_ptr_array_add (list, eqs_value_ref (member));
          else if (name[0] != 0)
            g_ptr_array_add (list, eqs_value_new_string (name));
        }
      value = eqs_value_new_list ((EqsValue *const *) list->pdata, list->len);
      eqs_journal_set_field (self, EQS_CHANGED_NOTES, NULL, frame, NULL, "members", value);
    }
}

/* Nodes */

static guint
nesting_of (const EqsGraph *graph)
{
  guint depth = 0;

  for (; graph != NULL && graph->owner != NULL; graph = graph->owner->parent)
    depth++;
  return depth;
}

static guint
depth_below (const EqsNode *node)
{
  guint depth = 0;

  for (guint i = 0; node->body != NULL && i < node->body->nodes->len; i++)
    depth = MAX (depth, depth_below (node->body->nodes->pdata[i]));
  return node->body == NULL ? 0 : depth + 1;
}

static gboolean
check_room (EqsDocument *self, const EqsGraph *graph, const EqsNode *node, GError **error)
{
  const guint n = 1 + (node->body == NULL ? 0 : count_nodes (node->body));

  if (eqs_document_count_nodes (self) + n > EQS_MAX_NODES)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A design holds at most %d nodes."), EQS_MAX_NODES);
  else if (nesting_of (graph) + depth_below (node) > EQS_MAX_NESTING)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Blocks can be nested at most %d deep."), EQS_MAX_NESTING);
  else
    return TRUE;
  return FALSE;
}

gboolean
eqs_document_add_node (EqsDocument *self, const char *scope, EqsNode *node, int index, GError **error)
{
  GError *local = NULL;
  EqsGraph *graph = require_graph (self, scope, &local);

  g_return_val_if_fail (node->parent == NULL, FALSE);
  if (graph == NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (!check_new_id (graph, eqs_node_get_id (node), error) || !check_room (self, graph, node, error))
    return FALSE;
  if (index < 0 || (guint) index > graph->nodes->len)
    index = (int) graph->nodes->len;
  eqs_journal_insert_node (self, graph, (guint) index, node);
  return TRUE;
}

static EqsLink *
link_with (const EqsLink *old, const char *from_node, const char *from_port, const char *to_node, const char *to_port)
{
  EqsMap *fields = eqs_map_copy (eqs_link_get_fields (old));
  g_autofree char *from = g_strconcat (from_node, ".", from_port, NULL);
  g_autofree char *to = g_strconcat (to_node, ".", to_port, NULL);

  eqs_map_set (fields, "from", eqs_value_new_string (from));
  eqs_map_set (fields, "to", eqs_value_new_string (to));
  return eqs_link_new (from_node, from_port, to_node, to_port, fields, eqs_link_get_line (old));
}

static void
replace_link (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link)
{
  eqs_journal_remove_link (self, graph, index);
  eqs_journal_insert_link (self, graph, index, link);
}

/* What fed `id` feeds what `id` fed, each at its old place among the links. */
static void
rejoin_around (EqsDocument *self, EqsGraph *graph, const char *id)
{
  const int in = eqs_graph_find_link (graph, NULL, NULL, id, NULL);
  g_autofree char *node = NULL;
  g_autofree char *port = NULL;

  if (in < 0)
    return;
  node = g_strdup (eqs_graph_get_link (graph, (guint) in)->from_node);
  port = g_strdup (eqs_graph_get_link (graph, (guint) in)->from_port);
  if (strcmp (node, id) == 0)
    return;
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->from_node, id) == 0 && strcmp (link->to_node, id) != 0)
        replace_link (self, graph, i, link_with (link, node, port, link->to_node, link->to_port));
    }
}

gboolean
eqs_document_remove_node (EqsDocument *self, const char *path, gboolean rejoin, GError **error)
{
  EqsNode *node = require_node (self, path, error);
  EqsGraph *graph;
  const char *id;

  if (node == NULL)
    return FALSE;
  if (node->parent == self->definitions)
    return eqs_document_remove_definition (self, eqs_node_get_id (node), error);

  graph = node->parent;
  id = eqs_node_get_id (node);
  eqs_document_hold (self);
  if (rejoin)
    rejoin_around (self, graph, id);
  for (guint i = graph->links->len; i-- > 0;)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->from_node, id) == 0 || strcmp (link->to_node, id) == 0)
        eqs_journal_remove_link (self, graph, i);
    }
  rename_in_preview (self, path, NULL);
  rename_in_frames (self, path, NULL);
  eqs_journal_remove_node (self, graph, node);
  eqs_document_release (self);
  return TRUE;
}

static void
rename_in_links (EqsDocument *self, EqsGraph *graph, const char *id, const char *new_id)
{
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];
      const gboolean from = strcmp (link->from_node, id) == 0;
      const gboolean to = strcmp (link->to_node, id) == 0;

      if (from || to)
        replace_link (self, graph, i, link_with (link, from ? new_id : link->from_node, link->from_port,
                                                 to ? new_id : link->to_node, link->to_port));
    }
}

static void
rename_uses (EqsDocument *self, EqsGraph *graph, const char *id, EqsValue *new_id)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      EqsNode *node = graph->nodes->pdata[i];
      const EqsValue *block = eqs_node_get_param (node, "block");

      if (node->body != NULL)
        rename_uses (self, node->body, id, new_id);
      else if (block != NULL && g_strcmp0 (eqs_value_get_string (block), id) == 0)
        {
          EqsMap *params = eqs_map_copy (eqs_node_get_params (node));
          g_autoptr (EqsValue) value = eqs_value_new_object (params);

          eqs_map_set (params, "block", eqs_value_ref (new_id));
          eqs_journal_set_field (self, EQS_CHANGED_SETTINGS, node, node->fields, eqs_node_keys, "params", value);
        }
    }
}

gboolean
eqs_document_rename_node (EqsDocument *self, const char *path, const char *id, GError **error)
{
  EqsNode *node = require_node (self, path, error);
  g_autofree char *old = NULL;
  g_autofree char *new_path = NULL;
  g_autoptr (EqsValue) value = NULL;

  if (node == NULL)
    return FALSE;
  if (strcmp (eqs_node_get_id (node), id) == 0)
    return TRUE;
  if (!check_new_id (node->parent, id, error))
    return FALSE;

  old = g_strdup (eqs_node_get_id (node));
  value = eqs_value_new_string (id);
  eqs_document_hold (self);
  eqs_journal_set_field (self, EQS_CHANGED_NODES, node, node->fields, NULL, "id", value);
  rename_in_links (self, node->parent, old, id);
  new_path = eqs_document_path_of (self, node);
  rename_in_preview (self, path, new_path);
  rename_in_frames (self, path, new_path);
  if (node->parent == self->definitions)
    {
      rename_uses (self, self->graph, old, value);
      rename_uses (self, self->definitions, old, value);
    }
  eqs_document_release (self);
  return TRUE;
}

static gboolean
set_node_field (EqsDocument *self, guint what, const char *path, const char *key, EqsValue *value, GError **error)
{
  EqsNode *node = require_node (self, path, error);

  if (node == NULL)
    return FALSE;
  eqs_journal_set_field (self, what, node, node->fields, eqs_node_keys, key, value);
  return TRUE;
}

gboolean
eqs_document_set_param (EqsDocument *self, const char *path, const char *name, EqsValue *value, GError **error)
{
  EqsNode *node = require_node (self, path, error);
  const EqsMap *old;
  EqsMap *params;
  g_autoptr (EqsValue) object = NULL;

  if (node == NULL || !check_key (name, error))
    return FALSE;
  old = eqs_node_get_params (node);
  if (value == NULL && eqs_map_find (old, name) < 0)
    return TRUE;

  params = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  object = eqs_value_new_object (params);
  if (value != NULL)
    eqs_map_set (params, name, eqs_value_ref (value));
  else
    eqs_map_remove (params, name);
  return set_node_field (self, EQS_CHANGED_SETTINGS, path, "params", object, error);
}

gboolean
eqs_document_set_layer (EqsDocument *self, const char *path, const char *layer, const EqsMap *params, GError **error)
{
  EqsNode *node = require_node (self, path, error);
  g_autoptr (EqsValue) name = NULL;
  g_autoptr (EqsValue) object = NULL;
  gboolean stale;

  if (node == NULL || !check_key (layer, error))
    return FALSE;
  stale = eqs_node_title_says_layer (node) && strcmp (layer, eqs_node_get_layer (node)) != 0;
  name = eqs_value_new_string (layer);
  object = params == NULL ? NULL : eqs_value_new_object (eqs_map_copy (params));
  eqs_document_hold (self);
  set_node_field (self, EQS_CHANGED_SETTINGS, path, "layer", name, NULL);
  set_node_field (self, EQS_CHANGED_SETTINGS, path, "params", object, NULL);
  if (stale)
    set_node_field (self, EQS_CHANGED_LOOK, path, "title", NULL, NULL);
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_set_title (EqsDocument *self, const char *path, const char *title, GError **error)
{
  g_autoptr (EqsValue) value = NULL;

  if (!check_text (title, error))
    return FALSE;
  value = title == NULL || title[0] == 0 ? NULL : eqs_value_new_string (title);
  return set_node_field (self, EQS_CHANGED_LOOK, path, "title", value, error);
}

gboolean
eqs_document_set_bypass (EqsDocument *self, const char *path, gboolean bypass, GError **error)
{
  g_autoptr (EqsValue) value = bypass ? eqs_value_new_bool (TRUE) : NULL;

  return set_node_field (self, EQS_CHANGED_SETTINGS, path, "bypass", value, error);
}

gboolean
eqs_document_move_node (EqsDocument *self, const char *path, double x, double y, GError **error)
{
  g_autoptr (EqsValue) new_x = NULL;
  g_autoptr (EqsValue) new_y = NULL;

  if (require_node (self, path, error) == NULL)
    return FALSE;
  if (!isfinite (x) || !isfinite (y))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("A position must be a finite number."));
      return FALSE;
    }
  new_x = eqs_value_new_number (x);
  new_y = eqs_value_new_number (y);
  eqs_document_hold (self);
  set_node_field (self, EQS_CHANGED_LOOK, path, "x", new_x, NULL);
  set_node_field (self, EQS_CHANGED_LOOK, path, "y", new_y, NULL);
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_set_node_field (EqsDocument *self, const char *path, const char *key, EqsValue *value, GError **error)
{
  const char *const own[] = { "id", "layer", "title", "params", "bypass", "x", "y", "body", NULL };

  if (!check_key (key, error))
    return FALSE;
  if (g_strv_contains (own, key))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” cannot be set as a plain field."), key);
      return FALSE;
    }
  return set_node_field (self, EQS_CHANGED_LOOK, path, key, value, error);
}

/* Links */

typedef struct
{
  char *from_node, *from_port, *to_node, *to_port;   /* owned */
} Ends;

static void
ends_clear (Ends *ends)
{
  g_free (ends->from_node);
  g_free (ends->from_port);
  g_free (ends->to_node);
  g_free (ends->to_port);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ends, ends_clear)

static gboolean
check_end (const EqsGraph *graph, const char *endpoint, char **node, char **port, GError **error)
{
  if (!eqs_endpoint_split (endpoint, node, port))
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("“%s” is not of the form node.port."), endpoint);
  else if ((*node)[0] == 0 && graph->owner == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("“%s” names no node; only inside a block a port may stand alone."), endpoint);
  else if ((*node)[0] != 0 && eqs_graph_find_node ((EqsGraph *) graph, *node) == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), *node);
  else
    return TRUE;
  return FALSE;
}

static EqsGraph *
require_ends (EqsDocument *self, const char *scope, const char *from, const char *to, Ends *ends, GError **error)
{
  GError *local = NULL;
  EqsGraph *graph = require_graph (self, scope, &local);

  if (graph == NULL)
    {
      g_propagate_error (error, local);
      return NULL;
    }
  return check_end (graph, from, &ends->from_node, &ends->from_port, error)
         && check_end (graph, to, &ends->to_node, &ends->to_port, error) ? graph : NULL;
}

gboolean
eqs_document_connect (EqsDocument *self, const char *scope, const char *from, const char *to, int index, gboolean replace,
                      GError **error)
{
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);

  if (graph == NULL)
    return FALSE;
  if (graph->links->len >= EQS_MAX_LINKS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A graph holds at most %d links."), EQS_MAX_LINKS);
      return FALSE;
    }
  eqs_document_hold (self);
  for (guint i = graph->links->len; replace && i-- > 0;)
    {
      const EqsLink *link = graph->links->pdata[i];

      if (strcmp (link->to_node, ends.to_node) == 0 && strcmp (link->to_port, ends.to_port) == 0)
        {
          eqs_journal_remove_link (self, graph, i);
          index = (int) i;
        }
    }
  if (index < 0 || (guint) index > graph->links->len)
    index = (int) graph->links->len;
  eqs_journal_insert_link (self, graph, (guint) index,
                           eqs_link_new (ends.from_node, ends.from_port, ends.to_node, ends.to_port, NULL, 0));
  eqs_document_release (self);
  return TRUE;
}

static int
require_link (EqsGraph *graph, const Ends *ends, const char *from, const char *to, GError **error)
{
  const int index = eqs_graph_find_link (graph, ends->from_node, ends->from_port, ends->to_node, ends->to_port);

  if (index < 0)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("“%s” and “%s” are not connected."), from, to);
  return index;
}

gboolean
eqs_document_disconnect (EqsDocument *self, const char *scope, const char *from, const char *to, GError **error)
{
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);
  const int index = graph == NULL ? -1 : require_link (graph, &ends, from, to, error);

  if (index < 0)
    return FALSE;
  eqs_journal_remove_link (self, graph, (guint) index);
  return TRUE;
}

gboolean
eqs_document_insert_on_link (EqsDocument *self, const char *scope, const char *from, const char *to, const char *id,
                             const char *in_port, const char *out_port, GError **error)
{
  g_auto (Ends) ends = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, to, &ends, error);
  const int index = graph == NULL ? -1 : require_link (graph, &ends, from, to, error);
  const EqsLink *old;

  if (index < 0)
    return FALSE;
  if (eqs_graph_find_node (graph, id) == NULL || !eqs_id_is_valid (in_port) || !eqs_id_is_valid (out_port))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), id);
      return FALSE;
    }
  if (strcmp (id, ends.from_node) == 0 || strcmp (id, ends.to_node) == 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” is already an end of this link."), id);
      return FALSE;
    }
  old = graph->links->pdata[index];
  eqs_document_hold (self);
  replace_link (self, graph, (guint) index, link_with (old, id, out_port, ends.to_node, ends.to_port));
  eqs_journal_insert_link (self, graph, (guint) index, eqs_link_new (ends.from_node, ends.from_port, id, in_port, NULL, 0));
  eqs_document_release (self);
  return TRUE;
}

gboolean
eqs_document_redirect (EqsDocument *self, const char *scope, const char *from, const char *new_from, GError **error)
{
  g_auto (Ends) old = { 0 };
  EqsGraph *graph = require_ends (self, scope, from, new_from, &old, error);

  if (graph == NULL)
    return FALSE;
  eqs_document_hold (self);
  for (guint i = 0; i < graph->links->len; i++)
    {
      const EqsLink *link = graph->links->pdata[i];

      /* in `old` the new source stands at the place of a target */
      if (strcmp (link->from_node, old.from_node) == 0 && strcmp (link->from_port, old.from_port) == 0
          && strcmp (link->to_node, old.to_node) != 0)
        replace_link (self, graph, i, link_with (link, old.to_node, old.to_port, link->to_node, link->to_port));
    }
  eqs_document_release (self);
  return TRUE;
}

/* Definitions */

gboolean
eqs_document_add_definition (EqsDocument *self, EqsNode *node, GError **error)
{
  g_return_val_if_fail (node->parent == NULL && node->body != NULL, FALSE);
  if (!check_writable (self, error) || !check_new_id (self->definitions, eqs_node_get_id (node), error)
      || !check_room (self, self->definitions, node, error))
    return FALSE;
  eqs_journal_insert_node (self, self->definitions, self->definitions->nodes->len, node);
  return TRUE;
}

static const EqsNode *
find_use (const EqsGraph *graph, const char *id)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i];
      const EqsValue *block = eqs_node_get_param (node, "block");
      const EqsNode *use = node->body != NULL ? find_use (node->body, id) : NULL;

      if (use == NULL && block != NULL && g_strcmp0 (eqs_value_get_string (block), id) == 0)
        use = node;
      if (use != NULL)
        return use;
    }
  return NULL;
}

gboolean
eqs_document_remove_definition (EqsDocument *self, const char *id, GError **error)
{
  EqsNode *node = eqs_graph_find_node (self->definitions, id);
  const EqsNode *use;

  if (!check_writable (self, error))
    return FALSE;
  if (node == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no block “%s”."), id);
      return FALSE;
    }
  use = find_use (self->graph, id);
  if (use == NULL)
    use = find_use (self->definitions, id);
  if (use != NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                   _("The block “%s” is used by “%s”; remove that node first."), id, eqs_node_get_id (use));
      return FALSE;
    }
  eqs_journal_remove_node (self, self->definitions, node);
  return TRUE;
}

/* Frames and notes */

gboolean
eqs_document_add_item (EqsDocument *self, EqsItemKind kind, const EqsMap *fields, GError **error)
{
  g_autoptr (EqsMap) item = eqs_map_copy (fields);
  const char *id = eqs_map_get_string (item, "id", NULL);

  if (!check_writable (self, error))
    return FALSE;
  if (id == NULL)
    {
      char made[32];
      guint i = 1;

      do
        g_snprintf (made, sizeof made, "%s%u", kind == EQS_ITEM_FRAME ? "frame" : "note", i++);
      while (eqs_document_find_item (self, kind, made) >= 0);
      eqs_map_remove (item, "id");
      eqs_map_insert (item, 0, "id", eqs_value_new_string (made));
    }
  else if (!eqs_id_is_valid (id) || eqs_document_find_item (self, kind, id) >= 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("The id “%s” is taken; choose another."), id);
      return FALSE;
    }
  eqs_journal_insert_item (self, self->items[kind], self->items[kind]->len, item);
  return TRUE;
}

static int
require_item (EqsDocument *self, EqsItemKind kind, const char *id, GError **error)
{
  const int index = check_writable (self, error) ? eqs_document_find_item (self, kind, id) : -1;

  if (index < 0 && !self->read_only)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no note or frame “%s”."), id);
  return index;
}

gboolean
eqs_document_remove_item (EqsDocument *self, EqsItemKind kind, const char *id, GError **error)
{
  const int index = require_item (self, kind, id, error);

  if (index < 0)
    return FALSE;
  eqs_journal_remove_item (self, self->items[kind], (guint) index);
  return TRUE;
}

gboolean
eqs_document_set_item_field (EqsDocument *self, EqsItemKind kind, const char *id, const char *key, EqsValue *value,
                             GError **error)
{
  const int index = require_item (self, kind, id, error);

  if (index < 0 || !check_key (key, error))
    return FALSE;
  if (strcmp (key, "id") == 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” cannot be set as a plain field."), key);
      return FALSE;
    }
  eqs_journal_set_field (self, EQS_CHANGED_NOTES, NULL, self->items[kind]->pdata[index], NULL, key, value);
  return TRUE;
}
