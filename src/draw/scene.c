/* Bodies go through the raster (raster.h), words and axes over it with Cairo. */

#include "draw/scene.h"
#include "draw/raster.h"
#include "draw/type-style.h"

#include "eqk/space.h"

#include <math.h>
#include <string.h>

#define BALL 0.38          /* of the covalent radius: balls and sticks */
#define STICK 0.11         /* Å */
#define POINT 0.2         /* of the nearest distance between points without kinds */
#define NEGATIVE 0x0072b2
enum { RINGS = 24, AROUND = 40, MESH_MANY = 16 };      /* of a signal; with more of them coarser ones */

struct _EqsScene
{
  gatomicrefcount    refs;
  gsize              n, n_links;
  double            *places, *radii;      /* owned [n, 3], [n]: as drawn */
  gint32            *numbers;             /* owned (nullable) */
  gint32            *links;               /* owned (nullable) [n_links, 2] */
  guint32           *colours;             /* owned (nullable) */
  const char       **symbols;             /* owned (nullable), the words are not */
  double            *arrows;              /* owned (nullable) [n, 3] in units of length */
  guint32            arrow_colour;
  gboolean           axial;
  double            *signals;             /* owned (nullable) */
  int                lmax, only;
  double             signal_scale;
  guint32            signal_colour;
  gboolean           round;
  gboolean           has_cell;
  double             cell[9];
  int                marked;
  double             centre[3], reach;
};

/* The mean distance to the nearest neighbour, of the first points. */
static double
spacing_of (const double *places, gsize n)
{
  double sum = 0;
  gsize  counted = 0;

  for (gsize i = 0; i < n && i < 64; i++)
    {
      double nearest = INFINITY;

      for (gsize j = 0; j < n; j++)
        if (i != j)
          nearest = MIN (nearest, pow (places[3 * i] - places[3 * j], 2) + pow (places[3 * i + 1] - places[3 * j + 1], 2) + pow (places[3 * i + 2] - places[3 * j + 2], 2));
      if (isfinite (nearest))
        {
          sum += sqrt (nearest);
          counted++;
        }
    }
  return counted == 0 ? 1 : sum / (double) counted;
}

EqsScene *
eqs_scene_new (const double *places, gsize n, const gint32 *numbers)
{
  EqsScene    *self = g_new0 (EqsScene, 1);
  const double point = numbers == NULL ? POINT * spacing_of (places, n) : 0;

  g_atomic_ref_count_init (&self->refs);
  self->n = n;
  self->marked = self->only = -1;
  self->places = g_memdup2 (places, 3 * n * sizeof *places);
  self->numbers = numbers == NULL ? NULL : g_memdup2 (numbers, n * sizeof *numbers);
  self->radii = g_new (double, n + 1);
  for (gsize i = 0; i < n; i++)
    self->radii[i] = numbers == NULL ? point : BALL * MAX (eqs_atom_radius (numbers[i]), 0.5);
  if (numbers != NULL)
    self->links = eqs_bonds_find (places, numbers, n, &self->n_links);
  eqs_places_bound (places, self->radii, n, self->centre, &self->reach);
  return self;
}

EqsScene *
eqs_scene_ref (EqsScene *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_scene_unref (EqsScene *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->places);
  g_free (self->radii);
  g_free (self->numbers);
  g_free (self->links);
  g_free (self->colours);
  g_free (self->symbols);
  g_free (self->arrows);
  g_free (self->signals);
  g_free (self);
}

gsize
eqs_scene_get_n (const EqsScene *self)
{
  return self->n;
}

const double *
eqs_scene_get_places (const EqsScene *self)
{
  return self->places;
}

void
eqs_scene_set_links (EqsScene *self, const gint32 *links, gsize n)
{
  g_free (self->links);
  self->links = g_memdup2 (links, 2 * n * sizeof *links);
  self->n_links = n;
}

static gboolean
is_one_piece (const gint32 *links, gsize n_links, gsize n)
{
  g_autofree gsize *piece = g_new (gsize, n + 1);
  gsize             pieces = n;

  for (gsize i = 0; i < n; i++)
    piece[i] = i;
  for (gsize k = 0; k < n_links; k++)
    {
      const gsize a = piece[links[2 * k]], b = piece[links[2 * k + 1]];

      pieces -= a != b;
      for (gsize i = 0; a != b && i < n; i++)
        if (piece[i] == b)
          piece[i] = a;
    }
  return pieces <= 1;
}

void
eqs_scene_link_near (EqsScene *self)
{
  const double      most = 1.25 * spacing_of (self->places, self->n);
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, 2 * sizeof (gint32));

  for (gint32 i = 0; self->n <= 64 && i < (gint32) self->n; i++)
    for (gint32 j = i + 1; j < (gint32) self->n; j++)
      {
        const double *a = self->places + 3 * i, *b = self->places + 3 * j;
        const gint32  pair[2] = { i, j };

        if (pow (a[0] - b[0], 2) + pow (a[1] - b[1], 2) + pow (a[2] - b[2], 2) <= most * most)
          g_array_append_vals (links, pair, 1);
      }
  if (!is_one_piece ((const gint32 *) (const void *) links->data, links->len, self->n))
    g_array_set_size (links, 0);
  eqs_scene_set_links (self, (const gint32 *) (const void *) links->data, links->len);
}

gsize
eqs_scene_get_n_links (const EqsScene *self)
{
  return self->n_links;
}

void
eqs_scene_hide_point (EqsScene *self, gsize point)
{
  gsize n = 0;

  self->radii[point] = 0;
  for (gsize k = 0; k < self->n_links; k++)
    if ((gsize) self->links[2 * k] != point && (gsize) self->links[2 * k + 1] != point)
      {
        self->links[2 * n] = self->links[2 * k];
        self->links[2 * n + 1] = self->links[2 * k + 1];
        n++;
      }
  self->n_links = n;
}

void
eqs_scene_set_colours (EqsScene *self, const guint32 *colours)
{
  g_free (self->colours);
  self->colours = colours == NULL ? NULL : g_memdup2 (colours, self->n * sizeof *colours);
}

void
eqs_scene_take_symbols (EqsScene *self, const char **symbols)
{
  g_free (self->symbols);
  self->symbols = symbols;
}

void
eqs_scene_set_arrows (EqsScene *self, const double *vectors, double scale, guint32 colour, gboolean axial)
{
  g_free (self->arrows);
  self->arrows = g_memdup2 (vectors, 3 * self->n * sizeof *vectors);
  for (gsize i = 0; i < 3 * self->n; i++)
    self->arrows[i] *= scale;
  self->arrow_colour = colour;
  self->axial = axial;
}

void
eqs_scene_set_signals (EqsScene *self, const double *c, int lmax, double scale, guint32 colour, int only, gboolean round)
{
  g_return_if_fail (lmax >= 0 && lmax <= EQK_MAX_DEGREE);

  g_free (self->signals);
  self->signals = g_memdup2 (c, self->n * (gsize) ((lmax + 1) * (lmax + 1)) * sizeof *c);
  self->lmax = lmax;
  self->signal_scale = scale;
  self->signal_colour = colour;
  self->only = only;
  self->round = round;
}

void
eqs_scene_set_cell (EqsScene *self, const double cell[9])
{
  memcpy (self->cell, cell, sizeof self->cell);
  self->has_cell = TRUE;
}

void
eqs_scene_set_marked (EqsScene *self, int point)
{
  self->marked = point;
}

gboolean
eqs_scene_has_signals (const EqsScene *self)
{
  return self->signals != NULL;
}

double
eqs_scene_get_extent (const EqsScene *self, const double centre[3])
{
  double farthest = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      double ball = 0, tip = 0;

      for (gsize k = 0; k < 3; k++)
        {
          const double d = self->places[3 * i + k] - centre[k];

          ball += d * d;
          tip += self->arrows == NULL ? 0 : (d + self->arrows[3 * i + k]) * (d + self->arrows[3 * i + k]);
        }
      farthest = MAX (farthest, MAX (sqrt (ball) + self->radii[i], sqrt (tip)));
    }
  return farthest;
}

void
eqs_scene_set_bound (EqsScene *self, const double centre[3], double reach)
{
  memcpy (self->centre, centre, sizeof self->centre);
  self->reach = reach;
}

char *
eqs_scene_dup_label (const EqsScene *self, int point)
{
  int same = 0;

  if (self->symbols == NULL || self->numbers == NULL || self->symbols[point] == NULL)
    return g_strdup_printf ("%d", point + 1);
  for (int i = 0; i <= point; i++)
    same += self->numbers[i] == self->numbers[point];
  return g_strdup_printf ("%s%d", self->symbols[point], same);
}

/* ---- signals ---- */

typedef struct
{
  int      rings, around, width;
  double  *u;          /* owned [points, 3] directions */
  double  *y;          /* owned [points, width] harmonics there */
} Mesh;

static gsize
mesh_n (const Mesh *mesh)
{
  return (gsize) (mesh->rings + 1) * (gsize) mesh->around;
}

static void
mesh_init (Mesh *mesh, int lmax, int rings, int around)
{
  *mesh = (Mesh){ .rings = rings, .around = around, .width = (lmax + 1) * (lmax + 1) };
  mesh->u = g_new (double, 3 * mesh_n (mesh));
  mesh->y = g_new (double, mesh_n (mesh) * (gsize) mesh->width);
  for (int i = 0; i <= rings; i++)
    for (int j = 0; j < around; j++)
      {
        const gsize  at = (gsize) (i * around + j);
        const double theta = G_PI * i / rings, phi = 2 * G_PI * j / around;

        mesh->u[3 * at] = sin (theta) * cos (phi);
        mesh->u[3 * at + 1] = cos (theta);
        mesh->u[3 * at + 2] = sin (theta) * sin (phi);
        eqk_harmonics (lmax, mesh->u + 3 * at, mesh->y + at * (gsize) mesh->width, NULL);
      }
}

static void
mesh_clear (Mesh *mesh)
{
  g_free (mesh->u);
  g_free (mesh->y);
}

static double
mesh_value (const Mesh *mesh, gsize at, const double *c)
{
  double f = 0;

  for (int k = 0; k < mesh->width; k++)
    f += c[k] * mesh->y[at * (gsize) mesh->width + (gsize) k];
  return f;
}

double
eqs_signal_largest (const double *c, gsize n, int lmax)
{
  Mesh   mesh;
  double largest = 0;

  mesh_init (&mesh, lmax, RINGS / 2, AROUND / 2);
  for (gsize i = 0; i < n; i++)
    for (gsize at = 0; at < mesh_n (&mesh); at++)
      largest = MAX (largest, fabs (mesh_value (&mesh, at, c + i * (gsize) mesh.width)));
  mesh_clear (&mesh);
  return largest;
}

/* Sums the areas of the triangles around each point. */
static void
mesh_normals (const Mesh *mesh, const double *spots, double *normals)
{
  memset (normals, 0, 3 * mesh_n (mesh) * sizeof *normals);
  for (int i = 0; i < mesh->rings; i++)
    for (int j = 0; j < mesh->around; j++)
      {
        const int next = (j + 1) % mesh->around;
        const gsize four[4] = { (gsize) (i * mesh->around + j), (gsize) ((i + 1) * mesh->around + j), (gsize) ((i + 1) * mesh->around + next), (gsize) (i * mesh->around + next) };
        double    a[3], b[3], n[3];

        for (int k = 0; k < 3; k++)
          {
            a[k] = spots[3 * four[2] + (gsize) k] - spots[3 * four[0] + (gsize) k];
            b[k] = spots[3 * four[3] + (gsize) k] - spots[3 * four[1] + (gsize) k];
          }
        /* y of spots is down, that of normals up. */
        n[0] = -(a[1] * b[2] - a[2] * b[1]);
        n[1] = a[2] * b[0] - a[0] * b[2];
        n[2] = -(a[0] * b[1] - a[1] * b[0]);
        for (int corner = 0; corner < 4; corner++)
          for (int k = 0; k < 3; k++)
            normals[3 * four[corner] + (gsize) k] += n[k];
      }
}

static guint32
value_colour (double part, guint32 positive)
{
  const guint32 to = part >= 0 ? positive : NEGATIVE;
  guint32       out = 0;

  for (int shift = 0; shift <= 16; shift += 8)
    out |= (guint32) lround (245 + ((double) (to >> shift & 255) - 245) * MIN (fabs (part), 1)) << shift;
  return out;
}

static void
draw_signal (const EqsScene *self, EqsRaster *raster, const EqsView *view, const Mesh *mesh, gsize point, double *spots, double *normals, guint32 *colours)
{
  const double *c = self->signals + point * (gsize) mesh->width;
  double        largest = 1e-30;

  for (gsize at = 0; at < mesh_n (mesh); at++)
    largest = MAX (largest, fabs (mesh_value (mesh, at, c)));
  for (gsize at = 0; at < mesh_n (mesh); at++)
    {
      const double f = mesh_value (mesh, at, c), r = self->signal_scale * (self->round ? largest : fabs (f));
      double       place[3];

      for (int k = 0; k < 3; k++)
        place[k] = self->places[3 * point + (gsize) k] + r * mesh->u[3 * at + (gsize) k];
      eqs_view_project (view, place, spots + 3 * at);
      colours[at] = self->round ? value_colour (f / largest, self->signal_colour) : f >= 0 ? self->signal_colour : NEGATIVE;
    }
  mesh_normals (mesh, spots, normals);
  for (int i = 0; i < mesh->rings; i++)
    for (int j = 0; j < mesh->around; j++)
      {
        const int   next = (j + 1) % mesh->around;
        const gsize four[4] = { (gsize) (i * mesh->around + j), (gsize) ((i + 1) * mesh->around + j), (gsize) ((i + 1) * mesh->around + next), (gsize) (i * mesh->around + next) };

        for (int half = 0; half < 2; half++)
          {
            const gsize         three[3] = { four[0], four[1 + half], four[2 + half] };
            const double *const corners[3] = { spots + 3 * three[0], spots + 3 * three[1], spots + 3 * three[2] };
            const double *const across[3] = { normals + 3 * three[0], normals + 3 * three[1], normals + 3 * three[2] };
            const guint32       of[3] = { colours[three[0]], colours[three[1]], colours[three[2]] };

            eqs_raster_triangle (raster, corners, across, of);
          }
      }
}

static void
draw_signals (const EqsScene *self, EqsRaster *raster, const EqsView *view)
{
  const gboolean many = self->only < 0 && self->n > 4;
  Mesh           mesh;
  double        *spots, *normals;
  guint32       *colours;

  mesh_init (&mesh, self->lmax, many ? MESH_MANY : RINGS, many ? 3 * MESH_MANY / 2 : AROUND);
  spots = g_new (double, 3 * mesh_n (&mesh));
  normals = g_new (double, 3 * mesh_n (&mesh));
  colours = g_new (guint32, mesh_n (&mesh));
  for (gsize i = 0; i < self->n; i++)
    if (self->only < 0 || (gsize) self->only == i)
      draw_signal (self, raster, view, &mesh, i, spots, normals, colours);
  mesh_clear (&mesh);
  g_free (spots);
  g_free (normals);
  g_free (colours);
}

/* ---- bodies ---- */

static guint32
colour_of (const EqsScene *self, gsize i)
{
  return self->colours != NULL ? self->colours[i] : self->numbers == NULL ? 0x8a8a8a : eqs_atom_colour (self->numbers[i]);
}

static void
draw_ring (EqsRaster *raster, const EqsView *view, const double *at, const double *v, double length, guint32 colour)
{
  const double n[3] = { v[0] / length, v[1] / length, v[2] / length };
  const double side[3] = { fabs (n[0]) < 0.9, fabs (n[0]) >= 0.9, 0 };
  const double a[3] = { n[1] * side[2] - n[2] * side[1], n[2] * side[0] - n[0] * side[2], n[0] * side[1] - n[1] * side[0] };
  const double b[3] = { n[1] * a[2] - n[2] * a[1], n[2] * a[0] - n[0] * a[2], n[0] * a[1] - n[1] * a[0] };
  const double size = 0.3 * length / sqrt (a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
  double       before[3];

  for (int i = 0; i <= 20; i++)
    {
      double place[3], spot[3];

      for (int k = 0; k < 3; k++)
        place[k] = at[k] + 0.6 * v[k] + size * (cos (2 * G_PI * i / 20) * a[k] + sin (2 * G_PI * i / 20) * b[k]);
      eqs_view_project (view, place, spot);
      if (i > 0)
        eqs_raster_rod (raster, before, spot, MAX (0.02 * view->scale, 0.8), colour, colour);
      memcpy (before, spot, sizeof before);
    }
}

static void
draw_arrow (const EqsScene *self, EqsRaster *raster, const EqsView *view, gsize i)
{
  const double *at = self->places + 3 * i, *v = self->arrows + 3 * i, length = sqrt (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  const double  thick = CLAMP (0.06 * length, 0.02 * self->reach / 2, 0.05 * self->reach / 2), head = MIN (3.5 * thick, 0.6 * length);
  double        neck[3], tip[3], spots[3][3];

  if (!(length * view->scale > 1.5))
    return;
  for (int k = 0; k < 3; k++)
    {
      tip[k] = at[k] + v[k];
      neck[k] = tip[k] - v[k] * head / length;
    }
  eqs_view_project (view, at, spots[0]);
  eqs_view_project (view, neck, spots[1]);
  eqs_view_project (view, tip, spots[2]);
  eqs_raster_rod (raster, spots[0], spots[1], thick * view->scale * 0.5, self->arrow_colour, self->arrow_colour);
  eqs_raster_cone (raster, spots[1], spots[2], MIN (1.5 * thick, 0.45 * head) * view->scale, self->arrow_colour);
  if (self->axial)
    draw_ring (raster, view, at, v, length, self->arrow_colour);
}

static void
draw_links (const EqsScene *self, EqsRaster *raster, const EqsView *view, const double *spots)
{
  const double thick = MAX ((self->numbers != NULL ? STICK : 0.3 * self->radii[0]) * view->scale, 0.7);

  for (gsize k = 0; k < self->n_links; k++)
    {
      const gint32 a = self->links[2 * k], b = self->links[2 * k + 1];

      eqs_raster_rod (raster, spots + 3 * a, spots + 3 * b, thick, colour_of (self, (gsize) a), colour_of (self, (gsize) b));
    }
}

static void
draw_bodies (const EqsScene *self, EqsRaster *raster, const EqsView *view)
{
  g_autofree double *spots = g_new (double, 3 * self->n + 3);

  for (gsize i = 0; i < self->n; i++)
    eqs_view_project (view, self->places + 3 * i, spots + 3 * i);
  eqs_raster_set_fade (raster, -1.1 * self->reach * view->scale, 0.3 * self->reach * view->scale);
  for (gsize i = 0; i < self->n; i++)
    if (self->radii[i] > 0)
      eqs_raster_ball (raster, spots + 3 * i, self->radii[i] * view->scale, colour_of (self, i));
  draw_links (self, raster, view, spots);
  for (gsize i = 0; self->arrows != NULL && i < self->n; i++)
    draw_arrow (self, raster, view, i);
  if (self->signals != NULL)
    draw_signals (self, raster, view);
}

/* ---- over them ---- */

static double
brightness (guint32 colour)
{
  return (0.3 * (colour >> 16 & 255) + 0.59 * (colour >> 8 & 255) + 0.11 * (colour & 255)) / 255;
}

static void
draw_labels (const EqsScene *self, cairo_t *cr, const EqsView *view)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  for (gsize i = 0; i < self->n; i++)
    {
      const double         size = CLAMP (0.75 * self->radii[i] * view->scale, 0, 13);
      g_autofree char     *text = NULL;
      cairo_text_extents_t extents;
      double               spot[3];

      eqs_view_project (view, self->places + 3 * i, spot);
      /* What is hidden, or too small to be read, has no word. */
      if (size < 7 || (self->numbers != NULL && self->numbers[i] == 1) || eqs_view_pick (view, self->places, self->radii, self->n, spot[0], spot[1]) != (int) i)
        continue;
      text = eqs_scene_dup_label (self, (int) i);
      cairo_set_font_size (cr, size);
      cairo_text_extents (cr, text, &extents);
      eqs_draw_set_colour (cr, brightness (colour_of (self, i)) > 0.55 ? 0x1b1b1b : 0xffffff, 1);
      cairo_move_to (cr, spot[0] - extents.x_bearing - extents.width / 2, spot[1] - extents.y_bearing - extents.height / 2);
      cairo_show_text (cr, text);
    }
}

static void
draw_axes (cairo_t *cr, const EqsView *view, const EqsFieldTheme *theme, double x, double y)
{
  static const guint32 colours[3] = { 0xd5461a, 0x1b9a5a, 0x3a67c8 };
  static const char *const names[3] = { "x", "y", "z" };

  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 11);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int k = 0; k < 3; k++)
    {
      const double dx = 20 * view->m[k], dy = -20 * view->m[3 + k];

      eqs_draw_set_colour (cr, colours[k], 1);
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + dx, y + dy);
      cairo_stroke (cr);
      eqs_draw_set_colour (cr, theme->dim, 1);
      cairo_move_to (cr, x + 1.35 * dx - 3, y + 1.35 * dy + 4);
      cairo_show_text (cr, names[k]);
    }
}

static void
draw_cell (const EqsScene *self, cairo_t *cr, const EqsView *view, const EqsFieldTheme *theme)
{
  eqs_draw_set_colour (cr, theme->dim, 0.7);
  cairo_set_line_width (cr, 1);
  for (int corner = 0; corner < 8; corner++)
    for (int k = 0; k < 3; k++)
      {
        double from[3] = { 0 }, to[3], a[3], b[3];

        if (corner >> k & 1)
          continue;
        for (int e = 0; e < 3; e++)
          for (int d = 0; d < 3; d++)
            from[d] += (corner >> e & 1) * self->cell[3 * e + d];
        for (int d = 0; d < 3; d++)
          to[d] = from[d] + self->cell[3 * k + d];
        eqs_view_project (view, from, a);
        eqs_view_project (view, to, b);
        cairo_move_to (cr, a[0], a[1]);
        cairo_line_to (cr, b[0], b[1]);
      }
  cairo_stroke (cr);
}

static void
draw_marked (const EqsScene *self, cairo_t *cr, const EqsView *view)
{
  double spot[3];

  eqs_view_project (view, self->places + 3 * self->marked, spot);
  cairo_arc (cr, spot[0], spot[1], self->radii[self->marked] * view->scale + 3, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 0x35 / 255.0, 0x84 / 255.0, 0xe4 / 255.0);
  cairo_set_line_width (cr, 2);
  cairo_stroke (cr);
}

void
eqs_scene_draw (const EqsScene *self, cairo_t *cr, const EqsCamera *camera, const EqsFieldTheme *theme, const EqsSceneLook *look,
                double x, double y, double width, double height)
{
  const EqsView    view = eqs_view_new (camera, self->centre, 1.08 * self->reach, 0, 0, width, height);
  EqsRaster       *raster;
  cairo_surface_t *surface;

  if (width < 8 || height < 8 || self->n == 0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  cairo_translate (cr, x, y);
  if (self->has_cell)
    draw_cell (self, cr, &view, theme);
  raster = eqs_raster_new ((int) width, (int) height, look->fine, theme->paper);
  draw_bodies (self, raster, &view);
  surface = eqs_raster_take_surface (raster);
  eqs_raster_free (raster);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
  if (self->marked >= 0 && (gsize) self->marked < self->n)
    draw_marked (self, cr, &view);
  if (look->labels && self->n <= 200)
    draw_labels (self, cr, &view);
  if (look->axes)
    draw_axes (cr, &view, theme, 34, height - 34);
  cairo_restore (cr);
}

int
eqs_scene_pick (const EqsScene *self, const EqsCamera *camera, double width, double height, double x, double y)
{
  const EqsView view = eqs_view_new (camera, self->centre, 1.08 * self->reach, 0, 0, width, height);

  return eqs_view_pick (&view, self->places, self->radii, self->n, x, y);
}
