/*
 * Neighbour structures of a batch: directed edges src -> dst inside each sample, those with |x_dst - x_src| <= cutoff or those
 * that come with the data, sorted by (dst, src), with index by target and by source. Made once a batch, before numbers.
 */

#include "graph/neighbours.h"
#include "graph/run-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_POINTS = 32 };

static double
coordinate (const EqkRun *run, int value, size_t node, int axis)
{
  return run->precision == EQK_F32 ? ((const float *) run->x[value])[3 * node + (size_t) axis]
                                   : ((const double *) run->x[value])[3 * node + (size_t) axis];
}

static bool
near (const EqkRun *run, const EqkStructureRule *rule, size_t a, size_t b)
{
  double r2 = 0;

  if (rule->complete)
    return true;
  for (int k = 0; k < 3; k++)
    {
      const double d = coordinate (run, rule->positions, a, k) - coordinate (run, rule->positions, b, k);

      r2 += d * d;
    }
  return r2 <= rule->cutoff * rule->cutoff;
}

void
eqk_structure_index_sources (EqkStructure *s)
{
  memset (s->by_src, 0, (s->n_nodes + 1) * sizeof *s->by_src);
  for (size_t e = 0; e < s->n_edges; e++)
    s->by_src[s->src[e] + 1]++;
  for (size_t i = 0; i < s->n_nodes; i++)
    s->by_src[i + 1] += s->by_src[i];
  for (size_t e = 0; e < s->n_edges; e++)
    s->src_edge[s->by_src[s->src[e]]++] = (int32_t) e;
  for (size_t i = s->n_nodes; i > 0; i--)
    s->by_src[i] = s->by_src[i - 1];
  s->by_src[0] = 0;
}

static EqkStatus
room_for (EqkRun *run, int i, EqkDiag *diag)
{
  EqkStructure *s = &run->priv->structures[i];

  if (s->src != NULL)
    return EQK_OK;
  const EqkSizes *all = &run->priv->capacity;
  const EqkExtent cap = eqk_sizes_of (all, i);

  s->node_offset = calloc ((size_t) all->batch + 1, sizeof (int32_t));
  s->src = calloc (cap.edges + 1, sizeof (int32_t));
  s->dst = calloc (cap.edges + 1, sizeof (int32_t));
  s->src_edge = calloc (cap.edges + 1, sizeof (int32_t));
  s->by_dst = calloc (cap.nodes + 2, sizeof (int32_t));
  s->by_src = calloc (cap.nodes + 2, sizeof (int32_t));
  s->pair_offset = calloc ((size_t) all->batch + 1, sizeof (size_t));
  if (run->program->n_structures > 0 && run->program->structures[0].cell >= 0 && (s->shift = calloc (3 * cap.edges + 3, sizeof (int32_t))) == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
  if (i > 0)
    {
      s->parent = run->program->selections[i - 1].parent;
      s->node_of = calloc (cap.nodes + 1, sizeof (int32_t));
      s->edge_of = calloc (cap.edges + 1, sizeof (int32_t));
      s->place = calloc (eqk_sizes_of (all, s->parent).nodes + 1, sizeof (int32_t));
      if (s->node_of == NULL || s->edge_of == NULL || s->place == NULL)
        return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
    }
  if (!s->pair_offset || !s->node_offset || !s->src || !s->dst || !s->src_edge || !s->by_dst || !s->by_src)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours");
  return EQK_OK;
}

/* Structure 0 also holds the nodes of each sample where a design has no edges at all. */
EqkStatus
eqk_run_set_nodes (EqkRun *self, const int32_t *nodes_per_sample, int n, EqkDiag *diag)
{
  if (n > self->priv->capacity.batch)
    return eqk_fail (diag, EQK_ERR_LIMIT, "%d samples", n);
  for (int k = 0; k < eqk_run_n_structures (self->program); k++)
    {
      EqkStructure *s = &self->priv->structures[k];
      EqkStatus     status = room_for (self, k, diag);

      if (status != EQK_OK)
        return status;
      if (k > 0)
        {
          eqk_selection_set_nodes (self, k);
          continue;
        }
      s->n_samples = n;
      s->n_nodes = 0;
      s->n_edges = 0;
      for (int i = 0; i < n; i++)
        {
          s->node_offset[i] = (int32_t) s->n_nodes;
          s->n_nodes += (size_t) nodes_per_sample[i];
          s->pair_offset[i + 1] = s->pair_offset[i] + (size_t) nodes_per_sample[i] * (size_t) nodes_per_sample[i];
        }
      s->node_offset[n] = (int32_t) s->n_nodes;
      memset (s->by_dst, 0, (s->n_nodes + 1) * sizeof *s->by_dst);
      memset (s->by_src, 0, (s->n_nodes + 1) * sizeof *s->by_src);
      if (s->n_nodes > self->priv->capacity.nodes)
        return eqk_fail (diag, EQK_ERR_LIMIT, "%zu nodes", s->n_nodes);
    }
  self->sizes.batch = n;
  self->sizes.nodes = self->priv->structures[0].n_nodes;
  self->sizes.pairs = self->priv->structures[0].pair_offset[n];
  return EQK_OK;
}

static EqkStatus
add_edge (EqkRun *run, EqkStructure *s, size_t *n, int32_t src, int32_t dst, const int32_t *shift, EqkDiag *diag)
{
  if (*n == run->priv->capacity.edges)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more than %zu edges", *n);
  if (s->shift != NULL)
    for (size_t k = 0; k < 3; k++)
      s->shift[3 * *n + k] = shift == NULL ? 0 : shift[k];
  s->src[*n] = src;
  s->dst[(*n)++] = dst;
  return EQK_OK;
}

static EqkStatus
pairs_of_sample (EqkRun *run, const EqkStructureRule *rule, EqkStructure *s, int i, size_t *n, EqkDiag *diag)
{
  for (int32_t dst = s->node_offset[i]; dst < s->node_offset[i + 1]; dst++)
    {
      s->by_dst[dst] = (int32_t) *n;
      for (int32_t src = s->node_offset[i]; src < s->node_offset[i + 1]; src++)
        if (src != dst && near (run, rule, (size_t) dst, (size_t) src) && add_edge (run, s, n, src, dst, NULL, diag) != EQK_OK)
          return EQK_ERR_LIMIT;
    }
  return EQK_OK;
}

/* Thickness of bins: the cut-off, or what holds about the wanted number of neighbours. */
static double
reach_of (const EqkStructureRule *rule, const double *x, size_t n)
{
  double lo[3] = { INFINITY, INFINITY, INFINITY }, hi[3] = { -INFINITY, -INFINITY, -INFINITY }, size = 0;

  if (rule->nearest <= 0)
    return rule->cutoff;
  for (size_t i = 0; i < 3 * n; i++)
    {
      lo[i % 3] = fmin (lo[i % 3], x[i]);
      hi[i % 3] = fmax (hi[i % 3], x[i]);
    }
  for (int k = 0; k < 3 && n > 0; k++)
    size = fmax (size, hi[k] - lo[k]);
  return n == 0 ? 0 : size * cbrt ((double) rule->nearest / (double) n);
}

static EqkStatus
ask (EqkCells *cells, const EqkStructureRule *rule, size_t i, EqkDiag *diag)
{
  const EqkStatus status = rule->nearest > 0 ? eqk_cells_nearest (cells, i, rule->nearest, diag) : eqk_cells_near (cells, i, rule->cutoff, diag);

  if (status == EQK_OK && rule->most > 0)
    eqk_cells_keep (cells, (size_t) rule->most);
  return status;
}

static EqkStatus
cells_of_sample (EqkRun *run, const EqkStructureRule *rule, EqkStructure *s, int i, size_t *n, EqkDiag *diag)
{
  const int32_t first = s->node_offset[i];
  const size_t  count = (size_t) (s->node_offset[i + 1] - first);
  double       *x = malloc ((3 * count + 1) * sizeof *x), cell[9];
  EqkCells      cells = { 0 };
  EqkStatus     status = x == NULL ? eqk_fail (diag, EQK_ERR_NO_MEMORY, "neighbours") : EQK_OK;

  for (size_t k = 0; status == EQK_OK && k < 3 * count; k++)
    x[k] = coordinate (run, rule->positions, (size_t) first + k / 3, (int) (k % 3));
  for (size_t k = 0; rule->cell >= 0 && k < 9; k++)
    cell[k] = coordinate (run, rule->cell, 3 * (size_t) i + k / 3, (int) (k % 3));
  if (status == EQK_OK)
    status = eqk_cells_init (&cells, count, x, rule->cell >= 0 ? cell : NULL, reach_of (rule, x, count), diag);
  for (size_t a = 0; status == EQK_OK && a < count; a++)
    {
      s->by_dst[(size_t) first + a] = (int32_t) *n;
      status = ask (&cells, rule, a, diag);
      for (size_t k = 0; status == EQK_OK && k < cells.n_found; k++)
        status = add_edge (run, s, n, first + cells.found[k].src, first + (int32_t) a, cells.found[k].shift, diag);
    }
  if (status != EQK_OK && diag != NULL && diag->index < 0)
    diag->index = i;
  eqk_cells_clear (&cells);
  free (x);
  return status;
}

/* Few points are compared one by one: that needs no list. */
static EqkStatus
find_edges (EqkRun *run, const EqkStructureRule *rule, EqkStructure *s, EqkDiag *diag)
{
  size_t n = 0;

  for (int i = 0; i < s->n_samples; i++)
    {
      const bool      few = s->node_offset[i + 1] - s->node_offset[i] <= FEW_POINTS && rule->nearest <= 0 && rule->most <= 0 && rule->cell < 0;
      const EqkStatus status = (few || rule->complete ? pairs_of_sample : cells_of_sample) (run, rule, s, i, &n, diag);

      if (status != EQK_OK)
        return status;
    }
  s->by_dst[s->n_nodes] = (int32_t) n;
  s->n_edges = n;
  eqk_structure_index_sources (s);
  return EQK_OK;
}

EqkStatus
eqk_structure_count (const EqkStructureRule *rule, const double *x, size_t n, const double *cell, size_t *count, EqkDiag *diag)
{
  EqkCells  cells = { 0 };
  EqkStatus status;

  *count = rule->complete ? n * (n > 0 ? n - 1 : 0) : n * (n - 1 < (size_t) rule->nearest ? n - 1 : (size_t) rule->nearest);
  if (rule->complete || (rule->nearest > 0 && cell == NULL) || n == 0)
    return EQK_OK;
  *count = 0;
  status = eqk_cells_init (&cells, n, x, cell, reach_of (rule, x, n), diag);
  for (size_t i = 0; status == EQK_OK && i < n; i++)
    {
      status = ask (&cells, rule, i, diag);
      *count += cells.n_found;
    }
  eqk_cells_clear (&cells);
  return status;
}

EqkStatus
eqk_structure_nearest (const double *x, size_t n, const double *cell, double *apart, EqkDiag *diag)
{
  const EqkStructureRule rule = { .nearest = 1 };
  EqkCells               cells = { 0 };
  EqkStatus              status = eqk_cells_init (&cells, n, x, cell, reach_of (&rule, x, n), diag);

  for (size_t i = 0; status == EQK_OK && i < n; i++)
    {
      status = eqk_cells_nearest (&cells, i, 1, diag);
      apart[i] = INFINITY;
      for (size_t k = 0; status == EQK_OK && k < cells.n_found; k++)
        apart[i] = fmin (apart[i], sqrt (cells.found[k].r2));
    }
  eqk_cells_clear (&cells);
  return status;
}

/* The sample of a node. */
static int
sample_of (const EqkStructure *s, int32_t node)
{
  int low = 0, high = s->n_samples - 1;

  while (low < high)
    {
      const int middle = (low + high + 1) / 2;

      if (s->node_offset[middle] <= node)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

static EqkStatus
check_ends (const EqkStructure *s, const int32_t *src, const int32_t *dst, size_t n, EqkDiag *diag)
{
  for (size_t e = 0; e < n; e++)
    {
      const bool inside = src[e] >= 0 && (size_t) src[e] < s->n_nodes && dst[e] >= 0 && (size_t) dst[e] < s->n_nodes;

      if (inside && sample_of (s, src[e]) == sample_of (s, dst[e]))
        continue;
      if (diag != NULL)
        diag->index = (int) e;
      return eqk_fail (diag, EQK_ERR_SHAPE, "edge %zu leads from %d to %d, which are no nodes of one sample", e, (int) src[e], (int) dst[e]);
    }
  return EQK_OK;
}

/* Stable, in two passes of counting: by source, then by target. */
static void
sort_edges (EqkStructure *s, const int32_t *src, const int32_t *dst, uint32_t *first, uint32_t *order)
{
  int32_t *at = s->by_src;

  for (int pass = 0; pass < 2; pass++)
    {
      const int32_t *key = pass == 0 ? src : dst;

      memset (at, 0, (s->n_nodes + 1) * sizeof *at);
      for (size_t e = 0; e < s->n_edges; e++)
        at[key[e] + 1]++;
      for (size_t i = 0; i < s->n_nodes; i++)
        at[i + 1] += at[i];
      if (pass == 1)
        memcpy (s->by_dst, at, (s->n_nodes + 1) * sizeof *at);
      for (size_t k = 0; k < s->n_edges; k++)
        {
          const uint32_t e = pass == 0 ? (uint32_t) k : first[k];

          (pass == 0 ? first : order)[at[key[e]]++] = e;
        }
    }
  for (size_t k = 0; k < s->n_edges; k++)
    {
      s->src[k] = src[order[k]];
      s->dst[k] = dst[order[k]];
    }
}

EqkStatus
eqk_run_set_edges (EqkRun *self, const int32_t *src, const int32_t *dst, size_t n, uint32_t *order, EqkDiag *diag)
{
  EqkStructure *s = &self->priv->structures[0];
  uint32_t     *first, *own = NULL;
  EqkStatus     status;

  if (n > self->priv->capacity.edges)
    return eqk_fail (diag, EQK_ERR_LIMIT, "%zu edges", n);
  status = check_ends (s, src, dst, n, diag);
  if (status != EQK_OK)
    return status;
  first = malloc ((n + 1) * sizeof *first);
  own = order == NULL ? malloc ((n + 1) * sizeof *own) : NULL;
  if (first == NULL || (order == NULL && own == NULL))
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "edges");
  else
    {
      s->n_edges = n;
      sort_edges (s, src, dst, first, order == NULL ? own : order);
      eqk_structure_index_sources (s);
      self->sizes.edges = n;
    }
  free (first);
  free (own);
  return status;
}

EqkStatus
eqk_run_build_structures (EqkRun *self, EqkDiag *diag)
{
  for (int i = 0; i < self->program->n_structures; i++)
    {
      if (self->program->structures[i].given)
        continue;

      const EqkStatus status = find_edges (self, &self->program->structures[i], &self->priv->structures[i], diag);

      if (status != EQK_OK)
        return status;
      if (i == 0)
        self->sizes.edges = self->priv->structures[0].n_edges;
    }
  return EQK_OK;
}
