/* The registry of layers as a person at this design sees it. */

#include "studio/catalogue.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEP 196     /* from one card to the next */

static void
row_free (gpointer data)
{
  EqsCatalogueRow *self = data;

  g_free (self->why);
  g_free (self);
}

/* Domains of a layer are "image|points" or "any". */
static gboolean
is_for (const EqkLayerType *layer, const char *domain)
{
  g_auto (GStrv) domains = g_strsplit (layer->domains, "|", -1);

  return domain == NULL || domain[0] == '\0' || strcmp (layer->domains, "any") == 0 || g_strv_contains ((const char *const *) domains, domain);
}

/* "image|points" in words. */
static char *
domains_text (const EqkLayerType *layer)
{
  static const struct { const char *id, *text; } words[] = {
    { "image", N_("pictures") }, { "sphere", N_("spheres") }, { "points", N_("points") }, { "molecule", N_("molecules") }, { "set", N_("sets") }, { "graph", N_("graphs") } };
  g_auto (GStrv) domains = g_strsplit (layer->domains, "|", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; domains[i] != NULL; i++)
    for (guint k = 0; k < G_N_ELEMENTS (words); k++)
      if (strcmp (domains[i], words[k].id) == 0)
        g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ", ", _(words[k].text));
  return g_string_free (text, FALSE);
}

static EqsCatalogueRow *
judge (const EqkLayerType *layer, const EqkSymmetry *symmetry, const char *domain)
{
  EqsCatalogueRow *row = g_new0 (EqsCatalogueRow, 1);
  EqkDiag          why = EQK_DIAG_INIT;

  row->layer = layer;
  row->may_add = TRUE;
  if (!is_for (layer, domain))
    {
      g_autofree char *works_on = domains_text (layer);

      row->may_add = FALSE;
      row->why = g_strdup_printf (_("Works on %s."), works_on);
    }
  else if (symmetry != NULL && layer->admits != NULL && !layer->admits (symmetry, NULL, &why))
    {
      row->may_add = FALSE;
      row->why = g_strdup (_(why.what));
    }
  else if (symmetry != NULL && (layer->flags & EQK_LAYER_BREAKS) != 0 && eqk_group_get_order (symmetry->group) != 1)
    row->why = g_strdup (_("Can break the symmetry; it is here to compare with, and to show a mistake."));
  return row;
}

GPtrArray *
eqs_catalogue_new (EqsDocument *document)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  GPtrArray   *rows = g_ptr_array_new_with_free_func (row_free);
  EqkSymmetry  symmetry;
  const char  *domain = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_SPEC), "domain", NULL);
  const gboolean known = eqs_compile_symmetry (document, &symmetry, NULL);
  const EqkLayerType *const *layers;
  int          n;

  layers = eqk_layers (&n);
  for (int i = 0; i < n; i++)
    g_ptr_array_add (rows, judge (layers[i], known ? &symmetry : NULL, domain));
  return rows;
}

guint
eqs_catalogue_count (const GPtrArray *rows)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += ((const EqsCatalogueRow *) g_ptr_array_index (rows, i))->why == NULL;
  return n;
}

gboolean
eqs_catalogue_matches (const EqkLayerType *layer, const char *sought)
{
  g_autofree char *text = g_strconcat (_(layer->title), " ", _(layer->category), " ", layer->id, NULL);
  g_autofree char *folded = g_utf8_casefold (text, -1), *folded_sought = g_utf8_casefold (sought, -1);
  g_auto (GStrv)   words = g_strsplit_set (folded_sought, " _", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
eqs_catalogue_usual_type (const EqkLayerType *layer, const EqkSymmetry *symmetry, EqkPortType *type)
{
  const char   *text = (layer->flags & (EQK_LAYER_INPUT | EQK_LAYER_HEAD)) != 0 && layer->inputs != NULL ? "1x triv" : NULL;
  const EqkRep *rep;

  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL && text == NULL; p++)
    if (p->kind == EQK_PARAM_REP && p->fallback != NULL && p->fallback[0] != '\0')
      text = p->fallback;
  /* Fields that are only counted are regular ones. */
  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL && text == NULL && (layer->flags & EQK_LAYER_LINEAR) != 0; p++)
    if (p->kind == EQK_PARAM_INT && strcmp (p->name, "out") == 0)
      text = "1x reg";
  if (text == NULL && (layer->flags & EQK_LAYER_INPUT) != 0)
    text = "1x triv";
  if (text == NULL || eqk_rep_parse (symmetry->group, text, &rep, NULL) != EQK_OK)
    return FALSE;
  *type = (EqkPortType) { .space = { EQK_SPACE_SAMPLE, 0, 0, 0 }, .symmetry = *symmetry, .rep = rep, .kind = EQK_KIND_FEATURE };
  return TRUE;
}

/* ---- adding ---- */

static gboolean
has_error (EqsDocument *document, const char *path)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->severity == EQK_SEVERITY_ERROR && g_strcmp0 (problem->node, path) == 0)
        return TRUE;
    }
  return check == NULL;
}

/* The edits that put the layer on the way out of a node; NULL: one of the two has no port for that. */
static GPtrArray *
edits_after (EqsDocument *document, const char *path, const EqkLayerType *layer)
{
  EqsNode            *node = eqs_document_find_node (document, path);
  const EqkLayerType *before = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  GPtrArray          *edits;
  EqsEdit            *edit;

  if (before == NULL || before->outputs == NULL || before->outputs[0].name == NULL || layer->inputs == NULL || layer->inputs[0].name == NULL ||
      layer->outputs == NULL || layer->outputs[0].name == NULL)
    return NULL;
  edits = eqs_edits_new ();
  edit = eqs_edit_new_insert_after (path, before->outputs[0].name, layer->id, NULL);
  g_ptr_array_add (edits, eqs_edit_with_ports (edit, layer->inputs[0].name, layer->outputs[0].name));
  return edits;
}

/* The place of a node that is not connected: below the selected one, or right of everything. */
static void
place (EqsNode *added, EqsDocument *document, const char *scope, const char *selected)
{
  EqsGraph *graph = eqs_document_get_graph (document, scope);
  EqsNode  *node = selected == NULL ? NULL : eqs_document_find_node (document, selected);
  double    x = 0, y = 0;

  for (guint i = 0; graph != NULL && i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *other = eqs_graph_get_node (graph, i);

      if (i == 0 || eqs_node_get_x (other) + STEP > x)
        {
          x = eqs_node_get_x (other) + STEP;
          y = eqs_node_get_y (other);
        }
    }
  if (node != NULL)
    {
      x = eqs_node_get_x (node) + STEP / 2.0;
      y = eqs_node_get_y (node) + 112;
    }
  eqs_document_find_free_place (document, scope, &x, &y);
  eqs_node_set_position (added, x, y);
}

gboolean
eqs_catalogue_insert (EqsSession *session, const char *layer_id)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), FALSE);

  EqsDocument        *document = eqs_session_get_document (session);
  const EqkLayerType *layer = eqk_layer_find (layer_id);
  const char         *scope = eqs_session_get_scope (session), *selected = eqs_session_get_n_selected (session) == 1 ? eqs_session_get_selection (session)[0] : NULL;
  g_autofree char    *id = eqs_document_unique_id (document, scope, layer_id), *path = scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
  g_autoptr (GPtrArray)   edits = NULL;
  g_autoptr (EqsDocument) trial = NULL;
  g_autofree char        *label = NULL;

  g_return_val_if_fail (layer != NULL, FALSE);
  edits = selected == NULL ? NULL : edits_after (document, selected, layer);
  if (edits == NULL)
    return FALSE;
  trial = eqs_document_dup (document);
  if (!eqs_edits_apply (edits, trial, NULL) || eqs_document_find_node (trial, path) == NULL || has_error (trial, path))
    return FALSE;
  label = g_strdup_printf (_("Add %s"), _(layer->title));
  eqs_history_seal (eqs_session_get_history (session));
  if (!eqs_session_do (session, eqs_command_new_edits (label, g_steal_pointer (&edits))))
    return FALSE;
  eqs_session_select_one (session, path);
  return TRUE;
}

gboolean
eqs_catalogue_add (EqsSession *session, const char *layer_id)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), FALSE);

  EqsDocument     *document = eqs_session_get_document (session);
  const char      *scope = eqs_session_get_scope (session), *selected = eqs_session_get_n_selected (session) == 1 ? eqs_session_get_selection (session)[0] : NULL;
  g_autofree char *id = eqs_document_unique_id (document, scope, layer_id), *path = scope[0] == '\0' ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
  EqsNode         *node;

  if (eqs_catalogue_insert (session, layer_id))
    return TRUE;
  node = eqs_node_new (id, layer_id);
  place (node, document, scope, selected);
  eqs_history_seal (eqs_session_get_history (session));
  if (eqs_session_do (session, eqs_command_new_add_node (scope, node)))
    {
      eqs_session_select_one (session, path);
      eqs_session_reveal (session, path);
    }
  return FALSE;
}

char *
eqs_layer_dup_plain (const EqkLayerType *layer)
{
  const char *doc = _(layer->doc), *end = strstr (doc, "\n\n");

  return end == NULL ? g_strdup (doc) : g_strndup (doc, (gsize) (end - doc));
}
