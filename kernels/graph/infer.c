/*
 * Type inference: nodes in topological order, each layer's own rule, then each layer's lints, then those of the design.
 * A design with mistakes is not a failure of this file: it ends in a list of problems.
 */

#include "graph/graph-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the typed graph ---- */

static EqkGraph *
copy_graph (const EqkGraph *graph)
{
  EqkGraph *copy = eqk_graph_new (&graph->symmetry);
  EqkStatus status = copy == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  for (int i = 0; status == EQK_OK && i < graph->n_nodes; i++)
    {
      const EqkNode *node = &graph->nodes[i];

      status = node->probe != NULL ? eqk_graph_add_probe (copy, node->id, node->probe, NULL, NULL)
                                   : eqk_graph_add_type (copy, node->id, node->layer, node->settings, node->weight_path, NULL, NULL);
    }
  if (status == EQK_OK && graph->n_links > 0)
    {
      copy->links = malloc ((size_t) graph->n_links * sizeof (EqkLink));
      if (copy->links != NULL)
        {
          memcpy (copy->links, graph->links, (size_t) graph->n_links * sizeof (EqkLink));
          copy->n_links = copy->links_room = graph->n_links;
        }
      else
        status = EQK_ERR_NO_MEMORY;
    }
  if (status != EQK_OK)
    {
      eqk_graph_free (copy);
      return NULL;
    }
  memcpy (copy->task, graph->task, sizeof copy->task);
  memcpy (copy->facts, graph->facts, sizeof copy->facts);
  copy->n_facts = graph->n_facts;
  copy->equivariant = graph->equivariant;
  copy->bare = graph->bare;
  return copy;
}

EqkTyped *
eqk_typed_ref (EqkTyped *self)
{
  __atomic_add_fetch (&self->refs, 1, __ATOMIC_RELAXED);
  return self;
}

void
eqk_typed_unref (EqkTyped *self)
{
  if (self == NULL || __atomic_sub_fetch (&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  eqk_graph_free (self->graph);
  eqk_heap_free (self->heap);
  free (self->types);
  free (self->order);
  free (self->problems);
  free (self);
}

const EqkGraph *
eqk_typed_graph (const EqkTyped *self)
{
  return self->graph;
}

int
eqk_typed_n_problems (const EqkTyped *self)
{
  return self->n_problems;
}

const EqkProblem *
eqk_typed_problem (const EqkTyped *self, int i)
{
  return &self->problems[i];
}

EqkBlocks
eqk_typed_blocks (const EqkTyped *self)
{
  EqkBlocks worst = EQK_BLOCKS_NOTHING;

  for (int i = 0; i < self->n_problems; i++)
    if (self->problems[i].rule->blocks > worst)
      worst = self->problems[i].rule->blocks;
  return worst;
}

const EqkPortType *
eqk_typed_output (const EqkTyped *self, int node, const char *port)
{
  const int p = port == NULL ? 0 : eqk_port_index (self->graph->nodes[node].layer->outputs, port);

  return p < 0 || !self->types[node].known[p] ? NULL : &self->types[node].type[p];
}

int
eqk_typed_source (const EqkTyped *self, int node, const char *port, int i, const char **out_port)
{
  const int p = eqk_port_index (self->graph->nodes[node].layer->inputs, port);
  const int k = p < 0 ? -1 : eqk_graph_link_into (self->graph, node, p, i);

  if (k < 0)
    return -1;
  if (out_port != NULL)
    *out_port = self->graph->nodes[self->graph->links[k].from].layer->outputs[self->graph->links[k].from_port].name;
  return self->graph->links[k].from;
}

const int *
eqk_typed_order (const EqkTyped *self, int *n)
{
  *n = self->n_order;
  return self->order;
}

/* Kahn's algorithm, lowest node number first, so that the order does not depend on how links were drawn. */
static void
sort_nodes (EqkTyped *self)
{
  const EqkGraph *graph = self->graph;
  int            *open = calloc ((size_t) graph->n_nodes + 1, sizeof *open);

  if (open == NULL)
    {
      self->no_memory = true;
      return;
    }
  for (int k = 0; k < graph->n_links; k++)
    open[graph->links[k].to]++;
  for (;;)
    {
      int next = -1;

      for (int i = 0; i < graph->n_nodes && next < 0; i++)
        if (open[i] == 0)
          next = i;
      if (next < 0)
        break;
      open[next] = -1;
      self->order[self->n_order++] = next;
      for (int k = 0; k < graph->n_links; k++)
        if (graph->links[k].from == next)
          open[graph->links[k].to]--;
    }
  free (open);
}

/* ---- problems ---- */

static EqkProblem *
add_problem (EqkTyped *self, int node, const char *code, const char *port, const char *args)
{
  const EqkLintRule *rule = eqk_lint_find (code);
  EqkProblem        *problem;

  if (rule == NULL)
    return NULL;
  if (self->n_problems == self->problems_room)
    {
      const int   room = self->problems_room == 0 ? 16 : 2 * self->problems_room;
      EqkProblem *grown = realloc (self->problems, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          self->no_memory = true;
          return NULL;
        }
      self->problems = grown;
      self->problems_room = room;
    }
  problem = &self->problems[self->n_problems++];
  *problem = (EqkProblem){ .rule = rule, .severity = eqk_lint_severity (code), .node = node,
                           .port = eqk_heap_text (self->heap, port), .args = eqk_heap_text (self->heap, args) };
  return problem;
}

void
eqk_infer_problem_at (EqkInfer *ctx, int node, const char *code, const char *port, const char *args)
{
  const EqkProblem *problem = add_problem (ctx->typed, node, code, port, args);

  ctx->n_raised++;
  if (problem != NULL && problem->rule->blocks == EQK_BLOCKS_RUN)
    ctx->raised_run = true;
}

void
eqk_infer_problem (EqkInfer *ctx, const char *code, const char *port, const char *args_format, ...)
{
  char args[512] = "";

  if (args_format != NULL)
    {
      va_list list;

      va_start (list, args_format);
      vsnprintf (args, sizeof args, args_format, list);
      va_end (list);
    }
  eqk_infer_problem_at (ctx, ctx->node, code, port, args);
}

void
eqk_infer_fix (EqkInfer *ctx, const char *label)
{
  EqkProblem *problem;
  EqkFix     *fixes;

  if (ctx->typed->n_problems == 0)
    return;
  problem = &ctx->typed->problems[ctx->typed->n_problems - 1];
  fixes = eqk_heap_alloc (ctx->typed->heap, (size_t) (problem->n_fixes + 1) * sizeof *fixes);
  if (fixes == NULL)
    return;
  if (problem->n_fixes > 0)
    memcpy (fixes, problem->fixes, (size_t) problem->n_fixes * sizeof *fixes);
  fixes[problem->n_fixes].label = eqk_heap_text (ctx->typed->heap, label);
  problem->fixes = fixes;
  problem->n_fixes++;
}

static void
add_edit (EqkInfer *ctx, EqkEditKind kind, const char *node, const char *port, const char *layer, const char *text)
{
  EqkHeap    *heap = ctx->typed->heap;
  EqkProblem *problem = &ctx->typed->problems[ctx->typed->n_problems - 1];
  EqkFix     *fix;
  EqkEdit    *edits;

  if (ctx->typed->n_problems == 0 || problem->n_fixes == 0)
    return;
  fix = &problem->fixes[problem->n_fixes - 1];
  edits = eqk_heap_alloc (heap, (size_t) (fix->n_edits + 1) * sizeof *edits);
  if (edits == NULL)
    return;
  if (fix->n_edits > 0)
    memcpy (edits, fix->edits, (size_t) fix->n_edits * sizeof *edits);
  if (strcmp (node, "$") == 0)
    node = ctx->typed->graph->nodes[problem->node >= 0 ? problem->node : ctx->node].id;
  edits[fix->n_edits] = (EqkEdit){ kind, eqk_heap_text (heap, node), eqk_heap_text (heap, port), eqk_heap_text (heap, layer),
                                   eqk_heap_text (heap, text) };
  fix->edits = edits;
  fix->n_edits++;
}

void
eqk_fix_set (EqkInfer *ctx, const char *node, const char *param, const char *value_text)
{
  add_edit (ctx, EQK_EDIT_SET, node, param, NULL, value_text);
}

void
eqk_fix_replace (EqkInfer *ctx, const char *node, const char *layer, const char *settings_text)
{
  add_edit (ctx, EQK_EDIT_REPLACE, node, NULL, layer, settings_text);
}

void
eqk_fix_insert_before (EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *settings_text)
{
  add_edit (ctx, EQK_EDIT_INSERT_BEFORE, node, port, layer, settings_text);
}

void
eqk_fix_insert_after (EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *settings_text)
{
  add_edit (ctx, EQK_EDIT_INSERT_AFTER, node, port, layer, settings_text);
}

void
eqk_fix_join_after (EqkInfer *ctx, const char *node, const char *port, const char *layer, const char *source)
{
  add_edit (ctx, EQK_EDIT_JOIN_AFTER, node, port, layer, source);
}

void
eqk_fix_restrict (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;
  const EqkGraph *graph = typed->graph;
  const EqkGroup *common = NULL;
  char            text[64];

  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == ctx->node)
      {
        const EqkGroup *group = typed->types[graph->links[k].from].type[graph->links[k].from_port].symmetry.group;

        common = common == NULL ? group : eqk_group_common (common, group);
      }
  if (common == NULL || eqk_layer_find ("restrict") == NULL)
    return;
  eqk_infer_fix (ctx, EQK_N_("Restrict both to the group they share"));
  snprintf (text, sizeof text, "group=%s", eqk_group_get_id (common));
  for (int k = 0; k < graph->n_links; k++)
    {
      const EqkLink *link = &graph->links[k];
      bool           done = link->to != ctx->node || typed->types[link->from].type[link->from_port].symmetry.group == common;

      for (int j = 0; j < k && !done; j++)
        done = graph->links[j].to == ctx->node && graph->links[j].from == link->from && graph->links[j].from_port == link->from_port;
      if (!done)
        eqk_fix_insert_after (ctx, graph->nodes[link->from].id, graph->nodes[link->from].layer->outputs[link->from_port].name, "restrict", text);
    }
}

void
eqk_fix_delete (EqkInfer *ctx, const char *node)
{
  add_edit (ctx, EQK_EDIT_DELETE, node, NULL, NULL, NULL);
}

/* ---- what a layer's rule may ask ---- */

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

static const EqkNode *
own (const EqkInfer *ctx)
{
  return &ctx->typed->graph->nodes[ctx->node];
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
  const EqkNode *node = own (ctx);

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
  const int p = eqk_port_index (own (ctx)->layer->inputs, port);
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
  const int     p = eqk_port_index (own (ctx)->layer->outputs, port);
  EqkNodeTypes *types = &ctx->typed->types[ctx->node];

  if (p < 0)
    return EQK_ERR_INTERNAL;
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
  return eqk_settings_int (own (ctx)->settings, own (ctx)->layer->params, param);
}

double
eqk_infer_real (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_real (own (ctx)->settings, own (ctx)->layer->params, param);
}

bool
eqk_infer_bool (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_bool (own (ctx)->settings, own (ctx)->layer->params, param);
}

const char *
eqk_infer_text (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_text (own (ctx)->settings, own (ctx)->layer->params, param);
}

int
eqk_infer_ints (const EqkInfer *ctx, const char *param, int *out, int max)
{
  return eqk_settings_ints (own (ctx)->settings, own (ctx)->layer->params, param, out, max);
}

bool
eqk_infer_has (const EqkInfer *ctx, const char *param)
{
  return eqk_settings_find (own (ctx)->settings, param) != NULL;
}

static const EqkGroup *
group_at (const EqkTyped *typed, int node)
{
  const EqkPortType *x = type_into (typed, node, 0, 0);

  return x != NULL ? x->symmetry.group : typed->graph->symmetry.group;
}

const EqkRep *
eqk_infer_rep (EqkInfer *ctx, const char *param, EqkDiag *diag)
{
  const EqkGroup *group = group_at (ctx->typed, ctx->node);
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
  const int       p = eqk_port_index (own (ctx)->layer->outputs, out_port);

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
  bool *seen = calloc ((size_t) ctx->typed->graph->n_nodes, sizeof *seen);
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

/* ---- the pass ---- */

/* An output that needs an optional input of its own name gives nothing while that is open. */
static void
report_open (EqkInfer *ctx, const EqkLink *link)
{
  const EqkNode *from = &ctx->typed->graph->nodes[link->from];
  const char    *name = from->layer->outputs[link->from_port].name;
  const int      port = eqk_port_index (from->layer->inputs, name);
  char           args[160];

  if (ctx->typed->types[link->from].failed || port < 0 || eqk_graph_link_into (ctx->typed->graph, link->from, port, 0) >= 0)
    return;
  snprintf (args, sizeof args, "p=%s node='%.64s'", name, from->id);
  eqk_infer_problem_at (ctx, link->from, "E-UNCONNECTED", name, args);
}

static bool
inputs_ready (EqkInfer *ctx)
{
  const EqkGraph     *graph = ctx->typed->graph;
  const EqkLayerType *layer = own (ctx)->layer;
  bool                ready = true;

  for (int p = 0; p < eqk_port_count (layer->inputs); p++)
    {
      if (eqk_graph_link_into (graph, ctx->node, p, 0) < 0 && !layer->inputs[p].optional)
        {
          char args[160];

          snprintf (args, sizeof args, "p=%s node='%s'", layer->inputs[p].name, own (ctx)->id);
          eqk_infer_problem_at (ctx, ctx->node, "E-UNCONNECTED", layer->inputs[p].name, args);
          ready = false;
        }
      for (int i = 0, k; (k = eqk_graph_link_into (graph, ctx->node, p, i)) >= 0; i++)
        if (!ctx->typed->types[graph->links[k].from].known[graph->links[k].from_port])
          {
            report_open (ctx, &graph->links[k]);
            ready = false;
          }
    }
  return ready;
}

static void
meet_inputs (EqkInfer *ctx)
{
  const EqkTyped *typed = ctx->typed;
  const EqkGraph *graph = typed->graph;

  ctx->guarantee = (EqkGuarantee){ EQK_HOLDS_EXACT, eqk_guarantee_full_mask (graph->symmetry.group), -1, NULL };
  for (int k = 0; k < graph->n_links; k++)
    if (graph->links[k].to == ctx->node)
      ctx->guarantee = eqk_guarantee_meet (ctx->guarantee, typed->types[graph->links[k].from].type[graph->links[k].from_port].guarantee);
}

static bool
is_ragged (const EqkSpace *space)
{
  return space->kind == EQK_SPACE_NODES || space->kind == EQK_SPACE_EDGES || space->kind == EQK_SPACE_PAIRS;
}

/* Rows of a selected part and rows of the whole do not belong together, whatever a layer makes of them. */
static EqkStatus
check_parts (const EqkInfer *ctx, EqkDiag *diag)
{
  const EqkGraph *graph = ctx->typed->graph;
  const EqkSpace *first = NULL;
  char            expected[80], found[80];

  for (int k = 0; k < graph->n_links && (own (ctx)->layer->flags & EQK_LAYER_JOINS_PARTS) == 0; k++)
    {
      const EqkLink  *link = &graph->links[k];
      const EqkSpace *space = link->to == ctx->node ? &ctx->typed->types[link->from].type[link->from_port].space : NULL;

      if (space == NULL || !is_ragged (space))
        continue;
      first = first == NULL ? space : first;
      if (space->structure == first->structure)
        continue;
      eqk_space_text (first, expected, sizeof expected);
      eqk_space_text (space, found, sizeof found);
      return eqk_fail_expected (diag, EQK_ERR_TYPE, own (ctx)->layer->inputs[link->to_port].name, expected, found);
    }
  return EQK_OK;
}

/* Values of arguments stand in straight quotes, so those inside become curly. */
static void
quote (char *out, size_t size, const char *text)
{
  size_t n = 0;

  for (const char *p = text; *p != '\0' && n + 4 < size; p++)
    if (*p == '\'')
      n += (size_t) snprintf (out + n, size - n, "’");
    else
      out[n++] = *p;
  out[n] = '\0';
}

static void report_setting (EqkInfer *ctx, const EqkDiag *diag);

/* What feeds the input that a diagnostic names, or the first one; the node itself when nothing does. */
static const char *
culprit (const EqkInfer *ctx, const char *what)
{
  const EqkGraph *graph = ctx->typed->graph;
  const int       port = eqk_port_index (own (ctx)->layer->inputs, what);
  const int       k = eqk_graph_link_into (graph, ctx->node, port < 0 ? 0 : port, 0);

  return k < 0 ? own (ctx)->id : graph->nodes[graph->links[k].from].id;
}

/* A failure the layer gave no lint for becomes the general finding. */
static void
report_failure (EqkInfer *ctx, EqkStatus status, const EqkDiag *diag)
{
  char args[1600], found[480], expected[480], what[200];

  if (status == EQK_ERR_NO_MEMORY)
    {
      ctx->typed->no_memory = true;
      return;
    }
  if (ctx->raised_run)
    return;
  if (status == EQK_ERR_PARSE)
    {
      report_setting (ctx, diag);
      return;
    }
  quote (found, sizeof found, diag->found[0] == '\0' ? "something else" : diag->found);
  quote (expected, sizeof expected, diag->expected[0] == '\0' ? "another type" : diag->expected);
  quote (what, sizeof what, diag->what);
  snprintf (args, sizeof args, "node='%s' from='%s' to='%s' a='%s' b='%s' x='%s'", own (ctx)->id, culprit (ctx, diag->what), own (ctx)->id, found, expected, what);
  eqk_infer_problem_at (ctx, ctx->node, "E-TYPE-MISMATCH", NULL, args);
}

static void
report_setting (EqkInfer *ctx, const EqkDiag *diag)
{
  char args[1600], found[480], allowed[480], what[200];

  quote (found, sizeof found, diag->found[0] == '\0' ? "something else" : diag->found);
  quote (allowed, sizeof allowed, diag->expected[0] == '\0' ? "another value" : diag->expected);
  quote (what, sizeof what, diag->what);
  snprintf (args, sizeof args, "node='%s' setting='%s' found='%s' allowed='%s'", own (ctx)->id, what, found, allowed);
  eqk_infer_problem_at (ctx, ctx->node, "E-SETTING", NULL, args);
}

static void
infer_node (EqkInfer *ctx)
{
  const EqkLayerType *layer = own (ctx)->layer;
  EqkNodeTypes       *types = &ctx->typed->types[ctx->node];
  EqkDiag             diag = EQK_DIAG_INIT, why = EQK_DIAG_INIT;
  EqkSymmetry         here = ctx->typed->graph->symmetry;
  EqkStatus           status;

  here.group = group_at (ctx->typed, ctx->node);   /* behind a restriction a smaller one */
  ctx->n_raised = 0;
  ctx->raised_run = false;
  types->failed = true;
  if (eqk_settings_check (own (ctx)->settings, layer->params, &diag) != EQK_OK)
    {
      report_setting (ctx, &diag);
      return;
    }
  if (!inputs_ready (ctx))
    return;
  meet_inputs (ctx);
  status = check_parts (ctx, &diag);
  if (status == EQK_OK)
    status = layer->infer (ctx, &diag);
  if (status != EQK_OK)
    report_failure (ctx, status, &diag);
  else if (layer->admits != NULL && ctx->n_raised == 0 && !layer->admits (&here, own (ctx)->settings, &why))
    {
      char args[400];

      snprintf (args, sizeof args, "node='%s' layer='%s' why='%s'", own (ctx)->id, layer->title, why.what);
      eqk_infer_problem_at (ctx, ctx->node, "E-LAYER-GROUP", NULL, args);
    }
  types->failed = status != EQK_OK;
  if (status != EQK_OK)
    memset (types->known, 0, sizeof types->known);
}

static void
report_cycle (EqkInfer *ctx)
{
  EqkTyped *typed = ctx->typed;
  char      args[400] = "nodes='", *end = args + 7;
  bool     *sorted = calloc ((size_t) typed->graph->n_nodes + 1, sizeof *sorted);
  int       first = -1;

  for (int i = 0; sorted != NULL && i < typed->n_order; i++)
    sorted[typed->order[i]] = true;
  for (int i = 0; sorted != NULL && i < typed->graph->n_nodes; i++)
    if (!sorted[i] && end - args < 300)
      {
        end += snprintf (end, 100, "%s%.64s", first < 0 ? "" : ", ", typed->graph->nodes[i].id);
        first = first < 0 ? i : first;
      }
  snprintf (end, 2, "'");
  free (sorted);
  eqk_infer_problem_at (ctx, first, "E-CYCLE", NULL, args);
}

/* Memory of a typed graph without types; NULL when memory is short. */
static EqkTyped *
typed_new (const EqkGraph *graph)
{
  EqkTyped *self = calloc (1, sizeof *self);

  if (self == NULL)
    return NULL;
  self->refs = 1;
  self->graph = copy_graph (graph);
  self->heap = eqk_heap_new ();
  self->types = calloc ((size_t) graph->n_nodes + 1, sizeof *self->types);
  self->order = calloc ((size_t) graph->n_nodes + 1, sizeof *self->order);
  if (self->graph != NULL && self->heap != NULL && self->types != NULL && self->order != NULL)
    return self;
  eqk_typed_unref (self);
  return NULL;
}

static void
infer_nodes (EqkTyped *self)
{
  EqkInfer ctx = { .typed = self };

  sort_nodes (self);
  for (int i = 0; i < self->n_order; i++)
    {
      ctx.node = self->order[i];
      infer_node (&ctx);
    }
}

/* Lays what the text says over the settings of a node. */
static EqkStatus
change_settings (EqkSettings *settings, const char *text)
{
  EqkSettings *more = NULL;
  EqkStatus    status = eqk_settings_parse (text, &more, NULL);

  for (int i = 0; status == EQK_OK && i < eqk_settings_count (more); i++)
    {
      const EqkSetting *s = eqk_settings_at (more, i);

      status = s->kind == EQK_SETTING_NUMBER ? eqk_settings_set_number (settings, s->name, s->number)
               : s->kind == EQK_SETTING_BOOL ? eqk_settings_set_bool (settings, s->name, s->number != 0)
               : s->kind == EQK_SETTING_TEXT ? eqk_settings_set_text (settings, s->name, s->text)
                                             : eqk_settings_set_list (settings, s->name, s->list, s->n);
    }
  eqk_settings_free (more);
  return status;
}

bool
eqk_infer_try_centred (const EqkInfer *ctx, int node, const char *settings)
{
  EqkTyped *trial = typed_new (ctx->typed->graph);
  bool      good = trial != NULL && trial->graph->nodes[node].settings != NULL &&
                   change_settings (trial->graph->nodes[node].settings, settings) == EQK_OK;

  if (good)
    infer_nodes (trial);
  for (int i = 0; good && i < trial->graph->n_nodes; i++)
    good = !trial->types[i].off_centre && (!trial->types[i].failed || ctx->typed->types[i].failed);
  eqk_typed_unref (trial);
  return good;
}

EqkStatus
eqk_graph_infer (const EqkGraph *graph, EqkTyped **out, EqkDiag *diag)
{
  EqkTyped *self = typed_new (graph);
  EqkInfer  ctx = { .typed = self, .node = -1 };

  if (self == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "types");
  infer_nodes (self);
  if (self->n_order < self->graph->n_nodes)
    report_cycle (&ctx);
  for (int i = 0; i < self->n_order; i++)
    {
      ctx.node = self->order[i];
      if (!self->types[ctx.node].failed && own (&ctx)->layer->lint != NULL)
        own (&ctx)->layer->lint (&ctx);
    }
  ctx.node = -1;
  eqk_design_lints (&ctx);
  if (self->no_memory)
    {
      eqk_typed_unref (self);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "types");
    }
  *out = self;
  return EQK_OK;
}
