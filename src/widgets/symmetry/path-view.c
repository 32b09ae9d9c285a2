/* Follows the newest look of the probe. */

#include "widgets/symmetry/path-view.h"

#include "draw/number-text.h"
#include "draw/paths.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsPathView
{
  GtkWidget       parent_instance;

  EqsSession     *session;     /* owned */
  EqsProbeResult *result;      /* owned (nullable) */
  GPtrArray      *dropped;     /* owned: of Dropped, paths that the layer leaves out */
  int             chosen;

  GtkWidget      *box, *area, *told, *toggle;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsPathView, eqs_path_view, GTK_TYPE_WIDGET)

typedef struct { char left[8], middle[8], right[8]; } Dropped;

static guint
n_alive (EqsPathView *self)
{
  return self->result == NULL || self->result->paths == NULL ? 0 : self->result->paths->len;
}

static guint
n_paths (EqsPathView *self)
{
  return n_alive (self) + self->dropped->len;
}

/* The node that the paths are of, where paths of its layer can be left out. */
static const EqsNode *
node_of (EqsPathView *self)
{
  const char         *path = self->session == NULL ? NULL : eqs_session_get_probe_node (self->session);
  const EqsNode      *node = path == NULL ? NULL : eqs_document_find_node (eqs_session_get_document (self->session), path);
  const EqkLayerType *layer = node == NULL || eqs_node_get_layer (node) == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));

  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, "drop_paths") == 0)
      return node;
  return NULL;
}

static const char *
setting_of (const EqsNode *node)
{
  EqsValue *value = eqs_node_get_param (node, "drop_paths");

  return value != NULL && eqs_value_get_kind (value) == EQS_VALUE_STRING ? eqs_value_get_string (value) : "";
}

/* "1o*2e>1o, 0e*1o>1o" */
static void
read_dropped (EqsPathView *self)
{
  const EqsNode  *node = node_of (self);
  g_auto (GStrv)  paths = g_strsplit (node == NULL ? "" : setting_of (node), ",", -1);

  g_ptr_array_set_size (self->dropped, 0);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_auto (GStrv) kinds = g_strsplit_set (g_strstrip (paths[i]), "*>", -1);
      Dropped       *one;

      if (g_strv_length (kinds) != 3)
        continue;
      one = g_new0 (Dropped, 1);
      g_strlcpy (one->left, kinds[0], sizeof one->left);
      g_strlcpy (one->middle, kinds[1], sizeof one->middle);
      g_strlcpy (one->right, kinds[2], sizeof one->right);
      g_ptr_array_add (self->dropped, one);
    }
}

/* (transfer full) those that are there, then those that are left out */
static EqsPathLine *
dup_lines (EqsPathView *self)
{
  EqsPathLine *lines = g_new (EqsPathLine, n_paths (self) + 1);
  const guint  n = n_alive (self);

  for (guint i = 0; i < n; i++)
    {
      const EqsProbePath *path = &g_array_index (self->result->paths, EqsProbePath, i);

      lines[i] = (EqsPathLine){ path->left, path->middle, path->right, path->n_weights, path->size, FALSE };
    }
  for (guint i = 0; i < self->dropped->len; i++)
    {
      const Dropped *path = self->dropped->pdata[i];

      lines[n + i] = (EqsPathLine){ path->left, path->middle, path->right, 0, NAN, TRUE };
    }
  return lines;
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsPathView            *self = data;
  g_autofree EqsPathLine *lines = dup_lines (self);

  eqs_draw_paths (cr, lines, n_paths (self), self->chosen, eqs_field_theme (eqs_theme_is_dark ()), 0, 0, width, height);
}

static void
tell (EqsPathView *self)
{
  const gboolean   can = node_of (self) != NULL, dropped = self->chosen >= (int) n_alive (self);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->toggle, can && self->chosen >= 0);
  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->toggle))), dropped ? _("Put this path back") : _("Leave this path out"));
  eqs_set_name (self->toggle, dropped ? _("Put this path back") : _("Leave this path out"));
  if (self->chosen >= 0 && dropped)
    {
      const Dropped *path = self->dropped->pdata[(guint) self->chosen - n_alive (self)];

      /* Translators: kinds such as 1o times 2e gives 1o */
      text = g_strdup_printf (_("%s × %s → %s is left out"), path->left, path->middle, path->right);
    }
  else if (self->chosen >= 0)
    {
      const EqsProbePath *path = &g_array_index (self->result->paths, EqsProbePath, self->chosen);
      g_autofree char    *size = eqs_number_dup_text (path->size, 2);

      /* Translators: kinds such as 1o times 2e gives 1o; then how many weights, and how large. */
      text = g_strdup_printf (_("%s × %s → %s: %d features, %d weights of size %s on this sample"), path->left, path->middle, path->right, path->copies, path->n_weights, size);
    }
  else
    {
      int weights = 0;

      for (guint i = 0; i < n_alive (self); i++)
        weights += g_array_index (self->result->paths, EqsProbePath, i).n_weights;
      text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u path, %d weights. Click a line for its numbers.", "%u paths, %d weights. Click a line for its numbers.", n_alive (self)),
                              n_alive (self), weights);
    }
  gtk_label_set_label (GTK_LABEL (self->told), text);
}

void
eqs_path_view_show (EqsPathView *self, EqsSession *session, EqsProbeResult *result)
{
  g_return_if_fail (EQS_IS_PATH_VIEW (self));
  g_return_if_fail (EQS_IS_SESSION (session));
  g_set_object (&self->session, session);
  g_clear_pointer (&self->result, eqs_probe_result_unref);
  self->result = result == NULL || result->error != NULL ? NULL : eqs_probe_result_ref (result);
  read_dropped (self);
  if (self->chosen >= (int) n_paths (self))
    self->chosen = -1;
  gtk_widget_set_visible (GTK_WIDGET (self), n_paths (self) > 0);
  tell (self);
  gtk_widget_queue_draw (self->area);
}

void
eqs_path_view_choose (EqsPathView *self, int path)
{
  g_return_if_fail (EQS_IS_PATH_VIEW (self));
  self->chosen = CLAMP (path, -1, (int) n_paths (self) - 1);
  tell (self);
  gtk_widget_queue_draw (self->area);
}

/* The setting without the chosen path, or with it; NULL where nothing is left out. (transfer full) */
static char *
dup_toggled (EqsPathView *self)
{
  const guint n = n_alive (self), gone = (guint) self->chosen - n;
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < self->dropped->len; i++)
    {
      const Dropped *path = self->dropped->pdata[i];

      if ((guint) self->chosen < n || i != gone)
        g_string_append_printf (text, "%s%s*%s>%s", text->len > 0 ? "," : "", path->left, path->middle, path->right);
    }
  if ((guint) self->chosen < n)
    {
      const EqsProbePath *path = &g_array_index (self->result->paths, EqsProbePath, self->chosen);

      g_string_append_printf (text, "%s%s*%s>%s", text->len > 0 ? "," : "", path->left, path->middle, path->right);
    }
  return g_string_free (text, text->len == 0);
}

void
eqs_path_view_toggle (EqsPathView *self)
{
  g_return_if_fail (EQS_IS_PATH_VIEW (self));
  g_autofree char *setting = NULL;

  if (self->chosen < 0 || self->chosen >= (int) n_paths (self) || node_of (self) == NULL)
    return;
  setting = dup_toggled (self);
  eqs_history_seal (eqs_session_get_history (self->session));      /* each path is a step of its own */
  eqs_session_do (self->session, eqs_command_new_set_param (eqs_session_get_probe_node (self->session), "drop_paths", setting == NULL ? NULL : eqs_value_new_string (setting)));
  eqs_history_seal (eqs_session_get_history (self->session));
  self->chosen = -1;
  read_dropped (self);
  tell (self);
  gtk_widget_queue_draw (self->area);
}

static void
pressed_cb (GtkGestureClick *click, int n, double x, double y, EqsPathView *self)
{
  g_autofree EqsPathLine *lines = dup_lines (self);

  gtk_widget_grab_focus (self->area);
  eqs_path_view_choose (self, eqs_paths_pick (lines, n_paths (self), gtk_widget_get_width (self->area), gtk_widget_get_height (self->area), x, y));
  if (n == 2)
    eqs_path_view_toggle (self);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsPathView *self)
{
  if (key == GDK_KEY_Delete)
    {
      eqs_path_view_toggle (self);
      return GDK_EVENT_STOP;
    }
  if (key != GDK_KEY_Down && key != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;
  eqs_path_view_choose (self, key == GDK_KEY_Down ? self->chosen + 1 : MAX (self->chosen - 1, 0));
  return GDK_EVENT_STOP;
}

static void
eqs_path_view_dispose (GObject *object)
{
  EqsPathView *self = EQS_PATH_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->result, eqs_probe_result_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_path_view_parent_class)->dispose (object);
}

static void
eqs_path_view_finalize (GObject *object)
{
  g_ptr_array_unref (EQS_PATH_VIEW (object)->dropped);

  G_OBJECT_CLASS (eqs_path_view_parent_class)->finalize (object);
}

static void
eqs_path_view_class_init (EqsPathViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_path_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_path_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_path_view_init (EqsPathView *self)
{
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->chosen = -1;
  self->dropped = g_ptr_array_new_with_free_func (g_free);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->area = gtk_drawing_area_new ();
  self->told = eqs_text_new ("", "eq-second");
  gtk_label_set_max_width_chars (GTK_LABEL (self->told), 36);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  gtk_widget_set_size_request (self->area, 200, 170);
  gtk_widget_set_focusable (self->area, TRUE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->area, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (self->area, keys);
  eqs_set_name (self->area, _("Paths of the product: what comes in, times what, gives what"));
  eqs_picture_offer (self->area, _("Paths of the product"));
  gtk_box_append (GTK_BOX (self->box), eqs_heading_new (_("Paths of the product")));
  gtk_box_append (GTK_BOX (self->box), self->area);
  gtk_box_append (GTK_BOX (self->box), self->told);
  self->toggle = eqs_wrapping_button_new ("");
  g_signal_connect_swapped (self->toggle, "clicked", G_CALLBACK (eqs_path_view_toggle), self);
  gtk_widget_set_visible (self->toggle, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->toggle);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
eqs_path_view_new (void)
{
  return g_object_new (EQS_TYPE_PATH_VIEW, NULL);
}
