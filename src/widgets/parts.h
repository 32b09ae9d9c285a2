#pragma once

/** Small pieces that panels and sheets are made of, so that they look alike: headings, boxed lists, rows, sockets. */

#include "eqk/type.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Text that wraps and is aligned to the start. @param style (nullable) CSS class such as "eq-second" */
GtkWidget *eqs_text_new       (const char *text, const char *style);
/** A text on one line that is cut with dots where there is no room. */
GtkWidget *eqs_line_new       (const char *text, const char *style);
/** A title above a group of rows. (transfer floating) */
GtkWidget *eqs_heading_new    (const char *text);
/** A list in a box, for rows that are not chosen. @param name for people who do not see it */
GtkWidget *eqs_boxed_list_new (const char *name);
/** A row: title at the start, a widget at the end (nullable). @return the row */
GtkWidget *eqs_row_append     (GtkWidget *list, const char *title, GtkWidget *end);
/** A row with a text at the end. */
GtkWidget *eqs_row_append_text (GtkWidget *list, const char *title, const char *text);
/** A row that is all of this widget. */
GtkWidget *eqs_row_append_plain (GtkWidget *list, GtkWidget *child, const char *name);
/** Scrolls up and down only. */
GtkWidget *eqs_scrolled_new   (GtkWidget *child, const char *name);
/** A line of controls that may be longer than there is room, as with large text: it moves under the wheel and follows the keyboard. */
GtkWidget *eqs_line_scrolled_new (GtkWidget *child, const char *name);
/** A button with a name that is read out; icon only. */
/** A button for a narrow panel: its words may stand in several lines. */
GtkWidget *eqs_wrapping_button_new (const char *label);
GtkWidget *eqs_icon_button_new (const char *icon, const char *name);
/** A coloured word, "eq-good", "eq-warn" or "eq-bad". */
GtkWidget *eqs_pill_new       (const char *text, const char *style);
/** Another text in another style: eq-good, eq-warn, eq-bad or eq-second. */
void       eqs_pill_set       (GtkWidget *pill, const char *text, const char *style);
/** The socket shape of a type. @param type (nullable) not known; must be interned or live as long as the widget */
GtkWidget *eqs_socket_new     (const EqkPortType *type);
/** Removes all children of a box or a list box. */
void       eqs_box_clear      (GtkWidget *box);
/** Whether every word that is sought occurs in the text, whatever the case. */
gboolean   eqs_text_has_words (const char *text, const char *sought);
/** Escape closes the window, as every sheet of the studio. */
void       eqs_close_on_escape (GtkWidget *window);
/** A label of a table's number: where words run from right to left its sign stays before it, and it stays below its heading. */
void       eqs_label_set_number (GtkWidget *label);
/** The accessible name: what is read out. */
void       eqs_set_name       (GtkWidget *widget, const char *name);
/** The accessible name of a drop-down and of the button in it. */
void       eqs_drop_down_set_name (GtkWidget *down, const char *name);

G_END_DECLS
