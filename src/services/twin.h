#pragma once

/**
 * The ordinary twin of a design: the same network without its symmetry and with as many parameters, to see what the symmetry is
 * worth. Steerable convolutions become ordinary ones whose widths are scaled together until the parameters agree within 5 %,
 * batch norms become ordinary, activations of fields ReLUs; poolings over the group go. Schedule and tuning stay.
 */

#include "model/document.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 parameters, original;   /* of the twin, of the design */
  double width;                  /* factor on the channels of the design */
} EqsTwinReport;

/**
 * Designs on pictures have twins. @param report (out) (optional)
 * @return (transfer full) NULL with a sentence that names the node that has no ordinary counterpart
 */
EqsDocument *eqs_twin_new (EqsDocument *document, EqsTwinReport *report, GError **error);

G_END_DECLS
