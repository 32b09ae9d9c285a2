#pragma once

/** Statistics of the training part that a design keeps as states, set once before training. */

#include "data/split.h"

#include "eqk/run.h"

G_BEGIN_DECLS

/**
 * Sets the states "….energy_shift" (least-squares energy of each kind of atom) and "….energy_scale" (root mean square of the forces, or of what
 * the shifts leave). species_map: atomic number → kind (of 128). Does nothing where the program has no such states.
 */
void eqs_statistics_set_energies (const EqkProgram *program, EqkStore *store, EqsSplit *split, const gint32 *species_map);

G_END_DECLS
