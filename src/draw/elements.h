#pragma once

/** The error of each element of a group on a log axis, for groups of any kind: a dot for the design, a ring for the control. */

#include "draw/plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;       /**< borrowed */
  double      error;      /**< of the design; NaN: not measured; 0 stands at the foot */
  double      control;    /**< of the network without the symmetry; NaN */
  gboolean    promised;
} EqsElementError;

/** @param limit  dashed, what lies above it is tinted; NaN: none */
void eqs_draw_elements (cairo_t *cr, const char *title, const EqsElementError *elements, guint n, double limit, double width, double height, const EqsPlotTheme *theme);

G_END_DECLS
