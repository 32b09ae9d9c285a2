#pragma once

/**
 * Places in space as something to look at: turns as quaternions, a camera, where a place falls on the paper, what lies under the pointer, how
 * large atoms are and which are bonded. Only numbers: drawing is scene.h's.
 *
 * The eye looks along -z of the view: x to the right, y up, z towards the eye. On the paper y is down. The projection is parallel.
 */

#include <glib.h>

G_BEGIN_DECLS

/* ---- turns: unit quaternions (w, x, y, z) ---- */

/** The product: b first, then a. out may be a or b. */
void eqs_turn_compose   (const double a[4], const double b[4], double out[4]);
/** The turn back; q of length 1. out may be q. */
void eqs_turn_invert    (const double q[4], double out[4]);
/** By angle_rad about an axis of any length but 0 (of length 0: about z). */
void eqs_turn_of_axis   (const double axis[3], double angle_rad, double out[4]);
/** @param axis  of length 1; z where nothing is turned  @return the angle, 0 .. pi */
double eqs_turn_get_axis (const double q[4], double axis[3]);
/** Row-major [3, 3] of a q of length 1. */
void eqs_turn_matrix    (const double q[4], double m[9]);
/**
 * What dragging over a ball of radius 1 about the origin does (Shoemake's arcball; outside of the ball the turn is about the line of sight).
 * Ends in the view: x to the right, y up.
 */
void eqs_turn_of_drag   (double x0, double y0, double x1, double y1, double out[4]);
/** Between two turns by the shorter way, t from 0 to 1. */
void eqs_turn_between   (const double a[4], const double b[4], double t, double out[4]);

/* ---- the camera ---- */

typedef struct
{
  double q[4];          /**< places are turned by it before the eye */
  double zoom;          /**< 1: all is in the picture */
  double pan[2];        /**< part of the shorter side, right and down */
} EqsCamera;

/** From above and from the side, so that no axis of space lies along the view. */
void eqs_camera_reset (EqsCamera *self);

/** Where places fall on a rectangle of paper. */
typedef struct
{
  double m[9];          /**< of the camera */
  double centre[3];     /**< comes to (cx, cy) */
  double scale;         /**< pixels for one unit of length */
  double cx, cy;
} EqsView;

/** @param reach  what is this near to the centre is in the picture at zoom 1 */
EqsView eqs_view_new     (const EqsCamera *camera, const double centre[3], double reach, double x, double y, double width, double height);
/** spot: x, y on the paper; depth in pixels, larger is nearer. */
void    eqs_view_project (const EqsView *self, const double place[3], double spot[3]);
/** The nearest ball under a point of the paper; -1: none. @param radii [n], in units of length */
int     eqs_view_pick    (const EqsView *self, const double *places, const double *radii, gsize n, double x, double y);
/** Numbers of places, farthest first. (transfer full) [n] */
guint  *eqs_view_order   (const EqsView *self, const double *places, gsize n);
/** Middle and reach of places; reach is at least 1e-9. @param radii (nullable) */
void    eqs_places_bound (const double *places, const double *radii, gsize n, double centre[3], double *reach);

/* ---- atoms ---- */

/** Covalent radius in Å (Cordero and others 2008, doi 10.1039/b801115j, as rounded there); 1.5 where none is known. */
double  eqs_atom_radius (int number);
/** 0xRRGGBB. */
guint32 eqs_atom_colour (int number);
/**
 * Atoms that are no farther apart than the sum of their covalent radii and 0.4 Å, and not nearer than 0.4 Å. Time grows with the number of
 * atoms, not with its square.
 * @return (transfer full) [n_bonds, 2], the smaller number first, sorted
 */
gint32 *eqs_bonds_find  (const double *places, const gint32 *numbers, gsize n, gsize *n_bonds);

G_END_DECLS
