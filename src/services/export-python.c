/* A PyTorch program of a design on sets or graphs: the design as a table, its layers from a file that is copied along, and numbers to compare with. */

#include "services/export-python.h"

#include "data/safetensors.h"
#include "model/atomic.h"

#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "python-resource.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { SAMPLES = 3 };
static const gint32 sizes[SAMPLES] = { 5, 2, 7 };      /* nodes of the samples that are compared; twice as many edges, loops and doubles among them */

static gboolean
refuse (GError **error, const char *node, const char *layer)
{
  /* Translators: a node, then its layer */
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("E-LIB-UNSUPPORTED: “%s” (%s) has no form in the Python export yet; C has one for every layer."), node, layer);
  return FALSE;
}

/* ---- text ---- */

static void
append_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if (*p == '\n')
      g_string_append (out, "\\n");
    else if ((guchar) *p >= ' ')
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

static void
append_setting (GString *out, const EqkSettings *settings, const EqkParam *params, const EqkParam *param)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  int  list[64];

  append_text (out, param->name);
  g_string_append (out, ": ");
  switch (param->kind)
    {
    case EQK_PARAM_INT:
      g_string_append_printf (out, "%d", eqk_settings_int (settings, params, param->name));
      break;
    case EQK_PARAM_REAL:
      g_string_append (out, g_ascii_dtostr (number, sizeof number, eqk_settings_real (settings, params, param->name)));
      break;
    case EQK_PARAM_BOOL:
      g_string_append (out, eqk_settings_bool (settings, params, param->name) ? "True" : "False");
      break;
    case EQK_PARAM_INT_LIST:
      g_string_append_c (out, '[');
      for (int i = 0, n = eqk_settings_ints (settings, params, param->name, list, 64); i < n && i < 64; i++)
        g_string_append_printf (out, "%s%d", i > 0 ? ", " : "", list[i]);
      g_string_append_c (out, ']');
      break;
    default:
      append_text (out, eqk_settings_text (settings, params, param->name));
    }
}

/* {"x": 128, "edges": 0}: numbers of a row at each input; of links alone none. */
static void
append_inputs (GString *out, const EqkTyped *typed, int node)
{
  const EqkGraph *graph = eqk_typed_graph (typed);
  const EqkPort  *ports = eqk_graph_node_layer (graph, node)->inputs;
  gboolean        first = TRUE;

  g_string_append_c (out, '{');
  for (; ports != NULL && ports->name != NULL; ports++)
    {
      const char        *port = NULL;
      const int          source = eqk_graph_node_source (graph, node, ports->name, 0, &port);
      const EqkPortType *type = source < 0 ? NULL : eqk_typed_output (typed, source, port);

      if (type == NULL)
        continue;
      g_string_append (out, first ? "" : ", ");
      append_text (out, ports->name);
      g_string_append_printf (out, ": %d", type->kind == EQK_KIND_EDGES ? 0 : eqk_rep_get_dim (type->rep));
      first = FALSE;
    }
  g_string_append_c (out, '}');
}

/* [("x", [("phi", "y")])]; links without numbers are no values, the batch holds them. */
static void
append_links (GString *out, const EqkTyped *typed, int node)
{
  const EqkGraph *graph = eqk_typed_graph (typed);
  const EqkPort  *ports = eqk_graph_node_layer (graph, node)->inputs;
  gboolean        first = TRUE;

  g_string_append_c (out, '[');
  for (; ports != NULL && ports->name != NULL; ports++)
    {
      const char *port = NULL;
      int         source = eqk_graph_node_source (graph, node, ports->name, 0, &port);

      if (source < 0)
        continue;
      g_string_append (out, first ? "(" : ", (");
      append_text (out, ports->name);
      g_string_append (out, ", [");
      for (int i = 0; source >= 0; source = eqk_graph_node_source (graph, node, ports->name, ++i, &port))
        {
          g_string_append (out, i > 0 ? ", (" : "(");
          append_text (out, eqk_graph_node_id (graph, source));
          g_string_append (out, ", ");
          append_text (out, port);
          g_string_append_c (out, ')');
        }
      g_string_append (out, "])");
      first = FALSE;
    }
  g_string_append_c (out, ']');
}

static gboolean
is_ragged (const EqkPortType *type)
{
  return type != NULL && (type->space.kind == EQK_SPACE_NODES || type->space.kind == EQK_SPACE_EDGES || type->space.kind == EQK_SPACE_PAIRS);
}

/* (part that the node reads, part that it makes): numbers of structures. */
static void
append_parts (GString *out, const EqkTyped *typed, int node)
{
  const EqkLayerType *layer = eqk_graph_node_layer (eqk_typed_graph (typed), node);
  int                 reads = -1, makes = -1;

  for (const EqkPort *p = layer->inputs; p != NULL && p->name != NULL && reads < 0; p++)
    {
      const char        *port = NULL;
      const int          source = eqk_graph_node_source (eqk_typed_graph (typed), node, p->name, 0, &port);
      const EqkPortType *type = source < 0 ? NULL : eqk_typed_output (typed, source, port);

      reads = is_ragged (type) ? type->space.structure : -1;
    }
  for (const EqkPort *p = layer->outputs; p != NULL && p->name != NULL && makes < 0; p++)
    {
      const EqkPortType *type = eqk_typed_output (typed, node, p->name);

      makes = is_ragged (type) ? type->space.structure : -1;
    }
  g_string_append_printf (out, "(%d, %d)", MAX (reads, 0), MAX (makes, 0));
}

static void
append_node (GString *out, const EqkTyped *typed, int node)
{
  const EqkGraph     *graph = eqk_typed_graph (typed);
  const EqkLayerType *layer = eqk_graph_node_layer (graph, node);

  g_string_append (out, "    (");
  append_text (out, eqk_graph_node_id (graph, node));
  g_string_append (out, ", ");
  append_text (out, layer->id);
  g_string_append (out, ", ");
  append_inputs (out, typed, node);
  g_string_append (out, ", {");
  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    {
      g_string_append (out, p == layer->params ? "" : ", ");
      append_setting (out, eqk_graph_node_settings (graph, node), layer->params, p);
    }
  g_string_append (out, "}, ");
  append_links (out, typed, node);
  g_string_append (out, ", ");
  append_text (out, eqk_graph_node_weight_path (graph, node));
  g_string_append (out, ", ");
  append_parts (out, typed, node);
  g_string_append (out, "),\n");
}

static char *
dup_program (EqsModel *model)
{
  g_autofree char *provenance = eqs_export_dup_provenance (model);
  g_autoptr (GString) out = g_string_new ("# SPDX-License-Identifier: MIT-0\n");
  int                 n;
  const int          *order = eqk_typed_order (model->typed, &n);

  g_string_append (out, "\"\"\"");
  for (const char *p = provenance; *p != '\0'; p++)
    g_string_append (out, *p == '\\' ? "\\\\" : *p == '"' ? "'" : (const char[]) { *p, '\0' });
  g_string_append (out, "\n\npython3 model.py builds the model, loads weights.safetensors and compares it with vectors.safetensors: inputs and what the studio makes of them.\n\"\"\"\n"
                        "import os\n\nfrom equi_torch import Design, main\n\n"
                        "# Node, layer, numbers of a row at each input, settings, what leads where, name of its weights, (graphs it reads, graphs it makes).\nNODES = [\n");
  for (int i = 0; i < n; i++)
    append_node (out, model->typed, order[i]);
  g_string_append (out, "]\nRESULTS = {");
  for (int i = 0; i < eqk_program_n_outputs (model->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (model->program, i);

      g_string_append (out, i > 0 ? ", " : "");
      append_text (out, output->name);
      g_string_append (out, ": (");
      append_text (out, output->node);
      g_string_append (out, ", ");
      append_text (out, output->port);
      g_string_append_c (out, ')');
    }
  g_string_append (out, "}\n\n\ndef make_model():\n    return Design(NODES, RESULTS)\n\n\nif __name__ == \"__main__\":\n    main(make_model, os.path.dirname(os.path.abspath(__file__)))\n");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* ---- what can be written ---- */

static gboolean
check_layers (const EqkTyped *typed, const char *runtime, GError **error)
{
  const EqkGraph *graph = eqk_typed_graph (typed);

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    {
      const char      *id = eqk_graph_node_layer (graph, i)->id;
      g_autofree char *name = g_strdup_printf ("\"%s\"", id), *line = NULL;
      const char      *at = runtime;

      while ((at = strstr (at, "@layer(")) != NULL)
        {
          g_free (line);
          line = g_strndup (at, strcspn (at, "\n"));
          if (strstr (line, name) != NULL)
            break;
          at++;
        }
      if (at == NULL)
        return refuse (error, eqk_graph_node_id (graph, i), id);
    }
  return TRUE;
}

/* ---- numbers to compare with ---- */

static void
add_rows (EqsSafetensorsWriter *writer, const char *prefix, const char *name, const EqkRun *run, int value, const void *data)
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const guint64    dims[2] = { eqk_run_rows (run, value), (guint64) eqk_program_value (run->program, value)->width };

  eqs_safetensors_writer_add (writer, full, EQS_DTYPE_F32, 2, dims, data);
}

static void
add_numbers (EqsSafetensorsWriter *writer, const char *name, const gint32 *numbers, gsize n)
{
  g_autofree gint64 *wide = g_new (gint64, n + 1);
  const guint64      dims[1] = { n };

  for (gsize i = 0; i < n; i++)
    wide[i] = numbers[i];
  eqs_safetensors_writer_add (writer, name, EQS_DTYPE_I64, 1, dims, wide);
}

/* Edges at random within each sample. */
static EqkStatus
set_edges (EqkRun *run, EqkDiag *diag)
{
  EqkRandom random = eqk_random (3, EQK_RANDOM_TEST, 0, 0, 0);
  gint32    src[2 * 14], dst[2 * 14], first = 0;
  gsize     n = 0;

  for (int s = 0; s < SAMPLES; first += sizes[s++])
    for (gint32 e = 0; e < 2 * sizes[s]; e++, n++)
      {
        src[n] = first + (gint32) eqk_random_below (&random, (guint32) sizes[s]);
        dst[n] = first + (gint32) eqk_random_below (&random, (guint32) sizes[s]);
      }
  return eqk_run_set_edges (run, src, dst, n, NULL, diag);
}

static gboolean
write_vectors (EqsModel *model, const char *path, GError **error)
{
  const EqkProgram *program = model->program;
  const gboolean    given = eqk_program_n_structures (program) > 0 && eqk_program_structure (program, 0)->given;
  EqkRunOptions     options = { .precision = EQK_F32, .capacity = { .batch = SAMPLES, .nodes = 14, .edges = 28, .pairs = 128 } };
  EqkDiag           diag = EQK_DIAG_INIT;
  EqkRun           *run = NULL;
  EqkStatus         status = eqk_run_new (program, model->store, &options, &run, &diag);
  g_autoptr (EqsSafetensorsWriter) writer = eqs_safetensors_writer_new ();
  gboolean          ok = FALSE;

  if (status == EQK_OK)
    status = eqk_run_set_nodes (run, sizes, SAMPLES, &diag);
  if (status == EQK_OK && given)
    status = set_edges (run, &diag);
  for (int v = 0; status == EQK_OK && v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_FEED)
      {
        const gsize n = eqk_run_rows (run, v) * (gsize) eqk_program_value (program, v)->width;
        EqkRandom   random = eqk_random (4, EQK_RANDOM_TEST, 0, (guint32) v, 0);
        float      *feed = eqk_run_feed (run, v);

        for (gsize i = 0; i < n; i++)
          feed[i] = (float) eqk_random_normal (&random);
        add_rows (writer, "in.", eqk_program_value (program, v)->name, run, v, feed);
      }
  if (status == EQK_OK)
    status = eqk_run_forward (run, EQK_PASS_INFER, &diag);
  for (int i = 0; status == EQK_OK && i < eqk_program_n_outputs (program); i++)
    add_rows (writer, "out.", eqk_program_output (program, i)->name, run, eqk_program_output (program, i)->value, eqk_run_value (run, eqk_program_output (program, i)->value));
  if (status != EQK_OK)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "%s", diag.what);
  else
    {
      add_numbers (writer, "node_offset", run->structures[0].node_offset, SAMPLES + 1);
      if (given)
        {
          add_numbers (writer, "src", run->structures[0].src, run->structures[0].n_edges);
          add_numbers (writer, "dst", run->structures[0].dst, run->structures[0].n_edges);
        }
      ok = eqs_safetensors_writer_save (writer, path, error);
    }
  eqk_run_free (run);
  return ok;
}

static char **
export_graphs (EqsModel *model, const char *folder, GError **error)
{
  g_autofree char   *program = g_build_filename (folder, "model.py", NULL), *layers = g_build_filename (folder, "equi_torch.py", NULL);
  g_autofree char   *weights = g_build_filename (folder, "weights.safetensors", NULL), *vectors = g_build_filename (folder, "vectors.safetensors", NULL);
  g_autofree char   *text = NULL;
  g_autoptr (GBytes) runtime = g_resource_lookup_data (eqs_python_get_resource (), "/org/equistudio/python/equi_torch.py", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  const char        *files[] = { program, layers, weights, vectors, NULL };

  if (runtime == NULL || !check_layers (model->typed, g_bytes_get_data (runtime, NULL), error))
    return NULL;
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      return NULL;
    }
  text = dup_program (model);
  if (!eqs_file_write_atomic (program, text, (gssize) strlen (text), error) ||
      !eqs_file_write_atomic (layers, g_bytes_get_data (runtime, NULL), (gssize) g_bytes_get_size (runtime), error) ||
      !eqs_checkpoint_save (weights, model->document, model->program, model->store, NULL, model->run, error) || !write_vectors (model, vectors, error))
    return NULL;
  return g_strdupv ((char **) files);
}

static gboolean
is_in_space (const EqkTyped *typed)
{
  return eqk_group_get_space_dim (eqk_graph_get_symmetry (eqk_typed_graph (typed))->group) == 3;
}

gboolean
eqs_export_python_can (const EqkTyped *typed, GError **error)
{
  g_autoptr (GBytes) runtime = NULL;

  if (is_in_space (typed))
    return eqs_export_python_can_space (typed, error);
  runtime = g_resource_lookup_data (eqs_python_get_resource (), "/org/equistudio/python/equi_torch.py", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  return runtime != NULL && check_layers (typed, g_bytes_get_data (runtime, NULL), error);
}

char **
eqs_export_python (EqsModel *model, const char *folder, GError **error)
{
  return is_in_space (model->typed) ? eqs_export_python_space (model, folder, error) : export_graphs (model, folder, error);
}
