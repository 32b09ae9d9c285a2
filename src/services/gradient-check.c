/*
 * An operation is checked where a forward pass of the whole network left its inputs: values as they come there, not noise. Every value keeps
 * memory of its own for that. Weights are those of the model, inputs are drawn.
 */

#include "services/gradient-check.h"

#include "check/check.h"
#include "model/compile.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SAMPLES 2      /* enough for statistics of a batch */
#define SEED    5

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
