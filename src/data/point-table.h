#pragma once

#include "data/dataset-private.h"

G_BEGIN_DECLS

/**
 * A table of points: a CSV with the titles x, y and z has a row for each point, and a column that names the sample of each row: sample, cloud, object,
 * set, structure, scan, file, name or id. Rows of a sample follow one another. What says the same in all rows of every sample is told of the whole: a
 * column with a target's name, else the first of words (its words are the classes), else the first of numbers. A column “split” names parts.
 *
 * @param found  whether the folder has such a table
 * @return FALSE: it has, and cannot be read: no column names samples, or there is nothing in it
 */
gboolean eqs_point_table_guess (const char *path, EqsDatasetSpec *spec, gboolean *found, GError **error);

G_END_DECLS
