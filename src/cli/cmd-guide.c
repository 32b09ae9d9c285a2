/* equi guide: from a question to a design, with the reasons. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "model/error.h"
#include "model/file.h"
#include "model/json.h"
#include "services/guide.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static EqsMap *
describe (const EqsCandidate *candidate)
{
  EqsMap *map = eqs_map_new (), *scores = eqs_map_new ();
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < candidate->reasons->len; i++)
    g_ptr_array_add (reasons, eqs_value_new_string (g_ptr_array_index (candidate->reasons, i)));
  eqs_cli_set_string (map, "family", candidate->id);
  eqs_cli_set_string (map, "title", candidate->title);
  eqs_cli_set_number (map, "score", round (candidate->score * 1e4) / 1e4);
  eqs_cli_set_number (scores, "match", candidate->match);
  eqs_cli_set_number (scores, "expressiveness", candidate->expressiveness);
  eqs_cli_set_number (scores, "efficiency", round (candidate->efficiency * 1e4) / 1e4);
  eqs_cli_set_number (scores, "exactness", candidate->exactness);
  eqs_cli_set_number (scores, "support", candidate->support);
  eqs_cli_set_map (map, "scores", scores);
  eqs_cli_set_value (map, "reasons", eqs_cli_list (reasons));
  eqs_cli_set_string (map, "rejected", candidate->rejected);
  eqs_cli_set_string (map, "prefer_when", candidate->prefer_when);
  eqs_cli_set_string (map, "rule", candidate->rule);
  eqs_cli_set_string (map, "library", candidate->library);
  eqs_cli_set_string (map, "topology", candidate->topology);
  eqs_cli_set_number (map, "mflop", round (candidate->mflop * 1e3) / 1e3);
  eqs_cli_set_string (map, "mflop_is", candidate->mflop_computed ? "computed" : "rule of thumb");
  return map;
}

static void
print_json (const EqsAnswer *answer, const char *path)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < answer->candidates->len; i++)
    g_ptr_array_add (items, eqs_value_new_object (describe (g_ptr_array_index (answer->candidates, i))));
  eqs_cli_set_string (map, "family", answer->chosen == NULL ? NULL : answer->chosen->id);
  eqs_cli_set_value (map, "candidates", eqs_cli_list (items));
  eqs_cli_set_string (map, "note", answer->note);
  if (answer->chosen != NULL)
    {
      g_autofree char      *text = eqs_file_to_text (answer->chosen->design, NULL);
      g_autoptr (EqsValue)  value = eqs_json_parse (text, strlen (text), NULL);

      eqs_cli_set_value (map, "design", eqs_value_ref (value));
    }
  else
    eqs_cli_set_value (map, "design", eqs_value_new_null ());
  eqs_cli_set_string (map, "path", answer->chosen == NULL ? NULL : path);
  eqs_cli_print_json (map);
}

static void
print_text (const EqsAnswer *answer, const char *path)
{
  guint shown = 0;

  printf ("%s\n\n", _("Scores are rules of thumb: 0.30 match + 0.25 expressiveness + 0.20 efficiency + 0.15 exactness + 0.10 support."));
  for (guint i = 0; i < answer->candidates->len; i++)
    {
      const EqsCandidate *c = g_ptr_array_index (answer->candidates, i);

      if (c->score > 0 && (shown < 3 || c == answer->chosen))
        {
          shown++;
          printf ("%s%s  %.2f\n", c == answer->chosen ? "→ " : "  ", c->title, c->score);
          printf (_("    match %.2f, expressiveness %.2f, efficiency %.2f, exactness %.2f, support %.2f (%s)\n"), c->match, c->expressiveness, c->efficiency,
                  c->exactness, c->support, c->mflop_computed ? _("cost computed") : _("cost a rule of thumb"));
          for (guint k = 0; k < c->reasons->len; k++)
            printf ("    %s\n", (const char *) g_ptr_array_index (c->reasons, k));
          printf (_("    Prefer it when %s.\n"), c->prefer_when);
          if (c->rejected != NULL)
            printf (_("    Not taken: %s\n"), c->rejected);
        }
      else if (c->score > 0)
        printf (_("  %s  %.2f: %s\n"), c->title, c->score, c->rejected == NULL ? "" : c->rejected);
      else
        printf (_("  %s: %s\n"), c->title, c->rejected == NULL ? "" : c->rejected);
    }
  if (answer->note != NULL)
    printf ("\n%s\n", answer->note);
  if (answer->chosen != NULL && path != NULL)
    printf (_("\nThe design is in %s\n"), path);
}

static gboolean
is_negative (gint64 parameters, double mflop, gint64 arena)
{
  return parameters < 0 || !(mflop >= 0) || arena < 0;
}

int
eqs_cmd_guide (int argc, char **argv)
{
  gboolean         json = FALSE, force = FALSE;
  g_autofree char *domain = NULL, *task = NULL, *group = NULL, *output = NULL, *relations = NULL, *path = NULL;
  EqsQuestion      question = { NULL };
  const GOptionEntry entries[] = {
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, N_("image, sphere, points, molecule, set or graph"), N_("D") },
    { "task", 0, 0, G_OPTION_ARG_STRING, &task, N_("classification, regression, segmentation, forces, pose, generation, dynamics or node"), N_("T") },
    { "group", 0, 0, G_OPTION_ARG_STRING, &group, N_("Symmetry group, such as C4, D8, SO2, E3"), N_("G") },
    { "output", 0, 0, G_OPTION_ARG_STRING, &output, N_("invariant: the answer stays; equivariant: it moves along"), N_("invariant|equivariant") },
    { "relations", 0, 0, G_OPTION_ARG_STRING, &relations, N_("Of sets: alone, interacting; of graphs: links, edge-features, patterns"), N_("R") },
    { "max-parameters", 0, 0, G_OPTION_ARG_INT64, &question.max_parameters, N_("Limit of trainable numbers"), N_("N") },
    { "max-mflop", 0, 0, G_OPTION_ARG_DOUBLE, &question.max_mflop, N_("Limit of work for one sample"), N_("N") },
    { "max-arena-bytes", 0, 0, G_OPTION_ARG_INT64, &question.max_arena_bytes, N_("Limit of working memory of the exported program"), N_("N") },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("Write the design to this file"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if it exists"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  g_autoptr (EqsAnswer) answer = NULL;
  GError *error = NULL;
  int     status;

  if (!eqs_cli_parse (entries, "guide", "--domain D --task T --group G --output invariant|equivariant [-o FILE]",
                      _("Recommends an architecture, says why, and writes a design."), &argc, &argv, 0, 0, &status))
    return status;
  if (domain == NULL || task == NULL || group == NULL || output == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("say --domain, --task, --group and --output. “equi guide --help” has the words they take."));
  if (is_negative (question.max_parameters, question.max_mflop, question.max_arena_bytes))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("limits are positive numbers."));
  if (path != NULL && !force && g_file_test (path, G_FILE_TEST_EXISTS))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("%s exists already; --force replaces it."), path);
  question.domain = domain;
  question.task = task;
  question.group = group;
  question.output = output;
  question.relations = relations;
  answer = eqs_guide (&question, &error);
  if (answer == NULL && error->domain == EQS_MODEL_ERROR && (error->code == EQS_MODEL_ERROR_INVALID || error->code == EQS_MODEL_ERROR_NOT_FOUND))
    {
      /* words that are not known, or contradict each other */
      status = eqs_cli_fail (EQS_EXIT_USAGE, "%s", error->message);
      g_error_free (error);
      return status;
    }
  if (answer == NULL)
    return eqs_cli_fail_error (error);
  if (answer->chosen != NULL && path != NULL && !eqs_file_save (answer->chosen->design, path, &error))
    return eqs_cli_fail_error (error);
  if (json)
    print_json (answer, path);
  else
    print_text (answer, path);
  if (answer->chosen == NULL)
    return eqs_cli_fail (EQS_EXIT_NOT_FINE, "%s", answer->note);
  return EQS_EXIT_OK;
}
