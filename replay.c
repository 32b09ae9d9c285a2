/* Runs every file of a corpus folder through a fuzz target: the ordinary tests do this, without libFuzzer. Each file also
 * goes in cut in half and with a byte changed, so that the corpus stays small. */

#include "fuzz.h"

static void
run_variants (const guint8 *data, gsize size)
{
  LLVMFuzzerTestOneInput (data, size);
  LLVMFuzzerTestOneInput (data, size / 2);
  for (gsize at = 0; at < MIN (size, 512); at++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);

      copy[at] ^= (guint8) (1 + 37 * at);
      LLVMFuzzerTestOneInput (copy, size);
    }
}

int
main (int argc, char **argv)
{
  guint n = 0;

  g_setenv ("G_DEBUG", "fatal-criticals", TRUE);
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (argv[i], 0, NULL);

      for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL; n++)
        {
          g_autofree char *path = g_build_filename (argv[i], name, NULL);
          g_autofree char *data = NULL;
          gsize size;

          if (!g_file_get_contents (path, &data, &size, NULL))
            return 1;
          run_variants ((const guint8 *) data, size);
        }
    }
  g_print ("%u files\n", n);
  return n > 0 ? 0 : 1;
}
