/* Kept in the settings: one state of panels, and views of the last designs by the paths of their files. */

#include "app/window-private.h"

#include "app/preferences.h"
#include "widgets/canvas/canvas.h"

#include <string.h>

#define MOST_VIEWS 24
#define VIEW       "(ssdddas)"

static GVariant *
view_of (EqsWindow *self, const char *path)
{
  EqsCanvas       *canvas = EQS_CANVAS (self->canvas);
  GVariantBuilder  selection;
  double           x, y;

  eqs_canvas_to_design (canvas, gtk_widget_get_width (self->canvas) / 2.0, gtk_widget_get_height (self->canvas) / 2.0, &x, &y);
  g_variant_builder_init (&selection, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < eqs_session_get_n_selected (self->session); i++)
    g_variant_builder_add (&selection, "s", eqs_session_get_selection (self->session)[i]);
  return g_variant_new (VIEW, path, eqs_session_get_scope (self->session), eqs_canvas_get_zoom (canvas), x, y, &selection);
}

/* The newest first; one of each file. */
static void
remember_view (EqsWindow *self, GSettings *settings, const char *path)
{
  g_autoptr (GVariant) before = g_settings_get_value (settings, "views");
  GVariantBuilder      views;

  g_variant_builder_init (&views, G_VARIANT_TYPE ("a" VIEW));
  g_variant_builder_add_value (&views, view_of (self, path));
  for (gsize i = 0, kept = 1; i < g_variant_n_children (before) && kept < MOST_VIEWS; i++)
    {
      g_autoptr (GVariant) one = g_variant_get_child_value (before, i);
      const char          *its;

      g_variant_get_child (one, 0, "&s", &its);
      if (strcmp (its, path) == 0)
        continue;
      g_variant_builder_add_value (&views, one);
      kept++;
    }
  g_settings_set_value (settings, "views", g_variant_builder_end (&views));
}

void
eqs_window_remember_state (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GSettings *settings = eqs_preferences_get ();
  gboolean   bottom;

  if (settings == NULL || self->session == NULL || self->left == NULL)
    return;
  bottom = gtk_widget_get_visible (self->bottom);
  g_settings_set (settings, "panels", "(bbs)", gtk_widget_get_visible (self->left), gtk_widget_get_visible (self->right) || self->inspector_away,
                  bottom ? gtk_stack_get_visible_child_name (GTK_STACK (self->bottom_stack)) : "");
  if (eqs_session_get_path (self->session) != NULL && gtk_widget_get_width (self->canvas) > 0)
    remember_view (self, settings, eqs_session_get_path (self->session));
}

static void
recall_view (EqsWindow *self, GSettings *settings, const char *path)
{
  g_autoptr (GVariant) views = g_settings_get_value (settings, "views");

  for (gsize i = 0; i < g_variant_n_children (views); i++)
    {
      g_autoptr (GVariant) one = g_variant_get_child_value (views, i);
      const char          *its, *scope;
      g_auto (GStrv)       selection = NULL;
      double               zoom, x, y;

      g_variant_get (one, "(&s&sddd^as)", &its, &scope, &zoom, &x, &y, &selection);
      if (strcmp (its, path) != 0 || !(zoom > 0))
        continue;
      eqs_session_set_scope (self->session, scope);
      eqs_session_select (self->session, (const char *const *) selection);
      eqs_canvas_set_view (EQS_CANVAS (self->canvas), zoom, x, y);
      self->recalled_zoom = zoom;
      return;
    }
}

void
eqs_window_recall_state (EqsWindow *self)
{
  g_return_if_fail (EQS_IS_WINDOW (self));

  GSettings      *settings = eqs_preferences_get ();
  gboolean        left, right;
  g_autofree char *page = NULL;

  if (settings == NULL || self->left == NULL || !eqs_preferences_bool ("restore-session", FALSE))
    return;
  g_settings_get (settings, "panels", "(bbs)", &left, &right, &page);
  gtk_widget_set_visible (self->left, left);
  gtk_widget_set_visible (self->right, right);
  if (page[0] != '\0')
    eqs_window_show_panel (self, page);
  if (eqs_session_get_path (self->session) != NULL)
    recall_view (self, settings, eqs_session_get_path (self->session));
}
