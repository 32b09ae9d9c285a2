/* Runs a fuzz target over the files of some folders, and over each of them cut short and damaged, without libFuzzer:
 * every build and every compiler replays what has been found. */

#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
replay_file (const char *path, GRand *random)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return;
  LLVMFuzzerTestOneInput ((const uint8_t *) text, length);
  for (guint i = 0; i < 40 && length > 0; i++)
    {
      const guint32 n = length > G_MAXINT32 ? G_MAXINT32 : (guint32) length;
      const guint32 at = (guint32) g_rand_int_range (random, 0, (gint32) n);
      /* of its very length, so that a sanitizer sees one byte too far */
      g_autofree uint8_t *copy = g_memdup2 (text, length);
      g_autofree uint8_t *part = at == 0 ? g_malloc (1) : g_memdup2 (text, at);

      copy[at] = (uint8_t) g_rand_int_range (random, 0, 256);
      LLVMFuzzerTestOneInput (copy, length);
      LLVMFuzzerTestOneInput (part, at);
    }
}

int
main (int argc, char **argv)
{
  GRand *random = g_rand_new_with_seed (1);
  guint n = 0;

  for (int i = 1; i < argc; i++)
    {
      GDir *dir = g_dir_open (argv[i], 0, NULL);
      const char *name;

      if (dir == NULL)
        g_error ("%s cannot be read", argv[i]);
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (argv[i], name, NULL);

          replay_file (path, random);
          n++;
        }
      g_dir_close (dir);
    }
  g_rand_free (random);
  g_print ("%u files\n", n);
  return n > 0 ? 0 : 1;
}
