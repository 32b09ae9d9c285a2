#pragma once

/** The filters that the symmetry allows to a steerable convolution: its basis, and what an element of the group makes of one of them. */

#include "studio/session.h"

#include "eqk/rep.h"

G_BEGIN_DECLS

/** A kind of field that comes in and one that goes out. */
typedef struct
{
  const EqkField *in, *out;
  int             n_in, n_out;      /**< how many of each the layer has */
} EqsKernelPair;

typedef struct
{
  EqkKernelSpec   spec;
  const EqkGroup *group;
  EqsKernelPair  *pairs;            /**< owned */
  guint           n_pairs;
  gint64          weights;          /**< of the whole layer, without bias; -1 where its channels are convolved in parts */
} EqsKernelLook;

/** NULL: the node is no steerable convolution, or its types are not known. */
EqsKernelLook        *eqs_kernel_look_new  (EqsSession *session, const char *path);
void                  eqs_kernel_look_free (EqsKernelLook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsKernelLook, eqs_kernel_look_free)
/** May take a while the first time; any thread. NULL: too large. (transfer full): eqk_kernel_basis_unref */
const EqkKernelBasis *eqs_kernel_look_basis (const EqsKernelLook *self, guint pair);
/**
 * A filter K under an element g that moves pixels onto pixels: turned is K(g⁻¹ x), back is ρ_out(g) K(g⁻¹ x) ρ_in(g)⁻¹, which is K again.
 * @param element  of the basis  @param turned, back  [d_out, d_in, size, size], written
 * @return the largest absolute difference of back and K
 */
double                eqs_kernel_look_turn (const EqsKernelPair *pair, const EqkKernelBasis *basis, int element, const EqkElement *g, double *turned, double *back);

G_END_DECLS
