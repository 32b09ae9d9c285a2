/* What a layer's rule may ask and say while types are inferred: its ports, settings, promise, and the neighbourhood. */

#include "graph/graph-private.h"
#include "core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
eqk_infer_set_off_centre (EqkInfer *ctx)
{
  ctx->typed->types[ctx->node].off_centre = true;
}

bool
eqk_infer_is_off_centre (const EqkInfer *ctx, int node)
{
  return ctx->typed->types[node].off_centre;
}

const EqkSymmetry *
eqk_infer_symmetry (const EqkInfer *ctx)
{
  return &ctx->typed->graph->symmetry;
}

static const EqkPortType *
type_into (const EqkTyped *typed, int node, int port, int i)
{
  const int      k = port < 0 ? -1 : eqk_graph_link_into (typed->graph, node, port, i);
  const EqkLink *link = k < 0 ? NULL : &typed->graph->links[k];

  return link == NULL || !typed->types[link->from].known[link->from_port] ? NULL : &typed->types[link->from].type[link->from_port];
}

const EqkPortType *
eqk_infer_input_at (const EqkInfer *ctx, const char *port, int i)
{
  const EqkNode *node = eqk_infer_own (ctx);

  if (node->probe != NULL && strcmp (port, "probe") == 0)
    return node->probe;
  return type_into (ctx->typed, ctx->node, eqk_port_index (node->layer->inputs, port), i);
}

const EqkPortType *
eqk_infer_input (const EqkInfer *ctx, const char *port)
{
  return eqk_infer_input_at (ctx, port, 0);
}

int
eqk_infer_n_inputs (const EqkInfer *ctx, const char *port)
{
  const int p = eqk_port_index (eqk_infer_own (ctx)->layer->inputs, port);
  int       n = 0;

  while (eqk_graph_link_into (ctx->typed->graph, ctx->node, p, n) >= 0)
    n++;
  return n;
}

const EqkPortType *
eqk_infer_output (const EqkInfer *ctx, const char *port)
{
  return eqk_typed_output (ctx->typed, ctx->node, port);
}

EqkStatus
eqk_infer_set_output (EqkInfer *ctx, const char *port, const EqkPortType *type)
{
  const int     p = eqk_port_index (eqk_infer_own (ctx)->layer->outputs, port);
  EqkNodeTypes *types = &ctx->typed->types[ctx->node];

  if (p < 0)
    return EQK_ERR_INTERNAL;
  if (type->rep == NULL)      /* what makes representations gives NULL without memory */
    return EQK_ERR_NO_MEMORY;
  types->type[p] = *type;
  types->type[p].guarantee = ctx->guarantee;
  types->known[p] = true;
  return EQK_OK;
}

int
eqk_infer_select (EqkInfer *ctx, const EqkPortType *x)
{
  if (ctx->typed->n_selections == EQK_MAX_SELECTIONS)
    return -1;
  ctx->typed->parent_of[ctx->typed->n_selections++] = x->space.structure;
  return ctx->typed->n_selections;
}

bool
eqk_infer_is_part (const EqkInfer *ctx, int part, int whole)
{
  return part > 0 && part <= ctx->typed->n_selections && ctx->typed->parent_of[part - 1] == whole;
}

EqkPortType
eqk_port_with_rep (const EqkPortType *x, const EqkRep *rep)
{
  EqkPortType y = *x;

  y.rep = rep;
  return y;
}

EqkPortType
eqk_port_with_grid (const EqkPortType *x, int h, int w)
{
  EqkPortType y = *x;

  y.space.h = h;
  y.space.w = w;
  return y;
}

EqkGuarantee *
eqk_infer_guarantee (EqkInfer *ctx)
{
  return &ctx->guarantee;
}

void
eqk_infer_lose (EqkInfer *ctx, uint64_t still_exact, const char *code)
{
  if (ctx->guarantee.holds != EQK_HOLDS_LOST)
    {
      ctx->guarantee.holds = EQK_HOLDS_LOST;
      ctx->guarantee.node = ctx->node;
      ctx->guarantee.code = code;
    }
  ctx->guarantee.exact &= still_exact;
}

void
eqk_infer_approximate (EqkInfer *ctx, uint64_t exact, const char *code)
{
  const uint64_t kept = ctx->guarantee.exact & exact;

  if (kept == ctx->guarantee.exact)
    return;
  ctx->guarantee.exact = kept;
  if (ctx->guarantee.holds == EQK_HOLDS_EXACT)
    {
      ctx->guarantee.holds = EQK_HOLDS_PARTLY;
      ctx->guarantee.node = ctx->node;
      ctx->guarantee.code = code;
    }
}

int
eqk_infer_int (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_int (eqk_infer_own (ctx)->settings, eqk_infer_own (ctx)->layer->params, param);
}

double
eqk_infer_real (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_real (eqk_infer_own (ctx)->settings, eqk_infer_own (ctx)->layer->params, param);
}

bool
eqk_infer_bool (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_bool (eqk_infer_own (ctx)->settings, eqk_infer_own (ctx)->layer->params, param);
}

const char *
eqk_infer_text (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_text (eqk_infer_own (ctx)->settings, eqk_infer_own (ctx)->layer->params, param);
}

int
eqk_infer_ints (const EqkInfer *ctx, const char *param, int *out, int max)
{
  return eqk_settings_ints (eqk_infer_own (ctx)->settings, eqk_infer_own (ctx)->layer->params, param, out, max);
}

bool
eqk_infer_has (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_find (eqk_infer_own (ctx)->settings, param) != NULL;
}

const EqkGroup *
eqk_typed_group_at (const EqkTyped *typed, int node)
{
  const EqkPortType *x = type_into (typed, node, 0, 0);

  return x != NULL ? x->symmetry.group : typed->graph->symmetry.group;
}

const EqkRep *
eqk_infer_rep (EqkInfer *ctx, const char *param, EqkDiag *diag)
{
  const EqkGroup *group = eqk_typed_group_at (ctx->typed, ctx->node);
  const char     *text = eqk_infer_text (ctx, param);
  const EqkRep   *rep = NULL;
  EqkDiag         why = EQK_DIAG_INIT;
  const EqkStatus status = eqk_rep_parse (group, text, &rep, &why);
  char            allowed[160];

  /* The reader knows no settings: here the finding gets the name of this one, and what it takes in words. */
  if (status == EQK_ERR_LIMIT)
    eqk_fail_expected (diag, status, param, "at most 65535 channels", text);
  else if (status == EQK_ERR_PARSE && strcmp (why.expected, eqk_group_get_id (group)) == 0)
    {
      snprintf (allowed, sizeof allowed, "a sum of representations of %s, as in 8x reg + 4x triv", eqk_group_get_id (group));
      eqk_fail_expected (diag, status, param, allowed, why.found);
    }
  else if (status == EQK_ERR_PARSE)
    eqk_fail_expected (diag, status, param, why.expected, why.found);
  else if (status != EQK_OK)
    eqk_fail (diag, status, why.what);
  if (status != EQK_OK && diag != NULL)
    diag->index = why.index;
  return rep;
}

/* ---- the neighbourhood ---- */

int
eqk_infer_node (const EqkInfer *ctx)
{
  return ctx->node;
}

int
eqk_infer_n_nodes (const EqkInfer *ctx)
{
  return ctx->typed->graph->n_nodes;
}

const EqkLayerType *
eqk_infer_layer_of (const EqkInfer *ctx, int node)
{
  return ctx->typed->graph->nodes[node].layer;
}

const char *
eqk_infer_id_of (const EqkInfer *ctx, int node)
{
  return ctx->typed->graph->nodes[node].id;
}

const EqkSettings *
eqk_infer_settings_of (const EqkInfer *ctx, int node)
{
  return ctx->typed->graph->nodes[node].settings;
}

const EqkPortType *
eqk_infer_type_of (const EqkInfer *ctx, int node, const char *out_port)
{
  return eqk_typed_output (ctx->typed, node, out_port);
}

int
eqk_infer_source_of (const EqkInfer *ctx, int node, const char *port, int i)
{
  const EqkGraph *graph = ctx->typed->graph;
  const int       p = eqk_port_index (graph->nodes[node].layer->inputs, port);
  const int       k = p < 0 ? -1 : eqk_graph_link_into (graph, node, p, i);

  return k < 0 ? -1 : graph->links[k].from;
}

int
eqk_infer_consumers (const EqkInfer *ctx, int node, int *out, int max)
{
  const EqkGraph *graph = ctx->typed->graph;
  int             n = 0;

  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].from == node)
      {
        if (n < max)
          out[n] = graph->links[k].to;
        n++;
      }
  return n;
}

bool
eqk_infer_is_read (const EqkInfer *ctx, const char *out_port)
{
  const EqkGraph *graph = ctx->typed->graph;
  const int       p = eqk_port_index (eqk_infer_own (ctx)->layer->outputs, out_port);

  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].from == ctx->node && graph->links[k].from_port == p)
      return true;
  return false;
}

/* Marks everything reachable against the links from `node`. */
static void
mark_upstream (const EqkGraph *graph, int node, bool *seen)
{
  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == node && !seen[graph->links[k].from])
      {
        seen[graph->links[k].from] = true;
        mark_upstream (graph, graph->links[k].from, seen);
      }
}

bool
eqk_infer_is_upstream (const EqkInfer *ctx, int ancestor, int node)
{
  bool *seen = eqk_calloc ((size_t) ctx->typed->graph->n_nodes, sizeof *seen);
  bool  found;

  if (seen == NULL)
    return false;
  mark_upstream (ctx->typed->graph, node, seen);
  found = seen[ancestor];
  free (seen);
  return found;
}

void
eqk_infer_depth (const EqkInfer *ctx, int node, int *before, int *total)
{
  const EqkTyped *typed = ctx->typed;
  bool            passed = false;

  *before = *total = 0;
  for (int i = 0; i < typed->n_order; i++)
    {
      const bool mixes = (typed->graph->nodes[typed->order[i]].layer->flags & EQK_LAYER_LINEAR) != 0;

      if (typed->order[i] == node)
        passed = true;
      *total += mixes;
      *before += mixes && !passed;
    }
}

double
eqk_infer_fact (const EqkInfer *ctx, const char *name, double fallback)
{
  return eqk_graph_get_fact (ctx->typed->graph, name, fallback);
}
