/*
 * Non-linearities, normalisations and dropout: every specimen of the layers that work field by field against the laws
 * (equivariance on the elements that are promised, gradients, one result for every thread count, memory plan and
 * precision), then each formula against a naive reading of it.
 */

#include "one-layer.h"

static const char *const layer_ids[] = {
  "relu_pw", "elu_pw", "silu_pw", "tanh_pw", "gate", "norm_act", "vector_field_act", "crelu_concat", "batchnorm_plain", "inner_bn",
  "norm_bn", "iid_bn", "instance_norm", "field_norm", "field_dropout", "dropout_plain", "softmax_channels",
};

typedef struct { const EqkLayerType *layer; const EqkSpecimen *specimen; } Case;

/* Right, but not a property of a specimen: a jump at length zero, masks that are off in use. */
static const EqkSpecimen not_promised[] = {
  { .group = "D4", .inputs = { "grid 5x5 2x f1" }, .settings = "act=softplus" },
  { .group = "SO2", .inputs = { "sample 3x f1" }, .settings = "act=sigmoid" },
};

static bool
statistics_are_constant (const Case *c)
{
  return strcmp (c->layer->id, "iid_bn") == 0 || (strcmp (c->layer->id, "norm_bn") == 0 && strstr (c->specimen->settings, "batch_statistics=on") == NULL);
}

/* ---- laws ---- */

static void
apply (const EqkRep *rep, const EqkElement *g, const double *x, double *y, size_t n)
{
  eqk_rep_apply_f64 (rep, g, x, y, n / (size_t) eqk_rep_get_dim (rep));
}

static void
test_equivariance (gconstpointer data)
{
  const Case *c = data;

  for (int mode = EQK_PASS_INFER; mode <= EQK_PASS_TRAIN; mode++)
    {
      OneLayer           f;
      double            *x[4] = { NULL }, *gx[4] = { NULL }, *y, *gy, *ygx;
      const EqkPortType *type;
      uint64_t           exact;

      one_layer_set_up (&f, c->layer, c->specimen, EQK_F64, true, true, 1);
      for (int k = 0; k < f.n_in; k++)
        {
          x[k] = one_layer_normals (one_layer_count (&f, one_layer_in (&f, k)), (uint32_t) k);
          gx[k] = g_new (double, one_layer_count (&f, one_layer_in (&f, k)));
        }
      y = one_layer_forward (&f, x, mode);
      type = &eqk_program_output (f.program, 0)->type;
      exact = type->guarantee.exact;
      gy = g_new (double, one_layer_count (&f, one_layer_out (&f)));
      for (int bit = 0; bit < 64; bit++)
        {
          const EqkElement g = eqk_group_get_space_dim (type->symmetry.group) == 3
                                 ? eqk_group_sample (type->symmetry.group, 5, (uint64_t) bit) : eqk_guarantee_element (type->symmetry.group, bit);
          double           worst = 0;

          if ((exact >> bit & 1) == 0 || (bit > 8 && eqk_group_get_space_dim (type->symmetry.group) == 3))
            continue;
          for (int k = 0; k < f.n_in; k++)
            apply (eqk_program_value_type (f.program, one_layer_in (&f, k))->rep, &g, x[k], gx[k], one_layer_count (&f, one_layer_in (&f, k)));
          ygx = one_layer_forward (&f, gx, mode);
          apply (type->rep, &g, y, gy, one_layer_count (&f, one_layer_out (&f)));
          for (size_t i = 0; i < one_layer_count (&f, one_layer_out (&f)); i++)
            worst = fmax (worst, fabs (gy[i] - ygx[i]));
          g_assert_cmpfloat (worst, <, 1e-9);
          g_free (ygx);
        }
      g_free (y);
      g_free (gy);
      for (int k = 0; k < f.n_in; k++)
        {
          g_free (x[k]);
          g_free (gx[k]);
        }
      one_layer_tear_down (&f);
    }
}

/* A layer that says it broke something must have. */
static void
test_breaks (gconstpointer data)
{
  const Case        *c = data;
  OneLayer           f;
  const EqkPortType *y;

  one_layer_infer (&f, c->layer, c->specimen);
  y = eqk_typed_output (f.typed, 0, "y");
  g_assert_nonnull (y);
  if (y->guarantee.holds == EQK_HOLDS_LOST && strcmp (c->layer->id, "dropout_plain") != 0)
    {
      const uint64_t full = eqk_guarantee_full_mask (y->symmetry.group);
      double        *x[2], *gx[2] = { NULL }, *out, *gout, *outg;
      bool           all_fine = true;

      one_layer_compile (&f, EQK_F64, false, true, 1);
      g_assert_cmpint (eqk_typed_blocks (f.typed), ==, EQK_BLOCKS_PROMISE);
      for (int k = 0; k < f.n_in; k++)
        {
          x[k] = one_layer_normals (one_layer_count (&f, one_layer_in (&f, k)), 9 + (uint32_t) k);
          gx[k] = g_new (double, one_layer_count (&f, one_layer_in (&f, k)));
        }
      out = one_layer_forward (&f, x, EQK_PASS_INFER);
      gout = g_new (double, one_layer_count (&f, one_layer_out (&f)));
      for (int bit = 0; bit < 64; bit++)
        {
          const EqkElement g = eqk_guarantee_element (y->symmetry.group, bit);
          double           worst = 0;

          if ((full >> bit & 1) == 0 || (y->guarantee.exact >> bit & 1) != 0)
            continue;
          for (int k = 0; k < f.n_in; k++)
            apply (eqk_program_value_type (f.program, one_layer_in (&f, k))->rep, &g, x[k], gx[k], one_layer_count (&f, one_layer_in (&f, k)));
          outg = one_layer_forward (&f, gx, EQK_PASS_INFER);
          apply (y->rep, &g, out, gout, one_layer_count (&f, one_layer_out (&f)));
          for (size_t i = 0; i < one_layer_count (&f, one_layer_out (&f)); i++)
            worst = fmax (worst, fabs (gout[i] - outg[i]));
          all_fine = all_fine && worst < 1e-6;
          g_assert_cmpfloat (worst, >, 1e-3);
          g_free (outg);
        }
      g_assert_false (all_fine);
      g_free (out);
      g_free (gout);
      for (int k = 0; k < f.n_in; k++)
        {
          g_free (x[k]);
          g_free (gx[k]);
        }
    }
  one_layer_tear_down (&f);
}

/* <dL/dx, v> against a central difference of L = <y, s>; the same for every weight. */
static double
loss_of (OneLayer *f, double *const *x, const double *s)
{
  double *y = one_layer_forward (f, x, EQK_PASS_TRAIN), sum = 0;

  for (size_t i = 0; i < one_layer_count (f, one_layer_out (f)); i++)
    sum += y[i] * s[i];
  g_free (y);
  return sum;
}

static void
test_gradient (gconstpointer data)
{
  const Case  *c = data;
  OneLayer     f;
  double      *x[4] = { NULL }, *s, *v, *grads;
  const double h = 1e-6;
  size_t       n_weights;

  if (statistics_are_constant (c))
    return;
  one_layer_set_up (&f, c->layer, c->specimen, EQK_F64, true, false, 1);
  for (int k = 0; k < f.n_in; k++)
    x[k] = one_layer_normals (one_layer_count (&f, one_layer_in (&f, k)), (uint32_t) k);
  s = one_layer_normals (one_layer_count (&f, one_layer_out (&f)), 20);
  loss_of (&f, x, s);
  memcpy (eqk_run_seed (f.run, 0), s, one_layer_count (&f, one_layer_out (&f)) * sizeof (double));
  g_assert_cmpint (eqk_run_backward (f.run, NULL), ==, EQK_OK);
  n_weights = eqk_program_n_weights (f.program);
  grads = g_memdup2 (eqk_run_weight_grads (f.run), (n_weights + 1) * sizeof (double));
  for (int k = 0; k < f.n_in; k++)
    {
      const size_t n = one_layer_count (&f, one_layer_in (&f, k));
      double      *dx = g_memdup2 (eqk_run_grad (f.run, one_layer_in (&f, k)), n * sizeof (double)), *keep = g_memdup2 (x[k], n * sizeof (double));
      double       along = 0, up, down;

      v = one_layer_normals (n, 30 + (uint32_t) k);
      for (size_t i = 0; i < n; i++)
        {
          along += dx[i] * v[i];
          x[k][i] = keep[i] + h * v[i];
        }
      up = loss_of (&f, x, s);
      for (size_t i = 0; i < n; i++)
        x[k][i] = keep[i] - h * v[i];
      down = loss_of (&f, x, s);
      memcpy (x[k], keep, n * sizeof (double));
      g_assert_cmpfloat (fabs (along - (up - down) / (2 * h)), <, 2e-6 * (1 + fabs (along)));
      g_free (dx);
      g_free (keep);
      g_free (v);
    }
  for (size_t w = 0; w < n_weights; w++)
    {
      double *weights = eqk_store_weights (f.store);
      double  keep = weights[w], up, down;

      weights[w] = keep + h;
      up = loss_of (&f, x, s);
      weights[w] = keep - h;
      down = loss_of (&f, x, s);
      weights[w] = keep;
      g_assert_cmpfloat (fabs (grads[w] - (up - down) / (2 * h)), <, 2e-6 * (1 + fabs (grads[w])));
    }
  g_free (grads);
  g_free (s);
  for (int k = 0; k < f.n_in; k++)
    g_free (x[k]);
  one_layer_tear_down (&f);
}

/* Everything a step leaves behind: output, gradients, states; as bytes. */
static GByteArray *
step_bytes (const Case *c, EqkPrecision precision, bool keep_all, int threads)
{
  OneLayer     f;
  GByteArray  *all = g_byte_array_new ();
  double      *x[4] = { NULL }, *y;
  const size_t real = (size_t) precision / 8;

  one_layer_set_up (&f, c->layer, c->specimen, precision, true, keep_all, threads);
  for (int k = 0; k < f.n_in; k++)
    x[k] = one_layer_normals (one_layer_count (&f, one_layer_in (&f, k)), (uint32_t) k);
  y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  for (size_t i = 0; i < one_layer_count (&f, one_layer_out (&f)); i++)
    one_layer_put (&f, eqk_run_seed (f.run, 0), i, y[i] - 0.2);
  eqk_run_backward (f.run, NULL);
  eqk_run_commit (f.run);
  g_byte_array_append (all, (const guint8 *) y, (guint) (one_layer_count (&f, one_layer_out (&f)) * sizeof (double)));
  for (int k = 0; k < f.n_in; k++)
    g_byte_array_append (all, eqk_run_grad (f.run, one_layer_in (&f, k)), (guint) (one_layer_count (&f, one_layer_in (&f, k)) * real));
  g_byte_array_append (all, eqk_run_weight_grads (f.run), (guint) (eqk_program_n_weights (f.program) * real));
  g_byte_array_append (all, eqk_store_state (f.store), (guint) (eqk_store_n_state (f.store) * real));
  g_free (y);
  for (int k = 0; k < f.n_in; k++)
    g_free (x[k]);
  one_layer_tear_down (&f);
  return all;
}

static void
test_reproducible (gconstpointer data)
{
  for (int precision = 32; precision <= 64; precision += 32)
    {
      GByteArray *one = step_bytes (data, precision, false, 1), *three = step_bytes (data, precision, false, 3), *kept = step_bytes (data, precision, true, 2);

      g_assert_cmpmem (one->data, one->len, three->data, three->len);
      g_assert_cmpmem (one->data, one->len, kept->data, kept->len);
      g_byte_array_unref (one);
      g_byte_array_unref (three);
      g_byte_array_unref (kept);
    }
}

static void
test_precision (gconstpointer data)
{
  const Case *c = data;
  OneLayer    single, twice;
  double     *x[4] = { NULL }, *a, *b, worst = 0;

  one_layer_set_up (&single, c->layer, c->specimen, EQK_F32, true, false, 1);
  one_layer_set_up (&twice, c->layer, c->specimen, EQK_F64, true, false, 1);
  for (int k = 0; k < single.n_in; k++)
    {
      x[k] = one_layer_normals (one_layer_count (&single, one_layer_in (&single, k)), (uint32_t) k);
      for (size_t i = 0; i < one_layer_count (&single, one_layer_in (&single, k)); i++)
        x[k][i] = (float) x[k][i];
    }
  a = one_layer_forward (&single, x, EQK_PASS_TRAIN);
  b = one_layer_forward (&twice, x, EQK_PASS_TRAIN);
  for (size_t i = 0; i < one_layer_count (&single, one_layer_out (&single)); i++)
    worst = fmax (worst, fabs (a[i] - b[i]) / (1 + fabs (b[i])));
  /* A sample of one node has variance 0: its scale is 1/√ε = 316, and so is the rounding of x. */
  g_assert_cmpfloat (worst, <, strcmp (c->layer->id, "instance_norm") == 0 ? 4e-5 : 3e-6);
  g_free (a);
  g_free (b);
  for (int k = 0; k < single.n_in; k++)
    g_free (x[k]);
  one_layer_tear_down (&single);
  one_layer_tear_down (&twice);
}

/* ---- formulas ---- */

static void
set_up_named (OneLayer *f, const char *layer, const char *group, const char *input, const char *settings, double **x)
{
  const EqkSpecimen specimen = { .group = group, .inputs = { input }, .settings = settings };

  one_layer_set_up (f, eqk_layer_find (layer), &specimen, EQK_F64, true, true, 1);
  x[0] = one_layer_normals (one_layer_count (f, one_layer_in (f, 0)), 1);
}

static double *
tensor (OneLayer *f, const char *name)
{
  for (int v = 0; v < eqk_program_n_values (f->program); v++)
    {
      const EqkValue *value = eqk_program_value (f->program, v);

      if (value->name != NULL && strcmp (value->name, name) == 0)
        return value->kind == EQK_VALUE_WEIGHT ? (double *) eqk_store_weights (f->store) + value->offset : (double *) eqk_store_state (f->store) + value->offset;
    }
  g_error ("no tensor %s", name);
}

/* Mean and biased variance of channels first .. first + dim of all rows. */
static void
naive_statistics (const double *x, size_t rows, int width, int first, int dim, double *mean, double *var)
{
  const double n = (double) rows * dim;

  *mean = *var = 0;
  for (size_t r = 0; r < rows; r++)
    for (int c = first; c < first + dim; c++)
      *mean += x[r * (size_t) width + (size_t) c] / n;
  for (size_t r = 0; r < rows; r++)
    for (int c = first; c < first + dim; c++)
      *var += (x[r * (size_t) width + (size_t) c] - *mean) * (x[r * (size_t) width + (size_t) c] - *mean) / n;
}

static void
test_inner_bn (void)
{
  OneLayer  f;
  double   *x[1], *y, mean, var, old_mean, old_var;
  const int first[] = { 0, 4, 8 }, dim[] = { 4, 4, 1 };
  size_t    rows;

  set_up_named (&f, "inner_bn", "C4", "grid 5x5 2x reg + 1x triv", "momentum=0.2", x);
  rows = eqk_run_rows (f.run, one_layer_out (&f));
  for (int pass = 0; pass < 3; pass++)
    {
      double old[2][3];

      memcpy (old[0], tensor (&f, "layer.running_mean"), sizeof old[0]);
      memcpy (old[1], tensor (&f, "layer.running_var"), sizeof old[1]);
      y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
      memset (eqk_run_seed (f.run, 0), 0, one_layer_count (&f, one_layer_out (&f)) * sizeof (double));
      g_assert_cmpint (eqk_run_backward (f.run, NULL), ==, EQK_OK);
      eqk_run_commit (f.run);
      for (int k = 0; k < 3; k++)
        {
          const double n = (double) rows * dim[k];

          naive_statistics (x[0], rows, 9, first[k], dim[k], &mean, &var);
          for (size_t r = 0; r < rows; r++)
            for (int c = first[k]; c < first[k] + dim[k]; c++)
              g_assert_cmpfloat (fabs (y[r * 9 + (size_t) c] - tensor (&f, "layer.weight")[k] * (x[0][r * 9 + (size_t) c] - mean) / sqrt (var + 1e-5) -
                                       tensor (&f, "layer.bias")[k]), <, 1e-12);
          g_assert_cmpfloat (fabs (tensor (&f, "layer.running_mean")[k] - (0.8 * old[0][k] + 0.2 * mean)), <, 1e-13);
          g_assert_cmpfloat (fabs (tensor (&f, "layer.running_var")[k] - (0.8 * old[1][k] + 0.2 * var * n / (n - 1))), <, 1e-13);
        }
      g_free (y);
    }
  y = one_layer_forward (&f, x, EQK_PASS_INFER);
  old_mean = tensor (&f, "layer.running_mean")[1];
  old_var = tensor (&f, "layer.running_var")[1];
  for (size_t r = 0; r < rows; r++)
    g_assert_cmpfloat (fabs (y[r * 9 + 6] - tensor (&f, "layer.weight")[1] * (x[0][r * 9 + 6] - old_mean) / sqrt (old_var + 1e-5) - tensor (&f, "layer.bias")[1]), <, 1e-12);
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

/* The mean over batches with the weights at rest, whatever the running values were; then the layer's own momentum again. */
static void
test_mean_of_batches (void)
{
  OneLayer f;
  double  *x[1], *y, mean = 0, var = 0, now;
  size_t   rows;

  set_up_named (&f, "iid_bn", "C4", "grid 5x5 1x reg", "", x);
  rows = eqk_run_rows (f.run, one_layer_out (&f));
  g_assert_true (eqk_run_has_states (f.run));
  for (int k = 1; k <= 3; k++)
    {
      double batch_mean = 0, square = 0;

      for (size_t i = 0; i < rows * 4; i++)
        {
          x[0][i] = 3 * x[0][i] + k;
          batch_mean += x[0][i] / (double) (rows * 4);
        }
      for (int c = 0; c < 4; c++)
        {
          double own = 0;

          for (size_t r = 0; r < rows; r++)
            own += x[0][4 * r + (size_t) c] / (double) rows;
          for (size_t r = 0; r < rows; r++)
            square += (x[0][4 * r + (size_t) c] - own) * (x[0][4 * r + (size_t) c] - own) / (4 * (double) (rows - 1));
        }
      mean += batch_mean / 3;
      var += square / 3;
      g_free (one_layer_forward (&f, x, EQK_PASS_TRAIN));
      eqk_run_commit_mean (f.run, k);
    }
  /* kept along the unit vector of the invariant direction, (1, 1, 1, 1)/2 */
  g_assert_cmpfloat (fabs (tensor (&f, "layer.running_mean")[0] / (2 * mean) - 1), <, 1e-12);
  g_assert_cmpfloat (fabs (tensor (&f, "layer.running_var")[0] / var - 1), <, 1e-12);
  now = tensor (&f, "layer.running_mean")[0];
  y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  eqk_run_commit (f.run);
  g_assert_cmpfloat (fabs (tensor (&f, "layer.running_mean")[0] - now), >, 1e-6);   /* a tenth of the way to the last batch */
  g_assert_cmpfloat (fabs (tensor (&f, "layer.running_mean")[0] - now), <, 0.2 * fabs (now));
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

/* A step that was interrupted after its commit goes on from the states alone. */
static void
test_resume (void)
{
  OneLayer f, g;
  double  *x[1], *unused[1], *a, *b;

  set_up_named (&f, "iid_bn", "D4", "grid 5x5 1x reg + 1x f1 + 1x triv", "", x);
  set_up_named (&g, "iid_bn", "D4", "grid 5x5 1x reg + 1x f1 + 1x triv", "", unused);
  for (int step = 0; step < 2; step++)
    {
      g_free (one_layer_forward (&f, x, EQK_PASS_TRAIN));
      eqk_run_commit (f.run);
    }
  g_assert_cmpint (eqk_store_copy (g.store, f.store), ==, EQK_OK);
  a = one_layer_forward (&f, x, EQK_PASS_INFER);
  b = one_layer_forward (&g, x, EQK_PASS_INFER);
  g_assert_cmpmem (a, one_layer_count (&f, one_layer_out (&f)) * sizeof *a, b, one_layer_count (&f, one_layer_out (&f)) * sizeof *b);
  g_free (a);
  g_free (b);
  g_free (x[0]);
  g_free (unused[0]);
  one_layer_tear_down (&f);
  one_layer_tear_down (&g);
}

static void
test_norm_bn (void)
{
  OneLayer f;
  double  *x[1], *y, old[2], now[2];
  size_t   rows;

  set_up_named (&f, "norm_bn", "SO2", "grid 5x5 1x f1 + 1x f2", "", x);
  rows = eqk_run_rows (f.run, one_layer_out (&f));
  memcpy (old, tensor (&f, "layer.running_var"), sizeof old);
  y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  eqk_run_commit (f.run);
  for (int k = 0; k < 2; k++)
    {
      double total = 0;

      for (size_t r = 0; r < rows; r++)
        for (int c = 2 * k; c < 2 * k + 2; c++)
          total += x[0][r * 4 + (size_t) c] * x[0][r * 4 + (size_t) c];
      now[k] = 0.9 * old[k] + 0.1 * total / 2 / (double) (rows - 1);
      g_assert_cmpfloat (fabs (tensor (&f, "layer.running_var")[k] - now[k]), <, 1e-12);
      for (size_t r = 0; r < rows; r++)
        for (int c = 2 * k; c < 2 * k + 2; c++)
          g_assert_cmpfloat (fabs (y[r * 4 + (size_t) c] - tensor (&f, "layer.weight")[k] * x[0][r * 4 + (size_t) c] / sqrt (now[k] + 1e-5)), <, 1e-12);
    }
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

/* After an instance norm each field of each sample has mean square length d about its invariant mean, the offset of the layer. */
static void
test_instance_norm (void)
{
  OneLayer f;
  double  *x[1], *y, mean, var;

  set_up_named (&f, "instance_norm", "C4", "grid 5x5 1x reg + 1x triv", "affine=off eps=1e-12", x);
  y = one_layer_forward (&f, x, EQK_PASS_INFER);
  for (size_t sample = 0; sample < LAYER_BATCH; sample++)
    for (int k = 0; k < 2; k++)
      {
        naive_statistics (y + sample * 25 * 5, 25, 5, k == 0 ? 0 : 4, k == 0 ? 4 : 1, &mean, &var);
        g_assert_cmpfloat (fabs (mean), <, 1e-12);
        g_assert_cmpfloat (fabs (var - 1), <, 1e-10);
      }
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

static void
test_field_norm (void)
{
  OneLayer f;
  double  *x[1], *y;

  set_up_named (&f, "field_norm", "C4", "sample 1x reg + 1x f1", "affine=off eps=1e-12", x);
  y = one_layer_forward (&f, x, EQK_PASS_INFER);
  for (size_t r = 0; r < LAYER_BATCH; r++)
    {
      const double *row = y + 6 * r;

      g_assert_cmpfloat (fabs (row[0] + row[1] + row[2] + row[3]), <, 1e-12);
      g_assert_cmpfloat (fabs (row[0] * row[0] + row[1] * row[1] + row[2] * row[2] + row[3] * row[3] - 4), <, 1e-9);
      g_assert_cmpfloat (fabs (row[4] * row[4] + row[5] * row[5] - 2), <, 1e-9);
      g_assert_cmpfloat (fabs (row[4] * x[0][6 * r + 5] - row[5] * x[0][6 * r + 4]), <, 1e-12);
    }
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

static void
test_norm_act (void)
{
  const char *const acts[] = { "act=relu beta=-1", "act=softplus", "act=sigmoid", "act=squash" };

  for (int a = 0; a < 4; a++)
    {
      OneLayer f;
      double  *x[1], *y;

      set_up_named (&f, "norm_act", "SO2", "sample 1x triv + 2x f1", acts[a], x);
      y = one_layer_forward (&f, x, EQK_PASS_INFER);
      for (size_t r = 0; r < LAYER_BATCH; r++)
        for (int k = 0, c = 0; k < 3; k++)
          {
            const int     dim = k == 0 ? 1 : 2;
            const double *v = x[0] + 5 * r + c;
            const double  n = sqrt (v[0] * v[0] + (dim == 2 ? v[1] * v[1] : 0)), over = n - (a == 3 ? 0 : exp (tensor (&f, "layer.bias")[k]));
            const double  phi = a == 0 ? fmax (over, 0) : a == 1 ? log (1 + exp (over)) : a == 2 ? 1 / (1 + exp (-over)) : n / (1 + n);

            for (int m = 0; m < dim; m++)
              g_assert_cmpfloat (fabs (y[5 * r + (size_t) (c + m)] - phi * v[m] / n), <, 1e-13);
            c += dim;
          }
      g_free (y);
      g_free (x[0]);
      one_layer_tear_down (&f);
    }
}

/* Zero stays zero, and its gradient too. */
static void
test_norm_act_zero (void)
{
  OneLayer f;
  double  *x[1], *y;

  set_up_named (&f, "norm_act", "SO2", "sample 2x f1", "act=softplus", x);
  memset (x[0], 0, 4 * LAYER_BATCH * sizeof (double));
  y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  for (size_t i = 0; i < 4 * LAYER_BATCH; i++)
    {
      g_assert_cmpfloat (y[i], ==, 0);
      ((double *) eqk_run_seed (f.run, 0))[i] = 1;
    }
  eqk_run_backward (f.run, NULL);
  for (size_t i = 0; i < 4 * LAYER_BATCH; i++)
    g_assert_cmpfloat (((double *) eqk_run_grad (f.run, one_layer_in (&f, 0)))[i], ==, 0);
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

/* scalars, gates after them wherever they stand, fields times their own gate. */
static void
test_gate (void)
{
  OneLayer f;
  double  *x[1], *y;

  set_up_named (&f, "gate", "SO2", "sample 2x triv + 1x f2 + 1x triv + 1x f1", "scalars=tanh bias=on", x);
  g_assert_cmpstr (eqk_rep_get_text (eqk_typed_output (f.typed, 0, "y")->rep), ==, eqk_rep_get_text (one_layer_type ("SO2", "sample 1x triv + 1x f2 + 1x f1").rep));
  y = one_layer_forward (&f, x, EQK_PASS_INFER);
  for (size_t r = 0; r < LAYER_BATCH; r++)
    {
      const double *v = x[0] + 7 * r, *w = y + 5 * r, *b = tensor (&f, "layer.bias");
      const double  s0 = 1 / (1 + exp (b[0] - v[1])), s1 = 1 / (1 + exp (b[1] - v[4]));

      g_assert_cmpfloat (fabs (w[0] - tanh (v[0])), <, 1e-13);
      for (int m = 0; m < 2; m++)
        {
          g_assert_cmpfloat (fabs (w[1 + m] - s0 * v[2 + m]), <, 1e-13);
          g_assert_cmpfloat (fabs (w[3 + m] - s1 * v[5 + m]), <, 1e-13);
        }
    }
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

static void
test_vector_field (void)
{
  OneLayer f;
  double  *x[1], *y;

  set_up_named (&f, "vector_field_act", "C8", "sample 1x reg", "", x);
  y = one_layer_forward (&f, x, EQK_PASS_INFER);
  for (size_t r = 0; r < LAYER_BATCH; r++)
    {
      int best = 0;

      for (int c = 1; c < 8; c++)
        best = x[0][8 * r + (size_t) c] > x[0][8 * r + (size_t) best] ? c : best;
      g_assert_cmpfloat (fabs (y[2 * r] - fmax (x[0][8 * r + (size_t) best], 0) * cos (best * G_PI / 4)), <, 1e-13);
      g_assert_cmpfloat (fabs (y[2 * r + 1] - fmax (x[0][8 * r + (size_t) best], 0) * sin (best * G_PI / 4)), <, 1e-13);
    }
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

static void
test_dropout (void)
{
  OneLayer f;
  double  *x[1], *y, *again, *other;
  int      n_dropped = 0, n_fields = 0;

  set_up_named (&f, "field_dropout", "C4", "grid 5x5 40x reg", "p=0.4", x);
  y = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  for (size_t sample = 0; sample < LAYER_BATCH; sample++)
    for (int k = 0; k < 40; k++)
      {
        const double factor = y[sample * 25 * 160 + 4 * (size_t) k] / x[0][sample * 25 * 160 + 4 * (size_t) k];

        g_assert_true (factor == 0 || fabs (factor - 1 / 0.6) < 1e-12);
        n_dropped += factor == 0;
        n_fields++;
        for (size_t p = 0; p < 25; p++)
          for (int c = 4 * k; c < 4 * k + 4; c++)
            g_assert_cmpfloat (fabs (y[(sample * 25 + p) * 160 + (size_t) c] - factor * x[0][(sample * 25 + p) * 160 + (size_t) c]), <, 1e-12);
      }
  g_assert_cmpfloat (fabs ((double) n_dropped / n_fields - 0.4), <, 0.1);
  again = one_layer_forward (&f, x, EQK_PASS_TRAIN);
  g_assert_cmpmem (y, 25 * 160 * LAYER_BATCH * sizeof *y, again, 25 * 160 * LAYER_BATCH * sizeof *y);
  eqk_run_set_step (f.run, 7, 4);
  g_assert_cmpint (eqk_run_forward (f.run, EQK_PASS_TRAIN, NULL), ==, EQK_OK);
  other = (double *) eqk_run_value (f.run, one_layer_out (&f));
  g_assert_true (memcmp (y, other, 25 * 160 * LAYER_BATCH * sizeof *y) != 0);
  g_free (again);
  again = one_layer_forward (&f, x, EQK_PASS_INFER);
  g_assert_cmpmem (x[0], 25 * 160 * LAYER_BATCH * sizeof *y, again, 25 * 160 * LAYER_BATCH * sizeof *y);
  g_free (again);
  g_free (y);
  g_free (x[0]);
  one_layer_tear_down (&f);
}

/* ---- findings ---- */

static const EqkProblem *
problem_of (OneLayer *f, const char *code)
{
  for (int i = 0; i < eqk_typed_n_problems (f->typed); i++)
    if (strcmp (eqk_typed_problem (f->typed, i)->rule->code, code) == 0)
      return eqk_typed_problem (f->typed, i);
  return NULL;
}

typedef struct { const char *layer, *group, *inputs[2], *settings, *code, *args; int n_fixes; } Finding;

static const Finding findings[] = {
  { "relu_pw", "SO2", { "grid 5x5 2x triv + 3x f1" }, "", "E-RELU-ON-VECTOR", "act='ReLU' type='3x f1'", 1 },
  { "elu_pw", "C2", { "sample 3x f1" }, "", "E-ODD-SCALAR-ACT", "act='ELU' irr='3x f1'", 2 },
  { "gate", "SO2", { "grid 5x5 2x triv + 5x f1" }, "", "E-GATE-COUNT", "a=2 b=5", 0 },
  { "gate", "C4", { "sample 2x f1", "sample 2x f1" }, "", "E-GATE-NONSCALAR", "x='2x f1'", 0 },
  { "batchnorm_plain", "C4", { "grid 5x5 2x reg" }, "", "E-BN-COMPONENT", "type='2x reg(C4)'", 1 },
  { "batchnorm_plain", "SO2", { "grid 5x5 2x f1" }, "", "E-BN-COMPONENT", "type='2x f1'", 2 },
  { "inner_bn", "SO2", { "grid 5x5 2x f1" }, "", "E-INNERBN-IRREP", "type='2x f1'", 2 },
  { "dropout_plain", "SO2", { "grid 5x5 2x f1" }, "", "E-DROPOUT-COMPONENT", "type='2x f1'", 1 },
  { "softmax_channels", "SO2", { "sample 2x f1" }, "", "E-SOFTMAX-IRREP", "type='2x f1'", 0 },
  { "norm_act", "SO2", { "grid 5x5 2x f1" }, "act=softplus", "W-NORM-JUMP", "phi0=0.63", 1 },
  { "norm_act", "SO2", { "grid 5x5 2x f1" }, "beta=0", "W-NORM-RELU-DEAD", "beta=0", 1 },
  { "norm_act", "O3", { "nodes 2x triv + 1x (1,1)" }, "", "W-NORM-SCALAR", NULL, 0 },
  { "vector_field_act", "C4", { "grid 5x5 2x reg" }, "", "W-VF-DISCONT", NULL, 0 },
  { "field_norm", "C4", { "grid 5x5 2x triv" }, "", "W-FIELDNORM-TRIV", NULL, 2 },
};

static void
test_finding (gconstpointer data)
{
  const Finding    *finding = data;
  const EqkSpecimen specimen = { .group = finding->group, .inputs = { finding->inputs[0], finding->inputs[1] }, .settings = finding->settings };
  const EqkProblem *problem;
  OneLayer          f;

  one_layer_infer (&f, eqk_layer_find (finding->layer), &specimen);
  problem = problem_of (&f, finding->code);
  g_assert_nonnull (problem);
  if (finding->args != NULL)
    g_assert_cmpstr (problem->args, ==, finding->args);
  g_assert_cmpint (problem->n_fixes, >=, finding->n_fixes);
  for (int i = 0; i < problem->n_fixes; i++)
    for (int k = 0; k < problem->fixes[i].n_edits; k++)
      if (problem->fixes[i].edits[k].layer != NULL)
        g_assert_nonnull (eqk_layer_find (problem->fixes[i].edits[k].layer));
  /* What does not block the run still has a type. */
  g_assert_true ((problem->rule->blocks == EQK_BLOCKS_RUN) == (eqk_typed_output (f.typed, 0, "y") == NULL));
  one_layer_tear_down (&f);
}

/* Planar harmonic networks put scalars through the norm activation on purpose. */
static void
test_no_finding (void)
{
  const EqkSpecimen specimen = { .group = "O2", .inputs = { "grid 5x5 8x triv + 8x f1 + 8x f2" }, .settings = "" };
  OneLayer          f;

  one_layer_infer (&f, eqk_layer_find ("norm_act"), &specimen);
  g_assert_cmpint (eqk_typed_n_problems (f.typed), ==, 0);
  one_layer_tear_down (&f);
}

static void
test_small_batch (void)
{
  const EqkSpecimen specimen = { .group = "C4", .inputs = { "grid 5x5 1x reg" }, .settings = "" };
  OneLayer          f;

  one_layer_infer (&f, eqk_layer_find ("inner_bn"), &specimen);
  eqk_typed_unref (f.typed);
  eqk_graph_set_fact (f.graph, "batch", 4);
  g_assert_cmpint (eqk_graph_infer (f.graph, &f.typed, NULL), ==, EQK_OK);
  g_assert_nonnull (problem_of (&f, "I-BN-SMALL-BATCH"));
  eqk_typed_unref (f.typed);
  eqk_graph_set_fact (f.graph, "batch", 64);
  g_assert_cmpint (eqk_graph_infer (f.graph, &f.typed, NULL), ==, EQK_OK);
  g_assert_null (problem_of (&f, "I-BN-SMALL-BATCH"));
  one_layer_tear_down (&f);
}

int
main (int argc, char **argv)
{
  static Case cases[256];
  int         n = 0;

  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (layer_ids); i++)
    {
      const EqkLayerType *layer = eqk_layer_find (layer_ids[i]);

      g_assert_nonnull (layer);
      for (const EqkSpecimen *specimen = layer->specimens; specimen->group != NULL; specimen++)
        {
          static const struct { const char *name; GTestDataFunc func; } laws[] = {
            { "equivariance", test_equivariance }, { "breaks", test_breaks }, { "gradient", test_gradient },
            { "reproducible", test_reproducible }, { "precision", test_precision },
          };

          cases[n] = (Case) { layer, specimen };
          for (size_t k = 0; k < G_N_ELEMENTS (laws); k++)
            {
              char *path = g_strdup_printf ("/norms/%s/%d/%s", layer->id, (int) (specimen - layer->specimens), laws[k].name);

              g_test_add_data_func (path, &cases[n], laws[k].func);
              g_free (path);
            }
          n++;
        }
    }
  for (size_t i = 0; i < G_N_ELEMENTS (not_promised); i++)
    {
      char *path = g_strdup_printf ("/norms/norm_act/jump/%d/gradient", (int) i);

      cases[n] = (Case) { eqk_layer_find ("norm_act"), &not_promised[i] };
      g_test_add_data_func (path, &cases[n++], test_gradient);
      g_free (path);
    }
  g_test_add_func ("/norms/formula/inner_bn", test_inner_bn);
  g_test_add_func ("/norms/formula/resume", test_resume);
  g_test_add_func ("/norms/formula/mean-of-batches", test_mean_of_batches);
  g_test_add_func ("/norms/formula/norm_bn", test_norm_bn);
  g_test_add_func ("/norms/formula/instance_norm", test_instance_norm);
  g_test_add_func ("/norms/formula/field_norm", test_field_norm);
  g_test_add_func ("/norms/formula/norm_act", test_norm_act);
  g_test_add_func ("/norms/formula/norm_act/zero", test_norm_act_zero);
  g_test_add_func ("/norms/formula/gate", test_gate);
  g_test_add_func ("/norms/formula/vector_field", test_vector_field);
  g_test_add_func ("/norms/formula/dropout", test_dropout);
  for (size_t i = 0; i < G_N_ELEMENTS (findings); i++)
    {
      char *path = g_strdup_printf ("/norms/finding/%s/%s/%d", findings[i].layer, findings[i].code, (int) i);

      g_test_add_data_func (path, &findings[i], test_finding);
      g_free (path);
    }
  g_test_add_func ("/norms/finding/none", test_no_finding);
  g_test_add_func ("/norms/finding/small-batch", test_small_batch);
  return g_test_run ();
}
