/* NPY, and NPZ: both readers see every input. */

#include "fuzz-data.h"
#include "data/npy.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsArray) array = eqs_npy_parse (bytes, "fuzz", &error);
  g_autoptr (GPtrArray) arrays = NULL;

  if (array == NULL)
    check_refusal (&error);
  arrays = eqs_npz_parse (bytes, "fuzz", &error);
  if (arrays == NULL)
    check_refusal (&error);

  /* What was read is written as something that reads as the same. */
  if (array != NULL)
    {
      g_autoptr (GBytes) again = eqs_npy_write (array);
      g_autoptr (EqsArray) back = eqs_npy_parse (again, "again", NULL);

      g_assert_nonnull (back);
      g_assert_true (g_bytes_equal (back->bytes, array->bytes));
    }
  return 0;
}
