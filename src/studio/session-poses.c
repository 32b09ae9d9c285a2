/*
 * Whether the two arrows that a rotation is made of are parallel, with the weights that views run now, on samples of the training part: looked at in a thread when the
 * network, its weights or the data are others. What is found belongs to one network; of another one nothing is said before it has been looked at.
 */

#include "studio/session-private.h"

#include "services/pose-look.h"

typedef struct
{
  GWeakRef        session;     /* the thread must not hold its last reference */
  EqsModelSource *source;      /* owned */
  EqsDataset     *dataset;     /* owned */
  char           *network;     /* owned: which network it is */
  guint           n_parallel, n_rotations;
} Look;

static void
look_free (Look *look)
{
  g_weak_ref_clear (&look->session);
  eqs_model_source_unref (look->source);
  g_object_unref (look->dataset);
  g_free (look->network);
  g_free (look);
}

/* What cannot be run is let pass: training says why. */
static void
look_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look                *look = data;
  EqsModel            *model = eqs_model_source_open (look->source, NULL);
  g_autoptr (EqsSplit) train = model == NULL ? NULL : eqs_dataset_load (look->dataset, "train", NULL);

  if (train == NULL || !eqs_pose_count_parallel (model, train, &look->n_parallel, &look->n_rotations, NULL))
    look->n_parallel = 0;
  g_clear_pointer (&model, eqs_model_free);
  g_task_return_boolean (task, TRUE);
}

static void
look_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (EqsSession) self = g_weak_ref_get (&look->session);
  gboolean other;
  guint    said;

  if (self == NULL || self->document == NULL)
    return;
  other = self->n_parallel != look->n_parallel || g_strcmp0 (self->pose_network, look->network) != 0;
  said = self->n_parallel;
  self->looking_at_poses = FALSE;
  self->n_parallel = look->n_parallel;
  self->n_rotations = look->n_rotations;
  g_free (self->pose_network);
  self->pose_network = g_strdup (look->network);
  if (other && (said > 0 || look->n_parallel > 0))
    eqs_session_check_again (self);
  eqs_session_look_at_poses (self);
}

void
eqs_session_look_at_poses (EqsSession *self)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char  *key = NULL;
  EqsModelSource   *source;
  Look             *look;

  if (self->document == NULL || self->dataset == NULL || self->looking_at_poses || !eqs_session_is_checked (self) || self->check->program == NULL ||
      !eqs_pose_is_of_two_arrows (self->check->typed, self->check->program))
    return;
  source = eqs_session_dup_model_source (self);
  key = g_strdup_printf ("%s\n%s\n%s\n%u", eqs_session_network_hash (self), self->data_key, source->checkpoint == NULL ? "" : source->checkpoint, source->checkpoint == NULL ? 0 : self->epochs_told);
  if (g_strcmp0 (key, self->pose_key) == 0)
    {
      eqs_model_source_unref (source);
      return;
    }
  g_free (self->pose_key);
  self->pose_key = g_steal_pointer (&key);
  self->looking_at_poses = TRUE;
  look = g_new0 (Look, 1);
  g_weak_ref_init (&look->session, self);
  look->source = source;
  look->dataset = g_object_ref (self->dataset);
  look->network = g_strdup (eqs_session_network_hash (self));
  task = g_task_new (NULL, NULL, look_done_cb, NULL);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  g_task_run_in_thread (task, look_worker);
}

guint
eqs_session_get_parallel_poses (EqsSession *self, guint *n_rotations)
{
  g_return_val_if_fail (EQS_IS_SESSION (self) && n_rotations != NULL, 0);

  *n_rotations = self->n_rotations;
  return g_strcmp0 (self->pose_network, eqs_session_network_hash (self)) == 0 ? self->n_parallel : 0;
}
