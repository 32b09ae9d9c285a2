/* What a person says of columns: their properties, units, roles, conventions and classes; in options, in dataset.json, in a design. */

#include "data/meaning.h"
#include "data/units.h"
#include "fixture.h"
#include "opened.h"

#include <math.h>

#define HARTREE 27.211386245988
#define BOHR 0.529177210903

/* An energy and a dipole by other names; (y, z, x) of the second are 1, 2, 3. */
#define MOLECULE "1\nProperties=species:S:1:pos:R:3 E_dft=-2 mu=\"1 2 3\"\nHe 0 0 0\n1\nProperties=species:S:1:pos:R:3 E_dft=-3 mu=\"1 2 3\"\nHe 0 0 0\n"

static double
number_of (EqsSplit *split, const char *name, gsize index)
{
  const guint  first = 0;
  double       values[64];

  eqs_split_copy_double (split, eqs_split_find (split, name), &first, 1, values);
  return values[index];
}

static gboolean
say (EqsDataset *dataset, EqsSaying saying, const char *text, GError **error)
{
  g_autoptr (GPtrArray) list = eqs_meanings_new ();

  return eqs_meanings_take (list, saying, text, error) && eqs_dataset_say (dataset, list, error);
}

/* ---- units and names of quantities ---- */

static void
test_unit_words (void)
{
  static const struct { const char *text; double factor; const char *inside; } good[] = {
    { "eV", 1, "eV" }, { "kcal/mol", 0.04336410424180094, "eV" }, { "kJ/mol", 0.01036426965626, "eV" }, { "Hartree", 27.211386245988, "eV" },
    { "kcal mol^-1 Å^-1", 0.04336410424180094, "eV/Å" }, { "Ha/bohr", 27.211386245988 / 0.529177210903, "eV/Å" }, { "GPa", 0.00624150907446, "eV/Å³" },
    { "bohr", 0.529177210903, "Å" }, { "nm", 10, "Å" }, { "eV/Å³", 1, "eV/Å³" }, { "eV/A**3", 1, "eV/Å³" }, { "D", 0.208194332709, NULL }, { "1", 1, NULL },
  };
  static const char *const bad[] = { "", "a.u.", "eV/", "/", "eVolt", "Å^", "Å^9", "eV^0", "eV/Å^x", "(eV)", "kcal/moles" };
  EqsUnit unit;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_test_message ("%s", good[i].text);
      g_assert_true (eqs_unit_parse (good[i].text, &unit));
      g_assert_cmpfloat_with_epsilon (unit.factor / good[i].factor, 1, 1e-10);
      g_assert_cmpstr (eqs_unit_inside (&unit), ==, good[i].inside);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("“%s”", bad[i]);
      g_assert_false (eqs_unit_parse (bad[i], &unit));
    }
}

static void
test_units_of_file (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL, again = NULL;
  g_autoptr (EqsSplit) test = NULL, other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL, *other_hash = NULL;

  put_text (folder, "test.xyz", "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-40.5 energy_unit=Hartree length_unit=bohr forces_unit=Hartree/bohr\nC 1 0 0 0 0.5 0\n"
                                "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-40\nC 0 0 0 0 0 0\n");
  dataset = open_fine (folder);
  test = load_fine (dataset, "test");
  g_assert_cmpstr (eqs_split_find (test, "energy")->unit, ==, "eV");
  g_assert_cmpstr (eqs_split_find (test, "forces")->unit, ==, "eV/Å");
  g_assert_cmpfloat_with_epsilon (number_of (test, "energy", 0), -40.5 * HARTREE, 1e-10);
  g_assert_cmpfloat_with_epsilon (number_of (test, "positions", 0), BOHR, 1e-14);
  g_assert_cmpfloat_with_epsilon (number_of (test, "forces", 1), 0.5 * HARTREE / BOHR, 1e-10);

  /* A person's word goes before the file's, and makes other data of it. */
  again = open_fine (folder);
  hash = eqs_dataset_dup_hash (dataset, NULL);
  g_assert_true (say (again, EQS_SAY_UNIT, "energy=kcal/mol", &error));
  other = load_fine (again, "test");
  other_hash = eqs_dataset_dup_hash (again, NULL);
  g_assert_cmpfloat_with_epsilon (number_of (other, "energy", 0), -40.5 * 0.04336410424180094, 1e-10);
  g_assert_cmpstr (hash, !=, other_hash);
  g_assert_false (say (again, EQS_SAY_UNIT, "energy=bohr", &error));
  g_assert_nonnull (strstr (error->message, "eV"));
  g_clear_error (&error);
  g_assert_false (say (again, EQS_SAY_UNIT, "energy=a.u.", &error));
  g_clear_error (&error);
  g_assert_false (say (again, EQS_SAY_UNIT, "charge=e", &error));
  g_assert_nonnull (strstr (error->message, "forces"));
}

static void
test_units_that_contradict (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) test = NULL;

  put_text (folder, "test.xyz", "1\nenergy=1 energy_unit=Hartree\nHe 0 0 0\n");
  put_text (folder, "dataset.json", "{\"version\": 1, \"domain\": \"molecule\", \"columns\": ["
                                    "{\"name\": \"species\", \"role\": \"input\", \"file\": \"{split}.xyz\", \"per\": \"node\", \"values\": \"species\"},"
                                    "{\"name\": \"energy\", \"role\": \"target\", \"file\": \"{split}.xyz\", \"unit\": \"eV\"}], \"splits\": [\"test\"]}");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "Hartree");
  dataset = open_fine (folder);
  g_assert_true (say (dataset, EQS_SAY_UNIT, "energy=Ha", NULL));
  test = load_fine (dataset, "test");
  g_assert_cmpfloat_with_epsilon (number_of (test, "energy", 0), HARTREE, 1e-10);

  /* One file, one unit. */
  put_text (folder, "test.xyz", "1\nenergy=1 energy_unit=eV\nHe 0 0 0\n1\nenergy=1 energy_unit=meV\nHe 0 0 0\n");
  refuse_load (folder, "test", EQS_DATA_ERROR_FORMAT, "energy_unit");
}

static void
test_fields (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) test = NULL;
  g_autoptr (GError) error = NULL;

  put_text (folder, "test.xyz", "1\nProperties=species:S:1:pos:R:3:F_dft:R:3 energy=7 E_dft=-2\nHe 0 0 0 1 2 3\n");
  dataset = open_fine (folder);
  g_assert_true (say (dataset, EQS_SAY_FIELD, "energy=E_dft", &error));
  g_assert_true (say (dataset, EQS_SAY_FIELD, "forces=F_dft", &error));
  g_assert_true (say (dataset, EQS_SAY_UNIT, "energy=eV", &error));
  g_assert_false (say (dataset, EQS_SAY_FIELD, "stress=virial", &error));
  g_assert_nonnull (strstr (error->message, "E_dft"));
  test = load_fine (dataset, "test");
  g_assert_cmpfloat (number_of (test, "energy", 0), ==, -2);
  g_assert_cmpfloat (number_of (test, "forces", 2), ==, 3);
  g_assert_cmpint (eqs_split_find (test, "forces")->role, ==, EQS_ROLE_TARGET);
  g_assert_cmpstr (eqs_split_find (test, "forces")->representation, ==, "1x1o");
  g_assert_cmpfloat (number_of (test, "energy_in_file", 0), ==, 7);
}

/* ---- mapped ---- */

static EqsMeaning *
find_mapped (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((EqsMeaning *) list->pdata[i])->name, name))
      return list->pdata[i];
  g_assert_not_reached ();
}

/* A table whose target has a name of its own, found by nobody until it is mapped; then broken maps, each refused with what is wrong. */
static void
test_map (void)
{
  static const struct { const char *json, *told; } broken[] = {
    { "{\"version\":1,\"map\":{\"price\":{\"role\":\"answer\"}}}", "input, target or extra" },
    { "{\"version\":1,\"map\":{\"prize\":{\"role\":\"target\"}}}", "no column" },
    { "{\"version\":1,\"map\":{\"price\":7}}", "must be an object" },
    { "{\"version\":1,\"map\":[]}", "object of columns" },
    { "{\"version\":1,\"map\":{\"kind\":{\"role\":\"target\",\"values\":\"label\",\"classes\":[]}}}", "list their names" },
    { "{\"version\":1,\"map\":{\"kind\":{\"role\":\"target\",\"values\":\"colour\"}}}", "label or feature" },
  };
  g_autofree char *folder = g_dir_make_tmp ("equi-map-XXXXXX", NULL), *table = g_build_filename (folder, "train.csv", NULL), *json = g_build_filename (folder, "dataset.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) before = NULL, after = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (EqsSplit) split = NULL;
  const EqsColumn *x, *kind;

  g_assert_true (g_file_set_contents (table, "size,kind,price,serial\n1,0,10,100\n2,1,20,101\n3,0,30,102\n4,1,40,103\n", -1, NULL));
  before = open_fine (folder);
  list = eqs_dataset_list_meanings (before);
  g_assert_cmpuint (list->len, ==, 4);
  g_assert_cmpint (find_mapped (list, "price")->role, ==, EQS_ROLE_INPUT);
  g_assert_false (eqs_dataset_keep_meanings (before, list, &error));      /* nothing is to be told */
  g_assert_nonnull (strstr (error->message, "target"));
  g_clear_error (&error);
  find_mapped (list, "kind")->role = EQS_ROLE_TARGET;
  find_mapped (list, "kind")->values = EQS_VALUES_LABEL;
  find_mapped (list, "kind")->classes = g_strsplit ("flat|house", "|", -1);
  find_mapped (list, "serial")->role = EQS_ROLE_EXTRA;
  g_assert_true (eqs_dataset_keep_meanings (before, list, &error));
  g_assert_no_error (error);

  after = open_fine (folder);
  g_assert_cmpstr (eqs_dataset_get_task (after), ==, "classification");
  split = load_fine (after, "train");
  x = eqs_split_find (split, "x");
  kind = eqs_split_find (split, "kind");
  g_assert_cmpuint (x->n_values, ==, 2);      /* size and price */
  g_assert_cmpint (kind->role, ==, EQS_ROLE_TARGET);
  g_assert_cmpint (kind->values, ==, EQS_VALUES_LABEL);
  g_assert_cmpstr (kind->class_names[1], ==, "house");
  g_clear_pointer (&list, g_ptr_array_unref);
  list = eqs_dataset_list_meanings (after);
  g_assert_cmpint (find_mapped (list, "serial")->role, ==, EQS_ROLE_EXTRA);

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (EqsDataset) none = NULL;

      g_assert_true (g_file_set_contents (json, broken[i].json, -1, NULL));
      none = eqs_dataset_open (folder, &error);
      g_assert_null (none);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, broken[i].told));
      g_clear_error (&error);
    }
  g_unlink (json);
  g_unlink (table);
  g_rmdir (folder);
}

/* A map that wrongly names units, conventions and properties is refused like the options that say the same. */
static void
test_bad_meanings (void)
{
  static const struct { const char *map, *told; } broken[] = {
    { "{\"energy\":{\"field\":\"E_dft\",\"unit\":\"bohr\"}}", "units like eV" },          { "{\"mu\":{\"unit\":\"furlong\"}}", "no unit" },
    { "{\"energy\":{\"unit\":7}}", "must be text" },                   { "{\"energy\":{\"field\":\"\"}}", "must be text" },
    { "{\"energy\":{\"field\":\"E_none\"}}", "E_dft" },               { "{\"mu\":{\"convention\":\"zyx\"}}", "zyx" },
    { "{\"energy\":{\"role\":3}}", "input, target or extra" },         { "{\"a/b\":{\"field\":\"E_dft\"}}", "slash" },
    { "{\"species\":{\"role\":\"extra\"},\"positions\":{\"role\":\"extra\"}}", "no column goes in" },
  };
  static const struct { EqsSaying saying; const char *text, *told; } bad[] = {
    { EQS_SAY_FIELD, "energy", "NAME=PROPERTY" }, { EQS_SAY_UNIT, "=eV", "NAME=UNIT" },           { EQS_SAY_ROLE, "mu=", "NAME=ROLE" },
    { EQS_SAY_ROLE, "mu=answer", "input, class, number or extra" },                              { EQS_SAY_CONVENTION, "mu", "NAME=CONVENTION" },
    { EQS_SAY_CONVENTION, "mu=xzy", "xzy" },      { EQS_SAY_FIELD, "energy=E_none", "E_dft" },    { EQS_SAY_ROLE, "nobody=class", "no column" },
  };
  g_autoptr (Folder) folder = make_folder ();

  put_text (folder, "test.xyz", MOLECULE);
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"version\":1,\"map\":%s}", broken[i].map);
      g_autoptr (GError) error = NULL;

      put_text (folder, "dataset.json", json);
      g_assert_null (eqs_dataset_open (folder, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, broken[i].told));
    }
  {
    g_autofree char *json = g_build_filename (folder, "dataset.json", NULL);

    g_remove (json);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (EqsDataset) dataset = open_fine (folder);
      g_autoptr (GError) error = NULL;

      g_assert_false (say (dataset, bad[i].saying, bad[i].text, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].told));
    }
}

/* Said by options and said by "map" is the same data; what is kept and listed again says the same. */
static void
test_one_meaning (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) said = NULL, mapped = NULL, kept = NULL;
  g_autoptr (EqsSplit) train = NULL, again = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  put_text (folder, "test.xyz", MOLECULE);
  said = open_fine (folder);
  g_assert_true (say (said, EQS_SAY_FIELD, "energy=E_dft", NULL));
  g_assert_true (say (said, EQS_SAY_UNIT, "energy=Hartree", NULL));
  g_assert_true (say (said, EQS_SAY_FIELD, "dipole=mu", NULL));
  g_assert_true (say (said, EQS_SAY_CONVENTION, "dipole=yzx", NULL));
  g_assert_cmpuint (eqs_dataset_get_said (said)->len, ==, 2);
  train = load_fine (said, "test");
  g_assert_cmpfloat_with_epsilon (number_of (train, "energy", 0), -2 * HARTREE, 1e-10);
  g_assert_cmpfloat_with_epsilon (number_of (train, "dipole", 0), 3, 1e-12);       /* the file says (y, z, x) */
  g_assert_cmpfloat_with_epsilon (number_of (train, "dipole", 1), 1, 1e-12);
  a = eqs_dataset_dup_hash (said, NULL);

  put_text (folder, "dataset.json", "{\"version\":1,\"map\":{\"energy\":{\"field\":\"E_dft\",\"unit\":\"Hartree\"},\"dipole\":{\"field\":\"mu\",\"convention\":\"yzx\"}}}");
  mapped = open_fine (folder);
  b = eqs_dataset_dup_hash (mapped, NULL);
  g_assert_cmpstr (a, ==, b);
  g_assert_cmpuint (eqs_dataset_get_said (mapped)->len, ==, 0);

  list = eqs_dataset_list_meanings (mapped);
  g_assert_cmpstr (find_mapped (list, "energy")->unit, ==, "Hartree");
  g_assert_cmpstr (find_mapped (list, "energy")->field, ==, "E_dft");
  g_assert_cmpstr (find_mapped (list, "dipole")->convention, ==, "yzx");
  g_assert_null (find_mapped (list, "positions")->unit);                           /* nobody has said it */
  g_assert_true (eqs_dataset_keep_meanings (mapped, list, NULL));
  kept = open_fine (folder);
  c = eqs_dataset_dup_hash (kept, NULL);
  g_assert_cmpstr (a, ==, c);
  again = load_fine (kept, "test");
  g_assert_cmpfloat_with_epsilon (number_of (again, "energy", 0), -2 * HARTREE, 1e-10);
}

/* Tables of sets: what is told of a set is one value of it, also where a person says so. */
static void
test_meaning_of_sets (void)
{
  g_autoptr (Folder) folder = make_folder ();
  g_autoptr (EqsDataset) dataset = NULL;
  g_autoptr (EqsSplit) test = NULL;

  put_text (folder, "sets.csv", "set,split,u,v,price\na,test,1,2,10\na,test,3,4,10\nb,test,5,6,20\n");
  dataset = open_fine (folder);
  g_assert_true (say (dataset, EQS_SAY_ROLE, "price=number", NULL));
  g_assert_true (say (dataset, EQS_SAY_ROLE, "v=extra", NULL));
  g_assert_true (say (dataset, EQS_SAY_ROLE, "u=input", NULL));
  g_assert_cmpstr (eqs_dataset_get_task (dataset), ==, "regression");
  test = load_fine (dataset, "test");
  g_assert_cmpuint (eqs_split_find_input (test)->n_values, ==, 1);
  g_assert_cmpint (eqs_split_find (test, "price")->kind, ==, EQS_COLUMN_FIXED);
  g_assert_cmpfloat (number_of (test, "price", 0), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/data/meaning/unit-words", test_unit_words);
  g_test_add_func ("/data/meaning/units-of-file", test_units_of_file);
  g_test_add_func ("/data/meaning/units-that-contradict", test_units_that_contradict);
  g_test_add_func ("/data/meaning/fields", test_fields);
  g_test_add_func ("/data/meaning/map", test_map);
  g_test_add_func ("/data/meaning/bad", test_bad_meanings);
  g_test_add_func ("/data/meaning/one", test_one_meaning);
  g_test_add_func ("/data/meaning/sets", test_meaning_of_sets);

  return g_test_run ();
}
