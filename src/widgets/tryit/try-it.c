/*
 * The pad becomes a sample with every stroke, the probe (studio/probe.h) runs the network on it as it is and turned by the element
 * that all views share; what was asked meanwhile replaces what was not begun.
 */

#include "widgets/tryit/try-it.h"

#include "draw/fields.h"
#include "studio/pad.h"
#include "studio/probe.h"
#include "widgets/chooser.h"
#include "widgets/parts.h"
#include "widgets/theme.h"
#include "widgets/tryit/ink-pad.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsTryIt
{
  GtkWidget   parent_instance;

  EqsSession *session;           /* owned */
  EqsProbe   *probe;             /* owned */
  gboolean    setting, from_file;
  guint       wish;              /* number of the newest file */

  /* borrowed */
  GtkWidget  *scroll, *pad, *centre, *clear, *angle, *mirror, *seen, *told, *turned, *detail, *bars;
};

G_DEFINE_FINAL_TYPE (EqsTryIt, eqs_try_it, GTK_TYPE_WIDGET)

GtkWidget *
eqs_try_it_get_pad (EqsTryIt *self)
{
  g_return_val_if_fail (EQS_IS_TRY_IT (self), NULL);
  return self->pad;
}

/* ---- the answer ---- */

/* Logits of one answer a sample; NULL: the network answers otherwise. */
static const EqsProbeWire *
answer_of (EqsTryIt *self)
{
  EqsProbeResult *result = eqs_probe_has_own (self->probe) ? eqs_probe_get_result (self->probe) : NULL;

  if (result == NULL || result->error != NULL || result->n_outputs == 0 || result->outputs[0].rows != 1 || result->outputs[0].type.kind != EQK_KIND_LOGITS)
    return NULL;
  return &result->outputs[0];
}

/* What the network gives to each class, adding up to 1. @return the largest */
static int
shares_of (const EqsProbeWire *answer, const float *logits, double *shares)
{
  double largest = -INFINITY, sum = 0;
  int    best = 0;

  for (gsize i = 0; i < answer->width; i++)
    if ((double) logits[i] > largest)
      {
        largest = (double) logits[i];
        best = (int) i;
      }
  for (gsize i = 0; i < answer->width; i++)
    sum += shares[i] = exp ((double) logits[i] - largest);
  for (gsize i = 0; i < answer->width; i++)
    shares[i] /= sum;
  return best;
}

int
eqs_try_it_get_told (EqsTryIt *self)
{
  g_return_val_if_fail (EQS_IS_TRY_IT (self), 0);

  const EqsProbeWire *answer = answer_of (self);
  g_autofree double  *shares = answer == NULL ? NULL : g_new (double, answer->width);

  return answer == NULL ? -1 : shares_of (answer, answer->turned, shares);
}

static char *
class_name (EqsTryIt *self, int class)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);

  for (guint i = 0; dataset != NULL && i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo info = eqs_dataset_get_column (dataset, i);

      if (info.role == EQS_ROLE_TARGET && info.values == EQS_VALUES_LABEL && info.class_names != NULL && class < (int) g_strv_length ((char **) info.class_names))
        return g_strdup (info.class_names[class]);
    }
  return g_strdup_printf ("%d", class);
}

static void
text_at (EqsTryIt *self, cairo_t *cr, const char *text, double x, double y, double width, gboolean bold, gboolean right)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self))));

  pango_font_description_set_absolute_size (font, 12 * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (font);
}

/* A bar a class: as it is above, turned below. */
static void
draw_bars_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsTryIt           *self = data;
  const EqsProbeWire *answer = answer_of (self);
  const int           n = answer == NULL ? 0 : (int) MIN (answer->width, 20);
  const double        pitch = n == 0 ? 0 : MIN (height / (double) n, 30);
  g_autofree double  *plain = answer == NULL ? NULL : g_new (double, answer->width), *turned = answer == NULL ? NULL : g_new (double, answer->width);
  int                 best = answer == NULL ? -1 : shares_of (answer, answer->turned, turned);
  double              names = 22, room;

  if (answer == NULL)
    return;
  shares_of (answer, answer->plain, plain);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = class_name (self, i);

      names = MAX (names, MIN (8.0 * (double) g_utf8_strlen (name, -1) + 6, 100));
    }
  room = MAX (width - names - 66, 20);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = class_name (self, i), *share = g_strdup_printf (_("%.1f %%"), 100 * turned[i]);
      const double     y = pitch * i, bar = MAX ((pitch - 8) / 2, 3);

      eqs_theme_set_source (GTK_WIDGET (self), cr, "window_fg_color", 1);
      text_at (self, cr, name, 0, y + pitch / 2 - 8, names, i == best, FALSE);
      text_at (self, cr, share, width - 60, y + pitch / 2 - 8, 58, i == best, TRUE);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_line", 1);
      cairo_rectangle (cr, names + 4, y + 3, room, 2 * bar + 1);
      cairo_fill (cr);
      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_dim", 0.6);
      cairo_rectangle (cr, names + 4, y + 3, room * plain[i], bar);
      cairo_fill (cr);
      if (i == best)
        cairo_set_source_rgb (cr, 0, 0.447, 0.698);
      else
        cairo_set_source_rgb (cr, 0.34, 0.71, 0.91);
      cairo_rectangle (cr, names + 4, y + 4 + bar, room * turned[i], bar);
      cairo_fill (cr);
    }
}

/* What is fed, and what it is when turned. */
static void
draw_seen_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsTryIt            *self = data;
  EqsProbeResult      *result = eqs_probe_has_own (self->probe) ? eqs_probe_get_result (self->probe) : NULL;
  const EqsFieldTheme *theme = eqs_field_theme (eqs_theme_is_dark ());
  const double         size = MIN (width - 4.0, (height - 44) / 2.0);

  if (result == NULL || result->error != NULL || size < 20)
    return;
  for (int i = 0; i < 2; i++)
    {
      const float   *values = i == 0 ? result->input.plain : result->input.turned;
      EqsFieldValues v = { &result->input.type, values, result->input.rows, result->input.width, NULL, 0 };

      eqs_theme_set_source (GTK_WIDGET (self), cr, "eq_dim", 1);
      text_at (self, cr, i == 0 ? _("As fed") : _("Turned"), 0, i * (size + 24), width, FALSE, FALSE);
      eqs_draw_sample (cr, &v, theme, 0, i * (size + 24) + 18, size, size);
    }
}

static void
show_answer (EqsTryIt *self)
{
  EqsProbeResult     *result = eqs_probe_has_own (self->probe) ? eqs_probe_get_result (self->probe) : NULL;
  const EqsProbeWire *answer = answer_of (self);
  EqsPadInput         input;

  gtk_widget_queue_draw (self->bars);
  gtk_widget_queue_draw (self->seen);
  if (answer != NULL)
    {
      g_autofree double *plain = g_new (double, answer->width), *turned = g_new (double, answer->width);
      const int          before = shares_of (answer, answer->plain, plain), after = shares_of (answer, answer->turned, turned);
      g_autofree char   *name = class_name (self, after), *old = class_name (self, before), *told = NULL, *then = NULL, *text = NULL;
      const double       angle = fmod (eqs_session_get_angle (self->session) * 180 / G_PI + 360, 360);

      /* Translators: a class, how sure the network is of it. */
      told = g_strdup_printf (_("%s, sure to %.0f %%"), name, 100 * turned[after]);
      then = before == after ? g_strdup_printf (_("turned by %.0f°: the same class as upright"), angle) : g_strdup_printf (_("turned by %.0f°; upright it was told as %s"), angle, old);
      text = g_strdup_printf (_("Answer: %s"), told);
      gtk_label_set_label (GTK_LABEL (self->told), told);
      gtk_label_set_label (GTK_LABEL (self->turned), then);
      gtk_label_set_label (GTK_LABEL (self->detail), result->label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->bars), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
      return;
    }
  gtk_label_set_label (GTK_LABEL (self->turned), "");
  gtk_label_set_label (GTK_LABEL (self->detail), "");
  gtk_label_set_label (GTK_LABEL (self->told), !eqs_pad_find_input (self->session, &input) ? _("This design takes no pictures.") : !eqs_probe_has_own (self->probe) ? _("Draw something.") :
                       result == NULL ? _("Asking the network.") : result->error != NULL ? result->error : _("The answer of this network is no class: look at it in the symmetry view."));
}

static void
looked_cb (EqsProbe *probe, EqsTryIt *self)
{
  show_answer (self);
}

/* ---- the sample ---- */

static void
feed (EqsTryIt *self)
{
  EqsPadInput          input;
  g_autoptr (EqsSplit) split = NULL;

  if (self->from_file)
    return;
  if (!eqs_ink_pad_is_empty (EQS_INK_PAD (self->pad)) && eqs_pad_find_input (self->session, &input))
    split = eqs_pad_new_split (&input, eqs_ink_pad_get (EQS_INK_PAD (self->pad)), EQS_INK_SIZE, gtk_check_button_get_active (GTK_CHECK_BUTTON (self->centre)));
  eqs_probe_set_own (self->probe, split);
  if (split == NULL)
    show_answer (self);
}

static void
drawn_cb (EqsInkPad *pad, EqsTryIt *self)
{
  self->from_file = FALSE;
  gtk_widget_set_sensitive (self->clear, !eqs_ink_pad_is_empty (pad));
  feed (self);
}

static void
checked_cb (EqsSession *session, EqsTryIt *self)
{
  EqkSymmetry symmetry;

  gtk_widget_set_visible (self->mirror, eqs_session_get_symmetry (session, &symmetry) && eqk_group_has_mirror (symmetry.group));
  feed (self);
  show_answer (self);
}

static void
clear_cb (GtkButton *button, EqsTryIt *self)
{
  eqs_ink_pad_clear (EQS_INK_PAD (self->pad));
}

typedef struct { EqsModelSource *source; char *path; guint wish; gboolean may_be_ink; guint8 *ink; } Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  eqs_model_source_unref (reading->source);
  g_free (reading->path);
  g_free (reading->ink);
  g_free (reading);
}

static void
read_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading  *reading = data;
  GError   *error = NULL;
  EqsSplit *split = eqs_pad_read_file (reading->source, reading->path, &error);

  /* A picture that is no sample as it stands may still be a drawing. */
  if (split == NULL && reading->may_be_ink)
    {
      g_clear_error (&error);
      reading->ink = eqs_ink_from_file (reading->path, &error);
    }
  if (split == NULL && reading->ink != NULL)
    g_task_return_pointer (task, NULL, NULL);
  else if (split == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, split, (GDestroyNotify) eqs_split_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsTryIt            *self = EQS_TRY_IT (source);
  Reading             *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)   error = NULL;
  g_autoptr (EqsSplit) split = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->scroll == NULL || reading->wish != self->wish)
    return;
  if (reading->ink != NULL)
    {
      eqs_ink_pad_set (EQS_INK_PAD (self->pad), reading->ink);
      return;
    }
  if (split == NULL)
    {
      eqs_session_message (self->session, "%s", error->message);
      return;
    }
  eqs_ink_pad_clear (EQS_INK_PAD (self->pad));
  self->from_file = TRUE;
  gtk_widget_set_sensitive (self->clear, TRUE);
  eqs_probe_set_own (self->probe, split);
}

void
eqs_try_it_open (EqsTryIt *self, const char *path)
{
  g_return_if_fail (EQS_IS_TRY_IT (self));
  g_autoptr (GTask) task = eqs_weak_task_new (self, NULL, read_cb, NULL, NULL);
  Reading          *reading = g_new0 (Reading, 1);
  EqsPadInput       input;

  reading->may_be_ink = eqs_pad_find_input (self->session, &input) && input.channels == 1;
  reading->source = eqs_session_dup_model_source (self->session);
  reading->path = g_strdup (path);
  reading->wish = ++self->wish;
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_worker);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, EqsTryIt *self)
{
  GFile *file = g_value_get_object (value);

  if (file == NULL || g_file_peek_path (file) == NULL)
    return FALSE;
  eqs_try_it_open (self, g_file_peek_path (file));
  return TRUE;
}

static void
file_response_cb (GtkNativeDialog *dialog, int response, EqsTryIt *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  gtk_native_dialog_destroy (dialog);
  if (file != NULL && g_file_peek_path (file) != NULL)
    eqs_try_it_open (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

static void
file_cb (GtkButton *button, EqsTryIt *self)
{
  GtkFileChooserNative *chooser = eqs_chooser_new (_("A picture"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                   GTK_FILE_CHOOSER_ACTION_OPEN, _("Open"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (file_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- the element ---- */

static void
show_element (EqsTryIt *self)
{
  double turn = fmod (eqs_session_get_angle (self->session) / (2 * G_PI), 1);

  self->setting = TRUE;
  gtk_range_set_value (GTK_RANGE (self->angle), 360 * (turn < 0 ? turn + 1 : turn));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->mirror), eqs_session_get_mirror (self->session));
  self->setting = FALSE;
}

static void
element_changed_cb (EqsSession *session, EqsTryIt *self)
{
  show_element (self);
}

static void
turn_cb (EqsTryIt *self)
{
  if (!self->setting)
    eqs_session_set_element (self->session, gtk_range_get_value (GTK_RANGE (self->angle)) * G_PI / 180, gtk_check_button_get_active (GTK_CHECK_BUTTON (self->mirror)));
}

/* ---- making it ---- */

static GtkWidget *
make_left (EqsTryIt *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *file = gtk_button_new_with_label (_("Open a picture"));

  self->pad = eqs_ink_pad_new ();
  gtk_widget_set_size_request (self->pad, 200, 200);
  gtk_widget_set_vexpand (self->pad, TRUE);
  self->clear = gtk_button_new_with_label (_("Clear"));
  gtk_widget_set_sensitive (self->clear, FALSE);
  self->centre = gtk_check_button_new_with_label (_("Centre and scale"));
  gtk_widget_set_tooltip_text (self->centre, _("As the digits of the training data are: in the middle, and of one size"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->centre), TRUE);
  g_signal_connect (self->pad, "drawn", G_CALLBACK (drawn_cb), self);
  g_signal_connect (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  g_signal_connect (file, "clicked", G_CALLBACK (file_cb), self);
  g_signal_connect_swapped (self->centre, "toggled", G_CALLBACK (feed), self);
  gtk_box_append (GTK_BOX (line), self->clear);
  gtk_box_append (GTK_BOX (line), file);
  gtk_box_append (GTK_BOX (box), self->pad);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->centre);
  return box;
}

static GtkWidget *
make_right (EqsTryIt *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *turn = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = eqs_line_new (_("Turn it"), "eq-second");

  self->told = eqs_line_new ("", "eq-page-title");
  self->turned = eqs_text_new ("", NULL);
  self->detail = eqs_text_new ("", "eq-second");
  self->bars = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->bars), draw_bars_cb, self, NULL);
  gtk_widget_set_size_request (self->bars, 220, 180);
  gtk_widget_set_vexpand (self->bars, TRUE);
  eqs_set_name (self->bars, _("How sure the network is of each class"));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  self->angle = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 360, 1);
  gtk_widget_set_hexpand (self->angle, TRUE);
  gtk_widget_set_size_request (self->angle, 120, -1);
  for (int i = 0; i <= 4; i++)
    gtk_scale_add_mark (GTK_SCALE (self->angle), 90 * i, GTK_POS_BOTTOM, NULL);
  gtk_scale_set_draw_value (GTK_SCALE (self->angle), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (self->angle), GTK_POS_RIGHT);
  eqs_set_name (self->angle, _("Angle of what is drawn"));
  self->mirror = gtk_check_button_new_with_label (_("Mirror"));
  g_signal_connect_swapped (self->angle, "value-changed", G_CALLBACK (turn_cb), self);
  g_signal_connect_swapped (self->mirror, "toggled", G_CALLBACK (turn_cb), self);
  gtk_box_append (GTK_BOX (turn), label);
  gtk_box_append (GTK_BOX (turn), self->angle);
  gtk_box_append (GTK_BOX (turn), self->mirror);
  gtk_box_append (GTK_BOX (box), turn);
  gtk_box_append (GTK_BOX (box), self->told);
  gtk_box_append (GTK_BOX (box), self->turned);
  gtk_box_append (GTK_BOX (box), self->bars);
  gtk_box_append (GTK_BOX (box), self->detail);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static void
eqs_try_it_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eqs_try_it_parent_class)->map (widget);
  eqs_probe_set_active (EQS_TRY_IT (widget)->probe, TRUE);
}

static void
eqs_try_it_unmap (GtkWidget *widget)
{
  eqs_probe_set_active (EQS_TRY_IT (widget)->probe, FALSE);
  GTK_WIDGET_CLASS (eqs_try_it_parent_class)->unmap (widget);
}

static void
eqs_try_it_dispose (GObject *object)
{
  EqsTryIt *self = EQS_TRY_IT (object);

  g_clear_pointer (&self->scroll, gtk_widget_unparent);
  g_clear_object (&self->probe);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_try_it_parent_class)->dispose (object);
}

static void
eqs_try_it_class_init (EqsTryItClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_try_it_dispose;
  widget_class->map = eqs_try_it_map;
  widget_class->unmap = eqs_try_it_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_try_it_init (EqsTryIt *self)
{
  GtkWidget     *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  gtk_widget_add_css_class (row, "eq-training");
  self->seen = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->seen), draw_seen_cb, self, NULL);
  gtk_widget_set_size_request (self->seen, 110, 240);
  eqs_set_name (self->seen, _("What the network is fed"));
  gtk_box_append (GTK_BOX (row), make_left (self));
  gtk_box_append (GTK_BOX (row), self->seen);
  gtk_box_append (GTK_BOX (row), make_right (self));
  self->scroll = gtk_scrolled_window_new ();
  eqs_set_name (self->scroll, _("Try it"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), row);
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  eqs_set_name (GTK_WIDGET (self), _("Try it"));
}

GtkWidget *
eqs_try_it_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsTryIt *self = g_object_new (EQS_TYPE_TRY_IT, NULL);

  self->session = g_object_ref (session);
  self->probe = eqs_probe_new (session);
  g_signal_connect_object (self->probe, "looked", G_CALLBACK (looked_cb), self, 0);
  g_signal_connect_object (session, "element-changed", G_CALLBACK (element_changed_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  show_element (self);
  checked_cb (session, self);
  return GTK_WIDGET (self);
}
