/* Document → kernel graph (unroll.c) → types, problems, costs. */

#include "model/compile.h"

#include "model/budget.h"
#include "model/file.h"
#include "model/mend.h"
#include "model/promise.h"
#include "model/training-plan.h"
#include "model/unroll.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gboolean
eqs_compile_apply_preview (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  const EqsMap *section = eqs_document_get_section (document, EQS_SECTION_PREVIEW);
  g_autoptr (EqsMap) preview = section == NULL ? NULL : eqs_map_copy (section);

  for (guint i = 0; preview != NULL && i < eqs_map_get_size (preview); i++)
    {
      g_autofree char *node = NULL, *param = NULL;

      if (!eqs_endpoint_split (eqs_map_get_key (preview, i), &node, &param))
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("The preview entry “%s” does not read node.setting."), eqs_map_get_key (preview, i));
          return FALSE;
        }
      if (!eqs_document_set_param (document, node, param, eqs_map_get_value (preview, i), error))
        return FALSE;
    }
  return preview == NULL || eqs_document_set_section (document, EQS_SECTION_PREVIEW, NULL, error);
}

/* ---- the check ---- */

static void
collect_problems (EqsCheck *self, EqsDocument *document)
{
  gboolean unknown = self->problems->len > 0;

  for (int i = 0; i < eqk_typed_n_problems (self->typed); i++)
    {
      const EqkProblem *problem = eqk_typed_problem (self->typed, i);
      const char       *id = problem->node < 0 ? NULL : eqk_graph_node_id (eqk_typed_graph (self->typed), problem->node);
      g_autofree char  *path = id == NULL ? NULL : eqs_compile_dup_path (id);
      gboolean          known = FALSE;

      /* An input is open behind a layer that is not known: one cause, one problem. */
      if (unknown && strcmp (problem->rule->code, "E-UNCONNECTED") == 0)
        continue;
      for (guint k = 0; k < self->problems->len && !known; k++)   /* copies of a block repeat what one of them has said */
        {
          const EqsProblem *other = g_ptr_array_index (self->problems, k);

          known = strchr (id == NULL ? "" : id, '/') != NULL && g_strcmp0 (other->node, path) == 0 && strcmp (other->code, problem->rule->code) == 0;
        }
      if (!known)
        {
          EqsProblem *told = eqs_problem_new_from_kernel (problem, path);

          eqs_problem_set_titles (told, problem->args, document);
          eqs_mend_add_fixes (told, document, self->typed, problem);
          g_ptr_array_add (self->problems, told);
        }
    }
}

static gint64
weights_of_node (const EqkProgram *program, int node)
{
  gint64 sum = 0;

  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_WEIGHT && eqk_program_value (program, v)->node == node)
      sum += eqk_program_value (program, v)->width;
  return sum;
}

/* Sizes the costs are for: one sample; ragged designs with the nominal numbers of the bound data. */
static EqkSizes
nominal_sizes (EqsDocument *document)
{
  const EqsMap *nominal = eqs_document_get_section (document, EQS_SECTION_NOMINAL);
  const double  n = CLAMP (eqs_map_get_number (nominal, "N", 20), 1, 1e6), e = CLAMP (eqs_map_get_number (nominal, "E", 20 * n), 1, 1e7);

  return (EqkSizes){ 1, (gsize) n, (gsize) e, (gsize) (n * n) };
}

static EqkRun *
plan (EqkProgram *program, const EqkSizes *sizes, gboolean train, gboolean export_plan)
{
  const EqkRunOptions options = { .precision = EQK_F32, .train = train, .export_plan = export_plan, .plan_only = true, .capacity = *sizes };
  EqkRun             *run = NULL;

  eqk_run_new (program, NULL, &options, &run, NULL);
  return run;
}

static void
inside_free (gpointer data)
{
  g_free ((char *) ((EqsNodeCost *) data)->id);
  g_free (data);
}

/* To "block/lin", and to the block in a block that "block/inner/lin" lies in: each copy adds to what its node costs. */
static void
add_inside (EqsCheck *self, const char *kernel_id, int kernel_node, gint64 parameters, double macs)
{
  g_autofree char *path = eqs_compile_dup_path (kernel_id);
  const char      *slash = strchr (path, '/');

  while (slash != NULL)
    {
      g_autofree char *part = NULL;
      EqsNodeCost     *cost;

      slash = strchr (slash + 1, '/');
      part = slash == NULL ? g_strdup (path) : g_strndup (path, (gsize) (slash - path));
      cost = g_hash_table_lookup (self->inside, part);
      if (cost == NULL)
        {
          cost = g_new0 (EqsNodeCost, 1);
          cost->id = g_steal_pointer (&part);
          cost->layer = slash == NULL ? eqk_graph_node_layer (eqk_typed_graph (self->typed), kernel_node)->id : "subgraph";
          cost->kernel_node = slash == NULL ? kernel_node : -1;
          g_hash_table_insert (self->inside, (gpointer) cost->id, cost);
        }
      cost->parameters += parameters;
      cost->macs += macs;
    }
}

const EqsNodeCost *
eqs_check_get_cost (const EqsCheck *self, const char *path)
{
  for (guint i = 0; strchr (path, '/') == NULL && i < self->nodes->len; i++)
    if (strcmp (g_array_index (self->nodes, EqsNodeCost, i).id, path) == 0)
      return &g_array_index (self->nodes, EqsNodeCost, i);
  return g_hash_table_lookup (self->inside, path);
}

static void
add_costs (EqsCheck *self, EqsDocument *document)
{
  const EqsMap *training = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  const double  batch = CLAMP (eqs_map_get_number (training, "batch", 64), 1, 4096);
  EqkSizes      many = self->nominal;
  EqkRun       *one = plan (self->program, &self->nominal, FALSE, TRUE), *step;

  many.batch = (int) batch;
  many.nodes *= (gsize) batch;
  many.edges *= (gsize) batch;
  many.pairs *= (gsize) batch;
  step = plan (self->program, &many, TRUE, FALSE);
  self->parameters = (gint64) eqk_program_n_weights (self->program);
  self->weight_bytes = (gsize) self->parameters * sizeof (float);
  self->arena_bytes = one == NULL ? 0 : eqk_run_arena_bytes (one);
  self->macs = one == NULL ? 0 : eqk_run_macs (one, -1);
  self->train_arena_bytes = step == NULL ? 0 : eqk_run_arena_bytes (step);
  for (int k = 0; k < eqk_graph_n_nodes (eqk_typed_graph (self->typed)); k++)
    {
      const char      *id = eqk_graph_node_id (eqk_typed_graph (self->typed), k);
      g_autofree char *top = g_strndup (id, strcspn (id, "/"));
      const gint64     parameters = weights_of_node (self->program, k);
      const double     macs = one == NULL ? 0 : eqk_run_macs (one, k);

      for (guint i = 0; i < self->nodes->len; i++)
        {
          EqsNodeCost *cost = &g_array_index (self->nodes, EqsNodeCost, i);

          if (strcmp (cost->id, top) == 0)
            {
              cost->parameters += parameters;
              cost->macs += macs;
            }
        }
      add_inside (self, id, k, parameters, macs);
    }
  eqk_run_free (one);
  eqk_run_free (step);
}

static void
list_nodes (EqsCheck *self, EqsDocument *document)
{
  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode    *node = eqs_graph_get_node (graph, i);
      EqsNodeCost cost = { g_intern_string (eqs_node_get_id (node)), g_intern_string (eqs_node_get_layer (node)), -1, 0, 0 };

      if (self->typed != NULL)
        cost.kernel_node = eqk_graph_find (eqk_typed_graph (self->typed), cost.id);
      g_array_append_val (self->nodes, cost);
    }
}

static void
add_newer_format (EqsCheck *self, EqsDocument *document)
{
  const EqkLintRule *rule = eqk_lint_find ("W-NEWER-FORMAT");
  const int          found = eqs_document_get_version (document);
  char               args[64], message[256];

  if (found <= EQS_FILE_VERSION)
    return;
  g_snprintf (args, sizeof args, "found=%d known=%d", found, EQS_FILE_VERSION);
  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (self->problems, eqs_problem_new (rule->code, NULL, NULL, message, _(rule->why)));
}

static gboolean
has_errors (const EqsCheck *self)
{
  for (guint i = 0; i < self->problems->len; i++)
    if (((EqsProblem *) g_ptr_array_index (self->problems, i))->severity == EQK_SEVERITY_ERROR)
      return TRUE;
  return FALSE;
}

EqsCheck *
eqs_check_new_without_search (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);
  g_autoptr (EqsCheck) self = g_new0 (EqsCheck, 1);
  g_autoptr (GError) local = NULL;
  EqkSymmetry symmetry;
  EqkGraph   *graph;
  EqkDiag     diag = EQK_DIAG_INIT;
  EqkStatus   status;

  g_atomic_ref_count_init (&self->refs);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_problem_free);
  self->nodes = g_array_new (FALSE, TRUE, sizeof (EqsNodeCost));
  self->inside = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, inside_free);
  self->nominal = nominal_sizes (document);
  if (!eqs_compile_symmetry (document, &symmetry, &local))
    {
      g_ptr_array_add (self->problems, eqs_problem_new ("E-GROUP-UNKNOWN", NULL, NULL, local->message, _("Without a group there is nothing to promise.")));
      self->blocks = EQK_BLOCKS_RUN;
      list_nodes (self, document);
      return g_steal_pointer (&self);
    }
  graph = eqs_unroll (document, &symmetry, self->problems, error);
  if (graph == NULL)
    return NULL;
  status = eqk_graph_infer (graph, &self->typed, &diag);
  eqk_graph_free (graph);
  if (status != EQK_OK)
    {
      eqs_compile_set_error (error, status, &diag);
      return NULL;
    }
  collect_problems (self, document);
  eqs_promise_add_problems (self, document);
  eqs_training_add_problems (self, document);
  add_newer_format (self, document);
  list_nodes (self, document);
  for (guint i = 0; i < self->problems->len; i++)
    self->blocks = MAX (self->blocks, ((EqsProblem *) g_ptr_array_index (self->problems, i))->blocks);
  if (self->blocks != EQK_BLOCKS_RUN)
    {
      status = eqk_compile (self->typed, NULL, &self->program, &diag);
      if (status != EQK_OK)
        {
          g_autofree char *path = diag.node[0] == '\0' ? NULL : eqs_compile_dup_path (diag.node);

          g_ptr_array_add (self->problems, eqs_problem_new (status == EQK_ERR_UNSUPPORTED ? "E-FORCES-NONSMOOTH" : "E-SETTING", path, NULL, diag.what,
                                                            _("The layer's numbers cannot be laid out as asked.")));
          self->blocks = EQK_BLOCKS_RUN;
        }
      else
        add_costs (self, document);
    }
  self->ok = self->blocks == EQK_BLOCKS_NOTHING && !has_errors (self);
  return g_steal_pointer (&self);
}

EqsCheck *
eqs_check_new (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  EqsCheck *self = eqs_check_new_without_search (document, error);

  if (self != NULL && self->program != NULL)
    eqs_budget_add_problems (self, document);
  return self;
}

EqsCheck *
eqs_check_ref (EqsCheck *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_check_unref (EqsCheck *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  g_ptr_array_unref (self->problems);
  g_array_unref (self->nodes);
  g_hash_table_unref (self->inside);
  g_free (self);
}

char *
eqs_compile_dup_source (EqsDocument *document, const char *path, const char *port, char **out_port)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  char            *at = g_strdup (path);
  g_autofree char *own_port = g_strdup (port);

  for (guint depth = 0; depth <= EQS_MAX_NESTING; depth++)
    {
      EqsNode       *node = eqs_document_find_node (document, at);
      EqsGraph      *body = node == NULL ? NULL : eqs_document_get_body (document, node);
      const EqsLink *link = NULL;
      char          *inner;

      if (body == NULL)
        {
          *out_port = g_steal_pointer (&own_port);
          return at;
        }
      for (guint i = 0; i < eqs_graph_get_n_links (body) && link == NULL; i++)
        if (eqs_graph_get_link (body, i)->to_node[0] == '\0' && (own_port == NULL || strcmp (eqs_graph_get_link (body, i)->to_port, own_port) == 0))
          link = eqs_graph_get_link (body, i);
      if (link == NULL || link->from_node[0] == '\0')
        break;
      inner = g_strconcat (at, "/", link->from_node, NULL);
      g_free (at);
      at = inner;
      g_free (own_port);
      own_port = g_strdup (link->from_port);
    }
  g_free (at);
  return NULL;
}

const EqkPortType *
eqs_check_output_type (const EqsCheck *self, EqsDocument *document, const char *path, const char *port)
{
  g_autofree char *inner_port = NULL, *inner = self->typed == NULL ? NULL : eqs_compile_dup_source (document, path, port, &inner_port);
  const int        node = inner == NULL ? -1 : eqs_compile_find_node (self->typed, inner);

  return node < 0 ? NULL : eqk_typed_output (self->typed, node, inner_port);
}

const EqkPortType *
eqs_check_border_type (const EqsCheck *self, EqsDocument *document, const char *scope, const char *port)
{
  g_autofree char *block = g_strdup (scope), *at_port = g_strdup (port);

  while (self->typed != NULL && block[0] != '\0' && block[0] != '#')
    {
      char            *slash = strrchr (block, '/');
      g_autofree char *outer = slash == NULL ? g_strdup ("") : g_strndup (block, (gsize) (slash - block));
      EqsGraph        *graph = eqs_document_get_graph (document, outer);
      const int        at = graph == NULL ? -1 : eqs_graph_find_link (graph, NULL, NULL, slash == NULL ? block : slash + 1, at_port);
      const EqsLink   *link = at < 0 ? NULL : eqs_graph_get_link (graph, (guint) at);

      if (link == NULL)
        return NULL;
      if (link->from_node[0] != '\0')
        {
          g_autofree char *from = outer[0] == '\0' ? g_strdup (link->from_node) : g_strconcat (outer, "/", link->from_node, NULL);

          return eqs_check_output_type (self, document, from, link->from_port);
        }
      g_free (at_port);
      at_port = g_strdup (link->from_port);
      g_free (block);
      block = g_steal_pointer (&outer);
    }
  return NULL;
}
