/* CSV. */

#include "fuzz-data.h"
#include "data/csv.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (EqsCsv) csv = eqs_csv_parse (bytes, "fuzz", &error);
  double value;

  if (csv == NULL)
    check_refusal (&error);
  for (gsize row = 0; csv != NULL && row < eqs_csv_get_n_rows (csv); row++)
    for (guint column = 0; column < eqs_csv_get_n_columns (csv); column++)
      {
        g_assert_cmpuint (strlen (eqs_csv_get (csv, row, column)), <=, size);
        if (!eqs_csv_get_number (csv, row, column, &value, &error))
          check_refusal (&error);
      }
  if (csv != NULL)
    eqs_csv_keep_missing (csv);
  for (gsize row = 0; csv != NULL && row < eqs_csv_get_n_rows (csv); row++)
    for (guint column = 0; column < eqs_csv_get_n_columns (csv); column++)
      if (!eqs_csv_get_number (csv, row, column, &value, &error))
        check_refusal (&error);
  return 0;
}
