/*
 * tetris_polynomial.json: eight shapes of four cubes through a polynomial of harmonics, built of libeqk's layers. The file's harmonics are those of vectors from
 * target to source, libeqk's of the other direction: the shapes go in inverted, which for a network that respects inversion says the same.
 */

#include "reference.h"

#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/run.h"
#include "eqk/train.h"
#include "graph/graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPES = 8, NODES = 4, CLASSES = 7 };

typedef struct
{
  RefCase        *c;
  const cJSON    *root;
  EqkTyped       *typed;
  EqkProgram     *program;
  EqkStore       *store;
  EqkRun         *run;
  const EqkValue *w[2];
  int             n_w[2];
  double         *labels;
} Tetris;

static bool
add (EqkGraph *graph, const char *id, const char *layer, const char *settings)
{
  EqkSettings *s = NULL;
  const bool   good = eqk_settings_parse (settings, &s, NULL) == EQK_OK && eqk_graph_add (graph, id, layer, s, NULL, NULL, NULL) == EQK_OK;

  eqk_settings_free (s);
  return good;
}

static bool
add_to (EqkGraph *graph, const char *id, const char *layer, const char *settings, const char *from)
{
  return add (graph, id, layer, settings) && eqk_graph_link (graph, from, "y", id, "x", NULL) == EQK_OK;
}

/* One step of messages: features of sources times harmonics, summed at the targets, over the root of two. */
static bool
add_step (EqkGraph *graph, int k, const char *from, const char *out)
{
  char edges[16], product[16], sums[16], scaled[16], settings[200], half[60];

  snprintf (edges, sizeof edges, "edges%d", k);
  snprintf (product, sizeof product, "tp%d", k);
  snprintf (sums, sizeof sums, "sum%d", k);
  snprintf (scaled, sizeof scaled, "x%d", k);
  snprintf (settings, sizeof settings, "out=%s", out);
  snprintf (half, sizeof half, "factor=%.17g", sqrt (0.5));
  return add_to (graph, edges, "gather", "", from) && eqk_graph_link (graph, "nb", "length", edges, "edges", NULL) == EQK_OK && add_to (graph, product, "fctp", settings, edges) &&
         eqk_graph_link (graph, "sh", "y", product, "y", NULL) == EQK_OK && add (graph, sums, "scatter", "") && eqk_graph_link (graph, product, "z", sums, "x", NULL) == EQK_OK &&
         add_to (graph, scaled, "scale_const", half, sums);
}

static EqkGraph *
make_graph (RefCase *c, const cJSON *root)
{
  const EqkSymmetry symmetry = { eqk_group_get ("O3"), true, EQK_PERMUTE_SET };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  const char       *mid = cJSON_GetStringValue (ref_get (c, root, "irreps_mid")), *out = cJSON_GetStringValue (ref_get (c, root, "irreps_out"));
  char              half[60], quarter[60];
  bool              good = mid != NULL && out != NULL && ref_equal_text (c, "irreps_sh", ref_get (c, root, "irreps_sh"), "1x0e+1x1o+1x2e+1x3o");

  snprintf (half, sizeof half, "factor=%.17g", sqrt (0.5));
  snprintf (quarter, sizeof quarter, "factor=%.17g", 1 / sqrt (NODES));

  graph->bare = true;      /* no head: the sums are the answer */
  good = good && add (graph, "in", "input_points", "species=1") && add (graph, "nb", "radius_graph", "cutoff=1.1") && add (graph, "sh", "sph_harm", "degree=3 normalise=off") &&
         eqk_graph_link (graph, "in", "positions", "nb", "positions", NULL) == EQK_OK && eqk_graph_link (graph, "nb", "vector", "sh", "vector", NULL) == EQK_OK;
  good = good && add_to (graph, "sum0", "scatter", "", "sh") && add_to (graph, "x0", "scale_const", half, "sum0") && add_step (graph, 1, "x0", mid) && add_step (graph, 2, "x1", out) &&
         add_to (graph, "pool", "global_pool", "pool=sum", "x2") && add_to (graph, "out", "scale_const", quarter, "pool");
  if (ref_check (c, good, "the network cannot be built"))
    return graph;
  eqk_graph_free (graph);
  return NULL;
}

/* The edges of the file are those of the cut-off, all of them. */
static void
check_edges (Tetris *t)
{
  const EqkStructure *s = &t->run->structures[0];
  const int           n = (int) s->n_edges;
  double             *src = ref_tensor (t->c, "edge_src", ref_get (t->c, t->root, "edge_src"), &n, 1), *dst = ref_tensor (t->c, "edge_dst", ref_get (t->c, t->root, "edge_dst"), &n, 1);

  for (int k = 0; src != NULL && dst != NULL && k < n; k++)
    {
      bool found = false;

      for (int j = 0; j < n && !found; j++)
        found = s->src[j] == (int32_t) src[k] && s->dst[j] == (int32_t) dst[k];
      for (int j = 0; j < k && found; j++)
        found = src[j] != src[k] || dst[j] != dst[k];
      ref_check (t->c, found, "edge %d is no neighbour, or stands twice", k);
    }
  free (src);
  free (dst);
}

static bool
feed (Tetris *t)
{
  const int     dims[3] = { SHAPES, NODES, 3 }, wide[2] = { SHAPES, CLASSES };
  double       *x = ref_tensor (t->c, "pos", ref_get (t->c, t->root, "pos"), dims, 3), *positions;
  const int32_t counts[SHAPES] = { NODES, NODES, NODES, NODES, NODES, NODES, NODES, NODES };

  t->labels = ref_tensor (t->c, "labels", ref_get (t->c, t->root, "labels"), wide, 2);
  if (x == NULL || t->labels == NULL)
    {
      free (x);
      return false;
    }
  positions = eqk_run_feed (t->run, eqk_program_feed (t->program, "positions"));
  for (int i = 0; i < SHAPES * NODES * 3; i++)
    positions[i] = -x[i];
  free (x);
  if (eqk_program_feed (t->program, "species") >= 0)
    memset (eqk_run_feed (t->run, eqk_program_feed (t->program, "species")), 0, SHAPES * NODES * sizeof (int32_t));
  return ref_check (t->c, eqk_run_set_nodes (t->run, counts, SHAPES, NULL) == EQK_OK && eqk_run_build_structures (t->run, NULL) == EQK_OK, "the batch does not fit");
}

static bool
load_weights (Tetris *t)
{
  static const char *const ours[2] = { "tp1.weight", "tp2.weight" }, *const theirs[2] = { "w1", "w2" };

  for (int k = 0; k < 2; k++)
    {
      double *w;

      for (int v = 0; v < eqk_program_n_values (t->program); v++)
        if (eqk_program_value (t->program, v)->name != NULL && strcmp (eqk_program_value (t->program, v)->name, ours[k]) == 0)
          t->w[k] = eqk_program_value (t->program, v);
      if (!ref_check (t->c, t->w[k] != NULL, "libeqk has no %s", ours[k]))
        return false;
      t->n_w[k] = t->w[k]->shape[0];
      w = ref_tensor (t->c, theirs[k], ref_get (t->c, t->root, theirs[k]), &t->n_w[k], 1);
      if (w == NULL)
        return false;
      memcpy ((double *) eqk_store_weights (t->store) + t->w[k]->offset, w, (size_t) t->n_w[k] * sizeof *w);
      free (w);
    }
  eqk_store_touch (t->store);
  return true;
}

static bool
tetris_open (Tetris *t, RefCase *c, const cJSON *root)
{
  const EqkRunOptions     options = { .precision = EQK_F64, .train = true, .capacity = { SHAPES, SHAPES * NODES, 400, 0 } };
  const EqkCompileOptions keep = { .keep_all = true };
  EqkGraph               *graph = make_graph (c, root);
  EqkDiag                 diag = EQK_DIAG_INIT;
  bool                    good;

  *t = (Tetris) { .c = c, .root = root };
  if (graph == NULL)
    return false;
  good = eqk_graph_infer (graph, &t->typed, &diag) == EQK_OK;
  for (int i = 0; good && i < eqk_typed_n_problems (t->typed); i++)
    {
      const EqkProblem *problem = eqk_typed_problem (t->typed, i);

      good = ref_check (c, problem->rule->blocks != EQK_BLOCKS_RUN, "%s: %s", problem->rule->code, problem->args != NULL ? problem->args : "");
    }
  good = good && ref_check (c, eqk_compile (t->typed, &keep, &t->program, &diag) == EQK_OK, "%s: %s", diag.node, diag.what);
  eqk_graph_free (graph);
  if (!good)
    return false;
  t->store = eqk_store_new (t->program, EQK_F64, 1);
  return ref_check (c, eqk_run_new (t->program, t->store, &options, &t->run, &diag) == EQK_OK, "%s", diag.what) && load_weights (t) && feed (t);
}

static void
tetris_close (Tetris *t)
{
  eqk_run_free (t->run);
  eqk_store_unref (t->store);
  eqk_program_free (t->program);
  eqk_typed_unref (t->typed);
  free (t->labels);
}

/* Forward, the sum of squares and its gradient. @return the loss */
static double
step (Tetris *t)
{
  const double *y;
  double       *seed, loss = 0;

  eqk_run_forward (t->run, EQK_PASS_TRAIN, NULL);
  y = eqk_run_value (t->run, eqk_program_output (t->program, 0)->value);
  seed = eqk_run_seed (t->run, 0);
  for (int i = 0; i < SHAPES * CLASSES; i++)
    {
      loss += (y[i] - t->labels[i]) * (y[i] - t->labels[i]);
      seed[i] = 2 * (y[i] - t->labels[i]);
    }
  eqk_run_backward (t->run, NULL);
  return loss;
}

/* Part of the shapes whose outputs, rounded, are the labels. */
static double
accuracy (Tetris *t)
{
  const double *y = eqk_run_value (t->run, eqk_program_output (t->program, 0)->value);
  int           right = 0;

  for (int s = 0; s < SHAPES; s++)
    {
      bool all = true;

      for (int k = 0; k < CLASSES; k++)
        all = all && nearbyint (y[s * CLASSES + k]) == t->labels[s * CLASSES + k];
      right += all;
    }
  return right / (double) SHAPES;
}

/* The first pass: results, loss, gradients. */
static void
check_first (Tetris *t)
{
  static const char *const names[2] = { "grad_w1", "grad_w2" };
  const int                wide[2] = { SHAPES, CLASSES };
  double                  *out = ref_tensor (t->c, "out", ref_get (t->c, t->root, "out"), wide, 2);
  const double            *y, *g;

  ref_near (t->c, "loss", ref_number (t->c, ref_get (t->c, t->root, "loss")), step (t), 1e-12);
  y = eqk_run_value (t->run, eqk_program_output (t->program, 0)->value);
  for (int i = 0; out != NULL && i < SHAPES * CLASSES; i++)
    ref_near (t->c, "out", out[i], y[i], 1e-11);
  free (out);
  g = eqk_run_weight_grads (t->run);
  for (int k = 0; k < 2; k++)
    {
      double *theirs = ref_tensor (t->c, names[k], ref_get (t->c, t->root, names[k]), &t->n_w[k], 1);

      for (int i = 0; theirs != NULL && i < t->n_w[k]; i++)
        ref_near (t->c, names[k], theirs[i], g[t->w[k]->offset + (size_t) i], 1e-10);
      free (theirs);
    }
}

/* A hundred steps of Adam from the file's weights. */
static void
check_training (Tetris *t)
{
  const cJSON        *losses = ref_get (t->c, t->root, "losses_100"), *right = ref_get (t->c, t->root, "accuracy_100");
  EqkOptimizerOptions options = EQK_OPTIMIZER_DEFAULTS;
  EqkOptimizer       *adam;

  options.lr = ref_number (t->c, ref_get (t->c, t->root, "adam_lr"));
  adam = eqk_optimizer_new (&options, EQK_F64, eqk_store_n_weights (t->store));
  ref_length (t->c, "losses", losses, 100);
  ref_length (t->c, "accuracies", right, 100);
  for (int k = 0; adam != NULL && k < 100; k++)
    {
      ref_near (t->c, "loss", ref_number (t->c, ref_at (t->c, losses, k)), step (t), 1e-7);
      ref_near (t->c, "accuracy", ref_number (t->c, ref_at (t->c, right, k)), accuracy (t), 0);
      eqk_optimizer_step (adam, t->store, eqk_run_weight_grads (t->run), 1, NULL);
    }
  eqk_optimizer_free (adam);
}

void
ref_run_tetris (RefFile *file)
{
  RefCase first = ref_case_open (file, "first pass"), training = ref_case_open (file, "hundred steps");
  Tetris  t;

  if (tetris_open (&t, &first, file->root))
    {
      check_edges (&t);
      check_first (&t);
    }
  tetris_close (&t);
  ref_case_close (&first);
  if (tetris_open (&t, &training, file->root))
    check_training (&t);
  tetris_close (&t);
  ref_case_close (&training);
}
