/*
 * Two lists over the catalogue. A double click or Enter adds a layer after the selected node; a row can be dragged to the canvas.
 * Rows cost a millisecond of shaping each, so that those below the first dozens are made between frames, and those of the second list
 * when it is opened.
 */

#include "widgets/palette/palette.h"

#include "studio/catalogue.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROWS_AT_ONCE 24

struct _EqsPalette
{
  GtkWidget   parent_instance;

  EqsSession *session;                                     /* owned */
  GPtrArray  *catalogue;                                   /* owned, of EqsCatalogueRow */
  GtkWidget  *box;                                         /* owned by being the child */
  GtkWidget  *search, *chip, *count, *list, *placeholder;  /* borrowed */
  GtkWidget  *others, *others_count, *revealer;
  GPtrArray  *waiting, *others_waiting;                    /* owned, of borrowed EqsCatalogueRow: no row in their list yet, the next one last */
  guint       more;                                        /* source that makes them */
  char       *shown_for;                                   /* owned: group and kind of samples of the lists */
};

G_DEFINE_FINAL_TYPE (EqsPalette, eqs_palette, GTK_TYPE_WIDGET)

static const EqsCatalogueRow *
row_of (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "catalogue-row");
}

/* ---- searching ---- */

static gboolean
matches_cb (GtkListBoxRow *row, gpointer data)
{
  EqsPalette *self = data;

  return eqs_catalogue_matches (row_of (row)->layer, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static guint
count_matches (EqsPalette *self, gboolean fitting)
{
  guint n = 0;

  for (guint i = 0; i < self->catalogue->len; i++)
    {
      const EqsCatalogueRow *row = g_ptr_array_index (self->catalogue, i);

      n += (row->why == NULL) == fitting && eqs_catalogue_matches (row->layer, gtk_editable_get_text (GTK_EDITABLE (self->search)));
    }
  return n;
}

static void make_waiting (EqsPalette *self, guint n);

static void
search_cb (GtkSearchEntry *entry, EqsPalette *self)
{
  const char      *sought = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const guint      others = count_matches (self, FALSE);
  g_autofree char *number = g_strdup_printf ("%u", others), *none = NULL;

  if (sought[0] != '\0')
    make_waiting (self, G_MAXUINT);
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self->list));
  gtk_list_box_invalidate_headers (GTK_LIST_BOX (self->list));
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self->others));
  gtk_label_set_label (GTK_LABEL (self->others_count), number);
  none = others == 0 ? g_strdup_printf (_("No layer is called “%s”."), sought)
                     : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "No layer called “%s” keeps this symmetry; %u does not.", "No layer called “%s” keeps this symmetry; %u do not.", others), sought, others);
  gtk_label_set_label (GTK_LABEL (self->placeholder), none);
  if (sought[0] != '\0' && count_matches (self, TRUE) == 0 && others > 0)
    gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *category = row_of (row)->layer->category;
  GtkWidget  *label;

  if (before != NULL && strcmp (row_of (before)->layer->category, category) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = eqs_text_new (_(category), "eq-palette-header");
  gtk_list_box_row_set_header (row, label);
}

/* Together by category, which the registry need not be. */
static int
order_cb (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (a), "order")) - GPOINTER_TO_INT (g_object_get_data (G_OBJECT (b), "order"));
}

/* ---- adding ---- */

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, EqsPalette *self)
{
  if (row_of (row)->may_add)
    eqs_catalogue_add (self->session, row_of (row)->layer->id);
}

/* Enter in the search takes the first that fits. */
static void
search_enter_cb (GtkSearchEntry *entry, EqsPalette *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->list); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_BOX_ROW (child) && gtk_widget_get_child_visible (child))
      {
        activated_cb (GTK_LIST_BOX (self->list), GTK_LIST_BOX_ROW (child), self);
        return;
      }
}

static void
search_down_cb (EqsPalette *self)
{
  gtk_widget_child_focus (self->list, GTK_DIR_TAB_FORWARD);
}

static gboolean
search_key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, EqsPalette *self)
{
  if (key != GDK_KEY_Down)
    return FALSE;
  search_down_cb (self);
  return TRUE;
}

static GdkContentProvider *
prepare_drag_cb (GtkDragSource *source, double x, double y, GtkListBoxRow *row)
{
  g_autofree char *text = g_strconcat (EQS_PALETTE_DRAG_PREFIX, row_of (row)->layer->id, NULL);

  return gdk_content_provider_new_typed (G_TYPE_STRING, text);
}

/* ---- the rows ---- */

static GtkWidget *
make_row (EqsPalette *self, const EqsCatalogueRow *entry, int order)
{
  GtkWidget     *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkDragSource *drag;
  EqkSymmetry    symmetry;
  EqkPortType    type;
  const gboolean known = eqs_session_get_symmetry (self->session, &symmetry) && eqs_catalogue_usual_type (entry->layer, &symmetry, &type);
  g_autofree char *text = entry->why == NULL ? g_strdup (_(entry->layer->title)) : g_strdup_printf ("%s. %s", _(entry->layer->title), entry->why);
  g_autofree char *plain = eqs_layer_dup_plain (entry->layer);

  gtk_box_append (GTK_BOX (box), eqs_socket_new (known ? &type : NULL));
  gtk_box_append (GTK_BOX (texts), eqs_line_new (_(entry->layer->title), entry->may_add ? NULL : "dim-label"));
  if (entry->why != NULL)
    gtk_box_append (GTK_BOX (texts), eqs_text_new (entry->why, "eq-caption"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), entry->may_add);
  gtk_widget_set_tooltip_text (row, _(entry->layer->doc));
  eqs_set_name (row, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, plain, -1);
  g_object_set_data (G_OBJECT (row), "catalogue-row", (gpointer) entry);
  g_object_set_data (G_OBJECT (row), "order", GINT_TO_POINTER (order));
  if (entry->may_add)
    {
      drag = gtk_drag_source_new ();
      g_signal_connect (drag, "prepare", G_CALLBACK (prepare_drag_cb), row);
      gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (drag));
    }
  return row;
}

/* Rank of a category: where it appears first. */
static int
category_rank (EqsPalette *self, guint index)
{
  const char *category = ((const EqsCatalogueRow *) g_ptr_array_index (self->catalogue, index))->layer->category;

  for (guint i = 0; i < index; i++)
    if (strcmp (((const EqsCatalogueRow *) g_ptr_array_index (self->catalogue, i))->layer->category, category) == 0)
      return (int) i;
  return (int) index;
}

static void
append_row (EqsPalette *self, GtkWidget *list, const EqsCatalogueRow *row)
{
  guint i = 0;

  g_ptr_array_find (self->catalogue, row, &i);
  gtk_list_box_append (GTK_LIST_BOX (list), make_row (self, row, category_rank (self, i) * 1000 + (int) i));
}

/* At most n of the rows that wait, the first first; those of the second list only where it is open. */
static void
make_waiting (EqsPalette *self, guint n)
{
  const gboolean open = gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer));

  for (; n > 0 && self->waiting->len > 0; n--)
    append_row (self, self->list, g_ptr_array_steal_index (self->waiting, self->waiting->len - 1));
  for (; open && n > 0 && self->others_waiting->len > 0; n--)
    append_row (self, self->others, g_ptr_array_steal_index (self->others_waiting, self->others_waiting->len - 1));
  if (self->waiting->len == 0 && (!open || self->others_waiting->len == 0))
    g_clear_handle_id (&self->more, g_source_remove);
}

static gboolean
more_cb (gpointer data)
{
  make_waiting (data, ROWS_AT_ONCE);
  return G_SOURCE_CONTINUE;
}

static void
make_more (EqsPalette *self)
{
  if (self->more == 0)
    self->more = g_idle_add_full (G_PRIORITY_LOW, more_cb, self, NULL);
  make_waiting (self, ROWS_AT_ONCE);
}

/* In the order of the list from its end to its start. */
static int
last_first (gconstpointer a, gconstpointer b, gpointer data)
{
  EqsPalette *self = data;
  guint       i = 0, j = 0;
  int         ranks;

  g_ptr_array_find (self->catalogue, *(const EqsCatalogueRow *const *) a, &i);
  g_ptr_array_find (self->catalogue, *(const EqsCatalogueRow *const *) b, &j);
  ranks = category_rank (self, j) - category_rank (self, i);
  return ranks != 0 ? ranks : (int) j - (int) i;
}

static void
fill (EqsPalette *self)
{
  EqkSymmetry      symmetry = { 0 };
  g_autofree char *count = NULL, *notation = NULL;
  guint            n;

  eqs_box_clear (self->list);
  eqs_box_clear (self->others);
  g_ptr_array_set_size (self->waiting, 0);
  g_ptr_array_set_size (self->others_waiting, 0);
  g_clear_pointer (&self->catalogue, g_ptr_array_unref);
  self->catalogue = eqs_catalogue_new (eqs_session_get_document (self->session));
  for (guint i = 0; i < self->catalogue->len; i++)
    {
      EqsCatalogueRow *row = g_ptr_array_index (self->catalogue, i);

      g_ptr_array_add (row->why == NULL ? self->waiting : self->others_waiting, row);
    }
  g_ptr_array_sort_with_data (self->waiting, last_first, self);
  g_ptr_array_sort_with_data (self->others_waiting, last_first, self);
  make_more (self);
  n = eqs_catalogue_count (self->catalogue);
  notation = eqs_session_get_symmetry (self->session, &symmetry) ? eqs_symmetry_dup_notation (&symmetry) : g_strdup (eqs_document_get_group (eqs_session_get_document (self->session)));
  gtk_label_set_label (GTK_LABEL (self->chip), notation);
  count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u layer keeps it", "%u layers keep it", n), n);
  gtk_label_set_label (GTK_LABEL (self->count), count);
  search_cb (NULL, self);
}

/* The lists depend on the group, its companions and the kind of samples only. */
static void
update (EqsPalette *self)
{
  EqsDocument     *document = eqs_session_get_document (self->session);
  g_autofree char *now = g_strdup_printf ("%s %d %s %s", eqs_document_get_group (document), eqs_document_has_translations (document), eqs_document_get_permutations (document),
                                          eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_SPEC), "domain", ""));

  if (self->box == NULL || g_strcmp0 (now, self->shown_for) == 0)
    return;
  g_free (self->shown_for);
  self->shown_for = g_steal_pointer (&now);
  fill (self);
}

static void
toggle_cb (GtkButton *button, EqsPalette *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), !gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)));
}

static void
revealed_cb (GtkRevealer *revealer, GParamSpec *pspec, GtkWidget *button)
{
  EqsPalette    *self = EQS_PALETTE (gtk_widget_get_ancestor (button, EQS_TYPE_PALETTE));
  GtkWidget     *arrow = gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (button)));
  const gboolean open = gtk_revealer_get_reveal_child (revealer);

  if (open)
    make_more (self);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
  gtk_image_set_from_icon_name (GTK_IMAGE (arrow), open ? "pan-down-symbolic" : "pan-end-symbolic");
}

static GtkWidget *
make_list (EqsPalette *self, const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_activate_on_single_click (GTK_LIST_BOX (list), FALSE);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (list), matches_cb, self, NULL);
  gtk_list_box_set_sort_func (GTK_LIST_BOX (list), order_cb, NULL, NULL);
  gtk_widget_add_css_class (list, "eq-palette-list");
  g_signal_connect (list, "row-activated", G_CALLBACK (activated_cb), self);
  eqs_set_name (list, name);
  return list;
}

static void
make_others (EqsPalette *self)
{
  GtkWidget *button = gtk_button_new (), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *scroll;
  GtkWidget *label = eqs_text_new (_("Not for this group"), "eq-name");

  self->others_count = gtk_label_new ("");
  gtk_widget_add_css_class (self->others_count, "eq-caption");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), gtk_image_new ());
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), self->others_count);
  gtk_button_set_child (GTK_BUTTON (button), line);
  gtk_widget_add_css_class (button, "flat");
  eqs_set_name (button, _("Not for this group"));
  g_signal_connect (button, "clicked", G_CALLBACK (toggle_cb), self);

  self->others = make_list (self, _("Layers not for this group"));
  scroll = eqs_scrolled_new (self->others, _("Layers not for this group"));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroll), 120);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll), 220);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroll), TRUE);
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), scroll);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  g_signal_connect (self->revealer, "notify::reveal-child", G_CALLBACK (revealed_cb), button);
  revealed_cb (GTK_REVEALER (self->revealer), NULL, button);
  gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (self->box), button);
  gtk_box_append (GTK_BOX (self->box), self->revealer);
}

GtkWidget *
eqs_palette_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsPalette *self = g_object_new (EQS_TYPE_PALETTE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

static void
eqs_palette_dispose (GObject *object)
{
  EqsPalette *self = EQS_PALETTE (object);

  g_clear_handle_id (&self->more, g_source_remove);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->others_waiting, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->catalogue, g_ptr_array_unref);
  g_clear_pointer (&self->shown_for, g_free);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_palette_parent_class)->dispose (object);
}

static void
eqs_palette_class_init (EqsPaletteClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_palette_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_palette_init (EqsPalette *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *scroll;
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->catalogue = g_ptr_array_new ();
  self->waiting = g_ptr_array_new ();
  self->others_waiting = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "eq-palette");
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search layers"), NULL);
  eqs_set_name (self->search, _("Search layers"));
  g_signal_connect (self->search, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect (self->search, "activate", G_CALLBACK (search_enter_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (self->search, keys);
  gtk_box_append (GTK_BOX (self->box), self->search);

  self->chip = eqs_pill_new ("", "eq-chip");
  self->count = eqs_line_new ("", "eq-caption");
  gtk_box_append (GTK_BOX (line), self->chip);
  gtk_box_append (GTK_BOX (line), self->count);
  gtk_box_append (GTK_BOX (self->box), line);

  self->list = make_list (self, _("Layers"));
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), header_cb, NULL, NULL);
  self->placeholder = eqs_text_new ("", "eq-second");
  gtk_widget_set_margin_top (self->placeholder, 12);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), self->placeholder);
  scroll = eqs_scrolled_new (self->list, _("Layers"));
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_box_append (GTK_BOX (self->box), scroll);
  make_others (self);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}
