/* Try it: a stroke becomes what the network is fed, the answer follows, and turning by an element of the group leaves it as it is. */

#include "studio/pad.h"
#include "widgets/theme.h"
#include "widgets/tryit/ink-pad.h"
#include "widgets/tryit/try-it.h"
#include "wait-for.h"

#include <math.h>
#include <string.h>

/* A dot near a corner of the pad: centred it stands in the middle, otherwise where it was drawn. */
static void
test_pad (void)
{
  EqsPadInput input = { 28, 28, 1, "x" };
  g_autofree guint8 *ink = g_new0 (guint8, 224 * 224);
  g_autoptr (EqsSplit) there = NULL, centred = NULL;
  float  values[28 * 28], mass = 0, x = 0, y = 0;
  const guint first = 0;

  for (int i = 16; i < 32; i++)
    memset (ink + i * 224 + 24, 255, 16);
  there = eqs_pad_new_split (&input, ink, 224, FALSE);
  eqs_split_copy (there, eqs_split_get_column (there, 0), &first, 1, values);
  g_assert_cmpfloat (values[2 * 28 + 3], ==, 1);      /* rows 16 … 31 are pixel rows 2 and 3 */
  g_assert_cmpfloat (values[14 * 28 + 14], ==, 0);
  centred = eqs_pad_new_split (&input, ink, 224, TRUE);
  eqs_split_copy (centred, eqs_split_get_column (centred, 0), &first, 1, values);
  for (int i = 0; i < 28; i++)
    for (int j = 0; j < 28; j++)
      {
        mass += values[i * 28 + j];
        x += values[i * 28 + j] * (float) (j + 0.5);
        y += values[i * 28 + j] * (float) (i + 0.5);
      }
  g_assert_cmpfloat (mass, >, 50);
  g_assert_cmpfloat_with_epsilon (x / mass, 14, 0.1);
  g_assert_cmpfloat_with_epsilon (y / mass, 14, 0.1);
}

static GtkWidget *
label_start (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), part) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = label_start (child, part);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_answer (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window = gtk_window_new (), *panel, *pad;
  int        told;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = eqs_try_it_new (session);
  pad = eqs_try_it_get_pad (EQS_TRY_IT (panel));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 420);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_nonnull (find_text (panel, "Draw something."));
  g_assert_cmpint (eqs_try_it_get_told (EQS_TRY_IT (panel)), ==, -1);
  eqs_ink_pad_draw (EQS_INK_PAD (pad), 60, 50, 150, 60);
  eqs_ink_pad_draw (EQS_INK_PAD (pad), 150, 60, 90, 180);
  WAIT_FOR (eqs_try_it_get_told (EQS_TRY_IT (panel)) >= 0);
  told = eqs_try_it_get_told (EQS_TRY_IT (panel));
  eqs_session_set_element (session, G_PI / 2, FALSE);
  WAIT_FOR (label_start (panel, "turned by 90°: the same class as upright") != NULL);
  g_assert_cmpint (eqs_try_it_get_told (EQS_TRY_IT (panel)), ==, told);
  eqs_ink_pad_clear (EQS_INK_PAD (pad));
  WAIT_FOR (find_text (panel, "Draw something.") != NULL);
  g_assert_cmpint (eqs_try_it_get_told (EQS_TRY_IT (panel)), ==, -1);
  /* A picture of any size is ink: dark on light here. */
  {
    g_autofree char *folder = g_dir_make_tmp ("equi-try-XXXXXX", NULL), *path = g_build_filename (folder, "stroke.png", NULL);
    cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 100, 60);
    cairo_t         *cr = cairo_create (surface);
    const guint8    *ink;

    cairo_set_source_rgb (cr, 1, 1, 1);
    cairo_paint (cr);
    cairo_set_source_rgb (cr, 0, 0, 0);
    cairo_rectangle (cr, 45, 10, 10, 40);
    cairo_fill (cr);
    cairo_destroy (cr);
    g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy (surface);
    eqs_try_it_open (EQS_TRY_IT (panel), path);
    WAIT_FOR (eqs_try_it_get_told (EQS_TRY_IT (panel)) >= 0);
    ink = eqs_ink_pad_get (EQS_INK_PAD (pad));
    g_assert_cmpint (ink[112 * EQS_INK_SIZE + 112], >, 200);
    g_assert_cmpint (ink[112 * EQS_INK_SIZE + 30], <, 30);
    eqs_ink_pad_clear (EQS_INK_PAD (pad));
    WAIT_FOR (find_text (panel, "Draw something.") != NULL);
  }
  g_assert_cmpint (eqs_try_it_get_told (EQS_TRY_IT (panel)), ==, -1);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/try-it/pad", test_pad);
  g_test_add_func ("/try-it/answer", test_answer);
  return g_test_run ();
}
