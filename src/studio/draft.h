#pragma once

/**
 * Drafts: what has been edited and not saved is written beside the user's data a second after an edit, so that little is lost whatever
 * happens. A draft is a design file, a note of where its own file is, and a lock that its process holds. A draft without
 * a holder was left behind by a crash and is offered again.
 */

#include "studio/session.h"

G_BEGIN_DECLS

#define EQS_TYPE_DRAFT (eqs_draft_get_type ())
G_DECLARE_FINAL_TYPE (EqsDraft, eqs_draft, EQS, DRAFT, GObject)

/** Watches a session. @param id of a draft that was left behind and is taken over; NULL: a new one */
EqsDraft *eqs_draft_new     (EqsSession *session, const char *id);
/** Writes now what is not written yet, and waits for it. */
void      eqs_draft_flush   (EqsDraft *self);
/** Nothing is left to recover: the changes were saved or thrown away. */
void      eqs_draft_discard (EqsDraft *self);

typedef struct
{
  char        *id;           /* owned */
  EqsDocument *document;     /* owned */
  char        *path;         /* owned (nullable): the design's own file */
} EqsLeftDraft;

/** The draft on disk stays. */
void       eqs_left_draft_free (EqsLeftDraft *self);
/** Drafts left behind; those that cannot be read are set aside (".broken") and left out. (element-type EqsLeftDraft) */
GPtrArray *eqs_drafts_list_left (void);

G_END_DECLS
