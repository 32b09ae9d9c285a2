/* Facts of the kernels into sentences and edits. */

#include "model/problem.h"

#include "model/compile.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
fix_free (gpointer data)
{
  EqsFix *self = data;

  g_free (self->label);
  g_ptr_array_unref (self->edits);
  g_free (self);
}

EqsProblem *
eqs_problem_new (const char *code, const char *node, const char *port, const char *message, const char *why)
{
  EqsProblem        *self = g_new0 (EqsProblem, 1);
  const EqkLintRule *rule = eqk_lint_find (code);

  self->code = rule != NULL ? rule->code : g_intern_string (code);
  self->severity = eqk_lint_severity (code);
  self->blocks = rule != NULL ? rule->blocks : EQK_BLOCKS_RUN;
  self->node = g_strdup (node);
  self->port = g_strdup (port);
  self->message = g_strdup (message);
  self->titled = g_strdup (message);
  self->why = g_strdup (why);
  self->fixes = g_ptr_array_new_with_free_func (fix_free);
  return self;
}

void
eqs_problem_add_fix (EqsProblem *self, const char *label, EqsEdit *edit)
{
  EqsFix *fix = g_new0 (EqsFix, 1);

  fix->label = g_strdup (label);
  fix->edits = eqs_edits_new ();
  g_ptr_array_add (fix->edits, edit);
  g_ptr_array_add (self->fixes, fix);
}

void
eqs_problem_free (EqsProblem *self)
{
  g_free (self->node);
  g_free (self->port);
  g_free (self->message);
  g_free (self->titled);
  g_free (self->why);
  g_ptr_array_unref (self->fixes);
  g_free (self);
}

static EqsEdit *
join_after (const char *node, const EqkEdit *edit)
{
  EqsEdit         *join = eqs_edit_new_insert_after (node, edit->port, edit->layer, NULL);
  const gsize      length = strcspn (edit->text, ">");
  g_autofree char *source = g_strndup (edit->text, length);
  const char      *dot = strrchr (source, '.');
  g_autofree char *id = g_strndup (source, (gsize) (dot - source)), *path = eqs_compile_dup_path (id), *base = g_path_get_basename (path);

  join->from = g_strconcat (base, dot, NULL);
  join->to = edit->text[length] == '\0' ? NULL : g_strdup (edit->text + length + 1);
  return join;
}

/* A new layer stands in the flow by its first input and output. */
static EqsEdit *
with_first_ports (EqsEdit *edit)
{
  const EqkLayerType *layer = eqk_layer_find (edit->layer);

  return layer == NULL || layer->inputs == NULL || layer->outputs == NULL ? edit : eqs_edit_with_ports (edit, layer->inputs[0].name, layer->outputs[0].name);
}

/* Kernel node ids are paths with the number of the copy; edits want the path of the document. */
static EqsEdit *
edit_from_kernel (const EqkEdit *edit)
{
  g_autofree char *node = eqs_compile_dup_path (edit->node);
  const gboolean   settings = edit->text != NULL && edit->kind != EQK_EDIT_SET && edit->kind != EQK_EDIT_JOIN_AFTER;
  EqsMap          *params = settings ? eqs_map_from_settings_text (edit->text) : NULL;

  switch (edit->kind)
    {
    case EQK_EDIT_SET:
      return eqs_edit_new_set_param (node, edit->port, eqs_value_from_setting_text (edit->text));
    case EQK_EDIT_REPLACE:
      return eqs_edit_new_set_layer (node, edit->layer, params);
    case EQK_EDIT_INSERT_BEFORE:
      return with_first_ports (eqs_edit_new_insert_before (node, edit->port, edit->layer, params));
    case EQK_EDIT_INSERT_AFTER:
      return with_first_ports (eqs_edit_new_insert_after (node, edit->port, edit->layer, params));
    case EQK_EDIT_JOIN_AFTER:
      return with_first_ports (join_after (node, edit));
    case EQK_EDIT_DELETE:
      return eqs_edit_new_delete_node (node, TRUE);
    }
  g_assert_not_reached ();
}

/* Copies of a repeated block stand for one node of the document, which is edited once. */
static gboolean
is_repeated (const EqkFix *fix, int k)
{
  const EqkEdit   *edit = &fix->edits[k];
  g_autofree char *path = eqs_compile_dup_path (edit->node);

  for (int i = 0; i < k; i++)
    {
      const EqkEdit   *other = &fix->edits[i];
      g_autofree char *other_path = eqs_compile_dup_path (other->node);

      if (other->kind == edit->kind && strcmp (path, other_path) == 0 && g_strcmp0 (other->port, edit->port) == 0 && g_strcmp0 (other->layer, edit->layer) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The value ends at its quote: one that the title does not hold. */
static void
append_title (GString *args, const char *key, const char *title)
{
  g_autofree char *plain = g_strdelimit (g_strdup (title), "\"", '\'');

  g_string_append_printf (args, "%s=\"“%s”\" ", key, plain);
}

void
eqs_problem_set_titles (EqsProblem *self, const char *args, EqsDocument *document)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  static const char *const keys[] = { "node", "from", "to" };
  const EqkLintRule  *rule = eqk_lint_find (self->code);
  g_autoptr (GString) titled = g_string_new (NULL);
  char                id[256], message[1024];

  if (rule == NULL || args == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (eqk_lint_arg (args, keys[i], id, sizeof id))
      {
        g_autofree char *path = eqs_compile_dup_path (id);
        const EqsNode   *node = eqs_document_find_node (document, path);

        if (node != NULL)
          append_title (titled, keys[i], eqs_document_get_shown_title (document, node));
      }
  if (titled->len == 0)
    return;
  g_string_append (titled, args);       /* of two of a name the first one counts */
  eqk_lint_format (_(rule->message), titled->str, message, sizeof message);
  g_free (self->titled);
  self->titled = g_strdup (message);
}

EqsProblem *
eqs_problem_new_from_kernel (const EqkProblem *problem, const char *node)
{
  char             message[1024], note[600];
  g_autofree char *why = NULL;
  EqsProblem      *self;

  eqk_lint_format (_(problem->rule->message), problem->args, message, sizeof message);
  why = eqk_lint_arg (problem->args, "note", note, sizeof note) ? g_strdup_printf ("%s %s", _(problem->rule->why), _(note)) : g_strdup (_(problem->rule->why));
  self = eqs_problem_new (problem->rule->code, node, problem->port, message, why);
  for (int i = 0; i < problem->n_fixes; i++)
    {
      EqsFix *fix = g_new0 (EqsFix, 1);

      fix->label = g_strdup (_(problem->fixes[i].label));
      fix->edits = eqs_edits_new ();
      for (int k = 0; k < problem->fixes[i].n_edits; k++)
        if (!is_repeated (&problem->fixes[i], k))
          g_ptr_array_add (fix->edits, edit_from_kernel (&problem->fixes[i].edits[k]));
      g_ptr_array_add (self->fixes, fix);
    }
  return self;
}

gsize
eqs_word_likeness (const char *a, const char *b)
{
  const gsize n = MIN (strlen (a), strlen (b)), longest = MAX (strlen (a), strlen (b));
  gsize       first = 0, last = 0;

  while (first < n && a[first] == b[first])
    first++;
  while (first + last < n && a[strlen (a) - 1 - last] == b[strlen (b) - 1 - last])
    last++;
  return first + last + 2 >= longest && 2 * (first + last) >= longest ? first + last : 0;
}

/* ---- what a fix changes ---- */

/* How layers, nodes and settings are called: by their titles in a document, else by their names in the file. */
static const char *
layer_words (const EqsDocument *document, const char *layer)
{
  const EqkLayerType *type = document == NULL ? NULL : eqk_layer_find (layer);

  return type == NULL ? layer : _(type->title);
}

static const char *
node_words (EqsDocument *document, const char *path)
{
  const EqsNode *node = document == NULL ? NULL : eqs_document_find_node (document, path);

  return node == NULL ? path : eqs_document_get_shown_title (document, node);
}

static const char *
setting_words (const EqsDocument *document, const char *layer, const char *name)
{
  const EqkLayerType *type = document == NULL || layer == NULL ? NULL : eqk_layer_find (layer);

  for (const EqkParam *p = type == NULL ? NULL : type->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return _(p->title);
  return name;
}

static void
append_params (GString *text, EqsDocument *document, const EqsEdit *edit)
{
  const EqsMap *params = edit->params;

  for (guint i = 0; params != NULL && i < eqs_map_get_size (params); i++)
    {
      g_autofree char *value = eqs_value_to_text (eqs_map_get_value (params, i));

      g_string_append_printf (text, "%s%s %s", i == 0 ? " (" : ", ", setting_words (document, edit->layer, eqs_map_get_key (params, i)), value);
    }
  if (params != NULL && eqs_map_get_size (params) > 0)
    g_string_append_c (text, ')');
}

/* A setting; those of one node stand together. */
static void
append_setting (GString *text, EqsDocument *document, const EqsEdit *edit, const EqsEdit *before)
{
  const gboolean   goes_on = before != NULL && before->kind == EQS_EDIT_SET_PARAM && strcmp (before->node, edit->node) == 0;
  const EqsNode   *node = document == NULL ? NULL : eqs_document_find_node (document, edit->node);
  g_autofree char *value = edit->value == NULL ? NULL : eqs_value_to_text (edit->value);

  g_string_append (text, before == NULL ? "" : goes_on ? ", " : "; ");
  if (!goes_on)
    g_string_append_printf (text, "%s: ", node_words (document, edit->node));
  g_string_append_printf (text, "%s %s", setting_words (document, node == NULL ? NULL : eqs_node_get_layer (node), edit->name), value == NULL ? _("by default") : value);
}

static void
append_edit (GString *text, EqsDocument *document, const EqsEdit *edit, const EqsEdit *before)
{
  if (edit->kind == EQS_EDIT_SET_PARAM)
    {
      append_setting (text, document, edit, before);
      return;
    }
  g_string_append (text, before == NULL ? "" : "; ");
  switch (edit->kind)
    {
    case EQS_EDIT_SET_LAYER:
      g_string_append_printf (text, _("%s becomes %s"), node_words (document, edit->node), layer_words (document, edit->layer));
      append_params (text, document, edit);
      break;
    case EQS_EDIT_INSERT_AFTER:
      g_string_append_printf (text, _("new %s after %s"), layer_words (document, edit->layer), node_words (document, edit->node));
      append_params (text, document, edit);
      break;
    case EQS_EDIT_INSERT_BEFORE:
      g_string_append_printf (text, _("new %s before %s"), layer_words (document, edit->layer), node_words (document, edit->node));
      append_params (text, document, edit);
      break;
    case EQS_EDIT_DELETE_NODE:
      g_string_append_printf (text, _("%s is taken out"), node_words (document, edit->node));
      break;
    case EQS_EDIT_SET_ENTRY:
      {
        g_autofree char *value = edit->value == NULL ? NULL : eqs_value_to_text (edit->value);

        g_string_append_printf (text, "%s.%s: %s", eqs_section_get_name (edit->section), edit->name, value == NULL ? _("by default") : value);
        break;
      }
    case EQS_EDIT_SET_SYMMETRY:
      g_string_append_printf (text, _("group: %s"), edit->name == NULL ? _("as it is") : edit->name);
      break;
    case EQS_EDIT_CONNECT:
      g_string_append_printf (text, _("%s to %s"), edit->from, edit->to);
      break;
    default:   /* places, titles: nothing that counts */
      break;
    }
}

char *
eqs_fix_dup_text (const EqsFix *self, EqsDocument *document)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->edits->len; i++)
    append_edit (text, document, g_ptr_array_index (self->edits, i), i == 0 ? NULL : g_ptr_array_index (self->edits, i - 1));
  return g_string_free (text, FALSE);
}

const char *
eqs_severity_name (EqkSeverity severity)
{
  return severity == EQK_SEVERITY_ERROR ? "error" : severity == EQK_SEVERITY_WARNING ? "warning" : "note";
}

const char *
eqs_blocks_name (EqkBlocks blocks)
{
  return blocks == EQK_BLOCKS_RUN ? "run" : blocks == EQK_BLOCKS_PROMISE ? "promise" : NULL;
}
