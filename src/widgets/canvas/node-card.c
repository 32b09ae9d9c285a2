/*
 * The card draws itself from what the plan said of its node: a band in the colour of what comes out, the sign of its kind, title,
 * the one line that matters, and its ports. It has no pointer handling of its own; the canvas knows where everything is.
 */

#include "widgets/canvas/node-card.h"

#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char        *text;          /* owned */
  EqsTypeStyle style;
  gboolean     dim, bad;
  double       y;             /* from the top of the card */
  double       room;          /* for its text */
} Port;

#define PORT_TEXT  12.0       /* from the side of the card to the text of a port */
#define PORT_GAP    6.0       /* between two texts on one line */
#define PORT_LEAST 26.0       /* what is left of the text of an input: its beginning */

struct _EqsNodeCard
{
  GtkWidget           parent_instance;

  char               *path, *title, *summary;   /* owned */
  const EqkLayerType *layer;
  GArray             *inputs, *outputs;         /* owned: of Port */
  EqsTypeStyle        band;
  EqsBadge            badge;
  double              height, zoom;
  gboolean            selected, waiting, bypassed;
};

G_DEFINE_FINAL_TYPE (EqsNodeCard, eqs_node_card, GTK_TYPE_WIDGET)

static void
port_clear (gpointer port)
{
  g_free (((Port *) port)->text);
}

/* ---- drawing ---- */

static PangoLayout *
new_layout (EqsNodeCard *self, const char *text, double size, gboolean bold)
{
  PangoLayout          *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  return layout;
}

static void
append_text (EqsNodeCard *self, GtkSnapshot *snapshot, const char *text, double size, gboolean bold, double x, double y, double width, gboolean right,
             const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = new_layout (self, text, size, bold);

  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static GdkRGBA
rgba_of (guint32 colour, double alpha)
{
  return (GdkRGBA) { (float) (colour >> 16 & 255) / 255.f, (float) (colour >> 8 & 255) / 255.f, (float) (colour & 255) / 255.f, (float) alpha };
}

/* The band is striped where several kinds flow. */
static void
append_band (EqsNodeCard *self, GtkSnapshot *snapshot)
{
  const GdkRGBA colour = rgba_of (self->band.colour, self->bypassed ? 0.4 : 1), stripe = rgba_of (self->band.stripe, self->bypassed ? 0.4 : 1);

  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (0, 0, EQS_CARD_WIDTH, 4));
  if (self->band.wire == EQS_WIRE_STRIPED)
    for (int x = 12; x < EQS_CARD_WIDTH; x += 24)
      gtk_snapshot_append_color (snapshot, &stripe, &GRAPHENE_RECT_INIT ((float) x, 0, 12, 4));
}

static void
eye (cairo_t *cr, gboolean broken)
{
  cairo_move_to (cr, -6.5, 0);
  cairo_curve_to (cr, -3.5, -4.6, 3.5, -4.6, 6.5, 0);
  cairo_curve_to (cr, 3.5, 4.6, -3.5, 4.6, -6.5, 0);
  cairo_close_path (cr);
  cairo_set_line_width (cr, 1.3);
  cairo_stroke (cr);
  cairo_arc (cr, 0, 0, 2.1, 0, 2 * G_PI);
  cairo_fill (cr);
  if (broken)
    {
      cairo_move_to (cr, 2.5, -6);
      cairo_line_to (cr, -0.5, -1.5);
      cairo_line_to (cr, 1.2, 0.8);
      cairo_line_to (cr, -2.5, 6);
      cairo_stroke (cr);
    }
}

static void
wave (cairo_t *cr, double y)
{
  cairo_move_to (cr, -5.5, y + 1);
  cairo_curve_to (cr, -3, y - 3.5, -1, y - 1.5, 0, y);
  cairo_curve_to (cr, 1, y + 1.5, 3, y + 3.5, 5.5, y - 1);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
}

static void
draw_badge (EqsNodeCard *self, cairo_t *cr, double x, double y)
{
  static const char *const colours[] = { "eq_dim", "eq_good_text", "eq_warn_text", "eq_warn_text", "eq_bad_text", "eq_warn_text", "eq_bad_text" };

  if (self->badge == EQS_BADGE_NONE)
    return;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_new_path (cr);
  eqs_theme_set_source (GTK_WIDGET (self), cr, colours[self->badge], 1);
  switch (self->badge)
    {
    case EQS_BADGE_EYE:
    case EQS_BADGE_BROKEN:
    case EQS_BADGE_QUESTION:
      eye (cr, self->badge == EQS_BADGE_BROKEN);
      break;
    case EQS_BADGE_APPROX:
      wave (cr, -2);
      wave (cr, 2.5);
      break;
    case EQS_BADGE_WARNING:
      cairo_move_to (cr, 0, -6.5);
      cairo_line_to (cr, 7, 5.5);
      cairo_line_to (cr, -7, 5.5);
      cairo_close_path (cr);
      cairo_fill (cr);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_node", 1);
      cairo_rectangle (cr, -0.8, -2.5, 1.6, 4.2);
      cairo_rectangle (cr, -0.8, 2.7, 1.6, 1.6);
      cairo_fill (cr);
      break;
    case EQS_BADGE_ERROR:
      cairo_arc (cr, 0, 0, 7, 0, 2 * G_PI);
      cairo_fill (cr);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_node", 1);
      cairo_set_line_width (cr, 1.8);
      cairo_move_to (cr, -3, -3);
      cairo_line_to (cr, 3, 3);
      cairo_move_to (cr, 3, -3);
      cairo_line_to (cr, -3, 3);
      cairo_stroke (cr);
      break;
    case EQS_BADGE_NONE:
      break;
    }
  cairo_restore (cr);
}

static void
draw_ports (EqsNodeCard *self, cairo_t *cr, GArray *ports, double x)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const Port *port = &g_array_index (ports, Port, i);

      if (port->bad)
        {
          eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_bad_text", 1);
          cairo_new_path (cr);
          cairo_arc (cr, x, port->y, 11, 0, 2 * G_PI);
          cairo_set_line_width (cr, 2);
          cairo_stroke (cr);
        }
      eqs_draw_socket (cr, &port->style, x, port->y);
    }
}

static void
append_texts (EqsNodeCard *self, GtkSnapshot *snapshot)
{
  const GdkRGBA text = eqs_theme_colour (GTK_WIDGET (self), "window_fg_color"), dim = eqs_theme_colour (GTK_WIDGET (self), "eq_dim");

  append_text (self, snapshot, self->title, 11.5, TRUE, 29, 9.5, EQS_CARD_WIDTH - 29 - 26, FALSE, self->bypassed ? &dim : &text);
  append_text (self, snapshot, self->waiting ? _("waiting for what comes before") : self->summary, 11, FALSE, 11, 28, EQS_CARD_WIDTH - 22, FALSE, &dim);
  for (guint i = 0; i < self->inputs->len; i++)
    {
      const Port *port = &g_array_index (self->inputs, Port, i);

      append_text (self, snapshot, port->text, 11, FALSE, PORT_TEXT, port->y - 7, port->room, FALSE, &dim);
    }
  for (guint i = 0; i < self->outputs->len; i++)
    {
      const Port *port = &g_array_index (self->outputs, Port, i);

      append_text (self, snapshot, port->text, 11, FALSE, EQS_CARD_WIDTH - PORT_TEXT - port->room, port->y - 7, port->room, TRUE, &text);
    }
}

/* A title on two lines, cut after them. (transfer full) */
static PangoLayout *
two_lines (EqsNodeCard *self, double size, PangoWrapMode wrap)
{
  PangoLayout *layout = new_layout (self, self->title, size, TRUE);

  pango_layout_set_width (layout, (EQS_CARD_WIDTH - 12) * PANGO_SCALE);
  pango_layout_set_height (layout, -2);
  pango_layout_set_wrap (layout, wrap);
  pango_layout_set_spacing (layout, (int) (-2 / self->zoom * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

/*
 * Below 75 % the title keeps the size of readable text, on two lines where one is too short, and a little smaller where a word is wider
 * than the card; one that would be smaller than four fifths is broken. Below 40 % there is only a block of colour.
 */
static void
append_small (EqsNodeCard *self, GtkSnapshot *snapshot)
{
  const GdkRGBA           text = eqs_theme_colour (GTK_WIDGET (self), "window_fg_color");
  const double            size = 10.5 / self->zoom, room = EQS_CARD_WIDTH - 12;
  g_autoptr (PangoLayout) layout = two_lines (self, size, PANGO_WRAP_WORD);
  int                     width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width > room)
    {
      g_object_unref (layout);
      layout = two_lines (self, size * MAX (room / (width + 1), 0.8), PANGO_WRAP_WORD_CHAR);
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (7, 5));
  gtk_snapshot_append_layout (snapshot, layout, &text);
  gtk_snapshot_restore (snapshot);
}

static void
eqs_node_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  EqsNodeCard   *self = EQS_NODE_CARD (widget);
  const gboolean full = self->zoom >= 0.75, block = self->zoom < EQS_READABLE_ZOOM;
  const GdkRGBA  ground = eqs_theme_colour (widget, self->bypassed ? "eq_canvas" : "eq_node");
  const gboolean ring = self->selected || self->badge == EQS_BADGE_ERROR;
  GdkRGBA        line = eqs_theme_colour (widget, self->selected ? "accent_bg_color" : self->badge == EQS_BADGE_ERROR ? "eq_bad_text" : "eq_line_strong");
  const float    width = ring ? (float) MAX (2, 1.5 / self->zoom) : 1;
  GskRoundedRect box;

  if (self->title == NULL)
    return;
  if (self->waiting)
    gtk_snapshot_push_opacity (snapshot, 0.72);
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (0, 0, EQS_CARD_WIDTH, (float) self->height), 8);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &ground, &box.bounds);
  if (block)
    {
      const GdkRGBA colour = rgba_of (self->band.colour, 0.55);

      gtk_snapshot_append_color (snapshot, &colour, &box.bounds);
    }
  append_band (self, snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &box, (float[4]) { width, width, width, width }, (GdkRGBA[4]) { line, line, line, line });
  if (full)
    append_texts (self, snapshot);
  else if (!block)
    append_small (self, snapshot);
  if (!block)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (-12, 0, EQS_CARD_WIDTH + 24, (float) self->height + 12));

      draw_ports (self, cr, self->inputs, 0);
      draw_ports (self, cr, self->outputs, EQS_CARD_WIDTH);
      if (full)
        {
          cairo_translate (cr, 10, 10);
          eqs_draw_sign (cr, self->layer);
          eqs_theme_set_source (widget, cr, "window_fg_color", 1);
          cairo_set_line_width (cr, 1.2);
          cairo_stroke (cr);
          cairo_translate (cr, -10, -10);
          draw_badge (self, cr, EQS_CARD_WIDTH - 16, 17);
        }
      else
        draw_badge (self, cr, EQS_CARD_WIDTH / 2, self->height - 11);
      cairo_destroy (cr);
    }
  if (self->waiting)
    gtk_snapshot_pop (snapshot);
}

static void
eqs_node_card_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? EQS_CARD_WIDTH : (int) EQS_NODE_CARD (widget)->height;
}

static void
eqs_node_card_finalize (GObject *object)
{
  EqsNodeCard *self = EQS_NODE_CARD (object);

  g_free (self->path);
  g_free (self->title);
  g_free (self->summary);
  g_array_unref (self->inputs);
  g_array_unref (self->outputs);

  G_OBJECT_CLASS (eqs_node_card_parent_class)->finalize (object);
}

static void
eqs_node_card_class_init (EqsNodeCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = eqs_node_card_finalize;
  widget_class->snapshot = eqs_node_card_snapshot;
  widget_class->measure = eqs_node_card_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "nodecard");
}

static void
eqs_node_card_init (EqsNodeCard *self)
{
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);      /* as the canvas */
  self->inputs = g_array_new (FALSE, TRUE, sizeof (Port));
  self->outputs = g_array_new (FALSE, TRUE, sizeof (Port));
  g_array_set_clear_func (self->inputs, port_clear);
  g_array_set_clear_func (self->outputs, port_clear);
  self->zoom = 1;
  self->height = EQS_CARD_HEIGHT;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
eqs_node_card_new (void)
{
  return g_object_new (EQS_TYPE_NODE_CARD, NULL);
}

/* ---- what it shows ---- */

static double
text_width (EqsNodeCard *self, const char *text)
{
  g_autoptr (PangoLayout) layout = new_layout (self, text, 11, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return text[0] == '\0' ? 0 : width + 1;
}

static void
take_ports (EqsNodeCard *self, const EqsPlan *plan, const EqsPlanCard *card, gboolean output)
{
  GPtrArray *names = output ? card->outputs : card->inputs;
  GArray    *ports = output ? self->outputs : self->inputs;

  g_array_set_size (ports, 0);
  for (guint i = 0; i < names->len; i++)
    {
      const EqkPortType *type = output ? eqs_plan_output_type (plan, card, names->pdata[i]) : eqs_plan_input_type (plan, card, names->pdata[i]);
      const EqkPortType *other = output || i >= card->outputs->len ? NULL : eqs_plan_output_type (plan, card, card->outputs->pdata[i]);
      Port port = { NULL, eqs_type_style (type), !output, FALSE, eqs_plan_port_y (card, output, names->pdata[i]) - card->y, 0 };

      /* One input is told by what comes in, where that changes; several by their names. */
      if (output)
        port.text = eqs_type_dup_text (type, FALSE);
      else if (names->len > 1)
        port.text = g_strdup (names->pdata[i]);
      else
        port.text = type == NULL || (other != NULL && other->rep == type->rep) ? g_strdup ("") : eqs_type_dup_text (type, FALSE);
      for (guint k = 0; plan->check != NULL && k < plan->check->problems->len; k++)
        {
          const EqsProblem *problem = g_ptr_array_index (plan->check->problems, k);

          port.bad = port.bad || (problem->severity == EQK_SEVERITY_ERROR && g_strcmp0 (problem->node, card->path) == 0 && g_strcmp0 (problem->port, names->pdata[i]) == 0);
        }
      g_array_append_val (ports, port);
    }
}

/* Texts of an input and an output on one line share it: what goes out is told whole before what comes in, which stands on the card before. */
static void
share_lines (EqsNodeCard *self)
{
  const double whole = EQS_CARD_WIDTH - 2 * PORT_TEXT;

  for (guint i = 0; i < MAX (self->inputs->len, self->outputs->len); i++)
    {
      Port  *in = i < self->inputs->len ? &g_array_index (self->inputs, Port, i) : NULL, *out = i < self->outputs->len ? &g_array_index (self->outputs, Port, i) : NULL;
      double wide_in = in == NULL ? 0 : text_width (self, in->text), wide_out = out == NULL ? 0 : text_width (self, out->text);

      if (wide_in > 0 && wide_out > 0 && wide_in + wide_out + PORT_GAP > whole)
        {
          wide_in = MIN (wide_in, MAX (whole - wide_out - PORT_GAP, PORT_LEAST));
          wide_out = whole - wide_in - PORT_GAP;
        }
      if (in != NULL)
        in->room = MIN (wide_in, whole);
      if (out != NULL)
        out->room = MIN (wide_out, whole);
    }
}

/* "Steerable convolution, 16x reg(C4), 192 parameters. Problem: …" */
static void
describe (EqsNodeCard *self, const EqsPlanCard *card, const char *problem)
{
  GString *text = g_string_new (card->layer == NULL ? eqs_node_get_layer (card->node) : _(card->layer->title));

  if (self->outputs->len > 0)
    g_string_append_printf (text, ", %s", g_array_index (self->outputs, Port, 0).text);
  if (self->summary[0] != '\0')
    g_string_append_printf (text, ", %s", self->summary);
  if (problem != NULL)
    g_string_append_printf (text, ". %s: %s", self->badge == EQS_BADGE_ERROR ? _("Problem") : _("Note"), problem);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  g_string_free (text, TRUE);
}

void
eqs_node_card_show (EqsNodeCard *self, const EqsPlan *plan, const EqsPlanCard *card, const char *problem, EqsBadge badge)
{
  g_return_if_fail (EQS_IS_NODE_CARD (self));

  const EqkPortType *out = card->outputs->len == 0 ? NULL : eqs_plan_output_type (plan, card, card->outputs->pdata[0]);

  g_free (self->path);
  g_free (self->title);
  g_free (self->summary);
  self->path = g_strdup (card->path);
  self->title = g_strdup (eqs_plan_title (card));
  self->summary = eqs_plan_dup_summary (plan, card);
  self->layer = card->layer;
  self->band = eqs_type_style (out);
  self->badge = badge;
  self->waiting = card->waiting;
  self->bypassed = eqs_node_is_bypassed (card->node);
  take_ports (self, plan, card, FALSE);
  take_ports (self, plan, card, TRUE);
  share_lines (self);
  describe (self, card, problem);
  if (self->height != card->height)
    {
      self->height = card->height;
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
eqs_node_card_get_path (EqsNodeCard *self)
{
  g_return_val_if_fail (EQS_IS_NODE_CARD (self), NULL);
  return self->path;
}

void
eqs_node_card_set_selected (EqsNodeCard *self, gboolean selected)
{
  g_return_if_fail (EQS_IS_NODE_CARD (self));
  if (self->selected == selected)
    return;
  self->selected = selected;
  if (selected)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
eqs_node_card_set_zoom (EqsNodeCard *self, double zoom)
{
  g_return_if_fail (EQS_IS_NODE_CARD (self));
  /* While everything is shown, the drawing is the same at any zoom and is kept. */
  const gboolean same = zoom >= 0.75 && self->zoom >= 0.75;

  if (zoom == self->zoom)
    return;
  self->zoom = zoom;
  if (!same)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}
