#pragma once

/**
 * What is said of one column against what files say by themselves: which property it is read from, in what unit and order of components its numbers
 * stand there, whether it goes in or is to be told, and how its classes are called. There is one form of it:
 *
 *   "energy": {"field": "E_dft", "unit": "Hartree"}          "kind": {"role": "target", "values": "label", "classes": ["flat", "house"]}
 *
 * which stands in "map" of a folder's dataset.json, in "map" of a design's data, and is what the command line says by --column energy=E_dft,
 * --unit energy=Hartree, --role kind=class and --convention dipole=yzx.
 */

#include "data/dataset.h"
#include "model/value.h"

G_BEGIN_DECLS

/** What is NULL, or has no has_…, is not said. */
typedef struct
{
  char     *name;                     /**< owned: what the column is called, or a field of a table that is a column with others */
  char     *field;                    /**< owned (nullable): the property of the files that it is read from */
  char     *unit;                     /**< owned (nullable): of its numbers in the files (data/units.h) */
  char     *convention;               /**< owned (nullable): how the files order its components (eqk/convention.h) */
  gboolean  has_role, has_values;
  EqsRole   role;
  EqsValues values;                   /**< label or feature */
  char    **classes;                  /**< owned (nullable): their names */
  guint     n_shape;                  /**< 0: not said */
  guint64   shape[3];                 /**< rows, columns and channels of a picture that stands in a row of numbers */
} EqsMeaning;

/** What the command line says one at a time. */
typedef enum { EQS_SAY_FIELD, EQS_SAY_UNIT, EQS_SAY_ROLE, EQS_SAY_CONVENTION, EQS_N_SAYINGS } EqsSaying;

EqsMeaning *eqs_meaning_new       (const char *name);
EqsMeaning *eqs_meaning_copy      (const EqsMeaning *self);
void        eqs_meaning_free      (EqsMeaning *self);
/** A list that frees its EqsMeaning. */
GPtrArray  *eqs_meanings_new      (void);
/** The one of that name, made where there is none yet; borrowed from the list. */
EqsMeaning *eqs_meanings_get      (GPtrArray *list, const char *name);
/** Adds what one says to what the list says of that name already. */
void        eqs_meanings_add      (GPtrArray *list, const EqsMeaning *one);
/** What the command line says: "energy=E_dft", "energy=kcal/mol", "kind=class" (input, class, number or extra), "dipole=yzx". Adds to what the list says already. */
gboolean    eqs_meanings_take     (GPtrArray *list, EqsSaying saying, const char *text, GError **error);
/** From the form above; unknown keys are ignored. @param where  what the form stands in, for messages */
gboolean    eqs_meanings_read     (GPtrArray *list, const EqsMap *map, const char *where, GError **error);
/** (transfer full) the form above */
EqsMap     *eqs_meanings_to_map   (const GPtrArray *list);

/**
 * Reads a data set as is said. Before parts are loaded, and not from one thread while another loads. A column that stood under a name that now another
 * is read under becomes an extra, NAME_in_file; one read from a property is a target where its name is that of a quantity ("energy", "forces", "stress",
 * "dipole") or of a target ("label", "y" …), and an extra that gets a name becomes a target.
 *
 * @param list  of EqsMeaning
 * @return FALSE: there is no such column or property, a unit is not known or of another kind than the quantity, a convention is not known, nothing goes in
 */
gboolean    eqs_dataset_say           (EqsDataset *self, const GPtrArray *list, GError **error);
/** All that eqs_dataset_say has said; (transfer none) (element-type EqsMeaning) */
const GPtrArray *eqs_dataset_get_said (EqsDataset *self);

/**
 * What could be said of a folder: its columns and fields as they are understood now, with their roles. Class names are known where they are written in
 * files; those of folders of pictures are known after loading.
 * @return (transfer full) of EqsMeaning; empty where "columns" of dataset.json describe the folder, or the set is generated
 */
GPtrArray  *eqs_dataset_list_meanings (EqsDataset *self);
/**
 * Keeps what is said as dataset.json of the folder ("map"); a set that is opened after that follows it.
 * @param list  all of eqs_dataset_list_meanings, changed
 * @return FALSE: nothing goes in, nothing is to be told, or the folder cannot be written
 */
gboolean    eqs_dataset_keep_meanings (EqsDataset *self, const GPtrArray *list, GError **error);

G_END_DECLS
