#pragma once

/** The sheet "Symmetry of the data": groups as moving pictures, and what choosing one would change, before it is chosen. */

#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_GROUP_PICKER (eqs_group_picker_get_type ())
G_DECLARE_FINAL_TYPE (EqsGroupPicker, eqs_group_picker, EQS, GROUP_PICKER, GtkWindow)

GtkWidget  *eqs_group_picker_new    (EqsSession *session);
/** Shows a group, as a click on its card does. */
void        eqs_group_picker_choose (EqsGroupPicker *self, const char *group);
/** Id of the group that is chosen in the sheet; borrowed. The design's own at first. */
const char *eqs_group_picker_get    (EqsGroupPicker *self);
/** The chosen group becomes the design's as one undo step, and the sheet closes. */
void        eqs_group_picker_apply  (EqsGroupPicker *self);
/** TRUE: what is said at the right is of the chosen group. */
gboolean    eqs_group_picker_is_settled (EqsGroupPicker *self);

G_END_DECLS
