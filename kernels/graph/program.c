/* Read access to a program, and its end. */

#include "graph/graph-private.h"

#include "eqk/op.h"

#include <stdlib.h>
#include <string.h>

void
eqk_program_free (EqkProgram *self)
{
  if (self == NULL)
    return;
  eqk_typed_unref (self->typed);
  eqk_heap_free (self->heap);
  free (self->values);
  free (self->ops);
  free (self);
}

int
eqk_program_n_ops (const EqkProgram *self)
{
  return self->n_ops;
}

const EqkOp *
eqk_program_op (const EqkProgram *self, int i)
{
  return &self->ops[i];
}

int
eqk_program_n_values (const EqkProgram *self)
{
  return self->n_values;
}

const EqkValue *
eqk_program_value (const EqkProgram *self, int i)
{
  return &self->values[i];
}

int
eqk_program_n_outputs (const EqkProgram *self)
{
  return self->n_outputs;
}

const EqkProgramOutput *
eqk_program_output (const EqkProgram *self, int i)
{
  return &self->outputs[i];
}

int
eqk_program_n_structures (const EqkProgram *self)
{
  return self->n_structures;
}

const EqkStructureRule *
eqk_program_structure (const EqkProgram *self, int i)
{
  return &self->structures[i];
}

int
eqk_program_n_selections (const EqkProgram *self)
{
  return self->n_selections;
}

const EqkSelection *
eqk_program_selection (const EqkProgram *self, int i)
{
  return &self->selections[i];
}

const EqkGradientRule *
eqk_program_gradient (const EqkProgram *self)
{
  return self->has_gradient ? &self->gradient : NULL;
}

size_t
eqk_program_n_weights (const EqkProgram *self)
{
  return self->n_weights;
}

int
eqk_program_port_value (const EqkProgram *self, int node, const char *port)
{
  const int p = eqk_port_index (self->typed->graph->nodes[node].layer->outputs, port);

  return p < 0 ? -1 : self->port_values[node * EQK_MAX_PORTS + p];
}

int
eqk_program_feed (const EqkProgram *self, const char *name)
{
  for (int i = 0; i < self->n_values; i++)
    if (self->values[i].kind == EQK_VALUE_FEED && strcmp (self->values[i].name, name) == 0)
      return i;
  return -1;
}

const EqkPortType *
eqk_program_value_type (const EqkProgram *self, int value)
{
  for (int node = 0; node < self->typed->graph->n_nodes; node++)
    for (int port = 0; port < EQK_MAX_PORTS; port++)
      if (self->port_values[node * EQK_MAX_PORTS + port] == value && self->typed->types[node].known[port])
        return &self->typed->types[node].type[port];
  return NULL;
}

const EqkTyped *
eqk_program_typed (const EqkProgram *self)
{
  return self->typed;
}

size_t
eqk_value_rows (const EqkProgram *program, int value, const EqkSizes *sizes)
{
  const EqkSpace *space = &program->values[value].space;

  switch (space->kind)
    {
    case EQK_SPACE_SAMPLE: return (size_t) sizes->batch;
    case EQK_SPACE_GRID:   return (size_t) sizes->batch * (size_t) space->h * (size_t) space->w;
    case EQK_SPACE_NODES:  return eqk_sizes_of (sizes, space->structure).nodes;
    case EQK_SPACE_EDGES:  return eqk_sizes_of (sizes, space->structure).edges;
    case EQK_SPACE_PAIRS:  return eqk_sizes_of (sizes, space->structure).pairs;
    case EQK_SPACE_FIXED:  return (size_t) space->h * (size_t) (space->w > 0 ? space->w : 1);
    }
  return 0;
}

size_t
eqk_value_count (const EqkProgram *program, int value, const EqkSizes *sizes)
{
  return eqk_value_rows (program, value, sizes) * (size_t) program->values[value].width;
}
