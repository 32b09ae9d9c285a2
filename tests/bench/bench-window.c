/*
 * What the window costs: start, the longest turns of the main loop while templates are opened, frames of a canvas of 500 nodes and 1000 wires while it is panned and while 50 nodes are dragged,
 * the way from an edit to its read-outs, memory after 1000 edits and undos, and, only when asked for, memory while a network is trained for
 * MINUTES (an hour). Processor time of the whole process, GSK_RENDERER=cairo.
 * Usage, under a screen such as tests/tools/with-screen: bench-window [opening|frames|edits|undos|training [MINUTES]]
 */

#include "app/application.h"
#include "app/window-private.h"
#include "model/file.h"
#include "widgets/canvas/canvas-private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAMES 120

static double
cpu_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static double
wall_ms (void)
{
  return 1e-3 * (double) g_get_monotonic_time ();
}

static double
resident_mb (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    pages = strtol (strchr (text, ' '), NULL, 10);
  return (double) pages * (double) sysconf (_SC_PAGESIZE) / 1e6;
}

static void
turn (guint ms)
{
  const double end = wall_ms () + ms;

  while (wall_ms () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* ---- designs ---- */

/* Scalars of a picture through sums of the one and the two before: n nodes, about 2 n wires. */
static EqsDocument *
make_sums (guint n)
{
  GString *text = g_string_new ("{\"format\":\"equistudio.design\",\"version\":1,\"symmetry\":{\"group\":\"C4\"},\"nodes\":[{\"id\":\"n0\",\"layer\":\"input_image\",\"params\":{\"height\":9,\"width\":9},\"x\":0,\"y\":0}");
  EqsDocument *document;

  for (guint i = 1; i < n; i++)
    g_string_append_printf (text, ",\n{\"id\":\"n%u\",\"layer\":\"add\",\"x\":%u,\"y\":%u}", i, i % 25 * 196, i / 25 * 184);
  g_string_append (text, "],\"links\":[");
  for (guint i = 1; i < n; i++)
    for (guint back = 1; back <= MIN (i, 2); back++)
      g_string_append_printf (text, "%s{\"from\":\"n%u.y\",\"to\":\"n%u.x\"}", i + back == 2 ? "" : ",\n", i - back, i);
  g_string_append (text, "]}");
  document = eqs_file_parse (text->str, -1, NULL);
  g_string_free (text, TRUE);
  return document;
}

/* Convolution, norm, ReLU and so on: what people build. */
static EqsDocument *
make_stack (guint n)
{
  static const char *const layers[] = { "{\"id\":\"n%u\",\"layer\":\"r2conv\",\"params\":{\"out\":\"4x reg\",\"k\":3}}", "{\"id\":\"n%u\",\"layer\":\"inner_bn\"}", "{\"id\":\"n%u\",\"layer\":\"relu_pw\"}" };
  GString *text = g_string_new ("{\"format\":\"equistudio.design\",\"version\":1,\"symmetry\":{\"group\":\"C4\"},\"nodes\":[{\"id\":\"n0\",\"layer\":\"input_image\",\"params\":{\"height\":9,\"width\":9}}");
  EqsDocument *document;

  for (guint i = 1; i < n; i++)
    {
      g_string_append (text, ",\n");
      g_string_append_printf (text, layers[(i - 1) % 3], i);
    }
  g_string_append (text, "],\"links\":[");
  for (guint i = 1; i < n; i++)
    g_string_append_printf (text, "%s{\"from\":\"n%u.y\",\"to\":\"n%u.x\"}", i == 1 ? "" : ",\n", i - 1, i);
  g_string_append (text, "]}");
  document = eqs_file_parse (text->str, -1, NULL);
  g_string_free (text, TRUE);
  return document;
}

static EqsCanvas *
find_canvas (GtkWidget *widget)
{
  EqsCanvas *found = EQS_IS_CANVAS (widget) ? EQS_CANVAS (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL; child = gtk_widget_get_next_sibling (child))
    found = find_canvas (child);
  return found;
}

static EqsSession *
show (EqsWindow *window, EqsDocument *document)
{
  g_autoptr (EqsSession) session = eqs_session_new (document, NULL);

  eqs_window_set_session (window, session);
  for (int i = 0; i < 200 && !eqs_session_is_checked (session); i++)
    turn (50);
  turn (600);
  return session;
}

/* ---- opening ---- */

static double
thread_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

/* The window stands still as long as one turn of the main loop takes; of its own thread's processor time, as a busy machine takes the thread away at will. */
static void
bench_opening (EqsWindow *window)
{
  static const char *const templates[] = { "T01", "T03", "T09", "T20", "T01" };

  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      double       longest[3] = { 0 }, all = thread_ms ();
      const double end = wall_ms () + 6000;

      eqs_window_new_from_template (window, templates[i]);
      while (wall_ms () < end)
        {
          const double before = thread_ms ();
          double       took;

          if (!g_main_context_iteration (NULL, FALSE))
            g_usleep (1000);
          took = thread_ms () - before;
          for (int k = 0; k < 3; k++)
            if (took > longest[k])
              {
                const double less = longest[k];

                longest[k] = took;
                took = less;
              }
        }
      g_print ("opening %s: longest turns of the main loop %.0f, %.0f, %.0f ms, main thread %.0f ms in all, in 6 s\n", templates[i], longest[0], longest[1], longest[2], thread_ms () - all);
    }
}

/* ---- frames ---- */

typedef struct
{
  EqsCanvas  *canvas;
  GtkGesture *gesture;       /* NULL: pan */
  double      last, cost[FRAMES];
  guint       n;
} Drive;

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Drive       *drive = data;
  const double now = cpu_ms ();

  /* From the start of a frame to the start of the next: all that the process did for one. */
  if (drive->n > 0 && drive->n <= FRAMES)
    drive->cost[drive->n - 1] = now - drive->last;
  drive->last = now;
  drive->n++;
  if (drive->gesture == NULL)
    eqs_canvas_pan (drive->canvas, drive->n % 40 < 20 ? 7 : -7, drive->n % 60 < 30 ? 3 : -3);
  else
    g_signal_emit_by_name (drive->gesture, "drag-update", 3.0 * (drive->n % 50), 2.0 * (drive->n % 50));
  return drive->n <= FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
drive_frames (const char *what, EqsCanvas *canvas, GtkGesture *gesture)
{
  Drive drive = { .canvas = canvas, .gesture = gesture };

  gtk_widget_add_tick_callback (GTK_WIDGET (canvas), tick_cb, &drive, NULL);
  while (drive.n <= FRAMES)
    turn (50);
  qsort (drive.cost, FRAMES, sizeof *drive.cost, by_size);
  g_print ("%-44s zoom %3.0f %%: median %6.1f ms, p95 %6.1f ms of processor a frame\n", what, 100 * eqs_canvas_get_zoom (canvas), drive.cost[FRAMES / 2], drive.cost[FRAMES * 95 / 100]);
}

static GtkGesture *
find_drag (EqsCanvas *canvas)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (canvas));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_DRAG (controller))
        return GTK_GESTURE (controller);
    }
  return NULL;
}

static void
bench_frames (EqsWindow *window)
{
  g_autoptr (EqsDocument) document = make_sums (500);
  EqsSession             *session = show (window, document);
  EqsCanvas              *canvas = find_canvas (GTK_WIDGET (window));
  g_autoptr (GPtrArray)   paths = g_ptr_array_new_with_free_func (g_free);
  double                  x, y;

  g_print ("%u nodes, %u wires\n", canvas->plan->n_cards, canvas->plan->n_wires);
  drive_frames ("pan, everything in view", canvas, NULL);
  for (guint i = 200; i < 250; i++)
    g_ptr_array_add (paths, g_strdup_printf ("n%u", i));
  g_ptr_array_add (paths, NULL);
  eqs_session_select (session, (const char *const *) paths->pdata);
  turn (300);
  eqs_canvas_from_design (canvas, canvas->plan->cards[210].x + 60, canvas->plan->cards[210].y + 20, &x, &y);
  g_signal_emit_by_name (find_drag (canvas), "drag-begin", x, y);
  canvas->drag = EQS_DRAG_MOVE;      /* no event, so no button is known to be down */
  drive_frames ("drag 50 nodes, everything in view", canvas, find_drag (canvas));
  g_signal_emit_by_name (find_drag (canvas), "drag-end", 0.0, 0.0);
  eqs_canvas_zoom_at (canvas, 0.6, 400, 300);
  turn (300);
  drive_frames ("pan, text readable", canvas, NULL);
  eqs_canvas_zoom_at (canvas, 1, 400, 300);
  turn (300);
  drive_frames ("pan, full size", canvas, NULL);
}

/* ---- edits ---- */

static void
checked_cb (EqsSession *session, gboolean *checked)
{
  *checked = TRUE;
}

static void
bench_edit (EqsWindow *window, guint n)
{
  g_autoptr (EqsDocument) document = make_stack (n);
  EqsSession *session = show (window, document);
  double      wall[15], cpu[15];
  gboolean    checked = FALSE;

  g_signal_connect (session, "checked", G_CALLBACK (checked_cb), &checked);
  for (int i = 0; i < 15; i++)
    {
      EqsValue *value = eqs_value_new_string (i % 2 == 0 ? "5x reg" : "4x reg");
      double start_cpu, start;

      turn (250);
      checked = FALSE;
      start_cpu = cpu_ms ();
      start = wall_ms ();
      eqs_session_do (session, eqs_command_new_set_param ("n1", "out", value));
      while (!checked)
        g_main_context_iteration (NULL, TRUE);
      wall[i] = wall_ms () - start;
      cpu[i] = cpu_ms () - start_cpu;
    }
  qsort (wall, 15, sizeof *wall, by_size);
  qsort (cpu, 15, sizeof *cpu, by_size);
  g_print ("%3u nodes, from an edit to its read-outs: median %6.1f ms of wall, %6.1f ms of processor\n", n, wall[7], cpu[7]);
  g_signal_handlers_disconnect_by_data (session, &checked);
}

static void
bench_undos (EqsWindow *window)
{
  g_autoptr (EqsDocument) document = make_stack (30);
  EqsSession  *session = show (window, document);
  const double before = resident_mb ();

  for (int round = 0; round < 2; round++)
    {
      for (int i = 0; i < 500; i++)
        {
          EqsValue *value = eqs_value_new_string (i % 2 == 0 ? "5x reg" : "4x reg");

          eqs_history_seal (eqs_session_get_history (session));
          eqs_session_do (session, eqs_command_new_set_param ("n1", "out", value));
          if (i % 25 == 0)
            turn (1);
        }
      while (eqs_history_undo (eqs_session_get_history (session)))
        ;
      turn (200);
    }
  g_print ("1000 edits and undos: %.1f MB before, %.1f MB after\n", before, resident_mb ());
}

/* ---- training ---- */

/* T01 on a hundred thousand epochs with its curves on screen. Memory once a minute at most, and at the end: of a run that keeps what it no longer needs it grows without end. */
static void
bench_training (EqsWindow *window, double minutes)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, &error);
  EqsTrainOptions         options = EQS_TRAIN_OPTIONS_INIT;
  const double            start = wall_ms (), start_cpu = cpu_ms ();
  EqsTraining            *run;
  guint                   told = 0;

  if (document == NULL)
    g_error ("%s", error->message);
  options.epochs = 100000;
  options.limit = 500;       /* samples an epoch: more epochs, more that could be kept */
  run = eqs_session_train (show (window, document), &options, &error);
  if (run == NULL)
    g_error ("%s", error->message);
  eqs_window_show_panel (window, "training");
  while (eqs_training_get_points (run)->len == 0)
    turn (100);
  g_print ("training: %.1f MB after the first epoch\n", resident_mb ());
  while (wall_ms () < start + 6e4 * minutes && eqs_training_is_active (run))
    {
      turn (1000);
      if (wall_ms () >= start + 6e4 * (told + 1))
        g_print ("%3u minutes, %5u epochs: %.1f MB\n", ++told, eqs_training_get_points (run)->len, resident_mb ());
    }
  g_print ("trained for %.1f minutes (%.1f of processor), %u epochs: %.1f MB\n", (wall_ms () - start) / 6e4, (cpu_ms () - start_cpu) / 6e4, eqs_training_get_points (run)->len, resident_mb ());
  eqs_training_join (run);
}

int
main (int argc, char **argv)
{
  const char      *only = argc > 1 ? argv[1] : "";
  const double     start = wall_ms (), start_cpu = cpu_ms ();
  EqsApplication  *application;
  EqsWindow       *window;
  g_autofree char *data = g_dir_make_tmp ("bench-window-XXXXXX", NULL);

  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);      /* runs are written there, not among those of a person */
  gtk_init ();
  application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;
  window = eqs_window_new (GTK_APPLICATION (application));
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (GTK_WIDGET (window)) || gtk_widget_get_width (GTK_WIDGET (window)) == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_print ("start page drawn after %.0f ms of wall, %.0f ms of processor; %.1f MB\n", wall_ms () - start, cpu_ms () - start_cpu, resident_mb ());
  if (only[0] == '\0' || strcmp (only, "opening") == 0)
    bench_opening (window);
  if (only[0] == '\0' || strcmp (only, "frames") == 0)
    bench_frames (window);
  if (only[0] == '\0' || strcmp (only, "edits") == 0)
    {
      bench_edit (window, 100);
      bench_edit (window, 500);
    }
  if (only[0] == '\0' || strcmp (only, "undos") == 0)
    bench_undos (window);
  if (strcmp (only, "training") == 0)
    bench_training (window, argc > 2 ? g_ascii_strtod (argv[2], NULL) : 60);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (application);
  return 0;
}
