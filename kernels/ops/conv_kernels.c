/*
 * Direct convolution as a matrix product that is never written out: the rows of a register tile are neighbouring
 * output pixels, and the sum runs over the taps of the filter, whose input lies a fixed distance from the pixel's. The
 * border is taken care of by copying a band of rows into a padded buffer that fits the L2 cache.
 *
 * A View is such a correlation. Forward is one; the data gradient is stride^2 of them, one for each phase of the
 * pixel's position modulo the stride, with the taps that meet it (turned by 180 degrees). So no pass multiplies by the
 * zeros that a stride would put between the pixels of dy.
 */

#include "ops/conv_kernels.h"

#include "ops/conv_view.h"
#include "ops/tile.h"
#include "ops/winograd.h"

#define L        EQK_LANES
#define MAX_TAPS 16
#define BAND_BYTES  (192 * 1024)     /* padded rows of one thread */
#define GROUP_BYTES (3 * 1024 * 1024) /* padded images of the data gradient at a time */

typedef struct
{
  int       n, src_h, src_w, src_c;    /* source images */
  int       origin_y, origin_x;        /* source pixel of tap offset 0 of output (0, 0) */
  int       step;                      /* source pixels from output to output */
  int       n_ty, n_tx;
  int       ty[MAX_TAPS], tx[MAX_TAPS];   /* source pixels from offset 0, ascending */
  int       ky[MAX_TAPS], kx[MAX_TAPS];   /* the filter's rows and columns that they are */
  int       groups, out_c, pad_mode;
  int       out_h, out_w;
  ptrdiff_t out_image, out_row, out_col;  /* distances in y */
  bool      transposed;                   /* filter [k, k, out_c / groups, src_c] */
} View;

typedef struct
{
  const View     *view;
  int             k;
  const eqk_real *x, *filter, *packed, *bias;
  eqk_real       *to_packed, *y;
  bool            direct_source;      /* no pixel is outside: no buffer */
  int             band, bands;        /* output rows of a band, bands of an image */
  int             buf_w;              /* pixels of a row in the buffer */
  bool            one_segment_a_row;  /* taps of a row lie together */
  int             n_segments, segment_len;
  const ptrdiff_t *offsets;
  char           *lanes;
  size_t          lane_bytes;
} Job;

static bool
is_depthwise (const View *v)
{
  return v->groups > 1 && v->groups == v->src_c && v->src_c == v->out_c;
}

static int
span_y (const View *v)
{
  return v->n_ty == 0 ? 0 : v->ty[v->n_ty - 1] + 1;
}

static int
span_x (const View *v)
{
  return v->n_tx == 0 ? 0 : v->tx[v->n_tx - 1] + 1;
}

/* --- views of the passes --- */

static View
forward_view (const EqkConvShape *s)
{
  View v = { .n = s->n, .src_h = s->h, .src_w = s->w, .src_c = s->cin, .origin_y = -s->pad, .origin_x = -s->pad,
             .step = s->stride, .n_ty = s->k, .n_tx = s->k, .groups = s->groups, .out_c = s->cout,
             .pad_mode = s->pad_mode, .out_h = s->out_h, .out_w = s->out_w };

  v.out_col = s->cout;
  v.out_row = v.out_col * s->out_w;
  v.out_image = v.out_row * s->out_h;
  for (int i = 0; i < s->k; i++)
    v.ty[i] = v.tx[i] = (v.ky[i] = v.kx[i] = i) * s->dilation;
  return v;
}

/* One direction of a phase: position p = q stride + phase of the padded source meets tap a when a dilation = phase modulo
   stride, in output q - (a dilation - phase) / stride. @return taps; *origin is the source of offset 0 of q = 0. */
static int
phase_taps (const EqkConvShape *s, int phase, int *offsets, int *taps, int *origin)
{
  int n = 0, farthest = 0;

  for (int a = s->k - 1; a >= 0; a--)
    {
      const int d = a * s->dilation - phase;

      if (d % s->stride != 0)
        continue;
      if (n == 0)
        farthest = d / s->stride;
      taps[n] = a;
      offsets[n++] = farthest - d / s->stride;
    }
  *origin = -farthest;
  return n;
}

/* The data gradient of phase (py, px) for the rows and columns first .. first + extent of the padded input, which lie
   [h, w] in dx. The view's dx starts at *start. */
static View
backward_view (const EqkConvShape *s, int py, int px, int first, int h, int w, ptrdiff_t *start)
{
  View v = { .n = s->n, .src_h = s->out_h, .src_w = s->out_w, .src_c = s->cout, .step = 1, .groups = s->groups,
             .out_c = s->cin, .pad_mode = EQK_PAD_ZEROS, .transposed = true };
  /* q runs from the first position of this phase that is not before `first` */
  const int qy = first > py ? (first - py + s->stride - 1) / s->stride : 0;
  const int qx = first > px ? (first - px + s->stride - 1) / s->stride : 0;
  const int y0 = qy * s->stride + py - first, x0 = qx * s->stride + px - first;

  v.n_ty = phase_taps (s, py, v.ty, v.ky, &v.origin_y);
  v.n_tx = phase_taps (s, px, v.tx, v.kx, &v.origin_x);
  v.origin_y += qy;
  v.origin_x += qx;
  v.out_h = y0 < h ? (h - y0 + s->stride - 1) / s->stride : 0;
  v.out_w = x0 < w ? (w - x0 + s->stride - 1) / s->stride : 0;
  v.out_col = (ptrdiff_t) s->cin * s->stride;
  v.out_row = (ptrdiff_t) s->cin * w * s->stride;
  v.out_image = (ptrdiff_t) s->cin * w * h;
  *start = ((ptrdiff_t) y0 * w + x0) * s->cin;
  return v;
}

/* --- packed filters: for each group and panel of output channels [taps][channels of the group][panel width]; depthwise
   [taps][channels, whole vectors] --- */

static size_t
packed_size (const View *v)
{
  const size_t taps = (size_t) v->n_ty * (size_t) v->n_tx;

  if (is_depthwise (v))
    return taps * (size_t) round_vectors (v->out_c);
  return taps * (size_t) v->src_c * (size_t) round_vectors (v->out_c / v->groups);
}

static void
pack_depthwise (const Job *j)
{
  const View *v = j->view;
  const int padded = round_vectors (v->out_c);
  eqk_real *to = j->to_packed;

  for (int y = 0; y < v->n_ty; y++)
    for (int x = 0; x < v->n_tx; x++, to += padded)
      {
        memcpy (to, j->filter + (size_t) (v->ky[y] * j->k + v->kx[x]) * (size_t) v->out_c, (size_t) v->out_c * sizeof *to);
        memset (to + v->out_c, 0, (size_t) (padded - v->out_c) * sizeof *to);
      }
}

static void
pack_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const View *v = j->view;
  const int sc = v->src_c / v->groups, oc = v->out_c / v->groups, panels = (oc + TILE_WIDTH - 1) / TILE_WIDTH;
  const int g = (int) chunk / panels, col = (int) chunk % panels * TILE_WIDTH;
  const int width = tile_vectors (oc - col) * L, n = conv_min (width, oc - col);
  const size_t taps = (size_t) v->n_ty * (size_t) v->n_tx;
  /* of the filter: from tap to tap, from source channel to source channel, from output channel to output channel */
  const size_t by_tap = v->transposed ? (size_t) oc * (size_t) v->src_c : (size_t) sc * (size_t) v->out_c;
  const size_t by_src = v->transposed ? 1 : (size_t) v->out_c, by_out = v->transposed ? (size_t) v->src_c : 1;
  const eqk_real *filter = j->filter + (v->transposed ? (size_t) g * (size_t) sc : (size_t) g * (size_t) oc);
  eqk_real *to = j->to_packed + taps * (size_t) sc * ((size_t) g * (size_t) round_vectors (oc) + (size_t) col);

  for (int y = 0; y < v->n_ty; y++)
    for (int x = 0; x < v->n_tx; x++)
      {
        const eqk_real *from = filter + (size_t) (v->ky[y] * j->k + v->kx[x]) * by_tap + (size_t) col * by_out;

        for (int c = 0; c < sc; c++, to += width, from += by_src)
          {
            for (int o = 0; o < n; o++)
              to[o] = from[(size_t) o * by_out];
            for (int o = n; o < width; o++)
              to[o] = 0;
          }
      }
}

static void
pack_filter (const View *v, int k, EqkPool *pool, const eqk_real *filter, eqk_real *packed)
{
  Job j = { .view = v, .k = k, .filter = filter, .to_packed = packed };
  const int oc = v->out_c / v->groups;

  if (is_depthwise (v))
    pack_depthwise (&j);
  else
    eqk_pool_run (pool, (size_t) v->groups * (size_t) ((oc + TILE_WIDTH - 1) / TILE_WIDTH), pack_chunk, &j);
}

/* --- running a view --- */

static bool
is_pointwise (const View *v)
{
  return v->n_ty == 1 && v->n_tx == 1 && v->step == 1 && v->origin_y == 0 && v->origin_x == 0 &&
         v->out_h == v->src_h && v->out_w == v->src_w && v->out_col == v->out_c;
}

/* Fills all of the job that follows from the view but addresses. */
static Job
plan_view (const View *v)
{
  Job j = { .view = v };
  const int last_y = v->origin_y + (v->out_h - 1) * v->step + span_y (v);
  const int last_x = v->origin_x + (v->out_w - 1) * v->step + span_x (v);
  size_t row_bytes;
  int rows;

  j.direct_source = v->origin_y >= 0 && v->origin_x >= 0 && last_y <= v->src_h && last_x <= v->src_w && !is_depthwise (v);
  j.buf_w = j.direct_source ? v->src_w : (v->out_w - 1) * v->step + span_x (v);
  row_bytes = (size_t) j.buf_w * (size_t) v->src_c * sizeof (eqk_real);
  rows = (int) (BAND_BYTES / row_bytes);
  j.band = rows > span_y (v) ? (rows - span_y (v)) / v->step + 1 : 1;
  if (v->n < 8)   /* few images: something for every thread to do */
    j.band = conv_min (j.band, conv_max (1, v->out_h * v->n / 8));
  j.band = conv_max (1, conv_min (j.band, v->out_h));
  j.bands = (v->out_h + j.band - 1) / j.band;
  rows = (j.band - 1) * v->step + span_y (v);
  j.lane_bytes = j.direct_source ? 0 : conv_round ((size_t) rows * row_bytes) + CONV_ALIGN;

  j.one_segment_a_row = v->groups == 1;
  for (int i = 0; i < v->n_tx; i++)
    j.one_segment_a_row = j.one_segment_a_row && v->tx[i] == i;
  j.n_segments = j.one_segment_a_row ? v->n_ty : v->n_ty * v->n_tx;
  j.segment_len = j.one_segment_a_row ? v->n_tx * v->src_c : v->src_c / v->groups;
  return j;
}

static size_t
view_scratch (const View *v, int n_threads)
{
  const Job j = plan_view (v);

  return (size_t) n_threads * j.lane_bytes;
}

/* Copies rows y0 .. y0 + rows and columns x0 .. x0 + cols of a padded image. */
void
EQK_SYM (conv_copy_padded) (const eqk_real *image, int h, int w, int c, int pad_mode, int y0, int x0, int rows, int cols, eqk_real *to)
{
  const size_t pixel = (size_t) c * sizeof (eqk_real);
  const int first = conv_min (cols, conv_max (0, -x0)), last = conv_max (first, conv_min (cols, w - x0));

  for (int r = 0; r < rows; r++, to += (size_t) cols * (size_t) c)
    {
      const int y = conv_pad_index (pad_mode, y0 + r, h);
      const eqk_real *row = image + (size_t) (y < 0 ? 0 : y) * (size_t) w * (size_t) c;

      if (y < 0)
        {
          memset (to, 0, (size_t) cols * pixel);
          continue;
        }
      for (int i = 0; i < first; i++)
        {
          const int x = conv_pad_index (pad_mode, x0 + i, w);

          if (x < 0)
            memset (to + (size_t) i * (size_t) c, 0, pixel);
          else
            memcpy (to + (size_t) i * (size_t) c, row + (size_t) x * (size_t) c, pixel);
        }
      if (last > first)
        memcpy (to + (size_t) first * (size_t) c, row + (ptrdiff_t) (x0 + first) * c, (size_t) (last - first) * pixel);
      for (int i = last; i < cols; i++)
        {
          const int x = conv_pad_index (pad_mode, x0 + i, w);

          if (x < 0)
            memset (to + (size_t) i * (size_t) c, 0, pixel);
          else
            memcpy (to + (size_t) i * (size_t) c, row + (size_t) x * (size_t) c, pixel);
        }
    }
}

#define DEPTHWISE_PIXELS 4

TILE_INLINE void
depthwise_tile (const Job *j, const int M, int n_channels, const eqk_real *a, const eqk_real *filter,
                const eqk_real *bias, eqk_real *y)
{
  const View *v = j->view;
  const ptrdiff_t step = (ptrdiff_t) v->step * v->src_c, by_tap = round_vectors (v->out_c);
  eqk_vec acc[DEPTHWISE_PIXELS];

  EQK_UNROLL (4)
  for (int i = 0; i < M; i++)
    acc[i] = (eqk_vec) { 0 };
  for (int s = 0; s < j->n_segments; s++, filter += by_tap)
    {
      const eqk_vec f = vec_load (filter);

      EQK_UNROLL (4)
      for (int i = 0; i < M; i++)
        acc[i] += vec_load (a + j->offsets[s] + i * step) * f;
    }
  EQK_UNROLL (4)
  for (int i = 0; i < M; i++)
    {
      if (bias != NULL)
        acc[i] += n_channels >= L ? vec_load (bias) : vec_load_part (bias, n_channels);
      if (n_channels >= L)
        vec_store (y + i * v->out_col, acc[i]);
      else
        vec_store_part (y + i * v->out_col, acc[i], n_channels);
    }
}

static void
depthwise_rows (const Job *j, const eqk_real *src, eqk_real *y, int rows)
{
  const View *v = j->view;

  for (int r = 0; r < rows; r++)
    for (int ch = 0; ch < v->out_c; ch += L)
      {
        const eqk_real *a = src + (ptrdiff_t) r * v->step * j->buf_w * v->src_c + ch;
        const eqk_real *bias = j->bias != NULL ? j->bias + ch : NULL;
        eqk_real *to = y + r * v->out_row + ch;
        int x = 0;

        for (; x + DEPTHWISE_PIXELS <= v->out_w; x += DEPTHWISE_PIXELS)
          depthwise_tile (j, DEPTHWISE_PIXELS, v->out_c - ch, a + (ptrdiff_t) x * v->step * v->src_c, j->packed + ch, bias,
                          to + x * v->out_col);
        for (; x < v->out_w; x++)
          depthwise_tile (j, 1, v->out_c - ch, a + (ptrdiff_t) x * v->step * v->src_c, j->packed + ch, bias,
                          to + x * v->out_col);
      }
}

static void
dense_rows (const Job *j, const eqk_real *src, eqk_real *y, int rows)
{
  const View *v = j->view;
  const int sc = v->src_c / v->groups, oc = v->out_c / v->groups;
  const eqk_real *packed = j->packed;
  TileNN t = { .lda = (ptrdiff_t) v->step * v->src_c, .offset = j->offsets, .n_segments = j->n_segments,
               .len = j->segment_len, .ldc = v->out_col };

  for (int g = 0; g < v->groups; g++)
    for (int col = 0; col < oc; col += TILE_WIDTH)
      {
        t.ldb = tile_vectors (oc - col) * L;
        t.n_cols = conv_min ((int) t.ldb, oc - col);
        t.bias = j->bias != NULL ? j->bias + g * oc + col : NULL;
        for (int r = 0; r < rows; r++)
          tile_nn_rows (&t, v->out_w, src + (ptrdiff_t) r * v->step * j->buf_w * v->src_c + g * sc, packed,
                        y + r * v->out_row + g * oc + col);
        packed += (size_t) v->n_ty * (size_t) v->n_tx * (size_t) sc * (size_t) t.ldb;
      }
}

static void
view_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const View *v = j->view;
  const int image = (int) (chunk / (size_t) j->bands), row = (int) (chunk % (size_t) j->bands) * j->band;
  const int rows = conv_min (j->band, v->out_h - row), y0 = v->origin_y + row * v->step;
  const eqk_real *src = j->x + (size_t) image * (size_t) v->src_h * (size_t) v->src_w * (size_t) v->src_c;
  eqk_real *y = j->y + image * v->out_image + row * v->out_row;

  if (j->direct_source)
    src += ((size_t) y0 * (size_t) v->src_w + (size_t) v->origin_x) * (size_t) v->src_c;
  else
    {
      eqk_real *buffer = (eqk_real *) (j->lanes + (size_t) lane * j->lane_bytes);

      EQK_SYM (conv_copy_padded) (src, v->src_h, v->src_w, v->src_c, v->pad_mode, y0, v->origin_x, (rows - 1) * v->step + span_y (v),
                   j->buf_w, buffer);
      src = buffer;
    }
  if (is_depthwise (v))
    depthwise_rows (j, src, y, rows);
  else
    dense_rows (j, src, y, rows);
}

/* Pixels are all alike: one long row. */
#define POINTWISE_PIXELS 192

static void
pointwise_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  View row = *j->view;
  Job job = *j;
  const size_t total = (size_t) row.n * (size_t) row.out_h * (size_t) row.out_w, first = chunk * POINTWISE_PIXELS;

  row.out_w = total - first < POINTWISE_PIXELS ? (int) (total - first) : POINTWISE_PIXELS;
  job.view = &row;
  dense_rows (&job, j->x + first * (size_t) row.src_c, j->y + first * (size_t) row.out_c, 1);
}

/* Zeros (or the bias) where no tap falls: a stride longer than the filter. */
static void
fill_view (const View *v, eqk_real *y)
{
  for (int n = 0; n < v->n; n++)
    for (int r = 0; r < v->out_h; r++)
      for (int c = 0; c < v->out_w; c++)
        memset (y + n * v->out_image + r * v->out_row + c * v->out_col, 0, (size_t) v->out_c * sizeof *y);
}

static void
run_view (const View *v, EqkPool *pool, const eqk_real *x, const eqk_real *packed, const eqk_real *bias, eqk_real *y,
          char *lanes)
{
  ptrdiff_t offsets[MAX_TAPS * MAX_TAPS];
  Job j;
  int n = 0;

  if (v->out_h <= 0 || v->out_w <= 0)
    return;
  if (v->n_ty == 0 || v->n_tx == 0)
    {
      fill_view (v, y);
      return;
    }
  j = plan_view (v);
  for (int a = 0; a < v->n_ty; a++)
    for (int b = 0; b < (j.one_segment_a_row ? 1 : v->n_tx); b++)
      offsets[n++] = ((ptrdiff_t) v->ty[a] * j.buf_w + v->tx[b]) * v->src_c;
  j.offsets = offsets;
  j.x = x;
  j.packed = packed;
  j.bias = bias;
  j.y = y;
  j.lanes = lanes;
  if (is_pointwise (v) && !is_depthwise (v))
    {
      const size_t total = (size_t) v->n * (size_t) v->out_h * (size_t) v->out_w;

      eqk_pool_run (pool, (total + POINTWISE_PIXELS - 1) / POINTWISE_PIXELS, pointwise_chunk, &j);
    }
  else
    eqk_pool_run (pool, (size_t) v->n * (size_t) j.bands, view_chunk, &j);
}

/* --- Winograd --- */

bool
EQK_SYM (conv_uses_winograd) (const EqkConvShape *s)
{
#if EQK_REAL_BITS == 32
  return !s->exact && (s->k == 3 || s->k == 5 || s->k == 7) && s->stride == 1 && s->dilation == 1 && s->groups == 1 &&
         s->cin >= 16 && s->cout >= 16 && s->out_h >= 4 && s->out_w >= 4;
#else
  return false;
#endif
}

#if EQK_REAL_BITS == 32
/* For rows and columns first .. of the padded input, h x w of them. */
static EqkWinograd
winograd_backward (const EqkConvShape *s, int first, int h, int w)
{
  return (EqkWinograd) { .n = s->n, .src_h = s->out_h, .src_w = s->out_w, .cin = s->cout, .cout = s->cin, .k = s->k,
                         .origin = first - (s->k - 1), .pad_mode = EQK_PAD_ZEROS, .out_h = h, .out_w = w };
}
#endif

/* --- forward --- */

size_t
EQK_SYM (conv_prepared_size) (const EqkConvShape *shape)
{
  const View v = forward_view (shape);

#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (shape))
    {
      const EqkWinograd w = winograd_forward (shape);

      return conv_reals (EQK_SYM (winograd_filter_size) (&w));
    }
#endif
  return conv_reals (packed_size (&v));
}

void
EQK_SYM (conv_prepare) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *filter, eqk_real *prepared)
{
  const View v = forward_view (shape);

#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (shape))
    {
      const EqkWinograd w = winograd_forward (shape);

      EQK_SYM (winograd_filter) (&w, pool, filter, false, prepared);
      return;
    }
#endif
  pack_filter (&v, shape->k, pool, filter, prepared);
}

void
EQK_SYM (conv_forward_prepared) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x, const eqk_real *prepared,
                                 const eqk_real *bias, eqk_real *y, void *scratch)
{
  const View v = forward_view (shape);

#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (shape))
    {
      const EqkWinograd w = winograd_forward (shape);

      EQK_SYM (winograd_run) (&w, pool, x, prepared, bias, y, scratch);
      return;
    }
#endif
  run_view (&v, pool, x, prepared, bias, y, scratch);
}

void
EQK_SYM (conv_forward) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *x, const eqk_real *filter,
                        const eqk_real *bias, eqk_real *y, void *scratch)
{
  eqk_real *prepared = scratch;

  EQK_SYM (conv_prepare) (shape, pool, filter, prepared);
  EQK_SYM (conv_forward_prepared) (shape, pool, x, prepared, bias, y,
                                   (char *) scratch + EQK_SYM (conv_prepared_size) (shape));
}

/* --- gradient of the data --- */

/* With any other padding than zeros the gradient is taken for the padded input and its border folded back, for a few
   images at a time. */
static bool
has_fold (const EqkConvShape *s)
{
  return s->pad > 0 && s->pad_mode != EQK_PAD_ZEROS;
}

static int
fold_images (const EqkConvShape *s)
{
  const size_t image = (size_t) (s->h + 2 * s->pad) * (size_t) (s->w + 2 * s->pad) * (size_t) s->cin * sizeof (eqk_real);

  return conv_max (1, conv_min (s->n, (int) (GROUP_BYTES / image)));
}

/* The view of every phase, and the packed filters of them all one after the other. */
static size_t
backward_sizes (const EqkConvShape *s, int n_threads, size_t *lanes)
{
  const int first = has_fold (s) ? 0 : s->pad, grow = has_fold (s) ? 2 * s->pad : 0;
  size_t packed = 0;

  *lanes = 0;
  for (int py = 0; py < s->stride; py++)
    for (int px = 0; px < s->stride; px++)
      {
        ptrdiff_t start;
        const View v = backward_view (s, py, px, first, s->h + grow, s->w + grow, &start);

        if (v.n_ty == 0 || v.n_tx == 0 || v.out_h <= 0 || v.out_w <= 0)
          continue;
        packed += conv_reals (packed_size (&v));
        *lanes = view_scratch (&v, n_threads) > *lanes ? view_scratch (&v, n_threads) : *lanes;
      }
  return packed;
}

static void
backward_direct (const EqkConvShape *s, EqkPool *pool, const eqk_real *dy, const eqk_real *filter, bool pack,
                 eqk_real *dx, char *scratch)
{
  const int first = has_fold (s) ? 0 : s->pad, grow = has_fold (s) ? 2 * s->pad : 0;
  size_t unused;
  char *packed = scratch, *lanes = scratch + backward_sizes (s, 1, &unused);

  for (int py = 0; py < s->stride; py++)
    for (int px = 0; px < s->stride; px++)
      {
        ptrdiff_t start;
        const View v = backward_view (s, py, px, first, s->h + grow, s->w + grow, &start);

        if (v.out_h <= 0 || v.out_w <= 0)
          continue;
        if (pack && v.n_ty > 0 && v.n_tx > 0)
          pack_filter (&v, s->k, pool, filter, (eqk_real *) packed);
        run_view (&v, pool, dy, (eqk_real *) packed, NULL, dx + start, lanes);
        if (v.n_ty > 0 && v.n_tx > 0)
          packed += conv_reals (packed_size (&v));
      }
}

/* dx of one image from the gradient of its padded version. */
typedef struct
{
  const EqkConvShape *shape;
  const eqk_real     *padded;
  eqk_real           *dx;
} Fold;

static void
fold_chunk (void *data, size_t chunk, int lane)
{
  const Fold *f = data;
  const EqkConvShape *s = f->shape;
  const int ph = s->h + 2 * s->pad, pw = s->w + 2 * s->pad, c = s->cin;
  const eqk_real *from = f->padded + chunk * (size_t) ph * (size_t) pw * (size_t) c;
  eqk_real *dx = f->dx + chunk * (size_t) s->h * (size_t) s->w * (size_t) c;

  memset (dx, 0, (size_t) s->h * (size_t) s->w * (size_t) c * sizeof *dx);
  for (int y = 0; y < ph; y++)
    {
      eqk_real *row = dx + (size_t) conv_pad_index (s->pad_mode, y - s->pad, s->h) * (size_t) s->w * (size_t) c;

      for (int x = 0; x < pw; x++, from += c)
        {
          eqk_real *to = row + (size_t) conv_pad_index (s->pad_mode, x - s->pad, s->w) * (size_t) c;

          for (int i = 0; i < c; i++)
            to[i] += from[i];
        }
    }
}

static size_t
backward_data_scratch (const EqkConvShape *s, int n_threads)
{
  EqkConvShape part = *s;
  size_t bytes = 0, lanes;

  if (has_fold (s))
    {
      part.n = fold_images (s);
      bytes = conv_reals ((size_t) part.n * (size_t) (s->h + 2 * s->pad) * (size_t) (s->w + 2 * s->pad) * (size_t) s->cin);
    }
#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (s))
    {
      const int grow = has_fold (s) ? 2 * s->pad : 0;
      EqkWinograd w = winograd_backward (&part, has_fold (s) ? 0 : s->pad, s->h + grow, s->w + grow);

      return bytes + conv_reals (EQK_SYM (winograd_filter_size) (&w)) + EQK_SYM (winograd_scratch) (&w, n_threads);
    }
#endif
  bytes += backward_sizes (&part, n_threads, &lanes);
  return bytes + lanes;
}

void
EQK_SYM (conv_backward_data) (const EqkConvShape *shape, EqkPool *pool, const eqk_real *dy, const eqk_real *filter,
                              eqk_real *dx, void *scratch)
{
  const bool fold = has_fold (shape);
  const int grow = fold ? 2 * shape->pad : 0, h = shape->h + grow, w = shape->w + grow;
  const int images = fold ? fold_images (shape) : shape->n;
  char *left = scratch;
  eqk_real *padded = fold ? conv_take (&left, (size_t) images * (size_t) h * (size_t) w * (size_t) shape->cin) : NULL;

  for (int first = 0; first < shape->n; first += images)
    {
      EqkConvShape part = *shape;
      const eqk_real *dy_part = dy + (size_t) first * (size_t) (shape->out_h * shape->out_w) * (size_t) shape->cout;
      eqk_real *dx_part = dx + (size_t) first * (size_t) (shape->h * shape->w) * (size_t) shape->cin;
      eqk_real *to = fold ? padded : dx_part;

      part.n = conv_min (images, shape->n - first);
#if EQK_REAL_BITS == 32
      if (EQK_SYM (conv_uses_winograd) (shape))
        {
          const EqkWinograd wino = winograd_backward (&part, fold ? 0 : shape->pad, h, w);
          char *rest = left;
          eqk_real *u = conv_take (&rest, EQK_SYM (winograd_filter_size) (&wino));

          if (first == 0)
            EQK_SYM (winograd_filter) (&wino, pool, filter, true, u);
          EQK_SYM (winograd_run) (&wino, pool, dy_part, u, NULL, to, rest);
        }
      else
#endif
        backward_direct (&part, pool, dy_part, filter, first == 0, to, left);
      if (fold)
        {
          Fold f = { shape, padded, dx_part };

          eqk_pool_run (pool, (size_t) part.n, fold_chunk, &f);
        }
    }
}

/* --- sizes --- */

size_t
EQK_SYM (conv_scratch) (const EqkConvShape *shape, int n_threads, EqkConvPass pass)
{
  const View v = forward_view (shape);

  switch (pass)
    {
    case EQK_CONV_BACKWARD_DATA:
      return backward_data_scratch (shape, n_threads);
    case EQK_CONV_BACKWARD_FILTER:
      return EQK_SYM (conv_backward_filter_scratch) (shape, n_threads);
    default:
      break;
    }
#if EQK_REAL_BITS == 32
  if (EQK_SYM (conv_uses_winograd) (shape))
    {
      const EqkWinograd w = winograd_forward (shape);

      return EQK_SYM (conv_prepared_size) (shape) + EQK_SYM (winograd_scratch) (&w, n_threads);
    }
#endif
  return EQK_SYM (conv_prepared_size) (shape) + view_scratch (&v, n_threads);
}
