/*
 * One worker does it all: opens the network, audits are not repeated (the session's findings go into the specification when they are
 * of this design), writes, compiles with the system's compiler, runs the self-test. Nothing is written before the button is pressed.
 */

#include "widgets/export/export-dialog.h"

#include "draw/topology.h"
#include "services/export.h"
#include "services/spec.h"
#include "widgets/chooser.h"
#include "widgets/columns.h"
#include "widgets/export/compare-view.h"
#include "widgets/export/export-sizes.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { FORMAT_C, FORMAT_PYTHON, FORMAT_SPEC, FORMAT_JSON, FORMAT_WEIGHTS, FORMAT_PICTURE, N_FORMATS };

struct _EqsExportDialog
{
  GtkWindow   parent_instance;

  EqsSession *session;             /* owned */
  char       *folder;              /* owned (nullable) */
  char      **files;               /* owned (nullable) */
  char       *test;                /* owned (nullable) */
  gboolean    running, done;

  /* borrowed */
  GtkWidget  *formats[N_FORMATS], *prefix, *plain, *compact, *folder_button, *sizes, *export, *cancel, *spinner, *result, *result_box, *open, *compare;
};

G_DEFINE_FINAL_TYPE (EqsExportDialog, eqs_export_dialog, GTK_TYPE_WINDOW)

/* ---- the work ---- */

typedef struct
{
  EqsModelSource *source;          /* owned */
  EqsMap         *audit;           /* owned (nullable) */
  EqsCheck       *check;           /* owned (nullable) */
  char           *folder, *prefix; /* owned */
  char           *code;            /* owned: where the C code goes */
  gboolean        compiled;
  gboolean        formats[N_FORMATS], plain, compact;
  GPtrArray      *files;           /* owned: of char * */
  GString        *test;            /* owned: what compiler and programs said */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  eqs_model_source_unref (job->source);
  g_clear_pointer (&job->audit, eqs_map_unref);
  g_clear_pointer (&job->check, eqs_check_unref);
  g_free (job->folder);
  g_free (job->prefix);
  g_free (job->code);
  g_string_free (job->test, TRUE);
  g_ptr_array_unref (job->files);
  g_free (job);
}

static gboolean
take (Job *job, char **written)
{
  for (guint i = 0; written != NULL && written[i] != NULL; i++)
    g_ptr_array_add (job->files, g_strdup (written[i]));
  g_strfreev (written);
  return written != NULL;
}

static void G_GNUC_PRINTF (2, 3)
say (Job *job, const char *format, ...)
{
  va_list args;

  if (job->test->len > 0)
    g_string_append_c (job->test, ' ');
  va_start (args, format);
  g_string_append_vprintf (job->test, format, args);
  va_end (args);
}

/* @return whether the program ended well; *said (transfer full) is what it wrote, errors behind the rest */
static gboolean
run (const char *folder, const char *const *command, char **said)
{
  g_autofree char *output = NULL, *errors = NULL;
  int              status = -1;
  const gboolean   ok = g_spawn_sync (folder, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors, &status, NULL) && status == 0;

  *said = g_strconcat (output == NULL ? "" : output, errors == NULL ? "" : errors, NULL);
  return ok;
}

/* Compiles the code where it was written and runs its self-test; leaves nothing but the code. */
static void
test_code (Job *job, const char *folder)
{
  g_autofree char  *compiler = g_find_program_in_path ("cc"), *temporary = compiler == NULL ? NULL : g_dir_make_tmp ("equistudio-XXXXXX", NULL);
  g_autofree char  *program = temporary == NULL ? NULL : g_build_filename (temporary, "selftest", NULL), *built = NULL, *tested = NULL;
  const char *const build[] = { compiler, "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, "model.c", "model_weights.c", "selftest.c", "-lm", NULL };
  const char *const test[] = { program, NULL };

  if (program == NULL)
    {
      say (job, "%s", _("There is no C compiler on this computer, so the code was not compiled here."));
      return;
    }
  job->compiled = run (folder, build, &built);
  if (!job->compiled)
    say (job, _("The compiler did not accept the code: %s"), built);
  else if (run (folder, test, &tested))
    say (job, "%s", _("The code compiles without warnings, and its self-test passes: it gives the studio's numbers and keeps the symmetry."));
  else
    say (job, _("The code compiles, but its self-test fails: %s"), tested);
  g_remove (program);
  g_rmdir (temporary);
}

/* Runs the program, which compares itself with the studio's numbers. */
static void
test_python (Job *job, const char *folder)
{
  g_autofree char  *python = g_find_program_in_path ("python3"), *said = NULL;
  const char *const test[] = { python, "-B", "model.py", NULL };      /* -B: no folder of compiled modules beside it */

  if (python == NULL)
    say (job, "%s", _("There is no Python on this computer, so the program was not run here."));
  else if (run (folder, test, &said))
    say (job, "%s", _("The Python program runs and gives the studio's numbers."));
  else if (strstr (said, "ModuleNotFoundError") != NULL)
    say (job, "%s", _("Python has no PyTorch (for points also e3nn) on this computer, so the program was not run here."));
  else
    say (job, _("The Python program fails: %s"), said);
}

static gboolean
write_all (Job *job, GError **error)
{
  const EqsExportCOptions options = { .prefix = job->prefix, .plain = job->plain, .compact = job->compact };
  g_autoptr (EqsModel) model = eqs_model_source_open (job->source, error);
  const char          *code = job->code;
  g_autofree char     *python = g_build_filename (job->folder, "python", NULL), *picture = g_build_filename (job->folder, "network.svg", NULL);

  if (model == NULL)
    return FALSE;
  if (job->formats[FORMAT_C] && !take (job, eqs_export_c (model, code, &options, error)))
    return FALSE;
  if (job->formats[FORMAT_PYTHON] && !take (job, eqs_export_python (model, python, error)))
    return FALSE;
  if (job->formats[FORMAT_SPEC] && !take (job, eqs_export_spec (model, job->audit, job->folder, FALSE, error)))
    return FALSE;
  if (job->formats[FORMAT_JSON] && !take (job, eqs_export_spec (model, job->audit, job->folder, TRUE, error)))
    return FALSE;
  if (job->formats[FORMAT_WEIGHTS] && !take (job, eqs_export_weights (model, job->folder, NULL, error)))
    return FALSE;
  if (job->formats[FORMAT_PICTURE])
    {
      g_autoptr (EqsDocument) copy = eqs_document_dup (job->source->document);

      if (g_mkdir_with_parents (job->folder, 0777) != 0 || !eqs_draw_topology_save (copy, job->check, picture, error))
        return FALSE;
      g_ptr_array_add (job->files, g_strdup (picture));
    }
  if (job->formats[FORMAT_C])
    test_code (job, code);
  if (job->formats[FORMAT_PYTHON])
    test_python (job, python);
  return TRUE;
}

static void
export_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_all (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- what is shown ---- */

static void
update (EqsExportDialog *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < N_FORMATS; i++)
    any = any || gtk_check_button_get_active (GTK_CHECK_BUTTON (self->formats[i]));
  gtk_widget_set_sensitive (self->export, any && self->folder != NULL && !self->running);
  gtk_widget_set_visible (self->spinner, self->running);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), self->running);
  if (self->folder != NULL)
    {
      g_autofree char *shown = g_filename_display_name (self->folder);

      gtk_label_set_label (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->folder_button))), shown);
    }
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsExportDialog *self = EQS_EXPORT_DIALOG (source);
  Job             *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  const gboolean     ok = g_task_propagate_boolean (G_TASK (result), &error);

  self->running = FALSE;
  self->done = TRUE;
  if (self->session == NULL)
    return;
  g_strfreev (self->files);
  g_ptr_array_add (job->files, NULL);
  self->files = g_strdupv ((char **) job->files->pdata);
  g_free (self->test);
  self->test = job->test->len == 0 ? NULL : g_strdup (job->test->str);
  if (ok)
    {
      const guint n = g_strv_length (self->files);
      g_autofree char *count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u file was written.", "%u files were written.", n), n);

      text = self->test == NULL ? g_strdup (count) : g_strdup_printf ("%s %s", count, self->test);
    }
  else
    text = g_strdup (error->message);
  gtk_label_set_label (GTK_LABEL (self->result), text);
  gtk_widget_remove_css_class (self->result_box, ok ? "eq-bad-ground" : "eq-good-ground");
  gtk_widget_add_css_class (self->result_box, ok ? "eq-good-ground" : "eq-bad-ground");
  gtk_widget_set_visible (self->result_box, TRUE);
  gtk_widget_set_visible (self->open, ok);
  if (ok && job->compiled)
    eqs_compare_view_set_code (EQS_COMPARE_VIEW (self->compare), job->source, job->code, job->prefix);
  else
    gtk_widget_set_visible (self->compare, FALSE);
  gtk_button_set_label (GTK_BUTTON (self->cancel), _("Close"));
  update (self);
}

void
eqs_export_dialog_export (EqsExportDialog *self)
{
  g_return_if_fail (EQS_IS_EXPORT_DIALOG (self));
  g_autoptr (GTask) task = NULL;
  const char *prefix = gtk_editable_get_text (GTK_EDITABLE (self->prefix));
  Job *job;

  if (self->running || self->folder == NULL)
    return;
  job = g_new0 (Job, 1);
  job->source = eqs_session_dup_model_source (self->session);
  job->audit = eqs_session_get_audit (self->session) == NULL || eqs_session_is_audit_stale (self->session) ? NULL : eqs_map_copy (eqs_session_get_audit (self->session));
  job->check = eqs_session_get_check (self->session) == NULL ? NULL : eqs_check_ref (eqs_session_get_check (self->session));
  job->folder = g_strdup (self->folder);
  job->code = g_build_filename (self->folder, "c", NULL);
  job->prefix = prefix[0] == '\0' ? NULL : g_strdup (prefix);
  job->plain = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->plain));
  job->compact = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->compact));
  job->files = g_ptr_array_new_with_free_func (g_free);
  job->test = g_string_new (NULL);
  for (guint i = 0; i < N_FORMATS; i++)
    job->formats[i] = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->formats[i]));
  self->running = TRUE;
  self->done = FALSE;
  gtk_label_set_label (GTK_LABEL (self->result), job->formats[FORMAT_C] ? _("Writing the files, then compiling the C code and running its self-test. This can take a minute.") : _("Writing the files."));
  gtk_widget_remove_css_class (self->result_box, "eq-good-ground");
  gtk_widget_remove_css_class (self->result_box, "eq-bad-ground");
  gtk_widget_set_visible (self->open, FALSE);
  gtk_widget_set_visible (self->result_box, TRUE);
  update (self);
  task = eqs_weak_task_new (self, NULL, done_cb, NULL, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, export_worker);
}

gboolean
eqs_export_dialog_is_done (EqsExportDialog *self)
{
  g_return_val_if_fail (EQS_IS_EXPORT_DIALOG (self), FALSE);
  return self->done;
}

const char *const *
eqs_export_dialog_get_files (EqsExportDialog *self)
{
  return (const char *const *) self->files;
}

EqsCompareView *
eqs_export_dialog_get_compare (EqsExportDialog *self)
{
  g_return_val_if_fail (EQS_IS_EXPORT_DIALOG (self), NULL);
  return EQS_COMPARE_VIEW (self->compare);
}

const char *
eqs_export_dialog_get_test (EqsExportDialog *self)
{
  g_return_val_if_fail (EQS_IS_EXPORT_DIALOG (self), NULL);
  return self->test;
}

void
eqs_export_dialog_set_folder (EqsExportDialog *self, const char *folder)
{
  g_return_if_fail (EQS_IS_EXPORT_DIALOG (self));
  g_free (self->folder);
  self->folder = g_strdup (folder);
  update (self);
}

/* ---- buttons ---- */

static void
export_cb (GtkButton *button, EqsExportDialog *self)
{
  eqs_export_dialog_export (self);
}

static void
cancel_cb (GtkButton *button, EqsExportDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
measure (EqsExportDialog *self)
{
  eqs_export_sizes_measure (EQS_EXPORT_SIZES (self->sizes), gtk_check_button_get_active (GTK_CHECK_BUTTON (self->plain)), gtk_check_button_get_active (GTK_CHECK_BUTTON (self->compact)));
}

static void
toggled_cb (GtkCheckButton *button, EqsExportDialog *self)
{
  update (self);
  if (GTK_WIDGET (button) == self->plain || GTK_WIDGET (button) == self->compact)
    measure (self);
}

static void
open_cb (GtkButton *button, EqsExportDialog *self)
{
  g_autofree char *uri = g_filename_to_uri (self->folder, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
folder_response_cb (GtkNativeDialog *dialog, int response, EqsExportDialog *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL)
    eqs_export_dialog_set_folder (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

static void
folder_cb (GtkButton *button, EqsExportDialog *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("Where to write"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Choose"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- making it ---- */

static GtkWidget *
format_row (EqsExportDialog *self, const char *label, gboolean active)
{
  GtkWidget *button = gtk_check_button_new ();

  /* The label breaks where text is large. */
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), eqs_text_new (label, NULL));
  eqs_set_name (button, label);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), active);
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
  return button;
}

/* Pictures have no Python form at all; elsewhere a layer may have none, which is said. */
static void
offer_python (EqsExportDialog *self)
{
  const EqsCheck    *check = eqs_session_get_check (self->session);
  g_autoptr (GError) error = NULL;

  if (check != NULL && check->program != NULL && eqs_export_python_can (check->typed, &error))
    return;
  gtk_widget_set_sensitive (self->formats[FORMAT_PYTHON], FALSE);
  gtk_widget_set_visible (self->formats[FORMAT_PYTHON], error != NULL && eqs_export_has_rows (check->program, EQK_SPACE_NODES));
  gtk_widget_set_tooltip_text (self->formats[FORMAT_PYTHON], error == NULL ? NULL : error->message);
}

static GtkWidget *
make_what (EqsExportDialog *self)
{
  static const struct { const char *label; gboolean active; } formats[N_FORMATS] = {
    { N_("C code with its self-test"), TRUE }, { N_("Python (PyTorch)"), FALSE }, { N_("Specification, to read"), TRUE }, { N_("Specification, for programs (JSON)"), FALSE },
    { N_("Weights (safetensors)"), FALSE }, { N_("Picture of the network (SVG)"), TRUE },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("What to write")));
  for (guint i = 0; i < N_FORMATS; i++)
    gtk_box_append (GTK_BOX (box), self->formats[i] = format_row (self, _(formats[i].label), formats[i].active));
  offer_python (self);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("How the C code is made")));
  self->plain = format_row (self, _("Plain loops, without vector extensions"), FALSE);
  self->compact = format_row (self, _("Small: filters are made from their coefficients at the start"), FALSE);
  self->prefix = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->prefix), "eq_model");
  eqs_set_name (self->prefix, _("Prefix of all names"));
  gtk_box_append (GTK_BOX (box), self->plain);
  gtk_box_append (GTK_BOX (box), self->compact);
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("Prefix of all names"), "eq-second"));
  gtk_box_append (GTK_BOX (box), self->prefix);
  return box;
}

/* Bytes before files. The buttons for the options are there by now. */
static GtkWidget *
make_sizes (EqsExportDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr (EqsModelSource) source = eqs_session_dup_model_source (self->session);

  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("What it needs")));
  gtk_box_append (GTK_BOX (box), self->sizes = eqs_export_sizes_new (self->session));
  measure (self);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Which weights")));
  gtk_box_append (GTK_BOX (box), eqs_text_new (source->label, NULL));
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Where to")));
  self->folder_button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->folder_button), eqs_line_new (_("Choose a folder"), NULL));
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->folder_button))), PANGO_ELLIPSIZE_MIDDLE);
  eqs_set_name (self->folder_button, _("Folder to write to"));
  g_signal_connect (self->folder_button, "clicked", G_CALLBACK (folder_cb), self);
  gtk_box_append (GTK_BOX (box), self->folder_button);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
make_result (EqsExportDialog *self)
{
  self->result_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->result = eqs_text_new ("", NULL);
  gtk_widget_set_hexpand (self->result, TRUE);
  self->open = gtk_button_new_with_label (_("Open the folder"));
  gtk_widget_set_valign (self->open, GTK_ALIGN_CENTER);
  g_signal_connect (self->open, "clicked", G_CALLBACK (open_cb), self);
  gtk_widget_add_css_class (self->result_box, "eq-result");
  gtk_box_append (GTK_BOX (self->result_box), self->result);
  gtk_box_append (GTK_BOX (self->result_box), self->open);
  gtk_widget_set_visible (self->result_box, FALSE);
  return self->result_box;
}

static GtkWidget *
make_bar (EqsExportDialog *self)
{
  GtkWidget *bar = adw_header_bar_new ();

  self->cancel = gtk_button_new_with_label (_("Cancel"));
  self->export = gtk_button_new_with_label (_("Write the files"));
  self->spinner = gtk_spinner_new ();
  gtk_widget_add_css_class (self->export, "suggested-action");
  g_signal_connect (self->cancel, "clicked", G_CALLBACK (cancel_cb), self);
  g_signal_connect (self->export, "clicked", G_CALLBACK (export_cb), self);
  eqs_set_name (self->spinner, _("Writing"));
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), self->cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->export);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->spinner);
  return bar;
}

static void
eqs_export_dialog_dispose (GObject *object)
{
  g_clear_object (&EQS_EXPORT_DIALOG (object)->session);

  G_OBJECT_CLASS (eqs_export_dialog_parent_class)->dispose (object);
}

static void
eqs_export_dialog_finalize (GObject *object)
{
  EqsExportDialog *self = EQS_EXPORT_DIALOG (object);

  g_free (self->folder);
  g_strfreev (self->files);
  g_free (self->test);

  G_OBJECT_CLASS (eqs_export_dialog_parent_class)->finalize (object);
}

static void
eqs_export_dialog_class_init (EqsExportDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_export_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_export_dialog_finalize;
}

static void
eqs_export_dialog_init (EqsExportDialog *self)
{
}

/* What was written, and what the code says to a sample, appears below what was asked for: it is shown as it comes. */
static void
grown_cb (GtkAdjustment *adjustment, EqsExportDialog *self)
{
  if (self->files != NULL && !self->running)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment));
}

GtkWidget *
eqs_export_dialog_new (GtkWindow *parent, EqsSession *session)
{
  EqsExportDialog *self = g_object_new (EQS_TYPE_EXPORT_DIALOG, "title", _("Export"), "modal", TRUE, "transient-for", parent, "default-width", 820, "default-height", 560, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16), *columns, *scroll = gtk_scrolled_window_new ();
  g_autofree char *folder = NULL, *title = eqs_session_dup_title (session), *name = NULL;

  self->session = g_object_ref (session);
  eqs_close_on_escape (GTK_WIDGET (self));
  gtk_window_set_titlebar (GTK_WINDOW (self), make_bar (self));
  columns = make_what (self);
  columns = eqs_columns_new (columns, make_sizes (self), 0.53, 0, 700, 32);
  gtk_box_append (GTK_BOX (box), columns);
  gtk_box_append (GTK_BOX (box), make_result (self));
  gtk_box_append (GTK_BOX (box), self->compare = eqs_compare_view_new (session));
  gtk_widget_set_margin_top (box, 16);
  gtk_widget_set_margin_bottom (box, 16);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  eqs_set_name (scroll, _("Export"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), box);
  gtk_window_set_child (GTK_WINDOW (self), scroll);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroll)), "changed", G_CALLBACK (grown_cb), self, 0);
  eqs_set_name (GTK_WIDGET (self), _("Export"));
  /* Return writes what is asked for at first; a person who wants it otherwise goes to it. */
  gtk_window_set_default_widget (GTK_WINDOW (self), self->export);
  gtk_window_set_focus (GTK_WINDOW (self), self->export);
  name = g_strdup_printf ("%s-export", title);
  g_strdelimit (name, "/ .", '-');
  folder = g_build_filename (g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS) != NULL ? g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS) : g_get_home_dir (), name, NULL);
  eqs_export_dialog_set_folder (self, folder);
  return GTK_WIDGET (self);
}
