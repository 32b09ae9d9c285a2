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

/** Reads a number as eqs_number_dup_text writes it: "0.002", "1.1·10⁻⁷", "10⁻⁴". NaN: none. */
static inline double
read_number (const char *text)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  char       *end = NULL;
  double      value = g_ascii_strtod (text, &end);
  int         power = 0, sign = 1;
  const char *p = end == text ? NULL : g_str_has_prefix (end, "·10") ? end + strlen ("·10") : end;

  if (p == NULL)
    return 0.0 / 0.0;
  if (p == end && value == 10 && (g_str_has_prefix (p, "⁻") || *p == '\xc2' || *p == '\xe2'))
    value = 1;
  if (g_str_has_prefix (p, "⁻"))
    {
      sign = -1;
      p += strlen ("⁻");
    }
  for (gboolean found = TRUE; found;)
    {
      found = FALSE;
      for (int i = 0; i < 10; i++)
        if (g_str_has_prefix (p, digits[i]))
          {
            power = 10 * power + i;
            p += strlen (digits[i]);
            found = TRUE;
            break;
          }
    }
  for (int i = 0; i < power; i++)
    value = sign < 0 ? value / 10 : value * 10;
  return value;
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
