/* The guide: designs for every planar group, limits kept, scores of the published table, honest refusals. */

#include "model/compile.h"
#include "services/guide.h"

#include <math.h>
#include <string.h>

static EqsAnswer *
ask (const char *domain, const char *task, const char *group, const char *output, gint64 max_parameters, GError **error)
{
  const EqsQuestion question = { .domain = domain, .task = task, .group = group, .output = output, .max_parameters = max_parameters };

  return eqs_guide (&question, error);
}

typedef struct { const char *task, *output, *group, *family; } Question;

static const Question questions[] = {
  { "classification", "invariant", "triv", "g-cnn" },      { "classification", "invariant", "C4", "g-cnn" },
  { "classification", "invariant", "D2", "g-cnn" },        { "classification", "invariant", "D4", "g-cnn" },
  { "classification", "invariant", "C6", "r2conv-regular" }, { "classification", "invariant", "C8", "r2conv-regular" },
  { "classification", "invariant", "D3", "r2conv-regular" }, { "regression", "invariant", "D5", "r2conv-regular" },
  { "regression", "invariant", "C4", "g-cnn" },            { "segmentation", "equivariant", "D4", "u-net-regular" },
  { "segmentation", "equivariant", "C3", "u-net-regular" }, { "generation", "equivariant", "C4", "r2conv-vector" },
  { "classification", "invariant", "SO2", "r2conv-regular" },
};

static gboolean
is_said (const EqsCandidate *candidate, const char *words)
{
  for (guint i = 0; i < candidate->reasons->len; i++)
    if (strstr (g_ptr_array_index (candidate->reasons, i), words) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_designs (gconstpointer data)
{
  const Question       *q = data;
  g_autoptr (GError)    error = NULL;
  g_autoptr (EqsAnswer) answer = ask ("image", q->task, q->group, q->output, 0, &error);
  g_autoptr (EqsCheck)  check = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (answer->chosen);
  g_assert_cmpstr (answer->chosen->id, ==, q->family);
  g_assert_null (answer->chosen->rejected);
  check = eqs_check_new (answer->chosen->design, &error);
  g_assert_no_error (error);
  g_assert_true (check->ok);
  for (guint i = 0; i < check->problems->len; i++)
    g_assert_cmpint (((EqsProblem *) g_ptr_array_index (check->problems, i))->severity, ==, EQK_SEVERITY_NOTE);
  if (strcmp (q->group, "SO2") != 0)
    g_assert_cmpstr (eqk_group_get_id (eqk_group_get (eqs_document_get_group (answer->chosen->design))), ==, eqk_group_get_id (eqk_group_get (q->group)));
  else
    g_assert_nonnull (answer->note);   /* sixteenth turns stand in, and the answer says so */
  g_assert_true (is_said (answer->chosen, "ordinary network") == (strcmp (q->group, "triv") == 0));
  for (guint i = 0; i < answer->candidates->len; i++)
    {
      const EqsCandidate *c = g_ptr_array_index (answer->candidates, i);

      g_assert_true (c == answer->chosen || (c->rejected != NULL && *c->rejected != '\0'));
      g_assert_cmpfloat (c->score, >=, 0);
      g_assert_cmpfloat (c->score, <=, 1);
      if (c->score > 0)
        g_assert_cmpfloat (fabs (c->score - (0.30 * c->match + 0.25 * c->expressiveness + 0.20 * c->efficiency + 0.15 * c->exactness + 0.10 * c->support)), <, 1e-12);
      if (i > 0)
        g_assert_cmpfloat (c->score, <=, ((EqsCandidate *) g_ptr_array_index (answer->candidates, i - 1))->score);
    }
}

static void
test_limits (void)
{
  static const gint64 limits[] = { 60000, 20000, 5000, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (EqsAnswer) answer = ask ("image", "classification", "D6", "invariant", limits[i], NULL);
      g_autoptr (EqsCheck)  check = NULL;

      g_assert_nonnull (answer);
      g_assert_nonnull (answer->chosen);
      check = eqs_check_new (answer->chosen->design, NULL);
      g_assert_cmpint (check->parameters, <=, limits[i]);
      g_assert_cmpint (check->parameters, >, limits[i] / 4);   /* not narrower than it has to be */
    }
}

static void
test_beyond_limits (void)
{
  g_autoptr (EqsAnswer) answer = ask ("image", "classification", "D6", "invariant", 10, NULL);

  g_assert_nonnull (answer);
  g_assert_null (answer->chosen);
  g_assert_nonnull (answer->note);
}

static void
test_not_built (void)
{
  static const struct { const char *domain, *task, *group, *output, *best; } asked[] = {
    { "molecule", "forces", "E3xSn", "equivariant", "mace" }, { "sphere", "classification", "SO3", "invariant", "spherical-cnn" },
    { "points", "pose", "SE3", "equivariant", "tfn" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError)    error = NULL;
      g_autoptr (EqsAnswer) answer = ask (asked[i].domain, asked[i].task, asked[i].group, asked[i].output, 0, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (((EqsCandidate *) g_ptr_array_index (answer->candidates, 0))->id, ==, asked[i].best);
      g_test_message ("%s", answer->note == NULL ? "" : answer->note);
      if (answer->chosen == NULL)
        g_assert_nonnull (answer->note);
    }
}

/* Points and molecules: what is written runs, keeps its promise and is of the group that was asked for. */
static void
test_space (void)
{
  static const struct { const char *domain, *task, *group, *output, *chosen; } asked[] = {
    { "points", "pose", "SE3", "equivariant", "tfn" },          { "points", "dynamics", "E3", "equivariant", "egnn" },
    { "points", "segmentation", "E3", "equivariant", "attention-3d" }, { "points", "classification", "E3", "invariant", "tfn" },
    { "points", "regression", "SE3", "invariant", "tfn" },
  };
  g_autoptr (GError)    mirrored = NULL;
  g_autoptr (EqsAnswer) none = ask ("points", "pose", "E3", "equivariant", 0, &mirrored);

  g_assert_null (none);                         /* a rotation has no mirror image */
  g_assert_nonnull (strstr (mirrored->message, "SE3"));
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError)    error = NULL;
      g_autoptr (EqsAnswer) answer = ask (asked[i].domain, asked[i].task, asked[i].group, asked[i].output, 0, &error);
      g_autoptr (EqsCheck)  check = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (answer->chosen);
      g_assert_cmpstr (answer->chosen->id, ==, asked[i].chosen);
      check = eqs_check_new (answer->chosen->design, &error);
      g_assert_no_error (error);
      g_assert_true (check->ok);
      g_assert_cmpint (eqk_typed_guarantee (check->typed).holds, ==, EQK_HOLDS_EXACT);
    }
}

/* Sets and graphs: which family is made, by which rule, and that the design runs, keeps its promise and gives what was asked. */
static void
test_permutations (void)
{
  static const struct { const char *domain, *task, *output, *chosen, *rule; EqkKind kind; } asked[] = {
    { "set", "classification", "invariant", "set-transformer", "R20", EQK_KIND_LOGITS }, { "set", "regression", "invariant", "set-transformer", "R20", EQK_KIND_FEATURE },
    { "graph", "classification", "invariant", "gin", "R21", EQK_KIND_LOGITS },           { "graph", "regression", "invariant", "gin", "R21", EQK_KIND_FEATURE },
    { "graph", "node", "equivariant", "gat", "R23", EQK_KIND_LOGITS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    for (gint64 limit = 0; limit <= 100000; limit += 100000)
      {
        g_autoptr (GError)    error = NULL;
        g_autoptr (EqsAnswer) answer = ask (asked[i].domain, asked[i].task, "Sn", asked[i].output, limit, &error);
        g_autoptr (EqsCheck)  check = NULL;

        g_assert_no_error (error);
        g_assert_nonnull (answer->chosen);
        if (limit == 0)
          g_assert_cmpstr (answer->chosen->id, ==, asked[i].chosen);
        if (limit == 0)
          g_assert_cmpstr (answer->chosen->rule, ==, asked[i].rule);
        check = eqs_check_new (answer->chosen->design, &error);
        g_assert_no_error (error);
        g_assert_nonnull (check->program);
        g_assert_cmpint (eqk_typed_guarantee (check->typed).holds, ==, EQK_HOLDS_EXACT);
        g_assert_cmpint (eqk_program_output (check->program, 0)->type.kind, ==, asked[i].kind);
        if (limit > 0)
          g_assert_cmpint (check->parameters, <=, limit);
      }
}

/* The conditions of the table: what relates elements decides between families of one domain; each rule of sets and graphs is reached. */
static void
test_relations (void)
{
  static const struct { const char *domain, *task, *output, *relations, *chosen, *rule; } asked[] = {
    { "set", "regression", "invariant", "alone", "deepsets", "R19" },              { "set", "classification", "invariant", "alone", "deepsets", "R19" },
    { "set", "regression", "invariant", "interacting", "set-transformer", "R20" }, { "graph", "classification", "invariant", "links", "gin", "R21" },
    { "graph", "regression", "invariant", "edge-features", "mpnn", "R22" },        { "graph", "classification", "invariant", "edge-features", "mpnn", "R22" },
    { "graph", "node", "equivariant", "links", "gat", "R23" },                     { "graph", "classification", "invariant", "patterns", "ign", "R24" },
    { "graph", "regression", "invariant", "patterns", "ign", "R24" },
  };
  static const char *const bad[][2] = { { "set", "links" }, { "graph", "alone" }, { "image", "links" }, { "graph", "" } };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      const EqsQuestion     question = { .domain = asked[i].domain, .task = asked[i].task, .group = "Sn", .output = asked[i].output, .relations = asked[i].relations };
      g_autoptr (GError)    error = NULL;
      g_autoptr (EqsAnswer) answer = eqs_guide (&question, &error);
      g_autoptr (EqsCheck)  check = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (answer->chosen);
      g_test_message ("%s, %s: %s, %.2f", asked[i].domain, asked[i].relations, answer->chosen->id, answer->chosen->score);
      g_assert_cmpstr (answer->chosen->id, ==, asked[i].chosen);
      g_assert_cmpstr (answer->chosen->rule, ==, asked[i].rule);
      g_assert_null (answer->note);
      check = eqs_check_new (answer->chosen->design, &error);
      g_assert_no_error (error);
      g_assert_true (check->ok);
      g_assert_cmpint (eqk_typed_guarantee (check->typed).holds, ==, EQK_HOLDS_EXACT);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const EqsQuestion     question = { .domain = bad[i][0], .task = "classification", .group = strcmp (bad[i][0], "image") == 0 ? "C4" : "Sn", .output = "invariant", .relations = bad[i][1] };
      g_autoptr (GError)    error = NULL;
      g_autoptr (EqsAnswer) answer = eqs_guide (&question, &error);

      g_assert_null (answer);
      g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
    }
}

static void
test_nonsense (void)
{
  static const char *const asked[][4] = {
    { "image", "classification", "C4", "equivariant" }, { "image", "segmentation", "C4", "invariant" }, { "image", "classification", "SO3", "invariant" },
    { "set", "classification", "C4", "invariant" },     { "paper", "classification", "C4", "invariant" }, { "image", "guess", "C4", "invariant" },
    { "image", "classification", "C999", "invariant" }, { "image", "classification", "C4", "both" },     { "sphere", "classification", "C4", "invariant" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError)    error = NULL;
      g_autoptr (EqsAnswer) answer = ask (asked[i][0], asked[i][1], asked[i][2], asked[i][3], 0, &error);

      g_assert_null (answer);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *path = g_strdup_printf ("/guide/design/%s/%s", questions[i].task, questions[i].group);

      g_test_add_data_func (path, &questions[i], test_designs);
    }
  g_test_add_func ("/guide/limits", test_limits);
  g_test_add_func ("/guide/beyond-limits", test_beyond_limits);
  g_test_add_func ("/guide/not-built", test_not_built);
  g_test_add_func ("/guide/space", test_space);
  g_test_add_func ("/guide/permutations", test_permutations);
  g_test_add_func ("/guide/relations", test_relations);
  g_test_add_func ("/guide/nonsense", test_nonsense);
  return g_test_run ();
}
