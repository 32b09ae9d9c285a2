#pragma once

/** In which class of a usual library a layer is found. */

#include "eqk/layer.h"

#include <glib.h>

G_BEGIN_DECLS

/** @param space  of a design in space, not in the plane  @return (transfer full) (nullable) "e3nn.nn.Gate"; NULL: a module of its own */
char *eqs_counterpart_dup     (const EqkLayerType *layer, gboolean space);
/** Both where they differ: "escnn.nn.GatedNonLinearity1, e3nn.nn.Gate". (transfer full) (nullable) */
char *eqs_counterpart_dup_all (const EqkLayerType *layer);

G_END_DECLS
