#pragma once

/**
 * Batches: copies samples of a split into the feeds of a run and their targets beside it, transformed where asked. Which
 * column feeds which input and which output has which target is settled once, when the feeder is made.
 */

#include "data/split.h"
#include "model/value.h"

#include "eqk/train.h"

G_BEGIN_DECLS

typedef struct _EqsFeeder EqsFeeder;

/** What is done to samples on the way. */
typedef enum
{
  EQS_TRANSFORM_NONE,
  EQS_TRANSFORM_QUARTER,     /**< quarter turns, evenly by number of the sample; in space about z */
  EQS_TRANSFORM_GROUP,       /**< a random element of the group for each sample */
  EQS_TRANSFORM_RANDOM,      /**< any angle (SO(2), with mirrors where the group has them) */
  EQS_TRANSFORM_JITTER       /**< a small move of each picture, be it a sample or an element of a set: for training alone; targets stay */
} EqsTransform;

/** By name, those that answers are measured under. */
gboolean    eqs_transform_find (const char *name, EqsTransform *transform);

/**
 * @param targets  FALSE: inputs alone (prediction)
 * @return NULL with a message that names the input or output and the columns there are; a design whose extents differ from the data's is
 *         refused here (bind makes it fit)
 */
EqsFeeder  *eqs_feeder_new  (const EqkProgram *program, EqsSplit *split, gboolean targets, GError **error);
/** Runs that it filled stay; tallies must go first. */
void        eqs_feeder_free (EqsFeeder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsFeeder, eqs_feeder_free)

/** Whether small moves of pictures mean something: there are pictures, of numbers that do not turn, and no answer for each pixel. */
gboolean    eqs_feeder_can_jitter (EqsFeeder *self);

/** Largest sizes that batches of `batch` samples of this split can have. */
EqkSizes    eqs_feeder_get_capacity (EqsFeeder *self, guint batch);
/**
 * Fills the feeds of run with n samples (indices into the split) and the targets. transform with group and its stream
 * (seed, step): the element of sample k depends on (seed, step, samples[k]) only.
 */
gboolean    eqs_feeder_fill (EqsFeeder *self, EqkRun *run, const guint *samples, guint n, EqsTransform transform, const EqkGroup *group,
                             guint64 seed, guint step, GError **error);

/** Which edge of the batch, as the data have them, stands in each row of its edges; NULL where edges do not come with the data. */
const guint32 *eqs_feeder_get_edge_order (EqsFeeder *self);

/**
 * The atomic numbers of the kinds of atoms travel with the weights, under "species" of a run's record. take uses those of a
 * record that has them, and refuses a split with an atom that is not among them.
 */
void        eqs_feeder_put_species  (EqsFeeder *self, EqsMap *run);
/** Of a design that makes samples: how many samples of the split have 0, 1, 2 … points, under "sizes", and how far points are from the centre at most, under "extent". Nothing for others. */
void        eqs_feeder_put_sizes    (EqsFeeder *self, EqsMap *run);
/**
 * TRUE where the record has no kinds. FALSE names the atom that is not among them, or the table that is too small for
 * them.
 */
gboolean    eqs_feeder_take_species (EqsFeeder *self, const EqsMap *run, GError **error);
/** Atomic number (below 128) to kind of atom, -1 where there is none; settled by the split's file, or by take. */
const gint32 *eqs_feeder_get_species_map (EqsFeeder *self);

/** How an output is judged. */
typedef struct
{
  const char  *name;             /**< "logits", "energy", "forces", "output" */
  const char  *unit;             /**< (nullable) of the target */
  EqkLossKind  loss;
  double       weight;           /**< in the sum of losses */
  double       scale;            /**< numbers: the loss is of (y - t) / scale */
  guint        n_classes;        /**< cross-entropy */
  const char *const *class_names;/**< (nullable) */
  gboolean     per_pixel;        /**< cross-entropy of segmentation */
  gboolean     is_stress;
  gboolean     is_tensor;        /**< six numbers, 1x0e + 1x2e, of a stress too; errors are told of the nine of the matrix */
  gboolean     is_noise;         /**< noise that was mixed in, or the way to it; no column of the data */
  gboolean     is_pose;          /**< rotations, as three columns */
  gboolean     pairs;            /**< samples 2k and 2k + 1 show one object twice: the rotation from one to the other is judged too */
} EqsTarget;

/** Outputs of the program. */
guint       eqs_feeder_get_n_targets (EqsFeeder *self);
/** How output 0 … n_targets - 1 (not checked) is judged; borrowed, and may be changed before the first batch. */
EqsTarget  *eqs_feeder_get_target    (EqsFeeder *self, guint output);
/** Loss and weight of each target by a design's training plan: "loss", "weight_energy" … @param training (nullable) */
void        eqs_feeder_read_losses   (EqsFeeder *self, const EqsMap *training);
/** Targets of the present batch: labels (int32) or numbers in the precision of the run, as the output's rows. */
const void *eqs_feeder_get_values    (EqsFeeder *self, guint output);

/** Sums over batches of what metrics are made of. */
typedef struct
{
  double  loss, loss_count;
  gsize   hits, counted;
  guint64 *confusion;            /**< [classes, classes], true row; owned */
  guint   n_classes;
  gboolean per_pixel;
  double  absolute, squared, numbers, energy_atoms;   /**< energy_atoms: sum of |dE| per atom */
  gsize   samples;
  guint64 *angles;               /**< (nullable) of poses: how many errors fall into each tenth of a degree, then the same of pairs; owned */
  gsize   n_angles;
  double  first_of_pair[18];     /**< of poses: what was predicted and what is right for the sample before */
} EqsTally;

/** An array with one for each output, all sums zero. (transfer full) */
EqsTally   *eqs_tally_new   (EqsFeeder *feeder);
/** The whole array; the feeder must be the one it was made for. NULL is let pass. */
void        eqs_tally_free  (EqsTally *self, EqsFeeder *feeder);
/** Adds the present batch's outputs of run. With seeds, writes the loss gradients for backward. @return the loss of the batch */
double      eqs_tally_add   (EqsTally *self, EqsFeeder *feeder, EqkRun *run, gboolean seeds);
/** All sums as a list of numbers, and back; what does not fit the feeder is left alone. (element-type double) */
void        eqs_tally_write (EqsTally *self, EqsFeeder *feeder, GArray *numbers);
/** The sums of such a list; nothing changes where their number is not the one that the feeder's outputs have. */
void        eqs_tally_read  (EqsTally *self, EqsFeeder *feeder, const GArray *numbers);
/** Receives one metric; unit (nullable) is borrowed. */
typedef void (*EqsMetricFunc) (const char *name, double value, const char *unit, gpointer data);
/**
 * Calls func with "accuracy", "miou", "mae", "energy_mae", "force_mae" … of each output, and at last with "loss", the sum by
 * weights. What was never added is 0.
 */
void        eqs_tally_report (EqsTally *self, EqsFeeder *feeder, EqsMetricFunc func, gpointer data);
/** The metric by which models are chosen, larger is better: accuracy, mean IoU, or minus the error. */
double      eqs_tally_score  (EqsTally *self, EqsFeeder *feeder);

G_END_DECLS
