#pragma once

/** The table of families that the guide knows: one row each, whether it is built here or not. */

#include <glib.h>

G_BEGIN_DECLS

/** Kinds of symmetry groups, as families have them by nature. */
typedef enum
{
  EQS_NATIVE_GRID    = 1 << 0,   /**< C_n, D_n with n = 1, 2, 4: the pixel grid is mapped to itself */
  EQS_NATIVE_FINITE  = 1 << 1,   /**< other C_n, D_n */
  EQS_NATIVE_PLANE   = 1 << 2,   /**< SO(2), O(2) */
  EQS_NATIVE_SPHERE  = 1 << 3,   /**< SO(3), O(3) */
  EQS_NATIVE_SPACE   = 1 << 4,   /**< SE(3), E(3) and their products with S_n */
  EQS_NATIVE_PERMUTE = 1 << 5    /**< S_n */
} EqsNative;

/** Makes a design: which template, for which tasks. */
typedef struct
{
  const char *task;
  const char *template;          /**< with the grid kept by strides and max pooling */
} EqsFamilyForm;

typedef struct
{
  const char   *id, *rule, *title;
  const char   *domains;         /**< "points|molecule" */
  unsigned      native;
  const char   *tasks;           /**< "classification|regression" */
  double        expressiveness, support;
  double        exactness;       /**< 1 exact, 0.8 exact on a subgroup of the grid, 0.5 approximate; 0: by the group */
  double        usual_mflop;     /**< when it cannot be computed here */
  const char   *library, *topology;
  const char   *reason;          /**< why this family is native to its group */
  const char   *prefer_when;
  const char   *relations;       /**< which it is for (EqsQuestion.relations); NULL: any */
  const char   *scaling;         /**< what cost grows with */
  EqsFamilyForm forms[5];        /**< ends with task NULL; none: not built */
} EqsFamily;

/** All rows, in the order of the guide's table; constant. *n is their number. */
const EqsFamily *eqs_families     (guint *n);
/** The row with this id, constant; NULL when there is none. id must not be NULL. */
const EqsFamily *eqs_family_find  (const char *id);

G_END_DECLS
