/* Edits speak in names, since whoever proposes them (a lint, the guide) saw a graph, not this document's objects. Each
 * kind is one row in a table of functions; none switches on a layer. */

#include "model/edits.h"
#include "model/document-private.h"
#include "model/layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEP ((double) EQS_COLUMN_PITCH)   /* from one node to the next */

typedef struct
{
  EqsDocument *document;
  GHashTable  *given;     /* owned: path asked for → path given */
} Context;

typedef gboolean (*Apply) (Context *ctx, const EqsEdit *edit, GError **error);

/* Names */

static char *
join_path (const char *scope, const char *id)
{
  return scope == NULL || scope[0] == 0 ? g_strdup (id) : g_strconcat (scope, "/", id, NULL);
}

static char *
scope_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? NULL : g_strndup (path, (gsize) (slash - path));
}

static const char *
id_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? path : slash + 1;
}

static const char *
led (Context *ctx, const char *path)
{
  const char *given = g_hash_table_lookup (ctx->given, path);

  return given == NULL ? path : given;
}

/* The end of a link with the id that its node was given. */
static char *
led_end (Context *ctx, const char *scope, const char *endpoint)
{
  const char *dot = strchr (endpoint, '.');
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (dot == NULL || dot == endpoint)
    return g_strdup (endpoint);
  id = g_strndup (endpoint, (gsize) (dot - endpoint));
  path = join_path (scope, id);
  return g_strconcat (id_of (led (ctx, path)), dot, NULL);
}

/* Plain edits */

static gboolean
apply_set_param (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_param (ctx->document, led (ctx, edit->node), edit->name, edit->value, error);
}

static gboolean
apply_set_layer (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_layer (ctx->document, led (ctx, edit->node), edit->layer, edit->params, error);
}

static gboolean
apply_set_title (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_title (ctx->document, led (ctx, edit->node), edit->name, error);
}

static gboolean
apply_set_bypass (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_bypass (ctx->document, led (ctx, edit->node), edit->flag, error);
}

static gboolean
apply_rename (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_rename_node (ctx->document, led (ctx, edit->node), edit->name, error);
}

static gboolean
apply_move (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_move_node (ctx->document, led (ctx, edit->node), edit->x, edit->y, error);
}

static gboolean
apply_set_entry (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_entry (ctx->document, edit->section, edit->name, edit->value, error);
}

static gboolean
apply_set_symmetry (Context *ctx, const EqsEdit *edit, GError **error)
{
  return eqs_document_set_symmetry (ctx->document, edit->name, edit->translations, edit->permutations, error);
}

static gboolean
apply_connect (Context *ctx, const EqsEdit *edit, GError **error)
{
  g_autofree char *from = led_end (ctx, edit->scope, edit->from);
  g_autofree char *to = led_end (ctx, edit->scope, edit->to);

  return eqs_document_connect (ctx->document, edit->scope, from, to, -1, edit->flag, error);
}

static gboolean
apply_disconnect (Context *ctx, const EqsEdit *edit, GError **error)
{
  g_autofree char *from = led_end (ctx, edit->scope, edit->from);
  g_autofree char *to = led_end (ctx, edit->scope, edit->to);

  return eqs_document_disconnect (ctx->document, edit->scope, from, to, error);
}

/* One link in, one output used: there is no doubt what belongs together. */
static gboolean
is_simple (EqsGraph *graph, const char *id)
{
  guint n_in = 0;
  const char *port = NULL;

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      n_in += strcmp (link->to_node, id) == 0;
      if (strcmp (link->from_node, id) != 0)
        continue;
      if (port != NULL && strcmp (port, link->from_port) != 0)
        return FALSE;
      port = link->from_port;
    }
  return n_in == 1;
}

static gboolean
apply_delete_node (Context *ctx, const EqsEdit *edit, GError **error)
{
  const char *path = led (ctx, edit->node);
  const EqsNode *node = eqs_document_find_node (ctx->document, path);
  gboolean rejoin = edit->flag;

  if (rejoin && edit->only_simple && node != NULL)
    rejoin = is_simple (node->parent, eqs_node_get_id (node));
  return eqs_document_remove_node (ctx->document, path, rejoin, error);
}

/* New nodes */

/* Adds a copy of node under a free id. @return (transfer none) NULL on failure */
static EqsNode *
add_node (Context *ctx, const char *scope, const EqsNode *node, GError **error)
{
  g_autofree char *id = eqs_document_unique_id (ctx->document, scope, eqs_node_get_id (node));
  g_autoptr (EqsNode) copy = eqs_node_dup (node, id);

  if (!eqs_document_add_node (ctx->document, scope, copy, -1, error))
    return NULL;
  g_hash_table_insert (ctx->given, join_path (scope, eqs_node_get_id (node)), join_path (scope, id));
  return copy;   /* the document holds it */
}

static gboolean
apply_add_node (Context *ctx, const EqsEdit *edit, GError **error)
{
  return add_node (ctx, edit->scope, edit->new_node, error) != NULL;
}

static EqsNode *
make_node (const EqsEdit *edit, double x, double y)
{
  g_autofree char *id = edit->name != NULL ? g_strdup (edit->name) : g_strndup (edit->layer, EQS_MAX_ID);
  EqsNode *node;

  for (char *p = id; *p != 0; p++)
    if (!g_ascii_isalnum (*p) && *p != '_' && *p != '-')
      *p = '_';
  node = eqs_node_new (id[0] == 0 ? "node" : id, edit->layer);
  eqs_node_set_position (node, x, y);
  for (guint i = 0; i < eqs_map_get_size (edit->params); i++)
    eqs_node_set_param (node, eqs_map_get_key (edit->params, i), eqs_value_ref (eqs_map_get_value (edit->params, i)));
  return node;
}

static const char *
in_port (const EqsEdit *edit)
{
  return edit->in_port == NULL ? "x" : edit->in_port;
}

static const char *
out_port (const EqsEdit *edit)
{
  return edit->out_port == NULL ? "y" : edit->out_port;
}

static EqsNode *
find_place (Context *ctx, const EqsEdit *edit, GError **error)
{
  EqsNode *node = eqs_document_find_node (ctx->document, led (ctx, edit->node));

  if (node == NULL)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no node “%s”."), edit->node);
  else if (!eqs_id_is_valid (edit->port))
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_ID, _("“%s” cannot be the name of a port."), edit->port);
  else
    return node;
  return NULL;
}

/* The one that follows now is the first that the new node leads to. */
static gboolean
make_room_after (Context *ctx, const char *scope, const EqsNode *node, const EqsNode *added)
{
  const char *after = NULL;

  for (guint i = 0; i < eqs_graph_get_n_links (added->parent) && after == NULL; i++)
    if (strcmp (eqs_graph_get_link (added->parent, i)->from_node, eqs_node_get_id (added)) == 0)
      after = eqs_graph_get_link (added->parent, i)->to_node;
  eqs_document_make_room (ctx->document, scope, eqs_node_get_id (added), eqs_node_get_id (node), after);
  return TRUE;
}

static gboolean
apply_insert_after (Context *ctx, const EqsEdit *edit, GError **error)
{
  EqsNode *node = find_place (ctx, edit, error);
  g_autofree char *scope = scope_of (led (ctx, edit->node));
  g_autofree char *from = NULL, *to = NULL, *out = NULL, *second = NULL;
  g_autoptr (EqsNode) model = NULL;
  const EqsNode *added;

  if (node == NULL)
    return FALSE;
  model = make_node (edit, eqs_node_get_x (node) + STEP, eqs_node_get_y (node));
  added = add_node (ctx, scope, model, error);
  if (added == NULL)
    return FALSE;
  from = g_strconcat (eqs_node_get_id (node), ".", edit->port, NULL);
  to = g_strconcat (eqs_node_get_id (added), ".", in_port (edit), NULL);
  out = g_strconcat (eqs_node_get_id (added), ".", out_port (edit), NULL);
  second = g_strconcat (eqs_node_get_id (added), ".", edit->to == NULL ? in_port (edit) : edit->to, NULL);
  return eqs_document_redirect (ctx->document, scope, from, out, error)
         && eqs_document_connect (ctx->document, scope, from, to, -1, FALSE, error)
         && (edit->from == NULL || eqs_document_connect (ctx->document, scope, edit->from, second, -1, FALSE, error))
         && make_room_after (ctx, scope, node, added);
}

/* On each link into the port (a variadic one may have several) a node of its own; on an open port one node before it. */
static gboolean
apply_insert_before (Context *ctx, const EqsEdit *edit, GError **error)
{
  EqsNode *node = find_place (ctx, edit, error);
  g_autofree char *scope = scope_of (led (ctx, edit->node));
  g_autofree char *to = NULL;
  g_autoptr (GPtrArray) ends = g_ptr_array_new_with_free_func (g_free);

  if (node == NULL)
    return FALSE;
  to = g_strconcat (eqs_node_get_id (node), ".", edit->port, NULL);
  for (guint i = 0; i < eqs_graph_get_n_links (node->parent); i++)
    {
      const EqsLink *link = eqs_graph_get_link (node->parent, i);

      if (strcmp (link->to_node, eqs_node_get_id (node)) == 0 && strcmp (link->to_port, edit->port) == 0)
        g_ptr_array_add (ends, g_strconcat (link->from_node, ".", link->from_port, NULL));
    }
  for (guint i = 0; i < MAX (ends->len, 1); i++)
    {
      g_autoptr (EqsNode) model = make_node (edit, eqs_node_get_x (node) - STEP, eqs_node_get_y (node) + i * STEP / 2);
      const EqsNode *added = add_node (ctx, scope, model, error);
      g_autofree char *out = added == NULL ? NULL : g_strconcat (eqs_node_get_id (added), ".", out_port (edit), NULL);

      if (added == NULL)
        return FALSE;
      if (!(ends->len > 0
              ? eqs_document_insert_on_link (ctx->document, scope, ends->pdata[i], to, eqs_node_get_id (added),
                                             in_port (edit), out_port (edit), error)
              : eqs_document_connect (ctx->document, scope, out, to, -1, FALSE, error)))
        return FALSE;
      if (ends->len == 0)
        eqs_document_make_room (ctx->document, scope, eqs_node_get_id (added), NULL, eqs_node_get_id (node));
    }
  return TRUE;
}

static gboolean
apply_insert_on_link (Context *ctx, const EqsEdit *edit, GError **error)
{
  g_autofree char *from = led_end (ctx, edit->scope, edit->from);
  g_autofree char *to = led_end (ctx, edit->scope, edit->to);
  const EqsNode *added = add_node (ctx, edit->scope, edit->new_node, error);

  return added != NULL
         && eqs_document_insert_on_link (ctx->document, edit->scope, from, to, eqs_node_get_id (added), in_port (edit),
                                         out_port (edit), error);
}

static const Apply applies[] = {
  [EQS_EDIT_SET_PARAM] = apply_set_param,
  [EQS_EDIT_SET_LAYER] = apply_set_layer,
  [EQS_EDIT_SET_TITLE] = apply_set_title,
  [EQS_EDIT_SET_BYPASS] = apply_set_bypass,
  [EQS_EDIT_RENAME] = apply_rename,
  [EQS_EDIT_MOVE] = apply_move,
  [EQS_EDIT_INSERT_AFTER] = apply_insert_after,
  [EQS_EDIT_INSERT_BEFORE] = apply_insert_before,
  [EQS_EDIT_INSERT_ON_LINK] = apply_insert_on_link,
  [EQS_EDIT_DELETE_NODE] = apply_delete_node,
  [EQS_EDIT_ADD_NODE] = apply_add_node,
  [EQS_EDIT_CONNECT] = apply_connect,
  [EQS_EDIT_DISCONNECT] = apply_disconnect,
  [EQS_EDIT_SET_ENTRY] = apply_set_entry,
  [EQS_EDIT_SET_SYMMETRY] = apply_set_symmetry,
};

GPtrArray *
eqs_edits_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_edit_free);
}

gboolean
eqs_edits_apply (GPtrArray *edits, EqsDocument *document, GError **error)
{
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Context ctx = { document, given };
  gboolean ok = TRUE;

  eqs_document_hold (document);
  for (guint i = 0; ok && i < edits->len; i++)
    {
      const EqsEdit *edit = edits->pdata[i];

      ok = applies[edit->kind] (&ctx, edit, error);
    }
  eqs_document_release (document);
  return ok;
}

gboolean
eqs_edits_do (GPtrArray *kept, EqsDocument *document, EqsEdit *edit, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  g_autoptr (GPtrArray) one = eqs_edits_new ();

  g_ptr_array_add (one, edit);
  if (!eqs_edits_apply (one, document, error))
    return FALSE;
  if (kept != NULL)
    g_ptr_array_add (kept, eqs_edit_copy (edit));
  return TRUE;
}

/* Construction */

static EqsEdit *
edit_new (EqsEditKind kind, const char *node)
{
  EqsEdit *edit = g_new0 (EqsEdit, 1);

  edit->kind = kind;
  edit->node = g_strdup (node);
  edit->translations = -1;
  return edit;
}

EqsEdit *
eqs_edit_new_set_param (const char *node, const char *name, EqsValue *value)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_PARAM, node);

  edit->name = g_strdup (name);
  edit->value = value;
  return edit;
}

EqsEdit *
eqs_edit_new_set_layer (const char *node, const char *layer, EqsMap *params)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_LAYER, node);

  edit->layer = g_strdup (layer);
  edit->params = params;
  return edit;
}

EqsEdit *
eqs_edit_new_set_title (const char *node, const char *title)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_TITLE, node);

  edit->name = g_strdup (title);
  return edit;
}

EqsEdit *
eqs_edit_new_set_bypass (const char *node, gboolean bypass)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_BYPASS, node);

  edit->flag = bypass;
  return edit;
}

EqsEdit *
eqs_edit_new_rename (const char *node, const char *id)
{
  EqsEdit *edit = edit_new (EQS_EDIT_RENAME, node);

  edit->name = g_strdup (id);
  return edit;
}

EqsEdit *
eqs_edit_new_move (const char *node, double x, double y)
{
  EqsEdit *edit = edit_new (EQS_EDIT_MOVE, node);

  edit->x = x;
  edit->y = y;
  return edit;
}

static EqsEdit *
new_insert (EqsEditKind kind, const char *node, const char *port, const char *layer, EqsMap *params)
{
  EqsEdit *edit = edit_new (kind, node);

  edit->port = g_strdup (port);
  edit->layer = g_strdup (layer);
  edit->params = params;
  return edit;
}

EqsEdit *
eqs_edit_new_insert_after (const char *node, const char *port, const char *layer, EqsMap *params)
{
  return new_insert (EQS_EDIT_INSERT_AFTER, node, port, layer, params);
}

EqsEdit *
eqs_edit_new_insert_before (const char *node, const char *port, const char *layer, EqsMap *params)
{
  return new_insert (EQS_EDIT_INSERT_BEFORE, node, port, layer, params);
}

static EqsEdit *
new_link (EqsEditKind kind, const char *scope, const char *from, const char *to)
{
  EqsEdit *edit = edit_new (kind, NULL);

  edit->scope = g_strdup (scope);
  edit->from = g_strdup (from);
  edit->to = g_strdup (to);
  return edit;
}

EqsEdit *
eqs_edit_new_insert_on_link (const char *scope, const char *from, const char *to, EqsNode *new_node)
{
  EqsEdit *edit = new_link (EQS_EDIT_INSERT_ON_LINK, scope, from, to);

  edit->new_node = new_node;
  return edit;
}

EqsEdit *
eqs_edit_new_delete_node (const char *node, gboolean rejoin)
{
  EqsEdit *edit = edit_new (EQS_EDIT_DELETE_NODE, node);

  edit->flag = rejoin;
  edit->only_simple = TRUE;
  return edit;
}

EqsEdit *
eqs_edit_new_add_node (const char *scope, EqsNode *new_node)
{
  EqsEdit *edit = edit_new (EQS_EDIT_ADD_NODE, NULL);

  edit->scope = g_strdup (scope);
  edit->new_node = new_node;
  return edit;
}

EqsEdit *
eqs_edit_new_connect (const char *scope, const char *from, const char *to, gboolean replace)
{
  EqsEdit *edit = new_link (EQS_EDIT_CONNECT, scope, from, to);

  edit->flag = replace;
  return edit;
}

EqsEdit *
eqs_edit_new_disconnect (const char *scope, const char *from, const char *to)
{
  return new_link (EQS_EDIT_DISCONNECT, scope, from, to);
}

EqsEdit *
eqs_edit_new_set_entry (EqsSection section, const char *key, EqsValue *value)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_ENTRY, NULL);

  edit->section = section;
  edit->name = g_strdup (key);
  edit->value = value;
  return edit;
}

EqsEdit *
eqs_edit_new_set_symmetry (const char *group, int translations, const char *permutations)
{
  EqsEdit *edit = edit_new (EQS_EDIT_SET_SYMMETRY, NULL);

  edit->name = g_strdup (group);
  edit->translations = translations;
  edit->permutations = g_strdup (permutations);
  return edit;
}

EqsEdit *
eqs_edit_new_set_group (const char *group)
{
  return eqs_edit_new_set_symmetry (group, -1, NULL);
}

EqsEdit *
eqs_edit_with_ports (EqsEdit *edit, const char *in, const char *out)
{
  g_free (edit->in_port);
  g_free (edit->out_port);
  edit->in_port = g_strdup (in);
  edit->out_port = g_strdup (out);
  return edit;
}

EqsEdit *
eqs_edit_copy (const EqsEdit *edit)
{
  EqsEdit *copy = g_memdup2 (edit, sizeof *edit);
  char **texts[] = { &copy->scope, &copy->node, &copy->port, &copy->from, &copy->to, &copy->name,
                     &copy->layer, &copy->in_port, &copy->out_port, &copy->permutations };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (*texts[i]);
  copy->params = edit->params == NULL ? NULL : eqs_map_ref (edit->params);
  copy->value = edit->value == NULL ? NULL : eqs_value_ref (edit->value);
  copy->new_node = edit->new_node == NULL ? NULL : eqs_node_ref (edit->new_node);
  return copy;
}

void
eqs_edit_free (EqsEdit *edit)
{
  g_free (edit->scope);
  g_free (edit->node);
  g_free (edit->port);
  g_free (edit->from);
  g_free (edit->to);
  g_free (edit->name);
  g_free (edit->layer);
  g_free (edit->in_port);
  g_free (edit->out_port);
  g_free (edit->permutations);
  g_clear_pointer (&edit->params, eqs_map_unref);
  g_clear_pointer (&edit->value, eqs_value_unref);
  g_clear_pointer (&edit->new_node, eqs_node_unref);
  g_free (edit);
}
