#pragma once

/** Metrics of runs as people read them: their names, and their values in the unit in which the field tells them. */

#include <glib.h>

G_BEGIN_DECLS

/** "accuracy" → "accuracy", "miou" → "mean IoU" …, translated, for labels such as "Validation accuracy 94.8 %". */
const char *eqs_metric_title    (const char *name);
/** "94.8 %", "21.3 meV/Å". @param unit (nullable) */
char       *eqs_metric_dup_text (const char *name, double value, const char *unit);
/** Whether it is told as a share of a hundred: accuracy, mean IoU. @param name (nullable) */
gboolean    eqs_metric_is_share (const char *name);
/** Whether it is told in thousandths of its unit, as errors of energies and forces are in meV. @param unit (nullable) */
gboolean    eqs_metric_is_milli (const char *unit);

G_END_DECLS
