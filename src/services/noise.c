/*
 * Noise. Denoising: z = a x + s e with a^2 = (1 - 2p)(1 - t^2)^2 + p, s^2 = 1 - a^2, p = 1e-5 (Hoogeboom et al. 2022, "polynomial"). Flow matching: z = (1 - t) x
 * + t e, and the answer is e - x (Lipman et al. 2023). Data are about their centre and so is the noise: a shift means nothing.
 */

#include "services/noise.h"

#include "eqk/graph.h"

#include <math.h>
#include <string.h>

#define PRECISION 1e-5

gboolean
eqs_sample_method_find (const char *name, EqsSampleMethod *method)
{
  static const char *const names[] = { "ancestral", "euler", "heun" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *method = (EqsSampleMethod) i;
        return TRUE;
      }
  return FALSE;
}

/* The node whose layer has this setting; -1. */
static int
find_node (const EqkGraph *graph, const char *setting)
{
  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    for (const EqkParam *p = eqk_graph_node_layer (graph, i)->params; p != NULL && p->name != NULL; p++)
      if (strcmp (p->name, setting) == 0)
        return i;
  return -1;
}

static int
find_output (const EqkProgram *program, const char *port)
{
  for (int i = 0; i < eqk_program_n_outputs (program); i++)
    if (strcmp (eqk_program_output (program, i)->port, port) == 0)
      return i;
  return -1;
}

gboolean
eqs_noise_find (const EqkProgram *program, EqsNoise *noise)
{
  const EqkGraph *graph = eqk_typed_graph (eqk_program_typed (program));
  const int       head = find_node (graph, "noise_steps"), sampler = find_node (graph, "sampler_steps");
  const EqkSettings *settings;
  const EqkParam    *params;

  if (head < 0)
    return FALSE;
  settings = eqk_graph_node_settings (graph, head);
  params = eqk_graph_node_layer (graph, head)->params;
  *noise = (EqsNoise){ .positions = eqk_program_feed (program, "positions"), .types = eqk_program_feed (program, "types"), .time = eqk_program_feed (program, "time"),
                       .noise = find_output (program, "noise"), .kinds = find_output (program, "types"), .n_levels = (guint) eqk_settings_int (settings, params, "noise_steps"),
                       .type_scale = eqk_settings_real (settings, params, "type_scale"), .flow = strcmp (eqk_settings_text (settings, params, "predicts"), "flow") == 0 };
  if (noise->positions < 0 || noise->types < 0 || noise->time < 0 || noise->noise < 0 || noise->kinds < 0)
    return FALSE;
  noise->n_kinds = (guint) eqk_program_value (program, noise->types)->width;
  noise->method = noise->flow ? EQS_SAMPLE_EULER : EQS_SAMPLE_ANCESTRAL;
  noise->n_steps = noise->flow ? 100 : noise->n_levels;
  if (sampler >= 0)
    {
      noise->n_steps = (guint) eqk_settings_int (eqk_graph_node_settings (graph, sampler), eqk_graph_node_layer (graph, sampler)->params, "sampler_steps");
      eqs_sample_method_find (eqk_settings_text (eqk_graph_node_settings (graph, sampler), eqk_graph_node_layer (graph, sampler)->params, "method"), &noise->method);
    }
  return (guint) eqk_program_value (program, eqk_program_output (program, noise->kinds)->value)->width == noise->n_kinds;
}

void
eqs_noise_shares (const EqsNoise *self, double t, double *data, double *noise)
{
  const double a2 = (1 - 2 * PRECISION) * (1 - t * t) * (1 - t * t) + PRECISION;

  *data = self->flow ? 1 - t : sqrt (a2);
  *noise = self->flow ? t : sqrt (1 - a2);
}

static void
centre (guint n, const float *x, float *out)
{
  for (guint k = 0; k < 3 && n > 0; k++)
    {
      double mean = 0;

      for (guint i = 0; i < n; i++)
        mean += (double) x[3 * i + k];
      mean /= n;
      for (guint i = 0; i < n; i++)
        out[3 * i + k] = (float) ((double) x[3 * i + k] - mean);
    }
}

void
eqs_noise_draw (const EqsNoise *self, EqkRandom *random, guint n, float *positions, float *types)
{
  for (guint i = 0; i < 3 * n; i++)
    positions[i] = (float) eqk_random_normal (random);
  centre (n, positions, positions);
  for (guint i = 0; i < n * self->n_kinds; i++)
    types[i] = (float) eqk_random_normal (random);
}

void
eqs_noise_mix (const EqsNoise *self, guint64 seed, guint step, guint sample, guint n, const float *positions, const gint32 *kinds, float *noisy_positions,
               float *noisy_types, float *time, float *noise, float *type_noise)
{
  EqkRandom    random = eqk_random (seed, EQK_RANDOM_NOISE, step, sample, 0);
  const double t = (1 + eqk_random_below (&random, self->n_levels)) / (double) self->n_levels;
  double       a, s;

  eqs_noise_shares (self, t, &a, &s);
  eqs_noise_draw (self, &random, n, noise, type_noise);
  centre (n, positions, noisy_positions);
  for (guint i = 0; i < 3 * n; i++)
    {
      const double x = (double) noisy_positions[i], e = (double) noise[i];

      noisy_positions[i] = (float) (a * x + s * e);
      noise[i] = (float) (self->flow ? e - x : e);
    }
  for (guint i = 0; i < n; i++)
    {
      time[i] = (float) t;
      for (guint k = 0; k < self->n_kinds; k++)
        {
          const double h = kinds[i] == (gint32) k ? self->type_scale : 0, e = (double) type_noise[i * self->n_kinds + k];

          noisy_types[i * self->n_kinds + k] = (float) (a * h + s * e);
          type_noise[i * self->n_kinds + k] = (float) (self->flow ? e - h : e);
        }
    }
}
