#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Standard atomic weight in u (IUPAC 2021, abridged; of elements without one, the mass number of the longest-lived isotope). 0: no such element. */
double eqs_species_get_mass (guint number);

G_END_DECLS
