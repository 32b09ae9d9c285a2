/* The card's data are made by a worker: samples of the data the template is for, and the types of its mixing layers. */

#include "widgets/start/template-card.h"

#include "draw/plan.h"
#include "draw/type-style.h"
#include "model/compile.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MOST_STOPS 12

typedef enum { THREE, MIRRORED, TO_ANSWER } Scene;

typedef struct
{
  char             *template, *data;       /* owned: id; name of the data (nullable) */
  Scene             scene;
  EqsSamplePicture *pictures[3];           /* owned (nullable) */
  gboolean          plain;                 /* data that take too long to make for a card: the network alone is drawn */
  EqsTypeStyle      stops[MOST_STOPS];     /* types along the network */
  guint             n_stops;
} Card;

static void
card_free (gpointer data)
{
  Card *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->pictures); i++)
    g_clear_pointer (&self->pictures[i], eqs_sample_picture_unref);
  g_free (self->template);
  g_free (self->data);
  g_free (self);
}

/* ---- in the worker ---- */

/* Of the first input that can be looked at. */
static EqsSamplePicture *
input_picture (const EqsSplit *split, guint sample)
{
  EqsSamplePicture *picture = NULL;

  for (guint i = 0; i < eqs_split_get_n_columns (split) && picture == NULL; i++)
    if (eqs_split_get_column (split, i)->role == EQS_ROLE_INPUT)
      picture = eqs_sample_picture_new (split, eqs_split_get_column (split, i), sample);
  return picture;
}

static void
load_pictures (Card *self, EqsDocument *document)
{
  g_autoptr (EqsDataset) dataset = self->data == NULL ? NULL : eqs_dataset_open (self->data, NULL);
  g_autoptr (EqsSplit)   split = NULL;
  const char            *task = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_SPEC), "task", "");
  const EqsColumn       *target;
  EqkSymmetry            symmetry;

  /* A flow takes seconds of a core to compute: too much for a picture on a card, every time the studio starts. */
  self->plain = dataset != NULL && eqs_dataset_is_generated (dataset) && strcmp (eqs_dataset_get_domain (dataset), "image") == 0;
  if (dataset == NULL || self->plain)
    return;
  split = eqs_dataset_load_seeded (dataset, eqs_dataset_has_split (dataset, "test") ? "test" : "train", 0, 8, NULL);
  if (split == NULL || eqs_split_get_n (split) == 0)
    return;
  target = eqs_split_find_target (split, task);
  self->pictures[1] = target == NULL ? NULL : eqs_sample_picture_new (split, target, 0);
  if (self->pictures[1] != NULL)
    {
      self->scene = TO_ANSWER;
      self->pictures[0] = input_picture (split, 0);
      return;
    }
  self->scene = eqs_compile_symmetry (document, &symmetry, NULL) && eqk_group_has_mirror (symmetry.group) ? MIRRORED : THREE;
  for (guint i = 0; i < MIN (self->scene == THREE ? 3u : 1u, eqs_split_get_n (split)); i++)
    self->pictures[i] = input_picture (split, i);
}

/* Types at the inputs, after each layer that mixes, and at the heads, in the order of the network. */
static void
load_stops (Card *self, EqsDocument *document)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  const int           *order;
  int                  n = 0;

  if (check == NULL || check->typed == NULL)
    return;
  order = eqk_typed_order (check->typed, &n);
  for (int i = 0; i < n && self->n_stops < MOST_STOPS; i++)
    {
      const EqkLayerType *layer = eqk_graph_node_layer (eqk_typed_graph (check->typed), order[i]);
      const EqkPortType  *type = layer->outputs == NULL || layer->outputs[0].name == NULL ? NULL : eqk_typed_output (check->typed, order[i], layer->outputs[0].name);

      if (type != NULL && (layer->flags & (EQK_LAYER_INPUT | EQK_LAYER_HEAD | EQK_LAYER_LINEAR)) != 0)
        self->stops[self->n_stops++] = eqs_type_style (type);
    }
}

static void
card_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Card *self = data;
  g_autoptr (EqsDocument) document = eqs_template_new (self->template, NULL);

  if (document != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      load_stops (self, document);
      if (!g_cancellable_is_cancelled (cancellable))
        load_pictures (self, document);
    }
  g_task_return_boolean (task, TRUE);
}

/* ---- drawing ---- */

static void
draw_network (const Card *self, cairo_t *cr, GtkWidget *widget, double left, double right, double y)
{
  const double pitch = self->n_stops > 1 ? (right - left) / (self->n_stops - 1) : 0;

  for (guint i = 0; i + 1 < self->n_stops; i++)
    {
      const EqsTypeStyle *style = &self->stops[i];

      cairo_set_dash (cr, (double[]) { 5, 4 }, style->wire == EQS_WIRE_DASHED ? 2 : 0, 0);
      cairo_move_to (cr, left + i * pitch, y);
      cairo_line_to (cr, left + (i + 1) * pitch, y);
      cairo_set_line_width (cr, style->width + 1.5);
      eqs_theme_set_source (widget, cr, "eq_wire_outline", 1);
      cairo_stroke_preserve (cr);
      cairo_set_line_width (cr, style->width);
      eqs_draw_set_colour (cr, style->colour, 1);
      cairo_stroke (cr);
      if (style->wire == EQS_WIRE_STRIPED)
        {
          cairo_set_dash (cr, (double[]) { 8, 8 }, 2, 0);
          cairo_move_to (cr, left + i * pitch, y);
          cairo_line_to (cr, left + (i + 1) * pitch, y);
          eqs_draw_set_colour (cr, style->stripe, 1);
          cairo_stroke (cr);
        }
      cairo_set_dash (cr, NULL, 0, 0);
    }
  for (guint i = 0; i < self->n_stops; i++)
    eqs_draw_socket (cr, &self->stops[i], left + i * pitch, y);
}

static void
draw_arrow (cairo_t *cr, double x, double y)
{
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, x - 8, y);
  cairo_line_to (cr, x + 8, y);
  cairo_move_to (cr, x + 3, y - 5);
  cairo_line_to (cr, x + 8, y);
  cairo_line_to (cr, x + 3, y + 5);
  cairo_stroke (cr);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Card   *self = g_object_get_data (G_OBJECT (area), "card");
  GtkWidget    *widget = GTK_WIDGET (area);
  const GdkRGBA ink = eqs_theme_colour (widget, "window_fg_color");
  const double  size = MIN (64, height - 56), middle = width / 2.0, top = (height - 30 - size) / 2;

  if (self == NULL)
    return;
  if (self->scene == THREE)
    {
      for (int i = 0; i < 3; i++)
        if (self->pictures[i] != NULL)
          eqs_sample_picture_draw (self->pictures[i], cr, middle + (i - 1) * (size + 12) - size / 2, top, size, &ink);
    }
  else if (self->scene == MIRRORED && self->pictures[0] != NULL)
    {
      eqs_sample_picture_draw (self->pictures[0], cr, middle - size - 16, top, size, &ink);
      cairo_save (cr);
      cairo_translate (cr, 2 * middle, 0);
      cairo_scale (cr, -1, 1);
      eqs_sample_picture_draw (self->pictures[0], cr, middle - size - 16, top, size, &ink);
      cairo_restore (cr);
      eqs_theme_set_source (widget, cr, "eq_dim", 1);
      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, (double[]) { 4, 3 }, 2, 0);
      cairo_move_to (cr, middle, top - 4);
      cairo_line_to (cr, middle, top + size + 4);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
    }
  else if (self->scene == TO_ANSWER)
    {
      if (self->pictures[0] != NULL)
        eqs_sample_picture_draw (self->pictures[0], cr, middle - size - 22, top, size, &ink);
      eqs_theme_set_source (widget, cr, "eq_dim", 1);
      draw_arrow (cr, middle, top + size / 2);
      eqs_sample_picture_draw (self->pictures[1], cr, middle + 22, top, size, &ink);
    }
  draw_network (self, cr, widget, 24, width - 24, height - 18);
}

static void
card_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) area = data;
  GTask *task = G_TASK (result);

  if (!g_task_propagate_boolean (task, NULL))
    return;
  g_object_set_data_full (G_OBJECT (area), "task", g_object_ref (task), g_object_unref);
  g_object_set_data (G_OBJECT (area), "card", g_task_get_task_data (task));
  gtk_widget_queue_draw (area);
}

gboolean
eqs_template_card_is_drawn (GtkWidget *card)
{
  GtkWidget  *area = g_object_get_data (G_OBJECT (card), "area");
  const Card *self = g_object_get_data (G_OBJECT (area), "card");

  return self != NULL && self->n_stops > 1 && (self->pictures[0] != NULL || self->plain);
}

/* "D₄", "E(3)", "Sₙ" */
static char *
dup_notation (const char *group)
{
  g_autoptr (EqsDocument) probe = eqs_document_new ();
  EqkSymmetry symmetry;

  if (!eqs_document_set_symmetry (probe, group, -1, NULL, NULL) || !eqs_compile_symmetry (probe, &symmetry, NULL))
    return g_strdup (group);
  return eqs_symmetry_dup_notation (&symmetry);
}

/* Once the page stands: the workers of all cards would take the cores from the window before it is there. */
static gboolean
begin_cb (gpointer task)
{
  g_task_run_in_thread (task, card_worker);
  return G_SOURCE_REMOVE;
}

GtkWidget *
eqs_template_card_new (const EqsTemplate *template, GCancellable *cancellable)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *area = gtk_drawing_area_new (), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *summary = eqs_text_new (template->summary, "eq-second");
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, card_done_cb, g_object_ref (area));
  g_autofree char  *number = eqs_count_dup_text (template->bound);
  g_autofree char  *parameters = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s parameter", "%s parameters", (gulong) template->bound), number);
  g_autofree char  *group = dup_notation (template->group);
  Card             *work = g_new0 (Card, 1);

  work->template = g_strdup (template->id);
  work->data = g_strdup (template->data);
  g_task_set_task_data (task, work, card_free);
  g_task_set_return_on_cancel (task, FALSE);
  g_idle_add_full (G_PRIORITY_LOW, begin_cb, g_object_ref (task), g_object_unref);

  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 136);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 200);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, NULL, NULL);
  gtk_widget_add_css_class (area, "eq-card-picture");
  gtk_widget_add_css_class (texts, "eq-card-texts");
  /* Narrow by nature, so that three stand in a row; wide cards use their width all the same. */
  gtk_label_set_max_width_chars (GTK_LABEL (summary), 30);
  gtk_label_set_lines (GTK_LABEL (summary), 2);
  gtk_label_set_ellipsize (GTK_LABEL (summary), PANGO_ELLIPSIZE_END);
  gtk_label_set_yalign (GTK_LABEL (summary), 0);
  gtk_widget_set_vexpand (summary, TRUE);
  gtk_box_append (GTK_BOX (texts), eqs_line_new (template->title, "eq-name"));
  gtk_box_append (GTK_BOX (texts), summary);
  gtk_box_append (GTK_BOX (line), eqs_pill_new (group, "eq-chip"));
  gtk_box_append (GTK_BOX (line), eqs_line_new (parameters, "eq-second"));
  gtk_box_append (GTK_BOX (texts), line);
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "eq-card");
  gtk_widget_add_css_class (button, "card");
  gtk_widget_set_overflow (button, GTK_OVERFLOW_HIDDEN);
  eqs_set_name (button, template->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, template->summary, -1);
  g_object_set_data (G_OBJECT (button), "area", area);
  g_object_set_data_full (G_OBJECT (button), "template", g_strdup (template->id), g_free);
  g_object_set_data_full (G_OBJECT (button), "domain", g_strdup (template->domain), g_free);
  return button;
}
