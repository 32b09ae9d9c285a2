#pragma once

/**
 * What a person says of data that are described by the names of their files alone: which columns go in, which are to be told, how the classes are
 * called. Kept as dataset.json in their folder ("map" in data/datasets/README.md), so that every program understands them alike.
 */

#include "data/dataset.h"

G_BEGIN_DECLS

/** A column, or a field of a table that is a column with others. */
typedef struct
{
  char    *name;           /**< owned */
  EqsRole  role;
  gboolean is_class;       /**< whole numbers from 0 that name classes */
  char   **classes;        /**< owned (nullable): their names */
} EqsMapped;

/** With its texts. */
void       eqs_mapped_free (EqsMapped *self);

/**
 * What could be mapped: the columns and fields of the folder as they are understood now. Class names are known where they are written in files;
 * those of folders of pictures are known after loading.
 * @return (transfer full) of EqsMapped; empty where dataset.json describes the columns, or the set is a shipped one
 */
GPtrArray *eqs_dataset_list_mapped (EqsDataset *self);

/**
 * Writes the map into the folder of the data set; a set that is opened after that follows it.
 * @param mapped  of EqsMapped: all of eqs_dataset_list_mapped, changed
 * @return FALSE: nothing goes in, nothing is to be told, or the folder cannot be written
 */
gboolean   eqs_dataset_write_map   (EqsDataset *self, GPtrArray *mapped, GError **error);

G_END_DECLS
