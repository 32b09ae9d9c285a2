/* equi export: artefacts of a design or checkpoint. */

#include "cli/commands.h"
#include "cli/run.h"

#include "draw/topology.h"
#include "services/audit.h"
#include "services/export.h"
#include "services/spec.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char    *format, *folder, *prefix, *max_nodes, *max_edges, *convention;
  gboolean plain, compact, json;
} Export;

typedef struct
{
  const char *name;
  char     **(*write) (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error);
} Format;

static char **
write_c (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error)
{
  return eqs_export_c (model, self->folder, options, error);
}

static char **
write_weights (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error)
{
  return eqs_export_weights (model, self->folder, self->convention, error);
}

static char **
write_python (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error)
{
  return eqs_export_python (model, self->folder, error);
}

/* The document tells what the audit finds; a design is audited for it on the spot. */
static char **
write_document (EqsModel *model, const char *folder, gboolean json, GError **error)
{
  const EqsAuditOptions options = EQS_AUDIT_OPTIONS_INIT;
  g_autoptr (EqkAudit)  audit = eqs_audit_model (model, &options, error);
  g_autoptr (EqsMap)    findings = audit == NULL ? NULL : eqs_audit_to_map (audit);

  return findings == NULL ? NULL : eqs_export_spec (model, findings, folder, json, error);
}

/* The document tells of the flow in words, the picture beside it shows it, as in what the window exports. */
static char **
write_spec (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error)
{
  g_autofree char     *picture = g_build_filename (self->folder, "network.svg", NULL);
  g_autoptr (EqsCheck) check = eqs_check_new (model->document, error);
  g_auto (GStrv)       written = check == NULL ? NULL : write_document (model, self->folder, FALSE, error);
  g_autoptr (GStrvBuilder) files = g_strv_builder_new ();

  if (written == NULL || !eqs_draw_topology_save (model->document, check, picture, error))
    return NULL;
  g_strv_builder_addv (files, (const char **) written);
  g_strv_builder_add (files, picture);
  return g_strv_builder_end (files);
}

static char **
write_spec_json (EqsModel *model, const Export *self, const EqsExportCOptions *options, GError **error)
{
  return write_document (model, self->folder, TRUE, error);
}

static const Format formats[] = { { "c", write_c }, { "spec", write_spec }, { "spec-json", write_spec_json }, { "python", write_python },
                                  { "weights", write_weights } };

static const Format *
find_format (const char *name)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_strcmp0 (name, formats[i].name) == 0)
        return &formats[i];
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", formats[i].name);
    }
  if (name == NULL)
    eqs_cli_fail (EQS_EXIT_USAGE, _("--format says what to write: %s."), names->str);
  else if (strcmp (name, "onnx") == 0)
    eqs_cli_fail (EQS_EXIT_USAGE, _("this version does not write %s; it writes: %s."), name, names->str);
  else
    eqs_cli_fail (EQS_EXIT_USAGE, _("--format is “%s”; it takes one of: %s."), name, names->str);
  return NULL;
}

static gboolean
is_c_name (const char *text)
{
  gboolean ok = g_ascii_isalpha (*text) || *text == '_';

  for (; *text != '\0'; text++)
    ok = ok && (g_ascii_isalnum (*text) || *text == '_');
  return ok;
}

static void
print_files (const Export *self, char **files)
{
  EqsMap *map;

  for (char **file = files; !self->json && *file != NULL; file++)
    puts (*file);
  if (!self->json)
    return;
  map = eqs_map_new ();
  eqs_cli_set_string (map, "format", self->format);
  eqs_cli_set_value (map, "files", eqs_value_new_strings ((const char *const *) files));
  eqs_cli_print_json (map);
}

static int
run (const Export *self, const char *path)
{
  const Format     *format = find_format (self->format);
  EqsExportCOptions options = { self->prefix, self->plain, self->compact, 0, 0 };
  gint64            nodes = 0, edges = 0;
  GError           *error = NULL;
  g_autoptr (EqsModel) model = NULL;
  g_auto (GStrv) files = NULL;

  if (format == NULL)
    return EQS_EXIT_USAGE;
  if (self->folder == NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("-o DIR says where the files go."));
  if (format->write != write_c && (self->plain || self->compact || self->prefix != NULL || self->max_nodes != NULL || self->max_edges != NULL))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--prefix, --plain, --compact, --max-nodes and --max-edges belong to --format c."));
  if (format->write != write_weights && self->convention != NULL)
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--convention belongs to --format weights."));
  if (self->prefix != NULL && !is_c_name (self->prefix))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--prefix is “%s”; it takes a name of C: letters, digits and _, no digit first."), self->prefix);
  if (!eqs_cli_read_whole ("max-nodes", self->max_nodes, 1, 10000000, &nodes) || !eqs_cli_read_whole ("max-edges", self->max_edges, 1, 100000000, &edges))
    return EQS_EXIT_USAGE;
  options.max_nodes = (int) nodes;
  options.max_edges = (int) edges;
  model = eqs_model_open (path, &error);
  if (model == NULL)
    return eqs_cli_fail_error (error);
  if ((self->max_nodes != NULL && !eqs_export_has_rows (model->program, EQK_SPACE_NODES)) || (self->max_edges != NULL && !eqs_export_has_rows (model->program, EQK_SPACE_EDGES)))
    return eqs_cli_fail (EQS_EXIT_USAGE, _("--max-nodes and --max-edges are for designs of points, sets and graphs; this one has none of what they limit."));
  eqs_cli_warn_promise (model->document);
  files = format->write (model, self, &options, &error);
  if (files == NULL)
    return eqs_cli_fail_error (error);
  print_files (self, files);
  return EQS_EXIT_OK;
}

int
eqs_cmd_export (int argc, char **argv)
{
  Export self = { NULL };
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &self.format, N_("c: standalone C; spec, spec-json: the architecture specification; python: PyTorch of sets, graphs and networks of points; weights: safetensors and a list of the tensors"), "c|spec|spec-json|python|weights" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.folder, N_("Folder to write; files of the same names are replaced"), N_("DIR") },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &self.prefix, N_("C: what all names begin with"), N_("NAME") },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &self.plain, N_("C: plain loops instead of vector extensions"), NULL },
    { "compact", 0, 0, G_OPTION_ARG_NONE, &self.compact, N_("C: weights as coefficients, expanded into the caller's memory"), NULL },
    { "max-nodes", 0, 0, G_OPTION_ARG_STRING, &self.max_nodes, N_("C: most points or nodes (default: the design's nominal N)"), "N" },
    { "max-edges", 0, 0, G_OPTION_ARG_STRING, &self.max_edges, N_("C: most edges (default: the design's nominal E)"), "E" },
    { "convention", 0, 0, G_OPTION_ARG_STRING, &self.convention, N_("weights: in another program's convention (nequip, “kinds-inside”, “to-source norm” …); the file opens here all the same"), N_("WORDS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_("Print one JSON object"), NULL },
    { NULL }
  };
  int status;

  if (eqs_cli_parse (entries, "export", "CHECKPOINT|FILE --format FORMAT -o DIR [OPTION…]",
                     _("Writes artefacts of a trained network, or of a design with its initial weights, each with where it comes from."), &argc, &argv, 1, 1, &status))
    status = run (&self, argv[1]);
  g_free (self.format);
  g_free (self.folder);
  g_free (self.prefix);
  g_free (self.max_nodes);
  g_free (self.max_edges);
  g_free (self.convention);
  return status;
}
