/* Binding is tried on a copy: where it leaves the same network, the design fits. */

#include "studio/fit.h"

#include "services/bind.h"

#include <string.h>

GPtrArray *
eqs_misfits_list (EqsDocument *document, EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (dataset == NULL || EQS_IS_DATASET (dataset), NULL);

  g_autoptr (EqsDocument) bound = NULL;
  g_autoptr (GPtrArray)   changes = NULL;
  g_autofree char *before = NULL, *after = NULL;

  if (dataset == NULL)
    return NULL;
  bound = eqs_document_dup (document);
  before = eqs_document_dup_network_hash (bound);
  if (!eqs_bind (bound, dataset, NULL, &changes, NULL))
    return NULL;
  after = eqs_document_dup_network_hash (bound);
  return strcmp (before, after) == 0 ? NULL : g_steal_pointer (&changes);
}

gboolean
eqs_session_make_fit (EqsSession *self, GError **error)
{
  g_return_val_if_fail (EQS_IS_SESSION (self), FALSE);
  return eqs_session_bind (self, eqs_session_get_dataset (self), NULL, error);
}
