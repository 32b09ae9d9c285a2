/* The export sheet: the files are there, the code compiles and passes its self-test, and a folder that cannot be written is told. */

#include "widgets/export/export-dialog.h"
#include "widgets/export/export-sizes.h"
#include "widgets/theme.h"
#include "wait-for.h"

static void
test_export (void)
{
  g_autoptr (EqsDocument) document = eqs_document_new_from_template ("T01", NULL, NULL);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "export", NULL);
  g_autofree char *header = g_build_filename (folder, "c", "model.h", NULL), *spec = g_build_filename (folder, "specification.md", NULL);
  GtkWidget       *window = gtk_window_new ();
  EqsExportDialog *dialog;

  eqs_theme_load ();
  eqs_session_settle (session);
  WAIT_FOR (eqs_session_get_dataset (session) != NULL);
  gtk_window_present (GTK_WINDOW (window));
  dialog = EQS_EXPORT_DIALOG (eqs_export_dialog_new (GTK_WINDOW (window), session));
  /* What the code holds, not four bytes a parameter: filters are written expanded. */
  WAIT_FOR (eqs_export_sizes_get_constants (EQS_EXPORT_SIZES (gtk_widget_get_parent (find_named (GTK_WIDGET (dialog), "Sizes")))) > 4 * 113802);
  eqs_export_dialog_set_folder (dialog, folder);
  gtk_window_present (GTK_WINDOW (dialog));
  eqs_export_dialog_export (dialog);
  WAIT_FOR (eqs_export_dialog_is_done (dialog));
  g_assert_true (g_file_test (header, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (spec, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (g_strv_length ((char **) eqs_export_dialog_get_files (dialog)), >, 5);
  g_assert_nonnull (g_strstr_len (eqs_export_dialog_get_test (dialog), -1, "self-test passes"));

  /* One sample of the bound data through both, the same within the self-test's limit. */
  WAIT_FOR (eqs_compare_view_get_text (eqs_export_dialog_get_compare (dialog)) != NULL);
  g_assert_nonnull (g_strstr_len (eqs_compare_view_get_text (eqs_export_dialog_get_compare (dialog)), -1, "over 10 numbers"));

  eqs_export_dialog_set_folder (dialog, "/proc/no-such-place/export");
  eqs_export_dialog_export (dialog);
  WAIT_FOR (eqs_export_dialog_is_done (dialog));
  g_assert_cmpuint (g_strv_length ((char **) eqs_export_dialog_get_files (dialog)), ==, 0);
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

static EqsExportDialog *
open_dialog (const char *template, EqsSession **session, GtkWidget **window)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, &error);
  EqsExportDialog        *dialog;

  g_assert_no_error (error);
  *session = eqs_session_new (document, NULL);
  eqs_session_settle (*session);
  *window = gtk_window_new ();
  gtk_window_present (GTK_WINDOW (*window));
  dialog = EQS_EXPORT_DIALOG (eqs_export_dialog_new (GTK_WINDOW (*window), *session));
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

/* Python is offered for sets, graphs and points, not for pictures; its program is run where there is a Python that can. */
static void
test_python (void)
{
  static const struct { const char *template, *file; gboolean shown; } asked[] = { { "T18", "equi_torch.py", TRUE }, { "T13", "network.json", TRUE }, { "T01", NULL, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (EqsSession) session = NULL;
      GtkWidget        *window;
      EqsExportDialog  *dialog = open_dialog (asked[i].template, &session, &window);
      GtkWidget        *python = find_text (GTK_WIDGET (dialog), "Python (PyTorch)"), *check = gtk_widget_get_ancestor (python, GTK_TYPE_CHECK_BUTTON);
      g_autofree char  *folder = g_build_filename (g_get_user_data_dir (), "export-python", asked[i].template, NULL), *file = NULL;
      static const char *const others[] = { "C code with its self-test", "Specification, to read", "Picture of the network (SVG)" };

      g_assert_cmpint (gtk_widget_get_visible (check), ==, asked[i].shown);
      for (guint k = 0; k < G_N_ELEMENTS (others); k++)
        gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_widget_get_ancestor (find_text (GTK_WIDGET (dialog), others[k]), GTK_TYPE_CHECK_BUTTON)), FALSE);
      if (asked[i].shown)
        {
          gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
          eqs_export_dialog_set_folder (dialog, folder);
          eqs_export_dialog_export (dialog);
          WAIT_FOR (eqs_export_dialog_is_done (dialog));
          file = g_build_filename (folder, "python", asked[i].file, NULL);
          g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
          g_assert_cmpuint (g_strv_length ((char **) eqs_export_dialog_get_files (dialog)), ==, 4);
          g_test_message ("%s: %s", asked[i].template, eqs_export_dialog_get_test (dialog));
          g_assert_true (strstr (eqs_export_dialog_get_test (dialog), "gives the studio's numbers") != NULL || strstr (eqs_export_dialog_get_test (dialog), "was not run here") != NULL);
        }
      gtk_window_destroy (GTK_WINDOW (dialog));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/files-and-self-test", test_export);
  g_test_add_func ("/export/python", test_python);
  return g_test_run ();
}
