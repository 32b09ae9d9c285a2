/*
 * The bodies of the exported functions: static operations at init (compact mode), forward, and for forces the reverse pass to
 * the positions, in the order in which run.c executes them.
 */

#include "emit/emit-private.h"

#include "eqk/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const EqkOpType *
type_of (const EqkEmitter *self, const EqkOp *op)
{
  return self->plan->types[op->type];
}

static bool
op_is_static (const EqkEmitter *self, const EqkOp *op)
{
  return eqk_program_value (self->program, op->out[0])->is_static;
}

static const char *
node_of (const EqkEmitter *self, const EqkOp *op)
{
  return eqk_graph_node_id (eqk_typed_graph (eqk_program_typed (self->program)), op->node);
}

static EqkStatus
emit_op (EqkEmitter *self, const EqkOp *op)
{
  const EqkOpType *type = type_of (self, op);
  EqkStatus        status = EQK_ERR_UNSUPPORTED;

  self->what[0] = '\0';
  self->part = (type->flags & EQK_ACROSS) != 0 ? 0 : eqk_op_structure (self->program, op);
  if (type->emit_c != NULL)
    status = type->emit_c (self, op);
  self->part = 0;
  return status;
}

/* ---- memory of init ---- */

typedef struct
{
  size_t offset, bytes;
  int    death;
} Span;

/* Lowest gap between the spans that are alive at `now`. */
static size_t
first_fit (const Span *spans, int n, size_t base, size_t bytes, int now)
{
  size_t at = base;

  for (bool moved = true; moved;)
    {
      moved = false;
      for (int i = 0; i < n; i++)
        if (spans[i].death >= now && spans[i].offset < at + bytes && at < spans[i].offset + spans[i].bytes)
          {
            at = spans[i].offset + spans[i].bytes;
            moved = true;
          }
    }
  return at;
}

static size_t
rounded (size_t bytes)
{
  return (bytes + 63) / 64 * 64;
}

static bool
is_expandable (const EqkEmitter *self, int value)
{
  const EqkValue *v = value < 0 ? NULL : eqk_program_value (self->program, value);

  return v != NULL && v->is_static && v->producer >= 0 && !self->refused[v->producer] &&
         type_of (self, eqk_program_op (self->program, v->producer))->emit_c != NULL;
}

/* Last static operation that reads each expanded value; n_ops for those that run reads. */
static int *
deaths_of_values (EqkEmitter *self)
{
  const int n_ops = eqk_program_n_ops (self->program);
  int      *death = eqk_emitter_alloc (self, (size_t) eqk_program_n_values (self->program) * sizeof *death);

  if (death == NULL)
    return NULL;
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    death[v] = -1;
  for (int i = 0; i < eqk_program_n_outputs (self->program); i++)
    death[eqk_program_output (self->program, i)->value] = n_ops;
  for (int i = n_ops - 1; i >= 0; i--)
    {
      const EqkOp *op = eqk_program_op (self->program, i);
      bool         wanted = !op_is_static (self, op);

      for (int o = 0; o < op->n_out; o++)
        wanted = wanted || (death[op->out[o]] >= 0 && is_expandable (self, op->out[o]));
      for (int k = 0; wanted && k < op->n_in; k++)
        if (is_expandable (self, op->in[k]))
          {
            const int tick = op_is_static (self, op) ? i : n_ops;

            death[op->in[k]] = tick > death[op->in[k]] ? tick : death[op->in[k]];
          }
    }
  return death;
}

static size_t
bytes_of (const EqkEmitter *self, int value)
{
  return rounded (4 * eqk_value_count (self->program, value, &self->plan->sizes));
}

static size_t
scratch_of (EqkEmitter *self, const EqkOp *op)
{
  EqkOpPlan        need = { .n_threads = 1, .export_plan = true, .exact = true };
  const EqkOpType *type = type_of (self, op);

  if (type->plan != NULL && type->plan (&need, self->program, op, &self->plan->sizes) != EQK_OK)
    eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "memory for %s", op->id);
  return rounded (need.scratch);
}

void
eqk_emitter_plan_init (EqkEmitter *self)
{
  const int n_ops = eqk_program_n_ops (self->program), n_values = eqk_program_n_values (self->program);
  int      *death = deaths_of_values (self);
  Span     *spans = eqk_emitter_alloc (self, (size_t) (n_values + n_ops) * sizeof *spans);
  int       n = 0;

  self->expanded_bytes = 0;
  if (death == NULL || spans == NULL)
    return;
  for (int v = 0; v < n_values; v++)
    {
      self->expanded[v] = death[v] >= 0 && is_expandable (self, v);
      if (!self->expanded[v] || death[v] < n_ops)
        continue;
      self->expanded_at[v] = self->expanded_bytes;
      spans[n++] = (Span){ self->expanded_bytes, bytes_of (self, v), n_ops };
      self->expanded_bytes += bytes_of (self, v);
    }
  for (int i = 0; i < n_ops; i++)
    {
      const EqkOp *op = eqk_program_op (self->program, i);
      const int    first = n;

      if (!op_is_static (self, op) || !self->expanded[op->out[0]])
        continue;
      for (int o = 0; o <= op->n_out; o++)
        {
          const int    v = o < op->n_out ? op->out[o] : -1;
          const size_t bytes = v >= 0 ? bytes_of (self, v) : scratch_of (self, op);
          size_t      *at = v >= 0 ? &self->expanded_at[v] : &self->init_scratch[i];

          if (v >= 0 && death[v] >= n_ops)
            continue;
          *at = first_fit (spans, n, 0, bytes, i);
          spans[n++] = (Span){ *at, bytes, v >= 0 && death[v] > i ? death[v] : i };
        }
      for (int k = first; k < n; k++)
        if (spans[k].offset + spans[k].bytes > self->expanded_bytes)
          self->expanded_bytes = spans[k].offset + spans[k].bytes;
    }
}

/* ---- helpers of the passes ---- */

static void
emit_set (EqkEmitter *self, int value, const char *number)
{
  const char *lane = eqk_emitter_lane (self, value);

  if (eqk_emit_begin (self, "set_values"))
    {
      eqk_emit (self, "static void\nset_values (float *y, size_t n, float value)\n{\n  for (size_t i = 0; i < n; i++)\n    y[i] = value;\n}\n\n");
      eqk_emit_end (self);
    }
  eqk_emit (self, "  set_values (%s, %s * %d, %s);\n", lane, eqk_emit_rows (self, value), eqk_program_value (self->program, value)->width, number);
}

static void
emit_accumulate (EqkEmitter *self, const EqkOp *op, int k)
{
  const int value = op->in[k];

  if (eqk_emit_begin (self, "accumulate"))
    {
      eqk_emit (self, "static void\naccumulate (float *y, const float *x, size_t n)\n{\n  for (size_t i = 0; i < n; i++)\n    y[i] += x[i];\n}\n\n");
      eqk_emit_end (self);
    }
  eqk_emit (self, "  accumulate (%s, ", eqk_emitter_lane (self, value));
  eqk_emit (self, "%s, %s * %d);\n", eqk_emit_gin (self, op, k), eqk_emit_rows (self, value), eqk_program_value (self->program, value)->width);
}

/* ---- the passes ---- */

/*
 * False when an operation cannot be emitted for init after all, or would need more tables than its result has numbers (an
 * index for every weight): it is then computed here, and everything starts again.
 */
static bool
emit_init (EqkEmitter *self)
{
  self->pass = EQK_EMIT_INIT;
  for (int i = 0; i < eqk_program_n_ops (self->program); i++)
    {
      const EqkOp *op = eqk_program_op (self->program, i);
      const size_t before = eqk_emitter_table_bytes (self);
      size_t       result = 0;

      if (!op_is_static (self, op) || !self->expanded[op->out[0]])
        continue;
      for (int o = 0; o < op->n_out; o++)
        result += bytes_of (self, op->out[o]);
      if (emit_op (self, op) != EQK_OK || eqk_emitter_table_bytes (self) - before > result)
        {
          self->refused[i] = true;
          return false;
        }
    }
  return true;
}

static void
refuse (EqkEmitter *self, const EqkOp *op, EqkStatus status, const char *pass)
{
  char reason[160];

  snprintf (reason, sizeof reason, "%s", self->what);
  eqk_emitter_fail (self, status, "%s has no C%s%s%s", op->id, pass, reason[0] != '\0' ? ": " : "", reason);
  self->failed_node = node_of (self, op);
}

static void
emit_forward (EqkEmitter *self)
{
  const char *last = "";

  self->pass = EQK_EMIT_FORWARD;
  for (int i = 0; self->status == EQK_OK && i < eqk_program_n_ops (self->program); i++)
    {
      const EqkOp *op = eqk_program_op (self->program, i);
      EqkStatus    status;

      if (op_is_static (self, op))
        continue;
      if (strcmp (last, node_of (self, op)) != 0)
        {
          last = node_of (self, op);
          eqk_emit (self, "  /* ");
          eqk_text_comment (&self->body[EQK_EMIT_FORWARD], last);
          eqk_emit (self, " */\n");
        }
      status = emit_op (self, op);
      if (status != EQK_OK)
        refuse (self, op, status, "");
    }
}

static void
emit_reverse (EqkEmitter *self)
{
  const EqkGradientRule      *rule = eqk_program_gradient (self->program);
  const struct EqkRunPrivate *d = self->plan->priv;

  if (rule == NULL)
    return;
  self->pass = EQK_EMIT_REVERSE;
  emit_set (self, rule->energy, "1.0f");
  if (d->first.lane[rule->positions] == NULL)
    eqk_emitter_fail (self, EQK_ERR_GRAPH, "the energy does not depend on the positions");
  for (int i = eqk_program_n_ops (self->program) - 1; self->status == EQK_OK && i >= 0; i--)
    {
      const EqkOp *op = eqk_program_op (self->program, i);
      EqkStatus    status;

      if (!d->first.active[i])
        continue;
      for (int o = 0; o < op->n_out; o++)
        if (d->first.zero_bytes[op->out[o]] > 0)
          emit_set (self, op->out[o], "0.0f");
      self->op = op;
      status = emit_op (self, op);
      self->op = NULL;
      if (status != EQK_OK)
        refuse (self, op, status, " for forces");
      for (int k = 0; status == EQK_OK && k < op->n_in; k++)
        if (d->first.mode[d->slot[i] + k] == EQK_GIN_ADD)
          emit_accumulate (self, op, k);
    }
}

void
eqk_emitter_passes (EqkEmitter *self)
{
  while (self->status == EQK_OK && self->options->compact)
    {
      eqk_emitter_forget (self);
      eqk_emitter_plan_init (self);
      if (emit_init (self))
        break;
    }
  emit_forward (self);
  emit_reverse (self);
}
