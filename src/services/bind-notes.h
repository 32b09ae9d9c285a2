#pragma once

/** What binding has to say of data that fit: nothing that changes the design, but something to know before training. */

#include "model/compile.h"

#include "data/dataset.h"

G_BEGIN_DECLS

/** The labels that a result with logits is compared with: the column that is called as its node is, else the first that fits; NULL: there are none. */
const EqsColumn *eqs_bind_find_labels (EqsSplit *split, const EqkPortType *type, const char *node);
/**
 * What to write beside data that a design for pictures cannot take because nothing says that their rows are pictures: the text of a dataset.json.
 * @return (transfer full) (nullable) NULL: their numbers are no pictures, or dataset.json is there and says otherwise
 */
char            *eqs_bind_dup_picture_hint (EqsDataset *dataset, EqsSplit *split);
/**
 * Classes that no sample to train on has. The training part is read.
 * @param document  bound to dataset
 * @return (transfer full) (element-type utf8) sentences
 */
GPtrArray       *eqs_bind_notes       (EqsDocument *document, EqsDataset *dataset);

G_END_DECLS
