/* A button with a small form below it: how many, and what that means. */

#include "widgets/training/more-seeds.h"

#include "studio/seeds.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST 16

static void
train_cb (GtkButton *button, GtkWidget *menu)
{
  EqsSession  *session = g_object_get_data (G_OBJECT (menu), "session");
  GtkWidget   *number = g_object_get_data (G_OBJECT (menu), "number");
  EqsTraining *run = eqs_session_get_run (session);

  gtk_menu_button_popdown (GTK_MENU_BUTTON (menu));
  if (run != NULL && eqs_training_get_dataset (run) != NULL)
    eqs_seeds_train (session, run, (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (number)));
}

GtkWidget *
eqs_more_seeds_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GtkWidget *menu = gtk_menu_button_new (), *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *number = gtk_spin_button_new_with_range (1, MOST, 1), *train = gtk_button_new_with_label (_("Train them")), *text;

  text = eqs_text_new (_("The same plan, started from other weights and in another order of the samples, one run after the other. "
                         "The curves of all are drawn as a band: what lies within it is chance."), NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 38);
  eqs_set_name (number, _("How many more seeds"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (number), 2);
  gtk_widget_add_css_class (train, "suggested-action");
  g_signal_connect (train, "clicked", G_CALLBACK (train_cb), menu);
  gtk_widget_set_hexpand (number, TRUE);
  gtk_box_append (GTK_BOX (row), number);
  gtk_box_append (GTK_BOX (row), train);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), row);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (menu), popover);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (menu), _("More seeds"));
  eqs_set_name (menu, _("More seeds"));
  g_object_set_data_full (G_OBJECT (menu), "session", g_object_ref (session), g_object_unref);
  g_object_set_data (G_OBJECT (menu), "number", number);
  return menu;
}

void
eqs_more_seeds_show (GtkWidget *button, EqsTraining *run)
{
  gtk_widget_set_visible (button, eqs_training_get_twin_of (run) == NULL && eqs_training_get_points (run)->len > 0 && eqs_training_get_dataset (run) != NULL &&
                                  eqs_training_get_state (run) != EQS_TRAINING_KEPT && eqs_training_get_state (run) != EQS_TRAINING_FAILED);
}
