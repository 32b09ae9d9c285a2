#pragma once

/** A tensor product as a diagram: what comes in, what it is multiplied with, what comes out; a line a path, as strong as its weights. */

#include "draw/fields.h"

G_BEGIN_DECLS

/** Borrowed. */
typedef struct
{
  const char *left, *middle, *right;
  int         n_weights;
  double      size;            /**< NaN: not known */
  gboolean    is_dropped;      /**< left out: dashed */
} EqsPathLine;

/** @param chosen  drawn strong; -1: none */
void eqs_draw_paths (cairo_t *cr, const EqsPathLine *paths, guint n, int chosen, const EqsFieldTheme *theme, double x, double y, double width, double height);
/** The path whose line is nearest to a place, within 8 pixels; -1: none. */
int  eqs_paths_pick (const EqsPathLine *paths, guint n, double width, double height, double x, double y);

G_END_DECLS
