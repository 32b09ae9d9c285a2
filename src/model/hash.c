/* The design hash names a network, not a file: two designs with the same hash compute the same thing. So it leaves out
 * what is for people (names, places, colours, notes), and takes nodes by id and keys by name. Unknown fields count:
 * they may mean something to the version that wrote them. */

#include "model/document-private.h"

#include <string.h>

static const char *const top_skip[] = { "format", "version", "name", "nodes", "links", "definitions", "frames", "notes", "bends", "snapshots", NULL };
static const char *const node_skip[] = { "title", "colour", "pinned", "x", "y", "body", NULL };
static const char *const graph_skip[] = { "nodes", "links", NULL };

static void append_graph (const EqsGraph *graph, const char *const *skip, GString *text);

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void append_value (const EqsValue *value, GString *text);

static void
append_map (const EqsMap *map, const char *const *skip, GString *text)
{
  const guint n = eqs_map_get_size (map);
  g_autofree const char **keys = g_new (const char *, n + 1);
  guint used = 0;

  for (guint i = 0; i < n; i++)
    if (skip == NULL || !g_strv_contains (skip, eqs_map_get_key (map, i)))
      keys[used++] = eqs_map_get_key (map, i);
  qsort (keys, used, sizeof *keys, compare_names);
  g_string_append_c (text, '{');
  for (guint i = 0; i < used; i++)
    {
      eqs_text_append_string (text, keys[i]);
      g_string_append_c (text, ':');
      append_value (eqs_map_get (map, keys[i]), text);
      g_string_append_c (text, ',');
    }
  g_string_append_c (text, '}');
}

static void
append_value (const EqsValue *value, GString *text)
{
  if (eqs_value_get_kind (value) == EQS_VALUE_OBJECT)
    append_map (eqs_value_get_map (value), NULL, text);
  else if (eqs_value_get_kind (value) == EQS_VALUE_LIST)
    {
      g_string_append_c (text, '[');
      for (guint i = 0; i < eqs_value_get_length (value); i++)
        {
          append_value (eqs_value_get_item (value, i), text);
          g_string_append_c (text, ',');
        }
      g_string_append_c (text, ']');
    }
  else
    eqs_value_append_text (value, text);
}

static int
compare_nodes (const void *a, const void *b)
{
  return strcmp (eqs_node_get_id (*(EqsNode *const *) a), eqs_node_get_id (*(EqsNode *const *) b));
}

typedef struct
{
  const EqsLink *link;
  guint          index;   /* among the links: the order of variadic inputs */
} Numbered;

static int
compare_links (const void *a, const void *b)
{
  const Numbered *p = a, *q = b;
  int order = strcmp (p->link->to_node, q->link->to_node);

  if (order == 0)
    order = strcmp (p->link->to_port, q->link->to_port);
  return order != 0 ? order : p->index < q->index ? -1 : 1;
}

static void
append_links (const EqsGraph *graph, GString *text)
{
  const guint n = graph->links->len;
  g_autofree Numbered *links = g_new (Numbered, n + 1);

  for (guint i = 0; i < n; i++)
    links[i] = (Numbered) { graph->links->pdata[i], i };
  qsort (links, n, sizeof *links, compare_links);
  for (guint i = 0; i < n; i++)
    append_map (eqs_link_get_fields (links[i].link), NULL, text);
}

static void
append_graph (const EqsGraph *graph, const char *const *skip, GString *text)
{
  const guint n = graph->nodes->len;
  g_autofree EqsNode **nodes = g_new (EqsNode *, n + 1);

  append_map (graph->fields, skip, text);
  for (guint i = 0; i < n; i++)
    nodes[i] = graph->nodes->pdata[i];
  qsort (nodes, n, sizeof *nodes, compare_nodes);
  for (guint i = 0; i < n; i++)
    {
      append_map (nodes[i]->fields, node_skip, text);
      if (nodes[i]->body != NULL)
        {
          g_string_append_c (text, '<');
          append_graph (nodes[i]->body, graph_skip, text);
          g_string_append_c (text, '>');
        }
    }
  g_string_append_c (text, '|');
  append_links (graph, text);
}

char *
eqs_document_dup_hash (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  append_graph (self->graph, top_skip, text);
  append_graph (self->definitions, graph_skip, text);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}

char *
eqs_document_dup_network_hash (EqsDocument *self)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (self), NULL);

  static const EqsSection beside[] = { EQS_SECTION_TRAINING, EQS_SECTION_DATA, EQS_SECTION_PREVIEW, EQS_SECTION_NOMINAL, EQS_SECTION_SPEC };
  g_autoptr (EqsDocument) copy = eqs_document_dup (self);

  for (guint i = 0; i < G_N_ELEMENTS (beside); i++)
    eqs_document_set_section (copy, beside[i], NULL, NULL);
  return eqs_document_dup_hash (copy);
}
