/* Its state hangs on the button; the answer of a worker counts only if the design is still the one it was asked about. */

#include "widgets/training/ways-button.h"

#include "services/ways.h"
#include "studio/three-ways.h"
#include "widgets/parts.h"
#include "widgets/weak-task.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  EqsSession *session;         /* owned */
  EqsCheck   *of;              /* owned (nullable): the check that was newest when the ways were asked for */
  char      **ways;            /* owned (nullable): not known yet */
} State;

static void
state_free (gpointer data)
{
  State *state = data;

  g_clear_object (&state->session);
  g_clear_pointer (&state->of, eqs_check_unref);
  g_strfreev (state->ways);
  g_free (state);
}

static State *
state_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "ways-state");
}

typedef struct { EqsDocument *document; EqsCheck *of; char *why_not; } Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->document);
  eqs_check_unref (look->of);
  g_free (look->why_not);
  g_free (look);
}

static void
look_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;

  g_task_return_pointer (task, eqs_ways_list (look->document, &look->why_not), (GDestroyNotify) g_strfreev);
}

static void
say (GtkWidget *button, const char *const *ways, const char *why_not)
{
  const char *label = g_strv_length ((char **) ways) > 2 ? _("Exact, relaxed, augmented") : g_strv_contains (ways, "relaxed") ? _("Exact and relaxed") : _("Exact and augmented");
  const char *what = _("Trains the design in several ways and draws them beside each other: with the symmetry exact, with filters that may leave it, and as an ordinary network that is shown turned samples");
  g_autofree char *text = why_not == NULL ? g_strdup (what) : g_strdup_printf ("%s\n%s", what, why_not);

  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), label);
  eqs_set_name (button, label);
  gtk_widget_set_tooltip_text (button, text);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GtkWidget     *button = GTK_WIDGET (source);
  State         *state = state_of (button);
  const Look    *look = g_task_get_task_data (G_TASK (result));
  g_auto (GStrv) ways = g_task_propagate_pointer (G_TASK (result), NULL);

  if (gtk_widget_get_root (button) == NULL || state->of != look->of)
    return;
  say (button, (const char *const *) ways, look->why_not);
  state->ways = g_steal_pointer (&ways);
  eqs_ways_button_update (button);
}

static void
look_anew (GtkWidget *button, State *state, EqsCheck *check)
{
  g_autoptr (GTask) task = eqs_weak_task_new (button, NULL, looked_cb, NULL, NULL);
  Look *look = g_new0 (Look, 1);

  g_clear_pointer (&state->ways, g_strfreev);
  g_clear_pointer (&state->of, eqs_check_unref);
  state->of = eqs_check_ref (check);
  look->document = eqs_document_dup (eqs_session_get_document (state->session));
  look->of = eqs_check_ref (check);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_worker);
}

void
eqs_ways_button_update (GtkWidget *button)
{
  g_return_if_fail (GTK_IS_BUTTON (button));

  State         *state = state_of (button);
  EqsCheck      *check = eqs_session_get_check (state->session);
  const gboolean may = check != NULL && !eqs_session_is_training (state->session) && eqs_three_ways_are_there (state->session);

  if (may && check != state->of)
    look_anew (button, state, check);
  gtk_widget_set_visible (button, may && state->ways != NULL && g_strv_length (state->ways) > 1);
}

GtkWidget *
eqs_ways_button_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GtkWidget *button = eqs_wrapping_button_new (_("Exact, relaxed, augmented"));
  State     *state = g_new0 (State, 1);

  state->session = g_object_ref (session);
  g_object_set_data_full (G_OBJECT (button), "ways-state", state, state_free);
  g_signal_connect_object (session, "checked", G_CALLBACK (eqs_ways_button_update), button, G_CONNECT_SWAPPED);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.train-ways");
  gtk_widget_set_visible (button, FALSE);
  return button;
}
