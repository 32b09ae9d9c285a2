#pragma once

/** Binding of periodic samples: a lattice for the neighbours, stress where the data have it. */

#include "data/dataset.h"
#include "model/edits.h"

G_BEGIN_DECLS

/**
 * Where the data have a column "cell" that is not all zeros: adds a layer that reads it and links it to every layer that makes
 * neighbours within a cut-off; where they have a column "stress" and the design makes forces, adds the stress of the same energy.
 *
 * @param edits    what was done is appended
 * @param changes  (element-type utf8) what was done, told
 * @return FALSE when the design makes neighbours that take no lattice: samples would be read as if they ended at the cell
 */
gboolean eqs_bind_cell (EqsDocument *document, EqsDataset *dataset, EqsSplit *split, GPtrArray *edits, GPtrArray *changes, GError **error);

G_END_DECLS
