#pragma once

/**
 * Runs of one plan that differ only in the seed: how much of a result is the design and how much is luck. The first run and those
 * of other seeds are a family; each is a run like any other.
 */

#include "studio/session.h"

G_BEGIN_DECLS

typedef double (*EqsPointValue) (const EqsTrainingPoint *point);

/** How a figure lies over the runs of a family. */
typedef struct { guint n; double mean, low, high; } EqsSpread;

/** Adds n runs of the plan of this one, with the next seeds, and starts them one after the other; when one is stopped or fails, the rest is not started. */
void       eqs_seeds_train  (EqsSession *session, EqsTraining *run, guint n);
/** The run and those of its plan with other seeds, oldest first; (element-type EqsTraining) (transfer full) */
GPtrArray *eqs_seeds_family (EqsSession *session, EqsTraining *run);
/**
 * A run that was read from its folder finds its family among those of the session: folders of seeds are named after that of the first run.
 * Before it is added to the session.
 */
void       eqs_seeds_join   (EqsSession *session, EqsTraining *run);
/** Other folders of the same family that are there, the first run before seeds; (element-type utf8) (transfer full) Any thread. */
GPtrArray *eqs_seeds_list_folders (const char *folder);
/**
 * A figure by epochs, over the runs that have begun, as far as all of them have come.
 * @param x, mean, low, high  room for as many epochs as any run has; NaN where no run has the figure
 * @return the number of epochs
 */
guint      eqs_seeds_band   (GPtrArray *runs, EqsPointValue value, double *x, double *mean, double *low, double *high);
/** Of the last epoch of those runs that have one. */
EqsSpread  eqs_seeds_last   (GPtrArray *runs, EqsPointValue value);
/** Of a metric on the test part, over the runs that are done. */
EqsSpread  eqs_seeds_test   (GPtrArray *runs, const char *metric);
/** The seed that a run was made with. */
gint64     eqs_seeds_get    (EqsTraining *run);

G_END_DECLS
