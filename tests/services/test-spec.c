/* The specification: all sections, no empty field, origins, the same figures as the check, JSON and Markdown of one content. */

#include "model/compile.h"
#include "model/json.h"
#include "services/audit.h"
#include "services/formula.h"
#include "services/spec.h"
#include "services/template.h"
#include "model/file.h"

#include <glib/gstdio.h>
#include <string.h>

static EqsModel *
open_template (const char *id, char **path)
{
  g_autoptr (EqsDocument) document = eqs_template_new (id, NULL);
  g_autoptr (GError)      error = NULL;
  EqsModel               *model;

  *path = g_build_filename (g_get_tmp_dir (), "eqs-spec-XXXXXX.equi", NULL);
  g_close (g_mkstemp (*path), NULL);
  g_assert_true (eqs_file_save (document, *path, &error));
  model = eqs_model_open (*path, &error);
  g_assert_no_error (error);
  return model;
}

/* Counts texts that say nothing, anywhere in the sections. */
static guint
count_empty (const EqsValue *value)
{
  guint n = 0;

  if (eqs_value_get_string (value) != NULL)
    return *eqs_value_get_string (value) == '\0' || strstr (eqs_value_get_string (value), "(null)") != NULL || strcmp (eqs_value_get_string (value), "nan") == 0;
  for (guint i = 0; i < eqs_value_get_length (value); i++)
    n += count_empty (eqs_value_get_item (value, i));
  for (guint i = 0; eqs_value_get_map (value) != NULL && i < eqs_map_get_size (eqs_value_get_map (value)); i++)
    n += count_empty (eqs_map_get_value (eqs_value_get_map (value), i));
  return n;
}

static void
check_items (const EqsMap *section, guint *n_figures, guint *n_alternatives)
{
  static const char *const origins[] = { "measured", "computed", "stated", "rule of thumb", NULL };
  const EqsValue *items = eqs_map_get (section, "items");

  g_assert_cmpuint (eqs_value_get_length (items), >, 0);
  for (guint i = 0; i < eqs_value_get_length (items); i++)
    {
      const EqsMap   *item = eqs_value_get_map (eqs_value_get_item (items, i));
      const EqsValue *columns = eqs_map_get (item, "columns"), *rows = eqs_map_get (item, "rows");

      if (strcmp (eqs_map_get_string (item, "kind", ""), "figure") == 0)
        {
          g_assert_true (g_strv_contains (origins, eqs_map_get_string (item, "origin", "")));
          (*n_figures)++;
        }
      for (guint r = 0; rows != NULL && r < eqs_value_get_length (rows); r++)
        g_assert_cmpuint (eqs_value_get_length (eqs_value_get_item (rows, r)), ==, eqs_value_get_length (columns));
      if (columns != NULL && strcmp (eqs_value_get_string (eqs_value_get_item (columns, 0)), "Variant") == 0)
        *n_alternatives = eqs_value_get_length (rows);
    }
}

static void
test_sections (gconstpointer id)
{
  g_autofree char      *path = NULL;
  g_autoptr (EqsModel)  model = open_template (id, &path);
  g_autoptr (GError)    error = NULL;
  g_autoptr (EqsMap)    audit = eqs_map_new ();
  g_autoptr (EqsMap)    spec = NULL;
  g_autoptr (EqsCheck)  check = eqs_check_new (model->document, NULL);
  g_autofree char      *markdown = NULL;
  const EqsValue       *sections;
  guint                 n_figures = 0, n_alternatives = 0;
  static const char *const plan[] = { "| Loss of “", "(optimizer) |", "(clip) |", "(early\\_stop) |", "(average) |", ", the default |" };

  eqs_map_set (audit, "verdict", eqs_value_new_string ("exact"));
  eqs_map_set (audit, "worst", eqs_value_new_number (3.1e-7));
  spec = eqs_spec_to_map (model, audit, &error);
  g_assert_no_error (error);
  sections = eqs_map_get (spec, "sections");
  g_assert_cmpuint (eqs_value_get_length (sections), ==, 14);
  g_assert_cmpuint (count_empty (sections), ==, 0);
  for (guint i = 0; i < eqs_value_get_length (sections); i++)
    check_items (eqs_value_get_map (eqs_value_get_item (sections, i)), &n_figures, &n_alternatives);
  g_assert_cmpuint (n_figures, >, 20);
  g_assert_cmpuint (n_alternatives, >=, 3);
  g_assert_cmpfloat (eqs_map_get_number (eqs_value_get_map (eqs_map_get (spec, "counts")), "parameters", 0), ==, (double) check->parameters);
  g_assert_cmpuint (eqs_value_get_length (eqs_map_get (spec, "nodes")), ==, check->nodes->len);
  markdown = eqs_spec_to_markdown (spec);
  for (guint i = 0; i < eqs_value_get_length (sections); i++)
    {
      g_autofree char *heading = g_strdup_printf ("## %u %s\n", i, eqs_map_get_string (eqs_value_get_map (eqs_value_get_item (sections, i)), "title", ""));

      g_assert_nonnull (strstr (markdown, heading));
    }
  /* The whole plan stands there, what the design leaves to the defaults too, and what is made small. */
  for (guint i = 0; i < G_N_ELEMENTS (plan); i++)
    g_assert_nonnull (strstr (markdown, plan[i]));
  g_unlink (path);
}

static void
test_not_measured (void)
{
  g_autofree char      *path = NULL;
  g_autoptr (EqsModel)  model = open_template ("T01", &path);
  g_autoptr (EqsMap)    spec = eqs_spec_to_map (model, NULL, NULL);
  g_autofree char      *markdown = eqs_spec_to_markdown (spec);

  g_assert_null (strstr (markdown, "| measured |"));   /* nothing was, and nothing says so */
  g_assert_nonnull (strstr (markdown, "Not run"));
  g_assert_cmpfloat (eqs_map_get_number (eqs_value_get_map (eqs_map_get (spec, "self_check")), "weighted", 9), <, 5);
  g_unlink (path);
}

static void
test_files (void)
{
  g_autofree char      *path = NULL, *folder = g_dir_make_tmp ("eqs-spec-XXXXXX", NULL), *text = NULL;
  g_autoptr (EqsModel)  model = open_template ("T02", &path);
  g_autoptr (GError)    error = NULL;
  g_auto (GStrv)        markdown = eqs_export_spec (model, NULL, folder, FALSE, &error);
  g_auto (GStrv)        json = eqs_export_spec (model, NULL, folder, TRUE, &error);
  g_autoptr (EqsValue)  value = NULL;
  gsize                 length;

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (markdown[0], "specification.md"));
  g_assert_true (g_file_get_contents (json[0], &text, &length, NULL));
  value = eqs_json_parse (text, length, &error);
  g_assert_no_error (error);
  g_unlink (markdown[0]);
  g_unlink (json[0]);
  g_rmdir (folder);
  g_unlink (path);
}

/* "weight 32 × 16 × 44 + weight (96 × 32 + 2 · 32 × 32) + bias 32" as a number; words are skipped. */
static gint64
sum_at (const char **at)
{
  gint64 sum = 0, product = 1;
  gboolean any = FALSE;

  for (; **at != '\0' && **at != ')' && **at != ','; )
    if (**at == '(')
      {
        (*at)++;
        product *= sum_at (at);
        g_assert_cmpint (**at, ==, ')');
        (*at)++;
        any = TRUE;
      }
    else if (g_ascii_isdigit (**at))
      {
        product *= g_ascii_strtoll (*at, (char **) at, 10);
        any = TRUE;
      }
    else if (**at == '+')
      {
        sum += product;
        product = 1;
        (*at)++;
      }
    else
      (*at)++;
  return any ? sum + product : sum;
}

/* What is written as products is what is allocated, for every layer of every template. */
static void
test_formulas (void)
{
  static const char *const ids[] = { "T01", "T02", "T03", "T08", "T09", "T10", "T13", "T14", "T16", "T17", "T18", "T19", "T20", "T22", "T23", "T24" };
  guint                    n_blocks = 0;

  for (gsize t = 0; t < G_N_ELEMENTS (ids); t++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (ids[t], NULL);
      g_autoptr (EqsCheck)    check = eqs_check_new (document, NULL);

      g_assert_nonnull (check->program);
      for (guint i = 0; i < check->nodes->len; i++)
        {
          const EqsNodeCost *cost = &g_array_index (check->nodes, EqsNodeCost, i);
          g_autofree char   *formula = cost->kernel_node < 0 ? NULL : eqs_formula_dup (check->program, cost->kernel_node, cost->parameters);
          const char        *at = formula, *times = formula == NULL ? NULL : strchr (formula, ',');

          if (formula == NULL || *formula == '\0')
            {
              g_assert_true (formula == NULL || cost->parameters == 0);
              continue;
            }
          if (sum_at (&at) * (times == NULL ? 1 : g_ascii_strtoll (times + 2, NULL, 10)) != cost->parameters)
            g_error ("%s, %s: %s is not %" G_GINT64_FORMAT, ids[t], cost->id, formula, cost->parameters);
          n_blocks += strchr (formula, '(') != NULL || strstr (formula, "· ") != NULL;
        }
    }
  g_assert_cmpuint (n_blocks, >, 10);
}

/* Versions are those that were compared with, other libraries are named, and a design in space is not sent to one of the plane. */
static void
test_library (void)
{
  static const struct { const char *id, *has[4], *lacks; } expected[] = {
    { "T01", { "escnn 1.0.13", "escnn (torch, numpy, scipy) | 1.0.13", "| conv2 | weight 32 × 16 × 44 + bias 32 | 22560 |", "align corners" }, "within the cut-off" },
    { "T09", { "NequIP 0.5.6", "| MACE | numbers not compared |", "| gate2 | gate | e3nn.nn.Gate |", "within the cut-off" }, "escnn.nn" },
    { "T16", { "e3nn 0.6.0", "| libeqk 0.1.0 |", "C++11, Fortran 2008", "coupling tables" }, "pictures are centred" },
    { "T18", { "torch 1.13", "| PyG | 2.5.3 |", "rows in any order", "without padding" }, "pictures are centred" },
  };

  for (gsize t = 0; t < G_N_ELEMENTS (expected); t++)
    {
      g_autofree char     *path = NULL;
      g_autoptr (EqsModel) model = open_template (expected[t].id, &path);
      g_autoptr (EqsMap)   spec = eqs_spec_to_map (model, NULL, NULL);
      g_autofree char     *markdown = eqs_spec_to_markdown (spec);

      for (gsize k = 0; k < G_N_ELEMENTS (expected[t].has); k++)
        if (strstr (markdown, expected[t].has[k]) == NULL)
          g_error ("%s: “%s” is not there", expected[t].id, expected[t].has[k]);
      if (strstr (markdown, expected[t].lacks) != NULL)
        g_error ("%s: “%s” is there", expected[t].id, expected[t].lacks);
      g_unlink (path);
    }
}

static EqsMap *
element_new (const char *name, gboolean on_grid, double error, double median, double worst)
{
  EqsMap *map = eqs_map_new ();

  eqs_map_set (map, "element", eqs_value_new_string (name));
  eqs_map_set (map, "on_grid", eqs_value_new_bool (on_grid));
  eqs_map_set (map, "error", eqs_value_new_number (error));
  eqs_map_set (map, "median_s", eqs_value_new_number (median));
  eqs_map_set (map, "worst_s", eqs_value_new_number (worst));
  return map;
}

/* A C8 design that was trained and audited: each sentence that was false of it once. */
static void
test_says_what_is_true (void)
{
  g_autofree char      *path = NULL, *markdown = NULL;
  g_autoptr (EqsModel)  first = open_template ("T01", &path), model = NULL;
  g_autoptr (GError)    error = NULL;
  g_autoptr (EqsMap)    audit = eqs_map_new (), spec = NULL;
  g_autoptr (EqsValue)  quarter = eqs_value_new_object (element_new ("90°", TRUE, 2.5e-8, 1e-8, 2e-8)), eighth = eqs_value_new_object (element_new ("45°", FALSE, 0.00386, 0.081, 0.14));
  EqsValue             *elements[] = { quarter, eighth };
  EqsMap               *valid = eqs_map_new ();

  g_assert_true (eqs_document_set_symmetry (first->document, "C8", -1, NULL, &error));
  model = eqs_model_new (first->document, &error);
  g_assert_no_error (error);
  model->trained = TRUE;
  eqs_map_set (valid, "accuracy", eqs_value_new_number (0.9312));
  eqs_map_set (model->run, "valid", eqs_value_new_object (valid));
  eqs_map_set (model->run, "seed", eqs_value_new_number (7));
  eqs_map_set (model->run, "step", eqs_value_new_number (3));
  eqs_map_set (model->run, "loss_sum", eqs_value_new_number (12.5));
  eqs_map_set (model->run, "since_best", eqs_value_new_number (2));
  eqs_map_set (model->run, "tally", eqs_value_new_numbers ((double[]) { 0, 0 }, 2));
  eqs_map_set (audit, "verdict", eqs_value_new_string ("within_limit"));
  eqs_map_set (audit, "worst", eqs_value_new_number (2.5e-8));
  eqs_map_set (audit, "samples", eqs_value_new_number (16));
  eqs_map_set (audit, "threshold_median_s", eqs_value_new_number (0.1));
  eqs_map_set (audit, "threshold_worst_s", eqs_value_new_number (0.3));
  eqs_map_set (audit, "elements", eqs_value_new_list (elements, 2));
  spec = eqs_spec_to_map (model, audit, &error);
  g_assert_no_error (error);
  markdown = eqs_spec_to_markdown (spec);
  for (guint i = 0; i < 8; i++)
    {
      const char *words = ((const char *[]) { "Largest error, elements that the grid maps onto itself | 2.5e-08 | measured", "median 0.081, largest 0.14 (limits 0.1 and 0.3) | measured",
                                              "Seed of the run | 7 | stated", "Validation part: accuracy | 93.1 % | measured", "exact for all elements of that group", "Shifts are not exact",
                                              "Inputs are drawn at random, none is of the data", "Completeness of this document: 6 of 6 parts" })[i];

      if (strstr (markdown, words) == NULL)
        g_error ("“%s” is missing", words);
    }
  for (guint i = 0; i < 8; i++)
    {
      const char *words = ((const char *[]) { "tally", "loss_sum", "since\\_best", "| step |", "exact for fewer", "rubric", "E-SPLIT-FIELD", "| Samples | 16" })[i];

      if (strstr (markdown, words) != NULL)
        g_error ("“%s” is there", words);
    }
  g_unlink (path);
}

/* Every element is tried in every audit; only of costly designs fewer inputs are drawn. */
static void
test_audit_samples (void)
{
  static const struct { const char *template; int samples; } expected[] = { { "T01", 16 }, { "T03", 4 }, { "T24", 4 }, { "T09", 16 } };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (EqsDocument) document = eqs_template_new (expected[i].template, NULL);

      g_assert_cmpint (eqs_audit_choose_samples (document), ==, expected[i].samples);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/spec/sections/T01", "T01", test_sections);
  g_test_add_data_func ("/spec/sections/T03", "T03", test_sections);
  g_test_add_data_func ("/spec/sections/T24", "T24", test_sections);
  g_test_add_data_func ("/spec/sections/T09", "T09", test_sections);
  g_test_add_data_func ("/spec/sections/T20", "T20", test_sections);
  g_test_add_func ("/spec/formulas", test_formulas);
  g_test_add_func ("/spec/library", test_library);
  g_test_add_func ("/spec/not-measured", test_not_measured);
  g_test_add_func ("/spec/says-what-is-true", test_says_what_is_true);
  g_test_add_func ("/spec/files", test_files);
  g_test_add_func ("/services/audit/samples", test_audit_samples);
  return g_test_run ();
}
