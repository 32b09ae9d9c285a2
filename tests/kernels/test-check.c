/*
 * The checkers themselves, on small layers made here: they pass what is right and refuse what is wrong. The layers are not in
 * the registry.
 */

#include "check/check.h"
#include "check/specimen.h"
#include "eqk/layer.h"
#include "broken-twin.h"
#include "layers/dense.h"
#include "op_act.h"
#include "op_linear.h"

#include <glib.h>
#include <math.h>

/* ---- layers made for this test ---- */

static const EqkPort one_in[] = { { .name = "x" }, { .name = NULL } };
static const EqkPort one_out[] = { { .name = "y" }, { .name = NULL } };

static EqkStatus
same_type (EqkInfer *ctx, EqkDiag *diag)
{
  return eqk_infer_set_output (ctx, "y", eqk_infer_input (ctx, "x"));
}

static EqkStatus
expand_act (EqkBuild *b, EqkAct act, const char *op, EqkDiag *diag)
{
  const EqkPortType *type = eqk_build_out (b, "y");
  const EqkActParams params = { act, 1, 0 };
  const int          in = eqk_build_x (b, "x"), out = eqk_build_value (b, type->space, eqk_rep_get_dim (type->rep));

  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, op, &in, 1, &out, 1, &params, sizeof params, diag);
}

static EqkStatus
expand_relu (EqkBuild *b, EqkDiag *diag)
{
  return expand_act (b, EQK_ACT_RELU, "act_kinked", diag);
}

static EqkStatus
expand_silu (EqkBuild *b, EqkDiag *diag)
{
  return expand_act (b, EQK_ACT_SILU, "act", diag);
}

static EqkStatus
expand_linear (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType    *type = eqk_build_out (b, "y");
  const int             n = eqk_rep_get_dim (type->rep), shape[2] = { n, n };
  const EqkLinearParams params = { n, n, 0, 1 };
  const int             w = eqk_build_weight (b, "weight", shape, 2, (EqkInit){ EQK_INIT_NORMAL, 0.5, NULL });
  const int             bias = eqk_build_weight (b, "bias", shape, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL });
  const int             in[3] = { eqk_build_x (b, "x"), w, bias }, out = eqk_build_value (b, type->space, n);

  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "linear", in, 3, &out, 1, &params, sizeof params, diag);
}

/* The activation whose second moment is looked at. */
static EqkAct of_moment;

static EqkStatus
expand_of_moment (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *type = eqk_build_out (b, "y");
  const int          y = eqk_dense_act (b, eqk_act_name (of_moment), eqk_build_x (b, "x"), type->space, eqk_rep_get_dim (type->rep), eqk_act_second_moment (of_moment), diag);

  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_NAME : EQK_OK;
}

static const EqkLayerType moment = { .id = "test_moment", .inputs = one_in, .outputs = one_out, .infer = same_type, .expand = expand_of_moment };
static const EqkLayerType relu = { .id = "test_relu", .inputs = one_in, .outputs = one_out, .infer = same_type, .expand = expand_relu };
static const EqkLayerType silu = { .id = "test_silu", .inputs = one_in, .outputs = one_out, .infer = same_type, .expand = expand_silu };
static const EqkLayerType linear = { .id = "test_linear", .inputs = one_in, .outputs = one_out, .infer = same_type, .expand = expand_linear };

static EqkProgram *
program_of (const EqkLayerType *layer, const char *group, const char *input)
{
  const EqkSpecimen       specimen = { .group = group, .inputs = { input } };
  const EqkCompileOptions options = { .keep_all = true };
  EqkProgram             *program = NULL;
  EqkDiag                 diag = EQK_DIAG_INIT;

  if (eqk_specimen_program (layer, &specimen, &options, &program, &diag) != EQK_OK)
    g_error ("%s", diag.what);
  return program;
}

static EqkRig *
rig_of (const EqkProgram *program, EqkPrecision precision, gboolean train, EqkFill fill)
{
  const EqkRigOptions options = { .precision = precision, .train = train, .batch = 2, .seed = 1, .fill = fill };
  EqkRig             *rig = NULL;
  EqkDiag             diag = EQK_DIAG_INIT;

  if (eqk_rig_new (program, NULL, &options, &rig, &diag) != EQK_OK)
    g_error ("%s", diag.what);
  return rig;
}

/* The constant of each activation belongs to the function that the operation computes: E[(c f(z))^2] = 1 for normal z, by a sum over a fine grid. */
static void
test_second_moments (void)
{
  for (int act = 0; act < EQK_ACT_N; act++)
    {
      EqkProgram *program;
      EqkRig     *rig;
      double      sum = 0, step;
      int         y;

      of_moment = (EqkAct) act;
      program = program_of (&moment, "C2", "grid 100x100 1x triv");
      rig = rig_of (program, EQK_F64, FALSE, EQK_FILL_NOISE);
      g_assert_cmpuint (rig->feeds[0].count, ==, 20000);
      step = 20.0 / 20000;
      for (int i = 0; i < 20000; i++)
        rig->feeds[0].data[i] = -10 + step * (i + 0.5);
      g_assert_cmpint (eqk_rig_load (rig, NULL, NULL), ==, EQK_OK);
      g_assert_cmpint (eqk_run_forward (rig->run, EQK_PASS_INFER, NULL), ==, EQK_OK);
      y = eqk_program_n_values (program) - 1;
      for (int i = 0; i < 20000; i++)
        {
          const double z = -10 + step * (i + 0.5), f = ((const double *) eqk_run_value (rig->run, y))[i];

          sum += f * f * exp (-z * z / 2) / sqrt (2 * G_PI) * step;
        }
      g_test_message ("%s: %.9f", eqk_act_name (act), sum);
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-6);
      eqk_rig_free (rig);
      eqk_program_free (program);
    }
}

/* ---- the action ---- */

static void
test_quarter_turn (void)
{
  /* domain.md §0: new[i][j] = old[j][W-1-i]; mirror y -> -y flips top and bottom. */
  const EqkGroup   *d4 = eqk_group_get ("D4");
  const EqkSymmetry symmetry = { .group = d4 };
  const EqkSizes    sizes = { .batch = 1 };
  EqkPortType       type;
  double            in[9], out[9];
  EqkElement        turn = { .index = 1 }, mirror = { .mirror = 1 };

  g_assert_cmpint (eqk_specimen_parse ("grid 3x3 1x triv", &symmetry, &type, NULL), ==, EQK_OK);
  for (int i = 0; i < 9; i++)
    in[i] = i;
  g_assert_cmpint (eqk_act_on_value (&type, &turn, EQK_F64, &sizes, in, out), ==, EQK_OK);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      g_assert_cmpfloat (out[3 * i + j], ==, in[3 * j + 2 - i]);
  g_assert_cmpint (eqk_act_on_value (&type, &mirror, EQK_F64, &sizes, in, out), ==, EQK_OK);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      g_assert_cmpfloat (out[3 * i + j], ==, in[3 * (2 - i) + j]);
}

/* a (b x) = (a b) x for every pair, on vectors and regular fields at once. */
static void
test_homomorphism (gconstpointer data)
{
  const EqkGroup   *group = eqk_group_get (data);
  const EqkSymmetry symmetry = { .group = group };
  const EqkSizes    sizes = { .batch = 2 };
  const int         n = eqk_group_get_order (group);
  EqkPortType       type;
  double            in[2 * 16 * 16], b_in[2 * 16 * 16], a_b_in[2 * 16 * 16], ab_in[2 * 16 * 16];
  size_t            count;

  g_assert_cmpint (eqk_specimen_parse (n > 2 && group != eqk_group_get ("D1") ? "grid 4x4 1x reg+1x f1+1x triv" : "grid 4x4 2x reg+1x triv", &symmetry, &type, NULL), ==, EQK_OK);
  count = 2 * 16 * (size_t) eqk_rep_get_dim (type.rep);
  g_assert_cmpuint (count, <=, G_N_ELEMENTS (in));
  eqk_inputs_fill (&type, NULL, 2, 0, EQK_FILL_NOISE, 1, 0, in);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        const EqkElement a = eqk_group_element (group, i), b = eqk_group_element (group, j), ab = eqk_group_compose (group, &a, &b);

        g_assert_cmpint (eqk_act_on_value (&type, &b, EQK_F64, &sizes, in, b_in), ==, EQK_OK);
        g_assert_cmpint (eqk_act_on_value (&type, &a, EQK_F64, &sizes, b_in, a_b_in), ==, EQK_OK);
        g_assert_cmpint (eqk_act_on_value (&type, &ab, EQK_F64, &sizes, in, ab_in), ==, EQK_OK);
        for (size_t k = 0; k < count; k++)
          g_assert_cmpfloat_with_epsilon (a_b_in[k], ab_in[k], 1e-12);
      }
}

/* Interpolation: exact for linear functions away from the border, and four eighth turns make a half turn of a smooth picture. */
static void
test_other_angles (void)
{
  const EqkGroup   *so2 = eqk_group_get ("SO2");
  const EqkSymmetry symmetry = { .group = so2 };
  const EqkSizes    sizes = { .batch = 1 };
  const EqkElement  turn = { .angle = 0.7 }, eighth = { .angle = G_PI / 4 }, half = { .angle = G_PI };
  EqkPortType       type;
  double            in[33 * 33], out[33 * 33], again[33 * 33], diff = 0, norm = 0;

  g_assert_cmpint (eqk_specimen_parse ("grid 33x33 1x triv", &symmetry, &type, NULL), ==, EQK_OK);
  for (int i = 0; i < 33 * 33; i++)
    in[i] = 2.0 * (i % 33 - 16) - 3.0 * (16 - i / 33) + 1;
  g_assert_cmpint (eqk_act_on_value (&type, &turn, EQK_F64, &sizes, in, out), ==, EQK_OK);
  for (int i = 0; i < 33 * 33; i++)
    {
      const double x = i % 33 - 16, y = 16 - i / 33;

      if (x * x + y * y < 13 * 13)   /* f(R^-1 x) */
        g_assert_cmpfloat_with_epsilon (out[i], 2 * (cos (0.7) * x + sin (0.7) * y) - 3 * (-sin (0.7) * x + cos (0.7) * y) + 1, 1e-9);
    }
  for (int i = 0; i < 33 * 33; i++)
    in[i] = exp (-(pow (i % 33 - 19, 2) + pow (16 - i / 33 - 4, 2)) / 8);
  memcpy (out, in, sizeof out);
  for (int k = 0; k < 4; k++)
    {
      g_assert_cmpint (eqk_act_on_value (&type, &eighth, EQK_F64, &sizes, out, again), ==, EQK_OK);
      memcpy (out, again, sizeof out);
    }
  g_assert_cmpint (eqk_act_on_value (&type, &half, EQK_F64, &sizes, in, again), ==, EQK_OK);
  for (int i = 0; i < 33 * 33; i++)
    {
      diff += pow (out[i] - again[i], 2);
      norm += pow (again[i], 2);
    }
  g_assert_cmpfloat (sqrt (diff / norm), <, 0.03);
}

static void
test_rectangle (void)
{
  const EqkSymmetry symmetry = { .group = eqk_group_get ("C4") };
  const EqkSizes    sizes = { .batch = 1 };
  const EqkElement  turn = { .index = 1 }, half = { .index = 2 };
  EqkPortType       type;
  double            in[12] = { 0 }, out[12];

  g_assert_cmpint (eqk_specimen_parse ("grid 3x4 1x triv", &symmetry, &type, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_act_on_value (&type, &turn, EQK_F64, &sizes, in, out), ==, EQK_ERR_SHAPE);
  g_assert_cmpint (eqk_act_on_value (&type, &half, EQK_F64, &sizes, in, out), ==, EQK_OK);
  g_assert_cmphex (type.guarantee.exact, ==, 0x5);
}

/* A 3-cycle and its inverse differ; node k goes to row moves[k], and edges follow their ends. */
static void
test_permutation (void)
{
  const EqkSymmetry symmetry = { .group = eqk_group_get ("triv"), .permutations = EQK_PERMUTE_GRAPH };
  const EqkSizes    sizes = { .batch = 1, .nodes = 3, .edges = 2 };
  const int32_t     moves[3] = { 1, 2, 0 };
  int32_t           src[2] = { 0, 1 }, dst[2] = { 1, 2 }, by_dst[4] = { 0, 0, 1, 2 };            /* 0 -> 1, 1 -> 2 */
  int32_t           src2[2] = { 2, 1 }, dst2[2] = { 0, 2 }, by_dst2[4] = { 0, 1, 1, 2 };         /* 2 -> 0, 1 -> 2 */
  const EqkStructure from = { .n_samples = 1, .n_nodes = 3, .n_edges = 2, .src = src, .dst = dst, .by_dst = by_dst };
  const EqkStructure to = { .n_samples = 1, .n_nodes = 3, .n_edges = 2, .src = src2, .dst = dst2, .by_dst = by_dst2 };
  EqkAction         a = { .group = symmetry.group, .moves = moves, .from = &from, .to = &to };
  EqkPortType       nodes, edges;
  const double      x[3] = { 10, 11, 12 }, e[2] = { 1, 2 };
  double            y[3], f[2];

  g_assert_cmpint (eqk_specimen_parse ("nodes 1x triv", &symmetry, &nodes, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_specimen_parse ("edges 1x triv", &symmetry, &edges, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_action_apply (&a, &nodes, EQK_F64, &sizes, x, y), ==, EQK_OK);
  g_assert_cmpfloat (y[1], ==, 10);
  g_assert_cmpfloat (y[2], ==, 11);
  g_assert_cmpfloat (y[0], ==, 12);
  g_assert_cmpint (eqk_action_apply (&a, &edges, EQK_F64, &sizes, e, f), ==, EQK_OK);
  g_assert_cmpfloat (f[1], ==, 1);   /* 0 -> 1 became 1 -> 2 */
  g_assert_cmpfloat (f[0], ==, 2);   /* 1 -> 2 became 2 -> 0 */
}

/* ---- the checks ---- */

static void
test_gradient (void)
{
  const EqkLayerType *const layers[] = { &relu, &silu, &linear };

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      EqkProgram             *program = program_of (layers[i], "C4", "sample 6x triv");
      EqkRig                 *rig = rig_of (program, EQK_F64, TRUE, EQK_FILL_NOISE);
      const EqkOpType *const *before;
      EqkCheck                check;

      g_assert_cmpint (eqk_check_gradient (rig, EQK_PASS_TRAIN, 3, &check, NULL), ==, EQK_OK);
      g_test_message ("%s: %.1e", layers[i]->id, check.worst);
      g_assert_cmpint (check.n, >=, 2);
      g_assert_cmpfloat (check.worst, <, 1e-7);

      before = twin_install (rig->run, eqk_program_op (program, 0)->type, FALSE);
      g_assert_cmpint (eqk_check_gradient (rig, EQK_PASS_TRAIN, 3, &check, NULL), ==, EQK_OK);
      twin_remove (rig->run, before);
      g_assert_cmpfloat (check.worst, >, 1e-3);
      eqk_rig_free (rig);
      eqk_program_free (program);
    }
}

static void
test_operation (void)
{
  EqkProgram             *program = program_of (&linear, "C4", "sample 6x triv");
  EqkRig                 *rig = rig_of (program, EQK_F64, TRUE, EQK_FILL_NOISE);
  const EqkOpType *const *before;
  EqkOpChecks             checks;

  g_assert_cmpint (eqk_rig_load (rig, NULL, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_forward (rig->run, EQK_PASS_TRAIN, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_check_operation (rig, 0, EQK_PASS_TRAIN, 1, &checks, NULL), ==, EQK_OK);
  g_assert_cmpint (checks.reverse.n, ==, 3);
  g_assert_cmpint (checks.adjoint.n, ==, 1);
  g_assert_cmpint (checks.second.n, ==, 3);
  g_assert_cmpfloat (checks.reverse.worst, <, 1e-7);
  g_assert_cmpfloat (checks.adjoint.worst, <, 1e-12);
  g_assert_cmpfloat (checks.tangent.worst, <, 1e-7);
  g_assert_cmpfloat (checks.second.worst, <, 1e-7);
  before = twin_install (rig->run, eqk_program_op (program, 0)->type, FALSE);
  g_assert_cmpint (eqk_check_operation (rig, 0, EQK_PASS_TRAIN, 1, &checks, NULL), ==, EQK_OK);
  twin_remove (rig->run, before);
  g_assert_cmpfloat (checks.reverse.worst, >, 1e-3);
  g_assert_cmpfloat (checks.adjoint.worst, >, 1e-3);
  g_assert_cmpfloat (checks.second.worst, >, 1e-3);
  eqk_rig_free (rig);
  eqk_program_free (program);
}

static void
test_prediction (void)
{
  EqkEquivarianceCheck *check = g_new0 (EqkEquivarianceCheck, 1);
  const struct { const EqkLayerType *layer; const char *group, *input; gboolean holds; } cases[] = {
    { &relu, "C4", "grid 7x7 2x reg", TRUE },        { &relu, "D4", "grid 6x6 1x reg+1x triv", TRUE },
    { &relu, "C8", "grid 7x7 1x reg", TRUE },        { &relu, "C4", "grid 7x5 2x reg", TRUE },
    { &silu, "D4@axis=90", "grid 5x5 2x reg", TRUE }, { &relu, "O2", "sample 4x triv", TRUE },
    { &silu, "C5", "sample 2x reg", TRUE },           { &linear, "triv", "nodes 3x triv", TRUE },
    { &relu, "C4", "grid 7x7 2x f1", FALSE },        { &relu, "D4", "sample 1x sign", FALSE },
    { &relu, "SO2", "grid 7x7 1x f1", FALSE },       { &linear, "C4", "sample 2x reg", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *input = g_str_equal (cases[i].input, "sample 1x sign") ? "sample 2x (1,0)" : cases[i].input;
      EqkProgram *program = program_of (cases[i].layer, cases[i].group, input);
      EqkRig     *rig = rig_of (program, EQK_F64, FALSE, EQK_FILL_NOISE);

      g_assert_cmpint (eqk_check_equivariance (rig, EQK_PASS_INFER, 1, check, NULL), ==, EQK_OK);
      g_assert_false (check->zero_output);
      g_assert_true ((eqk_check_prediction (check, 1e-10) == NULL) == cases[i].holds);
      eqk_rig_free (rig);
      eqk_program_free (program);
    }
  g_free (check);
}

static void
test_mutations (void)
{
  EqkEquivarianceCheck *check = g_new0 (EqkEquivarianceCheck, 1);

  for (int kind = EQK_MUTATE_SWAP; kind <= EQK_MUTATE_INDEX; kind++)
    {
      EqkProgram *program = program_of (&relu, "C4", "grid 7x7 2x reg"), *twin = NULL;
      EqkRig     *rig;

      g_assert_cmpint (eqk_program_mutate (program, 0, "y", (EqkMutation) kind, 1, &twin, NULL), ==, EQK_OK);
      rig = rig_of (twin, EQK_F64, FALSE, EQK_FILL_NOISE);
      g_assert_cmpint (eqk_check_equivariance (rig, EQK_PASS_INFER, 1, check, NULL), ==, EQK_OK);
      g_assert_nonnull (eqk_check_prediction (check, 1e-10));
      g_assert_true (eqk_check_prediction (check, 1e-10)->promised);
      eqk_rig_free (rig);
      eqk_program_free (twin);
      eqk_program_free (program);
    }
  g_free (check);
}

static void
test_shapes (void)
{
  EqkProgram *program = program_of (&linear, "C4", "sample 6x triv");
  EqkRig     *rig = rig_of (program, EQK_F64, FALSE, EQK_FILL_NOISE);

  g_assert_cmpint (eqk_check_shapes (rig, NULL), ==, EQK_OK);
  g_assert_cmpuint (eqk_program_n_weights (program), ==, 42);
  eqk_rig_free (rig);
  eqk_program_free (program);
}

static void
test_bad_specimens (void)
{
  const EqkSymmetry symmetry = { .group = eqk_group_get ("C4") };
  const char *const bad[] = { "", "box 3x3 1x triv", "grid 3 1x triv", "grid 3x3 1x what", "sample 1x triv as nonsense", "grid 0x3 1x triv" };
  EqkPortType       type;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (eqk_specimen_parse (bad[i], &symmetry, &type, NULL), !=, EQK_OK);
  g_assert_cmpint (eqk_specimen_parse ("nodes 2x triv as energy", &symmetry, &type, NULL), ==, EQK_OK);
  g_assert_cmpint (type.kind, ==, EQK_KIND_ENERGY);
}

int
main (int argc, char **argv)
{
  static const char *const groups[] = { "C4", "D4", "D1", "D2@axis=90", "D4@axis=45" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/action/quarter-turn", test_quarter_turn);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autofree char *name = g_strdup_printf ("/action/homomorphism/%s", groups[i]);

      g_test_add_data_func (name, groups[i], test_homomorphism);
    }
  g_test_add_func ("/action/other-angles", test_other_angles);
  g_test_add_func ("/action/rectangle", test_rectangle);
  g_test_add_func ("/action/permutation", test_permutation);
  g_test_add_func ("/check/second-moments", test_second_moments);
  g_test_add_func ("/check/gradient", test_gradient);
  g_test_add_func ("/check/operation", test_operation);
  g_test_add_func ("/check/prediction", test_prediction);
  g_test_add_func ("/check/mutations", test_mutations);
  g_test_add_func ("/check/shapes", test_shapes);
  g_test_add_func ("/check/bad-specimens", test_bad_specimens);
  return g_test_run ();
}
