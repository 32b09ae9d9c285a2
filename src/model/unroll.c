/*
 * A document with blocks as one flat graph. A frame is a graph being unrolled: the main one, or copy i of n of a block's body. Links are resolved backwards from
 * each input, through bypassed nodes and block borders, so a block costs nothing but its content.
 */

#include "model/unroll.h"

#include "model/compile.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

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
  EqsProblem        *problem;

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  problem = eqs_problem_new (code, path, NULL, message, _(rule->why));
  eqs_problem_set_titles (problem, args, u->document);
  g_ptr_array_add (u->problems, problem);
}

/* A misspelt layer: the one that is nearest in its place, with the settings that are there. */
static void
offer_near_layer (Unroll *u, const EqsNode *node)
{
  EqsProblem               *problem = g_ptr_array_index (u->problems, u->problems->len - 1);
  int                       n;
  const EqkLayerType *const *layers = eqk_layers (&n);
  const EqkLayerType       *best = NULL;
  const EqsMap             *params = eqs_node_get_params (node);
  gsize                     most = 0;
  g_autofree char          *label = NULL;

  for (int i = 0; i < n; i++)
    {
      const gsize likeness = eqs_word_likeness (eqs_node_get_layer (node), layers[i]->id);

      if (likeness > most)
        best = layers[i];
      most = MAX (most, likeness);
    }
  if (best == NULL)
    return;
  label = g_strdup_printf (_("Make it “%s”"), _(best->title));
  eqs_problem_add_fix (problem, label, eqs_edit_new_set_layer (problem->node, best->id, params == NULL ? NULL : eqs_map_copy (params)));
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
    {
      report (u, "E-LAYER-UNKNOWN", frame, node, args);
      offer_near_layer (u, node);
    }
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

EqkGraph *
eqs_unroll (EqsDocument *document, const EqkSymmetry *symmetry, GPtrArray *problems, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  Unroll u = { .document = document, .graph = eqk_graph_new (symmetry), .problems = problems, .error = error };
  const EqsMap *training = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  const EqsMap *spec = eqs_document_get_section (document, EQS_SECTION_SPEC);

  u.frames = g_ptr_array_new_with_free_func (frame_free);
  u.children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  eqk_graph_set_task (u.graph, eqs_map_get_string (spec, "task", ""), strcmp (eqs_map_get_string (spec, "output", ""), "equivariant") == 0);
  eqk_graph_set_fact (u.graph, "batch", eqs_map_get_number (training, "batch", 64));
  eqk_graph_set_fact (u.graph, "N", eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_NOMINAL), "N", 0));
  eqk_graph_set_fact (u.graph, "data", eqs_document_get_section (document, EQS_SECTION_DATA) != NULL);
  eqk_graph_set_fact (u.graph, "E", eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_NOMINAL), "E", 0));
  add_nodes (&u, make_frame (&u, NULL, NULL, 0, 1), 0);
  for (guint i = 0; i < u.frames->len && !u.failed; i++)
    add_links (&u, g_ptr_array_index (u.frames, i));
  g_ptr_array_unref (u.frames);
  g_hash_table_unref (u.children);
  if (u.failed)
    g_clear_pointer (&u.graph, eqk_graph_free);
  return u.graph;
}
