#pragma once

/** One sample through exported C and through the studio, beside each other: what an export promises, shown on data of one's own. */

#include "services/checkpoint.h"
#include "data/split.h"

G_BEGIN_DECLS

/** An output of both. */
typedef struct
{
  char  *name;               /**< owned */
  gsize  n;                  /**< numbers */
  float *studio, *code;      /**< owned, [n], in the order of the exported C */
  double largest;            /**< difference, in the unit of the output */
  double scale;              /**< the largest number of the studio, at least 1e-30: largest / scale is the relative difference */
} EqsComparedOutput;

/**
 * Compiles a driver with the exported code of folder in a place of its own, feeds it the sample and reads what it answers; leaves nothing behind.
 * Takes the time of a compilation: not for the main thread.
 *
 * @param folder  with model.h, model.c and model_weights.c of this model, as eqs_export_c wrote them
 * @param prefix  (nullable) of all names there, as given to eqs_export_c
 * @param sample  of split
 * @param error   no compiler, a compiler that refuses, a sample that is larger than the code takes, a program that fails
 * @return (transfer full) of EqsComparedOutput
 */
GPtrArray *eqs_compare_c (EqsModel *model, EqsSplit *split, guint sample, const char *folder, const char *prefix, GError **error);

G_END_DECLS
