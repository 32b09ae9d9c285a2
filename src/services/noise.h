#pragma once

/**
 * Noise for networks that make samples: what is mixed into the data in training, and the way back. A design is one of these when a layer has the setting
 * "noise_steps" (the denoising head); the levels, what is predicted and the size of the kinds are settings of that layer, method and steps of sampling those
 * of a layer with "sampler_steps".
 */

#include <glib.h>

#include "eqk/program.h"
#include "eqk/random.h"

G_BEGIN_DECLS

typedef enum { EQS_SAMPLE_ANCESTRAL, EQS_SAMPLE_EULER, EQS_SAMPLE_HEUN } EqsSampleMethod;

typedef struct
{
  int      positions, types, time;       /**< feeds */
  int      noise, kinds;                 /**< outputs of the program */
  guint    n_kinds;
  gboolean flow;                         /**< predicts the way from data to noise instead of the noise */
  guint    n_levels;
  double   type_scale;
  EqsSampleMethod method;
  guint    n_steps;                      /**< of sampling */
} EqsNoise;

/** @return FALSE when the design is none of these, or has not all of these inputs and outputs */
gboolean eqs_noise_find   (const EqkProgram *program, EqsNoise *noise);
/** By name: "ancestral", "euler", "heun"; FALSE when there is none, *method is then as before. */
gboolean eqs_sample_method_find (const char *name, EqsSampleMethod *method);

/** Shares of data and of noise at time t in [0, 1]: z = data x + noise eps. */
void     eqs_noise_shares (const EqsNoise *self, double t, double *data, double *noise);

/** Normal numbers of n points, [n, 3], of mean zero over the points; and of their kinds, [n, n_kinds]. */
void     eqs_noise_draw   (const EqsNoise *self, EqkRandom *random, guint n, float *positions, float *types);

/**
 * One training sample at a level drawn by (seed, step, sample). positions [n, 3] (any centre) and kinds [n] become noisy_positions [n, 3], noisy_types
 * [n, n_kinds], time [n] and the answers noise [n, 3], type_noise [n, n_kinds].
 */
void     eqs_noise_mix    (const EqsNoise *self, guint64 seed, guint step, guint sample, guint n, const float *positions, const gint32 *kinds, float *noisy_positions,
                           float *noisy_types, float *time, float *noise, float *type_noise);

G_END_DECLS
