#pragma once

#include "services/export.h"

G_BEGIN_DECLS

/** The part of eqs_export_python that writes networks of points. */
char **eqs_export_python_space (EqsModel *model, const char *folder, GError **error);

G_END_DECLS
