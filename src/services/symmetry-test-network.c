/* An ordinary network on the same kernels as all others. */

#include "services/symmetry-test-network.h"

#include "model/compile.h"

#include "eqk/op.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BATCH = 32, LARGEST = 32 };

/* Nodes in a row, each fed by the one before; NULL ends. */
typedef struct { const char *id, *layer, *settings; } Link;

static EqkStatus
add_all (EqkGraph *graph, const Link *links, EqkDiag *diag)
{
  const char *before = NULL;
  EqkStatus   status = EQK_OK;

  for (const Link *l = links; status == EQK_OK && l->id != NULL; l++)
    {
      EqkSettings *settings = NULL;

      status = eqk_settings_parse (l->settings, &settings, diag);
      if (status == EQK_OK)
        status = eqk_graph_add (graph, l->id, l->layer, settings, NULL, NULL, diag);
      if (status == EQK_OK && before != NULL)
        status = eqk_graph_link (graph, before, "y", l->id, "x", diag);
      eqk_settings_free (settings);
      before = l->id;
    }
  return status;
}

/* Large pictures are made smaller first: the question is about whole samples, not fine detail. */
static EqkStatus
compile (EqsSmallNetwork *self, int height, int width, int channels, EqkDiag *diag)
{
  const EqkSymmetry symmetry = { .group = eqk_group_get ("triv") };
  const int         larger = MAX (height, width), h = larger > LARGEST ? MAX (height * LARGEST / larger, 8) : height, w = larger > LARGEST ? MAX (width * LARGEST / larger, 8) : width;
  g_autofree char  *image = g_strdup_printf ("height=%d width=%d channels=%d", height, width, channels);
  g_autofree char  *size = g_strdup_printf ("height=%d width=%d", h, w);
  g_autofree char  *head = g_strdup_printf ("out=%d", self->classes);
  const Link        links[] = {
    { "image", "input_image", image }, { "size", "resize", size },
    { "conv1", "conv2d_plain", "out=16x triv k=5" }, { "norm1", "batchnorm_plain", "" }, { "act1", "relu_pw", "" }, { "pool1", "avgpool", "k=2 stride=2" },
    { "conv2", "conv2d_plain", "out=32x triv k=3" }, { "norm2", "batchnorm_plain", "" }, { "act2", "relu_pw", "" }, { "pool2", "avgpool", "k=2 stride=2" },
    { "flat", "flatten", "" }, { "head", "mlp_head", head }, { NULL, NULL, NULL } };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  EqkStatus         status = add_all (graph, links, diag);

  if (status == EQK_OK)
    status = eqk_graph_infer (graph, &self->typed, diag);
  if (status == EQK_OK)
    status = eqk_compile (self->typed, NULL, &self->program, diag);
  eqk_graph_free (graph);
  return status;
}

static EqkStatus
make_runs (EqsSmallNetwork *self, EqkDiag *diag)
{
  EqkRunOptions options = { .precision = EQK_F32, .train = true, .capacity = { .batch = BATCH }, .pool = self->pool };
  EqkStatus     status = eqk_run_new (self->program, self->store, &options, &self->train, diag);

  options.train = false;
  return status == EQK_OK ? eqk_run_new (self->program, self->store, &options, &self->infer, diag) : status;
}

EqsSmallNetwork *
eqs_small_network_new (int height, int width, int channels, int classes, guint64 seed, int threads, GError **error)
{
  g_autoptr (EqsSmallNetwork) self = g_new0 (EqsSmallNetwork, 1);
  const EqkOptimizerOptions options = { .kind = EQK_OPTIMIZER_ADAM, .lr = 3e-3, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8 };
  EqkDiag   diag = EQK_DIAG_INIT;
  EqkStatus status;

  self->classes = classes;
  self->picture = (gsize) height * (gsize) width * (gsize) channels;
  self->pool = eqk_pool_new (threads);
  status = compile (self, height, width, channels, &diag);
  if (status == EQK_OK)
    {
      self->store = eqk_store_new (self->program, EQK_F32, seed);
      self->optimizer = eqk_optimizer_new (&options, EQK_F32, eqk_program_n_weights (self->program));
      status = self->store == NULL || self->optimizer == NULL ? EQK_ERR_NO_MEMORY : make_runs (self, &diag);
    }
  if (status != EQK_OK)
    {
      eqs_compile_set_error (error, status, &diag);
      return NULL;
    }
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED)
      self->feed = v;
  return g_steal_pointer (&self);
}

void
eqs_small_network_free (EqsSmallNetwork *self)
{
  eqk_run_free (self->train);
  eqk_run_free (self->infer);
  eqk_optimizer_free (self->optimizer);
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  eqk_pool_free (self->pool);
  g_free (self);
}

static void
step (EqsSmallNetwork *self, const float *pictures, const gint32 *labels, const guint32 *order, guint n, double factor)
{
  const EqkSizes sizes = { .batch = (int) n };
  const int      output = eqk_program_output (self->program, 0)->value;
  gint32         wanted[BATCH];
  size_t         hits, counted;
  float         *feed;

  eqk_run_set_sizes (self->train, &sizes, NULL);
  feed = eqk_run_feed (self->train, self->feed);
  for (guint k = 0; k < n; k++)
    {
      memcpy (feed + k * self->picture, pictures + order[k] * self->picture, self->picture * sizeof *feed);
      wanted[k] = labels[order[k]];
    }
  eqk_run_forward (self->train, EQK_PASS_TRAIN, NULL);
  eqk_loss_cross_entropy (EQK_F32, self->pool, eqk_run_value (self->train, output), wanted, NULL, n, self->classes, 1, eqk_run_seed (self->train, 0), &hits, &counted);
  eqk_run_backward (self->train, NULL);
  eqk_optimizer_step (self->optimizer, self->store, eqk_run_weight_grads (self->train), factor, self->pool);
  eqk_run_commit (self->train);
}

gboolean
eqs_small_network_train (EqsSmallNetwork *self, const float *pictures, const gint32 *labels, guint n, guint epochs, guint64 seed, int *cancel)
{
  const EqkSchedule   schedule = EQK_SCHEDULE_DEFAULTS;
  g_autofree guint32 *order = g_new (guint32, n);
  const guint         steps = MAX (n / BATCH, 1);

  for (guint e = 0; e < epochs; e++)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_SHUFFLE, e, 0, 0);

      eqk_random_permutation (&random, order, n);
      for (guint s = 0; s < steps; s++)
        {
          if (cancel != NULL && g_atomic_int_get (cancel))
            return FALSE;
          step (self, pictures, labels, order + s * BATCH, MIN (BATCH, n - s * BATCH), eqk_schedule_factor (&schedule, (e * steps + s) / (double) (epochs * steps), 0));
        }
    }
  return TRUE;
}

void
eqs_small_network_ask (EqsSmallNetwork *self, const float *pictures, guint n, gint32 *answers)
{
  const int output = eqk_program_output (self->program, 0)->value;

  for (guint at = 0; at < n; at += BATCH)
    {
      const EqkSizes sizes = { .batch = (int) MIN (BATCH, n - at) };
      const float   *y;

      eqk_run_set_sizes (self->infer, &sizes, NULL);
      memcpy (eqk_run_feed (self->infer, self->feed), pictures + at * self->picture, (gsize) sizes.batch * self->picture * sizeof *pictures);
      eqk_run_forward (self->infer, EQK_PASS_INFER, NULL);
      y = eqk_run_value (self->infer, output);
      for (int k = 0; k < sizes.batch; k++, y += self->classes)
        {
          answers[at + (guint) k] = 0;
          for (int c = 1; c < self->classes; c++)
            if (y[c] > y[answers[at + (guint) k]])
              answers[at + (guint) k] = c;
        }
    }
}
