#pragma once

/** The small ordinary network of the symmetry test: two convolutions, pooled by mean, all places into the last layer. */

#include "eqk/train.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  EqkTyped     *typed;
  EqkProgram   *program;
  EqkStore     *store;
  EqkPool      *pool;
  EqkRun       *train, *infer;
  EqkOptimizer *optimizer;
  int           feed, classes;
  gsize         picture;             /* numbers in one */
} EqsSmallNetwork;

/** @return NULL when pictures of this size cannot be taken */
EqsSmallNetwork *eqs_small_network_new  (int height, int width, int channels, int classes, guint64 seed, int threads, GError **error);
/** With weights, runs and threads. */
void             eqs_small_network_free (EqsSmallNetwork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSmallNetwork, eqs_small_network_free)

/** Pictures [n][h][w][c] and their classes. @return FALSE when cancelled */
gboolean eqs_small_network_train (EqsSmallNetwork *self, const float *pictures, const gint32 *labels, guint n, guint epochs, guint64 seed, int *cancel);
/** The class of each picture. */
void     eqs_small_network_ask   (EqsSmallNetwork *self, const float *pictures, guint n, gint32 *answers);

G_END_DECLS
