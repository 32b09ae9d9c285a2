/* The run folder: what training leaves behind and goes on from. */

#include "services/trainer-private.h"

#include "model/atomic.h"
#include "model/file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *
path_of (const EqsTrainer *self, const char *file)
{
  return g_build_filename (self->options->folder, file, NULL);
}

gboolean
eqs_trainer_open_folder (EqsTrainer *self, GError **error)
{
  g_autofree char *design = NULL, *metrics = NULL;

  if (self->options->folder == NULL)
    return TRUE;
  design = path_of (self, "design.equi");
  metrics = path_of (self, "metrics.jsonl");
  if (g_file_test (self->options->folder, G_FILE_TEST_EXISTS) && !self->options->resume && !self->options->force)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("%s exists. --resume goes on with it, --force writes over it."), self->options->folder);
      return FALSE;
    }
  if (g_mkdir_with_parents (self->options->folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder %s cannot be made: %s."), self->options->folder, g_strerror (errno));
      return FALSE;
    }
  if (!self->options->resume && g_file_test (metrics, G_FILE_TEST_EXISTS))
    g_unlink (metrics);
  return eqs_file_save (self->document, design, error);
}

static EqsMap *
metrics_map (const GArray *metrics)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    eqs_map_set (map, g_array_index (metrics, EqsMetric, i).name, eqs_value_new_number (g_array_index (metrics, EqsMetric, i).value));
  return map;
}

static EqsMap *
run_info (EqsTrainer *self)
{
  EqsMap *map = eqs_map_new ();

  eqs_map_set (map, "version", eqs_value_new_string (EQS_VERSION));
  eqs_map_set (map, "data", eqs_value_new_string (eqs_dataset_get_name (self->dataset)));
  eqs_map_set (map, "data_hash", eqs_value_new_string (self->data_hash));
  eqs_map_set (map, "seed", eqs_value_new_number ((double) self->seed));
  eqs_map_set (map, "batch", eqs_value_new_number (self->batch));
  eqs_map_set (map, "epochs", eqs_value_new_number (self->epochs));
  eqs_map_set (map, "precision", eqs_value_new_string (self->precision == EQK_F32 ? "f32" : "f64"));
  eqs_map_set (map, "epoch", eqs_value_new_number (self->epoch));
  eqs_map_set (map, "step", eqs_value_new_number (self->step));
  eqs_map_set (map, "optimizer_steps", eqs_value_new_number ((double) eqk_optimizer_steps (self->optimizer)));
  eqs_map_set (map, "loss_sum", eqs_value_new_number (self->loss_sum));
  eqs_map_set (map, "reductions", eqs_value_new_number (self->reductions));
  eqs_map_set (map, "since_best", eqs_value_new_number (self->since_best));
  eqs_map_set (map, "best_epoch", eqs_value_new_number (self->best_epoch));
  if (self->best_epoch > 0)
    eqs_map_set (map, "best_score", eqs_value_new_number (self->best_score));
  eqs_map_set (map, "seconds", eqs_value_new_number (eqs_trainer_elapsed (self)));
  eqs_map_set (map, "reproducible", eqs_value_new_bool (self->options->max_seconds <= 0));
  eqs_map_set (map, "train", eqs_value_new_object (metrics_map (self->result->train)));
  eqs_map_set (map, "valid", eqs_value_new_object (metrics_map (self->result->valid)));
  return map;
}

gboolean
eqs_trainer_save (EqsTrainer *self, const char *file, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (EqsMap) info = NULL;

  if (self->options->folder == NULL)
    return TRUE;
  path = path_of (self, file);
  info = run_info (self);
  return eqs_checkpoint_save (path, self->document, self->program, self->store, self->optimizer, info, error);
}

gboolean
eqs_trainer_log_epoch (EqsTrainer *self, GError **error)
{
  g_autofree char *path = NULL, *text = NULL, *old = NULL;
  g_autoptr (EqsMap) map = eqs_map_new ();
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (GString) all = NULL;

  if (self->options->folder == NULL)
    return TRUE;
  path = path_of (self, "metrics.jsonl");
  eqs_map_set (map, "epoch", eqs_value_new_number (self->epoch));
  eqs_map_set (map, "seconds", eqs_value_new_number (eqs_trainer_elapsed (self)));
  eqs_map_set (map, "train", eqs_value_new_object (metrics_map (self->result->train)));
  eqs_map_set (map, "valid", eqs_value_new_object (metrics_map (self->result->valid)));
  if (self->symmetry_error >= 0)
    eqs_map_set (map, "symmetry_error", eqs_value_new_number (self->symmetry_error));
  value = eqs_value_new_object (eqs_map_ref (map));
  text = eqs_value_to_text (value);
  g_file_get_contents (path, &old, NULL, NULL);
  all = g_string_new (old == NULL ? "" : old);
  g_string_append_printf (all, "%s\n", text);
  return eqs_file_write_atomic (path, all->str, (gssize) all->len, error);
}

gboolean
eqs_trainer_resume (EqsTrainer *self, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (EqsCheckpoint) checkpoint = NULL;
  const EqsMap *run;

  if (self->options->folder == NULL)
    return TRUE;
  path = path_of (self, "last.safetensors");
  checkpoint = eqs_checkpoint_open (path, error);
  if (checkpoint == NULL || !eqs_checkpoint_restore (checkpoint, self->program, self->store, self->optimizer, FALSE, NULL, error))
    return FALSE;
  run = eqs_checkpoint_get_run (checkpoint);
  if (g_strcmp0 (eqs_map_get_string (run, "data_hash", NULL), self->data_hash) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s was trained on other data (“%s”)."), path, eqs_map_get_string (run, "data", "?"));
      return FALSE;
    }
  self->seed = (guint64) eqs_map_get_number (run, "seed", (double) self->seed);
  self->epoch = (guint) eqs_map_get_number (run, "epoch", 0);
  self->step = (guint) eqs_map_get_number (run, "step", 0);
  self->loss_sum = eqs_map_get_number (run, "loss_sum", 0);
  self->reductions = (int) eqs_map_get_number (run, "reductions", 0);
  self->since_best = (guint) eqs_map_get_number (run, "since_best", 0);
  self->best_epoch = (guint) eqs_map_get_number (run, "best_epoch", 0);
  self->best_score = eqs_map_get_number (run, "best_score", -G_MAXDOUBLE);
  self->elapsed_before = eqs_map_get_number (run, "seconds", 0);
  eqk_optimizer_set_steps (self->optimizer, (guint64) eqs_map_get_number (run, "optimizer_steps", 0));
  return TRUE;
}
