#pragma once

/** Two lists to choose from: all commands, found by words; and the steps of the history. */

#include "app/window.h"

G_BEGIN_DECLS

void eqs_command_search_show (EqsWindow *window);
void eqs_history_list_show   (EqsWindow *window);

G_END_DECLS
