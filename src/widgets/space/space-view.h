#pragma once

/**
 * One or several scenes beside each other, seen by one camera: dragging turns the eye about them, Shift or the middle button moves them, scrolling
 * zooms; arrow keys, plus, minus and Home do the same. What the camera does changes no sample: that is the group's business.
 */

#include "draw/scene.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_SPACE_VIEW (eqs_space_view_get_type ())
G_DECLARE_FINAL_TYPE (EqsSpaceView, eqs_space_view, EQS, SPACE_VIEW, GtkWidget)

enum { EQS_SPACE_VIEW_SCENES = 4 };

/** @param name for people who do not see it */
GtkWidget       *eqs_space_view_new        (const char *name);
/** @param titles (nullable) over each scene, copied  @param n at most EQS_SPACE_VIEW_SCENES */
void             eqs_space_view_set_scenes (EqsSpaceView *self, EqsScene *const *scenes, const char *const *titles, guint n);
/** As it is now; borrowed from the view. */
const EqsCamera *eqs_space_view_get_camera (EqsSpaceView *self);
/** The eye goes back to where it began; emits "camera-changed". */
void             eqs_space_view_reset      (EqsSpaceView *self);
/** Names at points, in all scenes. */
void             eqs_space_view_set_labels (EqsSpaceView *self, gboolean labels);

/*
 * Signals: "camera-changed"; "point-chosen" (scene, point: int; -1 none) on a click. "describe" (scene, point) -> char * (transfer full) asks
 * for the words of the tooltip of a point.
 */

G_END_DECLS
