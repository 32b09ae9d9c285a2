#pragma once

/** Widths: how many fields the layers of a design have, taken together. */

#include "model/edits.h"

G_BEGIN_DECLS

/**
 * Edits that multiply the fields of all layers but inputs, heads and what leads straight into a head, nested blocks included; at least
 * one field of each run stays.
 * @return (transfer full) of EqsEdit; empty when nothing changes
 */
GPtrArray *eqs_widths_edits (EqsDocument *document, double factor);

/** The same, done. */
gboolean   eqs_widths_scale (EqsDocument *document, double factor, GError **error);

G_END_DECLS
