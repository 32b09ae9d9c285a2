/* Extended XYZ, copying all that was read, and the units it names. */

#include "fuzz-data.h"
#include "data/units.h"
#include "data/xyz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (EqsSplit) split = eqs_xyz_parse (bytes, "fuzz", "train", &error), missing = NULL;

  if (split == NULL)
    check_refusal (&error);
  missing = eqs_xyz_parse_missing (bytes, "fuzz", "train", &error);      /* takes whatever is taken otherwise */
  if (missing == NULL)
    check_refusal (&error);
  g_assert_true (split == NULL || missing != NULL);
  for (guint i = 0; split != NULL && i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);
      const gsize n = eqs_split_get_n (split);
      g_autofree float *values = g_new (float, eqs_split_count (split, column, NULL, n) * column->n_values);

      double factor;

      eqs_split_copy (split, column, NULL, n, values);
      eqs_unit_convert (column->unit, &factor);
      if (!(factor > 0))
        abort ();
    }
  return 0;
}
