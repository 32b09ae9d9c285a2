/* Built once; the list of recent files follows GTK's. */

#include "widgets/start/start-page.h"

#include "services/template.h"
#include "widgets/columns.h"
#include "widgets/parts.h"
#include "widgets/start/template-card.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_RECENT 6

struct _EqsStartPage
{
  GtkWidget     parent_instance;

  GtkWidget    *scroll;             /* owned by being the child */
  GtkWidget    *recent, *cards;     /* borrowed */
  GCancellable *cancellable;        /* owned */
};

G_DEFINE_FINAL_TYPE (EqsStartPage, eqs_start_page, GTK_TYPE_WIDGET)

enum { TEMPLATE, FILE_CHOSEN, QUESTIONS, DATA, EMPTY, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- ways in ---- */

static void
way_cb (GtkButton *button, EqsStartPage *self)
{
  g_signal_emit (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "signal")), 0);
}

static GtkWidget *
make_way (EqsStartPage *self, const char *icon, const char *title, const char *text, const char *style, guint signal)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *image = gtk_image_new_from_icon_name (icon);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 24);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), eqs_text_new (title, "eq-way-title"));
  gtk_box_append (GTK_BOX (texts), eqs_text_new (text, "eq-way-text"));
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "eq-way");
  gtk_widget_add_css_class (button, style);
  eqs_set_name (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  g_object_set_data (G_OBJECT (button), "signal", GUINT_TO_POINTER (signal));
  g_signal_connect (button, "clicked", G_CALLBACK (way_cb), self);
  return button;
}

/* ---- recent files ---- */

static void
recent_cb (GtkListBox *list, GtkListBoxRow *row, EqsStartPage *self)
{
  const char *uri = g_object_get_data (G_OBJECT (row), "uri");
  g_autoptr (GFile) file = uri == NULL ? NULL : g_file_new_for_uri (uri);

  if (file != NULL)
    g_signal_emit (self, signals[FILE_CHOSEN], 0, file);
}

static gint
newest_first (gconstpointer a, gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b), gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

static char *
date_text (GDateTime *when)
{
  g_autoptr (GDateTime) local = g_date_time_to_local (when), now = g_date_time_new_now_local ();

  if (g_date_time_get_year (local) == g_date_time_get_year (now) && g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now))
    /* Translators: the time of day of a file of today. */
    return g_date_time_format (local, _("today %H:%M"));
  return g_date_time_format (local, "%e %b");
}

static void
append_recent (EqsStartPage *self, GtkRecentInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *date;
  g_autofree char *when = date_text (gtk_recent_info_get_modified (info)), *where = gtk_recent_info_get_uri_display (info);
  g_autofree char *folder = where == NULL ? NULL : g_path_get_dirname (where);

  gtk_box_append (GTK_BOX (texts), eqs_line_new (gtk_recent_info_get_display_name (info), "eq-name"));
  if (folder != NULL)
    gtk_box_append (GTK_BOX (texts), eqs_line_new (folder, "eq-caption"));
  gtk_widget_set_hexpand (texts, TRUE);
  date = eqs_line_new (when, "eq-caption");
  gtk_label_set_ellipsize (GTK_LABEL (date), PANGO_ELLIPSIZE_NONE);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), date);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  eqs_set_name (row, gtk_recent_info_get_display_name (info));
  g_object_set_data_full (G_OBJECT (row), "uri", g_strdup (gtk_recent_info_get_uri (info)), g_free);
  gtk_list_box_append (GTK_LIST_BOX (self->recent), row);
}

static void
fill_recent (EqsStartPage *self)
{
  GList *all = gtk_recent_manager_get_items (gtk_recent_manager_get_default ()), *designs = NULL;
  guint  n = 0;

  if (self->scroll == NULL)
    {
      g_list_free_full (all, (GDestroyNotify) gtk_recent_info_unref);
      return;
    }
  eqs_box_clear (self->recent);
  for (GList *l = all; l != NULL; l = l->next)
    if (g_str_has_suffix (gtk_recent_info_get_uri (l->data), ".equi") && gtk_recent_info_exists (l->data))
      designs = g_list_insert_sorted (designs, l->data, newest_first);
  for (GList *l = designs; l != NULL && n < MOST_RECENT; l = l->next, n++)
    append_recent (self, l->data);
  if (n == 0)
    {
      GtkWidget *nothing = eqs_text_new (_("Nothing here yet. Designs you save appear here."), "eq-second");

      eqs_row_append_plain (self->recent, nothing, _("Nothing here yet. Designs you save appear here."));
    }
  g_list_free (designs);
  g_list_free_full (all, (GDestroyNotify) gtk_recent_info_unref);
}

static GtkWidget *
make_left (EqsStartPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_append (GTK_BOX (box), eqs_text_new (_("New design"), "eq-page-title"));
  gtk_box_append (GTK_BOX (box), make_way (self, "dialog-question-symbolic", _("Ask me 10 questions"), _("Find the symmetry of your data and get a working design"), "suggested-action", signals[QUESTIONS]));
  gtk_box_append (GTK_BOX (box), make_way (self, "folder-open-symbolic", _("Your own data"), _("Open a folder of pictures, points, molecules or tables"), "card", signals[DATA]));
  gtk_box_append (GTK_BOX (box), make_way (self, "document-new-symbolic", _("Empty design"), _("Choose a group and start on the canvas"), "card", signals[EMPTY]));
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Recent")));
  self->recent = eqs_boxed_list_new (_("Recent"));
  g_signal_connect (self->recent, "row-activated", G_CALLBACK (recent_cb), self);
  gtk_box_append (GTK_BOX (box), self->recent);
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("Templates and data are on this computer. Nothing is fetched or sent."), "eq-second"));
  return box;
}

/* ---- templates ---- */

static void
template_cb (GtkButton *button, EqsStartPage *self)
{
  g_signal_emit (self, signals[TEMPLATE], 0, g_object_get_data (G_OBJECT (button), "template"));
}

static const struct { const char *title, *domains; } filters[] = {
  { N_("All"), NULL }, { N_("Images"), "image" }, { N_("Points and molecules"), "points|molecule" }, { N_("Sphere"), "sphere" }, { N_("Sets and graphs"), "set|graph" } };

static gboolean
is_of (GtkWidget *card, const char *domains)
{
  const char    *domain = g_object_get_data (G_OBJECT (card), "domain");
  g_auto (GStrv) list = domains == NULL ? NULL : g_strsplit (domains, "|", -1);

  return list == NULL || (domain != NULL && g_strv_contains ((const char *const *) list, domain));
}

static gboolean
filter_cb (GtkFlowBoxChild *child, gpointer data)
{
  EqsStartPage *self = data;

  return is_of (gtk_flow_box_child_get_child (child), g_object_get_data (G_OBJECT (self->cards), "domains"));
}

static void
choose_filter_cb (GtkToggleButton *button, EqsStartPage *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  g_object_set_data (G_OBJECT (self->cards), "domains", g_object_get_data (G_OBJECT (button), "domains"));
  gtk_flow_box_invalidate_filter (GTK_FLOW_BOX (self->cards));
}

/* Only kinds of data that there are templates for. */
static GtkWidget *
make_filters (EqsStartPage *self, GPtrArray *templates)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;
  guint      n_kinds = 0;

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      gboolean       any = filters[i].domains == NULL;
      g_auto (GStrv) list = any ? NULL : g_strsplit (filters[i].domains, "|", -1);
      GtkWidget     *button;

      for (guint k = 0; !any && k < templates->len; k++)
        any = g_strv_contains ((const char *const *) list, ((const EqsTemplate *) g_ptr_array_index (templates, k))->domain);
      if (!any)
        continue;
      n_kinds += filters[i].domains != NULL;
      button = gtk_toggle_button_new_with_label (_(filters[i].title));
      g_object_set_data (G_OBJECT (button), "domains", (gpointer) filters[i].domains);
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      g_signal_connect (button, "toggled", G_CALLBACK (choose_filter_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (first), TRUE);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_visible (box, n_kinds > 1);
  return box;
}

static GtkWidget *
make_right (EqsStartPage *self)
{
  g_autoptr (GPtrArray) templates = eqs_templates_list ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *title = eqs_text_new (_("Templates"), "eq-page-title");

  self->cards = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->cards), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->cards), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->cards), 3);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->cards), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->cards), 12);
  gtk_flow_box_set_filter_func (GTK_FLOW_BOX (self->cards), filter_cb, self, NULL);
  eqs_set_name (self->cards, _("Templates"));
  for (guint i = 0; i < templates->len; i++)
    {
      GtkWidget *card = eqs_template_card_new (g_ptr_array_index (templates, i), self->cancellable);

      g_signal_connect (card, "clicked", G_CALLBACK (template_cb), self);
      gtk_flow_box_append (GTK_FLOW_BOX (self->cards), card);
      gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
    }
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (line), title);
  gtk_label_set_wrap (GTK_LABEL (title), FALSE);
  gtk_box_append (GTK_BOX (line), eqs_line_scrolled_new (make_filters (self, templates), _("Kinds of data")));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->cards);
  gtk_widget_set_valign (self->cards, GTK_ALIGN_START);
  return box;
}

GtkWidget *
eqs_start_page_new (void)
{
  return g_object_new (EQS_TYPE_START_PAGE, NULL);
}

static void
eqs_start_page_dispose (GObject *object)
{
  EqsStartPage *self = EQS_START_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->scroll, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_start_page_parent_class)->dispose (object);
}

static void
eqs_start_page_finalize (GObject *object)
{
  g_object_unref (EQS_START_PAGE (object)->cancellable);

  G_OBJECT_CLASS (eqs_start_page_parent_class)->finalize (object);
}

static void
eqs_start_page_class_init (EqsStartPageClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eqs_start_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_start_page_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[TEMPLATE] = g_signal_new ("template", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FILE_CHOSEN] = g_signal_new ("file", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
  signals[QUESTIONS] = g_signal_new ("questions", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DATA] = g_signal_new ("data", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EMPTY] = g_signal_new ("empty", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eqs_start_page_init (EqsStartPage *self)
{
  GtkWidget *columns, *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  columns = eqs_columns_new (make_left (self), make_right (self), 0.3, 384, 860, 40);
  gtk_widget_set_margin_top (columns, 32);
  gtk_widget_set_margin_bottom (columns, 32);
  gtk_widget_set_margin_start (columns, 24);
  gtk_widget_set_margin_end (columns, 24);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1376);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 1376);
  adw_clamp_set_child (ADW_CLAMP (clamp), columns);
  self->scroll = eqs_scrolled_new (clamp, _("Start page"));
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
  fill_recent (self);
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (fill_recent), self, G_CONNECT_SWAPPED);
}
