#pragma once

/* What dataset.json or the file names say, between dataset-spec.c (which reads that) and dataset.c (which loads). */

#include "data/dataset.h"
#include "data/split.h"
#include "model/value.h"

G_BEGIN_DECLS

typedef struct
{
  char         *name;
  EqsRole       role;
  EqsColumnKind kind;
  EqsValues     values;
  char         *representation, *unit, *task;   /* (nullable) unit: as the numbers stand in the file */
  gboolean      is_stated;        /* the unit was said by a person (data/meaning.h), against what files say */
  gboolean      is_renamed;       /* the field was said by a person */
  char         *convention;       /* (nullable) words of eqk/convention.h: how the file orders the components */
  char         *file;             /* relative to the folder; {split} stands for the part; ends in / for pictures */
  char        **fields;           /* (nullable) column, key or member of the file; of CSV several become one row */
  gboolean      has_slice;        /* of the last axis of an array: [slice[0], slice[1]) */
  guint         slice[2];
  guint         n_shape;          /* 0: as the file has it */
  guint64       shape[3];         /* of each sample: rows, columns and channels of a picture that stands in a row of a table */
  float         scale;            /* 0: the default */
  gboolean      is_shaped;        /* the shape was said likewise */
  gboolean      is_bytes;         /* of CSV: whole numbers from 0 to 255; of pictures they are scaled as bytes are */
  gboolean      is_direction;     /* (cos, sin) of the values */
  gboolean      is_rows;          /* the field lists rows of column base_column in the base data set */
  char         *base_column;
  char         *part_field;       /* (nullable) of CSV: the column that names a row's part; of labels of nodes: others are not known in this part */
  char        **part_names, **part_values;   /* (nullable) parts whose rows are called otherwise there; of NPZ: the array of each part */
  gboolean      undirected;       /* rows of edges hold both ways */
  char         *sample_field;     /* (nullable) of CSV: the column that names a row's sample */
  gboolean      is_words;         /* of CSV: the field lists numbers; one of each as 1, the others 0 */
  char         *offsets;          /* (nullable) of NPZ: the array that says where samples begin */
  char         *mask;             /* (nullable) of NPZ: the column or array that says which elements of padded samples stand */
  char        **class_names;      /* (nullable) */
  gboolean      renamed;          /* class_names go before those of the files */
  guint         n_classes;        /* 0: the largest label of train, + 1 */
  char        **pair_parts;       /* (nullable) parts in which rows 2k and 2k + 1 show one object twice */
} EqsColumnSpec;

typedef struct
{
  char       *title, *description, *domain, *task, *group, *licence, *origin;   /* never NULL */
  GPtrArray  *columns;            /* EqsColumnSpec */
  GPtrArray  *splits;             /* char *, NULL-terminated once finished; without a derived valid */
  GHashTable *files;              /* "split/column" → file, where it differs from the pattern */
  char       *base;               /* (nullable) name of the data set whose rows this one uses */
  GHashTable *base_splits;        /* split → split of base, where the names differ */
  char       *generator;          /* (nullable) */
  char       *prefix;             /* what the names of its files begin with where a folder holds several sets, such as "zundel_"; else "" */
  guint64     seed;
  gboolean    keeps_missing;
} EqsDatasetSpec;

/**
 * The folder of a data set that is opened as `path`. Where that is no folder, its last part may be what the files of one of several sets in a folder begin
 * with: "water/zundel" for zundel_train.xyz and zundel_test.xyz.
 *
 * @param prefix (out) (transfer full) "zundel_"; "" for a folder
 * @return (transfer full) NULL: there is neither
 */
char           *eqs_dataset_find_folder (const char *path, char **prefix);
/**
 * Where there is no part "train", and one part to learn from by its name ("train_300K"), that part stands as "train" too.
 */
void            eqs_dataset_spec_find_training (EqsDatasetSpec *self);
/** The names by which the sets of a folder that holds several can be opened, with commas; (transfer full) (nullable) where it holds none or one. */
char           *eqs_dataset_list_prefixes (const char *folder);

/**
 * What `path` holds (a folder, or one of several sets in one): by dataset.json, by file names with what the json maps, or by file names alone.
 * @param keep_missing  a column that some samples lack is one nevertheless (see eqs_dataset_open_missing)
 * @return (transfer full) NULL with EQS_DATA_ERROR
 */
EqsDatasetSpec *eqs_dataset_spec_read (const char *path, gboolean keep_missing, GError **error);
/** Fills a new one by the names of the files in a folder. */
gboolean        eqs_dataset_spec_guess (EqsDatasetSpec *self, const char *path, GError **error);
/** "train", "valid", "test", then the others by name. */
void            eqs_dataset_spec_sort_splits (EqsDatasetSpec *self);
/** Letters, digits, "_", "-", "." and "+". */
gboolean        eqs_dataset_name_of_part_is_fine (const char *name);
/** @param map (out) (transfer full) (nullable) the file, when it only maps what is found by name. @return FALSE: it cannot be read */
gboolean        eqs_dataset_map_read  (const char *path, EqsValue **map, GError **error);
/** Changes what was found by name. @param path of the file, for messages */
gboolean        eqs_dataset_map_apply (EqsDatasetSpec *spec, const EqsValue *map, const char *path, GError **error);
/** With columns, parts and texts. */
void            eqs_dataset_spec_free (EqsDatasetSpec *self);
/** The file of a column in a part, relative; (transfer full). */
char           *eqs_dataset_spec_dup_file (const EqsDatasetSpec *self, const EqsColumnSpec *column, const char *split);

/** The numbers of a column in ours; column->representation says what they are. */
gboolean        eqs_column_reorder (EqsColumn *column, const char *convention, GError **error);

/** Whether words name the entries of a symmetric tensor, six or nine of xx, xy …, each once. */
gboolean        eqs_convention_names_entries (const char *convention);
/** Whether a convention can be read; error names the column. */
gboolean        eqs_convention_check (const char *column, const char *convention, GError **error);

/** Whether the files hold this part; a derived "valid" is in none. */
gboolean        eqs_dataset_spec_has_split (const EqsDatasetSpec *self, const char *name);

#define EQS_DATA_MAX_FILE (G_GUINT64_CONSTANT (1) << 31)

/** The unit that the column's numbers have once they are loaded, and by what they are multiplied for it. */
const char     *eqs_column_spec_get_unit (const EqsColumnSpec *self, const EqsDatasetSpec *spec, double *factor);
/** See eqs_dataset_say. @param where  the folder or the file that says it, for messages */
gboolean        eqs_dataset_spec_say          (EqsDatasetSpec *self, const GPtrArray *list, const char *where, GError **error);
/** Its field in the file, the first of several; its name where none is said. Borrowed. */
const char     *eqs_column_spec_get_field     (const EqsColumnSpec *self);
/** Several fields are its numbers. */
gboolean        eqs_column_spec_is_table      (const EqsColumnSpec *self);
/** What a column of this name is when a file names it alone: "energy", "forces" …; role, representation and task. FALSE: nothing is known. */
gboolean        eqs_column_spec_take_quantity (EqsColumnSpec *self, gsize width);

struct _EqsDataset
{
  GObject         parent_instance;

  char           *path, *name;    /* owned; as it is opened */
  char           *folder;         /* owned: where its files are */
  EqsDatasetSpec *spec;           /* owned */
  char          **splits;         /* owned; with a derived "valid" */
  GPtrArray      *said;           /* owned, of EqsMeaning */

  GRecMutex       lock;           /* guards what follows */
  GHashTable     *tables;         /* name of a part in the files → EqsSplit */
  EqsDataset     *base;           /* (nullable) owned; opened when first needed */
};

/** Reads the files of a part, or generates it: dataset-part.c; (transfer full). The lock is held. */
EqsSplit       *eqs_dataset_read_part      (EqsDataset *self, const char *name, GError **error);
/** The part as the files have it, read once; borrowed. Locks itself. */
EqsSplit       *eqs_dataset_get_table      (EqsDataset *self, const char *name, GError **error);
/** The part of the base data set that a part of this one indexes; borrowed, the base is opened when first needed. The lock is held. */
EqsSplit       *eqs_dataset_get_base_table (EqsDataset *self, const char *name, GError **error);
/** "NAME_A.txt": one of the files that together hold graphs. */
gboolean        eqs_dataset_file_is_tu     (const char *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsDatasetSpec, eqs_dataset_spec_free)

G_END_DECLS
