#pragma once

/**
 * What a family of groups has to provide, and the helpers for families on the plane. One file a family; group.c
 * asks every family in turn whether an id is its own, and after that only the methods speak.
 */

#include "eqk/group.h"
#include "eqk/rep.h"

/** Irreps above this frequency are refused: no kernel that fits a grid can carry them. */
#define EQK_MAX_FREQUENCY 255

#define EQK_MAX_STEPS 16   /* the largest n of C_n and D_n */
#define EQK_MAX_IRREP_SIZE 529   /* numbers in a matrix of the largest irrep: degree 11 of space */

typedef struct
{
  int          dim;
  int          frequency;
  EqkIrrepType type;
} EqkIrrepInfo;

typedef struct
{
  /** Is `base` (the id before "@") of this family? Fills what describes the group in self; base is canonical after. */
  bool (*recognise) (EqkGroup *self, const char *base);

  EqkElement (*compose)    (const EqkGroup *self, const EqkElement *a, const EqkElement *b);
  EqkElement (*inverse)    (const EqkGroup *self, const EqkElement *g);
  int        (*generators) (const EqkGroup *self, EqkElement out[4]);
  EqkElement (*sample)     (const EqkGroup *self, uint64_t seed, uint64_t counter);
  void       (*action)     (const EqkGroup *self, const EqkElement *g, double *matrix);
  /** The element that acts by this orthogonal matrix; false when there is none. */
  bool       (*from_action) (const EqkGroup *self, const double *matrix, EqkElement *out);
  /** cos and sin of k times the angle of the rotation part. */
  void       (*turn)       (const EqkGroup *self, const EqkElement *g, int k, double *c, double *s);

  bool (*irrep_id)     (const EqkGroup *self, int index, int *j, int *k);   /**< in ascending frequency */
  bool (*irrep_info)   (const EqkGroup *self, int j, int k, EqkIrrepInfo *info);   /**< false: no such irrep */
  void (*irrep_matrix) (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix);
  /**
   * Cosets of the identity component, one element each (finite groups: every element). Sums over `n` quadrature nodes
   * of every component integrate matrix entries up to frequency n - 1 exactly.
   */
  int        (*n_components) (const EqkGroup *self);
  EqkElement (*component)    (const EqkGroup *self, int index);
  EqkElement (*node)         (const EqkGroup *self, int i, int n);   /**< node i of n of the identity component */
} EqkGroupFamily;

struct EqkGroup
{
  const EqkGroupFamily *family;
  char        id[48];
  char        base[16];        /**< id without the axis */
  char        notation[24];
  const char *title;
  int         n;               /**< rotation steps, 0 when continuous */
  int         order;           /**< 0 when infinite */
  int         space_dim;
  bool        abelian, connected, mirror;
  int64_t     axis_pico;       /**< mirror axis in 1e-12 degrees, in [0, 180e12): an integer, so that ids are exact */
  double      axis_deg;
  double      axis_cos, axis_sin;       /**< of the axis itself */
  double      mirror_cos, mirror_sin;   /**< of twice the axis: the entries of the mirror's matrix; exact on the grid */
  int        *table;           /**< [order, order] */
};

extern const EqkGroupFamily eqk_family_cyclic, eqk_family_dihedral, eqk_family_so2, eqk_family_o2, eqk_family_space;

/** The id without its axis, as it stands in names of fields. */
const char *eqk_group_get_base (const EqkGroup *self);
/** Cosets of the identity component; of a finite group its order. */
int         eqk_group_n_components (const EqkGroup *self);
/** One element of coset 0 … n_components - 1. */
EqkElement  eqk_group_component    (const EqkGroup *self, int index);
/** Nodes of a quadrature over the whole group that is exact up to this frequency. */
int         eqk_group_n_nodes (const EqkGroup *self, int frequency);
/** Node 0 … n_nodes - 1 of that quadrature. */
EqkElement  eqk_group_node    (const EqkGroup *self, int frequency, int index);
/** Dimension, frequency and type of irrep (j, k); false when the group has no such one. */
bool        eqk_group_irrep_info   (const EqkGroup *self, int j, int k, EqkIrrepInfo *info);
/** Its matrix at g, row-major [dim, dim]; at most EQK_MAX_IRREP_SIZE numbers. The irrep must exist. */
void        eqk_group_irrep_matrix (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix);
/** j and k of irrep number `index`, in ascending frequency; false past the last one. */
bool        eqk_group_irrep_id     (const EqkGroup *self, int index, int *j, int *k);
/** As eqk_group_embed, the other way: the element of sub that acts as g of self. */
bool        eqk_group_descend (const EqkGroup *self, const EqkGroup *sub, const EqkElement *g, EqkElement *out);
/** Reads digits as a number of at most `limit`; returns the end, or NULL when there is none or it is too large. */
const char *eqk_read_int (const char *text, int limit, int *value);

/* --- families on the plane (plane.c) --- */
/** action of all families on the plane: mirror about the group's axis where g mirrors, then the turn. [2, 2] */
void       eqk_plane_action       (const EqkGroup *self, const EqkElement *g, double *matrix);
/** irrep_matrix of all families on the plane: a sign, or the turn by k times the angle, mirrored where g is. */
void       eqk_plane_irrep_matrix (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix);
/** Rotation angle in [0, 2 pi) and mirror bit of an orthogonal 2 x 2 matrix, with the group's own mirror axis. */
double     eqk_plane_split_action (const EqkGroup *self, const double *matrix, int *mirror);
/** The step of n that is nearest to the angle; false when it is further than rounding allows. */
bool       eqk_plane_step_of      (double angle, int n, int *step);
/** cos and sin of 2 pi p / q, exact at multiples of a quarter turn. */
void       eqk_plane_cos_sin      (int64_t p, int64_t q, double *c, double *s);
/** Into [0, 2 pi). */
double     eqk_plane_wrap         (double angle);
/**
 * Largest subgroup of both: turns by the common divisor of their steps, mirrors where the axes of both have a common
 * line.
 */
const EqkGroup *eqk_plane_common  (const EqkGroup *a, const EqkGroup *b);
/** "₁₂" of 12. */
void       eqk_subscript (int n, char *text, size_t size);
