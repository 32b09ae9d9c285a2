/* The window of gradients: every layer of the design with its error, closed while it is at it too. */

#include "widgets/gradients/gradient-window.h"
#include "widgets/theme.h"
#include "bound.h"
#include "wait-for.h"

#include <string.h>

static const char *
label_with (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), part) != NULL)
    return gtk_label_get_label (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      const char *found = label_with (child, part);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static guint
count_right (GtkWidget *widget)
{
  guint n = GTK_IS_LABEL (widget) && strcmp (gtk_label_get_label (GTK_LABEL (widget)), "right") == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_right (child);
  return n;
}

static void
test_window (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window;

  eqs_theme_load ();
  eqs_session_settle (session);
  window = eqs_gradient_window_new (session);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (eqs_gradient_window_is_running (EQS_GRADIENT_WINDOW (window)));
  WAIT_FOR (!eqs_gradient_window_is_running (EQS_GRADIENT_WINDOW (window)));
  g_assert_nonnull (label_with (window, "derivatives agree with central differences: the largest relative error is"));
  g_assert_nonnull (label_with (window, "Initial weights"));
  g_assert_cmpuint (count_right (window), >=, 8);
  g_assert_null (label_with (window, "wrong"));
  g_assert_null (find_named (window, "GtkButton"));
  gtk_window_destroy (GTK_WINDOW (window));

  /* Closed at once, and its design too: the worker ends, nothing is shown. */
  window = eqs_gradient_window_new (session);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_run_dispose (G_OBJECT (session));
  WAIT_FOR (window == NULL);
  for (const gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2; g_get_monotonic_time () < end; g_usleep (2000))
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gradients/window", test_window);
  return g_test_run ();
}
