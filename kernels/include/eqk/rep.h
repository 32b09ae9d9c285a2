#pragma once

/**
 * Representations: a field is one representation (an irrep, the regular one, a quotient, a sum with a change of basis);
 * a representation of a port is a list of runs "multiplicity x field". Both are interned and immutable: equal text and
 * group give the same pointer, and they live as long as the process. All matrices are orthogonal, in double.
 *
 *   rho(g) = Q blockdiag(irreps(g)) Q^T
 */

#include "eqk/group.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  EQK_IRREP_REAL    = 1,   /**< commutes with scalars only: one parameter a pair */
  EQK_IRREP_COMPLEX = 2    /**< commutes with 2 x 2 rotations: two parameters a pair */
} EqkIrrepType;

/* --- fields --- */
/** The group that acts. */
const EqkGroup *eqk_field_get_group (const EqkField *self);
/** As in texts: "triv", "f1", "sign", "reg(C4)", "C8/C2". */
const char     *eqk_field_get_name  (const EqkField *self);
/** Channels of one copy. */
int             eqk_field_get_dim   (const EqkField *self);
/** The one-dimensional trivial irrep itself. */
bool            eqk_field_is_trivial     (const EqkField *self);
/** Whether it is one irrep itself, in its own basis. */
bool            eqk_field_is_irrep       (const EqkField *self);
/** Every rho(g) is a permutation matrix ("supports_pointwise") */
bool            eqk_field_is_permutation (const EqkField *self);
/** Number of trivial irreps inside. */
int             eqk_field_n_trivial      (const EqkField *self);
/** Blocks, with multiplicity, in the order of Q's columns. */
int             eqk_field_n_irreps       (const EqkField *self);
/** Irrep number `block` of the sum inside; interned. NULL out of range. */
const EqkField *eqk_field_irrep          (const EqkField *self, int block);
/** Change of basis Q, row-major [dim, dim]; NULL means the identity. */
const double   *eqk_field_basis          (const EqkField *self);
/** rho(g), row-major [dim, dim]. */
void            eqk_field_matrix         (const EqkField *self, const EqkElement *g, double *matrix);
/** Trace of rho(g). */
double          eqk_field_character      (const EqkField *self, const EqkElement *g);
/* Of irreps only: */
/** j of the id (j, k): 1 where it is odd under inversion (space), mirror-odd or two-dimensional (D_n, O(2)). */
int             eqk_field_irrep_j         (const EqkField *self);
/** k: frequency on the plane, degree l in space. */
int             eqk_field_irrep_frequency (const EqkField *self);
/** What commutes with it, over the reals. */
EqkIrrepType    eqk_field_irrep_type      (const EqkField *self);

/** The quotient G/H on the cosets gH; NULL when sub is no subgroup. Offered: C_n/C_m, D_n/C_n, D_n/D_1, D_n/C_m, D_n/D_m. */
const EqkField *eqk_field_quotient (const EqkGroup *group, const EqkGroup *sub);
/** All irreps up to a frequency, each `dim` times for real type, once for complex type: the band-limited regular field. */
const EqkField *eqk_field_band_limited (const EqkGroup *group, int max_frequency);
/** Direct sum, tensor product and restriction, with the change of basis that decomposes them. Interned. */
const EqkField *eqk_field_sum      (const EqkField *const *fields, int n);
/**
 * By characters; on the plane the basis is computed, in space it is Clebsch and Gordan's. NULL for two groups, past
 * the limits of size or frequency, or without memory.
 */
const EqkField *eqk_field_product  (const EqkField *a, const EqkField *b);
/** rho of the elements of sub alone; self when sub is its group. NULL when sub is no subgroup, or without memory. */
const EqkField *eqk_field_restrict (const EqkField *self, const EqkGroup *sub);
/** Induction of a field of the subgroup to a finite group, dimension dim * |G| / |H|. */
const EqkField *eqk_field_induce   (const EqkField *self, const EqkGroup *group);
/** Multiplicity of an irrep by characters; -1 when the sum is not an integer within 1e-6 (not a representation). */
int             eqk_field_multiplicity (const EqkField *self, const EqkField *irrep);

/* --- representations of ports --- */
typedef struct
{
  const EqkField *field;
  int             mul;
} EqkRepRun;

/** Direct sum of runs. Channels: run by run, copy by copy, component by component. */
typedef struct EqkRep EqkRep;

/**
 * Reads "16x reg(C4)", "1x triv + 8xf1", "6x C8/C2", "4xreg" (the group may be left out), "8xf0+8xf1+8xf2", "2x sign",
 * "3x (1,2)" (irrep j, k). "reg" is the regular field, "f0" the trivial irrep, "fK" frequency K: of D_n, O(2) the
 * irrep (1,K), of C_n frequency K; "bl3" the band-limited regular field to frequency 3. White space is free; "" is the
 * empty sum. Multiplicities 0..65535, at most 65535 channels in all.
 * @param diag (optional) EQK_ERR_PARSE: diag->index is the byte where reading stopped
 */
EqkStatus     eqk_rep_parse (const EqkGroup *group, const char *text, const EqkRep **out, EqkDiag *diag);
/** mul copies of one field. NULL when field is NULL, past 65535 channels, or without memory. */
const EqkRep *eqk_rep_single (const EqkField *field, int mul);
/**
 * The sum of these runs, in their order; n_runs 0 is the empty sum.
 * @return interned; NULL for a field of another group, a negative multiplicity, more than 65535 channels, or without
 *   memory
 */
const EqkRep *eqk_rep_from_runs (const EqkGroup *group, const EqkRepRun *runs, int n_runs);
/**
 * The channels of n representations of one group one after the other. NULL when n is 0, for two groups, past 65535
 * channels, or without memory.
 */
const EqkRep *eqk_rep_concat (const EqkRep *const *reps, int n);

/** The group that acts; never NULL. */
const EqkGroup *eqk_rep_get_group (const EqkRep *self);
/** Canonical text that eqk_rep_parse reads back. */
const char     *eqk_rep_get_text  (const EqkRep *self);
/** Channels. */
int             eqk_rep_get_dim   (const EqkRep *self);
/** Runs "multiplicity x field". */
int             eqk_rep_n_runs    (const EqkRep *self);
/** Run 0 … n_runs - 1 (not checked). */
EqkRepRun         eqk_rep_run       (const EqkRep *self, int run);
/** Copies in all runs. */
int             eqk_rep_n_fields  (const EqkRep *self);
/** Field number i (counting copies), with the channel at which it starts. */
const EqkField *eqk_rep_field     (const EqkRep *self, int i, int *first_channel);
/** Trivial irreps in all fields: legal biases. */
int             eqk_rep_n_trivial (const EqkRep *self);
/** Only trivial irreps as fields: invariants. */
bool            eqk_rep_is_trivial     (const EqkRep *self);
/** Whether every field is one, so that any non-linearity by channel is equivariant. */
bool            eqk_rep_is_permutation (const EqkRep *self);
/** Same channels under a reordering of fields ("equivalent"). */
bool            eqk_rep_is_equivalent  (const EqkRep *a, const EqkRep *b);
/** Each field restricted to sub, multiplicities as they are. NULL when sub is no subgroup, or without memory. */
const EqkRep   *eqk_rep_restrict       (const EqkRep *self, const EqkGroup *sub);
/** y = rho(g) x for n rows of dim channels, contiguous; y must not overlap x. @return EQK_OK, or EQK_ERR_NO_MEMORY with NaN in y */
EqkStatus       eqk_rep_apply_f32 (const EqkRep *self, const EqkElement *g, const float *x, float *y, size_t n);
EqkStatus       eqk_rep_apply_f64 (const EqkRep *self, const EqkElement *g, const double *x, double *y, size_t n);

/* --- equivariant linear maps without space (Schur) --- */
/** Parameters of an equivariant linear map from a to b: sum over irreps of e * mul_a * mul_b. */
int eqk_rep_hom_dim (const EqkRep *a, const EqkRep *b);

/* --- steerable kernels on the plane --- */
typedef struct
{
  int    size;            /**< k: 1..15 */
  int    dilation;        /**< 1..64; 0 is 1 */
  int    n_rings;         /**< 0: default ceil(k/2); at most 64 */
  double sigma;           /**< 0: default 0.6 (0.4 last ring, 0.005 centre); otherwise that width for every ring */
  int    policy;          /**< band limit: 1 (default), 2, 3; 0 with frequency_factor */
  double frequency_factor;/**< policy 0: F(r) = floor(c r); 0 means policy 1 */
} EqkKernelSpec;

/**
 * The sampled basis of kernels in -> out: constraint K(g x) = rho_out(g) K(x) rho_in(g)^-1. Shared by all that ask for the same.
 * Elements are sorted by block of the output field, block of the input field, ring, |frequency|, sign, phase; each has
 * the squared norm of its output irrep's dimension (Weiler & Cesa 2019; the constants are escnn's defaults).
 */
typedef struct
{
  int           n;            /**< surviving elements: the parameters of one field pair */
  int           n_candidates; /**< elements of the rings before the band limit, each class at its lowest frequencies (W-FREQ-KERNEL) */
  int           d_out, d_in, size;
  const double *table;        /**< [n, d_out, d_in, size, size]; pixel (row, column) as in group.h, times dilation */
  const int    *irrep_in;     /**< [n]: block of the input field the element reads */
  const int    *irrep_out;    /**< [n]: block of the output field it writes */
  const int    *ring;         /**< [n]: its ring, see eqk_kernel_rings */
  const int    *frequency;    /**< [n]: |angular frequency| */
} EqkKernelBasis;

/**
 * NULL when memory is short, the table would pass a gigabyte, the fields are of different groups or of one that is not on
 * the plane, or the spec is out of range. n may be 0: no kernel exists. To be given back (eqk_kernel_basis_unref), except
 * between two irreps: those are small and live as long as the process.
 */
const EqkKernelBasis *eqk_kernel_basis (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec);
/** n of eqk_kernel_basis without making its table; -1 where that is NULL. */
int                   eqk_kernel_basis_count (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec);
/** Gives a basis back, from any thread; does nothing to NULL and between irreps. The last one used stay for whoever asks next, up to 64 MB. */
void                  eqk_kernel_basis_unref (const EqkKernelBasis *basis);

typedef struct
{
  double radius;          /**< in pixels, dilated */
  double sigma;           /**< width of the Gaussian profile */
  int    max_frequency;   /**< band limit F(radius) */
} EqkKernelRing;

#define EQK_MAX_RINGS 64

/** The rings that a spec stands for. @return their number; 0 when the spec is out of range */
int       eqk_kernel_rings (const EqkKernelSpec *spec, EqkKernelRing rings[EQK_MAX_RINGS]);
/** Weights of a whole layer, without making its tables: sum over field pairs of n. -1 where eqk_kernel_basis is NULL. */
int64_t   eqk_kernel_count (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec);
/**
 * Standard deviation of every initial weight of a layer, std[eqk_kernel_count], in the order of weights: out field, in
 * field (both counting copies), basis element. He's rule for steerable kernels (layers.md N12): 1/sqrt(t b), with t the
 * number of distinct input irreps that reach the element's output irrep, b the elements from all copies of its input
 * irrep to one copy of its output irrep.
 */
EqkStatus eqk_kernel_init_std (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, double *std);
/**
 * Angular solutions of the constraint on one ring, for two irreps of a group on the plane, with |frequency| up to a limit.
 * frequencies (may be NULL) takes the first `size` of them, ascending. @return how many there are
 */
int       eqk_kernel_n_angular (const EqkField *in, const EqkField *out, int max_frequency, int *frequencies, int size);

#ifdef __cplusplus
}
#endif
