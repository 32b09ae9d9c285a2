/* One run at a time, as one core is the window's. */

#include "studio/seeds.h"

#include "studio/kept-run.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SEED_MARK "-seed-"      /* in names of folders, between that of the first run and the seed */

static EqsTraining *
first_of (EqsTraining *run)
{
  return eqs_training_get_seed_of (run) != NULL ? eqs_training_get_seed_of (run) : run;
}

gint64
eqs_seeds_get (EqsTraining *run)
{
  g_return_val_if_fail (EQS_IS_TRAINING (run), 0);

  const EqsMap *plan = eqs_document_get_section (eqs_training_get_document (run), EQS_SECTION_TRAINING);

  return eqs_training_get_options (run)->seed >= 0 ? eqs_training_get_options (run)->seed : (gint64) eqs_map_get_count (plan, "seed", G_MAXINT64, 0);
}

GPtrArray *
eqs_seeds_family (EqsSession *session, EqsTraining *run)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GListModel  *runs = eqs_session_get_runs (session);
  EqsTraining *first = first_of (run);
  GPtrArray   *family = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      EqsTraining *other = g_list_model_get_item (runs, i);

      if (other == first || eqs_training_get_seed_of (other) == first)
        g_ptr_array_add (family, other);
      else
        g_object_unref (other);
    }
  return family;
}

static EqsTraining *
new_run (EqsTraining *first, gint64 seed)
{
  g_autoptr (EqsDocument) document = eqs_document_dup (eqs_training_get_document (first));
  g_autoptr (EqsValue)    value = eqs_value_new_number ((double) seed);
  EqsTrainOptions options = *eqs_training_get_options (first);
  /* Translators: the name of a run, and its seed. */
  g_autofree char *name = g_strdup_printf (_("%s, seed %d"), eqs_training_get_name (first), (int) seed);
  g_autofree char *folder = g_strdup_printf ("%s" SEED_MARK "%d", eqs_training_get_folder (first), (int) seed);
  EqsTraining     *run;

  eqs_document_set_entry (document, EQS_SECTION_TRAINING, "seed", value, NULL);
  options.seed = -1;
  run = eqs_training_new (name, document, eqs_training_get_dataset (first), &options, folder);
  eqs_training_set_parameters (run, eqs_training_get_parameters (first));
  eqs_training_set_seed_of (run, first);
  return run;
}

void
eqs_seeds_train (EqsSession *session, EqsTraining *run, guint n)
{
  EqsTraining          *first = first_of (run), *shown = eqs_session_get_run (session), *before = NULL;
  g_autoptr (GPtrArray) family = eqs_seeds_family (session, run);
  gint64                seed = 0;

  g_return_if_fail (eqs_training_get_dataset (first) != NULL);

  for (guint i = 0; i < family->len; i++)
    {
      seed = MAX (seed, eqs_seeds_get (family->pdata[i]));
      if (eqs_training_is_active (family->pdata[i]))
        before = family->pdata[i];
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (EqsTraining) next = new_run (first, ++seed);

      eqs_session_add_run (session, next);
      if (before == NULL)
        eqs_training_start (next);
      else
        eqs_training_start_after (next, before);
      before = next;      /* the session holds it */
    }
  if (shown != NULL)
    eqs_session_show_run (session, shown);
}

/* ---- on disk ---- */

/* "…/run-1" of "…/run-1-seed-3"; what is no folder of a seed stands for itself. (transfer full) */
static char *
dup_first_folder (const char *folder)
{
  const char *mark = g_strrstr (folder, SEED_MARK);
  const char *digits = mark == NULL ? NULL : mark + strlen (SEED_MARK);

  return digits != NULL && digits[0] != '\0' && digits[strspn (digits, "0123456789")] == '\0' ? g_strndup (folder, (gsize) (mark - folder)) : g_strdup (folder);
}

static int
by_seed (gconstpointer a, gconstpointer b)
{
  const char *x = *(const char *const *) a, *y = *(const char *const *) b;

  return strlen (x) != strlen (y) ? (strlen (x) < strlen (y) ? -1 : 1) : strcmp (x, y);
}

GPtrArray *
eqs_seeds_list_folders (const char *folder)
{
  g_autofree char *first = dup_first_folder (folder), *above = g_path_get_dirname (first);
  g_autoptr (GDir) dir = g_dir_open (above, 0, NULL);
  GPtrArray       *folders = g_ptr_array_new_with_free_func (g_free);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (above, name, NULL), *its = dup_first_folder (path);

      if (strcmp (its, first) == 0 && strcmp (path, folder) != 0 && eqs_kept_run_stamp (path) > 0)
        g_ptr_array_add (folders, g_steal_pointer (&path));
    }
  g_ptr_array_sort (folders, by_seed);
  return folders;
}

void
eqs_seeds_join (EqsSession *session, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_SESSION (session));

  GListModel      *runs = eqs_session_get_runs (session);
  g_autofree char *folder = dup_first_folder (eqs_training_get_folder (run));
  const gboolean   is_first = strcmp (folder, eqs_training_get_folder (run)) == 0;

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (EqsTraining) other = g_list_model_get_item (runs, i);
      g_autofree char        *its = dup_first_folder (eqs_training_get_folder (other));

      if (other == run || strcmp (its, folder) != 0)
        continue;
      if (is_first && eqs_training_get_seed_of (other) == NULL)
        eqs_training_set_seed_of (other, run);
      else if (!is_first && strcmp (its, eqs_training_get_folder (other)) == 0)
        eqs_training_set_seed_of (run, other);
    }
}

/* ---- figures ---- */

static void
take (EqsSpread *spread, double value)
{
  if (!isfinite (value))
    return;
  spread->low = spread->n == 0 ? value : MIN (spread->low, value);
  spread->high = spread->n == 0 ? value : MAX (spread->high, value);
  spread->mean = (spread->mean * spread->n + value) / (spread->n + 1);
  spread->n++;
}

guint
eqs_seeds_band (GPtrArray *runs, EqsPointValue value, double *x, double *mean, double *low, double *high)
{
  guint n = G_MAXUINT;

  for (guint i = 0; i < runs->len; i++)
    if (eqs_training_get_points (runs->pdata[i])->len > 0)
      n = MIN (n, eqs_training_get_points (runs->pdata[i])->len);
  n = n == G_MAXUINT ? 0 : n;
  for (guint k = 0; k < n; k++)
    {
      EqsSpread spread = { 0, 0, 0, 0 };

      for (guint i = 0; i < runs->len; i++)
        {
          const GArray *points = eqs_training_get_points (runs->pdata[i]);

          if (points->len == 0)
            continue;
          x[k] = g_array_index (points, EqsTrainingPoint, k).epoch;
          take (&spread, value (&g_array_index (points, EqsTrainingPoint, k)));
        }
      mean[k] = spread.n == 0 ? NAN : spread.mean;
      low[k] = spread.n == 0 ? NAN : spread.low;
      high[k] = spread.n == 0 ? NAN : spread.high;
    }
  return n;
}

EqsSpread
eqs_seeds_last (GPtrArray *runs, EqsPointValue value)
{
  EqsSpread spread = { 0, 0, 0, 0 };

  for (guint i = 0; i < runs->len; i++)
    {
      const GArray *points = eqs_training_get_points (runs->pdata[i]);

      if (points->len > 0 && !eqs_training_is_active (runs->pdata[i]))
        take (&spread, value (&g_array_index (points, EqsTrainingPoint, points->len - 1)));
    }
  return spread;
}

EqsSpread
eqs_seeds_test (GPtrArray *runs, const char *metric)
{
  EqsSpread spread = { 0, 0, 0, 0 };

  for (guint i = 0; i < runs->len; i++)
    {
      const GArray *test = eqs_training_get_test (runs->pdata[i]);

      for (guint k = 0; test != NULL && metric != NULL && k < test->len; k++)
        if (strcmp (g_array_index (test, EqsMetric, k).name, metric) == 0)
          take (&spread, g_array_index (test, EqsMetric, k).value);
    }
  return spread;
}
