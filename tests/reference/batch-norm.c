/* batch_norm.json: batch norms of irreps, two steps of training with gradients and running statistics, then inference. */

#include "one-op.h"

#include "eqk/rep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-11

typedef struct
{
  RefCase *c;
  OneOp   *op;
  int      dims[3], n_dims;      /* of x: samples, points in each (or not), width */
  bool     affine, running;
  int      n_fields, n_means;
} Norm;

/* The layer that the arguments of the file ask for. */
static bool
settings_of (RefCase *c, const cJSON *kwargs, char *text, size_t size, const char **layer)
{
  const cJSON *item;
  size_t       used = 0;

  *layer = cJSON_IsTrue (cJSON_GetObjectItem (kwargs, "instance")) ? "instance_norm" : "e3_bn";
  text[0] = '\0';
  cJSON_ArrayForEach (item, kwargs)
    {
      const char *word = cJSON_GetStringValue (item);

      if (strcmp (item->string, "momentum") == 0 || strcmp (item->string, "eps") == 0)
        used += (size_t) snprintf (text + used, size - used, " %s=%.17g", item->string, ref_number (c, item));
      else if (strcmp (item->string, "affine") == 0)
        used += (size_t) snprintf (text + used, size - used, " affine=%s", cJSON_IsTrue (item) ? "on" : "off");
      else if (strcmp (item->string, "normalization") == 0)
        used += (size_t) snprintf (text + used, size - used, " normalise=%s", word);
      else if (strcmp (item->string, "reduce") == 0)
        used += (size_t) snprintf (text + used, size - used, " reduce=%s", word);
      else if (!ref_check (c, strcmp (item->string, "instance") == 0, "argument “%s” is unknown", item->string))
        return false;
    }
  return true;
}

static double *
rows_of (const Norm *t, const cJSON *pass, const char *name)
{
  return ref_tensor (t->c, name, ref_get (t->c, pass, name), t->dims, t->n_dims);
}

static void
near_rows (const Norm *t, const cJSON *pass, const char *name, const double *ours)
{
  double *theirs = rows_of (t, pass, name);
  int     n = 1;

  for (int k = 0; k < t->n_dims; k++)
    n *= t->dims[k];
  for (int i = 0; theirs != NULL && i < n; i++)
    ref_near (t->c, name, theirs[i], ours[i], TOLERANCE);
  free (theirs);
}

static void
near_list (const Norm *t, const char *name, const cJSON *tensor, const double *ours, int n)
{
  double *theirs = ref_tensor (t->c, name, tensor, &n, 1);

  for (int i = 0; theirs != NULL && ours != NULL && i < n; i++)
    ref_near (t->c, name, theirs[i], ours[i], TOLERANCE);
  ref_check (t->c, ours != NULL, "no “%s”", name);
  free (theirs);
}

/* One step of training: results, gradients, running statistics after it. */
static void
check_step (const Norm *t, const cJSON *step)
{
  double      *x = rows_of (t, step, "x"), *v = rows_of (t, step, "v");
  const cJSON *grads = ref_get (t->c, step, "grad_weight_bias");

  if (x != NULL && v != NULL)
    {
      one_op_feed (t->op, "x", x);
      near_rows (t, step, "out", one_op_forward (t->op, true));
      one_op_backward (t->op, v);
      near_rows (t, step, "grad_x", one_op_gradient (t->op, "x"));
      if (t->affine)
        {
          near_list (t, "gradient of weight", ref_at (t->c, grads, 0), one_op_weight_gradient (t->op, "weight"), t->n_fields);
          near_list (t, "gradient of bias", ref_at (t->c, grads, 1), one_op_weight_gradient (t->op, "bias"), t->n_means);
        }
      if (t->running)
        {
          one_op_commit (t->op);
          near_list (t, "running_mean_after", ref_get (t->c, step, "running_mean_after"), one_op_state (t->op, "running_mean"), t->n_means);
          near_list (t, "running_var_after", ref_get (t->c, step, "running_var_after"), one_op_state (t->op, "running_var"), t->n_fields);
        }
    }
  free (x);
  free (v);
}

static void
load (const Norm *t, const cJSON *item, const char *name, int n)
{
  double *theirs = ref_tensor (t->c, name, ref_get (t->c, item, name), &n, 1), *ours = one_op_weight (t->op, name);

  if (theirs != NULL && ours != NULL)
    memcpy (ours, theirs, (size_t) n * sizeof *ours);
  free (theirs);
}

static void
check_case (RefCase *c, const cJSON *item)
{
  const char    *irreps = cJSON_GetStringValue (ref_get (c, item, "irreps")), *layer;
  const cJSON   *steps = ref_get (c, item, "train_steps"), *shape = ref_get (c, ref_get (c, ref_at (c, steps, 0), "x"), "shape"), *eval = ref_get (c, item, "eval"), *step;
  Norm           t = { .c = c, .n_dims = cJSON_GetArraySize (shape), .affine = !cJSON_IsNull (ref_get (c, item, "weight")) };
  char           settings[200];
  const EqkRep  *rep = NULL;
  double        *x;

  if (!ref_check (c, t.n_dims == 2 || t.n_dims == 3, "x is no list of samples") || !settings_of (c, ref_get (c, item, "kwargs"), settings, sizeof settings, &layer) ||
      !ref_check (c, irreps != NULL && eqk_rep_parse (eqk_group_get ("O3"), irreps, &rep, NULL) == EQK_OK, "irreps"))
    return;
  for (int k = 0; k < t.n_dims; k++)
    t.dims[k] = ref_int (c, ref_at (c, shape, k));
  t.running = strcmp (layer, "e3_bn") == 0;
  t.n_fields = eqk_rep_n_fields (rep);
  t.n_means = eqk_rep_n_trivial (rep);
  t.op = one_layer_new (c, layer, settings, irreps, t.dims[0], t.n_dims == 3 ? t.dims[1] : 0);
  if (t.op == NULL)
    return;
  if (t.affine)
    {
      load (&t, item, "weight", t.n_fields);
      load (&t, item, "bias", t.n_means);
    }
  cJSON_ArrayForEach (step, steps)
    check_step (&t, step);
  x = rows_of (&t, eval, "x");
  if (x != NULL)
    {
      one_op_feed (t.op, "x", x);
      near_rows (&t, eval, "out", one_op_forward (t.op, false));
    }
  free (x);
  one_op_free (t.op);
}

void
ref_run_batch_norm (RefFile *file)
{
  const cJSON *item;
  int          number = 0;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      char   *kwargs = cJSON_PrintUnformatted (cJSON_GetObjectItem (item, "kwargs"));
      RefCase c = ref_case_open (file, "%d %s %s", number++, cJSON_GetStringValue (cJSON_GetObjectItem (item, "irreps")), kwargs);

      cJSON_free (kwargs);
      check_case (&c, item);
      ref_case_close (&c);
    }
}
