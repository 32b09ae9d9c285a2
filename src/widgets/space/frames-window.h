#pragma once

/** Samples of a part as frames in space: one after another like a film, with bonds, labels and the arrows that the data have at atoms. */

#include "data/split.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Whether samples of this part have places in space. */
gboolean   eqs_frames_can_show    (const EqsSplit *split);
/**
 * Opens it, over the window of `parent` (nullable), and shows a sample. The window holds the split until it is
 * destroyed.
 * @return (transfer none) NULL where eqs_frames_can_show is FALSE, a mistake of the caller
 */
GtkWidget *eqs_frames_window_open (GtkWidget *parent, EqsSplit *split, guint sample);
/** For tests. @return what is said of the frame */
const char *eqs_frames_window_set (GtkWidget *window, guint sample);

G_END_DECLS
