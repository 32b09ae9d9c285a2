#pragma once

/** How a type looks: colour, socket and short text. The language of wires, the same on paper as on the screen. */

#include "eqk/type.h"

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EQS_SOCKET_DISC, EQS_SOCKET_DISC_MINUS, EQS_SOCKET_TRIANGLE, EQS_SOCKET_TRIANGLE_BAR, EQS_SOCKET_DIAMOND, EQS_SOCKET_SQUARE,
  EQS_SOCKET_HALF_SQUARE, EQS_SOCKET_HEXAGON, EQS_SOCKET_CROSS, EQS_SOCKET_CHEVRON, EQS_SOCKET_RING
} EqsSocket;

typedef enum { EQS_WIRE_SOLID, EQS_WIRE_STRIPED, EQS_WIRE_DASHED, EQS_WIRE_DOUBLE, EQS_WIRE_DOTTED } EqsWire;

typedef struct
{
  guint32     colour;       /**< 0xRRGGBB */
  guint32     stripe;       /**< second colour of a mixed type */
  EqsSocket   socket;
  EqsWire     wire;
  int         mark;         /**< ticks of a square (order of the group), digit of a diamond (degree, frequency); else 0 */
  double      width;        /**< of the wire: 1.5 to 6 by the logarithm of the channels */
  const char *plain;        /**< EQK_N_: "arrows that turn with the object" */
} EqsTypeStyle;

/** @param type NULL: not known */
EqsTypeStyle eqs_type_style      (const EqkPortType *type);
/** "16x reg(C4)", "pos", "graph", "?"; the extents of a grid follow when asked for: "16x reg(C4) · 14×14". */
char        *eqs_type_dup_text   (const EqkPortType *type, gboolean extents);
/** 0xRRGGBB and alpha 0 … 1 as the source of cr. */
void         eqs_draw_set_colour (cairo_t *cr, guint32 colour, double alpha);
/** The sign of a type, about 11 units wide, with its middle at (x, y). */
void         eqs_draw_socket     (cairo_t *cr, const EqsTypeStyle *style, double x, double y);

G_END_DECLS
