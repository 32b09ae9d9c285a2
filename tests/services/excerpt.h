#pragma once

/* The first records of a shipped data set as a folder of its own: trainings judge every epoch by its whole validation part, which need not be large here. */

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zlib.h>

/* The first lines: of a table with its head, of molecules the atoms of so many frames, all as large as the first. */
static inline char *
excerpt_text (const char *text, const char *file, guint records)
{
  const gsize lines = g_str_has_suffix (file, ".xyz") ? records * (gsize) (g_ascii_strtoull (text, NULL, 10) + 2) : records + 1;
  const char *end = text;

  for (gsize i = 0; i < lines && *end != '\0'; i++)
    end = strchr (end, '\n') + 1;
  return g_strndup (text, (gsize) (end - text));
}

/* IDX of bytes: a head with the number of records first, then the records. */
static inline void
excerpt_idx (const char *from, const char *to, guint records)
{
  gzFile          in = gzopen (from, "rb"), out = gzopen (to, "wb");
  guchar          head[16] = { 0 };
  g_autofree char *record = NULL;
  gsize           bytes = 1;

  g_assert_true (in != NULL && out != NULL);
  g_assert_cmpint (gzread (in, head, 4), ==, 4);
  g_assert_cmpint (gzread (in, head + 4, 4u * head[3]), ==, 4 * head[3]);
  for (int k = 1; k < head[3]; k++)
    bytes *= head[4 + 4 * k + 2] * 256u + head[4 + 4 * k + 3];
  head[4] = head[5] = 0;
  head[6] = (guchar) (records >> 8);
  head[7] = (guchar) records;
  g_assert_cmpint (gzwrite (out, head, 4 + 4u * head[3]), ==, 4 + 4 * head[3]);
  record = g_malloc (bytes);
  for (guint i = 0; i < records; i++)
    {
      g_assert_cmpint (gzread (in, record, (guint) bytes), ==, (int) bytes);
      g_assert_cmpint (gzwrite (out, record, (guint) bytes), ==, (int) bytes);
    }
  gzclose (in);
  gzclose (out);
}

/* The path of a folder like data/datasets/NAME with `records` of each part: idx.gz, csv and xyz with frames of one size. To be freed with g_free. */
static inline char *
excerpt (const char *name, guint records)
{
  g_autofree char *from = g_test_build_filename (G_TEST_DIST, "..", "..", "data", "datasets", name, NULL);
  char            *to = g_dir_make_tmp ("equi-excerpt-XXXXXX", NULL);
  g_autoptr (GDir) folder = g_dir_open (from, 0, NULL);
  const char      *file;

  g_assert_true (folder != NULL && to != NULL);
  while ((file = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, file, NULL), *target = g_build_filename (to, file, NULL), *text = NULL, *part = NULL;

      if (g_str_has_suffix (file, ".md"))
        continue;
      if (g_str_has_suffix (file, ".idx.gz"))
        {
          excerpt_idx (source, target, records);
          continue;
        }
      g_assert_true (g_file_get_contents (source, &text, NULL, NULL));
      part = g_str_has_suffix (file, ".json") ? g_strdup (text) : excerpt_text (text, file, records);
      g_assert_true (g_file_set_contents (target, part, -1, NULL));
    }
  return to;
}
