#pragma once

/** The desktop's file chooser, opened where the last one was left. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** In the folder of the file chosen last in this session, at first in that for documents, else at home; as gtk_file_chooser_native_new otherwise. (transfer full) */
GtkFileChooserNative *eqs_chooser_new (const char *title, GtkWindow *parent, GtkFileChooserAction action, const char *accept);

G_END_DECLS
