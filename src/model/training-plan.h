#pragma once

/**
 * The settings of a training plan: what each takes, what it is where nothing is said, and where it counts. The trainer, the checks and the forms read
 * this one table, so that none of them allows or shows what another does not.
 */

#include "model/compile.h"

#include <eqk/settings.h>

G_BEGIN_DECLS

typedef enum { EQS_TRAINING_COURSE, EQS_TRAINING_WEIGHTS, EQS_TRAINING_SAMPLES, EQS_TRAINING_ANSWERS } EqsTrainingPart;

typedef struct
{
  EqkParam        param;
  EqsTrainingPart part;
  const char     *of, *when;     /**< counts only where the setting `of` is one of `when` ("step|plateau"); NULL: always */
  gboolean        groups;        /**< a choice that may be the id of a group as well */
} EqsTrainingSetting;

/** @param n how many there are */
const EqsTrainingSetting *eqs_training_settings (guint *n);

/** The value in the plan (nullable), or the default. The name must be one of the table. */
double      eqs_training_get_number (const EqsMap *plan, const char *name);
/** Likewise, for text; borrowed from plan or table. */
const char *eqs_training_get_string (const EqsMap *plan, const char *name);

/** FALSE at the first value that no training can use (EQS_MODEL_ERROR_INVALID), with what it may be. Settings that are not known are left alone. */
gboolean    eqs_training_check (const EqsMap *plan, GError **error);

/** Adds E-PLAN for each such value and W-PLAN-UNKNOWN for each setting that nothing reads, with the name that was perhaps meant as a fix. */
void        eqs_training_add_problems (EqsCheck *check, EqsDocument *document);

G_END_DECLS
