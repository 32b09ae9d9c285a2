#pragma once

/** A session of a template and a window to show one widget in. */

#include "studio/session.h"
#include "wait-for.h"

typedef struct
{
  EqsSession *session;      /* owned */
  GtkWidget  *window, *widget;
} SessionFixture;

static inline void
session_fixture_set_up (SessionFixture *self, const char *template, GtkWidget *(*make) (EqsSession *session), int width, int height)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, &error);

  g_assert_no_error (error);
  self->session = eqs_session_new (document, NULL);
  eqs_session_settle (self->session);
  self->widget = make (self->session);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_child (GTK_WINDOW (self->window), self->widget);
  gtk_window_present (GTK_WINDOW (self->window));
}

static inline void
session_fixture_tear_down (SessionFixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->session);
}

/** A setting of a node as the document has it; NULL. */
static inline const EqsValue *
session_fixture_param (SessionFixture *self, const char *path, const char *name)
{
  return eqs_node_get_param (eqs_document_find_node (eqs_session_get_document (self->session), path), name);
}
