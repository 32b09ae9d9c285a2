/* Notes of binding: see bind-notes.h. */

#include "services/bind-notes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_NAMED 8

const EqsColumn *
eqs_bind_find_labels (EqsSplit *split, const EqkPortType *type, const char *node)
{
  const EqsColumn *first = NULL;

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);
      const gboolean   fits = type->space.kind == EQK_SPACE_NODES   ? column->kind == EQS_COLUMN_PER_NODE
                              : type->space.kind == EQK_SPACE_EDGES ? column->kind == EQS_COLUMN_PER_EDGE
                                                                    : column->kind == EQS_COLUMN_FIXED && (type->space.kind == EQK_SPACE_GRID) == (column->n_values > 1);

      if (column->role != EQS_ROLE_TARGET || column->values != EQS_VALUES_LABEL || !fits)
        continue;
      if (strcmp (column->name, node) == 0)
        return column;
      first = first == NULL ? column : first;
    }
  return first;
}

/* Which classes occur. One sample at a time: masks of many pictures are large. */
static gboolean *
seen_classes (EqsSplit *split, const EqsColumn *labels)
{
  gboolean          *seen = g_new0 (gboolean, labels->n_classes + 1);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint32));

  for (guint s = 0; s < eqs_split_get_n (split); s++)
    {
      const gsize n = eqs_split_count (split, labels, &s, 1) * labels->n_values;

      g_array_set_size (values, (guint) n);
      if (n > 0)
        eqs_split_copy_int (split, labels, &s, 1, (gint32 *) (gpointer) values->data);
      for (gsize i = 0; i < n; i++)
        {
          const gint32 class = g_array_index (values, gint32, i);

          if (class >= 0 && (guint) class < labels->n_classes)
            seen[class] = TRUE;
        }
    }
  return seen;
}

/* The first 2n classes of a chiral head are n mirror pairs, of which one sample teaches both. */
static guint
n_mirror_pairs (const EqkTyped *typed, const char *id)
{
  const EqkGraph    *graph = eqk_typed_graph (typed);
  const int          node = eqk_graph_find (graph, id);
  const char        *port = NULL;
  const int          from = node < 0 || strcmp (eqk_graph_node_layer (graph, node)->id, "chiral_classifier") != 0 ? -1 : eqk_typed_source (typed, node, "x", 0, &port);
  const EqkPortType *x = from < 0 ? NULL : eqk_typed_output (typed, from, port);

  return x == NULL ? 0 : (guint) (eqk_rep_get_dim (x->rep) - eqk_rep_n_trivial (x->rep));
}

static void
note_classes (EqsSplit *split, const EqsColumn *labels, guint n_pairs, const char *node, GPtrArray *notes)
{
  g_autofree gboolean *seen = seen_classes (split, labels);
  g_autoptr (GString)  names = g_string_new (NULL);
  guint                missing = 0;

  for (guint c = 0; c + 1 < MIN (2 * n_pairs, labels->n_classes); c += 2)
    seen[c] = seen[c + 1] = seen[c] || seen[c + 1];
  for (guint c = 0; c < labels->n_classes; c++)
    if (!seen[c] && ++missing <= MOST_NAMED)
      {
        g_string_append (names, missing == 1 ? "" : ", ");
        if (labels->class_names != NULL)
          g_string_append (names, labels->class_names[c]);
        else
          g_string_append_printf (names, "%u", c);
      }
  if (missing > MOST_NAMED)
    g_string_append (names, ", …");
  if (missing > 0)
    g_ptr_array_add (notes, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                                          /* Translators: a column of labels, how many classes, how many in all, their names, a result of the network */
                                                          "“%s”: %u of %u classes has no sample to train on (%s); “%s” cannot learn it.",
                                                          "“%s”: %u of %u classes have no sample to train on (%s); “%s” cannot learn them.", missing),
                                             labels->name, missing, labels->n_classes, names->str, node));
}

GPtrArray *
eqs_bind_notes (EqsDocument *document, EqsDataset *dataset)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  GPtrArray           *notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  g_autoptr (EqsSplit) train = eqs_dataset_load (dataset, "train", NULL);

  for (int i = 0; train != NULL && check != NULL && check->program != NULL && i < eqk_program_n_outputs (check->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (check->program, i);
      g_autofree char        *node = eqs_compile_dup_path (output->node);
      const EqsColumn        *labels = output->type.kind != EQK_KIND_LOGITS ? NULL : eqs_bind_find_labels (train, &output->type, node);

      if (labels != NULL)
        note_classes (train, labels, n_mirror_pairs (check->typed, output->node), node, notes);
    }
  return notes;
}

char *
eqs_bind_dup_picture_hint (EqsDataset *dataset, EqsSplit *split)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);

  const EqsColumn  *column = eqs_split_find_input (split);
  g_autofree char  *path = g_build_filename (eqs_dataset_get_path (dataset), "dataset.json", NULL);
  guint             side = 1;

  if (eqs_dataset_is_generated (dataset) || g_file_test (path, G_FILE_TEST_EXISTS) || column == NULL || column->kind != EQS_COLUMN_FIXED || column->values != EQS_VALUES_FEATURE)
    return NULL;
  if (column->n_dims == 2 || column->n_dims == 3)
    return g_strdup ("{\"version\": 1, \"domain\": \"image\", \"map\": {}}");
  for (; (gsize) side * side < column->n_values; side++)
    ;
  if (column->n_values < 9)
    return NULL;
  return (gsize) side * side == column->n_values ? g_strdup_printf ("{\"version\": 1, \"domain\": \"image\", \"map\": {\"%s\": {\"shape\": [%u, %u]}}}", column->name, side, side)
                                                 /* Translators: stands in a JSON text, for two numbers */
                                                 : g_strdup_printf ("{\"version\": 1, \"domain\": \"image\", \"map\": {\"%s\": {\"shape\": [%s]}}}", column->name, _("ROWS, COLUMNS"));
}
