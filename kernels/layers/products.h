#pragma once

/**
 * Tensor products of rows of irreps as lists of terms for the operation "bilinear": which copies meet in which way, with which weight, and the
 * factors that keep variances (domain.md §11.4). The ways and the order of weights are those of e3nn's TensorProduct.
 */

#include "eqk/layer.h"
#include "ops/irreps.h"

typedef enum
{
  EQK_COPIES_UVW,      /**< every copy of x with every copy of y to every copy of z; weights [u][v][w] */
  EQK_COPIES_UVU,      /**< z has the copies of x; [u][v] */
  EQK_COPIES_UVV,      /**< z has the copies of y; [u][v] */
  EQK_COPIES_UUW,      /**< copy with the same copy, to every copy of z; [u][w] */
  EQK_COPIES_UUU,      /**< copy with the same copy to the same copy; [u] */
  EQK_COPIES_UVUV,     /**< all pairs are copies of z; [u][v] */
  EQK_COPIES_UVU_LESS, /**< the pairs u < v are copies of z; [pairs] */
  EQK_COPIES_LESS_VW   /**< the pairs u < v to every copy of z; [pairs][w] */
} EqkCopies;

typedef enum { EQK_SCALE_COMPONENT, EQK_SCALE_NORM, EQK_SCALE_NO_IRREP } EqkIrrepScale;
typedef enum { EQK_SCALE_ELEMENT, EQK_SCALE_PATH, EQK_SCALE_NO_PATH } EqkPathScale;

/** Copies of one irrep; parity 1: changes sign under inversion. variance: of its components, usually 1. */
typedef struct { int l, parity, mul; double variance; } EqkProductBlock;

typedef struct
{
  int       x, y, z;        /**< numbers of blocks */
  EqkCopies copies;
  bool      has_weight;
  double    weight;         /**< of the path among those to one block, usually 1 */
} EqkProductRule;

typedef struct
{
  const EqkProductBlock *x, *y, *z;
  int                    n_x, n_y, n_z;
  const EqkProductRule  *rules;
  int                    n_rules;
  EqkIrrepScale          irrep_scale;
  EqkPathScale           path_scale;
} EqkProduct;

typedef struct
{
  EqkBilinearTerm *terms;   /**< malloc'd */
  double          *c;       /**< malloc'd, [n_terms] */
  int              n_terms, n_weights;
} EqkProductTerms;

/** Whether l1 and l2 couple to l3 with these parities. */
bool      eqk_product_allowed (const EqkProductBlock *x, const EqkProductBlock *y, const EqkProductBlock *z);
/** The factor of rule number `rule`. */
double    eqk_product_scale   (const EqkProduct *self, int rule);
/** Copies that z must have for a rule, and its number of weights (0 without). */
int       eqk_product_copies  (const EqkProduct *self, int rule);
/** @return EQK_OK, EQK_ERR_SHAPE (a rule that does not fit its blocks) or EQK_ERR_NO_MEMORY; free both arrays */
EqkStatus eqk_product_terms   (const EqkProduct *self, EqkProductTerms *out);
