/*
 * Winograd's minimal filtering with the points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity (Lavin and Gray 2015,
 * arXiv:1509.09308, with Toom-Cook matrices). A tile has 8 x 8 inputs whatever k is, so one input transform B serves
 * k = 3, 5 and 7:
 *
 *   V = B^T d B,   U = G g G^T,   M[f] = V[f] U[f] for the 64 frequencies f,   y = A^T M A
 *   G[j, c] = p_j^c / N_j,   A[i, j] = p_j^i  (last point: only the highest power),   N_j = prod_{l != j} (p_j - p_l)
 *
 * and the filter's gradient is dg = G^T (V[f]^T (A dy A^T)[f]) G. With E_n, the evaluation of a polynomial of n
 * coefficients at the points, A = E_m and G = E_k / N: two inline functions (evaluate and its transpose) make all of
 * the transforms but B.
 *
 * A block of tiles is small enough that V and M stay in cache. Frequencies lie apart by an odd number of cache lines:
 * 64 streams at a multiple of 4 KiB would fall into one set of the L1 cache.
 */

#include "ops/winograd.h"

#if EQK_REAL_BITS == 32

#include "ops/conv_view.h"
#include "ops/tile.h"

#define ALPHA 8
#define FREQS 64
#define L     EQK_LANES

static const float norm[ALPHA] = { 1.0f, -2.0f / 9.0f, -2.0f / 9.0f, 1.0f / 90.0f, 1.0f / 90.0f, 32.0f / 45.0f,
                                   32.0f / 45.0f, 1.0f };

/* --- one-dimensional transforms of vectors; strides in vectors --- */

TILE_INLINE void
transform_input (const eqk_vec *d, int ds, eqk_vec *o, int os)
{
  const eqk_vec d0 = d[0], d1 = d[ds], d2 = d[2 * ds], d3 = d[3 * ds], d4 = d[4 * ds], d5 = d[5 * ds], d6 = d[6 * ds],
                d7 = d[7 * ds];
  const eqk_vec e1 = d2 + d6 - 4.25f * d4, o1 = d1 + d5 - 4.25f * d3;
  const eqk_vec e2 = d6 + 0.25f * d2 - 1.25f * d4, o2 = 0.5f * d1 - 2.5f * d3 + 2.0f * d5;
  const eqk_vec e3 = d6 + 4.0f * d2 - 5.0f * d4, o3 = 2.0f * d1 - 2.5f * d3 + 0.5f * d5;

  o[0] = d0 - d6 + 5.25f * (d4 - d2);
  o[os] = e1 + o1;
  o[2 * os] = e1 - o1;
  o[3 * os] = e2 + o2;
  o[4 * os] = e2 - o2;
  o[5 * os] = e3 + o3;
  o[6 * os] = e3 - o3;
  o[7 * os] = d7 - d1 + 5.25f * (d3 - d5);
}

/* o = E_n d: the polynomial with coefficients d at the points; times the norms with `scaled`. */
TILE_INLINE void
evaluate (const int n, const bool scaled, const eqk_vec *d, int ds, eqk_vec *o, int os)
{
  static const float points[3] = { 1.0f, 2.0f, 0.5f };

  o[0] = d[0];
  EQK_UNROLL (3)
  for (int p = 0; p < 3; p++)
    {
      eqk_vec even = d[0], odd = points[p] * d[ds];
      float power = points[p] * points[p];

      EQK_UNROLL (8)
      for (int i = 2; i < n; i++)
        {
          if (i % 2 == 0)
            even += power * d[i * ds];
          else
            odd += power * d[i * ds];
          power *= points[p];
        }
      o[(1 + 2 * p) * os] = scaled ? norm[1 + 2 * p] * (even + odd) : even + odd;
      o[(2 + 2 * p) * os] = scaled ? norm[2 + 2 * p] * (even - odd) : even - odd;
    }
  o[7 * os] = d[(n - 1) * ds];
}

/* o = E_n^T d. */
TILE_INLINE void
accumulate (const int n, const bool scaled, const eqk_vec *d, int ds, eqk_vec *o, int os)
{
  eqk_vec s[3], t[3];

  EQK_UNROLL (3)
  for (int p = 0; p < 3; p++)
    {
      s[p] = d[(1 + 2 * p) * ds] + d[(2 + 2 * p) * ds];
      t[p] = d[(1 + 2 * p) * ds] - d[(2 + 2 * p) * ds];
      if (scaled)
        {
          s[p] *= norm[1 + 2 * p];
          t[p] *= norm[1 + 2 * p];
        }
    }
  EQK_UNROLL (8)
  for (int i = 0; i < n; i++)
    {
      const float two = (float) (1 << i), half = 1.0f / two;
      eqk_vec v = i % 2 == 0 ? s[0] + (two * s[1] + half * s[2]) : t[0] + (two * t[1] + half * t[2]);

      if (i == 0)
        v += d[0];
      if (i == n - 1)
        v += d[7 * ds];
      o[i * os] = v;
    }
}

/* --- sizes --- */

typedef struct
{
  const EqkWinograd *w;
  int             m;                  /* outputs of a tile in each direction */
  int             tiles_x, tiles_y;   /* of an image */
  int             n_tiles;
  int             block;              /* tiles of a block */
  int             co_block;           /* columns of M at a time */
  ptrdiff_t       v_freq, m_freq;     /* distance of frequencies in V and M */
  const eqk_real *x, *u, *bias;
  const eqk_real *dy;
  eqk_real       *y, *to_u, *dfilter;
  const eqk_real *filter;
  bool            flip;
  char           *lanes;
  size_t          lane_bytes;
  eqk_real       *v, *du, *zeros;     /* of the gradient: shared */
  int             first, count;       /* tiles of the present block */
} Job;

/* Distance of frequencies for n reals each: whole cache lines, an odd number of them. */
static ptrdiff_t
freq_distance (size_t n)
{
  const size_t line = CONV_ALIGN / sizeof (eqk_real);

  return (ptrdiff_t) (((n + line - 1) / line | 1) * line);
}

static Job
plan_job (const EqkWinograd *w)
{
  Job j = { .w = w, .m = ALPHA + 1 - w->k };

  j.tiles_x = (w->out_w + j.m - 1) / j.m;
  j.tiles_y = (w->out_h + j.m - 1) / j.m;
  j.n_tiles = w->n * j.tiles_x * j.tiles_y;
  return j;
}

/* Blocks for the data passes: V and M of a block in 1 MB, about the L2 cache, at most 96 tiles. */
static Job
plan_run (const EqkWinograd *w)
{
  Job j = plan_job (w);
  const int co = round_vectors (w->cout), room = 1024 * 1024 / (FREQS * (int) sizeof (eqk_real));

  j.co_block = conv_min (co, conv_max (TILE_WIDTH, 64 / TILE_WIDTH * TILE_WIDTH));
  j.block = conv_min (96, room / (w->cin + j.co_block)) / TILE_M * TILE_M;
  j.block = conv_max (j.block, 2 * TILE_M);
  if (j.n_tiles < 4 * j.block)   /* few images: something for every thread to do */
    j.block = conv_max (TILE_M, (j.n_tiles + 3) / 4);
  j.v_freq = freq_distance ((size_t) j.block * (size_t) w->cin);
  j.m_freq = freq_distance ((size_t) j.block * (size_t) j.co_block);
  return j;
}

static size_t
lane_bytes (const Job *j)
{
  return conv_reals ((size_t) round_vectors (j->w->cin)) + conv_reals (FREQS * (size_t) j->v_freq) +
         conv_reals (FREQS * (size_t) j->m_freq);
}

/* --- filter transform --- */

/* Distance of frequencies in U; within one: panels of [cin][panel width]. */
static size_t
u_freq (const EqkWinograd *w)
{
  return (size_t) w->cin * (size_t) round_vectors (w->cout);
}

size_t
EQK_SYM (winograd_filter_size) (const EqkWinograd *self)
{
  return FREQS * u_freq (self);
}

TILE_INLINE void
filter_block (const EqkWinograd *w, const int k, const eqk_real *filter, bool flip, int ci, int co, eqk_real *u)
{
  const int left = conv_min (L, w->cout - co);
  const size_t step = (size_t) w->cin * (size_t) w->cout;
  eqk_vec g[7 * 7], t[7 * ALPHA], o[ALPHA];

  for (int i = 0; i < k * k; i++)
    if (flip)
      {
        const eqk_real *from = filter + (size_t) (k * k - 1 - i) * step + (size_t) co * (size_t) w->cin + ci;

        g[i] = (eqk_vec) { 0 };
        for (int l = 0; l < left; l++)
          g[i][l] = from[(size_t) l * (size_t) w->cin];
      }
    else
      {
        const eqk_real *from = filter + (size_t) i * step + (size_t) ci * (size_t) w->cout + co;

        g[i] = left == L ? vec_load (from) : vec_load_part (from, left);
      }
  for (int r = 0; r < k; r++)
    evaluate (k, true, g + r * k, 1, t + r * ALPHA, 1);
  for (int c = 0; c < ALPHA; c++)
    {
      evaluate (k, true, t + c, ALPHA, o, 1);
      for (int r = 0; r < ALPHA; r++)
        vec_store (u + (size_t) (r * ALPHA + c) * u_freq (w), o[r]);
    }
}

/* A chunk is one vector of output channels. */
static void
filter_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const EqkWinograd *w = j->w;
  const int co = (int) chunk * L, panel = co / TILE_WIDTH * TILE_WIDTH;
  const int width = tile_vectors (w->cout - panel) * L;
  eqk_real *u = j->to_u + (size_t) panel * (size_t) w->cin + (co - panel);

  for (int ci = 0; ci < w->cin; ci++, u += width)
    switch (w->k)
      {
      case 3: filter_block (w, 3, j->filter, j->flip, ci, co, u); break;
      case 5: filter_block (w, 5, j->filter, j->flip, ci, co, u); break;
      default: filter_block (w, 7, j->filter, j->flip, ci, co, u); break;
      }
}

void
EQK_SYM (winograd_filter) (const EqkWinograd *self, EqkPool *pool, const eqk_real *filter, bool flip, eqk_real *u)
{
  Job job = { .w = self, .filter = filter, .flip = flip, .to_u = u };

  eqk_pool_run (pool, (size_t) (round_vectors (self->cout) / L), filter_chunk, &job);
}

/* --- tiles --- */

typedef struct
{
  int image, y, x;   /* first output row and column */
} Tile;

static Tile
tile_at (const Job *j, int tile)
{
  const int per_image = j->tiles_x * j->tiles_y, in_image = tile % per_image;

  return (Tile) { tile / per_image, in_image / j->tiles_x * j->m, in_image % j->tiles_x * j->m };
}

/* V of one tile: at v, frequencies v_freq apart. zeros: cin zeros. */
static void
input_tile (const Job *j, Tile tile, eqk_real *v, const eqk_real *zeros)
{
  const EqkWinograd *w = j->w;
  const int cin = w->cin;
  const eqk_real *image = j->x + (size_t) tile.image * (size_t) w->src_h * (size_t) w->src_w * (size_t) cin;
  const eqk_real *from[FREQS];
  const int y = tile.y + w->origin, x = tile.x + w->origin;
  int cols[ALPHA];

  for (int c = 0; c < ALPHA; c++)
    cols[c] = conv_pad_index (w->pad_mode, x + c, w->src_w);
  for (int r = 0; r < ALPHA; r++)
    {
      const int row = conv_pad_index (w->pad_mode, y + r, w->src_h);

      for (int c = 0; c < ALPHA; c++)
        from[r * ALPHA + c] = row < 0 || cols[c] < 0 ? zeros
                              : image + ((size_t) row * (size_t) w->src_w + (size_t) cols[c]) * (size_t) cin;
    }

  for (int ch = 0; ch < cin; ch += L)
    {
      const int left = cin - ch;
      eqk_vec t[FREQS];

      for (int r = 0; r < ALPHA; r++)
        {
          eqk_vec d[ALPHA];

          if (left >= L)
            EQK_UNROLL (8)
            for (int c = 0; c < ALPHA; c++)
              d[c] = vec_load (from[r * ALPHA + c] + ch);
          else
            for (int c = 0; c < ALPHA; c++)
              d[c] = vec_load_part (from[r * ALPHA + c] + ch, left);
          transform_input (d, 1, t + r * ALPHA, 1);
        }
      for (int c = 0; c < ALPHA; c++)
        {
          eqk_vec o[ALPHA];
          eqk_real *to = v + ch + c * j->v_freq;

          transform_input (t + c, ALPHA, o, 1);
          if (left >= L)
            EQK_UNROLL (8)
            for (int r = 0; r < ALPHA; r++)
              vec_store (to + r * ALPHA * j->v_freq, o[r]);
          else
            for (int r = 0; r < ALPHA; r++)
              vec_store_part (to + r * ALPHA * j->v_freq, o[r], left);
        }
    }
}

/* The outputs of one tile, channels co .. co + n of it, from M at mp. */
TILE_INLINE void
output_tile (const Job *j, const int m, Tile tile, const eqk_real *mp, int co, int n)
{
  const EqkWinograd *w = j->w;
  const int rows = conv_min (m, w->out_h - tile.y), cols = conv_min (m, w->out_w - tile.x);
  const size_t row_step = (size_t) w->out_w * (size_t) w->cout;
  eqk_real *y = j->y + ((size_t) tile.image * (size_t) w->out_h + (size_t) tile.y) * row_step +
                (size_t) tile.x * (size_t) w->cout + co;

  for (int ch = 0; ch < n; ch += L)
    {
      const int left = n - ch;
      eqk_vec t[6 * ALPHA], bias = { 0 };

      if (j->bias != NULL)
        bias = left >= L ? vec_load (j->bias + co + ch) : vec_load_part (j->bias + co + ch, left);
      for (int c = 0; c < ALPHA; c++)
        {
          eqk_vec d[ALPHA];

          EQK_UNROLL (8)
          for (int r = 0; r < ALPHA; r++)
            d[r] = vec_load (mp + (r * ALPHA + c) * j->m_freq + ch);
          accumulate (m, false, d, 1, t + c, ALPHA);
        }
      for (int r = 0; r < rows; r++)
        {
          eqk_real *to = y + (size_t) r * row_step + ch;
          eqk_vec o[6];

          accumulate (m, false, t + r * ALPHA, 1, o, 1);
          if (left >= L && cols == m)
            EQK_UNROLL (6)
            for (int c = 0; c < m; c++)
              vec_store (to + (size_t) c * (size_t) w->cout, o[c] + bias);
          else
            for (int c = 0; c < cols; c++)
              vec_store_part (to + (size_t) c * (size_t) w->cout, o[c] + bias, conv_min (L, left));
        }
    }
}

static void
run_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const EqkWinograd *w = j->w;
  const int first = (int) chunk * j->block, count = conv_min (j->block, j->n_tiles - first);
  char *scratch = j->lanes + (size_t) lane * j->lane_bytes;
  eqk_real *zeros = conv_take (&scratch, (size_t) round_vectors (w->cin));
  eqk_real *v = conv_take (&scratch, FREQS * (size_t) j->v_freq);
  eqk_real *mp = conv_take (&scratch, FREQS * (size_t) j->m_freq);
  const ptrdiff_t start = 0;

  memset (zeros, 0, (size_t) w->cin * sizeof *zeros);
  for (int i = 0; i < count; i++)
    input_tile (j, tile_at (j, first + i), v + (size_t) i * (size_t) w->cin, zeros);

  for (int co = 0; co < w->cout; co += j->co_block)
    {
      const int n = conv_min (j->co_block, w->cout - co);
      TileNN t = { .lda = w->cin, .offset = &start, .n_segments = 1, .len = w->cin, .ldc = j->co_block };

      for (int f = 0; f < FREQS; f++)
        for (int col = 0; col < n; col += TILE_WIDTH)
          {
            t.ldb = tile_vectors (n - col) * L;
            t.n_cols = (int) t.ldb;
            tile_nn_rows (&t, count, v + f * j->v_freq,
                          j->u + (size_t) f * u_freq (w) + (size_t) (co + col) * (size_t) w->cin,
                          mp + f * j->m_freq + col);
          }
      for (int i = 0; i < count; i++)
        {
          const Tile tile = tile_at (j, first + i);

          switch (j->m)
            {
            case 6: output_tile (j, 6, tile, mp + (size_t) i * (size_t) j->co_block, co, n); break;
            case 4: output_tile (j, 4, tile, mp + (size_t) i * (size_t) j->co_block, co, n); break;
            default: output_tile (j, 2, tile, mp + (size_t) i * (size_t) j->co_block, co, n); break;
            }
        }
    }
}

size_t
EQK_SYM (winograd_scratch) (const EqkWinograd *self, int n_threads)
{
  const Job j = plan_run (self);

  return (size_t) n_threads * lane_bytes (&j);
}

void
EQK_SYM (winograd_run) (const EqkWinograd *self, EqkPool *pool, const eqk_real *x, const eqk_real *u,
                        const eqk_real *bias, eqk_real *y, void *scratch)
{
  Job j = plan_run (self);

  j.x = x;
  j.u = u;
  j.bias = bias;
  j.y = y;
  j.lanes = scratch;
  j.lane_bytes = lane_bytes (&j);
  eqk_pool_run (pool, (size_t) ((j.n_tiles + j.block - 1) / j.block), run_chunk, &j);
}

/* --- gradient of the filter --- */

/* Blocks for the gradient: V and the transformed dy of a block, which threads share, in about 3 MB. */
static Job
plan_gradient (const EqkWinograd *w)
{
  Job j = plan_job (w);
  const int co = round_vectors (w->cout), room = 3072 * 1024 / (FREQS * (int) sizeof (eqk_real));

  j.co_block = co;
  j.block = conv_min (j.n_tiles, conv_max (24, conv_min (128, room / (w->cin + co) / 8 * 8)));
  j.v_freq = freq_distance ((size_t) j.block * (size_t) w->cin);
  j.m_freq = freq_distance ((size_t) j.block * (size_t) co);
  return j;
}

/* W = A dy A^T of one tile. */
TILE_INLINE void
gradient_tile (const Job *j, const int m, Tile tile, eqk_real *to)
{
  const EqkWinograd *w = j->w;
  const int rows = conv_min (m, w->out_h - tile.y), cols = conv_min (m, w->out_w - tile.x), cout = w->cout;
  const size_t row_step = (size_t) w->out_w * (size_t) cout;
  const eqk_real *dy = j->dy + ((size_t) tile.image * (size_t) w->out_h + (size_t) tile.y) * row_step +
                       (size_t) tile.x * (size_t) cout;

  for (int ch = 0; ch < cout; ch += L)
    {
      const int left = cout - ch;
      eqk_vec t[6 * ALPHA];

      for (int r = 0; r < m; r++)
        {
          const eqk_real *from = dy + (size_t) r * row_step + ch;
          eqk_vec d[6];

          if (left >= L && cols == m && r < rows)
            EQK_UNROLL (6)
            for (int c = 0; c < m; c++)
              d[c] = vec_load (from + (size_t) c * (size_t) cout);
          else
            for (int c = 0; c < m; c++)
              d[c] = r < rows && c < cols ? vec_load_part (from + (size_t) c * (size_t) cout, conv_min (L, left))
                                          : (eqk_vec) { 0 };
          evaluate (m, false, d, 1, t + r * ALPHA, 1);
        }
      for (int c = 0; c < ALPHA; c++)
        {
          eqk_vec o[ALPHA];

          evaluate (m, false, t + c, ALPHA, o, 1);
          EQK_UNROLL (8)
          for (int r = 0; r < ALPHA; r++)
            vec_store (to + (r * ALPHA + c) * j->m_freq + ch, o[r]);
        }
    }
}

/* Both transforms of a few tiles. */
#define GRADIENT_TILES 4

static void
gradient_transform_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const int end = conv_min (j->count, ((int) chunk + 1) * GRADIENT_TILES);
  eqk_real *wt = j->v + FREQS * (size_t) j->v_freq;

  for (int i = (int) chunk * GRADIENT_TILES; i < end; i++)
    {
      const Tile tile = tile_at (j, j->first + i);
      eqk_real *to = wt + (size_t) i * (size_t) j->co_block;

      input_tile (j, tile, j->v + (size_t) i * (size_t) j->w->cin, j->zeros);
      switch (j->m)
        {
        case 6: gradient_tile (j, 6, tile, to); break;
        case 4: gradient_tile (j, 4, tile, to); break;
        default: gradient_tile (j, 2, tile, to); break;
        }
    }
}

/* dU[f] += V[f]^T W[f]: a frequency has one owner, and blocks come in order, so the sum has a fixed order. */
static void
gradient_product_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const EqkWinograd *w = j->w;
  const eqk_real *v = j->v + (ptrdiff_t) chunk * j->v_freq;
  const eqk_real *wt = j->v + FREQS * j->v_freq + (ptrdiff_t) chunk * j->m_freq;
  eqk_real *du = j->du + chunk * u_freq (w);
  TileTN t = { .lda = w->cin, .ldb = j->co_block, .n_images = 1, .n_rows = 1, .len = j->count };

  if (j->first == 0)
    memset (du, 0, u_freq (w) * sizeof *du);
  for (int col = 0; col < w->cout; col += TILE_WIDTH)
    {
      t.ldc = tile_vectors (w->cout - col) * L;
      t.n_cols = (int) t.ldc;
      tile_tn_rows (&t, w->cin, v, wt + col, du + (size_t) col * (size_t) w->cin);
    }
}

TILE_INLINE void
gradient_filter_block (const EqkWinograd *w, const int k, const eqk_real *du, int ci, int co, eqk_real *dfilter)
{
  const int left = conv_min (L, w->cout - co);
  eqk_vec t[7 * ALPHA], o[7];

  for (int c = 0; c < ALPHA; c++)
    {
      eqk_vec d[ALPHA];

      for (int r = 0; r < ALPHA; r++)
        d[r] = vec_load (du + (size_t) (r * ALPHA + c) * u_freq (w));
      accumulate (k, true, d, 1, t + c, ALPHA);
    }
  for (int r = 0; r < k; r++)
    {
      accumulate (k, true, t + r * ALPHA, 1, o, 1);
      for (int c = 0; c < k; c++)
        {
          eqk_real *to = dfilter + ((size_t) (r * k + c) * (size_t) w->cin + (size_t) ci) * (size_t) w->cout + co;

          if (left == L)
            vec_store (to, o[c]);
          else
            vec_store_part (to, o[c], left);
        }
    }
}

static void
gradient_filter_chunk (void *data, size_t chunk, int lane)
{
  const Job *j = data;
  const EqkWinograd *w = j->w;
  const int co = (int) chunk * L, panel = co / TILE_WIDTH * TILE_WIDTH;
  const int width = tile_vectors (w->cout - panel) * L;
  const eqk_real *du = j->du + (size_t) panel * (size_t) w->cin + (co - panel);

  for (int ci = 0; ci < w->cin; ci++, du += width)
    switch (w->k)
      {
      case 3: gradient_filter_block (w, 3, du, ci, co, j->dfilter); break;
      case 5: gradient_filter_block (w, 5, du, ci, co, j->dfilter); break;
      default: gradient_filter_block (w, 7, du, ci, co, j->dfilter); break;
      }
}

size_t
EQK_SYM (winograd_gradient_scratch) (const EqkWinograd *self, int n_threads)
{
  const Job j = plan_gradient (self);

  return conv_reals ((size_t) round_vectors (self->cin)) + conv_reals (FREQS * (size_t) (j.v_freq + j.m_freq)) +
         conv_reals (FREQS * u_freq (self));
}

void
EQK_SYM (winograd_gradient) (const EqkWinograd *self, EqkPool *pool, const eqk_real *x, const eqk_real *dy,
                             eqk_real *dfilter, void *scratch)
{
  Job j = plan_gradient (self);
  char *left = scratch;

  j.x = x;
  j.dy = dy;
  j.dfilter = dfilter;
  j.zeros = conv_take (&left, (size_t) round_vectors (self->cin));
  j.v = conv_take (&left, FREQS * (size_t) (j.v_freq + j.m_freq));
  j.du = conv_take (&left, FREQS * u_freq (self));
  memset (j.zeros, 0, (size_t) self->cin * sizeof *j.zeros);
  for (j.first = 0; j.first < j.n_tiles; j.first += j.block)
    {
      j.count = conv_min (j.block, j.n_tiles - j.first);
      eqk_pool_run (pool, (size_t) ((j.count + GRADIENT_TILES - 1) / GRADIENT_TILES), gradient_transform_chunk, &j);
      eqk_pool_run (pool, FREQS, gradient_product_chunk, &j);
    }
  eqk_pool_run (pool, (size_t) (round_vectors (self->cout) / L), gradient_filter_chunk, &j);
}

#else

typedef int eqk_winograd_is_float32_only;   /* an empty source is not C */

#endif
