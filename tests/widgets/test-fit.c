/*
 * Text of twice the size, in a language that is written from right to left, in the smallest window: nothing stands outside of it, no window needs more
 * than the screen, and what has an order of its own (networks, sizes) keeps it.
 */

#include "app/application.h"
#include "app/help.h"
#include "app/preferences.h"
#include "app/window.h"
#include "widgets/canvas/canvas.h"
#include "widgets/export/export-dialog.h"
#include "widgets/picker/group-picker.h"
#include "widgets/questions/questions.h"
#include "widgets/save-picture.h"
#include "wait-for.h"

#define WIDTH  1024
#define HEIGHT  600

static EqsApplication *application;

/* The first widget below of this type; NULL. */
static GtkWidget *
find_type (GtkWidget *widget, const char *type)
{
  if (strcmp (G_OBJECT_TYPE_NAME (widget), type) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What can be scrolled to is not outside; a text that is cut with dots says so itself. @return how many stand outside */
static guint
count_outside (GtkWidget *widget, GtkWidget *window, const char *what)
{
  graphene_rect_t bounds;
  guint           n = 0;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_compute_bounds (widget, window, &bounds))
    return 0;
  if (widget != window && (bounds.origin.x < -1 || bounds.origin.x + bounds.size.width > gtk_widget_get_width (window) + 1 ||
      bounds.origin.y < -1 || bounds.origin.y + bounds.size.height > gtk_widget_get_height (window) + 1))
    {
      g_printerr ("# %s: %s \"%s\" stands outside: %.0f,%.0f %.0f×%.0f\n", what, G_OBJECT_TYPE_NAME (widget), GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "",
                  bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height);
      return 1;
    }
  if (GTK_IS_SCROLLED_WINDOW (widget) || EQS_IS_CANVAS (widget))
    return 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_outside (child, window, what);
  return n;
}

/* The deepest widgets that ask for as much as the window does not have, for whoever has to mend it. */
static void
tell_wide (GtkWidget *widget, GtkOrientation orientation, int most, int depth)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int least;

      if (!gtk_widget_get_visible (child) || GTK_IS_NATIVE (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &least, NULL, NULL, NULL);
      if (least > most / 3)
        {
          g_printerr ("#   %*s%s asks for %d\n", 2 * depth, "", G_OBJECT_TYPE_NAME (child), least);
          tell_wide (child, orientation, most, depth + 1);
        }
    }
}

/* Pictures for people, where the environment names a folder for them. */
static void
save_shot (GtkWidget *window, const char *what)
{
  const char      *folder = g_getenv ("SHOTS");
  g_autofree char *name = g_strdup_printf ("fit-%s.png", what), *path = folder == NULL ? NULL : g_build_filename (folder, g_strdelimit (name, " ", '-'), NULL);
  gpointer         recorded = path == NULL ? NULL : eqs_picture_record (gtk_window_get_child (GTK_WINDOW (window)));

  if (recorded == NULL)
    return;
  g_mkdir_with_parents (folder, 0777);
  eqs_picture_write_recorded (path, recorded, NULL);
  eqs_picture_recorded_free (recorded);
}

static guint
check_fits (GtkWidget *window, const char *what)
{
  int   width, height;
  guint n;

  for (const gint64 until = g_get_monotonic_time () + 400 * 1000; g_get_monotonic_time () < until; g_usleep (2000))
    while (g_main_context_iteration (NULL, FALSE))
      ;
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, WIDTH, &height, NULL, NULL, NULL);
  n = count_outside (window, window, what);
  save_shot (window, what);
  if (width > WIDTH || height > HEIGHT)
    {
      g_printerr ("# %s: needs %d×%d\n", what, width, height);
      tell_wide (window, width > WIDTH ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, width > WIDTH ? WIDTH : HEIGHT, 0);
      n++;
    }
  return n;
}

static EqsWindow *
open_window (const char *template)
{
  EqsWindow *window = eqs_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  if (template != NULL)
    {
      eqs_window_new_from_template (window, template);
      WAIT_FOR (eqs_window_get_session (window) != NULL && eqs_session_is_checked (eqs_window_get_session (window)));
    }
  return window;
}

static void
test_start (void)
{
  EqsWindow *window = open_window (NULL);

  g_assert_cmpuint (check_fits (GTK_WIDGET (window), "start page"), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_design (void)
{
  static const char *const panels[] = { "problems", "training", "symmetry", "try", "audit" };
  EqsWindow *window = open_window ("T01");
  guint      n = check_fits (GTK_WIDGET (window), "design");
  graphene_rect_t layers, canvas;

  g_assert_true (gtk_widget_compute_bounds (find_type (GTK_WIDGET (window), "EqsPalette"), GTK_WIDGET (window), &layers));
  g_assert_true (gtk_widget_compute_bounds (find_type (GTK_WIDGET (window), "EqsCanvas"), GTK_WIDGET (window), &canvas));
  g_assert_cmpfloat (layers.origin.x, >, canvas.origin.x);
  g_assert_cmpint (gtk_widget_get_direction (find_type (GTK_WIDGET (window), "EqsCanvas")), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpint (gtk_widget_get_direction (find_type (GTK_WIDGET (window), "EqsNodeCard")), ==, GTK_TEXT_DIR_LTR);
  for (guint i = 0; i < G_N_ELEMENTS (panels); i++)
    {
      eqs_window_show_panel (window, panels[i]);
      n += check_fits (GTK_WIDGET (window), panels[i]);
    }
  eqs_session_select (eqs_window_get_session (window), (const char *const[]) { "conv1", NULL });
  n += check_fits (GTK_WIDGET (window), "a layer selected");
  g_assert_cmpuint (n, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static guint
check_sheet (GtkWidget *sheet, const char *what)
{
  guint n;

  gtk_window_present (GTK_WINDOW (sheet));
  n = check_fits (sheet, what);
  gtk_window_destroy (GTK_WINDOW (sheet));
  return n;
}

static void
test_sheets (void)
{
  EqsWindow  *window = open_window ("T01");
  EqsSession *session = eqs_window_get_session (window);
  guint       n = check_sheet (eqs_export_dialog_new (GTK_WINDOW (window), session), "export");

  n += check_sheet (eqs_questions_new (), "questions");
  n += check_sheet (eqs_group_picker_new (session), "groups");
  g_assert_cmpuint (n, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();      /* all of what does not fit is told */
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_test_add_func ("/fit/start", test_start);
  g_test_add_func ("/fit/design", test_design);
  g_test_add_func ("/fit/sheets", test_sheets);
  return g_test_run ();
}
