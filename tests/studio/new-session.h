#pragma once

/* What tests of sessions begin with: a session on a template, checked. */

#include "studio/session.h"

static inline EqsSession *
new_session (const char *template)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, &error);
  EqsSession             *session;

  g_assert_no_error (error);
  session = eqs_session_new (document, NULL);
  eqs_session_settle (session);
  return session;
}
