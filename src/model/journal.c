/* Undo rests on one idea: a change is an exchange. It holds what the document does not hold now (a field's other value,
 * a node that is out) and playing it swaps the two. Played backwards a list of changes undoes, played forwards it
 * redoes, and since the very same objects come back at the same places, what is written then is the same to the byte. */

#include "model/document-private.h"
#include "model/journal.h"

#include <string.h>

typedef enum
{
  CHANGE_FIELD,
  CHANGE_NODE,
  CHANGE_LINK,
  CHANGE_ITEM
} ChangeKind;

struct _EqsChange
{
  ChangeKind kind;
  guint      what;     /* EqsChanged */
  EqsNode   *node;     /* owned (nullable): whose field, or which node */
  EqsGraph  *graph;    /* borrowed, alive by owner: where a node or link goes */
  EqsNode   *owner;    /* owned (nullable): of the graph */
  EqsMap    *map;      /* owned (nullable): the table of a field; the item itself */
  char      *key;      /* owned */
  EqsValue  *value;    /* owned (nullable): the other value; NULL: absent */
  EqsLink   *link;     /* owned (nullable) */
  GPtrArray *array;    /* owned (nullable): of items */
  int        index;
  gboolean   inside;   /* the node, link or item is in the document now */
};

void
eqs_change_free (EqsChange *self)
{
  g_clear_pointer (&self->node, eqs_node_unref);
  g_clear_pointer (&self->owner, eqs_node_unref);
  g_clear_pointer (&self->map, eqs_map_unref);
  g_clear_pointer (&self->value, eqs_value_unref);
  g_clear_pointer (&self->link, eqs_link_unref);
  g_clear_pointer (&self->array, g_ptr_array_unref);
  g_free (self->key);
  g_free (self);
}

/* What is reported */

char *
eqs_document_path_of (EqsDocument *self, const EqsNode *node)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  if (node->parent == NULL)
    return NULL;
  if (node->parent == self->definitions)
    return g_strconcat ("#", eqs_node_get_id (node), NULL);
  if (node->parent->owner == NULL)
    return g_strdup (eqs_node_get_id (node));
  else
    {
      g_autofree char *scope = eqs_document_path_of (self, node->parent->owner);

      return scope == NULL ? NULL : g_strconcat (scope, "/", eqs_node_get_id (node), NULL);
    }
}

static void
report_path (EqsDocument *self, char *path)
{
  if (path != NULL)
    g_hash_table_add (self->changed_paths, path);
}

static void
report_end (EqsDocument *self, const EqsChange *change, const char *id)
{
  if (id[0] == 0)
    return;
  if (change->owner == NULL)
    report_path (self, g_strdup (id));
  else
    {
      g_autofree char *scope = eqs_document_path_of (self, change->owner);

      if (scope != NULL)
        report_path (self, g_strconcat (scope, "/", id, NULL));
    }
}

static void
report (EqsDocument *self, const EqsChange *change)
{
  self->changed |= change->what;
  if (change->node != NULL)
    report_path (self, eqs_document_path_of (self, change->node));
  if (change->link != NULL)
    {
      report_end (self, change, change->link->from_node);
      report_end (self, change, change->link->to_node);
    }
}

void
eqs_document_hold (EqsDocument *self)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));
  self->hold++;
}

static int
compare_paths (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
eqs_document_release (EqsDocument *self)
{
  g_autoptr (GHashTable) paths = NULL;
  g_autofree const char **list = NULL;
  const guint what = self->changed;
  guint n;

  g_return_if_fail (self->hold > 0);
  if (--self->hold > 0 || what == 0)
    return;

  paths = g_steal_pointer (&self->changed_paths);
  self->changed_paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->changed = 0;
  list = (const char **) g_hash_table_get_keys_as_array (paths, &n);
  qsort (list, n, sizeof *list, compare_paths);
  g_signal_emit_by_name (self, "changed", what, list);
}

/* Exchanges */

static void
play_field (EqsChange *change)
{
  EqsValue *old = eqs_map_get (change->map, change->key);

  if (old != NULL)
    eqs_value_ref (old);
  if (change->value == NULL)
    {
      change->index = eqs_map_find (change->map, change->key);
      eqs_map_remove (change->map, change->key);
    }
  else if (old == NULL)
    eqs_map_insert (change->map, change->index, change->key, change->value);
  else
    eqs_map_set (change->map, change->key, change->value);
  change->value = old;
  if (change->node != NULL && change->node->parent != NULL && strcmp (change->key, "id") == 0)
    g_clear_pointer (&change->node->parent->index, g_hash_table_unref);
}

static void
play_element (EqsChange *change, GPtrArray *array, gpointer element)
{
  if (change->inside)
    g_ptr_array_remove_index (array, (guint) change->index);
  else
    g_ptr_array_insert (array, change->index, element);
  change->inside = !change->inside;
}

static void
play_node (EqsChange *change)
{
  if (!change->inside)
    eqs_node_ref (change->node);
  play_element (change, change->graph->nodes, change->node);
  change->node->parent = change->inside ? change->graph : NULL;
  if (change->graph->index == NULL)
    return;
  if (change->inside)
    g_hash_table_insert (change->graph->index, g_strdup (eqs_node_get_id (change->node)), change->node);
  else
    g_hash_table_remove (change->graph->index, eqs_node_get_id (change->node));
}

static void
play (EqsDocument *self, EqsChange *change)
{
  report (self, change);
  switch (change->kind)
    {
    case CHANGE_FIELD:
      play_field (change);
      break;
    case CHANGE_NODE:
      play_node (change);
      break;
    case CHANGE_LINK:
      if (!change->inside)
        eqs_link_ref (change->link);
      play_element (change, change->graph->links, change->link);
      break;
    case CHANGE_ITEM:
    default:
      if (!change->inside)
        eqs_map_ref (change->map);
      play_element (change, change->array, change->map);
    }
  report (self, change);
}

static void
perform (EqsDocument *self, EqsChange *change)
{
  eqs_document_hold (self);
  play (self, change);
  if (self->journal != NULL)
    g_ptr_array_add (self->journal, change);
  else
    eqs_change_free (change);
  eqs_document_release (self);
}

static EqsChange *
change_new (ChangeKind kind, guint what, EqsNode *node, EqsGraph *graph)
{
  EqsChange *change = g_new0 (EqsChange, 1);

  change->kind = kind;
  change->what = what;
  change->node = node != NULL ? eqs_node_ref (node) : NULL;
  change->graph = graph;
  change->owner = graph != NULL && graph->owner != NULL ? eqs_node_ref (graph->owner) : NULL;
  return change;
}

void
eqs_journal_set_field (EqsDocument *self, guint what, EqsNode *node, EqsMap *map, const char *const *order, const char *key,
                       EqsValue *value)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsChange *change;

  if (eqs_value_equal (eqs_map_get (map, key), value))
    return;
  change = change_new (CHANGE_FIELD, what, node, NULL);
  change->map = eqs_map_ref (map);
  change->key = g_strdup (key);
  change->value = value != NULL ? eqs_value_ref (value) : NULL;
  change->index = order != NULL ? eqs_map_place (map, order, key) : -1;
  perform (self, change);
}

void
eqs_journal_insert_node (EqsDocument *self, EqsGraph *graph, guint index, EqsNode *node)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsChange *change = change_new (CHANGE_NODE, EQS_CHANGED_NODES, node, graph);

  change->index = (int) index;
  perform (self, change);
}

void
eqs_journal_remove_node (EqsDocument *self, EqsGraph *graph, EqsNode *node)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsChange *change = change_new (CHANGE_NODE, EQS_CHANGED_NODES, node, graph);

  change->index = eqs_graph_index_of (graph, node);
  change->inside = TRUE;
  perform (self, change);
}

void
eqs_journal_insert_link (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsChange *change = change_new (CHANGE_LINK, EQS_CHANGED_LINKS, NULL, graph);

  change->link = link;
  change->index = (int) index;
  perform (self, change);
}

void
eqs_journal_remove_link (EqsDocument *self, EqsGraph *graph, guint index)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));

  EqsChange *change = change_new (CHANGE_LINK, EQS_CHANGED_LINKS, NULL, graph);

  change->link = eqs_link_ref (graph->links->pdata[index]);
  change->index = (int) index;
  change->inside = TRUE;
  perform (self, change);
}

static void
change_item (EqsDocument *self, GPtrArray *array, guint index, EqsMap *item, gboolean inside)
{
  EqsChange *change = change_new (CHANGE_ITEM, EQS_CHANGED_NOTES, NULL, NULL);

  change->array = g_ptr_array_ref (array);
  change->map = eqs_map_ref (item);
  change->index = (int) index;
  change->inside = inside;
  perform (self, change);
}

void
eqs_journal_insert_item (EqsDocument *self, GPtrArray *array, guint index, EqsMap *item)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));
  change_item (self, array, index, item, FALSE);
}

void
eqs_journal_remove_item (EqsDocument *self, GPtrArray *array, guint index)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));
  change_item (self, array, index, array->pdata[index], TRUE);
}

/* Journals */

void
eqs_document_begin_journal (EqsDocument *self)
{
  g_return_if_fail (self->journal == NULL);
  self->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_change_free);
  eqs_document_hold (self);
}

GPtrArray *
eqs_document_end_journal (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  GPtrArray *journal = g_steal_pointer (&self->journal);

  eqs_document_release (self);
  return journal;
}

void
eqs_document_play (EqsDocument *self, GPtrArray *journal, gboolean backwards)
{
  g_return_if_fail (EQS_IS_DOCUMENT (self));
  eqs_document_hold (self);
  for (guint i = 0; i < journal->len; i++)
    play (self, journal->pdata[backwards ? journal->len - 1 - i : i]);
  eqs_document_release (self);
}

static gboolean
is_covered (const GPtrArray *journal, guint n, const EqsChange *change)
{
  if (change->kind != CHANGE_FIELD)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const EqsChange *earlier = journal->pdata[i];

      if (earlier->kind == CHANGE_FIELD && earlier->map == change->map && strcmp (earlier->key, change->key) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A journal of fields only may drop a later change of a field it has: what the earlier one stores is the oldest value,
 * and an exchange with the present value is all that is needed. Not so when the field was absent at an end. */
void
eqs_journal_absorb (GPtrArray *journal, GPtrArray *next)
{
  const guint n = journal->len;

  for (guint i = 0; i < next->len; i++)
    {
      EqsChange *change = next->pdata[i];

      if (is_covered (journal, n, change) && change->value != NULL && eqs_map_find (change->map, change->key) >= 0)
        eqs_change_free (change);
      else
        g_ptr_array_add (journal, change);
      next->pdata[i] = NULL;
    }
  g_ptr_array_set_free_func (next, NULL);
  g_ptr_array_set_size (next, 0);
  g_ptr_array_set_free_func (next, (GDestroyNotify) eqs_change_free);
}
