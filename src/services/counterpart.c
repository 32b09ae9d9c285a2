/* A layer's row names one class, or two: of the plane and of space. */

#include "services/counterpart.h"

#include <string.h>

char *
eqs_counterpart_dup (const EqkLayerType *layer, gboolean space)
{
  const char *bar = layer == NULL || layer->exports == NULL ? NULL : strchr (layer->exports, '|');

  if (bar == NULL)
    return layer == NULL ? NULL : g_strdup (layer->exports);
  return space ? g_strdup (bar + 1) : g_strndup (layer->exports, (gsize) (bar - layer->exports));
}

char *
eqs_counterpart_dup_all (const EqkLayerType *layer)
{
  g_auto (GStrv) both = layer == NULL || layer->exports == NULL ? NULL : g_strsplit (layer->exports, "|", 2);

  return both == NULL ? NULL : g_strjoinv (", ", both);
}
