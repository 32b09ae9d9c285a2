/* One pass over the split; the losses are those of each sample by itself. */

#include "studio/worst.h"

#include "services/predict.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  GArray          *found;      /* of EqsWorstSample, all samples */
  EqsSplit        *split;
  const EqsColumn *target;
  guint            wrong;
  gboolean         refused;
} Look;

static void
add_class (Look *look, const EqsPrediction *answer, EqsWorstSample *worst)
{
  double top = -G_MAXDOUBLE, sum = 0;
  gint32 label = 0;

  eqs_split_copy_int (look->split, look->target, &answer->sample, 1, &label);
  for (gsize i = 0; i < answer->width; i++)
    if ((double) answer->values[i] > top)
      {
        top = (double) answer->values[i];
        worst->told = (int) i;
      }
  for (gsize i = 0; i < answer->width; i++)
    sum += exp ((double) answer->values[i] - top);
  worst->truth = label;
  worst->share = 1 / sum;
  worst->loss = log (sum) - ((double) answer->values[MIN ((gsize) MAX (label, 0), answer->width - 1)] - top);
  look->wrong += worst->told != worst->truth;
}

static void
add_numbers (Look *look, const EqsPrediction *answer, EqsWorstSample *worst)
{
  g_autofree float *truth = g_new (float, look->target->n_values);

  eqs_split_copy (look->split, look->target, &answer->sample, 1, truth);
  for (gsize i = 0; i < answer->width; i++)
    worst->loss += fabs ((double) answer->values[i] - (double) truth[i]) / (double) answer->width;
}

static void
answer_cb (const EqsPrediction *answer, gpointer data)
{
  Look          *look = data;
  EqsWorstSample worst = { answer->sample, 0, -1, -1, 0 };

  if (answer->output != 0)
    return;
  if (answer->rows != 1 || (look->target->values != EQS_VALUES_LABEL && answer->width != look->target->n_values))
    look->refused = TRUE;
  else
    {
      if (look->target->values == EQS_VALUES_LABEL)
        add_class (look, answer, &worst);
      else
        add_numbers (look, answer, &worst);
      g_array_append_val (look->found, worst);
    }
}

static int
worst_first (gconstpointer a, gconstpointer b)
{
  const double x = ((const EqsWorstSample *) a)->loss, y = ((const EqsWorstSample *) b)->loss;

  return x < y ? 1 : x > y ? -1 : (int) ((const EqsWorstSample *) a)->sample - (int) ((const EqsWorstSample *) b)->sample;
}

GArray *
eqs_worst_find (EqsModel *model, EqsSplit *split, guint n, int threads, guint *n_wrong, GError **error)
{
  Look look = { g_array_new (FALSE, TRUE, sizeof (EqsWorstSample)), split, NULL, 0, FALSE };
  const EqsMap *spec = eqs_document_get_section (model->document, EQS_SECTION_SPEC);

  look.target = eqs_split_find_target (split, eqs_map_get_string (spec, "task", NULL));
  if (look.target == NULL || look.target->kind != EQS_COLUMN_FIXED || (look.target->values == EQS_VALUES_LABEL && look.target->n_values != 1))
    look.refused = TRUE;
  else if (!eqs_predict (model, split, threads, answer_cb, &look, error))
    {
      g_array_unref (look.found);
      return NULL;
    }
  if (look.refused)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("Only answers of one class or a few numbers a sample can be put in order."));
      g_array_unref (look.found);
      return NULL;
    }
  g_array_sort (look.found, worst_first);
  g_array_set_size (look.found, MIN (look.found->len, n));
  if (n_wrong != NULL)
    *n_wrong = look.wrong;
  return look.found;
}
