#pragma once

/**
 * Named states of a design, kept in its file under "snapshots": a list of objects with a name, the time and the design as it was. They are
 * no part of the network: its hash does not know them. A snapshot holds no snapshots.
 */

#include "model/command.h"

G_BEGIN_DECLS

#define EQS_MOST_SNAPSHOTS 64

typedef struct
{
  char        *name;        /**< owned */
  char        *time;        /**< owned: ISO 8601, local; "" where it is not given */
  EqsDocument *document;    /**< owned: without history */
} EqsSnapshot;

/** In the order they were taken; (element-type EqsSnapshot) (transfer full). What cannot be read as a design is left out. */
GPtrArray  *eqs_snapshots_list            (EqsDocument *document);
/**
 * Keeps the design as it is now, under this name; one of the same name gives way.
 * @return (transfer full) NULL (EQS_MODEL_ERROR_INVALID, _LIMIT) for an empty name and for more than EQS_MOST_SNAPSHOTS
 */
EqsCommand *eqs_command_new_snapshot      (EqsDocument *document, const char *name, GError **error);
/** Makes the design what it was, as one step; the snapshots that there are now stay. Anything that was never a snapshot of it does, too. */
EqsCommand *eqs_command_new_go_back       (const EqsSnapshot *snapshot);
/** Forgets one by its name. */
EqsCommand *eqs_command_new_drop_snapshot (EqsDocument *document, const char *name);

G_END_DECLS
