/* safetensors: what reads is written and reads again. */

#include "fuzz-data.h"
#include "data/safetensors.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);   /* a copy: reads beyond it are seen */
  g_autoptr (EqsSafetensors) file = eqs_safetensors_parse (bytes, "fuzz", &error);
  g_autoptr (EqsSafetensorsWriter) writer = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (EqsSafetensors) back = NULL;
  guint n_written = 0;

  if (file == NULL)
    {
      check_refusal (&error);
      return 0;
    }
  writer = eqs_safetensors_writer_new ();
  for (guint i = 0; i < eqs_safetensors_get_n (file); i++)
    {
      const EqsTensor *tensor = eqs_safetensors_get (file, i);

      if (*tensor->name == 0)
        continue;
      eqs_safetensors_writer_add (writer, tensor->name, tensor->dtype, tensor->n_dims, tensor->dims, tensor->data);
      n_written++;
    }
  again = eqs_safetensors_writer_to_bytes (writer);
  back = eqs_safetensors_parse (again, "again", NULL);
  g_assert_nonnull (back);
  g_assert_cmpuint (eqs_safetensors_get_n (back), ==, n_written);
  return 0;
}
