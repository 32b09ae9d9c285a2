/* metrics.jsonl has a line an epoch; what it does not say (units, best epoch, data) stands in the checkpoint beside it. */

#include "studio/kept-run.h"

#include "model/atomic.h"
#include "model/compile.h"
#include "model/file.h"
#include "model/json.h"
#include "services/bound-data.h"
#include "services/checkpoint.h"
#include "studio/training.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

void
eqs_kept_run_free (EqsKeptRun *self)
{
  g_free (self->folder);
  g_free (self->name);
  g_clear_object (&self->document);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->points, g_array_unref);
  g_free (self->checkpoint);
  g_free (self);
}

static const EqsMap *
part (const EqsMap *map, const char *key)
{
  const EqsValue *value = map == NULL ? NULL : eqs_map_get (map, key);

  return value == NULL ? NULL : eqs_value_get_map (value);
}

/* The metric that models are chosen by: the first of these that is there. */
static const char *
leading_metric (const EqsMap *valid)
{
  static const char *const order[] = { "miou", "accuracy", "force_mae", "energy_mae", "mae", "rmse", "loss" };

  for (guint i = 0; valid != NULL && i < G_N_ELEMENTS (order); i++)
    if (eqs_map_get (valid, order[i]) != NULL)
      return order[i];
  return NULL;
}

static void
read_line (EqsKeptRun *self, const char *line)
{
  g_autoptr (EqsValue) value = eqs_value_new_typed (line);
  const EqsMap     *map = eqs_value_get_map (value), *valid = part (map, "valid");
  const char       *metric = leading_metric (valid);
  EqsTrainingPoint  point;

  if (map == NULL)
    return;
  point = (EqsTrainingPoint) { (guint) eqs_map_get_count (map, "epoch", G_MAXUINT, self->points->len + 1), eqs_map_get_number (part (map, "train"), "loss", NAN),
                               eqs_map_get_number (valid, "loss", NAN), metric == NULL ? NAN : eqs_map_get_number (valid, metric, NAN),
                               eqs_map_get_number (map, "symmetry_error", -1), eqs_map_get_number (map, "seconds", 0) };
  if (metric != NULL)
    g_strlcpy (self->metric, metric, sizeof self->metric);
  g_array_append_val (self->points, point);
}

static void
read_points (EqsKeptRun *self)
{
  g_autofree char *path = g_build_filename (self->folder, "metrics.jsonl", NULL), *text = NULL;
  g_auto (GStrv)   lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '{')
      read_line (self, lines[i]);
}

/* @param data (out) (transfer full): what to open */
static void
read_checkpoint (EqsKeptRun *self, char **data)
{
  g_autofree char *path = g_build_filename (self->folder, "best.safetensors", NULL);
  g_autoptr (EqsCheckpoint) checkpoint = g_file_test (path, G_FILE_TEST_EXISTS) ? eqs_checkpoint_open (path, NULL) : NULL;
  const EqsMap *run = checkpoint == NULL ? NULL : eqs_checkpoint_get_run (checkpoint);

  if (run == NULL)
    return;
  self->best_epoch = (guint) eqs_map_get_count (run, "best_epoch", G_MAXUINT, 0);
  self->epochs = (guint) eqs_map_get_count (run, "epochs", G_MAXUINT, self->epochs);
  g_strlcpy (self->unit, eqs_map_get_string (part (run, "units"), self->metric, ""), sizeof self->unit);
  *data = g_strdup (eqs_map_get_string (run, "data_path", NULL));
  self->checkpoint = g_steal_pointer (&path);
}

EqsKeptRun *
eqs_kept_run_read (const char *folder, GError **error)
{
  g_autoptr (EqsKeptRun) self = g_new0 (EqsKeptRun, 1);
  g_autoptr (EqsCheck)   check = NULL;
  g_autofree char *design = g_build_filename (folder, "design.equi", NULL), *named = g_build_filename (folder, "name.txt", NULL), *data = NULL;

  if (!g_file_test (design, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("%s is no run folder: it has no design.equi."), folder);
      return NULL;
    }
  self->folder = g_strdup (folder);
  self->document = eqs_file_load (design, error);
  if (self->document == NULL)
    return NULL;
  self->points = g_array_new (FALSE, TRUE, sizeof (EqsTrainingPoint));
  self->epochs = (guint) eqs_map_get_count (eqs_document_get_section (self->document, EQS_SECTION_TRAINING), "epochs", G_MAXUINT, 15);
  read_points (self);
  read_checkpoint (self, &data);
  check = eqs_check_new (self->document, NULL);
  self->parameters = check == NULL ? 0 : MAX (check->parameters, 0);
  if (data == NULL)
    data = g_strdup (eqs_bound_data_get_name (self->document));
  self->dataset = data == NULL ? NULL : eqs_bound_data_open (self->document, data, NULL);
  if (g_file_get_contents (named, &self->name, NULL, NULL))
    g_strstrip (self->name);
  if (self->name == NULL || self->name[0] == '\0')
    {
      g_autofree char *own = g_path_get_basename (folder), *above = g_path_get_dirname (folder), *window = g_path_get_basename (above);

      g_free (self->name);
      self->name = g_str_has_prefix (own, "run-") ? g_strdup_printf ("%s, %s", window, own) : g_strdup (own);
    }
  return g_steal_pointer (&self);
}

guint64
eqs_kept_run_stamp (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "metrics.jsonl", NULL);
  GStatBuf         info;

  return g_stat (path, &info) == 0 ? (guint64) info.st_size + ((guint64) info.st_mtime << 24) : 0;
}

gboolean
eqs_kept_run_write_name (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "name.txt", NULL);

  return eqs_file_write_atomic (path, name, (gssize) strlen (name), error);
}

char *
eqs_kept_run_dup_home (void)
{
  return g_build_filename (g_get_user_data_dir (), "equistudio", "runs", NULL);
}

typedef struct { char *folder; guint64 time; } Found;

static void
found_clear (gpointer data)
{
  g_free (((Found *) data)->folder);
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const guint64 x = ((const Found *) a)->time, y = ((const Found *) b)->time;

  return x < y ? 1 : x > y ? -1 : 0;
}

/* Adds the run folders below a folder, two levels deep. */
static void
look_in (GArray *all, const char *folder, guint depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      const guint64    stamp = eqs_kept_run_stamp (path);
      Found            found = { NULL, stamp >> 24 };

      if (stamp > 0)
        {
          found.folder = g_steal_pointer (&path);
          g_array_append_val (all, found);
        }
      else if (depth > 0 && g_file_test (path, G_FILE_TEST_IS_DIR))
        look_in (all, path, depth - 1);
    }
}

GPtrArray *
eqs_kept_run_list (guint n)
{
  g_autofree char *home = eqs_kept_run_dup_home ();
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Found));
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  g_array_set_clear_func (all, found_clear);
  look_in (all, home, 1);
  g_array_sort (all, newest_first);
  for (guint i = 0; i < all->len && i < n; i++)
    g_ptr_array_add (folders, g_strdup (g_array_index (all, Found, i).folder));
  return folders;
}
