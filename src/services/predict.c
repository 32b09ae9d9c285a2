/* Files become a split with columns named like the network's inputs, which the feeder of training then takes. */

#include "services/predict.h"

#include "data/csv.h"
#include "data/dataset.h"
#include "data/error.h"
#include "data/file.h"
#include "data/idx.h"
#include "data/images.h"
#include "data/npy.h"
#include "data/tables.h"
#include "data/units.h"
#include "data/xyz.h"
#include "model/compile.h"
#include "services/batch.h"
#include "services/bound-data.h"
#include "services/noise.h"

#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define MAX_FILE (G_GUINT64_CONSTANT (1) << 31)

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, "%s: %s", path, why);
  return FALSE;
}

/* The one real input of the network; NULL where there are several. */
static const EqkValue *
only_input (const EqkProgram *program)
{
  const EqkValue *found = NULL;

  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkValue *value = eqk_program_value (program, v);

      if (value->kind != EQK_VALUE_FEED)
        continue;
      if (found != NULL)
        return NULL;
      found = value;
    }
  return found;
}

/* The same numbers with other extents. */
static EqsArray *
reshape (const EqsArray *array, guint n_dims, const guint64 *dims)
{
  return eqs_array_new_take (array->dtype, n_dims, dims, g_memdup2 (array->data, array->n_values * eqs_dtype_get_size (array->dtype)));
}

static gboolean
add_fixed (EqsModel *model, EqsSplit *split, const EqkValue *value, EqsArray *array, gboolean picture, GError **error)
{
  EqsColumn *column = eqs_split_take_column (split, value->name, EQS_COLUMN_FIXED, array, error);

  if (column == NULL)
    return FALSE;
  column->role = EQS_ROLE_INPUT;
  if (column->array->dtype == EQS_DTYPE_U8)
    column->scale = picture ? 1.0f / 255 : (float) eqs_map_get_number (model->run, "byte_scale", 1.0 / 255);   /* white is 1 in every picture */
  return eqs_split_check_column (split, column, error);
}

/* [rows, columns(, channels)], with or without samples before. */
static gboolean
add_grid (EqsModel *model, EqsSplit *split, const EqkValue *value, EqsArray *array, const char *path, gboolean picture, GError **error)
{
  const guint64 wanted[3] = { (guint64) value->space.h, (guint64) value->space.w, (guint64) value->width };
  const guint64 per = wanted[0] * wanted[1] * wanted[2], *d = array->dims;
  const guint   n = array->n_dims;
  const gboolean fits = (n == 2 && wanted[2] == 1 && d[0] == wanted[0] && d[1] == wanted[1]) ||
                        (n == 3 && d[0] == wanted[0] && d[1] == wanted[1] && d[2] == wanted[2]) ||
                        (n == 3 && wanted[2] == 1 && d[1] == wanted[0] && d[2] == wanted[1]) ||
                        (n == 4 && d[1] == wanted[0] && d[2] == wanted[1] && d[3] == wanted[2]);

  if (!fits || array->n_values == 0)
    {
      g_autofree char *has = eqs_dims_to_string (n, d), *wants = eqs_dims_to_string (3, wanted), *why = g_strdup_printf (_("it is %s, the network takes %s."), has, wants);

      eqs_array_unref (array);
      return refuse (error, path, why);
    }
  const guint64 dims[4] = { array->n_values / per, wanted[0], wanted[1], wanted[2] };
  EqsArray     *shaped = reshape (array, 4, dims);

  eqs_array_unref (array);
  return add_fixed (model, split, value, shaped, picture, error);
}

/* ---- rows of nodes, elements and edges ---- */

/* A member of an NPZ file; (nullable) */
static EqsArray *
find_member (GPtrArray *members, const char *name)
{
  for (guint i = 0; members != NULL && i < members->len; i++)
    if (g_strcmp0 (((EqsArray *) members->pdata[i])->name, name) == 0)
      return members->pdata[i];
  return NULL;
}

/* Where samples begin: as the file says, or all rows are of one. Of the first column of that kind. */
static gboolean
set_offsets (EqsSplit *split, EqsColumnKind kind, guint64 rows, GPtrArray *members, const char *path, GError **error)
{
  const char             *name = kind == EQS_COLUMN_PER_NODE ? "node_offsets" : "edge_offsets";
  const EqsArray         *given = find_member (members, name);
  const guint64           whole[2] = { 0, rows };
  g_autofree guint64     *offsets = given == NULL ? NULL : g_new (guint64, given->n_values + 1);

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    if (eqs_split_get_column (split, i)->kind == kind)
      return TRUE;
  if (given == NULL)
    return eqs_split_set_offsets (split, kind, whole, 1, error);
  for (gsize i = 0; i < given->n_values; i++)
    {
      const double at = eqs_array_get_double (given, i), before = i == 0 ? 0 : (double) offsets[i - 1];
      const gboolean first = i > 0 || at == 0, last = i + 1 < given->n_values || at == (double) rows;

      if (!(at >= before) || at > (double) rows || at != floor (at) || !first || !last)
        {
          g_autofree char *why = g_strdup_printf (_("“%s”[%zu] is %g; offsets rise from 0 to the number of rows, %" PRIu64 "."), name, i, at, rows);

          return refuse (error, path, why);
        }
      offsets[i] = (guint64) at;
    }
  if (given->n_values < 2)
    return refuse (error, path, _("offsets need a number more than there are samples."));
  return eqs_split_set_offsets (split, kind, offsets, given->n_values - 1, error);
}

/* Numbers of samples, of the points, elements or nodes of one or more samples, or of edges. members: (nullable) the arrays beside it */
static gboolean
add_rows (EqsModel *model, EqsSplit *split, const EqkValue *value, EqsArray *array, GPtrArray *members, const char *path, GError **error)
{
  const EqsColumnKind kind = value->space.kind == EQK_SPACE_EDGES ? EQS_COLUMN_PER_EDGE : EQS_COLUMN_PER_NODE;
  const guint64       width = (guint64) value->width, rows = array->n_values / MAX (1, width);
  const guint64       dims[2] = { rows, width };
  EqsColumn          *column;

  if (rows == 0 || rows * width != array->n_values || (array->n_dims > 1 && array->dims[array->n_dims - 1] != width && width != 1))
    {
      g_autofree char *has = eqs_dims_to_string (array->n_dims, array->dims), *why = g_strdup_printf (_("it is %s, the network takes rows of %d numbers."), has, value->width);

      eqs_array_unref (array);
      return refuse (error, path, why);
    }
  EqsArray *shaped = reshape (array, 2, dims);

  eqs_array_unref (array);
  if (value->space.kind == EQK_SPACE_SAMPLE)
    return add_fixed (model, split, value, shaped, FALSE, error);
  if (!set_offsets (split, kind, rows, members, path, error))
    {
      eqs_array_unref (shaped);
      return FALSE;
    }
  column = eqs_split_take_column (split, value->name, kind, shaped, error);
  if (column == NULL)
    return FALSE;
  column->role = EQS_ROLE_INPUT;
  return eqs_split_check_column (split, column, error);
}

/* The ends of edges: [edges, 2], or [2, edges] in the way of PyTorch Geometric. */
static gboolean
add_links (EqsSplit *split, GPtrArray *members, const char *path, GError **error)
{
  const EqsArray *pairs = find_member (members, "edges"), *index = find_member (members, "edge_index"), *from = pairs != NULL ? pairs : index;
  const guint     across = pairs != NULL ? 1 : 0;
  guint64         dims[2] = { 0, 2 };
  double         *ends;
  EqsColumn      *column;

  if (from == NULL || from->n_dims != 2 || from->dims[across] != 2)
    return refuse (error, path, _("the network reads edges: give their ends as an array “edges” [edges, 2] or “edge_index” [2, edges]."));
  dims[0] = from->dims[1 - across];
  if (!set_offsets (split, EQS_COLUMN_PER_EDGE, dims[0], members, path, error))
    return FALSE;
  ends = g_new (double, 2 * dims[0] + 1);
  for (gsize e = 0; e < dims[0]; e++)
    for (gsize k = 0; k < 2; k++)
      ends[2 * e + k] = eqs_array_get_double (from, pairs != NULL ? 2 * e + k : k * dims[0] + e);
  column = eqs_split_take_column (split, "edges", EQS_COLUMN_PER_EDGE, eqs_array_new_take (EQS_DTYPE_F64, 2, dims, ends), error);
  if (column == NULL)
    return FALSE;
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_NODE_INDEX;
  return eqs_split_check_column (split, column, error) && eqs_split_check_links (split, error);
}

static gboolean
add_array (EqsModel *model, EqsSplit *split, const EqkValue *value, EqsArray *array, GPtrArray *members, const char *path, GError **error)
{
  switch (value->space.kind)
    {
    case EQK_SPACE_GRID:
      return add_grid (model, split, value, array, path, FALSE, error);
    case EQK_SPACE_SAMPLE:
    case EQK_SPACE_NODES:
    case EQK_SPACE_EDGES:
      return add_rows (model, split, value, array, members, path, error);
    default:
      eqs_array_unref (array);
      return refuse (error, path, _("an input of this kind cannot be read from an array."));
    }
}

/* A table of numbers with a header line. */
static EqsArray *
read_csv (GBytes *bytes, const char *path, GError **error)
{
  g_autoptr (EqsCsv) csv = eqs_csv_parse (bytes, path, error);
  guint64            dims[2];
  float             *data;

  if (csv == NULL)
    return NULL;
  dims[0] = eqs_csv_get_n_rows (csv);
  dims[1] = eqs_csv_get_n_columns (csv);
  if (dims[0] == 0)
    {
      refuse (error, path, _("it has no rows."));
      return NULL;
    }
  data = g_new (float, dims[0] * dims[1]);
  for (gsize r = 0; r < dims[0]; r++)
    for (guint c = 0; c < dims[1]; c++)
      {
        double number;

        if (!eqs_csv_get_number (csv, r, c, &number, error))
          {
            g_free (data);
            return NULL;
          }
        data[r * dims[1] + c] = (float) number;
      }
  return eqs_array_new_take (EQS_DTYPE_F32, 2, dims, data);
}

static gboolean
read_members (EqsModel *model, EqsSplit *split, GBytes *bytes, const char *path, GError **error)
{
  g_autoptr (GPtrArray) members = eqs_npz_parse (bytes, path, error);

  if (members == NULL)
    return FALSE;
  for (int v = 0; v < eqk_program_n_values (model->program); v++)
    {
      const EqkValue *value = eqk_program_value (model->program, v);
      EqsArray       *array = value->kind == EQK_VALUE_FEED ? find_member (members, value->name) : NULL;

      if (array != NULL && !add_array (model, split, value, eqs_array_ref (array), members, path, error))
        return FALSE;
    }
  return eqk_program_n_structures (model->program) == 0 || !eqk_program_structure (model->program, 0)->given || add_links (split, members, path, error);
}

/* A table of the elements of several sets, which a column names. */
static gboolean
read_sets (EqsSplit *split, const EqkValue *value, const EqsCsv *csv, const char *sets, const char *path, GError **error)
{
  g_autoptr (GPtrArray)  fields = g_ptr_array_new ();
  g_autoptr (GHashTable) samples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  EqsColumnSpec          spec = { .name = (char *) value->name, .kind = EQS_COLUMN_PER_NODE, .sample_field = (char *) sets };
  EqsTableRows           rows = { NULL, NULL };
  EqsArray              *array = NULL;
  EqsColumn             *column = NULL;

  for (guint i = 0; i < eqs_csv_get_n_columns (csv); i++)
    if (!g_str_equal (eqs_csv_get_title (csv, i), sets))
      g_ptr_array_add (fields, (gpointer) eqs_csv_get_title (csv, i));
  if ((int) fields->len != value->width)
    {
      g_autofree char *why = g_strdup_printf (_("an element has %u numbers beside “%s”, the network takes %d."), fields->len, sets, value->width);

      return refuse (error, path, why);
    }
  g_ptr_array_add (fields, NULL);
  spec.fields = (char **) fields->pdata;
  if (eqs_table_choose (csv, &spec, NULL, samples, path, &rows, error))
    array = eqs_table_numbers (csv, &spec, &rows, error);
  if (array != NULL)
    {
      g_autofree guint64 *offsets = g_new (guint64, rows.offsets->len);

      for (guint i = 0; i < rows.offsets->len; i++)
        offsets[i] = g_array_index (rows.offsets, guint32, i);
      if (eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, offsets, rows.offsets->len - 1, error))
        column = eqs_split_take_column (split, value->name, EQS_COLUMN_PER_NODE, g_steal_pointer (&array), error);
      g_clear_pointer (&array, eqs_array_unref);
    }
  eqs_table_rows_clear (&rows);
  if (column != NULL)
    column->role = EQS_ROLE_INPUT;
  return column != NULL && eqs_split_check_column (split, column, error);
}

static gboolean
ends_with (const char *path, const char *const *suffixes)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (; *suffixes != NULL; suffixes++)
    if (g_str_has_suffix (lower, *suffixes))
      return TRUE;
  return FALSE;
}

static GBytes *
read_bytes (const char *path, GError **error)
{
  GBytes *bytes = eqs_file_read (path, MAX_FILE, error), *expanded;

  if (bytes == NULL || !eqs_gzip_is (bytes))
    return bytes;
  expanded = eqs_gzip_expand (bytes, MAX_FILE, path, error);
  g_bytes_unref (bytes);
  return expanded;
}

/* A folder of data: one part of it. */
static EqsSplit *
read_folder (EqsModel *model, const char *path, const char *part, GError **error)
{
  g_autoptr (EqsDataset) dataset = eqs_bound_data_open (model->document, path, error);
  const char            *first;

  if (dataset == NULL)
    return NULL;
  first = eqs_dataset_has_split (dataset, "test") ? "test" : eqs_dataset_get_splits (dataset)[0];
  return eqs_dataset_load (dataset, part != NULL ? part : first, error);
}

/* In the units that molecules have inside, where the file says that it has others. */
static EqsSplit *
read_xyz (GBytes *bytes, const char *path, GError **error)
{
  EqsSplit *split = eqs_xyz_parse (bytes, path, path, error);

  for (guint i = 0; split != NULL && i < eqs_split_get_n_columns (split); i++)
    {
      EqsColumn *column = (EqsColumn *) eqs_split_get_column (split, i);
      double     factor;

      if (g_str_equal (column->name, "Lattice"))
        {
          g_free (column->name);
          column->name = g_strdup ("cell");
        }
      eqs_unit_convert (column->unit, &factor);
      if (factor != 1)
        eqs_column_convert (column, factor);
    }
  return split;
}

static EqsSplit *
read_path (EqsModel *model, const char *path, GError **error)
{
  static const char *const pictures[] = { ".png", ".pgm", ".ppm", ".pbm", ".pnm", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", NULL };
  static const char *const xyz[] = { ".xyz", ".extxyz", NULL }, *const npz[] = { ".npz", NULL }, *const csv[] = { ".csv", NULL }, *const npy[] = { ".npy", NULL };
  const EqkValue *input = only_input (model->program);
  g_autoptr (EqsSplit) split = eqs_split_new (path);
  g_autoptr (GBytes) bytes = NULL;
  EqsArray       *array;

  if (ends_with (path, pictures))
    {
      if (input == NULL || input->space.kind != EQK_SPACE_GRID)
        {
          refuse (error, path, _("the network does not take a picture."));
          return NULL;
        }
      array = eqs_image_read (path, input->width == 1 || input->width == 3 ? (guint) input->width : 0, error);
      return array != NULL && add_grid (model, split, input, array, path, TRUE, error) ? g_steal_pointer (&split) : NULL;
    }
  bytes = read_bytes (path, error);
  if (bytes == NULL)
    return NULL;
  if (ends_with (path, xyz))
    return read_xyz (bytes, path, error);
  if (ends_with (path, npz))
    return read_members (model, split, bytes, path, error) ? g_steal_pointer (&split) : NULL;
  if (input == NULL)
    {
      refuse (error, path, _("the network takes several inputs: give an XYZ file, an NPZ file with an array for each, or a folder of data."));
      return NULL;
    }
  if (eqk_program_n_structures (model->program) > 0 && eqk_program_structure (model->program, 0)->given)
    {
      refuse (error, path, _("the network reads edges: give an NPZ file with “edges”, or a folder of data."));
      return NULL;
    }
  if (!ends_with (path, csv) && !ends_with (path, npy) && !eqs_idx_has_name (path))
    {
      refuse (error, path, _("this kind of file is not read; pictures, IDX, NPY, NPZ, CSV and XYZ are."));
      return NULL;
    }
  if (ends_with (path, csv) && input->space.kind == EQK_SPACE_NODES)
    {
      g_autoptr (EqsCsv) table = eqs_csv_parse (bytes, path, error);
      const char        *sets = table == NULL ? NULL : eqs_table_find_sets (table);

      if (table == NULL)
        return NULL;
      if (sets != NULL)
        return read_sets (split, input, table, sets, path, error) ? g_steal_pointer (&split) : NULL;
    }
  array = ends_with (path, csv) ? read_csv (bytes, path, error) : ends_with (path, npy) ? eqs_npy_parse (bytes, path, error) : eqs_idx_parse (bytes, path, error);
  return array != NULL && add_array (model, split, input, array, NULL, path, error) ? g_steal_pointer (&split) : NULL;
}

EqsSplit *
eqs_predict_read_part (EqsModel *model, const char *path, const char *part, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *whole = strchr (path, '/') != NULL ? g_strdup (path) : g_strconcat ("./", path, NULL);      /* not a shipped name */

      return read_folder (model, whole, part, error);
    }
  if (part == NULL)
    return read_path (model, path, error);
  refuse (error, path, _("a file has no parts; --split is for folders."));
  return NULL;
}

EqsSplit *
eqs_predict_read (EqsModel *model, const char *path, GError **error)
{
  return eqs_predict_read_part (model, path, NULL, error);
}

/* ---- running ---- */

/* Rows of a sample within a batch: [first, first + n). */
static void
rows_of (const EqkRun *run, const EqkProgramOutput *output, guint k, gsize *first, gsize *n)
{
  switch (output->type.space.kind)
    {
    case EQK_SPACE_NODES:
      *first = (gsize) run->structures[0].node_offset[k];
      *n = (gsize) run->structures[0].node_offset[k + 1] - *first;
      break;
    case EQK_SPACE_EDGES:
      *first = (gsize) run->structures[0].by_dst[run->structures[0].node_offset[k]];
      *n = (gsize) run->structures[0].by_dst[run->structures[0].node_offset[k + 1]] - *first;
      break;
    case EQK_SPACE_GRID:
      *n = (gsize) output->type.space.h * (gsize) output->type.space.w;
      *first = k * *n;
      break;
    default:
      *n = 1;
      *first = k;
    }
}

/* Rows of edges as the data have them; (transfer full) */
static float *
unsort (const float *rows, const guint32 *order, gsize first, gsize n, gsize width)
{
  float *out = g_new (float, n * width + 1);

  for (gsize i = 0; i < n; i++)
    memcpy (out + (order[first + i] - first) * width, rows + i * width, width * sizeof *rows);
  return out;
}

static gboolean
hand_out (EqkRun *run, EqsFeeder *feeder, guint first_sample, guint n, EqsPredictFunc func, gpointer data, GError **error)
{
  const guint32 *order = eqs_feeder_get_edge_order (feeder);

  for (guint k = 0; k < n; k++)
    for (int o = 0; o < eqk_program_n_outputs (run->program); o++)
      {
        const EqkProgramOutput *output = eqk_program_output (run->program, o);
        EqsPrediction           p = { first_sample + k, (guint) o, output->name, &output->type, 0, 0, NULL };
        g_autofree float       *sorted = NULL;
        gsize                   first;

        p.width = (gsize) eqk_program_value (run->program, output->value)->width;
        rows_of (run, output, k, &first, &p.rows);
        p.values = (const float *) eqk_run_value (run, output->value) + first * p.width;
        if (output->type.space.kind == EQK_SPACE_EDGES && order != NULL)
          p.values = sorted = unsort (p.values, order, first, p.rows, p.width);
        for (gsize i = 0; i < p.rows * p.width; i++)
          if (!isfinite (p.values[i]))
            {
              g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("Output “%s” of sample %u is infinite or not a number."), p.name, p.sample);
              return FALSE;
            }
        func (&p, data);
      }
  return TRUE;
}

static gboolean
run_batches (EqkRun *run, EqsFeeder *feeder, guint n, guint batch, EqsPredictFunc func, gpointer data, GError **error)
{
  g_autofree guint *samples = g_new (guint, batch);

  for (guint first = 0; first < n; first += batch)
    {
      const guint count = MIN (batch, n - first);

      for (guint k = 0; k < count; k++)
        samples[k] = first + k;
      if (!eqs_feeder_fill (feeder, run, samples, count, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
        return FALSE;
      eqk_run_forward (run, EQK_PASS_INFER, NULL);
      if (!hand_out (run, feeder, first, count, func, data, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eqs_predict (EqsModel *model, EqsSplit *split, int threads, EqsPredictFunc func, gpointer data, GError **error)
{
  g_autoptr (EqsFeeder) feeder = NULL;
  EqsNoise      noise;
  const guint   n = eqs_split_get_n (split), batch = MIN (64, n);
  EqkRunOptions options = { .precision = EQK_F32 };
  EqkDiag       diag = EQK_DIAG_INIT;
  EqkRun       *run = NULL;
  gboolean      ok = FALSE;

  if (eqs_noise_find (model->program, &noise))
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("This network tells noise and has no answer for a file; “equi sample” makes samples with it."));
      return FALSE;
    }
  feeder = eqs_feeder_new (model->program, split, FALSE, error);
  if (feeder == NULL || !eqs_feeder_take_species (feeder, model->run, error))
    return FALSE;
  options.capacity = eqs_feeder_get_capacity (feeder, batch);
  options.pool = eqk_pool_new (threads > 0 ? threads : (int) g_get_num_processors ());
  if (eqk_run_new (model->program, model->store, &options, &run, &diag) != EQK_OK)
    eqs_compile_set_error (error, diag.status, &diag);
  else
    ok = run_batches (run, feeder, n, batch, func, data, error);
  eqk_run_free (run);
  eqk_pool_free (options.pool);
  return ok;
}
