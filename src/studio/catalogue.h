#pragma once

/** Which layers a design may hold, by its symmetry and its kind of samples, with the reason where not; and adding one of them. */

#include "studio/session.h"

#include "eqk/layer.h"

G_BEGIN_DECLS

typedef struct
{
  const EqkLayerType *layer;
  char     *why;          /**< owned, translated: why it is not for this design; NULL: it keeps the symmetry */
  gboolean  may_add;      /**< FALSE: it is not defined here. A layer that may break the promise can be added all the same */
} EqsCatalogueRow;

/** Every layer once, in the order of the registry. (element-type EqsCatalogueRow) (transfer full) */
GPtrArray *eqs_catalogue_new         (EqsDocument *document);
/** How many of them keep the symmetry. */
guint      eqs_catalogue_count       (const GPtrArray *rows);
/** Does a layer with these words fit what is sought: each word in its title, category or id, whatever the case? */
gboolean   eqs_catalogue_matches     (const EqkLayerType *layer, const char *sought);
/** What its first output carries with usual settings; FALSE: what comes in decides. */
gboolean   eqs_catalogue_usual_type  (const EqkLayerType *layer, const EqkSymmetry *symmetry, EqkPortType *type);
/**
 * Adds a layer after the selected node, on its way on, as one undo step, and selects it.
 * @return FALSE, and nothing is done, where no node or several are selected or the layer would have an error there
 */
gboolean   eqs_catalogue_insert      (EqsSession *session, const char *layer);
/**
 * Likewise; where that cannot be it is added on its own beside the selected node, or at the end of the design.
 * @return whether it was connected
 */
gboolean   eqs_catalogue_add         (EqsSession *session, const char *layer);

/** What a layer does in one sentence without a formula, translated. (transfer full) */
char *eqs_layer_dup_plain (const EqkLayerType *layer);

G_END_DECLS
