#pragma once

/** The values on one wire in numbers: what each type of field in it holds, and how its values are spread. */

#include "studio/probe-network.h"

G_BEGIN_DECLS

#define EQS_PEEK_BINS 40

typedef struct
{
  char   *title;            /**< owned: "16x reg(C4)"; of all of them together the type of the wire */
  int     first, dim, mul;  /**< channels: of the first copy; of a copy; how many copies. Of all together: 0, the width, 1 */
  gsize   n, n_bad;         /**< numbers that are finite, and those that are not */
  gsize   n_zero;           /**< of n, exactly zero */
  double  min, max, mean, spread;           /**< NaN where n is 0; spread: the standard deviation */
  double  norm;             /**< mean length of a copy at one place; NaN likewise */
  guint   n_dead;           /**< copies that are zero everywhere in the sample */
  guint   counts[EQS_PEEK_BINS];            /**< of the numbers between low and high, in equal steps */
  double  low, high;        /**< of the histogram: min and max, parted where they are equal */
} EqsPeekField;

/** Any thread. (transfer full) (element-type EqsPeekField) all together first where there are several runs (or none is known), then run by run; the values are those of the sample as it is. */
GPtrArray *eqs_peek_new (const EqsProbeWire *wire);

G_END_DECLS
