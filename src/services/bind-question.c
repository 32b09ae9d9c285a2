/* Only what is unambiguous is changed: one answer, and the data hold one kind of target. */

#include "services/bind-question.h"

#include "model/compile.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GIVES "gives"

static gboolean
can_give_either (const EqsNode *node)
{
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));

  for (const EqkParam *p = layer == NULL || (layer->flags & EQK_LAYER_HEAD) == 0 ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, GIVES) == 0)
      return TRUE;
  return FALSE;
}

/* The first target of whole samples that is numbers, or one class. */
static const EqsColumn *
find_target (EqsSplit *split, EqsValues values)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->values == values && (values != EQS_VALUES_LABEL || column->n_values == 1))
        return column;
    }
  return NULL;
}

/* The number of classes is found as for any head that tells classes apart. */
static gboolean
ask (EqsDocument *document, const char *id, const EqsColumn *numbers, GPtrArray *edits, GError **error)
{
  const char *loss = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_TRAINING), "loss", NULL);

  return eqs_edits_do (edits, document, eqs_edit_new_set_param (id, GIVES, eqs_value_new_string (numbers != NULL ? "numbers" : "scores")), error) &&
         eqs_edits_do (edits, document, eqs_edit_new_set_param (id, "out", eqs_value_new_number (numbers != NULL ? (double) numbers->n_values : 2)), error) &&
         eqs_edits_do (edits, document, eqs_edit_new_set_title (id, NULL), error) &&      /* “Number”, “Class”: not any more */
         eqs_edits_do (edits, document, eqs_edit_new_set_entry (EQS_SECTION_SPEC, "task", eqs_value_new_string (numbers != NULL ? "regression" : "classification")), error) &&
         ((numbers == NULL && loss == NULL) ||
          eqs_edits_do (edits, document, eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "loss", numbers != NULL ? eqs_value_new_string ("mse") : NULL), error));
}

gboolean
eqs_bind_question (EqsDocument *document, EqsDataset *dataset, EqsSplit *split, GPtrArray *edits, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  g_autoptr (EqsCheck)    check = eqs_check_new (document, error);
  const EqsColumn        *numbers = find_target (split, EQS_VALUES_FEATURE), *classes = find_target (split, EQS_VALUES_LABEL);
  const EqkProgramOutput *output;
  g_autofree char        *id = NULL;

  if (check == NULL)
    return FALSE;
  if (check->program == NULL || eqk_program_n_outputs (check->program) != 1 || (numbers == NULL) == (classes == NULL))
    return TRUE;
  output = eqk_program_output (check->program, 0);
  id = eqs_compile_dup_path (output->node);
  if (output->type.space.kind != EQK_SPACE_SAMPLE || output->type.kind != (numbers != NULL ? EQK_KIND_LOGITS : EQK_KIND_FEATURE) ||
      !can_give_either (eqs_document_find_node (document, id)))
    return TRUE;
  if (!ask (document, id, numbers, edits, error))
    return FALSE;
  g_ptr_array_add (changes, numbers != NULL ? g_strdup_printf (_("“%s” gives numbers, since “%s” has “%s” to be told, and no classes."), id, eqs_dataset_get_name (dataset), numbers->name)
                                            : g_strdup_printf (_("“%s” tells classes apart, since “%s” has “%s” to be told, and no numbers."), id, eqs_dataset_get_name (dataset), classes->name));
  return TRUE;
}
