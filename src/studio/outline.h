#pragma once

/**
 * A design as rows of text, for people who do not use the picture: the nodes of the main graph in the order of the flow, below an
 * opened one its ends of wires, and the nodes of its body where it is a block; frames and notes stand at the end.
 */

#include "studio/session.h"

G_BEGIN_DECLS

typedef enum { EQS_OUTLINE_NODE, EQS_OUTLINE_INPUT, EQS_OUTLINE_OUTPUT, EQS_OUTLINE_FRAME, EQS_OUTLINE_NOTE } EqsOutlineKind;

typedef struct
{
  EqsOutlineKind kind;
  int            depth;
  char          *key;                   /**< owned: what it is called from one look to the next */
  char          *path;                  /**< owned: the node; of frames and notes their id */
  char          *port;                  /**< owned (nullable) */
  char          *other, *other_port;    /**< owned (nullable): path and port at the other end of the wire; NULL: nothing there */
  guint          place;                 /**< of the wire among those of its input */
  gboolean       variadic;              /**< the port takes several wires, in order */
  char          *title;                 /**< owned: "ReLU", "x from Image", "y to nothing" */
  const EqkPortType *type;              /**< (nullable) of the first output, or at the port; lives as long as the check */
  int            severity;              /**< of its worst problem; -1: none */
  char          *problem;               /**< owned (nullable) */
  gboolean       bypassed, expanded, selected;
} EqsOutlineRow;

/** @param expanded paths of nodes that are opened, as a set  @return (element-type EqsOutlineRow) (transfer full) */
GPtrArray *eqs_outline_new       (EqsSession *session, GHashTable *expanded);
/** The title of the node at path; the path where there is none, as of an output by its name. (nullable) as path */
const char *eqs_outline_path_title (EqsDocument *document, const char *path);
/** The nodes of a graph so that each stands after what feeds it, as far as there are no circles. (transfer container) */
GPtrArray *eqs_outline_order     (EqsGraph *graph);

G_END_DECLS
