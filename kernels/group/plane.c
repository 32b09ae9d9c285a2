/*
 * What all groups on the plane share: an element is a rotation by some angle after at most one mirror, so actions and
 * irreps are rotations R(k t) times F^f, and subgroups are told by a step, a mirror and the lines of the mirrors.
 */

#include "group/group-private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TWO_PI 6.283185307179586476925

void
eqk_plane_cos_sin (int64_t p, int64_t q, double *c, double *s)
{
  static const double exact_cos[] = { 1, 0, -1, 0 }, exact_sin[] = { 0, 1, 0, -1 };

  p = ((p % q) + q) % q;
  if (4 * p % q == 0)
    {
      *c = exact_cos[4 * p / q];
      *s = exact_sin[4 * p / q];
      return;
    }
  *c = cos (TWO_PI * (double) p / (double) q);
  *s = sin (TWO_PI * (double) p / (double) q);
}

double
eqk_plane_wrap (double angle)
{
  double t = fmod (angle, TWO_PI);

  if (t < 0)
    t += TWO_PI;
  return t >= TWO_PI ? 0 : t;
}

void
eqk_plane_action (const EqkGroup *self, const EqkElement *g, double *matrix)
{
  double c, s;

  self->family->turn (self, g, 1, &c, &s);
  matrix[0] = c;
  matrix[1] = -s;
  matrix[2] = s;
  matrix[3] = c;
  if (g->mirror)
    {
      /* The mirror about the line at angle a is [[cos 2a, sin 2a], [sin 2a, -cos 2a]]. */
      const double c2 = self->mirror_cos, s2 = self->mirror_sin;

      matrix[0] = c * c2 - s * s2;
      matrix[1] = c * s2 + s * c2;
      matrix[2] = s * c2 + c * s2;
      matrix[3] = s * s2 - c * c2;
    }
}

void
eqk_plane_irrep_matrix (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix)
{
  EqkIrrepInfo info = { 1, 0, EQK_IRREP_REAL };
  double c, s;

  self->family->irrep_info (self, j, k, &info);
  self->family->turn (self, g, k, &c, &s);
  if (info.dim == 1)
    {
      matrix[0] = (c < 0 ? -1.0 : 1.0) * (j == 1 && g->mirror ? -1.0 : 1.0);
      return;
    }
  matrix[0] = c;
  matrix[1] = g->mirror ? s : -s;
  matrix[2] = s;
  matrix[3] = g->mirror ? -c : c;
}

double
eqk_plane_split_action (const EqkGroup *self, const double *m, int *mirror)
{
  *mirror = m[0] * m[3] - m[1] * m[2] < 0;
  if (!*mirror)
    return eqk_plane_wrap (atan2 (m[2], m[0]));
  /* R(t) S(a) has the first column (cos (t + 2a), sin (t + 2a)). */
  return eqk_plane_wrap (atan2 (m[2], m[0]) - atan2 (self->mirror_sin, self->mirror_cos));
}

bool
eqk_plane_step_of (double angle, int n, int *step)
{
  const double t = angle * n / TWO_PI, nearest = floor (t + 0.5);

  if (fabs (t - nearest) > 1e-7 * n)
    return false;
  *step = ((int) nearest % n + n) % n;
  return true;
}

static int
gcd (int a, int b)
{
  while (b != 0)
    {
      const int r = a % b;

      a = b;
      b = r;
    }
  return a;
}

/** Is the line at this angle (1e-12 degrees) a mirror line of the group? */
static bool
has_mirror_line (const EqkGroup *self, int64_t axis_pico)
{
  double t;

  if (!self->mirror)
    return false;
  if (self->n == 0)
    return true;
  t = (double) (axis_pico - self->axis_pico) * 1e-12 * self->n / 180.0;
  return fabs (t - floor (t + 0.5)) < 1e-7;
}

/** A line that both groups mirror in, or -1. */
static int64_t
common_line (const EqkGroup *a, const EqkGroup *b)
{
  const int64_t half_turn = 180 * INT64_C (1000000000000);

  if (has_mirror_line (b, a->axis_pico) && a->mirror)
    return a->axis_pico;
  if (has_mirror_line (a, b->axis_pico) && b->mirror)
    return b->axis_pico;
  for (int i = 1; a->mirror && i < a->n; i++)
    {
      const int64_t line = (a->axis_pico + (half_turn * i + a->n / 2) / a->n) % half_turn;

      if (has_mirror_line (b, line))
        return line;
    }
  return -1;
}

const EqkGroup *
eqk_plane_common (const EqkGroup *a, const EqkGroup *b)
{
  const int n = gcd (a->n, b->n);   /* 0 stands for a continuous group, and gcd (0, n) = n */
  const int64_t line = common_line (a, b);
  const char *kind = n == 0 ? (line < 0 ? "SO2" : "O2") : (line < 0 ? "C" : "D");
  char id[64];
  int used;

  used = snprintf (id, sizeof id, "%s", kind);
  if (n != 0)
    used += snprintf (id + used, sizeof id - (size_t) used, "%d", n);
  if (line > 0)
    snprintf (id + used, sizeof id - (size_t) used, "@axis=%lld.%012lld", (long long) (line / 1000000000000),
              (long long) (line % 1000000000000));
  return eqk_group_get (id);
}

void
eqk_subscript (int n, char *text, size_t size)
{
  char digits[12];
  size_t used = 0;

  snprintf (digits, sizeof digits, "%d", n);
  for (const char *d = digits; *d != 0 && used + 4 <= size; d++, used += 3)
    memcpy (text + used, (const char[]) { '\xe2', '\x82', (char) (0x80 + *d - '0') }, 3);
  text[used] = 0;
}
