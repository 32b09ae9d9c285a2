/* A frame is copied out of the split when it is shown; arrows of all frames have one scale, found from the first ones. */

#include "widgets/space/frames-window.h"

#include "data/xyz.h"
#include "draw/number-text.h"
#include "widgets/parts.h"
#include "widgets/space/space-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LONGEST_ARROW 0.5     /* of the reach of the points; there is as much room around them */

enum { MEASURED = 50, FRAME_MS = 60 };

typedef struct
{
  EqsSplit        *split;                /* owned */
  const EqsColumn *places, *species, *arrows, *cell;   /* of the split; all but the first may be NULL */
  double           longest, reach;
  guint            playing;              /* source */
  gboolean         setting;
  GtkWidget       *view, *slider, *number, *told, *play, *show_arrows, *labels;
} Frames;

static void
frames_free (gpointer data)
{
  Frames *self = data;

  g_clear_handle_id (&self->playing, g_source_remove);
  eqs_split_unref (self->split);
  g_free (self);
}

/* ---- the data ---- */

static gboolean
is_arrow (const EqsColumn *column)
{
  return column->kind == EQS_COLUMN_PER_NODE && column->n_values == 3 && column->values == EQS_VALUES_FEATURE && column->representation != NULL &&
         g_str_has_suffix (column->representation, "1o");
}

static const EqsColumn *
find_places (const EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_POSITION && column->n_values == 3)
        return column;
    }
  return NULL;
}

gboolean
eqs_frames_can_show (const EqsSplit *split)
{
  return find_places (split) != NULL;
}

static void
find_columns (Frames *self)
{
  self->places = find_places (self->split);
  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self->split, i);

      if (column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_SPECIES)
        self->species = column;
      else if (self->arrows == NULL && is_arrow (column))
        self->arrows = column;
      else if (column->kind == EQS_COLUMN_FIXED && column->n_values == 9 && (g_ascii_strcasecmp (column->name, "lattice") == 0 || g_ascii_strcasecmp (column->name, "cell") == 0))
        self->cell = column;
    }
}

/* (transfer full) [nodes, 3] */
static double *
dup_rows (Frames *self, const EqsColumn *column, guint sample)
{
  double *rows = g_new (double, 3 * eqs_split_get_n_nodes (self->split, sample) + 1);

  eqs_split_copy_double (self->split, column, &sample, 1, rows);
  return rows;
}

static void
measure (Frames *self)
{
  for (guint sample = 0; sample < eqs_split_get_n (self->split) && sample < MEASURED; sample++)
    {
      const gsize        n = eqs_split_get_n_nodes (self->split, sample);
      g_autofree double *places = dup_rows (self, self->places, sample), *arrows = self->arrows == NULL ? NULL : dup_rows (self, self->arrows, sample);
      double             centre[3], reach;

      eqs_places_bound (places, NULL, n, centre, &reach);
      self->reach = MAX (self->reach, n == 0 ? 0 : reach);
      for (gsize i = 0; arrows != NULL && i < n; i++)
        self->longest = MAX (self->longest, sqrt (arrows[3 * i] * arrows[3 * i] + arrows[3 * i + 1] * arrows[3 * i + 1] + arrows[3 * i + 2] * arrows[3 * i + 2]));
    }
}

/* ---- a frame ---- */

static EqsScene *
make_scene (Frames *self, guint sample)
{
  const gsize        n = eqs_split_get_n_nodes (self->split, sample);
  g_autofree double *places = dup_rows (self, self->places, sample);
  g_autofree gint32 *numbers = self->species == NULL ? NULL : g_new (gint32, n + 1);
  EqsScene          *scene;
  double             centre[3], reach;

  if (numbers != NULL)
    eqs_split_copy_int (self->split, self->species, &sample, 1, numbers);
  scene = eqs_scene_new (places, n, numbers);
  if (numbers == NULL)
    eqs_scene_link_near (scene);
  if (numbers != NULL)
    {
      const char **symbols = g_new (const char *, n + 1);

      for (gsize i = 0; i < n; i++)
        symbols[i] = eqs_species_get_symbol ((guint) MAX (numbers[i], 0));
      eqs_scene_take_symbols (scene, symbols);
    }
  if (self->arrows != NULL && self->longest > 0 && gtk_check_button_get_active (GTK_CHECK_BUTTON (self->show_arrows)))
    {
      g_autofree double *arrows = dup_rows (self, self->arrows, sample);

      eqs_scene_set_arrows (scene, arrows, LONGEST_ARROW * self->reach / self->longest, 0xe69f00, FALSE);
    }
  if (self->cell != NULL)
    {
      double cell[9];

      eqs_split_copy_double (self->split, self->cell, &sample, 1, cell);
      eqs_scene_set_cell (scene, cell);
    }
  eqs_places_bound (places, NULL, n, centre, &reach);
  eqs_scene_set_bound (scene, centre, MAX (reach, self->reach) + (self->arrows != NULL ? LONGEST_ARROW * self->reach : 0.4));
  return scene;
}

/* "energy -4210.3 eV · dipole_debye 0.1 -1.2 0.4 D" */
static char *
dup_targets (Frames *self, guint sample)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    {
      const EqsColumn   *column = eqs_split_get_column (self->split, i);
      g_autofree double *values = NULL;

      if (column->role == EQS_ROLE_INPUT || column->kind != EQS_COLUMN_FIXED || column->n_values > 6)
        continue;
      if (column->values == EQS_VALUES_LABEL)
        {
          gint32 class = -1;

          if (column->n_values != 1)
            continue;
          eqs_split_copy_int (self->split, column, &sample, 1, &class);
          g_string_append_printf (text, "%s%s ", text->len > 0 ? " · " : "", column->name);
          if (column->class_names != NULL && class >= 0 && (guint) class < column->n_classes)
            g_string_append (text, column->class_names[class]);
          else
            g_string_append_printf (text, "%d", (int) class);
          continue;
        }
      values = g_new (double, column->n_values);
      eqs_split_copy_double (self->split, column, &sample, 1, values);
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", column->name);
      for (gsize k = 0; k < column->n_values; k++)
        eqs_number_append (text, " ", values[k], 6);
      if (column->unit != NULL)
        g_string_append_printf (text, " %s", column->unit);
    }
  return g_string_free (text, FALSE);
}

static void
show (Frames *self)
{
  const guint      sample = (guint) gtk_range_get_value (GTK_RANGE (self->slider)) - 1;
  EqsScene        *scene = make_scene (self, sample);
  g_autofree char *targets = dup_targets (self, sample), *number = NULL;

  eqs_space_view_set_scenes (EQS_SPACE_VIEW (self->view), &scene, NULL, 1);
  eqs_scene_unref (scene);
  /* Translators: number of a frame, how many there are, how many points. */
  number = g_strdup_printf (_("Frame %u of %u, %u points"), sample + 1, eqs_split_get_n (self->split), (guint) eqs_split_get_n_nodes (self->split, sample));
  gtk_label_set_label (GTK_LABEL (self->number), number);
  gtk_label_set_label (GTK_LABEL (self->told), targets);
}

static void
show_cb (Frames *self)
{
  if (!self->setting)
    show (self);
}

static void
labels_cb (GtkCheckButton *button, Frames *self)
{
  eqs_space_view_set_labels (EQS_SPACE_VIEW (self->view), gtk_check_button_get_active (button));
}

/* ---- the film ---- */

static gboolean
play_cb (gpointer data)
{
  Frames *self = data;
  const guint n = eqs_split_get_n (self->split), at = (guint) gtk_range_get_value (GTK_RANGE (self->slider));

  gtk_range_set_value (GTK_RANGE (self->slider), at % n + 1);
  return G_SOURCE_CONTINUE;
}

static void
play_clicked_cb (GtkButton *button, Frames *self)
{
  if (self->playing != 0)
    g_clear_handle_id (&self->playing, g_source_remove);
  else
    self->playing = g_timeout_add (FRAME_MS, play_cb, self);
  gtk_button_set_icon_name (button, self->playing != 0 ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  eqs_set_name (GTK_WIDGET (button), self->playing != 0 ? _("Stop playing") : _("Play"));
}

static void
reset_cb (GtkButton *button, Frames *self)
{
  eqs_space_view_reset (EQS_SPACE_VIEW (self->view));
}

static void
destroyed_cb (GtkWidget *window, Frames *self)
{
  g_clear_handle_id (&self->playing, g_source_remove);
}

/* ---- making it ---- */

static GtkWidget *
make_bar (Frames *self)
{
  GtkWidget       *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *reset = eqs_icon_button_new ("view-refresh-symbolic", _("Look from the beginning again"));
  g_autofree char *title = NULL, *longest = eqs_number_dup_text (self->longest, 3);

  self->play = eqs_icon_button_new ("media-playback-start-symbolic", _("Play"));
  self->slider = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 1, MAX (eqs_split_get_n (self->split), 2), 1);
  title = self->arrows == NULL ? g_strdup (_("Arrows")) : g_strdup_printf (_("Arrows: %s, the longest %s%s%s"), self->arrows->name, longest,
                                                                            self->arrows->unit == NULL ? "" : " ", self->arrows->unit == NULL ? "" : self->arrows->unit);
  self->show_arrows = gtk_check_button_new_with_label (title);
  self->labels = gtk_check_button_new_with_label (_("Labels"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->show_arrows), TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->labels), TRUE);
  gtk_widget_set_visible (self->show_arrows, self->arrows != NULL);
  gtk_widget_set_sensitive (self->play, eqs_split_get_n (self->split) > 1);
  gtk_widget_set_sensitive (self->slider, eqs_split_get_n (self->split) > 1);
  gtk_widget_set_hexpand (self->slider, TRUE);
  gtk_widget_set_size_request (self->slider, 160, -1);
  eqs_set_name (self->slider, _("Frame"));
  g_signal_connect (self->play, "clicked", G_CALLBACK (play_clicked_cb), self);
  g_signal_connect (reset, "clicked", G_CALLBACK (reset_cb), self);
  g_signal_connect_swapped (self->slider, "value-changed", G_CALLBACK (show_cb), self);
  g_signal_connect_swapped (self->show_arrows, "toggled", G_CALLBACK (show_cb), self);
  g_signal_connect (self->labels, "toggled", G_CALLBACK (labels_cb), self);
  gtk_box_append (GTK_BOX (bar), self->play);
  gtk_box_append (GTK_BOX (bar), self->slider);
  gtk_box_append (GTK_BOX (bar), self->show_arrows);
  gtk_box_append (GTK_BOX (bar), self->labels);
  gtk_box_append (GTK_BOX (bar), reset);
  return bar;
}

GtkWidget *
eqs_frames_window_open (GtkWidget *parent, EqsSplit *split, guint sample)
{
  g_return_val_if_fail (eqs_frames_can_show (split), NULL);

  Frames    *self = g_new0 (Frames, 1);
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkRoot   *root = parent == NULL ? NULL : gtk_widget_get_root (parent);

  self->split = eqs_split_ref (split);
  find_columns (self);
  measure (self);
  gtk_window_set_title (GTK_WINDOW (window), _("Samples in space"));
  gtk_window_set_default_size (GTK_WINDOW (window), 720, 560);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_widget_add_css_class (box, "eq-training");
  self->view = eqs_space_view_new (_("Sample in space"));
  self->number = eqs_line_new ("", NULL);
  self->told = eqs_text_new ("", "eq-second");
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (box), self->view);
  gtk_box_append (GTK_BOX (box), self->number);
  gtk_box_append (GTK_BOX (box), self->told);
  gtk_window_set_child (GTK_WINDOW (window), box);
  g_object_set_data_full (G_OBJECT (window), "frames", self, frames_free);
  g_signal_connect (window, "destroy", G_CALLBACK (destroyed_cb), self);
  eqs_frames_window_set (window, sample);
  eqs_close_on_escape (window);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

const char *
eqs_frames_window_set (GtkWidget *window, guint sample)
{
  Frames *self = g_object_get_data (G_OBJECT (window), "frames");

  self->setting = TRUE;
  gtk_range_set_value (GTK_RANGE (self->slider), sample + 1);
  self->setting = FALSE;
  show (self);
  return gtk_label_get_label (GTK_LABEL (self->number));
}
