#pragma once

/** How long answers and epochs take on this computer, from about half a second of the very steps that training makes. */

#include "data/dataset.h"
#include "model/document.h"

G_BEGIN_DECLS

/** Seconds by the clock; of each the faster and the slower end of what was seen. */
typedef struct
{
  double answer_s[2];      /**< of one sample, alone in its batch */
  double epoch_s[2];       /**< of the design's plan: batches, statistics of norms, validation, symmetry; without reading the data */
  guint  steps;            /**< batches of an epoch */
  int    threads;          /**< that were used */
} EqsTimes;

/**
 * Trains a copy for about a quarter of a second and lets it answer as long; large designs take three batches at least. Nothing is written. Any thread.
 *
 * @param threads  <= 0: all cores
 * @param cancel   (nullable) set from anywhere to 1
 * @return FALSE with an error: what keeps the design from being trained on these data, or G_IO_ERROR_CANCELLED
 */
gboolean eqs_times_measure (EqsDocument *document, EqsDataset *dataset, int threads, const int *cancel, EqsTimes *out, GError **error);

/** "0.42–0.5 ms", "11–13 s", "2–2.4 min"; one number where both ends are written alike. (transfer full) */
char    *eqs_seconds_dup_range (const double seconds[2]);

G_END_DECLS
