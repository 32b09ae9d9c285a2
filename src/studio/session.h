#pragma once

/**
 * What one window knows, without any widget: the document with its history and file, what has been found out about it
 * (types, problems, costs), the selection, the wire that is looked at, the group element that all views share, the data,
 * the runs. Widgets show a session and change it by commands; two widgets agree because they ask the same session.
 *
 * A session belongs to the main thread. What takes time is done by workers on copies; results arrive by signals.
 */

#include "data/dataset.h"
#include "model/compile.h"
#include "model/history.h"
#include "services/data-look.h"
#include "studio/data-test.h"
#include "studio/training.h"

#include "eqk/group.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define EQS_TYPE_SESSION (eqs_session_get_type ())
G_DECLARE_FINAL_TYPE (EqsSession, eqs_session, EQS, SESSION, GObject)

/**
 * A design from a template, bound to the data the template is made for; any thread may call.
 * @param changes (out) (optional) (element-type utf8): what binding changed
 * @return (transfer full)
 */
EqsDocument *eqs_document_new_from_template (const char *name, GPtrArray **changes, GError **error);

/** @param document gets a history and must have none  @param path (nullable) its file */
EqsSession  *eqs_session_new           (EqsDocument *document, const char *path);

/** Borrowed, the same for the session's whole life. */
EqsDocument *eqs_session_get_document  (EqsSession *self);
/** Borrowed; steps are added by eqs_session_do. */
EqsHistory  *eqs_session_get_history   (EqsSession *self);
/** Of the design's own file; borrowed until it is saved elsewhere. NULL: never saved. */
const char  *eqs_session_get_path      (EqsSession *self);
/** Name of the design, else of the file, else "Untitled", translated. (transfer full) */
char        *eqs_session_dup_title     (EqsSession *self);
/** Writes to path (NULL: its own file), which becomes its own. */
gboolean     eqs_session_save          (EqsSession *self, const char *path, GError **error);

/* ---- changing ---- */
/** Runs a command as one undo step; why it cannot be done is told by "message". @param command (transfer full) */
gboolean     eqs_session_do            (EqsSession *self, EqsCommand *command);
/** Applies a fix of a problem as one undo step named like the fix. */
gboolean     eqs_session_apply_fix     (EqsSession *self, const EqsFix *fix);
/** Something a person should read: windows show its first line as a toast, and further lines when asked. */
void         eqs_session_message       (EqsSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** What fitting the design to its data has changed, in one message. @param changes of sentences; empty: nothing is said */
void         eqs_session_tell_changes  (EqsSession *self, const GPtrArray *changes);

/* ---- what has been found out ---- */
/** The newest check; NULL before the first. It may be older than the document: eqs_session_is_checked. */
EqsCheck          *eqs_session_get_check    (EqsSession *self);
/** The check is of the document as it is. */
gboolean           eqs_session_is_checked   (EqsSession *self);
/** Turns the main context until the check is up to date; for tests and for what must not show old numbers. */
void               eqs_session_settle       (EqsSession *self);
/** Type at an output; NULL: not known. @param path of the node  @param port NULL: its first output */
const EqkPortType *eqs_session_get_type_at  (EqsSession *self, const char *path, const char *port);
/** Cost of a node of the main graph; NULL: not known. */
const EqsNodeCost *eqs_session_get_cost     (EqsSession *self, const char *path);
/** Worst problem of a node, or of a port of it; NULL: none. @param port NULL: any */
const EqsProblem  *eqs_session_get_problem  (EqsSession *self, const char *path, const char *port);
/** Problems by severity. */
guint              eqs_session_count_problems (EqsSession *self, EqkSeverity severity);
/** The symmetry of the document. FALSE: its group is unknown. */
gboolean           eqs_session_get_symmetry (EqsSession *self, EqkSymmetry *symmetry);

/* ---- where people are ---- */
/** Never NULL; "": the main graph. Borrowed until it changes. */
const char  *eqs_session_get_scope     (EqsSession *self);
/** Goes into a graph (NULL: the main one) and clears the selection. Nothing where there is no such graph. */
void         eqs_session_set_scope     (EqsSession *self, const char *scope);
/** Paths of the selected nodes, NULL-terminated; borrowed until the selection changes. */
const char *const *eqs_session_get_selection (EqsSession *self);
/** Nodes in eqs_session_get_selection. */
guint        eqs_session_get_n_selected (EqsSession *self);
/** By path. */
gboolean     eqs_session_is_selected   (EqsSession *self, const char *path);
/** Paths that are not nodes of the scope are left out. @param paths NULL: nothing */
void         eqs_session_select        (EqsSession *self, const char *const *paths);
/** Goes into its scope and selects this node alone; NULL: nothing. */
void         eqs_session_select_one    (EqsSession *self, const char *path);
/** Asks the canvas to bring a node into view; emits "reveal". */
void         eqs_session_reveal        (EqsSession *self, const char *path);
/** As eqs_session_reveal, but the keyboard stays where it is; emits "look-at". */
void         eqs_session_look_at       (EqsSession *self, const char *path);

/** The wire whose features the symmetry view shows: an output of a node. NULL: the result of the design. */
const char  *eqs_session_get_probe_node (EqsSession *self);
/** Of that node; NULL: its first output. Borrowed until the probe changes. */
const char  *eqs_session_get_probe_port (EqsSession *self);
/** Another wire to look at; emits "probe-changed" when it is another. The texts must not be those of the getters. */
void         eqs_session_set_probe     (EqsSession *self, const char *path, const char *port);

/** The element that all views show. angle_rad is a turn counter-clockwise of any size; mirror comes first (group.h). */
double       eqs_session_get_angle     (EqsSession *self);
/** Whether the element mirrors first. */
gboolean     eqs_session_get_mirror    (EqsSession *self);
/** Emits "element-changed" when one of the two is another. */
void         eqs_session_set_element   (EqsSession *self, double angle_rad, gboolean mirror);

/* ---- data ---- */
/** Loaded in the background from the name in the design; NULL while there is none. "data-changed" tells. */
EqsDataset  *eqs_session_get_dataset   (EqsSession *self);
/** Data are being read in the background. */
gboolean     eqs_session_is_loading    (EqsSession *self);
/** What the data say against themselves and designs (services/data-look.h); (nullable): not read yet. */
const EqsDataLook *eqs_session_get_data_look (EqsSession *self);
/** Why the design's data could not be read, in a sentence; borrowed. NULL: nothing failed. */
const char  *eqs_session_get_data_error (EqsSession *self);
/** Binds data to the design as one undo step (services/bind.h). @param changes (out) (optional) (element-type utf8) */
gboolean     eqs_session_bind          (EqsSession *self, EqsDataset *dataset, GPtrArray **changes, GError **error);

/** The symmetry test of the data; forgotten when other data come. */
EqsDataTest *eqs_session_get_data_test (EqsSession *self);

/* ---- training ---- */
/** All runs of this window, oldest first: of EqsTraining. */
GListModel  *eqs_session_get_runs      (EqsSession *self);
/** The one that goes on or was last shown; borrowed. NULL: none. */
EqsTraining *eqs_session_get_run       (EqsSession *self);
/** Its figures and weights are shown from now on. @param run (nullable) */
void         eqs_session_show_run      (EqsSession *self, EqsTraining *run);
/** Whether any run of this window is active. */
gboolean     eqs_session_is_training   (EqsSession *self);
/** Starts a run of the design as it is, by its own plan. @param options (nullable) what differs from the plan */
EqsTraining *eqs_session_train         (EqsSession *self, const EqsTrainOptions *options, GError **error);
/** Whether the design is another network than the one that the run trained; the plan and the data may differ without that. */
gboolean     eqs_session_has_changed_since (EqsSession *self, EqsTraining *run);
/** A run that was stopped goes on, and is shown. Nothing while another is active, or when it cannot (eqs_training_can_go_on). */
void         eqs_session_go_on         (EqsSession *self, EqsTraining *run);
/** Appends a run made elsewhere and shows it; a reference is taken. */
void         eqs_session_add_run       (EqsSession *self, EqsTraining *run);

/* ---- the network with weights ---- */
/**
 * The network as views run it: the newest trained weights when they are of this network, else the initial ones. A snapshot that
 * any thread may open.
 */
EqsModelSource *eqs_session_dup_model_source (EqsSession *self);

/** The last audit of this window (services/audit.h, eqs_audit_to_map); NULL: none yet. */
const EqsMap *eqs_session_get_audit    (EqsSession *self);
/** @param hash of the document that was audited: what changed since makes it stale. */
void         eqs_session_set_audit     (EqsSession *self, const EqsMap *audit, const char *hash);
/** How many rotations that are made of two arrows have parallel ones, of those looked at on samples; 0: none, or this network was not looked at yet. @param n_rotations (out) */
guint         eqs_session_get_parallel_poses (EqsSession *self, guint *n_rotations);
/** Whether the document has changed since it was audited; FALSE where it was not. */
gboolean     eqs_session_is_audit_stale (EqsSession *self);

/*
 * Signals (all without arguments but where said): "checked" — types, problems, costs are new; "selection-changed";
 * "scope-changed"; "reveal", "look-at" (path); "probe-changed"; "element-changed"; "data-changed"; "runs-changed" — a run came, or
 * another is shown; "weights-changed" — eqs_session_dup_model_source gives another network; "audited"; "file-changed" —
 * path, title or the answer of eqs_history_is_modified; "message" (text).
 */

G_END_DECLS
