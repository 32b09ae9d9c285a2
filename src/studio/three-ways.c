/* The runs differ in one entry of the plan. */

#include "studio/three-ways.h"

#include "services/ways.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a way, for the name of a run. */
static const char *
title (const char *way)
{
  return strcmp (way, "relaxed") == 0 ? _("relaxed") : strcmp (way, "augmented") == 0 ? _("augmented") : _("exact");
}

static EqsDocument *
dup_with_way (EqsDocument *document, const char *way)
{
  EqsDocument *copy = eqs_document_dup (document);
  g_autoptr (EqsValue) value = eqs_value_new_string (way);

  eqs_document_set_entry (copy, EQS_SECTION_TRAINING, "promise", value, NULL);
  return copy;
}

static EqsTraining *
add (EqsSession *session, EqsTraining *like, const char *own, const char *way, EqsTraining *before)
{
  g_autoptr (EqsDocument) document = dup_with_way (eqs_training_get_document (like), way);
  g_autofree char *name = g_strdup_printf (_("%s, %s"), own, title (way)), *folder = g_strdup_printf ("%s-%s", eqs_training_get_folder (like), way);
  EqsTraining     *run = eqs_training_new (name, document, eqs_training_get_dataset (like), eqs_training_get_options (like), folder);

  eqs_session_add_run (session, run);
  eqs_training_start_after (run, before);
  eqs_training_set_compared (run, TRUE);
  g_object_unref (run);      /* the session holds it */
  return run;
}

gboolean
eqs_three_ways_are_there (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), FALSE);

  EqsDataset *dataset = eqs_session_get_dataset (session);
  EqkSymmetry symmetry;

  return dataset != NULL && strcmp (eqs_dataset_get_domain (dataset), "image") == 0 && eqs_session_get_symmetry (session, &symmetry) &&
         eqk_group_get_order (symmetry.group) != 1 && eqk_group_get_space_dim (symmetry.group) == 2;
}

EqsTraining *
eqs_three_ways_train (EqsSession *session, const char *const *ways, GError **error)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);
  g_return_val_if_fail (ways != NULL, NULL);

  EqsTraining     *first = eqs_session_train (session, NULL, error), *before = first;
  const char      *planned = first == NULL ? NULL : eqs_training_get_way (first);
  g_autofree char *own = first == NULL ? NULL : g_strdup (eqs_training_get_name (first)), *name = NULL;

  if (first == NULL)
    return NULL;
  for (int i = 0; ways[i] != NULL; i++)
    if (strcmp (ways[i], planned) != 0)
      before = add (session, first, own, ways[i], before);
  name = g_strdup_printf (_("%s, %s"), own, title (planned));
  eqs_training_set_name (first, name);
  eqs_session_show_run (session, first);
  return first;
}
