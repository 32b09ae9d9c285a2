#pragma once

/** One layer on probes: the harness of tests of single layers. */

#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "graph/graph-private.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LAYER_BATCH = 6, LAYER_NODES = 22 };

typedef struct
{
  EqkGraph    *graph;
  EqkTyped    *typed;
  EqkProgram  *program;
  EqkStore    *store;
  EqkRun      *run;
  EqkPool     *pool;
  EqkPrecision precision;
  int          n_in;
} OneLayer;

/* "grid 5x5 2x reg" as a type. */
static inline EqkPortType
one_layer_type (const char *group_id, const char *text)
{
  const EqkGroup *group = eqk_group_get (group_id);
  EqkPortType     type = { .kind = EQK_KIND_FEATURE };
  int             h = 1, w = 1, used = 0;
  const EqkRep   *rep = NULL;

  g_assert_nonnull (group);
  if (sscanf (text, "grid %dx%d %n", &h, &w, &used) == 2)
    type.space = (EqkSpace) { EQK_SPACE_GRID, h, w, 0 };
  else if (g_str_has_prefix (text, "nodes "))
    {
      type.space = (EqkSpace) { EQK_SPACE_NODES, 0, 0, 0 };
      used = 6;
    }
  else
    {
      g_assert_true (g_str_has_prefix (text, "sample "));
      type.space = (EqkSpace) { EQK_SPACE_SAMPLE, 0, 0, 0 };
      used = 7;
    }
  g_assert_cmpint (eqk_rep_parse (group, text + used, &rep, NULL), ==, EQK_OK);
  type.symmetry = (EqkSymmetry) { group, true, EQK_PERMUTE_NONE };
  type.rep = rep;
  type.guarantee = (EqkGuarantee) { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (group), -1, NULL };
  return type;
}

/* Types only: a design with mistakes is welcome. */
static inline void
one_layer_infer (OneLayer *self, const EqkLayerType *layer, const EqkSpecimen *specimen)
{
  const EqkSymmetry symmetry = { eqk_group_get (specimen->group), true, EQK_PERMUTE_NONE };
  EqkSettings      *settings = NULL;
  static const char *const names[] = { "in0", "in1", "in2", "in3" };

  memset (self, 0, sizeof *self);
  self->graph = eqk_graph_new (&symmetry);
  self->graph->bare = true;      /* a test of a layer, not a design */
  g_assert_cmpint (eqk_settings_parse (specimen->settings, &settings, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_graph_add (self->graph, "layer", layer->id, settings, NULL, NULL, NULL), ==, EQK_OK);
  eqk_settings_free (settings);
  for (int i = 0; i < 4 && specimen->inputs[i] != NULL; i++)
    {
      const EqkPortType type = one_layer_type (specimen->group, specimen->inputs[i]);

      g_assert_cmpint (eqk_graph_add_probe (self->graph, names[i], &type, NULL, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_graph_link (self->graph, names[i], "y", "layer", layer->inputs[i].name, NULL), ==, EQK_OK);
      self->n_in++;
    }
  g_assert_cmpint (eqk_graph_infer (self->graph, &self->typed, NULL), ==, EQK_OK);
}

static inline void
one_layer_compile (OneLayer *self, EqkPrecision precision, bool train, bool keep_all, int threads)
{
  const EqkCompileOptions compile = { keep_all, false };
  EqkRunOptions           options = { .precision = precision, .train = train, .input_grads = train,
                                      .capacity = { LAYER_BATCH, LAYER_NODES, 8, 0 } };
  EqkDiag                 diag = EQK_DIAG_INIT;

  if (eqk_compile (self->typed, &compile, &self->program, &diag) != EQK_OK)
    g_error ("%s: %s", diag.node, diag.what);
  self->precision = precision;
  self->store = eqk_store_new (self->program, precision, 1);
  eqk_store_randomise (self->store, self->program, 4);
  options.pool = self->pool = threads > 1 ? eqk_pool_new (threads) : NULL;
  if (eqk_run_new (self->program, self->store, &options, &self->run, &diag) != EQK_OK)
    g_error ("%s", diag.what);
}

static inline void
one_layer_set_up (OneLayer *self, const EqkLayerType *layer, const EqkSpecimen *specimen, EqkPrecision precision, bool train, bool keep_all, int threads)
{
  one_layer_infer (self, layer, specimen);
  one_layer_compile (self, precision, train, keep_all, threads);
}

static inline void
one_layer_tear_down (OneLayer *self)
{
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  eqk_graph_free (self->graph);
  eqk_pool_free (self->pool);
  memset (self, 0, sizeof *self);
}

static inline int
one_layer_in (const OneLayer *self, int i)
{
  static const char *const names[] = { "in0", "in1", "in2", "in3" };

  return eqk_program_feed (self->program, names[i]);
}

static inline int
one_layer_out (const OneLayer *self)
{
  return eqk_program_output (self->program, 0)->value;
}

static inline size_t
one_layer_count (const OneLayer *self, int value)
{
  return eqk_run_rows (self->run, value) * (size_t) eqk_program_value (self->program, value)->width;
}

static inline double
one_layer_get (const OneLayer *self, const void *data, size_t i)
{
  return self->precision == EQK_F32 ? ((const float *) data)[i] : ((const double *) data)[i];
}

static inline void
one_layer_put (const OneLayer *self, void *data, size_t i, double x)
{
  if (self->precision == EQK_F32)
    ((float *) data)[i] = (float) x;
  else
    ((double *) data)[i] = x;
}

/* Forward with these inputs (NULL: keep); the result is copied. */
static inline double *
one_layer_forward (OneLayer *self, double *const *x, EqkPassMode mode)
{
  const int32_t counts[LAYER_BATCH] = { 4, 3, 5, 1, 7, 2 };
  double       *y;
  int           out;

  g_assert_cmpint (eqk_run_set_nodes (self->run, counts, LAYER_BATCH, NULL), ==, EQK_OK);
  for (int k = 0; x != NULL && k < self->n_in; k++)
    for (size_t i = 0; i < one_layer_count (self, one_layer_in (self, k)); i++)
      one_layer_put (self, eqk_run_feed (self->run, one_layer_in (self, k)), i, x[k][i]);
  eqk_run_set_step (self->run, 7, 3);
  g_assert_cmpint (eqk_run_forward (self->run, mode, NULL), ==, EQK_OK);
  out = one_layer_out (self);
  y = g_new (double, one_layer_count (self, out));
  for (size_t i = 0; i < one_layer_count (self, out); i++)
    y[i] = one_layer_get (self, eqk_run_value (self->run, out), i);
  return y;
}

static inline double *
one_layer_normals (size_t n, uint32_t sample)
{
  EqkRandom random = eqk_random (11, EQK_RANDOM_TEST, 0, sample, 0);
  double   *x = g_new (double, n + 1);

  for (size_t i = 0; i < n; i++)
    x[i] = 0.3 + eqk_random_normal (&random);
  return x;
}
