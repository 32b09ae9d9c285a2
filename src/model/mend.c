/* What is tried is a copy of the design with the change, of which only the types are inferred. */

#include "model/mend.h"

#include "model/compile.h"
#include "model/unroll.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MOST_NODES = 200, MOST_TRIED = 8, MOST_OFFERED = 2 };

/* ---- loops ---- */

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

/* ---- trials ---- */

static guint
count_errors (const EqkTyped *typed)
{
  guint n = 0;

  for (int i = 0; i < eqk_typed_n_problems (typed); i++)
    n += eqk_typed_problem (typed, i)->severity == EQK_SEVERITY_ERROR;
  return n;
}

/* Neither the node nor what is new beside it has errors or warnings. */
static gboolean
is_sound_there (const EqkTyped *typed, EqsGraph *before, const char *id)
{
  const int node = eqk_graph_find (eqk_typed_graph (typed), id);

  for (int i = 0; i < eqk_typed_n_problems (typed); i++)
    {
      const EqkProblem *problem = eqk_typed_problem (typed, i);

      if (problem->node == node ? problem->severity == EQK_SEVERITY_ERROR
          : problem->node >= 0 && problem->severity != EQK_SEVERITY_NOTE && strchr (eqk_graph_node_id (eqk_typed_graph (typed), problem->node), '/') == NULL &&
            eqs_graph_find_node (before, eqk_graph_node_id (eqk_typed_graph (typed), problem->node)) == NULL)
        return FALSE;
    }
  return node >= 0;
}

/* With the edits there is no error where they are, and (fewer) the design has fewer: what was hidden behind the node may come to light. */
static gboolean
helps (EqsDocument *document, const EqkTyped *typed, GPtrArray *edits, const char *id, gboolean fewer)
{
  g_autoptr (EqsDocument) trial = eqs_document_dup (document);
  g_autoptr (GPtrArray)   problems = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_problem_free);
  EqkSymmetry symmetry;
  EqkTyped   *after = NULL;
  EqkGraph   *graph = NULL;
  gboolean    good = eqs_edits_apply (edits, trial, NULL) && eqs_compile_symmetry (trial, &symmetry, NULL);

  if (good)
    graph = eqs_unroll (trial, &symmetry, problems, NULL);
  good = graph != NULL && eqk_graph_infer (graph, &after, NULL) == EQK_OK && (!fewer || count_errors (after) < count_errors (typed)) &&
         is_sound_there (after, eqs_document_get_graph (document, NULL), id);
  eqk_typed_unref (after);
  eqk_graph_free (graph);
  return good;
}

/* ---- open inputs ---- */

typedef struct { const char *id; double distance; } Source;

static int
compare_sources (gconstpointer a, gconstpointer b)
{
  const double first = ((const Source *) a)->distance, second = ((const Source *) b)->distance;

  return first < second ? -1 : first > second;
}

/* Nodes with features that do not depend on this one, the nearest first, those that nothing reads before others. */
static GArray *
list_sources (EqsGraph *graph, EqsNode *node, const EqkTyped *typed)
{
  GArray *sources = g_array_new (FALSE, FALSE, sizeof (Source));

  for (guint i = eqs_graph_get_n_nodes (graph); i > 0; i--)
    {
      EqsNode           *other = eqs_graph_get_node (graph, i - 1);
      const char        *id = eqs_node_get_id (other);
      const int          k = eqk_graph_find (eqk_typed_graph (typed), id);
      const EqkPortType *y = k < 0 ? NULL : eqk_typed_output (typed, k, "y");
      Source             source = { id, hypot (eqs_node_get_x (other) - eqs_node_get_x (node), eqs_node_get_y (other) - eqs_node_get_y (node)) };

      if (y == NULL || y->kind != EQK_KIND_FEATURE || reaches (graph, eqs_node_get_id (node), id))
        continue;
      if (eqs_graph_find_link (graph, id, "y", NULL, NULL) >= 0)
        source.distance += 1e9;
      g_array_append_val (sources, source);
    }
  g_array_sort (sources, compare_sources);
  return sources;
}

/* "Connect the nearest compatible port". */
static void
add_connection (EqsProblem *problem, EqsDocument *document, EqsGraph *graph, const EqkTyped *typed)
{
  EqsNode *node = eqs_graph_find_node (graph, problem->node);
  g_autoptr (GArray) sources = NULL;

  if (node == NULL || g_strcmp0 (problem->port, "x") != 0)
    return;
  sources = list_sources (graph, node, typed);
  for (guint i = 0; i < MIN (sources->len, MOST_TRIED); i++)
    {
      const char *nearest = g_array_index (sources, Source, i).id;
      g_autofree char *from = g_strconcat (nearest, ".y", NULL), *to = g_strconcat (problem->node, ".", problem->port, NULL);
      g_autofree char *label = g_strdup_printf (_("Connect it to “%s”"), eqs_node_get_shown_title (eqs_graph_find_node (graph, nearest)));
      g_autoptr (GPtrArray) edits = eqs_edits_new ();

      g_ptr_array_add (edits, eqs_edit_new_connect (NULL, from, to, FALSE));
      if (!helps (document, typed, edits, problem->node, FALSE))
        continue;
      eqs_problem_add_fix (problem, label, eqs_edit_copy (edits->pdata[0]));
      return;
    }
}

/* ---- types that do not meet ---- */

typedef struct
{
  const char *label;           /* N_() */
  const char *steps[2][2];     /* layer and settings, in the order of the flow; the second may be left out */
} Adapter;

/* Each kind of place has its own; simple ones first. */
static const Adapter on_grid[] = {
  { N_("Keep the largest channel of each field"), { { "group_pool", "" } } },
  { N_("Take the length of each field"), { { "norm_pool", "" } } },
  { N_("Average over the picture"), { { "global_avg", "" } } },
  { N_("Map to one channel for each pose"), { { "r2conv", "k=3 out=8x reg" } } },
  { N_("Map to numbers that stay the same"), { { "r2conv_1x1", "out=8x triv" } } },
  { N_("Pool over orientations and over the picture"), { { "group_pool", "" }, { "global_avg", "" } } },
  { N_("Take lengths, and average over the picture"), { { "norm_pool", "" }, { "global_avg", "" } } },
};
static const Adapter on_rows[] = {
  { N_("Take the length of each field"), { { "norm_pool", "" } } },
  { N_("Keep the numbers that stay the same"), { { "extract_scalars", "" } } },
  { N_("Average over all items"), { { "global_pool", "pool=mean" } } },
  { N_("Take places from their centre"), { { "center_coords", "" } } },
  { N_("Learn features for each kind of atom"), { { "species_embed", "channels=8" } } },
  { N_("Map to scalars and as many arrows"), { { "irreps_linear", "out=8x0e + 8x1o" } } },
  { N_("Map to equal copies of each degree"), { { "irreps_linear", "out=8x0e + 8x1o + 8x2e" } } },
  { N_("Take lengths, and average over all items"), { { "norm_pool", "" }, { "global_pool", "pool=mean" } } },
};

/* The input that the finding names, if it is one, else the first; NULL: nothing leads into it. */
static const char *
port_in_question (EqsGraph *graph, const char *id, const EqkProblem *found)
{
  char        named[64] = "";
  const char *first = NULL;

  eqk_lint_arg (found->args, "x", named, sizeof named);
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (graph, i);

      if (strcmp (link->to_node, id) != 0)
        continue;
      if (strcmp (link->to_port, named) == 0)
        return link->to_port;
      first = first == NULL ? link->to_port : first;
    }
  return first;
}

/* Whether what leads into the port is a picture. */
static gboolean
is_picture (EqsGraph *graph, const EqkTyped *typed, const char *id, const char *port)
{
  for (guint i = 0; i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink     *link = eqs_graph_get_link (graph, i);
      const int          k = strcmp (link->to_node, id) != 0 || strcmp (link->to_port, port) != 0 ? -1 : eqk_graph_find (eqk_typed_graph (typed), link->from_node);
      const EqkPortType *type = k < 0 ? NULL : eqk_typed_output (typed, k, link->from_port);

      if (type != NULL)
        return type->space.kind == EQK_SPACE_GRID;
    }
  return FALSE;
}

static EqsFix *
fix_new (const Adapter *adapter, const char *id, const char *port)
{
  EqsFix *fix = g_new0 (EqsFix, 1);

  fix->label = g_strdup (_(adapter->label));
  fix->edits = eqs_edits_new ();
  for (guint i = 0; i < G_N_ELEMENTS (adapter->steps) && adapter->steps[i][0] != NULL; i++)
    {
      const EqkLayerType *layer = eqk_layer_find (adapter->steps[i][0]);
      EqsEdit            *edit = eqs_edit_new_insert_before (id, port, layer->id, eqs_map_from_settings_text (adapter->steps[i][1]));

      g_ptr_array_add (fix->edits, eqs_edit_with_ports (edit, layer->inputs[0].name, layer->outputs[0].name));
    }
  return fix;
}

static void
fix_free (EqsFix *fix)
{
  g_free (fix->label);
  g_ptr_array_unref (fix->edits);
  g_free (fix);
}

static void
add_adapters (EqsProblem *problem, EqsDocument *document, EqsGraph *graph, const EqkTyped *typed, const EqkProblem *found)
{
  const char    *port = port_in_question (graph, problem->node, found);
  const gboolean picture = port != NULL && is_picture (graph, typed, problem->node, port);
  const Adapter *adapters = picture ? on_grid : on_rows;
  const guint    n = picture ? G_N_ELEMENTS (on_grid) : G_N_ELEMENTS (on_rows);
  char          *why;

  for (guint i = 0; port != NULL && i < n && problem->fixes->len < MOST_OFFERED; i++)
    {
      EqsFix *fix = fix_new (&adapters[i], problem->node, port);

      if (helps (document, typed, fix->edits, problem->node, TRUE))
        g_ptr_array_add (problem->fixes, fix);
      else
        fix_free (fix);
    }
  if (problem->fixes->len > 0)
    return;
  why = g_strdup_printf ("%s %s", problem->why, _("No layer that is put between them leads from the one to the other; connect something else, or change what comes in."));
  g_free (problem->why);
  problem->why = why;
}

void
eqs_mend_add_fixes (EqsProblem *told, EqsDocument *document, const EqkTyped *typed, const EqkProblem *found)
{
  g_return_if_fail (told != NULL && found != NULL);
  g_return_if_fail (EQS_IS_DOCUMENT (document));

  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  if (told->node == NULL || strchr (told->node, '/') != NULL)
    return;
  if (strcmp (told->code, "E-CYCLE") == 0)
    add_cut (told, graph);
  else if (eqs_graph_get_n_nodes (graph) > MOST_NODES)      /* trials take as long as the check itself, each */
    return;
  else if (strcmp (told->code, "E-UNCONNECTED") == 0)
    add_connection (told, document, graph, typed);
  else if (strcmp (told->code, "E-TYPE-MISMATCH") == 0 && told->fixes->len == 0)
    add_adapters (told, document, graph, typed, found);
}
