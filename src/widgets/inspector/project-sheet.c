/* The project: answers of the specification, limits, training plan. Each row is bound to an entry of a section of the document. */

#include "widgets/inspector/project-sheet.h"

#include "model/training-plan.h"
#include "studio/questions.h"
#include "widgets/inspector/param-row.h"
#include "widgets/inspector/times.h"
#include "widgets/numbers.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum { WHOLE, NUMBER, CHOICE } EntryKind;

/* An entry of a section. */
typedef struct
{
  EqsSection  section;
  const char *key, *title;
  EntryKind   kind;
  double      min, max, fallback;
  const char *choices;          /* "a|b" */
  const char *choice;           /* what holds when nothing is said */
} EntryRow;

/* Of the training plan what is changed most; all of it stands in the training panel. */
static const char *const plan_names[] = { "epochs", "batch", "optimizer", "lr", "schedule", "weight_decay", "augment", "seed" };

static const EntryRow limit_rows[] = {
  { EQS_SECTION_SPEC, "max_parameters", N_("Most parameters"), NUMBER, 1, 1e12, 0, NULL, NULL },
  { EQS_SECTION_SPEC, "max_macs", N_("Most multiply-adds"), NUMBER, 1, 1e15, 0, NULL, NULL },
  { EQS_SECTION_SPEC, "max_weight_bytes", N_("Most bytes of weights"), NUMBER, 1, 1e12, 0, NULL, NULL },
  { EQS_SECTION_SPEC, "max_arena_bytes", N_("Most bytes of memory"), NUMBER, 1, 1e12, 0, NULL, NULL },
};

typedef struct
{
  EqsSession     *session;     /* borrowed: the form follows it */
  const EntryRow *row;
  GtkWidget      *control;     /* borrowed */
  GPtrArray      *choices;     /* owned (nullable): of char *, as they are written in files */
  gboolean        showing;
} Bound;

/* @param value (transfer full) (nullable) */
static void
commit (Bound *self, EqsValue *value)
{
  eqs_session_do (self->session, eqs_command_new_set_entry (self->row->section, self->row->key, value));
}

static void
spin_cb (GtkSpinButton *spin, Bound *self)
{
  if (!self->showing)
    commit (self, eqs_value_new_number (gtk_spin_button_get_value (spin)));
}

static void
choice_cb (GtkDropDown *down, GParamSpec *pspec, Bound *self)
{
  const guint at = gtk_drop_down_get_selected (down);

  if (!self->showing && at < self->choices->len)
    commit (self, eqs_value_new_string (g_ptr_array_index (self->choices, at)));
}

/* A limit may be left open: the text is empty then. */
static void
entry_cb (GtkEditable *entry, Bound *self)
{
  const char *text = gtk_editable_get_text (entry);
  g_autoptr (EqsValue) value = eqs_value_new_typed (text);
  const gboolean empty = text[0] == '\0' && self->row->section == EQS_SECTION_SPEC;
  const gboolean fits = empty || (eqs_value_get_kind (value) == EQS_VALUE_NUMBER && eqs_value_get_number (value) >= self->row->min && eqs_value_get_number (value) <= self->row->max);

  if (self->showing)
    return;
  if (fits)
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  if (fits)
    commit (self, empty ? NULL : eqs_value_ref (value));
}

/* One more row in words. @return its place */
static guint
append_choice (Bound *self, const char *choice)
{
  gtk_string_list_append (GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (self->control))), eqs_choice_title (choice));
  g_ptr_array_add (self->choices, g_strdup (choice));
  return self->choices->len - 1;
}

static void
bound_free (gpointer data)
{
  g_clear_pointer (&((Bound *) data)->choices, g_ptr_array_unref);
  g_free (data);
}

static void
show (Bound *self)
{
  const EntryRow *row = self->row;
  const EqsMap   *section = eqs_document_get_section (eqs_session_get_document (self->session), row->section);

  self->showing = TRUE;
  if (row->kind == WHOLE)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->control), eqs_map_get_number (section, row->key, row->fallback));
  else if (row->kind == CHOICE)
    {
      const char *now = eqs_map_get_string (section, row->key, row->choice);
      guint       at;

      /* A value that is not in the list, such as another group, is one more row. */
      if (!g_ptr_array_find_with_equal_func (self->choices, now, g_str_equal, &at))
        at = append_choice (self, now);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->control), at);
    }
  else
    {
      const double number = eqs_map_get_number (section, row->key, row->fallback);
      g_autoptr (EqsValue) value = eqs_value_new_number (number), shown = eqs_value_new_typed (gtk_editable_get_text (GTK_EDITABLE (self->control)));
      g_autofree char *text = row->section == EQS_SECTION_SPEC && number <= 0 ? g_strdup ("") : eqs_value_to_text (value);

      if (text[0] == '\0' ? gtk_editable_get_text (GTK_EDITABLE (self->control))[0] != '\0' : !eqs_value_equal (shown, value))
        gtk_editable_set_text (GTK_EDITABLE (self->control), text);
      gtk_widget_remove_css_class (self->control, "error");
    }
  self->showing = FALSE;
}

static GtkWidget *
make_control (Bound *self)
{
  const EntryRow *row = self->row;
  GtkWidget *control;

  if (row->kind == WHOLE)
    {
      control = gtk_spin_button_new_with_range (row->min, row->max, 1);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (control), 6);
      gtk_editable_set_width_chars (GTK_EDITABLE (control), 4);
      g_signal_connect (control, "value-changed", G_CALLBACK (spin_cb), self);
    }
  else if (row->kind == CHOICE)
    {
      g_auto (GStrv) choices = g_strsplit (row->choices, "|", -1);

      self->control = control = gtk_drop_down_new (G_LIST_MODEL (gtk_string_list_new (NULL)), NULL);
      self->choices = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; choices[i] != NULL; i++)
        append_choice (self, choices[i]);
      g_signal_connect (control, "notify::selected", G_CALLBACK (choice_cb), self);
    }
  else
    {
      control = gtk_entry_new ();
      gtk_editable_set_width_chars (GTK_EDITABLE (control), 8);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (control), 10);
      gtk_entry_set_placeholder_text (GTK_ENTRY (control), row->section == EQS_SECTION_SPEC ? _("no limit") : NULL);
      g_signal_connect (control, "changed", G_CALLBACK (entry_cb), self);
    }
  if (GTK_IS_DROP_DOWN (control))
    eqs_drop_down_set_name (control, _(row->title));
  else
    eqs_set_name (control, _(row->title));
  return control;
}

static void
append_rows (GtkWidget *form, GPtrArray *bound, EqsSession *session, const char *title, const EntryRow *rows, gsize n)
{
  GtkWidget *list = eqs_boxed_list_new (title);

  for (gsize i = 0; i < n; i++)
    {
      Bound *self = g_new0 (Bound, 1);

      self->session = session;
      self->row = &rows[i];
      self->showing = TRUE;
      self->control = make_control (self);
      g_ptr_array_add (bound, self);
      eqs_row_append (list, _(rows[i].title), self->control);
      show (self);
    }
  gtk_box_append (GTK_BOX (form), eqs_heading_new (title));
  gtk_box_append (GTK_BOX (form), list);
}

/* Ranges, choices and defaults are those of the trainer. */
static const EntryRow *
plan_rows (void)
{
  static EntryRow rows[G_N_ELEMENTS (plan_names)];
  guint           n;
  const EqsTrainingSetting *settings = eqs_training_settings (&n);

  for (guint i = 0; i < G_N_ELEMENTS (plan_names); i++)
    for (guint k = 0; k < n; k++)
      {
        const EqkParam *param = &settings[k].param;

        if (strcmp (param->name, plan_names[i]) == 0)
          rows[i] = (EntryRow){ EQS_SECTION_TRAINING, param->name, param->title, param->kind == EQK_PARAM_INT ? WHOLE : param->kind == EQK_PARAM_REAL ? NUMBER : CHOICE,
                                param->min, param->max, g_ascii_strtod (param->fallback, NULL), param->choices, param->fallback };
      }
  return rows;
}

/* ---- name and answers ---- */

static gboolean
set_name (EqsDocument *document, gpointer data, GError **error)
{
  return eqs_document_set_name (document, data, error);
}

static void
name_cb (GtkEditable *entry, EqsSession *session)
{
  const char *name = gtk_editable_get_text (entry);
  EqsCommand *command;

  if (strcmp (name, eqs_document_get_name (eqs_session_get_document (session))) == 0)
    return;
  command = eqs_command_new (_("Rename the design"), set_name, g_strdup (name), g_free);
  eqs_command_set_absorb_key (command, "design-name");
  eqs_session_do (session, command);
}

static void
document_changed_cb (GtkWidget *form)
{
  GPtrArray  *bound = g_object_get_data (G_OBJECT (form), "bound");
  GtkWidget  *name = g_object_get_data (G_OBJECT (form), "name");
  EqsSession *session = g_object_get_data (G_OBJECT (form), "session");
  const char *now = eqs_document_get_name (eqs_session_get_document (session));

  for (guint i = 0; i < bound->len; i++)
    show (g_ptr_array_index (bound, i));
  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (name)), now) != 0)
    gtk_editable_set_text (GTK_EDITABLE (name), now);
}

GtkWidget *
eqs_project_form_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = eqs_boxed_list_new (_("Design")), *name = gtk_entry_new ();
  GPtrArray *bound = g_ptr_array_new_with_free_func (bound_free);

  gtk_editable_set_text (GTK_EDITABLE (name), eqs_document_get_name (eqs_session_get_document (session)));
  gtk_editable_set_max_width_chars (GTK_EDITABLE (name), 18);
  eqs_set_name (name, _("Name of the design"));
  g_signal_connect_object (name, "changed", G_CALLBACK (name_cb), session, 0);
  eqs_row_append (list, _("Name"), name);
  gtk_box_append (GTK_BOX (form), eqs_heading_new (_("Design")));
  gtk_box_append (GTK_BOX (form), list);
  append_rows (form, bound, session, _("Limits"), limit_rows, G_N_ELEMENTS (limit_rows));
  append_rows (form, bound, session, _("Training plan"), plan_rows (), G_N_ELEMENTS (plan_names));
  g_object_set_data_full (G_OBJECT (form), "bound", bound, (GDestroyNotify) g_ptr_array_unref);
  g_object_set_data_full (G_OBJECT (form), "session", g_object_ref (session), g_object_unref);
  g_object_set_data (G_OBJECT (form), "name", name);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), form, G_CONNECT_SWAPPED);
  return form;
}

/* ---- totals ---- */

static void
append_total (GtkWidget *list, const char *title, char *number, double value, double limit)
{
  g_autofree char *held = number;

  eqs_row_append_text (list, title, number);
  if (limit > 0)
    {
      GtkWidget       *bar = gtk_level_bar_new ();
      g_autofree char *name = g_strdup_printf (_("%s: %.0f %% of the limit"), title, 100 * value / limit);
      GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
      GtkWidget       *text = eqs_text_new (name, value > limit ? "eq-bad" : "eq-second");

      gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), CLAMP (value / limit, 0, 1));
      eqs_set_name (bar, name);
      gtk_box_append (GTK_BOX (box), text);
      gtk_box_append (GTK_BOX (box), bar);
      eqs_row_append_plain (list, box, name);
    }
}

static void
append_answer (GtkWidget *list, const char *title, const char *text)
{
  if (text != NULL && text[0] != '\0')
    eqs_row_append_text (list, title, text);
}

void
eqs_project_append_totals (GtkWidget *box, EqsSession *session)
{
  EqsDocument    *document = eqs_session_get_document (session);
  const EqsMap   *spec = eqs_document_get_section (document, EQS_SECTION_SPEC), *data = eqs_document_get_section (document, EQS_SECTION_DATA);
  const EqsCheck *check = eqs_session_get_check (session);
  const char     *domain = eqs_map_get_string (spec, "domain", NULL);
  GtkWidget      *list = eqs_boxed_list_new (_("What is asked")), *group;
  EqkSymmetry     symmetry = { 0 };
  g_autofree char *notation = eqs_session_get_symmetry (session, &symmetry) ? eqs_symmetry_dup_notation (&symmetry) : NULL;
  g_autofree char *label = notation != NULL ? g_strdup_printf (_("Change the group %s"), notation) : g_strdup (_("Choose a group"));

  group = gtk_button_new_with_label (notation == NULL ? _("Choose") : notation);
  eqs_set_name (group, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (group), "win.group");
  eqs_row_append (list, _("Symmetry"), group);
  append_answer (list, _("Samples"), eqs_answer_title (domain, domain));
  append_answer (list, _("Task"), eqs_answer_title (eqs_map_get_string (spec, "task", NULL), domain));
  append_answer (list, _("Answer"), eqs_answer_title (eqs_map_get_string (spec, "output", NULL), domain));
  append_answer (list, _("Data"), eqs_session_get_dataset (session) != NULL ? eqs_dataset_get_title (eqs_session_get_dataset (session)) : eqs_map_get_string (data, "name", _("none yet")));
  gtk_box_append (GTK_BOX (box), list);
  if (check == NULL || check->program == NULL)
    return;
  list = eqs_boxed_list_new (_("Totals"));
  append_total (list, _("Parameters"), eqs_count_dup_text (check->parameters), (double) check->parameters, eqs_map_get_number (spec, "max_parameters", 0));
  append_total (list, _("Multiply-adds, one sample"), eqs_macs_dup_text (check->macs), check->macs, eqs_map_get_number (spec, "max_macs", 0));
  append_total (list, _("Weights"), eqs_bytes_dup_text (check->weight_bytes), (double) check->weight_bytes, eqs_map_get_number (spec, "max_weight_bytes", 0));
  append_total (list, _("Memory of a run"), eqs_bytes_dup_text (check->arena_bytes), (double) check->arena_bytes, eqs_map_get_number (spec, "max_arena_bytes", 0));
  append_total (list, _("Memory of training"), eqs_bytes_dup_text (check->train_arena_bytes), (double) check->train_arena_bytes, 0);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (_("Totals")));
  gtk_box_append (GTK_BOX (box), list);
  eqs_times_append (box, session);
}
