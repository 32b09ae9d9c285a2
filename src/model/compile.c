/*
 * Document → kernel graph → types, problems, costs. A frame is a graph being unrolled: the main one, or copy i of n of a
 * block's body. Links are resolved backwards from each input, through bypassed nodes and block borders, so a block costs
 * nothing but its content.
 */

#include "model/compile.h"

#include "model/budget.h"
#include "model/file.h"
#include "model/promise.h"
#include "model/training-plan.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* ---- small conversions ---- */

static const struct { const char *id, *point; gboolean translations; const char *permutations; } combined[] = {
  { "SE3", "SO3", TRUE, NULL }, { "E3", "O3", TRUE, NULL }, { "E3xSn", "O3", TRUE, "set" }, { "SE3xSn", "SO3", TRUE, "set" },
  { "SE2", "SO2", TRUE, NULL }, { "E2", "O2", TRUE, NULL }, { "Sn", "triv", FALSE, "set" },
};

/* A misspelt “group” would be no symmetry at all, without a word. */
static gboolean
has_group_or_nothing_else (EqsDocument *document, GError **error)
{
  static const char *const known[] = { "translations", "permutations", NULL };
  const EqsMap *map = eqs_document_get_section (document, EQS_SECTION_SYMMETRY);

  for (guint i = 0; map != NULL && eqs_map_get (map, "group") == NULL && i < eqs_map_get_size (map); i++)
    if (!g_strv_contains (known, eqs_map_get_key (map, i)))
      {
        g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND,
                     _("The symmetry has no “group”, and nothing reads its “%s”. Without a symmetry, “group” is “triv”."), eqs_map_get_key (map, i));
        return FALSE;
      }
  return TRUE;
}

gboolean
eqs_compile_symmetry (EqsDocument *document, EqkSymmetry *symmetry, GError **error)
{
  const char *group = eqs_document_get_group (document), *permutations = eqs_document_get_permutations (document);

  if (!has_group_or_nothing_else (document, error))
    return FALSE;
  symmetry->translations = eqs_document_has_translations (document);
  for (gsize i = 0; i < G_N_ELEMENTS (combined); i++)
    if (strcmp (group, combined[i].id) == 0)
      {
        group = combined[i].point;
        symmetry->translations = symmetry->translations || combined[i].translations;
        if (combined[i].permutations != NULL && strcmp (permutations, "none") == 0)
          permutations = combined[i].permutations;
        break;
      }
  symmetry->permutations = strcmp (permutations, "set") == 0 ? EQK_PERMUTE_SET : strcmp (permutations, "graph") == 0 ? EQK_PERMUTE_GRAPH : EQK_PERMUTE_NONE;
  symmetry->group = eqk_group_get (group);
  if (symmetry->group != NULL)
    return TRUE;

  g_autofree char *quoted = eqs_error_quote (group);
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND,
               _("There is no symmetry group “%s”. “equi groups” lists those there are."), quoted);
  return FALSE;
}

char **
eqs_compile_list_groups (void)
{
  static const char *const whole[] = { "SO2", "O2", "SO3", "O3" };
  GPtrArray *ids = g_ptr_array_new ();

  g_ptr_array_add (ids, g_strdup ("triv"));
  for (int n = 2; n <= 16; n++)
    g_ptr_array_add (ids, g_strdup_printf ("C%d", n));
  for (int n = 1; n <= 16; n++)
    g_ptr_array_add (ids, g_strdup_printf ("D%d", n));
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    g_ptr_array_add (ids, g_strdup (whole[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (combined); i++)
    if (eqk_group_get_space_dim (eqk_group_get (combined[i].point)) != 2)
      g_ptr_array_add (ids, g_strdup (combined[i].id));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

char *
eqs_symmetry_dup_notation (const EqkSymmetry *symmetry)
{
  const gboolean moves = symmetry->translations && eqk_group_get_space_dim (symmetry->group) == 3;
  const char    *id = eqk_group_get_id (symmetry->group), *point = !moves ? eqk_group_get_notation (symmetry->group) : strcmp (id, "O3") == 0 ? "E(3)" : strcmp (id, "SO3") == 0 ? "SE(3)" : eqk_group_get_notation (symmetry->group);

  if (symmetry->permutations == EQK_PERMUTE_NONE)
    return g_strdup (point);
  return eqk_group_get_order (symmetry->group) == 1 ? g_strdup ("Sₙ") : g_strdup_printf ("%s × Sₙ", point);
}

char *
eqs_symmetry_dup_title (const EqkSymmetry *symmetry)
{
  const char *title = _(eqk_group_get_title (symmetry->group));

  if (symmetry->permutations == EQK_PERMUTE_NONE)
    return g_strdup (title);
  /* Translators: rotations or the like come first. */
  return eqk_group_get_order (symmetry->group) == 1 ? g_strdup (_("Any order of the items")) : g_strdup_printf (_("%s, any order"), title);
}

char *
eqs_compile_dup_path (const char *kernel_id)
{
  g_auto (GStrv) parts = g_strsplit (kernel_id, "/", -1);
  GString *path = g_string_new (parts[0]);

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    if (i % 2 == 0)   /* block / copy / node / copy / node */
      g_string_append_printf (path, "/%s", parts[i]);
  return g_string_free (path, FALSE);
}

/* Whether the kernels' node "block/0/conv" is a copy of the document's "block/conv". */
static gboolean
is_copy_of (const char *kernel_id, const char *path)
{
  for (;;)
    {
      const char *end = strchrnul (kernel_id, '/');
      const gsize n = (gsize) (end - kernel_id);

      if (strncmp (kernel_id, path, n) != 0)
        return FALSE;
      path += n;
      if (*end == '\0' || *path != '/')
        return *end == *path;
      path++;
      kernel_id = strchrnul (end + 1, '/');      /* the number of the copy is skipped */
      kernel_id += *kernel_id == '/';
    }
}

int
eqs_compile_find_node (const EqkTyped *typed, const char *path)
{
  const EqkGraph *graph = eqk_typed_graph (typed);
  const int       n = eqk_graph_n_nodes (graph);

  for (int i = 0; i < n; i++)
    if (is_copy_of (eqk_graph_node_id (graph, i), path))
      return i;
  return -1;
}

static EqsValue *
value_of (const EqkSetting *setting)
{
  switch (setting->kind)
    {
    case EQK_SETTING_NUMBER: return eqs_value_new_number (setting->number);
    case EQK_SETTING_BOOL:   return eqs_value_new_bool (setting->number != 0);
    case EQK_SETTING_LIST:   return eqs_value_new_numbers (setting->list, (guint) setting->n);
    case EQK_SETTING_TEXT:   return eqs_value_new_string (setting->text);
    }
  return eqs_value_new_null ();
}

EqsMap *
eqs_map_from_settings_text (const char *text)
{
  EqsMap      *map = eqs_map_new ();
  EqkSettings *settings = NULL;

  if (eqk_settings_parse (text, &settings, NULL) == EQK_OK)
    for (int i = 0; i < eqk_settings_count (settings); i++)
      eqs_map_set (map, eqk_settings_at (settings, i)->name, value_of (eqk_settings_at (settings, i)));
  eqk_settings_free (settings);
  return map;
}

EqsValue *
eqs_value_from_setting_text (const char *text)
{
  g_autofree char *named = g_strconcat ("v=", text, NULL);
  g_autoptr (EqsMap) map = eqs_map_from_settings_text (named);
  EqsValue *value = eqs_map_get (map, "v");

  return value == NULL ? eqs_value_new_string (text) : eqs_value_ref (value);
}

static void
set_list (EqkSettings *settings, const char *key, const EqsValue *value)
{
  g_autofree double *numbers = g_new (double, eqs_value_get_length (value) + 1);

  for (guint k = 0; k < eqs_value_get_length (value); k++)
    numbers[k] = eqs_value_get_number (eqs_value_get_item (value, k));
  eqk_settings_set_list (settings, key, numbers, (int) MIN (eqs_value_get_length (value), 100000));
}

EqkSettings *
eqs_settings_from_map (const EqsMap *map)
{
  EqkSettings *settings = eqk_settings_new ();

  for (guint i = 0; map != NULL && i < eqs_map_get_size (map); i++)
    {
      const char     *key = eqs_map_get_key (map, i);
      const EqsValue *value = eqs_map_get_value (map, i);

      switch (eqs_value_get_kind (value))
        {
        case EQS_VALUE_BOOL:   eqk_settings_set_bool (settings, key, eqs_value_get_bool (value)); break;
        case EQS_VALUE_NUMBER: eqk_settings_set_number (settings, key, eqs_value_get_number (value)); break;
        case EQS_VALUE_STRING: eqk_settings_set_text (settings, key, eqs_value_get_string (value)); break;
        case EQS_VALUE_LIST:   set_list (settings, key, value); break;
        default:               break;   /* null: the default; objects have no meaning for a layer */
        }
    }
  return settings;
}

void
eqs_compile_set_error (GError **error, EqkStatus status, const EqkDiag *diag)
{
  if (status == EQK_ERR_NO_MEMORY)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("There is not enough memory (%s)."), diag->what);
  else if (diag->node[0] != '\0')
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s”: %s."), diag->node, diag->what);
  else
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "%s.", diag->what);
}

gboolean
eqs_compile_apply_preview (EqsDocument *document, GError **error)
{
  const EqsMap *section = eqs_document_get_section (document, EQS_SECTION_PREVIEW);
  g_autoptr (EqsMap) preview = section == NULL ? NULL : eqs_map_copy (section);

  for (guint i = 0; preview != NULL && i < eqs_map_get_size (preview); i++)
    {
      g_autofree char *node = NULL, *param = NULL;

      if (!eqs_endpoint_split (eqs_map_get_key (preview, i), &node, &param))
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_FORMAT, _("The preview entry “%s” does not read node.setting."), eqs_map_get_key (preview, i));
          return FALSE;
        }
      if (!eqs_document_set_param (document, node, param, eqs_map_get_value (preview, i), error))
        return FALSE;
    }
  return preview == NULL || eqs_document_set_section (document, EQS_SECTION_PREVIEW, NULL, error);
}

/* ---- unrolling ---- */

typedef struct Frame Frame;

struct Frame
{
  Frame      *parent;        /* NULL: the main graph */
  EqsNode    *block;         /* in the parent's graph */
  EqsGraph   *graph;
  int         copy, n_copies;
  char       *prefix;        /* of kernel ids: "block/0/" */
  char       *weights;       /* of weight paths: "block.0." or "block." */
};

typedef struct
{
  EqsDocument *document;
  EqkGraph    *graph;
  GPtrArray   *problems;
  GPtrArray   *frames;       /* owns them */
  GHashTable  *children;     /* "prefix id/copy" → Frame */
  gboolean     failed;
  GError     **error;
} Unroll;

static void
frame_free (gpointer data)
{
  Frame *self = data;

  g_free (self->prefix);
  g_free (self->weights);
  g_free (self);
}

static gboolean
is_block (Unroll *u, const EqsNode *node)
{
  return eqs_document_get_body (u->document, node) != NULL;
}

static int
n_copies (const EqsNode *node)
{
  const double n = eqs_map_get_number (eqs_node_get_params (node), "n", 1);

  return n >= 1 && n <= 64 && n == floor (n) ? (int) n : -1;
}

static Frame *
child_frame (Unroll *u, Frame *parent, EqsNode *node, int copy)
{
  g_autofree char *key = g_strdup_printf ("%s%s/%d", parent->prefix, eqs_node_get_id (node), copy);

  return g_hash_table_lookup (u->children, key);
}

static Frame *
make_frame (Unroll *u, Frame *parent, EqsNode *node, int copy, int n)
{
  Frame         *frame = g_new0 (Frame, 1);
  const char    *id = node == NULL ? "" : eqs_node_get_id (node);
  const gboolean shared = node != NULL && eqs_map_get_bool (eqs_node_get_params (node), "shared", FALSE);

  frame->parent = parent;
  frame->block = node;
  frame->graph = node == NULL ? eqs_document_get_graph (u->document, NULL) : eqs_document_get_body (u->document, node);
  frame->copy = copy;
  frame->n_copies = n;
  frame->prefix = node == NULL ? g_strdup ("") : g_strdup_printf ("%s%s/%d/", parent->prefix, id, copy);
  frame->weights = node == NULL ? g_strdup ("") : shared ? g_strdup_printf ("%s%s.", parent->weights, id)
                                                         : g_strdup_printf ("%s%s.%d.", parent->weights, id, copy);
  g_ptr_array_add (u->frames, frame);
  if (node != NULL)
    g_hash_table_insert (u->children, g_strdup_printf ("%s%s/%d", parent->prefix, id, copy), frame);
  return frame;
}

static void
report (Unroll *u, const char *code, const Frame *frame, const EqsNode *node, const char *args)
{
  const EqkLintRule *rule = eqk_lint_find (code);
  g_autofree char   *kernel_id = g_strconcat (frame->prefix, eqs_node_get_id (node), NULL);
  g_autofree char   *path = eqs_compile_dup_path (kernel_id);
  char               message[512];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (u->problems, eqs_problem_new (code, path, NULL, message, _(rule->why)));
}

static void
add_plain_node (Unroll *u, Frame *frame, EqsNode *node)
{
  g_autofree char *id = g_strconcat (frame->prefix, eqs_node_get_id (node), NULL);
  g_autofree char *weights = g_strconcat (frame->weights, eqs_node_get_id (node), NULL);
  g_autofree char *args = g_strdup_printf ("node='%s' layer='%.60s'", eqs_node_get_id (node), eqs_node_get_layer (node));
  EqkSettings     *settings = eqs_settings_from_map (eqs_node_get_params (node));
  EqkDiag          diag = EQK_DIAG_INIT;
  EqkStatus        status;

  for (char *c = weights; *c != '\0'; c++)
    *c = *c == '/' ? '.' : *c;
  status = eqk_graph_add (u->graph, id, eqs_node_get_layer (node), settings, weights, NULL, &diag);
  eqk_settings_free (settings);
  if (status == EQK_ERR_NAME)
    report (u, "E-LAYER-UNKNOWN", frame, node, args);
  else if (status != EQK_OK && !u->failed)
    {
      u->failed = TRUE;
      eqs_compile_set_error (u->error, status, &diag);
    }
}

static void
add_nodes (Unroll *u, Frame *frame, guint depth)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (frame->graph) && !u->failed; i++)
    {
      EqsNode *node = eqs_graph_get_node (frame->graph, i);

      if (eqs_node_is_bypassed (node) || strcmp (eqs_node_get_layer (node), "note") == 0)
        continue;
      if (!is_block (u, node))
        {
          add_plain_node (u, frame, node);
          continue;
        }
      if (n_copies (node) < 0 || depth > EQS_MAX_NESTING || eqk_graph_n_nodes (u->graph) > EQS_MAX_NODES)
        {
          report (u, "E-SETTING", frame, node, "setting=n found='too many' allowed='1 to 64 copies, 10000 layers in all'");
          continue;
        }
      for (int copy = 0; copy < n_copies (node); copy++)
        add_nodes (u, make_frame (u, frame, node, copy, n_copies (node)), depth + 1);
    }
}

/* The plain node and port from which (node, port) of a frame takes its value; FALSE when that end is open. */
static gboolean
resolve (Unroll *u, Frame *frame, const char *node_id, const char *port, char **out_id, char **out_port, guint steps)
{
  EqsNode *node = eqs_graph_find_node (frame->graph, node_id);
  int      link = -1;

  if (steps > EQS_MAX_NODES)
    return FALSE;
  if (node_id[0] == '\0')
    {
      if (frame->parent == NULL)
        return FALSE;
      if (frame->copy == 0)
        {
          link = eqs_graph_find_link (frame->parent->graph, NULL, NULL, eqs_node_get_id (frame->block), port);
          frame = frame->parent;
        }
      else
        {
          frame = child_frame (u, frame->parent, frame->block, frame->copy - 1);
          link = eqs_graph_find_link (frame->graph, NULL, NULL, "", "y");
        }
    }
  else if (node == NULL)
    return FALSE;
  else if (eqs_node_is_bypassed (node))
    link = eqs_graph_find_link (frame->graph, NULL, NULL, node_id, NULL);
  else if (is_block (u, node))
    {
      frame = child_frame (u, frame, node, n_copies (node) - 1);
      link = frame == NULL ? -1 : eqs_graph_find_link (frame->graph, NULL, NULL, "", port);
    }
  else
    {
      *out_id = g_strconcat (frame->prefix, node_id, NULL);
      *out_port = g_strdup (port);
      return TRUE;
    }
  if (link < 0)
    return FALSE;
  return resolve (u, frame, eqs_graph_get_link (frame->graph, (guint) link)->from_node,
                  eqs_graph_get_link (frame->graph, (guint) link)->from_port, out_id, out_port, steps + 1);
}

static void
add_links (Unroll *u, Frame *frame)
{
  for (guint i = 0; i < eqs_graph_get_n_links (frame->graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (frame->graph, i);
      g_autofree char *to = g_strconcat (frame->prefix, link->to_node, NULL);
      g_autofree char *from = NULL, *port = NULL;
      EqkDiag          diag = EQK_DIAG_INIT;
      EqsNode         *node = eqs_graph_find_node (frame->graph, link->to_node);

      if (node == NULL || eqk_graph_find (u->graph, to) < 0 || !resolve (u, frame, link->from_node, link->from_port, &from, &port, 0) ||
          eqk_graph_find (u->graph, from) < 0)
        continue;
      if (eqk_graph_link (u->graph, from, port, to, link->to_port, &diag) != EQK_OK)
        {
          g_autofree char *args = g_strdup_printf ("node='%s' what='%s'", link->to_node, diag.what);

          report (u, "E-LINK", frame, node, args);
        }
    }
}

static EqkGraph *
unroll (EqsDocument *document, const EqkSymmetry *symmetry, GPtrArray *problems, GError **error)
{
  Unroll u = { .document = document, .graph = eqk_graph_new (symmetry), .problems = problems, .error = error };
  const EqsMap *training = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  const EqsMap *spec = eqs_document_get_section (document, EQS_SECTION_SPEC);

  u.frames = g_ptr_array_new_with_free_func (frame_free);
  u.children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  eqk_graph_set_task (u.graph, eqs_map_get_string (spec, "task", ""), strcmp (eqs_map_get_string (spec, "output", ""), "equivariant") == 0);
  eqk_graph_set_fact (u.graph, "batch", eqs_map_get_number (training, "batch", 64));
  eqk_graph_set_fact (u.graph, "N", eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_NOMINAL), "N", 0));
  add_nodes (&u, make_frame (&u, NULL, NULL, 0, 1), 0);
  for (guint i = 0; i < u.frames->len && !u.failed; i++)
    add_links (&u, g_ptr_array_index (u.frames, i));
  g_ptr_array_unref (u.frames);
  g_hash_table_unref (u.children);
  if (u.failed)
    g_clear_pointer (&u.graph, eqk_graph_free);
  return u.graph;
}

/* ---- the check ---- */

/* ---- fixes that only the document can give: those that change links ---- */

static void
mark_downstream (EqsGraph *graph, const char *node, GHashTable *seen)
{
  if (!g_hash_table_add (seen, (gpointer) node))
    return;
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    if (strcmp (eqs_graph_get_link (graph, i)->from_node, node) == 0)
      mark_downstream (graph, eqs_graph_get_link (graph, i)->to_node, seen);
}

static gboolean
reaches (EqsGraph *graph, const char *from, const char *to)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  mark_downstream (graph, from, seen);
  return g_hash_table_contains (seen, to);
}

/* Links into the same port. */
static guint
count_into (EqsGraph *graph, const EqsLink *link)
{
  guint n = 0;

  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    n += strcmp (eqs_graph_get_link (graph, i)->to_node, link->to_node) == 0 && strcmp (eqs_graph_get_link (graph, i)->to_port, link->to_port) == 0;
  return n;
}

/* "Delete the last edge" of a loop: one whose port is fed by others too, where there is one. */
static void
add_cut (EqsProblem *problem, EqsGraph *graph)
{
  const EqsLink *cut = NULL;
  gboolean       spare = FALSE;

  for (guint i = eqs_graph_get_n_links (graph); i > 0 && !spare; i--)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i - 1);

      if (!reaches (graph, link->to_node, link->from_node))
        continue;
      spare = count_into (graph, link) > 1;
      if (cut == NULL || spare)
        cut = link;
    }
  if (cut != NULL)
    {
      g_autofree char *from = g_strconcat (cut->from_node, ".", cut->from_port, NULL), *to = g_strconcat (cut->to_node, ".", cut->to_port, NULL);

      eqs_problem_add_fix (problem, _("Remove the link that closes the loop"), eqs_edit_new_disconnect (NULL, from, to));
    }
}

/* "Connect the nearest compatible port": the nearest node with features that does not depend on this one, unread ones first. */
static void
add_connection (EqsProblem *problem, EqsGraph *graph, const EqkTyped *typed)
{
  EqsNode    *node = eqs_graph_find_node (graph, problem->node);
  const char *nearest = NULL;
  double      shortest = G_MAXDOUBLE;

  if (node == NULL || g_strcmp0 (problem->port, "x") != 0)
    return;
  for (guint i = eqs_graph_get_n_nodes (graph); i > 0; i--)
    {
      EqsNode           *other = eqs_graph_get_node (graph, i - 1);
      const char        *id = eqs_node_get_id (other);
      const int          k = eqk_graph_find (eqk_typed_graph (typed), id);
      const EqkPortType *y = k < 0 ? NULL : eqk_typed_output (typed, k, "y");
      double             distance;

      if (y == NULL || y->kind != EQK_KIND_FEATURE || reaches (graph, problem->node, id))
        continue;
      distance = hypot (eqs_node_get_x (other) - eqs_node_get_x (node), eqs_node_get_y (other) - eqs_node_get_y (node));
      if (eqs_graph_find_link (graph, id, "y", NULL, NULL) >= 0)
        distance += 1e9;
      if (distance < shortest)
        {
          shortest = distance;
          nearest = id;
        }
    }
  if (nearest != NULL)
    {
      g_autofree char *from = g_strconcat (nearest, ".y", NULL), *to = g_strconcat (problem->node, ".", problem->port, NULL);
      g_autofree char *label = g_strdup_printf (_("Connect it to “%s”"), nearest);

      eqs_problem_add_fix (problem, label, eqs_edit_new_connect (NULL, from, to, FALSE));
    }
}

static void
add_link_fixes (EqsProblem *problem, EqsDocument *document, const EqkTyped *typed)
{
  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  if (problem->node == NULL || strchr (problem->node, '/') != NULL)
    return;
  if (strcmp (problem->code, "E-CYCLE") == 0)
    add_cut (problem, graph);
  else if (strcmp (problem->code, "E-UNCONNECTED") == 0)
    add_connection (problem, graph, typed);
}

static void
collect_problems (EqsCheck *self, EqsDocument *document)
{
  gboolean unknown = self->problems->len > 0;

  for (int i = 0; i < eqk_typed_n_problems (self->typed); i++)
    {
      const EqkProblem *problem = eqk_typed_problem (self->typed, i);
      const char       *id = problem->node < 0 ? NULL : eqk_graph_node_id (eqk_typed_graph (self->typed), problem->node);
      g_autofree char  *path = id == NULL ? NULL : eqs_compile_dup_path (id);
      gboolean          known = FALSE;

      /* An input is open behind a layer that is not known: one cause, one problem. */
      if (unknown && strcmp (problem->rule->code, "E-UNCONNECTED") == 0)
        continue;
      for (guint k = 0; k < self->problems->len && !known; k++)   /* copies of a block repeat what one of them has said */
        {
          const EqsProblem *other = g_ptr_array_index (self->problems, k);

          known = strchr (id == NULL ? "" : id, '/') != NULL && g_strcmp0 (other->node, path) == 0 && strcmp (other->code, problem->rule->code) == 0;
        }
      if (!known)
        {
          EqsProblem *told = eqs_problem_new_from_kernel (problem, path);

          add_link_fixes (told, document, self->typed);
          g_ptr_array_add (self->problems, told);
        }
    }
}

static gint64
weights_of_node (const EqkProgram *program, int node)
{
  gint64 sum = 0;

  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->kind == EQK_VALUE_WEIGHT && eqk_program_value (program, v)->node == node)
      sum += eqk_program_value (program, v)->width;
  return sum;
}

/* Sizes the costs are for: one sample; ragged designs with the nominal numbers of the bound data. */
static EqkSizes
nominal_sizes (EqsDocument *document)
{
  const EqsMap *nominal = eqs_document_get_section (document, EQS_SECTION_NOMINAL);
  const double  n = CLAMP (eqs_map_get_number (nominal, "N", 20), 1, 1e6), e = CLAMP (eqs_map_get_number (nominal, "E", 20 * n), 1, 1e7);

  return (EqkSizes){ 1, (gsize) n, (gsize) e, (gsize) (n * n) };
}

static EqkRun *
plan (EqkProgram *program, const EqkSizes *sizes, gboolean train, gboolean export_plan)
{
  const EqkRunOptions options = { .precision = EQK_F32, .train = train, .export_plan = export_plan, .plan_only = true, .capacity = *sizes };
  EqkRun             *run = NULL;

  eqk_run_new (program, NULL, &options, &run, NULL);
  return run;
}

static void
add_costs (EqsCheck *self, EqsDocument *document)
{
  const EqsMap *training = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  const double  batch = CLAMP (eqs_map_get_number (training, "batch", 64), 1, 4096);
  EqkSizes      many = self->nominal;
  EqkRun       *one = plan (self->program, &self->nominal, FALSE, TRUE), *step;

  many.batch = (int) batch;
  many.nodes *= (gsize) batch;
  many.edges *= (gsize) batch;
  many.pairs *= (gsize) batch;
  step = plan (self->program, &many, TRUE, FALSE);
  self->parameters = (gint64) eqk_program_n_weights (self->program);
  self->weight_bytes = (gsize) self->parameters * sizeof (float);
  self->arena_bytes = one == NULL ? 0 : eqk_run_arena_bytes (one);
  self->macs = one == NULL ? 0 : eqk_run_macs (one, -1);
  self->train_arena_bytes = step == NULL ? 0 : eqk_run_arena_bytes (step);
  for (int k = 0; k < eqk_graph_n_nodes (eqk_typed_graph (self->typed)); k++)
    {
      const char      *id = eqk_graph_node_id (eqk_typed_graph (self->typed), k);
      g_autofree char *top = g_strndup (id, strcspn (id, "/"));

      for (guint i = 0; i < self->nodes->len; i++)
        {
          EqsNodeCost *cost = &g_array_index (self->nodes, EqsNodeCost, i);

          if (strcmp (cost->id, top) == 0)
            {
              cost->parameters += weights_of_node (self->program, k);
              cost->macs += one == NULL ? 0 : eqk_run_macs (one, k);
            }
        }
    }
  eqk_run_free (one);
  eqk_run_free (step);
}

static void
list_nodes (EqsCheck *self, EqsDocument *document)
{
  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode    *node = eqs_graph_get_node (graph, i);
      EqsNodeCost cost = { g_intern_string (eqs_node_get_id (node)), g_intern_string (eqs_node_get_layer (node)), -1, 0, 0 };

      if (self->typed != NULL)
        cost.kernel_node = eqk_graph_find (eqk_typed_graph (self->typed), cost.id);
      g_array_append_val (self->nodes, cost);
    }
}

static void
add_newer_format (EqsCheck *self, EqsDocument *document)
{
  const EqkLintRule *rule = eqk_lint_find ("W-NEWER-FORMAT");
  const int          found = eqs_document_get_version (document);
  char               args[64], message[256];

  if (found <= EQS_FILE_VERSION)
    return;
  g_snprintf (args, sizeof args, "found=%d known=%d", found, EQS_FILE_VERSION);
  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (self->problems, eqs_problem_new (rule->code, NULL, NULL, message, _(rule->why)));
}

static gboolean
has_errors (const EqsCheck *self)
{
  for (guint i = 0; i < self->problems->len; i++)
    if (((EqsProblem *) g_ptr_array_index (self->problems, i))->severity == EQK_SEVERITY_ERROR)
      return TRUE;
  return FALSE;
}

EqsCheck *
eqs_check_new_without_search (EqsDocument *document, GError **error)
{
  g_autoptr (EqsCheck) self = g_new0 (EqsCheck, 1);
  g_autoptr (GError) local = NULL;
  EqkSymmetry symmetry;
  EqkGraph   *graph;
  EqkDiag     diag = EQK_DIAG_INIT;
  EqkStatus   status;

  g_atomic_ref_count_init (&self->refs);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_problem_free);
  self->nodes = g_array_new (FALSE, TRUE, sizeof (EqsNodeCost));
  self->nominal = nominal_sizes (document);
  if (!eqs_compile_symmetry (document, &symmetry, &local))
    {
      g_ptr_array_add (self->problems, eqs_problem_new ("E-GROUP-UNKNOWN", NULL, NULL, local->message, _("Without a group there is nothing to promise.")));
      self->blocks = EQK_BLOCKS_RUN;
      list_nodes (self, document);
      return g_steal_pointer (&self);
    }
  graph = unroll (document, &symmetry, self->problems, error);
  if (graph == NULL)
    return NULL;
  status = eqk_graph_infer (graph, &self->typed, &diag);
  eqk_graph_free (graph);
  if (status != EQK_OK)
    {
      eqs_compile_set_error (error, status, &diag);
      return NULL;
    }
  collect_problems (self, document);
  eqs_promise_add_problems (self, document);
  eqs_training_add_problems (self, document);
  add_newer_format (self, document);
  list_nodes (self, document);
  for (guint i = 0; i < self->problems->len; i++)
    self->blocks = MAX (self->blocks, ((EqsProblem *) g_ptr_array_index (self->problems, i))->blocks);
  if (self->blocks != EQK_BLOCKS_RUN)
    {
      status = eqk_compile (self->typed, NULL, &self->program, &diag);
      if (status != EQK_OK)
        {
          g_autofree char *path = diag.node[0] == '\0' ? NULL : eqs_compile_dup_path (diag.node);

          g_ptr_array_add (self->problems, eqs_problem_new (status == EQK_ERR_UNSUPPORTED ? "E-FORCES-NONSMOOTH" : "E-SETTING", path, NULL, diag.what,
                                                            _("The layer's numbers cannot be laid out as asked.")));
          self->blocks = EQK_BLOCKS_RUN;
        }
      else
        add_costs (self, document);
    }
  self->ok = self->blocks == EQK_BLOCKS_NOTHING && !has_errors (self);
  return g_steal_pointer (&self);
}

EqsCheck *
eqs_check_new (EqsDocument *document, GError **error)
{
  EqsCheck *self = eqs_check_new_without_search (document, error);

  if (self != NULL && self->program != NULL)
    eqs_budget_add_problems (self, document);
  return self;
}

EqsCheck *
eqs_check_ref (EqsCheck *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_check_unref (EqsCheck *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  g_ptr_array_unref (self->problems);
  g_array_unref (self->nodes);
  g_free (self);
}

char *
eqs_compile_dup_source (EqsDocument *document, const char *path, const char *port, char **out_port)
{
  char            *at = g_strdup (path);
  g_autofree char *own_port = g_strdup (port);

  for (guint depth = 0; depth <= EQS_MAX_NESTING; depth++)
    {
      EqsNode       *node = eqs_document_find_node (document, at);
      EqsGraph      *body = node == NULL ? NULL : eqs_document_get_body (document, node);
      const EqsLink *link = NULL;
      char          *inner;

      if (body == NULL)
        {
          *out_port = g_steal_pointer (&own_port);
          return at;
        }
      for (guint i = 0; i < eqs_graph_get_n_links (body) && link == NULL; i++)
        if (eqs_graph_get_link (body, i)->to_node[0] == '\0' && (own_port == NULL || strcmp (eqs_graph_get_link (body, i)->to_port, own_port) == 0))
          link = eqs_graph_get_link (body, i);
      if (link == NULL || link->from_node[0] == '\0')
        break;
      inner = g_strconcat (at, "/", link->from_node, NULL);
      g_free (at);
      at = inner;
      g_free (own_port);
      own_port = g_strdup (link->from_port);
    }
  g_free (at);
  return NULL;
}

const EqkPortType *
eqs_check_output_type (const EqsCheck *self, EqsDocument *document, const char *path, const char *port)
{
  g_autofree char *inner_port = NULL, *inner = self->typed == NULL ? NULL : eqs_compile_dup_source (document, path, port, &inner_port);
  const int        node = inner == NULL ? -1 : eqs_compile_find_node (self->typed, inner);

  return node < 0 ? NULL : eqk_typed_output (self->typed, node, inner_port);
}
