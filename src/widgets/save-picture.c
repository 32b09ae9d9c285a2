/* Widgets are recorded as render nodes, which draw on any Cairo surface. The window shows what came of it by its action "win.tell". */

#include "widgets/save-picture.h"

#include "draw/paper.h"
#include "widgets/chooser.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- writing ---- */

gboolean
eqs_picture_save (const char *path, double width, double height, EqsPictureDraw draw, gpointer data, GError **error)
{
  return eqs_paper_save (path, NULL, width, height, draw, data, error);
}

typedef struct { GskRenderNode *node; double width, height; GdkRGBA ground; } Recorded;

gpointer
eqs_picture_record (GtkWidget *widget)
{
  const int     width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkPaintable *paintable;
  GtkSnapshot  *snapshot;
  Recorded     *recorded;

  if (!gtk_widget_get_mapped (widget) || width < 1 || height < 1)
    return NULL;
  paintable = gtk_widget_paintable_new (widget);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  recorded = g_new0 (Recorded, 1);
  recorded->node = gtk_snapshot_free_to_node (snapshot);
  recorded->width = width;
  recorded->height = height;
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "view_bg_color", &recorded->ground))
    recorded->ground = (GdkRGBA) { 1, 1, 1, 1 };
  g_object_unref (paintable);
  return recorded;
}

void
eqs_picture_recorded_free (gpointer data)
{
  Recorded *recorded = data;

  g_clear_pointer (&recorded->node, gsk_render_node_unref);
  g_free (recorded);
}

static void
draw_recorded_cb (cairo_t *cr, double width, double height, gpointer data)
{
  const Recorded *recorded = data;

  gdk_cairo_set_source_rgba (cr, &recorded->ground);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (recorded->node != NULL)
    gsk_render_node_draw (recorded->node, cr);
}

gboolean
eqs_picture_write_recorded (const char *path, gpointer data, GError **error)
{
  const Recorded *recorded = data;

  return eqs_picture_save (path, recorded->width, recorded->height, draw_recorded_cb, data, error);
}

/* ---- asking ---- */

typedef struct
{
  EqsPictureWrite write;
  gpointer        data;
  GDestroyNotify  destroy;
  EqsPictureTold  told;
  GWeakRef        told_data;
  char           *path;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  if (saving->destroy != NULL)
    saving->destroy (saving->data);
  g_weak_ref_clear (&saving->told_data);
  g_free (saving->path);
  g_free (saving);
}

static void
write_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  GError *error = NULL;

  if (saving->write (saving->path, saving->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving             *saving = g_task_get_task_data (G_TASK (result));
  g_autoptr (GObject) told_data = g_weak_ref_get (&saving->told_data);
  g_autoptr (GError)  error = NULL;
  g_autofree char    *text = NULL;

  /* Translators: the path of a file. */
  text = g_task_propagate_boolean (G_TASK (result), &error) ? g_strdup_printf (_("The picture is in %s."), saving->path) : g_strdup (error->message);
  if (told_data != NULL)
    saving->told (text, told_data);
}

/* By its ending; without one it is an SVG. */
static char *
with_ending (const char *path)
{
  return g_str_has_suffix (path, ".svg") || g_str_has_suffix (path, ".pdf") || g_str_has_suffix (path, ".png") ? g_strdup (path) : g_strconcat (path, ".svg", NULL);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Saving *saving)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL && g_file_peek_path (file) != NULL)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, NULL);

      saving->path = with_ending (g_file_peek_path (file));
      g_task_set_task_data (task, saving, saving_free);
      /* What was recorded of a widget is shared with what the screen shows, and small: it is drawn at once. */
      if (saving->write == eqs_picture_write_recorded)
        write_worker (task, NULL, saving, NULL);
      else
        g_task_run_in_thread (task, write_worker);
    }
  else
    saving_free (saving);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
eqs_picture_ask (GtkWidget *parent, const char *name, EqsPictureWrite write, gpointer data, GDestroyNotify destroy, EqsPictureTold told, GObject *told_data)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("Save as a picture: .svg, .pdf or .png"), GTK_WINDOW (gtk_widget_get_root (parent)), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                   _("Save"));
  Saving          *saving = g_new0 (Saving, 1);
  g_autofree char *file = g_strconcat (name, ".svg", NULL);

  g_strdelimit (file, "/\\:", '-');
  saving->write = write;
  saving->data = data;
  saving->destroy = destroy;
  saving->told = told;
  g_weak_ref_init (&saving->told_data, told_data);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- offering ---- */

static void
tell_cb (const char *text, gpointer data)
{
  gtk_widget_activate_action (data, "win.tell", "s", text);
}

static void
save_clicked_cb (GtkButton *button, GtkWidget *widget)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);
  gpointer   recorded = eqs_picture_record (widget);

  gtk_popover_popdown (GTK_POPOVER (popover));
  if (recorded != NULL)
    eqs_picture_ask (widget, g_object_get_data (G_OBJECT (widget), "picture-name"), eqs_picture_write_recorded, recorded, eqs_picture_recorded_free, tell_cb, G_OBJECT (widget));
}

static gboolean
once_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkPopover *popover, gpointer data)
{
  g_object_ref (popover);
  gtk_widget_unparent (GTK_WIDGET (popover));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, once_cb, popover, g_object_unref);
}

/* A widget that draws itself has no place for children, so the popover stands on what it is in. */
static void
show_menu (GtkWidget *widget, double x, double y)
{
  GtkWidget *parent = gtk_widget_get_parent (widget), *popover = gtk_popover_new (), *button = gtk_button_new_with_label (_("Save as a picture"));
  double     at_x = x, at_y = y;

  gtk_widget_translate_coordinates (widget, parent, x, y, &at_x, &at_y);
  gtk_widget_add_css_class (button, "flat");
  gtk_popover_set_child (GTK_POPOVER (popover), button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save as a picture"), -1);
  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle) { (int) at_x, (int) at_y, 1, 1 });
  g_signal_connect_object (button, "clicked", G_CALLBACK (save_clicked_cb), widget, 0);
  g_signal_connect_after (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *widget)
{
  show_menu (widget, x, y);
}

static gboolean
key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, GtkWidget *widget)
{
  if (key != GDK_KEY_Menu && !(key == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0))
    return FALSE;
  show_menu (widget, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
  return TRUE;
}

void
eqs_picture_offer (GtkWidget *widget, const char *name)
{
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_object_set_data_full (G_OBJECT (widget), "picture-name", g_strdup (name), g_free);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), widget);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, keys);
}
