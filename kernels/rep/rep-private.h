#pragma once

/** What the files of rep/ share: the field itself, and how one is made, interned and decomposed. */

#include "group/group-private.h"

#define EQK_MAX_FIELD_DIM 1024
#define EQK_MAX_CHANNELS  65535
#define EQK_MAX_FIELD_NAME 200

struct EqkField
{
  const EqkGroup  *group;
  char            *name;
  int              dim;
  int              n_irreps;
  const EqkField **irreps;          /**< [n_irreps], interned; of an irrep: itself */
  double          *basis;           /**< Q [dim, dim], or NULL */
  int              n_trivial;
  int              max_frequency;
  bool             is_irrep, is_permutation;
  int              j, k;            /**< of irreps */
  EqkIrrepType     type;
};

/** The representation to decompose: writes rho(g), [dim, dim]. False when g has no such matrix. */
typedef bool (*EqkMatrixFunc) (const void *data, const EqkElement *g, double *matrix);

/**
 * Decomposes rho into irreps by projection and makes the field. One irrep with the identity as basis gives the irrep
 * itself. NULL when memory is short, rho is too large, or it is no orthogonal representation up to this frequency.
 */
const EqkField *eqk_field_decompose (const EqkGroup *group, const char *name, int dim, int max_frequency,
                                     EqkMatrixFunc rho, const void *data);
/** Takes over irreps and basis (malloc'd; basis may be NULL), also on failure. */
const EqkField *eqk_field_make (const EqkGroup *group, const char *name, int n_irreps, const EqkField **irreps,
                                double *basis);
/** The field of this name if it has been made before. */
const EqkField *eqk_field_find (const EqkGroup *group, const char *name);
/** Reads one field of `group` at *text and moves *text behind it; NULL with *text where reading stopped. */
const EqkField *eqk_field_parse (const EqkGroup *group, const char **text, int depth);
/** Bytes of the tables between composite fields that are there now, held or kept. */
size_t eqk_kernel_basis_kept (void);
