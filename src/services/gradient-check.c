/*
 * An operation is checked where a forward pass of the whole network left its inputs: values as they come there. Every value keeps
 * memory of its own for that. Weights are those of the model, inputs are drawn. Values are then moved by a little noise: after a ReLU many
 * are zero, and where the largest of a window is there twice it has no derivative.
 */

#include "services/gradient-check.h"

#include "check/check.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "model/compile.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SAMPLES 2      /* enough for statistics of a batch */
#define SEED    5
#define NOISE   0.02

static void
node_free (gpointer data)
{
  EqsGradientNode *node = data;

  g_free (node->path);
  g_free (node);
}

static EqsGradientNode *
node_of (GPtrArray *nodes, const EqkTyped *typed, int index)
{
  g_autofree char *path = index < 0 ? NULL : eqs_compile_dup_path (eqk_graph_node_id (eqk_typed_graph (typed), index));
  EqsGradientNode *node;

  for (guint i = 0; path != NULL && i < nodes->len; i++)
    if (strcmp (((EqsGradientNode *) nodes->pdata[i])->path, path) == 0)
      return nodes->pdata[i];
  if (path == NULL)
    return NULL;
  node = g_new0 (EqsGradientNode, 1);
  node->path = g_steal_pointer (&path);
  g_ptr_array_add (nodes, node);
  return node;
}

static void
take (EqsGradientNode *node, const EqkCheck *check)
{
  if (check->n == 0)
    return;
  if (node->n == 0 || check->worst > node->error)
    {
      node->error = check->worst;
      g_strlcpy (node->where, check->where, sizeof node->where);
    }
  node->n += (guint) check->n;
}

/* Of the inputs that come from other operations, by a share of their size. */
static void
part_equals (EqkRig *rig, const EqkOp *op)
{
  for (int k = 0; k < op->n_in; k++)
    {
      const EqkValue *value = op->in[k] < 0 ? NULL : eqk_program_value (rig->program, op->in[k]);
      EqkRandom       random = eqk_random (SEED, EQK_RANDOM_TEST, 30, (uint32_t) op->index, (uint32_t) k);
      double         *x, size = 0;
      size_t          n;

      if (value == NULL || value->index || value->is_static || value->producer < 0)
        continue;
      x = rig->run->x[op->in[k]];
      n = eqk_rig_count (rig, op->in[k]);
      for (size_t i = 0; i < n; i++)
        size += x[i] * x[i];
      size = n > 0 && size > 0 ? sqrt (size / (double) n) : 1;
      for (size_t i = 0; i < n; i++)
        x[i] += NOISE * size * eqk_random_normal (&random);
    }
}

static EqkStatus
check_ops (EqkRig *rig, const EqkTyped *typed, GPtrArray *nodes, const int *cancel, EqsGradientProgress progress, gpointer data, EqkDiag *diag)
{
  const int n = eqk_program_n_ops (rig->program);

  for (int i = 0; i < n; i++)
    {
      const EqkOp     *op = eqk_program_op (rig->program, i);
      EqsGradientNode *node = node_of (nodes, typed, op->node);
      EqkOpChecks      checks;
      EqkStatus        status;

      if (cancel != NULL && g_atomic_int_get (cancel) != 0)
        return EQK_ERR_CANCELLED;
      if (progress != NULL)
        progress ((double) i / n, data);
      if (node == NULL)
        continue;
      part_equals (rig, op);
      status = eqk_check_operation (rig, i, eqk_check_mode (op), SEED, &checks, diag);
      if (status != EQK_OK)
        return status;
      take (node, &checks.reverse);
      take (node, &checks.tangent);
      take (node, &checks.second);
    }
  return EQK_OK;
}

GPtrArray *
eqs_gradient_check (EqsModel *model, const int *cancel, EqsGradientProgress progress, gpointer data, GError **error)
{
  const EqkCompileOptions compile = { .keep_all = true };
  const EqkRigOptions     options = { .precision = EQK_F64, .train = true, .batch = SAMPLES, .seed = SEED };
  g_autoptr (GPtrArray)   nodes = g_ptr_array_new_with_free_func (node_free);
  EqkProgram *program = NULL;
  EqkRig     *rig = NULL;
  EqkDiag     diag = EQK_DIAG_INIT;
  EqkStatus   status = eqk_compile (model->typed, &compile, &program, &diag);

  if (status == EQK_OK)
    status = eqk_rig_new (program, model->store, &options, &rig, &diag);
  if (status == EQK_OK)
    status = eqk_rig_load (rig, NULL, &diag);
  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, EQK_PASS_TRAIN, &diag);
  if (status == EQK_OK)
    status = check_ops (rig, model->typed, nodes, cancel, progress, data, &diag);
  eqk_rig_free (rig);
  eqk_program_free (program);
  if (status == EQK_OK)
    return g_steal_pointer (&nodes);
  if (status == EQK_ERR_CANCELLED)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The check of the gradients was stopped."));
  else
    eqs_compile_set_error (error, status, &diag);
  return NULL;
}
