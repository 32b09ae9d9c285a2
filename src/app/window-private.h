#pragma once

/* What the files of the window share: its parts, and what one asks of another. */

#include "app/window.h"

/* In a window of less width, side panels are small and the inspector makes room for the panel below. */
#define EQS_NARROW 1200

struct _EqsWindow
{
  GtkApplicationWindow parent_instance;

  EqsSession *session;            /* owned (nullable) */
  EqsDraft   *draft;              /* owned (nullable): of session */
  GSignalGroup *session_signals;  /* owned */
  GSignalGroup *history_signals;  /* owned */
  GSignalGroup *run_signals;      /* owned */

  /* borrowed */
  GtkWidget  *toasts, *pages, *studio;
  GtkWidget  *title, *state, *chip, *chip_label;
  GtkWidget  *undo, *redo, *problems, *train, *export;
  GtkWidget  *left, *left_stack, *right, *bottom, *bottom_stack, *middle, *outer, *canvas, *menu_button;
  GPtrArray  *design_widgets;     /* owned: of borrowed widgets of the header that need a design */

  gpointer    undo_offer;         /* weak: the toast that takes back the last step; NULL: none */
  guint       n_steps;            /* of the history, when it last changed */
  guint       fit_idle;
  gboolean    fitting;            /* it is looked at whether the design takes its data */
  gboolean    narrow;             /* less than EQS_NARROW wide */
  double      fitted_zoom;        /* of the canvas, when all of the design was last shown because of its size */
  double      recalled_zoom;      /* of the canvas, when a view was brought back: it stays until another is chosen; 0: none was */
  gboolean    inspector_away;     /* hidden to give the panel below its room */
};

/* window-header.c: the bar on top, and what it says of the design. */
/** The bar with its buttons, which are kept in self. (transfer floating) */
GtkWidget *eqs_window_make_header   (EqsWindow *self);
/** Title, "edited" or "saved", and what can be undone, as the history is now. Also without a design. */
void       eqs_window_update_title  (EqsWindow *self);
/** The symmetry in the header bar; a design must be shown. */
void       eqs_window_update_chip   (EqsWindow *self);
/** The button's word and action: Train, Stop, or the number of problems. A design must be shown. */
void       eqs_window_update_train  (EqsWindow *self);
/** The word of the export button goes where the window is narrow. */
void       eqs_window_fit_header    (EqsWindow *self);

/* window-panels.c: everything below it while a design is shown. */
/** All panels about the canvas for self->session, which must be there. (transfer floating) */
GtkWidget *eqs_window_make_studio   (EqsWindow *self);
/** Puts the panel below away. */
void       eqs_window_hide_bottom   (EqsWindow *self);
/** After the window became narrow or wide. */
void       eqs_window_fit_panels    (EqsWindow *self);

/* window-data.c */
/** Asks for a folder, and begins with it. */
void       eqs_window_choose_data     (EqsWindow *self);

/* window-state.c: what comes back when the studio starts, where that is wanted. */
/** Panels, and of a design that has a file its block, selection and view. */
void       eqs_window_remember_state (EqsWindow *self);
/** Into the panels that were just made. */
void       eqs_window_recall_state   (EqsWindow *self);

/* window-fit.c */
/** Trains, in all three `ways` or as planned, once it is known that the design takes its data, which is looked at in the background; else asks whether to change it. */
void       eqs_window_train           (EqsWindow *self, gboolean ways);

/* window-actions.c */
/** "win.…" and the plain keys of the element that views share. */
void       eqs_window_install_actions (GtkWidgetClass *widget_class);
/** The group picker over the window; nothing while the start page is shown. */
void       eqs_window_choose_group    (EqsWindow *self);
/** The ten questions. */
void       eqs_window_ask_questions   (EqsWindow *self);
/** Stops every run of the design. */
void       eqs_window_stop_runs       (EqsWindow *self);
/** Brings the outline to the front and the keyboard into it. */
void       eqs_window_show_outline    (EqsWindow *self);
