/* The start page: cards are drawn from their own data, buttons tell what was chosen, narrow windows get one column. */

#include "widgets/start/start-page.h"

#include "services/template.h"
#include "wait-for.h"
#include "widgets/start/template-card.h"
#include "widgets/theme.h"

#include <adwaita.h>
#include <string.h>

static GtkWidget *window, *page;

static void
open_page (int width, int height)
{
  window = gtk_window_new ();
  page = eqs_start_page_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (gtk_widget_get_width (page) > 0);
}

static void
template_cb (GtkWidget *widget, const char *id, char **out)
{
  g_free (*out);
  *out = g_strdup (id);
}

static void
count_cb (GtkWidget *widget, guint *n)
{
  (*n)++;
}

static void
test_cards (void)
{
  g_autoptr (GPtrArray) templates = eqs_templates_list ();
  g_autofree char *chosen = NULL;
  guint n_empty = 0, n_data = 0;

  open_page (1200, 800);
  g_signal_connect (page, "template", G_CALLBACK (template_cb), &chosen);
  g_signal_connect (page, "empty", G_CALLBACK (count_cb), &n_empty);
  g_signal_connect (page, "data", G_CALLBACK (count_cb), &n_data);
  g_signal_emit_by_name (find_named (page, "Your own data"), "clicked");
  g_assert_cmpuint (n_data, ==, 1);
  g_assert_cmpuint (templates->len, >, 0);
  for (guint i = 0; i < templates->len; i++)
    {
      const EqsTemplate *template = g_ptr_array_index (templates, i);
      GtkWidget *card = find_named (page, template->title);

      g_assert_true (GTK_IS_BUTTON (card));
      WAIT_FOR (eqs_template_card_is_drawn (card));
      g_signal_emit_by_name (card, "clicked");
      g_assert_cmpstr (chosen, ==, template->id);
    }
  g_assert_nonnull (find_named (page, "Turned digits"));
  g_signal_emit_by_name (find_named (page, "Empty design"), "clicked");
  g_assert_cmpuint (n_empty, ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

static double
left_of (GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, page, &bounds));
  return bounds.origin.x;
}

static void
test_responsive (void)
{
  open_page (1200, 800);
  g_assert_cmpfloat (left_of (find_named (page, "Turned digits")), >, left_of (find_named (page, "Empty design")) + 200);
  gtk_window_destroy (GTK_WINDOW (window));
  open_page (640, 600);
  g_assert_cmpfloat (left_of (find_named (page, "Turned digits")), <, left_of (find_named (page, "Empty design")) + 50);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The page may go while workers still draw. */
static void
test_gone (void)
{
  open_page (900, 600);
  gtk_window_destroy (GTK_WINDOW (window));
  open_page (900, 600);
  WAIT_FOR (eqs_template_card_is_drawn (find_named (page, "Turned digits")));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  eqs_theme_load ();
  g_test_add_func ("/start/cards", test_cards);
  g_test_add_func ("/start/responsive", test_responsive);
  g_test_add_func ("/start/gone", test_gone);
  return g_test_run ();
}
