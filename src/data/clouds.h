#pragma once

#include "data/dataset-private.h"

G_BEGIN_DECLS

/**
 * By file names: {split}-points.idx[.gz] or .npy, [samples, points, 3], are the places of the points of each cloud; {split}-labels one class a cloud;
 * classes.txt the names of the classes, one a line, with or without its number. Whole numbers of 16 bits are parts of 32767.
 *
 * @return whether the folder has such files
 */
gboolean eqs_clouds_guess (const char *path, EqsDatasetSpec *spec);

G_END_DECLS
