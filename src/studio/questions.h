#pragma once

/**
 * The ten questions: what a person answers about data and task, with defaults, and the question for the guide (services/guide.h)
 * that follows from the answers. No widget and no thread of its own.
 */

#include "services/guide.h"

G_BEGIN_DECLS

#define EQS_N_QUESTIONS 10

typedef struct
{
  const char *value;       /**< in files: "image", "C4" … */
  const char *title;       /**< N_() */
  const char *about;       /**< N_() or NULL */
  const char *domains;     /**< offered for these kinds of samples; NULL: for all */
} EqsChoice;

typedef struct
{
  const char      *title;      /**< N_() */
  const char      *unsure;     /**< N_(): what "Not sure" does */
  const EqsChoice *choices;    /**< ends with value NULL */
} EqsQuestionText;

extern const EqsQuestionText eqs_question_texts[EQS_N_QUESTIONS];   /**< question 1 is at index 0 */

typedef struct
{
  const char *given[EQS_N_QUESTIONS];    /**< values of choices; NULL: the default holds */
  gboolean    unsure[EQS_N_QUESTIONS];
} EqsAnswers;

/**
 * A text of a question or choice in the words of its kind of samples: sets and graphs are not turned, their items change places. Translated.
 *
 * @param text    (nullable) N_()
 * @param domain  (nullable)
 */
const char *eqs_question_words   (const char *text, const char *domain);
/**
 * In words what a design's specification says of samples, task or answer: "An image" for "image"; itself where there are none. (nullable) as value
 *
 * @param domain (nullable) the kind of samples
 */
const char *eqs_answer_title     (const char *value, const char *domain);
/** What holds: the answer, or the default that follows from the others. Never NULL. */
const char *eqs_answers_get      (const EqsAnswers *self, guint question);
/** Whether it makes sense after the other answers and there is a design for it. */
gboolean    eqs_choice_is_offered (const EqsChoice *choice, const EqsAnswers *answers);
/** Sets an answer (NULL: back to the default); answers that are not offered any more go back to their defaults. */
void        eqs_answers_set      (EqsAnswers *self, guint question, const char *value);
/** What data say of themselves: the kind of sample and what is to be told. @param domain, task (nullable) left open, as what no design is for */
void        eqs_answers_set_data  (EqsAnswers *self, const char *domain, const char *task);
/** Answers that were given, of EQS_N_QUESTIONS. */
guint       eqs_answers_count    (const EqsAnswers *self);
/** The group that follows from questions 1, 6, 8 and 9. (transfer full) */
char       *eqs_answers_dup_group (const EqsAnswers *self);
/**
 * Asks the guide, binds the design to the data of its template, and keeps the answers in the design ("questionnaire"). Any thread may
 * call; takes some tenths of a second.
 * @return as eqs_guide; chosen->design is complete
 */
EqsAnswer  *eqs_answers_ask      (const EqsAnswers *self, GError **error);

G_END_DECLS
