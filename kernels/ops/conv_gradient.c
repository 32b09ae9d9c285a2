/*
 * Gradients of a convolution's filter and bias. The filter gradient sums over pixels. Each element of it has one owner who goes
 * through the images in order, so there is nothing to add up between threads.
 */

#include "ops/conv_kernels.h"

#include "ops/conv_view.h"
#include "ops/tile.h"
#include "ops/winograd.h"

#define L EQK_LANES
#define PIECES      16                /* partial sums of bias and depthwise gradients: fixed, so results are */
#define IMAGES_BYTES (1536 * 1024)    /* images of the filter gradient at a time: every tap passes over them */
#define SUM_PIXELS  160               /* that a tile of the filter gradient sums: both operands in the L1 cache */

typedef struct
{
  const EqkConvShape *s;
  const eqk_real     *x, *dy;
  eqk_real           *dfilter, *dbias;
  bool                pad_x, pad_dy;     /* copies are needed */
  bool                merge;             /* taps of a row and their channels are one run of rows of the product */
  int                 buf_h, buf_w;      /* of a padded image */
  int                 dy_c;              /* channels of a group in the copy of dy */
  int                 images;            /* at a time: in cache, and copied */
  int                 first, count;
  int                 row_block;         /* output rows, and images, that a tile sums before it is added to dfilter */
  int                 image_block;
  eqk_real           *x_buffer, *dy_buffer;
  eqk_real           *pieces;            /* partial sums [PIECES][..] */
} Gradient;

static Gradient
plan_gradient (const EqkConvShape *s)
{
  Gradient g = { .s = s };
  const int oc = s->cout / s->groups;
  const bool depthwise = s->groups > 1 && s->groups == s->cin && s->cin == s->cout;
  size_t bytes;

  g.pad_x = s->pad > 0 || depthwise;
  g.merge = s->groups == 1 && s->dilation == 1;
  g.buf_h = g.pad_x ? (s->out_h - 1) * s->stride + (s->k - 1) * s->dilation + 1 : s->h;
  g.buf_w = g.pad_x ? (s->out_w - 1) * s->stride + (s->k - 1) * s->dilation + 1 : s->w;
  g.pad_dy = depthwise || oc % L != 0;
  g.dy_c = depthwise ? 1 : g.pad_dy ? round_vectors (oc) : oc;
  bytes = ((size_t) g.buf_h * (size_t) g.buf_w * (size_t) s->cin +
           (size_t) s->out_h * (size_t) s->out_w * (size_t) s->groups * (size_t) g.dy_c) * sizeof (eqk_real);
  g.images = conv_max (1, conv_min (s->n, (int) (IMAGES_BYTES / bytes)));
  g.row_block = conv_max (1, conv_min (s->out_h, SUM_PIXELS / s->out_w));
  g.image_block = g.row_block < s->out_h ? 1 : conv_max (1, SUM_PIXELS / (s->out_h * s->out_w));
  return g;
}

static size_t
gradient_x_size (const Gradient *g)
{
  return g->pad_x ? (size_t) g->images * (size_t) g->buf_h * (size_t) g->buf_w * (size_t) g->s->cin + L : 0;
}

static size_t
gradient_dy_size (const Gradient *g)
{
  return g->pad_dy ? (size_t) g->images * (size_t) g->s->out_h * (size_t) g->s->out_w * (size_t) g->s->groups *
                       (size_t) g->dy_c + L : 0;
}

static void
gradient_copy_chunk (void *data, size_t chunk, int lane)
{
  const Gradient *g = data;
  const EqkConvShape *s = g->s;
  const size_t image = (size_t) g->first + chunk;

  if (g->pad_x)
    EQK_SYM (conv_copy_padded) (g->x + image * (size_t) (s->h * s->w) * (size_t) s->cin, s->h, s->w, s->cin, s->pad_mode, -s->pad,
                 -s->pad, g->buf_h, g->buf_w, g->x_buffer + chunk * (size_t) (g->buf_h * g->buf_w) * (size_t) s->cin);
  if (g->pad_dy)
    {
      const int oc = s->cout / s->groups;
      const size_t pixels = (size_t) (s->out_h * s->out_w) * (size_t) s->groups;
      const eqk_real *from = g->dy + image * pixels * (size_t) oc;
      eqk_real *to = g->dy_buffer + chunk * pixels * (size_t) g->dy_c;

      for (size_t i = 0; i < pixels; i++, from += oc, to += g->dy_c)
        {
          for (int c = 0; c < oc; c++)
            to[c] = from[c];
          for (int c = oc; c < g->dy_c; c++)
            to[c] = 0;
        }
    }
}

/* Sources of the present group of images. */
static const eqk_real *
gradient_x (const Gradient *g)
{
  return g->pad_x ? g->x_buffer : g->x + (size_t) g->first * (size_t) (g->s->h * g->s->w) * (size_t) g->s->cin;
}

static const eqk_real *
gradient_dy (const Gradient *g)
{
  return g->pad_dy ? g->dy_buffer
                   : g->dy + (size_t) g->first * (size_t) (g->s->out_h * g->s->out_w) * (size_t) g->s->cout;
}

/* A chunk is one row of taps (or one tap) of one panel of one group. */
static void
gradient_chunk (void *data, size_t chunk, int lane)
{
  const Gradient *g = data;
  const EqkConvShape *s = g->s;
  const int oc = s->cout / s->groups, ic = s->cin / s->groups, panels = (oc + TILE_WIDTH - 1) / TILE_WIDTH;
  const int taps_x = g->merge ? 1 : s->k, per_panel = s->k * taps_x;
  const int tap = (int) (chunk % (size_t) per_panel), ky = tap / taps_x, kx = tap % taps_x;
  const int panel = (int) (chunk / (size_t) per_panel), group = panel / panels, col = panel % panels * TILE_WIDTH;
  const int rows = g->merge ? s->k * s->cin : ic, pixel_dy = s->groups * g->dy_c;
  const eqk_real *x = gradient_x (g) + ((size_t) (ky * s->dilation) * (size_t) g->buf_w + (size_t) (kx * s->dilation)) *
                                         (size_t) s->cin + (size_t) group * (size_t) ic;
  const eqk_real *dy = gradient_dy (g) + (size_t) group * (size_t) g->dy_c + col;
  eqk_real *to = g->dfilter + (size_t) (ky * s->k + kx) * (size_t) ic * (size_t) s->cout + (size_t) group * (size_t) oc + col;
  TileTN t = { .lda = (ptrdiff_t) s->stride * s->cin, .ldb = pixel_dy, .ldc = s->cout,
               .a_image = (ptrdiff_t) g->buf_h * g->buf_w * s->cin, .b_image = (ptrdiff_t) s->out_h * s->out_w * pixel_dy,
               .a_row = (ptrdiff_t) s->stride * g->buf_w * s->cin, .b_row = (ptrdiff_t) s->out_w * pixel_dy,
               .len = s->out_w, .n_cols = conv_min (TILE_WIDTH, oc - col) };

  if (g->first == 0)
    for (int i = 0; i < rows; i++)
      memset (to + (size_t) i * (size_t) s->cout, 0, (size_t) t.n_cols * sizeof *to);
  for (int image = 0; image < g->count; image += g->image_block)
    for (int y = 0; y < s->out_h; y += g->row_block)
      {
        t.n_images = conv_min (g->image_block, g->count - image);
        t.n_rows = conv_min (g->row_block, s->out_h - y);
        tile_tn_rows (&t, rows, x + image * t.a_image + y * t.a_row, dy + image * t.b_image + y * t.b_row, to);
      }
}

/* Depthwise: a chunk is every PIECES-th image of the group, into its piece [taps][channels, whole vectors]. */
static size_t
depthwise_step (const EqkConvShape *s)
{
  return (size_t) (s->k * s->k) * (size_t) round_vectors (s->cout);
}

static size_t
depthwise_size (const EqkConvShape *s)
{
  return s->groups > 1 && s->groups == s->cin && s->cin == s->cout ? PIECES * depthwise_step (s) : 0;
}

/* The sum over a row of one vector of channels for one tap. */
TILE_INLINE eqk_vec
depthwise_sum (const eqk_real *x, ptrdiff_t x_step, const eqk_real *dy, ptrdiff_t dy_step, int n)
{
  eqk_vec sum[4] = { { 0 }, { 0 }, { 0 }, { 0 } };
  int i = 0;

  for (; i + 4 <= n; i += 4, x += 4 * x_step, dy += 4 * dy_step)
    EQK_UNROLL (4)
    for (int j = 0; j < 4; j++)
      sum[j] += vec_load (dy + j * dy_step) * vec_load (x + j * x_step);
  for (; i < n; i++, x += x_step, dy += dy_step)
    sum[0] += vec_load (dy) * vec_load (x);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void
gradient_depthwise_chunk (void *data, size_t chunk, int lane)
{
  const Gradient *g = data;
  const EqkConvShape *s = g->s;
  const int c = s->cout, padded = round_vectors (c);
  eqk_real *to = g->pieces + chunk * depthwise_step (s);

  if (g->first == 0)
    memset (to, 0, depthwise_step (s) * sizeof *to);
  for (int image = (int) chunk; image < g->count; image += PIECES)
    for (int ch = 0; ch < c; ch += L)
      for (int y = 0; y < s->out_h; y++)
        {
          const eqk_real *dy = gradient_dy (g) + ((size_t) image * (size_t) s->out_h + (size_t) y) * (size_t) (s->out_w * c) + ch;
          const eqk_real *x = gradient_x (g) + ((size_t) image * (size_t) g->buf_h + (size_t) (y * s->stride)) *
                                                 (size_t) (g->buf_w * c) + ch;

          for (int tap = 0; tap < s->k * s->k; tap++)
            {
              const int pixel = tap / s->k * s->dilation * g->buf_w + tap % s->k * s->dilation;
              eqk_real *sum = to + (size_t) tap * (size_t) padded + ch;

              vec_store (sum, vec_load (sum) +
                                depthwise_sum (x + (ptrdiff_t) pixel * c, (ptrdiff_t) s->stride * c, dy, c, s->out_w));
            }
        }
}

/* Sums of dy over the pixels of a piece, into its row of `pieces`. Three levels (block, piece, all), so that the error
   does not grow with the batch. */
#define BIAS_BLOCK 64

TILE_INLINE void
bias_block (const eqk_real *dy, ptrdiff_t step, int n, const int N, eqk_real *sum)
{
  eqk_vec acc[4];

  EQK_UNROLL (4)
  for (int j = 0; j < N; j++)
    acc[j] = (eqk_vec) { 0 };
  for (int i = 0; i < n; i++, dy += step)
    EQK_UNROLL (4)
    for (int j = 0; j < N; j++)
      acc[j] += vec_load (dy + j * L);
  EQK_UNROLL (4)
  for (int j = 0; j < N; j++)
    vec_store (sum + j * L, vec_load (sum + j * L) + acc[j]);
}

static void
bias_chunk (void *data, size_t chunk, int lane)
{
  const Gradient *g = data;
  const int cout = g->s->cout;
  const size_t total = (size_t) g->s->n * (size_t) g->s->out_h * (size_t) g->s->out_w;
  const size_t end = total * (chunk + 1) / PIECES;
  eqk_real *sum = g->pieces + chunk * (size_t) round_vectors (cout);

  memset (sum, 0, (size_t) round_vectors (cout) * sizeof *sum);
  for (size_t first = total * chunk / PIECES; first < end; first += BIAS_BLOCK)
    {
      const int n = end - first < BIAS_BLOCK ? (int) (end - first) : BIAS_BLOCK;
      const eqk_real *dy = g->dy + first * (size_t) cout;
      int ch = 0;

      for (; ch + 4 * L <= cout; ch += 4 * L)
        bias_block (dy + ch, cout, n, 4, sum + ch);
      for (; ch + L <= cout; ch += L)
        bias_block (dy + ch, cout, n, 1, sum + ch);
      for (; ch < cout; ch++)
        {
          eqk_real part = 0;

          for (int i = 0; i < n; i++)
            part += dy[i * cout + ch];
          sum[ch] += part;
        }
    }
}

/* to[i] = the sum over the pieces, in their order. */
static void
add_pieces (const eqk_real *pieces, int n_pieces, size_t step, size_t n, eqk_real *to)
{
  memset (to, 0, n * sizeof *to);
  for (int p = 0; p < n_pieces; p++)
    for (size_t i = 0; i < n; i++)
      to[i] += pieces[(size_t) p * step + i];
}

size_t
EQK_SYM (conv_backward_filter_scratch) (const EqkConvShape *s, int n_threads)
{
  const Gradient g = plan_gradient (s);
  const size_t bias = conv_reals (PIECES * (size_t) round_vectors (s->cout));
  size_t bytes = conv_reals (gradient_x_size (&g)) + conv_reals (gradient_dy_size (&g)) + conv_reals (depthwise_size (s));

#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (s))
    {
      const EqkWinograd w = winograd_forward (s);

      bytes = EQK_SYM (winograd_gradient_scratch) (&w, n_threads);
    }
#endif
  return bytes > bias ? bytes : bias;   /* the bias comes first, in the same memory */
}

void
EQK_SYM (conv_backward_filter) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x, const eqk_real *dy,
                                eqk_real *dfilter, eqk_real *dbias, void *scratch)
{
  const EqkConvShape *s = shape;
  const bool depthwise = s->groups > 1 && s->groups == s->cin && s->cin == s->cout;
  const int oc = s->cout / s->groups, panels = (oc + TILE_WIDTH - 1) / TILE_WIDTH;
  Gradient g = plan_gradient (s);
  char *left = scratch;

  g.x = x;
  g.dy = dy;
  g.dfilter = dfilter;
  g.dbias = dbias;
  if (dbias != NULL)
    {
      g.pieces = scratch;
      eqk_pool_run (pool, PIECES, bias_chunk, &g);
      add_pieces (g.pieces, PIECES, (size_t) round_vectors (s->cout), (size_t) s->cout, dbias);
    }
#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (s))
    {
      const EqkWinograd w = winograd_forward (s);

      EQK_SYM (winograd_gradient) (&w, pool, x, dy, dfilter, scratch);
      return;
    }
#endif
  g.x_buffer = conv_take (&left, gradient_x_size (&g));
  g.dy_buffer = conv_take (&left, gradient_dy_size (&g));
  g.pieces = conv_take (&left, depthwise_size (s));
  for (g.first = 0; g.first < s->n; g.first += g.images)
    {
      g.count = conv_min (g.images, s->n - g.first);
      if (g.pad_x || g.pad_dy)
        eqk_pool_run (pool, (size_t) g.count, gradient_copy_chunk, &g);
      if (depthwise)
        eqk_pool_run (pool, PIECES, gradient_depthwise_chunk, &g);
      else
        eqk_pool_run (pool, (size_t) s->groups * (size_t) panels * (size_t) s->k * (size_t) (g.merge ? 1 : s->k),
                      gradient_chunk, &g);
    }
  for (int tap = 0; depthwise && tap < s->k * s->k; tap++)
    add_pieces (g.pieces + (size_t) tap * (size_t) round_vectors (s->cout), PIECES, depthwise_step (s), (size_t) s->cout,
                dfilter + (size_t) tap * (size_t) s->cout);
}
