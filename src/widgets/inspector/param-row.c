/* One setting of a node as a row. */

#include "widgets/inspector/param-row.h"

#include "draw/number-text.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsParamRow
{
  EqsSession     *session;     /* owned */
  char           *path;        /* owned; NULL: of the training plan */
  const EqkParam *param;
  GtkWidget      *control;     /* borrowed: spin button, switch, drop-down or entry */
  GtkWidget      *count, *kind;    /* borrowed (nullable): how many fields of which kind */
  GPtrArray      *kinds;       /* owned (nullable): names of fields as texts write them */
  GtkWidget      *error;       /* borrowed: a label below */
  gboolean        showing;     /* the row changes its control, not a person */
  EqsValue       *last;        /* owned (nullable): what the control stands for; another one comes from elsewhere */
};

/* ---- what is allowed ---- */

/* A largest value from here on is what a number can hold, not what a setting takes. */
#define UNBOUNDED 1e30

const char *
eqs_param_least (const EqkParam *param)
{
  return param->kind == EQK_PARAM_INT ? param->choices : NULL;
}

/* The smallest value is a word; amounts begin above it. */
static char *
dup_range_with_word (const EqkParam *param)
{
  g_autofree char *first = eqs_number_dup_text (param->min + 1, 6), *most = eqs_number_dup_text (param->max, 6);

  /* Translators: a word such as “same size”, the smallest and the largest number. */
  return g_strdup_printf (_("%s, or %s – %s"), _(param->choices), first, most);
}

char *
eqs_param_dup_range (const EqkParam *param)
{
  g_autofree char *least = eqs_number_dup_text (param->min, 6), *most = eqs_number_dup_text (param->max, 6);

  if (param->kind == EQK_PARAM_CHOICE && param->choices != NULL)
    {
      g_auto (GStrv) choices = g_strsplit (param->choices, "|", -1);

      return g_strjoinv (", ", choices);
    }
  if (param->kind == EQK_PARAM_REAL && param->max >= UNBOUNDED)
    return g_strdup_printf (_("%s or more"), least);
  if (eqs_param_least (param) != NULL)
    return dup_range_with_word (param);
  if (param->kind == EQK_PARAM_INT || param->kind == EQK_PARAM_REAL || param->kind == EQK_PARAM_INT_LIST)
    /* Translators: smallest and largest value of a setting. */
    return g_strdup_printf (_("%s – %s"), least, most);
  return NULL;
}

static gboolean
is_in_range (const EqkParam *param, double number)
{
  return number >= param->min && number <= param->max && (param->kind == EQK_PARAM_REAL || number == floor (number));
}

static char *
out_of_range (const EqkParam *param)
{
  g_autofree char *least = eqs_number_dup_text (param->min, 6), *most = eqs_number_dup_text (param->max, 6);

  if (param->kind == EQK_PARAM_REAL && param->max >= UNBOUNDED)
    return g_strdup_printf (_("A number of %s or more."), least);
  if (param->kind == EQK_PARAM_REAL)
    return g_strdup_printf (_("A number from %s to %s."), least, most);
  if (eqs_param_least (param) != NULL)
    return dup_range_with_word (param);
  if (param->kind == EQK_PARAM_INT_LIST)
    return g_strdup_printf (_("Whole numbers from %s to %s, such as [32, 16]."), least, most);
  return g_strdup_printf (_("A whole number from %s to %s."), least, most);
}

static char *
check_rep (const EqkGroup *group, const char *text)
{
  const EqkRep *rep;
  EqkDiag diag = EQK_DIAG_INIT;

  if (text == NULL)
    return g_strdup (_("Fields such as 16x reg or 8x f0 + 8x f1."));
  if (group == NULL || eqk_rep_parse (group, text, &rep, &diag) == EQK_OK)
    return NULL;
  if (diag.status == EQK_ERR_PARSE && diag.index >= 0)
    {
      const glong at = g_utf8_strlen (text, MIN ((gssize) diag.index, (gssize) strlen (text)));

      return g_strdup_printf (_("This does not read as fields of %s from character %ld on. Write for example 16x reg or 8x f1."), eqk_group_get_notation (group), at + 1);
    }
  return g_strdup_printf (_("%s has no such fields: %s"), eqk_group_get_notation (group), diag.what);
}

char *
eqs_param_check (const EqkParam *param, const EqkGroup *group, const EqsValue *value)
{
  const EqsValueType kind = eqs_value_get_kind (value);

  switch (param->kind)
    {
    case EQK_PARAM_INT:
    case EQK_PARAM_REAL:
      return kind == EQS_VALUE_NUMBER && is_in_range (param, eqs_value_get_number (value)) ? NULL : out_of_range (param);
    case EQK_PARAM_BOOL:
      return kind == EQS_VALUE_BOOL ? NULL : g_strdup (_("On or off."));
    case EQK_PARAM_CHOICE:
      {
        g_auto (GStrv) choices = g_strsplit (param->choices, "|", -1);

        return kind == EQS_VALUE_STRING && g_strv_contains ((const char *const *) choices, eqs_value_get_string (value)) ? NULL :
               g_strdup_printf (_("One of %s."), param->choices);
      }
    case EQK_PARAM_REP:
      /* Empty while it is retyped: only a setting that may be left open takes that. */
      if (g_strcmp0 (eqs_value_get_string (value), "") == 0 && g_strcmp0 (param->fallback, "") == 0)
        return NULL;
      return check_rep (group, g_strcmp0 (eqs_value_get_string (value), "") == 0 ? NULL : eqs_value_get_string (value));
    case EQK_PARAM_INT_LIST:
      if (kind != EQS_VALUE_LIST || !eqs_value_is_numbers (value) || eqs_value_get_length (value) > 64)
        return out_of_range (param);
      for (guint i = 0; i < eqs_value_get_length (value); i++)
        if (!is_in_range (param, eqs_value_get_number (eqs_value_get_item (value, i))))
          return out_of_range (param);
      return NULL;
    case EQK_PARAM_TEXT:
      return kind == EQS_VALUE_STRING ? NULL : g_strdup (_("A text."));
    case EQK_PARAM_GROUP:
      return kind == EQS_VALUE_STRING && eqk_group_get (eqs_value_get_string (value)) != NULL ? NULL : g_strdup (_("A group such as C4, D2 or SO2."));
    }
  g_assert_not_reached ();
}

/* ---- from and to the document ---- */

static const EqkGroup *
group_here (EqsParamRow *self)
{
  EqkSymmetry symmetry;
  const EqkPortType *type = self->path == NULL ? NULL : eqs_session_get_type_at (self->session, self->path, NULL);

  /* After a restriction the group is a smaller one. */
  if (type != NULL && eqs_session_is_checked (self->session))
    return type->symmetry.group;
  return eqs_session_get_symmetry (self->session, &symmetry) ? symmetry.group : NULL;
}

/* (transfer full) (nullable) */
static EqsValue *
value_now (EqsParamRow *self)
{
  EqsDocument *document = eqs_session_get_document (self->session);
  EqsNode     *node = self->path == NULL ? NULL : eqs_document_find_node (document, self->path);
  EqsValue    *own = self->path == NULL ? eqs_document_get_entry (document, EQS_SECTION_TRAINING, self->param->name) : node == NULL ? NULL : eqs_node_get_param (node, self->param->name);

  if (own != NULL)
    return eqs_value_ref (own);
  return self->param->fallback == NULL ? NULL : eqs_value_from_setting_text (self->param->fallback);
}

static void
show_error (EqsParamRow *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->error), text == NULL ? "" : text);
  gtk_widget_set_visible (self->error, text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class (self->control, "error");
  else
    gtk_widget_remove_css_class (self->control, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_STATE_INVALID, text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* @param value (transfer full) */
static void
commit (EqsParamRow *self, EqsValue *value)
{
  g_autoptr (EqsValue) held = value, now = value_now (self);
  g_autofree char *why = eqs_param_check (self->param, group_here (self), held);

  show_error (self, why);
  if (why != NULL)
    return;
  g_clear_pointer (&self->last, eqs_value_unref);
  self->last = eqs_value_ref (held);
  if (now == NULL || !eqs_value_equal (now, held))
    eqs_session_do (self->session, self->path == NULL ? eqs_command_new_set_entry (EQS_SECTION_TRAINING, self->param->name, eqs_value_ref (held))
                                                      : eqs_command_new_set_param (self->path, self->param->name, eqs_value_ref (held)));
}

static void
spin_cb (GtkSpinButton *spin, EqsParamRow *self)
{
  if (!self->showing)
    commit (self, eqs_value_new_number (gtk_spin_button_get_value (spin)));
}

static void
switch_cb (GtkSwitch *button, GParamSpec *pspec, EqsParamRow *self)
{
  if (!self->showing)
    commit (self, eqs_value_new_bool (gtk_switch_get_active (button)));
}

static void
choice_cb (GtkDropDown *down, GParamSpec *pspec, EqsParamRow *self)
{
  g_auto (GStrv) choices = g_strsplit (self->param->choices, "|", -1);
  const guint chosen = gtk_drop_down_get_selected (down);

  if (!self->showing && chosen < g_strv_length (choices))
    commit (self, eqs_value_new_string (choices[chosen]));
}

static EqsValue *
typed_value (EqsParamRow *self, const char *text)
{
  if (self->param->kind == EQK_PARAM_INT_LIST && text[0] != '[')
    {
      g_autofree char *list = g_strdup_printf ("[%s]", text);

      return eqs_value_new_typed (list);
    }
  if (self->param->kind == EQK_PARAM_TEXT || self->param->kind == EQK_PARAM_REP || self->param->kind == EQK_PARAM_GROUP)
    return eqs_value_new_string (text);
  return eqs_value_new_typed (text);
}

static void show_kind (EqsParamRow *self, const char *text);

static void
entry_cb (GtkEditable *entry, EqsParamRow *self)
{
  if (self->showing)
    return;
  commit (self, typed_value (self, gtk_editable_get_text (entry)));
  if (self->count != NULL)
    show_kind (self, gtk_editable_get_text (entry));
}

static void
leave_cb (GtkEventControllerFocus *focus, EqsParamRow *self)
{
  eqs_history_seal (eqs_session_get_history (self->session));
  show_error (self, NULL);
  g_clear_pointer (&self->last, eqs_value_unref);
  eqs_param_row_refresh (self);
}

/* ---- fields: how many, of which kind ---- */

static void
add_kind (EqsParamRow *self, GtkStringList *titles, const char *name, const char *title)
{
  g_ptr_array_add (self->kinds, g_strdup (name));
  gtk_string_list_append (titles, title);
}

static GtkStringList *
list_kinds (EqsParamRow *self, const EqkGroup *group)
{
  GtkStringList *titles = gtk_string_list_new (NULL);
  const int      n = eqk_group_n_irreps (group, 3);

  if (eqk_group_regular (group) != NULL)
    add_kind (self, titles, "reg", _("One channel per pose"));
  for (int i = 0; i < n; i++)
    {
      const EqkField  *field = eqk_group_irrep (group, i);
      g_autofree char *title = NULL;

      if (eqk_field_is_trivial (field))
        title = g_strdup (_("Numbers that stay"));
      else if (eqk_field_get_dim (field) == 1)
        /* Translators: a kind of field, by its symbol. */
        title = g_strdup_printf (_("Sign-changing, %s"), eqk_field_get_name (field));
      else if (eqk_field_irrep_frequency (field) == 1)
        title = g_strdup (_("Arrows"));
      else
        title = g_strdup_printf (_("Frequency %d"), eqk_field_irrep_frequency (field));
      add_kind (self, titles, eqk_field_get_name (field), title);
    }
  gtk_string_list_append (titles, _("Several kinds"));
  if (self->param->fallback != NULL && self->param->fallback[0] == '\0')      /* may be left out, behind all kinds */
    gtk_string_list_append (titles, _("Every channel a number"));
  return titles;
}

/* The two controls show what the text says; several kinds are written. */
static void
show_kind (EqsParamRow *self, const char *text)
{
  const EqkGroup *group = group_here (self);
  const EqkRep   *rep;
  guint           kind = self->kinds->len;

  if (group != NULL && eqk_rep_parse (group, text, &rep, NULL) == EQK_OK && eqk_rep_n_runs (rep) == 1)
    {
      const EqkRepRun run = eqk_rep_run (rep, 0);

      for (guint i = 0; i < self->kinds->len; i++)
        {
          g_autofree char *one = g_strdup_printf ("1x %s", (const char *) g_ptr_array_index (self->kinds, i));
          const EqkRep    *other;

          if (eqk_rep_parse (group, one, &other, NULL) == EQK_OK && eqk_rep_run (other, 0).field == run.field)
            kind = MIN (kind, i);
        }
      if (kind < self->kinds->len)
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->count), run.mul);
    }
  if (text[0] == '\0' && self->kinds->len > 0 && g_list_model_get_n_items (gtk_drop_down_get_model (GTK_DROP_DOWN (self->kind))) > kind + 1 && !gtk_widget_has_focus (self->control))
    kind++;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->kind), kind);
  gtk_widget_set_visible (self->count, kind < self->kinds->len);
  gtk_widget_set_visible (self->control, kind == self->kinds->len || gtk_widget_has_focus (self->control));
}

static void
fields_cb (EqsParamRow *self)
{
  const guint kind = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->kind));
  g_autofree char *text = NULL;

  if (self->showing)
    return;
  gtk_widget_set_visible (self->control, kind == self->kinds->len);
  gtk_widget_set_visible (self->count, kind < self->kinds->len);
  if (kind == self->kinds->len)
    return;
  text = kind > self->kinds->len ? g_strdup ("") : g_strdup_printf ("%dx %s", gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->count)), (const char *) g_ptr_array_index (self->kinds, kind));
  self->showing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->control), text);
  self->showing = FALSE;
  commit (self, eqs_value_new_string (text));
}

static void
fill_kinds (EqsParamRow *self, const EqkGroup *group)
{
  g_autoptr (GtkStringList) titles = NULL;

  g_ptr_array_set_size (self->kinds, 0);
  titles = list_kinds (self, group);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->kind), G_LIST_MODEL (titles));
  g_object_set_data (G_OBJECT (self->kind), "group", (gpointer) group);
}

/* ---- the row ---- */

const char *
eqs_choice_title (const char *choice)
{
  static const struct { const char *choice, *title; } titles[] = {
    { "adam", N_("Adam") }, { "adamw", N_("AdamW") }, { "sgd", N_("SGD with momentum") },
    { "constant", N_("Constant") }, { "step", N_("In steps") }, { "cosine", N_("Cosine") }, { "plateau", N_("On plateaus") },
    { "none", N_("None") }, { "group", N_("The design’s group") }, { "C4", N_("Quarter turns") }, { "D4", N_("Quarter turns and mirrors") },
    { "SO2", N_("Turns by any angle") }, { "O2", N_("Any angle, and mirrors") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (titles[i].choice, choice) == 0)
      return _(titles[i].title);
  return choice;
}

void
eqs_param_row_refresh (EqsParamRow *self)
{
  g_autoptr (EqsValue) value = value_now (self);
  const EqkGroup *group = self->count == NULL ? NULL : group_here (self);

  /* A person who types sees the own text, allowed or not, until leaving or until an undo brings another value. */
  if (self->last != NULL && eqs_value_equal (self->last, value) && (gtk_widget_get_state_flags (self->control) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0)
    return;
  g_clear_pointer (&self->last, eqs_value_unref);
  self->last = value == NULL ? NULL : eqs_value_ref (value);
  show_error (self, NULL);
  self->showing = TRUE;
  if (self->count != NULL && group != NULL && g_object_get_data (G_OBJECT (self->kind), "group") != group)
    fill_kinds (self, group);
  if (GTK_IS_SPIN_BUTTON (self->control))
    {
      if (value != NULL && gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->control)) != eqs_value_get_number (value))
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->control), eqs_value_get_number (value));
    }
  else if (GTK_IS_SWITCH (self->control))
    gtk_switch_set_active (GTK_SWITCH (self->control), value != NULL && eqs_value_get_bool (value));
  else if (GTK_IS_DROP_DOWN (self->control))
    {
      g_auto (GStrv) choices = g_strsplit (self->param->choices, "|", -1);

      for (guint i = 0; value != NULL && choices[i] != NULL; i++)
        if (g_strcmp0 (choices[i], eqs_value_get_string (value)) == 0)
          gtk_drop_down_set_selected (GTK_DROP_DOWN (self->control), i);
    }
  else
    {
      g_autofree char *text = value == NULL ? g_strdup ("") : eqs_value_get_string (value) != NULL ? g_strdup (eqs_value_get_string (value)) : eqs_value_to_text (value);

      g_autoptr (EqsValue) shown = typed_value (self, gtk_editable_get_text (GTK_EDITABLE (self->control)));

      if (value == NULL || !eqs_value_equal (shown, value))
        gtk_editable_set_text (GTK_EDITABLE (self->control), text);
      if (self->count != NULL)
        show_kind (self, text);
    }
  self->showing = FALSE;
}

static void
row_free (gpointer data)
{
  EqsParamRow *self = data;

  g_object_unref (self->session);
  g_free (self->path);
  g_clear_pointer (&self->kinds, g_ptr_array_unref);
  g_clear_pointer (&self->last, eqs_value_unref);
  g_free (self);
}

static GtkWidget *
make_spin (double min, double max)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (min, max, 1);

  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 3);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 5);
  gtk_widget_set_halign (spin, GTK_ALIGN_END);
  return spin;
}

/* The value that is no amount is shown, and may be typed, as its word. */
static gboolean
word_out_cb (GtkSpinButton *spin, EqsParamRow *self)
{
  if (gtk_spin_button_get_value (spin) > self->param->min)
    return FALSE;
  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (spin)), _(self->param->choices)) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), _(self->param->choices));
  return TRUE;
}

static int
word_in_cb (GtkSpinButton *spin, double *value, EqsParamRow *self)
{
  g_autofree char *typed = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (spin)), -1), *word = g_utf8_casefold (_(self->param->choices), -1);

  if (strcmp (g_strstrip (typed), word) != 0)
    return FALSE;
  *value = self->param->min;
  return TRUE;
}

static void
show_word (EqsParamRow *self, GtkWidget *spin)
{
  const int length = (int) g_utf8_strlen (_(self->param->choices), -1);

  gtk_editable_set_width_chars (GTK_EDITABLE (spin), MIN (length, 12));
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), MIN (length, 16));
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
  g_signal_connect (spin, "output", G_CALLBACK (word_out_cb), self);
  g_signal_connect (spin, "input", G_CALLBACK (word_in_cb), self);
  word_out_cb (GTK_SPIN_BUTTON (spin), self);
}

static GtkWidget *
make_control (EqsParamRow *self)
{
  const EqkParam *param = self->param;
  GtkWidget *control;

  if (param->kind == EQK_PARAM_INT)
    {
      control = make_spin (param->min, param->max);
      if (eqs_param_least (param) != NULL)
        show_word (self, control);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (control), param->min);
      g_signal_connect (control, "value-changed", G_CALLBACK (spin_cb), self);
    }
  else if (param->kind == EQK_PARAM_BOOL)
    {
      control = gtk_switch_new ();
      gtk_widget_set_halign (control, GTK_ALIGN_END);
      g_signal_connect (control, "notify::active", G_CALLBACK (switch_cb), self);
    }
  else if (param->kind == EQK_PARAM_CHOICE)
    {
      g_auto (GStrv) choices = g_strsplit (param->choices, "|", -1);

      g_autoptr (GPtrArray) titles = g_ptr_array_new ();

      for (guint i = 0; choices[i] != NULL; i++)
        g_ptr_array_add (titles, (gpointer) (self->path == NULL ? eqs_choice_title (choices[i]) : choices[i]));
      g_ptr_array_add (titles, NULL);
      control = gtk_drop_down_new_from_strings ((const char *const *) titles->pdata);
      g_signal_connect (control, "notify::selected", G_CALLBACK (choice_cb), self);
    }
  else
    {
      control = gtk_entry_new ();
      gtk_editable_set_width_chars (GTK_EDITABLE (control), 8);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (control), 14);
      g_signal_connect (control, "changed", G_CALLBACK (entry_cb), self);
    }
  return control;
}

/* Number and kind of the fields beside each other, and the text for what these two cannot say. */
static GtkWidget *
make_fields (EqsParamRow *self, const EqkGroup *group, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *count = g_strdup_printf (_("%s: how many"), title), *kind = g_strdup_printf (_("%s: kind of field"), title);

  self->kinds = g_ptr_array_new_with_free_func (g_free);
  self->count = make_spin (1, 4096);
  self->kind = gtk_drop_down_new (NULL, NULL);
  fill_kinds (self, group);
  eqs_set_name (self->count, count);
  eqs_drop_down_set_name (self->kind, kind);
  gtk_widget_set_hexpand (self->kind, TRUE);
  g_signal_connect_swapped (self->count, "value-changed", G_CALLBACK (fields_cb), self);
  g_signal_connect_swapped (self->kind, "notify::selected", G_CALLBACK (fields_cb), self);
  gtk_box_append (GTK_BOX (line), self->count);
  gtk_box_append (GTK_BOX (line), self->kind);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->control);
  return box;
}

EqsParamRow *
eqs_param_row_append (GtkWidget *list, EqsSession *session, const char *path, const EqkParam *param)
{
  EqsParamRow     *self = g_new0 (EqsParamRow, 1);
  const char      *title = param->title == NULL ? param->name : _(param->title);
  g_autofree char *range = eqs_param_dup_range (param), *tip = NULL;
  GtkWidget       *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = eqs_text_new (title, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  const EqkGroup  *group;

  self->session = g_object_ref (session);
  self->path = g_strdup (path);
  self->param = param;
  self->showing = TRUE;
  self->control = make_control (self);
  group = param->kind == EQK_PARAM_REP ? group_here (self) : NULL;
  self->error = eqs_text_new ("", "eq-bad");
  gtk_widget_add_css_class (self->error, "eq-second");
  gtk_widget_set_visible (self->error, FALSE);
  tip = range == NULL ? g_strdup (param->doc == NULL ? title : _(param->doc)) : g_strdup_printf ("%s\n%s", param->doc == NULL ? title : _(param->doc), range);
  gtk_widget_set_tooltip_text (row, tip);
  if (GTK_IS_DROP_DOWN (self->control))
    eqs_drop_down_set_name (self->control, title);
  else
    eqs_set_name (self->control, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tip, -1);
  g_signal_connect (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (row, focus);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  if (group == NULL)
    gtk_box_append (GTK_BOX (line), self->control);
  gtk_widget_set_valign (self->control, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), line);
  if (group != NULL)
    gtk_box_append (GTK_BOX (box), make_fields (self, group, title));
  gtk_box_append (GTK_BOX (box), self->error);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  eqs_set_name (row, title);
  g_object_set_data_full (G_OBJECT (row), "param-row", self, row_free);
  eqs_set_name (row, title);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  eqs_param_row_refresh (self);
  return self;
}
