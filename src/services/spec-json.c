/* The machine's part: nodes, edges, problems and figures as JSON. */

#include "services/spec-private.h"

#include "services/export.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- the machine's part ---- */

static EqsValue *
list_of (GPtrArray *values)
{
  EqsValue *list = eqs_value_new_list ((EqsValue *const *) values->pdata, values->len);

  g_ptr_array_unref (values);
  return list;
}

static GPtrArray *
values_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
}

void
eqs_spec_set_text (EqsMap *map, const char *key, const char *text)
{
  eqs_map_set (map, key, text == NULL ? eqs_value_new_null () : eqs_value_new_string (text));
}

EqsValue *
eqs_spec_nodes_of (const EqsSpecWriter *self)
{
  GPtrArray *items = values_new ();

  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost  *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      const EqkLayerType *layer = eqs_spec_layer_of (cost);
      const EqsNode      *node = eqs_document_find_node (self->document, cost->id);
      EqsMap             *map = eqs_map_new ();
      GPtrArray          *ports = values_new ();

      eqs_spec_set_text (map, "id", cost->id);
      eqs_spec_set_text (map, "title", eqs_spec_title_of (self, cost));
      eqs_spec_set_text (map, "layer", cost->layer);
      if (node != NULL && eqs_node_get_params (node) != NULL)
        eqs_map_set (map, "params", eqs_value_new_object (eqs_map_copy (eqs_node_get_params (node))));
      for (const EqkPort *port = layer == NULL ? NULL : layer->outputs; port != NULL && port->name != NULL; port++)
        {
          const EqkPortType *type = eqs_spec_type_of (self, cost, port->name);
          g_autofree char   *irreps = type == NULL ? NULL : eqs_spec_dup_irreps (type->rep);
          EqsMap            *out = eqs_map_new ();
          char               space[64] = "";

          if (type != NULL)
            eqk_space_text (&type->space, space, sizeof space);
          eqs_spec_set_text (out, "name", port->name);
          eqs_spec_set_text (out, "representation", type == NULL ? NULL : eqk_rep_get_text (type->rep));
          eqs_spec_set_text (out, "irreps", irreps);
          eqs_spec_set_text (out, "where", type == NULL ? NULL : space);
          eqs_spec_set_text (out, "guarantee", eqs_spec_holds_text (type));
          g_ptr_array_add (ports, eqs_value_new_object (out));
        }
      eqs_map_set (map, "ports", list_of (ports));
      eqs_map_set (map, "parameters", eqs_value_new_number ((double) cost->parameters));
      eqs_map_set (map, "macs", eqs_value_new_number (cost->macs));
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

EqsValue *
eqs_spec_edges_of (const EqsSpecWriter *self)
{
  EqsGraph  *graph = eqs_document_get_graph (self->document, NULL);
  GPtrArray *items = values_new ();

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (graph, i);
      g_autofree char *from = g_strdup_printf ("%s.%s", link->from_node, link->from_port), *to = g_strdup_printf ("%s.%s", link->to_node, link->to_port);
      EqsMap          *map = eqs_map_new ();

      eqs_spec_set_text (map, "from", from);
      eqs_spec_set_text (map, "to", to);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

EqsValue *
eqs_spec_lints_of (const EqsSpecWriter *self)
{
  GPtrArray *items = values_new ();

  for (guint i = 0; i < self->check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (self->check->problems, i);
      EqsMap           *map = eqs_map_new ();

      eqs_spec_set_text (map, "code", problem->code);
      eqs_spec_set_text (map, "severity", eqs_severity_name (problem->severity));
      eqs_spec_set_text (map, "blocks", eqs_blocks_name (problem->blocks));
      eqs_spec_set_text (map, "node", problem->node);
      eqs_spec_set_text (map, "message", problem->message);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return list_of (items);
}

/* What is not there, by name: a document can be complete only of what was measured. */
static void
put_parts (const EqsSpecWriter *self, EqsMap *map)
{
  const struct { gboolean there; const char *name; } parts[] = {
    { self->family != NULL, _("the family") },
    { self->answer != NULL && self->answer->candidates->len > 0, _("candidates") },
    { self->check->program != NULL, _("counts of a program that runs") },
    { self->n_alternatives > 0, _("alternatives") },
    { self->model->trained, _("training") },
    { self->audit != NULL, _("the audit") },
  };
  g_autoptr (GString) missing = g_string_new (NULL);
  guint               n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].there)
      n++;
    else
      g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", parts[i].name);
  eqs_map_set (map, "parts", eqs_value_new_number (n));
  eqs_map_set (map, "of_parts", eqs_value_new_number (G_N_ELEMENTS (parts)));
  eqs_spec_set_text (map, "missing", missing->len > 0 ? missing->str : NULL);
}

/* What the document has of what the design guide asks for, by presence: a row gets 5 only where everything was computed or measured. For programs. */
EqsValue *
eqs_spec_self_check (const EqsSpecWriter *self)
{
  const double match = self->family == NULL ? 2 : self->answer == NULL ? 3 : 5;
  const double layers = self->check->program == NULL ? 2 : 5;
  const double code = self->audit != NULL && self->model->trained ? 5 : self->audit != NULL || self->model->trained ? 4 : 3;
  const double efficiency = self->check->program == NULL ? 1 : self->n_alternatives >= 3 ? 5 : 3;
  const double complete = self->audit != NULL ? 5 : 4;
  EqsMap      *map = eqs_map_new ();

  eqs_map_set (map, "group_match", eqs_value_new_number (match));
  eqs_map_set (map, "layer_design", eqs_value_new_number (layers));
  eqs_map_set (map, "implementation", eqs_value_new_number (code));
  eqs_map_set (map, "efficiency", eqs_value_new_number (efficiency));
  eqs_map_set (map, "completeness", eqs_value_new_number (complete));
  eqs_map_set (map, "weighted", eqs_value_new_number (round (100 * (0.30 * match + 0.25 * layers + 0.20 * code + 0.15 * efficiency + 0.10 * complete)) / 100));
  eqs_map_set (map, "of", eqs_value_new_number (5));
  put_parts (self, map);
  return eqs_value_new_object (map);
}

EqsMap *
eqs_spec_provenance_of (const EqsSpecWriter *self)
{
  EqsMap               *map = eqs_map_new ();
  const char           *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  g_autoptr (GDateTime) then = epoch == NULL ? NULL : g_date_time_new_from_unix_utc (g_ascii_strtoll (epoch, NULL, 10));
  g_autoptr (GDateTime) now = then != NULL ? g_date_time_ref (then) : g_date_time_new_now_utc ();      /* a date that no calendar has is no date */
  g_autofree char      *date = g_date_time_format_iso8601 (now), *hash = eqs_document_dup_hash (self->document);
  g_autofree char      *text = eqs_export_dup_provenance (self->model);

  eqs_spec_set_text (map, "program", "Equistudio " EQS_VERSION);
  eqs_spec_set_text (map, "design_hash", hash);
  eqs_spec_set_text (map, "date", date);
  eqs_map_set (map, "trained", eqs_value_new_bool (self->model->trained));
  eqs_spec_set_text (map, "text", text);
  return map;
}

EqsMap *
eqs_spec_summary_of (const EqsSpecWriter *self)
{
  EqsMap          *map = eqs_map_new ();
  g_autofree char *exact = eqs_spec_dup_exact_elements (self);

  eqs_spec_set_text (map, "verdict", self->audit == NULL ? NULL : eqs_map_get_string (self->audit, "verdict", NULL));
  eqs_spec_set_text (map, "exact_elements", exact);
  eqs_spec_set_text (map, "family", self->family == NULL ? NULL : self->family->id);
  eqs_spec_set_text (map, "group", eqk_group_get_id (self->symmetry.group));
  return map;
}

EqsMap *
eqs_spec_counts_of (const EqsSpecWriter *self)
{
  EqsMap *map = eqs_map_new ();

  eqs_map_set (map, "parameters", eqs_value_new_number ((double) self->check->parameters));
  eqs_map_set (map, "macs", eqs_value_new_number (self->check->macs));
  eqs_map_set (map, "weight_bytes", eqs_value_new_number ((double) self->check->weight_bytes));
  eqs_map_set (map, "arena_bytes", eqs_value_new_number ((double) self->check->arena_bytes));
  eqs_map_set (map, "train_arena_bytes", eqs_value_new_number ((double) self->check->train_arena_bytes));
  eqs_spec_set_text (map, "origin", eqs_origin_name (EQS_COMPUTED));
  return map;
}
