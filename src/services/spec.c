/*
 * The specification, section by section as the design guide asks (§5.1). All comes from the typed graph, the program, the guide
 * and the audit; nothing is typed in here that a design could contradict. Alternatives are made and counted, not guessed.
 */

#include "services/spec-private.h"

#include "model/atomic.h"
#include "model/file.h"
#include "services/export.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static void
writer_clear (EqsSpecWriter *self)
{
  g_clear_pointer (&self->check, eqs_check_unref);
  g_clear_pointer (&self->answer, eqs_answer_free);
  g_clear_pointer (&self->book, eqs_book_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EqsSpecWriter, writer_clear)

/* The family: said by the design, or by the template it comes from. */
static const EqsFamily *
family_of (EqsDocument *document, const EqsMap *spec)
{
  const EqsValue *template = eqs_document_get_field (document, "template");
  const char     *id = eqs_map_get_string (spec, "family", NULL);

  if (id == NULL && template != NULL)
    id = eqs_map_get_string (eqs_value_get_map (template), "family", NULL);
  return id == NULL ? NULL : eqs_family_find (id);
}

static EqsAnswer *
ask_guide (EqsDocument *document, const EqsMap *spec)
{
  EqsQuestion     question = { eqs_map_get_string (spec, "domain", ""), eqs_map_get_string (spec, "task", ""), eqs_document_get_group (document),
                               eqs_map_get_string (spec, "output", "") };

  question.max_parameters = (gint64) eqs_map_get_count (spec, "max_parameters", G_MAXINT64, 0);
  question.max_mflop = 2e-6 * eqs_map_get_number (spec, "max_macs", 0);
  question.max_arena_bytes = (gint64) eqs_map_get_count (spec, "max_arena_bytes", G_MAXINT64, 0);
  return eqs_guide (&question, NULL);
}

EqsMap *
eqs_spec_to_map (EqsModel *model, const EqsMap *audit, GError **error)
{
  g_auto (EqsSpecWriter) self = { .model = model, .document = model->document, .audit = audit };
  EqsMap         *map;

  if (!eqs_compile_symmetry (self.document, &self.symmetry, error))
    return NULL;
  self.spec = eqs_document_get_section (self.document, EQS_SECTION_SPEC);
  self.check = eqs_check_new (self.document, error);
  if (self.check == NULL)
    return NULL;
  self.family = family_of (self.document, self.spec);
  self.answer = ask_guide (self.document, self.spec);
  self.book = eqs_book_new ();
  eqs_spec_write_summary (&self);
  eqs_spec_write_symmetry (&self);
  eqs_spec_write_family (&self);
  eqs_spec_write_library (&self);
  eqs_spec_write_layers (&self);
  eqs_spec_write_flow (&self);
  eqs_spec_write_parameters (&self);
  eqs_spec_write_efficiency (&self);
  eqs_spec_write_training (&self);
  eqs_spec_write_verification (&self);
  eqs_spec_write_implementation (&self);
  eqs_spec_write_deployment (&self);
  eqs_spec_write_risks (&self);
  eqs_spec_write_references (&self);

  map = eqs_map_new ();
  eqs_spec_set_text (map, "format", "equistudio.specification");
  eqs_map_set (map, "version", eqs_value_new_number (1));
  eqs_spec_set_text (map, "name", *eqs_document_get_name (self.document) == '\0' ? _("Untitled design") : eqs_document_get_name (self.document));
  eqs_map_set (map, "provenance", eqs_value_new_object (eqs_spec_provenance_of (&self)));
  eqs_map_set (map, "summary", eqs_value_new_object (eqs_spec_summary_of (&self)));
  eqs_map_set (map, "spec", self.spec == NULL ? eqs_value_new_null () : eqs_value_new_object (eqs_map_copy (self.spec)));
  eqs_map_set (map, "nodes", eqs_spec_nodes_of (&self));
  eqs_map_set (map, "edges", eqs_spec_edges_of (&self));
  eqs_map_set (map, "counts", eqs_value_new_object (eqs_spec_counts_of (&self)));
  eqs_map_set (map, "lints", eqs_spec_lints_of (&self));
  eqs_map_set (map, "verification", audit == NULL ? eqs_value_new_null () : eqs_value_new_object (eqs_map_copy (audit)));
  eqs_map_set (map, "self_check", eqs_spec_self_check (&self));
  eqs_map_set (map, "sections", eqs_book_to_value (self.book));
  return map;
}

char *
eqs_spec_to_markdown (const EqsMap *spec)
{
  const EqsMap    *provenance = eqs_value_get_map (eqs_map_get (spec, "provenance")), *check = eqs_value_get_map (eqs_map_get (spec, "self_check"));
  g_autofree char *body = eqs_book_to_markdown (eqs_map_get (spec, "sections")), *complete = NULL;
  const char      *missing;

  missing = eqs_map_get_string (check, "missing", NULL);
  complete = g_strdup_printf (missing == NULL ? _("Completeness of this document: %.0f of %.0f parts have content.") : _("Completeness of this document: %.0f of %.0f parts have content; missing: %s."),
                              eqs_map_get_number (check, "parts", 0), eqs_map_get_number (check, "of_parts", 0), missing);
  return g_strdup_printf ("# %s — %s\n\n%s, design %s, %s\n\n%s\n\n%s%s\n", _("Architecture specification"), eqs_map_get_string (spec, "name", ""),
                          eqs_map_get_string (provenance, "program", ""), eqs_map_get_string (provenance, "design_hash", ""), eqs_map_get_string (provenance, "date", ""),
                          eqs_map_get_string (provenance, "text", ""), body, complete);
}

char **
eqs_export_spec (EqsModel *model, const EqsMap *audit, const char *folder, gboolean json, GError **error)
{
  g_autoptr (EqsMap) map = eqs_spec_to_map (model, audit, error);
  g_autofree char   *text = NULL, *path = g_build_filename (folder, json ? "specification.json" : "specification.md", NULL);
  const char        *files[] = { path, NULL };

  if (map == NULL)
    return NULL;
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_IO, _("The folder “%s” could not be made: %s."), folder, g_strerror (errno));
      return NULL;
    }
  if (json)
    {
      g_autoptr (EqsValue) value = eqs_value_new_object (eqs_map_copy (map));

      text = eqs_value_to_text (value);
    }
  else
    text = eqs_spec_to_markdown (map);
  return eqs_file_write_atomic (path, text, -1, error) ? g_strdupv ((char **) files) : NULL;
}
