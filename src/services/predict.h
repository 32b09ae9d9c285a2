#pragma once

/** Outputs of a network for files that are no data set: a picture, an array, a molecule. */

#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/**
 * Reads a file as inputs of the network. Grids: PNG, PNM, JPEG, TIFF, BMP (one sample), IDX and NPY ([rows, columns] or
 * [samples, rows, columns(, channels)]). Rows: NPY [samples, numbers], CSV (a line a sample). Points: XYZ (a frame a sample),
 * NPY [points, numbers] and CSV (a line a point: one sample); NPZ gives each input by its name.
 *
 * Bytes of pictures are scaled as those of the training data were.
 */
EqsSplit *eqs_predict_read (EqsModel *model, const char *path, GError **error);

/** Outputs of one sample. */
typedef struct
{
  guint               sample;      /**< in the split */
  guint               output;      /**< of the program */
  const char         *name;        /**< "logits", "energy", "forces" … */
  const EqkPortType  *type;
  gsize               rows, width; /**< width numbers a row; grids: row by row */
  const float        *values;      /**< [rows, width]; valid during the call */
} EqsPrediction;

typedef void (*EqsPredictFunc) (const EqsPrediction *prediction, gpointer data);

/** All outputs of all samples, in their order. */
gboolean  eqs_predict (EqsModel *model, EqsSplit *split, int threads, EqsPredictFunc func, gpointer data, GError **error);

G_END_DECLS
