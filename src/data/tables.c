/* Tables of nodes, edges and sets. */

#include "data/tables.h"

#include "data/error.h"
#include "data/file.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define MAX_WORDS   1000000
#define MAX_CLASSES 200

void
eqs_table_rows_clear (EqsTableRows *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->offsets, g_array_unref);
}

static gboolean
refuse (GError **error, const EqsCsv *csv, const char *file, gsize row, const char *what)
{
  g_autofree char *shown = eqs_data_quote (file);

  /* Translators: a file, a line, a sentence about it */
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”, line %" PRIu64 ": %s"), shown, eqs_csv_get_line (csv, row), what);
  return FALSE;
}

/* ---- choosing rows ---- */

static gboolean
is_mine (const EqsCsv *csv, const EqsColumnSpec *spec, guint column, const char *part, gsize row)
{
  return spec->part_field == NULL || g_str_equal (eqs_csv_get (csv, row, column), part);
}

/* Tables without names of samples. A label of a node of another part is not known in this one: its row stays, as -1. */
static void
choose_plain (const EqsCsv *csv, const EqsColumnSpec *spec, guint part_column, const char *part, GArray *rows)
{
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    {
      const gboolean mine = is_mine (csv, spec, part_column, part, row);
      const gssize   value = mine ? (gssize) row : -1;

      if (mine || spec->kind != EQS_COLUMN_FIXED)
        g_array_append_val (rows, value);
    }
}

/* Every row of a sample says the same in a column with one row a sample. */
static gboolean
agrees (const EqsCsv *csv, const EqsColumnSpec *spec, gsize first, gsize row, const char *file, GError **error)
{
  const char *const        own[] = { spec->name, NULL };
  const char *const *const fields = spec->fields != NULL ? (const char *const *) spec->fields : own;

  for (guint f = 0; fields[f] != NULL; f++)
    {
      g_autofree char *what = NULL;
      guint            column;

      if (!eqs_csv_find (csv, fields[f], &column, error))
        return FALSE;
      if (g_str_equal (eqs_csv_get (csv, first, column), eqs_csv_get (csv, row, column)))
        continue;
      what = g_strdup_printf (_("“%.40s” is not what it is in the other rows of this sample."), fields[f]);
      return refuse (error, csv, file, row, what);
    }
  return TRUE;
}

/* The number of the sample that begins at a row: the next one, or of edges the one with that name. */
static gboolean
begin_sample (const EqsCsv *csv, const EqsColumnSpec *spec, GHashTable *samples, gboolean known, GHashTable *seen, gsize row, const char *name, const char *file,
              guint *number, GError **error)
{
  g_autofree char *shown = eqs_data_quote (name);
  g_autofree char *what = NULL;
  gpointer         value = NULL;
  const gboolean   there = g_hash_table_lookup_extended (samples, name, NULL, &value);

  if (!g_hash_table_add (seen, (gpointer) name))
    what = g_strdup_printf (_("rows of the sample “%s” stand in two places; put them one after the other."), shown);
  else if (spec->kind == EQS_COLUMN_PER_EDGE && !there)
    what = g_strdup_printf (_("there is no sample “%s” with nodes."), shown);
  else if (known && (!there || GPOINTER_TO_UINT (value) < *number || (spec->kind != EQS_COLUMN_PER_EDGE && GPOINTER_TO_UINT (value) != *number)))
    what = g_strdup_printf (_("the sample “%s” does not stand in the order of the other tables."), shown);
  if (what != NULL)
    return refuse (error, csv, file, row, what);
  if (!there)
    g_hash_table_insert (samples, g_strdup (name), GUINT_TO_POINTER (*number));
  else
    *number = GPOINTER_TO_UINT (value);
  return TRUE;
}

static gboolean
choose_by_sample (const EqsCsv *csv, const EqsColumnSpec *spec, guint part_column, const char *part, GHashTable *samples, const char *file, EqsTableRows *out,
                  GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const gboolean known = g_hash_table_size (samples) > 0;
  const char    *name = NULL;
  guint          column, next = 0;
  gsize          first = 0;

  if (!eqs_csv_find (csv, spec->sample_field, &column, error))
    return FALSE;
  out->offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    {
      const char  *here = eqs_csv_get (csv, row, column);
      const gssize value = (gssize) row;

      if (!is_mine (csv, spec, part_column, part, row))
        continue;
      if (name == NULL || !g_str_equal (here, name))
        {
          guint number = next;

          if (!begin_sample (csv, spec, samples, known, seen, row, here, file, &number, error))
            return FALSE;
          for (; next <= number; next++)      /* samples without edges between */
            g_array_append_val (out->offsets, out->rows->len);
          name = here;
          first = row;
        }
      else if (spec->kind == EQS_COLUMN_FIXED)
        {
          if (!agrees (csv, spec, first, row, file, error))
            return FALSE;
          continue;
        }
      g_array_append_val (out->rows, value);
    }
  for (const guint n = spec->kind == EQS_COLUMN_PER_EDGE ? g_hash_table_size (samples) : next; out->offsets->len <= n;)
    g_array_append_val (out->offsets, out->rows->len);
  return TRUE;
}

gboolean
eqs_table_choose (const EqsCsv *csv, const EqsColumnSpec *spec, const char *part, GHashTable *samples, const char *file, EqsTableRows *out, GError **error)
{
  guint column = 0;

  *out = (EqsTableRows) { g_array_new (FALSE, FALSE, sizeof (gssize)), NULL };
  if (spec->part_field != NULL && !eqs_csv_find (csv, spec->part_field, &column, error))
    return FALSE;
  if (spec->sample_field != NULL)
    return choose_by_sample (csv, spec, column, part, samples, file, out, error);
  choose_plain (csv, spec, column, part, out->rows);
  return TRUE;
}

/* ---- what rows say ---- */

/* A class that is written as a word is its place among their names. */
static gboolean
read_class (const EqsCsv *csv, const EqsColumnSpec *spec, gsize row, guint column, double *value)
{
  const char *text = eqs_csv_get (csv, row, column);

  for (guint i = 0; spec->values == EQS_VALUES_LABEL && spec->class_names != NULL && spec->class_names[i] != NULL; i++)
    if (g_str_equal (spec->class_names[i], text))
      {
        *value = i;
        return TRUE;
      }
  return FALSE;
}

EqsArray *
eqs_table_numbers (const EqsCsv *csv, const EqsColumnSpec *spec, const EqsTableRows *rows, GError **error)
{
  const char *const        own[] = { spec->name, NULL };
  const char *const *const fields = spec->fields != NULL ? (const char *const *) spec->fields : own;
  const guint              width = g_strv_length ((char **) fields);
  const guint64            dims[2] = { rows->rows->len, width };
  g_autofree double       *values = g_new (double, MAX (dims[0] * width, 1));

  for (guint f = 0; f < width; f++)
    {
      guint column;

      if (!eqs_csv_find (csv, fields[f], &column, error))
        return NULL;
      for (guint i = 0; i < rows->rows->len; i++)
        {
          const gssize row = g_array_index (rows->rows, gssize, i);

          if (row < 0)
            values[i * width + f] = -1;
          else if ((eqs_csv_is_number (csv, column) || !read_class (csv, spec, (gsize) row, column, &values[i * width + f])) &&
                   !eqs_csv_get_number (csv, (gsize) row, column, &values[i * width + f], error))
            return NULL;
        }
    }
  return eqs_array_new_take (EQS_DTYPE_F64, width == 1 ? 1 : 2, dims, g_steal_pointer (&values));
}

gboolean
eqs_table_read_indices (const char *text, GArray *out)
{
  while (*(text += strspn (text, " \t")) != '\0')
    {
      guint64 value;
      guint32 row;
      char *end;

      if (!g_ascii_isdigit (*text))
        return FALSE;
      value = g_ascii_strtoull (text, &end, 10);
      if (value > G_MAXUINT32 || (*end != ' ' && *end != '\t' && *end != '\0'))
        return FALSE;
      row = (guint32) value;
      g_array_append_val (out, row);
      text = end;
    }
  return TRUE;
}

/* The numbers of one field; all rows are looked at, so that every part has the same width. */
static gboolean
read_words (const EqsCsv *csv, guint column, const char *file, GArray *numbers, GArray *begins, guint *largest, GError **error)
{
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    {
      const guint before = numbers->len;

      g_array_append_val (begins, before);
      if (!eqs_table_read_indices (eqs_csv_get (csv, row, column), numbers))
        return refuse (error, csv, file, row, _("this is no list of numbers, parted by blanks."));
      for (guint k = before; k < numbers->len; k++)
        if (g_array_index (numbers, guint32, k) >= MAX_WORDS)
          return refuse (error, csv, file, row, _("a number of a word is above 999999."));
        else
          *largest = MAX (*largest, g_array_index (numbers, guint32, k));
    }
  g_array_append_val (begins, numbers->len);
  return TRUE;
}

EqsArray *
eqs_table_words (const EqsCsv *csv, const EqsColumnSpec *spec, const EqsTableRows *rows, const char *file, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32)), begins = g_array_new (FALSE, FALSE, sizeof (guint));
  guint64 dims[2] = { rows->rows->len, 0 };
  guint   column, largest = 0;
  float  *values;

  if (!eqs_csv_find (csv, spec->fields != NULL ? spec->fields[0] : spec->name, &column, error) || !read_words (csv, column, file, numbers, begins, &largest, error))
    return NULL;
  dims[1] = (guint64) largest + 1;
  if (dims[0] > (G_GUINT64_CONSTANT (1) << 30) / dims[1])
    {
      g_autofree char *shown = eqs_data_quote (file);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s”: %" PRIu64 " rows with %" PRIu64 " different words are more than are taken."), shown, dims[0], dims[1]);
      return NULL;
    }
  values = g_new0 (float, MAX (dims[0] * dims[1], 1));
  for (guint i = 0; i < rows->rows->len; i++)
    {
      const gssize row = g_array_index (rows->rows, gssize, i);

      for (guint k = row < 0 ? 0 : g_array_index (begins, guint, row); row >= 0 && k < g_array_index (begins, guint, row + 1); k++)
        values[i * dims[1] + g_array_index (numbers, guint32, k)] = 1;
    }
  return eqs_array_new_take (EQS_DTYPE_F32, 2, dims, values);
}

/* One edge of a list; the other way its ends change places. */
static void
put_edge (const EqsArray *array, gsize row, gsize width, gboolean swap, double *out)
{
  for (gsize k = 0; k < width; k++)
    out[k] = eqs_array_get_double (array, row * width + (swap ? width - 1 - k : k));
}

/* Those of a sample, then those of it the other way. */
EqsArray *
eqs_table_both_ways (const EqsArray *array, EqsTableRows *rows, gboolean ends, const char *file, GError **error)
{
  const gsize   n = (gsize) array->dims[0], width = n > 0 ? array->n_values / n : 0;
  const guint64 dims[2] = { 2 * n, width };
  const guint   samples = rows->offsets == NULL ? 1 : rows->offsets->len - 1;
  double       *out = g_new (double, 2 * array->n_values + 1);
  gsize         at = 0;

  for (guint s = 0; s < samples; s++)
    {
      const gsize first = rows->offsets == NULL ? 0 : g_array_index (rows->offsets, guint32, s), end = rows->offsets == NULL ? n : g_array_index (rows->offsets, guint32, s + 1);

      for (int way = 0; way < 2; way++)
        for (gsize row = first; row < end; row++)
          put_edge (array, row, width, ends && way == 1, out + width * at++);
    }
  for (guint s = 0; rows->offsets != NULL && s <= samples; s++)
    g_array_index (rows->offsets, guint32, s) *= 2;
  for (gsize row = 0; ends && width == 2 && row < n; row++)
    if (eqs_array_get_double (array, 2 * row) == eqs_array_get_double (array, 2 * row + 1))
      {
        g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                     /* Translators: a file, a number of a row */
                     _("“%s”, row %zu: an undirected list has no edge from a node to itself."), file, row + 1);
        g_free (out);
        return NULL;
      }
  return eqs_array_new_take (EQS_DTYPE_F64, width == 1 ? 1 : 2, dims, out);
}

/* ---- by file names ---- */

EqsCsv *
eqs_table_open (const char *path, const char *file, GError **error)
{
  g_autofree char   *full = g_build_filename (path, file, NULL);
  g_autoptr (GBytes) bytes = eqs_file_read (full, EQS_DATA_MAX_FILE, error);

  return bytes == NULL ? NULL : eqs_csv_parse (bytes, file, error);
}

static gboolean
has_title (const EqsCsv *csv, const char *title)
{
  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (g_str_equal (eqs_csv_get_title (csv, i), title))
      return TRUE;
  return FALSE;
}

/* The parts that a column names; others, such as unlabelled, are none. */
void
eqs_table_add_parts (const EqsCsv *csv, EqsDatasetSpec *spec)
{
  static const char *const parts[] = { "train", "valid", "val", "test" };
  guint column;

  if (!has_title (csv, "split") || !eqs_csv_find (csv, "split", &column, NULL))
    {
      eqs_dataset_spec_add_split (spec, "train");
      return;
    }
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
      if (g_str_has_prefix (eqs_csv_get (csv, row, column), parts[i]))
        eqs_dataset_spec_add_split (spec, g_str_equal (eqs_csv_get (csv, row, column), "val") ? "valid" : eqs_csv_get (csv, row, column));
}

static GHashTable *
new_words (const EqsCsv *csv, guint column)
{
  GHashTable *words = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize row = 0; row < eqs_csv_get_n_rows (csv) && g_hash_table_size (words) <= MAX_CLASSES; row++)
    g_hash_table_add (words, (gpointer) eqs_csv_get (csv, row, column));
  return words;
}

int
eqs_table_by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

gboolean
eqs_table_has_classes (const EqsCsv *csv, guint column)
{
  g_autoptr (GHashTable) words = eqs_csv_is_number (csv, column) ? NULL : new_words (csv, column);

  return words != NULL && !g_hash_table_contains (words, "") && g_hash_table_size (words) <= MAX_CLASSES;
}

void
eqs_table_take_classes (EqsColumnSpec *column, const EqsCsv *csv, guint at)
{
  g_autoptr (GHashTable) words = NULL;
  g_autoptr (GPtrArray)  names = NULL;
  GHashTableIter         iter;
  gpointer               word;

  if (eqs_csv_is_number (csv, at))
    return;
  words = new_words (csv, at);
  g_hash_table_remove (words, "");      /* a row without its class is refused when it is read, with its line */
  if (g_hash_table_size (words) == 0 || g_hash_table_size (words) > MAX_CLASSES)
    return;
  names = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    g_ptr_array_add (names, g_strdup (word));
  g_ptr_array_sort (names, eqs_table_by_name);
  column->n_classes = names->len;
  g_ptr_array_add (names, NULL);
  column->class_names = (char **) g_ptr_array_steal (names, NULL);
}

/* "val" is what some call the part "valid". */
void
eqs_table_set_part (EqsColumnSpec *column, const EqsCsv *csv)
{
  guint at;

  if (!has_title (csv, "split") || !eqs_csv_find (csv, "split", &at, NULL))
    return;
  column->part_field = g_strdup ("split");
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv) && column->part_names == NULL; row++)
    if (g_str_equal (eqs_csv_get (csv, row, at), "val"))
      {
        column->part_names = g_strsplit ("valid", ",", -1);
        column->part_values = g_strsplit ("val", ",", -1);
      }
}

gboolean
eqs_table_is_of_sample (const EqsCsv *csv, guint column, guint samples)
{
  for (gsize row = 1; row < eqs_csv_get_n_rows (csv); row++)
    if (g_str_equal (eqs_csv_get (csv, row, samples), eqs_csv_get (csv, row - 1, samples)) &&
        !g_str_equal (eqs_csv_get (csv, row, column), eqs_csv_get (csv, row - 1, column)))
      return FALSE;
  return TRUE;
}

const char *
eqs_table_find_sets (const EqsCsv *csv)
{
  static const char *const names[] = { "set", "sample", "bag" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (has_title (csv, names[i]))
      return names[i];
  return NULL;
}

/* Titles of a column that numbers nodes, beside "node", whose numbers are checked. */
static gboolean
only_numbers_rows (const EqsCsv *csv, guint column)
{
  static const char *const names[] = { "id", "node_id", "index", NULL };
  double number;

  if (!g_strv_contains (names, eqs_csv_get_title (csv, column)))
    return FALSE;
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    if (!eqs_csv_get_number (csv, row, column, &number, NULL) || number != (double) row)
      return FALSE;
  return TRUE;
}

/* Some set has several rows: only then it can be seen what is known of sets alone. */
static gboolean
has_large_sample (const EqsCsv *csv, guint samples)
{
  for (gsize row = 1; row < eqs_csv_get_n_rows (csv); row++)
    if (g_str_equal (eqs_csv_get (csv, row, samples), eqs_csv_get (csv, row - 1, samples)))
      return TRUE;
  return FALSE;
}

/* Beside "x" a "y" is a coordinate where it differs within a set, or where another title names what is to be told of nodes. */
static gboolean
is_coordinate (const EqsCsv *csv, guint column, const char *sample_field)
{
  const char *task;
  EqsValues   values;
  guint       samples;

  if (!g_str_equal (eqs_csv_get_title (csv, column), "y") || !has_title (csv, "x"))
    return FALSE;
  if (sample_field != NULL)
    return eqs_csv_find (csv, sample_field, &samples, NULL) && !eqs_table_is_of_sample (csv, column, samples);
  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (i != column && eqs_dataset_name_is_target (eqs_csv_get_title (csv, i), &values, &task))
      return TRUE;
  return FALSE;
}

static gboolean
is_named_target (const EqsCsv *csv, guint column, const char *sample_field, EqsValues *values, const char **task)
{
  return eqs_dataset_name_is_target (eqs_csv_get_title (csv, column), values, task) && !is_coordinate (csv, column, sample_field);
}

static gboolean
has_named_target (const EqsCsv *csv, const char *sample_field)
{
  const char *task;
  EqsValues   values;

  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (is_named_target (csv, i, sample_field, &values, &task))
      return TRUE;
  return FALSE;
}

/*
 * A column that is the same in all rows of each set is no number of an element: it would give the answer away. The first is what is to be told where no
 * title says so (words before numbers), others are left to be chosen.
 */
static void
take_of_sets (const EqsCsv *csv, const char *file, const char *sample_field, EqsDatasetSpec *spec, guint column, gboolean to_be_told)
{
  const gboolean words = !eqs_csv_is_number (csv, column);
  EqsColumnSpec *added;

  if (words && !eqs_table_has_classes (csv, column))
    return;
  added = eqs_dataset_spec_add (spec, eqs_csv_get_title (csv, column), to_be_told ? EQS_ROLE_TARGET : EQS_ROLE_EXTRA, words ? EQS_VALUES_LABEL : EQS_VALUES_FEATURE, file);
  added->kind = EQS_COLUMN_FIXED;
  added->sample_field = g_strdup (sample_field);
  eqs_table_take_classes (added, csv, column);
  eqs_table_set_part (added, csv);
  if (!to_be_told)
    return;
  added->task = g_strdup (words ? "classification" : "regression");
  if (spec->task == NULL)
    spec->task = g_strdup (added->task);
}

/* Which columns of a table of sets are of whole sets, and which of them is to be told: -1 where a title says that. */
static gboolean *
find_of_sets (const EqsCsv *csv, const char *sample_field, const char *const *aside, int *told)
{
  const guint n = eqs_csv_get_n_columns (csv);
  gboolean   *of_sets = g_new0 (gboolean, n + 1);
  guint       samples;

  *told = -1;
  if (sample_field == NULL || !eqs_csv_find (csv, sample_field, &samples, NULL) || !has_large_sample (csv, samples))
    return of_sets;
  for (guint i = 0; i < n; i++)
    {
      const char *title = eqs_csv_get_title (csv, i), *task;
      EqsValues   values;

      of_sets[i] = i != samples && !g_strv_contains (aside, title) && !is_named_target (csv, i, sample_field, &values, &task) && eqs_table_is_of_sample (csv, i, samples);
      if (of_sets[i] && !has_named_target (csv, sample_field) && (*told < 0 || (eqs_csv_is_number (csv, (guint) *told) && eqs_table_has_classes (csv, i))))
        *told = (int) i;
    }
  return of_sets;
}

/* Columns of a table of nodes or elements: targets by their names, one column of all other numbers. */
static void
add_columns (const EqsCsv *csv, const char *file, const char *features, EqsColumnKind target_kind, const char *sample_field, EqsDatasetSpec *spec)
{
  static const char *const aside[] = { "node", "split", "words", NULL };
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  EqsColumnSpec *column;
  int            told;
  g_autofree gboolean *of_sets = find_of_sets (csv, sample_field, aside, &told);

  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (of_sets[i])
      take_of_sets (csv, file, sample_field, spec, i, (int) i == told);
    else if (!g_strv_contains (aside, eqs_csv_get_title (csv, i)) && g_strcmp0 (eqs_csv_get_title (csv, i), sample_field) != 0 &&
        (target_kind != EQS_COLUMN_PER_NODE || !only_numbers_rows (csv, i)))
      {
        const char    *title = eqs_csv_get_title (csv, i), *task;
        const gboolean number = eqs_csv_is_number (csv, i);
        EqsValues      values;

        if (!is_named_target (csv, i, sample_field, &values, &task))
          {
            if (number)
              g_ptr_array_add (fields, g_strdup (title));
            continue;
          }
        if (!number && (values != EQS_VALUES_LABEL || !eqs_table_has_classes (csv, i)))
          continue;
        column = eqs_dataset_spec_add (spec, title, EQS_ROLE_TARGET, values, file);
        column->kind = target_kind;
        column->sample_field = g_strdup (sample_field);
        column->task = g_strdup (target_kind == EQS_COLUMN_PER_NODE ? "node" : task);
        eqs_table_take_classes (column, csv, i);
        eqs_table_set_part (column, csv);
        if (spec->task == NULL)
          spec->task = g_strdup (column->task);
      }
  if (fields->len == 0 && !has_title (csv, "words"))
    return;
  column = eqs_dataset_spec_add (spec, features, EQS_ROLE_INPUT, EQS_VALUES_FEATURE, file);
  column->kind = EQS_COLUMN_PER_NODE;
  column->sample_field = g_strdup (sample_field);
  if (sample_field != NULL)
    eqs_table_set_part (column, csv);
  column->is_words = fields->len == 0;
  if (column->is_words)
    g_ptr_array_add (fields, g_strdup ("words"));
  g_ptr_array_add (fields, NULL);
  column->fields = (char **) g_ptr_array_steal (fields, NULL);
}

/* Rows are nodes by their number. */
static gboolean
check_numbers_of_nodes (const EqsCsv *csv, GError **error)
{
  guint  column;
  double number;

  if (!has_title (csv, "node"))
    return TRUE;
  if (!eqs_csv_find (csv, "node", &column, error))
    return FALSE;
  for (gsize row = 0; row < eqs_csv_get_n_rows (csv); row++)
    {
      g_autofree char *what = NULL;

      if (!eqs_csv_get_number (csv, row, column, &number, error))
        return FALSE;
      if (number == (double) row)
        continue;
      what = g_strdup_printf (_("node %zu stands here as %g; nodes are numbered from 0 in their order."), row, number);
      return refuse (error, csv, "nodes.csv", row, what);
    }
  return TRUE;
}

static gboolean
add_edges (const EqsCsv *csv, EqsDatasetSpec *spec, GError **error)
{
  static const char *const directed[][2] = { { "source", "target" }, { "src", "dst" }, { "from", "to" } };
  const guint           n = eqs_csv_get_n_columns (csv);
  gboolean              both = TRUE;
  EqsColumnSpec        *column;
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func (g_free);

  if (n < 2)
    {
      g_set_error_literal (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, _("“edges.csv” needs two columns: the nodes at both ends of each edge."));
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (directed); i++)
    both = both && !(g_str_equal (eqs_csv_get_title (csv, 0), directed[i][0]) && g_str_equal (eqs_csv_get_title (csv, 1), directed[i][1]));
  column = eqs_dataset_spec_add (spec, "edges", EQS_ROLE_INPUT, EQS_VALUES_NODE_INDEX, "edges.csv");
  column->kind = EQS_COLUMN_PER_EDGE;
  column->undirected = both;
  column->fields = g_new0 (char *, 3);
  for (guint i = 0; i < 2; i++)
    column->fields[i] = g_strdup (eqs_csv_get_title (csv, i));
  for (guint i = 2; i < n; i++)
    if (eqs_csv_is_number (csv, i))
      g_ptr_array_add (rest, g_strdup (eqs_csv_get_title (csv, i)));
  if (rest->len == 0)
    return TRUE;
  g_ptr_array_add (rest, NULL);
  column = eqs_dataset_spec_add (spec, "edge_features", EQS_ROLE_INPUT, EQS_VALUES_FEATURE, "edges.csv");
  column->kind = EQS_COLUMN_PER_EDGE;
  column->undirected = both;
  column->fields = (char **) g_ptr_array_steal (rest, NULL);
  return TRUE;
}

static gboolean
guess_graph (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autoptr (EqsCsv) nodes = eqs_table_open (path, "nodes.csv", error), edges = nodes == NULL ? NULL : eqs_table_open (path, "edges.csv", error);

  if (edges == NULL || !check_numbers_of_nodes (nodes, error))
    return FALSE;
  spec->domain = g_strdup ("graph");
  spec->group = g_strdup ("Sn");
  eqs_table_add_parts (nodes, spec);
  add_columns (nodes, "nodes.csv", "nodes", EQS_COLUMN_PER_NODE, NULL, spec);
  return add_edges (edges, spec, error);
}

static gboolean
guess_sets (const char *path, EqsDatasetSpec *spec, GError **error)
{
  g_autoptr (EqsCsv) csv = eqs_table_open (path, "sets.csv", error);
  const char        *sets = csv == NULL ? NULL : eqs_table_find_sets (csv);

  if (csv == NULL)
    return FALSE;
  if (sets == NULL)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s” has no column that says which rows are one set. Call it “set”, “sample” or “bag”."), "sets.csv");
      return FALSE;
    }
  spec->domain = g_strdup ("set");
  spec->group = g_strdup ("Sn");
  eqs_table_add_parts (csv, spec);
  add_columns (csv, "sets.csv", "elements", EQS_COLUMN_FIXED, sets, spec);
  for (guint i = 0; i < spec->columns->len; i++)
    if (((EqsColumnSpec *) spec->columns->pdata[i])->role == EQS_ROLE_INPUT)
      return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s” has no column of numbers to learn from."), "sets.csv");
  return FALSE;
}

gboolean
eqs_tables_guess (const char *path, EqsDatasetSpec *spec, gboolean *found, GError **error)
{
  g_autofree char *nodes = g_build_filename (path, "nodes.csv", NULL), *edges = g_build_filename (path, "edges.csv", NULL), *sets = g_build_filename (path, "sets.csv", NULL);
  const gboolean   graph = g_file_test (nodes, G_FILE_TEST_IS_REGULAR) && g_file_test (edges, G_FILE_TEST_IS_REGULAR);

  *found = graph || g_file_test (sets, G_FILE_TEST_IS_REGULAR);
  return !*found || (graph ? guess_graph (path, spec, error) : guess_sets (path, spec, error));
}
