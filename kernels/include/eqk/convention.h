#pragma once

/**
 * Conventions of other programs for features of space and for weights, and the way there and back. Ours are those of eqk/space.h: pole y, a vector stored
 * (x, y, z), copies of an irrep one after the other, harmonics with sum of squares 2l + 1, edges from source to target, weights kind of atom by kind of atom.
 *
 * Changing the pole or the phase is a rotation of each irrep, so weights of equivariant maps stay. Reversed edges change the sign of harmonics of odd degree,
 * another size of harmonics their factor: the weights of products with them take the inverse, so that the network is the same function.
 */

#include "eqk/layer.h"
#include "eqk/program.h"
#include "eqk/rep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { EQK_POLE_Y, EQK_POLE_Z } EqkPole;                   /**< l = 1 stored (x, y, z), or (y, z, x) as in textbooks */
typedef enum { EQK_HARMONICS_COMPONENT, EQK_HARMONICS_NORM, EQK_HARMONICS_INTEGRAL } EqkHarmonicSize;   /**< sum of squares 2l + 1, 1, (2l + 1) / 4 pi */

typedef struct
{
  EqkPole         pole;
  bool            by_component;    /**< "ir_mul": component by component, the copies side by side; else "mul_ir" */
  EqkHarmonicSize size;
  bool            phase;           /**< Condon and Shortley's (-1)^m */
  bool            reversed;        /**< edge vectors run from target to source */
  bool            kinds_inside;    /**< weights by kind of atom: [block][u][kind][v], else [kind][block][u][v] */
} EqkConvention;

/** Ours. */
#define EQK_CONVENTION_STUDIO { EQK_POLE_Y, false, EQK_HARMONICS_COMPONENT, false, false, false }

/**
 * Reads words in any order, later ones override: "studio", "e3nn", "nequip", "textbook" for a whole set; "xyz" or "yzx"; "mul_ir" or "ir_mul"; "component", "norm"
 * or "integral"; "no-phase" or "condon-shortley"; "to-target" or "to-source"; "kinds-outside" or "kinds-inside". "" is ours.
 * @return EQK_OK, or EQK_ERR_PARSE with the word in diag->what
 */
EqkStatus eqk_convention_parse (const char *text, EqkConvention *out, EqkDiag *diag);
/** All six words; text holds at least 96 bytes. */
void      eqk_convention_text  (const EqkConvention *self, char *text, size_t size);
/** Whether all six choices are the same. */
bool      eqk_convention_equal (const EqkConvention *a, const EqkConvention *b);

/**
 * n rows of features from one convention to another. x, y: [n, channels], no overlap.
 * @param harmonics  the rows are harmonics, which also have a size; other features (forces, dipoles) have none
 * @return EQK_OK; EQK_ERR_TYPE for fields that are no irreps of SO(3) or O(3)
 */
EqkStatus eqk_convention_features (const EqkRep *rep, const EqkConvention *from, const EqkConvention *to, bool harmonics, const double *x, double *y, size_t n);

/* ---- weights ---- */

/** Part of a weight of maps between irreps. */
typedef struct
{
  int32_t first, rows, columns;   /**< by kind: first number of the block [rows][columns] of a kind; else first column, rows of the matrix, columns */
  int32_t degree;                 /**< of the harmonics that these columns are the weights of */
} EqkWeightBlock;

/** What the numbers of a weight stand for. */
typedef struct EqkWeightForm
{
  int                   n_kinds;  /**< [n_kinds][n]: blocks of each kind of atom; 0: columns of a matrix */
  int                   width;    /**< numbers of a row of the matrix */
  int                   n_blocks;
  const EqkWeightBlock *blocks;   /**< with room for one more */
} EqkWeightForm;

/** For expansions of layers: says what a weight stands for; copied. @return false without memory */
bool                 eqk_build_form   (EqkBuild *b, int weight, const EqkWeightForm *form);
/** A value of the program in the making; valid until the next one is made. */
const EqkValue      *eqk_build_look   (const EqkBuild *b, int value);
/** NULL where nothing was said: the numbers are the same in every convention. */
const EqkWeightForm *eqk_program_form (const EqkProgram *program, int weight);

/** Numbers of a weight of a program, as many as its width, from one convention to another; in and out do not overlap. */
void      eqk_convention_weight (const EqkProgram *program, int weight, const EqkConvention *from, const EqkConvention *to, const double *in, double *out);
/** Whether the weights of a program can say the same in a convention: EQK_ERR_UNSUPPORTED with the node where reversed or resized harmonics meet a factor that no weight holds. */
EqkStatus eqk_convention_fits   (const EqkProgram *program, const EqkConvention *self, EqkDiag *diag);

#ifdef __cplusplus
}
#endif
