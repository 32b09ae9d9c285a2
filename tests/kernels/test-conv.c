/*
 * Convolution and its gradients, in every precision and processor variant that this machine runs, against loops in
 * double; adjoint identities; the same bits for 1, 2 and 3 threads.
 */

#include "../sanitized.h"
#include "core/planar.h"
#include "eqk/random.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GUARD 64   /* bytes behind scratch memory that must stay as they are */

typedef struct
{
  int    bits;
  size_t n;
  void  *data;
} Array;

static Array
array_new (int bits, size_t n)
{
  Array a = { bits, n, g_malloc0 ((n + 1) * (size_t) bits / 8) };

  return a;
}

static void
array_clear (Array *a)
{
  g_free (a->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Array, array_clear)

static double
array_get (const Array *a, size_t i)
{
  return a->bits == 32 ? (double) ((float *) a->data)[i] : ((double *) a->data)[i];
}

static void
array_set (Array *a, size_t i, double value)
{
  if (a->bits == 32)
    ((float *) a->data)[i] = (float) value;
  else
    ((double *) a->data)[i] = value;
}

static Array
array_random (int bits, size_t n, EqkRandom *random)
{
  Array a = array_new (bits, n);

  for (size_t i = 0; i < n; i++)
    array_set (&a, i, eqk_random_normal (random));
  return a;
}

/* Filled with what is not a number: an element that a kernel forgets can't pass. */
static Array
array_poisoned (int bits, size_t n)
{
  Array a = array_new (bits, n);

  memset (a.data, 0xff, n * (size_t) bits / 8);
  return a;
}

static double
array_dot (const Array *a, const Array *b)
{
  double sum = 0;

  for (size_t i = 0; i < a->n; i++)
    sum += array_get (a, i) * array_get (b, i);
  return sum;
}

static double
rms (const double *a, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * a[i];
  return sqrt (sum / (double) n) + 1e-30;
}

/* Largest error against the reference, in units of the reference's RMS. */
static double
array_error (const Array *a, const double *reference)
{
  double worst = 0;

  for (size_t i = 0; i < a->n; i++)
    {
      const double e = fabs (array_get (a, i) - reference[i]);

      worst = e > worst || isnan (e) ? e : worst;
    }
  return worst / rms (reference, a->n);
}

/* --- shapes --- */

static void
shape_finish (EqkConvShape *s)
{
  s->out_h = (s->h + 2 * s->pad - s->dilation * (s->k - 1) - 1) / s->stride + 1;
  s->out_w = (s->w + 2 * s->pad - s->dilation * (s->k - 1) - 1) / s->stride + 1;
}

static size_t
x_size (const EqkConvShape *s)
{
  return (size_t) (s->n * s->h * s->w * s->cin);
}

static size_t
y_size (const EqkConvShape *s)
{
  return (size_t) (s->n * s->out_h * s->out_w * s->cout);
}

static size_t
filter_size (const EqkConvShape *s)
{
  return (size_t) (s->k * s->k * (s->cin / s->groups) * s->cout);
}

static char *
shape_text (const EqkConvShape *s)
{
  return g_strdup_printf ("%d x %dx%d, %d -> %d, k %d, stride %d, pad %d mode %d, dilation %d, groups %d%s", s->n, s->h, s->w,
                          s->cin, s->cout, s->k, s->stride, s->pad, s->pad_mode, s->dilation, s->groups,
                          s->exact ? ", exact" : "");
}

static int
pad_source (int mode, int i, int n)
{
  while (i < 0 || i >= n)
    switch (mode)
      {
      case EQK_PAD_CIRCULAR: i += i < 0 ? n : -n; break;
      case EQK_PAD_REFLECT: i = i < 0 ? -i : 2 * (n - 1) - i; break;
      case EQK_PAD_REPLICATE: i = i < 0 ? 0 : n - 1; break;
      default: return -1;
      }
  return i;
}

static double *
array_to_double (const Array *a)
{
  double *values = g_new (double, a->n);

  for (size_t i = 0; i < a->n; i++)
    values[i] = array_get (a, i);
  return values;
}

/* All three passes are sums over the same triples of numbers of x, filter and y. The loops over them are the longest of this program;
   what is under the sanitizers here is the kernels, not these. */
__attribute__ ((no_sanitize ("address", "undefined")))
static void
reference (const EqkConvShape *s, const Array *x, const Array *filter, const Array *bias, const Array *dy, double *y,
           double *dx, double *dfilter, double *dbias)
{
  const int ic = s->cin / s->groups, oc = s->cout / s->groups;
  g_autofree double *xs = array_to_double (x), *ws = array_to_double (filter), *gs = array_to_double (dy);

  for (size_t iy = 0; iy < dy->n; iy += (size_t) s->cout)
    {
      const int pixel = (int) (iy / (size_t) s->cout), n = pixel / (s->out_h * s->out_w), i = pixel / s->out_w % s->out_h, j = pixel % s->out_w;

      for (int o = 0; o < s->cout; o++)
        {
          y[iy + (size_t) o] = array_get (bias, (size_t) o);
          dbias[o] += gs[iy + (size_t) o];
        }
      for (int tap = 0; tap < s->k * s->k; tap++)
        {
          const int row = pad_source (s->pad_mode, i * s->stride + tap / s->k * s->dilation - s->pad, s->h);
          const int col = pad_source (s->pad_mode, j * s->stride + tap % s->k * s->dilation - s->pad, s->w);

          for (int ci = 0; row >= 0 && col >= 0 && ci < s->cin; ci++)
            {
              const size_t  ix = (size_t) (((n * s->h + row) * s->w + col) * s->cin + ci), o = (size_t) (ci / ic * oc);
              const size_t  iw = (size_t) ((tap * ic + ci % ic) * s->cout) + o;
              const double *w = ws + iw, *g = gs + iy + o, value = xs[ix];
              double       *to = y + iy + o, *dw = dfilter + iw, sum = 0;

              for (int k = 0; k < oc; k++)
                {
                  to[k] += value * w[k];
                  dw[k] += g[k] * value;
                  sum += g[k] * w[k];
                }
              dx[ix] += sum;
            }
        }
    }
}

/* --- running a pass with scratch memory of exactly the size asked for --- */

typedef struct
{
  char  *memory;
  size_t bytes;
} Scratch;

static Scratch
scratch_new (size_t bytes)
{
  Scratch s = { NULL, bytes };

  s.memory = aligned_alloc (64, (bytes + GUARD + 63) / 64 * 64);
  memset (s.memory, 0xff, bytes);
  memset (s.memory + bytes, 0x5a, GUARD);
  return s;
}

static void
scratch_free (Scratch *s)
{
  for (int i = 0; i < GUARD; i++)
    g_assert_cmphex ((guchar) s->memory[s->bytes + (size_t) i], ==, 0x5a);
  free (s->memory);
}

typedef struct
{
  Array y, dx, dfilter, dbias;
} Results;

static void
results_clear (Results *r)
{
  array_clear (&r->y);
  array_clear (&r->dx);
  array_clear (&r->dfilter);
  array_clear (&r->dbias);
}

static Results
run_all (const EqkPlanarKernels *kernels, const EqkConvShape *s, EqkPool *pool, const Array *x, const Array *filter,
         const Array *bias, const Array *dy)
{
  const int threads = eqk_pool_n_threads (pool), bits = kernels->bits;
  Results r = { array_poisoned (bits, y_size (s)), array_poisoned (bits, x_size (s)), array_poisoned (bits, filter_size (s)),
                array_poisoned (bits, (size_t) s->cout) };
  Scratch scratch = scratch_new (kernels->conv_scratch (s, threads, EQK_CONV_FORWARD));

  kernels->conv_forward (s, pool, x->data, filter->data, bias->data, r.y.data, scratch.memory);
  scratch_free (&scratch);
  scratch = scratch_new (kernels->conv_scratch (s, threads, EQK_CONV_BACKWARD_DATA));
  kernels->conv_backward_data (s, pool, dy->data, filter->data, r.dx.data, scratch.memory);
  scratch_free (&scratch);
  scratch = scratch_new (kernels->conv_scratch (s, threads, EQK_CONV_BACKWARD_FILTER));
  kernels->conv_backward_filter (s, pool, x->data, dy->data, r.dfilter.data, r.dbias.data, scratch.memory);
  scratch_free (&scratch);
  return r;
}

static void
assert_same_bits (const Array *a, const Array *b)
{
  g_assert_cmpmem (a->data, a->n * (size_t) a->bits / 8, b->data, b->n * (size_t) b->bits / 8);
}

static void
check_shape (const EqkPlanarKernels *kernels, const EqkConvShape *s, EqkRandom *random)
{
  const int bits = kernels->bits;
  const bool winograd = kernels->conv_uses_winograd (s);
  const double tolerance = bits == 64 ? 1e-13 : winograd ? 1e-4 : 1e-5;
  g_auto (Array) x = array_random (bits, x_size (s), random);
  g_auto (Array) filter = array_random (bits, filter_size (s), random);
  g_auto (Array) bias = array_random (bits, (size_t) s->cout, random);
  g_auto (Array) dy = array_random (bits, y_size (s), random);
  g_autofree double *y = g_new0 (double, y_size (s)), *dx = g_new0 (double, x_size (s));
  g_autofree double *dfilter = g_new0 (double, filter_size (s)), *dbias = g_new0 (double, (size_t) s->cout);
  g_autofree char *text = shape_text (s);
  EqkPool *pools[3] = { NULL, eqk_pool_new (2), eqk_pool_new (3) };
  Results first;

  reference (s, &x, &filter, &bias, &dy, y, dx, dfilter, dbias);
  first = run_all (kernels, s, NULL, &x, &filter, &bias, &dy);
  g_test_message ("float%d%s %s: errors %.1e %.1e %.1e %.1e", bits, winograd ? " winograd" : "", text, array_error (&first.y, y),
                  array_error (&first.dx, dx), array_error (&first.dfilter, dfilter), array_error (&first.dbias, dbias));
  g_assert_cmpfloat (array_error (&first.y, y), <, tolerance);
  g_assert_cmpfloat (array_error (&first.dx, dx), <, tolerance);
  g_assert_cmpfloat (array_error (&first.dfilter, dfilter), <, tolerance);
  g_assert_cmpfloat (array_error (&first.dbias, dbias), <, tolerance);

  for (int t = 1; t < 3; t++)
    {
      Results other = run_all (kernels, s, pools[t], &x, &filter, &bias, &dy);

      assert_same_bits (&first.y, &other.y);
      assert_same_bits (&first.dx, &other.dx);
      assert_same_bits (&first.dfilter, &other.dfilter);
      assert_same_bits (&first.dbias, &other.dbias);
      results_clear (&other);
      eqk_pool_free (pools[t]);
    }

  {   /* a prepared filter gives the same bits */
    g_auto (Array) again = array_poisoned (bits, y_size (s));
    void *memory = aligned_alloc (64, kernels->conv_prepared_size (s));
    Scratch scratch = scratch_new (kernels->conv_scratch (s, 1, EQK_CONV_FORWARD));

    kernels->conv_prepare (s, NULL, filter.data, memory);
    kernels->conv_forward_prepared (s, NULL, x.data, memory, bias.data, again.data, scratch.memory);
    assert_same_bits (&first.y, &again);
    scratch_free (&scratch);
    free (memory);
  }
  results_clear (&first);
}

/* --- tests; data: a table of kernels --- */

/* One of everything that has its own path. */
static const EqkConvShape fixed[] = {
  { .n = 2, .h = 12, .w = 12, .cin = 16, .cout = 16, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1 },
  { .n = 1, .h = 9, .w = 13, .cin = 20, .cout = 37, .k = 3, .stride = 1, .pad = 1, .dilation = 1, .groups = 1 },
  { .n = 3, .h = 7, .w = 7, .cin = 64, .cout = 80, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1 },
  { .n = 1, .h = 11, .w = 10, .cin = 17, .cout = 16, .k = 7, .stride = 1, .pad = 3, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 10, .w = 10, .cin = 16, .cout = 24, .k = 3, .stride = 1, .pad = 0, .dilation = 1, .groups = 1 },
  { .n = 1, .h = 8, .w = 8, .cin = 16, .cout = 16, .k = 3, .stride = 1, .pad = 5, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 8, .w = 9, .cin = 16, .cout = 18, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1, .pad_mode = EQK_PAD_CIRCULAR },
  { .n = 2, .h = 8, .w = 9, .cin = 16, .cout = 18, .k = 5, .stride = 1, .pad = 3, .dilation = 1, .groups = 1, .pad_mode = EQK_PAD_REFLECT },
  { .n = 2, .h = 8, .w = 9, .cin = 16, .cout = 18, .k = 7, .stride = 1, .pad = 3, .dilation = 1, .groups = 1, .pad_mode = EQK_PAD_REPLICATE },
  { .n = 2, .h = 12, .w = 12, .cin = 16, .cout = 16, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1, .exact = true },
  { .n = 9, .h = 28, .w = 28, .cin = 1, .cout = 64, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 28, .w = 28, .cin = 3, .cout = 24, .k = 7, .stride = 2, .pad = 3, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 14, .w = 15, .cin = 32, .cout = 10, .k = 1, .stride = 1, .pad = 0, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 14, .w = 15, .cin = 32, .cout = 40, .k = 1, .stride = 2, .pad = 0, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 9, .w = 9, .cin = 5, .cout = 7, .k = 2, .stride = 3, .pad = 1, .dilation = 1, .groups = 1 },
  { .n = 2, .h = 14, .w = 13, .cin = 24, .cout = 24, .k = 3, .stride = 1, .pad = 1, .dilation = 1, .groups = 24 },
  { .n = 2, .h = 14, .w = 13, .cin = 37, .cout = 37, .k = 5, .stride = 2, .pad = 2, .dilation = 1, .groups = 37, .pad_mode = EQK_PAD_REFLECT },
  { .n = 2, .h = 10, .w = 11, .cin = 12, .cout = 36, .k = 3, .stride = 1, .pad = 1, .dilation = 2, .groups = 3 },
  { .n = 1, .h = 16, .w = 16, .cin = 64, .cout = 64, .k = 3, .stride = 2, .pad = 2, .dilation = 2, .groups = 2, .pad_mode = EQK_PAD_CIRCULAR },
  { .n = 1, .h = 20, .w = 20, .cin = 4, .cout = 33, .k = 15, .stride = 1, .pad = 7, .dilation = 1, .groups = 1 },
  { .n = 1, .h = 1, .w = 1, .cin = 1, .cout = 1, .k = 1, .stride = 1, .pad = 0, .dilation = 1, .groups = 1 },
  { .n = 1, .h = 1, .w = 40, .cin = 2, .cout = 3, .k = 5, .stride = 1, .pad = 2, .dilation = 1, .groups = 1, .pad_mode = EQK_PAD_REPLICATE },
  { .n = 1, .h = 64, .w = 64, .cin = 48, .cout = 8, .k = 3, .stride = 1, .pad = 1, .dilation = 1, .groups = 1 },
};

static void
test_fixed (gconstpointer data)
{
  EqkRandom random = eqk_random (1, EQK_RANDOM_TEST, 0, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    {
      EqkConvShape s = fixed[i];

      shape_finish (&s);
      check_shape (data, &s, &random);
    }
}

static EqkConvShape
random_shape (EqkRandom *r)
{
  static const int channels[] = { 1, 2, 3, 4, 6, 8, 12, 16, 17, 24, 32, 40 };
  EqkConvShape s = { .n = 1 + (int) eqk_random_below (r, 3), .k = 1 + (int) eqk_random_below (r, 8) };
  const int groups = eqk_random_below (r, 3) == 0 ? 1 + (int) eqk_random_below (r, 4) : 1;
  int span;

  s.groups = groups;
  s.cin = groups * channels[eqk_random_below (r, G_N_ELEMENTS (channels))] ;
  s.cout = groups * channels[eqk_random_below (r, G_N_ELEMENTS (channels))];
  s.stride = eqk_random_below (r, 2) == 0 ? 1 : 1 + (int) eqk_random_below (r, 4);
  s.dilation = eqk_random_below (r, 2) == 0 ? 1 : 1 + (int) eqk_random_below (r, 3);
  s.pad_mode = (int) eqk_random_below (r, 4);
  s.pad = (int) eqk_random_below (r, (uint32_t) s.k + 1);
  span = s.dilation * (s.k - 1) + 1;
  s.h = MAX (s.pad + 1, span - 2 * s.pad) + (int) eqk_random_below (r, 14);
  s.w = MAX (s.pad + 1, span - 2 * s.pad) + (int) eqk_random_below (r, 14);
  s.exact = eqk_random_below (r, 3) == 0;
  shape_finish (&s);
  return s;
}

static void
test_random (gconstpointer data)
{
  EqkRandom random = eqk_random (2, EQK_RANDOM_TEST, 0, 0, 0);

  for (int i = 0; i < (g_test_slow () ? 1000 : SANITIZED ? 15 : 60); i++)
    {
      const EqkConvShape s = random_shape (&random);

      check_shape (data, &s, &random);
    }
}

/* <dy, conv (x, w)> = <dx, x> = <dw, w>, at the size of a real layer. */
static void
test_adjoint (gconstpointer data)
{
  const EqkPlanarKernels *kernels = data;
  const int bits = kernels->bits;
  EqkRandom random = eqk_random (3, EQK_RANDOM_TEST, 0, 0, 0);

  for (int mode = 0; mode < 4; mode++)
    {
      EqkConvShape s = { .n = SANITIZED ? 1 : 4, .h = 28, .w = 28, .cin = 32, .cout = 48, .k = 5, .stride = 1, .pad = 2, .dilation = 1,
                         .groups = 1, .pad_mode = mode };
      double left, by_x, by_w, scale;

      shape_finish (&s);
      {
        g_auto (Array) x = array_random (bits, x_size (&s), &random);
        g_auto (Array) filter = array_random (bits, filter_size (&s), &random);
        g_auto (Array) dy = array_random (bits, y_size (&s), &random);
        g_auto (Array) bias = array_new (bits, (size_t) s.cout);
        Results r = run_all (kernels, &s, NULL, &x, &filter, &bias, &dy);

        left = array_dot (&dy, &r.y);
        by_x = array_dot (&r.dx, &x);
        by_w = array_dot (&r.dfilter, &filter);
        scale = sqrt (array_dot (&dy, &dy) * array_dot (&r.y, &r.y));
        results_clear (&r);
      }
      g_test_message ("float%d, pad mode %d: %.9g %.9g %.9g", bits, mode, left, by_x, by_w);
      g_assert_cmpfloat (fabs (left - by_x) / scale, <, bits == 64 ? 1e-15 : 1e-7);
      g_assert_cmpfloat (fabs (left - by_w) / scale, <, bits == 64 ? 1e-15 : 1e-7);
    }
}

/* Winograd at the size of the benchmark's layer: max error / RMS. Over 4000 values the goal is 3e-5; here it is the
   largest of 50 000, and the gate is 1e-4. */
static void
test_winograd_error (gconstpointer data)
{
  const EqkPlanarKernels *kernels = data;
  const int ks[] = { 3, 5, 7 };
  EqkRandom random = eqk_random (4, EQK_RANDOM_TEST, 0, 0, 0);

  for (int i = 0; i < 3; i++)
    {
      EqkConvShape s = { .n = 1, .h = SANITIZED ? 12 : 28, .w = 28, .cin = 64, .cout = SANITIZED ? 16 : 64, .k = ks[i], .stride = 1, .pad = ks[i] / 2,
                         .dilation = 1, .groups = 1 };
      g_autofree double *y = NULL, *dx = NULL, *dfilter = NULL, *dbias = NULL;

      shape_finish (&s);
      g_assert_true (kernels->conv_uses_winograd (&s));
      {
        g_auto (Array) x = array_random (32, x_size (&s), &random);
        g_auto (Array) filter = array_random (32, filter_size (&s), &random);
        g_auto (Array) dy = array_random (32, y_size (&s), &random);
        g_auto (Array) bias = array_new (32, (size_t) s.cout);
        Results r = run_all (kernels, &s, NULL, &x, &filter, &bias, &dy);
        double e[3];

        y = g_new0 (double, y_size (&s));
        dx = g_new0 (double, x_size (&s));
        dfilter = g_new0 (double, filter_size (&s));
        dbias = g_new0 (double, (size_t) s.cout);
        reference (&s, &x, &filter, &bias, &dy, y, dx, dfilter, dbias);
        e[0] = array_error (&r.y, y);
        e[1] = array_error (&r.dx, dx);
        e[2] = array_error (&r.dfilter, dfilter);
        g_test_message ("k %d: forward %.1e, data %.1e, filter %.1e", s.k, e[0], e[1], e[2]);
        for (int p = 0; p < 3; p++)
          g_assert_cmpfloat (e[p], <, p == 2 ? 1e-4 : 6e-5);
        results_clear (&r);
      }
    }
}

int
main (int argc, char **argv)
{
  EqkSimd variants[EQK_SIMD_N];
  int n;

  g_test_init (&argc, &argv, NULL);
  n = eqk_simd_variants (variants);
  for (int i = 0; i < n; i++)
    for (int bits = 32; bits <= 64; bits += 32)
      {
        const EqkPlanarKernels *kernels = eqk_planar_kernels (bits, variants[i]);
        const struct
        {
          const char   *name;
          GTestDataFunc func;
        } tests[] = { { "fixed", test_fixed }, { "random", test_random }, { "adjoint", test_adjoint },
                      { "winograd-error", test_winograd_error } };

        for (guint t = 0; t < G_N_ELEMENTS (tests) - (bits == 64); t++)
          {
            g_autofree char *path = g_strdup_printf ("/conv/%s/float%d/%s", eqk_simd_variant_name (variants[i]), bits, tests[t].name);

            g_test_add_data_func (path, kernels, tests[t].func);
          }
      }
  return g_test_run ();
}
