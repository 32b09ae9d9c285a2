#pragma once

/* The primitive changes of a document; journal.c. For the document*.c files only. */

#include "model/document-private.h"

G_BEGIN_DECLS

/* The path of a node, "" parts included; NULL when it is not in the document. */
char *eqs_document_path_of    (EqsDocument *self, const EqsNode *node);

/* value (transfer none) NULL: removes. No change when it is equal. order (nullable): where an absent key belongs. */
void eqs_journal_set_field    (EqsDocument *self, guint what, EqsNode *node, EqsMap *map, const char *const *order,
                               const char *key, EqsValue *value);
/** At a place below or at n_nodes; the document takes a reference. */
void eqs_journal_insert_node  (EqsDocument *self, EqsGraph *graph, guint index, EqsNode *node);
/** The node must be in the graph. Its links are not looked at. */
void eqs_journal_remove_node  (EqsDocument *self, EqsGraph *graph, EqsNode *node);
/** At a place below or at n_links. @param link (transfer full) */
void eqs_journal_insert_link  (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link);
/** Link number `index`, which must be there. */
void eqs_journal_remove_link  (EqsDocument *self, EqsGraph *graph, guint index);
/** Into frames or notes, at a place; the document takes a reference. */
void eqs_journal_insert_item  (EqsDocument *self, GPtrArray *array, guint index, EqsMap *item);
/** Item number `index`, which must be there. */
void eqs_journal_remove_item  (EqsDocument *self, GPtrArray *array, guint index);

G_END_DECLS
