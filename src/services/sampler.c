/* From noise to samples. All samples of a batch go the same steps; each has its own random numbers, so a sample does not depend on its company. */

#include "services/sampler.h"

#include "data/xyz.h"
#include "model/compile.h"
#include "model/error.h"

#include "eqk/op.h"
#include "eqk/run.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_BATCH = 32 };

typedef struct
{
  EqsModel        *model;
  EqsNoise         noise;
  EqsSampleOptions options;
  gint32           species[128];      /* atomic number of each kind */
  double          *sizes;             /* how many samples of each size; owned */
  guint            n_sizes;
  double           extent;            /* no point of the training data is farther from its centre; 0: not known */
  EqkRun          *run;
  guint            n_batch, n_nodes;  /* of the batch in progress */
  gint32           nodes[MAX_BATCH];
  EqkRandom        random[MAX_BATCH];
  float           *x, *h, *eps_x, *eps_h, *fresh_x, *fresh_h;   /* [n_nodes, 3], [n_nodes, n_kinds] */
} Sampler;

static void
sampler_clear (Sampler *self)
{
  eqk_run_free (self->run);
  g_free (self->sizes);
  g_free (self->x);
  g_free (self->h);
  g_free (self->eps_x);
  g_free (self->eps_h);
  g_free (self->fresh_x);
  g_free (self->fresh_h);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sampler, sampler_clear)

static gboolean
invalid (GError **error, const char *message)
{
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, message);
  return FALSE;
}

/* Kinds and sizes are what the training has seen. */
static gboolean
read_record (Sampler *self, GError **error)
{
  EqsValue *species = eqs_map_get (self->model->run, "species"), *sizes = eqs_map_get (self->model->run, "sizes");
  double    total = 0;

  if (species == NULL || !eqs_value_is_numbers (species) || eqs_value_get_length (species) == 0 || eqs_value_get_length (species) > self->noise.n_kinds)
    return invalid (error, _("The network was never trained, so its kinds of atoms have no names: give a checkpoint that “equi train” wrote."));
  for (guint k = 0; k < self->noise.n_kinds; k++)
    self->species[k] = k < eqs_value_get_length (species) ? (gint32) eqs_value_get_number (eqs_value_get_item (species, k)) : 0;
  self->n_sizes = sizes != NULL && eqs_value_is_numbers (sizes) ? eqs_value_get_length (sizes) : 0;
  self->sizes = g_new0 (double, self->n_sizes + 1);
  self->extent = eqs_map_get_number (self->model->run, "extent", 0);
  for (guint k = 1; k < self->n_sizes; k++)
    total += self->sizes[k] = MAX (0, eqs_value_get_number (eqs_value_get_item (sizes, k)));
  if (self->options.n_atoms == 0 && !(total > 0))
    return invalid (error, _("The record of the training tells no sizes of samples; say how many atoms each should have."));
  return TRUE;
}

static gint32
draw_size (Sampler *self, EqkRandom *random)
{
  double total = 0, at;

  if (self->options.n_atoms > 0)
    return (gint32) self->options.n_atoms;
  for (guint k = 1; k < self->n_sizes; k++)
    total += self->sizes[k];
  at = eqk_random_uniform (random) * total;
  for (guint k = 1; k < self->n_sizes; k++)
    if ((at -= self->sizes[k]) < 0)
      return (gint32) k;
  return (gint32) self->n_sizes - 1;
}

static gboolean
make_run (Sampler *self, EqkPool *pool, GError **error)
{
  const gsize   most = MAX (self->options.n_atoms, self->options.n_atoms > 0 ? 0 : self->n_sizes), batch = MIN (self->options.n, MAX_BATCH), rows = most * batch;
  EqkRunOptions options = { .precision = EQK_F32, .capacity = { (int) batch, rows, rows * most, rows * most }, .pool = pool };
  EqkDiag       diag = EQK_DIAG_INIT;

  self->x = g_new (float, 3 * rows + 1);
  self->eps_x = g_new (float, 3 * rows + 1);
  self->fresh_x = g_new (float, 3 * rows + 1);
  self->h = g_new (float, rows * self->noise.n_kinds + 1);
  self->eps_h = g_new (float, rows * self->noise.n_kinds + 1);
  self->fresh_h = g_new (float, rows * self->noise.n_kinds + 1);
  if (eqk_run_new (self->model->program, self->model->store, &options, &self->run, &diag) == EQK_OK)
    return TRUE;
  eqs_compile_set_error (error, diag.status, &diag);
  return FALSE;
}

/* Normal numbers for every sample, from its own stream. */
static void
draw (Sampler *self, float *x, float *h)
{
  guint at = 0;

  for (guint k = 0; k < self->n_batch; at += (guint) self->nodes[k++])
    eqs_noise_draw (&self->noise, &self->random[k], (guint) self->nodes[k], x + 3 * at, h + self->noise.n_kinds * at);
}

/* What the network says of x and h at time t. */
static gboolean
ask (Sampler *self, const float *x, const float *h, double t, float *eps_x, float *eps_h, GError **error)
{
  const gsize n = self->n_nodes, width = self->noise.n_kinds;
  float      *time = eqk_run_feed (self->run, self->noise.time);
  EqkDiag     diag = EQK_DIAG_INIT;

  memcpy (eqk_run_feed (self->run, self->noise.positions), x, 3 * n * sizeof *x);
  memcpy (eqk_run_feed (self->run, self->noise.types), h, width * n * sizeof *h);
  for (gsize i = 0; i < n; i++)
    time[i] = (float) t;
  if (eqk_run_build_structures (self->run, &diag) != EQK_OK || eqk_run_forward (self->run, EQK_PASS_INFER, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  memcpy (eps_x, eqk_run_value (self->run, eqk_program_output (self->model->program, self->noise.noise)->value), 3 * n * sizeof *x);
  memcpy (eps_h, eqk_run_value (self->run, eqk_program_output (self->model->program, self->noise.kinds)->value), width * n * sizeof *h);
  for (gsize i = 0; i < (3 + width) * n; i++)
    if (!isfinite (i < 3 * n ? eps_x[i] : eps_h[i - 3 * n]))
      return invalid (error, _("A number became infinite on the way from noise to a sample: the network is not trained well enough, or the steps are too few."));
  return TRUE;
}

/* z <- a z + b eps + c fresh, coordinates and kinds alike. */
static void
combine (Sampler *self, double a, double b, double c)
{
  for (gsize i = 0; i < 3 * (gsize) self->n_nodes; i++)
    self->x[i] = (float) (a * (double) self->x[i] + b * (double) self->eps_x[i] + (c > 0 ? c * (double) self->fresh_x[i] : 0));
  for (gsize i = 0; i < self->noise.n_kinds * (gsize) self->n_nodes; i++)
    self->h[i] = (float) (a * (double) self->h[i] + b * (double) self->eps_h[i] + (c > 0 ? c * (double) self->fresh_h[i] : 0));
}

/*
 * Shares of z and of the answer in the next z, at time s < t, without fresh noise. Denoising: z is taken apart into data and noise and put together again as at
 * s. Flow: the answer is the way from data to noise.
 */
static void
straight (const EqsNoise *noise, double t, double s, double *z, double *eps)
{
  double at, st, as, ss;

  eqs_noise_shares (noise, t, &at, &st);
  eqs_noise_shares (noise, s, &as, &ss);
  *z = noise->flow ? 1 : as / at;
  *eps = noise->flow ? s - t : ss - as / at * st;
}

/*
 * Near pure noise the data are 1/300 of z, and a small mistake about the noise is a large one about them. What the answer says of the data is kept within what the
 * data are: no point farther out, no kind below 0 or above 1 ("static thresholding", Saharia et al. 2022). Lengths are cut, not components: it turns along.
 */
static void
keep_within (Sampler *self, double t)
{
  double a, s;

  if (self->noise.flow || !(self->extent > 0))
    return;
  eqs_noise_shares (&self->noise, t, &a, &s);
  for (gsize i = 0; i < self->n_nodes; i++)
    {
      double x[3], length;

      for (int k = 0; k < 3; k++)
        x[k] = ((double) self->x[3 * i + k] - s * (double) self->eps_x[3 * i + k]) / a;
      length = sqrt (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
      for (int k = 0; k < 3 && length > self->extent; k++)
        self->eps_x[3 * i + k] = (float) (((double) self->x[3 * i + k] - a * x[k] * self->extent / length) / s);
    }
  for (gsize i = 0; i < self->noise.n_kinds * (gsize) self->n_nodes; i++)
    {
      const double h = ((double) self->h[i] - s * (double) self->eps_h[i]) / a;

      self->eps_h[i] = (float) (((double) self->h[i] - a * CLAMP (h, 0, self->noise.type_scale)) / s);
    }
}

static gboolean
step (Sampler *self, double t, double s, GError **error)
{
  double z, eps, at, st, as, ss;

  if (!ask (self, self->x, self->h, t, self->eps_x, self->eps_h, error))
    return FALSE;
  keep_within (self, t);
  straight (&self->noise, t, s, &z, &eps);
  if ((EqsSampleMethod) self->options.method == EQS_SAMPLE_ANCESTRAL)
    {
      eqs_noise_shares (&self->noise, t, &at, &st);
      eqs_noise_shares (&self->noise, s, &as, &ss);
      /* q (z_s | z_t, x) with x from the answer: of a variance between that of data and of noise. */
      const double ratio = at / as, variance = st * st - ratio * ratio * ss * ss;

      draw (self, self->fresh_x, self->fresh_h);
      combine (self, 1 / ratio, -variance / (ratio * st), s > 0 ? sqrt (MAX (variance, 0)) * ss / st : 0);
      return TRUE;
    }
  if ((EqsSampleMethod) self->options.method == EQS_SAMPLE_HEUN && s > 0)
    {
      const gsize      n = self->n_nodes, width = self->noise.n_kinds;
      g_autofree float *x = g_memdup2 (self->x, 3 * n * sizeof (float)), *h = g_memdup2 (self->h, width * n * sizeof (float));

      combine (self, z, eps, 0);
      if (!ask (self, self->x, self->h, s, self->fresh_x, self->fresh_h, error))
        return FALSE;
      for (gsize i = 0; i < 3 * n; i++)
        self->eps_x[i] = 0.5f * (self->eps_x[i] + self->fresh_x[i]);
      for (gsize i = 0; i < width * n; i++)
        self->eps_h[i] = 0.5f * (self->eps_h[i] + self->fresh_h[i]);
      memcpy (self->x, x, 3 * n * sizeof *x);
      memcpy (self->h, h, width * n * sizeof *h);
    }
  combine (self, z, eps, 0);
  return TRUE;
}

/* The largest number of an atom names its kind. */
static void
hand_over (Sampler *self, EqsSamples *out)
{
  g_autofree gint32 *species = g_new (gint32, self->n_nodes + 1);
  guint              at = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    {
      const float *h = self->h + (gsize) i * self->noise.n_kinds;
      guint        best = 0;

      for (guint k = 1; k < self->noise.n_kinds; k++)
        best = self->species[k] > 0 && h[k] > h[best] ? k : best;
      species[i] = self->species[best];
    }
  for (guint k = 0; k < self->n_batch; at += (guint) self->nodes[k++])
    eqs_samples_add (out, (guint) self->nodes[k], species + at, self->x + 3 * at);
}

static gboolean
make_batch (Sampler *self, guint first, EqsSamples *out, EqsSampleProgress progress, gpointer data, GError **error)
{
  const guint n_steps = self->options.n_steps;
  EqkDiag     diag = EQK_DIAG_INIT;

  self->n_batch = MIN (self->options.n - first, MAX_BATCH);
  self->n_nodes = 0;
  for (guint k = 0; k < self->n_batch; k++)
    {
      self->random[k] = eqk_random (self->options.seed, EQK_RANDOM_NOISE, 0, first + k, 1);
      self->nodes[k] = draw_size (self, &self->random[k]);
      self->n_nodes += (guint) self->nodes[k];
    }
  if (eqk_run_set_sizes (self->run, &(EqkSizes){ .batch = (int) self->n_batch }, &diag) != EQK_OK || eqk_run_set_nodes (self->run, self->nodes, (int) self->n_batch, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  draw (self, self->x, self->h);
  for (guint k = 0; k < n_steps; k++)
    {
      if (!step (self, (n_steps - k) / (double) n_steps, (n_steps - k - 1) / (double) n_steps, error))
        return FALSE;
      if (progress != NULL && !progress ((first + self->n_batch * (k + 1.0) / n_steps) / self->options.n, data))
        return invalid (error, _("Stopped."));
    }
  hand_over (self, out);
  return TRUE;
}

EqsSamples *
eqs_sample (EqsModel *model, const EqsSampleOptions *options, EqsSampleProgress progress, gpointer data, GError **error)
{
  g_auto (Sampler)       self = { .model = model, .options = *options };
  g_autoptr (EqsSamples) out = eqs_samples_new ();
  EqkPool               *pool;
  gboolean               ok;

  if (!eqs_noise_find (model->program, &self.noise))
    {
      invalid (error, _("The design makes no samples: it has no denoising step with points that carry noise. Template T15 is one that does."));
      return NULL;
    }
  self.options.n_steps = options->n_steps > 0 ? options->n_steps : self.noise.n_steps;
  self.options.method = options->method >= 0 ? options->method : (int) self.noise.method;
  if (self.noise.flow && (EqsSampleMethod) self.options.method == EQS_SAMPLE_ANCESTRAL)
    {
      invalid (error, _("A design that predicts the flow takes straight steps: method euler or heun."));
      return NULL;
    }
  if (!read_record (&self, error))
    return NULL;
  pool = eqk_pool_new (options->threads > 0 ? options->threads : (int) g_get_num_processors ());
  ok = make_run (&self, pool, error);
  for (guint first = 0; ok && first < options->n; first += MAX_BATCH)
    ok = make_batch (&self, first, out, progress, data, error);
  eqk_run_free (g_steal_pointer (&self.run));
  eqk_pool_free (pool);
  return ok ? g_steal_pointer (&out) : NULL;
}
