#pragma once

#include "data/split.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * A data set: what its columns are, which parts it has, where it comes from; the samples of a part are read when they
 * are asked for and kept. Described by dataset.json in its folder (data/datasets/README.md has the format), or by file
 * names where that is absent:
 *
 *   {split}-images.idx[.gz] .npy     "image"          {split}.xyz   "species", "positions", "cell", "energy", "forces" …
 *   {split}-labels.idx[.gz] .npy     "label"          {split}.npz   its arrays by name ("label" and "y" are targets)
 *   {split}-classes.idx[.gz] .npy    "mask"           {split}.npy   "x"
 *   {name}_A.txt and its fellows     graphs of the TU layout (data/tu.h): "nodes", "edges", "edge_features", "label", "attributes"
 *   nodes.csv and edges.csv          one graph, sets.csv: sets (data/tables.h): "nodes", "edges", "edge_features", "elements", targets
 *   train|t10k-images-idx3-ubyte[.gz] and -labels-idx1-ubyte: MNIST's own names; "t10k" is "test"
 *   one .npz with x_train, y_train, test_images, val_labels …: all parts in one file
 *   {split}-angles.csv (angle_rad)   "angle" and "angle_direction", its (cos, sin)
 *   {split}-points.idx[.gz] .npy     "positions" of point clouds, with classes in {split}-labels and their names in classes.txt (data/clouds.h)
 *   {split}/{class}/ pictures        "image", "label" {split}.csv   "x", and "label" or "y"
 *   {class}/ pictures                the same, all of them in "train"
 *
 * What all files of a set begin with stands before {split} in the last five forms (NAME_train.xyz, NAME-train.npy): of several sets in one folder each is
 * opened as FOLDER/NAME. A part "train_300K" that is the only one to learn from counts as "train" too; other parts of extended XYZ may have less than it.
 *
 * Arrays [n, rows, columns] of bytes or in a square, and [n, rows, columns, channels], are pictures; so are tables whose titles are pixel0, pixel1 … of a
 * square, or 1x1, 1x2 … What names and shapes do not say is said by data/meaning.h.
 *
 * Parts. With "train" and without "valid", one tenth of train is held back for validation. Fixed, so that every
 * program cuts the same way: p = eqk_random_permutation of the n rows by eqk_random (seed, EQK_RANDOM_SPLIT, 0, 0, 0),
 * seed 0 unless the design says otherwise; v = max (n / 10, 1); valid is p[n-v .. n), train the rest. A limit of N
 * keeps the first N of p within the part. Rows of a part then stand in the order of the file.
 *
 * Any thread may call; splits are immutable and may be shared.
 */
#define EQS_TYPE_DATASET (eqs_dataset_get_type ())
G_DECLARE_FINAL_TYPE (EqsDataset, eqs_dataset, EQS, DATASET, GObject)

/** What is known of a column before any sample is read. Borrowed from the data set. */
typedef struct
{
  const char        *name;
  EqsRole            role;
  EqsColumnKind      kind;
  EqsValues          values;
  const char        *representation;      /**< (nullable) */
  const char        *unit;                /**< (nullable) of its numbers once loaded: of molecules eV and Å, whatever the file is in */
  const char        *task;                /**< (nullable) */
  const char *const *class_names;         /**< (nullable) */
  const char        *stated_unit;         /**< (nullable) of the numbers in the file */
  double             factor;              /**< by which they are multiplied for that; 1: they stay */
  const char        *field;               /**< the property of the file that is read */
  const char *const *fields;              /**< (nullable) all of them where several make the column */
  const char        *field_to;            /**< (nullable) of edges in a table: where they end; field is where they begin */
  gboolean           both_ways;           /**< of edges: each row is read as two, one for each direction */
} EqsColumnInfo;

/**
 * Opens a shipped data set by name, a folder by its path, or FOLDER/NAME (what has a "/" is a path; a shipped name goes before a
 * folder of that name here). Shipped ones are looked for in $EQUISTUDIO_DATADIR, $EQUISTUDIO_DATADIR/datasets, the
 * source tree this was built from, and the installed data.
 *
 * @return (transfer full) NULL with EQS_DATA_ERROR
 */
EqsDataset        *eqs_dataset_open            (const char *name_or_path, GError **error);
/**
 * The same set once more, read in the same way, for whoever counts what is missing: numbers that are not there or not finite are NaN in its parts,
 * which are not for training.
 * @return (transfer full) NULL with EQS_DATA_ERROR
 */
EqsDataset        *eqs_dataset_open_missing    (EqsDataset *self, GError **error);
/** Shipped data sets by name; (transfer container) (element-type EqsDataset) */
GPtrArray         *eqs_dataset_list_shipped    (void);

/** That of its folder; borrowed, as all texts here. */
const char        *eqs_dataset_get_name        (EqsDataset *self);
/** For people; by default the folder's name. */
const char        *eqs_dataset_get_title       (EqsDataset *self);
/** May be "". */
const char        *eqs_dataset_get_description (EqsDataset *self);
/** Its folder. */
const char        *eqs_dataset_get_path        (EqsDataset *self);
/** "image", "sphere", "points", "molecule", "set" or "graph". */
const char        *eqs_dataset_get_domain      (EqsDataset *self);
/** Its usual task; "" where none is known. */
const char        *eqs_dataset_get_task        (EqsDataset *self);
/** The symmetry that fits, such as "SO2"; or "". */
const char        *eqs_dataset_get_group       (EqsDataset *self);
/** Of the data; "" where nothing says it. */
const char        *eqs_dataset_get_licence     (EqsDataset *self);
/** Where they come from, for people; "" where nothing says it. */
const char        *eqs_dataset_get_origin      (EqsDataset *self);
/** Made by a generator of this program (data/generate.h) when it is loaded, instead of read from files. */
gboolean           eqs_dataset_is_generated    (EqsDataset *self);
/** Names of the parts, "train" first; "valid" among them also where it is cut from train. NULL-terminated. */
const char *const *eqs_dataset_get_splits      (EqsDataset *self);
/** Whether a part of that name is in eqs_dataset_get_splits. */
gboolean           eqs_dataset_has_split       (EqsDataset *self, const char *split);
/** Of all parts alike; a part may lack some of the targets. */
guint              eqs_dataset_get_n_columns   (EqsDataset *self);
/** Column 0 … n_columns - 1, in the order of the description. */
EqsColumnInfo      eqs_dataset_get_column      (EqsDataset *self, guint index);

/**
 * The samples of a part. Inputs must be there; a target whose file is absent is left out (eqs_split_require then says
 * so). Values are checked: finite, labels within the classes, equal numbers of samples, and the shapes of columns
 * against the parts loaded before. (Whether a shape fits a design is the caller's question.)
 *
 * @return (transfer full)
 */
EqsSplit          *eqs_dataset_load            (EqsDataset *self, const char *split, GError **error);
/** As eqs_dataset_load, with the design's seed for the cut, and at most limit samples (0: all). */
EqsSplit          *eqs_dataset_load_seeded     (EqsDataset *self, const char *split, guint64 seed, guint limit,
                                                GError **error);
/**
 * The two halves of training on a part other than "train", such as "train_upright": its samples but a tenth, and (held_back)
 * that tenth, by the same seeded cut as of "train". Where the data bring a "valid" of their own, "train" is not cut.
 */
EqsSplit          *eqs_dataset_load_training   (EqsDataset *self, const char *split, gboolean held_back, guint64 seed, guint limit,
                                                GError **error);
/** SHA-256 in hex of all data files and of what changes their meaning (scales, fields): goes into checkpoints. */
char              *eqs_dataset_dup_hash        (EqsDataset *self, GError **error);

G_END_DECLS
