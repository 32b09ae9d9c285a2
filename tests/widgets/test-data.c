/* The data panel: other data are bound as one undo step; data that do not fit change nothing and say why. */

#include "widgets/data/data-panel.h"
#include "widgets/data/import-window.h"
#include "widgets/data/inspect-window.h"
#include "widgets/sample-picture.h"
#include "widgets/space/frames-window.h"
#include "widgets/theme.h"
#include "wait-for.h"

#include <glib/gstdio.h>
#include <string.h>

static void
message_cb (EqsSession *session, const char *text, char **last)
{
  g_free (*last);
  *last = g_strdup (text);
}

static const char *
bound (EqsSession *session)
{
  return eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_DATA), "name", "");
}

static void
test_bind (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *told = NULL;
  GtkWidget    *window = gtk_window_new ();
  EqsDataPanel *panel;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = EQS_DATA_PANEL (eqs_data_panel_new (session));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (session, "message", G_CALLBACK (message_cb), &told);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  eqs_data_panel_use (panel, "digits8");
  WAIT_FOR (g_strcmp0 (bound (session), "digits8") == 0);
  g_assert_nonnull (told);       /* 28 × 28 became 8 × 8 */
  eqs_session_settle (session);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpstr (bound (session), ==, "mnist_rot");

  g_clear_pointer (&told, g_free);
  eqs_data_panel_use (panel, "/no/such/folder");
  WAIT_FOR (told != NULL);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  g_clear_pointer (&told, g_free);
  eqs_data_panel_use (panel, "ethanol_xtb");
  WAIT_FOR (told != NULL);
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What stands in the panel is what the data hold; leafing and classes narrow it. */
static void
test_look (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window = gtk_window_new (), *panel, *flow, *class;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = eqs_data_panel_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 300, 900);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (find_text (panel, "1–12 of 5400") != NULL);
  flow = find_named (panel, "Samples");
  g_assert_nonnull (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), 11));
  g_assert_null (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), 12));
  g_signal_emit_by_name (find_named (panel, "Later samples"), "clicked");
  WAIT_FOR (find_text (panel, "13–24 of 5400") != NULL);
  class = find_named (panel, "Class of the samples");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (class), 4);
  WAIT_FOR (find_text (panel, "13–24 of 5400") == NULL);
  for (int i = 0; i < 12; i++)
    g_assert_nonnull (find_text (GTK_WIDGET (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (flow), i)), "3"));
  WAIT_FOR (find_text (panel, "No sample stands in two parts.") != NULL);
  g_assert_nonnull (find_text (panel, "5,400"));
  g_assert_nonnull (find_text (panel, "2,000"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Where the data have parts of other kinds to train on, choosing one is a change of the plan. */
static void
test_train_on (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T03", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget *window = gtk_window_new (), *panel, *down;

  eqs_session_settle (session);
  panel = eqs_data_panel_new (session);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  down = find_named (panel, "Train on");
  g_assert_nonnull (down);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (down), ==, "GtkDropDown");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (down), 1);
  g_assert_cmpstr (eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (session), EQS_SECTION_TRAINING), "split", "train"), ==, "train_upright");
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (down)), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Molecules are opened in space, and leafed through like a film. */
static void
test_frames (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T09", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autoptr (EqsSplit)    split = NULL;
  GtkWidget *window = gtk_window_new (), *panel, *frames;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = eqs_data_panel_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 300, 900);
  gtk_window_set_child (GTK_WINDOW (window), panel);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (find_text (panel, "Look at them in space") != NULL);
  split = eqs_dataset_load (eqs_session_get_dataset (session), "test", NULL);
  g_assert_true (eqs_frames_can_show (split));
  frames = eqs_frames_window_open (panel, split, 3);
  g_assert_cmpstr (eqs_frames_window_set (frames, 3), ==, "Frame 4 of 280, 9 points");
  g_assert_cmpstr (eqs_frames_window_set (frames, 279), ==, "Frame 280 of 280, 9 points");
  gtk_window_destroy (GTK_WINDOW (frames));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- pictures ---- */

/* A folder of four pictures: lines on a ground of this lightness. */
static char *
write_pictures (int ground, int line)
{
  char *folder = g_dir_make_tmp ("equi-pictures-XXXXXX", NULL);

  for (int k = 0; k < 4; k++)
    {
      g_autofree char *name = g_strdup_printf ("class%d", k % 2), *class = g_build_filename (folder, name, NULL), *file = g_strdup_printf ("%s/%d.pgm", class, k);
      GString         *text = g_string_new ("P2\n8 8\n255\n");

      for (int i = 0; i < 64; i++)
        g_string_append_printf (text, "%d ", i / 8 == 3 + k % 2 && i % 8 > 1 && i % 8 < 6 ? line : ground);
      g_mkdir (class, 0777);
      g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
      g_string_free (text, TRUE);
    }
  return folder;
}

static guint32
corner_of (const char *folder)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (EqsDataset) dataset = eqs_dataset_open (folder, &error);
  EqsSamplePicture      *picture = eqs_sample_picture_load (dataset, NULL, 0);
  cairo_surface_t       *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 64, 64);
  cairo_t               *cr = cairo_create (surface);
  guint32                corner;

  g_assert_no_error (error);
  g_assert_nonnull (picture);
  eqs_sample_picture_draw (picture, cr, 0, 0, 64, &(GdkRGBA) { 0, 0, 0, 1 });
  cairo_surface_flush (surface);
  corner = *(guint32 *) (void *) (cairo_image_surface_get_data (surface) + 4 * cairo_image_surface_get_stride (surface) + 16);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  eqs_sample_picture_unref (picture);
  return corner;
}

/* Black lines on white were shown as white ones on black. What is drawn on nothing stays ink on whatever paper there is. */
static void
test_pictures (void)
{
  g_autofree char *light = write_pictures (255, 0), *dark = write_pictures (0, 255);

  g_assert_cmphex (corner_of (light), ==, 0xffffffff);
  g_assert_cmphex (corner_of (dark), ==, 0);
}

/* ---- names and units ---- */

static char *
write_odd_names (void)
{
  GString         *text = g_string_new (NULL);
  char            *folder = g_dir_make_tmp ("equi-names-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "train.xyz", NULL);

  for (int s = 0; s < 12; s++)
    g_string_append_printf (text, "2\nProperties=species:S:1:pos:R:3:F_dft:R:3 E_dft=%d.5\nH 0 0 0 0 0 %d\nH 0 0 0.%d 0 0 -%d\n", -s, s, 70 + s, s);
  g_assert_true (g_file_set_contents (file, text->str, -1, NULL));
  g_string_free (text, TRUE);
  return folder;
}

static GtkWidget *
window_titled (const char *title)
{
  GListModel *all = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (all, i);

      if (g_strcmp0 (gtk_window_get_title (window), title) == 0)
        return GTK_WIDGET (window);
    }
  return NULL;
}

static void
choose (GtkWidget *window, const char *name, const char *text)
{
  GtkWidget  *down = find_named (window, name);
  GListModel *model;

  g_assert_true (GTK_IS_DROP_DOWN (down));
  model = gtk_drop_down_get_model (GTK_DROP_DOWN (down));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (model, i);

      if (strcmp (gtk_string_object_get_string (item), text) == 0)
        {
          gtk_drop_down_set_selected (GTK_DROP_DOWN (down), i);
          return;
        }
    }
  g_error ("“%s” is not offered by “%s”", text, name);
}

/* Data whose energy is called otherwise open the question; the answer is bound as one step, and asked again it shows it. */
static void
test_names (void)
{
  char *folder = write_odd_names ();
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T09", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *told = NULL, *base = g_path_get_basename (folder), *file = g_build_filename (folder, "train.xyz", NULL);
  g_autoptr (EqsSplit) train = NULL;
  GtkWidget    *window = gtk_window_new (), *ask;
  EqsDataPanel *panel;
  double        energy;
  guint         first = 0;

  eqs_theme_load ();
  eqs_session_settle (session);
  panel = EQS_DATA_PANEL (eqs_data_panel_new (session));
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (panel));
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (session, "message", G_CALLBACK (message_cb), &told);
  eqs_data_panel_use (panel, folder);
  WAIT_FOR (window_titled ("Names and units") != NULL);
  g_assert_cmpstr (bound (session), ==, "ethanol_xtb");
  ask = window_titled ("Names and units");
  choose (ask, "Energy: property of the files", "E_dft");
  choose (ask, "Energy: unit in the files", "Hartree");
  choose (ask, "Forces: property of the files", "F_dft");
  choose (ask, "Forces: unit in the files", "eV/Å");
  g_signal_emit_by_name (find_named (ask, "Use these"), "clicked");
  WAIT_FOR (strcmp (bound (session), base) == 0);
  WAIT_FOR (window_titled ("Names and units") == NULL);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  train = eqs_dataset_load (eqs_session_get_dataset (session), "train", NULL);
  eqs_split_copy_double (train, eqs_split_find (train, "energy"), &first, 1, &energy);
  g_assert_cmpfloat_with_epsilon (energy / 27.211386245988, -(double) eqs_split_get_row (train, 0) + (eqs_split_get_row (train, 0) == 0 ? 0.5 : -0.5), 1e-9);
  g_assert_cmpuint (eqs_data_look_get_problems (eqs_session_get_data_look (session))->len, ==, 0);
  g_assert_true (eqs_history_undo (eqs_session_get_history (session)));
  g_assert_cmpstr (bound (session), ==, "ethanol_xtb");
  gtk_window_destroy (GTK_WINDOW (window));
  g_remove (file);
  g_rmdir (folder);
  g_free (folder);
}

static void
write_picture (const char *folder, const char *class, int number)
{
  g_autofree char *path = g_build_filename (folder, class, NULL), *name = g_strdup_printf ("%d.png", number), *file = g_build_filename (path, name, NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 16, 16);

  g_assert_cmpint (g_mkdir_with_parents (path, 0777), ==, 0);
  gdk_pixbuf_fill (pixbuf, class[0] == 'a' ? 0x202020ff : 0xe0e0e0ff);
  gdk_pixbuf_get_pixels (pixbuf)[3 * number] = 255;
  g_assert_true (gdk_pixbuf_save (pixbuf, file, "png", NULL, NULL));
}

static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

/* Pictures of one's own: what would change is told before, a renamed class stands in the data after; nothing is bound before the button. A table for
 * a design of pictures is refused in the window, and so is a folder without data. */
static void
test_import (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "shapes", NULL), *empty = g_build_filename (g_get_user_data_dir (), "empty", NULL);
  g_autofree char *json = g_build_filename (folder, "dataset.json", NULL);
  EqsImportWindow *window;
  EqsMeaning      *label;
  gpointer         alive;

  eqs_theme_load ();
  eqs_session_settle (session);
  for (int i = 0; i < 12; i++)
    {
      write_picture (folder, "arc", i);
      write_picture (folder, "bar", i);
    }
  g_assert_cmpint (g_mkdir_with_parents (empty, 0777), ==, 0);
  window = EQS_IMPORT_WINDOW (eqs_import_window_new (NULL, session, folder));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_import_window_is_ready (window));
  g_assert_cmpstr (eqs_import_window_get_refusal (window), ==, "");
  g_assert_true (says (GTK_WIDGET (window), "16×16"));
  g_assert_true (says (GTK_WIDGET (window), "2 classes"));
  g_assert_cmpstr (bound (session), ==, "mnist_rot");
  g_assert_cmpuint (eqs_import_window_get_mapped (window)->len, ==, 2);

  /* Nothing to tell is no mapping. */
  eqs_import_window_map (window, "label", EQS_ROLE_EXTRA, FALSE);
  eqs_import_window_use (window);
  g_assert_nonnull (strstr (eqs_import_window_get_refusal (window), "target"));
  g_assert_false (g_file_test (json, G_FILE_TEST_EXISTS));

  label = g_ptr_array_index (eqs_import_window_get_mapped (window), 1);
  g_assert_cmpstr (label->classes[1], ==, "bar");
  g_free (label->classes[1]);
  label->classes[1] = g_strdup ("stroke");
  eqs_import_window_map (window, "label", EQS_ROLE_TARGET, TRUE);
  alive = window;
  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  eqs_import_window_use (window);
  WAIT_FOR (alive == NULL);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL && g_str_equal (eqs_dataset_get_name (eqs_session_get_dataset (session)), "shapes"));
  {
    g_autoptr (EqsSplit) split = eqs_dataset_load (eqs_session_get_dataset (session), "train", NULL);

    g_assert_cmpstr (eqs_split_find (split, "label")->class_names[1], ==, "stroke");
  }

  window = EQS_IMPORT_WINDOW (eqs_import_window_new (NULL, session, empty));
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_import_window_is_ready (window));
  g_assert_nonnull (strstr (eqs_import_window_get_refusal (window), "holds no data set"));
  eqs_import_window_use (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Molecules with other names and units: refused as they are, with what there is to choose from; chosen, they are kept beside the data, and bound. */
static void
test_import_molecules (void)
{
  char *folder = write_odd_names ();
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T09", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *json = g_build_filename (folder, "dataset.json", NULL), *base = g_path_get_basename (folder), *file = g_build_filename (folder, "train.xyz", NULL), *text = NULL;
  GtkWidget       *window;
  gpointer         alive;
  EqsColumnInfo    energy = { NULL };

  eqs_theme_load ();
  eqs_session_settle (session);
  window = eqs_import_window_new (NULL, session, folder);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_import_window_is_ready (EQS_IMPORT_WINDOW (window)));
  g_assert_nonnull (strstr (eqs_import_window_get_refusal (EQS_IMPORT_WINDOW (window)), "E_dft"));
  choose (window, "Which quantity “E_dft” is", "energy");
  WAIT_FOR (find_named (window, "energy: unit in the files") != NULL);
  choose (window, "energy: unit in the files", "Hartree");
  choose (window, "Which quantity “F_dft” is", "forces");
  alive = window;
  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  eqs_import_window_use (EQS_IMPORT_WINDOW (window));
  WAIT_FOR (alive == NULL);
  g_assert_true (g_file_get_contents (json, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "E_dft"));
  WAIT_FOR (eqs_session_get_dataset (session) != NULL && g_str_equal (eqs_dataset_get_name (eqs_session_get_dataset (session)), base));
  for (guint i = 0; i < eqs_dataset_get_n_columns (eqs_session_get_dataset (session)); i++)
    if (strcmp (eqs_dataset_get_column (eqs_session_get_dataset (session), i).name, "energy") == 0)
      energy = eqs_dataset_get_column (eqs_session_get_dataset (session), i);
  g_assert_cmpfloat_with_epsilon (energy.factor, 27.211386245988, 1e-9);
  g_remove (json);
  g_remove (file);
  g_rmdir (folder);
  g_free (folder);
}

/* Data that cannot be bound, since values are missing, are inspected from the window that refuses them. */
static void
test_inspect (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *folder = g_dir_make_tmp ("equi-inspect-XXXXXX", NULL), *file = g_build_filename (folder, "train.csv", NULL);
  g_autoptr (EqsDataset) dataset = NULL;
  GtkWidget *window;

  g_assert_true (g_file_set_contents (file, "a,b,label\n,2,0\n3,4,1\n5,6,1\n3,4,1\n", -1, NULL));
  dataset = eqs_dataset_open (folder, NULL);
  eqs_session_settle (session);
  window = eqs_inspect_window_new (NULL, session, dataset);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_FOR (eqs_inspect_window_get_found (EQS_INSPECT_WINDOW (window)) != NULL);
  g_assert_nonnull (find_text (window, "1 value is missing; training refuses a part with missing values. 1 sample equals an earlier one."));
  g_assert_nonnull (find_text (window, "    x[0]"));
  gtk_window_destroy (GTK_WINDOW (window));

  window = eqs_inspect_window_new (NULL, session, NULL);      /* of the design; closed at once */
  gtk_window_present (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (window));
  g_remove (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/pictures", test_pictures);
  g_test_add_func ("/data/bind", test_bind);
  g_test_add_func ("/data/look", test_look);
  g_test_add_func ("/data/names", test_names);
  g_test_add_func ("/data/train-on", test_train_on);
  g_test_add_func ("/data/import", test_import);
  g_test_add_func ("/data/import-molecules", test_import_molecules);
  g_test_add_func ("/data/frames", test_frames);
  g_test_add_func ("/data/inspect", test_inspect);
  return g_test_run ();
}
