#pragma once

/** Several pictures of one size as a film: an animated PNG, or one PNG for each, numbered. */

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _EqsAnimation EqsAnimation;

/** Without pictures; width and height in pixels. (transfer full) */
EqsAnimation *eqs_animation_new  (int width, int height);
/** With all pictures. */
void          eqs_animation_free (EqsAnimation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsAnimation, eqs_animation_free)

/** A white surface for the next picture; draw on it before the next call. (transfer none) */
cairo_t *eqs_animation_add  (EqsAnimation *self, guint duration_ms);
/** Pictures so far, the one being drawn too. */
guint    eqs_animation_get_n (const EqsAnimation *self);
/**
 * Writes an animated PNG that runs for ever (the PNG specification, third edition, section 11.3.6); programs that know no animation show
 * the first picture. Whole or not at all.
 */
gboolean eqs_animation_save (EqsAnimation *self, const char *path, GError **error);
/** Writes 001.png, 002.png, … into a folder, which is made if it does not exist. */
gboolean eqs_animation_save_numbered (EqsAnimation *self, const char *folder, GError **error);

G_END_DECLS
