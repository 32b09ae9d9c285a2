/* Findings on stacks of layers: many convolutions without a normalisation, many equal layers without a way around them. */

#include "graph/graph-private.h"

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
    eqk_infer_problem_at (ctx, sixth_equal, "W-NO-RESIDUAL", NULL, NULL);
}
