#pragma once

/**
 * A molecule or a cloud with what is known of its points: kinds, links, a colour, an arrow and a signal on the sphere each. Filled in once,
 * then only drawn and asked.
 */

#include "draw/fields.h"
#include "draw/space.h"

G_BEGIN_DECLS

typedef struct _EqsScene EqsScene;

/**
 * @param places   [n, 3], copied
 * @param numbers  (nullable) [n] atomic numbers, copied: sizes, colours and bonds are theirs; else points that are all alike
 */
EqsScene *eqs_scene_new   (const double *places, gsize n, const gint32 *numbers);
/** One more owner, from any thread. @return self */
EqsScene *eqs_scene_ref   (EqsScene *self);
/** One owner less, from any thread. */
void      eqs_scene_unref (EqsScene *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsScene, eqs_scene_unref)

gsize         eqs_scene_get_n      (const EqsScene *self);
/** [n, 3]; borrowed. */
const double *eqs_scene_get_places (const EqsScene *self);

/** Instead of bonds. @param links [n, 2] numbers of points, copied */
void eqs_scene_set_links   (EqsScene *self, const gint32 *links, gsize n);
/** Links points that are about as near as the nearest are, where all hang together by that: a shape. Scattered points, and more than 64, get none. */
void eqs_scene_link_near   (EqsScene *self);
/** Bonds or links that are drawn. */
gsize eqs_scene_get_n_links (const EqsScene *self);
/** A place for arrows and signals at which nothing else is drawn, linked to nothing. */
void eqs_scene_hide_point  (EqsScene *self, gsize point);
/** @param colours (nullable) [n] instead of those of elements, copied */
void eqs_scene_set_colours (EqsScene *self, const guint32 *colours);
/** What labels say: "C1", "H4" … @param symbols (transfer container) [n], words that live on; NULL leaves a number */
void eqs_scene_take_symbols (EqsScene *self, const char **symbols);
/**
 * An arrow from every point. @param vectors [n, 3], copied  @param scale  units of length for one of the vectors' units
 * @param axial    they keep their sign under inversion: drawn with a ring
 */
void eqs_scene_set_arrows  (EqsScene *self, const double *vectors, double scale, guint32 colour, gboolean axial);
/**
 * Signals f(u) = sum of c Y(u) about points, degrees 0 .. lmax: as far out as |f| is large, or on a ball of one size; in `colour` where f is
 * positive, in another where it is negative.
 * @param c      [n, (lmax+1)^2], copied  @param scale  units of length for f = 1  @param only  the one point that gets one; -1: all
 * @param round  on a ball, by colour alone
 */
void eqs_scene_set_signals (EqsScene *self, const double *c, int lmax, double scale, guint32 colour, int only, gboolean round);
/** The box that repeats, three edges from the origin, as [9]. */
void eqs_scene_set_cell    (EqsScene *self, const double cell[9]);
/** A ring about one point; -1: none. */
void eqs_scene_set_marked  (EqsScene *self, int point);
/** Whether eqs_scene_set_signals was called. */
gboolean eqs_scene_has_signals (const EqsScene *self);
/** How far from a place its points, as the balls that are drawn, and the tips of its arrows reach. */
double eqs_scene_get_extent (const EqsScene *self, const double centre[3]);
/** Middle and reach for the view, so that several pictures have one scale; else those of the points. */
void eqs_scene_set_bound   (EqsScene *self, const double centre[3], double reach);
/** Largest |f| of the signals that set_signals would draw at scale 1: what their scale is made from. */
double eqs_signal_largest  (const double *c, gsize n, int lmax);

/** A direction in which a signal is larger than around it. */
typedef struct { double u[3], value; } EqsSignalPeak;

/** The largest maxima of a signal on the sphere, largest first, to about a degree. @return how many there are, at most `most` */
guint  eqs_signal_peaks    (const double *c, int lmax, EqsSignalPeak *peaks, guint most);

typedef struct
{
  gboolean labels, axes, fine;       /**< fine: smooth edges, for pictures that do not move */
} EqsSceneLook;

/** Cell, bodies and what the look asks for, in a rectangle of the paper; labels of up to 200 points only. */
void eqs_scene_draw (const EqsScene *self, cairo_t *cr, const EqsCamera *camera, const EqsFieldTheme *theme, const EqsSceneLook *look,
                     double x, double y, double width, double height);
/** The point under a place of such a picture; -1: none. */
int  eqs_scene_pick (const EqsScene *self, const EqsCamera *camera, double width, double height, double x, double y);
/** "C2", or "5" where there are no symbols. (transfer full) */
char *eqs_scene_dup_label (const EqsScene *self, int point);

G_END_DECLS
