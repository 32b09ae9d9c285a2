/*
 * Broken twins: a copy of a program with one operation more, which spoils the output of a node. Generic, for any design, so
 * that a checker can be shown to fail and an audit has its control.
 */

#include "graph/graph-private.h"

#include "eqk/op.h"
#include "ops/op_spoil.h"

#include <stdlib.h>
#include <string.h>

static EqkProgram *
copy_program (const EqkProgram *self)
{
  EqkProgram *p = malloc (sizeof *p);

  if (p == NULL)
    return NULL;
  *p = *self;
  p->typed = eqk_typed_ref (self->typed);
  p->values_room = self->n_values + 1;
  p->ops_room = self->n_ops + 1;
  p->heap = eqk_heap_new ();
  p->values = malloc ((size_t) p->values_room * sizeof *p->values);
  p->ops = malloc ((size_t) p->ops_room * sizeof *p->ops);
  if (p->heap == NULL || p->values == NULL || p->ops == NULL)
    {
      eqk_program_free (p);
      return NULL;
    }
  memcpy (p->values, self->values, (size_t) self->n_values * sizeof *p->values);
  memcpy (p->ops, self->ops, (size_t) self->n_ops * sizeof *p->ops);
  return p;
}

/* What the twin changes is its own; operations' parameters and names stay in the original's heap, which it shares. */
static EqkStatus
own_changes (EqkProgram *p, const EqkProgram *from)
{
  p->outputs = eqk_heap_copy (p->heap, from->outputs, (size_t) from->n_outputs * sizeof *from->outputs);
  p->port_values = eqk_heap_copy (p->heap, from->port_values, (size_t) from->typed->graph->n_nodes * EQK_MAX_PORTS * sizeof (int));
  return p->outputs == NULL || p->port_values == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

/* First two channels of a field that the group really moves, of more than one dimension where there is such a one. */
static void
choose_channels (const EqkPortType *type, int *a, int *b)
{
  int best = 0;

  *a = *b = 0;
  for (int i = 0; type->rep != NULL && i < eqk_rep_n_fields (type->rep); i++)
    {
      int             first;
      const EqkField *field = eqk_rep_field (type->rep, i, &first);
      const int       dim = eqk_field_get_dim (field), value = eqk_field_n_trivial (field) == dim ? 0 : dim > 1 ? 2 : 1;

      if (value > best)
        {
          best = value;
          *a = first;
          *b = dim > 1 ? first + 1 : first;
        }
    }
}

/* Puts a spoiling operation behind `value`; all later readers take its result. Returns the new value, or -1. */
static int
insert_spoil (EqkProgram *p, int value, const EqkSpoilParams *params)
{
  const int  at = p->values[value].producer + 1, twin = p->n_values;
  EqkOp      op = { .id = "spoil", .type = eqk_op_find ("spoil"), .node = p->values[value].node, .n_in = 1, .n_out = 1 };
  EqkValue  *values = realloc (p->values, ((size_t) p->n_values + 1) * sizeof *values);
  EqkOp     *ops = values == NULL ? NULL : realloc (p->ops, ((size_t) p->n_ops + 1) * sizeof *ops);

  p->values = values != NULL ? values : p->values;
  p->ops = ops != NULL ? ops : p->ops;
  op.in = eqk_heap_copy (p->heap, &value, sizeof value);
  op.out = eqk_heap_copy (p->heap, &twin, sizeof twin);
  op.params = eqk_heap_copy (p->heap, params, sizeof *params);
  if (values == NULL || ops == NULL || op.in == NULL || op.out == NULL || op.params == NULL)
    return -1;
  p->values[twin] = p->values[value];
  p->n_values++;
  memmove (&p->ops[at + 1], &p->ops[at], (size_t) (p->n_ops - at) * sizeof *p->ops);
  p->ops[at] = op;
  p->n_ops++;
  for (int i = at; i < p->n_ops; i++)
    {
      p->ops[i].index = i;
      for (int k = 0; k < p->ops[i].n_out; k++)
        p->values[p->ops[i].out[k]].producer = i;
      if (i > at)
        {
          int *in = eqk_heap_copy (p->heap, p->ops[i].in, (size_t) p->ops[i].n_in * sizeof (int));

          if (in == NULL && p->ops[i].n_in > 0)
            return -1;
          for (int k = 0; k < p->ops[i].n_in; k++)
            in[k] = in[k] == value ? twin : in[k];
          p->ops[i].in = in;
        }
    }
  for (int i = 0; i < p->n_outputs; i++)
    if (p->outputs[i].value == value)
      p->outputs[i].value = twin;
  for (int i = 0; i < p->typed->graph->n_nodes * EQK_MAX_PORTS; i++)
    if (p->port_values[i] == value)
      p->port_values[i] = twin;
  if (p->has_gradient && p->gradient.energy == value)
    p->gradient.energy = twin;
  return twin;
}

EqkStatus
eqk_program_mutate (const EqkProgram *self, int node, const char *port, EqkMutation kind, double strength, EqkProgram **out, EqkDiag *diag)
{
  const int          port_index = eqk_port_index (self->typed->graph->nodes[node].layer->outputs, port);
  const int          value = port_index < 0 ? -1 : self->port_values[node * EQK_MAX_PORTS + port_index];
  const EqkPortType *type = eqk_typed_output (self->typed, node, port);
  EqkSpoilParams     params = { .kind = kind, .strength = strength };
  EqkProgram        *p;

  if (value < 0 || type == NULL || self->values[value].producer < 0)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "output “%s” of node %d is not computed", port, node);
  choose_channels (type, &params.a, &params.b);
  p = copy_program (self);
  if (p == NULL || own_changes (p, self) != EQK_OK || insert_spoil (p, value, &params) < 0)
    {
      eqk_program_free (p);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "program");
    }
  *out = p;
  return EQK_OK;
}

/* ---- the control ---- */

/* A tensor made from weights alone, by the first operation of its chain: an expanded kernel. */
static bool
is_kernel (const EqkProgram *p, int value)
{
  const EqkValue *v = &p->values[value];

  if (!v->is_static || v->index || v->producer < 0 || strcmp (p->ops[v->producer].id, "spoil") == 0)
    return false;
  for (int k = 0; k < p->ops[v->producer].n_in; k++)
    if (p->ops[v->producer].in[k] >= 0 && p->values[p->ops[v->producer].in[k]].producer >= 0)
      return false;
  return true;
}

/* What takes the symmetry from the output of a layer: mixed components where there are any, and a mark of the place. */
static EqkStatus
spoil_output (EqkProgram *p, int node, int port)
{
  const EqkPortType *type = &p->typed->types[node].type[port];
  const int          value = p->port_values[node * EQK_MAX_PORTS + port];
  const EqkSpaceKind space = type->space.kind;
  EqkSpoilParams     swap = { .kind = EQK_MUTATE_SWAP, .strength = 1 }, mark = { .kind = EQK_MUTATE_INDEX, .strength = 1 }, weigh = { .kind = EQK_MUTATE_WEIGH, .strength = 1 };
  int                spoilt;

  if (value < 0 || p->values[value].producer < 0 || p->values[value].index || !p->typed->types[node].known[port])
    return EQK_OK;
  choose_channels (type, &swap.a, &swap.b);
  mark.a = swap.a;
  spoilt = insert_spoil (p, value, &swap);
  if (spoilt >= 0 && (space == EQK_SPACE_NODES || space == EQK_SPACE_EDGES || space == EQK_SPACE_PAIRS))   /* a mark alone goes unseen in a sum */
    spoilt = insert_spoil (p, spoilt, &weigh);
  return spoilt < 0 || insert_spoil (p, spoilt, &mark) < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

EqkStatus
eqk_program_control (const EqkProgram *self, bool thorough, EqkProgram **out, EqkDiag *diag)
{
  const EqkGraph *graph = self->typed->graph;
  EqkProgram     *p = copy_program (self);
  EqkStatus       status = p == NULL ? EQK_ERR_NO_MEMORY : own_changes (p, self);
  bool            any = false, mixing = false;

  for (int v = 0; status == EQK_OK && v < self->n_values; v++)
    if (is_kernel (p, v))
      {
        const EqkSpoilParams params = { .kind = EQK_MUTATE_RANDOM, .a = v };

        any = true;
        status = insert_spoil (p, v, &params) < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
      }
  for (int i = 0; i < graph->n_nodes; i++)
    mixing = mixing || (graph->nodes[i].layer->flags & EQK_LAYER_LINEAR) != 0;
  for (int i = 0; status == EQK_OK && (thorough || !any) && i < graph->n_nodes; i++)
    if (!mixing || (graph->nodes[i].layer->flags & EQK_LAYER_LINEAR) != 0)
      for (int port = 0; status == EQK_OK && port < eqk_port_count (graph->nodes[i].layer->outputs); port++)
        status = spoil_output (p, i, port);
  if (status != EQK_OK)
    {
      eqk_program_free (p);
      return eqk_fail (diag, status, "program");
    }
  *out = p;
  return EQK_OK;
}
