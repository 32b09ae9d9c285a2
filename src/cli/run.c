/* Numbers, designs, data and metrics of the commands about training. */

#include "cli/run.h"

#include "data/error.h"
#include "model/compile.h"
#include "model/error.h"
#include "model/file.h"
#include "services/bound-data.h"
#include "services/checkpoint.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

gboolean
eqs_cli_read_whole (const char *option, const char *text, gint64 min, gint64 max, gint64 *value)
{
  if (text == NULL)
    return TRUE;
  if (g_ascii_string_to_signed (text, 10, min, max, value, NULL))
    return TRUE;
  eqs_cli_fail (EQS_EXIT_USAGE, _("--%s is “%s”; it takes a whole number from %" PRId64 " to %" PRId64 "."), option, text, min, max);
  return FALSE;
}

gboolean
eqs_cli_read_number (const char *option, const char *text, double above, double max, double *value)
{
  char  *end;
  double number;

  if (text == NULL)
    return TRUE;
  number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (number) && number > above && number <= max)
    {
      *value = number;
      return TRUE;
    }
  eqs_cli_fail (EQS_EXIT_USAGE, _("--%s is “%s”; it takes a number above %g, at most %g."), option, text, above, max);
  return FALSE;
}

gboolean
eqs_cli_read_choice (const char *option, const char *text, const char *const *choices, int *index)
{
  g_autofree char *list = NULL;

  if (text == NULL)
    return TRUE;
  for (int i = 0; choices[i] != NULL; i++)
    if (strcmp (text, choices[i]) == 0)
      {
        if (index != NULL)
          *index = i;
        return TRUE;
      }
  list = g_strjoinv (", ", (char **) choices);
  eqs_cli_fail (EQS_EXIT_USAGE, _("--%s is “%s”; it takes one of: %s."), option, text, list);
  return FALSE;
}

static gboolean
set_param (EqsDocument *document, const char *text)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *where = equals == NULL ? NULL : g_strndup (text, (gsize) (equals - text)), *node = NULL, *param = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsValue) value = NULL;

  if (where == NULL || !eqs_endpoint_split (where, &node, &param) || *node == '\0')
    {
      eqs_cli_fail (EQS_EXIT_USAGE, _("--set is “%s”; it takes NODE.PARAM=VALUE."), text);
      return FALSE;
    }
  value = eqs_value_new_typed (equals + 1);
  if (eqs_document_set_param (document, node, param, value, &error))
    return TRUE;
  eqs_cli_fail (EQS_EXIT_USAGE, "--set %s: %s", text, error->message);
  return FALSE;
}

EqsDocument *
eqs_cli_load_design (const char *path, gboolean preview, char **sets, int *status)
{
  g_autoptr (EqsDocument) document = NULL;
  GError *error = NULL;

  document = eqs_design_open (path, &error);
  if (document != NULL && preview && eqs_document_get_section (document, EQS_SECTION_PREVIEW) == NULL)
    g_printerr (_("equi: “%s” has no preview block: nothing is reduced.\n"), path);
  if (document == NULL || (preview && !eqs_compile_apply_preview (document, &error)))
    {
      *status = eqs_cli_fail_error (error);
      return NULL;
    }
  for (char **set = sets; set != NULL && *set != NULL; set++)
    if (!set_param (document, *set))
      {
        *status = EQS_EXIT_USAGE;
        return NULL;
      }
  return g_steal_pointer (&document);
}

EqsDataset *
eqs_cli_open_data (const char *data, EqsDocument *document, int *status)
{
  GError     *error = NULL;
  EqsDataset *dataset;

  if (data == NULL && eqs_bound_data_get_name (document) == NULL)
    {
      *status = eqs_cli_fail (EQS_EXIT_USAGE, _("the design is bound to no data; --data NAME or --data FOLDER says which to use."));
      return NULL;
    }
  dataset = eqs_bound_data_open (document, data, &error);
  if (dataset == NULL)
    *status = eqs_cli_fail_error (error);
  return dataset;
}

EqsMap *
eqs_cli_metrics (const GArray *metrics)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    eqs_cli_set_number (map, g_array_index (metrics, EqsMetric, i).name, g_array_index (metrics, EqsMetric, i).value);
  return map;
}

static gboolean
is_fraction (const EqsMetric *metric)
{
  return strcmp (metric->name, "accuracy") == 0 || strcmp (metric->name, "miou") == 0;
}

EqsMap *
eqs_cli_units (const GArray *metrics)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    {
      const EqsMetric *metric = &g_array_index (metrics, EqsMetric, i);

      eqs_cli_set_string (map, metric->name, is_fraction (metric) ? "fraction" : metric->unit);
    }
  return map;
}

char *
eqs_cli_metric_text (const EqsMetric *metric)
{
  if (is_fraction (metric))
    return g_strdup_printf ("%s %.2f %%", metric->name, 100 * metric->value);
  if (g_str_has_prefix (metric->unit, "eV"))
    return g_strdup_printf ("%s %.2f m%s", metric->name, 1000 * metric->value, metric->unit);
  return g_strdup_printf ("%s %.4g%s%s", metric->name, metric->value, *metric->unit == '\0' ? "" : " ", metric->unit);
}

char *
eqs_cli_metrics_text (const GArray *metrics)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; metrics != NULL && i < metrics->len; i++)
    {
      const EqsMetric *metric = &g_array_index (metrics, EqsMetric, i);
      g_autofree char *one = NULL;

      if (strcmp (metric->name, "loss") == 0 && metrics->len > 1)
        continue;
      one = eqs_cli_metric_text (metric);
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", one);
    }
  return g_string_free (text, FALSE);
}

static int *interrupt_flag;

static void
on_signal (int number)
{
  g_atomic_int_set (interrupt_flag, 1);
  signal (number, SIG_DFL);
}

void
eqs_cli_catch_interrupt (int *flag)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

  interrupt_flag = flag;
  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

void
eqs_cli_warn_promise (EqsDocument *document)
{
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);

  if (check == NULL || check->blocks != EQK_BLOCKS_PROMISE)
    return;
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->blocks == EQK_BLOCKS_PROMISE)
        fprintf (stderr, _("equi: the promised symmetry does not hold: %s%s%s (%s)\n"), problem->node == NULL ? "" : problem->node, problem->node == NULL ? "" : ": ",
                 problem->message, problem->code);
    }
}
