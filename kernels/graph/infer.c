/*
 * Type inference: nodes in topological order, each layer's own rule, then each layer's lints, then those of the design.
 * A design with mistakes is not a failure of this file: it ends in a list of problems.
 */

#include "graph/graph-private.h"
#include "core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
      copy->links = eqk_malloc ((size_t) graph->n_links * sizeof (EqkLink));
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

/* Kahn's algorithm, lowest node number first, so that the order does not depend on how links were drawn. */
static void
sort_nodes (EqkTyped *self)
{
  const EqkGraph *graph = self->graph;
  int            *open = eqk_calloc ((size_t) graph->n_nodes + 1, sizeof *open);

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
  const EqkLayerType *layer = eqk_infer_own (ctx)->layer;
  bool                ready = true;

  for (int p = 0; p < eqk_port_count (layer->inputs); p++)
    {
      if (eqk_graph_link_into (graph, ctx->node, p, 0) < 0 && !layer->inputs[p].optional)
        {
          char args[160];

          snprintf (args, sizeof args, "p=%s node='%s'", layer->inputs[p].name, eqk_infer_own (ctx)->id);
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

  for (int k = 0; k < graph->n_links && (eqk_infer_own (ctx)->layer->flags & EQK_LAYER_JOINS_PARTS) == 0; k++)
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
      return eqk_fail_expected (diag, EQK_ERR_TYPE, eqk_infer_own (ctx)->layer->inputs[link->to_port].name, expected, found);
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
  const int       port = eqk_port_index (eqk_infer_own (ctx)->layer->inputs, what);
  const int       k = eqk_graph_link_into (graph, ctx->node, port < 0 ? 0 : port, 0);

  return k < 0 ? eqk_infer_own (ctx)->id : graph->nodes[graph->links[k].from].id;
}

/* A failure the layer gave no lint for becomes the general finding. */
static void
report_failure (EqkInfer *ctx, EqkStatus status, const EqkDiag *diag)
{
  char args[1600], found[480], expected[480], what[200];

  if (status == EQK_ERR_NO_MEMORY || diag->status == EQK_ERR_NO_MEMORY)
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
  snprintf (args, sizeof args, "node='%s' from='%s' to='%s' a='%s' b='%s' x='%s'", eqk_infer_own (ctx)->id, culprit (ctx, diag->what), eqk_infer_own (ctx)->id, found, expected, what);
  eqk_infer_problem_at (ctx, ctx->node, "E-TYPE-MISMATCH", NULL, args);
}

static void
report_setting (EqkInfer *ctx, const EqkDiag *diag)
{
  char args[1600], found[480], allowed[480], what[200];

  quote (found, sizeof found, diag->found[0] == '\0' ? "something else" : diag->found);
  quote (allowed, sizeof allowed, diag->expected[0] == '\0' ? "another value" : diag->expected);
  quote (what, sizeof what, diag->what);
  snprintf (args, sizeof args, "node='%s' setting='%s' found='%s' allowed='%s'", eqk_infer_own (ctx)->id, what, found, allowed);
  eqk_infer_problem_at (ctx, ctx->node, "E-SETTING", NULL, args);
}

static void
infer_node (EqkInfer *ctx)
{
  const EqkLayerType *layer = eqk_infer_own (ctx)->layer;
  EqkNodeTypes       *types = &ctx->typed->types[ctx->node];
  EqkDiag             diag = EQK_DIAG_INIT, why = EQK_DIAG_INIT;
  EqkSymmetry         here = ctx->typed->graph->symmetry;
  EqkStatus           status;

  here.group = eqk_typed_group_at (ctx->typed, ctx->node);   /* behind a restriction a smaller one */
  ctx->n_raised = 0;
  ctx->raised_run = false;
  types->failed = true;
  status = eqk_settings_check (eqk_infer_own (ctx)->settings, layer->params, &diag);
  if (status != EQK_OK)
    {
      if (status == EQK_ERR_NO_MEMORY)
        ctx->typed->no_memory = true;
      else
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
  else if (layer->admits != NULL && ctx->n_raised == 0 && !layer->admits (&here, eqk_infer_own (ctx)->settings, &why))
    {
      char args[400];

      snprintf (args, sizeof args, "node='%s' layer='%s' why='%s'", eqk_infer_own (ctx)->id, layer->title, why.what);
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
  bool     *sorted = eqk_calloc ((size_t) typed->graph->n_nodes + 1, sizeof *sorted);
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
  EqkTyped *self = eqk_calloc (1, sizeof *self);

  if (self == NULL)
    return NULL;
  self->refs = 1;
  self->graph = copy_graph (graph);
  self->heap = eqk_heap_new ();
  self->types = eqk_calloc ((size_t) graph->n_nodes + 1, sizeof *self->types);
  self->order = eqk_calloc ((size_t) graph->n_nodes + 1, sizeof *self->order);
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
  const unsigned refusals = eqk_memory_refusals ();
  EqkTyped      *self = typed_new (graph);
  EqkInfer       ctx = { .typed = self, .node = -1 };

  if (self == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "types");
  infer_nodes (self);
  self->no_memory = self->no_memory || eqk_memory_refusals () != refusals;
  if (self->n_order < self->graph->n_nodes)
    report_cycle (&ctx);
  for (int i = 0; i < self->n_order && !self->no_memory; i++)
    {
      ctx.node = self->order[i];
      if (!self->types[ctx.node].failed && eqk_infer_own (&ctx)->layer->lint != NULL)
        eqk_infer_own (&ctx)->layer->lint (&ctx);
    }
  ctx.node = -1;
  if (!self->no_memory)
    eqk_design_lints (&ctx);
  if (self->no_memory || eqk_memory_refusals () != refusals)
    {
      eqk_typed_unref (self);
      return eqk_fail (diag, EQK_ERR_NO_MEMORY, "types");
    }
  *out = self;
  return EQK_OK;
}
