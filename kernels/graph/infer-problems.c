/* Problems that rules raise while types are inferred, and the edits that mend them. */

#include "graph/graph-private.h"
#include "graph/note.h"
#include "core/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
      EqkProblem *grown = eqk_realloc (self->problems, (size_t) room * sizeof *grown);

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

void
eqk_infer_note (EqkInfer *ctx, const char *text)
{
  EqkProblem  *problem = ctx->typed->n_problems == 0 ? NULL : &ctx->typed->problems[ctx->typed->n_problems - 1];
  const size_t size = problem == NULL ? 0 : strlen (text) + (problem->args == NULL ? 0 : strlen (problem->args)) + 16;
  char        *args = size == 0 ? NULL : eqk_heap_alloc (ctx->typed->heap, size);

  if (args == NULL)
    return;
  snprintf (args, size, "%s%snote=\"%s\"", problem->args == NULL ? "" : problem->args, problem->args == NULL ? "" : " ", text);
  problem->args = args;
}

static void
add_edit (EqkInfer *ctx, EqkEditKind kind, const char *node, const char *port, const char *layer, const char *text)
{
  EqkHeap    *heap = ctx->typed->heap;
  EqkProblem *problem = ctx->typed->n_problems == 0 ? NULL : &ctx->typed->problems[ctx->typed->n_problems - 1];
  EqkFix     *fix;
  EqkEdit    *edits;

  if (problem == NULL || problem->n_fixes == 0)
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
