#pragma once

#include "data/split.h"

G_BEGIN_DECLS

/**
 * Reads extended XYZ: frames of a number of atoms, a comment line of key=value (values with blanks in quotes) and the
 * atoms, whose columns the key Properties names (species:S:1:pos:R:3 where it is absent; S, R, I and L are read).
 *
 * Columns of the split: "species" (atomic numbers, from symbols or numbers) and "positions" (pos), each further atom
 * column under its own name ("forces" …) per node; of the comment each key that has the same number of numbers in every
 * frame ("energy" [1], "dipole" [3], "Lattice" [9], "pbc" as 0 and 1) per sample; rows of Lattice along which pbc is F are zeros. Roles are the caller's. Units are what the
 * file says by keys such as energy_unit=kcal/mol, pos_unit=bohr or length_unit=bohr (positions and Lattice), else NULL.
 */
EqsSplit *eqs_xyz_parse (GBytes *bytes, const char *name, const char *split, GError **error);
/** The same for whoever counts what is missing: numbers that are not finite, and keys that later frames lack, are NaN. */
EqsSplit *eqs_xyz_parse_missing (GBytes *bytes, const char *name, const char *split, GError **error);

/** The atomic number of a symbol such as "He", 1 … 118, or 0. */
guint       eqs_species_from_symbol (const char *symbol);
/** (nullable) the symbol of an atomic number */
const char *eqs_species_get_symbol  (guint number);

G_END_DECLS
