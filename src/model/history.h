#pragma once

/**
 * Undo and redo. One history a document, from when it is opened; while there is one, the document changes by commands
 * only. A mark says which state is the one on disk.
 */

#include "model/command.h"

G_BEGIN_DECLS

#define EQS_TYPE_HISTORY (eqs_history_get_type ())
G_DECLARE_FINAL_TYPE (EqsHistory, eqs_history, EQS, HISTORY, GObject)

EqsHistory  *eqs_history_new          (EqsDocument *document);
/** Borrowed; never NULL. */
EqsDocument *eqs_history_get_document (EqsHistory *self);

/**
 * Applies a command and remembers it; what could be redone is forgotten. A command that changes nothing leaves no step.
 * @param command (transfer full)
 * @return FALSE when it failed; the document is as it was
 */
gboolean     eqs_history_do           (EqsHistory *self, EqsCommand *command, GError **error);
/** FALSE when there is nothing to undo, or in a group. */
gboolean     eqs_history_undo         (EqsHistory *self);
/** FALSE when there is nothing to redo, or in a group. */
gboolean     eqs_history_redo         (EqsHistory *self);
/** To the state after n steps, as in a list of steps. */
void         eqs_history_go_to        (EqsHistory *self, guint n);

/** FALSE in a group. */
gboolean     eqs_history_can_undo     (EqsHistory *self);
/** FALSE in a group. */
gboolean     eqs_history_can_redo     (EqsHistory *self);
/** Of the step before, translated, for "Undo …"; NULL when there is none, and in a group. Borrowed until the next step. */
const char  *eqs_history_get_undo_label (EqsHistory *self);
/** Of the step after; NULL when there is none, and in a group. Borrowed until the next step. */
const char  *eqs_history_get_redo_label (EqsHistory *self);
/** Those that can be redone too. */
guint        eqs_history_get_n_steps  (EqsHistory *self);
/** How many of them are applied. */
guint        eqs_history_get_position (EqsHistory *self);
/** Of step 0 … n_steps - 1, borrowed. */
const char  *eqs_history_get_label    (EqsHistory *self, guint index);

/** Commands up to the matching end are one step. Groups nest; the outermost label counts. */
void         eqs_history_begin_group  (EqsHistory *self, const char *label);
/** At the outermost one the step is remembered, unless nothing changed. Not without a begin. */
void         eqs_history_end_group    (EqsHistory *self);
/** Ends the outermost group and takes back all that was done in it. */
void         eqs_history_cancel_group (EqsHistory *self);
/** The next command is a step of its own: a drag has ended, the focus has left a field. */
void         eqs_history_seal         (EqsHistory *self);

/** This state is the one on disk; the next command is a step of its own. */
void         eqs_history_mark_saved   (EqsHistory *self);
/** The saved state can't be reached any more: a document restored from an autosave. */
void         eqs_history_mark_unsaved (EqsHistory *self);
/** Whether the state differs from the one on disk; TRUE after undoing past it too. */
gboolean     eqs_history_is_modified  (EqsHistory *self);

/* Signal "changed" (history): steps, labels, position or the answer of is_modified changed. */

G_END_DECLS
