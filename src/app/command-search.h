#pragma once

/** Two lists to choose from: all commands, found by words; and the steps of the history. */

#include "app/window.h"

G_BEGIN_DECLS

/** All commands of the menus in a sheet, found by words; the one that is chosen runs. */
void eqs_command_search_show (EqsWindow *window);
/** All steps of the design's history; choosing one undoes or redoes up to it. A design must be shown. */
void eqs_history_list_show   (EqsWindow *window);

G_END_DECLS
