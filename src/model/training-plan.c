/* One table of what a training plan may say. */

#include "model/training-plan.h"

#include <eqk/group.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rates and weights have no largest value of their own; this one still is a float. */
#define LARGEST 1e38

#define SETTING(part, name, title, kind, fallback, min, max, choices, doc) { name, title, kind, fallback, min, max, choices, doc }, EQS_TRAINING_##part

static const EqsTrainingSetting settings[] = {
  { SETTING (COURSE, "epochs", N_("Epochs"), EQK_PARAM_INT, "15", 1, 100000, NULL, N_("How often every training sample is shown")), NULL, NULL, FALSE },
  { SETTING (COURSE, "batch", N_("Samples a batch"), EQK_PARAM_INT, "64", 1, 4096, NULL, N_("How many samples one step of the weights is made from")), NULL, NULL, FALSE },
  { SETTING (COURSE, "lr", N_("Learning rate"), EQK_PARAM_REAL, "0.001", 1e-12, LARGEST, NULL, N_("Length of the steps at the start")), NULL, NULL, FALSE },
  { SETTING (COURSE, "schedule", N_("Schedule"), EQK_PARAM_CHOICE, "cosine", 0, 0, "constant|step|cosine|plateau", N_("How the learning rate falls")), NULL, NULL, FALSE },
  { SETTING (COURSE, "warm_up", N_("Warm-up"), EQK_PARAM_REAL, "0", 0, 0.9, NULL, N_("Share of the training over which the rate rises from 0")), NULL, NULL, FALSE },
  { SETTING (COURSE, "step_every", N_("A step every"), EQK_PARAM_REAL, "0.33333333333333331", 0.001, 1, NULL, N_("Share of the training after which the rate is lowered")), "schedule", "step", FALSE },
  { SETTING (COURSE, "patience", N_("Patience"), EQK_PARAM_INT, "3", 1, 1000, NULL, N_("Epochs without a better validation after which the rate is lowered")), "schedule", "plateau", FALSE },
  { SETTING (COURSE, "factor", N_("Lowered by"), EQK_PARAM_REAL, "0.5", 0.001, 0.999, NULL, N_("What the rate is multiplied with")), "schedule", "step|plateau", FALSE },
  { SETTING (COURSE, "floor", N_("Lowest rate"), EQK_PARAM_REAL, "0", 0, 1, NULL, N_("Share of the first rate below which it does not fall")), "schedule", "step|cosine|plateau", FALSE },
  { SETTING (WEIGHTS, "optimizer", N_("Optimiser"), EQK_PARAM_CHOICE, "adam", 0, 0, "adam|adamw|sgd", N_("How steps are made from gradients")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "momentum", N_("Momentum"), EQK_PARAM_REAL, "0.9", 0, 0.9999, NULL, N_("Share of the last step that goes on")), "optimizer", "sgd", FALSE },
  { SETTING (WEIGHTS, "weight_decay", N_("Weight decay"), EQK_PARAM_REAL, "0", 0, 10, NULL, N_("How strongly weights are drawn to 0")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "clip", N_("Longest gradient"), EQK_PARAM_REAL, "0", 0, 1e9, NULL, N_("Longer ones are shortened to this; 0 leaves all as they are")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "average", N_("Averaging of weights"), EQK_PARAM_REAL, "0", 0, 0.99999, NULL, N_("Decay of a running mean that is measured and saved in place of the weights; 0 uses the weights themselves")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "norm_samples", N_("Samples for batch norms"), EQK_PARAM_INT, "2048", 0, 1000000, NULL, N_("After each epoch their means and variances are measured anew from so many training samples; 0 keeps the running ones, which lag behind")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "early_stop", N_("Stop early after"), EQK_PARAM_INT, "0", 0, 100000, NULL, N_("Epochs without a better validation after which training ends; 0 never")), NULL, NULL, FALSE },
  { SETTING (SAMPLES, "seed", N_("Seed"), EQK_PARAM_INT, "0", 0, 9007199254740992.0, NULL, N_("Of the first weights, the order of samples and the augmentation; the same seed gives the same weights")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "promise", N_("Symmetry is kept"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|relaxed|augmented", N_("exact: by the layers, as designed; relaxed: filters may leave the allowed ones as far as the data pull them; augmented: an ordinary network of the same size is shown samples turned at random")), NULL, NULL, FALSE },
  { SETTING (WEIGHTS, "relax", N_("Relaxed by"), EQK_PARAM_REAL, "0.1", 0.000001, 1, NULL, N_("How freely: 1 is as freely as an ordinary convolution")), "promise", "relaxed", FALSE },
  { SETTING (SAMPLES, "augment", N_("Turn samples at random"), EQK_PARAM_CHOICE, "none", 0, 0, "none|group|C4|D4|SO2|O2|jitter", N_("Each sample is turned anew every time it is shown; jitter moves pictures a little, those in sets too")), NULL, NULL, TRUE },
  { SETTING (ANSWERS, "loss", N_("Loss"), EQK_PARAM_CHOICE, "mse", 0, 0, "mse|mae|huber|length|cross_entropy", N_("What is made small where the answer is no class; length: of the whole difference of an arrow or a rotation, so that far misses weigh less than squared")), NULL, NULL, FALSE },
  { SETTING (ANSWERS, "probe", N_("Symmetry that is measured"), EQK_PARAM_CHOICE, "group", 0, 0, "group", N_("By which group the symmetry error is measured while training, and turned samples are judged; group: the design's own")), NULL, NULL, TRUE },
  { SETTING (ANSWERS, "split", N_("Trained on"), EQK_PARAM_TEXT, "train", 0, 0, NULL, N_("The part of the data that is trained on")), NULL, NULL, FALSE },
};

const EqsTrainingSetting *
eqs_training_settings (guint *n)
{
  *n = G_N_ELEMENTS (settings);
  return settings;
}

static const EqsTrainingSetting *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (strcmp (settings[i].param.name, name) == 0)
      return &settings[i];
  return NULL;
}

double
eqs_training_get_number (const EqsMap *plan, const char *name)
{
  return eqs_map_get_number (plan, name, g_ascii_strtod (find (name)->param.fallback, NULL));
}

const char *
eqs_training_get_string (const EqsMap *plan, const char *name)
{
  return eqs_map_get_string (plan, name, find (name)->param.fallback);
}

/* ---- checks ---- */

/* How much each answer counts: a setting for every head, named by it. */
static gboolean
is_answer_weight (const char *name)
{
  return g_str_has_prefix (name, "weight_") && find (name) == NULL;
}

static gboolean
is_allowed (const EqsTrainingSetting *setting, const EqsValue *value)
{
  const EqkParam *param = &setting->param;
  const double    number = eqs_value_get_kind (value) == EQS_VALUE_NUMBER ? eqs_value_get_number (value) : NAN;

  if (param->kind == EQK_PARAM_INT || param->kind == EQK_PARAM_REAL)
    return number >= param->min && number <= param->max && (param->kind == EQK_PARAM_REAL || number == floor (number));
  if (eqs_value_get_kind (value) != EQS_VALUE_STRING)
    return FALSE;
  if (param->choices != NULL)
    {
      g_auto (GStrv) choices = g_strsplit (param->choices, "|", -1);

      return g_strv_contains ((const char *const *) choices, eqs_value_get_string (value)) || (setting->groups && eqk_group_get (eqs_value_get_string (value)) != NULL);
    }
  return TRUE;
}

/* (transfer full) */
static char *
dup_allowed (const EqsTrainingSetting *setting)
{
  const EqkParam *param = &setting->param;

  if (param->choices != NULL)
    {
      g_auto (GStrv)   choices = g_strsplit (param->choices, "|", -1);
      g_autofree char *list = g_strjoinv (", ", choices);

      return setting->groups ? g_strdup_printf (_("%s or another group"), list) : g_steal_pointer (&list);
    }
  if (param->kind == EQK_PARAM_INT)
    return g_strdup_printf (_("a whole number from %.0f to %.0f"), param->min, param->max);
  if (param->kind == EQK_PARAM_REAL && param->max >= LARGEST)
    return g_strdup_printf (_("a number from %g"), param->min);
  return param->kind == EQK_PARAM_REAL ? g_strdup_printf (_("a number from %g to %g"), param->min, param->max) : g_strdup (_("a text"));
}

/* NULL: it may be used. (transfer full) */
static char *
dup_complaint (const char *name, const EqsValue *value)
{
  const EqsTrainingSetting *setting = find (name);
  g_autofree char *found = eqs_value_to_text (value), *allowed = NULL;

  if (setting == NULL && !is_answer_weight (name))
    return NULL;
  if (setting != NULL && is_allowed (setting, value))
    return NULL;
  if (setting == NULL && eqs_value_get_kind (value) == EQS_VALUE_NUMBER && eqs_value_get_number (value) >= 0 && eqs_value_get_number (value) <= LARGEST)
    return NULL;
  allowed = setting != NULL ? dup_allowed (setting) : g_strdup_printf (_("a number from %g"), 0.0);
  return g_strdup_printf (_("%s is %s; it takes %s."), name, found, allowed);
}

gboolean
eqs_training_check (const EqsMap *plan, GError **error)
{
  for (guint i = 0; plan != NULL && i < eqs_map_get_size (plan); i++)
    {
      g_autofree char *complaint = dup_complaint (eqs_map_get_key (plan, i), eqs_map_get_value (plan, i));

      if (complaint == NULL)
        continue;
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, complaint);
      return FALSE;
    }
  return TRUE;
}

/* The setting that was perhaps meant. (nullable) */
static const char *
find_near (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (eqs_word_likeness (name, settings[i].param.name) > 0)
      return settings[i].param.name;
  return NULL;
}

static void
add_unknown (EqsCheck *check, const char *name, const EqsValue *value)
{
  const EqkLintRule *rule = eqk_lint_find ("W-PLAN-UNKNOWN");
  g_autofree char   *message = g_strdup_printf (_("The training plan says “%s”, which nothing reads."), name), *label = NULL;
  const char        *near = find_near (name);
  EqsProblem        *problem = eqs_problem_new ("W-PLAN-UNKNOWN", NULL, NULL, message, _(rule->why));

  if (near != NULL)
    {
      label = g_strdup_printf (_("Call it “%s”"), near);
      eqs_problem_add_fix (problem, label, eqs_edit_new_set_entry (EQS_SECTION_TRAINING, near, eqs_value_ref ((EqsValue *) value)));
      g_ptr_array_add (((EqsFix *) g_ptr_array_index (problem->fixes, 0))->edits, eqs_edit_new_set_entry (EQS_SECTION_TRAINING, name, NULL));
    }
  g_ptr_array_add (check->problems, problem);
}

void
eqs_training_add_problems (EqsCheck *check, EqsDocument *document)
{
  const EqsMap *plan = eqs_document_get_section (document, EQS_SECTION_TRAINING);

  for (guint i = 0; plan != NULL && i < eqs_map_get_size (plan); i++)
    {
      const char      *name = eqs_map_get_key (plan, i);
      g_autofree char *complaint = dup_complaint (name, eqs_map_get_value (plan, i)), *label = NULL;
      EqsProblem      *problem;

      if (find (name) == NULL && !is_answer_weight (name))
        add_unknown (check, name, eqs_map_get_value (plan, i));
      if (complaint == NULL)
        continue;
      problem = eqs_problem_new ("E-PLAN", NULL, NULL, complaint, _(eqk_lint_find ("E-PLAN")->why));
      label = g_strdup_printf (_("Leave “%s” at its default"), name);
      eqs_problem_add_fix (problem, label, eqs_edit_new_set_entry (EQS_SECTION_TRAINING, name, NULL));
      g_ptr_array_add (check->problems, problem);
    }
}
