/*
 * Stress of a batch from the gradients at positions and lattice. A strain e moves x to (1 + e) x and each row h of the lattice to
 * (1 + e) h, so dE/de_ab = Σ_i g_ia x_ib + Σ_k γ_ka h_kb, with g = dE/dx, γ = dE/dh; it is symmetric because turns change no energy.
 * A loss on stress asks for dE along the direction in which the strain S moves both: x' = S x / V, h' = S h / V.
 */

#include "graph/run-private.h"
#include "graph/stress.h"

#include <math.h>
#include <string.h>

void
eqk_stress_to_irreps (const double *m, double *s)
{
  const double trace = m[0] + m[4] + m[8], r = sqrt (0.5);

  s[0] = trace / sqrt (3);
  s[1] = r * (m[2] + m[6]);
  s[2] = r * (m[1] + m[3]);
  s[3] = sqrt (1.5) * (m[4] - trace / 3);
  s[4] = r * (m[5] + m[7]);
  s[5] = r * (m[8] - m[0]);
}

void
eqk_stress_from_irreps (const double *s, double *m)
{
  const double mean = s[0] / sqrt (3), r = sqrt (0.5), yy = s[3] * sqrt (2.0 / 3);

  m[0] = mean - yy / 2 - r * s[5];
  m[4] = mean + yy;
  m[8] = mean - yy / 2 + r * s[5];
  m[2] = m[6] = r * s[1];
  m[1] = m[3] = r * s[2];
  m[5] = m[7] = r * s[4];
}

static double
number (const EqkRun *run, const void *x, size_t i)
{
  return run->precision == EQK_F32 ? ((const float *) x)[i] : ((const double *) x)[i];
}

static void
set_number (const EqkRun *run, void *x, size_t i, double value)
{
  if (run->precision == EQK_F32)
    ((float *) x)[i] = (float) value;
  else
    ((double *) x)[i] = value;
}

/* Zero where a row is missing: there is no volume then. */
static double
volume_of (const EqkRun *run, size_t sample)
{
  double h[9];

  for (size_t k = 0; k < 9; k++)
    h[k] = number (run, run->x[run->program->gradient.cell], 9 * sample + k);
  return fabs (h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]));
}

static void
add_products (const EqkRun *run, const void *g, const void *x, size_t first, size_t end, double sum[9])
{
  for (size_t i = first; i < end; i++)
    for (size_t a = 0; a < 3; a++)
      for (size_t b = 0; b < 3; b++)
        sum[3 * a + b] += number (run, g, 3 * i + a) * number (run, x, 3 * i + b);
}

void
eqk_run_make_stress (EqkRun *run)
{
  const EqkGradientRule *rule = &run->program->gradient;
  const EqkStructure    *s = run->structures;
  void *const           *lane = run->priv->first.lane;

  for (int i = 0; i < s->n_samples; i++)
    {
      const double volume = volume_of (run, (size_t) i);
      double       sum[9] = { 0 }, irreps[6];

      add_products (run, lane[rule->positions], run->x[rule->positions], (size_t) s->node_offset[i], (size_t) s->node_offset[i + 1], sum);
      if (lane[rule->cell] != NULL)
        add_products (run, lane[rule->cell], run->x[rule->cell], 3 * (size_t) i, 3 * (size_t) i + 3, sum);
      eqk_stress_to_irreps (sum, irreps);
      for (size_t k = 0; k < 6; k++)
        set_number (run, run->x[rule->stress], 6 * (size_t) i + k, volume > 0 ? irreps[k] / volume : 0);
    }
}

static void
add_strained (const EqkRun *run, const double *strain, const void *x, size_t first, size_t end, void *direction)
{
  for (size_t i = first; i < end; i++)
    for (size_t a = 0; a < 3; a++)
      {
        double moved = number (run, direction, 3 * i + a);

        for (size_t b = 0; b < 3; b++)
          moved += strain[3 * a + b] * number (run, x, 3 * i + b);
        set_number (run, direction, 3 * i + a, moved);
      }
}

void
eqk_run_add_strain (EqkRun *run)
{
  const EqkGradientRule *rule = &run->program->gradient;
  const EqkStructure    *s = run->structures;

  if (run->xd[rule->cell] != NULL)
    memset (run->xd[rule->cell], 0, eqk_run_bytes_of (run, rule->cell, &run->sizes));
  for (int i = 0; i < s->n_samples; i++)
    {
      const double volume = volume_of (run, (size_t) i);
      double       seed[6], strain[9];

      for (size_t k = 0; k < 6; k++)
        seed[k] = volume > 0 ? number (run, run->xd[rule->stress], 6 * (size_t) i + k) / volume : 0;
      eqk_stress_from_irreps (seed, strain);
      add_strained (run, strain, run->x[rule->positions], (size_t) s->node_offset[i], (size_t) s->node_offset[i + 1], run->xd[rule->positions]);
      if (run->xd[rule->cell] != NULL)
        add_strained (run, strain, run->x[rule->cell], 3 * (size_t) i, 3 * (size_t) i + 3, run->xd[rule->cell]);
    }
}

/* to += strain g, row by row: what the direction's own dependence on x adds, x' = S x / V. */
static void
add_turned_back (const EqkRun *run, const double *strain, const void *g, size_t first, size_t end, void *to)
{
  if (g != NULL && to != NULL)
    add_strained (run, strain, g, first, end, to);
}

/* And of the volume: d ln V / dh_ka is the inverse's (a, k). */
static void
add_volume (const EqkRun *run, size_t sample, double by, void *to)
{
  double h[9], cofactor[9], volume;

  for (size_t k = 0; k < 9; k++)
    h[k] = number (run, run->x[run->program->gradient.cell], 9 * sample + k);
  for (size_t k = 0; k < 3; k++)
    for (size_t a = 0; a < 3; a++)
      {
        const size_t k1 = (k + 1) % 3, k2 = (k + 2) % 3, a1 = (a + 1) % 3, a2 = (a + 2) % 3;

        cofactor[3 * k + a] = h[3 * k1 + a1] * h[3 * k2 + a2] - h[3 * k1 + a2] * h[3 * k2 + a1];
      }
  volume = h[0] * cofactor[0] + h[1] * cofactor[1] + h[2] * cofactor[2];
  for (size_t k = 0; k < 9 && volume != 0; k++)
    set_number (run, to, 9 * sample + k, number (run, to, 9 * sample + k) - by * cofactor[k] / volume);
}

void
eqk_run_add_strain_gradients (EqkRun *run)
{
  const EqkGradientRule *rule = &run->program->gradient;
  const EqkStructure    *s = run->structures;
  void *const           *first = run->priv->first.lane, *const *main = run->priv->main.lane;

  if (main[rule->positions] == NULL && main[rule->cell] == NULL)
    return;
  for (int i = 0; i < s->n_samples; i++)
    {
      const double volume = volume_of (run, (size_t) i);
      double       seed[6], strain[9], along = 0;

      for (size_t k = 0; k < 6; k++)
        {
          seed[k] = volume > 0 ? number (run, run->xd[rule->stress], 6 * (size_t) i + k) / volume : 0;
          along += seed[k] * volume * number (run, run->x[rule->stress], 6 * (size_t) i + k);
        }
      eqk_stress_from_irreps (seed, strain);
      add_turned_back (run, strain, first[rule->positions], (size_t) s->node_offset[i], (size_t) s->node_offset[i + 1], main[rule->positions]);
      add_turned_back (run, strain, first[rule->cell], 3 * (size_t) i, 3 * (size_t) i + 3, main[rule->cell]);
      if (main[rule->cell] != NULL && volume > 0)
        add_volume (run, (size_t) i, along, main[rule->cell]);
    }
}
