/*
 * (g f)(x) = rho(g) f(g^-1 x). Channels are turned first, row by row, into a buffer; then rows are moved. On a grid a target
 * pixel takes the row of its source, or, off the grid symmetries, a weighted sum of sixteen rows around it.
 */

#include "check/action.h"

#include "eqk/op.h"
#include "group/group-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- grids ---- */

typedef struct
{
  int    pixel[16];      /* source pixels; one in the exact case */
  double weight[16];
  int    n;
} Taps;

/* Cubic convolution (Keys 1981) with a = -1/2: third order, interpolating. */
static double
cubic (double t)
{
  t = fabs (t);
  if (t < 1)
    return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

static int
wrap (int i, int n)
{
  return ((i % n) + n) % n;
}

/* Where target pixel (row, col) comes from, as real row and column of the source. */
static void
source_of (const double *m, int h, int w, int row, int col, double *from_row, double *from_col)
{
  const double x = col - (w - 1) / 2.0, y = (h - 1) / 2.0 - row;

  /* The inverse of an orthogonal matrix is its transpose. */
  *from_col = m[0] * x + m[2] * y + (w - 1) / 2.0;
  *from_row = (h - 1) / 2.0 - (m[1] * x + m[3] * y);
}

static void
interpolate (Taps *t, int h, int w, double row, double col)
{
  const int r0 = (int) floor (row), c0 = (int) floor (col);

  t->n = 0;
  for (int r = r0 - 1; r <= r0 + 2; r++)
    for (int c = c0 - 1; c <= c0 + 2; c++)
      if (r >= 0 && r < h && c >= 0 && c < w)
        {
          t->pixel[t->n] = r * w + c;
          t->weight[t->n++] = cubic (row - r) * cubic (col - c);
        }
}

static EqkStatus
grid_taps (const EqkAction *a, int h, int w, Taps *taps)
{
  const bool exact = eqk_group_on_grid (a->group, &a->g);
  double     m[9];

  eqk_group_action (a->group, &a->g, m);
  if (h != w && (fabs (m[0]) < 0.5 || !exact))
    return EQK_ERR_SHAPE;
  for (int row = 0; row < h; row++)
    for (int col = 0; col < w; col++)
      {
        double from_row, from_col;
        Taps  *t = &taps[row * w + col];

        source_of (m, h, w, wrap (row - a->roll_rows, h), wrap (col - a->roll_cols, w), &from_row, &from_col);
        if (exact)
          *t = (Taps){ { (int) lround (from_row) * w + (int) lround (from_col) }, { 1 }, 1 };
        else
          interpolate (t, h, w, from_row, from_col);
      }
  return EQK_OK;
}

#define DEFINE_MOVE_PIXELS(name, real)                                                                        \
  static void                                                                                                 \
  name (const Taps *taps, size_t pixels, size_t width, size_t batch, const real *in, real *out)               \
  {                                                                                                           \
    for (size_t s = 0; s < batch; s++)                                                                        \
      for (size_t i = 0; i < pixels; i++)                                                                     \
        {                                                                                                     \
          real *y = out + (s * pixels + i) * width;                                                           \
                                                                                                              \
          if (taps[i].n == 1 && taps[i].weight[0] == 1)                                                       \
            {                                                                                                 \
              memcpy (y, in + (s * pixels + (size_t) taps[i].pixel[0]) * width, width * sizeof *y);           \
              continue;                                                                                       \
            }                                                                                                 \
          memset (y, 0, width * sizeof *y);                                                                   \
          for (int k = 0; k < taps[i].n; k++)                                                                 \
            for (size_t c = 0; c < width; c++)                                                                \
              y[c] += (real) taps[i].weight[k] * in[(s * pixels + (size_t) taps[i].pixel[k]) * width + c];    \
        }                                                                                                     \
  }

DEFINE_MOVE_PIXELS (move_pixels_f32, float)
DEFINE_MOVE_PIXELS (move_pixels_f64, double)

static EqkStatus
move_grid (const EqkAction *a, const EqkPortType *type, EqkPrecision precision, size_t batch, const void *in, void *out)
{
  const int    h = type->space.h, w = type->space.w;
  const size_t pixels = (size_t) h * (size_t) w, width = (size_t) eqk_rep_get_dim (type->rep);
  Taps        *taps = malloc (pixels * sizeof *taps);
  EqkStatus    status = taps == NULL ? EQK_ERR_NO_MEMORY : grid_taps (a, h, w, taps);

  if (status == EQK_OK && precision == EQK_F32)
    move_pixels_f32 (taps, pixels, width, batch, in, out);
  else if (status == EQK_OK)
    move_pixels_f64 (taps, pixels, width, batch, in, out);
  free (taps);
  return status;
}

/* ---- ragged rows ---- */

/* shift: of a periodic list; points that were moved by lattice vectors have edges of other shifts. */
static int32_t
edge_between (const EqkStructure *s, int32_t src, int32_t dst, const int32_t shift[3])
{
  for (int32_t e = s->by_dst[dst]; e < s->by_dst[dst + 1]; e++)
    if (s->src[e] == src && (s->shift == NULL || memcmp (s->shift + 3 * (size_t) e, shift, 3 * sizeof *shift) == 0))
      return e;
  return -1;
}

static void
shift_after (const EqkAction *a, const EqkStructure *from, size_t e, int32_t shift[3])
{
  for (size_t k = 0; k < 3; k++)
    {
      shift[k] = from->shift == NULL ? 0 : from->shift[3 * e + k];
      if (a->wraps != NULL)
        shift[k] += a->wraps[3 * (size_t) from->dst[e] + k] - a->wraps[3 * (size_t) from->src[e] + k];
    }
}

static size_t
new_node (const EqkAction *a, size_t node)
{
  return a->moves == NULL ? node : (size_t) a->moves[node];
}

/* The same for a node of a structure: one of a selected part is where its node of the parent has gone, or nowhere (-1) where that was not kept. */
static int32_t
new_row (const EqkAction *a, int structure, size_t row)
{
  int32_t parent;

  if (structure == 0)
    return (int32_t) new_node (a, row);
  if (a->from == NULL || a->to == NULL || a->from[structure].node_of == NULL || a->to[structure].place == NULL)
    return -1;
  parent = new_row (a, a->from[structure].parent, (size_t) a->from[structure].node_of[row]);
  return parent < 0 ? -1 : a->to[structure].place[parent];
}

static EqkStatus
move_nodes (const EqkAction *a, int structure, size_t rows, size_t row_bytes, const char *in, char *out)
{
  for (size_t i = 0; i < rows; i++)
    {
      const int32_t to = new_row (a, structure, i);

      if (to < 0)
        return EQK_ERR_SHAPE;
      memcpy (out + (size_t) to * row_bytes, in + i * row_bytes, row_bytes);
    }
  return EQK_OK;
}

static EqkStatus
move_edges (const EqkAction *a, int structure, size_t rows, size_t row_bytes, const char *in, char *out)
{
  const EqkStructure *from = a->from == NULL ? NULL : &a->from[structure];

  if (from == NULL || a->to == NULL)
    {
      memcpy (out, in, rows * row_bytes);
      return EQK_OK;
    }
  for (size_t e = 0; e < rows; e++)
    {
      const int32_t src = new_row (a, structure, (size_t) from->src[e]), dst = new_row (a, structure, (size_t) from->dst[e]);
      int32_t       shift[3], to;

      if (src < 0 || dst < 0)
        return EQK_ERR_SHAPE;
      shift_after (a, from, e, shift);
      to = edge_between (&a->to[structure], src, dst, shift);
      if (to < 0)
        return EQK_ERR_SHAPE;
      memcpy (out + (size_t) to * row_bytes, in + e * row_bytes, row_bytes);
    }
  return EQK_OK;
}

static EqkStatus
move_pairs (const EqkAction *a, int structure, size_t rows, size_t row_bytes, const char *in, char *out)
{
  const EqkStructure *from = a->from == NULL ? NULL : &a->from[structure];
  size_t              first = 0;

  if (from == NULL || a->moves == NULL)
    {
      memcpy (out, in, rows * row_bytes);
      return EQK_OK;
    }
  for (int s = 0; s < from->n_samples; s++)
    {
      const size_t begin = (size_t) from->node_offset[s], n = (size_t) from->node_offset[s + 1] - begin;

      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
          {
            const int32_t row = new_row (a, structure, begin + i), column = new_row (a, structure, begin + j);

            if (row < 0 || column < 0)
              return EQK_ERR_SHAPE;
            memcpy (out + (first + ((size_t) row - begin) * n + ((size_t) column - begin)) * row_bytes, in + (first + i * n + j) * row_bytes, row_bytes);
          }
      first += n * n;
    }
  return EQK_OK;
}

static void
add_shift (const EqkAction *a, const EqkPortType *type, EqkPrecision precision, size_t rows, void *out)
{
  const size_t width = (size_t) eqk_rep_get_dim (type->rep);
  const size_t dim = (size_t) eqk_group_get_space_dim (a->group) > 0 ? (size_t) eqk_group_get_space_dim (a->group) : width;

  for (size_t i = 0; i < rows * width; i++)
    if (precision == EQK_F32)
      ((float *) out)[i] += (float) a->shift[i % dim];
    else
      ((double *) out)[i] += a->shift[i % dim];
}

/* ---- the whole ---- */

static size_t
rows_of (const EqkPortType *type, const EqkSizes *sizes)
{
  switch (type->space.kind)
    {
    case EQK_SPACE_SAMPLE: return (size_t) sizes->batch;
    case EQK_SPACE_GRID:   return (size_t) sizes->batch * (size_t) type->space.h * (size_t) type->space.w;
    case EQK_SPACE_NODES:  return eqk_sizes_of (sizes, type->space.structure).nodes;
    case EQK_SPACE_EDGES:  return eqk_sizes_of (sizes, type->space.structure).edges;
    case EQK_SPACE_PAIRS:  return eqk_sizes_of (sizes, type->space.structure).pairs;
    case EQK_SPACE_FIXED:  return (size_t) type->space.h * (size_t) (type->space.w > 0 ? type->space.w : 1);
    }
  return 0;
}

static EqkStatus
move_rows (const EqkAction *a, const EqkPortType *type, EqkPrecision precision, const EqkSizes *sizes, size_t row_bytes, const void *in, void *out)
{
  const size_t rows = rows_of (type, sizes);

  switch (type->space.kind)
    {
    case EQK_SPACE_GRID:
      return move_grid (a, type, precision, (size_t) sizes->batch, in, out);
    case EQK_SPACE_NODES:
      return move_nodes (a, type->space.structure, rows, row_bytes, in, out);
    case EQK_SPACE_EDGES:
      return move_edges (a, type->space.structure, rows, row_bytes, in, out);
    case EQK_SPACE_PAIRS:
      return move_pairs (a, type->space.structure, rows, row_bytes, in, out);
    default:
      memcpy (out, in, rows * row_bytes);
      return EQK_OK;
    }
}

EqkStatus
eqk_action_apply (const EqkAction *a, const EqkPortType *type, EqkPrecision precision, const EqkSizes *sizes, const void *in, void *out)
{
  const bool   index = type->kind == EQK_KIND_SPECIES;
  const size_t rows = rows_of (type, sizes), width = (size_t) eqk_rep_get_dim (type->rep);
  const size_t row_bytes = width * (index ? sizeof (int32_t) : (size_t) precision / 8);
  EqkElement   own;
  void        *turned;
  EqkStatus    status;

  if (index)
    return move_rows (a, type, precision, sizes, row_bytes, in, out);
  if (!eqk_group_descend (a->group, type->symmetry.group, &a->g, &own))
    return EQK_ERR_GROUP;
  if (eqk_rep_is_trivial (type->rep))
    status = move_rows (a, type, precision, sizes, row_bytes, in, out);
  else
    {
      turned = malloc (rows * row_bytes + 1);
      if (turned == NULL)
        return EQK_ERR_NO_MEMORY;
      status = precision == EQK_F32 ? eqk_rep_apply_f32 (type->rep, &own, in, turned, rows) : eqk_rep_apply_f64 (type->rep, &own, in, turned, rows);
      if (status == EQK_OK)
        status = move_rows (a, type, precision, sizes, row_bytes, turned, out);
      free (turned);
    }
  if (status == EQK_OK && a->shift != NULL && type->kind == EQK_KIND_POSITION)
    add_shift (a, type, precision, rows, out);
  return status;
}

EqkStatus
eqk_act_on_value (const EqkPortType *type, const EqkElement *g, EqkPrecision precision, const EqkSizes *sizes, const void *in, void *out)
{
  const EqkAction a = { .group = type->symmetry.group, .g = *g };

  return eqk_action_apply (&a, type, precision, sizes, in, out);
}

bool
eqk_action_is_exact (const EqkAction *a, const EqkPortType *type)
{
  return type->space.kind != EQK_SPACE_GRID || eqk_group_on_grid (a->group, &a->g);
}

bool
eqk_action_in_disk (const EqkSpace *grid, size_t pixel)
{
  const int    row = (int) (pixel / (size_t) grid->w), col = (int) (pixel % (size_t) grid->w);
  const double x = col - (grid->w - 1) / 2.0, y = (grid->h - 1) / 2.0 - row, radius = 0.4 * (grid->h < grid->w ? grid->h : grid->w);

  return x * x + y * y <= radius * radius;
}

void
eqk_action_leave (const EqkAction *a, const EqkValue *feed, EqkPrecision precision, size_t rows, const void *in, void *out)
{
  const size_t width = (size_t) feed->width, size = precision == EQK_F32 ? sizeof (float) : sizeof (double);

  for (size_t i = 0; a->moves != NULL && feed->telling != NULL && i < rows * width; i++)
    {
      const EqkTelling says = feed->telling[i % width];

      if (says == EQK_TELLS_SIGN && precision == EQK_F32)
        ((float *) out)[i] = -((float *) out)[i];
      else if (says == EQK_TELLS_SIGN)
        ((double *) out)[i] = -((double *) out)[i];
      else if (says != EQK_TELLS_NOTHING)
        memcpy ((char *) out + i * size, (const char *) in + i * size, size);
    }
}
