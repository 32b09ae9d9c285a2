#pragma once

/** Outputs of a network for files: a picture, an array, a molecule, a set, graphs, or a folder of data. */

#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

/**
 * Reads a file as inputs of the network. Grids: PNG, PNM, JPEG, TIFF, BMP (one sample), IDX and NPY ([rows, columns] or
 * [samples, rows, columns(, channels)]). Rows: NPY [samples, numbers], CSV (a line a sample). Points: XYZ (a frame a sample),
 * NPY [points, numbers] and CSV (a line a point or an element: one sample, or one for each value of a column "set"); NPZ gives each input by its
 * name: "elements" of sets, "nodes" and "edge_features" of graphs, with the ends of their edges as "edges" [edges, 2] or "edge_index" [2, edges],
 * from 0 in each sample, and where samples begin as "node_offsets" and "edge_offsets" (without them all is one sample). A folder is a data set, of
 * which one part is read.
 *
 * Bytes of pictures are scaled as those of the training data were.
 *
 * @param part  (nullable) of a folder; NULL: "test" where there is one, else the first
 */
EqsSplit *eqs_predict_read_part (EqsModel *model, const char *path, const char *part, GError **error);
/** As eqs_predict_read_part, of a folder the usual part. (transfer full) NULL with an error */
EqsSplit *eqs_predict_read      (EqsModel *model, const char *path, GError **error);

/** Outputs of one sample. */
typedef struct
{
  guint               sample;      /**< in the split */
  guint               output;      /**< of the program */
  const char         *name;        /**< "logits", "energy", "forces" … */
  const EqkPortType  *type;
  gsize               rows, width; /**< width numbers a row; grids: row by row; edges: as they came */
  const float        *values;      /**< [rows, width]; valid during the call */
} EqsPrediction;

typedef void (*EqsPredictFunc) (const EqsPrediction *prediction, gpointer data);

/** All outputs of all samples, in their order. */
gboolean  eqs_predict (EqsModel *model, EqsSplit *split, int threads, EqsPredictFunc func, gpointer data, GError **error);

G_END_DECLS
