/*
 * Layers of sets: numbers of the authors' code of Deep Sets (two sets of five elements; it writes Gamma x - Lambda pool (x),
 * so its Gamma is Λ here and its Lambda is -Γ); pools of sets of unequal size against sums by hand; attention to many.
 */

#include "one-layer.h"

static const double x_of[] = {
  -0.7495643018, 1.299324879, 0.3985712984, 1.294404563, -0.3669387211, -0.4212879968, 0.8321213254, -0.06183852445,
  2.000676684, 0.04718976958, 0.1442122714, -2.101042969, -0.08170916835, -0.6176411554, -0.5930698401, 0.155741067,
  0.1091020992, -0.9171099377, 0.7149707802, 0.6602313705, 0.3112377225, 0.4304499157, 0.8721446616, 0.5685101823,
  -0.09558249327, -0.007323101405, -0.6148540145, 0.8116248575, -0.4079617149, 0.2178931622,
};
static const double lambda_weight[] = {
  0.06086632609, 0.3453331292, 0.1056737304, -0.08512704074, 0.4201678634, 0.5224754214,
};
static const double lambda_bias[] = {
  0.4947923422, 0.5359433889,
};
static const double minus_gamma_weight[] = {
  -0.2173479497, 0.05525160953, 0.4456906915, 0.05462818593, -0.3563997149, -0.5315946937,
};
static const double y_of[] = {
  1.05779121, 1.291428803, 0.5201464723, -0.01103496578, 0.8533082383, 1.421928153, 0.4432444877, -0.5677247278,
  0.3316588009, -0.08897937325, 0.5578858086, 0.1085464084, 0.912051342, 0.9342891076, 0.9951012227, 1.181967218,
  0.5343236989, 0.2389440024, 0.5391877919, 0.4284705872,
};

static const int32_t sizes[LAYER_BATCH] = { 4, 3, 5, 1, 7, 2 };      /* those of one_layer_forward */

static void
set_up (OneLayer *f, const char *layer, const char *input, const char *settings, EqkPrecision precision)
{
  const EqkSpecimen specimen = { .group = "O3", .inputs = { input }, .settings = settings };

  one_layer_set_up (f, eqk_layer_find (layer), &specimen, precision, false, true, 1);
}

static void
put_weight (OneLayer *f, const char *name, const double *data, size_t n, double sign)
{
  for (int v = 0; v < eqk_program_n_values (f->program); v++)
    {
      const EqkValue *value = eqk_program_value (f->program, v);

      if (value->kind != EQK_VALUE_WEIGHT || !g_str_has_suffix (value->name, name))
        continue;
      for (size_t i = 0; i < n; i++)
        one_layer_put (f, eqk_store_weights (f->store), value->offset + i, sign * data[i]);
      eqk_store_touch (f->store);
      return;
    }
  g_error ("no weight “%s”", name);
}

static void
check_reference (EqkPrecision precision, double tolerance)
{
  const int32_t counts[2] = { 5, 5 };
  OneLayer      f;
  int           in, out;

  set_up (&f, "deepsets_equiv", "nodes 3x triv", "channels=2", precision);
  g_assert_cmpuint (eqk_program_n_weights (f.program), ==, 2 * 3 * 2 + 2);
  put_weight (&f, "lambda.weight", lambda_weight, G_N_ELEMENTS (lambda_weight), 1);
  put_weight (&f, "lambda.bias", lambda_bias, G_N_ELEMENTS (lambda_bias), 1);
  put_weight (&f, "gamma.weight", minus_gamma_weight, G_N_ELEMENTS (minus_gamma_weight), -1);
  g_assert_cmpint (eqk_run_set_nodes (f.run, counts, 2, NULL), ==, EQK_OK);
  in = one_layer_in (&f, 0);
  out = one_layer_out (&f);
  g_assert_cmpuint (one_layer_count (&f, in), ==, G_N_ELEMENTS (x_of));
  g_assert_cmpuint (one_layer_count (&f, out), ==, G_N_ELEMENTS (y_of));
  for (size_t i = 0; i < G_N_ELEMENTS (x_of); i++)
    one_layer_put (&f, eqk_run_feed (f.run, in), i, x_of[i]);
  g_assert_cmpint (eqk_run_forward (f.run, EQK_PASS_INFER, NULL), ==, EQK_OK);
  for (size_t i = 0; i < G_N_ELEMENTS (y_of); i++)
    g_assert_cmpfloat_with_epsilon (one_layer_get (&f, eqk_run_value (f.run, out), i), y_of[i], tolerance);
  one_layer_tear_down (&f);
}

static void
test_reference (void)
{
  check_reference (EQK_F64, 2e-9);      /* the numbers have ten digits */
  check_reference (EQK_F32, 1e-6);
}

/* Sums of each set's own elements and of no others, whatever the sizes. */
static void
test_pool (void)
{
  enum { WIDTH = 3 };

  for (int mean = 0; mean < 2; mean++)
    {
      OneLayer f;
      double  *x, *y;
      size_t   row = 0;

      set_up (&f, "rho_pool", "nodes 3x triv", mean ? "pool=mean" : "pool=sum", EQK_F64);
      g_assert_cmpuint (eqk_program_n_weights (f.program), ==, 0);
      x = one_layer_normals (LAYER_NODES * WIDTH, 0);
      y = one_layer_forward (&f, &x, EQK_PASS_INFER);
      g_assert_cmpuint (one_layer_count (&f, one_layer_out (&f)), ==, LAYER_BATCH * WIDTH);
      for (int s = 0; s < LAYER_BATCH; row += (size_t) sizes[s++])
        for (size_t k = 0; k < WIDTH; k++)
          {
            double sum = 0;

            for (size_t i = 0; i < (size_t) sizes[s]; i++)
              sum += x[(row + i) * WIDTH + k];
            g_assert_cmpfloat_with_epsilon (y[(size_t) s * WIDTH + k], mean ? sum / sizes[s] : sum, 1e-13);
          }
      g_free (x);
      g_free (y);
      one_layer_tear_down (&f);
    }
}

/* The largest and log Σ exp of each set's own elements; numbers so large that exp alone would overflow. */
static void
test_extremes (void)
{
  enum { WIDTH = 2 };
  static const char *const pools[] = { "pool=max", "pool=logsumexp" };

  for (size_t p = 0; p < G_N_ELEMENTS (pools); p++)
    for (int shift = 0; shift <= 1000; shift += 1000)
      {
        OneLayer f;
        double  *x, *y;
        size_t   row = 0;

        set_up (&f, "rho_pool", "nodes 2x triv", pools[p], EQK_F64);
        x = one_layer_normals (LAYER_NODES * WIDTH, 0);
        for (size_t i = 0; i < LAYER_NODES * WIDTH; i++)
          x[i] += shift;
        y = one_layer_forward (&f, &x, EQK_PASS_INFER);
        for (int s = 0; s < LAYER_BATCH; row += (size_t) sizes[s++])
          for (size_t k = 0; k < WIDTH; k++)
            {
              double top = -INFINITY, sum = 0;

              for (size_t i = 0; i < (size_t) sizes[s]; i++)
                {
                  top = fmax (top, x[(row + i) * WIDTH + k]);
                  sum += exp (x[(row + i) * WIDTH + k] - shift);
                }
              g_assert_cmpfloat_with_epsilon (y[(size_t) s * WIDTH + k], (p == 0 ? top : shift + log (sum)), 1e-12);
            }
        g_free (x);
        g_free (y);
        one_layer_tear_down (&f);
      }
}

/* Self-attention on one set that holds x as often as asked: output of x's first rows, and gradients of them for seeds that repeat, too. */
static void
attend_repeated (const double *x, int n, int times, EqkPrecision precision, double *y, double *gx)
{
  enum { WIDTH = 4 };
  EqkRunOptions options = { .precision = precision, .train = true, .input_grads = true, .capacity = { .batch = 1, .nodes = n * times } };
  const int32_t count = n * times;
  OneLayer      f;
  EqkRun       *run = NULL;
  int           in, out;

  set_up (&f, "sab", "nodes 4x triv", "channels=4 heads=2", precision);
  g_assert_cmpint (eqk_run_new (f.program, f.store, &options, &run, NULL), ==, EQK_OK);
  g_assert_cmpint (eqk_run_set_nodes (run, &count, 1, NULL), ==, EQK_OK);
  in = one_layer_in (&f, 0);
  out = one_layer_out (&f);
  for (size_t i = 0; i < (size_t) count * WIDTH; i++)
    one_layer_put (&f, eqk_run_feed (run, in), i, x[i % ((size_t) n * WIDTH)]);
  g_assert_cmpint (eqk_run_forward (run, EQK_PASS_TRAIN, NULL), ==, EQK_OK);
  for (size_t i = 0; i < (size_t) count * WIDTH; i++)
    one_layer_put (&f, eqk_run_seed (run, 0), i, x[(3 * i + 1) % ((size_t) n * WIDTH)]);
  for (size_t i = 0; i < (size_t) n * WIDTH; i++)
    y[i] = one_layer_get (&f, eqk_run_value (run, out), i);
  eqk_run_backward (run, NULL);
  for (size_t i = 0; i < (size_t) n * WIDTH; i++)
    gx[i] = one_layer_get (&f, eqk_run_grad (run, in), i);
  eqk_run_free (run);
  one_layer_tear_down (&f);
}

/*
 * Attention takes a mean, so a set in which everything stands twice, or four times, gives each element what it had, and the same gradients. 171 keys lie
 * in scratch memory with channels first, 684 do not: sums go along other loops.
 */
static void
test_many (void)
{
  enum { N = 171, COUNT = N * 4 };
  g_autofree double *x = one_layer_normals (COUNT, 5);
  double             y[3][COUNT], gx[3][COUNT];

  for (int precision = 0; precision < 2; precision++)
    for (int i = 0; i < 3; i++)
      {
        const double tolerance = precision ? 1e-11 : 2e-4;

        attend_repeated (x, N, 1 << i, precision ? EQK_F64 : EQK_F32, y[i], gx[i]);
        for (size_t k = 0; k < COUNT; k++)
          {
            g_assert_cmpfloat_with_epsilon (y[i][k], y[0][k], tolerance);
            g_assert_cmpfloat_with_epsilon (gx[i][k], gx[0][k], tolerance);
          }
      }
}

static void
test_admits (void)
{
  static const char *const layers[] = { "deepsets_equiv", "rho_pool", "phi" };
  const EqkSymmetry        picture = { eqk_group_get ("C4"), true, EQK_PERMUTE_NONE }, set = { eqk_group_get ("triv"), false, EQK_PERMUTE_SET },
                           cloud = { eqk_group_get ("O3"), true, EQK_PERMUTE_NONE };

  for (size_t i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      const EqkLayerType *layer = eqk_layer_find (layers[i]);
      EqkDiag             why = EQK_DIAG_INIT;

      g_assert_false (layer->admits (&picture, NULL, &why));
      g_assert_cmpstr (why.what, !=, "");
      g_assert_true (layer->admits (&set, NULL, NULL));
      g_assert_true (layer->admits (&cloud, NULL, NULL));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sets/reference", test_reference);
  g_test_add_func ("/sets/pool", test_pool);
  g_test_add_func ("/sets/extremes", test_extremes);
  g_test_add_func ("/sets/many", test_many);
  g_test_add_func ("/sets/admits", test_admits);
  return g_test_run ();
}
