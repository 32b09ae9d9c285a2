/* Words and figures that several sections share. */

#include "services/spec-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

const char *
eqs_spec_stated (const EqsMap *map, const char *key)
{
  const char *text = eqs_map_get_string (map, key, NULL);

  return text == NULL || *text == '\0' ? _("not stated") : text;
}

int
eqs_spec_get_dim (const EqsSpecWriter *self)
{
  const int dim = eqk_group_get_space_dim (self->symmetry.group);

  return dim != 3 && self->symmetry.permutations != EQK_PERMUTE_NONE ? 0 : dim;
}

const char *
eqs_spec_yes_no (gboolean flag)
{
  return flag ? _("yes") : _("no");
}

char *
eqs_spec_dup_number (double number)
{
  return isfinite (number) ? g_strdup_printf ("%.3g", number) : g_strdup (_("not measured"));
}

const EqkLayerType *
eqs_spec_layer_of (const EqsNodeCost *cost)
{
  return eqk_layer_find (cost->layer);
}

const EqkPortType *
eqs_spec_type_of (const EqsSpecWriter *self, const EqsNodeCost *cost, const char *port)
{
  return cost->kernel_node < 0 ? NULL : eqk_typed_output (self->check->typed, cost->kernel_node, port);
}

/* What comes into the first input of a node of the main graph. */
const EqkPortType *
eqs_spec_incoming (const EqsSpecWriter *self, const EqsNodeCost *cost)
{
  EqsGraph           *graph = eqs_document_get_graph (self->document, NULL);
  const EqsNode      *node = eqs_graph_find_node (graph, cost->id);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  int                 link = -1;

  /* Links stand in the order in which they were drawn, which says nothing of the inputs. */
  for (const EqkPort *port = layer == NULL ? NULL : layer->inputs; link < 0 && port != NULL && port->name != NULL; port++)
    link = eqs_graph_find_link (graph, NULL, NULL, cost->id, port->name);
  if (layer == NULL)
    link = eqs_graph_find_link (graph, NULL, NULL, cost->id, NULL);

  for (guint i = 0; link >= 0 && i < self->check->nodes->len; i++)
    if (strcmp (g_array_index (self->check->nodes, EqsNodeCost, i).id, eqs_graph_get_link (graph, (guint) link)->from_node) == 0)
      return eqs_spec_type_of (self, &g_array_index (self->check->nodes, EqsNodeCost, i), eqs_graph_get_link (graph, (guint) link)->from_port);
  return NULL;
}

char *
eqs_spec_dup_type (const EqkPortType *type)
{
  char space[64];

  if (type == NULL)
    return g_strdup ("–");
  eqk_space_text (&type->space, space, sizeof space);
  return g_strdup_printf ("%s, %s", eqk_rep_get_text (type->rep), space);
}

const char *
eqs_spec_holds_text (const EqkPortType *type)
{
  if (type == NULL)
    return _("not known");
  return type->guarantee.holds == EQK_HOLDS_EXACT ? _("exact") : type->guarantee.holds == EQK_HOLDS_PARTLY ? _("exact on a subgroup") : _("broken");
}

/* Names of the elements that hold exactly at the results of a design. */
char *
eqs_spec_dup_exact_of (const EqkTyped *typed)
{
  const EqkGroup    *group = eqk_graph_get_symmetry (eqk_typed_graph (typed))->group;
  const EqkGuarantee guarantee = eqk_typed_guarantee (typed);
  const uint64_t     full = eqk_guarantee_full_mask (group);
  GString           *text = g_string_new (NULL);

  if (guarantee.holds == EQK_HOLDS_EXACT)
    return g_string_free (g_string_append (text, _("all elements")), FALSE);
  for (int bit = 0; bit < 64; bit++)
    if ((full & guarantee.exact) >> bit & 1)
      {
        const EqkElement g = eqk_guarantee_element (group, bit);
        char             name[48];

        eqk_group_element_name (group, &g, name, sizeof name);
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
      }
  return g_string_free (text->len > 0 ? text : g_string_append (text, _("none")), FALSE);
}

char *
eqs_spec_dup_exact_elements (const EqsSpecWriter *self)
{
  return eqs_spec_dup_exact_of (self->check->typed);
}

/* The largest of a number over elements that the grid maps onto itself, or over the angles between. */
static double
largest_of (const EqsMap *audit, const char *key, gboolean on_grid)
{
  const EqsValue *list = eqs_map_get (audit, "elements");
  double          largest = NAN;

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap *element = eqs_value_get_map (eqs_value_get_item (list, i));
      const double  value = eqs_map_get_number (element, key, NAN);

      if (eqs_map_get_bool (element, "on_grid", TRUE) == on_grid && isfinite (value))
        largest = isfinite (largest) ? MAX (largest, value) : value;
    }
  return largest;
}

/* What the verdict rests on: elements of the grid have one limit, angles between them others. */
void
eqs_spec_write_measured (EqsSpecWriter *self)
{
  EqsBook     *b = self->book;
  const double worst = eqs_map_get_number (self->audit, "worst", NAN), between = largest_of (self->audit, "median_s", FALSE);
  const double median_limit = eqs_map_get_number (self->audit, "threshold_median_s", NAN);

  eqs_book_figure (b, EQS_MEASURED, _("Equivariance"), "%s", eqs_map_get_string (self->audit, "verdict", "?"));
  if (isfinite (worst))
    eqs_book_figure (b, EQS_MEASURED, isfinite (between) ? _("Largest error, elements that the grid maps onto itself") : _("Largest error over all elements"), "%.2g", worst);
  if (!isfinite (between))
    return;
  if (isfinite (median_limit))
    eqs_book_figure (b, EQS_MEASURED, _("Angles between: error over the answer's own change"), _("median %.2g, largest %.2g (limits %.2g and %.2g)"), between,
                     largest_of (self->audit, "worst_s", FALSE), median_limit, eqs_map_get_number (self->audit, "threshold_worst_s", NAN));
  else
    eqs_book_figure (b, EQS_MEASURED, _("Angles between: error over the answer's own change"), _("median %.2g, largest %.2g (no limit: a stride aliases)"), between,
                     largest_of (self->audit, "worst_s", FALSE));
}
