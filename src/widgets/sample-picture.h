#pragma once

/** One sample of picture data as something to look at: copied out of its split, so that any thread may make one. */

#include "data/dataset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _EqsSamplePicture EqsSamplePicture;

/** @param column of the split  @return NULL: the column holds no pictures */
EqsSamplePicture *eqs_sample_picture_new  (const EqsSplit *split, const EqsColumn *column, guint sample);
/** The first input of a sample of a shipped or own data set, from its test part where it has one. NULL: no picture */
EqsSamplePicture *eqs_sample_picture_load (EqsDataset *dataset, const char *column, guint sample);
/** One more owner, from any thread. @return self */
EqsSamplePicture *eqs_sample_picture_ref  (EqsSamplePicture *self);
/** One owner less, from any thread. */
void              eqs_sample_picture_unref (EqsSamplePicture *self);
/** A square of this size: ink on nothing, colours, arrows, points in space, a graph, or one colour a class. @param ink of strokes */
void              eqs_sample_picture_draw (const EqsSamplePicture *self, cairo_t *cr, double x, double y, double size, const GdkRGBA *ink);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSamplePicture, eqs_sample_picture_unref)

G_END_DECLS
