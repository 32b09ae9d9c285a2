/* What is drawn below and above the cards. The node of the wires is in the design's units and kept while only the view moves. */

#include "widgets/canvas/canvas-private.h"

#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A dot every 16 px; at small zoom they would be a grey veil. */
static void
draw_ground (EqsCanvas *self, GtkSnapshot *snapshot, float width, float height)
{
  const GdkRGBA ground = eqs_theme_colour (GTK_WIDGET (self), "eq_canvas"), dot = eqs_theme_colour (GTK_WIDGET (self), "eq_dot");
  const float   step = (float) (2 * EQS_GRID * self->zoom);
  float         x, y;

  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (step < 12)
    return;
  x = fmodf ((float) self->x, step);
  y = fmodf ((float) self->y, step);
  gtk_snapshot_push_repeat (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height), &GRAPHENE_RECT_INIT (x, y, step, step));
  gtk_snapshot_append_color (snapshot, &dot, &GRAPHENE_RECT_INIT (x, y, 1, 1));
  gtk_snapshot_pop (snapshot);
}

static void
append_words (EqsCanvas *self, GtkSnapshot *snapshot, const char *text, gboolean markup, double size, double x, double y, double width, const char *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));
  const GdkRGBA rgba = eqs_theme_colour (GTK_WIDGET (self), colour);

  if (markup)
    pango_layout_set_markup (layout, text, -1);
  else
    pango_layout_set_text (layout, text, -1);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (!markup)
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
  gtk_snapshot_restore (snapshot);
  pango_font_description_free (font);
}

static void
append_box (EqsCanvas *self, GtkSnapshot *snapshot, const double box[4], float radius, const char *fill, const char *line)
{
  const GdkRGBA  inside = eqs_theme_colour (GTK_WIDGET (self), fill), edge = eqs_theme_colour (GTK_WIDGET (self), line);
  GskRoundedRect rect;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) box[0], (float) box[1], (float) (box[2] - box[0]), (float) (box[3] - box[1])), radius);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, &inside, &rect.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &rect, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { edge, edge, edge, edge });
}

static void
draw_frames (EqsCanvas *self, GtkSnapshot *snapshot)
{
  EqsDocument *document = self->plan->document;
  const guint  n = self->plan->scope[0] != '\0' ? 0 : eqs_document_get_n_items (document, EQS_ITEM_FRAME);
  double       box[4];

  for (guint i = 0; i < n; i++)
    if (eqs_plan_frame_box (self->plan, eqs_document_get_item (document, EQS_ITEM_FRAME, i), box))
      append_box (self, snapshot, box, 12, "eq_frame", "eq_line");
}

/* Above the wires, on a plate: a wire that has to cross a title does not strike it through. In one line, cut where it has to be. */
static void
draw_frame_titles (EqsCanvas *self, GtkSnapshot *snapshot)
{
  EqsDocument  *document = self->plan->document;
  const guint   n = self->plan->scope[0] != '\0' ? 0 : eqs_document_get_n_items (document, EQS_ITEM_FRAME);
  const double  size = self->zoom < 0.75 ? MIN (12 / self->zoom, 20) : 12;
  const GdkRGBA canvas = eqs_theme_colour (GTK_WIDGET (self), "eq_canvas"), frame_colour = eqs_theme_colour (GTK_WIDGET (self), "eq_frame"), dim = eqs_theme_colour (GTK_WIDGET (self), "eq_dim");
  const float   a = frame_colour.alpha;
  /* Frames are a veil over the canvas; the plate is what that looks like. */
  const GdkRGBA ground = { a * frame_colour.red + (1 - a) * canvas.red, a * frame_colour.green + (1 - a) * canvas.green, a * frame_colour.blue + (1 - a) * canvas.blue, 1 };
  double        box[4];

  for (guint i = 0; i < n; i++)
    {
      const EqsMap           *frame = eqs_document_get_item (document, EQS_ITEM_FRAME, i);
      g_autoptr (PangoLayout) layout = NULL;
      PangoFontDescription   *font;
      int                     width, height;

      if (!eqs_plan_frame_box (self->plan, frame, box))
        continue;
      layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), eqs_map_get_string (frame, "title", ""));
      font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));
      pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
      pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
      pango_layout_set_font_description (layout, font);
      pango_font_description_free (font);
      pango_layout_set_width (layout, (int) ((box[2] - box[0] - 28) * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_get_pixel_size (layout, &width, &height);
      gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT ((float) box[0] + 10, (float) (box[1] + 13 - height / 2.0), (float) width + 8, (float) height));
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) box[0] + 14, (float) (box[1] + 13 - height / 2.0)));
      gtk_snapshot_append_layout (snapshot, layout, &dim);
      gtk_snapshot_restore (snapshot);
    }
}

/* Notes: **bold** is the only mark-up. */
static char *
note_markup (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_auto (GStrv)   parts = g_strsplit (escaped, "**", -1);
  GString         *markup = g_string_new (NULL);
  guint            n = g_strv_length (parts);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (markup, i % 2 == 1 && i + 1 < n ? "<b>%s</b>" : "%s", parts[i]);
  return g_string_free (markup, FALSE);
}

static void
draw_notes (EqsCanvas *self, GtkSnapshot *snapshot)
{
  EqsDocument *document = self->plan->document;

  if (self->plan->scope[0] != '\0' || self->zoom < 0.3)
    return;
  for (guint i = 0; i < eqs_document_get_n_items (document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap    *note = eqs_document_get_item (document, EQS_ITEM_NOTE, i);
      const gboolean   held = self->drag == EQS_DRAG_NOTE && g_strcmp0 (self->held_note, eqs_map_get_string (note, "id", "")) == 0;
      const double     x = eqs_map_get_number (note, "x", 0) + (held ? self->moved_x : 0), y = eqs_map_get_number (note, "y", 0) + (held ? self->moved_y : 0);
      const double     width = eqs_map_get_number (note, "width", EQS_NOTE_WIDTH);
      const double     box[4] = { x, y, x + width, y + eqs_plan_note_height (note) + 20 };
      g_autofree char *markup = note_markup (eqs_map_get_string (note, "text", ""));

      append_box (self, snapshot, box, 8, "eq_note", "eq_note_line");
      append_words (self, snapshot, markup, TRUE, 11.5, x + 10, y + 9, width - 18, "window_fg_color");
    }
}

/* ---- wires ---- */

static void
stroke (EqsCanvas *self, cairo_t *cr, const EqsTypeStyle *style, double zoom)
{
  static const double dashes[] = { 6, 4 }, dots[] = { 1.5, 3 }, stripes[] = { 8, 8 };
  const gboolean broken = style->wire == EQS_WIRE_DASHED || style->wire == EQS_WIRE_DOTTED;
  const double   width = MAX (style->width, 1.2 / zoom);

  cairo_set_dash (cr, style->wire == EQS_WIRE_DASHED ? dashes : dots, broken ? 2 : 0, 0);
  if (zoom >= 0.4)
    {
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_wire_outline", 1);
      cairo_set_line_width (cr, style->wire == EQS_WIRE_DOUBLE ? 5 : width + 2);
      if (!broken)
        cairo_stroke_preserve (cr);
    }
  if (style->wire == EQS_WIRE_DOUBLE)
    eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_canvas", 1);
  else if (style->wire == EQS_WIRE_DASHED)
    eqs_theme_set_source (GTK_WIDGET (self), cr, "window_fg_color", 1);
  else
    eqs_draw_set_colour (cr, style->colour, 1);
  cairo_set_line_width (cr, style->wire == EQS_WIRE_DOUBLE ? 2 : width);
  cairo_stroke_preserve (cr);
  if (style->wire == EQS_WIRE_STRIPED && zoom >= 0.4)
    {
      cairo_set_dash (cr, stripes, 2, 0);
      eqs_draw_set_colour (cr, style->stripe, 1);
      cairo_stroke_preserve (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_new_path (cr);
}

static gboolean
wire_is_bad (EqsCanvas *self, const EqsPlanWire *wire)
{
  const EqsProblem *problem = eqs_session_get_problem (self->session, self->plan->cards[wire->to].path, wire->link->to_port);

  return problem != NULL && problem->severity == EQK_SEVERITY_ERROR;
}

static void
draw_wire (EqsCanvas *self, cairo_t *cr, guint index)
{
  const EqsPlanWire *wire = &self->plan->wires[index];

  if (self->zoom < 0.4)
    {
      /* Nobody can tell a curve from a line at this size. */
      cairo_move_to (cr, wire->route.p[0][0], wire->route.p[0][1]);
      if (wire->route.kind == EQS_ROUTE_PIECES || wire->route.kind == EQS_ROUTE_BENT)
        for (int i = 1; i + 1 < wire->route.n; i++)
          cairo_line_to (cr, wire->route.p[i][0], wire->route.p[i][1]);
      cairo_line_to (cr, wire->route.p[wire->route.n - 1][0], wire->route.p[wire->route.n - 1][1]);
    }
  else
    eqs_route_trace (&wire->route, cr);
  if (self->zoom >= 0.4 && wire_is_bad (self, wire))
    {
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_bad_text", 0.45);
      cairo_set_line_width (cr, wire->style.width + 10);
      cairo_stroke_preserve (cr);
    }
  stroke (self, cr, &wire->style, self->zoom);
}

/* A recorder for Cairo around everything. Made on its own: within a scaled snapshot GTK 4.8 shifts what Cairo draws. */
static cairo_t *
record (EqsCanvas *self, GtkSnapshot *snapshot)
{
  return gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT ((float) self->plan->left - 100, (float) self->plan->top - 100,
                                                                   (float) (self->plan->right - self->plan->left) + 200,
                                                                   (float) (self->plan->bottom - self->plan->top) + 200));
}

static void
make_wires (EqsCanvas *self)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = record (self, snapshot);

  if (self->zoom < 0.4)
    cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < self->plan->n_wires; i++)
    draw_wire (self, cr, i);
  cairo_destroy (cr);
  self->wires = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

/* What a wire is led over, to be taken hold of. */
static void
draw_bends (EqsCanvas *self, GtkSnapshot *snapshot)
{
  const double r = 5;

  for (guint i = 0; i < self->plan->n_wires; i++)
    for (guint k = 0; k < self->plan->wires[i].n_bends; k++)
      {
        const double *at = self->plan->wires[i].bends[k];

        append_box (self, snapshot, (double[4]) { at[0] - r, at[1] - r, at[0] + r, at[1] + r }, (float) r, "eq_node", "eq_line_strong");
      }
}

static void
draw_pills (EqsCanvas *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      const EqsPlanWire *wire = &self->plan->wires[i];
      const double width = wire->pill == NULL ? 0 : 6.4 * (double) g_utf8_strlen (wire->pill, -1) + 18;
      const double box[4] = { wire->pill_x - width / 2, wire->pill_y - 9, wire->pill_x + width / 2, wire->pill_y + 9 };

      if (wire->pill == NULL)
        continue;
      append_box (self, snapshot, box, 9, "eq_node", "eq_line_strong");
      append_words (self, snapshot, wire->pill, FALSE, 11, box[0] + 9, box[1] + 1.5, width - 10, "window_fg_color");
    }
}

/* The wire under the pointer and the one that the symmetry view shows are lit from behind. */
static void
draw_lit (EqsCanvas *self, GtkSnapshot *snapshot)
{
  const char    *probe = eqs_session_get_probe_node (self->session), *port = eqs_session_get_probe_port (self->session);
  GtkSnapshot   *own = gtk_snapshot_new ();
  cairo_t       *cr = record (self, own);
  GskRenderNode *node;

  for (guint i = 0; i < self->plan->n_wires; i++)
    {
      const EqsPlanWire *wire = &self->plan->wires[i];
      const gboolean     shown = probe != NULL && strcmp (self->plan->cards[wire->from].path, probe) == 0 && (port == NULL || strcmp (wire->link->from_port, port) == 0);

      if (!shown && (int) i != self->hover_wire)
        continue;
      eqs_route_trace (&wire->route, cr);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "accent_bg_color", shown ? 0.55 : 0.30);
      cairo_set_line_width (cr, wire->style.width + 10);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
  node = gtk_snapshot_free_to_node (own);
  if (node != NULL)
    {
      gtk_snapshot_append_node (snapshot, node);
      gsk_render_node_unref (node);
    }
}

void
eqs_canvas_draw (EqsCanvas *self, GtkSnapshot *snapshot)
{
  g_return_if_fail (EQS_IS_CANVAS (self));

  const float width = (float) gtk_widget_get_width (GTK_WIDGET (self)), height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  draw_ground (self, snapshot, width, height);
  if (self->wires == NULL)
    make_wires (self);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) self->x, (float) self->y));
  gtk_snapshot_scale (snapshot, (float) self->zoom, (float) self->zoom);
  draw_frames (self, snapshot);
  draw_notes (self, snapshot);
  draw_lit (self, snapshot);
  if (self->wires != NULL)
    gtk_snapshot_append_node (snapshot, self->wires);
  if (self->zoom >= 0.3)
    draw_frame_titles (self, snapshot);
  if (self->zoom >= 0.5)
    {
      draw_bends (self, snapshot);
      draw_pills (self, snapshot);
    }
  gtk_snapshot_restore (snapshot);
}

/* ---- above the cards ---- */

/* Ports that a pulled wire cannot go to are veiled. */
static void
draw_refusals (EqsCanvas *self, cairo_t *cr)
{
  for (guint i = 0; i < self->plan->n_cards; i++)
    {
      const EqsPlanCard *card = &self->plan->cards[i];
      GPtrArray *ports = self->wire_from_output ? card->inputs : card->outputs;

      for (guint k = 0; k < ports->len; k++)
        {
          g_autofree char *end = g_strdup_printf ("%s.%s", card->path, (char *) ports->pdata[k]);
          const double x = card->x + (self->wire_from_output ? 0 : EQS_CARD_WIDTH), y = card->y + EQS_PORT_TOP + EQS_PORT_PITCH * k;
          gpointer     reason;

          if (self->refusals == NULL || !g_hash_table_lookup_extended (self->refusals, end, NULL, &reason))
            continue;
          cairo_new_path (cr);
          cairo_arc (cr, x, y, 9, 0, 2 * G_PI);
          if (reason == NULL)
            {
              eqs_theme_set_source (GTK_WIDGET (self), cr, "accent_bg_color", 0.9);
              cairo_set_line_width (cr, 2);
              cairo_stroke (cr);
            }
          else
            {
              eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_node", 0.75);
              cairo_fill (cr);
            }
        }
    }
}

static void
draw_pulled_wire (EqsCanvas *self, GtkSnapshot *snapshot)
{
  const char *slash = strrchr (self->wire_path, '/');
  const int   at = eqs_plan_find (self->plan, slash == NULL ? self->wire_path : slash + 1);
  const EqsPlanCard *card = at < 0 ? NULL : &self->plan->cards[at];
  const float width = (float) gtk_widget_get_width (GTK_WIDGET (self)), height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  EqsTypeStyle style;
  EqsRoute     route;
  cairo_t     *cr;
  double       x, y, end_x, end_y;

  if (card == NULL)
    return;
  style = eqs_type_style (self->wire_from_output ? eqs_plan_output_type (self->plan, card, self->wire_port) : eqs_plan_input_type (self->plan, card, self->wire_port));
  eqs_canvas_to_design (self, self->at_x, self->at_y, &end_x, &end_y);
  x = card->x + (self->wire_from_output ? EQS_CARD_WIDTH : 0);
  y = eqs_plan_port_y (card, self->wire_from_output, self->wire_port);
  route = self->wire_from_output ? eqs_route_between (x, y, end_x, end_y) : eqs_route_between (end_x, end_y, x, y);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_translate (cr, self->x, self->y);
  cairo_scale (cr, self->zoom, self->zoom);
  draw_refusals (self, cr);
  cairo_new_path (cr);
  eqs_route_trace (&route, cr);
  stroke (self, cr, &style, self->zoom);
  cairo_destroy (cr);
}

/* The reason why the port under the pointer is not for this wire. */
static void
draw_reason (EqsCanvas *self, GtkSnapshot *snapshot)
{
  const EqsHit hit = eqs_canvas_hit (self, self->at_x, self->at_y);
  g_autofree char *end = hit.port == NULL ? NULL : g_strdup_printf ("%s.%s", self->plan->cards[hit.card].path, hit.port);
  const char  *reason = end == NULL || self->refusals == NULL ? NULL : g_hash_table_lookup (self->refusals, end);
  const double width = 300, box[4] = { self->at_x + 14, self->at_y + 14, self->at_x + 14 + width, self->at_y + 14 + 52 };

  if (reason == NULL)
    return;
  append_box (self, snapshot, box, 8, "popover_bg_color", "eq_line_strong");
  append_words (self, snapshot, reason, TRUE, 12, box[0] + 10, box[1] + 8, width - 20, "window_fg_color");
}

void
eqs_canvas_draw_above (EqsCanvas *self, GtkSnapshot *snapshot)
{
  g_return_if_fail (EQS_IS_CANVAS (self));
  if (self->drag == EQS_DRAG_WIRE)
    {
      draw_pulled_wire (self, snapshot);
      draw_reason (self, snapshot);
    }
  if (self->drag == EQS_DRAG_BOX)
    {
      const double   x = MIN (self->start_x, self->at_x), y = MIN (self->start_y, self->at_y);
      GdkRGBA        colour = eqs_theme_colour (GTK_WIDGET (self), "accent_bg_color");
      GskRoundedRect rect;

      gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) fabs (self->at_x - self->start_x), (float) fabs (self->at_y - self->start_y)), 2);
      gtk_snapshot_append_border (snapshot, &rect, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { colour, colour, colour, colour });
      colour.alpha = 0.12f;
      gtk_snapshot_append_color (snapshot, &colour, &rect.bounds);
    }
  if (self->plan->n_cards == 0)
    append_words (self, snapshot, _("An empty design. Press Shift+A to add a layer, or start from the data."), TRUE, 13, 40, 48, gtk_widget_get_width (GTK_WIDGET (self)) - 80, "eq_dim");
}
