#pragma once

/**
 * Values of a wire drawn as what they are: numbers as a map of grey or of the colour of their type, arrows for what turns
 * like an arrow, one tile for each channel of a field with a channel per pose, bars for one row a sample, points for clouds.
 */

#include "eqk/type.h"

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** Colours of paper and screen. */
typedef struct
{
  guint32 paper, ink, line, dim, negative;    /**< 0xRRGGBB */
} EqsFieldTheme;

/** Colours for light or dark surroundings; constant. */
const EqsFieldTheme *eqs_field_theme (gboolean dark);

typedef enum
{
  EQS_FIELD_SCALAR,      /**< one number */
  EQS_FIELD_ARROW,       /**< two numbers that turn like an arrow of the plane (three: of space) */
  EQS_FIELD_POSES,       /**< one channel per pose */
  EQS_FIELD_PARTS        /**< anything else: its components as tiles */
} EqsFieldKind;

/** How one copy of the field is drawn: by its dimension, irreps and whether its matrices are permutations. */
EqsFieldKind eqs_field_kind (const EqkField *field);

/** Where one field stands in the channels of a wire. */
typedef struct
{
  const EqkField *field;
  EqsFieldKind    kind;
  int             first, dim;     /**< channels */
} EqsFieldPlace;

/** Field number `index` of a wire (counting copies, must be there) and its channels. */
EqsFieldPlace eqs_field_place (const EqkRep *rep, int index);

/** Values of one sample of a wire, as in EqsProbeWire. Borrowed. */
typedef struct
{
  const EqkPortType *type;
  const float       *values;      /**< [rows, width] */
  gsize              rows, width;
  const float       *positions;   /**< (nullable) [rows, 3] or [rows, 2]: of a cloud */
  int                n_space;     /**< 2 or 3 numbers a position */
} EqsFieldValues;

/** Largest absolute value in `dim` channels from `first` on: what colours and lengths are relative to. At least 1e-30. */
double   eqs_field_largest    (const EqsFieldValues *v, int first, int dim);
/**
 * The frequency-1 part of a field with a channel per pose: out[rows, 2] = sum over poses of the channel times the pose's
 * first axis; turns like an arrow. FALSE where the field has none (fewer than three turns, or no poses).
 */
gboolean eqs_field_arrows     (const EqsFieldValues *v, const EqsFieldPlace *place, float *out);

/** A channel of a grid as a map, pixels as squares; `scale` is full colour. */
void     eqs_draw_map         (cairo_t *cr, const EqsFieldValues *v, int channel, double scale, guint32 colour, const EqsFieldTheme *theme,
                               double x, double y, double width, double height);
/** vectors: [h * w, step of `stride` numbers], x to the right, y up. At most about 16 arrows a row; `scale` is as long as their distance. */
void     eqs_draw_arrows      (cairo_t *cr, const float *vectors, int h, int w, int stride, double scale, guint32 colour, const EqsFieldTheme *theme,
                               double x, double y, double width, double height);
/** Pictures: grey for one channel, colours for three; arrows for arrows; bars for one row a sample; points for clouds. */
void     eqs_draw_sample      (cairo_t *cr, const EqsFieldValues *v, const EqsFieldTheme *theme, double x, double y, double width, double height);
/** Field number `index` in the colour of its type: as in the list above. @param scale  0: its own largest */
void     eqs_draw_field       (cairo_t *cr, const EqsFieldValues *v, int index, double scale, const EqsFieldTheme *theme,
                               double x, double y, double width, double height);
/** Width over height of what eqs_draw_field draws best: 4 for four tiles, 1 for a map. */
double   eqs_field_aspect     (const EqkPortType *type, int index);
/** Bars for the channels of row 0 from -scale to scale. @param marked  channel drawn strong; -1: none */
void     eqs_draw_bars        (cairo_t *cr, const float *values, int n, double scale, int marked, guint32 colour, const EqsFieldTheme *theme,
                               double x, double y, double width, double height);

/** Errors at the angles i 360°/n. */
typedef struct
{
  const double   *error;         /**< [n], NaN leaves a gap */
  const double   *other;         /**< (nullable) [n]: of the ordinary network, dashed */
  const gboolean *on_grid;       /**< [n]: these angles move pixels onto pixels and get a dot, red above exact_limit */
  guint           n;
  double          exact_limit;
  double          limit;         /**< a dashed ring; NaN: none */
  double          angle_rad;     /**< a hand */
} EqsPolar;

/** Error against angle, log radius from 1e-8 (centre) to 1 (rim), as a filled curve. */
void     eqs_draw_polar       (cairo_t *cr, const EqsPolar *polar, const EqsFieldTheme *theme, double x, double y, double size);
/** Matrix of a representation: blue for positive, orange for negative entries; figures up to 8 x 8. */
void     eqs_draw_matrix      (cairo_t *cr, const double *m, int n, const EqsFieldTheme *theme, double x, double y, double size);

G_END_DECLS
