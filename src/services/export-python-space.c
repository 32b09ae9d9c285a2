/*
 * A folder that runs in PyTorch with e3nn: model.py, which is the same for all designs (its parts are the layers and the network), and what it reads: the layers with their settings, types and
 * links, the weights, and numbers to compare with. Which layers model.py knows stands in its first lines; a design with another one is refused.
 */

#include "services/export-python.h"

#include "model/atomic.h"

#include "eqk/convention.h"
#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/random.h"
#include "eqk/run.h"
#include "ops/irreps.h"
#include "python-resource.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { N_SAMPLES = 2, N_NODES = 9, MOST_EDGES = 4000 };     /* of the numbers to compare with: five and four points, with many images where they are periodic */

/* Those of the line "# layers: a b c" of the script. */
static char **
known_layers (const char *script)
{
  g_auto (GStrv) lines = g_strsplit (script, "\n", 32);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "# layers: "))
      return g_strsplit (lines[i] + strlen ("# layers: "), " ", -1);
  return g_new0 (char *, 1);
}

static gboolean
knows_layers (const EqkTyped *typed, const char *script, GError **error)
{
  const EqkGraph *graph = eqk_typed_graph (typed);
  g_auto (GStrv)  known = known_layers (script);

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    if (!g_strv_contains ((const char *const *) known, eqk_graph_node_layer (graph, i)->id))
      {
        g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” is a layer that the Python export for e3nn does not have (%s)."), eqk_graph_node_id (graph, i),
                     eqk_graph_node_layer (graph, i)->id);
        return FALSE;
      }
  return TRUE;
}

/* ---- the network ---- */

static EqsValue *
setting (const EqkSettings *settings, const EqkLayerType *layer, const EqkParam *param)
{
  int    list[64];
  double numbers[64];
  int    n;

  switch (param->kind)
    {
    case EQK_PARAM_INT:
      return eqs_value_new_number (eqk_settings_int (settings, layer->params, param->name));
    case EQK_PARAM_REAL:
      return eqs_value_new_number (eqk_settings_real (settings, layer->params, param->name));
    case EQK_PARAM_BOOL:
      return eqs_value_new_bool (eqk_settings_bool (settings, layer->params, param->name));
    case EQK_PARAM_INT_LIST:
      n = MIN (eqk_settings_ints (settings, layer->params, param->name, list, 64), 64);
      for (int k = 0; k < n; k++)
        numbers[k] = list[k];
      return eqs_value_new_numbers (numbers, (guint) n);
    default:
      return eqs_value_new_string (eqk_settings_text (settings, layer->params, param->name));
    }
}

/* "32x0e + 8x1o", with a parity also where the group is SO(3): there all count as even. */
static EqsValue *
type_text (const EqkRep *rep)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);
      const char     *name = eqk_field_is_trivial (run.field) ? "0e" : eqk_field_get_name (run.field);
      const gboolean  bare = g_ascii_isdigit (name[strlen (name) - 1]);

      g_string_append_printf (text, "%s%dx%s%s", r > 0 ? "+" : "", run.mul, name, bare ? "e" : "");
    }
  return eqs_value_new_string (text->str);
}

/* The places that feed a port: [node, port], or a list of such where it takes any number. */
static EqsValue *
links_entry (EqsModel *model, int node, const EqkPort *port)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (int i = 0; i == 0 || port->variadic; i++)
    {
      const char *from_port = NULL;
      const int   from = eqk_typed_source (model->typed, node, port->name, i, &from_port);
      const char *link[3] = { from < 0 ? NULL : eqk_graph_node_id (eqk_typed_graph (model->typed), from), from_port, NULL };

      if (from < 0)
        break;
      g_ptr_array_add (links, eqs_value_new_strings (link));
    }
  if (links->len == 0)
    return NULL;
  return port->variadic ? eqs_value_new_list ((EqsValue *const *) links->pdata, links->len) : eqs_value_ref (g_ptr_array_index (links, 0));
}

/* Polynomials of a symmetric contraction: monomials as the components they are products of (-1: no such factor), and entry by entry of which monomial, to which feature, with which number. */
static EqsValue *
contraction_entry (const EqkContractionParams *p, const double *u)
{
  g_autoptr (GPtrArray) monomials = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autofree double    *of = g_new (double, p->n_entries + 1), *to = g_new (double, p->n_entries + 1), *component = g_new (double, p->n_features + 1), *path = g_new (double, p->n_features + 1);
  EqsMap               *map = eqs_map_new ();

  for (int m = 0; m < p->n_monomials; m++)
    {
      const EqkMonomial *it = &p->monomials[m];
      const double       factors[3] = { it->a, it->order > 1 ? it->b : -1, it->order > 2 ? it->c : -1 };

      g_ptr_array_add (monomials, eqs_value_new_numbers (factors, 3));
      for (int e = it->first; e < p->monomials[m + 1].first; e++)
        {
          of[e] = m;
          to[e] = p->entries[e];
        }
    }
  for (int f = 0; f < p->n_features; f++)
    {
      component[f] = p->features[f].k;
      path[f] = p->features[f].path;
    }
  eqs_map_set (map, "monomials", eqs_value_new_list ((EqsValue *const *) monomials->pdata, monomials->len));
  eqs_map_set (map, "of", eqs_value_new_numbers (of, (guint) p->n_entries));
  eqs_map_set (map, "to", eqs_value_new_numbers (to, (guint) p->n_entries));
  eqs_map_set (map, "u", eqs_value_new_numbers (u, (guint) p->n_entries));
  eqs_map_set (map, "component", eqs_value_new_numbers (component, (guint) p->n_features));
  eqs_map_set (map, "path", eqs_value_new_numbers (path, (guint) p->n_features));
  return eqs_value_new_object (map);
}

/* Tables of a node that Python would have to find anew. */
static void
add_tables (const EqkProgram *program, int node, EqsMap *map)
{
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    {
      const EqkOp *op = eqk_program_op (program, i);

      if (op->node == node && strcmp (op->id, "symmetric_contraction") == 0)
        eqs_map_set (map, "contraction", contraction_entry (op->params, eqk_program_value (program, op->in[2])->data));
    }
}

static EqsValue *
node_entry (EqsModel *model, int node)
{
  const EqkGraph     *graph = eqk_typed_graph (model->typed);
  const EqkLayerType *layer = eqk_graph_node_layer (graph, node);
  EqsMap             *map = eqs_map_new (), *settings = eqs_map_new (), *types = eqs_map_new (), *kinds = eqs_map_new (), *inputs = eqs_map_new ();

  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    eqs_map_set (settings, p->name, setting (eqk_graph_node_settings (graph, node), layer, p));
  for (const EqkPort *port = layer->inputs; port != NULL && port->name != NULL; port++)
    {
      const char        *from_port = NULL;
      const int          from = eqk_typed_source (model->typed, node, port->name, 0, &from_port);
      const EqkPortType *type = from < 0 ? NULL : eqk_typed_output (model->typed, from, from_port);

      if (type == NULL)
        continue;
      eqs_map_set (inputs, port->name, links_entry (model, node, port));
      eqs_map_set (types, port->name, type_text (type->rep));
      eqs_map_set (kinds, port->name, eqs_value_new_string (eqk_kind_name (type->kind)));
    }
  for (const EqkPort *port = layer->outputs; port != NULL && port->name != NULL; port++)
    if (eqk_typed_output (model->typed, node, port->name) != NULL)
      eqs_map_set (types, port->name, type_text (eqk_typed_output (model->typed, node, port->name)->rep));
  eqs_map_set (map, "id", eqs_value_new_string (eqk_graph_node_id (graph, node)));
  eqs_map_set (map, "layer", eqs_value_new_string (layer->id));
  eqs_map_set (map, "weights", eqs_value_new_string (eqk_graph_node_weight_path (graph, node)));
  eqs_map_set (map, "settings", eqs_value_new_object (settings));
  eqs_map_set (map, "inputs", eqs_value_new_object (inputs));
  eqs_map_set (map, "types", eqs_value_new_object (types));
  eqs_map_set (map, "kinds", eqs_value_new_object (kinds));
  add_tables (model->program, node, map);
  return eqs_value_new_object (map);
}

/* Results go by their node, or by node and port where a node gives several. (transfer full) */
static char *
output_name (const EqkProgram *program, int i)
{
  const EqkProgramOutput *out = eqk_program_output (program, i);

  for (int k = 0; k < eqk_program_n_outputs (program); k++)
    if (k != i && strcmp (eqk_program_output (program, k)->node, out->node) == 0)
      return g_strdup_printf ("%s.%s", out->node, out->port);
  return g_strdup (out->node);
}

/* Units of what has one by its kind; NULL. */
static const char *
unit_of (EqkKind kind)
{
  return kind == EQK_KIND_ENERGY ? "eV" : kind == EQK_KIND_FORCE ? "eV/angstrom" : kind == EQK_KIND_STRESS ? "eV/angstrom^3" : NULL;
}

static EqsValue *
output_entry (const EqkProgram *program, int i)
{
  g_autofree char *name = output_name (program, i);
  const char      *unit = unit_of (eqk_program_output (program, i)->type.kind);
  EqsMap          *map = eqs_map_new ();

  if (unit != NULL)
    eqs_map_set (map, "unit", eqs_value_new_string (unit));

  eqs_map_set (map, "node", eqs_value_new_string (eqk_program_output (program, i)->node));
  eqs_map_set (map, "port", eqs_value_new_string (eqk_program_output (program, i)->port));
  eqs_map_set (map, "name", eqs_value_new_string (name));
  return eqs_value_new_object (map);
}

static EqsValue *
neighbour_rule (const EqkProgram *program)
{
  const EqkStructureRule *rule = eqk_program_n_structures (program) == 0 ? NULL : eqk_program_structure (program, 0);
  EqsMap                 *map;

  if (rule == NULL)
    return eqs_value_new_null ();
  map = eqs_map_new ();
  eqs_map_set (map, "complete", eqs_value_new_bool (rule->complete));
  eqs_map_set (map, "cutoff", eqs_value_new_number (rule->cutoff));
  eqs_map_set (map, "nearest", eqs_value_new_number (rule->nearest));
  eqs_map_set (map, "most", eqs_value_new_number (rule->most));
  return eqs_value_new_object (map);
}

static gboolean
write_json (EqsMap *map, const char *path, GError **error)
{
  g_autoptr (EqsValue) value = eqs_value_new_object (map);
  g_autoptr (GString)  text = g_string_new (NULL);

  eqs_value_append_text (value, text);
  g_string_append_c (text, '\n');
  return eqs_file_write_atomic (path, text->str, (gssize) text->len, error);
}

static gboolean
write_network (EqsModel *model, const char *path, GError **error)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref), outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autofree char *hash = eqs_document_dup_hash (model->document), *provenance = eqs_export_dup_provenance (model);
  const EqkConvention studio = EQK_CONVENTION_STUDIO;
  EqsValue        *species = eqs_map_get (model->run, "species");
  EqsMap          *map = eqs_map_new ();
  char             words[96];
  int              n;
  const int       *order = eqk_typed_order (model->typed, &n);

  eqk_convention_text (&studio, words, sizeof words);

  for (int i = 0; i < n; i++)
    g_ptr_array_add (nodes, node_entry (model, order[i]));
  for (int i = 0; i < eqk_program_n_outputs (model->program); i++)
    g_ptr_array_add (outputs, output_entry (model->program, i));
  eqs_map_set (map, "provenance", eqs_value_new_string (provenance));
  eqs_map_set (map, "design_hash", eqs_value_new_string (hash));
  eqs_map_set (map, "convention", eqs_value_new_string (words));
  eqs_map_set (map, "species", species != NULL ? eqs_value_ref (species) : eqs_value_new_null ());
  eqs_map_set (map, "parameters", eqs_value_new_number ((double) eqk_program_n_weights (model->program)));
  eqs_map_set (map, "neighbours", neighbour_rule (model->program));
  eqs_map_set (map, "nodes", eqs_value_new_list ((EqsValue *const *) nodes->pdata, nodes->len));
  eqs_map_set (map, "outputs", eqs_value_new_list ((EqsValue *const *) outputs->pdata, outputs->len));
  return write_json (map, path, error);
}

/* ---- numbers to compare with ---- */

/* Kinds that every layer with a table of kinds knows. */
static guint
count_kinds (const EqkGraph *graph)
{
  guint kinds = 118;

  for (int i = 0; i < eqk_graph_n_nodes (graph); i++)
    for (const EqkParam *p = eqk_graph_node_layer (graph, i)->params; p != NULL && p->name != NULL; p++)
      if (p->kind == EQK_PARAM_INT && strcmp (p->name, "species") == 0)
        kinds = MIN (kinds, (guint) eqk_settings_int (eqk_graph_node_settings (graph, i), eqk_graph_node_layer (graph, i)->params, "species"));
  return MAX (kinds, 1);
}

/* A list of rows; of width 0 a list of numbers. */
static EqsValue *
numbers (const double *x, gsize n, guint width)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  if (width == 0)
    return eqs_value_new_numbers (x, (guint) n);
  for (gsize i = 0; i + width <= n; i += width)
    g_ptr_array_add (rows, eqs_value_new_numbers (x + i, width));
  return eqs_value_new_list ((EqsValue *const *) rows->pdata, rows->len);
}

/* A slanted lattice a little wider than the cube of points. */
static double
lattice (gsize i, double unit, EqkRandom *random)
{
  return unit * ((i % 9 % 4 == 0 ? 2.2 : 0) + 0.2 * (eqk_random_uniform (random) - 0.5));
}

/* Points near the corners of a cube whose edges are a part of the cut-off, so that all are near and none too near. */
static void
fill_feed (EqsModel *model, EqkRun *run, int value, EqkRandom *random, EqsMap *map, EqsMap *features)
{
  const EqkValue    *v = eqk_program_value (model->program, value);
  const EqkPortType *type = eqk_program_value_type (model->program, value);
  const double       cutoff = eqk_program_n_structures (model->program) > 0 ? eqk_program_structure (model->program, 0)->cutoff : 0, unit = cutoff > 0 ? cutoff / 2.5 : 1;
  const gsize        n = eqk_run_rows (run, value) * (gsize) v->width;
  g_autofree double *x = g_new0 (double, n + 1);

  for (gsize i = 0; i < n; i++)
    if (v->index)
      x[i] = ((gint32 *) eqk_run_feed (run, value))[i] = (gint32) eqk_random_below (random, count_kinds (eqk_typed_graph (model->typed)));
    else
      {
        const gsize corner = (i / 3) % 5;

        x[i] = type != NULL && type->kind == EQK_KIND_POSITION ? unit * ((corner >> i % 3 & 1) + 0.3 * (eqk_random_uniform (random) - 0.5))
               : type != NULL && type->kind == EQK_KIND_CELL ? lattice (i, unit, random) : eqk_random_normal (random);
        ((double *) eqk_run_feed (run, value))[i] = x[i];
      }
  if (v->index)
    eqs_map_set (map, "species", numbers (x, n, 0));
  else if (type != NULL && type->kind == EQK_KIND_POSITION)
    eqs_map_set (map, "pos", numbers (x, n, 3));
  else
    eqs_map_set (features, v->name, numbers (x, n, (guint) v->width));
}

static gboolean
run_vectors (EqsModel *model, EqkRun *run, EqsMap *map, EqkDiag *diag)
{
  static const gint32 nodes[N_SAMPLES] = { 5, 4 };
  static const double batch[N_NODES] = { 0, 0, 0, 0, 0, 1, 1, 1, 1 };
  EqkRandom           random = eqk_random (1, EQK_RANDOM_TEST, 40, 0, 0);
  EqsMap             *features = eqs_map_new (), *outputs = eqs_map_new ();
  g_autoptr (EqsValue) features_value = eqs_value_new_object (features), outputs_value = eqs_value_new_object (outputs);
  gboolean            good = eqk_run_set_nodes (run, nodes, N_SAMPLES, diag) == EQK_OK;

  for (int v = 0; good && v < eqk_program_n_values (model->program); v++)
    if (eqk_program_value (model->program, v)->kind == EQK_VALUE_FEED)
      fill_feed (model, run, v, &random, map, features);
  good = good && eqk_run_build_structures (run, diag) == EQK_OK && eqk_run_forward (run, EQK_PASS_INFER, diag) == EQK_OK;
  for (int i = 0; good && i < eqk_program_n_outputs (model->program); i++)
    {
      const EqkProgramOutput *out = eqk_program_output (model->program, i);
      const guint             width = (guint) eqk_program_value (model->program, out->value)->width;
      g_autofree char        *name = output_name (model->program, i);

      eqs_map_set (outputs, name, numbers (eqk_run_value (run, out->value), eqk_run_rows (run, out->value) * width, width));
    }
  eqs_map_set (map, "batch", numbers (batch, N_NODES, 0));
  eqs_map_set (map, "features", eqs_value_ref (features_value));
  eqs_map_set (map, "outputs", eqs_value_ref (outputs_value));
  return good;
}

static gboolean
write_vectors (EqsModel *model, const char *path, GError **error)
{
  const EqkRunOptions options = { .precision = EQK_F64, .capacity = { N_SAMPLES, N_NODES, MOST_EDGES, 25 + 16 } };
  EqkDiag             diag = EQK_DIAG_INIT;
  EqkStore           *store = eqk_store_new (model->program, EQK_F64, 0);
  EqkRun             *run = NULL;
  EqsMap             *map = eqs_map_new ();
  gboolean            good = store != NULL && eqk_store_copy (store, model->store) == EQK_OK && eqk_run_new (model->program, store, &options, &run, &diag) == EQK_OK &&
                  run_vectors (model, run, map, &diag);

  eqk_run_free (run);
  eqk_store_unref (store);
  if (good)
    return write_json (map, path, error);
  {
    g_autoptr (EqsValue) unused = eqs_value_new_object (map);
  }
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The numbers to compare with could not be computed: %s"), diag.what);
  return FALSE;
}

/* The layers, then the network made of them. (transfer full) */
static char *
dup_script (GError **error)
{
  static const char *const parts[] = { "/org/equistudio/python/equi_e3nn.py", "/org/equistudio/python/equi_e3nn_more.py", "/org/equistudio/python/equi_e3nn_model.py" };
  g_autoptr (GString)      text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GBytes) part = g_resource_lookup_data (eqs_python_get_resource (), parts[i], G_RESOURCE_LOOKUP_FLAGS_NONE, error);

      if (part == NULL)
        return NULL;
      if (i > 0)
        g_string_append (text, "\n\n");
      g_string_append_len (text, g_bytes_get_data (part, NULL), (gssize) g_bytes_get_size (part));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
eqs_export_python_can_space (const EqkTyped *typed, GError **error)
{
  g_autofree char *script = dup_script (error);

  return script != NULL && knows_layers (typed, script, error);
}

char **
eqs_export_python_space (EqsModel *model, const char *folder, GError **error)
{
  g_autofree char *script = dup_script (error);
  g_autofree char *path = g_build_filename (folder, "model.py", NULL), *network = g_build_filename (folder, "network.json", NULL);
  g_autofree char *weights = g_build_filename (folder, "weights.safetensors", NULL), *vectors = g_build_filename (folder, "vectors.json", NULL);
  const char      *files[] = { path, network, weights, vectors, NULL };

  if (script == NULL || !knows_layers (model->typed, script, error))
    return NULL;
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      return NULL;
    }
  if (!write_network (model, network, error) || !write_vectors (model, vectors, error) ||
      !eqs_checkpoint_save (weights, model->document, model->program, model->store, NULL, model->run, error) || !eqs_file_write_atomic (path, script, -1, error))
    return NULL;
  return g_strdupv ((char **) files);
}
