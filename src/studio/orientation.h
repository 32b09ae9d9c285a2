#pragma once

/**
 * How the samples of a part are turned: a histogram of one direction of each. Whether there is an up in the data shows here before any training.
 *
 * Pictures: the direction from dark to light that most of the picture's edges have, counter-clockwise from the right; bins of 10° from 0 to 360.
 * Points in the plane: the axis along which they spread most, from the right; bins of 10° from 0 to 180. In space likewise, the end of the axis that
 * points up (z ≥ 0): four rings of equal area about z, the first at the pole, each of twelve sectors of 30° counter-clockwise from x.
 */

#include "data/split.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define EQS_ORIENTATION_RINGS   4
#define EQS_ORIENTATION_SECTORS 12
#define EQS_ORIENTATION_MOST    (EQS_ORIENTATION_RINGS * EQS_ORIENTATION_SECTORS)

typedef enum { EQS_ORIENTATION_NONE, EQS_ORIENTATION_PICTURES, EQS_ORIENTATION_PLANE, EQS_ORIENTATION_SPACE } EqsOrientationKind;

typedef struct
{
  EqsOrientationKind kind;                        /**< NONE: samples have no places and are no pictures */
  guint              n_bins;                      /**< 36, 18 or 48 */
  guint              counts[EQS_ORIENTATION_MOST];
  guint              n;                           /**< with a direction */
  guint              n_without;                   /**< evenly grey, round, of one point, or with a value missing */
  double             share;                       /**< of the samples that lie where most do: within 30° of centre; with is_girdle within 30° of the plane across it */
  double             even;                        /**< what that would be if all directions were alike */
  gboolean           is_girdle;
  double             centre[3];                   /**< pictures and plane: its angle in radians alone; space: a unit vector */
} EqsOrientation;

/** Any thread. @param cancellable (nullable) @return FALSE: cancelled */
gboolean  eqs_orientation_measure  (EqsSplit *split, EqsOrientation *out, GCancellable *cancellable);
/** Whether the samples lean: more by half than chance has it where most are, and by four of its standard deviations. */
gboolean  eqs_orientation_leans    (const EqsOrientation *self);
/** What was found, in a sentence; (transfer full). */
char     *eqs_orientation_dup_text (const EqsOrientation *self);
/** Degrees of a bin; of space the tilt against z too. */
void      eqs_orientation_get_bin  (const EqsOrientation *self, guint bin, double *from, double *to, double *tilt_from, double *tilt_to);

G_END_DECLS
