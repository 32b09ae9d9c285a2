/* A row for each quantity: the property it is read from, its unit, its first values. Only what was changed is handed on. */

#include "widgets/data/columns-window.h"

#include "data/units.h"
#include "draw/number-text.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { RECORDS = 3 };

static const struct { const char *name, *title; } quantities[] = {
  { "positions", N_("Positions") }, { "energy", N_("Energy") }, { "forces", N_("Forces") }, { "stress", N_("Stress") }, { "dipole", N_("Dipole") },
};

typedef struct
{
  const char *name;
  GtkWidget  *property, *unit, *values;      /* borrowed */
  guint       property_was, unit_was;
} Row;

typedef struct
{
  EqsDataset    *dataset;        /* owned */
  EqsSplit      *split;          /* owned */
  GPtrArray     *fields;         /* owned: properties of the files; the first stands for none */
  Row            rows[G_N_ELEMENTS (quantities)];
  EqsColumnsFunc func;
  gpointer       data;
  GtkWidget     *window;         /* borrowed */
} Columns;

static void
columns_free (gpointer data)
{
  Columns *self = data;

  g_object_unref (self->dataset);
  eqs_split_unref (self->split);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

gboolean
eqs_columns_can_ask (EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), FALSE);
  return strcmp (eqs_dataset_get_domain (dataset), "molecule") == 0 && !eqs_dataset_is_generated (dataset);
}

static gboolean
info_of (Columns *self, const char *name, EqsColumnInfo *info)
{
  for (guint i = 0; i < eqs_dataset_get_n_columns (self->dataset); i++)
    {
      *info = eqs_dataset_get_column (self->dataset, i);
      if (strcmp (info->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Numbers: names of elements are no quantity. */
static void
list_fields (Columns *self)
{
  self->fields = g_ptr_array_new ();
  g_ptr_array_add (self->fields, (gpointer) _("none"));
  for (guint i = 0; i < eqs_dataset_get_n_columns (self->dataset); i++)
    {
      const EqsColumnInfo info = eqs_dataset_get_column (self->dataset, i);

      if (info.values == EQS_VALUES_FEATURE || info.values == EQS_VALUES_POSITION)
        g_ptr_array_add (self->fields, (gpointer) info.field);
    }
  g_ptr_array_add (self->fields, NULL);
}

static guint
index_of (const char *const *texts, const char *text)
{
  for (guint i = 0; text != NULL && texts[i] != NULL; i++)
    if (strcmp (texts[i], text) == 0)
      return i;
  return 0;
}

/* The column that reads a property, whatever it is called now. */
static const EqsColumn *
column_of (Columns *self, const char *field)
{
  for (guint i = 0; i < eqs_dataset_get_n_columns (self->dataset); i++)
    {
      const EqsColumnInfo info = eqs_dataset_get_column (self->dataset, i);

      if (strcmp (info.field, field) == 0)
        return eqs_split_find (self->split, info.name);
    }
  return NULL;
}

static char *
dup_values (Columns *self, const char *field)
{
  const EqsColumn *column = column_of (self, field);
  GString         *text = g_string_new (NULL);

  for (guint s = 0; column != NULL && column->n_values <= 16 && s < MIN (RECORDS, eqs_split_get_n (self->split)); s++)
    {
      const gsize        n = eqs_split_count (self->split, column, &s, 1) * column->n_values;
      g_autofree double *values = g_new (double, n + 1);

      eqs_split_copy_double (self->split, column, &s, 1, values);
      if (n == 0)
        continue;
      g_string_append (text, text->len == 0 ? "" : "   ");
      eqs_number_append (text, column->n_values > 1 ? "(" : "", values[0], column->n_values > 1 ? 5 : 9);
      for (gsize k = 1; k < MIN (column->n_values, 3); k++)
        eqs_number_append (text, ", ", values[k], 5);
      g_string_append (text, column->n_values > 3 ? ", …)" : column->n_values > 1 ? ")" : "");
    }
  return g_string_free (text, FALSE);
}

static const char *
chosen (Columns *self, const Row *row)
{
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (row->property));

  return at == 0 || at >= self->fields->len - 1 ? NULL : g_ptr_array_index (self->fields, at);
}

static void
show_values (Columns *self, Row *row)
{
  const char      *field = chosen (self, row);
  g_autofree char *values = field == NULL ? NULL : dup_values (self, field), *text = NULL;
  EqsColumnInfo    info;

  if (values != NULL && info_of (self, row->name, &info) && strcmp (info.field, field) == 0 && info.unit != NULL)
    /* Translators: values of the first samples, a unit */
    text = g_strdup_printf (_("%s … in %s, as it is read now"), values, info.unit);
  gtk_label_set_label (GTK_LABEL (row->values), text != NULL ? text : values != NULL ? values : _("not in these data"));
}

static void
chosen_cb (GtkDropDown *down, GParamSpec *pspec, Columns *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    if (self->rows[i].property == GTK_WIDGET (down))
      show_values (self, &self->rows[i]);
}

/* ---- rows ---- */

static void
append_row (Columns *self, GtkWidget *list, guint i)
{
  Row             *row = &self->rows[i];
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *title = eqs_text_new (_(quantities[i].title), NULL);
  const char *const *choices = eqs_unit_choices (quantities[i].name);
  g_autoptr (GPtrArray) units = g_ptr_array_new ();
  g_autofree char *property_name = g_strdup_printf (_("%s: property of the files"), _(quantities[i].title)), *unit_name = g_strdup_printf (_("%s: unit in the files"), _(quantities[i].title));
  EqsColumnInfo    info = { NULL };
  const gboolean   there = info_of (self, quantities[i].name, &info);

  g_ptr_array_add (units, (gpointer) _("not stated"));
  for (guint k = 0; choices[k] != NULL; k++)
    g_ptr_array_add (units, (gpointer) choices[k]);
  if (there && info.stated_unit != NULL && index_of (choices, info.stated_unit) == 0 && strcmp (choices[0], info.stated_unit) != 0)
    g_ptr_array_add (units, (gpointer) info.stated_unit);
  g_ptr_array_add (units, NULL);
  *row = (Row) { .name = quantities[i].name, .property = gtk_drop_down_new_from_strings ((const char *const *) self->fields->pdata),
                 .unit = gtk_drop_down_new_from_strings ((const char *const *) units->pdata), .values = eqs_text_new ("", "eq-second") };
  row->property_was = there ? index_of ((const char *const *) self->fields->pdata, info.field) : 0;
  row->unit_was = there ? index_of ((const char *const *) units->pdata, info.stated_unit) : 0;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (row->property), row->property_was);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (row->unit), row->unit_was);
  eqs_drop_down_set_name (row->property, property_name);
  eqs_drop_down_set_name (row->unit, unit_name);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), row->property);
  gtk_box_append (GTK_BOX (line), row->unit);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), row->values);
  eqs_row_append_plain (list, box, _(quantities[i].title));
  show_values (self, row);
  g_signal_connect (row->property, "notify::selected", G_CALLBACK (chosen_cb), self);
}

static const char *
selected_text (GtkWidget *down)
{
  return gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_drop_down_get_selected_item (GTK_DROP_DOWN (down))));
}

static void
use_cb (GtkButton *button, Columns *self)
{
  g_autoptr (GPtrArray) said = eqs_meanings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      const Row  *row = &self->rows[i];
      const guint property = gtk_drop_down_get_selected (GTK_DROP_DOWN (row->property)), unit = gtk_drop_down_get_selected (GTK_DROP_DOWN (row->unit));

      if (property != 0 && property != row->property_was)
        eqs_meanings_get (said, row->name)->field = g_strdup (chosen (self, row));
      if (unit != 0 && property != 0 && (unit != row->unit_was || property != row->property_was))
        eqs_meanings_get (said, row->name)->unit = g_strdup (selected_text (row->unit));
    }
  self->func (said, self->data);
  gtk_window_destroy (GTK_WINDOW (self->window));
}

GtkWidget *
eqs_columns_window_open (GtkWidget *parent, EqsDataset *dataset, EqsSplit *split, const char *why, EqsColumnsFunc func, gpointer data)
{
  Columns   *self = g_new0 (Columns, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *list = eqs_boxed_list_new (_("Quantities")), *use = gtk_button_new_with_label (_("Use these"));
  GtkRoot   *root = gtk_widget_get_root (parent);

  *self = (Columns) { .dataset = g_object_ref (dataset), .split = eqs_split_ref (split), .func = func, .data = data, .window = gtk_window_new () };
  list_fields (self);
  gtk_window_set_title (GTK_WINDOW (self->window), _("Names and units"));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 560, 480);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self->window), GTK_WINDOW (root));
  gtk_window_set_modal (GTK_WINDOW (self->window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (self->window), TRUE);
  gtk_widget_add_css_class (box, "eq-training");
  if (why != NULL)
    gtk_box_append (GTK_BOX (box), eqs_text_new (why, NULL));
  gtk_box_append (GTK_BOX (box), eqs_text_new (_("Which property of the files is which quantity, and in what unit it stands there. Energies, lengths, forces and stresses are converted to eV, Å, "
                                                 "eV/Å and eV/Å³ when they are read. Beside each: the first values of three samples."), "eq-second"));
  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    append_row (self, list, i);
  gtk_box_append (GTK_BOX (box), list);
  gtk_widget_add_css_class (use, "suggested-action");
  gtk_widget_set_halign (use, GTK_ALIGN_END);
  g_signal_connect (use, "clicked", G_CALLBACK (use_cb), self);
  gtk_box_append (GTK_BOX (box), use);
  gtk_window_set_child (GTK_WINDOW (self->window), eqs_scrolled_new (box, _("Names and units")));
  g_object_set_data_full (G_OBJECT (self->window), "columns", self, columns_free);
  eqs_close_on_escape (self->window);
  gtk_window_present (GTK_WINDOW (self->window));
  return self->window;
}
