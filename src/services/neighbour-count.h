#pragma once

/** How many edges the rule of a design finds in samples: for the memory of a run, and for nominal costs. */

#include "data/split.h"

#include "eqk/program.h"

G_BEGIN_DECLS

/**
 * @param reach  (of a cut-off) by what it is multiplied: a little more than 1 where samples will be turned, which rounds
 * @return FALSE with a message that names the sample: its lattice has no volume, or is too small for the cut-off
 */
gboolean eqs_count_edges      (const EqkProgram *program, EqsSplit *split, guint sample, double reach, gsize *count, GError **error);
/** The most that a sample has. Small clouds without lattices are not searched: all pairs are room enough. */
gboolean eqs_count_most_edges (const EqkProgram *program, EqsSplit *split, gsize *count, GError **error);

/** Appends to `apart`, of double, how far each point of a sample is from the nearest other one, images included. Nothing where the sample cannot be searched or is a single point. */
void     eqs_collect_nearest  (EqsSplit *split, guint sample, GArray *apart);

G_END_DECLS
