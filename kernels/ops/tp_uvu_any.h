/*
 * Included by tp_uvu.c once for each width of a register of copies, TP_VEC (TP_VECU: unaligned), and for a single copy: paths of any degree, by
 * their tables. TP_NAME (f) names the functions.
 */

static void
TP_NAME (forward) (const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, eqk_real *z, int u)
{
  for (int r = 0, e = 0; r < b->n_runs; r++)
    for (bool fresh = r >= b->fresh; e < b->end[r]; e++, fresh = false)
      {
        const eqk_real *xe = x + b->other[e] + u;
        const TP_VEC    we = *(const TP_VECU *) (w + b->weights[e] + path->weight + u);

        for (int k = 0; k < path->n_k; k++)
          {
            TP_VECU *to = (TP_VECU *) (z + b->own[r] + path->to + (size_t) k * (size_t) path->to_stride + u);
            TP_VEC   t = { 0 };

            for (int32_t q = p->row_k[path->by_k + k]; q < p->row_k[path->by_k + k + 1]; q++)
              t += m[p->pairs[q].slot * EQK_LANES + e] * *(const TP_VECU *) (xe + p->pairs[q].x);
            if (fresh)
              *to = we * t;
            else
              *to += we * t;
          }
      }
}

/* a[i] of edge e, from g of the edge's target. */
static inline TP_VEC
TP_NAME (along) (const EqkTpParams *p, const EqkTpPath *path, const eqk_real *m, const eqk_real *g, int e, int i)
{
  TP_VEC a = { 0 };

  for (int32_t s = p->row_i[path->by_i + i]; s < p->row_i[path->by_i + i + 1]; s++)
    {
      const EqkTpPair *pair = &p->pairs[p->order_i[s]];

      a += m[pair->slot * EQK_LANES + e] * *(const TP_VECU *) (g + pair->z);
    }
  return a;
}

static void
TP_NAME (spread) (const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *w, const eqk_real *m, const eqk_real *g, eqk_real *gx, int u)
{
  for (int r = 0, e = 0; r < b->n_runs; r++)
    for (; e < b->end[r]; e++)
      {
        const TP_VEC we = *(const TP_VECU *) (w + b->weights[e] + path->weight + u);

        for (int i = 0; i < path->n_i; i++)
          *(TP_VECU *) (gx + b->own[r] + path->from + (size_t) i * (size_t) path->from_stride + u) += we * TP_NAME (along) (p, path, m, g + b->other[e] + u, e, i);
      }
}

static void
TP_NAME (reverse) (const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *x, const eqk_real *w, const eqk_real *m, const eqk_real *g, eqk_real *gx,
                   eqk_real *gw, bool add, int u)
{
  for (int r = 0, e = 0; r < b->n_runs; r++)
    for (; e < b->end[r]; e++)
      {
        const size_t at = b->weights[e] + (size_t) path->weight + (size_t) u;
        const TP_VEC we = *(const TP_VECU *) (w + at);
        TP_VEC       sum = { 0 };

        for (int i = 0; i < path->n_i; i++)
          {
            const size_t from = b->other[e] + (size_t) path->from + (size_t) i * (size_t) path->from_stride + (size_t) u;
            const TP_VEC a = TP_NAME (along) (p, path, m, g + b->own[r] + u, e, i);

            sum += *(const TP_VECU *) (x + from) * a;
            if (gx != NULL)
              *(TP_VECU *) (gx + from) += we * a;
          }
        if (gw != NULL && add)
          sum += *(const TP_VECU *) (gw + at);
        if (gw != NULL)
          *(TP_VECU *) (gw + at) = sum;
      }
}

static void
TP_NAME (harmonics) (const EqkTpParams *p, const EqkTpPath *path, const EqkTpBlock *b, const eqk_real *c, const eqk_real *x, const eqk_real *w, const eqk_real *g, eqk_vec *gy,
                     int u)
{
  const int32_t first = p->row_k[path->by_k], last = p->row_k[path->by_k + path->n_k];

  for (int r = 0, e = 0; r < b->n_runs; r++)
    for (; e < b->end[r]; e++)
      {
        const TP_VEC we = *(const TP_VECU *) (w + b->weights[e] + path->weight + u);

        for (int32_t q = first; q < last; q++)
          {
            const EqkTpPair *pair = &p->pairs[q];
            const TP_VEC     d = we * *(const TP_VECU *) (x + b->other[e] + pair->x + u) * *(const TP_VECU *) (g + b->own[r] + pair->z + u);

            for (int32_t t = pair->first; t < pair[1].first; t++)
              *(TP_VECU *) &gy[(size_t) e * (size_t) p->n_sh + (size_t) p->term[t]] += c[t] * d;
          }
      }
}
