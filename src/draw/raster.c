/* Every body solves for the depth of the pixels in its box and gives its normal there; one function shades. */

#include "draw/raster.h"

#include <math.h>
#include <string.h>

struct _EqsRaster
{
  int      width, height;      /* of points */
  int      points;             /* a pixel and side: 1 or 2 */
  guint32  paper;
  double   far, span;
  guint32 *pixels;             /* owned: 0xAARRGGBB, A is all or nothing */
  float   *depth;              /* owned */
};

/* From the upper left, in front. */
static const float light[3] = { -0.38f, 0.52f, 0.765f };
static const float half_way[3] = { -0.202f, 0.277f, 0.939f };     /* between the light and the eye */

EqsRaster *
eqs_raster_new (int width, int height, gboolean fine, guint32 paper)
{
  EqsRaster *self = g_new0 (EqsRaster, 1);

  self->points = fine ? 2 : 1;
  self->width = MAX (width, 1) * self->points;
  self->height = MAX (height, 1) * self->points;
  self->paper = paper;
  self->far = -1e9;      /* nothing fades */
  self->span = 1;
  self->pixels = g_new0 (guint32, (gsize) self->width * (gsize) self->height);
  self->depth = g_new (float, (gsize) self->width * (gsize) self->height);
  for (gsize i = 0; i < (gsize) self->width * (gsize) self->height; i++)
    self->depth[i] = -INFINITY;
  return self;
}

void
eqs_raster_free (EqsRaster *self)
{
  g_free (self->pixels);
  g_free (self->depth);
  g_free (self);
}

void
eqs_raster_set_fade (EqsRaster *self, double far, double near)
{
  self->far = far * self->points;
  self->span = MAX (near - far, 1e-3) * self->points;
}

/* ---- one point ---- */

static inline guint32
mix (guint32 from, guint32 to, int part)      /* part of 256 */
{
  const guint32 rb = (((from & 0xff00ff) * (guint32) (256 - part) + (to & 0xff00ff) * (guint32) part) >> 8) & 0xff00ff;
  const guint32 g = (((from & 0x00ff00) * (guint32) (256 - part) + (to & 0x00ff00) * (guint32) part) >> 8) & 0x00ff00;

  return rb | g;
}

static inline void
put (EqsRaster *self, gsize at, float z, float nx, float ny, float nz, guint32 colour)
{
  const float facing = light[0] * nx + light[1] * ny + light[2] * nz;
  const float diffuse = facing > 0 ? facing : 0;
  float       gloss = half_way[0] * nx + half_way[1] * ny + half_way[2] * nz, fade;
  guint32     shaded;

  self->depth[at] = z;
  shaded = mix (0, colour, (int) (256 * (0.42f + 0.58f * diffuse)));
  if (gloss > 0.9f)
    {
      gloss *= gloss;
      gloss *= gloss;
      gloss *= gloss;
      gloss *= gloss;
      shaded = mix (shaded, 0xffffff, (int) (110 * gloss));
    }
  fade = (float) (1 - (z - self->far) / self->span);
  if (fade > 0)
    shaded = mix (shaded, self->paper, (int) (140 * MIN (fade, 1.0f)));
  self->pixels[at] = 0xff000000u | shaded;
}

typedef struct { int x0, x1, y0, y1; } Box;

/* Points whose middles are in the box; FALSE: none are in the picture. */
static gboolean
box_of (const EqsRaster *self, double x0, double x1, double y0, double y1, Box *box)
{
  if (!(x0 < self->width && x1 > 0 && y0 < self->height && y1 > 0))      /* what is no number neither */
    return FALSE;
  box->x0 = (int) MAX (0, floor (x0));
  box->x1 = (int) MIN (self->width - 1, ceil (x1));
  box->y0 = (int) MAX (0, floor (y0));
  box->y1 = (int) MIN (self->height - 1, ceil (y1));
  return TRUE;
}

/* ---- bodies ---- */

void
eqs_raster_ball (EqsRaster *self, const double spot[3], double radius, guint32 colour)
{
  const double k = self->points, cx = spot[0] * k, cy = spot[1] * k, cz = spot[2] * k, r = MAX (radius * k, 0.75);
  const float  inverse = (float) (1 / r);
  Box          box;

  if (!box_of (self, cx - r, cx + r, cy - r, cy + r, &box))
    return;
  for (int y = box.y0; y <= box.y1; y++)
    {
      const float dy = (float) (y + 0.5 - cy), left = (float) (r * r) - dy * dy;
      gsize       at = (gsize) y * (gsize) self->width + (gsize) box.x0;

      for (int x = box.x0; x <= box.x1; x++, at++)
        {
          const float dx = (float) (x + 0.5 - cx), square = left - dx * dx;
          float       dz;

          if (square < 0 || self->depth[at] > cz + r)
            continue;
          dz = sqrtf (square);
          if ((float) cz + dz > self->depth[at])
            put (self, at, (float) cz + dz, dx * inverse, -dy * inverse, dz * inverse, colour);
        }
    }
}

/* A direction of length 1 from a to b, both times k. @return the distance */
static double
direction (const double a[3], const double b[3], double k, double d[3])
{
  double length = 0;

  for (int i = 0; i < 3; i++)
    {
      d[i] = (b[i] - a[i]) * k;
      length += d[i] * d[i];
    }
  length = sqrt (length);
  for (int i = 0; i < 3 && length > 0; i++)
    d[i] /= length;
  return length;
}

/* The first and the last point of a row that are no farther than r from the line through a. */
static int
first_in_strip (const double d[3], double ax, double ay, double r, int y)
{
  const double size = hypot (d[0], d[1]);

  return fabs (d[1]) < 1e-6 * size ? 0 : (int) CLAMP (floor (ax + ((y + 0.5 - ay) * d[0] - r * size * (d[1] > 0 ? 1 : -1)) / d[1] - 0.5), 0, G_MAXINT / 2);
}

static int
last_in_strip (const double d[3], double ax, double ay, double r, int y)
{
  const double size = hypot (d[0], d[1]);

  return fabs (d[1]) < 1e-6 * size ? G_MAXINT : (int) CLAMP (ceil (ax + ((y + 0.5 - ay) * d[0] + r * size * (d[1] > 0 ? 1 : -1)) / d[1] - 0.5), -1, G_MAXINT / 2);
}

void
eqs_raster_rod (EqsRaster *self, const double a[3], const double b[3], double radius, guint32 colour_a, guint32 colour_b)
{
  const double k = self->points, r = MAX (radius * k, 0.6), ax = a[0] * k, ay = a[1] * k, az = a[2] * k, bx = b[0] * k, by = b[1] * k;
  double       d[3], length = direction (a, b, k, d);
  const double flat = 1 - d[2] * d[2], nearest = MAX (a[2], b[2]) * k + r;
  Box          box;

  if (flat < 1e-9 || !box_of (self, MIN (ax, bx) - r, MAX (ax, bx) + r, MIN (ay, by) - r, MAX (ay, by) + r, &box))
    return;
  for (int y = box.y0; y <= box.y1; y++)
    for (int x = MAX (box.x0, first_in_strip (d, ax, ay, r, y)), end = MIN (box.x1, last_in_strip (d, ax, ay, r, y)); x <= end; x++)
      {
        const double ux = x + 0.5 - ax, uy = y + 0.5 - ay, s = ux * d[0] + uy * d[1];
        /* z^2 (1 - dz^2) - 2 z dz s + |u|^2 - s^2 - r^2 = 0 */
        const double half = d[2] * s, rest = ux * ux + uy * uy - s * s - r * r, square = half * half - flat * rest;
        double       z, t;
        gsize        at;

        if (square < 0 || self->depth[(gsize) y * (gsize) self->width + (gsize) x] > nearest)
          continue;
        z = (half + sqrt (square)) / flat;
        t = s + z * d[2];
        at = (gsize) y * (gsize) self->width + (gsize) x;
        if (t >= 0 && t <= length && (float) (az + z) > self->depth[at])
          put (self, at, (float) (az + z), (float) ((ux - t * d[0]) / r), (float) (-(uy - t * d[1]) / r), (float) ((z - t * d[2]) / r), t < length / 2 ? colour_a : colour_b);
      }
}

/* The mantle from the tip w: (w.d)^2 = c^2 |w|^2 with d from the tip to the base. */
static void
cone_point (EqsRaster *self, gsize at, double ux, double uy, double tz, const double d[3], double length, double radius, guint32 colour)
{
  const double c2 = length * length / (length * length + radius * radius), s = ux * d[0] + uy * d[1];
  const double a = d[2] * d[2] - c2, b = s * d[2], c = s * s - c2 * (ux * ux + uy * uy), square = b * b - a * c;
  double       best = -INFINITY, n[3] = { 0, 0, 1 };

  for (int side = -1; side <= 1 && square >= 0 && fabs (a) > 1e-12; side += 2)
    {
      const double z = (-b + side * sqrt (square)) / a, t = s + z * d[2];

      if (t >= 0 && t <= length && z > best)
        {
          const double m = t / c2;      /* the normal is w - d t / c^2 */

          best = z;
          n[0] = ux - m * d[0];
          n[1] = uy - m * d[1];
          n[2] = z - m * d[2];
        }
    }
  if (fabs (d[2]) > 1e-9)
    {
      const double z = (length - s) / d[2], square_out = pow (ux - length * d[0], 2) + pow (uy - length * d[1], 2) + pow (z - length * d[2], 2);

      if (square_out <= radius * radius && z > best)
        {
          best = z;
          n[0] = d[0];
          n[1] = d[1];
          n[2] = d[2];
        }
    }
  if (tz + best > self->depth[at])
    {
      const double size = sqrt (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) + 1e-12;

      put (self, at, (float) (tz + best), (float) (n[0] / size), (float) (-n[1] / size), (float) (n[2] / size), colour);
    }
}

void
eqs_raster_cone (EqsRaster *self, const double base[3], const double tip[3], double radius, guint32 colour)
{
  const double k = self->points, r = radius * k;
  double       d[3];
  const double length = direction (tip, base, k, d);
  Box          box;

  if (length < 1e-9 || !box_of (self, MIN (base[0], tip[0]) * k - r, MAX (base[0], tip[0]) * k + r, MIN (base[1], tip[1]) * k - r, MAX (base[1], tip[1]) * k + r, &box))
    return;
  for (int y = box.y0; y <= box.y1; y++)
    for (int x = box.x0; x <= box.x1; x++)
      cone_point (self, (gsize) y * (gsize) self->width + (gsize) x, x + 0.5 - tip[0] * k, y + 0.5 - tip[1] * k, tip[2] * k, d, length, r, colour);
}

void
eqs_raster_triangle (EqsRaster *self, const double *const corners[3], const double *const normals[3], const guint32 colours[3])
{
  const double k = self->points;
  double       x[3], y[3], z[3], area;
  Box          box;

  for (int i = 0; i < 3; i++)
    {
      x[i] = corners[i][0] * k;
      y[i] = corners[i][1] * k;
      z[i] = corners[i][2] * k;
    }
  area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
  if (fabs (area) < 1e-9 || !box_of (self, MIN (MIN (x[0], x[1]), x[2]), MAX (MAX (x[0], x[1]), x[2]), MIN (MIN (y[0], y[1]), y[2]), MAX (MAX (y[0], y[1]), y[2]), &box))
    return;
  for (int j = box.y0; j <= box.y1; j++)
    for (int i = box.x0; i <= box.x1; i++)
      {
        const double px = i + 0.5, py = j + 0.5;
        const double w1 = ((px - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (py - y[0])) / area;
        const double w2 = ((x[1] - x[0]) * (py - y[0]) - (px - x[0]) * (y[1] - y[0])) / area, w0 = 1 - w1 - w2;
        const gsize  at = (gsize) j * (gsize) self->width + (gsize) i;
        double       n[3], size = 0, depth;

        if (w0 < -1e-9 || w1 < -1e-9 || w2 < -1e-9)
          continue;
        depth = w0 * z[0] + w1 * z[1] + w2 * z[2];
        if (depth <= self->depth[at])
          continue;
        for (int c = 0; c < 3; c++)
          {
            n[c] = w0 * normals[0][c] + w1 * normals[1][c] + w2 * normals[2][c];
            size += n[c] * n[c];
          }
        size = (n[2] < 0 ? -1 : 1) * (sqrt (size) + 1e-12);
        put (self, at, (float) depth, (float) (n[0] / size), (float) (n[1] / size), (float) (n[2] / size), colours[w0 >= w1 && w0 >= w2 ? 0 : w1 >= w2 ? 1 : 2]);
      }
}

/* ---- the picture ---- */

/* Four points of all or nothing to one pixel, colours times their part. */
static guint32
average (const guint32 *upper, const guint32 *lower)
{
  const guint32 four[4] = { upper[0], upper[1], lower[0], lower[1] };
  guint32       sum[4] = { 0 };

  for (int i = 0; i < 4; i++)
    for (int c = 0; c < 4; c++)
      sum[c] += four[i] >> (8 * c) & 255;
  return (sum[3] + 2) / 4 << 24 | (sum[2] + 2) / 4 << 16 | (sum[1] + 2) / 4 << 8 | (sum[0] + 2) / 4;
}

cairo_surface_t *
eqs_raster_take_surface (EqsRaster *self)
{
  const int        w = self->width / self->points, h = self->height / self->points;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, w, h);
  unsigned char   *data = cairo_image_surface_get_data (surface);

  for (int j = 0; data != NULL && j < h; j++)
    {
      guint32       *row = (guint32 *) (void *) (data + (gsize) j * (gsize) cairo_image_surface_get_stride (surface));
      const guint32 *from = self->pixels + (gsize) (j * self->points) * (gsize) self->width;

      if (self->points == 1)
        memcpy (row, from, (gsize) w * sizeof *row);
      else
        for (int i = 0; i < w; i++)
          row[i] = average (from + 2 * i, from + self->width + 2 * i);
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}
