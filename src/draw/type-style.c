/*
 * Types by colour and shape. Okabe and Ito's colours are told apart by people with the common kinds of colour vision; each
 * colour also has a socket of its own shape and a text, so that a print in black and white says the same.
 */

#include "draw/type-style.h"

#include <math.h>
#include <string.h>

enum
{
  INK = 0x2e3436, SCALAR = 0x0072b2, SIGN = 0x56b4e9, VECTOR = 0xe69f00, AXIAL = 0xf0e442, HIGHER = 0xcc79a7, REGULAR = 0x009e73,
  UNKNOWN = 0x9a9996
};

#define PLAIN(text) (text)   /* marked by EQK_N_ where the table is shown */

/* Of one kind of field. */
static EqsTypeStyle
style_of_field (const EqkField *field)
{
  const EqkGroup *group = eqk_field_get_group (field);
  const char     *name = eqk_field_get_name (field);
  EqsTypeStyle    style = { SCALAR, 0, EQS_SOCKET_DISC, EQS_WIRE_SOLID, 0, 0, EQK_N_("numbers that stay the same") };

  if (eqk_field_is_trivial (field))
    return style;
  if (eqk_field_is_irrep (field) && eqk_field_get_dim (field) == 1)
    return (EqsTypeStyle) { SIGN, 0, EQS_SOCKET_DISC_MINUS, EQS_WIRE_SOLID, 0, 0, EQK_N_("numbers that change sign") };
  if (eqk_field_is_irrep (field) && eqk_field_irrep_frequency (field) == 1)
    {
      const gboolean axial = eqk_group_get_space_dim (group) == 3 && strchr (name, 'e') != NULL;

      return axial ? (EqsTypeStyle) { AXIAL, 0, EQS_SOCKET_TRIANGLE_BAR, EQS_WIRE_SOLID, 0, 0, EQK_N_("spin-like arrows") }
                   : (EqsTypeStyle) { VECTOR, 0, EQS_SOCKET_TRIANGLE, EQS_WIRE_SOLID, 0, 0, EQK_N_("arrows that turn with the object") };
    }
  if (eqk_field_is_permutation (field))
    {
      const gboolean whole = eqk_field_get_dim (field) == eqk_group_get_order (group);

      return (EqsTypeStyle) { REGULAR, 0, whole ? EQS_SOCKET_SQUARE : EQS_SOCKET_HALF_SQUARE, EQS_WIRE_SOLID, whole ? eqk_group_get_order (group) : 0, 0,
                              whole ? EQK_N_("one channel per pose") : EQK_N_("one channel per pose, some shared") };
    }
  return (EqsTypeStyle) { HIGHER, 0, EQS_SOCKET_DIAMOND, EQS_WIRE_SOLID, eqk_field_is_irrep (field) ? eqk_field_irrep_frequency (field) : 0, 0,
                          EQK_N_("finer patterns that turn") };
}

static EqsTypeStyle
style_of_rep (const EqkRep *rep)
{
  EqsTypeStyle style = { UNKNOWN, 0, EQS_SOCKET_RING, EQS_WIRE_SOLID, 0, 0, EQK_N_("nothing") };
  int          largest = -1;

  for (int i = 0; i < eqk_rep_n_runs (rep); i++)
    {
      const EqkRepRun    run = eqk_rep_run (rep, i);
      const EqsTypeStyle one = style_of_field (run.field);

      if (i == 0)
        style = one;
      else if (one.colour != style.colour && style.stripe == 0)
        style.stripe = one.colour;
      if (run.mul * eqk_field_get_dim (run.field) > largest)
        largest = run.mul * eqk_field_get_dim (run.field);
    }
  if (style.stripe != 0)
    {
      style.socket = EQS_SOCKET_HEXAGON;
      style.wire = EQS_WIRE_STRIPED;
      style.mark = 0;
      style.plain = EQK_N_("several kinds together");
    }
  return style;
}

EqsTypeStyle
eqs_type_style (const EqkPortType *type)
{
  EqsTypeStyle style;

  if (type == NULL || type->rep == NULL)
    style = (EqsTypeStyle) { UNKNOWN, 0, EQS_SOCKET_RING, EQS_WIRE_DOTTED, 0, 1.5, EQK_N_("not known yet") };
  else if (type->kind == EQK_KIND_POSITION)
    style = (EqsTypeStyle) { INK, 0, EQS_SOCKET_CROSS, EQS_WIRE_DASHED, 0, 1.5, EQK_N_("places; they also shift when everything is moved") };
  else if (type->kind == EQK_KIND_EDGES)
    style = (EqsTypeStyle) { INK, 0, EQS_SOCKET_CHEVRON, EQS_WIRE_DOUBLE, 0, 1.5, EQK_N_("who is next to whom") };
  else
    {
      style = style_of_rep (type->rep);
      style.width = CLAMP (1.5 + 4.5 * log2 (1.0 + eqk_rep_get_dim (type->rep)) / log2 (513), 1.5, 6);
    }
  return style;
}

char *
eqs_type_dup_text (const EqkPortType *type, gboolean extents)
{
  if (type == NULL || type->rep == NULL)
    return g_strdup ("?");
  if (type->kind == EQK_KIND_POSITION)
    return g_strdup ("pos");
  if (type->kind == EQK_KIND_EDGES)
    return g_strdup ("graph");
  if (type->kind == EQK_KIND_SPECIES)
    return g_strdup ("species");
  if (extents && type->space.kind == EQK_SPACE_GRID)
    return g_strdup_printf ("%s · %d×%d", eqk_rep_get_text (type->rep), type->space.h, type->space.w);
  return g_strdup (eqk_rep_get_text (type->rep));
}

void
eqs_draw_set_colour (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0, alpha);
}

static void
polygon (cairo_t *cr, double x, double y, double radius, int n, double angle)
{
  for (int i = 0; i < n; i++)
    cairo_line_to (cr, x + radius * cos (angle + 2 * G_PI * i / n), y + radius * sin (angle + 2 * G_PI * i / n));
  cairo_close_path (cr);
}

static void
fill_and_outline (cairo_t *cr, guint32 colour)
{
  eqs_draw_set_colour (cr, colour, 1);
  cairo_fill_preserve (cr);
  eqs_draw_set_colour (cr, INK, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_square (cairo_t *cr, const EqsTypeStyle *style, double x, double y)
{
  const int ticks = MIN (style->mark, 8);

  cairo_rectangle (cr, x - 4.5, y - 4.5, 9, 9);
  fill_and_outline (cr, style->colour);
  eqs_draw_set_colour (cr, 0xffffff, 1);
  if (style->socket == EQS_SOCKET_HALF_SQUARE)
    {
      cairo_rectangle (cr, x, y - 4, 4, 8);
      cairo_fill (cr);
    }
  for (int i = 0; i < ticks; i++)   /* one a pose */
    {
      const double at = x - 3.5 + 7.0 * (i + 0.5) / ticks;

      cairo_move_to (cr, at, y - 2.5);
      cairo_line_to (cr, at, y + 2.5);
    }
  cairo_set_line_width (cr, 0.6);
  cairo_stroke (cr);
}

void
eqs_draw_socket (cairo_t *cr, const EqsTypeStyle *style, double x, double y)
{
  cairo_save (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_new_path (cr);
  switch (style->socket)
    {
    case EQS_SOCKET_SQUARE:
    case EQS_SOCKET_HALF_SQUARE:
      draw_square (cr, style, x, y);
      break;
    case EQS_SOCKET_TRIANGLE:
    case EQS_SOCKET_TRIANGLE_BAR:
      polygon (cr, x, y, 5.5, 3, 0);
      fill_and_outline (cr, style->colour);
      if (style->socket == EQS_SOCKET_TRIANGLE_BAR)
        {
          cairo_move_to (cr, x - 1, y - 4);
          cairo_line_to (cr, x - 1, y + 4);
          cairo_stroke (cr);
        }
      break;
    case EQS_SOCKET_DIAMOND:
      polygon (cr, x, y, 5.5, 4, 0);
      fill_and_outline (cr, style->colour);
      break;
    case EQS_SOCKET_HEXAGON:
      polygon (cr, x, y, 5, 6, 0);
      fill_and_outline (cr, style->colour);
      cairo_move_to (cr, x - 2.5, y + 3);
      cairo_line_to (cr, x + 2.5, y - 3);
      eqs_draw_set_colour (cr, style->stripe, 1);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
      break;
    case EQS_SOCKET_CROSS:
      cairo_arc (cr, x, y, 4, 0, 2 * G_PI);
      fill_and_outline (cr, 0xffffff);
      cairo_move_to (cr, x - 5.5, y);
      cairo_line_to (cr, x + 5.5, y);
      cairo_move_to (cr, x, y - 5.5);
      cairo_line_to (cr, x, y + 5.5);
      cairo_stroke (cr);
      break;
    case EQS_SOCKET_CHEVRON:
      cairo_move_to (cr, x - 3, y - 4.5);
      cairo_line_to (cr, x + 3, y);
      cairo_line_to (cr, x - 3, y + 4.5);
      eqs_draw_set_colour (cr, INK, 1);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
      break;
    case EQS_SOCKET_RING:
      cairo_arc (cr, x, y, 4, 0, 2 * G_PI);
      fill_and_outline (cr, 0xffffff);
      break;
    case EQS_SOCKET_DISC:
    case EQS_SOCKET_DISC_MINUS:
      cairo_arc (cr, x, y, 4.5, 0, 2 * G_PI);
      fill_and_outline (cr, style->colour);
      if (style->socket == EQS_SOCKET_DISC_MINUS)
        {
          cairo_move_to (cr, x - 2.5, y);
          cairo_line_to (cr, x + 2.5, y);
          cairo_stroke (cr);
        }
      break;
    }
  cairo_restore (cr);
}
