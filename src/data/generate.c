/* Generated data. flow2d is a pseudo-spectral solution: products in space, derivatives in wave numbers, the upper ones cut
 * off after each product (Orszag's 2/3 rule), three-stage Runge-Kutta (Shu, Osher 1988). Two real fields go
 * through one complex transform. Transforms run along the first axis with the second innermost, where the compiler
 * makes vectors, and turn the array between. */

#include "data/generate.h"
#include "data/error.h"

#include <eqk/random.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define N 64
#define LOG2_N 6
#define CUT 16                    /* below N / 3: products of what is kept do not fold back onto it */
#define VISCOSITY 0.004
#define SPEED 0.5                 /* root mean square at the start; it only decays */
#define TIME_STEP 0.045           /* stable while TIME_STEP · CUT · (|vx| + |vy|) < 1.7: nearly five times SPEED */
#define STEPS_PER_FRAME 9
#define STEPS_BEFORE 10
#define INPUTS 3
#define SAMPLES_PER_FLOW 4

typedef struct { double re[N][N], im[N][N]; } Field;     /* of a spectrum: [ky][kx], wave numbers as FFTs order them */

typedef struct
{
  double cosine[N / 2], sine[N / 2];
  guint  reversed[N];
  double wave[N];                             /* 0 1 … 31 0 -31 … -1: the highest has no sign, so no derivative */
  Field  work, a, b;
} Flow;

static void
flow_init (Flow *self)
{
  for (int i = 0; i < N / 2; i++)
    {
      self->cosine[i] = cos (2 * G_PI * i / N);
      self->sine[i] = sin (2 * G_PI * i / N);
    }
  for (guint i = 0; i < N; i++)
    {
      self->reversed[i] = 0;
      for (int b = 0; b < LOG2_N; b++)
        self->reversed[i] |= ((i >> b) & 1) << (LOG2_N - 1 - b);
      self->wave[i] = i < N / 2 ? (double) i : i == N / 2 ? 0.0 : (double) i - N;
    }
}

/* sign -1: to wave numbers; +1: back, without the factor 1/N. */
static void
flow_transform_axis (Flow *self, Field *field, double sign)
{
  Field *work = &self->work;

  for (int i = 0; i < N; i++)
    {
      memcpy (work->re[i], field->re[self->reversed[i]], sizeof work->re[i]);
      memcpy (work->im[i], field->im[self->reversed[i]], sizeof work->im[i]);
    }
  for (int half = 1; half < N; half *= 2)
    for (int start = 0; start < N; start += 2 * half)
      for (int k = 0; k < half; k++)
        {
          const double c = self->cosine[k * (N / 2 / half)], s = sign * self->sine[k * (N / 2 / half)];
          double *re0 = work->re[start + k], *im0 = work->im[start + k];
          double *re1 = work->re[start + k + half], *im1 = work->im[start + k + half];

          for (int j = 0; j < N; j++)
            {
              const double re = re1[j] * c - im1[j] * s, im = re1[j] * s + im1[j] * c;

              re1[j] = re0[j] - re;
              im1[j] = im0[j] - im;
              re0[j] += re;
              im0[j] += im;
            }
        }
  for (int i = 0; i < N; i++)                 /* turn: the next call does the other axis */
    for (int j = 0; j < N; j++)
      {
        field->re[j][i] = work->re[i][j];
        field->im[j][i] = work->im[i][j];
      }
}

static void
flow_transform (Flow *self, Field *field, double sign)
{
  flow_transform_axis (self, field, sign);
  flow_transform_axis (self, field, sign);
}

/* out = spectrum of (u + i v), u = ∂ψ/∂y, v = -∂ψ/∂x, with Δψ = -ω, as two real fields in one complex one. */
static void
flow_velocity (Flow *self, const Field *omega, Field *out)
{
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        const double ky = self->wave[i], kx = self->wave[j], k2 = kx * kx + ky * ky;
        const double re = k2 > 0 ? omega->re[i][j] / k2 : 0, im = k2 > 0 ? omega->im[i][j] / k2 : 0;

        /* û = i ky ψ, v̂ = -i kx ψ; û + i v̂ = (kx + i ky) ψ */
        out->re[i][j] = kx * re - ky * im;
        out->im[i][j] = kx * im + ky * re;
      }
  flow_transform (self, out, 1);
}

/* rate = spectrum of -u·∇ω + ν Δω */
static void
flow_rate (Flow *self, const Field *omega, Field *rate)
{
  Field *velocity = &self->a, *gradient = &self->b;

  flow_velocity (self, omega, velocity);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        const double ky = self->wave[i], kx = self->wave[j];

        /* ∂x ω + i ∂y ω: (i kx - ky) ω */
        gradient->re[i][j] = -ky * omega->re[i][j] - kx * omega->im[i][j];
        gradient->im[i][j] = -ky * omega->im[i][j] + kx * omega->re[i][j];
      }
  flow_transform (self, gradient, 1);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        rate->re[i][j] = -(velocity->re[i][j] * gradient->re[i][j] + velocity->im[i][j] * gradient->im[i][j]);
        rate->im[i][j] = 0;
      }
  flow_transform (self, rate, -1);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        const double ky = self->wave[i], kx = self->wave[j];
        const gboolean keep = fabs (kx) <= CUT && fabs (ky) <= CUT && i != N / 2 && j != N / 2;
        const double decay = VISCOSITY * (kx * kx + ky * ky);

        rate->re[i][j] = keep ? rate->re[i][j] / (N * N) - decay * omega->re[i][j] : 0;
        rate->im[i][j] = keep ? rate->im[i][j] / (N * N) - decay * omega->im[i][j] : 0;
      }
}

/* out = a x + b (y + dt rate) */
static void
field_blend (Field *out, double a, const Field *x, double b, const Field *y, const Field *rate)
{
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        out->re[i][j] = a * x->re[i][j] + b * (y->re[i][j] + TIME_STEP * rate->re[i][j]);
        out->im[i][j] = a * x->im[i][j] + b * (y->im[i][j] + TIME_STEP * rate->im[i][j]);
      }
}

static void
flow_step (Flow *self, Field *omega, Field *stage, Field *rate)
{
  flow_rate (self, omega, rate);
  field_blend (stage, 0, omega, 1, omega, rate);
  flow_rate (self, stage, rate);
  field_blend (stage, 3.0 / 4, omega, 1.0 / 4, stage, rate);
  flow_rate (self, stage, rate);
  field_blend (omega, 1.0 / 3, omega, 2.0 / 3, stage, rate);
}

/* A random field of wave numbers 2 … 5, scaled to root-mean-square speed SPEED. The spectrum is Hermitian: ω is real. */
static void
flow_begin (Flow *self, Field *omega, EqkRandom *random)
{
  double energy = 0, factor;

  memset (omega, 0, sizeof *omega);
  for (int ky = -5; ky <= 5; ky++)
    for (int kx = -5; kx <= 5; kx++)
      {
        const double k2 = kx * kx + ky * ky;
        double re, im;

        if (ky < 0 || (ky == 0 && kx <= 0) || k2 < 4 || k2 > 25)
          continue;
        re = eqk_random_normal (random);
        im = eqk_random_normal (random);
        omega->re[ky][(kx + N) % N] = re;
        omega->im[ky][(kx + N) % N] = im;
        omega->re[(N - ky) % N][(N - kx) % N] = re;
        omega->im[(N - ky) % N][(N - kx) % N] = -im;
        energy += 2 * (re * re + im * im) / k2;           /* mean of u² + v²: Σ |ω|² / k² */
      }
  factor = SPEED / sqrt (energy);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        omega->re[i][j] *= factor;
        omega->im[i][j] *= factor;
      }
}

/* Velocity into channels [channel, channel + 2) of an image with `width` channels; row 0 of the array is the top. */
static void
flow_write (Flow *self, const Field *omega, float *image, guint width, guint channel)
{
  flow_velocity (self, omega, &self->a);
  for (int row = 0; row < N; row++)
    for (int j = 0; j < N; j++)
      {
        float *pixel = image + ((gsize) row * N + (gsize) j) * width + channel;

        pixel[0] = (float) self->a.re[N - 1 - row][j];
        pixel[1] = (float) self->a.im[N - 1 - row][j];
      }
}

static void
flow_run (Flow *self, EqkRandom *random, float *frames, float *next)
{
  g_autofree Field *fields = g_new (Field, 3);
  Field *omega = &fields[0];

  flow_begin (self, omega, random);
  for (int i = 0; i < STEPS_BEFORE; i++)
    flow_step (self, omega, &fields[1], &fields[2]);
  /* Frame f is the newest of the inputs of sample f - 2 and older in those after it; it is what sample f - 3 foretells. */
  for (int f = 0; f < SAMPLES_PER_FLOW + INPUTS; f++)
    {
      for (int i = 0; f > 0 && i < STEPS_PER_FRAME; i++)
        flow_step (self, omega, &fields[1], &fields[2]);
      for (int at = 0; at < INPUTS; at++)
        if (f - at >= 0 && f - at < SAMPLES_PER_FLOW)
          flow_write (self, omega, frames + (gsize) (f - at) * N * N * 6, 6, 2 * (guint) at);
      if (f >= INPUTS)
        flow_write (self, omega, next + (gsize) (f - INPUTS) * N * N * 2, 2, 0);
    }
}

static EqsSplit *
generate_flow2d (const char *name, guint64 seed, GError **error)
{
  static const struct { const char *name; guint n; } parts[] = { { "train", 96 }, { "valid", 16 }, { "test", 32 } };
  g_autoptr (EqsSplit) split = eqs_split_new (name);
  g_autofree Flow *flow = NULL;
  guint64 dims[4] = { 0, N, N, 6 };
  float *frames, *next;
  EqsColumn *column;
  guint part = 0;

  while (part < G_N_ELEMENTS (parts) && !g_str_equal (parts[part].name, name))
    part++;
  if (part == G_N_ELEMENTS (parts))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("flow2d has no part “%s”."), name);
      return NULL;
    }

  flow = g_new0 (Flow, 1);
  flow_init (flow);
  dims[0] = parts[part].n;
  frames = g_new (float, dims[0] * N * N * 6);
  next = g_new (float, dims[0] * N * N * 2);
  for (guint i = 0; i < parts[part].n; i += SAMPLES_PER_FLOW)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_DATA, part, i / SAMPLES_PER_FLOW, 0);

      flow_run (flow, &random, frames + (gsize) i * N * N * 6, next + (gsize) i * N * N * 2);
    }

  column = eqs_split_take_column (split, "frames", EQS_COLUMN_FIXED,
                                  eqs_array_new_take (EQS_DTYPE_F32, 4, dims, frames), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_INPUT;
  dims[3] = 2;
  column = eqs_split_take_column (split, "next", EQS_COLUMN_FIXED,
                                  eqs_array_new_take (EQS_DTYPE_F32, 4, dims, next), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_TARGET;
  return g_steal_pointer (&split);
}

/* ---- regular graphs ---- */

/* A ring of n nodes from `first` on, both ways. */
static void
add_ring (GArray *edges, const guint *names, guint first, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const gint32 a = (gint32) names[first + i], b = (gint32) names[first + (i + 1) % n], both[4] = { a, b, b, a };

      g_array_append_vals (edges, both, 4);
    }
}

/* One ring of all nodes, or a triangle or a square and a ring of the others: every node has two neighbours in both. */
static guint
add_rings (GArray *edges, EqkRandom *random, gint32 label)
{
  const guint small = 3 + eqk_random_below (random, 2), n = small + 3 + eqk_random_below (random, 6);
  guint       names[16];

  eqk_random_permutation (random, names, n);
  if (label == 0)
    add_ring (edges, names, 0, n);
  else
    {
      add_ring (edges, names, 0, small);
      add_ring (edges, names, small, n - small);
    }
  return n;
}

static EqsSplit *
generate_wl_pairs (const char *name, guint64 seed, GError **error)
{
  static const struct { const char *name; guint n; } parts[] = { { "train", 600 }, { "valid", 100 }, { "test", 200 } };
  g_autoptr (EqsSplit) split = eqs_split_new (name);
  g_autoptr (GArray)   edges = g_array_new (FALSE, FALSE, sizeof (gint32)), offsets = g_array_new (FALSE, TRUE, sizeof (guint64)), edge_offsets = g_array_new (FALSE, TRUE, sizeof (guint64));
  guint64    n_nodes = 0, n_edges = 0, dims[2] = { 0, 2 };
  gint32    *labels;
  float     *nodes;
  EqsColumn *column;
  guint      part = 0;

  while (part < G_N_ELEMENTS (parts) && !g_str_equal (parts[part].name, name))
    part++;
  if (part == G_N_ELEMENTS (parts))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("wl_pairs has no part “%s”."), name);
      return NULL;
    }
  g_array_append_val (offsets, n_nodes);
  g_array_append_val (edge_offsets, n_edges);
  labels = g_new (gint32, parts[part].n);
  for (guint i = 0; i < parts[part].n; i++)
    {
      EqkRandom random = eqk_random (seed, EQK_RANDOM_DATA, 10 + part, i, 0);

      labels[i] = (gint32) (i % 2);
      n_nodes += add_rings (edges, &random, labels[i]);
      n_edges = edges->len / 2;
      g_array_append_val (offsets, n_nodes);
      g_array_append_val (edge_offsets, n_edges);
    }
  if (!eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, (const guint64 *) offsets->data, parts[part].n, error) ||
      !eqs_split_set_offsets (split, EQS_COLUMN_PER_EDGE, (const guint64 *) edge_offsets->data, parts[part].n, error))
    {
      g_free (labels);
      return NULL;
    }
  dims[0] = n_nodes;
  nodes = g_new (float, 2 * n_nodes);
  for (guint64 i = 0; i < n_nodes; i++)       /* a one, and the number of neighbours */
    {
      nodes[2 * i] = 1;
      nodes[2 * i + 1] = 2;
    }
  column = eqs_split_take_column (split, "nodes", EQS_COLUMN_PER_NODE, eqs_array_new_take (EQS_DTYPE_F32, 2, dims, nodes), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_INPUT;
  dims[0] = n_edges;
  column = eqs_split_take_column (split, "edges", EQS_COLUMN_PER_EDGE, eqs_array_new_take (EQS_DTYPE_I32, 2, dims, g_memdup2 (edges->data, edges->len * sizeof (gint32))), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_NODE_INDEX;
  dims[0] = parts[part].n;
  column = eqs_split_take_column (split, "rings", EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_I32, 1, dims, labels), error);
  g_assert (column != NULL);
  column->role = EQS_ROLE_TARGET;
  return g_steal_pointer (&split);
}

guint
eqs_generator_get_version (const char *generator)
{
  return g_str_equal (generator, "flow2d") || g_str_equal (generator, "wl_pairs") || g_str_equal (generator, "parts") ? 1 : 0;
}

EqsSplit *
eqs_generate (const char *generator, const char *split, guint64 seed, GError **error)
{
  if (g_str_equal (generator, "flow2d"))
    return generate_flow2d (split, seed, error);
  if (g_str_equal (generator, "wl_pairs"))
    return generate_wl_pairs (split, seed, error);
  if (g_str_equal (generator, "parts"))
    return eqs_generate_parts (split, seed, error);
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               _("There is no generator “%s” in this version of the program."), generator);
  return NULL;
}
