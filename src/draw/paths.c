/* Three columns of names; a path is a curve from the first over the second to the third. Paths between the same names lie beside each other. */

#include "draw/paths.h"
#include "draw/type-style.h"

#include <math.h>
#include <string.h>

enum { MOST_NAMES = 32, POINTS = 24 };
#define NAME 22            /* height of a name's disc */

typedef struct { const char *names[MOST_NAMES]; guint n; } Column;

static guint
find (Column *column, const char *name)
{
  for (guint i = 0; i < column->n; i++)
    if (strcmp (column->names[i], name) == 0)
      return i;
  if (column->n == MOST_NAMES)
    return MOST_NAMES - 1;
  column->names[column->n] = name;
  return column->n++;
}

static void
find_columns (const EqsPathLine *paths, guint n, Column columns[3])
{
  memset (columns, 0, 3 * sizeof *columns);
  for (guint i = 0; i < n; i++)
    {
      find (&columns[0], paths[i].left);
      find (&columns[1], paths[i].middle);
      find (&columns[2], paths[i].right);
    }
}

static void
place_of (Column columns[3], int which, const char *name, double width, double height, double *x, double *y)
{
  *x = 20 + which * (width - 40) / 2;
  *y = height * (find (&columns[which], name) + 0.5) / columns[which].n;
}

/* Point t, 0 to 1, of the line of a path; `aside` moves it where lines would cover each other. */
static void
point_of (Column columns[3], const EqsPathLine *path, double aside, double t, double width, double height, double *x, double *y)
{
  double      ends[3][2];
  const int   half = t < 0.5 ? 0 : 1;
  const double s = 2 * t - half, ease = s * s * (3 - 2 * s);
  const char *names[3] = { path->left, path->middle, path->right };

  for (int i = 0; i < 3; i++)
    place_of (columns, i, names[i], width, height, &ends[i][0], &ends[i][1]);
  *x = ends[half][0] + s * (ends[half + 1][0] - ends[half][0]);
  *y = ends[half][1] + ease * (ends[half + 1][1] - ends[half][1]) + aside * sin (G_PI * t);
}

static double
aside_of (guint i, guint n)
{
  return n < 2 ? 0 : 10 * ((double) i / (n - 1) - 0.5);
}

static void
draw_names (cairo_t *cr, Column columns[3], const EqsFieldTheme *theme, double width, double height)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, 11);
  for (int c = 0; c < 3; c++)
    for (guint i = 0; i < columns[c].n; i++)
      {
        cairo_text_extents_t extents;
        double               x, y;

        place_of (columns, c, columns[c].names[i], width, height, &x, &y);
        cairo_new_path (cr);
        cairo_arc (cr, x, y, NAME / 2.0, 0, 2 * G_PI);
        eqs_draw_set_colour (cr, theme->paper, 1);
        cairo_fill_preserve (cr);
        eqs_draw_set_colour (cr, theme->dim, 1);
        cairo_set_line_width (cr, 1);
        cairo_stroke (cr);
        cairo_text_extents (cr, columns[c].names[i], &extents);
        eqs_draw_set_colour (cr, theme->ink, 1);
        cairo_move_to (cr, x - extents.x_bearing - extents.width / 2, y - extents.y_bearing - extents.height / 2);
        cairo_show_text (cr, columns[c].names[i]);
      }
}

void
eqs_draw_paths (cairo_t *cr, const EqsPathLine *paths, guint n, int chosen, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  Column columns[3];
  double largest = 1e-30;

  if (n == 0 || width < 60 || height < 40)
    return;
  find_columns (paths, n, columns);
  for (guint i = 0; i < n; i++)
    if (paths[i].size > largest)
      largest = paths[i].size;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < n; i++)
    {
      const guint32 line = theme == eqs_field_theme (TRUE) ? 0x56b4e9 : 0x0072b2;   /* dark blue hardly shows on dark */
      const double part = isnan (paths[i].size) ? 0.5 : MIN (paths[i].size / largest, 1);

      for (int k = 0; k <= POINTS; k++)
        {
          double px, py;

          point_of (columns, &paths[i], aside_of (i, n), k / (double) POINTS, width, height, &px, &py);
          cairo_line_to (cr, px, py);
        }
      if (paths[i].is_dropped)
        {
          cairo_set_dash (cr, (const double[]) { 3, 5 }, 2, 0);
          eqs_draw_set_colour (cr, (int) i == chosen ? 0xd55e00 : theme->dim, 1);
        }
      else
        {
          cairo_set_dash (cr, NULL, 0, 0);
          eqs_draw_set_colour (cr, (int) i == chosen ? 0xd55e00 : line, (int) i == chosen ? 1 : 0.15 + 0.6 * part);
        }
      cairo_set_line_width (cr, (int) i == chosen ? 4 : paths[i].is_dropped ? 1.5 : 1 + 2.5 * part);
      cairo_stroke (cr);
    }
  cairo_set_dash (cr, NULL, 0, 0);
  draw_names (cr, columns, theme, width, height);
  cairo_restore (cr);
}

int
eqs_paths_pick (const EqsPathLine *paths, guint n, double width, double height, double x, double y)
{
  Column columns[3];
  double nearest = 8;
  int    found = -1;

  find_columns (paths, n, columns);
  for (guint i = 0; i < n; i++)
    for (int k = 0; k <= 4 * POINTS; k++)
      {
        double px, py;

        point_of (columns, &paths[i], aside_of (i, n), k / (4.0 * POINTS), width, height, &px, &py);
        if (hypot (px - x, py - y) < nearest)
          {
            nearest = hypot (px - x, py - y);
            found = (int) i;
          }
      }
  return found;
}
