/* ELU on every number. */

#define EQK_POINTWISE_ACT "elu"
#include "layers/pointwise.h"

const EqkLayerType eqk_layer_elu_pw = {
  .id = "elu_pw", .title = EQK_N_("ELU"), .exports = "escnn.nn.ELU|torch.nn.ELU", EQK_POINTWISE_ENTRY,
  .doc = EQK_N_("Bends numbers below zero softly towards −1.\n\n"
                "y = x where x > 0, eˣ − 1 elsewhere, for every number. Exact where the group only permutes channels. Source: Clevert et al. 2016; Weiler & Cesa 2019."),
};
