#pragma once

/** What an inspection found, as text and JSON. */

#include "cli/cli.h"
#include "studio/inspection.h"

G_BEGIN_DECLS

/** Prints it for people. */
void    eqs_cli_print_inspection (const EqsInspection *inspection);
/** (transfer full) "parts" and "duplicates" */
EqsMap *eqs_cli_inspection_map   (const EqsInspection *inspection);

G_END_DECLS
