#pragma once

/**
 * All that can be told of a data set before it is trained on: how far each column reaches and what is missing in it, how classes are spread, how samples are
 * turned, which of them are equal. A set that training refuses because values are missing is inspected too: they are counted, none is left out.
 */

#include "studio/orientation.h"
#include "studio/survey.h"

G_BEGIN_DECLS

/** Of a column as a whole, of one of its numbers, or of the length of its arrows. */
typedef enum { EQS_FACTS_WHOLE, EQS_FACTS_COMPONENT, EQS_FACTS_LENGTH } EqsFactsKind;

typedef struct
{
  char         *name;             /**< owned; "(nodes)" and "(edges)": how many a sample has */
  char         *unit;             /**< owned (nullable) */
  EqsFactsKind  kind;
  guint         component;        /**< from 0 */
  EqsRole       role;
  EqsValues     values;
  guint64       n;                /**< numbers that are there */
  guint64       n_missing;        /**< not there or not finite; of elements: no number of an element */
  guint64       n_unknown;        /**< classes of nodes that this part does not know */
  double        min, max, mean, spread;   /**< NaN where n is 0; spread: the standard deviation; scaled as a network sees them */
} EqsColumnFacts;

typedef struct
{
  char           *name;           /**< owned: of the part */
  char           *refusal;        /**< owned (nullable): why training cannot read it */
  gboolean        is_read;        /**< facts were found all the same */
  guint           n;
  GArray         *columns;        /**< owned, of EqsColumnFacts: a column, then its numbers where there are 2 to 64 of them */
  EqsOrientation  orientation;
} EqsInspectedPart;

typedef struct
{
  EqsInspectedPart *parts;        /**< owned */
  guint             n_parts;
  EqsSurvey        *survey;       /**< owned: of the same parts */
  guint64           n_missing;    /**< of all columns of all parts */
} EqsInspection;

typedef enum { EQS_TABLE_COLUMNS, EQS_TABLE_CLASSES, EQS_TABLE_ORIENTATION, EQS_TABLE_DUPLICATES, EQS_N_TABLES } EqsInspectionTable;

/** Reads everything, where values are missing once more; takes a while. Any thread. @param cancellable (nullable) @return NULL: cancelled */
EqsInspection *eqs_inspection_new     (EqsDataset *dataset, GCancellable *cancellable);
/** With all its parts. */
void           eqs_inspection_free    (EqsInspection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsInspection, eqs_inspection_free)

/**
 * One of the tables as RFC 4180 has it, with a line of titles and a decimal point in every locale; (transfer full).
 * columns: part, column, component (number, "length" or empty), role, unit, numbers, missing, unknown, min, mean, spread, max.
 * classes: part, class, name, samples. orientation: part, kind, from_deg, to_deg, tilt_from_deg, tilt_to_deg, samples (a last line "none" of those without).
 * duplicates: part, row, equals_part, equals_row; rows from 0 as in the files.
 */
char          *eqs_inspection_dup_csv (const EqsInspection *self, EqsInspectionTable table);
/** "columns", "classes", "orientation", "duplicates". */
const char    *eqs_inspection_table_name (EqsInspectionTable table);
/** The other way; FALSE: there is no such table. */
gboolean       eqs_inspection_find_table (const char *name, EqsInspectionTable *table);

G_END_DECLS
