/*
 * The picture of a design. First a plan: a card for each node with its ports, where the design has it or where the tidy layout
 * puts it; then frames, wires, cards, and a legend of the types that occur. Wires go straight or in a curve to the right;
 * one that would run over a card, or back to the left, takes the lane between two rows, as a line break does.
 */

#include "draw/topology.h"
#include "draw/type-style.h"

#include "model/atomic.h"
#include "model/layout.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { INK = 0x2e3436, GREY = 0x6f6f6f, LINE = 0xc0bfbc, CARD = 0xffffff, FRAME = 0xf1f1f0, NOTE = 0xf6ead2, RED = 0xc01c28, AMBER = 0xe5a50a };

#define MARGIN      28.0
#define HEADER      44.0
#define PORT_TOP    62.0
#define PORT_PITCH  18.0
#define FRAME_PAD   14.0
#define FRAME_TITLE 26.0
#define NOTE_WIDTH  150.0

typedef struct
{
  const EqsNode      *node;
  const EqsNodeCost  *cost;        /* NULL: not in the check */
  const EqkLayerType *layer;       /* NULL: unknown here */
  GPtrArray          *inputs;      /* names of ports, borrowed; of links and of the layer */
  GPtrArray          *outputs;
  double              x, y, height;
  int                 worst;       /* severity of its problems; -1: none */
} Card;

typedef struct
{
  EqsDocument    *document;
  const EqsCheck *check;           /* NULL */
  EqsGraph       *graph;
  Card           *cards;
  guint           n;
  double          left, top, right, bottom;   /* of everything but header and legend */
} Plan;

/* ---- text ---- */

static void
set_font (cairo_t *cr, double size, gboolean bold)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
}

static double
text_width (cairo_t *cr, const char *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

/* Cut at a character, with an ellipsis, to fit. */
static char *
dup_fitting (cairo_t *cr, const char *text, double width)
{
  GString *cut;

  if (text_width (cr, text) <= width)
    return g_strdup (text);
  for (glong n = g_utf8_strlen (text, -1) - 1; n > 0; n--)
    {
      g_autofree char *part = g_utf8_substring (text, 0, n);

      cut = g_string_new (g_strchomp (part));
      g_string_append (cut, "…");
      if (text_width (cr, cut->str) <= width || n == 1)
        return g_string_free (cut, FALSE);
      g_string_free (cut, TRUE);
    }
  return g_strdup ("…");
}

/* @param align 0: x is the left end, 1: the right end, 0.5: the middle. @return the width drawn */
static double
show_text (cairo_t *cr, const char *text, double x, double y, double width, double align)
{
  g_autofree char *fitting = dup_fitting (cr, text, width);
  const double     w = text_width (cr, fitting);

  cairo_move_to (cr, x - align * w, y);
  cairo_show_text (cr, fitting);
  return w;
}

/* "113,802": as people read numbers in a picture, whatever the locale. */
static char *
dup_grouped (gint64 number)
{
  g_autofree char *digits = g_strdup_printf ("%" PRId64, number);
  const gsize      n = strlen (digits);
  GString         *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_string_append_c (text, digits[i]);
      if ((n - 1 - i) % 3 == 0 && i + 1 < n && digits[i] != '-')
        g_string_append_c (text, ',');
    }
  return g_string_free (text, FALSE);
}

/* ---- the plan ---- */

static void
add_port (GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], name) == 0)
      return;
  g_ptr_array_add (ports, (char *) name);
}

static Card *
card_of (const Plan *plan, const char *id)
{
  const EqsNode *node = id[0] == '\0' ? NULL : eqs_graph_find_node (plan->graph, id);

  return node == NULL ? NULL : &plan->cards[eqs_graph_index_of (plan->graph, node)];
}

static void
plan_ports (Plan *plan)
{
  for (guint i = 0; i < plan->n; i++)
    {
      Card *card = &plan->cards[i];

      card->inputs = g_ptr_array_new ();
      card->outputs = g_ptr_array_new ();
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->inputs; p != NULL && p->name != NULL; p++)
        if (!p->optional || eqs_graph_find_link (plan->graph, NULL, NULL, eqs_node_get_id (card->node), p->name) >= 0)
          add_port (card->inputs, p->name);
      for (const EqkPort *p = card->layer == NULL ? NULL : card->layer->outputs; p != NULL && p->name != NULL; p++)
        add_port (card->outputs, p->name);
    }
  for (guint i = 0; i < eqs_graph_get_n_links (plan->graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (plan->graph, i);
      Card          *from = card_of (plan, link->from_node), *to = card_of (plan, link->to_node);

      if (from != NULL)
        add_port (from->outputs, link->from_port);
      if (to != NULL)
        add_port (to->inputs, link->to_port);
    }
}

static void
grow (Plan *plan, double x, double y, double width, double height)
{
  plan->left = MIN (plan->left, x);
  plan->top = MIN (plan->top, y);
  plan->right = MAX (plan->right, x + width);
  plan->bottom = MAX (plan->bottom, y + height);
}

/* The box around a frame's members. @return FALSE when it has none here */
static gboolean
frame_box (const Plan *plan, const EqsMap *frame, double box[4])
{
  const EqsValue *members = eqs_map_get (frame, "members");
  gboolean        any = FALSE;

  for (guint i = 0; members != NULL && i < eqs_value_get_length (members); i++)
    {
      const char *id = eqs_value_get_string (eqs_value_get_item (members, i));
      const Card *card = id == NULL ? NULL : card_of (plan, id);

      if (card == NULL)
        continue;
      box[0] = any ? MIN (box[0], card->x - FRAME_PAD) : card->x - FRAME_PAD;
      box[1] = any ? MIN (box[1], card->y - FRAME_TITLE) : card->y - FRAME_TITLE;
      box[2] = any ? MAX (box[2], card->x + EQS_CARD_WIDTH + FRAME_PAD) : card->x + EQS_CARD_WIDTH + FRAME_PAD;
      box[3] = any ? MAX (box[3], card->y + card->height + FRAME_PAD) : card->y + card->height + FRAME_PAD;
      any = TRUE;
    }
  return any;
}

static void
plan_severities (Plan *plan)
{
  for (guint i = 0; plan->check != NULL && i < plan->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (plan->check->problems, i);
      g_auto (GStrv)    parts = g_strsplit (problem->node == NULL ? "" : problem->node, "/", 2);
      Card             *card = parts[0] == NULL ? NULL : card_of (plan, parts[0]);

      if (card != NULL)
        card->worst = MAX (card->worst, (int) problem->severity);
    }
}

static double note_height (const EqsMap *note);

static void
plan_extents (Plan *plan)
{
  double box[4];

  plan->left = plan->top = G_MAXDOUBLE;
  plan->right = plan->bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < plan->n; i++)
    grow (plan, plan->cards[i].x - 20, plan->cards[i].y, EQS_CARD_WIDTH + 40, plan->cards[i].height);
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME); i++)
    if (frame_box (plan, eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i), box))
      grow (plan, box[0], box[1], box[2] - box[0], box[3] - box[1]);
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap *note = eqs_document_get_item (plan->document, EQS_ITEM_NOTE, i);

      grow (plan, eqs_map_get_number (note, "x", 0), eqs_map_get_number (note, "y", 0), eqs_map_get_number (note, "width", NOTE_WIDTH), note_height (note));
    }
  if (plan->left > plan->right)
    plan->left = plan->top = plan->right = plan->bottom = 0;
}

static void
plan_init (Plan *plan, EqsDocument *document, const EqsCheck *check)
{
  g_autofree double *xy = NULL;

  *plan = (Plan) { .document = document, .check = check, .graph = eqs_document_get_graph (document, NULL) };
  plan->n = eqs_graph_get_n_nodes (plan->graph);
  plan->cards = g_new0 (Card, plan->n + 1);
  if (eqs_layout_is_needed (plan->graph))
    {
      xy = g_new0 (double, 2 * plan->n + 2);
      eqs_layout_compute (plan->graph, 0, xy);
    }
  for (guint i = 0; i < plan->n; i++)
    {
      Card *card = &plan->cards[i];

      card->node = eqs_graph_get_node (plan->graph, i);
      card->layer = eqk_layer_find (eqs_node_get_layer (card->node));
      card->x = xy != NULL ? xy[2 * i] : eqs_node_get_x (card->node);
      card->y = xy != NULL ? xy[2 * i + 1] : eqs_node_get_y (card->node);
      card->worst = -1;
      for (guint k = 0; check != NULL && k < check->nodes->len; k++)
        if (strcmp (g_array_index (check->nodes, EqsNodeCost, k).id, eqs_node_get_id (card->node)) == 0)
          card->cost = &g_array_index (check->nodes, EqsNodeCost, k);
    }
  plan_ports (plan);
  for (guint i = 0; i < plan->n; i++)
    plan->cards[i].height = EQS_CARD_HEIGHT + PORT_PITCH * (MAX (MAX (plan->cards[i].inputs->len, plan->cards[i].outputs->len), 1) - 1);
  plan_severities (plan);
  plan_extents (plan);
}

static void
plan_clear (Plan *plan)
{
  for (guint i = 0; i < plan->n; i++)
    {
      g_ptr_array_unref (plan->cards[i].inputs);
      g_ptr_array_unref (plan->cards[i].outputs);
    }
  g_free (plan->cards);
}

static double
port_y (const Card *card, GPtrArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    if (strcmp (ports->pdata[i], name) == 0)
      return card->y + PORT_TOP + PORT_PITCH * i;
  return card->y + PORT_TOP;
}

static const EqkPortType *
output_type (const Plan *plan, const Card *card, const char *port)
{
  return card->cost == NULL || card->cost->kernel_node < 0 ? NULL : eqk_typed_output (plan->check->typed, card->cost->kernel_node, port);
}

/* What arrives at an input: the type of the first link's source. */
static const EqkPortType *
input_type (const Plan *plan, const Card *card, const char *port)
{
  const int      at = eqs_graph_find_link (plan->graph, NULL, NULL, eqs_node_get_id (card->node), port);
  const EqsLink *link = at < 0 ? NULL : eqs_graph_get_link (plan->graph, (guint) at);
  const Card    *from = link == NULL ? NULL : card_of (plan, link->from_node);

  return from == NULL ? NULL : output_type (plan, from, link->from_port);
}

/* ---- boxes ---- */

static void
rounded (cairo_t *cr, double x, double y, double width, double height, double r)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI / 2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

static void
fill_and_line (cairo_t *cr, guint32 fill, guint32 line, double width)
{
  eqs_draw_set_colour (cr, fill, 1);
  cairo_fill_preserve (cr);
  eqs_draw_set_colour (cr, line, 1);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

static void
draw_frames (cairo_t *cr, const Plan *plan)
{
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME); i++)
    {
      const EqsMap *frame = eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i);
      double        box[4];

      if (!frame_box (plan, frame, box))
        continue;
      rounded (cr, box[0], box[1], box[2] - box[0], box[3] - box[1], 10);
      fill_and_line (cr, FRAME, LINE, 1);
      set_font (cr, 10, TRUE);
      eqs_draw_set_colour (cr, GREY, 1);
      show_text (cr, eqs_map_get_string (frame, "title", ""), box[0] + FRAME_PAD, box[1] + 16, box[2] - box[0] - 2 * FRAME_PAD, 0);
    }
}

/* Lines of a note, broken at blanks to its width; a paragraph that is **bold** is a heading. */
static GPtrArray *
note_lines (cairo_t *cr, const char *text, double width)
{
  GPtrArray     *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n", -1);

  for (guint p = 0; paragraphs[p] != NULL; p++)
    {
      g_auto (GStrv) words = g_strsplit (paragraphs[p], " ", -1);
      GString       *line = g_string_new (NULL);

      set_font (cr, 10, g_str_has_prefix (paragraphs[p], "**"));
      for (guint w = 0; words[w] != NULL; w++)
        {
          const gsize before = line->len;

          g_string_append_printf (line, "%s%s", before == 0 ? "" : " ", words[w]);
          if (before > 0 && text_width (cr, line->str) > width)
            {
              g_string_truncate (line, before);
              g_ptr_array_add (lines, g_strdup (line->str));
              g_string_assign (line, words[w]);
            }
        }
      g_ptr_array_add (lines, g_string_free (line, FALSE));
    }
  return lines;
}

static double
note_height (const EqsMap *note)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t         *cr = cairo_create (surface);
  GPtrArray       *lines = note_lines (cr, eqs_map_get_string (note, "text", ""), eqs_map_get_number (note, "width", NOTE_WIDTH) - 22);
  const double     height = MAX (eqs_map_get_number (note, "height", 0), 18 + 14.0 * lines->len);

  g_ptr_array_unref (lines);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return height;
}

static void
draw_notes (cairo_t *cr, const Plan *plan)
{
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap        *note = eqs_document_get_item (plan->document, EQS_ITEM_NOTE, i);
      const double         x = eqs_map_get_number (note, "x", 0), y = eqs_map_get_number (note, "y", 0);
      const double         width = eqs_map_get_number (note, "width", NOTE_WIDTH);
      g_autoptr (GPtrArray) lines = note_lines (cr, eqs_map_get_string (note, "text", ""), width - 22);

      rounded (cr, x, y, width, note_height (note), 8);
      fill_and_line (cr, NOTE, 0xd9c8a0, 1);
      eqs_draw_set_colour (cr, INK, 1);
      for (guint k = 0; k < lines->len; k++)
        {
          const char      *line = lines->pdata[k];
          g_auto (GStrv)   parts = g_strsplit (line, "**", -1);
          g_autofree char *plain = g_strjoinv ("", parts);

          set_font (cr, 10, g_str_has_prefix (line, "**"));
          cairo_move_to (cr, x + 11, y + 20 + 14.0 * k);
          cairo_show_text (cr, plain);
        }
    }
}

/* ---- signs of categories ---- */

typedef void (*SignFunc) (cairo_t *cr);   /* a path in a box of 14 × 14 */

static void
sign_input (cairo_t *cr)
{
  cairo_rectangle (cr, 1, 2, 12, 10);
  cairo_move_to (cr, 2, 11);
  cairo_line_to (cr, 6, 6);
  cairo_line_to (cr, 8.5, 9);
  cairo_line_to (cr, 10, 7.5);
  cairo_line_to (cr, 12, 10.5);
}

static void
sign_convolution (cairo_t *cr)
{
  cairo_rectangle (cr, 1, 1, 12, 12);
  for (int i = 1; i < 3; i++)
    {
      cairo_move_to (cr, 1 + 4 * i, 1);
      cairo_line_to (cr, 1 + 4 * i, 13);
      cairo_move_to (cr, 1, 1 + 4 * i);
      cairo_line_to (cr, 13, 1 + 4 * i);
    }
}

static void
sign_bend (cairo_t *cr)
{
  cairo_move_to (cr, 1, 11);
  cairo_line_to (cr, 7, 11);
  cairo_line_to (cr, 12.5, 2.5);
}

static void
sign_bell (cairo_t *cr)
{
  cairo_move_to (cr, 0.5, 12);
  cairo_curve_to (cr, 6, 12, 4, 2, 7, 2);
  cairo_curve_to (cr, 10, 2, 8, 12, 13.5, 12);
}

static void
sign_funnel (cairo_t *cr)
{
  cairo_move_to (cr, 1, 2);
  cairo_line_to (cr, 13, 2);
  cairo_line_to (cr, 8.5, 7.5);
  cairo_line_to (cr, 8.5, 13);
  cairo_line_to (cr, 5.5, 11);
  cairo_line_to (cr, 5.5, 7.5);
  cairo_close_path (cr);
}

static void
sign_head (cairo_t *cr)
{
  cairo_move_to (cr, 1, 7);
  cairo_line_to (cr, 9, 7);
  cairo_move_to (cr, 6, 4);
  cairo_line_to (cr, 9, 7);
  cairo_line_to (cr, 6, 10);
  cairo_move_to (cr, 12.5, 2);
  cairo_line_to (cr, 12.5, 12);
}

static void
sign_join (cairo_t *cr)
{
  cairo_move_to (cr, 1, 2.5);
  cairo_line_to (cr, 5, 2.5);
  cairo_line_to (cr, 8, 7);
  cairo_line_to (cr, 13, 7);
  cairo_move_to (cr, 1, 11.5);
  cairo_line_to (cr, 5, 11.5);
  cairo_line_to (cr, 8, 7);
}

static void
sign_dots (cairo_t *cr)
{
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 2; k++)
      {
        cairo_new_sub_path (cr);
        cairo_arc (cr, 2.5 + 4.5 * i, 4.5 + 5 * k, 1.4, 0, 2 * G_PI);
      }
}

static const struct { const char *category; SignFunc sign; } signs[] = {
  { "Input", sign_input }, { "Convolution", sign_convolution }, { "Non-linearity", sign_bend }, { "Normalisation", sign_bell },
  { "Pooling", sign_funnel }, { "Head", sign_head }, { "Structure", sign_join }, { "Grid", sign_join },
};

static void
draw_sign (cairo_t *cr, const Card *card, double x, double y)
{
  SignFunc sign = sign_dots;

  for (gsize i = 0; card->layer != NULL && i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].category, card->layer->category) == 0)
      sign = signs[i].sign;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_new_path (cr);
  sign (cr);
  eqs_draw_set_colour (cr, INK, 1);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* ---- cards ---- */

static const char *
title_of (const Card *card)
{
  const char *title = eqs_node_get_title (card->node);

  if (title != NULL && *title != '\0')
    return title;
  return card->layer != NULL ? _(card->layer->title) : eqs_node_get_layer (card->node);
}

/* "28×28 → 14×14 · 22,560 parameters" */
static char *
dup_summary (const Plan *plan, const Card *card)
{
  const EqkPortType *in = card->inputs->len == 0 ? NULL : input_type (plan, card, card->inputs->pdata[0]);
  const EqkPortType *out = card->outputs->len == 0 ? NULL : output_type (plan, card, card->outputs->pdata[0]);
  GString           *text = g_string_new (NULL);
  const EqsValue    *copies = eqs_node_get_param (card->node, "n");

  if (eqs_node_is_bypassed (card->node))
    return g_string_free (g_string_append (text, _("bypassed")), FALSE);
  if (eqs_node_get_body (card->node) != NULL && copies != NULL)
    g_string_append_printf (text, _("%d copies"), (int) eqs_value_get_number (copies));
  if (in != NULL && in->space.kind == EQK_SPACE_GRID)
    g_string_append_printf (text, "%d×%d", in->space.h, in->space.w);
  if (out != NULL && out->space.kind == EQK_SPACE_GRID && (in == NULL || !eqk_space_equal (&in->space, &out->space)))
    g_string_append_printf (text, "%s%d×%d", text->len > 0 ? " → " : "", out->space.h, out->space.w);
  if (in != NULL && out != NULL && in->space.kind == EQK_SPACE_GRID && out->space.kind == EQK_SPACE_SAMPLE)
    g_string_append_printf (text, " → %s", _("one vector"));
  if (card->cost != NULL && card->cost->parameters > 0)
    {
      g_autofree char *number = dup_grouped (card->cost->parameters);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, ngettext ("%s parameter", "%s parameters", (gulong) card->cost->parameters), number);
    }
  return g_string_free (text, FALSE);
}

static void
draw_badge (cairo_t *cr, const Card *card)
{
  const double x = card->x + EQS_CARD_WIDTH - 17, y = card->y + 20;

  if (card->worst < EQK_SEVERITY_WARNING)
    return;
  if (card->worst == EQK_SEVERITY_ERROR)
    {
      cairo_arc (cr, x, y, 7, 0, 2 * G_PI);
      eqs_draw_set_colour (cr, RED, 1);
      cairo_fill (cr);
      cairo_move_to (cr, x - 3, y - 3);
      cairo_line_to (cr, x + 3, y + 3);
      cairo_move_to (cr, x + 3, y - 3);
      cairo_line_to (cr, x - 3, y + 3);
      eqs_draw_set_colour (cr, 0xffffff, 1);
      cairo_set_line_width (cr, 1.8);
      cairo_stroke (cr);
      return;
    }
  cairo_move_to (cr, x, y - 7);
  cairo_line_to (cr, x + 7.5, y + 6);
  cairo_line_to (cr, x - 7.5, y + 6);
  cairo_close_path (cr);
  fill_and_line (cr, AMBER, INK, 0.8);
  cairo_move_to (cr, x, y - 2.5);
  cairo_line_to (cr, x, y + 2);
  cairo_move_to (cr, x, y + 3.5);
  cairo_line_to (cr, x, y + 4.5);
  eqs_draw_set_colour (cr, INK, 1);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
}

static void
draw_ports (cairo_t *cr, const Plan *plan, const Card *card)
{
  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < card->outputs->len; i++)
    {
      const EqkPortType *type = output_type (plan, card, card->outputs->pdata[i]);
      g_autofree char   *text = plan->check == NULL ? g_strdup (card->outputs->pdata[i]) : eqs_type_dup_text (type, FALSE);
      const EqsTypeStyle style = eqs_type_style (type);
      const double       y = card->y + PORT_TOP + PORT_PITCH * i;

      eqs_draw_set_colour (cr, INK, 1);
      show_text (cr, text, card->x + EQS_CARD_WIDTH - 10, y + 3.5, i < card->inputs->len ? 92 : 148, 1);
      eqs_draw_socket (cr, &style, card->x + EQS_CARD_WIDTH, y);
    }
  for (guint i = 0; i < card->inputs->len; i++)
    {
      const EqkPortType *type = input_type (plan, card, card->inputs->pdata[i]);
      const EqkPortType *out = i < card->outputs->len ? output_type (plan, card, card->outputs->pdata[i]) : NULL;
      const EqsTypeStyle style = eqs_type_style (type);
      const double       y = card->y + PORT_TOP + PORT_PITCH * i;

      /* One port is named by what goes in, where that changes; several ones by their names. */
      eqs_draw_set_colour (cr, GREY, 1);
      if (card->inputs->len > 1 || plan->check == NULL)
        show_text (cr, card->inputs->pdata[i], card->x + 10, y + 3.5, 70, 0);
      else if (type != NULL && (out == NULL || out->rep != type->rep))
        {
          g_autofree char *text = eqs_type_dup_text (type, FALSE);
          g_autofree char *other = eqs_type_dup_text (out, FALSE);
          const double     room = EQS_CARD_WIDTH - 30 - MIN (text_width (cr, other), 92);

          show_text (cr, text, card->x + 10, y + 3.5, room, 0);
        }
      eqs_draw_socket (cr, &style, card->x, y);
    }
}

static void
draw_card (cairo_t *cr, const Plan *plan, const Card *card)
{
  const EqkPortType *out = card->outputs->len == 0 ? NULL : output_type (plan, card, card->outputs->pdata[0]);
  const EqsTypeStyle style = eqs_type_style (out);
  const gboolean     bypassed = eqs_node_is_bypassed (card->node);
  const double       room = EQS_CARD_WIDTH - 40 - (card->worst >= EQK_SEVERITY_WARNING ? 20 : 0);
  g_autofree char   *summary = dup_summary (plan, card);

  rounded (cr, card->x, card->y, EQS_CARD_WIDTH, card->height, 6);
  fill_and_line (cr, bypassed ? FRAME : CARD, LINE, 1);
  cairo_save (cr);
  rounded (cr, card->x, card->y, EQS_CARD_WIDTH, card->height, 6);
  cairo_clip (cr);
  cairo_rectangle (cr, card->x, card->y, EQS_CARD_WIDTH, 4);
  eqs_draw_set_colour (cr, style.colour, bypassed ? 0.4 : 1);
  cairo_fill (cr);
  cairo_restore (cr);

  draw_sign (cr, card, card->x + 11, card->y + 13);
  set_font (cr, 12, TRUE);
  eqs_draw_set_colour (cr, bypassed ? GREY : INK, 1);
  show_text (cr, title_of (card), card->x + 31, card->y + 24.5, room, 0);
  set_font (cr, 9.5, FALSE);
  eqs_draw_set_colour (cr, GREY, 1);
  show_text (cr, summary, card->x + 11, card->y + 42, EQS_CARD_WIDTH - 20, 0);
  draw_ports (cr, plan, card);
  draw_badge (cr, card);
}

/* ---- wires ---- */

static void
stroke_wire (cairo_t *cr, const EqsTypeStyle *style)
{
  static const double dashes[] = { 6, 4 }, dots[] = { 1.5, 3 }, stripes[] = { 8, 8 };

  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash (cr, style->wire == EQS_WIRE_DASHED ? dashes : dots, style->wire == EQS_WIRE_DASHED || style->wire == EQS_WIRE_DOTTED ? 2 : 0, 0);
  eqs_draw_set_colour (cr, INK, 1);
  cairo_set_line_width (cr, style->wire == EQS_WIRE_DOUBLE ? 4 : style->width + (style->wire == EQS_WIRE_DASHED || style->wire == EQS_WIRE_DOTTED ? 0 : 1.4));
  cairo_stroke_preserve (cr);
  eqs_draw_set_colour (cr, style->wire == EQS_WIRE_DOUBLE ? 0xffffff : style->colour, 1);
  cairo_set_line_width (cr, style->wire == EQS_WIRE_DOUBLE ? 1.6 : style->width);
  cairo_stroke_preserve (cr);
  if (style->wire == EQS_WIRE_STRIPED)
    {
      cairo_set_dash (cr, stripes, 2, 0);
      eqs_draw_set_colour (cr, style->stripe, 1);
      cairo_stroke_preserve (cr);
    }
  cairo_new_path (cr);
  cairo_restore (cr);
}

static void
curve (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  const double reach = MAX (fabs (x1 - x0) * 0.5, 16);

  cairo_move_to (cr, x0, y0);
  if (fabs (y1 - y0) < 0.5)
    cairo_line_to (cr, x1, y1);
  else
    cairo_curve_to (cr, x0 + reach, y0, x1 - reach, y1, x1, y1);
}

/* Whether a curve to the right would run over a card, told at 32 points. */
static gboolean
runs_over_cards (const Plan *plan, const Card *from, const Card *to, double x0, double y0, double x1, double y1)
{
  const double reach = MAX (fabs (x1 - x0) * 0.5, 16);

  for (int i = 1; i < 32; i++)
    {
      const double t = i / 32.0, s = 1 - t;
      const double x = s * s * s * x0 + 3 * s * s * t * (x0 + reach) + 3 * s * t * t * (x1 - reach) + t * t * t * x1;
      const double y = s * s * s * y0 + 3 * s * s * t * y0 + 3 * s * t * t * y1 + t * t * t * y1;

      for (guint k = 0; k < plan->n; k++)
        if (&plan->cards[k] != from && &plan->cards[k] != to && x > plan->cards[k].x - 2 && x < plan->cards[k].x + EQS_CARD_WIDTH + 2 &&
            y > plan->cards[k].y - 2 && y < plan->cards[k].y + plan->cards[k].height + 2)
          return TRUE;
    }
  return FALSE;
}

/* Round corners through a polyline of axis-parallel pieces. */
static void
round_polyline (cairo_t *cr, const double (*p)[2], int n, double radius)
{
  cairo_move_to (cr, p[0][0], p[0][1]);
  for (int i = 1; i + 1 < n; i++)
    {
      const double before = hypot (p[i][0] - p[i - 1][0], p[i][1] - p[i - 1][1]), after = hypot (p[i + 1][0] - p[i][0], p[i + 1][1] - p[i][1]);
      const double r = MIN (radius, MIN (before, after) / 2);

      if (before < 0.01 || after < 0.01)
        continue;
      cairo_line_to (cr, p[i][0] - r * (p[i][0] - p[i - 1][0]) / before, p[i][1] - r * (p[i][1] - p[i - 1][1]) / before);
      cairo_curve_to (cr, p[i][0], p[i][1], p[i][0], p[i][1],
                      p[i][0] + r * (p[i + 1][0] - p[i][0]) / after, p[i][1] + r * (p[i + 1][1] - p[i][1]) / after);
    }
  cairo_line_to (cr, p[n - 1][0], p[n - 1][1]);
}

typedef struct { double x, y; char *text; } Pill;

/* A horizontal piece of a wire that is there already. */
typedef struct { double y, left, right; } Lane;

static gboolean
lane_is_free (const Plan *plan, GArray *lanes, double y, double left, double right)
{
  for (guint k = 0; k < plan->n; k++)
    {
      const Card *card = &plan->cards[k];

      if (y > card->y - 10 && y < card->y + card->height + 10 && right > card->x - 4 && left < card->x + EQS_CARD_WIDTH + 4)
        return FALSE;
    }
  for (guint k = 0; k < lanes->len; k++)
    {
      const Lane *lane = &g_array_index (lanes, Lane, k);

      if (fabs (lane->y - y) < 8.5 && right > lane->left - 4 && left < lane->right + 4)
        return FALSE;
    }
  return TRUE;
}

/* Where a wire that turns back runs: between the rows, as near as possible to where it is wanted. */
static double
find_lane (const Plan *plan, GArray *lanes, const Card *from, const Card *to, double left, double right)
{
  double wanted, found;
  Lane   lane;

  if (to->y > from->y + from->height)
    wanted = to->y - FRAME_TITLE - 13;
  else if (to->y + to->height < from->y)
    wanted = from->y - 14;
  else
    wanted = MAX (from->y + from->height, to->y + to->height) + 14;
  found = wanted;
  for (int step = 1; step < 120 && !lane_is_free (plan, lanes, found, left, right); step++)
    found = wanted + 5.0 * (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
  lane = (Lane) { found, left, right };
  g_array_append_val (lanes, lane);
  return found;
}

static void
draw_wires (cairo_t *cr, const Plan *plan, GArray *pills)
{
  g_autoptr (GArray) lanes = g_array_new (FALSE, FALSE, sizeof (Lane));
  int turning = 0;

  for (guint i = 0; i < eqs_graph_get_n_links (plan->graph); i++)
    {
      const EqsLink     *link = eqs_graph_get_link (plan->graph, i);
      const Card        *from = card_of (plan, link->from_node), *to = card_of (plan, link->to_node);
      const EqkPortType *type;
      EqsTypeStyle       style;
      double             x0, y0, x1, y1;

      if (from == NULL || to == NULL)
        continue;
      type = output_type (plan, from, link->from_port);
      style = eqs_type_style (type);
      x0 = from->x + EQS_CARD_WIDTH;
      y0 = port_y (from, from->outputs, link->from_port);
      x1 = to->x;
      y1 = port_y (to, to->inputs, link->to_port);
      if (x1 - x0 >= 8 && !runs_over_cards (plan, from, to, x0, y0, x1, y1))
        curve (cr, x0, y0, x1, y1);
      else
        {
          const double out = 12 + 4.0 * (turning % 4), in = 12 + 4.0 * (turning % 4);
          const double lane = find_lane (plan, lanes, from, to, MIN (x0 + out, x1 - in), MAX (x0 + out, x1 - in));
          const double points[][2] = { { x0, y0 }, { x0 + out, y0 }, { x0 + out, lane }, { x1 - in, lane }, { x1 - in, y1 }, { x1, y1 } };
          Pill         pill = { (x0 + out + x1 - in) / 2, lane, NULL };

          round_polyline (cr, points, 6, 10);
          turning++;
          if (type != NULL && fabs (x0 - x1) > 260)
            {
              pill.text = eqs_type_dup_text (type, TRUE);
              for (guint k = 0; k < pills->len; k++)   /* beside those of neighbouring lanes */
                if (fabs (g_array_index (pills, Pill, k).y - pill.y) < 20 && fabs (g_array_index (pills, Pill, k).x - pill.x) < 130)
                  {
                    pill.x = g_array_index (pills, Pill, k).x + 140;
                    k = G_MAXUINT;
                  }
              g_array_append_val (pills, pill);
            }
        }
      stroke_wire (cr, &style);
    }
}

static void
draw_pills (cairo_t *cr, GArray *pills)
{
  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < pills->len; i++)
    {
      Pill        *pill = &g_array_index (pills, Pill, i);
      const double width = text_width (cr, pill->text) + 18;

      rounded (cr, pill->x - width / 2, pill->y - 9, width, 18, 9);
      fill_and_line (cr, 0xffffff, LINE, 1);
      eqs_draw_set_colour (cr, INK, 1);
      show_text (cr, pill->text, pill->x, pill->y + 3.5, width, 0.5);
      g_free (pill->text);
    }
}

/* ---- header and legend ---- */

static void
draw_header (cairo_t *cr, const Plan *plan, double width)
{
  const char       *name = eqs_document_get_name (plan->document);
  GString          *facts = g_string_new (NULL);
  EqkSymmetry       symmetry;
  g_autoptr (GError) error = NULL;

  set_font (cr, 17, TRUE);
  eqs_draw_set_colour (cr, INK, 1);
  show_text (cr, *name != '\0' ? name : _("Untitled design"), MARGIN, MARGIN + 14, width - 2 * MARGIN, 0);
  if (eqs_compile_symmetry (plan->document, &symmetry, &error))
    g_string_append_printf (facts, _("symmetry %s%s"), eqk_group_get_notation (symmetry.group), symmetry.translations ? _(" and shifts") : "");
  else
    g_string_append_printf (facts, _("symmetry %s"), eqs_document_get_group (plan->document));
  if (plan->check != NULL && plan->check->program != NULL)
    {
      g_autofree char *parameters = dup_grouped (plan->check->parameters);

      g_string_append_printf (facts, _("  ·  %s parameters  ·  %.1f MMAC"), parameters, plan->check->macs / 1e6);
    }
  set_font (cr, 11, FALSE);
  eqs_draw_set_colour (cr, GREY, 1);
  show_text (cr, facts->str, MARGIN, MARGIN + 33, width - 2 * MARGIN, 0);
  g_string_free (facts, TRUE);
}

static void
draw_legend (cairo_t *cr, const Plan *plan, double y, double width)
{
  const char *seen[16];
  guint       n = 0;
  double      x = MARGIN;

  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < plan->n; i++)
    for (guint p = 0; p < plan->cards[i].outputs->len; p++)
      {
        const EqsTypeStyle style = eqs_type_style (output_type (plan, &plan->cards[i], plan->cards[i].outputs->pdata[p]));
        gboolean           known = n == G_N_ELEMENTS (seen);

        for (guint k = 0; k < n; k++)
          known = known || seen[k] == style.plain;
        if (known)
          continue;
        seen[n++] = style.plain;
        if (x > MARGIN && x + text_width (cr, _(style.plain)) + 24 > width - MARGIN)
          {
            x = MARGIN;
            y += 16;
          }
        eqs_draw_socket (cr, &style, x + 6, y);
        eqs_draw_set_colour (cr, GREY, 1);
        x += 16 + show_text (cr, _(style.plain), x + 16, y + 3.5, 400, 0) + 18;
      }
}

static double
plan_width (const Plan *plan)
{
  return MAX (plan->right - plan->left, 300) + 2 * MARGIN;
}

static double
plan_height (const Plan *plan)
{
  return plan->bottom - plan->top + 3 * MARGIN + HEADER + 24;
}

void
eqs_draw_topology_size (EqsDocument *document, const EqsCheck *check, double *width, double *height)
{
  Plan plan;

  plan_init (&plan, document, check);
  *width = ceil (plan_width (&plan));
  *height = ceil (plan_height (&plan));
  plan_clear (&plan);
}

void
eqs_draw_topology (cairo_t *cr, EqsDocument *document, const EqsCheck *check)
{
  g_autoptr (GArray) pills = g_array_new (FALSE, FALSE, sizeof (Pill));
  Plan               plan;

  plan_init (&plan, document, check);
  cairo_save (cr);
  eqs_draw_set_colour (cr, 0xffffff, 1);
  cairo_rectangle (cr, 0, 0, plan_width (&plan), plan_height (&plan));
  cairo_fill (cr);
  draw_header (cr, &plan, plan_width (&plan));
  draw_legend (cr, &plan, plan_height (&plan) - MARGIN - 8, plan_width (&plan));
  cairo_translate (cr, MARGIN - plan.left, MARGIN + HEADER + 8 - plan.top);
  draw_frames (cr, &plan);
  draw_notes (cr, &plan);
  draw_wires (cr, &plan, pills);
  for (guint i = 0; i < plan.n; i++)
    draw_card (cr, &plan, &plan.cards[i]);
  draw_pills (cr, pills);
  cairo_restore (cr);
  plan_clear (&plan);
}

/* ---- files ---- */

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
draw_on (cairo_surface_t *surface, EqsDocument *document, const EqsCheck *check, double scale)
{
  cairo_t       *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  eqs_draw_topology (cr, document, check);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

gboolean
eqs_draw_topology_save (EqsDocument *document, const EqsCheck *check, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t       *surface = NULL;
  cairo_status_t         status;
  double                 width, height, scale = 1;

  eqs_draw_topology_size (document, check, &width, &height);
  if (g_str_has_suffix (path, ".svg"))
    surface = cairo_svg_surface_create_for_stream (append_cb, bytes, width, height);
  else if (g_str_has_suffix (path, ".pdf"))
    {
      scale = 0.75;   /* points */
      surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, width * scale, height * scale);
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, eqs_document_get_name (document));
    }
  else if (g_str_has_suffix (path, ".png"))
    {
      scale = MAX (MIN (2, 30000 / MAX (width, height)), 0.01);
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * scale), (int) ceil (height * scale));
    }
  else
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s: a picture is written as .svg, .png or .pdf."), path);
      return FALSE;
    }
  status = draw_on (surface, document, check, scale);
  if (status == CAIRO_STATUS_SUCCESS && g_str_has_suffix (path, ".png"))
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("%s: the picture could not be drawn (%s)."), path, cairo_status_to_string (status));
      return FALSE;
    }
  return eqs_file_write_atomic (path, bytes->data, (gssize) bytes->len, error);
}
