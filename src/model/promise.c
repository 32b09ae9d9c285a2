/* The loss and the answers of the ten questions against the group. */

#include "model/promise.h"

#include <eqk/layer.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static void
add_problem (EqsCheck *check, const char *code, const char *node, const char *args)
{
  const EqkLintRule *rule = eqk_lint_find (code);
  char               message[256];

  eqk_lint_format (_(rule->message), args, message, sizeof message);
  g_ptr_array_add (check->problems, eqs_problem_new (code, node, NULL, message, _(rule->why)));
}

static void
add_fix (EqsCheck *check, const char *label, EqsEdit *edit)
{
  eqs_problem_add_fix (g_ptr_array_index (check->problems, check->problems->len - 1), label, edit);
}

/* ---- the loss ---- */

/* Does the sum of absolute values stay when the group acts? It does for permutations of the components and changes of their signs. */
static gboolean
keeps_absolute_sum (const EqkRep *rep)
{
  const EqkGroup    *group = eqk_rep_get_group (rep);
  const int          dim = eqk_rep_get_dim (rep), n = eqk_group_is_finite (group) ? eqk_group_get_order (group) : 8;
  g_autofree double *x = g_new (double, dim), *y = g_new (double, dim);
  double             before = 0;

  for (int i = 0; i < dim; i++)
    {
      x[i] = 1 + 0.37 * i + sin (1.9 * i);
      before += fabs (x[i]);
    }
  for (int k = 0; k < n; k++)
    {
      const EqkElement g = eqk_group_is_finite (group) ? eqk_group_element (group, k) : eqk_group_sample (group, 1, (guint64) k);
      double           after = 0;

      eqk_rep_apply_f64 (rep, &g, x, y, 1);
      for (int i = 0; i < dim; i++)
        after += fabs (y[i]);
      if (fabs (after - before) > 1e-9 * before)
        return FALSE;
    }
  return TRUE;
}

static void
look_at_loss (EqsCheck *check, EqsDocument *document)
{
  const char     *loss = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_TRAINING), "loss", "mse");
  const EqkGraph *graph = check->typed == NULL ? NULL : eqk_typed_graph (check->typed);

  if (strcmp (loss, "mae") != 0 && strcmp (loss, "huber") != 0)
    return;
  for (int i = 0; graph != NULL && i < eqk_graph_n_nodes (graph); i++)
    {
      const EqkLayerType *layer = eqk_graph_node_layer (graph, i);
      const EqkPortType  *type = (layer->flags & EQK_LAYER_HEAD) == 0 ? NULL : eqk_typed_output (check->typed, i, NULL);
      g_autofree char    *path = NULL, *args = NULL;

      if (type == NULL || type->kind != EQK_KIND_FEATURE || keeps_absolute_sum (type->rep))
        continue;
      path = eqs_compile_dup_path (eqk_graph_node_id (graph, i));
      args = g_strdup_printf ("loss='%s'", strcmp (loss, "mae") == 0 ? _("The mean absolute error") : _("The Huber loss"));
      add_problem (check, "E-LOSS-NONINV", path, args);
      add_fix (check, _("Use the mean squared error"), eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "loss", eqs_value_new_string ("mse")));
      add_fix (check, _("Use the mean length of the difference"), eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "loss", eqs_value_new_string ("length")));
    }
}

/* What the types say of angles between grid points is settled where the plan turns the samples. */
static void
look_at_augmentation (EqsCheck *check, EqsDocument *document)
{
  const char    *augment = eqs_map_get_string (eqs_document_get_section (document, EQS_SECTION_TRAINING), "augment", "none");
  const gboolean turns = strcmp (augment, "none") != 0 && strcmp (augment, "jitter") != 0;

  for (guint i = check->problems->len; i-- > 0;)
    {
      EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (strcmp (problem->code, "I-AUGMENT") != 0)
        continue;
      if (turns)
        g_ptr_array_remove_index (check->problems, i);
      else
        eqs_problem_add_fix (problem, _("Turn training samples by the elements of the group"), eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "augment", eqs_value_new_string ("group")));
    }
}

/* ---- the answers ---- */

static gboolean
said (const EqsMap *answers, const char *question, const char *value)
{
  return strcmp (eqs_map_get_string (answers, question, ""), value) == 0;
}

static gboolean
is_open (const EqsMap *answers, const char *question)
{
  return said (answers, question, "") || said (answers, question, "not sure");
}

/* The id of the group without its mirrors; the same for one without. NULL: it has no such name. */
static char *
dup_without_mirrors (const EqkGroup *group)
{
  const char *id = eqk_group_get_id (group);

  if (!eqk_group_has_mirror (group))
    return g_strdup (id);
  if (eqk_group_is_finite (group))
    return eqk_group_get_n (group) > 1 ? g_strdup_printf ("C%d", eqk_group_get_n (group)) : g_strdup ("triv");
  return strcmp (id, "O2") == 0 ? g_strdup ("SO2") : strcmp (id, "O3") == 0 ? g_strdup ("SO3") : NULL;
}

static char *
dup_with_mirrors (const EqkGroup *group)
{
  const char *id = eqk_group_get_id (group);

  if (eqk_group_has_mirror (group))
    return NULL;
  if (eqk_group_is_finite (group))
    return eqk_group_get_n (group) > 1 ? g_strdup_printf ("D%d", eqk_group_get_n (group)) : NULL;
  return strcmp (id, "SO2") == 0 ? g_strdup ("O2") : strcmp (id, "SO3") == 0 ? g_strdup ("O3") : NULL;
}

static void
add_group_fix (EqsCheck *check, const char *label, const char *id)
{
  if (id != NULL && eqk_group_get (id) != NULL)
    add_fix (check, label, eqs_edit_new_set_group (id));
}

static void
look_at_answers (EqsCheck *check, EqsDocument *document, const EqkGroup *group, const EqsMap *answers)
{
  const gboolean   mirrors_matter = said (answers, "q8", "not-mirrors"), turns_matter = said (answers, "q8", "not-turns") || said (answers, "q6", "up");
  const gboolean   turns = eqk_group_get_n (group) > 1 || !eqk_group_is_finite (group);
  g_autofree char *fewer = dup_without_mirrors (group), *more = dup_with_mirrors (group);

  if (turns_matter && turns && eqk_group_get_space_dim (group) == 2)
    {
      add_problem (check, "W-OVERCONSTRAIN", NULL, NULL);
      add_group_fix (check, _("Take the rotations out of the group"), eqk_group_has_mirror (group) ? "D1@axis=90" : "triv");
    }
  else if (mirrors_matter && eqk_group_has_mirror (group))
    {
      add_problem (check, "W-OVERCONSTRAIN", NULL, NULL);
      add_group_fix (check, _("Take the mirrors out of the group"), fewer);
    }
  if (said (answers, "q9", "mirror-equal") && !mirrors_matter && !turns_matter && more != NULL)
    {
      g_autofree char *args = g_strdup_printf ("g='%s'", _("That mirror images are equal"));

      add_problem (check, "I-UNDER", NULL, args);
      add_group_fix (check, _("Add the mirrors to the group"), more);
    }
  if (eqk_group_get_order (group) != 1 && is_open (answers, "q2") && is_open (answers, "q10"))
    add_problem (check, "I-DATA-VS-LABEL", NULL, NULL);
}

void
eqs_promise_add_problems (EqsCheck *check, EqsDocument *document)
{
  const EqsValue *answers = eqs_document_get_entry (document, EQS_SECTION_SPEC, "questionnaire");
  EqkSymmetry     symmetry;

  look_at_loss (check, document);
  look_at_augmentation (check, document);
  if (answers != NULL && eqs_value_get_map (answers) != NULL && eqs_compile_symmetry (document, &symmetry, NULL))
    look_at_answers (check, document, symmetry.group, eqs_value_get_map (answers));
}
