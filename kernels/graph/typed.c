/* The typed graph: what inference found, asked of by name. */

#include "graph/graph-private.h"

#include <stdlib.h>

EqkTyped *
eqk_typed_ref (EqkTyped *self)
{
  __atomic_add_fetch (&self->refs, 1, __ATOMIC_RELAXED);
  return self;
}

void
eqk_typed_unref (EqkTyped *self)
{
  if (self == NULL || __atomic_sub_fetch (&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  eqk_graph_free (self->graph);
  eqk_heap_free (self->heap);
  free (self->types);
  free (self->order);
  free (self->problems);
  free (self);
}

const EqkGraph *
eqk_typed_graph (const EqkTyped *self)
{
  return self->graph;
}

int
eqk_typed_n_problems (const EqkTyped *self)
{
  return self->n_problems;
}

const EqkProblem *
eqk_typed_problem (const EqkTyped *self, int i)
{
  return &self->problems[i];
}

EqkBlocks
eqk_typed_blocks (const EqkTyped *self)
{
  EqkBlocks worst = EQK_BLOCKS_NOTHING;

  for (int i = 0; i < self->n_problems; i++)
    if (self->problems[i].rule->blocks > worst)
      worst = self->problems[i].rule->blocks;
  return worst;
}

const EqkPortType *
eqk_typed_output (const EqkTyped *self, int node, const char *port)
{
  const int p = port == NULL ? 0 : eqk_port_index (self->graph->nodes[node].layer->outputs, port);

  return p < 0 || !self->types[node].known[p] ? NULL : &self->types[node].type[p];
}

int
eqk_typed_source (const EqkTyped *self, int node, const char *port, int i, const char **out_port)
{
  const int p = eqk_port_index (self->graph->nodes[node].layer->inputs, port);
  const int k = p < 0 ? -1 : eqk_graph_link_into (self->graph, node, p, i);

  if (k < 0)
    return -1;
  if (out_port != NULL)
    *out_port = self->graph->nodes[self->graph->links[k].from].layer->outputs[self->graph->links[k].from_port].name;
  return self->graph->links[k].from;
}

const int *
eqk_typed_order (const EqkTyped *self, int *n)
{
  *n = self->n_order;
  return self->order;
}
