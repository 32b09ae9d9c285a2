#pragma once

/* The primitive changes of a document; journal.c. For document.c only. */

#include "model/document-private.h"

G_BEGIN_DECLS

/* The path of a node, "" parts included; NULL when it is not in the document. */
char *eqs_document_path_of    (EqsDocument *self, const EqsNode *node);

/* value (transfer none) NULL: removes. No change when it is equal. order (nullable): where an absent key belongs. */
void eqs_journal_set_field    (EqsDocument *self, guint what, EqsNode *node, EqsMap *map, const char *const *order,
                               const char *key, EqsValue *value);
void eqs_journal_insert_node  (EqsDocument *self, EqsGraph *graph, guint index, EqsNode *node);
void eqs_journal_remove_node  (EqsDocument *self, EqsGraph *graph, EqsNode *node);
void eqs_journal_insert_link  (EqsDocument *self, EqsGraph *graph, guint index, EqsLink *link);   /* link (transfer full) */
void eqs_journal_remove_link  (EqsDocument *self, EqsGraph *graph, guint index);
void eqs_journal_insert_item  (EqsDocument *self, GPtrArray *array, guint index, EqsMap *item);
void eqs_journal_remove_item  (EqsDocument *self, GPtrArray *array, guint index);

G_END_DECLS
