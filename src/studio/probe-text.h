#pragma once

/** The verdict of a look in words, for every place that shows one. */

#include "studio/probe-network.h"

G_BEGIN_DECLS

/** Translated. @param style (out) (nullable) the class of the pill it stands in, eq-good, eq-warn, eq-bad or eq-second */
const char *eqs_probe_verdict_text (EqsProbeVerdict verdict, const char **style);

G_END_DECLS
