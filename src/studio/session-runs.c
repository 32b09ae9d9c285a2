/* Runs of a session, the network with weights that it stands for, and what an audit found. */

#include "studio/session-private.h"

#include "model/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

GListModel *
eqs_session_get_runs (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->runs);
}

EqsTraining *
eqs_session_get_run (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->run;
}

void
eqs_session_show_run (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  if (g_set_object (&self->run, run))
    {
      self->epochs_told = 0;
      g_signal_emit (self, eqs_session_signals[EQS_SESSION_RUNS_CHANGED], 0);
      g_signal_emit (self, eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED], 0);
    }
}

void
eqs_session_go_on (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  g_return_if_fail (EQS_IS_TRAINING (run));
  if (eqs_session_is_training (self) || !eqs_training_can_go_on (run))
    return;
  eqs_training_go_on (run);
  g_set_object (&self->run, run);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_RUNS_CHANGED], 0);
}

gboolean
eqs_session_is_training (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (EqsTraining) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (eqs_training_is_active (run))
        return TRUE;
    }
  return FALSE;
}

static void
run_changed_cb (EqsTraining *run, EqsSession *self)
{
  /* Every epoch may bring better weights; views that run them are told between epochs only. */
  if (eqs_training_get_checkpoint (run) != NULL && run == self->run)
    {
      const guint epochs = eqs_training_get_points (run)->len;

      if (self->epochs_told != epochs)
        {
          self->epochs_told = epochs;
          g_signal_emit (self, eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED], 0);
        }
    }
}

static void
run_finished_cb (EqsTraining *run, EqsSession *self)
{
  if (eqs_training_get_state (run) == EQS_TRAINING_FAILED)
    eqs_session_message (self, "%s", eqs_training_get_error (run));
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_RUNS_CHANGED], 0);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED], 0);
  eqs_session_check_again (self);
}

void
eqs_session_add_run (EqsSession *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (self));
  g_signal_connect_object (run, "changed", G_CALLBACK (run_changed_cb), self, 0);
  g_signal_connect_object (run, "finished", G_CALLBACK (run_finished_cb), self, 0);
  g_list_store_append (self->runs, run);
  self->epochs_told = 0;
  g_set_object (&self->run, run);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_RUNS_CHANGED], 0);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_WEIGHTS_CHANGED], 0);
}

/* Runs of this window lie together in the user's data folder, in a folder named for the design and the time. */
static const char *
runs_folder (EqsSession *self)
{
  if (self->runs_folder == NULL)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d-%H%M%S"), *title = eqs_session_dup_title (self), *name = NULL;

      name = g_strdup_printf ("%s-%s-%04x", title, stamp, g_random_int () & 0xffff);
      g_strdelimit (name, "/ .:\\", '-');
      self->runs_folder = g_build_filename (g_get_user_data_dir (), "equistudio", "runs", name, NULL);
    }
  return self->runs_folder;
}

EqsTraining *
eqs_session_train (EqsSession *self, const EqsTrainOptions *options, GError **error)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  EqsTrainOptions own = options == NULL ? (EqsTrainOptions) EQS_TRAIN_OPTIONS_INIT : *options;
  g_autoptr (EqsTraining) run = NULL;
  g_autofree char *name = NULL, *folder = NULL, *number = NULL;

  if (own.threads <= 0)      /* one core stays the window's; the weights do not depend on it */
    own.threads = MAX ((int) g_get_num_processors () - 1, 1);
  if (self->dataset == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "%s",
                   self->data_error != NULL ? self->data_error : _("There are no data to train on yet. Choose some under “Data” in the left panel."));
      return NULL;
    }
  self->run_count++;
  /* Translators: a training run and its number. */
  name = g_strdup_printf (_("Run %u"), self->run_count);
  number = g_strdup_printf ("run-%u", self->run_count);
  folder = g_build_filename (runs_folder (self), number, NULL);
  run = eqs_training_new (name, self->document, self->dataset, &own, folder);
  if (eqs_session_is_checked (self))
    eqs_training_set_parameters (run, self->check->parameters);
  eqs_session_add_run (self, run);
  eqs_training_start (run);
  return run;
}

/* ---- the network with weights ---- */

static const char *
document_hash (EqsSession *self)
{
  if (self->hash == NULL)
    self->hash = eqs_document_dup_hash (self->document);
  return self->hash;
}

const char *
eqs_session_network_hash (EqsSession *self)
{
  if (self->network_hash == NULL)
    self->network_hash = eqs_document_dup_network_hash (self->document);
  return self->network_hash;
}

gboolean
eqs_session_has_changed_since (EqsSession *self, EqsTraining *run)
{
  g_return_val_if_fail (EQS_IS_SESSION (self) && EQS_IS_TRAINING (run), FALSE);
  /* Twins, and ordinary networks in place of the design, never were what stands on the canvas. */
  return eqs_training_get_twin_of (run) == NULL && g_strcmp0 (eqs_training_get_way (run), "augmented") != 0 && strcmp (eqs_training_get_network_hash (run), eqs_session_network_hash (self)) != 0;
}

EqsModelSource *
eqs_session_dup_model_source (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);

  const char *checkpoint = self->run == NULL ? NULL : eqs_training_get_checkpoint (self->run);
  g_autofree char *label = NULL;

  if (checkpoint != NULL)
    {
      /* Another learning rate or other data leave the network, and so its weights, as they are. */
      if (strcmp (eqs_training_get_way (self->run), "augmented") == 0)
        /* The names of its nodes are not the design's. */
        return eqs_model_source_new (self->document, NULL, _("Initial weights: what was trained is an ordinary network in place of the design"));
      if (strcmp (eqs_training_get_network_hash (self->run), eqs_session_network_hash (self)) == 0)
        {
          /* Translators: weights of a network; the name of a run follows. */
          label = g_strdup_printf (_("Best weights of %s"), eqs_training_get_name (self->run));
          return eqs_model_source_new (self->document, checkpoint, label);
        }
      return eqs_model_source_new (self->document, NULL, _("Initial weights: the design was changed since it was trained"));
    }
  if (self->run != NULL && eqs_training_get_state (self->run) == EQS_TRAINING_STOPPED)
    return eqs_model_source_new (self->document, NULL, _("Initial weights: training was stopped before its first epoch ended"));
  return eqs_model_source_new (self->document, NULL, _("Initial weights: not trained yet"));
}

const EqsMap *
eqs_session_get_audit (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), NULL);
  return self->audit;
}

void
eqs_session_set_audit (EqsSession *self, const EqsMap *audit, const char *hash)
{
  g_return_if_fail (EQS_IS_SESSION (self));

  EqsMap *copy = audit == NULL ? NULL : eqs_map_copy (audit);      /* audit may be the one that is held */

  g_clear_pointer (&self->audit, eqs_map_unref);
  g_free (self->audit_hash);
  self->audit = copy;
  self->audit_hash = g_strdup (hash);
  g_signal_emit (self, eqs_session_signals[EQS_SESSION_AUDITED], 0);
  eqs_session_check_again (self);
}

gboolean
eqs_session_is_audit_stale (EqsSession *self)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return self->audit != NULL && g_strcmp0 (self->audit_hash, document_hash (self)) != 0;
}
