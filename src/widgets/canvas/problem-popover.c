/* Problems of a card, at the card: what, why, and a button for each way to mend it. */

#include "widgets/canvas/canvas-private.h"

#include <glib/gi18n-lib.h>

typedef struct { EqsCanvas *canvas; char *code, *node; guint fix; } Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_free (choice->code);
  g_free (choice->node);
  g_free (choice);
}

/* The problem is looked up again: a check may have come in between. */
static void
fix_cb (GtkButton *button, Choice *choice)
{
  EqsCanvas *self = choice->canvas;
  EqsCheck  *check = eqs_session_get_check (self->session);

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (g_str_equal (problem->code, choice->code) && g_strcmp0 (problem->node, choice->node) == 0 && choice->fix < problem->fixes->len)
        {
          eqs_session_apply_fix (self->session, g_ptr_array_index (problem->fixes, choice->fix));
          break;
        }
    }
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static GtkWidget *
text (const char *words, const char *style)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 40);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 46);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
append_problem (EqsCanvas *self, GtkWidget *box, const EqsProblem *problem)
{
  gtk_box_append (GTK_BOX (box), text (problem->titled, "eq-name"));
  if (problem->why != NULL)
    gtk_box_append (GTK_BOX (box), text (problem->why, "eq-second"));
  for (guint i = 0; i < problem->fixes->len; i++)
    {
      const EqsFix *fix = g_ptr_array_index (problem->fixes, i);
      GtkWidget    *button = gtk_button_new_with_label (fix->label);
      Choice       *choice = g_new0 (Choice, 1);
      g_autofree char *changes = eqs_fix_dup_text (fix, eqs_session_get_document (self->session));

      gtk_widget_set_tooltip_text (button, changes);
      choice->canvas = self;
      choice->code = g_strdup (problem->code);
      choice->node = g_strdup (problem->node);
      choice->fix = i;
      if (i == 0)
        gtk_widget_add_css_class (button, "suggested-action");
      g_signal_connect_data (button, "clicked", G_CALLBACK (fix_cb), choice, choice_free, 0);
      gtk_box_append (GTK_BOX (box), button);
    }
}

void
eqs_canvas_show_problems (EqsCanvas *self, int index)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const EqsPlanCard *card = &self->plan->cards[index];
  EqsCheck  *check = eqs_session_get_check (self->session);
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  double     x, y;

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (g_strcmp0 (problem->node, card->path) != 0)
        continue;
      if (gtk_widget_get_first_child (box) != NULL)
        gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
      append_problem (self, box, problem);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems of this layer"), -1);
  eqs_canvas_from_design (self, card->x + EQS_CARD_WIDTH / 2, card->y + card->height, &x, &y);
  eqs_canvas_place_popover (self, popover, x, y);
}
