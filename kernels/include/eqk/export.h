#pragma once

/**
 * Export as standalone C: a program with its weights becomes source files that need a C compiler and libm only. Texts are
 * made here; writing them to a folder is done above (src/services/export.h).
 */

#include "eqk/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct
{
  const char *name;          /**< title of the design; NULL: "model" */
  const char *prefix;        /**< of all C names, a C identifier; NULL: "eq_model" */
  const char *provenance;    /**< one paragraph on where the model comes from; may be NULL */
  const char *design_hash;   /**< readable at run time; may be NULL */
  bool        plain;         /**< plain loops instead of vector extensions */
  bool        compact;       /**< weights stay basis coefficients and are expanded into the caller's memory at init */
  int         max_nodes, max_edges;   /**< limits compiled in, at least 3 and 6; 0: 64 and 1024 */
  uint64_t    seed;          /**< of the inputs of the self-test */
  bool        trained;       /**< weights are of a training */
  double      byte_scale;    /**< training multiplied bytes of pictures by this; 0: they were no bytes */
  const char *length_unit;   /**< of positions and cut-offs, "angstrom"; NULL: that of the data */
  const char *const *class_names;   /**< [n_classes] in the order of the answer's numbers; may be NULL */
  int         n_classes;
  const char *const *kind_names;    /**< [n_kinds] what species 0, 1 … stand for; may be NULL */
  int         n_kinds;
} EqkExportOptions;

typedef struct
{
  const char *name;          /**< "model.c" */
  char       *text;
  size_t      length;
} EqkExportFile;

/**
 * Writes model.h, model.c, model_weights.c, selftest.c, example.c, CMakeLists.txt, meson.build, README.md, model.json; for other
 * languages example.cc, model.f90, example.f90.
 * The self-test's expected outputs come from this library in double precision with direct kernels.
 *
 * @param store    weights of any precision; rounded to float32
 * @param options  may be NULL
 * @param files    (owned by the caller: eqk_export_files_free)
 * @return EQK_OK, EQK_ERR_UNSUPPORTED (an operation that has no C; diag->node), EQK_ERR_NAN (a weight is not finite),
 *         EQK_ERR_NAME (prefix), EQK_ERR_NO_MEMORY
 */
EqkStatus eqk_export_c (const EqkProgram *program, EqkStore *store, const EqkExportOptions *options, EqkExportFile **files,
                        int *n, EqkDiag *diag);
/** Frees the n texts and the array; files may be NULL. */
void      eqk_export_files_free (EqkExportFile *files, int n);

/** What an exported program will need: its constant EQ_MODEL_ARENA_BYTES, which is also totals.arena_bytes. */
EqkStatus eqk_export_arena_bytes (const EqkProgram *program, const EqkExportOptions *options, size_t *bytes, EqkDiag *diag);

#ifdef __cplusplus
}
#endif
