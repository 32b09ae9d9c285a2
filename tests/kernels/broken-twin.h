#pragma once

/* Broken twins of operations: a table of types in which one operation's reverse pass is scaled by 1.01. */

#include "check/rig.h"
#include "eqk/op.h"

#include <glib.h>
#include <string.h>

static const EqkOpType *twin_original;

/* Scales every gradient that the true reverse pass writes. */
static inline void
twin_scale (EqkRun *run, const EqkOp *op)
{
  for (int k = 0; k < op->n_in; k++)
    if (run->gin[k] != NULL)
      for (size_t i = 0; i < eqk_value_count (run->program, op->in[k], &run->sizes); i++)
        ((double *) run->gin[k])[i] *= 1.01;
}

static inline void
twin_reverse (EqkRun *run, const EqkOp *op)
{
  twin_original->reverse (run, op);
  twin_scale (run, op);
}

static inline void
twin_reverse2 (EqkRun *run, const EqkOp *op)
{
  twin_original->reverse2 (run, op);
  twin_scale (run, op);
}

static inline void
twin_tangent (EqkRun *run, const EqkOp *op)
{
  twin_original->tangent (run, op);
  for (int o = 0; o < op->n_out; o++)
    for (size_t i = 0; i < eqk_value_count (run->program, op->out[o], &run->sizes); i++)
      ((double *) run->xd[op->out[o]])[i] *= 1.01;
}

/* Lets the run use a wrong `op`. One twin at a time; undo with twin_remove. */
static inline const EqkOpType *const *
twin_install (EqkRun *run, int type, gboolean wrong_tangent)
{
  static const EqkOpType *table[512];
  static EqkOpType        twin;
  const EqkOpType *const *before = run->types;

  g_assert_cmpint (eqk_op_count (), <, 512);
  memcpy (table, run->types, (size_t) eqk_op_count () * sizeof *table);
  twin_original = run->types[type];
  twin = *twin_original;
  if (wrong_tangent)
    twin.tangent = twin_tangent;
  else
    {
      twin.reverse = twin_reverse;
      twin.reverse2 = twin.reverse2 == NULL ? NULL : twin_reverse2;
    }
  table[type] = &twin;
  run->types = table;
  return before;
}

static inline void
twin_remove (EqkRun *run, const EqkOpType *const *before)
{
  run->types = before;
}
