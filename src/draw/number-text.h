#pragma once

/** Small and large numbers as people write them, the same in panels, plots and pictures: never "1.1e-07". */

#include <glib.h>

G_BEGIN_DECLS

/**
 * "0", "0.0025", "1.1·10⁻⁷", "10⁻⁴"; "–" for what is not a number. Between a thousandth and ten thousand no power of ten is written.
 *
 * @param digits  significant ones, at least 1
 * @return (transfer full)
 */
char *eqs_number_dup_text (double value, int digits);
/** Appends before, then the number so written. */
void  eqs_number_append   (GString *text, const char *before, double value, int digits);

G_END_DECLS
