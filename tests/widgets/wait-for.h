#pragma once

/** Turning the main loop in tests of widgets. */

#include <gtk/gtk.h>

static inline gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/** Turns the main loop until the condition holds; fails after a minute. */
#define WAIT_FOR(condition)                                                            \
  G_STMT_START                                                                         \
    {                                                                                  \
      const gint64 end_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;               \
      const guint  tick_ = g_timeout_add (10, wake_cb, NULL);                          \
      while (!(condition) && g_get_monotonic_time () < end_)                           \
        g_main_context_iteration (NULL, TRUE);                                         \
      g_source_remove (tick_);                                                         \
      g_assert_true (condition);                                                       \
    }                                                                                  \
  G_STMT_END

/** The accessible label of a widget as a test may ask for it. */
static inline gboolean
has_name (GtkWidget *widget, const char *name)
{
  g_autofree char *why = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  return why == NULL;
}

/** First widget, no label, row or scrolled part, below one with this accessible label; NULL. */
static inline GtkWidget *
find_named (GtkWidget *widget, const char *name)
{
  if (!GTK_IS_LABEL (widget) && !GTK_IS_LIST_BOX_ROW (widget) && !GTK_IS_SCROLLED_WINDOW (widget) && gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL) && has_name (widget, name))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_named (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/** First label below that shows this text; NULL. */
static inline GtkWidget *
find_text (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strcmp (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_text (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}
