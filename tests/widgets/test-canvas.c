/* The canvas in process: cards follow the document, actions edit it and undo restores it, view and hit tests agree, nothing is left behind. */

#include "model/file.h"
#include "services/template.h"
#include "studio/items.h"
#include "widgets/canvas/canvas.h"
#include "widgets/canvas/canvas-private.h"
#include "widgets/canvas/minimap.h"
#include "widgets/theme.h"
#include "wait-for.h"

#include <math.h>

typedef struct
{
  GtkWidget  *window;
  EqsSession *session;
  EqsCanvas  *canvas;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);

  eqs_theme_load ();
  f->session = eqs_session_new (document, NULL);
  eqs_session_settle (f->session);
  f->canvas = EQS_CANVAS (eqs_canvas_new (f->session));
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 1200, 800);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->canvas));
  gtk_window_present (GTK_WINDOW (f->window));
  WAIT_FOR (gtk_widget_get_mapped (GTK_WIDGET (f->canvas)) && f->canvas->fitted);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_clear_object (&f->session);
}

static char *
text_of (Fixture *f)
{
  return eqs_file_to_text (eqs_session_get_document (f->session), NULL);
}

static void
run (Fixture *f, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (f->canvas), action, NULL));
}

static guint
n_nodes (Fixture *f)
{
  return eqs_graph_get_n_nodes (eqs_document_get_graph (eqs_session_get_document (f->session), ""));
}

static void
test_cards (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (f->canvas->cards->len, ==, n_nodes (f));
  gtk_test_accessible_assert_role (f->canvas, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (f->canvas, GTK_ACCESSIBLE_PROPERTY_LABEL, "Design canvas");
  gtk_test_accessible_assert_property (f->canvas->cards->pdata[0], GTK_ACCESSIBLE_PROPERTY_LABEL, "Image");
}

/* Every edit of the canvas: the document changes, and undo gives the same bytes again. */
static void
test_edits_and_undo (Fixture *f, gconstpointer data)
{
  static const char *const actions[] = { "canvas.delete", "canvas.delete-rejoin", "canvas.duplicate", "canvas.bypass", "canvas.frame", "canvas.align-left", "canvas.align-centre", "canvas.group", "canvas.note", "canvas.bend" };
  static const char *const two[] = { "conv2", "norm2", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *before = text_of (f), *after = NULL, *restored = NULL;

      eqs_session_select (f->session, two);
      g_assert_cmpuint (eqs_session_get_n_selected (f->session), ==, 2);
      run (f, actions[i]);
      after = text_of (f);
      g_test_message ("%s", actions[i]);
      g_assert_cmpstr (before, !=, after);
      g_assert_cmpuint (f->canvas->cards->len, ==, n_nodes (f));
      while (eqs_history_undo (eqs_session_get_history (f->session)))
        ;
      restored = text_of (f);
      g_assert_cmpstr (before, ==, restored);
      g_assert_cmpuint (f->canvas->cards->len, ==, n_nodes (f));
    }
}

static void
test_delete_rejoin (Fixture *f, gconstpointer data)
{
  eqs_session_select_one (f->session, "norm2");
  run (f, "canvas.delete-rejoin");
  g_assert_cmpint (eqs_graph_find_link (eqs_document_get_graph (eqs_session_get_document (f->session), ""), "conv2", NULL, "act2", NULL), >=, 0);
}

static void
test_view (Fixture *f, gconstpointer data)
{
  double x, y, again_x, again_y;

  eqs_canvas_to_design (f->canvas, 300, 200, &x, &y);
  eqs_canvas_zoom_at (f->canvas, 2.5, 300, 200);
  g_assert_cmpfloat_with_epsilon (eqs_canvas_get_zoom (f->canvas), 2.5, 1e-9);
  eqs_canvas_to_design (f->canvas, 300, 200, &again_x, &again_y);
  g_assert_cmpfloat_with_epsilon (x, again_x, 1e-6);
  g_assert_cmpfloat_with_epsilon (y, again_y, 1e-6);
  eqs_canvas_zoom_at (f->canvas, 1000, 0, 0);
  g_assert_cmpfloat (eqs_canvas_get_zoom (f->canvas), <=, 4);
}

static gboolean
in_view (Fixture *f, const char *id)
{
  const EqsPlanCard *card = &f->canvas->plan->cards[eqs_plan_find (f->canvas->plan, id)];
  double x, y;

  eqs_canvas_from_design (f->canvas, card->x + EQS_CARD_WIDTH / 2, card->y + card->height / 2, &x, &y);
  return x > 0 && y > 0 && x < gtk_widget_get_width (GTK_WIDGET (f->canvas)) && y < gtk_widget_get_height (GTK_WIDGET (f->canvas));
}

/* A view that comes by itself can be read however low the canvas is, and rests on what is selected, or on an end of the design. */
static void
test_low (Fixture *f, gconstpointer data)
{
  eqs_canvas_fit_readably (f->canvas, FALSE, FALSE);
  g_assert_cmpfloat (eqs_canvas_get_zoom (f->canvas), >=, EQS_READABLE_ZOOM);
  g_assert_true (in_view (f, "image") && in_view (f, "digit"));
  gtk_window_set_default_size (GTK_WINDOW (f->window), 1200, 160);
  WAIT_FOR (gtk_widget_get_height (GTK_WIDGET (f->canvas)) <= 160);
  eqs_canvas_fit (f->canvas, FALSE);
  WAIT_FOR (eqs_canvas_get_zoom (f->canvas) < 0.25);     /* asked for everything: everything */
  g_assert_true (in_view (f, "image") && in_view (f, "digit"));
  eqs_session_select (f->session, NULL);
  eqs_canvas_fit_readably (f->canvas, TRUE, FALSE);
  g_assert_cmpfloat_with_epsilon (eqs_canvas_get_zoom (f->canvas), EQS_READABLE_ZOOM, 1e-9);
  g_assert_true (in_view (f, "digit") && !in_view (f, "image"));
  eqs_canvas_fit_readably (f->canvas, FALSE, FALSE);
  g_assert_true (in_view (f, "image") && !in_view (f, "digit"));
  eqs_session_select_one (f->session, "act2");
  eqs_canvas_fit_readably (f->canvas, TRUE, FALSE);
  g_assert_true (in_view (f, "act2"));
}

/* A note at the foot of the design does not come to lie under the button at the left. */
static void
test_corner (Fixture *f, gconstpointer data)
{
  EqsDocument  *document = eqs_session_get_document (f->session);
  const EqsMap *note = eqs_document_get_item (document, EQS_ITEM_NOTE, 0);
  g_autofree char *id = g_strdup (eqs_map_get_string (note, "id", NULL));
  double left, bottom;
  int    height;

  g_assert_true (eqs_session_move_note (f->session, id, f->canvas->plan->left, f->canvas->plan->bottom + 20));
  eqs_plan_measure (f->canvas->plan);
  /* As wide as the design is at 80 %, and so high that the note ends 30 above the lower edge if all is in the middle. */
  height = (int) (0.8 * (f->canvas->plan->bottom - f->canvas->plan->top)) + 64;
  gtk_window_set_default_size (GTK_WINDOW (f->window), (int) (0.8 * (f->canvas->plan->right - f->canvas->plan->left)) + 48, height);
  WAIT_FOR (gtk_widget_get_height (GTK_WIDGET (f->canvas)) == height);
  eqs_canvas_fit_readably (f->canvas, FALSE, FALSE);
  note = eqs_document_get_item (document, EQS_ITEM_NOTE, 0);
  eqs_canvas_from_design (f->canvas, eqs_map_get_number (note, "x", 0), eqs_map_get_number (note, "y", 0) + eqs_plan_note_height (note), &left, &bottom);
  g_assert_true (left > 62 || bottom < gtk_widget_get_height (GTK_WIDGET (f->canvas)) - 62);
  g_assert_true (in_view (f, "image") && in_view (f, "digit"));
}

/* A card, its ports and its wire are found where they are drawn, at any zoom. */
static void
test_hits (Fixture *f, gconstpointer data)
{
  static const double zooms[] = { 0.3, 1, 2.2 };

  for (guint k = 0; k < G_N_ELEMENTS (zooms); k++)
    {
      eqs_canvas_zoom_at (f->canvas, zooms[k], 100, 100);
      for (int i = 0; i < (int) f->canvas->plan->n_cards; i++)
        {
          const EqsPlanCard *card = &f->canvas->plan->cards[i];
          double x, y;
          EqsHit hit;

          eqs_canvas_from_design (f->canvas, card->x + 60, card->y + 20, &x, &y);
          hit = eqs_canvas_hit (f->canvas, x, y);
          g_assert_cmpint (hit.card, ==, i);
          g_assert_null (hit.port);
          if (card->outputs->len == 0)
            continue;
          eqs_canvas_from_design (f->canvas, card->x + EQS_CARD_WIDTH, card->y + EQS_PORT_TOP, &x, &y);
          hit = eqs_canvas_hit (f->canvas, x, y);
          g_assert_cmpint (hit.card, ==, i);
          g_assert_true (hit.output);
          g_assert_cmpstr (hit.port, ==, card->outputs->pdata[0]);
        }
      for (int i = 0; i < (int) f->canvas->plan->n_wires; i++)
        {
          const EqsRoute *route = &f->canvas->plan->wires[i].route;
          double x, y;

          if (route->kind != EQS_ROUTE_PIECES)
            continue;
          eqs_canvas_from_design (f->canvas, (route->p[2][0] + route->p[3][0]) / 2, route->p[2][1], &x, &y);
          g_assert_cmpint (eqs_canvas_hit (f->canvas, x, y).wire, ==, i);
        }
    }
}

static void
test_tidy (Fixture *f, gconstpointer data)
{
  EqsNode *node = eqs_document_find_node (eqs_session_get_document (f->session), "conv1");
  const double x = eqs_node_get_x (node);
  g_autofree char *before = text_of (f), *restored = NULL;
  const guint steps = eqs_history_get_n_steps (eqs_session_get_history (f->session));

  eqs_session_select_one (f->session, "conv1");
  eqs_canvas_focus_node (f->canvas, "conv1");
  run (f, "canvas.tidy");
  restored = text_of (f);
  if (g_strcmp0 (before, restored) != 0)
    g_assert_cmpuint (eqs_history_get_n_steps (eqs_session_get_history (f->session)), ==, steps + 1);
  while (eqs_history_undo (eqs_session_get_history (f->session)))
    ;
  g_assert_cmpfloat (eqs_node_get_x (eqs_document_find_node (eqs_session_get_document (f->session), "conv1")), ==, x);
}

/* Tidying moves the notes with their cards, off cards and frames; of a selection of two or more, only those move. */
static void
test_tidy_notes (Fixture *f, gconstpointer data)
{
  EqsDocument *document = eqs_session_get_document (f->session);
  const char *const two[] = { "norm1", "act1", NULL }, *const far[] = { "conv1", "average", "digit", NULL };
  const double x = eqs_node_get_x (eqs_document_find_node (document, "conv2"));
  double at[2];

  run (f, "canvas.select-all");
  eqs_session_do (f->session, eqs_command_new_move (far, (const double[]) { 3000, 2000, 2500, 2700, 2000, 3400 }));
  run (f, "canvas.tidy");
  for (guint i = 0; i < eqs_document_get_n_items (document, EQS_ITEM_NOTE); i++)
    {
      const EqsMap *note = eqs_document_get_item (document, EQS_ITEM_NOTE, i);
      const double  left = eqs_map_get_number (note, "x", 0), top = eqs_map_get_number (note, "y", 0), width = eqs_map_get_number (note, "width", EQS_NOTE_WIDTH), height = eqs_plan_note_height (note);
      double        nearest = G_MAXDOUBLE;

      for (guint k = 0; k < f->canvas->plan->n_cards; k++)
        {
          const EqsPlanCard *card = &f->canvas->plan->cards[k];
          const double gap_x = MAX (MAX (card->x - left - width, left - card->x - EQS_CARD_WIDTH), 0), gap_y = MAX (MAX (card->y - top - height, top - card->y - card->height), 0);

          g_assert_true (gap_x > 0 || gap_y > 0);
          nearest = MIN (nearest, hypot (gap_x, gap_y));
        }
      g_assert_cmpfloat (nearest, <, 500);
    }
  while (eqs_history_undo (eqs_session_get_history (f->session)))
    ;
  eqs_session_select (f->session, two);
  run (f, "canvas.tidy");
  at[0] = eqs_node_get_x (eqs_document_find_node (document, "norm1"));
  at[1] = eqs_node_get_x (eqs_document_find_node (document, "act1"));
  g_assert_cmpfloat (at[1], ==, at[0] + EQS_COLUMN_PITCH);
  g_assert_cmpfloat (eqs_node_get_x (eqs_document_find_node (document, "conv2")), ==, x);
}

/* A broken setting marks the card, and the fix that stands there mends it. */
static void
test_problem_and_fix (Fixture *f, gconstpointer data)
{
  g_autoptr (EqsValue) arrows = eqs_value_new_string ("16x f1");
  const EqsProblem *problem;
  gboolean mended = FALSE;

  g_assert_true (eqs_session_do (f->session, eqs_command_new_set_param ("conv1", "out", g_steal_pointer (&arrows))));
  WAIT_FOR (eqs_session_is_checked (f->session));
  problem = eqs_session_get_problem (f->session, "act1", NULL);
  g_assert_nonnull (problem);
  g_assert_cmpint (problem->severity, ==, EQK_SEVERITY_ERROR);
  g_assert_cmpuint (problem->fixes->len, >, 0);
  WAIT_FOR (f->canvas->plan->cards[eqs_plan_find (f->canvas->plan, "act1")].worst == EQK_SEVERITY_ERROR);
  for (guint i = 0; !mended; i++)
    {
      problem = eqs_session_get_problem (f->session, "act1", NULL);
      g_assert_cmpuint (i, <, problem->fixes->len);
      g_assert_true (eqs_session_apply_fix (f->session, g_ptr_array_index (problem->fixes, i)));
      WAIT_FOR (eqs_session_is_checked (f->session));
      problem = eqs_session_get_problem (f->session, "act1", NULL);
      mended = problem == NULL || problem->severity < EQK_SEVERITY_ERROR;
      if (!mended)
        {
          eqs_history_undo (eqs_session_get_history (f->session));
          WAIT_FOR (eqs_session_is_checked (f->session));
        }
    }
}

static GObject *
gesture_of (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        return controller;
    }
  return NULL;
}

/* A wire led over a point goes through it, the point is found where it is drawn, and the network is the same one. */
static void
test_bends (Fixture *f, gconstpointer data)
{
  EqsDocument *document = eqs_session_get_document (f->session);
  g_autofree char *before = text_of (f), *hash = eqs_document_dup_hash (document), *bent = NULL, *restored = NULL, *written = NULL;
  double points[EQS_MAX_BENDS][2], x, y;
  EqsHit hit;
  int    wire = -1;

  eqs_session_select_one (f->session, "conv2");
  run (f, "canvas.bend");
  g_assert_cmpuint (eqs_bends_get (document, "", "conv2.y", "norm2.x", points), ==, 1);
  for (guint i = 0; i < f->canvas->plan->n_wires; i++)
    if (f->canvas->plan->wires[i].n_bends == 1)
      wire = (int) i;
  g_assert_cmpint (wire, >=, 0);
  g_assert_cmpfloat (eqs_route_distance (&f->canvas->plan->wires[wire].route, points[0][0], points[0][1]), <, 1);
  eqs_canvas_from_design (f->canvas, points[0][0], points[0][1], &x, &y);
  hit = eqs_canvas_hit (f->canvas, x, y);
  g_assert_cmpint (hit.wire, ==, wire);
  g_assert_cmpint (hit.bend, ==, 1);
  bent = eqs_document_dup_hash (document);
  g_assert_cmpstr (bent, ==, hash);
  /* It stands in the file. */
  written = text_of (f);
  g_assert_nonnull (strstr (written, "\"bends\""));
  /* Dragged: another place, one step. */
  {
    GObject *drag = gesture_of (GTK_WIDGET (f->canvas), GTK_TYPE_GESTURE_DRAG);
    const guint steps = eqs_history_get_n_steps (eqs_session_get_history (f->session));

    f->canvas->drag = EQS_DRAG_BEND;
    f->canvas->held_wire = wire;
    f->canvas->held_bend = 0;
    f->canvas->start_x = x;
    f->canvas->start_y = y;
    g_signal_emit_by_name (drag, "drag-update", 40.0, 40.0);
    g_signal_emit_by_name (drag, "drag-update", 80.0, 80.0);
    g_signal_emit_by_name (drag, "drag-end", 80.0, 80.0);
    g_assert_cmpuint (eqs_history_get_n_steps (eqs_session_get_history (f->session)), ==, steps + 1);
  }
  /* It goes along when both ends move, and with them in one step back. */
  {
    static const char *const ends[] = { "conv2", "norm2", NULL };
    double before_move[EQS_MAX_BENDS][2];
    double xy[4];

    eqs_bends_get (document, "", "conv2.y", "norm2.x", before_move);
    eqs_session_select (f->session, ends);
    for (guint i = 0; i < 2; i++)
      {
        xy[2 * i] = eqs_node_get_x (eqs_document_find_node (document, ends[i])) + 40;
        xy[2 * i + 1] = eqs_node_get_y (eqs_document_find_node (document, ends[i]));
      }
    eqs_canvas_move_selection (f->canvas, xy, 40, 0);
    eqs_bends_get (document, "", "conv2.y", "norm2.x", points);
    g_assert_cmpfloat (points[0][0], ==, before_move[0][0] + 40);
    g_assert_true (eqs_history_undo (eqs_session_get_history (f->session)));
    eqs_bends_get (document, "", "conv2.y", "norm2.x", points);
    g_assert_cmpfloat (points[0][0], ==, before_move[0][0]);
  }
  run (f, "canvas.straighten");
  g_assert_cmpuint (eqs_bends_get (document, "", "conv2.y", "norm2.x", points), ==, 0);
  restored = text_of (f);
  g_assert_cmpstr (restored, ==, before);
}

static double
x_of (Fixture *f, const char *path)
{
  return eqs_node_get_x (eqs_document_find_node (eqs_session_get_document (f->session), path));
}

static void
test_arrange (Fixture *f, gconstpointer data)
{
  static const char *const three[] = { "conv2", "norm2", "act2", NULL };
  const double xy[] = { 0, 0, 210, 40, 700, 90 };
  EqsHistory  *history = eqs_session_get_history (f->session);

  eqs_session_select (f->session, three);
  g_assert_true (eqs_session_do (f->session, eqs_command_new_move (three, xy)));
  run (f, "canvas.distribute-row");
  g_assert_cmpfloat (x_of (f, "conv2"), ==, 0);
  g_assert_cmpfloat (x_of (f, "norm2"), ==, 350);
  g_assert_cmpfloat (x_of (f, "act2"), ==, 700);
  g_assert_true (eqs_history_undo (history));
  run (f, "canvas.align-right");
  g_assert_cmpfloat (x_of (f, "conv2"), ==, 700);
  g_assert_cmpfloat (x_of (f, "norm2"), ==, 700);
  g_assert_true (eqs_history_undo (history));
  g_assert_cmpfloat (x_of (f, "norm2"), ==, 210);
  run (f, "canvas.align-top");
  g_assert_cmpfloat (eqs_node_get_y (eqs_document_find_node (eqs_session_get_document (f->session), "act2")), ==, 0);
}

/* Notes are found, moved by drag and removed; the title of a frame takes hold of all it holds. */
static void
test_items (Fixture *f, gconstpointer data)
{
  EqsDocument *document = eqs_session_get_document (f->session);
  const guint  n = eqs_document_get_n_items (document, EQS_ITEM_NOTE);
  GObject     *drag = gesture_of (GTK_WIDGET (f->canvas), GTK_TYPE_GESTURE_DRAG);
  const EqsMap *note, *frame;
  double x, y, box[4], old_x;

  run (f, "canvas.note");
  g_assert_cmpuint (eqs_document_get_n_items (document, EQS_ITEM_NOTE), ==, n + 1);
  note = eqs_document_get_item (document, EQS_ITEM_NOTE, n);
  old_x = eqs_map_get_number (note, "x", 0);
  eqs_canvas_from_design (f->canvas, old_x + 20, eqs_map_get_number (note, "y", 0) + 5, &x, &y);
  if (eqs_canvas_hit (f->canvas, x, y).card < 0)
    {
      g_assert_true (eqs_canvas_hit (f->canvas, x, y).item == note);
      eqs_canvas_zoom_at (f->canvas, 1, x, y);
      g_free (f->canvas->held_note);
      f->canvas->held_note = g_strdup (eqs_map_get_string (note, "id", ""));
      f->canvas->note_x = old_x;
      f->canvas->note_y = eqs_map_get_number (note, "y", 0);
      f->canvas->drag = EQS_DRAG_NOTE;
      g_signal_emit_by_name (drag, "drag-update", 80.0, 0.0);
      g_signal_emit_by_name (drag, "drag-end", 80.0, 0.0);
      note = eqs_document_get_item (document, EQS_ITEM_NOTE, n);
      g_assert_cmpfloat_with_epsilon (eqs_map_get_number (note, "x", 0), old_x + 80, 8);
    }
  frame = eqs_document_get_item (document, EQS_ITEM_FRAME, 1);
  g_assert_true (eqs_plan_frame_box (f->canvas->plan, frame, box));
  eqs_canvas_from_design (f->canvas, box[0] + 30, box[1] + 8, &x, &y);
  g_assert_true (eqs_canvas_hit (f->canvas, x, y).item == frame);
  eqs_canvas_select_frame (f->canvas, frame);
  g_assert_cmpuint (eqs_session_get_n_selected (f->session), ==, eqs_value_get_length (eqs_map_get (frame, "members")));
}

/* The map: off with few cards, on when asked for; a click on it moves the view, not the zoom. */
static void
test_minimap (Fixture *f, gconstpointer data)
{
  GtkWidget *map = g_object_ref_sink (eqs_minimap_new (f->canvas)), *window = gtk_window_new ();
  const double zoom = eqs_canvas_get_zoom (f->canvas), x = f->canvas->x;
  GObject *drag = gesture_of (map, GTK_TYPE_GESTURE_DRAG);

  gtk_window_set_child (GTK_WINDOW (window), map);
  g_assert_false (gtk_widget_get_visible (map));
  eqs_minimap_toggle (EQS_MINIMAP (map));
  g_assert_true (gtk_widget_get_visible (map));
  g_signal_emit_by_name (drag, "drag-begin", 20.0, 20.0);
  g_assert_cmpfloat (f->canvas->x, !=, x);
  g_assert_cmpfloat (eqs_canvas_get_zoom (f->canvas), ==, zoom);
  for (guint i = 0; i < 20; i++)
    g_assert_true (eqs_session_do (f->session, eqs_command_new_add_node ("", eqs_node_new ("many", "relu_pw"))));
  g_assert_true (gtk_widget_get_visible (map));
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (map);
}

static void
test_finalize (void)
{
  g_autoptr (EqsDocument) document = eqs_template_new ("T01", NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *canvas = g_object_ref_sink (eqs_canvas_new (session));

  eqs_session_settle (session);
  g_assert_finalize_object (canvas);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add ("/canvas/cards", Fixture, NULL, set_up, test_cards, tear_down);
  g_test_add ("/canvas/edits-and-undo", Fixture, NULL, set_up, test_edits_and_undo, tear_down);
  g_test_add ("/canvas/delete-rejoin", Fixture, NULL, set_up, test_delete_rejoin, tear_down);
  g_test_add ("/canvas/view", Fixture, NULL, set_up, test_view, tear_down);
  g_test_add ("/canvas/low", Fixture, NULL, set_up, test_low, tear_down);
  g_test_add ("/canvas/corner", Fixture, NULL, set_up, test_corner, tear_down);
  g_test_add ("/canvas/hits", Fixture, NULL, set_up, test_hits, tear_down);
  g_test_add ("/canvas/tidy", Fixture, NULL, set_up, test_tidy, tear_down);
  g_test_add ("/canvas/tidy/notes", Fixture, NULL, set_up, test_tidy_notes, tear_down);
  g_test_add ("/canvas/problem-and-fix", Fixture, NULL, set_up, test_problem_and_fix, tear_down);
  g_test_add ("/canvas/bends", Fixture, NULL, set_up, test_bends, tear_down);
  g_test_add ("/canvas/arrange", Fixture, NULL, set_up, test_arrange, tear_down);
  g_test_add ("/canvas/items", Fixture, NULL, set_up, test_items, tear_down);
  g_test_add ("/canvas/minimap", Fixture, NULL, set_up, test_minimap, tear_down);
  g_test_add_func ("/canvas/finalize", test_finalize);
  return g_test_run ();
}
