#pragma once

/** What people prefer, kept in GSettings. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The settings of the studio; NULL where no schema is installed: defaults hold then. (transfer none) */
GSettings *eqs_preferences_get   (void);
/** A switch of the settings, or `fallback` where no schema is installed. */
gboolean   eqs_preferences_bool  (const char *key, gboolean fallback);
/** Takes over what holds for the whole program: light or dark. */
void       eqs_preferences_apply (void);
/** The preferences window. */
void       eqs_preferences_show  (GtkWindow *parent);

G_END_DECLS
