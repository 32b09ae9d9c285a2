#pragma once

/**
 * One batch of a run, kept so that the run can be fed it again moved (turned, shifted, its nodes in another order), and what comes out
 * moved back. By the action of the audit (check/action.h), which shares nothing with the layers.
 */

#include "check/action.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int         value;       /**< of the program */
  EqkPortType type;
  gboolean    index;       /**< int32: kinds */
  void       *plain;       /**< as it was kept, in the precision of the run */
  gsize       count;       /**< numbers */
} EqsMovesFeed;

typedef struct _EqsMoves EqsMoves;

/** For batches of this program, which is borrowed; nothing is kept yet. (transfer full) */
EqsMoves *eqs_moves_new  (const EqkProgram *program);
/** With the batch that it keeps. */
void      eqs_moves_free (EqsMoves *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsMoves, eqs_moves_free)

/** Keeps what the run is fed now: after eqs_feeder_fill. @return EQK_OK, EQK_ERR_NO_MEMORY */
EqkStatus           eqs_moves_keep        (EqsMoves *self, EqkRun *run);
/** After a forward pass of the inputs as they are: which nodes pools have selected. Wires of those are moved by it. */
void                eqs_moves_keep_parts  (EqsMoves *self, const EqkRun *run);
/** Feeds of the program. */
guint               eqs_moves_get_n_feeds (const EqsMoves *self);
/** Feed 0 … n_feeds - 1 (not checked); borrowed, its numbers until the next eqs_moves_keep. */
const EqsMovesFeed *eqs_moves_get_feed    (const EqsMoves *self, guint index);
/** Who was next to whom when the batch was kept: structure number 0 .. 3; without nodes where the batch has none. */
const EqkStructure *eqs_moves_get_structure (const EqsMoves *self, int index);
/**
 * Feeds the batch, moved by action where it is not NULL, and finds the neighbours anew; action->from and ->to are filled in. The run must have
 * the sizes it was kept with. Nodes must stay within their samples.
 * @return as eqk_action_apply
 */
EqkStatus           eqs_moves_feed        (EqsMoves *self, EqkRun *run, EqkAction *action, EqkDiag *diag);
/** out = the inverse of action on a value of the run after such a feed and a forward pass. */
EqkStatus           eqs_moves_back        (EqsMoves *self, EqkRun *run, const EqkAction *action, const EqkPortType *type, const void *in, void *out);
/**
 * The type by which an element g of a group (`whole`, which may be larger than the design's) acts on a wire: its own when its group has g,
 * else that of the whole group with the same channels. FALSE: the channels have no such turn.
 * @param is_element  (out) whether the wire's own group has g
 */
gboolean            eqs_moves_type_for    (const EqkPortType *type, const EqkGroup *whole, const EqkElement *g, EqkPortType *out, gboolean *is_element);

G_END_DECLS
