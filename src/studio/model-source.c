/* A snapshot of a network: a copied design and, when it was trained, the file of its weights. */

#include "studio/training.h"

EqsModelSource *
eqs_model_source_new (EqsDocument *document, const char *checkpoint, const char *label)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  EqsModelSource *self = g_new0 (EqsModelSource, 1);

  g_atomic_ref_count_init (&self->refs);
  self->document = eqs_document_dup (document);
  self->checkpoint = g_strdup (checkpoint);
  self->label = g_strdup (label);
  return self;
}

EqsModelSource *
eqs_model_source_ref (EqsModelSource *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_model_source_unref (EqsModelSource *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->document);
  g_free (self->checkpoint);
  g_free (self->label);
  g_free (self);
}

EqsModel *
eqs_model_source_open (EqsModelSource *self, GError **error)
{
  g_autoptr (EqsDocument) copy = NULL;

  if (self->checkpoint != NULL)
    return eqs_model_open (self->checkpoint, error);
  copy = eqs_document_dup (self->document);
  return eqs_model_new (copy, error);
}
