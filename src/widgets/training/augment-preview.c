/* Made by a worker when the design, its data or its plan change while the preview can be seen. */

#include "widgets/training/augment-preview.h"

#include "studio/augment.h"
#include "widgets/parts.h"
#include "widgets/sample-picture.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_SAMPLES 6

struct _EqsAugmentPreview
{
  GtkWidget   parent_instance;

  EqsSession *session;              /* owned */
  GPtrArray  *plain, *turned;       /* owned: of EqsSamplePicture */
  guint       step, wish;
  gboolean    stale;

  GtkWidget  *box, *area, *again;   /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsAugmentPreview, eqs_augment_preview, GTK_TYPE_WIDGET)

typedef struct
{
  EqsDocument *document;
  EqsDataset  *dataset;
  guint        step, wish;
  GPtrArray   *plain, *turned;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->document);
  g_object_unref (work->dataset);
  g_clear_pointer (&work->plain, g_ptr_array_unref);
  g_clear_pointer (&work->turned, g_ptr_array_unref);
  g_free (work);
}

static GPtrArray *
pictures_of (EqsSplit *split)
{
  GPtrArray *pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_sample_picture_unref);

  for (guint i = 0; split != NULL && i < eqs_split_get_n (split); i++)
    {
      EqsSamplePicture *picture = eqs_sample_picture_new (split, eqs_split_get_column (split, 0), i);

      if (picture != NULL)
        g_ptr_array_add (pictures, picture);
    }
  return pictures;
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work     *work = data;
  EqsSplit *plain = NULL, *turned = NULL;

  /* What cannot be shown (no pictures, a design with problems) leaves the place empty. */
  eqs_augment_preview (work->document, work->dataset, N_SAMPLES, work->step, &plain, &turned, NULL);
  work->plain = pictures_of (plain);
  work->turned = pictures_of (turned);
  g_clear_pointer (&plain, eqs_split_unref);
  g_clear_pointer (&turned, eqs_split_unref);
  g_task_return_boolean (task, TRUE);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  EqsAugmentPreview *self = EQS_AUGMENT_PREVIEW (source);
  Work              *work = g_task_get_task_data (G_TASK (result));

  if (self->box == NULL || work->wish != self->wish)
    return;
  g_ptr_array_unref (self->plain);
  g_ptr_array_unref (self->turned);
  self->plain = g_steal_pointer (&work->plain);
  self->turned = g_steal_pointer (&work->turned);
  gtk_widget_set_visible (self->box, self->plain->len > 0);
  gtk_widget_set_visible (self->again, self->turned->len > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->turned->len > 0 ? _("samples as they are, and turned at random below") : _("samples as they are; nothing is turned"), -1);
  gtk_widget_queue_resize (self->area);
  gtk_widget_queue_draw (self->area);
}

static void
update (EqsAugmentPreview *self)
{
  g_autoptr (GTask) task = NULL;
  Work *work;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  self->stale = FALSE;
  if (eqs_session_get_dataset (self->session) == NULL)
    return;
  work = g_new0 (Work, 1);
  work->document = eqs_document_dup (eqs_session_get_document (self->session));
  work->dataset = g_object_ref (eqs_session_get_dataset (self->session));
  work->step = self->step;
  work->wish = ++self->wish;
  task = eqs_weak_task_new (self, NULL, made_cb, NULL, NULL);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, worker);
}

static void
document_changed_cb (EqsDocument *document, guint what, const char *const *paths, EqsAugmentPreview *self)
{
  if ((what & (EQS_CHANGED_TRAINING | EQS_CHANGED_MEANING)) != 0)
    update (self);
}

static void
again_cb (GtkButton *button, EqsAugmentPreview *self)
{
  self->step++;
  update (self);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  EqsAugmentPreview *self = data;
  const double       pitch = MIN (width / (double) N_SAMPLES, height / 2.0);
  GdkRGBA            ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  for (guint i = 0; i < self->plain->len; i++)
    eqs_sample_picture_draw (self->plain->pdata[i], cr, pitch * i, 0, pitch - 4, &ink);
  for (guint i = 0; i < self->turned->len; i++)
    eqs_sample_picture_draw (self->turned->pdata[i], cr, pitch * i, pitch, pitch - 4, &ink);
}

static void
eqs_augment_preview_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eqs_augment_preview_parent_class)->map (widget);
  if (EQS_AUGMENT_PREVIEW (widget)->stale)
    update (EQS_AUGMENT_PREVIEW (widget));
}

static void
eqs_augment_preview_dispose (GObject *object)
{
  EqsAugmentPreview *self = EQS_AUGMENT_PREVIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_augment_preview_parent_class)->dispose (object);
}

static void
eqs_augment_preview_finalize (GObject *object)
{
  g_ptr_array_unref (EQS_AUGMENT_PREVIEW (object)->plain);
  g_ptr_array_unref (EQS_AUGMENT_PREVIEW (object)->turned);

  G_OBJECT_CLASS (eqs_augment_preview_parent_class)->finalize (object);
}

static void
eqs_augment_preview_class_init (EqsAugmentPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_augment_preview_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_augment_preview_finalize;
  GTK_WIDGET_CLASS (klass)->map = eqs_augment_preview_map;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_augment_preview_init (EqsAugmentPreview *self)
{
  self->plain = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_sample_picture_unref);
  self->turned = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_sample_picture_unref);
  self->stale = TRUE;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->area = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  gtk_widget_set_size_request (self->area, 240, 84);
  eqs_set_name (self->area, _("What the network sees"));
  self->again = gtk_button_new_with_label (_("Turn them again"));
  gtk_widget_set_halign (self->again, GTK_ALIGN_START);
  g_signal_connect (self->again, "clicked", G_CALLBACK (again_cb), self);
  gtk_box_append (GTK_BOX (self->box), eqs_text_new (_("What the network sees"), "eq-second"));
  gtk_box_append (GTK_BOX (self->box), self->area);
  gtk_box_append (GTK_BOX (self->box), self->again);
  gtk_widget_set_visible (self->again, FALSE);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_augment_preview_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsAugmentPreview *self = g_object_new (EQS_TYPE_AUGMENT_PREVIEW, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eqs_session_get_document (session), "changed", G_CALLBACK (document_changed_cb), self, 0);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
