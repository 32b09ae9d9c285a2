#pragma once

/**
 * One step of message passing on irreps: linear map, product with the harmonics of edges weighted by a network of their
 * lengths, sum over neighbours, linear map, and what a node keeps of itself. TFN and NequIP differ in the last.
 */

#include "layers/irreps.h"

/** Settings and ports that both layers have; the tables of a layer end with them. */
#define EQK_INTERACTION_PARAMS                                                                                                        \
  { "out", EQK_N_("Output"), EQK_PARAM_REP, "32x0e + 32x1o + 32x2e", 0, 0, NULL, EQK_N_("Irreps behind the gate, such as 32x0e + 32x1o; what no product reaches is left out") }, \
  { "gates", EQK_N_("Scalars for a gate"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Make one more invariant for each irrep with a direction, for the gate behind") }, \
  { "hidden", EQK_N_("Radial network"), EQK_PARAM_INT_LIST, "[64]", 1, 1024, NULL, EQK_N_("Hidden widths of the network that makes the weights from the radial functions") }, \
  { "neighbours", EQK_N_("Mean number of neighbours"), EQK_PARAM_REAL, "10", 0.01, 10000, NULL, EQK_N_("Sums are divided by its root, so that features keep their size") }, \
  { "constants", EQK_N_("Constants"), EQK_PARAM_CHOICE, "exact", 0, 0, "exact|e3nn", EQK_N_("Scales of the radial network's activations: exact integrals, or e3nn's estimates for weights trained there") }, \
  EQK_DROP_PATHS_PARAM

typedef struct
{
  bool  self;               /**< a node keeps something of itself */
  int   kinds, n_kinds;     /**< of weights by kind of atom; n_kinds 0: one set for all */
  int   table, width;
  const char *self_name;
} EqkSelf;

/** Types of x, harmonics and radial, and of the output "y". */
EqkStatus eqk_interaction_infer  (EqkInfer *ctx, bool self, EqkDiag *diag);
/** Operations and weights "linear_up", "radial", "linear_down" and, where self says so, its own. EQK_ERR_NO_MEMORY. */
EqkStatus eqk_interaction_expand (EqkBuild *b, const EqkSelf *self, EqkDiag *diag);
/** Irreps asked for that nothing reaches (W-NEQUIP-UNREACH). */
void      eqk_interaction_lint   (EqkInfer *ctx);
