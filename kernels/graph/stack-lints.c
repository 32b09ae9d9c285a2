/* Findings on stacks of layers: many convolutions without a normalisation, many equal layers without a way around them. */

#include "graph/graph-private.h"

#include <stdio.h>
#include <string.h>

enum { DEEP = 6 };

static bool
is_convolution (const EqkTyped *typed, int node)
{
  const EqkLayerType *layer = typed->graph->nodes[node].layer;

  return (layer->flags & EQK_LAYER_LINEAR) != 0 && strcmp (layer->category, "Convolution") == 0 && typed->types[node].known[0] &&
         typed->types[node].type[0].space.kind == EQK_SPACE_GRID;
}

static bool
keeps_type (const EqkTyped *typed, int node)
{
  const int          k = eqk_graph_link_into (typed->graph, node, 0, 0);
  const EqkLink     *link = k < 0 ? NULL : &typed->graph->links[k];
  const EqkPortType *x = link == NULL ? NULL : &typed->types[link->from].type[link->from_port], *y = &typed->types[node].type[0];

  return x != NULL && x->rep == y->rep && eqk_space_equal (&x->space, &y->space);
}

/* Layers in which two paths meet. */
static bool
joins (const EqkTyped *typed, int node)
{
  const EqkPort *inputs = typed->graph->nodes[node].layer->inputs;

  return inputs != NULL && inputs[0].name != NULL && (inputs[0].variadic || inputs[1].name != NULL) && eqk_port_count (inputs) > 0 &&
         (eqk_graph_link_into (typed->graph, node, 0, 1) >= 0 || (inputs[1].name != NULL && eqk_graph_link_into (typed->graph, node, 1, 0) >= 0));
}

static size_t
scope_length (const char *id)
{
  const char *slash = strrchr (id, '/');

  return slash == NULL ? 0 : (size_t) (slash - id) + 1;
}

/* A way around two layers that keep the type: what comes into the first is added to what the second gives. */
static void
add_skip (EqkInfer *ctx, int first, int second)
{
  const EqkTyped    *typed = ctx->typed;
  const EqkGraph    *graph = typed->graph;
  const EqkLink     *link = &graph->links[eqk_graph_link_into (typed->graph, first, 0, 0)];
  const EqkPortType *x = &typed->types[link->from].type[link->from_port], *y = &typed->types[second].type[0];
  const char        *id = graph->nodes[second].id, *source = graph->nodes[link->from].id;
  char               text[512];

  if (x->rep != y->rep || !eqk_space_equal (&x->space, &y->space) || scope_length (id) != scope_length (source) ||
      strncmp (id, source, scope_length (id)) != 0 || strlen (source) > sizeof text / 2 || !eqk_infer_is_upstream (ctx, first, second))
    return;
  snprintf (text, sizeof text, "%s.%s", source, graph->nodes[link->from].layer->outputs[link->from_port].name);
  eqk_fix_join_after (ctx, id, graph->nodes[second].layer->outputs[0].name, "add", text);
}

/* Later pairs first: an earlier sum then feeds the later ones. */
static void
fix_add_skips (EqkInfer *ctx, int n_equal)
{
  const EqkTyped *typed = ctx->typed;
  int             second = -1;

  eqk_infer_fix (ctx, EQK_N_("Add a skip connection around every two of them"));
  for (int i = typed->n_order - 1, n = n_equal - 1; i >= 0; i--)
    if (is_convolution (typed, typed->order[i]) && keeps_type (typed, typed->order[i]))
      {
        if (n % 2 == 1)
          second = typed->order[i];
        else if (second >= 0)
          add_skip (ctx, typed->order[i], second);
        n--;
      }
}

void
eqk_stack_lints (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;
  int             n_convolutions = 0, n_equal = 0, sixth = -1, sixth_equal = -1;
  bool            any_norm = false, any_join = false;

  for (int i = 0; i < typed->n_order; i++)
    {
      const int node = typed->order[i];

      any_norm = any_norm || strcmp (typed->graph->nodes[node].layer->category, "Normalisation") == 0;
      any_join = any_join || joins (typed, node);
      if (!is_convolution (typed, node))
        continue;
      if (++n_convolutions == DEEP)
        sixth = node;
      if (keeps_type (typed, node) && ++n_equal == DEEP)
        sixth_equal = node;
    }
  if (sixth >= 0 && !any_norm)
    {
      eqk_infer_problem_at (ctx, sixth, "W-NO-NORM", NULL, NULL);
      eqk_infer_fix (ctx, EQK_N_("Add a batch norm after every convolution but the last"));
      for (int i = 0, n = 0; i < typed->n_order; i++)
        if (is_convolution (typed, typed->order[i]) && ++n < n_convolutions)
          eqk_fix_insert_after (ctx, typed->graph->nodes[typed->order[i]].id, typed->graph->nodes[typed->order[i]].layer->outputs[0].name,
                                eqk_rep_is_permutation (typed->types[typed->order[i]].type[0].rep) ? "inner_bn" : "iid_bn", "");
    }
  if (sixth_equal >= 0 && !any_join)
    {
      eqk_infer_problem_at (ctx, sixth_equal, "W-NO-RESIDUAL", NULL, NULL);
      fix_add_skips (ctx, n_equal);
    }
}
