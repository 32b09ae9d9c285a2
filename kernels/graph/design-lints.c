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

/* What a task's result must look like; NULL when it does. */
static const char *
wanted_output (const EqkGraph *graph, const EqkPortType *type)
{
  const bool logits = type->kind == EQK_KIND_LOGITS, per_sample = type->space.kind == EQK_SPACE_SAMPLE;

  if (strcmp (graph->task, "classification") == 0 && !(logits && per_sample && eqk_rep_is_trivial (type->rep)))
    return "one row of invariant class scores a sample";
  if (strcmp (graph->task, "segmentation") == 0 && !(logits && !per_sample && eqk_rep_is_trivial (type->rep)))
    return "invariant class scores at every place";
  if (strcmp (graph->task, "regression") == 0 && !(per_sample && (graph->equivariant || eqk_rep_is_trivial (type->rep))))
    return "invariant numbers, one row a sample";
  if (strcmp (graph->task, "forces") == 0 && type->kind != EQK_KIND_ENERGY && type->kind != EQK_KIND_FORCE)
    return "an energy and its forces";
  if (strcmp (graph->task, "generation") == 0 && per_sample)
    return "values at every place";
  return NULL;
}

static void
output_types (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;

  for (int i = 0; i < typed->graph->n_nodes; i++)
    for (int p = 0; is_head (typed->graph, i) && p < EQK_MAX_PORTS; p++)
      {
        const EqkPortType *type = typed->types[i].known[p] ? &typed->types[i].type[p] : NULL;
        const char        *wanted = type == NULL ? NULL : wanted_output (typed->graph, type);
        char               args[400], space[64];

        if (wanted == NULL)
          continue;
        eqk_space_text (&type->space, space, sizeof space);
        snprintf (args, sizeof args, "t='%s' required='%s' found='%s, %.80s, %s'", typed->graph->task, wanted, space, eqk_rep_get_text (type->rep),
                  eqk_kind_name (type->kind));
        eqk_infer_problem_at (ctx, i, "E-OUTPUT-TYPE", NULL, args);
      }
}

/* Receptive field in pixels along the longest path into `node`, with the product of strides; by the settings k, stride, dilation. */
static int
receptive (const EqkTyped *typed, int node, int *jump, int depth)
{
  const EqkNode  *n = &typed->graph->nodes[node];
  const EqkParam *params = n->layer->params;
  int             best = 1, best_jump = 1, k = 1, stride = 1, dilation = 1;

  for (int l = 0; depth < 4000 && l < typed->graph->n_links; l++)
    if (typed->graph->links[l].to == node && typed->types[typed->graph->links[l].from].type[0].space.kind == EQK_SPACE_GRID)
      {
        int       j;
        const int field = receptive (typed, typed->graph->links[l].from, &j, depth + 1);

        if (field > best)
          {
            best = field;
            best_jump = j;
          }
      }
  for (const EqkParam *p = params; p != NULL && p->name != NULL; p++)
    {
      if (strcmp (p->name, "k") == 0)
        k = eqk_settings_int (n->settings, params, "k");
      if (strcmp (p->name, "stride") == 0)
        stride = eqk_settings_int (n->settings, params, "stride");
      if (strcmp (p->name, "dilation") == 0)
        dilation = eqk_settings_int (n->settings, params, "dilation");
    }
  *jump = best_jump * (stride > 0 ? stride : 1);
  return best + (k - 1) * (dilation > 0 ? dilation : 1) * best_jump;
}

/* A classifier of images that sees less than half of the image before it pools cannot see a whole object. */
static void
receptive_field (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;

  if (strcmp (typed->graph->task, "classification") != 0)
    return;
  for (int l = 0; l < typed->graph->n_links; l++)
    {
      const int from = typed->graph->links[l].from, to = typed->graph->links[l].to;
      int       jump, field, size = 0;
      char      args[160];

      if (!typed->types[from].known[0] || !typed->types[to].known[0] || typed->types[from].type[0].space.kind != EQK_SPACE_GRID ||
          typed->types[to].type[0].space.kind == EQK_SPACE_GRID)
        continue;
      for (int i = 0; i < typed->graph->n_nodes; i++)
        if ((typed->graph->nodes[i].layer->flags & EQK_LAYER_INPUT) != 0 && typed->types[i].known[0] && typed->types[i].type[0].space.h > size)
          size = typed->types[i].type[0].space.h;
      field = receptive (typed, from, &jump, 0);
      if (2 * field >= size)
        continue;
      snprintf (args, sizeof args, "rf=%d need=%d", field, (size + 1) / 2);
      eqk_infer_problem_at (ctx, to, "W-DEPTH-RECEPTIVE", NULL, args);
    }
}

void
eqk_design_lints (EqkInfer *ctx)
{
  const EqkGraph *graph = ctx->typed->graph;
  bool            any_head = false, any_failed = false;

  if (graph->bare)
    return;
  for (int i = 0; i < graph->n_nodes; i++)
    {
      any_head = any_head || is_head (graph, i);
      any_failed = any_failed || ctx->typed->types[i].failed;
    }
  if (!any_head)
    {
      char args[96];

      snprintf (args, sizeof args, "t='%s'", graph->task[0] != '\0' ? graph->task : "training");
      eqk_infer_problem_at (ctx, -1, "E-NO-OUTPUT", NULL, args);
      return;
    }
  if (any_failed)
    return;   /* what follows would repeat the failure in other words */
  unused_nodes (ctx);
  output_types (ctx);
  receptive_field (ctx);
  if (eqk_typed_guarantee (ctx->typed).holds == EQK_HOLDS_PARTLY)
    eqk_infer_problem_at (ctx, -1, "I-AUGMENT", NULL, NULL);
  eqk_stack_lints (ctx);
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
