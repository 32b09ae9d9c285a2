#pragma once

/** What differs between two designs: nodes by their path, links, and settings of the whole. Places, colours and notes do not count. */

#include "model/document.h"

G_BEGIN_DECLS

typedef enum { EQS_DIFFERENCE_ADDED, EQS_DIFFERENCE_REMOVED, EQS_DIFFERENCE_CHANGED } EqsDifferenceKind;

typedef struct
{
  EqsDifferenceKind kind;
  char             *path;     /**< owned (nullable): of the node; NULL: a link, or a setting of the design */
  char             *text;     /**< owned: what differs, "k: 3 → 5", translated */
} EqsDifference;

/** From `before` to `after`; (element-type EqsDifference) (transfer full): nodes, then links, then settings. Empty: nothing differs. */
GPtrArray *eqs_difference_new  (EqsDocument *before, EqsDocument *after);
/** Whether a node of this path, or one in its body, is among them. @param kind (out) CHANGED where only the body differs */
gboolean   eqs_difference_find (const GPtrArray *differences, const char *path, EqsDifferenceKind *kind);

G_END_DECLS
