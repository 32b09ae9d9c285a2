/* Signs of the categories of layers: one path each in a box of 14 × 14. */

#include "draw/plan.h"

#include <string.h>


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

void
eqs_draw_sign (cairo_t *cr, const EqkLayerType *layer)
{
  SignFunc sign = sign_dots;

  for (gsize i = 0; layer != NULL && i < G_N_ELEMENTS (signs); i++)
    if (strcmp (signs[i].category, layer->category) == 0)
      sign = signs[i].sign;
  cairo_new_path (cr);
  sign (cr);
}
