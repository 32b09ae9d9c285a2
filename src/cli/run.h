#pragma once

/** What the commands about training and trained networks share: numbers with their ranges, designs with changes, data, metrics. */

#include "cli/cli.h"

#include "data/dataset.h"
#include "model/document.h"
#include "services/checkpoint.h"
#include "services/trainer.h"

G_BEGIN_DECLS

/**
 * Reads the value of an option that is a number.
 * @param text  (nullable) what was given; NULL leaves *value as it is
 * @return FALSE: a message with the allowed range was printed; end with EQS_EXIT_USAGE
 */
gboolean eqs_cli_read_whole  (const char *option, const char *text, gint64 min, gint64 max, gint64 *value);
/** Likewise for a finite number above `above`, at most `max`. */
gboolean eqs_cli_read_number (const char *option, const char *text, double above, double max, double *value);

/** One of a NULL-terminated list. @return FALSE: a message with the list was printed */
gboolean eqs_cli_read_choice (const char *option, const char *text, const char *const *choices, int *index);

/**
 * A design from a file, reduced and changed as asked.
 * @param sets  (nullable) of "NODE.PARAM=VALUE", NULL-terminated
 * @return NULL: a message was printed, end with *status
 */
EqsDocument *eqs_cli_load_design (const char *path, gboolean preview, char **sets, int *status);

/** A data set by name or path. data NULL: the one the design is bound to. @return NULL: as above */
EqsDataset  *eqs_cli_open_data   (const char *data, EqsDocument *document, int *status);

/** {"accuracy": 0.95, …} and {"accuracy": "fraction", …}; metrics may be NULL. (transfer full) */
EqsMap      *eqs_cli_metrics     (const GArray *metrics);
/** {"accuracy": "fraction", "energy_mae": "eV" …}; metrics may be NULL. (transfer full) */
EqsMap      *eqs_cli_units       (const GArray *metrics);
/** "accuracy 95.3 %", "force error 21.3 meV/Å" … joined by commas; "loss" is left out unless alone. (transfer full) */
char        *eqs_cli_metrics_text (const GArray *metrics);
/** One metric for people. (transfer full) */
char        *eqs_cli_metric_text (const EqsMetric *metric);

/** Sets *flag when Ctrl-C is pressed or the process is asked to end; a second Ctrl-C ends at once. */
void         eqs_cli_catch_interrupt (int *flag);

/** Problems of the design that block its promise alone, to standard error: what is trained is not what was promised. */
void         eqs_cli_warn_promise (EqsDocument *document);

G_END_DECLS
