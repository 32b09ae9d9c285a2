/* Rows of settings from three tables; those that the present choices leave without effect are hidden. */

#include "widgets/training/train-form.h"

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

/* A setting, and the choice of another one under which it counts (NULL: always). */
typedef struct { EqkParam param; const char *of, *when; } Setting;

static const Setting course[] = {
  { { "epochs", N_("Epochs"), EQK_PARAM_INT, "15", 1, 100000, NULL, N_("How often every training sample is shown") }, NULL, NULL },
  { { "batch", N_("Samples a batch"), EQK_PARAM_INT, "64", 1, 4096, NULL, N_("How many samples one step of the weights is made from") }, NULL, NULL },
  { { "lr", N_("Learning rate"), EQK_PARAM_REAL, "0.001", 1e-9, 100, NULL, N_("Length of the steps at the start") }, NULL, NULL },
  { { "schedule", N_("Schedule"), EQK_PARAM_CHOICE, "cosine", 0, 0, "constant|step|cosine|plateau", N_("How the learning rate falls") }, NULL, NULL },
  { { "warm_up", N_("Warm-up"), EQK_PARAM_REAL, "0", 0, 0.9, NULL, N_("Share of the training over which the rate rises from 0") }, NULL, NULL },
  { { "step_every", N_("A step every"), EQK_PARAM_REAL, "0.333", 0.001, 1, NULL, N_("Share of the training after which the rate is lowered") }, "schedule", "step" },
  { { "patience", N_("Patience"), EQK_PARAM_INT, "3", 1, 1000, NULL, N_("Epochs without a better validation after which the rate is lowered") }, "schedule", "plateau" },
  { { "factor", N_("Lowered by"), EQK_PARAM_REAL, "0.5", 0.001, 0.999, NULL, N_("What the rate is multiplied with") }, "schedule", "step|plateau" },
  { { NULL, NULL, EQK_PARAM_INT, NULL, 0, 0, NULL, NULL }, NULL, NULL }
};

static const Setting weights[] = {
  { { "optimizer", N_("Optimiser"), EQK_PARAM_CHOICE, "adam", 0, 0, "adam|adamw|sgd", N_("How steps are made from gradients") }, NULL, NULL },
  { { "momentum", N_("Momentum"), EQK_PARAM_REAL, "0.9", 0, 0.9999, NULL, N_("Share of the last step that goes on") }, "optimizer", "sgd" },
  { { "weight_decay", N_("Weight decay"), EQK_PARAM_REAL, "0", 0, 10, NULL, N_("How strongly weights are drawn to 0") }, NULL, NULL },
  { { "clip", N_("Longest gradient"), EQK_PARAM_REAL, "0", 0, 1e9, NULL, N_("Longer ones are shortened to this; 0 leaves all as they are") }, NULL, NULL },
  { { "average", N_("Averaging of weights"), EQK_PARAM_REAL, "0", 0, 0.99999, NULL, N_("Decay of a running mean that is measured and saved in place of the weights; 0 uses the weights themselves") }, NULL, NULL },
  { { "norm_samples", N_("Samples for batch norms"), EQK_PARAM_INT, "2048", 0, 1000000, NULL, N_("After each epoch their means and variances are measured anew from so many training samples; 0 keeps the running ones, which lag behind") }, NULL, NULL },
  { { "early_stop", N_("Stop early after"), EQK_PARAM_INT, "0", 0, 100000, NULL, N_("Epochs without a better validation after which training ends; 0 never") }, NULL, NULL },
  { { NULL, NULL, EQK_PARAM_INT, NULL, 0, 0, NULL, NULL }, NULL, NULL }
};

static const Setting samples[] = {
  { { "seed", N_("Seed"), EQK_PARAM_INT, "0", 0, 1e9, NULL, N_("Of the first weights, the order of samples and the augmentation; the same seed gives the same weights") }, NULL, NULL },
  { { "augment", N_("Turn samples at random"), EQK_PARAM_CHOICE, "none", 0, 0, "none|group|C4|D4|SO2|O2|jitter", N_("Each sample is turned anew every time it is shown; jitter moves pictures a little, those in sets too") }, NULL, NULL },
  { { NULL, NULL, EQK_PARAM_INT, NULL, 0, 0, NULL, NULL }, NULL, NULL }
};

typedef struct { const Setting *setting; EqsParamRow *row; GtkWidget *widget; } Row;

/* The choice as it is in the plan. */
static const char *
choice_now (EqsTrainForm *self, const char *name)
{
  const char *fallback = strcmp (name, "schedule") == 0 ? "cosine" : "adam";

  return eqs_map_get_string (eqs_document_get_section (eqs_session_get_document (self->session), EQS_SECTION_TRAINING), name, fallback);
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
make_list (EqsTrainForm *self, const char *title, const Setting *settings)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = eqs_boxed_list_new (title);

  gtk_box_append (GTK_BOX (box), eqs_text_new (title, "eq-heading"));
  for (const Setting *setting = settings; setting->param.name != NULL; setting++)
    {
      Row *row = g_new0 (Row, 1);

      row->setting = setting;
      row->row = eqs_param_row_append (list, self->session, NULL, &setting->param);
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
  EqsTrainForm *self = g_object_new (EQS_TYPE_TRAIN_FORM, NULL);
  GtkWidget    *last, *parts[3];

  self->session = g_object_ref (session);
  self->box = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->box), GTK_SELECTION_NONE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->box), 16);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->box), 8);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->box), 3);
  eqs_set_name (self->box, _("Plan of training"));
  parts[0] = make_list (self, _("Course"), course);
  parts[1] = make_list (self, _("Weights"), weights);
  parts[2] = last = make_list (self, _("Samples"), samples);
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
