/* Scaling of the numbers of fields. */

#include "model/widths.h"

#include <eqk/layer.h>

#include <math.h>
#include <string.h>

/* What leads straight into a head is what the answer is made of: it stays. */
static gboolean
feeds_head (EqsGraph *graph, const char *id)
{
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink      *link = eqs_graph_get_link (graph, i);
      const EqsNode      *to = eqs_graph_find_node (graph, link->to_node);   /* none: the end of a block */
      const EqkLayerType *layer = to == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (to));

      if (strcmp (link->from_node, id) == 0 && layer != NULL && (layer->flags & EQK_LAYER_HEAD) != 0)
        return TRUE;
    }
  return FALSE;
}

static double
scaled (double n, double factor)
{
  return MAX (floor (n * factor + 0.5), 1);
}

/* "16x reg + 2x triv" times a factor; fields keep their kinds. NULL when it does not read as runs with a number each. */
static char *
scale_fields (const char *text, double factor)
{
  g_auto (GStrv) runs = g_strsplit (text, "+", -1);
  g_autoptr (GString) whole = g_string_new (NULL);

  for (guint i = 0; runs[i] != NULL; i++)
    {
      const char  *run = g_strstrip (runs[i]);
      char        *end = NULL;
      const gint64 n = g_ascii_strtoll (run, &end, 10);

      if (end == run || *end != 'x')
        return NULL;
      g_string_append_printf (whole, "%s%.0f%s", i == 0 ? "" : strchr (text, ' ') != NULL ? " + " : "+", scaled ((double) n, factor), end);
    }
  return g_string_free (g_steal_pointer (&whole), FALSE);
}

/* Widths of rows stay multiples of eight, so that equal ones stay equal and heads divide them; small ones stay as they are. */
static double
scale_row (double width, double factor)
{
  return width < 8 ? width : MAX (8 * floor (width * factor / 8 + 0.5), 8);
}

/* Layers of sets and graphs count the numbers of a row: "channels", or lists of widths. NULL where it stays. */
static EqsValue *
scale_rows (const EqsNode *node, const EqkLayerType *layer, const EqkParam *param, double factor)
{
  const EqsValue   *own = (layer->flags & EQK_LAYER_LINEAR) == 0 ? NULL : eqs_node_get_param (node, param->name);
  g_autofree double *widths = NULL;
  gboolean          changed = FALSE;
  guint             n;

  if (own == NULL)
    return NULL;
  if (param->kind == EQK_PARAM_INT && strcmp (param->name, "channels") == 0)
    return scale_row (eqs_value_get_number (own), factor) == eqs_value_get_number (own) ? NULL : eqs_value_new_number (scale_row (eqs_value_get_number (own), factor));
  if (param->kind != EQK_PARAM_INT_LIST || !eqs_value_is_numbers (own))
    return NULL;
  n = eqs_value_get_length (own);
  widths = g_new (double, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const double width = eqs_value_get_number (eqs_value_get_item (own, i));

      widths[i] = scale_row (width, factor);
      changed = changed || widths[i] != width;
    }
  return changed ? eqs_value_new_numbers (widths, n) : NULL;
}

/* The setting times the factor; NULL where it stays. Fields are a representation, or counted, as in group convolutions. */
static EqsValue *
scale_param (const EqsNode *node, const EqkLayerType *layer, const EqkParam *param, double factor)
{
  const gboolean  counted = param->kind == EQK_PARAM_INT && (layer->flags & EQK_LAYER_LINEAR) != 0 && strcmp (param->name, "out") == 0;
  const EqsValue *own = param->kind == EQK_PARAM_REP || counted ? eqs_node_get_param (node, param->name) : NULL;
  const char     *old = own == NULL ? NULL : eqs_value_get_string (own);
  g_autofree char *text = old == NULL ? NULL : scale_fields (old, factor);

  if (text != NULL)
    return strcmp (text, old) == 0 ? NULL : eqs_value_new_string (text);
  if (own == NULL || !counted || scaled (eqs_value_get_number (own), factor) == eqs_value_get_number (own))
    return NULL;
  return eqs_value_new_number (scaled (eqs_value_get_number (own), factor));
}

static void
add_edits (EqsGraph *graph, const char *scope, double factor, GPtrArray *edits)
{
  for (guint i = 0; graph != NULL && i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode            *node = eqs_graph_get_node (graph, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
      g_autofree char    *path = scope == NULL ? g_strdup (eqs_node_get_id (node)) : g_strconcat (scope, "/", eqs_node_get_id (node), NULL);

      add_edits (eqs_node_get_body (node), path, factor, edits);
      if (layer == NULL || (layer->flags & (EQK_LAYER_INPUT | EQK_LAYER_HEAD)) != 0 || feeds_head (graph, eqs_node_get_id (node)))
        continue;
      for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
        {
          EqsValue *value = scale_param (node, layer, p, factor);

          if (value == NULL)
            value = scale_rows (node, layer, p, factor);
          if (value != NULL)
            g_ptr_array_add (edits, eqs_edit_new_set_param (path, p->name, value));
        }
    }
}

GPtrArray *
eqs_widths_edits (EqsDocument *document, double factor)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  GPtrArray *edits = eqs_edits_new ();

  add_edits (eqs_document_get_graph (document, NULL), NULL, factor, edits);
  for (guint i = 0; i < eqs_document_get_n_definitions (document); i++)      /* once, however often they are used */
    {
      EqsNode         *definition = eqs_document_get_definition (document, i);
      g_autofree char *scope = g_strconcat ("#", eqs_node_get_id (definition), NULL);

      add_edits (eqs_node_get_body (definition), scope, factor, edits);
    }
  return edits;
}

gboolean
eqs_widths_scale (EqsDocument *document, double factor, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  g_autoptr (GPtrArray) edits = eqs_widths_edits (document, factor);

  return eqs_edits_apply (edits, document, error);
}
