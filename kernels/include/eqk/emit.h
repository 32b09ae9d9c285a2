#pragma once

/**
 * Emission of C. An operation writes its function once per signature (eqk_emit_function) and one call per operation.
 * Buffers are addressed by expressions the emitter gives; memory is planned by the run with export_plan.
 */

#include "eqk/op.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Appends text to the body of the function being written, or of eq_run outside of one. printf's format. */
void eqk_emit (EqkEmitter *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/**
 * Opens a static function whose C name is `name`; false when one of that name has been written already (then skip its body).
 * The caller emits the whole definition and ends with eqk_emit_end.
 */
bool eqk_emit_begin (EqkEmitter *self, const char *name);
/**
 * Closes the function that eqk_emit_begin opened last; its text joins the file after those it needed. Nothing when
 * none is open.
 */
void eqk_emit_end   (EqkEmitter *self);
/** C expression of type `float *` (or `const float *`, `const int32_t *`) for a value, such as "(arena + 512)" or "model_w3". */
const char *eqk_emit_value (EqkEmitter *self, int value);
/** Expression for the gradient of an output, or of an input that the operation has once; NULL when none is wanted. */
const char *eqk_emit_grad  (EqkEmitter *self, int value);
/** Expression for the gradient of input k of the operation in progress, to be overwritten; NULL when none is wanted. */
const char *eqk_emit_gin   (EqkEmitter *self, const EqkOp *op, int k);
/** Expression of type `float *` for the operation's scratch memory in this pass, as its plan asked for. */
const char *eqk_emit_scratch (EqkEmitter *self, const EqkOp *op);
/** The same for what it keeps from call to call: here memory of its own for the whole run. */
const char *eqk_emit_kept    (EqkEmitter *self, const EqkOp *op);
/** Expression for the number of rows of a value: a constant or a run-time size such as "(size_t) n_nodes". */
const char *eqk_emit_rows  (EqkEmitter *self, int value);
/** Puts a constant float or int32 table into the weights file; @return its C name, which holds `name`. Equal tables are one. */
const char *eqk_emit_table   (EqkEmitter *self, const char *name, const float *data, size_t n);
/** The same for int32. */
const char *eqk_emit_table_i (EqkEmitter *self, const char *name, const int32_t *data, size_t n);
/**
 * Name in C of "n_nodes", "n_edges", "src", "dst", "node_of" or "edge_of" of a structure: "n_nodes", of selected part 1 "n_nodes_1". Operations write these
 * names as they are of the whole; in calls of those that work on a part they get its number. Only operations across structures (EQK_ACROSS) ask.
 */
const char *eqk_emit_word (EqkEmitter *self, const char *word, int structure);
/** The most rows that a structure can have, and whether the model has edges at all. */
EqkExtent   eqk_emit_capacity  (const EqkEmitter *self, int structure);
bool        eqk_emit_has_edges (const EqkEmitter *self);
/** Plain loops wanted instead of vector extensions. */
bool eqk_emit_plain   (const EqkEmitter *self);
/** The reverse pass is being emitted. */
bool eqk_emit_reverse (const EqkEmitter *self);
/** The program that is written out; borrowed, it outlives the emission. */
const EqkProgram *eqk_emit_program (const EqkEmitter *self);

#ifdef __cplusplus
}
#endif
