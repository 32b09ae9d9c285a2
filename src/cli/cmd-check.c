/* equi check: types, shapes, problems and costs of a design. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "model/compile.h"
#include "services/bound-data.h"
#include "services/checkpoint.h"
#include "services/data-look.h"
#include "services/estimate.h"
#include "services/pose-look.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static EqsValue *
shape_of (const EqkPortType *type)
{
  const double dim = eqk_rep_get_dim (type->rep);
  GPtrArray   *items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsValue    *list;

  g_ptr_array_add (items, eqs_value_new_number (dim));
  if (type->space.kind == EQK_SPACE_GRID)
    {
      g_ptr_array_add (items, eqs_value_new_number (type->space.h));
      g_ptr_array_add (items, eqs_value_new_number (type->space.w));
    }
  else if (type->space.kind == EQK_SPACE_NODES || type->space.kind == EQK_SPACE_PAIRS)
    g_ptr_array_insert (items, 0, eqs_value_new_string ("N"));
  else if (type->space.kind == EQK_SPACE_EDGES)
    g_ptr_array_insert (items, 0, eqs_value_new_string ("E"));
  if (type->space.kind == EQK_SPACE_PAIRS)
    g_ptr_array_insert (items, 0, eqs_value_new_string ("N"));
  list = eqs_cli_list (items);
  g_ptr_array_unref (items);
  return list;
}

static const char *
domain_of (const EqkPortType *type)
{
  static const char *const names[] = { "global", "grid", "nodes", "edges", "pairs", "fixed" };

  return names[type->space.kind];
}

static EqsValue *
output_json (const EqsCheck *check, EqsDocument *document, const EqsNodeCost *cost, const char *port)
{
  const EqkPortType *type = eqs_check_output_type (check, document, cost->id, port);
  EqsMap            *map = eqs_map_new ();

  eqs_cli_set_string (map, "name", port);
  if (type != NULL)
    {
      eqs_cli_set_string (map, "domain", domain_of (type));
      eqs_cli_set_string (map, "representation", eqk_rep_get_text (type->rep));
      eqs_cli_set_value (map, "shape", shape_of (type));
      eqs_cli_set_string (map, "kind", eqk_kind_name (type->kind));
      eqs_cli_set_string (map, "guarantee", type->guarantee.holds == EQK_HOLDS_EXACT ? "exact" : type->guarantee.holds == EQK_HOLDS_PARTLY ? "approximate" : "broken");
    }
  return eqs_value_new_object (map);
}

/* Of a layer its ports, of a block what is led out of its body. */
static EqsValue *
outputs_of (const EqsCheck *check, EqsDocument *document, const EqsNodeCost *cost)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  const EqkLayerType *layer = cost->kernel_node < 0 ? NULL : eqk_graph_node_layer (eqk_typed_graph (check->typed), cost->kernel_node);
  const EqsNode      *node = eqs_document_find_node (document, cost->id);
  EqsGraph           *body = node == NULL ? NULL : eqs_document_get_body (document, node);

  for (const EqkPort *port = layer == NULL ? NULL : layer->outputs; port != NULL && port->name != NULL; port++)
    g_ptr_array_add (items, output_json (check, document, cost, port->name));
  for (guint i = 0; body != NULL && i < eqs_graph_get_n_links (body); i++)
    if (eqs_graph_get_link (body, i)->to_node[0] == '\0')
      g_ptr_array_add (items, output_json (check, document, cost, eqs_graph_get_link (body, i)->to_port));
  return eqs_cli_list (items);
}

static EqsValue *
problem_json (const EqsProblem *problem)
{
  g_autoptr (GPtrArray) fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_string (map, "code", problem->code);
  eqs_cli_set_string (map, "severity", eqs_severity_name (problem->severity));
  eqs_cli_set_string (map, "blocks", eqs_blocks_name (problem->blocks));
  eqs_cli_set_string (map, "node", problem->node);
  eqs_cli_set_string (map, "port", problem->port);
  eqs_cli_set_string (map, "message", problem->message);
  eqs_cli_set_string (map, "why", problem->why);
  for (guint i = 0; i < problem->fixes->len; i++)
    g_ptr_array_add (fixes, eqs_value_new_string (((EqsFix *) g_ptr_array_index (problem->fixes, i))->label));
  eqs_cli_set_value (map, "fixes", eqs_cli_list (fixes));
  return eqs_value_new_object (map);
}

/* Nothing is allocated for a design that cannot run, and nothing counted: that is not 0. */
static double
known (const EqsCheck *check, double number)
{
  return check->program == NULL ? NAN : number;
}

static void
print_json (const EqsCheck *check, EqsDocument *document, const EqsTimes *times)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsMap *map = eqs_map_new (), *totals = eqs_map_new ();

  for (guint i = 0; i < check->problems->len; i++)
    g_ptr_array_add (problems, problem_json (g_ptr_array_index (check->problems, i)));
  for (guint i = 0; i < check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (check->nodes, EqsNodeCost, i);
      EqsMap            *node = eqs_map_new ();

      eqs_cli_set_string (node, "id", cost->id);
      eqs_cli_set_string (node, "layer", cost->layer);
      eqs_cli_set_value (node, "outputs", outputs_of (check, document, cost));
      eqs_cli_set_number (node, "parameters", known (check, (double) cost->parameters));
      eqs_cli_set_number (node, "macs", known (check, cost->macs));
      g_ptr_array_add (nodes, eqs_value_new_object (node));
    }
  eqs_cli_set_bool (map, "ok", check->ok);
  eqs_cli_set_value (map, "problems", eqs_cli_list (problems));
  eqs_cli_set_value (map, "nodes", eqs_cli_list (nodes));
  eqs_cli_set_number (totals, "parameters", known (check, (double) check->parameters));
  eqs_cli_set_number (totals, "macs", known (check, check->macs));
  eqs_cli_set_number (totals, "weight_bytes", known (check, (double) check->weight_bytes));
  eqs_cli_set_number (totals, "arena_bytes", known (check, (double) check->arena_bytes));
  eqs_cli_set_number (totals, "train_arena_bytes", known (check, (double) check->train_arena_bytes));
  if (times != NULL)
    {
      eqs_cli_set_value (totals, "answer_seconds", eqs_value_new_numbers (times->answer_s, 2));
      eqs_cli_set_value (totals, "epoch_seconds", eqs_value_new_numbers (times->epoch_s, 2));
      eqs_cli_set_number (totals, "threads", times->threads);
    }
  eqs_cli_set_map (map, "totals", totals);
  eqs_cli_print_json (map);
}

static void
print_table (const EqsCheck *check, EqsDocument *document)
{
  printf ("%-18s %-20s %-14s %-26s %12s %14s\n", _("node"), _("layer"), _("where"), _("representation"), _("parameters"), _("MACs"));
  for (guint i = 0; i < check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (check->nodes, EqsNodeCost, i);
      const EqkPortType *type = eqs_check_output_type (check, document, cost->id, NULL);
      char               space[64] = "";

      if (type != NULL)
        eqk_space_text (&type->space, space, sizeof space);
      printf ("%-18s %-20s %-14s %-26s", cost->id, cost->layer, space, type == NULL ? "" : eqk_rep_get_text (type->rep));
      if (check->program == NULL)
        printf (" %12s %14s\n", "-", "-");
      else
        printf (" %12" PRId64 " %14.0f\n", cost->parameters, cost->macs);
    }
  if (check->program != NULL)
    printf (_("\n%" PRId64 " parameters, %.1f MMAC, arena %.1f KB, training arena %.1f MB\n"), check->parameters, check->macs / 1e6,
          (double) check->arena_bytes / 1e3, (double) check->train_arena_bytes / 1e6);
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      printf ("%s: %s%s%s\n", problem->code, problem->node == NULL ? "" : problem->node, problem->node == NULL ? "" : ": ", problem->message);
      for (guint k = 0; k < problem->fixes->len; k++)
        {
          const EqsFix    *fix = g_ptr_array_index (problem->fixes, k);
          g_autofree char *changes = eqs_fix_dup_text (fix, NULL);

          printf ("    %s %s%s%s%s\n", k == 0 ? _("to mend it:") : _("or:"), fix->label, *changes == '\0' ? "" : " (", changes, *changes == '\0' ? "" : ")");
        }
    }
}

/* What the weights of a design or checkpoint make of samples. */
static void
look_at_poses (EqsCheck *check, const char *file, EqsDataset *dataset)
{
  EqsModel            *model = check->program == NULL ? NULL : eqs_model_open (file, NULL);
  g_autoptr (EqsSplit) train = model == NULL ? NULL : eqs_dataset_load (dataset, "train", NULL);

  if (train != NULL)
    eqs_pose_look_add (check, model, train);
  if (model != NULL)
    eqs_model_free (model);
}

static gboolean
makes_poses (const EqsCheck *check)
{
  for (int i = 0; check->program != NULL && i < eqk_program_n_outputs (check->program); i++)
    if (eqk_program_output (check->program, i)->type.kind == EQK_KIND_POSE)
      return TRUE;
  return FALSE;
}

/* Data that are not here say nothing; the commands that need them do. */
static void
look_at_data (EqsCheck *check, EqsDocument *document, const char *file)
{
  g_autoptr (EqsDataset)  dataset = eqs_bound_data_get_name (document) == NULL ? NULL : eqs_bound_data_open (document, NULL, NULL);
  g_autoptr (EqsDataLook) look = dataset == NULL ? NULL : eqs_data_look_new (dataset);

  eqs_data_look_add (check, look);
  if (dataset != NULL && makes_poses (check))
    look_at_poses (check, file, dataset);
}

/* Measured on this computer with the data that the design is bound to. */
static gboolean
measure_times (EqsDocument *document, int threads, EqsTimes *times, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_bound_data_open (document, NULL, error);

  return dataset != NULL && eqs_times_measure (document, dataset, threads, NULL, times, error);
}

static void
print_times (const EqsTimes *times)
{
  g_autofree char *answer = eqs_seconds_dup_range (times->answer_s), *epoch = eqs_seconds_dup_range (times->epoch_s);

  /* Translators: a number of threads, times such as "11–13 s", a number of batches */
  printf (g_dngettext (GETTEXT_PACKAGE, "On this computer with %d thread: an answer %s, an epoch %s (%u batches)\n", "On this computer with %d threads: an answer %s, an epoch %s (%u batches)\n", (gulong) times->threads),
          times->threads, answer, epoch, times->steps);
}

int
eqs_cmd_check (int argc, char **argv)
{
  gboolean json = FALSE, time = FALSE;
  int      threads = 0;
  EqsTimes times;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { "time", 0, 0, G_OPTION_ARG_NONE, &time, N_("Measure for half a second what an answer and an epoch take on this computer"), NULL },
    { "threads", 0, 0, G_OPTION_ARG_INT, &threads, N_("Threads for --time (default: all cores)"), N_("N") },
    { NULL }
  };
  g_autoptr (EqsDocument) document = NULL;
  g_autoptr (EqsCheck) check = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "check", "FILE|CHECKPOINT", _("Types, shapes, problems and costs of a design."), &argc, &argv, 1, 1, &status))
    return status;
  document = eqs_design_open (argv[1], &error);
  if (document == NULL)
    return eqs_cli_fail_error (error);
  check = eqs_check_new (document, &error);
  if (check == NULL)
    return eqs_cli_fail_error (error);
  look_at_data (check, document, argv[1]);
  if (time && eqs_bound_data_get_name (document) == NULL)
    return eqs_cli_fail (EQS_EXIT_NOT_FINE, _("--time needs the data that the design learns from: equi bind FILE --data NAME binds some."));
  if (time && check->program != NULL && !measure_times (document, threads, &times, &error))
    return eqs_cli_fail_error (error);
  time = time && check->program != NULL;
  if (json)
    print_json (check, document, time ? &times : NULL);
  else
    print_table (check, document);
  if (time && !json)
    print_times (&times);
  return check->ok ? EQS_EXIT_OK : EQS_EXIT_NOT_FINE;
}
