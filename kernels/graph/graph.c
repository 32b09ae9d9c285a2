/* The design as the kernels see it: nodes with settings, links between ports, what is promised. */

#include "graph/graph-private.h"
#include "core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
eqk_port_count (const EqkPort *ports)
{
  int n = 0;

  while (ports != NULL && ports[n].name != NULL)
    n++;
  return n;
}

int
eqk_port_index (const EqkPort *ports, const char *name)
{
  for (int i = 0; ports != NULL && ports[i].name != NULL; i++)
    if (strcmp (ports[i].name, name) == 0)
      return i;
  return -1;
}

EqkGraph *
eqk_graph_new (const EqkSymmetry *symmetry)
{
  EqkGraph *self = eqk_calloc (1, sizeof *self);

  if (self == NULL || (self->heap = eqk_heap_new ()) == NULL)
    {
      free (self);
      return NULL;
    }
  self->symmetry = *symmetry;
  return self;
}

void
eqk_graph_free (EqkGraph *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < self->n_nodes; i++)
    eqk_settings_free (self->nodes[i].settings);
  free (self->nodes);
  free (self->links);
  eqk_heap_free (self->heap);
  free (self);
}

void
eqk_graph_set_task (EqkGraph *self, const char *task, bool equivariant)
{
  snprintf (self->task, sizeof self->task, "%s", task);
  self->equivariant = equivariant;
}

void
eqk_graph_set_fact (EqkGraph *self, const char *name, double value)
{
  int i = 0;

  while (i < self->n_facts && strcmp (self->facts[i].name, name) != 0)
    i++;
  if (i == (int) (sizeof self->facts / sizeof self->facts[0]))
    return;
  snprintf (self->facts[i].name, sizeof self->facts[i].name, "%s", name);
  self->facts[i].value = value;
  if (i == self->n_facts)
    self->n_facts++;
}

double
eqk_graph_get_fact (const EqkGraph *self, const char *name, double fallback)
{
  for (int i = 0; i < self->n_facts; i++)
    if (strcmp (self->facts[i].name, name) == 0)
      return self->facts[i].value;
  return fallback;
}

static EqkStatus
grow (void **items, int *room, int n, size_t size)
{
  if (n == *room)
    {
      const int new_room = *room == 0 ? 16 : 2 * *room;
      void     *grown = eqk_realloc (*items, (size_t) new_room * size);

      if (grown == NULL)
        return EQK_ERR_NO_MEMORY;
      *items = grown;
      *room = new_room;
    }
  return EQK_OK;
}

EqkStatus
eqk_graph_add_type (EqkGraph *self, const char *id, const EqkLayerType *layer, const EqkSettings *settings,
                    const char *weight_path, int *index, EqkDiag *diag)
{
  EqkNode node = { .layer = layer };

  if (eqk_graph_find (self, id) >= 0)
    return eqk_fail (diag, EQK_ERR_GRAPH, "two nodes have the id “%s”", id);
  if (grow ((void **) &self->nodes, &self->nodes_room, self->n_nodes, sizeof (EqkNode)) != EQK_OK)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "nodes");
  node.id = eqk_heap_text (self->heap, id);
  node.weight_path = eqk_heap_text (self->heap, weight_path != NULL ? weight_path : id);
  node.settings = eqk_settings_copy (settings);
  if (node.id == NULL || node.weight_path == NULL || node.settings == NULL)
    {
      eqk_settings_free (node.settings);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "nodes");
    }
  if (index != NULL)
    *index = self->n_nodes;
  self->nodes[self->n_nodes++] = node;
  return EQK_OK;
}

EqkStatus
eqk_graph_add (EqkGraph *self, const char *id, const char *layer, const EqkSettings *settings, const char *weight_path,
               int *index, EqkDiag *diag)
{
  const EqkLayerType *type = eqk_layer_find (layer);

  if (type == NULL)
    return eqk_fail (diag, EQK_ERR_NAME, "%s", layer);
  return eqk_graph_add_type (self, id, type, settings, weight_path, index, diag);
}

EqkStatus
eqk_graph_add_probe (EqkGraph *self, const char *id, const EqkPortType *type, int *index, EqkDiag *diag)
{
  int       i;
  EqkStatus status = eqk_graph_add_type (self, id, &eqk_layer_probe, NULL, NULL, &i, diag);

  if (status != EQK_OK)
    return status;
  self->nodes[i].probe = eqk_heap_copy (self->heap, type, sizeof *type);
  if (index != NULL)
    *index = i;
  return self->nodes[i].probe == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

EqkStatus
eqk_graph_link (EqkGraph *self, const char *from, const char *from_port, const char *to, const char *to_port, EqkDiag *diag)
{
  EqkLink link = { eqk_graph_find (self, from), -1, eqk_graph_find (self, to), -1 };

  if (link.from < 0 || link.to < 0)
    return eqk_fail (diag, EQK_ERR_NAME, "%s", link.from < 0 ? from : to);
  link.from_port = eqk_port_index (self->nodes[link.from].layer->outputs, from_port);
  link.to_port = eqk_port_index (self->nodes[link.to].layer->inputs, to_port);
  if (link.from_port < 0)
    return eqk_fail (diag, EQK_ERR_NAME, "output “%s” of “%s”", from_port, from);
  if (link.to_port < 0)
    return eqk_fail (diag, EQK_ERR_NAME, "input “%s” of “%s”", to_port, to);
  if (!self->nodes[link.to].layer->inputs[link.to_port].variadic && eqk_graph_link_into (self, link.to, link.to_port, 0) >= 0)
    return eqk_fail (diag, EQK_ERR_GRAPH, "input “%s” of “%s” has two links", to_port, to);
  if (grow ((void **) &self->links, &self->links_room, self->n_links, sizeof (EqkLink)) != EQK_OK)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "links");
  self->links[self->n_links++] = link;
  return EQK_OK;
}

int
eqk_graph_link_into (const EqkGraph *graph, int node, int port, int i)
{
  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == node && graph->links[k].to_port == port && i-- == 0)
      return k;
  return -1;
}

int
eqk_graph_n_nodes (const EqkGraph *self)
{
  return self->n_nodes;
}

const char *
eqk_graph_node_id (const EqkGraph *self, int node)
{
  return self->nodes[node].id;
}

const EqkLayerType *
eqk_graph_node_layer (const EqkGraph *self, int node)
{
  return self->nodes[node].layer;
}

const EqkSettings *
eqk_graph_node_settings (const EqkGraph *self, int node)
{
  return self->nodes[node].settings;
}

const char *
eqk_graph_node_weight_path (const EqkGraph *self, int node)
{
  return self->nodes[node].weight_path;
}

int
eqk_graph_find (const EqkGraph *self, const char *id)
{
  for (int i = 0; i < self->n_nodes; i++)
    if (strcmp (self->nodes[i].id, id) == 0)
      return i;
  return -1;
}

int
eqk_graph_node_source (const EqkGraph *self, int node, const char *port, int i, const char **from_port)
{
  const int p = eqk_port_index (self->nodes[node].layer->inputs, port);
  const int k = p < 0 ? -1 : eqk_graph_link_into (self, node, p, i);

  if (k < 0)
    return -1;
  *from_port = self->nodes[self->links[k].from].layer->outputs[self->links[k].from_port].name;
  return self->links[k].from;
}

const EqkSymmetry *
eqk_graph_get_symmetry (const EqkGraph *self)
{
  return &self->symmetry;
}
