/* equi layers: what can stand in a design, and in one of a given symmetry. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "model/compile.h"
#include "services/counterpart.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* Domains of a layer are "image|points" or "any". */
static gboolean
is_for (const EqkLayerType *layer, const char *domain)
{
  g_auto (GStrv) domains = g_strsplit (layer->domains, "|", -1);

  return domain == NULL || strcmp (layer->domains, "any") == 0 || g_strv_contains ((const char *const *) domains, domain);
}

static gboolean
is_allowed (const EqkLayerType *layer, const EqkSymmetry *symmetry, EqkDiag *why)
{
  return symmetry == NULL || layer->admits == NULL || layer->admits (symmetry, NULL, why);
}

static EqsValue *
ports_of (const EqkPort *ports)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (const EqkPort *p = ports; p != NULL && p->name != NULL; p++)
    {
      EqsMap *map = eqs_map_new ();

      eqs_cli_set_string (map, "name", p->name);
      eqs_cli_set_string (map, "doc", p->doc == NULL ? "" : _(p->doc));
      eqs_cli_set_bool (map, "optional", p->optional);
      eqs_cli_set_bool (map, "variadic", p->variadic);
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return eqs_cli_list (items);
}

static EqsValue *
params_of (const EqkLayerType *layer)
{
  static const char *const kinds[] = { "integer", "number", "boolean", "choice", "representation", "integers", "text", "group" };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    {
      EqsMap *map = eqs_map_new ();

      eqs_cli_set_string (map, "name", p->name);
      eqs_cli_set_string (map, "title", p->title == NULL ? p->name : _(p->title));
      eqs_cli_set_string (map, "kind", kinds[p->kind]);
      eqs_cli_set_value (map, "default", p->fallback == NULL ? eqs_value_new_null () : eqs_value_from_setting_text (p->fallback));
      if (p->kind == EQK_PARAM_INT || p->kind == EQK_PARAM_REAL || p->kind == EQK_PARAM_INT_LIST)
        {
          eqs_cli_set_number (map, "min", p->min);
          eqs_cli_set_number (map, "max", p->max);
        }
      if (p->kind == EQK_PARAM_INT && p->choices != NULL)
        eqs_cli_set_string (map, "least", _(p->choices));
      else if (p->choices != NULL)
        {
          g_auto (GStrv) choices = g_strsplit (p->choices, "|", -1);

          eqs_cli_set_value (map, "choices", eqs_value_new_strings ((const char *const *) choices));
        }
      eqs_cli_set_string (map, "doc", p->doc == NULL ? "" : _(p->doc));
      g_ptr_array_add (items, eqs_value_new_object (map));
    }
  return eqs_cli_list (items);
}

static EqsMap *
describe (const EqkLayerType *layer, gboolean allowed, const char *why)
{
  EqsMap          *map = eqs_map_new ();
  g_auto (GStrv)   domains = g_strsplit (layer->domains, "|", -1);
  g_autofree char *counterpart = eqs_counterpart_dup_all (layer);

  eqs_cli_set_string (map, "id", layer->id);
  eqs_cli_set_string (map, "name", _(layer->title));
  eqs_cli_set_string (map, "category", _(layer->category));
  eqs_cli_set_value (map, "domains", eqs_value_new_strings ((const char *const *) domains));
  eqs_cli_set_bool (map, "allowed", allowed);
  if (!allowed)
    eqs_cli_set_string (map, "why", why);
  eqs_cli_set_value (map, "inputs", ports_of (layer->inputs));
  eqs_cli_set_value (map, "outputs", ports_of (layer->outputs));
  eqs_cli_set_value (map, "params", params_of (layer));
  eqs_cli_set_string (map, "doc", layer->doc == NULL ? "" : _(layer->doc));
  eqs_cli_set_string (map, "exports", counterpart);
  return map;
}

static gboolean
read_symmetry (const char *group, EqkSymmetry *symmetry, GError **error)
{
  g_autoptr (EqsDocument) document = eqs_document_new ();

  return eqs_document_set_symmetry (document, group, -1, NULL, error) && eqs_compile_symmetry (document, symmetry, error);
}

int
eqs_cmd_layers (int argc, char **argv)
{
  gboolean         json = FALSE;
  g_autofree char *group = NULL, *domain = NULL;
  const GOptionEntry entries[] = {
    { "group", 0, 0, G_OPTION_ARG_STRING, &group, N_("Say which of them a design of this group may hold"), N_("GROUP") },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, N_("Only layers for image, sphere, points, molecule, set or graph"), N_("DOMAIN") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON list"), NULL },
    { NULL }
  };
  static const char *const domains[] = { "image", "sphere", "points", "molecule", "set", "graph", NULL };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  const EqkLayerType *const *layers;
  EqkSymmetry symmetry;
  GError     *error = NULL;
  int         status, n;

  if (!eqs_cli_parse (entries, "layers", "", _("Layers that a design can hold."), &argc, &argv, 0, 0, &status))
    return status;
  if (domain != NULL && !g_strv_contains (domains, domain))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("there is no domain “%s”: image, sphere, points, molecule, set or graph."), domain);
  if (group != NULL && !read_symmetry (group, &symmetry, &error))
    {
      status = eqs_cli_fail (EQS_EXIT_USAGE, "%s", error->message);
      g_error_free (error);
      return status;
    }
  layers = eqk_layers (&n);
  if (!json)
    printf ("%-22s %-22s %-16s %s\n", _("id"), _("name"), _("category"), group == NULL ? "" : _("in this group"));
  for (int i = 0; i < n; i++)
    {
      EqkDiag        why = EQK_DIAG_INIT;
      const gboolean allowed = is_allowed (layers[i], group == NULL ? NULL : &symmetry, &why);

      if (!is_for (layers[i], domain))
        continue;
      if (json)
        g_ptr_array_add (items, eqs_value_new_object (describe (layers[i], allowed, _(why.what))));
      else
        printf ("%-22s %-22s %-16s %s\n", layers[i]->id, _(layers[i]->title), _(layers[i]->category), group == NULL ? "" : allowed ? _("yes") : _(why.what));
    }
  if (json)
    eqs_cli_print_json_list (eqs_cli_list (items));
  return EQS_EXIT_OK;
}
