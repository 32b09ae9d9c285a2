/* Noise that training mixes in, samples that are made from it, and how far two sets of samples are apart. */

#include "services/sampler.h"

#include "../data/fixture.h"
#include "data/dataset.h"
#include "data/xyz.h"
#include "model/error.h"
#include "services/batch.h"

#include "eqk/op.h"

#include <math.h>
#include <string.h>

#define DESIGN(head) "{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"d\", \"symmetry\": {\"group\": \"E3\", \"translations\": true, \"permutations\": \"set\"}, \"nodes\": [" \
  "{\"id\": \"p\", \"layer\": \"noisy_points\", \"params\": {\"species\": 2}}, {\"id\": \"c\", \"layer\": \"concat\"}, {\"id\": \"e\", \"layer\": \"irreps_linear\", \"params\": {\"out\": \"4x0e\", \"bias\": true}}, " \
  "{\"id\": \"g\", \"layer\": \"complete_graph\"}, {\"id\": \"l\", \"layer\": \"egnn_layer\", \"params\": {\"hidden\": 4}}, " head "], \"links\": [" \
  "{\"from\": \"p.types\", \"to\": \"c.x\"}, {\"from\": \"p.time\", \"to\": \"c.x\"}, {\"from\": \"c.y\", \"to\": \"e.x\"}, {\"from\": \"p.positions\", \"to\": \"g.positions\"}, " \
  "{\"from\": \"e.y\", \"to\": \"l.x\"}, {\"from\": \"p.positions\", \"to\": \"l.positions\"}, {\"from\": \"g.length\", \"to\": \"l.edges\"}, " \
  "{\"from\": \"l.velocities\", \"to\": \"d.steps\"}, {\"from\": \"l.y\", \"to\": \"d.x\"}]}"
#define NOISE "{\"id\": \"d\", \"layer\": \"denoise_step\", \"params\": {\"species\": 2, \"noise_steps\": 50}}"
#define FLOW "{\"id\": \"d\", \"layer\": \"denoise_step\", \"params\": {\"species\": 2, \"predicts\": \"flow\"}}"

static EqsModel *
model_of (const char *folder, const char *design)
{
  g_autofree char   *path = g_build_filename (folder, "d.equi", NULL);
  g_autoptr (GError) error = NULL;
  EqsModel          *model;

  put_text (folder, "d.equi", design);
  model = eqs_model_open (path, &error);
  g_assert_no_error (error);
  return model;
}

/* As if it had been trained on water, of three atoms, and hydrogen, of two. */
static void
pretend_trained (EqsModel *model)
{
  static const double species[] = { 1, 8 }, sizes[] = { 0, 0, 1, 3 };

  eqs_map_set (model->run, "species", eqs_value_new_numbers (species, 2));
  eqs_map_set (model->run, "sizes", eqs_value_new_numbers (sizes, 4));
}

/* z = a x + s e, the noise without a mean; with flow the answer is e - x. */
static void
test_mix (void)
{
  const float  x[9] = { 5, 5, 5, 6, 5, 5, 5, 7, 5 };      /* far from the origin */
  const gint32 kinds[3] = { 1, 0, 0 };
  double       data, noise, spread = 0, times = 0;

  for (int flow = 0; flow < 2; flow++)
    for (guint sample = 0; sample < 200; sample++)
      {
        const EqsNoise self = { .n_kinds = 2, .flow = flow, .n_levels = 10, .type_scale = 0.5 };
        float          z[9], h[6], t[3], e[9], eh[6], again[9], ah[6], at[3], ae[9], aeh[6];

        eqs_noise_mix (&self, 7, 3, sample, 3, x, kinds, z, h, t, e, eh);
        eqs_noise_mix (&self, 7, 3, sample, 3, x, kinds, again, ah, at, ae, aeh);
        g_assert_cmpmem (z, sizeof z, again, sizeof again);
        g_assert_cmpfloat (t[0], ==, t[2]);
        g_assert_true (t[0] > 0 && t[0] <= 1 && fabs (t[0] * 10 - round (t[0] * 10)) < 1e-5);
        eqs_noise_shares (&self, (double) t[0], &data, &noise);
        g_assert_cmpfloat_with_epsilon (flow ? data + noise : data * data + noise * noise, 1, 1e-9);
        for (int k = 0; k < 3; k++)
          {
            const double mean = (x[k] + x[3 + k] + x[6 + k]) / 3.0;

            g_assert_cmpfloat_with_epsilon (e[k] + e[3 + k] + e[6 + k], 0, 1e-5);
            for (int i = 0; i < 3; i++)
              {
                const double at_home = x[3 * i + k] - mean, drawn = flow ? e[3 * i + k] + at_home : e[3 * i + k];

                g_assert_cmpfloat_with_epsilon (z[3 * i + k], data * at_home + noise * drawn, 1e-5);
                spread += drawn * drawn / (9 * 400.0);
              }
          }
        for (int i = 0; i < 3; i++)
          for (int k = 0; k < 2; k++)
            {
              const double at_home = kinds[i] == k ? 0.5 : 0, drawn = flow ? eh[2 * i + k] + at_home : eh[2 * i + k];

              g_assert_cmpfloat_with_epsilon (h[2 * i + k], data * at_home + noise * drawn, 1e-5);
            }
        times += t[0] / 400.0;
      }
  g_assert_cmpfloat_with_epsilon (spread, 2.0 / 3, 0.06);      /* one of three directions is the mean */
  g_assert_cmpfloat_with_epsilon (times, 0.55, 0.04);
}

/* What the trainer feeds and compares is that mixture of the data's own molecules, about their centre. */
static void
test_feeder (void)
{
  g_autoptr (Folder)     folder = make_folder (), models = make_folder ();
  g_autoptr (EqsModel)   model = model_of (models, DESIGN (NOISE));
  g_autoptr (GError)     error = NULL;
  g_autoptr (GString)    frames = g_string_new (NULL);
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   split = NULL;
  g_autoptr (EqsFeeder)  feeder = NULL;
  g_autoptr (EqsMap)     record = eqs_map_new ();
  const guint            samples[2] = { 1, 0 };
  EqkRunOptions          options = { .precision = EQK_F32 };
  EqkRun                *run = NULL;
  EqsNoise               noise;
  const float           *x, *t, *e;
  double                 a, s;

  for (guint i = 0; i < 20; i++)
    g_string_append (frames, "3\n\nO 9 9 9\nH 9.9 9 9\nH 9 9.9 9\n");
  put_text (folder, "train.xyz", frames->str);
  dataset = eqs_dataset_open (folder, &error);
  g_assert_no_error (error);
  split = eqs_dataset_load (dataset, "train", &error);
  g_assert_no_error (error);
  feeder = eqs_feeder_new (model->program, split, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (eqs_noise_find (model->program, &noise));
  options.capacity = eqs_feeder_get_capacity (feeder, 2);
  g_assert_cmpint (eqk_run_new (model->program, model->store, &options, &run, NULL), ==, EQK_OK);
  g_assert_true (eqs_feeder_fill (feeder, run, samples, 2, EQS_TRANSFORM_NONE, NULL, 4, 1, &error));
  x = eqk_run_feed (run, noise.positions);
  t = eqk_run_feed (run, noise.time);
  e = eqs_feeder_get_values (feeder, (guint) noise.noise);
  for (int k = 0; k < 2; k++)
    {
      static const double home[9] = { -0.3, -0.3, 0, 0.6, -0.3, 0, -0.3, 0.6, 0 };

      eqs_noise_shares (&noise, (double) t[3 * k], &a, &s);
      for (int i = 0; i < 9; i++)
        g_assert_cmpfloat_with_epsilon (x[9 * k + i], a * home[i] + s * e[9 * k + i], 1e-5);
    }
  g_assert_cmpfloat (t[0], !=, t[3]);
  eqs_feeder_put_species (feeder, record);
  eqs_feeder_put_sizes (feeder, record);
  g_assert_cmpfloat (eqs_value_get_number (eqs_value_get_item (eqs_map_get (record, "species"), 1)), ==, 8);
  g_assert_cmpfloat (eqs_value_get_number (eqs_value_get_item (eqs_map_get (record, "sizes"), 3)), ==, eqs_split_get_n (split));
  g_assert_cmpfloat_with_epsilon (eqs_map_get_number (record, "extent", 0), sqrt (0.45), 1e-5);
  eqk_run_free (run);
}

static EqsSamples *
sample (EqsModel *model, const EqsSampleOptions *options)
{
  g_autoptr (GError) error = NULL;
  EqsSamples        *samples = eqs_sample (model, options, NULL, NULL, &error);

  g_assert_no_error (error);
  return samples;
}

/* The same seed, the same molecules, whatever the threads and the company; another seed, others. */
static void
test_same_seed (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsModel)   model = model_of (folder, DESIGN (NOISE));
  EqsSampleOptions       options = EQS_SAMPLE_OPTIONS_INIT;
  g_autoptr (EqsSamples) one = NULL, two = NULL, few = NULL, other = NULL;
  g_autofree char       *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  float                 *weights = eqk_store_weights (model->store);
  guint                  twos = 0;

  pretend_trained (model);
  for (gsize i = 0; i < eqk_store_n_weights (model->store); i++)      /* who was not trained must not shout */
    weights[i] *= 0.02f;
  eqk_store_touch (model->store);
  options.n = 40;
  options.threads = 1;
  one = sample (model, &options);
  options.threads = 3;
  two = sample (model, &options);
  options.n = 3;
  few = sample (model, &options);
  options.seed = 1;
  other = sample (model, &options);
  a = eqs_samples_to_xyz (one);
  b = eqs_samples_to_xyz (two);
  c = eqs_samples_to_xyz (few);
  d = eqs_samples_to_xyz (other);
  g_assert_cmpstr (a, ==, b);
  g_assert_true (g_str_has_prefix (a, c));
  g_assert_cmpstr (c, !=, d);
  for (guint i = 0; i < 40; i++)
    {
      const guint n = g_array_index (one->first, guint, i + 1) - g_array_index (one->first, guint, i);

      g_assert_true (n == 2 || n == 3);
      twos += n == 2;
    }
  g_assert_true (twos > 2 && twos < 22);      /* one in four */
}

/* A flow that says "nothing moves" leaves the noise as it was: normal, about the centre. Both straight methods then agree. */
static void
test_no_flow (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsModel)   model = model_of (folder, DESIGN (FLOW));
  EqsSampleOptions       options = { 200, 5, 4, EQS_SAMPLE_EULER, 3, 1 };
  g_autoptr (EqsSamples) euler = NULL, heun = NULL;
  double                 square = 0;

  pretend_trained (model);
  memset (eqk_store_weights (model->store), 0, eqk_store_n_weights (model->store) * sizeof (float));
  eqk_store_touch (model->store);
  euler = sample (model, &options);
  options.method = EQS_SAMPLE_HEUN;
  heun = sample (model, &options);
  g_assert_cmpmem (euler->positions->data, euler->positions->len * sizeof (float), heun->positions->data, heun->positions->len * sizeof (float));
  g_assert_cmpuint (euler->species->len, ==, 800);
  for (guint i = 0; i < euler->positions->len; i++)
    square += pow ((double) g_array_index (euler->positions, float, i), 2) / euler->positions->len;
  g_assert_cmpfloat_with_epsilon (square, 0.75, 0.06);
}

/* Noise that is said to be nothing: going back in one step or in many, without fresh noise, divides by the share of data at the start. */
static void
test_straight_steps (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsModel)   model = model_of (folder, DESIGN (NOISE));
  EqsSampleOptions       options = { 4, 1, 3, EQS_SAMPLE_EULER, 3, 1 };
  g_autoptr (EqsSamples) one = NULL, many = NULL;

  pretend_trained (model);
  memset (eqk_store_weights (model->store), 0, eqk_store_n_weights (model->store) * sizeof (float));
  eqk_store_touch (model->store);
  one = sample (model, &options);
  options.n_steps = 40;
  many = sample (model, &options);
  for (guint i = 0; i < one->positions->len; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (one->positions, float, i), g_array_index (many->positions, float, i), 1e-3 * (1 + fabs (g_array_index (one->positions, float, i))));
}

/* Answers that would throw atoms far away: with the extent of the data known they stay within it. */
static void
test_extent (void)
{
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsModel)   model = model_of (folder, DESIGN (NOISE));
  EqsSampleOptions       options = { 10, 20, 3, EQS_SAMPLE_EULER, 3, 1 };
  g_autoptr (EqsSamples) free_ones = NULL, kept = NULL;
  double                 farthest[2] = { 0, 0 };

  pretend_trained (model);
  memset (eqk_store_weights (model->store), 0, eqk_store_n_weights (model->store) * sizeof (float));
  eqk_store_touch (model->store);
  free_ones = sample (model, &options);
  eqs_map_set (model->run, "extent", eqs_value_new_number (1.5));
  kept = sample (model, &options);
  for (guint i = 0; i < kept->positions->len / 3; i++)
    for (int which = 0; which < 2; which++)
      {
        const float *x = &g_array_index ((which == 0 ? free_ones : kept)->positions, float, 3 * i);

        farthest[which] = MAX (farthest[which], sqrt (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]));
      }
  g_assert_cmpfloat (farthest[0], >, 100);
  g_assert_cmpfloat (farthest[1], <, 1.51);
}

static void
refuse (EqsModel *model, EqsSampleMethod method, const char *word)
{
  EqsSampleOptions   options = EQS_SAMPLE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.method = (int) method;
  g_assert_null (eqs_sample (model, &options, NULL, NULL, &error));
  g_assert_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_refuses (void)
{
  g_autoptr (Folder)   folder = make_folder ();
  g_autoptr (EqsModel) model = model_of (folder, DESIGN (NOISE)), flow = model_of (folder, DESIGN (FLOW));
  g_autoptr (EqsModel) other = model_of (folder, "{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"s\", \"symmetry\": {\"group\": \"Sn\"}, \"nodes\": ["
                                         "{\"id\": \"in\", \"layer\": \"input_set\", \"params\": {\"channels\": 2}}, {\"id\": \"pool\", \"layer\": \"rho_pool\"}, "
                                         "{\"id\": \"out\", \"layer\": \"mlp_head\", \"params\": {\"out\": 2}}], \"links\": [{\"from\": \"in.y\", \"to\": \"pool.x\"}, {\"from\": \"pool.y\", \"to\": \"out.x\"}]}");

  refuse (model, EQS_SAMPLE_EULER, "never trained");
  refuse (other, EQS_SAMPLE_EULER, "T15");
  pretend_trained (flow);
  refuse (flow, EQS_SAMPLE_ANCESTRAL, "heun");
}

/* Distances by hand: two atoms 1 apart, two 1.5 apart, of other kinds. */
static void
test_apart (void)
{
  g_autoptr (EqsSamples) a = eqs_samples_new (), b = eqs_samples_new (), c = eqs_samples_new (), clouds = NULL;
  const gint32           h2[2] = { 1, 1 }, oh[2] = { 1, 8 }, h3[3] = { 1, 1, 1 };
  const float            near[6] = { 0, 0, 0, 1, 0, 0 }, far[6] = { 0, 3, 0, 0, 4.5, 0 }, line[9] = { 0, 0, 0, 1, 0, 0, 3, 0, 0 };
  EqsSamplesApart        apart;
  g_autofree char       *text = NULL;
  g_autoptr (EqsSplit)   again = NULL;
  g_autoptr (EqsSamples) read = NULL;
  g_autoptr (GBytes)     bytes = NULL;

  eqs_samples_add (a, 2, h2, near);
  eqs_samples_add (b, 2, oh, far);
  eqs_samples_add (c, 3, h3, line);
  apart = eqs_samples_apart (a, a);
  g_assert_cmpfloat (apart.nearest + apart.pairs + apart.kinds, ==, 0);
  apart = eqs_samples_apart (a, b);
  g_assert_cmpfloat_with_epsilon (apart.nearest, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (apart.pairs, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (apart.kinds, 0.5, 1e-12);
  apart = eqs_samples_apart (a, c);
  g_assert_cmpfloat_with_epsilon (apart.nearest, 1.0 / 3, 1e-6);      /* 1, 1, 2 */
  g_assert_cmpfloat_with_epsilon (apart.pairs, 1, 1e-6);              /* 1, 2, 3 */
  clouds = eqs_samples_like (c, 50, 3);
  g_assert_cmpuint (eqs_samples_get_n (clouds), ==, 50);
  g_assert_cmpfloat (eqs_samples_apart (clouds, c).kinds, <, 1e-12);
  text = eqs_samples_to_xyz (b);
  bytes = g_bytes_new (text, strlen (text));
  again = eqs_xyz_parse (bytes, "b.xyz", "test", NULL);
  read = again == NULL ? NULL : eqs_samples_of_split (again, NULL);
  g_assert_nonnull (read);
  apart = eqs_samples_apart (read, b);
  g_assert_cmpfloat (apart.nearest + apart.pairs + apart.kinds, <, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sampler/mix", test_mix);
  g_test_add_func ("/sampler/feeder", test_feeder);
  g_test_add_func ("/sampler/same-seed", test_same_seed);
  g_test_add_func ("/sampler/no-flow", test_no_flow);
  g_test_add_func ("/sampler/straight-steps", test_straight_steps);
  g_test_add_func ("/sampler/extent", test_extent);
  g_test_add_func ("/sampler/refuses", test_refuses);
  g_test_add_func ("/sampler/apart", test_apart);
  return g_test_run ();
}
