/* The picture of a design on paper: a plan of it (plan.h) with frames, wires, cards, and a legend of the types that occur. */

#include "draw/topology.h"
#include "draw/paper.h"
#include "draw/plan.h"


#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef enum { INK, GREY, LINE, CARD, FRAME, NOTE, NOTE_LINE, RED, AMBER, PAPER, N_TONES } Tone;

/* On paper, and on a dark screen. */
static const guint32 tones[2][N_TONES] = {
  { 0x2e3436, 0x6f6f6f, 0xc0bfbc, 0xffffff, 0xf1f1f0, 0xf6ead2, 0xd9c8a0, 0xc01c28, 0xe5a50a, 0xffffff },
  { 0xeeeeec, 0xb4b4b3, 0x5e5e5f, 0x343435, 0x262627, 0x4a4130, 0x6b5f45, 0xe0402c, 0xe5a50a, 0x1c1c1d },
};

/* Which of them: what is drawn on knows. */
static const cairo_user_data_key_t night;

static guint32
colour_of (cairo_t *cr, Tone tone)
{
  return tones[cairo_get_user_data (cr, &night) != NULL][tone];
}

static void
set_tone (cairo_t *cr, Tone tone)
{
  eqs_draw_set_colour (cr, colour_of (cr, tone), 1);
}

#define MARGIN      28.0
#define HEADER      44.0

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
fill_and_line (cairo_t *cr, Tone fill, Tone line, double width)
{
  set_tone (cr, fill);
  cairo_fill_preserve (cr);
  set_tone (cr, line);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

static void
draw_frames (cairo_t *cr, const EqsPlan *plan)
{
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME); i++)
    {
      const EqsMap *frame = eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i);
      double        box[4];

      if (!eqs_plan_frame_box (plan, frame, box))
        continue;
      rounded (cr, box[0], box[1], box[2] - box[0], box[3] - box[1], 10);
      fill_and_line (cr, FRAME, LINE, 1);
    }
}

/* Above the wires, on a plate: a wire that has to cross a title does not strike it through. */
static void
draw_frame_titles (cairo_t *cr, const EqsPlan *plan)
{
  set_font (cr, 10, TRUE);
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_FRAME); i++)
    {
      const EqsMap *frame = eqs_document_get_item (plan->document, EQS_ITEM_FRAME, i);
      g_autofree char *title = NULL;
      double        box[4];

      if (!eqs_plan_frame_box (plan, frame, box))
        continue;
      title = dup_fitting (cr, eqs_map_get_string (frame, "title", ""), box[2] - box[0] - 2 * EQS_FRAME_PAD);
      rounded (cr, box[0] + EQS_FRAME_PAD - 4, box[1] + 5, text_width (cr, title) + 8, 15, 4);
      set_tone (cr, FRAME);
      cairo_fill (cr);
      set_tone (cr, GREY);
      cairo_move_to (cr, box[0] + EQS_FRAME_PAD, box[1] + 16);
      cairo_show_text (cr, title);
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

double
eqs_plan_note_height (const EqsMap *note)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t         *cr = cairo_create (surface);
  GPtrArray       *lines = note_lines (cr, eqs_map_get_string (note, "text", ""), eqs_map_get_number (note, "width", EQS_NOTE_WIDTH) - 22);
  const double     height = MAX (eqs_map_get_number (note, "height", 0), 18 + 14.0 * lines->len);

  g_ptr_array_unref (lines);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return height;
}

static void
draw_notes (cairo_t *cr, const EqsPlan *plan)
{
  for (guint i = 0; i < eqs_document_get_n_items (plan->document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap        *note = eqs_document_get_item (plan->document, EQS_ITEM_NOTE, i);
      const double         x = eqs_map_get_number (note, "x", 0), y = eqs_map_get_number (note, "y", 0);
      const double         width = eqs_map_get_number (note, "width", EQS_NOTE_WIDTH);
      g_autoptr (GPtrArray) lines = note_lines (cr, eqs_map_get_string (note, "text", ""), width - 22);

      rounded (cr, x, y, width, eqs_plan_note_height (note), 8);
      fill_and_line (cr, NOTE, NOTE_LINE, 1);
      set_tone (cr, INK);
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

static void
draw_sign (cairo_t *cr, const EqsPlanCard *card, double x, double y)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  eqs_draw_sign (cr, card->layer);
  set_tone (cr, INK);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* ---- cards ---- */

static void
draw_badge (cairo_t *cr, const EqsPlanCard *card)
{
  const double x = card->x + EQS_CARD_WIDTH - 17, y = card->y + 20;

  if (card->worst < EQK_SEVERITY_WARNING)
    return;
  if (card->worst == EQK_SEVERITY_ERROR)
    {
      cairo_arc (cr, x, y, 7, 0, 2 * G_PI);
      set_tone (cr, RED);
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
  eqs_draw_set_colour (cr, tones[0][INK], 1);      /* amber is bright in both */
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
}

static void
draw_ports (cairo_t *cr, const EqsPlan *plan, const EqsPlanCard *card)
{
  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < card->outputs->len; i++)
    {
      const EqkPortType *type = eqs_plan_output_type (plan, card, card->outputs->pdata[i]);
      g_autofree char   *text = plan->check == NULL ? g_strdup (card->outputs->pdata[i]) : eqs_type_dup_text (type, FALSE);
      const EqsTypeStyle style = eqs_type_style (type);
      const double       y = card->y + EQS_PORT_TOP + EQS_PORT_PITCH * i;

      set_tone (cr, INK);
      show_text (cr, text, card->x + EQS_CARD_WIDTH - 10, y + 3.5, i < card->inputs->len ? 92 : 148, 1);
      eqs_draw_socket (cr, &style, card->x + EQS_CARD_WIDTH, y);
    }
  for (guint i = 0; i < card->inputs->len; i++)
    {
      const EqkPortType *type = eqs_plan_input_type (plan, card, card->inputs->pdata[i]);
      const EqkPortType *out = i < card->outputs->len ? eqs_plan_output_type (plan, card, card->outputs->pdata[i]) : NULL;
      const EqsTypeStyle style = eqs_type_style (type);
      const double       y = card->y + EQS_PORT_TOP + EQS_PORT_PITCH * i;

      /* One port is named by what goes in, where that changes; several ones by their names. */
      set_tone (cr, GREY);
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
draw_card (cairo_t *cr, const EqsPlan *plan, const EqsPlanCard *card)
{
  const EqkPortType *out = card->outputs->len == 0 ? NULL : eqs_plan_output_type (plan, card, card->outputs->pdata[0]);
  const EqsTypeStyle style = eqs_type_style (out);
  const gboolean     bypassed = eqs_node_is_bypassed (card->node);
  const double       room = EQS_CARD_WIDTH - 40 - (card->worst >= EQK_SEVERITY_WARNING ? 20 : 0);
  g_autofree char   *summary = eqs_plan_dup_summary (plan, card);

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
  set_tone (cr, bypassed ? GREY : INK);
  show_text (cr, eqs_plan_title (card), card->x + 31, card->y + 24.5, room, 0);
  set_font (cr, 9.5, FALSE);
  set_tone (cr, GREY);
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
  set_tone (cr, INK);
  cairo_set_line_width (cr, style->wire == EQS_WIRE_DOUBLE ? 4 : style->width + (style->wire == EQS_WIRE_DASHED || style->wire == EQS_WIRE_DOTTED ? 0 : 1.4));
  cairo_stroke_preserve (cr);
  eqs_draw_set_colour (cr, style->wire == EQS_WIRE_DOUBLE ? colour_of (cr, PAPER) : style->colour, 1);
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
draw_wires (cairo_t *cr, const EqsPlan *plan)
{
  for (guint i = 0; i < plan->n_wires; i++)
    {
      cairo_new_path (cr);
      eqs_route_trace (&plan->wires[i].route, cr);
      stroke_wire (cr, &plan->wires[i].style);
    }
}

static void
draw_pills (cairo_t *cr, const EqsPlan *plan)
{
  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < plan->n_wires; i++)
    {
      const EqsPlanWire *wire = &plan->wires[i];
      const double       width = wire->pill == NULL ? 0 : text_width (cr, wire->pill) + 18;

      if (wire->pill == NULL)
        continue;
      rounded (cr, wire->pill_x - width / 2, wire->pill_y - 9, width, 18, 9);
      fill_and_line (cr, CARD, LINE, 1);
      set_tone (cr, INK);
      show_text (cr, wire->pill, wire->pill_x, wire->pill_y + 3.5, width, 0.5);
    }
}

/* ---- header and legend ---- */

static void
draw_header (cairo_t *cr, const EqsPlan *plan, double width)
{
  const char       *name = eqs_document_get_name (plan->document);
  GString          *facts = g_string_new (NULL);
  EqkSymmetry       symmetry;
  g_autoptr (GError) error = NULL;
  const gboolean    shifts = plan->check != NULL && plan->check->typed != NULL && eqk_typed_shifts (plan->check->typed) == EQK_SHIFTS_PIXELS;   /* borders and strides disturb them */

  set_font (cr, 17, TRUE);
  set_tone (cr, INK);
  show_text (cr, *name != '\0' ? name : _("Untitled design"), MARGIN, MARGIN + 14, width - 2 * MARGIN, 0);
  if (eqs_compile_symmetry (plan->document, &symmetry, &error))
    {
      g_autofree char *notation = eqs_symmetry_dup_notation (&symmetry);

      g_string_append_printf (facts, _("symmetry %s%s"), notation, shifts ? _(" and shifts") : "");
    }
  else
    g_string_append_printf (facts, _("symmetry %s"), eqs_document_get_group (plan->document));
  if (plan->check != NULL && plan->check->program != NULL)
    {
      g_autofree char *parameters = eqs_count_dup_text (plan->check->parameters);

      g_string_append_printf (facts, _("  ·  %s parameters  ·  %.1f MMAC"), parameters, plan->check->macs / 1e6);
    }
  set_font (cr, 11, FALSE);
  set_tone (cr, GREY);
  show_text (cr, facts->str, MARGIN, MARGIN + 33, width - 2 * MARGIN, 0);
  g_string_free (facts, TRUE);
}

static void
draw_legend (cairo_t *cr, const EqsPlan *plan, double y, double width)
{
  const char *seen[16];
  guint       n = 0;
  double      x = MARGIN;

  set_font (cr, 9.5, FALSE);
  for (guint i = 0; i < plan->n_cards; i++)
    for (guint p = 0; p < plan->cards[i].outputs->len; p++)
      {
        const EqsTypeStyle style = eqs_type_style (eqs_plan_output_type (plan, &plan->cards[i], plan->cards[i].outputs->pdata[p]));
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
        set_tone (cr, GREY);
        x += 16 + show_text (cr, _(style.plain), x + 16, y + 3.5, 400, 0) + 18;
      }
}

static double
plan_width (const EqsPlan *plan)
{
  return MAX (plan->right - plan->left, 300) + 2 * MARGIN;
}

static double
plan_height (const EqsPlan *plan)
{
  return plan->bottom - plan->top + 3 * MARGIN + HEADER + 24;
}

void
eqs_draw_topology_size (EqsDocument *document, const EqsCheck *check, double *width, double *height)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_autoptr (EqsPlan) plan = eqs_plan_new (document, NULL, (EqsCheck *) check);

  *width = ceil (plan_width (plan));
  *height = ceil (plan_height (plan));
}

/* Ring and sign: neither colour nor shape has to be seen for the other. */
static void
draw_mark (cairo_t *cr, const EqsPlanCard *card, EqsDifferenceKind kind)
{
  static const struct { guint32 colour; const char *sign; double dash; } looks[] = { { 0x1b9e77, "+", 0 }, { 0xd0342c, "\342\210\222", 7 }, { 0xd58f00, "\342\211\240", 2 } };
  const double x = card->x - 6, y = card->y - 6, w = EQS_CARD_WIDTH + 12, h = card->height + 12;

  cairo_save (cr);
  eqs_draw_set_colour (cr, looks[kind].colour, 1);
  cairo_set_line_width (cr, 4);
  if (looks[kind].dash > 0)
    cairo_set_dash (cr, &looks[kind].dash, 1, 0);
  cairo_rectangle (cr, x, y, w, h);
  cairo_stroke (cr);
  cairo_arc (cr, x + w, y, 15, 0, 2 * G_PI);
  cairo_fill (cr);
  set_font (cr, 24, TRUE);
  cairo_move_to (cr, x + w - text_width (cr, looks[kind].sign) / 2, y + 8);
  eqs_draw_set_colour (cr, 0xffffff, 1);
  cairo_show_text (cr, looks[kind].sign);
  cairo_restore (cr);
}

void
eqs_draw_topology (cairo_t *cr, EqsDocument *document, const EqsCheck *check, gboolean dark)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  eqs_draw_topology_marked (cr, document, check, dark, NULL);
}

void
eqs_draw_topology_marked (cairo_t *cr, EqsDocument *document, const EqsCheck *check, gboolean dark, const GPtrArray *differences)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  EqsDifferenceKind kind;
  g_autoptr (EqsPlan) plan = eqs_plan_new (document, NULL, (EqsCheck *) check);

  cairo_set_user_data (cr, &night, GINT_TO_POINTER (dark), NULL);
  cairo_save (cr);
  set_tone (cr, PAPER);
  cairo_rectangle (cr, 0, 0, plan_width (plan), plan_height (plan));
  cairo_fill (cr);
  draw_header (cr, plan, plan_width (plan));
  draw_legend (cr, plan, plan_height (plan) - MARGIN - 8, plan_width (plan));
  cairo_translate (cr, MARGIN - plan->left, MARGIN + HEADER + 8 - plan->top);
  draw_frames (cr, plan);
  draw_notes (cr, plan);
  draw_wires (cr, plan);
  draw_frame_titles (cr, plan);
  for (guint i = 0; i < plan->n_cards; i++)
    draw_card (cr, plan, &plan->cards[i]);
  draw_pills (cr, plan);
  for (guint i = 0; i < plan->n_cards; i++)
    if (eqs_difference_find (differences, plan->cards[i].path, &kind))
      draw_mark (cr, &plan->cards[i], kind);
  cairo_restore (cr);
}

/* ---- files ---- */

typedef struct { EqsDocument *document; const EqsCheck *check; } Picture;

static void
draw_cb (cairo_t *cr, double width, double height, gpointer data)
{
  const Picture *picture = data;

  eqs_draw_topology (cr, picture->document, picture->check, FALSE);
}

gboolean
eqs_draw_topology_save (EqsDocument *document, const EqsCheck *check, const char *path, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  Picture picture = { document, check };
  double  width, height;

  eqs_draw_topology_size (document, check, &width, &height);
  return eqs_paper_save (path, eqs_document_get_name (document), width, height, draw_cb, &picture, error);
}
