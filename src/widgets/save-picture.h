#pragma once

/** Saving what is seen as SVG, PDF or PNG. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Draws on white paper. Called in the main thread. */
typedef void (*EqsPictureDraw) (cairo_t *cr, double width, double height, gpointer data);
/** Writes the file; in a worker, but for what was recorded of a widget. */
typedef gboolean (*EqsPictureWrite) (const char *path, gpointer data, GError **error);
typedef void (*EqsPictureTold) (const char *text, gpointer data);

/**
 * Asks for a file and writes it in the background.
 * @param name     without its ending
 * @param data     (transfer full) freed by destroy
 * @param told     says in a sentence what came of it  @param told_data  an object; nothing is told after it is gone
 */
void eqs_picture_ask      (GtkWidget *parent, const char *name, EqsPictureWrite write, gpointer data, GDestroyNotify destroy, EqsPictureTold told, GObject *told_data);
/** Writes what draw draws; may be used as part of a write function. */
gboolean eqs_picture_save (const char *path, double width, double height, EqsPictureDraw draw, gpointer data, GError **error);
/**
 * A widget as it looks now: recorded at once, written later.
 * @return data for eqs_picture_write_recorded, freed by eqs_picture_recorded_free; NULL: it is not shown
 */
gpointer eqs_picture_record          (GtkWidget *widget);
/** An EqsPictureWrite for what eqs_picture_record gave, in the format that the path's ending says. */
gboolean eqs_picture_write_recorded  (const char *path, gpointer recorded, GError **error);
/** A GDestroyNotify for it. */
void     eqs_picture_recorded_free   (gpointer recorded);
/** Gives a widget the menu item "Save as a picture" on the secondary button and on Shift+F10, for what it looks like. @param name of the file */
void     eqs_picture_offer           (GtkWidget *widget, const char *name);

G_END_DECLS
