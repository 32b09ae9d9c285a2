#pragma once

/** A session of a template on other data than its own. */

#include "services/bind.h"
#include "studio/session.h"

static inline EqsSession *
session_bound (const char *template, const char *data)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_document_new_from_template (template, NULL, &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (data, &error);
  g_autoptr (GPtrArray)   changes = NULL;
  EqsSession             *session;

  g_assert_no_error (error);
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  g_assert_no_error (error);
  session = eqs_session_new (document, NULL);
  eqs_session_settle (session);
  return session;
}
