/* Point clouds in one table, as spreadsheets and scanners write them. */

#include "data/point-table.h"

#include "data/error.h"
#include "data/file.h"
#include "data/tables.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const axes[] = { "x", "y", "z" };

/* Titles are compared without case: “X” and “Label” are what people write. -1: there is none. */
static int
find_title (const EqsCsv *csv, const char *title)
{
  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (g_ascii_strcasecmp (eqs_csv_get_title (csv, i), title) == 0)
      return (int) i;
  return -1;
}

static int
find_samples (const EqsCsv *csv)
{
  static const char *const names[] = { "sample", "cloud", "object", "set", "structure", "scan", "file", "name", "id" };
  int at = -1;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && at < 0; i++)
    at = find_title (csv, names[i]);
  return at;
}

static gboolean
has_places (const EqsCsv *csv)
{
  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      const int at = find_title (csv, axes[i]);

      if (at < 0 || !eqs_csv_is_number (csv, (guint) at))
        return FALSE;
    }
  return TRUE;
}

static EqsColumnSpec *
add (EqsDatasetSpec *spec, const EqsCsv *csv, const char *name, EqsRole role, EqsValues values, const char *file, guint samples)
{
  EqsColumnSpec *column = eqs_dataset_spec_add (spec, name, role, values, file);

  column->sample_field = g_strdup (eqs_csv_get_title (csv, samples));
  eqs_table_set_part (column, csv);
  return column;
}

static void
add_places (EqsDatasetSpec *spec, const EqsCsv *csv, const char *file, guint samples)
{
  EqsColumnSpec *column = add (spec, csv, "positions", EQS_ROLE_INPUT, EQS_VALUES_POSITION, file, samples);

  column->kind = EQS_COLUMN_PER_NODE;
  column->representation = g_strdup ("1x1o");
  column->fields = g_new0 (char *, G_N_ELEMENTS (axes) + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    column->fields[i] = g_strdup (eqs_csv_get_title (csv, (guint) find_title (csv, axes[i])));
}

static gboolean
is_aside (const EqsCsv *csv, guint column, guint samples)
{
  const char *title = eqs_csv_get_title (csv, column);

  for (gsize i = 0; i < G_N_ELEMENTS (axes); i++)
    if (g_ascii_strcasecmp (title, axes[i]) == 0)
      return TRUE;
  return column == samples || g_str_equal (title, "split");
}

/* How likely a column is what is to be told of a sample; 0: it is not. */
static int
rank_of (const EqsCsv *csv, guint column, guint samples)
{
  g_autofree char *lower = g_ascii_strdown (eqs_csv_get_title (csv, column), -1);
  const char      *task;
  EqsValues        values;

  if (is_aside (csv, column, samples) || !eqs_table_is_of_sample (csv, column, samples) || (!eqs_csv_is_number (csv, column) && !eqs_table_has_classes (csv, column)))
    return 0;
  return eqs_dataset_name_is_target (lower, &values, &task) ? 3 : eqs_csv_is_number (csv, column) ? 1 : 2;
}

/* What is not told is there to be chosen. */
static void
add_rest (EqsDatasetSpec *spec, const EqsCsv *csv, const char *file, guint samples)
{
  int  best = 0;
  guint told = 0;

  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (rank_of (csv, i, samples) > best)
      {
        best = rank_of (csv, i, samples);
        told = i;
      }
  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    {
      const char      *title = eqs_csv_get_title (csv, i), *task = NULL;
      const gboolean   words = !eqs_csv_is_number (csv, i), one = eqs_table_is_of_sample (csv, i, samples), chosen = best > 0 && i == told;
      g_autofree char *lower = g_ascii_strdown (title, -1);
      EqsValues        values = EQS_VALUES_FEATURE;
      EqsColumnSpec   *column;

      if (is_aside (csv, i, samples) || (words && !eqs_table_has_classes (csv, i)))
        continue;
      if (words)
        values = EQS_VALUES_LABEL;
      else if (!eqs_dataset_name_is_target (lower, &values, &task))
        values = EQS_VALUES_FEATURE;
      column = add (spec, csv, title, chosen ? EQS_ROLE_TARGET : EQS_ROLE_EXTRA, values, file, samples);
      column->kind = one ? EQS_COLUMN_FIXED : EQS_COLUMN_PER_NODE;
      eqs_table_take_classes (column, csv, i);
      if (!chosen)
        continue;
      column->task = g_strdup (values == EQS_VALUES_LABEL ? "classification" : "regression");
      spec->task = g_strdup (column->task);
    }
}

/* The CSV files of the folder in the order of their names. */
static GPtrArray *
list_tables (const char *path)
{
  GPtrArray       *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, ".csv") && g_utf8_validate (name, -1, NULL))
      g_ptr_array_add (files, g_strdup (name));
  g_ptr_array_sort (files, eqs_table_by_name);
  return files;
}

/* One table is all there is; of several each is the part that it is named after, and the training one says what the columns are. */
static const char *
choose_first (GPtrArray *files)
{
  static const char *const parts[] = { "train.csv", "valid.csv", "test.csv", NULL };

  for (guint i = 0; files->len > 1 && i < files->len; i++)
    if (!g_strv_contains (parts, files->pdata[i]))
      return NULL;
  for (guint i = 0; files->len > 1 && i < files->len; i++)
    if (g_str_equal (files->pdata[i], parts[0]))
      return parts[0];
  return files->len == 1 ? files->pdata[0] : NULL;
}

gboolean
eqs_point_table_guess (const char *path, EqsDatasetSpec *spec, gboolean *found, GError **error)
{
  g_autoptr (GPtrArray) files = list_tables (path);
  const char           *first = choose_first (files), *file = files->len > 1 ? "{split}.csv" : first;
  g_autoptr (EqsCsv)    csv = first == NULL ? NULL : eqs_table_open (path, first, NULL);
  int                   samples;

  *found = csv != NULL && has_places (csv);
  if (!*found)
    return TRUE;
  samples = find_samples (csv);
  if (samples < 0)
    {
      g_autofree char *shown = eqs_data_quote (first);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                   _("“%s” has places x, y and z, and no column says which rows belong together. Add a column “sample” with a name or number for each cloud."), shown);
      return FALSE;
    }
  spec->domain = g_strdup ("points");
  if (files->len == 1)
    eqs_table_add_parts (csv, spec);
  for (guint i = 0; files->len > 1 && i < files->len; i++)
    {
      g_autofree char *part = g_strndup (files->pdata[i], strlen (files->pdata[i]) - strlen (".csv"));

      eqs_dataset_spec_add_split (spec, part);
    }
  add_places (spec, csv, file, (guint) samples);
  add_rest (spec, csv, file, (guint) samples);
  return TRUE;
}
