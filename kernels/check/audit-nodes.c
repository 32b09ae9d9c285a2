/*
 * Errors of single nodes. Two runs of the whole network lie side by side: one of the inputs as they are, one of the moved
 * inputs. Each node of the second is then run alone on exactly moved inputs, taken from the first, so that an error that
 * comes from upstream is not counted again.
 */

#include "check/audit-private.h"

#include "eqk/op.h"
#include "graph/run-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TRIALS = 8 };

typedef struct
{
  EqkRig             *plain, *moved;
  const EqkProgram   *program;
  EqkAuditNodeErrors *errors;
  void               *buffer;         /* a moved value, large enough for any */
  bool                no_memory;      /* something was not compared for lack of it */
  bool                between;
} Nodes;

/* Moves a wire of the plain run: into the buffer, or into the moved run's own memory. */
static EqkStatus
move_wire (Nodes *s, EqkAction *action, int node, int port, void *to)
{
  const EqkPortType *type = &s->program->typed->types[node].type[port];
  const int          value = s->program->port_values[node * EQK_MAX_PORTS + port];
  EqkStatus          status;

  action->from = s->plain->run->structures;      /* with the parts that it has selected */
  action->to = s->moved->run->structures;
  status = eqk_action_apply (action, type, s->plain->options.precision, &s->plain->run->sizes, s->plain->run->x[value], to);
  s->no_memory = s->no_memory || status == EQK_ERR_NO_MEMORY;
  return status;
}

static EqkStatus
feed_node (Nodes *s, EqkAction *action, int node)
{
  const EqkGraph *graph = s->program->typed->graph;

  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == node)
      {
        const int value = s->program->port_values[graph->links[k].from * EQK_MAX_PORTS + graph->links[k].from_port];
        EqkStatus status = value < 0 ? EQK_OK : move_wire (s, action, graph->links[k].from, graph->links[k].from_port, s->moved->run->x[value]);

        if (status != EQK_OK)
          return status;
        if (eqk_program_n_structures (s->program) > 0 && value >= 0 && value == eqk_program_structure (s->program, 0)->positions)
          eqk_rig_wrap (s->moved, action);
      }
  return EQK_OK;
}

static bool
has_ops (const EqkProgram *p, int node)
{
  for (int i = 0; i < p->n_ops; i++)
    if (p->ops[i].node == node && !p->values[p->ops[i].out[0]].is_static)
      return true;
  return false;
}

static double
norm_of (const EqkRig *rig, const void *x, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += pow (eqk_rig_number (rig, x, i), 2);
  return sqrt (sum);
}

/* Error of all outputs of a node as they stand in the moved run; -1 when the element does not act on them. */
static double
output_error (Nodes *s, EqkAction *action, int node, bool *zero)
{
  const EqkProgram *p = s->program;
  double            worst = -1;

  for (int port = 0; port < EQK_MAX_PORTS; port++)
    {
      const int value = p->port_values[node * EQK_MAX_PORTS + port];
      EqkStatus status;
      double    error;
      size_t    n;

      if (value < 0 || !p->typed->types[node].known[port] || p->values[value].index || p->values[value].kind != EQK_VALUE_COMPUTED)
        continue;
      status = move_wire (s, action, node, port, s->buffer);
      if (status == EQK_ERR_SHAPE && p->values[value].space.structure > 0)
        worst = fmax (worst, 1);      /* other nodes were kept */
      if (status != EQK_OK)
        continue;
      n = eqk_rig_count (s->moved, value);
      error = eqk_check_norms (s->moved, &p->typed->types[node].type[port], s->between, s->buffer, s->moved->run->x[value], n);
      if (norm_of (s->moved, s->buffer, n) < 1e-12 * sqrt ((double) n) && norm_of (s->moved, s->moved->run->x[value], n) < 1e-12 * sqrt ((double) n))
        *zero = true;
      else if (!(error <= worst))
        worst = isfinite (error) ? error : 1e300;
    }
  return worst;
}

double
eqk_check_norms (const EqkRig *rig, const EqkPortType *type, bool disk, const void *a, const void *b, size_t n)
{
  const size_t width = (size_t) eqk_rep_get_dim (type->rep), pixels = (size_t) type->space.h * (size_t) type->space.w;
  const bool   cut = disk && type->space.kind == EQK_SPACE_GRID;
  double       diff = 0, aa = 0, bb = 0;

  for (size_t i = 0; i < n; i++)
    if (!cut || eqk_action_in_disk (&type->space, i / width % pixels))
      {
        const double x = eqk_rig_number (rig, a, i), y = eqk_rig_number (rig, b, i);

        diff += (x - y) * (x - y);
        aa += x * x;
        bb += y * y;
      }
  return diff == 0 ? 0 : sqrt (diff / fmax (aa, bb));
}

/* The operation of a node that can be made to choose between equals, reading what is linked to the node; NULL: there is none. */
static const EqkOp *
choosing_op (const Nodes *s, int node)
{
  const EqkProgram *p = s->program;
  const EqkGraph   *graph = p->typed->graph;

  for (int i = 0; i < p->n_ops; i++)
    for (int k = 0; k < graph->n_links && p->ops[i].node == node && s->plain->run->types[p->ops[i].type]->level != NULL; k++)
      if (graph->links[k].to == node && p->port_values[graph->links[k].from * EQK_MAX_PORTS + graph->links[k].from_port] == p->ops[i].in[0])
        return &p->ops[i];
  return NULL;
}

/*
 * Drawn numbers never count the same, so a layer that chooses by order where they do would pass. It is run once more on an input, made of its own
 * weights, where it has to choose. @param error  the node's, raised where that shows more
 */
static EqkStatus
try_level (Nodes *s, EqkAction *action, int node, double *error, EqkDiag *diag)
{
  const EqkOp *op = choosing_op (s, node);
  EqkRun      *run = s->plain->run;
  const size_t bytes = op == NULL ? 0 : eqk_rig_bytes (s->plain, op->in[0]);
  void        *before;
  bool         zero = false;
  EqkStatus    status = EQK_OK;

  if (op == NULL)
    return EQK_OK;
  before = malloc (bytes + 1);
  if (before == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "audit");
  memcpy (before, run->x[op->in[0]], bytes);
  if (run->types[op->type]->level (run, op))
    {
      status = eqk_run_forward_node (run, EQK_PASS_INFER, node, diag);
      if (status == EQK_OK && feed_node (s, action, node) == EQK_OK)
        status = eqk_run_forward_node (s->moved->run, EQK_PASS_INFER, node, diag);
      if (status == EQK_OK)
        *error = fmax (*error, output_error (s, action, node, &zero));
    }
  memcpy (run->x[op->in[0]], before, bytes);
  free (before);
  if (status == EQK_OK)
    status = eqk_run_forward_node (run, EQK_PASS_INFER, node, diag);
  if (status == EQK_OK && feed_node (s, action, node) == EQK_OK)      /* nodes behind read what it keeps of its own inputs */
    status = eqk_run_forward_node (s->moved->run, EQK_PASS_INFER, node, diag);
  return status;
}

static EqkStatus
try_element (Nodes *s, EqkAction *action, EqkDiag *diag)
{
  const EqkTyped *typed = s->program->typed;
  EqkStatus       status = eqk_rig_load (s->moved, action, diag);

  if (status == EQK_OK)
    status = eqk_run_forward (s->moved->run, EQK_PASS_INFER, diag);
  if (status == EQK_ERR_SHAPE || status == EQK_ERR_GROUP)
    return EQK_OK;
  for (int i = 0; status == EQK_OK && i < typed->n_order; i++)
    {
      const int           node = typed->order[i];
      EqkAuditNodeErrors *e = &s->errors[node];
      bool                ignored = false;

      if (has_ops (s->program, node) && !s->between)
        e->accumulated = fmax (e->accumulated, output_error (s, action, node, &ignored));
    }
  for (int i = 0; status == EQK_OK && i < typed->n_order; i++)
    {
      const int           node = typed->order[i];
      EqkAuditNodeErrors *e = &s->errors[node];
      double              error;

      if (!has_ops (s->program, node) || feed_node (s, action, node) != EQK_OK)
        continue;
      status = eqk_run_forward_node (s->moved->run, EQK_PASS_INFER, node, diag);
      if (status != EQK_OK)
        break;
      error = output_error (s, action, node, &e->zero);
      if (action->moves != NULL)
        status = try_level (s, action, node, &error, diag);
      if (error < 0)
        continue;
      e->measured = true;
      if (s->between)
        e->between = fmax (e->between, error);
      else
        e->grid = fmax (e->grid, error);
    }
  return status == EQK_OK && s->no_memory ? EQK_ERR_NO_MEMORY : status;
}

/* A node is run once more for each element: few inputs tell what it does, of costly designs (few samples) one. */
static int
node_inputs (int samples)
{
  const int n = samples / 4;

  return n < 1 ? 1 : n > 3 ? 3 : n;
}

EqkStatus
eqk_audit_nodes (const EqkProgram *program, const EqkStore *store, EqkPrecision precision, bool between, const EqkAuditTrials *trials,
                 const EqkAuditOptions *options, EqkAuditNodeErrors *errors, EqkDiag *diag)
{
  const EqkRigOptions rig = { .precision = precision, .batch = node_inputs (options->samples), .seed = options->seed,
                              .fill = between ? EQK_FILL_ORIENTED : EQK_FILL_NOISE, .pool = options->pool };
  Nodes               s = { .program = program, .errors = errors, .between = between };
  size_t              largest = 0;
  int                 tried = 0, step = 1, n_eligible = 0;
  EqkStatus           status = eqk_rig_new (program, store, &rig, &s.plain, diag);

  if (status == EQK_OK)
    status = eqk_rig_new (program, store, &rig, &s.moved, diag);
  for (int v = 0; status == EQK_OK && v < program->n_values; v++)
    {
      const size_t bytes = eqk_run_bytes_of (s.plain->run, v, &s.plain->run->priv->capacity);

      largest = bytes > largest ? bytes : largest;
    }
  if (status == EQK_OK && (s.buffer = malloc (largest + 1)) == NULL)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "audit");
  if (status == EQK_OK)
    status = eqk_rig_load (s.plain, NULL, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (s.plain->run, EQK_PASS_INFER, diag);
  for (int t = 1; t < trials->n; t++)
    n_eligible += trials->items[t].on_grid != between && (!between || t == trials->farthest);
  while (n_eligible > step * MAX_TRIALS)
    step++;
  for (int t = trials->n > 1 ? 1 : 0, k = 0; status == EQK_OK && t < trials->n && tried < MAX_TRIALS; t++)
    if (trials->items[t].on_grid != between && (!between || t == trials->farthest) && (k++ % step == 0 || trials->items[t].move == EQK_MOVE_CYCLE))
      {
        EqkAction action;
        double    shift[3];

        status = eqk_audit_begin (trials, t, 0, s.plain, options->seed, shift, &action);
        if (status == EQK_OK)
          status = try_element (&s, &action, diag);
        eqk_audit_end (&action);
        tried++;
      }
  eqk_rig_free (s.plain);
  eqk_rig_free (s.moved);
  free (s.buffer);
  return status;
}
