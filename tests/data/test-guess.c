/* Pictures in files that only their shapes, names and titles describe: MNIST's own names, NPZ of all parts, tables of pixels. */

#include "data/meaning.h"
#include "data/npy.h"
#include "fixture.h"
#include "npz-maker.h"
#include "opened.h"

#include <string.h>

/* n pictures of rows × columns bytes; the first pixel is a fifth of white times the number of the picture, up to four. */
static GBytes *
make_images (guint n, guint rows, guint columns)
{
  const guint       dims[3] = { n, rows, columns };
  g_autofree guint8 *pixels = g_new0 (guint8, n * rows * columns);

  for (guint i = 0; i < n; i++)
    pixels[i * rows * columns] = (guint8) (51 * (i % 5));
  return make_idx (0x08, 3, dims, pixels, n * rows * columns);
}

static GBytes *
make_labels (guint n, guint n_classes)
{
  g_autofree guint8 *labels = g_new (guint8, n);

  for (guint i = 0; i < n; i++)
    labels[i] = (guint8) (i % n_classes);
  return make_idx (0x08, 1, &n, labels, n);
}

static void
check_pictures (const char *folder, const char *part, guint n, guint rows, guint columns)
{
  g_autoptr (EqsDataset) dataset = open_fine (folder);
  g_autoptr (EqsSplit)   split = load_fine (dataset, part);
  const EqsColumn       *image = eqs_split_find_input (split), *label = eqs_split_find_target (split, "classification");
  g_autofree float      *pixels = g_new (float, image->n_values);
  const guint            at = 1;

  g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "image");
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "classification");
  g_assert_cmpuint (eqs_split_get_n (split), ==, n);
  g_assert_cmpuint (image->n_dims, ==, 3);
  g_assert_cmpuint (image->dims[0], ==, rows);
  g_assert_cmpuint (image->dims[1], ==, columns);
  g_assert_nonnull (label);
  eqs_split_copy (split, image, &at, 1, pixels);
  g_assert_cmpfloat_with_epsilon (pixels[0], 0.2 * (eqs_split_get_row (split, at) % 5), 1e-6);
}

/* The names under which MNIST is given away, packed or not, with a point for the hyphen; "t10k" is the test. */
static void
test_mnist_names (void)
{
  static const char *const names[][4] = {
    { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" },
    { "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte" },
    { "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte", "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (Folder) folder = make_folder ();

      put_bytes (folder, names[i][0], make_images (10, 3, 4));
      put_bytes (folder, names[i][1], make_labels (10, 3));
      put_bytes (folder, names[i][2], make_images (4, 3, 4));
      put_bytes (folder, names[i][3], make_labels (4, 3));
      check_pictures (folder, "test", 4, 3, 4);
      check_pictures (folder, "train", 9, 3, 4);
    }
}

static void
test_half_mnist (void)
{
  g_autoptr (Folder) folder = make_folder ();

  put_bytes (folder, "t10k-images-idx3-ubyte", make_images (4, 3, 4));
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);
    g_autoptr (EqsSplit)   test = load_fine (dataset, "test");

    g_assert_cmpuint (eqs_split_get_n_columns (test), ==, 1);      /* labels are nowhere */
  }
  put_text (folder, "t10k-labels-idx1-ubyte", "no labels");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "t10k-labels");
}

static void
add_pictures (NpzMaker *npz, const char *images, const char *labels, guint n, guint rows, guint columns)
{
  const guint64        size = n;
  double              *x = g_new0 (double, n * rows * columns);
  guint8              *y = g_new (guint8, n);
  g_autoptr (EqsArray) classes = NULL;

  for (guint i = 0; i < n; i++)
    {
      x[rows * columns * i] = 0.2 * (i % 5);
      y[i] = (guint8) (i % 3);
    }
  classes = eqs_array_new_take (EQS_DTYPE_U8, 1, &size, y);
  npz_add (npz, images, 3, (const guint64[]) { n, rows, columns }, x);
  npz_add_array (npz, labels, classes);
  g_free (x);
}

/* One file with the arrays of all parts, as Keras and MedMNIST write it; "y" of whole numbers beside pictures is a class. */
static void
test_whole_npz (void)
{
  static const char *const names[][4] = { { "x_train", "y_train", "x_test", "y_test" }, { "train_images", "train_labels", "test_images", "test_labels" } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (Folder) folder = make_folder ();
      NpzMaker           npz = npz_begin ();

      add_pictures (&npz, names[i][0], names[i][1], 20, 6, 6);
      add_pictures (&npz, names[i][2], names[i][3], 4, 6, 6);
      put_bytes (folder, "digits.npz", npz_end (&npz));
      check_pictures (folder, "test", 4, 6, 6);
      check_pictures (folder, "train", 18, 6, 6);
    }
}

static void
test_npz_of_a_part (void)
{
  g_autoptr (Folder) folder = make_folder ();
  NpzMaker           npz = npz_begin ();

  add_pictures (&npz, "images", "label", 4, 6, 6);
  put_bytes (folder, "test.npz", npz_end (&npz));
  check_pictures (folder, "test", 4, 6, 6);
}

/* No square: nothing says that these are pictures, until "domain" does. Three coordinates of each of five points are none. */
static void
test_oblong (void)
{
  g_autoptr (Folder) folder = make_folder ();
  NpzMaker           npz = npz_begin ();

  add_pictures (&npz, "x", "label", 4, 5, 3);
  put_bytes (folder, "test.npz", npz_end (&npz));
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);

    g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "points");
  }
  put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"image\", \"map\": {}}");
  check_pictures (folder, "test", 4, 5, 3);
}

/* Two sets of at most three elements with two numbers each, of which the mask leaves `left`; the mask has `axis` elements a set. */
static void
add_padded (NpzMaker *npz, const char *x_name, const char *mask_name, const char *y_name, const double *left, guint axis)
{
  double x[12], y[2] = { 1, 2 };

  for (int i = 0; i < 12; i++)
    x[i] = i;
  npz_add (npz, x_name, 3, (const guint64[]) { 2, 3, 2 }, x);
  npz_add (npz, mask_name, 2, (const guint64[]) { 2, axis }, left);
  npz_add (npz, y_name, 1, (const guint64[]) { 2 }, y);
}

/* A mask beside padded sets: only the elements that stand are read, in a file of a part and in one of all parts. */
static void
test_masked (void)
{
  static const double left[6] = { 1, 0, 1, 0, 1, 0 }, none[6] = { 1, 1, 1, 0, 0, 0 };
  const float         want[6] = { 0, 1, 4, 5, 8, 9 };

  for (int whole = 0; whole < 2; whole++)
    {
      g_autoptr (Folder)     folder = make_folder ();
      NpzMaker               npz = npz_begin ();
      g_autoptr (EqsDataset) dataset = NULL;
      g_autoptr (EqsSplit)   test = NULL;
      const EqsColumn       *x;
      float                  values[6];
      const guint            rows[2] = { 0, 1 };

      add_padded (&npz, whole ? "x_test" : "x", whole ? "mask_test" : "mask", whole ? "y_test" : "y", left, 3);
      put_bytes (folder, whole ? "sets.npz" : "test.npz", npz_end (&npz));
      dataset = open_fine (folder);
      test = load_fine (dataset, "test");
      g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "set");
      x = eqs_split_find (test, "x");
      g_assert_cmpuint (eqs_split_get_n (test), ==, 2);
      g_assert_cmpuint (eqs_split_get_n_nodes (test, 0), ==, 2);
      g_assert_cmpuint (eqs_split_get_n_nodes (test, 1), ==, 1);
      g_assert_cmpuint (x->n_values, ==, 2);
      g_assert_cmpint (eqs_split_find (test, "mask")->role, ==, EQS_ROLE_EXTRA);
      eqs_split_copy (test, x, rows, 2, values);
      for (int i = 0; i < 6; i++)
        g_assert_cmpfloat (values[i], ==, want[i]);
    }
  {
    g_autoptr (Folder) folder = make_folder ();
    NpzMaker           npz = npz_begin ();

    add_padded (&npz, "x", "mask", "y", none, 3);
    put_bytes (folder, "test.npz", npz_end (&npz));
    refuse_load (folder, "test", EQS_DATA_ERROR_EMPTY, "sample 1");
  }
  {
    g_autoptr (Folder) folder = make_folder ();
    NpzMaker           npz = npz_begin ();

    add_padded (&npz, "x", "which", "y", left, 2);
    put_bytes (folder, "test.npz", npz_end (&npz));
    put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"set\", \"splits\": [\"test\"], \"columns\": [{\"name\": \"x\", \"role\": \"input\", \"file\": \"test.npz\", \"per\": \"node\", \"mask\": \"which\"}]}");
    refuse_load (folder, "test", EQS_DATA_ERROR_SHAPE, "which");
  }
  {
    g_autoptr (Folder) folder = make_folder ();

    put_text (folder, "test.csv", "x\n1\n");
    put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"set\", \"splits\": [\"test\"], \"columns\": [{\"name\": \"x\", \"role\": \"input\", \"file\": \"test.npy\", \"per\": \"node\", \"mask\": \"which\"}]}");
    refuse_load (folder, "test", EQS_DATA_ERROR_MISSING, "test.npy");
  }
}

static void
put_table (const char *folder, const char *title, guint first, guint rows, guint columns, gboolean crossed)
{
  g_autoptr (GString) text = g_string_new ("label");

  for (guint i = 0; i < rows * columns; i++)
    if (crossed)
      g_string_append_printf (text, ",%ux%u", first + i / columns, first + i % columns);
    else
      g_string_append_printf (text, ",%s%u", title, first + i);
  for (guint i = 0; i < 4; i++)
    {
      g_string_append_printf (text, "\n%u,%u", i % 3, 51 * i);
      for (guint k = 1; k < rows * columns; k++)
        g_string_append (text, ",0");
    }
  put_text (folder, "test.csv", text->str);
}

/* Titles that count pixels, or rows and columns; bytes become shares of 255 as those of pictures do. Others say nothing, until "shape" does. */
static void
test_tables (void)
{
  g_autoptr (Folder) folder = make_folder ();

  put_table (folder, "pixel", 0, 3, 3, FALSE);
  check_pictures (folder, "test", 4, 3, 3);
  put_table (folder, "px_", 1, 4, 4, FALSE);
  check_pictures (folder, "test", 4, 4, 4);
  put_table (folder, "", 1, 2, 5, TRUE);
  check_pictures (folder, "test", 4, 2, 5);
  put_table (folder, "feature", 0, 2, 5, FALSE);
  {
    g_autoptr (EqsDataset) dataset = open_fine (folder);

    g_assert_cmpstr (eqs_dataset_get_domain (dataset), ==, "set");
  }
  put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"image\", \"map\": {\"x\": {\"shape\": [2, 5]}}}");
  check_pictures (folder, "test", 4, 2, 5);
  put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"image\", \"map\": {\"x\": {\"shape\": [3, 5]}}}");
  refuse_load (folder, "test", EQS_DATA_ERROR_SHAPE, "for 15");
}

static void
test_bad_shapes (void)
{
  static const struct { const char *json, *told; } bad[] = {
    { "\"map\": {\"x\": {\"shape\": []}}", "one to three" },        { "\"map\": {\"x\": {\"shape\": [0, 3]}}", "one to three" },
    { "\"map\": {\"x\": {\"shape\": [1, 1, 3, 3]}}", "one to three" }, { "\"map\": {\"x\": {\"shape\": [1e9]}}", "65536" },
    { "\"map\": {\"x\": {\"shape\": 9}}", "one to three" },         { "\"domain\": \"picture\", \"map\": {}", "image, sphere" },
    { "\"splits\": [\"test\"], \"columns\": [{\"name\": \"x\", \"file\": \"test.csv\", \"shape\": [2.5]}]", "one to three" },
    { "\"splits\": [\"test\"], \"columns\": [{\"name\": \"x\", \"file\": \"test.csv\", \"shape\": [3, 3, 1, 1]}]", "one to three" },
  };
  g_autoptr (Folder) folder = make_folder ();

  put_table (folder, "pixel", 0, 3, 3, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char   *json = g_strdup_printf ("{\"version\": 1, %s}", bad[i].json);
      g_autoptr (GError) error = NULL;

      put_text (folder, "dataset.json", json);
      g_assert_null (eqs_dataset_open (folder, &error));
      g_assert_nonnull (strstr (error->message, bad[i].told));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/data/guess/mnist-names", test_mnist_names);
  g_test_add_func ("/data/guess/half-mnist", test_half_mnist);
  g_test_add_func ("/data/guess/whole-npz", test_whole_npz);
  g_test_add_func ("/data/guess/masked", test_masked);
  g_test_add_func ("/data/guess/npz-of-a-part", test_npz_of_a_part);
  g_test_add_func ("/data/guess/oblong", test_oblong);
  g_test_add_func ("/data/guess/tables", test_tables);
  g_test_add_func ("/data/guess/bad-shapes", test_bad_shapes);

  return g_test_run ();
}
