/* Quaternions, a parallel camera, picking; bonds by a grid of cells as wide as the longest bond. */

#include "draw/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- turns ---- */

void
eqs_turn_compose (const double a[4], const double b[4], double out[4])
{
  const double w = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3];
  const double x = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2];
  const double y = a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1];
  const double z = a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0];
  const double length = sqrt (w * w + x * x + y * y + z * z);

  out[0] = w / length;
  out[1] = x / length;
  out[2] = y / length;
  out[3] = z / length;
}

void
eqs_turn_invert (const double q[4], double out[4])
{
  out[0] = q[0];
  for (int k = 1; k < 4; k++)
    out[k] = -q[k];
}

void
eqs_turn_of_axis (const double axis[3], double angle_rad, double out[4])
{
  const double length = sqrt (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]), s = sin (angle_rad / 2);

  out[0] = cos (angle_rad / 2);
  for (int k = 0; k < 3; k++)
    out[k + 1] = length > 0 ? s * axis[k] / length : k == 2 ? s : 0;
}

double
eqs_turn_get_axis (const double q[4], double axis[3])
{
  const double s = sqrt (q[1] * q[1] + q[2] * q[2] + q[3] * q[3]), sign = q[0] < 0 ? -1 : 1;

  for (int k = 0; k < 3; k++)
    axis[k] = s > 1e-12 ? sign * q[k + 1] / s : k == 2;
  return 2 * atan2 (s, fabs (q[0]));
}

void
eqs_turn_matrix (const double q[4], double m[9])
{
  const double w = q[0], x = q[1], y = q[2], z = q[3];

  m[0] = 1 - 2 * (y * y + z * z);
  m[1] = 2 * (x * y - w * z);
  m[2] = 2 * (x * z + w * y);
  m[3] = 2 * (x * y + w * z);
  m[4] = 1 - 2 * (x * x + z * z);
  m[5] = 2 * (y * z - w * x);
  m[6] = 2 * (x * z - w * y);
  m[7] = 2 * (y * z + w * x);
  m[8] = 1 - 2 * (x * x + y * y);
}

/* The place on the ball under a point; outside, the nearest on its rim. */
static void
on_ball (double x, double y, double p[3])
{
  const double square = x * x + y * y;

  p[0] = square > 1 ? x / sqrt (square) : x;
  p[1] = square > 1 ? y / sqrt (square) : y;
  p[2] = square > 1 ? 0 : sqrt (1 - square);
}

void
eqs_turn_of_drag (double x0, double y0, double x1, double y1, double out[4])
{
  double       a[3], b[3], length;

  on_ball (x0, y0, a);
  on_ball (x1, y1, b);
  /* b times the inverse of a, as pure quaternions: twice the angle between them, so that a ball can be turned over in one go. */
  out[0] = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  out[1] = a[1] * b[2] - a[2] * b[1];
  out[2] = a[2] * b[0] - a[0] * b[2];
  out[3] = a[0] * b[1] - a[1] * b[0];
  length = sqrt (out[0] * out[0] + out[1] * out[1] + out[2] * out[2] + out[3] * out[3]);
  for (int k = 0; k < 4; k++)
    out[k] /= length;
}

void
eqs_turn_between (const double a[4], const double b[4], double t, double out[4])
{
  double       back[4], way[4], axis[3], angle, part[4];

  eqs_turn_invert (a, back);
  eqs_turn_compose (b, back, way);
  angle = eqs_turn_get_axis (way, axis);
  eqs_turn_of_axis (axis, t * angle, part);
  eqs_turn_compose (part, a, out);
}

/* ---- the camera ---- */

void
eqs_camera_reset (EqsCamera *self)
{
  static const double up[3] = { 1, 0, 0 }, round[3] = { 0, 1, 0 };
  double tilt[4], side[4];

  eqs_turn_of_axis (up, 20 * G_PI / 180, tilt);
  eqs_turn_of_axis (round, -30 * G_PI / 180, side);
  eqs_turn_compose (tilt, side, self->q);
  self->zoom = 1;
  self->pan[0] = self->pan[1] = 0;
}

EqsView
eqs_view_new (const EqsCamera *camera, const double centre[3], double reach, double x, double y, double width, double height)
{
  const double side = MIN (width, height);
  EqsView      view = { .scale = camera->zoom * side / 2 / MAX (reach, 1e-9),
                        .cx = x + width / 2 + camera->pan[0] * side, .cy = y + height / 2 + camera->pan[1] * side };

  eqs_turn_matrix (camera->q, view.m);
  memcpy (view.centre, centre, sizeof view.centre);
  return view;
}

void
eqs_view_project (const EqsView *self, const double place[3], double spot[3])
{
  const double p[3] = { place[0] - self->centre[0], place[1] - self->centre[1], place[2] - self->centre[2] };

  spot[0] = self->cx + self->scale * (self->m[0] * p[0] + self->m[1] * p[1] + self->m[2] * p[2]);
  spot[1] = self->cy - self->scale * (self->m[3] * p[0] + self->m[4] * p[1] + self->m[5] * p[2]);
  spot[2] = self->scale * (self->m[6] * p[0] + self->m[7] * p[1] + self->m[8] * p[2]);
}

int
eqs_view_pick (const EqsView *self, const double *places, const double *radii, gsize n, double x, double y)
{
  double nearest = -INFINITY;
  int    found = -1;

  for (gsize i = 0; i < n; i++)
    {
      double spot[3], square;

      eqs_view_project (self, places + 3 * i, spot);
      square = pow (radii[i] * self->scale, 2) - pow (x - spot[0], 2) - pow (y - spot[1], 2);
      if (radii[i] > 0 && square >= 0 && spot[2] + sqrt (square) > nearest)
        {
          nearest = spot[2] + sqrt (square);
          found = (int) i;
        }
    }
  return found;
}

static int
by_depth (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *depth = data;
  const guint   i = *(const guint *) a, j = *(const guint *) b;

  return depth[i] < depth[j] ? -1 : depth[i] > depth[j] ? 1 : i < j ? -1 : i > j;
}

guint *
eqs_view_order (const EqsView *self, const double *places, gsize n)
{
  g_autofree double *depth = g_new (double, n + 1);
  guint             *order = g_new (guint, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      double spot[3];

      eqs_view_project (self, places + 3 * i, spot);
      depth[i] = spot[2];
      order[i] = (guint) i;
    }
  g_qsort_with_data (order, (gint) n, sizeof *order, by_depth, depth);
  return order;
}

void
eqs_places_bound (const double *places, const double *radii, gsize n, double centre[3], double *reach)
{
  memset (centre, 0, 3 * sizeof *centre);      /* also of nothing */
  for (gsize i = 0; i < 3 * n; i++)
    centre[i % 3] += places[i] / (double) n;
  *reach = 1e-9;
  for (gsize i = 0; i < n; i++)
    {
      double square = 0;

      for (int k = 0; k < 3; k++)
        square += pow (places[3 * i + (gsize) k] - centre[k], 2);
      *reach = MAX (*reach, sqrt (square) + (radii == NULL ? 0 : radii[i]));
    }
}

/* ---- atoms ---- */

double
eqs_atom_radius (int number)
{
  /* In hundredths of an Å, from hydrogen to curium; carbon as sp3, the metals in low spin. */
  static const guint8 radii[] = {
    31, 28, 128, 96, 84, 76, 71, 66, 57, 58, 166, 141, 121, 111, 107, 105, 102, 106, 203, 176, 170, 160, 153, 139, 139, 132, 126, 124, 132, 122,
    122, 120, 119, 120, 120, 116, 220, 195, 190, 175, 164, 154, 147, 146, 142, 139, 145, 144, 142, 139, 139, 138, 139, 140, 244, 215, 207, 204,
    203, 201, 199, 198, 198, 196, 194, 192, 192, 189, 190, 187, 187, 175, 170, 162, 151, 144, 141, 136, 136, 132, 145, 146, 148, 140, 150, 150,
    255, 221, 215, 206, 200, 196, 190, 187, 180, 169 };

  return number >= 1 && number <= (int) G_N_ELEMENTS (radii) ? radii[number - 1] / 100.0 : 1.5;
}

guint32
eqs_atom_colour (int number)
{
  static const struct { int number; guint32 colour; } known[] = {
    { 1, 0xe4e4e4 }, { 5, 0xe8a798 }, { 6, 0x5e5e5e }, { 7, 0x3a67c8 }, { 8, 0xd5461a }, { 9, 0x76b947 }, { 11, 0x9a5bd0 }, { 12, 0x4f9a3a },
    { 14, 0xc9a06a }, { 15, 0xe08a1e }, { 16, 0xd9bd28 }, { 17, 0x36a853 }, { 19, 0x7f45bd }, { 20, 0x63a05a }, { 26, 0xb5602c }, { 29, 0xb87542 },
    { 30, 0x7c80ae }, { 35, 0x8f3a24 }, { 53, 0x7a3d92 } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].number == number)
      return known[i].colour;
  return number <= 0 ? 0x8a8a8a : 0xc48aa4;
}

/* ---- bonds ---- */

enum { MOST_CELLS = 64 };      /* a side */

typedef struct
{
  double  low[3], width;
  int     n[3];
  gint32 *head, *next;         /* owned: first atom of a cell, next of an atom; -1 */
} Cells;

static int
cell_of (const Cells *cells, const double *p, int k)
{
  return CLAMP ((int) ((p[k] - cells->low[k]) / cells->width), 0, cells->n[k] - 1);
}

static void
cells_fill (Cells *cells, const double *places, gsize n, double width)
{
  double high[3] = { -INFINITY, -INFINITY, -INFINITY }, largest = 0;

  for (int k = 0; k < 3; k++)
    cells->low[k] = INFINITY;
  for (gsize i = 0; i < 3 * n; i++)
    {
      cells->low[i % 3] = MIN (cells->low[i % 3], places[i]);
      high[i % 3] = MAX (high[i % 3], places[i]);
    }
  for (int k = 0; k < 3; k++)
    largest = MAX (largest, high[k] - cells->low[k]);
  cells->width = MAX (width, largest / MOST_CELLS);
  for (int k = 0; k < 3; k++)
    cells->n[k] = 1 + (int) ((high[k] - cells->low[k]) / cells->width);
  cells->head = g_new (gint32, cells->n[0] * cells->n[1] * cells->n[2]);
  cells->next = g_new (gint32, n + 1);
  memset (cells->head, -1, (gsize) (cells->n[0] * cells->n[1] * cells->n[2]) * sizeof *cells->head);
  for (gsize i = n; i-- > 0; )
    {
      const double *p = places + 3 * i;
      gint32       *head = &cells->head[(cell_of (cells, p, 0) * cells->n[1] + cell_of (cells, p, 1)) * cells->n[2] + cell_of (cells, p, 2)];

      cells->next[i] = *head;
      *head = (gint32) i;
    }
}

static int
by_ends (gconstpointer a, gconstpointer b)
{
  const gint32 *x = a, *y = b;

  return x[0] != y[0] ? (x[0] < y[0] ? -1 : 1) : x[1] < y[1] ? -1 : x[1] > y[1];
}

static void
bonds_of (const Cells *cells, const double *places, const gint32 *numbers, gint32 i, GArray *bonds)
{
  const double *p = places + 3 * i;
  const int     at[3] = { cell_of (cells, p, 0), cell_of (cells, p, 1), cell_of (cells, p, 2) };

  for (int a = MAX (at[0] - 1, 0); a <= MIN (at[0] + 1, cells->n[0] - 1); a++)
    for (int b = MAX (at[1] - 1, 0); b <= MIN (at[1] + 1, cells->n[1] - 1); b++)
      for (int c = MAX (at[2] - 1, 0); c <= MIN (at[2] + 1, cells->n[2] - 1); c++)
        for (gint32 j = cells->head[(a * cells->n[1] + b) * cells->n[2] + c]; j >= 0; j = cells->next[j])
          {
            const double *q = places + 3 * j, most = eqs_atom_radius (numbers[i]) + eqs_atom_radius (numbers[j]) + 0.4;
            const double  square = pow (p[0] - q[0], 2) + pow (p[1] - q[1], 2) + pow (p[2] - q[2], 2);
            const gint32  pair[2] = { i, j };

            if (j > i && square > 0.16 && square <= most * most)
              g_array_append_vals (bonds, pair, 1);
          }
}

gint32 *
eqs_bonds_find (const double *places, const gint32 *numbers, gsize n, gsize *n_bonds)
{
  g_autoptr (GArray) bonds = g_array_new (FALSE, FALSE, 2 * sizeof (gint32));
  Cells  cells = { .head = NULL };
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, eqs_atom_radius (numbers[i]));
  if (n > 0)
    cells_fill (&cells, places, n, 2 * largest + 0.4);
  for (gsize i = 0; i < n; i++)
    bonds_of (&cells, places, numbers, (gint32) i, bonds);
  g_free (cells.head);
  g_free (cells.next);
  g_array_sort (bonds, by_ends);
  *n_bonds = bonds->len;
  return (gint32 *) (void *) g_array_free (g_steal_pointer (&bonds), FALSE);
}
