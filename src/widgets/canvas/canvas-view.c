/* What part of the design is seen, and how large: two coordinates and a zoom, and the glide from one view to the next. */

#include "widgets/canvas/canvas-private.h"

#include "widgets/theme.h"

#include <math.h>
#include <string.h>

#define MIN_ZOOM 0.05
#define MAX_ZOOM 4.0

double
eqs_canvas_get_zoom (EqsCanvas *self)
{
  g_return_val_if_fail (EQS_IS_CANVAS (self), 0);
  return self->zoom;
}

void
eqs_canvas_to_design (EqsCanvas *self, double x, double y, double *design_x, double *design_y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  *design_x = (x - self->x) / self->zoom;
  *design_y = (y - self->y) / self->zoom;
}

void
eqs_canvas_from_design (EqsCanvas *self, double x, double y, double *widget_x, double *widget_y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  *widget_x = x * self->zoom + self->x;
  *widget_y = y * self->zoom + self->y;
}

void
eqs_canvas_apply_view (EqsCanvas *self, double zoom, double x, double y)
{
  const gboolean zoomed = zoom != self->zoom;

  self->zoom = zoom;
  self->x = x;
  self->y = y;
  if (zoomed)
    {
      g_clear_pointer (&self->wires, gsk_render_node_unref);
      for (guint i = 0; i < self->cards->len; i++)
        eqs_node_card_set_zoom (self->cards->pdata[i], zoom);
      g_signal_emit_by_name (self, "zoomed");
    }
  eqs_canvas_changed (self);
  g_signal_emit_by_name (self, "viewed");
}

void
eqs_canvas_stop_glide (EqsCanvas *self)
{
  if (self->animation != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->animation);
  self->animation = 0;
}

typedef struct { double from[3], to[3]; gint64 start; } Glide;

static gboolean
glide_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  EqsCanvas   *self = EQS_CANVAS (widget);
  Glide       *glide = data;
  const double t = CLAMP ((double) (gdk_frame_clock_get_frame_time (clock) - glide->start) / 250000.0, 0, 1);
  const double s = t * t * (3 - 2 * t);

  eqs_canvas_apply_view (self, glide->from[0] * pow (glide->to[0] / glide->from[0], s), glide->from[1] + s * (glide->to[1] - glide->from[1]),
            glide->from[2] + s * (glide->to[2] - glide->from[2]));
  if (t < 1)
    return G_SOURCE_CONTINUE;
  self->animation = 0;
  return G_SOURCE_REMOVE;
}

void
eqs_canvas_animate_to (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  Glide *glide;

  eqs_canvas_stop_glide (self);
  if (clock == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) || !eqs_theme_animates (GTK_WIDGET (self)))
    {
      eqs_canvas_apply_view (self, zoom, x, y);
      return;
    }
  glide = g_new0 (Glide, 1);
  *glide = (Glide) { { self->zoom, self->x, self->y }, { zoom, x, y }, gdk_frame_clock_get_frame_time (clock) };
  self->animation = gtk_widget_add_tick_callback (GTK_WIDGET (self), glide_cb, glide, g_free);
}

void
eqs_canvas_zoom_at (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  double design_x, design_y;

  zoom = CLAMP (zoom, MIN_ZOOM, MAX_ZOOM);
  eqs_canvas_stop_glide (self);
  eqs_canvas_to_design (self, x, y, &design_x, &design_y);
  eqs_canvas_apply_view (self, zoom, x - zoom * design_x, y - zoom * design_y);
}

void
eqs_canvas_pan (EqsCanvas *self, double dx, double dy)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  eqs_canvas_stop_glide (self);
  eqs_canvas_apply_view (self, self->zoom, self->x + dx, self->y + dy);
}

/* What should be in view: everything, or the selected cards. A small canvas shows the cards larger and leaves the notes out. */
static gboolean
wanted_box (EqsCanvas *self, gboolean selection, double box[4])
{
  const gboolean small = !selection && gtk_widget_get_width (GTK_WIDGET (self)) < 640;
  gboolean any = FALSE;

  memset (box, 0, 4 * sizeof *box);
  if (!selection && !small)
    {
      box[0] = self->plan->left;
      box[1] = self->plan->top;
      box[2] = self->plan->right;
      box[3] = self->plan->bottom;
      return self->plan->n_cards > 0;
    }
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];

      if (selection && !eqs_session_is_selected (self->session, card->path))
        continue;
      box[0] = any ? MIN (box[0], card->x) : card->x;
      box[1] = any ? MIN (box[1], card->y) : card->y;
      box[2] = any ? MAX (box[2], card->x + EQS_CARD_WIDTH) : card->x + EQS_CARD_WIDTH;
      box[3] = any ? MAX (box[3], card->y + card->height) : card->y + card->height;
      any = TRUE;
    }
  if (any && small)
    {
      box[0] -= EQS_FRAME_PAD + 8;
      box[1] -= EQS_FRAME_TITLE;
      box[2] += EQS_FRAME_PAD + 8;
      box[3] += EQS_FRAME_PAD;
    }
  return any;
}

/* The cards on which a view rests that cannot show all: the selected ones, else those where the design begins, or ends. */
static void
rest_on (EqsCanvas *self, gboolean at_end, double at[2])
{
  double box[4] = { 0, 0, 0, 0 };
  int    chosen = 0;

  if (eqs_session_get_n_selected (self->session) > 0 && wanted_box (self, TRUE, box))
    {
      at[0] = (box[0] + box[2]) / 2;
      at[1] = (box[1] + box[3]) / 2;
      return;
    }
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      gboolean outermost = TRUE;

      for (guint k = 0; k < self->plan->n_wires && outermost; k++)
        outermost = (guint) (at_end ? self->plan->wires[k].from : self->plan->wires[k].to) != i;
      chosen = outermost ? (int) i : chosen;
      if (outermost && !at_end)
        break;
    }
  at[0] = self->plan->cards[chosen].x + EQS_CARD_WIDTH / 2;
  at[1] = self->plan->cards[chosen].y + self->plan->cards[chosen].height / 2;
}

/* Where the middle of a view of this size lies along one axis: near `at`, and with no more empty ground than there must be. */
static double
middle_at (double low, double high, double size, double at)
{
  return high - low <= size ? (low + high) / 2 : CLAMP (at, low + size / 2, high - size / 2);
}

/* Buttons lie over the corners at the bottom: how wide they are at the left and at the right, and how high, with their margins. */
#define TOOLS_LEFT  66
#define TOOLS_RIGHT 176
#define TOOLS_HIGH  66

static gboolean
is_under_tools (EqsCanvas *self, double zoom, const double to[2], double x, double y, double width, double height)
{
  const double left = zoom * x + to[0], right = left + zoom * width, bottom = zoom * (y + height) + to[1];

  return bottom > gtk_widget_get_height (GTK_WIDGET (self)) - TOOLS_HIGH && (left < TOOLS_LEFT || right > gtk_widget_get_width (GTK_WIDGET (self)) - TOOLS_RIGHT);
}

/* Whether a card or a note would lie under the buttons of the corners. */
static gboolean
meets_tools (EqsCanvas *self, double zoom, const double to[2])
{
  EqsDocument *document = eqs_session_get_document (self->session);
  const guint  n_notes = self->plan->scope[0] == '\0' ? eqs_document_get_n_items (document, EQS_ITEM_NOTE) : 0;

  for (guint i = 0; i < self->plan->n_cards; i++)
    if (is_under_tools (self, zoom, to, self->plan->cards[i].x, self->plan->cards[i].y, EQS_CARD_WIDTH, self->plan->cards[i].height))
      return TRUE;
  for (guint i = 0; i < n_notes; i++)
    {
      const EqsMap *note = eqs_document_get_item (document, EQS_ITEM_NOTE, i);

      if (is_under_tools (self, zoom, to, eqs_map_get_number (note, "x", 0), eqs_map_get_number (note, "y", 0), eqs_map_get_number (note, "width", EQS_NOTE_WIDTH), eqs_plan_note_height (note)))
        return TRUE;
    }
  return FALSE;
}

/* at (nullable): where to rest if all can only be seen at less than the readable zoom. */
static void
show_box (EqsCanvas *self, const double box[4], const double *at, gboolean glide)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  const double high = height - CLAMP (height / 10, 16, 64), wide = width - 48;
  const double all = MIN (MIN (wide / MAX (box[2] - box[0], 1), high / MAX (box[3] - box[1], 1)), 1);
  const double above = MIN (all, (height - TOOLS_HIGH - 16) / MAX (box[3] - box[1], 1));      /* everything over the buttons */
  const double least = at != NULL ? EQS_READABLE_ZOOM : MIN_ZOOM;
  const double middle_x = at == NULL || all >= least ? (box[0] + box[2]) / 2 : middle_at (box[0], box[2], wide / MAX (all, least), at[0]);
  const double middle_y = at == NULL || all >= least ? (box[1] + box[3]) / 2 : middle_at (box[1], box[3], high / MAX (all, least), at[1]);
  double       zoom = MAX (all, least), to[2] = { width / 2 - zoom * middle_x, height / 2 - zoom * middle_y };

  if (all >= least && above >= MAX (least, 0.75 * all) && meets_tools (self, zoom, to))
    {
      zoom = above;
      to[0] = width / 2 - zoom * middle_x;
      to[1] = (height - TOOLS_HIGH) / 2 - zoom * middle_y;
    }
  if (glide)
    eqs_canvas_animate_to (self, zoom, to[0], to[1]);
  else
    eqs_canvas_apply_view (self, zoom, to[0], to[1]);
}

static gboolean
has_room (EqsCanvas *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self)) >= 50 && gtk_widget_get_height (GTK_WIDGET (self)) >= 50;
}

void
eqs_canvas_fit (EqsCanvas *self, gboolean selection)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  double box[4];

  if (has_room (self) && wanted_box (self, selection, box))
    show_box (self, box, NULL, TRUE);
}

void
eqs_canvas_fit_readably (EqsCanvas *self, gboolean at_end, gboolean glide)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  double box[4], at[2];

  if (!has_room (self) || !wanted_box (self, FALSE, box))
    return;
  rest_on (self, at_end, at);
  show_box (self, box, at, glide);
}

void
eqs_canvas_set_view (EqsCanvas *self, double zoom, double x, double y)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  zoom = CLAMP (zoom, MIN_ZOOM, MAX_ZOOM);
  if (self->fitted)
    eqs_canvas_apply_view (self, zoom, width / 2 - zoom * x, height / 2 - zoom * y);
  self->wish[0] = zoom;
  self->wish[1] = x;
  self->wish[2] = y;
}

