/* Findings that belong to the design as a whole: is there a result, is every node used, does the result fit the task. */

#include "graph/graph-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_head (const EqkGraph *graph, int node)
{
  return (graph->nodes[node].layer->flags & EQK_LAYER_HEAD) != 0;
}

static void
mark_upstream (const EqkGraph *graph, int node, bool *seen)
{
  seen[node] = true;
  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == node && !seen[graph->links[k].from])
      mark_upstream (graph, graph->links[k].from, seen);
}

static void
unused_nodes (EqkInfer *ctx)
{
  const EqkGraph *graph = ctx->typed->graph;
  bool           *used = calloc ((size_t) graph->n_nodes + 1, sizeof *used);

  for (int i = 0; used != NULL && i < graph->n_nodes; i++)
    if (is_head (graph, i))
      mark_upstream (graph, i, used);
  for (int i = 0; used != NULL && i < graph->n_nodes; i++)
    if (!used[i])
      {
        char args[128];

        snprintf (args, sizeof args, "node='%s'", graph->nodes[i].id);
        eqk_infer_problem_at (ctx, i, "W-UNUSED", NULL, args);
        eqk_infer_fix (ctx, EQK_N_("Delete the layer"));
        eqk_fix_delete (ctx, graph->nodes[i].id);
      }
  free (used);
}

void
eqk_design_lints (EqkInfer *ctx)
{
  const EqkGraph *graph = ctx->typed->graph;
  bool            any_head = false;

  if (graph->bare)
    return;
  for (int i = 0; i < graph->n_nodes; i++)
    any_head = any_head || is_head (graph, i);
  if (!any_head)
    {
      char args[96];

      snprintf (args, sizeof args, "t='%s'", graph->task[0] != '\0' ? graph->task : "training");
      eqk_infer_problem_at (ctx, -1, "E-NO-OUTPUT", NULL, args);
      return;
    }
  unused_nodes (ctx);
}

EqkGuarantee
eqk_typed_guarantee (const EqkTyped *self)
{
  const EqkGraph *graph = self->graph;
  EqkGuarantee    all = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (graph->symmetry.group), -1, NULL };

  for (int i = 0; i < graph->n_nodes; i++)
    if (is_head (graph, i))
      for (int p = 0; p < EQK_MAX_PORTS; p++)
        if (self->types[i].known[p])
          all = eqk_guarantee_meet (all, self->types[i].type[p].guarantee);
  return all;
}
