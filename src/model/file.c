/* Reading takes the JSON tree apart once: what the document understands is checked and moved into nodes, links and
 * notes, the rest stays in the ordered maps they were in. Writing walks the same maps, so unknown fields come out where
 * they were. The writer is ours because the line structure is the point: one node, one line. */

#include "model/file.h"
#include "model/atomic.h"
#include "model/document-private.h"
#include "model/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  guint n_nodes;     /* in all graphs so far */
  guint nesting;
} Reader;

/* Reading: checks of single fields. Sentences begin with the line. */

static gboolean
fail_type (const EqsValue *value, const char *where, const char *key, const char *expected, GError **error)
{
  g_autofree char *text = eqs_value_to_text (value);
  g_autofree char *shown = eqs_error_quote (text);

  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT,
               /* Translators: line, then for instance: node “conv1” */
               _("Line %u: in %s, “%s” must be %s, not %s."), eqs_value_get_line (value), where, key, expected, shown);
  return FALSE;
}

/* TRUE where the field is absent. */
static gboolean
check_kind (const EqsMap *map, const char *key, EqsValueType kind, const char *where, const char *expected, GError **error)
{
  const EqsValue *value = eqs_map_get (map, key);

  return value == NULL || eqs_value_get_kind (value) == kind || fail_type (value, where, key, expected, error);
}

static gboolean
fail_missing (guint line, const char *where, const char *key, GError **error)
{
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("Line %u: %s has no “%s”."), line, where, key);
  return FALSE;
}

/* Reading: nodes */

static gboolean read_graph (Reader *reader, const EqsMap *fields, EqsGraph *graph, const char *where, GError **error);

static gboolean
read_body (Reader *reader, EqsNode *node, const char *where, GError **error)
{
  EqsValue *value = eqs_map_get (node->fields, "body");

  if (value == NULL)
    return TRUE;
  if (eqs_value_get_map (value) == NULL)
    return fail_type (value, where, "body", _("an object with nodes and links"), error);
  if (reader->nesting >= EQS_MAX_NESTING)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Line %u: in %s, blocks are nested more than %d deep."),
                   node->line, where, EQS_MAX_NESTING);
      return FALSE;
    }
  node->body = eqs_graph_new (node);
  reader->nesting++;
  if (!read_graph (reader, eqs_value_get_map (value), node->body, where, error))
    return FALSE;
  reader->nesting--;
  eqs_map_set (node->fields, "body", eqs_value_new_null ());   /* a marker: the body is in node->body */
  return TRUE;
}

static gboolean
check_node (const EqsMap *map, guint line, guint number, char **where, GError **error)
{
  const char *id = eqs_map_get_string (map, "id", NULL);
  const char *layer = eqs_map_get_string (map, "layer", NULL);

  *where = g_strdup_printf (_("node number %u"), number + 1);
  if (!check_kind (map, "id", EQS_VALUE_STRING, *where, _("a text"), error))
    return FALSE;
  if (id == NULL)
    return fail_missing (line, *where, "id", error);
  if (!eqs_id_is_valid (id))
    {
      g_autofree char *shown = eqs_error_quote (id);

      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID,
                   _("Line %u: “%s” cannot be a node's id: use 1 to %d letters A–Z, digits, “_” and “-”."), line, shown,
                   EQS_MAX_ID);
      return FALSE;
    }
  g_free (*where);
  *where = g_strdup_printf (_("node “%s”"), id);
  if (!check_kind (map, "layer", EQS_VALUE_STRING, *where, _("a text"), error))
    return FALSE;
  if (layer == NULL || layer[0] == 0)
    return fail_missing (line, *where, "layer", error);
  return check_kind (map, "title", EQS_VALUE_STRING, *where, _("a text"), error)
         && check_kind (map, "params", EQS_VALUE_OBJECT, *where, _("an object"), error)
         && check_kind (map, "bypass", EQS_VALUE_BOOL, *where, _("true or false"), error)
         && check_kind (map, "x", EQS_VALUE_NUMBER, *where, _("a number"), error)
         && check_kind (map, "y", EQS_VALUE_NUMBER, *where, _("a number"), error);
}

static gboolean
read_node (Reader *reader, EqsValue *value, guint number, EqsGraph *graph, GError **error)
{
  const EqsMap *map = eqs_value_get_map (value);
  const guint line = eqs_value_get_line (value);
  g_autofree char *where = NULL;
  g_autoptr (EqsNode) node = NULL;
  EqsNode *other;

  if (map == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("Line %u: node number %u is not an object."), line, number + 1);
      return FALSE;
    }
  if (!check_node (map, line, number, &where, error))
    return FALSE;
  if (++reader->n_nodes > EQS_MAX_NODES)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Line %u: a design holds at most %d nodes."), line, EQS_MAX_NODES);
      return FALSE;
    }
  other = eqs_graph_find_node (graph, eqs_map_get_string (map, "id", ""));
  if (other != NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID,
                   _("Line %u: the id “%s” is already that of the node on line %u; give one of them another id."), line,
                   eqs_node_get_id (other), other->line);
      return FALSE;
    }
  node = eqs_node_new_from_fields (eqs_map_copy (map), line);
  return read_body (reader, node, where, error) && eqs_graph_add_node (graph, g_steal_pointer (&node), error);
}

/* Reading: links */

static gboolean
read_end (const EqsMap *map, const char *key, EqsGraph *graph, guint line, char **node, char **port, GError **error)
{
  const char *text = eqs_map_get_string (map, key, NULL);
  g_autofree char *shown = NULL;

  if (!check_kind (map, key, EQS_VALUE_STRING, _("a link"), _("a text"), error))
    return FALSE;
  if (text == NULL)
    return fail_missing (line, _("a link"), key, error);
  shown = eqs_error_quote (text);
  if (!eqs_endpoint_split (text, node, port) || ((*node)[0] == 0 && graph->owner == NULL))
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("Line %u: the end “%s” of a link is not of the form node.port."), line, shown);
  else if ((*node)[0] != 0 && eqs_graph_find_node (graph, *node) == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("Line %u: a link names the node “%s”, which does not exist."), line, *node);
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_link (EqsValue *value, guint number, EqsGraph *graph, GError **error)
{
  const EqsMap *map = eqs_value_get_map (value);
  const guint line = eqs_value_get_line (value);
  g_autofree char *from_node = NULL, *from_port = NULL, *to_node = NULL, *to_port = NULL;

  if (map == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("Line %u: link number %u is not an object."), line, number + 1);
      return FALSE;
    }
  if (!read_end (map, "from", graph, line, &from_node, &from_port, error)
      || !read_end (map, "to", graph, line, &to_node, &to_port, error))
    return FALSE;
  if (graph->links->len >= EQS_MAX_LINKS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Line %u: a graph holds at most %d links."), line, EQS_MAX_LINKS);
      return FALSE;
    }
  g_ptr_array_add (graph->links, eqs_link_new (from_node, from_port, to_node, to_port, eqs_map_copy (map), line));
  return TRUE;
}

static EqsValue *
require_list (const EqsMap *map, const char *key, const char *where, GError **error)
{
  EqsValue *value = eqs_map_get (map, key);

  if (value != NULL && eqs_value_get_kind (value) != EQS_VALUE_LIST)
    {
      fail_type (value, where, key, _("a list"), error);
      return NULL;
    }
  return value;
}

static void
hold_place (EqsMap *map, const char *const *order, const char *key)
{
  if (eqs_map_find (map, key) >= 0)
    eqs_map_set (map, key, eqs_value_new_null ());
  else
    eqs_map_insert (map, eqs_map_place (map, order, key), key, eqs_value_new_null ());
}

/* Nodes and links of `fields` become those of graph; what is left of `fields` becomes the graph's. */
static gboolean
read_graph (Reader *reader, const EqsMap *fields, EqsGraph *graph, const char *where, GError **error)
{
  GError *local = NULL;
  EqsValue *nodes = require_list (fields, "nodes", where, &local);
  EqsValue *links = local == NULL ? require_list (fields, "links", where, &local) : NULL;
  const char *const *order = graph->owner == NULL ? eqs_document_keys : eqs_graph_keys;

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  for (guint i = 0; nodes != NULL && i < eqs_value_get_length (nodes); i++)
    if (!read_node (reader, eqs_value_get_item (nodes, i), i, graph, error))
      return FALSE;
  for (guint i = 0; links != NULL && i < eqs_value_get_length (links); i++)
    if (!read_link (eqs_value_get_item (links, i), i, graph, error))
      return FALSE;

  eqs_map_unref (graph->fields);
  graph->fields = eqs_map_copy (fields);
  hold_place (graph->fields, order, "nodes");
  hold_place (graph->fields, order, "links");
  return TRUE;
}

/* Reading: the rest */

static gboolean
read_definitions (Reader *reader, const EqsMap *root, EqsDocument *document, GError **error)
{
  GError *local = NULL;
  EqsValue *list = require_list (root, "definitions", _("the design"), &local);

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      EqsValue *value = eqs_value_get_item (list, i);
      const EqsMap *map = eqs_value_get_map (value);

      if (map != NULL && eqs_map_get (map, "body") == NULL)
        return fail_missing (eqs_value_get_line (value), _("a definition"), "body", error);
      if (!read_node (reader, value, i, document->definitions, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_items (const EqsMap *root, EqsDocument *document, EqsItemKind kind, GError **error)
{
  GError *local = NULL;
  EqsValue *list = require_list (root, eqs_item_names[kind], _("the design"), &local);

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsValue *value = eqs_value_get_item (list, i);
      const EqsMap *map = eqs_value_get_map (value);
      const char *id = eqs_map_get_string (map, "id", NULL);

      if (map == NULL)
        return fail_type (value, _("the design"), eqs_item_names[kind], _("a list of objects"), error);
      if (eqs_map_get (map, "id") != NULL && !eqs_id_is_valid (id))
        return fail_type (eqs_map_get (map, "id"), eqs_item_names[kind], "id", _("letters, digits, “_” and “-”"), error);
      if (i >= EQS_MAX_NODES)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Line %u: a design holds at most %d notes and frames."),
                       eqs_value_get_line (value), EQS_MAX_NODES);
          return FALSE;
        }
      if (id != NULL && eqs_document_find_item (document, kind, id) >= 0)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("Line %u: the id “%s” is given twice in “%s”."),
                       eqs_value_get_line (value), id, eqs_item_names[kind]);
          return FALSE;
        }
      g_ptr_array_add (document->items[kind], eqs_map_copy (map));
    }
  return TRUE;
}

static gboolean
check_symmetry (const EqsMap *root, GError **error)
{
  const EqsValue *value = eqs_map_get (root, "symmetry");
  const EqsMap *map = value == NULL ? NULL : eqs_value_get_map (value);
  const char *const kinds[] = { "none", "set", "graph", NULL };
  const EqsValue *permutations = eqs_map_get (map, "permutations");

  if (!check_kind (map, "group", EQS_VALUE_STRING, "“symmetry”", _("a text"), error)
      || !check_kind (map, "translations", EQS_VALUE_BOOL, "“symmetry”", _("true or false"), error)
      || !check_kind (map, "permutations", EQS_VALUE_STRING, "“symmetry”", _("a text"), error))
    return FALSE;
  return permutations == NULL || g_strv_contains (kinds, eqs_value_get_string (permutations))
         || fail_type (permutations, "“symmetry”", "permutations", _("“none”, “set” or “graph”"), error);
}

static gboolean
check_head (const EqsValue *value, int *version, GError **error)
{
  const EqsMap *root = eqs_value_get_map (value);
  const double number = eqs_map_get_number (root, "version", NAN);

  if (root == NULL || g_strcmp0 (eqs_map_get_string (root, "format", NULL), EQS_FILE_FORMAT) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT,
                   _("Line %u: this is JSON, but not a design of Equistudio: “format” is not “%s”."),
                   eqs_value_get_line (value), EQS_FILE_FORMAT);
      return FALSE;
    }
  if (eqs_map_get (root, "version") == NULL)
    return fail_missing (eqs_value_get_line (value), _("the design"), "version", error);
  if (!(number >= 1 && number <= 1000000 && number == floor (number)))
    return fail_type (eqs_map_get (root, "version"), _("the design"), "version", _("a whole number from 1"), error);
  *version = (int) number;
  return TRUE;
}

static gboolean
check_top (const EqsMap *root, GError **error)
{
  if (!check_kind (root, "name", EQS_VALUE_STRING, _("the design"), _("a text"), error))
    return FALSE;
  for (guint i = 0; i < EQS_N_SECTIONS; i++)
    if (!check_kind (root, eqs_section_get_name (i), EQS_VALUE_OBJECT, _("the design"), _("an object"), error))
      return FALSE;
  return check_symmetry (root, error);
}

/* Notes that came without an id get one, so that they can be edited. */
static void
name_items (EqsDocument *document)
{
  for (guint kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    for (guint i = 0, next = 1; i < document->items[kind]->len; i++)
      {
        EqsMap *item = document->items[kind]->pdata[i];
        char id[32];

        if (eqs_map_get (item, "id") != NULL)
          continue;
        do
          g_snprintf (id, sizeof id, "%s%u", kind == EQS_ITEM_FRAME ? "frame" : "note", next++);
        while (eqs_document_find_item (document, kind, id) >= 0);
        eqs_map_insert (item, 0, "id", eqs_value_new_string (id));
      }
}

static gboolean
read_design (const EqsValue *value, EqsDocument *document, GError **error)
{
  const EqsMap *root = eqs_value_get_map (value);
  Reader reader = { 0 };

  if (!check_top (root, error) || !read_graph (&reader, root, document->graph, _("the design"), error)
      || !read_definitions (&reader, root, document, error))
    return FALSE;
  for (guint kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    if (!read_items (root, document, kind, error))
      return FALSE;
  hold_place (document->graph->fields, eqs_document_keys, "definitions");
  for (guint kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    hold_place (document->graph->fields, eqs_document_keys, eqs_item_names[kind]);
  name_items (document);
  return TRUE;
}

EqsDocument *
eqs_file_parse (const char *text, gssize length, GError **error)
{
  const gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (EqsDocument) document = NULL;
  int version = 0;

  if (size > EQS_FILE_MAX_BYTES)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("A design is at most %u MB large."), EQS_FILE_MAX_BYTES >> 20);
      return NULL;
    }
  value = eqs_json_parse (text, size, error);
  if (value == NULL || !check_head (value, &version, error))
    return NULL;

  document = eqs_document_new ();
  document->read_only = version > EQS_FILE_VERSION;
  if (!read_design (value, document, error))
    {
      if (document->read_only)
        g_prefix_error (error, _("This design has format version %d, newer than this program's %d, and cannot be read. "),
                        version, EQS_FILE_VERSION);
      return NULL;
    }
  return g_steal_pointer (&document);
}

EqsDocument *
eqs_file_load (const char *path, GError **error)
{
  gsize length;
  g_autofree char *text = eqs_file_read_bounded (path, EQS_FILE_MAX_BYTES, &length, error);
  g_autofree char *name = g_path_get_basename (path);
  EqsDocument *document = text == NULL ? NULL : eqs_file_parse (text, (gssize) length, error);

  if (text != NULL && document == NULL)
    {
      g_autofree char *shown = g_filename_display_name (name);

      g_prefix_error (error, _("“%s”: "), shown);
    }
  return document;
}

/* Writing */

static void
indent (GString *text, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (text, "  ");
}

static void
append_key (GString *text, const char *key)
{
  eqs_text_append_string (text, key);
  g_string_append (text, ": ");
}

static void write_graph_field (const EqsGraph *graph, const char *key, guint depth, GString *text);

static void
write_node (const EqsNode *node, guint depth, GString *text)
{
  g_string_append_c (text, '{');
  for (guint i = 0; i < eqs_map_get_size (node->fields); i++)
    {
      const char *key = eqs_map_get_key (node->fields, i);

      g_string_append (text, i == 0 ? "" : ", ");
      append_key (text, key);
      if (node->body == NULL || strcmp (key, "body") != 0)
        {
          eqs_value_append_text (eqs_map_get_value (node->fields, i), text);
          continue;
        }
      g_string_append (text, "{\n");
      for (guint k = 0; k < eqs_map_get_size (node->body->fields); k++)
        {
          g_string_append (text, k == 0 ? "" : ",\n");
          indent (text, depth + 1);
          write_graph_field (node->body, eqs_map_get_key (node->body->fields, k), depth + 1, text);
        }
      g_string_append (text, "}");
    }
  g_string_append_c (text, '}');
}

static void
begin_element (GString *text, guint index, guint depth)
{
  g_string_append (text, index == 0 ? "\n" : ",\n");
  indent (text, depth + 1);
}

static void
end_list (GString *text, guint n, guint depth)
{
  if (n > 0)
    {
      g_string_append_c (text, '\n');
      indent (text, depth);
    }
  g_string_append_c (text, ']');
}

static void
write_nodes (const EqsGraph *graph, guint depth, GString *text)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      begin_element (text, i, depth);
      write_node (graph->nodes->pdata[i], depth + 1, text);
    }
  end_list (text, graph->nodes->len, depth);
}

static void
write_map_line (EqsMap *map, GString *text)
{
  g_autoptr (EqsValue) value = eqs_value_new_object (eqs_map_ref (map));

  eqs_value_append_text (value, text);
}

static void
write_links (const EqsGraph *graph, guint depth, GString *text)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < graph->links->len; i++)
    {
      begin_element (text, i, depth);
      write_map_line (eqs_link_get_fields (graph->links->pdata[i]), text);
    }
  end_list (text, graph->links->len, depth);
}

static void
write_items (const GPtrArray *items, guint depth, GString *text)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < items->len; i++)
    {
      begin_element (text, i, depth);
      write_map_line (items->pdata[i], text);
    }
  end_list (text, items->len, depth);
}

static void
write_graph_field (const EqsGraph *graph, const char *key, guint depth, GString *text)
{
  append_key (text, key);
  if (strcmp (key, "nodes") == 0)
    write_nodes (graph, depth, text);
  else if (strcmp (key, "links") == 0)
    write_links (graph, depth, text);
  else
    eqs_value_append_text (eqs_map_get (graph->fields, key), text);
}

/* An object or list at the top: one line an entry, so that two people's changes meet rarely. */
static void
write_broken (const EqsValue *value, guint depth, GString *text)
{
  const EqsMap *map = eqs_value_get_map (value);
  const guint n = eqs_value_get_length (value);
  gboolean objects = n > 0;

  for (guint i = 0; i < n; i++)
    objects &= eqs_value_get_map (eqs_value_get_item (value, i)) != NULL;
  if (map != NULL && eqs_map_get_size (map) > 0)
    {
      g_string_append_c (text, '{');
      for (guint i = 0; i < eqs_map_get_size (map); i++)
        {
          begin_element (text, i, depth);
          append_key (text, eqs_map_get_key (map, i));
          eqs_value_append_text (eqs_map_get_value (map, i), text);
        }
      g_string_append_c (text, '\n');
      indent (text, depth);
      g_string_append_c (text, '}');
    }
  else if (objects)
    {
      g_string_append_c (text, '[');
      for (guint i = 0; i < n; i++)
        {
          begin_element (text, i, depth);
          eqs_value_append_text (eqs_value_get_item (value, i), text);
        }
      end_list (text, n, depth);
    }
  else
    eqs_value_append_text (value, text);
}

/* Lists that are empty are not written, but for nodes and links. */
static gboolean
is_written (EqsDocument *document, const char *key)
{
  if (strcmp (key, "definitions") == 0)
    return document->definitions->nodes->len > 0;
  for (guint kind = 0; kind < EQS_N_ITEM_KINDS; kind++)
    if (strcmp (key, eqs_item_names[kind]) == 0)
      return document->items[kind]->len > 0;
  return TRUE;
}

static void
write_top_field (EqsDocument *document, const char *key, GString *text)
{
  if (strcmp (key, "nodes") == 0 || strcmp (key, "links") == 0)
    {
      write_graph_field (document->graph, key, 1, text);
      return;
    }
  append_key (text, key);
  if (strcmp (key, "definitions") == 0)
    write_nodes (document->definitions, 1, text);
  else if (strcmp (key, "frames") == 0)
    write_items (document->items[EQS_ITEM_FRAME], 1, text);
  else if (strcmp (key, "notes") == 0)
    write_items (document->items[EQS_ITEM_NOTE], 1, text);
  else
    write_broken (eqs_document_get_field (document, key), 1, text);
}

char *
eqs_file_to_text (EqsDocument *document, gsize *length)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  const EqsMap *fields = document->graph->fields;
  GString *text = g_string_new ("{");
  gboolean first = TRUE;

  for (guint i = 0; i < eqs_map_get_size (fields); i++)
    {
      const char *key = eqs_map_get_key (fields, i);

      if (!is_written (document, key))
        continue;
      g_string_append (text, first ? "\n  " : ",\n  ");
      write_top_field (document, key, text);
      first = FALSE;
    }
  g_string_append (text, "\n}\n");
  if (length != NULL)
    *length = text->len;
  return g_string_free (text, FALSE);
}

gboolean
eqs_file_save (EqsDocument *document, const char *path, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  g_autofree char *text = NULL;
  gsize length;

  if (eqs_document_is_read_only (document))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_READ_ONLY,
                   _("This design was written by a newer version of Equistudio (format %d) and is not saved by this one; the file is unchanged."),
                   eqs_document_get_version (document));
      return FALSE;
    }
  text = eqs_file_to_text (document, &length);
  if (length > EQS_FILE_MAX_BYTES)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT,
                   _("The design is larger than %u MB and could not be opened again; it was not saved."), EQS_FILE_MAX_BYTES >> 20);
      return FALSE;
    }
  return eqs_file_write_atomic (path, text, (gssize) length, error);
}
