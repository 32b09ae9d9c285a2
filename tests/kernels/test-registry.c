/*
 * Loops over the registries: every specimen of every layer goes through every law, every operation they expand into through
 * the laws of operations, and each checker is shown a broken twin of the same specimen that it must refuse.
 */

#include "check/check.h"
#include "check/specimen.h"
#include "core/simd.h"
#include "eqk/graph.h"
#include "broken-twin.h"
#include "fields.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static bool *reached;          /* by operation */

/* Says what is wrong and goes on: one run lists all that is. */
#define FAULT(...) (g_test_message (__VA_ARGS__), g_test_fail ())

typedef struct
{
  const EqkLayerType *layer;
  const EqkSpecimen  *specimen;
  int                 number;
} Case;

static EqkProgram *
compile (const Case *c, gboolean keep_all, gboolean exact)
{
  const EqkCompileOptions options = { keep_all, exact };
  EqkProgram             *program = NULL;
  EqkDiag                 diag = EQK_DIAG_INIT;
  const EqkStatus         status = eqk_specimen_program (c->layer, c->specimen, &options, &program, &diag);

  if (status != EQK_OK)
    g_error ("%s, specimen %d (%s: %s): %s: %s, expected %s, found %s", c->layer->id, c->number, c->specimen->group,
             c->specimen->settings != NULL ? c->specimen->settings : "", eqk_status_name (status), diag.what, diag.expected, diag.found);
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    reached[eqk_program_op (program, i)->type] = true;
  return program;
}

static EqkRig *
rig_of (const Case *c, const EqkProgram *program, EqkPrecision precision, gboolean train, EqkPool *pool)
{
  const EqkRigOptions options = { .precision = precision, .train = train, .batch = 2, .seed = 7, .pool = pool };
  EqkRig             *rig = NULL;
  EqkDiag             diag = EQK_DIAG_INIT;

  if (eqk_rig_new (program, NULL, &options, &rig, &diag) != EQK_OK)
    g_error ("%s, specimen %d: %s", c->layer->id, c->number, diag.what);
  return rig;
}

static unsigned
flags_of (const EqkRig *rig)
{
  unsigned flags = 0;

  for (int i = 0; i < eqk_program_n_ops (rig->program); i++)
    flags |= rig->run->types[eqk_program_op (rig->program, i)->type]->flags;
  return flags;
}

static EqkPassMode
gradient_mode (const EqkRig *rig)
{
  EqkPassMode mode = EQK_PASS_TRAIN;

  for (int i = 0; i < eqk_program_n_ops (rig->program); i++)
    if (eqk_check_mode (eqk_program_op (rig->program, i)) == EQK_PASS_INFER)
      mode = EQK_PASS_INFER;
  return mode;
}

/* ---- the laws ---- */

static void
test_shapes (gconstpointer data)
{
  const Case *c = data;
  EqkProgram *program = compile (c, TRUE, FALSE);
  EqkRig     *rig = rig_of (c, program, EQK_F64, FALSE, NULL);
  EqkDiag     diag = EQK_DIAG_INIT;

  if (eqk_check_shapes (rig, &diag) != EQK_OK)
    FAULT ("%s, specimen %d: %s, expected %s, found %s", c->layer->id, c->number, diag.what, diag.expected, diag.found);
  eqk_rig_free (rig);
  eqk_program_free (program);
}

static void
test_gradient (gconstpointer data)
{
  const Case             *c = data;
  EqkProgram             *program = compile (c, FALSE, FALSE);
  EqkRig                 *rig = rig_of (c, program, EQK_F64, TRUE, NULL);
  EqkCheck                check;
  EqkDiag                 diag = EQK_DIAG_INIT;
  const EqkPassMode       mode = gradient_mode (rig);

  for (int pass = 0; pass < 2; pass++)
    {
      if (pass == 1 && mode == EQK_PASS_INFER)
        break;
      if (eqk_check_gradient (rig, pass == 0 ? mode : EQK_PASS_INFER, 5, &check, &diag) != EQK_OK)
        FAULT ("%s, specimen %d: %s", c->layer->id, c->number, diag.what);
      g_test_message ("%s, specimen %d, %s: %.1e at %s, %d directions", c->layer->id, c->number, pass == 0 ? "training" : "evaluation", check.worst, check.where, check.n);
      if (!(check.worst < 1e-6))
        FAULT ("%s, specimen %d, %s: %s is off by %.2e", c->layer->id, c->number, pass == 0 && mode == EQK_PASS_TRAIN ? "training" : "evaluation", check.where, check.worst);
    }
  eqk_rig_free (rig);
  eqk_program_free (program);
}

static void
require (const Case *c, const EqkOp *op, const char *law, const EqkCheck *check, double limit)
{
  if (check->n > 0 && !(check->worst < limit))
    FAULT ("%s, specimen %d, operation %s (number %d), %s: off by %.2e at %s", c->layer->id, c->number, op->id, op->index, law, check->worst, check->where);
}

/* Operations one by one, then with a reverse and a tangent that are one per cent wrong. */
static void
test_operations (gconstpointer data)
{
  const Case       *c = data;
  EqkProgram       *program = compile (c, TRUE, FALSE);
  EqkRig           *rig = rig_of (c, program, EQK_F64, TRUE, NULL);
  EqkDiag           diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_rig_load (rig, NULL, &diag), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (rig->run, EQK_PASS_TRAIN, &diag), ==, EQK_OK);
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    {
      const EqkOp            *op = eqk_program_op (program, i);
      const EqkPassMode       mode = eqk_check_mode (op);
      const EqkOpType *const *before;
      EqkOpChecks             checks, wrong;

      g_assert_cmpint (eqk_check_operation (rig, i, mode, 3, &checks, &diag), ==, EQK_OK);
      require (c, op, "reverse", &checks.reverse, 1e-6);
      require (c, op, "adjoint", &checks.adjoint, 1e-10);
      require (c, op, "tangent", &checks.tangent, 1e-6);
      require (c, op, "reverse2", &checks.second, 1e-6);

      before = twin_install (rig->run, op->type, FALSE);
      g_assert_cmpint (eqk_check_operation (rig, i, mode, 3, &wrong, &diag), ==, EQK_OK);
      twin_remove (rig->run, before);
      if (checks.reverse.n > 0)
        g_assert_cmpfloat (wrong.reverse.worst, >, 5e-6);
      if (checks.adjoint.n > 0)
        g_assert_cmpfloat (wrong.adjoint.worst, >, 5e-6);
      if (checks.second.n > 0)
        g_assert_cmpfloat (wrong.second.worst, >, 5e-6);
      if (checks.tangent.n > 0)
        {
          before = twin_install (rig->run, op->type, TRUE);
          g_assert_cmpint (eqk_check_operation (rig, i, mode, 3, &wrong, &diag), ==, EQK_OK);
          twin_remove (rig->run, before);
          g_assert_cmpfloat (wrong.tangent.worst, >, 1e-4);
        }
    }
  eqk_rig_free (rig);
  eqk_program_free (program);
}

static void
report_prediction (const Case *c, const char *what, const EqkEquivarianceCheck *check, double tolerance)
{
  const EqkElementCheck *wrong = eqk_check_prediction (check, tolerance);
  double                 worst = 0;

  for (int i = 0; i < check->n; i++)
    if (check->items[i].promised && check->items[i].error > worst)
      worst = check->items[i].error;
  g_test_message ("%s, specimen %d, %s: worst promised element %.1e", c->layer->id, c->number, what, worst);
  if (check->zero_output)
    FAULT ("%s, specimen %d, %s: an output is zero, so nothing follows", c->layer->id, c->number, what);
  if (wrong != NULL)
    FAULT ("%s, specimen %d (%s; %s), %s: output %d, element %s: %s by the types, measured %.2e%s", c->layer->id, c->number,
             c->specimen->group, c->specimen->settings != NULL ? c->specimen->settings : "", what, wrong->output, wrong->name,
             wrong->promised ? "exact" : "not exact", wrong->error, wrong->applicable ? "" : " (the element does not act)");
}

static void
test_equivariance (gconstpointer data)
{
  const Case           *c = data;
  EqkEquivarianceCheck *check = g_new0 (EqkEquivarianceCheck, 1);
  EqkDiag               diag = EQK_DIAG_INIT;

  for (int exact = 0; exact < 2; exact++)
    {
      EqkProgram *program = compile (c, TRUE, exact);

      for (int precision = 32; precision <= 64; precision += 32)
        {
          EqkRig      *rig = rig_of (c, program, (EqkPrecision) precision, FALSE, NULL);
          const double tolerance = precision == 64 ? 1e-10 : exact ? 1e-5 : 1e-4;

          if (eqk_check_equivariance (rig, EQK_PASS_INFER, 3, check, &diag) != EQK_OK)
            FAULT ("%s, specimen %d: %s", c->layer->id, c->number, diag.what);
          report_prediction (c, precision == 64 ? "float64" : exact ? "float32, direct" : "float32", check, tolerance);
          eqk_rig_free (rig);
        }
      if (exact == 0)
        {
          EqkRig *rig = rig_of (c, program, EQK_F64, TRUE, NULL);

          if ((flags_of (rig) & EQK_RANDOMISED) == 0)
            {
              if (eqk_check_equivariance (rig, EQK_PASS_TRAIN, 3, check, &diag) != EQK_OK)
                FAULT ("%s, specimen %d: %s", c->layer->id, c->number, diag.what);
              /* In training a layer may hold more than it promises (statistics of the batch), never less. */
              for (int i = 0; i < check->n; i++)
                if (check->items[i].promised && !(check->items[i].error <= 1e-10))
                  FAULT ("%s, specimen %d, training: element %s is off by %.2e", c->layer->id, c->number, check->items[i].name, check->items[i].error);
            }
          eqk_rig_free (rig);
        }
      eqk_program_free (program);
    }
  g_free (check);
}

/* The first mutation of the first output that can break it must be seen. */
static void
test_broken_twin (gconstpointer data)
{
  const Case             *c = data;
  EqkProgram             *program = compile (c, TRUE, FALSE);
  EqkEquivarianceCheck   *check = g_new0 (EqkEquivarianceCheck, 1);
  const EqkProgramOutput *out = eqk_program_output (program, 0);
  const EqkTyped         *typed = eqk_program_typed (program);
  const int               node = eqk_graph_find (eqk_typed_graph (typed), out->node);
  gboolean                seen = FALSE, possible = FALSE;
  EqkDiag                 diag = EQK_DIAG_INIT;

  for (int kind = EQK_MUTATE_SWAP; kind <= EQK_MUTATE_INDEX; kind++)
    {
      EqkProgram *twin = NULL;
      EqkRig     *rig;
      gboolean    measurable = FALSE;

      if (eqk_program_mutate (program, node, out->port, (EqkMutation) kind, 1, &twin, &diag) != EQK_OK)
        continue;
      rig = rig_of (c, twin, EQK_F64, FALSE, NULL);
      g_assert_cmpint (eqk_check_equivariance (rig, EQK_PASS_INFER, 3, check, &diag), ==, EQK_OK);
      for (int i = 0; i < check->n; i++)
        measurable |= check->items[i].promised && check->items[i].output == 0 && check->items[i].on_grid &&
                      !eqk_group_equal (eqk_graph_get_symmetry (eqk_typed_graph (typed))->group, &check->items[i].g,
                                        &(EqkElement){ .q = { 1 } });
      possible |= measurable && (!eqk_rep_is_trivial (out->type.rep) || out->type.space.kind == EQK_SPACE_GRID);
      seen |= eqk_check_prediction (check, 1e-10) != NULL;
      eqk_rig_free (rig);
      eqk_program_free (twin);
    }
  if (possible && !seen)
    FAULT ("%s, specimen %d: no broken twin was found out", c->layer->id, c->number);
  if (!possible)
    g_test_message ("%s, specimen %d: an invariant of each sample has no generic broken twin", c->layer->id, c->number);
  g_free (check);
  eqk_program_free (program);
}

/* ---- precision, processors, threads ---- */

typedef struct
{
  void  *bytes;
  size_t n, n_outputs;
} Results;

/* Outputs, then gradients of weights and inputs, in double. */
static Results
results_of (const Case *c, const EqkProgram *program, EqkPrecision precision, EqkPool *pool)
{
  EqkRig  *rig = rig_of (c, program, precision, TRUE, pool);
  GArray  *all = g_array_new (FALSE, FALSE, sizeof (double));
  Results  results;
  EqkDiag  diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_rig_load (rig, NULL, &diag), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (rig->run, EQK_PASS_TRAIN, &diag), ==, EQK_OK);
  for (int o = 0; o < eqk_program_n_outputs (program); o++)
    {
      const int value = eqk_program_output (program, o)->value;

      for (size_t i = 0; i < eqk_rig_count (rig, value); i++)
        {
          const double y = eqk_rig_number (rig, eqk_run_value (rig->run, value), i);

          g_array_append_val (all, y);
          eqk_rig_set_number (rig, eqk_run_seed (rig->run, o), i, 1 + cos ((double) i));
        }
    }
  results.n_outputs = all->len;
  if (eqk_run_backward (rig->run, &diag) != EQK_OK)
    FAULT ("%s, specimen %d: %s", c->layer->id, c->number, diag.what);
  for (size_t i = 0; i < eqk_program_n_weights (program); i++)
    {
      const double g = eqk_rig_number (rig, eqk_run_weight_grads (rig->run), i);

      g_array_append_val (all, g);
    }
  for (int f = 0; f < rig->n_feeds; f++)
    {
      const void *lane = rig->feeds[f].index ? NULL : eqk_run_grad (rig->run, rig->feeds[f].value);

      for (size_t i = 0; lane != NULL && i < rig->feeds[f].count; i++)
        {
          const double g = eqk_rig_number (rig, lane, i);

          g_array_append_val (all, g);
        }
    }
  eqk_rig_free (rig);
  results.n = all->len;
  results.bytes = g_array_free (all, FALSE);
  return results;
}

static double
distance (const Results *a, const Results *b, gboolean gradients)
{
  const double *x = a->bytes, *y = b->bytes;
  double        diff = 0, norm = 0;

  g_assert_cmpuint (a->n, ==, b->n);
  for (size_t i = gradients ? a->n_outputs : 0; i < (gradients ? a->n : a->n_outputs); i++)
    {
      diff += (x[i] - y[i]) * (x[i] - y[i]);
      norm += x[i] * x[i];
    }
  return diff == 0 ? 0 : sqrt (diff / norm);
}

static void
test_precision (gconstpointer data)
{
  const Case *c = data;
  EqkProgram *program = compile (c, FALSE, FALSE);
  Results     wide = results_of (c, program, EQK_F64, NULL), narrow = results_of (c, program, EQK_F32, NULL);

  g_test_message ("%s, specimen %d: float32 differs by %.1e, gradients by %.1e", c->layer->id, c->number, distance (&wide, &narrow, FALSE), distance (&wide, &narrow, TRUE));
  g_assert_cmpfloat (distance (&wide, &narrow, FALSE), <, 2e-5);
  g_assert_cmpfloat (distance (&wide, &narrow, TRUE), <, 1e-3);
  g_free (wide.bytes);
  g_free (narrow.bytes);
  eqk_program_free (program);
}

static void
test_processors (gconstpointer data)
{
  const Case   *c = data;
  EqkSimd       list[EQK_SIMD_N];
  const EqkSimd before = eqk_simd ();
  const int     n = eqk_simd_variants (list);

  for (int precision = 32; precision <= 64; precision += 32)
    {
      Results base = { 0 };

      for (int i = 0; i < n; i++)
        {
          EqkProgram *program;
          Results     other;

          g_assert_true (eqk_simd_force (eqk_simd_variant_name (list[i])));
          program = compile (c, FALSE, FALSE);
          other = results_of (c, program, (EqkPrecision) precision, NULL);
          if (i == 0)
            base = other;
          else
            {
              g_assert_cmpfloat (distance (&base, &other, FALSE), <, precision == 32 ? 1e-5 : 1e-12);
              g_assert_cmpfloat (distance (&base, &other, TRUE), <, precision == 32 ? 1e-3 : 1e-10);
              g_free (other.bytes);
            }
          eqk_program_free (program);
        }
      g_free (base.bytes);
    }
  g_assert_true (eqk_simd_force (eqk_simd_variant_name (before)));
}

static void
test_threads (gconstpointer data)
{
  const Case *c = data;
  EqkProgram *program = compile (c, FALSE, FALSE);
  Results     one = results_of (c, program, EQK_F32, NULL);

  for (int n = 1; n <= 3; n++)
    {
      EqkPool *pool = eqk_pool_new (n);
      Results  other = results_of (c, program, EQK_F32, pool);

      g_assert_cmpmem (one.bytes, one.n * sizeof (double), other.bytes, other.n * sizeof (double));
      g_free (other.bytes);
      eqk_pool_free (pool);
    }
  g_free (one.bytes);
  eqk_program_free (program);
}

/* ---- the tables themselves ---- */

static void
check_ports (const EqkLayerType *layer, const EqkPort *ports)
{
  for (int i = 0; ports != NULL && ports[i].name != NULL; i++)
    if (ports[i].doc == NULL || strlen (ports[i].doc) < 3)
      FAULT ("%s: port “%s” has no description", layer->id, ports[i].name);
}

/* A page begins with a sentence for whoever does not know the term: none of the formulas that come after the empty line. */
static void
check_plain (const EqkLayerType *layer)
{
  const char *end = strstr (layer->doc, "\n\n"), *sign = strpbrk (layer->doc, "=_"), *sum = strstr (layer->doc, "Σ");

  if (end == NULL || end - layer->doc < 16 || end[-1] != '.' || (sign != NULL && sign < end) || (sum != NULL && sum < end))
    FAULT ("%s: its description does not begin with a plain sentence and an empty line", layer->id);
}

static void
test_entry (gconstpointer data)
{
  const EqkLayerType *layer = data;

  g_assert_nonnull (layer->title);
  g_assert_nonnull (layer->category);
  g_assert_nonnull (layer->domains);
  g_assert_nonnull (layer->infer);
  g_assert_nonnull (layer->expand);
  if (layer->doc == NULL || strlen (layer->doc) < 20)
    FAULT ("%s: no description", layer->id);
  check_plain (layer);
  if (layer->specimens == NULL || layer->specimens[0].inputs[0] == NULL)
    FAULT ("%s: no specimen", layer->id);
  check_ports (layer, layer->inputs);
  check_ports (layer, layer->outputs);
  for (int i = 0; layer->params != NULL && layer->params[i].name != NULL; i++)
    if (layer->params[i].title == NULL || layer->params[i].doc == NULL || (layer->params[i].kind == EQK_PARAM_INT && layer->params[i].min < 0 && layer->params[i].choices == NULL))
      FAULT ("%s: setting “%s” has no title or description", layer->id, layer->params[i].name);
  g_assert_true (eqk_layer_find (layer->id) == layer);
}

/* Runs last. */
static void
test_reached (void)
{
  /* "spoil" is for twins alone. */
  static const char *const exempt[] = { "spoil", NULL };
  static const char *const waiting[] = { "mul_scalar", "broadcast", "scale_learned", NULL };   /* for their layers: said, not failed */

  for (int i = 0; i < eqk_op_count (); i++)
    {
      const char *id = eqk_op_table (EQK_F64, 0)[i]->id;

      if (!reached[i] && g_strv_contains (waiting, id))
        g_test_message ("operation “%s” waits for its layer", id);
      else if (!reached[i] && !g_strv_contains (exempt, id))
        FAULT ("no specimen reaches operation “%s”", id);
      if (reached[i] && g_strv_contains (exempt, id))
        FAULT ("operation “%s” need not be exempt", id);
    }
}

static void
add_cases (const EqkLayerType *layer)
{
  static const struct { const char *name; GTestDataFunc func; } laws[] = {
    { "shapes", test_shapes }, { "gradient", test_gradient }, { "operations", test_operations }, { "equivariance", test_equivariance },
    { "broken-twin", test_broken_twin }, { "precision", test_precision }, { "processors", test_processors }, { "threads", test_threads },
  };
  g_autofree char *entry = g_strdup_printf ("/layers/%s/entry", layer->id);

  g_test_add_data_func (entry, layer, test_entry);
  for (int i = 0; layer->specimens != NULL && layer->specimens[i].inputs[0] != NULL; i++)
    for (guint k = 0; eqk_group_get (layer->specimens[i].group) != NULL && k < G_N_ELEMENTS (laws); k++)
      {
        g_autofree char *name = g_strdup_printf ("/layers/%s/%d/%s", layer->id, i, laws[k].name);
        Case            *c = g_new (Case, 1);

        *c = (Case){ layer, &layer->specimens[i], i };
        g_test_add_data_func_full (name, c, laws[k].func, g_free);
      }
}

int
main (int argc, char **argv)
{
  int                        n;
  const EqkLayerType *const *layers = eqk_layers (&n);

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  reached = g_new0 (bool, eqk_op_count () + 1);
  for (int i = 0; i < n; i++)
    add_cases (layers[i]);
  if (n > 0 && argc <= 2)
    g_test_add_func ("/operations/reached", test_reached);
  return g_test_run ();
}
