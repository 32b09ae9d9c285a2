/* The document checks first and changes afterwards; every change goes through the journal (journal.c), one primitive
 * at a time, so nothing here has to know how to undo. */

#include "model/document.h"
#include "model/document-private.h"
#include "model/file.h"
#include "model/journal.h"

#include <glib/gi18n-lib.h>
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
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

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
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  return eqs_map_get_string (self->graph->fields, "name", "");
}

gboolean
eqs_document_is_read_only (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  return self->read_only;
}

int
eqs_document_get_version (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), 0);
  return (int) CLAMP (eqs_map_get_number (self->graph->fields, "version", EQS_FILE_VERSION), 0, G_MAXINT);
}

EqsValue *
eqs_document_get_field (EqsDocument *self, const char *key)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  return eqs_map_get (self->graph->fields, key);
}

const EqsMap *
eqs_document_get_section (EqsDocument *self, EqsSection section)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  const EqsValue *value = eqs_map_get (self->graph->fields, eqs_section_get_name (section));

  return value == NULL ? NULL : eqs_value_get_map (value);
}

EqsValue *
eqs_document_get_entry (EqsDocument *self, EqsSection section, const char *key)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  return eqs_map_get (eqs_document_get_section (self, section), key);
}

const char *
eqs_document_get_group (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  return eqs_map_get_string (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "group", "triv");
}

gboolean
eqs_document_has_translations (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  return eqs_map_get_bool (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "translations", FALSE);
}

const char *
eqs_document_get_permutations (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  return eqs_map_get_string (eqs_document_get_section (self, EQS_SECTION_SYMMETRY), "permutations", "none");
}

EqsGraph *
eqs_document_get_graph (EqsDocument *self, const char *scope)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  const EqsNode *node;

  if (scope == NULL || scope[0] == 0)
    return self->graph;
  node = eqs_document_find_node (self, scope);
  return node == NULL ? NULL : eqs_document_get_body (self, node);
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
      graph = eqs_document_get_body (self, node);
    }
  return node;
}

EqsGraph *
eqs_document_get_body (EqsDocument *self, const EqsNode *node)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

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
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), 0);
  return self->definitions->nodes->len;
}

guint
eqs_graph_count_nodes (const EqsGraph *graph)
{
  guint n = graph->nodes->len;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const EqsNode *node = graph->nodes->pdata[i];

      n += node->body == NULL ? 0 : eqs_graph_count_nodes (node->body);
    }
  return n;
}

guint
eqs_document_count_nodes (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), 0);
  return eqs_graph_count_nodes (self->graph) + eqs_graph_count_nodes (self->definitions);
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
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

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

gboolean
eqs_document_check_writable (EqsDocument *self, GError **error)
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

EqsGraph *
eqs_document_require_graph (EqsDocument *self, const char *scope, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  EqsGraph *graph = eqs_document_check_writable (self, error) ? eqs_document_get_graph (self, scope) : NULL;

  if (graph == NULL && error != NULL && *error == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("“%s” has no inside to edit."), scope);
  return graph;
}

EqsNode *
eqs_document_require_node (EqsDocument *self, const char *path, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  EqsNode *node;

  if (!eqs_document_check_writable (self, error))
    return NULL;
  node = eqs_document_find_node (self, path);
  if (node == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), path);
  return node;
}

gboolean
eqs_document_check_text (const char *text, GError **error)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("This text is not UTF-8."));
  return FALSE;
}

gboolean
eqs_document_check_key (const char *key, GError **error)
{
  if (key != NULL && key[0] != 0 && g_utf8_validate (key, -1, NULL))
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("A setting needs a name."));
  return FALSE;
}

gboolean
eqs_document_check_new_id (EqsGraph *graph, const char *id, GError **error)
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
  if (!eqs_document_check_writable (self, error))
    return FALSE;
  eqs_journal_set_field (self, what, NULL, self->graph->fields, eqs_document_keys, key, value);
  return TRUE;
}

gboolean
eqs_document_set_name (EqsDocument *self, const char *name, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsValue) value = NULL;

  if (!eqs_document_check_text (name, error))
    return FALSE;
  value = eqs_value_new_string (name);
  return set_top (self, EQS_CHANGED_OTHER, "name", value, error);
}

gboolean
eqs_document_set_field (EqsDocument *self, const char *key, EqsValue *value, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  if (!eqs_document_check_key (key, error))
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
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);
  g_autoptr (EqsValue) value = map == NULL ? NULL : eqs_value_new_object (eqs_map_copy (map));

  return set_top (self, sections[section].what, eqs_section_get_name (section), value, error);
}

gboolean
eqs_document_set_entry (EqsDocument *self, EqsSection section, const char *key, EqsValue *value, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  const EqsMap *old = eqs_document_get_section (self, section);
  g_autoptr (EqsMap) map = NULL;

  if (!eqs_document_check_key (key, error))
    return FALSE;
  map = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  if (value != NULL)
    eqs_map_set (map, key, eqs_value_ref (value));
  else if (!eqs_map_remove (map, key))
    return eqs_document_check_writable (self, error);
  return eqs_document_set_section (self, section, map, error);
}

gboolean
eqs_document_set_symmetry (EqsDocument *self, const char *group, int translations, const char *permutations, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), FALSE);

  const EqsMap *old = eqs_document_get_section (self, EQS_SECTION_SYMMETRY);
  g_autoptr (EqsMap) map = old == NULL ? eqs_map_new () : eqs_map_copy (old);
  const char *const kinds[] = { "none", "set", "graph", NULL };

  if (!eqs_document_check_text (group, error))
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
