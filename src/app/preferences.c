/* A window of switches over the settings schema. Without a schema (a build that was not installed) everything has its default. */

#include "app/preferences.h"

#include "app/application.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

GSettings *
eqs_preferences_get (void)
{
  static GSettings *settings;
  static gboolean   looked;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (!looked && source != NULL)
    schema = g_settings_schema_source_lookup (source, EQS_APPLICATION_ID, TRUE);
  if (schema != NULL)
    settings = g_settings_new_full (schema, NULL, NULL);
  looked = TRUE;
  return settings;
}

gboolean
eqs_preferences_bool (const char *key, gboolean fallback)
{
  GSettings *settings = eqs_preferences_get ();

  return settings == NULL ? fallback : g_settings_get_boolean (settings, key);
}

static void
apply_scheme (GSettings *settings)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[CLAMP (g_settings_get_enum (settings, "appearance"), 0, 2)]);
}

void
eqs_preferences_apply (void)
{
  GSettings *settings = eqs_preferences_get ();

  if (settings == NULL)
    return;
  apply_scheme (settings);
  g_signal_connect (settings, "changed::appearance", G_CALLBACK (apply_scheme), NULL);
}

static void
scheme_cb (AdwComboRow *row, GParamSpec *pspec, GSettings *settings)
{
  g_settings_set_enum (settings, "appearance", (int) adw_combo_row_get_selected (row));
}

static void
add_switch (AdwPreferencesGroup *group, GSettings *settings, const char *key, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  g_settings_bind (settings, key, button, "active", G_SETTINGS_BIND_DEFAULT);
  adw_preferences_group_add (group, row);
}

void
eqs_preferences_show (GtkWindow *parent)
{
  GSettings *settings = eqs_preferences_get ();
  GtkWidget *window = adw_preferences_window_new (), *page = adw_preferences_page_new (), *look = adw_preferences_group_new (), *work = adw_preferences_group_new ();
  GtkWidget *scheme = adw_combo_row_new ();
  const char *const names[] = { _("As the system"), _("Light"), _("Dark"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);

  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_title (GTK_WINDOW (window), _("Preferences"));
  if (settings == NULL)
    {
      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (look), _("The settings schema is not installed, so everything has its default."));
      adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (look));
      adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
      gtk_window_present (GTK_WINDOW (window));
      return;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (scheme), _("Appearance"));
  adw_combo_row_set_model (ADW_COMBO_ROW (scheme), G_LIST_MODEL (list));
  adw_combo_row_set_selected (ADW_COMBO_ROW (scheme), (guint) g_settings_get_enum (settings, "appearance"));
  g_signal_connect (scheme, "notify::selected", G_CALLBACK (scheme_cb), settings);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (look), scheme);
  add_switch (ADW_PREFERENCES_GROUP (look), settings, "wheel-zooms", _("Scroll wheel zooms"), _("Otherwise it scrolls, and zooms with Ctrl held."));
  add_switch (ADW_PREFERENCES_GROUP (work), settings, "restore-session", _("Open what was open before"), _("Windows, panels and designs come back when the studio starts, with what was selected and in view."));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (look));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (work));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  gtk_window_present (GTK_WINDOW (window));
}
