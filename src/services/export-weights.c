/* Weights for other programs: a safetensors file without the optimiser's memory, and a list of what is in it. */

#include "services/export.h"

#include "model/atomic.h"

#include "eqk/convention.h"
#include "eqk/graph.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* How the numbers of a tensor are ordered, where that depends on the convention. */
static const char *
order_of (const EqkWeightForm *form, const EqkConvention *convention)
{
  if (form == NULL)
    return NULL;
  if (form->n_kinds == 0)
    return convention->reversed || convention->size != EQK_HARMONICS_COMPONENT ? "columns of products with harmonics scaled for the convention" : "columns by product with a harmonic";
  return convention->kinds_inside ? "[block][in][kind][out]" : "[kind][block][in][out]";
}

static EqsValue *
tensor_entry (const EqkProgram *program, int v, const EqkConvention *convention)
{
  const EqkValue *value = eqk_program_value (program, v);
  const EqkGraph *graph = eqk_typed_graph (eqk_program_typed (program));
  double          shape[6];
  EqsMap         *map = eqs_map_new ();

  for (int i = 0; i < value->n_dims; i++)
    shape[i] = value->shape[i];
  eqs_map_set (map, "name", eqs_value_new_string (value->name));
  eqs_map_set (map, "shape", eqs_value_new_numbers (shape, (guint) value->n_dims));
  eqs_map_set (map, "trainable", eqs_value_new_bool (value->kind == EQK_VALUE_WEIGHT));
  if (order_of (eqk_program_form (program, v), convention) != NULL)
    eqs_map_set (map, "order", eqs_value_new_string (order_of (eqk_program_form (program, v), convention)));
  if (value->node >= 0)
    {
      eqs_map_set (map, "node", eqs_value_new_string (eqk_graph_node_id (graph, value->node)));
      eqs_map_set (map, "layer", eqs_value_new_string (eqk_graph_node_layer (graph, value->node)->id));
    }
  return eqs_value_new_object (map);
}

static gboolean
write_list (EqsModel *model, const EqkConvention *convention, const char *path, GError **error)
{
  static const char *const facts[] = { "byte_scale", "classes", "species" };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autofree char *hash = eqs_document_dup_hash (model->document), *provenance = eqs_export_dup_provenance (model);
  g_autoptr (EqsValue) value = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  EqsMap *map = eqs_map_new ();
  char    words[96];

  for (int v = 0; v < eqk_program_n_values (model->program); v++)
    {
      const EqkValue *tensor = eqk_program_value (model->program, v);

      if (tensor->kind == EQK_VALUE_WEIGHT || tensor->kind == EQK_VALUE_STATE)
        g_ptr_array_add (items, tensor_entry (model->program, v, convention));
    }
  eqs_map_set (map, "provenance", eqs_value_new_string (provenance));
  eqs_map_set (map, "design_hash", eqs_value_new_string (hash));
  eqk_convention_text (convention, words, sizeof words);
  eqs_map_set (map, "convention", eqs_value_new_string (words));
  eqs_map_set (map, "trained", eqs_value_new_bool (model->trained));
  eqs_map_set (map, "parameters", eqs_value_new_number ((double) eqk_program_n_weights (model->program)));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)     /* what inputs and answers mean; absent where the training did not know it */
    if (eqs_map_get (model->run, facts[i]) != NULL)
      eqs_map_set (map, facts[i], eqs_value_ref (eqs_map_get (model->run, facts[i])));
  eqs_map_set (map, "tensors", eqs_value_new_list ((EqsValue *const *) items->pdata, items->len));
  value = eqs_value_new_object (map);
  eqs_value_append_text (value, text);
  g_string_append_c (text, '\n');
  return eqs_file_write_atomic (path, text->str, (gssize) text->len, error);
}

char **
eqs_export_weights (EqsModel *model, const char *folder, const char *convention, GError **error)
{
  g_autofree char *weights = g_build_filename (folder, "weights.safetensors", NULL), *list = g_build_filename (folder, "weights.json", NULL);
  const char      *files[] = { weights, list, NULL };
  g_autoptr (EqsMap) run = eqs_map_copy (model->run);
  EqkConvention    theirs = EQK_CONVENTION_STUDIO;
  EqkDiag          diag = EQK_DIAG_INIT;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      return NULL;
    }
  if (convention != NULL)
    eqs_map_set (run, "convention", eqs_value_new_string (convention));
  if (!eqs_checkpoint_save (weights, model->document, model->program, model->store, NULL, run, error))
    return NULL;
  /* Saving has looked at the words. */
  if (convention != NULL && eqk_convention_parse (convention, &theirs, &diag) != EQK_OK)
    return NULL;
  return write_list (model, &theirs, list, error) ? g_strdupv ((char **) files) : NULL;
}
