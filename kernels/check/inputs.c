/*
 * Inputs for checks. Isotropic noise cannot tell a quarter-turn symmetry from a finer one (guidance.md §4.2), so pictures for
 * other angles are made of a few bars and wedges with soft edges inside a disk that no rotation cuts.
 */

#include "check/inputs.h"

#include "eqk/random.h"

#include <math.h>

#define PI 3.14159265358979323846

enum { N_SHAPES = 4 };

typedef struct
{
  double x, y, angle, length, width;
  bool   wedge;
} Shape;

static double
soft (double inside)   /* 0 … 1 over about a pixel and a half around the edge */
{
  return 1 / (1 + exp (-3 * inside));
}

static double
shape_at (const Shape *s, double x, double y)
{
  const double dx = x - s->x, dy = y - s->y;
  const double along = cos (s->angle) * dx + sin (s->angle) * dy, across = -sin (s->angle) * dx + cos (s->angle) * dy;

  if (s->wedge)
    return soft (along) * soft (s->length - along) * soft (0.4 * along - fabs (across));
  return soft (s->length / 2 - fabs (along)) * soft (s->width / 2 - fabs (across));
}

static void
random_shape (EqkRandom *random, double radius, Shape *s)
{
  const double r = 0.45 * radius * sqrt (eqk_random_uniform (random)), t = 2 * PI * eqk_random_uniform (random);

  s->x = r * cos (t);
  s->y = r * sin (t);
  s->angle = 2 * PI * eqk_random_uniform (random);
  s->length = radius * (0.5 + 0.6 * eqk_random_uniform (random));
  s->width = 1.5 + 0.12 * radius * (1 + eqk_random_uniform (random));
  s->wedge = eqk_random_uniform (random) < 0.4;
}

static void
draw_picture (const EqkPortType *type, EqkRandom *random, double *out)
{
  const int    h = type->space.h, w = type->space.w, width = eqk_rep_get_dim (type->rep);
  const double radius = 0.4 * (h < w ? h : w);
  int          first;

  for (int i = 0; i < h * w * width; i++)
    out[i] = 0;
  for (int f = 0; f < eqk_rep_n_fields (type->rep); f++)
    for (int k = 0; k < N_SHAPES; k++)
      {
        const int d = eqk_field_get_dim (eqk_rep_field (type->rep, f, &first));
        double    amplitude[64];
        Shape     shape;

        random_shape (random, radius, &shape);
        for (int c = 0; c < d && c < 64; c++)
          amplitude[c] = (d == 1 && k % 3 < 2 ? 1 : -1) * (0.5 + eqk_random_uniform (random)) * (d == 1 ? 1 : eqk_random_normal (random));
        for (int i = 0; i < h * w; i++)
          {
            const double x = i % w - (w - 1) / 2.0, y = (h - 1) / 2.0 - i / w;
            const double value = shape_at (&shape, x, y) * soft (radius - sqrt (x * x + y * y));

            for (int c = 0; c < d && c < 64; c++)
              out[i * width + first + c] += amplitude[c] * value;
          }
      }
}

/* Uniform in a ball, no two closer than a quarter of the cutoff, no distance at the cutoff within rounding. */
static void
place_nodes (size_t n, int dim, double cutoff, EqkRandom *random, double *out)
{
  const double reach = cutoff > 0 ? cutoff : 2, radius = 0.35 * reach * pow ((double) n + 1, 1.0 / dim);

  for (size_t i = 0; i < n; i++)
    for (int tries = 0; tries < 200; tries++)
      {
        double r2 = 0;
        bool   good = true;

        for (int k = 0; k < dim; k++)
          {
            out[i * (size_t) dim + (size_t) k] = radius * (2 * eqk_random_uniform (random) - 1);
            r2 += out[i * (size_t) dim + (size_t) k] * out[i * (size_t) dim + (size_t) k];
          }
        good = r2 <= radius * radius;
        for (size_t j = 0; j < i && good; j++)
          {
            double d2 = 0;

            for (int k = 0; k < dim; k++)
              d2 += pow (out[i * (size_t) dim + (size_t) k] - out[j * (size_t) dim + (size_t) k], 2);
            good = sqrt (d2) > 0.2 * reach && fabs (sqrt (d2) - reach) > 1e-3 * reach;
          }
        if (good)
          break;
      }
}

/* Smallest distance of a point to another's images (to its own, when it is itself), and whether one is at the cut-off within rounding. */
static bool
images_are_fine (const double *cell, const double *x, const double *y, bool same, double reach)
{
  for (int i = 0; i < 343; i++)
    {
      const int n[3] = { i % 7 - 3, i / 7 % 7 - 3, i / 49 - 3 };
      double    d2 = 0;

      for (int k = 0; k < 3; k++)
        d2 += pow (x[k] - y[k] - n[0] * cell[k] - n[1] * cell[3 + k] - n[2] * cell[6 + k], 2);
      if (same && i == 171)
        continue;
      if (sqrt (d2) < 0.2 * reach || fabs (sqrt (d2) - reach) < 1e-3 * reach)
        return false;
    }
  return true;
}

/* A slanted lattice of about the cut-off, so that several images of a point are neighbours, and a point is its own. */
static void
draw_cell (double cutoff, EqkRandom *random, double *out)
{
  const double reach = cutoff > 0 ? cutoff : 2, origin[3] = { 0, 0, 0 };

  for (int tries = 0; tries < 200; tries++)
    {
      for (int k = 0; k < 9; k++)
        out[k] = (k % 4 == 0 ? reach * (0.9 + 0.5 * eqk_random_uniform (random)) : 0) + 0.15 * reach * (2 * eqk_random_uniform (random) - 1);
      if (images_are_fine (out, origin, origin, true, reach))
        break;
    }
}

void
eqk_inputs_settle (const double *cell, double cutoff, size_t n, uint64_t seed, double *x)
{
  EqkRandom    random = eqk_random (seed, EQK_RANDOM_TEST, 5, 0, 0);
  const double reach = cutoff > 0 ? cutoff : 2;

  for (size_t i = 0; i < n; i++)
    for (int tries = 0; tries < 300; tries++)
      {
        bool good = true;

        for (size_t k = 0; k < 3; k++)
          x[3 * i + k] = 0;
        for (size_t row = 0; row < 3; row++)
          {
            const double f = eqk_random_uniform (&random) - 0.5;

            for (size_t k = 0; k < 3; k++)
              x[3 * i + k] += f * cell[3 * row + k];
          }
        for (size_t j = 0; j < i && good; j++)
          good = images_are_fine (cell, x + 3 * i, x + 3 * j, false, reach);
        if (good)
          break;
      }
}

int32_t
eqk_inputs_nodes (uint64_t seed, int sample)
{
  EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 1, (uint32_t) sample, 0);

  return 3 + (int32_t) eqk_random_below (&random, 5);
}

void
eqk_inputs_rows (const EqkPortType *type, const EqkStructure *structure, int s, size_t *first, size_t *n)
{
  *n = 1;
  *first = (size_t) s;
  switch (type->space.kind)
    {
    case EQK_SPACE_GRID:
      *n = (size_t) type->space.h * (size_t) type->space.w;
      *first = (size_t) s * *n;
      break;
    case EQK_SPACE_NODES:
      *first = (size_t) structure->node_offset[s];
      *n = (size_t) structure->node_offset[s + 1] - *first;
      break;
    case EQK_SPACE_EDGES:
      *first = (size_t) structure->by_dst[structure->node_offset[s]];
      *n = (size_t) structure->by_dst[structure->node_offset[s + 1]] - *first;
      break;
    case EQK_SPACE_PAIRS:
      *first = 0;
      for (int i = 0; i <= s; i++)
        {
          const size_t nodes = (size_t) (structure->node_offset[i + 1] - structure->node_offset[i]);

          *first += i < s ? nodes * nodes : 0;
          *n = nodes * nodes;
        }
      break;
    default:
      break;
    }
}

void
eqk_inputs_fill (const EqkPortType *type, const EqkStructure *structure, int batch, double cutoff, EqkFill fill,
                 uint64_t seed, uint32_t stream, double *out)
{
  const size_t width = (size_t) eqk_rep_get_dim (type->rep);

  for (int s = 0; s < batch; s++)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 2, (uint32_t) s, stream);
      size_t    first, n;

      eqk_inputs_rows (type, structure, s, &first, &n);
      if (type->kind == EQK_KIND_POSITION)
        place_nodes (n, (int) width, cutoff, &random, out + first * width);
      else if (type->kind == EQK_KIND_SPECIES)
        for (size_t i = 0; i < n * width; i++)
          out[first * width + i] = eqk_random_below (&random, 3);
      else if (type->kind == EQK_KIND_CELL)
        draw_cell (cutoff, &random, out + first * width);
      else if (type->kind == EQK_KIND_EDGE_LENGTH)
        for (size_t i = 0; i < n * width; i++)
          out[first * width + i] = 0.4 + 1.8 * eqk_random_uniform (&random);
      else if (fill == EQK_FILL_ORIENTED && type->space.kind == EQK_SPACE_GRID)
        draw_picture (type, &random, out + first * width);
      else
        for (size_t i = 0; i < n * width; i++)
          out[first * width + i] = eqk_random_normal (&random);
    }
}
