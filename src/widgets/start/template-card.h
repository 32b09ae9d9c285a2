#pragma once

/** A template as a card: samples of its own data above its network in the colours of its types, then what it is for. */

#include "services/template.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * A button with the template's title as its name; the picture comes when it has been made in a worker.
 * @param cancellable  ends the worker when the page goes
 */
GtkWidget *eqs_template_card_new (const EqsTemplate *template, GCancellable *cancellable);

/** TRUE once the worker has brought the network, and samples where the data are quick to make. */
gboolean   eqs_template_card_is_drawn (GtkWidget *card);

G_END_DECLS
