#pragma once

/* Stress beside forces: what run.c does before and after the reverse pass to the positions. */

#include "eqk/run.h"

/** Fills the stress of each sample from the gradients at positions and lattice. After the reverse pass to them. */
void eqk_run_make_stress (EqkRun *run);
/** Adds to the direction of differentiation (of positions and lattice) what the loss gradient of the stress asks for. */
void eqk_run_add_strain  (EqkRun *run);
/** Adds to the gradients of positions and lattice, where they are wanted, what the stress depends on them by itself. After the reverse pass to the weights. */
void eqk_run_add_strain_gradients (EqkRun *run);
