#pragma once

/**
 * Gates, for the layers that have some: of the trivial fields of a row the last ones are the gates, one for each field that takes one, and are used up; or
 * they stand in a row of their own.
 */

#include "layers/fields.h"

#include "ops/op_act.h"

/** Names as the settings of the layer gate have them. */
typedef struct
{
  const char *scalars;     /**< activation of the scalars that are no gates; "gate": they take one too */
  const char *gates;       /**< activation of the gates */
  const char *odd;         /**< "gate" or "tanh": what becomes of one number that changes sign under a mirror */
  const char *constants;   /**< "exact" or "e3nn": scales where normalise says so */
  bool        normalise;   /**< activations keep the mean square of normal numbers */
  bool        bias;        /**< a learned threshold "bias" for each gate */
} EqkGateForm;

/** Gates that a row of x needs. Where they are in x too, its scalars are those that remain: half of the rest when they are gated. */
int           eqk_gate_count (const EqkRep *rep, const char *odd, const char *scalars, bool gates_inside);
/** x without its last n_gates trivial fields; NULL without memory. */
const EqkRep *eqk_gate_rest  (const EqkRep *rep, int n_gates);
/**
 * The rows x with their gates applied.
 * @param gates, gates_rep  -1 and NULL: the gates are in x
 * @return the value, of eqk_gate_rest channels where the gates were in x, or -1
 */
int           eqk_gate_rows  (EqkBuild *b, int x, const EqkRep *rep, int gates, const EqkRep *gates_rep, EqkSpace space, const EqkGateForm *form, EqkDiag *diag);
