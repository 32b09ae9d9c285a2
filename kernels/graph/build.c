/* EqkBuild: what a layer may ask while it expands, and the values and operations that it emits. */

#include "graph/graph-private.h"
#include "core/memory.h"

#include "eqk/op.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what an expansion may ask ---- */

static const EqkNode *
own (const EqkBuild *b)
{
  return &b->typed->graph->nodes[b->node];
}

const EqkSymmetry *
eqk_build_symmetry (const EqkBuild *b)
{
  return &b->typed->graph->symmetry;
}

static const EqkLink *
link_into (const EqkBuild *b, const char *port, int i)
{
  const int p = eqk_port_index (own (b)->layer->inputs, port);
  const int k = p < 0 ? -1 : eqk_graph_link_into (b->typed->graph, b->node, p, i);

  return k < 0 ? NULL : &b->typed->graph->links[k];
}

const EqkPortType *
eqk_build_in_at (const EqkBuild *b, const char *port, int i)
{
  const EqkLink *link = link_into (b, port, i);

  return link == NULL ? NULL : &b->typed->types[link->from].type[link->from_port];
}

const EqkPortType *
eqk_build_in (const EqkBuild *b, const char *port)
{
  return eqk_build_in_at (b, port, 0);
}

const EqkPortType *
eqk_build_out (const EqkBuild *b, const char *port)
{
  return eqk_typed_output (b->typed, b->node, port);
}

int
eqk_build_n_in (const EqkBuild *b, const char *port)
{
  int n = 0;

  while (link_into (b, port, n) != NULL)
    n++;
  return n;
}

int
eqk_build_x_at (const EqkBuild *b, const char *port, int i)
{
  const EqkLink *link = link_into (b, port, i);

  return link == NULL ? -1 : b->program->port_values[link->from * EQK_MAX_PORTS + link->from_port];
}

int
eqk_build_x (const EqkBuild *b, const char *port)
{
  return eqk_build_x_at (b, port, 0);
}

int
eqk_build_int (const EqkBuild *b, const char *param)
{
  return eqk_settings_int (own (b)->settings, own (b)->layer->params, param);
}

double
eqk_build_real (const EqkBuild *b, const char *param)
{
  return eqk_settings_real (own (b)->settings, own (b)->layer->params, param);
}

bool
eqk_build_bool (const EqkBuild *b, const char *param)
{
  return eqk_settings_bool (own (b)->settings, own (b)->layer->params, param);
}

const char *
eqk_build_text (const EqkBuild *b, const char *param)
{
  return eqk_settings_text (own (b)->settings, own (b)->layer->params, param);
}

int
eqk_build_ints (const EqkBuild *b, const char *param, int *out, int max)
{
  return eqk_settings_ints (own (b)->settings, own (b)->layer->params, param, out, max);
}

const EqkRep *
eqk_build_rep (EqkBuild *b, const char *param)
{
  const EqkPortType *x = eqk_port_count (own (b)->layer->inputs) > 0 ? eqk_build_in (b, own (b)->layer->inputs[0].name) : NULL;
  const EqkRep      *rep = NULL;

  eqk_rep_parse (x != NULL ? x->symmetry.group : b->typed->graph->symmetry.group, eqk_build_text (b, param), &rep, b->diag);
  return rep;
}

/* ---- values ---- */

/* Numbers in one weight tensor: more is a slip of the hand, and would be gigabytes. */
#define EQK_MAX_TENSOR (1 << 28)

static int
add_value (EqkProgram *p, const EqkValue *value)
{
  if (p->n_values == p->values_room)
    {
      const int room = p->values_room == 0 ? 64 : 2 * p->values_room;
      EqkValue *grown = eqk_realloc (p->values, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          p->no_memory = true;
          return -1;
        }
      p->values = grown;
      p->values_room = room;
    }
  p->values[p->n_values] = *value;
  return p->n_values++;
}

static size_t
shape_count (const int *shape, int n_dims)
{
  size_t n = 1;

  for (int i = 0; i < n_dims; i++)
    n = shape[i] <= 0 || n > EQK_MAX_TENSOR ? EQK_MAX_TENSOR + 1 : n * (size_t) shape[i];
  return n;
}

/* A weight or state; an equal name is the same one when the shape is too. */
static int
add_tensor (EqkBuild *b, EqkValueKind kind, const char *name, const int *shape, int n_dims, EqkInit init)
{
  EqkProgram *p = b->program;
  char        full[256];
  EqkValue    value = { .kind = kind, .is_static = true, .producer = -1, .node = b->node, .n_dims = n_dims, .init = init };
  const size_t n = shape_count (shape, n_dims);
  int          index;

  if (n == 0 || n > EQK_MAX_TENSOR)
    {
      eqk_fail (b->diag, EQK_ERR_LIMIT, "“%s” of %.60s would have more than %d numbers", name, own (b)->id, EQK_MAX_TENSOR);
      return -1;
    }
  snprintf (full, sizeof full, "%s.%s", own (b)->weight_path, name);
  for (int i = 0; i < p->n_values; i++)
    if (p->values[i].kind == kind && strcmp (p->values[i].name, full) == 0)
      return p->values[i].n_dims == n_dims && memcmp (p->values[i].shape, shape, (size_t) n_dims * sizeof *shape) == 0 ? i : -1;
  memcpy (value.shape, shape, (size_t) n_dims * sizeof *shape);
  value.space = (EqkSpace){ EQK_SPACE_FIXED, 1, 1, 0 };
  value.width = (int) n;
  value.name = eqk_heap_text (p->heap, full);
  if (init.kind == EQK_INIT_TABLE)
    value.init.table = eqk_heap_copy (p->heap, init.table, n * sizeof (double));
  value.offset = kind == EQK_VALUE_WEIGHT ? p->n_weights : p->n_state;
  index = add_value (p, &value);
  if (index < 0 || value.name == NULL || (init.kind == EQK_INIT_TABLE && value.init.table == NULL))
    {
      p->no_memory = true;
      return -1;
    }
  if (kind == EQK_VALUE_WEIGHT)
    p->n_weights += n;
  else
    p->n_state += n;
  return index;
}

int
eqk_build_weight (EqkBuild *b, const char *name, const int *shape, int n_dims, EqkInit init)
{
  return add_tensor (b, EQK_VALUE_WEIGHT, name, shape, n_dims, init);
}

int
eqk_build_state (EqkBuild *b, const char *name, const int *shape, int n_dims, EqkInit init)
{
  return add_tensor (b, EQK_VALUE_STATE, name, shape, n_dims, init);
}

const void *
eqk_build_keep (EqkBuild *b, const void *data, size_t bytes)
{
  const void *copy = eqk_heap_copy (b->program->heap, data, bytes);

  if (copy == NULL)
    b->program->no_memory = true;
  return copy;
}

int
eqk_build_const (EqkBuild *b, const double *data, size_t n)
{
  EqkValue value = { .kind = EQK_VALUE_CONST, .is_static = true, .producer = -1, .node = b->node, .width = (int) n };

  value.space = (EqkSpace){ EQK_SPACE_FIXED, 1, 1, 0 };
  value.data = eqk_build_keep (b, data, n * sizeof *data);
  return value.data == NULL ? -1 : add_value (b->program, &value);
}

int
eqk_build_table (EqkBuild *b, EqkTableFunc make, const void *recipe, size_t recipe_size, size_t n)
{
  EqkValue value = { .kind = EQK_VALUE_CONST, .is_static = true, .producer = -1, .node = b->node, .width = (int) n, .table = make };

  value.space = (EqkSpace){ EQK_SPACE_FIXED, 1, 1, 0 };
  value.recipe = eqk_build_keep (b, recipe, recipe_size);
  return value.recipe == NULL ? -1 : add_value (b->program, &value);
}

int
eqk_build_value (EqkBuild *b, EqkSpace space, int width)
{
  const EqkValue value = { .kind = EQK_VALUE_COMPUTED, .space = space, .width = width, .producer = -1, .node = b->node,
                           .structure = space.structure };

  return add_value (b->program, &value);
}

int
eqk_build_feed (EqkBuild *b, const char *name, EqkSpace space, int width, bool index)
{
  EqkValue value = { .kind = EQK_VALUE_FEED, .space = space, .width = width, .index = index, .producer = -1, .node = b->node,
                     .structure = space.structure };

  value.name = eqk_heap_text (b->program->heap, name);
  return value.name == NULL ? -1 : add_value (b->program, &value);
}

bool
eqk_build_telling (EqkBuild *b, int feed, const EqkTelling *says)
{
  EqkValue *value = &b->program->values[feed];

  value->telling = eqk_build_keep (b, says, (size_t) value->width * sizeof *says);
  return value->telling != NULL;
}

const EqkOp *
eqk_build_producer (const EqkBuild *b, int value)
{
  const int op = value < 0 || value >= b->program->n_values ? -1 : b->program->values[value].producer;

  return op < 0 ? NULL : &b->program->ops[op];
}

int
eqk_build_structure (EqkBuild *b, const struct EqkStructureRule *rule)
{
  EqkProgram *p = b->program;

  for (int i = 0; i < p->n_structures; i++)
    {
      const EqkStructureRule *have = &p->structures[i];

      if (have->positions == rule->positions && have->cutoff == rule->cutoff && have->complete == rule->complete && have->nearest == rule->nearest &&
          have->most == rule->most && have->cell == rule->cell && !have->given)
        return i;
    }
  if (p->n_structures == (int) (sizeof p->structures / sizeof p->structures[0]))
    return -1;
  p->structures[p->n_structures] = *rule;
  return p->n_structures++;
}

int
eqk_build_edges (EqkBuild *b)
{
  EqkProgram *p = b->program;

  for (int i = 0; i < p->n_structures; i++)
    if (p->structures[i].given)
      return i;
  if (p->n_structures == (int) (sizeof p->structures / sizeof p->structures[0]))
    return -1;
  p->structures[p->n_structures] = (EqkStructureRule){ .given = true, .positions = -1, .cell = -1 };
  return p->n_structures++;
}

EqkStatus
eqk_build_select (EqkBuild *b, int structure, int parent, double ratio, EqkDiag *diag)
{
  EqkProgram *p = b->program;

  if (structure < 1 || structure > EQK_MAX_SELECTIONS || parent < 0 || parent >= structure)
    return eqk_fail (diag, EQK_ERR_INTERNAL, "structure %d", structure);
  p->selections[structure - 1] = (EqkSelection){ parent, ratio };
  p->n_selections = structure > p->n_selections ? structure : p->n_selections;
  return EQK_OK;
}

/* One energy is differentiated by one set of positions; forces and stress are two results of that. */
static bool
begin_gradient (EqkProgram *p, int energy_value, int positions_value)
{
  if (p->has_gradient)
    return p->gradient.energy == energy_value && p->gradient.positions == positions_value;
  p->gradient = (EqkGradientRule){ .energy = energy_value, .positions = positions_value, .result = -1, .cell = -1, .stress = -1 };
  p->has_gradient = true;
  return true;
}

static int
add_result (EqkBuild *b, EqkSpace space, int width, int structure)
{
  const EqkValue value = { .kind = EQK_VALUE_GRADIENT, .space = space, .width = width, .producer = -1, .node = b->node, .structure = structure };

  return add_value (b->program, &value);
}

int
eqk_build_gradient (EqkBuild *b, int energy_value, int positions_value)
{
  EqkProgram    *p = b->program;
  const EqkValue at = p->values[positions_value];

  if (!begin_gradient (p, energy_value, positions_value) || p->gradient.result >= 0)
    return -1;
  p->gradient.result = add_result (b, at.space, at.width, at.structure);
  return p->gradient.result;
}

int
eqk_build_stress (EqkBuild *b, int energy_value, int positions_value, int cell_value)
{
  EqkProgram *p = b->program;

  if (!begin_gradient (p, energy_value, positions_value) || p->gradient.stress >= 0)
    return -1;
  p->gradient.cell = cell_value;
  p->gradient.stress = add_result (b, (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 }, 6, 0);
  return p->gradient.stress;
}

void
eqk_build_set_output (EqkBuild *b, const char *port, int value)
{
  const int p = eqk_port_index (own (b)->layer->outputs, port);

  if (p >= 0)
    b->program->port_values[b->node * EQK_MAX_PORTS + p] = value;
}

/* ---- operations ---- */

static EqkStatus
add_op (EqkProgram *p, const EqkOp *op)
{
  if (p->n_ops == p->ops_room)
    {
      const int room = p->ops_room == 0 ? 64 : 2 * p->ops_room;
      EqkOp    *grown = eqk_realloc (p->ops, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          p->no_memory = true;
          return EQK_ERR_NO_MEMORY;
        }
      p->ops = grown;
      p->ops_room = room;
    }
  p->ops[p->n_ops] = *op;
  p->ops[p->n_ops].index = p->n_ops;
  p->n_ops++;
  return EQK_OK;
}

EqkStatus
eqk_build_op (EqkBuild *b, const char *id, const int *in, int n_in, const int *out, int n_out, const void *params,
              size_t params_size, EqkDiag *diag)
{
  EqkProgram *p = b->program;
  EqkOp       op = { .type = eqk_op_find (id), .node = b->node, .n_in = n_in, .n_out = n_out };
  bool        is_static = true;

  if (op.type < 0)
    return eqk_fail (diag, EQK_ERR_INTERNAL, "there is no operation “%s”", id);
  op.id = eqk_heap_text (p->heap, id);
  op.in = eqk_heap_copy (p->heap, in, (size_t) n_in * sizeof *in);
  op.out = eqk_heap_copy (p->heap, out, (size_t) n_out * sizeof *out);
  op.params = params == NULL ? NULL : eqk_heap_copy (p->heap, params, params_size);
  if (op.id == NULL || op.in == NULL || op.out == NULL || (params != NULL && op.params == NULL))
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "operations");
  for (int i = 0; i < n_in; i++)
    {
      if (in[i] >= p->n_values)
        return eqk_fail (diag, EQK_ERR_INTERNAL, "input %d of “%s”", i, id);
      is_static = is_static && (in[i] < 0 || p->values[in[i]].is_static);
    }
  for (int i = 0; i < n_out; i++)
    {
      if (out[i] < 0 || out[i] >= p->n_values || p->values[out[i]].producer >= 0)
        return eqk_fail (diag, EQK_ERR_INTERNAL, "output %d of “%s”", i, id);
      p->values[out[i]].producer = p->n_ops;
      p->values[out[i]].is_static = is_static && n_in > 0 && p->values[out[i]].space.kind == EQK_SPACE_FIXED;   /* others have rows by the batch */
    }
  return add_op (p, &op);
}
