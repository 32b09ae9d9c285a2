#pragma once

/** A window: the start page, or one design with its panels. */

#include "studio/draft.h"
#include "studio/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EQS_TYPE_WINDOW (eqs_window_get_type ())
G_DECLARE_FINAL_TYPE (EqsWindow, eqs_window, EQS, WINDOW, GtkApplicationWindow)

EqsWindow  *eqs_window_new               (GtkApplication *application);
/** NULL: the start page is shown. */
EqsSession *eqs_window_get_session       (EqsWindow *self);
/** Shows a design in place of what is shown. @param session (transfer none) */
void        eqs_window_set_session       (EqsWindow *self, EqsSession *session);
/** As above, going on with a draft that was left behind. @param draft_id (nullable) */
void        eqs_window_set_session_with_draft (EqsWindow *self, EqsSession *session, const char *draft_id);
/** A text that goes by itself; of several lines the first is shown, all of them behind a button. @param action, button (nullable) an offer: detailed action and its label */
void        eqs_window_toast             (EqsWindow *self, const char *text, const char *action, const char *button);
/** As above, until it is closed by hand: for what must not be missed. */
void        eqs_window_toast_stay        (EqsWindow *self, const char *text);
/** Opens the panel below at one of its tabs: "problems", "training", "symmetry", "audit". */
void        eqs_window_show_panel        (EqsWindow *self, const char *name);

/** Runs an action of the window, the application, or a widget in it, by its name. */
void        eqs_window_run_action        (EqsWindow *self, const char *name);

/* window-files.c: in the background where it takes time; failures are told in the window. */
/** A design from a file of this computer; what is elsewhere is refused in a toast. */
void        eqs_window_open              (EqsWindow *self, GFile *file);
/** Loads a template in the background, bound to its data, and shows it as a new design. @param name id or slug */
void        eqs_window_new_from_template (EqsWindow *self, const char *name);
/** Looks at a folder of data in the background, asks the questions that it leaves open, and shows the data to the design that follows. */
void        eqs_window_start_from_data   (EqsWindow *self, const char *folder);
/** An empty design for C4 with translations. */
void        eqs_window_new_design        (EqsWindow *self);
/** Asks for a design file and opens it. */
void        eqs_window_choose_file       (EqsWindow *self);
/** A design that a crash left behind. @param left (transfer none) */
void        eqs_window_recover           (EqsWindow *self, EqsLeftDraft *left);
/** @param then (nullable) runs when it has been saved */
void        eqs_window_save              (EqsWindow *self, gboolean elsewhere, void (*then) (EqsWindow *self));
/** Asks about unsaved changes. @return TRUE: may close now */
gboolean    eqs_window_may_close         (EqsWindow *self);

G_END_DECLS
