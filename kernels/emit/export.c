/*
 * Export as standalone C. The program is compiled once more with direct kernels, planned as the exported code will run it, and
 * run in double precision: that gives the contents of what follows from weights alone and the outputs of the self-test.
 */

#include "emit/emit-private.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_NODES = 3, MIN_EDGES = 6, N_FILES = 12 };   /* the least that the self-test can do with */

static EqkExportOptions
completed (const EqkExportOptions *options)
{
  EqkExportOptions full = options == NULL ? (EqkExportOptions){ 0 } : *options;

  if (full.name == NULL || full.name[0] == '\0')
    full.name = "model";
  if (full.prefix == NULL)
    full.prefix = "eq_model";
  if (full.design_hash == NULL)
    full.design_hash = "unknown";
  full.max_nodes = full.max_nodes == 0 ? 64 : full.max_nodes < MIN_NODES ? MIN_NODES : full.max_nodes;
  full.max_edges = full.max_edges == 0 ? 1024 : full.max_edges < MIN_EDGES ? MIN_EDGES : full.max_edges;
  return full;
}

static EqkRunOptions
run_options (const EqkExportOptions *options)
{
  const size_t n = (size_t) options->max_nodes;

  return (EqkRunOptions){ .precision = EQK_F32, .export_plan = true, .capacity = { 1, n, (size_t) options->max_edges, n * n } };
}

static bool
is_word (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' || (*c >= '0' && *c <= '9' && c > text)))
      return false;
  return text[0] != '\0' && strlen (text) <= 40;
}

/* The same program with direct kernels and shared memory. */
static EqkStatus
compile_exact (const EqkProgram *program, EqkProgram **out, EqkDiag *diag)
{
  const EqkCompileOptions options = { .exact = true };

  return eqk_compile ((EqkTyped *) eqk_program_typed (program), &options, out, diag);
}

EqkStatus
eqk_export_arena_bytes (const EqkProgram *program, const EqkExportOptions *options, size_t *bytes, EqkDiag *diag)
{
  const EqkExportOptions full = completed (options);
  const EqkRunOptions    how = run_options (&full);
  EqkProgram            *exact = NULL;
  EqkRun                *run = NULL;
  EqkStatus              status = compile_exact (program, &exact, diag);

  if (status == EQK_OK)
    status = eqk_run_new (exact, NULL, &how, &run, diag);
  if (status == EQK_OK)
    *bytes = eqk_run_arena_bytes (run);
  eqk_run_free (run);
  eqk_program_free (exact);
  return status;
}

size_t
eqk_emitter_arena_bytes (const EqkEmitter *self)
{
  return eqk_run_arena_bytes (self->plan);
}

/* ---- set up ---- */

static EqkStatus
prepare (EqkEmitter *self, const EqkProgram *program, EqkStore *weights, EqkDiag *diag)
{
  const EqkRunOptions how = run_options (self->options);
  const EqkRigOptions rig = { .precision = EQK_F64, .batch = 1, .seed = eqk_emitter_seed (self, 0) };
  const size_t        n_values = (size_t) eqk_program_n_values (program), n_ops = (size_t) eqk_program_n_ops (program);
  EqkStatus           status;

  self->program = program;
  self->heap = eqk_heap_new ();
  self->store = eqk_store_new (program, EQK_F32, 0);
  if (self->heap == NULL || self->store == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "export");
  self->prefix = self->options->prefix;
  self->macro_prefix = eqk_emitter_identifier (self, self->prefix, true);
  self->table_of = eqk_emitter_alloc (self, n_values * sizeof *self->table_of);
  self->expanded_at = eqk_emitter_alloc (self, n_values * sizeof *self->expanded_at);
  self->expanded = eqk_emitter_alloc (self, n_values);
  self->refused = eqk_emitter_alloc (self, n_ops);
  self->init_scratch = eqk_emitter_alloc (self, n_ops * sizeof *self->init_scratch);
  if (self->status != EQK_OK)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "export");
  eqk_emitter_forget (self);
  if (eqk_store_copy (self->store, weights) != EQK_OK)
    return eqk_fail (diag, EQK_ERR_INTERNAL, "the weights are of another program");
  status = eqk_run_new (program, self->store, &how, &self->plan, diag);
  if (status == EQK_OK)
    status = eqk_rig_new (program, self->store, &rig, &self->rig, diag);
  if (status == EQK_OK)
    eqk_emitter_ports (self);
  for (int i = 0; status == EQK_OK && i < self->n_inputs; i++)
    for (size_t k = 0; self->ports[i].n_kinds > 0 && k < self->rig->feeds[i].count; k++)
      if (self->rig->feeds[i].data[k] >= self->ports[i].n_kinds)
        self->rig->feeds[i].data[k] = 0;
  if (status == EQK_OK)
    status = eqk_rig_load (self->rig, NULL, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (self->rig->run, EQK_PASS_INFER, diag);
  return status;
}

static void
release (EqkEmitter *self)
{
  if (self->table_of != NULL)
    eqk_emitter_forget (self);
  eqk_run_free (self->plan);
  eqk_rig_free (self->rig);
  eqk_store_unref (self->store);
  eqk_heap_free (self->heap);
  free (self->written);
  free (self->tables);
}

/* ---- files ---- */

/* The order is that of dependence: the source completes the tables, the header knows their size, the self-test its elements. */
static const struct
{
  const char *name;
  void      (*write) (EqkEmitter *self, EqkText *out);
} writers[N_FILES] = {
  { "model.c", eqk_emitter_source },          { "model.h", eqk_emitter_header },    { "model_weights.c", eqk_emitter_weights },
  { "selftest.c", eqk_emitter_selftest },     { "example.c", eqk_emitter_example }, { "CMakeLists.txt", eqk_emitter_cmake },
  { "meson.build", eqk_emitter_meson },       { "README.md", eqk_emitter_readme },  { "model.json", eqk_emitter_json },
  { "example.cc", eqk_emitter_example_cxx },  { "model.f90", eqk_emitter_fortran }, { "example.f90", eqk_emitter_example_fortran },
};

static EqkExportFile *
write_files (EqkEmitter *self)
{
  EqkExportFile *files = calloc (N_FILES, sizeof *files);

  if (files == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
      return NULL;
    }
  for (int i = 0; self->status == EQK_OK && i < N_FILES; i++)
    {
      EqkText text = { 0 };

      writers[i].write (self, &text);
      if (text.failed)
        eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
      files[i] = (EqkExportFile){ writers[i].name, text.data, text.length };
    }
  return files;
}

void
eqk_export_files_free (EqkExportFile *files, int n)
{
  for (int i = 0; files != NULL && i < n; i++)
    free (files[i].text);
  free (files);
}

static EqkStatus
export_program (EqkEmitter *self, const EqkProgram *program, EqkStore *store, EqkExportFile **files, int *n, EqkDiag *diag)
{
  EqkStatus      status = prepare (self, program, store, diag);
  EqkExportFile *made;

  if (status != EQK_OK)
    return status;
  eqk_emitter_passes (self);
  made = self->status == EQK_OK ? write_files (self) : NULL;
  if (self->status != EQK_OK)
    {
      eqk_export_files_free (made, N_FILES);
      status = eqk_fail (diag, self->status, "%s", self->what);
      if (diag != NULL && self->failed_node != NULL)
        snprintf (diag->node, sizeof diag->node, "%s", self->failed_node);
      return status;
    }
  *files = made;
  *n = N_FILES;
  return EQK_OK;
}

EqkStatus
eqk_export_c (const EqkProgram *program, EqkStore *store, const EqkExportOptions *options, EqkExportFile **files, int *n, EqkDiag *diag)
{
  const EqkExportOptions full = completed (options);
  EqkEmitter             self = { .options = &full };
  EqkProgram            *exact = NULL;
  locale_t               plain, before;
  EqkStatus              status;

  if (!is_word (full.prefix))
    return eqk_fail (diag, EQK_ERR_NAME, "“%s” is no name in C", full.prefix);
  if (strpbrk (full.design_hash, "\"\\\n*/?%") != NULL || strlen (full.design_hash) > 128)
    return eqk_fail (diag, EQK_ERR_NAME, "design hash");
  plain = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  if (plain == (locale_t) 0)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "export");
  before = uselocale (plain);      /* numbers in C have a point, whatever the language of the desktop */
  status = compile_exact (program, &exact, diag);
  if (status == EQK_OK)
    status = export_program (&self, exact, store, files, n, diag);
  release (&self);
  eqk_program_free (exact);
  uselocale (before);
  freelocale (plain);
  return status;
}
