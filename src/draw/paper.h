#pragma once

/** Files of what is drawn with Cairo: SVG, PDF, or PNG at twice the size, by the ending of the path; written whole or not at all. */

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/** Draws on (0, 0) … (width, height). */
typedef void (*EqsPaperDraw) (cairo_t *cr, double width, double height, gpointer data);

/** @param title of a PDF (nullable) */
gboolean eqs_paper_save (const char *path, const char *title, double width, double height, EqsPaperDraw draw, gpointer data, GError **error);

G_END_DECLS
