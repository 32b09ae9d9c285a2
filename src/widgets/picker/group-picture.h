#pragma once

/** A group as a moving picture: a sample in all its poses; under the pointer or with focus it goes through them. */

#include "widgets/sample-picture.h"

#include "eqk/group.h"

G_BEGIN_DECLS

#define EQS_TYPE_GROUP_PICTURE (eqs_group_picture_get_type ())
G_DECLARE_FINAL_TYPE (EqsGroupPicture, eqs_group_picture, EQS, GROUP_PICTURE, GtkWidget)

/** @param group NULL: one that is not a group of the plane  */
GtkWidget *eqs_group_picture_new         (const EqkGroup *group, int height);
/** @param sample (nullable) a letter is shown without one */
void       eqs_group_picture_set_sample  (EqsGroupPicture *self, EqsSamplePicture *sample);
/** Goes through the poses, or stops. Stays still where animations are off and for groups not of the plane. */
void       eqs_group_picture_set_moving  (EqsGroupPicture *self, gboolean moving);
/** Draws a sample as an element makes it. @param sample (nullable) */
void       eqs_draw_posed_sample         (cairo_t *cr, const EqsSamplePicture *sample, const EqkGroup *group, const EqkElement *element,
                                          double x, double y, double size, const GdkRGBA *ink);

G_END_DECLS
