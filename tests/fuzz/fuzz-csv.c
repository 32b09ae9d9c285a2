/* CSV. */

#include "fuzz.h"
#include "data/csv.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (EqsCsv) csv = eqs_csv_parse (bytes, "fuzz", NULL);
  double value;

  for (gsize row = 0; csv != NULL && row < eqs_csv_get_n_rows (csv); row++)
    for (guint column = 0; column < eqs_csv_get_n_columns (csv); column++)
      {
        g_assert_cmpuint (strlen (eqs_csv_get (csv, row, column)), <=, size);
        eqs_csv_get_number (csv, row, column, &value, NULL);
      }
  return 0;
}
