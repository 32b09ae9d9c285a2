/*
 * The element of the group is an axis with an angle, and perhaps an inversion or a mirror (a half turn about the axis and the inversion). All
 * controls show one quaternion; the probe is told of it, and what it finds is drawn.
 */

#include "widgets/symmetry/space-page.h"

#include "draw/error-ball.h"
#include "draw/number-text.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/space/space-view.h"
#include "widgets/symmetry/move-side.h"
#include "widgets/symmetry/path-view.h"
#include "widgets/symmetry/space-controls.h"
#include "widgets/symmetry/space-look.h"
#include "widgets/theme.h"
#include "widgets/two-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SHIFT 3.0

struct _EqsSpacePage
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  EqsProbe   *probe;           /* owned */
  GPtrArray  *items;           /* owned (nullable): what there is to show */
  int         chosen;          /* atom; -1 */
  gboolean    setting;

  /* borrowed */
  GtkWidget  *parts, *controls, *sample, *item, *field, *mode, *view, *side, *error_ball, *worst, *paths, *matrix, *matrix_title, *hint;
};

G_DEFINE_FINAL_TYPE (EqsSpacePage, eqs_space_page, GTK_TYPE_WIDGET)

/* ---- the element ---- */

/* Number of atoms of the sample; 0: not known yet. */
static gsize
n_atoms (EqsSpacePage *self)
{
  EqsProbeResult *result = eqs_probe_get_result (self->probe);

  return result == NULL || result->error != NULL ? 0 : result->graph.n_nodes;
}

void
eqs_space_page_apply (EqsSpacePage *self)
{
  g_return_if_fail (EQS_IS_SPACE_PAGE (self));

  const gsize     n = n_atoms (self);
  const double    shift[3] = { SHIFT, SHIFT, SHIFT };
  EqsSpaceElement element;

  eqs_space_controls_get (EQS_SPACE_CONTROLS (self->controls), &element);
  eqs_probe_set_turn (self->probe, element.q, element.inverted, element.shifted ? shift : NULL);
  if (element.renumbered && n > 1)
    {
      g_autofree gint32 *order = g_new (gint32, n);

      for (gsize i = 0; i < n; i++)
        order[i] = (gint32) ((i + 1) % n);
      eqs_probe_set_order (self->probe, order, n);
    }
  else
    eqs_probe_set_order (self->probe, NULL, 0);
}

static void
changed_cb (EqsSpaceControls *controls, EqsSpacePage *self)
{
  gtk_widget_queue_draw (self->error_ball);
  eqs_space_page_apply (self);
}

static void
reset_cb (EqsSpaceControls *controls, EqsSpacePage *self)
{
  eqs_space_view_reset (EQS_SPACE_VIEW (self->view));
}

void
eqs_space_page_set_turn (EqsSpacePage *self, const double q[4], gboolean inverted)
{
  g_return_if_fail (EQS_IS_SPACE_PAGE (self));
  eqs_space_controls_set_turn (EQS_SPACE_CONTROLS (self->controls), q, inverted);
}

void
eqs_space_page_step (EqsSpacePage *self, int direction)
{
  g_return_if_fail (EQS_IS_SPACE_PAGE (self));
  eqs_space_controls_step (EQS_SPACE_CONTROLS (self->controls), direction);
}

void
eqs_space_page_play (EqsSpacePage *self)
{
  g_return_if_fail (EQS_IS_SPACE_PAGE (self));
  eqs_space_controls_play (EQS_SPACE_CONTROLS (self->controls));
}

void
eqs_space_page_stop (EqsSpacePage *self)
{
  g_return_if_fail (EQS_IS_SPACE_PAGE (self));
  eqs_space_controls_stop (EQS_SPACE_CONTROLS (self->controls));
}

/* ---- pictures ---- */

/* What is chosen to be shown; NULL: nothing, or nothing of the newest look. */
static EqsSpaceItem *
item_of (EqsSpacePage *self)
{
  const EqsProbeResult *result = eqs_probe_get_result (self->probe);
  const guint           at = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->item));
  EqsSpaceItem         *item = self->items == NULL || self->items->len == 0 ? NULL : g_ptr_array_index (self->items, at < self->items->len ? at : 0);

  return item != NULL && result != NULL && result->error == NULL && eqs_space_item_fits (item, result) ? item : NULL;
}

static EqsSpaceChoice
choice_of (EqsSpacePage *self)
{
  const guint mode = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->mode));

  return (EqsSpaceChoice){ gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->field)), (EqsSignalMode) MIN (mode, 2), self->chosen, FALSE };
}

/* Of a result: that of its column in the data. */
static const char *
unit_of (EqsSpacePage *self, const EqsProbeWire *wire)
{
  EqsSplit        *split = eqs_probe_get_split (self->probe);
  const EqsColumn *column = split == NULL || wire->name == NULL ? NULL : eqs_split_find (split, wire->name);

  return column == NULL || column->role == EQS_ROLE_INPUT ? NULL : column->unit;
}

static void
show_hint (EqsSpacePage *self, const EqsProbeResult *result, const EqsSpaceItem *item, EqsScene *scene)
{
  const int        field = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->field));
  g_autofree char *before = NULL, *text = NULL;
  const char      *unit = unit_of (self, eqs_space_item_wire (item, result));
  const double     largest = eqs_space_largest (result, item, field);
  g_autofree char *size = eqs_number_dup_text (largest, 3);

  if (self->chosen >= 0 && (gsize) self->chosen < eqs_scene_get_n (scene))
    {
      before = eqs_space_describe (result, scene, item, field, 0, self->chosen);
      text = eqs_space_dup_peaks (result, item, field, self->chosen);
      if (text == NULL)
        text = g_steal_pointer (&before);
      else
        {
          g_autofree char *peaks = g_steal_pointer (&text);

          text = g_strdup_printf ("%s. %s", before, peaks);
        }
    }
  else if (item->whole && largest > 0)
    text = g_strdup_printf (_("It belongs to the whole and is drawn at the middle; its size is %s%s%s."), size, unit == NULL ? "" : " ", unit == NULL ? "" : unit);
  else if (result->wire.type.space.kind != EQK_SPACE_NODES && item->kind == EQS_SPACE_PLACES)
    text = g_strdup (_("What flows here stands at no point: the numbers beside tell how it turned."));
  else if (item->kind == EQS_SPACE_PLACES)
    text = g_strdup (_("Drag to look from elsewhere. The ball turns the sample itself."));
  else if (item->degree == 1 && item->kind == EQS_SPACE_FIELDS && largest > 0)
    text = g_strdup_printf (_("The longest arrow is %s%s%s. Click a point for its numbers."), size, unit == NULL ? "" : " ", unit == NULL ? "" : unit);
  else
    text = g_strdup_printf (_("The largest value is %s. Click a point for its numbers."), size);
  gtk_label_set_label (GTK_LABEL (self->hint), text);
}

static void
show_scenes (EqsSpacePage *self)
{
  EqsProbeResult   *result = eqs_probe_get_result (self->probe);
  EqsSpaceItem     *item = item_of (self);
  const char *const titles[] = { _("As it is"), _("Turned"), _("Turned back") };
  EqsScene         *scenes[3];
  g_autofree gint32 *numbers = NULL;
  EqsSpaceChoice    choice;
  guint             n;

  if (result == NULL || result->error != NULL || item == NULL)
    {
      eqs_space_view_set_scenes (EQS_SPACE_VIEW (self->view), NULL, NULL, 0);
      gtk_label_set_label (GTK_LABEL (self->hint), "");
      return;
    }
  numbers = eqs_space_dup_numbers (eqs_probe_get_split (self->probe), result);
  choice = choice_of (self);
  n = eqs_space_scenes (result, numbers, item, &choice, scenes);
  eqs_space_view_set_scenes (EQS_SPACE_VIEW (self->view), scenes, titles, n);
  if (n > 0)
    show_hint (self, result, item, scenes[0]);
  for (guint i = 0; i < n; i++)
    eqs_scene_unref (scenes[i]);
}

/* The list of what there is, when it differs from the one that stands there. */
static void
show_items (EqsSpacePage *self, const EqsProbeResult *result)
{
  GPtrArray *items = eqs_space_items (result);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  gboolean   same = self->items != NULL && self->items->len == items->len;
  guint      best = 0;

  for (guint i = items->len; i-- > 0; )      /* arrows tell most at a glance */
    if (((EqsSpaceItem *) g_ptr_array_index (items, i))->degree == 1)
      best = i;
  for (guint i = 0; i < items->len; i++)
    {
      const EqsSpaceItem *item = g_ptr_array_index (items, i);

      same = same && g_str_equal (item->title, ((EqsSpaceItem *) g_ptr_array_index (self->items, i))->title);
      gtk_string_list_append (titles, item->title);
    }
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = items;
  if (same)
    return;
  self->setting = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->item), G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->item), best);
  eqs_drop_down_set_name (self->item, _("What is shown"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->field), 0);
  self->setting = FALSE;
}

static void
show_controls (EqsSpacePage *self)
{
  const EqsSpaceItem *item = item_of (self);
  const gboolean      fields = item != NULL && item->kind != EQS_SPACE_PLACES && item->n_fields > 1;

  self->setting = TRUE;
  gtk_widget_set_visible (self->field, fields);
  if (item != NULL)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->field), 0, MAX (item->n_fields, 1) - 1);
  gtk_widget_set_visible (self->mode, item != NULL && item->kind != EQS_SPACE_PLACES && item->degree > 0);
  self->setting = FALSE;
}

/* ---- the matrix of what is shown ---- */

/* The kind that is shown, where it has a matrix worth seeing. */
static const EqkField *
shown_field (EqsSpacePage *self)
{
  const EqsProbeResult *result = eqs_probe_get_result (self->probe);
  const EqsSpaceItem   *item = item_of (self);

  if (result == NULL || result->error != NULL || item == NULL || item->kind != EQS_SPACE_FIELDS || item->degree < 1 || item->degree > 3)
    return NULL;
  return eqk_rep_run (eqs_space_item_wire (item, result)->type.rep, item->run).field;
}

static void
draw_matrix_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsSpacePage         *self = data;
  const EqsProbeResult *result = eqs_probe_get_result (self->probe);
  const EqkField       *field = shown_field (self);
  EqkElement            g;
  double                m[49];

  if (field == NULL)
    return;
  g = eqk_group_identity (eqk_field_get_group (field));
  memcpy (g.q, result->q, sizeof g.q);
  g.mirror = result->mirror;
  eqk_field_matrix (field, &g, m);
  eqs_draw_matrix (cr, m, eqk_field_get_dim (field), eqs_field_theme (eqs_theme_is_dark ()), 1, 1, MIN (width, height) - 2);
}

static void
show_matrix (EqsSpacePage *self)
{
  const EqkField  *field = shown_field (self);
  g_autofree char *title = field == NULL ? NULL : g_strdup_printf (_("What the turn does to each %s"), eqk_field_get_name (field));

  gtk_widget_set_visible (self->matrix, field != NULL);
  gtk_widget_set_visible (self->matrix_title, field != NULL);
  if (title != NULL)
    gtk_label_set_label (GTK_LABEL (self->matrix_title), title);
  gtk_widget_queue_draw (self->matrix);
}

/* ---- the newest look ---- */

static void
looked_cb (EqsProbe *probe, EqsSpacePage *self)
{
  EqsProbeResult  *result = eqs_probe_get_result (probe);
  g_autofree char *words = eqs_space_controls_dup_words (EQS_SPACE_CONTROLS (self->controls));
  EqsSpaceElement  element;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  eqs_space_controls_get (EQS_SPACE_CONTROLS (self->controls), &element);
  if (result != NULL && result->error == NULL)
    {
      show_items (self, result);
      /* Only now it is known how many points there are to renumber. */
      if (result->order == NULL && result->graph.n_nodes > 1 && element.renumbered)
        eqs_space_page_apply (self);
    }
  show_controls (self);
  eqs_move_side_show (EQS_MOVE_SIDE (self->side), eqs_session_get_document (self->session), result, words);
  eqs_path_view_show (EQS_PATH_VIEW (self->paths), self->session, result);
  show_matrix (self);
  show_scenes (self);
}

/* ---- error over all turns ---- */

static double
limit_of (EqsSpacePage *self)
{
  EqsProbeResult *result = eqs_probe_get_result (self->probe);

  return result != NULL && result->error == NULL && result->n_outputs > 0 && !isnan (result->outputs[0].limit) ? result->outputs[0].limit : 1e-5;
}

static void
draw_error_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsSpacePage  *self = data;
  EqsProbeSweep *sweep = eqs_probe_get_sweep (self->probe);
  const double   size = MIN (width, height);
  EqsSpaceElement element;

  if (sweep == NULL || sweep->kind != EQS_SWEEP_TURNS || size < 40)
    return;
  eqs_space_controls_get (EQS_SPACE_CONTROLS (self->controls), &element);
  eqs_draw_error_ball (cr, (const double (*)[4]) sweep->q, sweep->inverted, sweep->error, sweep->n, limit_of (self), element.angle_deg > 0 ? element.turn : NULL,
                       eqs_space_view_get_camera (EQS_SPACE_VIEW (self->view)), eqs_field_theme (eqs_theme_is_dark ()), (width - size) / 2, (height - size) / 2, size);
}

static void
swept_cb (EqsProbe *probe, EqsSpacePage *self)
{
  EqsProbeSweep   *sweep = eqs_probe_get_sweep (probe);
  const double     limit = limit_of (self);
  double           worst[2] = { -1, -1 };
  g_autofree char *text = NULL, *first = NULL, *second = NULL, *most = NULL;

  gtk_widget_queue_draw (self->error_ball);
  if (sweep == NULL || sweep->kind != EQS_SWEEP_TURNS)
    return;
  for (guint i = 0; i < sweep->n; i++)
    worst[sweep->inverted[i]] = MAX (worst[sweep->inverted[i]], sweep->error[i]);
  first = eqs_number_dup_text (worst[0], 2);
  second = eqs_number_dup_text (worst[1], 2);
  most = eqs_number_dup_text (limit, 1);
  text = worst[1] < 0 ? g_strdup_printf (_("%u turns; a dot stands at the axis. The worst error of the first result is %s, the limit %s. Blue is up to a hundredth of the limit, green a tenth, "
                                           "yellow the limit, red above."), sweep->n, first, most) :
         g_strdup_printf (_("%u turns; a dot stands at the axis, a ring where the sample was inverted too. The worst error of the first result is %s, inverted %s, the limit %s. "
                            "Blue is up to a hundredth of the limit, green a tenth, yellow the limit, red above."), sweep->n, first, second, most);
  gtk_label_set_label (GTK_LABEL (self->worst), text);
}

/* ---- what people do ---- */

static void
sample_cb (GtkSpinButton *spin, EqsSpacePage *self)
{
  self->chosen = -1;
  eqs_probe_set_sample (self->probe, (guint) gtk_spin_button_get_value_as_int (spin));
}

static void
shown_cb (EqsSpacePage *self)
{
  if (self->setting)
    return;
  show_controls (self);
  show_matrix (self);
  show_scenes (self);
}

static void
camera_cb (EqsSpaceView *view, EqsSpacePage *self)
{
  eqs_space_controls_set_camera (EQS_SPACE_CONTROLS (self->controls), eqs_space_view_get_camera (view));
  gtk_widget_queue_draw (self->error_ball);
}

static void
chosen_cb (EqsSpaceView *view, int scene, int point, EqsSpacePage *self)
{
  EqsProbeResult *result = eqs_probe_get_result (self->probe);

  self->chosen = point;
  for (gsize i = 0; result != NULL && scene == 1 && result->order != NULL && point >= 0 && i < result->n_order; i++)
    if (result->order[i] == point)
      self->chosen = (int) i;
  show_scenes (self);
}

static void
samples_cb (EqsProbe *probe, EqsSpacePage *self)
{
  EqsSplit *split = eqs_probe_get_split (probe);

  if (split != NULL)
    gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->sample), 0, MAX (eqs_split_get_n (split), 1) - 1);
}

static void
checked_cb (EqsSession *session, EqsSpacePage *self)
{
  EqkSymmetry symmetry;

  if (eqs_session_get_symmetry (session, &symmetry))
    eqs_space_controls_set_symmetry (EQS_SPACE_CONTROLS (self->controls), &symmetry);
}

/* ---- making it ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = eqs_line_new ("", NULL);

  gtk_label_set_width_chars (GTK_LABEL (label), 8);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* What is chosen is cut where there is little room; the list shows all of it. */
static void
let_shrink (GtkWidget *down)
{
  g_autoptr (GtkListItemFactory) whole = g_object_ref (gtk_drop_down_get_factory (GTK_DROP_DOWN (down))), cut = gtk_signal_list_item_factory_new ();

  g_signal_connect (cut, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (cut, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (down), whole);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (down), cut);
}

static GtkWidget *
make_drop_down (const char *const *choices, const char *name)
{
  GtkWidget *down = gtk_drop_down_new_from_strings (choices);

  eqs_drop_down_set_name (down, name);
  gtk_widget_set_valign (down, GTK_ALIGN_CENTER);
  return down;
}

static GtkWidget *
make_shown (EqsSpacePage *self)
{
  const char *const modes[] = { _("As they are"), _("Radius"), _("Colour"), NULL }, *const none[] = { NULL };
  GtkWidget        *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = eqs_line_new (_("Sample"), "eq-second");

  self->sample = gtk_spin_button_new_with_range (0, 0, 1);
  self->item = make_drop_down (none, _("What is shown"));
  let_shrink (self->item);
  self->field = gtk_spin_button_new_with_range (0, 0, 1);
  self->mode = make_drop_down (modes, _("How signals are drawn"));
  eqs_set_name (self->sample, _("Sample"));
  eqs_set_name (self->field, _("Number of the field"));
  gtk_widget_set_tooltip_text (self->field, _("Number of the field"));
  gtk_widget_set_tooltip_text (self->mode, _("How far out a signal is drawn, or in which colour"));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_hexpand (self->item, TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->sample), 3);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->field), 3);
  g_signal_connect (self->sample, "value-changed", G_CALLBACK (sample_cb), self);
  g_signal_connect_swapped (self->item, "notify::selected", G_CALLBACK (shown_cb), self);
  g_signal_connect_swapped (self->field, "value-changed", G_CALLBACK (shown_cb), self);
  g_signal_connect_swapped (self->mode, "notify::selected", G_CALLBACK (shown_cb), self);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), self->sample);
  gtk_box_append (GTK_BOX (line), self->item);
  gtk_box_append (GTK_BOX (line), self->field);
  return line;
}

static GtkWidget *
make_side (EqsSpacePage *self)
{
  GtkWidget *box;

  self->side = eqs_move_side_new ();
  box = eqs_move_side_get_box (EQS_MOVE_SIDE (self->side));
  self->error_ball = gtk_drawing_area_new ();
  self->worst = eqs_text_new ("", "eq-second");
  gtk_label_set_max_width_chars (GTK_LABEL (self->worst), 36);
  gtk_widget_set_size_request (self->error_ball, 180, 190);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->error_ball), draw_error_cb, self, NULL);
  eqs_set_name (self->error_ball, _("Error over all turns"));
  eqs_picture_offer (self->error_ball, _("Error over all turns"));
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Error over all turns")));
  gtk_box_append (GTK_BOX (box), self->error_ball);
  gtk_box_append (GTK_BOX (box), self->worst);
  self->matrix_title = eqs_heading_new ("");
  self->matrix = gtk_drawing_area_new ();
  gtk_widget_set_size_request (self->matrix, 170, 170);
  gtk_widget_set_halign (self->matrix, GTK_ALIGN_START);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->matrix), draw_matrix_cb, self, NULL);
  eqs_set_name (self->matrix, _("Matrix of the turn"));
  eqs_picture_offer (self->matrix, _("Matrix of the turn"));
  gtk_box_append (GTK_BOX (box), self->matrix_title);
  gtk_box_append (GTK_BOX (box), self->matrix);
  self->paths = eqs_path_view_new ();
  gtk_box_append (GTK_BOX (box), self->paths);
  return self->side;
}

static void
eqs_space_page_dispose (GObject *object)
{
  EqsSpacePage *self = EQS_SPACE_PAGE (object);

  g_clear_pointer (&self->parts, gtk_widget_unparent);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->probe);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_space_page_parent_class)->dispose (object);
}

static void
eqs_space_page_class_init (EqsSpacePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_space_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_space_page_init (EqsSpacePage *self)
{
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->chosen = -1;
  self->controls = eqs_space_controls_new ();
  g_signal_connect (self->controls, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect (self->controls, "reset", G_CALLBACK (reset_cb), self);
  gtk_box_append (GTK_BOX (left), self->controls);
  gtk_box_append (GTK_BOX (left), make_shown (self));
  self->view = eqs_space_view_new (_("Sample and features as they are, turned, and turned back"));
  self->hint = eqs_line_new ("", "eq-second");
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_widget_set_size_request (self->view, -1, 200);
  g_signal_connect (self->view, "camera-changed", G_CALLBACK (camera_cb), self);
  g_signal_connect (self->view, "point-chosen", G_CALLBACK (chosen_cb), self);
  gtk_box_append (GTK_BOX (left), self->view);
  gtk_widget_set_hexpand (self->hint, TRUE);
  gtk_box_append (GTK_BOX (foot), self->hint);
  gtk_box_append (GTK_BOX (foot), self->mode);
  gtk_box_append (GTK_BOX (left), foot);
  self->parts = eqs_two_parts_new (left, make_side (self), 800, 270, _("Points in space"));
  gtk_widget_set_parent (self->parts, GTK_WIDGET (self));
}

GtkWidget *
eqs_space_page_new (EqsSession *session, EqsProbe *probe)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsSpacePage *self = g_object_new (EQS_TYPE_SPACE_PAGE, NULL);

  self->session = g_object_ref (session);
  self->probe = g_object_ref (probe);
  g_signal_connect_object (probe, "looked", G_CALLBACK (looked_cb), self, 0);
  g_signal_connect_object (probe, "swept", G_CALLBACK (swept_cb), self, 0);
  g_signal_connect_object (probe, "samples-changed", G_CALLBACK (samples_cb), self, 0);
  g_signal_connect_object (session, "checked", G_CALLBACK (checked_cb), self, 0);
  checked_cb (session, self);
  return GTK_WIDGET (self);
}

const char *
eqs_space_page_get_residual (EqsSpacePage *self)
{
  g_return_val_if_fail (EQS_IS_SPACE_PAGE (self), NULL);
  return eqs_move_side_get_residual (EQS_MOVE_SIDE (self->side));
}
