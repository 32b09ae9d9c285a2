/* What decides which samples a data set gives: its description and its files, in one digest. */

#include "data/dataset-private.h"
#include "data/file.h"
#include "data/generate.h"
#include "data/images.h"
#include "data/tu.h"

#include <inttypes.h>
#include <string.h>

static gboolean
hash_file (GChecksum *sum, const char *folder, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (g_str_has_suffix (file, "/"))
    {
      g_auto (GStrv) files = eqs_images_list_files (path);

      for (guint i = 0; files[i] != NULL; i++)
        if (!hash_file (sum, path, files[i], error))
          return FALSE;
      return TRUE;
    }
  bytes = eqs_file_read (path, EQS_DATA_MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_checksum_update (sum, (const guchar *) file, (gssize) strlen (file) + 1);
  g_checksum_update (sum, (const guchar *) digest, (gssize) strlen (digest));
  return TRUE;
}

/* All files that belong to "MUTAG_A.txt", by name. */
static gboolean
hash_graphs (GChecksum *sum, const char *folder, const char *file, GError **error)
{
  static const char *const parts[] = { "A", "edge_attributes", "edge_labels", "graph_attributes", "graph_indicator", "graph_labels", "node_attributes", "node_labels", "split" };
  g_autofree char *base = g_strndup (file, strlen (file) - strlen ("_A.txt"));

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = g_strconcat (base, "_", parts[i], ".txt", NULL), *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS) && !hash_file (sum, folder, name, error))
        return FALSE;
    }
  return TRUE;
}

static void
hash_column (GChecksum *sum, const EqsColumnSpec *spec, const EqsDatasetSpec *whole)
{
  double factor;

  char scale[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *fields = spec->fields != NULL ? g_strjoinv (",", spec->fields) : g_strdup ("");
  g_autofree char *text = NULL;

  g_ascii_dtostr (scale, sizeof scale, spec->scale);
  text = g_strdup_printf ("%s %d %d %d %s [%s] %u:%u %d %s\n", spec->name, spec->role, spec->kind, spec->values, scale,
                          fields, spec->slice[0], spec->slice[1], spec->is_direction,
                          spec->base_column != NULL ? spec->base_column : "");
  g_checksum_update (sum, (const guchar *) text, -1);
  eqs_column_spec_get_unit (spec, whole, &factor);
  if (factor != 1)
    {
      g_ascii_dtostr (scale, sizeof scale, factor);
      g_checksum_update (sum, (const guchar *) scale, -1);
    }
  if (spec->sample_field != NULL || spec->is_words || spec->offsets != NULL)
    {
      g_autofree char *more = g_strdup_printf ("%s %d %s\n", spec->sample_field != NULL ? spec->sample_field : "", spec->is_words, spec->offsets != NULL ? spec->offsets : "");

      g_checksum_update (sum, (const guchar *) more, -1);
    }
  if (spec->mask != NULL)
    {
      g_autofree char *more = g_strdup_printf ("mask %s\n", spec->mask);

      g_checksum_update (sum, (const guchar *) more, -1);
    }
  if (spec->convention != NULL)
    g_checksum_update (sum, (const guchar *) spec->convention, -1);
  for (guint i = 0; i < spec->n_shape; i++)
    g_checksum_update (sum, (const guchar *) &spec->shape[i], sizeof spec->shape[i]);
  if (spec->part_field != NULL || spec->undirected || spec->part_names != NULL)
    {
      g_autofree char *values = spec->part_values == NULL ? g_strdup ("") : g_strjoinv (",", spec->part_values), *more = g_strdup_printf ("%s %s %d\n", spec->part_field != NULL ? spec->part_field : "", values, spec->undirected);

      g_checksum_update (sum, (const guchar *) more, -1);
    }
}

static gboolean
hash_split (EqsDataset *self, GChecksum *sum, const char *split, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->spec->columns->len; i++)
    {
      const EqsColumnSpec *spec = self->spec->columns->pdata[i];
      char *file = eqs_dataset_spec_dup_file (self->spec, spec, split);
      g_autofree char *path = g_build_filename (self->folder, file, NULL);

      if (!g_hash_table_add (seen, file) || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;                 /* file belongs to the table now, in both cases */
      if (!(eqs_dataset_file_is_tu (file) ? hash_graphs : hash_file) (sum, self->folder, file, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
hash_base (EqsDataset *self, GChecksum *sum, GError **error)
{
  g_autofree char *digest = NULL;

  g_rec_mutex_lock (&self->lock);
  if (self->base != NULL || eqs_dataset_get_base_table (self, self->splits[0], error) != NULL)
    digest = eqs_dataset_dup_hash (self->base, error);
  g_rec_mutex_unlock (&self->lock);
  if (digest != NULL)
    g_checksum_update (sum, (const guchar *) digest, -1);
  return digest != NULL;
}

char *
eqs_dataset_dup_hash (EqsDataset *self, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (EQS_IS_DATASET (self), NULL);

  for (guint i = 0; i < self->spec->columns->len; i++)
    hash_column (sum, self->spec->columns->pdata[i], self->spec);
  if (self->spec->generator != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s %u %" PRIu64, self->spec->generator,
                                               eqs_generator_get_version (self->spec->generator), self->spec->seed);

      g_checksum_update (sum, (const guchar *) text, -1);
      return g_strdup (g_checksum_get_string (sum));
    }
  for (guint i = 0; i < self->spec->splits->len; i++)
    if (!hash_split (self, sum, self->spec->splits->pdata[i], error))
      return NULL;
  if (self->spec->base != NULL && !hash_base (self, sum, error))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}
