#pragma once

/** Sections of the inspector that are derived from the check: made anew after each. Each appends to a box, or nothing. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The problem first, then ways to fix it, then why; for each problem of the node. @return whether there was one */
gboolean    eqs_details_append_problems (GtkWidget *box, EqsSession *session, const char *path);
/** Types in and out: kinds of fields, how many, their size, channels. */
void        eqs_details_append_fields   (GtkWidget *box, EqsSession *session, const char *path);
/** Parameters with the formula, multiply-adds, size of the output. */
void        eqs_details_append_cost     (GtkWidget *box, EqsSession *session, const char *path);
/** Why settings have the limits they have, and what lowered the promise. */
void        eqs_details_append_limits   (GtkWidget *box, EqsSession *session, const char *path);
/** What the node does, in one sentence made from its layer and types. (transfer full) */
char       *eqs_details_dup_sentence    (EqsSession *session, const char *path);
/** "exact", "partly exact", "broken", "error" … with its style; NULL: not known. Foretold by the types. */
const char *eqs_details_get_verdict     (EqsSession *session, const char *path, const char **style);
/** A button that applies a fix. @param fix belongs to the check, which the button keeps */
GtkWidget  *eqs_details_new_fix_button  (EqsSession *session, const EqsFix *fix, const char *label);

G_END_DECLS
