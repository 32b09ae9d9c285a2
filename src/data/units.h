#pragma once

/**
 * Units of physical quantities as people write them: "kcal/mol", "Hartree/bohr", "eV/Å^3", "GPa", "e·Å". Inside, molecules are
 * in eV and Å (architecture: energies eV, forces eV/Å); what stands in other units is converted once, when it is read.
 *
 * Constants are those of CODATA 2018.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double factor;                       /**< one of this unit in eV^energy · Å^length · e^charge · fs^time · u^mass */
  int    energy, length, charge, time; /**< exponents */
} EqsUnit;

/**
 * Reads a unit: names joined by "·", "*", "/" or blanks, with whole exponents ("Å^3", "Å³"); "1" is a plain number. Names are
 * read as they are usually written ("Ha", "Hartree", "kcal", "mol", "bohr", "Å", "A", "Ang", "GPa", "D" …).
 *
 * @return FALSE when a name is not known ("a.u." is ambiguous and therefore not)
 */
gboolean    eqs_unit_parse (const char *text, EqsUnit *unit);
/** "eV", "Å", "eV/Å", "eV/Å³": the unit that molecules have inside for a quantity of this kind; NULL: it stays as it is. */
const char *eqs_unit_inside (const EqsUnit *unit);
/** Whether the two measure the same kind of quantity. */
gboolean    eqs_unit_is_alike (const EqsUnit *a, const EqsUnit *b);
/**
 * The unit inside of a column in this unit, and what its numbers are to be multiplied by.
 *
 * @param factor  (out) exactly 1 when nothing is to be done
 * @return text as it is where nothing is to be done
 */
const char *eqs_unit_convert (const char *text, double *factor);
/** Units that a quantity of this name usually comes in, the one inside first; NULL-terminated, empty where the name says nothing. */
const char *const *eqs_unit_choices (const char *name);
/** What a quantity of this name is measured in inside ("energy", "forces" …); NULL: the name says nothing of that. */
const char *eqs_unit_of_quantity (const char *name);

G_END_DECLS
