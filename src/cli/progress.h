#pragma once

/** Progress of training on standard error: a bar that is redrawn on a terminal, a line an epoch elsewhere. */

#include "services/trainer.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean terminal;
  gint64   drawn;        /* time of the last redraw, microseconds */
  guint    epoch;        /* last one that was told */
} EqsCliProgress;

/** Looks whether standard error is a terminal; prints nothing yet. */
void eqs_cli_progress_init  (EqsCliProgress *self);
/** An EqsTrainFunc; data is the EqsCliProgress. */
void eqs_cli_progress_tell  (const EqsTrainProgress *progress, gpointer self);
/** Leaves the bar's line. */
void eqs_cli_progress_end   (EqsCliProgress *self);

G_END_DECLS
