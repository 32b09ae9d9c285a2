#include "data/dataset.h"
#include "data/file.h"
#include "data/npy.h"

#include "eqk/program.h"
#include "fixture.h"
#include "opened.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>

/* ---- shipped ---- */

static void
test_shipped (void)
{
  static const struct { const char *name, *split; guint n; } parts[] = {
    { "digits8", "train", 1078 }, { "digits8", "valid", 119 }, { "digits8", "test", 300 },
    { "mnist", "train", 5400 }, { "mnist", "test", 2000 }, { "mnist_rot", "train", 5400 }, { "mnist_rot", "valid", 600 },
    { "mnist_rot", "test", 2000 }, { "fashion_mnist", "train", 3600 }, { "fashion_mnist", "test", 1000 },
    { "digit_scene", "train", 1350 }, { "digit_scene", "train_upright", 1000 }, { "digit_scene", "test", 400 },
    { "digit_scene", "test_upright", 400 }, { "ethanol_xtb", "train", 851 }, { "ethanol_xtb", "test", 280 },
    { "mnist_sum", "train", 5400 }, { "mnist_sum", "test", 1000 }, { "mnist_sum", "test_large", 1000 },
    { "molgraph", "train", 1073 }, { "molgraph", "test", 255 }, { "karate", "test", 1 }, { "wl_pairs", "train", 600 }, { "parts", "test", 100 }, { "mesh_pose", "test", 400 },
    { "aspirin_xtb", "train", 202 }, { "aspirin_xtb", "test", 80 }, { "polar_xtb", "train", 1530 },
    { "polar_xtb", "test", 400 }, { "nbody5", "train", 3000 }, { "nbody5", "valid", 1000 }, { "nbody5", "test", 1000 },
    { "nbody5", "test_8bodies", 300 },
  };
  g_autoptr (GPtrArray) shipped = eqs_dataset_list_shipped ();

  g_assert_cmpuint (shipped->len, >=, 8);
  for (guint i = 0; i < shipped->len; i++)
    {
      g_assert_cmpstr (eqs_dataset_get_licence (shipped->pdata[i]), !=, "");
      g_assert_cmpstr (eqs_dataset_get_origin (shipped->pdata[i]), !=, "");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (EqsDataset) dataset = open_fine (parts[i].name);
      g_autoptr (EqsSplit) split = load_fine (dataset, parts[i].split);

      g_assert_cmpuint (eqs_split_get_n (split), ==, parts[i].n);
      g_assert_true (eqs_dataset_has_split (dataset, parts[i].split));
    }
}

static void
test_mnist_rot (void)
{
  g_autoptr (EqsDataset) dataset = open_fine ("mnist_rot");
  g_autoptr (EqsSplit) test = load_fine (dataset, "test");
  const EqsColumn *image = eqs_split_find_input (test), *label = eqs_split_find_target (test, "classification");
  const EqsColumn *direction = eqs_split_find_target (test, "pose"), *angle = eqs_split_find (test, "angle");
  g_autofree float *pixels = g_new (float, 2 * 784);
  const guint samples[] = { 7, 0 };
  float pair[4], angles[2], largest = 0;
  gint32 labels[2];

  g_assert_cmpstr (image->name, ==, "image");
  g_assert_cmpstr (image->representation, ==, "1x triv");
  g_assert_cmpuint (image->n_dims, ==, 3);
  g_assert_cmpuint (image->dims[0], ==, 28);
  g_assert_cmpuint (image->dims[2], ==, 1);
  g_assert_cmpuint (label->n_classes, ==, 10);
  g_assert_cmpstr (label->class_names[9], ==, "9");
  eqs_split_copy (test, image, samples, 2, pixels);
  for (guint i = 0; i < 2 * 784; i++)
    largest = MAX (largest, pixels[i]);
  g_assert_cmpfloat (largest, >, 0.9f);
  g_assert_cmpfloat (largest, <=, 1.0f);
  eqs_split_copy_int (test, label, samples, 2, labels);
  g_assert_cmpint (labels[0], ==, eqs_array_get_int (label->array, 7));
  eqs_split_copy (test, direction, samples, 2, pair);
  eqs_split_copy (test, angle, samples, 2, angles);
  g_assert_cmpfloat_with_epsilon (angles[1], 6.213280f, 1e-5f);      /* the first line of the file */
  g_assert_cmpfloat_with_epsilon (pair[2], cosf (6.213280f), 1e-5f);
  g_assert_cmpfloat_with_epsilon (pair[3], sinf (6.213280f), 1e-5f);
}

/* Training upright: another part, cut in two by the same rule; the whole part is still there to be judged on. */
static void
test_other_part (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = open_fine ("digit_scene");
  g_autoptr (EqsSplit) whole = load_fine (dataset, "train_upright");
  g_autoptr (EqsSplit) train = eqs_dataset_load_training (dataset, "train_upright", FALSE, 0, 0, &error);
  g_autoptr (EqsSplit) held = eqs_dataset_load_training (dataset, "train_upright", TRUE, 0, 0, &error);
  g_autoptr (EqsSplit) usual = eqs_dataset_load_training (dataset, "train", FALSE, 0, 0, &error);
  g_autoptr (EqsSplit) same = load_fine (dataset, "train");
  g_autofree guint8 *seen = g_new0 (guint8, 1000);

  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (whole), ==, 1000);
  g_assert_cmpuint (eqs_split_get_n (train), ==, 900);
  g_assert_cmpuint (eqs_split_get_n (held), ==, 100);
  for (guint i = 0; i < 900; i++)
    seen[eqs_split_get_row (train, i)]++;
  for (guint i = 0; i < 100; i++)
    seen[eqs_split_get_row (held, i)]++;
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpuint (seen[i], ==, 1);
  g_assert_cmpuint (eqs_split_get_n (usual), ==, eqs_split_get_n (same));
  g_assert_null (eqs_dataset_load_training (dataset, "train_sideways", FALSE, 0, 0, &error));
  g_assert_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING);
}

/* The cut is a fixed function: these rows are in every checkpoint's history. */
static void
test_cut (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = open_fine ("digits8");
  g_autoptr (EqsSplit) train = load_fine (dataset, "train");
  g_autoptr (EqsSplit) valid = load_fine (dataset, "valid");
  g_autoptr (EqsSplit) few = eqs_dataset_load_seeded (dataset, "train", 0, 100, &error);
  g_autoptr (EqsSplit) other = eqs_dataset_load_seeded (dataset, "valid", 1, 0, &error);
  g_autofree guint8 *seen = g_new0 (guint8, 1197);
  guint n_same = 0;

  for (guint i = 0; i < eqs_split_get_n (train); i++)
    seen[eqs_split_get_row (train, i)] |= 1;
  for (guint i = 0; i < eqs_split_get_n (valid); i++)
    seen[eqs_split_get_row (valid, i)] |= 2;
  for (guint i = 0; i < 1197; i++)
    g_assert_true (seen[i] == 1 || seen[i] == 2);
  g_assert_cmpuint (eqs_split_get_n (few), ==, 100);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpuint (seen[eqs_split_get_row (few, i)], ==, 1);
      g_assert_true (i == 0 || eqs_split_get_row (few, i) > eqs_split_get_row (few, i - 1));
    }
  for (guint i = 0; i < 119; i++)
    n_same += seen[eqs_split_get_row (other, i)] == 2;
  g_assert_cmpuint (n_same, <, 40);           /* another seed, another cut */
  g_assert_cmpuint (eqs_split_get_row (valid, 0), ==, 2);
  g_assert_cmpuint (eqs_split_get_row (valid, 118), ==, 1189);
}

static void
test_ragged (void)
{
  g_autoptr (EqsDataset) dataset = open_fine ("ethanol_xtb");
  g_autoptr (EqsSplit) test = load_fine (dataset, "test");
  const EqsColumn *forces = eqs_split_find (test, "forces"), *energy = eqs_split_find (test, "energy");
  double e;
  float f[27];
  const guint first = 0;

  g_assert_true (eqs_split_is_ragged (test));
  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "molecule");
  g_assert_cmpuint (eqs_split_get_n_nodes (test, 3), ==, 9);
  g_assert_cmpstr (forces->unit, ==, "eV/Å");
  eqs_split_copy_double (test, energy, &first, 1, &e);
  g_assert_cmpfloat (e, ==, -309.376813);
  eqs_split_copy (test, forces, &first, 1, f);
  g_assert_cmpfloat_with_epsilon (f[26], 0.10812f, 1e-6f);
}

/* Rows of another data set: the sum of the labels of the named digits is the target. */
static void
test_base (void)
{
  g_autoptr (EqsDataset) sums = open_fine ("mnist_sum");
  g_autoptr (EqsDataset) digits = open_fine ("mnist");
  g_autoptr (EqsSplit) test = load_fine (sums, "test");
  g_autoptr (EqsSplit) base = load_fine (digits, "test");
  const EqsColumn *image = eqs_split_find_input (test), *sum = eqs_split_find (test, "sum");
  const EqsColumn *label = eqs_split_find (base, "label"), *pixels = eqs_split_find_input (base);
  g_autofree float *a = NULL, *b = g_new (float, 784);
  gsize row = 0;

  g_assert_cmpint (image->kind, ==, EQS_COLUMN_PER_NODE);
  g_assert_cmpuint (image->n_values, ==, 784);
  for (guint i = 0; i < 100; i++)
    {
      gint64 total = 0;

      for (gsize k = 0; k < eqs_split_get_n_nodes (test, i); k++, row++)
        total += eqs_array_get_int (label->array, ((const guint32 *) image->lookup->data)[row]);
      g_assert_cmpint (total, ==, eqs_array_get_int (sum->array, i));
    }
  a = g_new (float, 784 * eqs_split_get_n_nodes (test, 0));
  row = ((const guint32 *) image->lookup->data)[0];
  eqs_split_copy (test, image, NULL, 1, a);
  eqs_split_copy (base, pixels, &(guint) { (guint) row }, 1, b);
  g_assert_cmpmem (a, 784 * sizeof *a, b, 784 * sizeof *b);
}

static void
test_hash (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *sums = NULL, *flow = NULL, *before = NULL, *again = NULL, *after = NULL;
  g_autoptr (EqsDataset) base = open_fine ("mnist_sum");
  g_autoptr (EqsDataset) generated = open_fine ("flow2d");

  sums = eqs_dataset_dup_hash (base, &error);
  flow = eqs_dataset_dup_hash (generated, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (sums), ==, 64);
  g_assert_cmpstr (sums, !=, flow);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (EqsDataset) dataset = NULL;
      g_autofree char *hash = NULL;

      put_text (folder, "train.csv", i < 2 ? "x,label\n1,0\n2,1\n" : "x,label\n1,0\n3,1\n");
      dataset = open_fine (folder);
      hash = eqs_dataset_dup_hash (dataset, &error);
      g_assert_no_error (error);
      *(i == 0 ? &before : i == 1 ? &again : &after) = g_steal_pointer (&hash);
    }
  g_assert_cmpstr (before, ==, again);
  g_assert_cmpstr (before, !=, after);
}

/* ---- generated ---- */

/* Vorticity ∂vy/∂x - ∂vx/∂y of channels [c, c + 2), times twice the spacing; y is up. */
static double
vorticity (const float *image, int width, int c, int i, int j)
{
#define AT(row, column, k) image[((((row) + 64) % 64) * 64 + ((column) + 64) % 64) * width + c + (k)]
  return (AT (i, j + 1, 1) - AT (i, j - 1, 1)) - (AT (i - 1, j, 0) - AT (i + 1, j, 0));
#undef AT
}

/* The flow carries its vorticity: (ω₂ - ω₀) / 2Δt = -u₁·∇ω₁, nearly (finite differences, and a little viscosity). A
 * flow run backwards, or with an axis turned round, has the opposite sign or none. */
static void
check_advection (const float *frames, int n)
{
  double product = 0, left = 0, right = 0;

  for (int s = 0; s < n; s++)
    for (int i = 0; i < 64; i++)
      for (int j = 0; j < 64; j++)
        {
          const float *x = frames + s * 64 * 64 * 6, *u = x + (i * 64 + j) * 6 + 2;
          const double rate = vorticity (x, 6, 4, i, j) - vorticity (x, 6, 0, i, j);
          const double dx = vorticity (x, 6, 2, i, j + 1) - vorticity (x, 6, 2, i, j - 1);
          const double dy = vorticity (x, 6, 2, i - 1, j) - vorticity (x, 6, 2, i + 1, j);
          const double carried = -(u[0] * dx + u[1] * dy);

          product += rate * carried;
          left += rate * rate;
          right += carried * carried;
        }
  g_test_message ("correlation of ∂ω/∂t with -u·∇ω: %.3f", product / sqrt (left * right));
  g_assert_cmpfloat (product / sqrt (left * right), >, 0.9);
}

static void
test_flow (void)
{
  g_autoptr (EqsDataset) dataset = open_fine ("flow2d");
  g_autoptr (EqsDataset) second = open_fine ("flow2d");
  g_autoptr (GTimer) timer = g_timer_new ();
  g_autoptr (EqsSplit) train = load_fine (dataset, "train");
  g_autoptr (EqsSplit) test = load_fine (dataset, "test");
  g_autoptr (EqsSplit) valid = load_fine (dataset, "valid");
  g_autoptr (EqsSplit) again = load_fine (second, "test");
  const EqsColumn *frames = eqs_split_find_input (test), *next = eqs_split_find_target (test, "generation");
  const float *x = frames->array->data, *y = next->array->data;
  double change = 0, square = 0, divergence = 0, gradient = 0;

  g_test_message ("flow2d: %.2f s", g_timer_elapsed (timer, NULL));
  g_assert_cmpuint (eqs_split_get_n (train), ==, 96);
  g_assert_cmpuint (eqs_split_get_n (valid), ==, 16);
  g_assert_cmpuint (eqs_split_get_n (test), ==, 32);
  g_assert_cmpstr (frames->representation, ==, "3x f1");
  g_assert_cmpuint (frames->dims[2], ==, 6);
  g_assert_cmpuint (next->dims[2], ==, 2);
  g_assert_true (g_bytes_equal (frames->array->bytes, eqs_split_find_input (again)->array->bytes));
  g_assert_false (g_bytes_equal (frames->array->bytes, eqs_split_find_input (train)->array->bytes));

  /* Incompressible with y up: ∂vx/∂x + ∂vy/∂y = 0, where a step up is a step to the row before. Central differences of
   * a field with wave numbers up to 21 on 64 points are rough, so: small against the gradient itself. With y down, or
   * vx and vy exchanged, the quotient is about 1. */
  for (int sample = 0; sample < 32; sample++)
    for (int i = 0; i < 64; i++)
      for (int j = 0; j < 64; j++)
        {
          const float *f = y + sample * 64 * 64 * 2;
          const double dx = f[(i * 64 + (j + 1) % 64) * 2] - f[(i * 64 + (j + 63) % 64) * 2];
          const double dy = f[((i + 63) % 64 * 64 + j) * 2 + 1] - f[((i + 1) % 64 * 64 + j) * 2 + 1];
          const float *last = x + (((gsize) sample * 64 + (gsize) i) * 64 + (gsize) j) * 6 + 4;
          const float *now = f + (i * 64 + j) * 2;

          divergence += (dx + dy) * (dx + dy);
          gradient += dx * dx + dy * dy;
          change += (now[0] - last[0]) * (now[0] - last[0]) + (now[1] - last[1]) * (now[1] - last[1]);
          square += now[0] * now[0] + now[1] * now[1];
        }
  g_test_message ("divergence %.3f of the gradient; change %.3f of the speed", sqrt (divergence / gradient),
                  sqrt (change / square));
  g_assert_cmpfloat (sqrt (divergence / gradient), <, 0.1);
  check_advection (x, 32);
  /* The next frame is neither the last one nor unrelated to it. */
  g_assert_cmpfloat (sqrt (change / square), >, 0.1);
  g_assert_cmpfloat (sqrt (change / square), <, 0.9);
  g_assert_cmpfloat (sqrt (square / (32 * 64 * 64)), >, 0.25);
  g_assert_cmpfloat (sqrt (square / (32 * 64 * 64)), <, 0.75);
}

/* ---- bad input ---- */

static void
refuse_open (const char *folder, EqsDataError code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (eqs_dataset_open (folder, &error));
  assert_refused (error, code, part);
}

static void
test_bad_names (void)
{
  g_autoptr (Folder) folder = make_folder ();

  refuse_open ("no_such_set", EQS_DATA_ERROR_MISSING, "mnist_rot");
  refuse_open ("", EQS_DATA_ERROR_MISSING, "no data set");
  refuse_open ("../mnist", EQS_DATA_ERROR_MISSING, "../mnist");
  refuse_open (folder, EQS_DATA_ERROR_MISSING, "dataset.json");
  refuse_load ("mnist", "held_out", EQS_DATA_ERROR_MISSING, "train, valid, test");
}

/* Labels of n samples of 2×2 pixels. */
static void
put_small (const char *folder, const char *split, guint n_images, guint n_labels, const char *labels)
{
  g_autofree char *image_name = g_strconcat (split, "-images.idx", NULL);
  g_autofree char *label_name = g_strconcat (split, "-labels.idx", NULL);
  g_autofree guint8 *pixels = g_malloc0 (4 * n_images + 1);

  put_bytes (folder, image_name, make_idx (8, 3, (const guint[]) { n_images, 2, 2 }, pixels, 4 * n_images));
  put_bytes (folder, label_name, make_idx (9, 1, (const guint[]) { n_labels }, labels, n_labels));
}

static void
test_bad_images (void)
{
  const float nan_values[8] = { 0, 0, 0, 0, 0, NAN, 0, 0 };
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *labels = g_build_filename (folder, "test-labels.idx", NULL);

  put_small (folder, "train", 3, 3, "\0\1\2");
  put_small (folder, "test", 3, 3, "\0\1\3");
  refuse_load (folder, "test", EQS_DATA_ERROR_LABEL, "sample 2 (counted from 0): “label” is 3");
  put_small (folder, "test", 3, 3, "\0\xff\2");
  refuse_load (folder, "test", EQS_DATA_ERROR_LABEL, "sample 1");
  put_small (folder, "test", 3, 2, "\0\1");
  refuse_load (folder, "test", EQS_DATA_ERROR_COUNT, "“label” has 2 samples, “image” has 3");
  put_small (folder, "test", 0, 0, "");
  refuse_load (folder, "test", EQS_DATA_ERROR_EMPTY, "no samples");
  put_bytes (folder, "test-images.idx", make_idx (0x0d, 3, (const guint[]) { 2, 2, 2 }, NULL, 0));
  refuse_load (folder, "test", EQS_DATA_ERROR_TRUNCATED, "test-images.idx");
  {
    guint32 swapped[8];

    for (guint i = 0; i < 8; i++)
      {
        memcpy (&swapped[i], &nan_values[i], 4);
        swapped[i] = GUINT32_TO_BE (swapped[i]);
      }
    put_bytes (folder, "test-images.idx", make_idx (0x0d, 3, (const guint[]) { 2, 2, 2 }, swapped, sizeof swapped));
  }
  refuse_load (folder, "test", EQS_DATA_ERROR_NAN, "sample 1 (counted from 0): “image”");

  /* Labels may be absent where nobody asks for them. */
  put_small (folder, "test", 3, 3, "\0\1\2");
  g_assert_cmpint (g_remove (labels), ==, 0);
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);
    g_autoptr (EqsSplit) test = load_fine (dataset, "test");
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (eqs_split_get_n (test), ==, 3);
    g_assert_null (eqs_split_require (test, "label", &error));
    assert_refused (error, EQS_DATA_ERROR_MISSING, "“test” of the data has no “label”; it has: image");
  }
}

static void
test_shapes_of_parts (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) train = NULL;
  g_autoptr (GError) error = NULL;

  put_small (folder, "train", 3, 3, "\0\1\2");
  put_bytes (folder, "test-images.idx", make_idx (8, 3, (const guint[]) { 1, 2, 3 }, "abcdef", 6));
  dataset = open_fine (folder);
  train = load_fine (dataset, "train");
  g_assert_null (eqs_dataset_load (dataset, "test", &error));
  assert_refused (error, EQS_DATA_ERROR_SHAPE, "“image” of the part “test” is 2×3×1, but that of “train” is 2×2×1");
}

/* $EQUISTUDIO_DATADIR goes before everything shipped. */
static void
test_own_folder (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autofree char *set = g_build_filename (folder, "datasets", "digits8", NULL);
  g_autoptr (EqsDataset) own = NULL;
  g_autoptr (EqsDataset) shipped = NULL;

  put_text (set, "dataset.json", "{\"version\":1,\"title\":\"Mine\",\"splits\":[\"test\"],\"columns\":["
            "{\"name\":\"x\",\"role\":\"input\",\"file\":\"{split}.csv\"}]}");
  g_setenv ("EQUISTUDIO_DATADIR", folder, TRUE);
  own = open_fine ("digits8");
  g_unsetenv ("EQUISTUDIO_DATADIR");
  shipped = open_fine ("digits8");
  g_assert_cmpstr (eqs_dataset_get_title (own), ==, "Mine");
  g_assert_cmpstr (eqs_dataset_get_title (shipped), !=, "Mine");
}

static void
test_one_sample (void)
{
  g_autoptr (Folder) folder = make_folder ();

  put_small (folder, "train", 1, 1, "\0");
  refuse_load (folder, "train", EQS_DATA_ERROR_EMPTY, "too few");
  put_small (folder, "train", 2, 2, "\0\1");
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);
    g_autoptr (EqsSplit) train = load_fine (dataset, "train");
    g_autoptr (EqsSplit) valid = load_fine (dataset, "valid");

    g_assert_cmpuint (eqs_split_get_n (train), ==, 1);
    g_assert_cmpuint (eqs_split_get_n (valid), ==, 1);
  }
}

static void
refuse_json (const char *json, const char *part)
{
  g_autoptr (Folder) folder = make_folder ();

  put_text (folder, "dataset.json", json);
  refuse_open (folder, EQS_DATA_ERROR_FORMAT, "dataset.json");
  refuse_open (folder, EQS_DATA_ERROR_FORMAT, part);
}

#define COLUMNS(inside) "{\"version\":1,\"splits\":[\"train\"],\"columns\":[" inside "]}"

static void
test_bad_json (void)
{
  refuse_json ("", "JSON");
  refuse_json ("{\n\n\"version\": 1,,}", "line 3");
  refuse_json ("[1]", "object");
  refuse_json ("{}", "version");
  refuse_json ("{\"version\":\"1\"}", "version");
  refuse_json ("{\"version\":2}", "version 2");
  refuse_json ("{\"version\":1}", "columns");
  refuse_json ("{\"version\":1,\"title\":3}", "“title” must be text");
  refuse_json (COLUMNS (""), "columns");
  refuse_json (COLUMNS ("3"), "name");
  refuse_json (COLUMNS ("{\"name\":\"a/b\",\"file\":\"x.npy\"}"), "slash");
  refuse_json (COLUMNS ("{\"name\":\"a\"}"), "“file”");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"../x.npy\"}"), "inside its folder");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"/etc/x.npy\"}"), "inside its folder");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"role\":\"inputs\"}"), "input, target, extra");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"scale\":0}"), "scale");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"scale\":1e99}"), "scale");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"slice\":[3,3]}"), "slice");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"n_classes\":1e9}"), "n_classes");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"classes\":[]}"), "classes");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\",\"rows_of\":\"b\"}"), "base");
  refuse_json (COLUMNS ("{\"name\":\"a\",\"file\":\"x.npy\"},{\"name\":\"a\",\"file\":\"x.npy\"}"), "two columns");
  refuse_json ("{\"version\":1,\"splits\":[],\"columns\":[{\"name\":\"a\",\"file\":\"x.npy\"}]}", "splits");
  refuse_json ("{\"version\":1,\"splits\":[\"a/b\"],\"columns\":[{\"name\":\"a\",\"file\":\"x.npy\"}]}", "splits");
  refuse_json ("{\"version\":1,\"splits\":[\"a\",\"a\"],\"columns\":[{\"name\":\"a\",\"file\":\"x.npy\"}]}", "twice");
  refuse_json ("{\"version\":1,\"splits\":{\"a\":{\"a\":3}},\"columns\":[{\"name\":\"a\",\"file\":\"x.npy\"}]}", "map columns");
}

static void
test_bad_files (void)
{
  g_autoptr (Folder) folder = make_folder ();

  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"a\",\"role\":\"input\",\"file\":\"{split}.dat\"}"));
  refuse_load (folder, "test", EQS_DATA_ERROR_MISSING, "“test”");
  refuse_load (folder, "train", EQS_DATA_ERROR_UNSUPPORTED, "train.dat");
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"a\",\"role\":\"input\",\"file\":\"{split}.npy\"}"));
  refuse_load (folder, "train", EQS_DATA_ERROR_MISSING, "train.npy");
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"a\",\"role\":\"input\",\"file\":\"{split}.csv\",\"field\":\"q\"}"));
  put_text (folder, "train.csv", "a,b\n1,2\n");
  refuse_load (folder, "train", EQS_DATA_ERROR_MISSING, "no column “q”; it has: a, b");
  put_text (folder, "train.csv", "q\n");
  refuse_load (folder, "train", EQS_DATA_ERROR_EMPTY, "no samples");
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"a\",\"role\":\"input\",\"file\":\"{split}.xyz\"}"));
  put_text (folder, "train.xyz", "1\n\nH 0 0 0\n");
  refuse_load (folder, "train", EQS_DATA_ERROR_MISSING, "it has: species, positions");
  put_text (folder, "dataset.json", "{\"version\":1,\"generator\":\"noise\",\"splits\":[\"train\"],\"columns\":[{\"name\":\"a\"}]}");
  refuse_open (folder, EQS_DATA_ERROR_MISSING, "noise");
}

/* A force kept as (y, z, x), and a stress with the other sign: read as ours; what makes no sense is refused. */
static void
test_convention (void)
{
  static const char with[] = COLUMNS ("{\"name\":\"f\",\"role\":\"input\",\"file\":\"{split}.csv\",\"fields\":[\"a\",\"b\",\"c\"],\"representation\":\"1x1o\",\"convention\":\"yzx\",\"scale\":-1}");
  g_autoptr (Folder)     folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit)   train = NULL;
  const guint            row = 0;
  float                  x[3];

  put_text (folder, "train.csv", "a,b,c\n2,3,1\n2,3,1\n");
  put_text (folder, "dataset.json", with);
  dataset = open_fine (folder);
  train = load_fine (dataset, "train");
  eqs_split_copy (train, eqs_split_find (train, "f"), &row, 1, x);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (x[i], -1.0 - i, 1e-6);
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"f\",\"role\":\"input\",\"file\":\"{split}.csv\",\"fields\":[\"a\",\"b\",\"c\"],\"representation\":\"1x1o\",\"convention\":\"zyx\"}"));
  refuse_load (folder, "train", EQS_DATA_ERROR_FORMAT, "zyx");
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"f\",\"role\":\"input\",\"file\":\"{split}.csv\",\"fields\":[\"a\",\"b\"],\"representation\":\"1x1o\",\"convention\":\"yzx\"}"));
  refuse_load (folder, "train", EQS_DATA_ERROR_FORMAT, "representation");
  put_text (folder, "dataset.json", COLUMNS ("{\"name\":\"f\",\"role\":\"input\",\"file\":\"{split}.csv\",\"field\":\"a\",\"convention\":\"yzx\"}"));
  refuse_load (folder, "train", EQS_DATA_ERROR_FORMAT, "representation");
}

#define TENSOR(fields, words) COLUMNS ("{\"name\":\"p\",\"role\":\"input\",\"file\":\"{split}.csv\",\"fields\":[" fields "],\"representation\":\"1x0e + 1x2e\",\"convention\":\"" words "\"}")
#define SIX "\"a\",\"b\",\"c\",\"d\",\"e\",\"f\""
#define NINE SIX ",\"g\",\"h\",\"i\""

/* Entries of a symmetric matrix in any order become the numbers that turn apart from each other. */
static void
test_tensors (void)
{
  static const double matrix[9] = { 1, 2, 3, 2, 4, 5, 3, 5, 6 };
  static const char *const fine[] = { TENSOR (SIX, "xx xy xz yy yz zz"), TENSOR (SIX, "xx yx zx yy zy zz"), TENSOR (NINE, "xx xy xz yx yy yz zx zy zz") };
  static const char *const bad[] = { TENSOR (SIX, "xx xy xz yy yz"), TENSOR (SIX, "xx xy xz yy yz yz"), TENSOR (SIX, "xx xy yx yy yz zz"), TENSOR (NINE, "xx xy xz yy yz zz"),
                                     TENSOR (NINE, "xx xy xz yx yy yz zx zz zz"), TENSOR ("\"a\",\"b\",\"c\"", "xx xy xz yy yz zz") };
  g_autoptr (Folder) folder = make_folder ();
  double             wanted[6];

  eqk_stress_to_irreps (matrix, wanted);
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    {
      g_autoptr (EqsDataset) dataset = NULL;
      g_autoptr (EqsSplit)   train = NULL;
      const EqsColumn       *column;
      const guint            row = 0;
      float                  x[6];

      put_text (folder, "train.csv", i < 2 ? "a,b,c,d,e,f\n1,2,3,4,5,6\n1,2,3,4,5,6\n" : "a,b,c,d,e,f,g,h,i\n1,2,3,2,4,5,3,5,6\n1,2,3,2,4,5,3,5,6\n");
      put_text (folder, "dataset.json", fine[i]);
      dataset = open_fine (folder);
      train = load_fine (dataset, "train");
      column = eqs_split_find (train, "p");
      g_assert_cmpuint (column->n_values, ==, 6);
      eqs_split_copy (train, column, &row, 1, x);
      for (guint k = 0; k < 6; k++)
        g_assert_cmpfloat_with_epsilon (x[k], wanted[k], 1e-5);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      put_text (folder, "dataset.json", bad[i]);
      refuse_load (folder, "train", EQS_DATA_ERROR_FORMAT, "symmetric tensor");
    }
  put_text (folder, "train.csv", "a,b,c,d,e,f,g,h,i\n1,2,3,2,4,5,3,5,6\n1,2,3,2,4,5,3,9,6\n");
  put_text (folder, "dataset.json", fine[2]);
  refuse_load (folder, "train", EQS_DATA_ERROR_FORMAT, "row 1: the tensor is not symmetric");
}

static void
test_bad_base (void)
{
  g_autoptr (Folder) folder = make_folder ();
  static const char json[] =
    "{\"version\":1,\"base\":\"digits8\",\"splits\":[\"test\"],\"columns\":["
    "{\"name\":\"image\",\"role\":\"input\",\"file\":\"{split}.csv\",\"field\":\"rows\",\"rows_of\":\"image\"}]}";

  put_text (folder, "dataset.json", json);
  put_text (folder, "test.csv", "rows\n0 299\n5 300\n");
  refuse_load (folder, "test", EQS_DATA_ERROR_LIMIT, "sample 1: “image” names row 300, but there are 300");
  put_text (folder, "test.csv", "rows,x\n0 299,1\n,2\n");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "line 3");
  put_text (folder, "test.csv", "rows\n0 -1\n");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "line 2");
  put_text (folder, "test.csv", "rows\n0 1\n");
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);
    g_autoptr (EqsSplit) test = load_fine (dataset, "test");

    g_assert_cmpuint (eqs_split_get_n_nodes (test, 0), ==, 2);
    g_assert_cmpfloat (eqs_split_find_input (test)->scale, ==, 0.0625f);
  }
}

/* ---- by file names ---- */

static void
put_npy (const char *folder, const char *name, guint n_dims, const guint64 *dims, const float *values)
{
  gsize n, length;
  g_autoptr (EqsArray) array = NULL;

  g_assert_true (eqs_array_measure (EQS_DTYPE_F32, n_dims, dims, &n, &length));
  array = eqs_array_new_take (EQS_DTYPE_F32, n_dims, dims, g_memdup2 (values, length));
  put_bytes (folder, name, eqs_npy_write (array));
}

static void
test_nodes_of_array (void)
{
  g_autoptr (Folder) folder = make_folder ();
  const float values[24] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 };
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) test = NULL;
  const EqsColumn *x, *v;
  float out[4];

  put_npy (folder, "test.npy", 3, (const guint64[]) { 2, 3, 4 }, values);
  put_text (folder, "dataset.json",
            "{\"version\":1,\"domain\":\"points\",\"splits\":[\"test\"],\"columns\":["
            "{\"name\":\"x\",\"role\":\"input\",\"file\":\"{split}.npy\",\"per\":\"node\",\"slice\":[0,2],\"values\":\"position\"},"
            "{\"name\":\"v\",\"role\":\"input\",\"file\":\"{split}.npy\",\"per\":\"node\",\"slice\":[3,4]}]}");
  dataset = open_fine (folder);
  test = load_fine (dataset, "test");
  x = eqs_split_find (test, "x");
  v = eqs_split_find (test, "v");
  g_assert_cmpuint (eqs_split_get_n (test), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (test, 1), ==, 3);
  g_assert_cmpuint (x->n_values, ==, 2);
  g_assert_cmpuint (v->n_values, ==, 1);
  eqs_split_copy (test, v, &(guint) { 1 }, 1, out);
  g_assert_cmpfloat (out[0], ==, 15);
  g_assert_cmpfloat (out[2], ==, 23);

  put_text (folder, "dataset.json",
            "{\"version\":1,\"splits\":[\"test\"],\"columns\":["
            "{\"name\":\"x\",\"role\":\"input\",\"file\":\"{split}.npy\",\"slice\":[2,5]}]}");
  refuse_load (folder, "test", EQS_DATA_ERROR_SHAPE, "last axis has 4");
}

#define CLOUDS(n) "\0\0\x0b\3\0\0\0" n "\0\0\0\2\0\0\0\3"

/* Clouds with classes, as sets of places; a file of classes that counts wrongly names none, labels beyond the names are refused. */
static void
test_clouds (void)
{
  static const struct { const char *text, *first; guint n; } names[] = {
    { "0 brick\n1 flat plate\n2 wheel\n", "brick", 3 }, { "brick\nplate\n\nwheel\n", "brick", 3 }, { "1 brick\n2 plate\n", NULL, 2 }, { "\xff\xfe", NULL, 2 }, { "brick\n", NULL, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (Folder)     folder = make_folder ();
      g_autoptr (EqsDataset) dataset = NULL;
      g_autoptr (EqsSplit)   split = NULL;
      const EqsColumn       *places, *label;
      float                  x[6];
      const guint            second = 1;

      put (folder, "test-points.idx", CLOUDS ("\2") "\x7f\xff\0\0\0\0\x80\1\0\0\0\0" "\0\1\0\0\0\0\x40\0\0\0\0\0", 16 + 24);
      put (folder, "test-labels.idx", "\0\0\x08\1\0\0\0\2\0\1", 10);
      put (folder, "classes.txt", names[i].text, strlen (names[i].text));
      dataset = open_fine (folder);
      g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "points");
      g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "classification");
      split = load_fine (dataset, "test");
      places = eqs_split_find_rows (split, EQS_COLUMN_PER_NODE);
      label = eqs_split_find (split, "label");
      g_assert_cmpstr (places->name, ==, "positions");
      g_assert_cmpint (places->values, ==, EQS_VALUES_POSITION);
      g_assert_cmpstr (places->representation, ==, "1x1o");
      g_assert_cmpuint (label->n_classes, ==, names[i].n);
      g_assert_true (names[i].first == NULL ? label->class_names == NULL : g_str_equal (label->class_names[0], names[i].first));
      eqs_split_copy (split, places, &second, 1, x);
      g_assert_cmpfloat (x[0], ==, 1.0f / 32767.0f);
    }
  for (int broken = 0; broken < 2; broken++)
    {
      g_autoptr (Folder)     folder = make_folder ();
      g_autoptr (EqsDataset) dataset = NULL;
      g_autoptr (GError)     error = NULL;

      put (folder, "test-points.idx", CLOUDS ("\2") "\x7f\xff\0\0\0\0\x80\1\0\0\0\0" "\0\1\0\0\0\0\x40\0\0\0\0\0", broken == 0 ? 16 + 20 : 16 + 24);
      put (folder, "test-labels.idx", "\0\0\x08\1\0\0\0\2\0\5", 10);
      put (folder, "classes.txt", "a\nb\n", 4);
      dataset = open_fine (folder);
      g_assert_null (eqs_dataset_load (dataset, "test", &error));
      g_assert_nonnull (error);
    }
}

static void
test_by_names (void)
{
  {
    g_autoptr (Folder) folder = make_folder ();
    g_autoptr (EqsDataset) dataset = NULL;
    g_autoptr (EqsSplit) train = NULL;
    const EqsColumn *x;

    put_text (folder, "train.csv", "a,label,b,note\n1,0,3,hi\n4,2,6,ho\n7,1,9,ha\n");
    put_text (folder, "test.csv", "a,label,b,note\n1,0,3,hi\n4,7,6,ho\n");
    dataset = open_fine (folder);
    train = load_fine (dataset, "train");
    x = eqs_split_find_input (train);
    g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "classification");
    g_assert_cmpuint (x->n_values, ==, 2);
    g_assert_cmpuint (eqs_split_find (train, "label")->n_classes, ==, 3);
    refuse_load (folder, "test", EQS_DATA_ERROR_LABEL, "sample 1");
  }
  {
    g_autoptr (Folder) folder = make_folder ();
    g_autoptr (EqsDataset) dataset = NULL;
    g_autoptr (EqsSplit) test = NULL;

    put_text (folder, "test.xyz", "1\nenergy=1 Lattice=\"1 0 0 0 1 0 0 0 1\"\nHe 0 0 0\n");
    dataset = open_fine (folder);
    test = load_fine (dataset, "test");
    g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "molecule");
    g_assert_cmpint (eqs_split_find (test, "energy")->role, ==, EQS_ROLE_TARGET);
    g_assert_null (eqs_split_find (test, "energy")->unit);      /* the file does not say, and nobody guesses */
    g_assert_cmpstr (eqs_split_find (test, "positions")->unit, ==, "Å");
    g_assert_false (eqs_dataset_has_split (dataset, "valid"));
  }
  {
    g_autoptr (Folder) folder = make_folder ();
    g_autoptr (EqsDataset) dataset = NULL;
    const float values[8] = { 0 };

    put_npy (folder, "train-images.npy", 4, (const guint64[]) { 2, 2, 2, 1 }, values);
    put_npy (folder, "train-labels.npy", 1, (const guint64[]) { 2 }, (const float[]) { 0, 0.5f });
    dataset = open_fine (folder);
    g_assert_cmpuint (g_strv_length ((char **) eqs_dataset_get_splits (dataset)), ==, 2);
    refuse_load (folder, "train", EQS_DATA_ERROR_LABEL, "is 0.5");
  }
}

/* ---- pictures ---- */

static void
put_picture (const char *folder, const char *name, int width, int height, guint32 colour)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, (colour & 0xff) != 0xff, 8, width, height);

  gdk_pixbuf_fill (pixbuf, colour);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
}

static void
test_pictures (void)
{
  g_autoptr (Folder) folder = make_folder ();

  put_picture (folder, "train/cat/1.png", 5, 4, 0x808080ff);
  put_picture (folder, "train/dog/1.png", 5, 4, 0xffffffff);
  put_text (folder, "train/dog/2.pgm", "P2\n5 4\n255\n0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 51\n");
  put_text (folder, "train/dog/notes.txt", "no picture");
  put_picture (folder, "test/dog/1.png", 5, 4, 0x333333ff);
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);
    const char *const *told = eqs_dataset_get_column (dataset, 1).class_names;      /* before a picture is read: where answers are shown by name */
    g_autoptr (EqsSplit) test = load_fine (dataset, "test");
    g_autoptr (EqsSplit) train = load_fine (dataset, "train");
    g_autoptr (EqsSplit) valid = load_fine (dataset, "valid");
    const EqsColumn *image = eqs_split_find_input (test), *label = eqs_split_find (test, "label");
    float pixels[20];

    g_assert_true (told != NULL && g_str_equal (told[0], "cat") && g_str_equal (told[1], "dog") && told[2] == NULL);
    g_assert_cmpuint (eqs_split_get_n (train) + eqs_split_get_n (valid), ==, 3);
    g_assert_cmpuint (image->dims[0], ==, 4);
    g_assert_cmpuint (image->dims[1], ==, 5);
    g_assert_cmpuint (image->dims[2], ==, 1);
    g_assert_cmpstr (image->representation, ==, "1x triv");
    eqs_split_copy (test, image, NULL, 1, pixels);
    g_assert_cmpfloat_with_epsilon (pixels[19], 0.2f, 1e-6f);
    g_assert_cmpint (eqs_array_get_int (label->array, 0), ==, 1);
    g_assert_cmpstr (label->class_names[1], ==, "dog");
    /* The third of train, which read_file put there as PNM. */
    g_assert_cmpfloat (eqs_array_get_double (eqs_split_find_input (train)->array, 59), ==, 51);
  }
  put_picture (folder, "test/dog/2.png", 5, 4, 0xff0000ff);
  refuse_load (folder, "test", EQS_DATA_ERROR_SHAPE, "2.png” is coloured");
  put_picture (folder, "test/dog/2.png", 4, 5, 0x000000ff);
  refuse_load (folder, "test", EQS_DATA_ERROR_SHAPE, "2.png” is 4×5 pixels, but the first picture is 5×4");
  put_picture (folder, "test/dog/2.png", 5, 4, 0x00000080);
  refuse_load (folder, "test", EQS_DATA_ERROR_UNSUPPORTED, "2.png” is partly transparent");
  put_text (folder, "test/dog/2.png", "no PNG at all");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "2.png” is not a picture");
  put_text (folder, "test/dog/2.png", "P6\n1000000 1000000\n255\n");
  refuse_load (folder, "test", EQS_DATA_ERROR_LIMIT, "2.png” is 1000000×1000000");
  put_picture (folder, "test/dog/2.png", 5, 4, 0x000000ff);
  put_picture (folder, "test/emu/1.png", 5, 4, 0x000000ff);
  refuse_load (folder, "test", EQS_DATA_ERROR_LABEL, "“emu”");
}

static void
test_pictures_alone (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) train = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%u.png", i % 2 ? "b" : "a", i);

      put_picture (folder, name, 3, 3, i == 3 ? 0x0000ffff : 0x202020ff);
    }
  dataset = open_fine (folder);
  train = load_fine (dataset, "train");
  g_assert_cmpuint (eqs_split_get_n (train), ==, 3);
  g_assert_cmpuint (eqs_split_find_input (train)->dims[2], ==, 3);
  put_text (folder, "c/notes.txt", "pictures will come");
  refuse_load (folder, "train", EQS_DATA_ERROR_EMPTY, "“c” without pictures");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/dataset/shipped", test_shipped);
  g_test_add_func ("/data/dataset/mnist-rot", test_mnist_rot);
  g_test_add_func ("/data/dataset/cut", test_cut);
  g_test_add_func ("/data/dataset/other-part", test_other_part);
  g_test_add_func ("/data/dataset/ragged", test_ragged);
  g_test_add_func ("/data/dataset/base", test_base);
  g_test_add_func ("/data/dataset/hash", test_hash);
  g_test_add_func ("/data/dataset/flow", test_flow);
  g_test_add_func ("/data/dataset/bad-names", test_bad_names);
  g_test_add_func ("/data/dataset/bad-images", test_bad_images);
  g_test_add_func ("/data/dataset/shapes-of-parts", test_shapes_of_parts);
  g_test_add_func ("/data/dataset/own-folder", test_own_folder);
  g_test_add_func ("/data/dataset/one-sample", test_one_sample);
  g_test_add_func ("/data/dataset/bad-json", test_bad_json);
  g_test_add_func ("/data/dataset/bad-files", test_bad_files);
  g_test_add_func ("/data/dataset/bad-base", test_bad_base);
  g_test_add_func ("/data/dataset/nodes-of-array", test_nodes_of_array);
  g_test_add_func ("/data/dataset/convention", test_convention);
  g_test_add_func ("/data/dataset/tensors", test_tensors);
  g_test_add_func ("/data/dataset/by-names", test_by_names);
  g_test_add_func ("/data/dataset/clouds", test_clouds);
  g_test_add_func ("/data/dataset/pictures", test_pictures);
  g_test_add_func ("/data/dataset/pictures-alone", test_pictures_alone);
  return g_test_run ();
}
