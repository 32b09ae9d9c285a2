#pragma once

/**
 * Bends: places that a wire is led over. They are look alone, so they stand beside the links, in the field "bends" of the design:
 * [{ "scope": "", "from": "conv.y", "to": "act.x", "points": [[x, y], …] }, …]. Those of wires that are no more say nothing.
 */

#include "model/command.h"

G_BEGIN_DECLS

#define EQS_MAX_BENDS 4

/** @return how many there are, at most EQS_MAX_BENDS, written to points */
guint       eqs_bends_get         (EqsDocument *document, const char *scope, const char *from, const char *to, double points[EQS_MAX_BENDS][2]);
/** n = 0: straight again. One step while the same wire is led elsewhere. @param from, to "node.port" */
EqsCommand *eqs_command_new_bends (const char *scope, const char *from, const char *to, const double points[][2], guint n);

G_END_DECLS
