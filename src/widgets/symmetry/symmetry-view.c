/*
 * The view draws the newest look of a probe (studio/probe.h) and never waits for it: while the slider moves, looks that were not begun are
 * replaced. It makes no work while it is not shown.
 */

#include "widgets/symmetry/symmetry-view.h"

#include "draw/fields.h"
#include "draw/number-text.h"
#include "draw/type-style.h"
#include "studio/outline.h"
#include "studio/probe-text.h"
#include "studio/probe.h"
#include "studio/sweep-picture.h"
#include "widgets/graph/order-page.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/symmetry/save-sweep.h"
#include "widgets/symmetry/space-page.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define TURN_S 6.0

struct _EqsSymmetryView
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  EqsProbe   *probe;           /* owned */
  char       *shown_group;     /* owned (nullable): whose buttons are shown */
  guint       playing;         /* source */
  gint64      played;          /* monotonic time of the last step */
  gboolean    setting;

  /* borrowed */
  GtkWidget  *scroll, *box, *order, *space, *elements, *mirror, *play, *angle, *sample, *residual, *verdict, *detail, *answer, *wire, *pictures, *polar;
};

G_DEFINE_FINAL_TYPE (EqsSymmetryView, eqs_symmetry_view, GTK_TYPE_WIDGET)

const EqsActionRow eqs_symmetry_actions[] = {
  { "win.element-previous", N_("Previous element of the group"), N_("Symmetry view"), { "bracketleft" } },
  { "win.element-next", N_("Next element of the group"), N_("Symmetry view"), { "bracketright" } },
  { "win.element-play", N_("Turn continuously, or stop"), N_("Symmetry view"), { "p" } },
  { NULL, NULL, NULL, { NULL } }
};

/* ---- pictures ---- */

static void
draw_pictures_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsProbeResult *result = eqs_probe_get_result (EQS_SYMMETRY_VIEW (data)->probe);

  if (result != NULL && result->error == NULL)
    eqs_look_draw (cr, result, eqs_theme_is_dark (), width, height);
}

static void
draw_polar_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsSymmetryView *self = data;
  EqsProbeSweep   *sweep = eqs_probe_get_sweep (self->probe);
  const double     size = MIN (width, height) - 8.0;
  EqsPolar         polar;

  if (sweep == NULL || sweep->kind != EQS_SWEEP_ANGLES || size <= 60)
    return;
  polar = (EqsPolar){ .error = sweep->error, .on_grid = sweep->on_grid, .n = EQS_PROBE_ANGLES, .exact_limit = sweep->limit, .limit = sweep->limit_between,
                      .angle_rad = eqs_session_get_angle (self->session) };
  eqs_draw_polar (cr, &polar, eqs_field_theme (eqs_theme_is_dark ()), (width - size) / 2, (height - size) / 2, size);
}

/* ---- words ---- */

/* "2 (98.1 %)" of logits. (transfer full) NULL: the answer is no class */
static char *
answer_text (const EqsProbeWire *output, const float *values)
{
  double largest = -INFINITY, sum = 0;
  gsize  best = 0;

  if (output->type.kind != EQK_KIND_LOGITS || output->rows != 1)
    return NULL;
  for (gsize k = 0; k < output->width; k++)
    if (values[k] > largest)
      {
        largest = values[k];
        best = k;
      }
  for (gsize k = 0; k < output->width; k++)
    sum += exp (values[k] - largest);
  /* Translators: a class by its number, its probability. */
  return g_strdup_printf (_("%d (%.1f %%)"), (int) best, 100 / sum);
}

static void
show_result (EqsSymmetryView *self)
{
  EqsProbeResult *result = eqs_probe_get_result (self->probe);
  const char      *verdict, *style;
  g_autofree char *residual = NULL, *detail = NULL, *answer = NULL, *before = NULL, *after = NULL, *number = NULL, *largest = NULL, *limit = NULL;

  if (result == NULL || result->error != NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->residual), "");
      gtk_label_set_label (GTK_LABEL (self->verdict), "");
      gtk_label_set_label (GTK_LABEL (self->detail), result == NULL ? "" : result->error);
      gtk_label_set_label (GTK_LABEL (self->answer), "");
      return;
    }
  verdict = eqs_probe_verdict_text (result->wire.verdict, &style);
  number = eqs_number_dup_text (result->wire.residual, 2);
  largest = eqs_number_dup_text (result->wire.largest, 2);
  limit = eqs_number_dup_text (result->wire.limit, 1);
  residual = g_strdup_printf (_("Residual %s"), number);
  gtk_label_set_label (GTK_LABEL (self->residual), residual);
  eqs_pill_set (self->verdict, verdict, style);
  if (result->wire.verdict == EQS_PROBE_UNMOVED)
    detail = g_strdup_printf (_("Turn the sample: as it is, the residual of every network is 0. %s."), result->label);
  else if (!isnan (result->wire.limit))
    detail = g_strdup_printf (_("Turned back, minus as it is: largest difference %s; limit %s. %s."), largest, limit, result->label);
  else
    detail = g_strdup_printf (_("Turned back, minus as it is: largest difference %s. %s."), largest, result->label);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_label_set_label (GTK_LABEL (self->wire), result->wire.name == NULL ? "" : eqs_outline_path_title (eqs_session_get_document (self->session), result->wire.name));
  if (result->n_outputs > 0)
    {
      before = answer_text (&result->outputs[0], result->outputs[0].plain);
      after = answer_text (&result->outputs[0], result->outputs[0].turned);
    }
  answer = before == NULL ? g_strdup ("") : g_strdup_printf (_("Answer as it is: %s. Turned: %s."), before, after);
  gtk_label_set_label (GTK_LABEL (self->answer), answer);
  gtk_widget_queue_draw (self->pictures);
}

static void
looked_cb (EqsProbe *probe, EqsSymmetryView *self)
{
  show_result (self);
}

static void
swept_cb (EqsProbe *probe, EqsSymmetryView *self)
{
  gtk_widget_queue_draw (self->polar);
}

static void
samples_cb (EqsProbe *probe, EqsSymmetryView *self)
{
  EqsSplit *split = eqs_probe_get_split (probe);

  if (split != NULL)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->sample), 0, MAX (eqs_split_get_n (split), 1) - 1);
}

/* ---- the element ---- */

static const EqkGroup *
group_of (EqsSymmetryView *self)
{
  EqkSymmetry symmetry;

  return eqs_session_get_symmetry (self->session, &symmetry) ? symmetry.group : NULL;
}

static void
element_cb (GtkButton *button, EqsSymmetryView *self)
{
  const EqkGroup *group = group_of (self);
  const int       index = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "index"));

  if (group != NULL && eqk_group_get_n (group) > 0)
    eqs_session_set_element (self->session, 2 * G_PI * index / eqk_group_get_n (group), eqs_session_get_mirror (self->session));
}

static void
fill_elements (EqsSymmetryView *self)
{
  const EqkGroup *group = group_of (self);
  const int       n = group == NULL ? 0 : eqk_group_get_n (group);

  if (g_strcmp0 (self->shown_group, group == NULL ? "" : eqk_group_get_id (group)) == 0)
    return;
  g_free (self->shown_group);
  self->shown_group = g_strdup (group == NULL ? "" : eqk_group_get_id (group));
  eqs_box_clear (self->elements);
  for (int i = 0; i < n && n <= 16; i++)
    {
      const EqkElement g = eqk_group_element (group, i);
      char       name[64];
      GtkWidget *button;

      eqk_group_element_name (group, &g, name, sizeof name);
      button = gtk_button_new_with_label (name);
      if (i == 0)      /* a letter alone is no name */
        eqs_set_name (button, _("e, nothing is moved"));
      g_object_set_data (G_OBJECT (button), "index", GINT_TO_POINTER (i));
      g_signal_connect (button, "clicked", G_CALLBACK (element_cb), self);
      gtk_box_append (GTK_BOX (self->elements), button);
    }
  gtk_widget_set_visible (self->mirror, group != NULL && eqk_group_has_mirror (group));
}

static void
mark_element (EqsSymmetryView *self)
{
  const EqkGroup *group = group_of (self);
  const int       n = group == NULL ? 0 : eqk_group_get_n (group);
  double          turn = fmod (eqs_session_get_angle (self->session) / (2 * G_PI), 1);

  turn = turn < 0 ? turn + 1 : turn;
  self->setting = TRUE;
  gtk_range_set_value (GTK_RANGE (self->angle), 360 * turn);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->mirror), eqs_session_get_mirror (self->session));
  self->setting = FALSE;
  for (GtkWidget *child = gtk_widget_get_first_child (self->elements); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (fabs (turn * n - GPOINTER_TO_INT (g_object_get_data (G_OBJECT (child), "index"))) < 1e-6)
      gtk_widget_add_css_class (child, "suggested-action");
    else
      gtk_widget_remove_css_class (child, "suggested-action");
  gtk_widget_queue_draw (self->polar);
}

static void
element_changed_cb (EqsSession *session, EqsSymmetryView *self)
{
  mark_element (self);
}

/* Sets and graphs have no directions: instead of turning, their nodes change places. */
static EqsSweepKind
kind_of (EqsSession *session)
{
  EqkSymmetry symmetry;

  return eqs_session_get_symmetry (session, &symmetry) ? eqs_probe_sweep_kind (&symmetry) : EQS_SWEEP_ANGLES;
}

static gboolean
in_space (EqsSymmetryView *self)
{
  return kind_of (self->session) == EQS_SWEEP_TURNS;
}

static gboolean
in_orders (EqsSymmetryView *self)
{
  return kind_of (self->session) == EQS_SWEEP_ORDERS;
}

static void
checked_cb (EqsSession *session, EqsSymmetryView *self)
{
  const EqsSweepKind kind = kind_of (session);

  gtk_widget_set_visible (self->scroll, kind == EQS_SWEEP_ANGLES);
  gtk_widget_set_visible (self->order, kind == EQS_SWEEP_ORDERS);
  gtk_widget_set_visible (self->space, kind == EQS_SWEEP_TURNS);
  if (kind == EQS_SWEEP_TURNS)
    eqs_space_page_apply (EQS_SPACE_PAGE (self->space));
  else
    eqs_probe_set_turn (self->probe, NULL, FALSE, NULL);
  if (kind == EQS_SWEEP_ORDERS)
    eqs_order_page_apply (EQS_ORDER_PAGE (self->order));
  else if (kind == EQS_SWEEP_ANGLES)
    eqs_probe_set_order (self->probe, NULL, 0);
  if (kind != EQS_SWEEP_ANGLES)
    return;
  fill_elements (self);
  mark_element (self);
}

static void
angle_cb (GtkRange *range, EqsSymmetryView *self)
{
  if (!self->setting)
    eqs_session_set_element (self->session, gtk_range_get_value (range) * G_PI / 180, eqs_session_get_mirror (self->session));
}

static void
mirror_cb (GtkToggleButton *button, EqsSymmetryView *self)
{
  if (!self->setting)
    eqs_session_set_element (self->session, eqs_session_get_angle (self->session), gtk_toggle_button_get_active (button));
}

static void
sample_cb (GtkSpinButton *spin, EqsSymmetryView *self)
{
  eqs_probe_set_sample (self->probe, (guint) gtk_spin_button_get_value_as_int (spin));
}

void
eqs_symmetry_view_step (EqsSymmetryView *self, int direction)
{
  g_return_if_fail (EQS_IS_SYMMETRY_VIEW (self));

  const EqkGroup *group = group_of (self);
  const int       n = group == NULL || eqk_group_get_n (group) <= 1 ? 24 : eqk_group_get_n (group);
  const double    at = eqs_session_get_angle (self->session) * n / (2 * G_PI);
  const double    next = direction > 0 ? floor (at + 1e-6) + 1 : ceil (at - 1e-6) - 1;

  if (in_space (self))
    {
      eqs_space_page_step (EQS_SPACE_PAGE (self->space), direction);
      return;
    }
  if (in_orders (self))
    {
      eqs_order_page_step (EQS_ORDER_PAGE (self->order), direction);
      return;
    }
  eqs_session_set_element (self->session, 2 * G_PI * fmod (next + n, n) / n, eqs_session_get_mirror (self->session));
}

static gboolean
play_cb (gpointer data)
{
  EqsSymmetryView *self = data;
  const gint64     now = g_get_monotonic_time ();

  eqs_session_set_element (self->session, fmod (eqs_session_get_angle (self->session) + 2 * G_PI * (double) (now - self->played) / (TURN_S * G_USEC_PER_SEC), 2 * G_PI),
                           eqs_session_get_mirror (self->session));
  self->played = now;
  return G_SOURCE_CONTINUE;
}

static void
stop_playing (EqsSymmetryView *self)
{
  g_clear_handle_id (&self->playing, g_source_remove);
  gtk_button_set_label (GTK_BUTTON (self->play), _("Play"));
}

void
eqs_symmetry_view_set_turn (EqsSymmetryView *self, const double q[4], gboolean inverted)
{
  g_return_if_fail (EQS_IS_SYMMETRY_VIEW (self));
  eqs_space_page_set_turn (EQS_SPACE_PAGE (self->space), q, inverted);
}

void
eqs_symmetry_view_play (EqsSymmetryView *self)
{
  g_return_if_fail (EQS_IS_SYMMETRY_VIEW (self));
  if (in_space (self))
    {
      eqs_space_page_play (EQS_SPACE_PAGE (self->space));
      return;
    }
  if (in_orders (self))
    {
      eqs_order_page_play (EQS_ORDER_PAGE (self->order));
      return;
    }
  if (self->playing != 0)
    {
      stop_playing (self);
      return;
    }
  self->played = g_get_monotonic_time ();
  self->playing = g_timeout_add (33, play_cb, self);
  gtk_button_set_label (GTK_BUTTON (self->play), _("Stop turning"));
}

static void
play_clicked_cb (GtkButton *button, EqsSymmetryView *self)
{
  eqs_symmetry_view_play (self);
}

const char *
eqs_symmetry_view_get_residual (EqsSymmetryView *self)
{
  g_return_val_if_fail (EQS_IS_SYMMETRY_VIEW (self), NULL);
  if (in_orders (self))
    return eqs_order_page_get_residual (EQS_ORDER_PAGE (self->order));
  return in_space (self) ? eqs_space_page_get_residual (EQS_SPACE_PAGE (self->space)) : gtk_label_get_label (GTK_LABEL (self->residual));
}

/* ---- making it ---- */

static void
film_cb (GtkButton *button, EqsSymmetryView *self)
{
  eqs_sweep_ask (GTK_WIDGET (self), self->session, (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->sample)));
}

static char *
degrees_cb (GtkScale *scale, double value, gpointer data)
{
  return g_strdup_printf ("%.0f°", value);
}

static GtkWidget *
make_bar (EqsSymmetryView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *label = eqs_line_new (_("Sample"), "eq-second");
  GtkWidget *film = eqs_icon_button_new ("camera-video-symbolic", _("Save the turn as an animated picture"));

  g_signal_connect (film, "clicked", G_CALLBACK (film_cb), self);
  self->elements = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->mirror = gtk_toggle_button_new_with_label (_("Mirror"));
  self->play = gtk_button_new_with_label (_("Play"));
  self->angle = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 360, 1);
  self->sample = gtk_spin_button_new_with_range (0, 0, 1);
  self->wire = eqs_line_new ("", "eq-second");
  gtk_scale_set_draw_value (GTK_SCALE (self->angle), TRUE);
  gtk_scale_set_format_value_func (GTK_SCALE (self->angle), degrees_cb, NULL, NULL);
  gtk_scale_set_value_pos (GTK_SCALE (self->angle), GTK_POS_RIGHT);
  for (int i = 0; i <= 4; i++)
    gtk_scale_add_mark (GTK_SCALE (self->angle), 90 * i, GTK_POS_BOTTOM, NULL);
  gtk_widget_set_size_request (self->angle, 120, -1);
  gtk_widget_set_hexpand (self->angle, TRUE);
  eqs_set_name (self->angle, _("Angle"));
  eqs_set_name (self->sample, _("Sample"));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  g_signal_connect (self->mirror, "toggled", G_CALLBACK (mirror_cb), self);
  g_signal_connect (self->play, "clicked", G_CALLBACK (play_clicked_cb), self);
  g_signal_connect (self->angle, "value-changed", G_CALLBACK (angle_cb), self);
  g_signal_connect (self->sample, "value-changed", G_CALLBACK (sample_cb), self);
  gtk_box_append (GTK_BOX (bar), self->elements);
  gtk_box_append (GTK_BOX (bar), self->mirror);
  gtk_box_append (GTK_BOX (bar), self->play);
  gtk_box_append (GTK_BOX (bar), self->angle);
  gtk_box_append (GTK_BOX (bar), label);
  gtk_box_append (GTK_BOX (bar), self->sample);
  gtk_box_append (GTK_BOX (bar), film);
  return bar;
}

static GtkWidget *
make_side (EqsSymmetryView *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->residual = eqs_line_new ("", "eq-page-title");
  self->verdict = eqs_pill_new ("", NULL);
  self->detail = eqs_text_new ("", "eq-second");
  self->answer = eqs_text_new ("", NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (self->detail), 44);
  gtk_label_set_max_width_chars (GTK_LABEL (self->answer), 44);
  self->polar = gtk_drawing_area_new ();
  gtk_label_set_ellipsize (GTK_LABEL (self->residual), PANGO_ELLIPSIZE_NONE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->polar), draw_polar_cb, self, NULL);
  gtk_widget_set_vexpand (self->polar, TRUE);
  gtk_widget_set_size_request (self->polar, 220, 160);
  eqs_set_name (self->polar, _("Error against angle"));
  eqs_picture_offer (self->polar, _("Error against angle"));
  gtk_box_append (GTK_BOX (line), self->residual);
  gtk_box_append (GTK_BOX (line), self->verdict);
  gtk_box_append (GTK_BOX (side), line);
  gtk_box_append (GTK_BOX (side), self->wire);
  gtk_box_append (GTK_BOX (side), self->detail);
  gtk_box_append (GTK_BOX (side), self->answer);
  gtk_box_append (GTK_BOX (side), eqs_heading_new (_("Error of the answer against the angle")));
  gtk_box_append (GTK_BOX (side), self->polar);
  gtk_widget_set_size_request (side, 280, -1);
  return side;
}

/* Where nobody chose a wire: the first one of the main graph with fields that turn, as there is more to see than at the result. */
static void
choose_wire (EqsSymmetryView *self)
{
  EqsGraph *graph = eqs_document_get_graph (eqs_session_get_document (self->session), "");

  for (guint i = 0; eqs_session_get_probe_node (self->session) == NULL && i < eqs_graph_get_n_nodes (graph); i++)
    {
      const char        *id = eqs_node_get_id (eqs_graph_get_node (graph, i));
      const EqkPortType *type = eqs_session_get_type_at (self->session, id, NULL);

      if (type != NULL && ((type->space.kind == EQK_SPACE_GRID && eqs_field_place (type->rep, 0).kind != EQS_FIELD_SCALAR) ||
                           (type->space.kind == EQK_SPACE_NODES && type->kind == EQK_KIND_FEATURE && in_space (self) && !eqk_rep_is_trivial (type->rep)) ||
                           (in_orders (self) && i > 0 && (type->space.kind == EQK_SPACE_NODES || type->space.kind == EQK_SPACE_PAIRS))))
        eqs_session_set_probe (self->session, id, NULL);
    }
}

/* The view looks at what the selected layer gives. */
static void
selection_changed_cb (EqsSession *session, EqsSymmetryView *self)
{
  const char *path = eqs_session_get_n_selected (session) == 1 ? eqs_session_get_selection (session)[0] : NULL;

  if (path != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && eqs_session_get_type_at (session, path, NULL) != NULL)
    eqs_session_set_probe (session, path, NULL);
}

static void
eqs_symmetry_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eqs_symmetry_view_parent_class)->map (widget);

  selection_changed_cb (EQS_SYMMETRY_VIEW (widget)->session, EQS_SYMMETRY_VIEW (widget));
  choose_wire (EQS_SYMMETRY_VIEW (widget));
  eqs_probe_set_active (EQS_SYMMETRY_VIEW (widget)->probe, TRUE);
}

static void
eqs_symmetry_view_unmap (GtkWidget *widget)
{
  EqsSymmetryView *self = EQS_SYMMETRY_VIEW (widget);

  eqs_probe_set_active (self->probe, FALSE);
  stop_playing (self);
  eqs_space_page_stop (EQS_SPACE_PAGE (self->space));
  eqs_order_page_stop (EQS_ORDER_PAGE (self->order));

  GTK_WIDGET_CLASS (eqs_symmetry_view_parent_class)->unmap (widget);
}

static void
eqs_symmetry_view_dispose (GObject *object)
{
  EqsSymmetryView *self = EQS_SYMMETRY_VIEW (object);

  g_clear_handle_id (&self->playing, g_source_remove);
  g_clear_pointer (&self->scroll, gtk_widget_unparent);
  g_clear_pointer (&self->order, gtk_widget_unparent);
  g_clear_pointer (&self->space, gtk_widget_unparent);
  g_clear_object (&self->probe);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_symmetry_view_parent_class)->dispose (object);
}

static void
eqs_symmetry_view_finalize (GObject *object)
{
  g_free (EQS_SYMMETRY_VIEW (object)->shown_group);

  G_OBJECT_CLASS (eqs_symmetry_view_parent_class)->finalize (object);
}

static void
eqs_symmetry_view_class_init (EqsSymmetryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_symmetry_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_symmetry_view_finalize;
  widget_class->map = eqs_symmetry_view_map;
  widget_class->unmap = eqs_symmetry_view_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_symmetry_view_init (EqsSymmetryView *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class (self->box, "eq-training");
  self->scroll = gtk_scrolled_window_new ();
  eqs_set_name (self->scroll, _("Symmetry view"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroll), self->box);
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
  self->pictures = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->pictures), draw_pictures_cb, self, NULL);
  gtk_widget_set_hexpand (self->pictures, TRUE);
  gtk_widget_set_vexpand (self->pictures, TRUE);
  gtk_widget_set_size_request (self->pictures, 330, 220);
  eqs_set_name (self->pictures, _("Sample and features as they are, turned, and turned back"));
  eqs_picture_offer (self->pictures, _("Features"));
  gtk_box_append (GTK_BOX (self->box), make_bar (self));
  gtk_box_append (GTK_BOX (row), self->pictures);
  gtk_box_append (GTK_BOX (row), make_side (self));
  gtk_box_append (GTK_BOX (self->box), row);
  eqs_set_name (GTK_WIDGET (self), _("Symmetry view"));
}

GtkWidget *
eqs_symmetry_view_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsSymmetryView *self = g_object_new (EQS_TYPE_SYMMETRY_VIEW, NULL);

  self->session = g_object_ref (session);
  self->probe = eqs_probe_new (session);
  eqs_probe_set_sweep (self->probe, TRUE, FALSE);
  g_signal_connect_object (self->probe, "looked", G_CALLBACK (looked_cb), self, 0);
  g_signal_connect_object (self->probe, "swept", G_CALLBACK (swept_cb), self, 0);
  g_signal_connect_object (self->probe, "samples-changed", G_CALLBACK (samples_cb), self, 0);
  g_signal_connect_object (session, "element-changed", G_CALLBACK (element_changed_cb), self, 0);
  g_signal_connect_object (session, "selection-changed", G_CALLBACK (selection_changed_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  self->order = eqs_order_page_new (session, self->probe);
  gtk_widget_set_parent (self->order, GTK_WIDGET (self));
  self->space = eqs_space_page_new (session, self->probe);
  gtk_widget_set_parent (self->space, GTK_WIDGET (self));
  checked_cb (session, self);
  return GTK_WIDGET (self);
}
