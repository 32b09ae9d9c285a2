#pragma once

/**
 * The form of a node's settings: a row for each entry of the layer's table, with the control that its kind asks for and the
 * range it allows. What is typed is checked at once; what is allowed becomes a command, what is not is explained below the row.
 */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A setting in the form. Owned by its row. */
typedef struct _EqsParamRow EqsParamRow;

/** Appends a row for a setting of the node at path, or (path NULL) of the training plan. @return (transfer none) goes with the row */
EqsParamRow *eqs_param_row_append  (GtkWidget *list, EqsSession *session, const char *path, const EqkParam *param);
/** Shows the value that the document has now, but not over what is being typed. */
void         eqs_param_row_refresh (EqsParamRow *self);

/**
 * May this value be a setting? @param group (nullable) for representations
 * @return NULL: it may; else why not, for people. (transfer full)
 */
char        *eqs_param_check       (const EqkParam *param, const EqkGroup *group, const EqsValue *value);
/** Words for a choice that is written short in files: "SGD with momentum" for "sgd"; itself where there are none. */
const char  *eqs_choice_title      (const char *choice);
/** The word for its smallest value, untranslated; NULL: that is an amount as the others are. */
const char *eqs_param_least (const EqkParam *param);
/** "1 to 15", "relu, elu, silu"; NULL: anything. (transfer full) */
char        *eqs_param_dup_range   (const EqkParam *param);

G_END_DECLS
