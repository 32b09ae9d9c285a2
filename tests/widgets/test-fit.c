/*
 * The smallest window, in English, German, a made-up language of longer words written from right to left, and with text of twice the size: nothing
 * stands outside of it, no window needs more than the screen, no page has to be moved sideways to be read (but for text of twice the size), and
 * what has an order of its own (networks, sizes) keeps it. Pages are found, not listed: every page of every stack is turned to, of designs that were
 * trained and audited, since that is when tables are widest.
 */

#include "app/application.h"
#include "app/help.h"
#include "app/preferences.h"
#include "app/window.h"
#include "services/audit.h"
#include "widgets/canvas/canvas.h"
#include "widgets/data/columns-window.h"
#include "widgets/data/import-window.h"
#include "widgets/data/inspect-window.h"
#include "widgets/export/export-dialog.h"
#include "widgets/filters/filter-window.h"
#include "widgets/gradients/gradient-window.h"
#include "widgets/graph/refine-window.h"
#include "widgets/peek/peek-window.h"
#include "widgets/picker/group-picker.h"
#include "widgets/questions/questions.h"
#include "widgets/save-picture.h"
#include "widgets/snapshots/snapshot-window.h"
#include "widgets/space/frames-window.h"
#include "wait-for.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#define WIDTH  1024
#define HEIGHT  600

static EqsApplication *application;

/* How the window is shown. */
typedef struct { const char *name, *language; GtkTextDirection direction; int text; } Manner;

/* The made-up language first: gettext's library decides at the first text whether there is anything to translate. */
static const Manner manners[] = {
  { "pseudo", "xx", GTK_TEXT_DIR_RTL, 1 }, { "en", "en", GTK_TEXT_DIR_LTR, 1 }, { "de", "de", GTK_TEXT_DIR_LTR, 1 }, { "large", "en", GTK_TEXT_DIR_RTL, 2 },
};
static const Manner *manner;

/* What a template became by training and audit; made once, shown in every manner. */
typedef struct { const char *template; EqsKeptRun *run; EqsMap *audit; } Done;

static Done done[] = { { "T01", NULL, NULL }, { "T20", NULL, NULL }, { "T09", NULL, NULL } };

/* The first widget below of this type; NULL. */
static GtkWidget *
find_type (GtkWidget *widget, const char *type)
{
  if (strcmp (G_OBJECT_TYPE_NAME (widget), type) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What can be scrolled to is not outside; a text that is cut with dots says so itself. @return how many stand outside */
static guint
count_outside (GtkWidget *widget, GtkWidget *window, const char *what)
{
  graphene_rect_t bounds;
  guint           n = 0;

  /* A tooltip has a window of its own, and comes where the pointer happens to be. */
  if (!gtk_widget_get_mapped (widget) || strcmp (G_OBJECT_TYPE_NAME (widget), "GtkTooltipWindow") == 0 || !gtk_widget_compute_bounds (widget, window, &bounds))
    return 0;
  if (widget != window && (bounds.origin.x < -1 || bounds.origin.x + bounds.size.width > gtk_widget_get_width (window) + 1 ||
      bounds.origin.y < -1 || bounds.origin.y + bounds.size.height > gtk_widget_get_height (window) + 1))
    {
      g_printerr ("# %s, %s: %s \"%s\" stands outside: %.0f,%.0f %.0f×%.0f\n", manner->name, what, G_OBJECT_TYPE_NAME (widget), GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "",
                  bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height);
      return 1;
    }
  if (GTK_IS_SCROLLED_WINDOW (widget) || EQS_IS_CANVAS (widget))
    return 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_outside (child, window, what);
  return n;
}

/* The deepest widgets that ask for as much as the window does not have, for whoever has to mend it. */
static void
tell_wide (GtkWidget *widget, GtkOrientation orientation, int most, int depth)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int least;

      if (!gtk_widget_get_visible (child) || GTK_IS_NATIVE (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &least, NULL, NULL, NULL);
      if (least > most * 4 / 5)
        {
          g_printerr ("#   %*s%s asks for %d\n", 2 * depth, "", G_OBJECT_TYPE_NAME (child), least);
          tell_wide (child, orientation, most, depth + 1);
        }
    }
}

/* Lines of buttons are made to be moved where words are longer than in any language there is. */
static gboolean
may_move (GtkWidget *widget)
{
  GtkPolicyType across;

  gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &across, NULL);
  return across == GTK_POLICY_EXTERNAL && manner->language[0] == 'x';
}

/* Parts that can only be read by moving them sideways. @param what  NULL: they are counted, not told @return how many */
static guint
count_sideways (GtkWidget *widget, const char *what)
{
  guint n = 0;

  if (!gtk_widget_get_mapped (widget) || EQS_IS_CANVAS (widget))
    return 0;
  if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (widget));
      const int      has = (int) gtk_adjustment_get_page_size (across);

      if (gtk_adjustment_get_upper (across) > has + 1 && !may_move (widget))
        {
          n++;
          if (what != NULL)
            {
              g_printerr ("# %s, %s: a part of %d is %.0f wide\n", manner->name, what, has, gtk_adjustment_get_upper (across));
              tell_wide (widget, GTK_ORIENTATION_HORIZONTAL, has, 0);
            }
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_sideways (child, what);
  return n;
}

/* Pictures for people, where the environment names a folder for them. */
static void
save_shot (GtkWidget *window, const char *what)
{
  const char      *folder = g_getenv ("SHOTS");
  g_autofree char *name = g_strdup_printf ("fit-%s-%s.png", manner->name, what), *path = folder == NULL ? NULL : g_build_filename (folder, g_strdelimit (name, " ", '-'), NULL);
  gpointer         recorded = path == NULL ? NULL : eqs_picture_record (gtk_window_get_child (GTK_WINDOW (window)));

  if (recorded == NULL)
    return;
  g_mkdir_with_parents (folder, 0777);
  eqs_picture_write_recorded (path, recorded, NULL);
  eqs_picture_recorded_free (recorded);
}

/* Until a few frames were drawn, and nothing more is waiting. */
static void
settle (GtkWidget *window)
{
  const gint64 first = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (window)), until = g_get_monotonic_time () + 400 * 1000;

  for (gboolean busy = TRUE; busy && g_get_monotonic_time () < until; g_usleep (2000))
    {
      gtk_widget_queue_draw (window);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      busy = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (window)) < first + 3;
    }
}

static guint
check_fits (GtkWidget *window, const char *what)
{
  int   width, height;
  guint n;

  settle (window);
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, WIDTH, &height, NULL, NULL, NULL);
  /* Parts that lie beside or below each other find their place after the window has its size. */
  for (int i = 0; i < 10 && manner->text == 1 && count_sideways (window, NULL) > 0; i++)
    settle (window);
  n = count_outside (window, window, what) + (manner->text == 1 ? count_sideways (window, what) : 0);
  save_shot (window, what);
  if (width > WIDTH || height > HEIGHT)
    {
      g_printerr ("# %s, %s: needs %d×%d\n", manner->name, what, width, height);
      tell_wide (window, width > WIDTH ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, width > WIDTH ? WIDTH : HEIGHT, 0);
      n++;
    }
  return n;
}

/* ---- what is shown ---- */

static EqsWindow *
show_window (EqsSession *session)
{
  EqsWindow *window = eqs_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  if (session != NULL)
    eqs_window_set_session (window, session);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* A short training and a true audit of what it gave. */
static void
make_done (Done *self)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (self->template, NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsTraining) run = NULL;
  g_autoptr (EqsModel)    model = NULL;
  g_autoptr (EqkAudit)    audit = NULL;
  g_autoptr (GError)      error = NULL;
  EqsTrainOptions         options = EQS_TRAIN_OPTIONS_INIT;
  EqsAuditOptions         how = EQS_AUDIT_OPTIONS_INIT;

  eqs_session_settle (session);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  options.epochs = 2;
  options.limit = 64;
  run = g_object_ref (eqs_session_train (session, &options, &error));
  g_assert_no_error (error);
  WAIT_FOR (eqs_training_get_points (run)->len > 1);
  eqs_training_join (run);
  self->run = eqs_kept_run_read (eqs_training_get_folder (run), &error);
  g_assert_no_error (error);
  model = eqs_model_open (eqs_training_get_checkpoint (run), &error);
  g_assert_no_error (error);
  how.samples = 4;
  audit = eqs_audit_model (model, &how, &error);
  g_assert_no_error (error);
  self->audit = eqs_audit_to_map (audit);
  /* A break is told in one more button. */
  eqs_map_set (self->audit, "culprit", eqs_value_new_string (eqs_map_get_string (eqs_value_get_map (eqs_value_get_item (eqs_map_get (self->audit, "nodes"), 1)), "id", "")));
  g_object_run_dispose (G_OBJECT (session));
}

static EqsSession *
show_done (Done *self)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (self->template, NULL, NULL);
  g_autofree char        *hash = NULL;
  EqsSession             *session = eqs_session_new (document, NULL);

  if (self->run == NULL)
    make_done (self);
  eqs_session_settle (session);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (EqsTraining) run = eqs_training_new_kept (self->run);

      eqs_training_set_compared (run, TRUE);
      eqs_session_add_run (session, run);
    }
  hash = eqs_document_dup_hash (document);
  eqs_session_set_audit (session, self->audit, hash);
  return session;
}

/* Turns to every page of every stack that is seen, and those inside it. */
static guint
check_pages (GtkWidget *window, GtkWidget *widget, const char *where)
{
  guint n = 0;

  if ((GTK_IS_NATIVE (widget) && widget != window) || GTK_IS_DROP_DOWN (widget) || GTK_IS_EDITABLE_LABEL (widget))
    return 0;
  if (GTK_IS_STACK (widget))
    {
      g_autoptr (GtkSelectionModel) pages = gtk_stack_get_pages (GTK_STACK (widget));
      GtkWidget *shown = gtk_stack_get_visible_child (GTK_STACK (widget));

      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)); i++)
        {
          GtkStackPage    *page = g_list_model_get_item (G_LIST_MODEL (pages), i);
          g_autofree char *what = g_strdup_printf ("%s %s", where, gtk_stack_page_get_name (page));
          GtkWidget       *child = gtk_stack_page_get_child (page);

          g_object_unref (page);
          gtk_stack_set_visible_child (GTK_STACK (widget), child);
          n += check_fits (window, what) + check_pages (window, child, what);
        }
      gtk_stack_set_visible_child (GTK_STACK (widget), shown);
      return n;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_get_visible (child) ? check_pages (window, child, where) : 0;
  return n;
}

/* ---- the tests ---- */

static void
test_start (void)
{
  EqsWindow *window = show_window (NULL);

  g_assert_cmpuint (check_fits (GTK_WIDGET (window), "start page"), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_design (gconstpointer data)
{
  Done                  *design = &done[GPOINTER_TO_UINT (data)];
  g_autoptr (EqsSession) session = show_done (design);
  EqsWindow             *window = show_window (session);
  guint                  n = check_fits (GTK_WIDGET (window), design->template);
  graphene_rect_t        layers, canvas;
  g_autoptr (GHashTable) seen = NULL;
  EqsGraph              *graph;

  g_assert_true (gtk_widget_compute_bounds (find_type (GTK_WIDGET (window), "EqsPalette"), GTK_WIDGET (window), &layers));
  g_assert_true (gtk_widget_compute_bounds (find_type (GTK_WIDGET (window), "EqsCanvas"), GTK_WIDGET (window), &canvas));
  g_assert_true ((layers.origin.x > canvas.origin.x) == (manner->direction == GTK_TEXT_DIR_RTL));
  g_assert_cmpint (gtk_widget_get_direction (find_type (GTK_WIDGET (window), "EqsCanvas")), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpint (gtk_widget_get_direction (find_type (GTK_WIDGET (window), "EqsNodeCard")), ==, GTK_TEXT_DIR_LTR);
  eqs_window_show_panel (window, "problems");
  n += check_pages (GTK_WIDGET (window), GTK_WIDGET (window), design->template);
  eqs_window_run_action (window, "win.toggle-bottom");
  graph = eqs_document_get_graph (eqs_session_get_document (session), "");
  seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const char      *path = eqs_node_get_id (eqs_graph_get_node (graph, i));
      g_autofree char *what = g_strdup_printf ("%s %s selected", design->template, path);

      if (!g_hash_table_add (seen, (gpointer) eqs_node_get_layer (eqs_graph_get_node (graph, i))))
        continue;
      eqs_session_select (session, (const char *const[]) { path, NULL });
      n += check_fits (GTK_WIDGET (window), what);
    }
  g_assert_cmpuint (n, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static guint
check_sheet (GtkWidget *sheet, const char *what)
{
  guint n;

  gtk_window_present (GTK_WINDOW (sheet));
  n = check_fits (sheet, what) + check_pages (sheet, sheet, what);
  gtk_window_destroy (GTK_WINDOW (sheet));
  return n;
}

static void
test_sheets (void)
{
  g_autoptr (EqsSession) session = show_done (&done[0]);
  EqsWindow             *window = show_window (session);
  guint                  n = check_sheet (eqs_export_dialog_new (GTK_WINDOW (window), session), "export");

  n += check_sheet (eqs_questions_new (), "questions");
  n += check_sheet (eqs_group_picker_new (session), "groups");
  n += check_sheet (eqs_filter_window_new (session, "conv1"), "filters");
  g_assert_cmpuint (n, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A window that a function has presented. */
static GtkWidget *
presented_over (GtkWidget *window)
{
  GListModel *all = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWidget) one = g_list_model_get_item (all, i);

      if (one != window && gtk_widget_get_visible (one) && gtk_window_get_transient_for (GTK_WINDOW (one)) == GTK_WINDOW (window))
        return one;
    }
  g_assert_not_reached ();
  return NULL;
}

/* Molecules with properties under names of their own, of which much is to be chosen; and points with long names of classes. */
static char *
write_own_data (gboolean molecules)
{
  GString         *text = g_string_new (molecules ? NULL : "cloud,x,y,z,a_rather_long_title_of_a_column,temperature\n");
  char            *folder = g_dir_make_tmp ("equi-fit-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, molecules ? "train.xyz" : "points.csv", NULL);

  for (int s = 0; s < 40; s++)
    if (molecules)
      g_string_append_printf (text, "2\nProperties=species:S:1:pos:R:3:forces_of_the_reference:R:3 energy_of_the_reference=%d.5 dipole=\"0 0 %d\"\n"
                              "H 0 0 0 0 0 %d\nH 0 0 0.%d 0 0 -%d\n", -s, s, s, 70 + s, s);
    else
      for (int k = 0; k < 4; k++)
        g_string_append_printf (text, "%d,%d,%d,%d,%s,%d\n", s, k, k * s, s % 3, s % 2 ? "everything that is longer than it is wide" : "all the rest", s);
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  g_string_free (text, TRUE);
  return folder;
}

static void
forget_own_data (const char *folder)
{
  static const char *const names[] = { "train.xyz", "points.csv", "dataset.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (folder, names[i], NULL);

      g_unlink (file);
    }
  g_rmdir (folder);
}

static guint
check_import (const char *template, gboolean molecules)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char        *folder = write_own_data (molecules);
  EqsWindow              *window = show_window (session);
  GtkWidget              *look = eqs_import_window_new (GTK_WINDOW (window), session, folder);
  guint                   n;

  WAIT_FOR (eqs_import_window_is_ready (EQS_IMPORT_WINDOW (look)));
  n = check_sheet (look, molecules ? "import molecules" : "import points");
  if (molecules)
    {
      g_autoptr (GError)     error = NULL;
      g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, &error);
      g_autoptr (EqsSplit)   split = dataset == NULL ? NULL : eqs_dataset_load (dataset, "train", &error);

      g_assert_no_error (error);
      n += check_sheet (eqs_columns_window_open (GTK_WIDGET (window), dataset, split, "The design needs what is not there under this name, and says so at some length.", NULL, NULL), "columns");
    }
  gtk_window_destroy (GTK_WINDOW (window));
  forget_own_data (folder);
  return n;
}

/* What stands beside a design in windows of its own: its data, a wire, its gradients, its snapshots. */
static guint
check_beside (Done *design, const char *node)
{
  g_autoptr (EqsSession) session = show_done (design);
  EqsWindow       *window = show_window (session);
  GtkWidget       *inspect = eqs_inspect_window_new (GTK_WINDOW (window), session, NULL), *peek, *gradients = eqs_gradient_window_new (session);
  g_autofree char *data = g_strdup_printf ("inspect data %s", design->template), *wire = g_strdup_printf ("values %s", design->template);
  g_autofree char *slopes = g_strdup_printf ("gradients %s", design->template), *states = g_strdup_printf ("snapshots %s", design->template);
  guint            n;

  WAIT_FOR (eqs_inspect_window_get_found (EQS_INSPECT_WINDOW (inspect)) != NULL);
  n = check_sheet (inspect, data);
  eqs_session_set_probe (session, node, NULL);
  peek = eqs_peek_window_new (GTK_WINDOW (window), session);
  WAIT_FOR (eqs_peek_window_get_fields (EQS_PEEK_WINDOW (peek)) != NULL);
  n += check_sheet (peek, wire);
  n += check_sheet (gradients, slopes);
  n += check_sheet (eqs_snapshot_window_new (session), states);
  gtk_window_destroy (GTK_WINDOW (window));
  return n;
}

/* The answers to "does my data have this symmetry?", which are long; a window ends its session, so that they are asked for anew. */
static guint
check_question (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  EqsWindow *window = show_window (session);
  guint      n;

  eqs_session_settle (session);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  eqs_data_test_start (eqs_session_get_data_test (session), eqs_session_get_dataset (session));
  WAIT_FOR (eqs_data_test_get_findings (eqs_session_get_data_test (session)) != NULL);
  eqs_window_run_action (window, "win.data");
  n = check_fits (GTK_WIDGET (window), "symmetry of the data");
  gtk_window_destroy (GTK_WINDOW (window));
  return n;
}

/* What looks at samples in windows of its own. */
static guint
check_looks (void)
{
  static const struct { const char *data, *what; GtkWidget *(*open) (GtkWidget *, EqsSplit *, guint); } looks[] = {
    { "ethanol_xtb", "frames", eqs_frames_window_open }, { "wl_pairs", "two graphs", eqs_refine_window_open } };
  EqsWindow *window = show_window (NULL);
  guint      n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autoptr (GError)     error = NULL;
      g_autoptr (EqsDataset) dataset = eqs_dataset_open (looks[i].data, &error);
      g_autoptr (EqsSplit)   split = dataset == NULL ? NULL : eqs_dataset_load (dataset, "test", &error);

      g_assert_no_error (error);
      n += check_sheet (looks[i].open (GTK_WIDGET (window), split, 0), looks[i].what);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  return n;
}

static guint
check_help (void)
{
  EqsWindow *window = show_window (NULL);
  guint      n;

  eqs_help_show (GTK_WINDOW (window), "r2conv");
  n = check_sheet (presented_over (GTK_WIDGET (window)), "help");
  eqs_preferences_show (GTK_WINDOW (window));
  n += check_sheet (presented_over (GTK_WIDGET (window)), "preferences");
  gtk_window_destroy (GTK_WINDOW (window));
  return n;
}

static void
test_others (void)
{
  g_assert_cmpuint (check_import ("T09", TRUE), ==, 0);
  g_assert_cmpuint (check_import ("T13", FALSE), ==, 0);
  g_assert_cmpuint (check_looks (), ==, 0);
  g_assert_cmpuint (check_beside (&done[0], "conv2"), ==, 0);
  g_assert_cmpuint (check_beside (&done[2], "inter2"), ==, 0);
  if (manner->direction == GTK_TEXT_DIR_RTL)      /* the widest and the largest words: it takes a while */
    g_assert_cmpuint (check_question (), ==, 0);
  g_assert_cmpuint (check_help (), ==, 0);
}

/* ---- the manners ---- */

static void
choose_manner (gconstpointer data)
{
  manner = data;
  g_setenv ("LANGUAGE", manner->language, TRUE);
  bindtextdomain (GETTEXT_PACKAGE, manner->language[0] == 'x' ? g_getenv ("PSEUDO_LOCALEDIR") : g_getenv ("BUILT_LOCALEDIR"));
  /* So that gettext's library looks up anew what it knew in the language before. */
  textdomain ("messages");
  textdomain (GETTEXT_PACKAGE);
  gtk_widget_set_default_direction (manner->direction);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", manner->text * 96 * 1024, NULL);
}

static void
make_pseudo_locale (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("equi-fit-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  const char        *command[] = { g_getenv ("PSEUDO_LOCALE"), g_getenv ("EQUISTUDIO_SOURCE"), folder, "rtl", NULL };
  int                status = 1;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_setenv ("PSEUDO_LOCALEDIR", folder, TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");          /* in "C" nothing is translated */
  g_test_set_nonfatal_assertions ();      /* all of what does not fit is told */
  make_pseudo_locale ();
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  choose_manner (&manners[0]);
  application = eqs_application_new (G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (manners); i++)
    {
      g_autofree char *turn = g_strdup_printf ("/fit/%s/turn", manners[i].name), *start = g_strdup_printf ("/fit/%s/start", manners[i].name), *sheets = g_strdup_printf ("/fit/%s/sheets", manners[i].name);
      g_autofree char *others = g_strdup_printf ("/fit/%s/others", manners[i].name);

      g_test_add_data_func (turn, &manners[i], choose_manner);
      g_test_add_func (start, test_start);
      for (guint k = 0; k < G_N_ELEMENTS (done); k++)
        {
          g_autofree char *design = g_strdup_printf ("/fit/%s/%s", manners[i].name, done[k].template);

          g_test_add_data_func (design, GUINT_TO_POINTER (k), test_design);
        }
      g_test_add_func (sheets, test_sheets);
      g_test_add_func (others, test_others);
    }
  status = g_test_run ();
  for (guint k = 0; k < G_N_ELEMENTS (done); k++)
    {
      g_clear_pointer (&done[k].run, eqs_kept_run_free);
      g_clear_pointer (&done[k].audit, eqs_map_unref);
    }
  return status;
}
