#pragma once

/**
 * Solid bodies painted with a depth for each pixel, so that they may run into each other: balls, rods, cones and triangles under one light, paler
 * with distance. Places are spots of an EqsView (space.h): pixels, y down, larger depth nearer.
 */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct _EqsRaster EqsRaster;

/**
 * @param fine   two by two points a pixel, averaged: smooth edges for four times the work
 * @param paper  what distance fades to, 0xRRGGBB; nothing is painted where there is no body
 */
EqsRaster *eqs_raster_new   (int width, int height, gboolean fine, guint32 paper);
/** With its pixels, unless eqs_raster_take_surface has taken them. */
void       eqs_raster_free  (EqsRaster *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsRaster, eqs_raster_free)
/** Depths between which bodies fade, from not at all to about half. */
void       eqs_raster_set_fade (EqsRaster *self, double far, double near);

/** Radius in pixels, at least 3/4 of a point; 0xRRGGBB. */
void       eqs_raster_ball  (EqsRaster *self, const double spot[3], double radius, guint32 colour);
/** From a to b without ends, half in the one and half in the other colour. */
void       eqs_raster_rod   (EqsRaster *self, const double a[3], const double b[3], double radius, guint32 colour_a, guint32 colour_b);
/** With its base. */
void       eqs_raster_cone  (EqsRaster *self, const double base[3], const double tip[3], double radius, guint32 colour);
/** Corners with normals (x right, y up, z near; of any length), seen from both sides. */
void       eqs_raster_triangle (EqsRaster *self, const double *const corners[3], const double *const normals[3], const guint32 colours[3]);

/** The picture, to be painted at (0, 0). (transfer full) */
cairo_surface_t *eqs_raster_take_surface (EqsRaster *self);

G_END_DECLS
