/* IDX, plain and in gzip. */

#include "fuzz-data.h"
#include "data/idx.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (EqsArray) array = eqs_idx_parse (bytes, "fuzz", &error);
  gsize index;

  if (array == NULL)
    check_refusal (&error);
  else
    eqs_array_find_not_finite (array, &index);
  return 0;
}
