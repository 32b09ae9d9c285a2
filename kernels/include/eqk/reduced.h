#pragma once

/**
 * Tensors of several indices whose values are tied by exchanging indices, as irreps: which irreps there are and the orthonormal change of basis. The
 * symmetric 3 x 3 tensors ("ij=ji") are 1x0e + 1x2e, elastic constants ("ijkl=jikl=klij") are 2x0e + 2x2e + 1x4e.
 */

#include "eqk/rep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkReduced EqkReduced;

#define EQK_MAX_INDICES     6
#define EQK_MAX_TENSOR_SIZE 1296   /**< numbers of a tensor */

/**
 * @param reps     irreps of SO(3) or O(3) that each index runs over, in the order of the formula's first term
 * @param n        1 to EQK_MAX_INDICES
 * @param formula  "ij", "ij=-ji", "ijk=jik=ikj": each term, after its sign, names the indices of the first one in another order
 * @param out      (owned by the caller: eqk_reduced_free) unset on failure
 * @param diag     (optional) EQK_ERR_PARSE: index is the byte of the formula; EQK_ERR_TYPE: a representation that is no sum of irreps of space, or two indices
 *                 that are exchanged run over different ones; EQK_ERR_LIMIT; EQK_ERR_NO_MEMORY
 */
EqkStatus eqk_reduced_new  (const EqkRep *const *reps, int n, const char *formula, EqkReduced **out, EqkDiag *diag);
/** Frees the basis too; NULL is let pass. */
void      eqk_reduced_free (EqkReduced *self);

/** Irreps of the tensors: by degree, odd before even. Empty when the formula leaves only zero. */
const EqkRep *eqk_reduced_get_rep  (const EqkReduced *self);
/** Numbers of a tensor. */
int           eqk_reduced_get_size (const EqkReduced *self);
/**
 * Q, [channels of the irreps][numbers of a tensor], orthonormal rows; tensors in row-major order of their indices. Irreps of a tensor T: Q T, and back Q^T.
 * Among copies of one irrep the basis is free; this one comes from chains of couplings, the longest rest first.
 */
const double *eqk_reduced_get_basis (const EqkReduced *self);

#ifdef __cplusplus
}
#endif
