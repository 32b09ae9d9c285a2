/* Cards at the left; the right side is made from a trial on a copy (studio/group-trial.h). */

#include "widgets/picker/group-picker.h"

#include "studio/group-trial.h"
#include "studio/questions.h"
#include "widgets/columns.h"
#include "widgets/numbers.h"
#include "widgets/parts.h"
#include "widgets/picker/group-page.h"
#include "widgets/picker/group-picture.h"
#include "widgets/weak-task.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *id, *title, *uses, *symbol;
  const char *domains;                        /* of samples; others grey the card */
  const char *greyed;                         /* why, then */
} GroupCard;

#define IN_SPACE N_("Turns space. These samples are flat.")

static const GroupCard group_cards[] = {
  { "triv", N_("No symmetry"), N_("Pages of text, street scenes, maps with north up"), "{e}", "image|sphere|points|molecule|set|graph", NULL },
  { "C2", N_("Half turns"), N_("Playing cards, wood grain, fibres"), "C2", "image", N_("Turns the plane. These samples are not pictures.") },
  { "C4", N_("Quarter turns"), N_("Turned digits, chips, tiles"), "C4", "image", N_("Turns the plane. These samples are not pictures.") },
  { "D4", N_("Quarter turns and mirrors"), N_("Cells, aerial photographs, textures"), "D4", "image", N_("Turns the plane. These samples are not pictures.") },
  { "D1", N_("One mirror"), N_("Faces, vehicles from the front, leaves"), "D1", "image", N_("Mirrors the plane. These samples are not pictures.") },
  { "C8", N_("Eighth turns"), N_("Cells, tissue, aerial views; exact for quarter turns only"), "C8", "image", N_("Turns the plane. These samples are not pictures.") },
  { "SO2", N_("All turns in the plane"), N_("Microscopy, galaxies, particles; exact for quarter turns only"), "SO(2)", "image", N_("Turns the plane. These samples are not pictures.") },
  { "O2", N_("All turns and mirrors"), N_("Tissue, crystals, clouds; exact for quarter turns only"), "O(2)", "image", N_("Turns the plane. These samples are not pictures.") },
  { "SO3", N_("All turns in space"), N_("Shapes with a left and a right hand"), "SO(3)", "sphere|points|molecule", IN_SPACE },
  { "O3", N_("Turns and mirrors in space"), N_("Shapes without a hand"), "O(3)", "sphere|points|molecule", IN_SPACE },
  { "E3xSn", N_("Everything that moves molecules"), N_("Energies and forces of atoms"), "E(3)×Sn", "points|molecule", IN_SPACE },
  { "Sn", N_("Any order of items"), N_("Sets and graphs without numbering"), "Sn", "set|graph", N_("Pixels and points have their place; another order is another sample.") },
};

struct _EqsGroupPicker
{
  GtkWindow         parent_instance;

  EqsSession       *session;                        /* owned */
  EqsSamplePicture *sample;                         /* owned (nullable) */
  GCancellable     *cancellable;                    /* owned: of what loads or tries now */
  char             *chosen;                         /* owned */
  gboolean          settled;
  GtkWidget        *cards, *use, *title, *symbol, *page, *changes, *invalid, *turns, *mirrors;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsGroupPicker, eqs_group_picker, GTK_TYPE_WINDOW)

/* What the samples are; NULL: an empty design, of which nothing is known yet. Designs that do not say are of pictures. */
static const char *
domain_of (EqsGroupPicker *self)
{
  EqsDocument *document = eqs_session_get_document (self->session);
  const char  *domain = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_SPEC), "domain", NULL);

  return domain != NULL ? domain : eqs_graph_get_n_nodes (eqs_document_get_graph (document, "")) == 0 ? NULL : "image";
}

static gboolean
is_for (const GroupCard *card, const char *domain)
{
  g_auto (GStrv) domains = g_strsplit (card->domains, "|", -1);

  return domain == NULL || g_strv_contains ((const char *const *) domains, domain);
}

/* ---- the right side ---- */

static void
append_change (GtkWidget *list, const char *title, char *before, char *after)
{
  g_autofree char *old = before, *new = after, *text = strcmp (before, after) == 0 ? g_strdup (after) : g_strdup_printf ("%s → %s", before, after);

  eqs_row_append_text (list, title, text);
}

static void
show_trial (EqsGroupPicker *self, const EqsGroupTrial *trial)
{
  g_autofree char *keep = g_strdup_printf (_("%u of %u"), trial->n_keep, trial->n_layers), *problems = g_strdup_printf ("%u", trial->n_problems);

  eqs_box_clear (self->changes);
  eqs_box_clear (self->invalid);
  if (trial->counted)
    {
      append_change (self->changes, _("Parameters"), eqs_count_dup_text (trial->parameters_before), eqs_count_dup_text (trial->parameters_after));
      append_change (self->changes, _("Multiply-adds"), eqs_macs_dup_text (trial->macs_before), eqs_macs_dup_text (trial->macs_after));
    }
  eqs_row_append_text (self->changes, _("Layers that keep it"), keep);
  eqs_row_append_text (self->changes, _("Errors in this design"), problems);
  gtk_widget_set_visible (self->invalid, trial->problems->len > 0);
  if (trial->problems->len > 0)
    gtk_box_append (GTK_BOX (self->invalid), eqs_heading_new (_("What would have to be mended")));
  for (guint i = 0; i < trial->problems->len; i++)
    gtk_box_append (GTK_BOX (self->invalid), eqs_text_new (g_ptr_array_index (trial->problems, i), "eq-second"));
}

static void
trial_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (EqsGroupPicker) self = data;
  g_autoptr (GError)         error = NULL;
  EqsGroupTrial             *trial = eqs_group_trial_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->changes == NULL)
    {
      g_clear_pointer (&trial, eqs_group_trial_free);
      return;
    }
  eqs_box_clear (self->changes);
  eqs_box_clear (self->invalid);
  if (trial != NULL)
    show_trial (self, trial);
  else if (error != NULL)
    gtk_box_append (GTK_BOX (self->invalid), eqs_text_new (error->message, "eq-bad"));
  self->settled = TRUE;
  g_clear_pointer (&trial, eqs_group_trial_free);
}

static void
start_trial (EqsGroupPicker *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->settled = FALSE;
  eqs_group_trial_async (eqs_session_get_document (self->session), self->chosen, self->cancellable, trial_done_cb, g_object_ref (self));
}

static const GroupCard *
card_of (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (group_cards); i++)
    if (strcmp (group_cards[i].id, id) == 0)
      return &group_cards[i];
  return NULL;
}

/* The point group of a symmetry that may be more ("E3xSn"). NULL: unknown */
static const EqkGroup *
point_group (const char *id)
{
  g_autoptr (EqsDocument) probe = eqs_document_new ();
  EqkSymmetry symmetry;

  return eqs_document_set_symmetry (probe, id, -1, NULL, NULL) && eqs_compile_symmetry (probe, &symmetry, NULL) ? symmetry.group : NULL;
}

static void
show_chosen (EqsGroupPicker *self)
{
  const GroupCard *card = card_of (self->chosen);
  const EqkGroup  *group = point_group (self->chosen);
  const gboolean   same = strcmp (self->chosen, eqs_document_get_group (eqs_session_get_document (self->session))) == 0;
  g_autofree char *use = same ? g_strdup (_("In use")) : g_strdup_printf (_("Use %s"), self->chosen);

  gtk_button_set_label (GTK_BUTTON (self->use), use);
  gtk_widget_set_sensitive (self->use, !same && group != NULL && !eqs_document_is_read_only (eqs_session_get_document (self->session)));
  gtk_label_set_label (GTK_LABEL (self->title), card != NULL ? _(card->title) : group == NULL ? self->chosen : _(eqk_group_get_title (group)));
  gtk_label_set_label (GTK_LABEL (self->symbol), card != NULL ? card->symbol : self->chosen);
  if (group != NULL)
    eqs_group_page_show (EQS_GROUP_PAGE (self->page), group, self->sample);
}

void
eqs_group_picker_choose (EqsGroupPicker *self, const char *group)
{
  g_return_if_fail (EQS_IS_GROUP_PICKER (self));
  if (g_strcmp0 (group, self->chosen) == 0)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (group);
  for (GtkWidget *child = gtk_widget_get_first_child (self->cards); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *card = gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));

      if (g_strcmp0 (g_object_get_data (G_OBJECT (card), "group"), group) == 0)
        gtk_widget_add_css_class (card, "eq-chosen");
      else
        gtk_widget_remove_css_class (card, "eq-chosen");
    }
  show_chosen (self);
  start_trial (self);
}

const char *
eqs_group_picker_get (EqsGroupPicker *self)
{
  g_return_val_if_fail (EQS_IS_GROUP_PICKER (self), NULL);
  return self->chosen;
}

gboolean
eqs_group_picker_is_settled (EqsGroupPicker *self)
{
  g_return_val_if_fail (EQS_IS_GROUP_PICKER (self), FALSE);
  return self->settled;
}

void
eqs_group_picker_apply (EqsGroupPicker *self)
{
  g_return_if_fail (EQS_IS_GROUP_PICKER (self));
  eqs_history_seal (eqs_session_get_history (self->session));
  if (eqs_session_do (self->session, eqs_command_new_set_symmetry (self->chosen, -1, NULL)))
    gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- the cards ---- */

/* Return on a card shows it, and again takes it, as a double click does: so the keyboard need not go through all other cards to the button. */
static void
card_cb (GtkButton *button, EqsGroupPicker *self)
{
  const char *group = g_object_get_data (G_OBJECT (button), "group");

  if (g_strcmp0 (group, self->chosen) == 0 && gtk_widget_get_sensitive (self->use))
    eqs_group_picker_apply (self);
  else
    eqs_group_picker_choose (self, group);
}

static void
enter_cb (EqsGroupPicture *picture)
{
  eqs_group_picture_set_moving (picture, TRUE);
}

static void
leave_cb (EqsGroupPicture *picture)
{
  eqs_group_picture_set_moving (picture, FALSE);
}

static GtkWidget *
make_card (EqsGroupPicker *self, const GroupCard *card)
{
  const gboolean   fits = is_for (card, domain_of (self));
  const gboolean   used = strcmp (card->id, eqs_document_get_group (eqs_session_get_document (self->session))) == 0;
  const EqkGroup  *group = eqk_group_get (card->id);
  const char      *second = fits ? _(card->uses) : _(card->greyed);
  GtkWidget       *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget       *picture = eqs_group_picture_new (group, 84), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *title = eqs_line_new (_(card->title), "eq-name"), *text = eqs_text_new (second, "eq-second");
  GtkEventController *motion = gtk_event_controller_motion_new (), *focus = gtk_event_controller_focus_new ();
  g_autofree char *about = g_strdup_printf ("%s. %s", card->symbol, second);

  gtk_widget_set_hexpand (title, TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 20);
  gtk_label_set_yalign (GTK_LABEL (text), 0);
  gtk_widget_set_vexpand (text, TRUE);
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), eqs_text_new (card->symbol, "eq-caption"));
  gtk_box_append (GTK_BOX (texts), line);
  gtk_box_append (GTK_BOX (texts), text);
  if (used)
    {
      GtkWidget *pill = eqs_pill_new (_("in use"), "eq-chip");

      gtk_widget_set_halign (pill, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (texts), pill);
    }
  gtk_widget_add_css_class (texts, "eq-card-texts");
  gtk_widget_add_css_class (picture, "eq-card-picture");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "eq-card");
  gtk_widget_add_css_class (button, "card");
  gtk_widget_set_overflow (button, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_sensitive (button, fits);
  eqs_set_name (button, _(card->title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about, -1);
  g_object_set_data (G_OBJECT (button), "group", (gpointer) card->id);
  g_object_set_data (G_OBJECT (button), "picture", picture);
  g_signal_connect (button, "clicked", G_CALLBACK (card_cb), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), picture);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), picture);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (enter_cb), picture);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), picture);
  gtk_widget_add_controller (button, motion);
  gtk_widget_add_controller (button, focus);
  return button;
}

static void
other_cb (EqsGroupPicker *self)
{
  const int        n = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->turns));
  const gboolean   mirrors = gtk_switch_get_active (GTK_SWITCH (self->mirrors));
  g_autofree char *id = n == 1 && !mirrors ? g_strdup ("triv") : g_strdup_printf ("%c%d", mirrors ? 'D' : 'C', n);

  eqs_group_picker_choose (self, id);
}

static GtkWidget *
make_other (EqsGroupPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = eqs_boxed_list_new (_("Other number of turns"));

  self->turns = gtk_spin_button_new_with_range (1, 16, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->turns), 6);
  self->mirrors = gtk_switch_new ();
  eqs_set_name (self->turns, _("Turns"));
  eqs_set_name (self->mirrors, _("Mirrors"));
  eqs_row_append (list, _("Turns, 1 to 16"), self->turns);
  eqs_row_append (list, _("Mirrors"), self->mirrors);
  g_signal_connect_swapped (self->turns, "value-changed", G_CALLBACK (other_cb), self);
  g_signal_connect_swapped (self->mirrors, "notify::active", G_CALLBACK (other_cb), self);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Other number of turns")));
  gtk_box_append (GTK_BOX (box), list);
  gtk_widget_set_visible (box, domain_of (self) == NULL || strcmp (domain_of (self), "image") == 0);
  return box;
}

/* ---- the own sample ---- */

static void
load_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, eqs_sample_picture_load (data, NULL, 0), (GDestroyNotify) eqs_sample_picture_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsGroupPicker *self = EQS_GROUP_PICKER (source);

  if (self->cards == NULL)
    return;
  self->sample = g_task_propagate_pointer (G_TASK (result), NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (self->cards); child != NULL; child = gtk_widget_get_next_sibling (child))
    eqs_group_picture_set_sample (g_object_get_data (G_OBJECT (gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child))), "picture"), self->sample);
  show_chosen (self);
}

static void
load_sample (EqsGroupPicker *self)
{
  EqsDataset *dataset = eqs_session_get_dataset (self->session);
  g_autoptr (GTask) task = NULL;

  if (dataset == NULL)
    return;
  task = eqs_weak_task_new (self, NULL, loaded_cb, NULL, NULL);
  g_task_set_task_data (task, g_object_ref (dataset), g_object_unref);
  g_task_run_in_thread (task, load_worker);
}

/* ---- the sheet ---- */

static GtkWidget *
make_left (EqsGroupPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->cards = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->cards), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->cards), TRUE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->cards), 2);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->cards), 4);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->cards), 8);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->cards), 8);
  eqs_set_name (self->cards, _("Groups"));
  for (int pass = 0; pass < 2; pass++)     /* what fits comes first */
    for (guint i = 0; i < G_N_ELEMENTS (group_cards); i++)
      if (is_for (&group_cards[i], domain_of (self)) == (pass == 0))
        {
          GtkWidget *card = make_card (self, &group_cards[i]);

          gtk_flow_box_append (GTK_FLOW_BOX (self->cards), card);
          gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
        }
  gtk_box_append (GTK_BOX (box), eqs_text_new (eqs_question_words (eqs_question_texts[0].title, domain_of (self)), "eq-panel-title"));
  gtk_box_append (GTK_BOX (box), self->cards);
  gtk_box_append (GTK_BOX (box), make_other (self));
  gtk_widget_add_css_class (box, "eq-sheet-part");
  return box;
}

static GtkWidget *
make_right (EqsGroupPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->title = eqs_text_new ("", "eq-page-title");
  gtk_widget_set_hexpand (self->title, TRUE);
  self->symbol = eqs_pill_new ("", "eq-chip");
  self->page = eqs_group_page_new ();
  self->changes = eqs_boxed_list_new (_("If you choose it"));
  self->invalid = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (line), self->title);
  gtk_box_append (GTK_BOX (line), self->symbol);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("If you choose it")));
  gtk_box_append (GTK_BOX (box), self->changes);
  gtk_box_append (GTK_BOX (box), self->invalid);
  gtk_box_append (GTK_BOX (box), self->page);
  gtk_widget_add_css_class (box, "eq-sheet-part");
  gtk_widget_add_css_class (box, "eq-sheet-side");
  return box;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  gtk_window_destroy (GTK_WINDOW (widget));
  return TRUE;
}

GtkWidget *
eqs_group_picker_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsGroupPicker *self = g_object_new (EQS_TYPE_GROUP_PICKER, "modal", TRUE, "default-width", 1240, "default-height", 760, NULL);
  GtkWidget      *header = gtk_header_bar_new (), *cancel = gtk_button_new_with_label (_("Cancel"));

  self->session = g_object_ref (session);
  gtk_window_set_title (GTK_WINDOW (self), _("Symmetry of the data"));
  self->use = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->use, "suggested-action");
  g_signal_connect_swapped (self->use, "clicked", G_CALLBACK (eqs_group_picker_apply), self);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_destroy), self);
  gtk_header_bar_set_show_title_buttons (GTK_HEADER_BAR (header), FALSE);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), cancel);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), self->use);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  gtk_window_set_child (GTK_WINDOW (self), eqs_scrolled_new (eqs_columns_new (make_left (self), make_right (self), 0.64, 0, 880, 0), _("Symmetry of the data")));
  eqs_group_picker_choose (self, eqs_document_get_group (eqs_session_get_document (session)));
  load_sample (self);
  return GTK_WIDGET (self);
}

static void
eqs_group_picker_dispose (GObject *object)
{
  EqsGroupPicker *self = EQS_GROUP_PICKER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  self->cards = self->changes = NULL;
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->sample, eqs_sample_picture_unref);
  g_clear_pointer (&self->chosen, g_free);

  G_OBJECT_CLASS (eqs_group_picker_parent_class)->dispose (object);
}

static void
eqs_group_picker_class_init (EqsGroupPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_group_picker_dispose;
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
eqs_group_picker_init (EqsGroupPicker *self)
{
}
