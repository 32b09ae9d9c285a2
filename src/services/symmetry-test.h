#pragma once

/**
 * Does a data set have a symmetry? Asked of pictures with one answer each, for a few moves of the plane.
 *
 * A small ordinary network learns the answers from most of the samples; of the rest it is asked upright and moved. Where it does as
 * well on moved ones, the answers stay. Where it does worse, there are two readings, and a second network decides between them: it
 * learns to tell moved samples from the others. If it cannot, moved samples look like samples of the set and yet have other answers:
 * the symmetry does not hold. If it can, the set has no such samples, and says nothing about their answers.
 */

#include "data/split.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_SYMMETRY_HOLDS,       /**< moved samples have the same answers */
  EQS_SYMMETRY_FAILS,       /**< moved samples look like the others and have other answers */
  EQS_SYMMETRY_UNTOLD       /**< cannot be told from these data */
} EqsSymmetryAnswer;

typedef enum { EQS_MOVE_QUARTER, EQS_MOVE_HALF, EQS_MOVE_MIRROR, EQS_MOVE_ANY, EQS_N_MOVES } EqsMove;

typedef struct
{
  EqsMove            move;
  EqsSymmetryAnswer  answer;
  double             upright, moved;   /**< shares of right answers, 0 … 1 */
  double             drop, margin;     /**< upright - moved, and twice its standard error */
  double             told_apart;       /**< share of samples the second network tells right; NaN: it was not asked */
  guint              n;                /**< samples no network learned from */
  gboolean           learned;          /**< FALSE: the first network found nothing beyond the commonest answer */
} EqsSymmetryFinding;

/** @param done  0 … 1 */
typedef void (*EqsSymmetryFunc) (double done, gpointer data);

/**
 * @param split    pictures of scalars as first input, and a class or one number per sample as a target (numbers: above their median, or not)
 * @param cancel   (nullable) set from anywhere to 1
 * @return (transfer full) (element-type EqsSymmetryFinding); quarter turns and any turn only of square pictures. NULL when cancelled
 *         (no error set), or with EQS_MODEL_ERROR when the data are not of that kind
 */
GArray     *eqs_symmetry_test (EqsSplit *split, guint64 seed, int threads, int *cancel, EqsSymmetryFunc func, gpointer data, GError **error);

/** "quarter turns", translated. */
const char *eqs_move_title    (EqsMove move);
/** What a finding says, in a sentence with its numbers; (transfer full) */
char       *eqs_symmetry_finding_dup_text (const EqsSymmetryFinding *finding);

G_END_DECLS
