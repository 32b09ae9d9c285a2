/* The menu of the canvas: what can be done with what is under the pointer, or with the selection. */

#include "widgets/canvas/canvas-private.h"

#include "studio/definitions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const for_layers[] = { "canvas.connect", "canvas.add-layer", "canvas.bypass", "canvas.bend", "canvas.straighten", "canvas.problems", NULL };
static const char *const for_editing[] = { "canvas.duplicate", "canvas.copy", "canvas.cut", "canvas.paste", "canvas.delete", "canvas.delete-rejoin", NULL };
static const char *const for_groups[] = { "canvas.group", "canvas.ungroup", "canvas.define", "canvas.detach", "canvas.enter", "canvas.leave", "canvas.frame", NULL };
static const char *const for_places[] = { "canvas.align-left", "canvas.align-centre", "canvas.align-right", "canvas.align-top", "canvas.align-middle", "canvas.align-bottom",
                                          "canvas.distribute-row", "canvas.distribute-column", NULL };
static const char *const for_ground[] = { "canvas.add-layer", "canvas.note", "canvas.paste", "canvas.paste-linked", "canvas.select-all", "canvas.tidy", "canvas.straighten", NULL };
static const char *const for_view[] = { "canvas.fit", "canvas.zoom-100", "canvas.minimap", NULL };

/* What would do nothing here is not offered. */
static gboolean
is_of_use (EqsCanvas *self, const char *action)
{
  const char        *path = eqs_session_get_n_selected (self->session) == 1 ? eqs_session_get_selection (self->session)[0] : NULL, *slash = path == NULL ? NULL : strrchr (path, '/');
  const int          at = path == NULL ? -1 : eqs_plan_find (self->plan, slash == NULL ? path : slash + 1);
  const EqsPlanCard *card = at < 0 ? NULL : &self->plan->cards[at];
  gboolean           bent = FALSE;

  if (strcmp (action, "canvas.problems") == 0)
    return card != NULL && card->worst >= 0;
  if (strcmp (action, "canvas.ungroup") == 0)
    return card != NULL && card->body != NULL && card->definition == NULL;
  if (strcmp (action, "canvas.enter") == 0)
    return card != NULL && card->body != NULL;
  if (strcmp (action, "canvas.define") == 0)
    return eqs_session_can_define (self->session);
  if (strcmp (action, "canvas.detach") == 0)
    return eqs_session_can_detach (self->session);
  if (strcmp (action, "canvas.leave") == 0)
    return self->plan->scope[0] != '\0';
  if (strcmp (action, "canvas.connect") == 0)
    return card != NULL && card->outputs->len > 0;
  if (strcmp (action, "canvas.frame") == 0 || strcmp (action, "canvas.note") == 0)
    return self->plan->scope[0] == '\0';
  if (strcmp (action, "canvas.straighten") == 0)
    {
      for (guint i = 0; i < self->plan->n_wires; i++)
        bent = bent || self->plan->wires[i].n_bends > 0;
      return bent;
    }
  return TRUE;
}

static GMenu *
section (EqsCanvas *self, const char *const *actions)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; actions[i] != NULL; i++)
    for (const EqsActionRow *row = eqs_canvas_actions; is_of_use (self, actions[i]) && row->action != NULL; row++)
      if (strcmp (row->action, actions[i]) == 0)
        g_menu_append (menu, _(row->title), row->action);
  return menu;
}

static void
append (EqsCanvas *self, GMenu *menu, const char *title, const char *const *actions, gboolean below)
{
  g_autoptr (GMenu) part = section (self, actions);

  if (below)
    g_menu_append_submenu (menu, title, G_MENU_MODEL (part));
  else
    g_menu_append_section (menu, title, G_MENU_MODEL (part));
}

/* Of the selected layer's output, or of the wire that was chosen. */
static void
append_peek (EqsCanvas *self, GMenu *menu)
{
  g_autoptr (GMenu) part = g_menu_new ();

  if (eqs_session_get_n_selected (self->session) > 1 || (eqs_session_get_n_selected (self->session) == 0 && eqs_session_get_probe_node (self->session) == NULL))
    return;
  g_menu_append (part, _("Values on the wire"), "win.peek");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (part));
}

void
eqs_canvas_show_menu (EqsCanvas *self, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *popover;

  if (eqs_session_get_n_selected (self->session) > 0)
    {
      append (self, menu, NULL, for_layers, FALSE);
      append (self, menu, NULL, for_editing, FALSE);
      append (self, menu, NULL, for_groups, FALSE);
      if (eqs_session_get_n_selected (self->session) > 1)
        {
          g_autoptr (GMenu) arrange = g_menu_new ();

          append (self, arrange, _("Arrange"), for_places, TRUE);
          g_menu_append_section (menu, NULL, G_MENU_MODEL (arrange));
        }
    }
  else
    {
      append (self, menu, NULL, for_ground, FALSE);
      append (self, menu, NULL, for_view, FALSE);
    }
  append_peek (self, menu);
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What can be done here"), -1);
  eqs_canvas_place_popover (self, popover, x, y);
}
