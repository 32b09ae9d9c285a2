/* A random order is a list of swaps; how many of them are done is the state of the page. */

#include "widgets/graph/order-page.h"

#include "draw/number-text.h"
#include "studio/order.h"
#include "widgets/graph/order-look.h"
#include "widgets/graph/refine-window.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/symmetry/move-side.h"
#include "widgets/theme.h"
#include "widgets/two-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define STEP_MS 700
#define GAP 20
#define TITLE 24

struct _EqsOrderPage
{
  GtkWidget       parent_instance;

  EqsSession     *session;       /* owned */
  EqsProbe       *probe;         /* owned */
  gint32         *swaps;         /* owned (nullable): of n nodes */
  gsize           n, n_done;
  guint32         seed;
  guint           playing;       /* source */
  EqsOrderSample *sample;        /* owned (nullable) */
  guint           sample_number;

  /* borrowed */
  GtkWidget      *parts, *pictures, *number, *channel, *channel_title, *cycles, *below, *play, *back, *next, *compare, *side, *worst;
};

G_DEFINE_FINAL_TYPE (EqsOrderPage, eqs_order_page, GTK_TYPE_WIDGET)

/* ---- the order ---- */

static const EqsProbeResult *
result_of (EqsOrderPage *self)
{
  const EqsProbeResult *result = eqs_probe_get_result (self->probe);

  return result == NULL || result->error != NULL ? NULL : result;
}

void
eqs_order_page_apply (EqsOrderPage *self)
{
  g_return_if_fail (EQS_IS_ORDER_PAGE (self));

  g_autofree gint32 *order = g_new (gint32, self->n + 1);
  g_autofree char   *cycles = NULL;

  if (self->swaps == NULL)
    self->n_done = 0;
  eqs_order_after (self->swaps, self->n_done, order, self->n);
  cycles = eqs_order_dup_cycles (order, self->n, 240);
  gtk_label_set_label (GTK_LABEL (self->cycles), cycles[0] != '\0' ? cycles : _("nothing has moved"));
  gtk_widget_set_sensitive (self->back, self->n_done > 0);
  gtk_widget_set_sensitive (self->next, self->n_done + 1 < self->n);
  if (self->n_done == 0)
    eqs_probe_set_order (self->probe, NULL, 0);
  else
    eqs_probe_set_order (self->probe, order, self->n);
}

/* Other nodes, or another order of them. */
static void
draw_swaps (EqsOrderPage *self, gsize n)
{
  g_free (self->swaps);
  self->swaps = eqs_order_swaps (self->seed, n);
  self->n = n;
  self->n_done = MIN (self->n_done, n > 0 ? n - 1 : 0);
}

/* A swap of a node with itself is none: it is passed over. */
void
eqs_order_page_step (EqsOrderPage *self, int direction)
{
  g_return_if_fail (EQS_IS_ORDER_PAGE (self));

  gboolean moved = FALSE;

  while (!moved && (direction > 0 ? self->n_done + 1 < self->n : self->n_done > 0))
    {
      const gsize at = direction > 0 ? self->n_done : self->n_done - 1;

      moved = self->swaps[2 * at] != self->swaps[2 * at + 1];
      self->n_done += direction > 0 ? 1 : (gsize) -1;
    }
  eqs_order_page_apply (self);
}

static gboolean
play_cb (gpointer data)
{
  EqsOrderPage *self = data;

  if (self->n_done + 1 >= self->n)
    {
      self->seed++;
      self->n_done = 0;
      draw_swaps (self, self->n);
    }
  eqs_order_page_step (self, 1);
  return G_SOURCE_CONTINUE;
}

void
eqs_order_page_stop (EqsOrderPage *self)
{
  g_return_if_fail (EQS_IS_ORDER_PAGE (self));
  g_clear_handle_id (&self->playing, g_source_remove);
  gtk_button_set_icon_name (GTK_BUTTON (self->play), "media-playback-start-symbolic");
  eqs_set_name (self->play, _("Play"));
}

void
eqs_order_page_play (EqsOrderPage *self)
{
  g_return_if_fail (EQS_IS_ORDER_PAGE (self));
  if (self->playing != 0)
    {
      eqs_order_page_stop (self);
      return;
    }
  self->playing = g_timeout_add (STEP_MS, play_cb, self);
  gtk_button_set_icon_name (GTK_BUTTON (self->play), "media-playback-pause-symbolic");
  eqs_set_name (self->play, _("Stop swapping"));
}

/* ---- pictures ---- */

static gsize
channel_of (EqsOrderPage *self)
{
  return (gsize) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->channel));
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsOrderPage         *self = data;
  const EqsProbeResult *result = result_of (self);
  const char *const     titles[] = { _("As it is"), _("In another order"), _("Put back") };
  const double          pitch = (width + GAP) / 3.0;

  if (result == NULL || self->sample == NULL)
    return;
  for (int which = 0; which < 3; which++)
    {
      cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
      cairo_set_font_size (cr, 13);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "window_fg_color", 1);
      cairo_move_to (cr, which * pitch, 14);
      cairo_show_text (cr, titles[which]);
      eqs_draw_order (cr, result, self->sample, which, channel_of (self), eqs_field_theme (eqs_theme_is_dark ()), which * pitch, TITLE, pitch - GAP, height - TITLE);
    }
}

static gboolean
tooltip_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, EqsOrderPage *self)
{
  const EqsProbeResult *result = result_of (self);
  const double          pitch = (gtk_widget_get_width (widget) + GAP) / 3.0;
  const int             which = CLAMP ((int) (x / pitch), 0, 2);
  const int             node = keyboard || result == NULL || self->sample == NULL ? -1 :
                               eqs_order_pick (self->sample, pitch - GAP, gtk_widget_get_height (widget) - TITLE, x - which * pitch, y - TITLE);
  g_autofree char      *text = node < 0 ? NULL : eqs_order_describe (result, which, channel_of (self), node);

  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static const EqsColumn *
input_column (EqsOrderPage *self)
{
  EqsSplit *split = eqs_probe_get_split (self->probe);

  return split == NULL ? NULL : eqs_split_find_input (split);
}

/* The layout is made anew only where another sample, or another neighbourhood of its nodes, is there. */
static void
show_sample (EqsOrderPage *self, const EqsProbeResult *result)
{
  if (self->sample != NULL && self->sample_number == result->sample && self->sample->n == result->graph.n_nodes &&
      (self->sample->links == NULL) == (result->graph.n_edges == 0 || result->graph.n_nodes > EQS_GRAPH_MOST) &&
      (self->sample->links == NULL || self->sample->n_links == result->graph.n_edges))
    return;
  g_clear_pointer (&self->sample, eqs_order_sample_free);
  self->sample = eqs_order_sample_new (result, input_column (self));
  self->sample_number = result->sample;
}

static void
looked_cb (EqsProbe *probe, EqsOrderPage *self)
{
  const EqsProbeResult *result = result_of (self);
  g_autofree char      *below = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  eqs_move_side_show (EQS_MOVE_SIDE (self->side), eqs_session_get_document (self->session), eqs_probe_get_result (probe), result == NULL || result->order == NULL ? _("Nothing has moved yet.") : _("In another order."));
  gtk_widget_queue_draw (self->pictures);
  if (result == NULL)
    return;
  if (result->graph.n_nodes != self->n)
    {
      draw_swaps (self, result->graph.n_nodes);
      eqs_order_page_apply (self);
    }
  show_sample (self, result);
  gtk_widget_set_visible (self->compare, result->graph.n_edges > 0 && eqs_probe_get_split (probe) != NULL && eqs_split_get_n (eqs_probe_get_split (probe)) > 1);
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->channel), 0, MAX ((double) eqs_order_n_channels (result), 1) - 1);
  gtk_widget_set_visible (self->channel, eqs_order_n_channels (result) > 1);
  gtk_widget_set_visible (self->channel_title, eqs_order_n_channels (result) > 1);
  below = eqs_order_dup_below (result, channel_of (self));
  gtk_label_set_label (GTK_LABEL (self->below), result->graph.attention == NULL ? below : _("Edges are as wide as the attention they get here. Below: what flows here, a row for each."));
}

static void
swept_cb (EqsProbe *probe, EqsOrderPage *self)
{
  EqsProbeSweep   *sweep = eqs_probe_get_sweep (probe);
  g_autofree char *text = NULL, *number = NULL;
  double           worst = -1;

  if (sweep == NULL || sweep->kind != EQS_SWEEP_ORDERS)
    return;
  for (guint i = 0; i < sweep->n; i++)
    worst = MAX (worst, sweep->error[i]);
  number = eqs_number_dup_text (worst, 2);
  text = worst < 0 ? g_strdup ("") : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The worst error of the first result over %u order is %s.",
                                                                   "The worst error of the first result over %u orders is %s: one cycle, one swap, and others at random.", sweep->n), sweep->n, number);
  gtk_label_set_label (GTK_LABEL (self->worst), text);
}

/* ---- what people do ---- */

static void
step_cb (GtkButton *button, EqsOrderPage *self)
{
  eqs_order_page_step (self, GTK_WIDGET (button) == self->next ? 1 : -1);
}

static void
play_clicked_cb (GtkButton *button, EqsOrderPage *self)
{
  eqs_order_page_play (self);
}

static void
shuffle_cb (GtkButton *button, EqsOrderPage *self)
{
  self->seed++;
  draw_swaps (self, self->n);
  self->n_done = self->n > 0 ? self->n - 1 : 0;
  eqs_order_page_apply (self);
}

static void
reset_cb (GtkButton *button, EqsOrderPage *self)
{
  eqs_order_page_stop (self);
  self->n_done = 0;
  eqs_order_page_apply (self);
}

static void
number_cb (GtkSpinButton *spin, EqsOrderPage *self)
{
  eqs_probe_set_sample (self->probe, (guint) gtk_spin_button_get_value_as_int (spin));
}

static void
channel_cb (GtkSpinButton *spin, EqsOrderPage *self)
{
  looked_cb (self->probe, self);
}

static void
compare_cb (GtkButton *button, EqsOrderPage *self)
{
  EqsSplit *split = eqs_probe_get_split (self->probe);

  if (split != NULL)
    eqs_refine_window_open (GTK_WIDGET (self), split, (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->number)));
}

static void
samples_cb (EqsProbe *probe, EqsOrderPage *self)
{
  EqsSplit *split = eqs_probe_get_split (probe);

  if (split != NULL)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->number), 0, MAX (eqs_split_get_n (split), 1) - 1);
}

/* ---- making it ---- */

static GtkWidget *
add_button (GtkWidget *bar, const char *icon, const char *name, GCallback clicked, EqsOrderPage *self)
{
  GtkWidget *button = eqs_icon_button_new (icon, name);

  g_signal_connect (button, "clicked", clicked, self);
  gtk_box_append (GTK_BOX (bar), button);
  return button;
}

static GtkWidget *
add_spin (GtkWidget *bar, const char *title, int digits, GCallback changed, EqsOrderPage *self, GtkWidget **label)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, 0, 1);

  *label = eqs_line_new (title, "eq-second");
  gtk_label_set_ellipsize (GTK_LABEL (*label), PANGO_ELLIPSIZE_NONE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), digits);
  eqs_set_name (spin, title);
  g_signal_connect (spin, "value-changed", changed, self);
  gtk_box_append (GTK_BOX (bar), *label);
  gtk_box_append (GTK_BOX (bar), spin);
  return spin;
}

static GtkWidget *
make_bar (EqsOrderPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), *label;

  self->number = add_spin (bar, _("Sample"), 4, G_CALLBACK (number_cb), self, &label);
  self->back = add_button (bar, "go-previous-symbolic", _("Undo a swap"), G_CALLBACK (step_cb), self);
  self->next = add_button (bar, "go-next-symbolic", _("Swap two"), G_CALLBACK (step_cb), self);
  self->play = add_button (bar, "media-playback-start-symbolic", _("Play"), G_CALLBACK (play_clicked_cb), self);
  add_button (bar, "media-playlist-shuffle-symbolic", _("Shuffle"), G_CALLBACK (shuffle_cb), self);
  add_button (bar, "view-refresh-symbolic", _("Reset"), G_CALLBACK (reset_cb), self);
  self->channel = add_spin (bar, _("Channel"), 3, G_CALLBACK (channel_cb), self, &self->channel_title);
  return bar;
}

static GtkWidget *
make_side (EqsOrderPage *self)
{
  self->side = eqs_move_side_new ();
  self->worst = eqs_text_new ("", "eq-second");
  gtk_label_set_max_width_chars (GTK_LABEL (self->worst), 36);
  gtk_box_append (GTK_BOX (eqs_move_side_get_box (EQS_MOVE_SIDE (self->side))), self->worst);
  return self->side;
}

static GtkWidget *
make_cycles (EqsOrderPage *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *title = eqs_line_new (_("Cycles"), "eq-second");

  self->cycles = eqs_line_new ("", NULL);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_hexpand (self->cycles, TRUE);
  gtk_label_set_selectable (GTK_LABEL (self->cycles), TRUE);
  gtk_widget_set_tooltip_text (self->cycles, _("(1 4 2): what stood first goes to the fourth place, the fourth to the second, the second to the first. What stays is left out."));
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), self->cycles);
  self->compare = gtk_button_new_with_label (_("Compare two graphs"));
  gtk_widget_set_tooltip_text (self->compare, _("What passing messages along edges can tell apart"));
  g_signal_connect (self->compare, "clicked", G_CALLBACK (compare_cb), self);
  gtk_box_append (GTK_BOX (line), self->compare);
  return line;
}

static void
eqs_order_page_dispose (GObject *object)
{
  EqsOrderPage *self = EQS_ORDER_PAGE (object);

  g_clear_handle_id (&self->playing, g_source_remove);
  g_clear_pointer (&self->parts, gtk_widget_unparent);
  g_clear_pointer (&self->sample, eqs_order_sample_free);
  g_clear_pointer (&self->swaps, g_free);
  g_clear_object (&self->probe);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_order_page_parent_class)->dispose (object);
}

static void
eqs_order_page_class_init (EqsOrderPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_order_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_order_page_init (EqsOrderPage *self)
{
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->pictures = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->pictures), draw_cb, self, NULL);
  gtk_widget_set_size_request (self->pictures, 360, 200);
  gtk_widget_set_vexpand (self->pictures, TRUE);
  gtk_widget_set_has_tooltip (self->pictures, TRUE);
  g_signal_connect (self->pictures, "query-tooltip", G_CALLBACK (tooltip_cb), self);
  eqs_set_name (self->pictures, _("Sample and features as they are, in another order, and put back"));
  eqs_picture_offer (self->pictures, _("Another order"));
  gtk_box_append (GTK_BOX (left), make_bar (self));
  gtk_box_append (GTK_BOX (left), make_cycles (self));
  gtk_box_append (GTK_BOX (left), self->pictures);
  self->below = eqs_text_new ("", "eq-second");
  gtk_box_append (GTK_BOX (left), self->below);
  self->parts = eqs_two_parts_new (left, make_side (self), 780, 240, _("Sets and graphs"));
  gtk_widget_set_parent (self->parts, GTK_WIDGET (self));
}

GtkWidget *
eqs_order_page_new (EqsSession *session, EqsProbe *probe)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsOrderPage *self = g_object_new (EQS_TYPE_ORDER_PAGE, NULL);

  self->session = g_object_ref (session);
  self->probe = g_object_ref (probe);
  g_signal_connect_object (probe, "looked", G_CALLBACK (looked_cb), self, 0);
  g_signal_connect_object (probe, "swept", G_CALLBACK (swept_cb), self, 0);
  g_signal_connect_object (probe, "samples-changed", G_CALLBACK (samples_cb), self, 0);
  return GTK_WIDGET (self);
}

const char *
eqs_order_page_get_residual (EqsOrderPage *self)
{
  g_return_val_if_fail (EQS_IS_ORDER_PAGE (self), NULL);
  return eqs_move_side_get_residual (EQS_MOVE_SIDE (self->side));
}
