/* The folder of templates. */

#include "services/template.h"

#include "model/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
eqs_template_free (EqsTemplate *self)
{
  char *texts[] = { self->id, self->slug, self->title, self->summary, self->why, self->family, self->data, self->task, self->domain, self->output,
                    self->group, self->path };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (self);
}

static char *
dup_folder (void)
{
  const char      *own = g_getenv ("EQUISTUDIO_DATADIR");
  g_autofree char *folder = own == NULL || *own == '\0' ? NULL : g_build_filename (own, "templates", NULL);

  if (folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&folder);
  return g_strdup (g_file_test (EQS_SOURCE_TEMPLATES, G_FILE_TEST_IS_DIR) ? EQS_SOURCE_TEMPLATES : EQS_INSTALLED_TEMPLATES);
}

const char *
eqs_template_get_text (EqsDocument *document, const char *key)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  const EqsValue *field = eqs_document_get_field (document, "template");

  return field == NULL ? NULL : eqs_map_get_string (eqs_value_get_map (field), key, NULL);
}

static EqsTemplate *
read_template (const char *path)
{
  g_autoptr (EqsDocument) document = eqs_file_load (path, NULL);
  const EqsMap *spec = document == NULL ? NULL : eqs_document_get_section (document, EQS_SECTION_SPEC);
  const EqsMap *field = document == NULL || eqs_document_get_field (document, "template") == NULL
                          ? NULL : eqs_value_get_map (eqs_document_get_field (document, "template"));
  EqsTemplate  *self;

  if (field == NULL || eqs_map_get_string (field, "id", NULL) == NULL)
    return NULL;
  self = g_new0 (EqsTemplate, 1);
  self->id = g_strdup (eqs_map_get_string (field, "id", ""));
  self->slug = g_strdup (eqs_map_get_string (field, "slug", self->id));
  self->title = g_strdup (eqs_document_get_name (document));
  self->summary = g_strdup (eqs_map_get_string (field, "summary", ""));
  self->why = g_strdup (eqs_map_get_string (field, "why", ""));
  self->family = g_strdup (eqs_map_get_string (field, "family", ""));
  self->data = g_strdup (eqs_map_get_string (field, "data", ""));
  self->task = g_strdup (eqs_map_get_string (spec, "task", ""));
  self->domain = g_strdup (eqs_map_get_string (spec, "domain", ""));
  self->output = g_strdup (eqs_map_get_string (spec, "output", ""));
  self->group = g_strdup (eqs_document_get_group (document));
  self->parameters = (gint64) eqs_map_get_count (field, "parameters", G_MAXINT64, 0);
  self->bound = (gint64) eqs_map_get_count (field, "bound", G_MAXINT64, (guint64) self->parameters);
  self->path = g_strdup (path);
  return self;
}

static int
by_id (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(EqsTemplate *const *) a)->id, (*(EqsTemplate *const *) b)->id);
}

GPtrArray *
eqs_templates_list (void)
{
  GPtrArray       *list = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_template_free);
  g_autofree char *folder = dup_folder ();
  GDir            *dir = g_dir_open (folder, 0, NULL);

  for (const char *name = dir == NULL ? NULL : g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      EqsTemplate     *template = g_str_has_suffix (name, ".equi") ? read_template (path) : NULL;

      if (template != NULL)
        g_ptr_array_add (list, template);
    }
  if (dir != NULL)
    g_dir_close (dir);
  g_ptr_array_sort (list, by_id);
  return list;
}

EqsDocument *
eqs_template_new (const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = eqs_templates_list ();
  g_autofree char      *quoted = eqs_error_quote (name);

  for (guint i = 0; i < list->len; i++)
    {
      const EqsTemplate *template = g_ptr_array_index (list, i);

      if (g_ascii_strcasecmp (template->id, name) == 0 || strcmp (template->slug, name) == 0)
        return eqs_file_load (template->path, error);
    }
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_NOT_FOUND, _("There is no template “%s”. “equi templates” lists those there are."), quoted);
  return NULL;
}
