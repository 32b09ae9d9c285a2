#pragma once

/* Tables of text that hold the rows of nodes, edges and sets: which rows make up a part, where samples begin, what they say. */

#include "data/csv.h"
#include "data/dataset-private.h"

G_BEGIN_DECLS

/** Rows of a table. */
typedef struct
{
  GArray *rows;       /**< gssize; -1: a node of another part, whose label is not known in this one */
  GArray *offsets;    /**< (nullable) guint32 [samples + 1]: where samples begin; NULL: nothing says, so a table of nodes is one sample */
} EqsTableRows;

/** Frees both arrays; may be called again. */
void eqs_table_rows_clear (EqsTableRows *self);

/**
 * The rows of a part. Where a column names the sample of each row (sample_field), rows of a sample follow one another; of a column with one row a
 * sample the first stands for all, which must say the same.
 *
 * @param part     (nullable) what the column that names parts says in this one
 * @param samples  names of samples → their numbers, in order: filled by the first table with names, looked up by those of edges
 */
gboolean  eqs_table_choose (const EqsCsv *csv, const EqsColumnSpec *spec, const char *part, GHashTable *samples, const char *file, EqsTableRows *out,
                            GError **error);
/** The numbers of the column's fields in those rows, -1 where they are not known: [rows] or [rows, fields]. Of labels in words the place among the classes. */
EqsArray *eqs_table_numbers (const EqsCsv *csv, const EqsColumnSpec *spec, const EqsTableRows *rows, GError **error);
/** A field that lists numbers, parted by blanks, as 1 at those places: [rows, the largest number of the whole table + 1]. */
EqsArray *eqs_table_words   (const EqsCsv *csv, const EqsColumnSpec *spec, const EqsTableRows *rows, const char *file, GError **error);
/** Edges of a list that holds each once, the other way too; ends: the two numbers of a row are the ends. */
EqsArray *eqs_table_both_ways (const EqsArray *array, EqsTableRows *rows, gboolean ends, const char *file, GError **error);
/** "3 17 5" */
gboolean  eqs_table_read_indices (const char *text, GArray *out);

/**
 * By file names: nodes.csv and edges.csv are one graph, sets.csv are sets. Columns by their titles: "node" (the number of the row), "set", "split"
 * (parts train…, valid…, val…, test…), "words" (lists of numbers), labels and targets as in other tables; other numbers are features. Ends of edges are
 * the first two columns; each edge stands once and is meant both ways, unless they are called source and target, src and dst, or from and to.
 *
 * @param found  whether the folder has such files
 */
gboolean  eqs_tables_guess (const char *path, EqsDatasetSpec *spec, gboolean *found, GError **error);

/** A file of the folder. NULL with the error of eqs_file_read or eqs_csv_parse; (transfer full) */
EqsCsv   *eqs_table_open         (const char *path, const char *file, GError **error);
/** The parts that its column “split” names; without one all is “train”. */
void      eqs_table_add_parts    (const EqsCsv *csv, EqsDatasetSpec *spec);
/** Whether a column is known of the sample, not of its rows: it is the same in all rows of each. @param samples  column that names them */
gboolean  eqs_table_is_of_sample (const EqsCsv *csv, guint column, guint samples);
/** Title of the column of a table of elements that says which rows are one set: "set", "sample" or "bag". NULL: none of them. */
const char *eqs_table_find_sets  (const EqsCsv *csv);
/** The rows of a part are those that the column “split” names, where there is one. */
void      eqs_table_set_part     (EqsColumnSpec *column, const EqsCsv *csv);
/** To sort pointers to texts. */
int       eqs_table_by_name      (gconstpointer a, gconstpointer b);
/** Whether the column holds words, in every row one, and few enough to be classes. */
gboolean  eqs_table_has_classes  (const EqsCsv *csv, guint column);
/** Its words in the order of the alphabet, without those of rows that have none; nothing where they are numbers or too many. @param at the column of the table */
void      eqs_table_take_classes (EqsColumnSpec *column, const EqsCsv *csv, guint at);

/** Columns of a spec that is being guessed. */
EqsColumnSpec *eqs_dataset_spec_add (EqsDatasetSpec *spec, const char *name, EqsRole role, EqsValues values, const char *file);
/** Whether files "{split}-STEM" of IDX or NPY are there: their parts are added, *pattern is what to read; (transfer full). */
gboolean       eqs_dataset_spec_find_parts (const char *path, const char *stem, EqsDatasetSpec *spec, char **pattern);
/** Nothing when the part is there already. */
void           eqs_dataset_spec_add_split (EqsDatasetSpec *spec, const char *name);
/** Whether a column of that title is a target, and of what. */
gboolean       eqs_dataset_name_is_target (const char *name, EqsValues *values, const char **task);

G_END_DECLS
