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

/* First two channels of the field that the mutation acts on: inside one field of dimension > 1 where there is one. */
static void
choose_channels (const EqkPortType *type, int *a, int *b)
{
  *a = 0;
  *b = 0;
  for (int i = 0; type->rep != NULL && i < eqk_rep_n_fields (type->rep); i++)
    {
      int             first;
      const EqkField *field = eqk_rep_field (type->rep, i, &first);

      if (eqk_field_get_dim (field) > 1)
        {
          *a = first;
          *b = first + 1;
          return;
        }
    }
}

EqkStatus
eqk_program_mutate (const EqkProgram *self, int node, const char *port, EqkMutation kind, double strength, EqkProgram **out, EqkDiag *diag)
{
  const int          port_index = eqk_port_index (self->typed->graph->nodes[node].layer->outputs, port);
  const int          value = port_index < 0 ? -1 : self->port_values[node * EQK_MAX_PORTS + port_index];
  const EqkPortType *type = eqk_typed_output (self->typed, node, port);
  EqkSpoilParams     params = { .kind = kind, .strength = strength };
  EqkProgram        *p;
  EqkOp              op = { .id = "spoil", .type = eqk_op_find ("spoil"), .node = node, .n_in = 1, .n_out = 1 };
  EqkValue           spoiled;
  int                at, twin;

  if (value < 0 || type == NULL || self->values[value].producer < 0)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "output “%s” of node %d is not computed", port, node);
  p = copy_program (self);
  if (p == NULL || own_changes (p, self) != EQK_OK)
    {
      eqk_program_free (p);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "program");
    }
  choose_channels (type, &params.a, &params.b);
  at = self->values[value].producer + 1;
  spoiled = self->values[value];
  twin = p->n_values;
  spoiled.producer = at;
  p->values[p->n_values++] = spoiled;
  op.in = eqk_heap_copy (p->heap, &value, sizeof value);
  op.out = eqk_heap_copy (p->heap, &twin, sizeof twin);
  op.params = eqk_heap_copy (p->heap, &params, sizeof params);
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

          for (int k = 0; in != NULL && k < p->ops[i].n_in; k++)
            in[k] = in[k] == value ? twin : in[k];
          p->ops[i].in = in;
        }
    }
  for (int i = 0; i < p->n_outputs; i++)
    if (p->outputs[i].value == value)
      p->outputs[i].value = twin;
  p->port_values[node * EQK_MAX_PORTS + port_index] = twin;
  if (p->has_gradient && p->gradient.energy == value)
    p->gradient.energy = twin;
  *out = p;
  return EQK_OK;
}
