/* The callback's reference is taken and given back on the main thread. */

#include "widgets/weak-task.h"

typedef struct
{
  GWeakRef            object;
  GAsyncReadyCallback callback;
  gpointer            data;
  GDestroyNotify      destroy;
} Weak;

static void
done_cb (GObject *nothing, GAsyncResult *result, gpointer data)
{
  Weak *weak = data;
  g_autoptr (GObject) object = g_weak_ref_get (&weak->object);

  if (object != NULL)
    weak->callback (object, result, weak->data);
  if (weak->destroy != NULL)
    weak->destroy (weak->data);
  g_task_set_task_data (G_TASK (result), NULL, NULL);      /* here, not where the thread lets go of the task */
  g_weak_ref_clear (&weak->object);
  g_free (weak);
}

GTask *
eqs_weak_task_new (gpointer object, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data, GDestroyNotify destroy)
{
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  Weak *weak = g_new0 (Weak, 1);

  g_weak_ref_init (&weak->object, object);
  weak->callback = callback;
  weak->data = data;
  weak->destroy = destroy;
  return g_task_new (NULL, cancellable, done_cb, weak);
}
