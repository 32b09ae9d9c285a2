/* A run without a pass: the feeder fills its feeds, and they are copied out as a split. */

#include "studio/augment.h"

#include "model/compile.h"
#include "model/training-plan.h"
#include "services/batch.h"

#include "eqk/program.h"

#include <string.h>

/* The value of the first grid that is fed; -1. */
static int
grid_feed (const EqkProgram *program)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkPortType *type = eqk_program_value (program, v)->kind != EQK_VALUE_FEED ? NULL : eqk_program_value_type (program, v);

      if (type != NULL && type->space.kind == EQK_SPACE_GRID)
        return v;
    }
  return -1;
}

/* The feed as columns of a new split. */
static EqsSplit *
copy_feed (EqkRun *run, int value, const EqsColumn *like, guint n, GError **error)
{
  const EqkPortType *type = eqk_program_value_type (eqk_run_program (run), value);
  const int          width = eqk_program_value (eqk_run_program (run), value)->width;
  const guint64      dims[] = { n, (guint64) type->space.h, (guint64) type->space.w, (guint64) width };
  EqsSplit          *split = eqs_split_new ("augmented");
  EqsArray          *array = eqs_array_new_take (EQS_DTYPE_F32, G_N_ELEMENTS (dims), dims, g_memdup2 (eqk_run_feed (run, value), sizeof (float) * n * dims[1] * dims[2] * dims[3]));
  EqsColumn         *column = eqs_split_take_column (split, "x", EQS_COLUMN_FIXED, array, error);

  if (column == NULL)
    {
      eqs_split_unref (split);
      return NULL;
    }
  column->role = EQS_ROLE_INPUT;
  column->scale = 1;
  column->representation = g_strdup (like->representation);
  return split;
}

typedef struct
{
  EqsCheck  *check;
  EqkStore  *store;
  EqkRun    *run;
  EqsSplit  *split;
  EqsFeeder *feeder;
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->feeder, eqs_feeder_free);
  g_clear_pointer (&look->run, eqk_run_free);
  g_clear_pointer (&look->store, eqk_store_unref);
  g_clear_pointer (&look->split, eqs_split_unref);
  g_clear_pointer (&look->check, eqs_check_unref);
}

static gboolean
prepare (Look *look, EqsDocument *document, EqsDataset *dataset, guint n, GError **error)
{
  const EqsMap *plan = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  EqkRunOptions options = { .precision = EQK_F32 };
  EqkDiag       diag = EQK_DIAG_INIT;

  look->check = eqs_check_new (document, error);
  if (look->check == NULL)
    return FALSE;
  if (look->check->program == NULL || grid_feed (look->check->program) < 0)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, "");
      return FALSE;
    }
  look->split = eqs_dataset_load_training (dataset, eqs_map_get_string (plan, "split", "train"), FALSE, 0, n, error);
  look->feeder = look->split == NULL ? NULL : eqs_feeder_new (look->check->program, look->split, FALSE, error);
  if (look->feeder == NULL)
    return FALSE;
  look->store = eqk_store_new (look->check->program, EQK_F32, 0);
  options.capacity = eqs_feeder_get_capacity (look->feeder, n);
  if (look->store == NULL || eqk_run_new (look->check->program, look->store, &options, &look->run, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  return TRUE;
}

gboolean
eqs_augment_preview (EqsDocument *document, EqsDataset *dataset, guint n, guint step, EqsSplit **plain, EqsSplit **turned, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  const EqsMap    *plan = eqs_document_get_section (document, EQS_SECTION_TRAINING);
  /* What is trained in place of an exact design is shown its turns, whatever else the plan says (services/ways.h). */
  const char      *name = strcmp (eqs_training_get_string (plan, "promise"), "augmented") == 0 ? "group" : eqs_training_get_string (plan, "augment");
  const gboolean   jitter = strcmp (name, "jitter") == 0;
  const EqkGroup  *group = NULL;
  const EqsColumn *like;
  g_autofree guint *samples = g_new (guint, n + 1);
  Look             look = { 0 };
  gboolean         ok = FALSE;

  *plain = *turned = NULL;
  if (!prepare (&look, document, dataset, n, error))
    goto done;
  n = MIN (n, eqs_split_get_n (look.split));
  for (guint i = 0; i < n; i++)
    samples[i] = i;
  like = eqs_split_find_input (look.split);
  if (!eqs_feeder_fill (look.feeder, look.run, samples, n, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
    goto done;
  *plain = copy_feed (look.run, grid_feed (look.check->program), like, n, error);
  if (*plain == NULL)
    goto done;
  group = strcmp (name, "none") == 0 ? NULL : strcmp (name, "group") == 0 ? eqk_graph_get_symmetry (eqk_typed_graph (look.check->typed))->group : eqk_group_get (name);
  ok = group == NULL && !jitter;
  if (!ok && eqs_feeder_fill (look.feeder, look.run, samples, n, jitter ? EQS_TRANSFORM_JITTER : EQS_TRANSFORM_GROUP, group, eqs_map_get_count (plan, "seed", G_MAXUINT64, 0), step, error))
    {
      *turned = copy_feed (look.run, grid_feed (look.check->program), like, n, error);
      ok = *turned != NULL;
    }

done:
  if (!ok)
    g_clear_pointer (plain, eqs_split_unref);
  look_clear (&look);
  return ok;
}
