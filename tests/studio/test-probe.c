/* The probe: quarter turns are exact on every wire of a steerable network, those of an ordinary one are not; the newest wish wins. */

#include "studio/probe.h"
#include "studio/sweep-picture.h"

#include "services/twin.h"
#include "services/template.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static EqsProbeNetwork *
open_network (EqsDocument *document, EqsSplit *split, guint sample)
{
  g_autoptr (GError) error = NULL;
  EqsModel        *model = eqs_model_new (document, &error);
  EqsProbeNetwork *network;

  g_assert_no_error (error);
  network = eqs_probe_network_new (model, &error);
  g_assert_no_error (error);
  eqs_probe_network_set_sample (network, split, sample, &error);
  g_assert_no_error (error);
  return network;
}

static EqsSplit *
load_data (EqsDocument *document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (eqs_template_get_text (document, "data"), &error);
  EqsSplit *split;

  g_assert_no_error (error);
  split = eqs_dataset_load (dataset, "valid", &error);
  g_assert_no_error (error);
  return split;
}

static void
check_wire (const EqsProbeWire *wire, const char *what, EqsProbeVerdict verdict)
{
  double worst = 0;

  g_test_message ("%s: residual %.2e, limit %.0e", what, wire->residual, wire->limit);
  g_assert_nonnull (wire->back);
  g_assert_cmpfloat (wire->residual, <=, 1e-5);
  g_assert_cmpint (wire->verdict, ==, verdict);
  for (gsize i = 0; i < wire->rows * wire->width; i++)
    worst = fmax (worst, fabs ((double) wire->back[i] - (double) wire->plain[i]));
  g_assert_cmpfloat (fabs (worst - wire->largest), <=, 1e-9);
}

/* At the identity (by a whole turn, by nodes in their own order, by nothing) every network leaves 0: that shows nothing and gets no verdict. */
static void
test_unmoved (void)
{
  const double moves[][2] = { { 0, 0 }, { 2 * G_PI, 0 }, { -4 * G_PI, 0 }, { G_PI / 2, 1 }, { 1e-3, 1 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  g_autoptr (EqsDocument) graphs = eqs_document_new_from_template ("T20", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsSplit) molecules = load_data (graphs);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 3);
  g_autoptr (EqsProbeNetwork) nodes = open_network (graphs, molecules, 3);
  const gsize n = eqs_probe_network_get_n_nodes (nodes);
  g_autofree gint32 *order = g_new (gint32, n + 1);

  g_assert_true (eqs_probe_network_set_wire (network, NULL, NULL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autoptr (EqsProbeResult) result = eqs_probe_network_look (network, moves[i][0], FALSE, &error);

      g_assert_no_error (error);
      g_assert_true ((result->wire.verdict == EQS_PROBE_UNMOVED) == (moves[i][1] == 0));
      g_assert_true (moves[i][1] != 0 || isnan (result->wire.limit));
    }
  g_assert_true (eqs_probe_network_set_wire (nodes, NULL, NULL, &error));
  for (gsize k = 0; k < n; k++)
    order[k] = (gint32) k;
  for (int swapped = 0; swapped < 2; swapped++)
    {
      const EqsProbeMove move = { .order = order, .n_order = n };
      g_autoptr (EqsProbeResult) result = eqs_probe_network_look_moved (nodes, &move, &error);

      g_assert_no_error (error);
      g_assert_cmpint (result->wire.verdict, ==, swapped ? EQS_PROBE_EXACT : EQS_PROBE_UNMOVED);
      order[0] = 1;
      order[1] = 0;
    }
}

/* Every wire of the main graph, at every element of the group. */
static void
test_exact (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (data, NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 3);
  EqsGraph   *graph = eqs_document_get_graph (document, "");
  EqkSymmetry symmetry;
  guint       seen = 0;

  g_assert_no_error (error);
  g_assert_true (eqs_compile_symmetry (document, &symmetry, NULL));
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const char *id = eqs_node_get_id (eqs_graph_get_node (graph, i));

      if (!eqs_probe_network_set_wire (network, id, NULL, NULL))
        continue;
      for (int k = 0; k < eqk_group_get_order (symmetry.group); k++)
        {
          const EqkElement g = eqk_group_element (symmetry.group, k);
          g_autoptr (EqsProbeResult) result = eqs_probe_network_look (network, g.index * 2 * G_PI / eqk_group_get_n (symmetry.group), g.mirror, &error);

          g_assert_no_error (error);
          g_assert_true (result->on_grid);
          check_wire (&result->wire, id, k == 0 ? EQS_PROBE_UNMOVED : EQS_PROBE_EXACT);
          check_wire (&result->outputs[0], "result", k == 0 ? EQS_PROBE_UNMOVED : EQS_PROBE_EXACT);
        }
      seen++;
    }
  g_assert_cmpuint (seen, >, 8);
}

static void
test_broken (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  g_autoptr (EqsDocument) twin = eqs_twin_new (document, NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (twin, split, 3);
  g_autoptr (EqsProbeResult) result = NULL;

  g_assert_true (eqs_probe_network_set_wire (network, NULL, NULL, &error));
  result = eqs_probe_network_look (network, G_PI / 2, FALSE, &error);
  g_assert_no_error (error);
  g_test_message ("ordinary twin: residual %.2e", result->wire.residual);
  g_assert_cmpfloat (result->wire.residual, >, 1e-3);
}

/* A plain convolution inside the group: promised by the type, and not kept. */
static void
test_plain_convolution (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (EqsProbeNetwork) network = NULL;
  g_autoptr (EqsProbeResult) result = NULL;
  GPtrArray *edits = eqs_edits_new ();

  g_ptr_array_add (edits, eqs_edit_new_set_layer ("conv1", "conv2d_plain", eqs_map_from_settings_text ("k=5 pad=2 out=64x triv")));
  if (!eqs_history_do (history, eqs_command_new_edits ("x", edits), &error))
    g_test_message ("%s", error->message);
  g_assert_no_error (error);
  network = open_network (document, split, 3);
  g_assert_true (eqs_probe_network_set_wire (network, "conv1", NULL, &error));
  result = eqs_probe_network_look (network, G_PI / 2, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->wire.verdict, ==, EQS_PROBE_BROKEN);
}

/* Between pixels C4 promises nothing, and its regular fields have no such turn; class scores have. */
static void
test_between (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 3);
  g_autoptr (EqsProbeResult) result = NULL;
  gboolean on_grid = TRUE;
  double   error45, error90;

  g_assert_true (eqs_probe_network_set_wire (network, "conv1", NULL, &error));
  result = eqs_probe_network_look (network, G_PI / 4, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (result->on_grid);
  g_assert_cmpint (result->wire.verdict, ==, EQS_PROBE_UNDEFINED);
  g_assert_null (result->wire.back);
  g_assert_true (isnan (result->wire.residual));
  g_assert_cmpint (result->outputs[0].verdict, ==, EQS_PROBE_UNPROMISED);
  error45 = eqs_probe_network_measure (network, G_PI / 4, FALSE, &on_grid, &error);
  g_assert_false (on_grid);
  error90 = eqs_probe_network_measure (network, G_PI / 2, FALSE, &on_grid, &error);
  g_assert_true (on_grid);
  g_assert_cmpfloat (error45, ==, result->outputs[0].residual);
  g_assert_cmpfloat (error45, >, 100 * error90);
}

static void
count_cb (EqsProbe *probe, guint *n)
{
  (*n)++;
}

/* A design without data has no sample: that is said (it was taken for a good result without a network, which ended the window). */
static void
test_no_data (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, &error);
  g_autoptr (EqsSession) session = NULL;
  g_autoptr (EqsProbe) probe = NULL;
  EqsProbeResult *result;

  g_assert_no_error (error);
  g_assert_true (eqs_document_set_section (document, EQS_SECTION_DATA, NULL, NULL));
  session = eqs_session_new (document, NULL);
  probe = eqs_probe_new (session);
  eqs_session_settle (session);
  eqs_probe_set_active (probe, TRUE);
  while ((result = eqs_probe_get_result (probe)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (eqs_session_get_dataset (session));
  g_assert_nonnull (result->error);
}

static void
test_newest_wins (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  g_autoptr (EqsSession) session = eqs_session_new (document, NULL);
  g_autoptr (EqsProbe) probe = eqs_probe_new (session);
  EqsProbeResult *result;
  guint           looked = 0;

  g_signal_connect (probe, "looked", G_CALLBACK (count_cb), &looked);
  eqs_session_settle (session);
  eqs_session_set_probe (session, "conv2", NULL);
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (looked, ==, 0);      /* nobody looks yet */
  eqs_probe_set_active (probe, TRUE);
  for (int k = 1; k <= 61; k++)
    eqs_session_set_element (session, k * G_PI / 2, FALSE);
  while ((result = eqs_probe_get_result (probe)) == NULL || result->error != NULL || result->angle_rad != 30.5 * G_PI || eqs_probe_is_busy (probe))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (looked, <, 61);
  g_assert_cmpstr (result->node, ==, "conv2");
  g_assert_cmpint (result->wire.verdict, ==, EQS_PROBE_EXACT);
  g_assert_nonnull (eqs_probe_get_split (probe));

  eqs_probe_set_sweep (probe, TRUE, TRUE);
  while (eqs_probe_get_sweep (probe) == NULL || eqs_probe_get_sweep (probe)->n < EQS_PROBE_ANGLES)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (eqs_probe_sweep_worst (eqs_probe_get_sweep (probe), TRUE, FALSE), <=, 1e-5);
  g_assert_cmpfloat (eqs_probe_sweep_worst (eqs_probe_get_sweep (probe), FALSE, FALSE), >, 1e-4);
  g_assert_cmpfloat (eqs_probe_sweep_worst (eqs_probe_get_sweep (probe), TRUE, TRUE), >, 1e-4);
}

/* Turned, inverted, shifted and in another order, as far as the design promises it: put back, every wire is what it was. */
static void
test_moved (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (data, NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 0);
  const EqkSymmetry *symmetry = eqs_probe_network_get_symmetry (network);
  const gsize        n = eqs_probe_network_get_n_nodes (network);
  g_autofree gint32 *order = g_new (gint32, n + 1);
  EqsProbeMove       move = { .q = { 0.5, -0.5, 0.1, 0.7 }, .mirror = eqs_group_inverts (symmetry->group), .shift = { 0.5, -0.25, 0.125 } };   /* larger ones cost digits of places */
  EqsGraph          *graph = eqs_document_get_graph (document, "");
  double             norm = sqrt (0.25 + 0.25 + 0.01 + 0.49);
  guint              seen = 0;

  g_assert_no_error (error);
  if (n == 0)
    {
      g_test_skip ("pictures");
      return;
    }
  for (int k = 0; k < 4; k++)
    move.q[k] /= norm;
  for (gsize i = 0; i < n; i++)
    order[i] = (gint32) ((i + 2) % n);
  if (symmetry->permutations != EQK_PERMUTE_NONE)
    {
      move.order = order;
      move.n_order = n;
    }
  if (!symmetry->translations)
    memset (move.shift, 0, sizeof move.shift);
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const char *id = eqs_node_get_id (eqs_graph_get_node (graph, i));
      g_autoptr (EqsProbeResult) result = NULL;

      if (!eqs_probe_network_set_wire (network, id, NULL, NULL))
        continue;
      result = eqs_probe_network_look_moved (network, &move, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (result->n_order, ==, move.n_order);
      g_assert_cmpmem (result->order, result->n_order * sizeof *order, move.order, move.n_order * sizeof *order);
      g_test_message ("%s %s: residual %.2e, limit %.0e", (const char *) data, id, result->wire.residual, result->wire.limit);
      g_assert_nonnull (result->wire.back);
      g_assert_false (result->wire.residual > result->wire.limit);
      for (guint o = 0; o < result->n_outputs; o++)
        {
          g_test_message ("%s output %u: residual %.2e, limit %.0e", (const char *) data, o, result->outputs[o].residual, result->outputs[o].limit);
          g_assert_cmpint (result->outputs[o].verdict, ==, EQS_PROBE_EXACT);
        }
      /* It did move. */
      if (result->input.type.kind == EQK_KIND_POSITION)
        g_assert_true (memcmp (result->input.plain, result->input.turned, result->input.rows * result->input.width * sizeof (float)) != 0);
      seen++;
    }
  g_assert_cmpuint (seen, >, 3);
}

/* A look that is told of one move and shown another must fail: here features of the turned sample that were not turned back. */
static void
test_moved_breaks (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T09", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (EqsProbeNetwork) network = NULL;
  g_autoptr (EqsProbeResult) result = NULL;
  GPtrArray         *edits = eqs_edits_new ();
  const EqsProbeMove move = { .q = { G_SQRT2 / 2, G_SQRT2 / 2, 0, 0 } };

  g_ptr_array_add (edits, eqs_edit_new_set_layer ("gate2", "tanh_pw", eqs_map_from_settings_text ("")));
  g_assert_true (eqs_history_do (history, eqs_command_new_edits ("x", edits), &error));
  network = open_network (document, split, 0);
  g_assert_true (eqs_probe_network_set_wire (network, "gate2", NULL, &error));
  result = eqs_probe_network_look_moved (network, &move, &error);
  g_assert_no_error (error);
  g_test_message ("tanh on arrows: residual %.2e", result->wire.residual);
  g_assert_cmpint (result->wire.verdict, ==, EQS_PROBE_BROKEN);
}

/* The paths of a product are those that the rule of degrees and parities allows among what is asked for: counted here by brute force. */
static void
test_paths (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 0);
  g_autoptr (EqsProbeResult) result = NULL;
  const EqsProbeMove move = { .q = { 1, 0, 0, 0 } };
  /* Into the second convolution come 0e, 0o, 1o, 1e, 2e; it is to give the same kinds; harmonics to degree 2 have the parity of their degree. */
  static const struct { int l; gboolean odd; } kinds[] = { { 0, FALSE }, { 0, TRUE }, { 1, TRUE }, { 1, FALSE }, { 2, FALSE } };
  gboolean has_in[5] = { FALSE };
  guint    expected = 0;

  g_assert_true (eqs_probe_network_set_wire (network, "gate1", NULL, &error));
  result = eqs_probe_network_look_moved (network, &move, &error);
  g_assert_no_error (error);
  g_assert_null (result->paths);      /* a gate multiplies nothing */
  for (int i = 0; i < 5; i++)
    for (int r = 0; r < eqk_rep_n_runs (result->wire.type.rep); r++)
      {
        const EqkField *field = eqk_rep_run (result->wire.type.rep, r).field;

        has_in[i] = has_in[i] || (eqk_field_get_dim (field) == 2 * kinds[i].l + 1 && eqk_field_irrep_j (field) == kinds[i].odd);
      }
  for (int a = 0; a < 5; a++)
    for (int l = 0; l <= 2; l++)
      for (int b = 0; b < 5; b++)
        expected += has_in[a] && kinds[b].l >= ABS (kinds[a].l - l) && kinds[b].l <= kinds[a].l + l && kinds[b].odd == (kinds[a].odd ^ (l % 2 == 1));
  g_clear_pointer (&result, eqs_probe_result_unref);
  g_assert_true (eqs_probe_network_set_wire (network, "conv2", NULL, &error));
  result = eqs_probe_network_look_moved (network, &move, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result->paths);
  g_test_message ("%u paths, %u by the rule", result->paths->len, expected);
  g_assert_cmpuint (result->paths->len, ==, expected);
  for (guint i = 0; i < result->paths->len; i++)
    {
      const EqsProbePath *path = &g_array_index (result->paths, EqsProbePath, i);

      g_test_message ("%s x %s -> %s: %d, %.3g", path->left, path->middle, path->right, path->n_weights, path->size);
      g_assert_cmpfloat (path->size, >, 0);
      g_assert_cmpint (path->n_weights, >, 0);
      g_assert_true (g_str_equal (path->middle, "0e") || g_str_equal (path->middle, "1o") || g_str_equal (path->middle, "2e"));
      g_assert_cmpuint (strlen (path->right), ==, 2);
    }
}

/* Attention sums to one at every node, and follows the edges when nodes change places. */
static void
test_attention (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T21", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  g_autoptr (EqsProbeNetwork) network = open_network (document, split, 0);
  const gsize        n = eqs_probe_network_get_n_nodes (network);
  g_autofree gint32 *order = g_new (gint32, n + 1);
  EqsGraph          *graph = eqs_document_get_graph (document, "");
  guint              seen = 0;

  for (gsize i = 0; i < n; i++)
    order[i] = (gint32) (n - 1 - i);
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      EqsNode *node = eqs_graph_get_node (graph, i);
      const EqsProbeMove move = { .order = order, .n_order = n };
      g_autoptr (EqsProbeResult) result = NULL;
      g_autofree double *sums = g_new0 (double, n + 1);

      if (!g_str_has_prefix (eqs_node_get_layer (node), "gat"))
        continue;
      g_assert_true (eqs_probe_network_set_wire (network, eqs_node_get_id (node), NULL, &error));
      result = eqs_probe_network_look_moved (network, &move, &error);
      g_assert_no_error (error);
      g_assert_nonnull (result->graph.attention);
      g_assert_nonnull (result->graph.attention_back);
      for (gsize e = 0; e < result->graph.n_edges; e++)
        {
          sums[result->graph.links[2 * e + 1]] += (double) result->graph.attention[e];
          g_assert_cmpfloat_with_epsilon (result->graph.attention[e], result->graph.attention_back[e], 1e-5);
        }
      for (gsize k = 0; k < n; k++)
        g_assert_cmpfloat (sums[k], <, 1 + 1e-5);      /* the rest is the node's own */
      seen++;
    }
  g_assert_cmpuint (seen, >, 0);
}

/* Whatever the samples are, a look at the result can be taken. */
static void
test_any_template (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (data, NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document);
  EqsModel *model = eqs_model_new (document, &error);
  g_autoptr (EqsProbeNetwork) network = NULL;
  g_autoptr (EqsProbeResult) result = NULL;

  g_assert_no_error (error);
  network = eqs_probe_network_new (model, &error);
  if (network != NULL && eqs_probe_network_set_sample (network, split, 0, &error) && eqs_probe_network_set_wire (network, NULL, NULL, &error))
    result = eqs_probe_network_look (network, 1.0, FALSE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
}

/* A film of one round: as many pictures as steps, twice with mirrors; refused for designs in space and for what is not there. */
static void
test_sweep (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T02", NULL, &error), molecule = eqs_document_new_from_template ("T09", NULL, &error);
  g_autoptr (EqsSplit) split = load_data (document), atoms = load_data (molecule);
  g_autofree char *folder = g_dir_make_tmp ("equi-sweep-XXXXXX", NULL), *path = g_build_filename (folder, "turn.png", NULL), *bytes = NULL;
  guint            frames = 0;
  gsize            size;

  g_assert_true (eqs_sweep_save (eqs_model_new (document, NULL), split, 1, NULL, 4, path, NULL, &frames, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (frames, ==, 8);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, >, 8000);
  g_remove (path);

  g_assert_false (eqs_sweep_save (eqs_model_new (document, NULL), split, 1 << 30, NULL, 4, path, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no sample"));
  g_clear_error (&error);
  g_assert_false (eqs_sweep_save (eqs_model_new (document, NULL), split, 0, "no_such_node", 4, path, NULL, NULL, &error));
  g_clear_error (&error);
  g_assert_false (eqs_sweep_save (eqs_model_new (molecule, NULL), atoms, 0, NULL, 4, path, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "symmetry view"));
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) templates = eqs_templates_list ();

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/probe/T01", "T01", test_exact);
  for (guint i = 0; i < templates->len; i++)
    {
      const EqsTemplate *template = g_ptr_array_index (templates, i);
      g_autofree char   *path = g_strconcat ("/probe/any/", template->id, NULL);

      g_autofree char   *moved = g_strconcat ("/probe/moved/", template->id, NULL);

      g_test_add_data_func_full (path, g_strdup (template->id), test_any_template, g_free);
      g_test_add_data_func_full (moved, g_strdup (template->id), test_moved, g_free);
    }
  g_test_add_data_func ("/probe/T02", "T02", test_exact);
  g_test_add_func ("/probe/unmoved", test_unmoved);
  g_test_add_func ("/probe/broken", test_broken);
  g_test_add_func ("/probe/moved-breaks", test_moved_breaks);
  g_test_add_func ("/probe/paths", test_paths);
  g_test_add_data_func ("/probe/attention", NULL, test_attention);
  g_test_add_func ("/probe/plain-convolution", test_plain_convolution);
  g_test_add_func ("/probe/between", test_between);
  g_test_add_func ("/probe/sweep", test_sweep);
  g_test_add_func ("/probe/newest-wins", test_newest_wins);
  g_test_add_func ("/probe/no-data", test_no_data);
  return g_test_run ();
}
