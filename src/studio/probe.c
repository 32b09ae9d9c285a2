/*
 * The main thread writes wishes behind a lock; the worker takes the newest, works, and leaves results behind the same lock with
 * one idle function that picks them up. Error against angle is measured one angle at a time, so a new wish never waits longer
 * than one pass.
 */

#include "studio/probe.h"

#include "services/twin.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What is wanted. Objects are owned. */
typedef struct
{
  EqsModelSource *source;
  guint           network;        /* counts sources */
  EqsDataset     *dataset;        /* (nullable) */
  EqsSplit       *own;            /* (nullable) */
  guint           sample;
  guint           data;           /* counts data sets and own samples */
  char           *node, *port;
  double          angle_rad;
  gboolean        mirror, sweep, twin;
  gboolean        has_turn, inverted;
  double          q[4], shift[3];
  GBytes         *order;          /* (nullable) of gint32 */
} Wish;

typedef struct
{
  gatomicrefcount refs;
  GWeakRef        probe;
  GMutex          lock;
  GCond           wake;
  /* behind the lock */
  gboolean        quit, has_wish, idle;
  Wish            wish;
  EqsProbeResult *result;         /* owned (nullable): not picked up */
  EqsProbeSweep  *sweep;          /* owned (nullable): not picked up */
  EqsSplit       *split;          /* owned (nullable): not picked up */
  gboolean        split_is_new;
  gboolean        working;
} Shared;

struct _EqsProbe
{
  GObject         parent_instance;

  EqsSession     *session;        /* owned */
  Shared         *shared;         /* owned */
  GThread        *thread;         /* owned */
  gboolean        active, stale;  /* stale: something changed while nobody looked */
  guint           idle;           /* collects changes of one moment into one wish */
  Wish            wish;           /* source, dataset: not kept here */
  EqsSplit       *own;            /* owned (nullable) */
  EqsProbeResult *result;         /* owned (nullable) */
  EqsProbeSweep  *sweep;          /* owned (nullable) */
  EqsSplit       *split;          /* owned (nullable) */
  gboolean        new_network, new_data;
  EqsModelSource *source;         /* owned (nullable) */
};

G_DEFINE_FINAL_TYPE (EqsProbe, eqs_probe, G_TYPE_OBJECT)

enum { LOOKED, SWEPT, SAMPLES_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->source, eqs_model_source_unref);
  g_clear_object (&wish->dataset);
  g_clear_pointer (&wish->own, eqs_split_unref);
  g_clear_pointer (&wish->node, g_free);
  g_clear_pointer (&wish->port, g_free);
  g_clear_pointer (&wish->order, g_bytes_unref);
}

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->refs))
    return;
  wish_clear (&shared->wish);
  g_clear_pointer (&shared->result, eqs_probe_result_unref);
  g_clear_pointer (&shared->sweep, eqs_probe_sweep_unref);
  g_clear_pointer (&shared->split, eqs_split_unref);
  g_weak_ref_clear (&shared->probe);
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->wake);
  g_free (shared);
}

/* ---- the worker ---- */

typedef struct
{
  Shared          *shared;
  EqsProbeNetwork *network;       /* owned (nullable) */
  char            *network_error; /* owned (nullable) */
  guint            network_number;
  EqsProbeNetwork *twin;          /* owned (nullable): of the same number */
  char            *twin_error;    /* owned (nullable) */
  EqsSplit        *split;         /* owned (nullable): the part of the data */
  char            *split_error;   /* owned (nullable) */
  guint            data_number;
  EqsProbeSweep   *sweep;         /* owned (nullable): in progress */
  guint            sweep_network, sweep_data, sweep_sample;
  gboolean         sweep_mirror;
} Worker;

static gboolean
collect_cb (gpointer data)
{
  Shared *shared = data;
  g_autoptr (EqsProbe) self = g_weak_ref_get (&shared->probe);
  gboolean looked, swept, samples;

  g_mutex_lock (&shared->lock);
  shared->idle = FALSE;
  looked = shared->result != NULL;
  swept = shared->sweep != NULL;
  samples = shared->split_is_new;
  if (self != NULL && looked)
    {
      g_clear_pointer (&self->result, eqs_probe_result_unref);
      self->result = g_steal_pointer (&shared->result);
    }
  if (self != NULL && swept)
    {
      g_clear_pointer (&self->sweep, eqs_probe_sweep_unref);
      self->sweep = g_steal_pointer (&shared->sweep);
    }
  if (self != NULL && samples)
    {
      g_clear_pointer (&self->split, eqs_split_unref);
      self->split = g_steal_pointer (&shared->split);
      shared->split_is_new = FALSE;
    }
  g_mutex_unlock (&shared->lock);
  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (samples)
    g_signal_emit (self, signals[SAMPLES_CHANGED], 0);
  if (looked)
    g_signal_emit (self, signals[LOOKED], 0);
  if (swept)
    g_signal_emit (self, signals[SWEPT], 0);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
announce (Shared *shared)
{
  if (shared->idle || shared->quit)
    return;
  shared->idle = TRUE;
  g_atomic_ref_count_inc (&shared->refs);
  g_idle_add_full (G_PRIORITY_DEFAULT, collect_cb, shared, (GDestroyNotify) shared_unref);
}

static void
post_result (Shared *shared, EqsProbeResult *result)
{
  g_mutex_lock (&shared->lock);
  g_clear_pointer (&shared->result, eqs_probe_result_unref);
  shared->result = result;
  shared->working = FALSE;
  announce (shared);
  g_mutex_unlock (&shared->lock);
}

static void
post_sweep (Shared *shared, const EqsProbeSweep *sweep)
{
  EqsProbeSweep *copy = g_memdup2 (sweep, sizeof *sweep);

  g_atomic_ref_count_init (&copy->refs);
  copy->twin_error = g_strdup (sweep->twin_error);
  g_mutex_lock (&shared->lock);
  g_clear_pointer (&shared->sweep, eqs_probe_sweep_unref);
  shared->sweep = copy;
  announce (shared);
  g_mutex_unlock (&shared->lock);
}

static void
open_network (Worker *w, const Wish *wish)
{
  g_autoptr (GError) error = NULL;
  EqsModel *model;

  if (w->network_number == wish->network)
    return;
  g_clear_pointer (&w->network, eqs_probe_network_free);
  g_clear_pointer (&w->twin, eqs_probe_network_free);
  g_clear_pointer (&w->network_error, g_free);
  g_clear_pointer (&w->twin_error, g_free);
  w->network_number = wish->network;
  model = eqs_model_source_open (wish->source, &error);
  if (model != NULL)
    w->network = eqs_probe_network_new (model, &error);
  if (w->network == NULL)
    w->network_error = g_strdup (error->message);
}

static void
open_data (Worker *w, const Wish *wish)
{
  g_autoptr (GError) error = NULL;

  if (w->data_number == wish->data)
    return;
  g_clear_pointer (&w->split, eqs_split_unref);
  g_clear_pointer (&w->split_error, g_free);
  w->data_number = wish->data;
  if (wish->dataset != NULL)
    w->split = eqs_dataset_load (wish->dataset, eqs_dataset_has_split (wish->dataset, "valid") ? "valid" : eqs_dataset_get_splits (wish->dataset)[0], &error);
  if (w->split == NULL)
    w->split_error = g_strdup (error != NULL ? error->message : _("No data yet. Choose some under “Data” in the left panel."));
  g_mutex_lock (&w->shared->lock);
  g_clear_pointer (&w->shared->split, eqs_split_unref);
  w->shared->split = w->split == NULL ? NULL : eqs_split_ref (w->split);
  w->shared->split_is_new = TRUE;
  announce (w->shared);
  g_mutex_unlock (&w->shared->lock);
}

static EqsProbeMove
move_of (const Wish *wish)
{
  EqsProbeMove move = { .angle_rad = wish->angle_rad, .mirror = wish->mirror };

  if (wish->has_turn)
    {
      memcpy (move.q, wish->q, sizeof move.q);
      memcpy (move.shift, wish->shift, sizeof move.shift);
      move.mirror = wish->inverted;
    }
  if (wish->order != NULL)
    {
      gsize bytes;

      move.order = g_bytes_get_data (wish->order, &bytes);
      move.n_order = bytes / sizeof *move.order;
    }
  return move;
}

static EqsProbeResult *
look (Worker *w, const Wish *wish)
{
  g_autoptr (GError) error = NULL;
  const EqsProbeMove move = move_of (wish);
  EqsSplit       *split;
  EqsProbeResult *result = NULL;

  open_network (w, wish);
  open_data (w, wish);
  split = wish->own != NULL ? wish->own : w->split;
  if (w->network_error != NULL)
    result = eqs_probe_result_new_error (w->network_error);
  else if (split == NULL)
    result = eqs_probe_result_new_error (w->split_error);
  else if (eqs_probe_network_set_sample (w->network, split, wish->own != NULL ? 0 : wish->sample % eqs_split_get_n (split), &error) &&
           eqs_probe_network_set_wire (w->network, wish->node, wish->port, &error))
    result = eqs_probe_network_look_moved (w->network, &move, &error);
  if (result == NULL)
    result = eqs_probe_result_new_error (error->message);
  result->label = g_strdup (wish->source->label);
  result->node = g_strdup (wish->node);
  result->port = g_strdup (wish->port);
  return result;
}

static void
open_twin (Worker *w, const Wish *wish)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) copy = NULL, twin = NULL;
  EqsModel *model = NULL;

  if (w->twin != NULL || w->twin_error != NULL)
    return;
  copy = eqs_document_dup (wish->source->document);
  twin = eqs_twin_new (copy, NULL, &error);
  if (twin != NULL)
    model = eqs_model_new (twin, &error);
  if (model != NULL)
    w->twin = eqs_probe_network_new (model, &error);
  if (w->twin == NULL)
    w->twin_error = g_strdup (error->message);
}

static gboolean
has_newer (Shared *shared)
{
  gboolean newer;

  g_mutex_lock (&shared->lock);
  newer = shared->has_wish || shared->quit;
  g_mutex_unlock (&shared->lock);
  return newer;
}

static void
begin_sweep (Worker *w, const Wish *wish)
{
  if (w->sweep != NULL && w->sweep_network == wish->network && w->sweep_data == wish->data && w->sweep_sample == wish->sample &&
      (w->sweep_mirror == wish->mirror || w->sweep->kind != EQS_SWEEP_ANGLES) && w->sweep->has_twin == wish->twin)
    return;
  g_clear_pointer (&w->sweep, eqs_probe_sweep_unref);
  w->sweep = g_new0 (EqsProbeSweep, 1);
  g_atomic_ref_count_init (&w->sweep->refs);
  w->sweep->has_twin = wish->twin;
  w->sweep->kind = eqs_probe_sweep_kind (eqs_probe_network_get_symmetry (w->network));
  w->sweep_network = wish->network;
  w->sweep_data = wish->data;
  w->sweep_sample = wish->sample;
  w->sweep_mirror = wish->mirror;
  if (wish->twin)
    {
      open_twin (w, wish);
      w->sweep->twin_error = g_strdup (w->twin_error);
    }
}

/* One angle after another until something newer is wanted; goes on later where it stopped. */
static void
sweep (Worker *w, const Wish *wish)
{
  EqsSplit *split = wish->own != NULL ? wish->own : w->split;
  gboolean  twin;
  gint64    told = g_get_monotonic_time ();

  begin_sweep (w, wish);
  twin = w->twin != NULL && wish->twin &&
         eqs_probe_network_set_sample (w->twin, split, wish->own != NULL ? 0 : wish->sample % eqs_split_get_n (split), NULL);
  while (w->sweep->n < EQS_PROBE_ANGLES && !has_newer (w->shared))
    {
      const guint        i = w->sweep->n;
      g_autofree gint32 *order = NULL;
      const EqsProbeMove move = eqs_probe_sweep_move (w->sweep, eqs_probe_network_get_symmetry (w->network), eqs_probe_network_get_n_nodes (w->network), wish->mirror, i, &order);

      w->sweep->error[i] = eqs_probe_network_measure_moved (w->network, &move, &w->sweep->on_grid[i], NULL);
      w->sweep->twin[i] = twin ? eqs_probe_network_measure_moved (w->twin, &move, NULL, NULL) : NAN;
      w->sweep->n++;
      eqs_probe_network_get_limits (w->network, &w->sweep->limit, &w->sweep->limit_between);
      if (w->sweep->n == EQS_PROBE_ANGLES || g_get_monotonic_time () - told > G_USEC_PER_SEC / 5)
        {
          told = g_get_monotonic_time ();
          post_sweep (w->shared, w->sweep);
        }
    }
}

/* Waits for a wish. @return FALSE: the end */
static gboolean
next_wish (Shared *shared, Wish *wish)
{
  gboolean quit;

  g_mutex_lock (&shared->lock);
  while (!shared->has_wish && !shared->quit)
    g_cond_wait (&shared->wake, &shared->lock);
  quit = shared->quit;
  if (!quit)
    {
      *wish = shared->wish;
      memset (&shared->wish, 0, sizeof shared->wish);
      shared->has_wish = FALSE;
      shared->working = TRUE;
    }
  g_mutex_unlock (&shared->lock);
  return !quit;
}

static gpointer
probe_worker (gpointer data)
{
  Worker w = { .shared = data };
  Wish   wish;

  while (next_wish (w.shared, &wish))
    {
      EqsProbeResult *result = look (&w, &wish);
      const gboolean  good = result->error == NULL;

      post_result (w.shared, result);
      if (good && wish.sweep)
        sweep (&w, &wish);
      wish_clear (&wish);
    }
  g_clear_pointer (&w.network, eqs_probe_network_free);
  g_clear_pointer (&w.twin, eqs_probe_network_free);
  g_clear_pointer (&w.split, eqs_split_unref);
  g_clear_pointer (&w.sweep, eqs_probe_sweep_unref);
  g_free (w.network_error);
  g_free (w.twin_error);
  g_free (w.split_error);
  shared_unref (w.shared);
  return NULL;
}

/* ---- the main thread ---- */

static gboolean
ask_cb (gpointer data)
{
  EqsProbe *self = data;
  Shared   *shared = self->shared;
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  char     *inner = NULL;

  self->idle = 0;
  if (self->new_network || self->source == NULL)
    {
      g_clear_pointer (&self->source, eqs_model_source_unref);
      self->source = eqs_session_dup_model_source (self->session);
      self->wish.network++;
    }
  if (self->new_data)
    self->wish.data++;
  self->new_network = self->new_data = FALSE;
  g_mutex_lock (&shared->lock);
  wish_clear (&shared->wish);
  shared->wish = self->wish;
  shared->wish.source = eqs_model_source_ref (self->source);
  shared->wish.dataset = dataset == NULL ? NULL : g_object_ref (dataset);
  shared->wish.own = self->own == NULL ? NULL : eqs_split_ref (self->own);
  shared->wish.order = self->wish.order == NULL ? NULL : g_bytes_ref (self->wish.order);
  /* Of a block it is what is led to its output inside. */
  shared->wish.node = eqs_session_get_probe_node (self->session) == NULL ? NULL :
                      eqs_compile_dup_source (eqs_session_get_document (self->session), eqs_session_get_probe_node (self->session), eqs_session_get_probe_port (self->session), &inner);
  shared->wish.port = inner;
  shared->wish.angle_rad = eqs_session_get_angle (self->session);
  shared->wish.mirror = eqs_session_get_mirror (self->session);
  shared->has_wish = TRUE;
  g_cond_signal (&shared->wake);
  g_mutex_unlock (&shared->lock);
  return G_SOURCE_REMOVE;
}

static void
ask (EqsProbe *self)
{
  if (!self->active)
    self->stale = TRUE;
  else if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, ask_cb, self, NULL);
}

static void
weights_changed_cb (EqsSession *session, EqsProbe *self)
{
  self->new_network = TRUE;
  ask (self);
}

static void
data_changed_cb (EqsSession *session, EqsProbe *self)
{
  self->new_data = TRUE;
  ask (self);
}

static void
eqs_probe_dispose (GObject *object)
{
  EqsProbe *self = EQS_PROBE (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->shared != NULL)
    {
      g_mutex_lock (&self->shared->lock);
      self->shared->quit = TRUE;
      g_cond_signal (&self->shared->wake);
      g_mutex_unlock (&self->shared->lock);
      g_clear_pointer (&self->shared, shared_unref);
      /* No worker is left behind that computes while the program ends; the last reference may be its own. */
      if (self->thread == g_thread_self ())
        g_clear_pointer (&self->thread, g_thread_unref);
      else
        g_thread_join (g_steal_pointer (&self->thread));
    }
  g_clear_object (&self->session);
  g_clear_pointer (&self->own, eqs_split_unref);
  g_clear_pointer (&self->wish.order, g_bytes_unref);
  g_clear_pointer (&self->split, eqs_split_unref);
  g_clear_pointer (&self->result, eqs_probe_result_unref);
  g_clear_pointer (&self->sweep, eqs_probe_sweep_unref);
  g_clear_pointer (&self->source, eqs_model_source_unref);

  G_OBJECT_CLASS (eqs_probe_parent_class)->dispose (object);
}

static void
eqs_probe_class_init (EqsProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_probe_dispose;
  signals[LOOKED] = g_signal_new ("looked", EQS_TYPE_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SWEPT] = g_signal_new ("swept", EQS_TYPE_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAMPLES_CHANGED] = g_signal_new ("samples-changed", EQS_TYPE_PROBE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_probe_init (EqsProbe *self)
{
  Shared *shared = g_new0 (Shared, 1);

  g_atomic_ref_count_init (&shared->refs);
  g_weak_ref_init (&shared->probe, self);
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->wake);
  self->shared = shared;
  self->stale = self->new_network = self->new_data = TRUE;
  g_atomic_ref_count_inc (&shared->refs);
  self->thread = g_thread_new ("probe", probe_worker, shared);
}

EqsProbe *
eqs_probe_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsProbe *self = g_object_new (EQS_TYPE_PROBE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "weights-changed", G_CALLBACK (weights_changed_cb), self, 0);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (data_changed_cb), self, 0);
  g_signal_connect_object (session, "probe-changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "element-changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  return self;
}

void
eqs_probe_set_active (EqsProbe *self, gboolean active)
{
  g_return_if_fail (EQS_IS_PROBE (self));
  self->active = active;
  if (active && self->stale)
    {
      self->stale = FALSE;
      ask (self);
    }
}

void
eqs_probe_set_sample (EqsProbe *self, guint sample)
{
  g_return_if_fail (EQS_IS_PROBE (self));
  if (self->wish.sample == sample)
    return;
  self->wish.sample = sample;
  ask (self);
}

void
eqs_probe_set_turn (EqsProbe *self, const double q[4], gboolean inverted, const double shift[3])
{
  g_return_if_fail (EQS_IS_PROBE (self));
  self->wish.has_turn = q != NULL;
  self->wish.inverted = inverted;
  for (int k = 0; k < 4; k++)
    self->wish.q[k] = q == NULL ? 0 : q[k];
  for (int k = 0; k < 3; k++)
    self->wish.shift[k] = shift == NULL ? 0 : shift[k];
  ask (self);
}

void
eqs_probe_set_order (EqsProbe *self, const gint32 *order, gsize n)
{
  g_return_if_fail (EQS_IS_PROBE (self));
  g_clear_pointer (&self->wish.order, g_bytes_unref);
  self->wish.order = order == NULL ? NULL : g_bytes_new (order, n * sizeof *order);
  ask (self);
}

void
eqs_probe_set_own (EqsProbe *self, EqsSplit *split)
{
  g_return_if_fail (EQS_IS_PROBE (self));
  if (self->own == NULL && split == NULL)
    return;
  g_clear_pointer (&self->own, eqs_split_unref);
  self->own = split == NULL ? NULL : eqs_split_ref (split);
  g_clear_pointer (&self->sweep, eqs_probe_sweep_unref);
  self->new_data = TRUE;
  ask (self);
}

gboolean
eqs_probe_has_own (EqsProbe *self)
{
  g_return_val_if_fail (EQS_IS_PROBE (self), FALSE);
  return self->own != NULL;
}

EqsSplit *
eqs_probe_get_split (EqsProbe *self)
{
  g_return_val_if_fail (EQS_IS_PROBE (self), NULL);
  return self->split;
}

void
eqs_probe_set_sweep (EqsProbe *self, gboolean sweep, gboolean twin)
{
  g_return_if_fail (EQS_IS_PROBE (self));
  if (self->wish.sweep == sweep && self->wish.twin == twin)
    return;
  self->wish.sweep = sweep;
  self->wish.twin = twin;
  ask (self);
}

EqsProbeResult *
eqs_probe_get_result (EqsProbe *self)
{
  g_return_val_if_fail (EQS_IS_PROBE (self), NULL);
  return self->result;
}

EqsProbeSweep *
eqs_probe_get_sweep (EqsProbe *self)
{
  g_return_val_if_fail (EQS_IS_PROBE (self), NULL);
  return self->sweep;
}

gboolean
eqs_probe_is_busy (EqsProbe *self)
{
  g_return_val_if_fail (EQS_IS_PROBE (self), FALSE);

  gboolean busy;

  g_mutex_lock (&self->shared->lock);
  busy = self->idle != 0 || self->shared->has_wish || self->shared->working || self->shared->idle;
  g_mutex_unlock (&self->shared->lock);
  return busy;
}
