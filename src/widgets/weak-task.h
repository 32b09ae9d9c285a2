#pragma once

/** Work in a thread for a widget that may go meanwhile. */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * As g_task_new, but the task does not keep `object`: a thread that drops the last reference to a widget would take it down, and GTK is
 * of the main thread alone. The task has no source object; workers get NULL for it.
 *
 * Task data are freed on the main thread, too: a worker must not touch them after it has returned its result.
 *
 * @param callback  with the object as its source, on the main thread; not called when the object is gone (one that was
 *                  disposed of and is held by others gets it still). What the task returned is freed with it then
 * @param data      for the callback
 * @param destroy   (nullable) frees data on the main thread, whether or not the callback was called
 */
GTask *eqs_weak_task_new (gpointer object, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data, GDestroyNotify destroy);

G_END_DECLS
