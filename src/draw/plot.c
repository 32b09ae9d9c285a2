/* One frame with its axes, then bands, lines, names at the ends moved apart, and the values under the pointer. */

#include "draw/plot.h"

#include "draw/number-text.h"
#include "draw/type-style.h"

#include <math.h>
#include <string.h>

#define LEFT   46.0
#define RIGHT  14.0
#define TOP    32.0
#define BOTTOM 24.0

const EqsPlotTheme eqs_plot_paper = { 0x2e3436, 0x6f6f6f, 0xdededd, 0xffffff, 0xc01c28 };

/* Left of the axis there is room for what stands at its steps. */
typedef struct { double x0, x1, y0, y1; gboolean log_y; double left, top, width, height; } Frame;

static void
set_font (cairo_t *cr, double size, gboolean bold)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
}

/* @param align 0 left, 1 right, 0.5 middle */
static void
words (cairo_t *cr, const char *text, double x, double y, double align)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  cairo_move_to (cr, x - align * extents.x_advance, y);
  cairo_show_text (cr, text);
}

static double
words_width (cairo_t *cr, const char *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten: the largest that is not above value, or the smallest that is not below. */
static double
round_125 (double value, gboolean up)
{
  static const double steps[] = { 1, 2, 5, 10 };
  const double unit = pow (10, floor (log10 (value) + 1e-9));
  int          k = 0;

  while (k < 3 && steps[k + 1] * unit <= value * (1 + 1e-9))
    k++;
  return up && steps[k] * unit < value * (1 - 1e-9) ? steps[k + 1] * unit : steps[k] * unit;
}

/* Powers of ten; where there are hardly any, 2 and 5 times them, too. */
static guint
log_ticks (double low, double high, double *ticks, guint max)
{
  const int first = (int) floor (log10 (low) + 1e-9), last = (int) ceil (log10 (high) - 1e-9);
  const int step = MAX (1, (last - first + 4) / 5);
  guint     n = 0;

  for (double tick = round_125 (low, TRUE); high < 101 * low && tick <= high * (1 + 1e-9) && n < max; tick = round_125 (1.5 * tick, TRUE))
    ticks[n++] = tick;
  for (int e = first; high >= 101 * low && e <= last && n < max; e += step)
    ticks[n++] = pow (10, e);
  return n;
}

guint
eqs_plot_ticks (double low, double high, gboolean logarithmic, double *ticks, guint max)
{
  double raw, unit, step;
  guint  n = 0;

  if (!(high > low))
    return 0;
  if (logarithmic)
    return log_ticks (low, high, ticks, max);
  raw = (high - low) / 4;
  unit = pow (10, floor (log10 (raw)));
  step = raw / unit < 1.5 ? unit : raw / unit < 3.5 ? 2 * unit : raw / unit < 7.5 ? 5 * unit : 10 * unit;
  for (double tick = ceil (low / step - 1e-9) * step; tick <= high + 1e-9 * step && n < max; tick += step)
    ticks[n++] = fabs (tick) < 1e-12 * step ? 0 : tick;
  return n;
}

static void
widen (double value, gboolean log_y, double *low, double *high)
{
  if (!isfinite (value) || (log_y && value <= 0))
    return;
  *low = MIN (*low, value);
  *high = MAX (*high, value);
}

static Frame
frame_of (const EqsPlot *plot, double width, double height)
{
  Frame frame = { plot->x_min, plot->x_max, INFINITY, -INFINITY, plot->log_y, LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM };
  double x_low = INFINITY, x_high = -INFINITY;

  for (guint i = 0; i < plot->n_lines; i++)
    for (guint k = 0; k < plot->lines[i].n; k++)
      {
        widen (plot->lines[i].x[k], FALSE, &x_low, &x_high);
        widen (plot->lines[i].y[k], plot->log_y, &frame.y0, &frame.y1);
        if (plot->lines[i].low != NULL)
          {
            widen (plot->lines[i].low[k], plot->log_y, &frame.y0, &frame.y1);
            widen (plot->lines[i].high[k], plot->log_y, &frame.y0, &frame.y1);
          }
      }
  if (isfinite (plot->limit))      /* with room above, so that beyond the limit is a place */
    {
      widen (plot->limit, plot->log_y, &frame.y0, &frame.y1);
      widen (plot->log_y ? 100 * plot->limit : 1.2 * plot->limit, plot->log_y, &frame.y0, &frame.y1);
    }
  if (!(frame.x1 > frame.x0))
    {
      frame.x0 = isfinite (x_low) ? x_low : 0;
      frame.x1 = isfinite (x_high) && x_high > frame.x0 ? x_high : frame.x0 + 1;
    }
  if (!isfinite (frame.y0))
    {
      frame.y0 = plot->log_y ? 0.1 : 0;
      frame.y1 = 1;
    }
  if (plot->log_y)
    {
      const double middle = sqrt (frame.y0 * frame.y1);

      /* Half a decade at least: noise is not to look like a trend. */
      frame.y0 = round_125 (MIN (frame.y0, middle / 1.8), FALSE);
      frame.y1 = round_125 (MAX (frame.y1, middle * 1.8), TRUE);
      if (frame.y1 > 100 * frame.y0)
        {
          frame.y0 = pow (10, floor (log10 (frame.y0) + 1e-9));
          frame.y1 = pow (10, ceil (log10 (frame.y1) - 1e-9));
        }
    }
  else
    {
      const double margin = frame.y1 > frame.y0 ? 0.06 * (frame.y1 - frame.y0) : MAX (fabs (frame.y1) * 0.1, 1e-6);

      frame.y0 -= margin;
      frame.y1 += margin;
    }
  return frame;
}

static double
at_x (const Frame *frame, double x)
{
  return frame->left + frame->width * (x - frame->x0) / (frame->x1 - frame->x0);
}

static double
at_y (const Frame *frame, double y)
{
  const double t = frame->log_y ? (log10 (MAX (y, 1e-300)) - log10 (frame->y0)) / (log10 (frame->y1) - log10 (frame->y0)) : (y - frame->y0) / (frame->y1 - frame->y0);

  return frame->top + frame->height * (1 - CLAMP (t, -0.02, 1.02));
}

static char *written (const EqsPlot *plot, double value);

static void
make_room (cairo_t *cr, const EqsPlot *plot, Frame *frame)
{
  double      ticks[12], widest = LEFT - 10;
  const guint n = eqs_plot_ticks (frame->y0, frame->y1, frame->log_y, ticks, G_N_ELEMENTS (ticks));

  set_font (cr, 11, FALSE);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = written (plot, ticks[i]);

      widest = MAX (widest, words_width (cr, text));
    }
  frame->width -= widest + 10 - frame->left;
  frame->left = widest + 10;
}

double
eqs_plot_x_at (const EqsPlot *plot, double width, double at)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_ALPHA, NULL);
  cairo_t         *cr = cairo_create (surface);
  Frame            frame = frame_of (plot, width, 200);

  make_room (cr, plot, &frame);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return CLAMP (frame.x0 + (at - frame.left) / frame.width * (frame.x1 - frame.x0), frame.x0, frame.x1);
}

static char *
written (const EqsPlot *plot, double value)
{
  if (plot->format != NULL)
    return plot->format (value);
  return eqs_number_dup_text (value, plot->log_y ? 1 : 3);
}

static void
draw_axes (cairo_t *cr, const EqsPlot *plot, const Frame *frame, const EqsPlotTheme *theme)
{
  double ticks[12], end;
  guint  n = eqs_plot_ticks (frame->y0, frame->y1, frame->log_y, ticks, G_N_ELEMENTS (ticks));

  set_font (cr, 11, FALSE);
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = written (plot, ticks[i]);
      const double     y = round (at_y (frame, ticks[i])) + 0.5;

      eqs_draw_set_colour (cr, theme->grid, 1);
      cairo_move_to (cr, frame->left, y);
      cairo_line_to (cr, frame->left + frame->width, y);
      cairo_stroke (cr);
      eqs_draw_set_colour (cr, theme->dim, 1);
      words (cr, text, frame->left - 6, y + 3.5, 1);
    }
  n = eqs_plot_ticks (frame->x0, frame->x1, FALSE, ticks, G_N_ELEMENTS (ticks));
  end = -G_MAXDOUBLE;
  eqs_draw_set_colour (cr, theme->dim, 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = eqs_number_dup_text (ticks[i], 5);
      const double     half = words_width (cr, text) / 2;

      if (at_x (frame, ticks[i]) - half < end)      /* in a narrow plot every second or third number stands alone */
        continue;
      end = at_x (frame, ticks[i]) + half + 6;

      words (cr, text, at_x (frame, ticks[i]), frame->top + frame->height + 16, 0.5);
    }
}

static void
draw_limit (cairo_t *cr, const EqsPlot *plot, const Frame *frame, const EqsPlotTheme *theme)
{
  static const double dots[] = { 3, 3 };
  const double y = at_y (frame, plot->limit);

  if (!isfinite (plot->limit))
    return;
  eqs_draw_set_colour (cr, theme->bad, 0.10);
  cairo_rectangle (cr, frame->left, frame->top, frame->width, MAX (y - frame->top, 0));
  cairo_fill (cr);
  eqs_draw_set_colour (cr, theme->bad, 1);
  cairo_set_dash (cr, dots, 2, 0);
  cairo_move_to (cr, frame->left, y);
  cairo_line_to (cr, frame->left + frame->width, y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  if (plot->limit_word != NULL && words_width (cr, plot->limit_word) < frame->width - 4)
    words (cr, plot->limit_word, frame->left + frame->width - 2, y - 4, 1);
}

/* ---- lines ---- */

/* The colours of lines are made for paper: on a dark ground they are mixed with white, so that thin lines and their names are read. */
static guint32
seen_on (guint32 colour, const EqsPlotTheme *theme)
{
  const guint32 ground = theme->ground;
  guint32       mixed = 0;

  if ((ground >> 16 & 255) + (ground >> 8 & 255) + (ground & 255) > 3 * 128)
    return colour;
  for (int shift = 0; shift < 24; shift += 8)
    mixed |= (255 * 2 + 3 * (colour >> shift & 255)) / 5 << shift;
  return mixed;
}

/* One piece for each stretch without gaps. */
static void
draw_band (cairo_t *cr, const EqsPlotLine *line, const Frame *frame)
{
  guint end;

  eqs_draw_set_colour (cr, line->colour, 0.18);
  for (guint first = 0; first < line->n; first = end + 1)
    {
      for (end = first; end < line->n && isfinite (line->low[end]) && isfinite (line->high[end]); end++)
        ;
      cairo_new_path (cr);
      for (guint k = first; k < end; k++)
        cairo_line_to (cr, at_x (frame, line->x[k]), at_y (frame, line->low[k]));
      for (guint k = end; k-- > first; )
        cairo_line_to (cr, at_x (frame, line->x[k]), at_y (frame, line->high[k]));
      cairo_fill (cr);
    }
}

static gboolean
is_drawn (const Frame *frame, double y)
{
  return isfinite (y) && (!frame->log_y || y > 0);
}

static void
draw_line (cairo_t *cr, const EqsPlotLine *line, const Frame *frame, const EqsPlotTheme *theme)
{
  static const double dashes[] = { 5, 3 };
  gboolean pen = FALSE;
  guint    last = line->n;

  if (line->low != NULL)
    draw_band (cr, line, frame);
  cairo_new_path (cr);
  for (guint k = 0; k < line->n; k++)
    {
      if (!is_drawn (frame, line->y[k]))
        {
          pen = FALSE;
          continue;
        }
      if (pen)
        cairo_line_to (cr, at_x (frame, line->x[k]), at_y (frame, line->y[k]));
      else
        cairo_move_to (cr, at_x (frame, line->x[k]), at_y (frame, line->y[k]));
      pen = TRUE;
      last = k;
    }
  eqs_draw_set_colour (cr, seen_on (line->colour, theme), 1);
  cairo_set_line_width (cr, 2);
  cairo_set_dash (cr, dashes, line->dashed ? 2 : 0, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  if (last < line->n)
    {
      cairo_arc (cr, at_x (frame, line->x[last]), at_y (frame, line->y[last]), 3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

typedef struct { double x, y; char *text, *value; guint32 colour; } Name;

static void
draw_names (cairo_t *cr, const EqsPlot *plot, const Frame *frame, const EqsPlotTheme *theme)
{
  Name  names[16];
  guint n = 0;

  set_font (cr, 11, TRUE);
  for (guint i = 0; i < plot->n_lines && n < G_N_ELEMENTS (names); i++)
    {
      const EqsPlotLine *line = &plot->lines[i];
      g_autofree char   *value = NULL;
      guint              last = line->n;

      for (guint k = 0; k < line->n; k++)
        if (is_drawn (frame, line->y[k]))
          last = k;
      if (last == line->n || line->label == NULL)
        continue;
      value = plot->format != NULL ? plot->format (line->y[last]) : eqs_number_dup_text (line->y[last], plot->log_y && line->y[last] < 1e-3 ? 2 : 3);
      names[n] = (Name) { at_x (frame, line->x[last]), at_y (frame, line->y[last]) - 7, g_strdup_printf ("%s %s", line->label, value), NULL, seen_on (line->colour, theme) };
      names[n].value = g_steal_pointer (&value);
      names[n].y = MAX (names[n].y, frame->top + 9);
      for (guint k = 0; k < n; k++)
        if (fabs (names[k].y - names[n].y) < 13)
          {
            names[n].y = names[k].y + 14;
            k = G_MAXUINT;
          }
      n++;
    }
  for (guint i = 0; i < n; i++)
    {
      /* In a narrow plot the value alone, rather than half a name. */
      const char  *all = words_width (cr, names[i].text) > frame->width ? names[i].value : names[i].text;
      const double x = MIN (names[i].x + 8, frame->left + frame->width - words_width (cr, all));

      /* The ground around the letters keeps curves from striking them through. */
      cairo_move_to (cr, MAX (x, frame->left), names[i].y);
      cairo_text_path (cr, all);
      eqs_draw_set_colour (cr, theme->ground, 0.85);
      cairo_set_line_width (cr, 3);
      cairo_stroke (cr);
      eqs_draw_set_colour (cr, names[i].colour, 1);
      words (cr, all, MAX (x, frame->left), names[i].y, 0);
      g_free (names[i].text);
      g_free (names[i].value);
    }
}

static void
draw_hover (cairo_t *cr, const EqsPlot *plot, const Frame *frame, const EqsPlotTheme *theme)
{
  const double x = at_x (frame, plot->hover_x);
  double       y = frame->top + 4;

  if (!isfinite (plot->hover_x))
    return;
  eqs_draw_set_colour (cr, theme->dim, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, round (x) + 0.5, frame->top);
  cairo_line_to (cr, round (x) + 0.5, frame->top + frame->height);
  cairo_stroke (cr);
  set_font (cr, 11, FALSE);
  for (guint i = 0; i < plot->n_lines; i++)
    {
      const EqsPlotLine *line = &plot->lines[i];
      g_autofree char   *value = NULL, *text = NULL, *place = NULL;
      guint              nearest = line->n;
      double             width;

      for (guint k = 0; k < line->n; k++)
        if (is_drawn (frame, line->y[k]) && (nearest == line->n || fabs (line->x[k] - plot->hover_x) < fabs (line->x[nearest] - plot->hover_x)))
          nearest = k;
      if (nearest == line->n)
        continue;
      value = written (plot, line->y[nearest]);
      place = eqs_number_dup_text (line->x[nearest], 5);
      if (line->low != NULL && isfinite (line->low[nearest]) && isfinite (line->high[nearest]))
        {
          g_autofree char *low = written (plot, line->low[nearest]), *high = written (plot, line->high[nearest]);

          text = g_strdup_printf ("%s: %s (%s – %s)", place, value, low, high);
        }
      else if (line->label == NULL)      /* one of many, beside their mean */
        continue;
      else
        text = g_strdup_printf ("%s: %s", place, value);
      width = words_width (cr, text);
      eqs_draw_set_colour (cr, theme->ground, 0.9);
      cairo_rectangle (cr, MIN (x + 6, frame->left + frame->width - width - 6), y, width + 6, 15);
      cairo_fill (cr);
      eqs_draw_set_colour (cr, seen_on (line->colour, theme), 1);
      words (cr, text, MIN (x + 9, frame->left + frame->width - width - 3), y + 11, 0);
      cairo_arc (cr, at_x (frame, line->x[nearest]), at_y (frame, line->y[nearest]), 4, 0, 2 * G_PI);
      cairo_fill (cr);
      y += 16;
    }
}

void
eqs_plot_draw (cairo_t *cr, const EqsPlot *plot, double width, double height, const EqsPlotTheme *theme)
{
  Frame  frame = frame_of (plot, width, height);
  double title;

  if (frame.width < 40 || frame.height < 30)
    return;
  cairo_save (cr);
  cairo_new_path (cr);
  set_font (cr, 13, TRUE);
  eqs_draw_set_colour (cr, theme->text, 1);
  words (cr, plot->title, 10, 18, 0);
  title = words_width (cr, plot->title);
  set_font (cr, 11, FALSE);
  if (plot->note != NULL && title + words_width (cr, plot->note) + 32 < width)
    {
      eqs_draw_set_colour (cr, theme->dim, 1);
      words (cr, plot->note, width - 10, 18, 1);
    }
  make_room (cr, plot, &frame);
  draw_axes (cr, plot, &frame, theme);
  draw_limit (cr, plot, &frame, theme);
  cairo_save (cr);
  cairo_rectangle (cr, frame.left - 4, frame.top - 4, frame.width + 8, frame.height + 8);
  cairo_clip (cr);
  for (guint i = plot->n_lines; i-- > 0; )
    draw_line (cr, &plot->lines[i], &frame, theme);
  cairo_restore (cr);
  if (isfinite (plot->hover_x))
    draw_hover (cr, plot, &frame, theme);
  else
    draw_names (cr, plot, &frame, theme);
  cairo_restore (cr);
}
