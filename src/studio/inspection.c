/* A part is read as training reads it. Where that is refused, and of molecules, whose files may lack values here and there, the set is opened once more so that
 * what is missing is NaN. */

#include "studio/inspection.h"

#include <math.h>
#include <string.h>

#define MOST_COMPONENTS 64

/* ---- numbers ---- */

/* Welford's sums: nothing is lost where the mean is large beside the spread. */
typedef struct { guint64 n, missing; double min, max, mean, squares; } Sums;

static void
take (Sums *self, double x)
{
  const double before = x - self->mean;

  if (!isfinite (x))
    {
      self->missing++;
      return;
    }
  self->min = self->n == 0 ? x : MIN (self->min, x);
  self->max = self->n == 0 ? x : MAX (self->max, x);
  self->n++;
  self->mean += before / (double) self->n;
  self->squares += before * (x - self->mean);
}

static EqsColumnFacts *
add_facts (GArray *list, const char *name, const Sums *sums)
{
  const EqsColumnFacts facts = { .name = g_strdup (name), .role = EQS_ROLE_EXTRA, .n = sums->n, .n_missing = sums->missing, .min = sums->n == 0 ? NAN : sums->min,
                                 .max = sums->n == 0 ? NAN : sums->max, .mean = sums->n == 0 ? NAN : sums->mean,
                                 .spread = sums->n == 0 ? NAN : sqrt (sums->squares / (double) sums->n) };

  g_array_append_val (list, facts);
  return &g_array_index (list, EqsColumnFacts, list->len - 1);
}

static void
facts_clear (gpointer data)
{
  EqsColumnFacts *facts = data;

  g_free (facts->name);
  g_free (facts->unit);
}

static gboolean
is_arrow (const EqsColumn *column)
{
  return (column->n_values == 2 || column->n_values == 3) && column->n_dims == 1 && column->values == EQS_VALUES_FEATURE && column->representation != NULL &&
         (strstr (column->representation, "1x1o") != NULL || strstr (column->representation, "1x1e") != NULL || strstr (column->representation, "1x f1") != NULL);
}

static void
describe (EqsColumnFacts *facts, const EqsColumn *column, EqsFactsKind kind, guint component)
{
  facts->kind = kind;
  facts->component = component;
  facts->role = column->role;
  facts->values = column->values;
  facts->unit = g_strdup (column->unit);
}

typedef struct { Sums whole, length, each[MOST_COMPONENTS]; guint64 unknown; } ColumnSums;

static void
take_row (ColumnSums *sums, const EqsColumn *column, const double *row, gboolean each)
{
  double length = 0;

  for (gsize k = 0; k < column->n_values; k++)
    {
      const double x = column->values == EQS_VALUES_SPECIES && row[k] < 1 ? NAN : row[k] * (double) column->scale;

      if (column->values == EQS_VALUES_LABEL && x == -1)
        {
          sums->unknown++;
          continue;
        }
      take (&sums->whole, x);
      if (each)
        take (&sums->each[k], x);
      length += x * x;
    }
  if (is_arrow (column))
    take (&sums->length, sqrt (length));
}

static gboolean
inspect_column (EqsInspectedPart *self, EqsSplit *split, const EqsColumn *column, GArray *room, GCancellable *cancellable)
{
  g_autofree ColumnSums *sums = g_new0 (ColumnSums, 1);
  const gboolean         each = column->n_dims == 1 && column->n_values > 1 && column->n_values <= MOST_COMPONENTS;
  EqsColumnFacts        *facts;

  for (guint i = 0; i < self->n; i++)
    {
      const gsize rows = eqs_split_count (split, column, &i, 1);

      if (i % 256 == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      g_array_set_size (room, (guint) MAX (rows * column->n_values, 1));
      eqs_split_copy_double (split, column, &i, 1, (double *) (gpointer) room->data);
      for (gsize r = 0; r < rows; r++)
        take_row (sums, column, (const double *) (gpointer) room->data + r * column->n_values, each);
    }
  facts = add_facts (self->columns, column->name, &sums->whole);
  describe (facts, column, EQS_FACTS_WHOLE, 0);
  facts->n_unknown = sums->unknown;
  for (guint k = 0; each && k < column->n_values; k++)
    describe (add_facts (self->columns, column->name, &sums->each[k]), column, EQS_FACTS_COMPONENT, k);
  if (is_arrow (column))
    describe (add_facts (self->columns, column->name, &sums->length), column, EQS_FACTS_LENGTH, 0);
  return TRUE;
}

static void
inspect_sizes (EqsInspectedPart *self, EqsSplit *split)
{
  Sums     nodes = { 0 }, edges = { 0 };
  gboolean any = FALSE;

  for (guint i = 0; i < self->n; i++)
    {
      take (&nodes, (double) eqs_split_get_n_nodes (split, i));
      take (&edges, (double) eqs_split_get_n_edges (split, i));
    }
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    any = any || eqs_split_get_column (split, i)->kind == EQS_COLUMN_PER_EDGE;
  if (eqs_split_is_ragged (split))
    add_facts (self->columns, "(nodes)", &nodes);
  if (any)
    add_facts (self->columns, "(edges)", &edges);
}

/* ---- parts ---- */

static gboolean
inspect_part (EqsInspectedPart *self, EqsDataset *dataset, GCancellable *cancellable)
{
  g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, self->name, NULL);
  g_autoptr (GArray)   room = g_array_new (FALSE, FALSE, sizeof (double));

  self->columns = g_array_new (FALSE, FALSE, sizeof (EqsColumnFacts));
  g_array_set_clear_func (self->columns, facts_clear);
  if (split == NULL)
    return TRUE;
  self->is_read = TRUE;
  self->n = eqs_split_get_n (split);
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    if (!inspect_column (self, split, eqs_split_get_column (split, i), room, cancellable))
      return FALSE;
  inspect_sizes (self, split);
  return eqs_orientation_measure (split, &self->orientation, cancellable);
}

/* The set itself, or once more so that what is missing is kept. */
static EqsDataset *
open_for (EqsInspection *self, EqsDataset *dataset)
{
  gboolean    again = strcmp (eqs_dataset_get_domain (dataset), "molecule") == 0;
  EqsDataset *other;

  for (guint i = 0; i < self->n_parts; i++)
    {
      g_autoptr (GError)   error = NULL;
      g_autoptr (EqsSplit) split = eqs_dataset_load (dataset, self->parts[i].name, &error);

      if (split == NULL)
        self->parts[i].refusal = g_strdup (error->message);
      again = again || split == NULL;
    }
  other = again && !eqs_dataset_is_generated (dataset) ? eqs_dataset_open_missing (dataset, NULL) : NULL;
  return other != NULL ? other : g_object_ref (dataset);
}

EqsInspection *
eqs_inspection_new (EqsDataset *dataset, GCancellable *cancellable)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), NULL);
  g_autoptr (EqsInspection) self = g_new0 (EqsInspection, 1);
  g_autoptr (EqsDataset)    source = NULL;
  const char *const        *names = eqs_dataset_get_splits (dataset);

  self->n_parts = g_strv_length ((char **) names);
  self->parts = g_new0 (EqsInspectedPart, self->n_parts + 1);
  for (guint i = 0; i < self->n_parts; i++)
    self->parts[i].name = g_strdup (names[i]);
  source = open_for (self, dataset);
  for (guint i = 0; i < self->n_parts; i++)
    {
      if (g_cancellable_is_cancelled (cancellable) || !inspect_part (&self->parts[i], source, cancellable))
        return NULL;
      for (guint k = 0; k < self->parts[i].columns->len; k++)
        {
          const EqsColumnFacts *facts = &g_array_index (self->parts[i].columns, EqsColumnFacts, k);

          self->n_missing += facts->kind == EQS_FACTS_WHOLE ? facts->n_missing : 0;
        }
    }
  self->survey = eqs_survey_new (source, cancellable);
  return self->survey == NULL ? NULL : g_steal_pointer (&self);
}

void
eqs_inspection_free (EqsInspection *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    {
      g_free (self->parts[i].name);
      g_free (self->parts[i].refusal);
      g_clear_pointer (&self->parts[i].columns, g_array_unref);
    }
  g_free (self->parts);
  g_clear_pointer (&self->survey, eqs_survey_free);
  g_free (self);
}

/* ---- tables ---- */

static const char *const table_names[EQS_N_TABLES] = { "columns", "classes", "orientation", "duplicates" };

const char *
eqs_inspection_table_name (EqsInspectionTable table)
{
  g_return_val_if_fail (table < EQS_N_TABLES, NULL);
  return table_names[table];
}

gboolean
eqs_inspection_find_table (const char *name, EqsInspectionTable *table)
{
  for (guint i = 0; i < EQS_N_TABLES; i++)
    if (strcmp (table_names[i], name) == 0)
      {
        *table = (EqsInspectionTable) i;
        return TRUE;
      }
  return FALSE;
}

/* A field behind a comma, in quotes where it needs them. */
static void
add_text (GString *csv, const char *text)
{
  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, ',');
  if (text == NULL || strpbrk (text, "\",\n\r") == NULL)
    {
      g_string_append (csv, text == NULL ? "" : text);
      return;
    }
  g_string_append_c (csv, '"');
  for (; *text != '\0'; text++)
    g_string_append (csv, *text == '"' ? "\"\"" : (char[]) { *text, '\0' });
  g_string_append_c (csv, '"');
}

/* Nothing where it is no number. */
static void
add_number (GString *csv, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (isfinite (value))
    g_ascii_formatd (text, sizeof text, "%.9g", value);
  add_text (csv, text);
}

static void
write_columns (const EqsInspectedPart *part, GString *csv)
{
  static const char *const roles[] = { "input", "target", "extra" };

  for (guint i = 0; i < part->columns->len; i++)
    {
      const EqsColumnFacts *facts = &g_array_index (part->columns, EqsColumnFacts, i);
      const double          numbers[] = { (double) facts->n, (double) facts->n_missing, (double) facts->n_unknown, facts->min, facts->mean, facts->spread, facts->max };

      add_text (csv, part->name);
      add_text (csv, facts->name);
      if (facts->kind == EQS_FACTS_COMPONENT)
        add_number (csv, facts->component);
      else
        add_text (csv, facts->kind == EQS_FACTS_LENGTH ? "length" : "");
      add_text (csv, roles[facts->role]);
      add_text (csv, facts->unit);
      for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
        add_number (csv, numbers[k]);
      g_string_append_c (csv, '\n');
    }
}

static void
write_classes (const EqsSurvey *survey, guint part, GString *csv)
{
  for (guint i = 0; survey->parts[part].counts != NULL && i < survey->n_classes; i++)
    {
      add_text (csv, survey->parts[part].name);
      add_number (csv, i);
      add_text (csv, survey->names == NULL ? "" : survey->names[i]);
      add_number (csv, survey->parts[part].counts[i]);
      g_string_append_c (csv, '\n');
    }
}

static void
write_orientation (const EqsInspectedPart *part, GString *csv)
{
  static const char *const kinds[] = { "", "picture", "plane", "space" };
  const EqsOrientation    *orientation = &part->orientation;

  for (guint i = 0; orientation->kind != EQS_ORIENTATION_NONE && i <= orientation->n_bins; i++)
    {
      const gboolean without = i == orientation->n_bins, space = orientation->kind == EQS_ORIENTATION_SPACE;
      double         bounds[4] = { NAN, NAN, NAN, NAN };

      if (!without)
        eqs_orientation_get_bin (orientation, i, &bounds[0], &bounds[1], &bounds[2], &bounds[3]);
      add_text (csv, part->name);
      add_text (csv, without ? "none" : kinds[orientation->kind]);
      for (guint k = 0; k < 4; k++)
        add_number (csv, k < 2 || space ? bounds[k] : NAN);
      add_number (csv, without ? orientation->n_without : orientation->counts[i]);
      g_string_append_c (csv, '\n');
    }
}

static void
write_duplicates (const EqsSurvey *survey, GString *csv)
{
  for (guint i = 0; i < survey->equal->len; i++)
    {
      const EqsSurveyLeak *pair = &g_array_index (survey->equal, EqsSurveyLeak, i);

      add_text (csv, survey->parts[pair->other].name);
      add_number (csv, pair->other_row);
      add_text (csv, survey->parts[pair->part].name);
      add_number (csv, pair->row);
      g_string_append_c (csv, '\n');
    }
}

char *
eqs_inspection_dup_csv (const EqsInspection *self, EqsInspectionTable table)
{
  static const char *const titles[EQS_N_TABLES] = { "part,column,component,role,unit,numbers,missing,unknown,min,mean,spread,max", "part,class,name,samples",
                                                    "part,kind,from_deg,to_deg,tilt_from_deg,tilt_to_deg,samples", "part,row,equals_part,equals_row" };
  GString *csv;

  g_return_val_if_fail (table < EQS_N_TABLES, NULL);

  csv = g_string_new (titles[table]);
  g_string_append_c (csv, '\n');
  for (guint i = 0; i < self->n_parts; i++)
    if (table == EQS_TABLE_COLUMNS)
      write_columns (&self->parts[i], csv);
    else if (table == EQS_TABLE_CLASSES)
      write_classes (self->survey, i, csv);
    else if (table == EQS_TABLE_ORIENTATION)
      write_orientation (&self->parts[i], csv);
  if (table == EQS_TABLE_DUPLICATES)
    write_duplicates (self->survey, csv);
  return g_string_free (csv, FALSE);
}
