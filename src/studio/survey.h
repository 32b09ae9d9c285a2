#pragma once

/** What a data set holds: how many samples each part has, how the classes are spread, and whether one sample stands in two parts. */

#include "data/dataset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define EQS_SURVEY_MOST_LEAKS 8

typedef struct
{
  char    *name;            /**< owned: "train", "test" … */
  guint    n;
  guint   *counts;          /**< owned (nullable) [n_classes] of the survey: samples, or nodes and pixels where those have the classes */
  gsize    n_told;          /**< of a graph whose nodes have the classes: nodes whose class this part tells; 0: samples have them */
  char    *error;           /**< owned (nullable): why it could not be read; n is 0 then */
} EqsSurveyPart;

/** Of graphs whose edges stand in a table: whether a row is one edge or one for each direction. */
typedef enum { EQS_SURVEY_EDGES_NONE, EQS_SURVEY_EDGES_ONE_WAY, EQS_SURVEY_EDGES_BOTH_WAYS } EqsSurveyEdges;

/** Two equal samples: part and row of the earlier, other and other_row of the later. */
typedef struct { guint part, other, row, other_row; } EqsSurveyLeak;      /* rows as in the files, from 0 */

typedef struct
{
  EqsSurveyPart *parts;     /**< owned */
  guint          n_parts;
  EqsSurveyEdges edges;
  guint          n_classes; /**< 0: the answer is no class */
  char         **names;     /**< owned (nullable): of the classes */
  guint          n_leaks;   /**< equal pairs between a part that is trained on and one that is held back; of split nodes only where both know the same ones */
  EqsSurveyLeak  leaks[EQS_SURVEY_MOST_LEAKS];      /**< the first of them */
  guint          n_twice;   /**< samples of a part that is trained on which equal an earlier one of it */
  GArray        *equal;     /**< owned, of EqsSurveyLeak: all equal pairs, within a part (of any) and between those that must differ */
} EqsSurvey;

/** Reads everything; takes a while. Any thread. @param cancellable (nullable) @return NULL: cancelled */
EqsSurvey *eqs_survey_new  (EqsDataset *dataset, GCancellable *cancellable);
/** With the names and counts of its parts. */
void       eqs_survey_free (EqsSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsSurvey, eqs_survey_free)

/** Parts are told apart by their names: those that begin with "train" are trained on. */
gboolean   eqs_part_is_training (const char *name);

G_END_DECLS
