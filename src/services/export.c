/* Export as standalone C: the kernels make the texts, this writes them. */

#include "services/export.h"

#include "data/xyz.h"
#include "model/atomic.h"
#include "model/compile.h"
#include "model/error.h"
#include "model/json.h"
#include "services/code-size.h"

#include "eqk/export.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

char *
eqs_export_dup_provenance (EqsModel *self)
{
  const char        *data = eqs_map_get_string (self->run, "data", NULL), *data_hash = eqs_map_get_string (self->run, "data_hash", NULL);
  const char        *name = eqs_document_get_name (self->document);
  GString           *text = g_string_new (NULL);
  char               promise[2048];

  /* English, whatever the session speaks: the text goes into source files. */
  g_string_append_printf (text, "Equistudio %s; design \"%s\", %zu parameters. ", EQS_VERSION, name[0] != '\0' ? name : "untitled", eqk_program_n_weights (self->program));
  if (!self->trained)
    g_string_append (text, "Never trained: these are the initial weights. ");
  else
    g_string_append_printf (text, "Trained for %.0f epochs, seed %.0f. ", eqs_map_get_number (self->run, "epoch", 0), eqs_map_get_number (self->run, "seed", 0));
  if (data != NULL)
    g_string_append_printf (text, "Data: %s%s%s. ", data, data_hash != NULL ? ", " : "", data_hash != NULL ? data_hash : "");
  eqk_typed_promise_text (self->typed, promise, sizeof promise);
  g_string_append_printf (text, "Symmetry by the types: %s.", promise);
  return g_string_free (text, FALSE);
}

/* Names of classes as the checkpoint has them. (transfer full) (nullable) */
static char **
dup_classes (const EqsMap *run, int *n)
{
  EqsValue      *list = eqs_map_get (run, "classes");
  const guint    length = list == NULL ? 0 : eqs_value_get_length (list);
  g_auto (GStrv) names = g_new0 (char *, length + 1);

  *n = 0;
  for (guint i = 0; i < length; i++)
    {
      const char *name = eqs_value_get_string (eqs_value_get_item (list, i));

      if (name == NULL)
        return NULL;
      names[i] = g_strdup (name);
    }
  *n = (int) length;
  return g_steal_pointer (&names);
}

/* "H", or "1" where the number is none of an element. (transfer full) */
static char **
dup_kinds (const EqsMap *run, int *n)
{
  EqsValue   *list = eqs_map_get (run, "species");
  const guint length = list == NULL || !eqs_value_is_numbers (list) ? 0 : eqs_value_get_length (list);
  char      **names = g_new0 (char *, length + 1);

  *n = (int) length;
  for (guint i = 0; i < length; i++)
    {
      const guint number = (guint) CLAMP (eqs_value_get_number (eqs_value_get_item (list, i)), 0, 127);
      const char *symbol = eqs_species_get_symbol (number);

      names[i] = symbol == NULL ? g_strdup_printf ("%u", number) : g_strdup_printf ("%s (%u)", symbol, number);
    }
  return names;
}

static EqkExportFile *
make_texts (EqsModel *model, const EqsExportCOptions *options, int *n, GError **error)
{
  const EqsMap         *nominal = eqs_document_get_section (model->document, EQS_SECTION_NOMINAL);
  g_autofree char      *hash = eqs_document_dup_hash (model->document), *provenance = eqs_export_dup_provenance (model);
  const EqsMap         *spec = eqs_document_get_section (model->document, EQS_SECTION_SPEC);
  int                   n_classes, n_kinds;
  g_auto (GStrv)        classes = dup_classes (model->run, &n_classes);
  g_auto (GStrv)        kinds = dup_kinds (model->run, &n_kinds);
  const double          n_nodes = CLAMP (eqs_map_get_number (nominal, "N", 20), 1, 1e6);
  const EqkExportOptions how = {
    .name = eqs_document_get_name (model->document), .prefix = options->prefix, .provenance = provenance, .design_hash = hash,
    .plain = options->plain, .compact = options->compact, .trained = model->trained, .byte_scale = eqs_map_get_number (model->run, "byte_scale", 0),
    .length_unit = strcmp (eqs_map_get_string (spec, "domain", ""), "molecule") == 0 ? "angstrom" : NULL,
    .class_names = (const char *const *) classes, .n_classes = n_classes, .kind_names = (const char *const *) kinds, .n_kinds = n_kinds,
    .max_nodes = options->max_nodes > 0 ? options->max_nodes : (int) n_nodes,
    .max_edges = options->max_edges > 0 ? options->max_edges : (int) CLAMP (eqs_map_get_number (nominal, "E", 20 * n_nodes), 1, 1e7) };
  EqkExportFile        *files = NULL;
  EqkDiag               diag = EQK_DIAG_INIT;
  const EqkStatus       status = eqk_export_c (model->program, model->store, &how, &files, n, &diag);

  if (status != EQK_OK)
    eqs_compile_set_error (error, status, &diag);
  return status == EQK_OK ? files : NULL;
}

/* The code alone, without the tables, which are counted already. */
static void
measure_code (const EqkExportFile *files, int n, EqsExportSizes *sizes)
{
  static const char *const names[] = { "model.c", "model.h" };
  g_autofree char *folder = g_dir_make_tmp ("equistudio-XXXXXX", NULL);
  char            *paths[G_N_ELEMENTS (names)];
  EqsCodeSize      size;

  if (folder == NULL)
    return;
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      paths[k] = g_build_filename (folder, names[k], NULL);
      for (int i = 0; i < n; i++)
        if (strcmp (files[i].name, names[k]) == 0)
          g_file_set_contents (paths[k], files[i].text, (gssize) files[i].length, NULL);
    }
  eqs_code_size_measure (folder, names[0], &size);
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_remove (paths[k]);
      g_free (paths[k]);
    }
  g_rmdir (folder);
  sizes->code_bytes = size.code_bytes;
  sizes->stack_bytes = size.stack_bytes;
}

gboolean
eqs_export_c_measure (EqsModel *model, const EqsExportCOptions *options, EqsExportSizes *sizes, GError **error)
{
  const EqsExportCOptions defaults = { 0 };
  g_autoptr (EqsValue)    told = NULL;
  const EqsMap           *totals;
  EqkExportFile          *files;
  int                     n = 0;

  g_return_val_if_fail (model != NULL && sizes != NULL, FALSE);
  files = make_texts (model, options != NULL ? options : &defaults, &n, error);
  if (files == NULL)
    return FALSE;
  for (int i = 0; i < n && told == NULL; i++)
    if (strcmp (files[i].name, "model.json") == 0)
      told = eqs_json_parse (files[i].text, files[i].length, error);
  *sizes = (EqsExportSizes){ 0 };
  if (told != NULL)
    measure_code (files, n, sizes);
  eqk_export_files_free (files, n);
  if (told == NULL)
    return FALSE;
  totals = eqs_value_get_map (eqs_map_get (eqs_value_get_map (told), "totals"));
  sizes->table_bytes = (gsize) eqs_map_get_number (totals, "table_bytes", 0);
  sizes->expanded_bytes = (gsize) eqs_map_get_number (totals, "weights_bytes", 0);
  sizes->arena_bytes = (gsize) eqs_map_get_number (totals, "arena_bytes", 0);
  return TRUE;
}

gboolean
eqs_export_has_rows (const EqkProgram *program, EqkSpaceKind kind)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->space.kind == kind)
      return TRUE;
  return FALSE;
}

/* All of them or none: a model with the weights of another would be worse than no file. */
static gboolean
write_all (const EqkExportFile *files, int n, const GPtrArray *paths, GError **error)
{
  g_autofree EqsAtomicFile **open = g_new0 (EqsAtomicFile *, n + 1);
  gboolean                   good = TRUE;

  for (int i = 0; good && i < n; i++)
    {
      open[i] = eqs_atomic_file_open (g_ptr_array_index (paths, i), error);
      good = open[i] != NULL && eqs_atomic_file_write (open[i], files[i].text, files[i].length, error);
    }
  for (int i = 0; i < n; i++)
    if (open[i] == NULL)
      continue;
    else if (good)
      good = eqs_atomic_file_commit (open[i], error);
    else
      eqs_atomic_file_abort (open[i]);
  return good;
}

char **
eqs_export_c (EqsModel *model, const char *folder, const EqsExportCOptions *options, GError **error)
{
  const EqsExportCOptions defaults = { 0 };
  g_autoptr (GPtrArray)   paths = g_ptr_array_new_with_free_func (g_free);
  EqkExportFile          *files;
  int                     n = 0;
  gboolean                good = TRUE;

  g_return_val_if_fail (model != NULL && folder != NULL, NULL);
  files = make_texts (model, options != NULL ? options : &defaults, &n, error);
  if (files == NULL)
    return NULL;
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      good = FALSE;
    }
  for (int i = 0; i < n; i++)
    g_ptr_array_add (paths, g_build_filename (folder, files[i].name, NULL));
  good = good && write_all (files, n, paths, error);
  eqk_export_files_free (files, n);
  if (!good)
    return NULL;
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}
