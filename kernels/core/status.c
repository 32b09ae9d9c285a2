/* Status names and the recording of facts about a failure. */

#include "eqk/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

EqkStatus
eqk_fail (EqkDiag *diag, EqkStatus status, const char *what_format, ...)
{
  va_list args;

  if (diag == NULL)
    return status;

  diag->status = status;
  va_start (args, what_format);
  vsnprintf (diag->what, sizeof diag->what, what_format, args);
  va_end (args);
  return status;
}

EqkStatus
eqk_fail_expected (EqkDiag *diag, EqkStatus status, const char *what, const char *expected, const char *found)
{
  if (diag == NULL)
    return status;

  diag->status = status;
  snprintf (diag->what, sizeof diag->what, "%s", what);
  snprintf (diag->expected, sizeof diag->expected, "%s", expected);
  snprintf (diag->found, sizeof diag->found, "%s", found);
  return status;
}

const char *
eqk_status_name (EqkStatus status)
{
  static const char *const names[] = { "ok", "no memory", "parse", "limit", "name", "type", "shape", "group", "graph",
                                       "unsupported", "nan", "data", "cancelled", "internal" };

  return (size_t) status < sizeof names / sizeof names[0] ? names[status] : "unknown";
}
