/* A typed graph becomes a program: its layers expand in topological order; what does not lead to a result is left out at the end. */

#include "graph/graph-private.h"
#include "core/memory.h"

#include "eqk/op.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
output_name (const EqkPortType *type, const char *port)
{
  if (type->kind == EQK_KIND_LOGITS || type->kind == EQK_KIND_ENERGY)
    return eqk_kind_name (type->kind);
  if (type->kind == EQK_KIND_FORCE)
    return "forces";
  if (type->kind == EQK_KIND_STRESS)
    return "stress";
  return strcmp (port, "y") == 0 ? "output" : port;
}

static bool
is_consumed (const EqkGraph *graph, int node, int port)
{
  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].from == node && graph->links[k].from_port == port)
      return true;
  return false;
}

/* Results are the unconsumed outputs of heads; a design without a head has the unconsumed outputs of everything. */
static EqkStatus
collect_outputs (EqkProgram *p, const EqkTyped *typed)
{
  const EqkGraph *graph = typed->graph;

  p->outputs = eqk_heap_alloc (p->heap, ((size_t) graph->n_nodes * EQK_MAX_PORTS + 1) * sizeof *p->outputs);
  if (p->outputs == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int heads = 1; heads >= 0 && p->n_outputs == 0; heads--)
    for (int i = 0; i < typed->n_order; i++)
      {
        const int           node = typed->order[i];
        const EqkLayerType *layer = graph->nodes[node].layer;

        for (int port = 0; port < eqk_port_count (layer->outputs); port++)
          {
            const int value = p->port_values[node * EQK_MAX_PORTS + port];
            const bool gradient_source = p->has_gradient && value == p->gradient.energy;

            if (value < 0 || (is_consumed (graph, node, port) && !gradient_source) || p->values[value].index)
              continue;
            if (heads == 1 && (layer->flags & EQK_LAYER_HEAD) == 0 && !gradient_source)
              continue;
            p->outputs[p->n_outputs++] = (EqkProgramOutput){
              .node = eqk_heap_text (p->heap, graph->nodes[node].id), .port = layer->outputs[port].name,
              .name = output_name (&typed->types[node].type[port], layer->outputs[port].name), .value = value,
              .type = typed->types[node].type[port] };
          }
      }
  return EQK_OK;
}

/* Leaves out operations that no result needs. */
static void
drop_dead (EqkProgram *p)
{
  bool *needed = eqk_calloc ((size_t) p->n_values + 1, sizeof *needed);
  int   kept = 0;

  if (needed == NULL)
    {
      p->no_memory = true;
      return;
    }
  for (int i = 0; i < p->n_outputs; i++)
    needed[p->outputs[i].value] = true;
  if (p->has_gradient)
    needed[p->gradient.energy] = true;
  for (int i = p->n_ops - 1; i >= 0; i--)
    {
      bool any = false;

      for (int k = 0; k < p->ops[i].n_out; k++)
        any = any || needed[p->ops[i].out[k]];
      if (!any)
        p->ops[i].index = -1;
      for (int k = 0; any && k < p->ops[i].n_in; k++)
        if (p->ops[i].in[k] >= 0)
          needed[p->ops[i].in[k]] = true;
    }
  for (int i = 0; i < p->n_ops; i++)
    if (p->ops[i].index >= 0)
      {
        p->ops[kept] = p->ops[i];
        p->ops[kept].index = kept;
        for (int k = 0; k < p->ops[kept].n_out; k++)
          p->values[p->ops[kept].out[k]].producer = kept;
        kept++;
      }
    else
      for (int k = 0; k < p->ops[i].n_out; k++)
        p->values[p->ops[i].out[k]].producer = -1;
  p->n_ops = kept;
  free (needed);
}

/* The seeds of forces go through every operation between positions and energy: none may jump or lack a tangent. */
static EqkStatus
check_gradient (const EqkProgram *p, EqkDiag *diag)
{
  const EqkOpType *const *table = eqk_op_table (EQK_F64, 0);
  bool                   *moves = eqk_calloc ((size_t) p->n_values + 1, sizeof *moves);
  EqkStatus               status = moves == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  if (moves != NULL)
    moves[p->gradient.positions] = true;
  if (moves != NULL && p->gradient.cell >= 0)
    moves[p->gradient.cell] = true;
  for (int i = 0; status == EQK_OK && i < p->n_ops; i++)
    {
      const EqkOpType *type = table[p->ops[i].type];
      bool             any = false;

      for (int k = 0; k < p->ops[i].n_in; k++)
        any = any || (p->ops[i].in[k] >= 0 && moves[p->ops[i].in[k]]);
      for (int k = 0; any && k < p->ops[i].n_out; k++)
        moves[p->ops[i].out[k]] = true;
      if (any && (type->smooth > EQK_SMOOTH_C1 || type->tangent == NULL || type->reverse2 == NULL))
        {
          status = eqk_fail (diag, EQK_ERR_UNSUPPORTED, "“%s” makes forces discontinuous or has no second derivative",
                             p->typed->graph->nodes[p->ops[i].node].id);
          if (diag != NULL)
            snprintf (diag->node, sizeof diag->node, "%s", p->typed->graph->nodes[p->ops[i].node].id);
        }
    }
  free (moves);
  return status;
}

static EqkStatus
expand_nodes (EqkProgram *p, EqkTyped *typed, EqkDiag *diag)
{
  for (int i = 0; i < typed->n_order; i++)
    {
      EqkBuild            b = { p, typed, typed->order[i], diag };
      const EqkLayerType *layer = typed->graph->nodes[b.node].layer;
      EqkStatus           status;

      if (typed->types[b.node].failed)
        return eqk_fail (diag, EQK_ERR_GRAPH, "“%s” has no type", typed->graph->nodes[b.node].id);
      status = layer->expand (&b, diag);
      for (int port = 0; status == EQK_OK && port < eqk_port_count (layer->outputs); port++)
        if (typed->types[b.node].known[port] && p->port_values[b.node * EQK_MAX_PORTS + port] < 0)
          status = eqk_fail (diag, p->no_memory ? EQK_ERR_NO_MEMORY : EQK_ERR_INTERNAL, "layer “%s” set no output “%s”", layer->id,
                             layer->outputs[port].name);
      if (status != EQK_OK)
        {
          if (diag != NULL && diag->node[0] == '\0')
            snprintf (diag->node, sizeof diag->node, "%s", typed->graph->nodes[b.node].id);
          return status;
        }
    }
  return EQK_OK;
}

EqkStatus
eqk_compile (EqkTyped *typed, const EqkCompileOptions *options, EqkProgram **out, EqkDiag *diag)
{
  EqkProgram *p;
  EqkStatus   status;
  const size_t n_ports = (size_t) typed->graph->n_nodes * EQK_MAX_PORTS;
  const unsigned refusals = eqk_memory_refusals ();

  if (eqk_typed_blocks (typed) == EQK_BLOCKS_RUN)
    return eqk_fail (diag, EQK_ERR_GRAPH, "the design has errors that keep it from running");
  p = eqk_calloc (1, sizeof *p);
  if (p == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "program");
  p->typed = eqk_typed_ref (typed);
  p->keep_all = options != NULL && options->keep_all;
  p->exact = options != NULL && options->exact;
  p->heap = eqk_heap_new ();
  p->port_values = p->heap == NULL ? NULL : eqk_heap_alloc (p->heap, (n_ports + 1) * sizeof (int));
  if (p->port_values == NULL)
    {
      status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "program");
      goto fail;
    }
  for (size_t i = 0; i < n_ports; i++)
    p->port_values[i] = -1;

  status = expand_nodes (p, typed, diag);
  if (status == EQK_OK)
    status = collect_outputs (p, typed);
  if (status == EQK_OK && p->n_outputs == 0)
    status = eqk_fail (diag, EQK_ERR_GRAPH, "the design has no output");
  if (status == EQK_OK && !p->keep_all)
    drop_dead (p);
  if (p->no_memory || eqk_memory_refusals () != refusals)      /* whatever the layers made of it */
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "program");
  if (status == EQK_OK && p->has_gradient)
    status = check_gradient (p, diag);
  if (status != EQK_OK)
    goto fail;
  *out = p;
  return EQK_OK;

fail:
  eqk_program_free (p);
  return status;
}
