/* Two tables of nodes by path, looked through once each; a node that got another id is one that went and one that came. */

#include "model/difference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
difference_free (gpointer data)
{
  EqsDifference *self = data;

  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

/* @param text (transfer full) */
static void
add (GPtrArray *list, EqsDifferenceKind kind, const char *path, char *text)
{
  EqsDifference *self = g_new0 (EqsDifference, 1);

  self->kind = kind;
  self->path = g_strdup (path);
  self->text = text;
  g_ptr_array_add (list, self);
}

/* (transfer full) */
static char *
dup_value (const EqsValue *value)
{
  if (value == NULL)
    return g_strdup (_("by default"));
  return eqs_value_get_string (value) != NULL ? g_strdup (eqs_value_get_string (value)) : eqs_value_to_text (value);
}

static void
say (GString *text, const char *name, const EqsValue *from, const EqsValue *to)
{
  g_autofree char *a = dup_value (from), *b = dup_value (to);

  g_string_append_printf (text, "%s%s: %s → %s", text->len > 0 ? ", " : "", name, a, b);
}

/* Entries that differ, either way. (nullable maps) */
static void
say_map (GString *text, const char *above, const EqsMap *before, const EqsMap *after)
{
  for (guint i = 0; i < eqs_map_get_size (before); i++)
    {
      const char      *key = eqs_map_get_key (before, i);
      g_autofree char *name = g_strconcat (above, key, NULL);

      if (!eqs_value_equal (eqs_map_get_value (before, i), eqs_map_get (after, key)))
        say (text, name, eqs_map_get_value (before, i), eqs_map_get (after, key));
    }
  for (guint i = 0; i < eqs_map_get_size (after); i++)
    {
      g_autofree char *name = g_strconcat (above, eqs_map_get_key (after, i), NULL);

      if (eqs_map_find (before, eqs_map_get_key (after, i)) < 0)
        say (text, name, NULL, eqs_map_get_value (after, i));
    }
}

/* ---- nodes ---- */

static void
compare_nodes (GPtrArray *list, const char *path, const EqsNode *before, const EqsNode *after)
{
  GString *text = g_string_new (NULL);
  g_autoptr (EqsMap) none = eqs_map_new ();

  if (strcmp (eqs_node_get_layer (before), eqs_node_get_layer (after)) != 0)
    g_string_append_printf (text, "%s → %s", eqs_node_get_layer (before), eqs_node_get_layer (after));
  if (g_strcmp0 (eqs_node_get_title (before), eqs_node_get_title (after)) != 0)
    g_string_append_printf (text, _("%stitle: %s → %s"), text->len > 0 ? ", " : "", eqs_node_get_title (before) == NULL ? "–" : eqs_node_get_title (before), eqs_node_get_title (after) == NULL ? "–" : eqs_node_get_title (after));
  if (eqs_node_is_bypassed (before) != eqs_node_is_bypassed (after))
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", eqs_node_is_bypassed (after) ? _("bypassed") : _("no longer bypassed"));
  say_map (text, "", eqs_node_get_params (before) == NULL ? none : eqs_node_get_params (before), eqs_node_get_params (after) == NULL ? none : eqs_node_get_params (after));
  if (text->len > 0)
    add (list, EQS_DIFFERENCE_CHANGED, path, g_string_free (text, FALSE));
  else
    g_string_free (text, TRUE);
}

/* Nodes and links of this graph and of bodies, by path and by "from → to". */
static void
collect (EqsGraph *graph, const char *above, GHashTable *nodes, GHashTable *links)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode         *node = eqs_graph_get_node (graph, i);
      char            *path = g_strconcat (above, eqs_node_get_id (node), NULL);
      g_autofree char *inside = g_strconcat (path, "/", NULL);

      if (eqs_node_get_body (node) != NULL)
        collect (eqs_node_get_body (node), inside, nodes, links);
      g_hash_table_insert (nodes, path, node);
    }
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      g_hash_table_add (links, g_strdup_printf ("%s%s.%s → %s%s.%s", above, link->from_node, link->from_port, above, link->to_node, link->to_port));
    }
}

/* By "#cell/lin": a definition once, however often it is used. */
static void
collect_definitions (EqsDocument *document, GHashTable *nodes, GHashTable *links)
{
  for (guint i = 0; i < eqs_document_get_n_definitions (document); i++)
    {
      EqsNode         *definition = eqs_document_get_definition (document, i);
      char            *path = g_strconcat ("#", eqs_node_get_id (definition), NULL);
      g_autofree char *inside = g_strconcat (path, "/", NULL);

      collect (eqs_node_get_body (definition), inside, nodes, links);
      g_hash_table_insert (nodes, path, definition);
    }
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
sorted_keys (GHashTable *table)
{
  GPtrArray     *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer       key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, by_text);
  return keys;
}

static void
compare_graphs (GPtrArray *list, GHashTable *before, GHashTable *after, gboolean links)
{
  g_autoptr (GPtrArray) old = sorted_keys (before), new = sorted_keys (after);

  for (guint i = 0; i < old->len; i++)
    {
      if (!g_hash_table_contains (after, old->pdata[i]))
        add (list, EQS_DIFFERENCE_REMOVED, links ? NULL : old->pdata[i], links ? g_strdup (old->pdata[i]) : g_strdup (eqs_node_get_layer (g_hash_table_lookup (before, old->pdata[i]))));
      else if (!links)
        compare_nodes (list, old->pdata[i], g_hash_table_lookup (before, old->pdata[i]), g_hash_table_lookup (after, old->pdata[i]));
    }
  for (guint i = 0; i < new->len; i++)
    if (!g_hash_table_contains (before, new->pdata[i]))
      add (list, EQS_DIFFERENCE_ADDED, links ? NULL : new->pdata[i], links ? g_strdup (new->pdata[i]) : g_strdup (eqs_node_get_layer (g_hash_table_lookup (after, new->pdata[i]))));
}

/* ---- the whole ---- */

static void
compare_settings (GPtrArray *list, EqsDocument *before, EqsDocument *after)
{
  g_autoptr (EqsMap) empty = eqs_map_new ();

  for (EqsSection i = 0; i < EQS_N_SECTIONS; i++)
    {
      const EqsMap    *a = eqs_document_get_section (before, i), *b = eqs_document_get_section (after, i);
      g_autofree char *above = g_strconcat (eqs_section_get_name (i), ".", NULL);
      GString         *text = g_string_new (NULL);

      say_map (text, above, a == NULL ? empty : a, b == NULL ? empty : b);
      if (text->len > 0)
        add (list, EQS_DIFFERENCE_CHANGED, NULL, g_string_free (text, FALSE));
      else
        g_string_free (text, TRUE);
    }
}

GPtrArray *
eqs_difference_new (EqsDocument *before, EqsDocument *after)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (before) && EQS_IS_DOCUMENT (after), NULL);

  EqsDocument            *documents[2] = { before, after };
  GHashTable             *nodes[2], *links[2];
  GPtrArray              *list = g_ptr_array_new_with_free_func (difference_free);

  for (int k = 0; k < 2; k++)
    {
      nodes[k] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      links[k] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      collect (eqs_document_get_graph (documents[k], NULL), "", nodes[k], links[k]);
      collect_definitions (documents[k], nodes[k], links[k]);
    }
  compare_graphs (list, nodes[0], nodes[1], FALSE);
  compare_graphs (list, links[0], links[1], TRUE);
  compare_settings (list, before, after);
  for (int k = 0; k < 2; k++)
    {
      g_hash_table_unref (nodes[k]);
      g_hash_table_unref (links[k]);
    }
  return list;
}

gboolean
eqs_difference_find (const GPtrArray *differences, const char *path, EqsDifferenceKind *kind)
{
  const gsize length = strlen (path);
  gboolean    inside = FALSE;

  for (guint i = 0; differences != NULL && i < differences->len; i++)
    {
      const EqsDifference *one = differences->pdata[i];

      if (one->path == NULL)
        continue;
      if (strcmp (one->path, path) == 0)
        {
          *kind = one->kind;
          return TRUE;
        }
      inside = inside || (strncmp (one->path, path, length) == 0 && one->path[length] == '/');
    }
  if (inside)
    *kind = EQS_DIFFERENCE_CHANGED;
  return inside;
}
