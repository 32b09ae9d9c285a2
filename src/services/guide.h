#pragma once

/**
 * The guide: from what the data are and what is asked to an architecture, with the reasons. Families are scored by the table
 * of the design guide (match with the group, expressiveness, efficiency, exactness, support of libraries); scores are rules of
 * thumb and shown as such. The best family whose layers exist here becomes a design, scaled to the group and the limits.
 */

#include "model/document.h"

G_BEGIN_DECLS

/** What is asked. NULL or 0: not said. */
typedef struct
{
  const char *domain;           /**< image sphere points molecule set graph */
  const char *task;             /**< classification regression segmentation forces pose generation dynamics node */
  const char *group;            /**< "D4", "SO2", "E3xSn" … */
  const char *output;           /**< invariant, equivariant */
  const char *relations;        /**< of sets: alone, interacting; of graphs: links, edge-features, patterns (beyond what neighbours can tell) */
  gint64      max_parameters;
  double      max_mflop;        /**< of one sample; 1 MAC is 2 FLOP */
  gint64      max_arena_bytes;
} EqsQuestion;

typedef struct
{
  const char *id;               /**< "g-cnn" */
  const char *rule;             /**< row of the decision table: "R1" */
  char       *title;            /**< owned, translated */
  const char *library, *topology;
  double      score;            /**< 0 … 1; of the sub-scores below */
  double      match, expressiveness, efficiency, exactness, support;
  double      mflop;            /**< of the scaled design, or what is usual for the family */
  gboolean    mflop_computed;
  GPtrArray  *reasons;          /**< owned, of char *: why it fits */
  char       *rejected;         /**< owned: why it was not taken; NULL for the one that was */
  char       *prefer_when;      /**< owned: when to prefer it all the same */
  EqsDocument *design;          /**< owned (nullable): not built here, or beyond the limits */
} EqsCandidate;

typedef struct
{
  GPtrArray    *candidates;     /**< owned, of EqsCandidate: best first, then those that do not apply */
  EqsCandidate *chosen;         /**< borrowed; NULL: nothing can be built */
  char         *note;           /**< owned (nullable): what a person should know of the answer */
} EqsAnswer;

/**
 * @return NULL with EQS_MODEL_ERROR_INVALID when the question makes no sense (a group that does not act on the domain, a class that
 *         should turn). An answer without a chosen candidate says in `note` that this part is not built.
 */
EqsAnswer *eqs_guide      (const EqsQuestion *question, GError **error);
/** With all candidates and their designs. */
void       eqs_answer_free (EqsAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsAnswer, eqs_answer_free)

/** The constants of the score, in the order match, expressiveness, efficiency, exactness, support. */
extern const double eqs_guide_weights[5];

G_END_DECLS
