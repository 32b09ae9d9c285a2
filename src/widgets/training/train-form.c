/* Rows of settings from the table of training plans; those that the present choices leave without effect are hidden. */

#include "widgets/training/train-form.h"

#include "model/training-plan.h"

#include "widgets/inspector/param-row.h"
#include "widgets/parts.h"
#include "widgets/training/augment-preview.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsTrainForm
{
  GtkWidget   parent_instance;

  EqsSession *session;        /* owned */
  GPtrArray  *rows;           /* owned: of borrowed Row */
  GtkWidget  *box;            /* owned by being the child */
};

G_DEFINE_FINAL_TYPE (EqsTrainForm, eqs_train_form, GTK_TYPE_WIDGET)

typedef struct { const EqsTrainingSetting *setting; EqsParamRow *row; GtkWidget *widget; } Row;

/* The choice as it is in the plan. */
static const char *
choice_now (EqsTrainForm *self, const char *name)
{
  return eqs_training_get_string (eqs_document_get_section (eqs_session_get_document (self->session), EQS_SECTION_TRAINING), name);
}

static void
update (EqsTrainForm *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = g_ptr_array_index (self->rows, i);

      eqs_param_row_refresh (row->row);
      if (row->setting->of != NULL)
        {
          g_auto (GStrv) when = g_strsplit (row->setting->when, "|", -1);

          gtk_widget_set_visible (row->widget, g_strv_contains ((const char *const *) when, choice_now (self, row->setting->of)));
        }
    }
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsTrainForm *self)
{
  if ((what & EQS_CHANGED_TRAINING) != 0 && self->box != NULL)
    update (self);
}

static GtkWidget *
make_list (EqsTrainForm *self, const char *title, EqsTrainingPart part)
{
  guint n;
  const EqsTrainingSetting *settings = eqs_training_settings (&n);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = eqs_boxed_list_new (title);

  gtk_box_append (GTK_BOX (box), eqs_text_new (title, "eq-heading"));
  for (guint i = 0; i < n; i++)
    {
      Row *row;

      if (settings[i].part != part)
        continue;
      row = g_new0 (Row, 1);
      row->setting = &settings[i];
      row->row = eqs_param_row_append (list, self->session, NULL, &settings[i].param);
      row->widget = gtk_widget_get_last_child (list);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), list);
  gtk_widget_set_size_request (box, 250, -1);
  return box;
}

static void
eqs_train_form_dispose (GObject *object)
{
  EqsTrainForm *self = EQS_TRAIN_FORM (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_train_form_parent_class)->dispose (object);
}

static void
eqs_train_form_finalize (GObject *object)
{
  g_ptr_array_unref (EQS_TRAIN_FORM (object)->rows);

  G_OBJECT_CLASS (eqs_train_form_parent_class)->finalize (object);
}

static void
eqs_train_form_class_init (EqsTrainFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_train_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_train_form_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
eqs_train_form_init (EqsTrainForm *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_free);
  eqs_set_name (GTK_WIDGET (self), _("Plan of training"));
}

GtkWidget *
eqs_train_form_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsTrainForm *self = g_object_new (EQS_TYPE_TRAIN_FORM, NULL);
  GtkWidget    *last, *parts[3];

  self->session = g_object_ref (session);
  self->box = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->box), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->box), 16);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->box), 8);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->box), 3);
  eqs_set_name (self->box, _("Plan of training"));
  parts[0] = make_list (self, _("Course"), EQS_TRAINING_COURSE);
  parts[1] = make_list (self, _("Weights"), EQS_TRAINING_WEIGHTS);
  parts[2] = last = make_list (self, _("Samples"), EQS_TRAINING_SAMPLES);
  gtk_box_append (GTK_BOX (last), eqs_augment_preview_new (session));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), parts[i]);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (GTK_FLOW_BOX (self->box), child);
    }
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  update (self);
  return GTK_WIDGET (self);
}
