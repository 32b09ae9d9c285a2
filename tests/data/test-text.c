/* CSV and extended XYZ. */

#include "data/csv.h"
#include "data/xyz.h"
#include "fixture.h"

#include <locale.h>

static EqsCsv *
csv (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return eqs_csv_parse (bytes, "t.csv", error);
}

static void
test_csv (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsCsv) table = csv ("\xef\xbb\xbf" "a, b ,\"c,\"\"d\"\"\"\r\n1,2,\"x\ny\"\r\n\r\n-1e3, 2.5 ,", &error);
  double value;
  guint column;

  g_assert_no_error (error);
  g_assert_cmpuint (eqs_csv_get_n_columns (table), ==, 3);
  g_assert_cmpuint (eqs_csv_get_n_rows (table), ==, 2);
  g_assert_cmpstr (eqs_csv_get_title (table, 2), ==, "c,\"d\"");
  g_assert_cmpstr (eqs_csv_get (table, 0, 2), ==, "x\ny");
  g_assert_cmpstr (eqs_csv_get (table, 1, 2), ==, "");
  g_assert_cmpuint (eqs_csv_get_line (table, 1), ==, 5);
  g_assert_true (eqs_csv_find (table, "b", &column, &error));
  g_assert_true (eqs_csv_get_number (table, 1, column, &value, &error));
  g_assert_cmpfloat (value, ==, 2.5);
}

static void
refuse_csv (const char *text, EqsDataError code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (csv (text, &error));
  assert_refused (error, code, part);
}

static void
test_csv_bad (void)
{
  g_autoptr (GBytes) nul = LITERAL ("a,b\n1,\0");
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsCsv) table = NULL;
  double value;
  guint column;

  refuse_csv ("", EQS_DATA_ERROR_EMPTY, "t.csv");
  refuse_csv ("a,b\n1\n", EQS_DATA_ERROR_FORMAT, "line 2: 1 fields");
  refuse_csv ("a,b\n1,2\n1,2,3\n", EQS_DATA_ERROR_FORMAT, "line 3: 3 fields");
  refuse_csv ("a,b\n1,\"2\n", EQS_DATA_ERROR_FORMAT, "line 2: a quotation mark");
  refuse_csv ("a,a\n1,2\n", EQS_DATA_ERROR_FORMAT, "“a”");
  refuse_csv ("a,b\n1,\xff\n", EQS_DATA_ERROR_FORMAT, "UTF-8");
  g_assert_null (eqs_csv_parse (nul, "t.csv", &error));
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "text file");
  g_clear_error (&error);

  table = csv ("a,b,c\n1,0x,\n2,3,nan\n3,4,1e999", &error);
  g_assert_no_error (error);
  g_assert_false (eqs_csv_find (table, "angle_rad", &column, &error));
  assert_refused (error, EQS_DATA_ERROR_MISSING, "it has: a, b, c");
  g_clear_error (&error);
  g_assert_false (eqs_csv_get_number (table, 0, 1, &value, &error));
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "line 2, column “b”");
  g_clear_error (&error);
  g_assert_false (eqs_csv_get_number (table, 0, 2, &value, &error));
  assert_refused (error, EQS_DATA_ERROR_FORMAT, "line 2, column “c”");
  g_clear_error (&error);
  g_assert_false (eqs_csv_get_number (table, 1, 2, &value, &error));
  assert_refused (error, EQS_DATA_ERROR_NAN, "line 3");
  g_clear_error (&error);
  g_assert_false (eqs_csv_get_number (table, 2, 2, &value, &error));
  assert_refused (error, EQS_DATA_ERROR_NAN, "line 4");
}

static EqsSplit *
xyz (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return eqs_xyz_parse (bytes, "t.xyz", "train", error);
}

#define WATER "3\nProperties=species:S:1:pos:R:3:forces:R:3:tag:S:1 energy=-1.5 dipole=\"1 2 3\" pbc=\"T F F\" note=hello\n" \
              "O 0 0 0 1 2 3 a\nH 1 0 0 4 5 6 b\nH 0 1 0 7 8 9 c\n"
#define HELIUM "1\nProperties=species:S:1:pos:R:3:forces:R:3:tag:S:1 energy=2 dipole={4, 5, 6} pbc=\"F F F\" only=3\n" \
               "2 9 9 9 0 0 -1 d\n\n"

static void
test_xyz (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsSplit) split = xyz (WATER HELIUM, &error);
  const EqsColumn *positions, *species, *dipole, *energy;
  const guint order[] = { 1, 0 };
  guint32 offsets[3];
  gint32 numbers[4];
  float values[12];

  g_assert_no_error (error);
  g_assert_cmpuint (eqs_split_get_n (split), ==, 2);
  g_assert_cmpuint (eqs_split_get_n_nodes (split, 0), ==, 3);
  g_assert_null (eqs_split_find (split, "only"));
  g_assert_null (eqs_split_find (split, "note"));
  g_assert_null (eqs_split_find (split, "tag"));
  positions = eqs_split_require (split, "positions", &error);
  species = eqs_split_require (split, "species", &error);
  dipole = eqs_split_require (split, "dipole", &error);
  energy = eqs_split_require (split, "energy", &error);
  g_assert_no_error (error);
  g_assert_nonnull (eqs_split_find (split, "pbc"));
  g_assert_cmpint (positions->kind, ==, EQS_COLUMN_PER_NODE);
  g_assert_cmpint (energy->kind, ==, EQS_COLUMN_FIXED);
  g_assert_cmpuint (dipole->n_values, ==, 3);

  /* Ragged batches in another order: rows and offsets follow the order asked for. */
  g_assert_cmpuint (eqs_split_count (split, positions, order, 2), ==, 4);
  eqs_split_copy_offsets (split, EQS_COLUMN_PER_NODE, order, 2, offsets);
  g_assert_cmpuint (offsets[1], ==, 1);
  g_assert_cmpuint (offsets[2], ==, 4);
  eqs_split_copy (split, positions, order, 2, values);
  g_assert_cmpfloat (values[0], ==, 9);
  g_assert_cmpfloat (values[6], ==, 1);
  eqs_split_copy_int (split, species, order, 2, numbers);
  g_assert_cmpint (numbers[0], ==, 2);
  g_assert_cmpint (numbers[1], ==, 8);
  eqs_split_copy (split, dipole, order, 2, values);
  g_assert_cmpfloat (values[0], ==, 4);
  g_assert_cmpfloat (values[3], ==, 1);
}

static void
refuse_xyz (const char *text, EqsDataError code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xyz (text, &error));
  assert_refused (error, code, "t.xyz");
  assert_refused (error, code, part);
}

static void
test_xyz_bad (void)
{
  refuse_xyz ("", EQS_DATA_ERROR_EMPTY, "no samples");
  refuse_xyz ("\n \n", EQS_DATA_ERROR_EMPTY, "no samples");
  refuse_xyz ("x\n", EQS_DATA_ERROR_FORMAT, "line 1 (sample 0");
  refuse_xyz ("0\n\n", EQS_DATA_ERROR_FORMAT, "number of atoms");
  refuse_xyz ("-1\n\n", EQS_DATA_ERROR_FORMAT, "number of atoms");
  refuse_xyz ("3", EQS_DATA_ERROR_TRUNCATED, "comment");
  refuse_xyz ("2147483647\n\nH 0 0 0\n", EQS_DATA_ERROR_TRUNCATED, "after 1 of 2147483647");
  refuse_xyz ("1\n\nXx 0 0 0\n", EQS_DATA_ERROR_FORMAT, "“Xx” is not a chemical element");
  refuse_xyz ("1\n\n119 0 0 0\n", EQS_DATA_ERROR_FORMAT, "element");
  refuse_xyz ("1\n\nH 0 0\n", EQS_DATA_ERROR_MISSING, "“pos” is missing");
  refuse_xyz ("1\n\nH 0 0 0 0\n", EQS_DATA_ERROR_FORMAT, "more values");
  refuse_xyz ("1\n\nH 0 zero 0\n", EQS_DATA_ERROR_FORMAT, "“zero”");
  refuse_xyz ("1\n\nH 0 0 0\n1\n\nH 0 nan 0\n", EQS_DATA_ERROR_NAN, "line 6 (sample 1");
  refuse_xyz ("1\nenergy=inf\nH 0 0 0\n", EQS_DATA_ERROR_NAN, "“energy”");
  refuse_xyz ("1\nProperties=pos:R:3\n0 0 0\n", EQS_DATA_ERROR_MISSING, "species");
  refuse_xyz ("1\nProperties=species:S:1\nH\n", EQS_DATA_ERROR_MISSING, "pos");
  refuse_xyz ("1\nProperties=species:S:1:pos:R:999999999\nH\n", EQS_DATA_ERROR_FORMAT, "Properties");
  refuse_xyz ("1\nProperties=species:S:1:pos:R\nH\n", EQS_DATA_ERROR_FORMAT, "Properties");
  refuse_xyz ("1\nProperties=species:S:1:species:S:1:pos:R:3\nH H 0 0 0\n", EQS_DATA_ERROR_FORMAT, "twice");
  refuse_xyz (WATER "1\nProperties=species:S:1:pos:R:3\nH 0 0 0\n", EQS_DATA_ERROR_SHAPE, "sample 1");
}

/* Files have a decimal point whatever the locale: a German one reads and writes commas. */
static void
test_locale (void)
{
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL && setlocale (LC_ALL, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("no locale with a decimal comma is installed");
      return;
    }
  test_csv ();
  test_xyz ();
  setlocale (LC_ALL, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/csv/read", test_csv);
  g_test_add_func ("/data/csv/bad", test_csv_bad);
  g_test_add_func ("/data/xyz/read", test_xyz);
  g_test_add_func ("/data/xyz/bad", test_xyz_bad);
  g_test_add_func ("/data/text/locale", test_locale);
  return g_test_run ();
}
