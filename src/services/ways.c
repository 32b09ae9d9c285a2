/* A layer can be relaxed when it has the setting: no layer is named here. */

#include "services/ways.h"

#include "model/compile.h"
#include "model/training-plan.h"
#include "services/moves.h"
#include "services/twin.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *const eqs_ways[] = { "exact", "relaxed", "augmented", NULL };

static gboolean
can_relax (const EqsNode *node)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));

  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, "relax") == 0)
      return TRUE;
  return FALSE;
}

/* Layers that are relaxed already keep their own amount. @return how many are relaxed now, -1 on failure */
static int
relax_graph (EqsDocument *document, EqsGraph *graph, const char *above, EqsValue *amount, GError **error)
{
  int n = 0;

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode   *node = eqs_graph_get_node (graph, i);
      g_autofree char *path = g_strconcat (above, eqs_node_get_id (node), NULL), *inside = g_strconcat (path, "/", NULL);

      if (eqs_node_get_body (node) != NULL)
        {
          const int within = relax_graph (document, eqs_node_get_body (node), inside, amount, error);

          if (within < 0)
            return -1;
          n += within;
        }
      else if (can_relax (node))
        {
          if (eqs_node_get_param (node, "relax") == NULL && !eqs_document_set_param (document, path, "relax", amount, error))
            return -1;
          n++;
        }
    }
  return n;
}

static EqsDocument *
new_relaxed (EqsDocument *document, GError **error)
{
  const EqsMap    *plan = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  g_autoptr (EqsDocument) relaxed = eqs_document_dup (document);
  g_autoptr (EqsValue)    amount = eqs_value_new_number (eqs_training_get_number (plan, "relax"));
  const int        n = eqs_document_detach_all (relaxed, error) ? relax_graph (relaxed, eqs_document_get_graph (relaxed, NULL), "", amount, error) : -1;

  if (n > 0)
    return g_steal_pointer (&relaxed);
  if (n == 0)
    g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                         _("The plan says “relaxed”, but no layer of this design can be relaxed; steerable convolutions can. Set it to “exact”."));
  return NULL;
}

/* Whether nothing that comes in or out turns along: only then does turning the pictures alone turn whole samples. */
static gboolean
only_pictures_turn (EqsCheck *check)
{
  g_autoptr (EqsMoves) moves = eqs_moves_new (check->program);

  for (int i = 0; i < eqk_program_n_outputs (check->program); i++)
    if (!eqk_rep_is_trivial (eqk_program_output (check->program, i)->type.rep))
      return FALSE;
  for (guint i = 0; i < eqs_moves_get_n_feeds (moves); i++)
    if (!eqk_rep_is_trivial (eqs_moves_get_feed (moves, i)->type.rep))
      return FALSE;
  return TRUE;
}

static EqsDocument *
new_augmented (EqsDocument *document, GError **error)
{
  g_autoptr (EqsCheck)    check = eqs_check_new (document, error);
  g_autoptr (EqsDocument) twin = check == NULL ? NULL : eqs_twin_new (document, NULL, error);
  g_autoptr (EqsValue)    group = eqs_value_new_string (eqs_document_get_group (document));

  if (twin == NULL)
    return NULL;
  if (!only_pictures_turn (check))
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID,
                           _("The plan says “augmented”, but arrows come in or out of this design: an ordinary network does not know that they turn. Set it to “exact” or “relaxed”."));
      return NULL;
    }
  return eqs_document_set_entry (twin, EQS_SECTION_TRAINING, "augment", group, error) ? g_steal_pointer (&twin) : NULL;
}

EqsDocument *
eqs_way_new (EqsDocument *document, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  const char *way = eqs_training_get_string (eqs_document_get_section (document, EQS_SECTION_TRAINING), "promise");
  g_autoptr (EqsDocument) made = NULL;

  if (strcmp (way, "relaxed") != 0 && strcmp (way, "augmented") != 0)
    return eqs_document_dup (document);
  made = strcmp (way, "relaxed") == 0 ? new_relaxed (document, error) : new_augmented (document, error);
  return made != NULL && eqs_document_set_entry (made, EQS_SECTION_TRAINING, "promise", NULL, error) ? g_steal_pointer (&made) : NULL;
}

char **
eqs_ways_list (EqsDocument *document, char **why_not)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  GString *why = g_string_new (NULL);

  for (int i = 0; eqs_ways[i] != NULL; i++)
    {
      g_autoptr (EqsDocument) planned = eqs_document_dup (document), made = NULL;
      g_autoptr (EqsValue)    way = eqs_value_new_string (eqs_ways[i]);
      g_autoptr (GError)      error = NULL;

      made = eqs_document_set_entry (planned, EQS_SECTION_TRAINING, "promise", way, &error) ? eqs_way_new (planned, &error) : NULL;
      if (made != NULL)
        g_strv_builder_add (list, eqs_ways[i]);
      else
        g_string_append_printf (why, "%s%s", why->len == 0 ? "" : " ", error->message);
    }
  if (why_not != NULL)
    *why_not = g_string_free (why, why->len == 0);
  else
    g_string_free (why, TRUE);
  return g_strv_builder_end (list);
}
