/* SiLU on every number. */

#define EQK_POINTWISE_ACT "silu"
#include "layers/pointwise.h"

const EqkLayerType eqk_layer_silu_pw = {
  .id = "silu_pw", .title = EQK_N_("SiLU"), .exports = "torch.nn.SiLU", EQK_POINTWISE_ENTRY,
  .doc = EQK_N_("Bends numbers smoothly: small below zero, unchanged far above.\n\n"
                "y = x / (1 + e⁻ˣ) for every number; smooth, so forces may be taken through it. Exact where the group only permutes channels. Source: Elfwing et al. 2018."),
};
