/* The symmetry view: steps through the group, exact on the grid, and told so; without the promise between pixels. */

#include "studio/peek.h"
#include "widgets/graph/refine-window.h"
#include "widgets/peek/peek-window.h"
#include "widgets/two-parts.h"
#include "widgets/symmetry/space-look.h"
#include "widgets/symmetry/path-view.h"
#include "widgets/symmetry/symmetry-view.h"
#include "widgets/theme.h"
#include "wait-for.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
residual (EqsSymmetryView *view)
{
  const char *text = eqs_symmetry_view_get_residual (view);

  return g_str_has_prefix (text, "Residual ") ? read_number (text + strlen ("Residual ")) : -1;
}

static void
test_view (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget       *window = gtk_window_new ();
  EqsSymmetryView *view;

  eqs_theme_load ();
  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 600);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  eqs_session_set_probe (session, "act1", "y");
  eqs_symmetry_view_step (view, 1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), G_PI / 2, 1e-9);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);

  /* One channel a quarter turn cannot be moved on by half of one: there is no residual. The answer has one, and it is no rounding any more. */
  eqs_session_set_element (session, G_PI / 4, FALSE);
  WAIT_FOR (strcmp (eqs_symmetry_view_get_residual (view), "Residual –") == 0);
  eqs_session_set_probe (session, "digit", "y");
  WAIT_FOR (residual (view) > 1e-3);
  eqs_session_set_probe (session, "act1", "y");
  eqs_symmetry_view_step (view, 1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), G_PI / 2, 1e-9);
  eqs_symmetry_view_step (view, -1);
  g_assert_cmpfloat_with_epsilon (eqs_session_get_angle (session), 0, 1e-9);
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_play (view);
  WAIT_FOR (eqs_session_get_angle (session) > 0.05);
  eqs_symmetry_view_play (view);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Molecules turn in space: by steps, at play; every look that is shown is put back within its limit. */
static void
test_space (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T13", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget       *window = gtk_window_new ();
  EqsSymmetryView *view;

  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_session_set_probe (session, "shape", NULL);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_step (view, -1);
  eqs_symmetry_view_step (view, -1);
  WAIT_FOR (residual (view) == 0);
  /* Inverted, one score changes its sign: put back, it has not. */
  eqs_symmetry_view_set_turn (view, (const double[4]){ 0.5, 0.5, -0.5, 0.5 }, TRUE);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_set_turn (view, (const double[4]){ 1, 0, 0, 0 }, FALSE);
  WAIT_FOR (residual (view) == 0);
  eqs_symmetry_view_play (view);
  WAIT_FOR (residual (view) > 0);
  eqs_symmetry_view_play (view);
  gtk_window_destroy (GTK_WINDOW (window));
}

static float *
copy_of (const float *values, gsize n)
{
  return g_memdup2 (values, n * sizeof *values);
}

/* A dipole and a tensor of the whole stand at the middle of its points: the arrow is seen there, and turned the other way in the second scene. */
static void
test_whole (void)
{
  static const float places[] = { 1, 1, 0, -1, 1, 0, 0, -2, 0 }, values[] = { 5, 0, 2, 0, 0, 0, 1, 0, 0 }, turned[] = { 5, 0, -2, 0, 0, 0, 1, 0, 0 };
  g_autoptr (EqsProbeResult) result = eqs_probe_result_new_error (NULL);
  g_autoptr (GPtrArray)      items = NULL;
  const EqkGroup  *group = eqk_group_get ("O3");
  const EqkSymmetry symmetry = { group, TRUE, EQK_PERMUTE_SET };
  const EqkRep    *rep = NULL, *arrow = NULL;
  const EqsCamera  camera = { { 1, 0, 0, 0 }, 1, { 0, 0 } };
  EqsScene        *scenes[3];

  g_assert_cmpint (eqk_rep_parse (group, "1x0e + 1x1o + 1x2e", &rep, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_rep_parse (group, "1x1o", &arrow, NULL), ==, EQK_OK);
  result->input = (EqsProbeWire){ .name = g_strdup ("positions"), .type = { .space = { .kind = EQK_SPACE_NODES }, .symmetry = symmetry, .rep = arrow, .kind = EQK_KIND_POSITION },
                                  .rows = 3, .width = 3, .plain = copy_of (places, 9), .turned = copy_of (places, 9), .back = copy_of (places, 9) };
  result->wire = (EqsProbeWire){ .name = g_strdup ("dipole"), .type = { .space = { .kind = EQK_SPACE_SAMPLE }, .symmetry = symmetry, .rep = rep },
                                 .rows = 1, .width = 9, .plain = copy_of (values, 9), .turned = copy_of (turned, 9), .back = copy_of (values, 9) };
  items = eqs_space_items (result);
  g_assert_cmpuint (items->len, ==, 4);      /* arrow, tensor, together, places */
  {
    EqsSpaceItem other = *(EqsSpaceItem *) g_ptr_array_index (items, 0);

    g_assert_true (eqs_space_item_fits (&other, result));
    other.run = 9;
    g_assert_false (eqs_space_item_fits (&other, result));
    other = *(EqsSpaceItem *) g_ptr_array_index (items, 0);
    other.whole = FALSE;
    g_assert_false (eqs_space_item_fits (&other, result));
  }
  for (guint i = 0; i < items->len; i++)
    {
      const EqsSpaceItem  *item = g_ptr_array_index (items, i);
      const EqsSpaceChoice choice = { 0, EQS_SIGNAL_AUTO, -1, FALSE };

      g_assert_cmpuint (eqs_space_scenes (result, NULL, item, &choice, scenes), ==, 3);
      g_assert_cmpuint (eqs_scene_get_n (scenes[0]), ==, item->kind == EQS_SPACE_PLACES ? 3 : 4);
      for (int which = 0; which < 2 && item->kind == EQS_SPACE_FIELDS && item->degree == 1; which++)
        {
          const EqsSceneLook look = { FALSE, FALSE, FALSE };
          cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 200, 200);
          cairo_t         *cr = cairo_create (surface);
          guint32          above, below;

          eqs_scene_draw (scenes[which], cr, &camera, eqs_field_theme (FALSE), &look, 0, 0, 200, 200);
          cairo_destroy (cr);
          cairo_surface_flush (surface);
          above = ((const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + 85 * cairo_image_surface_get_stride (surface)))[100];
          below = ((const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + 115 * cairo_image_surface_get_stride (surface)))[100];
          g_assert_true ((above >> 24 == 255) == (which == 0));
          g_assert_true ((below >> 24 == 255) == (which == 1));
          cairo_surface_destroy (surface);
        }
      for (int which = 0; which < 3; which++)
        eqs_scene_unref (scenes[which]);
    }
}

/* Points far from each other have long arrows; their tips are in the picture too, and no picture is cut at its border. */
static void
test_tips (void)
{
  static const float places[] = { 10, 0, 0, -10, 0, 0, 0, 10, 0, 0, -10, 0 }, arrows[] = { 3, 0, 0, -3, 0, 0, 0, 3, 0, 0, -3, 0 };
  g_autoptr (EqsProbeResult) result = eqs_probe_result_new_error (NULL);
  g_autoptr (GPtrArray)      items = NULL;
  const EqkGroup   *group = eqk_group_get ("O3");
  const EqkPortType points = { .space = { .kind = EQK_SPACE_NODES }, .symmetry = { group, TRUE, EQK_PERMUTE_SET }, .rep = eqk_rep_single (eqk_group_irrep_by_id (group, 1, 1), 1), .kind = EQK_KIND_POSITION };
  const EqsCamera   camera = { { 1, 0, 0, 0 }, 1, { 0, 0 } };
  EqkPortType       features = points;
  EqsScene         *scenes[3];
  guint             n_arrows = 0;

  features.kind = EQK_KIND_FEATURE;
  result->input = (EqsProbeWire){ .name = g_strdup ("positions"), .type = points, .rows = 4, .width = 3, .plain = copy_of (places, 12), .turned = copy_of (places, 12), .back = copy_of (places, 12) };
  result->wire = (EqsProbeWire){ .name = g_strdup ("v"), .type = features, .rows = 4, .width = 3, .plain = copy_of (arrows, 12), .turned = copy_of (arrows, 12), .back = copy_of (arrows, 12) };
  items = eqs_space_items (result);
  for (guint i = 0; i < items->len; i++)
    {
      const EqsSpaceItem  *item = g_ptr_array_index (items, i);
      const EqsSpaceChoice choice = { 0, EQS_SIGNAL_AUTO, -1, FALSE };

      g_assert_cmpuint (eqs_space_scenes (result, NULL, item, &choice, scenes), ==, 3);
      for (int which = 0; which < 3; which++)
        {
          const EqsSceneLook look = { FALSE, FALSE, FALSE };
          const double       middle[3] = { 0, 0, 0 };
          cairo_surface_t   *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 200, 200);
          cairo_t           *cr = cairo_create (surface);
          const guint32     *pixels;

          n_arrows += eqs_scene_get_extent (scenes[which], middle) > 15;
          eqs_scene_draw (scenes[which], cr, &camera, eqs_field_theme (FALSE), &look, 0, 0, 200, 200);
          cairo_destroy (cr);
          cairo_surface_flush (surface);
          pixels = (const guint32 *) (const void *) cairo_image_surface_get_data (surface);
          for (guint k = 0; k < 200; k++)
            g_assert_cmpuint ((pixels[k] | pixels[199 * 200 + k] | pixels[200 * k] | pixels[200 * k + 199]) >> 24, ==, 0);
          cairo_surface_destroy (surface);
          eqs_scene_unref (scenes[which]);
        }
    }
  g_assert_cmpuint (n_arrows, >=, 3);
}

/* Nodes of a graph change places by swaps, cycles say which; two graphs are compared by rounds of messages. */
static void
test_orders (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T23", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsSplit)    split = NULL;
  GtkWidget       *window = gtk_window_new (), *refine;
  EqsSymmetryView *view;

  eqs_session_settle (session);
  view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (residual (view) == 0);
  eqs_session_set_probe (session, NULL, NULL);
  eqs_symmetry_view_step (view, 1);
  eqs_symmetry_view_step (view, 1);
  WAIT_FOR (residual (view) > 0 && residual (view) < 1e-5);
  eqs_symmetry_view_step (view, -1);
  eqs_symmetry_view_step (view, -1);
  WAIT_FOR (residual (view) == 0);

  /* The wire is named as on its card, not by its id in the file. */
  eqs_session_set_probe (session, "matrix", "y");
  WAIT_FOR (find_text (GTK_WIDGET (view), "Graph as a matrix") != NULL);
  split = eqs_dataset_load (eqs_session_get_dataset (session), "valid", NULL);
  refine = eqs_refine_window_open (GTK_WIDGET (view), split, 0);
  /* What is offered first are graphs of two classes that no round tells apart. */
  for (guint i = 0; i < 6; i++)
    g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, i, eqs_refine_partner (split, i), 3), "However many rounds"));
  /* One ring or two, of as many nodes: the colours never differ. */
  for (guint i = 0; i + 1 < eqs_split_get_n (split) && i < 6; i++)
    if (eqs_split_get_n_nodes (split, i) == eqs_split_get_n_nodes (split, i + 1))
      g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, i, i + 1, 3), "However many rounds"));
    else
      g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, i, i + 1, 3), "They differ before"));
  /* A graph cannot be told from itself, which says nothing of networks. */
  g_assert_true (g_str_has_prefix (eqs_refine_window_set (refine, 2, 2, 3), "This is the same graph"));
  gtk_window_destroy (GTK_WINDOW (refine));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Where the data are one graph there is no second one to compare it with. */
static void
test_one_graph (void)
{
  static const struct { const char *template; gboolean offered; } cases[] = { { "T21", FALSE }, { "T20", TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (EqsDocument) document = eqs_document_new_from_template (cases[i].template, NULL, NULL);
      g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
      GtkWidget       *window = gtk_window_new ();
      EqsSymmetryView *view;

      eqs_session_settle (session);
      view = EQS_SYMMETRY_VIEW (eqs_symmetry_view_new (session));
      gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
      gtk_window_present (GTK_WINDOW (window));
      WAIT_FOR (residual (view) == 0);
      WAIT_FOR (gtk_widget_get_mapped (find_text (GTK_WIDGET (view), "Compare two graphs")) == cases[i].offered);
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/* What would be cut off beside the other goes below it, whatever width was thought to be enough; with room both stand side by side. */
static void
test_two_parts (void)
{
  for (int room = 0; room < 2; room++)
    {
      GtkWidget *window = gtk_window_new (), *main = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

      gtk_widget_set_size_request (main, 500, 60);
      gtk_window_set_child (GTK_WINDOW (window), eqs_two_parts_new (main, side, 400, 240, "Parts"));
      gtk_window_set_default_size (GTK_WINDOW (window), room ? 850 : 700, 300);
      gtk_window_present (GTK_WINDOW (window));
      WAIT_FOR (gtk_widget_get_width (main) > 0);
      if (room)
        g_assert_cmpint (gtk_widget_get_width (main), <, 850 - 240);
      WAIT_FOR (gtk_orientable_get_orientation (GTK_ORIENTABLE (gtk_widget_get_parent (main))) == (room ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

static gint64
parameters (EqsSession *session)
{
  eqs_session_settle (session);
  return eqs_session_get_check (session)->parameters;
}

/* A path that is left out is gone from the program and from its weights; undo puts it back, and so does the view. */
static void
test_paths (void)
{
  g_autoptr (EqsDocument)    document = eqs_document_new_from_template ("T08", NULL, NULL);
  g_autoptr (EqsSession)     session = eqs_session_new (document, NULL);
  g_autoptr (EqsProbe)       probe = eqs_probe_new (session);
  GtkWidget                 *window = gtk_window_new (), *view = eqs_path_view_new ();
  const EqsNode             *node;
  gint64                     before, after;
  guint                      n;

  eqs_theme_load ();
  before = parameters (session);
  eqs_session_set_probe (session, "conv2", NULL);
  eqs_probe_set_active (probe, TRUE);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_probe_get_result (probe) != NULL && eqs_probe_get_result (probe)->paths != NULL);
  n = eqs_probe_get_result (probe)->paths->len;
  eqs_path_view_show (EQS_PATH_VIEW (view), session, eqs_probe_get_result (probe));
  eqs_path_view_choose (EQS_PATH_VIEW (view), 1);
  eqs_path_view_toggle (EQS_PATH_VIEW (view));
  node = eqs_document_find_node (document, "conv2");
  g_assert_cmpstr (eqs_value_get_string (eqs_node_get_param (node, "drop_paths")), ==, "0e*1o>1o");
  after = parameters (session);
  g_assert_cmpint (after, <, before);
  WAIT_FOR (eqs_probe_get_result (probe)->paths != NULL && eqs_probe_get_result (probe)->paths->len == n - 1);
  eqs_path_view_show (EQS_PATH_VIEW (view), session, eqs_probe_get_result (probe));
  eqs_path_view_choose (EQS_PATH_VIEW (view), 0);
  eqs_path_view_toggle (EQS_PATH_VIEW (view));
  g_assert_cmpint (parameters (session), <, after);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));      /* a step each */
  g_assert_cmpint (parameters (session), ==, after);
  WAIT_FOR (eqs_probe_get_result (probe)->paths != NULL && eqs_probe_get_result (probe)->paths->len == n - 1);
  eqs_path_view_show (EQS_PATH_VIEW (view), session, eqs_probe_get_result (probe));
  eqs_path_view_choose (EQS_PATH_VIEW (view), (int) n - 1);      /* the one that is left out stands last */
  eqs_path_view_toggle (EQS_PATH_VIEW (view));
  g_assert_null (eqs_node_get_param (eqs_document_find_node (document, "conv2"), "drop_paths"));
  g_assert_cmpint (parameters (session), ==, before);
  gtk_window_destroy (GTK_WINDOW (window));
}

static const EqsPeekField *
peeked (GtkWidget *window, guint at)
{
  const GPtrArray *fields = eqs_peek_window_get_fields (EQS_PEEK_WINDOW (window));

  return fields != NULL && at < fields->len ? fields->pdata[at] : NULL;
}

/* Values behind a ReLU are not negative, some are zero, and the histogram holds them all; the wire that is looked at is followed. Molecules too. */
static void
test_peek (void)
{
  static const char *const templates[] = { "T01", "T08", "T18" };
  static const char *const wires[] = { "act1", "gate1", "gin1" };

  eqs_theme_load ();
  for (guint t = 0; t < G_N_ELEMENTS (templates); t++)
    {
      g_autoptr (EqsDocument) document = eqs_document_new_from_template (templates[t], NULL, NULL);
      g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
      GtkWidget *window;
      gsize      sum = 0;

      eqs_session_settle (session);
      if (eqs_document_find_node (document, wires[t]) != NULL)
        eqs_session_set_probe (session, wires[t], NULL);
      window = eqs_peek_window_new (NULL, session);
      gtk_window_present (GTK_WINDOW (window));
      WAIT_FOR (peeked (window, 0) != NULL);
      for (guint i = 0; i < EQS_PEEK_BINS; i++)
        sum += peeked (window, 0)->counts[i];
      g_assert_cmpuint (sum, ==, peeked (window, 0)->n);
      g_assert_cmpuint (peeked (window, 0)->n_bad, ==, 0);
      if (t == 0)
        {
          g_assert_cmpfloat (peeked (window, 0)->min, ==, 0);
          g_assert_cmpuint (peeked (window, 0)->n_zero, >, 0);
          g_assert_nonnull (find_text (window, "16x reg(C4)"));
          eqs_session_set_probe (session, "digit", "y");
          WAIT_FOR (peeked (window, 0)->n == 10);
          g_assert_cmpfloat (peeked (window, 0)->min, <, 0);
        }
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/symmetry/two-parts", test_two_parts);
  g_test_add_func ("/symmetry/view", test_view);
  g_test_add_func ("/symmetry/peek", test_peek);
  g_test_add_func ("/symmetry/paths", test_paths);
  g_test_add_func ("/symmetry/space", test_space);
  g_test_add_func ("/symmetry/whole", test_whole);
  g_test_add_func ("/symmetry/tips", test_tips);
  g_test_add_func ("/symmetry/orders", test_orders);
  g_test_add_func ("/symmetry/one-graph", test_one_graph);
  return g_test_run ();
}
