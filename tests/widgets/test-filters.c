/* The filters of a layer: as many tiles as the basis has, each itself again under every element; and pictures of widgets in files. */

#include "draw/paper.h"
#include "session-fixture.h"
#include "widgets/filters/filter-window.h"
#include "widgets/plots/plot-view.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <stdlib.h>
#include <string.h>

static double
difference (GtkWidget *window)
{
  const char *text = eqs_filter_window_get_difference (EQS_FILTER_WINDOW (window)), *number = strrchr (text, ' ');

  return number == NULL ? 1 : read_number (number + 1);
}

static void
test_filters (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window, *flow;

  eqs_theme_load ();
  eqs_session_settle (session);
  g_assert_false (eqs_filters_exist (session, "act1"));
  g_assert_true (eqs_filters_exist (session, "conv2"));
  window = eqs_filter_window_new (session, "conv2");
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_filter_window_get_n (EQS_FILTER_WINDOW (window)) == 44);
  flow = find_named (window, "Filters");
  WAIT_FOR (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), 43) != NULL);
  g_assert_null (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), 44));
  for (int g = 0; g < 4; g++)
    for (int i = 0; i < 44; i += 7)
      {
        gtk_flow_box_select_child (GTK_FLOW_BOX (flow), gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), i));
        eqs_filter_window_set_element (EQS_FILTER_WINDOW (window), g);
        g_assert_cmpfloat (difference (window), <, 1e-12);
      }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_pictures (void)
{
  static const char *const names[] = { "plot.svg", "plot.pdf", "plot.png" };
  static const char *const starts[] = { "<?xml", "%PDF", "\x89PNG" };
  const double     x[] = { 1, 2, 3 }, y[] = { 3, 1, 2 };
  g_autofree char *folder = g_dir_make_tmp ("equi-pictures-XXXXXX", NULL);
  GtkWidget       *window = gtk_window_new (), *plot = eqs_plot_view_new ("Loss");
  gpointer         recorded;

  g_assert_null (eqs_picture_record (plot));
  eqs_plot_view_add_line (EQS_PLOT_VIEW (plot), "train", x, y, 3, 0x0072b2, FALSE, NULL, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  gtk_window_set_child (GTK_WINDOW (window), plot);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (gtk_widget_get_mapped (plot) && gtk_widget_get_width (plot) > 0);
  recorded = eqs_picture_record (plot);
  g_assert_nonnull (recorded);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL), *text = NULL;
      gsize            length;

      g_assert_true (eqs_picture_write_recorded (path, recorded, NULL));
      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      g_assert_cmpint (memcmp (text, starts[i], strlen (starts[i])), ==, 0);
      g_assert_cmpuint (length, >, 1000);
    }
  {
    g_autoptr (GError) error = NULL;
    g_autofree char   *path = g_build_filename (folder, "plot.gif", NULL);

    g_assert_false (eqs_picture_write_recorded (path, recorded, &error));
    g_assert_nonnull (error);
  }
  eqs_picture_recorded_free (recorded);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filters/window", test_filters);
  g_test_add_func ("/filters/pictures", test_pictures);
  return g_test_run ();
}
