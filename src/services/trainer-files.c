/* The run folder: what training leaves behind and goes on from. */

#include "services/trainer-private.h"

#include "model/atomic.h"
#include "model/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

static char *
path_of (const EqsTrainer *self, const char *file)
{
  return g_build_filename (self->options->folder, file, NULL);
}

/* Two runs in one folder would mix their files. The lock goes with the process, however it ends; file systems without locks have none. */
static gboolean
lock_folder (EqsTrainer *self, GError **error)
{
  const int fd = g_open (self->options->folder, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    return TRUE;
  self->folder_lock = fd + 1;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("Another training is writing into %s. Choose another folder, or wait until it has ended."), self->options->folder);
  return FALSE;
}

gboolean
eqs_trainer_open_folder (EqsTrainer *self, GError **error)
{
  static const char *const stale[] = { "metrics.jsonl", "last.safetensors", "best.safetensors", "audit.json" };
  g_autofree char *design = NULL;

  if (self->options->folder == NULL)
    return TRUE;
  design = path_of (self, "design.equi");
  if (g_file_test (self->options->folder, G_FILE_TEST_EXISTS) && !g_file_test (self->options->folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("%s is a file; a run needs a folder."), self->options->folder);
      return FALSE;
    }
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
  if (!lock_folder (self, error))
    return FALSE;
  for (guint i = 0; !self->options->resume && i < G_N_ELEMENTS (stale); i++)   /* of a run that is written over */
    {
      g_autofree char *path = path_of (self, stale[i]);

      if (g_unlink (path) != 0 && errno != ENOENT)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("%s of the run before cannot be taken away: %s."), path, g_strerror (errno));
          return FALSE;
        }
    }
  return eqs_file_save (self->document, design, error);
}

static EqsMap *
metrics_map (const GArray *metrics)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    eqs_map_set_number (map, g_array_index (metrics, EqsMetric, i).name, g_array_index (metrics, EqsMetric, i).value);
  return map;
}

static EqsMap *
units_map (const GArray *metrics)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    eqs_map_set (map, g_array_index (metrics, EqsMetric, i).name, eqs_value_new_string (g_array_index (metrics, EqsMetric, i).unit));
  return map;
}

/* The sums of the epoch in progress, so that its metrics do not depend on an interruption. */
static EqsValue *
tally_list (EqsTrainer *self)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));

  eqs_tally_write (self->tally, self->train_feeder, numbers);
  return eqs_value_new_numbers ((const double *) (gpointer) numbers->data, numbers->len);
}

/* What a prediction needs to know of the data: names of classes, the scale of bytes. */
static void
put_data_facts (EqsTrainer *self, EqsMap *map)
{
  for (guint i = 0; i < eqs_feeder_get_n_targets (self->train_feeder); i++)
    {
      const EqsTarget *target = eqs_feeder_get_target (self->train_feeder, i);

      if (target->n_classes > 0 && target->class_names != NULL)
        eqs_map_set (map, "classes", eqs_value_new_strings (target->class_names));
    }
  for (guint i = 0; i < eqs_split_get_n_columns (self->train); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self->train, i);

      if (column->role == EQS_ROLE_INPUT && column->array->dtype == EQS_DTYPE_U8)
        eqs_map_set (map, "byte_scale", eqs_value_new_number ((double) column->scale));
    }
}

static EqsMap *
run_info (EqsTrainer *self)
{
  g_autoptr (EqsDataset) same_name = eqs_dataset_open (eqs_dataset_get_name (self->dataset), NULL);
  const gboolean shipped = same_name != NULL && strcmp (eqs_dataset_get_path (same_name), eqs_dataset_get_path (self->dataset)) == 0;
  EqsMap        *map = eqs_map_new ();

  eqs_map_set (map, "version", eqs_value_new_string (EQS_VERSION));
  eqs_map_set (map, "data", eqs_value_new_string (eqs_dataset_get_name (self->dataset)));
  eqs_map_set (map, "data_path", eqs_value_new_string (shipped ? eqs_dataset_get_name (self->dataset) : eqs_dataset_get_path (self->dataset)));
  eqs_map_set (map, "data_hash", eqs_value_new_string (self->data_hash));
  eqs_map_set (map, "seed", eqs_value_new_number ((double) self->seed));
  eqs_map_set (map, "batch", eqs_value_new_number (self->batch));
  eqs_map_set (map, "epochs", eqs_value_new_number (self->epochs));
  eqs_map_set (map, "limit", eqs_value_new_number (MAX (0, self->options->limit)));
  eqs_map_set (map, "max_seconds", eqs_value_new_number (MAX (0, self->options->max_seconds)));
  eqs_feeder_put_species (self->train_feeder, map);
  eqs_feeder_put_sizes (self->train_feeder, map);
  put_data_facts (self, map);
  eqs_map_set (map, "tally", tally_list (self));
  eqs_map_set (map, "precision", eqs_value_new_string (self->precision == EQK_F32 ? "f32" : "f64"));
  eqs_map_set (map, "epoch", eqs_value_new_number (self->epoch));
  eqs_map_set (map, "step", eqs_value_new_number (self->step));
  eqs_map_set (map, "optimizer_steps", eqs_value_new_number ((double) eqk_optimizer_steps (self->optimizer)));
  eqs_map_set_number (map, "loss_sum", self->loss_sum);
  eqs_map_set (map, "reductions", eqs_value_new_number (self->reductions));
  eqs_map_set (map, "since_best", eqs_value_new_number (self->since_best));
  eqs_map_set (map, "best_epoch", eqs_value_new_number (self->best_epoch));
  if (self->best_epoch > 0)
    eqs_map_set (map, "best_score", eqs_value_new_number (self->best_score));
  if (self->result->best != NULL)
    eqs_map_set (map, "best_valid", eqs_value_new_object (metrics_map (self->result->best)));
  eqs_map_set (map, "seconds", eqs_value_new_number (eqs_trainer_elapsed (self)));
  eqs_map_set (map, "reproducible", eqs_value_new_bool (self->options->max_seconds <= 0));
  eqs_map_set (map, "train", eqs_value_new_object (metrics_map (self->result->train)));
  eqs_map_set (map, "valid", eqs_value_new_object (metrics_map (self->result->valid)));
  eqs_map_set (map, "units", eqs_value_new_object (units_map (self->result->valid)));
  if (self->symmetry_error >= 0)
    eqs_map_set_number (map, "symmetry_error", self->symmetry_error);
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
  return eqs_checkpoint_save (path, self->document, self->program, strcmp (file, "best.safetensors") == 0 ? self->eval_store : self->store,
                              self->optimizer, info, error);
}

gboolean
eqs_trainer_log_epoch (EqsTrainer *self, GError **error)
{
  g_autofree char *path = NULL, *text = NULL, *old = NULL;
  g_autoptr (GError) reading = NULL;
  g_autoptr (EqsMap) map = eqs_map_new ();
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (GString) all = NULL;
  g_auto (GStrv) lines = NULL;

  if (self->options->folder == NULL)
    return TRUE;
  path = path_of (self, "metrics.jsonl");
  eqs_map_set (map, "epoch", eqs_value_new_number (self->epoch));
  eqs_map_set (map, "seconds", eqs_value_new_number (eqs_trainer_elapsed (self)));
  eqs_map_set (map, "train", eqs_value_new_object (metrics_map (self->result->train)));
  eqs_map_set (map, "valid", eqs_value_new_object (metrics_map (self->result->valid)));
  if (self->symmetry_error >= 0)
    eqs_map_set_number (map, "symmetry_error", self->symmetry_error);
  value = eqs_value_new_object (eqs_map_ref (map));
  text = eqs_value_to_text (value);
  if (!g_file_get_contents (path, &old, NULL, &reading) && !g_error_matches (reading, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      /* Written anew, it would lose what was told of the epochs before. */
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The epochs so far cannot be read: %s"), reading->message);
      return FALSE;
    }
  all = g_string_new (NULL);
  lines = g_strsplit (old == NULL ? "" : old, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0' && i + 1 < self->epoch; i++)   /* a killed run may have told one epoch more than it saved */
    g_string_append_printf (all, "%s\n", lines[i]);
  g_string_append_printf (all, "%s\n", text);
  return eqs_file_write_atomic (path, all->str, (gssize) all->len, error);
}

/* A number that decides what is computed must be that of the run. */
static gboolean
same (const EqsMap *run, const char *key, double now, const char *option, GError **error)
{
  const double then = eqs_map_get_number (run, key, now);

  if (then == now)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The run was begun with --%s %.17g; it cannot go on with %.17g."), option, then, now);
  return FALSE;
}

static GArray *
metrics_from (const EqsMap *run, const char *key)
{
  const EqsMap *map = eqs_map_get (run, key) == NULL ? NULL : eqs_value_get_map (eqs_map_get (run, key));
  const EqsMap *units = eqs_map_get (run, "units") == NULL ? NULL : eqs_value_get_map (eqs_map_get (run, "units"));
  GArray       *metrics = g_array_new (FALSE, TRUE, sizeof (EqsMetric));

  for (guint i = 0; map != NULL && i < eqs_map_get_size (map); i++)
    {
      EqsMetric metric = { .value = eqs_value_get_number (eqs_map_get_value (map, i)) };

      g_strlcpy (metric.name, eqs_map_get_key (map, i), sizeof metric.name);
      g_strlcpy (metric.unit, eqs_map_get_string (units, metric.name, ""), sizeof metric.unit);
      g_array_append_val (metrics, metric);
    }
  return metrics;
}

static void
read_tally (EqsTrainer *self, const EqsValue *list)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const double number = eqs_value_get_number (eqs_value_get_item (list, i));

      g_array_append_val (numbers, number);
    }
  eqs_tally_read (self->tally, self->train_feeder, numbers);
}

/* Whatever decides the steps must be as in the folder's design; how long it goes on may change. */
static gboolean
is_same_plan (EqsTrainer *self, GError **error)
{
  static const char *const keys[] = { "optimizer", "lr", "schedule", "warm_up", "step_every", "factor", "patience", "momentum", "weight_decay", "clip", "average",
                                      "norm_samples", "augment", "loss", "weight_energy", "weight_forces" };
  g_autofree char *path = path_of (self, "design.equi");
  g_autoptr (EqsDocument) begun = eqs_file_load (path, error);
  const EqsMap *then, *now = eqs_document_get_section (self->document, EQS_SECTION_TRAINING);

  if (begun == NULL)
    return FALSE;
  then = eqs_document_get_section (begun, EQS_SECTION_TRAINING);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      EqsValue        *a = eqs_map_get (then, keys[i]), *b = eqs_map_get (now, keys[i]);
      g_autofree char *was = a == NULL ? NULL : eqs_value_to_text (a), *is = b == NULL ? NULL : eqs_value_to_text (b);

      if (g_strcmp0 (was, is) == 0)
        continue;
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The run was begun with %s %s; it cannot go on with %s. Train into another folder, perhaps with --init."), keys[i],
                   was == NULL ? _("as it is by default") : was, is == NULL ? _("the default") : is);
      return FALSE;
    }
  return TRUE;
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
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("There is no %s to go on from. Without --resume, or with --force, training begins anew."), path);
      return FALSE;
    }
  checkpoint = eqs_checkpoint_open (path, error);
  if (checkpoint == NULL)
    return FALSE;
  run = eqs_checkpoint_get_run (checkpoint);
  if (!same (run, "seed", (double) self->seed, "seed", error) || !same (run, "batch", self->batch, "batch", error) ||
      !same (run, "limit", MAX (0, self->options->limit), "limit", error))
    return FALSE;
  if (strcmp (eqs_map_get_string (run, "precision", "f32"), self->precision == EQK_F32 ? "f32" : "f64") != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The run was begun with --precision %s; it cannot go on with another."), eqs_map_get_string (run, "precision", "f32"));
      return FALSE;
    }
  if (g_strcmp0 (eqs_map_get_string (run, "data_hash", NULL), self->data_hash) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s was trained on other data (“%s”)."), path, eqs_map_get_string (run, "data", "?"));
      return FALSE;
    }
  if (!is_same_plan (self, error))
    return FALSE;
  if (!eqs_checkpoint_restore (checkpoint, self->program, self->store, self->optimizer, FALSE, NULL, error))
    return FALSE;
  self->result->train = metrics_from (run, "train");
  self->result->valid = metrics_from (run, "valid");
  read_tally (self, eqs_map_get (run, "tally"));
  self->epoch = (guint) eqs_map_get_count (run, "epoch", G_MAXUINT, 0);
  self->step = (guint) eqs_map_get_count (run, "step", G_MAXUINT, 0);
  self->loss_sum = eqs_map_get_number (run, "loss_sum", 0);
  self->reductions = (int) eqs_map_get_count (run, "reductions", G_MAXINT, 0);
  self->since_best = (guint) eqs_map_get_count (run, "since_best", G_MAXUINT, 0);
  self->best_epoch = (guint) eqs_map_get_count (run, "best_epoch", G_MAXUINT, 0);
  self->best_score = eqs_map_get_number (run, "best_score", -G_MAXDOUBLE);
  self->result->best = eqs_map_get (run, "best_valid") == NULL ? NULL : metrics_from (run, "best_valid");
  self->elapsed_before = eqs_map_get_number (run, "seconds", 0);
  eqk_optimizer_set_steps (self->optimizer, eqs_map_get_count (run, "optimizer_steps", G_MAXUINT64, 0));
  return TRUE;
}
