/* Colours of the two graphs are numbered together, so that equal ones look alike. */

#include "widgets/graph/refine-window.h"

#include "draw/graph.h"
#include "draw/type-style.h"
#include "services/colouring.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_ROUNDS = 12, MOST_TRIED = 300, BARS = 100 };

typedef struct
{
  EqsSplit  *split;            /* owned */
  gsize      n[2], n_links[2];
  double    *places[2];        /* owned */
  gint32    *links[2];         /* owned */
  guint8    *one_way[2];       /* owned */
  gint32    *colours;          /* owned (nullable): of both, the second's after the first's */
  guint      n_colours;
  gboolean   setting;
  GtkWidget *samples[2], *rounds, *area, *told;
} Refine;

static void
clear_graphs (Refine *self)
{
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->places[i], g_free);
      g_clear_pointer (&self->links[i], g_free);
      g_clear_pointer (&self->one_way[i], g_free);
    }
  g_clear_pointer (&self->colours, g_free);
}

static void
refine_free (gpointer data)
{
  Refine *self = data;

  clear_graphs (self);
  eqs_split_unref (self->split);
  g_free (self);
}

/* ---- reading ---- */

static guint
sample_of (Refine *self, int which)
{
  return (guint) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->samples[which]));
}

static void
read_graphs (Refine *self)
{
  const EqsColumn *links = eqs_split_find_links (self->split);

  clear_graphs (self);
  for (int i = 0; i < 2; i++)
    {
      self->n[i] = eqs_split_get_n_nodes (self->split, sample_of (self, i));
      self->n_links[i] = eqs_split_get_n_edges (self->split, sample_of (self, i));
    }
  if (links == NULL || self->n[0] + self->n[1] > EQS_GRAPH_MOST)
    return;
  self->colours = g_new (gint32, self->n[0] + self->n[1] + 1);
  for (int i = 0; i < 2; i++)
    {
      const guint sample = sample_of (self, i);

      self->links[i] = g_new (gint32, 2 * self->n_links[i] + 1);
      eqs_split_copy_int (self->split, links, &sample, 1, self->links[i]);
      self->places[i] = eqs_graph_layout (self->n[i], self->links[i], self->n_links[i]);
      self->one_way[i] = eqs_graph_one_way (self->links[i], self->n_links[i]);
    }
}

/* Numbers the colours of both. @return whether both have each colour equally often */
static gboolean
look_alike (Refine *self, EqsColouring *const *both)
{
  g_autofree guint64 *colours = g_new (guint64, self->n[0] + self->n[1] + 1);
  g_autofree int     *count = NULL;
  gboolean            alike = TRUE;

  for (int i = 0; i < 2; i++)
    {
      gsize          n;
      const guint64 *own = eqs_colouring_get (both[i], &n);

      memcpy (colours + (i == 0 ? 0 : self->n[0]), own, n * sizeof *colours);
    }
  self->n_colours = eqs_colours_number (colours, self->n[0] + self->n[1], self->colours);
  count = g_new0 (int, self->n_colours + 1);
  for (gsize i = 0; i < self->n[0] + self->n[1]; i++)
    count[self->colours[i]] += i < self->n[0] ? 1 : -1;
  for (guint c = 0; c < self->n_colours; c++)
    alike = alike && count[c] == 0;
  return alike;
}

/* Colours after `rounds` rounds. @return the first round after which they differ; G_MAXUINT: none does */
static guint
refine (Refine *self, guint rounds)
{
  EqsColouring      *both[2] = { eqs_colouring_new (self->split, sample_of (self, 0)), eqs_colouring_new (self->split, sample_of (self, 1)) };
  g_autofree gint32 *shown = NULL;
  guint              first = G_MAXUINT, n_shown = 0, n_before = 0;

  for (guint k = 0; k <= MOST_TRIED; k++)
    {
      if (!look_alike (self, both) && first == G_MAXUINT)
        first = k;
      if (k == rounds)
        {
          shown = g_memdup2 (self->colours, (self->n[0] + self->n[1] + 1) * sizeof *shown);
          n_shown = self->n_colours;
        }
      if (k >= rounds && (first != G_MAXUINT || (k > 0 && self->n_colours == n_before)))   /* known, or no colour splits any more */
        break;
      n_before = self->n_colours;
      eqs_colouring_step (both[0]);
      eqs_colouring_step (both[1]);
    }
  memcpy (self->colours, shown, (self->n[0] + self->n[1]) * sizeof *shown);
  self->n_colours = n_shown;
  eqs_colouring_free (both[0]);
  eqs_colouring_free (both[1]);
  return first;
}

/* ---- words ---- */

static void
tell (Refine *self, guint rounds)
{
  g_autofree char *text = NULL;
  guint            first;

  if (self->colours == NULL)
    {
      gtk_label_set_label (GTK_LABEL (self->told), _("These graphs are too large to be drawn and coloured here."));
      return;
    }
  first = refine (self, rounds);
  if (sample_of (self, 0) == sample_of (self, 1))
    text = g_strdup (_("This is the same graph twice. Choose another one at the right."));
  else if (first == 0)
    text = g_strdup (_("They differ before any message is passed: by how many nodes there are of which kind."));
  else if (first <= rounds)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "From round %u on the colours differ: a network that passes messages once can tell them apart, if its sums keep how often each comes.",
                                         "From round %u on the colours differ: a network with as many layers of messages can tell them apart, if its sums keep how often each comes.", first), first);
  else if (first != G_MAXUINT)
    text = g_strdup_printf (_("Up to here they look alike. Round %u will tell them apart."), first);
  else
    text = g_strdup (_("However many rounds, both have the same colours equally often: no network that only passes messages along edges can tell them apart. "
                       "Networks of pairs of nodes (order 2) can see more."));
  gtk_label_set_label (GTK_LABEL (self->told), text);
}

static void
show (Refine *self)
{
  if (self->colours != NULL)
    tell (self, (guint) gtk_range_get_value (GTK_RANGE (self->rounds)));
  else
    tell (self, 0);
  gtk_widget_queue_draw (self->area);
}

/* ---- drawing ---- */

/* Colours that differ well for the first few; then round the circle of hues. */
static guint32
colour_of (gint32 number)
{
  static const guint32 colours[] = { 0x56b4e9, 0xe69f00, 0x009e73, 0xcc79a7, 0xf0e442, 0xd55e00, 0x0072b2, 0x8a8a8a };
  float r, g, b;

  if (number < (gint32) G_N_ELEMENTS (colours))
    return colours[number];
  gtk_hsv_to_rgb ((float) (number * 37 % 100) / 100, 0.55f, 0.85f, &r, &g, &b);
  return (guint32) (255 * r) << 16 | (guint32) (255 * g) << 8 | (guint32) (255 * b);
}

/* One bar a colour, as long as it is frequent; how often stands on it, its number below. */
static void
draw_counts (Refine *self, cairo_t *cr, int which, const EqsFieldTheme *theme, double x, double y, double width, double height)
{
  g_autofree int *count = g_new0 (int, self->n_colours + 1);
  const double    pitch = MIN (width / MAX (self->n_colours, 1), 26);
  int             most = 1;

  for (gsize i = 0; i < self->n[which]; i++)
    count[self->colours[(which == 0 ? 0 : self->n[0]) + i]]++;
  for (guint c = 0; c < self->n_colours; c++)
    most = MAX (most, count[c]);
  cairo_set_font_size (cr, 11);
  for (guint c = 0; c < self->n_colours; c++)
    {
      const double high = (height - 34) * count[c] / most;
      const guint32 colour = colour_of ((gint32) c);
      char         text[16];

      cairo_set_source_rgb (cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
      cairo_rectangle (cr, x + c * pitch, y + height - 16 - high, MAX (pitch - 4, 1), high);
      cairo_fill (cr);
      if (pitch < 16 || count[c] == 0)
        continue;
      g_snprintf (text, sizeof text, "%d", count[c]);
      eqs_draw_set_colour (cr, theme->ink, 1);
      cairo_move_to (cr, x + c * pitch, y + height - high - 20);
      cairo_show_text (cr, text);
      g_snprintf (text, sizeof text, "%u", c + 1);
      eqs_draw_set_colour (cr, theme->dim, 1);
      cairo_move_to (cr, x + c * pitch, y + height - 3);
      cairo_show_text (cr, text);
    }
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  Refine              *self = data;
  const EqsFieldTheme *theme = eqs_field_theme (eqs_theme_is_dark ());
  const double         half = (width - 24) / 2.0;

  for (int which = 0; which < 2 && self->colours != NULL; which++)
    {
      g_autofree guint32 *colours = g_new (guint32, self->n[which] + 1);
      g_autofree gint32  *names = g_new (gint32, self->n[which] + 1);
      EqsGraphPicture     picture = { self->n[which], self->n_links[which], self->places[which], self->links[which], colours, NULL, names, self->one_way[which] };

      for (gsize i = 0; i < self->n[which]; i++)
        {
          names[i] = self->colours[(which == 0 ? 0 : self->n[0]) + i] + 1;      /* a number too: hues alone are not told apart by everyone */
          colours[i] = colour_of (names[i] - 1);
        }
      eqs_draw_graph (cr, &picture, theme, which * (half + 24), 0, half, height - BARS - 8);
      draw_counts (self, cr, which, theme, which * (half + 24), height - BARS, half, BARS);
    }
}

/* ---- making it ---- */

static void
samples_cb (GtkSpinButton *spin, Refine *self)
{
  if (self->setting)
    return;
  read_graphs (self);
  show (self);
}

static void
rounds_cb (GtkRange *range, Refine *self)
{
  if (!self->setting)
    show (self);
}

static GtkWidget *
make_bar (Refine *self)
{
  static const char *const titles[] = { N_("Left"), N_("Right") };
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label;

  for (int i = 0; i < 2; i++)
    {
      self->samples[i] = gtk_spin_button_new_with_range (0, MAX (eqs_split_get_n (self->split), 1) - 1, 1);
      label = eqs_line_new (_(titles[i]), "eq-second");
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
      eqs_set_name (self->samples[i], i == 0 ? _("Sample at the left") : _("Sample at the right"));
      g_signal_connect (self->samples[i], "value-changed", G_CALLBACK (samples_cb), self);
      gtk_box_append (GTK_BOX (bar), label);
      gtk_box_append (GTK_BOX (bar), self->samples[i]);
    }
  label = eqs_line_new (_("Rounds"), "eq-second");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  self->rounds = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, MOST_ROUNDS, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->rounds), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (self->rounds), GTK_POS_RIGHT);
  gtk_widget_set_hexpand (self->rounds, TRUE);
  gtk_widget_set_size_request (self->rounds, 160, -1);
  eqs_set_name (self->rounds, _("Rounds of messages"));
  g_signal_connect (self->rounds, "value-changed", G_CALLBACK (rounds_cb), self);
  gtk_box_append (GTK_BOX (bar), label);
  gtk_box_append (GTK_BOX (bar), self->rounds);
  return bar;
}

/* The class of a sample; NULL: the data have none. */
static const EqsColumn *
find_class (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->values == EQS_VALUES_LABEL && column->n_values == 1)
        return column;
    }
  return NULL;
}

guint
eqs_refine_partner (EqsSplit *split, guint sample)
{
  const EqsColumn *class = find_class (split);
  const guint      n = eqs_split_get_n (split);
  guint            alike = n;

  for (guint k = 1; k < n && k <= MOST_TRIED; k++)
    {
      const guint other = (sample + k) % n;

      if (eqs_split_get_n_nodes (split, other) != eqs_split_get_n_nodes (split, sample) || eqs_split_get_n_edges (split, other) != eqs_split_get_n_edges (split, sample))
        continue;
      if (class == NULL || eqs_array_get_double (class->array, other) != eqs_array_get_double (class->array, sample))
        return other;
      alike = MIN (alike, other);
    }
  return alike < n ? alike : (sample + 1) % MAX (n, 1);
}

GtkWidget *
eqs_refine_window_open (GtkWidget *parent, EqsSplit *split, guint sample)
{
  Refine    *self = g_new0 (Refine, 1);
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkRoot   *root = parent == NULL ? NULL : gtk_widget_get_root (parent);

  self->split = eqs_split_ref (split);
  gtk_window_set_title (GTK_WINDOW (window), _("Two graphs, coloured by messages"));
  gtk_window_set_default_size (GTK_WINDOW (window), 760, 560);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_widget_add_css_class (box, "eq-training");
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("Before the first round nodes are coloured by their features. In each round a node looks at the colours of its neighbours; nodes that saw the same keep the same colour."), "eq-second"));
  self->area = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  gtk_widget_set_vexpand (self->area, TRUE);
  gtk_widget_set_size_request (self->area, 360, 240);
  eqs_set_name (self->area, _("Two graphs in the colours of this round, and how often each colour comes"));
  eqs_picture_offer (self->area, _("Two graphs"));
  self->told = eqs_text_new ("", NULL);
  gtk_box_append (GTK_BOX (box), self->area);
  gtk_box_append (GTK_BOX (box), self->told);
  gtk_window_set_child (GTK_WINDOW (window), box);
  g_object_set_data_full (G_OBJECT (window), "refine", self, refine_free);
  eqs_refine_window_set (window, sample, eqs_refine_partner (split, sample), 0);
  eqs_close_on_escape (window);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

const char *
eqs_refine_window_set (GtkWidget *window, guint a, guint b, guint rounds)
{
  Refine *self = g_object_get_data (G_OBJECT (window), "refine");

  self->setting = TRUE;
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->samples[0]), a);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->samples[1]), b);
  gtk_range_set_value (GTK_RANGE (self->rounds), rounds);
  self->setting = FALSE;
  read_graphs (self);
  show (self);
  return gtk_label_get_label (GTK_LABEL (self->told));
}
