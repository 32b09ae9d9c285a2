#pragma once

#include "services/export.h"

G_BEGIN_DECLS

/** The parts of eqs_export_python and eqs_export_python_can for networks of points. */
gboolean eqs_export_python_can_space (const EqkTyped *typed, GError **error);
/**
 * Writes model.py, network.json, weights.safetensors and vectors.json into a folder, which is made if need be.
 * @return (transfer full) their paths; NULL with an error, and files written before it stay
 */
char **eqs_export_python_space (EqsModel *model, const char *folder, GError **error);

G_END_DECLS
