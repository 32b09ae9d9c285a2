/*
 * Every template, as it opens on its data: nothing to mend, and it trains, to the same weights with one thread and with three, without a
 * child process and without a socket.
 */

#include "model/compile.h"
#include "services/bind.h"
#include "services/checkpoint.h"
#include "services/template.h"
#include "services/trainer.h"

#include <math.h>
#include <string.h>

/* Sockets among the open files of this process. */
static guint
count_sockets (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  const char      *name;
  guint            n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL), *target = g_file_read_link (path, NULL);

      n += target != NULL && g_str_has_prefix (target, "socket:");
    }
  return n;
}

static guint
count_children (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);
  const char      *name;
  guint            n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "children", NULL), *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))
        n += g_strstrip (text)[0] != '\0';
    }
  return n;
}

typedef struct { guint sockets, seen; } Watch;

static void
watch_cb (const EqsTrainProgress *progress, gpointer data)
{
  Watch *watch = data;

  g_assert_cmpuint (count_sockets (), ==, watch->sockets);
  g_assert_cmpuint (count_children (), ==, 0);
  watch->seen++;
}

/* @return (transfer full) the last weights */
static EqsModel *
train (EqsDocument *document, EqsDataset *dataset, int threads)
{
  EqsTrainOptions  options = EQS_TRAIN_OPTIONS_INIT;
  EqsTrainResult   result;
  Watch            watch = { count_sockets (), 0 };
  g_autofree char *folder = g_dir_make_tmp ("equi-templates-XXXXXX", NULL), *last = g_build_filename (folder, "last.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  EqsModel        *model;

  options.epochs = g_test_slow () ? 3 : 1;
  options.limit = 12;
  options.batch = 4;
  options.threads = threads;
  options.folder = folder;
  options.force = TRUE;
  g_assert_true (eqs_train (document, dataset, &options, NULL, watch_cb, &watch, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (watch.seen, >, 0);
  g_assert_true (isfinite (result.best_score));
  eqs_train_result_clear (&result);
  model = eqs_model_open (last, &error);
  g_assert_no_error (error);
  return model;
}

static void
same_weights (const EqsModel *a, const EqsModel *b)
{
  g_assert_cmpuint (eqk_store_n_weights (a->store), >, 0);
  g_assert_cmpmem (eqk_store_weights (a->store), eqk_store_n_weights (a->store) * sizeof (float), eqk_store_weights (b->store), eqk_store_n_weights (b->store) * sizeof (float));
  g_assert_cmpmem (eqk_store_state (a->store), eqk_store_n_state (a->store) * sizeof (float), eqk_store_state (b->store), eqk_store_n_state (b->store) * sizeof (float));
}

static void
test_template (gconstpointer data)
{
  const EqsTemplate      *template = data;
  g_autoptr (GError)      error = NULL;
  g_autoptr (EqsDocument) document = eqs_template_new (template->id, &error);
  g_autoptr (EqsDataset)  dataset = eqs_dataset_open (template->data, &error);
  g_autoptr (EqsCheck)    check = NULL;
  g_autoptr (GPtrArray)   changes = NULL;
  g_autoptr (EqsModel)    one = NULL, three = NULL;

  g_assert_no_error (error);
  g_assert_true (eqs_compile_apply_preview (document, &error));
  g_assert_true (eqs_bind (document, dataset, NULL, &changes, &error));
  check = eqs_check_new (document, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = check->problems->pdata[i];

      g_test_message ("%s: %s", problem->code, problem->message);
      g_assert_cmpint (problem->severity, ==, EQK_SEVERITY_NOTE);
    }
  one = train (document, dataset, 1);
  three = train (document, dataset, 3);
  same_weights (one, three);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) list = NULL;

  g_test_init (&argc, &argv, NULL);
  list = eqs_templates_list ();
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *path = g_strconcat ("/templates/", ((const EqsTemplate *) list->pdata[i])->id, NULL);

      g_test_add_data_func (path, list->pdata[i], test_template);
    }
  return g_test_run ();
}
