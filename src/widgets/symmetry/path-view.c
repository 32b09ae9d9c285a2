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

struct _EqsPathView
{
  GtkWidget       parent_instance;

  EqsProbeResult *result;      /* owned (nullable) */
  int             chosen;

  GtkWidget      *box, *area, *told;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsPathView, eqs_path_view, GTK_TYPE_WIDGET)

static guint
n_paths (EqsPathView *self)
{
  return self->result == NULL || self->result->paths == NULL ? 0 : self->result->paths->len;
}

/* (transfer full) */
static EqsPathLine *
dup_lines (EqsPathView *self)
{
  EqsPathLine *lines = g_new (EqsPathLine, n_paths (self) + 1);

  for (guint i = 0; i < n_paths (self); i++)
    {
      const EqsProbePath *path = &g_array_index (self->result->paths, EqsProbePath, i);

      lines[i] = (EqsPathLine){ path->left, path->middle, path->right, path->n_weights, path->size };
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
  g_autofree char *text = NULL;

  if (self->chosen >= 0 && (guint) self->chosen < n_paths (self))
    {
      const EqsProbePath *path = &g_array_index (self->result->paths, EqsProbePath, self->chosen);
      g_autofree char    *size = eqs_number_dup_text (path->size, 2);

      /* Translators: kinds such as 1o times 2e gives 1o; then how many weights, and how large. */
      text = g_strdup_printf (_("%s × %s → %s: %d features, %d weights of size %s on this sample"), path->left, path->middle, path->right, path->copies, path->n_weights, size);
    }
  else
    {
      int weights = 0;

      for (guint i = 0; i < n_paths (self); i++)
        weights += g_array_index (self->result->paths, EqsProbePath, i).n_weights;
      text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u path, %d weights. Click a line for its numbers.", "%u paths, %d weights. Click a line for its numbers.", n_paths (self)),
                              n_paths (self), weights);
    }
  gtk_label_set_label (GTK_LABEL (self->told), text);
}

void
eqs_path_view_show (EqsPathView *self, EqsProbeResult *result)
{
  g_return_if_fail (EQS_IS_PATH_VIEW (self));
  g_clear_pointer (&self->result, eqs_probe_result_unref);
  self->result = result == NULL || result->error != NULL ? NULL : eqs_probe_result_ref (result);
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

static void
pressed_cb (GtkGestureClick *click, int n, double x, double y, EqsPathView *self)
{
  g_autofree EqsPathLine *lines = dup_lines (self);

  gtk_widget_grab_focus (self->area);
  eqs_path_view_choose (self, eqs_paths_pick (lines, n_paths (self), gtk_widget_get_width (self->area), gtk_widget_get_height (self->area), x, y));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, EqsPathView *self)
{
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

  G_OBJECT_CLASS (eqs_path_view_parent_class)->dispose (object);
}

static void
eqs_path_view_class_init (EqsPathViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_path_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_path_view_init (EqsPathView *self)
{
  GtkGesture         *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->chosen = -1;
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
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
eqs_path_view_new (void)
{
  return g_object_new (EQS_TYPE_PATH_VIEW, NULL);
}
