#pragma once

/* What the files of the window share: its parts, and what one asks of another. */

#include "app/window.h"

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
  GtkWidget  *left, *left_stack, *right, *bottom, *bottom_stack, *middle, *canvas, *menu_button;
  GPtrArray  *design_widgets;     /* owned: of borrowed widgets of the header that need a design */
};

/* window-header.c: the bar on top, and what it says of the design. */
GtkWidget *eqs_window_make_header   (EqsWindow *self);
void       eqs_window_update_title  (EqsWindow *self);
void       eqs_window_update_chip   (EqsWindow *self);
void       eqs_window_update_train  (EqsWindow *self);

/* window-panels.c: everything below it while a design is shown. */
GtkWidget *eqs_window_make_studio   (EqsWindow *self);

/* window-actions.c */
void       eqs_window_install_actions (GtkWidgetClass *widget_class);
/** The ten questions. */
void       eqs_window_ask_questions   (EqsWindow *self);
/** Stops every run of the design. */
void       eqs_window_stop_runs       (EqsWindow *self);
/** Brings the outline to the front and the keyboard into it. */
void       eqs_window_show_outline    (EqsWindow *self);
