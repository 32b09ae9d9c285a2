#pragma once

/**
 * The plan of a picture of a design: where cards, ports, frames and wires are and what stands on them. The same plan is drawn
 * on paper (topology.h) and shown by the canvas. Units are those of a node's x and y: a pixel at 100 %.
 */

#include "draw/type-style.h"
#include "model/bends.h"
#include "model/compile.h"
#include "model/layout.h"

G_BEGIN_DECLS

#define EQS_PORT_TOP    62.0
#define EQS_NOTE_WIDTH  150.0

typedef struct
{
  const EqsNode      *node;          /* borrowed from the document */
  char               *path;          /* owned */
  const EqkLayerType *layer;         /* NULL: not known here */
  EqsGraph           *body;          /* borrowed (nullable): what a block holds, its own or that of its definition */
  const EqsNode      *definition;    /* borrowed (nullable): what a use is a use of */
  int                 kernel_node;   /* -1: none */
  gint64              parameters;    /* of the node with its body; -1: not known */
  double              macs;
  GPtrArray          *inputs, *outputs;   /* owned: names of ports, borrowed; of the layer and of links */
  double              x, y, height;
  int                 worst;         /* severity of its problems, and of nodes in its body; -1: none */
  gboolean            waiting;       /* without a type because of a problem elsewhere */
} EqsPlanCard;

/** A wire's line: straight, a Bézier curve (4 points), axis-parallel pieces with round corners, or a smooth line over all points. */
typedef enum { EQS_ROUTE_STRAIGHT, EQS_ROUTE_CURVE, EQS_ROUTE_PIECES, EQS_ROUTE_BENT } EqsRouteKind;

typedef struct
{
  EqsRouteKind kind;
  int          n;
  double       p[6][2];
} EqsRoute;

typedef struct
{
  const EqsLink     *link;           /* borrowed from the document */
  int                from, to;       /* cards */
  const EqkPortType *type;           /* NULL: not known */
  EqsTypeStyle       style;
  EqsRoute           route;
  double             bends[EQS_MAX_BENDS][2];
  guint              n_bends;
  char              *pill;           /* owned (nullable): the type, written on a wire that turns back */
  double             pill_x, pill_y;
} EqsPlanWire;

typedef struct
{
  EqsDocument    *document;          /* owned */
  EqsCheck       *check;             /* owned (nullable) */
  EqsGraph       *graph;             /* borrowed */
  char           *scope;             /* owned */
  EqsPlanCard    *cards;
  guint           n_cards;
  EqsPlanWire    *wires;             /* of links between nodes of this graph */
  guint           n_wires;
  GHashTable     *index;             /* owned: id of a node → its card */
  double          left, top, right, bottom;   /* of everything */
} EqsPlan;

/** The plan holds what it borrows as long as the document does not change. @param scope see document.h  @param check (nullable) */
EqsPlan    *eqs_plan_new         (EqsDocument *document, const char *scope, EqsCheck *check);
/** With cards and wires; its references to document and check go too. */
void        eqs_plan_free        (EqsPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsPlan, eqs_plan_free)

/** Index of a node's card; -1. */
int         eqs_plan_find        (const EqsPlan *self, const char *id);
/** Routes all wires anew, after cards were moved. */
void        eqs_plan_route       (EqsPlan *self);
/** Routes one wire as a plain curve, or over its bends: quick, for what is being dragged. */
void        eqs_plan_route_plain (EqsPlan *self, guint wire);
/** Extents of everything, after cards were moved. */
void        eqs_plan_measure     (EqsPlan *self);
/** The box of a frame's members: left, top, right, bottom. FALSE: none of them is here. */
gboolean    eqs_plan_frame_box   (const EqsPlan *self, const EqsMap *frame, double box[4]);
/** Height of a note at its width. */
double      eqs_plan_note_height (const EqsMap *note);
/** Height of the port on its card's edge, absolute. */
double      eqs_plan_port_y      (const EqsPlanCard *card, gboolean output, const char *port);
/** Type at an output of a card, of a block that of its last copy; borrowed from the check. NULL: not known. */
const EqkPortType *eqs_plan_output_type (const EqsPlan *self, const EqsPlanCard *card, const char *port);
/** What arrives at an input: the type of the first wire's source. */
const EqkPortType *eqs_plan_input_type  (const EqsPlan *self, const EqsPlanCard *card, const char *port);

/** The node's own title, else that of its layer, "Block", or the layer's id. Borrowed. */
const char *eqs_plan_title       (const EqsPlanCard *card);
/** "28×28 → 14×14 · 22,560 parameters" (transfer full) */
char       *eqs_plan_dup_summary (const EqsPlan *self, const EqsPlanCard *card);
/** "113,802": digits in groups; "113.802" and the like where the locale has a decimal comma. (transfer full) */
char       *eqs_count_dup_text   (gint64 count);

/** The route as the current path of cr. */
void        eqs_route_trace      (const EqsRoute *route, cairo_t *cr);
/** Distance of a point from the route. */
double      eqs_route_distance   (const EqsRoute *route, double x, double y);
/** left, top, right, bottom */
void        eqs_route_bounds     (const EqsRoute *route, double box[4]);
/**
 * From an output at (x0, y0) to an input at (x1, y1): straight on one height, else a curve that leaves and arrives
 * level.
 */
EqsRoute    eqs_route_between    (double x0, double y0, double x1, double y1);

/** The sign of a layer's category, in a box of 14 × 14 at the origin, as the current path. */
void        eqs_draw_sign        (cairo_t *cr, const EqkLayerType *layer);

G_END_DECLS
