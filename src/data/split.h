#pragma once

#include "data/array.h"

G_BEGIN_DECLS

/**
 * The samples of one part of a data set, in memory, as named columns. A column is either of one shape for all samples
 * (images, labels) or ragged: a row per node (atoms) or per edge, with offsets that all columns of that kind share.
 * A split is a view: which rows of a shared table, in which order. Immutable once loaded, so threads may share it.
 *
 * Layout of rows: images are [row][column][channel] (NHWC in a batch).
 */
typedef struct _EqsSplit EqsSplit;

typedef enum { EQS_ROLE_INPUT, EQS_ROLE_TARGET, EQS_ROLE_EXTRA } EqsRole;
typedef enum { EQS_COLUMN_FIXED, EQS_COLUMN_PER_NODE, EQS_COLUMN_PER_EDGE } EqsColumnKind;

/** What the numbers of a column mean; decides how they may be used (a label is no number to take a mean of). */
typedef enum
{
  EQS_VALUES_FEATURE,         /**< numbers that transform as the representation says */
  EQS_VALUES_POSITION,        /**< as feature, and moves with translations */
  EQS_VALUES_LABEL,           /**< a class, 0 .. n_classes-1; of nodes -1 where it is not known */
  EQS_VALUES_SPECIES,         /**< an atomic number */
  EQS_VALUES_ANGLE,           /**< radians, counter-clockwise; see the column "…_direction" for (cos, sin) */
  EQS_VALUES_NODE_INDEX       /**< a node of the same sample, from 0 */
} EqsValues;

typedef struct
{
  char         *name;
  EqsRole       role;
  EqsColumnKind kind;
  EqsValues     values;
  char         *representation;   /**< of the last axis, such as "3x f1"; NULL where there is none (labels) */
  char         *unit;             /**< (nullable) "eV/Å" */
  char         *task;             /**< (nullable) the task that this target is for */
  float         scale;            /**< eqs_split_copy multiplies by it; 1/255 for bytes of images */
  guint         n_classes;        /**< of a label, else 0 */
  char        **class_names;      /**< (nullable) n_classes names */
  gboolean      pairs;            /**< rows 2k and 2k + 1 show one object twice */
  guint         n_dims;           /**< of one row (sample, node or edge); a scalar has shape [1] */
  guint64       dims[EQS_MAX_DIMS];
  gsize         n_values;         /**< of one row: the product of dims */
  EqsArray     *array;            /**< [rows, dims…] as in the file, unscaled */
  EqsArray     *lookup;           /**< (nullable) uint32 per row: which row of array it is (sets that index another) */
} EqsColumn;

/** @param name of the split: "train", "test_large" … */
EqsSplit        *eqs_split_new        (const char *name);
/** One more owner, from any thread. @return self */
EqsSplit        *eqs_split_ref        (EqsSplit *self);
/** One owner less, from any thread; the last view frees the table. */
void             eqs_split_unref      (EqsSplit *self);

/** "train", "test_large" …; borrowed. */
const char      *eqs_split_get_name   (const EqsSplit *self);
/** Samples. */
guint            eqs_split_get_n      (const EqsSplit *self);
/** Inputs, targets and extras together. */
guint            eqs_split_get_n_columns (const EqsSplit *self);
/** Column 0 … n_columns - 1; borrowed. */
const EqsColumn *eqs_split_get_column (const EqsSplit *self, guint index);
/** NULL when there is none of that name. */
const EqsColumn *eqs_split_find       (const EqsSplit *self, const char *name);
/** As eqs_split_find, with an error that names the columns there are. */
const EqsColumn *eqs_split_require    (const EqsSplit *self, const char *name, GError **error);
/** The first input; NULL when there is none. */
const EqsColumn *eqs_split_find_input  (const EqsSplit *self);
/** The first input of rows of that kind that are plain numbers; of nodes without such numbers, their places (values EQS_VALUES_POSITION). */
const EqsColumn *eqs_split_find_rows   (const EqsSplit *self, EqsColumnKind kind);
/** From and to of each edge; NULL: the samples are no graphs. */
const EqsColumn *eqs_split_find_links  (const EqsSplit *self);
/** The first target for a task (NULL: for any); one that names no task is for every one. NULL: there is none. */
const EqsColumn *eqs_split_find_target (const EqsSplit *self, const char *task);
/** The number of a sample in its file, from 0: what messages name. */
guint            eqs_split_get_row    (const EqsSplit *self, guint sample);

/** Whether samples have nodes, of which their numbers differ. */
gboolean         eqs_split_is_ragged  (const EqsSplit *self);
/** Of one sample; 0 when it has no nodes. */
gsize            eqs_split_get_n_nodes (const EqsSplit *self, guint sample);
/** Of one sample, given with the data; 0 when none are. */
gsize            eqs_split_get_n_edges (const EqsSplit *self, guint sample);

/**
 * Batches. samples: n indices into the split (NULL: 0 .. n-1). Rows of ragged columns follow each other, sample after
 * sample; eqs_split_copy_offsets says where each begins: offsets[n + 1], offsets[n] rows in all.
 *
 * eqs_split_count gives the rows that copying a column writes (n for a fixed one); out holds that times
 * column->n_values. eqs_split_copy scales, the others do not.
 */
gsize eqs_split_count        (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n);
/** As numbers times column->scale. */
void  eqs_split_copy         (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, float *out);
/** As they stand in the file, unscaled. */
void  eqs_split_copy_double  (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, double *out);
/** Whole numbers: fractions are cut, and what int32 cannot hold becomes its nearest end. */
void  eqs_split_copy_int     (const EqsSplit *self, const EqsColumn *column, const guint *samples, gsize n, gint32 *out);
/** offsets: [n + 1]; see above. Of EQS_COLUMN_FIXED every sample has one row. */
void  eqs_split_copy_offsets (const EqsSplit *self, EqsColumnKind kind, const guint *samples, gsize n, guint32 *offsets);

/** A view on some samples of this one; shares all memory. */
EqsSplit *eqs_split_new_view (EqsSplit *self, const char *name, const guint *samples, guint n);

/* ---- for readers and generators ---- */

/**
 * Adds a column; takes array. Of a fixed column dims[0] is the number of samples, of ragged ones that of nodes or edges
 * in all; what follows is the shape of a row (none: [1]).
 *
 * @return the column, to be filled in further; NULL with EQS_DATA_ERROR_COUNT when the number of rows differs from the
 *         other columns', _EMPTY when there are none. array is released then.
 */
EqsColumn *eqs_split_take_column (EqsSplit *self, const char *name, EqsColumnKind kind, EqsArray *array, GError **error);
/** offsets: n_samples + 1, ascending from 0; copied. Before the first column of that kind. */
gboolean   eqs_split_set_offsets (EqsSplit *self, EqsColumnKind kind, const guint64 *offsets, gsize n_samples,
                                  GError **error);
/** The column's rows are those of base->array that lookup names (uint32, taken). */
EqsColumn *eqs_split_take_lookup (EqsSplit *self, const char *name, EqsColumnKind kind, EqsArray *lookup,
                                  const EqsColumn *base, GError **error);
/** Multiplies all values, in double precision and once: numbers of another unit may be large (total energies). */
void       eqs_column_convert    (EqsColumn *self, double factor);
/** The sample that a row of a column belongs to. */
gsize      eqs_split_find_sample (const EqsSplit *self, const EqsColumn *column, gsize row);
/**
 * Refuses what is not finite and, of labels, what is not 0 .. n_classes-1 (n_classes 0: sets it from the largest). A label of a node may be -1:
 * not known in this part.
 */
gboolean   eqs_split_check_column (const EqsSplit *self, EqsColumn *column, GError **error);
/** As eqs_split_check_column where numbers may be missing: NaN is no reason to refuse. */
gboolean   eqs_split_check_missing (const EqsSplit *self, EqsColumn *column, GError **error);
/** Refuses edges whose ends are no nodes of their sample. Once all columns are there; edges follow each other sample after sample. */
gboolean   eqs_split_check_links  (const EqsSplit *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSplit, eqs_split_unref)

G_END_DECLS
