#pragma once

/** Making molecules with a network that was trained to tell noise (services/noise.h), and how far what it makes is from data. */

#include "data/split.h"
#include "services/checkpoint.h"
#include "services/noise.h"

G_BEGIN_DECLS

/** Clouds of atoms, one after the other. */
typedef struct
{
  GArray *first;        /**< guint: where the atoms of each begin; one more at the end */
  GArray *species;      /**< gint32: atomic numbers */
  GArray *positions;    /**< float, three an atom */
} EqsSamples;

/** None yet. (transfer full) */
EqsSamples *eqs_samples_new  (void);
/** With their atoms. */
void        eqs_samples_free (EqsSamples *self);
/** How many clouds there are. */
guint       eqs_samples_get_n (const EqsSamples *self);
/** Appends one; positions [n, 3]. */
void        eqs_samples_add  (EqsSamples *self, guint n, const gint32 *species, const float *positions);
/** Extended XYZ, a frame a sample. (transfer full) */
char       *eqs_samples_to_xyz (const EqsSamples *self);
/** Those of a part of a data set, which has "species" and "positions". */
EqsSamples *eqs_samples_of_split (const EqsSplit *split, GError **error);
/** What knows nothing but sizes, composition and spread of others: round clouds of normal positions with kinds drawn by their frequency. */
EqsSamples *eqs_samples_like (const EqsSamples *other, guint n, guint64 seed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSamples, eqs_samples_free)

/** How far two sets of samples are apart: 0 when alike. */
typedef struct
{
  double nearest;    /**< Å: Wasserstein-1 distance of the distributions of the distance from an atom to its nearest */
  double pairs;      /**< Å: the same of the distances of all pairs of one sample */
  double kinds;      /**< half the sum of |differences| of the shares of kinds */
} EqsSamplesApart;

/** Samples of one atom have no distances and do not count for them. */
EqsSamplesApart eqs_samples_apart (const EqsSamples *a, const EqsSamples *b);

typedef struct
{
  guint           n, n_steps;      /**< n_steps 0: as the design says */
  guint           n_atoms;         /**< 0: sizes as in the training data */
  int             method;          /**< EqsSampleMethod, -1: as the design says */
  guint64         seed;
  int             threads;         /**< 0: all */
} EqsSampleOptions;

#define EQS_SAMPLE_OPTIONS_INIT { 1, 0, 0, -1, 0, 0 }

/** Called between steps. @return FALSE to stop, which is EQS_MODEL_ERROR_CANCELLED where that is known, else EQS_MODEL_ERROR_INVALID */
typedef gboolean (*EqsSampleProgress) (double fraction, gpointer data);

/**
 * Makes samples. The same seed gives the same, whatever the number of threads.
 * @return NULL where the design makes none, was never trained, the method does not fit what it predicts, or a number became infinite
 */
EqsSamples *eqs_sample (EqsModel *model, const EqsSampleOptions *options, EqsSampleProgress progress, gpointer data, GError **error);

G_END_DECLS
