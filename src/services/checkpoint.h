#pragma once

/**
 * Checkpoints: weights, states, optimiser and everything needed to go on, in one safetensors file. The metadata holds
 * "equi.design" (the design, as in a .equi file), "equi.run" (JSON: seed, epoch, step, data, metrics …) and
 * "equi.trainable" (JSON list of the trainable tensors; their sizes add up to the parameters).
 */

#include "model/document.h"

#include "eqk/train.h"

G_BEGIN_DECLS

/**
 * Weights and states by the names of a program; optimizer may be NULL. run_info (transfer none) becomes "equi.run"; where it has a "convention" (words of
 * eqk/convention.h), weights are written in that one, without the optimiser's memory, and eqs_checkpoint_restore brings them back. Atomic.
 */
gboolean eqs_checkpoint_save (const char *path, EqsDocument *document, const EqkProgram *program, EqkStore *store, EqkOptimizer *optimizer,
                              const EqsMap *run_info, GError **error);

typedef struct _EqsCheckpoint EqsCheckpoint;

/** Reads and checks a file; refuses what is no checkpoint of this product. */
EqsCheckpoint *eqs_checkpoint_open     (const char *path, GError **error);
/** The document goes unless others hold it. */
void           eqs_checkpoint_free     (EqsCheckpoint *self);
/** (transfer none) */
EqsDocument   *eqs_checkpoint_get_document (EqsCheckpoint *self);
/** (transfer none) never NULL; may be empty. */
const EqsMap  *eqs_checkpoint_get_run  (EqsCheckpoint *self);
/**
 * Fills store (and optimizer, if not NULL and the file has its state). Names the first tensor that is missing or of another shape.
 * @param loose  --init from another design: tensors that do not fit are left as they are; *n_taken counts the others
 */
gboolean       eqs_checkpoint_restore  (EqsCheckpoint *self, const EqkProgram *program, EqkStore *store, EqkOptimizer *optimizer,
                                        gboolean loose, guint *n_taken, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsCheckpoint, eqs_checkpoint_free)

/** A design with weights, ready to run: from a checkpoint, or from a .equi file with the initialiser's weights (its seed). */
typedef struct
{
  EqsDocument *document;     /* owned */
  EqsMap      *run;          /* owned; empty for a design that was never trained */
  EqsCheckpoint *checkpoint; /* owned (nullable) */
  EqkTyped    *typed;        /* owned */
  EqkProgram  *program;      /* owned */
  EqkStore    *store;        /* owned, float32 */
  gboolean     trained;
} EqsModel;

/** A design: of a .equi file, or the one inside a checkpoint, whose weights are left alone. (transfer full) */
EqsDocument *eqs_design_open (const char *path, GError **error);

/**
 * Reads a checkpoint, or a design that gets its initial weights (then `trained` is FALSE).
 * @return (transfer full) NULL with an error: no such file, a design that does not compile, tensors that do not fit it
 */
EqsModel *eqs_model_open (const char *path, GError **error);
/** A design with its initial weights. @param document referenced; must not change while the model lives */
EqsModel *eqs_model_new  (EqsDocument *document, GError **error);
/** With weights, program and types. */
void      eqs_model_free (EqsModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsModel, eqs_model_free)

G_END_DECLS
