/*
 * Layers on pictures against their definitions in plain loops, the sizes that the grid rule proposes, and filters that are
 * prepared once and kept while the weights stay. The laws of every layer are in test-registry.c.
 */

#include "eqk/graph.h"
#include "eqk/random.h"
#include "eqk/run.h"
#include "check/specimen.h"
#include "layers/grids.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct { const char *id, *layer, *settings; } Node;

/* A chain of layers, each linked by its first ports. */
static EqkTyped *
chain (const char *group, const Node *nodes, int n)
{
  const EqkSymmetry symmetry = { eqk_group_get (group), true, EQK_PERMUTE_NONE };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  EqkTyped         *typed = NULL;

  for (int i = 0; i < n; i++)
    {
      EqkSettings *settings = NULL;

      g_assert_cmpint (eqk_settings_parse (nodes[i].settings, &settings, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_graph_add (graph, nodes[i].id, nodes[i].layer, settings, NULL, NULL, NULL), ==, EQK_OK);
      eqk_settings_free (settings);
      if (i > 0)
        g_assert_cmpint (eqk_graph_link (graph, nodes[i - 1].id, "y", nodes[i].id, "x", NULL), ==, EQK_OK);
    }
  g_assert_cmpint (eqk_graph_infer (graph, &typed, NULL), ==, EQK_OK);
  eqk_graph_free (graph);
  return typed;
}

static const EqkProblem *
find_problem (const EqkTyped *typed, const char *code)
{
  for (int i = 0; i < eqk_typed_n_problems (typed); i++)
    if (strcmp (eqk_typed_problem (typed, i)->rule->code, code) == 0)
      return eqk_typed_problem (typed, i);
  return NULL;
}

/* guidance.md 3.3: two strides of 2 with k 3, p 1: 30 becomes 33, not 31; one finding for one cause. */
static void
test_even_stride (void)
{
  const Node        nodes[] = { { "in", "input_image", "height=30 width=30" }, { "a", "lift_conv", "out=2 k=3 stride=2 pad=1" },
                                { "b", "group_conv", "out=2 k=3 stride=2 pad=1" }, { "g", "group_pool", "" }, { "m", "global_avg", "" }, { "h", "mlp_head", "out=3" } };
  EqkTyped         *typed = chain ("C4", nodes, G_N_ELEMENTS (nodes));
  const EqkProblem *problem = find_problem (typed, "W-EVEN-STRIDE-GRID");

  g_assert_nonnull (problem);
  g_assert_null (find_problem (typed, "W-STRIDE-ASYM"));
  g_assert_cmpstr (eqk_graph_node_id (eqk_typed_graph (typed), problem->node), ==, "a");
  g_assert_cmpint (problem->n_fixes, ==, 2);
  g_assert_cmpint (problem->fixes[0].n_edits, ==, 2);
  g_assert_cmpstr (problem->fixes[0].edits[0].node, ==, "in");
  g_assert_cmpstr (problem->fixes[0].edits[0].text, ==, "33");
  g_assert_cmpstr (problem->fixes[1].edits[0].text, ==, "height=33 width=33");
  g_assert_cmpint (eqk_typed_guarantee (typed).holds, ==, EQK_HOLDS_LOST);
  eqk_typed_unref (typed);
}

static void
test_centred (void)
{
  const Node nodes[] = { { "in", "input_image", "height=33 width=33" }, { "a", "lift_conv", "out=2 k=3 stride=2 pad=1" },
                         { "b", "group_conv", "out=2 k=3 stride=2 pad=1" }, { "g", "group_pool", "" }, { "m", "global_avg", "" }, { "h", "mlp_head", "out=3" } };
  EqkTyped  *typed = chain ("C4", nodes, G_N_ELEMENTS (nodes));

  g_assert_null (find_problem (typed, "W-EVEN-STRIDE-GRID"));
  g_assert_cmpint (eqk_typed_guarantee (typed).holds, ==, EQK_HOLDS_EXACT);
  eqk_typed_unref (typed);
}

static EqkProgram *
compile (EqkTyped *typed)
{
  const EqkCompileOptions options = { .keep_all = true };
  EqkProgram             *program = NULL;
  EqkDiag                 diag = EQK_DIAG_INIT;

  if (eqk_compile (typed, &options, &program, &diag) != EQK_OK)
    g_error ("%s", diag.what);
  return program;
}

static const double *
weight_named (const EqkProgram *program, EqkStore *store, const char *name)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->name != NULL && strcmp (eqk_program_value (program, v)->name, name) == 0)
      return (const double *) eqk_store_weights (store) + eqk_program_value (program, v)->offset;
  g_assert_not_reached ();
}

/* Index of the pixel of a k x k window at the place to which g moves pixel (i, j). */
static int
moved (const EqkGroup *group, EqkElement g, int k, int i, int j)
{
  const double half = (k - 1) / 2.0, x = j - half, y = half - i;
  double       m[9];

  eqk_group_action (group, &g, m);
  return (int) lround (half - (m[2] * x + m[3] * y)) * k + (int) lround (m[0] * x + m[1] * y + half);
}

enum { SIDE = 9, K = 3, FIELDS = 2, ORDER = 8 };

/* y_c(x, g) = sum f_c'(x + u, h) psi_cc'(g^-1 u, g^-1 h) + b_c, stride 2, over D4. */
static void
test_group_conv (void)
{
  const Node      nodes[] = { { "in", "input_image", "height=9 width=9 channels=16 fields=2x reg" }, { "c", "group_conv", "out=2 k=3 stride=2 pad=1" }, { "o", "field_output", "" } };
  const EqkGroup *group = eqk_group_get ("D4");
  EqkTyped       *typed = chain ("D4", nodes, G_N_ELEMENTS (nodes));
  EqkProgram     *program = compile (typed);
  EqkStore       *store = eqk_store_new (program, EQK_F64, 3);
  EqkRun         *run = NULL;
  const EqkRunOptions options = { .precision = EQK_F64, .capacity = { .batch = 1 } };
  EqkRandom       random = eqk_random (1, EQK_RANDOM_TEST, 0, 0, 0);
  const double   *w, *b, *y;
  double         *x, worst = 0;

  g_assert_cmpint (eqk_run_new (program, store, &options, &run, NULL), ==, EQK_OK);
  w = weight_named (program, store, "c.weight");
  b = weight_named (program, store, "c.bias");
  x = eqk_run_feed (run, eqk_program_feed (program, "image"));
  for (int i = 0; i < SIDE * SIDE * FIELDS * ORDER; i++)
    x[i] = eqk_random_normal (&random);
  g_assert_cmpint (eqk_run_forward (run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  y = eqk_run_value (run, eqk_program_output (program, 0)->value);
  for (int p = 0; p < 25; p++)
    for (int c = 0; c < FIELDS; c++)
      for (int g = 0; g < ORDER; g++)
        {
          const EqkElement element = eqk_group_element (group, g), back = eqk_group_inverse (group, &element);
          double           sum = b[c];

          for (int u = 0; u < K * K; u++)
            for (int d = 0; d < FIELDS; d++)
              for (int h = 0; h < ORDER; h++)
                {
                  const int        row = p / 5 * 2 + u / K - 1, column = p % 5 * 2 + u % K - 1;
                  const EqkElement from = eqk_group_element (group, h), plane = eqk_group_compose (group, &back, &from);

                  if (row >= 0 && column >= 0 && row < SIDE && column < SIDE)
                    sum += x[(row * SIDE + column) * FIELDS * ORDER + d * ORDER + h] *
                           w[((c * FIELDS + d) * ORDER + eqk_group_index_of (group, &plane)) * K * K + moved (group, back, K, u / K, u % K)];
                }
          worst = fmax (worst, fabs (sum - y[p * FIELDS * ORDER + c * ORDER + g]));
        }
  g_test_message ("worst deviation %.1e", worst);
  g_assert_cmpfloat (worst, <, 1e-12);
  eqk_run_free (run);
  eqk_store_unref (store);
  eqk_program_free (program);
  eqk_typed_unref (typed);
}

/* Evaluation keeps the prepared filter: it must follow the weights, and agree with training, which prepares it each time. */
static void
test_kept_filter (void)
{
  const Node          nodes[] = { { "in", "input_image", "height=16 width=16" }, { "a", "r2conv", "out=8x reg k=3" }, { "b", "r2conv", "out=8x reg k=5" }, { "o", "field_output", "" } };
  EqkTyped           *typed = chain ("C4", nodes, G_N_ELEMENTS (nodes));
  EqkProgram         *program = compile (typed);
  EqkStore           *store = eqk_store_new (program, EQK_F32, 3);
  EqkRun             *runs[2] = { NULL };
  EqkRandom           random = eqk_random (1, EQK_RANDOM_TEST, 1, 0, 0);

  for (int k = 0; k < 2; k++)
    {
      const EqkRunOptions options = { .precision = EQK_F32, .train = k == 1, .capacity = { .batch = 2 } };

      g_assert_cmpint (eqk_run_new (program, store, &options, &runs[k], NULL), ==, EQK_OK);
    }
  for (int round = 0; round < 4; round++)
    {
      float       *x[2] = { eqk_run_feed (runs[0], eqk_program_feed (program, "image")), eqk_run_feed (runs[1], eqk_program_feed (program, "image")) };
      const float *y[2];

      for (int i = 0; i < 2 * 16 * 16; i++)
        x[0][i] = x[1][i] = (float) eqk_random_normal (&random);
      if (round == 2)
        {
          ((float *) eqk_store_weights (store))[0] += 1;
          ((float *) eqk_store_weights (store))[200] -= 1;
          eqk_store_touch (store);
        }
      for (int k = 0; k < 2; k++)
        {
          g_assert_cmpint (eqk_run_forward (runs[k], EQK_PASS_INFER, NULL), ==, EQK_OK);
          y[k] = eqk_run_value (runs[k], eqk_program_output (program, 0)->value);
        }
      for (int i = 0; i < 2 * 16 * 16 * 32; i++)
        g_assert_cmpfloat (fabsf (y[0][i] - y[1][i]), <, 1e-4f);
    }
  for (int k = 0; k < 2; k++)
    eqk_run_free (runs[k]);
  eqk_store_unref (store);
  eqk_program_free (program);
  eqk_typed_unref (typed);
}

/* Rows of a picture that does not change along the columns. */
static void
check_upsampled (const char *settings, const double *expected, int n)
{
  const Node          nodes[] = { { "in", "input_image", "height=8 width=8" }, { "u", "upsample", settings }, { "o", "field_output", "" } };
  EqkTyped           *typed = chain ("C4", nodes, G_N_ELEMENTS (nodes));
  EqkProgram         *program = compile (typed);
  EqkStore           *store = eqk_store_new (program, EQK_F64, 3);
  const EqkRunOptions options = { .precision = EQK_F64, .capacity = { .batch = 1 } };
  EqkRun             *run = NULL;
  double             *x;
  const double       *y;

  g_assert_cmpint (eqk_run_new (program, store, &options, &run, NULL), ==, EQK_OK);
  x = eqk_run_feed (run, eqk_program_feed (program, "image"));
  for (int i = 0; i < 64; i++)
    x[i] = i / 8;
  g_assert_cmpint (eqk_run_forward (run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  y = eqk_run_value (run, eqk_program_output (program, 0)->value);
  for (int i = 0; i < n * n; i++)
    g_assert_cmpfloat (fabs (y[i] - expected[i / n]), <, 1e-12);
  eqk_run_free (run);
  eqk_store_unref (store);
  eqk_program_free (program);
  eqk_typed_unref (typed);
}

static void
test_upsample (void)
{
  double odd[15], twice[16];

  for (int i = 0; i < 15; i++)
    odd[i] = i / 2.0;
  for (int i = 0; i < 16; i++)
    twice[i] = CLAMP ((i + 0.5) / 2 - 0.5, 0, 7);
  check_upsampled ("rule=odd", odd, 15);
  check_upsampled ("rule=double", twice, 16);
}

/* A word that is no border is refused at every entry, never read as zeros. */
static void
test_unknown_border (void)
{
  const EqkSymmetry symmetry = { eqk_group_get ("C4"), true, EQK_PERMUTE_NONE };
  EqkPortType       type;
  EqkDiag           diag = EQK_DIAG_INIT;

  g_assert_cmpint (eqk_pad_mode ("replicate"), ==, 3);
  g_assert_cmpint (eqk_pad_mode ("zero"), ==, -1);
  g_assert_cmpint (eqk_pad_mode (""), ==, -1);
  g_assert_cmpint (eqk_specimen_parse ("grid 5x5 1x triv", &symmetry, &type, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_grid_check_border (&type, 1, "reflect", &diag), ==, EQK_OK);
  g_assert_cmpint (eqk_grid_check_border (&type, 1, "mirror", &diag), ==, EQK_ERR_NAME);
  g_assert_nonnull (strstr (diag.what, "pad_mode"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plane-ops/even-stride", test_even_stride);
  g_test_add_func ("/plane-ops/centred", test_centred);
  g_test_add_func ("/plane-ops/group-conv", test_group_conv);
  g_test_add_func ("/plane-ops/kept-filter", test_kept_filter);
  g_test_add_func ("/plane-ops/unknown-border", test_unknown_border);
  g_test_add_func ("/plane-ops/upsample", test_upsample);
  return g_test_run ();
}
