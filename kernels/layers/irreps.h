#pragma once

/**
 * What layers on irreps of space share: linear maps, products with the harmonics of edges, radial networks. Copies lie
 * component by component between the operations of one layer and copy by copy on ports (ops/irreps.h).
 */

#include "eqk/layer.h"
#include "ops/irreps.h"

/** Which fields of a representation are irreps of space; a failure says what else was found. */
EqkStatus eqk_irreps_check (const EqkPortType *x, const char *port, EqkDiag *diag);
/** A setting read as irreps of the group of space; NULL with diag filled. */
const EqkRep *eqk_irreps_param (EqkInfer *ctx, const char *param, EqkDiag *diag);
/** l of an irrep of space. */
int  eqk_irreps_degree (const EqkField *field);
/** admits of layers that act on features of space. */
bool eqk_irreps_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why);
/** infer of layers that map features at "x" linearly to the irreps of their setting "out", each of which must be among those of x. */
EqkStatus eqk_irreps_map_infer (EqkInfer *ctx, EqkDiag *diag);
/** Copies of this irrep in all runs. */
int  eqk_irreps_count (const EqkRep *rep, const EqkField *field);
/** Runs of rep whose irrep is in `keep`, in their order. */
const EqkRep *eqk_irreps_common (const EqkRep *rep, const EqkRep *keep);
/** rep with n more invariants, behind the last ones it has or in front. */
const EqkRep *eqk_irreps_add_invariants (const EqkRep *rep, int n);
/** Fields that are no scalars: each takes a gate. */
int  eqk_irreps_n_gated (const EqkRep *rep);
/** Degrees 0..lmax, each once, of parity (-1)^l: what harmonics are. */
const EqkRep *eqk_irreps_harmonics (const EqkGroup *group, int lmax);

/**
 * The setting "drop_paths" of layers with products: paths that are left out, such as "1o*2e>1o,0e*1o>1o" (kinds of x, of y, of their product; parted by
 * commas). A path that the product does not have is none to leave out.
 */
#define EQK_DROP_PATHS_PARAM                                                                                                                               \
  { "drop_paths", EQK_N_("Paths left out"), EQK_PARAM_TEXT, "", 0, 0, NULL, EQK_N_("Ways to combine kinds that are left out, such as 1o*2e>1o, parted by commas") }

/** Reads the setting and checks how it is written; NULL with diag filled. */
const char *eqk_irreps_drop_param (EqkInfer *ctx, EqkDiag *diag);
/** Whether the path from a and b to c is among those that `drop` (NULL: none) names. */
bool eqk_irreps_is_dropped (const char *drop, const EqkField *a, const EqkField *b, const EqkField *c);
/** The merged irreps, sorted by degree, odd before even, that products of x and y can reach and that `keep` has. @param drop  paths left out; NULL: none */
const EqkRep *eqk_irreps_products (const EqkRep *x, const EqkRep *y, const EqkRep *keep, const char *drop);

typedef struct
{
  const char *name;            /**< weights are "<name>.weight" and "<name>.bias" */
  const EqkRep *in, *out;
  bool in_by_component, out_by_component;
  bool bias;                   /**< on the invariants of the output */
  int  kinds, n_kinds;         /**< value with the kind of each row and number of kinds: weights by kind; n_kinds 0: one set */
  int  table, width;           /**< kinds' weights are sums over a learned table [n_kinds, width]; table -1: weights of their own */
} EqkIrrepsLinear;

/** y = W x irrep by irrep, 1/sqrt(fan-in); @return its value, -1 with diag filled. */
int  eqk_irreps_linear (EqkBuild *b, const EqkIrrepsLinear *spec, int x, EqkSpace space, EqkDiag *diag);
/** Number of its weights, without biases and of one kind. */
int  eqk_irreps_linear_count (const EqkRep *in, const EqkRep *out);

/** Number of weights an edge needs for eqk_irreps_convolve. */
int  eqk_irreps_n_paths_weights (const EqkRep *x, const EqkRep *y, const EqkRep *mid, const char *drop);
/**
 * Sum over edges of w (x_source ⊗ y), copy by copy ("uvu"), both sides by component. `mid` is eqk_irreps_products; y has one
 * copy a run; `scale` multiplies the sums. Paths stand in the order of x's runs, y's runs, degree; weights too.
 */
int  eqk_irreps_convolve (EqkBuild *b, const EqkRep *x_rep, const EqkRep *y_rep, const EqkRep *mid, const char *drop, int x, int y, int w,
                          int structure, double scale, EqkDiag *diag);

/** The same numbers component by component (or back, copy by copy). */
int  eqk_irreps_reorder (EqkBuild *b, int x, const EqkRep *rep, EqkSpace space, bool to_components, EqkDiag *diag);

/** A network of edges: h <- c act(h W/sqrt(fan-in) + b), the last layer linear. Weights "<name>.<i>.weight" [in][out] and, with a bias, "<name>.<i>.bias" [out]. */
int  eqk_radial_mlp (EqkBuild *b, const char *name, int x, EqkSpace space, int n_in, const int *hidden, int n_hidden, int n_out,
                     const char *act, const char *constants, bool bias, EqkDiag *diag);
