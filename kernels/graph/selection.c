/*
 * Parts of a structure: nodes that a pool has selected, and the edges between them. How many nodes a sample keeps follows from how many it has, so that
 * memory is planned before; which ones is known when the operation that selects has run. Later operations of the part read it as any other structure.
 */

#include "eqk/op.h"
#include "graph/run-private.h"

#include <math.h>
#include <string.h>

static size_t
least (size_t a, size_t b)
{
  return a < b ? a : b;
}

int
eqk_run_n_structures (const EqkProgram *program)
{
  return program->n_selections > 0 ? 1 + program->n_selections : program->n_structures > 0 ? program->n_structures : 1;
}

/* Every sample rounds up: at most one node more than its share. */
void
eqk_sizes_bound (const EqkProgram *program, EqkSizes *sizes)
{
  for (int i = 0; i < program->n_selections; i++)
    {
      const EqkExtent whole = eqk_sizes_of (sizes, program->selections[i].parent);
      const double    r = program->selections[i].ratio, batch = sizes->batch, n = (double) whole.nodes;

      sizes->kept[i].nodes = least (whole.nodes, (size_t) ceil (r * n + batch));
      sizes->kept[i].edges = whole.edges;
      sizes->kept[i].pairs = least (whole.pairs, (size_t) ceil (r * r * (double) whole.pairs + 2 * r * n + batch));
    }
}

void
eqk_selection_set_nodes (EqkRun *run, int structure)
{
  const EqkSelection *rule = &run->program->selections[structure - 1];
  const EqkStructure *whole = &run->priv->structures[rule->parent];
  EqkStructure       *s = &run->priv->structures[structure];

  s->n_samples = whole->n_samples;
  s->n_edges = 0;
  for (int i = 0; i < whole->n_samples; i++)
    {
      const size_t n = (size_t) ceil (rule->ratio * (double) (whole->node_offset[i + 1] - whole->node_offset[i]));

      s->node_offset[i + 1] = s->node_offset[i] + (int32_t) n;
      s->pair_offset[i + 1] = s->pair_offset[i] + n * n;
    }
  s->n_nodes = (size_t) s->node_offset[whole->n_samples];
  memset (s->by_dst, 0, (s->n_nodes + 1) * sizeof *s->by_dst);
  memset (s->by_src, 0, (s->n_nodes + 1) * sizeof *s->by_src);
  run->sizes.kept[structure - 1] = (EqkExtent){ s->n_nodes, 0, s->pair_offset[whole->n_samples] };
}

/* The number of rows is fixed: should more or fewer be chosen (scores that are not finite), the first ones make it up. */
static void
take_nodes (EqkStructure *s, const EqkStructure *whole, const int32_t *chosen)
{
  for (int k = 0; k < whole->n_samples; k++)
    {
      int32_t row = s->node_offset[k], missing = s->node_offset[k + 1] - row;

      for (int32_t i = whole->node_offset[k]; i < whole->node_offset[k + 1]; i++)
        missing -= chosen[i] != 0;
      for (int32_t i = whole->node_offset[k]; i < whole->node_offset[k + 1]; i++)
        {
          const bool kept = row < s->node_offset[k + 1] && (chosen[i] != 0 || missing > 0);

          missing -= kept && chosen[i] == 0;
          s->place[i] = kept ? row : -1;
          if (kept)
            s->node_of[row++] = i;
        }
    }
}

/* Rows of nodes stay in order, so those of edges stay sorted. */
static void
take_edges (EqkStructure *s, const EqkStructure *whole)
{
  size_t n = 0;

  memset (s->by_dst, 0, (s->n_nodes + 1) * sizeof *s->by_dst);
  for (size_t e = 0; e < whole->n_edges; e++)
    {
      const int32_t src = s->place[whole->src[e]], dst = s->place[whole->dst[e]];

      if (src < 0 || dst < 0)
        continue;
      s->src[n] = src;
      s->dst[n] = dst;
      s->edge_of[n] = (int32_t) e;
      if (s->shift != NULL && whole->shift != NULL)
        memcpy (s->shift + 3 * n, whole->shift + 3 * e, 3 * sizeof *s->shift);
      s->by_dst[dst + 1]++;
      n++;
    }
  for (size_t i = 0; i < s->n_nodes; i++)
    s->by_dst[i + 1] += s->by_dst[i];
  s->n_edges = n;
  eqk_structure_index_sources (s);
}

void
eqk_run_select (EqkRun *run, int structure, const int32_t *chosen)
{
  EqkStructure       *s = &run->priv->structures[structure];
  const EqkStructure *whole = &run->priv->structures[s->parent];

  take_nodes (s, whole, chosen);
  take_edges (s, whole);
  run->sizes.kept[structure - 1].edges = s->n_edges;
}
