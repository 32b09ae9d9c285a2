/*
 * Assemblies of bodies as points on their surface. Each assembly is built upright and, in the parts of the data that ask for it, turned at last: what
 * was learned upright can be tested turned.
 */

#include "data/generate.h"

#include "data/error.h"

#include "eqk/group.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { BOX, CYLINDER, CONE, SPHERE, N_KINDS };

#define POINTS_OF_BODY 32
#define LEAST_DISTANCE 0.5

typedef struct
{
  guint  kind;
  double size[3];        /* half extents of a box; radius and half height of the others */
  double at[3];
} Body;

static double
between (EqkRandom *random, double low, double high)
{
  return low + (high - low) * eqk_random_uniform (random);
}

/* On the side of a cylinder or cone, at height z of [-h, h]; a cone's radius falls to zero at the top. */
static void
on_side (EqkRandom *random, double radius, double height, gboolean cone, double out[3])
{
  const double angle = between (random, 0, 2 * G_PI), down = cone ? sqrt (eqk_random_uniform (random)) : eqk_random_uniform (random);
  const double r = cone ? radius * down : radius;

  out[0] = r * cos (angle);
  out[1] = r * sin (angle);
  out[2] = cone ? height * (1 - 2 * down) : height * (2 * down - 1);
}

static void
on_disk (EqkRandom *random, double radius, double z, double out[3])
{
  const double angle = between (random, 0, 2 * G_PI), r = radius * sqrt (eqk_random_uniform (random));

  out[0] = r * cos (angle);
  out[1] = r * sin (angle);
  out[2] = z;
}

static void
on_box (EqkRandom *random, const double size[3], double out[3])
{
  const double areas[3] = { size[1] * size[2], size[0] * size[2], size[0] * size[1] };
  double       pick = between (random, 0, areas[0] + areas[1] + areas[2]);
  guint        axis = 0;

  while (axis < 2 && pick > areas[axis])
    pick -= areas[axis++];
  for (guint k = 0; k < 3; k++)
    out[k] = k == axis ? (eqk_random_below (random, 2) == 0 ? size[k] : -size[k]) : between (random, -size[k], size[k]);
}

/* Evenly by area. */
static void
on_surface (EqkRandom *random, const Body *body, double out[3])
{
  const double r = body->size[0], h = body->size[1], side = body->kind == CONE ? G_PI * r * hypot (r, 2 * h) : 4 * G_PI * r * h;
  double       length;

  switch (body->kind)
    {
    case BOX:
      on_box (random, body->size, out);
      break;
    case SPHERE:
      do
        for (guint k = 0; k < 3; k++)
          out[k] = eqk_random_normal (random);
      while ((length = sqrt (out[0] * out[0] + out[1] * out[1] + out[2] * out[2])) < 1e-6);
      for (guint k = 0; k < 3; k++)
        out[k] *= r / length;
      break;
    default:
      if (between (random, 0, side + (body->kind == CONE ? 1 : 2) * G_PI * r * r) < side)
        on_side (random, r, h, body->kind == CONE, out);
      else
        on_disk (random, r, body->kind == CONE || eqk_random_below (random, 2) == 0 ? -h : h, out);
    }
  for (guint k = 0; k < 3; k++)
    out[k] += body->at[k];
}

static double
half_height (const Body *body)
{
  return body->kind == BOX ? body->size[2] : body->kind == SPHERE ? body->size[0] : body->size[1];
}

/* Two to four bodies on top of each other, the upper ones a little aside. */
static guint
stack (EqkRandom *random, Body bodies[4])
{
  const guint n = 2 + eqk_random_below (random, 3);
  double      z = 0;

  for (guint i = 0; i < n; i++)
    {
      Body *body = &bodies[i];

      body->kind = eqk_random_below (random, N_KINDS);
      body->size[0] = between (random, 1.5, 2.5);
      body->size[1] = between (random, 1.5, 2.5);
      body->size[2] = between (random, 1.0, 2.5);
      body->at[0] = between (random, -1, 1);
      body->at[1] = between (random, -1, 1);
      body->at[2] = z + half_height (body);
      z += 2 * half_height (body);
    }
  return n;
}

static gboolean
is_apart (const float *points, gsize n, const double x[3])
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (guint k = 0; k < 3; k++)
        sum += (x[k] - (double) points[3 * i + k]) * (x[k] - (double) points[3 * i + k]);
      if (sum < LEAST_DISTANCE * LEAST_DISTANCE)
        return FALSE;
    }
  return TRUE;
}

/* Points of one assembly, in random order. @return how many */
static gsize
assemble (EqkRandom *random, gboolean turned, float *points, gint32 *labels)
{
  const EqkGroup *group = eqk_group_get ("SO3");
  Body            bodies[4];
  const guint     n = stack (random, bodies) * POINTS_OF_BODY;
  EqkElement      g = eqk_group_sample (group, (guint64) (eqk_random_uniform (random) * 1e9), 0);
  double          m[9];
  guint           order[4 * POINTS_OF_BODY];

  eqk_random_permutation (random, order, n);
  if (!turned)
    g = eqk_group_identity (group);
  eqk_group_action (group, &g, m);
  for (guint i = 0; i < n; i++)
    {
      const Body *body = &bodies[order[i] / POINTS_OF_BODY];
      double      x[3], y[3];

      for (guint tries = 0; tries < 50; tries++)
        {
          on_surface (random, body, x);
          for (guint k = 0; k < 3; k++)
            y[k] = m[3 * k] * x[0] + m[3 * k + 1] * x[1] + m[3 * k + 2] * x[2];
          if (is_apart (points, i, y))
            break;
        }
      for (guint k = 0; k < 3; k++)
        points[3 * i + k] = (float) y[k];
      labels[i] = (gint32) body->kind;
    }
  return n;
}

EqsSplit *
eqs_generate_parts (const char *name, guint64 seed, GError **error)
{
  static const struct { const char *name; guint n, stream; gboolean turned; } parts[] = {
    { "train", 300, 20, FALSE }, { "valid", 50, 21, FALSE }, { "test", 100, 22, TRUE }, { "test_upright", 100, 22, FALSE } };
  g_autoptr (EqsSplit) split = eqs_split_new (name);
  g_autoptr (GArray)   offsets = g_array_new (FALSE, TRUE, sizeof (guint64));
  guint64    n = 0, dims[2] = { 0, 3 };
  float     *points;
  gint32    *labels;
  EqsColumn *column;
  guint      part = 0;

  while (part < G_N_ELEMENTS (parts) && !g_str_equal (parts[part].name, name))
    part++;
  if (part == G_N_ELEMENTS (parts))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("parts has no part “%s”."), name);
      return NULL;
    }
  points = g_new (float, (gsize) parts[part].n * 4 * POINTS_OF_BODY * 3);
  labels = g_new (gint32, (gsize) parts[part].n * 4 * POINTS_OF_BODY);
  g_array_append_val (offsets, n);
  for (guint i = 0; i < parts[part].n; i++)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_DATA, parts[part].stream, i, 0);

      n += assemble (&random, parts[part].turned, points + 3 * n, labels + n);
      g_array_append_val (offsets, n);
    }
  if (!eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, (const guint64 *) offsets->data, parts[part].n, error))
    {
      g_free (points);
      g_free (labels);
      return NULL;
    }
  dims[0] = n;
  column = eqs_split_take_column (split, "positions", EQS_COLUMN_PER_NODE, eqs_array_new_take (EQS_DTYPE_F32, 2, dims, points), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_POSITION;
  column = eqs_split_take_column (split, "part", EQS_COLUMN_PER_NODE, eqs_array_new_take (EQS_DTYPE_I32, 1, dims, labels), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_TARGET;
  return g_steal_pointer (&split);
}
