/* Dots behind come first and paler. */

#include "draw/error-ball.h"
#include "draw/type-style.h"

#include <math.h>

int
eqs_error_step (double error, double limit)
{
  if (!(error <= limit))
    return 3;
  return error <= limit / 100 ? 0 : error <= limit / 10 ? 1 : 2;
}

guint32
eqs_error_step_colour (int step)
{
  static const guint32 colours[EQS_ERROR_STEPS] = { 0x3a9abf, 0x7fc9a8, 0xe8b13a, 0xd55e00 };

  return colours[CLAMP (step, 0, EQS_ERROR_STEPS - 1)];
}

static void
axis_spot (const double q[4], const double m[9], double out[3])
{
  double axis[3];

  eqs_turn_get_axis (q, axis);
  for (int i = 0; i < 3; i++)
    out[i] = m[3 * i] * axis[0] + m[3 * i + 1] * axis[1] + m[3 * i + 2] * axis[2];
}

static void
draw_frame (cairo_t *cr, const double m[9], const EqsFieldTheme *theme, double cx, double cy, double r)
{
  eqs_draw_set_colour (cr, theme->ink, 0.06);
  cairo_arc (cr, cx, cy, r, 0, 2 * G_PI);
  cairo_fill_preserve (cr);
  eqs_draw_set_colour (cr, theme->line, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  for (int circle = 0; circle < 3; circle++)
    {
      for (int i = 0; i <= 60; i++)
        {
          double p[3] = { 0 };

          p[(circle + 1) % 3] = cos (2 * G_PI * i / 60);
          p[(circle + 2) % 3] = sin (2 * G_PI * i / 60);
          cairo_line_to (cr, cx + r * (m[0] * p[0] + m[1] * p[1] + m[2] * p[2]), cy - r * (m[3] * p[0] + m[4] * p[1] + m[5] * p[2]));
        }
      eqs_draw_set_colour (cr, theme->line, 1);
      cairo_stroke (cr);
    }
}

void
eqs_draw_error_ball (cairo_t *cr, const double (*q)[4], const gboolean *inverted, const double *error, guint n, double limit, const double at[4],
                     const EqsCamera *camera, const EqsFieldTheme *theme, double x, double y, double size)
{
  const double cx = x + size / 2, cy = y + size / 2, r = size / 2 - 6;
  double       m[9], spot[3];

  eqs_turn_matrix (camera->q, m);
  draw_frame (cr, m, theme, cx, cy, r);
  for (int front = 0; front < 2; front++)
    for (guint i = 0; i < n; i++)
      {
        axis_spot (q[i], m, spot);
        if ((spot[2] > 0) != (front == 1))
          continue;
        cairo_arc (cr, cx + r * spot[0], cy - r * spot[1], front ? 4.5 : 3, 0, 2 * G_PI);
        eqs_draw_set_colour (cr, eqs_error_step_colour (eqs_error_step (error[i], limit)), front ? 1 : 0.35);
        cairo_set_line_width (cr, 2);
        if (inverted != NULL && inverted[i])
          cairo_stroke (cr);
        else
          cairo_fill (cr);
      }
  if (at == NULL)
    return;
  axis_spot (at, m, spot);
  cairo_set_source_rgb (cr, 0x35 / 255.0, 0x84 / 255.0, 0xe4 / 255.0);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, cx, cy);
  cairo_line_to (cr, cx + r * spot[0], cy - r * spot[1]);
  cairo_stroke (cr);
}
