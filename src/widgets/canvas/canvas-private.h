#pragma once

/* The canvas for its own files: state, what is under a point, and the parts that input, actions and drawing share. */

#include "draw/plan.h"
#include "widgets/canvas/canvas.h"
#include "widgets/canvas/node-card.h"

#define EQS_GRID        8.0
#define EQS_PORT_REACH  12.0

typedef struct
{
  int         card;       /* index in the plan; -1: none */
  const char *port;       /* NULL: the card itself; borrowed from the plan */
  gboolean    output;
  int         wire;       /* -1: none */
  int         bend;       /* of the wire, from 1; 0: none */
  EqsItemKind kind;       /* of item */
  const EqsMap *item;     /* a note, or the frame whose title is there; NULL: none; borrowed from the document */
} EqsHit;

typedef enum { EQS_DRAG_NONE, EQS_DRAG_PAN, EQS_DRAG_MOVE, EQS_DRAG_BOX, EQS_DRAG_WIRE, EQS_DRAG_BEND, EQS_DRAG_NOTE } EqsDrag;

struct _EqsCanvas
{
  GtkWidget    parent_instance;

  EqsSession  *session;         /* owned */
  EqsPlan     *plan;            /* owned */
  GPtrArray   *cards;           /* owned: of borrowed EqsNodeCard, in the order of the plan */
  guint        rebuild_idle;

  double       zoom, x, y;      /* widget = zoom · design + (x, y) */
  gboolean     fitted;          /* the first allocation has shown everything */
  double       wish[3];         /* instead: zoom and the middle; zoom 0: none */
  GskRenderNode *wires;         /* owned (nullable): kept while only the view moves */

  /* pointer */
  EqsDrag      drag;
  double       start_x, start_y, at_x, at_y;   /* widget coordinates */
  double       moved_x, moved_y;               /* of the selection, in the design */
  gboolean     space_held, wheel_zooms;
  gboolean     narrows;         /* a selected card is held: let go unmoved, it alone is selected */
  GPtrArray   *box_before;      /* owned (nullable): selection before a box with Shift */
  int          hover_wire;
  int          held_wire, held_bend;           /* of a bend that is dragged; from 0 */
  char        *held_note;       /* owned (nullable): id of a note that is dragged */
  double       note_x, note_y;  /* where it was */

  /* a wire that is being pulled */
  char        *wire_path, *wire_port;          /* owned: the end that stays */
  gboolean     wire_from_output;
  GHashTable  *refusals;        /* owned (nullable): "path.port" → reason (NULL: fits) */
  guint        trial;           /* number of the newest trial */

  GtkWidget   *popover;         /* borrowed child (nullable) */
  guint        animation;       /* tick callback */
};

/* canvas.c */
/** What is under a point of the widget, the uppermost first: ports, cards, bends, wires, notes and frames. */
EqsHit  eqs_canvas_hit           (EqsCanvas *self, double x, double y);
void    eqs_canvas_changed       (EqsCanvas *self);      /* positions or view: allocate and draw again */
/** Shows a popover at a place of the widget, instead of the one that is open; it is unparented once it closes. */
void    eqs_canvas_place_popover (EqsCanvas *self, GtkWidget *popover, double x, double y);
/** By the node's path, borrowed; NULL when no card of the plan is that node's. */
EqsNodeCard *eqs_canvas_get_card (EqsCanvas *self, const char *path);
/* Focus goes to a node's card. */
void    eqs_canvas_focus_node    (EqsCanvas *self, const char *path);

/* canvas-view.c */
/**
 * widget = zoom · design + (x, y): glides there, or goes at once where animations are off or the canvas is not seen.
 */
void    eqs_canvas_animate_to    (EqsCanvas *self, double zoom, double x, double y);
/** At once. */
void    eqs_canvas_apply_view    (EqsCanvas *self, double zoom, double x, double y);
/** The view stays where the glide has come to. */
void    eqs_canvas_stop_glide    (EqsCanvas *self);

/* canvas-input.c */
/** Gestures, keys and the drop target; once, when the canvas is made. */
void    eqs_canvas_add_input     (EqsCanvas *self);

/* canvas-actions.c */
/** "canvas.…" for editing and the view, with their keys. */
void    eqs_canvas_class_install_actions (GtkWidgetClass *widget_class);

/* canvas-arrange.c: places */
/** Aligning, distributing, tidying up, and arrow keys that move by the grid. */
void    eqs_canvas_class_install_arrange (GtkWidgetClass *widget_class);
/* Moves the selected cards to xy [selected, 2], and the bends of the wires between them by (dx, dy), as one step. */
void    eqs_canvas_move_selection (EqsCanvas *self, const double *xy, double dx, double dy);

/* canvas-items.c: notes, frames and bends of wires */
/** Notes, frames, bends. */
void    eqs_canvas_class_install_items (GtkWidgetClass *widget_class);
/** The note or the title of a frame at a place of the design, into hit->kind and hit->item; of the main graph only. */
void    eqs_canvas_hit_item      (EqsCanvas *self, double x, double y, EqsHit *hit);
/** The bend near a place of the design, into hit->wire and hit->bend. FALSE: there is none, hit is as before. */
gboolean eqs_canvas_hit_bend     (EqsCanvas *self, double x, double y, EqsHit *hit);
/* An editor for a note or a frame, beside it. */
void    eqs_canvas_edit_item     (EqsCanvas *self, EqsItemKind kind, const char *id);
/* Makes a bend at a place of a wire and holds it. FALSE: it has as many as it may have. */
gboolean eqs_canvas_begin_bend   (EqsCanvas *self, int wire, double x, double y);
/** The bend that is held goes to a place of the design, on the grid; the document changes when it is let go. */
void    eqs_canvas_drag_bend     (EqsCanvas *self, double x, double y);
/** Lets the bend go: one undo step. */
void    eqs_canvas_finish_bend   (EqsCanvas *self);
/** One undo step. @param wire of the plan, from 0  @param bend of it, from 1 */
void    eqs_canvas_remove_bend   (EqsCanvas *self, int wire, int bend);
/* Makes wires straight: all of them, or those of the selection. As a step of its own unless a group of the history is open. */
void    eqs_canvas_straighten    (EqsCanvas *self, gboolean all);
/* Bends of wires between selected cards, moved by (dx, dy), as commands that are done after the cards have moved. (transfer full) */
GPtrArray *eqs_canvas_moved_bends (EqsCanvas *self, double dx, double dy);
/* Selects what a frame holds. */
void    eqs_canvas_select_frame  (EqsCanvas *self, const EqsMap *frame);

/* canvas-menu.c */
/** For the selection, or for the ground where nothing is selected, at a point of the widget. */
void    eqs_canvas_show_menu     (EqsCanvas *self, double x, double y);

/* canvas-draw.c */
/** Everything below the cards. */
void    eqs_canvas_draw          (EqsCanvas *self, GtkSnapshot *snapshot);
/** What lies over the cards: the wire being pulled and why it does not fit where it is, the box, words on an empty canvas. */
void    eqs_canvas_draw_above    (EqsCanvas *self, GtkSnapshot *snapshot);

/* add-layer.c */
/* What a new layer is joined to. */
typedef struct
{
  const char    *path, *port;    /* (nullable) the end of a wire */
  gboolean       from_output;    /* that end is an output */
  gboolean       in_flow;        /* it goes between that end and what it feeds, where that can be; else it is one more branch */
  const EqsLink *link;           /* (nullable) a wire to go into */
} EqsAddEnd;

/* The list of layers to add at a place of the design. Zeroed: joined to nothing. */
void    eqs_canvas_ask_layer     (EqsCanvas *self, double design_x, double design_y, const EqsAddEnd *end);

/* Adds it with its corner near a place of the design; on_link (nullable) is the wire it goes into, where it has ports for that. */
void    eqs_canvas_add_layer     (EqsCanvas *self, const EqkLayerType *layer, double design_x, double design_y, const EqsLink *on_link);

/* problem-popover.c */
/** All problems of a card's node with their fixes, in a popover below it. @param card of the plan */
void    eqs_canvas_show_problems (EqsCanvas *self, int card);
