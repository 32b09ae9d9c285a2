/* A worker opens, loads and tries the binding on a copy; the window shows what it found. A changed mapping is written first, and looked at anew. */

#include "widgets/data/import-window.h"

#include "data/units.h"
#include "draw/number-text.h"
#include "services/bind.h"
#include "widgets/data/inspect-window.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"
#include "widgets/weak-task.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define FIRST_SAMPLES 12
#define SIZE          64
#define MOST_CLASSES  60

/* What one look found. */
typedef struct
{
  EqsDocument *document;        /* owned: a copy */
  char        *path;            /* owned */
  EqsDataset  *dataset;         /* owned (nullable) */
  EqsSplit    *split;           /* owned (nullable): training */
  GPtrArray   *mapped;          /* owned (nullable) */
  GPtrArray   *changes;         /* owned (nullable): what would change in the design */
  char        *refusal;         /* owned (nullable) */
  gboolean     then_use;
} Look;

struct _EqsImportWindow
{
  GtkWindow   parent_instance;

  EqsSession *session;          /* owned */
  char       *path;             /* owned */
  Look       *look;             /* owned (nullable): the newest */
  gboolean    reading, remapped;
  GtkWidget  *use, *spinner, *body;      /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsImportWindow, eqs_import_window, GTK_TYPE_WINDOW)

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->document);
  g_free (look->path);
  g_clear_object (&look->dataset);
  g_clear_pointer (&look->split, eqs_split_unref);
  g_clear_pointer (&look->mapped, g_ptr_array_unref);
  g_clear_pointer (&look->changes, g_ptr_array_unref);
  g_free (look->refusal);
  g_free (look);
}

/* ---- reading ---- */

static gboolean
is_class (const EqsMeaning *one)
{
  return one->has_values && one->values == EQS_VALUES_LABEL;
}

/* Folders of pictures name their classes by themselves; the mapping takes them over, so that they can be renamed. */
static void
take_classes (Look *look)
{
  for (guint i = 0; i < look->mapped->len; i++)
    {
      EqsMeaning      *mapped = g_ptr_array_index (look->mapped, i);
      const EqsColumn *column = eqs_split_find (look->split, mapped->name);

      if (is_class (mapped) && mapped->classes == NULL && column != NULL && column->class_names != NULL)
        mapped->classes = g_strdupv (column->class_names);
    }
}

static void
look_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  g_autoptr (GError) error = NULL;

  look->dataset = eqs_dataset_open (look->path, &error);
  look->split = look->dataset == NULL ? NULL : eqs_dataset_load (look->dataset, "train", &error);
  if (look->dataset != NULL)
    look->mapped = eqs_dataset_list_meanings (look->dataset);
  if (look->split != NULL)
    take_classes (look);
  if (look->split == NULL || !eqs_bind_check (look->document, look->dataset, &look->changes, &error))
    look->refusal = g_strdup (error->message);
  g_task_return_pointer (task, look, look_free);
}

/* ---- what is shown ---- */

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  eqs_sample_picture_draw (data, cr, (width - SIZE) / 2.0, 0, SIZE, &ink);
}

static void
draw_free (gpointer data)
{
  eqs_sample_picture_unref (data);
}

/* "cross", "price 12.5", or the numbers that go in where there is no picture. */
static char *
dup_caption (EqsSplit *split, guint sample)
{
  const EqsColumn *target = eqs_split_find_target (split, NULL);
  gint32           class = 0;
  float            value = 0;

  if (target == NULL || target->kind != EQS_COLUMN_FIXED || target->n_values != 1)
    return g_strdup_printf ("%u", sample);
  if (target->values != EQS_VALUES_LABEL)
    {
      g_autofree char *number = NULL;

      eqs_split_copy (split, target, &sample, 1, &value);
      number = eqs_number_dup_text ((double) value, 4);
      return g_strdup_printf ("%s %s", target->name, number);
    }
  eqs_split_copy_int (split, target, &sample, 1, &class);
  return target->class_names != NULL && class >= 0 && (guint) class < target->n_classes ? g_strdup (target->class_names[class]) : g_strdup_printf ("%d", class);
}

/* Spread over the part, so that a folder sorted by classes shows them all. */
static void
append_samples (EqsImportWindow *self)
{
  const Look *look = self->look;
  const guint n = eqs_split_get_n (look->split), shown = MIN (n, FIRST_SAMPLES);
  GtkWidget  *flow = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), FIRST_SAMPLES / 2);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (flow), 4);
  eqs_set_name (flow, _("Some samples"));
  for (guint i = 0; i < shown; i++)
    {
      const guint       sample = (guint) ((guint64) i * n / shown);
      EqsSamplePicture *picture = eqs_sample_picture_new (look->split, eqs_split_find_input (look->split), sample);
      GtkWidget        *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *label;
      g_autofree char  *caption = dup_caption (look->split, sample);

      if (picture != NULL)
        {
          GtkWidget *area = gtk_drawing_area_new ();

          gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
          gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE);
          gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, picture, draw_free);
          gtk_box_append (GTK_BOX (box), area);
        }
      label = eqs_line_new (caption, "eq-caption");
      gtk_label_set_xalign (GTK_LABEL (label), 0.5);
      gtk_box_append (GTK_BOX (box), label);
      gtk_flow_box_append (GTK_FLOW_BOX (flow), box);
    }
  gtk_box_append (GTK_BOX (self->body), eqs_heading_new (_("Some samples")));
  gtk_box_append (GTK_BOX (self->body), flow);
}

/* "65 samples to train on, 7 to choose the best weights by" */
static void
append_parts (EqsImportWindow *self)
{
  const Look        *look = self->look;
  const char *const *parts = eqs_dataset_get_splits (look->dataset);
  GtkWidget         *list = eqs_boxed_list_new (_("Parts"));

  for (guint i = 0; parts[i] != NULL; i++)
    {
      static const struct { const char *name, *title; } titles[] = { { "train", N_("Training") }, { "valid", N_("Validation") }, { "test", N_("Test") } };
      g_autoptr (EqsSplit) split = eqs_dataset_load (look->dataset, parts[i], NULL);
      g_autofree char     *n = split == NULL ? g_strdup ("–") : g_strdup_printf ("%u", eqs_split_get_n (split));
      const char          *title = parts[i];

      for (guint t = 0; t < G_N_ELEMENTS (titles); t++)
        if (strcmp (titles[t].name, parts[i]) == 0)
          title = _(titles[t].title);
      eqs_row_append_text (list, title, n);
    }
  gtk_box_append (GTK_BOX (self->body), eqs_heading_new (_("Parts")));
  gtk_box_append (GTK_BOX (self->body), list);
}

/* What is refused may be tried again with another mapping. */
static gboolean
can_use (EqsImportWindow *self)
{
  return self->look != NULL && !self->reading && (self->remapped || (self->look->split != NULL && self->look->refusal == NULL));
}

static void
update_use (EqsImportWindow *self)
{
  gtk_widget_set_sensitive (self->use, can_use (self));
  gtk_button_set_label (GTK_BUTTON (self->use), self->remapped ? _("Keep this mapping and use the data") : _("Use these data"));
}

static void show_look (EqsImportWindow *self);

enum { GOES_IN, CLASS, NUMBER, LEFT_OUT };

static void
set_role (EqsMeaning *one, EqsRole role, gboolean class)
{
  one->role = role;
  if (role != EQS_ROLE_TARGET)
    return;
  one->has_values = TRUE;
  one->values = class ? EQS_VALUES_LABEL : EQS_VALUES_FEATURE;
}

static void
role_cb (GtkDropDown *down, GParamSpec *pspec, EqsImportWindow *self)
{
  EqsMeaning *mapped = g_object_get_data (G_OBJECT (down), "mapped");
  const guint role = gtk_drop_down_get_selected (down);

  set_role (mapped, role == GOES_IN ? EQS_ROLE_INPUT : role == LEFT_OUT ? EQS_ROLE_EXTRA : EQS_ROLE_TARGET, role == CLASS);
  self->remapped = TRUE;
  update_use (self);
}

static void
unit_cb (GtkDropDown *down, GParamSpec *pspec, EqsImportWindow *self)
{
  EqsMeaning *one = g_object_get_data (G_OBJECT (down), "mapped");
  const char *unit = gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_drop_down_get_selected_item (down)));

  g_free (one->unit);
  one->unit = gtk_drop_down_get_selected (down) == 0 ? NULL : g_strdup (unit);
  self->remapped = TRUE;
  update_use (self);
}

/* In what unit the numbers stand in the files; NULL where a name says nothing of that. */
static GtkWidget *
new_units (EqsImportWindow *self, EqsMeaning *one)
{
  const char *const *choices = eqs_unit_choices (one->name);
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  g_autofree char *name = g_strdup_printf (_("%s: unit in the files"), one->name);
  GtkWidget       *down;
  guint            at = 0;

  if (*choices == NULL || strcmp (eqs_dataset_get_domain (self->look->dataset), "molecule") != 0)
    return NULL;
  gtk_string_list_append (words, _("as the files say"));
  for (guint i = 0; choices[i] != NULL; i++)
    {
      gtk_string_list_append (words, choices[i]);
      if (g_strcmp0 (choices[i], one->unit) == 0)
        at = i + 1;
    }
  if (one->unit != NULL && at == 0)
    {
      gtk_string_list_append (words, one->unit);
      at = g_list_model_get_n_items (G_LIST_MODEL (words)) - 1;
    }
  down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (down), at);
  eqs_drop_down_set_name (down, name);
  g_object_set_data (G_OBJECT (down), "mapped", one);
  g_signal_connect (down, "notify::selected", G_CALLBACK (unit_cb), self);
  return down;
}

/* The rows change with a name: what it is measured in. Not while the list that was chosen from is still at work. */
static gboolean
show_again_cb (gpointer data)
{
  EqsImportWindow *self = data;

  if (self->session != NULL && !self->reading)
    show_look (self);
  return G_SOURCE_REMOVE;
}

static void
name_cb (GtkDropDown *down, GParamSpec *pspec, EqsImportWindow *self)
{
  EqsMeaning *one = g_object_get_data (G_OBJECT (down), "mapped");
  const char *name = gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_drop_down_get_selected_item (down)));

  if (one->field == NULL)
    one->field = g_strdup (one->name);
  g_free (one->name);
  one->name = g_strdup (name);
  if (strcmp (one->name, one->field) == 0)
    g_clear_pointer (&one->field, g_free);
  else if (one->role == EQS_ROLE_EXTRA)
    set_role (one, EQS_ROLE_TARGET, FALSE);
  self->remapped = TRUE;
  update_use (self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_again_cb, g_object_ref (self), g_object_unref);
}

static gboolean
is_taken (EqsImportWindow *self, const EqsMeaning *one, const char *name)
{
  for (guint i = 0; i < self->look->mapped->len; i++)
    if (self->look->mapped->pdata[i] != one && strcmp (((EqsMeaning *) self->look->mapped->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Which quantity of molecules a property of their files is; NULL where there is nothing to ask. */
static GtkWidget *
new_names (EqsImportWindow *self, EqsMeaning *one)
{
  static const char *const quantities[] = { "energy", "forces", "stress", "dipole" };
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  const char      *own = one->field != NULL ? one->field : one->name;
  g_autofree char *name = g_strdup_printf (_("Which quantity “%s” is"), own);
  GtkWidget       *down;
  guint            at = 0;

  if (!one->has_values || one->values != EQS_VALUES_FEATURE || one->role == EQS_ROLE_INPUT || strcmp (eqs_dataset_get_domain (self->look->dataset), "molecule") != 0)
    return NULL;
  gtk_string_list_append (words, own);
  for (gsize i = 0; i < G_N_ELEMENTS (quantities); i++)
    if (strcmp (quantities[i], own) != 0 && !is_taken (self, one, quantities[i]))
      {
        gtk_string_list_append (words, quantities[i]);
        if (strcmp (quantities[i], one->name) == 0)
          at = g_list_model_get_n_items (G_LIST_MODEL (words)) - 1;
      }
  down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (down), at);
  eqs_drop_down_set_name (down, name);
  g_object_set_data (G_OBJECT (down), "mapped", one);
  g_signal_connect (down, "notify::selected", G_CALLBACK (name_cb), self);
  return down;
}

static void
append_columns (EqsImportWindow *self)
{
  static const char *const titles[] = { N_("goes in"), N_("a class to tell"), N_("a number to tell"), N_("left out") };
  GPtrArray *mapped = self->look->mapped;
  GtkWidget *list;

  if (mapped->len == 0)
    return;
  list = eqs_boxed_list_new (_("Columns"));
  for (guint i = 0; i < mapped->len; i++)
    {
      EqsMeaning *one = g_ptr_array_index (mapped, i);
      g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
      g_autofree char *name = g_strdup_printf (_("What “%s” is"), one->name);
      GtkWidget       *down, *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *names = new_names (self, one), *units = new_units (self, one);

      for (guint k = 0; k < G_N_ELEMENTS (titles); k++)
        gtk_string_list_append (words, _(titles[k]));
      down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&words)), NULL);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (down), one->role == EQS_ROLE_INPUT ? GOES_IN : one->role == EQS_ROLE_EXTRA ? LEFT_OUT : is_class (one) ? CLASS : NUMBER);
      eqs_drop_down_set_name (down, name);
      g_object_set_data (G_OBJECT (down), "mapped", one);
      g_signal_connect (down, "notify::selected", G_CALLBACK (role_cb), self);
      if (names != NULL)
        gtk_box_append (GTK_BOX (box), names);
      if (units != NULL)
        gtk_box_append (GTK_BOX (box), units);
      gtk_box_append (GTK_BOX (box), down);
      eqs_row_append (list, one->field != NULL ? one->field : one->name, box);
    }
  gtk_box_append (GTK_BOX (self->body), eqs_heading_new (_("Columns")));
  gtk_box_append (GTK_BOX (self->body), list);
}

static void
class_cb (GtkEditable *entry, EqsImportWindow *self)
{
  char      **name = g_object_get_data (G_OBJECT (entry), "name");
  const char *text = gtk_editable_get_text (entry);

  if (text[0] == '\0' || strcmp (*name, text) == 0)
    return;
  g_free (*name);
  *name = g_strdup (text);
  self->remapped = TRUE;
  update_use (self);
}

static void
append_classes (EqsImportWindow *self)
{
  for (guint i = 0; i < self->look->mapped->len; i++)
    {
      EqsMeaning *one = g_ptr_array_index (self->look->mapped, i);
      GtkWidget  *list;

      if (one->role != EQS_ROLE_TARGET || one->classes == NULL || g_strv_length (one->classes) > MOST_CLASSES)
        continue;
      list = eqs_boxed_list_new (_("Names of the classes"));
      for (guint k = 0; one->classes[k] != NULL; k++)
        {
          GtkWidget       *entry = gtk_entry_new ();
          g_autofree char *title = g_strdup_printf (_("Class %u"), k);

          gtk_editable_set_text (GTK_EDITABLE (entry), one->classes[k]);
          gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 18);
          eqs_set_name (entry, title);
          g_object_set_data (G_OBJECT (entry), "name", &one->classes[k]);
          g_signal_connect (entry, "changed", G_CALLBACK (class_cb), self);
          eqs_row_append (list, title, entry);
        }
      gtk_box_append (GTK_BOX (self->body), eqs_heading_new (_("Names of the classes")));
      gtk_box_append (GTK_BOX (self->body), list);
    }
}

static void
append_changes (EqsImportWindow *self)
{
  const Look *look = self->look;

  gtk_box_append (GTK_BOX (self->body), eqs_heading_new (_("What changes in the design")));
  if (look->changes == NULL || look->changes->len == 0)
    gtk_box_append (GTK_BOX (self->body), eqs_text_new (_("Nothing: it takes these data as it is."), "eq-second"));
  for (guint i = 0; look->changes != NULL && i < look->changes->len; i++)
    gtk_box_append (GTK_BOX (self->body), eqs_text_new (g_ptr_array_index (look->changes, i), NULL));
}

static void
inspect_cb (GtkButton *button, EqsImportWindow *self)
{
  gtk_window_present (GTK_WINDOW (eqs_inspect_window_new (GTK_WINDOW (self), self->session, self->look->dataset)));
}

/* What is missing in data that are refused is seen there, too. */
static void
append_inspect (EqsImportWindow *self)
{
  GtkWidget *button = eqs_wrapping_button_new (_("Inspect the data"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect (button, "clicked", G_CALLBACK (inspect_cb), self);
  gtk_box_append (GTK_BOX (self->body), button);
}

static void
show_look (EqsImportWindow *self)
{
  const Look *look = self->look;

  eqs_box_clear (self->body);
  if (look->refusal != NULL)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *text = eqs_text_new (look->refusal, NULL);

      gtk_widget_add_css_class (box, "eq-result");
      gtk_widget_add_css_class (box, "eq-bad-ground");
      gtk_box_append (GTK_BOX (box), text);
      if (look->mapped != NULL && look->mapped->len > 0)
        gtk_box_append (GTK_BOX (box), eqs_text_new (_("If it is there under another name: the lists below say which column is what."), NULL));
      gtk_box_append (GTK_BOX (self->body), box);
    }
  if (look->dataset != NULL)
    append_inspect (self);
  if (look->split != NULL)
    append_samples (self);
  if (look->mapped != NULL)
    {
      append_columns (self);
      append_classes (self);
    }
  if (look->split != NULL)
    append_parts (self);
  if (look->refusal == NULL)
    append_changes (self);
}

/* ---- the course ---- */

static void
bind_it (EqsImportWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (eqs_session_bind (self->session, self->look->dataset, NULL, &error))
    {
      eqs_session_message (self->session, _("The design is bound to “%s”."), eqs_dataset_get_title (self->look->dataset));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  g_free (self->look->refusal);
  self->look->refusal = g_strdup (error->message);
  show_look (self);
  update_use (self);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsImportWindow *self = EQS_IMPORT_WINDOW (source);
  Look            *look = g_task_propagate_pointer (G_TASK (result), NULL);

  self->reading = FALSE;
  if (self->session == NULL)
    {
      look_free (look);
      return;
    }
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  eqs_box_clear (self->body);      /* its rows speak of the mapping that goes now */
  g_clear_pointer (&self->look, look_free);
  self->look = look;
  show_look (self);
  update_use (self);
  if (look->then_use && look->refusal == NULL)
    bind_it (self);
}

static void
look_again (EqsImportWindow *self, gboolean then_use)
{
  g_autoptr (GTask) task = NULL;
  Look *look = g_new0 (Look, 1);

  look->document = eqs_document_dup (eqs_session_get_document (self->session));
  look->path = g_strdup (self->path);
  look->then_use = then_use;
  self->reading = TRUE;
  self->remapped = FALSE;
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  update_use (self);
  task = eqs_weak_task_new (self, NULL, looked_cb, NULL, NULL);
  g_task_set_task_data (task, look, NULL);      /* comes back as the result */
  g_task_run_in_thread (task, look_worker);
}

void
eqs_import_window_use (EqsImportWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!can_use (self))
    return;
  if (!self->remapped)
    bind_it (self);
  else if (eqs_dataset_keep_meanings (self->look->dataset, self->look->mapped, &error))
    look_again (self, TRUE);
  else
    {
      g_free (self->look->refusal);
      self->look->refusal = g_strdup (error->message);
      show_look (self);
      update_use (self);
    }
}

gboolean
eqs_import_window_is_ready (EqsImportWindow *self)
{
  return !self->reading;
}

const char *
eqs_import_window_get_refusal (EqsImportWindow *self)
{
  g_return_val_if_fail (EQS_IS_IMPORT_WINDOW (self), NULL);
  return self->look == NULL || self->look->refusal == NULL ? "" : self->look->refusal;
}

GPtrArray *
eqs_import_window_get_mapped (EqsImportWindow *self)
{
  g_return_val_if_fail (EQS_IS_IMPORT_WINDOW (self), NULL);
  return self->look == NULL ? NULL : self->look->mapped;
}

void
eqs_import_window_map (EqsImportWindow *self, const char *name, EqsRole role, gboolean class)
{
  g_return_if_fail (EQS_IS_IMPORT_WINDOW (self));
  for (guint i = 0; self->look != NULL && self->look->mapped != NULL && i < self->look->mapped->len; i++)
    {
      EqsMeaning *one = g_ptr_array_index (self->look->mapped, i);

      if (strcmp (one->name, name) != 0)
        continue;
      set_role (one, role, class);
      self->remapped = TRUE;
    }
  show_look (self);
  update_use (self);
}

/* ---- life ---- */

static void
eqs_import_window_dispose (GObject *object)
{
  EqsImportWindow *self = EQS_IMPORT_WINDOW (object);

  if (self->session != NULL)
    eqs_box_clear (self->body);
  g_clear_object (&self->session);
  g_clear_pointer (&self->look, look_free);

  G_OBJECT_CLASS (eqs_import_window_parent_class)->dispose (object);
}

static void
eqs_import_window_finalize (GObject *object)
{
  g_free (EQS_IMPORT_WINDOW (object)->path);

  G_OBJECT_CLASS (eqs_import_window_parent_class)->finalize (object);
}

static void
eqs_import_window_class_init (EqsImportWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_import_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_import_window_finalize;
}

static void
eqs_import_window_init (EqsImportWindow *self)
{
  GtkWidget *bar = adw_header_bar_new (), *cancel = gtk_button_new_with_label (_("Cancel"));

  self->use = gtk_button_new_with_label (_("Use these data"));
  self->spinner = gtk_spinner_new ();
  self->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class (self->use, "suggested-action");
  gtk_widget_add_css_class (self->body, "eq-sheet-part");
  eqs_set_name (self->spinner, _("Reading"));
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self);
  g_signal_connect_swapped (self->use, "clicked", G_CALLBACK (eqs_import_window_use), self);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (bar), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->use);
  adw_header_bar_pack_end (ADW_HEADER_BAR (bar), self->spinner);
  gtk_window_set_titlebar (GTK_WINDOW (self), bar);
  gtk_window_set_child (GTK_WINDOW (self), eqs_scrolled_new (self->body, _("Data of your own")));
  eqs_close_on_escape (GTK_WIDGET (self));
  eqs_set_name (GTK_WIDGET (self), _("Data of your own"));
}

GtkWidget *
eqs_import_window_new (GtkWindow *parent, EqsSession *session, const char *path)
{
  g_autofree char *base = g_path_get_basename (path), *title = g_filename_display_name (base);
  EqsImportWindow *self = g_object_new (EQS_TYPE_IMPORT_WINDOW, "title", title, "modal", TRUE, "transient-for", parent, "default-width", 560, "default-height", 640, NULL);

  self->session = g_object_ref (session);
  self->path = g_strdup (path);
  look_again (self, FALSE);
  return GTK_WIDGET (self);
}
