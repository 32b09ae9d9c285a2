/* Findings that belong to the design as a whole: is there a result, is every node used, does the result fit the task. */

#include "graph/graph-private.h"
#include "core/memory.h"

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
  bool           *used = eqk_calloc ((size_t) graph->n_nodes + 1, sizeof *used);

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

/* One arrow of space for each node: forces that are no slope of an energy. */
static bool
is_direct_force (const EqkGraph *graph, const EqkPortType *type)
{
  return strcmp (graph->task, "forces") == 0 && type->kind == EQK_KIND_FEATURE && type->space.kind == EQK_SPACE_NODES && eqk_rep_n_fields (type->rep) == 1 &&
         eqk_rep_get_dim (type->rep) == 3 && eqk_group_get_space_dim (type->symmetry.group) == 3;
}

/* What a task's result must look like; NULL when it does. */
static const char *
wanted_output (const EqkGraph *graph, const EqkPortType *type)
{
  const bool logits = type->kind == EQK_KIND_LOGITS, per_sample = type->space.kind == EQK_SPACE_SAMPLE;

  if (strcmp (graph->task, "classification") == 0 && !(logits && per_sample && (graph->equivariant || eqk_rep_is_trivial (type->rep))))
    return "one row of invariant class scores a sample";
  if (strcmp (graph->task, "segmentation") == 0 && !(logits && !per_sample && eqk_rep_is_trivial (type->rep)))
    return "invariant class scores at every place";
  if (strcmp (graph->task, "regression") == 0 && !(per_sample && (graph->equivariant || eqk_rep_is_trivial (type->rep))))
    return "invariant numbers, one row a sample";
  if (strcmp (graph->task, "forces") == 0 && !is_direct_force (graph, type) && type->kind != EQK_KIND_ENERGY && type->kind != EQK_KIND_FORCE && type->kind != EQK_KIND_STRESS)
    return "an energy and its forces";
  if (strcmp (graph->task, "generation") == 0 && per_sample)
    return "values at every place";
  return NULL;
}

/* The head a task wants, with its settings; NULL when pictures have none. */
static const char *
head_for (const EqkGraph *graph, const char **settings)
{
  *settings = "";
  if (strcmp (graph->task, "segmentation") == 0)
    {
      *settings = "out=2";
      return "segmentation_head_grid";
    }
  if (strcmp (graph->task, "forces") == 0 || strcmp (graph->task, "pose") == 0)
    return NULL;
  if (strcmp (graph->task, "classification") == 0)
    return "mlp_head";
  return strcmp (graph->task, "regression") == 0 && !graph->equivariant ? "regression_head" : "field_output";
}

/* Pools that `head` needs in front of it on what comes in, from the source to the head. @return how many */
static int
pools_for (const EqkPortType *x, const char *head, const char *task, const char *pools[2])
{
  int n = 0;

  if (strcmp (head, "segmentation_head_grid") == 0 || (strcmp (head, "field_output") == 0 && strcmp (task, "regression") != 0))
    return 0;
  if (strcmp (head, "field_output") != 0 && !eqk_rep_is_trivial (x->rep))
    pools[n++] = eqk_rep_is_permutation (x->rep) ? "group_pool" : "norm_pool";
  if (x->space.kind == EQK_SPACE_GRID)
    pools[n++] = "global_avg";
  return n;
}

static bool
takes_head (const EqkPortType *x, const char *head)
{
  return head != NULL && eqk_layer_find (head) != NULL && (x->kind == EQK_KIND_FEATURE || x->kind == EQK_KIND_LOGITS) &&
         (x->space.kind == EQK_SPACE_GRID || (x->space.kind == EQK_SPACE_SAMPLE && strcmp (head, "segmentation_head_grid") != 0));
}

/* "Add the task's head" to the last layer that feeds nothing. */
static void
fix_add_head (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;
  const char     *settings, *head = head_for (typed->graph, &settings), *pools[2];

  for (int i = typed->n_order - 1; i >= 0; i--)
    {
      const int          node = typed->order[i];
      const EqkNode     *last = &typed->graph->nodes[node];
      const EqkPortType *y = &typed->types[node].type[0];

      if (!typed->types[node].known[0] || eqk_infer_consumers (ctx, node, NULL, 0) > 0 || !takes_head (y, head))
        continue;
      eqk_infer_fix (ctx, EQK_N_("Add an output for the task"));
      eqk_fix_insert_after (ctx, last->id, last->layer->outputs[0].name, head, settings);
      for (int k = pools_for (y, head, typed->graph->task, pools) - 1; k >= 0; k--)
        eqk_fix_insert_after (ctx, last->id, last->layer->outputs[0].name, pools[k], "");
      return;
    }
}

/* "Swap the head" for one that gives what the task needs. */
static void
fix_swap_head (EqkInfer *ctx, int node)
{
  const EqkTyped    *typed = ctx->typed;
  const EqkNode     *old = &typed->graph->nodes[node];
  const char        *settings, *head = head_for (typed->graph, &settings), *pools[2];
  const int          k = eqk_graph_link_into (typed->graph, node, 0, 0);
  const EqkPortType *x = k < 0 ? NULL : &typed->types[typed->graph->links[k].from].type[typed->graph->links[k].from_port];
  int                n;

  if (x == NULL || !takes_head (x, head) || strcmp (old->layer->inputs[0].name, "x") != 0 || eqk_infer_consumers (ctx, node, NULL, 0) > 0)
    return;
  if (strcmp (old->layer->id, head) == 0)
    {
      if (strcmp (head, "mlp_head") != 0)
        return;
      eqk_infer_fix (ctx, EQK_N_("Give scores of classes"));
      eqk_fix_set (ctx, old->id, "gives", "scores");
      return;
    }
  n = pools_for (x, head, typed->graph->task, pools);
  eqk_infer_fix (ctx, EQK_N_("Use the output for the task"));
  eqk_fix_replace (ctx, old->id, head, settings);
  for (int i = 0; i < n; i++)
    eqk_fix_insert_before (ctx, old->id, "x", pools[i], "");
}

/* A set is to be made, and one row for the whole sample is what comes: its numbers have an order, the elements of a set have none. */
static bool
lists_a_set (const EqkGraph *graph, const EqkPortType *type)
{
  return strcmp (graph->task, "generation") == 0 && type->symmetry.permutations != EQK_PERMUTE_NONE && type->space.kind == EQK_SPACE_SAMPLE && eqk_rep_is_trivial (type->rep);
}

/* The pool in front of an MLP taken away, and the MLP made one of elements. */
static void
fix_answer_elements (EqkInfer *ctx, int node)
{
  const EqkTyped *typed = ctx->typed;
  const EqkNode  *head = &typed->graph->nodes[node];
  const int       k = eqk_graph_link_into (typed->graph, node, 0, 0), source = k < 0 ? -1 : typed->graph->links[k].from;
  const int       pooled = source < 0 ? -1 : eqk_graph_link_into (typed->graph, source, 0, 0);
  char            settings[64];

  if (pooled < 0 || strcmp (head->layer->id, "mlp_head") != 0 || eqk_infer_consumers (ctx, source, NULL, 0) != 1)
    return;
  if (typed->types[typed->graph->links[pooled].from].type[typed->graph->links[pooled].from_port].space.kind != EQK_SPACE_NODES)
    return;
  eqk_infer_fix (ctx, EQK_N_("Answer at every element"));
  snprintf (settings, sizeof settings, "gives=numbers out=%.0f", eqk_settings_real (head->settings, head->layer->params, "out"));
  eqk_fix_replace (ctx, head->id, "node_head", settings);
  eqk_fix_delete (ctx, typed->graph->nodes[source].id);
}

/* Data say what the answer is for every node; who is kept is found out by the network. */
static bool
is_of_part (EqkInfer *ctx, int node, const EqkPortType *type)
{
  const EqkSpaceKind kind = type == NULL ? EQK_SPACE_SAMPLE : type->space.kind;
  const char        *id = ctx->typed->graph->nodes[node].id;
  char               args[400], space[64];

  if ((kind != EQK_SPACE_NODES && kind != EQK_SPACE_EDGES && kind != EQK_SPACE_PAIRS) || type->space.structure == 0)
    return false;
  eqk_space_text (&type->space, space, sizeof space);
  snprintf (args, sizeof args, "node='%.64s' from='%.64s' to='%s' a='%s' b='%s' x='%s'", id, id, "the answer of a design", space, "one for all; unpool leads back", space);
  eqk_infer_problem_at (ctx, node, "E-TYPE-MISMATCH", NULL, args);
  return true;
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

        if (type != NULL && is_direct_force (typed->graph, type))
          eqk_infer_problem_at (ctx, i, "W-FORCE-NONCONS", NULL, NULL);
        if (is_of_part (ctx, i, type) || wanted == NULL)
          continue;
        if (lists_a_set (typed->graph, type))
          {
            eqk_infer_problem_at (ctx, i, "E-ORDERED-DECODER", NULL, NULL);
            fix_answer_elements (ctx, i);
            continue;
          }
        eqk_space_text (&type->space, space, sizeof space);
        snprintf (args, sizeof args, "t='%s' required='%s' found='%s, %.80s, %s'", typed->graph->task, wanted, space, eqk_rep_get_text (type->rep),
                  eqk_kind_name (type->kind));
        eqk_infer_problem_at (ctx, i, "E-OUTPUT-TYPE", NULL, args);
        fix_swap_head (ctx, i);
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

static const EqkParam *
find_param (const EqkParam *params, const char *name)
{
  for (const EqkParam *p = params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return p;
  return NULL;
}

/* The nearest convolution with windows on the way into `node`, and the pixels of the input between two of its places. */
static int
window_before (const EqkTyped *typed, int node, int *jump)
{
  while (node >= 0)
    {
      const EqkLayerType *layer = typed->graph->nodes[node].layer;
      const int           source = eqk_graph_link_into (typed->graph, node, 0, 0);

      if ((layer->flags & EQK_LAYER_LINEAR) != 0 && find_param (layer->params, "k") != NULL && source >= 0)
        {
          receptive (typed, typed->graph->links[source].from, jump, 0);
          return node;
        }
      node = source < 0 ? -1 : typed->graph->links[source].from;
    }
  return -1;
}

/* Larger windows where they are worth most pixels: in the last convolution. Its padding grows along where it was given. */
static void
fix_widen (EqkInfer *ctx, int before, int missing)
{
  const EqkTyped *typed = ctx->typed;
  int             jump = 1;
  const int       node = window_before (typed, before, &jump);
  const EqkNode  *conv = node < 0 ? NULL : &typed->graph->nodes[node];
  const EqkParam *params = conv == NULL ? NULL : conv->layer->params;
  int             dilation, k, more;
  char            text[32];

  if (conv == NULL)
    return;
  dilation = find_param (params, "dilation") != NULL ? eqk_settings_int (conv->settings, params, "dilation") : 1;
  k = eqk_settings_int (conv->settings, params, "k");
  more = (missing + 2 * jump * dilation - 1) / (2 * jump * dilation);
  if (k + 2 * more > find_param (params, "k")->max)
    return;
  eqk_infer_fix (ctx, EQK_N_("Larger windows in the last convolution"));
  snprintf (text, sizeof text, "%d", k + 2 * more);
  eqk_fix_set (ctx, conv->id, "k", text);
  if (eqk_settings_find (conv->settings, "pad") != NULL)
    {
      snprintf (text, sizeof text, "%d", eqk_settings_int (conv->settings, params, "pad") + more * dilation);
      eqk_fix_set (ctx, conv->id, "pad", text);
    }
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
      fix_widen (ctx, from, (size + 1) / 2 - field);
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
      fix_add_head (ctx);
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
