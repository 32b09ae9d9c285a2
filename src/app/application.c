/*
 * Start-up, app.* actions and the command line of equistudio. Keys of all actions come from the action table (actions.h), so that
 * the shortcuts window cannot be out of date.
 */

#include "app/application.h"

#include "app/actions.h"
#include "app/preferences.h"
#include "app/window.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

struct _EqsApplication
{
  AdwApplication parent_instance;

  char          *template;    /* owned (nullable): --new */
};

G_DEFINE_FINAL_TYPE (EqsApplication, eqs_application, ADW_TYPE_APPLICATION)

static EqsWindow *
active_window (EqsApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  return EQS_IS_WINDOW (window) ? EQS_WINDOW (window) : NULL;
}

static EqsWindow *
new_window (EqsApplication *self)
{
  EqsWindow *window = eqs_window_new (GTK_APPLICATION (self));

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* The active window while it shows the start page, else a new one. */
static EqsWindow *
window_for_file (EqsApplication *self)
{
  EqsWindow *window = active_window (self);

  if (window != NULL && eqs_window_get_session (window) == NULL)
    return window;
  return new_window (self);
}

void
eqs_application_open_file (EqsApplication *self, GFile *file)
{
  g_return_if_fail (EQS_IS_APPLICATION (self));
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      EqsSession *session = EQS_IS_WINDOW (l->data) ? eqs_window_get_session (l->data) : NULL;
      const char *path = session == NULL ? NULL : eqs_session_get_path (session);
      g_autoptr (GFile) own = path == NULL ? NULL : g_file_new_for_path (path);

      /* Two windows on one file would drift apart: the one there is comes forward. */
      if (own != NULL && g_file_equal (own, file))
        {
          gtk_window_present (l->data);
          return;
        }
    }
  eqs_window_open (window_for_file (self), file);
}

/* ---- actions ---- */

static void
new_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  eqs_window_new_design (window_for_file (data));
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  new_window (data);
}

/* Called before windows go: when studio and windows end together, these are the designs to come back to. */
static void
remember_session (EqsApplication *self)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  if (eqs_preferences_get () == NULL)
    return;
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      EqsSession *session = EQS_IS_WINDOW (l->data) ? eqs_window_get_session (l->data) : NULL;

      if (session != NULL && eqs_session_get_path (session) != NULL)
        g_ptr_array_add (paths, (gpointer) eqs_session_get_path (session));
    }
  g_ptr_array_add (paths, NULL);
  g_settings_set_strv (eqs_preferences_get (), "session", (const char *const *) paths->pdata);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = NULL;

  remember_session (data);
  windows = g_list_copy (gtk_application_get_windows (data));
  /* Each window may ask about unsaved changes; those that stay keep the application. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  eqs_preferences_show (gtk_application_get_active_window (data));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const char *const developers[] = { "The Equistudio authors", NULL };

  adw_show_about_window (gtk_application_get_active_window (data), "application-name", _("Equistudio"), "application-icon", EQS_APPLICATION_ID,
                         "version", EQS_VERSION, "developers", developers, "license-type", GTK_LICENSE_MIT_X11, "developer-name", _("The Equistudio authors"),
                         "comments", _("Design, check, train and export networks that respect a symmetry."), NULL);
}

static const GActionEntry entries[] = {
  { "new", new_action, NULL, NULL, NULL, { 0 } },
  { "new-window", new_window_action, NULL, NULL, NULL, { 0 } },
  { "quit", quit_action, NULL, NULL, NULL, { 0 } },
  { "preferences", preferences_action, NULL, NULL, NULL, { 0 } },
  { "about", about_action, NULL, NULL, NULL, { 0 } },
};

/* ---- life ---- */

/* GTK knows the direction of the languages of the system's locales; a language chosen for texts alone says it by its translation. */
static void
set_direction (void)
{
  /* Translators: "default:RTL" where your language is written from right to left, else "default:LTR". */
  if (strcmp (_("default:LTR"), "default:RTL") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

static void
eqs_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (eqs_application_parent_class)->startup (application);
  set_direction ();

  eqs_theme_load ();
  eqs_preferences_apply ();
  gtk_window_set_default_icon_name (EQS_APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  eqs_actions_set_accels (GTK_APPLICATION (application));
}

/* What a crash left behind comes back, each in a window of its own. */
static void
recover (EqsApplication *self)
{
  g_autoptr (GPtrArray) left = eqs_drafts_list_left ();

  for (guint i = 0; i < left->len; i++)
    eqs_window_recover (window_for_file (self), g_ptr_array_index (left, i));
}

/* The designs that were open when the studio was left. */
static void
restore (EqsApplication *self)
{
  g_auto (GStrv) paths = NULL;

  if (!eqs_preferences_bool ("restore-session", FALSE))
    return;
  paths = g_settings_get_strv (eqs_preferences_get (), "session");
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (paths[i]);

      if (g_file_query_exists (file, NULL))
        eqs_application_open_file (self, file);
    }
}

static void
eqs_application_activate (GApplication *application)
{
  EqsApplication *self = EQS_APPLICATION (application);
  EqsWindow      *window = active_window (self);

  if (window == NULL)
    {
      recover (self);
      if (self->template == NULL && active_window (self) == NULL)
        restore (self);
      window = active_window (self);
    }
  if (window == NULL)
    window = new_window (self);
  else
    gtk_window_present (GTK_WINDOW (window));
  if (self->template != NULL)
    eqs_window_new_from_template (window, self->template);
  g_clear_pointer (&self->template, g_free);
}

static void
eqs_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    eqs_application_open_file (EQS_APPLICATION (application), files[i]);
}

static int
eqs_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      printf ("equistudio %s\n", EQS_VERSION);
      return 0;
    }
  g_variant_dict_lookup (options, "new", "s", &EQS_APPLICATION (application)->template);
  return -1;
}

static void
eqs_application_finalize (GObject *object)
{
  g_free (EQS_APPLICATION (object)->template);

  G_OBJECT_CLASS (eqs_application_parent_class)->finalize (object);
}

static void
eqs_application_class_init (EqsApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = eqs_application_finalize;
  application_class->startup = eqs_application_startup;
  application_class->activate = eqs_application_activate;
  application_class->open = eqs_application_open;
  application_class->handle_local_options = eqs_application_handle_local_options;
}

static void
eqs_application_init (EqsApplication *self)
{
  static const GOptionEntry options[] = {
    { "new", 'n', 0, G_OPTION_ARG_STRING, NULL, N_("Start with a template, such as T01"), N_("TEMPLATE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

EqsApplication *
eqs_application_new (GApplicationFlags flags)
{
  return g_object_new (EQS_TYPE_APPLICATION, "application-id", EQS_APPLICATION_ID, "flags", G_APPLICATION_HANDLES_OPEN | flags,
                       "resource-base-path", "/org/equistudio/Equistudio", NULL);
}
