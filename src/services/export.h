#pragma once

/** Export: a design with weights into artefacts in a folder. Each file is written so that it is there wholly or not at all. */

#include "services/checkpoint.h"

G_BEGIN_DECLS

typedef struct
{
  const char *prefix;        /**< (nullable) of all C names; "eq_model" */
  gboolean    plain;         /**< plain loops instead of vector extensions */
  gboolean    compact;       /**< weights as basis coefficients, expanded into the caller's memory at init */
  int         max_nodes, max_edges;   /**< compiled-in limits of point and graph networks; 0: the design's nominal N and E */
} EqsExportCOptions;

/**
 * Writes standalone C (product.md §5) into a folder, which is made if it does not exist.
 * @param options  (nullable)
 * @return (transfer full) paths of the files written, ends with NULL; NULL on failure
 */
char **eqs_export_c (EqsModel *model, const char *folder, const EqsExportCOptions *options, GError **error);

/** What the C code of a model takes on a device, in bytes. */
typedef struct
{
  gsize table_bytes;         /**< constants: weights as the code holds them, and tables; in flash */
  gsize expanded_bytes;      /**< memory for weights that are expanded at the start; 0 unless compact */
  gsize arena_bytes;         /**< working memory of a call */
  gsize code_bytes;          /**< machine code for this computer, optimised for size; 0: there is no compiler */
  gsize stack_bytes;         /**< stack of a call, without what libm takes; 0: not known, as without gcc */
} EqsExportSizes;

/** Makes the code as eqs_export_c does and compiles it in a temporary folder; nothing is left. Not for the main thread. @return FALSE where it cannot be made */
gboolean eqs_export_c_measure (EqsModel *model, const EqsExportCOptions *options, EqsExportSizes *sizes, GError **error);

/**
 * Writes weights.safetensors (weights and states, no memory of the optimiser, with the design inside) and weights.json (names, shapes, nodes, convention).
 * @param convention  (nullable) words of eqk/convention.h that the weights are written in; the file can be opened here like any other. NULL: ours
 * @return as eqs_export_c; NULL also where the design cannot say the same in that convention
 */
char **eqs_export_weights (EqsModel *model, const char *folder, const char *convention, GError **error);

/**
 * Writes a PyTorch program of a design on sets, graphs or points. Sets and graphs: model.py (the design), equi_torch.py (its layers, with those of
 * PyTorch Geometric where it is installed), weights.safetensors, vectors.safetensors (inputs and what this program makes of them). Points: model.py
 * with e3nn's modules, network.json, weights.safetensors and vectors.json (inputs with the results that the studio computes in float64).
 * "python3 model.py" builds the model, loads the weights and compares. Refuses a layer that has no form there, by its node.
 * @return as eqs_export_c
 */
char **eqs_export_python (EqsModel *model, const char *folder, GError **error);

/** Whether anything of a program has as many rows as there are nodes (EQK_SPACE_NODES), or edges. */
gboolean eqs_export_has_rows (const EqkProgram *program, EqkSpaceKind kind);

/** Whether eqs_export_python writes this design; the error names the node that has no form there. */
gboolean eqs_export_python_can (const EqkTyped *typed, GError **error);

/** One paragraph on where a model comes from: design, training, data, how far its promise holds. (transfer full) */
char  *eqs_export_dup_provenance (EqsModel *model);

G_END_DECLS
