/* Two pictures and a list. Both sides may be any snapshot, or the design as it is now, which follows every edit. */

#include "widgets/snapshots/snapshot-window.h"

#include "draw/topology.h"
#include "model/snapshots.h"
#include "widgets/parts.h"
#include "widgets/theme.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsSnapshotWindow
{
  GtkWindow   parent_instance;

  EqsSession *session;          /* owned */
  GPtrArray  *snapshots;        /* owned: of EqsSnapshot */
  GPtrArray  *differences;      /* owned: of EqsDifference */
  GHashTable *checks;           /* owned: EqsSnapshot (borrowed) to its EqsCheck (owned), NULL while it is made */
  gboolean    filling;

  GtkWidget  *name, *choices[2], *pictures[2], *back, *drop, *summary, *list, *compare;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsSnapshotWindow, eqs_snapshot_window, GTK_TYPE_WINDOW)

/* The snapshot on a side; NULL: the design as it is, the last row. */
static EqsSnapshot *
snapshot_on (EqsSnapshotWindow *self, int side)
{
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choices[side]));

  return at < self->snapshots->len ? self->snapshots->pdata[at] : NULL;
}

static EqsDocument *
document_on (EqsSnapshotWindow *self, int side)
{
  EqsSnapshot *snapshot = snapshot_on (self, side);

  return snapshot == NULL ? eqs_session_get_document (self->session) : snapshot->document;
}

/* ---- pictures ---- */

static void
check_free (gpointer check)
{
  if (check != NULL)
    eqs_check_unref (check);
}

static void
draw (EqsSnapshotWindow *self, cairo_t *cr, int width, int height, int side)
{
  EqsDocument    *document = document_on (self, side);
  const EqsCheck *check = eqs_snapshot_window_get_check (self, side);
  double          w, h, scale;

  eqs_draw_topology_size (document, check, &w, &h);
  scale = MIN (MIN (width / w, height / h), 1);
  cairo_translate (cr, (width - w * scale) / 2, 0);
  cairo_scale (cr, scale, scale);
  eqs_draw_topology_marked (cr, document, check, eqs_theme_is_dark (), self->differences);
}

/* Types and counts of a snapshot, as its picture tells them, are made in the background. */
static void
check_worker (GTask *task, gpointer source, gpointer document, GCancellable *cancellable)
{
  g_task_return_pointer (task, eqs_check_new (document, NULL), (GDestroyNotify) eqs_check_unref);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer snapshot)
{
  EqsSnapshotWindow   *self = EQS_SNAPSHOT_WINDOW (source);
  g_autoptr (EqsCheck) check = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Snapshots may have been read anew meanwhile. */
  if (self->session == NULL || check == NULL || !g_hash_table_contains (self->checks, snapshot))
    return;
  g_hash_table_insert (self->checks, snapshot, g_steal_pointer (&check));
  for (int i = 0; i < 2; i++)
    gtk_widget_queue_draw (self->pictures[i]);
}

static void
ask_for_check (EqsSnapshotWindow *self, EqsSnapshot *snapshot)
{
  g_autoptr (GTask) task = NULL;

  if (snapshot == NULL || g_hash_table_contains (self->checks, snapshot))
    return;
  g_hash_table_insert (self->checks, snapshot, NULL);
  task = eqs_weak_task_new (self, NULL, checked_cb, snapshot, NULL);
  g_task_set_task_data (task, eqs_document_dup (snapshot->document), g_object_unref);
  g_task_run_in_thread (task, check_worker);
}

static void
draw_left_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer self)
{
  draw (self, cr, width, height, 0);
}

static void
draw_right_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer self)
{
  draw (self, cr, width, height, 1);
}

/* ---- differences ---- */

static void
clicked_cb (GtkButton *button, EqsSnapshotWindow *self)
{
  const char *path = g_object_get_data (G_OBJECT (button), "path");

  eqs_session_reveal (self->session, path);
  eqs_session_select_one (self->session, path);
}

static void
add_difference (EqsSnapshotWindow *self, const EqsDifference *one)
{
  static const struct { const char *title, *style; } kinds[] = { { N_("added"), "eq-good" }, { N_("removed"), "eq-bad" }, { N_("changed"), "eq-warn" } };
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *text = eqs_text_new (one->text, "eq-second");
  g_autofree char *name = g_strdup_printf ("%s %s: %s", _(kinds[one->kind].title), one->path == NULL ? "" : one->path, one->text);

  gtk_box_append (GTK_BOX (row), eqs_pill_new (_(kinds[one->kind].title), kinds[one->kind].style));
  if (one->path != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (one->path);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_sensitive (button, eqs_document_find_node (eqs_session_get_document (self->session), one->path) != NULL);
      g_object_set_data_full (G_OBJECT (button), "path", g_strdup (one->path), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
      gtk_box_append (GTK_BOX (row), button);
    }
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (row), text);
  eqs_row_append_plain (self->list, row, name);
}

static void
show_differences (EqsSnapshotWindow *self)
{
  const guint      n = self->differences->len;
  g_autofree char *text = n == 0 ? g_strdup (_("Nodes, links and settings are the same.")) :
                          g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u difference: + added, − removed, ≠ changed.", "%u differences: + added, − removed, ≠ changed.", n), n);

  eqs_box_clear (self->list);
  for (guint i = 0; i < n; i++)
    add_difference (self, self->differences->pdata[i]);
  gtk_label_set_label (GTK_LABEL (self->summary), text);
  gtk_widget_set_visible (self->list, n > 0);
}

static void
compare (EqsSnapshotWindow *self)
{
  g_clear_pointer (&self->differences, g_ptr_array_unref);
  self->differences = eqs_difference_new (document_on (self, 0), document_on (self, 1));
  show_differences (self);
  gtk_widget_set_sensitive (self->back, snapshot_on (self, 0) != NULL && !eqs_document_is_read_only (eqs_session_get_document (self->session)));
  gtk_widget_set_sensitive (self->drop, snapshot_on (self, 0) != NULL && !eqs_document_is_read_only (eqs_session_get_document (self->session)));
  for (int i = 0; i < 2; i++)
    {
      ask_for_check (self, snapshot_on (self, i));
      gtk_widget_queue_draw (self->pictures[i]);
    }
}

static void
chosen_cb (GtkDropDown *choice, GParamSpec *pspec, EqsSnapshotWindow *self)
{
  if (!self->filling)
    compare (self);
}

/* ---- the snapshots ---- */

/* "wide (2026-11-30 12:15)" (transfer full) */
static char *
dup_title (const EqsSnapshot *snapshot)
{
  g_autofree char *time = g_strdup (snapshot->time);

  if (strlen (time) < 16)
    return g_strdup (snapshot->name);
  time[10] = ' ';
  time[16] = '\0';
  return g_strdup_printf ("%s (%s)", snapshot->name, time);
}

/* Reads them anew; sides stay where they were, and a new snapshot comes to the left. */
static void
fill (EqsSnapshotWindow *self)
{
  const guint before = self->snapshots->len, at[2] = { gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choices[0])), gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choices[1])) };
  guint       n;

  g_hash_table_remove_all (self->checks);
  g_ptr_array_unref (self->snapshots);
  self->snapshots = eqs_snapshots_list (eqs_session_get_document (self->session));
  n = self->snapshots->len;
  self->filling = TRUE;
  for (int side = 0; side < 2; side++)
    {
      g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *title = dup_title (self->snapshots->pdata[i]);

          gtk_string_list_append (names, title);
        }
      gtk_string_list_append (names, _("The design now"));
      gtk_drop_down_set_model (GTK_DROP_DOWN (self->choices[side]), G_LIST_MODEL (names));
    }
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choices[0]), n != before ? (n == 0 ? 0 : n - 1) : MIN (at[0], n));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choices[1]), at[1] < before && at[1] < n ? at[1] : n);
  self->filling = FALSE;
  gtk_widget_set_visible (self->compare, n > 0);
  gtk_widget_set_visible (self->back, n > 0);
  gtk_widget_set_visible (self->drop, n > 0);
  if ((n > 0) != (before > 0))      /* without a snapshot there is nothing to see */
    gtk_window_set_default_size (GTK_WINDOW (self), 940, n > 0 ? 560 : 1);
  compare (self);
  if (n == 0)
    gtk_label_set_label (GTK_LABEL (self->summary), _("There is none yet: give it a name, such as what you are about to change."));
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsSnapshotWindow *self)
{
  if (self->session == NULL)
    return;
  if ((what & EQS_CHANGED_OTHER) != 0)
    fill (self);
  else
    compare (self);
}

static void
take_cb (EqsSnapshotWindow *self)
{
  EqsDocument       *document = eqs_session_get_document (self->session);
  g_autoptr (GError) error = NULL;
  EqsCommand        *command = eqs_command_new_snapshot (document, gtk_editable_get_text (GTK_EDITABLE (self->name)), &error);

  if (command == NULL)
    gtk_label_set_label (GTK_LABEL (self->summary), error->message);
  else if (eqs_session_do (self->session, command))
    gtk_editable_set_text (GTK_EDITABLE (self->name), "");
}

/* Taken back by undo, like any step. */
static void
back_cb (EqsSnapshotWindow *self)
{
  EqsSnapshot     *snapshot = snapshot_on (self, 0);
  g_autofree char *name = snapshot == NULL ? NULL : g_strdup (snapshot->name);      /* the list may be read anew */

  if (snapshot != NULL && eqs_session_do (self->session, eqs_command_new_go_back (snapshot)))
    /* Translators: the name of a snapshot */
    eqs_session_message (self->session, _("The design is what “%s” kept. Undo brings back what it was before."), name);
}

static void
drop_cb (EqsSnapshotWindow *self)
{
  EqsSnapshot *snapshot = snapshot_on (self, 0);

  if (snapshot != NULL)
    eqs_session_do (self->session, eqs_command_new_drop_snapshot (eqs_session_get_document (self->session), snapshot->name));
}

EqsCheck *
eqs_snapshot_window_get_check (EqsSnapshotWindow *self, int side)
{
  g_return_val_if_fail (EQS_IS_SNAPSHOT_WINDOW (self), NULL);

  EqsSnapshot *snapshot = snapshot_on (self, side);

  if (snapshot != NULL)
    return g_hash_table_lookup (self->checks, snapshot);
  return eqs_session_is_checked (self->session) ? eqs_session_get_check (self->session) : NULL;
}

guint
eqs_snapshot_window_get_n (EqsSnapshotWindow *self)
{
  g_return_val_if_fail (EQS_IS_SNAPSHOT_WINDOW (self), 0);
  return self->differences->len;
}

/* ---- making it ---- */

static void
eqs_snapshot_window_dispose (GObject *object)
{
  EqsSnapshotWindow *self = EQS_SNAPSHOT_WINDOW (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_snapshot_window_parent_class)->dispose (object);
}

static void
eqs_snapshot_window_finalize (GObject *object)
{
  EqsSnapshotWindow *self = EQS_SNAPSHOT_WINDOW (object);

  g_hash_table_unref (self->checks);
  g_ptr_array_unref (self->snapshots);
  g_clear_pointer (&self->differences, g_ptr_array_unref);

  G_OBJECT_CLASS (eqs_snapshot_window_parent_class)->finalize (object);
}

static void
eqs_snapshot_window_class_init (EqsSnapshotWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_snapshot_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_snapshot_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
make_side (EqsSnapshotWindow *self, int side)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->choices[side] = gtk_drop_down_new (NULL, NULL);
  eqs_drop_down_set_name (self->choices[side], side == 0 ? _("Left side") : _("Right side"));
  g_signal_connect (self->choices[side], "notify::selected", G_CALLBACK (chosen_cb), self);
  self->pictures[side] = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->pictures[side]), side == 0 ? draw_left_cb : draw_right_cb, self, NULL);
  gtk_widget_set_vexpand (self->pictures[side], TRUE);
  gtk_widget_set_hexpand (self->pictures[side], TRUE);
  gtk_widget_set_size_request (self->pictures[side], 200, 140);
  eqs_set_name (self->pictures[side], side == 0 ? _("Picture of the left side") : _("Picture of the right side"));
  gtk_box_append (GTK_BOX (box), self->choices[side]);
  gtk_box_append (GTK_BOX (box), self->pictures[side]);
  return box;
}

static void
eqs_snapshot_window_init (EqsSnapshotWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *take = gtk_button_new_with_label (_("Take a snapshot")), *scroll;

  self->snapshots = g_ptr_array_new ();
  self->checks = g_hash_table_new_full (NULL, NULL, NULL, check_free);
  self->name = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->name), _("Name of the snapshot"));
  eqs_set_name (self->name, _("Name of the snapshot"));
  gtk_widget_set_hexpand (self->name, TRUE);
  g_signal_connect_swapped (self->name, "activate", G_CALLBACK (take_cb), self);
  g_signal_connect_swapped (take, "clicked", G_CALLBACK (take_cb), self);
  self->back = gtk_button_new_with_label (_("Go back to the left one"));
  g_signal_connect_swapped (self->back, "clicked", G_CALLBACK (back_cb), self);
  self->drop = gtk_button_new_with_label (_("Remove the left one"));
  g_signal_connect_swapped (self->drop, "clicked", G_CALLBACK (drop_cb), self);
  gtk_box_append (GTK_BOX (line), self->name);
  gtk_box_append (GTK_BOX (line), take);
  gtk_box_append (GTK_BOX (line), self->back);
  gtk_box_append (GTK_BOX (line), self->drop);
  gtk_box_set_homogeneous (GTK_BOX (sides), TRUE);
  gtk_box_append (GTK_BOX (sides), make_side (self, 0));
  gtk_box_append (GTK_BOX (sides), make_side (self, 1));
  self->summary = eqs_text_new ("", "eq-name");
  self->list = eqs_boxed_list_new (_("Differences"));
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  scroll = eqs_scrolled_new (self->list, _("Differences"));
  gtk_widget_set_size_request (scroll, -1, 130);
  self->compare = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_box_append (GTK_BOX (self->compare), sides);
  gtk_box_append (GTK_BOX (self->compare), scroll);
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("A snapshot keeps the design as it is now, in its file. Two of them are compared below."), "eq-second"));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->summary);      /* an error is told before there is a snapshot, too */
  gtk_box_append (GTK_BOX (box), self->compare);
  gtk_widget_add_css_class (box, "eq-sheet-part");
  gtk_window_set_child (GTK_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("Snapshots"));
  gtk_window_set_default_size (GTK_WINDOW (self), 940, 1);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self), TRUE);
}

GtkWidget *
eqs_snapshot_window_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsSnapshotWindow *self = g_object_new (EQS_TYPE_SNAPSHOT_WINDOW, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  fill (self);
  return GTK_WIDGET (self);
}
