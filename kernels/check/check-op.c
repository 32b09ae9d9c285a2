/*
 * Checks of single operations: a run of one operation, made of the rig's memory. Gradients of inputs go to buffers filled with
 * a large number before, since a reverse pass must overwrite them.
 */

#include "check/check-private.h"

#include "eqk/op.h"
#include "ops/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  EqkRig          *rig;
  const EqkOp     *op;
  const EqkOpType *type;
  EqkRun           run;          /* the rig's, with lanes of its own */
  int              n_values;
  void            *scratch, *scratch_reverse;
  double         **base;         /* by input slot: contents at the point of the check; NULL: not a real number to move */
  double         **d;            /* by input slot: a direction; equal values share it */
  double         **c, **e;       /* by output: adjoints */
  double          *keep;         /* all outputs, for differences */
  bool             failed;
} Bench;

static void *
take (Bench *b, size_t bytes)
{
  void *memory = aligned_alloc (64, (bytes + 127) / 64 * 64);

  if (memory == NULL)
    b->failed = true;
  else
    memset (memory, 0, bytes);
  return memory;
}

static size_t
count (const Bench *b, int value)
{
  return eqk_rig_count (b->rig, value);
}

/* First slot that reads the same value. */
static int
first_slot (const Bench *b, int slot)
{
  for (int k = 0; k < slot; k++)
    if (b->op->in[k] == b->op->in[slot])
      return k;
  return slot;
}

static bool
is_variable (const EqkValue *value)
{
  return !value->index && value->kind != EQK_VALUE_CONST && value->kind != EQK_VALUE_STATE;
}

static bool
moves (const EqkValue *value)
{
  return is_variable (value) && value->kind != EQK_VALUE_WEIGHT && !value->is_static;
}

static void
draw (Bench *b, uint64_t seed, uint32_t attempt)
{
  for (int k = 0; k < b->op->n_in; k++)
    if (b->d[k] != NULL && first_slot (b, k) == k)
      {
        EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 20, (uint32_t) k, attempt);

        eqk_check_direction (&random, b->d[k], count (b, b->op->in[k]));
      }
  for (int o = 0; o < b->op->n_out; o++)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 21, (uint32_t) o, attempt);

      for (size_t i = 0; i < count (b, b->op->out[o]); i++)
        {
          b->c[o][i] = eqk_random_normal (&random);
          b->e[o][i] = eqk_random_normal (&random);
        }
    }
}

static void
open_bench (Bench *b, EqkRig *rig, int op, EqkPassMode mode)
{
  EqkOpPlan need = { .n_threads = eqk_pool_n_threads (rig->options.pool), .train = true };
  size_t    lanes, n_out = 0;

  b->rig = rig;
  b->op = eqk_program_op (rig->program, op);
  b->run = *rig->run;
  b->run.mode = mode;
  b->type = b->run.types[b->op->type];
  b->n_values = eqk_program_n_values (rig->program);
  lanes = ((size_t) b->n_values + 1) * sizeof (void *);
  b->run.g = take (b, lanes);
  b->run.g1 = take (b, lanes);
  b->run.xd = take (b, lanes);
  b->run.gin = take (b, ((size_t) b->op->n_in + 1) * sizeof (void *));
  b->run.saved = take (b, ((size_t) eqk_program_n_ops (rig->program) + 1) * sizeof (void *));
  b->base = take (b, ((size_t) b->op->n_in + 1) * sizeof (void *));
  b->d = take (b, ((size_t) b->op->n_in + 1) * sizeof (void *));
  b->c = take (b, ((size_t) b->op->n_out + 1) * sizeof (void *));
  b->e = take (b, ((size_t) b->op->n_out + 1) * sizeof (void *));
  if (b->failed)
    return;
  if (b->type->plan != NULL)
    b->type->plan (&need, rig->program, b->op, &rig->sizes);
  b->scratch = take (b, need.scratch);
  b->scratch_reverse = take (b, need.scratch_reverse);
  b->run.saved[op] = take (b, need.saved);
  for (int k = 0; k < b->op->n_in; k++)
    if (b->op->in[k] >= 0 && is_variable (eqk_program_value (rig->program, b->op->in[k])))
      {
        const size_t n = count (b, b->op->in[k]);

        b->base[k] = take (b, n * sizeof (double));
        b->run.gin[k] = take (b, n * sizeof (double));
        b->d[k] = first_slot (b, k) == k ? take (b, n * sizeof (double)) : b->d[first_slot (b, k)];
        if (!b->failed)
          memcpy (b->base[k], b->run.x[b->op->in[k]], n * sizeof (double));
      }
  for (int o = 0; o < b->op->n_out; o++)
    {
      const size_t n = count (b, b->op->out[o]);

      b->c[o] = take (b, n * sizeof (double));
      b->e[o] = take (b, n * sizeof (double));
      b->run.xd[b->op->out[o]] = take (b, n * sizeof (double));
      n_out += n;
    }
  b->keep = take (b, 2 * (n_out + 1) * sizeof (double));
}

static void
close_bench (Bench *b)
{
  for (int k = 0; k < b->op->n_in; k++)
    {
      if (b->base != NULL)
        free (b->base[k]);
      if (b->run.gin != NULL)
        free (b->run.gin[k]);
      if (b->d != NULL && b->d[k] != NULL && (b->op->in[k] < 0 || first_slot (b, k) == k))
        free (b->d[k]);
    }
  for (int o = 0; o < b->op->n_out; o++)
    {
      if (b->c != NULL)
        free (b->c[o]);
      if (b->e != NULL)
        free (b->e[o]);
      if (b->run.xd != NULL)
        free (b->run.xd[b->op->out[o]]);
    }
  if (b->run.saved != NULL)
    free (b->run.saved[b->op->index]);
  free (b->run.g);
  free (b->run.g1);
  free (b->run.xd);
  free (b->run.gin);
  free (b->run.saved);
  free (b->base);
  free (b->d);
  free (b->c);
  free (b->e);
  free (b->keep);
  free (b->scratch);
  free (b->scratch_reverse);
}

/* ---- evaluation ---- */

static void
forward (Bench *b)
{
  b->run.scratch = b->scratch;
  b->type->forward (&b->run, b->op);
}

static void
tangent (Bench *b)
{
  b->run.scratch = b->scratch_reverse;
  b->type->tangent (&b->run, b->op);
}

static void
move_to (Bench *b, double h, const bool *along)
{
  for (int k = 0; k < b->op->n_in; k++)
    if (b->base[k] != NULL)
      for (size_t i = 0; i < count (b, b->op->in[k]); i++)
        ((double *) b->run.x[b->op->in[k]])[i] = b->base[k][i] + (along == NULL || along[k] ? h * b->d[k][i] : 0);
}

/* <c, y> + <e, J xd> (the second term only with `second`) at distance h along the direction of the slots in `along`. */
static double
functional (Bench *b, double h, const bool *along, bool second)
{
  long double sum = 0;

  move_to (b, h, along);
  forward (b);
  if (second)
    tangent (b);
  for (int o = 0; o < b->op->n_out; o++)
    {
      const double *y = b->run.x[b->op->out[o]], *yd = b->run.xd[b->op->out[o]];

      for (size_t i = 0; i < count (b, b->op->out[o]); i++)
        sum += (long double) b->c[o][i] * y[i] + (second ? (long double) b->e[o][i] * yd[i] : 0);
    }
  return (double) sum;
}

static void
to_base (Bench *b)
{
  move_to (b, 0, NULL);
  forward (b);
}

static void
soil_gradients (Bench *b)
{
  for (int k = 0; k < b->op->n_in; k++)
    for (size_t i = 0; b->run.gin[k] != NULL && i < count (b, b->op->in[k]); i++)
      ((double *) b->run.gin[k])[i] = 1e30;
}

static void
reverse (Bench *b, bool second)
{
  for (int o = 0; o < b->op->n_out; o++)
    {
      b->run.g[b->op->out[o]] = b->c[o];
      b->run.g1[b->op->out[o]] = b->e[o];
    }
  soil_gradients (b);
  b->run.scratch = b->scratch_reverse;
  (second ? b->type->reverse2 : b->type->reverse) (&b->run, b->op);
}

/* Slots of value k's kind: one variable at a time. */
static void
slots_of (const Bench *b, int slot, bool *along)
{
  for (int k = 0; k < b->op->n_in; k++)
    along[k] = b->op->in[k] == b->op->in[slot];
}

enum { MAX_SLOTS = 64 };

/* Gradients that reverse (or reverse2) left in gin against central differences, one input at a time. */
static void
compare_gradients (Bench *b, bool second, EqkCheck *check, bool *kinked)
{
  double norms[MAX_SLOTS] = { 0 }, exact[MAX_SLOTS] = { 0 }, total = 0, n_total = 0;

  *kinked = false;
  for (int k = 0; k < b->op->n_in; k++)
    if (b->base[k] != NULL)
      {
        const int     first = first_slot (b, k);
        const double *g = b->run.gin[k];

        for (size_t i = 0; i < count (b, b->op->in[k]); i++)
          {
            exact[first] += g[i] * b->d[k][i];
            norms[first] += g[i] * g[i];
          }
        total += norms[first];
        n_total += (double) count (b, b->op->in[k]);
      }
  for (int k = 0; k < b->op->n_in; k++)
    if (b->base[k] != NULL && first_slot (b, k) == k && count (b, b->op->in[k]) > 0)
      {
        const double n = (double) count (b, b->op->in[k]);
        bool         along[MAX_SLOTS];
        double       wide, narrow, scale;

        slots_of (b, k, along);
        wide = (functional (b, 1e-5, along, second) - functional (b, -1e-5, along, second)) / 2e-5;
        narrow = (functional (b, 2.5e-6, along, second) - functional (b, -2.5e-6, along, second)) / 5e-6;
        scale = fmax (fmax (fabs (wide), fabs (exact[k])), fmax (sqrt (norms[k] / n), 1e-3 * sqrt (total / n_total)));
        if (scale > 0 && fabs (wide - narrow) > 5e-7 * scale && fabs (wide - exact[k]) > 1e-6 * scale)
          *kinked = true;
        eqk_check_note (check, scale > 0 ? fabs (wide - exact[k]) / scale : 0, "%s: input %d", b->op->id, k);
      }
  to_base (b);
}

/* Sets the tangents of the moving inputs but `without`. @return how many move */
static int
set_tangents (Bench *b, int without)
{
  int n = 0;

  for (int k = 0; k < b->op->n_in; k++)
    if (b->op->in[k] >= 0 && b->base[k] != NULL && moves (eqk_program_value (b->rig->program, b->op->in[k])))
      {
        const bool out = without >= 0 && b->op->in[k] == b->op->in[without];

        b->run.xd[b->op->in[k]] = out ? NULL : b->d[k];
        n += !out && first_slot (b, k) == k;
      }
  return n;
}

static void
clear_tangents (Bench *b)
{
  for (int k = 0; k < b->op->n_in; k++)
    if (b->op->in[k] >= 0)
      b->run.xd[b->op->in[k]] = NULL;
}

static void
compare_tangent (Bench *b, EqkOpChecks *checks)
{
  bool   along[MAX_SLOTS];
  double left = 0, right = 0, jv = 0, uu = 0, diff = 0, n = 0;
  size_t at = 0;

  for (int k = 0; k < b->op->n_in; k++)
    along[k] = b->op->in[k] >= 0 && b->run.xd[b->op->in[k]] != NULL;
  to_base (b);
  reverse (b, false);
  tangent (b);
  for (int o = 0; o < b->op->n_out; o++)
    for (size_t i = 0; i < count (b, b->op->out[o]); i++, n++)
      {
        const double yd = ((double *) b->run.xd[b->op->out[o]])[i];

        left += b->c[o][i] * yd;
        jv += yd * yd;
        uu += b->c[o][i] * b->c[o][i];
      }
  for (int k = 0; k < b->op->n_in; k++)
    for (size_t i = 0; along[k] && b->base[k] != NULL && i < count (b, b->op->in[k]); i++)
      right += ((double *) b->run.gin[k])[i] * b->d[k][i];
  if (n > 0)
    eqk_check_note (&checks->adjoint, fabs (left - right) / fmax (fmax (fabs (left), fabs (right)), sqrt (jv * uu / n) + 1e-30), "%s", b->op->id);

  for (int side = 1; side >= -1; side -= 2)
    {
      move_to (b, side * 1e-5, along);
      forward (b);
      at = 0;
      for (int o = 0; o < b->op->n_out; o++)
        for (size_t i = 0; i < count (b, b->op->out[o]); i++, at++)
          b->keep[at] = side > 0 ? ((double *) b->run.x[b->op->out[o]])[i] : (b->keep[at] - ((double *) b->run.x[b->op->out[o]])[i]) / 2e-5;
    }
  at = 0;
  for (int o = 0; o < b->op->n_out; o++)
    for (size_t i = 0; i < count (b, b->op->out[o]); i++, at++)
      diff += pow (b->keep[at] - ((double *) b->run.xd[b->op->out[o]])[i], 2);
  eqk_check_note (&checks->tangent, jv > 0 || diff > 1e-16 ? sqrt (diff / (jv + 1e-300)) : 0, "%s", b->op->id);
  to_base (b);
}

static void
check_second_order (Bench *b, uint64_t seed, EqkOpChecks *checks)
{
  const int n_moving = set_tangents (b, -1);

  if (n_moving == 0)
    return;
  for (int without = -1; without < b->op->n_in; without++)
    {
      if (without >= 0 && (b->op->in[without] < 0 || b->base[without] == NULL || first_slot (b, without) != without))
        continue;
      set_tangents (b, -1);
      if (set_tangents (b, without) == 0 || (without >= 0 && (n_moving == 1 || !moves (eqk_program_value (b->rig->program, b->op->in[without])))))
        continue;
      compare_tangent (b, checks);
      for (uint32_t attempt = 0; b->type->reverse2 != NULL && attempt < 6; attempt++)
        {
          EqkCheck tried = checks->second;
          bool     kinked;

          draw (b, seed, 100 + attempt);
          to_base (b);
          tangent (b);
          reverse (b, true);
          compare_gradients (b, true, &tried, &kinked);
          if (!kinked || attempt == 5)
            {
              checks->second = tried;
              break;
            }
        }
    }
  clear_tangents (b);
}

EqkPassMode
eqk_check_mode (const EqkOp *op)
{
  const EqkBatchNormParams *p = op->params;

  return strcmp (op->id, "batch_norm") == 0 && p->mode != EQK_NORM_TIED ? EQK_PASS_INFER : EQK_PASS_TRAIN;
}

EqkStatus
eqk_check_operation (EqkRig *rig, int op, EqkPassMode mode, uint64_t seed, EqkOpChecks *checks, EqkDiag *diag)
{
  Bench b = { .failed = false };

  memset (checks, 0, sizeof *checks);
  if (rig->options.precision != EQK_F64 || eqk_program_op (rig->program, op)->n_in > MAX_SLOTS)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "operations are checked in float64");
  open_bench (&b, rig, op, mode);
  if (!b.failed && b.type->reverse != NULL)
    for (uint32_t attempt = 0; attempt < 6; attempt++)
      {
        EqkCheck tried = { 0 };
        bool     kinked;

        draw (&b, seed, attempt);
        to_base (&b);
        reverse (&b, false);
        compare_gradients (&b, false, &tried, &kinked);
        checks->reverse = tried;
        if (!kinked)
          break;
      }
  if (!b.failed && b.type->tangent != NULL)
    check_second_order (&b, seed, checks);
  close_bench (&b);
  return b.failed ? eqk_fail (diag, EQK_ERR_NO_MEMORY, "check") : EQK_OK;
}
