/* Samples are compared by a hash of all their inputs, and those with equal hashes number by number. */

#include "studio/survey.h"

#include <string.h>

void
eqs_survey_free (EqsSurvey *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    {
      g_free (self->parts[i].name);
      g_free (self->parts[i].counts);
      g_free (self->parts[i].error);
    }
  g_free (self->parts);
  g_clear_pointer (&self->equal, g_array_unref);
  g_strfreev (self->names);
  g_free (self);
}

gboolean
eqs_part_is_training (const char *name)
{
  return g_str_has_prefix (name, "train");
}

/* ---- classes ---- */

static const EqsColumn *
label_of (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->values == EQS_VALUES_LABEL)
        return column;
    }
  return NULL;
}

static void
count_classes (EqsSurvey *self, EqsSurveyPart *part, EqsSplit *split)
{
  const EqsColumn   *label = label_of (split);
  gsize              n;
  g_autofree gint32 *labels = NULL;

  if (label == NULL || label->n_classes == 0 || label->n_classes > 1000)
    return;
  if (self->n_classes == 0)
    {
      self->n_classes = label->n_classes;
      self->names = label->class_names == NULL ? NULL : g_strdupv (label->class_names);
    }
  n = eqs_split_count (split, label, NULL, part->n) * label->n_values;
  labels = g_new (gint32, n + 1);
  part->counts = g_new0 (guint, self->n_classes);
  eqs_split_copy_int (split, label, NULL, part->n, labels);
  for (gsize i = 0; i < n; i++)
    if (labels[i] >= 0 && (guint) labels[i] < self->n_classes)
      {
        part->counts[labels[i]]++;
        part->n_told += label->kind == EQS_COLUMN_PER_NODE;
      }
}

static EqsSurveyEdges
edges_of (EqsDataset *dataset)
{
  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);

      if (column.field_to != NULL)
        return column.both_ways ? EQS_SURVEY_EDGES_BOTH_WAYS : EQS_SURVEY_EDGES_ONE_WAY;
    }
  return EQS_SURVEY_EDGES_NONE;
}

/* ---- equal samples ---- */

/* All inputs of a sample one after the other. */
static void
copy_inputs (EqsSplit *split, guint sample, GArray *numbers)
{
  g_array_set_size (numbers, 0);
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);
      const gsize      n = column->role != EQS_ROLE_INPUT ? 0 : eqs_split_count (split, column, &sample, 1) * column->n_values;

      if (n == 0)
        continue;
      g_array_set_size (numbers, numbers->len + (guint) n);
      eqs_split_copy (split, column, &sample, 1, (float *) (gpointer) numbers->data + numbers->len - n);
    }
}

static guint64
hash_of (const GArray *numbers)
{
  const guint32 *words = (const guint32 *) (gconstpointer) numbers->data;
  guint64        hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (guint i = 0; i < numbers->len; i++)
    hash = (hash ^ words[i]) * G_GUINT64_CONSTANT (1099511628211);
  return hash;
}

typedef struct { guint part, sample; } Place;

static gboolean
are_equal (EqsSplit *const *splits, Place a, Place b, GArray *x, GArray *y)
{
  copy_inputs (splits[a.part], a.sample, x);
  copy_inputs (splits[b.part], b.sample, y);
  return x->len == y->len && x->len > 0 && memcmp (x->data, y->data, sizeof (float) * x->len) == 0;
}

/* What is measured on one of them after training on the other: any test; the validation that was cut from "train". */
static gboolean
must_differ (const char *a, const char *b)
{
  const char *train = eqs_part_is_training (a) ? a : b, *other = train == a ? b : a;

  return eqs_part_is_training (train) && !eqs_part_is_training (other) && (strcmp (other, "valid") != 0 || strcmp (train, "train") == 0);
}

/* A graph whose nodes are split stands whole in every part; what is known of one part of them is no answer of another's. */
static gboolean
shares_answers (EqsSplit *a, guint i, EqsSplit *b, guint j)
{
  gboolean apart = FALSE;

  for (guint c = 0; c < eqs_split_get_n_columns (a); c++)
    {
      const EqsColumn   *column = eqs_split_get_column (a, c), *other = eqs_split_find (b, column->name);
      const gsize        n = column->kind == EQS_COLUMN_PER_NODE && column->n_values == 1 ? eqs_split_count (a, column, &i, 1) : 0;
      g_autofree gint32 *x = NULL, *y = NULL;

      if (column->role != EQS_ROLE_TARGET || column->values != EQS_VALUES_LABEL || n == 0 || other == NULL || eqs_split_count (b, other, &j, 1) != n)
        continue;
      x = g_new (gint32, n);
      y = g_new (gint32, n);
      eqs_split_copy_int (a, column, &i, 1, x);
      eqs_split_copy_int (b, other, &j, 1, y);
      for (gsize k = 0; k < n; k++)
        if (x[k] >= 0 && y[k] >= 0)
          return TRUE;
      apart = TRUE;
    }
  return !apart;
}

static void
note (EqsSurvey *self, EqsSplit *const *splits, Place here, Place there)
{
  const EqsSurveyLeak pair = { there.part, here.part, eqs_split_get_row (splits[there.part], there.sample), eqs_split_get_row (splits[here.part], here.sample) };

  if (here.part == there.part)
    {
      self->n_twice += eqs_part_is_training (self->parts[here.part].name);
      g_array_append_val (self->equal, pair);
    }
  else if (must_differ (self->parts[here.part].name, self->parts[there.part].name) &&
           shares_answers (splits[here.part], here.sample, splits[there.part], there.sample))
    {
      if (self->n_leaks < EQS_SURVEY_MOST_LEAKS)
        self->leaks[self->n_leaks] = pair;
      g_array_append_val (self->equal, pair);
      self->n_leaks++;
    }
}

static gboolean
find_equal (EqsSurvey *self, EqsSplit *const *splits, GCancellable *cancellable)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr (GArray)     x = g_array_new (FALSE, FALSE, sizeof (float)), y = g_array_new (FALSE, FALSE, sizeof (float));

  for (guint p = 0; p < self->n_parts; p++)
    for (guint i = 0; i < self->parts[p].n; i++)
      {
        const Place here = { p, i };
        guint64     hash;
        Place      *there;

        if (i % 256 == 0 && g_cancellable_is_cancelled (cancellable))
          return FALSE;
        copy_inputs (splits[p], i, x);
        if (x->len == 0)
          continue;
        hash = hash_of (x);
        there = g_hash_table_lookup (seen, &hash);
        if (there == NULL)
          g_hash_table_insert (seen, g_memdup2 (&hash, sizeof hash), g_memdup2 (&here, sizeof here));
        else if (are_equal (splits, here, *there, x, y))
          note (self, splits, here, *there);
      }
  return TRUE;
}

EqsSurvey *
eqs_survey_new (EqsDataset *dataset, GCancellable *cancellable)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);
  const char *const *names = eqs_dataset_get_splits (dataset);
  EqsSurvey         *self = g_new0 (EqsSurvey, 1);
  g_autoptr (GPtrArray) splits = g_ptr_array_new ();
  gboolean           done;

  self->n_parts = g_strv_length ((char **) names);
  self->parts = g_new0 (EqsSurveyPart, self->n_parts + 1);
  self->equal = g_array_new (FALSE, FALSE, sizeof (EqsSurveyLeak));
  self->edges = edges_of (dataset);
  for (guint i = 0; i < self->n_parts; i++)
    {
      g_autoptr (GError) error = NULL;
      EqsSplit          *split = g_cancellable_is_cancelled (cancellable) ? NULL : eqs_dataset_load (dataset, names[i], &error);

      self->parts[i].name = g_strdup (names[i]);
      self->parts[i].n = split == NULL ? 0 : eqs_split_get_n (split);
      self->parts[i].error = error == NULL ? NULL : g_strdup (error->message);
      g_ptr_array_add (splits, split);
      if (split != NULL)
        count_classes (self, &self->parts[i], split);
    }
  done = !g_cancellable_is_cancelled (cancellable) && find_equal (self, (EqsSplit *const *) splits->pdata, cancellable);
  for (guint i = 0; i < splits->len; i++)
    g_clear_pointer ((EqsSplit **) &splits->pdata[i], eqs_split_unref);
  if (!done)
    g_clear_pointer (&self, eqs_survey_free);
  return self;
}
